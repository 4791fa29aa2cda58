"""Plans: a rubric's figures in their metrics' units, its weights exact, its tables filled."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest
from small import write_item, write_packet, write_rubric

from pmpromo import Rubric, assess, parse_packet, parse_rubric
from pmpromo.scoring.plan import make_plan

Content = dict[str, Any]

MARGIN: Content = {"id": "margin", "name": "Margin", "unit": "percent", "baseline": "required"}
COST: Content = {"id": "cost", "name": "Cost", "unit": "usd", "baseline": "required"}
LADDER: Content = {
    "id": "t",
    "name": "T",
    "tracks": [{"id": "ic", "name": "Individual"}],
    "levels": [
        {"id": name, "name": name, "tracks": ["ic"], "scope": "a product"} for name in ("L1", "L2")
    ],
    "metrics": [MARGIN, COST, {"id": "arr", "name": "Revenue", "unit": "usd_million/year"}],
}


@pytest.mark.parametrize(
    ("target", "ends"),
    [
        ({"fact": "margin", "at_least": 0.3, "unit": "ratio"}, (30, 30)),
        ({"fact": "margin", "between": [3000, 3500], "unit": "basis_point"}, (30, 35)),
        ({"fact": "arr", "at_least": 5_000_000, "unit": "usd/quarter"}, (20, 20)),
        # a relative change stays in percent, whatever the metric's unit
        ({"fact": "margin", "at_most": -0.2, "change": "relative", "unit": "ratio"}, (-20, -20)),
        ({"fact": "cost", "at_most": -20, "change": "relative", "unit": "percent"}, (-20, -20)),
        ({"fact": "margin", "at_least": 0.02, "change": "absolute", "unit": "ratio"}, (2, 2)),
    ],
)
def test_targets_are_read_in_the_metrics_own_unit(
    target: Content, ends: tuple[float, float]
) -> None:
    """A rubric may write its figures in any unit that converts, to the last digit."""
    plan = make_plan(parse_rubric(write_rubric(target, ladder=LADDER)))
    goal = plan.asked[0].goal
    assert goal is not None
    assert (goal.low, goal.high) == ends


@pytest.mark.parametrize(
    ("within", "ends"),
    [
        ({"tolerance": 10, "read_as": "relative", "of": 0.4}, (36, 44)),
        ({"tolerance": 0.02, "read_as": "absolute", "of": 0.38}, (36, 40)),
        ({"tolerance": 10, "read_as": "relative", "of": -0.4}, (-44, -36)),
    ],
)
def test_a_tolerance_of_a_figure_is_a_band(within: Content, ends: tuple[float, float]) -> None:
    """Read as relative it is a share of the reference, as absolute a distance in its unit."""
    target = {"fact": "margin", "unit": "ratio", "within": within}
    goal = make_plan(parse_rubric(write_rubric(target, ladder=LADDER))).asked[0].goal
    assert goal is not None
    assert (goal.kind, goal.low, goal.high) == ("band", *ends)


def make_pairs() -> Rubric:
    """Return the rubric of the design's example of complements."""
    weights = {"arr": 0.25, "leverage": 0.25, "scope": 0.25, "craft": 0.15, "mentoring": 0.10}
    criteria = [
        {"id": name, "name": name, "weight": weight, "requirements": [{"fact": name, "point": 3}]}
        for name, weight in weights.items()
    ]
    pairs = [
        {"pair": ["arr", "leverage"], "strength": 0.25},
        {"pair": ["scope", "leverage"], "strength": 0.15},
    ]
    return parse_rubric(write_rubric(criteria=criteria, complements=pairs))


def test_pairs_take_their_weight_from_both_criteria() -> None:
    """Leverage keeps .25 - .125 - .075 = .05 for itself; all are whole numbers of fortieths."""
    plan = make_plan(make_pairs())
    assert plan.total.total == 40
    assert list(plan.total.weights) == [5, 2, 7, 6, 4]
    assert list(plan.pairs) == [(0, 1, 10), (2, 1, 6)]
    assert sum(plan.total.weights) + sum(weight for *_, weight in plan.pairs) == 40


def test_unscored_requirements_are_left_out_of_the_arithmetic() -> None:
    """What has no target or no share has no weight, and shifts nobody else's."""
    asked: list[Content] = [
        {"fact": "margin", "unit": "percent"},
        {"fact": "arr", "at_least": 5, "unit": "usd_million/year", "share": 0},
        {"fact": "margin", "id": "m2", "at_least": 5, "unit": "percent", "share": 0.2},
        {"fact": "arr", "id": "a2", "at_least": 5, "unit": "usd_million/year", "share": 0.1},
    ]
    plan = make_plan(parse_rubric(write_rubric(*asked, ladder=LADDER)))
    assert [each.requirement.name for each in plan.asked] == ["m2", "a2"]
    assert list(plan.criteria[0].mean.weights) == [2, 1]
    assert plan.criteria[0].mean.total == 3


def test_work_that_hardly_ages_counts_a_hundred_years_and_more_alike() -> None:
    """Where the floor is never reached, the last entry of a hundred years holds ever after."""
    policy = {
        "recency": {"grace_months": 0, "half_life_months": 1200, "floor": 0},
        "credibility": {"self_report": 1},
    }
    visits = {"fact": "visits", "at_least": 1, "unit": "count"}
    rubric = parse_rubric(write_rubric(visits, evidence=policy))
    fact = {"metric": "visits", "value": 1, "unit": "count", "status": "realised"}

    def count(ended: str) -> float:
        item = write_item(fact, in_progress=False, ended=ended)
        return assess(parse_packet(write_packet(item)), rubric).proven

    assert count("1976-06-30") == pytest.approx(0.5**0.5, abs=1e-4)
    assert count("1926-06-30") == pytest.approx(0.5, abs=1e-4)
    assert count("1776-07-04") == count("1900-01-01") == pytest.approx(0.5, abs=1e-4)


def test_equal_rubrics_share_a_plan_and_a_changed_one_has_its_own() -> None:
    """A rubric read twice is planned once; the same name on other content is another rubric."""
    one, same = make_pairs(), make_pairs()
    assert make_plan(one) is make_plan(same)
    other = one.model_copy(update={"bar": 0.5})
    assert make_plan(other).bar == 0.5
    assert make_plan(one).bar == 0.75


def test_a_plan_goes_when_its_rubric_goes() -> None:
    """A service that reads rubrics all day does not hold on to them."""
    rubric = parse_rubric(write_rubric({"fact": "gone", "point": 3}, id="team/gone"))
    plan = weakref.ref(make_plan(rubric).asked[0].requirement)
    assert plan() is not None
    del rubric
    gc.collect()
    assert plan() is None
