"""Joint maximum likelihood, as FACETS and its kin fit: every packet is an unknown of its own.

It is here to compare with what they print. It has no optimum where a packet, a rater or a criterion
has only the lowest or only the highest points, or a point is never used; and with few ratings a
packet its measures lie a little too far apart. The default method has none of these faults.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pmpromo.committee.arrays import add_products
from pmpromo.committee.curves import draw_curves, place_cells
from pmpromo.committee.derivatives import bend_cells, find_thresholds, slope_cells, slope_totals
from pmpromo.committee.newton import Hill, Slope, climb, invert
from pmpromo.committee.panels import count_totals, find_cells, group_items
from pmpromo.committee.parameters import Layout, Parameters, Prior, make_prior, unpack
from pmpromo.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmpromo.committee.arrays import FloatArray, IndexArray
    from pmpromo.committee.curves import Cells, Curves
    from pmpromo.committee.panels import Groups, Totals
    from pmpromo.committee.ratings import Ratings

__all__ = ["JointFit", "fit_joint"]

INNER_STEPS: Final = 50
"""Steps towards the ability of each packet; each is bounded, so that few are ever needed."""

INNER_CLOSE: Final = 1e-13
"""Logits by which abilities still move when they are found."""

LARGEST: Final = 20_000_000
"""Numbers in one table: cells x groups of packets x steps."""


class JointFit(NamedTuple):
    """Unknowns, their covariance, and the ability of each packet with its S.E."""

    parameters: Parameters
    layout: Layout
    covariance: FloatArray
    ability: FloatArray  # (packets,)
    ability_sd: FloatArray  # (packets,)
    log_likelihood: float
    steps: int
    converged: bool


class Joint(NamedTuple):
    """Ratings counted; `mass` says how many packets of a group a cell rated."""

    cells: Cells
    groups: Groups
    mass: FloatArray  # (cells, groups)
    totals: Totals
    layout: Layout
    prior: Prior


def fit_joint(
    ratings: Ratings, tables: int, anchors: Mapping[int, tuple[float, float]]
) -> JointFit:
    """Return the joint maximum of abilities, severities, difficulties and thresholds.

    Raises:
        DataError: every packet, rater, criterion and point that leaves it without an optimum.
    """
    problems = [*find_extremes(ratings), *find_unused(ratings, tables)]
    if problems:
        raise DataError(problems)
    data = count_joint(ratings, tables, anchors)
    hill = Hill(lambda v: slope_joint(data, v), lambda v: bend_joint(data, v), data.prior.free)
    best = climb(hill, np.where(data.prior.free, 0.0, data.prior.mean))
    free = np.ix_(data.prior.free, data.prior.free)
    covariance = np.zeros((data.layout.size, data.layout.size))
    covariance[free] = invert(-bend_joint(data, best.vector)[free])
    ability, curves = find_abilities(data, best.vector)
    information = ((curves.square - curves.mean**2) * data.mass).sum(axis=0) / data.groups.count
    of_packet = data.groups.of_item
    return JointFit(
        unpack(best.vector, data.layout),
        data.layout,
        covariance,
        ability[of_packet],
        1 / np.sqrt(information[of_packet]),
        slope_joint(data, best.vector).value,
        best.steps,
        best.converged,
    )


def find_extremes(ratings: Ratings) -> Iterator[Problem]:
    """Yield a problem for each packet, rater and criterion with only lowest or highest points."""
    kinds = (
        ("packet", ratings.packets, ratings.packet),
        ("rater", ratings.raters, ratings.rater),
        ("criterion", ratings.criteria, ratings.criterion),
    )
    for kind, names, codes in kinds:
        count = np.bincount(codes)
        score = np.bincount(codes, ratings.step)
        for code in np.flatnonzero((score == 0) | (score == count * ratings.n_steps)).tolist():
            yield Problem(
                f"{kind} {names[code]}",
                "only lowest or only highest points: joint likelihood has no optimum",
                "use method='marginal'",
            )


def find_unused(ratings: Ratings, tables: int) -> Iterator[Problem]:
    """Yield a problem for each point of the scale that is never given."""
    codes = ratings.criterion if tables > 1 else np.zeros_like(ratings.criterion)
    n_points = ratings.n_steps + 1
    counts = np.bincount(codes * n_points + ratings.step, minlength=tables * n_points)
    for code in np.flatnonzero(counts == 0).tolist():
        table, step = divmod(code, n_points)
        where = f"criterion {ratings.criteria[table]}" if tables > 1 else "ratings"
        yield Problem(
            where,
            f"point {step + ratings.scale[0]} is never given: joint likelihood has no optimum",
            "use method='marginal', or give the scale that was used",
        )


def count_joint(ratings: Ratings, tables: int, anchors: Mapping[int, tuple[float, float]]) -> Joint:
    """Return ratings counted. Where the origin is free, the first of its kind stays at 0."""
    cells, cell = find_cells(ratings)
    groups = group_items(ratings.packet, cell, ratings.step, len(cells))
    if len(cells) * len(groups) * ratings.n_steps > LARGEST:
        hint = "use method='marginal'"
        raise DataError([Problem("ratings", "too many for joint likelihood", hint)])
    layout = Layout(len(ratings.raters), len(ratings.criteria), tables, ratings.n_steps)
    prior = make_prior(layout, anchors)
    deviation = np.where(prior.free, np.inf, 0.0)
    deviation[[*anchors] or [0]] = 0.0
    deviation[layout.difficulty.start] = 0.0
    deviation[layout.threshold][layout.n_steps - 1 :: layout.n_steps] = 0.0
    deviation[layout.centre :] = 0.0
    mass = groups.members[groups.panel].T * groups.count
    known = replace(prior, deviation=deviation)
    return Joint(
        cells, groups, mass, count_totals(ratings, np.ones(len(ratings.packets))), layout, known
    )


def find_abilities(data: Joint, vector: FloatArray) -> tuple[FloatArray, Curves]:
    """Return the ability of each group at which its expected total is the one it has."""
    location, threshold = place_cells(data.cells, unpack(vector, data.layout), data.layout)
    ability = np.zeros(len(data.groups))
    for _ in range(INNER_STEPS):
        curves = draw_curves(location, threshold, ability)
        rated = data.mass / data.groups.count
        mean = (curves.mean * rated).sum(axis=0)
        variance = ((curves.square - curves.mean**2) * rated).sum(axis=0)
        step = np.clip((data.groups.score - mean) / np.maximum(variance, 1e-9), -1, 1)
        ability = ability + step
        if np.abs(step).max() < INNER_CLOSE:
            break
    return ability, draw_curves(location, threshold, ability)


def slope_joint(data: Joint, vector: FloatArray) -> Slope:
    """Return log likelihood and gradient with every ability at its best for the rest."""
    ability, curves = find_abilities(data, vector)
    groups = data.groups
    linear = slope_totals(data.totals, data.layout)
    value = float(vector @ linear) + float(groups.count @ (groups.score * ability))
    value -= float((data.mass * curves.log_total).sum())
    return Slope(value, linear + slope_cells(data.layout, data.cells, curves, data.mass))


def bend_joint(data: Joint, vector: FloatArray) -> FloatArray:
    """Return the second derivatives once abilities follow: H_pp - H_pa H_aa^-1 H_ap."""
    _, curves = find_abilities(data, vector)
    cross = cross_abilities(data, curves)
    own = ((curves.square - curves.mean**2) * data.mass).sum(axis=0)
    return bend_cells(data.layout, data.cells, curves, data.mass) + add_products(
        cross, cross / own[:, None]
    )


def cross_abilities(data: Joint, curves: Curves) -> FloatArray:
    """Return Cov(step, (step, step >= 1, ..)) of each group by unknown, (groups, unknowns)."""
    layout, cells = data.layout, data.cells
    result = np.zeros((layout.size, len(data.groups)))
    variance = (curves.square - curves.mean**2) * data.mass
    np.add.at(result, cells.rater, variance)
    np.add.at(result, layout.n_raters + cells.criterion, variance)
    places: IndexArray = find_thresholds(layout, cells)
    tails = np.cumsum(curves.above[::-1], axis=0)[::-1]
    for k in range(layout.n_steps):
        # E(step; step >= k) = (k - 1) P(>= k) + sum of P(>= h) over h >= k, with k from 1
        joint = k * curves.above[k] + tails[k] - curves.mean * curves.above[k]
        np.add.at(result, places[:, k], joint * data.mass)
    return np.asarray(result.T)
