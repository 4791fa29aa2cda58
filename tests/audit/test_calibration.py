"""Calibration within groups: by hand, at its edges, and joined with other measures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmpromo import measure_reliability
from pmpromo.audit import Counts, GroupCalibration, measure_group_calibration
from pmpromo.errors import DataError

if TYPE_CHECKING:
    import random

PERSON: Final = st.tuples(st.floats(0, 1), st.integers(0, 1), st.sampled_from(["A", "B", None]))


def test_by_hand() -> None:
    """Forecasts .5 and .25 and one promotion: .75 expected, variance .25 + .1875, z .25 / .6614."""
    row, unknown = measure_group_calibration([0.5, 0.25, 0.5], [1, 0, 1], ["F", "F", None])
    assert (row.attribute, row.group, row.counts) == ("group", "F", Counts(1, 2))
    assert (row.expected, row.variance, row.gap) == (0.75, 0.4375, 0.125)
    assert row.z == pytest.approx(0.25 / math.sqrt(0.4375))
    assert (unknown.group, unknown.counts) == (None, Counts(1, 1))


def test_promising_one_group_too_much() -> None:
    """Calibrated over all: .5 and half promoted. Of A 60 of 100, of B 40 of 100: z is +-2."""
    forecasts = [0.5] * 200
    promoted = [1] * 60 + [0] * 40 + [1] * 40 + [0] * 60
    a, b = measure_group_calibration(forecasts, promoted, ["A"] * 100 + ["B"] * 100)
    assert (a.z, b.z) == (2.0, -2.0)
    assert (a.gap, b.gap) == pytest.approx((0.1, -0.1))
    assert (a.verdict, b.verdict) == ("evidence", "evidence")
    assert a.rate_interval == pytest.approx((0.502, 0.691), abs=5e-4)


@pytest.mark.parametrize(
    ("counts", "expected", "variance", "verdict"),
    [
        (Counts(12, 20), 10.0, 5.0, "no_evidence"),
        (Counts(15, 20), 10.0, 5.0, "evidence"),
        (Counts(15, 20), 10.0, 4.9, "too_few"),
        (Counts(1, 1), 1.0, 0.0, None),
    ],
)
def test_verdicts(counts: Counts, expected: float, variance: float, verdict: str | None) -> None:
    """Below a variance of 5 nothing is said, and of sure forecasts nothing can be."""
    assert GroupCalibration("a", "A", counts, expected, variance).verdict == verdict


def test_sure_forecasts_have_no_z() -> None:
    """Forecasts of 0 and 1 leave chance no room: z and p are undefined."""
    [row] = measure_group_calibration([1.0, 0.0], [0, 0], ["A", "A"])
    assert (row.z, row.p, row.verdict, row.gap) == (None, None, None, -0.5)


def test_other_measures_join() -> None:
    """What the caller measures of each group stands beside it."""
    forecasts, promoted = [0.2, 0.8, 0.3, 0.6], [0, 1, 1, 0]
    rows = measure_group_calibration(
        forecasts, promoted, {"sex": [*"FFMM"]}, measure=measure_reliability
    )
    alone = measure_reliability([0.3, 0.6], [1, 0])
    assert [row.group for row in rows] == ["F", "M"]
    assert rows[1].measured == alone
    assert rows[0].measured.brier == pytest.approx(0.04)


@given(st.lists(PERSON, min_size=1), st.randoms(use_true_random=False))
def test_the_order_of_people_moves_no_bit(
    people: list[tuple[float, int, str | None]], shuffler: random.Random
) -> None:
    """A permutation of the people gives the same bits."""
    columns: Any = zip(*people, strict=True)
    before = measure_group_calibration(*columns)
    shuffler.shuffle(people)
    columns = zip(*people, strict=True)
    assert measure_group_calibration(*columns) == before


@pytest.mark.parametrize(
    ("probability", "promoted", "groups", "message"),
    [
        ([50], [1], ["A"], r"probability\[0\]: not within 0..1; give shares, not percent"),
        ([float("nan")], [1], ["A"], r"probability\[0\]: not within"),
        ([0.5], [2], ["A"], r"promoted\[0\]: neither 0 nor 1"),
        ([0.5, 0.5], [1], ["A"], "probability: has 2 entries where promoted has 1"),
        ([0.5], [1], [*"AB"], "has 2 entries where there are 1 outcomes"),
    ],
)
def test_refusals(probability: Any, promoted: Any, groups: Any, message: str) -> None:  # noqa: ANN401
    """What cannot be used is refused with its place."""
    with pytest.raises(DataError, match=message):
        measure_group_calibration(probability, promoted, groups)
