"""Kills, full disks and many writers at once: nothing acknowledged is lost, and nothing is torn."""

from __future__ import annotations

import errno
import os
import resource
import select
import signal
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from audit.logbook import AT, EVERYTHING, RUBRIC, assessed, make_record

from pmpromo.audit import Receipt, Record, storage
from pmpromo.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
"""Other tests may have left threads behind; a child here uses none of what they hold."""


def read_bytes(record: Record) -> bytes:
    """All of a record."""
    return Path(record.path).read_bytes()


# --- killed in a write


def in_child(work: Callable[[int], None]) -> tuple[int, int]:
    """Start work in a process of its own; give its id and the end of a pipe that it writes to."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Threads of libraries stay behind in the parent; the child only writes to the record.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:  # pragma: no cover - the child is not measured
        os.close(reading)
        try:
            work(writing)
        finally:
            os._exit(0)
    os.close(writing)
    return child, reading


def read_receipts(reading: int) -> list[Receipt]:
    """Read the receipts that a child wrote down before it ended."""
    with os.fdopen(reading, "rb") as pipe:
        lines = pipe.read().split(b"\n")[:-1]
    pairs = [line.decode().partition(":") for line in lines]
    return [Receipt(int(seq), digest) for seq, _, digest in pairs]


def write_without_end(record: Record, writing: int) -> None:
    """Append entries of several sizes for ever; write down each receipt when it is given."""
    size = 0
    while True:
        size = (size * 7 + 1009) % 500_000
        noun = RUBRIC.model_copy(update={"content": {"x": "y" * size}})
        receipt = record.append(noun, at=AT)
        os.write(writing, f"{receipt}\n".encode())


def kill_again_and_again(record: Record, times: int) -> int:
    """Kill a writer so often, each time at another moment; give how many kills tore a line."""
    receipts: list[Receipt] = []
    torn = 0
    for round_ in range(times):
        child, reading = in_child(lambda pipe: write_without_end(record, pipe))
        # The writer is under way once it says so; then it is let run a little, each time longer.
        select.select([reading], [], [], 30)
        select.select([], [], [], (round_ % 20) * 0.0011)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        receipts += read_receipts(reading)
        found = record.verify(receipts)
        assert found.is_intact, str(found)
        assert found.entries >= receipts[-1].seq
        torn += bool(found.unfinished)
    last = record.append(RUBRIC, at=AT)
    found = record.verify([*receipts, last])
    assert (found.is_intact, found.unfinished, found.entries) == (True, 0, last.seq)
    return torn


def test_killed_twenty_times(tmp_path: Path) -> None:
    """Each entry whose receipt was given is there after each kill, and the next writer goes on."""
    kill_again_and_again(Record(tmp_path / "r"), 20)


@pytest.mark.slow
def test_killed_two_hundred_times(tmp_path: Path) -> None:
    """The same, two hundred times over."""
    kill_again_and_again(Record(tmp_path / "r"), 200)


def test_a_write_cut_short_at_any_byte(tmp_path: Path) -> None:
    """Wherever a write ended, what was acknowledged stays, and the next writer goes on.

    It counts the bytes that it removed; where only the line end is missing it puts that back.
    """
    record = make_record(tmp_path, RUBRIC)
    before = len(read_bytes(record))
    record.append(assessed(), at=AT)
    whole = read_bytes(record)
    places = [*range(before, before + 20), *range(before + 20, len(whole) - 20, 11)]
    for place in [*places, *range(len(whole) - 20, len(whole))]:
        Path(record.path).write_bytes(whole[:place])
        receipt = record.append(EVERYTHING[3], at=AT)
        entries = list(record.entries())
        is_entry = place == len(whole) - 1
        assert receipt == entries[-1].receipt
        assert [entry.seq for entry in entries] == ([1, 2, 3] if is_entry else [1, 2])
        assert entries[-1].cut == (0 if is_entry else place - before)
        assert record.verify().is_intact


def test_a_first_write_cut_short(tmp_path: Path) -> None:
    """A record that never came to its first line end is begun again; one entry counts the bytes."""
    Path(tmp_path / "r").write_bytes(b'{"at":"20')
    record = Record(tmp_path / "r")
    assert [receipt.seq for receipt in record.extend([RUBRIC, RUBRIC], at=AT)] == [1, 2]
    assert [entry.cut for entry in record.entries()] == [9, 0]


def erase_without_end(record: Record, writing: int) -> None:
    """Record and erase somebody for ever; write down the receipts."""
    while True:
        record.append(assessed("c-gone"), at=AT)
        receipt = record.erase("c-gone", who="privacy office", why="asked for", at=AT)
        os.write(writing, f"{receipt}\n".encode())


def test_killed_while_erasing(tmp_path: Path) -> None:
    """A kill leaves the record as it was before an erasure or after it, and never in between."""
    record = make_record(tmp_path)
    receipts: list[Receipt] = []
    for round_ in range(8):
        child, reading = in_child(lambda pipe: erase_without_end(record, pipe))
        select.select([reading], [], [], 30)
        select.select([], [], [], round_ * 0.0013)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        receipts += read_receipts(reading)
        found = record.verify(receipts)
        assert found.is_intact, str(found)
    record.append(RUBRIC, at=AT)
    assert {file.name for file in tmp_path.iterdir()} == {"record.jsonl", "record.jsonl.lock"}


# --- the disk


def fill_disk(record: Record, writing: int) -> None:
    """Append until the file may not grow any more, then write once more with more room."""
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, unlimited))
    refused = 0
    while refused < 3:
        try:
            receipt = record.extend([assessed(), RUBRIC], at=AT)[-1]
            os.write(writing, f"{receipt}\n".encode())
        except DataError as error:
            refused += "File too large" in str(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (unlimited, unlimited))
    receipt = record.append(RUBRIC, at=AT)
    os.write(writing, f"{receipt}\n".encode())


def test_a_full_disk(tmp_path: Path) -> None:
    """Where a file may not grow, every write fails whole, and goes on when there is room again."""
    record = Record(tmp_path / "r")
    child, reading = in_child(lambda pipe: fill_disk(record, pipe))
    receipts = read_receipts(reading)
    os.waitpid(child, 0)
    found = record.verify(receipts)
    assert found.is_intact, str(found)
    assert (found.unfinished, found.entries) == (0, receipts[-1].seq)
    assert receipts[-1].seq == receipts[-2].seq + 1
    assert 30_000 < len(read_bytes(record)) < 42_000


def fail(code: int) -> Callable[..., Any]:
    """A call of the system that fails."""

    def call(*_: Any) -> None:  # noqa: ANN401 - whatever the call is given
        raise OSError(code, os.strerror(code))

    return call


def test_a_write_that_fails_halfway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a line on the disk and then an error: it is taken back, and nothing acknowledged."""
    record = make_record(tmp_path)
    before = read_bytes(record)
    write = os.write

    def write_some(file: int, data: bytes) -> int:
        if len(data) < 200:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(file, data[:100])

    monkeypatch.setattr(os, "write", write_some)
    with pytest.raises(DataError, match="No space left on device; nothing was acknowledged"):
        record.append(RUBRIC, at=AT)
    assert read_bytes(record) == before


def test_a_disk_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If `fsync` fails the entry is taken back; it may not be there when the power comes back."""
    record = make_record(tmp_path)
    before = read_bytes(record)
    monkeypatch.setattr(os, "fsync", fail(errno.EIO))
    with pytest.raises(DataError, match="Input/output error"):
        record.append(RUBRIC, at=AT)
    assert read_bytes(record) == before


def test_a_write_that_cannot_be_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If even that fails, a line without its end stays, and the next writer removes it."""
    record = make_record(tmp_path)
    cut, write = os.ftruncate, os.write
    calls = iter([cut, fail(errno.EIO)])

    def cut_once(file: int, size: int) -> None:
        next(calls)(file, size)

    monkeypatch.setattr(os, "ftruncate", cut_once)

    def write_some(file: int, data: bytes) -> int:
        write(file, data[:100])
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "write", write_some)
    with pytest.raises(DataError, match="Input/output error"):
        record.append(RUBRIC, at=AT)
    monkeypatch.undo()
    assert record.verify().unfinished == 100
    assert record.append(RUBRIC, at=AT).seq == 10
    assert [entry.cut for entry in record.entries()] == [*[0] * 9, 100]


def test_an_interrupt_in_a_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who stops a program in a write finds the record as it was, and free for the next."""
    record = make_record(tmp_path)
    before = read_bytes(record)

    def stop(*_: Any) -> None:  # noqa: ANN401 - whatever the call is given
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        record.append(RUBRIC, at=AT)
    monkeypatch.undo()
    assert read_bytes(record) == before
    assert record.append(RUBRIC, at=AT).seq == 10


def test_the_name_of_a_new_record_is_with_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is waited for once, when the record is made; later only the file is."""
    synced: list[str] = []
    fsync = os.fsync

    def note(file: int) -> None:
        synced.append(Path(f"/proc/self/fd/{file}").readlink().name)
        fsync(file)

    monkeypatch.setattr(os, "fsync", note)
    record = Record(tmp_path / "r")
    record.append(RUBRIC, at=AT)
    record.append(RUBRIC, at=AT)
    assert synced == ["r", tmp_path.name, "r"]


def test_many_entries_wait_for_the_disk_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`extend` writes all of its entries before it waits."""
    record = make_record(tmp_path, RUBRIC)
    calls: list[int] = []
    monkeypatch.setattr(os, "fsync", calls.append)
    record.extend([assessed(f"c-{i}") for i in range(50)], at=AT)
    assert len(calls) == 1
    assert record.verify().entries == 51


# --- many writers


def append_some(path: Path, name: str, count: int) -> list[Receipt]:
    """Append entries about one candidate; give their receipts."""
    record = Record(path)
    return [record.append(assessed(name), at=AT) for _ in range(count)]


def check_all_there(record: Record, receipts: list[Receipt]) -> None:
    """Every receipt is in the record, each of another entry, and there is nothing else."""
    found = record.verify(receipts)
    assert found.is_intact, str(found)
    assert sorted(receipt.seq for receipt in receipts) == list(range(1, len(receipts) + 1))
    assert found.entries == len(receipts)


def test_threads(tmp_path: Path) -> None:
    """Eight threads write at once: every entry is there, in one chain."""
    record = Record(tmp_path / "r")
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda i: append_some(tmp_path / "r", f"c-{i}", 10), range(8)))
    check_all_there(record, [receipt for receipts in done for receipt in receipts])


def test_processes(tmp_path: Path) -> None:
    """Four processes write at once, and one erases meanwhile: nothing is lost or torn."""
    record = Record(tmp_path / "r")
    record.extend([RUBRIC, assessed("c-gone")], at=AT)
    children = [
        in_child(lambda pipe, i=i: write_some(record, i, pipe))  # type: ignore[misc]
        for i in range(4)
    ]
    erasure = record.erase("c-gone", who="privacy office", why="asked for", at=AT)
    receipts = [receipt for _, reading in children for receipt in read_receipts(reading)]
    for child, _ in children:
        os.waitpid(child, 0)
    found = record.verify([*receipts, erasure])
    assert found.is_intact, str(found)
    assert (found.entries, found.erased) == (2 + 1 + 4 * 15, 1)
    assert len({receipt.seq for receipt in receipts}) == 60


def write_some(record: Record, number: int, writing: int) -> None:
    """Append fifteen entries and write down their receipts."""
    for receipt in append_some(Path(record.path), f"c-{number}", 15):
        os.write(writing, f"{receipt}\n".encode())


def test_a_reader_beside_a_writer(tmp_path: Path) -> None:
    """Who reads while others write sees whole entries, and at most an unfinished last line."""
    record = make_record(tmp_path)
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(append_some, Path(record.path), "c-7", 20)
        while not writing.done():
            found = record.verify()
            assert found.is_intact, str(found)
    assert record.verify().entries == 29


def test_the_lock_is_freed_by_a_kill(tmp_path: Path) -> None:
    """A writer killed while it holds the lock does not stop the next one."""
    record = make_record(tmp_path)

    def hold(writing: int) -> None:
        with storage.locked(Path(record.path)):
            os.write(writing, b"held")
            select.select([], [], [], 60)

    child, reading = in_child(hold)
    assert os.read(reading, 4) == b"held"
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reading)
    assert record.append(RUBRIC, at=AT).seq == 10
