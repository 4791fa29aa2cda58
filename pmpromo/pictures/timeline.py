"""When work was done, and how much of it still counts on a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.pictures.chart import Chart, Key, Row
from pmpromo.pictures.picture import Picture
from pmpromo.pictures.svg import Box, Dot, Line, Tick

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmpromo.pictures.svg import Ink, Mark

__all__ = ["Span", "draw_timeline"]

WIDTH: Final = 320
"""Width of the time axis, in pixels."""

LEAST_DAYS: Final = 365
"""The axis spans a year at least, and a twentieth more than its dates."""


class Span(NamedTuple):
    """A piece of work: its days, None if unknown, and how much its age leaves of it, 0..1.

    `counts` is (at worst, at best); both are the same if its end is known.
    """

    name: str
    started: date | None
    ended: date | None
    counts: tuple[float, float]
    in_progress: bool = False


class _Axis(NamedTuple):
    """Days, as ordinals, that the picture spans."""

    first: int
    last: int

    def place(self, day: date) -> float:
        return (day.toordinal() - self.first) / (self.last - self.first)


KEYS: Final = (
    Key((Box(0, 1, "text", 0.12),), "work that ended here counts in full"),
    Key((Box(0, 1, "met"),), "counts in full"),
    Key((Box(0, 1, "gap"),), "counts less, for its age"),
    Key((Line(((0, 0.5), (1, 0.5)), "gap", dashed=True),), "end unknown"),
)


def draw_timeline(title: str, spans: Sequence[Span], opens: date, closes: date) -> Picture:
    """Return spans as a picture; work that ended from `opens` to `closes` counts in full.

    >>> from datetime import date
    >>> span = Span("launch", date(2025, 3, 1), None, (1.0, 1.0), in_progress=True)
    >>> draw_timeline("Evidence", [span], date(2025, 6, 30), date(2026, 6, 30)).alt
    'Evidence. Counted in full from 2025-06-30 to 2026-06-30. launch: 2025-03-01, goes on, 100 %.'
    """
    axis = _choose_axis(spans, opens, closes)
    window = Box(axis.place(opens), axis.place(closes), "text", 0.12)
    rows = tuple(
        Row(
            span.name,
            (window, *_list_marks(span, axis, closes)),
            f"{_tell_days(span)}, {_tell_counts(span)}",
            (),
            (_tell_days(span), _tell_counts(span)),
        )
        for span in spans
    )
    heads = ("Evidence", "Time", "Days", "Counts")
    told = "; ".join(f"{row.name}: {row.said}" for row in rows) or "no evidence"
    where = f"Counted in full from {opens.isoformat()} to {closes.isoformat()}"
    return Picture(
        Chart(title, heads, rows, _list_years(axis), KEYS, notes=(f"{where}.",), size=(WIDTH, 16)),
        f"{title}. {where}. {told}.",
        {
            "evidence": tuple(span.name for span in spans),
            "started": tuple(span.started for span in spans),
            "ended": tuple(span.ended for span in spans),
            "in_progress": tuple(span.in_progress for span in spans),
            "counts_low": tuple(span.counts[0] for span in spans),
            "counts_high": tuple(span.counts[1] for span in spans),
        },
    )


def _choose_axis(spans: Sequence[Span], opens: date, closes: date) -> _Axis:
    days = [opens, *(day for span in spans for day in (span.started, span.ended) if day)]
    first = min(min(days).toordinal(), closes.toordinal() - LEAST_DAYS)
    last = max(closes, *days).toordinal()
    return _Axis(first - (last - first) // 20, last)


def _list_years(axis: _Axis) -> tuple[Tick, ...]:
    """List the first days of the years, or of the quarters where there is but one year."""
    years = range(date.fromordinal(axis.first).year, date.fromordinal(axis.last).year + 1)
    days = [date(year, 1, 1) for year in years]
    return tuple(
        Tick(axis.place(day), str(day.year)) for day in days if axis.first <= day.toordinal()
    )


def _list_marks(span: Span, axis: _Axis, closes: date) -> Iterator[Mark]:
    ink: Ink = "met" if span.counts[0] >= 1 else "gap"
    end = closes if span.in_progress else span.ended
    if end is None:
        start = 0.0 if span.started is None else axis.place(span.started)
        yield Line(((start, 0.5), (axis.place(closes), 0.5)), ink, dashed=True)
    elif span.started is None:
        yield Dot(axis.place(end), 0.5, ink)
    else:
        start = axis.place(span.started)
        yield Box(start, max(axis.place(end), start + 0.01), ink, 1.0, 0.2, 0.8)


def _tell_days(span: Span) -> str:
    started = "unknown" if span.started is None else span.started.isoformat()
    if span.in_progress:
        return f"{started}, goes on"
    return f"{started} to {'unknown' if span.ended is None else span.ended.isoformat()}"


def _tell_counts(span: Span) -> str:
    low, high = (f"{share * 100:.0f}" for share in span.counts)
    return f"{high} %" if low == high else f"{low} to {high} %"
