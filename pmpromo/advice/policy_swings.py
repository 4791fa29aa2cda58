"""The total under other constants of the evidence policy, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pmpromo.advice.swing import Swing
from pmpromo.scoring.kernel import score_table
from pmpromo.scoring.plan import make_plan
from pmpromo.scoring.table import build_table, find_packet_faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.advice.subject import Subject
    from pmpromo.rubric import Rubric

__all__ = ["SHIFT", "swing_policy"]

SHIFT: Final = 0.2
"""Judgements are told apart by about a fifth: nobody defends .30 against .33."""

_PARTS: Final = ("ownership", "credibility", "recency", "repetition", "gate")
_MONTHS: Final = frozenset({"grace_months", "half_life_months"})
"""Constants that are no shares, and may be above 1."""


def swing_policy(subject: Subject) -> list[Swing]:
    """Return the totals with each constant a fifth smaller and larger, the widest swing first.

    Constants that do not move the total of this packet are left out.
    """
    swings = [swing for swing in _swing_each(subject) if swing.low != swing.high]
    return sorted(swings, key=lambda swing: -abs(swing.high - swing.low))


def _swing_each(subject: Subject) -> Iterator[Swing]:
    bar, met = subject.seen.bar, subject.seen.met
    for part in _PARTS:
        policy = getattr(subject.rubric.evidence, part)
        for name in type(policy).model_fields:
            value = getattr(policy, name)
            if not isinstance(value, float):
                continue
            most = value * (1 + SHIFT) if name in _MONTHS else min(1.0, value * (1 + SHIFT))
            low, high = (
                _score(subject, change(subject.rubric, part, name, each))
                for each in (value * (1 - SHIFT), most)
            )
            flips = (low >= bar) != met or (high >= bar) != met
            yield Swing(f"{part}.{name}", value, low, high, flips)


def change(rubric: Rubric, part: str, name: str, value: float) -> Rubric:
    """Return a rubric with one constant of its evidence policy changed."""
    policy = getattr(rubric.evidence, part).model_copy(update={name: value})
    evidence = rubric.evidence.model_copy(update={part: policy})
    return rubric.model_copy(update={"evidence": evidence, "id": f"{rubric.id}:{part}.{name}"})


def _score(subject: Subject, rubric: Rubric) -> float:
    plan, as_of = make_plan(rubric), subject.seen.as_of
    find_packet_faults(subject.packet, plan, as_of)  # it learns the units on its way
    return score_table(build_table(subject.packet, plan, as_of), plan).total.low
