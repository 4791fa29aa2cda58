"""Paths: what each step adds to a packet, what it gains, and what is promised of all of them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations
from pathlib import Path as File
from typing import Any, Final, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import ALIGNS, list_problems, write_item, write_packet, write_rubric
from strategies import Content, cases, read_packet, read_rubric

from pmpromo import Packet, Path, Rubric, assess, find_path, load_packet, parse_packet, parse_rubric
from pmpromo.advice.route import Route
from pmpromo.assessment import find_rubric
from pmpromo.errors import DataError, PacketError
from pmpromo.scoring import path as scoring_path
from pmpromo.scoring.closures import Yard, list_closures
from pmpromo.scoring.edits import apply_edits
from pmpromo.scoring.effects import list_bits
from pmpromo.scoring.path import Survey, survey
from pmpromo.scoring.plan import make_plan
from pmpromo.scoring.remedies import Desk
from pmpromo.scoring.table import build_table

PACKETS: Final = File(__file__).parents[2] / "examples" / "packets"
SEEN: Final[Content] = {"behaviour": "aligns", "point": 3}
BACKED: Final = [{"relation": "manager"}, {"relation": "cross_functional"}]
ONCE: Final[Content] = {**ALIGNS, "asked": "once"}
VISITS: Final[Content] = {"fact": "visits", "at_least": 10, "unit": "count"}


def find(rubric: Content, *items: Content, **options: Any) -> Path:  # noqa: ANN401 - of find_path
    """Return the path of a packet of these items."""
    return find_path(parse_packet(write_packet(*items)), parse_rubric(rubric), **options)


def list_steps(path: Path) -> list[list[str]]:
    """Return the ids of the steps of each route."""
    return [[step.id for step in route.steps] for route in path.routes]


def take_stock(packet: Packet, rubric: Rubric) -> Survey:
    """Return everything that could be closed in a packet."""
    assert packet.as_of is not None
    assess(packet, rubric)
    plan = make_plan(rubric)
    desk = Desk(packet, plan, build_table(packet, plan, packet.as_of), packet.as_of)
    return survey(Yard(desk, rubric.evidence.closure), rubric.evidence.efforts, {})


# --- laws


@given(cases(), st.data())
def test_every_set_of_closures_brings_what_the_kernel_says(
    case: tuple[Content, Content], data: st.DataObject
) -> None:
    """The model of the search and an assessment of the edited packet agree to the last bit."""
    rubric, packet = read_rubric(case[0]), read_packet(case[1])
    seen = take_stock(packet, rubric)
    mask = data.draw(st.integers(0, (1 << len(seen.closures)) - 1))
    edited = apply_edits(packet, [seen.closures[bit].edit for bit in list_bits(mask)])
    assert seen.effects.score(mask) == assess(edited, rubric).proven
    assert Packet.model_validate_json(edited.model_dump_json()) == edited


@given(cases(), st.data())
def test_closing_more_never_lowers_a_total(
    case: tuple[Content, Content], data: st.DataObject
) -> None:
    """A set of closures brings at least what a part of it does."""
    rubric, packet = read_rubric(case[0]), read_packet(case[1])
    seen = take_stock(packet, rubric)
    mask = data.draw(st.integers(0, (1 << len(seen.closures)) - 1))
    part = mask & data.draw(st.integers(0, (1 << len(seen.closures)) - 1))
    assert seen.effects.score(part) <= seen.effects.score(mask) + 1e-12


@given(cases())
def test_a_path_keeps_its_promise(case: tuple[Content, Content]) -> None:
    """Each route, applied, is assessed at exactly its total, and needs every one of its steps."""
    rubric, packet = read_rubric(case[0]), read_packet(case[1])
    path = find_path(packet, rubric, limit=2)
    assert path.met == assess(packet, rubric).met
    for route in path.routes:
        after = assess(route.apply(packet), rubric)
        assert after.proven == route.total >= path.bar
        assert route.effort == pytest.approx(sum(step.effort for step in route.steps))
        for left_out in route.steps:
            edits = [step.edit for step in route.steps if step is not left_out]
            part = apply_edits(packet, edits)
            follows = left_out.id.replace("absent:", "single:")
            alone = follows not in [step.id for step in route.steps]
            assert not (alone and assess(part, rubric).met)
    assert [route.effort for route in path.routes] == sorted(route.effort for route in path.routes)
    assert Path.from_json(path.model_dump_json()) == path
    assert all(len(line) <= 80 for line in str(path).splitlines())


@given(cases())
def test_documents_and_work_are_kept_apart(case: tuple[Content, Content]) -> None:
    """What is found apart is what is found when only such steps are looked at."""
    rubric, packet = read_rubric(case[0]), read_packet(case[1])
    path = find_path(packet, rubric, limit=1)
    for only, route in (("documents", path.documents), ("work", path.work)):
        alone = find_path(packet, rubric, limit=1, only=only)  # type: ignore[arg-type]
        found = alone.routes[0] if alone.routes else None
        assert (route and route.effort) == (found and found.effort)
        natures = {step.nature == "documentation" for step in (found.steps if found else ())}
        assert natures <= {only == "documents"}
        assert getattr(alone, only) == found


# --- what a step is


def test_an_undocumented_showing_is_written_down() -> None:
    """No part, no voice, no end: 1 + 2 + 1 days, and they bring led x .832 x 1 = .832."""
    item = {"id": "work", "title": "Work", "facts": [SEEN]}
    path = find(write_rubric(ONCE), item)
    [route] = path.routes
    assert {step.id for step in route.steps} == {
        "unowned:work",
        "uncorroborated:work",
        "stale:work",
    }
    assert route.effort == 4.0
    assert route.total == pytest.approx(0.832)
    assert {step.nature for step in route.steps} == {"documentation"}
    assert path.documents == route
    assert path.work is None
    assert path.near_ties == ()


def test_a_known_value_is_not_made_better_by_its_status() -> None:
    """8 visits of 10 asked: stating the status brings .8; only raising them brings the bar."""
    item = write_item({"metric": "visits", "value": 8, "unit": "count"}, support=BACKED)
    path = find(write_rubric(VISITS), item)
    assert list_steps(path) == [["short:work/reach/visits"]]
    assert find(write_rubric(VISITS, bar=0.6), item).routes[0].total == pytest.approx(0.8 * 0.832)
    assert path.routes[0].steps[0].remedy == "bring 'visits' to a figure of at least 10 count"


def test_a_figure_is_raised_by_its_shortfall() -> None:
    """The raised figure stands beside the old one, in the metric's unit, without its period."""
    fact = {"metric": "visits", "value": 8, "unit": "count", "status": "realised", "period": "FY26"}
    path = find(write_rubric(VISITS), write_item(fact, support=BACKED))
    [step] = path.routes[0].steps
    assert step.remedy == "bring 'visits' to a figure of at least 10 count"
    [added] = [each.model_dump(exclude_none=True) for each in step.edit.facts]
    assert added == {"metric": "visits", "value": 10.0, "unit": "count", "status": "realised"}


def test_nothing_shown_takes_one_new_item_or_two() -> None:
    """What is asked repeatedly is capped at .7: one showing misses .75, two bring .826."""
    path = find(write_rubric(ALIGNS), limit=5)
    assert list_steps(path) == [["absent:reach/aligns", "single:reach/aligns"]]
    [first, second] = path.routes[0].steps
    assert first.total == pytest.approx(0.7)
    assert second.total == pytest.approx(0.826)
    assert (first.nature, second.nature, first.evidence) == ("absent", "substance", ())
    assert second.remedy == "show 'aligns' at point 3 in a second achievement"
    assert list_steps(find(write_rubric(ONCE))) == [["absent:reach/aligns"]]


def test_a_second_achievement_is_added_to_the_first() -> None:
    """One full showing of what is asked repeatedly needs one more."""
    path = find(write_rubric(ALIGNS), write_item(SEEN, support=BACKED))
    assert list_steps(path) == [["single:reach/aligns"]]


def test_new_items_take_names_that_are_free() -> None:
    """An item of the packet that has the name of a new one keeps it."""
    taken = write_item(id="next-1", achievement="NEXT-1-new")
    path = find(write_rubric(ONCE), taken)
    assert [step.edit.item for step in path.routes[0].steps] == ["next-1-new-new"]


def test_old_work_is_shown_again() -> None:
    """Two years and a half old, .5 counts; in newer work it counts in full."""
    item = write_item(SEEN, in_progress=False, ended="2023-12-30", support=BACKED)
    path = find(write_rubric(ONCE), item)
    assert list_steps(path)[0] == ["stale:work"]
    assert path.routes[0].steps[0].nature == "substance"


def test_a_disputing_voice_is_no_step() -> None:
    """Nothing that could be closed changes what somebody disputes."""
    voices = [*BACKED, {"relation": "peer", "agrees": False}]
    path = find(write_rubric(ONCE), write_item(SEEN, support=voices))
    assert path.routes == ()
    assert path.reach == pytest.approx(0.416)
    assert path.blocked_by == ()
    assert "with everything closed the total is 0.416. No must-have" in str(path).replace("\n", " ")


def test_lower_points_of_voices_are_brought_up_for_one_behaviour() -> None:
    """A voice that speaks of the whole item keeps its point for the other behaviour."""
    rubric = write_rubric(ONCE, {"fact": "mentors", "point": 3, "asked": "once"}, bar=0.5)
    voices = [{**BACKED[0], "point": 1}, BACKED[1]]
    item = write_item(SEEN, {"behaviour": "mentors", "point": 3}, support=voices)
    path = find(rubric, item, limit=1)
    [step] = path.routes[0].steps
    assert step.id in {"short:work/reach/aligns", "short:work/reach/mentors"}
    after = path.routes[0].apply(parse_packet(write_packet(item))).evidence[0].support
    assert after is not None
    assert sorted((voice.point, voice.fact) for voice in after if voice.point is not None) == [
        (1, "mentors" if step.id.endswith("aligns") else "aligns")
    ]


def test_voices_that_may_not_have_seen_the_work_are_asked_to_agree() -> None:
    """A doubtful low point is a fact to write down, about one behaviour or about all."""
    for fact in ({}, {"fact": "aligns"}):
        doubtful = {"relation": "peer", "point": 1, "worked_on_it": None, **fact}
        item = write_item(SEEN, support=[*BACKED, doubtful])
        path = find(write_rubric(ONCE), item)
        assert list_steps(path)[0] == ["unmeasured:work/reach/aligns"]
        assert path.documents == path.routes[0]


def test_an_unknown_point_is_stated() -> None:
    """A behaviour without a point gets one."""
    path = find(write_rubric(ONCE), write_item({"behaviour": "aligns"}, support=BACKED))
    assert list_steps(path)[0] == ["unmeasured:work/reach/aligns"]


def test_an_artifact_gets_the_parts_that_it_lacks() -> None:
    """Unknown parts are stated; missing ones are added; its address stays its own."""
    asked = {"fact": "plan", "sections": ["market", "risks"], "reviewers": ["cto"]}
    open_one = write_item({"artifact": "plan", "uri": "doc:1", "sections": ["market", "risks"]})
    path = find(write_rubric(asked), {**open_one, "support": BACKED})
    [step] = path.routes[0].steps
    assert step.id == "unmeasured:work/reach/plan"
    [fact] = [each.model_dump(exclude_none=True) for each in step.edit.facts]
    assert fact["reviewers"] == ("cto",)
    assert "uri" not in fact
    lacking = write_item({"artifact": "plan", "sections": ["market"], "reviewers": "none"})
    path = find(write_rubric(asked), {**lacking, "support": BACKED})
    assert list_steps(path) == [["short:work/reach/plan"]]


def test_one_closure_serves_two_requirements_that_ask_for_the_same() -> None:
    """The same figure asked in two criteria is raised once, and charged once."""
    content = write_rubric(VISITS)
    again = {"id": "more", "name": "More", "weight": 1, "requirements": [VISITS]}
    content["criteria"] = [*content["criteria"], again]
    fact = {"metric": "visits", "value": 8, "unit": "count", "status": "realised"}
    path = find(content, write_item(fact, support=BACKED))
    [step] = path.routes[0].steps
    assert step.requirements == ("reach/visits", "more/visits")
    assert path.routes[0].effort == 20.0


def test_a_missing_baseline_alone_promises_nothing() -> None:
    """Nobody knows how far a figure came that falls short and has no baseline."""
    ladder = {"baseline": "required"}
    content = write_metric_rubric({"fact": "margin", "at_least": 30, "unit": "percent"}, ladder)
    item = write_item(
        {"metric": "margin", "value": 20, "unit": "percent", "status": "realised"}, support=BACKED
    )
    assert list_steps(find(content, item)) == [["short:work/reach/margin"]]


def test_no_baseline_makes_a_fall_of_what_doubled() -> None:
    """From below zero nothing that is reached by twice as much again lies lower."""
    asked = {"at_least": 100, "change": "relative", "unit": "percent"}
    content = write_metric_rubric({"fact": "margin", **asked}, {"baseline": "required"})
    fact = {"metric": "margin", "value": -7, "unit": "percent", "status": "realised"}
    path = find(content, write_item(fact, support=BACKED))
    assert list_steps(path) == [["short:work/reach/margin"]]


def write_metric_rubric(requirement: Content, metric: Content) -> Content:
    """Return a rubric whose ladder knows the metrics `margin` and `visits`."""
    level = {"tracks": ["ic"], "scope": "a product"}
    ladder = {
        "id": "own",
        "name": "Own",
        "tracks": [{"id": "ic", "name": "Individual"}],
        "levels": [{"id": name, "name": name, **level} for name in ("L1", "L2")],
        "metrics": [
            {"id": "margin", "name": "Margin", "unit": "percent", **metric},
            {"id": "visits", "name": "Visits", "unit": "count"},
        ],
    }
    return write_rubric(requirement, ladder=ladder)


@pytest.mark.parametrize(
    ("asked", "stated"),
    [
        ({"at_least": 3, "change": "absolute", "unit": "percent"}, {"value": 20}),
        ({"at_least": 3, "change": "absolute", "unit": "percent"}, {"baseline": 20}),
        ({"at_most": -3, "change": "absolute", "unit": "percent"}, {"value": 20}),
        ({"more_than": 3, "change": "absolute", "unit": "percent"}, {}),
        ({"at_least": 10, "change": "relative", "unit": "percent"}, {"value": 20}),
        ({"at_least": 10, "change": "relative", "unit": "percent"}, {"value": -20}),
        ({"at_most": -10, "change": "relative", "unit": "percent"}, {"baseline": 20}),
        ({"at_least": 100, "change": "relative", "unit": "percent"}, {"value": 7}),
        ({"within": {"tolerance": 5, "read_as": "relative", "of": "baseline"}}, {"value": 20}),
        ({"within": {"tolerance": 5, "read_as": "relative", "of": "baseline"}}, {"baseline": 9}),
        ({"within": {"tolerance": 5, "read_as": "absolute", "of": "baseline"}}, {}),
        ({"between": [30, 35]}, {}),
        ({"between": [30, 35]}, {"baseline": 99}),
        ({"at_least": 30}, {"baseline": 10}),
        ({"less_than": 30}, {}),
        ({"more_than": 30}, {"value": 31}),
    ],
)
def test_whatever_is_unknown_of_a_figure_is_supplied_so_that_it_counts(
    asked: Content, stated: Content
) -> None:
    """Values, baselines and statuses that are not known are closed by writing them down."""
    content = write_metric_rubric(
        {"fact": "margin", "unit": "percent", **asked}, {"baseline": "required"}
    )
    item = write_item({"metric": "margin", "unit": "percent", **stated}, support=BACKED)
    path = find(content, item)
    assert list_steps(path)[0] == ["unmeasured:work/reach/margin"]
    assert path.routes[0].total == pytest.approx(0.832)


@pytest.mark.parametrize(("lowest", "highest"), [(50, 60), (-9, -5)])
def test_baselines_made_up_are_possible_ones(lowest: float, highest: float) -> None:
    """Where both figures are unknown, the baseline lies where the metric can be."""
    asked = {"at_least": 1, "change": "absolute", "unit": "percent"}
    metric = {"baseline": "required", "lowest": lowest, "highest": highest}
    content = write_metric_rubric({"fact": "margin", **asked}, metric)
    item = write_item({"metric": "margin"}, support=BACKED)
    [route, *_] = find(content, item).routes
    [fact] = [each.model_dump() for each in route.steps[0].edit.facts]
    assert lowest <= fact["baseline"] < fact["value"] <= highest


def test_a_figure_that_cannot_be_is_no_step() -> None:
    """More than what is possible cannot be reached, by an old item or a new one."""
    content = write_metric_rubric(
        {"fact": "margin", "at_least": 90, "unit": "percent"}, {"highest": 80}
    )
    fact = {"metric": "margin", "value": 20, "unit": "percent"}
    path = find(content, write_item(fact, support=BACKED))
    assert (path.routes, path.exact) == ((), True)
    assert find(content).reach == 0.0


def test_figures_asked_beside_another_are_stated_or_raised_with_it() -> None:
    """A side figure that is missing is written down; one that falls short is raised."""
    asked = {**VISITS, "provided": [{"fact": "margin", "at_least": 30, "unit": "percent"}]}
    content = write_metric_rubric(asked, {})
    met = {"metric": "visits", "value": 10, "unit": "count", "status": "realised"}
    path = find(content, write_item(met, support=BACKED))
    assert list_steps(path)[0] == ["unmeasured:work/reach/visits"]
    low = {"metric": "margin", "value": 20, "unit": "percent", "status": "realised"}
    path = find(content, write_item(met, low, support=BACKED))
    assert list_steps(path) == [["short:work/reach/visits"]]
    open_one = {key: met[key] for key in ("metric", "value", "unit")}
    beside = {**low, "value": 35}
    path = find(content, write_item(open_one, beside, support=BACKED))
    assert list_steps(path)[0] == ["unmeasured:work/reach/visits"]
    assert len(path.routes[0].steps[0].edit.facts) == 1
    impossible = write_metric_rubric(asked, {"highest": 25})
    assert find(impossible, write_item(met, support=BACKED)).routes == ()


@pytest.mark.parametrize(
    ("dates", "kinds"),
    [
        ({"in_progress": True}, {"unmeasured"}),
        ({"in_progress": True, "started": "2026-01-01"}, {"short"}),
        ({"in_progress": False, "ended": "2026-06-01"}, {"unmeasured"}),
        ({"in_progress": False, "ended": "2026-06-01", "started": "2026-05-01"}, {"short"}),
        ({"in_progress": False, "started": "2025-05-01"}, {"stale"}),
        ({"in_progress": False}, {"unmeasured"}),
        ({"in_progress": True, "started": "2020-01-01"}, {"uncorroborated"}),
    ],
)
def test_work_that_must_last_is_dated_or_kept_up(dates: Content, kinds: set[str]) -> None:
    """Unknown dates are stated, a length that is too short is kept up; age is supplied with it."""
    rubric = write_rubric({**ONCE, "sustained": 12})
    support = "none" if kinds == {"uncorroborated"} else BACKED
    path = find(rubric, write_item(SEEN, support=support, **dates))
    assert {step.kind for step in path.routes[0].steps} == kinds


def test_new_work_that_must_last_began_long_enough_ago() -> None:
    """A new item of twelve months ends today; one that would begin before the calendar fails."""
    path = find(write_rubric({**ONCE, "sustained": 12}))
    [step] = path.routes[0].steps
    assert step.edit.new is not None
    assert (step.edit.new.started, step.edit.new.ended) == (date(2025, 6, 30), date(2026, 6, 30))
    packet = parse_packet({"id": "p", "as_of": "0050-01-01", "evidence": []})
    path = find_path(packet, parse_rubric(write_rubric({**ONCE, "sustained": 1200})))
    assert path.routes == ()


# --- closing less than fully is rubric data


@pytest.mark.parametrize(
    ("requirement", "fact"),
    [
        (VISITS, {"metric": "visits", "value": 2, "unit": "count", "status": "realised"}),
        (
            {"fact": "visits", "at_most": 10, "unit": "count"},
            {"metric": "visits", "value": 90, "unit": "count", "status": "realised"},
        ),
        (
            {"fact": "visits", "between": [10, 20], "unit": "count"},
            {"metric": "visits", "value": 90, "unit": "count", "status": "realised"},
        ),
    ],
)
def test_a_closure_of_less_than_all_stops_there(requirement: Content, fact: Content) -> None:
    """With attainment .8, a figure is brought as far as attains .8 and no further."""
    content = write_rubric(requirement, bar=0.6, evidence={"closure": {"attainment": 0.8}})
    path = find(content, write_item(fact, support=BACKED))
    assert list_steps(path)[0] == ["short:work/reach/visits"]
    assert path.routes[0].total == pytest.approx(0.8 * 0.832)
    assert find(content).routes[0].total == pytest.approx(0.8 * 0.832)


def test_progress_stops_short_of_its_target_too() -> None:
    """From 10, 80 % of the way to 30 is 26."""
    asked = {"fact": "margin", "at_least": 30, "unit": "percent"}
    content = write_metric_rubric(asked, {"baseline": "required"})
    content |= {"bar": 0.6, "evidence": {"closure": {"attainment": 0.8}}}
    fact = {
        "metric": "margin",
        "value": 10,
        "baseline": 10,
        "unit": "percent",
        "status": "realised",
    }
    [step] = find(content, write_item(fact, support=BACKED)).routes[0].steps
    [added] = [each.model_dump() for each in step.edit.facts]
    assert added["value"] == pytest.approx(26)


def test_points_and_parts_are_closed_in_whole_steps() -> None:
    """.6 of point 3 is point 2, and .6 of three parts are two of them."""
    policy = {"closure": {"attainment": 0.6, "support": ["manager", "cross_functional", "self"]}}
    parts = {"fact": "plan", "sections": ["a", "b"], "reviewers": ["cto"]}
    content = write_rubric(ONCE, parts, bar=0.5, evidence=policy)
    [route] = find(content, limit=1).routes
    news = [step.edit.new for step in route.steps if step.edit.new is not None]
    facts = [fact.model_dump(exclude_none=True) for item in news for fact in item.facts]
    assert {"behaviour": "aligns", "point": 2} in facts
    assert {"artifact": "plan", "sections": ("a", "b"), "reviewers": ()} in facts


# --- when age undoes it


def test_a_path_expires_on_the_day_on_which_age_undoes_it() -> None:
    """On the day before, the packet still reaches the bar; on the day itself it does not."""
    item = write_item(SEEN, in_progress=False, ended="2026-05-01", support="none")
    packet, rubric = parse_packet(write_packet(item)), parse_rubric(write_rubric(ONCE))
    [route, *_] = find_path(packet, rubric).routes
    assert route.expires is not None
    after = route.apply(packet)
    assert not assess(after, rubric, as_of=route.expires).met
    assert assess(after, rubric, as_of=route.expires - timedelta(days=1)).met


def test_what_is_met_expires_too_or_never() -> None:
    """A packet at the bar has no steps; work in progress does not age, old work counts .25."""
    rubric = parse_rubric(write_rubric(ONCE))
    fresh = find_path(parse_packet(write_packet(write_item(SEEN, support=BACKED))), rubric)
    assert (fresh.met, fresh.routes, fresh.expires) == (True, (), None)
    assert "Age alone will not undo it." in str(fresh)
    dated = write_item(SEEN, support=BACKED, in_progress=False, ended="2026-05-01")
    aging = find_path(parse_packet(write_packet(dated)), rubric)
    assert aging.expires is not None
    assert aging.expires.isoformat() in str(aging)
    last = parse_packet({**write_packet(dated), "as_of": "9999-12-01"})
    assert find_path(last, rubric, as_of=date(2026, 6, 30)).expires == aging.expires


# --- efforts


def test_efforts_are_taken_from_the_most_special_name() -> None:
    """A step's id goes before its requirement, that before its criterion, that before its kind."""
    given: dict[str, float] = {}
    for name, effort in (
        ("absent", 7),
        ("reach", 6),
        ("reach/aligns", 5),
        ("absent:reach/aligns", 4),
    ):
        given[name] = effort
        assert find(write_rubric(ONCE), efforts=given).routes[0].effort == effort


def test_efforts_of_whole_items_go_by_kind_and_id() -> None:
    """A criterion's effort says nothing of an item that bears on others too."""
    item = write_item(SEEN)
    assert find(write_rubric(ONCE), item, efforts={"reach": 9}).routes[0].effort == 2
    assert find(write_rubric(ONCE), item, efforts={"uncorroborated": 9}).routes[0].effort == 9


def test_efforts_that_are_fractions_are_added_exactly() -> None:
    """Three steps of a tenth take three tenths."""
    item = {"id": "work", "title": "Work", "facts": [SEEN]}
    kinds = dict.fromkeys(("unowned", "uncorroborated", "stale"), 0.1)
    assert find(write_rubric(ONCE), item, efforts=kinds).routes[0].effort == 0.3


def test_efforts_count_to_the_thousandth_of_a_day() -> None:
    """A third of a day is .333; the largest effort beside the smallest is still told from it."""
    assert find(write_rubric(ONCE), efforts={"absent": 1 / 3}).routes[0].effort == 0.333
    content = write_rubric(ONCE, {"fact": "mentors", "point": 3, "asked": "once"})
    names = {"absent:reach/aligns": 1e6, "absent:reach/mentors": 0.001}
    assert find(content, efforts=names).routes[0].effort == 1_000_000.001


@pytest.mark.parametrize("nothing", [None, "none"])
def test_steps_can_be_left_out(nothing: str | None) -> None:
    """What has no effort is not taken; without anything left there is no path."""
    path = find(write_rubric(ONCE), write_item(SEEN), efforts={"uncorroborated": nothing})
    assert path.routes == ()
    assert path.reach == pytest.approx(0.3)
    assert path.documents is path.work is None


def test_what_follows_a_step_that_is_left_out_is_left_out_too() -> None:
    """Without the first new achievement a second one makes no sense."""
    path = find(write_rubric(ALIGNS), efforts={"absent": None})
    assert path.routes == ()
    assert path.reach == 0.0


def test_efforts_come_from_a_file(tmp_path: File) -> None:
    """YAML holds them as a mapping does."""
    file = tmp_path / "efforts.yaml"
    file.write_text("absent: 12.5\nsingle: none\n", encoding="utf-8")
    assert find(write_rubric(ONCE), efforts=file).routes[0].effort == 12.5
    assert find(write_rubric(ONCE), efforts=str(file)).routes[0].effort == 12.5


@pytest.mark.parametrize(
    ("efforts", "said"),
    [
        ({"shrot": 1}, "shrot: is no kind of gap, criterion, criterion/requirement or closure of"),
        ({"shrot": 1}, "did you mean 'short'?"),
        ({"zzz": 1}, "kinds are: absent, unmeasured"),
        ({3: 1}, "efforts: is no kind"),
        ({"short": 0}, "short: is no effort; write days of work, at least 0.001"),
        ({"short": -1}, "short: is no effort"),
        ({"short": 1e-9}, "short: is no effort"),
        ({"short": True}, "short: is no effort"),
        ({"short": "much"}, "short: is no effort"),
        ({"short": float("nan")}, "short: is no effort"),
        (7, "efforts: is neither a mapping nor a path"),
        ("no-such-file.yaml", "no-such-file.yaml: no such file"),
    ],
)
def test_efforts_that_are_none_are_explained(efforts: Any, said: str) -> None:  # noqa: ANN401
    """Names nobody knows and numbers that are no efforts are refused, all at once."""
    problems = list_problems(lambda: find(write_rubric(ONCE), efforts=efforts))
    assert any(said in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("short: 0\nlong: 1\n", "efforts.yaml:1:8: short: is no effort"),
        ("- short\n", "holds no efforts; write lines such as: short: 15"),
        ("short: [1\n", "efforts.yaml:"),
        ("short: &a 1\n", "efforts.yaml:1"),
    ],
)
def test_problems_in_a_file_of_efforts_have_their_place(
    tmp_path: File, text: str, said: str
) -> None:
    """Each problem is led to its line and column."""
    file = tmp_path / "efforts.yaml"
    file.write_text(text, encoding="utf-8")
    problems = list_problems(lambda: find(write_rubric(ONCE), efforts=file))
    assert any(said in problem for problem in problems), problems


def test_options_that_are_none_are_explained_together() -> None:
    """Both wrong options are named at once."""
    said = list_problems(lambda: find(write_rubric(ONCE), limit=0, only="people"))
    assert said == [
        "limit: is no number of routes; give 1 to 20",
        "only: is not known; give 'documents', 'work' or None",
    ]


# --- blocked, stopped, told


def test_a_must_have_that_nothing_reaches_is_named() -> None:
    """Where a step is left out that a must-have needs, the must-have is what blocks."""
    content = write_rubric(ONCE)
    gate = {**content["criteria"][0], "id": "gate", "name": "Gate", "must_have": 0.5}
    gate["requirements"] = [{"fact": "mentors", "point": 3, "asked": "once"}]
    content["criteria"] = [*content["criteria"], gate]
    path = find(content, write_item(SEEN), efforts={"gate": None})
    assert path.blocked_by == ("gate",)
    assert "The must-have gate stays out of reach." in str(path).replace("\n", " ")
    both = {**content, "criteria": [{**each, "must_have": 0.5} for each in content["criteria"]]}
    path = find(both, efforts={"absent": None})
    assert path.blocked_by == ("reach", "gate")
    assert "The must-haves reach, gate" in str(path).replace("\n", " ")


def test_a_search_that_stops_early_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The best found is told with the least that any path takes; some way is always found."""
    packet = load_packet(PACKETS / "weak-l2-l3.yaml")
    monkeypatch.setattr(scoring_path, "MOST_WORK", 1)
    whole = find_path(packet, limit=1)
    assert not whole.exact
    assert whole.bound is not None
    assert whole.bound <= 140 <= whole.routes[0].effort
    text = str(whole).replace("\n", " ")
    assert "The best that was found" in text
    assert "The search stopped early: a cheaper set may exist" in text
    monkeypatch.setattr(scoring_path, "MOST_WORK", 0)
    some = find_path(packet, limit=1)
    assert some.bound == 0
    assert not some.routes[0].exact
    assert ", the best that was found." in str(some).replace("\n", " ")
    assert assess(some.routes[0].apply(packet)).met


def test_the_path_of_an_example_is_the_one_step_it_lacks() -> None:
    """The packet misses the status of one figure: one day brings it over the bar."""
    packet = load_packet(PACKETS / "spm-b.yaml")
    path = find_path(packet)
    assert list_steps(path) == [
        ["unmeasured:file-line-fy26/business_result/operating_margin"],
        ["absent:business_result/acv_growth"],
    ]
    assert path.exact
    assert path.documents == path.routes[0]
    text = str(path)
    assert "The least effort: 1 day of work" in text
    assert "instead of 1 step: show" in text
    assert "A committee votes as it thinks right" in text
    only = find_path(packet, only="documents")
    assert "the path to the bar by writing down alone" in str(only)
    assert "By new work alone" not in str(only)


def test_long_lists_are_cut() -> None:
    """Of many requirements that a step bears on three are named."""
    text = str(find_path(load_packet(PACKETS / "all-undocumented.yaml"), limit=1))
    assert "and 2 more" in text.replace("\n          ", " ")


def test_a_path_is_data() -> None:
    """It is a frame of steps, and JSON that comes back whole or is refused."""
    path = find_path(load_packet(PACKETS / "weak-l2-l3.yaml"), limit=2)
    frame = path.to_frame()
    assert frame["route"].tolist() == [1] * 7 + [2] * 8
    assert frame["gain"].sum() == pytest.approx(
        sum(route.total - path.proven for route in path.routes)
    )
    assert path.near_ties == path.routes[1:]
    with pytest.raises(DataError, match=r"bar: is not as a Path has it; Path\.model_dump_json"):
        Path.from_json(path.model_dump_json().replace('"bar":0.75', '"bar":"high"'))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('"bar":"0.75"', "bar: is not as a Path has it"),
        ('"bar":true', "bar: is not as a Path has it"),
        ('"bar":0.75,"bare":1', "bare: is not as a Path has it"),
        ('"bar":0.75,"bar":0.75', "bar: duplicate key"),
    ],
)
def test_a_path_is_read_to_the_letter(written: str, said: str) -> None:
    """Text and truth are no numbers, and what no path has is no part of one."""
    text = find_path(load_packet(PACKETS / "weak-l2-l3.yaml"), limit=1).model_dump_json()
    with pytest.raises(DataError, match=said):
        Path.from_json(text.replace('"bar":0.75', written))


def test_a_path_is_read_from_text() -> None:
    """What is neither text nor bytes is no path, and is not told back."""
    with pytest.raises(DataError, match="path: is not as a Path has it"):
        Path.from_json(cast("str", 4711))


def test_unknown_keys_are_found_inside_of_lists() -> None:
    """A key that no step has is told with its place among the routes."""
    text = find_path(load_packet(PACKETS / "weak-l2-l3.yaml"), limit=1).model_dump_json()
    with pytest.raises(DataError, match=r"routes\[0\]\.steps\[0\]\.colour: is not as a Path"):
        Path.from_json(text.replace('"steps":[{', '"steps":[{"colour":1,', 1))


def test_a_route_belongs_to_its_packet() -> None:
    """Applied to a packet without its item it says which one is missing."""
    [route, *_] = find(write_rubric(ONCE), write_item(SEEN)).routes
    with pytest.raises(PacketError, match="evidence: has no item work; apply a route to its own"):
        route.apply(parse_packet(write_packet()))
    packet = parse_packet(write_packet())
    assert Route(0.0, (), 0.8, date(2026, 7, 31), None).apply(packet).as_of == date(2026, 7, 31)


def test_a_path_of_another_day_is_applied_on_that_day() -> None:
    """A month later, new work ends then; the packet that comes out speaks of that day."""
    packet, rubric = parse_packet(write_packet()), parse_rubric(write_rubric(ONCE))
    [route] = find_path(packet, rubric, as_of=date(2026, 7, 31)).routes
    assert assess(route.apply(packet), rubric).proven == route.total
    assert assess(route.apply(packet), rubric).as_of == date(2026, 7, 31)


def test_edits_come_in_any_order() -> None:
    """What closures add to an item is the same, whichever comes first."""
    item = {"id": "work", "title": "Work", "facts": [SEEN]}
    packet, rubric = parse_packet(write_packet(item)), parse_rubric(write_rubric(ONCE))
    [route, *_] = find_path(packet, rubric).routes
    orders = permutations(step.edit for step in route.steps)
    assert len({apply_edits(packet, order).digest for order in orders}) == 1


def test_no_step_is_about_time_or_people() -> None:
    """What closures change are facts of the work: parts, voices, ends, figures, points, items."""
    packet = load_packet(PACKETS / "all-undocumented.yaml")
    before = packet.model_dump(exclude={"evidence"})
    path = find_path(packet, limit=1)
    assert path.routes[0].apply(packet).model_dump(exclude={"evidence"}) == before


def test_closures_are_listed_once() -> None:
    """No two closures of a packet have the same id."""
    for file in PACKETS.glob("*.yaml"):
        packet = load_packet(file)
        seen = take_stock(packet, find_rubric(packet))
        ids = [closure.id for closure in list_closures(seen.yard)]
        assert len(set(ids)) == len(ids)
