"""Rows brought into the order of packets and items, whatever order the frame has them in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pmpromo.frame.cells import COLUMNS, OWNERSHIPS, STATUSES, show
from pmpromo.frame.table import Cell
from pmpromo.scoring.columns import Columns, Facts, Items, Packets, Words, take
from pmpromo.words import suggest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmpromo.frame.coding import Coded
    from pmpromo.frame.table import Table
    from pmpromo.scoring.columns import Bools, Ints

__all__ = ["Arranged", "arrange", "select", "show_cell"]

_ITEM_COLUMNS: Final = (
    "evidence_id",
    "achievement",
    "ownership",
    "share",
    "support",
    "support_complete",
    "started",
    "ended",
    "in_progress",
)
"""What all rows of one item must agree in."""

_PACKET_COLUMNS: Final = ("packet_id", "declared_none", "transition")
"""What all rows of one packet must agree in, beside the day."""

_FACT_COLUMNS: Final = (
    "fact",
    "value",
    "baseline",
    "unit",
    "status",
    "period",
    "point",
    "sections",
    "reviewers",
    "uri",
)
"""What a row says of its fact."""


@dataclass(frozen=True, slots=True, eq=False)
class Arranged:
    """Packets as columns, with the ids and the rows that lead back to the frame.

    `ids` and `transitions` have one entry a packet (a code, -1 unknown); `packet_rows`,
    `item_rows` and `fact_rows` hold the place of the first row of each; -1 where there is none.
    """

    columns: Columns
    ids: list[str]
    evidence_ids: list[str]
    evidence: Ints
    achievements: list[str]
    achievement: Ints
    transitions: list[str]
    transition: Ints
    packet_rows: Ints
    item_rows: Ints
    fact_rows: Ints
    packet_of_row: Ints
    bad: list[Cell]


def arrange(table: Table, ids: Sequence[str] | None, day_column: str | None) -> Arranged:
    """Bring rows in order; note rows that contradict each other or belong to nothing.

    `ids` names all packets, in the order of the result; without it packets come in the order of
    their first rows. `day_column` holds the days from which ages are counted; without it they are
    left unknown.
    """
    bad = list(table.bad)
    packet, names = _number_packets(table, ids, bad)
    evidence = table.coded["evidence_id"]
    folded, item_fold = _fold(evidence.values)
    item = np.append(item_fold, -1)[evidence.codes]
    _find_homeless(table, item, bad)
    order = _sort_rows(packet, item, len(folded))
    packet_sorted, item_sorted = packet[order], item[order]
    starts = _mark_starts(packet_sorted)
    packet_first = order[starts]
    shared = (*_PACKET_COLUMNS, day_column) if day_column else _PACKET_COLUMNS
    _find_conflicts(table, shared, order, starts, bad)
    inside = item_sorted >= 0
    rows, owner = order[inside], packet_sorted[inside]
    item_starts = _mark_starts(owner, item_sorted[inside])
    _find_conflicts(table, _ITEM_COLUMNS, rows, item_starts, bad)
    first = rows[item_starts]
    stated = table.coded["fact"].codes[rows] >= 0
    items = _gather_items(table, first, owner[item_starts], _key_items(table, first, item_fold))
    facts = _gather_facts(table, rows[stated], (np.cumsum(item_starts) - 1)[stated])
    packet_rows = np.full(len(names), -1)
    packet_rows[packet_sorted[starts]] = packet_first
    columns = Columns(
        _list_words(table), _gather_packets(table, packet_rows, day_column), items, facts
    )
    return Arranged(
        columns=columns,
        ids=names,
        evidence_ids=evidence.values,
        evidence=evidence.codes[first],
        achievements=table.coded["achievement"].values,
        achievement=table.coded["achievement"].codes[first],
        transitions=table.coded["transition"].values,
        transition=_pick(table.coded["transition"].codes, packet_rows),
        packet_rows=packet_rows,
        item_rows=first,
        fact_rows=rows[stated],
        packet_of_row=packet,
        bad=bad,
    )


def select(arranged: Arranged, chosen: Bools) -> Arranged:
    """Return some packets alone; `chosen` has one entry a packet."""
    if chosen.all():
        return arranged
    items = chosen[arranged.columns.items.packet]
    facts = items[arranged.columns.facts.item]
    return replace(
        arranged,
        columns=take(arranged.columns, chosen),
        ids=[name for name, keep in zip(arranged.ids, chosen.tolist(), strict=True) if keep],
        evidence=arranged.evidence[items],
        achievement=arranged.achievement[items],
        transition=arranged.transition[chosen],
        packet_rows=arranged.packet_rows[chosen],
        item_rows=arranged.item_rows[items],
        fact_rows=arranged.fact_rows[facts],
    )


def _number_packets(
    table: Table, ids: Sequence[str] | None, bad: list[Cell]
) -> tuple[Ints, list[str]]:
    """Give each row the place of its packet; -1 where it says none."""
    coded = table.coded["packet_id"]
    folded, fold = _fold(coded.values)
    spoilt = {cell.row for cell in bad if cell.column == "packet_id"}
    bad += [
        Cell(row, "packet_id", "", "missing; write the id of the packet")
        for row in np.flatnonzero(coded.codes < 0).tolist()
        if row not in spoilt
    ]
    if ids is None:
        return np.append(fold, -1)[coded.codes], [coded.values[place] for place in folded]
    names = list(ids)
    places = {name.casefold(): place for place, name in enumerate(names)}
    strangers = [p for p in folded if coded.values[p].casefold() not in places]
    for place in strangers:
        row = int(np.flatnonzero(coded.codes == place)[0])
        name = coded.values[place]
        bad.append(Cell(row, "packet_id", show(name), f"is not in packets; {suggest(name, names)}"))
        places[name.casefold()] = len(names)
        names.append(name)
    known = [places[coded.values[place].casefold()] for place in folded]
    return np.append(np.array(known, dtype=np.int64)[fold], -1)[coded.codes], names


def _fold(values: Sequence[str]) -> tuple[list[int], Ints]:
    """Number names without regard to case: the first place of each, and the number of each."""
    numbers: dict[str, int] = {}
    fold = np.fromiter(
        (numbers.setdefault(value.casefold(), len(numbers)) for value in values),
        dtype=np.int64,
        count=len(values),
    )
    return np.unique(fold, return_index=True)[1].tolist(), fold


def _find_homeless(table: Table, item: Ints, bad: list[Cell]) -> None:
    """Find rows that speak of an item or a fact and do not say of which item."""
    nameless = item < 0
    if not nameless.any():
        return
    spoilt = {cell.row for cell in bad if cell.column == "evidence_id"}
    speaks = np.zeros(table.length, dtype=bool)
    for name in (*_ITEM_COLUMNS, *_FACT_COLUMNS):
        speaks |= _is_known(table, name)
    bad += [
        Cell(row, "evidence_id", "", "missing; write the id of the evidence item")
        for row in np.flatnonzero(nameless & speaks).tolist()
        if row not in spoilt
    ]


def _is_known(table: Table, name: str) -> Bools:
    """Tell where a column says something; a flag that is not raised says nothing."""
    if name in table.figures:
        return ~np.isnan(table.figures[name])
    if COLUMNS[name].family == "flag":
        return _read_flags(table.coded[name])
    return np.asarray(table.coded[name].codes >= 0)


def _sort_rows(packet: Ints, item: Ints, items: int) -> Ints:
    """Return the places of rows that have a packet, by packet, then item, then as they came."""
    key = packet * np.int64(items + 1) + item + 1
    places = np.flatnonzero(packet >= 0)
    key = key if len(places) == len(key) else key[places]
    if (key[1:] >= key[:-1]).all():
        return places
    return places[np.argsort(key, kind="stable")]


def _mark_starts(*keys: Ints) -> Bools:
    """Tell where a group of equal neighbours starts."""
    starts = np.ones(len(keys[0]), dtype=bool)
    starts[1:] = False
    for key in keys:
        starts[1:] |= key[1:] != key[:-1]
    return starts


def _find_conflicts(
    table: Table, names: Sequence[str], rows: Ints, starts: Bools, bad: list[Cell]
) -> None:
    """Find rows that say something else of their item, or packet, than its first row does."""
    if starts.all():
        return
    first = rows[np.maximum.accumulate(np.where(starts, np.arange(len(rows)), 0))]
    what = "item" if "evidence_id" in names else "packet"
    for name in names:
        values = _get_comparable(table, name)
        if values.strides == (0,):
            continue
        for place in np.flatnonzero(values[rows] != values[first]).tolist():
            row, other = int(rows[place]), table.label(int(first[place]))
            message = f"differs from row {other} of the same {what}; its rows must agree"
            bad.append(Cell(row, name, show_cell(table, name, row), message))


def _get_comparable(table: Table, name: str) -> Ints:
    """Return a column whose equal values are equal numbers, unknown ones too."""
    if name in table.coded:
        return table.coded[name].codes
    figures = table.figures[name]
    if figures.strides == (0,):
        return np.broadcast_to(np.int64(0), len(figures))
    return (figures + 0.0).view(np.int64)


def show_cell(table: Table, name: str, row: int) -> str:
    """Write what a cell was read as."""
    if name in table.figures:
        return show(table.figures[name][row])
    code = int(table.coded[name].codes[row])
    return "" if code < 0 else _show_value(table.coded[name].values[code])


def _show_value(value: Any) -> str:  # noqa: ANN401 - whatever a column holds
    return show("|".join(map(str, value)) if isinstance(value, tuple) else value)


def _key_items(table: Table, first: Ints, item_fold: Ints) -> Ints:
    """Number the pieces of work that items show by name: their achievement, or their own id."""
    evidence, achievement = table.coded["evidence_id"], table.coded["achievement"]
    own = item_fold[evidence.codes[first]]
    if not achievement.values:
        return own
    numbers = dict(zip((v.casefold() for v in evidence.values), item_fold.tolist(), strict=True))
    named = [numbers.setdefault(v.casefold(), len(numbers)) for v in achievement.values]
    codes = achievement.codes[first]
    return np.where(codes < 0, own, np.append(named, -1)[codes])


def _list_words(table: Table) -> Words:
    names = ("fact", "unit", "period", "uri", "sections", "reviewers", "support", "declared_none")
    return Words(*(tuple(table.coded[name].values) for name in names))


def _gather_packets(table: Table, rows: Ints, day_column: str | None) -> Packets:
    days = (
        np.append(_read_ordinals(table.coded[day_column]), 0)[rows]
        if day_column
        else np.zeros_like(rows)
    )
    return Packets(
        as_of=np.where(rows < 0, 0, days),
        declared=_pick(table.coded["declared_none"].codes, rows),
    )


def _pick(codes: Ints, rows: Ints) -> Ints:
    """Return the codes of rows; what no row tells is unknown."""
    return np.where(rows < 0, -1, np.append(codes, -1)[rows])


def _read_ordinals(coded: Coded) -> Ints:
    table = np.array([*(day.toordinal() for day in coded.values), 0], dtype=np.int32)
    return table[coded.codes]


def _gather_items(table: Table, rows: Ints, packet: Ints, key: Ints) -> Items:
    coded, share = table.coded, table.figures["share"]
    return Items(
        packet=packet,
        key=key,
        ownership=_recode(coded["ownership"], OWNERSHIPS)[rows],
        share=share[rows],
        support=coded["support"].codes[rows],
        complete=_read_flags(coded["support_complete"])[rows],
        started=_read_ordinals(coded["started"])[rows],
        ended=_read_ordinals(coded["ended"])[rows],
        in_progress=_read_flags(coded["in_progress"])[rows],
    )


def _read_flags(coded: Coded) -> Bools:
    return np.array([*coded.values, False], dtype=bool)[coded.codes]


def _recode(coded: Coded, words: Sequence[str]) -> Ints:
    table = [words.index(value) for value in coded.values]
    return np.array([*table, -1], dtype=np.int8)[coded.codes]


def _gather_facts(table: Table, rows: Ints, item: Ints) -> Facts:
    coded, point = table.coded, table.figures["point"][rows]
    return Facts(
        item=item,
        fact=coded["fact"].codes[rows],
        value=table.figures["value"][rows],
        baseline=table.figures["baseline"][rows],
        unit=coded["unit"].codes[rows],
        status=_recode(coded["status"], STATUSES)[rows],
        period=coded["period"].codes[rows],
        point=np.where(np.isnan(point), -1, point).astype(np.int8),
        sections=coded["sections"].codes[rows],
        reviewers=coded["reviewers"].codes[rows],
        uri=coded["uri"].codes[rows],
    )
