"""The ways in: comparisons, a ranking or swings to weights that a rubric can take."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import exp, fsum, isfinite, log
from typing import TYPE_CHECKING, Final, Literal, get_args

from pmpromo.elicitation.comparisons import read_comparisons
from pmpromo.elicitation.consistency import (
    find_worst_triad,
    make_matrix,
    measure_members,
    measure_ratio,
    measure_residual,
)
from pmpromo.elicitation.solvers import fit_eigenvector, fit_log_least_squares, fit_minimax
from pmpromo.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pmpromo.elicitation.comparisons import Graph
    from pmpromo.elicitation.consistency import Triad

__all__ = [
    "Elicited",
    "Method",
    "weights_from_comparisons",
    "weights_from_ranking",
    "weights_from_swings",
]

Method = Literal["log_least_squares", "eigenvector", "minimax"]
"""In which sense weights fit comparisons best."""

DECIMALS: Final = 12
"""As many as a rubric's weights may have."""


@dataclass(frozen=True, slots=True)
class Elicited:
    """Weights that fit comparisons, and how far the comparisons contradict each other.

    `residual` is the root mean square of ln r - ln(w_i / w_j). `worst_triad` are three answers
    whose product is farthest from the 1 it should be. `consistency_ratio` is Saaty's, for complete
    comparisons of 3 to 15 things; up to .1 is called consistent. `deviation` is the largest
    |w_i / w_j - r|. `members` holds the residual of each member's answers against these weights.

    >>> said = weights_from_comparisons([("a", "b", 2), ("b", "c", 3)])
    >>> [round(weight, 3) for weight in said.weights.values()], said.residual < 1e-12
    ([0.6, 0.3, 0.1], True)
    """

    weights: dict[str, float]
    method: Method
    residual: float
    deviation: float
    worst_triad: Triad | None
    consistency_ratio: float | None
    members: dict[str, float]
    n_comparisons: int

    def to_rubric(self) -> dict[str, Decimal]:
        """Return the weights as exact decimals, as a rubric file holds them.

        >>> weights_from_comparisons([("a", "b", 3)]).to_rubric()
        {'a': Decimal('0.750000000000'), 'b': Decimal('0.250000000000')}
        """
        return {name: Decimal(f"{weight:.{DECIMALS}f}") for name, weight in self.weights.items()}


def weights_from_comparisons(
    comparisons: Mapping[tuple[str, str], float] | Iterable[Sequence[object]],
    *,
    criteria: Sequence[str] | None = None,
    method: Method = "log_least_squares",
) -> Elicited:
    """Return the weights that fit pairwise ratios best.

    `comparisons` are (first, second, ratio) or (first, second, ratio, member), or a mapping of
    pairs to ratios: the first is `ratio` times as important as the second. Any set will do that
    connects all `criteria`: a whole matrix (AHP), one against all (best-worst), or a few pairs;
    from one person or several, who are averaged as logarithms.

    `method` is "log_least_squares" (any set), "eigenvector" (complete sets; Saaty 1977) or
    "minimax" (any set: the least largest deviation; Rezaei 2015).

    Raises `DataError` with all that is wrong; where nobody compared one group of criteria with
    another, it names the groups.

    >>> weights_from_comparisons([("a", "b", 2), ("c", "d", 2)])
    Traceback (most recent call last):
        ...
    pmpromo.errors.DataError: comparisons: fall into 2 pieces: a, b; c, d; compare a with c
    """
    if method not in get_args(Method):
        hint = f"known are: {', '.join(get_args(Method))}"
        raise DataError([Problem("method", "is not known", hint)])
    graph = read_comparisons(comparisons, criteria)
    weights = _fit(graph, method)
    logs = [log(weight) for weight in weights]
    return Elicited(
        weights=dict(zip(graph.names, weights, strict=True)),
        method=method,
        residual=measure_residual(graph, logs),
        deviation=max(_list_deviations(graph, weights)),
        worst_triad=find_worst_triad(graph),
        consistency_ratio=measure_ratio(graph),
        members=measure_members(graph, logs),
        n_comparisons=len(graph.edges),
    )


def _fit(graph: Graph, method: Method) -> list[float]:
    if method == "log_least_squares":
        return fit_log_least_squares(graph)
    if method == "minimax":
        return fit_minimax(graph)[0]
    matrix = make_matrix(graph)
    if matrix is None:
        hint = "compare every pair, or use method='log_least_squares'"
        raise DataError([Problem("comparisons", "leave pairs out", hint)])
    return fit_eigenvector(matrix)[0]


def _list_deviations(graph: Graph, weights: Sequence[float]) -> list[float]:

    return [abs(weights[i] / weights[j] - exp(ratio)) for i, j, ratio in graph.edges]


def weights_from_ranking(ranking: Sequence[str | Sequence[str]]) -> dict[str, float]:
    """Return rank-order centroid weights of names, the most important first.

    w_i = (1 / n) sum_(k >= i) 1 / k: the middle of all weights with this ranking (Barron and
    Barrett 1996, doi:10.1287/mnsc.42.11.1515). Names that share a place stand in a list of their
    own, and share its weights equally.

    Raises `DataError` for an empty ranking, and for names that stand twice.

    >>> [round(weight, 4) for weight in weights_from_ranking(["a", "b", "c", "d"]).values()]
    [0.5208, 0.2708, 0.1458, 0.0625]
    """
    groups = [[each] if isinstance(each, str) else list(each) for each in ranking]
    names = [name for group in groups for name in group]
    _check_names(names, "ranking")
    size, weights, at = len(names), {}, 0
    centroids = [fsum(1 / k for k in range(i + 1, size + 1)) / size for i in range(size)]
    for group in groups:
        shared = fsum(centroids[at : at + len(group)]) / max(1, len(group))
        weights.update(dict.fromkeys(group, shared))
        at += len(group)
    return weights


def weights_from_swings(swings: Mapping[str, float]) -> dict[str, float]:
    """Return weights in proportion to swings.

    A swing says how much it is worth to go from the worst to the best on one criterion; the largest
    is usually called 100 (von Winterfeldt and Edwards 1986, Decision Analysis and Behavioral
    Research, chapter 8).

    Raises `DataError` for swings that are no numbers of at least 0, or that are all 0.

    >>> weights_from_swings({"result": 100, "reach": 60, "practice": 40})
    {'result': 0.5, 'reach': 0.3, 'practice': 0.2}
    """
    _check_names(list(swings), "swings")
    wrong = [name for name, swing in swings.items() if not _is_swing(swing)]
    if wrong:
        hint = "write a number of at least 0, 100 for the largest"
        raise DataError([Problem(f"swings.{name}", "is no swing", hint) for name in wrong])
    total = fsum(swings.values())
    if not total:
        raise DataError([Problem("swings", "are all 0", "give the largest 100")])
    return {name: swing / total for name, swing in swings.items()}


def _is_swing(swing: object) -> bool:
    is_number = isinstance(swing, (int, float)) and not isinstance(swing, bool)
    return is_number and isfinite(float(str(swing))) and float(str(swing)) >= 0


def _check_names(names: Sequence[object], path: str) -> None:
    problems = []
    if not names:
        problems.append(Problem(path, "names nothing", "name at least one criterion"))
    if not all(isinstance(name, str) and name for name in names):
        problems.append(Problem(path, "holds something that is no name", "name criteria"))
    elif len(set(names)) < len(names):
        problems.append(Problem(path, "names something twice", "name each criterion once"))
    if problems:
        raise DataError(problems)
