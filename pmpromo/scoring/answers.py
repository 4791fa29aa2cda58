"""Facts that answer a requirement: what is known of one completed, or a figure that reaches it.

What is known stays as it is when a fact is completed: a figure of which only the status is missing
keeps its value, and attains what that value attains.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from pmpromo.ladder import Behaviour, Metric
from pmpromo.packet import ArtifactFact, BehaviourFact, Measurement
from pmpromo.scoring.edits import Lift
from pmpromo.scoring.measure import attain, find_side, measure_alone, measure_length, measure_side
from pmpromo.units import read_scale
from pmpromo.words import HIGHEST_POINT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmpromo.packet import Evidence, StatedFact
    from pmpromo.requirement import Status
    from pmpromo.scoring.plan import Asked, Goal, Plan, Scale, SideGoal

__all__ = ["Answer", "Figure", "complete", "find_figure", "reach"]

NUDGE: Final = 1e-6
"""How far past a limit a figure lies that must be more, or less, than it; of the limit itself."""

LARGEST: Final = 1e18
"""No packet states a larger figure."""

HALVINGS: Final = 60
"""Enough to find a figure to the last bit."""

SOUGHT: Final = 1.0 - 1e-9


class Answer(NamedTuple):
    """What must be added to an item so that a requirement is answered."""

    facts: tuple[StatedFact, ...] = ()
    lifts: tuple[Lift, ...] = ()
    started: date | None = None
    ended: date | None = None


class Figure(NamedTuple):
    """A value and its baseline, in the metric's own unit."""

    value: float
    baseline: float | None


class Case(NamedTuple):
    """One requirement, the item that answers it (a bare one, if it is new), and the day."""

    asked: Asked
    item: Evidence
    plan: Plan
    as_of: date
    last_day: date
    """The day on which work ends whose end is not known."""


def complete(fact: StatedFact, case: Case) -> Answer | None:
    """Supply what is not known of a fact, at its best; none where that promises nothing."""
    alone = measure_alone(fact, case.asked, case.item, case.plan)
    facts = _complete_fact(fact, case) if alone.low < alone.high else ()
    sides = None if facts is None else _complete_sides(case)
    if facts is None or sides is None:
        return None
    behaviour = case.asked.fact.id if isinstance(fact, BehaviourFact) else None
    lift = behaviour and Lift(behaviour=behaviour, point=HIGHEST_POINT, unseen_only=True)
    lifts = (lift,) if lift else ()
    return Answer((*facts, *sides), lifts, *_find_dates(case, known=True))


def reach(fact: StatedFact | None, case: Case) -> Answer | None:
    """Bring a requirement to what its closing asks; none where no possible figure does that."""
    asked, share = case.asked, case.plan.closed_attainment
    if isinstance(asked.fact, Metric):
        return _reach_figures(fact, case)
    if isinstance(asked.fact, Behaviour):
        point = ceil(share * (asked.requirement.point or HIGHEST_POINT) - NUDGE)
        lifts = (Lift(behaviour=asked.fact.id, point=point),) if fact else ()
        shown = BehaviourFact(behaviour=asked.fact.id, point=point)
        return Answer((shown,), lifts, *_find_dates(case))
    had = fact if isinstance(fact, ArtifactFact) else None
    return Answer((_complete_artifact(had, asked, share),), (), *_find_dates(case))


class _Wanted(NamedTuple):
    """A metric that is asked for, and what an item states of it."""

    metric: Metric
    goal: Goal
    stated: list[Measurement]


def _want(case: Case, stated: list[Measurement]) -> _Wanted:
    """Return what the requirement itself wants; a scored metric always has a goal."""
    return _Wanted(cast("Metric", case.asked.fact), cast("Goal", case.asked.goal), stated)


def _want_sides(case: Case) -> Iterator[tuple[SideGoal, _Wanted]]:
    for side in case.asked.sides:
        metric, goal = case.plan.facts[side.fact], side.goal
        yield side, _Wanted(cast("Metric", metric), cast("Goal", goal), find_side(side, case.item))


def _complete_fact(fact: StatedFact, case: Case) -> tuple[StatedFact, ...] | None:
    if isinstance(fact, Measurement):
        figure = _complete_figure(_want(case, [fact]), case)
        return None if figure is None else (figure,)
    if isinstance(fact, BehaviourFact):
        known = fact.point is not None
        return () if known else (fact.model_copy(update={"point": HIGHEST_POINT}),)
    parts = {
        key: tuple(getattr(case.asked.requirement, key))
        for key in ("sections", "reviewers")
        if getattr(fact, key) is None
    }
    return (fact.model_copy(update={**parts, "uri": None}),)


def _complete_sides(case: Case) -> tuple[StatedFact, ...] | None:
    """Complete the figures asked beside a fact that are not known; none if one cannot be."""
    added: list[StatedFact] = []
    for side, wanted in _want_sides(case):
        known = measure_side(side, case.item, case.plan)
        if known.low < known.high:
            figure = _complete_figure(wanted, case)
            if figure is None:
                return None
            added.append(figure)
    return tuple(added)


def _complete_figure(wanted: _Wanted, case: Case) -> Measurement | None:
    metric, goal, stated = wanted
    fact = stated[0] if stated else Measurement(metric=metric.id)
    scale = _find_scale(metric, fact.unit, case.plan)
    value, baseline = (
        None if each is None else scale(each) for each in (fact.value, fact.baseline)
    )
    return _state(metric, find_figure(goal, metric, value, baseline), fact.status, case)


def _reach_figures(fact: StatedFact | None, case: Case) -> Answer | None:
    own = _want(case, [fact] if isinstance(fact, Measurement) else [])
    facts = [_reach_figure(own, case)]
    facts += [_reach_figure(wanted, case) for _, wanted in _want_sides(case)]
    known = tuple(each for each in facts if each is not None)
    return Answer(known, (), *_find_dates(case)) if len(known) == len(facts) else None


def _reach_figure(wanted: _Wanted, case: Case) -> Measurement | None:
    metric, goal, stated = wanted
    based = [each for each in stated if each.baseline is not None]
    scale = _find_scale(metric, based[0].unit if based else None, case.plan)
    baseline = scale(cast("float", based[0].baseline)) if based else None
    found = find_figure(goal, metric, None, baseline)
    if found is not None and case.plan.closed_attainment < 1:
        found = _stop_short(found, goal, case.plan.closed_attainment)
    return _state(metric, found, None, case)


def find_figure(
    goal: Goal, metric: Metric, value: float | None, baseline: float | None
) -> Figure | None:
    """Find what is not known of a figure so that it meets the goal; what is known stays.

    A known value that falls short for want of a baseline alone has no answer: nobody knows how far
    it came.

    >>> from pmpromo.scoring.plan import Goal
    >>> growth = Metric(id="growth", name="Growth", unit="percent/year")
    >>> find_figure(Goal("above", 18.0, 18.0), growth, None, None)
    Figure(value=18.0, baseline=None)
    >>> find_figure(Goal("above", 18.0, 18.0), growth, 12.5, None)
    Figure(value=12.5, baseline=None)
    """
    if value is not None:
        return _find_baseline(goal, value, baseline)
    if goal.kind == "band":
        return Figure(min(max(baseline or goal.low, goal.low), goal.high), baseline)
    if goal.kind == "around" or goal.change is not None:
        starts = _list_starts(metric) if baseline is None else [baseline]
        found = [Figure(_find_target(goal, start), start) for start in starts]
        return next((each for each in found if _is_possible(each, metric)), found[0])
    return Figure(_pass(goal.low, goal), baseline)


def _find_baseline(goal: Goal, value: float, baseline: float | None) -> Figure | None:
    if baseline is not None:
        return Figure(value, baseline)
    for start in _list_baselines(goal, value):
        if attain(value, start, goal).low >= SOUGHT:
            return Figure(value, start)
    return (
        None
        if attain(value, None, goal).low < attain(value, None, goal).high
        else Figure(value, None)
    )


def _list_baselines(goal: Goal, value: float) -> Iterator[float]:
    """Give baselines from which a value may be the change asked for."""
    if goal.kind == "around":
        yield value
    elif goal.change is not None:
        exact, asked = Fraction(str(value)), Fraction(str(goal.low))
        if goal.change == "absolute":
            starts = [exact - asked]
        else:
            shares = (1 + asked / 100, 1 - asked / 100)
            starts = [exact / share for share in shares if share]
        yield from map(float, starts)


def _find_target(goal: Goal, start: float) -> float:
    if goal.kind == "around":
        return start
    exact, asked = Fraction(str(start)), Fraction(str(goal.low))
    step = asked if goal.change == "absolute" else abs(exact) * asked / 100
    return _pass(float(exact + step), goal)


def _pass(limit: float, goal: Goal) -> float:
    """Return the limit, or a figure just past it where the limit itself is not enough."""
    if not goal.strict:
        return limit
    away = NUDGE * max(1.0, abs(limit))
    return limit + away if goal.kind == "above" else limit - away


def _list_starts(metric: Metric) -> list[float]:
    """List baselines to begin from: 1 or the nearest that is possible, then the outermost."""
    low = 1.0 if metric.lowest is None else max(1.0, metric.lowest)
    near = low if metric.highest is None else min(low, metric.highest)
    return [near, *(end for end in (metric.lowest, metric.highest) if end is not None)]


def _stop_short(full: Figure, goal: Goal, share: float) -> Figure:
    """Return the figure on the way to a full one that attains the share."""
    away = full.baseline if goal.needs_baseline and full.baseline is not None else None
    if away is None:
        size = max(1.0, abs(full.value))
        away = full.value - size if goal.kind != "below" else full.value + size / share
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        reached = attain(away + middle * (full.value - away), full.baseline, goal).low >= share
        low, high = (low, middle) if reached else (middle, high)
    return Figure(away + high * (full.value - away), full.baseline)


def _is_possible(figure: Figure, metric: Metric) -> bool:
    low = -LARGEST if metric.lowest is None else metric.lowest
    high = LARGEST if metric.highest is None else metric.highest
    return all(each is None or low <= each <= high for each in figure)


def _find_scale(metric: Metric, unit: str | None, plan: Plan) -> Scale:
    for name in (unit or metric.unit, metric.unit):
        if (metric.id, name) not in plan.scales:
            plan.scales[metric.id, name] = read_scale(name, metric.unit, plan.units)
    return plan.scales[metric.id, unit or metric.unit]


def _state(
    metric: Metric, figure: Figure | None, status: Status | None, case: Case
) -> Measurement | None:
    """State a figure in the metric's own unit; it is of a period to come, so none is named."""
    if figure is None or not _is_possible(figure, metric):
        return None
    accepts = case.asked.accepts
    return Measurement(
        metric=metric.id,
        value=figure.value,
        baseline=figure.baseline,
        unit=metric.unit,
        status=status if status in accepts else _choose_status(accepts),
    )


def _choose_status(accepts: Iterable[Status]) -> Status:
    return "realised" if "realised" in accepts else min(accepts)


def _complete_artifact(had: ArtifactFact | None, asked: Asked, share: float) -> ArtifactFact:
    """Add asked parts, in their order, until the share of them is there."""
    parts = [("sections", name) for name in asked.requirement.sections]
    parts += [("reviewers", name) for name in asked.requirement.reviewers]
    held = {
        (key, name)
        for key in ("sections", "reviewers")
        for name in (had and getattr(had, key)) or ()
    }
    missing = [part for part in parts if part not in held]
    spare = int((1.0 - share) * len(parts) + NUDGE)
    held |= set(missing[: max(0, len(missing) - spare)])
    sections = tuple(name for key, name in parts if key == "sections" and (key, name) in held)
    reviewers = tuple(name for key, name in parts if key == "reviewers" and (key, name) in held)
    return ArtifactFact(artifact=asked.fact.id, sections=sections, reviewers=reviewers)


def _find_dates(case: Case, *, known: bool = False) -> tuple[date | None, date | None]:
    """Find the dates that make work last as long as is asked, where it does not; else none.

    With `known` a length that both dates settle stays as it is.
    """
    months, item = case.asked.requirement.sustained, case.item
    if not months:
        return None, None
    lasted = measure_length(item, months, case.as_of)
    if lasted.low >= 1 or (known and lasted.low == lasted.high):
        return None, None
    if item.in_progress:
        return _go_back(case.as_of, months), None
    if item.ended is not None:
        return _go_back(item.ended, months), None
    first = item.started if known and item.started is not None else None
    last = case.last_day if first is None else max(first, case.last_day)
    return (None if first else _go_back(last, months)), last


def _go_back(last: date, months: int) -> date:
    """Return the first day of work that lasts so many months and ends on `last`."""
    year, month = divmod(last.year * 12 + last.month - 1 - months, 12)
    if year < 1:
        return date.min
    day = min(last.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, day)
