"""How far the facts of many packets reach what is asked: the rules of `measure`, for arrays.

Every operation is one that `measure` does, in its order; so the bits are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple, get_args

import numpy as np

from pmpromo.ladder import Artifact, Behaviour
from pmpromo.packet import Evidence
from pmpromo.requirement import Status
from pmpromo.scoring.measure import hear_points, measure_length, place_band, place_target
from pmpromo.words import HIGHEST_POINT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pmpromo.scoring.columns import Bools, Facts, Floats, Ints, Items, Words
    from pmpromo.scoring.figures import Scaled
    from pmpromo.scoring.interval import Interval
    from pmpromo.scoring.plan import Asked, Goal, SideGoal

__all__ = ["Chunk", "FactTables", "fill_fact_tables", "reach"]

_LONGEST_DAY: Final = 1 << 23
"""More than any day's ordinal: packs two days into one number."""


class Ends(NamedTuple):
    """Both ends of attainment, arrays (n,)."""

    low: Floats
    high: Floats


class Chunk(NamedTuple):
    """Some packets' columns, with their figures scaled and the last day of each item.

    `order` sorts facts by name, then by achievement; facts of name f stand at
    ``order[starts[f]:starts[f + 1]]``. `last_day` is 0 where unknown.
    """

    items: Items
    facts: Facts
    scaled: Scaled
    last_day: Ints
    order: Ints
    starts: Ints


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


def reach(
    asked: Asked, chunk: Chunk, tables: FactTables, code_of: Mapping[str, int]
) -> tuple[Ends, Ints]:
    """Return the attainment of every fact of a chunk that is asked for, and the item of each.

    `code_of` gives the code of each fact's name.
    """
    chosen = _choose(asked.fact.id, chunk, code_of)
    reached = _reach_alone(asked, chunk, tables, chosen)
    item = chunk.facts.item[chosen]
    for side in asked.sides:
        reached = _take_lower(reached, _reach_side(side, chunk, tables, code_of), item)
    months = asked.requirement.sustained
    if months:
        reached = _take_lower(reached, _measure_lengths(chunk, item, months, tables), None)
    return reached, item


def _choose(name: str, chunk: Chunk, code_of: Mapping[str, int]) -> Ints:
    code = code_of.get(name)
    if code is None:
        return chunk.order[:0]
    return chunk.order[chunk.starts[code] : chunk.starts[code + 1]]


def _take_lower(one: Ends, other: Ends, at: Ints | None) -> Ends:
    low, high = other if at is None else (other.low[at], other.high[at])
    return Ends(np.minimum(one.low, low), np.minimum(one.high, high))


def _reach_alone(asked: Asked, chunk: Chunk, tables: FactTables, chosen: Ints) -> Ends:
    if isinstance(asked.fact, Behaviour):
        return _reach_behaviour(asked, chunk, tables, chosen)
    if isinstance(asked.fact, Artifact):
        return _reach_artifact(asked, chunk, tables, chosen)
    return _reach_figure(asked.goal, tables.accepted, chunk, chosen)


def _reach_behaviour(asked: Asked, chunk: Chunk, tables: FactTables, chosen: Ints) -> Ends:
    point = chunk.facts.point[chosen]
    support = chunk.items.support[chunk.facts.item[chosen]]
    wanted = asked.requirement.point or HIGHEST_POINT
    low = np.minimum(np.where(point < 0, 0, point), tables.low[support])
    high = np.minimum(np.where(point < 0, HIGHEST_POINT, point), tables.high[support])
    return Ends(np.minimum(1.0, low / wanted), np.minimum(1.0, high / wanted))


def _reach_artifact(asked: Asked, chunk: Chunk, tables: FactTables, chosen: Ints) -> Ends:
    wanted = len(asked.sections) + len(asked.reviewers)
    if not wanted:
        return Ends(np.ones(len(chosen)), np.ones(len(chosen)))
    sections, reviewers = chunk.facts.sections[chosen], chunk.facts.reviewers[chosen]
    return Ends(
        (tables.low[sections] + tables.also_low[reviewers]) / wanted,
        (tables.high[sections] + tables.also_high[reviewers]) / wanted,
    )


def _reach_figure(goal: Goal | None, accepted: Bools, chunk: Chunk, chosen: Ints) -> Ends:
    value, baseline = (figures[chosen] for figures in chunk.scaled)
    if goal is None:
        return Ends(np.zeros(len(value)), np.ones(len(value)))
    known = ~np.isnan(value) & accepted[chunk.facts.status[chosen]]
    with np.errstate(all="ignore"):
        reached = _attain(value, baseline, goal)
    known &= ~np.isnan(reached)
    return Ends(np.where(known, reached, 0.0), np.where(known, reached, 1.0))


def _attain(value: Floats, baseline: Floats, goal: Goal) -> Floats:
    """Return attainment of known figures; NaN where a baseline is missing."""
    if goal.kind in {"band", "around"}:
        return _attain_band(value, baseline, goal)
    target = _place(lambda start: place_target(goal, start), baseline, goal)
    above = goal.kind == "above"
    met = value >= target if above else value <= target
    if goal.strict:
        met &= value != target
    if goal.needs_baseline:
        left = _attain_progress(value, baseline, target, above=above)
    else:
        ratio = value / target if above else target / value
        left = np.where((value <= 0) | (target <= 0), 0.0, ratio)
    return np.where(np.isnan(target), np.nan, np.where(met, 1.0, left))


def _attain_progress(value: Floats, baseline: Floats, target: Floats, *, above: bool) -> Floats:
    started_there = baseline >= target if above else baseline <= target
    done = np.minimum(1.0, np.maximum(0.0, (value - baseline) / (target - baseline)))
    return np.where(started_there, 0.0, done)


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


def _reach_side(
    side: SideGoal, chunk: Chunk, tables: FactTables, code_of: Mapping[str, int]
) -> Ends:
    """Return for each item the best that it states of a metric asked beside another."""
    chosen = _choose(side.fact, chunk, code_of)
    found = _reach_figure(side.goal, tables.accepted, chunk, chosen)
    item = chunk.facts.item[chosen]
    best = Ends(np.full(len(chunk.items.packet), -1.0), np.full(len(chunk.items.packet), -1.0))
    np.maximum.at(best.low, item, found.low)
    np.maximum.at(best.high, item, found.high)
    stated = best.low >= 0
    return Ends(np.where(stated, best.low, 0.0), np.where(stated, best.high, 1.0))


def _measure_lengths(chunk: Chunk, item: Ints, months: int, tables: FactTables) -> Ends:
    first = chunk.items.started[item].astype(np.int64)
    pairs, places = np.unique(first * _LONGEST_DAY + chunk.last_day[item], return_inverse=True)
    lengths = [_measure_once(pair, months, tables.lengths) for pair in pairs.tolist()]
    low, high = np.array(lengths, dtype=np.float64).reshape(-1, 2).T
    return Ends(low[places], high[places])


def _measure_once(pair: int, months: int, known: dict[int, Interval]) -> Interval:
    if pair not in known:
        first, last = divmod(pair, _LONGEST_DAY)
        item = Evidence.model_construct(
            id="any",
            title="any",
            started=date.fromordinal(first) if first else None,
            ended=date.fromordinal(last) if last else None,
            in_progress=False,
        )
        known[pair] = measure_length(item, months, date.max)
    return known[pair]
