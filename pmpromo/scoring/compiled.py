"""Large cycles by loops, where a compiler for them is installed: the bits of `batch`."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from pmpromo.scoring.attainments import Chunk, reach_rows
from pmpromo.scoring.columns import cut
from pmpromo.scoring.desk import BatchScores, enter
from pmpromo.scoring.loops import groups, judging, linking, showing

if TYPE_CHECKING:
    from collections.abc import Callable

    from pmpromo.scoring.columns import Floats, Ints
    from pmpromo.scoring.desk import Desk, Span
    from pmpromo.scoring.shelf import Shelf, Special

__all__ = ["COMPILED_FROM", "Loops", "find_loops", "score_by_loops"]

COMPILED_FROM: Final = 1 << 20
"""Facts from which on loops are loaded: most of a second, once a process, which is won back after
some twenty million facts, in one cycle or in several."""


class Loops(NamedTuple):
    """The loops, as they are written unless a compiler has been over them."""

    find_first: Callable[..., None] = linking.find_first
    list_figures: Callable[..., int] = linking.list_figures
    join: Callable[..., None] = linking.join
    weigh: Callable[..., None] = showing.weigh
    show: Callable[..., int] = showing.show
    measure: Callable[..., None] = showing.measure
    combine_two: Callable[..., int] = groups.combine_two
    combine_many: Callable[..., None] = groups.combine_many
    average: Callable[..., None] = judging.average
    average_best: Callable[..., None] = judging.average_best
    total: Callable[..., None] = judging.total
    gate: Callable[..., None] = judging.gate
    stand: Callable[..., None] = judging.stand


@cache
def find_loops() -> Loops | None:
    """Return the loops, compiled; none where numba is not installed.

    Compiling takes seconds, once: numba keeps what it made beside Python's byte code, if it can.
    """
    try:
        from numba import njit  # noqa: PLC0415 - asleep until a large cycle comes
    except ImportError:
        return None
    compile_loop: Any = partial(njit, nogil=True, error_model="numpy")
    try:
        return Loops(*(compile_loop(loop, cache=True) for loop in Loops()))
    except RuntimeError:  # no folder can be written to
        return Loops(*map(compile_loop, Loops()))


def score_by_loops(loops: Loops, shelf: Shelf, desk: Desk, span: Span, scores: BatchScores) -> None:
    """Score a chunk of packets."""
    chunk = _open_chunk(desk, span)
    items, facts = _lay_items(chunk, _link(loops, desk, chunk)), _lay_facts(chunk)
    loops.weigh(items, shelf.scales)
    slots = _make_slots(desk, len(facts.item), span.packets.stop - span.packets.start)
    for place, layer in enumerate(shelf.layers):
        start = place * len(facts.item)
        figures = slots.figures[: loops.show(facts, items, layer, slots, start)]
        counts = slots.counts[start : start + len(facts.item)]
        if shelf.specials[place]:
            forms = layer.form[figures[:, 1]]
            for special in shelf.specials[place]:
                rows = figures[forms == special.form, 0]
                counts[rows] = _measure_special(desk, special, chunk, items.weights, rows)
            figures = figures[forms < showing.SPECIAL]
        loops.measure(figures, facts, items, layer, counts)
    enter(desk, span, _judge(loops, shelf, slots, _combine(loops, desk, slots, items)), scores)


def _open_chunk(desk: Desk, span: Span) -> Chunk:
    items = cut(desk.columns.items, span.items, "packet", span.packets.start)
    facts = cut(desk.columns.facts, span.facts, "item", span.items.start)
    opened = np.zeros(len(items.packet), dtype=bool)
    opened[facts.item[facts.uri >= 0]] = True
    value, baseline = desk.figures[0][span.facts], desk.figures[1][span.facts]
    day = desk.columns.packets.as_of[span.packets][items.packet]
    return Chunk(items, facts, facts.fact, desk.names, value, baseline, day, opened)


def _link(loops: Loops, desk: Desk, chunk: Chunk) -> Ints:
    """Give each item the place of the first item that shows the same achievement."""
    items, facts, count = chunk.items, chunk.facts, len(chunk.facts.item)
    roots = _find_first(loops, items.packet, items.key)
    paged = np.flatnonzero(facts.uri >= 0)
    first = _find_first(loops, items.packet[facts.item[paged]], facts.uri[paged])
    _join(loops, roots, facts.item[paged], first)
    rows, codes = np.empty(count + 1, dtype=np.int64), np.empty(count + 1, dtype=np.int64)
    told = (facts.item, facts.fact, facts.unit, facts.period, chunk.value, desk.period_keys)
    listed = loops.list_figures(linking.Figures(*told), items.packet, rows, codes)
    dated = rows[:listed]
    figures = (chunk.value[dated] + 0.0).view(np.int64)  # one zero, not two
    first = _find_first(loops, codes[:listed], figures)
    _join(loops, roots, facts.item[dated], first)
    return roots


def _find_first(loops: Loops, one: Ints, other: Ints) -> Ints:
    first = np.empty(len(one), dtype=np.int32)
    table = np.empty(1 << (2 * len(one)).bit_length(), dtype=np.int32)
    whole = [part.astype(np.int64, copy=False) for part in (one, other)]
    loops.find_first(*whole, table, first)
    return first


def _join(loops: Loops, roots: Ints, item: Ints, first: Ints) -> None:
    again = np.flatnonzero(first != np.arange(len(first), dtype=np.int32))
    loops.join(roots, item[again], item[first[again]])


def _lay_items(chunk: Chunk, roots: Ints) -> showing.ItemRows:
    items = chunk.items
    return showing.ItemRows(
        items.packet,
        np.asarray(items.ownership, dtype=np.int8),
        items.share,
        np.asarray(items.support, dtype=np.int32),
        items.complete,
        np.asarray(items.ended, dtype=np.int32),
        items.in_progress,
        np.asarray(chunk.day, dtype=np.int64),
        chunk.opened,
        roots,
        np.empty(len(roots), dtype=np.int32),
        np.empty((len(roots), 2)),
    )


def _lay_facts(chunk: Chunk) -> showing.FactRows:
    facts = chunk.facts
    codes = (facts.fact, facts.unit, facts.sections, facts.reviewers)
    fact, unit, sections, reviewers = (np.asarray(each, dtype=np.int32) for each in codes)
    status, point = (np.asarray(each, dtype=np.int8) for each in (facts.status, facts.point))
    figures = (chunk.value, chunk.baseline)
    return showing.FactRows(facts.item, fact, *figures, unit, status, point, sections, reviewers)


def _make_slots(desk: Desk, facts: int, packets: int) -> showing.Slots:
    rows, asked = facts * len(desk.layers), len(desk.targets)
    slots = showing.Slots(
        np.empty((rows + 1, 2)),
        np.empty(rows + 1, dtype=np.int32),
        np.empty(rows, dtype=np.int32),
        np.zeros((asked + 1, packets), dtype=np.int32),
        np.full((asked + 1, packets, 3), rows, dtype=np.int32),
        np.empty((facts + 1, 2), dtype=np.int32),
    )
    slots.counts[rows], slots.root[rows] = 0.0, -1
    return slots


def _measure_special(
    desk: Desk, special: Special, chunk: Chunk, weights: Floats, rows: Ints
) -> Floats:
    asked = desk.plan.asked[special.asked]
    ends = reach_rows(asked, chunk, desk.fact_tables[special.asked], rows)
    both = np.stack(ends, axis=1) * weights[chunk.facts.item[rows]]
    return np.minimum(both, asked.cap)


def _combine(loops: Loops, desk: Desk, slots: showing.Slots, items: showing.ItemRows) -> Floats:
    reached = np.empty((2, len(desk.targets), slots.held.shape[1]))
    many = np.empty(reached[0].size + 1, dtype=np.int32)
    listed = loops.combine_two(slots, desk.plan.gamma, reached, many)
    seen = np.full((len(items.packet), 2), -1, dtype=np.int32)
    larger = groups.Larger(many[:listed], seen, np.empty((2, slots.held.max(initial=0))))
    loops.combine_many(slots, desk.plan.gamma, reached, larger)
    return reached


def _judge(loops: Loops, shelf: Shelf, slots: showing.Slots, reached: Floats) -> BatchScores:
    """Return the scores of packets from what their requirements reach, (2, q, p)."""
    packets = reached.shape[2]
    criteria, totals = np.empty((2, len(shelf.bars), packets)), np.empty((2, packets))
    standing, scratch = np.empty(criteria.shape[1:], dtype=np.int8), np.empty((2, packets))
    ranked = np.empty(shelf.means.best.max() + 1)
    for end in range(2):
        loops.average(reached[end], shelf.means, criteria[end], *scratch)
        loops.average_best(reached[end], shelf.means, criteria[end], ranked)
        loops.total(criteria[end], shelf.mixture, totals[end], *scratch)
        loops.gate(criteria[end], shelf.gates, totals[end])
    loops.stand(criteria, slots.held, shelf.means, shelf.bars, standing)
    return BatchScores(criteria, totals, standing)
