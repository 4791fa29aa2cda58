"""What was given against what was expected: halo, fit of raters, and sheets that surprise."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from pmpromo.committee.arrays import FloatArray, IndexArray
    from pmpromo.committee.ratings import Ratings

__all__ = ["Residuals", "Sheets", "find_sheets", "fit_squares", "measure_halo"]


class Residuals(NamedTuple):
    """Step given minus step expected, and the variance that the model expects, (ratings,)."""

    expected: FloatArray
    residual: FloatArray
    variance: FloatArray


class Sheets(NamedTuple):
    """What one rater gave one packet: sums over criteria."""

    packet: IndexArray  # (sheets,) ascending
    rater: IndexArray  # (sheets,)
    size: FloatArray  # (sheets,) ratings
    given: FloatArray  # (sheets,) steps
    expected: FloatArray
    variance: FloatArray

    @property
    def residual(self) -> FloatArray:
        """Given minus expected."""
        return self.given - self.expected


def find_sheets(ratings: Ratings, residuals: Residuals) -> Sheets:
    """Return the sheets of all packets and raters."""
    n_raters = len(ratings.raters)
    key = ratings.packet * n_raters + ratings.rater
    order = np.argsort(key, kind="stable")
    first = np.flatnonzero(np.diff(key[order], prepend=-1))
    packet, rater = np.divmod(key[order][first], n_raters)
    columns = (
        np.ones(len(key)),
        ratings.step.astype(np.float64),
        residuals.expected,
        residuals.variance,
    )
    return Sheets(packet, rater, *(np.add.reduceat(column[order], first) for column in columns))


def measure_halo(sheets: Sheets, n_raters: int) -> float | None:
    """Return how much more raters of one packet differ than chance would have them.

    By packet the chi-square of its sheets, ``sum(e^2 / V) - (sum e)^2 / sum V``; over all packets
    divided by its degrees of freedom, (sheets - packets) - (raters - 1). What a packet's own
    ability adds to all its sheets alike cancels. 1 is what the model expects; None if no packet
    has enough raters to tell.
    """
    first = np.flatnonzero(np.diff(sheets.packet, prepend=-1))
    freedom = len(sheets.packet) - len(first) - (n_raters - 1)
    if freedom <= 0:
        return None
    squares = float((sheets.residual**2 / sheets.variance).sum())
    shared = np.add.reduceat(sheets.residual, first) ** 2
    known = np.add.reduceat(sheets.variance, first)
    return (squares - float((shared / known).sum())) / freedom


def fit_squares(
    residuals: Residuals, owner: IndexArray, n_owners: int
) -> tuple[FloatArray, FloatArray]:
    """Return infit and outfit of each rater, or of each criterion; 1 is what the model expects.

    infit = sum(e^2) / sum(V), outfit = mean(e^2 / V) (Wright & Masters 1982).
    """
    squares = residuals.residual**2
    count = np.bincount(owner, minlength=n_owners)
    infit = np.bincount(owner, squares, n_owners) / np.bincount(owner, residuals.variance, n_owners)
    outfit = np.bincount(owner, squares / residuals.variance, n_owners) / count
    return infit, outfit
