"""Workbooks and archives by an own hand: the same bytes everywhere, and broken on purpose.

Nothing is packed by a library, whose versions pack differently; nothing has a date of its own.
ECMA-376 (Office Open XML), APPNOTE 6.3 (zip), RFC 1951 (deflate).
"""

from __future__ import annotations

import zlib
from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Member", "deflate_zeros", "draw_sheet", "pack", "write_book", "write_zip"]

Cell = str | float | None
"""What one cell holds: text, a number, nothing; text that starts with ``<c`` is a cell as XML."""

_DAY: Final = 0x21
"""The first day that an archive can tell: 1980-01-01."""

_HEADER: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_SHEET: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"

STYLES: Final = (
    f'{_HEADER}<styleSheet xmlns="{_SHEET}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="00000"/></numFmts>'
    '<fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf xfId="0"/><xf xfId="0" numFmtId="164" applyNumberFormat="1"/>'
    '<xf xfId="0" numFmtId="165" applyNumberFormat="1"/>'
    '<xf xfId="0" numFmtId="10" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0"/></cellStyles></styleSheet>'
)
"""Formats of cells: 0 plain, 1 a day, 2 five digits with zeros before, 3 percent."""


class Member(NamedTuple):
    """A file in an archive: what stands there, how it is packed, and how long it says it is."""

    name: str
    data: bytes
    method: int = 0
    size: int | None = None
    flags: int = 0


def write_zip(members: Sequence[Member]) -> bytes:
    """Return an archive."""
    body, directory = b"", b""
    for name, data, method, size, flags in members:
        head = b"".join(
            number.to_bytes(width, "little")
            for number, width in (
                (20, 2),
                (flags, 2),
                (method, 2),
                (0, 2),
                (_DAY, 2),
                (zlib.crc32(data), 4),
                (len(data), 4),
                (len(data) if size is None else size, 4),
                (len(name.encode()), 2),
                (0, 2),
            )
        )
        rest = bytes(10) + len(body).to_bytes(4, "little")
        directory += b"PK\x01\x02\x14\x00" + head + rest + name.encode()
        body += b"PK\x03\x04" + head + name.encode() + data
    count = len(members).to_bytes(2, "little")
    ends = len(directory).to_bytes(4, "little") + len(body).to_bytes(4, "little")
    return body + directory + b"PK\x05\x06" + bytes(4) + count + count + ends + bytes(2)


def deflate_zeros(count: int) -> bytes:
    """Return `count` zero bytes (one more than a multiple of 258), packed to a 159th.

    One block with the fixed codes: a zero, then copies of 258 bytes from one byte before, each in
    13 bits: length code 285 as 11000101, distance code 0 as 00000.
    """
    copies, rest = divmod(count - 1, 258)
    assert not rest
    # Bits are written from the lowest; codes from their highest bit.
    bits = "1" + "10" + "00110000" + "1100010100000" * copies + "0000000"
    bits += "0" * (-len(bits) % 8)
    return int(bits[::-1], 2).to_bytes(len(bits) // 8, "little")


def draw_sheet(rows: Sequence[Sequence[Cell]], before: str = "", after: str = "") -> str:
    """Return a sheet as XML; `before` and `after` stand around its rows."""
    drawn = "".join(
        f'<row r="{number}">{"".join(map(_draw_cell, row))}</row>'
        for number, row in enumerate(rows, 1)
    )
    return (
        f'{_HEADER}<worksheet xmlns="{_SHEET}">{before}'
        f"<sheetData>{drawn}</sheetData>{after}</worksheet>"
    )


def _draw_cell(value: Cell) -> str:
    if value is None:
        return "<c/>"
    if not isinstance(value, str):
        return f"<c><v>{value!r}</v></c>"
    if value.startswith("<c"):
        return value
    text = escape(value, quote=False)
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def write_book(
    sheets: Mapping[str, str],
    *,
    states: Mapping[str, str] | None = None,
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """Return a workbook of sheets as XML, by name; `parts` replaces others by their short names.

    `parts` are styles, workbook, types, rels, book_rels; more parts are not needed.
    """
    return write_zip([Member(name, data) for name, data in list_parts(sheets, states, parts)])


def list_parts(
    sheets: Mapping[str, str],
    states: Mapping[str, str] | None = None,
    parts: Mapping[str, str | bytes] | None = None,
) -> list[tuple[str, bytes]]:
    """Return the files of a workbook with their names in the archive."""
    told = {**_draw_parts(tuple(sheets), states or {}), **(parts or {})}
    named = [(_PLACES[key], content) for key, content in told.items()]
    named += [(f"xl/worksheets/sheet{n}.xml", xml) for n, xml in enumerate(sheets.values(), 1)]
    return [(name, xml.encode() if isinstance(xml, str) else xml) for name, xml in named]


_PLACES: Final = {
    "types": "[Content_Types].xml",
    "rels": "_rels/.rels",
    "workbook": "xl/workbook.xml",
    "book_rels": "xl/_rels/workbook.xml.rels",
    "styles": "xl/styles.xml",
    "strings": "xl/sharedStrings.xml",
}


def _draw_parts(titles: Sequence[str], states: Mapping[str, str]) -> dict[str, str]:
    numbers = range(1, len(titles) + 1)
    entries = "".join(
        f'<sheet name="{escape(title)}" sheetId="{n}"{_draw_state(states.get(title))} r:id="r{n}"/>'
        for n, title in zip(numbers, titles, strict=True)
    )
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_KIND}.worksheet+xml"/>'
        for n in numbers
    )
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    return {
        "types": f'{_HEADER}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>'
        f"{overrides}</Types>",
        "rels": f'{_HEADER}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1"'
        f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "workbook": f'{_HEADER}<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}">'
        f"<sheets>{entries}</sheets></workbook>",
        "book_rels": f'{_HEADER}<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        f'<Relationship Id="s" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "styles": STYLES,
    }


def _draw_state(state: str | None) -> str:
    return f' state="{state}"' if state else ""


PACKED: Final = ("packet", "evidence", "facts")
"""The sheets that `pack` makes, in the order of its parts."""


def pack(parts: Sequence[bytes]) -> bytes:
    """Return a workbook of the XML of three sheets, styles, shared strings and the list of sheets.

    Parts that are missing or empty are such as a plain form has.
    """
    plain = {title: draw_sheet([["key", "value"]]) for title in PACKED}
    named = dict(list_parts(plain))
    slots = [*(f"xl/worksheets/sheet{n}.xml" for n in (1, 2, 3)), _PLACES["styles"]]
    slots += [_PLACES["strings"], _PLACES["workbook"]]
    named |= {name: data for name, data in zip(slots, parts, strict=False) if data}
    return write_zip([Member(name, data) for name, data in named.items()])
