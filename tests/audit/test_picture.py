"""The picture of an impact: what it shows, and that it shows it in words and data too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import pytest

from pmpromo.audit import Impact, measure_counts, measure_impact
from pmpromo.audit.summary import BANNER
from pmpromo.pictures.svg import Box, Dot, Line

if TYPE_CHECKING:
    from pmpromo.pictures.chart import Chart

CAPTAINS: Final = {"White": (16, 25), "Black": (3, 8), "Other": (1, 40)}


def list_marks(impact: Impact, group: str) -> dict[type, list[Any]]:
    """The shapes of one group, by kind."""
    chart = cast("Chart", impact.draw().form)
    row = next(row for row in chart.rows if row.name == group)
    return {kind: [m for m in row.marks if isinstance(m, kind)] for kind in (Box, Line, Dot)}


def test_a_row_shows_rate_interval_and_four_fifths() -> None:
    """The dot stands at 3/8, the box over Wilson's interval, the line at 4/5 of 16/25 = .512."""
    marks = list_marks(measure_counts(CAPTAINS), "Black")
    assert [dot.x for dot in marks[Dot]] == [0.375]
    assert [line.points[0][0] for line in marks[Line]] == [0.512]
    assert (marks[Box][1].left, marks[Box][1].right) == pytest.approx((0.1368, 0.6943), abs=5e-5)


def test_evidence_has_the_other_colour() -> None:
    """The interval of a group with evidence is drawn in the colour of gaps."""
    impact = measure_counts(CAPTAINS)
    assert impact["group"]["Other"].verdict == "evidence"
    assert list_marks(impact, "Other")[Box][1].ink == "gap"
    assert list_marks(impact, "Black")[Box][1].ink == "met"


def test_the_comparator_and_the_undefined_have_no_line() -> None:
    """Where nothing is compared there is no mark to compare with."""
    assert list_marks(measure_counts(CAPTAINS), "White")[Line] == []
    nobody = measure_impact([0, 0], [*"AB"])
    assert list_marks(nobody, "A")[Line] == []
    assert list_marks(nobody, "A")[Dot][0].x == 0


def test_words_and_data_hold_what_is_drawn() -> None:
    """Who does not see the picture reads the same; the banner stands under it."""
    impact = measure_counts({"race": CAPTAINS}, unknown={"race": (1, 2)})
    picture = impact.draw()
    assert "race, Black: 8 people, rate 37.5%, interval 13.7% to 69.4%, ratio 0.59, too few" in (
        picture.alt
    )
    assert picture.alt.endswith(BANNER)
    assert picture.data["ratio"].tolist()[0] == 75 / 128
    assert picture.data["part"].tolist() == ["compared", "compared", "comparator", "unknown"]


def test_names_are_inert_in_the_notebook() -> None:
    """A group called like markup is text."""
    html = measure_counts({"<script>": (1, 2), "B": (1, 2)})._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert BANNER in html


def test_nobody_known_is_a_picture_too() -> None:
    """A table without groups draws nothing, and keeps its unknown people in the data."""
    picture = measure_impact([1, 0], [None, None]).draw()
    assert picture.data["people"].tolist() == [2]
    assert picture.svg.startswith("<svg")
