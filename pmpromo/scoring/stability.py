"""Totals under other weights, and how far a weight can go before the verdict changes.

With the weight of one criterion at t and the others in their proportions, the total before
must-haves is t s + (1 - t) A - P: A is the mean of the other scores, P what complementary pairs
take away, sum kappa |s_i - s_j| / 2, whatever the weights. It is linear in t, so the weight at
which it crosses the bar has a closed form.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from pmpromo.scoring.kernel import score_total
from pmpromo.scoring.plan import Mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmpromo.scoring.plan import Plan

__all__ = ["Weights", "find_range", "find_weights", "passes_gates", "score_under", "take_away"]


class Weights(NamedTuple):
    """Weights that add up to 1, and what complementary pairs draw on each of them at least."""

    of: list[float]
    drawn: list[float]


def find_weights(plan: Plan) -> Weights:
    """Return the weights of a plan, those of pairs given back to their criteria."""
    drawn = [0.0] * len(plan.criteria)
    for first, second, weight in plan.pairs:
        for place in (first, second):
            drawn[place] += weight / 2 / plan.total.total
    alone = [weight / plan.total.total for weight in plan.total.weights]
    return Weights([own + half for own, half in zip(alone, drawn, strict=True)], drawn)


def score_under(weights: Sequence[float], scores: Sequence[float], plan: Plan) -> float:
    """Return the total of scores under other weights; strengths of pairs stay as they are.

    A weight counts at least as much as the pairs of its criterion draw on it.
    """
    drawn = find_weights(plan).drawn
    total = sum(weights)
    alone = [max(0.0, own / total - half) for own, half in zip(weights, drawn, strict=True)]
    pairs = tuple((one, other, weight / plan.total.total) for one, other, weight in plan.pairs)
    whole = sum(alone) + sum(weight for _, _, weight in pairs)
    return score_total(scores, replace(plan, total=Mean(tuple(alone), whole), pairs=pairs))[1]


def passes_gates(scores: Sequence[float], plan: Plan) -> bool:
    """Tell whether every must-have is reached; no weights make up for one that is not."""
    return all(scores[gate.place] >= gate.minimum for gate in plan.gates)


def take_away(scores: Sequence[float], plan: Plan) -> float:
    """Return what complementary pairs take away from the mean: sum kappa |s_i - s_j| / 2."""
    return sum(
        weight / plan.total.total * abs(scores[one] - scores[other]) / 2
        for one, other, weight in plan.pairs
    )


def find_range(place: int, scores: Sequence[float], plan: Plan) -> tuple[float, float]:
    """Return the weights of one criterion between which the verdict on the bar stays as it is.

    The other weights keep their proportions. The range ends where pairs draw all of a weight.
    """
    low, high = _find_room(place, plan)
    weights = find_weights(plan).of
    rest = 1.0 - weights[place]
    if rest <= 0 or not passes_gates(scores, plan):
        return low, high
    others = sum(
        weight * score
        for at, (weight, score) in enumerate(zip(weights, scores, strict=True))
        if at != place
    )
    mean = others / rest
    slope = scores[place] - mean
    needed = plan.bar + take_away(scores, plan) - mean
    if slope == 0:
        return low, high
    crossing = needed / slope
    met = weights[place] * slope >= needed
    if met == (slope > 0):
        return min(max(low, crossing), weights[place]), high
    return low, max(min(high, crossing), weights[place])


def _find_room(place: int, plan: Plan) -> tuple[float, float]:
    """Return between what a weight can go while no weight is less than pairs draw on it."""
    weights, drawn = find_weights(plan)
    rest = 1.0 - weights[place]
    if rest <= 0:
        return weights[place], weights[place]
    most = inf
    for at, half in enumerate(drawn):
        if at != place and half > 0:
            most = min(most, 1.0 - half * rest / weights[at])
    return min(drawn[place], weights[place]), max(min(1.0, most), weights[place])
