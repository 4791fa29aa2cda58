"""Rates of groups as a picture: how often each was selected, how sure that is, and four fifths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pmpromo.audit.figures import write_ratio, write_share
from pmpromo.audit.rates import FOUR_FIFTHS
from pmpromo.audit.summary import BANNER, list_rows, say_verdict
from pmpromo.pictures.chart import Chart, Key, Row
from pmpromo.pictures.picture import Picture
from pmpromo.pictures.svg import Box, Dot, Line, Tick

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmpromo.audit.comparison import AttributeImpact, GroupImpact
    from pmpromo.pictures.svg import Mark

__all__ = ["draw_impact"]

_TICKS: Final = tuple(Tick(n / 4, f"{n * 25} %") for n in range(5))
_KEYS: Final = (
    Key((Dot(0.5),), "rate"),
    Key((Box(0, 1, "met", 0.3, edged=True),), "95 % interval"),
    Key((Line(((0.5, 0), (0.5, 1)), dashed=True),), "four fifths of the comparator"),
)
_HEADS: Final = ("Group", "People", "Rate", "Ratio", "Share", "Verdict")


def draw_impact(title: str, tables: Sequence[AttributeImpact]) -> Picture:
    """Return every group's rate with its interval, held against four fifths of its comparator's."""
    rows = tuple(_draw_row(table, row) for table in tables for row in table.groups)
    told = "; ".join(f"{row.group}, {row.name}: {row.said}" for row in rows)
    found = list_rows(tables)
    return Picture(
        Chart(title, _HEADS, rows, _TICKS, _KEYS, notes=(BANNER,), size=(200, 16)),
        f"{title}. {told}. {BANNER}",
        {name: tuple(row[name] for row in found) for name in found[0]},
    )


def _draw_row(table: AttributeImpact, row: GroupImpact) -> Row:
    rate, ratio, said = write_share(row.rate), write_ratio(row.ratio), say_verdict(row)
    ends = " to ".join(write_share(end) for end in row.rate_interval or ())
    return Row(
        row.group,
        tuple(_list_marks(row)),
        f"{row.counts.n} people, rate {rate}, interval {ends}, ratio {ratio}, {said}",
        (str(row.counts.n), rate, ratio),
        (said,),
        table.name,
    )


def _list_marks(row: GroupImpact) -> Iterator[Mark]:
    """Yield the shapes of a group: a track, the interval, four fifths, the rate."""
    yield Box(0, 1, "text", 0.12, 0.15, 0.85)
    low, high = row.rate_interval or (0.0, 0.0)
    yield Box(low, high, "gap" if row.verdict == "evidence" else "met", 0.3, 0.15, 0.85, edged=True)
    if row.part == "compared" and row.other is not None and row.other.rate:
        line = float(FOUR_FIFTHS * row.other.rate)
        yield Line(((line, 0), (line, 1)), dashed=True)
    yield Dot(float(row.rate or 0))
