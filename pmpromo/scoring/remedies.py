"""Gaps put into words and figures: what was claimed, what is asked, what closes the distance."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.ladder import Artifact, Behaviour, Metric
from pmpromo.packet import ArtifactFact, BehaviourFact, Measurement
from pmpromo.result import Gap, OpenItem
from pmpromo.scoring.measure import (
    find_nearest,
    find_side,
    measure_alone,
    measure_length,
    measure_side,
)
from pmpromo.scoring.plan import DAYS_A_MONTH, GROUPS
from pmpromo.scoring.table import weigh_support
from pmpromo.wording import join_names, join_phrases

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from pmpromo.packet import Evidence, Packet, StatedFact
    from pmpromo.scoring.gaps import FoundGap
    from pmpromo.scoring.interval import Interval
    from pmpromo.scoring.plan import Asked, Goal, Plan, SideGoal
    from pmpromo.scoring.table import Item, Row, Table

__all__ = ["Desk", "describe_gap", "describe_open_item"]


class Desk(NamedTuple):
    """What lies open while gaps are put into words."""

    packet: Packet
    plan: Plan
    table: Table
    as_of: date


class Distance(NamedTuple):
    """How far a gap is, and what closes it."""

    claimed: float | None
    asked: float | None
    unit: str | None
    remedy: str

    @property
    def shortfall(self) -> float | None:
        """The distance in its unit."""
        if self.claimed is None or self.asked is None:
            return None
        return abs(self.asked - self.claimed)


def describe_gap(found: FoundGap, desk: Desk) -> Gap:
    """Put one gap into words."""
    row = found.row
    if row is None:
        distance = _describe_absent(found.asked)
    else:
        distance = _DESCRIBERS[found.kind](_Case(found.asked, row, desk))
    criteria = desk.plan.criteria
    return Gap(
        criterion=criteria[found.asked.criterion].criterion.id,
        requirement=found.asked.requirement.name,
        kind=found.kind,
        nature=found.nature,
        claimed=distance.claimed,
        asked=distance.asked,
        unit=distance.unit,
        shortfall=distance.shortfall,
        gain=found.gain,
        gain_before_gates=found.gain_before_gates,
        blocked_by=tuple(criteria[place].criterion.id for place in found.blocked_by),
        remedy=distance.remedy,
        evidence=() if row is None else (desk.packet.evidence[row.item].id,),
    )


def describe_open_item(place: int, gain: float, desk: Desk) -> OpenItem:
    """Name everything that is not known of an item."""
    item = desk.table.items[place]
    missing = ["your part in it"] if item.ownership.low < item.ownership.high else []
    missing += ["when it ended"] if item.recency.low < item.recency.high else []
    missing += ["who confirms it"] if item.credibility.low < item.credibility.high else []
    for asked, rows in zip(desk.plan.asked, desk.table.rows, strict=True):
        for row in (each for each in rows if each.item == place):
            missing += _list_unknown(_Case(asked, row, desk))
    return OpenItem(desk.packet.evidence[place].id, tuple(dict.fromkeys(missing)), gain)


class _Case(NamedTuple):
    """One row under one requirement, as gaps are told of it."""

    asked: Asked
    row: Row
    desk: Desk

    @property
    def item(self) -> Item:
        """What is known of the row's item."""
        return self.desk.table.items[self.row.item]

    @property
    def evidence(self) -> Evidence:
        """The row's item as the packet tells it."""
        return self.desk.packet.evidence[self.row.item]


def _name(asked: Asked) -> str:
    return f"'{asked.fact.name}'"


def _name_wanted(asked: Asked) -> str:
    return f"{_name(asked)} {asked.told}".rstrip()


def _describe_absent(asked: Asked) -> Distance:
    figure, unit = _get_asked(asked)
    return Distance(None, figure, unit, f"show {_name_wanted(asked)}")


def _get_asked(asked: Asked) -> tuple[float | None, str | None]:
    """Return the one figure asked, where there is one, with its unit."""
    if isinstance(asked.fact, Behaviour):
        return float(asked.requirement.point or 0), "point"
    if isinstance(asked.fact, Artifact):
        return float(len(asked.sections) + len(asked.reviewers)) or None, "part"
    goal = asked.goal
    if goal is None or goal.kind in {"band", "around"} or goal.change is not None:
        return None, asked.fact.unit
    return goal.low, asked.fact.unit


def _describe_unmeasured(case: _Case) -> Distance:
    figure, unit = _get_asked(case.asked)
    remedy = f"state {join_phrases(_list_unknown(case))}"
    return Distance(_get_claimed(case), figure, unit, remedy)


def _list_unknown(case: _Case) -> list[str]:
    """Name what is not known of a fact, of what is asked beside it, and of its time."""
    asked, plan, evidence = case.asked, case.desk.plan, case.evidence
    unknown = []
    if _is_open(measure_alone(case.row.fact, asked, evidence, plan)):
        parts = join_names(_list_unknown_parts(case.row.fact, asked))
        unknown.append(f"the {parts} of {_name(asked)}")
    unknown += [
        f"the figure of '{plan.facts[side.fact].name}'"
        for side in asked.sides
        if _is_open(measure_side(side, evidence, plan))
    ]
    months = asked.requirement.sustained
    if months and _is_open(measure_length(evidence, months, case.desk.as_of)):
        unknown.append("when it started and ended")
    return unknown


def _is_open(known: Interval) -> bool:
    return known.low < known.high


def _list_unknown_parts(fact: StatedFact, asked: Asked) -> list[str]:
    if isinstance(fact, BehaviourFact):
        agreed = "point that everyone who may have seen the work agrees on"
        return ["point" if fact.point is None else agreed]
    if isinstance(fact, ArtifactFact):
        return [name for name in ("sections", "reviewers") if getattr(fact, name) is None]
    missing = [name for name in ("value", "unit", "status") if getattr(fact, name) is None]
    if fact.status is not None and fact.status not in asked.accepts:
        missing.append(f"{join_names(sorted(asked.accepts))} figure")
    if asked.goal is not None and asked.goal.needs_baseline and _lacks_baseline(fact, asked.goal):
        missing.append("baseline")
    return missing


def _lacks_baseline(fact: Measurement, goal: Goal) -> bool:
    """Tell whether a baseline is missing; nothing is relative to zero."""
    return fact.baseline is None or (goal.change == "relative" and fact.baseline == 0)


def _get_claimed(case: _Case) -> float | None:
    fact = case.row.fact
    if isinstance(fact, Measurement):
        return _read(fact, fact.value, case.desk.plan)
    reached = measure_alone(fact, case.asked, case.evidence, case.desk.plan)
    wanted = _get_asked(case.asked)[0]
    return None if wanted is None else reached.low * wanted


def _read(fact: Measurement, figure: float | None, plan: Plan) -> float | None:
    """Return a stated figure in its metric's own unit, if it is known."""
    if figure is None or fact.unit is None:
        return None
    return plan.scales[fact.metric, fact.unit](figure)


def _describe_short(case: _Case) -> Distance:
    """Tell of the first part that falls short: the fact, what is asked beside it, or its time."""
    asked, plan = case.asked, case.desk.plan
    if measure_alone(case.row.fact, asked, case.evidence, plan).high < 1:
        return _describe_short_fact(case)
    for side in asked.sides:
        if measure_side(side, case.evidence, plan).high < 1:
            return _describe_short_side(side, case)
    months = float(asked.requirement.sustained or 0)
    lasted = measure_length(case.evidence, int(months), case.desk.as_of).low * months
    remedy = f"keep {_name(asked)} up for {months:g} months"
    return Distance(round(lasted, 1), months, "month", remedy)


def _describe_short_fact(case: _Case) -> Distance:
    claimed, (wanted, unit) = _get_claimed(case), _get_asked(case.asked)
    fact = case.row.fact
    if isinstance(fact, Measurement):
        wanted = _find_nearest(fact, case.asked.goal, case.desk.plan)
        return Distance(
            claimed, wanted, unit, f"bring {_name(case.asked)} to a figure {case.asked.told}"
        )
    if isinstance(fact, ArtifactFact):
        remedy = f"complete {_name(case.asked)}: {_tell_missing_parts(fact, case.asked)}"
        return Distance(claimed, wanted, unit, remedy)
    remedy = f"show {_name_wanted(case.asked)}; the lowest point given is {claimed or 0:g}"
    return Distance(claimed, wanted, unit, remedy)


def _tell_missing_parts(fact: ArtifactFact, asked: Asked) -> str:
    """Say which of the parts asked an artifact is known to lack."""
    told = [
        f"{verb} {join_names(part for part in parts if part not in stated)}"
        for verb, stated, parts in (
            ("add", fact.sections, asked.requirement.sections),
            ("have it reviewed by", fact.reviewers, asked.requirement.reviewers),
        )
        if stated is not None and not set(parts) <= set(stated)
    ]
    return " and ".join(told)


def _describe_short_side(side: SideGoal, case: _Case) -> Distance:
    """Tell of the stated figure that comes nearest to what is asked beside the fact."""
    plan = case.desk.plan
    metric = plan.facts[side.fact]
    distances = [
        Distance(
            _read(fact, fact.value, plan),
            _find_nearest(fact, side.goal, plan),
            metric.unit if isinstance(metric, Metric) else None,
            f"bring '{metric.name}' to its figure too: {case.asked.told}",
        )
        for fact in find_side(side, case.evidence)
    ]
    return min(distances, key=lambda distance: distance.shortfall or 0.0)


def _find_nearest(fact: Measurement, goal: Goal | None, plan: Plan) -> float | None:
    """Return the nearest figure that would meet the goal, in the metric's unit."""
    value, baseline = (_read(fact, figure, plan) for figure in (fact.value, fact.baseline))
    return None if value is None or goal is None else find_nearest(value, baseline, goal)


def _describe_unowned(case: _Case) -> Distance:
    part, wanted = case.item.ownership, case.desk.plan.closed_ownership
    if part.low < part.high:
        return Distance(None, wanted, "share", "say what part you had in it: ownership, or share")
    return Distance(part.low, wanted, "share", "lead such work; here the part was smaller")


def _describe_uncorroborated(case: _Case) -> Distance:
    support, plan = case.item.support, case.desk.plan
    joined = support._replace(low=support.low | plan.closed_support)
    remedy = f"have it confirmed by {_name_voices(plan.closed_support & ~support.low)}"
    return Distance(
        case.item.credibility.low, weigh_support(joined, plan).low, "credibility", remedy
    )


@cache
def _name_voices(groups: int) -> str:
    return join_names(_VOICE[name] for bit, name in enumerate(GROUPS) if groups >> bit & 1)


def _describe_stale(case: _Case) -> Distance:
    ended = case.evidence.ended
    if ended is None:
        return Distance(None, None, "month", "say when it ended, or that it is in progress")
    age = round((case.desk.as_of - ended).days / DAYS_A_MONTH, 1)
    return Distance(age, case.desk.plan.grace_months, "month", "show it again in newer work")


def _describe_single(case: _Case) -> Distance:
    remedy = f"show {_name_wanted(case.asked)} in a second achievement"
    return Distance(1.0, 2.0, "achievement", remedy)


_VOICE: Final = {
    "artifact": "an artifact that others can open",
    "report_line": "the manager",
    "peer": "a peer",
    "cross_functional": "someone of another function",
    "customer": "a customer",
    "external": "someone outside",
}

_DESCRIBERS: Final[Mapping[str, Callable[[_Case], Distance]]] = {
    "unmeasured": _describe_unmeasured,
    "short": _describe_short,
    "unowned": _describe_unowned,
    "uncorroborated": _describe_uncorroborated,
    "stale": _describe_stale,
    "single": _describe_single,
}
