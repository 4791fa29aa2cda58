"""Exports of evidence: what a person sees in a cell is what is read, or a problem at its place."""

from __future__ import annotations

import sys
import tracemalloc
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import openpyxl
import pytest
from hostile.books import Member, deflate_zeros, draw_sheet, list_parts, write_book, write_zip
from openpyxl.worksheet.formula import ArrayFormula
from small import list_problems

from pmpromo.tables import read_evidence, workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from pandas import DataFrame

HEAD: Final = ("packet_id", "evidence_id", "fact", "value")


@pytest.fixture(autouse=True)
def _stand_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write_csv(text: str, name: str = "export.csv") -> str:
    """Write a file of CSV, and return its name."""
    Path(name).write_bytes(text.encode())
    return name


def write_sheet(*rows: tuple[object, ...], edit: Callable[[Any], None] | None = None) -> str:
    """Write a workbook of these rows, and return its name."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Facts"
    for row in rows:
        page.append(row)
    if edit:
        edit(page)
    book.save("export.xlsx")
    return "export.xlsx"


def list_cells(frame: DataFrame) -> list[list[object]]:
    """List the cells of a frame by row, what is unknown as None."""
    return [
        [None if is_null else cell for cell, is_null in zip(row, nulls, strict=True)]
        for row, nulls in zip(frame.to_numpy().tolist(), frame.isna().to_numpy(), strict=True)
    ]


# --- CSV


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_text_stays_as_it_is(mark: str, end: str) -> None:
    """Leading zeros, names such as NA and odd numbers stay; only an empty cell is unknown."""
    lines = ["packet_id,evidence_id,fact,value", "00042,NA,null,1e5", "00043,,N.A., 3 "]
    frame = read_evidence(write_csv(mark + end.join(lines) + end))
    assert list_cells(frame) == [["00042", "NA", "null", "1e5"], ["00043", None, "N.A.", "3"]]
    assert [*frame.columns] == list(HEAD)
    assert {str(each) for each in frame.dtypes} == {"string"}


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_what_stands_between_cells_is_seen_in_the_header(mark: str) -> None:
    """Comma, semicolon and tab are told apart by the header, whatever the cells hold."""
    text = f"a{mark}b{mark}c\n1{mark}2,5{mark}x\n"
    text = text.replace("2,5", '"2,5;\t"')
    assert list_cells(read_evidence(write_csv(text))) == [["1", "2,5;", "x"]]


def test_what_stands_between_cells_can_be_given_or_declared() -> None:
    """A word given wins over a line that declares, and that over the header."""
    assert list_cells(read_evidence(write_csv("a,b;c\n1;2\n"), delimiter=";")) == [["1", "2"]]
    declared = read_evidence(write_csv("sep=;\r\na,x,y;c\r\n1;2\r\n"))
    assert [*declared.columns] == ["a,x,y", "c"]
    assert [*declared.index] == ["export.csv:3"]
    given = read_evidence(write_csv("sep=;\na,b\n1,2\n"), delimiter=",")
    assert list_cells(given) == [["1", "2"]]
    assert list_problems(lambda: read_evidence("export.csv", delimiter="|")) == [
        "delimiter: is neither comma, semicolon nor tab"
    ]


def test_rows_know_their_lines() -> None:
    """The index tells the line on which each row begins, over blank lines and broken cells."""
    frame = read_evidence(write_csv('\na,b\n1,"two\nlines"\n,\n\n3,4\n', "export.tsv"))
    assert [*frame.index] == ["export.tsv:3", "export.tsv:7"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b\n1\n", "export.csv:2:1: 1 cells, where the header has 2; give every column a cell"),
        ("a,b,\n1,2,\n", "export.csv:1:1: a column without a name; name it, or remove it"),
        ("a,a\n1,2\n", "export.csv:1:1: a: 2 columns of this name"),
        ("", "export.csv: empty; the first line names the columns"),
        ("sep=,\na\n1,2\n", "export.csv:3:1: 2 cells, where the header has 1"),
    ],
)
def test_tables_that_are_none_are_refused(text: str, told: str) -> None:
    """What is wrong with a table is told at its line."""
    (said,) = list_problems(lambda: read_evidence(write_csv(text)))
    assert said.startswith(told)


def test_other_files_are_refused() -> None:
    """A file of another kind, or none, is named."""
    assert list_problems(lambda: read_evidence("none.csv")) == ["none.csv: no such file"]
    assert list_problems(lambda: read_evidence("none.xlsx")) == ["none.xlsx: no such file"]
    (said,) = list_problems(lambda: read_evidence("export.xls"))
    assert said.endswith("no table that is read here; its name must end in .csv, .tsv, .txt, .xlsx")
    (said,) = list_problems(lambda: read_evidence(5))  # type: ignore[arg-type]
    assert said.startswith("a path is wanted")


# --- workbooks


def test_cells_are_read_as_they_are_seen() -> None:
    """Numbers, dates, truth and the zeros of an id come out as the sheet shows them."""

    def show_zeros(page: Any) -> None:  # noqa: ANN401 - a worksheet
        page["A2"].number_format = "00000"

    name = write_sheet(
        ("packet_id", "value", "started", "in_progress", "share", "note"),
        (42, 16.5, date(2026, 6, 30), True, 0, " led "),
        ("00043", -2.0, datetime(2026, 6, 30, 8, 30), False, 1e-05, "NA"),  # noqa: DTZ001 - Excel knows no zone
        edit=show_zeros,
    )
    frame = read_evidence(name)
    assert list_cells(frame) == [
        ["00042", "16.5", "2026-06-30", "true", "0", "led"],
        ["00043", "-2", "2026-06-30 08:30:00", "false", "1e-05", "NA"],
    ]
    assert [*frame.index] == ["export.xlsx!Facts!2", "export.xlsx!Facts!3"]


def test_what_holds_nothing_is_left_out() -> None:
    """Empty rows and columns are no part of the table; an empty cell is unknown."""
    name = write_sheet((), (None, "a", None, "b"), (None, 1, None, None), (None, None), (None, 2))
    frame = read_evidence(name)
    assert [*frame.columns] == ["a", "b"]
    assert list_cells(frame) == [["1", None], ["2", None]]
    assert [*frame.index] == ["export.xlsx!Facts!3", "export.xlsx!Facts!5"]


def test_merged_cell_stands_for_each_row() -> None:
    """A cell that was merged downwards holds for every row that it covers."""
    name = write_sheet(
        HEAD,
        ("p-1", "e", "f", 1),
        (None, "e", "g", 2),
        ("p-2", "e", "f", 3),
        edit=lambda page: page.merge_cells("A2:A3"),
    )
    assert [row[0] for row in list_cells(read_evidence(name))] == ["p-1", "p-1", "p-2"]


def hide(page: Any) -> None:  # noqa: ANN401 - a worksheet
    """Hide a row and a column that hold something, and some that hold nothing."""
    page.row_dimensions[2].hidden = page.row_dimensions[9].hidden = True
    page.column_dimensions["B"].hidden = page.column_dimensions["H"].hidden = True


TRAPS: Final[dict[str, tuple[Callable[[Any], None], list[str]]]] = {
    "hidden": (
        hide,
        [
            "export.xlsx!Facts!2: a hidden row; show it, or delete it",
            "export.xlsx!Facts!B: a hidden column; show it, or delete it",
        ],
    ),
    "merged across": (
        lambda page: page.merge_cells("A2:B2"),
        ["export.xlsx!Facts!A2:B2: cells merged across columns; unmerge them"],
    ),
    "percentage": (
        lambda page: setattr(page["D2"], "number_format", "0.0%"),
        [
            (
                "export.xlsx!Facts!D2: a figure shown as a percentage; "
                "write the figure as a plain number, and percent as its unit"
            )
        ],
    ),
    "error": (
        lambda page: setattr(page["D2"], "value", "#REF!"),
        ["export.xlsx!Facts!D2: an error; mend its formula"],
    ),
    "formula": (
        lambda page: setattr(page["D2"], "value", "=1+1"),
        ["export.xlsx!Facts!D2: a formula without a value; open the workbook in Excel and save it"],
    ),
    "array formula": (
        lambda page: setattr(page["D2"], "value", ArrayFormula("D2", "=SUM(D3:D4)")),
        ["export.xlsx!Facts!D2: a formula without a value; open the workbook in Excel and save it"],
    ),
    "direction character": (
        lambda page: setattr(page["B2"], "value", "e\u202e"),
        ["export.xlsx!Facts!B2: direction character U+202E; delete it"],
    ),
    "pile of marks": (
        lambda page: setattr(page["B2"], "value", f"e{chr(0x301) * 31}"),
        ["export.xlsx!Facts!B2: too many marks on one letter; delete them"],
    ),
    "no name": (
        lambda page: setattr(page["B1"], "value", None),
        ["export.xlsx!Facts!1: a column without a name; name it, or remove it"],
    ),
    "two names": (
        lambda page: setattr(page["B1"], "value", "fact"),
        ["export.xlsx!Facts!1: 2 columns of the name fact; keep one of them"],
    ),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_traps_are_named_at_their_cells(trap: str) -> None:
    """What does not hold what it shows, or does not show what it holds, is refused by its cell."""
    edit, told = TRAPS[trap]
    name = write_sheet(HEAD, ("p-1", "e", "f", 0.165), edit=edit)
    assert list_problems(lambda: read_evidence(name)) == told


def test_formula_has_the_value_it_was_saved_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """A formula counts by the value that the workbook shows for it."""
    name = write_sheet(HEAD, ("p-1", "e", "f", "=1+1"))
    load = openpyxl.load_workbook

    def load_computed(file: Any, *, data_only: bool) -> Any:  # noqa: ANN401 - of openpyxl
        book = load(file, data_only=data_only)
        if data_only:
            book.active["D2"].value = 2
        return book

    monkeypatch.setattr(openpyxl, "load_workbook", load_computed)
    assert list_cells(read_evidence(name)) == [["p-1", "e", "f", "2"]]


def make_sheets(**texts: str | None) -> str:
    """Write a workbook of sheets with one cell each, or none."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, text in texts.items():
        page = book.create_sheet(title)
        if text:
            page["A1"] = text
        page.sheet_state = "hidden" if title == "Hidden" else "visible"
    book.save("export.xlsx")
    return "export.xlsx"


def test_one_sheet_is_read() -> None:
    """The only sheet that is seen and holds anything is read, or the one that is named."""
    assert [*read_evidence(make_sheets(One="a", Two=None, Hidden="b")).columns] == ["a"]
    assert [*read_evidence("export.xlsx", sheet="Hidden").columns] == ["b"]
    assert list_problems(lambda: read_evidence("export.xlsx", sheet="Three")) == [
        "export.xlsx: no sheet of this name; name one of its sheets: One, Two, Hidden"
    ]
    assert list_problems(lambda: read_evidence("export.xlsx", sheet="Two")) == [
        "export.xlsx!Two: empty; the first row names the columns"
    ]
    assert list_problems(lambda: read_evidence(make_sheets(One="a", Two="b"))) == [
        "export.xlsx: 2 sheets that hold anything; name one of its sheets: One, Two"
    ]


@pytest.mark.parametrize("data", [b"", b"no workbook", b"\xd0\xcf\x11\xe0" * 200])
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    """A file that is no archive, or is closed by a password, says how to save it."""
    Path("export.xlsx").write_bytes(data)
    assert list_problems(lambda: read_evidence("export.xlsx")) == [
        "export.xlsx: no workbook that can be read; save it as .xlsx, without a password"
    ]


def test_broken_workbook_is_refused() -> None:
    """An archive whose parts are broken is refused without a traceback, wherever it breaks."""
    data = Path(write_sheet(HEAD, ("p-1", "e", "f", 1))).read_bytes()
    for place in range(100, len(data), 997):
        Path("export.xlsx").write_bytes(data[:place] + b"\0\0\0" + data[place + 3 :])
        told = list_problems(lambda: read_evidence("export.xlsx"))
        assert told in (
            [],
            ["export.xlsx: no workbook that can be read; open it in Excel and save it as .xlsx"],
            ["export.xlsx: no workbook that can be read; save it as .xlsx, without a password"],
        )


def test_packed_giant_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook that would fill the memory is refused before it is unpacked."""
    name = write_sheet(HEAD, ("p-1", "e", "f", "x" * 30_000))
    monkeypatch.setattr(workbook, "WORKBOOK_BYTES", 20_000)
    assert Path(name).stat().st_size < 20_000
    assert list_problems(lambda: read_evidence(name)) == [
        "export.xlsx: longer than 20000 bytes when unpacked; export it as CSV"
    ]


def test_part_that_is_longer_than_it_says_is_refused() -> None:
    """A part that says 100 bytes and unpacks to a hundred million is not unpacked."""
    sheet = draw_sheet([HEAD, ("p-1", "e", "f", 1)])
    parts = [Member(name, data) for name, data in list_parts({"Facts": sheet})]
    giant = Member("xl/styles.xml", deflate_zeros(258 * 400_000 + 1), 8, 100)
    Path("export.xlsx").write_bytes(write_zip([*parts[:4], giant, *parts[5:]]))
    tracemalloc.start()
    told = list_problems(lambda: read_evidence("export.xlsx"))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert told == [
        "export.xlsx: no workbook that can be read; save it as .xlsx, without a password"
    ]
    assert most < 20_000_000


@pytest.mark.parametrize("method", [12, 14, 99])
def test_part_packed_in_another_way_is_refused(method: int) -> None:
    """What is packed as no workbook is could fill the memory, and is not unpacked."""
    parts = list_parts({"Facts": draw_sheet([HEAD])})
    members = [Member(name, data, method) for name, data in parts]
    Path("export.xlsx").write_bytes(write_zip(members))
    assert list_problems(lambda: read_evidence("export.xlsx")) == [
        "export.xlsx: no workbook that can be read; save it as .xlsx, without a password"
    ]


@pytest.mark.parametrize("row", [1_048_576, 9_999_999_999])
def test_figure_far_below_is_refused(row: int) -> None:
    """One figure a million rows further down is told, and no row between them is made."""
    sheet = draw_sheet([HEAD, ("p-1", "e", "f", 1)]).replace('r="2"', f'r="{row}"')
    Path("export.xlsx").write_bytes(write_book({"Facts": sheet}))
    assert list_problems(lambda: read_evidence("export.xlsx")) == [
        (
            f"export.xlsx!Facts: spans {row} rows of 4 columns; "
            "delete what stands far below the table, or right of it"
        )
    ]


def test_row_above_the_first_is_refused() -> None:
    """A row that no program shows does not vanish in silence."""
    sheet = draw_sheet([HEAD, ("p-1", "e", "f", 1)]).replace('r="2"', 'r="-2"')
    Path("export.xlsx").write_bytes(write_book({"Facts": sheet}))
    assert list_problems(lambda: read_evidence("export.xlsx")) == [
        "export.xlsx!Facts!-2: a row above the first; open it in Excel and save it as .xlsx"
    ]


def test_letters_in_cells_are_composed() -> None:
    """The same name is the same text, whether its accent is a sign of its own or not."""
    frame = read_evidence(write_sheet(HEAD, ("p-1", "cafe\u0301", "f", 1)))
    assert list_cells(frame)[0][1] == "caf\u00e9"


def test_workbooks_need_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without openpyxl a workbook says what to install, and CSV needs nothing."""
    name = write_sheet(HEAD)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert list_problems(lambda: read_evidence(name)) == [
        "export.xlsx: workbooks need openpyxl; install pmpromo[excel], or export it as CSV"
    ]
    assert len(read_evidence(write_csv("a\n1\n"))) == 1
