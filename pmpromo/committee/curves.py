"""What one rater gives on one criterion, as curves over the ability of a packet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from pmpromo.committee.arrays import FloatArray, IndexArray
    from pmpromo.committee.parameters import Layout, Parameters

__all__ = ["Cells", "Curves", "draw_curves", "expect_rating", "place_cells"]

AT_ONCE: Final = 8192
"""Ratings that are worked on at a time: so few that their numbers stay close to the processor."""

FURTHEST: Final = 500.0
"""Logits times steps at which a rating is certain, and powers still far from overflow."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The pairs of criterion and rater that occur: each rates by one curve."""

    criterion: IndexArray  # (cells,)
    rater: IndexArray  # (cells,)

    def __len__(self) -> int:
        return len(self.rater)


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """Of each cell at each node: log of the sum over points, and P(step >= k) for k = 1..K."""

    log_total: FloatArray  # (cells, nodes)
    above: FloatArray  # (steps, cells, nodes)

    @property
    def mean(self) -> FloatArray:
        """E(step) = sum over k of P(step >= k)."""
        return np.asarray(self.above.sum(axis=0))

    @property
    def square(self) -> FloatArray:
        """E(step^2) = sum over k of (2k - 1) P(step >= k)."""
        return np.tensordot(2 * np.arange(len(self.above)) + 1.0, self.above, axes=1)


def place_cells(
    cells: Cells, parameters: Parameters, layout: Layout
) -> tuple[FloatArray, FloatArray]:
    """Return the location of each cell (difficulty + severity), and its thresholds."""
    location = parameters.difficulty[cells.criterion] + parameters.severity[cells.rater]
    tables = cells.criterion if layout.n_tables > 1 else np.zeros_like(cells.criterion)
    return location, parameters.threshold[tables]


def draw_curves(location: FloatArray, threshold: FloatArray, nodes: FloatArray) -> Curves:
    """Return P(k) ~ exp(k (node - location) - sum_(h<=k) threshold_h) of each cell at each node."""
    distance = nodes[None, :] - location[:, None]
    powers = weigh_points(distance, np.cumsum(threshold, axis=-1).T[:, :, None])
    highest = powers.max(axis=0)
    powers -= highest
    np.exp(powers, out=powers)
    tails = np.cumsum(powers[::-1], axis=0)[::-1]
    total = tails[0]
    return Curves(np.log(total) + highest, tails[1:] / total)


def expect_rating(distance: FloatArray, threshold: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return mean and variance of the step at each distance (n,) of ability and location.

    `threshold` has one row for each distance, or one for all.

    >>> mean, variance = expect_rating(np.zeros(1), np.zeros((1, 4)))
    >>> mean.tolist(), variance.tolist()
    ([2.0], [2.0])
    """
    result = np.empty((2, len(distance)))
    for start in range(0, len(distance), AT_ONCE):
        rows = slice(start, start + AT_ONCE)
        result[:, rows] = expect_run(distance[rows], threshold[rows if len(threshold) > 1 else ...])
    return result[0], result[1]


def expect_run(distance: FloatArray, threshold: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return mean and variance of the step at a run of distances."""
    n_steps = threshold.shape[-1]
    weight = np.exp(-np.cumsum(threshold, axis=-1)).T
    odds = np.exp(np.clip(distance, -FURTHEST / n_steps, FURTHEST / n_steps))
    power, total = np.ones_like(distance), np.ones_like(distance)
    mean, square = np.zeros_like(distance), np.zeros_like(distance)
    for k in range(1, n_steps + 1):
        power *= odds
        share = weight[k - 1] * power
        total += share
        mean += k * share
        square += k**2 * share
    mean /= total
    return mean, square / total - mean**2


def weigh_points(distance: FloatArray, drop: FloatArray) -> FloatArray:
    """Return the exponents k d - drop_k for k = 0..K, (K + 1, *d.shape); drop_0 is 0."""
    powers = np.zeros((len(drop) + 1, *distance.shape))
    for k in range(1, len(powers)):
        np.subtract(k * distance, drop[k - 1], out=powers[k])
    return powers
