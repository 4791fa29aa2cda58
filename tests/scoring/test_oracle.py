"""The oracle's parts, each held to answers derived by hand; then anything may be held to it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import oracle
import pytest
from judges import ask_each
from strategies import AS_OF, Content, read_packet, read_rubric

if TYPE_CHECKING:
    from judges import Judge

BELIEVED: Content = {"credibility": {"self_report": 1.0}}


def make_rubric(requirement: Content, **evidence: object) -> Content:
    """Ask for one requirement, of people whose own word is believed."""
    criterion = {"id": "one", "name": "One", "weight": 1, "requirements": [requirement]}
    return {"criteria": [criterion], "evidence": {**BELIEVED, **evidence}}


def make_item(name: str, *facts: Content, **content: object) -> Content:
    """Show facts, led by the candidate, still in progress, with closed support."""
    known: Content = {"ownership": "led", "in_progress": True, "support": []}
    return {"id": name, "title": name, "facts": list(facts), **known, **content}


def ask(judge: Judge, requirement: Content, *items: Content) -> tuple[float, float]:
    """Return both ends of the one requirement's score."""
    proven, possible = judge(make_rubric(requirement), {"evidence": list(items)}).intervals[0]
    return float(proven), float(possible)


def state(metric: str, value: float | None, baseline: float | None = None) -> Content:
    """State a realised figure in the metric's own unit."""
    units = {
        "growth": "percent/year",
        "revenue": "usd_million/year",
        "accounts": "account",
        "margin": "percent",
        "latency": "millisecond",
    }
    return {
        "metric": metric,
        "value": value,
        "baseline": baseline,
        "unit": units[metric],
        "status": "realised",
    }


@ask_each
@pytest.mark.parametrize(
    ("asked", "value", "expected"),
    [
        ({"at_least": 10}, 10, 1),
        ({"at_least": 10}, 5, 0.5),
        ({"at_least": 10}, 0, 0),
        ({"at_least": 10}, -5, 0),
        ({"at_least": 0}, 0, 1),
        ({"at_least": 0}, -1, 0),
        ({"at_least": -4}, -2, 1),
        ({"more_than": 10}, 10, 1),  # not met, and all of it there
        ({"more_than": 0}, 0, 0),
        ({"at_most": 10}, 10, 1),
        ({"at_most": 10}, 40, 0.25),
        ({"at_most": 0}, 1, 0),
        ({"at_most": 10}, -3, 1),
        ({"less_than": 10}, 10, 1),
        ({"between": [10, 20]}, 20, 1),
        ({"between": [10, 20]}, 25, 0.5),
        ({"between": [10, 20]}, 2, 0.2),
        ({"between": [10, 20]}, 31, 0),
        ({"between": [10, 10]}, 10, 1),
        ({"between": [10, 10]}, 11, 0),
        ({"within": {"of": 10, "tolerance": 2, "read_as": "absolute"}}, 12, 1),
        ({"within": {"of": 10, "tolerance": 2, "read_as": "absolute"}}, 13, 0.75),
        ({"within": {"of": -20, "tolerance": 10, "read_as": "relative"}}, -16, 0.5),
        ({"within": {"of": 0, "tolerance": 10, "read_as": "relative"}}, 1, 0),
    ],
)
def test_a_figure_without_baseline_attains(
    judge: Judge, asked: Content, value: float, expected: float
) -> None:
    """Met counts 1, a ratio of two positive figures counts itself, a band falls off in a line."""
    requirement = {"fact": "accounts", "unit": "account", **asked}
    found = ask(judge, requirement, make_item("e", state("accounts", value)))
    assert found == pytest.approx((expected, expected), abs=1e-15)


@ask_each
@pytest.mark.parametrize(
    ("asked", "value", "baseline", "expected"),
    [
        ({"at_least": 18}, 16.5, 11, (5.5 / 7, 5.5 / 7)),
        ({"at_least": 18}, 10, 11, (0, 0)),
        ({"at_least": 18}, 17, 18, (0, 0)),  # it was there already
        ({"at_least": 18}, 19, None, (1, 1)),  # met needs no baseline
        ({"at_least": 18}, 17, None, (0, 1)),
        ({"more_than": 18}, 18, 18, (0, 0)),
        ({"at_most": 10}, 15, 20, (0.5, 0.5)),
        ({"at_most": 10}, 25, 20, (0, 0)),
        ({"at_most": 10}, 15, 10, (0, 0)),
        ({"at_least": 4, "change": "absolute"}, 13, 10, (0.75, 0.75)),
        ({"at_most": -4, "change": "absolute"}, 9, 10, (0.25, 0.25)),
        ({"at_least": 20, "change": "relative"}, 11, 10, (0.5, 0.5)),
        ({"at_most": -50, "change": "relative"}, 5, 10, (1, 1)),
        ({"at_most": -50, "change": "relative"}, 9, 10, (0.2, 0.2)),
        ({"at_least": 20, "change": "relative"}, -9, -10, (0.5, 0.5)),  # 2 up from -10
        ({"at_most": -20, "change": "relative"}, -12, -10, (1, 1)),
        ({"at_least": 20, "change": "relative"}, 5, 0, (0, 1)),  # no part of nothing
        ({"at_most": 0.1, "change": "absolute"}, 0.8, 0.7, (1, 1)),  # binary .7 + .1 is less
        ({"at_least": 4, "change": "absolute"}, 13, None, (0, 1)),
        ({"between": [10, 20]}, 25, None, (0.5, 0.5)),  # a band asks for no baseline
        (
            {"within": {"of": "baseline", "tolerance": 10, "read_as": "relative"}},
            23,
            20,
            (0.75,) * 2,
        ),
        ({"within": {"of": "baseline", "tolerance": 10, "read_as": "relative"}}, 0.77, 0.7, (1, 1)),
        ({"within": {"of": "baseline", "tolerance": 10, "read_as": "relative"}}, 23, None, (0, 1)),
    ],
)
def test_a_figure_with_baseline_attains(
    judge: Judge,
    asked: Content,
    value: float,
    baseline: float | None,
    expected: tuple[float, float],
) -> None:
    """Progress counts from the baseline to the target; what hangs on an unknown one is unknown."""
    requirement = {"fact": "margin", "unit": "percent", **asked}
    found = ask(judge, requirement, make_item("e", state("margin", value, baseline)))
    assert found == pytest.approx(expected, abs=1e-15)


@ask_each
@pytest.mark.parametrize(
    "unknown",
    [
        {"value": None},
        {"unit": None},
        {"status": None},
        {"status": "projected"},
        {"status": "proxy"},
    ],
)
def test_a_figure_that_does_not_count_is_unmeasured(judge: Judge, unknown: Content) -> None:
    """Without value, unit or an accepted status a figure may attain anything."""
    requirement = {"fact": "accounts", "at_least": 10, "unit": "account"}
    item = make_item("e", {**state("accounts", 20), **unknown})
    assert ask(judge, requirement, item) == (0, 1)


@ask_each
def test_figures_convert_exactly(judge: Judge) -> None:
    """A quarter of 3 million is a year of 12; 1200 basis points lie half a band outside."""
    requirement = {"fact": "revenue", "at_least": 24, "unit": "usd_million/year"}
    figure = {**state("revenue", 3), "unit": "usd_million/quarter"}
    assert ask(judge, requirement, make_item("e", figure)) == (0.5, 0.5)
    tolerance = {"of": 10, "tolerance": 1, "read_as": "absolute"}
    requirement = {"fact": "margin", "within": tolerance, "unit": "percent"}
    figure = {**state("margin", 1200), "unit": "basis_point"}
    assert ask(judge, requirement, make_item("e", figure)) == pytest.approx((0.5, 0.5), abs=1e-15)


@ask_each
def test_figures_are_the_decimals_that_are_written(judge: Judge) -> None:
    """A ratio of .57 is 57 percent, not a little less: a band of one point holds it."""
    requirement = {"fact": "margin", "between": [57, 57], "unit": "percent"}
    figure = {**state("margin", 0.57), "unit": "ratio"}
    assert ask(judge, requirement, make_item("e", figure)) == (1, 1)


@ask_each
def test_side_targets_hold_a_figure_down(judge: Judge) -> None:
    """A met figure counts its side figure at .5; the best statement counts; unstated is unknown."""
    side = {"fact": "growth", "at_least": 10, "unit": "percent/year"}
    requirement = {"fact": "accounts", "at_least": 1, "unit": "account", "provided": [side]}
    main = state("accounts", 1)
    both = make_item("e", main, state("growth", 5), state("growth", 2))
    assert ask(judge, requirement, both) == (0.5, 0.5)
    assert ask(judge, requirement, make_item("e", main)) == (0, 1)
    unsure = make_item("e", main, state("growth", 5), state("growth", None))
    assert ask(judge, requirement, unsure) == (0.5, 1)


@ask_each
@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (
            {"in_progress": False, "started": "2025-01-01", "ended": "2026-01-01"},
            (0.749486653,) * 2,
        ),
        ({"started": "2025-06-30"}, (0.749486653,) * 2),  # 365 / 30.4375 / 16
        ({"in_progress": False, "started": "2020-01-01"}, (0, 1)),
        ({}, (0, 1)),
    ],
)
def test_work_must_last(judge: Judge, dates: Content, expected: tuple[float, float]) -> None:
    """A year of the sixteen months asked counts its part; unknown dates may be anything."""
    requirement = {"fact": "accounts", "at_least": 1, "unit": "account", "sustained": 16}
    assert ask(judge, requirement, make_item("e", state("accounts", 1), **dates)) == pytest.approx(
        expected, abs=1e-9
    )


@ask_each
@pytest.mark.parametrize(
    ("point", "voices", "expected"),
    [
        (3, [], (1, 1)),
        (4, [], (1, 1)),
        (1, [], (1 / 3, 1 / 3)),
        (3, [{"point": 2}], (2 / 3, 2 / 3)),
        (3, [{"point": 2, "agrees": False}], (2 / 3, 2 / 3)),
        (3, [{"point": 2, "worked_on_it": False}], (1, 1)),
        (3, [{"point": 2, "worked_on_it": None}], (2 / 3, 1)),
        (3, [{"point": 1, "fact": "mentors"}], (1, 1)),
        (3, [{"point": 1, "fact": "aligns"}], (1 / 3, 1 / 3)),
        (None, [], (0, 1)),
        (None, [{"point": 2}], (0, 2 / 3)),
        (None, [{"point": 2, "worked_on_it": None}], (0, 1)),
    ],
)
def test_a_behaviour_counts_the_lowest_point(
    judge: Judge, point: int | None, voices: list[Content], expected: tuple[float, float]
) -> None:
    """The lowest point that anyone who saw the work would give counts, over the 3 asked."""
    requirement = {"fact": "aligns", "point": 3, "asked": "once"}
    support = [{"relation": "peer", **voice} for voice in voices]
    item = make_item(
        "e", {"behaviour": "aligns", "point": point}, support=support, support_complete=True
    )
    rubric = make_rubric(requirement, credibility={"self_report": 1.0, "dispute": 1.0})
    proven, possible = judge(rubric, {"evidence": [item]}).intervals[0]
    assert (float(proven), float(possible)) == pytest.approx(expected, abs=1e-15)


@ask_each
@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({}, (0, 1)),
        ({"sections": ["market", "roadmap"]}, (0.5, 1)),
        ({"sections": ["market", "risks"], "reviewers": "none"}, (0.25, 0.25)),
        ({"sections": [], "reviewers": ["cto", "vp"]}, (0.5, 0.5)),
    ],
)
def test_an_artifact_counts_its_parts(
    judge: Judge, stated: Content, expected: tuple[float, float]
) -> None:
    """Of two sections and two reviewers asked, those it has count a quarter each."""
    requirement = {
        "fact": "strategy",
        "sections": ["market", "roadmap"],
        "reviewers": ["cto", "vp"],
    }
    assert ask(judge, requirement, make_item("e", {"artifact": "strategy", **stated})) == expected


@ask_each
def test_an_address_supports_its_own_item(judge: Judge) -> None:
    """An artifact that can be opened makes .65 of .30, for every fact of its item."""
    rubric = make_rubric(
        {"fact": "accounts", "at_least": 1, "unit": "account"}, credibility={"self_report": 0.3}
    )
    item = make_item("e", state("accounts", 1), {"artifact": "memo", "uri": "doc:1"})
    seen = judge(rubric, {"evidence": [item]})
    assert seen.intervals[0] == pytest.approx((0.65, 0.65), abs=1e-15)


@ask_each
@pytest.mark.parametrize(
    ("voice", "expected"),
    [
        ({"relation": "peer", "worked_on_it": False}, (0.3, 0.3)),
        ({"relation": "peer", "worked_on_it": None}, (0.3, 0.58)),
        ({"relation": "customer", "same_report_line": True}, (0.58, 0.58)),
        ({"relation": "peer", "agrees": False}, (0.15, 0.15)),
        ({"relation": "peer", "agrees": False, "worked_on_it": None}, (0.15, 0.3)),
        ({"relation": "peer", "agrees": False, "worked_on_it": False}, (0.3, 0.3)),
    ],
)
def test_a_voice_counts_if_it_saw_the_work(
    judge: Judge, voice: Content, expected: tuple[float, float]
) -> None:
    """Who did not see the work adds and disputes nothing; whether is unknown splits the ends."""
    rubric = make_rubric(
        {"fact": "accounts", "at_least": 1, "unit": "account"}, credibility={"self_report": 0.3}
    )
    item = make_item("e", state("accounts", 1), support=[voice], support_complete=True)
    seen = judge(rubric, {"evidence": [item]})
    assert seen.intervals[0] == pytest.approx(expected, abs=1e-15)


HALF: Content = {"ownership": None, "share": 0.5}
BEHAVIOUR: Content = {"behaviour": "aligns", "point": 3}
YEAR: Content = {**state("growth", 12), "period": "FY26"}


@ask_each
@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({}, {}, 0.65),  # 1 - .5 (1 - .6 * .5)
        ({"achievement": "a"}, {"achievement": "A"}, 0.5),
        ({}, {"achievement": "one"}, 0.5),
        ({"facts": [YEAR]}, {"facts": [{**YEAR, "value": 0.12, "unit": "ratio/year"}]}, 0.5),
        ({"facts": [YEAR]}, {"facts": [{**YEAR, "period": "FY25"}]}, 0.65),
        ({"facts": [state("growth", 12)]}, {"facts": [state("growth", 12)]}, 0.65),
        (
            {"facts": [{"artifact": "memo", "uri": "doc:1"}]},
            {"facts": [{"artifact": "strategy", "uri": "doc:1"}]},
            0.5,
        ),
    ],
)
def test_one_achievement_counts_once(
    judge: Judge, one: Content, other: Content, expected: float
) -> None:
    """Two items at .5 count .65 together, or .5 where key, figure or address says they are one."""
    items = [
        make_item(name, BEHAVIOUR, *content.get("facts", []), **HALF)
        | {key: value for key, value in content.items() if key != "facts"}
        for name, content in (("one", one), ("other", other))
    ]
    found = ask(judge, {"fact": "aligns", "point": 3}, *items)
    assert found == pytest.approx((expected, expected), abs=1e-15)


@ask_each
def test_links_reach_further_than_one_step(judge: Judge) -> None:
    """An item that shares a key with one and a figure with another makes all three one."""
    items = [
        make_item("one", BEHAVIOUR, achievement="a", **HALF),
        make_item("two", BEHAVIOUR, YEAR, achievement="a", **HALF),
        make_item("six", BEHAVIOUR, YEAR, **HALF),
    ]
    assert ask(judge, {"fact": "aligns", "point": 3}, *items) == (0.5, 0.5)


def make_two(best: int | None = None, **shares: float) -> Content:
    """Ask for two figures in one criterion."""
    requirements = [
        {"fact": "accounts", "at_least": 10, "unit": "account", "share": shares.get("one", 1)},
        {"fact": "growth", "at_least": 10, "unit": "percent/year", "share": shares.get("two", 1)},
        {"fact": "revenue"},
    ]
    criterion = {"id": "one", "name": "One", "weight": 1, "requirements": requirements}
    if best:
        criterion["best"] = best
    return {"criteria": [criterion], "evidence": BELIEVED}


@ask_each
@pytest.mark.parametrize(
    ("rubric", "expected"),
    [
        (make_two(), 0.7),
        (make_two(one=3), 0.85),
        (make_two(two=0), 1.0),
        (make_two(best=1), 1.0),
        (make_two(best=2), 0.7),
    ],
)
def test_a_criterion_is_a_mean_of_what_it_asks(
    judge: Judge, rubric: Content, expected: float
) -> None:
    """Scores of 1 and .4 average by their shares, or the best few do; the unscored never count."""
    item = make_item("e", state("accounts", 10), state("growth", 4), state("revenue", 0))
    seen = judge(rubric, {"evidence": [item]})
    assert seen.intervals[0] == pytest.approx((expected, expected), abs=1e-15)


@ask_each
@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        ({"evidence": [make_item("e", state("accounts", 10))]}, "met"),
        ({"evidence": [make_item("e", state("accounts", None))]}, "documentation_gap"),
        ({"evidence": [make_item("e", state("accounts", 2))]}, "substance_gap"),
        ({"evidence": [make_item("e", state("growth", 2))]}, "no_evidence"),
        ({"evidence": []}, "no_evidence"),
        ({"evidence": [], "declared_none": ["one"]}, "substance_gap"),
        ({"evidence": [], "declared_none": ["accounts"]}, "substance_gap"),
        ({"evidence": [], "declared_none": ["growth"]}, "no_evidence"),
    ],
)
def test_a_status_says_what_stands_in_the_way(judge: Judge, packet: Content, expected: str) -> None:
    """Met, facts to supply, work to do, or nothing stated at all."""
    rubric = make_rubric({"fact": "accounts", "at_least": 10, "unit": "account"})
    assert judge(rubric, packet).criteria[0].status == expected


def find_gaps(judge: Judge, requirement: Content, *items: Content) -> dict[str, Any]:
    """Return nature and gain of each kind of gap, under the default policy."""
    rubric = {**make_rubric(requirement), "evidence": {}}
    seen = judge(rubric, {"evidence": list(items)})
    return {gap.kind: (gap.nature, float(gap.gain)) for gap in seen.gaps}


CLOSED = 0.832
"""What a closed item counts: manager and cross-functional, 1 - .7 * .6 * .4."""


@ask_each
def test_nothing_shown_is_absent(judge: Judge) -> None:
    """Where nothing is shown the one gap is to show it: .7 for a behaviour, whose cap is .7."""
    found = find_gaps(judge, {"fact": "aligns", "point": 3})
    assert found == {"absent": ("absent", pytest.approx(0.7))}
    found = find_gaps(judge, {"fact": "accounts", "at_least": 1, "unit": "account"})
    assert found == {"absent": ("absent", pytest.approx(CLOSED))}


@ask_each
def test_every_gap_of_a_poor_item_has_its_own_gain(judge: Judge) -> None:
    """A half-attained, old, shared and unsupported figure gains by each closure alone."""
    item = make_item(
        "e", state("accounts", 5), ownership="contributed", in_progress=False, ended="2020-01-01"
    )
    today = 0.5 * 0.35 * 0.3 * 0.25
    found = find_gaps(judge, {"fact": "accounts", "at_least": 10, "unit": "account"}, item)
    assert found == {
        "short": ("substance", pytest.approx(today * (1 / 0.5 - 1))),
        "unowned": ("substance", pytest.approx(today * (1 / 0.35 - 1))),
        "uncorroborated": ("documentation", pytest.approx(today * (CLOSED / 0.3 - 1))),
        "stale": ("substance", pytest.approx(today * (1 / 0.25 - 1))),
    }


@ask_each
def test_every_gap_of_an_unknown_item_is_documentation(judge: Judge) -> None:
    """With one fact unknown at a time, supplying it brings all that it may be."""
    requirement = {"fact": "accounts", "at_least": 10, "unit": "account"}
    figure = state("accounts", 10)
    unowned = make_item("e", figure, ownership=None)
    found = find_gaps(judge, requirement, unowned)["unowned"]
    assert found == ("documentation", pytest.approx(0.3))
    ageless = make_item("e", figure, in_progress=False)
    found = find_gaps(judge, requirement, ageless)["stale"]
    assert found == ("documentation", pytest.approx(0.3 * 0.75))
    unmeasured = make_item("e", {**figure, "value": None})
    found = find_gaps(judge, requirement, unmeasured)
    assert found["unmeasured"] == ("documentation", pytest.approx(0.3))
    assert "short" not in found


@ask_each
def test_one_showing_of_what_is_asked_repeatedly_is_single(judge: Judge) -> None:
    """A second good showing lifts .3 to 1 - (1 - .7) (1 - .6 * .3)."""
    found = find_gaps(judge, {"fact": "aligns", "point": 3}, make_item("e", BEHAVIOUR))
    assert found["single"] == ("substance", pytest.approx(1 - 0.3 * 0.82 - 0.3))
    two = [make_item(name, BEHAVIOUR) for name in ("one", "two")]
    assert "single" not in find_gaps(judge, {"fact": "aligns", "point": 3}, *two)


@ask_each
@pytest.mark.parametrize("values", [(5, 10), (10, 5)])
def test_facts_of_an_item_that_counts_for_nothing_have_no_order(
    judge: Judge, values: tuple[float, float]
) -> None:
    """With a share of 0 two figures tie at nothing; gaps are told of the one that attains more."""
    facts = [state("accounts", value) for value in values]
    item = make_item("e", *facts, ownership=None, share=0)
    found = find_gaps(judge, {"fact": "accounts", "at_least": 10, "unit": "account"}, item)
    assert found.keys() == {"unowned", "uncorroborated"}


@ask_each
def test_a_must_have_blocks_a_gain_and_is_named(judge: Judge) -> None:
    """With an empty must-have the total stays at .45, whatever else is shown better."""
    growth = {"fact": "growth", "at_least": 10, "unit": "percent/year"}
    accounts = {"fact": "accounts", "at_least": 10, "unit": "account"}
    rubric: Content = {
        "criteria": [
            {"id": "big", "name": "Big", "weight": 9, "requirements": [growth]},
            {"id": "key", "name": "Key", "weight": 1, "must_have": 0.5, "requirements": [accounts]},
        ],
        "evidence": BELIEVED,
    }
    seen = judge(rubric, {"evidence": [make_item("e", state("growth", 8))]})
    assert float(seen.proven) == pytest.approx(0.45)
    short = next(gap for gap in seen.gaps if gap.kind == "short")
    assert (float(short.gain), short.blocked_by) == (0, ("key",))
    assert float(short.gain_before_gates) == pytest.approx(0.9 * 0.2)
    absent = next(gap for gap in seen.gaps if gap.kind == "absent")
    assert float(absent.gain) == pytest.approx(0.82 - 0.45)
    assert absent.blocked_by == ()


def test_a_must_have_of_one_opens_at_one() -> None:
    """No ramp is left above a minimum of 1: the gate is at the bar below it, and open at it."""
    rubric = read_rubric(make_rubric({"fact": "aligns", "point": 3}))
    half, one = Fraction(1, 2), Fraction(1)
    assert oracle.open_gate(one, one, rubric) == 1
    assert oracle.open_gate(half, one, rubric) == Fraction(3, 4) * Fraction(8, 10)


def test_closing_a_gap_of_an_item_helps_all_it_shows() -> None:
    """Ownership closed for one requirement counts for the other one that the item shows."""
    rubric = read_rubric(make_two())
    item = make_item("e", state("accounts", 10), state("growth", 10), ownership=None)
    packet = read_packet({"evidence": [item]})
    unowned = [gap for gap in oracle.gaps(packet, rubric, AS_OF) if gap.kind == "unowned"]
    assert [gap.gain for gap in unowned] == [1, 1]


def test_ties_for_the_best_row_go_to_the_lowest_id() -> None:
    """Of two rows that count the same, gaps are told of the item whose id comes first."""
    rubric = read_rubric(make_rubric({"fact": "aligns", "point": 3}))
    items = [make_item(name, BEHAVIOUR, **HALF) for name in ("f", "e")]
    rows = oracle.list_rows(read_packet({"evidence": items}), rubric, AS_OF)
    assert oracle.pick_best_row(rows).evidence == "e"
    better = [
        replace(row, ownership=oracle.EVERYTHING) if row.evidence == "f" else row for row in rows
    ]
    assert oracle.pick_best_row(better).evidence == "f"
