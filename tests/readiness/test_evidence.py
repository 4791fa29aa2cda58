"""The evidence that scores predict at all, its trend, and what a level's curve is drawn from."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
from numpy.polynomial.hermite_e import hermegauss
from scipy.integrate import quad
from scipy.special import expit, log_expit
from scipy.stats import norm

from pmpromo.readiness import Prior, drift_evalue, fit_readiness
from pmpromo.readiness.drift import MISFIT, weigh_running
from pmpromo.readiness.evidence import measure_trend, weigh_flat
from pmpromo.readiness.fitting import forecast_each
from pmpromo.readiness.history import Columns, Tally, count_by_score, read_history
from pmpromo.readiness.lattice import FARTHEST_LOGIT, RootPrior
from pmpromo.readiness.record import Training

if TYPE_CHECKING:
    from pmpromo.readiness import ReadinessModel

SCORES: Final = [(i % 40) / 40 for i in range(120)]
PROMOTED: Final = [int(i % 40 + i % 7 > 25) for i in range(120)]


def tally(offsets: list[float], decided: list[float], promoted: list[float]) -> Tally:
    """Return a tally of scores 0, 1/n, 2/n, ..., of which nothing else is asked."""
    columns = ([i / len(decided) for i in range(len(decided))], offsets, decided, promoted, decided)
    return Tally(*(np.array(column, dtype=float) for column in columns))


@pytest.mark.parametrize("root", [RootPrior(-0.8, 1.5, 0.2), RootPrior(0.4, 0.5, 0.0)])
def test_the_evidence_for_flat_curves_is_an_integral(root: RootPrior) -> None:
    """2 of 5 promoted at offset -1/2, 3 of 3 at offset 1, and a score that nobody decided on."""

    def weigh(logit: float) -> float:
        wide = root.wide * norm.pdf(logit, root.mean, 3 * root.sd)
        return float((1 - root.wide) * norm.pdf(logit, root.mean, root.sd) + wide)

    def likelihood(logit: float) -> float:
        first = 2 * log_expit(logit - 0.5) + 3 * log_expit(0.5 - logit)
        return math.exp(first + 3 * log_expit(logit + 1)) * weigh(logit)

    ends = -FARTHEST_LOGIT, FARTHEST_LOGIT
    expected = math.log(quad(likelihood, *ends)[0] / quad(weigh, *ends)[0])
    found = weigh_flat(tally([-0.5, -0.5, 1.0, 0.0], [4, 1, 3, 0], [2, 0, 3, 0]), root)
    assert found == pytest.approx(expected, abs=1e-4)


def test_the_trend_by_hand() -> None:
    """0, 1 and 2 of 2 promoted at scores 0, 1/2, 1: z = 1 / sqrt(1/2 * 1/2 * 1) = 2."""
    rising = Tally(
        *(np.array(x) for x in ([0, 0.5, 1], [0] * 3, [2.0] * 3, [0.0, 1, 2], [2.0] * 3))
    )
    assert measure_trend(rising) == pytest.approx(2.0, abs=1e-12)


def test_the_trend_of_unequal_counts_by_hand() -> None:
    """1 of 3 promoted at 0, 1 of 1 at 1: rate 1/2, mean 1/4, z = .5 / sqrt(1/4 * 3/4)."""
    uneven = Tally(*(np.array(x) for x in ([0.0, 1], [0, 0], [3.0, 1], [1.0, 1], [3.0, 1])))
    assert measure_trend(uneven) == pytest.approx(0.5 / math.sqrt(3 / 16), abs=1e-12)


def test_equal_scores_are_counted_together() -> None:
    """Two decisions at .3, one promoted, and a reference score there are one row of the tally."""
    history = read_history(Columns([0.3, 0.5, 0.3], [1, 1, 0], reference=[0.3, 0.9]))
    found = count_by_score(history)
    assert found.scores.tolist() == [0.3, 0.5, 0.9]
    assert found.decided.tolist() == [2, 1, 0]
    assert found.promoted.tolist() == [1, 1, 0]
    assert found.seen.tolist() == [3, 1, 1]


def average(sds: tuple[float, float], mean: float, distance: float) -> float:
    """Return E[sigma(M + a + exp(c) d)], a and c normal with these standard deviations."""
    nodes, weights = hermegauss(80)
    weights = weights / weights.sum()
    shift, slope = sds[0] * nodes[:, None], np.exp(sds[1] * nodes)
    return float(weights @ expit(mean + shift + slope * distance) @ weights)


def test_a_decision_away_from_the_mean_by_hand() -> None:
    """Promoted at .9 by a model whose past forecasts lie around a logit of -1."""
    mean, distance = -1.0, math.log(9) + 1.0
    training = Training(shift_sd=0.3, slope_sd=0.4, mean_logit=mean)
    sound = math.hypot(1.2 * 0.3, MISFIT), math.hypot(1.2 * 0.4, MISFIT)
    changed = average((1.0, math.sqrt(0.5)), mean, distance)
    expected = changed / average(sound, mean, distance)
    assert drift_evalue([1], [0.9], training).evalues == pytest.approx((expected,), abs=1e-4)


def test_certain_forecasts_leave_finite_evidence() -> None:
    """A forecast of 0 or 1 counts as one in a thousand million away from it."""
    training = Training(shift_sd=0.1, slope_sd=0.1, mean_logit=0.0)
    found = drift_evalue([1, 0], [0.0, 1.0], training).evalues
    assert np.isfinite(found).all()
    assert found == drift_evalue([1, 0], [1e-9, 1 - 1e-9], training).evalues


def test_without_doubt_a_decision_is_weighed_as_forecast() -> None:
    """Neither shift nor slope: log sigma(M + d), then the same again for the second decision."""
    found = weigh_running(np.array([1.0, 0.0]), np.array([0.5, 0.5]), (0.0, 0.0), 0.25)
    first = log_expit(0.75)
    assert found == pytest.approx([first, first + log_expit(-0.75)], abs=1e-12)


def fit_two(prior: Prior | dict[str, Prior] | None) -> ReadinessModel:
    """Fit a level of 120 decisions beside one of 4."""
    few = [0.2, 0.4, 0.6, 0.8], [0, 0, 1, 1]
    groups = ["many"] * 120 + ["few"] * 4
    return fit_readiness(SCORES + few[0], PROMOTED + few[1], groups=groups, prior=prior)


@pytest.mark.parametrize(
    ("prior", "own"),
    [
        (None, None),
        (Prior(0.1), Prior(0.1)),
        ({"many": Prior(0.1), "few": Prior(0.6)}, Prior(0.1)),
        ({"few": Prior(0.6)}, None),
    ],
)
def test_a_level_of_many_decisions_takes_its_interval_from_them_alone(
    prior: Prior | dict[str, Prior] | None, own: Prior | None
) -> None:
    """Its interval is that of a model of its own, with its own rate or the common one."""
    few, many = fit_two(prior).levels
    alone = fit_readiness(SCORES, PROMOTED, prior=own).levels[0].curve
    assert (many.name, many.n_decisions, many.prior) == ("many", 120, own)
    assert few.n_decisions == 4
    assert many.curve.low == pytest.approx(
        np.interp(many.curve.knots, alone.knots, alone.low), abs=1e-9
    )
    assert many.curve.high == pytest.approx(
        np.interp(many.curve.knots, alone.knots, alone.high), abs=1e-9
    )


def test_each_decision_is_forecast_by_the_curve_of_its_level() -> None:
    """What a model says of its own past is what it predicts there."""
    model = fit_two(None)
    groups = ["many"] * 120 + ["few"] * 4
    scores = [*SCORES, 0.2, 0.4, 0.6, 0.8]
    history = read_history(Columns(scores, [*PROMOTED, 0, 0, 1, 1], groups))
    names = [history.levels[code] for code in history.codes]
    expected = model.predict(history.scores, names).probability
    assert forecast_each(history, model.levels).tolist() == expected.tolist()
    assert sorted(names) == sorted(groups)
