"""Records to JSON text and back: strict, complete about problems, and the same bytes everywhere."""

from __future__ import annotations

import json
import math
from dataclasses import fields, is_dataclass, replace
from types import NoneType, UnionType
from typing import Any, Final, TypeAlias, Union, get_args, get_origin, get_type_hints

from pmpromo.errors import ModelError, PmpromoError, Problem

__all__ = ["Json", "decode", "encode", "parse_json", "write_json"]

Json: TypeAlias = Any
"""What a JSON text can say: an object, a list, text, a number, a truth value or null."""

Kind: TypeAlias = Any
"""The declared type of a record's field."""

_AGAIN: Final = "save the model again"

LARGEST_TEXT: Final = 10_000_000
"""Characters of JSON that are read at all; a saved model has some ten thousand."""


def encode(value: object) -> Json:
    """Return a frozen record as plain JSON values; fields that are not compared are left out."""
    if is_dataclass(value):
        return {f.name: encode(getattr(value, f.name)) for f in fields(value) if f.compare}
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    return value


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

    >>> parse_json('{"a": 1, "a": 2}')
    Traceback (most recent call last):
    pmpromo.errors.ModelError: model: the key 'a' occurs twice; save the model again
    """
    if len(text) > LARGEST_TEXT:
        raise ModelError(
            [Problem("model", "too large for a saved model", _AGAIN, code="too_large")]
        )
    try:
        return json.loads(text, object_pairs_hook=refuse_twins)
    except ModelError:
        raise
    except (ValueError, RecursionError):
        pass  # what is raised in here carries the text along
    message = "not the JSON text of a saved model"
    raise ModelError([Problem("model", message, _AGAIN, code="unreadable")])


def refuse_twins(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Return pairs as a dict; raise if a key occurs twice."""
    result: dict[str, Json] = {}
    for key, value in pairs:
        if key in result:
            message = f"the key {key[:80]!a} occurs twice"
            raise ModelError([Problem("model", message, _AGAIN, code="duplicate")])
        result[key] = value
    return result


def decode(kind: Kind, value: Json, path: str, problems: list[Problem]) -> Json:
    """Return a JSON value as `kind`; append a problem for each place that does not fit.

    `kind` is a frozen dataclass, tuple[X, ...], tuple[X, Y], X | None, float, int, str or bool.
    What does not fit becomes None, so that the rest is still read.
    """
    if is_dataclass(kind):
        return decode_record(kind, value, path, problems)
    origin: object = get_origin(kind)
    if origin is tuple:
        return decode_tuple(get_args(kind), value, path, problems)
    if origin in {Union, UnionType}:
        inner = next(arg for arg in get_args(kind) if arg is not NoneType)
        return None if value is None else decode(inner, value, path, problems)
    return decode_plain(kind, value, path, problems)


def decode_record(kind: Kind, value: Json, path: str, problems: list[Problem]) -> Json:
    """Return a JSON object as a record: every field there, no other."""
    hints = get_type_hints(kind)
    names = [f.name for f in fields(kind) if f.compare]
    if not isinstance(value, dict):
        problems.append(Problem(path, "not an object", code="wrong_type"))
        return None
    before = len(problems)
    problems += [
        Problem(f"{path}.{name}", "missing", code="missing") for name in names if name not in value
    ]
    problems += [
        Problem(f"{path}.{key[:80]!a}", "unknown key", code="unknown_key")
        for key in sorted(value.keys() - set(names))
    ]
    parts = {
        name: decode(hints[name], value[name], f"{path}.{name}", problems)
        for name in names
        if name in value
    }
    return build(kind, parts, path, problems) if len(problems) == before else None


def build(kind: Kind, parts: dict[str, Json], path: str, problems: list[Problem]) -> Json:
    """Return the record of these parts; append what its own checks find wrong."""
    try:
        return kind(**parts)
    except PmpromoError as error:
        problems += [replace(p, path=f"{path}.{p.path.rsplit('.')[-1]}") for p in error.problems]
        return None


def decode_tuple(
    kinds: tuple[Kind, ...], value: Json, path: str, problems: list[Problem]
) -> tuple[Kind, ...] | None:
    """Return a JSON array as a tuple of one kind, or of given kinds in turn."""
    if not isinstance(value, list):
        problems.append(Problem(path, "not a list", code="wrong_type"))
        return None
    if kinds[-1] is Ellipsis:
        kinds = kinds[:1] * len(value)
    if len(kinds) != len(value):
        problems.append(
            Problem(path, f"has {len(value)} entries, not {len(kinds)}", code="wrong_length")
        )
        return None
    pairs = enumerate(zip(kinds, value, strict=True))
    return tuple(decode(kind, item, f"{path}[{i}]", problems) for i, (kind, item) in pairs)


def decode_plain(kind: Kind, value: Json, path: str, problems: list[Problem]) -> Json:
    """Return a JSON number, text or truth value; a whole number is also a float."""
    if kind is float and type(value) is int:
        value = float(value) if abs(value) < 2**53 else math.inf
    if type(value) is not kind:
        problems.append(Problem(path, f"not a value of type {kind.__name__}", code="wrong_type"))
    elif kind is float and not math.isfinite(value):
        problems.append(Problem(path, "not a finite number", code="out_of_range"))
    return value
