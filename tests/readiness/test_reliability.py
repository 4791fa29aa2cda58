"""Measures of forecasts against values derived by hand, and their exact identities."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmpromo.errors import DataError
from pmpromo.readiness import (
    brier_score_loss,
    calibration_curve,
    calibration_error,
    calibration_intercept_slope,
    consistency_band,
    interval_coverage,
    interval_score,
    log_loss,
    measure_reliability,
    reliability,
    score_decomposition,
    spiegelhalter_z,
)

# Ten decisions at 0.2 of which three were promotions, ten at 0.7 of which six were.
FORECAST: Final = [0.2] * 10 + [0.7] * 10
OUTCOME: Final = [1] * 3 + [0] * 7 + [1] * 6 + [0] * 4

ROWS: Final = st.lists(
    st.tuples(st.integers(0, 10).map(lambda tenths: tenths / 10), st.integers(0, 1)), min_size=1
)


def test_brier() -> None:
    """Brier: (3 x .64 + 7 x .04 + 6 x .09 + 4 x .49) / 20 = 4.7 / 20 = .235."""
    assert brier_score_loss(OUTCOME, FORECAST) == pytest.approx(0.235, abs=1e-12)


def test_log_loss() -> None:
    """Log loss: -(3 log .2 + 7 log .8 + 6 log .7 + 4 log .3) / 20."""
    logs = 3 * math.log(0.2) + 7 * math.log(0.8) + 6 * math.log(0.7) + 4 * math.log(0.3)
    assert log_loss(OUTCOME, FORECAST) == pytest.approx(-logs / 20, abs=1e-12)


def test_a_certain_error_costs_much_but_not_all() -> None:
    """A forecast of 1 that fails costs -log 2^-52 = 36.04 nats, as in scikit-learn."""
    assert log_loss([0], [1.0]) == pytest.approx(52 * math.log(2), abs=1e-9)


def test_parts_of_the_brier_score() -> None:
    """Rates .3 and .6 rise, so they are the recalibrated forecasts.

    Miscalibration (.1^2 + .1^2) / 2 = .01; base rate .45: uncertainty .45 x .55 = .2475,
    discrimination (.15^2 + .15^2) / 2 = .0225; .01 - .0225 + .2475 = .235.
    """
    parts = score_decomposition(OUTCOME, FORECAST)
    found = (parts.mean, parts.miscalibration, parts.discrimination, parts.uncertainty)
    assert found == pytest.approx((0.235, 0.01, 0.0225, 0.2475), abs=1e-12)


@pytest.mark.parametrize("scoring", ["brier", "log"])
@given(rows=ROWS)
def test_the_parts_sum_to_the_score(scoring: Any, rows: list[tuple[float, int]]) -> None:  # noqa: ANN401
    """Mean = miscalibration - discrimination + uncertainty, and no part is negative."""
    p, y = zip(*rows, strict=True)
    parts = score_decomposition(y, p, scoring)
    total = parts.miscalibration - parts.discrimination + parts.uncertainty
    assert total == pytest.approx(parts.mean, abs=1e-9)
    assert min(parts.miscalibration, parts.discrimination) >= -1e-9


def test_recalibration_joins_neighbours_that_fall() -> None:
    """Frequencies 1, 0, 1 at .2, .4, .9 become 1/2, 1/2, 1."""
    frequency, forecast = calibration_curve([1, 0, 1], [0.2, 0.4, 0.9])
    assert frequency.tolist() == [0.5, 0.5, 1.0]
    assert forecast.tolist() == [0.2, 0.4, 0.9]


@given(ROWS)
def test_the_curve_rises_and_keeps_the_sum(rows: list[tuple[float, int]]) -> None:
    """The recalibrated frequencies rise, and their sum over decisions is that of the outcomes."""
    p, y = zip(*rows, strict=True)
    frequency, forecast = calibration_curve(y, p)
    assert (np.diff(frequency) >= 0).all()
    counts = [p.count(u) for u in forecast.tolist()]
    assert float(np.dot(counts, frequency)) == pytest.approx(sum(y), abs=1e-9)


def test_binned_curves() -> None:
    """Uniform bins of width .5 hold .1, .3 and .8; quantile bins at the median .3 hold .1 | .3 .8.

    A forecast on an edge belongs to the bin below it, as in scikit-learn.
    """
    y, p = [0, 1, 1], [0.1, 0.3, 0.8]
    frequency, forecast = calibration_curve(y, p, n_bins=2, strategy="uniform")
    assert frequency.tolist() == [0.5, 1.0]
    assert forecast == pytest.approx([0.2, 0.8])
    frequency, forecast = calibration_curve(y, p, n_bins=2, strategy="quantile")
    assert frequency.tolist() == [0.5, 1.0]
    assert forecast == pytest.approx([0.2, 0.8])


def test_unknown_strategies_are_refused() -> None:
    """A strategy without a name here, or without bins, is an error of ours."""
    with pytest.raises(DataError, match="one of corp"):
        calibration_curve([1], [0.5], strategy="kernel")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="at least 1"):
        calibration_curve([1], [0.5], strategy="uniform", n_bins=0)


def test_calibration_error() -> None:
    """Two bins, .2 against .3 and .7 against .6: without debiasing sqrt(.01) = .1.

    Debiased: chance adds .3 x .7 / 9 and .6 x .4 / 9 to the squares; their mean .025 exceeds .01.
    """
    plain = calibration_error(OUTCOME, FORECAST, n_bins=2, debias=False)
    assert plain == pytest.approx(0.1, abs=1e-12)
    assert calibration_error(OUTCOME, FORECAST, n_bins=2) == 0.0
    assert calibration_error([1], [0.25]) == 0.75


def test_a_constant_forecast_wins_on_calibration_error_alone() -> None:
    """The base rate has no calibration error and no skill: never rank on the former."""
    y = [0, 1] * 50
    sharp = [0.1, 0.8] * 50
    constant = measure_reliability([0.5] * 100, y)
    assert constant.calibration_error < measure_reliability(sharp, y).calibration_error
    assert constant.brier_skill == pytest.approx(0.0, abs=1e-12)
    assert constant.brier > measure_reliability(sharp, y).brier


def test_intercept_and_slope() -> None:
    """Two forecasts are recalibrated exactly: the slope joins logit .3 and logit .6."""
    intercept, slope = calibration_intercept_slope(OUTCOME, FORECAST)
    rise = math.log(0.6 / 0.4) - math.log(0.3 / 0.7)
    run = math.log(0.7 / 0.3) - math.log(0.2 / 0.8)
    assert slope == pytest.approx(rise / run, abs=1e-9)
    assert intercept is not None
    shifted = 1 / (1 + np.exp(-(np.log(np.array([0.25, 7 / 3])) + intercept)))
    assert shifted.mean() == pytest.approx(0.45, abs=1e-9)


@pytest.mark.parametrize(
    ("y", "p", "intercept", "slope"),
    [
        ([1, 1], [0.2, 0.7], None, None),
        ([0, 1], [0.5, 0.5], 0.0, None),
        ([0, 1], [0.2, 0.8], 0.0, None),
        ([0, 1], [1.0, 0.0], 0.0, None),
    ],
)
def test_undefined_recalibration(
    y: list[int], p: list[float], intercept: float | None, slope: float | None
) -> None:
    """One class, equal forecasts, or forecasts that separate outcomes have no finite answer."""
    found = calibration_intercept_slope(y, p)
    assert found[1] == slope
    assert found[0] == (None if intercept is None else pytest.approx(intercept, abs=1e-9))


def test_spiegelhalter() -> None:
    """1 x .6 + -1 x -.4 over the root of 10 x .36 x .16 + 10 x .16 x .21: 1 / sqrt(.912)."""
    assert spiegelhalter_z(OUTCOME, FORECAST) == pytest.approx(1 / math.sqrt(0.912), abs=1e-12)
    assert spiegelhalter_z([0, 1], [0.5, 0.5]) is None


def test_skill_is_measured_against_the_documented_rate() -> None:
    """Against a documented rate of .45 the skill is 1 - .235 / .2475; against .1 it is more."""
    own = measure_reliability(FORECAST, OUTCOME, rate=0.45)
    assert own.brier_skill == pytest.approx(1 - 0.235 / 0.2475, abs=1e-12)
    far = measure_reliability(FORECAST, OUTCOME, rate=0.1)
    assert far.brier_skill == pytest.approx(1 - 0.235 / (0.2475 + 0.35**2), abs=1e-12)
    assert measure_reliability([0.9, 0.9], [1, 1]).brier_skill is None


def test_weights_are_copies() -> None:
    """A weight of 2 is the decision twice in every measure but the count; 0 leaves it out."""
    twice = measure_reliability([0.2, 0.2, 0.7], [0, 0, 1])
    weighed = measure_reliability([0.2, 0.7, 0.9], [0, 1, 0], case_weight=[2, 1, 0])
    assert weighed.log_parts == twice.log_parts
    assert weighed.calibration_error == twice.calibration_error
    assert log_loss([0, 1], [0.2, 0.7], sample_weight=[2, 1]) == twice.log_loss
    assert brier_score_loss([0, 1], [0.2, 0.7], sample_weight=[2, 1]) == twice.brier


@given(ROWS, st.randoms(use_true_random=False))
def test_order_moves_no_bit(rows: list[tuple[float, int]], shuffler: Any) -> None:  # noqa: ANN401
    """A permutation changes no bit of any measure, nor of the band."""
    before = measure_reliability(*zip(*rows, strict=True))
    shuffler.shuffle(rows)
    assert measure_reliability(*zip(*rows, strict=True)) == before


def test_the_band_holds_what_chance_shows() -> None:
    """At one forecast of .5 over 100 decisions the 90 % band is binomial: .42 to .58, +- .01."""
    forecast, low, high = consistency_band([0.5] * 100, resamples=2000, seed=1)
    assert forecast.tolist() == [0.5]
    assert low[0] == pytest.approx(0.42, abs=0.011)
    assert high[0] == pytest.approx(0.58, abs=0.011)


def test_a_calibrated_diagram_lies_in_its_band() -> None:
    """Of calibrated histories about 10 % of the points lie outside the 90 % band."""
    rng = np.random.default_rng(5)
    outside = []
    for seed in range(30):
        p = np.round(rng.beta(2, 3, 200), 2)
        found = measure_reliability(p, rng.random(200) < p, seed=seed).diagram
        points, low, high = map(np.array, (found.frequency, found.low, found.high))
        outside.append(np.mean((points < low - 1e-12) | (points > high + 1e-12)))
    assert 0.04 < float(np.mean(outside)) < 0.16


def test_large_diagrams_are_joined() -> None:
    """Thousands of distinct forecasts make a diagram of a hundred points, ascending."""
    p = np.linspace(0.01, 0.99, 3000)
    found = measure_reliability(p, p > 0.5).diagram
    assert len(found.forecast) == 100
    assert (np.diff(found.forecast) > 0).all()
    assert found.frequency[0] == 0.0
    assert found.frequency[-1] == 1.0


def test_intervals() -> None:
    """One of two truths inside; score (.2 + .2) / 2 + 20 x .1 / 2 = 1.2, at coverage .5 .2 + .2."""
    ends = ([0.1, 0.4], [0.3, 0.6])
    assert interval_coverage(*ends, [0.3, 0.7]) == 0.5
    assert interval_score(*ends, [0.2, 0.7]) == pytest.approx(1.2)
    assert interval_score(*ends, [0.2, 0.3], coverage=0.5) == pytest.approx(0.4)


def test_columns_are_checked() -> None:
    """Unequal lengths, no decision and forecasts above 1 are refused with their places."""
    with pytest.raises(DataError, match="promoted: has 1 entries where scores has 2"):
        log_loss([1], [0.5, 0.5])
    with pytest.raises(DataError, match="no decision to measure"):
        brier_score_loss([], [])
    with pytest.raises(DataError, match=r"probability\[0\]: not within"):
        spiegelhalter_z([1], [50])
    with pytest.raises(DataError, match="no forecast"):
        consistency_band([])
    with pytest.raises(DataError, match="low: has 1 entries"):
        interval_coverage([0.1], [0.2, 0.3], [0.2, 0.3])
    with pytest.raises(DataError, match="no interval"):
        interval_score([], [], [])


def test_a_search_that_does_not_settle_gives_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """One Newton step is not enough for these forecasts: then nothing is claimed."""
    monkeypatch.setattr(reliability, "NEWTON_STEPS", 1)
    assert calibration_intercept_slope([1, 0, 1, 1], [0.2, 0.2, 0.3, 0.3]) == (None, None)


def test_recalibration_of_wild_forecasts_takes_smaller_steps() -> None:
    """Where a whole step would lower the likelihood, halves lead to its top all the same.

    At the best intercept a the recalibrated forecasts promise as many promotions as there were:
    sum sigma(a + L) = sum y, of forecasts near 1 that are wrong as often as not.
    """
    happened = [0, 0, 1, 1, 0, 0, 1, 0]
    forecast = np.array([0.9909, 0.8302, 0.132, 0.9998, 1.0, 1.0, 0.9996, 0.8951])
    intercept, slope = calibration_intercept_slope(happened, forecast)
    assert intercept is not None
    assert slope is not None
    near = np.clip(forecast, reliability.NEAREST, 1 - reliability.NEAREST)
    promised = 1 / (1 + np.exp(-intercept) * (1 - near) / near)
    assert promised.sum() == pytest.approx(sum(happened), abs=1e-6)
    assert slope < 0
