"""Two levels: each criterion of a packet departs from the packet's own ability.

A piece is a packet on one criterion. Given the packet's ability t, pieces are independent, so the
integral over all of them together falls apart into one integral for each piece, over its own
ability s ~ N(t, local^2), inside one over t ~ N(centre, spread^2). Pieces with the same raters and
the same total share theirs: they are one group, and groups with the same raters one family.
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
    "Run",
    "Stretch",
    "Told",
    "add_cells",
    "cut_stretch",
    "hear_groups",
    "make_lattice",
    "run_groups",
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

PACKETS: Final = 1024
"""Packets that are worked on at a time: so few that their numbers stay close to the processor."""

ROWS: Final = 2048
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
    weight: FloatArray  # (packets,) how many packets each stands for
    coarseness: float = 1.0  # steps between nodes, in deviations of the most telling

    @cached_property
    def order(self) -> IndexArray:
        """The packets, those with most pieces first, then by the group of their first piece."""
        count = np.bincount(self.pieces.packet)
        first = np.cumsum(count) - count
        return np.lexsort((self.groups.of_item[first], -count))

    @cached_property
    def places(self) -> tuple[IndexArray, ...]:
        """The first piece of each packet in order, then the second, and so on.

        As packets with most pieces come first, each turn is as long as packets have so many.
        """
        count = np.bincount(self.pieces.packet)
        first = (np.cumsum(count) - count)[self.order]
        lengths = [int((count > turn).sum()) for turn in range(int(count.max()))]
        return tuple(first[:length] + turn for turn, length in enumerate(lengths))

    @cached_property
    def turns(self) -> tuple[IndexArray, ...]:
        """The group of each of `places`."""
        return tuple(self.groups.of_item[place] for place in self.places)

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The packets in runs that stay close to the processor."""
        cuts = range(0, len(self.order), PACKETS)
        return tuple(cut_stretch(self.turns, slice(start, start + PACKETS)) for start in cuts)

    @cached_property
    def links(self) -> tuple[IndexArray, IndexArray]:
        """The families, ascending, and the cells that rated them."""
        family, cell = np.nonzero(self.groups.members)
        return family, cell


class Stretch(NamedTuple):
    """A run of packets in order, and the groups of their pieces."""

    rows: slice
    turns: tuple[IndexArray, ...]  # of these packets
    packet: IndexArray  # (pieces,) the packet, 0 for the first of the run; group after group
    first: IndexArray  # (groups,) where each group begins
    group: IndexArray  # (groups,) ascending

    def stack(self, table: FloatArray) -> FloatArray:
        """Return rows of a table by group, summed over the pieces of each packet."""
        result = table[self.turns[0]]
        for turn in self.turns[1:]:
            result[: len(turn)] += table[turn]
        return result

    def gather(self, table: FloatArray) -> FloatArray:
        """Return rows of a table by packet, summed over the packets of each of its groups."""
        return np.asarray(np.add.reduceat(table[self.packet], self.first, axis=0))


def cut_stretch(turns: tuple[IndexArray, ...], rows: slice) -> Stretch:
    """Return a run of packets."""
    own = tuple(turn[rows] for turn in turns)
    group = np.concatenate(own)
    packet = np.concatenate([np.arange(len(turn)) for turn in own])
    row = np.argsort(group, kind="stable")
    first = np.flatnonzero(np.diff(group[row], prepend=-1))
    return Stretch(rows, own, packet[row], first, group[row][first])


class Lattice(NamedTuple):
    """Nodes over the abilities of packets and of pieces, and how one leads to the other."""

    outer: FloatArray  # (outer,)
    log_weight: FloatArray  # (outer,) log prior of packets
    inner: FloatArray  # (inner,)
    kernel: FloatArray  # (outer, inner) density of a piece's ability times the step
    standard: FloatArray  # (outer, inner) (inner - outer) / local


def make_lattice(data: Nested, parameters: Parameters) -> Lattice:
    """Return nodes at steps of at most one deviation of the most telling piece and packet.

    A sum at steps h of a normal curve with deviation s misses its integral by 2 exp(-2 (pi s /
    h)^2): 5e-9 at h = s, 3e-4 at h = 1.5 s.
    """
    spread, local = parameters.spread, parameters.local
    information = data.information / data.coarseness**2
    told = len(data.turns) / (local**2 + 1 / information)
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


class Told(NamedTuple):
    """What the ratings of a piece say of its packet's ability, by group."""

    likelihood: FloatArray  # (groups, outer), up to a factor of each group
    log: FloatArray
    highest: FloatArray  # (groups,) the log of that factor


class Run(NamedTuple):
    """A run of whole families: their groups, and the likelihood over the piece's ability."""

    rows: slice  # of groups
    families: slice
    family: IndexArray  # (rows,) of each group, 0 for the first of the run
    links: tuple[IndexArray, IndexArray]  # family, counted likewise, and a cell that rated it
    likelihood: FloatArray  # (rows, inner), at most 1
    highest: FloatArray  # (rows,) the log of what it was divided by

    def by_family(self, values: FloatArray) -> FloatArray:
        """Return the sum over the groups of each family."""
        return add_runs(values, self.family)


def add_runs(values: FloatArray, owner: IndexArray) -> FloatArray:
    """Return the sum over the rows of each owner; owners ascend."""
    return np.asarray(np.add.reduceat(values, np.flatnonzero(np.diff(owner, prepend=-1)), axis=0))


def run_groups(
    data: Nested, lattice: Lattice, log_total: FloatArray, temper: float = 1.0
) -> Iterator[Run]:
    """Yield the likelihood of each group of pieces over the nodes of a piece."""
    panel = data.groups.panel
    family, cell = data.links
    for first, last in cut_families(panel):
        rows = slice(*np.searchsorted(panel, (first, last)).tolist())
        part = slice(*np.searchsorted(family, (first, last)).tolist())
        links = (family[part] - first, cell[part])
        own = panel[rows] - first
        powers = data.groups.score[rows, None] * lattice.inner
        powers -= add_runs(log_total[links[1]], links[0])[own]
        powers *= temper
        highest = powers.max(axis=1)
        powers -= highest[:, None]
        np.exp(powers, out=powers)
        yield Run(rows, slice(first, last), own, links, powers, highest)


def cut_families(panel: IndexArray) -> Iterator[tuple[int, int]]:
    """Yield first family and last (not included) of runs of about as many groups as allowed."""
    cuts = np.unique(panel[::ROWS]).tolist()
    yield from zip(cuts, [*cuts[1:], int(panel[-1]) + 1], strict=True)


def hear_groups(data: Nested, lattice: Lattice, log_total: FloatArray, temper: float = 1.0) -> Told:
    """Return what the ratings of a piece say; `temper` multiplies their log likelihood."""
    likelihood = np.empty((len(data.groups), len(lattice.outer)))
    highest = np.empty(len(data.groups))
    for run in run_groups(data, lattice, log_total, temper):
        likelihood[run.rows] = multiply(run.likelihood, lattice.kernel.T)
        highest[run.rows] = run.highest
    np.maximum(likelihood, SMALLEST, out=likelihood)
    return Told(likelihood, np.log(likelihood), highest)


def weigh_packets(stretch: Stretch, lattice: Lattice, told: Told) -> tuple[FloatArray, FloatArray]:
    """Return where belief about packets lies (packets, outer), and their log likelihood."""
    powers = stretch.stack(told.log)
    powers += lattice.log_weight
    top = powers.max(axis=1)
    powers -= top[:, None]
    np.exp(powers, out=powers)
    total = powers.sum(axis=1)
    powers /= total[:, None]
    return powers, np.log(total) + top + stretch.stack(told.highest)


class Shared(NamedTuple):
    """Belief about packets, each by its weight, summed."""

    by_group: FloatArray  # (groups, outer) over the packets that have a piece in each
    total: FloatArray  # (outer,) over all
    log_likelihood: float


def share_packets(data: Nested, lattice: Lattice, told: Told) -> Shared:
    """Return what is believed of all packets."""
    by_group, total = np.zeros_like(told.likelihood), np.zeros_like(lattice.outer)
    weight = data.weight[data.order]
    log_likelihood = 0.0
    for stretch in data.stretches:
        belief, known = weigh_packets(stretch, lattice, told)
        own = weight[stretch.rows]
        belief *= own[:, None]
        by_group[stretch.group] += stretch.gather(belief)
        total += belief.sum(axis=0)
        log_likelihood += float(own @ known)
    return Shared(by_group, total, log_likelihood)


def slope_nested(data: Nested, vector: FloatArray) -> Slope:
    """Return log posterior and gradient: the expected slope of complete data (Fisher)."""
    layout, prior, cells = data.layout, data.prior, data.cells
    parameters = unpack(vector, layout)
    lattice = make_lattice(data, parameters)
    curves = draw_curves(*place_cells(cells, parameters, layout), lattice.inner)
    told = hear_groups(data, lattice, curves.log_total)
    shared = share_packets(data, lattice, told)
    share = shared.by_group / told.likelihood
    mass = np.zeros_like(curves.log_total)
    joint = np.zeros_like(lattice.kernel)
    for run in run_groups(data, lattice, curves.log_total):
        own = share[run.rows]
        joint += add_products(own, run.likelihood)
        add_cells(mass, run, multiply(own, lattice.kernel) * run.likelihood)
    gradient = slope_cells(layout, cells, curves, mass)
    z = (lattice.outer - parameters.centre) / parameters.spread
    gradient[layout.centre] = shared.total @ z / parameters.spread
    gradient[layout.centre + 1] = shared.total @ (z**2 - 1)
    gradient[layout.centre + 2] = np.sum(joint * lattice.kernel * (lattice.standard**2 - 1))
    linear = slope_totals(data.totals, layout)
    value = shared.log_likelihood + float(vector @ linear) + prior.weigh(vector)
    return Slope(value, gradient + linear - prior.precision * (vector - prior.mean))


def add_cells(mass: FloatArray, run: Run, values: FloatArray) -> None:
    """Add values (rows, nodes) of a run to the cells that rated the rows."""
    family, cell = run.links
    order = np.argsort(cell, kind="stable")
    own = run.by_family(values)[family[order]]
    first = np.flatnonzero(np.diff(cell[order], prepend=-1))
    mass[cell[order][first]] += np.add.reduceat(own, first, axis=0)
