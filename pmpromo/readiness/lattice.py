"""The lattice over which increasing curves are summed: knots, logits, slopes and their priors.

A curve is a path: at each knot it has a logit f, and between two knots it rises by a whole number
J of logit steps. Its slope is B = J d / D (step d of the logit, spacing D of the knots).
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from pmpromo.readiness.history import Tally
    from pmpromo.readiness.sigmoid import BoolArray, FloatArray, IndexArray

__all__ = ["Grid", "Lattice", "RootPrior", "Scale", "build_lattice", "make_grid", "measure_scale"]

# Every constant is part of the measured estimator: it was chosen on simulated histories, before
# the comparison with other methods, and is not tuned to any data here.
CENTRE_DECISIONS: Final = 3.0
"""How many decisions the middle of the score range counts for as the centre."""
SPREAD_DECISIONS: Final = 4.0
"""How many decisions the usual spread counts for."""
USUAL_SPREAD: Final = 0.15
"""Spread of scores before any is seen, as a share of the score range."""
NARROWEST_SPACING: Final = 0.2
"""Knot spacing in spreads, unless that takes more knots than `MOST_KNOTS`."""
MOST_KNOTS: Final = 56
LOGIT_STEP: Final = 0.05
"""Logit step at the narrowest spacing; it grows with the spacing, so that slopes stay the same."""
FARTHEST_LOGIT: Final = 8.0
"""The lattice spans +-8: probabilities from 0.03 % to 99.97 %."""
RISES: Final = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 19, 24, 30, 40)
"""Logit steps that a curve may rise from one knot to the next."""
FLAT_RISE: Final = 0.4
"""Rise that stands for "flat" where the logarithm of a slope is taken."""
USUAL_SLOPE: Final = 1.6
"""Median rise of the logit over one spread of scores."""
LOG_SLOPE_SD: Final = 0.75
JUMP_RATE: Final = 0.05
"""Chance that the slope starts anew, per narrowest spacing."""
VOLATILITIES: Final = (0.05, 0.25, 1.0, 3.0)
"""How fast the log-slope wanders: from a straight line (Platt) to free steps (isotonic)."""
WIDE_FACTOR: Final = 3.0
"""How much wider the second part of a documented rate's prior is."""
LARGEST_TURN: Final = 0.05
"""Largest rate x time of one factor of the matrix exponential. Each factor, and so the product,
is then a matrix of probabilities."""


@dataclass(frozen=True, slots=True)
class RootPrior:
    """What is believed of the logit at the centre: (1 - wide) N(mean, sd) + wide N(mean, 3 sd)."""

    mean: float
    sd: float
    wide: float


@dataclass(frozen=True, slots=True)
class Scale:
    """Centre m and spread h of the scores, so that z = (score - m) / h."""

    centre: float
    spread: float


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """All of the lattice that no score touches: it depends on the knot spacing alone.

    R rises, G logits, H volatilities. `climb` and `descend` are indices into a flattened (R, G)
    array: where a path of rise J at f arrives one knot on, and where it came from.
    """

    spacing: float
    step: float
    logits: FloatArray  # (G,)
    rises: IndexArray  # (R,)
    slopes: FloatArray  # (R,)
    slope_prior: FloatArray  # (R,)
    kernels: FloatArray  # (H, R, R)
    climb: IndexArray  # (R, G): of (J, min(f + J, top))
    descend: IndexArray  # (R, G): of (J, max(f - J, 0))
    no_origin: BoolArray  # (R, G): f - J lies below the lattice
    at_top: BoolArray  # (R, G): f + J is the top of the lattice or above it


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """A grid laid over scores: `left` and `right` intervals on the two sides of the centre."""

    grid: Grid
    scale: Scale
    left: int
    right: int
    n_scores: float

    @property
    def interval(self) -> float:
        """Width of one interval between knots, in units of the score."""
        return self.scale.spread * self.grid.spacing

    @property
    def knots(self) -> FloatArray:
        """Scores at the knots, x_k = m + h D k for k = -left..right."""
        return self.scale.centre + self.interval * np.arange(-self.left, self.right + 1)


def measure_scale(tally: Tally, span: tuple[float, float] = (0.0, 1.0)) -> Scale:
    """Return the centre and spread of all scores, each shrunk towards its usual value.

    m = (k c + sum s) / (k + N) and h^2 = (j h0^2 + sum (s - mean)^2) / (j + N - 1).
    """
    usual_centre = (span[0] + span[1]) / 2
    usual_spread = USUAL_SPREAD * (span[1] - span[0])
    n = float(tally.seen.sum())
    if n == 0:
        return Scale(usual_centre, usual_spread)
    total = float((tally.seen * tally.scores).sum())
    squares = float((tally.seen * (tally.scores - total / n) ** 2).sum())
    centre = (CENTRE_DECISIONS * usual_centre + total) / (CENTRE_DECISIONS + n)
    variance = (SPREAD_DECISIONS * usual_spread**2 + squares) / (SPREAD_DECISIONS + n - 1)
    return Scale(centre, max(usual_spread / 2, math.sqrt(variance)))


def build_lattice(tally: Tally, span: tuple[float, float] = (0.0, 1.0)) -> Lattice:
    """Lay the grid over `span`, one knot at the centre of the scores."""
    scale = measure_scale(tally, span)
    spacing = max(NARROWEST_SPACING, (span[1] - span[0]) / scale.spread / MOST_KNOTS)
    interval = scale.spread * spacing
    return Lattice(
        make_grid(spacing),
        scale,
        max(1, math.ceil((scale.centre - span[0]) / interval)),
        max(1, math.ceil((span[1] - scale.centre) / interval)),
        float(tally.seen.sum()),
    )


@functools.lru_cache(maxsize=8)
def make_grid(spacing: float) -> Grid:
    """Return the grid of one knot spacing D (in spreads)."""
    step = LOGIT_STEP * spacing / NARROWEST_SPACING
    half = round(FARTHEST_LOGIT / step)
    rises = np.array(RISES)
    slopes = np.maximum(rises, FLAT_RISE) * step / spacing
    prior = weigh_slopes(np.log(slopes))
    top = 2 * half
    places = np.arange(top + 1)
    start = np.arange(len(rises))[:, None] * (top + 1)
    above, below = places + rises[:, None], places - rises[:, None]
    return Grid(
        spacing=spacing,
        step=step,
        logits=step * np.arange(-half, half + 1),
        rises=rises,
        slopes=slopes,
        slope_prior=prior,
        kernels=np.stack([move_slope(v, np.log(slopes), prior, spacing) for v in VOLATILITIES]),
        climb=start + np.minimum(above, top),
        descend=start + np.maximum(below, 0),
        no_origin=below < 0,
        at_top=above >= top,
    )


def weigh_slopes(log_slopes: FloatArray) -> FloatArray:
    """p(J) ~ N(b_J; log 1.6, 0.75^2) x (cell width of b_J): the prior of one slope."""
    ends = 1.5 * log_slopes[[0, -1]] - 0.5 * log_slopes[[1, -2]]
    middles = (log_slopes[1:] + log_slopes[:-1]) / 2
    width = np.diff(np.concatenate([ends[:1], middles, ends[1:]]))
    deviation = (log_slopes - math.log(USUAL_SLOPE)) / LOG_SLOPE_SD
    weight = np.exp(-0.5 * deviation**2) * width
    return np.asarray(weight / weight.sum())


def diffuse(volatility: float, log_slopes: FloatArray) -> FloatArray:
    """Return the generator A of a driftless walk on unequal steps.

    A[r, r+1] = w^2 / (u (u + v)) and A[r, r-1] = w^2 / (v (u + v)), u and v the gaps up and down;
    rows sum to 0. At an end the missing gap is taken as its neighbour.
    """
    gaps = np.diff(log_slopes)
    up, down = np.append(gaps, gaps[-1]), np.append(gaps[0], gaps)
    rate_up = volatility**2 / (up * (up + down))
    rate_down = volatility**2 / (down * (up + down))
    generator = np.diag(rate_up[:-1], 1) + np.diag(rate_down[1:], -1)
    return generator - np.diag(generator.sum(1))


def exponentiate(generator: FloatArray, time: float) -> FloatArray:
    """exp(A t), taken as (1 + A t / 2^q)^(2^q) by squaring q times."""
    fastest = max(1e-9, -float(generator.min()) * time)
    squarings = max(0, math.ceil(math.log2(fastest / LARGEST_TURN)))
    small = np.eye(len(generator)) + generator * time / 2**squarings
    return np.linalg.matrix_power(small, 2**squarings)


def move_slope(
    volatility: float, log_slopes: FloatArray, prior: FloatArray, spacing: float
) -> FloatArray:
    """Q = (1 - e) exp(A D) + e 1 p': the slope of the next interval given this one's."""
    jump = min(1.0, JUMP_RATE * spacing / NARROWEST_SPACING)
    return (1 - jump) * exponentiate(diffuse(volatility, log_slopes), spacing) + jump * prior


def weigh_roots(lattice: Lattice, root: RootPrior) -> FloatArray:
    """Return log p(f_0, J), shape (R, G): the logit at the centre given the slope there, and p(J).

    A rate is marginal over scores. The factor C_J = sqrt(1 + pi/8 B_J^2) turns it into the logit
    at the centre (probit approximation); B_J^2 / (1 + N) admits that the centre is uncertain.
    """
    slopes = lattice.grid.slopes[:, None]
    stretch = np.sqrt(1 + math.pi / 8 * slopes**2)
    distance = lattice.grid.logits - root.mean * stretch
    shift = slopes**2 / (1 + lattice.n_scores)
    parts = [(1 - root.wide, root.sd), (root.wide, WIDE_FACTOR * root.sd)]
    weighed = [
        math.log(share) + normalise_normal(distance, (sd * stretch) ** 2 + shift)
        for share, sd in parts
        if share > 0
    ]
    return np.asarray(np.logaddexp.reduce(weighed) + np.log(lattice.grid.slope_prior)[:, None])


def normalise_normal(distance: FloatArray, variance: FloatArray) -> FloatArray:
    """Return the log of a normal density on the lattice, each row summing to 1."""
    exponent = -0.5 * distance**2 / variance
    return np.asarray(exponent - np.logaddexp.reduce(exponent, 1, keepdims=True))
