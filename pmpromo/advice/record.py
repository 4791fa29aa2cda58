"""Advice as JSON: written and read by its types, so that what comes back is equal."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from pmpromo.errors import DataError, Problem
from pmpromo.reading.models import read_tree
from pmpromo.reading.places import COLLECTED_PROBLEMS, name_path

if TYPE_CHECKING:
    from collections.abc import Hashable

__all__ = ["read_record", "write_record"]

Record = TypeVar("Record")


def write_record(record: object, indent: int | None) -> str:
    """Return everything a record says as JSON text."""
    return _adapt(cast("Hashable", type(record))).dump_json(record, indent=indent).decode()


def read_record(kind: type[Record], text: str | bytes) -> Record:
    """Return the record of a JSON text; raise `DataError` with every place that is none."""
    name = kind.__name__
    hint = f"{name}.model_dump_json writes one"
    if not isinstance(text, (str, bytes)):
        raise DataError([Problem(name.lower(), f"is not as a {name} has it", hint)])
    tree = read_tree(text, "json")
    if tree.problems:
        raise DataError(tree.problems)
    try:
        found: Record = _adapt(cast("Hashable", kind)).validate_python(tree.value)
    except ValidationError as error:
        places = [name_path(each["loc"]) or name.lower() for each in error.errors()]
    else:
        return found
    # What is raised while another error is handled carries that along, and with it the text.
    problems = [Problem(place, f"is not as a {name} has it", hint) for place in places]
    raise DataError(problems[:COLLECTED_PROBLEMS])


@cache
def _adapt(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast("type[Any]", kind))
