"""Where the quick road gives up, and where each limit lies to the very last value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from pydantic import BaseModel, RootModel
from reading.samples import change, complain, complain_about, read

from pmpromo.reading import explanations, json, yaml
from pmpromo.reading.characters import TEXT_BYTES, Unclear, read_clean
from pmpromo.reading.models import read_tree
from pmpromo.reading.numbers import read_plain
from pmpromo.reading.scalars import LONGEST_SCALAR, MOST_VALUES

if TYPE_CHECKING:
    from pmpromo.reading.models import Format

DOUBTS: Final = {
    "alias without an anchor": (yaml, "a: *b\nc: d\n"),
    "anchor": (yaml, "a: &b c\n"),
    "tag": (yaml, "a: !b c\n"),
    "merge key": (yaml, "<<: {a: b}\n"),
    "control by escape": (yaml, '"a\\x08"\n'),
    "direction by escape": (yaml, 'a: "\\u202e"\n'),
    "duplicate key": (yaml, "a: b\na: c\n"),
    "key that is a list": (yaml, "[a]: b\n"),
    "second document": (yaml, "a: b\n---\nc: d\n"),
    "directive": (yaml, "%YAML 1.2\n---\na: b\n"),
    "no line end": (yaml, "a: b"),
    "infinity": (yaml, "a: 1e999\n"),
    "deep list": (yaml, "[" * 33 + "]" * 33 + "\n"),
    "long text": (yaml, "a" * LONGEST_SCALAR + "\n"),
    "duplicate in JSON": (json, '{"a": 1, "a": 2}'),
    "infinity in JSON": (json, "[1e999]"),
    "constant in JSON": (json, "[NaN]"),
    "zero in JSON": (json, "[1e-999]"),
    "integer of 63 bits and one": (json, "[9223372036854775808]"),
    "escape to a control": (json, '["\\u0008"]'),
    "escape to half a pair": (json, '["\\ud800"]'),
    "deep list in JSON": (json, "[" * 33 + "]" * 33),
    "very deep list in JSON": (json, "[" * 100_000),
    "many values": (json, "[" + "1," * MOST_VALUES + "1]"),
    "long text in JSON": (json, f'["{"a" * (LONGEST_SCALAR + 1)}"]'),
}


@pytest.mark.parametrize("name", DOUBTS)
def test_quick_road_gives_up(name: str) -> None:
    """The quick road never returns what the careful road would refuse."""
    road, text = DOUBTS[name]
    with pytest.raises(Unclear):
        road.read_values(text)


@pytest.mark.parametrize(
    ("road", "text"), [(yaml, "[" * 32 + "]" * 32 + "\n"), (json, "[" * 32 + "]" * 32)]
)
def test_quick_road_goes_to_the_limit(road: Any, text: str) -> None:  # noqa: ANN401
    """Thirty-two levels are no reason to doubt."""
    assert road.read_values(text) == road.read_values("[" + text[1:32] + text[32:63] + "]\n")


@pytest.mark.parametrize(
    "text",
    ["a\u0301" + "\u0323" * 31, "\u202e", "a\rb", "e\u0301", "\ufeff\ufeff", b"\xff", "\ud800"],
)
def test_quick_road_gives_up_on_odd_characters(text: str | bytes) -> None:
    """A text is taken as it is only if it is clean and composed."""
    with pytest.raises(Unclear):
        read_clean(text)


def test_size_limit_is_inclusive() -> None:
    """A text of exactly sixteen binary megabytes is still read, on both roads."""
    assert len(read_clean(b" " * TEXT_BYTES)) == TEXT_BYTES
    assert read_tree(b"#" * TEXT_BYTES, "yaml").problems[0].message == "nothing stands here"


@pytest.mark.parametrize("format", ["json", "yaml"])
def test_count_limit_is_inclusive(format: Format) -> None:  # noqa: A002
    """Exactly as many values as allowed are read, the list around them being one."""
    text = "[" + "1," * (MOST_VALUES - 2) + "1]"
    assert not read_tree(text, format).problems
    assert read_tree("[1," + text[1:], format).problems


def test_count_limit_is_inclusive_in_python() -> None:
    """The same holds for Python objects."""
    message = f"more than {MOST_VALUES} values"
    assert message not in complain_about([1] * (MOST_VALUES - 1))
    assert message in complain_about([1] * MOST_VALUES)


@pytest.mark.parametrize("quote", ["", '"'])
def test_length_limit_is_inclusive(quote: str) -> None:
    """A text of exactly the longest length is a text, whether quoted or not."""
    for length, is_read in ((LONGEST_SCALAR, True), (LONGEST_SCALAR + 1, False)):
        text = f"{quote}{'a' * length}{quote}\n"
        assert bool(read_tree(text, "yaml").problems) != is_read
        assert bool(read_tree(f'"{"a" * length}"', "json").problems) != is_read


def test_long_run_of_digits_in_yaml_is_a_text_too_long() -> None:
    """A number that is longer than any text may be is not even tried."""
    (problem,) = read_tree("1" * (LONGEST_SCALAR + 1) + "\n", "yaml").problems
    assert problem.message == f"a text of more than {LONGEST_SCALAR} characters"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("123e-5", 0.00123),
        ("-12e-10", -12e-10),
        ("123456789012345678", 123456789012345678),
        ("9223372036854775807", 9223372036854775807),
        ("-9223372036854775807", -9223372036854775807),
        ("0o17", 15),
        ("0x1F", 31),
        ("+5", 5),
        (".5", 0.5),
        ("5.", 5.0),
        ("-0", 0),
        ("0.0", 0.0),
        ("0e5", 0.0),
        ("٣", "٣"),
        ("1٣", "1٣"),
        ("1.٣", "1.٣"),
        ("Null", None),
        ("TRUE", True),
        ("False", False),
        ("nULL", "nULL"),
        ("2026-06-30", "2026-06-30"),
        ("01.5", "01.5"),
        (".", "."),
        ("-.", "-."),
    ],
)
def test_core_schema(written: str, value: object) -> None:
    """Unquoted scalars follow the core schema of YAML 1.2, save for leading zeros."""
    found = read_plain(written)
    assert (found, type(found)) == (value, type(value))


def test_stand_in_character_is_text() -> None:
    """U+FFFD is ugly but visible; a text that brings it along is read."""
    title = "a\ufffdb"
    assert read(change("Integrated acquired product", title)).evidence[0].title == title
    (said,) = complain(change("spm-b-2026h1", title))
    assert said.startswith("p:2:5: id: ")


class Inner(BaseModel, extra="forbid"):
    """A thing with one key."""

    inside: int = 0


class Loop(RootModel["Loop | Inner"]):
    """A thing whose schema leads back to itself without a step."""


class Holder(BaseModel, extra="forbid"):
    """Holds such a thing."""

    loop: Loop | None = None


def test_schema_that_contains_itself() -> None:
    """The search for allowed keys ends where a schema goes round in a circle."""
    said = explanations._KeyGuide(Holder, {}).judge(("loop", "insde"))
    assert said == ("unknown key", "did you mean 'inside'?", "unknown_key")
