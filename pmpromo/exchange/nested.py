"""Ladders in JSON or YAML: mappings in mappings, or lists of records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pmpromo.errors import LadderError, Place, Problem
from pmpromo.exchange.grid import Entry, Grid, Side, find_side
from pmpromo.reading.places import name_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pmpromo.reading.places import Loc, Tree

__all__ = ["read_nested"]

NAMES: Final = ("name", "title", "id", "label")
"""Keys that name a record, the first one there."""

TEXTS: Final = ("text", "description", "words", "summary", "expectation", "content")
"""Keys under which a record has its words, the first one there."""

INNER: Final = ("milestones", "cells", "values", "descriptions", "anchors", "items")
"""Further keys under which a record keeps what belongs to the other side."""


RANKS: Final = ("order", "rank", "position")
"""Keys under which a record says where it stands; lists are in order, so they are passed over."""


class _Part(NamedTuple):
    """A value, the way to it, and its name if it has one."""

    name: str
    loc: Loc
    value: Any


def read_nested(tree: Tree, source: str) -> Grid:
    """Return the grid of a tree of values.

    Raises:
        LadderError: a value that is neither a mapping nor a list of records.
    """
    reader = _Reader(tree, source)
    grid = reader.read()
    if reader.problems:
        raise LadderError(reader.problems)
    return grid


class _Reader:
    """Walks a tree of values once, and notes what it cannot use."""

    def __init__(self, tree: Tree, source: str) -> None:
        self._tree = tree
        self._source = source
        self.problems: list[Problem] = []

    def read(self) -> Grid:
        root = self._tree.value
        if isinstance(root, list):
            return self._read_side(root, (), self._tell_side(root), ())
        if not isinstance(root, dict):
            self._note((), "no ladder", "give levels and competencies in words")
            return Grid(())
        title = next((root[key] for key in NAMES if isinstance(root.get(key), str)), None)
        held = {key: value for key, value in root.items() if isinstance(value, (dict, list))}
        lists = {key: names for key in held if find_side(key) and (names := _list_names(held[key]))}
        listed = next((lists[key] for key in lists if find_side(key) == "levels"), ())
        rest = {key: value for key, value in held.items() if key not in lists}
        if len(rest) == 1 and find_side(next(iter(rest))):
            ((key, value),) = rest.items()
            return self._read_side(value, (key,), find_side(key), listed)._replace(name=title)
        return self._read_side(rest, (), None, listed)._replace(name=title)

    def _tell_side(self, records: list[Any]) -> Side | None:
        """Tell what the records of a list are, by the keys that name them."""
        keys = {_find_name_key(each) for each in records if isinstance(each, dict)} - {None}
        sides = {find_side(str(key)) for key in keys}
        return sides.pop() if len(sides) == 1 else None

    def _read_side(
        self,
        value: Any,  # noqa: ANN401 - any value
        loc: Loc,
        side: Side | None,
        listed: Sequence[str],
    ) -> Grid:
        if isinstance(value, list) and _is_long(value):
            return Grid([*self._read_long(value, loc)], "levels")
        entries = [*self._read_rows(self._list_parts(value, loc), listed)]
        rank = {name: place for place, name in enumerate(listed)}

        def find_place(entry: Entry) -> int:
            return min(rank.get(entry.row, len(rank)), rank.get(entry.column, len(rank)))

        is_column = bool(listed) and all(entry.column in rank for entry in entries)
        told: Side | None = "competencies" if is_column else side
        return Grid(sorted(entries, key=find_place), told)

    def _read_long(self, records: list[dict[str, Any]], loc: Loc) -> Iterator[Entry]:
        for index, record in enumerate(records):
            side = {find_side(key): str(record[key]) for key in record}
            rest = [key for key in record if find_side(key) is None]
            key = next((key for key in TEXTS if key in record), rest[0] if rest else "")
            part = _Part("", (*loc, index, key), record.get(key))
            yield Entry(side["levels"], side["competencies"], self._say(part), self._place(part))

    def _list_parts(self, value: object, loc: Loc) -> Iterator[_Part]:
        """Yield what a mapping or a list holds, each with its name."""
        if isinstance(value, dict):
            for key, inner in value.items():
                yield _Part(key, (*loc, key), inner)
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                name = _name(inner) if isinstance(inner, dict) else None
                yield _Part(name or "", (*loc, index), inner)
        else:
            self._note(loc, "neither a mapping nor a list", "give names and words")

    def _read_rows(self, rows: Iterator[_Part], listed: Sequence[str]) -> Iterator[Entry]:
        for row in rows:
            if not row.name:
                self._note(row.loc, "has no name", f"give it one of: {', '.join(NAMES)}")
                continue
            for cell in self._list_inner(row, listed):
                if not cell.name:
                    self._note(cell.loc, "words without a level", "list the levels, one each")
                    continue
                yield Entry(row.name, cell.name, self._say(cell), self._place(cell))

    def _list_inner(self, row: _Part, listed: Sequence[str]) -> Iterator[_Part]:
        """Yield the cells of a row; words alone in a list belong to the listed names in turn."""
        value, loc = row.value, row.loc
        if isinstance(value, dict):
            key = _find_inner(value)
            if key:
                value, loc = value[key], (*loc, key)
            else:
                aside = {_find_name_key(value), *TEXTS, *RANKS} if _name(value) else set()
                value = {name: words for name, words in value.items() if name not in aside}
        for place, cell in enumerate(self._list_parts(value, loc)):
            is_told = place < len(listed) and not cell.name
            yield cell._replace(name=listed[place]) if is_told else cell

    def _say(self, part: _Part) -> str:
        """Return the words of a cell: a text, a list of texts, or a record that holds them."""
        value = part.value
        if isinstance(value, dict):
            key = next((key for key in TEXTS if key in value), None)
            value = value.get(key) if key else value
        if value is None:
            return ""
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return "\n".join(each.strip() for each in value)
        self._note(part.loc, "no words", "write a text, or a list of texts")
        return ""

    def _place(self, part: _Part) -> Place:
        spot = self._tree.find_spot(part.loc)
        return spot.value if spot else Place(self._source, 1, 1)

    def _note(self, loc: Loc, message: str, hint: str) -> None:
        place = self._place(_Part("", loc, None))
        self.problems.append(Problem(name_path(loc), message, hint, place))


def _list_names(value: object) -> tuple[str, ...]:
    """Return the names that a list declares, if names are all that it holds."""
    if not isinstance(value, list):
        return ()
    bare = (*NAMES, *TEXTS, *RANKS)
    names = [
        _name(each) if isinstance(each, dict) and {*each} <= {*bare} else each for each in value
    ]
    return tuple(map(str, names)) if all(isinstance(each, (str, int)) for each in names) else ()


def _is_long(records: Sequence[Any]) -> bool:
    """Tell whether each record is a cell: a level, a competency and words."""
    return bool(records) and all(
        isinstance(each, dict)
        and {*TEXTS} & {*each}
        and {"levels", "competencies"} <= {find_side(key) for key in each}
        for each in records
    )


def _find_inner(record: Mapping[str, Any]) -> str | None:
    """Return the key of a record under which its cells lie, if they lie under one."""
    return next(
        (
            key
            for key, value in record.items()
            if (find_side(key) or key.casefold() in INNER) and isinstance(value, (dict, list))
        ),
        None,
    )


def _find_name_key(record: Mapping[str, Any]) -> str | None:
    keys = [key for key in record if find_side(key) or key.casefold() in NAMES]
    return next((key for key in keys if isinstance(record[key], (str, int))), None)


def _name(record: Mapping[str, Any]) -> str | None:
    key = _find_name_key(record)
    return None if key is None else " ".join(str(record[key]).split())
