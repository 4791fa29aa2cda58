"""Ladders that people already have, as drafts of rubrics."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from pmpromo.errors import DataError, LadderError, Place, Problem
from pmpromo.exchange.draft import draft_rubrics
from pmpromo.exchange.grid import LONGEST_NAME, Entry, Grid, find_side, read_grid, split_columns
from pmpromo.exchange.markdown import open_page, read_pages
from pmpromo.exchange.nested import read_nested
from pmpromo.reading.files import open_regular, read_name
from pmpromo.reading.models import FORMATS, open_path, read_tree
from pmpromo.reading.places import Findings, Stopped, display, shorten
from pmpromo.reading.sheet import read_sheet
from pmpromo.reading.texts import open_text

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pmpromo.exchange.markdown import Page
    from pmpromo.reading.sheet import Sheet
    from pmpromo.rubric import Rubric

__all__ = ["import_ladder"]

LADDER_BYTES: Final = 1 << 20
"""How long a file of a ladder may be; long ones take a twentieth, and nobody reads more."""

MOST_PAGES: Final = 100
"""How many pages of one folder are read; a ladder has a page a level, or a page a competency."""

CORNER: Final = "names"
"""What a first column without a head is called."""


def import_ladder(path: str | os.PathLike[str]) -> tuple[Rubric, ...]:
    r"""Return drafts of rubrics from a ladder in words: one a step, from the lowest level.

    Each competency becomes a criterion that asks for one behaviour. Its words at the target level
    stand at point 3 of the scale, those of the levels below and above at points 2 and 4. Weights
    are equal. Every draft says that it is one; `write_rubric` makes a file of it, `lint_rubric`
    says what it lacks.

    Args:
        path: a table of levels against competencies, either way round, as CSV (.csv, .tsv) or
            Markdown (.md); headings two deep in Markdown, with front matter or without; mappings
            or lists of records in YAML or JSON; or a folder of pages in Markdown, one a level or
            one a competency.

    Raises:
        LadderError: no such file, sides that cannot be told apart, words twice for one pair, a
            level without words; each with its line.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "product.csv")
    ...     written = file.write_text("competency,L1,L2\nReach,Helps a team,Leads a team\n")
    ...     (draft,) = import_ladder(file)
    >>> draft.id, draft.criteria[0].id, draft.ladder.behaviours[0].anchors[2:4]
    ('product/l1-l2', 'reach', ('Helps a team', 'Leads a team'))
    """
    name = read_name(path, LadderError)
    shown = shorten(display(name))
    if Path(name).is_dir():
        read: Callable[[str, str], Grid] = _read_folder
    else:
        ending = Path(name).suffix.lower()
        if ending not in _READERS:
            hint = f"its name must end in {', '.join(_READERS)}"
            raise LadderError([Problem(shown, "no ladder that is read here", hint)])
        read = _READERS[ending]
    grid = read(name, shown)
    title = " ".join((grid.name or "").split()) or display(Path(name).stem)
    return draft_rubrics(read_grid(grid, shown), title[:LONGEST_NAME])


# --- tables


def _read_table(name: str, shown: str) -> Grid:
    _read_bytes(name, shown)
    try:
        sheet = read_sheet(name, corner=CORNER)
    except DataError as error:
        raise LadderError(error.problems) from None
    columns = [*sheet.columns]
    sides = [find_side(column) for column in columns]
    if {*sides[:2]} == {"levels", "competencies"} and columns[2:] and not columns[3:]:
        return Grid([*_list_long(sheet, sides.index("levels"))], "levels")
    cells = [*zip(*sheet.columns.values(), strict=True)]
    named, first = split_columns(columns, cells)
    entries = [*_list_wide(sheet, columns[named], columns[first:])]
    return Grid(entries, corner=sides[named])


def _list_wide(sheet: Sheet, head: str, rest: Sequence[str]) -> Iterator[Entry]:
    for row, (line, name) in enumerate(zip(sheet.lines, sheet.columns[head], strict=True)):
        for column in rest:
            place = Place(sheet.name, line, 1)
            yield Entry(name, column, _unify(sheet.columns[column][row]), place)


def _list_long(sheet: Sheet, level: int) -> Iterator[Entry]:
    cells = [*sheet.columns.values()]
    rows = zip(cells[level], cells[1 - level], cells[2], strict=True)
    for line, (row, column, text) in zip(sheet.lines, rows, strict=True):
        yield Entry(row, column, _unify(text), Place(sheet.name, line, 1))


def _unify(text: str) -> str:
    """End the lines of a cell as texts end them."""
    return text.replace("\r\n", "\n")


# --- pages and trees


def _read_folder(name: str, shown: str) -> Grid:
    pages = sorted(str(page) for page in Path(name).glob("*.md"))
    if not 1 <= len(pages) <= MOST_PAGES:
        hint = f"a ladder has 1 to {MOST_PAGES} pages that end in .md"
        raise LadderError([Problem(shown, f"{len(pages)} pages of Markdown", hint)])
    return read_pages([_read_page(page, shorten(display(page))) for page in pages])


def _read_markdown(name: str, shown: str) -> Grid:
    return read_pages([_read_page(name, shown)])


def _read_page(name: str, shown: str) -> Page:
    findings = Findings(shown)
    try:
        text = open_text(_read_bytes(name, shown), findings)
    except Stopped:
        text = ""
    if findings.problems:
        raise LadderError(findings.problems)
    return open_page(text, shown)


def _read_bytes(name: str, shown: str) -> bytes:
    """Return the bytes of a file, if it is one and no longer than a ladder may be."""
    found = open_regular(name, LADDER_BYTES)
    if isinstance(found, Problem):
        raise LadderError([Problem(shown, found.message, found.hint)])
    with found as file:
        return file.read(LADDER_BYTES)


def _read_values(name: str, shown: str) -> Grid:
    _read_bytes(name, shown)
    opened = open_path(name, error=LadderError)
    tree = read_tree(opened.data, opened.format, shown)
    if tree.problems:
        raise LadderError(tree.problems)
    return read_nested(tree, shown)


_READERS: Final[Mapping[str, Callable[[str, str], Grid]]] = {
    ".csv": _read_table,
    ".tsv": _read_table,
    ".md": _read_markdown,
    **dict.fromkeys(FORMATS, _read_values),
}
