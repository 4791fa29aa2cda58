"""What committees might do: nine truths to measure forecasts against, and why each is here.

They were written down, and committed, before anything was measured on them. A truth is P(promoted |
score) for every score, with the scores that such a committee sees. Promotion rates lie between 1 in
10 and 1 in 2. Scores bunch in the middle or above it: few people submit a packet that shows
nothing, and few packets prove everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import beta

if TYPE_CHECKING:
    from collections.abc import Callable

    from pmpromo.readiness.sigmoid import FloatArray

    Curve = Callable[[FloatArray], FloatArray]

POINTS: Final = 400
"""Scores at which a forecast is compared with a truth: the middles of equal shares of packets."""


@dataclass(frozen=True, slots=True)
class Truth:
    """P(promoted | score), and the quantiles of the scores that are decided on."""

    name: str
    reason: str
    promote: Curve
    place: Curve

    @property
    def points(self) -> FloatArray:
        """Scores that stand for all packets, each for an equal share of them."""
        return self.place((np.arange(POINTS) + 0.5) / POINTS)

    @property
    def rate(self) -> float:
        """The share of all packets that is promoted."""
        return float(self.promote(self.points).mean())


def rise(s: FloatArray, slope: float, middle: float) -> FloatArray:
    """Return a logistic rise from 0 to 1: its slope in logits, and where it reaches one half."""
    return np.asarray(1 / (1 + np.exp(-slope * (s - middle))))


def bend(s: FloatArray) -> FloatArray:
    """Return a logit that rises by 3 a unit of score, and from 0.6 on by 20 a unit."""
    return np.asarray(-3 + 3 * s + 17 * np.maximum(s - 0.6, 0))


def spread(a: float, b: float, steps: int | None = None) -> Curve:
    """Return the quantiles of Beta(a, b) scores, rounded to a number of steps if there is one."""

    def place(share: FloatArray) -> FloatArray:
        scores = np.asarray(beta.ppf(share, a, b))
        return scores if steps is None else np.round(scores * steps) / steps

    return place


TRUTHS: Final = (
    Truth(
        "logistic",
        "the textbook: each point of score counts the same; packets of people who think it is time",
        lambda s: rise(s, 10, 0.6),
        spread(5, 4),
    ),
    Truth(
        "flat",
        "the committee goes by something else, and the score tells next to nothing",
        lambda s: 0.3 + 0.15 * s,
        spread(4, 4),
    ),
    Truth(
        "steep",
        "a strict committee that reads the rubric closely: rare, and nearly a bar",
        lambda s: rise(s, 22, 0.7),
        spread(4, 4),
    ),
    Truth(
        "plateau",
        "weak and strong cases are plain, those between are all alike; every kind of packet comes",
        lambda s: 0.03 + 0.3 * rise(s, 25, 0.35) + 0.6 * rise(s, 25, 0.8),
        spread(2, 2),
    ),
    Truth(
        "two slopes",
        "below the bar a score helps little, above it each point counts",
        lambda s: 1 / (1 + np.exp(-bend(s))),
        spread(5, 4),
    ),
    Truth(
        "kinked",
        "probability rises in a straight line between a floor and a ceiling: no calibrator's shape",
        lambda s: np.clip(1.6 * (s - 0.3), 0.04, 0.9),
        spread(4, 4),
    ),
    Truth(
        "hard step",
        "a must-have that the score does not know of: nearly none below it, nearly all above it",
        lambda s: np.where(s < 0.62, 0.05, 0.85),
        spread(5, 4),
    ),
    Truth(
        "ceiling",
        "places are few: even the best packet has an even chance; managers hold weak packets back",
        lambda s: 0.02 + 0.5 * rise(s, 14, 0.6),
        spread(6, 3),
    ),
    Truth(
        "ties",
        "ratings in half points of 0 to 4: nine scores in all, and most decisions on five of them",
        lambda s: rise(s, 7, 0.6),
        spread(4, 4, steps=8),
    ),
)
"""Each is its own combination of shape, promotion rate and scores."""
