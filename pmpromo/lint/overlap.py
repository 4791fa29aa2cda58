"""Criteria that one piece of evidence moves: those that ask for one fact, or say one thing."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

from pmpromo.ladder import Behaviour
from pmpromo.lint.anchors import split_words
from pmpromo.lint.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.rubric import Criterion, Rubric

__all__ = ["find_overlaps"]

ALIKE: Final = 0.6
"""From this share of common words on two criteria are taken to say one thing (Jaccard index)."""

SHORTEST_WORD: Final = 4
"""Shorter words are mostly joints of a sentence, and tell nothing apart."""

FEWEST_WORDS: Final = 3
"""Fewer words than these are alike by chance."""

MOST_COMPARED: Final = 300
"""More criteria than these are not compared word by word: every pair would be."""


def find_overlaps(rubric: Rubric) -> Iterator[Finding]:
    """Find facts that two criteria ask for, and criteria that use the same words."""
    first: dict[str, str] = {}
    for criterion in rubric.criteria:
        for fact in dict.fromkeys(each.fact for each in criterion.requirements):
            if fact in first:
                hint = "one piece of evidence counts twice; ask for it once"
                message = f"asks for {fact}, as {first[fact]} does"
                yield Finding("overlap", criterion.id, message, hint)
            first.setdefault(fact, criterion.id)
    yield from _find_alike(rubric)


def _find_alike(rubric: Rubric) -> Iterator[Finding]:
    words = [(each.id, _list_words(each, rubric)) for each in rubric.criteria[:MOST_COMPARED]]
    for (one, ours), (other, theirs) in combinations(words, 2):
        shared = len(ours & theirs)
        if shared >= FEWEST_WORDS and shared >= ALIKE * len(ours | theirs):
            hint = "say what each of them looks at alone"
            yield Finding("overlap", other, f"says what {one} says", hint)


def _list_words(criterion: Criterion, rubric: Rubric) -> frozenset[str]:
    """List the words of a criterion: its name, and what meets it."""
    texts = [criterion.name, *(criterion.descriptors or ())[3:4]]
    for requirement in criterion.requirements:
        fact = rubric.ladder.facts[requirement.fact]
        texts.append(fact.name)
        if isinstance(fact, Behaviour) and fact.anchors and requirement.point:
            texts.append(fact.anchors[requirement.point])
    words = (word for text in texts for word in split_words(text))
    return frozenset(word for word in words if len(word) >= SHORTEST_WORD)
