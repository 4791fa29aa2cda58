"""Several transitions lend each other strength, and are never far from the better extreme."""

from __future__ import annotations

from typing import Final

import numpy as np
import pytest

from pmpromo.readiness import Prior, fit_readiness
from pmpromo.readiness.lattice import RootPrior, build_lattice
from pmpromo.readiness.pooling import Cells, Shifts, convolve, match_rate, weigh_shifts

CURVE: Final = np.array([-1.0, 0.0, 1.0])


def test_bisection_meets_the_documented_rate() -> None:
    """One cell at logit 0 with rate 3/4 needs delta = log 3; an undocumented level needs none."""
    cells = Cells(np.array([0.0]), np.array([[4.0]]), np.array([[1.0]]))
    assert match_rate(cells, 0, 0.75) == pytest.approx(np.log(3), abs=1e-12)
    assert match_rate(cells, 0, None) == 0.0


@pytest.mark.parametrize("decided", [[[0.0] * 3, [1.0] * 3], [[0.0] * 3, [0.0] * 3]])
def test_a_level_without_decisions_uses_the_scores_of_all(decided: list[list[float]]) -> None:
    """Without own decisions the mean runs over all others, or over the cells: here the same."""
    cells = Cells(CURVE, np.array(decided), np.zeros((2, 3)))
    delta = match_rate(cells, 0, 0.5)
    assert delta == pytest.approx(0.0, abs=1e-12)


def test_convolution_keeps_mass_and_moves_the_mean() -> None:
    """Shifting by -1, 0, +1 steps with 0, 1/4, 3/4 moves mass up; the top keeps what passes it."""
    moved = convolve(np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]), np.array([0.0, 0.25, 0.75]))
    assert moved.tolist() == [[0.0, 0.25, 0.75], [0.0, 0.0, 1.0]]


def test_shifts_of_equal_levels_are_small_and_of_unequal_ones_large() -> None:
    """Levels that behave alike are drawn together, levels that do not keep their distance."""
    decided = np.full((2, 3), 50.0)
    alike = weigh_shifts(Cells(CURVE, decided, decided * [0.27, 0.5, 0.73]), 0.05, [None, None])
    apart = np.array([[0.5, 0.73, 0.88], [0.12, 0.27, 0.5]])
    unlike = weigh_shifts(Cells(CURVE, decided, decided * apart), 0.05, [None, None])
    assert np.abs(alike.means).max() < 0.05
    assert unlike.means == pytest.approx([1.0, -1.0], abs=0.15)
    assert alike.weights.sum(1) == pytest.approx([1.0, 1.0], abs=1e-12)
    assert isinstance(unlike, Shifts)


def test_a_level_without_decisions_follows_its_documented_rate() -> None:
    """A new transition with a documented rate gets a curve: above where the rate is higher."""
    scores = np.linspace(0.1, 0.9, 60)
    priors = {"old": Prior(0.5), "easy": Prior(0.8), "hard": Prior(0.2)}
    model = fit_readiness(scores, scores > 0.5, groups=["old"] * 60, prior=priors)
    assert model.groups == ("easy", "hard", "old")
    assert model.count_decisions("easy") == 0
    easy, hard, old = (model.predict_one(0.5, group) for group in ("easy", "hard", "old"))
    assert hard[0] < old[0] < easy[0]
    assert easy[2] - easy[1] > old[2] - old[1]


def test_levels_without_any_decision() -> None:
    """Documented rates by transition alone already order the transitions."""
    model = fit_readiness((), (), prior={"easy": Prior(0.7), "hard": Prior(0.2)})
    assert model.basis == "prior"
    assert model.predict_one(0.5, "hard")[0] < model.predict_one(0.5, "easy")[0]


def test_one_level_is_the_curve_without_levels() -> None:
    """A single level shifts nothing: its forecasts are within .03 of the curve without levels."""
    scores = np.linspace(0.1, 0.9, 80)
    promoted = scores + 0.3 * np.sin(40 * scores) > 0.5
    alone = fit_readiness(scores, promoted).predict(scores).probability
    level = fit_readiness(scores, promoted, groups=["a"] * 80).predict(scores, ["a"] * 80)
    assert level.probability == pytest.approx(alone, abs=0.03)


def test_a_large_level_takes_its_interval_from_its_own_decisions() -> None:
    """With 100 decisions of its own the interval ignores the other level; with 99 it does not."""
    rng = np.random.default_rng(3)
    scores = rng.beta(4, 4, 400)
    promoted = rng.random(400) < 1 / (1 + np.exp(-(8 * scores - 4)))
    other = rng.random(400) < 1 / (1 + np.exp(-(8 * scores - 7)))
    alone = fit_readiness(scores[:100], promoted[:100])
    for n, same in ((100, True), (99, False)):
        model = fit_readiness(
            np.concatenate([scores[:n], scores]),
            np.concatenate([promoted[:n], other]),
            groups=["a"] * n + ["b"] * 400,
        )
        own = model.predict_one(0.5, "a")
        assert (abs(own[3] - alone.predict_one(0.5)[3]) < 1e-3) == same
    assert model.predict_one(0.5, "a")[0] > model.predict_one(0.5, "b")[0] + 0.2


def test_saved_levels_predict_the_same_bits() -> None:
    """A model of several transitions survives saving, cross-validation included."""
    scores = np.linspace(0.1, 0.9, 60)
    model = fit_readiness(scores, scores > 0.5, groups=["a", "b", "c"] * 20)
    loaded = type(model).from_json(model.to_json())
    assert loaded == model
    assert loaded.reliability == model.reliability
    assert loaded.predict([0.4], ["b"]).low.tolist() == model.predict([0.4], ["b"]).low.tolist()


def measure_loss(groups: list[str] | None, seed: int, spread: float) -> float:
    """Return the KL to the truth of three levels that differ by `spread` logits."""
    rng = np.random.default_rng(seed)
    level = np.arange(90) % 3
    scores = rng.beta(4, 4, 90)
    truth = 1 / (1 + np.exp(-(8 * scores - 4 + spread * (level - 1))))
    model = fit_readiness(scores, rng.random(90) < truth, groups=groups)
    p = model.predict(scores, groups).probability
    return float(np.mean(truth * np.log(truth / p) + (1 - truth) * np.log((1 - truth) / (1 - p))))


def measure_alone(seed: int, spread: float) -> float:
    """Return the KL to the truth of three fits that know nothing of each other."""
    rng = np.random.default_rng(seed)
    level = np.arange(90) % 3
    scores = rng.beta(4, 4, 90)
    truth = 1 / (1 + np.exp(-(8 * scores - 4 + spread * (level - 1))))
    promoted = rng.random(90) < truth
    p = np.empty(90)
    for g in range(3):
        rows = level == g
        p[rows] = fit_readiness(scores[rows], promoted[rows]).predict(scores[rows]).probability
    return float(np.mean(truth * np.log(truth / p) + (1 - truth) * np.log((1 - truth) / (1 - p))))


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.0, 2.0])
def test_never_far_from_the_better_extreme(spread: float) -> None:
    """Whether levels are alike or far apart, pooling is within 20 % of the better extreme."""
    groups = ["a", "b", "c"] * 30
    pooled = np.mean([measure_loss(groups, seed, spread) for seed in range(30)])
    complete = np.mean([measure_loss(None, seed, spread) for seed in range(30)])
    none = np.mean([measure_alone(seed, spread) for seed in range(30)])
    assert pooled < 1.2 * min(complete, none)


def test_root_prior_is_a_distribution() -> None:
    """The prior of a lattice sums to one, however narrow and far out it is placed."""
    from pmpromo.readiness.history import Columns, count_by_score, read_history  # noqa: PLC0415
    from pmpromo.readiness.lattice import weigh_roots  # noqa: PLC0415

    lattice = build_lattice(count_by_score(read_history(Columns([], []))))
    for root in (RootPrior(-0.8, 1.5, 0.0), RootPrior(6.9, 0.05, 0.2)):
        assert np.exp(weigh_roots(lattice, root)).sum() == pytest.approx(1.0, abs=1e-12)
