"""A batch brought to the shape of `PACKET_SCHEMA`, whatever kinds of text its engine has."""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from pmpromo.arrow.schema import PACKET_SCHEMA
from pmpromo.errors import DataError, Problem
from pmpromo.ladder import REFUSED
from pmpromo.words import suggest

__all__ = ["shape"]

NEEDED: Final = ("id", "evidence")
"""What no batch can do without."""

SEEN: Final = "worked_on_it"
"""The one field that holds where a batch lacks it: whoever is listed saw the work."""

Array = Any
"""An array of pyarrow, which has no types of its own."""

_TYPES: Final = pa.types
_FAMILIES: Final = (
    (_TYPES.is_string, (_TYPES.is_string, _TYPES.is_large_string, _TYPES.is_string_view)),
    (_TYPES.is_float64, (_TYPES.is_floating, _TYPES.is_integer, _TYPES.is_decimal)),
    (_TYPES.is_int64, (_TYPES.is_integer,)),
    (_TYPES.is_boolean, (_TYPES.is_boolean,)),
    (_TYPES.is_date32, (_TYPES.is_date,)),
    (_TYPES.is_struct, (_TYPES.is_struct,)),
    (
        _TYPES.is_list,
        (_TYPES.is_list, _TYPES.is_large_list, _TYPES.is_fixed_size_list, _TYPES.is_list_view),
    ),
)
"""Which kinds may be brought to which one, without looking at a value."""


def shape(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch of `PACKET_SCHEMA`; a field that it lacks is missing in every packet.

    Raises:
        DataError: fields that no packet has, fields of another kind, no `id` or `evidence`.

    >>> shape(pa.RecordBatch.from_pylist([{"id": "p-1", "evidence": []}])).schema.names[2:4]
    ['rubric', 'as_of']
    """
    problems = [
        Problem(name, "this column is missing") for name in NEEDED if name not in batch.schema.names
    ]
    found = _bring(batch.to_struct_array(), pa.struct(PACKET_SCHEMA), "", problems)
    if problems:
        raise DataError(problems)
    return pa.RecordBatch.from_arrays(found.flatten(), schema=PACKET_SCHEMA)


def _bring(array: Array, kind: pa.DataType, path: str, problems: list[Problem]) -> Array:
    """Bring an array to a kind; note what cannot be."""
    if _TYPES.is_dictionary(array.type):
        array = array.dictionary_decode()
    if _TYPES.is_null(array.type):
        return pa.nulls(len(array), kind)
    allowed = next(allowed for is_kind, allowed in _FAMILIES if is_kind(kind))
    if not any(is_kind(array.type) for is_kind in allowed):
        problems.append(Problem(path, f"holds {array.type}, not {kind}", "cast it"))
        return pa.nulls(len(array), kind)
    if _TYPES.is_struct(kind):
        return _bring_struct(array, kind, path, problems)
    return _bring_list(array, kind, path, problems) if _TYPES.is_list(kind) else array.cast(kind)


def _bring_struct(array: Array, kind: pa.DataType, path: str, problems: list[Problem]) -> Array:
    given = dict(zip((each.name for each in array.type), array.flatten(), strict=True))
    known = [each.name for each in kind]
    problems += [
        Problem(_join(path, name), *_tell_unknown(name, known))
        for name in given
        if name not in known
    ]
    parts = [
        _bring(given[each.name], each.type, _join(path, each.name), problems)
        if each.name in given
        else _fill(each, len(array))
        for each in kind
    ]
    return pa.StructArray.from_arrays(parts, fields=[*kind], mask=array.is_null())


def _fill(field: pa.Field, length: int) -> Array:
    if field.name == SEEN:
        return pa.array([True] * length)
    return pa.nulls(length, field.type)


def _bring_list(array: Array, kind: pa.DataType, path: str, problems: list[Problem]) -> Array:
    values = _bring(array.flatten(), kind.value_type, f"{path}[]", problems)
    lengths = pc.fill_null(pc.list_value_length(array), 0).to_numpy(zero_copy_only=False)
    offsets = pa.array([0, *lengths.cumsum().tolist()], pa.int32())
    return pa.ListArray.from_arrays(offsets, values, kind, mask=array.is_null())


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _tell_unknown(name: str, known: list[str]) -> tuple[str, str]:
    if name.casefold() in REFUSED:
        return f"refused: {REFUSED[name.casefold()]}", "drop it"
    return "is no field of a packet", suggest(name, known)
