"""Past decisions: checked, put in one order, and counted by score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from pmpromo.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pmpromo.readiness.sigmoid import BoolArray, FloatArray, IndexArray

__all__ = [
    "Columns",
    "History",
    "Numbers",
    "Tally",
    "compare_lengths",
    "count_by_score",
    "fill_weights",
    "read_history",
    "read_level_names",
    "read_numbers",
]


class Column(Protocol):
    """A column of a frame: what numpy can make an array of."""

    def __len__(self) -> int:
        """Return how many entries it has."""

    def __array__(self) -> NDArray[Any]:
        """Return it as an array."""


Numbers = Sequence[float] | NDArray[Any] | Column
"""A column of numbers as users have it: a list, an array, a column of a frame."""

MOST_LISTED: Final = 1000
"""How many bad values of one column become problems of their own; the rest are counted."""


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Decisions in canonical order (by level, score, outcome, weight), so that order tells nothing.

    `scores`, `promoted` and `weights` have one entry a decision; `levels[codes[i]]` is the level
    that decision i was about. `reference` are scores without a decision. A weight of 0 removes
    the decision.
    """

    scores: FloatArray  # (n,), within 0..1
    promoted: FloatArray  # (n,), 0 or 1
    weights: FloatArray  # (n,), positive
    codes: IndexArray  # (n,)
    levels: tuple[str, ...]
    reference: FloatArray  # (r,), ascending

    @property
    def n_decisions(self) -> int:
        """How many decisions have a positive weight."""
        return len(self.scores)

    def select(self, rows: NDArray[Any]) -> History:
        """Return the decisions of `rows` (a mask or indices), with all reference scores."""
        return History(
            self.scores[rows],
            self.promoted[rows],
            self.weights[rows],
            self.codes[rows],
            self.levels,
            self.reference,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """A history by distinct (score, offset): all that the likelihood needs to know.

    `decided` is the weight of decisions there, `promoted` the weight of promotions, `seen` the
    weight of decisions and reference scores together. `offsets` are logits added to the curve.
    """

    scores: FloatArray
    offsets: FloatArray
    decided: FloatArray
    promoted: FloatArray
    seen: FloatArray


def count_by_score(history: History, offsets: FloatArray | None = None) -> Tally:
    """Count a history by distinct score, or by distinct (score, offset of its level).

    Sums run over sorted values, so a permutation changes no bit; counts are exact, so a weight of
    2 and a decision written twice are the same tally.
    """
    n_reference = len(history.reference)
    own = np.zeros(history.n_decisions) if offsets is None else offsets[history.codes]
    scores = np.concatenate([history.scores, history.reference])
    shifts = np.concatenate([own, np.zeros(n_reference)])
    decided = np.concatenate([history.weights, np.zeros(n_reference)])
    promoted = np.concatenate([history.weights * history.promoted, np.zeros(n_reference)])
    seen = np.concatenate([history.weights, np.ones(n_reference)])
    order = np.lexsort((shifts, scores))
    scores, shifts = scores[order], shifts[order]
    new = np.ones(len(scores), dtype=bool)
    new[1:] = (np.diff(scores) > 0) | (np.diff(shifts) > 0)
    first = np.flatnonzero(new)
    decided, promoted, seen = (
        np.add.reduceat(column[order], first) if len(first) else column
        for column in (decided, promoted, seen)
    )
    return Tally(scores[first], shifts[first], decided, promoted, seen)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """A history as users give it. `more_levels` are levels that may have no decision yet."""

    scores: Numbers
    promoted: Numbers
    groups: Sequence[str] | NDArray[Any] | None = None
    reference: Numbers = ()
    case_weight: Numbers | None = None
    more_levels: tuple[str, ...] = ()


def read_history(columns: Columns) -> History:
    """Check the columns of a history and put its decisions in canonical order.

    Raises:
        DataError: all problems of all columns, each with its index.

    >>> read_history(Columns([0.8, 0.3], [1, 0])).scores.tolist()
    [0.3, 0.8]
    >>> read_history(Columns([0.8, 30], [1, 2]))
    Traceback (most recent call last):
    pmpromo.errors.DataError: scores[1]: not within 0..1; give shares, not percent
    promoted[1]: neither 0 nor 1; 1 means promoted, 0 not promoted
    """
    problems: list[Problem] = []
    s = read_column("scores", columns.scores, _SHARE, problems)
    y = read_column("promoted", columns.promoted, _OUTCOME, problems)
    r = read_column("reference", columns.reference, _SHARE, problems)
    w = read_column("case_weight", fill_weights(columns.case_weight, len(s)), _WEIGHT, problems)
    names = None if columns.groups is None else read_names("groups", columns.groups, problems)
    given = {"promoted": y, "case_weight": w, "groups": s if names is None else names}
    problems += compare_lengths(len(s), given)
    if problems:
        raise DataError(problems)
    levels, codes = code_levels(names, len(s), columns.more_levels)
    order = np.lexsort((w, y, s, codes))
    order = order[w[order] > 0]
    return History(s[order], y[order], w[order], codes[order], levels, np.sort(r))


def fill_weights(case_weight: Numbers | None, n: int) -> Numbers:
    """Return the weights given, or 1 for each of n decisions."""
    return np.ones(n) if case_weight is None else case_weight


def compare_lengths(n: int, columns: dict[str, Any]) -> list[Problem]:
    """Return a problem for each column that has not `n` entries."""
    return [
        Problem(name, f"has {len(column)} entries where scores has {n}", "give one a decision")
        for name, column in columns.items()
        if len(column) != n
    ]


def code_levels(
    names: list[str] | None, n: int, more: Iterable[str]
) -> tuple[tuple[str, ...], IndexArray]:
    """Return the distinct level names in sorted order, and each decision's index into them."""
    if names is None:
        return (), np.zeros(n, dtype=np.intp)
    levels = tuple(sorted({*names, *more}))
    index = {level: i for i, level in enumerate(levels)}
    return levels, np.array([index[name] for name in names], dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Rule:
    """What every number of a column must satisfy, and how to say that one does not."""

    holds: Callable[[FloatArray], BoolArray]
    message: str
    hint: str


_SHARE: Final = Rule(lambda x: (x >= 0) & (x <= 1), "not within 0..1", "give shares, not percent")
_OUTCOME: Final = Rule(
    lambda x: (x == 0) | (x == 1), "neither 0 nor 1", "1 means promoted, 0 not promoted"
)
_WEIGHT: Final = Rule(lambda x: x >= 0, "negative", "a weight of 0 leaves a decision out")


def read_numbers(name: str, values: Numbers, *, kind: str = "share") -> FloatArray:
    """Return one column of finite numbers of a kind: `share`, `outcome` or `weight`.

    Raises:
        DataError: every value that is not such a number, with its index.

    >>> read_numbers("scores", [0.25, float("nan")])
    Traceback (most recent call last):
    pmpromo.errors.DataError: scores[1]: not a finite number; leave out what is not known
    """
    problems: list[Problem] = []
    rule = {"share": _SHARE, "outcome": _OUTCOME, "weight": _WEIGHT}[kind]
    column = read_column(name, values, rule, problems)
    if problems:
        raise DataError(problems)
    return column


def read_level_names(name: str, values: Sequence[str] | NDArray[Any], n: int) -> list[str]:
    """Return one level name for each of `n` scores.

    Raises:
        DataError: entries that are no names, or another number of them.
    """
    problems: list[Problem] = []
    names = read_names(name, values, problems)
    problems += compare_lengths(n, {name: names})
    if problems:
        raise DataError(problems)
    return names


def read_column(name: str, values: Numbers, rule: Rule, problems: list[Problem]) -> FloatArray:
    """Return `values` as floats; append a problem for each that breaks the rule."""
    column = to_floats(name, values, problems)
    finite = np.isfinite(column)
    problems += list_bad(name, ~finite, "not a finite number", "leave out what is not known")
    problems += list_bad(name, finite & ~rule.holds(column), rule.message, rule.hint)
    return column


def to_floats(name: str, values: object, problems: list[Problem]) -> FloatArray:
    """Return a one-dimensional float array; what is no number becomes nan."""
    try:
        array = np.asarray(values)
    except ValueError:  # rows of unequal length
        array = np.empty((0, 0))
    if array.ndim != 1:
        hint = "give a list; predict_one and judge_one take one score"
        problems.append(Problem(name, "not one column of numbers", hint))
        return np.zeros(0)
    if array.dtype.kind in "biuf":
        return array.astype(np.float64)
    entries = list(values) if isinstance(values, Sequence) else array.tolist()
    if entries and all(isinstance(entry, str) for entry in entries):
        problems.append(Problem(name, "text, not numbers", "convert it with float first"))
        return np.zeros(len(entries))
    return np.array([to_float(entry) for entry in entries], dtype=np.float64)


def to_float(value: object) -> float:
    """Return a number as a float; nan for anything else (text is never read as a number)."""
    try:
        return float(value) if isinstance(value, Real) else math.nan
    except OverflowError:
        return math.inf


def list_bad(name: str, bad: BoolArray, message: str, hint: str) -> Iterator[Problem]:
    """Yield a problem for each bad entry, up to a limit, then one for the rest."""
    places = np.flatnonzero(bad)
    for i in places[:MOST_LISTED].tolist():
        yield Problem(f"{name}[{i}]", message, hint)
    if len(places) > MOST_LISTED:
        yield Problem(name, f"{len(places) - MOST_LISTED} more entries {message}", hint)


def read_names(name: str, values: Iterable[object], problems: list[Problem]) -> list[str]:
    """Return level names as text; append a problem for each entry that is not non-empty text."""
    names = list(values) if not isinstance(values, str) else []
    if isinstance(values, str):
        problems.append(Problem(name, "one text, not a list of names", "give one a decision"))
    bad = np.array([not (isinstance(n, str) and n) for n in names], dtype=bool)
    problems += list_bad(name, bad, "not a name", "give the transition as text")
    return [str(n) for n in names]
