"""The nouns of a rubric: what one step of a ladder asks for, and how evidence is weighed."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from pydantic import Field, ValidationInfo, model_validator

from pmpromo.card import draw_rubric_card, write_rubric_card
from pmpromo.digest import compute_digest
from pmpromo.errors import Problem, RubricError
from pmpromo.ladder import Artifact, Behaviour, Ladder, Metric, Source
from pmpromo.policy import (
    Credibility,
    EvidencePolicy,
    GatePolicy,
    OwnershipTable,
    Recency,
    Repetition,
)
from pmpromo.requirement import Requirement, find_requirement_faults
from pmpromo.vocabulary import infer_ladder
from pmpromo.words import (
    Count,
    Fault,
    Identifier,
    Noun,
    Number,
    Rows,
    Share,
    Text,
    Version,
    Weight,
    find_repeats,
    raise_faults,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

__all__ = [
    "CheckRule",
    "Complement",
    "Criterion",
    "CriterionWeight",
    "Rubric",
    "Variant",
]


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
                "duplicate",
            )
            for index in find_repeats(names)
        ]
        raise_faults(faults)
        return self


SMALLEST_STRENGTH: Final = 1e-6
"""What counts less moves no score that anyone can see, and strains exact arithmetic."""


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

    @model_validator(mode="after")
    def _check(self) -> Self:
        if 0 < self.strength < SMALLEST_STRENGTH:
            raise_faults([Fault(("strength",), "is next to nothing", "drop the pair, or raise it")])
        return self


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

    schema_version: Version = Field(default=1, description="Version of this file format.")
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
            return {**data, "ladder": infer_ladder(data)}
        if isinstance(named, str):
            find_ladder = (info.context or {}).get("find_ladder", lambda _: None)
            ladder = find_ladder(named)
            if ladder is None:
                hint = "write the ladder out, or leave the key out"
                raise_faults(
                    [Fault(("ladder",), "no shipped ladder has this name", hint, "unknown_name")]
                )
            return {**data, "ladder": ladder}
        return data

    @model_validator(mode="after")
    def _check(self) -> Self:
        raise_faults(
            [
                *_find_unknown_levels(self),
                *_find_criteria_faults(self),
                *_find_faults_in_criteria(self),
                *_find_weight_faults(self),
            ]
        )
        return self

    def __str__(self) -> str:
        return write_rubric_card(self)

    def _repr_html_(self) -> str:
        return draw_rubric_card(self)

    def __hash__(self) -> int:
        """Hash by name: plans are looked up by rubric, and hashing every word would cost more."""
        return hash((self.id, self.version))

    def __reduce__(self) -> tuple[Callable[[bytes], Rubric], tuple[bytes]]:
        """Travel as packed text: a quarter of what its objects take, and no code."""
        return _unpack, (zlib.compress(self.model_dump_json().encode()),)

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


def _unpack(data: bytes) -> Rubric:
    return Rubric.model_validate_json(zlib.decompress(data))


def _find_unknown_levels(rubric: Rubric) -> list[Fault]:
    known = [level.id for level in rubric.ladder.levels]
    if rubric.current_level.casefold() == rubric.target_level.casefold():
        return [Fault(("target_level",), "is the level left", "name the level entered")]
    told = ("is not a level of the ladder", f"its levels are: {', '.join(known)}")
    return [
        Fault((key,), *told, "unknown_name")
        for key in ("current_level", "target_level")
        if getattr(rubric, key) not in known
    ]


def _find_criteria_faults(rubric: Rubric) -> list[Fault]:
    repeats = find_repeats([criterion.id for criterion in rubric.criteria])
    faults = [
        Fault(("criteria", index, "id"), "stands twice", "give it another name", "duplicate")
        for index in repeats
    ]
    repeats = find_repeats([rule.id for rule in rubric.checks])
    faults += [
        Fault(("checks", index, "id"), "stands twice", "keep one of them", "duplicate")
        for index in repeats
    ]
    repeats = find_repeats([variant.id for variant in rubric.variants])
    faults += [
        Fault(("variants", index, "id"), "stands twice", "give it another name", "duplicate")
        for index in repeats
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


def _find_faults_in_criteria(rubric: Rubric) -> list[Fault]:
    faults: list[Fault] = []
    for i, criterion in enumerate(rubric.criteria):
        inner: list[Fault] = []
        for k, requirement in enumerate(criterion.requirements):
            found = find_requirement_faults(requirement, rubric.ladder)
            inner += [fault._replace(loc=("requirements", k, *fault.loc)) for fault in found]
        inner = inner or _find_best_faults(criterion, rubric)
        faults += [fault._replace(loc=("criteria", i, *fault.loc)) for fault in inner]
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
        faults += [fault._replace(loc=("variants", index, *fault.loc)) for fault in found]
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
            "unknown_name",
        )
        for index, pair in enumerate(pairs)
        if len(set(pair)) < len(pair) or not set(pair) <= set(names)
    ]
    faults += [
        Fault(("complements", index, "pair"), "stands twice", "keep one of them", "duplicate")
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
                _list_what_asks(each, rubric.ladder) | {"share": str(share)}
                for each, share in _list_shares(criterion, rubric)
            ]
        }
        for criterion in rubric.criteria
    ]
    return content


def _list_shares(criterion: Criterion, rubric: Rubric) -> list[tuple[Requirement, Fraction]]:
    """Give each scored requirement its exact share, of a total of 1."""
    scored = [each for each in criterion.requirements if rubric.scores(each)]
    return list(zip(scored, _normalise([each.share for each in scored]), strict=True))


def _list_what_asks(requirement: Requirement, ladder: Ladder) -> dict[str, Any]:
    used = [requirement.fact, *(side.fact for side in requirement.provided)]
    metrics = [fact for name in used if isinstance(fact := ladder.facts[name], Metric)]
    return requirement.model_dump(mode="json", exclude={"note", "rows", "asked"}) | {
        "repeats": requirement.repeats,
        "metrics": [[metric.id, metric.unit, metric.baseline] for metric in metrics],
    }
