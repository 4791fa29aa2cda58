"""What a noun shows of itself in a notebook: a section of tables and lists that can be folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmpromo.pictures.chart import STYLE
from pmpromo.pictures.markup import Markup, element

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    T = TypeVar("T")

__all__ = ["draw_fold", "draw_grid", "draw_section"]


def draw_section(title: str, parts: Sequence[Markup], label: str) -> Markup:
    """Return parts under a title, with the style sheet they share; `label` names the section.

    >>> draw_section("p-1", [], "Packet p-1")[-39:]
    '<h2 style="margin:0">p-1</h2></section>'
    """
    style = element("style", Markup(STYLE))
    head = element("h2", title, style="margin:0")
    return element("section", style, head, *parts, class_="pmpromo", aria_label=label)


def draw_fold(
    title: str, found: Sequence[T], draw: Callable[[T], Markup], most: int
) -> list[Markup]:
    """Return a list that can be folded, nothing if it is empty; `draw` gives its entries.

    What is beyond the first `most` is counted.

    >>> draw_fold("Notes", ["a", "b", "c"], lambda note: element("li", note), 2)[0][-50:]
    '<li>a</li><li>b</li><li>1 more</li></ul></details>'
    """
    if not found:
        return []
    entries = [draw(each) for each in found[:most]]
    left = len(found) - most
    more = [element("li", f"{left} more")] if left > 0 else []
    summary = element("summary", f"{title} ({len(found)})")
    return [element("details", summary, element("ul", *entries, *more), open="")]


def draw_grid(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    """Return a table of texts whose first column names its rows.

    >>> draw_grid("Items", ["Item", "Part"], [["launch", "led"]]).count("<th ")
    3
    """
    head = element("tr", *[element("th", name, scope="col") for name in heads])
    lines = [
        element(
            "tr",
            element("th", element("bdi", first), scope="row"),
            *[element("td", text) for text in rest],
        )
        for first, *rest in rows
    ]
    table = element(
        "table", element("caption", caption), element("thead", head), element("tbody", *lines)
    )
    return element("div", table, class_="o", tabindex="0", role="group", aria_label=caption)
