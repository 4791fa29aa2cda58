"""From ratings to the unknowns of a committee and how well they are known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

import numpy as np

from pmpromo.committee.bending import bend_nested
from pmpromo.committee.curves import draw_curves, place_cells
from pmpromo.committee.marginal import (
    Marginal,
    bend_marginal,
    count_nodes,
    make_nodes,
    slope_marginal,
)
from pmpromo.committee.nested import Nested, slope_nested
from pmpromo.committee.newton import Hill, Manner, climb, invert
from pmpromo.committee.panels import (
    block_cells,
    count_totals,
    find_cells,
    find_pieces,
    group_items,
)
from pmpromo.committee.parameters import Layout, Parameters, Prior, make_prior, unpack
from pmpromo.committee.starting import Part, guess, guess_local, thin_packets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmpromo.committee.arrays import FloatArray
    from pmpromo.committee.ratings import Ratings

__all__ = ["Fitted", "Plan", "fit_ratings"]

ROUGHLY: Final = Manner(patience=0.5, near=0.0, close=1.0)
"""For a part of many packets: chance alone leaves its highest point hundreds below that of all."""

BORROWING: Final = Manner(patience=0.3, near=1.0)
"""With second derivatives of a part, which are taken once where they are to be kept for S.E."""

LOOKED_AT: Final = 101
"""Abilities at which the information of a rating is looked at."""

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


Counted = TypeVar("Counted", Marginal, Nested)


class Found(NamedTuple, Generic[Counted]):
    """A highest point, and the counted ratings that it belongs to."""

    vector: FloatArray
    hessian: FloatArray
    data: Counted
    steps: int
    converged: bool


def fit_ratings(ratings: Ratings, plan: Plan) -> Fitted:
    """Return the unknowns at the highest posterior density, by Newton's method.

    Many packets start from the answer of a part of them, and from its second derivatives.
    """
    whole = Part(ratings, np.ones(len(ratings.packets)))
    flat = count_marginal(whole, plan)
    thin = thin_packets(ratings, flat.groups)
    if thin is None:
        first = refine(flat, guess(whole, flat), Manner())
        return finish(first if plan.levels == 1 else climb_nested(whole, plan, first, Manner()))
    small = count_marginal(thin, plan)
    first = refine(small, guess(thin, small), ROUGHLY)
    if plan.levels == 1:
        return finish(refine(flat, first.vector, Manner(), first.hessian))
    return finish(climb_many(whole, plan, climb_nested(thin, plan, first, ROUGHLY)))


def finish(found: Found[Marginal] | Found[Nested]) -> Fitted:
    """Return a highest point with the covariance that the curvature there stands for."""
    free = found.data.prior.free
    covariance = np.zeros_like(found.hessian)
    covariance[np.ix_(free, free)] = invert(-found.hessian[np.ix_(free, free)])
    return Fitted(found.vector, covariance, found.data, found.steps, found.converged)


def count_marginal(part: Part, plan: Plan) -> Marginal:
    """Return ratings counted for the model of one level."""
    ratings = part.ratings
    cells, cell = find_cells(ratings)
    blocks, unit = block_cells(ratings, cells, cell)
    groups = group_items(ratings.packet, unit, ratings.step, len(blocks))
    count = np.asarray(np.bincount(groups.of_item, part.weight), dtype=np.float64)
    groups = replace(groups, count=count)
    layout, prior = lay_out(ratings, plan, 1)
    totals = count_totals(ratings, part.weight)
    return Marginal(blocks, groups, totals, layout, prior, make_nodes())


def lay_out(ratings: Ratings, plan: Plan, levels: int) -> tuple[Layout, Prior]:
    """Return where each unknown stands, and what is believed of it before."""
    layout = Layout(
        len(ratings.raters), len(ratings.criteria), plan.tables, ratings.n_steps, levels
    )
    return layout, make_prior(layout, plan.anchors)


def refine(
    data: Marginal, start: FloatArray, manner: Manner, hessian: FloatArray | None = None
) -> Found[Marginal]:
    """Return the highest point, on as many nodes as the most telling packet asks for."""
    best = climb(make_hill(data)._replace(manner=manner), start, hessian)
    needed = count_nodes(data, best.vector)
    if needed <= len(data.nodes):
        return Found(best.vector, best.hessian, data, best.steps, best.converged)
    finer = replace(data, nodes=make_nodes(needed))
    better = climb(make_hill(finer)._replace(manner=manner), best.vector)
    return Found(better.vector, better.hessian, finer, best.steps + better.steps, better.converged)


def make_hill(data: Marginal | Nested) -> Hill:
    """Return the log posterior as a function to climb."""
    if isinstance(data, Nested):
        return Hill(
            lambda vector: slope_nested(data, vector),
            lambda vector: bend_nested(data, vector),
            data.prior.free,
        )
    return Hill(
        lambda vector: slope_marginal(data, vector),
        lambda vector: bend_marginal(data, vector),
        data.prior.free,
    )


def climb_nested(part: Part, plan: Plan, flat: Found[Marginal], manner: Manner) -> Found[Nested]:
    """Return the highest point of two levels, starting from that of one."""
    start = np.append(flat.vector, np.log(guess_local(part, flat.data, flat.vector)))
    data = count_nested(part, plan, start)
    best = climb(make_hill(data)._replace(manner=manner), start)
    return Found(best.vector, best.hessian, data, best.steps, best.converged)


def climb_many(whole: Part, plan: Plan, part: Found[Nested]) -> Found[Nested]:
    """Return the highest point of all packets; second derivatives are those of a part of them."""
    data = count_nested(whole, plan, part.vector)
    hill = Hill(
        lambda vector: slope_nested(data, vector),
        lambda vector: borrow_bend(part.data, vector),
        data.prior.free,
        BORROWING,
    )
    best = climb(hill, part.vector, part.hessian)
    return Found(best.vector, best.hessian, data, best.steps, best.converged)


def borrow_bend(data: Nested, vector: FloatArray) -> FloatArray:
    """Return second derivatives near the highest point of all packets, from a part of them.

    The likelihood is nearly quadratic in y = local^2. By x = log(local) it bends by
    4 y^2 f_yy + 2 f_x, of which the last is 0 at the top, but not in a part of the packets.
    """
    hessian = bend_nested(data, vector)
    hessian[-1, -1] -= 2 * slope_nested(data, vector).gradient[-1]
    return hessian


def count_nested(part: Part, plan: Plan, vector: FloatArray) -> Nested:
    """Return ratings counted for the model of two levels; `vector` is near the answer."""
    ratings = part.ratings
    cells, cell = find_cells(ratings)
    pieces = find_pieces(ratings)
    groups = group_items(pieces.of_rating, cell, ratings.step, len(cells))
    layout, prior = lay_out(ratings, plan, 2)
    location, threshold = place_cells(cells, unpack(vector, layout), layout)
    edge = np.abs(location).max() + np.abs(threshold).max() + 1
    curves = draw_curves(location, threshold, np.linspace(-edge, edge, LOOKED_AT))
    told = float((curves.square - curves.mean**2).max())
    information = CAREFUL * told * int(groups.members.sum(axis=1).max())
    totals = count_totals(ratings, part.weight)
    return Nested(
        cells,
        groups,
        pieces,
        totals,
        layout,
        prior,
        information,
        part.weight,
        part.coarseness,
    )
