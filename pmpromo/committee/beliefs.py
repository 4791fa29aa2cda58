"""What the ratings say of each packet: its ability, and what an average committee would give."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pmpromo.committee.arrays import multiply
from pmpromo.committee.curves import draw_curves, place_cells
from pmpromo.committee.marginal import Marginal, make_frame, share_groups
from pmpromo.committee.nested import make_lattice, run_groups, weigh_packets

if TYPE_CHECKING:
    from pmpromo.committee.arrays import FloatArray
    from pmpromo.committee.fitting import Fitted
    from pmpromo.committee.nested import Lattice, Nested, Packets
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
    mean = np.einsum("rn,rn->r", belief, table)
    square = np.einsum("rn,rn,rn->r", belief, table, table)
    return mean, np.sqrt(np.maximum(square - mean**2, 0))


class PieceCurves(NamedTuple):
    """Of each group of pieces, given the ability of the packet: (groups, outer)."""

    ability: FloatArray
    expected: FloatArray
    square: FloatArray  # of the expected step, its mean square


def believe_nested(fitted: Fitted, data: Nested, terms: tuple[float, float]) -> Beliefs:
    """Return beliefs of two levels: over the packet's ability, and over each piece's given it."""
    temper, average = terms
    lattice = make_lattice(fitted.parameters, data.information, data.most_pieces)
    expected = expect_average(fitted, average, lattice.inner)
    location = place_cells(data.cells, fitted.parameters, data.layout)
    log_total = draw_curves(*location, lattice.inner).log_total
    packets = weigh_packets(data, lattice, log_total, temper)
    curves = draw_pieces(data, lattice, packets, (log_total, expected, temper))
    pieces, group = data.pieces, data.groups.of_item
    belief = packets.belief[pieces.packet]
    ability, ability_sd = find_moments(packets.belief, lattice.outer)
    piece = (belief * curves.ability[group]).sum(axis=1)
    share = weigh_criteria(pieces, data.layout.n_criteria)[pieces.packet, pieces.criterion]
    own = np.add.reduceat(curves.expected[group] * share[:, None], data.first, axis=0)
    mean, sd = find_moments(packets.belief, own)
    within = (belief * (curves.square - curves.expected**2)[group]).sum(axis=1) * share**2
    inner = np.add.reduceat(within, data.first)
    return Beliefs(ability, ability_sd, mean, np.sqrt(sd**2 + np.maximum(inner, 0)), piece)


def draw_pieces(
    data: Nested,
    lattice: Lattice,
    packets: Packets,
    given: tuple[FloatArray, FloatArray, float],
) -> PieceCurves:
    """Return the moments of a piece's ability, and of what is given there, by packet ability."""
    log_total, expected, temper = given
    criterion = data.cells.criterion[data.groups.members.argmax(axis=1)][data.groups.panel]
    found = np.empty((3, *packets.likelihood.shape))
    for run in run_groups(data, lattice, log_total, temper):
        steps = expected[criterion[run.rows]]
        values = (lattice.inner, steps, steps**2)
        for row, value in enumerate(values):
            found[row, run.rows] = multiply(run.likelihood * value, lattice.kernel.T)
    return PieceCurves(*(found / packets.likelihood))
