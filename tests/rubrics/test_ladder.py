"""What the shipped ladder holds."""

from __future__ import annotations

from typing import Final

import pytest

from pmpromo import Ladder, load_rubric, shipped_rubrics
from pmpromo.errors import LadderError

LADDER: Final[Ladder] = load_rubric("pure-storage-pm/l3-l4").ladder


def list_months(current: str, target: str) -> set[tuple[int, int | None]]:
    """Return every time that is said of one step, in months."""
    return {
        timeline.months
        for timeline in LADDER.timelines
        if not timeline.transitions or (current, target) in timeline.transitions
    }


def test_the_six_rungs_stand_in_order() -> None:
    """Six levels have criteria, from Associate to Vice President; one more has only a name."""
    assert [(level.id, level.specified) for level in LADDER.levels] == [
        ("L1", True),
        ("L2", True),
        ("L3", True),
        ("L4", True),
        ("L5", True),
        ("L6", True),
        ("distinguished", False),
    ]


def test_the_tracks_part_at_principal() -> None:
    """From L4 one step leads to management and one stays with contributors, without a rubric."""
    tracks = {level.id: level.tracks for level in LADDER.levels}
    steps = {
        step.target_level: step.rubric for step in LADDER.transitions if step.current_level == "L4"
    }
    assert steps == {"L5": "pure-storage-pm/l4-l5", "distinguished": None}
    assert tracks["L4"] == tracks["distinguished"] == ("ic",)
    assert tracks["L5"] == ("management",)


def test_each_shipped_rubric_judges_the_step_that_names_it() -> None:
    """A step and its rubric agree on where the step leads."""
    named = {step.rubric: (step.current_level, step.target_level) for step in LADDER.transitions}
    for name in shipped_rubrics():
        rubric = load_rubric(name)
        assert (rubric.current_level, rubric.target_level) == named[name]


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("Associate PM", "L1"),
        ("product manager", "L2"),
        ("SPM", "L3"),
        ("PrPM", "L4"),
        ("Principal", "L4"),
        ("director", "L5"),
        ("VP of Product", "L6"),
    ],
)
def test_a_name_with_one_reading_is_that_level(name: str, level: str) -> None:
    """An alias that the source uses in one sense resolves, however it is capitalised."""
    assert LADDER.find_level(name).id == level


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("PM", "L1 or L2"),
        ("APM", "L1 or L2"),
        ("PM3", "L1 or L3"),
        ("PM4", "no level"),
        ("Group PM", "no level"),
        ("Distinguished PM", "no level"),
    ],
)
def test_a_name_with_several_readings_or_none_is_never_guessed(name: str, told: str) -> None:
    """An ambiguous alias raises an error that lists its readings."""
    with pytest.raises(LadderError, match=told):
        LADDER.find_level(name)


def test_every_behaviour_says_what_is_seen_at_each_point() -> None:
    """Each of the five anchors of a behaviour is there and differs from the others."""
    for behaviour in LADDER.behaviours:
        assert behaviour.anchors is not None, behaviour.id
        assert len(set(behaviour.anchors)) == 5, behaviour.id


def test_effort_counts_against_a_backlog_item() -> None:
    """The backlog score weighs 40, 30, 20 and 10; only effort is better when lower (C12)."""
    (backlog,) = (each for each in LADDER.artifacts if each.id == "prioritised_backlog")
    assert [(part.name, int(part.percent), part.direction) for part in backlog.weighting] == [
        ("business_value", 40, "higher_better"),
        ("technical_feasibility", 30, "higher_better"),
        ("strategic_fit", 20, "higher_better"),
        ("effort", 10, "lower_better"),
    ]


def test_all_sixteen_contradictions_keep_their_sides() -> None:
    """C1 to C16 stand with at least two readings, and each reading has a row."""
    assert [each.id for each in LADDER.contradictions] == [f"C{n}" for n in range(1, 17)]
    sides = [side for each in LADDER.contradictions for side in each.readings]
    assert [side.says for side in sides if not side.rows] == []


@pytest.mark.parametrize(
    ("current", "target", "months"),
    [
        ("L1", "L2", {(18, 24), (0, 18), (12, 18), (24, 36), (48, 84)}),
        ("L2", "L3", {(18, 24), (24, 24), (48, 84)}),
        ("L3", "L4", {(18, 24), (24, 24), (36, 60), (48, 72), (96, None)}),
        ("L4", "L5", {(18, 24), (60, None), (96, None)}),
        ("L5", "L6", {(18, 24), (96, None)}),
    ],
)
def test_every_time_that_is_told_is_kept(
    current: str, target: str, months: set[tuple[int, int | None]]
) -> None:
    """All times said of a step stand side by side (C3); none is averaged."""
    assert list_months(current, target) == months


def test_the_claims_keep_their_figures_and_a_caution() -> None:
    """The seven figures of the source are claims, all unverified, each with a caution."""
    figures = {(claim.value, claim.unit) for claim in LADDER.claims if claim.value is not None}
    assert figures == {
        (80, "percent"),
        (20, "percent"),
        (42, "percent"),
        (5.2, "year"),
        (30, "percent"),
        (40, "percent"),
        (25, "percent"),
    }
    assert {claim.status for claim in LADDER.claims} == {"unverified"}


def test_every_statement_names_its_rows() -> None:
    """Nothing in the ladder stands without a row of the source."""
    families = (
        LADDER.tracks,
        LADDER.levels,
        LADDER.transitions,
        LADDER.aliases,
        LADDER.metrics,
        LADDER.behaviours,
        LADDER.artifacts,
        LADDER.timelines,
        LADDER.claims,
        LADDER.actions,
    )
    assert [each for family in families for each in family if not each.rows] == []


def test_advice_closes_something_that_exists() -> None:
    """What an action can help with is a fact of the vocabulary."""
    assert {name for action in LADDER.actions for name in action.closes} <= set(LADDER.facts)


def test_every_fact_is_asked_for_somewhere() -> None:
    """No fact of the vocabulary is left that no rubric asks for, scored or shown."""
    asked = {
        name
        for each in shipped_rubrics()
        for criterion in load_rubric(each).criteria
        for requirement in criterion.requirements
        for name in (requirement.fact, *(side.fact for side in requirement.provided))
    }
    assert set(LADDER.facts) - asked == set()


def test_the_ladder_says_what_its_source_is_worth() -> None:
    """It is illustrative, and its source is an unattributed article, not a company's rules."""
    assert LADDER.status == "illustrative"
    assert LADDER.source is not None
    assert LADDER.source.title == "One unattributed web article"
    assert "not as any company's rules" in LADDER.source.note
