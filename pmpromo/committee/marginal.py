"""One level: the ability of a packet is the same on every criterion, and is integrated out.

The likelihood of a packet with total S and panel P is the integral over its ability t of
``exp(S t - sum over cells of P of log Z(t)) N(t; centre, spread^2)``, taken on equal steps over six
spreads to either side. Whatever else the ratings say is linear in the unknowns.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pmpromo.committee.arrays import add_products, multiply
from pmpromo.committee.curves import draw_curves, place_cells
from pmpromo.committee.derivatives import bend_cells, slope_cells, slope_totals
from pmpromo.committee.newton import Slope
from pmpromo.committee.parameters import unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.committee.arrays import FloatArray
    from pmpromo.committee.curves import Curves
    from pmpromo.committee.panels import Blocks, Groups, Totals
    from pmpromo.committee.parameters import Layout, Parameters, Prior

__all__ = [
    "Frame",
    "Marginal",
    "Shares",
    "bend_marginal",
    "count_nodes",
    "make_frame",
    "make_nodes",
    "share_groups",
    "slope_marginal",
]

REACH: Final = 6.0
"""Spreads to either side that an integral covers; beyond lies less than 2e-9 of a normal."""

NODES: Final = 121
"""Nodes over the ability of a packet at least: steps of a tenth of the spread."""

MOST_NODES: Final = 2001
"""A packet that needs more is known to a hundredth of the spread."""

ROWS: Final = 4096
"""Groups that are worked on at a time, to bound the memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Marginal:
    """Ratings counted for the model of one level."""

    blocks: Blocks
    groups: Groups
    totals: Totals
    layout: Layout
    prior: Prior
    nodes: FloatArray  # standardised


def make_nodes(count: float = NODES) -> FloatArray:
    """Return equal steps from -6 to 6: at least `count` nodes, within limits."""
    return np.linspace(-REACH, REACH, min(max(int(np.ceil(count)), NODES), MOST_NODES))


def count_nodes(data: Marginal, vector: FloatArray) -> float:
    """Return how many nodes the most telling packet asks for: steps of its own deviation.

    A sum at steps h of a normal curve with deviation s misses its integral by 2 exp(-2 (pi s /
    h)^2): 5e-9 at h = s.
    """
    frame = make_frame(data, vector)
    variance = data.blocks.gather(frame.curves.square - frame.curves.mean**2)
    told = float(multiply(data.groups.members.astype(np.float64), variance).max())
    return 1 + 2 * REACH * math.sqrt(1 + told * frame.parameters.spread**2)


class Sums(NamedTuple):
    """What each unit adds at each node: the mean step, and the shared slopes."""

    mean: FloatArray  # (units, nodes)
    shared: FloatArray  # (criteria + tables x steps, units, nodes)


class Shares(NamedTuple):
    """A run of groups, and where belief about their ability lies."""

    rows: slice
    members: FloatArray  # (rows, units), 0 or 1
    belief: FloatArray  # (rows, nodes), each row sums to 1
    log_likelihood: FloatArray  # (rows,)


class Frame(NamedTuple):
    """What a vector of unknowns stands for, at the nodes over the ability of a packet."""

    parameters: Parameters
    nodes: FloatArray
    curves: Curves
    hyper: FloatArray  # (2, nodes) slopes of the log prior of an ability: by centre, by log spread


def make_frame(data: Marginal, vector: FloatArray) -> Frame:
    """Return the curves of all cells under a vector of unknowns."""
    parameters = unpack(vector, data.layout)
    nodes = parameters.centre + parameters.spread * data.nodes
    curves = draw_curves(*place_cells(data.blocks.cells, parameters, data.layout), nodes)
    hyper = np.array([data.nodes / parameters.spread, data.nodes**2 - 1])
    return Frame(parameters, nodes, curves, hyper)


def share_groups(data: Marginal, frame: Frame, temper: float = 1.0) -> Iterator[Shares]:
    """Yield the posterior of ability of each group; `temper` multiplies the log likelihood."""
    weight = -0.5 * data.nodes**2
    weight -= np.log(np.exp(weight).sum())
    log_total = data.blocks.gather(frame.curves.log_total)
    groups = data.groups
    for start in range(0, len(groups), ROWS):
        rows = slice(start, start + ROWS)
        members = groups.members[groups.panel[rows]].astype(np.float64)
        powers = groups.score[rows, None] * frame.nodes
        powers -= multiply(members, log_total)
        powers *= temper
        powers += weight
        highest = powers.max(axis=1, keepdims=True)
        powers -= highest
        np.exp(powers, out=powers)
        total = powers.sum(axis=1, keepdims=True)
        powers /= total
        yield Shares(rows, members, powers, (np.log(total) + highest)[:, 0])


def slope_marginal(data: Marginal, vector: FloatArray) -> Slope:
    """Return log posterior and gradient: the expected slope of complete data (Fisher)."""
    layout, prior = data.layout, data.prior
    frame = make_frame(data, vector)
    mass = np.zeros((len(data.blocks), len(frame.nodes)))
    total = np.zeros(len(frame.nodes))
    value = 0.0
    for shares in share_groups(data, frame):
        heavy = shares.belief * data.groups.count[shares.rows, None]
        value += float(data.groups.count[shares.rows] @ shares.log_likelihood)
        mass += add_products(shares.members, heavy)
        total += heavy.sum(axis=0)
    gradient = slope_cells(layout, data.blocks.cells, frame.curves, data.blocks.spread(mass))
    gradient[layout.centre :] = frame.hyper @ total
    linear = slope_totals(data.totals, layout)
    value += float(vector @ linear) + prior.weigh(vector)
    return Slope(value, gradient + linear - prior.precision * (vector - prior.mean))


def bend_marginal(data: Marginal, vector: FloatArray) -> FloatArray:
    """Return the exact Hessian of the log posterior.

    With u(t) the slope of a packet's log likelihood at ability t, it is the expectation of the
    Hessian of complete data plus the covariance of u over the belief about t (Louis 1982).
    """
    frame = make_frame(data, vector)
    sums = sum_units(data, frame.curves)
    tally = Tally.empty(len(data.blocks), data.layout.size, len(frame.nodes))
    for shares in share_groups(data, frame):
        add_shares(tally, data, sums, frame.hyper, shares)
    complete = bend_complete(data, frame, tally)
    return complete + tally.covariance - np.diag(data.prior.precision)


def sum_units(data: Marginal, curves: Curves) -> Sums:
    """Return the curves of each unit: sums over its cells."""
    blocks, layout = data.blocks, data.layout
    mean = curves.mean
    n_nodes = mean.shape[1]
    by_criterion = np.zeros((layout.n_criteria, len(blocks), n_nodes))
    criterion = blocks.cells.criterion[blocks.cell]
    by_criterion[criterion, blocks.unit] = mean[blocks.cell]
    by_step = np.zeros((layout.n_tables, layout.n_steps, len(blocks), n_nodes))
    if layout.n_tables > 1:
        by_step[criterion, :, blocks.unit] = curves.above[:, blocks.cell].transpose(1, 0, 2)
    else:
        for k in range(layout.n_steps):
            by_step[0, k] = blocks.gather(curves.above[k])
    shared = np.concatenate([by_criterion, by_step.reshape(-1, len(blocks), n_nodes)])
    return Sums(blocks.gather(mean), shared)


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """What adds up over the groups."""

    mass: FloatArray  # (units, nodes) belief about the packets that a unit rated
    total: FloatArray  # (nodes,) belief about all packets
    covariance: FloatArray  # (size, size)

    @classmethod
    def empty(cls, n_units: int, size: int, n_nodes: int) -> Tally:
        """Return a tally of nothing."""
        return cls(np.zeros((n_units, n_nodes)), np.zeros(n_nodes), np.zeros((size, size)))


def add_shares(tally: Tally, data: Marginal, sums: Sums, hyper: FloatArray, shares: Shares) -> None:
    """Add a run of groups: masses, and E(u u') - E(u) E(u)'."""
    count = data.groups.count[shares.rows]
    heavy = shares.belief * count[:, None]
    tally.mass[:] += add_products(shares.members, heavy)
    total = heavy.sum(axis=0)
    tally.total[:] += total
    middle = average_slopes(data, sums, hyper, shares)
    tally.covariance[:] -= add_products(middle, middle * count[:, None])
    tally.covariance[:] += spread_pairs(data, sums, hyper, (shares.members, heavy, total))


def average_slopes(data: Marginal, sums: Sums, hyper: FloatArray, shares: Shares) -> FloatArray:
    """Return E(u) of each group, (rows, size)."""
    belief, members = shares.belief, shares.members
    shared = [
        np.einsum("ru,ru->r", multiply(belief, part.T), members)[:, None] for part in sums.shared
    ]
    own = multiply(multiply(belief, sums.mean.T) * members, list_raters(data))
    return np.hstack([own, *shared, multiply(belief, hyper.T)])


def list_raters(data: Marginal) -> FloatArray:
    """Return which rater each unit belongs to, (units, raters)."""
    table = np.zeros((len(data.blocks), data.layout.n_raters))
    table[np.arange(len(data.blocks)), data.blocks.rater] = 1
    return table


def spread_pairs(
    data: Marginal, sums: Sums, hyper: FloatArray, masses: tuple[FloatArray, FloatArray, FloatArray]
) -> FloatArray:
    """Return E(u u') summed over a run of groups, from the mass that each pair of units shares."""
    members, heavy, total = masses
    layout = data.layout
    result = np.zeros((layout.size, layout.size))
    shared = slice(layout.n_raters, layout.centre)
    last = slice(layout.centre, layout.size)
    for unit, rater in enumerate(data.blocks.rater.tolist()):
        rows = np.flatnonzero(members[:, unit])
        pair = add_products(members[rows], heavy[rows])  # (units, nodes)
        own = sums.mean[unit]
        np.add.at(result[rater], data.blocks.rater, (pair * sums.mean) @ own)
        slopes = np.einsum("un,jun->jn", pair, sums.shared)
        result[rater, shared] += slopes @ own
        result[rater, last] += hyper @ (pair[unit] * own)
        result[shared, shared] += slopes @ sums.shared[:, unit].T
        result[shared, last] += (sums.shared[:, unit] * pair[unit]) @ hyper.T
    result[last, last] += (hyper * total) @ hyper.T
    result[shared, : layout.n_raters] = result[: layout.n_raters, shared].T
    result[last, : layout.centre] = result[: layout.centre, last].T
    return result


def bend_complete(data: Marginal, frame: Frame, tally: Tally) -> FloatArray:
    """Return the expected Hessian of complete data: minus the covariance of what cells give."""
    layout, cells = data.layout, data.blocks.cells
    mass = data.blocks.spread(tally.mass)
    result = bend_cells(layout, cells, frame.curves, mass)
    spread = frame.parameters.spread
    nodes = data.nodes
    at = layout.centre
    result[at, at] -= tally.total.sum() / spread**2
    cross = -2 * float(tally.total @ nodes) / spread
    result[at, at + 1] += cross
    result[at + 1, at] += cross
    result[at + 1, at + 1] -= 2 * float(tally.total @ nodes**2)
    return result
