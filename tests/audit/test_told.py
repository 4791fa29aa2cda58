"""What the audit says where it refuses, word for word, and figures at the edge of another word."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import pytest
from pydantic import ValidationError

from pmpromo.audit import (
    Correction,
    Override,
    measure_counts,
    measure_group_calibration,
    measure_impact,
)
from pmpromo.audit.figures import write_decimal, write_p
from pmpromo.audit.record import _make_erasure
from pmpromo.errors import DataError
from pmpromo.pictures.svg import Box

if TYPE_CHECKING:
    from collections.abc import Callable

    from pmpromo.pictures.chart import Chart
    from pmpromo.words import Noun

DAY: Final = date(2026, 6, 30)

NAMES: Final = "give plain text of at most 60 characters, or None"
EACH: Final = "give one a person, in the same order"
COUNTS: Final = (
    "no counts of people; "
    "give (selected, people), whole numbers, the first no greater; leave out empty groups"
)
RULES: Final = "is neither a rule nor a group; give max_ge_2pct or max_all, or a group"
MANY: Final = {"a": [f"a{i % 30}" for i in range(900)], "b": [f"b{i // 30}" for i in range(900)]}
TWO: Final = {"a": ["A"], "b": ["B"]}

REFUSALS: Final[list[tuple[Callable[[], object], str]]] = [
    (lambda: measure_impact([], []), "outcomes: nobody to measure; give one outcome a person"),
    (
        lambda: measure_impact([2], ["A"]),
        "outcomes[0]: neither 0 nor 1; 1 means selected, 0 not selected",
    ),
    (
        lambda: measure_impact(cast("Any", 7), ["A"]),
        (
            "outcomes: no column of values; give a list or an array\n"
            f"groups['group']: has 1 entries where there are 0 outcomes; {EACH}"
        ),
    ),
    (
        lambda: measure_impact([float("inf")], ["A"], kind="scoring"),
        "outcomes[0]: no finite number; leave out people without a score",
    ),
    (
        lambda: measure_impact([1], ["A", "B"]),
        f"groups['group']: has 2 entries where there are 1 outcomes; {EACH}",
    ),
    (lambda: measure_impact([1], [3]), f"groups[0]: not the name of a group; {NAMES}"),
    (
        lambda: measure_impact([1, 0], ["F", " f"]),
        "groups: two names differ at most in case and blanks; write each in one way",
    ),
    (
        lambda: measure_impact([1] * 501, list(map(str, range(501)))),
        "groups: more than 500 groups; give categories, not ids or ages",
    ),
    (lambda: measure_impact([1], {}), "groups: no groups; give one a person, or some by attribute"),
    (
        lambda: measure_impact([1], {"": ["F"]}),
        f"groups: a name is missing, or is no name; {NAMES}",
    ),
    (
        lambda: measure_impact([1], ["A"], kind=cast("Any", "hiring")),
        "kind: is no kind of outcome; give selection or scoring",
    ),
    (
        lambda: measure_impact([1], ["A"], comparator="B"),
        f"comparator['group']: {RULES}: A",
    ),
    (
        lambda: measure_impact([1], ["A"], comparator={"sex": "A"}),
        "comparator: is given for an attribute that is none; group",
    ),
    (
        lambda: measure_impact([1], {"s": ["A"], "r": ["B x C"]}),
        "groups['r']: a group's name holds ' x '; it joins two groups",
    ),
    (
        lambda: measure_impact([1], TWO, crossed=[("a", "c")]),
        "crossed: names an attribute that is none; a, b",
    ),
    (
        lambda: measure_impact([1], TWO, crossed=[("a",)]),
        "crossed: is no crossing of several attributes; name two attributes or more, each once",
    ),
    (
        lambda: measure_impact([1], {**TWO, "a x b": ["C"]}, crossed=[("a", "b")]),
        "crossed: is among the groups already; leave one out",
    ),
    (
        lambda: measure_impact([1] * 900, MANY),
        "crossed: gives more than 500 groups; cross fewer attributes, or wider categories",
    ),
    (lambda: measure_counts({}), "counts: no groups; give {group: (selected, people)}"),
    (lambda: measure_counts({"A": (3, 2)}), f"counts['group']['A']: {COUNTS}"),
    (
        lambda: measure_counts({"": {"A": (1, 2)}}),
        f"counts: a name is missing, or is no name; {NAMES}",
    ),
    (
        lambda: measure_counts({"sex": {"": (1, 2)}}),
        f"counts['sex']: a name is missing, or is no name; {NAMES}",
    ),
    (
        lambda: measure_counts({"A": (1, 2)}, unknown={"group": (2, 1)}),
        f"unknown['group']: {COUNTS}",
    ),
    (
        lambda: measure_group_calibration([0.5], [1, 0], ["F", "F"]),
        "probability: has 1 entries where promoted has 2; give one a decision",
    ),
    (
        lambda: measure_group_calibration([50, 0.5], [1, 7], ["F", "F"]),
        (
            "promoted[1]: neither 0 nor 1; 1 means selected, 0 not selected\n"
            "probability[0]: not within 0..1; give shares, not percent"
        ),
    ),
]


@pytest.mark.parametrize(("call", "message"), REFUSALS)
def test_a_refusal_says_where_what_and_how_to_mend_it(
    call: Callable[[], object], message: str
) -> None:
    """Every refusal reads as it stands here, all its problems at once."""
    with pytest.raises(DataError) as caught:
        call()
    assert str(caught.value) == message


def test_nothing_is_not_less_than_nothing() -> None:
    """Zero has no sign, and what rounds to zero has none either."""
    assert [write_decimal(Fraction(n, 1000), 2) for n in (0, -4, -5)] == ["0.00", "0.00", "-0.01"]


def test_the_smallest_p_that_is_written_out() -> None:
    """Half of .001 is rounded to it; what is smaller is said to be smaller."""
    assert [write_p(p) for p in (0.0005, 0.00049)] == ["0.001", "<0.001"]


def test_a_score_of_999_decimals_is_still_read() -> None:
    """One decimal more is refused."""
    scores = [Decimal("1e-999"), Decimal(0)]
    assert measure_impact(scores, ["A", "B"], kind="scoring")["group"]["A"].rate == 1
    with pytest.raises(DataError, match=r"outcomes\[0\]: no finite number"):
        measure_impact([Decimal("1e-1000"), 0], ["A", "B"], kind="scoring")


def test_arrays_are_read_as_the_numbers_of_python() -> None:
    """The whole numbers of numpy, and its floats of half the size, are scores like others."""
    halves = np.array([0.1, 0.7, 0.3], dtype=np.float32)
    told = measure_impact(halves, [*"ABC"], kind="scoring")
    assert told.median == Fraction(float(np.float32(0.3)))
    assert measure_impact(np.array([1, 0]), ["A", "B"])["group"]["A"].rate == 1


def test_a_table_of_selections_has_no_median() -> None:
    """Its cell stays empty; that of scores holds the number to the last digit."""
    counted = measure_counts({"A": (1, 2)})
    scored = measure_impact([0.1, 0.3], ["A", "B"], kind="scoring")
    medians = [
        {
            row["median"]
            for row in csv.DictReader(io.StringIO(impact.to_csv(source="s", measured=DAY)))
        }
        for impact in (counted, scored)
    ]
    assert medians == [{""}, {"0.20000000000000001"}]


def test_the_track_of_a_group_runs_from_nothing_to_all() -> None:
    """A faint box over the whole axis, and the interval over it, both as tall as a row."""
    chart = cast("Chart", measure_counts({"A": (1, 2), "B": (3, 4)}).draw().form)
    for row in chart.rows:
        track, interval = (mark for mark in row.marks if isinstance(mark, Box))
        assert track == Box(0, 1, "text", 0.12, 0.15, 0.85)
        assert (interval.top, interval.bottom) == (track.top, track.bottom)


REPORT: Final = """\
Adverse impact, selection rates
Self-computed; this is not an independent audit, and it clears nobody.

group: 73 people of known group, 20 selected; 2 of unknown group, 1 selected.
  Held against White, the highest rate among groups of at least 2 %.
Group                   people selected   rate  ratio       p      z
Black                        8        3  37.5%   0.59   0.238  -1.32 too few
Other                       40        1   2.5%   0.04  <0.001  -5.49 evidence
White                       25       16  64.0%   1.00       -      - comparator
Black: 2 more would have reached four fifths; rates differ by -26.5 points
  (95 %: -55.1 to 10.9); with those of unknown group the ratio lies within 0.51
  to 0.72.
Other: 20 more would have reached four fifths; rates differ by -61.5 points
  (95 %: -77.4 to -39.4); with those of unknown group the ratio lies within 0.04
  to 0.08.

p: Fisher's exact test, two-sided, not corrected for looking at several groups.
z: the difference of the rates in standard errors.
evidence: the rate is lower, and p is below 0.05.
too few: not so, yet the ratio is below four fifths, or one person's outcome
  would change that, or no outcome at all could have given such a p.
no evidence: none of these. That does not show that chances are equal."""

SCORED: Final = """\
Median of all scores: 0.35

group: 4 people of known group, 2 above the median. Held against B, as asked.
Group                   people    above   rate  ratio       p      z
A                            2        1  50.0%   1.00   1.000   0.00 too few
B                            2        1  50.0%   1.00       -      - comparator
A: one person's outcome would change the four-fifths answer; rates differ by 0.0
  points (95 %: -57.3 to 57.3).
"""


def test_a_report_reads_as_it_stands_here() -> None:
    """Its figures are the published ones: ratio 75/128, p .238 and z -1.32 for Ricci's captains."""
    counts = {"White": (16, 25), "Black": (3, 8), "Other": (1, 40)}
    assert str(measure_counts(counts, unknown={"group": (1, 2)})) == REPORT


def test_a_report_of_scores_names_the_median() -> None:
    """The middle of .2 and .5; one of two people of each group is above it."""
    scored = measure_impact([0.1, 0.5, 0.7, 0.2], [*"AABB"], kind="scoring", comparator="B")
    assert SCORED in str(scored)


def test_a_table_ends_its_lines_as_everywhere() -> None:
    """A line feed, no carriage return; undefined is empty, and truth is yes or no."""
    text = measure_counts({"A": (1, 2), "B": (2, 2)}).to_csv(source="s", measured=DAY)
    assert "\r" not in text
    first, second, unknown = csv.DictReader(io.StringIO(text))
    assert (first["below_four_fifths"], second["below_four_fifths"]) == ("yes", "no")
    assert (first["verdict"], second["verdict"], unknown["rate"]) == ("too_few", "", "")


def test_interval_and_track_are_drawn_apart() -> None:
    """The interval has an edge, and stays at zero where no rate is defined."""
    impact = measure_counts({"A": (1, 2)}, unknown={"group": (0, 1)})
    chart = cast("Chart", impact.draw().form)
    _, interval = (mark for mark in chart.rows[0].marks if isinstance(mark, Box))
    assert interval.edged
    assert 0 < interval.left < 0.5 < interval.right < 1


@pytest.mark.parametrize("noun", [Override, Correction])
@pytest.mark.parametrize("missing", ["candidate", "who", "why", "before", "after"])
def test_what_is_recorded_of_a_change_is_whole(noun: type[Noun], missing: str) -> None:
    """Whom it is about, who did it and why, what stood and what stands: none may be left out."""
    whole = {"candidate": "c", "who": "w", "why": "y", "before": None, "after": 1}
    assert noun.model_validate(whole).model_dump()["about"] is None
    with pytest.raises(ValidationError, match=missing):
        noun.model_validate({key: value for key, value in whole.items() if key != missing})


def test_an_erasure_says_who_and_on_what_ground() -> None:
    """Text that no file may hold is refused, before anything is erased."""
    for who in ("", "a\u202eb"):
        with pytest.raises(DataError) as caught:
            _make_erasure({1}, who, "why")
        assert str(caught.value) == (
            "erasure: who or why is no text; say in plain text who erases, and on what ground"
        )
    with pytest.raises(DataError) as nobody:
        _make_erasure(set(), "who", "why")
    assert str(nobody.value) == ("candidate: no entry is about this candidate; nothing was changed")
