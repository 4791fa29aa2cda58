"""Levels against competencies, in words: what every form of a ladder comes down to."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pmpromo.errors import LadderError, Problem
from pmpromo.reading.places import COLLECTED_PROBLEMS, Findings, shorten
from pmpromo.reading.scalars import judge_text
from pmpromo.words import LONGEST_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmpromo.errors import Place

__all__ = [
    "COMPETENCY_WORDS",
    "LEVEL_WORDS",
    "LONGEST_NAME",
    "Entry",
    "Grid",
    "Side",
    "Words",
    "find_side",
    "is_head",
    "read_grid",
    "split_columns",
]

Side = Literal["levels", "competencies"]
"""What the names on one side of a grid are."""

LEVEL_WORDS: Final = frozenset(
    (
        "level",
        "levels",
        "grade",
        "grades",
        "band",
        "bands",
        "role",
        "roles",
        "title",
        "titles",
        "stage",
        "stages",
        "position",
        "positions",
        "step",
        "steps",
        "job",
        "jobs",
    )
)
"""Heads under which people list levels."""

COMPETENCY_WORDS: Final = frozenset(
    (
        "competency",
        "competencies",
        "competence",
        "competences",
        "skill",
        "skills",
        "criterion",
        "criteria",
        "dimension",
        "dimensions",
        "area",
        "areas",
        "attribute",
        "attributes",
        "capability",
        "capabilities",
        "pillar",
        "pillars",
        "behaviour",
        "behaviours",
        "behavior",
        "behaviors",
        "theme",
        "themes",
        "expectation",
        "expectations",
        "category",
        "categories",
        "trait",
        "traits",
        "track",
        "tracks",
        "quality",
        "qualities",
        "responsibility",
        "responsibilities",
    )
)
"""Heads under which people list competencies."""

ABOUT: Final = frozenset(
    ("about", "definition", "description", "details", "meaning", "note", "notes", "summary")
)
"""Heads of columns that say what a competency is, for all levels alike."""

NOTHING: Final = frozenset(("", "-", "\u2013", "\u2014", "n/a", "tbd", "todo"))
"""What stands in a cell in which nothing has been written yet, case-folded."""

MOST_LEVELS: Final = 40
"""No ladder has more levels; more columns than these are no ladder."""

MOST_COMPETENCIES: Final = 400
"""No committee reads more criteria; a longer list is another kind of table."""

LONGEST_NAME: Final = 200
"""A longer text is no name, but words in the wrong place."""

_LEVEL: Final = re.compile(
    r"\b(?:[a-z]{0,4}-?[0-9]{1,2}|i{1,3}|iv|vi?|junior|jr|associate|mid|senior|sr|staff|principal"
    r"|lead|head|director|vp|chief|distinguished|fellow|intern|graduate|entry|apm|pm|spm|gpm"
    r"|manager|executive|level|grade|band)\b",
    re.IGNORECASE,
)
"""What names of levels hold, and names of competencies seldom do."""

LEVEL_SHARE: Final = 0.5
"""A side of which at least half looks like levels can be the levels."""


CLEAR_SHARE: Final = 0.8
"""Where so many names of one side look like levels, and few of the other, the corner is overruled:
people who write *Level* there often mean the names to the right of it."""


class Entry(NamedTuple):
    """The words of one cell, the names of its row and column, and its place in the source."""

    row: str
    column: str
    text: str
    place: Place


class Grid(NamedTuple):
    """The cells of a ladder in their order; `rows_are` says what the rows are, if that is known.

    `corner` is what the head of the first column says; some people mean the other heads with it.
    `name` is what the source calls the ladder, if it does.
    """

    entries: Sequence[Entry]
    rows_are: Side | None = None
    name: str | None = None
    corner: Side | None = None


class Words(NamedTuple):
    """A ladder in words: levels from the lowest, competencies, and the words of each pair."""

    levels: tuple[str, ...]
    competencies: tuple[str, ...]
    said: Mapping[tuple[str, str], str]
    places: Mapping[str, Place]


def find_side(head: str) -> Side | None:
    """Tell what stands under a head, by its words; nothing if they say both or neither.

    >>> find_side("Competency"), find_side("Job level"), find_side("Level / skill")
    ('competencies', 'levels', None)
    """
    words = _split(head)
    if any(word.isdecimal() for word in words):
        return None
    is_levels, is_competencies = bool(words & LEVEL_WORDS), bool(words & COMPETENCY_WORDS)
    if is_levels == is_competencies:
        return None
    return "levels" if is_levels else "competencies"


def is_head(text: str) -> bool:
    """Tell whether a text is a head and no name: whether it holds no other words than such.

    >>> is_head("Skill area"), is_head("Entry level")
    (True, False)
    """
    return _split(text) <= LEVEL_WORDS | COMPETENCY_WORDS


def _split(text: str) -> set[str]:
    return {*re.findall(r"\w+", text.casefold())}


def split_columns(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Return the place of the column that names rows, and of the first one that holds words.

    Columns for an area, or for what a competency is about, may stand before the words.

    >>> split_columns(["Area", "Skill", "About", "L1", "L2"], [["A", "x", "", "", ""]])
    (1, 3)
    """
    side = find_side(heads[0])
    same = takewhile(lambda head: is_head(head) and find_side(head) == side, heads[1:])
    first = 1 + sum(1 for _ in same)
    ending = sum(1 for _ in takewhile(_LEVEL.search, reversed(heads[1:])))
    if ending > 1 and _share_levels({row[0] for row in rows}) < LEVEL_SHARE:
        first = max(first, len(heads) - ending)
    named = [place for place in range(first) if not _split(heads[place]) & ABOUT] or [0]
    distinct = [place for place in named if len({row[place] for row in rows}) == len(rows)]
    return (distinct or named)[-1], first


def read_grid(grid: Grid, source: str) -> Words:
    """Return what a grid says: which side holds the levels, and the words of each pair.

    Raises:
        LadderError: nothing in it, sides that cannot be told apart, words twice for one pair, or
            a level without words.
    """
    problems = [*_find_bad_texts(grid.entries, source)]
    if problems:
        raise LadderError(problems[:COLLECTED_PROBLEMS])
    if not grid.entries:
        hint = "give a table of levels against competencies, with words in its cells"
        raise LadderError([Problem(source, "no words of levels and competencies", hint)])
    words = _arrange(grid, source)
    problems = [*_find_lacks(words, source)]
    if problems:
        raise LadderError(problems)
    return words


def _find_bad_texts(entries: Iterable[Entry], source: str) -> Iterator[Problem]:
    findings = Findings(source)
    for row, column, text, place in entries:
        if not row or not column:
            yield Problem("", "words without a name", "name each row and column", place)
        for part, longest in ((row, LONGEST_NAME), (column, LONGEST_NAME), (text, LONGEST_TEXT)):
            judge_text(part, (), place, findings)
            if len(part) > longest:
                yield Problem("", f"longer than {longest} characters", "shorten it", place)
    yield from findings.problems


def _arrange(grid: Grid, source: str) -> Words:
    are_levels = _tell_sides(grid, source) == "levels"
    said: dict[tuple[str, str], str] = {}
    places: dict[str, Place] = {}
    # Every name is noted, also of a row or a column in which nothing has been written.
    levels: dict[str, None] = {}
    competencies: dict[str, None] = {}
    problems = []
    for row, column, text, place in grid.entries:
        level, competency = (row, column) if are_levels else (column, row)
        levels.setdefault(level)
        competencies.setdefault(competency)
        places.setdefault(level, place)
        places.setdefault(competency, place)
        if text.casefold() in NOTHING:
            continue
        if (level, competency) in said:
            problems.append(Problem("", "words for the same pair again", "keep one", place))
        said[level, competency] = text
    if problems:
        raise LadderError(problems[:COLLECTED_PROBLEMS])
    return Words(tuple(levels), tuple(competencies), said, places)


def _tell_sides(grid: Grid, source: str) -> Side:
    """Tell what the rows are: as the source says, or by how many names look like levels."""
    if grid.rows_are:
        return grid.rows_are
    rows = _share_levels({entry.row for entry in grid.entries})
    columns = _share_levels({entry.column for entry in grid.entries})
    is_clear = max(rows, columns) >= CLEAR_SHARE and min(rows, columns) < LEVEL_SHARE
    if grid.corner and not is_clear:
        return grid.corner
    if max(rows, columns) < LEVEL_SHARE or rows == columns:
        hint = "name the first column level or competency"
        raise LadderError([Problem(source, "which side holds the levels cannot be told", hint)])
    return "levels" if rows > columns else "competencies"


def _share_levels(names: set[str]) -> float:
    return sum(_LEVEL.search(name) is not None for name in names) / max(len(names), 1)


def _find_lacks(words: Words, source: str) -> Iterator[Problem]:
    counted = (
        ("levels", len(words.levels), 2, MOST_LEVELS),
        ("competencies", len(words.competencies), 1, MOST_COMPETENCIES),
    )
    for kind, count, least, most in counted:
        if not least <= count <= most:
            yield Problem(source, f"{count} {kind}", f"a ladder has {least} to {most}")
    described = {level for level, _ in words.said}
    for level in words.levels:
        if level not in described:
            where = shorten(level)
            hint = "describe it, or leave it out"
            yield Problem(where, "a level without words", hint, words.places[level])
