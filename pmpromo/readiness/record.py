"""What a fitted model knows, as plain frozen data: all of it is saved, none of it is a person's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pmpromo.errors import Problem
from pmpromo.readiness.binding import Binding  # noqa: TC001 - types of fields are read at run time
from pmpromo.readiness.curve import Curve, find_curve_problems
from pmpromo.readiness.prior import Prior  # noqa: TC001
from pmpromo.readiness.verdict import Terms  # noqa: TC001

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "SCHEMA_VERSION",
    "Level",
    "Record",
    "Training",
    "find_record_problems",
    "find_version_problems",
]

SCHEMA_VERSION: Final = 1
"""Version of the saved form. A release reads every version up to its own."""

_AGAIN: Final = "save the model again"

BACKWARDS: Final = -2.0
"""Trend z below which scores are said to run against decisions (2 % of sound histories)."""


@dataclass(frozen=True, slots=True)
class Level:
    """One curve and the decisions behind it; `name` is its transition, None for all together."""

    name: str | None
    n_decisions: int
    prior: Prior | None
    curve: Curve


@dataclass(frozen=True, slots=True)
class Training:
    """How precisely a history fixes its own calibration; what drift is measured against.

    `shift_sd` and `slope_sd` are the standard errors of a shift of all logits and of their common
    factor, s0 and c0; `mean_logit` is the logit around which the factor turns.
    """

    shift_sd: float
    slope_sd: float
    mean_logit: float


@dataclass(frozen=True)
class Record:
    """Curves, counts and terms of a fitted model."""

    schema_version: int
    levels: tuple[Level, ...]
    n_decisions: int
    n_promoted: int
    n_reference: int
    seen: tuple[float, float] | None
    terms: Terms
    bindings: tuple[Binding, ...]
    score_source: str
    n_bridged: int
    log_bayes_factor: float
    trend: float
    training: Training
    drift_alarm: bool

    @property
    def basis(self) -> str:
        """`fitted` when decisions stand behind the forecasts, else `prior`."""
        return "fitted" if self.n_decisions else "prior"

    @property
    def groups(self) -> tuple[str, ...]:
        """The transitions that have a curve of their own; none if one curve serves all."""
        return tuple(level.name for level in self.levels if level.name is not None)

    @property
    def runs_backwards(self) -> bool:
        """Whether high scores were promoted less often than low ones: then the curve is flat."""
        return self.trend < BACKWARDS


def find_version_problems(value: object) -> list[Problem]:
    """Return a problem if a saved value is not of a version that this release reads."""
    if not isinstance(value, dict):
        return [Problem("model", "not an object", _AGAIN, code="wrong_type")]
    version = value.get("schema_version")
    if type(version) is not int or version < 1:
        return [Problem("model.schema_version", "not a version", _AGAIN, code="wrong_type")]
    if version > SCHEMA_VERSION:
        message = f"version {min(version, 10**6)}, newer than {SCHEMA_VERSION}"
        hint = "use a newer release of pmpromo"
        return [Problem("model.schema_version", message, hint, code="unknown_choice")]
    return []


def find_record_problems(record: Record) -> Iterator[Problem]:
    """Yield what cannot be true of a fitted model, of one that was read from a text."""
    names = [level.name for level in record.levels]
    if names != [None] and (None in names or not names or len(set(names)) != len(names)):
        yield Problem("model.levels", "not one nameless level, nor several with names of their own")
    for i, level in enumerate(record.levels):
        yield from find_curve_problems(level.curve, f"model.levels[{i}].curve")
    counts = (record.n_promoted, record.n_decisions, record.n_reference, record.n_bridged)
    if min(counts) < 0 or max(record.n_promoted, record.n_bridged) > record.n_decisions:
        yield Problem("model.n_decisions", "counts that contradict each other")
    if record.seen is not None and not 0 <= record.seen[0] <= record.seen[1] <= 1:
        yield Problem("model.seen", "not a range of scores within 0..1")
