"""Stability: how far each input can move before a result changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.pictures.chart import Chart, Key, Row
from pmpromo.pictures.picture import Picture
from pmpromo.pictures.scale import choose_scale
from pmpromo.pictures.svg import Box, Dot, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmpromo.pictures.scale import Scale
    from pmpromo.pictures.svg import Mark

__all__ = ["Stable", "draw_stability"]


class Stable(NamedTuple):
    """A value, and the range from `low` to `high` in which the result stays as it is.

    None as an end means that it stays as it is however far the value moves that way.
    """

    name: str
    value: float
    low: float | None
    high: float | None
    words: str = ""


KEYS: Final = (
    Key((Box(0, 1, "met", 0.3, edged=True),), "the result stays as it is"),
    Key((Dot(0.5),), "value today"),
)


def draw_stability(
    title: str, rows: Sequence[Stable], *, name: str = "Criterion", unit: str = "Weight"
) -> Picture:
    """Return ranges as a picture; `name` heads what is moved, `unit` what it is measured in.

    >>> draw_stability("Stability", [Stable("Reach", 0.2, 0.05, None)]).alt
    'Stability. Reach: 0.20, stable from 0.05 on.'
    """
    ends = [end for row in rows for end in (row.value, row.low, row.high) if end is not None]
    scale = choose_scale(ends)
    drawn = tuple(
        Row(
            row.name,
            tuple(_list_marks(row, scale)),
            _tell(row),
            (f"{row.value:.2f}",),
            (_tell_range(row), row.words),
        )
        for row in rows
    )
    heads = (name, "Today", unit, "Stable", "Note")
    told = "; ".join(f"{row.name}: {_tell(row)}" for row in rows)
    return Picture(
        Chart(title, heads, drawn, scale.ticks, KEYS, size=(240, 14)),
        f"{title}. {told}.",
        {
            name.lower(): tuple(row.name for row in rows),
            "value": tuple(row.value for row in rows),
            "low": tuple(row.low for row in rows),
            "high": tuple(row.high for row in rows),
            "words": tuple(row.words for row in rows),
        },
    )


def _list_marks(row: Stable, scale: Scale) -> Iterator[Mark]:
    low = 0.0 if row.low is None else scale.place(row.low)
    high = 1.0 if row.high is None else scale.place(row.high)
    yield Line(((0, 0.5), (1, 0.5)), strength=0.3)
    yield Box(low, high, "met", 0.3, 1 / 7, 6 / 7, edged=True)
    yield Dot(scale.place(row.value))


def _tell(row: Stable) -> str:
    return f"{row.value:.2f}, stable {_tell_range(row)}"


def _tell_range(row: Stable) -> str:
    if row.low is None:
        return "throughout" if row.high is None else f"up to {row.high:.2f}"
    return f"from {row.low:.2f} on" if row.high is None else f"from {row.low:.2f} to {row.high:.2f}"
