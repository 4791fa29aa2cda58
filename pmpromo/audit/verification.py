"""A record looked through line by line: what is whole, what was changed, and where."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.audit.chain import LONGEST_ENTRY, ORIGIN, Damage, Entry, Receipt, read_entry
from pmpromo.errors import Place, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["UNTOLD", "Step", "Verification", "read_line", "verify_lines", "walk_lines"]

MOST_LISTED: Final = 1000
"""Problems that are kept; one more says how many others there are."""

UNTOLD: Final = (
    "What it cannot tell: whether entries after the last receipt were cut off, and whether the"
    " whole record was written anew. Keep receipts where its keepers cannot reach them."
)
"""The limit of a chain without a key, told with every verification."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What a look through a record found.

    `head` is the receipt of the last entry; `erased` how many bodies were removed, with an erasure
    on record; `unfinished` how many bytes of a write that was cut short stand at the end: they were
    never acknowledged, and the next writer removes them.

    >>> found = Verification(entries=0, head=None, erased=0, unfinished=0, problems=())
    >>> found.is_intact
    True
    """

    entries: int
    head: Receipt | None
    erased: int
    unfinished: int
    problems: tuple[Problem, ...]

    @property
    def is_intact(self) -> bool:
        """Whether every line is as it was written, and every receipt is in it."""
        return not self.problems

    def __str__(self) -> str:
        """Return a report."""
        state = "is intact" if self.is_intact else "was changed, or is damaged"
        erased = f", {self.erased} erased" if self.erased else ""
        lines = [f"The record {state}: {self.entries} entries{erased}."]
        lines += map(str, self.problems)
        if self.unfinished:
            lines.append(f"{self.unfinished} bytes of an unfinished write stand at the end.")
        if self.head is not None:
            lines.append(f"Receipt of the last entry: {self.head}")
        return "\n".join([*lines, UNTOLD])


class Step(NamedTuple):
    """A line of a record: its entry, or what is wrong with it, or that it is unfinished."""

    line: int
    entry: Entry | None
    message: str = ""
    unfinished: int = 0


def walk_lines(lines: Iterable[bytes]) -> Iterator[Step]:
    """Read lines one after another, each held against the one before it."""
    seq = 1
    previous: str | None = ORIGIN
    for number, line in enumerate(lines, 1):
        try:
            entry = read_line(line)
        except Damage as damage:
            yield Step(number, None, str(damage))
            seq, previous = seq + 1, None
            continue
        if entry is None:
            yield Step(number, None, unfinished=len(line))
            continue
        yield Step(number, entry, _judge_link(entry, seq, previous))
        seq, previous = entry.seq + 1, entry.digest


def read_line(line: bytes) -> Entry | None:
    """Return the entry of a line; None of an unfinished one; raise `Damage` at what was changed.

    A line that lacks nothing but its end is an entry. One that is an entry and one more byte had
    its end changed: a write that was cut short never looks so.
    """
    if len(line) > LONGEST_ENTRY:
        message = "is longer than any entry"
        raise Damage(message)
    if line.endswith(b"\n"):
        return read_entry(line[:-1])
    if _is_entry(line):
        return read_entry(line)
    if _is_entry(line[:-1]):
        message = "its line end was changed"
        raise Damage(message)
    return None


def _is_entry(line: bytes) -> bool:
    with suppress(Damage):
        return bool(read_entry(line))
    return False


def _judge_link(entry: Entry, seq: int, previous: str | None) -> str:
    """Return what is wrong between an entry and the lines before it; empty if nothing is.

    `previous` is the digest of the line before; None where that is damaged.
    """
    if entry.seq > seq:
        return f"entries are missing before it: it is number {entry.seq} where {seq} was due"
    if entry.seq < seq:
        return f"is not in its place: it is number {entry.seq} where {seq} was due"
    if previous not in {None, entry.previous}:
        return "does not follow the entry before it: one of the two was changed, with its digest"
    return ""


def verify_lines(
    source: str, lines: Iterable[bytes], receipts: Iterable[Receipt] = ()
) -> Verification:
    """Look through the lines of a record; `source` names it in places."""
    findings = _Findings(source)
    held = {receipt.seq: receipt.digest for receipt in receipts}
    count, unfinished, head = 0, 0, None
    listed: set[int] = set()
    gone: dict[int, int] = {}
    standing: dict[int, int] = {}
    for step in walk_lines(lines):
        unfinished += step.unfinished
        findings.note(step.line, step.message)
        if step.entry is None:
            continue
        count, head = count + 1, step.entry.receipt
        if held.pop(head.seq, head.digest) != head.digest:
            findings.note(step.line, "is not the entry of the receipt: it was written anew")
        (gone if step.entry.is_erased else standing)[head.seq] = step.line
        listed |= _list_erased(step.entry)
    for seq in sorted(gone.keys() - listed):
        findings.note(gone[seq], "its body was removed, and no later entry says so")
    for seq in sorted(listed & standing.keys()):
        findings.note(standing[seq], "was erased, and its body stands here again")
    if held:
        findings.note(None, f"ends before entry {min(held)}, of which there is a receipt")
    return Verification(count, head, len(gone), unfinished, findings.close())


class _Findings:
    """Problems as they are met, up to a limit."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.more = 0

    def note(self, line: int | None, message: str) -> None:
        """Keep a problem, if there is one."""
        if message and len(self.problems) < MOST_LISTED:
            place = None if line is None else Place(self.source, line, 1)
            path = "" if place else self.source
            self.problems.append(Problem(path, message, place=place))
        elif message:
            self.more += 1

    def close(self) -> tuple[Problem, ...]:
        """Return all problems, and one that counts those that were not kept."""
        more = [Problem(self.source, f"{self.more} more problems")] if self.more else []
        return (*self.problems, *more)


def _list_erased(entry: Entry) -> set[int]:
    """Return the earlier entries that an erasure says were erased."""
    if entry.kind != "erasure" or entry.body is None:
        return set()
    return {seq for seq in entry.body["entries"] if seq < entry.seq}
