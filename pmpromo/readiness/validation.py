"""What a model would have said of each past decision had it not seen it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from pmpromo.readiness.archive import Json, decode, encode
from pmpromo.readiness.fitting import Priors, fit_levels, forecast_each
from pmpromo.readiness.prior import centre_rate
from pmpromo.readiness.reliability import Reliability, measure_reliability

if TYPE_CHECKING:
    from pmpromo.readiness.history import History
    from pmpromo.readiness.verdict import Terms

__all__ = ["cross_validate"]

FOLDS: Final = 10
"""Parts a history is cut into; each is forecast from the others."""

KEPT_DECIMALS: Final = 8
"""Decimals kept of a measure."""

LEAST_DECISIONS: Final = 20
"""Below this a measured reliability would itself be mostly chance: it is not given."""


def cross_validate(history: History, priors: Priors, terms: Terms) -> Reliability | None:
    """Return the reliability of forecasts from ten fits, each without the tenth it forecasts.

    Every tenth decision in order of score and outcome is left out at a time, so that nothing is
    random and the order of the history tells nothing. None below 20 decisions.
    """
    if history.n_decisions < LEAST_DECISIONS:
        return None
    fold = np.arange(history.n_decisions) % FOLDS
    forecast = np.empty(history.n_decisions)
    for held in range(FOLDS):
        levels = fit_levels(history.select(fold != held), priors, terms).levels
        forecast[fold == held] = forecast_each(history.select(fold == held), levels)
    common = priors.get(None)
    measured = measure_reliability(
        forecast,
        history.promoted,
        case_weight=history.weights,
        rate=None if common is None else centre_rate(common),
    )
    found: Reliability = decode(Reliability, round_numbers(encode(measured)), "reliability", [])
    return found


def round_numbers(value: Json) -> Json:
    """Return JSON values with numbers rounded to the decimals that every machine agrees on."""
    if isinstance(value, dict):
        return {key: round_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [round_numbers(item) for item in value]
    return round(value, KEPT_DECIMALS) if isinstance(value, float) else value
