"""From one kind of score to another, learned on the packets that have both.

A history may hold ratings alone for its older decisions and packets for its newer ones. A straight
line through the packets with both, t = a + b s + e, says where a rating would have put a packet.
Only the line would be too sure of itself: it leaves out the scatter e, and a curve fitted on it is
too steep. So each score is carried over with one residual of the line, dealt out evenly. Where the
committee decided on what it rated (the outcome tells nothing about the packet's score beyond the
rating), the pairs (score carried over, outcome) are then a sample of the pairs (own score, outcome)
and the curve through them is the right one: single imputation (Rubin 1987,
doi:10.1002/9780470316696), made even and repeatable.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Final

import numpy as np

from pmpromo.errors import DataError, Problem
from pmpromo.readiness.history import read_numbers
from pmpromo.readiness.scores import Scores

if TYPE_CHECKING:
    from pmpromo.readiness.sigmoid import FloatArray

__all__ = ["Bridge", "build_bridge"]

LEAST_PACKETS: Final = 20
"""Packets with both scores that any bridge needs: fewer do not show how far they scatter."""
LARGEST_ERROR: Final = 0.02
"""Standard error of the line's height that a bridge may have. The curve does not know of this
error: beyond it, 90 % intervals were measured to cover 59 to 78 %, within it 85 to 97 %."""
GOLDEN: Final = 0.6180339887498949
"""Steps of this size, modulo 1, fill the unit interval evenly however many are taken."""


@dataclass(frozen=True, slots=True)
class Bridge:
    """The straight line from one kind of score to another, and how packets scatter around it.

    `residuals` are those of the packets with both, ascending; `correlation` is Pearson's.

    >>> bridge = Bridge("ratings", "proven", 20, -0.5, 2.0, 1.0, (0.0,) * 20)
    >>> carried = bridge.convert(Scores((0.5,), "ratings", ("old-1",)))
    >>> carried.values, carried.score_source, carried.n_bridged
    ((0.5,), 'proven', 1)
    """

    from_source: str
    to_source: str
    n_packets: int
    intercept: float
    slope: float
    correlation: float
    residuals: tuple[float, ...]

    def convert(self, scores: Scores) -> Scores:
        """Return scores of the first kind carried over to the second, within 0..1.

        The packets' ids say which residual goes where, so that row order changes no bit.

        Raises:
            DataError: scores of another source, or without packet ids.
        """
        problems = [*_find_misfits("scores", scores, self.from_source)]
        if problems:
            raise DataError(problems)
        column = read_numbers("scores", scores.values)
        order = np.lexsort((np.array(scores.packet_ids, dtype=str), column))
        carried = np.empty(len(column))
        carried[order] = self.intercept + self.slope * column[order]
        carried[order] += deal_evenly(np.array(self.residuals), len(column))
        values = tuple(np.clip(carried, 0.0, 1.0).tolist())
        return Scores(values, self.to_source, scores.packet_ids, len(values))

    def __str__(self) -> str:
        return (
            f"{self.to_source} = {self.intercept:.3f} + {self.slope:.3f} x {self.from_source}, "
            f"from {self.n_packets} packets with both (correlation {self.correlation:.2f})."
        )


def build_bridge(given: Scores, wanted: Scores) -> Bridge:
    """Learn how scores of one kind become scores of another, on the packets that have both.

    Raises:
        DataError: scores without packet ids, of one and the same source, fewer than 20 packets
            in both, fewer than their scatter asks for (standard error of the line at most 0.02),
            or two kinds that do not rise together.

    >>> ids = tuple(f"p-{i}" for i in range(20))
    >>> ratings = Scores(tuple(0.3 + i / 50 for i in range(20)), "ratings", ids)
    >>> proven = Scores(tuple(0.1 + i / 25 for i in range(20)), "proven", ids)
    >>> print(build_bridge(ratings, proven))
    proven = -0.500 + 2.000 x ratings, from 20 packets with both (correlation 1.00).
    """
    problems = [
        *_find_misfits("given", given, given.score_source),
        *_find_misfits("wanted", wanted, wanted.score_source),
    ]
    if given.score_source == wanted.score_source:
        message = f"both are {given.score_source}"
        problems.append(Problem("wanted", message, "nothing needs to be carried over"))
    if problems:
        raise DataError(problems)
    shared = sorted({*(given.packet_ids or ())} & {*(wanted.packet_ids or ())})
    _check_number(len(shared), LEAST_PACKETS)
    s = read_numbers("given", given.select(shared).values)
    t = read_numbers("wanted", wanted.select(shared).values)
    bridge = draw_line(s, t, (given.score_source, wanted.score_source))
    _check_number(len(shared), ceil((np.std(bridge.residuals) / LARGEST_ERROR) ** 2))
    return bridge


def _check_number(n: int, needed: int) -> None:
    if n < needed:
        message = f"{n} packets have both scores, at least {needed} are needed"
        raise DataError([Problem("wanted", message, "score more of the rated packets")])


def draw_line(s: FloatArray, t: FloatArray, sources: tuple[str, str]) -> Bridge:
    """Return the least-squares line t = a + b s with its residuals."""
    from_mean, to_mean = s - s.mean(), t - t.mean()
    spread, shared = float((from_mean**2).sum()), float((from_mean * to_mean).sum())
    if shared <= 0:
        message = f"does not rise with {sources[0]} on the packets that have both"
        raise DataError([Problem("wanted", message, "such scores cannot be carried over")])
    slope = shared / spread
    residuals = np.sort(to_mean - slope * from_mean)
    return Bridge(
        *sources,
        n_packets=len(s),
        intercept=float(t.mean() - slope * s.mean()),
        slope=slope,
        correlation=shared / float(np.sqrt(spread * (to_mean**2).sum())),
        residuals=tuple(residuals.tolist()),
    )


def deal_evenly(residuals: FloatArray, n: int) -> FloatArray:
    """Return n draws from sorted residuals, spread evenly over them and over the n places.

    >>> sorted(deal_evenly(np.array([-1.0, 0.0, 1.0]), 3).tolist())
    [-1.0, 0.0, 1.0]
    """
    level = (0.5 + GOLDEN * np.arange(n)) % 1.0
    return residuals[(level * len(residuals)).astype(np.intp)]


def _find_misfits(name: str, scores: Scores, source: str) -> list[Problem]:
    problems = []
    if scores.score_source != source:
        message = f"from {scores.score_source}, where the bridge begins at {source}"
        problems.append(Problem(name, message))
    if scores.packet_ids is None:
        problems.append(Problem(name, "without packet ids", "Scores(values, source, packet_ids)"))
    return problems
