"""Several transitions, one curve: each level shifts it by as much as its decisions show.

logit p = f(z) + a_g with a_g ~ N(lambda delta_g, tau^2). delta_g is the shift at which the mean
forecast of level g equals its documented rate; lambda is how far documented rates are believed,
tau how far levels differ beyond them. No pooling and complete pooling are its two ends.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Final

import numpy as np

from pmpromo.readiness.curve import Beliefs, average_logits, gather_beliefs
from pmpromo.readiness.history import count_by_score
from pmpromo.readiness.lattice import build_lattice
from pmpromo.readiness.path import CELLS, find_cells, infer_path
from pmpromo.readiness.sigmoid import FloatArray, compute_sigmoid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmpromo.readiness.history import History, Tally
    from pmpromo.readiness.lattice import Lattice, RootPrior
    from pmpromo.readiness.path import Posterior

__all__ = ["Pooled", "pool_levels"]

SPREADS: Final = (0.1, 0.3, 0.8, 1.6)
"""tau: standard deviations of the shifts of levels, in logits; equally likely at first."""
TRUSTS: Final = (0.0, 0.5, 1.0)
"""lambda: how much of the documented difference between levels is believed."""
TRUST_PRIOR: Final = (0.15, 0.15, 0.7)
ROUNDS: Final = 3
"""Rounds of {curve given shifts; shifts given curve}. Later rounds move forecasts by < 0.001."""
FARTHEST_SHIFT: Final = 6.0
"""Shifts are summed over +-6 logits."""
BISECTIONS: Final = 60
"""Halvings of the range of delta: its error is then below 1e-16."""


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """The shared curve with the offsets of levels in it, and beliefs about each level's f + a_g."""

    tally: Tally
    posterior: Posterior
    levels: tuple[Beliefs, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The curve at the middle of each cell (C,), and the decisions there by level (levels, C)."""

    curve: FloatArray
    decided: FloatArray
    promoted: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Shifts:
    """p(a_g | decisions) on a grid of shifts: shape (levels, A)."""

    grid: FloatArray
    weights: FloatArray

    @property
    def means(self) -> FloatArray:
        """Posterior mean shift of each level, in logits."""
        return self.weights @ self.grid


def pool_levels(history: History, root: RootPrior, rates: Sequence[float | None]) -> Pooled:
    """Fit one curve and a shift a level; `rates` are the documented rates of `history.levels`."""
    lattice = build_lattice(count_by_score(history))
    offsets: FloatArray = np.zeros(len(history.levels))
    for _ in range(ROUNDS):
        tally = count_by_score(history, offsets)
        posterior = infer_path(tally, lattice, root)
        beliefs = gather_beliefs(posterior)
        shifts = weigh_shifts(count_cells(history, beliefs, lattice), lattice.grid.step, rates)
        offsets = shifts.means
    levels = tuple(shift_beliefs(beliefs, weights) for weights in shifts.weights)
    return Pooled(tally, posterior, levels)


def count_cells(history: History, beliefs: Beliefs, lattice: Lattice) -> Cells:
    """Count the decisions of each level by cell, and read the curve at the middle of the cells."""
    cells = find_cells(history.scores, lattice) + lattice.left * CELLS
    n_cells = (lattice.left + lattice.right) * CELLS
    shape = len(history.levels), n_cells
    index = history.codes * n_cells + cells
    size = shape[0] * shape[1]
    decided, promoted = (
        np.bincount(index, weights, size).reshape(shape).astype(float)
        for weights in (history.weights, history.weights * history.promoted)
    )
    middles = lattice.knots[0] + (np.arange(n_cells) + 0.5) * lattice.interval / CELLS
    return Cells(np.interp(middles, beliefs.knots, average_logits(beliefs)), decided, promoted)


def weigh_shifts(cells: Cells, step: float, rates: Sequence[float | None]) -> Shifts:
    """Return p(a_g | decisions), summed over tau and lambda with their joint evidence.

    p(tau, lambda | y) ~ p(tau, lambda) prod_g sum_a N(a; lambda delta_g, tau^2) prod_i p(y_i | a).
    """
    half = round(FARTHEST_SHIFT / step)
    grid = step * np.arange(-half, half + 1)
    likelihood = weigh_decisions(cells, grid)
    deltas = np.array([match_rate(cells, g, rate) for g, rate in enumerate(rates)])
    log_weights, posteriors = [], []
    for tau, (trust, belief) in product(SPREADS, zip(TRUSTS, TRUST_PRIOR, strict=True)):
        joint = likelihood + weigh_shift(grid, trust * deltas[:, None], tau)
        evidence = np.logaddexp.reduce(joint, 1, keepdims=True)
        log_weights.append(math.log(belief) + float(evidence.sum()))
        posteriors.append(np.exp(joint - evidence))
    weights = np.exp(np.array(log_weights) - np.logaddexp.reduce(log_weights))
    return Shifts(grid, np.tensordot(weights, np.array(posteriors), 1))


def weigh_decisions(cells: Cells, grid: FloatArray) -> FloatArray:
    """Return sum_i log p(y_i | f_i + a) of each level (rows) for each shift a of the grid."""
    shifted = cells.curve[:, None] + grid
    missed = cells.decided - cells.promoted
    return np.asarray(-(cells.decided @ np.logaddexp(0, -shifted)) - missed @ shifted)


def weigh_shift(grid: FloatArray, mean: FloatArray, sd: float) -> FloatArray:
    """Return log N(a; mean, sd^2) on the grid, each row summing to 1."""
    exponent = -0.5 * ((grid - mean) / sd) ** 2
    return np.asarray(exponent - np.logaddexp.reduce(exponent, 1, keepdims=True))


def match_rate(cells: Cells, level: int, rate: float | None) -> float:
    """Return delta with mean of sigma(f(s) + delta) = rate, by bisection; 0 without a rate.

    The mean is over the decisions of the level, or of all levels where it has none.
    """
    if rate is None:
        return 0.0
    weights = cells.decided[level] if cells.decided[level].any() else cells.decided.sum(0)
    if not weights.any():
        weights = np.ones_like(cells.curve)
    low, high = -2 * FARTHEST_SHIFT, 2 * FARTHEST_SHIFT
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        mean = np.average(compute_sigmoid(cells.curve + middle), weights=weights)
        low, high = (middle, high) if mean < rate else (low, middle)
    return (low + high) / 2


def shift_beliefs(beliefs: Beliefs, weights: FloatArray) -> Beliefs:
    """Return beliefs about f + a, f and a independent: the convolution of their marginals.

    What leaves the lattice stays at its ends.
    """
    return replace(
        beliefs,
        all_paths=convolve(beliefs.all_paths, weights),
        rough_paths=convolve(beliefs.rough_paths, weights),
    )


def convolve(marginals: FloatArray, weights: FloatArray) -> FloatArray:
    """Convolve each row with weights centred on a shift of 0, keeping its length and its sum."""
    reach = len(weights) // 2
    full = np.array([np.convolve(row, weights) for row in marginals])
    result = full[:, reach:-reach].copy()
    result[:, 0] += full[:, :reach].sum(1)
    result[:, -1] += full[:, -reach:].sum(1)
    return result
