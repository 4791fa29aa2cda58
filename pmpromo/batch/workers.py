"""Rows by several processes at once, in the order of the lines."""

from __future__ import annotations

import signal
from collections import deque
from contextlib import suppress
from multiprocessing import get_context
from typing import TYPE_CHECKING, NamedTuple

from pmpromo.batch.task import Scored, Task, score_lines
from pmpromo.errors import DataError, PmpromoError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from pmpromo.batch.task import Chunk, Rows

__all__ = ["score_apart", "serve"]


class _Worker(NamedTuple):
    """A process, the pipe that lines go into, and the pipe that rows come out of."""

    process: SpawnProcess
    questions: Connection
    answers: Connection


def score_apart(chunks: Iterable[Chunk], task: Task, processes: int) -> Rows:
    """Yield each chunk of lines with its rows, made by so many processes, in the order given.

    A process holds one chunk at a time: neither side then waits for the other to read.
    """
    crew = [_hire(task) for _ in range(processes)]
    idle = deque(crew)
    busy: deque[tuple[Chunk, _Worker]] = deque()
    try:
        for chunk in chunks:
            if not idle:
                yield _take(busy, idle)
            worker = idle.popleft()
            worker.questions.send(chunk.lines)
            busy.append((chunk, worker))
        while busy:
            yield _take(busy, idle)
    except (EOFError, ConnectionError):
        hint = "run it again to go on, with fewer if memory is short"
        raise DataError([Problem("processes", "one ended before its time", hint)]) from None
    finally:
        for worker in crew:
            _dismiss(worker)


def _hire(task: Task) -> _Worker:
    """Start a process that ends when its questions do: with this one, however that ends."""
    context = get_context("spawn")
    asked, questions = context.Pipe(duplex=False)
    answers, answered = context.Pipe(duplex=False)
    process = context.Process(target=serve, args=(asked, answered, task.to_json()), daemon=True)
    process.start()
    asked.close()
    answered.close()
    return _Worker(process, questions, answers)


def _dismiss(worker: _Worker) -> None:
    worker.questions.close()
    worker.answers.close()
    worker.process.terminate()
    worker.process.join()


def _take(busy: deque[tuple[Chunk, _Worker]], idle: deque[_Worker]) -> tuple[Chunk, Scored]:
    """Wait for the rows of the oldest chunk."""
    chunk, worker = busy.popleft()
    answer = worker.answers.recv()
    idle.append(worker)
    if isinstance(answer, Scored):
        return chunk, answer
    raise answer


def serve(asked: Connection, answered: Connection, task_text: str) -> None:
    """Answer each chunk of lines with its rows, or with the error that they raise."""
    # Ctrl-C reaches every process of a terminal; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    task = Task.from_json(task_text)
    with suppress(EOFError, ConnectionError):
        while True:
            lines = asked.recv()
            try:
                answer: Scored | PmpromoError = score_lines(lines, task)
            except PmpromoError as error:
                answer = error
            answered.send(answer)
