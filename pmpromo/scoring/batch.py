"""From columns to totals: the arithmetic of `kernel` for any number of packets, bit for bit.

Packets are taken in chunks that fit a processor's cache. Inside a chunk facts are sorted by name,
so that each requirement looks at one stretch; groups of a packet's achievements are ranked by
size; every mean is a sum of columns in the rubric's order. No sum is left to a library.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

import numpy as np

from pmpromo.scoring.attainments import Chunk, FactTables, fill_fact_tables, reach
from pmpromo.scoring.figures import Scaled, find_misfits, scale_figures
from pmpromo.scoring.linking import find_first, join
from pmpromo.scoring.plan import Mean
from pmpromo.scoring.weights import ItemTables, fill_item_tables, weigh_items

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pmpromo.result import CriterionStatus
    from pmpromo.scoring.columns import Bools, Columns, Facts, Floats, Ints, Items
    from pmpromo.scoring.plan import CriterionPlan, Gate, Plan

__all__ = ["STATUSES", "BatchScores", "score_columns"]

STATUSES: Final[tuple[CriterionStatus, ...]] = (
    "met",
    "documentation_gap",
    "substance_gap",
    "no_evidence",
)
"""How a criterion can stand, in the order of the codes."""

CHUNK_FACTS: Final = 1 << 17
"""About how many facts are scored at a time: their columns stay in the processor's cache."""

CHUNK_ITEMS: Final = 1 << 16
"""The most items of a chunk of several packets: their places fit 16 bits, which sort quickest."""


class BatchScores(NamedTuple):
    """Scores of p packets on c criteria, both ends, the worst first.

    `criteria` (2, c, p), `total` (2, p), and `status` (c, p) as codes of `STATUSES`.
    """

    criteria: Floats
    total: Floats
    status: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Desk:
    """Everything that scoring a chunk looks up."""

    columns: Columns
    plan: Plan
    scaled: Scaled
    item_tables: ItemTables
    fact_tables: tuple[FactTables, ...]
    code_of: Mapping[str, int]
    period_keys: Ints
    declared: Bools


def score_columns(columns: Columns, plan: Plan, threads: int = 1) -> BatchScores:
    """Score packets that are free of faults; any number of threads gives the same bits."""
    desk = _lay_out(columns, plan)
    count = len(columns.packets.as_of)
    scores = BatchScores(
        np.zeros((2, len(plan.criteria), count)),
        np.zeros((2, count)),
        np.zeros((len(plan.criteria), count), dtype=np.int8),
    )
    chunks = list(_cut(columns))
    if threads == 1:
        for chunk in chunks:
            _score_chunk(desk, chunk, scores)
        return scores
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(_score_chunk, desk, chunk, scores) for chunk in chunks]:
            done.result()
    return scores


def _lay_out(columns: Columns, plan: Plan) -> _Desk:
    words = columns.words
    for _ in find_misfits(columns, plan):
        pass  # units are made ready; a fault in them was found before
    folded: dict[str, int] = {}
    periods = [folded.setdefault(name.casefold(), len(folded)) for name in words.periods]
    return _Desk(
        columns,
        plan,
        scale_figures(columns, plan),
        fill_item_tables(words, plan),
        tuple(fill_fact_tables(asked, words) for asked in plan.asked),
        {name: code for code, name in enumerate(words.facts)},
        np.array([*periods, -1]),
        np.array([_declare(names, plan) for names in (*words.declared, ())], dtype=bool),
    )


def _declare(names: Sequence[str], plan: Plan) -> list[bool]:
    """Tell of which criteria these names say that there is nothing to show."""
    said = {*names}
    return [
        each.criterion.id in said or {plan.asked[place].fact.id for place in each.asked} <= said
        for each in plan.criteria
    ]


class _Span(NamedTuple):
    """A chunk: where its packets, items and facts stand."""

    packets: slice
    items: slice
    facts: slice


def _cut(columns: Columns) -> Iterator[_Span]:
    """Cut packets into chunks; a packet is never cut."""
    count = len(columns.packets.as_of)
    items = np.searchsorted(columns.items.packet, np.arange(count + 1))
    facts = np.searchsorted(columns.facts.item, items)
    start = 0
    while start < count:
        by_facts = np.searchsorted(facts, facts[start] + CHUNK_FACTS, side="right")
        by_items = np.searchsorted(items, items[start] + CHUNK_ITEMS, side="right")
        stop = max(start + 1, min(int(by_facts), int(by_items)) - 1)
        yield _Span(
            *(slice(int(at[start]), int(at[stop])) for at in (np.arange(count + 1), items, facts))
        )
        start = stop


def _score_chunk(desk: _Desk, span: _Span, scores: BatchScores) -> None:
    first = span.packets.start
    packets = span.packets.stop - first
    items = _cut_part(desk.columns.items, span.items, "packet", first)
    facts = _cut_part(desk.columns.facts, span.facts, "item", span.items.start)
    scaled = Scaled(*(figures[span.facts] for figures in desk.scaled))
    day = desk.columns.packets.as_of[span.packets][items.packet]
    roots = _link(desk, items, facts, scaled)
    last_day = np.where(items.in_progress, day, items.ended)
    chunk = Chunk(items, facts, scaled, last_day, *_sort_facts(desk, facts, roots))
    opened = np.zeros(len(items.packet), dtype=bool)
    opened[facts.item[facts.uri >= 0]] = True
    weights = weigh_items(items, opened, day, desk.item_tables)
    shown = _show(desk, chunk, weights, roots, packets)
    asked = len(desk.plan.asked)
    reached, met = _combine(shown, desk.plan.gamma, asked * packets)
    _judge(desk, span, reached.reshape(2, asked, packets), met.reshape(asked, packets), scores)


Part = TypeVar("Part", "Items", "Facts")


def _cut_part(part: Part, rows: slice, owner: str, first: int) -> Part:
    """Cut out rows, and count their owners from the first of the chunk."""
    cut = type(part)(*(getattr(part, field.name)[rows] for field in fields(part)))
    return replace(cut, **{owner: getattr(cut, owner) - first})


def _link(desk: _Desk, items: Items, facts: Facts, scaled: Scaled) -> Ints:
    """Give each item the place of the first item that shows the same achievement."""
    roots = find_first((items.packet, items.key))
    packet = items.packet[facts.item]
    linked = np.flatnonzero(facts.uri >= 0)
    if len(linked):
        roots = _join_marked(roots, facts, linked, (packet[linked], facts.uri[linked]))
    period = desk.period_keys[facts.period]
    dated = np.flatnonzero((period >= 0) & ~np.isnan(scaled.value))
    if len(dated):
        figures = (scaled.value[dated] + 0.0).view(np.int64)
        marks = (packet[dated], facts.fact[dated], figures, period[dated])
        roots = _join_marked(roots, facts, dated, marks)
    return roots


def _join_marked(roots: Ints, facts: Facts, places: Ints, marks: Sequence[Ints]) -> Ints:
    """Join the items of facts that bear the same mark."""
    item = facts.item[places]
    return join(roots, item, item[find_first(marks)])


def _sort_facts(desk: _Desk, facts: Facts, roots: Ints) -> tuple[Ints, Ints]:
    """Sort facts by name, then by achievement; return their order, and where each name starts."""
    names = len(desk.columns.words.facts)
    root = roots[facts.item]
    if (root[1:] >= root[:-1]).all():
        order = _sort_stable(facts.fact, names)
    else:
        by_root = _sort_stable(root, len(roots))
        order = by_root[_sort_stable(facts.fact[by_root], names)]
    counts = np.bincount(facts.fact, minlength=names)
    return order, np.concatenate([[0], np.cumsum(counts)])


def _sort_stable(keys: Ints, size: int) -> Ints:
    """Sort places by keys below `size`; numpy sorts 16 bits by counting, in linear time."""
    narrow = keys.astype(np.uint16) if size <= 1 << 16 else keys
    return np.argsort(narrow, kind="stable")


class _Shown(NamedTuple):
    """What counts, capped, (2, n); the group (requirement x packet) and achievement of each."""

    counts: Floats
    group: Ints
    root: Ints


def _show(desk: _Desk, chunk: Chunk, weights: Floats, roots: Ints, packets: int) -> _Shown:
    """Weigh every fact under every requirement that asks for it, requirement by requirement."""
    parts = [
        _show_one(desk, place, chunk, weights, packets) for place in range(len(desk.plan.asked))
    ]
    counts, group, item = (np.concatenate(each, axis=-1) for each in zip(*parts, strict=True))
    return _keep_best(_Shown(counts, group, roots[item]))


def _show_one(
    desk: _Desk, place: int, chunk: Chunk, weights: Floats, packets: int
) -> tuple[Floats, Ints, Ints]:
    asked = desk.plan.asked[place]
    reached, item = reach(asked, chunk, desk.fact_tables[place], desk.code_of)
    counts = np.empty((2, len(item)))
    for end in range(2):
        np.multiply(reached[end], weights[end].take(item), out=counts[end])
    np.minimum(counts, asked.cap, out=counts)
    return counts, chunk.items.packet[item] + place * packets, item


def _keep_best(shown: _Shown) -> _Shown:
    """Keep the best of the facts that show one achievement; it stands at both ends by itself."""
    if not len(shown.group):
        return shown
    new = np.ones(len(shown.group), dtype=bool)
    new[1:] = (shown.root[1:] != shown.root[:-1]) | (shown.group[1:] != shown.group[:-1])
    if new.all():
        return shown
    starts = np.flatnonzero(new)
    best = np.maximum.reduceat(shown.counts, starts, axis=1)
    return _Shown(best, shown.group[starts], shown.root[starts])


def _combine(shown: _Shown, gamma: float, size: int) -> tuple[Floats, Bools]:
    """Combine the achievements of each group, and tell which groups have any."""
    reached = np.zeros((2, size))
    sizes = np.bincount(shown.group, minlength=size)
    starts = np.cumsum(sizes) - sizes
    for count in np.flatnonzero(np.bincount(sizes)).tolist():
        if count:
            groups = np.flatnonzero(sizes == count)
            reached[:, groups] = _fold(shown.counts, starts[groups], count, gamma)
    return reached, sizes > 0


def _fold(counts: Floats, starts: Ints, count: int, gamma: float) -> Floats:
    """Return 1 - prod_r (1 - gamma^(r-1) x_(r)) of groups of one size, as `combine` does."""
    ranked = _rank(counts, starts, count)
    total = np.zeros((2, len(starts)))
    weight = 1.0
    for values in ranked:
        total += (1.0 - total) * (weight * values)
        weight *= gamma
    return total


def _rank(counts: Floats, starts: Ints, count: int) -> Sequence[Floats]:
    """Return the values of each group from the best down, one array (2, g) a rank."""
    if count == 1:
        return [counts[:, starts]]
    if count == 2:  # noqa: PLR2004 - the one case that needs no sorting
        one, other = counts[:, starts], counts[:, starts + 1]
        return [np.maximum(one, other), np.minimum(one, other)]
    table = counts[:, starts[:, np.newaxis] + np.arange(count)]
    table.sort(axis=2)
    return [table[:, :, place] for place in range(count - 1, -1, -1)]


def _judge(desk: _Desk, span: _Span, reached: Floats, met: Bools, scores: BatchScores) -> None:
    """Fill in the scores of a chunk's packets from those of its requirements."""
    plan, at = desk.plan, span.packets
    criteria = [score_criteria(reached[:, [*each.asked]], each) for each in plan.criteria]
    declared = desk.declared[desk.columns.packets.declared[at]]
    for place, (each, score) in enumerate(zip(plan.criteria, criteria, strict=True)):
        scores.criteria[:, place, at] = score
        seen = met[[*each.asked]].any(axis=0) | declared[:, place]
        gap = np.where(seen, 2, 3)
        scores.status[place, at] = np.where(
            score[0] >= each.bar, 0, np.where(score[1] >= each.bar, 1, gap)
        )
    scores.total[:, at] = score_totals(criteria, plan)


def score_criteria(values: Floats, plan: CriterionPlan) -> Floats:
    """Return the mean of a criterion's requirements (2, q, p), or of the best few of them."""
    columns = [values[:, place] for place in range(values.shape[1])]
    if plan.best is None:
        return _average(columns, plan.mean)
    ranked = np.sort(values, axis=1)[:, ::-1]
    best = [ranked[:, place] for place in range(plan.best)]
    return _average(best, Mean((1.0,) * plan.best, float(plan.best)))


def _average(columns: Sequence[Floats], mean: Mean) -> Floats:
    """Return the weighted mean of columns, kept inside the range of what it averages."""
    total = np.zeros_like(columns[0])
    for weight, column in zip(mean.weights, columns, strict=True):
        total += weight * column
    return _keep_inside(total / mean.total, columns)


def _keep_inside(mean: Floats, columns: Sequence[Floats]) -> Floats:
    least, most = columns[0], columns[0]
    for column in columns[1:]:
        least, most = np.minimum(least, column), np.maximum(most, column)
    return np.minimum(np.maximum(mean, least), most)


def score_totals(criteria: Sequence[Floats], plan: Plan) -> Floats:
    """Return the totals (2, p) after the gates of the must-haves."""
    total = np.zeros_like(criteria[0])
    for weight, score in zip(plan.total.weights, criteria, strict=True):
        total += weight * score
    for first, second, weight in plan.pairs:
        total += weight * np.minimum(criteria[first], criteria[second])
    total = _keep_inside(total / plan.total.total, criteria)
    for gate in plan.gates:
        total = np.minimum(total, _open(criteria[gate.place], gate))
    return total


def _open(score: Floats, gate: Gate) -> Floats:
    """Return the highest total that a must-have allows at each score."""
    shut = gate.bar * (gate.base + (1.0 - gate.base) * (score / gate.minimum))
    with np.errstate(all="ignore"):  # a ramp of no length is never looked at
        ramp = gate.bar + (1.0 - gate.bar) * (score - gate.minimum) / (gate.top - gate.minimum)
    opening = np.where(score >= gate.minimum, ramp, np.minimum(shut, gate.below))
    return np.where(score >= gate.top, 1.0, opening)
