"""A committee on one scale: how severe raters are, how hard criteria, how strong packets."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.pictures.chart import Chart, Key, Row
from pmpromo.pictures.picture import Picture
from pmpromo.pictures.scale import choose_scale
from pmpromo.pictures.svg import Box, Dot, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmpromo.pictures.scale import Scale
    from pmpromo.pictures.svg import Mark

__all__ = ["Measured", "draw_committee"]

MOST_ROWS: Final = 60
"""A group of more than this is drawn in one row, a stroke for each."""

STROKE: Final = 0.4
"""How dark one of many strokes is."""

FINEST: Final = 3
"""Decimals of the width on which strokes are told apart: less than a pixel."""

NINETY: Final = 1.6448536269514722
"""An interval of 90 % reaches so many standard errors to either side."""


class Measured(NamedTuple):
    """Something with a place on the common scale, in logits, and its standard error.

    `group` is what it is, such as "Raters: severity".
    """

    group: str
    name: str
    value: float
    error: float
    words: str = ""

    @property
    def ends(self) -> tuple[float, float]:
        """Ends of its 90 % interval."""
        return self.value - NINETY * self.error, self.value + NINETY * self.error


KEYS: Final = (
    Key((Dot(0.5), Line(((0, 0.5), (1, 0.5)))), "estimate with its 90 % interval"),
    Key((Line(((0.5, 0), (0.5, 1)), strength=0.5),), "one of many"),
)


def draw_committee(title: str, measured: Sequence[Measured], notes: Sequence[str] = ()) -> Picture:
    """Return everything measured as a picture, in the order given, group after group.

    >>> picture = draw_committee("Committee", [Measured("Raters: severity", "Ada", 0.4, 0.2)])
    >>> picture.alt
    'Committee. Raters: severity: 1, from 0.40 to 0.40.'
    """
    scale = choose_scale(end for each in measured for end in each.ends)
    groups = [(name, list(found)) for name, found in groupby(measured, lambda each: each.group)]
    rows = tuple(row for name, found in groups for row in _draw_group(name, found, scale))
    many = any(len(found) > MOST_ROWS for _, found in groups)
    heads = ("Name", "Estimate", "Interval", "Logits", "Note")
    told = " ".join(f"{name}: {_tell(found)}." for name, found in groups)
    return Picture(
        Chart(
            title,
            heads,
            rows,
            scale.ticks,
            KEYS if many else KEYS[:1],
            notes=tuple(notes),
            size=(280, 14),
        ),
        f"{title}. {told}",
        {
            "group": tuple(each.group for each in measured),
            "name": tuple(each.name for each in measured),
            "value": tuple(each.value for each in measured),
            "error": tuple(each.error for each in measured),
            "words": tuple(each.words for each in measured),
        },
    )


def _draw_group(name: str, found: Sequence[Measured], scale: Scale) -> Iterator[Row]:
    if len(found) > MOST_ROWS:
        marks = tuple(_list_strokes(found, scale))
        yield Row(f"All {len(found):,}", marks, _tell(found), ("", ""), ("",), name)
        return
    for each in found:
        low, high = each.ends
        figures = (f"{each.value:.2f}", f"{low:.2f} to {high:.2f}")
        said = f"{figures[0]}, interval {figures[1]}"
        yield Row(each.name, tuple(_list_marks(each, scale)), said, figures, (each.words,), name)


def _list_strokes(found: Sequence[Measured], scale: Scale) -> Iterator[Mark]:
    """Draw strokes; several on one place are one, as dark as they would be on top of each other."""
    yield _draw_zero(scale)
    places = Counter(round(scale.place(each.value), FINEST) for each in found)
    for place, count in places.items():
        yield Line(((place, 0), (place, 1)), strength=round(1 - (1 - STROKE) ** count, 2))


def _list_marks(each: Measured, scale: Scale) -> Iterator[Mark]:
    low, high = map(scale.place, each.ends)
    yield _draw_zero(scale)
    yield Line(((low, 0.5), (high, 0.5)))
    yield Dot(scale.place(each.value))


def _draw_zero(scale: Scale) -> Mark:
    """Draw where the scale is zero, or its end nearest to it."""
    zero = scale.place(0.0)
    return Box(max(0.0, zero - 0.002), min(1.0, zero + 0.002), "text", 0.3, -0.3, 1.3)


def _tell(found: Sequence[Measured]) -> str:
    values = [each.value for each in found]
    return f"{len(found):,}, from {min(values):.2f} to {max(values):.2f}"
