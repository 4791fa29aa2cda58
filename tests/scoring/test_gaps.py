"""Gaps: of what kind each is, and what closing it alone brings, derived by hand.

One's own word counts .3; with the manager and another function, as closed gaps have it, it counts
1 - .7 * .6 * .4 = .832.
"""

from __future__ import annotations

from typing import Any, Final

import pytest
from small import write_item, write_packet, write_rubric

from pmpromo import Gap, assess, parse_packet, parse_rubric

Content = dict[str, Any]

OWN: Final = 0.3
BACKED: Final = 0.832

VISITS: Final[Content] = {"fact": "visits", "at_least": 10, "unit": "count"}
ALIGNS: Final[Content] = {"fact": "aligns", "point": 3}
PLAN: Final[Content] = {"fact": "plan", "sections": ["a", "b"], "reviewers": ["cto", "vp"]}
MET: Final[Content] = {"metric": "visits", "value": 10, "unit": "count", "status": "realised"}
SEEN: Final[Content] = {"behaviour": "aligns", "point": 3}


def find(rubric: Content, *items: Content, **content: object) -> tuple[Gap, ...]:
    """Return the gaps of a packet of these items."""
    return assess(parse_packet(write_packet(*items, **content)), parse_rubric(rubric)).gaps


def show(gaps: tuple[Gap, ...]) -> dict[str, tuple[str, float]]:
    """Return nature and gain of each kind of gap."""
    assert len({gap.kind for gap in gaps}) == len(gaps)
    return {gap.kind: (gap.nature, gap.gain) for gap in gaps}


def near(nature: str, gain: float) -> tuple[str, object]:
    """Return what is expected of a gap."""
    return nature, pytest.approx(gain, abs=1e-12)


@pytest.mark.parametrize(
    ("requirement", "gain"),
    [
        (VISITS, BACKED),
        (PLAN, BACKED),
        (ALIGNS, 0.7),  # one showing of what is asked repeatedly brings no more
        ({**ALIGNS, "asked": "once"}, BACKED),
    ],
)
def test_what_is_absent_brings_one_closed_item(requirement: Content, gain: float) -> None:
    """Nothing is shown: closing it adds one item, led, confirmed and new."""
    (gap,) = find(write_rubric(requirement))
    assert (gap.kind, gap.nature, gap.evidence) == ("absent", "absent", ())
    assert gap.gain == pytest.approx(gain)


def test_an_unmeasured_figure_brings_what_the_item_counts() -> None:
    """A figure of unknown status proves nothing; realised, it counts one's own word."""
    item = write_item({**MET, "status": None})
    assert show(find(write_rubric(VISITS), item)) == {
        "unmeasured": near("documentation", OWN),
        # whose figure proves nothing gains nothing from more voices
        "uncorroborated": near("documentation", 0),
    }


def test_what_is_unknown_closes_as_far_as_it_can() -> None:
    """One of four parts is had and two are unknown: writing down brings two, work the last one."""
    item = write_item({"artifact": "plan", "sections": ["a"]})
    assert show(find(write_rubric(PLAN), item)) == {
        "unmeasured": near("documentation", OWN * (0.75 - 0.25)),
        "short": near("substance", OWN * (1 - 0.25)),
        "uncorroborated": near("documentation", (BACKED - OWN) * 0.25),
    }


def test_a_short_figure_brings_the_rest() -> None:
    """Half of what is asked counts half; the other half is new work."""
    gaps = show(find(write_rubric(VISITS), write_item({**MET, "value": 5})))
    assert gaps["short"] == near("substance", OWN / 2)


@pytest.mark.parametrize(
    ("part", "nature", "gain"),
    [
        ({"ownership": None}, "documentation", OWN),
        ({"ownership": "supported"}, "substance", OWN * 0.9),
        ({"ownership": None, "share": 0.6}, "substance", OWN * 0.4),
    ],
)
def test_a_small_part_is_work_and_an_unknown_one_writing(
    part: Content, nature: str, gain: float
) -> None:
    """Who led is credited in full: that is to be said, or to be done."""
    gaps = show(find(write_rubric(VISITS), write_item(MET, **part)))
    assert gaps["unowned"] == near(nature, gain)


@pytest.mark.parametrize(
    ("support", "gain"),
    [
        ("none", BACKED - OWN),
        ([{"relation": "manager"}], BACKED - 0.58),
        ([{"relation": "peer"}], 1 - 0.7 * 0.6 * 0.6 * 0.4 - 0.58),
        ([{"relation": "peer", "agrees": False}], (BACKED - OWN) / 2),  # a dispute halves both
        ([{"relation": "skip"}, {"relation": "cross_functional"}], None),
    ],
)
def test_missing_voices_bring_what_they_add(support: object, gain: float | None) -> None:
    """The manager and another function are added to those who are there already."""
    gaps = show(find(write_rubric(VISITS), write_item(MET, support=support)))
    assert gaps.get("uncorroborated") == (None if gain is None else near("documentation", gain))


@pytest.mark.parametrize(
    ("dates", "nature"),
    [({"ended": "2020-01-01"}, "substance"), ({}, "documentation")],
)
def test_old_work_is_shown_again_and_undated_work_dated(dates: Content, nature: str) -> None:
    """At the floor of .25 three quarters are lost, whether the age is known or feared."""
    gaps = show(find(write_rubric(VISITS), write_item(MET, in_progress=False, **dates)))
    assert gaps["stale"] == near(nature, OWN * 0.75)


def test_one_showing_of_a_habit_asks_for_a_second() -> None:
    """A closed item ranks first at the cap of .7, the one there is second: .7 + .3 * .6 * .3."""
    gaps = show(find(write_rubric(ALIGNS), write_item(SEEN)))
    assert gaps["single"] == near("substance", 0.7 + 0.3 * 0.6 * OWN - OWN)


def test_two_items_of_one_achievement_are_one_showing() -> None:
    """A piece of work told twice is still shown once, and two pieces are not single."""
    told_twice = [write_item(SEEN, id=name, achievement="one") for name in "ab"]
    assert "single" in {gap.kind for gap in find(write_rubric(ALIGNS), *told_twice)}
    two = [write_item(SEEN, id=name) for name in "ab"]
    assert "single" not in {gap.kind for gap in find(write_rubric(ALIGNS), *two)}


def test_what_closes_an_item_acts_on_all_that_it_shows() -> None:
    """A voice behind one item lifts both requirements, and each names the same gain."""
    rubric = write_rubric(VISITS, {**ALIGNS, "asked": "once"})
    gaps = find(rubric, write_item(MET, SEEN))
    joint = {gap.requirement: gap.gain for gap in gaps if gap.kind == "uncorroborated"}
    assert joint == {
        "visits": pytest.approx(BACKED - OWN),
        "aligns": pytest.approx(BACKED - OWN),
    }


def test_the_best_row_is_the_one_to_mend() -> None:
    """Of two items the stronger one is taken, of two alike the first by name."""
    weak, strong = write_item({**MET, "value": 4}, id="weak"), write_item(MET, id="strong")
    assert {gap.evidence for gap in find(write_rubric(VISITS), weak, strong)} == {("strong",)}
    alike = [write_item(MET, id=name) for name in ("b", "a")]
    assert {gap.evidence for gap in find(write_rubric(VISITS), *alike)} == {("a",)}


def write_criteria(*criteria: Content, **content: object) -> Content:
    """Return a rubric of several criteria, named and equally heavy unless they say otherwise."""
    named = [
        {"id": f"c{place}", "name": f"C{place}", "weight": 1, **criterion}
        for place, criterion in enumerate(criteria)
    ]
    return write_rubric(criteria=named, **content)


def test_a_missed_must_have_holds_a_gain_down_and_is_named() -> None:
    """Backed, three quarters of .832 are .624; an empty must-have allows .6 of the bar, .45."""
    rubric = write_criteria(
        {"weight": 3, "requirements": [VISITS]}, {"must_have": 0.5, "requirements": [ALIGNS]}
    )
    backed, shown = sorted(
        (gap for gap in find(rubric, write_item(MET)) if gap.kind in {"uncorroborated", "absent"}),
        key=lambda gap: gap.kind == "absent",
    )
    assert backed.gain == pytest.approx(0.45 - 0.225)
    assert backed.gain_before_gates == pytest.approx(0.624 - 0.225)
    assert backed.blocked_by == ("c1",)
    assert shown.gain == pytest.approx(0.7 / 4)
    assert shown.blocked_by == ()


def test_among_the_best_few_only_what_gains_is_a_gap() -> None:
    """An alternative that would not become one of the best few is no advice."""
    other = {"fact": "calls", "at_least": 10, "unit": "count"}
    rubric = write_criteria({"best": 1, "requirements": [VISITS, other]})
    low = {**MET, "metric": "calls", "value": 1}
    gaps = find(rubric, write_item(MET, low))
    # Ten calls would count what ten visits count already.
    assert ("calls", "short") not in {(gap.requirement, gap.kind) for gap in gaps}
    (absent,) = (gap for gap in find(rubric, write_item(MET)) if gap.requirement == "calls")
    assert absent.gain == pytest.approx(BACKED - OWN)


def test_without_alternatives_a_gap_that_gains_nothing_is_still_told() -> None:
    """Voices behind a figure that proves nothing gain nothing alone, and are still missing."""
    gaps = show(find(write_rubric(VISITS), write_item({**MET, "value": None})))
    assert gaps["uncorroborated"] == near("documentation", 0)


def test_what_closing_means_is_data_of_the_rubric() -> None:
    """Closed to .8, co-led, backed by a customer and a year and a half old: all four multiply."""
    closure = {
        "attainment": 0.8,
        "ownership": "co_led",
        "support": ["customer"],
        "age": 913,  # 30 months: half
    }
    (gap,) = find(write_rubric(VISITS, evidence={"closure": closure}))
    assert gap.gain == pytest.approx(0.8 * 0.7 * 0.72 * 0.5, abs=1e-3)


def test_what_is_as_good_as_closed_is_no_gap() -> None:
    """Nothing is asked of an item that stands where closing would bring it."""
    closure = {"attainment": 0.5, "ownership": "supported", "support": [], "age": 3650}
    rubric = write_rubric(VISITS, evidence={"closure": closure})
    assert find(rubric, write_item({**MET, "value": 5}, ownership="supported")) == ()


def test_larger_gains_come_first_then_criteria_by_name() -> None:
    """The first gap is the one to close first; equal ones stand in the order of their criteria."""
    rubric = write_criteria(
        {"id": "b", "requirements": [VISITS]},
        {"id": "a", "requirements": [{**VISITS, "fact": "calls"}]},
        {"id": "c", "weight": 2, "requirements": [{**VISITS, "fact": "trips"}]},
    )
    assert [gap.criterion for gap in find(rubric)] == ["c", "a", "b"]


def test_every_gain_is_what_the_packet_would_score() -> None:
    """A packet in which the gap is closed scores just so much more."""
    rubric = parse_rubric(write_rubric(VISITS, ALIGNS))
    item = write_item({**MET, "value": 4}, SEEN, ownership="contributed")
    before = assess(parse_packet(write_packet(item)), rubric)
    backed = [{"relation": "manager"}, {"relation": "cross_functional"}]
    closed: dict[str, list[Content]] = {
        "unowned": [{**item, "ownership": "led"}],
        "uncorroborated": [{**item, "support": backed}],
        "short": [{**item, "facts": [MET, SEEN]}],
        "single": [item, write_item(SEEN, id="more", support=backed)],
    }
    gains = {str(gap.kind): gap.gain for gap in before.gaps}
    assert gains.keys() == closed.keys()
    for kind, items in closed.items():
        after = assess(parse_packet(write_packet(*items)), rubric)
        assert after.proven - before.proven == pytest.approx(gains[kind], abs=1e-15), kind
