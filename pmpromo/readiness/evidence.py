"""Do scores predict decisions at all? A Bayes factor, and a test that they do not run backwards."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from pmpromo.readiness.lattice import FARTHEST_LOGIT, WIDE_FACTOR

if TYPE_CHECKING:
    from pmpromo.readiness.history import Tally
    from pmpromo.readiness.lattice import RootPrior
    from pmpromo.readiness.sigmoid import FloatArray

__all__ = ["measure_trend", "weigh_flat"]

FLAT_STEP: Final = 0.005
"""Logit step of the sum over flat curves; one dimension can afford to be fine."""


def weigh_flat(tally: Tally, root: RootPrior) -> float:
    """Return the log evidence of "scores do not predict decisions".

    log of the sum over f of prior(f) prod_i sigma(f + o_i)^y_i sigma(-f - o_i)^(1 - y_i).
    """
    half = round(FARTHEST_LOGIT / FLAT_STEP)
    logits = FLAT_STEP * np.arange(-half, half + 1)
    total = weigh_rate(logits, root)
    for offset in np.unique(tally.offsets[tally.decided > 0]):
        rows = tally.offsets == offset
        n, k = float(tally.decided[rows].sum()), float(tally.promoted[rows].sum())
        shifted = logits + offset
        total -= n * np.logaddexp(0, -shifted) + (n - k) * shifted
    return float(np.logaddexp.reduce(total))


def weigh_rate(logits: FloatArray, root: RootPrior) -> FloatArray:
    """Return the log prior of a rate's logit on an even grid, summing to 1."""
    squares = (logits - root.mean) ** 2
    narrow = math.log(1 - root.wide) - 0.5 * squares / root.sd**2
    if root.wide > 0:
        wide_sd = WIDE_FACTOR * root.sd
        wide = math.log(root.wide / WIDE_FACTOR) - 0.5 * squares / wide_sd**2
        narrow = np.logaddexp(narrow, wide)
    return np.asarray(narrow - np.logaddexp.reduce(narrow))


def measure_trend(tally: Tally) -> float:
    """Return the Cochran-Armitage z of promotion rising with score; 0 where it is undefined.

    z = sum n (s - mean) (rate - mean rate) / sqrt(mean rate (1 - mean rate) sum n (s - mean)^2).
    Below -2 high scores were promoted less often than low ones.
    """
    n = tally.decided
    total = float(n.sum())
    if total == 0:
        return 0.0
    rate = float(tally.promoted.sum()) / total
    distance = tally.scores - float((n * tally.scores).sum()) / total
    variance = rate * (1 - rate) * float((n * distance**2).sum())
    # A sum of rounding errors around tied scores is no trend.
    if variance <= total * 1e-20:
        return 0.0
    return float((distance * (tally.promoted - n * rate)).sum()) / math.sqrt(variance)
