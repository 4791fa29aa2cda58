"""What pydantic finds wrong, said in our words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

import pytest
from pydantic import BaseModel, Discriminator, Field, PlainValidator, Tag, create_model
from pydantic_core import PydanticCustomError

from pmpromo.errors import DataError
from pmpromo.packet import Packet
from pmpromo.reading.explanations import describe, guess, trace
from pmpromo.reading.models import read_model
from pmpromo.words import Fault

DAY: Final = "write a day that exists, without time or zone"
TRUTH: Final = "write true or false, without quotes"
DIGITS: Final = "write digits 0-9 with a point for decimals; no unit, no quotes"


def say(kind: Any, text: str) -> list[str]:  # noqa: ANN401
    """What is said of `text`, in JSON, where a value of `kind` is wanted."""
    model = create_model("Holder", x=(kind, ...), __config__={"extra": "forbid"})
    try:
        read_model(model, f'{{"x": {text}}}', format="json", error=DataError)
    except DataError as error:
        return [str(problem).removeprefix("input:1:") for problem in error.problems]
    return []


class Circle(BaseModel, extra="forbid"):
    """A shape."""

    kind: Literal["circle"]
    radius: float


class Square(BaseModel, extra="forbid"):
    """Another shape."""

    kind: Literal["square"]
    side: float = Field(alias="side_length")


Shape = Annotated[Circle | Square, Discriminator("kind")]


def find_tag(value: Any) -> str | None:  # noqa: ANN401
    """The branch that a mapping belongs to."""
    return next((tag for tag in ("radius", "side_length") if tag in value), None)


Free = Annotated[
    Annotated[Circle, Tag("radius")] | Annotated[Square, Tag("side_length")],
    Discriminator(find_tag),
]


def blame(_: object) -> None:
    """Find two faults in anything."""
    faults = [Fault(("a",), "is early", "wait"), Fault(("b", "c"), "is late")]
    raise PydanticCustomError("faults", "{told}", {"told": "", "faults": faults})


def complain(_: object) -> None:
    """Refuse with a message that holds its hint."""
    message = "is odd | make it even"
    raise ValueError(message)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (str, "5", "7: x: a text is wanted, not a whole number; put it in quotes"),
        (str, "null", "7: x: a text is wanted, not null"),
        (float, "[]", "2: x: a number is wanted, not a list"),
        (int, "1.5", "7: x: a whole number is wanted, not a decimal number"),
        (bool, '"maybe"', f"7: x: true or false is wanted, not a text; {TRUTH}"),
        (date, '"2026-02-30"', f"7: x: a date as YYYY-MM-DD is wanted, not a text; {DAY}"),
        (list[int], "{}", "2: x: a list is wanted, not a mapping"),
        (dict[str, int], "[]", "2: x: a mapping of keys to values is wanted, not a list"),
        (Circle, "3", "7: x: a mapping of keys to values is wanted, not a whole number"),
        (Decimal, '"x"', f"7: x: a number is wanted, not a text; {DIGITS}"),
        (Annotated[int, Field(gt=2)], "2", "7: x: more than 2 is wanted"),
        (Annotated[int, Field(ge=3)], "2", "7: x: at least 3 is wanted"),
        (Annotated[int, Field(lt=2)], "2", "7: x: less than 2 is wanted"),
        (Annotated[int, Field(multiple_of=2)], "3", "7: x: a multiple of 2 is wanted"),
        (Annotated[str, Field(min_length=2)], '"a"', "7: x: a length of at least 2 is wanted"),
        (Annotated[str, Field(pattern="^a$")], '"b"', "7: x: is not of the form ^a$"),
        (Annotated[list[int], Field(min_length=1)], "[]", "2: x: a length of at least 1 is wanted"),
        (Annotated[list[int], Field(max_length=0)], "[1]", "2: x: a length of at most 0 is wanted"),
        (Literal[1], "2", "7: x: is not 1"),
        (
            Literal["led", "co_led"],
            '"LED"',
            "7: x: is not one of: led, co_led; did you mean 'led'?",
        ),
        (Literal["led", "co_led"], "7", "7: x: is not one of: led, co_led"),
        (Annotated[object, PlainValidator(complain)], "1", "7: x: is odd; make it even"),
        (
            Annotated[str, Field(strict=True)] | None,
            "1",
            "7: x: a text is wanted, not a whole number; put it in quotes",
        ),
        (int | list[int], '"a"', f"7: x: a list or a whole number is wanted; {DIGITS}"),
        (int | list[int], '[1, "a"]', f"11: x[1]: a whole number is wanted, not a text; {DIGITS}"),
        (Literal["none"] | list[int], "{}", "2: x: a list or none is wanted"),
        (
            Circle | list[Circle],
            '{"kind": "circle", "radius": "a"}',
            f"36: x.radius: a number is wanted, not a text; {DIGITS}",
        ),
        (
            Shape,
            '{"kind": "cirle"}',
            "16: x.kind: is not one of: circle, square; did you mean 'circle'?",
        ),
        (Shape, '{"radius": 1}', "2: x.kind: missing"),
        (Shape, '{"kind": "circle"}', "2: x.radius: missing"),
        (
            Shape,
            '{"kind": "square", "side_length": "a"}',
            f"41: x.side_length: a number is wanted, not a text; {DIGITS}",
        ),
        (
            dict[Annotated[str, Field(max_length=1)], int],
            '{"ab": 1}',
            "8: x.ab: a length of at most 1 is wanted",
        ),
    ],
)
def test_wording(kind: object, text: str, expected: str) -> None:
    """Each kind of error is one line: what is wanted, at the place where it is wanted."""
    assert say(kind, text) == [expected]


def test_long_choice_is_cut() -> None:
    """Of many allowed values twelve are named."""
    names = tuple(f"n{number}" for number in range(20))
    (said,) = say(Literal[names], '"zzz"')
    assert said == "7: x: is not one of: " + ", ".join(names[:12]) + ", …"


def test_branch_named_as_a_key() -> None:
    """A branch of a union that bears the name of a key in the mapping is no step of the path."""
    assert say(Free, '{"kind": "circle", "radius": "a"}') == [
        f"36: x.radius: a number is wanted, not a text; {DIGITS}"
    ]
    assert say(Free, '{"radius": 1, "kind": "square", "more": 2}') == [
        "29: x.kind: is not circle",
        "39: x.more: unknown key",
    ]


def test_faults_are_told_one_by_one() -> None:
    """A validator that finds many faults at once gets each its own place."""
    assert say(Annotated[object, PlainValidator(blame)], '{"a": 1, "b": {"c": 2}}') == [
        "13: x.a: is early; wait",
        "27: x.b.c: is late",
    ]


def test_fault_about_an_absent_key_stands_at_its_parent() -> None:
    """A fault may name a key that the input left out."""
    assert "2: x.a: is early; wait" in say(Annotated[object, PlainValidator(blame)], "{}")


def test_standard_message_keeps_its_sense() -> None:
    """What pydantic says of rare kinds is kept, without its address and without the input."""
    (said,) = say(timedelta, "[]")
    assert said.startswith("2: x: should be")
    assert "http" not in said


def test_keys_that_the_model_calls_by_another_name() -> None:
    """A did-you-mean offers the names that a file may use."""
    assert say(Square, '{"kind": "square", "side_lenght": 1}') == [
        "2: x.side_length: missing",
        "26: x.side_lenght: unknown key; did you mean 'side_length'?",
    ]


class Node(BaseModel, extra="forbid"):
    """A thing that holds its like, in every way a schema knows."""

    child: "Node | None" = None
    pair: tuple["Node", int] | None = None
    named: dict[str, "Node"] = {}
    free: Any = None


def test_keys_are_found_inside_a_model_that_holds_itself() -> None:
    """The way to the allowed keys leads through references, pairs and mappings."""
    for way in (
        '{"child": {"chld": 1}}',
        '{"pair": [{"chld": 1}, 2]}',
        '{"named": {"a": {"chld": 1}}}',
    ):
        (said,) = say(Node, way)
        assert said.endswith(".chld: unknown key; did you mean 'child'?")


def test_model_without_a_schema_gets_no_guess() -> None:
    """Where pydantic cannot describe the model, the key is refused all the same."""

    class Opaque(BaseModel, extra="forbid"):
        inner: Callable[[], int] = int

    with pytest.raises(DataError) as caught:
        read_model(Opaque, '{"innr": 1}', format="json", error=DataError)
    assert str(caught.value) == "input:1:2: innr: unknown key"


def test_a_model_is_described_once() -> None:
    """Unknown keys in many packets cost one description of what a packet holds."""
    assert describe(Packet) is describe(Packet)


def test_guesses_are_rationed() -> None:
    """After a hundred unknown keys no more guesses are made, and a long key gets none."""
    text = "{" + ",".join(f'"radiu{number}": 1' for number in range(150)) + "}"
    said = say(Circle, text)
    assert sum("did you mean" in line for line in said) == 100
    assert guess("radius" + "s" * 60, ["radius"]) == ""


def test_long_key_paths_do_not_multiply() -> None:
    """A loc of which each step could be a key or a branch is traced without trying all ways."""
    root: dict[str, Any] = {}
    node = root
    for _ in range(30):
        node["a"] = {}
        node = node["a"]
    assert trace(root, ("a",) * 60)[0] == ("a",) * 30
