"""What must move no bit: people, words, process, and the names of things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
import strategies
from cycles import take_frame_bits
from hypothesis import given, settings
from hypothesis import strategies as st
from judges import Judge, keep_law
from strategies import cases, read_packet, read_rubric

from pmpromo import (
    evidence_frame,
    fit_committee,
    load_rubric,
    parse_packet,
    score_frame,
    score_ratings,
)
from pmpromo.errors import DataError, PacketError
from pmpromo.ladder import REFUSED

if TYPE_CHECKING:
    from strategies import Content

PROTECTED: Final = sorted(REFUSED)
RUBRIC: Final = load_rubric("pure-storage-pm/l3-l4")


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


@given(cases(), st.data())
@settings(max_examples=8)
def test_words_and_people_move_no_bit_of_a_cycle(
    case: tuple[Content, Content], data: st.DataObject
) -> None:
    """A cycle scored as a frame gives the same bits whatever people wrote, and whatever ids are."""
    rubric = read_rubric(case[0])
    other = data.draw(strategies.renamed(data.draw(strategies.reworded(case[1]))))
    written = [read_packet(case[1]), read_packet(other)]
    bits = [
        take_frame_bits(score_frame(evidence_frame([packet]), rubric, as_of="as_of", packets=["p"]))
        for packet in written
    ]
    assert bits[0] == bits[1]


@pytest.mark.parametrize("name", PROTECTED)
def test_protected_attributes_cannot_enter(name: str) -> None:
    """A packet, an item, a voice, a fact or a column that holds one is refused, never scored."""
    fact = {"behaviour": "aligns_functions", "point": 3}
    item: dict[str, Any] = {"id": "i", "title": "T", "facts": [fact], "support": "none"}
    packet = {"id": "p", "as_of": "2026-06-30", "evidence": [item]}
    held = {name: "x"}
    for content in (
        {**packet, **held},
        {**packet, "process": held},
        {**packet, "evidence": [{**item, **held}]},
        {**packet, "evidence": [{**item, "scope": held}]},
        {**packet, "evidence": [{**item, "support": [{"relation": "manager", **held}]}]},
        {**packet, "evidence": [{**item, "facts": [{"behaviour": name, "point": 3}]}]},
    ):
        with pytest.raises(PacketError, match="refused"):
            parse_packet(content)
    frame = evidence_frame([parse_packet(packet)])
    for shown in (name, name.upper()):
        with pytest.raises(DataError, match="refused"):
            score_frame(frame.assign(**{shown: "x"}), RUBRIC, as_of="2026-06-30")


RATERS: Final = ("ann", "bo", "chris")
CRITERIA: Final = tuple(criterion.id for criterion in RUBRIC.criteria)


@st.composite
def rated(draw: st.DrawFn) -> dict[str, list[Any]]:
    """Ratings of three packets by three raters on every criterion."""
    keys = [(p, c, r) for p in ("p-1", "p-2", "p-3") for c in CRITERIA for r in RATERS]
    points = draw(st.lists(st.integers(0, 4), min_size=len(keys), max_size=len(keys)))
    columns = zip(*keys, strict=True)
    found = dict(zip(("packet_id", "criterion", "rater_id"), map(list, columns), strict=True))
    return {**found, "rating": points}


@given(rated(), st.permutations(RATERS))
@settings(max_examples=15)
def test_people_move_no_bit_of_rated_scores(
    ratings: dict[str, list[Any]], names: list[str]
) -> None:
    """Who rated under which name, and what is known of anybody beside, moves no rated score."""
    renamed = dict(zip(RATERS, names, strict=True))
    other = {**ratings, "rater_id": [renamed[name] for name in ratings["rater_id"]]}
    other |= {
        name: ["f", "m", "x"] * (len(ratings["rating"]) // 3) for name in ("sex", "ethnicity")
    }
    assert score_ratings(ratings, RUBRIC).values == score_ratings(other, RUBRIC).values


@given(rated(), st.permutations(RATERS))
@settings(max_examples=5)
def test_people_move_no_fair_score(ratings: dict[str, list[Any]], names: list[str]) -> None:
    """A committee's fair scores hear of no attribute, to the bit, and of no name of a rater.

    Another name is another place in the sums of the fit, so there the last digits may differ.
    """
    renamed = dict(zip(RATERS, names, strict=True))
    known = {**ratings, "sex": ["f", "m", "x"] * (len(ratings["rating"]) // 3)}
    other = {**known, "rater_id": [renamed[name] for name in ratings["rater_id"]]}
    fair = fit_committee(ratings).fair_scores
    assert fit_committee(known).fair_scores == fair
    assert fit_committee(other).fair_scores == pytest.approx(fair, abs=1e-6)
