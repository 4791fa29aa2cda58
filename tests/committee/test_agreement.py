"""Agreement: published examples to their printed digits, and what is said when there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest
from committee.drawn import Design, crossed, draw_committee, write_columns
from committee.published import KRIPPENDORFF, SHROUT_FLEISS, read_fleiss, read_table
from hypothesis import given

from pmpromo.committee import Ratings, measure_agreement
from pmpromo.committee.agreement import NO_PAIR, NO_VARIANCE, ONE_PACKET, SAME
from pmpromo.committee.coefficients import Sample, find_alpha, sum_weights
from pmpromo.errors import DataError

if TYPE_CHECKING:
    from pmpromo.committee.coefficients import Level, Weights

OBSERVERS: Final = read_table(KRIPPENDORFF, (1, 5))
JUDGES: Final = read_table(SHROUT_FLEISS, (1, 10))


@pytest.mark.parametrize(
    ("level", "printed"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_krippendorff_2011(level: Level, printed: float) -> None:
    """Alpha of data C as printed, at each level."""
    found = measure_agreement(OBSERVERS, level=level, n_bootstrap=0)
    assert round(found.alpha.value, 3) == printed


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("icc1", 0.17),
        ("icc2", 0.29),
        ("icc3", 0.71),
        ("icc1k", 0.44),
        ("icc2k", 0.62),
        ("icc3k", 0.91),
    ],
)
def test_shrout_and_fleiss_1979(name: str, printed: float) -> None:
    """The six forms of table 4."""
    found = measure_agreement(JUDGES, n_bootstrap=0)
    assert round(found.estimates[name].value, 2) == printed


def test_fleiss_1971() -> None:
    """Kappa .430 of thirty patients and six diagnoses."""
    assert round(measure_agreement(read_fleiss(), n_bootstrap=0).fleiss_kappa.value, 3) == 0.430


def test_gwet_2014() -> None:
    """AC1 .775 with S.E. .143; AC2 with linear weights .859 with S.E. .117."""
    found = measure_agreement(OBSERVERS, weights="linear", n_bootstrap=0)
    assert found.ac1.error is not None
    assert found.ac2.error is not None
    assert (round(found.ac1.value, 3), round(found.ac1.error, 3)) == (0.775, 0.143)
    assert (round(found.ac2.value, 3), round(found.ac2.error, 3)) == (0.859, 0.117)


def test_cohen_of_fifty_grants() -> None:
    """Two readers: both yes 20, both no 15, differ 5 and 10. p_a .7, p_e .5, kappa .4."""
    rows = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    found = measure_agreement(read_table(rows, (0, 1)), weights="identity", n_bootstrap=0)
    assert found.cohen_kappa.value == pytest.approx(0.4, abs=1e-12)


@pytest.mark.parametrize(("weights", "expected"), [("linear", 1 / 2), ("quadratic", 2 / 3)])
def test_weighted_kappa_by_hand(weights: Weights, expected: float) -> None:
    """Points 0 0, 0 1, 2 1, 2 2 on 0..2: apart by 0, 1/2, 1/2, 0 of the scale.

    By margins (1/2, 0, 1/2) and (1/4, 1/2, 1/4) a pair is apart by 0 or 1 in 1/4 of cases each and
    by 1/2 in half. Linear: 1 - (1/4) / (1/2). Quadratic: 1 - (1/8) / (3/8).
    """
    rows = [(0, 0), (0, 1), (2, 1), (2, 2)]
    found = measure_agreement(read_table(rows, (0, 2)), weights=weights, n_bootstrap=0)
    assert found.cohen_kappa.value == pytest.approx(expected, abs=1e-12)


def test_kappa_of_three_raters_is_the_mean_over_pairs() -> None:
    """Light 1971: ann and bo agree on all, cy with each as two raters would alone."""
    rows = [(0, 0, 0), (0, 0, 1), (1, 1, 1), (1, 1, 1)]
    three = measure_agreement(read_table(rows, (0, 1)), weights="identity", n_bootstrap=0)
    pair = [(a, c) for a, _, c in rows]
    two = measure_agreement(read_table(pair, (0, 1)), weights="identity", n_bootstrap=0)
    assert three.cohen_kappa.value == pytest.approx((1 + 2 * two.cohen_kappa.value) / 3, abs=1e-12)


def compare_all(values: list[list[float]], level: Level) -> float:
    """Return alpha straight from its definition, over all pairs."""
    pooled = np.sort(np.concatenate([v for v in values if len(v) > 1]))
    n = len(pooled)

    def differ(a: float, b: float) -> float:
        if level == "nominal":
            return float(a != b)
        if level == "interval":
            return (a - b) ** 2
        if level == "ratio":
            return 0.0 if a + b == 0 else ((a - b) / (a + b)) ** 2
        low, high = sorted((a, b))
        between = ((pooled >= low) & (pooled <= high)).sum()
        return float(between - ((pooled == low).sum() + (pooled == high).sum()) / 2) ** 2 * (a != b)

    d_o = sum(
        differ(a, b) / (len(v) - 1)
        for v in values
        if len(v) > 1
        for i, a in enumerate(v)
        for j, b in enumerate(v)
        if i != j
    )
    d_e = sum(differ(a, b) for i, a in enumerate(pooled) for j, b in enumerate(pooled) if i != j)
    return 1.0 if d_e == 0 else float(1 - (d_o / n) / (d_e / (n * (n - 1))))


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
@given(columns=crossed())
def test_alpha_is_its_definition(level: Level, columns: dict[str, list[Any]]) -> None:
    """The sums over ranks and runs equal the double sum over pairs."""
    read = Ratings.from_columns(columns)
    if len(read.raters) < 2:
        return
    found = measure_agreement(read, level=level, n_bootstrap=0)
    code = read.packet * len(read.criteria) + read.criterion
    values = [read.values[code == unit].tolist() for unit in np.unique(code)]
    assert found.alpha.value == pytest.approx(compare_all(values, level), abs=1e-9)


@pytest.mark.parametrize("weights", ["identity", "linear", "quadratic"])
def test_weights_are_summed_as_a_matrix_would(weights: Weights) -> None:
    """The closed sum over all pairs of five points equals that of the matrix."""
    apart = np.abs(np.subtract.outer(np.arange(5.0), np.arange(5.0)))
    table = {
        "identity": (apart == 0).astype(float),
        "linear": 1 - apart / 4,
        "quadratic": 1 - (apart / 4) ** 2,
    }[weights]
    assert sum_weights(5, weights) == pytest.approx(table.sum(), abs=1e-12)


def test_memory_grows_with_ratings_not_with_distinct_values() -> None:
    """Half a million ratings, all different: a table of their pairs would take 2 TB."""
    n = 500_000
    value = np.random.default_rng(1).permutation(n).astype(float)
    sample = Sample(np.repeat(np.arange(n // 2), 2), np.tile([0, 1], n // 2), value, 0.0, n)
    found = find_alpha(sample, "ordinal")
    assert found is not None
    assert abs(found) < 0.01


def test_intervals_are_those_of_their_seed() -> None:
    """The same seed gives the same interval, another one another; both hold the value."""
    one, same, other = (measure_agreement(OBSERVERS, seed=s, n_bootstrap=200) for s in (1, 1, 2))
    assert one == same
    assert one.alpha.low != other.alpha.low
    assert one.alpha.low is not None
    assert one.alpha.high is not None
    assert one.alpha.low < one.alpha.value < one.alpha.high


@pytest.mark.slow
def test_intervals_cover() -> None:
    """Of 200 committees drawn alike, 84 to 95 % of the 90 % intervals of alpha hold the mean."""
    design = Design(n_packets=60, n_criteria=1, n_raters=3, severity_sd=0)
    drawn = [draw_committee(design, seed)[0] for seed in range(200)]
    found = [measure_agreement(each, level="interval", n_bootstrap=200).alpha for each in drawn]
    middle = np.mean([each.value for each in found])
    held = [(each.low or 0) <= middle <= (each.high or 0) for each in found]
    assert 0.84 <= np.mean(held) <= 0.95


def test_resampled_packets_count_as_often_as_they_are_drawn() -> None:
    """Two packets that agree, or differ: resamples give three values of alpha at most."""
    columns = write_columns(
        [("a", "c", "x", 1), ("a", "c", "y", 1), ("b", "c", "x", 0), ("b", "c", "y", 4)]
    )
    found = measure_agreement(columns, level="interval", n_bootstrap=100).ac1
    assert found.low is not None
    assert found.low < found.value


def test_every_rating_the_same() -> None:
    """Alpha and kappas are 1 by convention and say so; no interval is made up."""
    found = measure_agreement(read_table([(3, 3), (3, 3)], (0, 4)))
    for name in ("alpha", "fleiss_kappa", "cohen_kappa", "icc1", "icc3k"):
        assert found.estimates[name].value == 1.0
        assert found.estimates[name].note == SAME
        assert found.estimates[name].low is None
    assert SAME in str(found)


def test_one_packet() -> None:
    """It has a value, and no interval, and says why."""
    found = measure_agreement(read_table([(3, 2)], (0, 4)))
    assert found.alpha.low is None
    assert found.alpha.note == ONE_PACKET
    assert found.ac1.error is None
    assert "one unit only: no standard error" in found.ac1.note
    assert found.icc1.note == f"{NO_VARIANCE}; {ONE_PACKET}"


def test_raters_that_share_single_units() -> None:
    """With one unit in common no pair shows chance: kappa is 0 by convention."""
    rows = [(1, 2, None), (None, 3, 3), (2, None, 4)]
    found = measure_agreement(read_table(rows, (0, 4)), n_bootstrap=50)
    assert found.cohen_kappa.value == 0.0
    assert found.cohen_kappa.note == NO_PAIR


def test_no_unit_with_two_ratings() -> None:
    """There is nothing to measure, and what would mend it."""
    with pytest.raises(DataError, match="no packet has two ratings on one criterion"):
        measure_agreement(read_table([(1, None), (None, 2)], (0, 4)))


def test_resamples_without_a_pair_are_no_ground_for_an_interval() -> None:
    """One of four packets has two ratings: a third of resamples miss it, so no interval stands."""
    rows = [(1, 2), (1, None), (3, None), (None, 4)]
    found = measure_agreement(read_table(rows, (0, 4)), n_bootstrap=50)
    assert found.alpha.low is None


def test_options_that_are_none() -> None:
    """Each is told at once."""
    with pytest.raises(DataError) as caught:
        measure_agreement(
            OBSERVERS,
            level="cardinal",  # type: ignore[arg-type]
            weights="cubic",  # type: ignore[arg-type]
            n_bootstrap=-1,
            coverage=1.0,
        )
    assert [problem.path for problem in caught.value.problems] == [
        "level",
        "weights",
        "n_bootstrap",
        "coverage",
    ]


def test_ratios_need_numbers_from_zero() -> None:
    """A scale that goes below 0 has no ratios."""
    with pytest.raises(DataError, match="level: not possible; a ratio needs a scale from 0 up"):
        measure_agreement(read_table([(-1, 1), (0, 1)], (-1, 1)), level="ratio")


def test_the_report_says_what_was_measured() -> None:
    """A line for each coefficient, with interval and S.E. where there is one."""
    told = str(measure_agreement(OBSERVERS, n_bootstrap=50))
    assert told.startswith("Agreement of 4 raters on 12 units (12 packets), 41 ratings\n")
    assert "Gwet's AC1                         0.775" in told
    assert "S.E. 0.143" in told
