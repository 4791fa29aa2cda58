"""What counts of each achievement, and whose voice does, whatever the order of the items."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any, Final

import pytest
from small import ALIGNS, write_item, write_packet, write_rubric

from pmpromo import assess, parse_packet, parse_rubric
from pmpromo.packet import BehaviourFact
from pmpromo.scoring.interval import HIGH, LOW, Interval
from pmpromo.scoring.kernel import gather
from pmpromo.scoring.table import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

Content = dict[str, Any]

FACT: Final = BehaviourFact(behaviour="aligns", point=3)
SEEN: Final[Content] = {"behaviour": "aligns", "point": 3}


def make_rows(counts: Sequence[tuple[int, float, float]]) -> list[Row]:
    """Return a row for each (achievement, low, high)."""
    return [
        Row(place, key, FACT, Interval(low, high), Interval(low, high))
        for place, (key, low, high) in enumerate(counts)
    ]


def test_of_each_achievement_the_best_row_counts() -> None:
    """At each end on its own, in whatever order the rows come."""
    for counts in permutations([(7, 0.2, 0.9), (7, 0.5, 0.6), (8, 0.0, 0.25)]):
        rows = make_rows(counts)
        assert gather(rows, LOW) == {7: 0.5, 8: 0.0}
        assert gather(rows, HIGH) == {7: 0.9, 8: 0.25}


def test_a_weaker_item_of_one_achievement_takes_nothing_away() -> None:
    """Led counts .3 of one's own word, helped .03; told together, in either order, .3 stays."""
    rubric = parse_rubric(write_rubric({**ALIGNS, "asked": "once"}))
    items = [
        write_item(SEEN, id=part, achievement="one", ownership=part)
        for part in ("led", "supported")
    ]
    for pair in (items, items[::-1]):
        assert assess(parse_packet(write_packet(*pair)), rubric).proven == pytest.approx(0.3)


@pytest.mark.parametrize(("by", "total"), [("c-1", 0.3), ("C-1", 0.3), ("c-2", 0.58)])
def test_the_candidates_own_voice_adds_nothing(by: str, total: float) -> None:
    """Not even as that of a peer: one's own word counts .3; with a peer's 1 - .7 * .6 = .58."""
    item = write_item(SEEN, support=[{"relation": "peer", "by": by, "worked_on_it": True}])
    packet = parse_packet(write_packet(item, candidate="c-1"))
    rubric = parse_rubric(write_rubric({**ALIGNS, "asked": "once"}))
    assert assess(packet, rubric).proven == pytest.approx(total)
