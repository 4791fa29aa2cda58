"""What must hold for any people whatever."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from hypothesis import assume, given
from hypothesis import strategies as st

from pmpromo.audit import Counts, Impact, measure_counts, measure_impact
from pmpromo.audit.figures import write_p, write_ratio
from pmpromo.audit.rates import bound_ratio, compare_rates, count_shortfall, flips_by_one, is_below

if TYPE_CHECKING:
    import random

PERSON: Final = st.tuples(st.integers(0, 1), st.sampled_from(["A", "B", "C", None]))
PEOPLE: Final = st.lists(PERSON, min_size=1, max_size=30)
COUNTS: Final = st.integers(1, 30).flatmap(
    lambda n: st.integers(0, n).map(lambda selected: Counts(selected, n))
)


def measure(people: list[tuple[int, str | None]]) -> Impact:
    """Measure people, each an outcome and a group."""
    return measure_impact([y for y, _ in people], [group for _, group in people])


@given(PEOPLE, st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing(
    people: list[tuple[int, str | None]], shuffler: random.Random
) -> None:
    """A permutation of the people gives the same impact and the same report."""
    before = measure(people)
    shuffler.shuffle(people)
    assert measure(people) == before
    assert str(measure(people)) == str(before)


@given(st.dictionaries(st.sampled_from("ABCDE"), COUNTS, min_size=1), st.randoms())
def test_the_order_of_groups_changes_nothing(
    counts: dict[str, Counts], shuffler: random.Random
) -> None:
    """Groups given in another order give the same impact."""
    names = list(counts)
    shuffler.shuffle(names)
    assert measure_counts({name: counts[name] for name in names}) == measure_counts(counts)


@given(PEOPLE)
def test_counts_add_up(people: list[tuple[int, str | None]]) -> None:
    """Everybody is counted once: in a group, or among the unknown."""
    table = measure(people)["group"]
    assert table.known.n + table.unknown.n == len(people)
    assert table.known.selected + table.unknown.selected == sum(y for y, _ in people)


@given(PEOPLE)
def test_merging_groups_adds_their_counts(people: list[tuple[int, str | None]]) -> None:
    """Calling B and C one group adds their counts; its rate lies between theirs."""
    before = {row.group: row for row in measure(people)["group"].groups}
    assume({"B", "C"} <= before.keys())
    joined = [(y, "B" if group == "C" else group) for y, group in people]
    after = measure(joined)["group"]["B"]
    b, c = before["B"], before["C"]
    assert after.counts == b.counts.add(c.counts.selected, c.counts.others)
    rates = sorted([b.rate or Fraction(0), c.rate or Fraction(0)])
    assert after.rate is not None
    assert rates[0] <= after.rate <= rates[1]


@given(COUNTS, COUNTS, st.integers(2, 50))
def test_copies_of_everybody_keep_the_ratio(group: Counts, other: Counts, times: int) -> None:
    """Everybody counted many times over: the same ratio, the same answer on four fifths."""
    many = [Counts(each.selected * times, each.n * times) for each in (group, other)]
    assert compare_rates(*many) == compare_rates(group, other)


@given(COUNTS, COUNTS)
def test_the_shortfall_is_exactly_enough(group: Counts, other: Counts) -> None:
    """With the shortfall made up the ratio is not below four fifths, and with one fewer it is."""
    shortfall = count_shortfall(group, other)
    assume(shortfall is not None)
    assert shortfall is not None
    reached = Counts(group.selected + shortfall, group.n)
    assert not is_below(compare_rates(reached, other))
    if shortfall:
        assert is_below(compare_rates(reached._replace(selected=reached.selected - 1), other))


@given(COUNTS, COUNTS)
def test_a_flip_is_one_persons_outcome(group: Counts, other: Counts) -> None:
    """Flips says whether one of at most four neighbouring tables gives another answer."""
    today = is_below(compare_rates(group, other))
    assume(today is not None)
    (k, n), (j, m) = group, other
    tables = [
        ((k - 1, n), (j, m)),
        ((k + 1, n), (j, m)),
        ((k, n), (j - 1, m)),
        ((k, n), (j + 1, m)),
    ]
    answers = [
        is_below(compare_rates(Counts(*one), Counts(*two)))
        for one, two in tables
        if 0 <= one[0] <= n and 0 <= two[0] <= m
    ]
    assert flips_by_one(group, other) is any(answer is not today for answer in answers)


@given(COUNTS, COUNTS, st.integers(0, 5), st.integers(0, 5), st.data())
def test_bounds_hold_whatever_group_the_unknown_are_of(
    group: Counts, other: Counts, selected: int, others: int, data: st.DataObject
) -> None:
    """However the unknown are shared out between the two, the ratio lies within its bounds."""
    assume(other.selected)
    low, high = bound_ratio(group, other, Counts(selected, selected + others))
    some, more = data.draw(st.integers(0, selected)), data.draw(st.integers(0, others))
    ratio = compare_rates(group.add(some, more), other.add(selected - some, others - more))
    assert low is not None
    assert ratio is not None
    assert high is not None
    assert low <= ratio <= high


@given(PEOPLE)
def test_no_ratio_to_the_highest_is_above_one(people: list[tuple[int, str | None]]) -> None:
    """Held against the highest rate no ratio exceeds 1, and the comparator's own is 1."""
    table = measure(people)["group"]
    ratios = {row.group: row.ratio for row in table.groups if row.ratio is not None}
    assert all(ratio <= 1 for ratio in ratios.values())
    assert table.comparator is None or ratios[table.comparator] == 1


@given(st.lists(st.integers(-5, 5), min_size=1))
def test_at_most_half_lie_above_the_median(scores: list[int]) -> None:
    """Never more than half of all scores lie strictly above the median."""
    impact = measure_impact(scores, ["A"] * len(scores), kind="scoring")
    assert 2 * impact["group"].known.selected <= len(scores)


@given(st.lists(st.integers(-50, 50), min_size=1), st.sampled_from([0.5, 3, Fraction(1, 7)]))
def test_scaling_scores_changes_no_count(scores: list[int], factor: Fraction | float) -> None:
    """Scores in another unit give the same counts."""
    groups = [f"g{i % 3}" for i in range(len(scores))]
    before = measure_impact(scores, groups, kind="scoring")
    after = measure_impact([score * factor for score in scores], groups, kind="scoring")
    assert after.attributes == before.attributes


@given(st.fractions(0, 2))
def test_a_written_ratio_stays_on_its_side(ratio: Fraction) -> None:
    """What is printed as 0.80 or more is not below four fifths, and the reverse."""
    assert (Fraction(write_ratio(ratio)) < Fraction(4, 5)) == (ratio < Fraction(4, 5))


@given(st.floats(0, 1))
def test_a_written_p_stays_on_its_side(p: float) -> None:
    """What is printed below .05 is below it, and the reverse."""
    assert (float(write_p(p).lstrip("<")) < 0.05) == (p < 0.05)


@given(PEOPLE)
def test_json_keeps_everything(people: list[tuple[int, str | None]]) -> None:
    """JSON text gives the same impact back."""
    impact = measure(people)
    assert Impact.from_json(impact.to_json()) == impact
