"""A square field with two axes, for curves. Its labels stand around it, never in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pmpromo.pictures.chart import (
    GAP,
    LINE,
    SIZE,
    Key,
    Layout,
    Paper,
    draw_legend,
    draw_shapes,
    measure_least,
    part,
)
from pmpromo.pictures.markup import Markup, element, join
from pmpromo.pictures.svg import Field, Label, Mark, Tick, measure_text, thin_ticks, write_number

__all__ = ["Plane"]

SIDE: Final = 240
"""Width and height of the field, in pixels."""


_STYLE: Final = (
    ".pmpromo .p{position:relative;padding:.6em 0 0}"
    ".pmpromo .y{position:absolute;left:0}"
    ".pmpromo .y span{position:absolute;transform:translateY(-50%);white-space:nowrap}"
)


@dataclass(frozen=True, slots=True)
class Plane:
    """Shapes in a square; `across` and `up` name its axes, ticks run to the right and up.

    `said` is what the shapes show. `table` says the same in figures: heads, then rows.
    """

    title: str
    across: str
    up: str
    marks: tuple[Mark, ...]
    said: str
    across_ticks: tuple[Tick, ...]
    up_ticks: tuple[Tick, ...]
    table: tuple[tuple[str, ...], ...]
    keys: tuple[Key, ...] = ()
    notes: tuple[str, ...] = ()

    def draw_page(self) -> Markup:
        """Return the field for a page, with its figures folded away below it."""
        return join(
            element("style", Markup(_STYLE)),
            element("p", element("strong", self.title)),
            element("p", f"Upwards: {self.up}"),
            _draw_field(self),
            element("p", f"To the right: {self.across}"),
            *draw_legend(self.keys),
            *(element("p", note) for note in self.notes),
            _draw_figures(self),
        )

    def lay_out(self) -> Layout:
        """Return the field for a file of its own."""
        return _lay_out(self)


def _draw_field(plane: Plane) -> Markup:
    """Draw the field between its labels; figures say the same below, so labels are for eyes."""
    size = f"width:{SIDE}px;height:{SIDE}px"
    indent = _measure_indent(plane)
    ups = [
        element("span", tick.label, style=f"top:{write_number((1 - tick.at) * SIDE)}px")
        for tick in plane.up_ticks
    ]
    acrosses = [
        element("span", tick.label, style=f"left:{write_number(tick.at * SIDE)}px")
        for tick in thin_ticks(plane.across_ticks, SIDE, SIZE)
    ]
    left = f"margin-left:{write_number(indent)}px"
    return element(
        "div",
        element("div", *part(ups, " "), class_="y", aria_hidden="true", style=f"height:{SIDE}px"),
        element("div", draw_shapes(plane.marks, plane.said, (SIDE, SIDE)), style=f"{left};{size}"),
        element(
            "div",
            *part(acrosses, " "),
            class_="x",
            aria_hidden="true",
            style=f"{left};width:{SIDE}px",
        ),
        class_="p",
    )


def _measure_indent(plane: Plane) -> float:
    return max(measure_text(tick.label, SIZE) for tick in plane.up_ticks) + GAP


def _draw_figures(plane: Plane) -> Markup:
    heads, *rows = plane.table
    head = element("tr", *(element("th", name, scope="col", class_="f") for name in heads))
    lines = [element("tr", *(element("td", cell, class_="f") for cell in row)) for row in rows]
    table = element("table", element("thead", head), element("tbody", *lines))
    return element("details", element("summary", "The same in figures"), table)


def _lay_out(plane: Plane) -> Layout:
    left = GAP + _measure_indent(plane)
    width = max(left + SIDE + 3 * GAP, measure_least(plane.keys))
    paper = Paper()
    paper.write_paragraph(plane.title, width, bold=True)
    paper.write_paragraph(f"Upwards: {plane.up}", width)
    top = paper.y + LINE / 2
    paper.fields.append((plane.marks, Field(SIDE, SIDE, left, top)))
    for tick in plane.up_ticks:
        paper.y = top + (1 - tick.at) * SIDE - LINE / 2
        paper.write([tick.label], Label(left - GAP / 2, 0, "", SIZE, "end"))
    paper.y = top + SIDE + LINE / 2
    for tick in thin_ticks(plane.across_ticks, SIDE, SIZE):
        paper.write([tick.label], Label(left + tick.at * SIDE, 0, "", SIZE, "middle"))
    paper.y += 1.5 * LINE
    paper.write_paragraph(f"To the right: {plane.across}", width)
    paper.y += LINE / 2
    paper.write_legend(plane.keys, width)
    for note in plane.notes:
        paper.write_paragraph(note, width)
    return paper.finish(width)
