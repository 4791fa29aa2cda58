"""How far the facts of many packets reach what is asked: the rules of `measure`, for arrays.

Every operation is one that `measure` does, in its order; so the bits are the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple, get_args

import numpy as np

from pmpromo.ladder import Artifact, Behaviour
from pmpromo.requirement import Status
from pmpromo.scoring.measure import hear_points, measure_length, place_band, place_target
from pmpromo.scoring.weights import make_any_item
from pmpromo.words import HIGHEST_POINT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pmpromo.scoring.columns import Bools, Facts, Floats, Ints, Items, Words
    from pmpromo.scoring.interval import Interval
    from pmpromo.scoring.plan import Asked, Goal, SideGoal
    from pmpromo.scoring.showings import Showings

__all__ = [
    "Chunk",
    "FactTables",
    "fill_fact_tables",
    "find_kin",
    "reach_kin",
    "reach_rows",
    "reach_shown",
]

_LONGEST_DAY: Final = 1 << 23
"""More than any day's ordinal: packs two days into one number."""


class Ends(NamedTuple):
    """Both ends of attainment, arrays (n,)."""

    low: Floats
    high: Floats


class Chunk(NamedTuple):
    """Some packets' columns, with what they are looked up by.

    `showing` (f,) is the showing of each fact, `names` the code of each name of a fact; `value` and
    `baseline` (f,) are in their metrics' units. `day` (i,) is the day of an item's packet, `opened`
    (i,) whether an artifact of it can be opened.
    """

    items: Items
    facts: Facts
    showing: Ints
    names: Mapping[str, int]
    value: Floats
    baseline: Floats
    day: Ints
    opened: Bools


@dataclass(frozen=True, slots=True, eq=False)
class FactTables:
    """What one requirement looks up, by code; the last entries stand for what is unknown.

    Figures: `accepted` by status. Behaviours: `low` and `high`, the lowest points of voices by
    support. Artifacts: `low` and `high`, parts had by sections, `also_low` and `also_high` by
    reviewers. `lengths` remembers how long items lasted, by their first and last days.
    """

    accepted: Bools
    low: Floats
    high: Floats
    also_low: Floats
    also_high: Floats
    lengths: dict[int, Interval]


def fill_fact_tables(asked: Asked, words: Words) -> FactTables:
    """Fill the tables of one requirement, one scalar call an entry."""
    accepted = np.array([*(status in asked.accepts for status in get_args(Status)), False])
    if isinstance(asked.fact, Artifact):
        sections = _count_parts(asked.sections, words.sections)
        reviewers = _count_parts(asked.reviewers, words.reviewers)
        return FactTables(accepted, *sections, *reviewers, {})
    points = [hear_points(support, asked.fact.id) for support in (*words.supports, ())]
    low, high = np.array(points, dtype=np.float64).T
    return FactTables(accepted, low, high, low[:0], low[:0], {})


def _count_parts(wanted: frozenset[str], known: Sequence[Sequence[str]]) -> tuple[Floats, Floats]:
    """Count how many of the wanted parts each list holds, at both ends."""
    had = [float(len(wanted.intersection(names))) for names in known]
    return np.array([*had, 0.0]), np.array([*had, float(len(wanted))])


def reach_shown(asked: Asked, showings: Showings, tables: FactTables, chosen: Ints) -> Ends | None:
    """Return what chosen showings of a fact reach; none where that hangs on figures or dates."""
    if asked.sides or asked.requirement.sustained:
        return None
    if isinstance(asked.fact, Behaviour | Artifact):
        return _reach_words(asked, showings, tables, chosen)
    return None


def find_kin(asked: Asked) -> Goal | None:
    """Return a goal that stands for all that `reach_kin` works out alike, whatever their targets.

    None where more than a figure, its baseline and one target matter.
    """
    goal = asked.goal
    if asked.sides or asked.requirement.sustained or goal is None:
        return None
    if goal.kind not in {"above", "below"} or goal.change is not None:
        return None
    side = 1.0 if goal.low > 0 else -1.0
    return replace(goal, low=side, high=side)


def reach_kin(goal: Goal, chunk: Chunk, targets: Floats, unknown: Floats, rows: Ints) -> Ends:
    """Return the attainment of figures under goals like this one, each with its own target.

    `unknown` is NaN where a figure does not count, else 0.
    """
    value = chunk.value[rows]
    baseline = chunk.baseline[rows] if goal.needs_baseline else value
    with np.errstate(all="ignore"):
        reached = _attain_target(value, baseline, targets, goal)
    reached += unknown
    return Ends(np.fmax(reached, 0.0), np.fmin(reached, 1.0))  # NaN gives way to the other


def reach_rows(asked: Asked, chunk: Chunk, tables: FactTables, rows: Ints) -> Ends:
    """Return the attainment of facts of a chunk that a requirement asks for."""
    item = chunk.facts.item[rows]
    if isinstance(asked.fact, Behaviour | Artifact):
        reached = _reach_words(asked, _pick_words(chunk), tables, rows)
    else:
        reached = _reach_figures(asked.goal, tables.accepted, chunk, rows)
    for side in asked.sides:
        reached = _take_lower(reached, _reach_side(side, chunk, tables), item)
    if asked.requirement.sustained:
        lengths = _measure_lengths(chunk, item, asked.requirement.sustained, tables)
        reached = _take_lower(reached, lengths, None)
    return reached


def _take_lower(one: Ends, other: Ends, at: Ints | None) -> Ends:
    low, high = other if at is None else (other.low[at], other.high[at])
    return Ends(np.minimum(one.low, low), np.minimum(one.high, high))


class _Told(NamedTuple):
    """What behaviours and artifacts are told by."""

    point: Ints
    support: Ints
    sections: Ints
    reviewers: Ints


def _pick_words(chunk: Chunk) -> _Told:
    facts = chunk.facts
    return _Told(facts.point, chunk.items.support[facts.item], facts.sections, facts.reviewers)


def _reach_words(asked: Asked, told: _Told | Showings, tables: FactTables, chosen: Ints) -> Ends:
    if isinstance(asked.fact, Behaviour):
        return _reach_behaviour(asked, told.point[chosen], told.support[chosen], tables)
    return _reach_artifact(asked, told.sections[chosen], told.reviewers[chosen], tables)


def _reach_behaviour(asked: Asked, point: Ints, support: Ints, tables: FactTables) -> Ends:
    wanted = asked.requirement.point or HIGHEST_POINT
    low = np.minimum(np.where(point < 0, 0, point), tables.low[support])
    high = np.minimum(np.where(point < 0, HIGHEST_POINT, point), tables.high[support])
    return Ends(np.minimum(1.0, low / wanted), np.minimum(1.0, high / wanted))


def _reach_artifact(asked: Asked, sections: Ints, reviewers: Ints, tables: FactTables) -> Ends:
    wanted = len(asked.sections) + len(asked.reviewers)
    if not wanted:
        return Ends(np.ones(len(sections)), np.ones(len(sections)))
    return Ends(
        (tables.low[sections] + tables.also_low[reviewers]) / wanted,
        (tables.high[sections] + tables.also_high[reviewers]) / wanted,
    )


def _reach_figures(goal: Goal | None, accepted: Bools, chunk: Chunk, rows: Ints) -> Ends:
    if goal is None:
        return Ends(np.zeros(len(rows)), np.ones(len(rows)))
    value = chunk.value[rows]
    with_start = goal.needs_baseline or goal.kind == "around"
    with np.errstate(all="ignore"):
        reached = _attain(value, chunk.baseline[rows] if with_start else value, goal)
    facts = chunk.facts
    reached[~(accepted[facts.status[rows]] & (facts.unit[rows] >= 0))] = np.nan
    return Ends(np.fmax(reached, 0.0), np.fmin(reached, 1.0))  # NaN gives way to the other


def _attain(value: Floats, baseline: Floats, goal: Goal) -> Floats:
    """Return attainment of figures; NaN where the figure, or a baseline that counts, is missing."""
    if goal.kind in {"band", "around"}:
        return _attain_band(value, baseline, goal)
    target = _place(lambda start: place_target(goal, start), baseline, goal)
    return _attain_target(value, baseline, target, goal)


def _attain_target(value: Floats, baseline: Floats, target: Floats, goal: Goal) -> Floats:
    """Return attainment of one figure, above or below; `target` is one for all, or one each."""
    above = goal.kind == "above"
    if above and not goal.needs_baseline and goal.low > 0:
        # What is met has a ratio of 1 or more, what is not positive one of 0 or less.
        return np.minimum(1.0, np.maximum(0.0, value / target))
    met = value >= target if above else value <= target
    if goal.strict:
        met &= value != target
    if goal.needs_baseline:
        reached = _attain_progress(value, baseline, target, met, above=above)
    else:
        ratio = value / target if above else target / value
        left = np.where((value <= 0) | (target <= 0), 0.0, ratio)
        reached = np.where(met, 1.0, left)
    reached[np.isnan(value)] = np.nan
    return reached


def _attain_progress(
    value: Floats, baseline: Floats, target: Floats, met: Bools, *, above: bool
) -> Floats:
    """Return progress from the baseline; what is met needs none, unless the goal hangs on it."""
    started_there = baseline >= target if above else baseline <= target
    done = np.minimum(1.0, np.maximum(0.0, (value - baseline) / (target - baseline)))
    reached = np.where(started_there, met, done)
    bare = np.flatnonzero(np.isnan(baseline))
    reached[bare] = np.where(met[bare], 1.0, np.nan)
    return reached


def _attain_band(value: Floats, baseline: Floats, goal: Goal) -> Floats:
    low = _place(lambda start: _get_end(goal, start, 0), baseline, goal)
    high = _place(lambda start: _get_end(goal, start, 1), baseline, goal)
    outside = np.maximum(low - value, value - high)
    left = np.where(high > low, 1.0 - outside / (high - low), 0.0)
    return np.where(np.isnan(outside), np.nan, np.where(outside <= 0, 1.0, np.maximum(0.0, left)))


def _get_end(goal: Goal, baseline: float | None, end: int) -> float | None:
    band = place_band(goal, baseline)
    return None if band is None else band[end]


def _place(place: Callable[[float | None], float | None], baseline: Floats, goal: Goal) -> Floats:
    """Return where a goal lies for each baseline; each distinct baseline is asked for once."""
    if goal.change is None and goal.kind != "around":
        return np.array(place(None), dtype=np.float64)
    distinct, places = np.unique(baseline, return_inverse=True)
    known = [place(None if start != start else start) for start in distinct.tolist()]  # noqa: PLR0124 - NaN
    return np.array([np.nan if figure is None else figure for figure in known])[places]


def _reach_side(side: SideGoal, chunk: Chunk, tables: FactTables) -> Ends:
    """Return for each item the best that it states of a metric asked beside another."""
    code = chunk.names.get(side.fact, -1)
    rows = np.flatnonzero(chunk.facts.fact == code)
    found = _reach_figures(side.goal, tables.accepted, chunk, rows)
    item, count = chunk.facts.item[rows], len(chunk.items.packet)
    best = Ends(np.full(count, -1.0), np.full(count, -1.0))
    np.maximum.at(best.low, item, found.low)
    np.maximum.at(best.high, item, found.high)
    stated = best.low >= 0
    return Ends(np.where(stated, best.low, 0.0), np.where(stated, best.high, 1.0))


def _measure_lengths(chunk: Chunk, item: Ints, months: int, tables: FactTables) -> Ends:
    items = chunk.items
    first = items.started[item].astype(np.int64)
    last = np.where(items.in_progress[item], chunk.day[item], items.ended[item])
    pairs, places = np.unique(first * _LONGEST_DAY + last, return_inverse=True)
    lengths = [_measure_once(pair, months, tables.lengths) for pair in pairs.tolist()]
    low, high = np.array(lengths, dtype=np.float64).reshape(-1, 2).T
    return Ends(low[places], high[places])


def _measure_once(pair: int, months: int, known: dict[int, Interval]) -> Interval:
    if pair not in known:
        first, last = divmod(pair, _LONGEST_DAY)
        days = (date.fromordinal(day) if day else None for day in (first, last))
        told = dict(zip(("started", "ended"), days, strict=True))
        item = make_any_item().model_copy(update=told)
        known[pair] = measure_length(item, months, date.max)
    return known[pair]
