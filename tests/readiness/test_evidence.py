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

from pmpromo.errors import DataError
from pmpromo.readiness import Prior, drift_evalue, fit_readiness
from pmpromo.readiness.drift import MISFIT, weigh_running
from pmpromo.readiness.evidence import measure_trend, weigh_flat
from pmpromo.readiness.fitting import forecast_each
from pmpromo.readiness.history import Columns, Tally, count_by_score, read_history
from pmpromo.readiness.lattice import FARTHEST_LOGIT, USUAL_SPREAD, RootPrior
from pmpromo.readiness.pooling import Cells, convolve, match_rate
from pmpromo.readiness.prior import UNDOCUMENTED, place_root, share_root
from pmpromo.readiness.record import Training
from pmpromo.readiness.weights import read_criteria, scale_decisions

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


def test_how_precisely_a_history_fixes_its_calibration() -> None:
    """With w = n p (1 - p): s0 = 1 / sqrt(sum w), M = sum w L / sum w, and c0 alike."""
    scores, weights = np.array([0.2, 0.4, 0.6, 0.8] * 15), np.array([2.0, 1.0] * 30)
    model = fit_readiness(scores, [0, 0, 1, 1] * 15, case_weight=weights)
    p = model.predict(scores).probability
    w, logits = weights * p * (1 - p), np.log(p / (1 - p))
    mean = (w * logits).sum() / w.sum()
    assert model.training.mean_logit == pytest.approx(mean, abs=1e-8)
    assert model.training.shift_sd == pytest.approx(w.sum() ** -0.5, abs=1e-8)
    assert model.training.slope_sd == pytest.approx(
        (w * (logits - mean) ** 2).sum() ** -0.5, abs=1e-8
    )


def test_cross_validation_knows_weights_and_the_documented_rate() -> None:
    """A weight of 2 counts twice; skill is measured against the rate that a rubric documents."""
    scores, promoted = [0.2, 0.4, 0.6, 0.8] * 5, [0, 1, 0, 1] * 5
    plain = fit_readiness(scores, promoted).reliability
    told = fit_readiness(scores, promoted, prior=Prior(0.4, "upper_bound")).reliability
    heavy = fit_readiness(scores, promoted, case_weight=[3, 1] * 10).reliability
    assert plain is not None
    assert told is not None
    assert heavy is not None
    assert (plain.rate, heavy.rate) == (0.5, 0.25)
    assert told.rate == pytest.approx(0.6 * 0.4)
    digits = [str(part).partition(".")[2] for part in (plain.log_loss, plain.brier, told.log_loss)]
    assert max(map(len, digits)) <= 8
    assert fit_readiness(scores[:19], promoted[:19]).reliability is None


@pytest.mark.parametrize(
    ("level", "weights"), [(0, (0.75, 0.25)), (1, (0.5, 0.5)), (2, (0.25, 0.75))]
)
def test_a_documented_rate_is_met_on_average(level: int, weights: tuple[float, float]) -> None:
    """Over the decisions of the level, or of all levels where it has none."""
    decided = np.array([[3.0, 1.0], [0.0, 0.0], [1.0, 3.0]])
    cells = Cells(np.array([-1.0, 1.0]), decided, np.zeros((3, 2)))
    delta = match_rate(cells, level, 0.3)
    mean = weights[0] * expit(-1 + delta) + weights[1] * expit(1 + delta)
    assert mean == pytest.approx(0.3, abs=1e-12)
    assert match_rate(cells, level, None) == 0.0


def test_where_nobody_decided_a_rate_is_met_over_all_cells() -> None:
    """Each cell counts once."""
    nobody = Cells(np.array([-1.0, 1.0]), np.zeros((1, 2)), np.zeros((1, 2)))
    delta = match_rate(nobody, 0, 0.3)
    assert expit(-1 + delta) + expit(1 + delta) == pytest.approx(0.6, abs=1e-12)


def test_what_leaves_the_lattice_stays_at_its_ends() -> None:
    """A shift of one down or up, each half sure, of a belief at each of three places."""
    moved = convolve(np.eye(3), np.array([0.5, 0.0, 0.5]))
    assert moved.tolist() == [[0.5, 0.5, 0.0], [0.5, 0.0, 0.5], [0.0, 0.5, 0.5]]


@pytest.mark.parametrize(
    ("kind", "own", "used"),
    [
        ("per_decision", None, 0.7),
        ("on_time", None, 1.0),
        ("upper_bound", None, 1.0),
        ("ever_reached", None, 1.5),
        ("ever_reached", 0.25, 0.25),
    ],
)
def test_the_doubt_about_a_rate_is_that_of_its_kind_or_ones_own(
    kind: str, own: float | None, used: float
) -> None:
    """And a rate below a bound is taken for six tenths of it."""
    root = place_root(Prior(0.5, kind, own))
    rate = 0.3 if kind == "upper_bound" else 0.5
    assert (root.sd, root.wide) == (used, 0.2)
    assert root.mean == pytest.approx(math.log(rate / (1 - rate)), abs=1e-12)


def test_several_rates_share_one_root() -> None:
    """The mean of their logits, and the largest doubt."""
    root = share_root([Prior(0.2), None, Prior(0.5, "ever_reached")])
    assert root.mean == pytest.approx(math.log(0.25) / 2, abs=1e-12)
    assert (root.sd, root.wide) == (1.5, 0.2)
    assert share_root([None]) == UNDOCUMENTED


def test_scores_of_the_expert_are_centred_by_weight() -> None:
    """Of .2 (weight 3) and .6 (weight 1): mean .3, spread sqrt(.03); a spread has a floor."""
    criteria = np.array([[0.2, 0.2], [0.6, 0.6]])
    expert = np.array([0.5, 0.5])
    found = scale_decisions(criteria, np.zeros(2), np.array([3.0, 1.0]), expert)
    assert found.centre == pytest.approx(0.3)
    assert found.spread == pytest.approx(math.sqrt(0.03))
    tied = scale_decisions(criteria[:1], np.zeros(1), np.ones(1), expert)
    assert tied.spread == USUAL_SPREAD / 2


def test_the_ends_of_a_score_are_scores() -> None:
    """0 and 1 are criterion scores; what lies beyond is named."""
    assert read_criteria([[0.0, 1.0]], 2).tolist() == [[0.0, 1.0]]
    with pytest.raises(DataError, match=r"criteria\[0, 1\]: not within 0..1"):
        read_criteria([[0.0, 1.0000001]], 2)
