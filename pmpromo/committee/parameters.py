"""The unknowns of a committee as one vector, and what is believed of them before any rating."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmpromo.committee.arrays import BoolArray, FloatArray

__all__ = ["Layout", "Parameters", "Prior", "make_prior", "unpack"]

SEVERITY_SD: Final = 1.0
"""Raters of one committee seldom differ by more than two logits to either side."""

LOCATION_SD: Final = 2.0
"""Criteria and thresholds are free to lie anywhere that ratings can show."""

CENTRE_SD: Final = 3.0
"""The middle of the packets, seen from the middle of the scale."""

LOG_SPREAD_SD: Final = 1.0
"""Spreads of packets, and of criteria within a packet: about 1 logit, a factor 7 either way."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each kind of unknown stands in the vector.

    In order: a severity for each rater, a difficulty for each criterion, `n_steps` thresholds for
    each of `n_tables` (1: one rating scale; or one for each criterion: partial credit), the
    centre of the packets and the log of their spread; with two levels also the log of the spread
    of criteria within a packet.
    """

    n_raters: int
    n_criteria: int
    n_tables: int
    n_steps: int
    levels: int = 1

    @property
    def severity(self) -> slice:
        """The raters."""
        return slice(0, self.n_raters)

    @property
    def difficulty(self) -> slice:
        """The criteria."""
        return slice(self.n_raters, self.n_raters + self.n_criteria)

    @property
    def threshold(self) -> slice:
        """The thresholds of all tables, table after table."""
        start = self.difficulty.stop
        return slice(start, start + self.n_tables * self.n_steps)

    @property
    def centre(self) -> int:
        """The centre of the packets."""
        return int(self.threshold.stop)

    @property
    def size(self) -> int:
        """How many unknowns there are."""
        return self.centre + 1 + self.levels


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """The unknowns by name, in logits."""

    severity: FloatArray  # (raters,)
    difficulty: FloatArray  # (criteria,)
    threshold: FloatArray  # (tables, steps)
    centre: float
    spread: float
    local: float = 0.0  # the spread of criteria within a packet


def unpack(vector: FloatArray, layout: Layout) -> Parameters:
    """Return a vector of unknowns by name."""
    spreads = np.exp(vector[layout.centre + 1 :]).tolist()
    return Parameters(
        vector[layout.severity],
        vector[layout.difficulty],
        vector[layout.threshold].reshape(layout.n_tables, layout.n_steps),
        float(vector[layout.centre]),
        *spreads,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """Independent normal beliefs; an unknown whose deviation is 0 is known and stays."""

    mean: FloatArray  # (size,)
    deviation: FloatArray  # (size,)

    @property
    def free(self) -> BoolArray:
        """Which unknowns are to be found."""
        return self.deviation > 0

    @property
    def precision(self) -> FloatArray:
        """1 / deviation^2, and 0 for what is known."""
        free = self.free
        return np.asarray(np.where(free, 1.0, 0.0) / np.where(free, self.deviation, 1.0) ** 2)

    def weigh(self, vector: FloatArray) -> float:
        """Return the log density at a vector, up to a constant."""
        return -0.5 * float(self.precision @ (vector - self.mean) ** 2)


def make_prior(layout: Layout, anchors: Mapping[int, tuple[float, float]]) -> Prior:
    """Return the beliefs of design: N(0, 1) severities, N(0, 2^2) locations, N(0, 3^2) centre.

    `anchors` holds mean and deviation of the severity of raters known from before.
    """
    deviation = np.full(layout.size, LOCATION_SD)
    deviation[layout.severity] = SEVERITY_SD
    deviation[layout.centre] = CENTRE_SD
    deviation[layout.centre + 1 :] = LOG_SPREAD_SD
    mean = np.zeros(layout.size)
    for rater, (centre, spread) in anchors.items():
        mean[rater], deviation[rater] = centre, spread
    return Prior(mean, deviation)
