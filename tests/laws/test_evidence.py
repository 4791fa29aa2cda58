"""What more, or less, evidence may do to a score."""

from __future__ import annotations

import math
from copy import deepcopy
from typing import TYPE_CHECKING

import strategies
from hypothesis import assume, given
from hypothesis import strategies as st
from judges import Judge, keep_law
from strategies import cases

if TYPE_CHECKING:
    from strategies import Content

Case = tuple["Content", "Content"]


@keep_law
@given(cases())
def test_proven_lies_below_possible(judge: Judge, case: Case) -> None:
    """Every score, of a criterion or in total, has 0 <= proven <= possible <= 1."""
    for proven, possible in judge(*case).intervals:
        assert 0 <= proven <= possible <= 1


@keep_law
@given(cases(), st.data())
def test_a_copy_changes_nothing(judge: Judge, case: Case, data: st.DataObject) -> None:
    """An exact copy of an item under the same achievement moves no bit of any score."""
    rubric, packet = case
    copied = data.draw(strategies.with_copied_item(packet))
    assert judge(rubric, copied) == judge(rubric, packet)


@keep_law
@given(cases(), st.data())
def test_a_repeated_voice_changes_nothing(judge: Judge, case: Case, data: st.DataObject) -> None:
    """A second voice of the same standing that says the same moves no bit of any score or gap."""
    rubric, packet = case
    repeated = data.draw(strategies.with_repeated_voice(packet))
    assert judge(rubric, repeated).everything == judge(rubric, packet).everything


@keep_law
@given(cases(), st.data())
def test_another_item_never_lowers(judge: Judge, case: Case, data: st.DataObject) -> None:
    """One more item that nobody disputes and that links no others lowers neither end of a score."""
    rubric, packet = case
    more = data.draw(strategies.with_new_item(packet, rubric))
    pairs = zip(judge(rubric, packet).intervals, judge(rubric, more).intervals, strict=True)
    for before, after in pairs:
        assert before[0] <= after[0]
        assert before[1] <= after[1]


@keep_law
@given(cases(), st.data())
def test_a_supplied_fact_narrows(judge: Judge, case: Case, data: st.DataObject) -> None:
    """Supplying one unknown fact gives an interval inside the one before.

    It does not hold for what links two items (their scores then count once), for support beyond
    what the rubric thinks possible, nor for a point or a dispute that a voice adds.
    """
    rubric, packet = case
    known = data.draw(strategies.supplied(packet, rubric))
    pairs = zip(judge(rubric, packet).intervals, judge(rubric, known).intervals, strict=True)
    for before, after in pairs:
        assert before[0] <= after[0] <= after[1] <= before[1]


def drop_sides(rubric: Content) -> Content:
    """Return a rubric without side targets."""
    plain = deepcopy(rubric)
    for criterion in plain["criteria"]:
        for requirement in criterion["requirements"]:
            requirement.pop("provided", None)
    return plain


@keep_law
@given(cases(), st.data())
def test_splitting_never_raises(judge: Judge, case: Case, data: st.DataObject) -> None:
    """The facts of one item divided between two of the same achievement raise no score.

    With side targets this holds of the proven end alone: a side figure that is moved to another
    item is no longer stated beside the first, and may be anything.
    """
    rubric, packet = case
    divided = data.draw(strategies.split(packet))
    pairs = zip(judge(rubric, packet).intervals, judge(rubric, divided).intervals, strict=True)
    assert all(after[0] <= before[0] for before, after in pairs)
    plain = drop_sides(rubric)
    pairs = zip(judge(plain, packet).intervals, judge(plain, divided).intervals, strict=True)
    assert all(after[1] <= before[1] for before, after in pairs)


extremes = st.sampled_from([0.0, 5e-324, 1e-300, 1e-9, 1.0, 1e18, -1e18, -5e-324])
"""Figures at the edges of what a number may be."""


@keep_law
@given(cases(), st.data())
def test_every_number_is_finite(judge: Judge, case: Case, data: st.DataObject) -> None:
    """Figures as small or as large as a file may hold give finite scores and gains."""
    rubric, packet = deepcopy(case)
    for item in packet["evidence"]:
        for fact in item["facts"]:
            if "metric" in fact:
                fact |= {"value": data.draw(extremes), "baseline": data.draw(extremes)}
    for criterion in rubric["criteria"]:
        for asked in criterion["requirements"]:
            for key in {"at_least", "more_than", "at_most", "less_than"} & asked.keys():
                asked[key] = data.draw(extremes)
    seen = judge(rubric, packet)
    assert all(0 <= proven <= possible <= 1 for proven, possible in seen.intervals)
    assert all(math.isfinite(gap.gain) for gap in seen.gaps)
    assert all(math.isfinite(gap.gain_before_gates) for gap in seen.gaps)


@keep_law
@given(cases())
def test_closing_a_gap_never_lowers(judge: Judge, case: Case) -> None:
    """Under a closure that gives the most, every gain is at least 0, and at most 1."""
    rubric, packet = deepcopy(case)
    rubric.get("evidence", {}).pop("closure", None)
    for gap in judge(rubric, packet).gaps:
        assert 0 <= gap.gain <= 1
        assert 0 <= gap.gain_before_gates <= 1


@keep_law
@given(cases())
def test_gaps_come_in_the_order_of_their_gain(judge: Judge, case: Case) -> None:
    """What gains most comes first, then what would gain most before the gates, then by name."""
    order = [(-gap.gain, -gap.gain_before_gates, gap.criterion) for gap in judge(*case).gaps]
    assume(len(order) > 1)
    assert order == sorted(order)
