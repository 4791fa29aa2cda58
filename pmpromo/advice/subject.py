"""What advice is about: a packet that can be read against a rubric, with the kernel's columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmpromo.assessment import assess, find_rubric
from pmpromo.scoring.closures import Yard
from pmpromo.scoring.kernel import Scores, score_table
from pmpromo.scoring.plan import Plan, make_plan
from pmpromo.scoring.remedies import Desk
from pmpromo.scoring.table import build_table

if TYPE_CHECKING:
    from datetime import date

    from pmpromo.assessment import Assessment
    from pmpromo.packet import Packet
    from pmpromo.rubric import Rubric

__all__ = ["Subject", "look_at"]


class Subject(NamedTuple):
    """A packet, its rubric, and how it stands."""

    packet: Packet
    rubric: Rubric
    seen: Assessment
    plan: Plan
    yard: Yard
    scores: Scores

    @property
    def proven(self) -> list[float]:
        """The proven scores of the criteria."""
        return [score.low for score in self.scores.criteria]


def look_at(packet: Packet, rubric: Rubric | None, as_of: date | None) -> Subject:
    """Assess a packet; raise what `assess` raises where it cannot be read."""
    seen = assess(packet, rubric, as_of=as_of)
    rubric = find_rubric(packet) if rubric is None else rubric
    plan = make_plan(rubric)
    table = build_table(packet, plan, seen.as_of)
    yard = Yard(Desk(packet, plan, table, seen.as_of), rubric.evidence.closure)
    return Subject(packet, rubric, seen, plan, yard, score_table(table, plan))
