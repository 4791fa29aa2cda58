"""Gaps put into words and figures: what was claimed, what is asked, what closes the distance."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.ladder import Artifact, Behaviour, Metric
from pmpromo.packet import ArtifactFact, BehaviourFact, Measurement
from pmpromo.result import Gap, OpenItem
from pmpromo.scoring.measure import find_nearest
from pmpromo.scoring.plan import DAYS_A_MONTH, GROUPS
from pmpromo.scoring.table import weigh_support
from pmpromo.wording import join_names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from pmpromo.packet import Packet, StatedFact
    from pmpromo.scoring.gaps import FoundGap
    from pmpromo.scoring.plan import Asked, Plan
    from pmpromo.scoring.table import Table

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
    distance = _DESCRIBERS[found.kind](found, desk)
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
        evidence=() if found.row is None else (desk.packet.evidence[found.row.item].id,),
    )


def describe_open_item(place: int, gain: float, desk: Desk) -> OpenItem:
    """Name everything that is not known of an item."""
    item = desk.table.items[place]
    missing = ["your part in it"] if item.ownership.low < item.ownership.high else []
    missing += ["when it ended"] if item.recency.low < item.recency.high else []
    missing += ["who confirms it"] if item.credibility.low < item.credibility.high else []
    for asked, rows in zip(desk.plan.asked, desk.table.rows, strict=True):
        for row in rows:
            if row.item == place and row.attainment.low < row.attainment.high:
                unknown = join_names(_list_unknown(row.fact, asked))
                missing.append(f"the {unknown} of '{asked.fact.name}'")
    return OpenItem(desk.packet.evidence[place].id, tuple(dict.fromkeys(missing)), gain)


def _name(found: FoundGap) -> str:
    return f"'{found.asked.fact.name}'"


def _name_wanted(found: FoundGap) -> str:
    return f"{_name(found)} {found.asked.told}".rstrip()


def _describe_absent(found: FoundGap, _: Desk) -> Distance:
    figure, unit = _get_asked(found)
    return Distance(None, figure, unit, f"show {_name_wanted(found)}")


def _get_asked(found: FoundGap) -> tuple[float | None, str | None]:
    """Return the one figure asked, where there is one, with its unit."""
    asked = found.asked
    if isinstance(asked.fact, Behaviour):
        return asked.requirement.point and float(asked.requirement.point), "point"
    if isinstance(asked.fact, Artifact):
        return float(len(asked.sections) + len(asked.reviewers)) or None, "part"
    goal = asked.goal
    if goal is None or goal.kind in {"band", "around"} or goal.change is not None:
        return None, asked.fact.unit
    return goal.low, asked.fact.unit


def _describe_unmeasured(found: FoundGap, desk: Desk) -> Distance:
    figure, unit = _get_asked(found)
    missing = _list_unknown(found.row.fact, found.asked) if found.row else []
    return Distance(
        _get_claimed(found, desk),
        figure,
        unit,
        f"state the {join_names(missing)} of {_name(found)}",
    )


def _list_unknown(fact: StatedFact, asked: Asked) -> list[str]:
    """Name what is not known of a fact that is asked for."""
    if isinstance(fact, BehaviourFact):
        return (
            ["point that everyone who saw the work would give"]
            if fact.point is not None
            else ["point"]
        )
    if isinstance(fact, ArtifactFact):
        return [name for name in ("sections", "reviewers") if getattr(fact, name) is None] or [
            "dates"
        ]
    return _list_unknown_of_figure(fact, asked) or [
        *(side.fact for side in asked.sides),
        "dates",
    ]


def _list_unknown_of_figure(fact: Measurement, asked: Asked) -> list[str]:
    missing = [name for name in ("value", "unit", "status") if getattr(fact, name) is None]
    if fact.status is not None and fact.status not in asked.accepts:
        missing.append(f"{join_names(sorted(asked.accepts))} figure")
    if asked.goal is not None and asked.goal.needs_baseline and fact.baseline is None:
        missing.append("baseline")
    return missing


def _get_claimed(found: FoundGap, desk: Desk) -> float | None:
    fact = found.row and found.row.fact
    if isinstance(fact, Measurement):
        if fact.value is None or fact.unit is None:
            return None
        return desk.plan.scales[fact.metric, fact.unit](fact.value)
    if found.row is None:
        return None
    wanted = _get_asked(found)[0]
    return None if wanted is None else found.row.attainment.low * wanted


def _describe_short(found: FoundGap, desk: Desk) -> Distance:
    claimed, (asked, unit) = _get_claimed(found, desk), _get_asked(found)
    if isinstance(found.asked.fact, Metric) and claimed is not None:
        asked = _find_nearest_figure(found, claimed, desk)
    wanted = found.asked.told
    if isinstance(found.asked.fact, Metric):
        return Distance(claimed, asked, unit, f"bring {_name(found)} to a figure {wanted}")
    return Distance(claimed, asked, unit, f"bring {_name(found)} to what is asked: {wanted}")


def _find_nearest_figure(found: FoundGap, claimed: float, desk: Desk) -> float | None:
    """Return the nearest figure that would meet the goal, in the metric's unit."""
    goal, fact = found.asked.goal, found.row and found.row.fact
    if goal is None or not isinstance(fact, Measurement):
        return None
    baseline = None
    if fact.baseline is not None and fact.unit is not None:
        baseline = desk.plan.scales[fact.metric, fact.unit](fact.baseline)
    return find_nearest(claimed, baseline, goal)


def _describe_unowned(found: FoundGap, desk: Desk) -> Distance:
    part = desk.table.items[_place(found)].ownership
    if found.nature == "documentation":
        return Distance(
            None,
            desk.plan.closed_ownership,
            "share",
            "say what part you had in it: ownership, or share",
        )
    remedy = "lead such work; here the part was smaller"
    return Distance(part.low, desk.plan.closed_ownership, "share", remedy)


def _place(found: FoundGap) -> int:
    return -1 if found.row is None else found.row.item


def _describe_uncorroborated(found: FoundGap, desk: Desk) -> Distance:
    item = desk.table.items[_place(found)]
    backed = weigh_support(
        item.support._replace(low=item.support.low | desk.plan.closed_support), desk.plan
    ).low
    missing = desk.plan.closed_support & ~item.support.low
    remedy = f"have it confirmed by {_name_voices(missing)}"
    return Distance(item.credibility.low, backed, "credibility", remedy)


@cache
def _name_voices(groups: int) -> str:
    return join_names(_VOICE[name] for bit, name in enumerate(GROUPS) if groups >> bit & 1)


def _describe_stale(found: FoundGap, desk: Desk) -> Distance:
    ended = desk.packet.evidence[_place(found)].ended
    if ended is None:
        return Distance(None, None, "month", "say when it ended, or that it is in progress")
    age = round((desk.as_of - ended).days / DAYS_A_MONTH, 1)
    return Distance(age, desk.plan.grace_months, "month", "show it again in newer work")


def _describe_single(found: FoundGap, _: Desk) -> Distance:
    return Distance(1.0, 2.0, "achievement", f"show {_name_wanted(found)} in a second achievement")


_VOICE: Final = {
    "artifact": "an artifact that others can open",
    "report_line": "the manager",
    "peer": "a peer",
    "cross_functional": "someone of another function",
    "customer": "a customer",
    "external": "someone outside",
}

_DESCRIBERS: Final[Mapping[str, Callable[[FoundGap, Desk], Distance]]] = {
    "absent": _describe_absent,
    "unmeasured": _describe_unmeasured,
    "short": _describe_short,
    "unowned": _describe_unowned,
    "uncorroborated": _describe_uncorroborated,
    "stale": _describe_stale,
    "single": _describe_single,
}
