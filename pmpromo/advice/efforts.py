"""Efforts as people give them: a mapping or a file, by kind, criterion, requirement or closure."""

from __future__ import annotations

import os
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Final, get_args

from pmpromo.errors import DataError, Problem
from pmpromo.reading.models import open_path, read_tree
from pmpromo.reading.places import draw_excerpt
from pmpromo.result import GapKind
from pmpromo.scoring.closures import list_closures
from pmpromo.scoring.path import list_names
from pmpromo.words import suggest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmpromo.scoring.closures import Yard

__all__ = ["Efforts", "read_efforts"]

Efforts = Mapping[str, object] | str | os.PathLike[str]
"""Days of work by name, or a YAML or JSON file that holds them; none leaves a closure out."""

LARGEST: Final = 10**6
SMALLEST: Final = 0.001
"""Nobody works longer on one step, or shorter, in days."""


def read_efforts(efforts: Efforts | None, yard: Yard) -> dict[str, Fraction | None]:
    """Return efforts by name as exact numbers; raise `DataError` with every problem in them."""
    if efforts is None:
        return {}
    if isinstance(efforts, Mapping):
        problems = _find_problems(efforts, yard)
        if problems:
            raise DataError(problems)
        return {name: _read(value) for name, value in efforts.items()}
    return _read_file(efforts, yard)


def _read_file(path: object, yard: Yard) -> dict[str, Fraction | None]:
    if not isinstance(path, (str, os.PathLike)):
        hint = "give a mapping of names to days of work, or the path of a file that holds one"
        raise DataError([Problem("efforts", "is neither a mapping nor a path", hint)])
    opened = open_path(path, error=DataError)
    tree = read_tree(opened.data, opened.format, opened.name)
    if tree.problems:
        raise DataError(tree.problems)
    if not isinstance(tree.value, Mapping):
        message, hint = "holds no efforts", "write lines such as: short: 15"
        raise DataError([Problem(opened.name, message, hint)])
    problems = []
    for problem in _find_problems(tree.value, yard):
        spot = tree.find_spot((problem.path,))
        place = None if spot is None else spot.value
        problems.append(Problem(problem.path, problem.message, problem.hint, place))
    if problems:
        shown = [draw_excerpt(tree.text, each.place) if each.place else "" for each in problems]
        raise DataError(problems, shown)
    return {name: _read(value) for name, value in tree.value.items()}


def _read(value: object) -> Fraction | None:
    return None if value is None or value == "none" else Fraction(str(value))


def _find_problems(efforts: Mapping[str, object], yard: Yard) -> list[Problem]:
    known = list(_list_known(yard))
    problems = []
    for name, value in efforts.items():
        if name not in known:
            problems.append(_describe_unknown(name, known))
        elif not _is_effort(value):
            hint = "write days of work, at least 0.001, or none to leave such steps out"
            problems.append(Problem(str(name), "is no effort", hint))
    return problems


def _describe_unknown(name: object, known: list[str]) -> Problem:
    message = "is no kind of gap, criterion, criterion/requirement or closure of this packet"
    hint = suggest(name, known) if isinstance(name, str) else ""
    if not hint.startswith("did you mean"):
        hint = f"kinds are: {', '.join(get_args(GapKind))}"
    return Problem(str(name)[:80] if isinstance(name, str) else "efforts", message, hint)


def _is_effort(value: object) -> bool:
    if value is None or value == "none":
        return True
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return False
    return isfinite(value) and SMALLEST <= value <= LARGEST


def _list_known(yard: Yard) -> Iterable[str]:
    """Give every name that an effort may have: of the rubric, and of this packet's closures."""
    yield from get_args(GapKind)
    for asked in yard.desk.plan.asked:
        criterion = yard.desk.plan.criteria[asked.criterion].criterion.id
        yield criterion
        yield f"{criterion}/{asked.requirement.name}"
    for closure in list_closures(yard):
        yield from list_names(closure, yard)
