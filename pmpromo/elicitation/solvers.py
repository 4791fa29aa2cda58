"""Weights that fit comparisons best, in one of three senses. Plain arithmetic; no library sums."""

from __future__ import annotations

from math import exp, fsum, log
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmpromo.elicitation.comparisons import Graph

__all__ = ["fit_eigenvector", "fit_log_least_squares", "fit_minimax", "normalise"]

TURNS: Final = 10_000
"""A power iteration has converged long before, or never will."""

SMALL: Final = 1e-14
HALVINGS: Final = 100
LOOSE: Final = 1e-9
"""How far above its least the bound is held, so that rounding leaves room for a solution."""


def normalise(logs: Sequence[float]) -> list[float]:
    """Return weights that add up to 1, from their logarithms up to a constant."""
    top = max(logs)
    weights = [exp(each - top) for each in logs]
    total = fsum(weights)
    return [weight / total for weight in weights]


def fit_log_least_squares(graph: Graph) -> list[float]:
    """Minimise sum (ln r - (v_i - v_j))^2 over all comparisons; unique on a connected graph.

    The normal equations are those of the graph's Laplacian; v_0 is held at 0 (Bozoki, Fulop and
    Ronyai 2010, doi:10.1016/j.mcm.2010.02.047). On a complete matrix they give the geometric means.
    """
    size = len(graph.names)
    rows = [[0.0] * (size + 1) for _ in range(size)]
    for first, second, ratio in graph.edges:
        for one, other, sign in ((first, second, 1.0), (second, first, -1.0)):
            rows[one][one] += 1.0
            rows[one][other] -= 1.0
            rows[one][size] += sign * ratio
    return normalise([0.0, *_solve([row[1:] for row in rows[1:]])])


def _solve(rows: list[list[float]]) -> list[float]:
    """Solve a symmetric positive definite system; the last column is the right side."""
    size = len(rows)
    for at in range(size):
        for below in range(at + 1, size):
            factor = rows[below][at] / rows[at][at]
            if factor:
                rows[below] = [x - factor * y for x, y in zip(rows[below], rows[at], strict=True)]
    solved = [0.0] * size
    for at in reversed(range(size)):
        known = fsum(rows[at][k] * solved[k] for k in range(at + 1, size))
        solved[at] = (rows[at][size] - known) / rows[at][at]
    return solved


def fit_eigenvector(matrix: Sequence[Sequence[float]]) -> tuple[list[float], float]:
    """Return the principal eigenvector of a positive matrix, adding up to 1, and its value.

    (Saaty 1977, doi:10.1016/0022-2496(77)90033-5), by power iteration.
    """
    size = len(matrix)
    vector, value = [1.0 / size] * size, float(size)
    for _ in range(TURNS):
        image = [fsum(x * y for x, y in zip(row, vector, strict=True)) for row in matrix]
        value = fsum(image)
        moved = max(abs(x / value - y) for x, y in zip(image, vector, strict=True))
        vector = [x / value for x in image]
        if moved < SMALL:
            break
    return vector, value


def fit_minimax(graph: Graph) -> tuple[list[float], float]:
    """Minimise the largest |w_i / w_j - r| (Rezaei 2015, doi:10.1016/j.omega.2014.11.009).

    For a bound xi each comparison says r - xi <= w_i / w_j <= r + xi: differences of logarithms,
    which shortest paths settle. xi is halved down; where weights are then not unique, the middle of
    their extreme solutions is taken.
    """
    low, high = 0.0, max(exp(ratio) for *_, ratio in graph.edges) + 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        fits = _settle(_list_limits(graph, middle), len(graph.names)) is not None
        low, high = (low, middle) if fits else (middle, high)
    limits = _list_limits(graph, high + LOOSE)
    mirrored = [(second, first, most) for first, second, most in limits]
    highest, lowest = (_settle(each, len(graph.names)) or [] for each in (limits, mirrored))
    return normalise([(x - y) / 2 for x, y in zip(highest, lowest, strict=True)]), high


def _list_limits(graph: Graph, xi: float) -> list[tuple[int, int, float]]:
    """List what xi allows: v_first - v_second is at most so much."""
    limits = []
    for first, second, logarithm in graph.edges:
        ratio = exp(logarithm)
        limits.append((first, second, log(ratio + xi)))
        if ratio > xi:
            limits.append((second, first, -log(ratio - xi)))
    return limits


def _settle(limits: Sequence[tuple[int, int, float]], size: int) -> list[float] | None:
    """Return the highest values below 0 that keep all limits, or none (Bellman and Ford)."""
    values = [0.0] * size
    for _ in range(size + 1):
        moved = False
        for first, second, most in limits:
            if values[first] > values[second] + most + SMALL:
                values[first] = values[second] + most
                moved = True
        if not moved:
            return values
    return None
