"""A rubric made ready for arithmetic: every name looked up, every weight exact, every table filled.

A plan is made once a rubric and shared by all packets scored against it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import gcd, lcm, nextafter
from typing import TYPE_CHECKING, Final, Literal, get_args
from weakref import WeakKeyDictionary

from pmpromo.ladder import Metric
from pmpromo.policy import Ownership
from pmpromo.scoring.interval import Interval, know
from pmpromo.units import convert
from pmpromo.wording import describe_target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pmpromo.ladder import Fact, Ladder
    from pmpromo.policy import Credibility, Recency
    from pmpromo.requirement import Requirement, SideTarget, Status, Target, Tolerance
    from pmpromo.rubric import Criterion, Rubric

__all__ = ["Asked", "CriterionPlan", "Goal", "Mean", "Plan", "SideGoal", "make_plan"]

DAYS_A_MONTH: Final = 365.25 / 12
LONGEST_AGE: Final = 36_525
"""Ages beyond a hundred years count as a hundred, in days."""

GROUPS: Final = ("artifact", "report_line", "peer", "cross_functional", "customer", "external")
"""Independent groups of voices; inside one of them a repeated voice adds nothing."""

GROUP_OF: Final = {
    "self": 0,
    "artifact": 1,
    "manager": 2,
    "skip": 2,
    "peer": 4,
    "cross_functional": 8,
    "customer": 16,
    "external": 32,
}
"""The group of each relation, as one bit of a set."""

_KIND_OF: Final[Mapping[str, tuple[Literal["above", "below", "band"], bool]]] = {
    "at_least": ("above", False),
    "more_than": ("above", True),
    "at_most": ("below", False),
    "less_than": ("below", True),
    "between": ("band", False),
}

REPORT_LINE: Final = GROUP_OF["manager"]
ARTIFACT: Final = GROUP_OF["artifact"]


@dataclass(frozen=True, slots=True)
class Goal:
    """A target in its metric's own unit.

    Above and below: `low` and `high` are the one figure. Band: its two ends. Around (near the
    packet's baseline): `low` is an absolute half-width, `high` one relative to the baseline.
    """

    kind: Literal["above", "below", "band", "around"]
    low: float
    high: float
    strict: bool = False
    change: Literal["absolute", "relative"] | None = None
    needs_baseline: bool = False


@dataclass(frozen=True, slots=True)
class SideGoal:
    """A metric of the same item that must hold too."""

    fact: str
    goal: Goal | None
    accepts: frozenset[Status]


@dataclass(frozen=True, slots=True)
class Asked:
    """One scored requirement: where it belongs, and what it asks of a fact."""

    index: int
    criterion: int
    requirement: Requirement
    fact: Fact
    goal: Goal | None
    accepts: frozenset[Status]
    sides: tuple[SideGoal, ...]
    sections: frozenset[str]
    reviewers: frozenset[str]
    cap: float
    told: str
    """What it asks for, in words."""


@dataclass(frozen=True, slots=True)
class Mean:
    """An exact weighted mean: whole-number weights and the one number to divide by."""

    weights: tuple[float, ...]
    total: float


Scale = Callable[[float], float]
"""Converts a stated figure to its metric's own unit."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What a must-have allows: up to `below` under its `minimum`, everything from `top` on."""

    place: int
    minimum: float
    top: float
    bar: float
    below: float
    base: float


Pair = tuple[int, int, float]
"""Two criteria, and the weight that counts through the lower of them."""


@dataclass(frozen=True, slots=True)
class CriterionPlan:
    """A criterion with the places of its scored requirements."""

    criterion: Criterion
    bar: float
    asked: tuple[int, ...]
    mean: Mean
    best: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that scoring one packet looks up."""

    bar: float
    criteria: tuple[CriterionPlan, ...]
    asked: tuple[Asked, ...]
    asked_of: Mapping[str, tuple[Asked, ...]]
    facts: Mapping[str, Fact]
    total: Mean
    pairs: tuple[Pair, ...]
    gates: tuple[Gate, ...]
    gamma: float
    ownership: Mapping[str, Interval]
    credibility: tuple[float, ...]
    dispute: float
    possible_support: int
    recency: tuple[Interval, ...]
    recency_floor: float
    grace_months: float
    closed_ownership: float
    closed_support: int
    closed_attainment: float
    closed_recency: float
    units: frozenset[str]
    scales: dict[tuple[str, str], Scale]
    """Filled as units are met."""


_PLANS: Final[WeakKeyDictionary[Rubric, Plan]] = WeakKeyDictionary()


def make_plan(rubric: Rubric) -> Plan:
    """Return the plan of a rubric, made at its first use."""
    plan = _PLANS.get(rubric)
    # Threads that meet here each make a plan, and all go on with the one that was first.
    return _PLANS.setdefault(rubric, _compile(rubric)) if plan is None else plan


def _compile(rubric: Rubric) -> Plan:
    policy = rubric.evidence
    asked = tuple(_list_asked(rubric))
    total, pairs = _weigh_total(rubric)
    recency = tuple(map(know, _list_recency(policy.recency)))
    return Plan(
        bar=rubric.bar,
        criteria=tuple(
            _plan_criterion(rubric, index, asked) for index in range(len(rubric.criteria))
        ),
        asked=asked,
        asked_of={
            name: tuple(each for each in asked if each.fact.id == name)
            for name in rubric.ladder.facts
        },
        facts=rubric.ladder.facts,
        total=total,
        pairs=pairs,
        gates=tuple(_list_gates(rubric)),
        gamma=policy.repetition.gamma,
        ownership={name: know(getattr(policy.ownership, name)) for name in get_args(Ownership)},
        credibility=tuple(_list_credibility(policy.credibility)),
        dispute=policy.credibility.dispute,
        possible_support=_join_groups(policy.possible_support),
        recency=recency,
        recency_floor=policy.recency.floor,
        grace_months=policy.recency.grace_months,
        closed_ownership=getattr(policy.ownership, policy.closure.ownership),
        closed_support=_join_groups(policy.closure.support),
        closed_attainment=policy.closure.attainment,
        closed_recency=recency[min(policy.closure.age, len(recency) - 1)].low,
        units=frozenset(rubric.ladder.units),
        scales={},
    )


def _list_gates(rubric: Rubric) -> Iterator[Gate]:
    policy = rubric.evidence.gate
    below = nextafter(rubric.bar, 0.0)
    for place, criterion in enumerate(rubric.criteria):
        minimum = criterion.must_have
        if minimum is not None:
            top = min(1.0, minimum + policy.ramp)
            yield Gate(place, minimum, top, rubric.bar, below, policy.base)


def _join_groups(relations: tuple[str, ...]) -> int:
    return reduce(int.__or__, (GROUP_OF[relation] for relation in relations), 0)


def _list_credibility(policy: Credibility) -> Iterator[float]:
    """Give 1 - (1 - q0) prod (1 - r) for each of the 64 sets of groups."""
    for groups in range(1 << len(GROUPS)):
        doubt = 1.0 - policy.self_report
        for place, name in enumerate(GROUPS):
            if groups >> place & 1:
                doubt *= 1.0 - getattr(policy, name)
        yield 1.0 - doubt


def _list_recency(policy: Recency) -> Iterator[float]:
    """Give max(floor, 2^-(max(0, months - grace) / half-life)) by age in days, down to the floor.

    Rounded to 15 decimals, so that the last bit does not hang on a platform's power function.
    """
    for day in range(LONGEST_AGE + 1):
        late = max(0.0, day / DAYS_A_MONTH - policy.grace_months)
        left = round(2.0 ** -(late / policy.half_life_months), 15)
        yield max(policy.floor, left)
        if left <= policy.floor:
            return


def _list_asked(rubric: Rubric) -> Iterator[Asked]:
    found = (
        (place, requirement)
        for place, criterion in enumerate(rubric.criteria)
        for requirement in criterion.requirements
        if rubric.scores(requirement)
    )
    for index, (place, requirement) in enumerate(found):
        yield _compile_requirement(rubric, index, place, requirement)


def _compile_requirement(rubric: Rubric, index: int, place: int, requirement: Requirement) -> Asked:
    fact = rubric.ladder.facts[requirement.fact]
    repetition = rubric.evidence.repetition
    accepts = frozenset(requirement.accepts)
    return Asked(
        index=index,
        criterion=place,
        requirement=requirement,
        fact=fact,
        goal=compile_goal(requirement, fact, rubric.ladder),
        accepts=accepts,
        sides=tuple(_compile_side(side, rubric, accepts) for side in requirement.provided),
        sections=frozenset(requirement.sections),
        reviewers=frozenset(requirement.reviewers),
        cap=repetition.cap_repeatedly if requirement.repeats else repetition.cap_once,
        told=describe_target(requirement, rubric.ladder.facts),
    )


def _compile_side(side: SideTarget, rubric: Rubric, accepts: frozenset[Status]) -> SideGoal:
    metric = rubric.ladder.facts[side.fact]
    return SideGoal(side.fact, compile_goal(side, metric, rubric.ladder), accepts)


def compile_goal(target: Target, fact: Fact, ladder: Ladder) -> Goal | None:
    """Express a metric's target in the metric's unit; a relative change stays in percent."""
    if not isinstance(fact, Metric) or target.direction is None or target.unit is None:
        return None
    given = ladder.read_unit(target.unit)
    unit = ladder.read_unit("percent" if target.change == "relative" else fact.unit)
    if target.within is not None:
        return _compile_tolerance(target.within, lambda figure: convert(figure, given, unit))
    figures = target.between or (getattr(target, target.direction),) * 2
    low, high = (convert(figure, given, unit) for figure in figures)
    kind, strict = _KIND_OF[target.direction]
    return Goal(
        kind,
        low,
        high,
        strict,
        target.change,
        fact.baseline == "required" or target.change is not None,
    )


def _compile_tolerance(within: Tolerance, read: Callable[[float], float]) -> Goal:
    """A fixed reference makes a band; the packet's baseline leaves the half-widths as they are."""
    relative = within.read_as == "relative"
    if within.of == "baseline":
        absolute = 0.0 if relative else read(within.tolerance)
        share = within.tolerance / 100 if relative else 0.0
        return Goal("around", absolute, share, needs_baseline=True)
    reference = Fraction(str(read(within.of)))
    tolerance = Fraction(str(within.tolerance if relative else read(within.tolerance)))
    width = abs(reference) * tolerance / 100 if relative else tolerance
    return Goal("band", float(reference - width), float(reference + width))


def _plan_criterion(rubric: Rubric, index: int, asked: tuple[Asked, ...]) -> CriterionPlan:
    criterion = rubric.criteria[index]
    own = [each for each in asked if each.criterion == index]
    shares = [Fraction(each.requirement.share) for each in own]
    return CriterionPlan(
        criterion=criterion,
        bar=rubric.get_bar(criterion),
        asked=tuple(each.index for each in own),
        mean=_weigh(shares, sum(shares, Fraction(0))),
        best=criterion.best,
    )


def _weigh(weights: Sequence[Fraction], total: Fraction) -> Mean:
    """Bring fractions to whole numbers, so that means of simple scores come out exact."""
    scale = lcm(total.denominator, *(weight.denominator for weight in weights))
    whole = [int(weight * scale) for weight in [*weights, total]]
    shrink = gcd(*whole)
    return Mean(tuple(float(weight // shrink) for weight in whole[:-1]), float(whole[-1] // shrink))


def _weigh_total(rubric: Rubric) -> tuple[Mean, tuple[Pair, ...]]:
    """Split the weights of the Choquet integral: criteria alone, pairs through their minimum."""
    names = [criterion.id for criterion in rubric.criteria]
    alone = list(rubric.weights)
    strengths = [Fraction(str(complement.strength)) for complement in rubric.complements]
    places = [
        (names.index(first), names.index(second))
        for first, second in (c.pair for c in rubric.complements)
    ]
    for (first, second), strength in zip(places, strengths, strict=True):
        alone[first] -= strength / 2
        alone[second] -= strength / 2
    mean = _weigh([*alone, *strengths], Fraction(1))
    joint = mean.weights[len(alone) :]
    pairs = tuple(
        (first, second, weight) for (first, second), weight in zip(places, joint, strict=True)
    )
    return Mean(mean.weights[: len(alone)], mean.total), pairs
