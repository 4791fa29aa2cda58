"""One sheet of an Excel workbook as text, each cell as a person sees it."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections import Counter
from copy import copy
from datetime import datetime, time
from typing import TYPE_CHECKING, Final

from pmpromo.errors import DataError, Problem
from pmpromo.reading.cells import find_unfit
from pmpromo.reading.characters import compose, is_clean
from pmpromo.reading.files import open_regular
from pmpromo.reading.places import COLLECTED_PROBLEMS, display, shorten
from pmpromo.reading.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["read_workbook"]

WORKBOOK_BYTES: Final = 16 * 1024 * 1024
"""How long a workbook may be when unpacked; some 20,000 rows. CSV takes more."""

MOST_CELLS: Final = 500_000
"""How many cells the table of a sheet may span: 20,000 rows of 25 columns. Empty ones count, for
one figure that somebody wrote a million rows further down makes a million rows."""

PACKED: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How the parts of a workbook are packed; other ways unpack without a limit."""

LARGEST_WHOLE: Final = 10**15
"""Excel keeps 15 digits of a number."""

_ZEROS: Final = re.compile("0+")
"""A number format that shows leading zeros, as ids have them."""

Told = tuple[str, str, str]
"""A place in a sheet, what is wrong there, and what mends it."""

Row = tuple[int, list[str]]
"""The number of a row, and the text of each of its cells."""


def read_workbook(path: str, sheet: str | None = None) -> Sheet:
    """Read the one sheet of a workbook that holds anything, or the one named.

    Numbers are written as they are, with the zeros that their format puts before them, dates as
    ``2026-06-30``. A cell that was merged downwards stands for each row that it covers.

    Raises:
        DataError: no readable workbook, no such sheet, or cells that do not hold what they show.
    """
    shown = shorten(display(path))
    found = open_regular(path)
    if isinstance(found, Problem):
        raise DataError([Problem(shown, found.message, found.hint)])
    with found as file:
        _check_size(file, shown)
        page = _find_page(_load(file, shown), shown, sheet)
        values = _load(file, shown, data_only=True)[page.title] if _has_formulas(page) else page
    name = f"{shown}!{shorten(display(page.title))}"
    told = [*_find_traps(page)]
    rows = [*_list_rows(page, values, told)]
    problems = [Problem(f"{name}!{where}", message, hint) for where, message, hint in told]
    if rows and not problems:
        problems = [*_find_bad_names(name, *rows[0])]
    if problems:
        raise DataError(problems[:COLLECTED_PROBLEMS])
    if not rows:
        raise DataError([Problem(name, "empty", "the first row names the columns")])
    head = rows[0][1]
    columns = {column: [cells[place] for _, cells in rows[1:]] for place, column in enumerate(head)}
    return Sheet(name, columns, tuple(row for row, _ in rows[1:]))


def _check_size(file: BinaryIO, name: str) -> None:
    """Refuse what is no workbook, and one that would fill the memory, before it is unpacked."""
    try:
        with zipfile.ZipFile(file) as parts:
            size = sum(part.file_size for part in parts.infolist())
            honest = size > WORKBOOK_BYTES or all(
                _is_as_long_as_told(parts, part) for part in parts.infolist()
            )
    except Exception:  # noqa: BLE001 - it raises whatever a broken part makes it raise
        honest, size = False, 0
    if not honest:
        hint = "save it as .xlsx, without a password"
        raise DataError([Problem(name, "no workbook that can be read", hint)])
    if size > WORKBOOK_BYTES:
        message = f"longer than {WORKBOOK_BYTES} bytes when unpacked"
        raise DataError([Problem(name, message, "export it as CSV", code="too_large")])


def _is_as_long_as_told(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part unpacks to as many bytes as the archive says it does.

    One that says less would be unpacked whole before it is cut to what it says.
    """
    if part.compress_type not in PACKED:
        return False
    longer = copy(part)
    longer.file_size += 1
    with parts.open(longer) as opened:
        return len(opened.read(longer.file_size)) == part.file_size


def _load(file: BinaryIO, name: str, *, data_only: bool = False) -> Workbook:
    """Load a workbook with its formulas, or with the values that they had when it was saved."""
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 - an extra
    except ImportError:
        hint = "install pmpromo[excel], or export it as CSV"
        raise DataError([Problem(name, "workbooks need openpyxl", hint)]) from None
    with warnings.catch_warnings():
        # It remarks on parts of a workbook that it leaves out, such as drawings.
        warnings.simplefilter("ignore")
        try:
            return load_workbook(file, data_only=data_only)
        except Exception:  # noqa: BLE001 - it raises whatever a broken part makes it raise
            hint = "open it in Excel and save it as .xlsx"
            raise DataError([Problem(name, "no workbook that can be read", hint)]) from None


def _find_page(workbook: Workbook, name: str, title: str | None) -> Worksheet:
    for page in workbook.worksheets:
        _check_span(page, name)
    pages = [page for page in workbook.worksheets if title in {None, page.title}]
    if title is None:
        pages = [page for page in pages if page.sheet_state == "visible" and _holds_anything(page)]
    if len(pages) == 1:
        return pages[0]
    titles = ", ".join(page.title for page in workbook.worksheets)
    message = "no sheet of this name" if title else f"{len(pages)} sheets that hold anything"
    raise DataError([Problem(name, message, f"name one of its sheets: {display(titles)}")])


def _check_span(page: Worksheet, name: str) -> None:
    """Refuse a sheet whose cells lie so far apart that what is between them fills the memory."""
    rows, columns = page.max_row, page.max_column
    if rows * columns > MOST_CELLS:
        where = f"{name}!{shorten(display(page.title))}"
        hint = "delete what stands far below the table, or right of it"
        message = f"spans {rows} rows of {columns} columns"
        raise DataError([Problem(where, message, hint, code="too_large")])


def _holds_anything(page: Worksheet) -> bool:
    return any(value is not None for row in page.iter_rows(values_only=True) for value in row)


def _has_formulas(page: Worksheet) -> bool:
    return any(cell.data_type == "f" for row in page.iter_rows() for cell in row)


def _find_traps(page: Worksheet) -> Iterator[Told]:
    """Find rows and columns that nobody sees, and cells that cover several columns."""
    if page.min_row < 1:
        yield str(page.min_row), "a row above the first", "open it in Excel and save it as .xlsx"
    for number, row in page.row_dimensions.items():
        if row.hidden and any(cell.value is not None for cell in page[number]):
            yield str(number), "a hidden row", "show it, or delete it"
    for letter, column in page.column_dimensions.items():
        if column.hidden and any(cell.value is not None for cell in page[letter]):
            yield letter, "a hidden column", "show it, or delete it"
    for area in page.merged_cells.ranges:
        if area.min_col < area.max_col:
            yield area.coord, "cells merged across columns", "unmerge them"


def _list_rows(page: Worksheet, values: Worksheet, told: list[Told]) -> list[Row]:
    """Return the rows that hold anything as text, without the columns that hold nothing."""
    covered = {
        (row, area.min_col): (area.min_row, area.min_col)
        for area in page.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
    }
    rows: list[Row] = []
    for cells in page.iter_rows():
        texts = []
        for cell in cells:
            place = covered.get((cell.row, cell.column), (cell.row, cell.column))
            seen = cell if place not in covered else page.cell(*place)
            texts.append(_write(seen, seen if values is page else values.cell(*place), told))
        if any(texts):
            rows.append((cells[0].row, texts))
    kept = [
        place
        for place, column in enumerate(zip(*(row for _, row in rows), strict=True))
        if any(column)
    ]
    return [(number, [row[place] for place in kept]) for number, row in rows]


def _write(cell: Cell, computed: Cell, told: list[Told]) -> str:
    """Write what a cell shows; tell where it does not hold that."""
    value, form = computed.value, cell.number_format
    if computed.data_type == "e":
        told.append((cell.coordinate, "an error", "mend its formula"))
    elif cell.data_type == "f" and value is None:
        hint = "open the workbook in Excel and save it"
        told.append((cell.coordinate, "a formula without a value", hint))
    elif isinstance(value, (int, float)) and "%" in form and not isinstance(value, bool):
        hint = "write the figure as a plain number, and percent as its unit"
        told.append((cell.coordinate, "a figure shown as a percentage", hint))
    text = _write_value(value, form)
    if is_clean(text):
        return text
    unfit = [(cell.coordinate, message, hint) for _, message, hint in find_unfit(text)]
    told += unfit
    return text if unfit else compose(text)


def _write_value(value: object, form: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, (int, float)) and value == value // 1 and abs(value) < LARGEST_WHOLE:
        return str(int(value)).zfill(len(form) if _ZEROS.fullmatch(form) else 0)
    return str(value).strip()


def _find_bad_names(name: str, number: int, head: Sequence[str]) -> Iterator[Problem]:
    """Find columns without a name, or of the name of another."""
    for column, times in Counter(head).items():
        if not column:
            yield Problem(f"{name}!{number}", "a column without a name", "name it, or remove it")
        elif times > 1:
            message = f"{times} columns of the name {shorten(display(column))}"
            yield Problem(f"{name}!{number}", message, "keep one of them")
