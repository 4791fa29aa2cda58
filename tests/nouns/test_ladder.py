"""Ladders: levels and their names, steps without circles, a vocabulary without forbidden facts."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import list_problems

from pmpromo import load_rubric
from pmpromo.errors import LadderError
from pmpromo.ladder import REFUSED, Artifact, Ladder, find_circle
from pmpromo.reading.models import build_model

Content = dict[str, Any]

LEVELS = [
    {"id": name, "name": title, "tracks": ["ic"], "scope": "a product"}
    for name, title in (("L1", "Associate"), ("L2", "Product Manager"), ("L3", "Senior"))
]
LADDER: Content = {
    "id": "team",
    "name": "Our ladder",
    "tracks": [{"id": "ic", "name": "Individual"}],
    "levels": LEVELS,
    "aliases": [
        {"name": "PM3", "levels": ["L3"]},
        {"name": "SPM", "levels": ["L2", "L3"]},
        {"name": "Group PM", "levels": []},
    ],
}


def read(**content: object) -> Ladder:
    """Read a ladder with some keys changed."""
    return build_model(Ladder, {**LADDER, **content}, error=LadderError)


def complain(**content: object) -> list[str]:
    """Return what is said about a ladder with some keys changed."""
    return list_problems(lambda: read(**content))


@pytest.mark.parametrize("name", ["L3", "l3", "Senior", "SENIOR", "PM3", "pm3"])
def test_a_level_goes_by_its_id_its_title_and_its_aliases(name: str) -> None:
    """Whatever the case, every name of a level leads to it."""
    assert read().find_level(name).id == "L3"


def test_an_ambiguous_alias_names_every_reading() -> None:
    """A name with two readings is never guessed."""
    with pytest.raises(LadderError) as caught:
        read().find_level("spm")
    assert str(caught.value) == (
        "level: the name SPM is ambiguous: it can mean L2 or L3; name the level by its id"
    )


def test_an_alias_without_a_level_says_so() -> None:
    """A name that the source gives no position is none that can be used."""
    with pytest.raises(LadderError, match="the source gives it no position; name the level"):
        read().find_level("group pm")


def test_an_unknown_level_is_answered_with_the_known_ones() -> None:
    """Nobody is left to guess the names."""
    with pytest.raises(LadderError, match="unknown level; known levels: L1, L2, L3"):
        read().find_level("L9")


@pytest.mark.parametrize(
    ("family", "entry", "said"),
    [
        ("levels", LEVELS[0], "stands twice; give it another name"),
        ("tracks", {"id": "IC", "name": "Again"}, "stands twice; give it another name"),
        ("aliases", {"name": "pm3", "levels": ["L1"]}, "stands twice; give it another name"),
    ],
)
def test_nothing_stands_twice(family: str, entry: Content, said: str) -> None:
    """Names that differ in case only are the same name, whatever they name."""
    entries = [*LADDER[family], entry]
    assert complain(**{family: entries}) == [f"{family}[{len(entries) - 1}]: {said}"]


@pytest.mark.parametrize(
    ("family", "entry"),
    [
        ("timelines", {"id": "t", "transitions": [], "months": [1, 2], "note": "x"}),
        ("claims", {"id": "t", "says": "x", "caution": "y"}),
        (
            "contradictions",
            {"id": "t", "about": "x", "held": "y", "readings": [{"says": "a"}, {"says": "b"}]},
        ),
        ("actions", {"id": "t", "text": "x"}),
    ],
)
def test_statements_have_names_of_their_own(family: str, entry: Content) -> None:
    """Two statements of one name could not be told apart."""
    assert complain(**{family: [entry]}) == []
    assert complain(**{family: [entry, entry]}) == [
        f"{family}[1]: stands twice; give it another name"
    ]


def test_a_fact_has_one_kind() -> None:
    """A name serves one metric, behaviour or artifact, and no second one."""
    said = complain(
        metrics=[{"id": "growth", "name": "Growth", "unit": "percent"}],
        behaviours=[{"id": "Growth", "name": "Grows"}],
    )
    assert said == ["behaviours[0]: a fact of this name stands twice; give it another name"]


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"transitions": [{"current_level": "L0", "target_level": "L2"}]}, "current_level"),
        ({"transitions": [{"current_level": "L1", "target_level": "L9"}]}, "target_level"),
        ({"levels": [{**LEVELS[0], "tracks": ["management"]}]}, "levels[0].tracks[0]"),
        ({"aliases": [{"name": "x", "levels": ["L1", "L4"]}]}, "aliases[0].levels[1]"),
        (
            {
                "timelines": [
                    {"id": "t", "transitions": [["L1", "L7"]], "months": [1, None], "note": "x"}
                ]
            },
            "timelines[0].transitions[0][1]",
        ),
    ],
)
def test_only_declared_names_are_used(changed: Content, place: str) -> None:
    """Every level and track that is spoken of is declared; the message lists those that are."""
    said = complain(**{"aliases": [], **changed})
    assert any(f"{place}: is not declared in this ladder; declared are: " in each for each in said)


def step(start: str, end: str) -> Content:
    """Return one step."""
    return {"current_level": start, "target_level": end}


def test_tracks_may_part_and_meet() -> None:
    """One level may lead to two, and two to one: a ladder is no line."""
    assert complain(transitions=[step("L1", "L2"), step("L1", "L3"), step("L2", "L3")]) == []


def test_steps_never_run_in_a_circle() -> None:
    """A step that leads back is refused, with a level that lies on the circle."""
    said = complain(transitions=[step("L1", "L2"), step("L2", "L3"), step("L3", "L2")])
    assert said == [
        "transitions: run in a circle through L2; a step leads from one level to a later one"
    ]


nodes = st.integers(0, 6)


@given(st.lists(st.tuples(nodes, nodes)))
def test_a_circle_is_found_when_there_is_one(steps: list[tuple[int, int]]) -> None:
    """Steps that all lead upwards have no circle; adding a way back makes one."""
    upwards = [(str(min(pair)), str(max(pair))) for pair in steps if pair[0] != pair[1]]
    assert find_circle(upwards) is None
    for start, end in upwards:
        found = find_circle([*upwards, (end, start), ("0", start)])
        assert found is not None
        assert start <= found <= end


def test_a_step_to_itself_is_a_circle() -> None:
    """Nobody is promoted to where they are."""
    assert find_circle([("L1", "L1")]) == "L1"


def test_a_unit_must_be_known_or_declared() -> None:
    """A metric's unit is one that converts, or a thing that this ladder counts."""
    metric = {"id": "pipeline", "name": "Pipeline", "unit": "usd_million/launch"}
    assert complain(metrics=[metric], units=["launch"]) == []
    (said,) = complain(metrics=[metric], units=["launches"])
    assert said == "metrics[0].unit: unknown unit; did you mean 'launches'?"


@pytest.mark.parametrize("name", sorted(REFUSED))
@pytest.mark.parametrize("family", ["metrics", "behaviours", "artifacts"])
def test_no_ladder_makes_a_fact_of_what_is_refused(family: str, name: str) -> None:
    """Protected attributes, health, leave, family and ratings are no facts; the reason is told."""
    fact = {"id": name.upper(), "name": "x", **({"unit": "count"} if family == "metrics" else {})}
    assert complain(**{family: [fact]}) == [f"{family}[0].id: refused: {REFUSED[name]}"]


def test_a_metric_has_room_between_its_ends() -> None:
    """A lowest value that is not below the highest one is a slip."""
    metric = {"id": "score", "name": "Score", "unit": "count", "lowest": 5, "highest": 5}
    assert complain(metrics=[metric]) == ["metrics[0]: lowest is not below highest; swap them"]


def test_a_weighted_score_inside_an_artifact_sums_to_a_hundred() -> None:
    """Forty, thirty, twenty and ten are a scoring model; anything short of a hundred is none."""
    parts = [
        {"name": name, "percent": percent, "direction": direction}
        for name, percent, direction in (
            ("business_value", 40, "higher_better"),
            ("customer_impact", 30, "higher_better"),
            ("feasibility", 20, "higher_better"),
            ("effort", 10, "lower_better"),
        )
    ]
    model = Artifact.model_validate({"id": "backlog", "name": "Backlog", "weighting": parts})
    assert model.weighting[3].direction == "lower_better"
    said = complain(artifacts=[{"id": "backlog", "name": "Backlog", "weighting": parts[:3]}])
    assert said == ["artifacts[0]: weighting does not sum to 100; mend the percentages"]


def test_the_direction_of_a_weight_is_never_assumed() -> None:
    """Effort counts against a feature, so each weight says which way it counts."""
    said = complain(
        artifacts=[{"id": "b", "name": "B", "weighting": [{"name": "effort", "percent": 100}]}]
    )
    assert said == [
        "artifacts[0].weighting[0].direction: missing; write one of: higher_better, lower_better"
    ]


def test_a_claim_stays_unverified() -> None:
    """No claim of the source can be marked as proven."""
    claim = {"id": "c", "says": "x", "caution": "y", "status": "verified"}
    assert complain(claims=[claim]) == [
        "claims[0].status: is not unverified; did you mean 'unverified'?"
    ]


def test_a_contradiction_has_at_least_two_sides() -> None:
    """One statement alone contradicts nothing."""
    one = {"id": "c", "about": "x", "held": "y", "readings": [{"says": "a"}]}
    assert complain(contradictions=[one]) == [
        "contradictions[0].readings: a length of at least 2 is wanted"
    ]


def test_all_problems_are_told_at_once() -> None:
    """A ladder is mended once, not once a problem."""
    said = complain(
        levels=[*LEVELS, LEVELS[0]],
        metrics=[{"id": "age", "name": "Age", "unit": "years"}],
        transitions=[step("L1", "L1")],
    )
    assert len(said) == 4


def test_vocabulary_does_not_change() -> None:
    """A ladder that many share cannot be changed through its table of facts, and still travels."""
    ladder = load_rubric("pure-storage-pm/l3-l4").ladder
    with pytest.raises(TypeError):
        ladder.facts["own"] = ladder.facts["unit_arr_growth"]  # type: ignore[index]
    again = pickle.loads(pickle.dumps(ladder))  # noqa: S301 - our own bytes
    assert again == copy.deepcopy(ladder) == ladder
    assert again.facts == ladder.facts
