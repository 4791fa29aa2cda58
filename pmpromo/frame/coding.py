"""Columns as codes: each distinct value once, and for each row the place of its value.

Categorical and dictionary columns hand over the codes that they have; text is coded once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from pmpromo.frame.blocks import cut_blocks, look_up

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pmpromo.scoring.columns import Floats, Ints

__all__ = ["Coded", "code_series", "read_floats"]


_WIDEST: Final = 1 << 22
"""Days of a column lie no further apart than the calendar is long: some 3.65 million."""


class _Unit(NamedTuple):
    """How long a day is, and the least time of day that counts as one."""

    day: int
    least: int


_DENSE: Final = 16
"""Rows a day from which on every day between the first and the last is listed, found or not."""

_UNKNOWN: Final = int(np.array(np.nan).view(np.int64))
"""The bits of NaN as numpy writes it."""

_NEVER: Final = int(np.iinfo(np.int64).min)
"""What stands for no moment among moments."""

_NO_CODE: Final = 2**32 - 1
"""What stands for no code among those of a categorical: -1, once it may be negative."""

_UNITS: Final = {
    "D": _Unit(1, 1),
    "s": _Unit(86_400, 1),
    "ms": _Unit(86_400_000, 1),
    "us": _Unit(86_400_000_000, 1),
    "ns": _Unit(86_400_000_000_000, 1000),
}
"""Units of moments; what is less than a microsecond is no time of day."""


class Coded(NamedTuple):
    """A column as codes (n,) into a list of distinct values; -1 is unknown."""

    codes: Ints
    values: list[Any]


@dataclass(frozen=True, slots=True, repr=False)
class _Odd:
    """Something that no cell can hold, as it is shown."""

    shown: str

    def __repr__(self) -> str:
        return self.shown


def code_series(series: nw.Series[Any]) -> Coded:
    """Code a column of anything but numbers.

    >>> coded = code_series(nw.from_native(pd.Series(["led", None, "led"]), series_only=True))
    >>> coded.codes.tolist(), coded.values
    ([0, -1, 0], ['led'])
    """
    dtype = series.dtype
    if dtype in {nw.String, nw.Categorical} or isinstance(dtype, nw.Enum):
        return _CODERS[series.implementation](series.to_native())
    if dtype == nw.Boolean:
        return _code_flags(series)
    if dtype == nw.Date or (isinstance(dtype, nw.Datetime) and dtype.time_zone is None):
        days = _code_days(series)
        return _code_objects(series) if days is None else days
    return _code_objects(series)


def read_floats(series: nw.Series[Any]) -> Floats:
    """Read a column of numbers; what is not known is NaN.

    >>> read_floats(nw.from_native(pd.Series([1, 2]), series_only=True)).tolist()
    [1.0, 2.0]
    """
    given = series.cast(nw.Float64).to_numpy()
    figures = np.empty(len(given), dtype=np.float64)
    for block in cut_blocks(len(given)):
        part = figures[block]
        part[:] = given[block]
        unknown = np.isnan(part)
        if (unknown != (part.view(np.int64) == _UNKNOWN)).any():
            part[unknown] = np.nan
    return figures


def _code_pandas(native: Any) -> Coded:  # noqa: ANN401 - a pandas Series
    if isinstance(native.dtype, pd.CategoricalDtype):
        return Coded(native.array.codes, native.array.categories.tolist())
    codes, values = pd.factorize(native)
    return Coded(codes.astype(np.int32), [*values])


def _code_polars(native: Any) -> Coded:  # noqa: ANN401 - a polars Series
    library = nw.get_native_namespace(nw.from_native(native, series_only=True))
    named = native if native.dtype == library.Enum else native.cast(library.Categorical)
    physical = named.to_physical().cast(library.UInt32).fill_null(_NO_CODE).to_numpy()
    codes, rows = _close_up(physical.view(np.int32))
    return Coded(codes, named[rows].cast(library.String).to_list())


def _code_arrow(native: Any) -> Coded:  # noqa: ANN401 - a pyarrow ChunkedArray
    coded = (
        _make_plain(native) if hasattr(native.type, "index_type") else native.dictionary_encode()
    )
    joined = coded.unify_dictionaries().combine_chunks()
    indices = joined.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return Coded(indices.astype(np.int32, copy=False), joined.dictionary.to_pylist())


def _make_plain(coded: Any) -> Any:  # noqa: ANN401 - a pyarrow ChunkedArray
    """Code dictionaries anew that hold null, or a word twice; to unify several mends the latter."""
    words = [chunk.dictionary for chunk in coded.chunks]
    twice = len(words) == 1 and len(words[0].unique()) < len(words[0])
    if not twice and not any(each.null_count for each in words):
        return coded
    return coded.cast(coded.type.value_type).dictionary_encode()


_CODERS: Final[Mapping[nw.Implementation, Callable[[Any], Coded]]] = {
    nw.Implementation.PANDAS: _code_pandas,
    nw.Implementation.POLARS: _code_polars,
    nw.Implementation.PYARROW: _code_arrow,
}


def _code_flags(series: nw.Series[Any]) -> Coded:
    """Code flags, no before yes."""
    flags = series.to_numpy()
    if flags.dtype == np.bool_:
        return Coded(flags.view(np.int8), [False, True])
    unknown = series.is_null().to_numpy().astype(bool)
    codes = series.fill_null(False).to_numpy().astype(np.int8)  # noqa: FBT003 - the value
    codes[unknown] = -1
    return Coded(codes, [False, True])


def _code_days(series: nw.Series[Any]) -> Coded | None:
    """Code days by their distance from the first; none where a value has a time of day."""
    moments = series.to_numpy()
    if moments.dtype.kind != "M":  # some columns give Python dates
        return None
    stamps, unit = moments.view(np.int64), _UNITS[np.datetime_data(moments.dtype)[0]]
    first, last = (end // unit.day for end in _find_span(stamps))
    far = last - first > _WIDEST
    days: Ints = np.empty(len(stamps), dtype=np.int64 if far else np.int32)
    for block in cut_blocks(len(stamps)):
        part = stamps[block]
        whole, unknown = part // unit.day, part == _NEVER
        if ((part - whole * unit.day >= unit.least) & ~unknown).any():
            return None
        np.subtract(whole, first, out=days[block], casting="unsafe")
        days[block][unknown] = -1
    if last - first < len(days) // _DENSE:
        return Coded(days, [_read_day(day) for day in range(first, last + 1)])
    codes, rows = _sort_out(days) if far else _close_up(days)
    return Coded(codes, [_read_day(first + day) for day in days[rows].tolist()])


def _find_span(stamps: Ints) -> tuple[int, int]:
    """Return the first and the last of what is known."""
    first, last = int(np.iinfo(np.int64).max), _NEVER
    for block in cut_blocks(len(stamps)):
        part = stamps[block]
        known = part if part.min() > _NEVER else part[part > _NEVER]
        first, last = min(first, known.min(initial=first)), max(last, known.max(initial=last))
    return int(first), int(last)


def _close_up(codes: Ints) -> tuple[Ints, Ints]:
    """Number the codes that occur without gaps, and return a row of each; -1 is unknown."""
    row_of = np.full(int(codes.max(initial=-1)) + 2, -1)  # the last entry is for what is unknown
    for block in cut_blocks(len(codes)):
        row_of[codes[block].astype(np.intp)] = np.arange(block.start, block.stop)
    present = np.flatnonzero(row_of[:-1] >= 0)
    if len(present) == len(row_of) - 1:
        return codes, row_of[:-1]
    table = np.full(len(row_of), -1, dtype=np.int32)
    table[present] = np.arange(len(present))
    return look_up(table, codes), row_of[present]


def _sort_out(codes: Ints) -> tuple[Ints, Ints]:
    """Do as `_close_up` does, for codes that are too large for a table."""
    distinct, rows, closed = np.unique(codes, return_index=True, return_inverse=True)
    unknown = int(distinct[0] < 0)
    return closed - unknown, rows[unknown:]


def _read_day(distance: int) -> date | _Odd:
    """Return the day so far from 1970; what no calendar holds stays as it is shown."""
    day = date(1970, 1, 1).toordinal() + distance
    return date.fromordinal(day) if 1 <= day <= date.max.toordinal() else _Odd(f"day {distance}")


def _code_objects(series: nw.Series[Any]) -> Coded:
    """Code any Python values; equal values of other types stay apart."""
    missing = series.is_null().to_numpy().astype(bool)
    places: defaultdict[tuple[type, Any], int] = defaultdict()
    places.default_factory = places.__len__
    values = map(_freeze, series.to_list())
    keys = ((str if isinstance(value, str) else type(value), value) for value in values)
    codes = np.fromiter(
        (-1 if gap else places[key] for gap, key in zip(missing, keys, strict=True)),
        dtype=np.int32,
        count=len(missing),
    )
    return Coded(codes, [value for _, value in places])


def _freeze(value: Any) -> Any:  # noqa: ANN401 - whatever a frame holds
    if isinstance(value, (list, np.ndarray)):
        return tuple(map(_freeze_part, value))
    if isinstance(value, np.bool_):
        return bool(value)
    try:
        hash(value)
    except TypeError:
        return _Odd(type(value).__name__)
    return value


def _freeze_part(part: object) -> object:
    """Keep what a list of names could hold, and plain values to be shown; of the rest the type."""
    plain = part is None or isinstance(part, (str, int, float))
    return part if plain else _Odd(type(part).__name__)
