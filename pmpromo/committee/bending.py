"""The exact second derivatives of two levels, after Louis (1982).

With u the slope of complete data, given the ability t of a packet and s of each of its pieces, they
are the expectation of the second derivatives of complete data plus the covariance of u. Given t,
pieces are independent. So that covariance is the one of E(u | t), over the belief about t, packet
by packet, plus the variance of each piece given t, which is a matter of groups alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pmpromo.committee.arrays import add_products, multiply
from pmpromo.committee.curves import draw_curves, place_cells
from pmpromo.committee.derivatives import bend_cells, find_thresholds
from pmpromo.committee.nested import (
    Nested,
    add_cells,
    cut_stretch,
    hear_groups,
    make_lattice,
    run_groups,
    weigh_packets,
)
from pmpromo.committee.panels import Groups, Pieces
from pmpromo.committee.parameters import unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.committee.arrays import FloatArray, IndexArray
    from pmpromo.committee.curves import Curves
    from pmpromo.committee.nested import Lattice

__all__ = ["bend_nested", "take_packets"]

AT_ONCE: Final = 4_000_000
"""Numbers of the largest table at a time, to bound the memory."""


class Scene(NamedTuple):
    """What a vector of unknowns stands for."""

    spread: float
    lattice: Lattice
    curves: Curves
    hyper: FloatArray  # (2, outer) slopes of the density of packets, by centre and by log spread


def bend_nested(data: Nested, vector: FloatArray) -> FloatArray:
    """Return the exact Hessian of the log posterior."""
    parameters = unpack(vector, data.layout)
    lattice = make_lattice(data, parameters)
    curves = draw_curves(*place_cells(data.cells, parameters, data.layout), lattice.inner)
    z = (lattice.outer - parameters.centre) / parameters.spread
    hyper = np.array([z / parameters.spread, z**2 - 1])
    scene = Scene(parameters.spread, lattice, curves, hyper)
    parts = cut_packets(data, len(lattice.outer))
    return sum((bend_part(part, scene) for part in parts), -np.diag(data.prior.precision))


def cut_packets(data: Nested, n_nodes: int) -> Iterator[Nested]:
    """Yield the packets in runs that fit into memory."""
    slots = data.layout.n_steps + 3 + int(data.groups.members.sum(axis=1).max())
    size = max(AT_ONCE // (len(data.turns) * slots * n_nodes), 1)
    for start in range(0, len(data.order), size):
        yield take_packets(data, data.order[start : start + size])


def take_packets(data: Nested, packets: IndexArray) -> Nested:
    """Return the ratings of some packets alone; totals and beliefs stay those of all."""
    chosen = np.zeros(len(data.weight), dtype=bool)
    chosen[packets] = True
    kept = np.flatnonzero(chosen[data.pieces.packet])
    group, of_item = np.unique(data.groups.of_item[kept], return_inverse=True)
    family, panel = np.unique(data.groups.panel[group], return_inverse=True)
    members, score = data.groups.members[family], data.groups.score[group]
    count = np.bincount(of_item).astype(np.float64)
    index = np.cumsum(chosen) - 1
    return replace(
        data,
        groups=Groups(members, panel, score, count, of_item),
        pieces=Pieces(
            index[data.pieces.packet[kept]], data.pieces.criterion[kept], np.arange(len(kept))
        ),
        weight=data.weight[chosen],
    )


class Slots(NamedTuple):
    """What the slope of a piece consists of, by family: its raters, criterion, thresholds.

    A last slot, the log spread of pieces, depends on the packet's ability too and has no curve.
    """

    place: IndexArray  # (families, slots + 1) the unknown; one beyond the last for none
    curves: FloatArray  # (families, slots, inner) slope by the ability of the piece


def list_slots(data: Nested, curves: Curves) -> Slots:
    """Return the slots of all families; families with fewer raters leave some empty."""
    family, cell = data.links
    first = np.flatnonzero(np.diff(family, prepend=-1))
    seat = np.arange(len(family)) - first[family]
    shape = (len(first), int(seat.max()) + 1)
    layout, cells = data.layout, data.cells
    rater = np.full(shape, layout.size)
    rater[family, seat] = cells.rater[cell]
    given = np.zeros((*shape, curves.log_total.shape[1]))
    given[family, seat] = curves.mean[cell]
    above = np.add.reduceat(curves.above[:, cell], first, axis=1).transpose(1, 0, 2)
    of_piece = cell[first]
    place = np.column_stack(
        [
            rater,
            layout.n_raters + cells.criterion[of_piece],
            find_thresholds(layout, cells)[of_piece],
            np.full(len(first), layout.size - 1),
        ]
    )
    return Slots(place, np.concatenate([given, given.sum(axis=1, keepdims=True), above], axis=1))


def bend_part(data: Nested, scene: Scene) -> FloatArray:
    """Return what a run of packets adds to the second derivatives."""
    told = hear_groups(data, scene.lattice, scene.curves.log_total)
    stretch = cut_stretch(data.turns, slice(0, len(data.order)))
    belief, _ = weigh_packets(stretch, scene.lattice, told)
    heavy = belief * data.weight[data.order][:, None]
    share = stretch.gather(heavy)
    slots = list_slots(data, scene.curves)
    slopes = average_slopes(data, scene, slots, told.likelihood)
    place = slots.place[data.groups.panel]
    size = data.layout.size
    result = np.zeros((size + 1, size + 1))
    add_expected(result, data, scene, (slots, share / told.likelihood))
    spread_rows(result, place, slopes, -share)
    place, table = stack_slopes(data, slots, slopes)
    table[:, -2:] = scene.hyper
    table -= np.matmul(table, belief[:, :, None])
    spread_rows(result, place, table, heavy)
    add_hyper(result, scene, heavy.sum(axis=0), data.layout.centre)
    return result[:size, :size]


def average_slopes(data: Nested, scene: Scene, slots: Slots, likelihood: FloatArray) -> FloatArray:
    """Return E(u | t) of each group, (groups, slots + 1, outer)."""
    lattice = scene.lattice
    n_slots = slots.curves.shape[1]
    result = np.empty((len(likelihood), n_slots + 1, likelihood.shape[1]))
    widening = (lattice.kernel * (lattice.standard**2 - 1)).T
    for run in run_groups(data, lattice, scene.curves.log_total):
        family = data.groups.panel[run.rows]
        for slot in range(n_slots):
            weighed = run.likelihood * slots.curves[family, slot]
            result[run.rows, slot] = multiply(weighed, lattice.kernel.T)
        result[run.rows, -1] = multiply(run.likelihood, widening)
    result /= likelihood[:, None]
    return result


def add_expected(
    result: FloatArray, data: Nested, scene: Scene, given: tuple[Slots, FloatArray]
) -> None:
    """Add E(u u' + du/dx) of pieces."""
    (slots, share), lattice, curves = given, scene.lattice, scene.curves
    size, last, square = data.layout.size, data.layout.size - 1, lattice.standard**2
    mass = np.zeros_like(curves.log_total)
    by_family = np.zeros((2, len(slots.place), len(lattice.inner)))
    joint = np.zeros_like(lattice.kernel)
    for run in run_groups(data, lattice, curves.log_total):
        own = share[run.rows]
        joint += add_products(own, run.likelihood)
        weighed = multiply(own, lattice.kernel) * run.likelihood
        add_cells(mass, run, weighed)
        by_family[0, run.families] = run.by_family(weighed)
        widened = multiply(own, lattice.kernel * (square - 1)) * run.likelihood
        by_family[1, run.families] = run.by_family(widened)
    result[:size, :size] += bend_cells(data.layout, data.cells, curves, mass)
    place = slots.place[:, :-1]
    spread_rows(result, place, slots.curves, by_family[0])
    cross = np.einsum("fus,fs->fu", slots.curves, by_family[1])
    row = np.bincount(place.ravel(), cross.ravel(), size + 1)
    result[last] += row
    result[:, last] += row
    result[last, last] += np.sum(joint * lattice.kernel * ((square - 1) ** 2 - 2 * square))


def spread_rows(
    result: FloatArray, place: IndexArray, table: FloatArray, weight: FloatArray
) -> None:
    """Add the products of all pairs of slots (n, slots, nodes), summed over nodes by weight."""
    width = len(result)
    values = np.matmul(table * weight[:, None], table.transpose(0, 2, 1))
    index = place[:, :, None] * width + place[:, None, :]
    result += np.bincount(index.ravel(), values.ravel(), width**2).reshape(width, width)


def stack_slopes(data: Nested, slots: Slots, slopes: FloatArray) -> tuple[IndexArray, FloatArray]:
    """Return E(u | t) of packets, summed over their pieces, and which unknowns it is about."""
    place, seats = seat_packets(data, slots)
    table = np.zeros((*place.shape, slopes.shape[2]))
    for turn, seat in zip(data.turns, seats, strict=True):
        rows = np.arange(len(turn))
        for slot in range(seat.shape[1]):
            table[rows, seat[:, slot]] += slopes[turn, slot]
    return place, table


def seat_packets(data: Nested, slots: Slots) -> tuple[IndexArray, list[IndexArray]]:
    """Return the unknowns that packets tell of, and turn by turn where slots of pieces go there.

    The first are the raters; then the criteria, the thresholds, the spread of pieces, and centre
    and spread of packets.
    """
    layout, width = data.layout, data.layout.size + 1
    places = [slots.place[data.groups.panel[turn]] for turn in data.turns]
    n_raters = slots.place.shape[1] - layout.n_steps - 2
    keys = [np.arange(len(p))[:, None] * width + p[:, :n_raters] for p in places]
    distinct = np.unique(np.concatenate([key.ravel() for key in keys]))
    packet = distinct // width
    index = np.arange(len(distinct)) - np.flatnonzero(np.diff(packet, prepend=-1))[packet]
    start = int(index.max()) + 1
    tables = len(places) if layout.n_tables > 1 else 1
    end = start + len(places) + tables * layout.n_steps
    place = np.full((len(places[0]), end + 3), layout.size)
    place[:, -2:] = (layout.centre, layout.centre + 1)
    seats = []
    for turn, (key, own) in enumerate(zip(keys, places, strict=True)):
        threshold = start + len(places) + turn % tables * layout.n_steps
        fixed = [start + turn, *range(threshold, threshold + layout.n_steps), end]
        seat = np.hstack([index[np.searchsorted(distinct, key)], np.tile(fixed, (len(own), 1))])
        place[np.arange(len(own))[:, None], seat] = own
        seats.append(seat)
    return place, seats


def add_hyper(result: FloatArray, scene: Scene, total: FloatArray, at: int) -> None:
    """Add the second derivatives of the density of packets by its centre and log spread."""
    cross = -2 * float(total @ scene.hyper[0])
    result[at, at] -= total.sum() / scene.spread**2
    result[at, at + 1] += cross
    result[at + 1, at] += cross
    result[at + 1, at + 1] -= 2 * float(total @ (scene.hyper[1] + 1))
