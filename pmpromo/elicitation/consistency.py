"""How far comparisons contradict each other, and where most."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from math import exp, fsum, sqrt
from typing import TYPE_CHECKING, Final

from pmpromo.elicitation.comparisons import Answer
from pmpromo.elicitation.solvers import fit_eigenvector

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmpromo.elicitation.comparisons import Graph

__all__ = [
    "Triad",
    "find_worst_triad",
    "make_matrix",
    "measure_members",
    "measure_ratio",
    "measure_residual",
]

Triad = tuple[Answer, Answer, Answer]
"""Three answers that go round in a circle; their ratios should multiply to 1."""

RANDOM_INDEX: Final[Mapping[int, float]] = {
    3: 0.58, 4: 0.90, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41, 9: 1.45, 10: 1.49,
    11: 1.51, 12: 1.48, 13: 1.56, 14: 1.57, 15: 1.59,
}  # fmt: skip
"""What random answers give by size (Saaty 1980, The Analytic Hierarchy Process, table 1)."""


def measure_residual(graph: Graph, logs: Sequence[float]) -> float:
    """Return the root mean square of ln r - ln(w_i / w_j): 0 says that nothing is contradicted."""
    squares = [(ratio - logs[i] + logs[j]) ** 2 for i, j, ratio in graph.edges]
    return sqrt(fsum(squares) / len(squares))


def measure_members(graph: Graph, logs: Sequence[float]) -> dict[str, float]:
    """Return the residual of each member's own answers; nothing where nobody is named."""
    own = defaultdict(list)
    for edge, member in zip(graph.edges, graph.members, strict=True):
        own[member].append(edge)
    return {
        member: measure_residual(graph._replace(edges=tuple(edges)), logs)
        for member, edges in own.items()
        if member
    }


def _average(graph: Graph) -> dict[tuple[int, int], float]:
    """Return the mean logarithm of each pair that was compared, both ways round."""
    said = defaultdict(list)
    for first, second, ratio in graph.edges:
        said[first, second].append(ratio)
        said[second, first].append(-ratio)
    return {pair: fsum(ratios) / len(ratios) for pair, ratios in said.items()}


def find_worst_triad(graph: Graph) -> Triad | None:
    """Return the circle of three whose product is farthest from 1; none where none closes."""
    mean = _average(graph)
    circles = [
        (abs(mean[i, j] + mean[j, k] + mean[k, i]), (i, j, k))
        for i, j, k in combinations(range(len(graph.names)), 3)
        if (i, j) in mean and (j, k) in mean and (k, i) in mean
    ]
    if not circles:
        return None
    i, j, k = max(circles, key=lambda circle: circle[0])[1]
    one, two, three = (
        Answer(graph.names[a], graph.names[b], exp(mean[a, b])) for a, b in ((i, j), (j, k), (k, i))
    )
    return one, two, three


def make_matrix(graph: Graph) -> list[list[float]] | None:
    """Return the matrix of all pairs, geometric means of members; none where one is missing."""
    mean, size = _average(graph), len(graph.names)
    if len(mean) < size * (size - 1):
        return None
    return [[1.0 if i == j else exp(mean[i, j]) for j in range(size)] for i in range(size)]


def measure_ratio(graph: Graph) -> float | None:
    """Return Saaty's consistency ratio, (lambda - n) / (n - 1) over its value for random answers.

    None where a pair was not compared, or the size is not 3 to 15.
    """
    matrix, size = make_matrix(graph), len(graph.names)
    if matrix is None or size not in RANDOM_INDEX:
        return None
    _, value = fit_eigenvector(matrix)
    return max(0.0, (value - size) / (size - 1) / RANDOM_INDEX[size])
