"""Bytes on disk that survive: one writer at a time, whole lines or none, and what was there stays.

A write is acknowledged after `fsync`: the bytes, and for a new file its name, are then with the
disk. What stands after the last line end was never acknowledged: a write was cut short, by a kill
or by a disk that was full, and the next writer removes it.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.audit.chain import LONGEST_ENTRY
from pmpromo.errors import DataError, Problem

if sys.platform == "win32":  # pragma: no cover - the suite runs elsewhere
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from pmpromo.audit.chain import Receipt

__all__ = ["Addition", "Tail", "append_durably", "locked", "read_lines", "replace_durably"]

PRIVATE: Final = 0o600
"""A record is about people: only its owner may read it."""

BLOCK: Final = 64 * 1024
"""Bytes read at once while the last line is looked for from the end."""

_ENDS: Final = 2
"""The last whole line stands between two line ends."""

_PLAIN: Final = (
    getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
)
"""No other end is waited for: what is no regular file is refused once it is open."""


class Tail(NamedTuple):
    """The end of a record: bytes of all whole lines, the last of them, and what stands after it."""

    size: int
    last: bytes
    rest: bytes


class Addition(NamedTuple):
    """What is written, where, and the receipts of the entries in it."""

    at: int
    data: bytes
    receipts: tuple[Receipt, ...]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the one right to write a record, over all threads and processes.

    The lock lies on a file beside the record, which stays: the record itself is replaced when
    something is erased. The system frees it when its holder ends, however it ends. What an erasure
    that was killed left half written is removed.
    """
    with _open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT) as lock:
        _wait_for(lock)
        _name_draft(path).unlink(missing_ok=True)
        yield


if sys.platform == "win32":  # pragma: no cover - the suite runs elsewhere

    def _wait_for(lock: int) -> None:
        while True:
            with suppress(OSError):  # it gives up after ten seconds; the wait goes on
                msvcrt.locking(lock, msvcrt.LK_LOCK, 1)
                return
else:

    def _wait_for(lock: int) -> None:
        fcntl.flock(lock, fcntl.LOCK_EX)


def append_durably(path: Path, make: Callable[[Tail], Addition]) -> tuple[Receipt, ...]:
    """Write what `make` adds to the end of the file, and return its receipts when that is safe.

    Call it while the record is locked. After an error the file ends where it ended before, or what
    was begun stands without a line end and the next writer removes it.
    """
    with _open(path, os.O_RDWR | os.O_CREAT) as file:
        tail = _read_tail(file)
        added = make(tail)
        try:
            _write_at(file, added.at, added.data)
        except BaseException:
            with suppress(OSError):
                os.ftruncate(file, added.at)
            raise
        if not added.at:
            _sync_folder(path)
    return added.receipts


def _write_at(file: int, at: int, data: bytes) -> None:
    """Cut a file off, write there, and wait for the disk."""
    os.ftruncate(file, at)
    os.lseek(file, at, os.SEEK_SET)
    _write_all(file, data)
    os.fsync(file)


def replace_durably(path: Path, lines: Iterable[bytes]) -> None:
    """Put new lines in the place of a file, in one step; call it while the record is locked.

    A crash leaves the old file or the new one.
    """
    draft = _name_draft(path)
    with _open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as file:
        for line in lines:
            _write_all(file, line)
        os.fsync(file)
    with _told():  # after the draft is closed: Windows moves no open file
        draft.chmod(stat.S_IMODE(path.stat().st_mode))
        draft.replace(path)
        _sync_folder(path)


def _name_draft(path: Path) -> Path:
    return path.with_name(f"{path.name}.draft")


def read_lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file with their ends; the last one may lack it.

    A line longer than any entry is cut, so that no file can fill the memory.
    """
    with _open(path, os.O_RDONLY) as file, os.fdopen(file, "rb", closefd=False) as stream:
        while line := stream.readline(LONGEST_ENTRY + 1):
            yield line
            while len(line) > LONGEST_ENTRY and not line.endswith(b"\n"):
                line = stream.readline(LONGEST_ENTRY + 1)


@contextmanager
def _open(path: Path, flags: int) -> Iterator[int]:
    """Open a regular file; every error of the system becomes one of ours."""
    with _told():
        file = os.open(path, flags | _PLAIN, PRIVATE)
        try:
            if not stat.S_ISREG(os.fstat(file).st_mode):
                raise _refuse("is no regular file", "give the path of a file of its own")
            yield file
        finally:
            os.close(file)


@contextmanager
def _told() -> Iterator[None]:
    """Turn every error of the system into one of ours."""
    try:
        yield
    except OSError as error:
        hint = "nothing was acknowledged; mend it and write again"
        raise _refuse(f"cannot be used: {error.strerror}", hint) from None


def _refuse(message: str, hint: str) -> DataError:
    return DataError([Problem("record", message, hint)])


def _read_tail(file: int) -> Tail:
    """Find the last two line ends, from the end backwards."""
    size = os.lseek(file, 0, os.SEEK_END)
    length = BLOCK
    while (data := _read_end(file, size, length)).count(b"\n") < _ENDS and length < size:
        if length > _ENDS * LONGEST_ENTRY:
            raise _refuse("ends in a line longer than any entry", "verify it; it was changed")
        length *= 2
    whole, end, rest = data.rpartition(b"\n")
    return Tail(size - len(rest), whole.rpartition(b"\n")[2] if end else b"", rest)


def _read_end(file: int, size: int, length: int) -> bytes:
    os.lseek(file, max(0, size - length), os.SEEK_SET)
    return os.read(file, min(size, length))


def _write_all(file: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(file, left) :]


def _sync_folder(path: Path) -> None:
    """Wait until the name of a file is with the disk."""
    if sys.platform == "win32":  # pragma: no cover - a folder cannot be opened there
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
