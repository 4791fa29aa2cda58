"""From past decisions to a probability with an interval: fit, predict, judge, save."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pmpromo.errors import DataError, ModelError, Problem
from pmpromo.readiness.archive import decode, encode, parse_json, write_json
from pmpromo.readiness.binding import Binding, RubricLike, bind_rubrics, check_binding
from pmpromo.readiness.card import (
    describe_model,
    draw_model,
    explain_forecast,
    round_outward,
    write_card,
)
from pmpromo.readiness.drift import Drift, drift_evalue
from pmpromo.readiness.evidence import measure_trend, weigh_flat
from pmpromo.readiness.fitting import Priors, fit_levels, read_priors
from pmpromo.readiness.history import (
    Columns,
    History,
    Numbers,
    read_history,
    read_level_names,
    read_numbers,
)
from pmpromo.readiness.record import (
    SCHEMA_VERSION,
    Level,
    Record,
    find_record_problems,
    find_version_problems,
)
from pmpromo.readiness.reliability import Reliability
from pmpromo.readiness.scores import describe_scores
from pmpromo.readiness.training import measure_training
from pmpromo.readiness.validation import cross_validate
from pmpromo.readiness.verdict import (
    ENOUGH_DECISIONS,
    Standing,
    Terms,
    Verdict,
    judge,
    judge_many,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pmpromo.readiness.curve import Forecast
    from pmpromo.readiness.prior import Prior
    from pmpromo.readiness.sigmoid import FloatArray

__all__ = ["Predictions", "ReadinessModel", "default_readiness", "fit_readiness"]

KEPT_FACTOR: Final = 8
"""Decimals kept of a log Bayes factor and of a trend."""


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """Forecasts of n scores, each an array (n,) of probabilities strictly between 0 and 1.

    `low` and `high` are the ends of the interval for P(promoted | score) at the model's coverage,
    widened where needed to contain `probability`. `above_bar` is the posterior probability that
    P(promoted | score) is at least the model's bar. The interval holds among exchangeable
    decisions; it is not one for a person.

    >>> forecast = default_readiness().predict([0.2, 0.8])
    >>> bool((forecast.low <= forecast.probability).all())
    True
    """

    probability: FloatArray
    low: FloatArray
    high: FloatArray
    above_bar: FloatArray

    def __str__(self) -> str:
        rows = zip(self.probability, self.low, self.high, strict=True)
        return "\n".join("{} % ({} to {} %)".format(*round_outward(*row)) for row in rows)


@dataclass(frozen=True)
class ReadinessModel(Record):
    """A committee's past decisions, turned into P(promoted | score). Made by `fit_readiness`.

    It holds curves and counts, no decision of a person. `log_bayes_factor` is the log evidence
    against "scores do not predict decisions"; `trend` the Cochran-Armitage z of promotion rising
    with score; `score_source` says what the scores were.

    >>> model = fit_readiness([0.2, 0.4, 0.6, 0.8], [0, 0, 1, 1])
    >>> model.basis, model.n_decisions
    ('fitted', 4)
    >>> model.predict([0.3, 0.7]).probability.round(2).tolist()
    [0.12, 0.82]
    """

    _history: History | None = field(default=None, compare=False, repr=False)
    _reliability: Reliability | None = field(default=None, compare=False, repr=False)

    @cached_property
    def reliability(self) -> Reliability | None:
        """Cross-validated reliability on the model's own history; None below 20 decisions.

        It is computed when asked for (ten fits), and saved with the model.
        """
        if self._history is None:
            return self._reliability
        priors = {x.name: x.prior for x in self.levels if x.prior is not None}
        return cross_validate(self._history, priors, self.terms)

    @cached_property
    def standing(self) -> Standing:
        """What stands behind a verdict of this model."""
        priors = [level.prior for level in self.levels]
        told = all(p is not None and p.kind == "per_decision" for p in priors)
        firm = self.n_decisions >= ENOUGH_DECISIONS or (told and self.n_reference > 0)
        return Standing(firm, self.seen, self.drift_alarm)

    def predict(
        self, scores: Numbers, groups: Sequence[str] | NDArray[Any] | None = None
    ) -> Predictions:
        """Return the forecast at each score (within 0..1), of its transition if there are several.

        Raises:
            DataError: scores that are no numbers within 0..1, or groups of another length.
            ModelError: groups without a curve, missing groups, or scores of another source.
        """
        return Predictions(*self._forecast(self._read(scores), groups))

    def predict_one(self, score: float, group: str | None = None) -> Forecast:
        """Return (probability, low, high, P(probability >= bar)) at one score, as `predict` does.

        Raises:
            DataError: a score outside 0..1.
            ModelError: a group this model has no curve for.
        """
        if not 0 <= score <= 1:
            raise DataError([Problem("score", "not within 0..1", "give a share, not percent")])
        return self._level(group).curve.predict_one(score)

    def judge(
        self, scores: Numbers, groups: Sequence[str] | NDArray[Any] | None = None
    ) -> list[Verdict]:
        """Return the verdict at each score: likely, borderline, unlikely or cannot_tell."""
        column = self._read(scores)
        return judge_many(column, self._forecast(column, groups), self.standing, self.terms)

    def judge_one(self, score: float, group: str | None = None) -> Verdict:
        """Return the verdict at one score."""
        return judge(score, self.predict_one(score, group), self.standing, self.terms)

    def explain(self, score: float, group: str | None = None) -> tuple[str, ...]:
        """Return in words what stands behind the forecast at one score, and why it says no more.

        >>> fit_readiness([0.2, 0.4, 0.6, 0.8], [0, 0, 1, 1]).explain(0.5)[1]
        'No verdict: the interval is too wide.'
        """
        return tuple(explain_forecast(self, self._level(group), score, self.standing))

    def count_decisions(self, group: str | None = None) -> int:
        """Return how many decisions of a transition stand behind its curve."""
        return self._level(group).n_decisions

    def find_group(self, rubric: RubricLike) -> str | None:
        """Return the transition whose curve serves a rubric's scores; None if one serves all.

        Raises:
            ModelError: the model was fitted on other scoring; both digests are named.
        """
        binding = check_binding(self.bindings, rubric)
        return binding.transition if binding is not None and self.groups else None

    def watch(
        self,
        scores: Numbers,
        promoted: Numbers,
        groups: Sequence[str] | NDArray[Any] | None = None,
    ) -> Drift:
        """Return the evidence that the committee has changed, after each new decision in turn.

        The decisions must be new: not those that the model was fitted on.

        Raises:
            DataError: columns that do not fit. ModelError: groups that the model does not know.
        """
        forecast = self.predict(scores, groups)
        return drift_evalue(promoted, forecast.probability, self.training)

    def note_drift(self, drift: Drift) -> ReadinessModel:
        """Return this model with the alarm of a watch; while it is on, verdicts are cannot_tell."""
        return replace(self, drift_alarm=drift.alarm)

    def to_json(self) -> str:
        """Return the model as canonical JSON text: the same model, the same bytes."""
        return write_json({**encode(self), "reliability": encode(self.reliability)})

    @classmethod
    def from_json(cls, text: str | bytes) -> ReadinessModel:
        """Return the model of a JSON text; it predicts the same bits as the model saved.

        Raises:
            ModelError: every place where the text is not a saved model.

        >>> model = default_readiness()
        >>> ReadinessModel.from_json(model.to_json()) == model
        True
        """
        value = parse_json(text)
        problems = find_version_problems(value)
        model = None if problems else decode_model(cls, value, problems)
        if isinstance(model, cls):
            problems += find_record_problems(model)
        if problems or not isinstance(model, cls):
            raise ModelError(problems)
        return model

    def model_card(self) -> str:
        """Return a description in Markdown: purpose, data, method, reliability, limits."""
        return write_card(self, self.reliability)

    def __str__(self) -> str:
        return describe_model(self)

    def _repr_html_(self) -> str:
        return draw_model(self)._repr_html_()

    def check_source(self, score_source: str) -> None:
        """Refuse scores of another source than the model's.

        Raises:
            ModelError: both sources are named.

        >>> default_readiness().check_source("ratings")
        Traceback (most recent call last):
        pmpromo.errors.ModelError: scores: are ratings, the model knows proven; build_bridge helps
        """
        if score_source != self.score_source:
            message = f"are {score_source}, the model knows {self.score_source}"
            raise ModelError([Problem("scores", message, "build_bridge helps")])

    def _read(self, scores: Numbers) -> FloatArray:
        self.check_source(describe_scores(scores, self.score_source)[0])
        return read_numbers("scores", scores)

    def _level(self, group: str | None) -> Level:
        for level in self.levels:
            if level.name == group:
                return level
        raise ModelError([self._misfit(group)])

    def _misfit(self, group: str | None, where: str = "group") -> Problem:
        if not self.groups:
            return Problem(where, "this model has one curve for all transitions", "leave it out")
        found = "missing" if group is None else "no curve for this transition"
        return Problem(where, found, f"one of {', '.join(self.groups)}")

    def _forecast(
        self, scores: FloatArray, groups: Sequence[str] | NDArray[Any] | None
    ) -> FloatArray:
        if groups is None:
            return self._level(None).curve.predict(scores)
        names = np.array(read_level_names("groups", groups, len(scores)), dtype=object)
        unknown = [i for i, name in enumerate(names.tolist()) if name not in self.groups]
        if unknown:
            raise ModelError([self._misfit(names[i], f"groups[{i}]") for i in unknown])
        result = np.empty((4, len(scores)))
        for level in self.levels:
            rows = names == level.name
            result[:, rows] = level.curve.predict(scores[rows])
        return result


def fit_readiness(
    scores: Numbers,
    promoted: Numbers,
    *,
    rubric: RubricLike = None,
    groups: Sequence[str] | NDArray[Any] | None = None,
    reference: Numbers | None = None,
    prior: Prior | Mapping[str, Prior] | None = None,
    case_weight: Numbers | None = None,
    bar: float = 0.5,
    confidence: float = 0.8,
    coverage: float = 0.9,
) -> ReadinessModel:
    """Fit P(promoted | score) on past decisions; without any, return the prior.

    Args:
        scores: (n,) within 0..1, what each decision was taken on.
        promoted: (n,) of 0 and 1.
        rubric: the rubric of the scores, or a mapping of transition -> rubric; binds the model.
        groups: (n,) the transition of each decision; levels then share one curve (see `pooling`).
        reference: (r,) scores without a decision, such as those of the current candidates.
        prior: a promotion rate documented by the user, or one for each transition.
        case_weight: (n,) weights; 2 equals the decision written twice, 0 leaves it out.
        bar: the probability that verdicts ask about.
        confidence: how sure a verdict must be.
        coverage: share of belief inside the interval.

    Raises:
        DataError: every problem of every argument, with its index.

    >>> model = fit_readiness([0.2, 0.4, 0.6, 0.8] * 10, [0, 0, 1, 1] * 10)
    >>> model.judge([0.2, 0.5, 0.8])
    ['unlikely', 'cannot_tell', 'likely']
    >>> fit_readiness([0.2, float("nan")], [0, 1, 1])
    Traceback (most recent call last):
    pmpromo.errors.DataError: scores[1]: not a finite number; leave out what is not known
    promoted: has 3 entries where scores has 2; give one a decision
    """
    levels = tuple(prior) if isinstance(prior, Mapping) else ()
    known = () if groups is None and levels and len(scores) == 0 else groups
    columns = Columns(
        scores, promoted, known, () if reference is None else reference, case_weight, levels
    )
    terms, bindings, history, priors = run_all(
        lambda: Terms(bar, confidence, coverage),
        lambda: bind_rubrics(rubric),
        lambda: read_history(columns),
        lambda: read_priors(prior, grouped=known is not None),
    )
    origin = Origin(bindings, *describe_scores(scores))
    return build_model(history, priors, terms, origin)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where scores came from: their scoring, what they are, and how many were bridged."""

    bindings: tuple[Binding, ...]
    score_source: str
    n_bridged: int


def run_all(*steps: Callable[[], Any]) -> list[Any]:
    """Return the results of all steps; raise one DataError with the problems of all of them."""
    results: list[Any] = []
    problems: list[Problem] = []
    for step in steps:
        try:
            results.append(step())
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(problems)
    return results


def build_model(history: History, priors: Priors, terms: Terms, origin: Origin) -> ReadinessModel:
    """Return the model of a checked history."""
    fitted = fit_levels(history, priors, terms)
    factor = fitted.log_evidence - weigh_flat(fitted.tally, fitted.root)
    seen = np.concatenate([history.scores, history.reference])
    return ReadinessModel(
        schema_version=SCHEMA_VERSION,
        levels=fitted.levels,
        n_decisions=history.n_decisions,
        n_promoted=int(history.promoted.sum()),
        n_reference=len(history.reference),
        seen=(float(seen.min()), float(seen.max())) if len(seen) else None,
        terms=terms,
        bindings=origin.bindings,
        score_source=origin.score_source,
        n_bridged=origin.n_bridged,
        log_bayes_factor=round(factor, KEPT_FACTOR),
        trend=round(measure_trend(fitted.tally), KEPT_FACTOR),
        training=measure_training(history, fitted.levels),
        drift_alarm=False,
        _history=history,
    )


def decode_model(
    kind: type[ReadinessModel], value: dict[str, Any], problems: list[Problem]
) -> ReadinessModel | None:
    """Return the model of a JSON object with the reliability beside it."""
    if "reliability" not in value:
        problems.append(Problem("model.reliability", "missing", code="missing"))
    rest = {key: item for key, item in value.items() if key != "reliability"}
    found = decode(Reliability | None, value.get("reliability"), "model.reliability", problems)
    model = decode(kind, rest, "model", problems)
    return None if model is None else replace(model, _reliability=found)


@functools.cache
def default_readiness() -> ReadinessModel:
    """Return the model of no decisions at all: the prior that stands where no model is given.

    >>> default_readiness().basis
    'prior'
    """
    return fit_readiness((), ())
