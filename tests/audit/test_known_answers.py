"""Every published table that we know of, to the digits that were printed."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from fractions import Fraction
from io import StringIO
from typing import Final

import pytest
from audit.tables import EXAMPLES, NEW_YORK_SCORING, NEW_YORK_SELECTION, NEWCOMBE, Example

from pmpromo.audit import Counts, fisher_exact, measure_counts, measure_impact
from pmpromo.audit.comparison import judge
from pmpromo.audit.figures import write_decimal, write_ratio, write_share
from pmpromo.audit.rates import compare_rates, count_shortfall, is_below
from pmpromo.audit.significance import bound_difference, compute_fisher, standardise

each_example: Final = pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.name)

DAY: Final = date(2026, 6, 30)

Printed = dict[str, dict[str, tuple[int, int, str, str]]]


def measure_printed(printed: Printed) -> dict[str, dict[str, tuple[Fraction | None, str]]]:
    """Measure a printed table; give the rate, and the ratio as text, by attribute and group."""
    counts = {
        attribute: {group: (selected, people) for group, (people, selected, *_) in table.items()}
        for attribute, table in printed.items()
    }
    impact = measure_counts(counts, comparator="max_all")
    return {
        table.name: {row.group: (row.rate, write_ratio(row.ratio)) for row in table.groups}
        for table in impact.attributes
    }


@pytest.mark.parametrize("attribute", NEW_YORK_SCORING)
def test_scoring_example_of_new_york(attribute: str) -> None:
    """The rule's scoring example: each printed rate, and each impact ratio to its two digits.

    One printed rate is cut, not rounded: 18 of 28 is 64.29 %, printed as 64.2 %.
    """
    found = measure_printed(NEW_YORK_SCORING)[attribute]
    for group, (_, _, rate, ratio) in NEW_YORK_SCORING[attribute].items():
        ours = "64.2%" if group == "Hispanic or Latino" else write_share(found[group][0])
        assert (ours, found[group][1]) == (rate, ratio), group
    if attribute == "race":
        assert found["Hispanic or Latino"][0] == Fraction(9, 14)


@pytest.mark.parametrize("attribute", NEW_YORK_SELECTION)
def test_selection_example_of_new_york(attribute: str) -> None:
    """The rule's selection example: each printed rate in whole percent, and each impact ratio."""
    found = measure_printed(NEW_YORK_SELECTION)[attribute]
    for group, (_, _, rate, ratio) in NEW_YORK_SELECTION[attribute].items():
        assert (write_share(found[group][0], 0), found[group][1]) == (rate, ratio), group


def test_only_one_of_three_low_cells_of_new_york_is_significant() -> None:
    """Black, Asian and White are below four fifths; p is .305, .163 and .048: one is evidence."""
    counts = {g: (k, n) for g, (n, k, *_) in NEW_YORK_SCORING["race"].items()}
    table = measure_counts(counts, kind="scoring")["group"]
    low = [row for row in table.groups if row.below_four_fifths]
    assert [(row.group.split()[0], row.verdict) for row in low] == [
        ("Asian", "too_few"),
        ("Black", "too_few"),
        ("White", "evidence"),
    ]
    assert [row.fisher and round(row.fisher.p, 3) for row in low] == [0.163, 0.305, 0.048]


@each_example
def test_ratio(example: Example) -> None:
    """The impact ratio is exact, and four fifths itself is not below four fifths."""
    ratio = compare_rates(example.group, example.other)
    assert ratio == Fraction(example.ratio)
    assert is_below(ratio) is (example.shortfall > 0)


@each_example
def test_shortfall(example: Example) -> None:
    """So many more selected would have reached four fifths."""
    assert count_shortfall(example.group, example.other) == example.shortfall


@each_example
def test_fisher_and_z(example: Example) -> None:
    """Fisher's two-sided p-value and z agree with an independent computation."""
    assert compute_fisher(example.group, example.other).p == pytest.approx(example.fisher)
    assert standardise(example.group, example.other) == pytest.approx(example.z)


def test_floats_would_have_called_a_tie_a_difference() -> None:
    """0.64 / 0.8 is 0.7999... in floating point; 64 of 100 against 80 of 100 is four fifths."""
    assert 0.64 / 0.8 < 0.8
    impact = measure_counts({"A": (64, 100), "B": (80, 100)})
    assert impact["group"]["A"].ratio == Fraction(4, 5)
    assert impact["group"]["A"].below_four_fifths is False


def test_question_eleven_of_the_uniform_guidelines() -> None:
    """Of rates 60, 45, 48 and 51 %, only 45 % is below four fifths of the highest."""
    rates = {"White": 60, "American Indian": 45, "Hispanic": 48, "Black": 51}
    table = measure_counts({group: (rate, 100) for group, rate in rates.items()})["group"]
    below = [row.group for row in table.groups if row.below_four_fifths]
    assert (table.comparator, below) == ("White", ["American Indian"])
    ratios = {row.group: write_decimal((row.ratio or 0) * Fraction(100), 0) for row in table.groups}
    assert ratios == {"American Indian": "75", "Black": "85", "Hispanic": "80", "White": "100"}


def test_tea() -> None:
    """The lady who tasted three of four cups right: 17/35."""
    assert fisher_exact(Counts(3, 4), Counts(1, 4)) == Fraction(17, 35)


@pytest.mark.parametrize(("group", "other", "ends"), NEWCOMBE)
def test_newcombe(group: Counts, other: Counts, ends: tuple[float, float]) -> None:
    """Newcombe's own examples, to the four digits that he printed."""
    assert bound_difference(group, other) == pytest.approx(ends, abs=5.1e-5)


@pytest.mark.parametrize(
    ("group", "other", "z"),
    [
        (Counts(5, 83), Counts(12, 99), -1.4078304151258787),  # statsmodels, proportions_ztest
        (Counts(10, 20), Counts(20, 20), -3.651483716701107),  # pymetrics/audit-ai, test_stats.py
        (Counts(50, 250), Counts(100, 250), -4.88),  # printed as 4.88 standard deviations
    ],
)
def test_z_as_printed_elsewhere(group: Counts, other: Counts, z: float) -> None:
    """The z of two proportions, as other packages print it."""
    assert standardise(group, other) == pytest.approx(z, abs=5e-4)


# Ricci v. DeStefano: 118 candidates for promotion; passed if .6 written + .4 oral reaches 70. The
# scores of the captains' examination, by race, from W. Miao's data.
CAPTAINS: Final = """\
W 92.808 89 85.152 81.028 80.876 79.676 78.124 76.916 76.448 76.4 75.724 75.068 73.732 73.6 71.352
W 71.268 69.952 69.828 69.372 69.372 69.22 67.856 62.896 60.828 56.324
B 74.952 71.828 70.38 67.152 60.648 58.192 55.8 51.304
H 79.676 78.4 76.02 69.192 65.856 62.428 59.456 57.344
"""


def read_captains() -> tuple[list[float], list[str]]:
    """Read scores and races."""
    rows = [line.split() for line in CAPTAINS.splitlines()]
    people = [(float(score), race) for race, *scores in rows for score in scores]
    return [score for score, _ in people], [race for _, race in people]


def test_captains_selected() -> None:
    """Ricci, captains: 16 of 25, 3 of 8, 3 of 8; ratio 75/128, Fisher .2379, z -1.3200."""
    scores, races = read_captains()
    table = measure_impact([score >= 70 for score in scores], races)["group"]
    counts = {row.group: tuple(row.counts) for row in table.groups}
    assert counts == {"B": (3, 8), "H": (3, 8), "W": (16, 25)}
    row = table["B"]
    assert row.ratio == Fraction(75, 128)
    assert row.fisher is not None
    assert row.z is not None
    assert (round(row.fisher.p, 4), round(row.z, 4)) == (0.2379, -1.32)
    assert row.verdict == "too_few"


def test_captains_scored() -> None:
    """Ricci, captains by score: median 71.268; above it 15 of 25, 2 of 8 and 3 of 8."""
    scores, races = read_captains()
    impact = measure_impact(scores, races, kind="scoring")
    assert impact.median == Fraction(71.268)
    counts = {row.group: tuple(row.counts) for row in impact["group"].groups}
    assert counts == {"B": (2, 8), "H": (3, 8), "W": (15, 25)}


def test_public_summary_prints_the_published_counts() -> None:
    """The public summary holds every count of the published table."""
    counts = {g: (k, n) for g, (n, k, *_) in NEW_YORK_SELECTION["race"].items()}
    printed = defaultdict(list)
    for row in csv.DictReader(StringIO(measure_counts(counts).to_csv(source="s", measured=DAY))):
        printed[row["part"]].append((row["group"], int(row["selected"]), int(row["people"])))
    assert printed["comparator"] == [("White", 412, 797)]
    # 41 of 2584 people are 1.6 %: they keep count and rate, and get no ratio.
    assert printed["excluded"] == [("Native American or Alaska Native", 18, 41)]
    assert printed["unknown"] == [("", 0, 0)]
    assert len(printed["compared"]) == 5
    assert {(g, *counts[g]) for g, *_ in printed["compared"]} == {*printed["compared"]}


@pytest.mark.parametrize("example", EXAMPLES[:3], ids=lambda each: each.name)
def test_verdicts_on_ricci(example: Example) -> None:
    """Of the examinations' three low ratios only the one with p .016 is evidence by itself."""
    expected = "evidence" if example.name == "lieutenant-Hispanic" else "too_few"
    assert judge(example.group, example.other) == expected
