"""Targets and figures in words, the same wherever a person reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from pmpromo.ladder import Artifact, Behaviour, Metric

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmpromo.ladder import Fact, Ladder
    from pmpromo.requirement import Requirement, Target

__all__ = [
    "describe_figures",
    "describe_target",
    "explain_unscored",
    "join_names",
    "join_phrases",
    "write_figure",
]


SMALLEST_WRITTEN: Final = 1e-6
"""What is smaller is written with an exponent, and never as 0."""


def write_figure(figure: float) -> str:
    """Write a figure for people: no needless zeros, thousands grouped.

    >>> write_figure(18.0), write_figure(30000000.0), write_figure(0.125)
    ('18', '30,000,000', '0.125')
    """
    if 0 < abs(figure) < SMALLEST_WRITTEN:
        return f"{figure:g}"
    return f"{figure:,.6f}".rstrip("0").rstrip(".")


def join_names(names: Iterable[str]) -> str:
    """Join names as a sentence does.

    >>> join_names(["risk_register", "cto", "cfo"])
    'risk register, cto and cfo'
    """
    return join_phrases([name.replace("_", " ") for name in names])


def join_phrases(phrases: list[str]) -> str:
    """Join phrases as a sentence does.

    >>> join_phrases(["the value", "the unit"])
    'the value and the unit'
    """
    return " and ".join([", ".join(phrases[:-1]), phrases[-1]] if len(phrases) > 1 else phrases)


def describe_target(requirement: Requirement, facts: Mapping[str, Fact]) -> str:
    """Say what a requirement asks for: figures with a unit, a point, or parts of an artifact.

    `facts` is the vocabulary of the ladder.
    """
    fact = facts[requirement.fact]
    if isinstance(fact, Behaviour):
        said = "" if requirement.point is None else f"at point {requirement.point}"
    elif isinstance(fact, Metric):
        said = describe_figures(requirement) if requirement.has_target else ""
    else:
        parts = [f"with {join_names(requirement.sections)}"] if requirement.sections else []
        parts += (
            [f"reviewed by {join_names(requirement.reviewers)}"] if requirement.reviewers else []
        )
        said = ", ".join(parts)
    sides = [
        f"with '{facts[side.fact].name}' {describe_figures(side)}" for side in requirement.provided
    ]
    lasting = [f"over {requirement.sustained} months"] if requirement.sustained else []
    return ", ".join(part for part in (said, *sides, *lasting) if part)


class Scoring(Protocol):
    """What decides whether a requirement is scored: a rubric."""

    @property
    def ladder(self) -> Ladder:
        """The vocabulary."""

    def scores(self, requirement: Requirement) -> bool:
        """Tell whether a requirement has something to score against and a share above zero."""


def explain_unscored(requirement: Requirement, rubric: Scoring) -> str:
    """Say why a requirement is not scored; nothing if it is."""
    if rubric.scores(requirement):
        return ""
    fact = rubric.ladder.facts[requirement.fact]
    aims = isinstance(fact, Artifact) or requirement.has_target or requirement.point is not None
    return f"{'its share is 0' if aims else 'no target is given'}: shown, not scored"


def describe_figures(target: Target) -> str:
    """Say a target's figures with their unit.

    >>> from pmpromo.requirement import Target
    >>> describe_figures(Target(more_than=18, unit="percent/year"))
    'of more than 18 percent/year'
    """
    unit = (target.unit or "").replace("_", " ")
    if target.between is not None:
        low, high = map(write_figure, target.between)
        return f"between {low} and {high} {unit}"
    if target.within is not None:
        near = target.within
        size = f"{write_figure(near.tolerance)} {'percent' if near.read_as == 'relative' else unit}"
        reference = "its baseline" if near.of == "baseline" else write_figure(near.of)
        return f"within {size} of {reference}"
    direction = target.direction or ""
    figure = f"{direction.replace('_', ' ')} {write_figure(getattr(target, direction))} {unit}"
    return f"changed by {figure} from its baseline" if target.change else f"of {figure}"
