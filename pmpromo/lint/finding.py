"""What was found: of which kind, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["KINDS", "Finding", "Kind"]

Kind = Literal[
    "draft",
    "missing",
    "same_neighbours",
    "vague",
    "unobservable",
    "overlap",
    "weight",
    "out_of_reach",
]
"""The closed set of kinds."""

KINDS: Final[Mapping[Kind, str]] = {
    "draft": "nobody has weighed it yet",
    "missing": "a point, a level or a target without words",
    "same_neighbours": "two points that say the same, so that nobody can choose between them",
    "vague": "words that two readers read differently",
    "unobservable": "words about what somebody knows or feels, or no words at all",
    "overlap": "two criteria that one piece of evidence moves",
    "weight": "weights that cannot matter",
    "out_of_reach": "a bar or a must-have that no packet can reach",
}
"""What each kind is, in the order in which findings are told."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in a rubric that is worth a second look. It is advice, and no error.

    `where` names the criterion or fact, `message` says what was found, `hint` what may mend it.

    >>> print(Finding("vague", "reach, point 3", "'often'", "how often?"))
    reach, point 3: 'often'; how often?
    """

    kind: Kind
    where: str
    message: str
    hint: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}; {self.hint}"
