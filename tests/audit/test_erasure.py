"""One person's data leave the record, and the chain still verifies."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from audit.logbook import AT, RUBRIC, assessed, make_record

from pmpromo.audit import Record, storage
from pmpromo.audit.chain import commit
from pmpromo.errors import DataError

if TYPE_CHECKING:
    from pmpromo.audit import Receipt

ABOUT_C1 = (3, 4, 6)


def erase(record: Record, candidate: str = "c-1") -> Receipt:
    """Erase one candidate."""
    return record.erase(candidate, who="privacy office", why="asked for", at=AT)


def test_what_was_erased_is_gone(tmp_path: Path) -> None:
    """No byte of a body or salt about the candidate is left, and none about others is lost."""
    record = make_record(tmp_path)
    before = list(record.entries())
    receipt = erase(record)
    data = Path(record.path).read_bytes()
    for entry in before:
        if entry.seq in ABOUT_C1:
            assert (entry.salt or "?").encode() not in data
    assert b"c-1" not in data
    assert "Größe".encode() not in data
    after = list(record.entries())
    assert [entry.seq for entry in after if entry.is_erased] == [*ABOUT_C1]
    assert [entry.noun for entry in after if entry.is_erased] == [None] * 3
    kept = [entry for entry in before if entry.seq not in ABOUT_C1]
    assert [entry for entry in after if not entry.is_erased][:-1] == kept
    assert receipt.seq == 10


def test_the_chain_still_verifies(tmp_path: Path) -> None:
    """Heads, digests and links are as they were, also against receipts from before."""
    record = make_record(tmp_path)
    receipts = [entry.receipt for entry in record.entries()]
    heads = [(e.seq, e.at, e.kind, e.previous, e.commitment, e.digest) for e in record.entries()]
    erase(record)
    found = record.verify(receipts)
    assert (found.is_intact, found.entries, found.erased) == (True, 10, 3)
    after = [(e.seq, e.at, e.kind, e.previous, e.commitment, e.digest) for e in record.entries()]
    assert after[:9] == heads


def test_the_erasure_is_on_record_and_names_nobody(tmp_path: Path) -> None:
    """Which entries, who and why are recorded; whose they were is not."""
    record = make_record(tmp_path)
    erase(record)
    *_, last = record.entries()
    assert (last.kind, last.body) == (
        "erasure",
        {"entries": [*ABOUT_C1], "who": "privacy office", "why": "asked for"},
    )


def test_the_next_writer_goes_on(tmp_path: Path) -> None:
    """After an erasure the record is written on, also by those who had opened it before."""
    record = make_record(tmp_path)
    other = Record(record.path)
    erase(record)
    assert other.append(assessed("c-3"), at=AT).seq == 11
    assert record.verify().is_intact


def test_erasing_one_after_another(tmp_path: Path) -> None:
    """Two candidates erased one after another: two erasures, nothing personal left."""
    record = make_record(tmp_path)
    erase(record)
    erase(record, "C-2")
    found = record.verify()
    assert (found.is_intact, found.erased, found.entries) == (True, 7, 11)
    assert b"c-2" not in Path(record.path).read_bytes().lower()


def test_a_body_that_comes_back_is_found(tmp_path: Path) -> None:
    """An old copy of a line put back after its erasure is told: somebody kept what was to go."""
    record = make_record(tmp_path)
    before = Path(record.path).read_bytes().splitlines(keepends=True)
    erase(record)
    after = Path(record.path).read_bytes().splitlines(keepends=True)
    Path(record.path).write_bytes(b"".join([*after[:3], before[3], *after[4:]]))
    [problem] = record.verify().problems
    assert str(problem) == "record.jsonl:4:1: was erased, and its body stands here again"
    Path(record.path).write_bytes(b"".join([*after[:3], *after[4:]]))
    [problem] = record.verify().problems
    assert "entries are missing before it" in str(problem)


def test_a_guess_cannot_be_tried(tmp_path: Path) -> None:
    """Who guesses the body right still cannot show it: without the salt every guess looks wrong."""
    record = make_record(tmp_path)
    body = next(e.body for e in record.entries() if e.seq == 3)
    erase(record)
    erased = next(e for e in record.entries() if e.seq == 3)
    assert commit("00" * 32, body) != erased.commitment
    plain = hashlib.sha256(b"").hexdigest()
    assert plain not in erased.commitment


@pytest.mark.parametrize("candidate", ["c-9", "", "c-1 "])
def test_nobody_of_that_name(tmp_path: Path, candidate: str) -> None:
    """An id that the record does not know changes nothing, and the error does not repeat it."""
    record = make_record(tmp_path)
    before = Path(record.path).read_bytes()
    with pytest.raises(DataError, match="candidate: no entry is about this candidate") as caught:
        erase(record, candidate)
    assert "c-9" not in str(caught.value)
    assert Path(record.path).read_bytes() == before


def test_an_erasure_needs_a_reason(tmp_path: Path) -> None:
    """Who and why are text, or nothing is erased."""
    record = make_record(tmp_path)
    with pytest.raises(DataError, match="erasure: who or why is no text"):
        record.erase("c-1", who="", why="asked for", at=AT)
    assert record.verify().erased == 0


def test_a_changed_record_is_not_rewritten(tmp_path: Path) -> None:
    """Erasing would cover up what was changed: it stops and says where."""
    record = make_record(tmp_path)
    data = Path(record.path).read_bytes().replace(b"not yet", b"not now")
    Path(record.path).write_bytes(data)
    with pytest.raises(DataError, match="line 7: body, salt or commitment was changed"):
        erase(record)
    assert Path(record.path).read_bytes() == data


def test_an_unfinished_line_is_counted_and_removed(tmp_path: Path) -> None:
    """What a killed writer left is gone after an erasure, and its entry says how much it was."""
    record = make_record(tmp_path)
    with Path(record.path).open("ab") as file:
        file.write(b'{"at":"2026')
    erase(record)
    *_, last = record.entries()
    assert last.cut == 11
    assert record.verify().unfinished == 0


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_a_failed_erasure_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """A disk that fails before the new file is in place leaves the old one."""
    record = make_record(tmp_path)
    before = Path(record.path).read_bytes()

    def fail(*_: Any) -> None:  # noqa: ANN401 - whatever the step is given
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path if step == "replace" else os, step, fail)
    with pytest.raises(DataError, match="No space left on device"):
        erase(record)
    monkeypatch.undo()
    assert Path(record.path).read_bytes() == before
    assert record.append(RUBRIC, at=AT).seq == 10


def test_a_draft_left_behind_is_removed(tmp_path: Path) -> None:
    """What a killed erasure left half written holds personal data: the next writer removes it."""
    record = make_record(tmp_path)
    draft = storage._name_draft(Path(record.path))
    draft.write_bytes(b"c-1")
    record.append(RUBRIC, at=AT)
    assert not draft.exists()


def test_rights_of_the_file_are_kept(tmp_path: Path) -> None:
    """A record that its owner opened to a group stays so."""
    record = make_record(tmp_path)
    Path(record.path).chmod(0o640)
    erase(record)
    assert Path(record.path).stat().st_mode & 0o777 == 0o640
