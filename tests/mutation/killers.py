"""Which tests meet the mutants of which rooms, and by which tool the mutants are made.

The whole suite is far too slow a killer. These are the tests that speak of a room, or stand close.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from mutation.mutants import Tool

__all__ = ["GROUPS", "Group"]


class Group(NamedTuple):
    """Rooms, or files of rooms, whose mutants meet the same tests.

    The examples in the docstrings of the rooms are tests too.
    """

    rooms: tuple[str, ...]
    tests: tuple[str, ...]
    tool: Tool = "mutmut"
    without: tuple[str, ...] = ()
    least: float = 0.85
    """Share that tests must notice: a guard that chance does not set off, not the aim."""


GROUPS: Final = {
    "scoring": Group(
        ("scoring",),
        ("scoring", "nouns", "advice", "examples", "rubrics", "test_golden.py"),
        without=(  # the arrays, of which `tests/frames` and `tests/engines` speak
            "scoring/attainments.py",
            "scoring/batch.py",
            "scoring/columns.py",
            "scoring/figures.py",
            "scoring/linking.py",
            "scoring/showings.py",
            "scoring/slots.py",
            "scoring/totals.py",
            "scoring/weights.py",
        ),
    ),
    "readiness": Group(("readiness",), ("readiness",)),
    "audit": Group(("audit",), ("audit",)),
    "reading": Group(
        ("reading",),
        ("reading", "nouns", "streams/test_packets.py", "rubrics/test_rubrics.py", "tables"),
    ),
    "units": Group(
        ("units.py", "digest.py"),
        ("nouns/test_units.py", "nouns/test_digest.py", "nouns/test_edges.py"),
    ),
    "advice": Group(("advice", "elicitation"), ("advice",)),
    "committee": Group(("committee",), ("committee",), least=0.0),  # not measured yet
    "models": Group(
        (
            "ladder.py",
            "packet.py",
            "policy.py",
            "requirement.py",
            "result.py",
            "rubric.py",
            "vocabulary.py",
            "words.py",
        ),
        ("nouns", "rubrics/test_ladder.py", "scoring/test_plan.py", "test_schemas.py"),
        "cosmic-ray",  # bounds and validators stand in class bodies, where mutmut is blind
    ),
}
"""Paths below the package and below tests, by name."""
