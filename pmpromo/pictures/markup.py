"""HTML as text, built from elements that escape everything they are given."""

from __future__ import annotations

from html import escape
from typing import Final

__all__ = ["Markup", "element", "join", "write_page"]

_VOID: Final = frozenset({"br", "hr", "img", "link", "meta"})


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def element(name: str, /, *children: str, **attributes: str | float | None) -> Markup:
    """Return one element. Children that are no markup are escaped; attributes always are.

    An attribute of None is left out; ``class_`` means class, ``aria_label`` aria-label.

    >>> element("td", "<b>", class_="met", title=None)
    '<td class="met">&lt;b&gt;</td>'
    """
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{told}>")
    return Markup(f"<{name}{told}>{join(*children)}</{name}>")


def join(*children: str) -> Markup:
    """Join texts and markup; texts are escaped.

    >>> join("a < b", element("br"))
    'a &lt; b<br>'
    """
    return Markup(
        "".join(child if isinstance(child, Markup) else escape(child) for child in children)
    )


def write_page(title: str, body: Markup, style: str = "") -> str:
    """Return a whole page that needs no script and no network.

    `style` is our own style sheet, never text from an input.
    """
    head = join(
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element(
            "meta",
            http_equiv="Content-Security-Policy",
            content="default-src 'none'; style-src 'unsafe-inline'",
        ),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("style", Markup(style)),
    )
    page = element("html", element("head", head), element("body", element("main", body)), lang="en")
    return f"<!doctype html>\n{page}\n"
