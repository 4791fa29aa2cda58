"""Weights learned from decisions, beside the expert's."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pytest

from pmpromo.errors import DataError
from pmpromo.readiness import fit_readiness, weights
from pmpromo.readiness.weights import (
    Decisions,
    differentiate,
    learn_weights,
    scale_decisions,
    weigh_parameters,
)

RNG: Final = np.random.default_rng(11)
CRITERIA: Final = RNG.random((400, 3))


def decide(importance: list[float], seed: int = 0) -> np.ndarray:
    """Return decisions of a committee with these weights."""
    rng = np.random.default_rng(seed)
    logits = 12 * (CRITERIA @ np.array(importance) - 0.5)
    return np.asarray(rng.random(len(CRITERIA)) < 1 / (1 + np.exp(-logits)))


def test_a_committee_that_weighs_otherwise_is_found() -> None:
    """Four hundred decisions by .7 .2 .1 move equal expert weights there, with strong evidence."""
    found = learn_weights(CRITERIA, decide([0.7, 0.2, 0.1]), [1, 1, 1])
    assert found.expert == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert found.learned == pytest.approx((0.7, 0.2, 0.1), abs=0.08)
    assert found.log_bayes_factor > 10
    assert sum(found.learned) == pytest.approx(1.0, abs=1e-12)
    assert "criterion 1: expert 0.333, learned 0.6" in str(found)


def test_an_expert_who_is_right_is_kept() -> None:
    """Decisions by the expert's own weights speak for them, and hardly move them."""
    found = learn_weights(CRITERIA, decide([0.5, 0.3, 0.2]), [5, 3, 2])
    assert found.log_bayes_factor < 0
    assert found.learned == pytest.approx(found.expert, abs=0.05)
    assert found.distance_weights[0] > 0.5


def test_a_weight_of_zero_stays_zero() -> None:
    """A criterion that the rubric does not weigh cannot be brought in by decisions."""
    found = learn_weights(CRITERIA, decide([0.2, 0.2, 0.6]), [1, 1, 0])
    assert found.learned[2] == 0.0


def test_gradient_is_that_of_the_posterior() -> None:
    """The gradient agrees with differences of the log posterior."""
    y = decide([0.6, 0.2, 0.2]).astype(float)
    decisions = scale_decisions(CRITERIA, y, np.ones(400), np.array([0.5, 0.3, 0.2]))
    point = np.array([0.2, 0.4, 0.3, -0.2, 0.5])
    gradient, _ = differentiate(decisions, 0.5, point)
    assert gradient == pytest.approx(measure_slopes(decisions, point), rel=1e-6, abs=1e-5)


def measure_slopes(decisions: Decisions, point: np.ndarray) -> list[float]:
    """Return central differences of the log posterior."""
    step = 1e-5
    return [
        (
            weigh_parameters(decisions, 0.5, point + step * axis)
            - weigh_parameters(decisions, 0.5, point - step * axis)
        )
        / (2 * step)
        for axis in np.eye(len(point))
    ]


def test_weights_are_copies() -> None:
    """A weight of 2 is the decision twice: the same learned weights to 1e-9."""
    y = decide([0.7, 0.2, 0.1])
    twice = learn_weights(np.repeat(CRITERIA[:60], 2, 0), np.repeat(y[:60], 2), [1, 1, 1])
    weighed = learn_weights(CRITERIA[:60], y[:60], [1, 1, 1], case_weight=[2] * 60)
    assert weighed.learned == pytest.approx(twice.learned, abs=1e-9)


def test_one_step_already_points_the_right_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search cut short after one step has left the expert towards the committee."""
    monkeypatch.setattr(weights, "STEPS", 1)
    found = learn_weights(CRITERIA, decide([0.7, 0.2, 0.1]), [1, 1, 1])
    assert found.learned[0] > 0.4 > found.learned[1] > found.learned[2]


def test_separated_decisions_do_not_run_away() -> None:
    """Decisions by one criterion alone, without exception: finite weights, that one on top."""
    found = learn_weights(CRITERIA, CRITERIA[:, 0] > 0.5, [1, 1, 1])
    assert 0.8 < found.learned[0] < 1


def test_learned_scores_are_their_own_source() -> None:
    """Totals by learned weights feed a curve, which then says what its scores are."""
    y = decide([0.7, 0.2, 0.1])
    found = learn_weights(CRITERIA, y, [1, 1, 1])
    scores = found.score(CRITERIA)
    assert scores[0] == pytest.approx(float(CRITERIA[0] @ np.array(found.learned)))
    model = fit_readiness(scores, y)
    assert model.score_source == "learned weights"
    expert = fit_readiness(CRITERIA.mean(1), y)
    assert model.log_bayes_factor > expert.log_bayes_factor + 10


@pytest.mark.parametrize(
    ("criteria", "promoted", "expert", "said"),
    [
        (CRITERIA[:40], [0, 1] * 20, [1, 1, 1], "fewer than 50 decisions"),
        (CRITERIA[:60], [0, 1] * 30, [0, 0, 0], "no weight above 0"),
        (CRITERIA[:60], [0, 1] * 30, [1, 1], "not a table of numbers with 2 columns"),
        (CRITERIA[:60], [0, 1] * 20, [1, 1, 1], "promoted: has 40 entries"),
        (CRITERIA[:60] * 2 + 1, [0, 1] * 30, [1, 1, 1], r"criteria\[0, 0\]: not within"),
        ("text", [0, 1] * 30, [1, 1, 1], "not a table"),
        (0.5, [0, 1] * 30, [1, 1, 1], "not a table"),
        (CRITERIA[:60], [0, 1] * 30, [1, -1, 1], r"expert\[1\]: negative"),
    ],
)
def test_columns_are_checked(criteria: Any, promoted: Any, expert: Any, said: str) -> None:  # noqa: ANN401
    """Too few decisions, no weights, another shape and numbers outside 0..1 are refused."""
    with pytest.raises(DataError, match=said):
        learn_weights(criteria, promoted, expert)
