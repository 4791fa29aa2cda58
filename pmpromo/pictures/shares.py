"""How many of many meet a bar, could meet it, or fall short: one stacked bar a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.pictures.chart import Chart, Key, Row
from pmpromo.pictures.picture import Picture
from pmpromo.pictures.readiness import PERCENT
from pmpromo.pictures.svg import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmpromo.pictures.svg import Mark

__all__ = ["Counted", "draw_shares"]


class Counted(NamedTuple):
    """How many meet a bar, how many more could, and how many there are.

    Rows that follow each other and have one `group` stand under it.
    """

    name: str
    met: int
    could: int
    total: int
    group: str = ""


KEYS: Final = (
    Key((Box(0, 1, "met"),), "meet the bar"),
    Key((Box(0, 1, "gap", 0.3, edged=True),), "could, if what is unknown came out at its best"),
    Key((Box(0, 1, "text", 0.12),), "fall short of it"),
)


def draw_shares(
    title: str, counted: Sequence[Counted], notes: Sequence[str] = (), *, name: str = "Criterion"
) -> Picture:
    """Return counts as a picture; `name` heads what the bars are of.

    >>> draw_shares("Cycle", [Counted("Reach", 12, 30, 60)]).alt
    'Cycle. Reach: 12 of 60 meet the bar, 30 could, 18 fall short.'
    """
    rows = tuple(
        Row(
            each.name,
            tuple(_list_marks(each)),
            _tell(each),
            (f"{each.met:,}", f"{each.could:,}", f"{_count_short(each):,}"),
            (),
            each.group,
        )
        for each in counted
    )
    heads = (name, "Meet", "Could", "Short", "Share of packets")
    told = "; ".join(f"{row.name}: {row.said}" for row in rows)
    return Picture(
        Chart(title, heads, rows, PERCENT, KEYS, notes=tuple(notes), size=(200, 14)),
        f"{title}. {told}.",
        {
            "group": tuple(each.group for each in counted),
            name.lower(): tuple(each.name for each in counted),
            "met": tuple(each.met for each in counted),
            "could": tuple(each.could for each in counted),
            "short": tuple(_count_short(each) for each in counted),
        },
    )


def _list_marks(each: Counted) -> Iterator[Mark]:
    met, reached = (number / max(1, each.total) for number in (each.met, each.met + each.could))
    yield Box(0, 1, "text", 0.12, 1 / 7, 6 / 7)
    if reached > met:
        yield Box(met, reached, "gap", 0.3, 1 / 7, 6 / 7, edged=True)
    if met > 0:
        yield Box(0, met, "met", 1.0, 1 / 7, 6 / 7)


def _tell(each: Counted) -> str:
    met = f"{each.met:,} of {each.total:,} meet the bar"
    return f"{met}, {each.could:,} could, {_count_short(each):,} fall short"


def _count_short(each: Counted) -> int:
    return each.total - each.met - each.could
