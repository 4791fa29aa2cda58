"""The stories that the source tells, told to the rubrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import oracle
import pytest
from showings import AS_OF, BACKED, list_facts, make_item, make_packet

from pmpromo import load_rubric, shipped_rubrics

if TYPE_CHECKING:
    from fractions import Fraction

    from pmpromo import Packet


def prove(packet: Packet, name: str) -> dict[str, Fraction]:
    """Return what each criterion of a rubric sees proven, and the total."""
    verdict = oracle.score(packet, load_rubric(name), AS_OF)
    return {each.id: each.proven for each in verdict.criteria} | {"total": verdict.total.worst}


def test_the_senior_who_starts_something_outscores_the_one_who_only_runs_the_line() -> None:
    """B is A with one initiative more; foresight, new ground and reach tell them apart."""
    line = make_item(
        "line",
        [
            {
                "metric": "unit_arr_growth",
                "value": 15,
                "unit": "percent/year",
                "status": "realised",
            },
            {"metric": "operating_margin", "value": 32, "unit": "percent", "status": "realised"},
            {"behaviour": "aligns_functions", "point": 2},
            {"behaviour": "applies_technical_depth", "point": 3},
        ],
        BACKED,
    )
    integration = make_item(
        "integration",
        [
            {"behaviour": "leads_cross_product", "point": 3},
            {"behaviour": "aligns_functions", "point": 3},
            {"behaviour": "initiates_shifts", "point": 3},
            {"behaviour": "foresees_shifts", "point": 3},
        ],
        BACKED,
    )
    a = prove(make_packet(line), "pure-storage-pm/l3-l4")
    b = prove(make_packet(line, integration), "pure-storage-pm/l3-l4")
    apart = {name for name in a if b[name] != a[name]}
    assert b["total"] > a["total"]
    assert apart == {"cross_functional", "new_ground", "portfolio_strategy", "total"}


def test_one_rework_with_an_effect_outscores_three_tweaks() -> None:
    """Three tweaks at point 1 give .457 of the behaviour; one rework at point 3 gives .700."""

    # q = 1 - .7 * .6 * .4 = .832 for manager and another function. A tweak is x = .832 / 3 = .2773:
    # 1 - (1 - .2773)(1 - .6 * .2773)(1 - .36 * .2773) = .4577. The rework is min(.7, .832).
    def judge(count: int, point: int) -> float:
        fact = {"behaviour": "tells_outcome_from_output", "point": point}
        items = [make_item(f"i{number}", [fact], BACKED) for number in range(count)]
        verdict = oracle.score(make_packet(*items), load_rubric("pure-storage-pm/l1-l2"), AS_OF)
        (outcome,) = (each for each in verdict.criteria if each.id == "outcome")
        return float(outcome.requirements["tells_outcome_from_output"].worst)

    assert judge(3, 1) == pytest.approx(0.4577, abs=1e-4)
    assert judge(1, 3) == pytest.approx(0.7)


@pytest.mark.parametrize("name", shipped_rubrics())
def test_technical_work_alone_stays_below_every_bar(name: str) -> None:
    """Technical criteria in full, three times and well backed, come nowhere near the bar."""
    rubric = load_rubric(name)
    technical = [each for each in rubric.criteria if each.id.startswith("technical_")]
    items = [make_item(f"i{n}", list_facts(rubric, technical, n), BACKED) for n in range(3)]
    proven = prove(make_packet(*items), name)
    assert all(proven[each.id] >= 0.75 for each in technical)
    assert proven["total"] < 0.2


def test_a_playbook_that_others_use_lifts_the_practice_criterion() -> None:
    """The playbook itself backs the habit it shows: .3 of one's own word become .65."""
    # Own word alone: q = .3. With an artifact that can be opened: 1 - .7 * .5 = .65.
    # The criterion is the mean of two behaviours, one of which is not shown.
    habit: dict[str, Any] = {"behaviour": "builds_practice", "point": 3}
    playbook = {"artifact": "practice_playbook", "uri": "doc:7"}
    told = prove(make_packet(make_item("p", [habit])), "pure-storage-pm/l3-l4")
    shown = prove(make_packet(make_item("p", [habit, playbook])), "pure-storage-pm/l3-l4")
    assert float(told["practice"]) == pytest.approx(0.3 / 2)
    assert float(shown["practice"]) == pytest.approx(0.65 / 2)


def test_usage_data_that_raised_satisfaction_shows_judgement_and_effect() -> None:
    """One item with a costly choice by usage data and its effect counts in two criteria."""
    # q = .832. The effect is asked once: .832. The habit has the cap .7, one of the best three.
    facts = [
        {"behaviour": "grounds_decisions_in_data", "point": 3},
        {"metric": "satisfaction_change", "value": 15, "unit": "percent", "status": "realised"},
    ]
    proven = prove(make_packet(make_item("portal", facts, BACKED)), "pure-storage-pm/l2-l3")
    assert float(proven["customer_impact"]) == pytest.approx(0.832)
    assert float(proven["decision_basis"]) == pytest.approx(0.7 / 3)
