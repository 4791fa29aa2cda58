"""Reliability: what was forecast against what happened, with the band of what chance alone does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.pictures.chart import Key
from pmpromo.pictures.picture import Picture
from pmpromo.pictures.plane import Plane
from pmpromo.pictures.readiness import PERCENT
from pmpromo.pictures.svg import Area, Box, Dot, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmpromo.pictures.svg import Mark

__all__ = ["DiagramPoint", "draw_diagram"]


class DiagramPoint(NamedTuple):
    """At a forecast: the frequency that was seen, and where it lies by chance if it is sound."""

    forecast: float
    frequency: float
    low: float
    high: float


KEYS: Final = (
    Key((Line(((0, 0.5), (1, 0.5)), "met"), Dot(0.5, 0.5, "met")), "share promoted at a forecast"),
    Key((Box(0, 1, "text", 0.2),), "where it lies by chance if forecasts are sound (90 %)"),
    Key((Line(((0, 1), (1, 0)), dashed=True),), "forecast and share are equal"),
)


LINE_KEY: Final = KEYS[0]._replace(marks=KEYS[0].marks[:1])
"""The same without dots."""


def draw_diagram(title: str, points: Sequence[DiagramPoint], notes: Sequence[str] = ()) -> Picture:
    """Return a reliability diagram as a picture; all values are in 0..1, points ascend.

    >>> picture = draw_diagram("Reliability", [DiagramPoint(0.2, 0.25, 0.1, 0.3)])
    >>> picture.alt
    'Reliability. 0 of 1 points lie outside the band of chance.'
    """
    outside = sum(not point.low <= point.frequency <= point.high for point in points)
    said = f"{outside} of {len(points)} points lie outside the band of chance"
    plane = Plane(
        title,
        "probability forecast",
        "share promoted",
        tuple(_list_marks(points)),
        said,
        PERCENT,
        PERCENT,
        _write_table(points),
        KEYS if len(points) <= MOST_DOTS else (LINE_KEY, *KEYS[1:]),
        (f"{said}.", *notes),
    )
    return Picture(
        plane,
        f"{title}. {said}.",
        {
            "forecast": tuple(point.forecast for point in points),
            "frequency": tuple(point.frequency for point in points),
            "low": tuple(point.low for point in points),
            "high": tuple(point.high for point in points),
        },
    )


def _list_marks(points: Sequence[DiagramPoint]) -> Iterator[Mark]:
    frame = ((0.0, 0.0), (0.0, 1.0), (1.0, 1.0))
    upper = [(point.forecast, 1 - point.high) for point in points]
    lower = [(point.forecast, 1 - point.low) for point in reversed(points)]
    seen = tuple((point.forecast, 1 - point.frequency) for point in points)
    yield Line(frame, strength=0.5)
    yield Area((*upper, *lower))
    yield Line(((0, 1), (1, 0)), dashed=True)
    yield Line(seen, "met")
    yield from (Dot(x, y, "met") for x, y in seen if len(seen) <= MOST_DOTS)


MOST_DOTS: Final = 30
"""More points than this lie so close that the line alone shows them."""


MOST_ROWS: Final = 20
"""Points in the figures below the diagram; `columns` hold all of them."""


def _write_table(points: Sequence[DiagramPoint]) -> tuple[tuple[str, ...], ...]:
    heads = ("Forecast", "Share promoted", "Band from", "to")
    last = len(points) - 1
    places = sorted({round(n * last / (MOST_ROWS - 1)) for n in range(MOST_ROWS) if points})
    shown = (points[place] for place in places)
    return (heads, *(tuple(f"{share * 100:.1f} %" for share in point) for point in shown))
