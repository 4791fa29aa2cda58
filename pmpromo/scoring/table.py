"""The waist: a packet's evidence as columns, one entry an item, and rows by requirement.

A row is one fact of one item, seen by one requirement that asks for it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.ladder import Artifact, Behaviour, Metric
from pmpromo.packet import ArtifactFact, BehaviourFact, Measurement, find_future_dates
from pmpromo.scoring.interval import UNKNOWN, Interval, know
from pmpromo.scoring.measure import measure
from pmpromo.scoring.plan import ARTIFACT, GROUP_OF, REPORT_LINE
from pmpromo.units import read_scale
from pmpromo.words import Fault, suggest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pmpromo.packet import Corroboration, Evidence, Packet, StatedFact
    from pmpromo.scoring.plan import Plan

__all__ = [
    "Item",
    "Link",
    "Row",
    "Support",
    "Table",
    "build_table",
    "find_packet_faults",
    "lies_inside",
    "read_support",
    "tell_range",
    "weigh_support",
]

_KIND_OF: Final[Mapping[type[object], type[Metric | Behaviour | Artifact]]] = {
    Measurement: Metric,
    BehaviourFact: Behaviour,
    ArtifactFact: Artifact,
}

_ARTICLES: Final[Mapping[type[object], str]] = {
    Metric: "a metric",
    Behaviour: "a behaviour",
    Artifact: "an artifact",
}


class Support(NamedTuple):
    """Groups of voices behind an item as sets of bits, and whether one disputes it."""

    low: int
    high: int
    disputed_low: bool
    disputed_high: bool


class Item(NamedTuple):
    """What is known of an evidence item apart from its facts."""

    achievement: int
    ownership: Interval
    support: Support
    credibility: Interval
    recency: Interval
    weight: Interval
    """Ownership x credibility x recency: the share of the item that counts."""


class Row(NamedTuple):
    """One fact of one item, seen by one requirement."""

    item: int
    achievement: int
    fact: StatedFact
    attainment: Interval
    counts: Interval
    """Attainment x the item's weight."""


class Link(NamedTuple):
    """Items, by their places, that were found to show one achievement, and by what."""

    items: tuple[int, ...]
    by: str


class Table(NamedTuple):
    """A packet as columns. ``rows[q]`` are the rows of requirement q."""

    items: list[Item]
    rows: list[list[Row]]
    links: list[Link]


def build_table(packet: Packet, plan: Plan, as_of: date) -> Table:
    """Read a packet, free of faults, into columns."""
    achievements, links = _find_achievements(packet.evidence, plan)
    own = None if packet.candidate is None else packet.candidate.casefold()
    items = [
        _read_item(item, achievement, read_support(item, plan, own), plan, as_of)
        for item, achievement in zip(packet.evidence, achievements, strict=True)
    ]
    rows: list[list[Row]] = [[] for _ in plan.asked]
    for place, item in enumerate(packet.evidence):
        key, weight = achievements[place], items[place].weight
        for fact in item.facts:
            for asked in plan.asked_of[fact.fact]:
                reached = measure(fact, asked, item, plan, as_of)
                counts = Interval(reached.low * weight.low, reached.high * weight.high)
                rows[asked.index].append(Row(place, key, fact, reached, counts))
    return Table(items, rows, links)


def _read_item(item: Evidence, achievement: int, support: Support, plan: Plan, as_of: date) -> Item:
    ownership = _read_ownership(item, plan)
    credibility = weigh_support(support, plan)
    recency = _read_recency(item, plan, as_of)
    weight = Interval(
        ownership.low * credibility.low * recency.low,
        ownership.high * credibility.high * recency.high,
    )
    return Item(achievement, ownership, support, credibility, recency, weight)


def _read_ownership(item: Evidence, plan: Plan) -> Interval:
    if item.share is not None:
        return know(item.share)
    return UNKNOWN if item.ownership is None else plan.ownership[item.ownership]


def _read_recency(item: Evidence, plan: Plan, as_of: date) -> Interval:
    if item.in_progress:
        return plan.recency[0]
    if item.ended is None:
        return Interval(plan.recency_floor, 1.0)
    age = as_of.toordinal() - item.ended.toordinal()
    return plan.recency[age] if age < len(plan.recency) else plan.recency[-1]


def read_support(item: Evidence, plan: Plan, own: str | None) -> Support:
    """Gather the voices behind an item; the candidate's own voice, `own`, adds nothing."""
    low = high = 0
    disputed_low = disputed_high = False
    for voice in item.support or ():
        is_own = own is not None and voice.by is not None and voice.by.casefold() == own
        if voice.worked_on_it is False or is_own:
            continue
        if not voice.agrees:
            disputed_low = True
            disputed_high = disputed_high or voice.worked_on_it is True
            continue
        group = _find_group(voice)
        high |= group
        low |= group if voice.worked_on_it else 0
    for fact in item.facts:
        if isinstance(fact, ArtifactFact) and fact.uri is not None:
            low |= ARTIFACT
            high |= ARTIFACT
    if not item.support_is_closed:
        high |= plan.possible_support
    return Support(low, high, disputed_low, disputed_high)


def _find_group(voice: Corroboration) -> int:
    """Return the group of a voice; whoever reports into the same line speaks for that line."""
    group = GROUP_OF[voice.relation]
    return REPORT_LINE if voice.same_report_line and group not in {0, ARTIFACT} else group


def weigh_support(support: Support, plan: Plan) -> Interval:
    """Return the credibility that groups of voices give, halved where one disputes."""
    low, high = plan.credibility[support.low], plan.credibility[support.high]
    return Interval(
        low * plan.dispute if support.disputed_low else low,
        high * plan.dispute if support.disputed_high else high,
    )


def _find_achievements(evidence: tuple[Evidence, ...], plan: Plan) -> tuple[list[int], list[Link]]:
    """Give each item the place of the first item that shows the same achievement (union-find)."""
    marked: dict[tuple[object, ...], list[int]] = {}
    for place, item in enumerate(evidence):
        for mark in _list_marks(item, plan):
            marked.setdefault(mark, []).append(place)
    parent = list(range(len(evidence)))
    links: list[Link] = []
    for mark, places in marked.items():
        if len(places) > 1 and len(together := tuple(dict.fromkeys(places))) > 1:
            links.append(Link(together, str(mark[0])))
            for place in together[1:]:
                one, other = sorted((_find_root(parent, together[0]), _find_root(parent, place)))
                parent[other] = one
    return [_find_root(parent, place) for place in parent], links


def _find_root(parent: list[int], place: int) -> int:
    while parent[place] != place:
        parent[place] = parent[parent[place]]
        place = parent[place]
    return place


def _list_marks(item: Evidence, plan: Plan) -> list[tuple[object, ...]]:
    """List what marks the achievement of an item; what is unknown is equal to nothing."""
    marks: list[tuple[object, ...]] = [("achievement", item.achievement_key.casefold())]
    for fact in item.facts:
        if isinstance(fact, Measurement):
            if fact.value is not None and fact.unit is not None and fact.period is not None:
                value = plan.scales[fact.metric, fact.unit](fact.value)
                marks.append(("metric", fact.metric, value, fact.period.casefold()))
        elif isinstance(fact, ArtifactFact) and fact.uri is not None:
            marks.append(("artifact", fact.uri))
    return marks


def find_packet_faults(packet: Packet, plan: Plan, as_of: date | None) -> list[Fault]:
    """Find everything that keeps a packet from being read against a rubric."""
    faults = (
        [] if as_of is None or packet.as_of == as_of else find_future_dates(packet.evidence, as_of)
    )
    for i, item in enumerate(packet.evidence):
        for k, fact in enumerate(item.facts):
            if type(plan.facts.get(fact.fact)) is not _KIND_OF[type(fact)]:
                faults.append(_describe_unknown(fact, ("evidence", i, "facts", k), plan))
            elif isinstance(fact, Measurement):
                faults += _find_figure_faults(fact, ("evidence", i, "facts", k), plan)
    names = {*plan.facts, *(each.criterion.id for each in plan.criteria)}
    faults += [
        Fault(
            ("declared_none", k),
            "is neither a fact of the ladder nor a criterion",
            suggest(name, sorted(names)),
            "unknown_name",
        )
        for k, name in enumerate(packet.declared_none)
        if name not in names
    ]
    return faults


def _describe_unknown(fact: StatedFact, loc: tuple[str | int, ...], plan: Plan) -> Fault:
    kind = _KIND_OF[type(fact)]
    key = kind.__name__.lower()
    known = plan.facts.get(fact.fact)
    if known is not None:
        return Fault(
            (*loc, key),
            f"is {_ARTICLES[type(known)]} of the ladder, not {_ARTICLES[kind]}",
            "change the key",
        )
    names = [name for name, each in plan.facts.items() if isinstance(each, kind)]
    return Fault(
        (*loc, key), f"is no {key} of the ladder", suggest(fact.fact, names), "unknown_name"
    )


def _find_figure_faults(fact: Measurement, loc: tuple[str | int, ...], plan: Plan) -> list[Fault]:
    metric = plan.facts[fact.metric]
    if fact.unit is None or not isinstance(metric, Metric):
        return []
    scale = plan.scales.get((fact.metric, fact.unit))
    if scale is None:
        try:
            scale = read_scale(fact.unit, metric.unit, plan.units)
        except ValueError as error:
            message, _, hint = str(error).partition(" | ")
            return [Fault((*loc, "unit"), message, hint, "wrong_unit")]
        plan.scales[fact.metric, fact.unit] = scale
    return [
        Fault(
            (*loc, key),
            "lies outside what is possible",
            f"it can be {tell_range(metric)} {metric.unit}",
            "out_of_range",
        )
        for key, figure in (("value", fact.value), ("baseline", fact.baseline))
        if figure is not None and not lies_inside(scale(figure), metric)
    ]


def tell_range(metric: Metric) -> str:
    """Say between which figures a metric can lie."""
    ends = (("at least", metric.lowest), ("at most", metric.highest))
    return " and ".join(f"{word} {end:g}" for word, end in ends if end is not None)


def lies_inside(figure: float, metric: Metric) -> bool:
    """Tell whether a figure, in the metric's own unit, is one that it can have."""
    low = -math.inf if metric.lowest is None else metric.lowest
    high = math.inf if metric.highest is None else metric.highest
    return low <= figure <= high
