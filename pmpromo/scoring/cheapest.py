"""The cheapest sum of one point of each frontier that is enough.

A multiple-choice knapsack: the upper hulls of the frontiers give a bound and a first sum that is
enough; then sums are built frontier by frontier, and those that can no longer be cheaper are
dropped (Dyer 1984, doi:10.1007/BF02591729).
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate, chain, pairwise
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from pmpromo.scoring.frontier import SLACK, Point, keep_best, list_uses

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    top: Point


class _Ramp(NamedTuple):
    """The least cost of a gain over several frontiers, if points could be taken in part.

    From corner to corner: `gains` and `costs` add up, and `rates` are what a unit of gain costs.
    """

    cost: float
    value: float
    gains: list[float]
    costs: list[float]
    rates: list[float]


def _make_ramp(feet: Sequence[Point], hulls: Sequence[list[_Climb]]) -> _Ramp:
    climbs = sorted(chain(*hulls), key=lambda climb: -climb.slope)
    return _Ramp(
        sum(point.cost for point in feet),
        sum(point.value for point in feet),
        [0.0, *accumulate(each.gain for each in climbs)],
        [0.0, *accumulate(each.cost for each in climbs)],
        [*(each.cost / each.gain for each in climbs), inf],
    )


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
        found.append(_Climb(gain / cost if cost else inf, cost, gain, other))
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
    feet, hulls = [points[0] for points in frontiers], [_climb(points) for points in frontiers]
    ramps = [_make_ramp(feet[place:], hulls[place:]) for place in range(len(frontiers) + 1)]
    if ramps[0].gains[-1] < target - ramps[0].value - SLACK:
        return None
    most = _round_up(frontiers, hulls, target) * (1 + SLACK) + SLACK
    sums = [Point(0.0, 0.0, None)]
    for points, ramp in zip(frontiers, ramps[1:], strict=True):
        sums = keep_best(_extend(sums, points, most, ramp._replace(value=ramp.value - target)))
    best = next(point for point in sums if point.value >= target - SLACK)
    return Bound(best.cost, tuple(list_uses(best.uses)))


def _extend(sums: list[Point], points: list[Point], most: float, ramp: _Ramp) -> Iterator[Point]:
    """Add a point of the next frontier to each sum, where what is left can still be paid.

    It is the inner loop of a search: the bound of a ramp is written out in it.
    """
    cost_left, value_left, gains, costs, rates = ramp
    for cost, value, uses in sums:
        for more, gain, used in points:
            spent = cost + more
            if spent > most:
                break
            needed = -value_left - value - gain
            least = spent + cost_left
            if needed > 0:
                at = bisect_left(gains, needed - SLACK) - 1
                least += costs[at] + (needed - gains[at]) * rates[at]
            if least <= most:
                yield Point(spent, value + gain, (uses, used))


def _round_up(frontiers: list[list[Point]], hulls: list[list[_Climb]], target: float) -> float:
    """Return what some sum costs that is enough.

    It climbs the steepest hulls first; the last step is the cheapest that any frontier has.
    """
    stand = [points[0] for points in frontiers]
    cost, value = sum(point.cost for point in stand), sum(point.value for point in stand)
    climbs = sorted(
        ((climb, at) for at, hull in enumerate(hulls) for climb in hull),
        key=lambda found: -found[0].slope,
    )
    for climb, at in climbs:
        if value + climb.gain >= target:
            break
        stand[at] = climb.top
        cost, value = cost + climb.cost, value + climb.gain
    if value >= target:
        return cost
    return cost + min(
        point.cost - now.cost
        for points, now in zip(frontiers, stand, strict=True)
        for point in points
        if value - now.value + point.value >= target - SLACK
    )
