"""From columns to totals: the arithmetic of `kernel` for any number of packets, bit for bit.

Packets are taken in chunks that fit a processor's cache. What one fact reaches is looked up by its
showing, or worked out in `attainments`; what counts for one requirement of one packet is a group,
and the achievements of a group are laid out in slots, so that ranking them is a matter of whole
columns. Every mean is a sum of columns in the rubric's order. No sum is left to a library.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from pmpromo.scoring import compiled
from pmpromo.scoring.attainments import Chunk, reach_kin, reach_rows
from pmpromo.scoring.columns import cut
from pmpromo.scoring.desk import STATUSES, BatchScores, cut_spans, enter, lay_out
from pmpromo.scoring.linking import find_first, find_first_code, join
from pmpromo.scoring.shelf import fill_shelf
from pmpromo.scoring.showings import key_facts
from pmpromo.scoring.slots import Rows, combine_groups
from pmpromo.scoring.totals import judge_criteria, score_criteria, score_totals
from pmpromo.scoring.weights import weigh_items

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pmpromo.scoring.columns import Bools, Columns, Floats, Ints
    from pmpromo.scoring.compiled import Loops
    from pmpromo.scoring.desk import Desk, Layer, Span
    from pmpromo.scoring.plan import Plan

__all__ = ["STATUSES", "BatchScores", "score_columns"]

WARM_BYTES: Final = (1 << 25) - (1 << 13)
"""A block of this size, taken and given back, makes the GNU allocator keep what is freed: without
it every array of a chunk is paid for page by page, three times what computing it costs."""


def score_columns(
    columns: Columns, plan: Plan, threads: int = 1, loops: Loops | None = None
) -> BatchScores:
    """Score packets that are free of faults; any number of threads gives the same bits.

    Large cycles are scored by loops where a compiler for them is installed, as all are that come
    with `loops`.
    """
    np.empty(WARM_BYTES, dtype=np.uint8)
    desk = lay_out(columns, plan)
    count = len(columns.packets.as_of)
    scores = BatchScores(
        np.zeros((2, len(plan.criteria), count)),
        np.zeros((2, count)),
        np.zeros((len(plan.criteria), count), dtype=np.int8),
    )
    score = _choose(desk, loops)
    if threads == 1:
        for span in cut_spans(columns):
            score(desk, span, scores)
        return scores
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(score, desk, span, scores) for span in cut_spans(columns)]:
            done.result()
    return scores


def _choose(desk: Desk, loops: Loops | None) -> Callable[[Desk, Span, BatchScores], None]:
    if loops is None and len(desk.columns.facts.item) >= compiled.COMPILED_FROM:
        loops = compiled.find_loops()
    if loops is None or desk.showings.keys is not None:
        return _score_chunk
    return partial(compiled.score_by_loops, loops, fill_shelf(desk))


def _score_chunk(desk: Desk, span: Span, scores: BatchScores) -> None:
    packets = span.packets.stop - span.packets.start
    size = len(desk.plan.asked) * packets
    chunk = _open_chunk(desk, span)
    roots = _link(desk, chunk)
    weights = weigh_items(chunk.items, chunk.opened, chunk.day, desk.item_tables)
    parts = [_show(desk, layer, chunk, weights, packets) for layer in desk.layers]
    rows = _join_parts(parts, roots)
    reached, shown = combine_groups(rows, size, desk.plan.gamma)
    shape = (len(desk.plan.asked), packets)
    enter(desk, span, _judge(desk, reached.reshape(2, *shape), shown.reshape(shape)), scores)


def _open_chunk(desk: Desk, span: Span) -> Chunk:
    items = cut(desk.columns.items, span.items, "packet", span.packets.start)
    facts = cut(desk.columns.facts, span.facts, "item", span.items.start)
    showing = desk.showings.find(key_facts(facts, items, desk.showings.numbering))
    opened = np.zeros(len(items.packet), dtype=bool)
    opened[facts.item[facts.uri >= 0]] = True
    return Chunk(
        items,
        facts,
        showing,
        desk.names,
        desk.figures[0][span.facts],
        desk.figures[1][span.facts],
        desk.columns.packets.as_of[span.packets][items.packet],
        opened,
    )


def _link(desk: Desk, chunk: Chunk) -> Ints:
    """Give each item the place of the first item that shows the same achievement."""
    items, facts = chunk.items, chunk.facts
    packets = int(items.packet.max(initial=-1)) + 1
    roots = find_first_code(items.packet * desk.keys + items.key, packets * desk.keys)
    linked = np.flatnonzero(facts.uri >= 0)
    if len(linked):
        item, uris = facts.item[linked], len(desk.columns.words.uris)
        first = find_first_code(items.packet[item] * uris + facts.uri[linked], packets * uris)
        again = np.flatnonzero(first != np.arange(len(first)))
        roots = join(roots, item[again], item[first[again]])
    dated = np.flatnonzero((facts.period >= 0) & desk.showings.measured[chunk.showing])
    one, other = _find_same_figures(desk, chunk, dated, packets)
    return join(roots, facts.item[one], facts.item[other])


def _find_same_figures(desk: Desk, chunk: Chunk, rows: Ints, packets: int) -> tuple[Ints, Ints]:
    """Return the figures that a packet states again for a metric and period, and their firsts."""
    facts, periods = chunk.facts, len(desk.period_keys)
    codes = chunk.items.packet[facts.item[rows]] * len(desk.names) + facts.fact[rows]
    codes *= periods
    codes += desk.period_keys[facts.period[rows]]
    first = find_first_code(codes, packets * len(desk.names) * periods)
    again = np.flatnonzero(first != np.arange(len(first)))
    several = np.zeros(len(rows), dtype=bool)
    several[again] = several[first[again]] = True
    rows, codes = rows[several], codes[several]
    figures = (chunk.value[rows] + 0.0).view(np.int64)
    first = find_first([codes, figures])
    again = np.flatnonzero((first != np.arange(len(first))) & ~np.isnan(chunk.value[rows]))
    return rows[again], rows[first[again]]


Part = tuple["Floats", "Ints", "Ints"]
"""What counts, (2, n); the group, and the item of each."""


def _show(desk: Desk, layer: Layer, chunk: Chunk, weights: Floats, packets: int) -> Part:
    """Weigh every fact under the requirement of a layer that asks for it."""
    asked, showing, item = layer.asked[chunk.showing], chunk.showing, chunk.facts.item
    reached = layer.reached.take(showing, axis=1)
    kin_of = layer.kin_of[showing]
    for place, kin in enumerate(layer.kin):
        rows = np.flatnonzero(kin_of == place)
        if isinstance(kin, int):
            ends = reach_rows(desk.plan.asked[kin], chunk, desk.fact_tables[kin], rows)
        else:
            targets, unknown = desk.targets[asked[rows]], layer.unknown[showing[rows]]
            ends = reach_kin(kin, chunk, targets, unknown, rows)
        reached[0][rows], reached[1][rows] = ends
    reached *= weights.take(item, axis=1)
    if layer.caps is not None:
        np.minimum(reached, layer.caps[showing], out=reached)
    group = asked * np.intp(packets) + chunk.items.packet[item]
    wanted = asked >= 0
    if wanted.all():
        return reached, group, item
    rows = np.flatnonzero(wanted)
    return reached.take(rows, axis=1), group[rows], item[rows]


def _join_parts(parts: Sequence[Part], roots: Ints) -> Rows:
    if not parts:
        none = np.zeros(0, dtype=np.intp)
        return Rows(np.zeros((2, 0)), none, none)
    if len(parts) == 1:
        counts, group, item = parts[0]
        return Rows(counts, group, roots[item])
    many, groups, items = zip(*parts, strict=True)
    return Rows(np.concatenate(many, axis=1), np.concatenate(groups), roots[np.concatenate(items)])


def _judge(desk: Desk, reached: Floats, shown: Bools) -> BatchScores:
    """Return the scores of packets from what their requirements reach, (2, q, p)."""
    criteria = score_criteria(reached, desk.families)
    standing = judge_criteria(criteria, shown, desk.families, desk.bars)
    return BatchScores(criteria, score_totals(criteria, desk.plan), standing)
