"""JSON Schema of frozen records: fitted models are written from their declared types.

The records' own readers follow the same declarations, so a schema and a reader cannot part.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from inspect import getdoc
from types import MappingProxyType, NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Any,
    Final,
    Literal,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["describe_record"]

Schema: TypeAlias = dict[str, Any]
Kind: TypeAlias = Any
"""The declared type of a record's field."""

PLAIN: Final[Mapping[Kind, str]] = MappingProxyType(
    {float: "number", int: "integer", str: "string", bool: "boolean"}
)
"""What JSON Schema calls the plain types."""

VERSION: Final = "schema_version"

_REST: Final = re.compile(r"\n\n(?:>>>|Raises:)")
"""What a docstring says after it has said what the fields mean."""


def describe_record(kind: Kind, version: int, beside: Mapping[str, Kind]) -> Schema:
    """Return the schema of a record's JSON, with the parts that are written beside its fields.

    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class Pair:
    ...     '''A pair.'''
    ...     schema_version: int
    ...     ends: tuple[float, float]
    >>> described = describe_record(Pair, 1, {"seen": bool})
    >>> described["required"], described["properties"]["schema_version"]
    (['schema_version', 'ends', 'seen'], {'const': 1})
    """
    parts: dict[str, Schema] = {}
    schema = _describe_fields(kind, parts)
    schema["properties"] |= {name: _describe(each, parts) for name, each in beside.items()}
    schema["properties"][VERSION] = {"const": version}
    schema["required"] = list(schema["properties"])
    return {**schema, "$defs": dict(sorted(parts.items()))}


def _describe(kind: Kind, parts: dict[str, Schema]) -> Schema:
    if is_dataclass(kind):
        name = kind.__name__  # type: ignore[union-attr]
        if name not in parts:
            parts[name] = {}
            parts[name] = _describe_fields(kind, parts)
        return {"$ref": f"#/$defs/{name}"}
    origin: object = get_origin(kind)
    inner = get_args(kind)
    if origin is Literal:
        return {"enum": list(inner)}
    if origin in {Union, UnionType}:
        return {"anyOf": [_describe(each, parts) for each in inner]}
    if origin is tuple:
        return _describe_tuple(inner, parts)
    return {"type": "null"} if kind is NoneType else {"type": PLAIN[kind]}


def _describe_fields(kind: Kind, parts: dict[str, Schema]) -> Schema:
    """Describe an object with every field that is written, and no other."""
    hints = get_type_hints(kind)
    names = [each.name for each in fields(kind) if each.compare]
    return {
        "title": kind.__name__,
        "description": " ".join(_REST.split(getdoc(kind) or "")[0].split()),
        "type": "object",
        "properties": {name: _describe(hints[name], parts) for name in names},
        "required": names,
        "additionalProperties": False,
    }


def _describe_tuple(kinds: tuple[Kind, ...], parts: dict[str, Schema]) -> Schema:
    if kinds[-1] is Ellipsis:
        return {"type": "array", "items": _describe(kinds[0], parts)}
    each = [_describe(kind, parts) for kind in kinds]
    return {"type": "array", "prefixItems": each, "items": False, "minItems": len(each)}
