"""The running evidence that a committee has changed."""

from __future__ import annotations

from typing import Final

import numpy as np
import pytest

from pmpromo.errors import DataError
from pmpromo.readiness import drift_evalue, fit_readiness
from pmpromo.readiness.drift import MISFIT
from pmpromo.readiness.record import Training

SHARP: Final = Training(shift_sd=1e-6, slope_sd=1e-6, mean_logit=0.0)
"""A model that is sure of its calibration."""


def test_one_decision_by_hand() -> None:
    """At p = M = 1/2 the slope does not matter: E = mean of sigma(a), a ~ N(0, 1), over 1/2 = 1."""
    assert drift_evalue([1], [0.5], SHARP).evalues == pytest.approx((1.0,), abs=1e-9)


def test_two_decisions_by_hand() -> None:
    """Two promotions at 1/2: E = E[sigma(a)^2], a ~ N(0, 1), over the same with a ~ N(0, .15^2)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    changed, sound = (weights @ (1 / (1 + np.exp(-sd * nodes))) ** 2 for sd in (1.0, MISFIT))
    expected = float(changed / sound)
    found = drift_evalue([1, 1], [0.5, 0.5], SHARP).evalues[-1]
    assert found == pytest.approx(expected, abs=1e-4)


def test_a_doubtful_model_is_slower_to_alarm() -> None:
    """The less the model knows of its own calibration, the less a surprise says of change."""
    doubtful = Training(shift_sd=0.5, slope_sd=0.5, mean_logit=0.0)
    sure, unsure = (drift_evalue([0] * 12, [0.5] * 12, t).evalues[-1] for t in (SHARP, doubtful))
    assert unsure < sure


def test_long_streams_are_summed_without_a_seam() -> None:
    """The evidence after decision t does not depend on how many follow it."""
    y, p = [0, 1, 1] * 200, [0.3, 0.5, 0.6] * 200
    whole = drift_evalue(y, p, SHARP).evalues
    assert whole[:300] == pytest.approx(drift_evalue(y[:300], p[:300], SHARP).evalues, rel=1e-12)


def test_first_alarm() -> None:
    """The alarm names the decision that first brought 20 to 1, and stays finite for ever."""
    drift = drift_evalue([0] * 3000, [0.9] * 3000, SHARP)
    first = drift.first_alarm
    assert first is not None
    assert drift.evalues[first] >= 20 > max(drift.evalues[:first])
    assert np.isfinite(drift.evalues).all()
    assert drift_evalue([], [], SHARP).alarm is False


def test_columns_are_checked() -> None:
    """Unequal lengths are refused."""
    with pytest.raises(DataError, match="has 1 entries"):
        drift_evalue([1], [0.5, 0.5], SHARP)


def test_training_errors() -> None:
    """With more decisions the doubt shrinks as 1 / sqrt(n); without any it is the prior's."""
    scores = np.linspace(0, 1, 100)
    small = fit_readiness(scores, scores > 0.5).training
    large = fit_readiness(np.repeat(scores, 9), np.repeat(scores > 0.5, 9)).training
    assert large.shift_sd < small.shift_sd / 2
    none = fit_readiness((), ()).training
    assert (none.shift_sd, none.slope_sd) == (1.5, 0.75)
    tied = fit_readiness([0.5] * 40, [0, 1] * 20).training
    assert tied.slope_sd == 0.75


def simulate_alarms(shift: float, n: int, runs: int) -> float:
    """Return the share of histories of n decisions whose next 200 raise the alarm."""
    rng = np.random.default_rng(7)

    def decide(scores: np.ndarray, by: float) -> np.ndarray:
        return np.asarray(rng.random(len(scores)) < 1 / (1 + np.exp(-(8 * scores - 5 + by))))

    alarms = 0
    for _ in range(runs):
        past, new = rng.beta(4, 4, n), rng.beta(4, 4, 200)
        model = fit_readiness(past, decide(past, 0.0))
        alarms += model.watch(new, decide(new, shift)).alarm
    return alarms / runs


@pytest.mark.slow
def test_false_alarms_and_found_changes() -> None:
    """Over 200 decisions read one by one: at most 2.5 % false alarms; a shift of -1 is found."""
    false = [simulate_alarms(0.0, n, 300) for n in (100, 300, 1000)]
    assert max(false) <= 0.025
    found = [simulate_alarms(-1.0, n, 100) for n in (100, 300, 1000)]
    assert (np.array(found) >= [0.3, 0.6, 0.76]).all()
