"""What would answer a requirement, fact by fact, and an item with the answer written into it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

import pytest

from pmpromo import parse_packet, parse_rubric
from pmpromo.ladder import Metric
from pmpromo.packet import ArtifactFact, Corroboration, Evidence, Measurement
from pmpromo.scoring.answers import Answer, Case, Figure, complete, find_figure, reach
from pmpromo.scoring.edits import Edit, apply_edits, edit_item
from pmpromo.scoring.plan import Goal, make_plan
from pmpromo.scoring.table import find_packet_faults

if TYPE_CHECKING:
    from pmpromo.packet import Packet

Content = dict[str, Any]

TODAY: Final = date(2026, 6, 30)
ARR: Final = Metric(id="arr", name="ARR", unit="usd")
GROWTH: Final = {"fact": "growth", "at_least": 20, "unit": "percent"}
RISK: Final = {"fact": "risk", "at_most": 5, "unit": "percent"}
PLAN: Final = {"fact": "plan", "sections": ["a", "b"], "reviewers": ["cto", "vp"]}


def pose(requirement: Content, *facts: Content, closes: float = 1.0, **said: object) -> Case:
    """Return one requirement before one item with these facts."""
    rubric = parse_rubric(
        {
            "id": "t/l1-l2",
            "name": "Step",
            "current_level": "L1",
            "target_level": "L2",
            "criteria": [{"id": "c", "name": "C", "weight": 1, "requirements": [requirement]}],
            "evidence": {"closure": {"attainment": closes}},
        }
    )
    item = {"id": "e", "title": "T", "facts": list(facts), **said}
    packet = parse_packet({"id": "p", "as_of": "2026-06-30", "evidence": [item]})
    plan = make_plan(rubric)
    assert not find_packet_faults(packet, plan, TODAY)  # it reads the units that are stated
    return Case(plan.asked[0], packet.evidence[0], plan, TODAY, TODAY)


def complete_first(case: Case) -> Answer:
    """Complete the first fact of the item."""
    found = complete(case.item.facts[0], case)
    assert found is not None
    return found


def test_a_status_that_is_accepted_stays() -> None:
    """A projected figure whose value is not known is completed as a projected one."""
    both = {**GROWTH, "accepts": ["realised", "projected"]}
    [fact] = complete_first(pose(both, {"metric": "growth", "status": "projected"})).facts
    assert isinstance(fact, Measurement)
    assert (fact.value, fact.status) == (20.0, "projected")


def test_where_only_projections_are_accepted_one_is_stated() -> None:
    """A status that does not count is replaced by the one that does."""
    only = {**GROWTH, "accepts": ["projected"]}
    [fact] = complete_first(pose(only, {"metric": "growth", "status": "realised"})).facts
    assert isinstance(fact, Measurement)
    assert fact.status == "projected"


def test_what_is_known_is_not_stated_again() -> None:
    """Beside a figure that is met, only the figure that is missing is added."""
    beside = {**GROWTH, "provided": [RISK]}
    met = {"metric": "growth", "value": 25, "unit": "percent", "status": "realised"}
    assert [fact.fact for fact in complete_first(pose(beside, met)).facts] == ["risk"]


@pytest.mark.parametrize(
    ("kind", "value", "baseline"),
    [("above", 120.0, 100.0), ("above", -50.0, -62.5), ("below", 80.0, 100.0)],
)
def test_a_relative_change_begins_where_it_is_met(
    kind: Literal["above", "below"], value: float, baseline: float
) -> None:
    """From 100 to 120 and from -62.5 to -50 are rises of 20 percent; from 100 to 80 is a fall."""
    change = 20.0 if kind == "above" else -20.0
    goal = Goal(kind, change, change, change="relative", needs_baseline=True)
    assert find_figure(goal, ARR, value, None) == Figure(value, baseline)


@pytest.mark.parametrize(
    ("lowest", "highest", "start"),
    [(None, None, 1.0), (0.0, None, 1.0), (3.0, None, 3.0), (0.0, 0.5, 0.5)],
)
def test_a_change_from_nowhere_begins_at_one_or_near_it(
    lowest: float | None, highest: float | None, start: float
) -> None:
    """A rise of nothing is possible from everywhere: from 1, or from the nearest to it."""
    metric = ARR.model_copy(update={"lowest": lowest, "highest": highest})
    goal = Goal("above", 0.0, 0.0, change="relative", needs_baseline=True)
    assert find_figure(goal, metric, None, None) == Figure(start, start)


def test_all_parts_but_the_spare_ones_are_added() -> None:
    """Half of four parts are asked: with two there nothing is added, with one the next in order."""
    case = pose(PLAN, {"artifact": "plan", "sections": ["a"], "reviewers": ["cto"]}, closes=0.5)
    had = case.item.facts[0]
    found = reach(had, case)
    assert found is not None
    assert found.facts == (ArtifactFact(artifact="plan", sections=("a",), reviewers=("cto",)),)
    fewer = pose(PLAN, {"artifact": "plan", "sections": ["b"], "reviewers": []}, closes=0.5)
    found = reach(fewer.item.facts[0], fewer)
    assert found is not None
    assert found.facts == (ArtifactFact(artifact="plan", sections=("a", "b"), reviewers=()),)


LONG: Final = {**GROWTH, "sustained": 6}
OPEN: Final = {"metric": "growth"}


@pytest.mark.parametrize(
    ("dates", "started", "ended"),
    [
        # Six months are over: nothing is added.
        ({"started": "2025-12-30", "ended": "2026-06-30"}, None, None),
        # A length that is known and too short is not made longer by documents.
        ({"started": "2026-05-01", "ended": "2026-06-30"}, None, None),
        ({"started": "2026-05-01", "in_progress": True}, None, None),
        # One date is known: the other is found from it.
        ({"ended": "2026-06-30"}, date(2025, 12, 30), None),
        ({"started": "2025-01-01"}, None, TODAY),
        ({"in_progress": True}, date(2025, 12, 30), None),
        # Neither is known: work that ends today.
        ({}, date(2025, 12, 30), TODAY),
    ],
)
def test_documents_name_the_dates_that_are_not_known(
    dates: Content, started: date | None, ended: date | None
) -> None:
    """Six months are asked for; what both dates settle stays as it is."""
    answer = complete_first(pose(LONG, OPEN, **dates))
    assert (answer.started, answer.ended) == (started, ended)


@pytest.mark.parametrize(
    ("dates", "started", "ended"),
    [
        ({"started": "2025-12-30", "ended": "2026-06-30"}, None, None),
        ({"started": "2026-05-01", "ended": "2026-06-30"}, date(2025, 12, 30), None),
        ({"started": "2026-05-01", "in_progress": True}, date(2025, 12, 30), None),
        ({"started": "2026-05-01"}, date(2025, 12, 30), TODAY),
    ],
)
def test_work_lasts_as_long_as_is_asked(
    dates: Content, started: date | None, ended: date | None
) -> None:
    """New work of six months, whatever was stated of its beginning."""
    answer = reach(None, pose(LONG, OPEN, **dates))
    assert answer is not None
    assert (answer.started, answer.ended) == (started, ended)


def make_packet(*items: Evidence) -> Packet:
    """Return a packet of these items."""
    return parse_packet(
        {"id": "p", "evidence": [item.model_dump(exclude_unset=True) for item in items]}
    )


def test_a_part_that_is_stated_replaces_a_share() -> None:
    """A share is of the old part: it goes, and so does whether it is agreed."""
    item = Evidence(id="e", title="T", share=0.25, share_status="asserted")
    edited = edit_item(item, [Edit(item="e", ownership="led")])
    assert (edited.ownership, edited.share, edited.share_status) == ("led", None, None)


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ((None, None), (date(2026, 2, 1), date(2026, 5, 1))),
        ((date(2026, 1, 1), date(2026, 6, 1)), (date(2026, 1, 1), date(2026, 6, 1))),
        ((date(2026, 3, 1), date(2026, 4, 1)), (date(2026, 2, 1), date(2026, 5, 1))),
    ],
)
def test_an_edit_never_shortens_work(
    known: tuple[date | None, date | None], found: tuple[date, date]
) -> None:
    """The earliest first day and the latest last day of the item and of all edits stand."""
    item = Evidence(id="e", title="T", started=known[0], ended=known[1])
    edits = [
        Edit(item="e", started=date(2026, 2, 1)),
        Edit(item="e", started=date(2026, 3, 1), ended=date(2026, 5, 1)),
    ]
    edited = edit_item(item, edits)
    assert (edited.started, edited.ended) == found


def test_added_voices_leave_a_closed_list_closed() -> None:
    """Nobody supported it: with the manager's voice added there is still nobody else."""
    packet = parse_packet({"id": "p", "evidence": [{"id": "e", "title": "T", "support": "none"}]})
    edit = Edit(item="e", support=(Corroboration(relation="manager"),))
    [item] = apply_edits(packet, [edit]).evidence
    assert item.support == (Corroboration(relation="manager"),)
    assert item.support_is_closed
    [other] = apply_edits(make_packet(Evidence(id="e", title="T")), [edit]).evidence
    assert not other.support_is_closed
