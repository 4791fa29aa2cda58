"""How long a committee of half a million ratings takes, and how much memory, beside RaschPy.

Run ``pytest -m bench tests/bench/test_committee.py -s``; it prints what it measured. Times are of
the processor, the least of several turns: on a machine that others use the clock says little.
"""

from __future__ import annotations

import tracemalloc
from time import process_time
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pytest

from pmpromo.committee import Ratings, fit_committee, measure_agreement
from pmpromo.committee.bending import bend_nested
from pmpromo.committee.fitting import Plan, fit_ratings
from pmpromo.committee.nested import Nested
from pmpromo.committee.newton import invert

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.bench

TURNS: Final = 5
MOST_SECONDS: Final = 0.5
MOST_MEGABYTES: Final = 300
THRESHOLDS: Final = (-2.0, -0.7, 0.7, 2.0)


def draw_ratings(n_packets: int, n_raters: int, n_panels: int, local: float = 0.0) -> Ratings:
    """Draw five criteria, each rated by a panel of four; half a million from 25,000 packets on.

    Each criterion of a packet departs from the packet's own ability by `local` logits.
    """
    rng = np.random.default_rng(1)
    panels = np.array([np.sort(rng.permutation(n_raters)[:4]) for _ in range(n_panels)])
    circle = (np.arange(n_raters)[:, None] + np.arange(4)) % n_raters  # links all raters
    panels[: min(n_raters, n_panels)] = np.sort(circle, axis=1)[:n_panels]
    who = panels[rng.integers(0, n_panels, n_packets)]
    packet = np.repeat(np.arange(n_packets), 20)
    criterion = np.tile(np.repeat(np.arange(5), 4), n_packets)
    rater = np.repeat(who[:, None, :], 5, axis=1).ravel()
    ability, severity = rng.normal(0.3, 1.2, n_packets), rng.normal(0, 0.7, n_raters)
    logit = ability[packet] - rng.normal(0, 0.5, 5)[criterion] - severity[rater]
    logit += np.repeat(rng.normal(0, local, n_packets * 5), 4)
    power = np.outer(logit, np.arange(5)) - np.r_[0, np.cumsum(THRESHOLDS)]
    chance = np.exp(power - power.max(axis=1, keepdims=True))
    reached = (chance / chance.sum(axis=1, keepdims=True)).cumsum(axis=1)
    step = (rng.random(len(logit))[:, None] > reached[:, :-1]).sum(axis=1)
    names = (
        tuple(f"p{i:06d}" for i in range(n_packets)),
        tuple(f"c{i}" for i in range(5)),
        tuple(f"r{i:02d}" for i in range(n_raters)),
    )
    return Ratings(*names, packet, criterion, rater, step, (0, 4), (None,) * n_raters)


def time_least(work: Callable[[], Any], turns: int = TURNS) -> float:
    """Return the least seconds of the processor that a piece of work took."""
    times = []
    for _ in range(turns):
        start = process_time()
        work()
        times.append(process_time() - start)
    return min(times)


@pytest.mark.parametrize(("panels", "most"), [(40, MOST_SECONDS), (5000, 2 * MOST_SECONDS)])
def test_half_a_million_ratings(panels: int, most: float) -> None:
    """Fixed panels of four take at most .5 s; if nearly every packet has its own, twice that."""
    ratings = draw_ratings(25_000, 20, panels)
    seconds = time_least(lambda: fit_committee(ratings, levels=1))
    print(f"\n{ratings.n_ratings} ratings, {panels} panels: {seconds:.2f} s")  # noqa: T201
    assert seconds <= most


@pytest.mark.parametrize(
    ("panels", "local", "most"),
    [(40, 0.6, MOST_SECONDS), (40, 0.0, 2 * MOST_SECONDS), (5000, 0.6, 8 * MOST_SECONDS)],
)
def test_two_levels_of_half_a_million(panels: int, local: float, most: float) -> None:
    """With fixed panels two levels take at most .5 s; twice that if criteria do not depart at all.

    Then the spread of departures goes to its end, 0. Where nearly every packet has a panel of its
    own, hardly any two pieces share their integral: the figure is printed, and stays below 4 s.
    """
    ratings = draw_ratings(25_000, 20, panels, local)
    seconds = time_least(lambda: fit_committee(ratings))
    print(f"\ntwo levels, {panels} panels, departures {local}: {seconds:.2f} s")  # noqa: T201
    assert seconds <= most


@pytest.mark.parametrize("panels", [40, 5000])
def test_errors_of_half_a_million(panels: int) -> None:
    """S.E. from a part of the packets are those of all of them within 2 %."""
    ratings = draw_ratings(25_000, 20, panels, 0.6)
    fitted = fit_ratings(ratings, Plan(1, 2, {}))
    assert isinstance(fitted.data, Nested)
    exact = invert(-bend_nested(fitted.data, fitted.vector))
    contrast = np.eye(20) - 1 / 20
    told, true = (contrast @ c[:20, :20] @ contrast for c in (fitted.covariance, exact))
    off = np.abs(np.sqrt(np.diag(told) / np.diag(true)) - 1)
    print(f"\n{panels} panels: S.E. off by at most {100 * off.max():.1f} %")  # noqa: T201
    assert off.max() <= 0.02


def test_agreement_of_half_a_million() -> None:
    """All coefficients at once, without intervals."""
    ratings = draw_ratings(25_000, 20, 40)
    seconds = time_least(lambda: measure_agreement(ratings, n_bootstrap=0), 2)
    print(f"\nagreement of 500,000 ratings: {seconds:.2f} s")  # noqa: T201
    assert seconds <= 5


@pytest.mark.parametrize("levels", [1, 2])
def test_memory(levels: Literal[1, 2]) -> None:
    """The fit of half a million ratings takes at most 300 MB above the ratings themselves."""
    ratings = draw_ratings(25_000, 20, 5000, 0.6 * (levels - 1))
    tracemalloc.start()
    fit_committee(ratings, levels=levels)
    most = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    print(f"\n{levels} levels: {most:.0f} MB")  # noqa: T201
    assert most <= MOST_MEGABYTES


@pytest.mark.filterwarnings("ignore")
def test_beside_raschpy() -> None:
    """In one run at least five times as fast as RaschPy finds items, raters and thresholds.

    That is without packets and standard errors, which ours has. Both get their own form of the
    same ratings. With few ratings, where both take a twentieth of a second, the lead is smaller.
    """
    raschpy = pytest.importorskip("raschpy", reason="RaschPy is not installed: extra `peers`")
    pandas = pytest.importorskip("pandas")
    ratings = draw_ratings(25_000, 20, 40)
    columns = (ratings.rater, ratings.packet, ratings.criterion, ratings.step)
    names = ("rater", "person", "item", "x")
    frame = pandas.DataFrame(dict(zip(names, columns, strict=True)))
    table = frame.pivot_table(index=["rater", "person"], columns="item", values="x")
    peer = raschpy.MFRM(table, max_score=4, validate=False)
    ours = time_least(lambda: fit_committee(ratings, levels=1))
    theirs = time_least(peer.calibrate, 2)
    packets = time_least(peer.person_estimates, 1)
    print(  # noqa: T201
        f"\n{ratings.n_ratings} ratings: {ours:.2f} s; RaschPy {theirs:.2f} s, "
        f"{theirs / ours:.1f} times; its packets {packets:.2f} s more"
    )
    assert theirs / ours >= 5
