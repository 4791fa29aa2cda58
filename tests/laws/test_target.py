"""Asking for more never gives more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import strategies
from hypothesis import given
from hypothesis import strategies as st
from judges import Judge, ask_each, keep_law
from strategies import cases

if TYPE_CHECKING:
    from strategies import Content


@keep_law
@given(cases(), st.data())
def test_a_harder_target_never_raises_a_score(
    judge: Judge, case: tuple[Content, Content], data: st.DataObject
) -> None:
    """A higher floor, a lower ceiling or a higher point raises neither end of any score.

    For figures it holds whatever their sign, with a baseline or without, and for changes. To move
    a band, or to ask another part of an artifact, is not to raise a target.
    """
    rubric, packet = case
    harder = data.draw(strategies.hardened(rubric))
    pairs = zip(judge(rubric, packet).intervals, judge(harder, packet).intervals, strict=True)
    for before, after in pairs:
        assert after[0] <= before[0]
        assert after[1] <= before[1]


def make_case(asked: Content, fact: Content) -> tuple[Content, Content]:
    """Ask for one thing, and show it."""
    criterion = {"id": "one", "name": "One", "weight": 1, "requirements": [asked]}
    item = {"id": "e", "title": "e", "facts": [fact], "ownership": "led", "in_progress": True}
    return {"criteria": [criterion]}, {"evidence": [item]}


@ask_each
def test_another_part_of_an_artifact_is_no_raised_target(judge: Judge) -> None:
    """Without its one reviewer an artifact scores more if a section it has is asked too."""
    shown = {"artifact": "strategy", "sections": ["market"], "reviewers": []}
    asked = {"fact": "strategy", "reviewers": ["cto"]}
    fewer = judge(*make_case(asked, shown))
    more = judge(*make_case({**asked, "sections": ["market"]}, shown))
    assert fewer.proven == 0
    assert more.proven > 0
