"""Committee records to JSON text and back: strict, complete about problems, the same bytes."""

from __future__ import annotations

import json
import math
from dataclasses import fields, is_dataclass
from types import NoneType
from typing import Any, Final, Literal, TypeAlias, get_args, get_origin, get_type_hints

from pmpromo.errors import ModelError, Problem

__all__ = ["decode", "encode", "parse_json", "write_json"]

Json: TypeAlias = Any
"""What a JSON text can say."""

AGAIN: Final = "save the model again"

LARGEST_TEXT: Final = 100_000_000
"""Characters that are read at all: a committee of three hundred thousand packets."""


def encode(value: object) -> Json:
    """Return a frozen record as plain JSON values; fields that are not compared are left out."""
    if is_dataclass(value):
        return {f.name: encode(getattr(value, f.name)) for f in fields(value) if f.compare}
    return [encode(item) for item in value] if isinstance(value, tuple) else value


def write_json(value: Json) -> str:
    """Return canonical JSON: sorted keys, no blanks, ASCII, no NaN.

    >>> write_json({"b": 1, "a": [0.5, None]})
    '{"a":[0.5,null],"b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def parse_json(text: str | bytes) -> Json:
    """Return the value of a JSON text, without duplicate keys.

    Raises:
        ModelError: text that is not JSON, too large, too deep, or with a key twice.

    >>> parse_json("{")
    Traceback (most recent call last):
    pmpromo.errors.ModelError: model: not the JSON text of a saved model; save the model again
    """
    problem = Problem("model", "not the JSON text of a saved model", AGAIN, code="unreadable")
    if len(text) > LARGEST_TEXT:
        raise ModelError([problem])
    try:
        return json.loads(text, object_pairs_hook=refuse_twins)
    except (ValueError, RecursionError):
        pass  # what is raised in here carries the text along
    raise ModelError([problem])


def refuse_twins(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Return pairs as a dict; raise if a key occurs twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key occurs twice")
    return found


def decode(kind: Any, value: Json, path: str, problems: list[Problem]) -> Json:  # noqa: ANN401
    """Return a JSON value as `kind`; append a problem for each place that does not fit.

    `kind` is a frozen dataclass, tuple[X, ...], tuple[X, Y], X | None, a Literal or a plain type.
    """
    if is_dataclass(kind):
        return decode_record(kind, value, path, problems)
    options = get_args(kind)
    if get_origin(kind) is Literal:
        return decode_choice(options, value, path, problems)
    if NoneType in options:
        return None if value is None else decode(options[0], value, path, problems)
    if get_origin(kind) is tuple:
        return decode_tuple(options, value, path, problems)
    if kind is float and type(value) is int and abs(value) < 2**53:
        value = float(value)
    if type(value) is not kind or (kind is float and not math.isfinite(value)):
        problems.append(
            Problem(path, f"not a value of type {kind.__name__}", AGAIN, code="wrong_type")
        )
        return None
    return value


def decode_choice(
    options: tuple[Json, ...], value: Json, path: str, problems: list[Problem]
) -> Json:
    """Return a JSON value that is one of a few."""
    if not any(type(value) is type(option) and value == option for option in options):
        message = f"is not one of: {', '.join(map(str, options))}"
        problems.append(Problem(path, message, AGAIN, code="unknown_choice"))
        return None
    return value


def decode_record(kind: Any, value: Json, path: str, problems: list[Problem]) -> Json:  # noqa: ANN401
    """Return a JSON object as a record: every field there, no other."""
    hints = get_type_hints(kind)
    names = [f.name for f in fields(kind) if f.compare]
    if not isinstance(value, dict) or set(names) != value.keys():
        message = f"not an object of {', '.join(names)}"
        problems.append(Problem(path, message, AGAIN, code="wrong_type"))
        return None
    before = len(problems)
    parts = {name: decode(hints[name], value[name], f"{path}.{name}", problems) for name in names}
    return kind(**parts) if len(problems) == before else None


def decode_tuple(
    kinds: tuple[Any, ...], value: Json, path: str, problems: list[Problem]
) -> tuple[Any, ...] | None:
    """Return a JSON array as a tuple of one kind, or of given kinds in turn."""
    if not isinstance(value, list) or (kinds[-1] is not Ellipsis and len(kinds) != len(value)):
        problems.append(Problem(path, "not a list of the right length", AGAIN, code="wrong_type"))
        return None
    each = kinds[:1] * len(value) if kinds[-1] is Ellipsis else kinds
    pairs = enumerate(zip(each, value, strict=True))
    return tuple(decode(kind, item, f"{path}[{i}]", problems) for i, (kind, item) in pairs)
