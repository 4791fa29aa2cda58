"""Parts that add up: from a total, step by step, to another."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.pictures.chart import Chart, Key, Row
from pmpromo.pictures.picture import Picture
from pmpromo.pictures.scale import choose_scale
from pmpromo.pictures.svg import Box, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmpromo.pictures.scale import Scale
    from pmpromo.pictures.svg import Ink, Mark

__all__ = ["Part", "draw_waterfall"]


class Part(NamedTuple):
    """One part of a sum; `words` stand beside it, such as the effort it takes."""

    name: str
    amount: float
    words: str = ""


KEYS: Final = (
    Key((Box(0, 1, "met"),), "adds"),
    Key((Box(0, 1, "gap"),), "takes away"),
    Key((Line(((0.5, 0), (0.5, 1))),), "bar"),
)


def draw_waterfall(
    title: str, start: float, parts: Sequence[Part], bar: float, *, name: str = "Step"
) -> Picture:
    """Return parts as a picture, each beginning where the one before it ended.

    `start` is the total before the first part; `name` heads the column of parts. It draws the
    split of a lift over criteria as well as the steps of a path.

    >>> picture = draw_waterfall("Path", 0.5, [Part("write", 0.2), Part("do", 0.1)], 0.75)
    >>> picture.alt
    'Path. From 0.50 to 0.80, bar 0.75. write: +0.200; do: +0.100.'
    """
    totals = list(accumulate((part.amount for part in parts), initial=start))
    scale = choose_scale([*totals, bar])
    rows = tuple(
        Row(
            part.name,
            tuple(_list_marks(before, after, bar, scale)),
            f"from {before:.2f} to {after:.2f}",
            (f"{part.amount:+.3f}", f"{after:.2f}"),
            (part.words,),
        )
        for part, (before, after) in zip(parts, pairwise(totals), strict=True)
    )
    heads = (name, "Adds", "Reaches", "Total", "Note")
    keys = KEYS if any(part.amount < 0 for part in parts) else (KEYS[0], KEYS[2])
    told = "; ".join(f"{part.name}: {part.amount:+.3f}" for part in parts) or "nothing to add"
    return Picture(
        Chart(title, heads, rows, scale.ticks, keys, size=(240, 14)),
        f"{title}. From {start:.2f} to {totals[-1]:.2f}, bar {bar:.2f}. {told}.",
        {
            name.lower(): tuple(part.name for part in parts),
            "amount": tuple(part.amount for part in parts),
            "reaches": tuple(totals[1:]),
            "words": tuple(part.words for part in parts),
        },
    )


def _list_marks(before: float, after: float, bar: float, scale: Scale) -> Iterator[Mark]:
    ink: Ink = "met" if after >= before else "gap"
    left, right = sorted((scale.place(before), scale.place(after)))
    yield Box(0, 1, "text", 0.12, 1 / 7, 6 / 7)
    yield Box(left, right, ink, 1.0, 1 / 7, 6 / 7)
    yield Line(((scale.place(bar), 0), (scale.place(bar), 1)))
