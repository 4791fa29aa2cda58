"""The record: what it takes, what it gives back, and what it refuses."""

from __future__ import annotations

import json
import os
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

import pytest
from audit.logbook import AT, EVERYTHING, MODEL, RUBRIC, assessed, make_record
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pmpromo.audit import Appeal, Decision, Entry, Material, Override, Receipt, Record
from pmpromo.audit.chain import Damage, read_entry, seal, write_entry
from pmpromo.audit.nouns import Erasure, name_kind
from pmpromo.digest import write_canonical
from pmpromo.errors import DataError

KINDS: Final = [
    *["material", "material", "assessment", "override", "assessment"],
    *["decision", "decision", "appeal", "correction"],
]


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    """Every noun is read back equal, in its order, with its time in UTC and its number."""
    record = make_record(tmp_path)
    entries = list(record.entries())
    assert [entry.noun for entry in entries] == list(EVERYTHING)
    assert [entry.kind for entry in entries] == KINDS
    assert [entry.seq for entry in entries] == list(range(1, 10))
    assert {entry.at for entry in entries} == {"2026-06-30T09:30:00.000000+00:00"}
    assert {entry.cut for entry in entries} == {0}


def test_each_entry_holds_the_digest_of_the_one_before(tmp_path: Path) -> None:
    """The first links to zeros, each other one to the digest before it, over several writes."""
    record = Record(str(tmp_path / "record.jsonl"))
    receipts = [record.append(noun, at=AT) for noun in EVERYTHING]
    entries = list(record.entries())
    assert entries[0].previous == f"sha256:{'0' * 64}"
    assert [e.previous for e in entries[1:]] == [e.digest for e in entries[:-1]]
    assert [entry.receipt for entry in entries] == receipts


def test_a_line_is_canonical_json(tmp_path: Path) -> None:
    """A line holds head, digest, salt and body as canonical JSON in UTF-8, and no more."""
    record = make_record(tmp_path)
    lines = Path(record.path).read_bytes().splitlines()
    value = json.loads(lines[3])
    assert list(value) == sorted(value)
    assert set(value) == {
        *["schema_version", "seq", "at", "kind", "cut", "previous", "commitment"],
        *["digest", "salt", "body"],
    }
    assert "Größe".encode() in lines[3]
    assert b", " not in lines[3].replace(b"ein Fall fehlte: ", b"")


def test_an_entry_in_a_log_tells_its_head_alone(tmp_path: Path) -> None:
    """What a log shows of an entry would not give back what an erasure takes out of the record."""
    entry = next(make_record(tmp_path).entries())
    assert (entry.salt, entry.body) != (None, None)
    assert str(entry.salt) not in repr(entry)
    assert "body" not in repr(entry)
    assert f"seq=1, at='{entry.at}', kind='{entry.kind}'" in repr(entry)


def test_digests_are_plain_sha256(tmp_path: Path) -> None:
    """Anybody can compute commitment and digest with a hash and a JSON writer."""
    from hashlib import sha256  # noqa: PLC0415 - what an outsider would use

    value = json.loads(Path(make_record(tmp_path, RUBRIC).path).read_bytes())
    body = json.dumps(value["body"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    salted = bytes.fromhex(value["salt"]) + body.encode()
    assert value["commitment"] == f"sha256:{sha256(salted).hexdigest()}"
    head = {k: v for k, v in value.items() if k not in {"digest", "salt", "body"}}
    text = json.dumps(head, sort_keys=True, separators=(",", ":"))
    assert value["digest"] == f"sha256:{sha256(text.encode()).hexdigest()}"


def test_salts_differ_and_are_long(tmp_path: Path) -> None:
    """The same noun twice has two salts of 32 bytes and two commitments."""
    entries = list(make_record(tmp_path, RUBRIC, RUBRIC).entries())
    assert entries[0].salt != entries[1].salt
    assert entries[0].commitment != entries[1].commitment
    assert [len(entry.salt or "") for entry in entries] == [64, 64]


def test_times_are_told_and_written_in_utc(tmp_path: Path) -> None:
    """A time of another zone is written as the same moment in UTC; no clock is read."""
    record = Record(tmp_path / "r")
    zone = timezone(timedelta(hours=-7))
    record.append(RUBRIC, at=datetime(2026, 6, 30, 23, 0, 0, 5, tzinfo=zone))
    assert next(iter(record.entries())).at == "2026-07-01T06:00:00.000005+00:00"


@pytest.mark.parametrize("at", [datetime(2026, 6, 30), "2026-06-30", None])  # noqa: DTZ001
def test_times_without_a_zone_are_refused(tmp_path: Path, at: Any) -> None:  # noqa: ANN401
    """Nobody knows what moment a time without a zone means."""
    record = Record(tmp_path / "r")
    with pytest.raises(
        DataError, match="at: is no time with a zone; give a datetime with its zone"
    ):
        record.append(RUBRIC, at=at)
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("noun", ["a note", {"who": "m"}, Erasure(entries=(1,), who="a", why="b")])
def test_other_things_are_refused(tmp_path: Path, noun: Any) -> None:  # noqa: ANN401
    """Only nouns of a record are taken, an erasure only from `erase`; nothing is written."""
    record = Record(tmp_path / "r")
    with pytest.raises(DataError, match=r"nouns\[1\]: cannot be recorded; give a Material"):
        record.extend([RUBRIC, noun], at=AT)
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    "content", [{"x": float("nan")}, {"x": float("inf")}, {"x": "\ud800"}, {"x": 10**5000}]
)
def test_what_json_cannot_hold_is_refused(tmp_path: Path, content: Any) -> None:  # noqa: ANN401
    """Numbers that are none, halves of characters and endless digits leave the record as it was."""
    record = make_record(tmp_path, RUBRIC)
    before = Path(record.path).read_bytes()
    with pytest.raises((DataError, ValidationError)):
        record.extend([RUBRIC, Material(of="model", content=content)], at=AT)
    assert Path(record.path).read_bytes() == before


def test_deep_content_is_refused(tmp_path: Path) -> None:
    """Lists a hundred thousand deep are an error of ours."""
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    noun = Material.model_construct(of="model", content={"x": deep})
    with pytest.raises((DataError, ValueError)):
        Record(tmp_path / "r").append(noun, at=AT)


def test_too_long_an_entry_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that the reader would not read is not written."""
    monkeypatch.setattr("pmpromo.audit.verification.LONGEST_ENTRY", 1000)
    record = Record(tmp_path / "r")
    with pytest.raises(DataError, match="material: cannot be written as JSON; give values that"):
        record.append(Material(of="model", content={"x": "y" * 1000}), at=AT)


@pytest.mark.parametrize(
    ("noun", "changes"),
    [
        (Override, {"candidate": "no id", "who": "m", "why": "x", "before": 1, "after": 2}),
        (Override, {"candidate": "c", "who": "", "why": "x", "before": 1, "after": 2}),
        (Override, {"candidate": "c", "who": "m", "before": 1, "after": 2}),
        (Decision, {"candidate": "c", "who": "m", "why": "x", "outcome": "fired"}),
        (Appeal, {"candidate": "c", "who": "m", "why": "x\u202e", "step": "opened"}),
        (Appeal, {"candidate": "c", "who": "m", "why": "x", "step": "opened", "about": 0}),
    ],
)
def test_nouns_are_checked(noun: Any, changes: dict[str, Any]) -> None:  # noqa: ANN401
    """An override has somebody who did it and a reason; every other noun has its own rules."""
    with pytest.raises(ValidationError):
        noun(**changes)


def test_nothing_to_append(tmp_path: Path) -> None:
    """No nouns, no entries, no error."""
    assert Record(tmp_path / "r").extend([], at=AT) == ()


def test_only_its_owner_reads_a_record(tmp_path: Path) -> None:
    """The file and its lock are private from the start."""
    record = make_record(tmp_path)
    for path in (Path(record.path), tmp_path / "record.jsonl.lock"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_missing_record_and_a_missing_folder(tmp_path: Path) -> None:
    """Reading nothing, and writing where nothing can be, are errors of ours."""
    record = Record(tmp_path / "none" / "r")
    with pytest.raises(DataError, match="record: cannot be used: No such file or directory"):
        list(record.entries())
    with pytest.raises(DataError, match="record: cannot be used: No such file or directory"):
        record.append(RUBRIC, at=AT)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """A folder, a pipe or a device is no record."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, Path("/dev/null")):
        with pytest.raises(DataError, match=r"is no regular file|Is a directory"):
            list(Record(path).entries())
    with pytest.raises(DataError, match="is no regular file"):
        Record(tmp_path / "pipe").append(RUBRIC, at=AT)


def test_a_link_leads_to_its_record(tmp_path: Path) -> None:
    """Through a link the same file is written, locked and freed of a person."""
    record = make_record(tmp_path)
    (tmp_path / "link").symlink_to(Path(record.path))
    through = Record(tmp_path / "link")
    through.append(MODEL, at=AT)
    through.erase("c-1", who="dpo", why="asked for", at=AT)
    assert (tmp_path / "link").is_symlink()
    assert record.verify().is_intact
    assert record.verify().entries == 11


def test_kinds_are_known_by_type() -> None:
    """Only the nouns themselves have a kind."""
    assert [name_kind(noun) for noun in EVERYTHING] == KINDS
    assert name_kind(None) is None


def make_entry(**changes: Any) -> bytes:  # noqa: ANN401
    """The line of an entry with parts changed, sealed anew where that is possible."""
    entry = seal(RUBRIC, "2026-06-30T09:30:00.000000+00:00", bytes(32), None)
    value = json.loads(write_entry(entry)) | changes
    return write_canonical(value).encode()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"", "is not the JSON of an entry"),
        (b"\xff", "is not the JSON"),
        (b'{"a":NaN}', "is not the JSON"),
        (b"[" * 100_000, "is not the JSON"),
        (b"[]", "is not written as entries are"),
        (b'{"b":1,"a":2}', "is not written as entries are"),
        (b'{"a":1,"a":1}', "is not written as entries are"),
        *(
            (make_entry(schema_version=odd), "is of another version; a newer release may read it")
            for odd in (2, True, 1.0, None)
        ),
        (make_entry(seq="1"), "seq is not as in an entry"),
        (make_entry(seq=True), "seq is not as"),
        (make_entry(cut=-1), "cut is not as"),
        (make_entry(at="yesterday"), "at is not as"),
        (make_entry(kind="note"), "kind is not as"),
        (make_entry(kind=[]), "kind is not as"),
        (make_entry(digest="sha256:0", previous=None), "previous and digest is not as"),
        (make_entry(salt="00"), "salt is not as"),
        (make_entry(body=[]), "body is not as"),
        (make_entry(more=1), "a key is not as in an entry"),
        (make_entry(body=None), "half of its body was removed"),
        (make_entry(salt=None), "half of its body was removed"),
        (make_entry(body={"of": "model", "content": {}}), "body, salt or commitment was changed"),
        (make_entry(salt="1" * 64), "body, salt or commitment was changed"),
        (make_entry(commitment=f"sha256:{'1' * 64}"), "body, salt or commitment was changed"),
        (make_entry(cut=5), "at, kind, cut or digest was changed"),
        (make_entry(kind="appeal"), "its body is no appeal"),
    ],
)
def test_every_kind_of_damage_is_told(line: bytes, message: str) -> None:
    """A line that is no entry, or was changed, says how it differs."""
    with pytest.raises(Damage, match=message):
        read_entry(line)


@given(st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text()))
def test_any_content_survives(content: dict[str, Any]) -> None:
    """Whatever JSON can hold is written and read back equal, or refused."""
    entry = seal(Material(of="model", content=content), AT_TEXT, bytes(32), None)
    try:
        line = write_entry(entry)
    except UnicodeEncodeError:
        return
    found = read_entry(line[:-1])
    assert found == entry
    assert found.body == {"of": "model", "content": content}


AT_TEXT: Final = "2026-06-30T09:30:00.000000+00:00"


def test_receipts_are_short_text() -> None:
    """A receipt prints as number and digest, to be kept anywhere."""
    entry = seal(RUBRIC, AT_TEXT, bytes(32), None)
    assert str(entry.receipt) == f"1:{entry.digest}"
    assert entry.receipt == Receipt(1, entry.digest)
    assert isinstance(entry, Entry)


def test_the_same_salts_give_the_same_bytes(tmp_path: Path) -> None:
    """But for its salts a record is a function of what it is told."""
    texts = []
    for name in ("a", "b"):
        record = Record(tmp_path / name, salts=bytes)
        record.extend(EVERYTHING, at=AT.astimezone(UTC))
        texts.append(Path(record.path).read_bytes())
    assert texts[0] == texts[1]


def test_assessments_of_both_candidates(tmp_path: Path) -> None:
    """Two assessments about different people keep apart."""
    record = make_record(tmp_path, RUBRIC, assessed("c-1"), assessed("c-2"))
    assert [e.body["candidate"] for e in record.entries() if e.body and "candidate" in e.body] == [
        "c-1",
        "c-2",
    ]
