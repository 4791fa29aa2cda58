"""What every drawing is: a picture that shows itself in notebooks and can be saved."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from pmpromo.errors import DataError, Problem
from pmpromo.outputs import write_whole
from pmpromo.pictures.chart import STYLE, Layout
from pmpromo.pictures.markup import Markup, element, write_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pandas import DataFrame as DataFrame  # noqa: PLC0414 - audit names it too

__all__ = ["Form", "Picture"]

PAGE_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem;background:Canvas;color:CanvasText}"
)
ZOOM: Final = 2.0
"""Pixels of a PNG for each pixel of the picture: enough for a dense screen and for print."""


class Form(Protocol):
    """How a picture looks: drawn for a page, and laid out for a file of its own."""

    @property
    def title(self) -> str:
        """What it shows, in a line."""

    def draw_page(self) -> Markup:
        """Return it as HTML whose shapes hold no text."""

    def lay_out(self) -> Layout:
        """Return its shapes and labels in their places."""


@dataclass(frozen=True, slots=True, repr=False)
class Picture:
    """Something to look at. Notebooks show it; `save` writes it; the same data give the same bytes.

    `alt` says in words what it shows. `columns` and `data` hold what was drawn, one value a row in
    each column, tidy.

    >>> from pmpromo.pictures.bullets import Bullet, draw_bullets
    >>> picture = draw_bullets("Criteria", [Bullet("Reach", 0.4, 0.8, 0.75)])
    >>> picture.alt
    'Criteria. Reach: proven 0.40, possible 0.80, bar 0.75.'
    >>> picture.columns["proven"]
    (0.4,)
    """

    form: Form
    alt: str
    columns: Mapping[str, Sequence[object]] = field(hash=False)

    @property
    def title(self) -> str:
        """What it shows, in a line."""
        return self.form.title

    @property
    def data(self) -> DataFrame:
        """What was drawn, as a tidy frame."""
        import pandas as pd  # noqa: PLC0415 - who only looks at a picture needs no pandas

        return pd.DataFrame({name: list(column) for name, column in self.columns.items()})

    @property
    def svg(self) -> str:
        """The picture as an SVG file of its own, with its labels, on white paper."""
        return self.form.lay_out().write_svg(self.title, self.alt)

    @property
    def html(self) -> str:
        """The picture as a whole page that needs no script and no network."""
        return write_page(self.title, self._draw(), PAGE_STYLE)

    def save(self, path: str | Path) -> None:
        """Write the picture to a file: ``.svg``, ``.html``, or ``.png`` with the extra `png`.

        The file is written beside its place and then moved there, so that nobody reads half of it.

        Raises `DataError` for another ending, without the extra, and where nothing can be written.
        """
        target = Path(path)
        write = _WRITERS.get(target.suffix.lower())
        if write is None:
            hint = f"end it in one of: {', '.join(_WRITERS)}"
            raise DataError([Problem("path", "names no kind of picture", hint)])
        _put(target, write(self))

    def _draw(self) -> Markup:
        return element(
            "figure",
            element("style", Markup(STYLE)),
            self.form.draw_page(),
            class_="pmpromo",
            style="margin:0",
            aria_label=self.alt,
        )

    def _repr_html_(self) -> str:
        return self._draw()

    def __str__(self) -> str:
        return self.alt

    def __repr__(self) -> str:
        return f"Picture({self.title!r})"


def _write_png(picture: Picture) -> bytes:
    try:
        import resvg_py  # noqa: PLC0415 - an extra
    except ImportError:
        hint = "pip install 'pmpromo[png]', or save an .svg"
        raise DataError([Problem("path", "PNG needs the extra `png`", hint)]) from None
    return bytes(resvg_py.svg_to_bytes(svg_string=picture.svg, zoom=ZOOM))


_WRITERS: Final[Mapping[str, Callable[[Picture], bytes]]] = {
    ".svg": lambda picture: picture.svg.encode(),
    ".html": lambda picture: picture.html.encode(),
    ".png": _write_png,
}


def _put(target: Path, content: bytes) -> None:
    try:
        write_whole(target, content)
    except OSError as error:
        hint = "name a file in a folder that is there and may be written to"
        raise DataError([Problem("path", f"cannot be written ({error.strerror})", hint)]) from None
