"""Advice as JSON: written and read by its types, so that what comes back is equal."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from pmpromo.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Hashable

__all__ = ["read_record", "write_record"]

Record = TypeVar("Record")


def write_record(record: object, indent: int | None) -> str:
    """Return everything a record says as JSON text."""
    return _adapt(cast("Hashable", type(record))).dump_json(record, indent=indent).decode()


def read_record(kind: type[Record], text: str | bytes) -> Record:
    """Return the record of a JSON text; raise `DataError` with every place that is none."""
    try:
        found: Record = _adapt(cast("Hashable", kind)).validate_json(text)
    except ValidationError as error:
        name = kind.__name__
        hint = f"{name}.model_dump_json writes one"
        places = [".".join(map(str, each["loc"])) or name.lower() for each in error.errors()]
        problems = [Problem(place, f"is not as a {name} has it", hint) for place in places]
        raise DataError(problems) from None
    return found


@cache
def _adapt(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast("type[Any]", kind))
