"""Workbooks: forms and tables of evidence that hide, bend, break or would fill the memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hostile.bases import FORM
from hostile.books import (
    STYLES,
    Member,
    deflate_zeros,
    draw_sheet,
    list_parts,
    write_book,
    write_zip,
)
from hostile.files import read, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hostile.files import Hostile

__all__ = ["list_workbooks"]

HAZARD: Final = "workbooks"
HEAD: Final[list[Any]] = ["packet_id", "fact", "value"]
ROW: Final[list[Any]] = ["p-1", "unit_arr_growth", 16.5]

_FORMULA: Final = "<c><f>1+1</f></c>"
_VALUED: Final = "<c><f>1+1</f><v>2</v></c>"
_SELF: Final = '<c t="str"><f>HYPERLINK("http://x")</f><v>x</v></c>'
_ERROR: Final = '<c t="e"><v>#DIV/0!</v></c>'
_PERCENT: Final = '<c s="3"><v>0.165</v></c>'
_ZEROS: Final = '<c s="2"><v>42</v></c>'
_DAY: Final = '<c s="1"><v>46203</v></c>'
_TRUE: Final = '<c t="b"><v>1</v></c>'
_NAN: Final = "<c><v>NaN</v></c>"
_INFINITE: Final = "<c><v>1e999</v></c>"
_FAR_DAY: Final = '<c s="1"><v>1e300</v></c>'
_NO_STRING: Final = '<c t="s"><v>99999</v></c>'
_NO_STYLE: Final = '<c s="99999"><v>1</v></c>'
_NO_NUMBER: Final = "<c><v>seven</v></c>"
_SHEET_NAME: Final = "Facts"


def list_workbooks() -> Iterator[Hostile]:
    """Yield hostile workbooks."""
    yield from _list_cells()
    yield from _list_sheets()
    yield from _list_archives()
    yield from _list_forms()


def _book(rows: list[list[Any]], before: str = "", after: str = "", **parts: str | bytes) -> bytes:
    return write_book({_SHEET_NAME: draw_sheet(rows, before, after)}, parts=parts)


def _list_cells() -> Iterator[Hostile]:
    """Yield tables of which one cell does not hold what it shows."""
    for name, cell, said in (
        ("formula without a value", _FORMULA, "formula without a value"),
        ("error", _ERROR, "an error"),
        ("percentage", _PERCENT, "percentage"),
        ("no such string", _NO_STRING, "no workbook"),
        ("no such style", _NO_STYLE, "no workbook"),
        ("no number", _NO_NUMBER, "no workbook"),
        ("nan", _NAN, "no workbook"),
        ("direction character", "a\u202eb", "U+202E"),
        ("zero width", "a\u200bb", "U+200B"),
    ):
        data = _book([HEAD, ["p-1", "x", cell]])
        yield refuse(f"evidence/{HAZARD}, {name}.xlsx", HAZARD, data, said)
    for name, cell, value in (
        ("formula with a value", _VALUED, "2"),
        ("formula with a text", _SELF, "x"),
        ("zeros by format", _ZEROS, "00042"),
        ("day", _DAY, "2026-06-30"),
        ("true", _TRUE, "true"),
        ("text that is a formula", "=1+1", "=1+1"),
        ("text NA", "NA", "NA"),
        ("text with zeros", "007", "007"),
        ("large whole", f"<c><v>{10**14}</v></c>", "100000000000000"),
        ("decomposed", "cafe\u0301", "caf\u00e9"),
    ):
        data = _book([HEAD, ["p-1", "x", cell]])
        yield read(f"evidence/{HAZARD}, {name}.xlsx", HAZARD, data, "value[0]", value)
    for name, cell in (("infinite", _INFINITE), ("nan", _NAN), ("far day", _FAR_DAY)):
        row = ["p-1", "unit_arr_growth", cell, "percent/year"]
        data = _book([[*HEAD, "unit"], row])
        yield refuse(f"scored/{HAZARD}, {name}.xlsx", HAZARD, data, "")
    data = _book([[*HEAD, "unit"], [*ROW, _FORMULA]])
    yield refuse(f"evidence/{HAZARD}, formula for a unit.xlsx", HAZARD, data, "D2")


def _list_sheets() -> Iterator[Hostile]:
    """Yield tables whose sheet hides something, or has no shape of a table."""
    rows = [HEAD, ROW, ["p-2", "x", 1]]
    plain = draw_sheet(rows)
    far = plain.replace("<c><v>1</v></c>", '<c r="XFD1"><v>1</v></c>')
    hidden_row = plain.replace('<row r="3">', '<row r="3" hidden="1">')
    filtered = hidden_row.replace("</sheetData>", '</sheetData><autoFilter ref="A1:C3"/>')
    hidden = '<cols><col min="2" max="2" hidden="1"/></cols>'
    merged = '<mergeCells count="1"><mergeCell ref="A2:B2"/></mergeCells>'
    down = '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    for name, data, said in (
        ("hidden row", write_book({"F": hidden_row}), "a hidden row"),
        ("filter", write_book({"F": filtered}), "a hidden row"),
        ("hidden column", _book(rows, hidden), "a hidden column"),
        ("merged across", _book(rows, "", merged), "merged"),
        ("two sheets", write_book({"A": plain, "B": plain}), "2 sheets"),
        ("no sheet", write_book({}), ""),
        ("hidden sheet", write_book({"A": plain}, states={"A": "hidden"}), "0 sheets"),
        ("very hidden sheet", write_book({"A": plain}, states={"A": "veryHidden"}), "0 sheets"),
        ("empty", _book([]), "0 sheets"),
        ("column twice", _book([["a", "a"], [1, 2]]), "2 columns"),
        ("column without a name", _book([["a", None], [1, 2]]), "without a name"),
        ("direction in the head", _book([["a", "b\u202ec"], [1, 2]]), "U+202E"),
        (
            "column of 300 letters",
            write_book({"F": plain.replace("<c>", f'<c r="{"A" * 300}1">')}),
            "",
        ),
        (
            "figure far below",
            write_book({"F": plain.replace('r="3"', 'r="1048576"')}),
            "spans 1048576 rows",
        ),
        ("row of 10 digits", write_book({"F": plain.replace('r="3"', 'r="9999999999"')}), ""),
        ("row minus one", write_book({"F": plain.replace('r="3"', 'r="-1"')}), "above the first"),
    ):
        yield refuse(f"evidence/{HAZARD}, {name}.xlsx", HAZARD, data, said)
    for name, data, path, value in (
        ("cell far right", write_book({"F": far}), "fact[1]", "x"),
        ("merged down", _book([HEAD, ROW, [None, "x", 1]], "", down), "packet_id[1]", "p-1"),
        ("protected sheet", _book(rows, "", '<sheetProtection password="CC"/>'), "fact[1]", "x"),
        (
            "hidden beside",
            write_book({"A": plain, "B": plain}, states={"B": "hidden"}),
            "fact[1]",
            "x",
        ),
    ):
        yield read(f"evidence/{HAZARD}, {name}.xlsx", HAZARD, data, path, value)


def _list_archives() -> Iterator[Hostile]:
    """Yield archives that are no workbook, are broken, or unpack to more than memory holds."""
    good = _book([HEAD, ROW])
    parts = list_parts({"F": draw_sheet([HEAD, ROW])})
    members = [Member(name, data) for name, data in parts]
    entity = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    entity += "".join(
        f'<!ENTITY {new} "{f"&{old};" * 10}">'
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    bomb = (
        f'{entity}]><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    )
    bomb += '<sheetData><row><c t="inlineStr"><is><t>&i;</t></is></c></row></sheetData></worksheet>'
    outside = bomb.replace(
        entity, '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/passwd">'
    )
    zeros = Member("xl/media/image1.png", deflate_zeros(258 * 400_000 + 1), 8, 258 * 400_000 + 1)
    liar = Member("xl/styles.xml", deflate_zeros(258 * 400_000 + 1), 8, 100)
    for name, data, said in (
        ("nothing", b"", "no workbook"),
        ("text", b"packet_id,fact\n", "no workbook"),
        ("password", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "no workbook"),
        ("empty archive", write_zip([]), "no workbook"),
        ("archive of something else", write_zip([Member("a.txt", b"a")]), "no workbook"),
        ("encrypted parts", write_zip([m._replace(flags=1) for m in members]), "no workbook"),
        ("unknown packing", write_zip([m._replace(method=99) for m in members]), "no workbook"),
        ("bomb of zeros", write_zip([*members, zeros]), "when unpacked"),
        ("bomb that lies", write_zip([*members[:4], liar, *members[5:]]), ""),
        ("bomb of entities", write_book({"F": bomb}), ""),
        ("entity of a file", write_book({"F": outside}), ""),
        ("half a sheet", write_book({"F": draw_sheet([HEAD, ROW])[:-60]}), "no workbook"),
        ("sheet of another kind", write_book({"F": "<html/>"}), ""),
        ("styles broken", _book([HEAD, ROW], styles=STYLES[:90]), "no workbook"),
        ("list of sheets broken", _book([HEAD, ROW], workbook="<workbook"), "no workbook"),
        ("part outside", write_zip([*members[:-1], Member("../../x.xml", members[-1].data)]), ""),
        ("bytes before", b"MZ" * 100 + good[:-22], "no workbook"),
    ):
        yield refuse(f"evidence/{HAZARD}, {name}.xlsx", HAZARD, data, said)
    for at in range(50, len(good), len(good) // 12):
        name = f"evidence/truncation, {at:04} bytes.xlsx"
        yield refuse(name, "truncation", good[:at], "no workbook")


def _form(**sheets: list[list[Any]]) -> bytes:
    rows = {**FORM, **sheets}
    return write_book({title: draw_sheet(cells) for title, cells in rows.items()})


def _list_forms() -> Iterator[Hostile]:
    """Yield forms whose cells hold what no packet may."""
    keys, items, facts = FORM["packet"], FORM["evidence"], FORM["facts"]
    yield read(f"form/{HAZARD}, good.xlsx", HAZARD, _form(), "evidence[0].facts[0].value", 16.5)
    for hazard, name, sheets, said in (
        ("dates", "no leap year", {"packet": [*keys[:2], ["as_of", "2023-02-29"]]}, "!packet!B3"),
        ("dates", "serial", {"packet": [*keys[:2], ["as_of", 46203]]}, "!packet!B3"),
        ("keys", "unknown", {"packet": [*keys, ["sekret", "x"]]}, "!packet!A4"),
        ("keys", "twice", {"packet": [*keys, ["id", "p-2"]]}, "!packet!A4"),
        ("protected attributes", "key sex", {"packet": [*keys, ["sex", "x"]]}, "!packet!A4"),
        ("protected attributes", "fact", {"facts": [facts[0], ["acq", "sex", 1]]}, "!facts!"),
        ("references", "no item", {"facts": [facts[0], ["other", "arr", 1]]}, "!facts!A2"),
        ("number forms", "comma", {"facts": [facts[0], ["acq", "arr", "3,5"]]}, "!facts!C2"),
        (
            "number forms",
            "percentage",
            {"facts": [facts[0], ["acq", "arr", _PERCENT]]},
            "!facts!C2",
        ),
        ("non-finite numbers", "nan", {"facts": [facts[0], ["acq", "arr", _NAN]]}, "no workbook"),
        ("non-finite numbers", "inf", {"facts": [facts[0], ["acq", "arr", ".inf"]]}, "!facts!C2"),
        (
            "non-finite numbers",
            "1e999",
            {"facts": [facts[0], ["acq", "arr", "1e999"]]},
            "!facts!C2",
        ),
        ("identifiers", "item twice", {"evidence": [*items, ["ACQ", "T", "led"]]}, "!evidence!A3"),
        (
            "identifiers",
            "omicron",
            {"evidence": [*items, ["\u03bf", "T", "led"]]},
            "!evidence!A3",
        ),
        (
            "invisible characters",
            "direction",
            {"evidence": [*items, ["a", "T\u202e", "led"]]},
            "!evidence!B3",
        ),
        ("choices", "ownership", {"evidence": [items[0], ["acq", "T", "lead"]]}, "!evidence!C2"),
        ("size", "title", {"evidence": [items[0], ["acq", "x" * 30_000, "led"]]}, "!evidence!B2"),
        (
            HAZARD,
            "formula for a unit",
            {"facts": [facts[0], ["acq", "arr", 1, _FORMULA]]},
            "!facts!D2",
        ),
        (HAZARD, "no items", {"evidence": []}, "evidence"),
    ):
        yield refuse(f"form/{hazard}, {name}.xlsx", hazard, _form(**sheets), said)
