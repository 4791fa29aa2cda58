"""CSV files: every cell text, every row with its line, every problem at its place."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmpromo.errors import DataError
from pmpromo.reading.sheet import read_sheet

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, data: str | bytes) -> Path:
    """Write a file and return its path."""
    path = folder / "a.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_programs_export_is_read(tmp_path: Path, between: str, end: str, mark: str) -> None:
    """Comma, semicolon or tab, any line end, with or without a mark; ids keep leading zeros."""
    rows = [["packet_id", "note"], ["007", ' "a' if between == "," else "b"], ["", "NA"]]
    text = end.join(between.join(row) for row in [*rows[:1], ["007", "b"], ["", "NA"]])
    sheet = read_sheet(write(tmp_path, mark + text))
    assert sheet.columns == {"packet_id": ["007", ""], "note": ["b", "NA"]}
    assert sheet.lines == (2, 3)


def test_rows_know_their_lines(tmp_path: Path) -> None:
    """Empty lines, and cells with line breaks in them, move the lines of what follows."""
    sheet = read_sheet(write(tmp_path, 'a,b\n\n1,"two\nlines"\n,\n3,4\n'))
    assert sheet.columns == {"a": ["1", "3"], "b": ["two\nlines", "4"]}
    assert sheet.lines == (3, 6)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty; the first line names the columns"),
        (b"\n\n", "empty; the first line names the columns"),
        (b"packet_id,fac", ":1:1: ends within its header; is the file whole? end the line"),
        (b"a,b\n1,\xff\n", ":2:1: not UTF-8; save it as CSV UTF-8"),
        (b"a,a,,b\n", ":1:1: a: 2 columns of this name"),
        (b"a,a,,b\n", ":1:1: a column without a name; name it, or remove it"),
        (b"a,b\n1\n1,2\n1,2,3\n", ":2:1: 1 cells, where the header has 2"),
        (b"a,b\n1\n1,2\n1,2,3\n", ":4:1: 3 cells, where the header has 2"),
        ("a\u202e,b\n1,2\n".encode(), ":1:2: direction character U+202E; delete it"),
        (b"a,b\n1,x\0\n", ":2:4: control character U+0000; delete it"),
        (b"a,b\n1,\x1b[31m\n", ":2:3: control character U+001B; delete it"),
        (f"a,b\n1,e{chr(0x301) * 31}".encode(), ":2:4: too many marks on one letter"),
        (b"a\n1\n" + b"," * 16_384, ":3:1: more than 16384 cells in a row"),
        (b'a,b\n1,2\n"3,4\n', ":3:1: no row of a table; close every quotation mark"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    """What cannot be read says where and what to do."""
    path = write(tmp_path, data)
    with pytest.raises(DataError) as caught:
        read_sheet(path)
    assert said in str(caught.value)


def test_letters_are_composed(tmp_path: Path) -> None:
    """The same name is the same text, whether its accent is a sign of its own or not."""
    sheet = read_sheet(write(tmp_path, "cafe\u0301,b\nre\u0301a,caf\u00e9\n"))
    assert sheet.columns == {"caf\u00e9": ["r\u00e9a"], "b": ["caf\u00e9"]}


def test_lines_of_old_programs_are_read(tmp_path: Path) -> None:
    """A carriage return alone ends a line too."""
    assert read_sheet(write(tmp_path, "a,b\r1,2\r")).columns == {"a": ["1"], "b": ["2"]}


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A missing file and a folder are named."""
    with pytest.raises(DataError, match="no such file"):
        read_sheet(tmp_path / "none.csv")
    with pytest.raises(DataError, match="not a regular file"):
        read_sheet(tmp_path)


@given(data=st.binary(max_size=60))
def test_any_bytes_are_a_table_or_a_problem(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever the bytes, there is a sheet with as many cells a column as lines, or a DataError."""
    path = write(tmp_path_factory.mktemp("sheet"), data)
    with suppress(DataError):
        sheet = read_sheet(path)
        assert all(len(column) == len(sheet.lines) for column in sheet.columns.values())
