"""What the ratings say of each packet: its ability, and what an average committee would give."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pmpromo.committee.arrays import multiply
from pmpromo.committee.curves import draw_curves, place_cells
from pmpromo.committee.marginal import Marginal, make_frame, share_groups
from pmpromo.committee.nested import hear_groups, make_lattice, run_groups, weigh_packets

if TYPE_CHECKING:
    from pmpromo.committee.arrays import FloatArray
    from pmpromo.committee.fitting import Fitted
    from pmpromo.committee.nested import Lattice, Nested, Stretch, Told
    from pmpromo.committee.panels import Pieces

__all__ = ["Beliefs", "believe"]


class Beliefs(NamedTuple):
    """Means and deviations over what is believed, given the unknowns of the committee.

    `expected` is the mean step that raters of average severity would give on the criteria that a
    packet was rated on, each criterion by its share of the packet's ratings.
    """

    ability: FloatArray  # (packets,)
    ability_sd: FloatArray  # (packets,)
    expected: FloatArray  # (packets,)
    expected_sd: FloatArray  # (packets,)
    piece: FloatArray  # (pieces,) ability on the criterion


def believe(fitted: Fitted, pieces: Pieces, temper: float, average: float) -> Beliefs:
    """Return what is believed of packets.

    Args:
        fitted: the unknowns of the committee.
        pieces: packet and criterion of each piece.
        temper: multiplies the log likelihood: 1, or 1 / overdispersion.
        average: the severity of an average rater, on the scale of `fitted`.
    """
    if isinstance(fitted.data, Marginal):
        return believe_flat(fitted, fitted.data, pieces, (temper, average))
    return believe_nested(fitted, fitted.data, (temper, average))


def weigh_criteria(pieces: Pieces, n_criteria: int) -> FloatArray:
    """Return the share of each criterion in the ratings of a packet, (packets, criteria)."""
    code = pieces.packet * n_criteria + pieces.criterion
    size = (int(pieces.packet[-1]) + 1) * n_criteria
    counts = np.bincount(code[pieces.of_rating], minlength=size).reshape(-1, n_criteria)
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))


def expect_average(fitted: Fitted, average: float, nodes: FloatArray) -> FloatArray:
    """Return the mean step of an average rater on each criterion, (criteria, nodes)."""
    parameters, layout = fitted.parameters, fitted.layout
    tables = (
        np.arange(layout.n_criteria) if layout.n_tables > 1 else np.zeros(layout.n_criteria, int)
    )
    location = parameters.difficulty + average
    return draw_curves(location, parameters.threshold[tables], nodes).mean


def believe_flat(
    fitted: Fitted, data: Marginal, pieces: Pieces, terms: tuple[float, float]
) -> Beliefs:
    """Return beliefs of one level: those of a group hold for all its packets."""
    temper, average = terms
    frame = make_frame(data, fitted.vector)
    expected = expect_average(fitted, average, frame.nodes)
    groups = data.groups
    one = np.zeros(len(groups), dtype=np.intp)
    one[groups.of_item] = np.arange(len(groups.of_item))
    weight = weigh_criteria(pieces, data.layout.n_criteria)[one]
    found = np.empty((4, len(groups)))
    for shares in share_groups(data, frame, temper):
        curve = multiply(weight[shares.rows], expected)
        found[:2, shares.rows] = find_moments(shares.belief, frame.nodes)
        found[2:, shares.rows] = find_moments(shares.belief, curve)
    ability, ability_sd, mean, sd = found[:, groups.of_item]
    return Beliefs(ability, ability_sd, mean, sd, ability[pieces.packet])


def find_moments(belief: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return mean and deviation of values (nodes,) or (rows, nodes) under each row of belief."""
    table = np.broadcast_to(values, belief.shape)
    mean = average_rows(belief, table)
    square = np.einsum("rn,rn,rn->r", belief, table, table)
    return mean, np.sqrt(np.maximum(square - mean**2, 0))


class PieceCurves(NamedTuple):
    """Of each group of pieces, given the ability of the packet: (groups, outer)."""

    ability: FloatArray
    expected: FloatArray
    variance: FloatArray  # of the expected step


def believe_nested(fitted: Fitted, data: Nested, terms: tuple[float, float]) -> Beliefs:
    """Return beliefs of two levels: over the packet's ability, and over each piece's given it."""
    temper, average = terms
    lattice = make_lattice(data, fitted.parameters)
    expected = expect_average(fitted, average, lattice.inner)
    location = place_cells(data.cells, fitted.parameters, data.layout)
    log_total = draw_curves(*location, lattice.inner).log_total
    told = hear_groups(data, lattice, log_total, temper)
    curves = draw_pieces(data, lattice, told, (log_total, expected, temper))
    pieces = data.pieces
    share = weigh_criteria(pieces, data.layout.n_criteria)[pieces.packet, pieces.criterion]
    found, piece = np.empty((4, len(data.order))), np.empty(len(share))
    for stretch in data.stretches:
        belief, _ = weigh_packets(stretch, lattice, told)
        at = data.order[stretch.rows]
        places = [place[stretch.rows] for place in data.places]
        found[:2, at] = find_moments(belief, lattice.outer)
        found[2:, at] = expect_packets(stretch, belief, curves, [share[own] for own in places])
        for own, group in zip(places, stretch.turns, strict=True):
            piece[own] = average_rows(belief[: len(own)], curves.ability[group])
    ability, ability_sd, mean, sd = found
    return Beliefs(ability, ability_sd, mean, sd, piece)


def average_rows(belief: FloatArray, values: FloatArray) -> FloatArray:
    """Return the mean of each row of values under the same row of belief."""
    return np.asarray(np.einsum("rn,rn->r", belief, values))


def expect_packets(
    stretch: Stretch, belief: FloatArray, curves: PieceCurves, shares: list[FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """Return mean and deviation of what is given to packets; `shares` of each turn of pieces."""
    own, within = np.zeros_like(belief), np.zeros(len(belief))
    for group, share in zip(stretch.turns, shares, strict=True):
        few = slice(len(group))
        own[few] += share[:, None] * curves.expected[group]
        within[few] += share**2 * average_rows(belief[few], curves.variance[group])
    mean, sd = find_moments(belief, own)
    return mean, np.sqrt(sd**2 + np.maximum(within, 0))


def draw_pieces(
    data: Nested,
    lattice: Lattice,
    told: Told,
    given: tuple[FloatArray, FloatArray, float],
) -> PieceCurves:
    """Return the moments of a piece's ability, and of what is given there, by packet ability."""
    log_total, expected, temper = given
    family, cell = data.links
    criterion = data.cells.criterion[cell[np.searchsorted(family, data.groups.panel)]]
    found = np.empty((3, *told.likelihood.shape))
    for run in run_groups(data, lattice, log_total, temper):
        steps = expected[criterion[run.rows]]
        values = (lattice.inner, steps, steps**2)
        for row, value in enumerate(values):
            found[row, run.rows] = multiply(run.likelihood * value, lattice.kernel.T)
    found /= told.likelihood
    found[2] -= found[1] ** 2
    return PieceCurves(*found)
