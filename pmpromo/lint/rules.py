"""All the rules, asked of one rubric."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmpromo.exchange.draft import DRAFT
from pmpromo.lint.anchors import find_bare_criteria, find_in_words
from pmpromo.lint.finding import KINDS, Finding
from pmpromo.lint.overlap import find_overlaps
from pmpromo.lint.reach import find_idle_weights, find_out_of_reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.rubric import Rubric

__all__ = ["lint_rubric"]


def lint_rubric(rubric: Rubric) -> tuple[Finding, ...]:
    """Return what is worth a second look in a rubric, by kind and in the rubric's order.

    Looks for a draft that nobody weighed, points, levels and targets without words, neighbouring
    points that say the same, vague words, words about what nobody sees, criteria that overlap,
    weights that cannot matter, and bars and must-haves that no packet can reach. It advises: a
    rubric with findings scores like any other.

    >>> from pmpromo import parse_rubric
    >>> rubric = parse_rubric({
    ...     "id": "team/l1-l2", "name": "First step", "current_level": "L1", "target_level": "L2",
    ...     "criteria": [{"id": "reach", "name": "Reach", "weight": 1,
    ...                   "requirements": [{"fact": "aligns_functions", "point": 3}]}],
    ... })
    >>> for finding in lint_rubric(rubric):
    ...     print(f"{finding.kind} in {finding.where}: {finding.message}")
    unobservable in reach: nothing says what an observer sees
    """
    found = [
        *_find_draft(rubric),
        *_find_skipped(rubric),
        *find_in_words(rubric),
        *find_bare_criteria(rubric),
        *find_overlaps(rubric),
        *find_idle_weights(rubric),
        *find_out_of_reach(rubric),
    ]
    rank = [*KINDS]
    return tuple(sorted(found, key=lambda finding: rank.index(finding.kind)))


def _find_draft(rubric: Rubric) -> Iterator[Finding]:
    if rubric.version == DRAFT:
        hint = "weigh the criteria, read each line, then give it a version of its own"
        yield Finding("draft", "version", f"is {DRAFT}", hint)


def _find_skipped(rubric: Rubric) -> Iterator[Finding]:
    """Find levels of one track that lie between the two of the step."""
    levels = {level.id: place for place, level in enumerate(rubric.ladder.levels)}
    first, last = levels[rubric.current_level], levels[rubric.target_level]
    ends = {rubric.current_level, rubric.target_level}
    tracks = [{*level.tracks} for level in rubric.ladder.levels if level.id in ends]
    for level in rubric.ladder.levels[first + 1 : last]:
        if level.specified and all({*level.tracks} & track for track in tracks):
            hint = "write a rubric for each step, or say why this one is skipped"
            yield Finding("missing", level.id, "lies between the two levels of the step", hint)
