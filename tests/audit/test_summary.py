"""The report, the rows and the public summary of an impact."""

from __future__ import annotations

import csv
import unicodedata
from datetime import date
from fractions import Fraction
from io import StringIO
from typing import Final

import pytest
from audit.tables import NEW_YORK_SCORING

from pmpromo.audit import Impact, measure_counts, measure_impact
from pmpromo.audit.figures import guard_cell, write_decimal, write_p, write_ratio, write_share
from pmpromo.audit.summary import BANNER

DAY: Final = date(2026, 6, 30)


def make_impact() -> Impact:
    """The scoring example of New York, with people of unknown race."""
    counts = {
        attribute: {group: (above, people) for group, (people, above, *_) in table.items()}
        for attribute, table in NEW_YORK_SCORING.items()
    }
    return measure_counts(counts, kind="scoring", unknown={"race": (3, 9)})


def test_report() -> None:
    """The report names the comparator, the counts, what is low, and how sure that is."""
    text = str(make_impact())
    assert text.splitlines()[1] == BANNER
    assert "Held against Hispanic or Latino, the highest rate" in text
    assert "132 people of known group, 64 above the median; 9 of unknown" in text
    row = next(line for line in text.splitlines() if line.startswith("White"))
    assert row.split() == ["White", "40", "15", "37.5%", "0.58", "0.048", "-2.18", "evidence"]
    assert "White: 6 more would have reached four fifths; rates differ by -26.8 points" in text
    assert "ratio lies within 0.48 to" in " ".join(text.split())
    assert "Female: one person's outcome would change the four-fifths answer" in text


def measure_line(line: str) -> int:
    """The columns that a line takes."""
    wide = sum(unicodedata.east_asian_width(sign) in {"W", "F"} for sign in line)
    return len(line) + wide - sum(map(bool, map(unicodedata.combining, line)))


@pytest.mark.parametrize("name", ["A" * 60, "評価" * 20, "e\u0323\u0301" * 15, "a b " * 14 + "c"])
def test_report_fits_eighty_columns(name: str) -> None:
    """No line is wider than 80 columns, whatever groups and attributes are called."""
    impact = measure_counts({name: {name: (1, 900), "B": (700, 900)}, "y": {"B": (0, 10)}})
    lines = str(impact).splitlines()
    table = [line for line in lines if line.endswith(("evidence", "comparator"))]
    assert len(table) == 2
    assert max(map(measure_line, lines)) <= 80


def test_report_of_selections() -> None:
    """Selections have no median; evidence beyond four fifths and a named comparator are told."""
    text = str(measure_counts({"A": (900, 1000), "B": (950, 1000)}, comparator="B"))
    assert "Median" not in text
    assert "Held against B, as asked." in text
    assert "A: not below four fifths, yet chance alone seldom does this; rates differ" in text
    assert "unknown group" not in text


def test_report_of_scores_says_their_median() -> None:
    """Scores are reported with the median that divides them."""
    text = str(measure_impact([1, 2, 2.5, 4], [*"AABB"], kind="scoring"))
    assert "Median of all scores: 2.25" in text


def test_report_of_the_undefined() -> None:
    """Without a comparator the report says why, and claims nothing."""
    text = str(measure_impact([0, 0, 0], ["A", "A", "B"]))
    assert "No ratio is defined: every rate is 0." in " ".join(text.split())
    rows = [line.split() for line in text.splitlines() if line[:2] in {"A ", "B "}]
    assert [row[4:] for row in rows] == [["-", "-", "-", "undefined"]] * 2


def test_report_of_a_small_category() -> None:
    """A category under 2 % is printed with count and rate."""
    text = str(measure_impact([1] * 102, ["S", *"A" * 101]))
    row = next(line for line in text.splitlines() if line.startswith("S "))
    assert row.split() == ["S", "1", "1", "100.0%", "-", "-", "-", "under", "2", "%"]


@pytest.mark.parametrize("word", ["compliant", "bias free", "bias-free", "unbiased", "fair "])
def test_nothing_is_claimed(word: str) -> None:
    """No text says that somebody is compliant or free of bias."""
    impact = make_impact()
    assert word not in str(impact).lower()
    assert word not in impact.to_csv(source="s", measured=DAY).lower()


def test_rows() -> None:
    """Rows are plain values with the same columns throughout, the unknown among them."""
    rows = make_impact().rows()
    assert len({tuple(row) for row in rows}) == 1
    assert [(r["attribute"], r["people"]) for r in rows if r["part"] == "unknown"] == [
        ("sex", 0),
        ("race", 9),
    ]
    white = next(row for row in rows if row["group"] == "White")
    assert (white["ratio"], white["shortfall"]) == (float(Fraction(7, 12)), 6)
    assert (white["verdict"], white["below_four_fifths"], white["flips"]) == (
        "evidence",
        True,
        False,
    )
    assert white["ratio_low"] < white["ratio"] < white["ratio_high"]


def test_frame() -> None:
    """The frame holds every row and every column, with numbers where numbers stand."""
    impact = make_impact()
    frame = impact.to_frame()
    assert frame.columns.tolist() == list(impact.rows()[0])
    assert frame["people"].tolist() == [row["people"] for row in impact.rows()]
    assert str(frame["ratio"].dtype) == "float64"


def test_public_summary() -> None:
    """Every row says where the data come from, when they were measured, and by whom not."""
    text = make_impact().to_csv(source="Cycle 2026h1", measured=DAY, in_use_since=date(2025, 1, 1))
    rows = list(csv.DictReader(StringIO(text)))
    assert len(rows) == 9
    for row in rows:
        assert (row["source"], row["measured"]) == ("Cycle 2026h1", "2026-06-30")
        assert (row["in_use_since"], row["kind"], row["notice"]) == (
            "2025-01-01",
            "scoring",
            BANNER,
        )
    assert "None" not in text


def test_public_summary_of_nobody_known() -> None:
    """A table without groups still has its row of unknown people."""
    text = measure_impact([1, 0], {"a": [None, None], "b": ["x", "y"]}).to_csv(
        source="s", measured=DAY
    )
    rows = list(csv.DictReader(StringIO(text)))
    parts = [row["part"] for row in rows]
    assert parts == ["unknown", "comparator", "compared", "unknown", "unknown"]
    assert (rows[0]["people"], rows[0]["ratio"], rows[0]["verdict"]) == ("2", "", "")


def test_public_summary_keeps_the_median_to_the_bit() -> None:
    """The median is written so that it reads back as the same float."""
    text = measure_impact([0.1, 0.3], [*"AB"], kind="scoring").to_csv(source="s", measured=DAY)
    assert float(next(csv.DictReader(StringIO(text)))["median"]) == float(
        (Fraction(0.1) + Fraction(0.3)) / 2
    )


@pytest.mark.parametrize("start", [*"=+-@", *"＝＋－＠"])
def test_cells_are_inert(start: str) -> None:
    """A group or source that starts a formula is text in every spreadsheet."""
    name = f"{start}HYPERLINK"
    text = measure_counts({name: (1, 2), "B": (1, 2)}).to_csv(source=name, measured=DAY)
    rows = list(csv.DictReader(StringIO(text)))
    assert {row["source"] for row in rows} == {f"'{name}"}
    assert f"'{name}" in {row["group"] for row in rows}
    cells = [cell for row in rows for cell in row.values() if cell.startswith(start)]
    assert [float(cell) for cell in cells] == [float(cell) for cell in cells]


@pytest.mark.parametrize("text", ["\tx", "\rx"])
def test_cells_with_blanks_before_formulas(text: str) -> None:
    """Tabs and returns before a formula do not hide it."""
    assert guard_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        ("1/2", 0, "1"),
        ("-1/2", 0, "-1"),
        ("5/1000", 2, "0.01"),
        ("-4/1000", 2, "0.00"),
        ("1999/1000", 2, "2.00"),
        ("12345/10", 1, "1234.5"),
    ],
)
def test_decimals(value: str, places: int, text: str) -> None:
    """Halves go away from zero, and no zero has a sign."""
    assert write_decimal(Fraction(value), places) == text


def test_numbers_do_not_round_across_the_line() -> None:
    """0.7999 is not printed as 0.80, nor p = 0.0499 as 0.050; nothing is printed as a dash."""
    assert write_ratio(Fraction(7999, 10000)) == "0.7999"
    assert write_ratio(Fraction(8001, 10000)) == "0.80"
    assert (write_p(0.0499), write_p(0.05), write_p(0.0501)) == ("0.0499", "0.050", "0.050")
    assert (write_p(0.0004), write_p(0.0006), write_p(0.0)) == ("<0.001", "0.001", "<0.001")
    assert (write_ratio(None), write_p(None), write_share(None)) == ("-", "-", "-")
