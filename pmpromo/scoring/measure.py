"""How far one stated fact reaches what a requirement asks: attainment, as an interval."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from pmpromo.packet import ArtifactFact, BehaviourFact, Measurement
from pmpromo.scoring.interval import FULL, NOTHING, UNKNOWN, Interval, know
from pmpromo.scoring.plan import DAYS_A_MONTH
from pmpromo.words import HIGHEST_POINT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmpromo.packet import Corroboration, Evidence, StatedFact
    from pmpromo.requirement import Status
    from pmpromo.scoring.plan import Asked, Goal, Plan, SideGoal

__all__ = [
    "attain",
    "find_nearest",
    "find_side",
    "hear_points",
    "measure",
    "measure_alone",
    "measure_length",
    "measure_side",
    "place_band",
    "place_target",
]


def measure(
    fact: StatedFact,
    asked: Asked,
    item: Evidence,
    plan: Plan,
    as_of: date,
) -> Interval:
    """Return the attainment of one fact of an item for one requirement."""
    reached = measure_alone(fact, asked, item, plan)
    for side in asked.sides:
        reached = _take_lower(reached, measure_side(side, item, plan))
    if asked.requirement.sustained:
        return _take_lower(reached, measure_length(item, asked.requirement.sustained, as_of))
    return reached


def measure_alone(fact: StatedFact, asked: Asked, item: Evidence, plan: Plan) -> Interval:
    """Return the attainment of a fact, whatever is asked beside it."""
    if isinstance(fact, Measurement):
        return _measure_figure(fact, asked.goal, asked.accepts, plan)
    if isinstance(fact, BehaviourFact):
        return _measure_behaviour(fact, asked, item)
    return _measure_artifact(fact, asked)


def measure_side(side: SideGoal, item: Evidence, plan: Plan) -> Interval:
    """Return the attainment of a metric asked beside another: the best that the item states."""
    found = [_measure_figure(fact, side.goal, side.accepts, plan) for fact in find_side(side, item)]
    if not found:
        return UNKNOWN
    return Interval(max(each.low for each in found), max(each.high for each in found))


def find_side(side: SideGoal, item: Evidence) -> list[Measurement]:
    """Return what an item states of a metric asked beside another."""
    return [
        fact for fact in item.facts if isinstance(fact, Measurement) and fact.metric == side.fact
    ]


def _take_lower(one: Interval, other: Interval) -> Interval:
    return Interval(min(one.low, other.low), min(one.high, other.high))


def _measure_figure(
    fact: Measurement, goal: Goal | None, accepts: frozenset[Status], plan: Plan
) -> Interval:
    if goal is None or fact.value is None or fact.unit is None or fact.status not in accepts:
        return UNKNOWN
    scale = plan.scales[fact.metric, fact.unit]
    baseline = None if fact.baseline is None else scale(fact.baseline)
    return attain(scale(fact.value), baseline, goal)


def attain(value: float, baseline: float | None, goal: Goal) -> Interval:
    """Return attainment of a figure against a goal, both in the metric's own unit.

    Met gives 1. Else progress from the baseline, where one is needed; else the ratio to the target.
    """
    if goal.kind in {"band", "around"}:
        band = place_band(goal, baseline)
        return UNKNOWN if band is None else _attain_band(value, *band)
    target = place_target(goal, baseline)
    if target is None:
        return UNKNOWN
    if _meets(value, target, goal):
        return FULL
    if goal.needs_baseline:
        return UNKNOWN if baseline is None else _attain_progress(value, baseline, target, goal)
    return _attain_ratio(value, target, goal)


def place_target(goal: Goal, baseline: float | None) -> float | None:
    """Turn a change into the figure it leads to; none without a baseline, or relative to zero."""
    if goal.change is None:
        return goal.low
    if baseline is None or (goal.change == "relative" and baseline == 0):
        return None
    # As decimals: from 0.7, at most 0.1 more is 0.8, which binary numbers miss.
    start, asked = Fraction(str(baseline)), Fraction(str(goal.low))
    step = asked if goal.change == "absolute" else abs(start) * asked / 100
    return float(start + step)


def place_band(goal: Goal, baseline: float | None) -> tuple[float, float] | None:
    """Return the two ends of a band; none where it lies around a baseline that is unknown."""
    if goal.kind == "band":
        return goal.low, goal.high
    if baseline is None:
        return None
    start = Fraction(str(baseline))
    width = Fraction(str(goal.low)) + Fraction(str(goal.high)) * abs(start)
    return float(start - width), float(start + width)


def _meets(value: float, target: float, goal: Goal) -> bool:
    if goal.strict and value == target:
        return False
    return value >= target if goal.kind == "above" else value <= target


def _attain_progress(value: float, baseline: float, target: float, goal: Goal) -> Interval:
    started_there = baseline >= target if goal.kind == "above" else baseline <= target
    if started_there:
        return NOTHING
    done = min(1.0, max(0.0, (value - baseline) / (target - baseline)))
    return know(done)


def _attain_ratio(value: float, target: float, goal: Goal) -> Interval:
    if value <= 0 or target <= 0:
        return NOTHING
    ratio = value / target if goal.kind == "above" else target / value
    return know(ratio)


def _attain_band(value: float, low: float, high: float) -> Interval:
    outside = max(low - value, value - high)
    if outside <= 0:
        return FULL
    left = 1.0 - outside / (high - low) if high > low else 0.0
    return know(max(0.0, left))


def find_nearest(value: float, baseline: float | None, goal: Goal) -> float | None:
    """Return the figure nearest to `value` that meets the goal: itself, if it does.

    A strict goal has no nearest figure; then it is the limit.

    None where the goal cannot be placed without a baseline.
    """
    if goal.kind in {"band", "around"}:
        band = place_band(goal, baseline)
        return None if band is None else min(max(value, band[0]), band[1])
    target = place_target(goal, baseline)
    return value if target is not None and _meets(value, target, goal) else target


def _measure_behaviour(fact: BehaviourFact, asked: Asked, item: Evidence) -> Interval:
    """Take the lowest point that the candidate and those who saw the work state."""
    low, high = (0, HIGHEST_POINT) if fact.point is None else (fact.point, fact.point)
    may_be, is_known = hear_points(item.support or (), fact.behaviour)
    wanted = asked.requirement.point or HIGHEST_POINT
    return Interval(min(1.0, min(low, may_be) / wanted), min(1.0, min(high, is_known) / wanted))


def hear_points(voices: Iterable[Corroboration], behaviour: str) -> tuple[int, int]:
    """Return the lowest point of voices that may have seen a behaviour, and of those that did.

    Where nobody gives one it is the highest there is.
    """
    may_be = is_known = HIGHEST_POINT
    for voice in voices:
        if (
            voice.point is None
            or voice.worked_on_it is False
            or voice.fact not in {None, behaviour}
        ):
            continue
        may_be = min(may_be, voice.point)
        is_known = min(is_known, voice.point) if voice.worked_on_it else is_known
    return may_be, is_known


def _measure_artifact(fact: ArtifactFact, asked: Asked) -> Interval:
    """Count the sections and reviewers it has among those asked; lists not given are unknown."""
    wanted = len(asked.sections) + len(asked.reviewers)
    if not wanted:
        return FULL
    low = high = 0
    for stated, parts in ((fact.sections, asked.sections), (fact.reviewers, asked.reviewers)):
        had = len(parts.intersection(stated or ()))
        low += had
        high += len(parts) if stated is None else had
    return Interval(low / wanted, high / wanted)


def measure_length(item: Evidence, months: int, as_of: date) -> Interval:
    """Return the months that an item lasted, over those asked.

    Whole calendar months count as such, the last day with them: a year is twelve months.
    """
    end = as_of if item.in_progress else item.ended
    if item.started is None or end is None:
        return UNKNOWN
    if end >= _find_last_day(item.started, months):
        return FULL
    return know(min(1.0, (end - item.started).days / DAYS_A_MONTH / months))


def _find_last_day(first: date, months: int) -> date:
    """Return the day before the same day of the month, so many months on; at most its last."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    longest = monthrange(year, month + 1)[1]
    same_day = date(year, month + 1, min(first.day, longest))
    return same_day if first.day > longest else same_day - timedelta(days=1)
