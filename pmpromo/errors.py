"""Every problem of an input at once: where it is, what was found, how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "CODES",
    "Code",
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


Code = Literal[
    "missing",
    "unknown_key",
    "refused",
    "duplicate",
    "wrong_type",
    "wrong_form",
    "wrong_length",
    "out_of_range",
    "unknown_choice",
    "unknown_name",
    "wrong_unit",
    "too_large",
    "not_text",
    "unreadable",
    "changed",
    "not_valid",
]
"""What kind of problem it is, for programs: the closed set."""

CODES: Final[Mapping[Code, str]] = MappingProxyType(
    {
        "missing": "a key or a value that has to be there is not",
        "unknown_key": "a key that nothing reads",
        "refused": "a fact that no input may hold, such as a protected attribute",
        "duplicate": "a key, an id or a name that stands twice",
        "wrong_type": "a value of another type than is wanted",
        "wrong_form": "a text that is not written as is wanted, such as a day of no calendar",
        "wrong_length": "a text or a list that is too short or too long",
        "out_of_range": "a number outside of what is possible, or not finite",
        "unknown_choice": "a word that is none of the few allowed",
        "unknown_name": "a name of something that does not exist, such as a fact of no ladder",
        "wrong_unit": "a unit that is unknown, missing, or of another kind of thing",
        "too_large": "more than is read at all: bytes, depth, values, characters",
        "not_text": "bytes or characters that no text may hold",
        "unreadable": "a text that is not the JSON or YAML that is read, or a file that is not one",
        "changed": "a document whose digest does not match what it says",
        "not_valid": "anything else: values that contradict each other, options that do not fit",
    }
)
"""What each kind of problem is, in words."""


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
    `hint` how to mend it, `place` where it stands if the input was a text. `code` says to programs
    what kind of problem it is.

    >>> print(Problem("evidence[0].ownershp", "unknown key", "did you mean 'ownership'?"))
    evidence[0].ownershp: unknown key; did you mean 'ownership'?
    """

    path: str
    message: str
    hint: str = ""
    place: Place | None = None
    code: Code = "not_valid"

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
