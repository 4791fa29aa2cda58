"""Rows brought into the order of packets and items, whatever order the frame has them in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pmpromo.frame.blocks import cut_blocks, look_up
from pmpromo.frame.cells import COLUMNS, OWNERSHIPS, STATUSES, show
from pmpromo.frame.names import fold_names
from pmpromo.frame.table import Cell
from pmpromo.scoring.columns import Columns, Facts, Items, Packets, Words, take
from pmpromo.words import suggest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmpromo.frame.coding import Coded
    from pmpromo.frame.table import Table
    from pmpromo.scoring.columns import Bools, Floats, Ints

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

_MOST: Final = int(np.iinfo(np.int32).max)
"""Rows that places of half the width can tell apart."""


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
    item_fold = fold_names(evidence.values)[1]
    item = _renumber(item_fold, evidence.codes)
    _find_homeless(table, item, bad)
    order = _sort_rows(packet, item)
    packet_sorted, item_sorted = packet[order], item[order]
    starts = _mark_starts(packet_sorted)
    packet_first = _choose(order, starts)
    shared = (*_PACKET_COLUMNS, day_column) if day_column else _PACKET_COLUMNS
    _find_conflicts(table, shared, order, starts, bad)
    rows, owner = order, packet_sorted
    if item_sorted.min(initial=0) < 0:
        inside = item_sorted >= 0
        rows, owner, item_sorted = _choose(order, inside), owner[inside], item_sorted[inside]
    item_starts = _mark_starts(owner, item_sorted)
    _find_conflicts(table, _ITEM_COLUMNS, rows, item_starts, bad)
    first = _choose(rows, item_starts)
    own = owner[np.flatnonzero(item_starts)]
    items = _gather_items(table, first, own, _key_items(table, first, item_fold))
    place = _count_starts(item_starts)
    stated = table.coded["fact"].codes[rows] >= 0
    if not stated.all():
        rows, place = _choose(rows, stated), place[stated]
    packet_rows = np.full(len(names), -1)
    packet_rows[packet[packet_first]] = packet_first
    columns = Columns(
        _list_words(table),
        _gather_packets(table, packet_rows, day_column),
        items,
        _gather_facts(table, rows, place),
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
        fact_rows=_list_places(rows, len(place)),
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
    bad += _find_nameless(coded.codes, bad)
    fold = fold_names(coded.values)[1]
    rows = _find_first_rows(coded.codes, fold)
    first = coded.codes[rows]
    names = _pick_names(coded.values, first)
    numbers = np.full(len(fold), -1, dtype=np.int32)
    numbers[fold[first]] = np.arange(len(first))
    if ids is not None:
        places, names = _find_places(names, ids, rows, bad)
        numbers = np.append(places, -1)[numbers]
    return _renumber(numbers[fold], coded.codes), names


def _find_first_rows(codes: Ints, fold: Ints) -> Ints:
    """Return the first row of each packet that has one, in the order of rows."""
    starts = np.flatnonzero(_mark_starts(codes))
    starts = starts[codes[starts] >= 0]
    first = np.full(len(fold), -1)
    first[fold[codes[starts[::-1]]]] = starts[::-1]
    return np.sort(first[first >= 0])


def _pick_names(values: list[str], codes: Ints) -> list[str]:
    if len(codes) == len(values) and (codes == np.arange(len(values))).all():
        return values
    return [values[code] for code in codes.tolist()]


def _find_places(
    found: Sequence[str], ids: Sequence[str], rows: Ints, bad: list[Cell]
) -> tuple[Ints, list[str]]:
    """Return the place of each packet among those named, and all names: strangers come last."""
    names = list(ids)
    places = {name.casefold(): place for place, name in enumerate(names)}
    strangers = [at for at, name in enumerate(found) if name.casefold() not in places]
    for at in strangers:
        name, row = found[at], int(rows[at])
        bad.append(Cell(row, "packet_id", show(name), f"is not in packets; {suggest(name, names)}"))
        places[name.casefold()] = len(names)
        names.append(name)
    return np.array([places[name.casefold()] for name in found], dtype=np.int32), names


def _find_nameless(codes: Ints, bad: Sequence[Cell]) -> list[Cell]:
    """Find rows that do not say of which packet they are."""
    if codes.min(initial=0) >= 0:
        return []
    spoilt = {cell.row for cell in bad if cell.column == "packet_id"}
    return [
        Cell(row, "packet_id", "", "missing; write the id of the packet")
        for row in np.flatnonzero(codes < 0).tolist()
        if row not in spoilt
    ]


def _renumber(numbers: Ints, codes: Ints) -> Ints:
    """Return the number of each code; -1 stays."""
    if (numbers == np.arange(len(numbers))).all():
        return codes
    return look_up(np.append(numbers, -1).astype(np.int32), codes)


def _find_homeless(table: Table, item: Ints, bad: list[Cell]) -> None:
    """Find rows that speak of an item or a fact and do not say of which item."""
    if item.min(initial=0) >= 0:
        return
    nameless = item < 0
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
        return _read_flags(table.coded[name], slice(None))
    return np.asarray(table.coded[name].codes >= 0)


def _sort_rows(packet: Ints, item: Ints) -> Ints | slice:
    """Return the places of rows that have a packet, by packet, then item, then as they came.

    Where all of them stand so, it is a slice, for to cut is to copy nothing.
    """
    whole = packet.min(initial=0) >= 0
    if whole and _are_sorted(packet, item):
        return slice(len(packet))
    places = np.arange(len(packet)) if whole else np.flatnonzero(packet >= 0)
    key = packet * np.int64(item.max(initial=0) + 2) + item
    key = key if whole else key[places]
    return places[np.argsort(key, kind="stable")]


def _are_sorted(packet: Ints, item: Ints) -> bool:
    for block in _cut_pairs(len(packet)):
        one, other = packet[block], item[block]
        if (one[1:] < one[:-1]).any():
            return False
        if ((other[1:] < other[:-1]) & (one[1:] == one[:-1])).any():
            return False
    return True


def _cut_pairs(length: int) -> Iterator[slice]:
    """Cut rows into blocks, each with the row before it."""
    return (slice(max(0, block.start - 1), block.stop) for block in cut_blocks(length))


def _choose(rows: Ints | slice, chosen: Bools) -> Ints:
    """Return some of the places."""
    places = np.flatnonzero(chosen)
    return places if isinstance(rows, slice) else rows[places]


def _list_places(rows: Ints | slice, length: int) -> Ints:
    kind = np.int32 if length <= _MOST else np.int64
    return np.arange(length, dtype=kind) if isinstance(rows, slice) else rows


def _mark_starts(*keys: Ints) -> Bools:
    """Tell where a group of equal neighbours starts."""
    starts = np.empty(len(keys[0]), dtype=bool)
    starts[:1] = True
    for block in _cut_pairs(len(starts)):
        found = starts[block][1:]
        found[:] = False
        for key in keys:
            found |= key[block][1:] != key[block][:-1]
    return starts


def _count_starts(starts: Bools) -> Ints:
    """Return the place of each row's group."""
    places: Ints = np.cumsum(starts, dtype=np.int32 if len(starts) <= _MOST else np.int64)
    np.subtract(places, 1, out=places)
    return places


def _find_conflicts(
    table: Table, names: Sequence[str], rows: Ints | slice, starts: Bools, bad: list[Cell]
) -> None:
    """Find rows that say something else of their item, or packet, than its first row does."""
    for name in names:
        values = _get_comparable(table, name)
        if values.strides != (0,) and not _agree(values[rows], starts):
            _tell_conflicts(table, name, _list_places(rows, len(starts)), starts, bad)


def _agree(values: Ints, starts: Bools) -> bool:
    """Tell whether all of each group are equal: neighbours are."""
    return not any(
        ((values[block][1:] != values[block][:-1]) > starts[block][1:]).any()
        for block in _cut_pairs(len(values))
    )


def _tell_conflicts(table: Table, name: str, rows: Ints, starts: Bools, bad: list[Cell]) -> None:
    values = _get_comparable(table, name)
    first = rows[np.maximum.accumulate(np.where(starts, np.arange(len(rows)), 0))]
    what = "item" if name in _ITEM_COLUMNS else "packet"
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
    return np.where(codes < 0, own, np.array([*named, -1], dtype=np.int32)[codes])


def _list_words(table: Table) -> Words:
    names = ("fact", "unit", "period", "uri", "sections", "reviewers", "support", "declared_none")
    return Words(*(tuple(table.coded[name].values) for name in names))


def _gather_packets(table: Table, rows: Ints, day_column: str | None) -> Packets:
    days = (
        np.where(rows < 0, 0, _read_ordinals(table.coded[day_column], rows))
        if day_column and table.length
        else np.zeros_like(rows)
    )
    return Packets(as_of=days, declared=_pick(table.coded["declared_none"].codes, rows))


def _pick(codes: Ints, rows: Ints) -> Ints:
    """Return the codes of rows; what no row tells is unknown."""
    return np.where(rows < 0, -1, codes[rows] if len(codes) else -1)


def _read_ordinals(coded: Coded, rows: Ints) -> Ints:
    table = np.array([*(day.toordinal() for day in coded.values), 0], dtype=np.int32)
    return table[coded.codes[rows]]


def _gather_items(table: Table, rows: Ints, packet: Ints, key: Ints) -> Items:
    coded = table.coded
    return Items(
        packet=packet.astype(np.int32, copy=False),
        key=key,
        ownership=_recode(coded["ownership"], OWNERSHIPS, rows),
        share=table.figures["share"][rows],
        support=coded["support"].codes[rows],
        complete=_read_flags(coded["support_complete"], rows),
        started=_read_ordinals(coded["started"], rows),
        ended=_read_ordinals(coded["ended"], rows),
        in_progress=_read_flags(coded["in_progress"], rows),
    )


def _read_flags(coded: Coded, rows: Ints | slice) -> Bools:
    return np.array([*coded.values, False], dtype=bool)[coded.codes[rows]]


def _recode(coded: Coded, words: Sequence[str], rows: Ints | slice) -> Ints:
    table = [words.index(value) for value in coded.values]
    if table == [*range(len(table))]:
        return _copy(coded.codes, rows).astype(np.int8, copy=False)
    return look_up(np.array([*table, -1], dtype=np.int8), coded.codes[rows])


def _gather_facts(table: Table, rows: Ints | slice, item: Ints) -> Facts:
    coded, figures = table.coded, table.figures
    return Facts(
        item=item,
        fact=_copy(coded["fact"].codes, rows),
        value=np.ascontiguousarray(figures["value"][rows]),
        baseline=np.ascontiguousarray(figures["baseline"][rows]),
        unit=_copy(coded["unit"].codes, rows),
        status=_recode(coded["status"], STATUSES, rows),
        period=_copy(coded["period"].codes, rows),
        point=_read_points(figures["point"], rows),
        sections=_copy(coded["sections"].codes, rows),
        reviewers=_copy(coded["reviewers"].codes, rows),
        uri=_copy(coded["uri"].codes, rows),
    )


def _copy(codes: Ints, rows: Ints | slice) -> Ints:
    """Return the codes of rows, which do not change when the frame does."""
    return codes[rows].copy() if isinstance(rows, slice) else codes[rows]


def _read_points(figures: Floats, rows: Ints | slice) -> Ints:
    figures = figures[rows]
    points = np.full(len(figures), -1, dtype=np.int8)
    if figures.strides == (0,):
        return points
    for block in cut_blocks(len(figures)):
        points[block] = np.fmax(figures[block], -1)
    return points
