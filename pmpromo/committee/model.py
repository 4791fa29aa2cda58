"""A committee, fitted: who is severe, what each packet would have been given by an average one."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from numbers import Real
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np

from pmpromo.committee.archive import AGAIN, decode, encode, parse_json, write_json
from pmpromo.committee.card import draw_model
from pmpromo.committee.components import Components, measure_components
from pmpromo.committee.design import check_design
from pmpromo.committee.fitting import Plan
from pmpromo.committee.listing import (
    list_criteria,
    list_notes,
    list_packets,
    list_raters,
    list_surprises,
    separate,
)
from pmpromo.committee.measures import measure_ratings
from pmpromo.committee.ratings import Ratings, as_ratings
from pmpromo.committee.record import (
    SCHEMA_VERSION,
    Adjustments,
    Method,
    Record,
    ScaleModel,
)
from pmpromo.committee.report import describe_model
from pmpromo.errors import DataError, ModelError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmpromo.committee.arrays import IndexArray
    from pmpromo.committee.measures import Measures
    from pmpromo.committee.ratings import Columns

__all__ = ["CommitteeModel", "fit_committee"]

Anchors: TypeAlias = "CommitteeModel | Mapping[str, float] | Mapping[str, tuple[float, float]]"

TWO_LEVELS_FROM: Final = 3
"""Criteria from which on each may depart from the packet's own level, unless told otherwise."""

MOST_STEPS: Final = 30
"""Steps of a rating scale: a finer one is a measurement, and thresholds are not its model."""


@dataclass(frozen=True)
class CommitteeModel(Record):
    """A committee's ratings, explained. Made by `fit_committee`.

    Severities are in logits (positive: gives less), fair scores in points of the scale. `halo` is
    the overdispersion of raters within packets: 1 as the model expects, above 1.5 this committee
    does not share a scale; None if no packet has raters enough to tell. Where it is above 1, the
    errors of severities and fair scores are widened. `spread` is the deviation
    of packets in logits, `local` that of criteria within a packet (two levels). `notes` says in
    sentences what to know.

    >>> given = {"packet_id": list("aabbcc"), "criterion": ["reach"] * 6,
    ...          "rater_id": ["ann", "bo"] * 3, "rating": [1, 2, 2, 3, 3, 4]}
    >>> model = fit_committee(given)
    >>> {name: round(severity, 1) for name, severity in model.severities.items()}
    {'ann': 0.4, 'bo': -0.4}
    >>> CommitteeModel.from_json(model.to_json()) == model
    True
    """

    _ratings: Ratings | None = field(default=None, compare=False, repr=False)
    _adjustment: tuple[float, ...] = field(default=(), compare=False, repr=False)
    _components: Components | None = field(default=None, compare=False, repr=False)

    @property
    def severities(self) -> dict[str, float]:
        """Severity of each rater, in logits."""
        return {rater.rater_id: rater.severity for rater in self.raters}

    @property
    def fair_scores(self) -> dict[str, float]:
        """Fair score of each packet, in points."""
        return dict(zip(self.packet_columns.packet_id, self.packet_columns.fair_score, strict=True))

    @property
    def fair_shares(self) -> dict[str, float]:
        """Fair score of each packet as a share of the scale, 0..1."""
        lowest, highest = self.scale
        return {
            name: (score - lowest) / (highest - lowest) for name, score in self.fair_scores.items()
        }

    @cached_property
    def components(self) -> Components:
        """Where ratings differ: variances of packet, criterion, rater and their pairs."""
        if self._ratings is None:
            return self._components or UNKNOWN
        return measure_components(self._ratings)

    def raters_needed(self, target: float = 0.8, *, adjusted: bool = True) -> int | None:
        """Return how many raters a packet needs for a reliability; None if no number is enough.

        Args:
            target: the reliability wanted of the mean over all criteria, between 0 and 1.
            adjusted: whether scores are adjusted for severity, as fair scores are.

        Raises:
            DataError: a target that is no share.
        """
        if not 0 < target < 1:
            raise DataError([Problem("target", "not between 0 and 1", "such as 0.8")])
        return self.components.raters_needed(target, adjusted=adjusted)

    @cached_property
    def adjustments(self) -> Adjustments:
        """What was added to each rating so that severity plays no part.

        Raises:
            ModelError: a model read from JSON, which keeps no ratings.
        """
        ratings = self._ratings
        if ratings is None:
            hint = "fit the ratings again to see them"
            raise ModelError([Problem("adjustments", "a saved model keeps no ratings", hint)])
        values = ratings.values
        return Adjustments(
            pick(ratings.packets, ratings.packet),
            pick(ratings.criteria, ratings.criterion),
            pick(ratings.raters, ratings.rater),
            tuple(values.astype(int).tolist()),
            self._adjustment,
            tuple((values + np.array(self._adjustment)).tolist()),
        )

    def to_json(self) -> str:
        """Return the model as canonical JSON, without ratings: the same model, the same bytes."""
        return write_json({**encode(self), "components": encode(self.components)})

    @classmethod
    def from_json(cls, text: str | bytes) -> CommitteeModel:
        """Return the model of a JSON text.

        Raises:
            ModelError: every place where the text is not a saved model.
        """
        value = parse_json(text)
        if not isinstance(value, dict) or "components" not in value:
            raise ModelError([Problem("model", "not a saved committee", AGAIN, code="wrong_type")])
        if value.get("schema_version") != SCHEMA_VERSION:
            hint = f"this release reads version {SCHEMA_VERSION}"
            told = Problem("model.schema_version", "another version", hint, code="unknown_choice")
            raise ModelError([told])
        problems: list[Problem] = []
        rest = {key: item for key, item in value.items() if key != "components"}
        model = decode(cls, rest, "model", problems)
        components = decode(Components, value["components"], "model.components", problems)
        if isinstance(model, cls):
            problems += check_columns(model)
        if problems or not isinstance(model, cls):
            raise ModelError(problems)
        return replace(model, _components=components)

    def __str__(self) -> str:
        return describe_model(self, self.components)

    def _repr_html_(self) -> str:
        return draw_model(self)._repr_html_()


def check_columns(model: CommitteeModel) -> list[Problem]:
    """Return a problem if the columns of packets differ in length."""
    columns = model.packet_columns
    lengths = {len(getattr(columns, f.name)) for f in fields(columns)}
    return [Problem("model.packet_columns", "columns of unlike length", AGAIN)][: len(lengths) - 1]


def pick(names: Sequence[str], codes: IndexArray) -> tuple[str, ...]:
    """Return the name of each code."""
    return tuple(map(names.__getitem__, codes.tolist()))


def fit_committee(
    ratings: Ratings | Columns,
    *,
    scale_model: ScaleModel = "rating_scale",
    levels: Literal[1, 2] | None = None,
    method: Method = "marginal",
    anchors: Anchors | None = None,
    coverage: float = 0.9,
) -> CommitteeModel:
    """Fit severities, difficulties, thresholds and packets to the ratings of a committee.

    The many-facet model ``P(k) ~ exp(k (ability - difficulty - severity) - thresholds to k)``
    (Linacre 1989), by the highest posterior density with packets integrated out.

    Args:
        ratings: `Ratings`, or columns in long form on the scale 0..4. Raters need not rate all.
        scale_model: thresholds shared by all criteria, or own ones for each (partial credit).
        levels: 1 if a packet has one ability, 2 if each criterion departs from it; by default 2
            from three criteria on.
        method: "marginal", or "joint" to compare with programs that fit each packet's ability.
        anchors: severities from before, by rater: a fitted model (each with its S.E.), or numbers
            (fixed), or pairs of severity and deviation. Severities then keep that origin.
        coverage: share of belief inside the interval of a fair score.

    Raises:
        DataError: ratings and options that do not fit, every problem at once; raters that no packet
            links, with the ratings that would link them.

    >>> given = {"packet_id": ["a", "b"], "criterion": ["reach"] * 2, "rater_id": ["ann", "bo"],
    ...          "rating": [3, 2]}
    >>> fit_committee(given)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    pmpromo.errors.DataError: ratings: raters in 2 groups that share no packet: ann | bo; one ...
    """
    read = as_ratings(ratings)
    problems = check_options((scale_model, levels, method), coverage, read)
    known, odd = read_anchors(anchors, read)
    if problems or odd:
        raise DataError([*problems, *odd])
    check_design(read, sorted(known))
    tables = len(read.criteria) if scale_model == "partial_credit" else 1
    depth = levels or (2 if len(read.criteria) >= TWO_LEVELS_FROM else 1)
    joint = method == "joint"
    plan = Plan(tables, 1 if joint else depth, known)
    found = measure_ratings(read, plan, joint=joint, coverage=coverage)
    return build_model(read, plan, found, (scale_model, method, coverage))


def check_options(
    chosen: tuple[str, int | None, str], coverage: float, ratings: Ratings
) -> list[Problem]:
    """Return a problem for each option that cannot be."""
    scale_model, levels, method = chosen
    wrong = {
        "scale_model": (
            scale_model not in {"rating_scale", "partial_credit"},
            "one of rating_scale, partial_credit",
        ),
        "levels": (levels not in {None, 1, 2}, "1, 2, or None to choose by the criteria"),
        "method": (method not in {"marginal", "joint"}, "one of marginal, joint"),
        "coverage": (not 0 < coverage < 1, "between 0 and 1"),
        "scale": (
            ratings.n_steps > MOST_STEPS,
            f"at most {MOST_STEPS} steps; round to fewer points",
        ),
    }
    return [Problem(name, "not possible", hint) for name, (bad, hint) in wrong.items() if bad]


def read_anchors(
    anchors: Anchors | None, ratings: Ratings
) -> tuple[dict[int, tuple[float, float]], list[Problem]]:
    """Return mean and deviation of the severity of raters known from before, by code."""
    given: dict[str, Any]
    if isinstance(anchors, CommitteeModel):
        given = {rater.rater_id: (rater.severity, rater.se) for rater in anchors.raters}
    else:
        given = dict(anchors or {})
    pairs = {name: pair if isinstance(pair, tuple) else (pair, 0.0) for name, pair in given.items()}
    problems = [
        Problem(
            f"anchors[{name!a}]", "not a severity in logits", "a number, or (severity, deviation)"
        )
        for name, pair in pairs.items()
        if not is_anchor(pair)
    ]
    if pairs and not problems and not pairs.keys() & {*ratings.raters}:
        problems = [Problem("anchors", "none of these raters rated here", "leave them out")]
    code = {name: i for i, name in enumerate(ratings.raters)}
    return {code[name]: pair for name, pair in pairs.items() if name in code}, problems


def is_anchor(pair: tuple[Any, ...]) -> bool:
    """Tell whether a pair is a severity within 20 logits and a deviation that is not negative."""
    return (
        len(pair) == 2  # noqa: PLR2004 - a pair
        and all(isinstance(x, Real) and not isinstance(x, bool) for x in pair)
        and abs(float(pair[0])) <= FURTHEST
        and 0 <= float(pair[1]) <= FURTHEST
    )


UNKNOWN: Final = Components(None, None, None, None, None, None, None, 1, 1.0)
"""Components of a model that was never given ratings."""

FURTHEST: Final = 20.0
"""Logits beyond which no severity lies."""


def build_model(
    ratings: Ratings, plan: Plan, found: Measures, told: tuple[ScaleModel, Method, float]
) -> CommitteeModel:
    """Return the model of measured ratings."""
    scale, parameters = found.scale, found.solved.parameters
    joint = told[1] == "joint"
    spread = float(found.beliefs.ability.std()) if joint else parameters.spread
    raters = list_raters(ratings, found)
    return CommitteeModel(
        schema_version=SCHEMA_VERSION,
        scale=ratings.scale,
        scale_model=told[0],
        levels=1 if plan.levels == 1 else 2,
        method=told[1],
        coverage=told[2],
        n_ratings=ratings.n_ratings,
        raters=raters,
        criteria=list_criteria(ratings, found),
        packet_columns=list_packets(ratings, found),
        average_severity=scale.average,
        anchored=tuple(ratings.raters[i] for i in sorted(plan.anchors)),
        centre=0.0 if joint else parameters.centre - scale.shift,
        spread=spread,
        local=parameters.local,
        halo=found.halo,
        packet_separation=separate(
            found.beliefs.ability, found.beliefs.ability_sd, shrunk=not joint
        ),
        rater_separation=separate(
            scale.severity, np.array([rater.se for rater in raters]), shrunk=False
        ),
        surprises=list_surprises(ratings, found),
        notes=list_notes(ratings, found, raters),
        steps=found.solved.steps,
        converged=found.solved.converged,
        _ratings=ratings,
        _adjustment=tuple(found.adjustment.tolist()),
    )
