"""What is asked of many packets, and the rows of a few of them."""

from __future__ import annotations

import json
from collections.abc import Generator
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from pmpromo.assessment import assess
from pmpromo.batch.rows import describe, describe_gaps, describe_refusal
from pmpromo.errors import SHOWN_PROBLEMS, PmpromoError
from pmpromo.reading.library import parse_rubric
from pmpromo.reading.lines import read_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmpromo.errors import Problem
    from pmpromo.readiness import ReadinessModel
    from pmpromo.reading.lines import Line
    from pmpromo.rubric import Rubric

__all__ = ["Chunk", "Rows", "Scored", "Task", "score_lines"]


class Task(NamedTuple):
    """What to read packets against, as of which day, with which model, and what to tell of them.

    Without a rubric each packet is read against the one it names, without a day as of its own.
    `release` is the release of the library: another one may tell other things.
    """

    source: str
    rubric: Rubric | None = None
    as_of: date | None = None
    readiness: ReadinessModel | None = None
    tells_gaps: bool = False
    raises: bool = True
    release: str = ""

    def ask(self) -> str:
        """Return all that the rows depend on as text."""
        return self._replace(source="", raises=False).to_json()

    def to_json(self) -> str:
        """Return everything as text, for a process of its own.

        >>> from pmpromo import load_rubric
        >>> task = Task("packets.jsonl", load_rubric("pure-storage-pm/l3-l4"), date(2026, 6, 30))
        >>> Task.from_json(task.to_json()) == task
        True
        """
        return json.dumps(
            {
                **self._asdict(),
                "rubric": self.rubric and self.rubric.model_dump_json(),
                "as_of": self.as_of and self.as_of.isoformat(),
                "readiness": self.readiness and self.readiness.to_json(),
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Task:
        """Return the task that `to_json` wrote."""
        told = json.loads(text)
        model = told["readiness"] and _read_model(told["readiness"])
        return cls(
            **{
                **told,
                "rubric": told["rubric"] and parse_rubric(told["rubric"]),
                "as_of": told["as_of"] and date.fromisoformat(told["as_of"]),
                "readiness": model,
            }
        )


def _read_model(text: str) -> ReadinessModel:
    from pmpromo.readiness import ReadinessModel  # noqa: PLC0415 - numpy sleeps until asked

    return ReadinessModel.from_json(text)


class Chunk(NamedTuple):
    """A few lines, with the length and digest of the file up to their end."""

    lines: list[Line]
    read: tuple[int, str]


class Scored(NamedTuple):
    """The rows of some lines as JSON Lines, and what was wrong.

    `refused` counts the packets that could not be scored; `problems` are the first of theirs.
    """

    rows: bytes
    gaps: bytes
    refused: int
    problems: tuple[Problem, ...]


Rows = Generator[tuple[Chunk, Scored], None, None]
"""Chunks with their rows, one after another; closing it ends the processes that make them."""


def score_lines(lines: Sequence[Line], task: Task) -> Scored:
    r"""Return one row for each line, and one for each gap if the task asks for them.

    Raises what is wrong with the first packet that cannot be scored if the task asks for that.

    >>> from pmpromo.reading.lines import Line
    >>> scored = score_lines([Line(7, b'{"id": "p-1"}')], Task("p.jsonl", raises=False))
    >>> scored.refused, str(scored.problems[0]), scored.rows[:28]
    (1, 'p.jsonl:7:1: evidence: missing', b'{"line":7,"packet_id":null,"')
    """
    rows: list[str] = []
    gaps: list[str] = []
    problems: list[Problem] = []
    refused = 0
    for line in lines:
        packet_id = None
        try:
            packet = read_line(line, task.source)
            packet_id = packet.id
            seen = assess(packet, task.rubric, as_of=task.as_of, readiness=task.readiness)
            rows.append(_write(line, describe(seen)))
            if task.tells_gaps:
                gaps += [_write(line, gap) for gap in describe_gaps(seen)]
        except PmpromoError as error:
            if task.raises:
                raise
            rows.append(_write(line, describe_refusal(error, packet_id)))
            refused += 1
            problems += error.problems[: SHOWN_PROBLEMS - len(problems)]
    return Scored("".join(rows).encode(), "".join(gaps).encode(), refused, tuple(problems))


def _write(line: Line, row: dict[str, Any]) -> str:
    told = {"line": line.number, **row}
    return (
        json.dumps(
            told, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=date.isoformat
        )
        + "\n"
    )
