"""From columns to totals: the arithmetic of `kernel` for any number of packets, bit for bit.

Packets are taken in chunks that fit a processor's cache. What one fact reaches is looked up by its
showing, or worked out in `attainments`; what counts for one requirement of one packet is a group,
and the achievements of a group are laid out in slots, so that ranking them is a matter of whole
columns. Every mean is a sum of columns in the rubric's order. No sum is left to a library.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pmpromo.scoring.attainments import (
    Chunk,
    FactTables,
    fill_fact_tables,
    find_kin,
    reach_kin,
    reach_rows,
    reach_shown,
)
from pmpromo.scoring.columns import cut
from pmpromo.scoring.figures import find_misfits, scale_figures
from pmpromo.scoring.linking import find_first, find_first_code, join
from pmpromo.scoring.showings import Showings, key_facts, list_showings
from pmpromo.scoring.slots import Rows, combine_groups
from pmpromo.scoring.totals import (
    Family,
    judge_criteria,
    list_families,
    score_criteria,
    score_totals,
)
from pmpromo.scoring.weights import ItemTables, fill_item_tables, weigh_items

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pmpromo.result import CriterionStatus
    from pmpromo.scoring.columns import Bools, Columns, Floats, Ints
    from pmpromo.scoring.plan import Goal, Plan

__all__ = ["STATUSES", "BatchScores", "score_columns"]

STATUSES: Final[tuple[CriterionStatus, ...]] = (
    "met",
    "documentation_gap",
    "substance_gap",
    "no_evidence",
)
"""How a criterion can stand, in the order of the codes."""

CHUNK_FACTS: Final = 1 << 16
"""About how many facts are scored at a time: their columns stay in the processor's cache."""

WARM_BYTES: Final = (1 << 25) - (1 << 12)
"""A block of this size, taken and given back, makes the GNU allocator keep what is freed: without
it every array of a chunk is paid for page by page, three times what computing it costs."""


class BatchScores(NamedTuple):
    """Scores of p packets on c criteria, both ends, the worst first.

    `criteria` (2, c, p), `total` (2, p), and `status` (c, p) as codes of `STATUSES`.
    """

    criteria: Floats
    total: Floats
    status: Ints


class _Layer(NamedTuple):
    """One requirement for each showing, -1 for none, with what the showing reaches, (2, s).

    Showings that are asked for several times stand in several layers. `kin` are those
    whose attainment hangs on more than the showing: goals that stand for all that are worked out
    alike, and places of single requirements. `kin_of` (s,) tells whose a showing is, `unknown` (s,)
    is NaN where a figure does not count, else 0.
    """

    asked: Ints
    reached: Floats
    caps: Floats | None
    kin: tuple[Goal | int, ...]
    kin_of: Ints
    unknown: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Desk:
    """Everything that scoring a chunk looks up."""

    columns: Columns
    plan: Plan
    showings: Showings
    figures: tuple[Floats, Floats]
    item_tables: ItemTables
    fact_tables: tuple[FactTables, ...]
    layers: tuple[_Layer, ...]
    keys: int
    names: Mapping[str, int]
    period_keys: Ints
    declared: Bools
    families: tuple[Family, ...]
    bars: Floats
    targets: Floats


def score_columns(columns: Columns, plan: Plan, threads: int = 1) -> BatchScores:
    """Score packets that are free of faults; any number of threads gives the same bits."""
    np.empty(WARM_BYTES, dtype=np.uint8)
    desk = _lay_out(columns, plan)
    count = len(columns.packets.as_of)
    scores = BatchScores(
        np.zeros((2, len(plan.criteria), count)),
        np.zeros((2, count)),
        np.zeros((len(plan.criteria), count), dtype=np.int8),
    )
    if threads == 1:
        for span in _cut(columns):
            _score_chunk(desk, span, scores)
        return scores
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(_score_chunk, desk, span, scores) for span in _cut(columns)]:
            done.result()
    return scores


def _lay_out(columns: Columns, plan: Plan) -> _Desk:
    words = columns.words
    tuple(find_misfits(columns, plan))  # makes units ready; their faults were found before
    showings = list_showings(columns, plan)
    folded: dict[str, int] = {}
    periods = [folded.setdefault(name.casefold(), len(folded)) for name in words.periods]
    fact_tables = tuple(fill_fact_tables(asked, words) for asked in plan.asked)
    return _Desk(
        columns,
        plan,
        showings,
        scale_figures(columns, plan),
        fill_item_tables(words, plan),
        fact_tables,
        tuple(_stack(showings, plan, fact_tables, words.facts)),
        int(columns.items.key.max(initial=-1)) + 1,
        {name: code for code, name in enumerate(words.facts)},
        np.array([*periods, -1]),
        np.array([_declare(names, plan) for names in (*words.declared, ())], dtype=bool),
        tuple(list_families(plan)),
        np.array([[each.bar] for each in plan.criteria]),
        np.array([np.nan if each.goal is None else each.goal.low for each in plan.asked]),
    )


def _stack(
    showings: Showings, plan: Plan, tables: Sequence[FactTables], names: Sequence[str]
) -> Iterator[_Layer]:
    """Give layers until every showing has met every requirement that asks for its fact."""
    wanted = [plan.asked_of.get(name, ()) for name in names]
    for depth in range(max(map(len, wanted), default=0)):
        here = [asked[depth] for asked in wanted if depth < len(asked)]
        asked_of = np.full(len(showings.fact), -1, dtype=np.int32)
        reached, caps = np.zeros((2, len(asked_of))), np.ones(len(asked_of))
        unknown, kin_of = np.zeros(len(asked_of)), np.full(len(asked_of), -1, dtype=np.int16)
        kin: dict[Goal | int, int] = {}
        for asked in here:
            chosen = np.flatnonzero(showings.fact == names.index(asked.fact.id))
            asked_of[chosen], caps[chosen] = asked.index, asked.cap
            ends = reach_shown(asked, showings, tables[asked.index], chosen)
            if ends is not None:
                reached[:, chosen] = ends
                continue
            counts = showings.measured & tables[asked.index].accepted[showings.status]
            unknown[chosen] = np.where(counts[chosen], 0.0, np.nan)
            kin_of[chosen] = kin.setdefault(find_kin(asked) or asked.index, len(kin))
        some = None if (caps == 1).all() else caps
        yield _Layer(asked_of, reached, some, tuple(kin), kin_of, unknown)


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
        stop = int(np.searchsorted(facts, facts[start] + CHUNK_FACTS, side="right")) - 1
        stop = min(count, start + CHUNK_FACTS, max(start + 1, stop))
        ends = ((start, stop), items[[start, stop]].tolist(), facts[[start, stop]].tolist())
        yield _Span(*(slice(*each) for each in ends))
        start = stop


def _score_chunk(desk: _Desk, span: _Span, scores: BatchScores) -> None:
    packets = span.packets.stop - span.packets.start
    size = len(desk.plan.asked) * packets
    chunk = _open_chunk(desk, span)
    roots = _link(desk, chunk)
    weights = weigh_items(chunk.items, chunk.opened, chunk.day, desk.item_tables)
    parts = [_show(desk, layer, chunk, weights, packets) for layer in desk.layers]
    rows = _join_parts(parts, roots)
    reached, shown = combine_groups(rows, size, desk.plan.gamma)
    shape = (len(desk.plan.asked), packets)
    _judge(desk, span, reached.reshape(2, *shape), shown.reshape(shape), scores)


def _open_chunk(desk: _Desk, span: _Span) -> Chunk:
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


def _link(desk: _Desk, chunk: Chunk) -> Ints:
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


def _find_same_figures(desk: _Desk, chunk: Chunk, rows: Ints, packets: int) -> tuple[Ints, Ints]:
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


def _show(desk: _Desk, layer: _Layer, chunk: Chunk, weights: Floats, packets: int) -> Part:
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


def _judge(desk: _Desk, span: _Span, reached: Floats, shown: Bools, scores: BatchScores) -> None:
    """Fill in the scores of a chunk's packets from those of its requirements."""
    at = span.packets
    criteria = score_criteria(reached, desk.families)
    standing = judge_criteria(criteria, shown, desk.families, desk.bars)
    declared = desk.declared[desk.columns.packets.declared[at]].T
    standing -= ((standing == len(STATUSES) - 1) & declared).view(np.int8)
    scores.criteria[:, :, at] = criteria
    scores.status[:, at] = standing
    scores.total[:, at] = score_totals(criteria, desk.plan)
