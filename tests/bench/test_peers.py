"""Forecasts against those of the calibrators that a Python user would reach for.

Run ``pytest -m bench tests/bench/test_peers.py -s``; it takes ten minutes of two cores, and prints
all tables. Peers are in the extra ``peers``; what is not installed is left out, and said.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
from bench.measure import SIZES, Results, measure_all
from bench.peers import PEERS, be_quiet, make_gam
from bench.tables import write_tables
from bench.test_bench import compare
from bench.truths import TRUTHS

from pmpromo import fit_readiness

if TYPE_CHECKING:
    from pmpromo.readiness.sigmoid import FloatArray

BEHIND: Final[dict[tuple[str, int], float]] = {}
"""Where a peer lies nearer to the truth over all truths together, and by how many nats: nowhere."""


@pytest.fixture(scope="module")
def results() -> dict[int, Results]:
    """Measure all methods once, and print what was found."""
    found = measure_all()
    print(write_tables(found))  # noqa: T201
    return found


def skip_absent(module: str) -> pytest.MarkDecorator:
    """Skip a test whose peer is not installed, and say so."""
    reason = f"{module} is not installed; it is in the extra `peers`"
    return pytest.mark.skipif(find_spec(module) is None, reason=reason)


@pytest.mark.parametrize("n", [n for n in SIZES if n > 0])
@pytest.mark.parametrize(
    "peer", [pytest.param(name, marks=skip_absent(peer.module)) for name, peer in PEERS.items()]
)
def test_nearer_to_the_truth_than_every_peer(
    results: dict[int, Results], peer: str, n: int
) -> None:
    """Over all truths together the path diverges less than each peer, or by as much as is named."""
    gap, _ = results[n].compare("path", peer)
    assert gap > -BEHIND.get((peer, n), 0)


@skip_absent("sklearn")
def test_a_documented_rate_makes_twenty_decisions_go_further(results: dict[int, Results]) -> None:
    """At n = 20, told a rate that is wrong by N(0, 0.5) logit, it is a fifth nearer than Platt."""
    sigmoid = results[20].mean("scikit-learn sigmoid")
    assert results[20].mean("path, rate") <= 0.8 * sigmoid


def draw(n: int) -> tuple[FloatArray, FloatArray]:
    """Draw n scores and decisions of the first truth."""
    rng = np.random.default_rng(n)
    scores = TRUTHS[0].place(rng.random(n))
    return scores, (rng.random(n) < TRUTHS[0].promote(scores)).astype(float)


@skip_absent("pygam")
def test_fit_takes_no_longer_than_a_spline() -> None:
    """Fitting 1,000 decisions takes at most twice as long as pygam's increasing spline."""
    scores, promoted = draw(1000)

    def fit_spline() -> None:
        with be_quiet():
            make_gam().fit(scores[:, None], promoted)

    assert compare(lambda: fit_readiness(scores, promoted), fit_spline, 1) <= 2


def test_fit_of_many_decisions() -> None:
    """Fitting 100,000 decisions takes at most six times as long as fitting 1,000."""
    few, many = draw(1000), draw(100_000)
    assert compare(lambda: fit_readiness(*many), lambda: fit_readiness(*few), 1) <= 6


def test_forecast_of_one_score() -> None:
    """One forecast with its interval takes at most five times as long as one `numpy.interp`."""
    model = fit_readiness(*draw(1000))
    curve = model.levels[0].curve
    knots, logits = np.array(curve.knots), np.array(curve.centre)
    assert compare(lambda: model.predict_one(0.6), lambda: np.interp(0.6, knots, logits)) <= 5
