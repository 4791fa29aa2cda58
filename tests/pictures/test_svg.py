"""Shapes, measured texts, scales, and what pictures do with few things or none."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmpromo.pictures.bullets import Bullet, draw_bullets, list_marks
from pmpromo.pictures.chart import Chart, Row
from pmpromo.pictures.cohort import CohortRow, draw_cohort
from pmpromo.pictures.committee import Measured, draw_committee
from pmpromo.pictures.gaps import draw_steps
from pmpromo.pictures.heatmap import HeatRow, draw_heatmap
from pmpromo.pictures.readiness import Strip, draw_strips
from pmpromo.pictures.readiness import list_marks as list_strip_marks
from pmpromo.pictures.reliability import DiagramPoint, draw_diagram
from pmpromo.pictures.scale import choose_scale
from pmpromo.pictures.shares import Counted, draw_shares
from pmpromo.pictures.svg import (
    COLOURS,
    Area,
    Box,
    Dot,
    Field,
    Label,
    Line,
    Stripes,
    Tick,
    draw_label,
    draw_marks,
    fit_text,
    measure_text,
    thin_ticks,
    wrap_text,
)
from pmpromo.pictures.timeline import Span, draw_timeline
from pmpromo.pictures.waterfall import draw_waterfall

if TYPE_CHECKING:
    from pmpromo.pictures.picture import Picture

FIELD: Final = Field(100, 20, 10, 5)
FINITE: Final = st.floats(-1e6, 1e6, allow_nan=False)


@pytest.mark.parametrize(
    ("mark", "drawn"),
    [
        (
            Box(0.25, 0.5, "gap", 0.3, 0.5, 1.0, edged=True),
            '<path d="M35 15h25v10h-25z" fill="#c06a00" fill-opacity="0.3" stroke="#c06a00"/>',
        ),
        (
            Line(((0, 0.5), (1, 0.5)), "met", 0.5, dashed=True),
            (
                '<path d="M10 15L110 15" fill="none" stroke="#2e7fc0" stroke-width="1.5"'
                ' stroke-opacity="0.5" stroke-dasharray="2 2"/>'
            ),
        ),
        (
            Area(((0, 0), (1, 0), (1, 1))),
            '<path d="M10 5L110 5L110 25z" fill="currentColor" fill-opacity="0.2"/>',
        ),
        (Dot(0.5), '<circle cx="60" cy="15" r="4" fill="currentColor"/>'),
        (
            Stripes((0, 3), 4, "met"),
            (
                '<path d="M0 .5h1M3 .5h1" transform="translate(10 5) scale(25 20)" fill="none"'
                ' stroke="#2e7fc0" stroke-width="1"/>'
            ),
        ),
    ],
)
def test_marks_fill_their_field(mark: Box | Line | Area | Dot | Stripes, drawn: str) -> None:
    """A mark at shares of a field of 100 by 20 at (10, 5) is drawn at the pixels worked out."""
    assert draw_marks([mark], FIELD) == drawn


@pytest.mark.parametrize(
    "paper", ["#ffffff", "#111111", "#000000", "#0d1117", "#f7f7f7"], ids=lambda paper: paper
)
@pytest.mark.parametrize("ink", [COLOURS["met"], COLOURS["gap"]], ids=["met", "gap"])
def test_data_colours_stand_out(ink: str, paper: str) -> None:
    """Both data colours stand out by 3 to 1 from light, dark and high-contrast backgrounds."""
    assert contrast(ink, paper) >= 3


def test_data_colours_differ_without_colour() -> None:
    """No data colour is needed to tell met from not met: the bar and a word say so as well."""
    picture = draw_bullets("C", [Bullet("Reach", 0.8, 0.8, 0.75, "✓ met")])
    assert "✓ met" in picture._repr_html_()


def test_ink_of_a_file_stands_out() -> None:
    """Labels of a file have 4.5 to 1 against the paper that it brings."""
    svg = draw_bullets("C", [Bullet("Reach", 0.8, 0.8, 0.75, "✓ met")]).svg
    assert 'fill="#ffffff"' in svg
    assert 'color="#1f2328"' in svg
    assert contrast("#1f2328", "#ffffff") >= 4.5


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour written #rrggbb."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_of_black_and_white() -> None:
    """The yardstick itself: black on white is 21 to 1, a colour on itself 1 to 1."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#2e7fc0", "#2e7fc0") == 1


@given(st.text(max_size=60), st.floats(10, 400), st.integers(1, 4))
def test_wrapped_text_fits(text: str, width: float, lines: int) -> None:
    """Wrapped lines are at most so many; each fits unless one sign alone does not."""
    wrapped = wrap_text(text, width, 10, lines)
    assert len(wrapped) <= lines
    for line in wrapped:
        assert measure_text(line, 10) <= width + 0.02 or len(line.rstrip("…")) <= 1


@given(st.text(alphabet="ab é評", max_size=40), st.floats(30, 400))
def test_wrapped_text_loses_nothing(text: str, width: float) -> None:
    """With lines enough every sign is kept, in its order."""
    wrapped = wrap_text(text, width, 10, 100)
    assert "".join("".join(wrapped).split()) == "".join(text.split())


def test_a_long_word_is_broken() -> None:
    """A word wider than the line is broken, and a cut is marked."""
    assert wrap_text("aaaaaaaa bb", 20, 10, 9) == ("aaa", "aaa", "aa", "bb")
    assert fit_text("評価基準", 40, 10) == "評価…"


def test_symbol_has_a_place_of_its_own() -> None:
    """A status symbol and its words are two runs of one text; a symbol alone is one."""
    assert draw_label(Label(10, 20, "✗ work", 10)) == (
        '<text x="10" y="20" font-size="10">✗ <tspan x="24.1">work</tspan></text>'
    )
    assert "tspan" not in draw_label(Label(10, 20, "✗", 10))
    assert "tspan" not in draw_label(Label(10, 20, "✗ work", 10, "end", bold=True))


def test_label_boxes_follow_their_anchor() -> None:
    """A label lies right of its place, around it, or left of it."""
    label = Label(100, 50, "aaaaa", 10)
    left, middle, right = (
        label.box,
        label._replace(anchor="middle").box,
        label._replace(anchor="end").box,
    )
    assert [*left] == [100, 40.5, 133, 52.5]
    assert (middle[0], middle[2]) == (83.5, 116.5)
    assert (right[0], right[2]) == (67, 100)


@given(st.lists(FINITE, min_size=1, max_size=5))
def test_scale_holds_its_values(values: list[float]) -> None:
    """Every value lies on the axis, whose ticks are few and run from one end to the other."""
    scale = choose_scale(values)
    slack = 1e-9 * max(1.0, abs(scale.low), abs(scale.high))
    assert scale.low - slack <= min(values)
    assert max(values) <= scale.high + slack
    assert 2 <= len(scale.ticks) <= 8
    assert (scale.ticks[0].at, scale.ticks[-1].at) == (0, 1)
    assert all(0 <= scale.place(value) <= 1 for value in values)


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([], ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ([0.42, 0.75], ["0.4", "0.5", "0.6", "0.7", "0.8"]),
        ([0.0, 1.2], ["0.00", "0.25", "0.50", "0.75", "1.00", "1.25"]),
        ([0, 5], ["0", "1", "2", "3", "4", "5"]),
        ([0, 42], ["0", "10", "20", "30", "40", "50"]),
        ([-0.04, 0.01], ["-0.04", "-0.03", "-0.02", "-0.01", "0.00", "0.01"]),
    ],
)
def test_ticks_are_round(values: list[float], labels: list[str]) -> None:
    """Ticks stand at round values, written with the decimals they need."""
    assert [tick.label for tick in choose_scale(values).ticks] == labels


def test_ticks_that_would_meet_are_thinned() -> None:
    """Only as many ticks are labelled as have room; one tick always has."""
    ticks = [Tick(n / 10, "100 %") for n in range(11)]
    assert len(thin_ticks(ticks, 100, 10)) == 3
    assert thin_ticks(ticks[:1], 1, 10) == (ticks[0],)


def test_bullet_without_anything_is_a_track_and_a_bar() -> None:
    """Nothing proven and nothing possible leaves the track and the line at the bar."""
    assert [type(mark) for mark in list_marks(Bullet("Reach", 0, 0, 0.75))] == [Box, Line]


@pytest.mark.parametrize(
    "picture",
    [
        draw_bullets("C", []),
        draw_heatmap("E", [HeatRow("Reach", (), 0.75)], []),
        draw_steps("G", [], 0.4, 0.75),
        draw_waterfall("W", 0.4, [], 0.75),
        draw_timeline("T", [], date(2025, 6, 30), date(2026, 6, 30)),
        draw_cohort("C", [CohortRow("Reach", [], 0.75)], {}),
        draw_cohort("C", [], {}),
        draw_strips("R", []),
        draw_shares("S", [Counted("Reach", 0, 0, 0)]),
        draw_committee("M", []),
    ],
    ids=lambda picture: picture.title,
)
def test_nothing_to_draw_is_drawn(picture: Picture) -> None:
    """Of nothing there is an empty picture with a title, no error."""
    assert "<table>" in picture._repr_html_()
    assert picture.svg.startswith("<svg ")


def test_heat_names_what_shows_nothing() -> None:
    """A criterion that no item shows says so; the best item is the first with the highest end."""
    rows = [HeatRow("Reach", ((0, 0), (0, 0)), 0.75), HeatRow("Scope", ((0.2, 0.5), (0.4, 0.4)), 1)]
    picture = draw_heatmap("E", rows, [("a", "A"), ("b", "B")])
    assert picture.alt == (
        "E. Reach: shown by no item; Scope: item 1 0.20 to 0.50, item 2 0.40 to 0.40."
    )
    assert '<td class="w">item 2 (0.40)</td>' in picture._repr_html_()


def test_cohort_gathers_packets_of_one_strength() -> None:
    """Packets of one strength are one shape; too little to see, or unknown, is none."""
    picture = draw_cohort("C", [CohortRow("Reach", [0.8, 0.8, 0.2, 0.8, 0.01, None], 0.75)], {})
    assert isinstance(picture.form, Chart)
    runs = [mark for mark in picture.form.rows[0].marks if isinstance(mark, Stripes)]
    assert runs == [
        Stripes((0, 1, 3), 6, "met", 0.8),
        Stripes((2,), 6, "gap", 0.2),
    ]
    assert picture.alt == "C. Reach: 3 of 5 met, median 0.80."


def test_many_packets_are_numbered_by_quarters() -> None:
    """Of a thousand packets the first, the last and the quarters are numbered."""
    picture = draw_cohort("C", [CohortRow("Reach", [0.5] * 1000, 0.75)], {})
    assert isinstance(picture.form, Chart)
    assert [tick.label for tick in picture.form.ticks] == ["1", "251", "501", "750", "1,000"]


def test_strip_without_decisions_has_no_base_rate() -> None:
    """Without past decisions no share promoted is drawn, nor named in the legend."""
    strip = Strip("0.7", 0.6, 0.4, 0.8, ("60 %", "40 to 80 %"))
    assert not any(isinstance(mark, Line) for mark in list_strip_marks(strip))
    assert "share promoted" not in draw_strips("R", [strip])._repr_html_()


def test_many_points_are_a_line_alone() -> None:
    """Above thirty points the line is drawn without dots."""
    few, many = (
        [mark for mark in picture.form.lay_out().fields[0][0] if isinstance(mark, Dot)]
        for count in (30, 31)
        for picture in [draw_diagram("R", [DiagramPoint(n / 40, 0.5, 0, 1) for n in range(count)])]
    )
    assert (len(few), len(many)) == (30, 0)


def test_many_of_a_group_are_one_row() -> None:
    """More than sixty of a group are drawn in one row of strokes, and counted."""
    many = [Measured("Packets", f"p{n}", n / 50, 0.2) for n in range(100)]
    picture = draw_committee("M", [*many, Measured("Raters", "Ada", 0.4, 0.2)])
    assert isinstance(picture.form, Chart)
    assert [row.name for row in picture.form.rows] == ["All 100", "Ada"]
    assert picture.alt == "M. Packets: 100, from 0.00 to 1.98. Raters: 1, from 0.40 to 0.40."


def test_strokes_on_one_place_are_one_as_dark_as_all() -> None:
    """Thousands of packets are a few hundred strokes; two of 0.4 on one place let 0.36 through."""
    many = [Measured("Packets", f"p{n}", n % 35 / 10, 0.2) for n in range(70)]
    form = draw_committee("M", many).form
    assert isinstance(form, Chart)
    strokes = [mark for mark in form.rows[0].marks if isinstance(mark, Line)]
    assert len(strokes) == 35
    assert {stroke.strength for stroke in strokes} == {0.64}


def test_unknown_days_are_not_invented() -> None:
    """An unknown end is a dashed line up to the day, an unknown start one dot at the end."""
    spans = [
        Span("open", date(2025, 1, 1), None, (0.25, 1)),
        Span("point", None, date(2026, 1, 1), (1, 1)),
        Span("silent", None, None, (0.25, 1)),
    ]
    picture = draw_timeline("T", spans, date(2025, 6, 30), date(2026, 6, 30))
    assert isinstance(picture.form, Chart)
    kinds = [type(row.marks[1]) for row in picture.form.rows]
    assert kinds == [Line, Dot, Line]
    assert "2025-01-01 to unknown, 25 to 100 %" in picture.alt


def test_groups_stand_under_their_name() -> None:
    """Rows of one group stand in one body under its name, in a page and in a file."""
    rows = (Row("a", (), "none", group="First"), Row("b", (), "none", group="Second"))
    chart = Chart("C", ("Name", "Shapes"), rows)
    page = chart.draw_page()
    assert page.count("<tbody>") == 2
    assert '<th scope="rowgroup" colspan="2"><bdi>First</bdi></th>' in page
    assert [label.text for label in chart.lay_out().labels][-4:] == ["First", "a", "Second", "b"]
