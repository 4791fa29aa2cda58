"""How precisely a history fixes its own calibration."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from pmpromo.readiness.fitting import forecast_each
from pmpromo.readiness.lattice import LOG_SLOPE_SD
from pmpromo.readiness.prior import UNDOCUMENTED
from pmpromo.readiness.record import Level, Training
from pmpromo.readiness.sigmoid import compute_logit

if TYPE_CHECKING:
    from pmpromo.readiness.history import History

__all__ = ["measure_training"]

KEPT_DECIMALS: Final = 8
"""Decimals kept, as of a curve: those that every machine agrees on."""


def measure_training(history: History, levels: tuple[Level, ...]) -> Training:
    """Return s0 = 1 / sqrt(sum p (1 - p)) and c0 = 1 / sqrt(sum p (1 - p) (L - mean L)^2).

    L is the logit of the forecast p of each past decision; its mean is weighted by p (1 - p), so
    that the two errors are independent. Neither exceeds the doubt there is without decisions.
    """
    p = forecast_each(history, levels)
    weight = history.weights * p * (1 - p)
    total = float(weight.sum())
    if total == 0:
        return Training(UNDOCUMENTED.sd, LOG_SLOPE_SD, UNDOCUMENTED.mean)
    logits = compute_logit(p)
    mean = float((weight * logits).sum()) / total
    squares = float((weight * (logits - mean) ** 2).sum())
    shift_sd = min(UNDOCUMENTED.sd, 1 / math.sqrt(total))
    slope_sd = LOG_SLOPE_SD if squares == 0 else min(LOG_SLOPE_SD, 1 / math.sqrt(squares))
    return Training(*(round(value, KEPT_DECIMALS) for value in (shift_sd, slope_sd, mean)))
