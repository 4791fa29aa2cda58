"""The exact identities of the monotone path, on histories of every kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from readiness.histories import Sample, samples

from pmpromo.readiness import Prior, ReadinessModel, default_readiness, fit_readiness
from pmpromo.readiness.curve import draw_curve, gather_beliefs
from pmpromo.readiness.history import Columns, Tally, count_by_score, read_history
from pmpromo.readiness.lattice import RootPrior, build_lattice
from pmpromo.readiness.path import CELLS, Posterior, infer_path

if TYPE_CHECKING:
    import random

GRID: Final = np.linspace(0, 1, 101)

EDGES: Final = {
    "nothing": Sample((), ()),
    "one decision": Sample((0.6,), (1,)),
    "all promoted": Sample(tuple(np.linspace(0.3, 0.7, 50)), (1,) * 50),
    "none promoted": Sample(tuple(np.linspace(0.3, 0.7, 50)), (0,) * 50),
    "all ties": Sample((0.6,) * 40, (0, 1) * 20),
    "separated": Sample(tuple(np.linspace(0, 1, 50)), (0,) * 25 + (1,) * 25),
    "backwards": Sample(tuple(np.linspace(0, 1, 50)), (1,) * 25 + (0,) * 25),
}


def check_sound(model: ReadinessModel) -> None:
    """Every forecast is finite, inside (0, 1), in its interval, and rises with the score."""
    forecast = model.predict(GRID)
    stack = np.array([forecast.low, forecast.probability, forecast.high])
    assert ((stack > 0) & (stack < 1)).all()
    assert (np.diff(stack, axis=0) >= 0).all()
    assert (np.diff(stack, axis=1) >= 0).all()
    assert (np.diff(forecast.above_bar) >= 0).all()
    assert ((forecast.above_bar >= 0) & (forecast.above_bar <= 1)).all()


@given(samples())
def test_sound(sample: Sample) -> None:
    """Whatever the history, forecasts are sound."""
    check_sound(fit_readiness(sample.scores, sample.promoted))


@pytest.mark.parametrize("prior", [None, Prior(0.2), Prior(0.999), Prior(0.4, "upper_bound")])
@pytest.mark.parametrize("reference", [None, [0.2, 0.9]])
@pytest.mark.parametrize("name", EDGES)
def test_edges(name: str, reference: list[float] | None, prior: Prior | None) -> None:
    """The edges of all histories, with and without a rate and reference scores, are sound."""
    sample = EDGES[name]
    check_sound(fit_readiness(sample.scores, sample.promoted, reference=reference, prior=prior))


@pytest.mark.parametrize("threshold", [0.3, 0.5])
@pytest.mark.parametrize("upward", [True, False])
def test_large_and_extreme(threshold: float, *, upward: bool) -> None:
    """A hundred thousand decisions that agree, or all run backwards, underflow nowhere."""
    scores = np.linspace(0, 1, 100_000)
    model = fit_readiness(scores, (scores > threshold) == upward)
    check_sound(model)
    assert model.runs_backwards != upward
    assert (model.log_bayes_factor > 0) == upward


@given(samples(least=2, most=12), st.randoms(use_true_random=False))
def test_order_moves_no_bit(sample: Sample, shuffler: random.Random) -> None:
    """A permutation of the decisions gives the same bytes of the saved model."""
    rows = list(range(len(sample.scores)))
    shuffler.shuffle(rows)
    weights = [0.1 + 0.3 * (i % 3) for i in rows]
    one = fit_readiness(
        sample.scores, sample.promoted, case_weight=sorted_back(rows, weights)
    ).to_json()
    other = fit_readiness(
        [sample.scores[i] for i in rows], [sample.promoted[i] for i in rows], case_weight=weights
    ).to_json()
    assert one == other


def test_order_of_ties_moves_no_bit() -> None:
    """Tied scores with weights that do not add exactly: the same bytes, cross-validation too."""
    scores, promoted = [0.3, 0.5, 0.5, 0.7] * 8, [0, 1, 0, 1, 1, 0, 1, 1] * 4
    weights = [0.1, 0.2, 0.3, 0.7, 1.1, 0.9, 0.6, 0.4] * 4
    rows = np.random.default_rng(0).permutation(32)
    one = fit_readiness(scores, promoted, case_weight=weights)
    shuffled = (np.array(column)[rows] for column in (scores, promoted, weights))
    other = fit_readiness(next(shuffled), next(shuffled), case_weight=next(shuffled))
    assert one.to_json() == other.to_json()


def sorted_back(rows: list[int], values: list[float]) -> list[float]:
    """Return the value of each row, in row order."""
    return [value for _, value in sorted(zip(rows, values, strict=True))]


@given(samples(least=1, most=12), st.data())
def test_whole_weights_are_copies(sample: Sample, data: st.DataObject) -> None:
    """A weight of k is the decision written k times, and 0 leaves it out: the same curve."""
    n = len(sample.scores)
    weights = data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    copies = [i for i, k in enumerate(weights) for _ in range(k)]
    weighed = fit_readiness(sample.scores, sample.promoted, case_weight=weights)
    copied = fit_readiness([sample.scores[i] for i in copies], [sample.promoted[i] for i in copies])
    assert weighed.levels[0].curve == copied.levels[0].curve
    assert weighed.log_bayes_factor == copied.log_bayes_factor


def infer(tally: Tally, root: RootPrior, span: tuple[float, float] = (0.0, 1.0)) -> Posterior:
    """Infer a path on a score range."""
    return infer_path(tally, build_lattice(tally, span), root)


def count(sample: Sample) -> Tally:
    """Count a sample by score."""
    return count_by_score(read_history(Columns(sample.scores, sample.promoted)))


def keeps_off_borders(tally: Tally) -> bool:
    """Whether no score lies so close to the border of a cell that rounding could move it."""
    lattice = build_lattice(tally)
    cells = (tally.scores - lattice.knots[0]) / lattice.interval * CELLS
    return bool((np.abs(cells - np.round(cells)) > 1e-9).all())


ROOTS: Final = st.builds(
    RootPrior, st.floats(-3, 3), st.sampled_from([0.3, 0.7, 1.5]), st.sampled_from([0.0, 0.2])
)


@given(samples(), ROOTS, st.floats(0.5, 50), st.floats(-20, 20))
@example(Sample((), ()), RootPrior(-1.0, 1.5, 0.0), 100.0, 0.0)
def test_affine_change_of_scores(
    sample: Sample, root: RootPrior, factor: float, shift: float
) -> None:
    """Scores on another scale, s -> a s + b with its range, give the same probabilities."""
    tally = count(sample)
    assume(keeps_off_borders(tally))
    moved = Tally(
        tally.scores * factor + shift, tally.offsets, tally.decided, tally.promoted, tally.seen
    )
    here, there = infer(tally, root), infer(moved, root, (shift, factor + shift))
    assert there.log_evidence == pytest.approx(here.log_evidence, abs=1e-9)
    assert np.abs(there.marginals - here.marginals).max() < 1e-11


@given(samples(), ROOTS)
def test_flip(sample: Sample, root: RootPrior) -> None:
    """p(s; y) = 1 - p(1 - s; 1 - y) with the prior mirrored, and equal evidence."""
    tally = count(sample)
    flipped = count(
        Sample(tuple(1 - s for s in sample.scores), tuple(1 - y for y in sample.promoted))
    )
    assume(keeps_off_borders(tally) and keeps_off_borders(flipped))
    here = infer(tally, root)
    there = infer(flipped, RootPrior(-root.mean, root.sd, root.wide))
    assert there.log_evidence == pytest.approx(here.log_evidence, abs=1e-9)
    one = draw_curve(gather_beliefs(here), 0.5, 0.9).predict(GRID)
    other = draw_curve(gather_beliefs(there), 0.5, 0.9).predict(1 - GRID)
    assert one[0] == pytest.approx(1 - other[0], abs=1e-9)
    assert one[1] == pytest.approx(1 - other[2], abs=1e-9)


@given(samples(), st.floats(0.01, 0.5), st.floats(0.5, 0.99))
def test_nested_in_coverage(sample: Sample, narrow: float, wide: float) -> None:
    """A wider coverage gives an interval that contains the narrower one."""
    inner = fit_readiness(sample.scores, sample.promoted, coverage=narrow).predict(GRID)
    outer = fit_readiness(sample.scores, sample.promoted, coverage=wide).predict(GRID)
    assert (outer.low <= inner.low).all()
    assert (outer.high >= inner.high).all()


@given(samples(most=10), st.lists(st.floats(0, 1), max_size=30))
def test_one_by_one(sample: Sample, scores: list[float]) -> None:
    """A score predicted alone has the bits it has among others."""
    model = fit_readiness(sample.scores, sample.promoted)
    many = model.predict(scores)
    columns = (many.probability, many.low, many.high, many.above_bar)
    rows = [tuple(row) for row in np.array(columns).T.tolist()]
    assert rows == [model.predict_one(score) for score in scores]
    assert model.judge(scores) == [model.judge_one(score) for score in scores]


def test_many_scores_are_predicted_in_chunks_without_a_seam() -> None:
    """Twenty thousand scores, more than two chunks, are predicted as one by one."""
    model = default_readiness()
    scores = np.linspace(0, 1, 20_000)
    alone = [model.predict_one(score)[0] for score in scores.tolist()]
    assert model.predict(scores).probability.tolist() == alone


@settings(max_examples=20)
@given(samples(most=21))
def test_save_and_load(sample: Sample) -> None:
    """A saved model loads as an equal one, saves to the same bytes, and repeats bit for bit."""
    model = fit_readiness(sample.scores, sample.promoted, reference=[0.5], prior=Prior(0.3))
    text = model.to_json()
    loaded = ReadinessModel.from_json(text)
    assert loaded == model
    assert loaded.to_json() == text
    again = fit_readiness(sample.scores, sample.promoted, reference=[0.5], prior=Prior(0.3))
    assert again.to_json() == text
    assert loaded.predict(GRID).low.tobytes() == model.predict(GRID).low.tobytes()


def test_a_success_at_a_low_score_may_lower_the_rest() -> None:
    """It is no law that one more success never lowers p: at a low score it flattens the slope."""
    scores, promoted = list(np.linspace(0.2, 0.8, 40)), [0] * 20 + [1] * 20
    before = fit_readiness(scores, promoted).predict_one(0.8)[0]
    after = fit_readiness([*scores, 0.05], [*promoted, 1]).predict_one(0.8)[0]
    assert after < before


def test_default_readiness() -> None:
    """Without decisions the basis is the prior: wide, no verdict, and the same object each time."""
    model = default_readiness()
    assert model is default_readiness()
    assert (model.basis, model.n_decisions, model.log_bayes_factor) == ("prior", 0, 0.0)
    forecast = model.predict([0.1, 0.5, 0.9])
    assert (forecast.high - forecast.low > 0.3).all()
    assert model.judge([0.1, 0.5, 0.9]) == ["cannot_tell"] * 3
