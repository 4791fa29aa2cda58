"""From a history to curves: one for all decisions, or one for each level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pmpromo.errors import DataError, Problem
from pmpromo.readiness.curve import Curve, draw_curve, gather_beliefs, redraw_interval
from pmpromo.readiness.history import count_by_score
from pmpromo.readiness.lattice import build_lattice
from pmpromo.readiness.path import infer_path
from pmpromo.readiness.pooling import pool_levels
from pmpromo.readiness.prior import Prior, centre_rate, place_root, share_root
from pmpromo.readiness.record import Level

if TYPE_CHECKING:
    from pmpromo.readiness.history import History, Tally
    from pmpromo.readiness.lattice import RootPrior
    from pmpromo.readiness.sigmoid import FloatArray
    from pmpromo.readiness.verdict import Terms

__all__ = ["Fitted", "Priors", "fit_levels", "forecast_each", "read_priors"]

Priors = Mapping[str | None, Prior]
"""The documented rate of each level, or under None that of all of them."""

OWN_DECISIONS: Final = 100
"""A level with this many decisions of its own takes its interval from them alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """The curve of each level, and what the evidence for scores is measured with."""

    levels: tuple[Level, ...]
    tally: Tally
    root: RootPrior
    log_evidence: float


def read_priors(prior: Prior | Mapping[str, Prior] | None, *, grouped: bool) -> Priors:
    """Check documented rates and return them by level.

    Raises:
        DataError: something that is no Prior, or rates by level without groups.
    """
    by_level: dict[Any, Any] = dict(prior) if isinstance(prior, Mapping) else {None: prior}
    problems = [
        Problem("prior" if name is None else f"prior[{name!r}]", "not a Prior", "Prior(rate, kind)")
        for name, one in by_level.items()
        if not (isinstance(one, Prior) or (one is None and name is None))
    ]
    if isinstance(prior, Mapping) and not grouped:
        problems.append(Problem("prior", "rates by transition, but no groups", "give both"))
    if problems:
        raise DataError(problems)
    return {name: one for name, one in by_level.items() if one is not None}


def fit_levels(history: History, priors: Priors, terms: Terms) -> Fitted:
    """Return one curve for all decisions, or one for each level of a history that has levels."""
    return (
        fit_together(history, priors, terms) if history.levels else fit_one(history, priors, terms)
    )


def fit_one(history: History, priors: Priors, terms: Terms) -> Fitted:
    """Return one curve for all decisions."""
    root = place_root(priors.get(None))
    tally = count_by_score(history)
    posterior = infer_path(tally, build_lattice(tally), root)
    curve = draw_curve(gather_beliefs(posterior), terms.bar, terms.coverage)
    level = Level(None, history.n_decisions, priors.get(None), curve)
    return Fitted((level,), tally, root, posterior.log_evidence)


def fit_together(history: History, priors: Priors, terms: Terms) -> Fitted:
    """Return the curves of several levels that lend each other strength."""
    own = [priors.get(name) for name in history.levels]
    common = priors.get(None)
    root = share_root([*own, common])
    rates = [None if prior is None else centre_rate(prior) for prior in own]
    pooled = pool_levels(history, root, rates)
    levels = []
    for g, (name, prior) in enumerate(zip(history.levels, own, strict=True)):
        rows = history.codes == g
        curve = draw_curve(pooled.levels[g], terms.bar, terms.coverage)
        if int(rows.sum()) >= OWN_DECISIONS:
            curve = redraw_interval(curve, fit_alone(history.select(rows), prior or common, terms))
        levels.append(Level(name, int(rows.sum()), prior or common, curve))
    return Fitted(tuple(levels), pooled.tally, root, pooled.posterior.log_evidence)


def fit_alone(history: History, prior: Prior | None, terms: Terms) -> Curve:
    """Return the curve of one level from its own decisions."""
    alone = replace(history, levels=(), codes=np.zeros_like(history.codes))
    return fit_one(alone, {} if prior is None else {None: prior}, terms).levels[0].curve


def forecast_each(history: History, levels: tuple[Level, ...]) -> FloatArray:
    """Return the forecast of each decision by the curve of its level."""
    forecast = np.empty(history.n_decisions)
    for g, level in enumerate(levels):
        rows = history.codes == g
        forecast[rows] = level.curve.predict(history.scores[rows])[0]
    return forecast
