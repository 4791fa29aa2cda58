"""Scores that know their source, and the bridge from one source to another."""

from __future__ import annotations

from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmpromo.errors import DataError
from pmpromo.readiness import Scores, build_bridge, fit_readiness
from pmpromo.readiness.bridge import deal_evenly

IDS: Final = tuple(f"p-{i:02d}" for i in range(24))
RATED: Final = Scores(tuple(0.2 + 0.02 * i for i in range(24)), "ratings", IDS)
# t = 0.1 + 1.5 (s - 0.2) + e with e = +0.06, -0.06 in turn: an even number of each.
SHOWN: Final = Scores(
    tuple(0.1 + 0.03 * i + (0.06 if i % 4 in {0, 3} else -0.06) for i in range(24)), "proven", IDS
)


def test_scores_are_selected_by_packet() -> None:
    """The scores of some packets come in the order asked, and keep their source."""
    chosen = RATED.select(["p-03", "p-01"])
    assert chosen == Scores((RATED[3], RATED[1]), "ratings", ("p-03", "p-01"))


def test_packets_without_a_score_are_all_named() -> None:
    """Every packet asked for that has no score is a problem with its place."""
    with pytest.raises(DataError) as caught:
        RATED.select(["p-01", "x", "p-02", "y"])
    assert [p.path for p in caught.value.problems] == ["packet_ids[1]", "packet_ids[3]"]


def test_scores_without_ids_select_nothing() -> None:
    """Nobody can say whose a score is where no id was given."""
    with pytest.raises(DataError, match="packet_ids: unknown"):
        Scores((0.5,), "ratings").select(["p-1"])


@pytest.mark.parametrize(
    ("ids", "found"),
    [(("a",), "has 1 entries where scores has 2"), (("a", "a"), "1 ids occur more than once")],
)
def test_ids_that_do_not_fit_are_refused(ids: tuple[str, ...], found: str) -> None:
    """There is one id a score, and one score a packet."""
    with pytest.raises(DataError, match=found):
        Scores((0.5, 0.6), "ratings", ids)


def test_scores_of_one_source_are_joined() -> None:
    """Joined scores keep source and ids, and count what was bridged; other things are not added."""
    one, other = Scores((0.5,), "proven", ("a",), 1), Scores((0.6,), "proven", ("b",))
    assert one + other == Scores((0.5, 0.6), "proven", ("a", "b"), 1)
    assert (one + Scores((0.6,), "proven")).packet_ids is None
    with pytest.raises(TypeError):
        one + (0.5,)  # noqa: RUF005


def test_bridge_is_the_line_of_least_squares() -> None:
    """Slope, intercept and correlation are those of numpy's own line and table."""
    bridge = build_bridge(RATED, SHOWN)
    slope, intercept = np.polyfit(RATED.values, SHOWN.values, 1)
    assert (bridge.slope, bridge.intercept) == pytest.approx((slope, intercept), abs=1e-9)
    correlation = np.corrcoef(RATED.values, SHOWN.values)[0, 1]
    assert bridge.correlation == pytest.approx(correlation, abs=1e-12)
    assert (bridge.n_packets, len(bridge.residuals)) == (24, 24)
    assert str(bridge).startswith("proven = -0.2")


def test_bridge_uses_only_packets_with_both() -> None:
    """What has one score alone changes nothing, and neither does the order of packets."""
    more = RATED + Scores((0.9,), "ratings", ("alone",))
    mixed = SHOWN.select(IDS[::-1]) + Scores((0.0,), "proven", ("other",))
    assert build_bridge(more, mixed) == build_bridge(RATED, SHOWN)


def test_carried_scores_scatter_as_packets_do() -> None:
    """Carried over, scores keep the spread of the packets' own, where the bare line loses some."""
    carried = build_bridge(RATED, SHOWN).convert(RATED)
    assert np.std(carried.values) == pytest.approx(np.std(SHOWN.values), rel=0.05)
    assert (carried.score_source, carried.n_bridged) == ("proven", 24)


@given(st.permutations(range(24)))
def test_order_of_rows_changes_no_bit_of_a_carried_score(order: list[int]) -> None:
    """Each packet is carried over alike in whatever row it stands, ties among them."""
    tied = Scores(tuple(round(x, 1) for x in RATED.values), "ratings", IDS)
    bridge = build_bridge(RATED, SHOWN)
    shuffled = tied.select(IDS[i] for i in order)
    assert bridge.convert(shuffled).select(IDS).values == bridge.convert(tied).values


@given(st.integers(1, 60), st.integers(1, 30))
def test_residuals_are_dealt_evenly(m: int, n: int) -> None:
    """Any n draws take each of m residuals about n / m times: three gaps of the golden ratio."""
    counts = np.bincount(deal_evenly(np.arange(m, dtype=float), n).astype(int), minlength=m)
    assert counts.max() - counts.min() <= 2


def test_carried_scores_stay_shares() -> None:
    """A score that the line would carry beyond 0 or 1 stops there."""
    far = Scores((0.0, 1.0), "ratings", ("a", "b"))
    assert build_bridge(RATED, SHOWN).convert(far).values == (0.0, 1.0)


@pytest.mark.parametrize(
    ("given_scores", "wanted", "found"),
    [
        (RATED, RATED, "both are ratings"),
        (Scores(RATED.values, "ratings"), SHOWN, "given: without packet ids"),
        (RATED, Scores(SHOWN.values, "proven"), "wanted: without packet ids"),
        (RATED, SHOWN.select(IDS[:19]), "19 packets have both scores, at least 20"),
        (RATED, Scores(SHOWN.values[::-1], "proven", IDS), "does not rise with ratings"),
        (Scores((0.5,) * 24, "ratings", IDS), SHOWN, "does not rise with ratings"),
    ],
)
def test_what_cannot_be_bridged_is_refused(
    given_scores: Scores, wanted: Scores, found: str
) -> None:
    """A bridge needs two sources, ids, twenty packets with both, and a line that rises."""
    with pytest.raises(DataError, match=found):
        build_bridge(given_scores, wanted)


def test_wide_scatter_asks_for_more_packets() -> None:
    """Residuals of 0.12 in turn ask for 36 packets, for a standard error of 0.02."""
    wide = tuple(0.2 + 0.015 * i + (0.12 if i % 4 in {0, 3} else -0.12) for i in range(24))
    with pytest.raises(DataError, match="24 packets have both scores, at least 36 are needed"):
        build_bridge(RATED, Scores(wide, "proven", IDS))


def test_a_bridge_carries_only_its_own_source() -> None:
    """Scores of another source, and scores without ids, are both named."""
    with pytest.raises(DataError) as caught:
        build_bridge(RATED, SHOWN).convert(Scores((0.5,), "proven"))
    assert [p.message for p in caught.value.problems] == [
        "from proven, where the bridge begins at ratings",
        "without packet ids",
    ]


def test_a_model_counts_bridged_scores() -> None:
    """A model of mixed history says how many of its scores were carried over, and so its card."""
    carried = build_bridge(RATED, SHOWN).convert(RATED.select(IDS[:4]))
    model = fit_readiness(SHOWN.select(IDS[4:]) + carried, [0, 1] * 12)
    assert (model.score_source, model.n_bridged) == ("proven", 4)
    assert "4 of their scores were carried over from another source." in model.model_card()


@pytest.mark.slow
def test_bridged_history_recovers_the_curve() -> None:
    """Decisions taken on ratings, carried over: the curve of the packets' own scores comes back.

    Proven t is uniform within 0.05..0.95, the rating s = t + N(0, 0.12), and P(promoted) =
    sigma(14 (s - 0.5)), so P(promoted | t) is the mean of that over the noise. Bridged on 100
    packets, the 90 % interval holds it at .85 or more of 15 scores over 40 histories of 600, and
    the mean error is less than half that of the bare line, which is too steep.
    """
    rng = np.random.default_rng(20260630)
    grid = np.linspace(0.15, 0.85, 15)
    noise = rng.normal(0, 0.12, 20000)
    truth = (1 / (1 + np.exp(-14 * (grid[:, None] + noise - 0.5)))).mean(1)
    found = []
    for _ in range(40):
        t = rng.uniform(0.05, 0.95, 700)
        s = np.clip(t + rng.normal(0, 0.12, 700), 0, 1)
        y = (rng.uniform(size=700) < 1 / (1 + np.exp(-14 * (s - 0.5)))).astype(int)
        ids = tuple(map(str, range(700)))
        rated = Scores(tuple(s), "ratings", ids)
        bridge = build_bridge(rated, Scores(tuple(t[:100]), "proven", ids[:100]))
        old = rated.select(ids[100:])
        line = np.clip(bridge.intercept + bridge.slope * np.array(old.values), 0, 1)
        ours, bare = (fit_readiness(x, y[100:]).predict(grid) for x in (bridge.convert(old), line))
        held = ((ours.low <= truth) & (truth <= ours.high)).mean()
        errors = (np.abs(forecast.probability - truth).mean() for forecast in (ours, bare))
        found.append([held, *errors])
    coverage, error, bare_error = np.mean(found, 0)
    assert coverage >= 0.85
    assert error < 0.5 * bare_error
