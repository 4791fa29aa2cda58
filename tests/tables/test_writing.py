"""Written tables: what they hold is inert, whole and the same every time."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import list_problems

from pmpromo.reading.cells import guard_text, is_active
from pmpromo.tables import read_evidence, write_table, xlsx

ENDINGS: Final = (".csv", ".xlsx")
FRAME: Final = pd.DataFrame(
    {
        "packet_id": ["p-1", "p-2"],
        "proven": [0.1, float("nan")],
        "n": [-3, 10**16],
        "met": [True, False],
        "day": [datetime(2026, 6, 30), pd.NaT],  # noqa: DTZ001 - Excel knows no zone
        "odd": [date(1899, 1, 1), datetime(2026, 6, 30, 8, 30)],  # noqa: DTZ001 - Excel knows no zone
        "share": [Decimal("0.5"), None],
        "names": [["a", "b"], []],
    }
)


@pytest.fixture(autouse=True)
def _stand_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read_csv(path: str = "table.csv") -> list[list[str]]:
    """Read a file of CSV as it is."""
    return [*csv.reader(io.StringIO(Path(path).read_text(encoding="utf-8-sig"), newline=""))]


def read_cells(path: str = "table.xlsx") -> list[list[Any]]:
    """Read the cells of a workbook."""
    page = openpyxl.load_workbook(path).active
    return [[*row] for row in page.iter_rows()]


def test_values_stay_what_they_are_in_csv() -> None:
    """Numbers, dates, truth and lists are written in full; what is unknown is empty."""
    write_table(FRAME, "table.csv")
    assert Path("table.csv").read_bytes().startswith(b"\xef\xbb\xbfpacket_id,proven,n,met,")
    assert read_csv()[1:] == [
        ["p-1", "0.1", "-3", "true", "2026-06-30", "1899-01-01", "0.5", "a|b"],
        ["p-2", "", "10000000000000000", "false", "", "2026-06-30 08:30:00", "", "none"],
    ]


def test_values_stay_what_they_are_in_a_workbook() -> None:
    """Numbers are numbers and days are days; what Excel would cut or shift is text."""
    write_table(FRAME, "table.xlsx")
    head, first, second = read_cells()
    assert [cell.value for cell in head] == [*FRAME.columns]
    assert [cell.value for cell in first] == [
        "p-1",
        0.1,
        -3,
        True,
        datetime(2026, 6, 30),  # noqa: DTZ001 - Excel knows no zone
        "1899-01-01",
        0.5,
        "a|b",
    ]
    assert first[4].number_format == "yyyy\\-mm\\-dd"
    assert [cell.value for cell in second[1:]] == [
        None,
        "10000000000000000",
        False,
        None,
        "2026-06-30 08:30:00",
        None,
        "none",
    ]


def list_attacks() -> list[str]:
    """Return texts that spreadsheet programs have run."""
    return [
        f"{start}{sign}cmd|' /C calc'!A0"
        for start in ("", " ", "\t", "\r", "\n", "\u00a0")
        for sign in "=+-@\uff1d\uff0b\uff0d\uff20"
    ]


@pytest.mark.parametrize("text", list_attacks())
def test_no_text_is_a_formula(text: str) -> None:
    """A text that looks like a formula is quoted in CSV and typed as quoted text in a workbook."""
    frame = pd.DataFrame({"a": [text], f"{text}!": [1]})
    for ending in ENDINGS:
        write_table(frame, f"table{ending}")
    for cell in (read_csv()[0][1], read_csv()[1][0]):
        assert cell.startswith("'") or not is_active(cell)
        assert not cell.startswith((*"=+-@\t\r\n\uff1d\uff0b\uff0d\uff20",))
    head, row = read_cells()
    for cell in (head[1], row[0]):
        assert cell.data_type == "s"
        assert cell.quotePrefix or not is_active(cell.value)


@pytest.mark.parametrize("text", list_attacks())
def test_no_formula_hides_behind_a_semicolon(text: str) -> None:
    """Split at semicolons, as programs with a decimal comma do, no cell starts a formula."""
    write_table(pd.DataFrame({"a": ["x"], "b": [f"y;{text};z"], f";{text}": [1]}), "table.csv")
    lines = Path("table.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [cell for line in lines for cell in line.split(";") if is_active(cell)] == []


@given(st.text(alphabet="=+-@＝ \t\r;'a1"))
def test_a_guarded_text_is_guarded_once(text: str) -> None:
    """What was guarded holds no formula, loses nothing, and is not guarded again."""
    guarded = guard_text(text)
    assert not any(map(is_active, guarded.split(";")))
    assert guard_text(guarded) == guarded
    assert guarded.replace("'", "") == text.replace("'", "")


def test_numbers_are_not_quoted() -> None:
    """A negative figure is no formula; a text of one is."""
    write_table(pd.DataFrame({"gain": [-0.5], "told": ["-0.5"]}), "table.csv")
    assert read_csv()[1] == ["-0.5", "'-0.5"]


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.text(max_size=12), st.floats(allow_nan=False, allow_infinity=False)),
        max_size=4,
    )
)
def test_whatever_is_written_can_be_read(rows: list[tuple[str, float]]) -> None:
    """Any text and number gives a whole file with as many cells, numbers to the last bit."""
    frame = pd.DataFrame({"a": [row[0] for row in rows], "b": [row[1] for row in rows]})
    for ending in ENDINGS:
        write_table(frame, f"table{ending}")
    assert [float(row[1]) for row in read_csv()[1:]] == [row[1] for row in rows]
    cells = read_cells()[1:]
    assert [float(row[1].value) for row in cells] == [row[1] for row in rows]
    for written, (text, _) in zip(cells, rows, strict=True):
        if text.isprintable() and text:
            assert written[0].value == text


def test_codes_of_characters_stay_text() -> None:
    """A text that Excel would decode is written so that it shows as it is."""
    write_table(pd.DataFrame({"a": ["_x0041_&<b>"]}), "table.xlsx")
    text = openpyxl.load_workbook("table.xlsx").active["A2"].value
    assert text.replace("_x005F_", "_") == "_x0041_&<b>"


@pytest.mark.parametrize("ending", ENDINGS)
def test_same_frame_gives_same_bytes(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither clock nor time zone stands in a file."""
    write_table(FRAME, f"one{ending}")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    monkeypatch.setattr("time.time", lambda: 0.0)
    write_table(FRAME, f"two{ending}")
    assert Path(f"one{ending}").read_bytes() == Path(f"two{ending}").read_bytes()
    assert not [*Path().glob("*.part")]


@pytest.mark.parametrize("ending", ENDINGS)
def test_evidence_comes_back(ending: str) -> None:
    """A frame of evidence that is written and read again holds the same text."""
    frame = pd.DataFrame(
        {
            "packet_id": ["00042", "00043"],
            "fact": ["aligns_functions", "unit_arr_growth"],
            "value": [None, 16.5],
            "ended": [date(2026, 4, 30), None],
            "support_complete": [True, False],
        }
    )
    write_table(frame, f"table{ending}")
    again = read_evidence(f"table{ending}")
    assert again.astype(object).where(again.notna(), None).to_numpy().tolist() == [
        ["00042", "aligns_functions", None, "2026-04-30", "true"],
        ["00043", "unit_arr_growth", "16.5", None, "false"],
    ]


def test_frames_of_other_libraries_are_written() -> None:
    """A table of pyarrow gives the file that a frame of pandas gives."""
    write_table(pa.table({"a": ["x", None], "b": [1.5, None]}), "one.csv")
    write_table(pd.DataFrame({"a": ["x", None], "b": [1.5, None]}), "two.csv")
    assert Path("one.csv").read_bytes() == Path("two.csv").read_bytes()


def test_lazy_frames_are_collected() -> None:
    """A frame that is not computed yet is computed to be written."""
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        write_table(connection.sql("SELECT 1 AS a"), "table.csv")
    assert read_csv() == [["a"], ["1"]]


def test_what_is_not_finite_is_refused() -> None:
    """Infinity is a problem at its cell; what is no number is unknown."""
    frame = pa.table({"a": [1.0, float("inf"), float("nan")]})
    assert list_problems(lambda: write_table(frame, "table.csv")) == ["a[1]: is not finite"]
    write_table(frame.slice(2), "table.csv")
    assert read_csv() == [["a"], [""]]


def test_what_cannot_be_written_is_refused() -> None:
    """No frame, another ending and no folder are problems, and nothing is left behind."""
    frame = pd.DataFrame({"a": [1]})
    assert list_problems(lambda: write_table([1], "table.csv")) == [
        (
            "frame: is no frame, but list; "
            "give a pandas or polars DataFrame, a pyarrow Table or a duckdb relation"
        )
    ]
    assert list_problems(lambda: write_table(frame, "table.ods")) == [
        "table.ods: no table that is written here; its name must end in .csv or .xlsx"
    ]
    assert list_problems(lambda: write_table(frame, "none/table.csv")) == [
        "none/table.csv: cannot be written: No such file or directory"
    ]
    assert [*Path().iterdir()] == []


def test_sheet_has_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """More rows, columns or characters than Excel can hold are refused for a workbook alone."""
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    frame = pd.DataFrame({"a": ["x"] * 3, "b": ["", "y" * 32_768, ""]})
    assert list_problems(lambda: write_table(frame, "table.xlsx")) == [
        "3 rows of 2 columns are more than a sheet can hold; write it as CSV",
        "row 3: a text longer than a cell can hold; write it as CSV",
    ]
    write_table(frame, "table.csv")
    write_table(frame[["a"]].head(2), "table.xlsx")
