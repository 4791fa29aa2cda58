"""Whatever is changed in a record is found, and told with its line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from audit.logbook import AT, EVERYTHING, RUBRIC, assessed, make_record
from hypothesis import given
from hypothesis import strategies as st

from pmpromo.audit import Entry, Receipt, Record, Verification
from pmpromo.audit.chain import seal, write_entry
from pmpromo.audit.nouns import Erasure
from pmpromo.audit.verification import UNTOLD, verify_lines
from pmpromo.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

TIME: Final = "2026-06-30T09:30:00.000000+00:00"


def make_chain(*nouns: Any) -> list[bytes]:  # noqa: ANN401 - nouns of a record, and an erasure
    """The lines of a record that was never on a disk, with salts of zeros."""
    entries: list[Entry] = []
    for noun in nouns or EVERYTHING:
        entries.append(seal(noun, TIME, bytes(32), entries[-1] if entries else None))
    return [write_entry(entry) for entry in entries]


def split_keeping(data: bytes) -> list[bytes]:
    """Split at line feeds alone, as a file is read."""
    return [line + b"\n" for line in data.split(b"\n")[:-1]] + [
        rest for rest in [data.rpartition(b"\n")[2]] if rest
    ]


def verify(data: bytes, receipts: Sequence[Receipt] = ()) -> Verification:
    """Look through the bytes of a record."""
    return verify_lines("record.jsonl", split_keeping(data), receipts)


SMALL: Final = b"".join(make_chain(RUBRIC, assessed(), EVERYTHING[3]))


def find_first(found: Verification) -> int | None:
    """The line of the first problem."""
    place = found.problems[0].place if found.problems else None
    return None if place is None else place.line


def test_an_untouched_record_is_intact() -> None:
    """Nothing is found in what was not changed."""
    found = verify(SMALL)
    assert (found.is_intact, found.entries, found.erased, found.unfinished) == (True, 3, 0, 0)


@pytest.mark.parametrize("mask", [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xFF])
def test_one_flipped_byte_anywhere_is_found_and_located(mask: int) -> None:
    """Each byte of a small record changed in nine ways: always found, always on its line."""
    for place in range(len(SMALL)):
        line = SMALL[:place].count(b"\n") + 1
        changed = bytearray(SMALL)
        changed[place] ^= mask
        found = verify_lines("r", split_keeping(bytes(changed)))
        assert not found.is_intact, (place, mask)
        assert find_first(found) == line, (place, mask, str(found))


@given(st.integers(0, len(SMALL) - 1), st.integers(0, 255))
def test_any_other_byte_in_its_place_is_found(place: int, byte: int) -> None:
    """A byte replaced by whatever other byte is found on its line."""
    changed = bytearray(SMALL)
    if changed[place] == byte:
        return
    changed[place] = byte
    found = verify_lines("r", split_keeping(bytes(changed)))
    assert find_first(found) == SMALL[:place].count(b"\n") + 1


def test_every_byte_left_out_is_found_but_the_last_line_end() -> None:
    """A byte left out anywhere is found on its line; without the last line end nothing is lost."""
    for place in range(len(SMALL)):
        found = verify_lines("r", split_keeping(SMALL[:place] + SMALL[place + 1 :]))
        line = SMALL[:place].count(b"\n") + 1
        if place == len(SMALL) - 1:
            assert (found.is_intact, found.entries) == (True, 3)
        else:
            assert find_first(found) == line, place


def test_a_cut_at_every_byte() -> None:
    """A record cut anywhere keeps its whole lines; the rest is unfinished, or a whole entry."""
    for place in range(len(SMALL)):
        cut = SMALL[:place]
        found = verify_lines("r", split_keeping(cut))
        whole = cut.count(b"\n") + (SMALL[place : place + 1] == b"\n")
        rest = len(cut) - cut.rfind(b"\n") - 1
        assert found.is_intact
        assert found.entries == whole
        assert found.unfinished == (0 if SMALL[place : place + 1] == b"\n" else rest)


@pytest.mark.parametrize("broken", range(1, 10))
def test_one_broken_line_is_one_problem(broken: int) -> None:
    """The lines around a broken one are whole, and nothing is said of them."""
    lines = make_chain()
    lines[broken - 1] = b"{}\n"
    found = verify_lines("r", lines)
    assert (len(found.problems), find_first(found)) == (1, broken)


@pytest.mark.parametrize("gone", range(1, 9))
def test_an_entry_left_out_is_found(gone: int) -> None:
    """Where an entry is missing, the next line says so."""
    lines = make_chain()
    del lines[gone - 1]
    found = verify_lines("r", lines)
    assert find_first(found) == gone
    assert "entries are missing before it: it is number" in found.problems[0].message
    assert len(found.problems) == 1


def test_entries_in_another_order_are_found() -> None:
    """Two entries that changed places are each told."""
    lines = make_chain()
    lines[3], lines[4] = lines[4], lines[3]
    found = verify_lines("r", lines)
    places = [problem.place and problem.place.line for problem in found.problems]
    assert places[:2] == [4, 5]
    assert "is not in its place: it is number 4 where 6 was due" in str(found)


def test_an_entry_twice_is_found() -> None:
    """An entry copied into the record is told."""
    lines = make_chain()
    assert find_first(verify_lines("r", [*lines[:4], lines[3], *lines[4:]])) == 5


@pytest.mark.parametrize(
    ("was", "put"),
    [
        (b'"who":"', b'"who": "'),
        (b'"who":"', b'"\\u0077ho":"'),
        (b'"who":"', b'"who":"another","who":"'),
        (b'"seq":4', b'"seq":4.0'),
        (b'"seq":4', b'"seq":4,"seq":4'),
        (b"}\n", b',"note":"looked at"}\n'),
        (b"}\n", b"}\r\n"),
        (b"}\n", b"}\n\n"),
    ],
)
def test_the_same_said_otherwise_is_found(was: bytes, put: bytes) -> None:
    """Blanks, escapes, keys given twice or added: only the one way of writing an entry is whole."""
    entries = make_chain()
    assert was in entries[3]
    entries[3] = entries[3].replace(was, put, 1)
    assert not verify(b"".join(entries)).is_intact


def test_an_entry_sealed_anew_is_found_at_the_next() -> None:
    """Who changes an entry with its commitment and digest breaks the link to the next one."""
    lines = make_chain()
    forged = seal(assessed(proven=0.9), TIME, bytes(32), None)
    entry = json.loads(lines[2])
    forged = replace(forged, seq=3, previous=entry["previous"])
    found = verify_lines("r", [*lines[:2], write_entry(forged), *lines[3:]])
    assert find_first(found) == 4
    assert "does not follow the entry before it: one of the two was changed" in str(found)


def test_a_first_entry_that_follows_nothing() -> None:
    """A record whose start was cut off does not begin with number 1."""
    found = verify_lines("r", make_chain()[1:])
    assert find_first(found) == 1
    lines = make_chain()
    moved = replace(seal(RUBRIC, TIME, bytes(32), None), previous=f"sha256:{'1' * 64}")
    assert find_first(verify_lines("r", [write_entry(moved), *lines[1:]])) == 1


def test_what_cannot_be_told_without_a_receipt() -> None:
    """Entries cut off at the end, or all written anew, look whole; a receipt tells of both."""
    lines = make_chain()
    receipt = Receipt(9, json.loads(lines[8])["digest"])
    shorter = lines[:7]
    assert verify_lines("r", shorter).is_intact
    found = verify_lines("r", shorter, [receipt])
    assert "r: ends before entry 9, of which there is a receipt" in str(found)
    anew = [write_entry(e) for e in rewrite_anew()]
    assert verify_lines("r", anew).is_intact
    found = verify_lines("r", anew, [receipt])
    assert find_first(found) == 9
    assert "is not the entry of the receipt: it was written anew" in str(found)
    assert verify_lines("r", lines, [receipt]).is_intact


def rewrite_anew() -> list[Entry]:
    """The whole record written again with another score in it."""
    entries: list[Entry] = []
    for noun in [*EVERYTHING[:2], assessed(proven=0.9), *EVERYTHING[3:]]:
        entries.append(seal(noun, TIME, bytes(32), entries[-1] if entries else None))
    return entries


def test_the_limit_is_told_with_every_verification() -> None:
    """No report leaves out what a chain cannot tell."""
    assert str(verify(SMALL)).endswith(UNTOLD)
    assert str(verify(b"")).startswith("The record is intact: 0 entries.")


def test_the_report_of_a_changed_record_names_the_line() -> None:
    """The report says where and how, and how many bytes are unfinished."""
    changed = SMALL.replace(b'"proven":0.5', b'"proven":0.6') + b'{"at"'
    text = str(verify(changed))
    assert text.splitlines()[0] == "The record was changed, or is damaged: 2 entries."
    assert "record.jsonl:2:1: body, salt or commitment was changed" in text
    assert "5 bytes of an unfinished write stand at the end." in text
    assert "0.6" not in text


def test_a_body_removed_without_an_erasure_is_found() -> None:
    """An empty body that no later entry accounts for was not erased by `erase`."""
    lines = make_chain()
    value = json.loads(lines[2]) | {"salt": None, "body": None}
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    found = verify_lines("r", [*lines[:2], text.encode() + b"\n", *lines[3:]])
    assert find_first(found) == 3
    assert "its body was removed, and no later entry says so" in str(found)


def test_an_erasure_before_its_entry_accounts_for_nothing() -> None:
    """An erasure speaks of earlier entries only."""
    early = Erasure(entries=(2,), who="x", why="y")
    lines = make_chain(early, assessed())
    value = json.loads(lines[1]) | {"salt": None, "body": None}
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    assert find_first(verify_lines("r", [lines[0], text.encode() + b"\n"])) == 2


def test_very_many_problems_are_counted() -> None:
    """Of two thousand broken lines a thousand are listed and the rest counted."""
    found = verify_lines("r", [b"x\n"] * 2000)
    assert len(found.problems) == 1001
    assert found.problems[-1].message == "1000 more problems"


def test_a_line_longer_than_any_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line without end fills no memory: it is told, and the next line is read."""
    for room in ("storage", "verification"):
        monkeypatch.setattr(f"pmpromo.audit.{room}.LONGEST_ENTRY", 700)
    record = make_record(tmp_path, RUBRIC)
    line = Path(record.path).read_bytes()
    Path(record.path).write_bytes(line + b"x" * 5000 + b"\n" + line)
    found = record.verify()
    assert found.problems[0].message == "is longer than any entry"
    assert find_first(found) == 2


def test_reading_stops_at_what_was_changed(tmp_path: Path) -> None:
    """Entries are given as far as they are whole."""
    record = make_record(tmp_path)
    data = Path(record.path).read_bytes()
    Path(record.path).write_bytes(data.replace(b"bar met", b"bar mat"))
    entries = record.entries()
    assert [next(entries).seq for _ in range(5)] == [1, 2, 3, 4, 5]
    with pytest.raises(DataError, match=r"line 6: body, salt or commitment was changed.*; verify"):
        next(entries)


@pytest.mark.parametrize("at", [-1, -2, -40])
def test_nobody_writes_on_to_a_changed_end(tmp_path: Path, at: int) -> None:
    """Where the last line was changed, line end and all, the next writer stops and says so."""
    record = make_record(tmp_path)
    data = bytearray(Path(record.path).read_bytes())
    data[at] ^= 1
    Path(record.path).write_bytes(bytes(data))
    with pytest.raises(DataError, match=r"the last line: .*verify the record"):
        record.append(RUBRIC, at=AT)
    assert Path(record.path).read_bytes() == bytes(data)


def test_a_last_line_end_that_was_lost_is_put_back(tmp_path: Path) -> None:
    """An editor that strips the last line end costs no entry: the next writer puts it back."""
    record = make_record(tmp_path)
    data = Path(record.path).read_bytes()
    Path(record.path).write_bytes(data[:-1])
    receipt = record.append(RUBRIC, at=AT)
    assert receipt.seq == 10
    assert Path(record.path).read_bytes().startswith(data)
    assert [entry.cut for entry in record.entries()] == [0] * 10


def test_an_endless_last_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tail longer than any entry is no unfinished write: nothing is cut off."""
    record = make_record(tmp_path, RUBRIC)
    monkeypatch.setattr("pmpromo.audit.storage.LONGEST_ENTRY", 10_000)
    with Path(record.path).open("ab") as file:
        file.write(b"x" * 300_000)
    size = Path(record.path).stat().st_size
    with pytest.raises(DataError, match="record: ends in a line longer than any entry"):
        record.append(RUBRIC, at=AT)
    assert Path(record.path).stat().st_size == size


def test_long_lines_are_found_from_the_end(tmp_path: Path) -> None:
    """The last line is found though it is longer than what is read at once."""
    record = Record(tmp_path / "r")
    for size in (10, 300_000, 70_000):
        noun = RUBRIC.model_copy(update={"content": {"x": "y" * size}})
        record.append(noun, at=AT)
    assert record.append(RUBRIC, at=AT).seq == 4
    assert record.verify().is_intact
