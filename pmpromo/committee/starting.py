"""Where the search for the unknowns starts: a part of many packets, and a first guess."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import compress
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pmpromo.committee.curves import expect_rating
from pmpromo.committee.marginal import make_frame, share_groups
from pmpromo.committee.panels import find_distinct, find_pieces
from pmpromo.committee.parameters import unpack

if TYPE_CHECKING:
    from pmpromo.committee.arrays import FloatArray, IndexArray
    from pmpromo.committee.marginal import Marginal
    from pmpromo.committee.panels import Groups
    from pmpromo.committee.ratings import Ratings

__all__ = ["Part", "guess", "guess_local", "thin_packets"]

MANY_PACKETS: Final = 5000
"""From here on a first answer is sought in a part of the packets."""

THINNED: Final = 1200
"""Packets of that part: enough to come within a few S.E. of the answer."""

KEPT_PACKETS: Final = 100
"""Packets of each rater that the part holds about, or all where there are fewer."""

COARSE: Final = 1.5
"""Deviations between nodes for such a part: it errs by chance, and far more than by that."""

BALANCED: Final = 20
"""Rounds of weighing; what is then left over changes errors by less than a hundredth."""

BELIEVED: Final = (20.0, 0.5)
"""The spread of criteria within a packet, in logits, before it is looked for.

It counts as much as this many pieces that ratings tell one unit of information about.
"""

LEAST_LOCAL: Final = 0.1
"""No search starts at a smaller spread: there the likelihood hardly depends on it."""


class Part(NamedTuple):
    """The ratings of some packets, or of all."""

    ratings: Ratings
    weight: FloatArray  # (packets,) how many packets each stands for
    coarseness: float = 1.0  # steps between nodes, in deviations of the most telling packet


def thin_packets(ratings: Ratings, groups: Groups) -> Part | None:
    """Return the ratings of a part of the packets; None where there are not many.

    Packets are taken at equal distances from a row of all of them, group after group; those of
    raters with few packets lie further apart in it, so that more of them are taken.
    """
    n_packets = len(ratings.packets)
    if n_packets < MANY_PACKETS:
        return None
    chance = choose_packets(ratings)
    row = np.argsort(groups.of_item, kind="stable")
    reached = np.floor(np.cumsum(chance[row]) + 0.5)
    taken = np.zeros(n_packets, dtype=bool)
    taken[row] = np.diff(reached, prepend=0.0) > 0
    kept = taken[ratings.packet]
    thin = replace(
        ratings,
        packets=tuple(compress(ratings.packets, taken.tolist())),
        packet=(np.cumsum(taken) - 1)[ratings.packet[kept]],
        criterion=ratings.criterion[kept],
        rater=ratings.rater[kept],
        step=ratings.step[kept],
        dates=(),
    )
    given = np.bincount(ratings.rater, minlength=len(ratings.raters))
    return Part(thin, balance(thin, 1 / chance[taken], given), COARSE)


def balance(thin: Ratings, weight: FloatArray, given: IndexArray) -> FloatArray:
    """Return weights under which each rater gives about as many ratings as among all packets."""
    size = np.bincount(thin.packet)
    result = weight.copy()
    for _ in range(BALANCED):
        told = np.bincount(thin.rater, result[thin.packet], len(given))
        ratio = given / np.where(told > 0, told, 1.0)
        result *= np.bincount(thin.packet, ratio[thin.rater]) / size
    return result


def choose_packets(ratings: Ratings) -> FloatArray:
    """Return the share of packets like each that a part of them holds."""
    n_raters, n_packets = len(ratings.raters), len(ratings.packets)
    pairs = find_distinct(ratings.packet * n_raters + ratings.rater)
    packet, rater = np.divmod(pairs, n_raters)
    wanted = KEPT_PACKETS / np.bincount(rater, minlength=n_raters)[rater]
    chance = np.full(n_packets, THINNED / n_packets)
    np.maximum.at(chance, packet, wanted)
    return np.asarray(np.minimum(chance, 1.0))


def guess(part: Part, data: Marginal) -> FloatArray:
    """Return a first vector: log odds of neighbouring points, and how far means lie apart."""
    layout, totals, prior, ratings = data.layout, data.totals, data.prior, part.ratings
    own = part.weight[ratings.packet]
    counts = np.bincount(ratings.step, own, ratings.n_steps + 1)
    threshold = np.log((counts[:-1] + 0.5) / (counts[1:] + 0.5))
    points, chance = np.arange(len(counts)), counts / counts.sum()
    mean = float(chance @ points)
    variance = float(chance @ (points - mean) ** 2) + 0.1
    vector = np.zeros(layout.size)
    given = np.bincount(ratings.rater, own, layout.n_raters)
    received = np.bincount(ratings.criterion, own, layout.n_criteria)
    vector[layout.severity] = (mean * given - totals.rater) / (given + 1) / variance
    vector[layout.difficulty] = (mean * received - totals.criterion) / (received + 1) / variance
    vector[layout.threshold] = np.tile(threshold - threshold.mean(), layout.n_tables)
    vector[layout.centre] = -threshold.mean()
    return np.where(prior.free, vector, prior.mean)


def guess_local(part: Part, data: Marginal, vector: FloatArray) -> float:
    """Return a first spread of criteria within a packet, from what one level leaves unexplained.

    The residual e of a piece, with the variance V that one level expects, has variance
    V + V^2 local^2. What the packet's own ability takes from its pieces is taken off both.
    """
    ratings, layout = part.ratings, data.layout
    frame = make_frame(data, vector)
    ability = np.concatenate([s.belief @ frame.nodes for s in share_groups(data, frame)])
    parameters = unpack(vector, layout)
    distance = ability[data.groups.of_item][ratings.packet]
    distance = distance - parameters.difficulty[ratings.criterion]
    threshold = parameters.threshold
    if layout.n_tables > 1:
        threshold = threshold[ratings.criterion]
    mean, variance = expect_rating(distance - parameters.severity[ratings.rater], threshold)
    pieces = find_pieces(ratings)
    told = np.bincount(pieces.of_rating, variance)
    share = told / np.bincount(pieces.packet, told)[pieces.packet]
    residual = np.bincount(pieces.of_rating, ratings.step - mean)
    own = residual - share * np.bincount(pieces.packet, residual)[pieces.packet]
    weight = part.weight[pieces.packet]
    count, believed = BELIEVED
    excess = float(weight @ (own**2 - told * (1 - share))) + count * believed**2
    square = excess / (float(weight @ (told**2 * (1 - share))) + count)
    return math.sqrt(max(square, LEAST_LOCAL**2))
