"""Outcomes and groups as users have them: checked, and counted."""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import compress
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pmpromo.audit.rates import Counts
from pmpromo.errors import Problem
from pmpromo.reading.characters import compose, is_clean

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "CROSSED",
    "ONE_ATTRIBUTE",
    "UNKNOWN_LABELS",
    "Attribute",
    "Column",
    "Groups",
    "Labels",
    "Score",
    "check_label",
    "compare_lengths",
    "count_groups",
    "cross",
    "find_above_median",
    "find_twins",
    "read_labels",
    "read_outcomes",
    "read_scores",
    "read_shares",
]

Column: TypeAlias = Iterable[Any]
"""One value a person: a list, an array, a column of a frame."""

Groups: TypeAlias = Column | Mapping[str, Column]
"""The group of each person; or several attributes, each with the group of each person: a mapping
by name, or a frame."""

Labels: TypeAlias = list[str | None]
"""The group of each person; None where it is unknown."""

Score: TypeAlias = int | float | Fraction
"""A finite number that compares exactly with every other."""

ONE_ATTRIBUTE: Final = "group"
"""What an attribute is called that was given without a name."""

CROSSED: Final = " x "
"""Joins the groups of two attributes: `Female x White`."""

LONGEST_LABEL: Final = 60
"""Characters of the name of a group or an attribute; more are a sentence."""

LARGEST: Final = int(sys.float_info.max)
"""A number beyond this could not be printed, nor put into a frame."""

MOST_DIGITS: Final = 1000
"""Digits that make a number exact; what needs more was computed, not measured."""

MOST_GROUPS: Final = 500
"""Groups of one attribute; more are ids or ages, no categories."""

MOST_LISTED: Final = 1000
"""Entries of one column that become problems of their own; the rest are counted."""

UNKNOWN_LABELS: Final = frozenset(
    {
        "",
        "unknown",
        "not known",
        "not stated",
        "not disclosed",
        "not specified",
        "undisclosed",
        "n/a",
        "decline to answer",
        "declined to answer",
        "prefer not to answer",
        "prefer not to say",
    }
)
"""What forms write where a group is not known. `NA` also stands for Native American, so it is none
of them."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """The counts of one attribute by group, in the order of their names, and of the unknown."""

    name: str
    groups: tuple[tuple[str, Counts], ...]
    unknown: Counts


@dataclass(frozen=True, slots=True)
class _Rule:
    """How an entry is read; what stands for one that cannot be, and what to say of it."""

    read: Callable[[Any], Any]
    blank: object
    message: str
    hint: str


def read_outcomes(outcomes: Column, problems: list[Problem], name: str = "outcomes") -> list[bool]:
    """Return who was selected; append a problem for each entry that is neither 0 nor 1."""
    return _read_column(name, outcomes, _OUTCOME, problems)


def read_scores(outcomes: Column, problems: list[Problem]) -> list[Score]:
    """Return scores that compare exactly; append a problem for each that is no finite number."""
    return _read_column("outcomes", outcomes, _SCORE, problems)


def read_shares(name: str, values: Column, problems: list[Problem]) -> list[float]:
    """Return probabilities; append a problem for each entry that is none."""
    return _read_column(name, values, _SHARE, problems)


def find_above_median(scores: list[Score]) -> tuple[list[bool], Fraction]:
    """Return who lies strictly above the median of all, and that median.

    >>> find_above_median([3, 1, 2, 2])
    ([True, False, False, False], Fraction(2, 1))
    """
    ranked = sorted(scores)
    low, high = ranked[(len(ranked) - 1) // 2], ranked[len(ranked) // 2]
    median = (Fraction(low) + Fraction(high)) / 2
    # No score lies between the middle two, so the fraction need not be compared with each score.
    if low < high:
        return [score >= high for score in scores], median
    return [score > high for score in scores], median


def read_labels(groups: Groups, problems: list[Problem]) -> dict[str, Labels]:
    """Return the group of each person by attribute; append a problem for each entry that is none.

    Blanks inside a name become one, those around it none.
    """
    given = _name_columns(groups)
    read: dict[str, Labels] = {}
    if not given:
        problems.append(Problem("groups", "no groups", "give one a person, or some by attribute"))
    problems += find_twins("groups", list(map(str, given)))
    for name, column in given.items():
        label = check_label("groups", name, problems)
        path = "groups" if name == ONE_ATTRIBUTE else f"groups['{label}']"
        entries = _read_column(path, column, replace(_LABEL, read=_remember(_read_label)), problems)
        known = {
            entry: None if entry.casefold() in UNKNOWN_LABELS else entry for entry in set(entries)
        }
        problems += find_twins(path, [each for each in known.values() if each])
        read[label] = [known[entry] for entry in entries]
    return read


def _name_columns(groups: Any) -> Mapping[Any, Column]:  # noqa: ANN401 - columns of any kind
    """Return columns by the name of their attribute; a frame has names of its own."""
    if isinstance(groups, Mapping):
        return groups
    if hasattr(groups, "columns"):
        return {name: groups[name] for name in groups.columns}
    return {ONE_ATTRIBUTE: groups}


def check_label(path: str, name: object, problems: list[Problem]) -> str:
    """Return the name of a group or attribute, or of a crossing; append a problem if it is none."""
    parts = name.split(CROSSED) if isinstance(name, str) else [name]
    labels = [_read_label(part) for part in parts]
    if not all(labels):
        problems.append(Problem(path, "a name is missing, or is no name", _LABEL.hint))
    return CROSSED.join(label or "" for label in labels)


def cross(columns: Iterable[Labels]) -> Labels:
    """Return the group of each person in several attributes at once; None if one is unknown.

    >>> cross([["Female", "Male", None], ["White", "Black", "Asian"]])
    ['Female x White', 'Male x Black', None]
    """
    return [
        None if None in labels else CROSSED.join(map(str, labels))
        for labels in zip(*columns, strict=True)
    ]


def count_groups(name: str, labels: Labels, selected: list[bool]) -> Attribute:
    """Count each group of an attribute.

    >>> count_groups("sex", ["F", "M", "F", None], [True, True, False, False]).groups
    (('F', Counts(selected=1, n=2)), ('M', Counts(selected=1, n=1)))
    """
    people, chosen = Counter(labels), Counter(compress(labels, selected))
    names = sorted(label for label in people if label is not None)
    return Attribute(
        name,
        tuple((label, Counts(chosen[label], people[label])) for label in names),
        Counts(chosen[None], people[None]),
    )


def compare_lengths(n: int, columns: Mapping[str, list[Any]]) -> list[Problem]:
    """Return a problem for each attribute that has not one entry for each of `n` people."""
    return [
        Problem(
            f"groups['{name}']",
            f"has {len(column)} entries where there are {n} outcomes",
            "give one a person, in the same order",
        )
        for name, column in columns.items()
        if len(column) != n
    ]


def find_twins(path: str, labels: list[str]) -> list[Problem]:
    """Return problems of names that differ at most in case and blanks, and of too many names."""
    problems = []
    if len({" ".join(label.casefold().split()) for label in labels}) < len(labels):
        hint = "write each in one way"
        problems.append(Problem(path, "two names differ at most in case and blanks", hint))
    if len(labels) > MOST_GROUPS:
        hint = "give categories, not ids or ages"
        problems.append(Problem(path, f"more than {MOST_GROUPS} groups", hint))
    return problems


def _read_column(name: str, values: object, rule: _Rule, problems: list[Problem]) -> list[Any]:
    """Return entries as the rule reads them; append a problem for each that it cannot read."""
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        problems.append(Problem(name, "no column of values", "give a list or an array"))
        return []
    entries = values.tolist() if hasattr(values, "tolist") else values
    read = [rule.read(entry) for entry in entries]
    bad = [place for place, value in enumerate(read) if value is None]
    problems += [Problem(f"{name}[{at}]", rule.message, rule.hint) for at in bad[:MOST_LISTED]]
    if len(bad) > MOST_LISTED:
        problems.append(Problem(name, f"{len(bad) - MOST_LISTED} more are {rule.message}"))
    return [rule.blank if value is None else value for value in read] if bad else read


def _remember(read: Callable[[object], str | None]) -> Callable[[object], str | None]:
    """Read each text once: names are few and people are many."""
    known: dict[str, str | None] = {}

    def look_up(value: object) -> str | None:
        if not isinstance(value, str):
            return read(value)
        if value not in known:
            known[value] = read(value)
        return known[value]

    return look_up


def _read_outcome(value: object) -> bool | None:
    # The truth values of numpy are no numbers to Python.
    if isinstance(value, bool) or type(value).__name__ in {"bool", "bool_"}:
        return bool(value)
    score = _read_score(value)
    return bool(score) if score in {0, 1} else None


def _read_score(value: object) -> Score | None:
    """Return a number that compares exactly; None if it is none, or no float is as large."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        fits = value.is_finite() and abs(value.adjusted()) <= MOST_DIGITS
        return _read_score(Fraction(value)) if fits else None
    if isinstance(value, Fraction):
        fits = abs(value) <= LARGEST and value.denominator < 10**MOST_DIGITS
        return value if fits else None
    if isinstance(value, Integral):
        return int(value) if abs(int(value)) <= LARGEST else None
    return _read_score(float(value)) if isinstance(value, Real) else None


def _read_share(value: object) -> float | None:
    score = _read_score(value)
    return None if score is None or not 0 <= score <= 1 else float(score)


def _read_label(value: object) -> str | None:
    """Return a name; empty where nothing was given, None where it is no name."""
    if not isinstance(value, str):
        return "" if _is_missing(value) else None
    if len(value) > LONGEST_LABEL:
        return None
    label = " ".join(compose(value).split())
    return label if is_clean(label) else None


def _is_missing(value: object) -> bool:
    """Tell whether a value stands for nothing: None, NaN, or what frames write for it."""
    try:
        return value is None or bool(value != value)  # noqa: PLR0124 - NaN differs from itself
    except TypeError:  # the NA of pandas is neither the same nor another
        return True
    except (ValueError, ArithmeticError):  # an array, or a decimal that signals
        return False


_OUTCOME: Final = _Rule(_read_outcome, 0, "neither 0 nor 1", "1 means selected, 0 not selected")
_SCORE: Final = _Rule(_read_score, 0, "no finite number", "leave out people without a score")
_SHARE: Final = _Rule(_read_share, 0.0, "not within 0..1", "give shares, not percent")
_LABEL: Final = _Rule(
    _read_label,
    "",
    "not the name of a group",
    f"give plain text of at most {LONGEST_LABEL} characters, or None",
)
