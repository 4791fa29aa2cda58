"""Scores that know what they are, so that two kinds are never mixed in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final, overload

from pmpromo.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["PROVEN", "RATINGS", "Scores", "describe_scores"]

PROVEN: Final = "proven"
"""The proven totals of packets; what plain numbers are taken for."""
RATINGS: Final = "ratings"
"""Totals of what a committee rated."""

_MOST_LISTED: Final = 1000
"""How many packets that are not there become problems of their own."""


@dataclass(frozen=True, slots=True)
class Scores(Sequence[float]):
    """Scores within 0..1 with their source: proven totals, committee ratings, learned weights.

    Wherever a column of numbers is taken, these may be given; the source then travels with them.
    `packet_ids`, if known, has one id a score; `n_bridged` of them were carried over from another
    source (see `build_bridge`).

    >>> scores = Scores((0.25, 0.75), "ratings", ("p-1", "p-2"))
    >>> scores.select(["p-2"]).values
    (0.75,)
    >>> scores + Scores((0.5,), "proven")
    Traceback (most recent call last):
    pmpromo.errors.DataError: scores: from ratings and from proven; bridge one to the other first
    """

    values: tuple[float, ...]
    score_source: str
    packet_ids: tuple[str, ...] | None = None
    n_bridged: int = 0

    def __post_init__(self) -> None:
        ids = self.packet_ids
        if ids is None:
            return
        if len(ids) != len(self.values):
            message = f"has {len(ids)} entries where scores has {len(self.values)}"
            raise DataError([Problem("packet_ids", message, "give one a score")])
        twice = [name for name, times in Counter(ids).items() if times > 1]
        if twice:
            message = f"{len(twice)} ids occur more than once"
            raise DataError([Problem("packet_ids", message, "give one score a packet")])

    @overload
    def __getitem__(self, index: int) -> float: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[float, ...]: ...
    def __getitem__(self, index: int | slice) -> float | tuple[float, ...]:
        return self.values[index]

    def __len__(self) -> int:
        return len(self.values)

    def __add__(self, other: object) -> Scores:
        if not isinstance(other, Scores):
            return NotImplemented
        if other.score_source != self.score_source:
            message = f"from {self.score_source} and from {other.score_source}"
            raise DataError([Problem("scores", message, "bridge one to the other first")])
        known = self.packet_ids is not None and other.packet_ids is not None
        return Scores(
            self.values + other.values,
            self.score_source,
            (self.packet_ids or ()) + (other.packet_ids or ()) if known else None,
            self.n_bridged + other.n_bridged,
        )

    def select(self, packet_ids: Iterable[str]) -> Scores:
        """Return the scores of these packets, in this order.

        Raises:
            DataError: every packet that has no score here, or scores without ids.
        """
        wanted = tuple(packet_ids)
        if self.packet_ids is None:
            raise DataError([Problem("packet_ids", "unknown", "give the ids with the scores")])
        score_of = dict(zip(self.packet_ids, self.values, strict=True))
        missing = list(islice(_find_missing(wanted, score_of), _MOST_LISTED))
        if missing:
            raise DataError(missing)
        values = tuple(score_of[packet] for packet in wanted)
        return Scores(values, self.score_source, wanted, min(self.n_bridged, len(values)))


def _find_missing(wanted: Iterable[str], score_of: dict[str, float]) -> Iterator[Problem]:
    for i, packet in enumerate(wanted):
        if packet not in score_of:
            yield Problem(f"packet_ids[{i}]", "no score of this packet", "leave the packet out")


def describe_scores(scores: object, default: str = PROVEN) -> tuple[str, int]:
    """Return the source of a column of scores, and how many were bridged; plain numbers have none.

    >>> describe_scores([0.5])
    ('proven', 0)
    """
    if isinstance(scores, Scores):
        return scores.score_source, scores.n_bridged
    return default, 0
