"""Shapes as SVG, and texts measured so that no two of them meet."""

from __future__ import annotations

import unicodedata
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pmpromo.pictures.markup import Markup, element

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "COLOURS",
    "Area",
    "Box",
    "Dot",
    "Field",
    "Ink",
    "Label",
    "Line",
    "Mark",
    "Stripes",
    "Tick",
    "draw_label",
    "draw_marks",
    "fit_text",
    "measure_text",
    "thin_ticks",
    "wrap_text",
    "write_number",
]

Ink = Literal["met", "gap", "text"]
"""What a shape is drawn in: one of the two data colours, or the colour of the text around it."""

COLOURS: Final[Mapping[Ink, str]] = {"met": "#2e7fc0", "gap": "#c06a00", "text": "currentColor"}
"""Both data colours stand out from white and from black by more than 3 to 1 (WCAG 1.4.11)."""

STROKE: Final = 1.5
"""Width of a line, in pixels."""

RADIUS: Final = 4.0
"""Radius of a dot, in pixels."""


class Box(NamedTuple):
    """A rectangle. Places are shares of the field it is drawn in, 0..1 to the right and down.

    `strength` is how solid it is, `edged` draws its outline solid.
    """

    left: float
    right: float
    ink: Ink
    strength: float = 1.0
    top: float = 0.0
    bottom: float = 1.0
    edged: bool = False


class Line(NamedTuple):
    """A line through points (x, y)."""

    points: tuple[tuple[float, float], ...]
    ink: Ink = "text"
    strength: float = 1.0
    dashed: bool = False


class Area(NamedTuple):
    """A filled polygon."""

    points: tuple[tuple[float, float], ...]
    ink: Ink = "text"
    strength: float = 0.2


class Dot(NamedTuple):
    """A disc."""

    x: float
    y: float = 0.5
    ink: Ink = "text"


class Stripes(NamedTuple):
    """Many cells of one ink over the whole height: their places, of so many `cells`."""

    places: tuple[int, ...]
    cells: int
    ink: Ink
    strength: float = 1.0


Mark = Box | Line | Area | Dot | Stripes
"""A shape without text."""


class Tick(NamedTuple):
    """A place on an axis, 0..1, and what stands there."""

    at: float
    label: str


class Field(NamedTuple):
    """Where marks are drawn, in pixels."""

    width: float
    height: float
    left: float = 0.0
    top: float = 0.0


class Label(NamedTuple):
    """A text in a picture: the place of its baseline, and which part of it stands there."""

    x: float
    y: float
    text: str
    size: float
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the space it takes."""
        width = measure_text(self.text, self.size)
        left = self.x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]
        return left, self.y - self.size * ASCENT, left + width, self.y + self.size * DESCENT


CLOSE: Final = 0.01
"""A hundredth of a pixel is rounding, no lack of room."""

ASCENT: Final = 0.95
DESCENT: Final = 0.25
"""What a line of text takes above and below its baseline, as shares of its size."""

_WIDTHS: Final[tuple[tuple[float, str], ...]] = (
    (0.36, " .,:;'|!()[]ijlI/-tfr·"),
    (0.66, 'abcdefghknopqsuvxyzJL0123456789EFST?"+_cz=–'),  # noqa: RUF001 - a dash has a width
    (0.80, "ABCDGHKNOPQRUVXYZ&~<>"),
    (1.05, "mwMW@%—…✓✗◐○"),
)
"""Widths in shares of the size: a little more than the widest of the common sans-serif faces, so
that text takes at most the space it was given, whatever face a reader has."""

_WIDTH_OF: Final[Mapping[str, float]] = {sign: width for width, signs in _WIDTHS for sign in signs}
OTHER_WIDTH: Final = 0.75
WIDE_WIDTH: Final = 1.4
"""Ideographs take 1, emoji up to 1.4."""


def measure_text(text: str, size: float) -> float:
    r"""Return the width that a text takes at most, in pixels, at a size in pixels.

    >>> measure_text("评", 10), measure_text("e\u0301", 10)
    (14.0, 6.6)
    """
    return round(sum(map(_measure_sign, text)) * size, 3)


def _measure_sign(sign: str) -> float:
    known = _WIDTH_OF.get(sign)
    if known is not None:
        return known
    if sign.isascii():
        return OTHER_WIDTH
    if unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return 0.0
    return WIDE_WIDTH if unicodedata.east_asian_width(sign) in {"W", "F"} else OTHER_WIDTH


def fit_text(text: str, width: float, size: float) -> str:
    """Return a text on one line, cut where it is wider than `width`; a cut is marked.

    >>> fit_text("Business result", 60, 10), fit_text("Reach", 60, 10)
    ('Busines…', 'Reach')
    """
    text = " ".join(text.split())
    if measure_text(text, size) <= width + CLOSE:
        return text
    room = width / size - _WIDTH_OF["…"]
    kept = sum(end <= room for end in accumulate(map(_measure_sign, text)))
    return text[:kept].rstrip() + "…"


def wrap_text(text: str, width: float, size: float, lines: int) -> tuple[str, ...]:
    """Return a text on at most so many lines, the last one cut where it has to be.

    >>> wrap_text("Reach across many functions", 80, 10, 2)
    ('Reach across', 'many functi…')
    """
    rest = " ".join(text.split())
    found: list[str] = []
    while rest and len(found) < lines - 1:
        taken = _count_fitting(rest, width, size)
        found.append(rest[:taken].rstrip())
        rest = rest[taken:].lstrip()
    return (*found, fit_text(rest, width, size)) if rest else tuple(found)


def _count_fitting(text: str, width: float, size: float) -> int:
    """Count the signs of a first line: whole words, or a part of one that is too long."""
    fitting = sum(end * size <= width + CLOSE for end in accumulate(map(_measure_sign, text)))
    if fitting == len(text) or text[fitting] == " ":
        return max(1, fitting)
    return text.rfind(" ", 0, fitting) + 1 or max(1, fitting)


def thin_ticks(ticks: Sequence[Tick], width: float, size: float) -> tuple[Tick, ...]:
    """Return every tick, or every second, third, ..., so that their labels stay apart.

    >>> [tick.label for tick in thin_ticks([Tick(n / 9, f"{n}00") for n in range(10)], 120, 10)]
    ['000', '200', '400', '600', '800']
    """
    step = 1
    while _collide(shown := tuple(ticks[::step]), width, size):
        step += 1
    return shown


def _collide(ticks: Sequence[Tick], width: float, size: float) -> bool:
    ends = [
        (tick.at * width - half, tick.at * width + half)
        for tick in ticks
        for half in [measure_text(tick.label, size) / 2 + size / 4]
    ]
    return any(right > left for (_, right), (left, _) in pairwise(ends))


def draw_marks(marks: Iterable[Mark], field: Field) -> Markup:
    """Return shapes as SVG elements, drawn to fill a field.

    >>> draw_marks([Box(0, 0.5, "met")], Field(100, 10))
    '<path d="M0 0h50v10h-50z" fill="#2e7fc0"/>'
    """
    return Markup("".join([_draw_mark(mark, field) for mark in marks]))


def _draw_mark(mark: Mark, field: Field) -> str:
    if isinstance(mark, Box):
        return _draw_box(mark, field)
    if isinstance(mark, Dot):
        return _draw_dot(mark, field)
    if isinstance(mark, Line):
        dashes = ' stroke-dasharray="2 2"' if mark.dashed else ""
        return f'<path d="{_trace(mark.points, field)}" fill="none"{_stroke(mark)}{dashes}/>'
    if isinstance(mark, Area):
        return f'<path d="{_trace(mark.points, field)}z"{_fill(mark)}/>'
    return _draw_stripes(mark, field)


def _draw_box(box: Box, field: Field) -> str:
    left, top = _place((box.left, box.top), field)
    right, bottom = _place((box.right, box.bottom), field)
    wide, high = write_number(right - left), write_number(bottom - top)
    edge = f' stroke="{COLOURS[box.ink]}"' if box.edged else ""
    path = f"M{write_number(left)} {write_number(top)}h{wide}v{high}h-{wide}z"
    return f'<path d="{path}"{_fill(box)}{edge}/>'


def _draw_dot(dot: Dot, field: Field) -> str:
    x, y = map(write_number, _place((dot.x, dot.y), field))
    paint = f'fill="{COLOURS[dot.ink]}"'
    return f'<circle cx="{x}" cy="{y}" r="{write_number(RADIUS)}" {paint}/>'


def _draw_stripes(stripes: Stripes, field: Field) -> str:
    """Draw thousands of cells as one path, in whole cells that are stretched to the field."""
    path = "".join([f"M{place} .5h1" for place in stripes.places])
    moved = f"translate({write_number(field.left)} {write_number(field.top)})"
    stretched = f"scale({field.width / stripes.cells:.6g} {write_number(field.height)})"
    paint = f'fill="none"{_stroke(stripes, 1)}'
    return f'<path d="{path}" transform="{moved} {stretched}" {paint}/>'


def _place(point: tuple[float, float], field: Field) -> tuple[float, float]:
    return field.left + point[0] * field.width, field.top + point[1] * field.height


def _trace(points: Iterable[tuple[float, float]], field: Field) -> str:
    places = (_place(point, field) for point in points)
    return "M" + "L".join([f"{write_number(x)} {write_number(y)}" for x, y in places])


def _fill(mark: Box | Area) -> str:
    solid = "" if mark.strength == 1 else f' fill-opacity="{write_number(mark.strength, 2)}"'
    return f' fill="{COLOURS[mark.ink]}"{solid}'


def _stroke(mark: Line | Stripes, width: float = STROKE) -> str:
    solid = "" if mark.strength == 1 else f' stroke-opacity="{write_number(mark.strength, 2)}"'
    return f' stroke="{COLOURS[mark.ink]}" stroke-width="{write_number(width)}"{solid}'


def write_number(number: float, decimals: int = 1) -> str:
    """Write a number of pixels, or a share, without needless zeros.

    >>> write_number(12.04), write_number(0.25, 2), write_number(-0.001)
    ('12', '0.25', '0')
    """
    rounded = round(number, decimals)
    return f"{rounded:g}" if rounded else "0"


SYMBOLS: Final = "✓◐✗○"
"""Signs that few faces hold."""


def draw_label(label: Label) -> Markup:
    """Return a text of a standalone picture; what it reads from stands in it unchanged.

    A symbol has a place of its own, so that a stand-in face for it does not spread to the words.

    >>> draw_label(Label(5, 20, "<Reach>", 13))
    '<text x="5" y="20" font-size="13">&lt;Reach&gt;</text>'
    """
    place = {
        "x": write_number(label.x),
        "y": write_number(label.y),
        "font_size": write_number(label.size),
        "text_anchor": None if label.anchor == "start" else label.anchor,
        "font_weight": "600" if label.bold else None,
    }
    symbol, words = label.text[:2], label.text[2:]
    if not words or symbol[0] not in SYMBOLS or label.anchor != "start":
        return element("text", label.text, **place)
    after = write_number(label.x + measure_text(symbol, label.size))
    return element("text", symbol, element("tspan", words, x=after), **place)
