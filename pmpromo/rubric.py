"""The nouns of a rubric: what one step of a ladder asks for, and how evidence is weighed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from functools import cached_property
from typing import Any, Final, Literal, Self

from pydantic import Field, ValidationInfo, model_validator

from pmpromo.digest import compute_digest
from pmpromo.errors import Problem, RubricError
from pmpromo.ladder import Artifact, Behaviour, Ladder, Metric, Source
from pmpromo.units import KNOWN_UNITS, convert
from pmpromo.words import (
    Count,
    Fault,
    Identifier,
    Noun,
    Number,
    Point,
    Rows,
    Share,
    Text,
    Weight,
    find_repeats,
    raise_faults,
)

__all__ = [
    "CheckRule",
    "Closure",
    "Complement",
    "Credibility",
    "Criterion",
    "CriterionWeight",
    "EvidencePolicy",
    "GatePolicy",
    "Ownership",
    "OwnershipTable",
    "Recency",
    "Relation",
    "Repetition",
    "Requirement",
    "Rubric",
    "SideTarget",
    "Status",
    "Target",
    "Tolerance",
    "Variant",
    "suggest",
]

Ownership = Literal["sole", "led", "co_led", "contributed", "supported"]
"""The part someone had in a piece of work."""

Relation = Literal[
    "self", "artifact", "manager", "skip", "peer", "cross_functional", "customer", "external"
]
"""How a voice stands to the candidate."""

Status = Literal["realised", "projected", "proxy"]
"""Whether a figure has happened, is expected, or stands for another."""

TARGETS: Final = ("at_least", "more_than", "at_most", "less_than", "between", "within")


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
        default=None, description="Met above this figure.", examples=[18]
    )
    at_most: Number | None = Field(
        default=None, description="Met at this figure or below.", examples=[2]
    )
    less_than: Number | None = Field(
        default=None, description="Met below this figure.", examples=[2]
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


class Criterion(Noun):
    """One dimension judged.

    >>> asked = Requirement(fact="aligns_functions", point=3)
    >>> Criterion(id="reach", name="Reach", weight=20, requirements=(asked,)).weight
    Decimal('20')
    """

    id: Identifier = Field(description="Name of the criterion.", examples=["business_result"])
    name: Text = Field(description="Title of the criterion.", examples=["Business result"])
    weight: Weight = Field(description="Its weight; only ratios matter.", examples=[20])
    bar: Share | None = Field(
        default=None,
        gt=0,
        description="Score that meets it; default the rubric's bar.",
        examples=[0.75],
    )
    must_have: Share | None = Field(
        default=None, gt=0, description="Minimum that no total can compensate.", examples=[0.5]
    )
    best: Count | None = Field(
        default=None,
        ge=1,
        description="Only this many of its requirements count, the best ones.",
        examples=[2],
    )
    descriptors: tuple[Text, Text, Text, Text, Text] | None = Field(
        default=None,
        description="What an observer sees at points 0 to 4; 3 meets the target level.",
    )
    requirements: tuple[Requirement, ...] = Field(min_length=1, description="What is asked for.")
    motivation: Text | None = Field(default=None, description="Why it is judged.")
    rows: Rows = Field(default=(), description="Source rows.")

    @model_validator(mode="after")
    def _check(self) -> Self:
        names = [requirement.name for requirement in self.requirements]
        faults = [
            Fault(
                ("requirements", index),
                "a requirement of this name stands twice",
                "give it an id of its own",
            )
            for index in find_repeats(names)
        ]
        raise_faults(faults)
        return self


class Complement(Noun):
    """Two criteria that count together only as far as the weaker one."""

    pair: tuple[Identifier, Identifier] = Field(
        description="The two criteria.", examples=[["arr", "leverage"]]
    )
    strength: Share = Field(
        description="How much weight, of a total of 1, goes through the lower of the two.",
        examples=[0.25],
    )
    reason: Text | None = Field(
        default=None, description="Why one without the other is worth less."
    )


class CriterionWeight(Noun):
    """The weight of one criterion in a variant."""

    criterion: Identifier = Field(description="The criterion.", examples=["leverage"])
    weight: Weight = Field(description="Its weight; only ratios matter.", examples=[80])


class Variant(Noun):
    """Another set of weights, by name, never the default."""

    id: Identifier = Field(description="Name of the variant.", examples=["xf80"])
    reason: Text = Field(description="Why one would want to look at it.")
    weights: tuple[CriterionWeight, ...] = Field(
        min_length=1, description="A weight for every criterion."
    )
    complements: tuple[Complement, ...] = Field(
        default=(), description="Complements under these weights."
    )
    rows: Rows = Field(default=(), description="Source rows.")


class OwnershipTable(Noun):
    """How much of a result counts for the part someone had in it."""

    sole: Share = Field(default=1.0, description="Did it alone.")
    led: Share = Field(default=1.0, description="Led the people who did it.")
    co_led: Share = Field(default=0.7, description="One of two or three who led.")
    contributed: Share = Field(default=0.35, description="Did a part.")
    supported: Share = Field(default=0.1, description="Helped.")
    reason: Text = Field(
        default="Leading is judged like doing; a shared lead counts less than one's own, a part"
        " about a third, help a tenth.",
        description="Why these values.",
    )


class Credibility(Noun):
    """How far independent voices make a statement believable (noisy-OR over groups)."""

    self_report: Share = Field(default=0.3, description="The candidate's own word.")
    artifact: Share = Field(default=0.5, description="An artifact that others can open.")
    report_line: Share = Field(
        default=0.4, description="Manager, skip-level manager, or anyone in the same report line."
    )
    peer: Share = Field(default=0.4, description="A peer outside the report line.")
    cross_functional: Share = Field(default=0.6, description="Someone of another function.")
    customer: Share = Field(default=0.6, description="A customer.")
    external: Share = Field(default=0.6, description="Someone outside the organisation.")
    dispute: Share = Field(
        default=0.5, description="Factor when someone who saw the work disputes it."
    )
    reason: Text = Field(
        default="A bar of .75 then asks for two independent kinds of support, one of them not"
        " from the same line.",
        description="Why these values.",
    )


class Recency(Noun):
    """How much older work counts: in full for a grace time, then halving down to a floor."""

    grace_months: Number = Field(
        default=12.0, ge=0, description="Age up to which work counts in full, in months."
    )
    half_life_months: Number = Field(
        default=18.0, gt=0, description="Time in which what counts then halves, in months."
    )
    floor: Share = Field(default=0.25, description="No known work counts less than this.")
    reason: Text = Field(
        default="A committee looks at the last year or two; older work still shows that something"
        " can be done.",
        description="Why these values.",
    )


class Repetition(Noun):
    """How several achievements add up: the best counts in full, each further one less."""

    gamma: Share = Field(
        default=0.6, description="What each further achievement counts, relative to the one before."
    )
    cap_once: Share = Field(
        default=1.0, description="What one achievement can bring where one showing is enough."
    )
    cap_repeatedly: Share = Field(
        default=0.7, description="What one achievement can bring where repetition is asked."
    )
    reason: Text = Field(
        default="Quality beats count: two good showings of a behaviour suffice, twenty trivial"
        " ones never do.",
        description="Why these values.",
    )


class GatePolicy(Noun):
    """How a missed must-have holds the total below the bar."""

    base: Share = Field(
        default=0.6, description="Part of the bar that is left when a must-have is at zero."
    )
    ramp: Share = Field(
        default=0.15, gt=0, description="Score above the minimum over which the gate opens fully."
    )
    reason: Text = Field(
        default="A missed must-have always lands below the bar, without making a good packet"
        " look empty.",
        description="Why these values.",
    )


class Closure(Noun):
    """What closing a gap means: the facts that a closed item is given."""

    attainment: Share = Field(default=1.0, description="Attainment after closing.")
    ownership: Ownership = Field(default="led", description="Ownership after closing.")
    support: tuple[Relation, ...] = Field(
        default=("manager", "cross_functional"),
        description="Voices that stand behind it after closing.",
    )
    age: Count = Field(default=0, description="Age after closing, in days.")


class EvidencePolicy(Noun):
    """Every judgement by which evidence is weighed, as data with its reason."""

    ownership: OwnershipTable = Field(
        default_factory=OwnershipTable, description="Parts in the work."
    )
    credibility: Credibility = Field(default_factory=Credibility, description="Voices behind it.")
    possible_support: tuple[Relation, ...] = Field(
        default=("artifact", "manager", "cross_functional"),
        description="Voices that may still be added where a packet leaves its list open.",
    )
    recency: Recency = Field(default_factory=Recency, description="Age of the work.")
    repetition: Repetition = Field(
        default_factory=Repetition, description="Number of achievements."
    )
    gate: GatePolicy = Field(default_factory=GatePolicy, description="Must-haves.")
    closure: Closure = Field(default_factory=Closure, description="Closed gaps.")


CheckName = Literal[
    "motion_without_outcome",
    "project_list",
    "single_account",
    "anecdotal_request",
    "silo",
    "deferral",
    "plateau",
    "stale_success",
    "process_over_substance",
    "waiting_for_certainty",
    "brand_name",
    "data_loss",
]


class CheckRule(Noun):
    """An anti-pattern that is looked for. It informs; it never changes a score."""

    id: CheckName = Field(description="Which pattern.", examples=["silo"])
    limit: Number | None = Field(
        default=None,
        ge=0,
        description="From where it speaks, in the pattern's own unit.",
        examples=[3],
    )
    reason: Text = Field(description="Why it matters at this level.")
    rows: Rows = Field(default=(), description="Source rows.")


class Rubric(Noun):
    """Weighted criteria of one transition, and everything needed to score packets with them.

    >>> rubric = Rubric.model_validate({
    ...     "id": "team/l1-l2", "name": "First step", "current_level": "L1", "target_level": "L2",
    ...     "criteria": [{"id": "reach", "name": "Reach", "weight": 1,
    ...                   "requirements": [{"fact": "aligns_functions", "point": 3}]}],
    ... })
    >>> rubric.bar, [str(weight) for weight in rubric.weights]
    (0.75, ['1'])
    """

    schema_version: Literal[1] = Field(default=1, description="Version of this file format.")
    id: Identifier = Field(description="Name of the rubric.", examples=["pure-storage-pm/l3-l4"])
    version: Identifier = Field(
        default="1", description="Version of its content.", examples=["1.0.0"]
    )
    name: Text = Field(description="Title of the rubric.", examples=["Senior to Principal"])
    status: Literal["illustrative", "adopted"] = Field(
        default="illustrative", description="Whether an organisation has adopted it."
    )
    source: Source | None = Field(default=None, description="Where it comes from.")
    current_level: Identifier = Field(description="Level someone leaves.", examples=["L3"])
    target_level: Identifier = Field(description="Level someone enters.", examples=["L4"])
    ladder: Ladder = Field(
        description="The ladder: written out, or the name of a shipped one. Without it the"
        " requirements themselves"
        " are the vocabulary."
    )
    bar: Share = Field(
        default=0.75, gt=0, lt=1, description="Total that meets the rubric.", examples=[0.75]
    )
    criteria: tuple[Criterion, ...] = Field(min_length=1, description="What is judged.")
    complements: tuple[Complement, ...] = Field(
        default=(), description="Criteria that count together."
    )
    evidence: EvidencePolicy = Field(
        default_factory=EvidencePolicy, description="How evidence is weighed."
    )
    checks: tuple[CheckRule, ...] = Field(
        default=(), description="Anti-patterns that are looked for."
    )
    variants: tuple[Variant, ...] = Field(default=(), description="Other weights, by name.")
    valid_from: Count | None = Field(
        default=None, description="Year from which it speaks.", examples=[2026]
    )
    rows: Rows = Field(default=(), description="Source rows.")

    @model_validator(mode="before")
    @classmethod
    def _settle_ladder(cls, data: object, info: ValidationInfo) -> object:
        if not isinstance(data, Mapping):
            return data
        named = data.get("ladder")
        if named is None:
            return {**data, "ladder": _infer_ladder(data)}
        if isinstance(named, str):
            find_ladder = (info.context or {}).get("find_ladder", lambda _: None)
            return {**data, "ladder": find_ladder(named) or named}
        return data

    @model_validator(mode="after")
    def _check(self) -> Self:
        raise_faults(
            [
                *_find_unknown_levels(self),
                *_find_criteria_faults(self),
                *_find_requirement_faults(self),
                *_find_weight_faults(self),
            ]
        )
        return self

    def __hash__(self) -> int:
        """Hash by name: plans are looked up by rubric, and hashing every word would cost more."""
        return hash((self.id, self.version))

    @cached_property
    def weights(self) -> tuple[Fraction, ...]:
        """Weights of the criteria in their order, exact, summing to 1."""
        return _normalise([criterion.weight for criterion in self.criteria])

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything the rubric says."""
        return compute_digest(self.model_dump(mode="json"))

    @cached_property
    def scoring_digest(self) -> str:
        """SHA-256 of only what moves numbers; mended words leave it alone."""
        return compute_digest(_list_what_scores(self))

    def get_bar(self, criterion: Criterion) -> float:
        """Return the score that meets a criterion: its own bar, or the rubric's."""
        return self.bar if criterion.bar is None else criterion.bar

    def scores(self, requirement: Requirement) -> bool:
        """Tell whether a requirement has something to score against and a share above zero."""
        fact = self.ladder.facts[requirement.fact]
        if not requirement.share:
            return False
        if isinstance(fact, Behaviour):
            return requirement.point is not None
        return isinstance(fact, Artifact) or requirement.has_target

    def with_variant(self, name: str) -> Rubric:
        """Return this rubric under the weights of one of its named variants."""
        variant = next((each for each in self.variants if each.id == name), None)
        if variant is None:
            known = ", ".join(each.id for each in self.variants) or "none"
            raise RubricError([Problem("variants", "unknown variant", f"known are: {known}")])
        weights = {each.criterion: each.weight for each in variant.weights}
        changed = {
            "id": f"{self.id}:{name}",
            "complements": variant.complements,
            "criteria": tuple(
                criterion.model_copy(update={"weight": weights[criterion.id]})
                for criterion in self.criteria
            ),
        }
        return Rubric.model_validate(
            {**{name: getattr(self, name) for name in Rubric.model_fields}, **changed}
        )


def _normalise(weights: list[Decimal]) -> tuple[Fraction, ...]:
    total = sum(map(Fraction, weights), Fraction(0))
    return tuple(Fraction(weight) / total for weight in weights)


def _infer_ladder(data: Mapping[str, Any]) -> dict[str, Any]:
    """Make the vocabulary of a rubric that names no ladder from what it asks for."""
    found: dict[str, dict[str, Any]] = {}
    for asked in _walk_requirements(data):
        found.setdefault(asked["fact"], {}).update(asked)
    facts: dict[str, list[dict[str, Any]]] = {"metrics": [], "behaviours": [], "artifacts": []}
    for name, asked in found.items():
        family, fact = _infer_fact(asked)
        facts[family].append({"id": name, "name": name, **fact})
    levels = [data.get("current_level"), data.get("target_level")]
    return {
        "id": data.get("id"),
        "name": data.get("name"),
        "tracks": [{"id": "main", "name": "Main"}],
        "levels": [
            {"id": level, "name": level, "tracks": ["main"], "scope": "not described"}
            for level in levels
        ],
        "units": sorted(_list_new_units(facts["metrics"])),
        **facts,
    }


def _walk_requirements(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    criteria = data.get("criteria")
    for criterion in criteria if isinstance(criteria, (list, tuple)) else ():
        asked = criterion.get("requirements") if isinstance(criterion, Mapping) else None
        for each in asked if isinstance(asked, (list, tuple)) else ():
            if isinstance(each, Mapping) and isinstance(each.get("fact"), str):
                yield {key: value for key, value in each.items() if value is not None}
                sides = each.get("provided")
                yield from (
                    dict(side)
                    for side in (sides if isinstance(sides, (list, tuple)) else ())
                    if isinstance(side, Mapping) and isinstance(side.get("fact"), str)
                )


def _infer_fact(asked: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    if "point" in asked:
        return "behaviours", {}
    if "unit" in asked or any(name in asked for name in TARGETS):
        needs = "change" in asked or (
            isinstance(asked.get("within"), Mapping) and asked["within"].get("of") == "baseline"
        )
        return "metrics", {
            "unit": asked.get("unit", "count"),
            "baseline": "required" if needs else "not_used",
        }
    return "artifacts", {name: asked[name] for name in ("sections", "reviewers") if name in asked}


def _list_new_units(metrics: list[dict[str, Any]]) -> set[str]:
    parts = {
        part
        for metric in metrics
        if isinstance(metric["unit"], str)
        for part in metric["unit"].split("/")
    }
    return {part for part in parts if part not in KNOWN_UNITS}


def _find_unknown_levels(rubric: Rubric) -> list[Fault]:
    known = [level.id for level in rubric.ladder.levels]
    return [
        Fault((key,), "is not a level of the ladder", f"its levels are: {', '.join(known)}")
        for key in ("current_level", "target_level")
        if getattr(rubric, key) not in known
    ]


def _find_criteria_faults(rubric: Rubric) -> list[Fault]:
    repeats = find_repeats([criterion.id for criterion in rubric.criteria])
    faults = [
        Fault(("criteria", index, "id"), "stands twice", "give it another name")
        for index in repeats
    ]
    repeats = find_repeats([rule.id for rule in rubric.checks])
    faults += [
        Fault(("checks", index, "id"), "stands twice", "keep one of them") for index in repeats
    ]
    for index, criterion in enumerate(rubric.criteria):
        if criterion.must_have is not None and criterion.must_have > rubric.bar:
            message = "is above the rubric's bar"
            faults.append(
                Fault(
                    ("criteria", index, "must_have"), message, f"lower it to at most {rubric.bar:g}"
                )
            )
    return faults


def _find_requirement_faults(rubric: Rubric) -> list[Fault]:
    faults: list[Fault] = []
    for i, criterion in enumerate(rubric.criteria):
        inner: list[Fault] = []
        for k, requirement in enumerate(criterion.requirements):
            found = _find_faults_of(requirement, rubric.ladder)
            inner += [
                Fault(("requirements", k, *fault.loc), fault.message, fault.hint) for fault in found
            ]
        inner = inner or _find_best_faults(criterion, rubric)
        faults += [Fault(("criteria", i, *fault.loc), fault.message, fault.hint) for fault in inner]
    return faults


def _find_best_faults(criterion: Criterion, rubric: Rubric) -> list[Fault]:
    scored = [each for each in criterion.requirements if rubric.scores(each)]
    if not scored:
        return [Fault((), "nothing in it can be scored", "give a requirement a target and a share")]
    if criterion.best is None:
        return []
    if criterion.best > len(scored):
        return [
            Fault(("best",), f"only {len(scored)} of its requirements can be scored", "lower it")
        ]
    if len({each.share for each in scored}) > 1:
        return [Fault(("best",), "the best few cannot have different shares", "drop the shares")]
    return []


def _find_faults_of(requirement: Requirement, ladder: Ladder) -> list[Fault]:
    fact = ladder.facts.get(requirement.fact)
    if fact is None:
        return [
            Fault(
                ("fact",),
                "is not in the ladder's vocabulary",
                suggest(requirement.fact, ladder.facts),
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
        return [Fault((), "a figure without a unit", f"add unit: {metric.unit}")]
    try:
        unit = ladder.read_unit(target.unit)
        asked = "percent" if target.change == "relative" else metric.unit
        convert(1.0, unit, ladder.read_unit(asked))
    except ValueError as error:
        message, _, hint = str(error).partition(" | ")
        return [Fault(("unit",), message, hint)]
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
            found = [
                Fault(("fact",), "is no metric of the ladder", suggest(side.fact, ladder.facts))
            ]
        faults += [
            Fault(("provided", index, *fault.loc), fault.message, fault.hint) for fault in found
        ]
    return faults


def _find_part_faults(requirement: Requirement, artifact: Artifact) -> list[Fault]:
    return [
        Fault(
            (key, index), "is not declared for this artifact", suggest(part, getattr(artifact, key))
        )
        for key in ("sections", "reviewers")
        for index, part in enumerate(getattr(requirement, key))
        if part not in getattr(artifact, key)
    ]


def suggest(name: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known word, or says where to look.

    >>> suggest("strateg_document", ["strategy_document"])
    "did you mean 'strategy_document'?"
    """
    near = get_close_matches(name[:60], list(known), n=1)
    return f"did you mean '{near[0]}'?" if near else "pmpromo template lists the known names"


def _find_weight_faults(rubric: Rubric) -> list[Fault]:
    faults = _find_imbalance(
        [criterion.weight for criterion in rubric.criteria], rubric.complements, rubric
    )
    names = [criterion.id for criterion in rubric.criteria]
    for index, variant in enumerate(rubric.variants):
        given = {each.criterion: each.weight for each in variant.weights}
        if sorted(given) != sorted(names) or len(given) != len(variant.weights):
            message, hint = (
                "does not give each criterion one weight",
                f"give one to each of: {', '.join(names)}",
            )
            faults.append(Fault(("variants", index, "weights"), message, hint))
            continue
        found = _find_imbalance([given[name] for name in names], variant.complements, rubric)
        faults += [
            Fault(("variants", index, *fault.loc), fault.message, fault.hint) for fault in found
        ]
    return faults


def _find_imbalance(
    weights: list[Decimal], complements: tuple[Complement, ...], rubric: Rubric
) -> list[Fault]:
    names = [criterion.id for criterion in rubric.criteria]
    if not any(weights):
        return [
            Fault(("criteria",), "all weights are zero", "give at least one criterion a weight")
        ]
    pairs = [tuple(sorted(complement.pair)) for complement in complements]
    faults = [
        Fault(
            ("complements", index, "pair"),
            "does not name two different criteria",
            f"criteria are: {', '.join(names)}",
        )
        for index, pair in enumerate(pairs)
        if len(set(pair)) < len(pair) or not set(pair) <= set(names)
    ]
    faults += [
        Fault(("complements", index, "pair"), "stands twice", "keep one of them")
        for index, pair in enumerate(pairs)
        if pair in pairs[:index]
    ]
    return faults or _find_overdrawn(
        dict(zip(names, _normalise(weights), strict=True)), complements
    )


def _find_overdrawn(
    weights: dict[str, Fraction], complements: tuple[Complement, ...]
) -> list[Fault]:
    drawn = dict.fromkeys(weights, Fraction(0))
    faults = []
    for index, complement in enumerate(complements):
        for name in complement.pair:
            drawn[name] += Fraction(str(complement.strength)) / 2
            if drawn[name] > weights[name]:
                message = f"takes more than the weight of {name}, {float(weights[name]):.3g} of 1"
                faults.append(
                    Fault(
                        ("complements", index, "strength"), message, "lower it, or raise the weight"
                    )
                )
    return faults


_SCORING_FIELDS: Final[dict[str, Any]] = {
    "bar": True,
    "complements": {"__all__": {"pair", "strength"}},
    "evidence": {
        "ownership": set(OwnershipTable.model_fields) - {"reason"},
        "credibility": set(Credibility.model_fields) - {"reason"},
        "possible_support": True,
        "recency": set(Recency.model_fields) - {"reason"},
        "repetition": set(Repetition.model_fields) - {"reason"},
        "gate": set(GatePolicy.model_fields) - {"reason"},
        "closure": True,
    },
}


def _list_what_scores(rubric: Rubric) -> dict[str, Any]:
    content = rubric.model_dump(mode="json", include=_SCORING_FIELDS)
    content["weights"] = [str(weight) for weight in rubric.weights]
    content["criteria"] = [
        criterion.model_dump(mode="json", include={"id", "bar", "must_have", "best"})
        | {
            "requirements": [
                _list_what_asks(each, rubric.ladder)
                for each in criterion.requirements
                if rubric.scores(each)
            ]
        }
        for criterion in rubric.criteria
    ]
    return content


def _list_what_asks(requirement: Requirement, ladder: Ladder) -> dict[str, Any]:
    used = [requirement.fact, *(side.fact for side in requirement.provided)]
    metrics = [fact for name in used if isinstance(fact := ladder.facts[name], Metric)]
    return requirement.model_dump(mode="json", exclude={"note", "rows"}) | {
        "metrics": [[metric.id, metric.unit, metric.baseline] for metric in metrics],
    }
