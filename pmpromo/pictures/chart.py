"""A chart of rows: names, figures and words as a real table, and shapes on one common scale.

On a page it is an HTML table whose shapes hold no text. In a file of its own it is one SVG with
labels. Both are laid out from the same frozen rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.pictures.markup import Markup, element, join
from pmpromo.pictures.svg import (
    Field,
    Label,
    Mark,
    Tick,
    draw_label,
    draw_marks,
    fit_text,
    measure_text,
    thin_ticks,
    wrap_text,
    write_number,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = [
    "STYLE",
    "Chart",
    "Key",
    "Layout",
    "Paper",
    "Row",
    "draw_legend",
    "draw_shapes",
    "measure_least",
    "part",
]

SIZE: Final = 13.0
"""Size of text, in pixels."""
LINE: Final = 18.0
"""From one line of text to the next."""
GAP: Final = 14.0
"""Between two columns, and around everything."""
NAME_WIDTH: Final = 230.0
WORDS_WIDTH: Final = 260.0
"""Longest line of a name and of a text beside it; what is longer is wrapped, then cut."""
NAME_LINES: Final = 3
WORDS_LINES: Final = 3
SWATCH: Final = (26, 12)
"""Width and height of the shape in a legend."""
SHORT: Final = 28
"""Words of so many signs stay on one line."""
LEAST_WIDTH: Final = 420.0
"""A title and notes need this much, however narrow the rest is."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a chart: its name, its shapes, and the same in figures and words.

    `said` is what the shapes show, for people who do not see them. `figures` stand before the
    shapes, `words` after them. Rows that follow each other and have one `group` stand under it.
    """

    name: str
    marks: tuple[Mark, ...]
    said: str
    figures: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    group: str = ""


class Key(NamedTuple):
    """A line of the legend: what a shape means."""

    marks: tuple[Mark, ...]
    means: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Rows that share a scale.

    `heads` name the columns: names, figures, shapes, words. `listing` is numbered from 1. `size`
    is the width and height, in pixels, that the shapes of one row take.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...] = ()
    keys: tuple[Key, ...] = ()
    listing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    size: tuple[int, int] = (200, 14)

    @property
    def plot(self) -> int:
        """The place of the column that holds the shapes."""
        return 1 + max((len(row.figures) for row in self.rows), default=0)

    def draw_page(self) -> Markup:
        """Return the chart for a page: a table, its legend and notes."""
        return _draw_table(_drop_empty(self))

    def lay_out(self) -> Layout:
        """Return the chart for a file of its own: shapes and labels in their places."""
        return _lay_out(_drop_empty(self))


STYLE: Final = (
    ".pmpromo table{border-collapse:collapse;border:0;margin:0}"
    ".pmpromo .o{overflow-x:auto}"
    ".pmpromo>svg{margin:.4em 0}"
    ".pmpromo summary{font-weight:600}"
    ".pmpromo caption{text-align:left;font-weight:600;color:inherit;padding:0 0 .3em}"
    ".pmpromo.pmpromo th,.pmpromo.pmpromo td{padding:.25em 1em .25em 0;text-align:left;"
    "vertical-align:middle;font-weight:400;border:0;background:none;white-space:normal;max-width:22em}"
    ".pmpromo.pmpromo thead th,.pmpromo.pmpromo th[colspan]{font-weight:600;vertical-align:bottom}"
    ".pmpromo.pmpromo .f{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}"
    ".pmpromo.pmpromo .s{padding:.25em 2em .25em 1.2em;max-width:none}"
    ".pmpromo.pmpromo .w{white-space:nowrap}"
    ".pmpromo ol{margin:.4em 0;padding-left:2.2em}"
    ".pmpromo svg{display:block;overflow:visible}"
    ".pmpromo .x{position:relative;height:1.3em;font-weight:400}"
    ".pmpromo .x span{position:absolute;transform:translateX(-50%);white-space:nowrap}"
    ".pmpromo .h{display:none}"
    ".pmpromo .k{display:inline-flex;align-items:center;gap:.4em;margin-right:1.2em}"
    ".pmpromo p{margin:.2em 0}"
    ".pmpromo tr{break-inside:avoid}"
)
"""The style sheet of everything drawn on a page. It names no colour.

Cells name their section twice: notebooks align every cell to the right by a rule of two classes.
"""


def draw_shapes(marks: Iterable[Mark], said: str, size: tuple[int, int]) -> Markup:
    """Return shapes as an inline image that holds no text; `said` is its description.

    >>> draw_shapes([], "nothing", (20, 10))
    '<svg viewBox="0 0 20 10" width="20" height="10" role="img" aria-label="nothing"></svg>'
    """
    width, height = size
    shapes = draw_marks(marks, Field(width, height))
    told = {"role": "img", "aria_label": said} if said else {"aria_hidden": "true"}
    box = f"0 0 {width} {height}"
    return element("svg", shapes, viewBox=box, width=width, height=height, **told)


def _drop_empty(chart: Chart) -> Chart:
    """Leave out columns of words in which no row says anything."""
    columns = zip(*(row.words for row in chart.rows), strict=True)
    kept = [place for place, column in enumerate(columns) if any(column)]
    first = chart.plot + 1
    if not chart.rows or len(kept) == len(chart.heads) - first:
        return chart
    heads = (*chart.heads[:first], *(chart.heads[first + place] for place in kept))
    rows = (replace(row, words=tuple(row.words[place] for place in kept)) for row in chart.rows)
    return replace(chart, heads=heads, rows=tuple(rows))


def _draw_table(chart: Chart) -> Markup:
    bodies = [_draw_body(name, rows, chart) for name, rows in _group(chart)]
    table = element(
        "table",
        element("caption", chart.title),
        element("thead", element("tr", *_draw_heads(chart))),
        *bodies,
    )
    return join(
        # Whoever has a narrow screen scrolls, by keyboard too.
        element("div", table, class_="o", tabindex="0", role="group", aria_label=chart.title),
        *draw_legend(chart.keys),
        *_draw_listing(chart.listing),
        *(element("p", note) for note in chart.notes),
    )


def _group(chart: Chart) -> list[tuple[str, list[Row]]]:
    return [(name, list(rows)) for name, rows in groupby(chart.rows, lambda row: row.group)]


def _draw_heads(chart: Chart) -> Iterator[Markup]:
    for place, name in enumerate(chart.heads):
        if place == chart.plot:
            axis = [_draw_axis(chart)] if chart.ticks else []
            yield element("th", name, *axis, scope="col", class_="s")
        else:
            yield element("th", name, scope="col", class_="f" if 0 < place < chart.plot else None)


def _draw_axis(chart: Chart) -> Markup:
    """Draw the labels of the scale above the shapes; figures and words say the same beside."""
    width = chart.size[0]
    labels = [
        element("span", tick.label, style=f"left:{write_number(tick.at * width)}px")
        for tick in thin_ticks(chart.ticks, width, SIZE)
    ]
    told = part(labels, " ")
    return element("div", *told, class_="x", aria_hidden="true", style=f"width:{width}px")


def _draw_body(name: str, rows: Sequence[Row], chart: Chart) -> Markup:
    lines = [_draw_row(row, chart.size) for row in rows]
    if name:
        title = element("bdi", name)
        head = element("th", title, scope="rowgroup", colspan=len(chart.heads))
        lines.insert(0, element("tr", head))
    return element("tbody", *lines)


def _draw_row(row: Row, size: tuple[int, int]) -> Markup:
    return element(
        "tr",
        element("th", element("bdi", row.name), scope="row"),
        *[element("td", figure, class_="f") for figure in row.figures],
        element("td", draw_shapes(row.marks, row.said, size), class_="s"),
        *[_draw_words(words) for words in row.words],
    )


def _draw_words(words: str) -> Markup:
    return element("td", words, class_="w" if len(words) <= SHORT else None)


def _draw_listing(listing: Sequence[str]) -> Iterator[Markup]:
    if listing:
        yield element("ol", *(element("li", element("bdi", text)) for text in listing))


def draw_legend(keys: Sequence[Key]) -> Iterator[Markup]:
    """Yield the legend as one paragraph, if there is one."""
    if keys:
        lines = [
            element("span", draw_shapes(key.marks, "", SWATCH), key.means, class_="k")
            for key in keys
        ]
        yield element("p", *part(lines, _STOP))


_STOP: Final = element("span", "; ", class_="h")
"""What parts the entries of a legend where a notebook takes the style sheet away."""


def part(pieces: Iterable[str], between: str) -> list[str]:
    """Return pieces with something between each two of them.

    >>> part(["a", "b"], ", ")
    ['a', ', ', 'b']
    """
    return [each for piece in pieces for each in (between, piece)][1:]


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture of its own, in pixels: shapes in their fields, and labels that never meet."""

    width: float
    height: float
    fields: tuple[tuple[tuple[Mark, ...], Field], ...]
    labels: tuple[Label, ...]

    def write_svg(self, title: str, alt: str) -> str:
        """Return it as the text of an SVG file, on paper of its own and with labels as text."""
        width, height = write_number(self.width), write_number(self.height)
        picture = element(
            "svg",
            element("title", title),
            element("desc", alt),
            Markup(f'<path d="M0 0h{width}v{height}h-{width}z" fill="{PAPER}"/>'),
            *(draw_marks(marks, place) for marks, place in self.fields),
            element("g", *map(draw_label, self.labels), fill=INK, font_family=FACE),
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {width} {height}",
            width=width,
            height=height,
            color=INK,
            role="img",
        )
        return f"{picture}\n"


PAPER: Final = "#ffffff"
INK: Final = "#1f2328"
"""A file of its own cannot inherit colours, so it brings paper and ink."""
FACE: Final = "system-ui,'Segoe UI',Roboto,Helvetica,Arial,'Noto Sans',sans-serif"


@dataclass(slots=True)
class Paper:
    """A picture while it is laid out from the top down."""

    fields: list[tuple[tuple[Mark, ...], Field]] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    y: float = GAP

    def write(self, lines: Sequence[str], label: Label) -> None:
        """Write lines one below the other where `label` says, as it says, below `y`."""
        for place, line in enumerate(lines):
            y = self.y + place * LINE + SIZE
            self.labels.append(label._replace(text=line, y=y))

    def write_paragraph(self, text: str, width: float, *, bold: bool = False) -> None:
        """Write a text over the whole width, and go on below it."""
        lines = wrap_text(text, width - 2 * GAP, SIZE, MOST_LINES)
        self.write(lines, Label(GAP, 0, "", SIZE, bold=bold))
        self.y += len(lines) * LINE

    def write_legend(self, keys: Sequence[Key], width: float) -> None:
        """Write the legend, one line a key."""
        for key in keys:
            place = Field(*SWATCH, GAP, self.y + (LINE - SWATCH[1]) / 2)
            self.fields.append((key.marks, place))
            left = GAP + SWATCH[0] + GAP / 2
            self.write([fit_text(key.means, width - left - GAP, SIZE)], Label(left, 0, "", SIZE))
            self.y += LINE

    def finish(self, width: float) -> Layout:
        """Return what was laid out."""
        return Layout(width, self.y + GAP, tuple(self.fields), tuple(self.labels))


def measure_least(keys: Sequence[Key]) -> float:
    """Return the least width of a picture: room for its title and its legend."""
    longest = max((measure_text(key.means, SIZE) for key in keys), default=0.0)
    return max(LEAST_WIDTH, SWATCH[0] + longest + 3 * GAP)


MOST_LINES: Final = 40
"""A title or a note of more lines is cut."""


class _Column(NamedTuple):
    """A column of labels: where it starts, how wide it is, and whether it is figures."""

    left: float
    width: float
    is_figure: bool = False

    @property
    def label(self) -> Label:
        """A label at its place."""
        if self.is_figure:
            return Label(self.left + self.width, 0, "", SIZE, "end")
        return Label(self.left, 0, "", SIZE)


def _lay_out(chart: Chart) -> Layout:
    columns = _measure_columns(chart)
    right = columns[-1].left + columns[-1].width + GAP
    right += _measure_ticks(chart) if chart.plot == len(columns) - 1 else 0.0
    width = max(measure_least(chart.keys), right)
    paper = Paper()
    paper.write_paragraph(chart.title, width, bold=True)
    paper.y += LINE / 2
    _write_heads(paper, chart, columns)
    for name, rows in _group(chart):
        if name:
            paper.y += LINE / 4
            paper.write_paragraph(name, width, bold=True)
        for row in rows:
            _write_row(paper, row, columns, chart)
    paper.y += LINE / 2
    paper.write_legend(chart.keys, width)
    for number, text in enumerate(chart.listing, start=1):
        paper.write_paragraph(f"{number}. {text}", width)
    for note in chart.notes:
        paper.write_paragraph(note, width)
    return paper.finish(width)


def _measure_ticks(chart: Chart) -> float:
    """Measure how far the labels of an axis may stand out at its ends."""
    return max((measure_text(tick.label, SIZE) / 2 for tick in chart.ticks), default=0.0)


def _measure_columns(chart: Chart) -> list[_Column]:
    margin = _measure_ticks(chart)
    columns, left = [], GAP
    for place in range(len(chart.heads)):
        around = margin if place == chart.plot else 0.0
        width = _measure_column(chart, place)
        columns.append(_Column(left + around, width, is_figure=0 < place < chart.plot))
        left += width + 2 * around + GAP
    return columns


def _measure_column(chart: Chart, place: int) -> float:
    if place == chart.plot:
        return max(chart.size[0], *_measure_words(chart.heads[place]))
    most = NAME_WIDTH if place == 0 else WORDS_WIDTH
    texts = [_list_texts(row)[place] for row in chart.rows]
    longest = max((measure_text(text, SIZE) for text in texts), default=0.0)
    return max(min(longest, most), *_measure_words(chart.heads[place]))


def _measure_words(head: str) -> list[float]:
    """Measure the words of a head, which is broken between them."""
    return [0.0, *(measure_text(word, SIZE) * BOLDER for word in head.split())]


BOLDER: Final = 1.1
"""Bold text is wider than plain text by at most this factor."""


def _list_texts(row: Row) -> tuple[str, ...]:
    """List the texts of a row, a gap where its shapes stand."""
    return (row.name, *row.figures, "", *row.words)


def _write_heads(paper: Paper, chart: Chart, columns: Sequence[_Column]) -> None:
    heads = [
        wrap_text(head, column.width / BOLDER, SIZE, NAME_LINES)
        for head, column in zip(chart.heads, columns, strict=True)
    ]
    deepest = max(map(len, heads))
    for lines, column in zip(heads, columns, strict=True):
        filled = [*[""] * (deepest - len(lines)), *lines]
        paper.write(filled, column.label._replace(bold=True))
    paper.labels = [label for label in paper.labels if label.text]
    paper.y += deepest * LINE
    _write_ticks(paper, chart, columns[chart.plot].left)


def _write_ticks(paper: Paper, chart: Chart, left: float) -> None:
    for tick in thin_ticks(chart.ticks, chart.size[0], SIZE):
        label = Label(left + tick.at * chart.size[0], 0, "", SIZE, "middle")
        paper.write([tick.label], label)
    paper.y += LINE if chart.ticks else 0.0


def _write_row(paper: Paper, row: Row, columns: Sequence[_Column], chart: Chart) -> None:
    texts = [
        wrap_text(text, column.width, SIZE, WORDS_LINES if place else NAME_LINES)
        for place, (text, column) in enumerate(zip(_list_texts(row), columns, strict=True))
    ]
    high = max(max(map(len, texts)) * LINE, chart.size[1] + LINE / 4)
    top = paper.y
    for lines, column in zip(texts, columns, strict=True):
        paper.y = top + (high - len(lines) * LINE) / 2
        paper.write(lines, column.label)
    place = Field(*chart.size, columns[chart.plot].left, top + (high - chart.size[1]) / 2)
    paper.fields.append((row.marks, place))
    paper.y = top + high + LINE / 4
