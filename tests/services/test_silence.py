"""Errors of the safe road hold no value of the input, however deep one looks into them."""

from __future__ import annotations

import json
import traceback
from copy import deepcopy
from dataclasses import fields, is_dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pytest
from documents import GOLDEN, READERS
from hypothesis import given, settings
from hypothesis import strategies as st

from pmpromo import assess, load_rubric, parse_packet, parse_rubric
from pmpromo.errors import PmpromoError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pmpromo.schemas import Document

RUBRIC: Final = load_rubric("pure-storage-pm/l3-l4")
TEXT: Final = "Jane Roe of 1 Main Street"
NUMBER: Final = 27182818
SECRETS: Final = ("Jane", "Roe", "Main Street", str(NUMBER))

PUT: Final[dict[str, Any]] = {
    "text": TEXT,
    "number": NUMBER,
    "fraction": NUMBER + 0.5,
    "list": [TEXT, NUMBER],
    "object": {"said": TEXT},
    "day": f"2026-13-45 {TEXT}",
    "control": f"{TEXT}\x08",
    "bytes": TEXT.encode(),
    "nested": [[[{"a": [TEXT]}]]],
}
"""What stands where something else is wanted."""


def look_into(thing: object, seen: set[int]) -> Iterator[str]:
    """Every text that can be reached from a thing: attributes, arguments, causes, contexts."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, str | bytes | int | float):
        yield str(thing)
        return
    if isinstance(thing, BaseException):
        yield from (str(thing), repr(thing), "".join(traceback.format_exception(thing)))
        inner = [thing.args, vars(thing), thing.__cause__, thing.__context__]
        # A decoder's error holds all of the text, and one of pydantic's all of the input.
        inner += [getattr(thing, name, None) for name in ("doc", "object", "problems")]
        errors = getattr(thing, "errors", None)
        inner.append(errors() if callable(errors) else None)
    elif is_dataclass(thing):
        inner = [getattr(thing, each.name) for each in fields(thing)]
    elif isinstance(thing, dict):
        inner = [*thing, *thing.values()]
    elif isinstance(thing, list | tuple | set | frozenset):
        inner = [*thing]
    else:
        return
    for each in inner:
        yield from look_into(each, seen)


def find_leaks(error: BaseException) -> list[str]:
    """The texts inside an error that hold a secret."""
    return [text for text in look_into(error, set()) if any(each in text for each in SECRETS)]


def walk(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
    """The way to every value inside a document."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from walk(each, (*path, key))


def put(content: Any, path: tuple[Any, ...], value: object) -> Any:  # noqa: ANN401
    """A copy of a document with another value in one place."""
    copy = deepcopy(content)
    node = copy
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return copy


def keep_silent(work: Callable[[], object]) -> bool:
    """Whether the work was refused; if so its error holds no secret."""
    caught: PmpromoError | None = None
    try:
        work()
    except PmpromoError as error:
        caught = error
    assert caught is None or not find_leaks(caught)
    return caught is not None


PACKET: Final = json.loads((GOLDEN / "packet-1.json").read_text(encoding="utf-8"))
WAYS: Final = [*walk(PACKET)]


@given(st.sampled_from(WAYS), st.sampled_from([*PUT]))
@settings(max_examples=30)
def test_a_packet_with_a_wrong_value_is_refused_in_silence(path: tuple[Any, ...], how: str) -> None:
    """Whatever stands anywhere in a packet: neither reading nor assessing repeats it."""
    content = put(PACKET, path, PUT[how])
    keep_silent(lambda: assess(parse_packet(content), RUBRIC))
    if how != "bytes":
        text = json.dumps(content)
        keep_silent(lambda: assess(parse_packet(text), RUBRIC))
        keep_silent(lambda: parse_packet(text, format="yaml"))


@given(st.integers(1, 4000), st.sampled_from(["json", "yaml"]))
@settings(max_examples=40)
def test_a_packet_that_was_cut_is_refused_in_silence(length: int, form: Any) -> None:  # noqa: ANN401
    """A text that ends anywhere is refused without a word of it, as text and as bytes."""
    told = json.dumps(put(PACKET, ("evidence", 0, "title"), TEXT), indent=1)[:length]
    keep_silent(lambda: parse_packet(told, format=form))
    keep_silent(lambda: parse_packet(told.encode() + b"\xff", format=form))
    keep_silent(lambda: parse_packet(told.replace("title", f'{TEXT}" "'), format=form))


RUBRIC_TEXT: Final = json.loads((GOLDEN / "rubric-1.json").read_text(encoding="utf-8"))
RUBRIC_WAYS: Final = [path for path in walk(RUBRIC_TEXT) if path[0] != "ladder"]


@given(st.sampled_from(RUBRIC_WAYS), st.sampled_from(["text", "number", "object"]))
@settings(max_examples=20)
def test_a_rubric_with_a_wrong_value_is_refused_in_silence(path: Any, how: str) -> None:  # noqa: ANN401
    """So it is with rubrics."""
    keep_silent(lambda: parse_rubric(put(RUBRIC_TEXT, path, PUT[how])))


RESULTS: Final = (
    *["assessment", "path", "sensitivity", "comparison"],
    *["readiness", "committee", "impact"],
)


@pytest.mark.parametrize("document", RESULTS)
@pytest.mark.parametrize("how", ["text", "number", "object"])
def test_a_result_that_is_none_is_refused_in_silence(document: Document, how: str) -> None:
    """Results and models whose values are not theirs are refused without those values."""
    name = "model" if document == "readiness" else document
    content = json.loads((GOLDEN / f"{name}-1.json").read_text(encoding="utf-8"))
    ways = [*walk(content)]
    refused = 0
    for path in ways[:: max(1, len(ways) // 12)]:
        text = json.dumps(put(content, path, PUT[how]))
        refused += keep_silent(partial(READERS[document], text))
    assert refused > 0
    cut = json.dumps({"said": TEXT})[:-1]
    assert keep_silent(lambda: READERS[document](cut))


REQUESTS: Final[list[Callable[[], object]]] = [
    lambda: assess(parse_packet(PACKET), RUBRIC, as_of=TEXT),  # type: ignore[arg-type]
    lambda: assess(TEXT, RUBRIC),  # type: ignore[arg-type]
    lambda: assess(parse_packet({**PACKET, "rubric": "jane-roe"})),
    lambda: assess(parse_packet(PACKET), TEXT),  # type: ignore[arg-type]
    lambda: assess(parse_packet(PACKET), RUBRIC, readiness=TEXT),  # type: ignore[arg-type]
    lambda: parse_packet(TEXT),
    lambda: parse_packet(TEXT.encode("utf-16")),
    lambda: parse_packet(NUMBER),  # type: ignore[arg-type]
    lambda: parse_packet(b"{}", format=TEXT),  # type: ignore[arg-type]
    lambda: parse_packet(f'{{"id": "{TEXT}", "id": "{TEXT}"}}'),
    lambda: parse_packet(f'{{"id": 1e999, "t": "{TEXT}"}}'),
    lambda: assess(parse_packet(PACKET), RUBRIC, as_of=date(1, 1, 1)),
]


@pytest.mark.parametrize("work", REQUESTS)
def test_a_wrong_request_is_refused_in_silence(work: Callable[[], object]) -> None:
    """So are requests that are wrong in themselves."""
    assert keep_silent(work)


def test_a_leak_would_be_found() -> None:
    """The search finds a secret in the text, in a problem, and in what an error came from."""

    def refuse() -> None:
        try:
            json.loads(f"{{{TEXT}")
        except ValueError:
            raise PmpromoError([]) from None

    with pytest.raises(PmpromoError) as caught:
        refuse()
    assert find_leaks(caught.value)
    assert find_leaks(PmpromoError([], [TEXT]))
