"""Attainment: how far a stated fact reaches what is asked, by every shape of expectation."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import write_item, write_packet, write_rubric

from pmpromo import assess, parse_packet, parse_rubric
from pmpromo.scoring.measure import attain, find_nearest
from pmpromo.scoring.plan import Goal, make_plan
from pmpromo.scoring.table import build_table

Content = dict[str, Any]
Ends = tuple[float, float]

FULL, NOTHING, UNKNOWN = (1.0, 1.0), (0.0, 0.0), (0.0, 1.0)

METRICS: Final[dict[str, Content]] = {
    "defect_leakage": {"unit": "percent"},
    "case_arr": {"unit": "usd_million"},
    "effort": {"unit": "person_month", "baseline": "required"},
    "gross_margin": {"unit": "percent", "baseline": "required"},
    "arr": {"unit": "usd_million/year"},
    "pages": {"unit": "page"},
    "voc_accounts": {"unit": "account/quarter"},
    "events": {"unit": "event/launch"},
    "pipeline": {"unit": "usd_million/launch"},
    "surveys": {"unit": "survey"},
    "prd_quality": {"unit": "rubric_point", "baseline": "required"},
    "acv_growth": {"unit": "percent"},
    "margin_change": {"unit": "percentage_point"},
    "unit_growth": {"unit": "percent/year"},
    "margin": {"unit": "percent"},
    "adoption": {"unit": "percent", "window": "90 days"},
    "survey_score": {"unit": "score_point"},
    "funding": {"unit": "usd_million"},
    "cost": {"unit": "usd", "baseline": "required"},
    "reviews": {"unit": "review/month"},
    "latency": {"unit": "millisecond", "baseline": "required"},
}
UNITS: Final = [
    "person_month",
    "page",
    "account",
    "event",
    "launch",
    "survey",
    "rubric_point",
    "score_point",
    "review",
]
LADDER: Final[Content] = {
    "id": "shapes",
    "name": "Shapes",
    "tracks": [{"id": "ic", "name": "Individual"}],
    "levels": [
        {"id": name, "name": name, "tracks": ["ic"], "scope": "a product"} for name in ("L1", "L2")
    ],
    "units": UNITS,
    "metrics": [{"id": name, "name": name, **content} for name, content in METRICS.items()],
    "behaviours": [{"id": "aligns", "name": "Aligns"}],
    "artifacts": [
        {
            "id": "strategy",
            "name": "Strategy",
            "sections": ["market", "roadmap", "risks"],
            "reviewers": ["cto", "vp"],
        }
    ],
}


def reach(requirement: Content, *facts: Content, **item: object) -> Ends:
    """Return the attainment of the first fact of an item for one requirement."""
    rubric = parse_rubric(write_rubric(requirement, ladder=LADDER))
    packet = parse_packet(write_packet(write_item(*facts, **item)))
    assert packet.as_of is not None
    # Reads the packet's units, and refuses what the ladder does not know.
    assert assess(packet, rubric).packet_id == "p-1"
    low, high = build_table(packet, make_plan(rubric), packet.as_of).rows[0][0].attainment
    return low, high


def ask(metric: str, **target: object) -> Content:
    """Ask for a metric in its own unit, unless another one is given."""
    return {"fact": metric, "unit": METRICS[metric]["unit"], **target}


def state(metric: str, value: float | None, **more: object) -> Content:
    """State a realised figure in the metric's own unit."""
    unit = METRICS[metric]["unit"]
    return {"metric": metric, "value": value, "unit": unit, "status": "realised", **more}


BUDGET = {"tolerance": 10, "read_as": "relative", "of": "baseline"}
CORPORATE = {"tolerance": 2, "read_as": "absolute", "of": "baseline"}


@pytest.mark.parametrize(
    ("requirement", "fact", "expected"),
    [
        # less than a ratio: leakage below 2 percent
        (ask("defect_leakage", less_than=2), state("defect_leakage", 1.9), FULL),
        (ask("defect_leakage", less_than=2), state("defect_leakage", 4), (0.5, 0.5)),
        (ask("defect_leakage", less_than=2), state("defect_leakage", 0), FULL),
        # projected money in a band: 4 to 6 million, counted before it has happened
        (
            ask("case_arr", between=[4, 6], accepts=["projected"]),
            state("case_arr", 5, status="projected"),
            FULL,
        ),
        (
            ask("case_arr", between=[4, 6], accepts=["projected"]),
            state("case_arr", 3, status="projected"),  # 1 below a band 2 wide
            (0.5, 0.5),
        ),
        (ask("case_arr", between=[4, 6], accepts=["projected"]), state("case_arr", 5), UNKNOWN),
        # within ten percent of a budget, which the packet states as the baseline
        (ask("effort", within=BUDGET), state("effort", 54, baseline=50), FULL),
        (ask("effort", within=BUDGET), state("effort", 60, baseline=50), (0.5, 0.5)),  # 5 over 10
        (ask("effort", within=BUDGET), state("effort", 65, baseline=50), NOTHING),
        (ask("effort", within=BUDGET), state("effort", 54), UNKNOWN),
        # within two points of a corporate target
        (ask("gross_margin", within=CORPORATE), state("gross_margin", 36, baseline=38), FULL),
        (
            ask("gross_margin", within=CORPORATE),
            state("gross_margin", 35, baseline=38),
            (0.75,) * 2,
        ),
        (
            ask("gross_margin", within={**CORPORATE, "of": 38}),
            state("gross_margin", 41),
            (0.75, 0.75),
        ),
        # the same words read as two percent of the target: .76 points
        (
            ask("gross_margin", within={**CORPORATE, "read_as": "relative"}),
            state("gross_margin", 36, baseline=38),
            pytest.approx((0.18421052631578946,) * 2),  # 1 - 1.24 / 1.52
        ),
        # a range a year
        (ask("arr", between=[30, 40]), state("arr", 40), FULL),
        (ask("arr", between=[30, 40]), state("arr", 45), (0.5, 0.5)),
        # pages at most
        (ask("pages", at_most=6), state("pages", 6), FULL),
        (ask("pages", at_most=6), state("pages", 8), (0.75, 0.75)),
        # counts by period, by event, and alone; money by event
        (ask("voc_accounts", at_least=12), state("voc_accounts", 9), (0.75, 0.75)),
        (
            ask("voc_accounts", at_least=12),
            state("voc_accounts", 4, unit="account/month"),  # twelve a quarter
            FULL,
        ),
        (ask("events", at_least=12), state("events", 3), (0.25, 0.25)),
        (ask("pipeline", at_least=15), state("pipeline", 12), (0.8, 0.8)),
        (
            ask("pipeline", at_least=15),
            state("pipeline", 15_000_000, unit="usd/launch"),
            FULL,
        ),
        (ask("surveys", at_least=200), state("surveys", 200), FULL),
        # a change on a bounded scale from a baseline: from 2.5 one point up
        (
            ask("prd_quality", at_least=1, change="absolute"),
            state("prd_quality", 3.5, baseline=2.5),
            FULL,
        ),
        (
            ask("prd_quality", at_least=1, change="absolute"),
            state("prd_quality", 3, baseline=2.5),
            (0.5, 0.5),
        ),
        (ask("prd_quality", at_least=1, change="absolute"), state("prd_quality", 3.5), UNKNOWN),
        # growth greater than a rate; exactly the rate does not meet it, and falls short by nothing
        (ask("unit_growth", more_than=18), state("unit_growth", 18.1), FULL),
        (ask("unit_growth", more_than=18), state("unit_growth", 13.5), (0.75, 0.75)),
        (ask("unit_growth", more_than=18), state("unit_growth", -4), NOTHING),
        # a band
        (ask("margin", between=[30, 35]), state("margin", 30), FULL),
        (ask("margin", between=[30, 35]), state("margin", 29), pytest.approx((0.8, 0.8))),
        (ask("margin", between=[30, 35]), state("margin", 0.33, unit="ratio"), FULL),
        (ask("margin", between=[33, 33]), state("margin", 32), NOTHING),  # a band without width
        # a share of users in a number of days, which the metric's window says
        (ask("adoption", at_least=60), state("adoption", 45), (0.75, 0.75)),
        # a score of a survey
        (ask("survey_score", at_least=4), state("survey_score", 3), (0.75, 0.75)),
        # a relative reduction: a fifth down from 100 is 80
        (
            ask("cost", at_most=-20, change="relative", unit="percent"),
            state("cost", 80, baseline=100),
            FULL,
        ),
        (
            ask("cost", at_most=-20, change="relative", unit="percent"),
            state("cost", 95, baseline=100),
            (0.25, 0.25),
        ),
        (
            ask("cost", at_most=-20, change="relative", unit="percent"),
            state("cost", 110, baseline=100),
            NOTHING,
        ),
        (
            ask("cost", at_most=-20, change="relative", unit="percent"),
            state("cost", 80, baseline=0),  # nothing is a fifth below zero
            UNKNOWN,
        ),
        (
            ask("cost", at_most=-20, change="relative", unit="percent"),
            state("cost", -120, baseline=-100),  # a fifth of 100 below -100
            FULL,
        ),
        # a cadence
        (ask("reviews", at_least=1), state("reviews", 3, unit="review/quarter"), FULL),
        (ask("reviews", at_least=1), state("reviews", 6, unit="review/year"), (0.5, 0.5)),
        # progress from a baseline, where the metric needs one
        (ask("latency", at_most=5), state("latency", 7, baseline=13), (0.75, 0.75)),
        (ask("latency", at_most=5), state("latency", 4), FULL),  # met, whatever came before
        (
            ask("latency", at_most=5),
            state("latency", 6, baseline=5),
            NOTHING,
        ),  # was there, and left
        (ask("latency", at_most=5), state("latency", 15, baseline=13), NOTHING),
        (ask("latency", at_most=5), state("latency", 7), UNKNOWN),
        (ask("latency", at_most=5), state("latency", 0.004, unit="second"), FULL),
    ],
)
def test_figures_reach_what_is_asked(requirement: Content, fact: Content, expected: Ends) -> None:
    """Each shape of expectation that the source holds has the attainment one derives by hand."""
    assert reach(requirement, fact) == expected


@pytest.mark.parametrize(
    "fact",
    [
        state("unit_growth", None),
        state("unit_growth", 20, unit=None),
        state("unit_growth", 20, status=None),
        state("unit_growth", 20, status="projected"),
        state("unit_growth", 20, status="proxy"),
    ],
)
def test_a_figure_of_which_something_is_unknown_may_be_anything(fact: Content) -> None:
    """Without value, unit, or a status that counts, nothing is proven and all is possible."""
    assert reach(ask("unit_growth", more_than=18), fact) == UNKNOWN


SIDE = {"fact": "margin_change", "at_least": 0, "unit": "percentage_point"}
GROWN = {"fact": "acv_growth", "at_least": 8, "unit": "percent", "provided": [SIDE]}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([state("acv_growth", 8), state("margin_change", 0)], FULL),
        ([state("acv_growth", 4), state("margin_change", 1)], (0.5, 0.5)),
        ([state("acv_growth", 9), state("margin_change", -1)], NOTHING),
        ([state("acv_growth", 9), state("margin_change", -1), state("margin_change", 2)], FULL),
        ([state("acv_growth", 9)], UNKNOWN),
        ([state("acv_growth", 4)], (0, 0.5)),
        ([state("acv_growth", None), state("margin_change", -1)], NOTHING),
    ],
)
def test_a_change_counts_only_as_far_as_its_side_figure_holds(
    facts: list[Content], expected: Ends
) -> None:
    """Growth that was bought with margin is no growth; the best statement of the side counts."""
    assert reach(GROWN, *facts) == expected


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"started": "2025-07-02"}, pytest.approx((363 / 365.25,) * 2)),
        ({"started": "2025-07-01"}, FULL),
        ({"started": "2025-06-29"}, FULL),
        ({"started": "2024-01-01"}, FULL),
        ({"started": "2025-12-29"}, pytest.approx((0.501, 0.501), abs=1e-3)),
        ({}, UNKNOWN),
        ({"started": "2024-01-01", "in_progress": False}, UNKNOWN),
        (
            {"started": "2025-01-01", "ended": "2025-07-02", "in_progress": False},
            pytest.approx((182 / 365.25,) * 2),
        ),
    ],
)
def test_what_is_asked_over_months_must_have_lasted(dates: Content, expected: Ends) -> None:
    """A year asked and half a year shown is half; a day unknown leaves it open."""
    twelve = {"fact": "aligns", "point": 3, "sustained": 12}
    assert reach(twelve, {"behaviour": "aligns", "point": 3}, **dates) == expected


@pytest.mark.parametrize(
    ("point", "voices", "expected"),
    [
        (3, [], FULL),
        (4, [], FULL),
        (2, [], (2 / 3, 2 / 3)),
        (0, [], NOTHING),
        (None, [], UNKNOWN),
        (3, [{"point": 1}], (1 / 3, 1 / 3)),  # who saw the work and saw less
        (2, [{"point": 4}], (2 / 3, 2 / 3)),  # praise lifts no one's own word
        (None, [{"point": 3}], UNKNOWN),  # at most what the voice saw: 3 of 3
        (None, [{"point": 2}], (0, 2 / 3)),
        (3, [{"point": 1, "worked_on_it": False}], FULL),
        (3, [{"point": 1, "worked_on_it": None}], (1 / 3, 1)),  # may have seen it
        (3, [{"point": 1, "fact": "aligns"}], (1 / 3, 1 / 3)),
        (3, [{"point": 1, "fact": "mentors"}], FULL),  # spoke of something else
        (3, [{"point": 1, "agrees": False}], (1 / 3, 1 / 3)),
        (3, [{}], FULL),
    ],
)
def test_the_lowest_point_of_those_who_saw_the_work_counts(
    point: int | None, voices: list[Content], expected: Ends
) -> None:
    """A behaviour is as strong as the least that someone who was there saw of it."""
    support = [{"relation": "peer", **voice} for voice in voices]
    fact = {"behaviour": "aligns", "point": point}
    assert reach({"fact": "aligns", "point": 3}, fact, support=support) == expected


STRATEGY = {"fact": "strategy", "sections": ["market", "risks"], "reviewers": ["cto", "vp"]}


@pytest.mark.parametrize(
    ("requirement", "fact", "expected"),
    [
        (STRATEGY, {"sections": ["market", "risks"], "reviewers": ["cto", "vp"]}, FULL),
        (STRATEGY, {"sections": ["market", "roadmap"], "reviewers": ["vp"]}, (0.5, 0.5)),
        (STRATEGY, {"sections": ["market"]}, (0.25, 0.75)),  # reviewers unknown: none, or both
        (STRATEGY, {"sections": "none", "reviewers": []}, NOTHING),
        (STRATEGY, {}, UNKNOWN),
        ({"fact": "strategy"}, {}, FULL),  # nothing but the thing itself is asked
    ],
)
def test_an_artifact_counts_the_parts_that_are_asked(
    requirement: Content, fact: Content, expected: Ends
) -> None:
    """Sections and reviewers had, over those asked; parts nobody asks for add nothing."""
    assert reach(requirement, {"artifact": "strategy", **fact}) == expected


numbers = st.floats(-1e6, 1e6)
goals = st.one_of(
    st.builds(
        lambda kind, figure, strict, needs: Goal(kind, figure, figure, strict, None, needs),
        st.sampled_from(["above", "below"]),
        numbers,
        st.booleans(),
        st.booleans(),
    ),
    st.builds(
        lambda kind, figure, change: Goal(kind, figure, figure, False, change, True),  # noqa: FBT003
        st.sampled_from(["above", "below"]),
        st.floats(-100, 100),
        st.sampled_from(["absolute", "relative"]),
    ),
    st.builds(lambda one, other: Goal("band", min(one, other), max(one, other)), numbers, numbers),
    st.builds(
        lambda width, share: Goal("around", width, share, needs_baseline=True),
        st.floats(0, 1e3),
        st.floats(0, 1),
    ),
)


@given(numbers, st.none() | numbers, goals)
def test_attainment_is_a_share(value: float, baseline: float | None, goal: Goal) -> None:
    """Whatever the figures, attainment lies in 0 to 1, its ends in their order."""
    low, high = attain(value, baseline, goal)
    assert 0 <= low <= high <= 1


@given(numbers, numbers, st.none() | numbers, goals)
def test_a_figure_nearer_to_the_goal_never_attains_less(
    one: float, other: float, baseline: float | None, goal: Goal
) -> None:
    """Going towards what is asked never costs anything."""
    nearest = find_nearest(one, baseline, goal)
    if nearest is None:
        assert attain(one, baseline, goal) == UNKNOWN
        return
    nearer = one + (nearest - one) * abs(other) / 1e6
    assert attain(nearer, baseline, goal).low >= attain(one, baseline, goal).low - 1e-9


@given(numbers, st.none() | numbers, goals)
def test_the_nearest_figure_meets_the_goal(
    value: float, baseline: float | None, goal: Goal
) -> None:
    """What a gap names as asked is enough, and what is enough already stays."""
    nearest = find_nearest(value, baseline, goal)
    if nearest is not None:
        lenient = goal.kind in {"band", "around"} or not goal.strict
        if lenient:
            assert attain(nearest, baseline, goal) == FULL
        if attain(value, baseline, goal) == FULL:
            assert nearest == pytest.approx(value, rel=1e-12, abs=1e-12)
