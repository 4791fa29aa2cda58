"""A tornado: how far a total swings when one input at a time goes to its worst and its best."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.pictures.chart import Chart, Key, Row
from pmpromo.pictures.picture import Picture
from pmpromo.pictures.scale import choose_scale
from pmpromo.pictures.svg import Box, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmpromo.pictures.scale import Scale
    from pmpromo.pictures.svg import Mark

__all__ = ["Swing", "draw_tornado"]


class Swing(NamedTuple):
    """An input, and the totals with it at one end and at the other; `words` say its ends."""

    name: str
    low: float
    high: float
    words: str = ""


KEYS: Final = (
    Key((Box(0, 1, "gap"),), "below today"),
    Key((Box(0, 1, "met"),), "above today"),
    Key((Line(((0.5, 0), (0.5, 1)), dashed=True),), "today"),
    Key((Line(((0.5, 0), (0.5, 1))),), "bar"),
)


def draw_tornado(title: str, swings: Sequence[Swing], today: float, bar: float) -> Picture:
    """Return swings as a picture, the widest first.

    >>> draw_tornado("Swing", [Swing("Reach", 0.4, 0.7)], 0.5, 0.75).alt
    'Swing. Today 0.50, bar 0.75. Reach: 0.400 to 0.700.'
    """
    ordered = sorted(swings, key=lambda swing: swing.low - swing.high)
    scale = choose_scale([today, bar, *(end for swing in ordered for end in swing[1:3])])
    rows = tuple(
        Row(
            swing.name,
            tuple(_list_marks(swing, today, bar, scale)),
            _tell(swing),
            (f"{swing.low:.3f}", f"{swing.high:.3f}"),
            (swing.words,),
        )
        for swing in ordered
    )
    heads = ("Input", "Lowest", "Highest", "Total", "Note")
    told = "; ".join(f"{swing.name}: {_tell(swing)}" for swing in ordered)
    return Picture(
        Chart(title, heads, rows, scale.ticks, KEYS, size=(240, 14)),
        f"{title}. Today {today:.2f}, bar {bar:.2f}. {told}.",
        {
            "input": tuple(swing.name for swing in ordered),
            "low": tuple(swing.low for swing in ordered),
            "high": tuple(swing.high for swing in ordered),
            "words": tuple(swing.words for swing in ordered),
        },
    )


def _list_marks(swing: Swing, today: float, bar: float, scale: Scale) -> Iterator[Mark]:
    low, high, now = scale.place(swing.low), scale.place(swing.high), scale.place(today)
    yield Box(0, 1, "text", 0.12, 1 / 7, 6 / 7)
    if low < now:
        yield Box(low, min(now, high), "gap", 1.0, 1 / 7, 6 / 7)
    if high > now:
        yield Box(max(now, low), high, "met", 1.0, 1 / 7, 6 / 7)
    yield Line(((now, 0), (now, 1)), dashed=True)
    yield Line(((scale.place(bar), 0), (scale.place(bar), 1)))


def _tell(swing: Swing) -> str:
    return f"{swing.low:.3f} to {swing.high:.3f}"
