"""The mathematics against differences, brute force, and an independent joint-likelihood fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest
from committee.drawn import Design, draw_committee, make_ratings
from committee.published import read_guilford
from scipy.optimize import minimize

from pmpromo.committee import bending, panels
from pmpromo.committee.arrays import add_products, multiply
from pmpromo.committee.bending import bend_nested
from pmpromo.committee.curves import draw_curves, expect_rating
from pmpromo.committee.fitting import (
    Plan,
    count_marginal,
    count_nested,
    fit_ratings,
)
from pmpromo.committee.joint import Joint, bend_joint, count_joint, fit_joint, slope_joint
from pmpromo.committee.marginal import (
    Marginal,
    bend_marginal,
    count_nodes,
    make_nodes,
    slope_marginal,
)
from pmpromo.committee.nested import Nested, slope_nested
from pmpromo.committee.newton import Hill, Slope, climb, invert
from pmpromo.committee.parameters import unpack
from pmpromo.committee.starting import Part, guess_local, thin_packets

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pmpromo.committee import Ratings

SMALL: Final = draw_committee(Design(12, 3, 5, per_packet=(2, 3), local=0.5), 7)[0]
STEP: Final = 1e-5


def difference(function: Callable[[NDArray[Any]], Any], at: NDArray[Any]) -> NDArray[Any]:
    """Return central differences of a function in each direction."""
    return np.array(
        [(function(at + STEP * e) - function(at - STEP * e)) / (2 * STEP) for e in np.eye(len(at))]
    )


def draw_vector(size: int, seed: int = 0) -> NDArray[Any]:
    """Draw unknowns of a usual size."""
    return np.random.default_rng(seed).normal(0, 0.3, size)


def count_flat(ratings: Ratings, tables: int = 1) -> Marginal:
    """Return ratings counted for one level, each packet standing for itself."""
    return count_marginal(Part(ratings, np.ones(len(ratings.packets))), Plan(tables, 1, {}))


@pytest.mark.parametrize("tables", [1, 3])
def test_marginal_gradient_and_hessian(tables: int) -> None:
    """They are those of differences, for a rating scale and for partial credit."""
    data = count_flat(SMALL, tables)
    at = draw_vector(data.layout.size)
    slope = slope_marginal(data, at)
    assert difference(lambda v: slope_marginal(data, v).value, at) == pytest.approx(
        slope.gradient, abs=1e-7
    )
    bent = difference(lambda v: slope_marginal(data, v).gradient, at)
    assert np.abs(bent - bend_marginal(data, at)).max() < 1e-6


def count_deep(ratings: Ratings, tables: int, vector: NDArray[Any]) -> Nested:
    """Return ratings counted for two levels, packets standing for different numbers of them."""
    weight = np.random.default_rng(1).uniform(0.5, 2, len(ratings.packets))
    return count_nested(Part(ratings, weight), Plan(tables, 2, {}), vector)


def drop_some(ratings: Ratings) -> Ratings:
    """Return ratings with a fifth of them missing: panels differ from criterion to criterion."""
    kept = np.random.default_rng(0).random(ratings.n_ratings) < 0.8
    columns = (ratings.packet, ratings.criterion, ratings.rater, ratings.step)
    return make_ratings(*(column[kept] for column in columns))


@pytest.mark.parametrize("tables", [1, 3])
@pytest.mark.parametrize("ratings", [SMALL, drop_some(SMALL)], ids=["whole", "ragged"])
def test_nested_gradient_and_hessian(ratings: Ratings, tables: int) -> None:
    """Both are those of differences, also where packets are weighed and pieces are missing."""
    at = np.append(draw_vector(5 + 3 + 4 * tables + 2), -0.5)
    data = count_deep(ratings, tables, at)
    slope = slope_nested(data, at)
    assert difference(lambda v: slope_nested(data, v).value, at) == pytest.approx(
        slope.gradient, abs=1e-6
    )
    bent = difference(lambda v: slope_nested(data, v).gradient, at)
    assert np.abs(bent - bend_nested(data, at)).max() < 5e-5


def test_nested_hessian_by_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packets taken few at a time give the same second derivatives."""
    at = np.append(draw_vector(5 + 3 + 4 + 2), -0.5)
    data = count_deep(drop_some(SMALL), 1, at)
    whole = bend_nested(data, at)
    monkeypatch.setattr(bending, "AT_ONCE", 5000)
    assert len([*bending.cut_packets(data, 41)]) > 2
    assert np.abs(bend_nested(data, at) - whole).max() < 1e-10


def test_joint_gradient_and_hessian() -> None:
    """With abilities at their best, both are those of differences."""
    data: Joint = count_joint(read_guilford(), 1, {})
    at = np.where(data.prior.free, draw_vector(data.layout.size), 0.0)
    assert difference(lambda v: slope_joint(data, v).value, at)[data.prior.free] == pytest.approx(
        slope_joint(data, at).gradient[data.prior.free], abs=1e-6
    )
    bent = difference(lambda v: slope_joint(data, v).gradient, at)
    free = np.ix_(data.prior.free, data.prior.free)
    assert np.abs(bent - bend_joint(data, at))[free].max() < 1e-5


def weigh_by_hand(ratings: Ratings, vector: NDArray[Any], data: Marginal) -> float:
    """Return the log likelihood of one level rating by rating, on a fine grid."""
    parameters = unpack(vector, data.layout)
    z = np.linspace(-9, 9, 4001)
    node = parameters.centre + parameters.spread * z
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) * (z[1] - z[0])
    total = 0.0
    for packet in range(len(ratings.packets)):
        chance = density.copy()
        for i in np.flatnonzero(ratings.packet == packet):
            criterion, rater = ratings.criterion[i], ratings.rater[i]
            place = node - parameters.difficulty[criterion] - parameters.severity[rater]
            power = np.outer(np.arange(5), place)
            power -= np.r_[0, np.cumsum(parameters.threshold[0])][:, None]
            weight = np.exp(power - power.max(axis=0))
            chance = chance * weight[ratings.step[i]] / weight.sum(axis=0)
        total += float(np.log(chance.sum()))
    return total


def test_marginal_likelihood_by_brute_force() -> None:
    """Groups and sufficient statistics give what every single rating gives."""
    data = count_flat(SMALL)
    at = draw_vector(data.layout.size, 3)
    value = slope_marginal(data, at).value - data.prior.weigh(at)
    assert value == pytest.approx(weigh_by_hand(SMALL, at, data), abs=1e-6)


def test_two_levels_become_one_where_criteria_hardly_depart() -> None:
    """With a local spread of 0.01 the two likelihoods are nearly the same."""
    data = count_flat(SMALL)
    at = draw_vector(data.layout.size, 3)
    flat = slope_marginal(data, at).value - data.prior.weigh(at)
    deep_at = np.append(at, -4.6)
    whole = Part(SMALL, np.ones(len(SMALL.packets)))
    deep = count_nested(whole, Plan(1, 2, {}), deep_at)
    assert slope_nested(deep, deep_at).value - deep.prior.weigh(deep_at) == pytest.approx(
        flat, abs=0.005
    )


def refer_joint(ratings: Ratings) -> dict[str, NDArray[Any]]:
    """Fit joint likelihood independently: all unknowns at once, by a general optimiser."""
    n_p, n_c, n_r = len(ratings.packets), len(ratings.criteria), len(ratings.raters)
    n_k = ratings.n_steps
    cuts = np.cumsum([n_p, n_c - 1, n_r, n_k - 1])

    def split(x: NDArray[Any]) -> list[NDArray[Any]]:
        ability, difficulty, severity, threshold = np.split(x, cuts[:-1])
        free = (difficulty, threshold)
        return [ability - ability.mean(), severity, *(np.append(v, -v.sum()) for v in free)]

    def measure(x: NDArray[Any]) -> float:
        ability, severity, difficulty, threshold = split(x)
        place = ability[ratings.packet] - difficulty[ratings.criterion] - severity[ratings.rater]
        power = np.outer(place, np.arange(n_k + 1)) - np.r_[0, np.cumsum(threshold)]
        top = power.max(axis=1)
        total = np.log(np.exp(power - top[:, None]).sum(axis=1)) + top
        return float((total - power[np.arange(len(place)), ratings.step]).sum())

    start = np.zeros(int(cuts[-1]))
    found = minimize(measure, start, method="BFGS", options={"gtol": 1e-6, "maxiter": 2000})
    for _ in range(3):  # Newton steps by differences, to the last digit
        slope = difference(measure, found.x)
        bend = np.array(
            [
                (measure_slope(measure, found.x + e) - slope) / 1e-4
                for e in 1e-4 * np.eye(len(start))
            ]
        )
        found.x = found.x - np.linalg.pinv((bend + bend.T) / 2, rcond=1e-8) @ slope
    names = ("ability", "severity", "difficulty", "threshold")
    return dict(zip(names, split(found.x), strict=True))


def measure_slope(measure: Callable[[NDArray[Any]], float], at: NDArray[Any]) -> NDArray[Any]:
    """Return the gradient by differences."""
    return difference(measure, at)


def test_joint_fit_is_that_of_an_independent_optimiser() -> None:
    """Guilford: abilities, severities, difficulties, thresholds and likelihood within 1e-6."""
    ratings = read_guilford()
    ours, other = fit_joint(ratings, 1, {}), refer_joint(ratings)
    found = ours.parameters
    shift = found.difficulty.mean() + found.threshold.mean()
    centred = {
        "ability": ours.ability - ours.ability.mean(),
        "severity": found.severity - ours.ability.mean() + shift,
        "difficulty": found.difficulty - found.difficulty.mean(),
        "threshold": found.threshold[0] - found.threshold.mean(),
    }
    for name, values in centred.items():
        assert values == pytest.approx(other[name], abs=1e-6), name
    assert ours.log_likelihood == pytest.approx(-165.68498402128, abs=1e-9)
    assert ours.steps <= 10


def test_joint_abilities_stop_after_their_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too few inner steps leave the fit unsettled; it does not run on."""
    monkeypatch.setattr("pmpromo.committee.joint.INNER_STEPS", 1)
    assert not fit_joint(read_guilford(), 1, {}).converged


def test_expectation_by_hand() -> None:
    """Two points at distance log 3: P = 3/4, mean 3/4, variance 3/16."""
    mean, variance = expect_rating(np.array([np.log(3)]), np.zeros((1, 1)))
    assert (mean[0], variance[0]) == pytest.approx((3 / 4, 3 / 16))
    curves = draw_curves(np.zeros(1), np.zeros((1, 1)), np.array([np.log(3)]))
    assert (curves.mean[0, 0], curves.square[0, 0]) == pytest.approx((3 / 4, 3 / 4))
    assert curves.log_total[0, 0] == pytest.approx(np.log(4))


def test_sharp_packets_get_finer_nodes() -> None:
    """Hundreds of ratings a packet ask for more nodes; the fit then is that of still more."""
    rng = np.random.default_rng(5)
    n_packets, n_raters = 6, 40
    packet = np.repeat(np.arange(n_packets), n_raters)
    rater = np.tile(np.arange(n_raters), n_packets)
    points = np.clip(np.round(packet * 0.8 + rng.normal(0, 0.6, len(packet))), 0, 4).astype(int)
    ratings = make_ratings(packet, np.zeros_like(packet), rater, points)
    fitted = fit_ratings(ratings, Plan(1, 1, {}))
    assert isinstance(fitted.data, Marginal)
    assert len(fitted.data.nodes) > 121
    assert count_nodes(fitted.data, fitted.vector) <= len(fitted.data.nodes) * 1.1
    finer = fitted.data
    more = Marginal(
        finer.blocks, finer.groups, finer.totals, finer.layout, finer.prior, make_nodes(1500)
    )
    step = (
        invert(-bend_marginal(more, fitted.vector)) @ slope_marginal(more, fitted.vector).gradient
    )
    assert np.abs(step).max() < 1e-4


@pytest.mark.parametrize("tables", [1, 3])
def test_the_top_of_two_levels(tables: int) -> None:
    """There the gradient is nothing to the errors, and every second derivative points down."""
    fitted = fit_ratings(SMALL, Plan(tables, 2, {}))
    assert fitted.converged
    assert fitted.steps <= 10
    assert isinstance(fitted.data, Nested)
    slope = slope_nested(fitted.data, fitted.vector).gradient
    assert np.abs(np.sqrt(np.diag(fitted.covariance)) * slope).max() < 1e-5
    assert (np.linalg.eigvalsh(bend_nested(fitted.data, fitted.vector)) < 0).all()


def test_departures_are_looked_for_near_what_they_are() -> None:
    """A first spread of criteria lies within a factor of two of what a drawn committee has."""
    for local in (0.4, 0.8):
        ratings = draw_committee(Design(200, 4, 6, local=local), 2)[0]
        whole = Part(ratings, np.ones(200))
        flat = fit_ratings(ratings, Plan(1, 1, {}))
        assert isinstance(flat.data, Marginal)
        assert local / 2 < guess_local(whole, flat.data, flat.vector) < 2 * local


def test_many_packets_start_from_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer of one level is the same, and that of two, however it was started.

    Standard errors of two levels are then those of a third of the packets, within a tenth.
    """
    ratings = draw_committee(Design(300, 3, 6, per_packet=(3,), local=0.6), 4)[0]
    groups = count_flat(ratings).groups
    assert thin_packets(ratings, groups) is None
    whole = [fit_ratings(ratings, Plan(1, levels, {})) for levels in (1, 2)]
    monkeypatch.setattr("pmpromo.committee.starting.MANY_PACKETS", 200)
    monkeypatch.setattr("pmpromo.committee.starting.THINNED", 100)
    monkeypatch.setattr("pmpromo.committee.starting.KEPT_PACKETS", 30)
    thin = thin_packets(ratings, groups)
    assert thin is not None
    assert len(thin.ratings.packets) == 100
    part = [fit_ratings(ratings, Plan(1, levels, {})) for levels in (1, 2)]
    for one, other in zip(whole, part, strict=True):
        assert other.converged
        assert one.vector == pytest.approx(other.vector, abs=1e-6)
        ratio = np.sqrt(np.diag(other.covariance) / np.diag(one.covariance))
        assert np.abs(ratio[:6] - 1).max() < 0.02
        assert np.abs(ratio - 1).max() < 0.1


def test_a_part_stands_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rater gives as many ratings in it as among all; who rated few keeps all packets."""
    ratings = draw_committee(Design(400, 3, 6, per_packet=(3,)), 5)[0]
    rare = (ratings.rater == 0) & (ratings.packet > 20)
    columns = (ratings.packet, ratings.criterion, ratings.rater, ratings.step)
    ratings = make_ratings(*(column[~rare] for column in columns))
    monkeypatch.setattr("pmpromo.committee.starting.MANY_PACKETS", 200)
    monkeypatch.setattr("pmpromo.committee.starting.THINNED", 60)
    monkeypatch.setattr("pmpromo.committee.starting.KEPT_PACKETS", 30)
    thin = thin_packets(ratings, count_flat(ratings).groups)
    assert thin is not None
    given = np.bincount(ratings.rater)
    told = np.bincount(thin.ratings.rater, thin.weight[thin.ratings.packet])
    assert told == pytest.approx(given, rel=0.02)
    assert (np.bincount(thin.ratings.rater) >= np.minimum(given, 60)).all()
    kept = {thin.ratings.packets[i] for i in thin.ratings.packet[thin.ratings.rater == 0].tolist()}
    assert kept == {ratings.packets[i] for i in ratings.packet[ratings.rater == 0].tolist()}


def test_units_are_cells_where_sheets_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Grouping by sheets or by single cells gives the same likelihood."""
    at = draw_vector(5 + 3 + 4 + 2)
    sheets = count_flat(SMALL)
    monkeypatch.setattr(panels, "MOST_CRITERIA", 2)
    cells = count_flat(SMALL)
    assert len(cells.blocks) > len(sheets.blocks)
    one, other = slope_marginal(sheets, at), slope_marginal(cells, at)
    assert one.value == pytest.approx(other.value, abs=1e-10)
    assert one.gradient == pytest.approx(other.gradient, abs=1e-10)
    assert np.abs(bend_marginal(sheets, at) - bend_marginal(cells, at)).max() < 1e-9


def test_ragged_sheets_make_more_kinds_than_cells() -> None:
    """Each packet rated on its own set of criteria: then cells are the units."""
    rng = np.random.default_rng(2)
    rows = [(p, c, r) for p in range(40) for c in range(6) for r in range(2) if rng.random() < 0.6]
    packet, criterion, rater = np.array(rows).T
    ratings = make_ratings(packet, criterion, rater, rng.integers(0, 5, len(rows)))
    data = count_flat(ratings)
    assert len(data.blocks) == len(data.blocks.cells)


def test_distinct_codes_are_found_by_sorting_where_they_are_wide(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The answer does not depend on the way."""
    codes = np.array([7, 2, 7, 0])
    marked = panels.find_distinct(codes).tolist()
    monkeypatch.setattr(panels, "MOST_MARKS", 3)
    assert panels.find_distinct(codes).tolist() == marked == [0, 2, 7]


def test_products_by_blocks() -> None:
    """Blocked products are products."""
    rng = np.random.default_rng(3)
    left, right = rng.normal(size=(2000, 40)), rng.normal(size=(40, 30))
    assert np.abs(multiply(left, right) - left @ right).max() < 1e-12
    other = rng.normal(size=(2000, 30))
    assert np.abs(add_products(left, other) - left.T @ other).max() < 1e-10


def climb_hill(
    slope: Callable[[NDArray[Any]], Slope], bend: Callable[[NDArray[Any]], NDArray[Any]]
) -> Any:  # noqa: ANN401 - an optimum
    """Climb from (3, 3) with both unknowns free."""
    return climb(Hill(slope, bend, np.ones(2, dtype=bool)), np.array([3.0, 3.0]))


def test_newton_climbs_where_the_ground_curves_upwards() -> None:
    """Log cosh is flat far out, and a saddle direction is taken by its size; the top is found."""
    found = climb_hill(
        lambda v: Slope(float(-np.log(np.cosh(v)).sum()), -np.tanh(v)),
        lambda v: np.diag(np.cosh(v) ** -2.0 * np.array([1.0, -1.0])),
    )
    assert np.abs(found.vector).max() < 1e-3


def test_newton_says_when_it_did_not_settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong slope leads nowhere; too few steps are said to be too few."""
    lost = climb_hill(lambda v: Slope(float(v.sum()), -np.ones(2)), lambda _: -np.eye(2))
    assert not lost.converged
    monkeypatch.setattr("pmpromo.committee.newton.MOST_STEPS", 1)
    short = climb_hill(
        lambda v: Slope(float(-(v**4).sum()), -4 * v**3), lambda v: -np.diag(12 * v**2)
    )
    assert not short.converged
