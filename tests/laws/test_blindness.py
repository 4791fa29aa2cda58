"""What must move no bit: people, words, process, and the names of things."""

from __future__ import annotations

from typing import TYPE_CHECKING

import strategies
from hypothesis import given
from hypothesis import strategies as st
from judges import Judge, keep_law
from strategies import cases

if TYPE_CHECKING:
    from strategies import Content


@keep_law
@given(cases(), st.data())
def test_words_and_people_move_no_bit(
    judge: Judge, case: tuple[Content, Content], data: st.DataObject
) -> None:
    """Names, pronouns, titles, wording, tenure and process facts change no score and no gap."""
    rubric, packet = case
    other = data.draw(strategies.reworded(packet))
    assert judge(rubric, packet).everything == judge(rubric, other).everything


@keep_law
@given(cases(), st.data())
def test_ids_move_no_bit(judge: Judge, case: tuple[Content, Content], data: st.DataObject) -> None:
    """Items and achievements under other ids score the same."""
    rubric, packet = case
    other = data.draw(strategies.renamed(packet))
    assert judge(rubric, packet) == judge(rubric, other)
