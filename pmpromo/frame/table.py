"""A frame as coded columns: what is wrong with the frame, and what is wrong with its cells."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import narwhals as nw
import numpy as np

from pmpromo.errors import Problem
from pmpromo.frame.blocks import cut_blocks
from pmpromo.frame.cells import COLUMNS, LARGEST, show
from pmpromo.frame.coding import Coded, code_series, read_floats
from pmpromo.ladder import REFUSED
from pmpromo.reading.places import name_path
from pmpromo.words import HIGHEST_POINT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pmpromo.frame.cells import Family, Kind
    from pmpromo.scoring.columns import Bools, Floats, Ints

__all__ = ["Cell", "Table", "find_frame_problems", "read_table"]

NEEDED: Final = ("packet_id", "evidence_id", "fact")
"""Columns that no frame of evidence can do without."""

_HOLDS: Final[Mapping[Family, tuple[str, Callable[[Any], bool]]]] = {
    "text": ("text", lambda _: False),
    "list": ("text or lists", lambda dtype: dtype == nw.List),
    "number": ("numbers", lambda dtype: dtype.is_numeric()),
    "flag": ("true and false", lambda dtype: dtype == nw.Boolean),
    "day": ("dates", lambda dtype: dtype in (nw.Date, nw.Datetime)),
}
"""What a family of columns holds in words, and which types it takes besides text."""

_ANYTHING: Final = (nw.String, nw.Categorical, nw.Enum, nw.Object, nw.Unknown)
"""Types whose cells are read one by one."""

_MISFITS: Final[Mapping[str, Callable[[Floats], Bools]]] = {
    "value": lambda figures: np.abs(figures) > LARGEST,
    "baseline": lambda figures: np.abs(figures) > LARGEST,
    "share": lambda figures: (figures < 0) | (figures > 1),
    "point": lambda figures: (
        np.abs(figures - np.minimum(np.maximum(np.rint(figures), 0), HIGHEST_POINT)) > 0
    ),
}
"""Which numbers a column does not take; NaN is unknown, and fits."""


MANY: Final = 1 << 13
"""Values that are looked at together: one that cannot be read makes these be read one by one."""


class Cell(NamedTuple):
    """A bad cell: the place of its row, its column, what it holds, and what is wrong."""

    row: int
    column: str
    found: str
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A frame as columns: codes of what was read, and figures; with the cells that were not.

    `label` tells a row by its place as its frame does.
    """

    length: int
    coded: Mapping[str, Coded]
    figures: Mapping[str, Floats]
    bad: list[Cell]
    label: Callable[[int], str]


def find_frame_problems(frame: nw.DataFrame[Any], needed: Iterable[str]) -> list[Problem]:
    """Find what is wrong with a frame as a whole: missing, unknown and impossible columns."""
    names = frame.columns
    problems = [
        Problem(name, "this column is missing", _find_source(name, names))
        for name in dict.fromkeys([*NEEDED, *needed])
        if name not in names
    ]
    known = {*COLUMNS, *needed}
    problems += [
        Problem(name_path((name,)), *_tell_unknown(name, known))
        for name in names
        if name not in known
    ]
    problems += [
        Problem(name, f"holds {frame[name].dtype}, not {_HOLDS[kind.family][0]}", _tell_cast(kind))
        for name, kind in COLUMNS.items()
        if name in names and not _is_possible(frame[name], kind)
    ]
    return problems


def _find_source(name: str, names: Sequence[str]) -> str:
    near = get_close_matches(name, [each for each in names if each not in COLUMNS], n=1)
    return f"rename {show(repr(near[0]))}" if near else ""


def _tell_unknown(name: str, known: Iterable[str]) -> tuple[str, str]:
    if name.casefold() in REFUSED:
        return f"refused: {REFUSED[name.casefold()]}", "drop the column"
    near = get_close_matches(name[:60], sorted(known), n=1)
    meant = f"did you mean '{near[0]}'?" if near else "drop it, or keep it in a frame of its own"
    return "is no column of evidence", meant


def _tell_cast(kind: Kind) -> str:
    if kind.family == "text":
        return "write names and ids as text, so that leading zeros stay"
    return "cast it, or write it as text"


def _is_possible(series: nw.Series[Any], kind: Kind) -> bool:
    """Tell whether a column can hold what it should; one that holds nothing can be anything."""
    dtype = series.dtype
    if any(dtype == each for each in _ANYTHING) or _HOLDS[kind.family][1](dtype):
        return True
    return bool(series.is_null().all())


def read_table(frame: nw.DataFrame[Any], day_column: str | None = None) -> Table:
    """Read a frame without problems of its own; `day_column` is a further column of days."""
    kinds = {**COLUMNS, **({day_column: COLUMNS["as_of"]} if day_column else {})}
    coded: dict[str, Coded] = {}
    figures: dict[str, Floats] = {}
    bad: list[Cell] = []
    for name, kind in kinds.items():
        if kind.family == "number":
            figures[name] = _read_figures(frame, name, kind, bad)
        else:
            coded[name] = _read_coded(frame, name, kind, bad)
    return Table(len(frame), coded, figures, bad, _label_rows(frame))


def _read_figures(frame: nw.DataFrame[Any], name: str, kind: Kind, bad: list[Cell]) -> Floats:
    if name not in frame.columns:
        return np.broadcast_to(np.float64("nan"), len(frame))
    series = frame[name]
    if not series.dtype.is_numeric():
        coded = _read_values(code_series(series), name, kind, bad)
        return np.array([*coded.values, np.nan], dtype=np.float64)[coded.codes]
    figures = read_floats(series)
    amiss = [_MISFITS[name](figures[block]) for block in cut_blocks(len(figures))]
    if any(each.any() for each in amiss):
        rows = np.flatnonzero(np.concatenate(amiss))
        distinct, codes = np.unique(figures[rows], return_inverse=True)
        _read_values(Coded(codes, distinct.tolist()), name, kind, bad, rows)
        figures[rows] = np.nan
    return figures


def _read_coded(frame: nw.DataFrame[Any], name: str, kind: Kind, bad: list[Cell]) -> Coded:
    if name not in frame.columns or bool(frame[name].is_null().all()):
        return Coded(np.broadcast_to(np.int8(-1), len(frame)), [])
    return _read_values(code_series(frame[name]), name, kind, bad)


def _read_values(
    raw: Coded, name: str, kind: Kind, bad: list[Cell], rows: Ints | None = None
) -> Coded:
    """Read each distinct value of a column once; note where those stand that cannot be read."""
    read, told = _read_distinct(raw.values, kind)
    if told:
        at = np.flatnonzero(np.isin(raw.codes, [*told]))
        places_of = at if rows is None else rows[at]
        codes = raw.codes[at].tolist()
        bad += [
            Cell(row, name, *told[code])
            for row, code in zip(places_of.tolist(), codes, strict=True)
        ]
    if read is raw.values:
        return raw
    places: dict[Any, int] = {}
    table = [-1 if value is None else places.setdefault(value, len(places)) for value in read]
    if len(places) == len(read):
        return Coded(raw.codes, [*places])
    return Coded(np.array([*table, -1], dtype=np.int32)[raw.codes], [*places])


def _read_distinct(values: list[Any], kind: Kind) -> tuple[list[Any], dict[int, tuple[str, str]]]:
    """Read values, many at a time where that can be; what cannot be read is None, and is told."""
    read: list[Any] = []
    told: dict[int, tuple[str, str]] = {}
    whole = True
    for start in range(0, len(values), MANY):
        part = values[start : start + MANY]
        if kind.are_read(part):
            read += part
            continue
        whole = False
        for place, value in enumerate(part, start):
            try:
                blank = value is None or value == ""
                read.append(None if blank else kind.read(value))
            except ValueError as error:
                read.append(None)
                told[place] = show(value), str(error).replace(" | ", "; ", 1)
    return values if whole else read, told


def _label_rows(frame: nw.DataFrame[Any]) -> Callable[[int], str]:
    if not frame.implementation.is_pandas():
        return str
    index = frame.to_native().index
    return lambda row: show(index[row])
