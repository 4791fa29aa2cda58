"""Has the committee changed? A running Bayes factor that may be read after every decision."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pmpromo.errors import DataError
from pmpromo.readiness.history import Numbers, compare_lengths, read_numbers
from pmpromo.readiness.sigmoid import compute_logit

if TYPE_CHECKING:
    from pmpromo.readiness.record import Training
    from pmpromo.readiness.sigmoid import FloatArray

__all__ = ["ALARM", "Drift", "drift_evalue"]

ALARM: Final = 20.0
"""Alarm once the evidence for a change is 20 to 1: by Ville's inequality a sound model is then
called changed at most once in 20 histories, however often one looks."""
CHANGED: Final = (1.0, 0.5**0.5)
"""Standard deviations of a change: shift N(0, 1) and log-slope N(0, .5), in logits."""
CAUTION: Final = 1.2
"""The model's doubt is widened by this: a fitted curve errs in more ways than shift and slope."""
MISFIT: Final = 0.15
"""Doubt, in logits, that stays however long the history is: a curve is never quite the committee.
With both, measured false alarms over 200 decisions stay below 2.5 %."""
REACH: Final = 4.0
"""Standard deviations that sums over changes reach."""
SHIFTS: Final = 81
SLOPES: Final = 41
"""Points of the sum over shifts and over slopes."""
CHUNK: Final = 256
"""Decisions summed at a time."""
LARGEST_LOG: Final = 700.0
"""Evidence beyond exp(700) is written as that: it stays finite."""
NEAREST: Final = 1e-9
"""Forecasts count as at least this far from 0 and 1."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Evidence for a change after each decision, and whether it ever reached the alarm.

    `first_alarm` is the index of the decision that raised it.

    >>> Drift((1.0, 25.0), 1).alarm
    True
    """

    evalues: tuple[float, ...]
    first_alarm: int | None

    @property
    def alarm(self) -> bool:
        """Whether the evidence for a change ever reached 20 to 1."""
        return self.first_alarm is not None


def drift_evalue(promoted: Numbers, probability: Numbers, training: Training) -> Drift:
    """Return the Bayes factor of "the committee has changed" after each decision, in their order.

    Changed: logit p' = M + a + exp(c) (logit p - M) with a ~ N(0, 1), c ~ N(0, .5). Unchanged: the
    same with a ~ N(0, s0^2), c ~ N(0, c0^2), the (widened) doubt that the model's history left.

    Raises:
        DataError: columns that do not fit.

    >>> from pmpromo.readiness.record import Training
    >>> training = Training(shift_sd=0.1, slope_sd=0.1, mean_logit=0.0)
    >>> drift_evalue([0] * 20, [0.5] * 20, training).alarm
    True
    >>> drift_evalue([0, 1] * 10, [0.5] * 20, training).alarm
    False
    """
    y = read_numbers("promoted", promoted, kind="outcome")
    p = read_numbers("probability", probability)
    problems = compare_lengths(len(p), {"promoted": y})
    if problems:
        raise DataError(problems)
    distance = compute_logit(np.clip(p, NEAREST, 1 - NEAREST)) - training.mean_logit
    changed = weigh_running(y, distance, CHANGED, training.mean_logit)
    sound = weigh_running(y, distance, widen_doubt(training), training.mean_logit)
    evalues = np.exp(np.minimum(changed - sound, LARGEST_LOG))
    alarms = np.flatnonzero(evalues >= ALARM)
    return Drift(tuple(evalues.tolist()), int(alarms[0]) if len(alarms) else None)


def widen_doubt(training: Training) -> tuple[float, float]:
    """Return standard deviations of shift and log-slope of a committee that has not changed.

    >>> from pmpromo.readiness.record import Training
    >>> widen_doubt(Training(shift_sd=0.0, slope_sd=0.0, mean_logit=0.0))
    (0.15, 0.15)
    """
    shift, slope = CAUTION * training.shift_sd, CAUTION * training.slope_sd
    return math.hypot(shift, MISFIT), math.hypot(slope, MISFIT)


def weigh_running(
    y: FloatArray, distance: FloatArray, sds: tuple[float, float], mean_logit: float
) -> FloatArray:
    """Return log p(y_1..y_t) for every t, summed over normal shifts and log-slopes on a grid."""
    standard_shift = np.linspace(-REACH, REACH, SHIFTS)[:, None]
    standard_slope = np.linspace(-REACH, REACH, SLOPES)
    log_prior = -0.5 * (standard_shift**2 + standard_slope**2).ravel()
    shift = np.repeat(sds[0] * standard_shift.ravel(), SLOPES)
    factor = np.tile(np.exp(sds[1] * standard_slope), SHIFTS)
    joint = log_prior - np.logaddexp.reduce(log_prior)
    result = np.empty(len(y))
    for start in range(0, len(y), CHUNK):
        rows = slice(start, start + CHUNK)
        logits = mean_logit + shift + factor * distance[rows, None]
        terms = (y[rows, None] - 1) * logits - np.logaddexp(0, -logits)
        running = joint + np.cumsum(terms, 0)
        result[rows] = np.logaddexp.reduce(running, 1)
        joint = running[-1]
    return result
