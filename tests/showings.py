"""Packets that show what a rubric asks for in full, for tests of the shipped rubrics."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from pmpromo import Packet, parse_packet
from pmpromo.ladder import Behaviour, Metric

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pmpromo import Criterion, Requirement, Rubric
    from pmpromo.requirement import Target

AS_OF: Final = date(2026, 6, 30)

MANAGER: Final = {"relation": "manager", "by": "m-1"}
OTHER_FUNCTION: Final = {"relation": "cross_functional", "by": "x-1", "function": "sales"}
BACKED: Final = [MANAGER, OTHER_FUNCTION]

BEFORE: Final = 4.0
"""A baseline that leaves room on every scale, even on one of five points."""


def make_item(
    name: str, facts: Sequence[dict[str, Any]], support: object = "none"
) -> dict[str, Any]:
    """Return a led item that lasted 13 months and ended 5 months before `AS_OF`."""
    return {
        "id": name,
        "title": name,
        "ownership": "led",
        "started": "2025-01-01",
        "ended": "2026-01-31",
        "support": support,
        "facts": facts,
    }


def make_packet(*items: dict[str, Any]) -> Packet:
    """Return a packet of items."""
    return parse_packet({"id": "shown", "evidence": items})


def show_all(
    rubric: Rubric, turns: int, support: object = "none", leave_out: Collection[str] = ()
) -> Packet:
    """Return a packet that shows everything scored `turns` times, each time in its own item."""
    criteria = [criterion for criterion in rubric.criteria if criterion.id not in leave_out]
    return make_packet(
        *[
            make_item(f"i{turn}", list_facts(rubric, criteria, turn), support)
            for turn in range(turns)
        ]
    )


def list_facts(rubric: Rubric, criteria: Sequence[Criterion], turn: int) -> list[dict[str, Any]]:
    """List facts that meet every scored requirement of some criteria."""
    return [
        fact
        for criterion in criteria
        for requirement in criterion.requirements
        if rubric.scores(requirement)
        for fact in show(requirement, rubric, turn)
    ]


def show(requirement: Requirement, rubric: Rubric, turn: int) -> list[dict[str, Any]]:
    """Return the facts that meet one requirement exactly; a metric brings its side figures."""
    fact = rubric.ladder.facts[requirement.fact]
    if isinstance(fact, Metric):
        asked = (
            (requirement.fact, requirement),
            *((side.fact, side) for side in requirement.provided),
        )
        return [measure(name, target, rubric, turn) for name, target in asked]
    if isinstance(fact, Behaviour):
        return [{"behaviour": fact.id, "point": requirement.point}]
    parts = {"sections": requirement.sections, "reviewers": requirement.reviewers}
    return [{"artifact": fact.id, **parts}]


def measure(name: str, target: Target, rubric: Rubric, turn: int) -> dict[str, Any]:
    """Return a figure that meets a target, of a period of its own."""
    metric = rubric.ladder.facts[name]
    assert isinstance(metric, Metric)
    return {
        "metric": name,
        "value": meet(target),
        "baseline": BEFORE if metric.baseline == "required" else None,
        "unit": metric.unit,
        "status": "realised",
        "period": f"y{turn}",
    }


def meet(target: Target) -> float:
    """Return a figure that meets a target."""
    if target.between is not None:
        return target.between[0]
    if target.within is not None:
        return BEFORE
    edges = (
        target.at_least,
        target.at_most,
        _step(target.more_than, 1),
        _step(target.less_than, -1),
    )
    edge = next(each for each in edges if each is not None)
    if target.change == "absolute":
        return BEFORE + edge
    return BEFORE * (1 + edge / 100) if target.change == "relative" else edge


def _step(edge: float | None, by: float) -> float | None:
    return None if edge is None else edge + by
