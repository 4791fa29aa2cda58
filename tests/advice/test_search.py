"""The search for the cheapest sets of closures, against trying every set."""

from __future__ import annotations

from random import Random

import pytest
from errands import draw_errand, is_sensible, try_all
from small import ALIGNS, write_rubric

from pmpromo import parse_rubric
from pmpromo.scoring import frontier
from pmpromo.scoring.cheapest import find_cheapest
from pmpromo.scoring.effects import Addition, list_bits, make_effects
from pmpromo.scoring.frontier import Point, group_criteria, keep_best
from pmpromo.scoring.plan import make_plan
from pmpromo.scoring.search import (
    Errand,
    Found,
    bar_followers,
    make_enough,
    make_frontiers,
    search,
    share_prices,
)


def find(errand: Errand, barred: int = 0, limit: int = 4, most_work: int = 200_000) -> Found:
    """Search with fresh frontiers."""
    frontiers = make_frontiers(errand)
    return search(errand, frontiers, barred=barred, limit=limit, most_work=most_work)


def compare(seed: int) -> tuple[list[int], list[int]]:
    """Return what the search lists in one random case, and what trying every set lists."""
    chance = Random(seed)  # noqa: S311 - cases, no secrets
    errand = draw_errand(chance, chance.randint(0, 9), chance.randint(1, 4))
    some = chance.getrandbits(9) & chance.getrandbits(9) & chance.getrandbits(9)
    barred = bar_followers(some & ((1 << len(errand.prices)) - 1), errand.after)
    found = find(errand, barred)
    assert found.bound is None
    assert all(errand.is_enough(mask) and not mask & barred for mask in found.sets)
    assert all(is_sensible(errand, mask) for mask in found.sets)
    return [errand.price(mask) for mask in found.sets], try_all(errand, barred, 4)


def test_the_cheapest_sets_are_those_of_trying_every_set() -> None:
    """The four cheapest sets, none holding another, are found; or it is seen that there are none.

    Among the cases are must-haves, complementary pairs, the best few, and bars out of reach.
    """
    seen = [compare(seed) for seed in range(160)]
    assert [found for found, _ in seen] == [wanted for _, wanted in seen]
    lengths = [len(wanted) for _, wanted in seen]
    assert min(lengths.count(length) for length in (0, 1, 4)) > 10


@pytest.mark.slow
def test_the_cheapest_sets_are_those_of_trying_every_set_thousands_of_times() -> None:
    """The same holds in five thousand more cases."""
    for seed in range(160, 5160):
        found, wanted = compare(seed)
        assert found == wanted, seed


def test_the_cheapest_set_is_found_where_combinations_are_only_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Bounds instead of combinations change nothing of what the search finds."""
    monkeypatch.setattr(frontier, "MOST_TRIED", 1)
    monkeypatch.setattr(frontier, "MOST_POINTS", 3)
    for seed in range(40):
        found, wanted = compare(seed)
        assert found == wanted, seed


def test_a_search_that_stops_early_names_a_bound() -> None:
    """Whatever the work allowed: what it lists is right, and nothing costs less than it says."""
    stopped = 0
    for seed in range(70):
        chance = Random(seed)  # noqa: S311 - cases, no secrets
        errand = draw_errand(chance)
        wanted = try_all(errand, 0, 3)
        found = find(errand, limit=3, most_work=chance.randint(1, 60))
        prices = [errand.price(mask) for mask in found.sets]
        assert prices == wanted[: len(prices)]
        if found.bound is not None:
            stopped += 1
            assert all(found.bound <= price for price in wanted[len(prices) :])
            if found.best is not None:
                assert errand.is_enough(found.best)
                assert is_sensible(errand, found.best)
    assert stopped > 5


def test_the_best_set_met_needs_all_that_it_holds() -> None:
    """What a search that was stopped hands back is without what it could do without."""
    for seed in range(40):
        errand = draw_errand(Random(seed))  # noqa: S311 - cases, no secrets
        best = find(errand, limit=3, most_work=1).best
        for bit in list_bits(best or 0):
            left = (best or 0) & ~(1 << bit)
            assert not (is_sensible(errand, left) and errand.is_enough(left))


def test_what_brings_most_for_its_price_is_added_until_it_is_enough() -> None:
    """Of .7 for 7, .5 for 1 and .3 for 1 the second comes first, then the third."""
    plan = make_plan(parse_rubric(write_rubric({**ALIGNS, "asked": "once"})))
    counts = [Addition(0, 0.7), Addition(1, 0.5), Addition(2, 0.3)]
    errand = Errand(make_effects(plan, [[]], [counts]), [7, 1, 1], [None, None, None], 0.55)
    assert make_enough(errand, 0, 0b111) == 0b110
    follows = Errand(errand.effects, [7, 1, 1], [None, 0, None], 0.55)
    assert make_enough(follows, 0, 0b111) == 0b101


def test_a_set_that_misses_the_bar_by_a_hair_is_not_enough() -> None:
    """One showing brings .5, and the bar is half a billionth higher: it takes both."""
    plan = make_plan(parse_rubric(write_rubric({**ALIGNS, "asked": "once"})))
    effects = make_effects(plan, [[]], [[Addition(0, 0.5), Addition(1, 0.5)]])
    errand = Errand(effects, [1, 2], [None, None], 0.5 + 5e-10)
    assert find(errand).sets == (0b11,)


def test_charges_of_a_closure_add_up_to_its_price() -> None:
    """What requirements are charged for a closure that bears on them is its price, no more."""
    for seed in range(50):
        errand = draw_errand(Random(seed))  # noqa: S311 - cases, no secrets
        shares = share_prices(errand)
        for bit, price in enumerate(errand.prices):
            charged = sum(each.get(bit, 0.0) for each in shares)
            bears = any(bit in each for each in shares)
            assert charged == pytest.approx(price if bears else 0.0)


def test_what_costs_more_and_brings_no_more_is_dropped() -> None:
    """Of points that bring the same the cheapest stays."""
    points = [Point(2.0, 0.5, None), Point(1.0, 0.5, None), Point(3.0, 0.6, None)]
    assert [point.cost for point in keep_best(points)] == [1.0, 3.0]


def test_the_cheapest_sum_is_that_of_trying_all_sums() -> None:
    """Three frontiers, every target: the least cost of a sum that is enough, or none."""
    chance = Random(1)  # noqa: S311 - cases, no secrets
    for _ in range(300):
        frontiers = [
            keep_best(
                [Point(0.0, 0.1 * chance.random(), None)]
                + [Point(float(chance.randint(0, 9)), chance.random(), None) for _ in range(4)]
            )
            for _ in range(3)
        ]
        target = 2.7 * chance.random()
        sums = [
            (a.cost + b.cost + c.cost, a.value + b.value + c.value)
            for a in frontiers[0]
            for b in frontiers[1]
            for c in frontiers[2]
        ]
        wanted = min((cost for cost, value in sums if value >= target), default=None)
        found = find_cheapest(frontiers, target)
        assert (found and found.cost) == (wanted if wanted is None else pytest.approx(wanted))


def test_no_sum_is_found_where_a_must_have_is_out_of_reach() -> None:
    """An empty frontier says that nothing helps."""
    assert find_cheapest([[Point(0.0, 1.0, None)], []], 0.5) is None


def test_criteria_that_count_together_are_one_group() -> None:
    """Pairs that share a criterion make one group of three; what has no pair stands alone."""
    for seed in range(60):
        plan = draw_errand(Random(seed), criteria=4).effects.plan  # noqa: S311 - cases, no secrets
        groups = group_criteria(plan)
        assert sorted(place for group in groups for place in group) == [0, 1, 2, 3]
        for first, second, _ in plan.pairs:
            assert any({first, second} <= set(group) for group in groups)
        assert len(groups) >= 4 - len(plan.pairs)
