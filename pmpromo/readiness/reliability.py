"""How far forecasts can be trusted: proper scores, their parts, calibration, intervals.

Every measure works on distinct forecasts u with n decisions, k of them promotions, so the order
of decisions moves no bit. Names are those of scikit-learn where it has one.

A calibration error alone never ranks forecasts: a constant forecast wins it. Read it beside a
proper score and that score's skill.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from pmpromo.errors import DataError, Problem
from pmpromo.readiness.history import Numbers, compare_lengths, fill_weights, read_numbers
from pmpromo.readiness.measured import Decomposition, Diagram, Reliability
from pmpromo.readiness.sigmoid import compute_logit, compute_sigmoid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pmpromo.readiness.sigmoid import FloatArray

__all__ = [
    "Decomposition",
    "Diagram",
    "Reliability",
    "brier_score_loss",
    "calibration_curve",
    "calibration_error",
    "calibration_intercept_slope",
    "consistency_band",
    "interval_coverage",
    "interval_score",
    "log_loss",
    "measure_reliability",
    "score_decomposition",
    "spiegelhalter_z",
]

_STRATEGIES: Final = "one of corp, uniform, quantile; n_bins at least 1"

Scoring = Literal["brier", "log"]
"""Proper scores: mean of (y - p)^2, or of -log of the probability of what happened."""

NEAREST: Final = 2.0**-52
"""Forecasts of 0 and 1 count as this far from them, as in scikit-learn: a loss stays finite."""
BINS: Final = 15
"""Bins of a calibration error."""
LEAST_IN_BIN: Final = 2
"""The correction for chance in a bin needs two decisions."""
RESAMPLES: Final = 200
"""Simulated histories behind a consistency band."""
MOST_DISTINCT: Final = 1000
"""A band is computed on at most so many distinct forecasts; neighbours are joined above it."""
MOST_POINTS: Final = 100
"""Points of a diagram that is kept with a model."""
NEWTON_STEPS: Final = 50
"""Steps of the recalibration; a sound one needs fewer than ten."""
SETTLED: Final = 1e-8
"""A step below this ends the recalibration; the next would be its square."""
STEEPEST: Final = 50.0
"""Recalibration that wants more than this has no finite answer: forecasts separate outcomes."""


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """Distinct forecasts u (ascending), the weight n of decisions and k of promotions at each."""

    u: FloatArray
    n: FloatArray
    k: FloatArray

    @property
    def total(self) -> float:
        """The weight of all decisions."""
        return float(self.n.sum())

    @property
    def rate(self) -> float:
        """The share promoted."""
        return float(self.k.sum()) / self.total


def measure_reliability(
    probability: Numbers,
    promoted: Numbers,
    *,
    case_weight: Numbers | None = None,
    rate: float | None = None,
    seed: int = 0,
) -> Reliability:
    """Measure forecasts against what happened.

    Args:
        probability: (n,) forecasts within 0..1.
        promoted: (n,) of 0 and 1.
        case_weight: (n,) weights of decisions.
        rate: documented promotion rate, the constant that skill is measured against.
        seed: of the simulated histories behind the consistency band.

    Raises:
        DataError: columns that do not fit, or no decision at all.

    >>> found = measure_reliability([0.2, 0.2, 0.8, 0.8], [0, 0, 1, 1])
    >>> round(found.brier, 6), round(found.brier_skill, 6)
    (0.04, 0.84)
    """
    pooled = read_forecasts(promoted, probability, case_weight)
    constant = pooled.rate if rate is None else rate
    intercept, slope = recalibrate(pooled)
    return Reliability(
        n_decisions=len(probability),
        rate=constant,
        log_loss=mean_score(pooled, pooled.u, "log"),
        log_skill=measure_skill(pooled, constant, "log"),
        brier=mean_score(pooled, pooled.u, "brier"),
        brier_skill=measure_skill(pooled, constant, "brier"),
        log_parts=decompose(pooled, "log"),
        brier_parts=decompose(pooled, "brier"),
        calibration_error=measure_error(pooled, BINS, debias=True),
        intercept=intercept,
        slope=slope,
        spiegelhalter_z=standardise(pooled),
        diagram=draw_diagram(pooled, seed),
    )


def read_forecasts(
    promoted: Numbers, probability: Numbers, case_weight: Numbers | None = None
) -> Pooled:
    """Check forecasts and outcomes, and count them by distinct forecast."""
    y = read_numbers("promoted", promoted, kind="outcome")
    p = read_numbers("probability", probability)
    w = read_numbers("case_weight", fill_weights(case_weight, len(y)), kind="weight")
    problems = compare_lengths(len(p), {"promoted": y, "case_weight": w})
    if problems or not w.any():
        none = [Problem("probability", "no decision to measure", "give at least one")]
        raise DataError(problems or none)
    return pool_forecasts(y, p, w)


def pool_forecasts(y: FloatArray, p: FloatArray, w: FloatArray) -> Pooled:
    """Count decisions by distinct forecast; sums run over sorted values."""
    order = np.lexsort((w, y, p))
    order = order[w[order] > 0]
    y, p, w = y[order], p[order], w[order]
    first = np.flatnonzero(np.append(True, np.diff(p) > 0))
    return Pooled(p[first], np.add.reduceat(w, first), np.add.reduceat(w * y, first))


def mean_score(pooled: Pooled, forecast: FloatArray, scoring: Scoring) -> float:
    """Return the mean score of `forecast` given in place of u."""
    n, k = pooled.n, pooled.k
    if scoring == "brier":
        losses = k * (1 - forecast) ** 2 + (n - k) * forecast**2
    else:
        p = np.clip(forecast, NEAREST, 1 - NEAREST)
        losses = -k * np.log(p) - (n - k) * np.log1p(-p)
    return float(losses.sum()) / pooled.total


def log_loss(y_true: Numbers, y_pred: Numbers, *, sample_weight: Numbers | None = None) -> float:
    """Return the mean of -y log p - (1 - y) log(1 - p), in nats.

    >>> round(log_loss([1, 0], [0.8, 0.2]), 6)
    0.223144
    """
    pooled = read_forecasts(y_true, y_pred, sample_weight)
    return mean_score(pooled, pooled.u, "log")


def brier_score_loss(
    y_true: Numbers, y_proba: Numbers, *, sample_weight: Numbers | None = None
) -> float:
    """Return the mean of (y - p)^2.

    >>> round(brier_score_loss([1, 0], [0.8, 0.4]), 6)
    0.1
    """
    pooled = read_forecasts(y_true, y_proba, sample_weight)
    return mean_score(pooled, pooled.u, "brier")


def measure_skill(pooled: Pooled, constant: float, scoring: Scoring) -> float | None:
    """Return 1 - score / score of the constant; None where the constant is perfect."""
    worst = mean_score(pooled, np.full_like(pooled.u, constant), scoring)
    # A constant forecast of 0 or 1 on one class: nothing can be better.
    if worst <= NEAREST:
        return None
    return 1 - mean_score(pooled, pooled.u, scoring) / worst


def smooth(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the increasing sequence nearest to `values` (pool adjacent violators).

    Neighbours that fall are replaced by their weighted mean until none fall.
    """
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        mean, total, size = value, weight, 1
        while blocks and blocks[-1][0] >= mean:
            before, its_weight, its_size = blocks.pop()
            mean = (its_weight * before + total * mean) / (its_weight + total)
            total += its_weight
            size += its_size
        blocks.append((mean, total, size))
    means, _, sizes = zip(*blocks, strict=True)
    return np.repeat(np.array(means), sizes)


def decompose(pooled: Pooled, scoring: Scoring) -> Decomposition:
    """Split a mean score by the scores of the recalibrated and of the constant forecast."""
    mean = mean_score(pooled, pooled.u, scoring)
    best = mean_score(pooled, smooth(pooled.k / pooled.n, pooled.n), scoring)
    constant = mean_score(pooled, np.full_like(pooled.u, pooled.rate), scoring)
    return Decomposition(mean, mean - best, constant - best, constant)


def score_decomposition(
    y_true: Numbers, y_prob: Numbers, scoring: Scoring = "brier"
) -> Decomposition:
    """Return mean = miscalibration - discrimination + uncertainty of a proper score.

    CORP (Dimitriadis, Gneiting & Jordan 2021, doi 10.1073/pnas.2016191118): recalibration is
    isotonic regression, so no bins are chosen.

    >>> parts = score_decomposition([0, 1, 0, 1], [0.2, 0.2, 0.6, 0.9])
    >>> round(parts.miscalibration - parts.discrimination + parts.uncertainty - parts.mean, 12)
    0.0
    >>> round(parts.discrimination, 6)
    0.083333
    """
    return decompose(read_forecasts(y_true, y_prob), scoring)


def calibration_curve(
    y_true: Numbers,
    y_prob: Numbers,
    *,
    n_bins: int = 5,
    strategy: Literal["corp", "uniform", "quantile"] = "corp",
) -> tuple[FloatArray, FloatArray]:
    """Return (frequency, mean forecast), as scikit-learn does, ascending.

    `corp` gives one point for each distinct forecast, its frequency by isotonic regression;
    `uniform` and `quantile` give one for each bin that holds a decision.

    >>> frequency, forecast = calibration_curve([0, 1, 0, 1], [0.2, 0.2, 0.6, 0.9])
    >>> frequency.tolist(), forecast.tolist()
    ([0.3333333333333333, 0.3333333333333333, 1.0], [0.2, 0.6, 0.9])
    """
    pooled = read_forecasts(y_true, y_prob)
    if strategy not in {"corp", "uniform", "quantile"} or n_bins < 1:
        raise DataError([Problem("strategy", "unknown, or without bins", _STRATEGIES)])
    if strategy == "corp":
        return smooth(pooled.k / pooled.n, pooled.n), pooled.u
    edges = np.linspace(0, 1, n_bins + 1)
    if strategy == "quantile":
        edges = np.quantile(np.repeat(pooled.u, pooled.n.astype(int)), edges)
    binned = bin_forecasts(pooled, np.searchsorted(edges[1:-1], pooled.u))
    return binned.k / binned.n, binned.u


def bin_forecasts(pooled: Pooled, bins: NDArray[Any]) -> Pooled:
    """Join the forecasts of each bin (numbered, ascending) under their mean; drop empty bins."""
    first = np.flatnonzero(np.append(True, np.diff(bins) > 0))
    n, k, sums = (
        np.add.reduceat(column, first) for column in (pooled.n, pooled.k, pooled.n * pooled.u)
    )
    return Pooled(sums / n, n, k)


def share_evenly(pooled: Pooled, n_bins: int) -> Pooled:
    """Join forecasts into bins of about equal weight; equal forecasts stay together."""
    middle = (np.cumsum(pooled.n) - pooled.n / 2) / pooled.total
    return bin_forecasts(pooled, np.floor(middle * n_bins))


def calibration_error(
    y_true: Numbers, y_prob: Numbers, *, n_bins: int = BINS, debias: bool = True
) -> float:
    """Return the root mean square difference of forecast and frequency over bins of equal weight.

    `debias` subtracts in each bin what chance alone adds, rate (1 - rate) / (n - 1) (Kumar, Liang
    & Ma 2019); bins are fewer where they would hold less than two decisions. Below 0 it is 0.

    >>> round(calibration_error([0, 1] * 50, [0.9] * 100), 3)
    0.397
    """
    return measure_error(read_forecasts(y_true, y_prob), n_bins, debias=debias)


def measure_error(pooled: Pooled, n_bins: int, *, debias: bool) -> float:
    """Return the calibration error of pooled forecasts."""
    most = max(1, int(pooled.total / (2 * LEAST_IN_BIN)))
    bins = share_evenly(pooled, min(n_bins, most))
    rate = bins.k / bins.n
    squares = (bins.u - rate) ** 2
    if debias:
        squares -= np.where(bins.n > 1, rate * (1 - rate) / np.maximum(bins.n - 1, 1), 0.0)
    return math.sqrt(max(0.0, float((bins.n * squares).sum()) / pooled.total))


def calibration_intercept_slope(
    y_true: Numbers, y_prob: Numbers
) -> tuple[float | None, float | None]:
    """Return (a, b): logit P(y) = a + L fits best, and logit P(y) = a' + b L does.

    L is the logit of the forecast. (0, 1) is calibrated. None where nothing finite fits best:
    one class, forecasts that separate the outcomes, or (b) equal forecasts.

    >>> a, b = calibration_intercept_slope([1, 0, 1, 0], [0.5, 0.5, 0.5, 0.5])
    >>> round(a, 6), b
    (0.0, None)
    """
    return recalibrate(read_forecasts(y_true, y_prob))


def recalibrate(pooled: Pooled) -> tuple[float | None, float | None]:
    """Return the intercept at slope 1, and the slope."""
    if not 0 < pooled.rate < 1:
        return None, None
    logits = compute_logit(np.clip(pooled.u, NEAREST, 1 - NEAREST))
    ones = np.ones((len(logits), 1))
    shift = climb(pooled, ones, logits)
    both = None
    if len(logits) > 1:
        both = climb(pooled, np.column_stack([ones, logits]), np.zeros_like(logits))
    return None if shift is None else float(shift[0]), None if both is None else float(both[1])


def climb(pooled: Pooled, design: FloatArray, offset: FloatArray) -> FloatArray | None:
    """Return the best logistic coefficients by Newton's method; None if they run away.

    beta <- beta + (X' W X)^-1 X'(k - n p), halved while the likelihood falls.
    """
    beta = np.zeros(design.shape[1])
    best = weigh(pooled, offset)
    for _ in range(NEWTON_STEPS):
        p = compute_sigmoid(offset + design @ beta)
        information = design.T @ (design * (pooled.n * p * (1 - p))[:, None])
        if np.linalg.cond(information) > 1 / NEAREST:
            return None
        step = np.linalg.solve(information, design.T @ (pooled.k - pooled.n * p))
        while (value := weigh(pooled, offset + design @ (beta + step))) < best - 1e-12 * abs(best):
            step = step / 2
        beta, best = beta + step, value
        if np.abs(step).max() < SETTLED:
            return beta
        if np.abs(beta).max() > STEEPEST:
            break
    return None


def weigh(pooled: Pooled, logits: FloatArray) -> float:
    """Return the log-likelihood of logits, sum of k log sigma(L) + (n - k) log sigma(-L)."""
    n, k = pooled.n, pooled.k
    return -float((n * np.logaddexp(0, -logits) + (n - k) * logits).sum())


def spiegelhalter_z(y_true: Numbers, y_prob: Numbers) -> float | None:
    """Return sum (y - p)(1 - 2 p) / sqrt(sum (1 - 2 p)^2 p (1 - p)); None where that is 0 / 0.

    It rejects 9 to 25 % of sound models at 5 %, because a fitted forecast is not the truth: it is
    no alarm. For an alarm see `drift_evalue`.

    >>> round(spiegelhalter_z([1, 0, 0, 0], [0.25, 0.25, 0.25, 0.25]), 6)
    0.0
    """
    return standardise(read_forecasts(y_true, y_prob))


def standardise(pooled: Pooled) -> float | None:
    """Return Spiegelhalter's z of pooled forecasts."""
    u = pooled.u
    variance = float((pooled.n * (1 - 2 * u) ** 2 * u * (1 - u)).sum())
    if variance == 0:
        return None
    return float(((pooled.k - pooled.n * u) * (1 - 2 * u)).sum()) / math.sqrt(variance)


def consistency_band(
    y_prob: Numbers, *, level: float = 0.9, resamples: int = RESAMPLES, seed: int = 0
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return (forecast, low, high): where the diagram of a calibrated forecast lies by chance.

    At each distinct forecast a share `level` of simulated histories lies inside. More than a
    thousand distinct forecasts are joined into a thousand.

    >>> forecast, low, high = consistency_band([0.2, 0.2, 0.8, 0.8])
    >>> forecast.tolist(), bool((low <= high).all())
    ([0.2, 0.8], True)
    """
    p = read_numbers("probability", y_prob)
    if len(p) == 0:
        raise DataError([Problem("probability", "no forecast", "give at least one")])
    pooled = pool_forecasts(np.zeros(len(p)), p, np.ones(len(p)))
    return (join_forecasts(pooled).u, *simulate_band(pooled, level, resamples, seed))


def join_forecasts(pooled: Pooled) -> Pooled:
    """Join neighbours until at most a thousand forecasts are distinct."""
    return pooled if len(pooled.u) <= MOST_DISTINCT else share_evenly(pooled, MOST_DISTINCT)


def simulate_band(
    pooled: Pooled, level: float, resamples: int, seed: int
) -> tuple[FloatArray, FloatArray]:
    """Return the central `level` of recalibrated frequencies over simulated outcomes y ~ u."""
    joined = join_forecasts(pooled)
    sizes = np.maximum(1, np.round(joined.n)).astype(int)
    first = np.cumsum(sizes) - sizes
    chance = np.repeat(joined.u, sizes)
    generator = np.random.default_rng(seed)
    curves = []
    for _ in range(resamples):
        happened = (generator.random(len(chance)) < chance).astype(float)
        curves.append(smooth(np.add.reduceat(happened, first) / sizes, sizes))
    low, high = np.quantile(curves, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return low, high


def draw_diagram(pooled: Pooled, seed: int) -> Diagram:
    """Return the reliability diagram, at most a hundred of its points."""
    joined = join_forecasts(pooled)
    columns = (
        joined.u,
        smooth(joined.k / joined.n, joined.n),
        *simulate_band(pooled, 0.9, RESAMPLES, seed),
    )
    n_shown = min(len(joined.u), MOST_POINTS)
    shown = np.unique(np.round(np.linspace(0, len(joined.u) - 1, n_shown)).astype(int))
    return Diagram(*(tuple(column[shown].tolist()) for column in columns))


def interval_coverage(low: Numbers, high: Numbers, truth: Numbers) -> float:
    """Return the share of true probabilities inside their interval (known in simulations only).

    >>> interval_coverage([0.1, 0.4], [0.3, 0.6], [0.2, 0.7])
    0.5
    """
    lower, upper, true = read_intervals(low, high, truth)
    return float(np.mean((lower <= true) & (true <= upper)))


def interval_score(low: Numbers, high: Numbers, truth: Numbers, *, coverage: float = 0.9) -> float:
    """Return the mean of width + 2 / (1 - coverage) x the distance outside; smaller is better.

    >>> round(interval_score([0.1, 0.4], [0.3, 0.6], [0.2, 0.7]), 6)
    1.2
    """
    lower, upper, true = read_intervals(low, high, truth)
    outside = np.maximum(lower - true, 0) + np.maximum(true - upper, 0)
    return float(np.mean(upper - lower + 2 / (1 - coverage) * outside))


def read_intervals(
    low: Numbers, high: Numbers, truth: Numbers
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Check ends and true probabilities; raise one DataError if they do not fit."""
    lower, upper, true = (
        read_numbers(name, column)
        for name, column in (("low", low), ("high", high), ("truth", truth))
    )
    problems = compare_lengths(len(true), {"low": lower, "high": upper})
    if problems or not len(true):
        raise DataError(problems or [Problem("truth", "no interval to measure", "give one")])
    return lower, upper, true
