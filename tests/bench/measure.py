"""How far forecasts lie from known truths, for the path and for its peers, history by history.

All methods see the same histories. Every forecast is clipped to 0.1..99.9 % before it is measured,
ours as well: a peer that says "never" is wrong by 7 nats at most, not by infinity.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

import numpy as np
from bench.peers import PEERS, Peer, forecast_quietly
from bench.truths import TRUTHS, Truth

from pmpromo.readiness import Prior, fit_readiness

if TYPE_CHECKING:
    from pmpromo.readiness.sigmoid import FloatArray

__all__ = ["METHODS", "OURS", "SIZES", "Results", "measure_all"]

SIZES: Final = {0: 12, 20: 300, 50: 160, 100: 100, 300: 60, 1000: 40}
"""Decisions in a history, and how many histories of each truth: more where chance says more.

Without decisions only the path has anything to say.
"""
OURS: Final = ("path", "path, rate", "path, reference", "path, both")
"""The path, and what it is given besides decisions."""
METHODS: Final = (*OURS, *PEERS)
RATE_ERROR: Final = 0.5
"""A documented rate is the true one, wrong by so many logits (standard deviation)."""
REFERENCE: Final = 50
"""Scores without a decision."""
CLIP: Final = 0.001
RESAMPLED: Final = 5
"""Histories of each truth and size on which peers without an interval are bootstrapped."""
RESAMPLES: Final = 100
MEASURES: Final = ("divergence", "brier", "inside")


@dataclass(frozen=True, slots=True)
class Draw:
    """One history, and what a user may know besides."""

    truth: Truth
    scores: FloatArray
    promoted: FloatArray
    rate: float
    reference: FloatArray
    seed: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Results:
    """Measures of all histories of one size: (methods, truths, histories, measures).

    In nats, squared probability, and the share of points inside the 90 % interval; nan where a
    method was not run or has no interval.
    """

    values: FloatArray

    def mean(self, method: str, measure: str = "divergence", truth: str | None = None) -> float:
        """Return the mean of a measure over histories, each truth counting the same."""
        found = self.take(method, measure, truth)
        return np.nan if np.isnan(found).all() else float(np.nanmean(found, 1).mean())

    def compare(self, method: str, other: str, truth: str | None = None) -> tuple[float, float]:
        """Return how much farther `other` lies from the truth, with its standard error, in nats.

        Over histories that both were run on.
        """
        gap = self.take(other, truth=truth) - self.take(method, truth=truth)
        if np.isnan(gap).all():
            return np.nan, np.nan
        count = (~np.isnan(gap)).sum(1)
        variance = np.nanvar(gap, 1, ddof=1) / count
        return float(np.nanmean(gap, 1).mean()), float(np.sqrt(variance.sum())) / len(gap)

    def take(
        self, method: str, measure: str = "divergence", truth: str | None = None
    ) -> FloatArray:
        """Return one measure of one method, (truths, histories)."""
        found = self.values[METHODS.index(method), ..., MEASURES.index(measure)]
        names = [each.name for each in TRUTHS]
        return found if truth is None else found[[names.index(truth)]]


def measure_all(sizes: dict[int, int] = SIZES) -> dict[int, Results]:
    """Measure every method on every truth and size, on all cores; seeded, so always the same."""
    jobs = list(product(sizes.items(), range(len(TRUTHS))))
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        blocks = pool.map(measure_block, *zip(*((*size, t) for size, t in jobs), strict=True))
        found = dict(zip(((size[0], t) for size, t in jobs), blocks, strict=True))
    return {n: Results(np.stack([found[n, t] for t in range(len(TRUTHS))], axis=1)) for n in sizes}


def measure_block(n: int, histories: int, t: int) -> FloatArray:
    """Measure every method on the histories of one truth and size: (methods, histories, 3)."""
    result = np.full((len(METHODS), histories, len(MEASURES)), np.nan)
    for h in range(histories):
        draw = draw_history(n, t, h)
        for m, method in enumerate(METHODS):
            if method in OURS or h < (PEERS[method].most or histories):
                result[m, h] = measure_one(method, draw)
    return result


def draw_history(n: int, t: int, h: int) -> Draw:
    """Draw history h of truth t: n scores and decisions, a rate that is off, more scores."""
    rng = np.random.default_rng([n, t, h])
    truth = TRUTHS[t]
    scores = truth.place(rng.random(n))
    promoted = (rng.random(n) < truth.promote(scores)).astype(float)
    logit = np.log(truth.rate / (1 - truth.rate)) + RATE_ERROR * rng.standard_normal()
    rate = float(1 / (1 + np.exp(-logit)))
    return Draw(truth, scores, promoted, rate, truth.place(rng.random(REFERENCE)), (n, t, h))


def measure_one(method: str, draw: Draw) -> tuple[float, float, float]:
    """Return (divergence, squared error, share of points inside the interval) of one method."""
    points = draw.truth.points
    truth = draw.truth.promote(points)
    if method in OURS:
        found = forecast_by_path(method, draw)
    elif not (len(draw.scores) and PEERS[method].is_installed):
        return np.nan, np.nan, np.nan
    else:
        found = forecast_by_peer(PEERS[method], draw)
    p = np.clip(found[0], CLIP, 1 - CLIP)
    inside = np.mean((found[1] <= truth) & (truth <= found[2])) if len(found) > 1 else np.nan
    return measure_divergence(truth, p), float(np.mean((truth - p) ** 2)), float(inside)


def measure_divergence(truth: FloatArray, p: FloatArray) -> float:
    """Return the mean Kullback-Leibler divergence of forecasts from the truth, in nats."""
    return float(np.mean(truth * np.log(truth / p) + (1 - truth) * np.log((1 - truth) / (1 - p))))


def forecast_by_path(method: str, draw: Draw) -> FloatArray:
    """Return the path's forecasts with its interval, given what the name of the method says."""
    prior = Prior(draw.rate) if method in {"path, rate", "path, both"} else None
    reference = draw.reference if method in {"path, reference", "path, both"} else None
    model = fit_readiness(draw.scores, draw.promoted, prior=prior, reference=reference)
    found = model.predict(draw.truth.points)
    return np.array([found.probability, found.low, found.high])


def forecast_by_peer(peer: Peer, draw: Draw) -> FloatArray:
    """Return a peer's forecasts, with its interval or a bootstrapped one on the first histories."""
    points = draw.truth.points
    found = forecast_quietly(peer, draw.scores, draw.promoted, points)
    if not peer.bootstrapped or draw.seed[-1] >= RESAMPLED:
        return found
    rng = np.random.default_rng([*draw.seed, RESAMPLES])
    rows = rng.integers(0, len(draw.scores), (RESAMPLES, len(draw.scores)))
    again = [forecast_quietly(peer, draw.scores[r], draw.promoted[r], points)[0] for r in rows]
    return np.array([found[0], *np.quantile(again, [0.05, 0.95], axis=0)])
