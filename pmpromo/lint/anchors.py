"""The words of a rubric: what stands at each point, and whether an observer could use it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from pmpromo.exchange.draft import UNDESCRIBED
from pmpromo.ladder import Behaviour
from pmpromo.lint.finding import Finding
from pmpromo.lint.vocabulary import INNER, VAGUE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmpromo.rubric import Criterion, Rubric

__all__ = ["find_bare_criteria", "find_in_words", "split_words"]

_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")

NOTHING_AT_POINT: Final = 0
"""The lowest point says what is not there; no observer is asked for it."""


STRENGTHENING: Final = frozenset(
    ("almost", "even", "fully", "more", "really", "somewhat", "very", "well")
)
"""Words that make another word stronger or weaker, and add nothing that can be seen."""


def split_words(text: str) -> list[str]:
    """Return the words of a text, case-folded.

    >>> split_words("Leads cross-functional work, often.")
    ['leads', 'cross-functional', 'work', 'often']
    """
    return _WORD.findall(text.casefold())


def find_in_words(rubric: Rubric) -> Iterator[Finding]:
    """Find what is missing, the same, vague or unobservable in the words of every scale."""
    for name, points in _list_scales(rubric):
        yield from _find_missing(name, points)
        yield from _find_same(name, points)
        for place, text in enumerate(points):
            if place > NOTHING_AT_POINT:
                yield from _find_vague(f"{name}, point {place}", text)


def _list_scales(rubric: Rubric) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the words of each scale: of criteria, and of the behaviours that are asked for."""
    for criterion in rubric.criteria:
        if criterion.descriptors:
            yield criterion.id, criterion.descriptors
    asked = {each.fact for criterion in rubric.criteria for each in criterion.requirements}
    for behaviour in rubric.ladder.behaviours:
        if behaviour.id in asked and behaviour.anchors:
            yield behaviour.id, behaviour.anchors


def _find_missing(name: str, points: Sequence[str]) -> Iterator[Finding]:
    for place, text in enumerate(points):
        if text == UNDESCRIBED or not any(sign.isalpha() for sign in text):
            hint = "say what an observer sees there"
            yield Finding("missing", f"{name}, point {place}", "has no words yet", hint)


def _find_same(name: str, points: Sequence[str]) -> Iterator[Finding]:
    for place, (lower, upper) in enumerate(pairwise(map(split_words, points))):
        where = f"{name}, points {place} and {place + 1}"
        if lower == upper and points[place] != UNDESCRIBED:
            hint = "say what the higher one adds"
            yield Finding("same_neighbours", where, "say the same", hint)
        elif lower != upper and _drop_vague(lower) == _drop_vague(upper):
            hint = "say what an observer sees only at the higher one"
            yield Finding("same_neighbours", where, "differ in vague words alone", hint)


def _drop_vague(words: Sequence[str]) -> list[str]:
    return [word for word in words if word not in VAGUE and word not in STRENGTHENING]


def _find_vague(where: str, text: str) -> Iterator[Finding]:
    words = dict.fromkeys(split_words(text))
    vague = [word for word in words if word in VAGUE]
    if vague:
        questions = dict.fromkeys(VAGUE[word] for word in vague)
        yield Finding("vague", where, _quote(vague), " ".join(questions))
    inner = [word for word in words if word in INNER]
    if inner:
        hint = "nobody sees that: say what somebody does"
        yield Finding("unobservable", where, _quote(inner), hint)


def _quote(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def find_bare_criteria(rubric: Rubric) -> Iterator[Finding]:
    """Find criteria without anything that an observer could check, and what is never scored."""
    for criterion in rubric.criteria:
        if not criterion.descriptors and all(_find_unanchored(criterion, rubric)):
            hint = "anchor a behaviour, or ask for a figure or an artifact"
            message = "nothing says what an observer sees"
            yield Finding("unobservable", criterion.id, message, hint)
        for requirement in criterion.requirements:
            if not rubric.scores(requirement):
                hint = "give it a point, a target or a share; or leave it out"
                yield Finding("missing", f"{criterion.id}, {requirement.name}", "no target", hint)


def _find_unanchored(criterion: Criterion, rubric: Rubric) -> Iterator[bool]:
    """Tell of each scored requirement whether it is a behaviour without words."""
    for requirement in criterion.requirements:
        if rubric.scores(requirement):
            fact = rubric.ladder.facts[requirement.fact]
            yield isinstance(fact, Behaviour) and fact.anchors is None
