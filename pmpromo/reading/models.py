"""The one reader: a text, a file or a mapping in, a validated model out, or every problem at once.

A valid text takes the quick road, which keeps no places. Only a text that fails is read again,
carefully, so that each problem has its line and column. Both roads accept the same texts.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypedDict, TypeVar, Unpack

from pydantic import BaseModel, ValidationError

from pmpromo.errors import SHOWN_PROBLEMS, Place, Problem
from pmpromo.reading import json, yaml
from pmpromo.reading.characters import TEXT_BYTES, Unclear, read_clean, stand_in
from pmpromo.reading.explanations import explain
from pmpromo.reading.files import open_regular, read_name
from pmpromo.reading.places import (
    COLLECTED_PROBLEMS,
    Findings,
    Stopped,
    Tree,
    display,
    draw_excerpt,
    shorten,
)
from pmpromo.reading.plain import copy_plain
from pmpromo.reading.texts import open_text

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    from pmpromo.errors import PmpromoError
    from pmpromo.reading.places import Loc

__all__ = [
    "Format",
    "Opened",
    "Options",
    "build_model",
    "locate",
    "open_path",
    "read_model",
    "read_path",
    "read_tree",
]

Model = TypeVar("Model", bound=BaseModel)
Format = Literal["json", "yaml"]
"""How a text is written."""

FORMATS: Final[Mapping[str, Format]] = {".yaml": "yaml", ".yml": "yaml", ".json": "json"}
"""Which file name endings are read, and how."""

_QUICK: Final[Mapping[Format, Callable[[str], object]]] = {
    "json": json.read_values,
    "yaml": yaml.read_values,
}
_CAREFUL: Final[Mapping[Format, Callable[[str, Findings], object]]] = {
    "json": json.read_text,
    "yaml": yaml.read_text,
}
_NOTHING_REFUSED: Final[Mapping[str, str]] = {}


class Options(TypedDict, total=False):
    """What may be said about a reading.

    `source` names the text in places; `line` is the line of that source on which a text of JSON
    starts, and gives every problem a place. `refused` maps case-folded keys to the reason why no
    input may hold them. `show` adds the lines around each problem to the error, for a person to
    see. `context` is handed to the model's validators.
    """

    source: str
    line: int
    refused: Mapping[str, str]
    show: bool
    context: Mapping[str, object]


class Opened(NamedTuple):
    """A file that was read: its name as shown, how it is written, and its bytes."""

    name: str
    format: Format
    data: bytes


def read_model(
    model: type[Model],
    data: bytes | str,
    *,
    format: Format,  # noqa: A002 - the word that callers know
    error: type[PmpromoError],
    **options: Unpack[Options],
) -> Model:
    r"""The model that a YAML or JSON text describes; raise `error` with every problem in it.

    >>> from pmpromo.errors import PacketError
    >>> class Item(BaseModel, extra="forbid"):
    ...     title: str
    >>> read_model(Item, "title: Done\n", format="yaml", error=PacketError)
    Item(title='Done')
    >>> read_model(Item, '{"titel": 1}', format="json", error=PacketError, source="item.json")
    Traceback (most recent call last):
        ...
    pmpromo.errors.PacketError: item.json:1:1: title: missing
    item.json:1:2: titel: unknown key; did you mean 'title'?
    """
    amiss = _check_request(data, format)
    if amiss:
        raise error(_place_all([amiss], options))
    try:
        return model.model_validate(
            _QUICK[format](read_clean(data)), context=options.get("context")
        )
    except (Unclear, ValidationError):
        pass
    tree = read_tree(data, format, options.get("source", ""), options.get("line", 1))
    found, problems = _validate(model, tree, options)
    if found is not None:
        return found
    raise _sum_up(error, problems, tree.text, options)


def read_path(
    model: type[Model],
    path: str | os.PathLike[str],
    *,
    error: type[PmpromoError],
    formats: Sequence[str] = tuple(FORMATS),
    **options: Unpack[Options],
) -> Model:
    """The model in one file; raise `error` with every problem, and the lines around it.

    `formats` are the file name endings that are allowed. Nothing but this file is opened; a link
    to it is followed, for the path is the caller's own word.
    """
    opened = open_path(path, error=error, formats=formats)
    told: Options = {"source": opened.name, "show": True, **options}
    return read_model(model, opened.data, format=opened.format, error=error, **told)


def open_path(
    path: str | os.PathLike[str],
    *,
    error: type[PmpromoError],
    formats: Sequence[str] = tuple(FORMATS),
) -> Opened:
    """Read the bytes of one file, if it is of a format and a size that are read here."""
    path = read_name(path, error)
    name = shorten(display(path))
    ending = Path(path).suffix.lower()
    if ending not in formats:
        hint = f"its name must end in {', '.join(formats)}"
        told = Problem(name, "not a file that can be read here", hint, code="unreadable")
        raise error([told])
    file = open_regular(path, TEXT_BYTES)
    if isinstance(file, Problem):
        raise error([replace(file, path=name)])
    with file:
        return Opened(name, FORMATS[ending], file.read(TEXT_BYTES + 1))


def build_model(
    model: type[Model],
    mapping: Mapping[str, object],
    *,
    error: type[PmpromoError],
    **options: Unpack[Options],
) -> Model:
    """The model that a Python mapping describes; raise `error` with every problem, without places.

    >>> from pmpromo.errors import PacketError
    >>> class Item(BaseModel, extra="forbid"):
    ...     title: str
    >>> build_model(Item, {"title": "Done"}, error=PacketError)
    Item(title='Done')
    """
    findings = Findings("")
    value, readable = None, True
    try:
        value = copy_plain(mapping, findings)
    except Stopped:
        readable = False
    tree = _make_tree("", value, findings, readable=readable)
    found, problems = _validate(model, tree, options)
    if found is not None:
        return found
    raise _sum_up(error, problems, "", options)


def read_tree(
    data: bytes | str,
    format: Format,  # noqa: A002 - the word that callers know
    source: str = "",
    line: int = 1,
) -> Tree:
    r"""The values of a text with the place of each, and what is wrong with the text itself.

    `line` is the line of the source on which a text of JSON starts.

    >>> tree = read_tree("id: a\nshare: 0.5\n", "yaml", "x.yaml")
    >>> tree.value, str(tree.places["share",].value)
    ({'id': 'a', 'share': 0.5}, 'x.yaml:2:8')
    """
    findings = Findings(source or "input", line)
    text, value, readable = "", None, True
    try:
        text = open_text(data, findings)
        value = _CAREFUL[format](stand_in(text) if findings.count else text, findings)
    except Stopped:
        readable = False
    return _make_tree(text, value, findings, readable=readable)


def locate(
    data: bytes | str,
    format: Format,  # noqa: A002 - the word that callers know
    source: str,
    loc: Loc,
) -> Place | None:
    """Where a value stands in a text; for one that is not there, where its nearest parent does.

    >>> str(locate('{"facts": [{"metric": "arr"}]}', "json", "x.json", ("facts", 0, "metric")))
    'x.json:1:23'
    """
    tree = read_tree(data, format, source)
    spot = tree.find_spot(loc)
    if spot is None:
        return None
    return spot.value if loc in tree.places else spot.head


def _check_request(data: object, format: object) -> Problem | None:  # noqa: A002
    """What is wrong with the question itself."""
    if not isinstance(data, (bytes, str)):
        return Problem(
            "", f"bytes or a text is wanted, not an object of {type(data)}", code="wrong_type"
        )
    if not isinstance(format, str) or format not in _QUICK:
        return Problem("format", f"is not one of: {', '.join(_QUICK)}", code="unknown_choice")
    return None


def _make_tree(text: str, value: object, findings: Findings, *, readable: bool) -> Tree:
    problems = list(findings.problems)
    left = findings.count - len(problems)
    if left:
        problems.append(Problem("", f"{left} more problems"))
    return Tree(text, value, findings.places, tuple(problems), frozenset(findings.spoilt), readable)


def _validate(
    model: type[Model], tree: Tree, options: Options
) -> tuple[Model | None, list[Problem]]:
    """The model, or every problem: those of the text and those of what it says."""
    problems = list(tree.problems)
    found = None
    if tree.readable:
        try:
            found = model.model_validate(tree.value, context=options.get("context"))
        except ValidationError as error:
            problems += explain(error, model, tree, options.get("refused", _NOTHING_REFUSED))
            left = error.error_count() - COLLECTED_PROBLEMS
        else:
            left = 0
        if left > 0:
            problems.append(Problem("", f"{left} more problems"))
    return (None if problems else found), problems


def _sum_up(
    error: type[PmpromoError], problems: list[Problem], text: str, options: Options
) -> PmpromoError:
    """The error, its problems in the order of the text; with excerpts where they are shown."""
    ordered = sorted(problems, key=_find_order)
    told, line = _place_all(ordered, options), options.get("line", 1)
    if not options.get("show"):
        return error(told)
    places = [problem.place for problem in ordered[:SHOWN_PROBLEMS]]
    shown = [draw_excerpt(text, place, line) if place and text else "" for place in places]
    return error(told, shown)


def _place_all(problems: list[Problem], options: Options) -> list[Problem]:
    """Give what concerns all of a text the line on which the text starts."""
    if "line" not in options:
        return problems
    start = Place(options.get("source", ""), options["line"], 1)
    return [replace(problem, place=problem.place or start) for problem in problems]


def _find_order(problem: Problem) -> tuple[float, int]:
    place = problem.place
    return (place.line, place.column) if place else (float("inf"), 0)
