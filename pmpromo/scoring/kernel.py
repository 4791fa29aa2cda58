"""From what counts to a total: the one piece of arithmetic behind every score.

Written so that the same packet gives the same bits in any order and in any company: ranks come from
sorted values, means from whole-number weights in a fixed order, and no sum is left to a library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from pmpromo.scoring.interval import HIGH, LOW, NOTHING, Interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmpromo.scoring.plan import CriterionPlan, Gate, Mean, Plan
    from pmpromo.scoring.table import Row, Table

__all__ = [
    "Scores",
    "average",
    "combine",
    "gather",
    "integrate",
    "open_gate",
    "score_criterion",
    "score_table",
    "score_total",
]


class Scores(NamedTuple):
    """All scores of one packet, each as an interval."""

    requirements: list[Interval]
    criteria: list[Interval]
    before_gates: Interval
    total: Interval


def combine(shown: Iterable[float], cap: float, gamma: float) -> float:
    """Return 1 - prod_r (1 - gamma^(r-1) min(cap, x_(r))), x sorted from the best down.

    >>> round(combine([1.0, 1.0], cap=0.7, gamma=0.6), 3)
    0.826
    >>> round(combine([0.1] * 20, cap=1.0, gamma=0.6), 3)
    0.228
    """
    total = 0.0
    weight = 1.0
    for one in sorted(shown, reverse=True):
        total += (1.0 - total) * (weight * (min(cap, one)))
        weight *= gamma
    return total


def average(values: Sequence[float], mean: Mean) -> float:
    """Return the weighted mean, kept inside the range of what it averages."""
    total = 0.0
    for weight, value in zip(mean.weights, values, strict=True):
        total += weight * value
    return _keep_inside(total / mean.total, values)


def _keep_inside(mean: float, values: Sequence[float]) -> float:
    return min(max(mean, min(values)), max(values))


def score_criterion(values: Sequence[float], plan: CriterionPlan) -> float:
    """Return the mean of a criterion's requirements, or of the best few of them."""
    if plan.best is None:
        return average(values, plan.mean)
    best = sorted(values, reverse=True)[: plan.best]
    total = 0.0
    for value in best:
        total += value
    return _keep_inside(total / plan.best, best)


def integrate(scores: Sequence[float], plan: Plan) -> float:
    """Return the 2-additive Choquet integral of the criterion scores.

    sum_i (w_i - 1/2 sum_j kappa_ij) s_i + sum_(i<j) kappa_ij min(s_i, s_j)   (Grabisch 1997,
    doi:10.1016/S0165-0114(97)00168-1)
    """
    total = 0.0
    for weight, score in zip(plan.total.weights, scores, strict=True):
        total += weight * score
    for first, second, weight in plan.pairs:
        total += weight * min(scores[first], scores[second])
    return _keep_inside(total / plan.total.total, scores)


def open_gate(score: float, gate: Gate) -> float:
    """Return the highest total that a must-have allows at this score.

    b (lambda + (1 - lambda) s / m) up to the minimum m, then up to 1 over a short ramp.
    """
    if score >= gate.top:
        return 1.0
    if score >= gate.minimum:
        return gate.bar + (1.0 - gate.bar) * (score - gate.minimum) / (gate.top - gate.minimum)
    allowed = gate.bar * (gate.base + (1.0 - gate.base) * (score / gate.minimum))
    return min(allowed, gate.below)


def score_total(scores: Sequence[float], plan: Plan) -> tuple[float, float]:
    """Return the total before the gates of the must-haves, and after them."""
    before = integrate(scores, plan)
    return before, min([before, *[open_gate(scores[gate.place], gate) for gate in plan.gates]])


def score_table(table: Table, plan: Plan) -> Scores:
    """Score one packet at both ends of every unknown."""
    requirements = [
        _score_requirement(rows, asked.cap, plan.gamma)
        for rows, asked in zip(table.rows, plan.asked, strict=True)
    ]
    criteria = [
        Interval(
            score_criterion([requirements[place].low for place in each.asked], each),
            score_criterion([requirements[place].high for place in each.asked], each),
        )
        for each in plan.criteria
    ]
    low_before, low = score_total([score.low for score in criteria], plan)
    high_before, high = score_total([score.high for score in criteria], plan)
    return Scores(requirements, criteria, Interval(low_before, high_before), Interval(low, high))


def _score_requirement(rows: list[Row], cap: float, gamma: float) -> Interval:
    if not rows:
        return NOTHING
    return Interval(
        combine(gather(rows, LOW).values(), cap, gamma),
        combine(gather(rows, HIGH).values(), cap, gamma),
    )


def gather(rows: list[Row], end: Literal[0, 1]) -> dict[int, float]:
    """Return what the best row of each achievement counts, at one end, by achievement."""
    shown: dict[int, float] = {}
    for row in rows:
        counts = row.counts[end]
        if counts >= shown.get(row.achievement, 0.0):
            shown[row.achievement] = counts
    return shown
