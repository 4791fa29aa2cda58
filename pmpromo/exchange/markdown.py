"""Ladders in Markdown: tables, or headings two deep with words below them; front matter before."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pmpromo.errors import LadderError, Place
from pmpromo.exchange.grid import Entry, Grid, Side, find_side, split_columns
from pmpromo.reading.models import read_tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["Page", "open_page", "read_pages"]

_FENCE: Final = "---"
_RULE: Final = frozenset(" |:-")
"""What the line below the head of a table consists of."""

_CELL: Final = re.compile(r"(?<!\\)\|")
_BREAK: Final = re.compile(r"<br ?/?>", re.IGNORECASE)
_HEADING: Final = re.compile(r"(#{1,6})[ \t]+(.*)")
_LINK: Final = re.compile(r"!?\[([^\]\[]*)\]\([^()]*\)")
_MARKUP: Final = re.compile(r"\*\*|__|`|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")
_BULLET: Final = re.compile(r"^[ \t]*[-*+][ \t]+")

NAMES: Final = ("name", "title")
"""Keys of front matter that name what the page is about."""

RANKS: Final = ("order", "rank", "position", "weight")
"""Keys of front matter that say where a page of many stands."""


class Line(NamedTuple):
    """One line of a page, and its number."""

    number: int
    text: str


class Page(NamedTuple):
    """A page of Markdown: its name, its front matter, and the lines after that."""

    name: str
    front: Mapping[str, Any]
    lines: Sequence[Line]


def open_page(text: str, name: str) -> Page:
    r"""Return a page with its front matter read.

    >>> open_page("---\nlevels: [PM, Senior PM]\n---\n# Reach\n", "a.md").front
    {'levels': ['PM', 'Senior PM']}
    """
    lines = [Line(number, line.rstrip()) for number, line in enumerate(text.split("\n"), 1)]
    ends = [line.number for line in lines[1:] if line.text == _FENCE]
    if lines[0].text != _FENCE or not ends:
        return Page(name, {}, lines)
    # An empty line stands for the fence, so that places keep their line.
    written = "".join(f"{line.text}\n" for line in lines[1 : ends[0] - 1])
    tree = read_tree(f"\n{written}" if written.strip() else "{}", "yaml", name)
    if tree.problems:
        raise LadderError(tree.problems)
    front = tree.value if isinstance(tree.value, dict) else {}
    return Page(name, front, lines[ends[0] :])


def read_pages(pages: Sequence[Page]) -> Grid:
    """Return the grid of one page, or of pages that each tell one level or one competency."""
    if len(pages) > 1:
        told = sorted(pages, key=_find_rank)
        return Grid([entry for page in told for entry in _list_single(page)])
    page = pages[0]
    tables = [*_list_tables(page)]
    title = next((page.front[key] for key in NAMES if isinstance(page.front.get(key), str)), None)
    if tables:
        sides = {side for side, _ in tables}
        side = sides.pop() if len(sides) == 1 else None
        cells = [entry for _, entries in tables for entry in entries]
        return Grid(cells, name=title, corner=side)
    entries = [*_list_headed(page)]
    return Grid(_order(entries, page), _find_outer(entries, page), title)


# --- tables


def _list_tables(page: Page) -> Iterator[tuple[Side | None, list[Entry]]]:
    """Yield each table with words: what its rows are, and its cells."""
    for is_table, lines in groupby(page.lines, lambda line: line.text.lstrip().startswith("|")):
        rows = [(line.number, _split_row(line.text)) for line in lines] if is_table else []
        if len(rows) > 2 and {*"".join(rows[1][1])} <= _RULE:  # noqa: PLR2004 - head, rule, row
            yield _read_table([_clean_name(cell) for cell in rows[0][1]], rows[2:], page.name)


def _read_table(
    heads: Sequence[str], rows: Sequence[tuple[int, list[str]]], name: str
) -> tuple[Side | None, list[Entry]]:
    """Return what the rows of a table may be, and its cells; short rows end with empty ones."""
    cells = [[*row, *[""] * (len(heads) - len(row))] for _, row in rows]
    named, first = split_columns(heads, [[_clean_name(cell) for cell in row] for row in cells])
    entries = [
        Entry(_clean_name(row[named]), column, _clean_text(cell), Place(name, number, 1))
        for (number, _), row in zip(rows, cells, strict=True)
        for column, cell in zip(heads[first:], row[first:], strict=False)
    ]
    return find_side(heads[named]), entries


def _split_row(text: str) -> list[str]:
    inner = text.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.replace("\\|", "|").strip() for cell in _CELL.split(inner)]


# --- headings


class _Heading(NamedTuple):
    depth: int
    text: str
    place: Place
    below: str


def _list_headings(page: Page) -> Iterator[_Heading]:
    """Yield each heading with the words that stand right below it."""
    found: list[tuple[re.Match[str], Line, list[str]]] = []
    for line in page.lines:
        heading = _HEADING.fullmatch(line.text)
        if heading:
            found.append((heading, line, []))
        elif found:
            found[-1][2].append(line.text)
    for heading, line, below in found:
        place = Place(page.name, line.number, 1)
        words = _clean_text("\n".join(below))
        name = _clean_name(_drop_closing(heading[2]))
        yield _Heading(len(heading[1]), name, place, words)


def _drop_closing(text: str) -> str:
    """Return a heading without the signs that may close it; those of ``C#`` are its own."""
    bare = text.rstrip("#")
    return bare if bare[-1:].isspace() else text


def _list_headed(page: Page) -> Iterator[Entry]:
    """Yield the words below the deepest headings, by them and the headings they stand under."""
    headings = [*_list_headings(page)]
    depth = max((each.depth for each in headings), default=0)
    outer = None
    for heading in headings:
        if heading.depth == depth - 1:
            outer = heading.text
        elif heading.depth == depth and outer is not None:
            yield Entry(outer, heading.text, heading.below, heading.place)


def _list_single(page: Page) -> Iterator[Entry]:
    """Yield the words of a page that tells one level or competency, by its deepest headings."""
    keys = ("level", "competency", *NAMES)
    stem = page.name.rpartition("/")[2].removesuffix(".md")
    name = next((str(page.front[key]) for key in keys if page.front.get(key) is not None), stem)
    headings = [*_list_headings(page)]
    depth = max((each.depth for each in headings if each.below), default=0)
    for heading in headings:
        if heading.depth == depth:
            yield Entry(name, heading.text, heading.below, heading.place)


def _find_rank(page: Page) -> tuple[float, list[tuple[int, str]]]:
    """Order pages as they say, then by name, numbers in it by their size."""
    said = next((page.front[key] for key in RANKS if isinstance(page.front.get(key), int)), None)
    parts = re.findall(r"\d+|\D+", page.name)
    name = [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
    return (float("inf") if said is None else said), name


def _find_outer(entries: Sequence[Entry], page: Page) -> Side | None:
    """Tell what the outer headings are, if front matter lists one of the two sides."""
    outer = {entry.row for entry in entries}
    for key, names in page.front.items():
        side = find_side(key)
        if side and isinstance(names, list):
            other: Side = "competencies" if side == "levels" else "levels"
            return side if outer & {str(name) for name in names} else other
    return None


def _order(entries: Sequence[Entry], page: Page) -> Sequence[Entry]:
    """Order entries as front matter lists their names; what it does not list comes last."""
    listed = [
        str(name)
        for key, names in page.front.items()
        if find_side(key) and isinstance(names, list)
        for name in names
    ]
    rank = {name: place for place, name in enumerate(listed)}

    def find_place(entry: Entry) -> int:
        return min(rank.get(entry.row, len(rank)), rank.get(entry.column, len(rank)))

    return sorted(entries, key=find_place)


# --- words


def _clean_name(text: str) -> str:
    """Return a name without markup, on one line."""
    return " ".join(_MARKUP.sub("", _LINK.sub(r"\1", _BREAK.sub(" ", text))).split())


def _clean_text(text: str) -> str:
    """Return words without markup, one statement a line."""
    plain = _MARKUP.sub("", _LINK.sub(r"\1", _BREAK.sub("\n", text)))
    lines = (" ".join(_BULLET.sub("", line, count=1).split()) for line in plain.split("\n"))
    return "\n".join(line for line in lines if line)
