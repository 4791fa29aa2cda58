"""Words of a ladder to drafts of rubrics: one a step, anchored behaviours, equal weights."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from pmpromo.errors import LadderError, Problem
from pmpromo.exchange.names import make_id, make_ids
from pmpromo.ladder import REFUSED
from pmpromo.reading.library import parse_rubric

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pmpromo.exchange.grid import Words
    from pmpromo.rubric import Rubric

__all__ = ["UNDESCRIBED", "draft_rubrics"]

NOT_SEEN: Final = "None of it is seen."
"""Point 0 of every draft: the scale starts where nothing is."""

IN_PARTS: Final = "Seen in parts, and short of point 2."
"""Point 1 of every draft: the source tells of whole levels, not of parts of one."""

UNDESCRIBED: Final = "The ladder has no words for this point."
"""What stands for a neighbour that the source does not describe; `lint_rubric` finds it."""

DRAFT: Final = "0-draft"
"""The version of every draft; give the rubric another once its words and weights are yours."""

MEETS: Final = 3
"""The point that meets the target level."""

MOST_LISTED: Final = 20
"""How many competencies without words a draft names."""

_NOTE: Final = (
    "A draft, made word for word from a ladder: nobody has weighed it. All weights are equal, one"
    " criterion a competency, its words at point 3, those of the levels below and above at 2 and 4."
    " Points 0 and 1 are the same everywhere. Read each line before you score with it."
)


def draft_rubrics(words: Words, name: str) -> tuple[Rubric, ...]:
    """Return one draft a step between neighbouring levels, from the lowest.

    Raises:
        LadderError: a competency whose name no rubric may ask for.
    """
    facts = make_ids(words.competencies)
    problems = [
        Problem(said, f"refused: {REFUSED[fact]}", "rename it", words.places[said])
        for said, fact in facts.items()
        if fact in REFUSED
    ]
    if problems:
        raise LadderError(problems)
    levels = make_ids(words.levels, keep_codes=True)
    steps = pairwise(words.levels)
    return tuple(_draft_step(words, step, {**facts, **levels}, name) for step in steps)


def _draft_step(words: Words, step: tuple[str, str], ids: Mapping[str, str], name: str) -> Rubric:
    current, target = step
    described = [each for each in words.competencies if (target, each) in words.said]
    shelf = make_id(name).replace("_", "-")
    left_out = [each for each in words.competencies if each not in described]
    lacks = f" Without words at {target}: {_list_some(left_out)}." if left_out else ""
    return parse_rubric(
        {
            "id": f"{shelf}/{ids[current].lower()}-{ids[target].lower()}",
            "version": DRAFT,
            "name": f"Draft: {current} to {target}",
            "source": {"title": name, "note": _NOTE + lacks},
            "current_level": ids[current],
            "target_level": ids[target],
            "ladder": {
                "id": shelf,
                "name": name,
                "source": {"title": name, "note": "Imported; its levels are not described."},
                "tracks": [{"id": "main", "name": "Main"}],
                "levels": [*_draft_levels(words.levels, ids)],
                "behaviours": [
                    {"id": ids[each], "name": each, "anchors": _anchor(words, target, each)}
                    for each in described
                ],
            },
            "criteria": [_draft_criterion(each, ids[each]) for each in described],
        }
    )


def _list_some(names: Sequence[str]) -> str:
    more = len(names) - MOST_LISTED
    return ", ".join([*names[:MOST_LISTED], *([f"and {more} more"] if more > 0 else [])])


def _draft_levels(levels: Sequence[str], ids: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for level in levels:
        yield {"id": ids[level], "name": level, "tracks": ["main"], "scope": "not described"}


def _draft_criterion(name: str, fact: str) -> dict[str, Any]:
    asked = [{"fact": fact, "point": MEETS}]
    return {"id": fact, "name": name, "weight": 1, "requirements": asked}


def _anchor(words: Words, target: str, competency: str) -> list[str]:
    """Return what is seen at points 0 to 4: the target level at 3, its neighbours at 2 and 4."""
    place = words.levels.index(target)
    near = (*words.levels[place - 1 : place + 2], "")[:3]
    return [
        NOT_SEEN,
        IN_PARTS,
        *(words.said.get((level, competency), UNDESCRIBED) for level in near),
    ]
