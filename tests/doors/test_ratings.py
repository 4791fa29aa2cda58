"""What a committee rated becomes scores, by the rubric's own weights and must-haves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmpromo import (
    Rubric,
    assess,
    evidence_frame,
    fit_readiness,
    load_packet,
    load_rubric,
    score_frame,
    score_ratings,
)
from pmpromo.committee import Ratings
from pmpromo.errors import DataError, ModelError
from pmpromo.ratings import rate_criteria
from pmpromo.readiness.weights import learn_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

RUBRIC: Final = load_rubric("pure-storage-pm/l3-l4")
CRITERIA: Final = tuple(criterion.id for criterion in RUBRIC.criteria)
PACKET: Final = "examples/packets/spm-b.yaml"


def make_long(
    ratings: Mapping[tuple[str, str], Mapping[str, float]],
) -> dict[str, list[object]]:
    """Return long columns of {(packet, rater): {criterion: rating}}."""
    rows = [
        (packet, criterion, rater, rating)
        for (packet, rater), given_ratings in ratings.items()
        for criterion, rating in given_ratings.items()
    ]
    names = ("packet_id", "criterion", "rater_id", "rating")
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def test_a_total_is_the_weighted_mean_of_mean_ratings() -> None:
    """Two raters, 3 and 4 everywhere: 3.5 of 4 on each criterion, so 0.875 in total."""
    columns = make_long(
        {("p-1", "anna"): dict.fromkeys(CRITERIA, 3), ("p-1", "bo"): dict.fromkeys(CRITERIA, 4)}
    )
    assert score_ratings(columns, RUBRIC).values == (0.875,)


def test_weights_are_the_rubrics() -> None:
    """Without pairs and must-haves a point more on a criterion adds a fourth of its weight."""
    plain = Rubric.model_validate(
        {
            "id": "plain",
            "version": "1.0.0",
            "name": "Plain",
            "ladder": RUBRIC.ladder.model_dump(mode="json", exclude_defaults=True),
            "current_level": RUBRIC.current_level,
            "target_level": RUBRIC.target_level,
            "criteria": [
                {
                    "id": "a",
                    "name": "A",
                    "weight": 75,
                    "requirements": [{"fact": "aligns_functions", "point": 3}],
                },
                {
                    "id": "b",
                    "name": "B",
                    "weight": 25,
                    "requirements": [{"fact": "aligns_functions", "point": 3}],
                },
            ],
        }
    )
    scores = score_ratings({"packet_id": ["p", "q"], "a": [2, 3], "b": [2, 2]}, plain)
    assert scores.values == (0.5, 0.5 + 0.75 / 4)


def test_a_must_have_holds_a_rating_down() -> None:
    """All threes reach the bar; a must-have rated 0 among fours falls below it."""
    gate = next(criterion for criterion in RUBRIC.criteria if criterion.must_have)
    fours: dict[str, list[float]] = {name: [3, 4] for name in CRITERIA}
    fours[gate.id] = [3, 0]
    good, held = score_ratings({"packet_id": ["p", "q"], **fours}, RUBRIC).values
    assert good == RUBRIC.bar
    assert held < RUBRIC.bar


def test_long_and_wide_ratings_are_the_same() -> None:
    """One rater's ratings in long form and in wide form give the same scores and ids."""
    wide = {"packet_id": ["p", "q"], **{name: [i % 5, 3] for i, name in enumerate(CRITERIA)}}
    long = make_long(
        {
            ("p", "anna"): {name: i % 5 for i, name in enumerate(CRITERIA)},
            ("q", "anna"): dict.fromkeys(CRITERIA, 3),
        }
    )
    assert score_ratings(wide, RUBRIC) == score_ratings(long, RUBRIC)


@given(st.permutations(range(3 * len(CRITERIA))))
def test_order_of_rows_changes_no_bit(order: list[int]) -> None:
    """Ratings that do not add up exactly in binary give the same bits in any order."""
    columns = make_long(
        {
            ("p", rater): {name: 0.1 * (i + k) for i, name in enumerate(CRITERIA)}
            for k, rater in enumerate(("anna", "bo", "cy"))
        }
    )
    shuffled = {name: [column[i] for i in order] for name, column in columns.items()}
    assert score_ratings(shuffled, RUBRIC) == score_ratings(columns, RUBRIC)


@pytest.mark.parametrize("make", [dict, pd.DataFrame])
def test_frames_are_read(make: Callable[[dict[str, list[object]]], object]) -> None:
    """A mapping and a pandas frame are read alike."""
    columns: dict[str, list[object]] = {"packet_id": ["p"], **{name: [4] for name in CRITERIA}}
    assert score_ratings(make(columns), RUBRIC).values == (1.0,)


class Cell:
    """A value as Arrow hands it out."""

    def as_py(self) -> int:
        """Return the plain value."""
        return 4


class Table:
    """Columns as Arrow has them."""

    column_names = ("packet_id", *CRITERIA)

    def __getitem__(self, name: str) -> list[object]:
        """Return one column."""
        return ["p"] if name == "packet_id" else [Cell()]


def test_arrow_columns_are_read() -> None:
    """A table that names its columns as Arrow does, and wraps its cells, is read."""
    assert score_ratings(Table(), RUBRIC).values == (1.0,)


def test_ratings_of_a_committee_are_read() -> None:
    """Checked ratings give the scores of their columns, packets in their order."""
    columns = make_long(
        {("p", "anna"): dict.fromkeys(CRITERIA, 3), ("q", "bo"): dict.fromkeys(CRITERIA, 4)}
    )
    assert score_ratings(Ratings.from_columns(columns), RUBRIC) == score_ratings(columns, RUBRIC)


def test_another_scale_is_declared() -> None:
    """On a scale of 0 to 10 a rating of 5 is a half."""
    columns = {"packet_id": ["p"], **{name: [5] for name in CRITERIA}}
    assert rate_criteria(columns, RUBRIC, highest=10).scores == ((0.5,) * len(CRITERIA),)


def test_every_problem_is_named_with_its_row() -> None:
    """Ratings out of range, of no number, of no criterion, and given twice, all at once."""
    columns = {
        "packet_id": ["p"] * 6,
        "criterion": [CRITERIA[0], CRITERIA[1], f"{CRITERIA[2]}x", CRITERIA[3], CRITERIA[3], "?"],
        "rater_id": ["anna"] * 6,
        "rating": [5, float("nan"), 3, 2, 2, True],
    }
    with pytest.raises(DataError) as caught:
        score_ratings(columns, RUBRIC)
    assert [problem.path for problem in caught.value.problems] == [
        "rating[0]",
        "rating[1]",
        "criterion[2]",
        "criterion[5]",
        "rating[5]",
        "rating[4]",
    ]
    assert f"did you mean '{CRITERIA[2]}'" in str(caught.value)


def test_a_packet_in_two_wide_rows_is_named() -> None:
    """A packet rated in two rows of a wide table is a problem of each criterion."""
    columns = {"packet_id": ["p", "p"], **{name: [3, 3] for name in CRITERIA}}
    with pytest.raises(DataError, match=r"\[1\]: rates one thing again") as caught:
        score_ratings(columns, RUBRIC)
    assert len(caught.value.problems) == len(CRITERIA)


def test_unnamed_raters_may_rate_alike() -> None:
    """Where nobody says who rated, two ratings of one thing are two raters."""
    columns = make_long({("p", "?"): dict.fromkeys(CRITERIA, 2)})
    del columns["rater_id"]
    twice = {name: column * 2 for name, column in columns.items()}
    assert score_ratings(twice, RUBRIC).values == (0.5,)


def test_what_nobody_rated_is_named() -> None:
    """A packet that lacks ratings is named by its first row, with the criteria that lack."""
    columns = make_long(
        {("p", "anna"): dict.fromkeys(CRITERIA, 2), ("q", "anna"): {CRITERIA[0]: 2}}
    )
    with pytest.raises(DataError) as caught:
        score_ratings(columns, RUBRIC)
    assert str(caught.value) == (
        f"packet_id[{len(CRITERIA)}]: nobody rated {', '.join(CRITERIA[1:])} of this packet; "
        "rate it, or leave the packet out"
    )


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"packet_id": ["p"], "rating": [3]}, "criterion: no such column; long ratings have"),
        ({"packet_id": ["p"]}, "no such column; wide ratings have"),
        (
            {"packet_id": ["p"], "criterion": [], "rating": [3]},
            "ratings: columns of unequal length",
        ),
    ],
)
def test_columns_that_do_not_fit_are_refused(columns: dict[str, list[object]], found: str) -> None:
    """Missing columns are named with the form that was meant, unequal ones refused."""
    with pytest.raises(DataError) as caught:
        score_ratings(columns, RUBRIC)
    assert found in str(caught.value)


def test_a_model_of_ratings_does_not_forecast_packets() -> None:
    """A model fitted on ratings is refused where proven totals come out: by one packet and many."""
    wide = {"packet_id": list("abcdef"), **{name: [0, 1, 2, 3, 4, 4] for name in CRITERIA}}
    model = fit_readiness(score_ratings(wide, RUBRIC), [0, 0, 0, 1, 1, 1], rubric=RUBRIC)
    packet = load_packet(PACKET)
    with pytest.raises(ModelError, match="are proven, the model knows ratings"):
        assess(packet, RUBRIC, readiness=model)
    with pytest.raises(ModelError, match="are proven, the model knows ratings"):
        score_frame(evidence_frame([packet]), RUBRIC, as_of="2026-06-30", readiness=model)


def test_weights_are_learned_from_ratings() -> None:
    """Rated criteria are what weights are learned from, beside the rubric's own."""
    wide = {
        "packet_id": [f"p-{i}" for i in range(60)],
        **{name: [(i * (k + 3)) % 5 for i in range(60)] for k, name in enumerate(CRITERIA)},
    }
    rated = rate_criteria(wide, RUBRIC)
    promoted = [int(row[0] > 0.5) for row in rated.scores]
    found = learn_weights(rated.scores, promoted, [float(w) for w in RUBRIC.weights])
    assert found.learned[0] > found.expert[0]
