"""P4: a file that was cut is refused; where its format has no end, only between its lines is not.

YAML, CSV and Markdown have no last sign. A copy that was cut exactly between two lines is a whole
file of fewer lines, and nobody can tell (docs/decisions/0008-cut-yaml.md); nor can anybody of a
table that was cut inside the last cell of its last line, for programs leave out the last line end.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest
from promises.choosing import choose
from promises.doors import (
    DOORS,
    NOON,
    PACKET,
    PACKETS,
    RESULTS,
    RUBRICS,
    TABLES,
    Door,
    write_sample,
)

from pmpromo import iter_packets, parse_packet
from pmpromo.audit import Override, Record
from pmpromo.errors import PmpromoError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ENDED: Final = tuple(door for door in DOORS if door.ending in {".json", ".txt", ".case"})
"""Doors of files that have a last sign: JSON."""

LINED: Final = tuple(door for door in (*PACKETS, *RUBRICS) if door.ending == ".yaml")
COMMA: Final = tuple(door for door in (*TABLES, *RUBRICS) if door.ending == ".csv")
PACKED: Final = tuple(door for door in DOORS if door.ending == ".xlsx")


def name(door: Door) -> str:
    """Return the name of a door."""
    return door.name


def is_taken(door: Door, data: bytes, folder: Path) -> bool:
    """Tell whether a door takes some bytes."""
    try:
        door.read(data, folder)
    except PmpromoError:
        return False
    return True


def list_taken(door: Door, cuts: Iterable[int], folder: Path) -> list[bytes]:
    """Return what is left of a door's file where it is cut, and yet is taken."""
    data = write_sample(door)
    return [data[:cut] for cut in cuts if is_taken(door, data[:cut], folder)]


def choose_cuts(length: int, count: int) -> list[int]:
    """Return every place near the ends, and places spread over the rest."""
    return sorted(
        {*range(5), *range(0, length, max(1, length // count)), *range(length - 12, length)}
    )


@pytest.mark.parametrize("door", choose(ENDED, 4), ids=name)
def test_json_that_was_cut_is_refused(door: Door, tmp_path: Path) -> None:
    """Cut anywhere before its last bracket, JSON is no object of ours."""
    cuts = choose_cuts(len(write_sample(door)), 15)
    assert list_taken(door, cuts, tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("door", ENDED, ids=name)
def test_json_that_was_cut_at_any_byte_is_refused(door: Door, tmp_path: Path) -> None:
    """The same at each byte."""
    assert list_taken(door, range(len(write_sample(door))), tmp_path) == []


@pytest.mark.parametrize("door", PACKED, ids=name)
def test_a_workbook_that_was_cut_is_refused(door: Door, tmp_path: Path) -> None:
    """A workbook has its list of parts at its end."""
    length = len(write_sample(door))
    assert list_taken(door, (0, 4, length // 2, length - 23, length - 1), tmp_path) == []


@pytest.mark.parametrize("door", LINED, ids=name)
def test_yaml_that_was_cut_inside_a_line_is_refused(door: Door, tmp_path: Path) -> None:
    """What is taken of it ends with a whole line."""
    length = len(write_sample(door))
    for data in list_taken(door, choose_cuts(length, 15), tmp_path):
        assert data.endswith(b"\n")


@pytest.mark.parametrize("written", ["", " ", "# more", "'", "|"])
def test_yaml_must_end_its_last_line(written: str) -> None:
    """A last line without its end is refused though all before it is a packet."""
    text = f"id: p-1\nevidence: []\ncycle: h1{written}"
    with pytest.raises(PmpromoError):
        parse_packet(text, format="yaml")
    assert parse_packet(text.rstrip(" #more'|") + "\n", format="yaml").cycle == "h1"


@pytest.mark.parametrize("door", COMMA, ids=name)
def test_a_table_that_was_cut_inside_a_row_is_refused(door: Door, tmp_path: Path) -> None:
    """What is taken of it ends in the last cell of a row: no row lacks a cell."""
    data = write_sample(door)
    columns = data.partition(b"\n")[0].count(b",")
    for kept in list_taken(door, choose_cuts(len(data), 15), tmp_path):
        assert kept.rstrip().rpartition(b"\n")[2].count(b",") == columns


def test_a_quoted_cell_that_was_cut_is_refused(tmp_path: Path) -> None:
    """A quotation mark that nobody closes is no end of a cell, in no table."""
    for door in COMMA:
        data = write_sample(door).rstrip()
        head, comma, last = data.rpartition(b",")
        assert not is_taken(door, head + comma + b'"' + last, tmp_path), door.name


def test_lines_that_were_cut_are_refused(tmp_path: Path) -> None:
    """Of two lines cut anywhere come none, one or two whole packets, or an error."""
    lines = b"".join(json.dumps({**PACKET, "id": f"p-{n}"}).encode() + b"\n" for n in (1, 2))
    end = lines.index(b"\n")
    whole = {0: 0, end: 1, end + 1: 1, len(lines) - 1: 2, len(lines): 2}
    path = tmp_path / "packets.jsonl"
    for cut in {*choose_cuts(len(lines), 40), *whole}:
        path.write_bytes(lines[:cut])
        try:
            found = len([*iter_packets(path)])
        except PmpromoError:
            found = -1
        assert found == whole.get(cut, -1), cut


def test_a_record_that_was_cut_is_found_by_its_receipt(tmp_path: Path) -> None:
    """Cut anywhere, a record does not verify against the receipt of its last entry."""
    record = Record(tmp_path / "record.jsonl", salts=bytes)
    override = Override(candidate="c-1", who="m-2", why="one more", before=0.6, after=0.7)
    receipts = [record.append(override, at=NOON) for _ in range(3)]
    whole = (tmp_path / "record.jsonl").read_bytes()
    assert record.verify(receipts).is_intact
    for cut in choose_cuts(len(whole) - 1, 40):
        (tmp_path / "record.jsonl").write_bytes(whole[:cut])
        assert not record.verify(receipts[-1:]).is_intact, cut


def test_results_are_among_what_was_cut() -> None:
    """Every result that is JSON is cut above, and none of them is left out."""
    assert {door.name for door in RESULTS} - {door.name for door in ENDED} == {"record"}
