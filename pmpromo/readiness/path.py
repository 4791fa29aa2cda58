"""Exact inference of an increasing curve: messages inward to the centre, marginals outward.

The model: y ~ Bernoulli(sigma(f(z) + o)), f increasing with slope exp(b), b a random walk that
now and then starts anew. On the lattice the curve is a Markov chain of (f, J), logit and rise;
its two sides are independent given (f_0, J) at the centre. Sums over all paths are therefore two
sweeps of messages, as in a hidden Markov model. The left side is the right side of the mirror
image: f -> -f, promoted <-> not promoted, o -> -o.

Shapes: H volatilities, I intervals of a side, K knots, R rises, G logits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pmpromo.readiness.lattice import weigh_roots

if TYPE_CHECKING:
    from pmpromo.readiness.history import Tally
    from pmpromo.readiness.lattice import Grid, Lattice, RootPrior
    from pmpromo.readiness.sigmoid import FloatArray, IndexArray

__all__ = ["Posterior", "infer_path"]

CELLS: Final = 3
"""Cells an interval is cut into; a decision is judged by the curve at the middle of its cell."""


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """What the decisions say of the curve: for each volatility, p(f at knot k | decisions)."""

    lattice: Lattice
    marginals: FloatArray  # (H, K, G), each summing to 1 over G
    volatility_weights: FloatArray  # (H,), W_w ~ Z_w
    log_evidence: float  # log of the mean of Z_w


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """A function of (f, J), mantissa x exp(log_scale): each f has a scale of its own.

    A hundred thousand decisions make messages that differ by exp(-10000) between two logits. With
    one scale for all, one side of the centre could lose what the other side needs.
    """

    mantissa: FloatArray  # (H, R, G), of order 1
    log_scale: FloatArray  # (H, 1, G)

    def mirror(self) -> Message:
        """Return the message of the mirror image, f -> -f."""
        return Message(self.mantissa[..., ::-1], self.log_scale[..., ::-1])


def infer_path(tally: Tally, lattice: Lattice, root: RootPrior) -> Posterior:
    """Return the exact posterior of the curve on the lattice.

    Z_w = sum over (f, J) of prior(f, J) N_right(f, J) N_left(-f, J).
    """
    grid = lattice.grid
    right = weigh_side(tally, lattice, mirrored=False)
    left = weigh_side(tally, lattice, mirrored=True)
    from_right, from_left = send_inward(right, grid), send_inward(left, grid)
    seen_right, seen_left = from_right[0], from_left[0].mirror()
    log_prior = weigh_roots(lattice, root)
    start_right = make_message(seen_left.mantissa, log_prior + seen_left.log_scale)
    start_left = make_message(seen_right.mantissa, log_prior + seen_right.log_scale).mirror()
    log_evidence, centre = join(start_right, seen_right)
    rightward = spread_outward(start_right, right, from_right[1:], grid)
    leftward = spread_outward(start_left, left, from_left[1:], grid)
    marginals = np.stack([*(m[:, ::-1] for m in reversed(leftward)), centre, *rightward], 1)
    total = float(np.logaddexp.reduce(log_evidence))
    weights = np.exp(log_evidence - total)
    return Posterior(lattice, marginals, weights, total - math.log(len(weights)))


def weigh_side(tally: Tally, lattice: Lattice, *, mirrored: bool) -> FloatArray:
    """Return the log-likelihood of each interval of one side, (I, R, G).

    It sums y log sigma(F + o) + (1 - y) log sigma(-F - o) over decisions: with k promotions among
    n of one cell and offset, n log sigma(F + o) - (n - k) (F + o).
    """
    intervals = lattice.left if mirrored else lattice.right
    cells, promoted, offsets = find_cells(tally.scores, lattice), tally.promoted, tally.offsets
    if mirrored:
        cells, promoted, offsets = -1 - cells, tally.decided - promoted, -offsets
    here = (cells >= 0) & (tally.decided > 0)
    result = np.zeros((intervals, *lattice.grid.at_top.shape))
    curve = cell_logits(lattice.grid)
    for offset in np.unique(offsets[here]):
        rows = here & (offsets == offset)
        n = np.bincount(cells[rows], tally.decided[rows], intervals * CELLS)
        k = np.bincount(cells[rows], promoted[rows], intervals * CELLS)
        shifted = curve + offset
        result -= np.tensordot(n.reshape(intervals, CELLS), np.logaddexp(0, -shifted), 1)
        result -= np.tensordot((n - k).reshape(intervals, CELLS), shifted, 1)
    return result


def find_cells(scores: FloatArray, lattice: Lattice) -> IndexArray:
    """Return the cell of each score, counted from the centre: 0, 1, ... right, -1, -2, ... left.

    A score on a border belongs to the cell above it.
    """
    position = (scores - lattice.knots[0]) / lattice.interval * CELLS
    last = (lattice.left + lattice.right) * CELLS - 1
    cells = np.clip(np.floor(position).astype(np.intp), 0, last)
    return np.asarray(cells - lattice.left * CELLS)


def cell_logits(grid: Grid) -> FloatArray:
    """F = f + ((t + 1/2) / 3) J d, the curve at the middle of cell t: shape (3, R, G)."""
    middles = (np.arange(CELLS) + 0.5) / CELLS
    return np.asarray(grid.logits + middles[:, None, None] * grid.step * grid.rises[:, None])


def make_message(factor: FloatArray, exponent: FloatArray) -> Message:
    """Return factor x exp(exponent) as a message, without overflow or underflow."""
    top = exponent.max(1, keepdims=True)
    mantissa = exponent - top
    np.exp(mantissa, out=mantissa)
    mantissa *= factor
    largest = mantissa.max(1, keepdims=True)
    mantissa /= largest
    return Message(mantissa, top + np.log(largest))


def send_inward(log_likelihood: FloatArray, grid: Grid) -> list[Message]:
    """Sweep from the far end to the centre; return N_0, ..., N_I, seen from the knots 0..I.

    V_i(f, J) = l_i(f, J) N_i(min(f + J, top), J) and N_{i-1}(f, J') = sum_J Q(J', J) V_i(f, J).
    """
    shape = (len(grid.kernels), *grid.at_top.shape)
    messages = [Message(np.ones(shape), np.zeros((shape[0], 1, shape[2])))]
    arrival = grid.climb % shape[2]
    for here in log_likelihood[::-1]:
        beyond = messages[-1]
        ahead = pick(beyond.mantissa, grid.climb)
        value = make_message(ahead, here + pick(beyond.log_scale, arrival))
        messages.append(Message(grid.kernels @ value.mantissa, value.log_scale))
    return messages[::-1]


def pick(values: FloatArray, index: IndexArray) -> FloatArray:
    """Return values[h].flat[index] for every volatility h."""
    return values.reshape(len(values), -1).take(index, axis=1)


def spread_outward(
    start: Message, log_likelihood: FloatArray, inward: list[Message], grid: Grid
) -> list[FloatArray]:
    """Return p(f at knot i | all decisions), (H, G), for the knots 1..I of one side.

    The forward message moves out by cur <- (cur Q) l_i and then up by J; its product with the
    inward message, summed over J, is the marginal. Nothing is divided but by a total.
    """
    marginals = []
    current = start
    forward = grid.kernels.transpose(0, 2, 1)
    for here, beyond in zip(log_likelihood, inward, strict=True):
        current = rise(forward @ current.mantissa, here + current.log_scale, grid)
        marginals.append(join(current, beyond)[1])
    return marginals


def rise(factor: FloatArray, exponent: FloatArray, grid: Grid) -> Message:
    """Move factor x exp(exponent) from (f, J) to (f + J, J); what passes the top stays there."""
    moved, log_moved = pick(factor, grid.descend), pick(exponent, grid.descend)
    log_moved[:, grid.no_origin] = -np.inf
    moved[..., -1], log_moved[..., -1] = gather_at_top(factor, exponent, grid)
    return make_message(moved, log_moved)


def gather_at_top(
    factor: FloatArray, exponent: FloatArray, grid: Grid
) -> tuple[FloatArray, FloatArray]:
    """Sum, for each J, all that arrives at or above the top: (factor, exponent), (H, R) each."""
    last = slice(-int(grid.rises[-1]) - 1, None)
    log_mass = np.where(grid.at_top[:, last], exponent[..., last], -np.inf)
    top = log_mass.max(2, keepdims=True)
    return (factor[..., last] * np.exp(log_mass - top)).sum(2), top[..., 0]


def join(one: Message, other: Message) -> tuple[FloatArray, FloatArray]:
    """Return the log of sum_(f, J) one x other, (H,), and its share by f, (H, G)."""
    exponent = (one.log_scale + other.log_scale)[:, 0]
    top = exponent.max(1, keepdims=True)
    mass = np.exp(exponent - top) * (one.mantissa * other.mantissa).sum(1)
    total = mass.sum(1, keepdims=True)
    return (top + np.log(total))[:, 0], mass / total
