"""Advice as JSON: written and read by its types, so that what comes back is equal."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from pmpromo.errors import DataError, Problem
from pmpromo.reading.models import read_tree
from pmpromo.reading.places import COLLECTED_PROBLEMS, name_path

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from pmpromo.reading.places import Loc

__all__ = ["read_record", "write_record"]

Record = TypeVar("Record")

ABSENT: Final = object()
"""Stands where a record has no value."""


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
    adapter = _adapt(cast("Hashable", kind))
    try:
        found: Record = adapter.validate_python(tree.value)
    except ValidationError as error:
        places = [name_path(each["loc"]) or name.lower() for each in error.errors()]
    else:
        strange = _find_strange(tree.value, adapter.dump_python(found, mode="json"))
        places = [name_path(loc) for loc in strange]
        if not places:
            return found
    # What is raised while another error is handled carries that along, and with it the text.
    problems = [Problem(place, f"is not as a {name} has it", hint) for place in places]
    raise DataError(problems[:COLLECTED_PROBLEMS])


def _find_strange(given: Any, kept: Any, loc: Loc = ()) -> Iterator[Loc]:  # noqa: ANN401 - JSON
    """Find what a record would not write so: unknown keys, text or truth in place of a number."""
    if isinstance(given, dict) and isinstance(kept, dict):
        for key, value in given.items():
            yield from _find_strange(value, kept.get(key, ABSENT), (*loc, key))
    elif isinstance(given, list) and isinstance(kept, list) and len(given) == len(kept):
        for index, (value, other) in enumerate(zip(given, kept, strict=True)):
            yield from _find_strange(value, other, (*loc, index))
    elif given != kept or isinstance(given, bool) is not isinstance(kept, bool):
        yield loc


@cache
def _adapt(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast("type[Any]", kind))
