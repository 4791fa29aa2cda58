"""Pairwise comparisons as people give them, read into one form, and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite, log
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pmpromo.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Answer", "Graph", "compare_matrix", "compare_with_ends", "read_comparisons"]

LARGEST: Final = 1e6
"""Nobody holds one thing for a million times as important as another."""

SAME: Final = 1e-6
"""Two cells of a matrix that should be each other's inverse may differ by so much, written down."""


class Answer(NamedTuple):
    """One answer: `first` is `ratio` times as important as `second`, says `member`.

    >>> Answer("reach", "strategy", 2.0).member
    ''
    """

    first: str
    second: str
    ratio: float
    member: str = ""


class Graph(NamedTuple):
    """Names in their order, and comparisons between their places, as logarithms."""

    names: tuple[str, ...]
    edges: tuple[tuple[int, int, float], ...]
    members: tuple[str, ...]
    """Who gave each edge."""


def compare_matrix(names: Sequence[str], rows: Sequence[Sequence[float | None]]) -> list[Answer]:
    """Return the comparisons of a reciprocal matrix; cells that are None were not answered.

    Raises `DataError` where the matrix is not square, or a cell is not its mirror's inverse.

    >>> compare_matrix(["a", "b"], [[1, 4], [0.25, 1]])
    [Answer(first='a', second='b', ratio=4, member='')]
    """
    size = len(names)
    if len(rows) != size or any(len(row) != size for row in rows):
        hint = f"give {size} rows of {size}, one for each name"
        raise DataError([Problem("rows", "are not a square of the names", hint)])
    found, problems = [], []
    for i in range(size):
        for j in range(i + 1, size):
            up, down = rows[i][j], rows[j][i]
            if up is not None and down is not None and not _are_inverse(up, down):
                message = "is not the inverse of the cell across the diagonal"
                problems.append(Problem(f"rows[{i}][{j}]", message, "mend one, or leave it out"))
            elif up is not None:
                found.append(Answer(names[i], names[j], up))
            elif down is not None:
                found.append(Answer(names[j], names[i], down))
    if problems:
        raise DataError(problems)
    return found


def _are_inverse(one: float, other: float) -> bool:
    return abs(one * other - 1) <= SAME * max(1.0, one, other)


def compare_with_ends(
    best: str, worst: str, best_to_others: Mapping[str, float], others_to_worst: Mapping[str, float]
) -> list[Answer]:
    """Return the comparisons of the best-worst method.

    (Rezaei 2015, doi:10.1016/j.omega.2014.11.009.) `best_to_others` says how many times as
    important the best is, `others_to_worst` how many times as important each is as the worst; the
    two of themselves, which are 1, may be left out.

    >>> len(compare_with_ends("c", "a", {"a": 8, "b": 2}, {"b": 5, "c": 8}))
    4
    """
    found = [Answer(best, name, ratio) for name, ratio in best_to_others.items() if name != best]
    return found + [
        Answer(name, worst, ratio) for name, ratio in others_to_worst.items() if name != worst
    ]


def read_comparisons(
    comparisons: Mapping[tuple[str, str], float] | Iterable[Sequence[object]],
    criteria: Sequence[str] | None,
) -> Graph:
    """Read comparisons into a connected graph; raise `DataError` with all that is wrong.

    Where they fall into pieces that nobody compared with each other, the error names the pieces.
    """
    found = list(_read(comparisons))
    problems = [problem for at, each in enumerate(found) for problem in _check(each, at, criteria)]
    if not found:
        hint = "give at least one: (first, second, ratio)"
        problems.append(Problem("comparisons", "there is none", hint))
    if problems:
        raise DataError(problems)
    named = [name for each in found for name in each[:2]]
    names = tuple(dict.fromkeys(criteria if criteria is not None else named))
    places = {name: place for place, name in enumerate(names)}
    edges = tuple((places[each.first], places[each.second], log(each.ratio)) for each in found)
    _check_pieces(names, edges)
    return Graph(names, edges, tuple(each.member for each in found))


PAIR: Final = 2


def _read(comparisons: object) -> Iterator[Answer]:
    """Give each comparison; what is none becomes one that the check refuses."""
    if isinstance(comparisons, Mapping):
        for pair, ratio in comparisons.items():
            yield _read_one((*pair, ratio) if isinstance(pair, tuple) else ())
    elif isinstance(comparisons, Iterable) and not isinstance(comparisons, str):
        for each in comparisons:
            yield _read_one(each)


def _read_one(each: Any) -> Answer:  # noqa: ANN401 - whatever someone gives
    fits = isinstance(each, Sequence) and PAIR < len(each) <= PAIR + 2
    return Answer(*each) if fits else Answer("", "", 0.0)


def _check(each: Answer, at: int, criteria: Sequence[str] | None) -> Iterator[Problem]:
    path = f"comparisons[{at}]"
    names: tuple[object, ...] = (each.first, each.second, each.member or "-")
    if not all(isinstance(name, str) and name for name in names):
        yield Problem(path, "is no comparison", "write (first, second, ratio), or with a member")
    elif each.first == each.second:
        yield Problem(path, "compares something with itself", "name two different criteria")
    elif not _is_number(each.ratio):
        yield Problem(path, "has no ratio", "write how many times as important the first is")
    elif not isfinite(each.ratio) or not 1 / LARGEST <= each.ratio <= LARGEST:
        yield Problem(path, "has no possible ratio", "write a number above 0, such as 3, or 1/3")
    elif criteria is not None and not {each.first, each.second} <= set(criteria):
        yield Problem(path, "names no criterion", f"criteria are: {', '.join(criteria)}")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _check_pieces(names: Sequence[str], edges: Sequence[tuple[int, int, float]]) -> None:
    pieces = [{place} for place in range(len(names))]
    for first, second, _ in edges:
        one = next(piece for piece in pieces if first in piece)
        other = next(piece for piece in pieces if second in piece)
        if one is not other:
            one |= other
            pieces.remove(other)
    if len(pieces) > 1:
        told = [", ".join(names[place] for place in sorted(piece)) for piece in pieces]
        hint = f"compare {names[min(pieces[0])]} with {names[min(pieces[1])]}"
        message = f"fall into {len(pieces)} pieces: {'; '.join(told)}"
        raise DataError([Problem("comparisons", message, hint)])
