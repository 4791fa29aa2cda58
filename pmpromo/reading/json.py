"""JSON to plain values, by two roads that accept the same texts.

The quick one (`read_values`) is the standard library's parser, held to what JSON really is: it
alone would let the last of two equal keys win and turn 1e999 into infinity. The careful one
(`read_text`) keeps every place and problem, and runs only when the quick one gave up or the
values did not fit.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NoReturn

from pmpromo.reading.characters import Unclear, read_clean
from pmpromo.reading.numbers import NOT_FINITE, SHORT, read_real, read_whole
from pmpromo.reading.places import Cursor, Findings, Spot
from pmpromo.reading.plain import check_depth, copy_plain
from pmpromo.reading.scalars import (
    DEEPEST,
    EMPTY,
    LONGEST_SCALAR,
    MOST_VALUES,
    TOO_DEEP,
    TOO_MANY,
    judge_key,
    judge_number,
    judge_text,
)

if TYPE_CHECKING:
    from pmpromo.errors import Place
    from pmpromo.reading.places import Loc

__all__ = ["read_text", "read_values"]

_ODD_ESCAPE: Final = re.compile(r"\\[bfru]")
_SPACE: Final = re.compile(r"[ \t\n\r]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORD: Final = re.compile(r"-?\w+")
_WORDS: Final = {"true": True, "false": False, "null": None}
_NOT_FINITE: Final = frozenset(("NaN", "Infinity", "-Infinity"))
_MENDS: Final = {
    "'": "put texts into double quotes",
    "/": "JSON has no comments; delete it",
    "#": "JSON has no comments; delete it",
    "]": "delete the comma before it",
    "}": "delete the comma before it",
    "True": "write true",
    "False": "write false",
    "None": "write null",
    "": "the text may be cut",
}
"""What people write that is no JSON, and what mends it."""

_BROKEN: Final = {
    "Unterminated string": ("a text without its closing quote", "the text may be cut"),
    "Invalid control character": ("a line end or tab inside a text", "write \\n or \\t"),
    "Invalid": ("an unknown escape", "write \\\\ for a backslash"),
}
"""How the standard library's complaint about a string starts, and how we say it."""


def read_values(text: str) -> object:
    """The value of a clean text, quickly; raise `Unclear` at the first doubt.

    >>> read_values('{"id": "a", "share": 0.5}')
    {'id': 'a', 'share': 0.5}
    """
    # Each value but the first follows one of these marks.
    is_long = len(text) > LONGEST_SCALAR
    if is_long and sum(map(text.count, ",[{")) >= MOST_VALUES:
        raise Unclear
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError):
        raise Unclear from None
    check_depth(value)
    if is_long or (_ODD_ESCAPE.search(text) and not _is_clean_unescaped(value)):
        return _copy_clean(value)
    return value


def _is_clean_unescaped(value: object) -> bool:
    """Whether all texts in a value are clean, by writing them again without escapes.

    Only control characters are still escaped then.
    """
    written = json.dumps(value, ensure_ascii=False)
    try:
        return _ODD_ESCAPE.search(read_clean(written)) is None
    except Unclear:
        return False


def _copy_clean(value: object) -> object:
    findings = Findings("")
    copy = copy_plain(value, findings)
    if findings.count:
        raise Unclear
    return copy


def _collect(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise Unclear
    return values


def _read_whole(digits: str) -> int:
    return int(digits) if len(digits) <= SHORT else read_whole(digits)


def _refuse(_: str) -> NoReturn:
    raise Unclear


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_collect,
    parse_int=_read_whole,
    parse_float=read_real,
    parse_constant=_refuse,
)


def read_text(text: str, findings: Findings) -> object:
    """The value of a text, with all places and problems; raise `Stopped` where it breaks off."""
    return _CarefulReader(text, findings).read_document()


class _CarefulReader:
    """Scans a text to values, and notes places and problems."""

    def __init__(self, text: str, findings: Findings) -> None:
        self._text = text
        self._findings = findings
        self._cursor = Cursor(text, findings.source, findings.line)
        self._at = 0
        self._count = 0

    def read_document(self) -> object:
        if not self._peek():
            self._findings.stop(self._cursor.place(0), EMPTY)
        value = self._read(())
        if self._peek():
            self._stop("something stands after the end", "delete it")
        return value

    def _read(self, loc: Loc, key: Place | None = None) -> object:
        mark = self._peek()
        self._count += 1
        if self._count > MOST_VALUES:
            self._findings.stop(self._cursor.place(self._at), TOO_MANY, code="too_large")
        if mark == '"':
            text, place = self._scan_string()
            self._findings.places[loc] = Spot(place, key)
            return judge_text(text, loc, place, self._findings)
        if mark not in ("{", "["):
            return self._read_bare(loc, key)
        place = self._take(mark)
        self._findings.places[loc] = Spot(place, key)
        if len(loc) >= DEEPEST:
            self._findings.stop(place, TOO_DEEP, code="too_large")
        return self._read_object(loc) if mark == "{" else self._read_array(loc)

    def _read_array(self, loc: Loc) -> list[object]:
        values: list[object] = []
        while self._goes_on("]", is_first=not values):
            values.append(self._read((*loc, len(values))))
        return values

    def _read_object(self, loc: Loc) -> dict[str, object]:
        values: dict[str, object] = {}
        is_first = True
        while self._goes_on("}", is_first=is_first):
            is_first = False
            key, place = self._read_key(loc)
            way = (*loc, key)
            if key in values:
                self._findings.note_duplicate(way, place)
            values[key] = self._read(way, place)
        return values

    def _read_key(self, loc: Loc) -> tuple[str, Place]:
        mark = self._peek()
        if mark != '"':
            self._stop("a key is expected", _MENDS.get(mark, "put keys into double quotes"))
        text, place = self._scan_string()
        if self._peek() != ":":
            self._stop("':' is expected", _MENDS.get(self._peek(), ""))
        self._at += 1
        return judge_key(text, loc, place, self._findings), place

    def _goes_on(self, end: str, *, is_first: bool) -> bool:
        """Whether another value follows; take the comma before it, or the closing bracket."""
        mark = self._peek()
        if mark == end:
            self._at += 1
            return False
        if is_first:
            return True
        if mark != ",":
            self._stop(f"',' or '{end}' is expected", _MENDS.get(mark, ""))
        self._at += 1
        return True

    def _read_bare(self, loc: Loc, key: Place | None) -> object:
        """A number, true, false or null; or what people write instead."""
        number = _NUMBER.match(self._text, self._at)
        if number:
            place = self._take(number[0])
            self._findings.places[loc] = Spot(place, key)
            read = read_real if number[1] or number[2] else read_whole
            return judge_number(read, number[0], loc, place, self._findings)
        word = _WORD.match(self._text, self._at)
        said = word[0] if word else self._peek()
        if said not in _WORDS and said not in _NOT_FINITE:
            self._stop("a value is expected", _MENDS.get(said, ""))
        place = self._take(said)
        self._findings.places[loc] = Spot(place, key)
        if said in _NOT_FINITE:
            self._findings.spoil(loc, place, NOT_FINITE, code="out_of_range")
            return None
        return _WORDS[said]

    def _scan_string(self) -> tuple[str, Place]:
        start = self._at
        try:
            text, end = _DECODER.raw_decode(self._text, start)
        except json.JSONDecodeError as error:
            self._at = error.pos
            self._stop(*next(_BROKEN[sort] for sort in _BROKEN if error.msg.startswith(sort)))
        return text, self._take(self._text[start:end])

    def _take(self, said: str) -> Place:
        """Go past what was read."""
        place = self._cursor.place(self._at, len(said))
        self._at += len(said)
        return place

    def _peek(self) -> str:
        """The next character that is no space, or nothing at the end."""
        space = _SPACE.match(self._text, self._at)
        self._at = space.end() if space else self._at
        return self._text[self._at : self._at + 1]

    def _stop(self, message: str, hint: str = "") -> NoReturn:
        self._findings.stop(self._cursor.place(self._at), f"not JSON: {message}", hint)
