"""A fitted curve, reduced to what a prediction needs: four numbers a knot."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from pmpromo.errors import Problem
from pmpromo.readiness.lattice import VOLATILITIES
from pmpromo.readiness.sigmoid import (
    FloatArray,
    compute_logit,
    compute_sigmoid,
    compute_sigmoid_of_one,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmpromo.readiness.path import Posterior

__all__ = [
    "Beliefs",
    "Curve",
    "Forecast",
    "average_logits",
    "draw_curve",
    "find_curve_problems",
    "gather_beliefs",
    "redraw_interval",
]

ROUGH: Final = 1.0
"""Intervals trust only volatilities of at least this: never the straight line, whose interval is
too narrow wherever the truth bends."""

KEPT_DECIMALS: Final = 10
"""Decimals kept of a curve: those that do not depend on the machine that summed it."""

KNOT_DECIMALS: Final = 14
"""Decimals kept of the knots, which divide the rest."""

CHUNK: Final = 8192
"""Scores predicted at a time: their intermediate arrays stay in the processor's cache."""

LEAST_KNOTS: Final = 2
FARTHEST_KEPT: Final = 10.0
"""Logits of a curve lie within +-10; the lattice itself ends at +-8."""
LIMITS: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {"knots": (-1.0, 2.0), "above": (0.0, 1.0)}
)
"""Where the other columns lie. The outer knots may lie one interval beyond 0 and 1."""

Forecast = tuple[float, float, float, float]
"""Probability, low and high end, and P(probability >= bar)."""


@dataclass(frozen=True, slots=True, eq=False)
class Beliefs:
    """Marginals of the logit at the knots, (K, G): one for the mean, one for intervals."""

    knots: FloatArray
    logits: FloatArray
    all_paths: FloatArray
    rough_paths: FloatArray


@dataclass(frozen=True)
class Curve:
    """Knots (scores, ascending) with the logits of probability, low and high, and P(p >= bar).

    Between knots all four are linear; beyond the outer knots they stay as they are.
    """

    knots: tuple[float, ...]
    centre: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    above: tuple[float, ...]

    @cached_property
    def _table(self) -> FloatArray:
        return np.array([self.knots, self.centre, self.low, self.high, self.above])

    def predict(self, scores: FloatArray) -> FloatArray:
        """Return a (4, n) array: probability, low, high, P(p >= bar) at each score."""
        result = np.empty((4, len(scores)))
        for start in range(0, len(scores), CHUNK):
            rows = slice(start, start + CHUNK)
            result[:, rows] = self._predict_chunk(scores[rows])
        return result

    def _predict_chunk(self, scores: FloatArray) -> FloatArray:
        knots, values = self._table[0], self._table[1:]
        x = np.clip(scores, knots[0], knots[-1])
        k = np.clip(np.searchsorted(knots, x, side="right") - 1, 0, len(knots) - 2)
        share = (x - knots[k]) / (knots[k + 1] - knots[k])
        start, end = values.take(k, axis=1), values.take(k + 1, axis=1)
        result: FloatArray = np.minimum(start + share * (end - start), end)
        result[:3] = compute_sigmoid(result[:3])
        result[1] = np.minimum(result[0], result[1])
        result[2] = np.maximum(result[0], result[2])
        return result

    def predict_one(self, score: float) -> Forecast:
        """Return the same four numbers at one score, bit for bit."""
        knots = self.knots
        x = min(max(score, knots[0]), knots[-1])
        k = min(bisect_right(knots, x) - 1, len(knots) - 2)
        share = (x - knots[k]) / (knots[k + 1] - knots[k])
        p = compute_sigmoid_of_one(interpolate(self.centre, k, share))
        low = compute_sigmoid_of_one(interpolate(self.low, k, share))
        high = compute_sigmoid_of_one(interpolate(self.high, k, share))
        return p, min(p, low), max(p, high), interpolate(self.above, k, share)


def find_curve_problems(curve: Curve, path: str) -> list[Problem]:
    """Return what is wrong with a curve that was not drawn here but read from a text."""
    columns = {
        name: np.array(getattr(curve, name)) for name in ("knots", "centre", "low", "high", "above")
    }
    n = len(curve.knots)
    problems = [
        Problem(f"{path}.{name}", f"has {len(column)} entries, knots has {n}")
        for name, column in columns.items()
        if len(column) != n
    ]
    if n < LEAST_KNOTS:
        problems.append(Problem(f"{path}.knots", f"fewer than {LEAST_KNOTS} knots"))
    for name, column in columns.items():
        low, high = LIMITS.get(name, (-FARTHEST_KEPT, FARTHEST_KEPT))
        steps = np.diff(column)
        if (steps < 0).any() or (name == "knots" and (steps == 0).any()):
            problems.append(Problem(f"{path}.{name}", "not ascending"))
        if ((column < low) | (column > high)).any():
            problems.append(Problem(f"{path}.{name}", f"not within {low:g}..{high:g}"))
    return problems


def interpolate(values: tuple[float, ...], k: int, share: float) -> float:
    """Return the value `share` of the way from entry k to entry k + 1, never beyond the latter."""
    start, end = values[k], values[k + 1]
    return min(start + share * (end - start), end)


def gather_beliefs(posterior: Posterior) -> Beliefs:
    """Average the marginals over volatilities, with weights W_w, and with W_w of the rough ones."""
    weights = posterior.volatility_weights
    rough = np.array(VOLATILITIES) >= ROUGH
    rough_weights = np.where(rough, np.maximum(weights, np.finfo(float).tiny), 0.0)
    rough_weights /= rough_weights.sum()
    return Beliefs(
        posterior.lattice.knots,
        posterior.lattice.grid.logits,
        np.tensordot(weights, posterior.marginals, 1),
        np.tensordot(rough_weights, posterior.marginals, 1),
    )


def draw_curve(beliefs: Beliefs, bar: float, coverage: float) -> Curve:
    """Reduce beliefs to a curve: mean probability, central interval, posterior P(p >= bar)."""
    cumulative = np.cumsum(beliefs.rough_paths, 1)
    cumulative /= cumulative[:, -1:]
    tail = (1 - coverage) / 2
    return Curve(
        keep(beliefs.knots, KNOT_DECIMALS),
        keep(average_logits(beliefs)),
        keep(find_quantile(beliefs, cumulative, tail)),
        keep(find_quantile(beliefs, cumulative, 1 - tail)),
        keep(find_share_above(beliefs, cumulative, bar)),
    )


def redraw_interval(curve: Curve, other: Curve) -> Curve:
    """Return a curve with the probability of one and the interval of another, at its own knots."""
    low, high, above = (
        keep(np.interp(curve.knots, other.knots, column))
        for column in (other.low, other.high, other.above)
    )
    return Curve(curve.knots, curve.centre, low, high, above)


def average_logits(beliefs: Beliefs) -> FloatArray:
    """Return logit p(x_k), p(x_k) = sum_f M_k(f) sigma(f); increasing beyond rounding."""
    probability = beliefs.all_paths @ compute_sigmoid(beliefs.logits)
    return np.maximum.accumulate(compute_logit(probability))


def find_quantile(beliefs: Beliefs, cumulative: FloatArray, q: float) -> FloatArray:
    """Return the logit below which a share q of belief lies, at each knot.

    The mass of a logit is spread evenly over its step.
    """
    edges = np.append(beliefs.logits[0], beliefs.logits[1:]) - half_step(beliefs)
    edges = np.append(edges, beliefs.logits[-1] + half_step(beliefs))
    quantiles = [np.interp(q, np.append(0.0, row), edges) for row in cumulative]
    return np.asarray(np.maximum.accumulate(quantiles))


def find_share_above(beliefs: Beliefs, cumulative: FloatArray, bar: float) -> FloatArray:
    """Return the share of belief above logit(bar), at each knot."""
    edges = beliefs.logits + half_step(beliefs)
    threshold = compute_logit(np.array(bar))
    shares = [1 - np.interp(threshold, edges, row) for row in cumulative]
    return np.asarray(np.maximum.accumulate(shares))


def half_step(beliefs: Beliefs) -> float:
    """Return half the distance between two logits of the lattice."""
    return float(beliefs.logits[1] - beliefs.logits[0]) / 2


def keep(values: FloatArray, decimals: int = KEPT_DECIMALS) -> tuple[float, ...]:
    """Return numbers rounded to the decimals that every machine agrees on."""
    return tuple(round(value, decimals) for value in values.tolist())
