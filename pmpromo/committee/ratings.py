"""The ratings of a committee: who gave what to which packet on which criterion."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from pmpromo.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pmpromo.committee.arrays import BoolArray, FloatArray, IndexArray
    from pmpromo.errors import Place

__all__ = ["COLUMNS", "SCALE", "Columns", "Ratings", "Row", "as_ratings", "build_ratings"]

SCALE: Final = (0, 4)
"""The lowest and the highest point of the rating scale that rubrics describe."""

NEEDED: Final[tuple[str, ...]] = ("packet_id", "criterion", "rater_id", "rating")
OPTIONAL: Final[tuple[str, ...]] = ("role", "date")
COLUMNS: Final = NEEDED + OPTIONAL
"""The columns of ratings in long form, one row a rating."""

MOST_LISTED: Final = 1000
"""How many problems of one kind are listed one by one; the rest are counted."""

LONGEST_NAME: Final = 200
"""Characters of a name: more is not a name but a text that slipped into its column."""

WIDEST_SCALE: Final = 1_000_000
"""Points between the ends of a scale: codes of ratings then fit everywhere."""


class Columns(Protocol):
    """Columns by name: a mapping, or a frame of any library."""

    def __getitem__(self, name: str, /) -> Any: ...  # noqa: ANN401 - a column of any kind
    def __iter__(self) -> Iterator[Any]: ...


Row = tuple[str, "Place | None"]
"""Where a cell stands: a path such as ``rating[3]``, and its place if it came from a file."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Columns as lists, and where the cell of a row stands."""

    columns: Mapping[str, list[Any]]
    locate: Callable[[str, int], Row]

    @property
    def n_rows(self) -> int:
        """How many rows there are."""
        return len(self.columns["rating"])


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """Ratings in canonical order (by packet, criterion, rater), so that row order tells nothing.

    `packets`, `criteria` and `raters` are the names in sorted order; rating i of n says that
    `raters[rater[i]]` gave `lowest + step[i]` to `packets[packet[i]]` on `criteria[criterion[i]]`.
    `roles` holds what is known of each rater, `dates` the day of each rating if days were given.

    >>> given = {"packet_id": ["a", "a", "b"], "criterion": ["reach"] * 3,
    ...          "rater_id": ["ann", "bo", "ann"], "rating": [3, 2, 4]}
    >>> ratings = Ratings.from_columns(given)
    >>> ratings.n_ratings, ratings.raters
    (3, ('ann', 'bo'))
    >>> Ratings.from_columns({**given, "rating": [3, 2.5, 9]})
    Traceback (most recent call last):
    pmpromo.errors.DataError: rating[1]: not a whole number; give a point of the scale
    rating[2]: outside the scale 0..4; give scale=(lowest, highest) if yours is another
    """

    packets: tuple[str, ...]
    criteria: tuple[str, ...]
    raters: tuple[str, ...]
    packet: IndexArray  # (n,)
    criterion: IndexArray  # (n,)
    rater: IndexArray  # (n,)
    step: IndexArray  # (n,), 0..highest - lowest
    scale: tuple[int, int] = SCALE
    roles: tuple[str | None, ...] = ()
    dates: tuple[str, ...] = field(default=(), repr=False)

    @property
    def n_ratings(self) -> int:
        """How many ratings there are."""
        return len(self.step)

    @property
    def n_steps(self) -> int:
        """How many steps the scale has: one fewer than its points."""
        return self.scale[1] - self.scale[0]

    @property
    def values(self) -> FloatArray:
        """The ratings on their own scale, (n,)."""
        return (self.step + self.scale[0]).astype(np.float64)

    @classmethod
    def from_columns(
        cls,
        columns: Columns,
        *,
        scale: tuple[int, int] = SCALE,
        names: Mapping[str, str] | None = None,
    ) -> Ratings:
        """Return the ratings of columns in long form: a mapping of lists, or any frame.

        Args:
            columns: packet_id, criterion, rater_id and rating; role and date if known.
            scale: the lowest and the highest rating that can be given, whole numbers.
            names: what a column is called there, ``{"rater_id": "reviewer"}``.

        Raises:
            DataError: every missing column, bad cell and rating given twice, with its row.
        """
        known = dict(names or {})
        if not hasattr(columns, "__getitem__"):
            raise DataError(
                [Problem("ratings", "no columns", "give a mapping of lists or a frame")]
            )
        present = list_names(columns)
        wanted = {name: known.get(name, name) for name in COLUMNS}
        problems = [
            Problem(wanted[name], "no such column", name_some(present))
            for name in NEEDED
            if wanted[name] not in present
        ]
        problems += [
            Problem(f"names[{name!a}]", "no column of ratings", f"one of {', '.join(COLUMNS)}")
            for name in known
            if name not in COLUMNS
        ]
        if problems:
            raise DataError(problems)
        lists = {
            name: list_cells(columns[there]) for name, there in wanted.items() if there in present
        }
        sheet = Sheet(lists, lambda name, row: (f"{wanted[name]}[{row}]", None))
        return build_ratings(sheet, scale)

    @classmethod
    def from_wide(
        cls,
        columns: Columns,
        *,
        packet_id: str,
        raters: Mapping[str, str | tuple[str, str]],
        criterion: str | None = None,
        scale: tuple[int, int] = SCALE,
    ) -> Ratings:
        """Return the ratings of a wide table: one row a packet, one column a rater.

        An empty cell (None, NaN or blank text) is no rating.

        Args:
            columns: a mapping of lists, or any frame.
            packet_id: the column that names the packet of a row.
            raters: column -> rater, or column -> (rater, criterion).
            criterion: the column that names the criterion of a row, if there is one; else one
                criterion `overall` for every column that names none.
            scale: the lowest and the highest rating that can be given.

        Raises:
            DataError: every missing column, bad cell and rating given twice, with its row.

        >>> table = {"who": ["a", "b"], "Ann": [3, 4], "Bo": [2, None]}
        >>> wide = Ratings.from_wide(table, packet_id="who", raters={"Ann": "ann", "Bo": "bo"})
        >>> wide.n_ratings, wide.criteria
        (3, ('overall',))
        """
        present = list_names(columns)
        wanted = [packet_id, *([criterion] if criterion else []), *raters]
        problems = [
            Problem(name, "no such column", name_some(present))
            for name in wanted
            if name not in present
        ]
        if problems:
            raise DataError(problems)
        return build_ratings(unfold(columns, packet_id, raters, criterion), scale)


def as_ratings(ratings: Ratings | Columns) -> Ratings:
    """Return ratings as they are, or those of columns on the scale 0..4."""
    return ratings if isinstance(ratings, Ratings) else Ratings.from_columns(ratings)


def unfold(
    columns: Columns,
    packet_id: str,
    raters: Mapping[str, str | tuple[str, str]],
    criterion: str | None,
) -> Sheet:
    """Return a wide table in long form; a cell is still named by its own column and row."""
    packets = list_cells(columns[packet_id])
    criteria = list_cells(columns[criterion]) if criterion else ["overall"] * len(packets)
    cells = [
        (packets[row], pair[1] if pair[1] is not None else criteria[row], pair[0], value, name, row)
        for name, rater in raters.items()
        for pair in [rater if isinstance(rater, tuple) else (rater, None)]
        for row, value in enumerate(list_cells(columns[name]))
        if not is_empty(value)
    ]
    lists = {name: [cell[i] for cell in cells] for i, name in enumerate(NEEDED)}
    own = {"packet_id": packet_id, "criterion": criterion}

    def locate(name: str, row: int) -> Row:
        return f"{own.get(name) or cells[row][4]}[{cells[row][5]}]", None

    return Sheet(lists, locate)


def is_empty(value: object) -> bool:
    """Tell whether a cell of a wide table holds no rating."""
    return (
        value is None
        or (isinstance(value, str) and not value.strip())
        or (isinstance(value, float) and math.isnan(value))
        or str(value) in MISSING
    )


MISSING: Final = frozenset({"NaT", "<NA>"})
"""How frames write a day, or a cell of any kind, that is not there."""


def list_names(columns: Columns) -> list[Any]:
    """Return the names of columns: what a frame says, or the keys of a mapping."""
    return list(getattr(columns, "columns", columns))


def name_some(names: Sequence[Any]) -> str:
    """Return the first few names of columns as a hint that is safe to print.

    >>> name_some(["who", "x" * 50])
    'one of who, xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'
    """
    told = (str(name)[:SHOWN_CHARACTERS] for name in names[:SHOWN_COLUMNS])
    return f"one of {', '.join(show_name(name) for name in told)}"


def show_name(name: str) -> str:
    r"""Return a name as it may be printed.

    >>> show_name("a"), show_name("a\x1b")
    ('a', "'a\\x1b'")
    """
    return name if name.isprintable() else ascii(name)


SHOWN_COLUMNS: Final = 8
SHOWN_CHARACTERS: Final = 30
"""How much of a frame's columns a hint repeats."""


def list_cells(column: Any) -> list[Any]:  # noqa: ANN401 - a column of any kind
    """Return a column as a list of plain values."""
    for method in ("tolist", "to_list"):
        if hasattr(column, method):
            return list(getattr(column, method)())
    return list(column)


def build_ratings(sheet: Sheet, scale: tuple[int, int]) -> Ratings:
    """Check every cell, and put the ratings in canonical order.

    Raises:
        DataError: all problems of all columns.
    """
    problems = [*check_scale(scale), *check_lengths(sheet)]
    if problems:
        raise DataError(problems)
    packets, packet = code_names(sheet, "packet_id", problems)
    criteria, criterion = code_names(sheet, "criterion", problems)
    raters, rater = code_names(sheet, "rater_id", problems)
    named = not problems
    steps = read_steps(sheet, scale, problems)
    roles = read_roles(sheet, (raters, rater), problems)
    days = read_days(sheet, problems)
    codes = (packet, criterion, rater)
    order = np.lexsort(codes[::-1])
    if named:
        problems += list_problems(sheet, "rating", *find_twice(codes, order))
    if problems:
        raise DataError(problems)
    dates = tuple(days[i] for i in order.tolist()) if days else ()
    columns = (packet[order], criterion[order], rater[order], steps[order])
    return Ratings(packets, criteria, raters, *columns, scale, roles, dates)


def check_scale(scale: tuple[int, int]) -> list[Problem]:
    """Return what is wrong with the ends of a scale."""
    ends = tuple(scale)
    whole = len(ends) == len(SCALE) and all(is_whole(end) for end in ends)
    if whole and 0 < ends[1] - ends[0] <= WIDEST_SCALE:
        return []
    return [Problem("scale", "not two whole numbers, the lower first", "such as (0, 4)")]


def is_whole(value: object) -> bool:
    """Tell whether a value is a whole number, of any kind but a truth value."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def check_lengths(sheet: Sheet) -> list[Problem]:
    """Return a problem for each column that has not one cell a rating, or one for no ratings."""
    if not sheet.n_rows:
        return [Problem("ratings", "none", "give one row a rating")]
    return [
        Problem(name, f"has {len(cells)} entries where rating has {sheet.n_rows}")
        for name, cells in sheet.columns.items()
        if len(cells) != sheet.n_rows
    ]


def code_names(
    sheet: Sheet, name: str, problems: list[Problem]
) -> tuple[tuple[str, ...], IndexArray]:
    """Return the distinct names of a column in sorted order, and each row's index into them."""
    cells = sheet.columns[name]
    values = dict.fromkeys(cells) if all(map(is_hashable, {*map(type, cells)})) else {}
    if not values:
        problems.append(Problem(name, "cells that are no names", "give text"))
        return (), np.zeros(len(cells), dtype=np.intp)
    texts = {value: write_name(value) for value in values}
    faults = {value: find_name_fault(text) for value, text in texts.items()}
    for told in sorted({*faults.values()} - {""}):
        bad = np.array([faults[cell] == told for cell in cells], dtype=bool)
        problems += list_problems(sheet, name, bad, told, "give a short name as text")
    names = tuple(sorted({text for text in texts.values() if text is not None}))
    problems += find_twins(name, names)
    place = {text: i for i, text in enumerate(names)}
    index = {value: place.get(text or "", 0) for value, text in texts.items()}
    return names, np.array([index[cell] for cell in cells], dtype=np.intp)


def is_hashable(kind: type) -> bool:
    """Tell whether values of a kind can be names: lists and the like cannot."""
    return kind.__hash__ is not None


def write_name(value: object) -> str | None:
    """Return a name as text; whole numbers are names too; None for what is no name."""
    if isinstance(value, str):
        return value
    return str(value) if is_whole(value) else None


def find_name_fault(text: str | None) -> str:
    """Return what is wrong with a name, or nothing."""
    if text is None:
        return "not a name"
    if not text.strip():
        return "empty"
    if text != text.strip() or not text.isprintable():
        return "a name with blanks around it or signs that do not print"
    return "longer than a name" if len(text) > LONGEST_NAME else ""


def find_twins(column: str, names: Iterable[str]) -> list[Problem]:
    """Return a problem for names that differ only in capitals: one person would count as two."""
    folded: dict[str, list[str]] = {}
    for name in names:
        folded.setdefault(name.casefold(), []).append(name)
    return [
        Problem(column, f"{' and '.join(map(ascii, twins))} differ only in capitals", "write one")
        for twins in folded.values()
        if len(twins) > 1
    ]


def read_steps(sheet: Sheet, scale: tuple[int, int], problems: list[Problem]) -> IndexArray:
    """Return each rating as steps above the lowest; append a problem for each that is none."""
    numbers = to_numbers(sheet.columns["rating"])
    known = ~np.isnan(numbers)
    whole = known & (np.floor(numbers) == numbers)
    inside = whole & (numbers >= scale[0]) & (numbers <= scale[1])
    problems += list_problems(sheet, "rating", ~known, "not a number", "leave out what is missing")
    problems += list_problems(
        sheet, "rating", known & ~whole, "not a whole number", "give a point of the scale"
    )
    problems += list_problems(
        sheet,
        "rating",
        whole & ~inside,
        f"outside the scale {scale[0]}..{scale[1]}",
        "give scale=(lowest, highest) if yours is another",
    )
    return np.where(inside, numbers - scale[0], 0).astype(np.intp)


def to_numbers(cells: list[Any]) -> FloatArray:
    """Return cells as floats; NaN for what is no number (text is never read as one)."""
    if {*map(type, cells)} <= {int, float}:
        try:
            return np.array(cells, dtype=np.float64)
        except OverflowError:  # a whole number with hundreds of digits
            pass
    return np.array([to_number(cell) for cell in cells], dtype=np.float64)


def to_number(cell: object) -> float:
    """Return a number as a float, infinite if too large; NaN for anything else."""
    try:
        is_number = isinstance(cell, Real) and not isinstance(cell, bool | np.bool_)
        return float(cell) if is_number and isinstance(cell, Real) else math.nan
    except OverflowError:
        return math.inf


def read_roles(
    sheet: Sheet, coded: tuple[tuple[str, ...], IndexArray], problems: list[Problem]
) -> tuple[str | None, ...]:
    """Return the one role of each rater, None where none is stated."""
    names, codes = coded
    if "role" not in sheet.columns:
        return (None,) * len(names)
    roles: dict[int, str] = {}
    for row, (code, cell) in enumerate(zip(codes.tolist(), sheet.columns["role"], strict=True)):
        if is_empty(cell):
            continue
        if not isinstance(cell, str) or find_name_fault(cell):
            problems.append(tell(sheet, "role", row, "not a role", "give a short text"))
        elif roles.setdefault(code, cell) != cell:
            problems.append(tell(sheet, "role", row, "another role than before", "one a rater"))
    return tuple(roles.get(code) for code in range(len(names)))


def read_days(sheet: Sheet, problems: list[Problem]) -> list[str]:
    """Return the day of each rating as text, empty where none is stated."""
    days = []
    for row, cell in enumerate(sheet.columns.get("date", ())):
        day = "" if is_empty(cell) else write_day(cell)
        if day is None:
            problems.append(tell(sheet, "date", row, "not a date", "give YYYY-MM-DD"))
        days.append(day or "")
    return days


def write_day(cell: object) -> str | None:
    """Return a day as YYYY-MM-DD; None for what is no day."""
    text = cell if isinstance(cell, str) else str(cell)[:10] if isinstance(cell, date) else ""
    try:
        return text if date.fromisoformat(text).isoformat() == text else None
    except ValueError:
        return None


def find_twice(codes: Sequence[IndexArray], order: IndexArray) -> tuple[BoolArray, str, str]:
    """Return which rows repeat an earlier one's packet, criterion and rater, and what to say."""
    same = np.ones(len(order) - 1, dtype=bool)
    for column in codes:
        same &= np.diff(column[order]) == 0
    twice = np.zeros(len(order), dtype=bool)
    twice[order[1:][same]] = True
    return twice, "given twice", "keep one rating by this rater of this packet and criterion"


def tell(sheet: Sheet, name: str, row: int, message: str, hint: str = "") -> Problem:
    """Return a problem of one cell."""
    path, place = sheet.locate(name, row)
    return Problem(path, message, hint, place)


def list_problems(
    sheet: Sheet, name: str, bad: BoolArray, message: str, hint: str
) -> Iterator[Problem]:
    """Yield a problem for each bad cell, up to a limit, then one for the rest."""
    rows = np.flatnonzero(bad)
    for row in rows[:MOST_LISTED].tolist():
        yield tell(sheet, name, row, message, hint)
    if len(rows) > MOST_LISTED:
        yield Problem(name, f"{len(rows) - MOST_LISTED} more entries: {message}", hint)
