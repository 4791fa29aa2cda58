"""P17: audit figures are those of published tables, to the printed digit, at every door."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import pytest
from audit.tables import EXAMPLES, NEW_YORK_SCORING, NEW_YORK_SELECTION, NEWCOMBE, Example
from committee.published import KRIPPENDORFF, SHROUT_FLEISS, read_fleiss, read_table
from promises.doors import DAY

from pmpromo import Impact, measure_agreement, measure_impact
from pmpromo.audit import Counts, measure_counts
from pmpromo.audit.significance import bound_difference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmpromo.committee.coefficients import Level

TABLES: Final = {
    "scoring, sex": NEW_YORK_SCORING["sex"],
    "scoring, race": NEW_YORK_SCORING["race"],
    "selection, sex": NEW_YORK_SELECTION["sex"],
    "selection, race": NEW_YORK_SELECTION["race"],
}
"""6 RCNY 5-301: people, selected, rate and ratio as the rule prints them, by group."""


def spread(table: Mapping[str, tuple[int, int, str, str]]) -> tuple[list[bool], list[str]]:
    """Return the people behind a table: one outcome and one group each."""
    outcomes: list[bool] = []
    groups: list[str] = []
    for group, (people, selected, *_) in table.items():
        outcomes += [True] * selected + [False] * (people - selected)
        groups += [group] * people
    return outcomes, groups


def measure(name: str) -> Impact:
    """Return the impact of a published table, from its people, against the highest rate of all."""
    return measure_impact(*spread(TABLES[name]), comparator="max_all")


def round_half_up(value: Fraction, places: int) -> str:
    """Write a fraction to so many places, as a person rounds."""
    scaled = value * 10**places + Fraction(1, 2)
    whole = scaled.numerator // scaled.denominator
    return f"{whole / 10**places:.{places}f}"


CUT: Final = {"Hispanic or Latino": "64.2%"}
"""The one rate that the rule cuts where it should round: 18 of 28 is 64.29 %."""


@pytest.mark.parametrize("name", TABLES)
def test_rates_and_ratios_are_as_printed(name: str) -> None:
    """Each rate and each impact ratio of the rule's examples, from single people."""
    for row in measure(name)["group"].groups:
        people, selected, rate, ratio = TABLES[name][row.group]
        assert tuple(row.counts) == (selected, people)
        assert row.rate == Fraction(selected, people)
        places = 0 if "." not in rate else 1
        found = f"{round_half_up(row.rate * 100, places)}%"
        assert found == rate or CUT.get(row.group) == rate
        assert row.ratio is not None
        assert round_half_up(row.ratio, 2) == ratio


@pytest.mark.parametrize("name", TABLES)
def test_reports_print_the_same_digits(name: str) -> None:
    """The report and the public summary show the printed ratios beside the printed counts."""
    impact = measure(name)
    told = [line.split() for line in str(impact).splitlines()]
    rows = {
        row["group"]: row
        for row in csv.DictReader(io.StringIO(impact.to_csv(source="s", measured=DAY)))
    }
    for group, (people, selected, _, ratio) in TABLES[name].items():
        line = next(words for words in told if str(people) in words and str(selected) in words)
        assert ratio in line
        assert (rows[group]["people"], rows[group]["selected"]) == (str(people), str(selected))


@pytest.mark.parametrize("name", TABLES)
def test_saved_impacts_keep_every_digit(name: str) -> None:
    """Saved and read again, a table is the same fractions."""
    impact = measure(name)
    assert Impact.from_json(impact.to_json()) == impact


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.name)
def test_examples_of_courts_and_textbooks(example: Example) -> None:
    """Ratio, shortfall, Fisher's p and z of Ricci and others, through the public door."""
    counts = {"A": tuple(example.group), "B": tuple(example.other)}
    row = measure_counts(counts, comparator="B")["group"]["A"]
    assert row.ratio == Fraction(example.ratio)
    assert row.below_four_fifths is (Fraction(example.ratio) < Fraction(4, 5))
    assert row.shortfall == example.shortfall
    assert row.fisher is not None
    assert row.fisher.p == pytest.approx(example.fisher, rel=1e-9)
    assert row.z == pytest.approx(example.z, abs=5e-9)


def test_four_fifths_itself_is_not_below() -> None:
    """64 of 100 against 80 of 100 is exactly four fifths, which 0.64 / 0.8 is not."""
    row = measure_counts({"A": (64, 100), "B": (80, 100)})["group"]["A"]
    assert (row.ratio, row.below_four_fifths) == (Fraction(4, 5), False)


@pytest.mark.parametrize(("group", "other", "ends"), NEWCOMBE)
def test_intervals_of_newcombe(group: Counts, other: Counts, ends: tuple[float, float]) -> None:
    """Newcombe 1998, table II, method 10: both ends to the four digits that he printed."""
    found = bound_difference(group, other) or ()
    assert [f"{end:.4f}" for end in found] == [f"{e:.4f}" for e in ends]


KNOWN: Final[dict[Level, float]] = {
    "nominal": 0.743,
    "ordinal": 0.815,
    "interval": 0.849,
    "ratio": 0.797,
}


@pytest.mark.parametrize("level", KNOWN)
def test_alpha_of_krippendorff(level: Level) -> None:
    """Krippendorff 2011, data C, at four levels of measurement."""
    found = measure_agreement(read_table(KRIPPENDORFF, (1, 5)), level=level, n_bootstrap=0)
    assert round(found.alpha.value, 3) == KNOWN[level]


def test_coefficients_of_fleiss_shrout_and_gwet() -> None:
    """Fleiss 1971 .430; Shrout and Fleiss 1979, six forms; Gwet's AC1 and AC2 with their errors."""
    assert round(measure_agreement(read_fleiss(), n_bootstrap=0).fleiss_kappa.value, 3) == 0.430
    judges = measure_agreement(read_table(SHROUT_FLEISS, (1, 10)), n_bootstrap=0)
    names = ("icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k")
    assert [round(judges.estimates[name].value, 2) for name in names] == [
        *(0.17, 0.29, 0.71),
        *(0.44, 0.62, 0.91),
    ]
    gwet = measure_agreement(read_table(KRIPPENDORFF, (1, 5)), weights="linear", n_bootstrap=0)
    told = [gwet.ac1.value, gwet.ac1.error or 0, gwet.ac2.value, gwet.ac2.error or 0]
    assert [round(each, 3) for each in told] == [0.775, 0.143, 0.859, 0.117]
