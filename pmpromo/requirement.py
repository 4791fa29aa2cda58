"""What a rubric asks of one fact: a figure, a point of the scale, parts of an artifact."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, Self

from pydantic import Field, model_validator

from pmpromo.ladder import REFUSED, Artifact, Behaviour, Metric
from pmpromo.units import convert
from pmpromo.words import (
    Count,
    Fault,
    Identifier,
    Noun,
    Number,
    Point,
    Rows,
    Text,
    Weight,
    raise_faults,
    suggest,
)

if TYPE_CHECKING:
    from pmpromo.ladder import Ladder

__all__ = [
    "TARGETS",
    "Requirement",
    "SideTarget",
    "Status",
    "Target",
    "Tolerance",
    "find_requirement_faults",
]

Status = Literal["realised", "projected", "proxy"]
"""Whether a figure has happened, is expected, or stands for another."""

TARGETS: Final = ("at_least", "more_than", "at_most", "less_than", "between", "within")
"""The directions a target can have."""


LONGEST_MONTHS: Final = 1200
"""Work is asked to last a century at most."""


class Tolerance(Noun):
    """How near a figure must stay to another; relative or absolute must be said."""

    tolerance: Number = Field(gt=0, description="Allowed distance on either side.", examples=[10])
    read_as: Literal["relative", "absolute"] = Field(
        description="Percent of the reference, or the metric's own unit; never defaulted.",
        examples=["relative"],
    )
    of: Number | Literal["baseline"] = Field(
        description="The reference: a figure, or the baseline that the packet states.",
        examples=["baseline"],
    )


class Target(Noun):
    """A direction and a figure. Without a direction it is no target, and nothing is scored."""

    at_least: Number | None = Field(
        default=None, description="Met at this figure or above.", examples=[30]
    )
    more_than: Number | None = Field(
        default=None,
        description="Met above this figure; at it, attainment is full all the same.",
        examples=[18],
    )
    at_most: Number | None = Field(
        default=None, description="Met at this figure or below.", examples=[2]
    )
    less_than: Number | None = Field(
        default=None,
        description="Met below this figure; at it, attainment is full all the same.",
        examples=[2],
    )
    between: tuple[Number, Number] | None = Field(
        default=None, description="Met inside this band, ends included.", examples=[[30, 35]]
    )
    within: Tolerance | None = Field(default=None, description="Met near a reference.")
    change: Literal["absolute", "relative"] | None = Field(
        default=None,
        description="The figure is a change from the baseline: in the unit, or in percent of it.",
        examples=["relative"],
    )
    unit: Identifier | None = Field(
        default=None,
        description="Unit of the figures; percent for a relative change.",
        examples=["percent/year"],
    )

    @property
    def direction(self) -> str | None:
        """The one direction given, if any."""
        return next((name for name in TARGETS if getattr(self, name) is not None), None)

    @property
    def has_target(self) -> bool:
        """Whether there is something to score against."""
        return self.direction is not None

    def _find_target_faults(self) -> list[Fault]:
        given = [name for name in TARGETS if getattr(self, name) is not None]
        faults = []
        if len(given) > 1:
            faults.append(Fault((given[1],), "a second target", f"keep one of: {', '.join(given)}"))
        if self.between is not None and self.between[0] > self.between[1]:
            faults.append(Fault(("between",), "the lower end is above the upper", "swap them"))
        if self.change and given and given[0] in {"between", "within"}:
            faults.append(Fault(("change",), "a change has no band", "use at_least or at_most"))
        if self.change and not given:
            faults.append(
                Fault(("change",), "a change without a target", "add at_least or at_most")
            )
        return faults


class SideTarget(Target):
    """A second metric of the same evidence item that must hold too."""

    fact: Identifier = Field(description="The metric.", examples=["margin_change"])

    @model_validator(mode="after")
    def _check(self) -> Self:
        faults = self._find_target_faults()
        if not self.has_target:
            faults.append(
                Fault((), "a side target without a figure", f"add one of: {', '.join(TARGETS)}")
            )
        raise_faults(faults)
        return self


class Requirement(Target):
    """One checkable expectation inside a criterion: a metric, a behaviour or an artifact.

    >>> growth = Requirement(fact="arr_growth", more_than=18, unit="percent/year")
    >>> growth.direction, growth.repeats
    ('more_than', False)
    """

    id: Identifier | None = Field(default=None, description="Name, if it is not the fact's.")
    fact: Identifier = Field(
        description="The fact of the ladder's vocabulary that is asked for.",
        examples=["unit_arr_growth"],
    )
    point: Point | None = Field(
        default=None,
        ge=1,
        description="Behaviours: the point of the scale that is asked.",
        examples=[3],
    )
    sections: tuple[Identifier, ...] = Field(
        default=(), description="Artifacts: sections it must have.", examples=[["risk_register"]]
    )
    reviewers: tuple[Identifier, ...] = Field(
        default=(),
        description="Artifacts: roles that must have reviewed it.",
        examples=[["cto", "vp_product"]],
    )
    asked: Literal["once", "repeatedly"] | None = Field(
        default=None,
        description="Whether one showing is enough. Default: once for metrics and artifacts,"
        " repeatedly for behaviours.",
        examples=["repeatedly"],
    )
    accepts: tuple[Status, ...] = Field(
        default=("realised",),
        min_length=1,
        description="Metrics: which kinds of figure count.",
        examples=[["realised", "projected"]],
    )
    provided: tuple[SideTarget, ...] = Field(
        default=(), description="Metrics of the same item that must hold too."
    )
    sustained: Count | None = Field(
        default=None,
        ge=1,
        le=LONGEST_MONTHS,
        description="Months the work must have lasted, from started to ended.",
        examples=[12],
    )
    share: Weight = Field(
        default=Decimal(1),
        description="Its share in the criterion, relative to the others; 0 is never scored.",
        examples=[1],
    )
    note: Text | None = Field(default=None, description="Why it is asked, or what was chosen.")
    rows: Rows = Field(default=(), description="Source rows.", examples=[["S109"]])

    @property
    def name(self) -> str:
        """Its id, or the fact's."""
        return self.id or self.fact

    @property
    def repeats(self) -> bool:
        """Whether the fact must be shown more than once for full marks."""
        asked = self.asked or ("repeatedly" if self.point is not None else "once")
        return asked == "repeatedly"

    @model_validator(mode="after")
    def _check(self) -> Self:
        raise_faults(self._find_target_faults())
        return self


def find_requirement_faults(requirement: Requirement, ladder: Ladder) -> list[Fault]:
    """Find what keeps a requirement from being asked in the vocabulary of a ladder."""
    fact = ladder.facts.get(requirement.fact)
    reason = REFUSED.get(requirement.fact.casefold())
    if reason is not None:
        return [Fault(("fact",), f"refused: {reason}", "ask for something else", "refused")]
    if fact is None:
        return [
            Fault(
                ("fact",),
                "is not in the ladder's vocabulary",
                suggest(requirement.fact, ladder.facts),
                "unknown_name",
            )
        ]
    if isinstance(fact, Metric):
        return [
            *_find_misplaced(requirement, "metric", ("point", "sections", "reviewers")),
            *_find_metric_faults(requirement, fact, ladder),
            *_find_side_faults(requirement, ladder),
        ]
    if isinstance(fact, Behaviour):
        return _find_misplaced(
            requirement,
            "behaviour",
            (*TARGETS, "change", "unit", "sections", "reviewers", "provided"),
        )
    return [
        *_find_misplaced(
            requirement, "artifact", (*TARGETS, "change", "unit", "point", "provided")
        ),
        *_find_part_faults(requirement, fact),
    ]


def _find_misplaced(requirement: Requirement, kind: str, keys: tuple[str, ...]) -> list[Fault]:
    return [
        Fault((key,), f"is not asked of a {kind}", "drop it, or name another fact")
        for key in keys
        if getattr(requirement, key) not in (None, ())
    ]


def _find_metric_faults(target: Target, metric: Metric, ladder: Ladder) -> list[Fault]:
    if not target.has_target:
        return []
    if target.unit is None:
        return [Fault((), "a figure without a unit", f"add unit: {metric.unit}", "wrong_unit")]
    try:
        unit = ladder.read_unit(target.unit)
        asked = "percent" if target.change == "relative" else metric.unit
        convert(1.0, unit, ladder.read_unit(asked))
    except ValueError as error:
        message, _, hint = str(error).partition(" | ")
        return [Fault(("unit",), message, hint, "wrong_unit")]
    needs = target.change is not None or (
        target.within is not None and target.within.of == "baseline"
    )
    if needs and metric.baseline != "required":
        return [
            Fault(
                ("fact",),
                "needs a baseline that its metric does not use",
                "set baseline: required in the ladder",
            )
        ]
    return []


def _find_side_faults(requirement: Requirement, ladder: Ladder) -> list[Fault]:
    faults = []
    for index, side in enumerate(requirement.provided):
        metric = ladder.facts.get(side.fact)
        if isinstance(metric, Metric):
            found = _find_metric_faults(side, metric, ladder)
        else:
            hint = suggest(side.fact, ladder.facts)
            found = [Fault(("fact",), "is no metric of the ladder", hint, "unknown_name")]
        faults += [fault._replace(loc=("provided", index, *fault.loc)) for fault in found]
    return faults


def _find_part_faults(requirement: Requirement, artifact: Artifact) -> list[Fault]:
    return [
        Fault(
            (key, index),
            "is not declared for this artifact",
            suggest(part, getattr(artifact, key)),
            "unknown_name",
        )
        for key in ("sections", "reviewers")
        for index, part in enumerate(getattr(requirement, key))
        if part not in getattr(artifact, key)
    ]
