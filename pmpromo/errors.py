"""Every problem of an input at once: where it is, what was found, how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "DataError",
    "LadderError",
    "ModelError",
    "PacketError",
    "Place",
    "PmpromoError",
    "Problem",
    "RubricError",
]

SHOWN_PROBLEMS: Final = 20
"""How many problems a message lists; the rest are counted."""

SHOWN_CHARACTERS: Final = 80
"""How many characters of an input a message may repeat."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text: 1-based line and column, and how many characters it covers.

    >>> str(Place("packet.yaml", 9, 5, 8))
    'packet.yaml:9:5'
    """

    source: str
    line: int
    column: int
    width: int = 1

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input. It never holds the value that was found.

    `path` leads to the value (``evidence[0].ownership``), `message` says what is wrong,
    `hint` how to mend it, `place` where it stands if the input was a text.

    >>> print(Problem("evidence[0].ownershp", "unknown key", "did you mean 'ownership'?"))
    evidence[0].ownershp: unknown key; did you mean 'ownership'?
    """

    path: str
    message: str
    hint: str = ""
    place: Place | None = None

    def __str__(self) -> str:
        where = ": ".join(part for part in (str(self.place or ""), self.path) if part)
        said = f"{where}: {self.message}" if where else self.message
        return f"{said}; {self.hint}" if self.hint else said


class PmpromoError(ValueError):
    """The root of every error that pmpromo raises about its input.

    `problems` holds all of them, without the values found, fit for a service's answer.
    `excerpts` holds, for files read from disk, the lines around each problem for a person to see.

    >>> error = PacketError([Problem("id", "missing"), Problem("evidence", "missing")])
    >>> print(error)
    id: missing
    evidence: missing
    """

    def __init__(self, problems: Sequence[Problem], excerpts: Sequence[str] = ()) -> None:
        super().__init__(tuple(problems), tuple(excerpts))
        self.problems: tuple[Problem, ...] = tuple(problems)
        self.excerpts: tuple[str, ...] = tuple(excerpts)

    def __str__(self) -> str:
        shown = [
            f"{problem}\n{excerpt}" if excerpt else str(problem)
            for problem, excerpt in zip(
                self.problems[:SHOWN_PROBLEMS],
                (*self.excerpts, *[""] * len(self.problems)),
                strict=False,
            )
        ]
        left = len(self.problems) - SHOWN_PROBLEMS
        return "\n".join([*shown, f"{left} more problems"] if left > 0 else shown)


class LadderError(PmpromoError):
    """A ladder that contradicts itself, or a level name it cannot resolve."""


class RubricError(PmpromoError):
    """A rubric that cannot be scored with."""


class PacketError(PmpromoError):
    """A packet that cannot be scored."""


class DataError(PmpromoError):
    """Arrays or frames whose shape, types or values do not fit what was asked of them."""


class ModelError(PmpromoError):
    """A fitted model that does not belong to what it is used on."""
