"""Small rubrics and packets, as files would hold them, and what is said about wrong ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pmpromo import parse_packet, parse_rubric
from pmpromo.errors import PmpromoError

if TYPE_CHECKING:
    from collections.abc import Callable

Content = dict[str, Any]

ALIGNS: Final[Content] = {"fact": "aligns", "point": 3}
"""A requirement that needs no ladder."""


def write_rubric(*requirements: Content, **content: object) -> Content:
    """Return a rubric of one criterion that asks for these."""
    criterion = {"id": "reach", "name": "Reach", "weight": 1, "requirements": [*requirements]}
    return {
        "id": "team/l1-l2",
        "name": "First step",
        "current_level": "L1",
        "target_level": "L2",
        "criteria": [criterion],
        **content,
    }


def write_packet(*items: Content, **content: object) -> Content:
    """Return a packet of these items, as of 30 June 2026."""
    return {"id": "p-1", "as_of": "2026-06-30", "evidence": [*items], **content}


def write_item(*facts: Content, **content: object) -> Content:
    """Return an item that shows these facts, led, in progress, believed by nobody else."""
    return {
        "id": "work",
        "title": "Some work",
        "ownership": "led",
        "in_progress": True,
        "support": "none",
        "facts": [*facts],
        **content,
    }


def list_problems(work: Callable[[], object]) -> list[str]:
    """Return what is said about an input, one line a problem; nothing if it is fine."""
    try:
        work()
    except PmpromoError as error:
        return [str(problem) for problem in error.problems]
    return []


def complain_of_rubric(*requirements: Content, **content: object) -> list[str]:
    """Return what is said about a rubric that asks for these."""
    return list_problems(lambda: parse_rubric(write_rubric(*requirements, **content)))


def complain_of_packet(*items: Content, **content: object) -> list[str]:
    """Return what is said about a packet of these items."""
    return list_problems(lambda: parse_packet(write_packet(*items, **content)))
