"""Weights of criteria learned from decisions: opt-in, beside the expert's, never instead of them.

w = softmax(log w0 + s eps), eps ~ N(0, I): s = 0 is the expert, larger s leaves the expert
further. Each s is fitted by its posterior mode and weighed by its Laplace evidence, so that the
decisions choose how far to go. A rubric is never changed by this.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pmpromo.errors import DataError, Problem
from pmpromo.readiness.history import Numbers, compare_lengths, fill_weights, read_numbers
from pmpromo.readiness.lattice import LOG_SLOPE_SD, USUAL_SLOPE, USUAL_SPREAD
from pmpromo.readiness.prior import UNDOCUMENTED
from pmpromo.readiness.scores import Scores
from pmpromo.readiness.sigmoid import compute_sigmoid

if TYPE_CHECKING:
    from pmpromo.readiness.sigmoid import FloatArray

__all__ = ["LearnedWeights", "learn_weights"]

Criteria: TypeAlias = NDArray[Any] | Sequence[Sequence[float]]
"""Criterion scores (n, m): one row a packet, one column a criterion."""

DISTANCES: Final = (0.0, 0.2, 0.5, 1.0, 2.0)
"""s: how far weights may leave the expert's; 0.5 changes a weight by a factor of about 1.6."""
DISTANCE_PRIOR: Final = (0.5, 0.125, 0.125, 0.125, 0.125)
"""The expert is believed as much as all departures together."""
LEARNED: Final = "learned weights"
"""The source of scores made with learned weights: never mixed with the rubric's own."""
LEAST_DECISIONS: Final = 50
"""Below this the decisions cannot tell criteria apart."""
STEPS: Final = 100
"""Steps of the search; a sound one needs about ten."""
SETTLED: Final = 1e-9
"""A step below this ends the search."""


@dataclass(frozen=True, slots=True)
class LearnedWeights:
    """The expert's weights and what decisions make of them, side by side, each summing to 1.

    `log_bayes_factor` is the log evidence for leaving the expert's weights: below 0 the decisions
    speak for the expert. `distance_weights` are the posterior probabilities of the distances s.
    """

    expert: tuple[float, ...]
    learned: tuple[float, ...]
    log_bayes_factor: float
    distance_weights: tuple[float, ...]
    n_decisions: int

    def score(self, criteria: Criteria) -> Scores:
        """Return the total of each row of criterion scores (n, m) under the learned weights.

        Raises:
            DataError: criterion scores that are no numbers within 0..1, or not m of them a row.
        """
        matrix = read_criteria(criteria, len(self.learned))
        return Scores(tuple(np.clip(matrix @ np.array(self.learned), 0, 1).tolist()), LEARNED)

    def __str__(self) -> str:
        rows = [
            f"  criterion {i}: expert {w0:.3f}, learned {w:.3f}"
            for i, (w0, w) in enumerate(zip(self.expert, self.learned, strict=True), 1)
        ]
        head = (
            f"Weights from {self.n_decisions} decisions; "
            f"log Bayes factor against the expert's {self.log_bayes_factor:.2f}."
        )
        return "\n".join([head, *rows])


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """Criteria (n, m) of positive expert weight, outcomes and weights (n,), scale of the score."""

    criteria: FloatArray
    promoted: FloatArray
    case_weight: FloatArray
    log_expert: FloatArray
    centre: float
    spread: float


@dataclass(frozen=True, slots=True, eq=False)
class Mode:
    """The most probable parameters (a, b, eps) at one distance, with their log evidence."""

    parameters: FloatArray
    weights: FloatArray
    log_evidence: float


def learn_weights(
    criteria: Criteria,
    promoted: Numbers,
    expert: Numbers,
    *,
    case_weight: Numbers | None = None,
) -> LearnedWeights:
    """Learn the weights of m criteria from n decisions, starting at the expert's.

    Args:
        criteria: (n, m) criterion scores within 0..1.
        promoted: (n,) of 0 and 1.
        expert: (m,) the rubric's weights; a weight of 0 stays 0.
        case_weight: (n,) weights of decisions.

    Raises:
        DataError: columns that do not fit, or fewer than 50 decisions.

    >>> criteria = np.array([[0.2, 0.9], [0.8, 0.1], [0.3, 0.8], [0.9, 0.2]] * 20)
    >>> found = learn_weights(criteria, [0, 1, 0, 1] * 20, [1, 1])
    >>> found.learned[0] > 0.6, found.log_bayes_factor > 0
    (True, True)
    """
    y = read_numbers("promoted", promoted, kind="outcome")
    w0 = read_numbers("expert", expert, kind="weight")
    matrix = read_criteria(criteria, len(w0))
    w = read_numbers("case_weight", fill_weights(case_weight, len(y)), kind="weight")
    problems = compare_lengths(len(matrix), {"promoted": y, "case_weight": w})
    if not w0.any():
        problems.append(Problem("expert", "no weight above 0", "give the rubric's weights"))
    if int((w > 0).sum()) < LEAST_DECISIONS:
        message = f"fewer than {LEAST_DECISIONS} decisions"
        problems.append(Problem("promoted", message, "keep the expert's weights"))
    if problems:
        raise DataError(problems)
    return average_modes(matrix, y, w, w0 / w0.sum())


def read_criteria(criteria: object, m: int) -> FloatArray:
    """Check criterion scores (n, m); each bad one is named by row and column."""
    try:
        matrix = np.atleast_1d(np.asarray(criteria, dtype=np.float64))
    except (TypeError, ValueError):
        matrix = np.empty(0)
    if matrix.shape != (len(matrix), m):
        message = f"not a table of numbers with {m} columns"
        raise DataError([Problem("criteria", message, "one row a decision, one column a weight")])
    bad = np.argwhere(~((matrix >= 0) & (matrix <= 1)))
    if len(bad):
        raise DataError(
            [
                Problem(f"criteria[{i}, {j}]", "not within 0..1", "give shares, not percent")
                for i, j in bad.tolist()
            ]
        )
    return matrix


def average_modes(
    criteria: FloatArray, y: FloatArray, case_weight: FloatArray, expert: FloatArray
) -> LearnedWeights:
    """Average the weights of all distances, each by its prior and its evidence.

    The log Bayes factor is the log of the mean evidence of s > 0 over the evidence of s = 0.
    """
    used = expert > 0
    decisions = scale_decisions(criteria[:, used], y, case_weight, expert[used])
    parameters = prior_mean(int(used.sum()))
    modes: list[Mode] = []
    for distance in DISTANCES:
        modes.append(find_mode(decisions, distance, parameters))
        parameters = modes[-1].parameters
    log_evidence = np.array([mode.log_evidence for mode in modes])
    log_weight = log_evidence + np.log(DISTANCE_PRIOR)
    weight = np.exp(log_weight - np.logaddexp.reduce(log_weight))
    learned = np.zeros_like(expert)
    learned[used] = weight @ np.array([mode.weights for mode in modes])
    away = float(np.logaddexp.reduce(log_evidence[1:])) - math.log(len(modes) - 1)
    return LearnedWeights(
        expert=tuple(expert.tolist()),
        learned=tuple((learned / learned.sum()).tolist()),
        log_bayes_factor=away - float(log_evidence[0]),
        distance_weights=tuple(weight.tolist()),
        n_decisions=int((case_weight > 0).sum()),
    )


def scale_decisions(
    criteria: FloatArray, y: FloatArray, case_weight: FloatArray, expert: FloatArray
) -> Decisions:
    """Measure centre and spread of the expert's score; they stay fixed while weights move."""
    score = criteria @ expert
    centre = float(np.average(score, weights=case_weight))
    variance = float(np.average((score - centre) ** 2, weights=case_weight))
    spread = max(USUAL_SPREAD / 2, math.sqrt(variance))
    return Decisions(criteria, y, case_weight, np.log(expert), centre, spread)


def prior_mean(m: int) -> FloatArray:
    """Return the prior mean of (a, b, eps): the usual rate and slope, the expert's weights."""
    return np.concatenate([[UNDOCUMENTED.mean, math.log(USUAL_SLOPE)], np.zeros(m)])


def prior_precision(m: int) -> FloatArray:
    """Return the prior precisions of (a, b, eps)."""
    return np.concatenate([[UNDOCUMENTED.sd**-2, LOG_SLOPE_SD**-2], np.ones(m)])


def soften(log_expert: FloatArray, distance: float, eps: FloatArray) -> FloatArray:
    """Return w = softmax(log w0 + s eps)."""
    logits = log_expert + distance * eps
    odds = np.exp(logits - logits.max())
    return np.asarray(odds / odds.sum())


def find_mode(decisions: Decisions, distance: float, start: FloatArray) -> Mode:
    """Climb to the posterior mode of logit p = a + exp(b) (X w - m) / h by damped Fisher steps.

    The Laplace evidence is log p(y | mode) + log p(mode) + log of the normal volume there.
    """
    precision = prior_precision(decisions.criteria.shape[1])
    parameters = start
    for _ in range(STEPS):
        gradient, information = differentiate(decisions, distance, parameters)
        step = damp(decisions, distance, parameters, np.linalg.solve(information, gradient))
        parameters = parameters + step
        if np.abs(step).max() < SETTLED:
            break
    _, information = differentiate(decisions, distance, parameters)
    volume = float(np.log(precision).sum()) - float(np.linalg.slogdet(information)[1])
    return Mode(
        parameters,
        soften(decisions.log_expert, distance, parameters[2:]),
        weigh_parameters(decisions, distance, parameters) + volume / 2,
    )


def forecast_logits(
    decisions: Decisions, distance: float, parameters: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the logits (n,) and the weights (m,) of parameters (a, b, eps)."""
    weights = soften(decisions.log_expert, distance, parameters[2:])
    z = (decisions.criteria @ weights - decisions.centre) / decisions.spread
    return parameters[0] + math.exp(parameters[1]) * z, weights


def weigh_parameters(decisions: Decisions, distance: float, parameters: FloatArray) -> float:
    """Return log p(y | parameters) + log p(parameters), without the constants of the prior."""
    logits, weights = forecast_logits(decisions, distance, parameters)
    away = parameters - prior_mean(len(weights))
    missed = (1 - decisions.promoted) * logits
    log_likelihood = -(decisions.case_weight * (np.logaddexp(0, -logits) + missed)).sum()
    return float(log_likelihood) - 0.5 * float((prior_precision(len(weights)) * away**2).sum())


def differentiate(
    decisions: Decisions, distance: float, parameters: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the gradient of the log posterior and the Fisher information with the prior's.

    d logit / d (a, b, eps_j) = 1, exp(b) z, (exp(b) / h) s w_j (X_j - X w).
    """
    logits, weights = forecast_logits(decisions, distance, parameters)
    p = compute_sigmoid(logits)
    slope = math.exp(parameters[1]) / decisions.spread
    score = decisions.criteria @ weights
    by_eps = slope * distance * weights * (decisions.criteria - score[:, None])
    jacobian = np.column_stack([np.ones_like(logits), logits - parameters[0], by_eps])
    precision = prior_precision(len(weights))
    gradient = jacobian.T @ (decisions.case_weight * (decisions.promoted - p))
    gradient -= precision * (parameters - prior_mean(len(weights)))
    information = jacobian.T @ (jacobian * (decisions.case_weight * p * (1 - p))[:, None])
    return gradient, information + np.diag(precision)


def damp(
    decisions: Decisions, distance: float, parameters: FloatArray, step: FloatArray
) -> FloatArray:
    """Return the step, halved until it climbs or is too short to matter."""
    before = weigh_parameters(decisions, distance, parameters)
    while (
        np.abs(step).max() >= SETTLED
        and weigh_parameters(decisions, distance, parameters + step) < before
    ):
        step = step / 2
    return step
