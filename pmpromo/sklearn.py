"""The door for scikit-learn: the readiness estimate as a classifier (extra ``sklearn``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from pmpromo.readiness import fit_readiness, learn_weights

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from sklearn.utils import Tags

    from pmpromo.readiness import Predictions, ReadinessModel

__all__ = ["ReadinessClassifier"]

_TWO: Final = 2


class ReadinessClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """P(promoted | criterion scores), rising with every score, with an interval.

    Columns are criterion scores, each placed within 0..1 by its bounds. Their weighted mean is the
    score, and a monotone path (see `fit_readiness`) makes it a probability. Beyond the bounds the
    forecast stays what it is at them.

    Args:
        weights: (n_features,) of the weighted mean; None means equal ones.
        learn: learn the weights from the decisions, starting at these (from 50 decisions on).
        bounds: (lowest, highest), each a number or one a column; None takes those of the columns
            that `fit` sees.
        coverage: share of belief inside the interval.

    Attributes:
        classes_: the two outcomes; the last is the one that high scores speak for.
        weights_: (n_features,) as used, summing to 1.
        model_: the fitted `ReadinessModel`.

    >>> estimator = ReadinessClassifier(bounds=(0, 1))
    >>> scores, promoted = [[0.2], [0.4], [0.6], [0.8]] * 5, [0, 0, 1, 1] * 5
    >>> estimator.fit(scores, promoted).predict([[0.1], [0.9]]).tolist()
    [0, 1]
    >>> low, high = estimator.predict_interval([[0.5]])
    >>> bool(low[0] < estimator.predict_proba([[0.5]])[0, 1] < high[0])
    True
    """

    def __init__(
        self,
        weights: ArrayLike | None = None,
        *,
        learn: bool = False,
        bounds: tuple[ArrayLike, ArrayLike] | None = None,
        coverage: float = 0.9,
    ) -> None:
        self.weights = weights
        self.learn = learn
        self.bounds = bounds
        self.coverage = coverage

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Fit on decisions: X (n, n_features), y (n,) of two classes, sample_weight (n,).

        Raises:
            ValueError: arrays that do not fit, more than two classes, no weight above 0.
        """
        table, outcome = validate_data(self, X, y, dtype=np.float64)
        _check_two_classes(outcome)
        case_weight = _check_sample_weight(sample_weight, table, ensure_non_negative=True)
        self.classes_, codes = np.unique(outcome, return_inverse=True)
        self._place_bounds(table[case_weight > 0])
        promoted = (codes == len(self.classes_) - 1).astype(float)
        self.weights_ = self._weigh(self._place(table), promoted, case_weight)
        self.model_ = fit_readiness(
            self._score(table), promoted, case_weight=case_weight, coverage=self.coverage
        )
        return self

    def predict_proba(self, X: ArrayLike) -> NDArray[Any]:
        """Return (n, n_classes) probabilities; with one class alone, all of them 1."""
        forecast = self._forecast(X)
        if len(self.classes_) < _TWO:
            return np.ones((len(forecast.probability), 1))
        return np.column_stack([1 - forecast.probability, forecast.probability])

    def predict_interval(self, X: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return (low, high), each (n,): the interval of the last class's probability."""
        forecast = self._forecast(X)
        return forecast.low, forecast.high

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return (n,) the likelier class of each row."""
        likelier = self.predict_proba(X).argmax(1)
        found: NDArray[Any] = self.classes_[likelier]
        return found

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.classifier_tags.poor_score = True  # on data that do not rise with every column
        return tags

    def _forecast(self, X: ArrayLike) -> Predictions:
        check_is_fitted(self)
        model: ReadinessModel = self.model_
        return model.predict(self._score(validate_data(self, X, reset=False, dtype=np.float64)))

    def _place_bounds(self, counted: NDArray[Any]) -> None:
        """Note where each column's scores begin and end; a column of one value says nothing."""
        ends = (counted.min(0), counted.max(0)) if self.bounds is None else self.bounds
        self.lowest_, highest = (np.broadcast_to(end, counted.shape[1]) for end in ends)
        self.spans_ = np.where(highest > self.lowest_, highest - self.lowest_, 1.0)

    def _place(self, table: NDArray[Any]) -> NDArray[Any]:
        placed: NDArray[Any] = np.clip((table - self.lowest_) / self.spans_, 0.0, 1.0)
        return placed

    def _weigh(
        self, placed: NDArray[Any], promoted: NDArray[Any], case_weight: NDArray[Any]
    ) -> NDArray[Any]:
        """Return the weights of the columns, as given or as learned."""
        expert = (
            np.ones(placed.shape[1]) if self.weights is None else np.asarray(self.weights, float)
        )
        if expert.shape != placed.shape[1:] or not (expert >= 0).all() or not expert.any():
            message = f"weights: not {placed.shape[1]} numbers from 0 up, one of them above it"
            raise ValueError(message)
        if self.learn:
            found = learn_weights(placed, promoted, expert, case_weight=case_weight)
            return np.array(found.learned)
        weights: NDArray[Any] = expert / expert.sum()
        return weights

    def _score(self, table: NDArray[Any]) -> NDArray[Any]:
        """Return the weighted mean of each row, column by column: row order changes no bit."""
        total = np.zeros(len(table))
        for weight, column in zip(self.weights_, self._place(table).T, strict=True):
            total += weight * column
        score: NDArray[Any] = np.clip(total, 0.0, 1.0)
        return score


def _check_two_classes(outcome: NDArray[Any]) -> None:
    check_classification_targets(outcome)
    kind = type_of_target(outcome, input_name="y")
    if kind != "binary":
        message = f"Only binary classification is supported. The type of the target is {kind}."
        raise ValueError(message)
