"""Many packets against all criteria, one thin stripe a packet, in the order they came in."""

from __future__ import annotations

from bisect import bisect_left
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.pictures.chart import Chart, Key, Row
from pmpromo.pictures.picture import Picture
from pmpromo.pictures.svg import Box, Stripes, Tick

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pmpromo.pictures.svg import Ink, Mark


__all__ = ["CohortRow", "draw_cohort"]

LEAST_WIDTH: Final = 200
MOST_WIDTH: Final = 600
STRIPE: Final = 12
"""A stripe is so many pixels wide while the whole stays within its widths."""

MOST_NUMBERED: Final = 50

LEVELS: Final = 10
"""Steps of strength; an eye tells hardly more apart."""


class CohortRow(NamedTuple):
    """A criterion: what each packet has proven of it, in 0..1, and its bar.

    None stands for a packet that was not read against this criterion.
    """

    name: str
    proven: Sequence[float | None]
    bar: float


KEYS: Final = (
    Key((Box(0, 1, "met", 0.8),), "bar met, the more the stronger"),
    Key((Box(0, 1, "gap", 0.5),), "bar not met"),
)
NOTE: Final = "One stripe a packet, in the order given; nobody is ranked."


def draw_cohort(
    title: str, rows: Sequence[CohortRow], columns: Mapping[str, Sequence[object]]
) -> Picture:
    """Return packets against criteria as a picture; `columns` are the data it was drawn from.

    >>> picture = draw_cohort("Cycle", [CohortRow("Reach", [0.8, 0.2, 0.0], 0.75)], {})
    >>> picture.alt
    'Cycle. Reach: 1 of 3 met, median 0.20.'
    """
    count = max((len(row.proven) for row in rows), default=0)
    width = min(MOST_WIDTH, max(LEAST_WIDTH, STRIPE * count))
    drawn = tuple(_draw_row(row) for row in rows)
    heads = ("Criterion", "Median", f"{count:,} packets", "Bar")
    told = "; ".join(f"{row.name}: {row.said}" for row in drawn)
    return Picture(
        Chart(title, heads, drawn, _list_ticks(count), KEYS, notes=(NOTE,), size=(width, 20)),
        f"{title}. {told}.",
        columns,
    )


def _list_ticks(count: int) -> tuple[Tick, ...]:
    """Number every packet of a few; of many the first, the last, and those that quarter them."""
    quarters = {round(quarter * (count - 1) / 4) for quarter in range(5) if count}
    places = range(count) if count <= MOST_NUMBERED else sorted(quarters)
    return tuple(Tick((place + 0.5) / count, f"{place + 1:,}") for place in places)


def _draw_row(row: CohortRow) -> Row:
    known = sorted([proven for proven in row.proven if proven is not None])
    met = len(known) - bisect_left(known, row.bar)
    middle = f"{median(known):.2f}" if known else "-"
    said = f"{met:,} of {len(known):,} met"
    marks: tuple[Mark, ...] = (Box(0, 1, "text", 0.08), *_list_stripes(row))
    return Row(row.name, marks, f"{said}, median {middle}", (middle,), (said,))


def _list_stripes(row: CohortRow) -> Iterator[Stripes]:
    """Gather the packets of one strength into one shape."""
    bar, levels, below = row.bar, LEVELS, LEVELS + 1
    strengths = [
        0 if proven is None else int(proven * levels + 0.5) + (below if proven < bar else 0)
        for proven in row.proven
    ]
    places: dict[int, list[int]] = {strength: [] for strength in sorted(set(strengths))}
    for place, strength in enumerate(strengths):
        places[strength].append(place)
    for strength, found in places.items():
        ink: Ink = "gap" if strength >= below else "met"
        if strength % below:
            yield Stripes(tuple(found), len(strengths), ink, strength % below / LEVELS)
