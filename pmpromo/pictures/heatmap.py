"""What each piece of evidence would show on each criterion, were it the only one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.pictures.chart import Chart, Key, Row
from pmpromo.pictures.picture import Picture
from pmpromo.pictures.svg import Box, Line, Tick

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmpromo.pictures.svg import Mark

__all__ = ["HeatRow", "draw_heatmap"]

CELL: Final = 24
"""Width and height of a cell, in pixels."""


class HeatRow(NamedTuple):
    """A criterion: what each item shows of it (proven, possible), in 0..1, and its bar."""

    name: str
    cells: tuple[tuple[float, float], ...]
    bar: float


KEYS: Final = (
    Key((Box(0, 1, "met"),), "proven, from the bottom up"),
    Key((Box(0, 1, "met", 0.3, edged=True),), "possible"),
    Key((Line(((0, 0.5), (1, 0.5)), dashed=True),), "bar"),
)


def draw_heatmap(
    title: str, rows: Sequence[HeatRow], items: Sequence[tuple[str, str]], notes: Sequence[str] = ()
) -> Picture:
    """Return criteria against items as a picture; `items` are (id, title), numbered from 1.

    >>> picture = draw_heatmap(
    ...     "Evidence", [HeatRow("Reach", ((0.4, 0.6),), 0.75)], [("launch", "Launched it")]
    ... )
    >>> picture.columns["item"], picture.columns["possible"]
    (('launch',), (0.6,))
    """
    count = max(1, len(items))
    ticks = tuple(Tick((n + 0.5) / count, str(n + 1)) for n in range(len(items)))
    chart = Chart(
        title,
        ("Criterion", "Items", "Item by item", "Best"),
        tuple(_draw_row(row) for row in rows),
        ticks,
        KEYS,
        tuple(f"{item}: {told}" for item, told in items),
        tuple(notes),
        (CELL * count, CELL),
    )
    told = "; ".join(f"{row.name}: {_tell(row)}" for row in rows)
    cells = [(row, item, cell) for row in rows for item, cell in zip(items, row.cells, strict=True)]
    return Picture(
        chart,
        f"{title}. {told}.",
        {
            "criterion": tuple(row.name for row, _, _ in cells),
            "item": tuple(item for _, (item, _), _ in cells),
            "proven": tuple(cell[0] for _, _, cell in cells),
            "possible": tuple(cell[1] for _, _, cell in cells),
        },
    )


def _draw_row(row: HeatRow) -> Row:
    marks = tuple(_list_marks(row))
    shown = sum(possible > 0 for _, possible in row.cells)
    return Row(row.name, marks, _tell(row), (str(shown),), (_name_best(row),))


def _list_marks(row: HeatRow) -> Iterator[Mark]:
    width = 1 / max(1, len(row.cells))
    for place, (proven, possible) in enumerate(row.cells):
        left, right = (place + 0.1) * width, (place + 0.9) * width
        yield Box(left, right, "text", 0.12)
        if possible > proven:
            yield Box(left, right, "met", 0.3, 1 - possible, 1 - proven, edged=True)
        if proven > 0:
            yield Box(left, right, "met", 1.0, 1 - proven)
    if row.cells:
        yield Line(((0.0, 1 - row.bar), (1.0, 1 - row.bar)), dashed=True)


def _tell(row: HeatRow) -> str:
    """Say what each item shows; items that show nothing are left out."""
    told = [
        f"item {place} {proven:.2f} to {possible:.2f}"
        for place, (proven, possible) in enumerate(row.cells, start=1)
        if possible > 0
    ]
    return ", ".join(told) or "shown by no item"


def _name_best(row: HeatRow) -> str:
    best = max(row.cells, default=(0.0, 0.0))
    if not best[1] > 0:
        return "○ no item"
    return f"item {row.cells.index(best) + 1} ({best[0]:.2f})"
