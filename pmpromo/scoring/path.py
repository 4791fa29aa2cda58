"""From a packet to the sets of steps that bring it to the bar, and when time would undo them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate
from math import gcd, lcm
from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.scoring.closures import Yard, list_closures
from pmpromo.scoring.edits import apply_edits
from pmpromo.scoring.effects import list_bits, measure_effects
from pmpromo.scoring.interval import Interval
from pmpromo.scoring.kernel import score_table
from pmpromo.scoring.search import MOST_WORK, Errand, bar_followers, make_frontiers, rate, search
from pmpromo.scoring.table import build_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmpromo.packet import Packet
    from pmpromo.policy import Efforts
    from pmpromo.scoring.closures import Closure
    from pmpromo.scoring.effects import Effects
    from pmpromo.scoring.frontier import Frontiers
    from pmpromo.scoring.plan import Plan
    from pmpromo.scoring.search import Found
    from pmpromo.scoring.table import Row, Table

__all__ = [
    "Course",
    "Survey",
    "find_courses",
    "find_effort",
    "find_expiry",
    "list_barriers",
    "list_names",
    "survey",
]


@dataclass(frozen=True, slots=True)
class Survey:
    """A packet with everything that could be closed in it, and what that takes and brings."""

    yard: Yard
    closures: tuple[Closure, ...]
    efforts: tuple[Fraction | None, ...]
    """None bars a closure."""
    unit: Fraction
    errand: Errand
    frontiers: Frontiers
    barred: int

    @property
    def effects(self) -> Effects:
        """What closures bring."""
        return self.errand.effects

    def bar(self, barred: int) -> int:
        """Return these closures, those that people left out, and those that follow one of them."""
        return bar_followers(barred | self.barred, self.errand.after)


class Course(NamedTuple):
    """A set of closures in the order in which to take them, with the total after each."""

    closures: tuple[Closure, ...]
    efforts: tuple[float, ...]
    totals: tuple[float, ...]
    expires: date | None


def survey(yard: Yard, efforts: Efforts, given: Mapping[str, Fraction | None]) -> Survey:
    """List what could be closed in a packet, weigh it, and work out what it brings."""
    closures = tuple(list_closures(yard))
    priced = tuple(find_effort(each, yard, efforts, given) for each in closures)
    known = [each for each in priced if each is not None]
    unit = _find_unit(known)
    prices = tuple(0 if each is None else int(each / unit) for each in priced)
    effects = measure_effects(closures, yard)
    errand = Errand(effects, prices, [each.after for each in closures], yard.desk.plan.bar)
    barred = sum(1 << place for place, each in enumerate(priced) if each is None)
    return Survey(yard, closures, priced, unit, errand, make_frontiers(errand), barred)


def _find_unit(efforts: Sequence[Fraction]) -> Fraction:
    """Return the largest unit of which all efforts are whole numbers."""
    if not efforts:
        return Fraction(1)
    below = lcm(*(each.denominator for each in efforts))
    return Fraction(gcd(*(int(each * below) for each in efforts)), below)


def list_names(closure: Closure, yard: Yard) -> list[str]:
    """List the names by which a closure's effort may be given, the most special one first.

    Closures of whole items bear on several criteria: they go by id and kind alone.
    """
    names = [closure.id]
    if closure.kind not in _OF_ITEMS:
        criteria, plan = [], yard.desk.plan
        for index in closure.asked:
            asked = plan.asked[index]
            criterion = plan.criteria[asked.criterion].criterion.id
            names.append(f"{criterion}/{asked.requirement.name}")
            criteria.append(criterion)
        names += criteria
    return [*names, closure.kind]


_OF_ITEMS: Final = frozenset({"unowned", "uncorroborated", "stale"})


def find_effort(
    closure: Closure, yard: Yard, efforts: Efforts, given: Mapping[str, Fraction | None]
) -> Fraction | None:
    """Return what a closure takes: as given, else as the rubric has it; none if it is barred."""
    for name in list_names(closure, yard):
        if name in given:
            found = given[name]
            return None if found is None else _round(found)
    if closure.kind == "uncorroborated":
        default = efforts.confirm
    elif closure.kind in {"absent", "single"}:
        default = efforts.show
    elif closure.kind == "short":
        default = efforts.improve
    else:
        default = efforts.state if closure.nature == "documentation" else efforts.renew
    return _round(Fraction(str(default)))


def _round(effort: Fraction) -> Fraction:
    """Return an effort in thousandths of a day, at least one: sums of them are exact."""
    return Fraction(max(1, round(effort * 1000)), 1000)


def find_courses(seen: Survey, barred: int, limit: int) -> tuple[list[Course], Found]:
    """Find the cheapest sets of closures without the barred ones, each in its best order."""
    found = search(
        seen.errand, seen.frontiers, barred=seen.bar(barred), limit=limit, most_work=MOST_WORK
    )
    met = found.sets or (() if found.best is None else (found.best,))
    return [_lay_out(mask, seen) for mask in met], found


def _lay_out(mask: int, seen: Survey) -> Course:
    """Put closures in order, with the total after each; the kernel has the last word."""
    order = _order(mask, seen.errand)
    chosen, efforts = [seen.closures[at] for at in order], [seen.efforts[at] for at in order]
    sets = accumulate((1 << at for at in order), int.__or__)
    totals = [seen.effects.score(each) for each in sets]
    desk = seen.yard.desk
    packet = apply_edits(desk.packet, [closure.edit for closure in chosen], desk.as_of)
    table = build_table(packet, desk.plan, desk.as_of)
    totals[-1:] = [score_table(table, desk.plan).total.low]
    expires = find_expiry(packet, desk.plan, desk.as_of)
    return Course(tuple(chosen), tuple(map(float, filter(None, efforts))), tuple(totals), expires)


def _order(mask: int, errand: Errand) -> list[int]:
    """Take next what brings most for what it takes; what follows another waits for it."""
    ordered: list[int] = []
    done, waiting = 0, set(list_bits(mask))
    while waiting:
        stand = errand.effects.score_both(done)
        ready = [bit for bit in sorted(waiting) if errand.after[bit] not in waiting]
        best = max(ready, key=lambda bit: rate(errand, done, bit, stand))
        ordered.append(best)
        waiting.remove(best)
        done |= 1 << best
    return ordered


def list_barriers(seen: Survey, barred: int) -> tuple[float, tuple[str, ...]]:
    """Return the total with all closures that are not barred, and the must-haves still missed."""
    every = (1 << len(seen.closures)) - 1
    mask = every & ~seen.bar(barred)
    plan, scores = seen.yard.desk.plan, seen.effects.score_criteria(mask)
    missed = [
        plan.criteria[gate.place].criterion.id
        for gate in plan.gates
        if scores[gate.place] < gate.minimum
    ]
    return seen.effects.score(mask), tuple(missed)


def find_expiry(packet: Packet, plan: Plan, as_of: date) -> date | None:
    """Return the first day on which age alone brings a packet that meets the bar below it.

    None where it never does.
    """
    table = build_table(packet, plan, as_of)
    ages = [
        None if item.in_progress or item.ended is None else (as_of - item.ended).days
        for item in packet.evidence
    ]
    late = min(len(plan.recency), date.max.toordinal() - as_of.toordinal())
    if _score_later(late, ages, table, plan) >= plan.bar:
        return None
    early = 0
    while late - early > 1:
        middle = (early + late) // 2
        holds = _score_later(middle, ages, table, plan) >= plan.bar
        early, late = (middle, late) if holds else (early, middle)
    return as_of + timedelta(days=late)


def _score_later(days: int, ages: list[int | None], table: Table, plan: Plan) -> float:
    """Return the proven total with every item of known end so many days older."""
    last = len(plan.recency) - 1
    weights = []
    for item, age in zip(table.items, ages, strict=True):
        recency = item.recency.low if age is None else plan.recency[min(age + days, last)].low
        weights.append(item.ownership.low * item.credibility.low * recency)
    rows = [[_weigh(row, weights[row.item]) for row in found] for found in table.rows]
    return score_table(table._replace(rows=rows), plan).total.low


def _weigh(row: Row, weight: float) -> Row:
    return row._replace(counts=Interval(row.attainment.low * weight, row.counts.high))
