"""The library and the oracle behind one door, so that every law can be asked of both."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import oracle
import pytest
from strategies import AS_OF, Content, read_packet, read_rubric

import pmpromo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Number = Any
"""A float of the library, or a fraction of the oracle."""


@dataclass(frozen=True)
class SeenCriterion:
    """What a judge says of one criterion."""

    id: str
    proven: Number
    possible: Number
    status: str


@dataclass(frozen=True)
class SeenGap:
    """What a judge says of one gap."""

    criterion: str
    requirement: str
    kind: str
    nature: str
    gain: Number
    gain_before_gates: Number
    blocked_by: tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """What a judge says of a packet."""

    criteria: tuple[SeenCriterion, ...]
    proven: Number
    possible: Number
    met: bool
    find_gaps: Callable[[], Iterable[Any]] = field(compare=False, repr=False)

    @cached_property
    def gaps(self) -> tuple[SeenGap, ...]:
        """Every gap, found when asked for: the oracle takes its time."""
        return _see_gaps(self.find_gaps())

    @property
    def everything(self) -> tuple[Seen, tuple[SeenGap, ...]]:
        """Scores and gaps; two that are seen are equal if their scores are."""
        return self, self.gaps

    @property
    def intervals(self) -> list[tuple[Number, Number]]:
        """Every score as its two ends: the criteria, and the total last."""
        criteria = [(each.proven, each.possible) for each in self.criteria]
        return [*criteria, (self.proven, self.possible)]


def _see_criteria(criteria: Iterable[Any]) -> tuple[SeenCriterion, ...]:
    return tuple(SeenCriterion(it.id, it.proven, it.possible, it.status) for it in criteria)


def _see_gaps(gaps: Iterable[Any]) -> tuple[SeenGap, ...]:
    return tuple(
        SeenGap(
            gap.criterion,
            gap.requirement,
            gap.kind,
            gap.nature,
            gap.gain,
            gap.gain_before_gates,
            tuple(gap.blocked_by),
        )
        for gap in gaps
    )


def ask_library(rubric: Content, packet: Content) -> Seen:
    """Let the library judge."""
    found = pmpromo.assess(read_packet(packet), read_rubric(rubric))
    criteria = _see_criteria(found.criteria)
    return Seen(criteria, found.proven, found.possible, found.met, lambda: found.gaps)


def ask_oracle(rubric: Content, packet: Content) -> Seen:
    """Let the oracle judge."""
    known, asked = read_packet(packet), read_rubric(rubric)
    as_of = known.as_of or AS_OF
    found = oracle.score(known, asked, as_of)
    criteria = _see_criteria(found.criteria)
    return Seen(criteria, *found.total, found.met, lambda: oracle.gaps(known, asked, as_of))


Judge: TypeAlias = "Callable[[Content, Content], Seen]"
"""Takes a rubric and a packet, as files would hold them."""

JUDGES: Final[Mapping[str, Judge]] = {
    "library": ask_library,
    "oracle": ask_oracle,
}

_DOUBLED = os.environ.get("HYPOTHESIS_PROFILE", "fast") != "fast"

ask_each = pytest.mark.parametrize("judge", JUDGES.values(), ids=JUDGES)
"""Ask a question with a printed answer of both judges."""

keep_law = (
    ask_each if _DOUBLED else pytest.mark.parametrize("judge", [ask_library], ids=["library"])
)
"""Ask a law of the library and, beyond the fast profile, of the oracle, which shows it is true."""
