"""Committees drawn from the model, and ones drawn so that they shrink to something readable."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from hypothesis import strategies as st

from pmpromo.committee import Ratings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn
    from numpy.typing import NDArray

THRESHOLDS: Final = (-2.0, -0.7, 0.7, 2.0)


@dataclass(frozen=True)
class Truth:
    """What ratings were drawn from."""

    ability: NDArray[Any]  # (packets, criteria)
    difficulty: NDArray[Any]
    severity: NDArray[Any]  # (raters,)

    def expect(self, rater: float) -> NDArray[Any]:
        """Return the mean rating of each packet by a rater of a severity."""
        logit = self.ability - self.difficulty - rater
        power = logit[..., None] * np.arange(5) - np.r_[0, np.cumsum(THRESHOLDS)]
        chance = np.exp(power - power.max(axis=-1, keepdims=True))
        chance /= chance.sum(axis=-1, keepdims=True)
        return np.asarray((chance @ np.arange(5)).mean(axis=1))


@dataclass(frozen=True)
class Design:
    """How a committee is drawn."""

    n_packets: int = 60
    n_criteria: int = 4
    n_raters: int = 10
    per_packet: tuple[int, ...] = (3,)
    severity_sd: float = 0.7
    spread: float = 1.2
    local: float = 0.0
    halo: float = 0.0
    names: tuple[str, ...] = field(default=())


def draw_committee(design: Design, seed: int) -> tuple[Ratings, Truth]:
    """Draw truth, who rates what, and the ratings."""
    rng = np.random.default_rng(seed)
    n_packets, n_criteria, n_raters = design.n_packets, design.n_criteria, design.n_raters
    own = rng.normal(0.3, design.spread, n_packets)[:, None]
    ability = own + rng.normal(0, 1, (n_packets, n_criteria)) * design.local
    truth = Truth(
        ability, rng.normal(0, 0.5, n_criteria), rng.normal(0, design.severity_sd, n_raters)
    )
    size = rng.choice(design.per_packet, n_packets)
    packet = np.repeat(np.arange(n_packets), size)
    rater = np.concatenate([rng.permutation(n_raters)[:k] for k in size])
    halo = np.repeat(rng.normal(0, 1, len(packet)) * design.halo, n_criteria)
    packet, rater = np.repeat(packet, n_criteria), np.repeat(rater, n_criteria)
    criterion = np.tile(np.arange(n_criteria), len(packet) // n_criteria)
    logit = ability[packet, criterion] + halo - truth.difficulty[criterion] - truth.severity[rater]
    return make_ratings(packet, criterion, rater, draw_points(logit, rng)), truth


def draw_points(logit: NDArray[Any], rng: np.random.Generator) -> NDArray[Any]:
    """Draw a point 0..4 at each distance of ability and location."""
    power = np.outer(logit, np.arange(5)) - np.r_[0, np.cumsum(THRESHOLDS)]
    chance = np.exp(power - power.max(axis=1, keepdims=True))
    reached = (chance / chance.sum(axis=1, keepdims=True)).cumsum(axis=1)
    return np.asarray((rng.random(len(logit))[:, None] > reached[:, :-1]).sum(axis=1))


def make_ratings(
    packet: NDArray[Any], criterion: NDArray[Any], rater: NDArray[Any], rating: NDArray[Any]
) -> Ratings:
    """Return ratings of coded columns; names sort as codes do."""
    return Ratings.from_columns(
        {
            "packet_id": [f"p{i:06d}" for i in packet.tolist()],
            "criterion": [f"c{i:02d}" for i in criterion.tolist()],
            "rater_id": [f"r{i:03d}" for i in rater.tolist()],
            "rating": rating.tolist(),
        }
    )


Columns = dict[str, list[Any]]


def write_columns(rows: Sequence[tuple[str, str, str, int]]) -> Columns:
    """Return rows as columns in long form."""
    names = ("packet_id", "criterion", "rater_id", "rating")
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


@st.composite
def crossed(draw: DrawFn, most_packets: int = 4) -> Columns:
    """Draw a small committee in which everybody rates everything."""
    n_packets = draw(st.integers(1, most_packets))
    n_criteria, n_raters = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    places = [
        (f"p{p}", f"c{c}", f"r{r}")
        for p in range(n_packets)
        for c in range(n_criteria)
        for r in range(n_raters)
    ]
    points = draw(st.lists(st.integers(0, 4), min_size=len(places), max_size=len(places)))
    return write_columns([(*place, point) for place, point in zip(places, points, strict=True)])
