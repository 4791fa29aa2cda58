"""Tables as programs export them: CSV with a header, every cell text, every row with its line."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.errors import DataError, Place, Problem
from pmpromo.reading.cells import find_unfit
from pmpromo.reading.characters import compose
from pmpromo.reading.files import open_regular, read_name
from pmpromo.reading.places import COLLECTED_PROBLEMS, Cursor, display, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["Sheet", "read_sheet"]

SHEET_BYTES: Final = 1 << 28
"""Bytes of a file that are read at all: some millions of rows."""

MOST_COLUMNS: Final = 16_384
"""How many cells a row may have: as many as a spreadsheet program can show."""

_WIDE: Final = (f"more than {MOST_COLUMNS} cells in a row", "is this a table?")

DELIMITERS: Final = ",;\t"
"""What may stand between cells; the one that the header has most of is taken."""

_DECLARED: Final = re.compile(f"sep=([{DELIMITERS}])\r?\n")
"""The first line by which a file declares what stands between its cells."""


class Sheet(NamedTuple):
    """The cells of a table by column, each text without blanks around it, and the line of each row.

    >>> sheet = Sheet("a.csv", {"promoted": ["0", "2"]}, (2, 3))
    >>> print(sheet.make_problem("promoted", 1, "neither 0 nor 1"))
    a.csv:3:1: promoted: neither 0 nor 1
    """

    name: str
    columns: Mapping[str, list[str]]
    lines: tuple[int, ...]

    def make_problem(self, column: str, row: int, message: str, hint: str = "") -> Problem:
        """Return a problem of one cell, at the line of its row."""
        return Problem(column, message, hint, Place(self.name, self.lines[row], 1))


def read_sheet(path: object, delimiter: str | None = None, *, corner: str = "") -> Sheet:
    """Read a CSV file: UTF-8, with or without a byte order mark; comma, semicolon or tab between.

    A `delimiter` that is not given may be declared by a first line such as ``sep=;``; else the one
    that the header has most of is taken. Empty lines are left out, cells stripped of blanks around
    them; nothing is guessed. With `corner` the first column may lack a name, and has that one.

    Raises:
        DataError: no readable file, no whole header, columns named alike, rows of another
            length.
    """
    name = read_name(path, DataError)
    shown = shorten(display(name))
    if delimiter is not None and delimiter not in tuple(DELIMITERS):
        raise DataError([Problem("delimiter", "is neither comma, semicolon nor tab")])
    found = open_regular(name, SHEET_BYTES)
    if isinstance(found, Problem):
        raise DataError([Problem(shown, found.message, found.hint)])
    with found as file:
        data = file.read()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = Place(shown, line, 1)
        raise DataError([Problem("", "not UTF-8", "save it as CSV UTF-8", place)]) from None
    rows = _list_rows(_clean(text, shown), shown, delimiter)
    if not rows:
        raise DataError([Problem(shown, "empty", "the first line names the columns")])
    if len(rows) == 1 and not text.endswith(("\n", "\r")):
        message, hint = "ends within its header", "is the file whole? end the line"
        raise DataError([Problem("", message, hint, Place(shown, rows[0][0], 1))])
    rows[0][1][0] = rows[0][1][0] or corner
    return _make_sheet(shown, rows)


def _clean(text: str, name: str) -> str:
    """Return a text in NFC; raise `DataError` where it holds what no cell may hold."""
    cursor = Cursor(text, name)
    problems = [
        Problem("", message, hint, cursor.place(offset), code="not_text")
        for offset, message, hint in islice(find_unfit(text), COLLECTED_PROBLEMS)
    ]
    if problems:
        raise DataError(problems)
    return compose(text)


def _list_rows(text: str, name: str, delimiter: str | None) -> list[tuple[int, list[str]]]:
    """Return the rows that hold anything, each with the line on which it ends."""
    lines = io.StringIO(text, newline="")
    declared = _DECLARED.match(text)
    if declared:
        lines.seek(declared.end())
    mark = delimiter or (declared[1] if declared else _find_delimiter(text))
    reader = csv.reader(lines, delimiter=mark, strict=True)
    rows: list[tuple[int, list[str]]] = []
    ahead = 1 if declared else 0
    before = ahead
    try:
        for row in reader:
            if len(row) > MOST_COLUMNS:
                raise DataError([Problem("", *_WIDE, Place(name, before + 1, 1), "too_large")])
            cells = [cell.strip() for cell in row]
            if any(cells):
                rows.append((before + 1, cells))
            before = reader.line_num + ahead
    except csv.Error:
        message, hint = "no row of a table", "close every quotation mark"
        raise DataError([Problem("", message, hint, Place(name, before + 1, 1))]) from None
    return rows


def _find_delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(DELIMITERS, key=head.count)


def _make_sheet(name: str, rows: Sequence[tuple[int, list[str]]]) -> Sheet:
    line, head = rows[0]
    problems = [*_find_bad_names(head, Place(name, line, 1))]
    for line, cells in rows[1:]:
        if len(cells) != len(head):
            message = f"{len(cells)} cells, where the header has {len(head)}"
            problems.append(Problem("", message, "give every column a cell", Place(name, line, 1)))
    if problems:
        raise DataError(problems[:COLLECTED_PROBLEMS])
    columns = {column: [cells[i] for _, cells in rows[1:]] for i, column in enumerate(head)}
    return Sheet(name, columns, tuple(line for line, _ in rows[1:]))


def _find_bad_names(head: Sequence[str], place: Place) -> Iterator[Problem]:
    for column, times in Counter(head).items():
        if not column:
            yield Problem("", "a column without a name", "name it, or remove it", place)
        elif times > 1:
            yield Problem(shorten(display(column)), f"{times} columns of this name", "", place)
