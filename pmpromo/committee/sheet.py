"""Ratings from a CSV file, every problem with its line and column."""

from __future__ import annotations

import csv
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Final

from pmpromo.committee.ratings import (
    COLUMNS,
    NEEDED,
    SCALE,
    Ratings,
    Sheet,
    build_ratings,
    show_name,
)
from pmpromo.errors import DataError, Place, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from pmpromo.committee.ratings import Row

__all__ = ["read_ratings"]

LARGEST_FILE: Final = 100_000_000
"""Bytes of a file that are read at all: some three million ratings."""


def read_ratings(
    path: str | PathLike[str],
    *,
    scale: tuple[int, int] = SCALE,
    names: Mapping[str, str] | None = None,
) -> Ratings:
    """Return the ratings of a CSV file in long form, one line a rating, UTF-8.

    The first line names the columns: packet_id, criterion, rater_id, rating; role and date may
    follow. Names stay text (``00042`` keeps its zeros), ratings are whole numbers in digits.

    Args:
        path: the file.
        scale: the lowest and the highest rating that can be given.
        names: what a column is called in the file, ``{"rater_id": "reviewer"}``.

    Raises:
        DataError: a file that cannot be read, and every problem in it as ``file:line:column``.

    >>> read_ratings("no-such-file.csv")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    pmpromo.errors.DataError: no-such-file.csv: cannot be read: ...
    """
    name = show_name(Path(path).name)
    rows = split_rows(read_text(Path(path), name), name)
    known = {there: ours for ours, there in (names or {}).items()}
    if not rows:
        raise DataError([Problem(name, "empty", f"begin with {','.join(NEEDED)}")])
    head = [known.get(title.strip(), title.strip()) for title in rows[0][1]]
    problems = [*check_head(head, name), *check_width(rows, name)]
    if problems:
        raise DataError(problems)
    return build_ratings(make_sheet(head, rows[1:], name), scale)


def read_text(path: Path, name: str) -> str:
    """Return the text of a file; a byte order mark at its start is dropped."""
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):
            raise DataError([Problem(name, "not a regular file", "give a readable file")])
        if status.st_size > LARGEST_FILE:
            raise DataError([Problem(name, "too large", "split it by cycle")])
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise DataError([Problem(name, message, "give a readable file")]) from None
    except UnicodeDecodeError:
        raise DataError([Problem(name, "not UTF-8 text", "save it as CSV UTF-8")]) from None


def split_rows(text: str, name: str) -> list[tuple[int, list[str]]]:
    """Return the rows that hold anything, each with its line number."""
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    rows = []
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error:
        place = Place(name, line, 1)
        problem = Problem("", "not a line of CSV", "close every quotation mark", place)
        raise DataError([problem]) from None
    return rows


def check_head(head: list[str], name: str) -> list[Problem]:
    """Return what is wrong with the names of the columns."""
    place = Place(name, 1, 1)
    return [
        *(
            Problem(wanted, "no such column", f"the first line names {', '.join(COLUMNS)}", place)
            for wanted in NEEDED
            if wanted not in head
        ),
        *(
            Problem(wanted, "two columns of this name", "keep one", place)
            for wanted in COLUMNS
            if head.count(wanted) > 1
        ),
    ]


def check_width(rows: list[tuple[int, list[str]]], name: str) -> list[Problem]:
    """Return a problem for each row that has more or fewer cells than the first."""
    width = len(rows[0][1])
    return [
        Problem("", f"{len(row)} cells, not {width}", "one a column", Place(name, line, 1))
        for line, row in rows[1:]
        if len(row) != width
    ]


def make_sheet(head: list[str], rows: list[tuple[int, list[str]]], name: str) -> Sheet:
    """Return the columns of checked rows; a cell stands at its line and column."""
    at = {wanted: head.index(wanted) for wanted in COLUMNS if wanted in head}
    columns = {wanted: [row[i].strip() for _, row in rows] for wanted, i in at.items()}

    def locate(wanted: str, row: int) -> Row:
        line, cells = rows[row]
        column = 1 + sum(len(cell) + 1 for cell in cells[: at[wanted]])
        return wanted, Place(name, line, column)

    return Sheet({**columns, "rating": [*map(to_whole, columns["rating"])]}, locate)


def to_whole(text: str) -> float | str:
    """Return a rating written in plain digits as a number; anything else stays text.

    >>> to_whole("3"), to_whole("2.5"), to_whole("three")
    (3.0, 2.5, 'three')
    """
    digits = text.removeprefix("-")
    whole, _, part = digits.partition(".")
    plain = (whole + part).isascii() and whole.isdigit() and (part.isdigit() or not part)
    return float(text) if plain and len(text) <= LONGEST_NUMBER else text


LONGEST_NUMBER: Final = 20
"""Characters of a rating: more is no point of any scale."""
