"""Ratings: read from columns, wide tables and files, in one order, every problem at once."""

from __future__ import annotations

import os
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pytest
from committee.drawn import crossed
from hypothesis import given
from hypothesis import strategies as st

from pmpromo.committee import Ratings, read_ratings, sheet
from pmpromo.committee import ratings as room
from pmpromo.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

THREE: Final[dict[str, list[Any]]] = {
    "packet_id": ["b", "a", "a"],
    "criterion": ["reach", "reach", "reach"],
    "rater_id": ["ann", "bo", "ann"],
    "rating": [4, 2, 3],
}


def tell(given: object, **options: Any) -> list[str]:  # noqa: ANN401 - options of the reader
    """Return the problems of columns as text."""
    with pytest.raises(DataError) as caught:
        Ratings.from_columns(given, **options)  # type: ignore[arg-type]
    return [str(problem) for problem in caught.value.problems]


def test_ratings_stand_in_one_order() -> None:
    """By packet, criterion, rater, whatever the order of rows; names are sorted."""
    read = Ratings.from_columns(THREE)
    assert read.packets == ("a", "b")
    assert read.raters == ("ann", "bo")
    assert read.packet.tolist() == [0, 0, 1]
    assert read.rater.tolist() == [0, 1, 0]
    assert read.values.tolist() == [3.0, 2.0, 4.0]
    assert (read.n_ratings, read.n_steps) == (3, 4)


@given(crossed(), st.randoms(use_true_random=False))
def test_row_order_changes_nothing(columns: dict[str, list[Any]], random: Any) -> None:  # noqa: ANN401
    """Shuffled rows are the same ratings."""
    order = list(range(len(columns["rating"])))
    random.shuffle(order)
    one = Ratings.from_columns(columns)
    other = Ratings.from_columns({name: [c[i] for i in order] for name, c in columns.items()})
    for column in ("packet", "criterion", "rater", "step"):
        assert getattr(one, column).tolist() == getattr(other, column).tolist()


def test_frames_and_arrays_are_columns_too() -> None:
    """A pandas frame, numpy arrays and lists of the same cells give the same ratings."""
    frame = pd.DataFrame(THREE)
    arrays = {name: np.array(cells) for name, cells in THREE.items()}
    for columns in (frame, arrays):
        assert Ratings.from_columns(columns).values.tolist() == [3.0, 2.0, 4.0]


def test_columns_may_have_other_names() -> None:
    """`names` says what a column is called there."""
    given = {("reviewer" if name == "rater_id" else name): c for name, c in THREE.items()}
    assert Ratings.from_columns(given, names={"rater_id": "reviewer"}).raters == ("ann", "bo")


def test_a_tuple_of_cells_is_a_column() -> None:
    """Any sequence will do."""
    assert Ratings.from_columns({k: tuple(v) for k, v in THREE.items()}).n_ratings == 3


def test_ratings_are_read_once() -> None:
    """What is read already is taken as it is; columns are read on the scale 0..4."""
    read = Ratings.from_columns(THREE)
    assert room.as_ratings(read) is read
    assert room.as_ratings(THREE).values.tolist() == read.values.tolist()


def test_whole_numbers_are_names() -> None:
    """Ids that are whole numbers become their digits."""
    assert Ratings.from_columns({**THREE, "packet_id": [7, 12, 12]}).packets == ("12", "7")


def test_what_has_no_columns_is_refused() -> None:
    """Nothing at all, or a number."""
    assert tell(None) == ["ratings: no columns; give a mapping of lists or a frame"]
    assert tell(3) == ["ratings: no columns; give a mapping of lists or a frame"]


def test_cells_that_frames_leave_out() -> None:
    """Days and roles that pandas writes as missing are missing."""
    given = {**THREE, "date": [pd.NaT, None, pd.NA], "role": [pd.NA, "peer", float("nan")]}
    read = Ratings.from_columns(given)
    assert read.dates == ("", "", "")
    assert read.roles == (None, "peer")


def test_missing_columns_are_all_named() -> None:
    """Every column that is not there, and every name that is no column of ratings."""
    told = tell({"rating": [1]}, names={"who": "x"})
    assert told == [
        "packet_id: no such column; one of rating",
        "criterion: no such column; one of rating",
        "rater_id: no such column; one of rating",
        f"names['who']: no column of ratings; one of {', '.join(room.COLUMNS)}",
    ]


def test_names_of_columns_are_safe_to_print() -> None:
    """A column named with signs that a terminal would obey is shown as text."""
    assert tell({"rating": [1], "\x1b]8;;": [2]})[0] == (
        "packet_id: no such column; one of rating, '\\x1b]8;;'"
    )


def test_all_bad_ratings_are_told_at_once() -> None:
    """No number, not whole, outside the scale, too large for any: each with its row."""
    columns = {
        "packet_id": list("abcdefg"),
        "criterion": ["reach"] * 7,
        "rater_id": ["ann"] * 7,
        "rating": [None, 2.5, 5, "3", True, 10**400, 3],
    }
    assert sorted(tell(columns)) == [
        "rating[0]: not a number; leave out what is missing",
        "rating[1]: not a whole number; give a point of the scale",
        "rating[2]: outside the scale 0..4; give scale=(lowest, highest) if yours is another",
        "rating[3]: not a number; leave out what is missing",
        "rating[4]: not a number; leave out what is missing",
        "rating[5]: outside the scale 0..4; give scale=(lowest, highest) if yours is another",
    ]


def test_a_number_too_large_for_any_float_is_outside() -> None:
    """Among plain numbers too."""
    told = tell({**THREE, "rating": [10**400, 1, 2]})
    assert told == [
        "rating[0]: outside the scale 0..4; give scale=(lowest, highest) if yours is another"
    ]


def test_a_rating_given_twice_is_refused_where_it_stands_again() -> None:
    """The later row of the same packet, criterion and rater."""
    told = tell({**THREE, "packet_id": ["a", "a", "a"]})
    assert told == [
        "rating[2]: given twice; keep one rating by this rater of this packet and criterion"
    ]


def test_other_scales() -> None:
    """Steps count from the lowest point of the scale given."""
    assert Ratings.from_columns(THREE, scale=(2, 4)).step.tolist() == [1, 0, 2]


@pytest.mark.parametrize("scale", [(4, 0), (0, 0), (0.5, 4), (0, 1, 2), (False, True), (0, 10**7)])
def test_scales_that_are_none(scale: tuple[Any, ...]) -> None:
    """Two whole numbers, the lower first, not too far apart."""
    assert tell(THREE, scale=scale) == [
        "scale: not two whole numbers, the lower first; such as (0, 4)"
    ]


def test_columns_of_unlike_length() -> None:
    """Each column that has not one cell a rating."""
    assert tell({**THREE, "criterion": ["reach"]}) == [
        "criterion: has 1 entries where rating has 3"
    ]


def test_no_ratings_at_all() -> None:
    """Nothing to read is a problem, not an empty answer."""
    assert tell({name: [] for name in THREE}) == ["ratings: none; give one row a rating"]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("", "empty"),
        (" ann", "a name with blanks around it or signs that do not print"),
        ("an\u202en", "a name with blanks around it or signs that do not print"),
        (None, "not a name"),
        (float("nan"), "not a name"),
        (1.5, "not a name"),
        (True, "not a name"),
        ("x" * 201, "longer than a name"),
    ],
)
def test_names_that_are_none(cell: object, told: str) -> None:
    """What is wrong with a name is told with its row, and never shows it."""
    found = tell({**THREE, "rater_id": [cell, "bo", "ann"]})
    assert found == [f"rater_id[0]: {told}; give a short name as text"]


def test_cells_that_cannot_be_names() -> None:
    """Lists are no names; the other columns are still read."""
    assert tell({**THREE, "rater_id": [["ann"], "bo", "ann"], "rating": [9, 2, 3]}) == [
        "rater_id: cells that are no names; give text",
        "rating[0]: outside the scale 0..4; give scale=(lowest, highest) if yours is another",
    ]


def test_names_that_differ_in_capitals() -> None:
    """One person must not count as two."""
    assert tell({**THREE, "rater_id": ["ann", "bo", "Ann"]}) == [
        "rater_id: 'Ann' and 'ann' differ only in capitals; write one"
    ]


def test_many_problems_of_a_kind_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a limit the rest of a kind is one line."""
    monkeypatch.setattr(room, "MOST_LISTED", 1)
    assert tell({**THREE, "rating": [9, 9, 9]})[1] == (
        "rating: 2 more entries: outside the scale 0..4; "
        "give scale=(lowest, highest) if yours is another"
    )


def test_roles_belong_to_raters() -> None:
    """One role a rater; None where none is stated."""
    read = Ratings.from_columns({**THREE, "role": ["peer", None, "peer"]})
    assert read.roles == ("peer", None)
    assert Ratings.from_columns(THREE).roles == (None, None)


def test_roles_that_contradict() -> None:
    """Another role for the same rater, and what is no role."""
    assert tell({**THREE, "role": ["peer", 3, "manager"]}) == [
        "role[1]: not a role; give a short text",
        "role[2]: another role than before; one a rater",
    ]


def test_dates_follow_their_ratings() -> None:
    """Days are text, or dates, in the order of ratings."""
    given = {**THREE, "date": ["2026-06-30", date(2026, 6, 1), datetime(2026, 5, 2, 9, 0)]}  # noqa: DTZ001
    assert Ratings.from_columns(given).dates == ("2026-05-02", "2026-06-01", "2026-06-30")
    assert Ratings.from_columns({**THREE, "date": ["", None, ""]}).dates == ("", "", "")


@pytest.mark.parametrize("cell", ["30.6.2026", "2023-02-29", "2026-7-4", 46203])
def test_dates_that_are_none(cell: object) -> None:
    """A day is YYYY-MM-DD and exists."""
    assert tell({**THREE, "date": [cell, "", ""]}) == ["date[0]: not a date; give YYYY-MM-DD"]


def test_wide_tables() -> None:
    """One column a rater and criterion; empty cells are no ratings."""
    table = {"who": ["a", "b"], "A1": [3, 4], "A2": [2, " "], "B1": [float("nan"), 1]}
    read = Ratings.from_wide(
        table,
        packet_id="who",
        raters={"A1": ("ann", "reach"), "A2": ("ann", "craft"), "B1": ("bo", "reach")},
    )
    assert read.criteria == ("craft", "reach")
    assert read.values.tolist() == [2.0, 3.0, 4.0, 1.0]


def test_wide_tables_with_a_column_of_criteria() -> None:
    """A row may be a packet on a criterion."""
    table = {"who": ["a", "a"], "what": ["reach", "craft"], "Ann": [3, 4]}
    read = Ratings.from_wide(table, packet_id="who", criterion="what", raters={"Ann": "ann"})
    assert read.criteria == ("craft", "reach")
    assert read.values.tolist() == [4.0, 3.0]


def test_problems_of_wide_tables_name_their_cell() -> None:
    """The column and row of the table, not of the long form."""
    table = {"who": ["a", "b"], "what": ["reach", ""], "Ann": [None, 7]}
    with pytest.raises(DataError) as caught:
        Ratings.from_wide(table, packet_id="who", criterion="what", raters={"Ann": "ann"})
    assert [problem.path for problem in caught.value.problems] == ["what[1]", "Ann[1]"]


def test_wide_tables_without_the_columns_named() -> None:
    """Each column that is not there."""
    with pytest.raises(DataError, match=r"Bo: no such column; one of who, Ann"):
        Ratings.from_wide({"who": ["a"], "Ann": [3]}, packet_id="who", raters={"Bo": "bo"})


HEAD: Final = "packet_id,criterion,rater_id,rating\n"


HINT: Final = f"the first line names {', '.join(room.COLUMNS)}"

OUTSIDE: Final = "rating: outside the scale 0..4; give scale=(lowest, highest) if yours is another"


def write(folder: Path, text: str | bytes) -> Path:
    """Write a file of ratings."""
    path = folder / "ratings.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def tell_file(folder: Path, text: str | bytes) -> list[str]:
    """Return the problems of a file as text."""
    with pytest.raises(DataError) as caught:
        read_ratings(write(folder, text))
    return [str(problem) for problem in caught.value.problems]


def test_files(tmp_path: Path) -> None:
    """CSV with a byte order mark, blank lines and quotes; zeros of ids stay."""
    text = f"\ufeff{HEAD}00042,reach,ann,3\n\n'x',\"a, b\",bo,4.0\n"
    read = read_ratings(write(tmp_path, text))
    assert read.packets == ("'x'", "00042")
    assert read.criteria == ("a, b", "reach")
    assert read.values.tolist() == [4.0, 3.0]


def test_files_with_other_names(tmp_path: Path) -> None:
    """`names` says what a column is called in the file."""
    text = "who,criterion,rater_id,rating\na,reach,ann,3\n"
    read = read_ratings(write(tmp_path, text), names={"packet_id": "who"})
    assert read.packets == ("a",)


def test_problems_of_files_have_line_and_column(tmp_path: Path) -> None:
    """Every bad cell as file:line:column, all at once."""
    text = f"{HEAD}a,reach,ann,3\nb,reach,ann,three\nc,reach,,2.5\nd,reach,ann,-1\n"
    assert tell_file(tmp_path, text) == [
        "ratings.csv:4:9: rater_id: empty; give a short name as text",
        "ratings.csv:3:13: rating: not a number; leave out what is missing",
        "ratings.csv:4:10: rating: not a whole number; give a point of the scale",
        f"ratings.csv:5:13: {OUTSIDE}",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "ratings.csv: empty; begin with packet_id,criterion,rater_id,rating"),
        (b"\xff\xfe", "ratings.csv: not UTF-8 text; save it as CSV UTF-8"),
        (
            "packet_id,criterion,rater_id\na,b,c\n",
            f"ratings.csv:1:1: rating: no such column; {HINT}",
        ),
        (
            f"rating,{HEAD}1,a,b,c,1\n",
            "ratings.csv:1:1: rating: two columns of this name; keep one",
        ),
        (f"{HEAD}a,reach,ann\n", "ratings.csv:2:1: 3 cells, not 4; one a column"),
        (
            f'{HEAD}a,reach,"ann,3\n',
            "ratings.csv:2:1: not a line of CSV; close every quotation mark",
        ),
        (HEAD, "ratings: none; give one row a rating"),
    ],
)
def test_files_that_are_none(tmp_path: Path, text: str | bytes, told: str) -> None:
    """What is wrong with a file as a whole."""
    assert tell_file(tmp_path, text) == [told]


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No such file, one that is no file and may have no end, and one too large to be ratings."""
    with pytest.raises(DataError, match=r"gone\.csv: cannot be read: No such file"):
        read_ratings(tmp_path / "gone.csv")
    with pytest.raises(DataError, match="null: not a regular file"):
        read_ratings(os.devnull)
    monkeypatch.setattr(sheet, "LARGEST_FILE", 3)
    assert tell_file(tmp_path, HEAD) == ["ratings.csv: too large; split it by cycle"]


def test_a_cut_file_never_loads_as_a_shorter_one(tmp_path: Path) -> None:
    """Cut inside a line, a file is refused; at a line's end nothing can tell."""
    whole = f"{HEAD}a,reach,ann,3\nb,reach,ann,3"
    for end in range(len(HEAD) + len("a,reach,ann,3\n") + 1, len(whole)):
        assert tell_file(tmp_path, whole[:end])
