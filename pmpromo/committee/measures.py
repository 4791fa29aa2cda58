"""From the unknowns of a committee to what it is told: severities, fair scores, fit."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pmpromo.committee.beliefs import Beliefs, believe
from pmpromo.committee.curves import expect_rating
from pmpromo.committee.fitting import fit_ratings
from pmpromo.committee.joint import fit_joint
from pmpromo.committee.panels import find_pieces
from pmpromo.committee.residuals import Residuals, find_sheets, fit_squares, measure_halo

if TYPE_CHECKING:
    from collections.abc import Callable

    from pmpromo.committee.arrays import FloatArray
    from pmpromo.committee.fitting import Plan
    from pmpromo.committee.panels import Pieces
    from pmpromo.committee.parameters import Layout, Parameters
    from pmpromo.committee.ratings import Ratings
    from pmpromo.committee.residuals import Sheets

__all__ = ["FairScores", "Measures", "Scale", "measure_ratings"]

KEPT: Final = 9
"""Decimals kept of logits: far beyond what ratings tell, and equal severities stay equal."""


class Scale(NamedTuple):
    """The unknowns with their origin where people expect it.

    Difficulties and thresholds have mean 0. Severities have mean 0 too, unless they are anchored
    (then their origin is last cycle's) or fitted jointly (then packets have mean 0, as in FACETS).
    """

    severity: FloatArray  # (raters,)
    difficulty: FloatArray  # (criteria,)
    threshold: FloatArray  # (tables, steps)
    average: float  # the severity of an average rater
    shift: float  # what is taken from abilities


class Solved(NamedTuple):
    """Unknowns found, by whichever method, and what is then believed of packets."""

    parameters: Parameters
    layout: Layout
    covariance: FloatArray
    beliefs: Callable[[float, float], Beliefs]  # of overdispersion, and of average severity
    steps: int
    converged: bool


class FairScores(NamedTuple):
    """Of each packet, on the rating scale."""

    raw: FloatArray
    fair: FloatArray
    sd: FloatArray
    low: FloatArray
    high: FloatArray


class Measures(NamedTuple):
    """All that is told of a committee, as columns."""

    solved: Solved
    scale: Scale
    severity_covariance: FloatArray  # (raters, raters) of distances from the average
    difficulty_se: FloatArray
    halo: float | None
    beliefs: Beliefs
    residuals: Residuals
    sheets: Sheets
    adjustment: FloatArray  # (ratings,) in points
    scores: FairScores
    rater_fit: tuple[FloatArray, FloatArray]
    criterion_fit: tuple[FloatArray, FloatArray]


def measure_ratings(ratings: Ratings, plan: Plan, *, joint: bool, coverage: float) -> Measures:
    """Return everything that a model tells of ratings."""
    pieces = find_pieces(ratings)
    solved = solve_joint(ratings, plan, pieces) if joint else solve_marginal(ratings, plan, pieces)
    average = 0.0 if plan.anchors else float(solved.parameters.severity.mean())
    first = solved.beliefs(1.0, average)
    origin = find_origin(solved, plan, first if joint else None)
    scale = centre_scale(solved, origin, anchored=bool(plan.anchors))
    distance = (first.piece - scale.shift)[pieces.of_rating] - scale.difficulty[ratings.criterion]
    threshold = scale.threshold
    if len(threshold) > 1:
        threshold = threshold[ratings.criterion]
    expected, variance = expect_rating(distance - scale.severity[ratings.rater], threshold)
    fair, _ = expect_rating(distance - scale.average, threshold)
    residuals = Residuals(expected, ratings.step - expected, np.maximum(variance, SMALLEST))
    sheets = find_sheets(ratings, residuals)
    halo = measure_halo(sheets, len(ratings.raters))
    inflated = widen_errors(halo, float(sheets.size.mean()))
    beliefs = first if inflated == 1 else solved.beliefs(inflated, average)
    covariance = spread_severities(solved, anchored=bool(plan.anchors)) * inflated
    slope = np.bincount(ratings.packet, residuals.variance) / np.bincount(ratings.packet)
    doubt = beliefs.expected_sd**2 + slope**2 * spread_panels(sheets, covariance)
    adjustment = fair - expected
    scores = score_packets(ratings, adjustment, (beliefs.expected, np.sqrt(doubt)), coverage)
    return Measures(
        solved,
        scale,
        covariance,
        spread_difficulties(solved),
        halo,
        beliefs._replace(ability=beliefs.ability - scale.shift),
        residuals,
        sheets,
        adjustment,
        scores,
        fit_squares(residuals, ratings.rater, len(ratings.raters)),
        fit_squares(residuals, ratings.criterion, len(ratings.criteria)),
    )


SMALLEST: Final = 1e-12
"""A rating that is certain has this variance, so that nothing is divided by zero."""


def solve_marginal(ratings: Ratings, plan: Plan, pieces: Pieces) -> Solved:
    """Return the unknowns with packets integrated out."""
    fitted = fit_ratings(ratings, plan)
    return Solved(
        fitted.parameters,
        fitted.layout,
        fitted.covariance,
        lambda inflated, average: believe(fitted, pieces, 1 / inflated, average),
        fitted.steps,
        fitted.converged,
    )


def solve_joint(ratings: Ratings, plan: Plan, pieces: Pieces) -> Solved:
    """Return the unknowns with each packet one of them."""
    fitted = fit_joint(ratings, plan.tables, plan.anchors)

    def believe_joint(inflated: float, average: float) -> Beliefs:
        ability = fitted.ability[pieces.packet]
        parameters, criterion = fitted.parameters, pieces.criterion
        tables = criterion if fitted.layout.n_tables > 1 else np.zeros_like(criterion)
        location = parameters.difficulty[criterion] + average
        mean, variance = expect_rating(ability - location, parameters.threshold[tables])
        weight = np.bincount(pieces.of_rating)
        total = np.bincount(pieces.packet, weight)
        sd = fitted.ability_sd * np.sqrt(inflated)
        expected = np.bincount(pieces.packet, weight * mean) / total
        slope = np.bincount(pieces.packet, weight * variance) / total
        return Beliefs(fitted.ability, sd, expected, slope * sd, ability)

    return Solved(
        fitted.parameters,
        fitted.layout,
        fitted.covariance,
        believe_joint,
        fitted.steps,
        fitted.converged,
    )


def widen_errors(halo: float | None, sheet_size: float) -> float:
    """Return the factor on error variances that halo asks for.

    If what a rater gives a packet on k criteria leaves residuals with correlation r, their sum has
    1 + (k - 1) r times the variance: that is the overdispersion. Halo also spreads single ratings,
    which the model takes for chance; they then follow ability less steeply than it believes, by
    1 - r. The variance of what is estimated is (1 + (k - 1) r) / (1 - r)^2 times as large.

    >>> round(widen_errors(1.6, 4.0), 9)
    2.5
    >>> widen_errors(0.9, 4.0), widen_errors(None, 1.0), widen_errors(1.6, 1.0)
    (1.0, 1.0, 1.6)
    """
    over = max(halo or 1.0, 1.0)
    if sheet_size <= 1:
        return over
    correlation = min((over - 1) / (sheet_size - 1), MOST_CORRELATED)
    return over / (1 - correlation) ** 2


MOST_CORRELATED: Final = 0.25
"""Correlation that counts for steepness: as far as drawn committees bear the formula out."""


def find_origin(solved: Solved, plan: Plan, joint: Beliefs | None) -> float:
    """Return what is taken from severities: nothing from anchored ones."""
    if plan.anchors:
        return 0.0
    if joint is None:
        return float(solved.parameters.severity.mean())
    parameters = solved.parameters
    return float(joint.ability.mean() - parameters.difficulty.mean() - parameters.threshold.mean())


def centre_scale(solved: Solved, origin: float, *, anchored: bool) -> Scale:
    """Return the unknowns with their origins moved; what is expected of a rating stays the same."""
    parameters = solved.parameters
    middle = parameters.threshold.mean(axis=1)
    own = parameters.difficulty + (middle if solved.layout.n_tables > 1 else 0.0)
    common = 0.0 if solved.layout.n_tables > 1 else float(middle[0])
    severity = np.round(parameters.severity - origin, KEPT) + 0.0
    average = 0.0 if anchored else find_average(severity)
    return Scale(
        severity,
        np.round(own - own.mean(), KEPT) + 0.0,
        np.round(parameters.threshold - middle[:, None], KEPT) + 0.0,
        average,
        origin + float(own.mean()) + common,
    )


def find_average(severity: FloatArray) -> float:
    """Return the mean; of equal severities that very number."""
    return float(severity[0]) if bool((severity == severity[0]).all()) else float(severity.mean())


def spread_severities(solved: Solved, *, anchored: bool) -> FloatArray:
    """Return the covariance of the distances of severities from the average of the committee."""
    n_raters = solved.layout.n_raters
    own = solved.covariance[:n_raters, :n_raters]
    if anchored:
        return own
    contrast = np.eye(n_raters) - 1 / n_raters
    return np.asarray(contrast @ own @ contrast)


def spread_difficulties(solved: Solved) -> FloatArray:
    """Return the S.E. of the distances of difficulties from their average."""
    layout = solved.layout
    pick = np.zeros((layout.n_criteria, layout.size))
    pick[:, layout.difficulty] = np.eye(layout.n_criteria)
    if layout.n_tables > 1:
        tables = np.repeat(np.eye(layout.n_tables) / layout.n_steps, layout.n_steps, axis=1)
        pick[:, layout.threshold] = tables
    pick -= pick.mean(axis=0)
    return np.asarray(
        np.sqrt(np.maximum(np.einsum("ci,ij,cj->c", pick, solved.covariance, pick), 0))
    )


def spread_panels(sheets: Sheets, covariance: FloatArray) -> FloatArray:
    """Return w' C w by packet: the variance of its raters' mean severity, each by its share."""
    share = sheets.size / np.bincount(sheets.packet, sheets.size)[sheets.packet]
    rater, packet = sheets.rater, sheets.packet
    result = np.bincount(packet, share**2 * np.diag(covariance)[rater])
    for apart in range(1, int(np.bincount(packet).max())):
        same = np.flatnonzero(packet[apart:] == packet[:-apart])
        both = share[same] * share[same + apart] * covariance[rater[same], rater[same + apart]]
        result += 2 * np.bincount(packet[same], both, len(result))
    return np.maximum(result, 0)


def score_packets(
    ratings: Ratings,
    adjustment: FloatArray,
    expected: tuple[FloatArray, FloatArray],
    coverage: float,
) -> FairScores:
    """Return raw mean, fair score and interval of each packet.

    The interval is that of the score an average committee would give, taken normal on the logit
    of its share of the scale; where the fair score lies outside, it is widened to hold it.
    """
    lowest, highest = ratings.scale
    count = np.bincount(ratings.packet)
    raw = np.bincount(ratings.packet, ratings.values) / count
    fair = np.clip(raw + np.bincount(ratings.packet, adjustment) / count, lowest, highest)
    low, high = find_ends(expected[0] / ratings.n_steps, expected[1] / ratings.n_steps, coverage)
    return FairScores(
        raw,
        fair,
        expected[1],
        np.minimum(lowest + low * ratings.n_steps, fair),
        np.maximum(lowest + high * ratings.n_steps, fair),
    )


def find_ends(share: FloatArray, sd: FloatArray, coverage: float) -> tuple[FloatArray, FloatArray]:
    """Return the ends of an interval for shares within 0..1, normal on the logit.

    >>> low, high = find_ends(np.array([0.5]), np.array([0.1]), 0.9)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.341], [0.659])
    """
    inside = np.clip(share, EDGE, 1 - EDGE)
    logit = np.log(inside / (1 - inside))
    reach = NormalDist().inv_cdf((1 + coverage) / 2) * sd / (inside * (1 - inside))
    return 1 / (1 + np.exp(reach - logit)), 1 / (1 + np.exp(-reach - logit))


EDGE: Final = 1e-6
"""Shares this near to an end of the scale are taken to be as near."""
