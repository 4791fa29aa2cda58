"""The cheapest sum of one point of each frontier that is enough.

A multiple-choice knapsack: the upper hulls of the frontiers give a bound and a first sum that is
enough; then sums are built frontier by frontier, and those that can no longer be cheaper are
dropped (Dyer 1984, doi:10.1007/BF02591729).
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate, pairwise
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from pmpromo.scoring.frontier import SLACK, Point, keep_best, list_uses

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Bound", "find_cheapest"]


class Bound(NamedTuple):
    """What is at least to be paid, and for what: requirements with the closures charged to them."""

    cost: float
    uses: tuple[tuple[int, int], ...]


class _Climb(NamedTuple):
    """A step up the hull of one frontier."""

    slope: float
    cost: float
    gain: float


class _Ramp:
    """The least cost of a gain over several frontiers, if points could be taken in part."""

    def __init__(self, frontiers: Sequence[list[Point]]) -> None:
        self._start = sum(points[0].cost for points in frontiers)
        self._value = sum(points[0].value for points in frontiers)
        climbs = sorted((each for points in frontiers for each in _climb(points)), reverse=True)
        self._costs = [0.0, *accumulate(each.cost for each in climbs)]
        self._gains = [0.0, *accumulate(each.gain for each in climbs)]

    def bound(self, value: float) -> float:
        """Return the least cost of a value; infinite where it is out of reach."""
        needed = value - self._value
        if needed <= 0:
            return self._start
        at = bisect_left(self._gains, needed)
        if at == len(self._gains):
            return inf if needed > self._gains[-1] + SLACK else self._start + self._costs[-1]
        share = (needed - self._gains[at - 1]) / (self._gains[at] - self._gains[at - 1])
        return self._start + self._costs[at - 1] + share * (self._costs[at] - self._costs[at - 1])


def _climb(points: list[Point]) -> list[_Climb]:
    """Return the steps of a frontier's upper hull."""
    hull: list[Point] = []
    for point in points:
        while len(hull) > 1 and _lies_below(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    found = []
    for one, other in pairwise(hull):
        cost, gain = other.cost - one.cost, other.value - one.value
        found.append(_Climb(gain / cost if cost else inf, cost, gain))
    return found


def _lies_below(one: Point, middle: Point, other: Point) -> bool:
    gained = (middle.value - one.value) * (other.cost - one.cost)
    return gained <= (other.value - one.value) * (middle.cost - one.cost)


def find_cheapest(frontiers: list[list[Point]], target: float) -> Bound | None:
    """Return the cheapest sum of a point of each frontier whose value reaches the target.

    >>> steps = [Point(0.0, 0.1, None), Point(2.0, 0.4, (0, 0b1))]
    >>> find_cheapest([steps, [Point(0.0, 0.3, None)]], 0.6)
    Bound(cost=2.0, uses=((0, 1),))
    """
    if not all(frontiers):
        return None
    frontiers = sorted(frontiers, key=len, reverse=True)
    ramps = [_Ramp(frontiers[place:]) for place in range(len(frontiers) + 1)]
    if ramps[0].bound(target) == inf:
        return None
    most = _round_up(frontiers, target)
    sums = [Point(0.0, 0.0, None)]
    for points, ramp in zip(frontiers, ramps[1:], strict=True):
        sums = keep_best(
            Point(cost + more, value + gain, (uses, used))
            for cost, value, uses in sums
            for more, gain, used in points
            if cost + more + ramp.bound(target - value - gain) <= most + SLACK
        )
    best = next(point for point in sums if point.value >= target - SLACK)
    return Bound(best.cost, tuple(list_uses(best.uses)))


def _round_up(frontiers: list[list[Point]], target: float) -> float:
    """Return what a sum costs that climbs the steepest hulls first, until it is enough."""
    value = sum(points[0].value for points in frontiers)
    cost = sum(points[0].cost for points in frontiers)
    climbs = sorted((each for points in frontiers for each in _climb(points)), reverse=True)
    for climb in climbs:
        if value >= target:
            break
        value += climb.gain
        cost += climb.cost
    return cost
