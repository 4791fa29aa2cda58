"""Showings of facts: each combination of what a row says, apart from its figures, as one number.

A fact is of one kind. So at most one of status, point and sections is known of it, and at most one
of unit, voices and reviewers; these two and the fact's name make the number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, get_args

import numpy as np

from pmpromo.ladder import Artifact, Behaviour, Metric
from pmpromo.requirement import Status
from pmpromo.words import HIGHEST_POINT

if TYPE_CHECKING:
    from pmpromo.scoring.columns import Bools, Columns, Facts, Ints, Items
    from pmpromo.scoring.plan import Plan

__all__ = ["Numbering", "Showings", "key_facts", "list_showings"]

FEW: Final = 1 << 16
"""Up to so many possible showings, all of them are looked up; beyond, those that occur."""

EACH: Final = 1
"""As many possible showings as there are facts, times this, are few as well."""

MARKABLE: Final = 1 << 26
"""Up to so many possible showings, those that occur are found by marking, not by sorting."""


STATUSES: Final = get_args(Status)


@dataclass(frozen=True, slots=True, eq=False)
class Numbering:
    """How showings are numbered: how many values the first number has, and the second.

    `behaviours` (by fact) is 1 for behaviours. `heard` (by support) is 1 + the code of a support
    some voice of which gives a point, else 0; it is left out where no voice does.
    """

    first: int
    second: int
    behaviours: Ints
    heard: Ints | None


@dataclass(frozen=True, slots=True, eq=False)
class Showings:
    """All showings that may occur, arrays (s,); -1 where a part is unknown, or of another kind.

    `keys` holds their numbers, ascending, where not all numbers are listed. `measured` marks
    figures with a unit.
    """

    numbering: Numbering
    keys: Ints | None
    fact: Ints
    unit: Ints
    status: Ints
    point: Ints
    sections: Ints
    reviewers: Ints
    support: Ints
    measured: Bools

    def find(self, numbers: Ints) -> Ints:
        """Return the places of showings by their numbers."""
        return numbers if self.keys is None else np.searchsorted(self.keys, numbers)


def list_showings(columns: Columns, plan: Plan) -> Showings:
    """List the showings of facts that are free of faults."""
    words = columns.words
    pointed = [any(voice.point is not None for voice in each) for each in words.supports]
    heard = np.array([*((place + 1) * has for place, has in enumerate(pointed)), 0], dtype=np.int32)
    first = max(len(STATUSES), HIGHEST_POINT + 1, len(words.sections)) + 1
    second = max(len(words.units), len(words.reviewers), len(words.supports)) + 1
    size = len(words.facts) * first * second
    metrics, behaviours, artifacts = (
        np.array([isinstance(plan.facts.get(name), kind) for name in words.facts], dtype=bool)
        for kind in (Metric, Behaviour, Artifact)
    )
    voices = heard if any(pointed) else None
    numbering = Numbering(first, second, behaviours.astype(np.int32), voices)
    few = max(FEW, EACH * len(columns.facts.item))
    keys = None if size <= few else _find_occurring(columns, numbering, size)
    numbers = np.arange(size) if keys is None else keys
    fact, rest = np.divmod(numbers, first * second)
    one, other = (part - 1 for part in np.divmod(rest, second))
    metric, behaviour, artifact = metrics[fact], behaviours[fact], artifacts[fact]
    return Showings(
        numbering,
        keys,
        fact,
        unit=_limit(metric, other, len(words.units)),
        status=_limit(metric, one, len(STATUSES)),
        point=_limit(behaviour, one, HIGHEST_POINT + 1),
        sections=_limit(artifact, one, len(words.sections)),
        reviewers=_limit(artifact, other, len(words.reviewers)),
        support=_limit(behaviour, other, len(words.supports)),
        measured=metric & (other >= 0),
    )


def _limit(kind: Bools, codes: Ints, size: int) -> Ints:
    """Leave out codes of other kinds of facts, and those that no table holds."""
    return np.where(kind & (codes < size), codes, -1)


def _find_occurring(columns: Columns, told: Numbering, size: int) -> Ints:
    numbers = key_facts(columns.facts, columns.items, told)
    if size > MARKABLE:
        return np.unique(numbers)
    seen = np.zeros(size, dtype=bool)
    seen[numbers] = True
    return np.flatnonzero(seen)


def key_facts(facts: Facts, items: Items, told: Numbering) -> Ints:
    """Return the number of the showing of each fact."""
    whole = np.int32 if told.first * told.second < 1 << 31 else np.int64
    numbers = facts.status + whole(3)  # three codes, each counted from 1
    numbers += facts.point
    numbers += facts.sections
    numbers *= whole(told.second)
    numbers += facts.unit
    numbers += facts.reviewers
    numbers += whole(2)
    if told.heard is not None:
        voices = told.heard[items.support][facts.item]
        voices *= told.behaviours[facts.fact]
        numbers += voices
    return numbers + facts.fact * np.intp(told.first * told.second)
