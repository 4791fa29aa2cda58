"""How far a run got that reads one file and grows others, so that it can go on after a kill.

While it runs, ``scores.jsonl.part`` grows, and ``scores.jsonl.journal`` notes after every few
packets how long each file is, with its SHA-256 up to there. The next run takes up what still is as
the last note says, cuts off what came after, and makes everything else anew. Only a whole run puts
its files in their places and takes the journal away.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Journal", "Mark", "Measure", "Prefix", "lock"]

Measure = tuple[int, str]
"""The length of a file up to some place, and the SHA-256 of that."""

BLOCK: Final = 1 << 20
"""How many bytes are hashed at once."""


class Mark(NamedTuple):
    """What a run has done: lines read, packets seen, how many of them refused, and first of why."""

    line: int = 0
    packets: int = 0
    refused: int = 0
    told: tuple[str, ...] = ()


_KEYS: Final = {*Mark._fields, "files"}


class Prefix:
    """A file from its start to where a run stands: its length so far, and the digest of that.

    >>> from io import BytesIO
    >>> prefix = Prefix(BytesIO(b"one and two"))
    >>> prefix.readline(3), prefix.measure()[0]
    (b'one', 3)
    """

    def __init__(self, file: BinaryIO) -> None:
        self.name = getattr(file, "name", "")
        self._file = file
        self._length = 0
        self._digest = hashlib.sha256()

    def readline(self, size: int) -> bytes:
        """Read the next line, or the start of a long one."""
        return self._count(self._file.readline(size))

    def write(self, data: bytes) -> None:
        """Add to the end, and let go of it: what is written then outlives a kill."""
        self._file.write(self._count(data))
        self._file.flush()

    def measure(self) -> Measure:
        """Return the length, and the SHA-256 of all up to there."""
        return self._length, self._digest.hexdigest()

    def take_up(self, length: int, digest: str) -> bool:
        """Go forward to a length, and tell whether all up to there has this digest."""
        while block := self._file.read(min(length - self._length, BLOCK)):
            self._count(block)
        return self.measure() == (length, digest)

    def rewind(self) -> None:
        """Go back to the start."""
        self._file.seek(0)
        self._length, self._digest = 0, hashlib.sha256()

    def cut(self) -> None:
        """Cut off what comes after."""
        self._file.truncate(self._length)

    def settle(self) -> None:
        """Bring all of it to the disk."""
        os.fsync(self._file.fileno())

    def _count(self, data: bytes) -> bytes:
        self._length += len(data)
        self._digest.update(data)
        return data


class Journal:
    """The notes of a run. No other run can use them while its file is open.

    `asked` says in one text what the run was asked; the notes of a run that was asked anything else
    are worth nothing.
    """

    def __init__(self, file: BinaryIO, asked: str) -> None:
        self._file = file
        self._head = {"asked": hashlib.sha256(asked.encode()).hexdigest()}

    def resume(self, read: Prefix, grown: Mapping[str, Prefix]) -> Mark:
        """Go to where the last run of the same got, and return what it had done."""
        files = {"read": read, **grown}
        for each in files.values():
            each.rewind()
        note = self._find_last()
        if note is None or not _fits(note, files):
            return self.restart(read, grown)
        for each in grown.values():
            each.cut()
        return Mark(**{name: note[name] for name in Mark._fields} | {"told": tuple(note["told"])})

    def restart(self, read: Prefix, grown: Mapping[str, Prefix]) -> Mark:
        """Begin anew."""
        for each in (read, *grown.values()):
            each.rewind()
        for each in grown.values():
            each.cut()
        self._file.truncate(0)
        self._write(self._head)
        return Mark()

    def note(self, done: Mark, read: Measure, grown: Mapping[str, Prefix]) -> None:
        """Note what is done; `done.told` are the problems that came since the last note."""
        files = {"read": read, **{name: each.measure() for name, each in grown.items()}}
        self._write({**done._asdict(), "files": files})

    def _write(self, note: Mapping[str, object]) -> None:
        self._file.write(json.dumps(note).encode() + b"\n")
        self._file.flush()

    def _find_last(self) -> dict[str, Any] | None:
        """Return the last note of a run that was asked the same, with all that was told so far.

        What comes after it, such as a torn note, is cut off.
        """
        self._file.seek(0)
        head = self._file.readline()
        last: dict[str, Any] | None = None
        length = len(head)
        if _parse(head) != self._head:
            return None
        for line in self._file:
            note = _parse(line)
            if note is None or note.keys() != _KEYS:
                break
            last = note | {"told": [*(last["told"] if last else ()), *note["told"]]}
            length += len(line)
        self._file.truncate(length)
        return last


def _parse(line: bytes) -> dict[str, Any] | None:
    """Return what a whole line of a journal says."""
    try:
        note = json.loads(line) if line.endswith(b"\n") else None
    except ValueError:
        return None
    return note if isinstance(note, dict) else None


def _fits(note: Mapping[str, Any], files: Mapping[str, Prefix]) -> bool:
    """Tell whether files still are as a note says; go to where it says they were."""
    noted = note["files"]
    return noted.keys() == files.keys() and all(
        each.take_up(*noted[name]) for name, each in files.items()
    )


def lock(file: BinaryIO) -> bool:
    """Keep a file to this process while it is open; tell whether no other one has it.

    >>> from tempfile import TemporaryFile
    >>> with TemporaryFile() as file:
    ...     lock(file)
    True
    """
    try:
        import fcntl  # noqa: PLC0415 - not every system has it
    except ImportError:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
