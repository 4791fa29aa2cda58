"""What closures bring: the proven total with any set of them, by the kernel's arithmetic.

A set of closures is a whole number, one bit a closure. What an item counts for a requirement hangs
on the few closures that bear on it, so it is worked out once for each choice of those.
"""

from __future__ import annotations

from functools import cached_property, reduce
from typing import TYPE_CHECKING, NamedTuple

from pmpromo.scoring.closures import read_item
from pmpromo.scoring.kernel import combine, score_criterion, score_total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmpromo.packet import Evidence
    from pmpromo.scoring.closures import Closure, Yard
    from pmpromo.scoring.edits import Edit
    from pmpromo.scoring.plan import Asked, Plan

__all__ = [
    "Addition",
    "Effects",
    "Option",
    "Showing",
    "choose_options",
    "join_bits",
    "list_bits",
    "make_effects",
    "measure_effects",
]


class Option(NamedTuple):
    """A choice of closures, and what counts with it."""

    mask: int
    counts: float


class Showing(NamedTuple):
    """What one item counts for one requirement, by the closures that bear on it."""

    achievement: int
    bits: int
    counts: Mapping[int, float]
    options: tuple[Option, ...]
    """Only choices of which no part counts as much."""


class Addition(NamedTuple):
    """What a new item counts for one requirement, and the closure that adds it."""

    closure: int
    counts: float


class Effects(NamedTuple):
    """Every effect of every closure, by requirement."""

    plan: Plan
    showings: tuple[tuple[Showing, ...], ...]
    additions: tuple[tuple[Addition, ...], ...]
    bits: tuple[int, ...]
    """The closures that bear on each requirement."""
    known: tuple[dict[int, float], ...]
    """Scores of requirements by the closures that bear on them; filled as sets are tried."""

    def score_requirement(self, index: int, mask: int) -> float:
        """Return the proven score of one requirement with a set of closures."""
        mask &= self.bits[index]
        known = self.known[index]
        if mask not in known:
            known[mask] = self._combine(index, mask)
        return known[mask]

    def _combine(self, index: int, mask: int) -> float:
        shown: dict[int, float] = {}
        for each in self.showings[index]:
            counts = each.counts[mask & each.bits]
            if counts > shown.get(each.achievement, 0.0):
                shown[each.achievement] = counts
        added = [each.counts for each in self.additions[index] if mask >> each.closure & 1]
        return combine([*shown.values(), *added], self.plan.asked[index].cap, self.plan.gamma)

    def score_criteria(self, mask: int) -> list[float]:
        """Return the proven scores of the criteria with a set of closures."""
        return [
            score_criterion([self.score_requirement(index, mask) for index in part.asked], part)
            for part in self.plan.criteria
        ]

    def score_both(self, mask: int) -> tuple[float, float]:
        """Return the proven total with a set of closures, and the same before must-haves."""
        before, after = score_total(self.score_criteria(mask), self.plan)
        return after, before

    def score(self, mask: int) -> float:
        """Return the proven total with a set of closures."""
        return self.score_both(mask)[0]


def list_bits(mask: int) -> Iterator[int]:
    """Give the places of the bits of a mask.

    >>> list(list_bits(0b1010))
    [1, 3]
    """
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def measure_effects(closures: Sequence[Closure], yard: Yard) -> Effects:
    """Work out what each closure, and each choice of those that meet, brings."""
    plan = yard.desk.plan
    showings: list[list[Showing]] = [[] for _ in plan.asked]
    for place, item in enumerate(yard.desk.table.items):
        bench = _Bench(place, [(i, c) for i, c in enumerate(closures) if c.place == place], yard)
        for asked, rows in zip(plan.asked, yard.desk.table.rows, strict=True):
            if any(row.item == place for row in rows) or bench.adds(asked):
                showings[asked.index].append(bench.show(asked, item.achievement))
    additions: list[list[Addition]] = [[] for _ in plan.asked]
    for index, closure in enumerate(closures):
        if closure.edit.new is not None:
            for at, counts in _show_new(closure.edit.new, yard):
                additions[at].append(Addition(index, counts))
    return make_effects(plan, showings, additions)


def make_effects(
    plan: Plan, showings: Sequence[Sequence[Showing]], additions: Sequence[Sequence[Addition]]
) -> Effects:
    """Put effects together from what items count, and what new items do, by requirement."""
    bits = tuple(
        join_bits([*(each.bits for each in shown), *(1 << each.closure for each in added)])
        for shown, added in zip(showings, additions, strict=True)
    )
    known: tuple[dict[int, float], ...] = tuple({} for _ in bits)
    return Effects(plan, tuple(map(tuple, showings)), tuple(map(tuple, additions)), bits, known)


def join_bits(masks: Iterable[int]) -> int:
    """Return all closures of several sets.

    >>> join_bits([0b1, 0b100])
    5
    """
    return reduce(int.__or__, masks, 0)


def _show_new(item: Evidence, yard: Yard) -> Iterator[tuple[int, float]]:
    """Give what a new item counts, for every requirement that asks for its facts."""
    for asked, rows in enumerate(read_item(item, [], yard).rows):
        if rows:
            yield asked, max(row.counts.low for row in rows)


class _Bench:
    """One item with the closures that change it, each tried alone and where they meet."""

    def __init__(self, place: int, closures: list[tuple[int, Closure]], yard: Yard) -> None:
        self._item = yard.desk.packet.evidence[place]
        self._closures = closures
        self._yard = yard

    @cached_property
    def _parts(self) -> dict[int, tuple[float, float, float]]:
        """Ownership, credibility and recency as they stand (0), and with each closure alone."""
        tried: dict[int, list[Edit]] = {0: []}
        for index, closure in self._closures:
            edit = closure.edit
            if edit.ownership or edit.support or edit.ended:
                tried[1 << index] = [edit]
        found = {}
        for bit, edits in tried.items():
            read = read_item(self._item, edits, self._yard).items[0]
            found[bit] = (read.ownership.low, read.credibility.low, read.recency.low)
        return found

    @cached_property
    def _weights(self) -> dict[int, float]:
        """Ownership x credibility x recency, by the closures that change one of them."""
        bits = sum(bit for bit, parts in self._parts.items() if parts != self._parts[0])
        return {mask: self._weigh(mask) for mask in _list_parts(bits)}

    def _weigh(self, mask: int) -> float:
        chosen = [parts for bit, parts in self._parts.items() if bit & mask == bit]
        ownership, credibility, recency = (max(part[at] for part in chosen) for at in range(3))
        return ownership * credibility * recency

    def adds(self, asked: Asked) -> bool:
        """Tell whether a closure adds a fact that the requirement asks for."""
        return any(
            fact.fact == asked.fact.id
            for _, closure in self._closures
            for fact in closure.edit.facts
        )

    def show(self, asked: Asked, achievement: int) -> Showing:
        """Return what the item counts for a requirement, by the closures that bear on it."""
        edits = {1 << i: c.edit for i, c in self._closures if _bears_on(c.edit, asked)}
        reached = {
            mask: self._attain([edit for bit, edit in edits.items() if bit & mask], asked)
            for mask in _list_parts(sum(edits))
        }
        weighing: int = max(self._weights)
        counts = {
            mask: reached[mask & sum(edits)] * self._weights[mask & weighing]
            for mask in _list_parts(weighing | sum(edits))
        }
        return Showing(achievement, weighing | sum(edits), counts, choose_options(counts))

    def _attain(self, edits: list[Edit], asked: Asked) -> float:
        rows = read_item(self._item, edits, self._yard).rows[asked.index]
        return max((row.attainment.low for row in rows), default=0.0)


def _bears_on(edit: Edit, asked: Asked) -> bool:
    """Tell whether an edit could change what an item attains for a requirement."""
    names = {asked.fact.id, *(side.fact for side in asked.sides)}
    return (
        any(fact.fact in names for fact in edit.facts)
        or any(lift.behaviour in names for lift in edit.lifts)
        or bool(asked.requirement.sustained and (edit.started or edit.ended))
    )


def _list_parts(mask: int) -> list[int]:
    """List all parts of a mask, smaller ones first, itself last."""
    parts = [0]
    for bit in list_bits(mask):
        parts += [part | 1 << bit for part in parts]
    return parts


def choose_options(counts: Mapping[int, float]) -> tuple[Option, ...]:
    """Choose the masks of which no part counts as much; parts come before what they are part of."""
    kept: list[Option] = []
    for mask, count in counts.items():
        if all(count > each.counts for each in kept if each.mask & mask == each.mask):
            kept.append(Option(mask, count))
    return tuple(kept)
