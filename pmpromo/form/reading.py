"""A form read: rows to one mapping, that to a packet, and every problem back to its cell."""

from __future__ import annotations

import zipfile
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pmpromo.errors import DataError, PacketError, Place, Problem
from pmpromo.form.columns import ITEM, KEYS, PARTS, SHEETS, UNKNOWN
from pmpromo.packet import Origin, Packet
from pmpromo.reading.files import open_regular
from pmpromo.reading.library import PACKET_OPTIONS
from pmpromo.reading.models import build_model
from pmpromo.reading.numbers import NumberError, read_plain
from pmpromo.reading.places import COLLECTED_PROBLEMS, display, name_path, shorten
from pmpromo.tables.workbook import read_workbook
from pmpromo.words import suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pmpromo.form.columns import Column, Kind
    from pmpromo.reading.places import Loc
    from pmpromo.reading.sheet import Sheet

__all__ = ["Cell", "read_form"]

NEEDED: Final = ("packet", "evidence")
"""Sheets that every form has; of the others those without rows may be deleted."""

FORM_BYTES: Final = 2 * 1024 * 1024
"""How long a form may be when unpacked; a packet of fifty items takes a fifth of it."""


@dataclass(frozen=True, slots=True)
class Cell(Place):
    """A place in a workbook; `source` names the file and the sheet.

    >>> str(Cell("packet.xlsx!evidence", 3, 28))
    'packet.xlsx!evidence!AB3'
    """

    def __str__(self) -> str:
        return f"{self.source}!{name_column(self.column)}{self.line}"


def name_column(number: int) -> str:
    """Return the letters of a column.

    >>> name_column(1), name_column(26), name_column(27)
    ('A', 'Z', 'AA')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class _Heads(NamedTuple):
    """The row in which a sheet names its columns, and the number of each."""

    line: int
    columns: Mapping[str, int]


class _Row(NamedTuple):
    """What one row holds, by column, and the place of each."""

    first: Cell
    held: Mapping[str, str]
    places: Mapping[str, Cell]


def read_form(path: str) -> Packet:
    """Return the packet that a workbook describes.

    Raises:
        PacketError: every problem, each at its cell as ``packet.xlsx!evidence!B3``.
    """
    try:
        _check_size(path)
        reader = _Reader(path)
        content = reader.read()
    except DataError as error:
        raise PacketError(error.problems) from None
    if reader.problems:
        raise PacketError(reader.problems[:COLLECTED_PROBLEMS])
    origin = Origin(path, "yaml", b"", cells=reader.cells)
    try:
        packet = build_model(Packet, content, error=PacketError, **PACKET_OPTIONS)
    except PacketError as error:
        root = reader.cells[""]
        placed = [(origin.find_cell(each.path) or root, each) for each in error.problems]
        placed.sort(key=lambda found: _find_order(found[0]))
        raise PacketError([replace(problem, place=cell) for cell, problem in placed]) from None
    packet.remember_origin(origin)
    return packet


def _check_size(path: str) -> None:
    """Refuse what would take long to read, before any of it is read."""
    shown = shorten(display(path))
    found = open_regular(path)
    if isinstance(found, Problem):
        raise DataError([Problem(shown, found.message, found.hint)])
    size = 0
    # What is no archive is told by the reader of workbooks.
    with found as file, suppress(Exception), zipfile.ZipFile(file) as parts:
        size = sum(part.file_size for part in parts.infolist())
    if size > FORM_BYTES:
        message = f"longer than {FORM_BYTES} bytes when unpacked"
        raise DataError([Problem(shown, message, "a packet is shorter; write it in YAML")])


def _find_order(cell: Place) -> tuple[int, int, int]:
    """Order cells as a person goes through the sheets."""
    title = cell.source.rpartition("!")[2]
    return ("packet", *SHEETS).index(title), cell.line, cell.column


class _Reader:
    """Reads the sheets of one form, and remembers where each value stood."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._shown = shorten(display(path))
        self._heads: Mapping[str, _Heads] = {}
        self._sheets: Mapping[str, Sheet] = {}
        self._closed: set[int] = set()
        self.cells: dict[str, Cell] = {"": Cell(f"{self._shown}!packet", 1, 1)}
        self.problems: list[Problem] = []

    def read(self) -> dict[str, Any]:
        """Return the content of a packet as files hold it."""
        content: dict[str, Any] = {}
        # The workbook reader goes first: it says of any file what is wrong with it.
        self._sheets = {NEEDED[0]: read_workbook(self._path, NEEDED[0])}
        self._heads = _read_heads(self._path)
        self._read_keys(content)
        numbers = self._read_items(content)
        for title in PARTS:
            for row in self._list_rows(title):
                self._read_part(content, title, row, numbers)
        for title in ("concerns", "views"):
            for row in self._list_rows(title):
                things = content.setdefault(title, [])
                things.append(self._read_row(row, SHEETS[title], (title, len(things))))
        return content

    def _read_keys(self, content: dict[str, Any]) -> None:
        known = {key.name: key for key in KEYS}
        seen: set[str] = set()
        for row in self._list_rows("packet", ("key", "value")):
            name, at = row.held.get("key", ""), row.places.get("key", row.first)
            if name not in known:
                self._note(at, "unknown key", suggest(name, known))
            elif name in seen:
                self._note(at, "stands twice", "keep one")
            elif "value" in row.held:
                self._put(content, (known[name], row.held["value"]), (), row.places["value"])
            seen.add(name)

    def _read_items(self, content: dict[str, Any]) -> dict[str, int]:
        """Read the items, and return the place of each by its id."""
        items = content.setdefault("evidence", [])
        numbers: dict[str, int] = {}
        for row in self._list_rows("evidence"):
            numbers.setdefault(row.held.get("id", ""), len(items))
            items.append(self._read_row(row, SHEETS["evidence"], ("evidence", len(items))))
            if "support" in row.held:
                self._closed.add(len(items) - 1)
        return numbers

    def _read_part(
        self, content: dict[str, Any], title: str, row: _Row, numbers: Mapping[str, int]
    ) -> None:
        number = numbers.get(row.held.get(ITEM, ""))
        at = row.places.get(ITEM, row.first)
        if number is None:
            self._note(at, "names no item", "write an id of the sheet evidence")
        elif title == "support" and number in self._closed:
            self._note(at, "a voice of an item that says support: none", "keep one of the two")
        else:
            parts = content["evidence"][number].setdefault(title, [])
            loc = ("evidence", number, title, len(parts))
            parts.append(self._read_row(row, SHEETS[title][1:], loc))

    def _read_row(self, row: _Row, columns: Sequence[Column], loc: Loc) -> dict[str, Any]:
        thing: dict[str, Any] = {}
        self.cells[name_path(loc)] = row.first
        for column in columns:
            if column.name in row.held:
                told = column, row.held[column.name]
                self._put(thing, told, loc, row.places[column.name])
        return thing

    def _put(self, thing: dict[str, Any], told: tuple[Column, str], loc: Loc, at: Cell) -> None:
        """Put the value of a cell where its column says, and remember its place."""
        column, text = told
        for key in column.loc[:-1]:
            thing = thing.setdefault(key, {})
        thing[column.loc[-1]] = _READ[column.kind](text)
        self.cells[name_path((*loc, *column.loc))] = at

    def _list_rows(self, title: str, names: Sequence[str] = ()) -> list[_Row]:
        """List the rows of a sheet; an unknown column is a problem, a missing sheet has no rows."""
        heads = self._heads.get(title)
        if heads is None and title not in NEEDED:
            return []
        sheet = self._sheets.get(title) or read_workbook(self._path, title)
        known = names or [column.name for column in SHEETS[title]]
        columns = heads.columns if heads else {}
        for head in sheet.columns:
            if head not in known:
                at = Cell(sheet.name, heads.line if heads else 1, columns.get(head, 1))
                self._note(at, "unknown column", suggest(head, known))
        return [*_list_held(sheet, columns)]

    def _note(self, at: Cell, message: str, hint: str) -> None:
        self.problems.append(Problem("", message, hint, at))


def _list_held(sheet: Sheet, columns: Mapping[str, int]) -> Iterator[_Row]:
    for place, line in enumerate(sheet.lines):
        held = {
            head: cells[place]
            for head, cells in sheet.columns.items()
            if cells[place] and head in columns
        }
        cells = {head: Cell(sheet.name, line, columns[head]) for head in held}
        yield _Row(Cell(sheet.name, line, 1), held, cells)


def _read_heads(path: str) -> dict[str, _Heads]:
    """Return the row and the columns of the head of each sheet with rows below it."""
    from openpyxl import load_workbook  # noqa: PLC0415 - an extra

    try:
        with closing(load_workbook(path, read_only=True)) as book:
            heads = {page.title: _find_heads(page) for page in book.worksheets}
    except Exception:  # noqa: BLE001 - it raises whatever a broken part makes it raise
        hint = "open it in Excel and save it as .xlsx"
        shown = shorten(display(path))
        raise DataError([Problem(shown, "no workbook that can be read", hint)]) from None
    return {title: found for title, found in heads.items() if found}


def _find_heads(page: Any) -> _Heads | None:  # noqa: ANN401 - openpyxl ships no types
    found = None
    for line, cells in enumerate(page.iter_rows(values_only=True), 1):
        columns = {
            str(value).strip(): place for place, value in enumerate(cells, 1) if value is not None
        }
        if found and columns:
            return found
        found = found or (_Heads(line, columns) if columns else None)
    return None


def _split(text: str) -> list[str]:
    return [] if text == "none" else [part.strip() for part in text.split("|")]


def _read_number(text: str) -> object:
    """Return a number as YAML reads it; what is none stays text, and the model says so."""
    try:
        return read_plain(text)
    except NumberError:
        return text


def _read_flag(text: str) -> object:
    return None if text == UNKNOWN else _read_number(text)


def _keep(text: str) -> object:
    return text


_READ: Final[Mapping[Kind, Callable[[str], object]]] = {
    "text": _keep,
    "day": _keep,
    "number": _read_number,
    "flag": _read_flag,
    "list": _split,
}
