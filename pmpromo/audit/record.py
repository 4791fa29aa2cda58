"""The record: what was assessed, overridden, decided and contested, one line an entry.

Append-only and hash-chained, safe for many writers at once, and for kills and full disks. It can be
looked through, replayed, and freed of one person's data without breaking the chain.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from pmpromo.audit.chain import (
    SALT_BYTES,
    Damage,
    Entry,
    Receipt,
    read_entry,
    seal,
    write_entry,
)
from pmpromo.audit.nouns import Erasure, name_kind
from pmpromo.audit.storage import Addition, append_durably, locked, read_lines, replace_durably
from pmpromo.audit.verification import read_line, verify_lines, walk_lines
from pmpromo.errors import DataError, Problem
from pmpromo.reading.places import display

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pmpromo.audit.nouns import Recordable
    from pmpromo.audit.storage import Tail
    from pmpromo.audit.verification import Step, Verification
    from pmpromo.words import Noun

__all__ = ["Record"]


@dataclass(frozen=True, slots=True)
class Record:
    """A record in a file, which the first entry makes. Many threads and processes may share it.

    `salts` gives the random bytes that hide what was erased; whoever can foresee them can guess
    bodies again.

    >>> import tempfile
    >>> from datetime import datetime, timezone
    >>> from pmpromo.audit import Override
    >>> override = Override(candidate="c-1", who="m-2", why="one more", before=0.6, after=0.7)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     record = Record(f"{folder}/record.jsonl")
    ...     receipt = record.append(override, at=datetime(2026, 6, 30, 9, tzinfo=timezone.utc))
    ...     record.verify([receipt]).is_intact, [entry.kind for entry in record.entries()]
    (True, ['override'])
    """

    path: str | os.PathLike[str]
    salts: Callable[[int], bytes] = field(default=os.urandom, repr=False, compare=False)

    def append(self, noun: Recordable, *, at: datetime) -> Receipt:
        """Append one entry, and return its receipt once it is with the disk.

        `at` is when it happened, with a zone: no clock is read here.

        Raises:
            DataError: what cannot be recorded, a file that cannot be written, a damaged end.
        """
        return self.extend([noun], at=at)[0]

    def extend(self, nouns: Sequence[Recordable], *, at: datetime) -> tuple[Receipt, ...]:
        """Append several entries in one write, and wait for the disk once.

        After an error none of them stands; after a crash some may, the first ones, unacknowledged.
        """
        time = _write_time(at)
        _check_nouns(nouns)
        with locked(self._file):
            return append_durably(self._file, lambda tail: self._add(nouns, time, tail))

    def exists(self) -> bool:
        """Tell whether the record was begun."""
        return self._file.exists()

    def entries(self) -> Iterator[Entry]:
        """Return the entries in order, as far as they are whole.

        Raises:
            DataError: at the first line that was changed.
        """
        return (step.entry for step in self._walk() if step.entry is not None)

    def verify(self, receipts: Iterable[Receipt] = ()) -> Verification:
        """Look through the whole record, and hold it against receipts that were kept elsewhere.

        Every changed byte is found and told with its line. Entries cut off at the end, and a record
        written anew from its start, are found only where a receipt tells of them.
        """
        return verify_lines(display(self._file.name), read_lines(self._file), receipts)

    def erase(self, candidate: str, *, who: str, why: str, at: datetime) -> Receipt:
        """Remove the bodies and salts of all entries about a candidate, and record that.

        Heads, digests and links stay, so the chain still verifies; kind and time of each entry stay
        too. Afterwards nobody can tell from the record what was said or about whom.

        Raises:
            DataError: no entry about this candidate, or a record that is damaged.
        """
        time = _write_time(at)
        with locked(self._file):
            found, last, cut = self._find(candidate)
            noun = _make_erasure(found, who, why)
            erasure, line = _write_sealed(noun, time, self.salts(SALT_BYTES), last, cut)
            kept = (_write_without(entry, found) for entry in self.entries())
            replace_durably(self._file, chain(kept, [line]))
        return erasure.receipt

    @property
    def _file(self) -> Path:
        # What is erased replaces the file itself, not a link that leads to it.
        return Path(os.path.realpath(self.path))

    def _add(self, nouns: Sequence[Noun], time: str, tail: Tail) -> Addition:
        """Seal nouns to the end of the record; finish a last line that lacks only its end."""
        before, finished = _read_end(tail)
        at = tail.size + len(tail.rest) if finished else tail.size
        cut = 0 if finished else len(tail.rest)
        receipts, lines = [], [b"\n" if finished else b""]
        for noun in nouns:
            before, line = _write_sealed(noun, time, self.salts(SALT_BYTES), before, cut)
            receipts.append(before.receipt)
            lines.append(line)
            cut = 0
        return Addition(at, b"".join(lines), tuple(receipts))

    def _find(self, candidate: str) -> tuple[set[int], Entry | None, int]:
        """Find the entries about a candidate, the last entry of all, and what is unfinished."""
        found, last, cut = set(), None, 0
        for step in self._walk():
            cut += step.unfinished
            last = step.entry or last
            if step.entry is not None and _is_about(step.entry, candidate):
                found.add(step.entry.seq)
        return found, last, cut

    def _walk(self) -> Iterator[Step]:
        for step in walk_lines(read_lines(self._file)):
            if step.message:
                raise DataError([Problem(f"line {step.line}", step.message, _VERIFY)])
            yield step


_VERIFY: Final = "verify the record; it was changed or is damaged"


def _write_time(at: object) -> str:
    """Write a time in UTC."""
    if not isinstance(at, datetime) or at.utcoffset() is None:
        hint = "give a datetime with its zone, such as datetime(..., tzinfo=timezone.utc)"
        raise DataError([Problem("at", "is no time with a zone", hint)])
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _check_nouns(nouns: Sequence[object]) -> None:
    problems = [
        Problem(f"nouns[{place}]", "cannot be recorded", _RECORDED)
        for place, noun in enumerate(nouns)
        if name_kind(noun) in {None, "erasure"}
    ]
    if problems:
        raise DataError(problems)


_RECORDED: Final = "give a Material, Assessed, Override, Decision, Appeal or Correction"


def _read_end(tail: Tail) -> tuple[Entry | None, bool]:
    """Return the entry that the next one follows, and whether its line lacks only its end."""
    try:
        rest = read_line(tail.rest) if tail.rest else None
        if rest is not None:
            return rest, True
        return (read_entry(tail.last) if tail.last else None), False
    except Damage as damage:
        raise DataError([Problem("the last line", str(damage), _VERIFY)]) from None


def _write_sealed(
    noun: Noun, time: str, salt: bytes, before: Entry | None, cut: int
) -> tuple[Entry, bytes]:
    """Return the entry of a noun and its line, if that can be read back."""
    try:
        entry = seal(noun, time, salt, before, cut)
        line = write_entry(entry)
        read_line(line)
    except (ValueError, RecursionError, Damage):
        hint = "give values that JSON can hold, 16 MB at most"
        problem = Problem(str(name_kind(noun)), "cannot be written as JSON", hint)
        raise DataError([problem]) from None
    return entry, line


def _is_about(entry: Entry, candidate: str) -> bool:
    about = None if entry.body is None else entry.body.get("candidate")
    return about is not None and about.casefold() == candidate.casefold()


def _make_erasure(found: set[int], who: str, why: str) -> Erasure:
    if not found:
        hint = "nothing was changed"
        raise DataError([Problem("candidate", "no entry is about this candidate", hint)])
    try:
        return Erasure(entries=tuple(sorted(found)), who=who, why=why)
    except ValidationError:
        hint = "say in plain text who erases, and on what ground"
        raise DataError([Problem("erasure", "who or why is no text", hint)]) from None


def _write_without(entry: Entry, erased: set[int]) -> bytes:
    """Return the line of an entry, without its body if it is to be erased."""
    kept = replace(entry, salt=None, body=None) if entry.seq in erased else entry
    return write_entry(kept)
