"""Where each value of a text stands, and how a person is shown that place."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NoReturn

from pmpromo.errors import SHOWN_CHARACTERS, Place, Problem
from pmpromo.reading.characters import is_refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmpromo.errors import Code

__all__ = [
    "COLLECTED_PROBLEMS",
    "Cursor",
    "Findings",
    "Loc",
    "Spot",
    "Stopped",
    "Tree",
    "display",
    "draw_excerpt",
    "name_path",
    "shorten",
]

Loc = tuple[str | int, ...]
"""The way from the root to a value: keys and list positions, `("evidence", 3, "title")`."""

COLLECTED_PROBLEMS: Final = 1000
"""How many problems are kept; a file with more is not mended by reading them all."""

SHOWN_KEY: Final = 40
"""How many characters of one key a path repeats."""

SHOWN_BEFORE: Final = 60
"""How many characters of a line an excerpt shows before the place."""

BLOCK: Final = 1 << 16
"""How many characters are counted at once on the way to a line."""


class Stopped(Exception):  # noqa: N818 - a signal inside the careful road
    """Nothing after this place can be trusted; the reason has been noted."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value stands, and the key that holds it if it has one."""

    value: Place
    key: Place | None = None

    @property
    def head(self) -> Place:
        """The key where there is one: what a person looks for when a whole mapping is meant."""
        return self.key or self.value


@dataclass(frozen=True, slots=True)
class Tree:
    """What a text holds: plain values, the place of each, and what was wrong with the text.

    `value` consists of dict, list, str, int, float, bool and None. `spoilt` names the values
    that could not be read; they stand in `value` as None. If `readable` is false, the text
    broke off the reading and `value` is None.
    """

    text: str
    value: object
    places: Mapping[Loc, Spot]
    problems: tuple[Problem, ...]
    spoilt: frozenset[Loc]
    readable: bool

    def find_spot(self, loc: Loc) -> Spot | None:
        """The spot of a value, or of the nearest thing around it that has one."""
        ways = (loc[:length] for length in range(len(loc), -1, -1))
        return next((self.places[way] for way in ways if way in self.places), None)


@dataclass(slots=True)
class Findings:
    """What the careful road collects on its way. Problems beyond the limit are only counted.

    `line` is the line of the source on which the text starts.
    """

    source: str
    line: int = 1
    problems: list[Problem] = field(default_factory=list)
    places: dict[Loc, Spot] = field(default_factory=dict)
    spoilt: set[Loc] = field(default_factory=set)
    count: int = 0

    def note(
        self,
        loc: Loc,
        place: Place | None,
        message: str,
        hint: str = "",
        code: Code = "unreadable",
    ) -> None:
        """Keep one problem."""
        self.count += 1
        if len(self.problems) < COLLECTED_PROBLEMS:
            self.problems.append(Problem(name_path(loc), message, hint, place, code))

    def spoil(
        self,
        loc: Loc,
        place: Place | None,
        message: str,
        hint: str = "",
        code: Code = "unreadable",
    ) -> None:
        """Keep one problem whose value cannot be used."""
        self.note(loc, place, message, hint, code)
        self.spoilt.add(loc)

    def note_duplicate(self, loc: Loc, place: Place) -> None:
        """Keep that a key stands a second time, at `place`."""
        hint = f"keep one; the other is on line {self.places[loc].head.line}"
        self.note(loc, place, "duplicate key", hint, "duplicate")

    def stop(
        self, place: Place | None, message: str, hint: str = "", code: Code = "unreadable"
    ) -> NoReturn:
        """Keep the problem that ends the reading, whatever the limit, and end it."""
        self.count += 1
        self.problems.append(Problem("", message, hint, place, code))
        raise Stopped


class Cursor:
    r"""Turns offsets into lines and columns; offsets must not decrease, so all is one pass.

    >>> cursor = Cursor("ab\ncd", "x.yaml")
    >>> str(cursor.place(4, 1))
    'x.yaml:2:2'
    """

    def __init__(self, text: str, source: str, line: int = 1) -> None:
        self._text = text
        self._source = source
        self._offset = 0
        self._line = line
        self._line_start = 0

    def place(self, offset: int, width: int = 1) -> Place:
        """The place of an offset, lines and columns from 1."""
        passed = self._text.count("\n", self._offset, offset)
        if passed:
            self._line += passed
            self._line_start = self._text.rfind("\n", self._offset, offset) + 1
        self._offset = offset
        return Place(self._source, self._line, offset - self._line_start + 1, max(width, 1))


def name_path(loc: Loc) -> str:
    """A loc as people write it; long and unsafe keys are shortened and escaped.

    >>> name_path(("evidence", 0, "ownershp"))
    'evidence[0].ownershp'
    >>> name_path(("scope", "a key"))
    'scope["a key"]'
    """
    return shorten("".join(_name_step(step) for step in loc).removeprefix("."))


def shorten(text: str) -> str:
    """The end of a text that is too long to be shown."""
    return text if len(text) <= SHOWN_CHARACTERS else f"…{text[1 - SHOWN_CHARACTERS :]}"


def _name_step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    safe = display(step[:SHOWN_KEY]).replace('"', '\\"')
    shown = safe[:SHOWN_KEY] + ("…" if len(step) > SHOWN_KEY else "")
    return f".{shown}" if step.isidentifier() else f'["{shown}"]'


def display(text: str) -> str:
    r"""Text that is safe to print: what is invisible or changes direction is escaped.

    >>> display("a\u202eb\tc")
    'a\\u202eb c'
    """
    return "".join(_display_character(character) for character in text)


def _display_character(character: str) -> str:
    if character == "\t":
        return " "
    if character.isprintable() and not is_refused(character):
        return character
    return character.encode("unicode_escape").decode("ascii")


def draw_excerpt(text: str, place: Place, line: int = 1) -> str:
    r"""The line before, the line itself and a row of carets under the place.

    `line` is the line of the source on which the text starts.

    >>> print(draw_excerpt("id: a\nownershp: led\n", Place("x.yaml", 2, 1, 8)))
        1 | id: a
        2 | ownershp: led
          | ^^^^^^^^
    """
    first = max(place.line - 1, line)
    shown = _take_lines(text, first - line + 1, place.line - line + 1)
    start = _choose_window(shown[-1], place.column - 1)
    rows = [
        f"{number:>5} | {_cut(line, start)}".rstrip() for number, line in enumerate(shown, first)
    ]
    return "\n".join([*rows, f"      | {_draw_carets(shown[-1], start, place)}"])


def _take_lines(text: str, first: int, last: int) -> list[str]:
    """Some lines of a text that may be long, without splitting all of it."""
    start = _find_line(text, first)
    lines = []
    for _ in range(last - first + 1):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        lines.append(text[start:end].removesuffix("\r"))
        start = end + 1
    return lines


def _find_line(text: str, number: int) -> int:
    """The offset at which a line starts."""
    left, offset = number - 1, 0
    while (passed := text.count("\n", offset, offset + BLOCK)) < left:
        left, offset = left - passed, offset + BLOCK
    for _ in range(left):
        offset = text.find("\n", offset) + 1
    return offset


def _choose_window(line: str, column: int) -> int:
    """Where the shown part of a line starts, so that a far column is still in it."""
    start, room = min(column, len(line)), SHOWN_BEFORE
    while start and room >= len(_display_character(line[start - 1])):
        start -= 1
        room -= len(_display_character(line[start]))
    return start


def _cut(line: str, start: int) -> str:
    return display(line[start : start + SHOWN_CHARACTERS])[:SHOWN_CHARACTERS]


def _draw_carets(line: str, start: int, place: Place) -> str:
    column = place.column - 1
    before = display(line[start:column])
    under = display(line[column : min(column + place.width, start + SHOWN_CHARACTERS)])
    room = SHOWN_CHARACTERS - _measure(before)
    return " " * _measure(before) + "^" * max(1, min(_measure(under), room))


def _measure(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(_measure_character(character) for character in text)


def _measure_character(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
