"""The readiness estimate as scikit-learn knows classifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("sklearn", reason="the extra `sklearn` is not installed")

from sklearn.model_selection import cross_val_score
from sklearn.utils.estimator_checks import estimator_checks_generator

from pmpromo.readiness import fit_readiness, learn_weights
from pmpromo.sklearn import ReadinessClassifier

if TYPE_CHECKING:
    from collections.abc import Callable

RNG: Final = np.random.default_rng(7)
SCORES: Final = RNG.uniform(size=(120, 3))
PROMOTED: Final = (RNG.uniform(size=120) < SCORES[:, 0]).astype(int)


@pytest.mark.parametrize(
    "check",
    [check for _, check in estimator_checks_generator(ReadinessClassifier())],
    ids=lambda check: check.func.__name__,
)
@pytest.mark.filterwarnings("ignore")
def test_it_keeps_the_rules_of_an_estimator(check: Callable[[Any], None]) -> None:
    """Every check of scikit-learn for a classifier of two classes passes."""
    check(ReadinessClassifier())


def test_one_column_is_the_readiness_model() -> None:
    """With one column of shares the probabilities and intervals are those of fit_readiness."""
    score = SCORES[:, :1]
    estimator = ReadinessClassifier(bounds=(0, 1)).fit(score, PROMOTED)
    told = fit_readiness(score[:, 0], PROMOTED).predict(score[:, 0])
    assert (estimator.predict_proba(score)[:, 1] == told.probability).all()
    low, high = estimator.predict_interval(score)
    assert (low == told.low).all()
    assert (high == told.high).all()


def test_weights_are_given_or_learned() -> None:
    """Given weights are scaled to 1; learned ones are those of learn_weights."""
    given_weights = ReadinessClassifier([2, 1, 1], bounds=(0, 1)).fit(SCORES, PROMOTED)
    assert given_weights.weights_.tolist() == [0.5, 0.25, 0.25]
    learned = ReadinessClassifier(learn=True, bounds=(0, 1)).fit(SCORES, PROMOTED)
    assert tuple(learned.weights_) == learn_weights(SCORES, PROMOTED, [1, 1, 1]).learned


@given(column=st.integers(0, 2), low=st.floats(-1, 2), high=st.floats(-1, 2))
def test_forecasts_rise_with_every_score(column: int, low: float, high: float) -> None:
    """A higher score in one column never lowers the probability, beyond the bounds too."""
    estimator = _FITTED
    rows = np.full((2, 3), 0.4)
    rows[:, column] = sorted((low, high))
    first, second = estimator.predict_proba(rows)[:, 1]
    assert first <= second


_FITTED: Final = ReadinessClassifier(bounds=(0, 1)).fit(SCORES, PROMOTED)


@pytest.mark.parametrize("weights", [[1, 1], [1, -1, 1], [0, 0, 0], [1, float("nan"), 1]])
def test_weights_that_do_not_fit_are_refused(weights: list[float]) -> None:
    """There is one weight a column, none below 0, and one above it."""
    with pytest.raises(ValueError, match="weights: not 3 numbers"):
        ReadinessClassifier(weights).fit(SCORES, PROMOTED)


def test_it_serves_in_cross_validation() -> None:
    """It is scored by log loss like any other classifier, better than the base rate."""
    found = cross_val_score(ReadinessClassifier(), SCORES, PROMOTED, scoring="neg_log_loss")
    assert found.mean() > -np.log(2)
