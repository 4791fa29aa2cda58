"""Honesty over many simulated histories; slow, run with `-m slow`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
from scipy.stats import kstest

from pmpromo.readiness import Prior, fit_readiness
from pmpromo.readiness.curve import gather_beliefs
from pmpromo.readiness.history import Columns, count_by_score, read_history
from pmpromo.readiness.lattice import Lattice, RootPrior, build_lattice, weigh_roots
from pmpromo.readiness.path import CELLS, find_cells, infer_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.random import Generator

    from pmpromo.readiness.sigmoid import FloatArray

    Truth = Callable[[FloatArray], FloatArray]

pytestmark = pytest.mark.slow

ROOT: Final = RootPrior(-0.85, 0.7, 0.2)
RUNS: Final = 400
ROUGH: Final = (2, 3)
"""Places of the volatilities 1 and 3, which intervals are made of."""


def rise_logistically(slope: float, middle: float) -> Truth:
    """Return a logistic truth."""
    return lambda s: 1 / (1 + np.exp(-slope * (s - middle)))


TRUTHS: Final[dict[str, Truth]] = {
    "gentle": rise_logistically(4, 0.75),
    "usual": rise_logistically(9, 0.6),
    "steep": rise_logistically(16, 0.6),
    "rare": rise_logistically(10, 0.8),
    "steep and rare": rise_logistically(16, 0.7),
    "ceiling": lambda s: 0.03 + 0.5 / (1 + np.exp(-12 * (s - 0.5))),
    "late": lambda s: 0.02 + 0.9 * s**5,
    "early": lambda s: 0.05 + 0.5 * (1 - np.exp(-4 * s)),
    "shelf": lambda s: 0.05 + 0.3 / (1 + np.exp(-25 * (s - 0.35))) + 0.4 * s**6,
}
"""Truths with promotion rates of 8 to 50 %, like those of the histories measured beside this."""


def draw_side(lattice: Lattice, start: tuple[int, int], w: int, rng: Generator) -> list[list[int]]:
    """Draw one side of a path from the prior: [(logit index, rise index) of each interval]."""
    grid = lattice.grid
    place, slope = start
    top = len(grid.logits) - 1
    intervals = []
    for _ in range(lattice.right + lattice.left):
        slope = int(rng.choice(len(grid.rises), p=grid.kernels[w][slope]))
        intervals.append([place, slope])
        place = min(place + int(grid.rises[slope]), top)
    return [*intervals, [place, slope]]


def test_simulation_based_calibration() -> None:
    """Curves drawn from the prior: the truth is uniform in the posterior, at five knots.

    Randomised PIT of the logit over 400 histories of 60 decisions; 90 % intervals hold 87 to 93 %.
    """
    rng = np.random.default_rng(20)
    scores = np.sort(rng.beta(4, 4, 60))
    lattice = build_lattice(count_by_score(read_history(Columns(scores, np.zeros(60)))))
    n_knots = lattice.left + lattice.right + 1
    knots = np.round(np.linspace(1, n_knots - 2, 5)).astype(int)
    pits = np.array([draw_pits(lattice, scores, knots, rng) for _ in range(RUNS)])
    for column in pits.T:
        assert kstest(column, "uniform").pvalue > 0.001
    assert 0.87 <= float(np.mean((pits > 0.05) & (pits < 0.95))) <= 0.93


def draw_pits(
    lattice: Lattice, scores: FloatArray, knots: np.ndarray, rng: Generator
) -> FloatArray:
    """Draw a curve and decisions by it, infer it back, and return where the truth lies."""
    grid = lattice.grid
    prior = np.exp(weigh_roots(lattice, ROOT))
    slope, place = divmod(
        int(rng.choice(prior.size, p=prior.ravel() / prior.sum())), prior.shape[1]
    )
    w = int(rng.choice(ROUGH))
    top = len(grid.logits) - 1
    right = draw_side(lattice, (place, slope), w, rng)
    left = draw_side(lattice, (top - place, slope), w, rng)
    cells = find_cells(scores, lattice)
    sides = np.where(cells >= 0, cells, -1 - cells)
    logits = np.array(
        [
            sign * read_side(lattice, side, int(c))
            for c, sign, side in zip(
                sides,
                np.where(cells >= 0, 1, -1),
                [right if c >= 0 else left for c in cells],
                strict=True,
            )
        ]
    )
    promoted = rng.random(len(scores)) < 1 / (1 + np.exp(-logits))
    tally = count_by_score(read_history(Columns(scores, promoted)))
    beliefs = gather_beliefs(infer_path(tally, lattice, ROOT)).rough_paths
    truth = [
        right[k - lattice.left][0] if k >= lattice.left else top - left[lattice.left - k][0]
        for k in knots.tolist()
    ]
    return np.array(
        [
            beliefs[k, :g].sum() + rng.random() * beliefs[k, g]
            for k, g in zip(knots, truth, strict=True)
        ]
    )


def read_side(lattice: Lattice, side: list[list[int]], cell: int) -> float:
    """Return the logit at the middle of a cell of one side."""
    interval, part = divmod(cell, CELLS)
    place, slope = side[interval]
    grid = lattice.grid
    return float(grid.logits[place] + (part + 0.5) / CELLS * grid.step * grid.rises[slope])


def simulate(truth: Truth, n: int, seed: int) -> tuple[FloatArray, FloatArray, float]:
    """Draw n scores and decisions, and a documented rate wrong by N(0, .5) logits."""
    rng = np.random.default_rng([n, seed])
    scores = rng.beta(4, 4, n)
    promoted = (rng.random(n) < truth(scores)).astype(float)
    base = float(truth(EVALUATE).mean())
    logit = np.log(base / (1 - base)) + 0.5 * rng.standard_normal()
    return scores, promoted, float(1 / (1 + np.exp(-logit)))


EVALUATE: Final = np.random.default_rng(0).beta(4, 4, 500)


@pytest.mark.parametrize("n", [20, 100, 300, 1000])
def test_coverage(n: int) -> None:
    """On smooth truths 90 % intervals hold the true probability at least 88 % of the time."""
    inside = []
    for truth in TRUTHS.values():
        for seed in range(60):
            scores, promoted, rate = simulate(truth, n, seed)
            found = fit_readiness(scores, promoted, prior=Prior(rate)).predict(EVALUATE)
            true = truth(EVALUATE)
            inside.append(np.mean((found.low <= true) & (true <= found.high)))
    assert float(np.mean(inside)) >= 0.88


def measure_divergence(truth: FloatArray, p: FloatArray) -> float:
    """Return the Kullback-Leibler divergence of forecasts from the truth, in nats."""
    return float(np.mean(truth * np.log(truth / p) + (1 - truth) * np.log((1 - truth) / (1 - p))))


def forecast_by_platt(scores: FloatArray, promoted: FloatArray) -> FloatArray:
    """Return forecasts by Platt's scaling, as scikit-learn's `sigmoid` calibrates.

    A logistic curve on the targets (k + 1) / (k + 2) and 1 / (n - k + 2).
    """
    k = promoted.sum()
    target = np.where(promoted == 1, (k + 1) / (k + 2), 1 / (len(promoted) - k + 2))
    design = np.column_stack([np.ones_like(scores), scores - 0.5])
    beta = np.zeros(2)
    for _ in range(100):
        p = 1 / (1 + np.exp(-design @ beta))
        information = design.T @ (design * (p * (1 - p))[:, None]) + 1e-10 * np.eye(2)
        step = np.linalg.solve(information, design.T @ (target - p))
        beta = beta + np.clip(step, -4, 4)
    return np.asarray(1 / (1 + np.exp(-(beta[0] + beta[1] * (EVALUATE - 0.5)))))


def compare_with_platt(names: Iterable[str], n: int) -> float:
    """Return our mean divergence from the truth over that of Platt's scaling."""
    ours, theirs = [], []
    for truth in map(TRUTHS.__getitem__, names):
        for seed in range(25):
            scores, promoted, rate = simulate(truth, n, seed)
            found = fit_readiness(scores, promoted, prior=Prior(rate)).predict(EVALUATE)
            ours.append(measure_divergence(truth(EVALUATE), found.probability))
            theirs.append(measure_divergence(truth(EVALUATE), forecast_by_platt(scores, promoted)))
    return float(np.mean(ours) / np.mean(theirs))


def test_at_twenty_decisions_it_is_level_with_platt() -> None:
    """Over all truths together neither is ahead at n = 20.

    Ours is nearer where promotion is rare, Platt's where scores tell little: the prior expects
    scores to matter.
    """
    assert 0.9 <= compare_with_platt(TRUTHS, 20) <= 1.1
    assert compare_with_platt(["rare", "steep and rare"], 20) < 0.8
    assert compare_with_platt(["gentle", "early"], 20) > 1.1


@pytest.mark.parametrize("n", [100, 300, 1000])
def test_beats_platt_on_all_truths_together(n: int) -> None:
    """From a hundred decisions on it is ahead over all truths together, flat ones included."""
    assert compare_with_platt(TRUTHS, n) < 1


def test_documented_decision_rates_do_not_pull_at_a_thousand() -> None:
    """At n = 1000 a documented rate that is wrong by 2 logits costs less than a thousandth."""
    costs = []
    for truth in TRUTHS.values():
        scores, promoted, _ = simulate(truth, 1000, 1)
        wrong = fit_readiness(scores, promoted, prior=Prior(0.02)).predict(EVALUATE)
        plain = fit_readiness(scores, promoted).predict(EVALUATE)
        true = truth(EVALUATE)
        costs.append(
            measure_divergence(true, wrong.probability)
            - measure_divergence(true, plain.probability)
        )
    assert np.mean(costs) < 0.001
