"""Random errands for the search, small enough to try every set of closures."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any, Final

from small import write_rubric

from pmpromo import parse_rubric
from pmpromo.scoring.effects import Addition, Showing, choose_options, list_bits, make_effects
from pmpromo.scoring.plan import Plan, make_plan
from pmpromo.scoring.search import Errand

if TYPE_CHECKING:
    from random import Random

Content = dict[str, Any]
NAMES: Final = ("one", "two", "three", "four")


def draw_plan(chance: Random, criteria: int, asked: int) -> Plan:
    """Draw a rubric of behaviours: weights, must-haves, the best few, complementary pairs."""
    names = [f"c{place}" for place in range(criteria)]
    parts: list[Content] = []
    for name in names:
        count = chance.randint(1, asked)
        part: Content = {
            "id": name,
            "name": name,
            "weight": chance.choice([1, 2, 5]),
            "requirements": [
                {"fact": f"{name}-{at}", "point": 3, "share": 1} for at in range(count)
            ],
        }
        kind = chance.random()
        if kind < 0.3:
            part["best"] = chance.randint(1, count)
        elif kind < 0.6:
            for each in part["requirements"]:
                each["share"] = chance.choice([1, 2, 3])
        if chance.random() < 0.3:
            part["must_have"] = chance.choice([0.2, 0.4])
        parts.append(part)
    total = sum(part["weight"] for part in parts)
    lightest = min(part["weight"] for part in parts) / total
    pairs = [pair for pair in combinations(names, 2) if chance.random() < 0.3][:3]
    joint = [{"pair": pair, "strength": round(lightest * 0.6, 3)} for pair in pairs]
    content = write_rubric(criteria=parts, complements=joint, bar=chance.choice([0.4, 0.5, 0.6]))
    return make_plan(parse_rubric(content))


def draw_errand(
    chance: Random, closures: int = 8, criteria: int = 3, asked: int = 3, items: int = 4
) -> Errand:
    """Draw closures that bear on some showings, and new items, some of which follow another."""
    plan = draw_plan(chance, criteria, asked)
    after: list[int | None] = [None] * closures
    added = [bit for bit in range(closures) if chance.random() < 0.3]
    for one, other in pairwise(added):
        if chance.random() < 0.3:
            after[other] = one
    changing = [bit for bit in range(closures) if bit not in added]
    owner = {bit: chance.randrange(items) for bit in changing}
    showings: list[tuple[Showing, ...]] = []
    additions: list[tuple[Addition, ...]] = []
    where: dict[int, int] = {}
    for bit in added:
        before = after[bit]
        where[bit] = chance.randrange(len(plan.asked)) if before is None else where[before]
    for index in range(len(plan.asked)):
        shown = [
            draw_showing(chance, item % 3, [bit for bit in changing if owner[bit] == item])
            for item in range(items)
            if chance.random() < 0.5
        ]
        showings.append(tuple(shown))
        additions.append(
            tuple(
                Addition(bit, chance.choice([0.7, 0.832])) for bit in added if where[bit] == index
            )
        )
    effects = make_effects(plan, showings, additions)
    prices = [chance.randint(1, 9) for _ in range(closures)]
    return Errand(effects, prices, after, plan.bar)


def draw_showing(chance: Random, achievement: int, bits: list[int]) -> Showing:
    """Draw what one item counts, more with each closure that bears on it, at times only jointly."""
    bearing = [bit for bit in bits if chance.random() < 0.8]
    factors = {bit: chance.choice([0.0, 0.0, 0.3, 0.6]) for bit in bearing}
    most = chance.choice([0.832, 0.832, 1.0] if bearing else [0.0, 0.2])
    counts = {0: most}
    for factor in factors.values():
        counts[0] *= factor
    for mask in list_masks(bearing):
        left = most
        for bit in bearing:
            left *= 1.0 if mask >> bit & 1 else factors[bit]
        counts[mask] = left
    return Showing(achievement, sum(1 << bit for bit in bearing), counts, choose_options(counts))


def list_masks(bits: list[int]) -> list[int]:
    """List all sets of some closures, smaller ones first."""
    return [
        sum(1 << bit for bit in chosen)
        for size in range(len(bits) + 1)
        for chosen in combinations(bits, size)
    ]


def is_sensible(errand: Errand, mask: int) -> bool:
    """Tell whether each closure of a set has the one that it follows."""
    needed = [before for bit in list_bits(mask) if (before := errand.after[bit]) is not None]
    return all(mask >> before & 1 for before in needed)


def try_all(errand: Errand, barred: int, limit: int) -> list[int]:
    """Return the prices of the cheapest sets that reach the bar, none of which holds another."""
    bits = [bit for bit in range(len(errand.prices)) if not barred >> bit & 1]
    priced = sorted(
        (errand.price(mask), mask) for mask in list_masks(bits) if is_sensible(errand, mask)
    )
    found: list[int] = []
    for _, mask in priced:
        holds = any(known & mask == known for known in found)
        if len(found) < limit and not holds and errand.is_enough(mask):
            found.append(mask)
    return [errand.price(mask) for mask in found]
