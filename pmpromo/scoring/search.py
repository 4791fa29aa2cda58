"""The cheapest sets of closures that reach the bar, cheapest first, by best-first search.

A node holds some closures in and bars others. Its bound is the cheapest sum of frontier points that
is enough. Where the closures of that sum cost what it costs, and the kernel says they are enough,
they are the cheapest of the node; else the node is split on one closure. Once a set is found, the
sets that lack one of its closures are searched on (Murty 1968, doi:10.1287/opre.16.3.682), so the
next ones come in order, and no set is listed that holds another.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count
from math import ceil
from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.scoring.cheapest import find_cheapest
from pmpromo.scoring.effects import list_bits
from pmpromo.scoring.frontier import SLACK, Charges, Frontiers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pmpromo.scoring.effects import Effects

__all__ = ["MOST_WORK", "Errand", "Found", "bar_followers", "make_frontiers", "rate", "search"]

MOST_WORK: Final = 60_000
"""After so many points of frontiers a search stops and says what it has; some seconds of work."""

CENT: Final = 1e-6
"""Whole prices are told from sums of parts of them by so much."""


DUST: Final = 1e-12
"""Sums of many parts of large prices are off by so much of themselves at most."""


class Errand(NamedTuple):
    """What is looked for: closures with their prices in whole numbers, and a bar to reach."""

    effects: Effects
    prices: Sequence[int]
    after: Sequence[int | None]
    bar: float

    def price(self, mask: int) -> int:
        """Return what a set of closures costs."""
        return sum(self.prices[bit] for bit in list_bits(mask))

    def is_enough(self, mask: int) -> bool:
        """Tell whether a set of closures reaches the bar."""
        return self.effects.score(mask) >= self.bar


class Found(NamedTuple):
    """What a search found: sets in order of price, and how far that is certain."""

    sets: tuple[int, ...]
    bound: int | None
    """Where the search stopped early: no set that is not listed costs less; else none."""
    best: int | None
    """Where the search stopped before it proved any: the cheapest set it met, or some set."""


class _Node(NamedTuple):
    """Closures held in and barred, whatever the rest."""

    held: int
    barred: int


class _Entry(NamedTuple):
    """A node that waits for its turn, or the cheapest set of one, by what they cost at least."""

    cost: int
    order: int
    node: _Node
    found: int | None


def make_frontiers(errand: Errand) -> Frontiers:
    """Make the frontiers of an errand; searches that bar other closures can share them."""
    return Frontiers(errand.effects, Charges(share_prices(errand), errand.after))


def search(
    errand: Errand,
    frontiers: Frontiers,
    *,
    barred: int = 0,
    limit: int = 1,
    most_work: int,
) -> Found:
    """Find up to `limit` sets without the barred closures, the cheapest first."""
    return _Search(errand, frontiers, most_work).run(barred, limit)


class _Search:
    """One search, and what it has come to so far."""

    def __init__(self, errand: Errand, frontiers: Frontiers, most_work: int) -> None:
        self._errand = errand
        self._frontiers = frontiers
        self._left = most_work
        self._order = count()
        self._waiting: list[_Entry] = []
        self._sets: list[int] = []
        self._met: int | None = None
        self._near = 0

    def run(self, barred: int, limit: int) -> Found:
        """Take entries in order of cost until there are enough sets, none is left, or no time."""
        errand = self._errand
        every = ((1 << len(errand.prices)) - 1) & ~barred
        if not errand.is_enough(every):
            return Found((), None, None)
        self._push(0, _Node(0, barred))
        while self._waiting and len(self._sets) < limit and self._left > 0:
            entry = heappop(self._waiting)
            if entry.found is None:
                self._open(entry)
            else:
                self._take(entry, entry.found)
        if not self._waiting or len(self._sets) >= limit:
            return Found(tuple(self._sets), None, None)
        best = None if self._sets else self._settle(every)
        return Found(tuple(self._sets), self._waiting[0].cost, best)

    def _settle(self, every: int) -> int:
        """Return the cheapest set at hand: the best met, or the last looked at, made enough."""
        made = shed(self._errand, make_enough(self._errand, self._near, every))
        met = made if self._met is None else shed(self._errand, self._met)
        return min(made, met, key=self._errand.price)

    def _push(self, cost: int, node: _Node, found: int | None = None) -> None:
        heappush(self._waiting, _Entry(cost, next(self._order), node, found))

    def _open(self, entry: _Entry) -> None:
        """Bound a node: it yields its cheapest set, is split in two, or is empty."""
        errand, node = self._errand, entry.node
        groups = self._frontiers.list_groups(*node)
        self._left -= sum(map(len, groups))
        bound = find_cheapest(groups, errand.bar - SLACK)
        if bound is None:
            return
        least = max(entry.cost, errand.price(node.held) + ceil(bound.cost * (1 - DUST) - CENT))
        chosen = node.held
        for _, mask in bound.uses:
            chosen |= mask
        self._near = chosen
        enough = errand.is_enough(chosen)
        if enough:
            self._meet(chosen)
            if errand.price(chosen) <= least:
                self._push(least, node, chosen)
                return
        split = self._choose_split(node, chosen, bound.uses)
        if split:
            self._push(least, _Node(node.held | split, node.barred))
            self._push(least, _Node(node.held, node.barred | split))

    def _choose_split(self, node: _Node, chosen: int, uses: Sequence[tuple[int, int]]) -> int:
        """Choose the closure of which most is left unpaid; where all is paid, any that is open."""
        errand, shares = self._errand, self._frontiers.charges.of
        unpaid = {bit: float(errand.prices[bit]) for bit in list_bits(chosen & ~node.held)}
        for index, mask in uses:
            for bit in list_bits(mask):
                unpaid[bit] -= shares[index][bit]
        if unpaid:
            return 1 << max(unpaid, key=lambda bit: (unpaid[bit], -bit))
        every = (1 << len(errand.prices)) - 1
        left = every & ~node.held & ~node.barred
        return left & -left

    def _meet(self, chosen: int) -> None:
        """Remember the cheapest set met."""
        if self._met is None or self._errand.price(chosen) < self._errand.price(self._met):
            self._met = chosen

    def _take(self, entry: _Entry, found: int) -> None:
        """List a set, unless it holds a listed one; search on among sets that hold neither."""
        listed = next((each for each in self._sets if each & found == each), None)
        if listed is None:
            self._sets.append(found)
            listed = found
        held = entry.node.held
        for bit in list_bits(listed & ~entry.node.held):
            self._push(entry.cost, _Node(held, entry.node.barred | 1 << bit))
            held |= 1 << bit


def make_enough(errand: Errand, chosen: int, every: int) -> int:
    """Add closures to a set until it is enough, those first that bring most for their price."""
    while not errand.is_enough(chosen):
        stand = errand.effects.score_both(chosen)
        left = [
            bit
            for bit in list_bits(every & ~chosen)
            if errand.after[bit] is None or chosen >> (errand.after[bit] or 0) & 1
        ]
        chosen |= 1 << max(left, key=lambda bit: rate(errand, chosen, bit, stand))
    return chosen


def rate(
    errand: Errand, chosen: int, bit: int, stand: tuple[float, float]
) -> tuple[float, float, int]:
    """Rate a closure by what it gains for its price, then by what it would without must-haves."""
    after, before = errand.effects.score_both(chosen | 1 << bit)
    price = errand.prices[bit]
    return (after - stand[0]) / price, (before - stand[1]) / price, -bit


def shed(errand: Errand, chosen: int) -> int:
    """Return a set without what it does not need, dear closures first.

    What another follows is tried once that is gone.
    """
    dear = sorted(list_bits(chosen), key=lambda bit: -errand.prices[bit])
    for bit in [*dear, *dear]:
        followed = any(errand.after[other] == bit for other in list_bits(chosen))
        if not followed and errand.is_enough(chosen & ~(1 << bit)):
            chosen &= ~(1 << bit)
    return chosen


def bar_followers(barred: int, after: Sequence[int | None]) -> int:
    """Bar, beside some closures, those that make sense only after one of them.

    >>> bin(bar_followers(0b1, [None, 0, None]))
    '0b11'
    """
    followers = sum(
        1 << bit
        for bit, before in enumerate(after)
        if before is not None and barred >> before & 1 and not barred >> bit & 1
    )
    return barred | followers


def share_prices(errand: Errand) -> list[Mapping[int, float]]:
    """Charge each closure to the requirements it bears on, in proportion to what it brings there.

    What it brings is taken alone and on top of all others, so that closures that only bring
    something together are charged where they do.
    """
    effects = errand.effects
    every = (1 << len(errand.prices)) - 1
    bring = [dict(_weigh_gains(errand, index, every)) for index in range(len(effects.plan.asked))]
    sums = [sum(each.get(bit, 0.0) for each in bring) for bit in range(len(errand.prices))]
    return [
        {bit: errand.prices[bit] * gain / sums[bit] for bit, gain in each.items()} for each in bring
    ]


def _weigh_gains(errand: Errand, index: int, every: int) -> Iterator[tuple[int, float]]:
    effects = errand.effects
    weight = _weigh_requirement(errand, index)
    nothing, everything = (effects.score_requirement(index, mask) for mask in (0, every))
    for bit in list_bits(effects.bits[index]):
        alone = effects.score_requirement(index, 1 << bit) - nothing
        last = everything - effects.score_requirement(index, every & ~(1 << bit))
        yield bit, weight * (alone + last) + CENT


def _weigh_requirement(errand: Errand, index: int) -> float:
    """Return how much of the total a requirement is, as far as weights tell."""
    plan = errand.effects.plan
    place = plan.asked[index].criterion
    part = plan.criteria[place]
    joint = [weight for *pair, weight in plan.pairs if place in pair]
    weight = (plan.total.weights[place] + sum(joint) / 2) / plan.total.total
    share = part.mean.weights[part.asked.index(index)] / part.mean.total
    return weight * (share if part.best is None else 1 / part.best)
