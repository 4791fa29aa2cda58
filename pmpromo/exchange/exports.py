"""Exports of review tools to ratings in long form, every problem at its place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pmpromo.errors import DataError, Place, Problem
from pmpromo.exchange.columns import COLUMN_MAPS, ColumnMap
from pmpromo.reading.files import read_name
from pmpromo.reading.models import open_path, read_tree
from pmpromo.reading.numbers import NumberError, read_plain
from pmpromo.reading.places import COLLECTED_PROBLEMS, display, name_path, shorten
from pmpromo.reading.sheet import read_sheet
from pmpromo.words import suggest

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

    from pmpromo.reading.places import Tree

__all__ = ["import_ratings"]

LONG: Final = ("packet_id", "criterion", "rater_id", "rating")
"""The columns that come out."""

TABLES: Final = (".csv", ".tsv", ".txt")
ENDINGS: Final = (*TABLES, ".json")
"""How the name of an export ends."""


class _Record(NamedTuple):
    """What one row or record holds by column, as text, and its place."""

    place: Place
    held: Mapping[str, str]


class _Vote(NamedTuple):
    """One rating as it stands: where, whose, of what, by whom, and what."""

    place: Place
    column: str
    packet: str
    criterion: str
    rater: str
    said: str


def import_ratings(path: str | os.PathLike[str], columns: ColumnMap | str) -> dict[str, list[Any]]:
    r"""Return the ratings of an export as long columns: packet_id, criterion, rater_id, rating.

    They go into `score_ratings`, and into the committee's model. Ratings are numbers from 0 up: the
    lowest of the export's scale is 0. What was not rated is left out. Without a column for raters
    there is no `rater_id`.

    Args:
        path: a table (.csv, .tsv, .txt) or .json.
        columns: a map, or the name of a shipped one: long, wide, lattice, culture-amp, 15five,
            15five-calibrated, successfactors.

    Raises:
        DataError: no readable file, columns or criteria that are not there, and every rating that
            is none, is outside the scale or is given twice, with its place.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "export.csv")
    ...     written = file.write_text("packet_id,rater_id,reach,craft\np-1,r-1,3,n/a\n")
    ...     import_ratings(file, "wide")
    {'packet_id': ['p-1'], 'criterion': ['reach'], 'rater_id': ['r-1'], 'rating': [3.0]}
    """
    chosen = _find_map(columns)
    name = read_name(path, DataError)
    shown = shorten(display(name))
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        hint = f"its name must end in {', '.join(ENDINGS)}"
        raise DataError([Problem(shown, "no export that is read here", hint)])
    read = _read_table if ending in TABLES else _read_json
    records = read(name, shown, chosen)
    problems = [*_find_missing(records, chosen, shown)]
    if problems:
        raise DataError(problems)
    list_votes = _list_wide if chosen.rating is None else _list_long
    return _build([*list_votes(records, chosen)], chosen)


def _find_map(columns: object) -> ColumnMap:
    if isinstance(columns, ColumnMap):
        return columns
    if isinstance(columns, str) and columns in COLUMN_MAPS:
        return COLUMN_MAPS[columns]
    hint = f"give a ColumnMap, or one of: {', '.join(COLUMN_MAPS)}"
    raise DataError([Problem("columns", "no map of columns", hint)])


def _read_table(name: str, _: str, columns: ColumnMap) -> list[_Record]:
    sheet = read_sheet(name)
    rows = [*zip(sheet.lines, *sheet.columns.values(), strict=True)][columns.head_rows - 1 :]
    return [
        _Record(Place(sheet.name, line, 1), dict(zip(sheet.columns, cells, strict=True)))
        for line, *cells in rows
    ]


def _read_json(name: str, shown: str, columns: ColumnMap) -> list[_Record]:
    tree = read_tree(open_path(name, error=DataError).data, "json", shown)
    if tree.problems:
        raise DataError(tree.problems)
    loc = (columns.records,) if columns.records else ()
    value = tree.value
    records = value.get(columns.records) if loc and isinstance(value, dict) else value
    if not isinstance(records, list):
        where = name_path(loc) or shown
        raise DataError([Problem(where, "no list of records", "name its key in records")])
    return [
        _Record(_place(tree, (*loc, index), shown), dict(_unfold(record)))
        for index, record in enumerate(records)
    ]


def _place(tree: Tree, loc: tuple[str | int, ...], shown: str) -> Place:
    spot = tree.find_spot(loc)
    return spot.value if spot else Place(shown, 1, 1)


def _unfold(value: object, before: str = "") -> Iterator[tuple[str, str]]:
    """Yield the texts and numbers of a record by the way of keys to them."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _unfold(inner, f"{before}.{key}" if before else key)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield before, str(value).strip()


def _find_missing(records: Sequence[_Record], columns: ColumnMap, shown: str) -> Iterator[Problem]:
    """Find columns and criteria that the map names and the export lacks."""
    there = dict.fromkeys(name for record in records for name in record.held)
    needed = [columns.packet, columns.rater, columns.criterion, columns.rating]
    if columns.rating is None:
        needed += columns.criteria
    missing = [name for name in needed if name is not None and name not in there]
    for name in missing:
        listed = ", ".join(map(display, there)) or "none"
        hint = suggest(name, there, f"there are: {shorten(listed)}")
        yield Problem(f"{shown}: {name}", "no such column", hint)
    if columns.criterion is not None and not missing:
        said = {record.held.get(columns.criterion, "") for record in records}
        for name in columns.criteria:
            if name not in said:
                yield Problem(
                    f"{shown}: {shorten(name)}", "nothing is called so", suggest(name, said)
                )


def _list_long(records: Sequence[_Record], columns: ColumnMap) -> Iterator[_Vote]:
    for record in records:
        held = record.held
        name = held.get(columns.criterion or "", "")
        criterion = columns.criteria.get(name) if columns.criteria else name
        if criterion is not None:
            said = held.get(columns.rating or "", "")
            packet, rater = held.get(columns.packet, ""), held.get(columns.rater or "", "")
            yield _Vote(record.place, columns.rating or "", packet, criterion, rater, said)


def _list_wide(records: Sequence[_Record], columns: ColumnMap) -> Iterator[_Vote]:
    aside = {columns.packet, columns.rater}
    for record in records:
        held = record.held
        named = columns.criteria or {name: name for name in held if name not in aside}
        packet, rater = held.get(columns.packet, ""), held.get(columns.rater or "", "")
        for column, criterion in named.items():
            yield _Vote(record.place, column, packet, criterion, rater, held.get(column, ""))


def _build(votes: Sequence[_Vote], columns: ColumnMap) -> dict[str, list[Any]]:
    """Return the columns, or every problem of the votes."""
    problems: list[Problem] = []
    seen: set[tuple[str, str, str]] = set()
    rows: list[tuple[str, str, str, float]] = []
    for vote in votes:
        if vote.said.casefold() in columns.unrated:
            continue
        rating = _read_rating(vote.said, columns)
        key = (vote.packet, vote.criterion, vote.rater)
        told = _judge(vote, rating, columns, again=columns.rater is not None and key in seen)
        if told:
            problems.append(Problem(shorten(vote.column), *told, vote.place))
        seen.add(key)
        rows.append((*key, (rating or 0.0) - columns.scale[0]))
    if problems:
        raise DataError(problems[:COLLECTED_PROBLEMS])
    long = {name: [row[place] for row in rows] for place, name in enumerate(LONG)}
    if columns.rater is None:
        del long["rater_id"]
    return long


def _read_rating(said: str, columns: ColumnMap) -> float | None:
    """Return a rating as a number: by its word, or as it is written; nothing if it is none."""
    if said.casefold() in columns.points:
        return float(columns.points[said.casefold()])
    try:
        number = read_plain(said)
    except NumberError:
        return None
    if isinstance(number, (int, float)) and not isinstance(number, bool):
        return float(number)
    return None


def _judge(
    vote: _Vote, rating: float | None, columns: ColumnMap, *, again: bool
) -> tuple[str, str] | None:
    """Return what is wrong with a vote, and what mends it."""
    lowest, highest = columns.scale
    if not vote.packet or (columns.rater is not None and not vote.rater):
        return "a rating without its packet or its rater", "fill it in, or leave the row out"
    if not vote.criterion:
        return "a rating of no criterion", "fill it in, or leave the row out"
    if rating is None:
        return "is no rating", "give its number in points, or name it in unrated"
    if not lowest <= rating <= highest:
        return f"is outside the scale {lowest}..{highest}", "give the export's scale"
    return ("rates one thing again", "keep one of them") if again else None
