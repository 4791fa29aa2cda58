"""From requirements to criteria and totals, many packets at once, with the bits of `kernel`.

Criteria with as many requirements are worked out together. Every mean is a sum of columns in the
rubric's order; least and greatest do not hang on any order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmpromo.scoring.columns import Bools, Floats, Ints
    from pmpromo.scoring.plan import CriterionPlan, Gate, Plan

__all__ = ["Family", "judge_criteria", "list_families", "score_criteria", "score_totals"]


class Family(NamedTuple):
    """Criteria with k requirements each, of which the `best` few count if that is said.

    `criteria` (c,) are their places, `asked` (k, c) those of their requirements; `weights`
    (k, c, 1) and `totals` (c, 1) make their means.
    """

    criteria: Ints
    asked: Ints
    weights: Floats
    totals: Floats
    best: int | None


def list_families(plan: Plan) -> Iterator[Family]:
    """Put criteria together that are worked out alike."""
    alike: dict[tuple[int, int | None], list[int]] = {}
    for place, each in enumerate(plan.criteria):
        alike.setdefault((len(each.asked), each.best), []).append(place)
    for (count, best), places in alike.items():
        members = [plan.criteria[place] for place in places]
        weights = [_weigh(each, count) for each in members]
        yield Family(
            np.array(places),
            np.array([each.asked for each in members]).T,
            np.array([each[0] for each in weights]).T[:, :, np.newaxis],
            np.array([each[1] for each in weights])[:, np.newaxis],
            best,
        )


def _weigh(plan: CriterionPlan, count: int) -> tuple[tuple[float, ...], float]:
    if plan.best is None:
        return plan.mean.weights, plan.mean.total
    return (1.0,) * count, float(plan.best)


def score_criteria(reached: Floats, families: Sequence[Family]) -> Floats:
    """Return the criteria (2, c, p) from what their requirements (2, q, p) reach."""
    count = sum(len(family.criteria) for family in families)
    scores = np.empty((2, count, reached.shape[2]))
    for family in families:
        columns = [reached[:, asked] for asked in family.asked]
        if family.best is not None:
            ranked = np.sort(np.stack(columns), axis=0)[::-1]
            columns = [*ranked[: family.best]]
        scores[:, family.criteria] = _average(columns, family)
    return scores


def _average(columns: Sequence[Floats], family: Family) -> Floats:
    """Return the weighted means of columns, kept inside the range of what they average."""
    total: Floats = family.weights[0] * columns[0]
    least = most = columns[0]
    for weight, column in zip(family.weights[1:], columns[1:], strict=False):
        total += weight * column
        least, most = np.minimum(least, column), np.maximum(most, column)
    total /= family.totals
    return _keep_inside(total, least, most)


def _keep_inside(mean: Floats, least: Floats, most: Floats) -> Floats:
    kept: Floats = np.minimum(np.maximum(mean, least), most)
    return kept


def judge_criteria(scores: Floats, shown: Bools, families: Sequence[Family], bars: Floats) -> Ints:
    """Return how criteria stand, (c, p): 0 met, 1 short of facts, 2 of substance, 3 of anything.

    `shown` (q, p) tells which requirements have rows; `bars` is (c, 1).
    """
    seen = np.zeros(scores.shape[1:], dtype=bool)
    for family in families:
        for asked in family.asked:
            seen[family.criteria] |= shown[asked]
    short = scores[1] < bars
    standing: Ints = (scores[0] < bars).view(np.int8) + short.view(np.int8)
    standing += (short & ~seen).view(np.int8)
    return standing


def score_totals(scores: Floats, plan: Plan) -> Floats:
    """Return the totals (2, p) of criteria (2, c, p), after the gates of the must-haves."""
    total: Floats = plan.total.weights[0] * scores[:, 0]
    for place, weight in enumerate(plan.total.weights[1:], 1):
        total += weight * scores[:, place]
    for first, second, weight in plan.pairs:
        total += weight * np.minimum(scores[:, first], scores[:, second])
    total /= plan.total.total
    total = _keep_inside(total, scores.min(axis=1), scores.max(axis=1))
    for gate in plan.gates:
        total = np.minimum(total, _open(scores[:, gate.place], gate))
    return total


def _open(score: Floats, gate: Gate) -> Floats:
    """Return the highest total that a must-have allows at each score."""
    shut = gate.bar * (gate.base + (1.0 - gate.base) * (score / gate.minimum))
    with np.errstate(all="ignore"):  # a ramp of no length is never looked at
        ramp = gate.bar + (1.0 - gate.bar) * (score - gate.minimum) / (gate.top - gate.minimum)
    opening = np.where(score >= gate.minimum, ramp, np.minimum(shut, gate.below))
    return np.where(score >= gate.top, 1.0, opening)
