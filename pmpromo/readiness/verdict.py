"""From a forecast to one of four words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from pmpromo.errors import DataError, Problem

if TYPE_CHECKING:
    from pmpromo.readiness.curve import Forecast
    from pmpromo.readiness.sigmoid import BoolArray, FloatArray

__all__ = ["VERDICTS", "Standing", "Terms", "Verdict", "explain_silence", "judge", "judge_many"]

Verdict = Literal["likely", "borderline", "unlikely", "cannot_tell"]
"""What a forecast says of the bar: probably above, near, probably below; or nothing."""

VERDICTS: Final[tuple[Verdict, ...]] = ("likely", "borderline", "unlikely", "cannot_tell")
"""All verdicts."""

ENOUGH_DECISIONS: Final = 20
"""`likely` and `unlikely` need this many decisions: below it the prior still speaks loudest."""
WIDEST_BORDERLINE: Final = 0.4
"""An interval wider than this says nothing, not even that the case is close."""
MARGIN: Final = 0.001
"""The bar, the confidence and the coverage stay this far from 0 and 1."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the user asks of a forecast: the bar, the confidence of a verdict, the coverage.

    Raises:
        DataError: a bar or coverage outside 0.001..0.999, a confidence outside 0.5..0.999.

    >>> Terms(bar=50)
    Traceback (most recent call last):
    pmpromo.errors.DataError: bar: not within 0.001..0.999; give a share, not percent
    """

    bar: float = 0.5
    confidence: float = 0.8
    coverage: float = 0.9

    def __post_init__(self) -> None:
        lowest = {"bar": MARGIN, "confidence": 0.5 + MARGIN, "coverage": MARGIN}
        problems = [
            Problem(name, f"not within {low}..{1 - MARGIN}", "give a share, not percent")
            for name, low in lowest.items()
            if not (isinstance(x := getattr(self, name), int | float) and low <= x <= 1 - MARGIN)
        ]
        if problems:
            raise DataError(problems)


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands behind a forecast.

    `firm` means at least 20 decisions, or a documented rate per decision with reference scores.
    `seen` is the range of past and reference scores, `drifted` says that the drift alarm is on.
    """

    firm: bool
    seen: tuple[float, float] | None
    drifted: bool


def judge(score: float, forecast: Forecast, standing: Standing, terms: Terms) -> Verdict:
    """Return the verdict on one forecast (probability, low, high, P(probability >= bar)).

    >>> judge(0.7, (0.8, 0.6, 0.9, 0.97), Standing(True, (0.2, 0.9), False), Terms())
    'likely'
    >>> judge(0.7, (0.8, 0.6, 0.9, 0.97), Standing(False, (0.2, 0.9), False), Terms())
    'cannot_tell'
    """
    _, low, high, above = forecast
    if standing.drifted or standing.seen is None:
        return "cannot_tell"
    if not standing.seen[0] <= score <= standing.seen[1]:
        return "cannot_tell"
    if above >= terms.confidence:
        return "likely" if standing.firm else "cannot_tell"
    if 1 - above >= terms.confidence:
        return "unlikely" if standing.firm else "cannot_tell"
    return "borderline" if high - low <= WIDEST_BORDERLINE else "cannot_tell"


def explain_silence(score: float, forecast: Forecast, standing: Standing, terms: Terms) -> str:
    """Return why a forecast is `cannot_tell`, in words.

    >>> explain_silence(0.95, (0.8, 0.6, 0.9, 0.97), Standing(True, (0.2, 0.9), False), Terms())
    'No verdict: past scores lie between 0.20 and 0.90, this one outside.'
    """
    _, _, _, above = forecast
    if standing.drifted:
        return "No verdict: recent decisions do not fit the model; fit it again."
    if standing.seen is None:
        return "No verdict: no score has been seen yet."
    low, high = standing.seen
    if not low <= score <= high:
        return f"No verdict: past scores lie between {low:.2f} and {high:.2f}, this one outside."
    if max(above, 1 - above) >= terms.confidence:
        return f"No verdict: it takes {ENOUGH_DECISIONS} decisions."
    return "No verdict: the interval is too wide."


def judge_many(
    scores: FloatArray, forecasts: FloatArray, standing: Standing, terms: Terms
) -> list[Verdict]:
    """Return the verdict on each column of a (4, n) array of forecasts, as `judge` does."""
    _, low, high, above = forecasts
    told = find_tellable(scores, standing)
    likely, unlikely = above >= terms.confidence, 1 - above >= terms.confidence
    close = ~likely & ~unlikely & (high - low <= WIDEST_BORDERLINE)
    code = np.full(len(scores), VERDICTS.index("cannot_tell"))
    code[told & close] = VERDICTS.index("borderline")
    if standing.firm:
        code[told & likely] = VERDICTS.index("likely")
        code[told & unlikely] = VERDICTS.index("unlikely")
    return [VERDICTS[i] for i in code.tolist()]


def find_tellable(scores: FloatArray, standing: Standing) -> BoolArray:
    """Return where a verdict is possible at all: no drift, and a score like those seen."""
    if standing.drifted or standing.seen is None:
        return np.zeros(len(scores), dtype=bool)
    return np.asarray((scores >= standing.seen[0]) & (scores <= standing.seen[1]))
