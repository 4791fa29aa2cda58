"""From ratings to the unknowns of a committee and how well they are known."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pmpromo.committee.arrays import multiply
from pmpromo.committee.curves import draw_curves, place_cells
from pmpromo.committee.marginal import (
    Marginal,
    bend_marginal,
    count_nodes,
    make_nodes,
    slope_marginal,
)
from pmpromo.committee.nested import Nested, bend_nested, borrow_bend, slope_nested
from pmpromo.committee.newton import Hill, climb, invert
from pmpromo.committee.panels import (
    block_cells,
    count_totals,
    find_cells,
    find_pieces,
    group_items,
)
from pmpromo.committee.parameters import Layout, Parameters, Prior, make_prior, unpack

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmpromo.committee.arrays import FloatArray
    from pmpromo.committee.ratings import Ratings

__all__ = ["Fitted", "Plan", "fit_ratings"]

MANY_PACKETS: Final = 5000
"""From here on a first answer is sought in a part of the packets."""

THINNED: Final = 1200
"""Packets of that part: enough to come within a few S.E. of the answer."""

FIRST_LOCAL: Final = 0.5
"""Where the spread of criteria within a packet is first looked for, in logits."""

MANY_RATERS: Final = 60
"""From here on a matrix of differences would take more steps than the whole climb."""

PATIENT: Final = 0.3
"""With two levels second derivatives cost as much as many steps."""

LOOKED_AT: Final = 101
"""Abilities at which the information of a piece is looked at."""

CAREFUL: Final = 1.5
"""Margin on the information of a piece, which changes on the way to the answer."""


class Plan(NamedTuple):
    """What to fit: one scale or one for each criterion, one level or two, and known severities."""

    tables: int
    levels: int
    anchors: Mapping[int, tuple[float, float]]  # by rater: mean and deviation


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """The unknowns, their covariance, and how they were found."""

    vector: FloatArray
    covariance: FloatArray
    data: Marginal | Nested
    steps: int
    converged: bool

    @property
    def layout(self) -> Layout:
        """Where each unknown stands."""
        return self.data.layout

    @property
    def parameters(self) -> Parameters:
        """The unknowns by name."""
        return unpack(self.vector, self.layout)


def fit_ratings(ratings: Ratings, plan: Plan) -> Fitted:
    """Return the unknowns at the highest posterior density, by Newton's method."""
    data = count_marginal(ratings, plan)
    if plan.levels == 1:
        found = climb_marginal(ratings, plan, data)
        return finish(found)
    return fit_nested(ratings, plan, data)


class Found(NamedTuple):
    """A highest point, and the counted ratings that it belongs to."""

    vector: FloatArray
    hessian: FloatArray
    data: Marginal | Nested
    steps: int
    converged: bool


def finish(found: Found) -> Fitted:
    """Return a highest point with the covariance that the curvature there stands for."""
    free = found.data.prior.free
    covariance = np.zeros_like(found.hessian)
    covariance[np.ix_(free, free)] = invert(-found.hessian[np.ix_(free, free)])
    return Fitted(found.vector, covariance, found.data, found.steps, found.converged)


def count_marginal(ratings: Ratings, plan: Plan) -> Marginal:
    """Return ratings counted for the model of one level."""
    cells, cell = find_cells(ratings)
    blocks, unit = block_cells(ratings, cells, cell)
    groups = group_items(ratings.packet, unit, ratings.step, len(blocks))
    layout, prior = lay_out(ratings, plan, 1)
    return Marginal(blocks, groups, count_totals(ratings), layout, prior, make_nodes())


def lay_out(ratings: Ratings, plan: Plan, levels: int) -> tuple[Layout, Prior]:
    """Return where each unknown stands, and what is believed of it before."""
    layout = Layout(
        len(ratings.raters), len(ratings.criteria), plan.tables, ratings.n_steps, levels
    )
    return layout, make_prior(layout, plan.anchors)


def climb_marginal(ratings: Ratings, plan: Plan, data: Marginal) -> Found:
    """Return the highest point of one level; many packets start from a part of them."""
    thin = thin_packets(ratings)
    if thin is None:
        return refine(data, guess(ratings, data), None)
    first = climb_marginal(thin, plan, count_marginal(thin, plan))
    hessian = scale_up(first, len(ratings.packets) / len(thin.packets))
    return refine(data, first.vector, hessian)


def refine(data: Marginal, start: FloatArray, hessian: FloatArray | None) -> Found:
    """Return the highest point, on as many nodes as the most telling packet asks for."""
    best = climb(make_hill(data), start, hessian)
    needed = count_nodes(data, best.vector)
    if needed <= len(data.nodes):
        return Found(best.vector, best.hessian, data, best.steps, best.converged)
    finer = replace(data, nodes=make_nodes(needed))
    better = climb(make_hill(finer), best.vector)
    return Found(better.vector, better.hessian, finer, best.steps + better.steps, better.converged)


def make_hill(data: Marginal | Nested) -> Hill:
    """Return the log posterior as a function to climb."""
    if isinstance(data, Nested):
        return Hill(
            lambda vector: slope_nested(data, vector),
            lambda vector: bend_nested(data, vector),
            data.prior.free,
            PATIENT,
        )
    return Hill(
        lambda vector: slope_marginal(data, vector),
        lambda vector: bend_marginal(data, vector),
        data.prior.free,
    )


def thin_packets(ratings: Ratings) -> Ratings | None:
    """Return the ratings of every so-manieth packet; None where there are not many packets."""
    n_packets = len(ratings.packets)
    if n_packets < MANY_PACKETS:
        return None
    stride = n_packets // THINNED
    kept = ratings.packet % stride == 0
    return replace(
        ratings,
        packets=ratings.packets[::stride],
        packet=ratings.packet[kept] // stride,
        criterion=ratings.criterion[kept],
        rater=ratings.rater[kept],
        step=ratings.step[kept],
        dates=(),
    )


def scale_up(found: Found, factor: float) -> FloatArray:
    """Return the matrix of all packets, guessed from that of a part."""
    prior = np.diag(found.data.prior.precision)
    return np.asarray(factor * (found.hessian + prior) - prior)


def guess(ratings: Ratings, data: Marginal) -> FloatArray:
    """Return a first vector: log odds of neighbouring points, and how far means lie apart."""
    layout, totals, prior = data.layout, data.totals, data.prior
    counts = np.bincount(ratings.step, minlength=ratings.n_steps + 1) + 0.5
    threshold = np.log(counts[:-1] / counts[1:])
    mean, variance = float(ratings.step.mean()), float(ratings.step.var()) + 0.1
    vector = np.zeros(layout.size)
    given = np.bincount(ratings.rater, minlength=layout.n_raters)
    received = np.bincount(ratings.criterion, minlength=layout.n_criteria)
    vector[layout.severity] = (mean * given - totals.rater) / (given + 1) / variance
    vector[layout.difficulty] = (mean * received - totals.criterion) / (received + 1) / variance
    vector[layout.threshold] = np.tile(threshold - threshold.mean(), layout.n_tables)
    vector[layout.centre] = -threshold.mean()
    return np.where(prior.free, vector, prior.mean)


def fit_nested(ratings: Ratings, plan: Plan, flat: Marginal) -> Fitted:
    """Return the highest point of two levels, starting from that of one.

    With many packets the curvature is that of a part of them, scaled up.
    """
    first = climb_marginal(ratings, plan, flat)
    start = np.append(first.vector, np.log(FIRST_LOCAL))
    thin = thin_packets(ratings)
    part = climb_nested(thin or ratings, plan, start, first.hessian)
    if thin is None:
        return finish(part)
    hessian = scale_up(part, len(ratings.packets) / len(thin.packets))
    data = count_nested(ratings, plan, part.vector)
    hill = make_hill(data)._replace(bend=lambda _: hessian, patience=math.inf)
    return finish(climb_found(hill, part.vector, data)._replace(hessian=hessian))


def climb_nested(ratings: Ratings, plan: Plan, start: FloatArray, flat: FloatArray) -> Found:
    """Return the highest point of two levels; `flat` is the matrix of one level, near the start.

    With many raters second derivatives among them are borrowed from it.
    """
    data = count_nested(ratings, plan, start)
    hill = make_hill(data)
    if len(ratings.raters) > MANY_RATERS:
        hill = hill._replace(bend=lambda vector: borrow_bend(data, vector, flat))
    return climb_found(hill, start, data)


def climb_found(hill: Hill, start: FloatArray, data: Marginal | Nested) -> Found:
    """Return the highest point with the counted ratings that it belongs to."""
    best = climb(hill, start)
    return Found(best.vector, best.hessian, data, best.steps, best.converged)


def count_nested(ratings: Ratings, plan: Plan, vector: FloatArray) -> Nested:
    """Return ratings counted for the model of two levels; `vector` is near the answer."""
    cells, cell = find_cells(ratings)
    pieces = find_pieces(ratings)
    groups = group_items(pieces.of_rating, cell, ratings.step, len(cells))
    layout, prior = lay_out(ratings, plan, 2)
    location, threshold = place_cells(cells, unpack(vector, layout), layout)
    edge = np.abs(location).max() + np.abs(threshold).max() + 1
    curves = draw_curves(location, threshold, np.linspace(-edge, edge, LOOKED_AT))
    told = multiply(groups.members.astype(np.float64), curves.square - curves.mean**2)
    most_pieces = int(np.bincount(pieces.packet).max())
    information = CAREFUL * float(told.max())
    return Nested(
        cells, groups, pieces, count_totals(ratings), layout, prior, information, most_pieces
    )
