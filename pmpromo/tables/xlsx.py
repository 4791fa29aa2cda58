"""A workbook of one sheet, written by its own hand so that equal tables have equal bytes.

ECMA-376 (Office Open XML). Text is typed as text, and what looks like a formula is also marked as
quoted, so that it stays text when somebody edits the cell.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Final

from pmpromo.errors import DataError, Problem
from pmpromo.reading.cells import is_active

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["Value", "write_workbook"]

Value = str | float | bool | date | None
"""What one cell holds; whole numbers are among the floats, dates have no time."""

MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 16_384
MOST_CHARACTERS: Final = 32_767
LARGEST_WHOLE: Final = 10**15
"""What Excel can hold: rows, columns, characters of a cell, digits of a number."""

_EPOCH: Final = date(1899, 12, 30)
_FIRST_DAY: Final = date(1900, 3, 1)
"""Before it Excel counts a day that never was."""

_ESCAPED: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""What Excel would take for the code of a character."""

_PLAIN, _DAY, _QUOTED, _HEAD = range(4)
_HEADER: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_SHEET: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_PARTS: Final = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    "</Relationships>",
    "xl/styles.xml": f'<styleSheet xmlns="{_SHEET}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font/><font><b/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf xfId="0"/>'
    '<xf xfId="0" numFmtId="164" applyNumberFormat="1"/>'
    '<xf xfId="0" numFmtId="49" applyNumberFormat="1" quotePrefix="1"/>'
    '<xf xfId="0" numFmtId="49" fontId="1" applyFont="1" applyNumberFormat="1" quotePrefix="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0"/></cellStyles>'
    "</styleSheet>",
}
"""All of a workbook apart from its sheet."""


def write_workbook(columns: Mapping[str, Sequence[Value]]) -> bytes:
    """Return a workbook with one row for the names, and one for each row of the columns.

    Raises:
        DataError: more rows, columns or characters than a sheet can hold.

    >>> write_workbook({"packet_id": ["p-1"]})[:2]
    b'PK'
    """
    rows = list(zip(*columns.values(), strict=True))
    _check_limits(columns, rows)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        sheet = "".join(_draw_sheet(tuple(columns), rows))
        for name, text in {**_PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            # A part without a date of its own has the first that there is.
            part = zipfile.ZipInfo(name)
            part.compress_type = zipfile.ZIP_DEFLATED
            parts.writestr(part, f"{_HEADER}{text}")
    return file.getvalue()


def _check_limits(columns: Mapping[str, Sequence[Value]], rows: Sequence[Sequence[Value]]) -> None:
    problems = []
    if len(rows) >= MOST_ROWS or len(columns) > MOST_COLUMNS:
        message = f"{len(rows)} rows of {len(columns)} columns are more than a sheet can hold"
        problems.append(Problem("", message, "write it as CSV"))
    problems += [
        Problem(f"row {number}", "a text longer than a cell can hold", "write it as CSV")
        for number, row in enumerate((tuple(columns), *rows), 1)
        if any(isinstance(value, str) and len(value) > MOST_CHARACTERS for value in row)
    ]
    if problems:
        raise DataError(problems)


def _draw_sheet(names: Sequence[str], rows: Sequence[Sequence[Value]]) -> Iterator[str]:
    yield f'<worksheet xmlns="{_SHEET}"><sheetViews><sheetView workbookViewId="0">'
    yield '<pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews><sheetData>'
    yield f"<row>{''.join(_draw_text(name, _HEAD) for name in names)}</row>"
    for row in rows:
        yield f"<row>{''.join(map(_draw_cell, row))}</row>"
    yield "</sheetData></worksheet>"


def _draw_cell(value: Value) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{value:d}</v></c>'
    if isinstance(value, date) and value >= _FIRST_DAY:
        return f'<c s="{_DAY}"><v>{(value - _EPOCH).days}</v></c>'
    if isinstance(value, (int, float)) and not _is_cut(value):
        return f"<c><v>{value!r}</v></c>"
    text = str(value)
    return _draw_text(text, _QUOTED if is_active(text) else _PLAIN)


def _is_cut(value: object) -> bool:
    """Tell whether Excel would keep fewer digits of a whole number than it has."""
    return isinstance(value, int) and abs(value) >= LARGEST_WHOLE


def _draw_text(text: str, style: int) -> str:
    told = escape(_ESCAPED.sub("_x005F_", text), quote=False)
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{told}</t></is></c>'
