"""One file of packets to files of rows, in flat memory, and on from where a killed run stopped."""

from __future__ import annotations

import os
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from pmpromo.batch.journal import Journal, Mark, Prefix, lock
from pmpromo.batch.task import Chunk, score_lines
from pmpromo.errors import SHOWN_PROBLEMS, DataError, Problem
from pmpromo.reading.lines import open_lines, read_lines
from pmpromo.reading.places import display

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from pmpromo.batch.task import Rows, Scored, Task
    from pmpromo.reading.lines import Line

__all__ = ["Places", "score_file"]

CHUNK_LINES: Final = 16
"""How many packets are scored between two notes: a kill costs no more than their time."""

CHUNK_BYTES: Final = 1 << 20
"""How long the lines of one chunk may grow before it is closed."""


class Places(NamedTuple):
    """Where packets are read from, and where the rows of scores and of gaps go."""

    packets: Path
    scores: Path
    gaps: Path | None = None

    @property
    def outputs(self) -> dict[str, Path]:
        """The files to write, by what they hold."""
        return {"scores": self.scores} | ({"gaps": self.gaps} if self.gaps else {})


def score_file(
    places: Places,
    task: Task,
    *,
    processes: int = 1,
    tell: Callable[[Mark, float], None] = lambda _done, _share: None,
) -> Mark:
    """Score every packet of a file, and return what was done; `tell` hears of it on the way.

    The files of rows are put in their places when they are whole. If the run ends before, whatever
    ends it, the next run of the same goes on where it stopped, to the same bytes.

    Raises `PacketError` at the first packet that cannot be scored, unless the task says otherwise,
    and `DataError` where a file cannot be written.
    """
    _check_places(places)
    journal = _lie_beside(places.scores, "journal")
    try:
        with _open_journal(journal) as file:
            done = _grow(places, Journal(file, task.ask()), task, processes, tell)
            for place in places.outputs.values():
                _lie_beside(place, "part").replace(place)
        journal.unlink()
    except OSError as error:
        name = display(str(error.filename or places.scores))
        raise DataError([Problem(name, f"cannot be written: {error.strerror}")]) from None
    return done


def _check_places(places: Places) -> None:
    """Refuse to write a file over the packets, over another one, or over a folder."""
    known = {places.packets.resolve()}
    for place in places.outputs.values():
        if place.resolve() in known or place.is_dir():
            message = "would be written over something else"
            raise DataError([Problem(display(str(place)), message, "give it a name of its own")])
        known.add(place.resolve())


def _lie_beside(place: Path, ending: str) -> Path:
    """Return the file of a run that lies beside the one it will become."""
    return place.with_name(f"{place.name}.{ending}")


def _open_journal(path: Path) -> BinaryIO:
    file = path.open("a+b")
    if lock(file):
        return file
    file.close()
    name = display(str(path))
    raise DataError([Problem(name, "another run writes these files", "wait for its end")])


def _grow(
    places: Places,
    journal: Journal,
    task: Task,
    processes: int,
    tell: Callable[[Mark, float], None],
) -> Mark:
    """Grow the files of rows from where they are to their ends."""
    with ExitStack() as stack:
        packets = stack.enter_context(open_lines(places.packets))
        read, size = Prefix(packets), os.fstat(packets.fileno()).st_size
        grown = {
            name: Prefix(stack.enter_context(_lie_beside(place, "part").open("a+b")))
            for name, place in places.outputs.items()
        }
        done = journal.resume(read, grown)
        if task.raises and done.refused:
            done = journal.restart(read, grown)
        chunks = _read_chunks(read, done.line)
        for chunk, scored in stack.enter_context(closing(_score(chunks, task, processes))):
            grown["scores"].write(scored.rows)
            if "gaps" in grown:
                grown["gaps"].write(scored.gaps)
            told = _tell_first(scored, done)
            done = _add(done, chunk, scored, told)
            journal.note(done._replace(told=told), chunk.read, grown)
            tell(done, chunk.read[0] / size)
        for each in grown.values():
            each.settle()
    return done


def _score(chunks: Iterable[Chunk], task: Task, processes: int) -> Rows:
    if processes == 1:
        return ((chunk, score_lines(chunk.lines, task)) for chunk in chunks)
    from pmpromo.batch.workers import score_apart  # noqa: PLC0415 - most runs need no other process

    return score_apart(chunks, task, processes)


def _read_chunks(read: Prefix, after: int) -> Iterator[Chunk]:
    """Yield the lines that are left, a few at a time, with how far the file was read for them."""
    lines: list[Line] = []
    length = 0
    for line in read_lines(read, after=after):
        lines.append(line)
        length += len(line.data)
        if len(lines) == CHUNK_LINES or length >= CHUNK_BYTES:
            yield Chunk(lines, read.measure())
            lines, length = [], 0
    if lines:
        yield Chunk(lines, read.measure())


def _tell_first(scored: Scored, done: Mark) -> tuple[str, ...]:
    """Return the problems of a chunk, as far as fewer than a message shows are known already."""
    return tuple(map(str, scored.problems[: SHOWN_PROBLEMS - len(done.told)]))


def _add(done: Mark, chunk: Chunk, scored: Scored, told: tuple[str, ...]) -> Mark:
    return Mark(
        chunk.lines[-1].number,
        done.packets + len(chunk.lines),
        done.refused + scored.refused,
        done.told + told,
    )
