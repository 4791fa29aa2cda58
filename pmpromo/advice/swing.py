"""The nouns of sensitivity: what moves a total, how far a weight can go, what turns a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

__all__ = ["Acceptability", "Flip", "Swing", "WeightRange"]


@dataclass(frozen=True, slots=True)
class WeightRange:
    """The weights of one criterion between which the verdict stays, the others in proportion.

    >>> WeightRange("reach", 0.2, 0.05, 0.6).low
    0.05
    """

    criterion: Annotated[str, Field(description="The criterion.")]
    weight: Annotated[float, Field(description="Its weight, of a total of 1.")]
    low: Annotated[float, Field(description="The least weight with the same verdict.")]
    high: Annotated[float, Field(description="The largest weight with the same verdict.")]


@dataclass(frozen=True, slots=True)
class Swing:
    """The proven totals with one number a fifth smaller, and a fifth larger.

    >>> swing = Swing("reach", 0.2, 0.72, 0.77, True)
    >>> round(swing.high - swing.low, 2)
    0.05
    """

    name: Annotated[str, Field(description="A criterion's weight, or a constant of the policy.")]
    value: Annotated[float, Field(description="What it is today.")]
    low: Annotated[float, Field(description="The total with a fifth less of it.")]
    high: Annotated[float, Field(description="The total with a fifth more of it, at most 1.")]
    flips: Annotated[bool, Field(description="Whether either total turns the verdict.")]


@dataclass(frozen=True, slots=True)
class Acceptability:
    """The share of plausible weights under which the verdict stays as it is.

    >>> Acceptability(0.93, 0.003, 10_000, 20.0, 1).share
    0.93
    """

    share: Annotated[float, Field(description="The share of the weights drawn.")]
    error: Annotated[float, Field(description="Its standard error.")]
    draws: Annotated[int, Field(description="How many weights were drawn.")]
    concentration: Annotated[float, Field(description="How near the rubric's they were drawn.")]
    seed: Annotated[int, Field(description="The seed they were drawn with.")]


@dataclass(frozen=True, slots=True)
class Flip:
    """One fact that turns the verdict by itself, if it is supplied, or if it is taken away.

    >>> Flip("supplied", "state the status of 'Margin'", "launch", 0.76).change
    'supplied'
    """

    change: Annotated[
        Literal["supplied", "removed"], Field(description="What happens to the fact.")
    ]
    what: Annotated[str, Field(description="The fact, the voice or the item.")]
    evidence: Annotated[str, Field(description="The evidence item; empty for a new one.")]
    total: Annotated[float, Field(description="The proven total then.")]
