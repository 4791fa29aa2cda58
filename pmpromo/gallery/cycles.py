"""Pictures of a whole cycle."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, Protocol

from pmpromo.errors import DataError, Problem
from pmpromo.pictures.cohort import CohortRow
from pmpromo.pictures.cohort import draw_cohort as draw_stripes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmpromo.pictures.picture import Picture

__all__ = ["Columns", "draw_cohort"]


class Columns(Protocol):
    """Columns by name: a frame of pandas, polars or pyarrow, or a mapping of lists."""

    def __getitem__(self, name: str, /) -> Iterable[Any]:
        """Return a column."""


def draw_cohort(criteria: Columns, *, title: str = "Cohort") -> Picture:
    """Return many packets against their criteria, one stripe a packet, in the order given.

    `criteria` are columns of equal length: packet_id, criterion, proven and bar, as the criteria of
    a scored frame. A criterion with several bars has a row for each.

    Raises `DataError` with every column that is missing, and where lengths differ.

    >>> picture = draw_cohort({
    ...     "packet_id": ["a", "b"], "criterion": ["reach", "reach"],
    ...     "proven": [0.8, 0.4], "bar": [0.75, 0.75],
    ... })
    >>> picture.alt
    'Cohort. reach: 1 of 2 met, median 0.60.'
    """
    columns = _read_columns(criteria)
    return draw_stripes(title, _sort_cohort(*columns.values()), columns)


COHORT_COLUMNS: Final = ("packet_id", "criterion", "proven", "bar")
"""Columns of a cohort."""


def _read_columns(given: Columns) -> dict[str, list[Any]]:
    names: Any = getattr(given, "column_names", getattr(given, "columns", given))
    missing = [name for name in COHORT_COLUMNS if name not in names]
    if missing:
        hint = "give the criteria of a scored frame"
        raise DataError([Problem(name, "no such column", hint) for name in missing])
    columns = {name: _list(given[name]) for name in COHORT_COLUMNS}
    if len({len(column) for column in columns.values()}) > 1:
        raise DataError([Problem("criteria", "columns of different lengths", "mend the frame")])
    return columns


def _list(column: Iterable[Any]) -> list[Any]:
    """Return a column as a list, by the way that its library has for it."""
    ways = (getattr(column, name, None) for name in ("tolist", "to_list", "to_pylist"))
    to_list = next((way for way in ways if way is not None), None)
    return list(column if to_list is None else to_list())


def _sort_cohort(
    packets: list[Any], criteria: list[Any], proven: list[Any], bars: list[Any]
) -> list[CohortRow]:
    """Give each criterion, under each of its bars, a row with a place for every packet."""
    found = _slice(packets, criteria, proven, bars) or _place(packets, criteria, proven, bars)
    counts = Counter(criterion for criterion, _ in found)
    return [
        CohortRow(f"{name}" if counts[name] == 1 else f"{name} (bar {bar:g})", row, bar)
        for (name, bar), row in found.items()
    ]


def _slice(
    packets: list[Any], criteria: list[Any], proven: list[Any], bars: list[Any]
) -> dict[tuple[Any, Any], list[float | None]]:
    """Read columns in which every packet has the same criteria in the same order, else nothing.

    So a scored frame writes them; a thousand packets then take a slice a criterion.
    """
    size = packets.count(packets[0]) if packets else 1
    names, keys = packets[::size], [*zip(criteria[:size], bars[:size], strict=True)]
    is_regular = (
        all(packets[place::size] == names for place in range(size))
        and len(set(names)) == len(names)
        and len(set(keys)) == size
        and criteria == criteria[:size] * len(names)
        and bars == bars[:size] * len(names)
    )
    return {key: proven[place::size] for place, key in enumerate(keys)} if is_regular else {}


def _place(
    packets: list[Any], criteria: list[Any], proven: list[Any], bars: list[Any]
) -> dict[tuple[Any, Any], list[float | None]]:
    """Read columns in any order; None stands where a packet has no such criterion."""
    places = {packet: place for place, packet in enumerate(dict.fromkeys(packets))}
    found: dict[tuple[Any, Any], list[float | None]] = {
        key: [None] * len(places) for key in zip(criteria, bars, strict=True)
    }
    for packet, criterion, score, bar in zip(packets, criteria, proven, bars, strict=True):
        found[criterion, bar][places[packet]] = score
    return found
