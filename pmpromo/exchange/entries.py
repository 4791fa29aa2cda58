"""JSON Schema of a record: one entry a line, its body by its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pmpromo.audit.chain import SALT, TIME, VERSION
from pmpromo.audit.nouns import NOUNS
from pmpromo.exchange.schema import make_schema
from pmpromo.words import DIGEST

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["make_entry_schema"]

Schema = dict[str, Any]

_NULL: Final = {"type": "null"}
_DIGEST: Final = {"type": "string", "pattern": DIGEST}


def make_entry_schema() -> Schema:
    """Return the schema of one line of a record.

    It describes shapes; that a line is canonical, and sealed to the one before, `Record.verify`
    says.

    >>> make_entry_schema()["properties"]["kind"]["enum"][:3]
    ['material', 'assessment', 'override']
    """
    head = _describe_head()
    return {
        "$schema": make_schema(NOUNS["material"])["$schema"],
        "title": "Entry",
        "description": "One line of a record (JSON Lines).",
        "type": "object",
        "properties": head,
        "required": list(head),
        "additionalProperties": False,
        "allOf": [_tell_erased(), *_tell_kinds()],
        "$defs": _describe_bodies(),
    }


def _describe_head() -> Schema:
    return {
        "schema_version": {"const": VERSION, "description": "Version of this format."},
        "seq": {"type": "integer", "minimum": 1, "description": "The line it stands on, from 1."},
        "at": {"type": "string", "pattern": TIME, "description": "When it was made, in UTC."},
        "kind": {"enum": list(NOUNS), "description": "What the body is."},
        "cut": {
            "type": "integer",
            "minimum": 0,
            "description": "Bytes of an unfinished write before it that were removed.",
        },
        "previous": {**_DIGEST, "description": "Digest of the entry before; zeros in the first."},
        "commitment": {**_DIGEST, "description": "SHA-256 of the salt and the body."},
        "digest": {**_DIGEST, "description": "SHA-256 of the head: of all but salt and body."},
        "salt": {
            "anyOf": [{"type": "string", "pattern": SALT}, _NULL],
            "description": "Random bytes that hide an erased body; null once erased.",
        },
        "body": {
            "anyOf": [{"type": "object"}, _NULL],
            "description": "What it says; null once erased.",
        },
    }


def _tell_erased() -> Schema:
    """Salt and body are erased together."""
    erased = {"properties": {"salt": _NULL}}
    there = {"properties": {"body": {"type": "object"}}}
    return {"if": erased, "then": {"properties": {"body": _NULL}}, "else": there}


def _tell_kinds() -> Iterator[Schema]:
    for kind, noun in NOUNS.items():
        body = {"anyOf": [{"$ref": f"#/$defs/{noun.__name__}"}, _NULL]}
        asked = {"properties": {"kind": {"const": kind}}}
        yield {"if": asked, "then": {"properties": {"body": body}}}


def _describe_bodies() -> Schema:
    found = {}
    for noun in NOUNS.values():
        schema = make_schema(noun)
        del schema["$schema"]
        found.update(schema.pop("$defs", {}))
        found[noun.__name__] = schema
    return dict(sorted(found.items()))
