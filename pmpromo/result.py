"""The nouns that come out: scores, gaps, checks and the readiness estimate. Plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003 - types of fields are read at run time
from typing import Annotated, Literal

from pydantic import Field

from pmpromo.rubric import CheckName

__all__ = [
    "Basis",
    "Check",
    "CheckId",
    "CheckKind",
    "CriterionScore",
    "CriterionStatus",
    "Gap",
    "GapKind",
    "Inspection",
    "Nature",
    "OpenItem",
    "Readiness",
    "ShownItem",
    "Verdict",
]

CriterionStatus = Literal["met", "documentation_gap", "substance_gap", "no_evidence"]
"""How a criterion stands."""

GapKind = Literal["absent", "unmeasured", "unowned", "uncorroborated", "short", "stale", "single"]
"""What kind of thing is missing."""

Nature = Literal["absent", "documentation", "substance"]
"""Whether nothing is shown, facts are missing, or work is."""

Verdict = Literal["likely", "borderline", "unlikely", "cannot_tell"]
"""What a forecast says."""

Basis = Literal["prior", "fitted"]
"""Whether past decisions stand behind a forecast."""

CheckKind = Literal["anti_pattern", "integrity"]
"""A pattern of work that a rubric names, or something about the packet itself."""

Inspection = Literal[
    "told_twice",
    "own_voice",
    "disputed",
    "disagreement",
    "shares",
    "unasked_fact",
    "no_baseline",
    "unknown_part",
    "declared_and_shown",
    "other_rubric",
    "one_case",
    "concerns",
    "long_sentence",
]
"""What is always looked for in a packet."""

CheckId = CheckName | Inspection
"""Every check there is."""


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """How a packet stands on one criterion, each end of the score in 0..1.

    >>> score = CriterionScore("reach", "Reach", 0.25, 0.75, None, 0.58, 0.83, "documentation_gap")
    >>> score.possible >= score.bar > score.proven
    True
    """

    id: Annotated[str, Field(description="The criterion.")]
    name: Annotated[str, Field(description="Its title.")]
    weight: Annotated[float, Field(description="Its weight, of a total of 1.")]
    bar: Annotated[float, Field(description="The score that meets it.")]
    must_have: Annotated[float | None, Field(description="Minimum that no total can compensate.")]
    proven: Annotated[float, Field(description="Score with every unknown fact at its worst.")]
    possible: Annotated[float, Field(description="Score with every unknown fact at its best.")]
    status: Annotated[
        CriterionStatus,
        Field(description="Met; or short of facts, of substance, or of any evidence."),
    ]


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing, what closes it, and what closing it alone brings.

    `gain` is the proven total after that one closure minus today's; `gain_before_gates` the same
    before must-haves hold it down; `shortfall` is in `unit`.

    >>> gap = Gap("result", "arr_growth", "short", "substance", 16.5, 18.0, "percent/year", 1.5,
    ...           0.02, 0.02, (), "raise it by 1.5 percent/year", ("acq",))
    >>> gap.asked - gap.claimed == gap.shortfall
    True
    """

    criterion: Annotated[str, Field(description="The criterion.")]
    requirement: Annotated[str, Field(description="The requirement inside it.")]
    kind: Annotated[GapKind, Field(description="What is missing.")]
    nature: Annotated[
        Nature, Field(description="Whether facts, new work, or everything is missing.")
    ]
    claimed: Annotated[float | None, Field(description="The figure stated, in the unit.")]
    asked: Annotated[float | None, Field(description="The figure asked, in the unit.")]
    unit: Annotated[str | None, Field(description="Unit of claimed, asked and shortfall.")]
    shortfall: Annotated[float | None, Field(description="How much is missing, in the unit.")]
    gain: Annotated[float, Field(description="What closing it alone adds to the proven total.")]
    gain_before_gates: Annotated[
        float, Field(description="The same before must-haves hold it down.")
    ]
    blocked_by: Annotated[tuple[str, ...], Field(description="Must-haves that hold the gain down.")]
    remedy: Annotated[str, Field(description="What closes it.")]
    evidence: Annotated[tuple[str, ...], Field(description="The evidence items concerned.")]


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An evidence item of which facts are missing, and what all of them together could bring.

    `gain` is the proven total if every unknown fact of this item came out at its best, minus
    today's. Often one fact alone brings nothing, because another is missing too.

    >>> OpenItem("launch", ("your part in it", "when it ended"), 0.04).gain
    0.04
    """

    evidence: Annotated[str, Field(description="The evidence item.")]
    missing: Annotated[tuple[str, ...], Field(description="What is not known of it.")]
    gain: Annotated[float, Field(description="What all of it could add to the proven total.")]


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One evidence item as an assessment read it; every pair is (at worst, at best), in 0..1.

    `alone` says for each criterion, in the rubric's order, what it would score if this item were
    the only one. Items of one achievement count once, so what they show alone does not add up.

    >>> from datetime import date
    >>> item = ShownItem("launch", "Launched it", "packet.yaml:9", None, date(2026, 4, 30), False,
    ...                  (1.0, 1.0), (0.3, 0.79), ((0.3, 0.79), (0.0, 0.0)))
    >>> item.weight[0] <= item.recency[0]
    True
    """

    evidence: str
    """The evidence item."""
    title: str
    """What was done, in a line."""
    place: str
    """The file and line it was read from, if it was read from a file."""
    started: date | None
    """First day of the work, if known."""
    ended: date | None
    """Last day of the work, if known."""
    in_progress: bool
    """Whether it still went on."""
    recency: tuple[float, float]
    """What its age leaves of it."""
    weight: tuple[float, float]
    """The share of it that counts: ownership x credibility x recency."""
    alone: tuple[tuple[float, float], ...]
    """What each criterion would score if this item were the only one."""


@dataclass(frozen=True, slots=True)
class Check:
    """Something to look at. It informs; it never changes a score.

    >>> Check("silo", "anti_pattern", "names 1 function where 3 are usual", (), ("S198",)).id
    'silo'
    """

    id: Annotated[CheckId, Field(description="Which check.")]
    kind: Annotated[CheckKind, Field(description="A pattern of work, or of the packet.")]
    message: Annotated[str, Field(description="What was found.")]
    evidence: Annotated[tuple[str, ...], Field(description="The evidence items that set it off.")]
    rows: Annotated[tuple[str, ...], Field(description="Source rows.")]


@dataclass(frozen=True, slots=True)
class Readiness:
    """The probability that a committee would promote, with its interval and what stands behind it.

    It is a forecast about a committee, apart from the rubric's bar. `coverage` is the share of
    curves that the interval `low`..`high` holds; `if_documented` is the same forecast (probability,
    low, high) at the possible end of the score.

    >>> Readiness(0.3, 0.05, 0.8, 0.9, "prior", 0, "cannot_tell", (0.4, 0.1, 0.9)).basis
    'prior'
    """

    probability: Annotated[
        float, Field(description="Probability of promotion at the proven score.")
    ]
    low: Annotated[float, Field(description="Lower end of its interval.")]
    high: Annotated[float, Field(description="Upper end of its interval.")]
    coverage: Annotated[float, Field(description="Coverage of the interval.")]
    basis: Annotated[Basis, Field(description="Whether past decisions stand behind it.")]
    n_decisions: Annotated[int, Field(description="How many past decisions stand behind it.")]
    verdict: Annotated[
        Verdict, Field(description="What the forecast says about the bar of one half.")
    ]
    if_documented: Annotated[
        tuple[float, float, float],
        Field(description="Probability, low and high if every unknown fact came out at its best."),
    ]
    notes: Annotated[
        tuple[str, ...], Field(description="What stands behind it, in words, and its limits.")
    ] = ()
