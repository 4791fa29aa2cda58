"""Two levels: each criterion of a packet departs from the packet's own ability.

A piece is a packet on one criterion. Given the packet's ability t, pieces are independent, so the
integral over all of them together falls apart into one integral for each piece, over its own
ability s ~ N(t, local^2), inside one over t ~ N(centre, spread^2). Pieces with the same raters and
the same total share theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pmpromo.committee.arrays import add_products, multiply
from pmpromo.committee.curves import draw_curves, place_cells
from pmpromo.committee.derivatives import slope_cells, slope_totals
from pmpromo.committee.newton import Slope
from pmpromo.committee.parameters import unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.committee.arrays import FloatArray, IndexArray
    from pmpromo.committee.curves import Cells
    from pmpromo.committee.panels import Groups, Pieces, Totals
    from pmpromo.committee.parameters import Layout, Parameters, Prior

__all__ = [
    "Lattice",
    "Nested",
    "Packets",
    "bend_nested",
    "borrow_bend",
    "make_lattice",
    "slope_nested",
    "weigh_packets",
]

OUTER: Final = 40
"""Steps over six spreads to either side at least."""

REACH: Final = 6.0
"""Spreads to either side that an integral covers."""

FINEST: Final = 2000
"""Steps at most: a packet that needs finer ones is known to a thousandth of the spread."""

SMALLEST: Final = 1e-300
"""Likelihoods below this count as this: no packet is likely there in any case."""

DIFFERENCE: Final = 1e-5
"""Step by which the gradient is differenced into second derivatives."""

ROWS: Final = 8192
"""Groups that are worked on at a time, to bound the memory."""


@dataclass(frozen=True, eq=False)
class Nested:
    """Ratings counted for the model of two levels. The units of `groups` are cells."""

    cells: Cells
    groups: Groups  # of pieces
    pieces: Pieces
    totals: Totals
    layout: Layout
    prior: Prior
    information: float  # the most that the ratings of one piece can tell, 1 / logit^2
    most_pieces: int  # of one packet

    @cached_property
    def first(self) -> IndexArray:
        """The first piece of each packet."""
        return np.flatnonzero(np.diff(self.pieces.packet, prepend=-1))

    @cached_property
    def by_group(self) -> tuple[IndexArray, IndexArray]:
        """The packets of all pieces, group after group, and where each group begins."""
        order = np.argsort(self.groups.of_item, kind="stable")
        group = self.groups.of_item[order]
        return self.pieces.packet[order], np.flatnonzero(np.diff(group, prepend=-1))


class Lattice(NamedTuple):
    """Nodes over the abilities of packets and of pieces, and how one leads to the other."""

    outer: FloatArray  # (outer,)
    log_weight: FloatArray  # (outer,) log prior of packets
    inner: FloatArray  # (inner,)
    kernel: FloatArray  # (outer, inner) density of a piece's ability times the step
    standard: FloatArray  # (outer, inner) (inner - outer) / local


def make_lattice(parameters: Parameters, information: float, most_pieces: int) -> Lattice:
    """Return nodes at steps of at most one deviation of the most telling piece and packet.

    A sum at steps h of a normal curve with deviation s misses its integral by 2 exp(-2 (pi s /
    h)^2): 5e-9 at h = s.
    """
    spread, local = parameters.spread, parameters.local
    told = most_pieces / (local**2 + 1 / information)
    z = make_nodes(2 * REACH * np.sqrt(1 + told * spread**2), OUTER)
    outer = parameters.centre + spread * z
    log_weight = -0.5 * z**2
    log_weight -= np.log(np.exp(log_weight).sum())
    edge = spread + local
    t = make_nodes(2 * REACH * edge * np.sqrt(information + 1 / local**2), OUTER)
    inner = parameters.centre + edge * t
    standard = (inner - outer[:, None]) / local
    kernel = np.exp(-0.5 * standard**2)
    kernel *= (inner[1] - inner[0]) / (local * np.sqrt(2 * np.pi))
    return Lattice(outer, log_weight, inner, kernel, standard)


def make_nodes(count: float, least: int) -> FloatArray:
    """Return equal steps from -6 to 6: `count` of them, within limits."""
    return np.linspace(-REACH, REACH, min(max(int(np.ceil(count)), least), FINEST) + 1)


class Packets(NamedTuple):
    """What the ratings say of packets, before and after each is seen as a whole."""

    belief: FloatArray  # (packets, outer), each row sums to 1
    log_likelihood: FloatArray  # (packets,)
    likelihood: FloatArray  # (groups, outer) of a piece, up to a factor of its own


class Run(NamedTuple):
    """A run of groups of pieces: which cells, and the likelihood over the piece's ability."""

    rows: slice
    links: tuple[IndexArray, IndexArray]  # row of the run, ascending, and a cell that rated it
    likelihood: FloatArray  # (rows, inner), at most 1
    highest: FloatArray  # (rows,) the log of what it was divided by


def run_groups(
    data: Nested, lattice: Lattice, log_total: FloatArray, temper: float
) -> Iterator[Run]:
    """Yield the likelihood of each group of pieces over the nodes of a piece."""
    groups = data.groups
    for start in range(0, len(groups), ROWS):
        rows = slice(start, start + ROWS)
        row, cell = np.nonzero(groups.members[groups.panel[rows]])
        powers = groups.score[rows, None] * lattice.inner
        take_cells(powers, row, cell, log_total)
        powers *= temper
        highest = powers.max(axis=1)
        powers -= highest[:, None]
        np.exp(powers, out=powers)
        yield Run(rows, (row, cell), powers, highest)


def take_cells(
    powers: FloatArray, row: IndexArray, cell: IndexArray, log_total: FloatArray
) -> None:
    """Take from each row the log totals of its cells: the first of every row, then the second."""
    count = np.bincount(row)
    first = np.cumsum(count) - count
    for turn in range(int(count.max())):
        rows = np.flatnonzero(count > turn)
        powers[rows] -= log_total[cell[first[rows] + turn]]


def gather_cells(run: Run, values: FloatArray, n_cells: int) -> FloatArray:
    """Return values (rows, nodes) of a run summed over the rows that each cell rated."""
    row, cell = run.links
    order = np.argsort(cell, kind="stable")
    first = np.flatnonzero(np.diff(cell[order], prepend=-1))
    result = np.zeros((n_cells, values.shape[1]))
    result[cell[order][first]] = np.add.reduceat(values[row[order]], first, axis=0)
    return result


def weigh_packets(
    data: Nested, lattice: Lattice, log_total: FloatArray, temper: float = 1.0
) -> Packets:
    """Return where belief about each packet lies, and how likely its ratings are."""
    likelihood = np.empty((len(data.groups), len(lattice.outer)))
    highest = np.empty(len(data.groups))
    for run in run_groups(data, lattice, log_total, temper):
        likelihood[run.rows] = multiply(run.likelihood, lattice.kernel.T)
        highest[run.rows] = run.highest
    np.maximum(likelihood, SMALLEST, out=likelihood)
    of_piece = data.groups.of_item
    powers = np.add.reduceat(np.log(likelihood)[of_piece], data.first, axis=0)
    powers += lattice.log_weight
    top = powers.max(axis=1, keepdims=True)
    belief = np.exp(powers - top)
    total = belief.sum(axis=1, keepdims=True)
    belief /= total
    known = np.add.reduceat(highest[of_piece], data.first)
    return Packets(belief, (np.log(total) + top)[:, 0] + known, likelihood)


def share_pieces(data: Nested, packets: Packets) -> FloatArray:
    """Return the belief about packets, summed over those that have a piece in each group."""
    packet, first = data.by_group
    return np.asarray(np.add.reduceat(packets.belief[packet], first, axis=0))


def slope_nested(data: Nested, vector: FloatArray) -> Slope:
    """Return log posterior and gradient: the expected slope of complete data (Fisher)."""
    layout, prior, cells = data.layout, data.prior, data.cells
    parameters = unpack(vector, layout)
    lattice = make_lattice(parameters, data.information, data.most_pieces)
    curves = draw_curves(*place_cells(cells, parameters, layout), lattice.inner)
    packets = weigh_packets(data, lattice, curves.log_total)
    share = share_pieces(data, packets) / packets.likelihood
    mass = np.zeros_like(curves.log_total)
    joint = np.zeros_like(lattice.kernel)
    for run in run_groups(data, lattice, curves.log_total, 1.0):
        own = share[run.rows]
        joint += add_products(own, run.likelihood)
        weighed = multiply(own, lattice.kernel) * run.likelihood
        mass += gather_cells(run, weighed, len(cells))
    gradient = slope_cells(layout, cells, curves, mass)
    z = (lattice.outer - parameters.centre) / parameters.spread
    total = packets.belief.sum(axis=0)
    gradient[layout.centre] = total @ z / parameters.spread
    gradient[layout.centre + 1] = total @ (z**2 - 1)
    gradient[layout.centre + 2] = np.sum(joint * lattice.kernel * (lattice.standard**2 - 1))
    linear = slope_totals(data.totals, layout)
    value = float(packets.log_likelihood.sum()) + float(vector @ linear) + prior.weigh(vector)
    return Slope(value, gradient + linear - prior.precision * (vector - prior.mean))


def bend_nested(data: Nested, vector: FloatArray) -> FloatArray:
    """Return the second derivatives, as differences of the gradient."""
    here = slope_nested(data, vector).gradient
    steps = DIFFERENCE * np.eye(len(vector))
    rows = [slope_nested(data, vector + step).gradient - here for step in steps]
    hessian = np.array(rows) / DIFFERENCE
    return np.asarray(hessian + hessian.T) / 2


def borrow_bend(data: Nested, vector: FloatArray, flat: FloatArray) -> FloatArray:
    """Return second derivatives for many raters, those among raters borrowed from one level.

    Departures of criteria blur what packets tell about raters by about the same share for all of
    them: the share is found along a few fixed contrasts of severities. All other rows are
    differences of the gradient. `flat` is the matrix of one level near the answer.
    """
    layout, precision = data.layout, data.prior.precision
    here = slope_nested(data, vector).gradient
    own = slice(0, layout.n_raters)
    told = flat[own, own] + np.diag(precision[own])
    contrasts = make_contrasts(layout.n_raters)
    bent = [bend_along(data, vector, np.pad(v, (0, layout.size - len(v))), here) for v in contrasts]
    pairs = zip(contrasts, bent, strict=True)
    exact = sum(float(v @ row[own] + v**2 @ precision[own]) for v, row in pairs)
    share = exact / sum(float(v @ told @ v) for v in contrasts)
    hessian = np.zeros((layout.size, layout.size))
    hessian[own, own] = share * told - np.diag(precision[own])
    for place in range(layout.n_raters, layout.size):
        row = bend_along(data, vector, np.eye(layout.size)[place], here)
        hessian[place, :] = hessian[:, place] = row
    return hessian


def bend_along(data: Nested, vector: FloatArray, way: FloatArray, here: FloatArray) -> FloatArray:
    """Return how the gradient turns along a direction."""
    return (slope_nested(data, vector + DIFFERENCE * way).gradient - here) / DIFFERENCE


def make_contrasts(n_raters: int) -> list[FloatArray]:
    """Return patterns of severities with mean 0: one half against the other, in several ways."""
    place = np.arange(n_raters)
    waves = (np.cos(2.4 * k * place + k) for k in range(1, CONTRASTS + 1))
    return [wave - wave.mean() for wave in waves]


CONTRASTS: Final = 4
"""Patterns along which it is looked at."""
