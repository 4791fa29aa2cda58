"""Where a distance comes from, how far weights can go, and what turns a verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import permutations
from math import isclose
from pathlib import Path as File
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta
from small import ALIGNS, list_problems, write_item, write_packet, write_rubric
from strategies import Content, cases, read_packet, read_rubric

from pmpromo import (
    Packet,
    Rubric,
    Sensitivity,
    assess,
    attribute,
    compare,
    find_path,
    load_packet,
    measure_sensitivity,
    parse_packet,
    parse_rubric,
)
from pmpromo.advice.policy_swings import change
from pmpromo.errors import DataError
from pmpromo.scoring.kernel import score_total
from pmpromo.scoring.plan import Plan, make_plan
from pmpromo.scoring.split import split_lift, split_worth
from pmpromo.scoring.stability import find_range, find_weights, passes_gates, score_under

PACKETS: Final = File(__file__).parents[2] / "examples" / "packets"
BACKED: Final = [{"relation": "manager"}, {"relation": "cross_functional"}]
SEEN: Final[Content] = {"behaviour": "aligns", "point": 3}


def write_criteria(*weights: float, **content: object) -> Content:
    """Return a rubric of criteria that each ask for a share of visits: s is what the figure is."""
    criteria = [
        {
            "id": f"c{place}",
            "name": f"C{place}",
            "weight": weight,
            "requirements": [{"fact": f"f{place}", "at_least": 100, "unit": "count"}],
        }
        for place, weight in enumerate(weights)
    ]
    policy = {"credibility": {"self_report": 1.0}}
    return write_rubric(**{"criteria": criteria, "evidence": policy, **content})


def show(*scores: float) -> Packet:
    """Return a packet that scores so much on each criterion."""
    facts = [
        {"metric": f"f{place}", "value": 100 * score, "unit": "count", "status": "realised"}
        for place, score in enumerate(scores)
    ]
    return parse_packet(write_packet(write_item(*facts)))


# --- attribution


def split_by_orders(scores: list[float], plan: Plan) -> dict[int, float]:
    """Average what each criterion below its bar adds, over all orders."""
    short = [place for place, part in enumerate(plan.criteria) if scores[place] < part.bar]
    orders = list(permutations(short))
    parts = dict.fromkeys(short, 0.0)
    for order in orders:
        raised = list(scores)
        before = score_total(raised, plan)[1]
        for place in order:
            raised[place] = plan.criteria[place].bar
            after = score_total(raised, plan)[1]
            parts[place] += (after - before) / len(orders)
            before = after
    return parts


@given(cases(), st.data())
def test_the_split_is_the_average_over_all_orders(
    case: tuple[Content, Content], data: st.DataObject
) -> None:
    """By its definition, and it adds up to the lift."""
    plan = make_plan(read_rubric(case[0]))
    scores = [data.draw(st.floats(0, 1)) for _ in plan.criteria]
    found, wanted = split_lift(scores, plan), split_by_orders(scores, plan)
    assert found.keys() == wanted.keys()
    assert all(isclose(found[place], wanted[place], abs_tol=1e-12) for place in found)
    bars = [max(score, part.bar) for score, part in zip(scores, plan.criteria, strict=True)]
    lift = score_total(bars, plan)[1] - score_total(scores, plan)[1]
    assert sum(found.values()) == pytest.approx(lift, abs=1e-12)


def test_equal_players_share_equally() -> None:
    """Three players who only win together get a third each."""
    assert split_worth(lambda mask: float(mask == 0b111), 3) == pytest.approx([1 / 3] * 3)


def test_a_part_is_a_weight_times_a_distance_where_nothing_else_bears_on_it() -> None:
    """Weights .6, .4, scores .5, .25, bar .75: .15 and .2; what is at its bar is not listed."""
    rubric = parse_rubric(write_criteria(6, 4))
    frame = attribute(show(0.5, 0.25), rubric)
    assert frame["criterion"].tolist() == ["c1", "c0"]
    assert frame["part"].tolist() == pytest.approx([0.2, 0.15])
    assert frame["weight"].tolist() == pytest.approx([0.4, 0.6])
    assert attribute(show(0.75, 0.25), rubric)["criterion"].tolist() == ["c1"]
    assert attribute(show(0.9, 0.8), rubric).empty


def test_what_adds_nothing_is_not_listed() -> None:
    """A criterion of no weight is below its bar, and adds nothing."""
    rubric = parse_rubric(write_criteria(1, 0))
    assert attribute(show(0.5, 0.25), rubric)["criterion"].tolist() == ["c0"]


def test_the_parts_of_an_example_add_up_to_its_lift() -> None:
    """Three criteria of the packet are below their bars, and hold all of the distance."""
    packet = load_packet(PACKETS / "spm-b.yaml")
    parts = attribute(packet, as_of=date(2026, 6, 30))
    assert parts["criterion"].tolist() == ["business_result", "practice", "business_ownership"]
    assert assess(packet).proven + parts["part"].sum() == pytest.approx(0.8144, abs=5e-4)


def test_more_than_sixteen_criteria_are_too_many_to_split() -> None:
    """Seventeen below their bars are refused; eight of seventeen are split."""
    rubric = parse_rubric(write_criteria(*[1] * 17))
    [said] = list_problems(lambda: attribute(show(*[0.5] * 17), rubric))
    assert said.startswith("rubric: has 17 criteria below their bars, more than 16; join criteria")
    assert len(attribute(show(*[0.8] * 9, *[0.5] * 8), rubric)) == 8


# --- weights


def reweigh(plan: Plan, place: int, weight: float) -> list[float]:
    """Return the weights with one changed and the others in their proportions."""
    weights = find_weights(plan).of
    rest = 1 - weights[place]
    return [
        weight if at == place else each * (1 - weight) / rest for at, each in enumerate(weights)
    ]


def score_by_hand(weights: list[float], scores: list[float], plan: Plan) -> float:
    """Return the total before must-haves: a weighted mean, less what pairs take away."""
    mean = sum(weight * score for weight, score in zip(weights, scores, strict=True))
    taken = sum(
        weight / plan.total.total * abs(scores[one] - scores[other]) / 2
        for one, other, weight in plan.pairs
    )
    return mean - taken


@given(cases(), st.data())
def test_the_range_of_a_weight_ends_where_the_verdict_does(
    case: tuple[Content, Content], data: st.DataObject
) -> None:
    """Inside it the verdict is today's; just outside, the total has crossed the bar."""
    plan = make_plan(read_rubric(case[0]))
    scores = [data.draw(st.floats(0, 1)) for _ in plan.criteria]
    before, total = score_total(scores, plan)
    weights, drawn = find_weights(plan)
    for place, weight in enumerate(weights):
        low, high = find_range(place, scores, plan)
        assert low <= weight <= high
        if weight >= 1 or abs(before - plan.bar) < 1e-6 or not passes_gates(scores, plan):
            continue
        for at in (data.draw(st.floats(0, 1)) for _ in range(3)):
            inside = low + (high - low) * (0.001 + 0.998 * at)
            there = score_by_hand(reweigh(plan, place, inside), scores, plan)
            assert (there >= plan.bar - 1e-9) if total >= plan.bar else (there < plan.bar + 1e-9)
        for end, out in ((low, low - 1e-4), (high, high + 1e-4)):
            moved = reweigh(plan, place, out)
            room = all(each >= half - 1e-9 for each, half in zip(moved, drawn, strict=True))
            if 0 <= out <= 1 and room and 0 < end < 1:
                there = score_by_hand(moved, scores, plan)
                slope = abs(scores[place] - score_by_hand(reweigh(plan, place, 0.0), scores, plan))
                if slope > 0.01:
                    assert (there < plan.bar + 1e-9) == (total >= plan.bar)


def test_a_range_is_found_by_bisection_too() -> None:
    """Scores .9, .6, .3 with weights .4, .4, .2, bar .6: found in closed form, and by halving."""
    plan = make_plan(parse_rubric(write_criteria(4, 4, 2, bar=0.6)))
    scores = [0.9, 0.6, 0.3]
    assert score_total(scores, plan)[1] >= 0.6
    for place in range(3):
        low, high = find_range(place, scores, plan)
        for end, outside in ((low, 0.0), (high, 1.0)):
            holds, fails = find_weights(plan).of[place], outside
            if score_under(reweigh(plan, place, fails), scores, plan) >= 0.6:
                assert end == outside
                continue
            for _ in range(60):
                middle = (holds + fails) / 2
                met = score_under(reweigh(plan, place, middle), scores, plan) >= 0.6
                holds, fails = (middle, fails) if met else (holds, middle)
            assert end == pytest.approx(holds, abs=1e-9)


def test_a_range_that_can_be_seen() -> None:
    """Scores 1 and .5, weights a half each, bar .75 to the hair: the first may gain, not lose."""
    plan = make_plan(parse_rubric(write_criteria(1, 1)))
    assert find_range(0, [1.0, 0.5], plan) == (0.5, 1.0)
    assert find_range(1, [1.0, 0.5], plan) == (0.0, 0.5)
    low, high = find_range(0, [1.0, 0.4], plan)
    assert low == 0.0
    assert high == pytest.approx(7 / 12)


def test_equal_scores_leave_every_weight_free() -> None:
    """Where all criteria score alike, weights say nothing; and one criterion has all the weight."""
    plan = make_plan(parse_rubric(write_criteria(1, 1)))
    assert find_range(0, [0.5, 0.5], plan) == (0.0, 1.0)
    alone = make_plan(parse_rubric(write_criteria(1, 0)))
    assert find_range(0, [0.5, 0.5], alone) == (1.0, 1.0)


def test_a_weight_is_never_less_than_pairs_draw_on_it() -> None:
    """A pair of strength .4 draws .2 from each of its two weights."""
    content = write_criteria(1, 1, 2, complements=[{"pair": ["c0", "c1"], "strength": 0.4}])
    plan = make_plan(parse_rubric(content))
    low, high = find_range(0, [0.1, 0.1, 0.1], plan)
    assert low == pytest.approx(0.2)
    assert high == pytest.approx(1 - 0.2 * 0.75 / 0.25)
    assert score_under([0.0, 0.5, 0.5], [1.0, 1.0, 0.0], plan) == pytest.approx(0.7 / 1.2)


def test_a_missed_must_have_settles_the_verdict() -> None:
    """Then no weights turn it, and the report says why."""
    content = write_criteria(1, 1)
    content["criteria"][1]["must_have"] = 0.5
    seen = measure_sensitivity(show(1.0, 0.2), parse_rubric(content), draws=100)
    assert seen.missed == ("c1",)
    assert [(each.low, each.high) for each in seen.weights] == [(0.0, 1.0)] * 2
    assert seen.acceptability.share == 1.0
    assert "The missed must-have c1 settles it, whatever the weights." in str(seen)
    content["criteria"][0]["must_have"] = 0.5
    both = measure_sensitivity(show(0.1, 0.2), parse_rubric(content), draws=100)
    assert "The missed must-haves c0, c1" in str(both)


def test_swings_are_totals_of_the_kernel_under_changed_rubrics() -> None:
    """A fifth more or less of a weight in the file gives the same totals."""
    content = write_criteria(5, 3, 2)
    packet, rubric = show(0.9, 0.5, 0.2), parse_rubric(content)
    seen = measure_sensitivity(packet, rubric, draws=100)
    for swing in seen.swings:
        for total, factor in ((swing.low, Fraction(4, 5)), (swing.high, Fraction(6, 5))):
            criteria = [
                {
                    **each,
                    "weight": float(each["weight"] * (factor if each["id"] == swing.name else 1)),
                }
                for each in content["criteria"]
            ]
            changed = assess(packet, parse_rubric({**content, "criteria": criteria}))
            assert changed.proven == pytest.approx(total, abs=1e-12)


def test_policy_swings_are_totals_of_the_kernel_under_changed_policies() -> None:
    """Each constant that bears on a packet is changed in the file, and assessed again."""
    rubric = parse_rubric(write_rubric({**ALIGNS, "asked": "once"}))
    dated = write_item(SEEN, support=BACKED, in_progress=False, ended="2024-06-30")
    packet = parse_packet(write_packet(dated))
    seen = measure_sensitivity(packet, rubric, draws=100)
    assert {swing.name for swing in seen.policy} == {
        "ownership.led",
        "credibility.self_report",
        "credibility.report_line",
        "credibility.cross_functional",
        "recency.grace_months",
        "recency.half_life_months",
    }
    for swing in seen.policy:
        part, _, name = swing.name.partition(".")
        less = Rubric.model_validate(
            change(rubric, part, name, swing.value * 0.8).model_dump(mode="python", by_alias=True)
        )
        assert assess(packet, less).proven == swing.low
    widths = [abs(swing.high - swing.low) for swing in seen.policy]
    assert widths == sorted(widths, reverse=True)


# --- plausible weights


def test_the_share_of_plausible_weights_is_that_of_a_beta_distribution() -> None:
    """Two criteria: w ~ Beta(20 w_1, 20 w_2), met where w >= (bar - s_2) / (s_1 - s_2)."""
    rubric = parse_rubric(write_criteria(6, 4))
    seen = measure_sensitivity(show(0.9, 0.5), rubric, draws=40_000)
    exact = float(beta(12, 8).cdf((0.75 - 0.5) / 0.4))
    assert not seen.met
    assert seen.acceptability.share == pytest.approx(exact, abs=4 * seen.acceptability.error)
    assert 0.001 < seen.acceptability.error < 0.003


def test_the_share_of_all_weights_is_an_area() -> None:
    """Three equal weights at concentration 3 are uniform on the simplex.

    Met is what lies beyond the line from (x, 1-x, 0) to (y, 0, 1-y), (1 - x)(1 - y) of the whole,
    where x and y are the weights of the first criterion at which the total is the bar.
    """
    rubric = parse_rubric(write_criteria(1, 1, 1, bar=0.6))
    seen = measure_sensitivity(show(1.0, 0.5, 0.2), rubric, draws=40_000, concentration=3)
    beyond = (1 - (0.6 - 0.5) / 0.5) * (1 - (0.6 - 0.2) / 0.8)
    same = beyond if seen.met else 1 - beyond
    assert seen.acceptability.share == pytest.approx(same, abs=4 * seen.acceptability.error)


def test_the_same_packet_gives_the_same_share() -> None:
    """The seed is fixed; criteria without weight stay without it."""
    rubric = parse_rubric(write_criteria(6, 4, 0))
    one, other = (measure_sensitivity(show(0.9, 0.5, 0.0), rubric, draws=500) for _ in range(2))
    assert one == other
    assert one.acceptability.seed == other.acceptability.seed


# --- single facts


def test_what_a_met_verdict_hangs_on_is_named() -> None:
    """One item, one fact, two voices: each alone is needed for .832."""
    voices = [{"relation": "manager", "by": "m-1"}, {"relation": "cross_functional"}]
    rubric = parse_rubric(write_rubric({**ALIGNS, "asked": "once"}))
    seen = measure_sensitivity(
        parse_packet(write_packet(write_item(SEEN, support=voices))), rubric, draws=100
    )
    assert seen.met
    assert {(flip.what, round(flip.total, 3)) for flip in seen.flips} == {
        ("the whole item", 0.0),
        ("the fact aligns", 0.0),
        ("the voice of manager m-1", 0.72),
        ("the voice of cross functional", 0.58),
    }
    assert "Single facts that turn the verdict if taken away" in str(seen)
    twice = [write_item(SEEN, id=name, support=voices) for name in ("one", "two")]
    sturdy = measure_sensitivity(parse_packet(write_packet(*twice)), rubric, draws=100)
    assert sturdy.flips == ()
    assert "No single fact turns the verdict." in str(sturdy)


def test_what_would_turn_a_verdict_that_is_not_met_is_named() -> None:
    """The example lacks one status, or one new piece of work."""
    seen = measure_sensitivity(load_packet(PACKETS / "spm-b.yaml"), draws=100)
    assert [(flip.change, flip.evidence) for flip in seen.flips] == [
        ("supplied", "file-line-fy26"),
        ("supplied", ""),
    ]


# --- as data, as text


def test_sensitivity_is_data() -> None:
    """It comes back from JSON, and is a frame of criteria; its report has 80 columns."""
    for file in ("spm-b.yaml", "strong-l2-l3.yaml", "data-incident.yaml"):
        seen = measure_sensitivity(load_packet(PACKETS / file), draws=200)
        assert Sensitivity.from_json(seen.model_dump_json()) == seen
        assert seen.to_frame()["weight"].sum() == pytest.approx(1)
        assert all(len(line) <= 80 for line in str(seen).splitlines())
    with pytest.raises(DataError, match=r"sensitivity: is not as a Sensitivity has it"):
        Sensitivity.from_json("[]")
    lists = replace(seen, flips=seen.flips[:1] * 9)
    assert "  4 more" in str(lists)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"draws": 99}, "draws: is no number of draws; give 100 to 1,000,000"),
        ({"draws": True}, "draws: is no number of draws"),
        ({"draws": 2.0}, "draws: is no number of draws"),
        (
            {"concentration": 0},
            "concentration: is no concentration; give 20, or less to doubt more",
        ),
        ({"concentration": "much"}, "concentration: is no concentration"),
        ({"concentration": float("nan")}, "concentration: is no concentration"),
    ],
)
def test_options_that_are_none_are_refused(options: dict[str, Any], said: str) -> None:
    """Draws and concentrations that are none are named."""
    problems = list_problems(
        lambda: measure_sensitivity(show(0.5), parse_rubric(write_criteria(1)), **options)
    )
    assert any(problem.startswith(said) for problem in problems), problems


def test_packets_are_read_as_assess_reads_them() -> None:
    """What assess refuses, advice refuses with the same words."""
    packet = read_packet({"evidence": []})
    for work in (attribute, measure_sensitivity):
        said = list_problems(lambda work=work: work(packet))  # type: ignore[misc]
        assert said == list_problems(lambda: assess(packet))


def test_advice_shows_itself_briefly() -> None:
    """In a session one line says what it is; in a notebook the report stands as it is, escaped."""
    packet = load_packet(PACKETS / "spm-b.yaml")
    found, met = find_path(packet), find_path(load_packet(PACKETS / "strong-l3-l4.yaml"))
    rubric = "'pure-storage-pm/l3-l4'"
    assert repr(found) == f"Path('spm-b-2026h1', {rubric}, met=False, least='1 day of work')"
    assert repr(met) == f"Path('strong-l3-l4-2026h1', {rubric}, met=True, least='no steps')"
    seen = measure_sensitivity(packet, draws=100)
    start = f"Sensitivity('spm-b-2026h1', {rubric}, proven=0.645, met=False, share=1.000)"
    assert repr(seen) == start
    same = compare(packet, packet)
    assert repr(same) == f"Comparison('spm-b-2026h1', 'spm-b-2026h1', {rubric}, change=+0.000)"
    for each in (found, seen, same):
        assert each._repr_html_().startswith("<pre>spm-b-2026h1")
