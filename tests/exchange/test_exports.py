"""Exports of review tools: every form of the same ratings gives the same columns.

The samples are made up for these tests, small, and name nobody. Those of Culture Amp and 15Five
have the columns that the makers' public pages list; of the others the heads are examples.
"""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from small import list_problems

from pmpromo import COLUMN_MAPS, ColumnMap, import_ratings, load_rubric, score_ratings
from pmpromo.committee import Ratings

if TYPE_CHECKING:
    from collections.abc import Mapping


@pytest.fixture(autouse=True)
def _stand_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> str:
    """Write a file, and return its name."""
    Path(name).write_text(text, encoding="utf-8")
    return name


QUESTIONS: Final = {"How far does it reach?": "reach", "How well is it made?": "craft"}

RATINGS: Final = {
    "packet_id": ["0042", "0042", "0042", "7"],
    "criterion": ["reach", "craft", "reach", "craft"],
    "rater_id": ["m-1", "m-1", "m-2", "m-2"],
    "rating": [3.0, 2.0, 4.0, 0.0],
}
"""The ratings that every sample below tells, from 0 to 4."""

LATTICE: Final = """\
Reviewee,Reviewee email,Reviewer email,Relationship,Question,Response text,Response score
A,0042,m-1,Manager,How far does it reach?,far,4
A,0042,m-1,Manager,How well is it made?,"well, mostly",3
A,0042,m-2,Peer,How far does it reach?,very far,5
A,0042,m-2,Peer,How well is it made?,,N/A
A,0042,m-2,Peer,Anything else?,no,
B,7,m-2,Manager,How well is it made?,badly,1
"""

FIFTEEN_FIVE: Final = """\
Employee email,First name,Last name,Employee ID,Active groups,Manager first name,Manager last name,\
Manager email,Calibration session,Is in active session,Question,Original answer,\
Original answer respondent,Original answer timestamp,Calibrated answer,\
Calibrated answer contributor,Calibrated answer timestamp
a@x.test,A,A,0042,PM,M,M,m@x.test,H1,Yes,How far does it reach?,4,m-1,2026-05-01,5,c-1,2026-05-09
a@x.test,A,A,0042,PM,M,M,m@x.test,H1,Yes,How well is it made?,3,m-1,2026-05-01,,,
a@x.test,A,A,0042,PM,M,M,m@x.test,H1,Yes,How far does it reach?,5,m-2,2026-05-01,,,
b@x.test,B,B,7,PM,M,M,m@x.test,H1,Yes,How well is it made?,1,m-2,2026-05-01,,,
"""

SUCCESSFACTORS: Final = """\
SUBJECT_USERID,RATER_USERID,ITEM_NAME,ITEM_RATING
Employee,Rater,Competency,Rating
0042,m-1,How far does it reach?,4.0
0042,m-1,How well is it made?,3.0
0042,m-2,How far does it reach?,5.0
0042,m-2,How well is it made?,Unable to Rate
7,m-2,How well is it made?,1.0
"""

LONG: Final = """\
packet_id;rater_id;criterion;rating
0042;m-1;How far does it reach?;3
0042;m-1;How well is it made?;2
0042;m-2;How far does it reach?;4
7;m-2;How well is it made?;0
"""

WIDE: Final = """\
packet_id,rater_id,How far does it reach?,How well is it made?,Comment
0042,m-1,3,2,good
0042,m-2,4,-,fine
7,m-2,,0,bad
"""


def make_review(packet: str, rater: str, question: str, value: int | None) -> dict[str, Any]:
    """Make a review as Culture Amp's public API gives it."""
    rating = None if value is None else {"id": "r", "title": "Solid", "value": value}
    return {
        "performanceCycleId": "c-1",
        "managerReviewId": "r-1",
        "employeeId": packet,
        "managerId": rater,
        "performanceRating": {
            "ratingQuestion": {"title": question, "description": "d"},
            "ratingBuckets": [{"title": "Solid", "value": 3}],
            "rating": rating,
        },
        "shared": True,
    }


CULTURE_AMP: Final = json.dumps(
    {
        "data": [
            make_review("0042", "m-1", "How far does it reach?", 4),
            make_review("0042", "m-1", "How well is it made?", 3),
            make_review("0042", "m-2", "How far does it reach?", 5),
            make_review("0042", "m-2", "How well is it made?", None),
            make_review("7", "m-2", "How well is it made?", 1),
        ],
        "pagination": {"nextPage": None},
    }
)

SAMPLES: Final[Mapping[str, tuple[str, str]]] = {
    "lattice": ("export.csv", LATTICE),
    "culture-amp": ("reviews.json", CULTURE_AMP),
    "15five": ("calibration.csv", FIFTEEN_FIVE),
    "successfactors": ("form.csv", SUCCESSFACTORS),
    "long": ("long.csv", LONG),
    "wide": ("wide.csv", WIDE),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_export_gives_the_same_ratings(name: str) -> None:
    """Ids keep their zeros, the lowest rating is 0, and what was not rated is left out."""
    columns = replace(COLUMN_MAPS[name], criteria=QUESTIONS)
    assert import_ratings(write(*SAMPLES[name]), columns) == RATINGS


def test_what_calibration_came_to_has_a_map_of_its_own() -> None:
    """The calibrated answers are read apart; where there are none, nothing is read."""
    write("calibration.csv", FIFTEEN_FIVE)
    assert import_ratings("calibration.csv", "15five-calibrated") == {
        "packet_id": ["0042"],
        "criterion": ["How far does it reach?"],
        "rater_id": ["c-1"],
        "rating": [4.0],
    }


def test_a_second_row_of_heads_is_no_rating() -> None:
    """Labels below the ids of columns are passed over, also where every question is read."""
    ratings = import_ratings(write("form.csv", SUCCESSFACTORS), "successfactors")
    assert ratings["packet_id"] == RATINGS["packet_id"]


def test_ratings_go_on_to_scores_and_to_the_committee() -> None:
    """What comes out is what `score_ratings` and `Ratings` take."""
    rubric = load_rubric("pure-storage-pm/l3-l4")
    names = [criterion.id for criterion in rubric.criteria]
    text = f"packet_id,rater_id,{','.join(names)}\np,r,{','.join('4' * len(names))}\n"
    columns = replace(COLUMN_MAPS["wide"], scale=(1, 5))
    ratings = import_ratings(write("a.csv", text), columns)
    assert score_ratings(ratings, rubric, highest=columns.highest).values == (0.75,)
    assert Ratings.from_columns(ratings).n_ratings == len(names)


def test_words_are_ratings_where_the_map_says_so() -> None:
    """A label counts as its number, whatever its case."""
    columns = replace(COLUMN_MAPS["wide"], points={"exceeds": 5, "meets": 3}, scale=(1, 5))
    text = "packet_id,rater_id,reach\np,r,Exceeds\nq,r,meets\n"
    assert import_ratings(write("a.csv", text), columns)["rating"] == [4.0, 2.0]


def test_without_raters_there_is_no_column_of_them() -> None:
    """An export that says nothing of raters may hold several ratings of one thing."""
    columns = ColumnMap(packet="who", criterion="what", rating="points")
    text = "who,what,points\np,reach,3\np,reach,4\n"
    assert import_ratings(write("a.csv", text), columns) == {
        "packet_id": ["p", "p"],
        "criterion": ["reach", "reach"],
        "rating": [3.0, 4.0],
    }


def test_a_list_of_records_needs_no_key() -> None:
    """JSON may be the list itself."""
    text = '[{"packet_id": 7, "rater_id": "r", "reach": 2.5, "flag": true}]'
    ratings = import_ratings(write("a.json", text), "wide")
    assert (ratings["packet_id"], ratings["rating"]) == (["7"], [2.5])


def test_every_bad_rating_is_told_at_its_line() -> None:
    """All of them at once: no number, off the scale, given twice, of nothing, by nobody."""
    text = (
        "packet_id,rater_id,criterion,rating\n"
        "p,r,reach,good\np,r,craft,5\np,r,reach,3\np,,reach,3\n,r,reach,3\np,r,,3\n"
        f"p,r,depth,{'1' * 400}\np,r,width,true\n"
    )
    scale = "is outside the scale 0..4; give the export's scale"
    none = "is no rating; give its number in points, or name it in unrated"
    nobody = "a rating without its packet or its rater; fill it in, or leave the row out"
    assert list_problems(lambda: import_ratings(write("a.csv", text), "long")) == [
        f"a.csv:2:1: rating: {none}",
        f"a.csv:3:1: rating: {scale}",
        "a.csv:4:1: rating: rates one thing again; keep one of them",
        f"a.csv:5:1: rating: {nobody}",
        f"a.csv:6:1: rating: {nobody}",
        "a.csv:7:1: rating: a rating of no criterion; fill it in, or leave the row out",
        f"a.csv:8:1: rating: {none}",
        f"a.csv:9:1: rating: {none}",
    ]


def test_a_bad_rating_in_json_is_told_at_its_record() -> None:
    """The place is the line on which the record begins."""
    text = '{"data": [\n{"employeeId": "p", "managerId": "m", "performanceRating":'
    text += ' {"ratingQuestion": {"title": "Q"}, "rating": {"value": 9}}}]}'
    assert list_problems(lambda: import_ratings(write("a.json", text), "culture-amp")) == [
        (
            "a.json:2:1: performanceRating.rating.value: is outside the scale 1..5; give the"
            " export's scale"
        )
    ]


def test_columns_and_criteria_that_are_not_there_are_told() -> None:
    """A missing column is named with those there are; so is a question that nobody asked."""
    write("a.csv", "packet_id,rater,criterion,rating\np,r,reach,3\n")
    assert list_problems(lambda: import_ratings("a.csv", "long")) == [
        "a.csv: rater_id: no such column; did you mean 'rater'?"
    ]
    mine = replace(COLUMN_MAPS["long"], rater="rater", criteria={"Reach": "reach"})
    assert list_problems(lambda: import_ratings("a.csv", mine)) == [
        "a.csv: Reach: nothing is called so; did you mean 'reach'?"
    ]
    wide = ColumnMap(packet="packet_id", criteria={"xyz": "reach"})
    assert list_problems(lambda: import_ratings("a.csv", wide)) == [
        "a.csv: xyz: no such column; there are: packet_id, rater, criterion, rating"
    ]
    write("b.json", "[]")
    assert list_problems(lambda: import_ratings("b.json", ColumnMap(packet="p"))) == [
        "b.json: p: no such column; there are: none"
    ]


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.xls", "", "a.xls: no export that is read here; its name must end in .csv, .tsv, .txt,"),
        ("a.csv", "", "a.csv: empty"),
        ("a.json", "{", "a.json:1:2: not JSON"),
        ("b.json", "{}", "data: no list of records; name its key in records"),
        ("c.json", "3", "data: no list of records"),
    ],
)
def test_what_is_no_export_is_told(name: str, text: str, problem: str) -> None:
    """A file that cannot be read, or that holds no list, is named."""
    write(name, text)
    (told,) = list_problems(lambda: import_ratings(name, "culture-amp"))
    assert told.startswith(problem)


@pytest.mark.parametrize("columns", ["workday", 3])
def test_an_unknown_map_is_told(columns: Any) -> None:  # noqa: ANN401 - that is the test
    """What is no map is answered with the names of those there are."""
    (told,) = list_problems(lambda: import_ratings("a.csv", columns))
    assert told.startswith("columns: no map of columns; give a ColumnMap, or one of: long, wide")


def test_maps_do_not_change() -> None:
    """A shipped map is nobody's to change."""
    with pytest.raises(FrozenInstanceError):
        COLUMN_MAPS["wide"].packet = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        COLUMN_MAPS["wide"].criteria["x"] = "y"  # type: ignore[index]
