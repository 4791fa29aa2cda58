"""What a reader of a rubric would stumble over is found, and a sound rubric is left in peace."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from pmpromo import lint_rubric, load_rubric, parse_rubric, shipped_rubrics
from pmpromo.exchange.draft import DRAFT, UNDESCRIBED
from pmpromo.lint import KINDS
from pmpromo.lint.reach import measure_reach
from pmpromo.lint.vocabulary import INNER, VAGUE

if TYPE_CHECKING:
    from pmpromo import Rubric

SOUND: Final = (
    "Does none of it",
    "Helps write a plan",
    "Writes a plan for one team",
    "Writes a plan that two teams sign",
    "Writes a plan that the company signs",
)
"""Five points that an observer can tell apart."""

OTHER: Final = ("No call", "Joins calls", "Leads calls", "Leads calls that close", "Teaches calls")


def make(*anchors: tuple[str, ...] | None, **changes: Any) -> Rubric:  # noqa: ANN401 - any key
    """Make a rubric whose criteria ask for one behaviour each, with these anchors."""
    names = ("plan", "talk", "third")[: len(anchors)]
    criteria = changes.pop("criteria", {})
    return parse_rubric(
        {
            "id": "team/l1-l2",
            "name": "First step",
            "current_level": "L1",
            "target_level": "L2",
            "ladder": {
                "id": "team",
                "name": "Team",
                "tracks": [{"id": "main", "name": "Main"}],
                "levels": [make_level(name) for name in changes.pop("levels", ("L1", "L2"))],
                "behaviours": [
                    {"id": name, "name": name, "anchors": points}
                    for name, points in zip(names, anchors, strict=True)
                ],
            },
            "criteria": [
                {"id": f"c_{name}", "name": name, "weight": 1}
                | {"requirements": [{"fact": name, "point": 3}]}
                | criteria.get(name, {})
                for name in names
            ],
            **changes,
        }
    )


def make_level(name: str) -> dict[str, Any]:
    """Make a level of the one track."""
    return {"id": name, "name": name, "tracks": ["main"], "scope": "a team"} | (
        {"specified": False} if name == "stub" else {}
    )


def tell(rubric: Rubric) -> list[str]:
    """Tell what is found, each with its kind."""
    return [f"{each.kind} | {each.where}: {each.message}" for each in lint_rubric(rubric)]


def replace(place: int, text: str) -> tuple[str, ...]:
    """Return the sound points with another text at one of them."""
    return (*SOUND[:place], text, *SOUND[place + 1 :])


def test_a_sound_rubric_is_left_in_peace() -> None:
    """Where an observer can tell the points apart, nothing is found."""
    assert tell(make(SOUND, OTHER)) == []


def test_points_that_say_the_same_are_found() -> None:
    """Equal neighbours are found whatever their case and signs; so are those of unequal praise."""
    assert tell(make(replace(3, "writes a plan, for one team!"))) == [
        "same_neighbours | plan, points 2 and 3: say the same"
    ]
    assert tell(make(replace(3, "Writes a very good plan for one team"))) == [
        "same_neighbours | plan, points 2 and 3: differ in vague words alone",
        "vague | plan, point 3: 'good'",
    ]


def test_vague_words_are_found_with_their_question() -> None:
    """Each vague word is named once, with what it leaves open."""
    (found,) = lint_rubric(make(replace(4, "Often writes significant plans, often alone")))
    assert (found.where, found.message) == ("plan, point 4", "'often', 'significant'")
    assert found.hint == "how often? how much?"


def test_the_lowest_point_may_be_vague() -> None:
    """Point 0 says what is not there, and nobody looks for it."""
    assert tell(make(replace(0, "No significant plans"))) == []


def test_words_about_what_goes_on_inside_are_found() -> None:
    """Nobody sees that somebody understands."""
    assert tell(make(replace(3, "Understands two teams"))) == [
        "unobservable | plan, point 3: 'understands'"
    ]


def test_a_criterion_without_anything_to_see_is_found() -> None:
    """A behaviour without anchors needs descriptors of its criterion, or a figure beside it."""
    assert tell(make(None)) == ["unobservable | c_plan: nothing says what an observer sees"]
    assert tell(make(None, criteria={"plan": {"descriptors": SOUND}})) == []


def test_words_and_targets_that_are_missing_are_found() -> None:
    """A point of a draft without words, and a behaviour asked for without a point."""
    asked = [{"fact": "plan", "id": "again"}, {"fact": "plan", "point": 3}]
    points = (*SOUND[:2], "4/5", SOUND[3], UNDESCRIBED)
    rubric = make(points, criteria={"plan": {"requirements": asked}})
    assert tell(rubric) == [
        "missing | plan, point 2: has no words yet",
        "missing | plan, point 4: has no words yet",
        "missing | c_plan, again: no target",
    ]


def test_two_points_without_words_are_not_the_same() -> None:
    """Neighbours that have no words yet are missing, and say nothing that could be the same."""
    anchors = (*SOUND[:3], UNDESCRIBED, UNDESCRIBED)
    assert {each.kind for each in lint_rubric(make(anchors))} == {"missing"}


def test_a_level_that_is_skipped_is_found() -> None:
    """A step over a level is found, unless the source says nothing of that level."""
    assert tell(make(SOUND, levels=("L0", "L1", "stub", "L1b", "L2", "L3"))) == [
        "missing | L1b: lies between the two levels of the step"
    ]


def test_criteria_that_overlap_are_found() -> None:
    """Criteria that ask for one fact, and criteria that say one thing in other order."""
    asked = [{"fact": "talk", "point": 3}, {"fact": "plan", "point": 4}]
    assert tell(make(SOUND, OTHER, criteria={"talk": {"requirements": asked}})) == [
        "overlap | c_talk: asks for plan, as c_plan does"
    ]
    turned = (*OTHER[:3], "Two teams sign that plan: writes", OTHER[4])
    assert tell(make(SOUND, turned)) == ["overlap | c_talk: says what c_plan says"]


def test_weights_that_cannot_matter_are_found() -> None:
    """Less than two points of a hundred is found; without any weight only a must-have counts."""
    assert tell(make(SOUND, OTHER, criteria={"talk": {"weight": 0.01}})) == [
        "weight | c_talk: moves the total by at most 0.99 percent"
    ]
    assert tell(make(SOUND, OTHER, criteria={"talk": {"weight": 0}})) == [
        "weight | c_talk: has no weight: nothing in it counts"
    ]
    assert tell(make(SOUND, OTHER, criteria={"talk": {"weight": 0, "must_have": 0.5}})) == []


ONE_SHOWING: Final = {"repetition": {"gamma": 0, "cap_repeatedly": 0.5}}
"""A policy under which one showing brings half, and no further one anything."""


def test_bars_that_no_packet_reaches_are_found() -> None:
    """Where a behaviour can bring half at most, a bar and a must-have above that are found."""
    rubric = make(SOUND, evidence=ONE_SHOWING, criteria={"plan": {"must_have": 0.6}})
    assert measure_reach(rubric) == (0.5,)
    # The must-have of .6 is missed at .5: the total is .75 (.6 + .4 * .5 / .6) = .7, and no more
    # than the weighted sum, .5.
    assert tell(rubric) == [
        "out_of_reach | c_plan: its bar is 0.75, and no packet can score more than 0.500",
        "out_of_reach | c_plan: it must have 0.6, and no packet can score more than 0.500",
        "out_of_reach | bar: the bar of the total is 0.75, and no packet can score more than 0.500",
    ]


def test_reach_is_what_endless_showings_bring() -> None:
    """1 - prod (1 - .6^k min(.7, q)) over a hundred showings; q = 1 - .7 .5 .6^2 .4^3."""
    left = 1.0
    for rank in range(100):
        left *= 1 - 0.6**rank * min(0.7, 1 - 0.7 * 0.5 * 0.6**2 * 0.4**3)
    assert measure_reach(make(SOUND)) == pytest.approx((1 - left,), abs=1e-12)


def test_a_draft_is_called_one() -> None:
    """What nobody weighed is said first."""
    assert tell(make(SOUND, version=DRAFT)) == [f"draft | version: is {DRAFT}"]


@pytest.mark.parametrize("name", shipped_rubrics())
def test_shipped_rubrics_can_be_met_and_tell_their_points_apart(name: str) -> None:
    """No shipped rubric asks for what no packet reaches, or has points that say the same."""
    kinds = {finding.kind for finding in lint_rubric(load_rubric(name))}
    assert kinds <= {"vague", "missing", "unobservable"}


def test_words_are_as_they_are_searched() -> None:
    """Listed words are single, case-folded, and in one list alone."""
    assert all(re.fullmatch("[a-z]+", word) for word in (*VAGUE, *INNER))
    assert not {*VAGUE} & INNER


def test_every_kind_is_described() -> None:
    """The page on ladders has a row for each kind, in their order."""
    page = Path(__file__).parents[2] / "docs" / "how-to" / "bring-your-ladder.md"
    rows = re.findall(r"^\| `(\w+)` \|", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [*KINDS]
