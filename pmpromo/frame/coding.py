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

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pmpromo.scoring.columns import Floats, Ints

__all__ = ["Coded", "code_series", "read_floats"]


_WIDEST: Final = 1 << 22
"""Days of a column lie no further apart than the calendar is long: some 3.65 million."""


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
    figures = np.array(series.cast(nw.Float64).to_numpy(), dtype=np.float64)
    figures[np.isnan(figures)] = np.nan
    return figures


def _code_pandas(native: Any) -> Coded:  # noqa: ANN401 - a pandas Series
    if isinstance(native.dtype, pd.CategoricalDtype):
        return Coded(native.cat.codes.to_numpy(), native.cat.categories.tolist())
    codes, values = pd.factorize(native)
    return Coded(codes.astype(np.int32), [*values])


def _code_polars(native: Any) -> Coded:  # noqa: ANN401 - a polars Series
    library = nw.get_native_namespace(nw.from_native(native, series_only=True))
    named = native if native.dtype == library.Enum else native.cast(library.Categorical)
    physical = named.to_physical().cast(library.Int64).fill_null(-1).to_numpy()
    row_of = np.full(int(physical.max(initial=-1)) + 2, -1)
    row_of[physical] = np.arange(len(physical))  # the last entry is for what is unknown
    present = np.flatnonzero(row_of[:-1] >= 0)
    table = np.full(len(row_of), -1, dtype=np.int32)
    table[present] = np.arange(len(present))
    return Coded(table[physical], named[row_of[present]].cast(library.String).to_list())


def _code_arrow(native: Any) -> Coded:  # noqa: ANN401 - a pyarrow ChunkedArray
    coded = native if hasattr(native.type, "index_type") else native.dictionary_encode()
    joined = coded.unify_dictionaries().combine_chunks()
    indices = joined.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return Coded(indices.astype(np.int32, copy=False), joined.dictionary.to_pylist())


_CODERS: Final[Mapping[nw.Implementation, Callable[[Any], Coded]]] = {
    nw.Implementation.PANDAS: _code_pandas,
    nw.Implementation.POLARS: _code_polars,
    nw.Implementation.PYARROW: _code_arrow,
}


def _code_flags(series: nw.Series[Any]) -> Coded:
    """Code flags, no before yes."""
    unknown = series.is_null().to_numpy().astype(bool)
    codes = series.fill_null(False).to_numpy().astype(np.int8)  # noqa: FBT003 - the value
    codes[unknown] = -1
    return Coded(codes, [False, True])


def _code_days(series: nw.Series[Any]) -> Coded | None:
    """Code days by their distance from the first; none where a value has a time of day."""
    known = ~series.is_null().to_numpy().astype(bool)
    stamps = series.to_numpy().astype("datetime64[us]")
    days = stamps.astype("datetime64[D]")
    if (days.astype("datetime64[us]")[known] != stamps[known]).any():
        return None
    numbers = days.astype(np.int64)
    numbers[~known] = 0
    distinct, codes = _number(numbers)
    codes[~known] = -1
    return Coded(codes, [_read_day(int(day)) for day in distinct])


def _number(days: Ints) -> tuple[Ints, Ints]:
    """Return the distinct days and the place of each day among them."""
    first = days.min(initial=0)
    if days.max(initial=0) - first > _WIDEST:
        return np.unique(days, return_inverse=True)
    distinct = np.flatnonzero(np.bincount(days - first, minlength=1))
    table = np.zeros(int(distinct.max(initial=0)) + 1, dtype=np.int32)
    table[distinct] = np.arange(len(distinct))
    return distinct + first, table[days - first]


def _read_day(distance: int) -> date | _Odd:
    """Return the day so far from 1970; what no calendar holds stays as it is shown."""
    day = date(1970, 1, 1).toordinal() + distance
    return date.fromordinal(day) if 1 <= day <= date.max.toordinal() else _Odd(f"day {distance}")


def _code_objects(series: nw.Series[Any]) -> Coded:
    """Code any Python values; equal values of other types stay apart."""
    missing = series.is_null().to_numpy().astype(bool)
    places: defaultdict[tuple[type, Any], int] = defaultdict()
    places.default_factory = places.__len__
    keys = ((type(value), value) for value in map(_freeze, series.to_list()))
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
