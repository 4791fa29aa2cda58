"""Coefficients of agreement, each from ratings of units, in memory linear in the ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

import numpy as np

from pmpromo.committee.components import find_components
from pmpromo.committee.panels import find_distinct

if TYPE_CHECKING:
    from pmpromo.committee.arrays import BoolArray, FloatArray, IndexArray

__all__ = [
    "Level",
    "Sample",
    "Weights",
    "find_alpha",
    "find_cohen",
    "find_fleiss",
    "find_gwet",
    "find_icc",
    "sum_by",
]

Level: TypeAlias = Literal["nominal", "ordinal", "interval", "ratio"]
"""What differences of ratings mean: none, an order, a distance, a proportion."""

Weights: TypeAlias = Literal["identity", "linear", "quadratic"]
"""How much of an agreement two different points are."""

ROWS: Final = 1024
"""Distinct ratings compared with all others at a time."""


class Sample(NamedTuple):
    """Ratings of units (a packet on a criterion), sorted by unit; every unit has at least one."""

    unit: IndexArray  # (n,) ascending without gaps
    rater: IndexArray  # (n,)
    value: FloatArray  # (n,)
    lowest: float
    n_points: int  # of the scale

    @property
    def counts(self) -> FloatArray:
        """How many ratings each unit has."""
        return np.asarray(np.bincount(self.unit), dtype=np.float64)

    def paired(self) -> Sample:
        """Return the units with at least two ratings."""
        kept = (self.counts >= 2)[self.unit]  # noqa: PLR2004 - a pair
        unit = np.cumsum(np.diff(self.unit[kept], prepend=-1) != 0) - 1
        return self._replace(unit=unit, rater=self.rater[kept], value=self.value[kept])


def sum_by(unit: IndexArray, values: FloatArray) -> FloatArray:
    """Return the sum of values over each unit."""
    return np.asarray(np.bincount(unit, values), dtype=np.float64)


def find_alpha(sample: Sample, level: Level) -> float | None:
    """Return Krippendorff's alpha = 1 - D_o / D_e; None if all ratings are the same.

    D_o is the mean difference of pairs within units, D_e that of all pairs (Krippendorff 2011).
    """
    paired = sample.paired()
    values = rank_middle(paired.value) if level == "ordinal" else paired.value
    observed, expected = compare_pairs(paired, values, level)
    return None if expected <= 0 else 1 - observed / expected


def rank_middle(values: FloatArray) -> FloatArray:
    """Return mid-ranks: the ordinal difference of two points is that of their mid-ranks, squared.

    >>> rank_middle(np.array([5.0, 7.0, 5.0])).tolist()
    [1.0, 2.5, 1.0]
    """
    _, code, count = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - (count - 1) / 2 - 0.5)[code])


def compare_pairs(sample: Sample, values: FloatArray, level: Level) -> tuple[float, float]:
    """Return D_o and D_e under the metric of a level."""
    n, m = len(values), sample.counts
    if level == "nominal":
        within = m**2 - count_equal(sample.unit, values)
        total = n**2 - float(count_equal(np.zeros_like(sample.unit), values)[0])
    elif level == "ratio":
        within, total = sum_ratios(sample.unit, values), sum_all_ratios(values)
    else:
        centred = values - values.mean()
        within = 2 * (m * sum_by(sample.unit, centred**2) - sum_by(sample.unit, centred) ** 2)
        total = 2 * n * float(centred @ centred)
    return float((within / (m - 1)).sum()) / n, total / (n * (n - 1))


def count_equal(unit: IndexArray, values: FloatArray) -> FloatArray:
    """Return the ordered pairs of equal ratings within each unit, each with itself included."""
    order = np.lexsort((values, unit))
    new = np.diff(unit[order], prepend=-1) != 0
    new[1:] |= np.diff(values[order]) != 0
    first = np.flatnonzero(new)
    runs = np.diff(np.append(first, len(values))).astype(np.float64)
    return sum_by(unit[order][first], runs**2)


def differ_by_ratio(one: FloatArray, other: FloatArray) -> FloatArray:
    """Return ((a - b) / (a + b))^2, 0 where both are 0."""
    total = one + other
    return np.asarray(((one - other) / np.where(total == 0, 1, total)) ** 2)


def sum_ratios(unit: IndexArray, values: FloatArray) -> FloatArray:
    """Return the ratio differences of all ordered pairs within each unit.

    Ratings a distance apart in the list are compared at once, as long as any unit is so large.
    """
    result = np.zeros(int(unit[-1]) + 1)
    for apart in range(1, int(np.bincount(unit).max())):
        same = unit[apart:] == unit[:-apart]
        differences = differ_by_ratio(values[apart:][same], values[:-apart][same])
        result += np.bincount(unit[apart:][same], 2 * differences, len(result))
    return result


def sum_all_ratios(values: FloatArray) -> float:
    """Return the ratio differences of all ordered pairs, by distinct values."""
    distinct, count = np.unique(values, return_counts=True)
    total = 0.0
    for start in range(0, len(distinct), ROWS):
        rows = slice(start, start + ROWS)
        table = differ_by_ratio(distinct[rows, None], distinct[None, :])
        total += float(count[rows] @ table @ count)
    return total


class Gwet(NamedTuple):
    """A coefficient of Gwet with its standard error; None where there is one unit only.

    Chance agreement stays below 1 on any scale, so the value is always defined.
    """

    value: float
    error: float | None


def find_gwet(sample: Sample, weights: Weights) -> Gwet:
    """Return AC1 (identity) or AC2, with S.E. by units (Gwet 2014, Handbook, 4th ed., ch. 5).

    p_e = T_w sum pi_k (1 - pi_k) / (q (q - 1)) with q the points of the scale, pi_k the mean share
    of point k over units, and T_w the sum of all weights.
    """
    agree, at_least_two = agree_by_unit(sample, weights)
    n, n_two = len(agree), int(at_least_two.sum())
    share, own = share_points(sample)
    factor = sum_weights(sample.n_points, weights) / (sample.n_points * (sample.n_points - 1))
    p_e = factor * float((share * (1 - share)).sum())
    p_a = float(agree.sum()) / n_two
    value = (p_a - p_e) / (1 - p_e)
    if n < 2:  # noqa: PLR2004 - a spread takes two
        return Gwet(value, None)
    single = n / n_two * (agree - p_e * at_least_two) / (1 - p_e)
    single -= 2 * (1 - value) * (factor * (1 - own) - p_e) / (1 - p_e)
    return Gwet(value, float(np.sqrt(((single - value) ** 2).sum() / (n * (n - 1)))))


def share_points(sample: Sample) -> tuple[FloatArray, FloatArray]:
    """Return the mean share of each point over units, and by unit that of its own points."""
    code = (sample.value - sample.lowest).astype(np.intp)
    weight = 1 / sample.counts[sample.unit]
    share = np.bincount(code, weight, sample.n_points) / (int(sample.unit[-1]) + 1)
    return share, sum_by(sample.unit, share[code] * weight)


def sum_weights(n_points: int, weights: Weights) -> float:
    """Return the sum over all pairs of points of 1 - |i - j| / (q - 1), or its square, or of i = j.

    >>> [sum_weights(3, weights) for weights in ("identity", "linear", "quadratic")]
    [3.0, 5.0, 6.0]
    """
    apart = np.arange(1, n_points, dtype=np.float64)
    return n_points + 2 * float((n_points - apart) @ weigh_distance(apart, n_points, weights))


def weigh_distance(apart: FloatArray, n_points: int, weights: Weights) -> FloatArray:
    """Return how much of an agreement points so far apart are."""
    if weights == "identity":
        return np.asarray(apart == 0, dtype=np.float64)
    share = apart / (n_points - 1)
    return np.asarray(1 - share if weights == "linear" else 1 - share**2)


def agree_by_unit(sample: Sample, weights: Weights) -> tuple[FloatArray, BoolArray]:
    """Return the mean weighted agreement of pairs within each unit, 0 for a unit of one rating."""
    m = sample.counts
    pairs = m * (m - 1)
    enough = pairs > 0
    apart = sum_apart(sample.unit, sample.value, sample.n_points, weights)
    return np.where(enough, 1 - apart / np.where(enough, pairs, 1), 0.0), enough


def sum_apart(unit: IndexArray, value: FloatArray, n_points: int, weights: Weights) -> FloatArray:
    """Return the disagreement of all ordered pairs of ratings within each unit (units may mix)."""
    m = np.bincount(unit).astype(np.float64)
    if weights == "identity":
        return np.asarray(m**2 - count_equal(unit, value))
    if weights == "linear":
        return np.asarray(sum_gaps(unit, value) / (n_points - 1))
    centred = value - value.mean()
    spread = m * sum_by(unit, centred**2) - sum_by(unit, centred) ** 2
    return np.asarray(2 * spread / (n_points - 1) ** 2)


def sum_gaps(unit: IndexArray, value: FloatArray) -> FloatArray:
    """Return sum |a - b| over ordered pairs within each unit.

    The j-th smallest a of m counts 2 (2j - m - 1) a.
    """
    order = np.lexsort((value, unit))
    unit, value = unit[order], value[order]
    first = np.searchsorted(unit, np.arange(int(unit[-1]) + 1))
    place = np.arange(len(unit)) - first[unit] + 1
    return 2 * sum_by(unit, (2 * place - np.bincount(unit)[unit] - 1) * value)


def find_fleiss(sample: Sample) -> float | None:
    """Return Fleiss' kappa; units may have different numbers of ratings. None if p_e is 1.

    p_a is the mean agreement of units with two ratings or more, p_e = sum pi_k^2 (Fleiss 1971).
    """
    agree, enough = agree_by_unit(sample, "identity")
    share, _ = share_points(sample)
    p_e = float((share**2).sum())
    return (
        None if p_e >= 1 - ROUNDING else (float(agree.sum()) / int(enough.sum()) - p_e) / (1 - p_e)
    )


ROUNDING: Final = 1e-12
"""Nearer to 1 than this, agreement by chance is certain."""


def find_cohen(sample: Sample, weights: Weights) -> float | None:
    """Return Cohen's weighted kappa of two raters; of more, the mean over pairs (Light 1971).

    A pair of raters with fewer than two units in common, or with no room to differ, is left out;
    None if every pair is.
    """
    pair, one, other = pair_raters(sample)
    n = np.bincount(pair).astype(np.float64)
    apart = 1 - weigh_distance(np.abs(one - other), sample.n_points, weights)
    observed = sum_by(pair, apart) / np.maximum(n, 1)
    expected = expect_apart((pair, one, other), sample.n_points, weights) / np.maximum(n, 1) ** 2
    kept = (n >= 2) & (expected > ROUNDING)  # noqa: PLR2004 - one unit shows no chance
    if not kept.any():
        return None
    return float((1 - observed[kept] / expected[kept]).mean())


def pair_raters(sample: Sample) -> tuple[IndexArray, FloatArray, FloatArray]:
    """Return the pairs of ratings within units: which two raters, and what each gave.

    Within a unit ratings stand in the order of raters, so a pair has one code.
    """
    n_raters = int(sample.rater.max()) + 1
    found = []
    for apart in range(1, int(sample.counts.max())):
        same = np.flatnonzero(sample.unit[apart:] == sample.unit[:-apart])
        code = sample.rater[same] * n_raters + sample.rater[same + apart]
        found.append((code, sample.value[same], sample.value[same + apart]))
    code, one, other = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return np.searchsorted(find_distinct(code), code), one, other


def expect_apart(
    pairs: tuple[IndexArray, FloatArray, FloatArray], n_points: int, weights: Weights
) -> FloatArray:
    """Return by pair of raters the disagreement of all of one's ratings with all of the other's.

    All ordered pairs of both together, less those of each alone, are twice those between them.
    """
    pair, one, other = pairs
    both = sum_apart(np.concatenate([pair, pair]), np.concatenate([one, other]), n_points, weights)
    alone = (sum_apart(pair, each, n_points, weights) for each in (one, other))
    return np.asarray((both - sum(alone)) / 2)


def find_icc(sample: Sample) -> dict[str, float] | None:
    """Return the intraclass correlations ICC(1) to ICC(3), of one rating and of the mean of k.

    From variance components of unit, rater and residual, so that units may lack ratings; for a full
    table they are those of Shrout & Fleiss (1979). k is the harmonic mean of ratings a unit. None
    if ratings do not differ, or too few are there.
    """
    paired = sample.paired()
    two = find_components(paired.value, {"unit": paired.unit, "rater": paired.rater})
    one = find_components(paired.value, {"unit": paired.unit})
    if not two.keys() >= {"unit", "rater", "residual"} or not one:
        return None
    k = len(paired.counts) / float((1 / paired.counts).sum())
    unit, rater, rest = two["unit"], two["rater"], two["residual"]
    errors = {
        "icc1": (one["unit"], one["residual"]),
        "icc2": (unit, rater + rest),
        "icc3": (unit, rest),
    }
    found = {
        f"{name}{suffix}": share(true, error / size)
        for suffix, size in (("", 1.0), ("k", k))
        for name, (true, error) in errors.items()
    }
    return (
        None
        if any(value is None for value in found.values())
        else {name: value for name, value in found.items() if value is not None}
    )


def share(true: float, error: float) -> float | None:
    """Return the share of true variance in all, at most 1; None if there is none of either."""
    return min(true / (true + error), 1.0) if abs(true + error) > ROUNDING else None
