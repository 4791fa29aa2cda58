"""YAML to plain values, by an own loop over the parser's events.

PyYAML's composer is never used: it ends the process on deep nesting, and copies aliases. Two
roads read the same texts to the same values. The quick one (`read_values`) builds values alone
and gives up at the first doubt; the careful one (`read_tree`) also keeps every place and problem.

A YAML text must end with a line end, or with the closing bracket of its outermost value. So a
copy that was cut inside a line is refused. A copy cut exactly between two lines may still be
whole YAML; no reader can tell. A text that must not be cut unnoticed belongs into JSON.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from pmpromo.errors import Place
from pmpromo.reading.characters import Unclear, is_clean
from pmpromo.reading.numbers import NumberError, read_plain
from pmpromo.reading.places import Spot
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
    from collections.abc import Callable

    from pmpromo.reading.places import Findings, Loc

__all__ = ["read_text", "read_values"]

Event = Any
"""An event of the parser; what it holds depends on its class."""

Parser: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The event parser: libyaml's where it is installed; only its events are used."""

LONGEST_WITHOUT_C: Final = 1_000_000
"""How many characters are read without libyaml, at a fortieth of its speed."""

_NOT_ALWAYS_TEXT: Final = frozenset("0123456789+-.~nNtTfF")
_EXPLAINED: Final = {
    "mapping values are not allowed": "put a text that holds ': ' in quotes",
    "did not find expected key": "check the indentation, and quotes and brackets above",
    "did not find expected '-' indicator": "check the indentation",
    "could not find expected ':'": "write 'key: value', with a space after the colon",
    "found a tab character": "indent with spaces",
    "found character that cannot start any token": "indent with spaces; quote a text with @ or `",
    "found unexpected end of stream": "close the quotes; the text may be cut",
    "did not find expected ','": "close the bracket; the text may be cut",
    "did not find expected node content": "close the bracket; the text may be cut",
    "found unknown escape character": "write \\\\ for a backslash, or use single quotes",
    "found unknown directive name": "delete the line that starts with %",
}
"""What the parser says (its start), and what usually mends it."""


def read_values(text: str) -> object:
    r"""The value of a clean text, quickly; raise `Unclear` at the first doubt.

    >>> read_values("id: 012\nshare: 0.5\n")
    {'id': '012', 'share': 0.5}
    """
    if len(text) > LONGEST_SCALAR or not text.endswith("\n"):
        raise Unclear
    try:
        return _read_quickly(text)
    except (yaml.YAMLError, NumberError):
        raise Unclear from None


def _read_quickly(text: str) -> object:
    take = Parser(text).get_event
    # Anchors, tags, escapes and merge keys cannot be written without one of these.
    if any(mark in text for mark in ("&", "!", "\\", "<<")):
        take = partial(_take_plain, take)
    take()
    start = take()
    if type(start) is not DocumentStartEvent or start.version or start.tags:
        raise Unclear
    value = _take_value(take(), take, DEEPEST)
    take()
    if type(take()) is not StreamEndEvent:
        raise Unclear
    return value


def _take_plain(take: Callable[[], Event]) -> Event:
    """The next event, if it has no properties and needs no closer look."""
    event = take()
    if isinstance(event, (ScalarEvent, CollectionStartEvent)) and not _is_plain(event):
        raise Unclear
    return event


def _is_plain(event: Event) -> bool:
    if event.anchor is not None or event.tag is not None:
        return False
    if type(event) is not ScalarEvent:
        return True
    return event.value != "<<" and (event.style != '"' or is_clean(event.value))


def _take_value(event: Event, take: Callable[[], Event], room: int) -> object:
    """The value that starts with `event`; `room` is how many levels may still open."""
    kind = type(event)
    if kind is ScalarEvent:
        return event.value if event.style else read_plain(event.value)
    if not room:
        raise Unclear
    if kind is MappingStartEvent:
        return _take_mapping(take, room - 1)
    if kind is SequenceStartEvent:
        return _take_sequence(take, room - 1)
    raise Unclear


def _take_sequence(take: Callable[[], Event], room: int) -> list[object]:
    values: list[object] = []
    while type(event := take()) is not SequenceEndEvent:
        values.append(_take_value(event, take, room))
    return values


def _take_mapping(take: Callable[[], Event], room: int) -> dict[str, object]:
    values: dict[str, object] = {}
    while type(event := take()) is ScalarEvent:
        key = event.value
        if key in values:
            raise Unclear
        event = take()
        if type(event) is not ScalarEvent:
            values[key] = _take_value(event, take, room)
        # Most values need neither a call nor a look at their style.
        elif ((text := event.value) and text[0] not in _NOT_ALWAYS_TEXT) or event.style:
            values[key] = text
        else:
            values[key] = read_plain(text)
    if type(event) is not MappingEndEvent:
        raise Unclear
    return values


def read_text(text: str, findings: Findings) -> object:
    """The value of a text, with all places and problems; raise `Stopped` where it breaks off.

    Scalars follow the core schema of YAML 1.2; keys are always text.
    """
    if Parser is yaml.SafeLoader and len(text) > LONGEST_WITHOUT_C:
        message = f"longer than {LONGEST_WITHOUT_C} characters"
        findings.stop(None, message, "install libyaml, or use JSON")
    try:
        value = _CarefulReader(text, findings).read_document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(findings.source, mark.line + 1, mark.column + 1) if mark else None
        problem = error.problem or "broken"
        hints = (_EXPLAINED[start] for start in _EXPLAINED if problem.startswith(start))
        if "nesting depth" in problem:  # some builds of libyaml have a limit of their own
            findings.stop(place, TOO_DEEP, code="too_large")
        else:
            findings.stop(place, f"not YAML: {problem}", next(hints, ""))
    return value


class _CarefulReader:
    """Reads events to values, and notes places and problems."""

    def __init__(self, text: str, findings: Findings) -> None:
        self._text = text
        self._findings = findings
        self._take: Callable[[], Event] = Parser(text).get_event
        self._count = 0

    def read_document(self) -> object:
        self._take()
        start = self._take()
        if type(start) is StreamEndEvent:
            self._findings.stop(Place(self._findings.source, 1, 1), EMPTY)
        if start.version or start.tags:
            self._note((), start, "a directive", "delete the line that starts with %")
        first = self._take()
        value = self._read(first, ())
        self._check_end(first)
        return value

    def _check_end(self, first: Event) -> None:
        self._take()
        after = self._take()
        if type(after) is not StreamEndEvent:
            self._note((), after, "a second document", "keep one document a file")
        elif not self._text.endswith("\n") and not getattr(first, "flow_style", False):
            message = "the last line has no end, so the text may be cut"
            self._findings.note((), self._find_end(), message, "end it with a line feed")

    def _find_end(self) -> Place:
        last = self._text.rpartition("\n")[2]
        return Place(self._findings.source, self._text.count("\n") + 1, len(last) + 1)

    def _read(self, event: Event, loc: Loc, key: Place | None = None) -> object:
        place = self._place(event)
        self._findings.places[loc] = Spot(place, key)
        self._count += 1
        if self._count > MOST_VALUES:
            self._findings.stop(place, TOO_MANY, code="too_large")
        if type(event) is AliasEvent:
            self._findings.spoil(loc, place, "an alias", "write the value itself")
            return None
        self._check_properties(event, loc)
        if type(event) is ScalarEvent:
            return self._read_scalar(event, loc, place)
        if len(loc) >= DEEPEST:
            self._findings.stop(place, TOO_DEEP, code="too_large")
        collect = self._read_mapping if type(event) is MappingStartEvent else self._read_sequence
        return collect(loc)

    def _read_scalar(self, event: ScalarEvent, loc: Loc, place: Place) -> object:
        if event.style or len(event.value) > LONGEST_SCALAR:
            return judge_text(event.value, loc, place, self._findings)
        value = judge_number(read_plain, event.value, loc, place, self._findings)
        return judge_text(value, loc, place, self._findings) if isinstance(value, str) else value

    def _read_sequence(self, loc: Loc) -> list[object]:
        values: list[object] = []
        while type(event := self._take()) is not SequenceEndEvent:
            values.append(self._read(event, (*loc, len(values))))
        return values

    def _read_mapping(self, loc: Loc) -> dict[str, object]:
        values: dict[str, object] = {}
        while type(event := self._take()) is not MappingEndEvent:
            key = self._read_key(event, loc)
            place = self._place(event)
            way = (*loc, key)
            if key in values:
                self._findings.note_duplicate(way, place)
            values[key] = self._read(self._take(), way, place)
        return values

    def _read_key(self, event: Event, loc: Loc) -> str:
        if type(event) is not ScalarEvent:
            self._findings.stop(self._place(event), "a key that is no text")
        self._check_properties(event, loc)
        place = self._place(event)
        if event.value == "<<":
            self._findings.spoil((*loc, "<<"), place, "a merge key", "write the keys themselves")
        return judge_key(event.value, loc, place, self._findings)

    def _check_properties(self, event: Event, loc: Loc) -> None:
        if event.anchor is not None:
            self._note(loc, event, "an anchor", "delete it, and write values where they are used")
        if event.tag is not None:
            self._findings.spoilt.add(loc)
            self._note(loc, event, "a tag", "delete it; quotes make text")

    def _note(self, loc: Loc, event: Event, message: str, hint: str) -> None:
        self._findings.note(loc, self._place(event), message, hint)

    def _place(self, event: Event) -> Place:
        start, end = event.start_mark, event.end_mark
        one_line = start.line == end.line and isinstance(event, NodeEvent)
        width = max(end.column - start.column, 1) if one_line else 1
        return Place(self._findings.source, start.line + 1, start.column + 1, width)
