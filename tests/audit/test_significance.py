"""Tests and intervals: against scipy, by hand, at their edges, and for very many people."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from pmpromo.audit import Counts, fisher_exact, significance
from pmpromo.audit.significance import (
    NORMAL_95,
    bound_difference,
    bound_rate,
    compute_fisher,
    rarest_p,
    standardise,
    z_to_p,
)

COUNTS: Final = st.integers(1, 40).flatmap(
    lambda n: st.integers(0, n).map(lambda selected: Counts(selected, n))
)


@given(COUNTS, COUNTS)
@example(Counts(3, 3), Counts(3, 3))
@example(Counts(0, 1), Counts(1, 1))
def test_fisher_agrees_with_scipy(group: Counts, other: Counts) -> None:
    """Fisher's two-sided p-value is scipy's, to what scipy's floats can hold."""
    table = [[group.selected, group.others], [other.selected, other.others]]
    expected = stats.fisher_exact(table).pvalue
    assert compute_fisher(group, other).p == pytest.approx(expected, rel=1e-9)


@given(COUNTS, COUNTS)
def test_the_float_is_the_fraction_rounded_once(group: Counts, other: Counts) -> None:
    """The p-value is the nearest float to the exact fraction, which lies in 0..1."""
    exact = fisher_exact(group, other)
    assert 0 < exact <= 1
    assert compute_fisher(group, other).p == float(exact)


def test_fisher_by_counting_every_way() -> None:
    """Of 6 people, 2 of 3 and 0 of 3 selected: all 15 ways to choose two, counted one by one."""
    ways = [len({0, 1, 2} & {*chosen}) for chosen in combinations(range(6), 2)]
    share = {i: Fraction(ways.count(i), 15) for i in range(3)}
    rare = sum((p for p in share.values() if p <= share[2]), Fraction(0))
    assert fisher_exact(Counts(2, 3), Counts(0, 3)) == rare == Fraction(2, 5)
    # 2 and 0 are equally rare, 3/15 each: half of each counts.
    assert compute_fisher(Counts(2, 3), Counts(0, 3)) == (0.4, 0.2)


@given(COUNTS, COUNTS)
def test_shortened_numbers_give_the_same_float(group: Counts, other: Counts) -> None:
    """What is done for very many people gives the exact p-value where both can be had."""
    with pytest.MonkeyPatch.context() as patch:
        exact = compute_fisher(group, other)
        patch.setattr(significance, "MOST_EXACT", 0)
        assert compute_fisher(group, other) == exact


@pytest.mark.parametrize(
    ("group", "other"),
    [
        (Counts(4900, 50_000), Counts(5100, 50_000)),
        (Counts(300, 30_000), Counts(900, 60_000)),
        (Counts(2, 20_000), Counts(7, 9_000)),
    ],
)
def test_fisher_for_very_many_people(group: Counts, other: Counts) -> None:
    """Tens of thousands of people: scipy's value again."""
    table = [[group.selected, group.others], [other.selected, other.others]]
    expected = stats.fisher_exact(table).pvalue
    assert compute_fisher(group, other).p == pytest.approx(expected, rel=1e-7)


def test_a_tie_among_many_people_is_a_tie() -> None:
    """4,000 of 10,000 against 4,200 of 10,000: the mirrored table is as rare, and is counted."""
    group, other = Counts(4000, 10_000), Counts(4200, 10_000)
    found = compute_fisher(group, other)
    # Half of each tail's own table is what mid-p leaves out; both tables weigh the same.
    own = stats.hypergeom.pmf(4000, 20_000, 10_000, 8200)
    assert found.p - found.mid_p == pytest.approx(own, rel=1e-6)
    tail = stats.hypergeom.cdf(4000, 20_000, 10_000, 8200)
    assert found.p == pytest.approx(2 * tail, rel=1e-6)


def test_rates_far_apart_among_a_million_people() -> None:
    """Where p is below what a float can hold counting ends early, and p is 0.

    None of 500,000 against 100,000 of 500,000: in full that would be numbers of 100,000 digits.
    """
    assert compute_fisher(Counts(0, 500_000), Counts(100_000, 500_000)) == (0.0, 0.0)
    assert rarest_p(Counts(100_000, 500_000), Counts(100_100, 500_000)) == 0.0


def test_a_very_small_p_keeps_its_digits() -> None:
    """P near 10^-281 among 20,000 people: scipy's value, which it has by way of logarithms."""
    group, other = Counts(3000, 10_000), Counts(5500, 10_000)
    expected = stats.fisher_exact([[3000, 7000], [5500, 4500]]).pvalue
    found = compute_fisher(group, other).p
    assert math.log(found) == pytest.approx(math.log(expected), rel=1e-9)


@given(COUNTS, COUNTS)
def test_mid_p_is_less_cautious(group: Counts, other: Counts) -> None:
    """The mid-p value is at least half of p and below it."""
    p, mid_p = compute_fisher(group, other)
    assert p / 2 <= mid_p < p


@given(COUNTS, COUNTS)
def test_z_against_its_formula(group: Counts, other: Counts) -> None:
    """Z = (p - q) / sqrt(r (1 - r) (1/n + 1/m)), r the pooled rate; its p is the normal tail."""
    z = standardise(group, other)
    r = (group.selected + other.selected) / (group.n + other.n)
    if z is None:
        assert r in {0.0, 1.0}
        return
    p, q = group.selected / group.n, other.selected / other.n
    expected = (p - q) / math.sqrt(r * (1 - r) * (1 / group.n + 1 / other.n))
    assert z == pytest.approx(expected, abs=1e-12)
    assert z_to_p(z) == pytest.approx(2 * stats.norm.sf(abs(expected)), rel=1e-9)


@given(COUNTS, COUNTS)
def test_tests_do_not_know_who_is_first(group: Counts, other: Counts) -> None:
    """Swapping the groups keeps p and turns z and the interval round."""
    assert compute_fisher(group, other) == compute_fisher(other, group)
    z, turned = standardise(group, other), standardise(other, group)
    assert z == (None if turned is None else -turned)
    low, high = bound_difference(group, other) or (0.0, 0.0)
    assert bound_difference(other, group) == pytest.approx((-high, -low), abs=1e-12)


@given(COUNTS)
def test_wilson_solves_its_equation(counts: Counts) -> None:
    """Each end r of Wilson's interval lies 1.96 standard errors, at r, from the rate."""
    ends = bound_rate(counts)
    assert ends is not None
    assert 0 <= ends[0] <= counts.selected / counts.n <= ends[1] <= 1
    for r in ends:
        if 0 < r < 1:
            error = math.sqrt(r * (1 - r) / counts.n)
            assert abs(counts.selected / counts.n - r) == pytest.approx(NORMAL_95 * error)


@given(COUNTS, COUNTS)
def test_newcombe_holds_the_difference(group: Counts, other: Counts) -> None:
    """The interval lies within -1..1 and holds the difference."""
    low, high = bound_difference(group, other) or (1.0, -1.0)
    difference = group.selected / group.n - other.selected / other.n
    assert -1 <= low <= difference <= high <= 1


def test_nobody_has_no_interval_and_no_z() -> None:
    """Of an empty group nothing can be said."""
    nobody, some = Counts(0, 0), Counts(1, 2)
    assert bound_rate(nobody) is None
    assert (bound_difference(nobody, some), bound_difference(some, nobody)) == (None, None)
    assert (standardise(nobody, some), standardise(some, nobody)) == (None, None)


@pytest.mark.parametrize(
    ("group", "other", "p"),
    [
        (Counts(1, 2), Counts(2, 3), 1 / 10),  # 0 of 2 and 3 of 3: one way of ten
        (Counts(3, 3), Counts(1, 3), 1.0),  # 4 of 6: at least one of 3 is selected, as here 3 of 3
        (Counts(1, 1), Counts(1, 1), 1.0),  # everybody was: there is no other table
    ],
)
def test_rarest(group: Counts, other: Counts, p: float) -> None:
    """The p-value of the fewest that could have been selected, by hand."""
    if group == Counts(3, 3):
        p = 2 * 3 / 15  # 1 and 3, or 3 and 1, of 15 ways three each
    assert rarest_p(group, other) == pytest.approx(p)
