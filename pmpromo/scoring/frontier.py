"""Frontiers: for a requirement, a criterion, a rubric, the most that each effort can bring.

A point is a choice of closures with what it costs and what it brings. What costs more and brings no
more is dropped. A closure that bears on several requirements is charged to each of them in part, so
that the parts add up to its cost: no set of closures then costs less than its points together, and
the cheapest sum of points that is enough is a bound on the cheapest set.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.scoring.effects import join_bits, list_bits
from pmpromo.scoring.kernel import combine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmpromo.scoring.effects import Effects
    from pmpromo.scoring.plan import CriterionPlan, Plan

__all__ = ["SLACK", "Charges", "Frontiers", "Point", "add_points", "keep_best", "list_uses"]

TIE: Final = 1e-12
"""What brings no more than so much more brings the same."""

SLACK: Final = 1e-9
"""Sums of parts may be so far from the kernel's total; the kernel has the last word."""

MOST_POINTS: Final = 64
"""A frontier of more points is thinned to bounds, which are quick; splits make them exact again."""

MOST_TRIED: Final = 400
"""So many combinations for one requirement, or one group of criteria, are tried one by one."""


class Point(NamedTuple):
    """A choice of closures: what it costs, what it brings, and where it is charged."""

    cost: float
    value: float
    uses: object
    """A tree of pairs; its leaves name a requirement and the closures it is charged for."""


class Charges(NamedTuple):
    """What closures cost, requirement by requirement, and which make sense only after another."""

    of: Sequence[Mapping[int, float]]
    after: Sequence[int | None]

    def sum_up(self, index: int, mask: int) -> float:
        """Return what a requirement is charged for a set of closures."""
        charged = self.of[index]
        return sum(charged[bit] for bit in list_bits(mask))


class _Choice(NamedTuple):
    """A choice for one achievement: what it costs, what then counts, and its closures."""

    cost: float
    counts: tuple[float, ...]
    mask: int


def list_uses(uses: object) -> Iterator[tuple[int, int]]:
    """Give the requirements of a point's uses, each with the closures it is charged for.

    >>> sorted(list_uses((None, ((0, 0b1), (1, 0b100)))))
    [(0, 1), (1, 4)]
    """
    waiting = [uses]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple):
            if isinstance(one[0], int):
                yield one
            else:
                waiting += one


def keep_best(points: Iterable[Point]) -> list[Point]:
    """Keep, in order of cost, what brings more than all that costs no more.

    >>> [point[:2] for point in keep_best([Point(2, 0.5, None), Point(1, 0.5, None)])]
    [(1, 0.5)]
    """
    kept, best = [], -1.0
    for point in sorted(points, key=_rank):
        if point[1] > best + TIE:
            kept.append(point)
            best = point[1]
    return kept if len(kept) <= MOST_POINTS else _thin(kept)


def _thin(points: list[Point]) -> list[Point]:
    """Take points that follow each other as one that costs the least of them and brings the most.

    So bounds stay bounds. The first point, which is what there is today, stays as it is.
    """
    run = len(points) // MOST_POINTS + 1
    return [
        points[0],
        *(
            points[min(at + run, len(points)) - 1]._replace(cost=points[at].cost)
            for at in range(1, len(points), run)
        ),
    ]


def _rank(point: Point) -> tuple[float, float]:
    return (point[0], -point[1])


def add_points(ones: list[Point], others: list[Point]) -> list[Point]:
    """Return the frontier of sums of a point of each."""
    return keep_best(
        Point(cost + more, value + gain, (uses, used))
        for cost, value, uses in ones
        for more, gain, used in others
    )


def _scale(points: list[Point], share: float) -> list[Point]:
    return [Point(cost, value * share, uses) for cost, value, uses in points]


_NOTHING: Final = (Point(0.0, 0.0, None),)


class Frontiers:
    """The frontiers of one packet, for any closures held in (done) or barred (never done).

    They are worked out when asked for, and kept: few of them change with one closure.
    """

    def __init__(self, effects: Effects, charges: Charges) -> None:
        self._effects = effects
        self._plan = effects.plan
        self.charges = charges
        self._groups = group_criteria(effects.plan)
        self._touched = _find_touched(effects, self._groups)
        self._known: dict[tuple[str, int, int, int], list[Point]] = {}

    def list_groups(self, held: int, barred: int) -> list[list[Point]]:
        """Return a frontier for each group of criteria, in parts of the total.

        An empty one says that no closures reach a must-have.
        """
        return [self._find("group", place, held, barred) for place in range(len(self._groups))]

    def _find(self, kind: str, place: int, held: int, barred: int) -> list[Point]:
        bits = self._touched[kind][place]
        key = (kind, place, held & bits, barred & bits)
        if key not in self._known:
            work_out = {
                "asked": self._work_out_asked,
                "criterion": self._work_out_criterion,
                "group": self._work_out_group,
            }[kind]
            self._known[key] = work_out(place, held & bits, barred & bits)
        return self._known[key]

    def _work_out_asked(self, index: int, held: int, barred: int) -> list[Point]:
        """Try every combination of choices for one requirement; where there are many, bound it."""
        asked = self._plan.asked[index]
        groups = [*self._list_shown(index, held, barred), *self._list_added(index, held, barred)]

        def score(counts: Iterable[float]) -> float:
            return combine(counts, asked.cap, self._plan.gamma)

        if prod(map(len, groups)) <= MOST_TRIED:
            return keep_best(
                Point(
                    sum(each.cost for each in chosen),
                    score([count for each in chosen for count in each.counts]),
                    (index, sum(each.mask for each in chosen)),
                )
                for chosen in product(*groups)
            )
        return self._bound_asked(index, groups)

    def _bound_asked(self, index: int, groups: list[list[_Choice]]) -> list[Point]:
        """Bound a requirement: together, choices bring at most what each of them brings alone."""
        asked = self._plan.asked[index]
        base = [group[0].counts for group in groups]
        today = combine([count for counts in base for count in counts], asked.cap, self._plan.gamma)
        points = [Point(0.0, today, None)]
        for place, group in enumerate(groups):
            others = [count for counts in base[:place] + base[place + 1 :] for count in counts]
            alone = [
                Point(
                    each.cost,
                    combine([*others, *each.counts], asked.cap, self._plan.gamma) - today,
                    (index, each.mask),
                )
                for each in group
            ]
            points = add_points(points, alone)
        return [point._replace(value=min(1.0, point.value)) for point in points]

    def _list_shown(self, index: int, held: int, barred: int) -> Iterator[list[_Choice]]:
        """Give the choices of each achievement shown; of its items the best one counts."""
        found: defaultdict[int, list[_Choice]] = defaultdict(list)
        for showing in self._effects.showings[index]:
            for mask, _ in showing.options:
                if not mask & barred:
                    counts = showing.counts[(mask | held) & showing.bits]
                    cost = self.charges.sum_up(index, mask & ~held)
                    found[showing.achievement].append(_Choice(cost, (counts,), mask & ~held))
        for choices in found.values():
            yield _keep_best_choices(choices)

    def _list_added(self, index: int, held: int, barred: int) -> Iterator[list[_Choice]]:
        """Give the choices of new items: none, the first, the first and the second."""
        counts = {each.closure: each.counts for each in self._effects.additions[index]}
        for chain in _find_chains(counts, self.charges.after):
            choices = []
            for length in range(len(chain) + 1):
                mask = sum(1 << closure for closure in chain[:length])
                needed = held & sum(1 << closure for closure in chain)
                if not mask & barred and mask & needed == needed:
                    cost = self.charges.sum_up(index, mask & ~held)
                    shown = tuple(counts[closure] for closure in chain[:length])
                    choices.append(_Choice(cost, shown, mask & ~held))
            yield choices

    def _work_out_criterion(self, place: int, held: int, barred: int) -> list[Point]:
        part = self._plan.criteria[place]
        frontiers = [self._find("asked", index, held, barred) for index in part.asked]
        return (
            _average(frontiers, part) if part.best is None else _average_best(frontiers, part.best)
        )

    def _work_out_group(self, group: int, held: int, barred: int) -> list[Point]:
        places = self._groups[group]
        frontiers = []
        for place in places:
            points = self._find("criterion", place, held, barred)
            minimum = max(
                (gate.minimum for gate in self._plan.gates if gate.place == place), default=0.0
            )
            frontiers.append([point for point in points if point.value >= minimum - SLACK])
        if len(places) > 1 and prod(map(len, frontiers)) <= MOST_TRIED:
            return keep_best(self._join(places, chosen) for chosen in product(*frontiers))
        return self._bound_group(places, frontiers)

    def _join(self, places: Sequence[int], chosen: Sequence[Point]) -> Point:
        """Join the points of criteria that count together: their part of the total is exact."""
        score = dict(zip(places, (point.value for point in chosen), strict=True))
        total = self._plan.total
        value = sum(total.weights[place] * score[place] for place in places)
        for first, second, weight in self._plan.pairs:
            if first in score:
                value += weight * min(score[first], score[second])
        uses: object = None
        for point in chosen:
            uses = (uses, point.uses)
        return Point(sum(point.cost for point in chosen), value / total.total, uses)

    def _bound_group(self, places: Sequence[int], frontiers: list[list[Point]]) -> list[Point]:
        """Bound criteria that count together: the lower of two is at most their mean."""
        total = self._plan.total
        points = list(_NOTHING)
        for place, frontier in zip(places, frontiers, strict=True):
            joint = [weight for *pair, weight in self._plan.pairs if place in pair]
            weight = total.weights[place] + sum(joint) / 2
            points = add_points(points, _scale(frontier, weight / total.total))
        return points


def _average(frontiers: list[list[Point]], part: CriterionPlan) -> list[Point]:
    points = list(_NOTHING)
    for frontier, weight in zip(frontiers, part.mean.weights, strict=True):
        points = add_points(points, _scale(frontier, weight / part.mean.total))
    return points


def _average_best(frontiers: list[list[Point]], best: int) -> list[Point]:
    """Return the frontier of the mean of the best few: whichever few are chosen, at the most."""
    layers: list[list[Point]] = [list(_NOTHING), *([] for _ in range(best))]
    for frontier in frontiers:
        scaled = _scale(frontier, 1 / best)
        for chosen in range(best, 0, -1):
            layers[chosen] = keep_best([*layers[chosen], *add_points(layers[chosen - 1], scaled)])
    return layers[best]


def _keep_best_choices(choices: list[_Choice]) -> list[_Choice]:
    kept: list[_Choice] = []
    for choice in sorted(choices, key=lambda each: (each.cost, each.counts[0] * -1)):
        if not kept or choice.counts > kept[-1].counts:
            kept.append(choice)
    return kept


def _find_chains(known: Iterable[int], after: Sequence[int | None]) -> list[list[int]]:
    """Put new items in chains, each after the one it makes sense after."""
    chains: list[list[int]] = []
    for closure in sorted(known):
        chain = next((each for each in chains if each[-1] == after[closure]), None)
        if chain is None:
            chains.append([closure])
        else:
            chain.append(closure)
    return chains


def group_criteria(plan: Plan) -> list[tuple[int, ...]]:
    """Group criteria that count together, directly or through others; the rest stand alone."""
    groups = [{place} for place in range(len(plan.criteria))]
    for first, second, _ in plan.pairs:
        one, other = (
            next(group for group in groups if place in group) for place in (first, second)
        )
        if one is not other:
            one |= other
            groups.remove(other)
    return [tuple(sorted(group)) for group in groups]


def _find_touched(effects: Effects, groups: list[tuple[int, ...]]) -> dict[str, list[int]]:
    """Return the closures that bear on each requirement, criterion and group."""
    parts = effects.plan.criteria
    criteria = [join_bits(effects.bits[index] for index in part.asked) for part in parts]
    joined = [join_bits(criteria[place] for place in group) for group in groups]
    return {"asked": list(effects.bits), "criterion": criteria, "group": joined}
