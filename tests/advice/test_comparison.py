"""What changed between two packets, or two dates of one, and what each difference brought."""

from __future__ import annotations

from datetime import date
from pathlib import Path as File
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import ALIGNS, list_problems, write_item, write_packet, write_rubric
from strategies import Content, cases, packets, read_packet, read_rubric

from pmpromo import Comparison, assess, compare, load_packet, parse_packet, parse_rubric
from pmpromo.scoring.split import split_change, split_worth

PACKETS: Final = File(__file__).parents[2] / "examples" / "packets"
BACKED: Final = [{"relation": "manager"}, {"relation": "cross_functional"}]
SEEN: Final[Content] = {"behaviour": "aligns", "point": 3}
RUBRIC: Final = parse_rubric(write_rubric({**ALIGNS, "asked": "once"}))


def look(before: list[Content], after: list[Content]) -> Comparison:
    """Return the comparison of two packets of these items."""
    one, other = (parse_packet(write_packet(*items)) for items in (before, after))
    return compare(one, other, RUBRIC)


@given(cases(), st.data())
def test_parts_add_up_to_the_change(case: tuple[Content, Content], data: st.DataObject) -> None:
    """Over criteria and over causes, whatever two packets are compared."""
    rubric = read_rubric(case[0])
    one, other = read_packet(case[1]), read_packet(data.draw(packets(case[0])))
    seen = compare(one, other, rubric)
    change = assess(other, rubric).proven - assess(one, rubric).proven
    assert seen.proven[1] - seen.proven[0] == change
    assert sum(each.part for each in seen.criteria) == pytest.approx(change, abs=1e-12)
    assert sum(cause.part for cause in seen.causes) == pytest.approx(change, abs=1e-12)
    assert Comparison.from_json(seen.model_dump_json()) == seen
    assert all(len(line) <= 80 for line in str(seen).splitlines())


def test_a_packet_has_not_changed_from_itself() -> None:
    """No cause, no criterion; and other words are no difference."""
    item = write_item(SEEN)
    same = look([item], [{**item, "title": "In other words"}])
    assert same.causes == ()
    assert "No criterion has changed." in str(same)
    assert "Nothing that differs moves the total." in str(same)


def test_what_is_added_removed_and_changed_is_told_apart() -> None:
    """A voice more on one item, another item gone, a third that is new and counts nothing."""
    before = [write_item(SEEN, id="kept"), write_item(SEEN, id="gone")]
    after = [write_item(SEEN, id="kept", support=BACKED), write_item(id="bare")]
    seen = look(before, after)
    assert [(cause.kind, cause.evidence, cause.what) for cause in seen.causes] == [
        ("changed", "kept", "support"),
        ("removed", "gone", "no longer there"),
        ("added", "bare", "a new item"),
    ]
    assert seen.causes[2].part == 0
    text = str(seen)
    assert "changed: support [kept]" in text
    assert "1 more, of no effect" in text
    assert seen.to_frame()["part"].sum() == pytest.approx(seen.proven[1] - seen.proven[0])


def test_two_causes_that_only_work_together_share() -> None:
    """An item without part and voices: each alone brings nothing or little, together .832."""
    bare = {"id": "work", "title": "Work", "facts": [SEEN], "in_progress": True, "support": "none"}
    twin = {**bare, "id": "twin", "achievement": "work"}
    before = [bare, twin]
    after = [{**bare, "ownership": "led"}, {**twin, "ownership": "led"}]
    seen = look(before, after)
    assert [cause.alone for cause in seen.causes] == pytest.approx([0.3, 0.3])
    assert [cause.part for cause in seen.causes] == pytest.approx([0.15, 0.15])


def test_time_is_a_cause_of_its_own() -> None:
    """The same packet two years on: nothing changed but the day, and that took it below the bar."""
    packet = load_packet(PACKETS / "strong-l3-l4.yaml")
    seen = compare(packet, packet, as_of=(date(2026, 6, 30), date(2028, 6, 30)))
    assert [(cause.kind, cause.what) for cause in seen.causes] == [
        ("time", "ages are counted from 2028-06-30 instead of 2026-06-30")
    ]
    assert seen.met == (True, False)
    assert "then and now" in str(seen)
    assert "as of 2026-06-30 and 2028-06-30" in str(seen)


def test_work_that_ended_later_is_taken_as_ended_on_the_day() -> None:
    """Between two cycles an item is added that ended after the first day."""
    old = write_item(SEEN, id="old", in_progress=False, started="2025-01-01", ended="2025-06-30")
    new = {**old, "id": "new", "started": "2026-08-01", "ended": "2026-12-01", "support": BACKED}
    going = write_item(SEEN, id="going", in_progress=True, ended="2027-06-30")
    one = parse_packet(write_packet(old))
    other = parse_packet({**write_packet(old, new, going), "as_of": "2027-01-31"})
    seen = compare(one, other, RUBRIC)
    assert {cause.kind for cause in seen.causes} == {"added", "time"}
    assert sum(cause.part for cause in seen.causes) == pytest.approx(
        seen.proven[1] - seen.proven[0]
    )


def test_many_causes_are_averaged_over_two_orders() -> None:
    """Beyond nine the parts add up all the same."""
    before = [write_item(SEEN, id=f"item-{at}", ownership="supported") for at in range(12)]
    after = [{**item, "ownership": "led"} for item in before]
    seen = look(before, after)
    assert len(seen.causes) == 12
    assert sum(cause.part for cause in seen.causes) == pytest.approx(
        seen.proven[1] - seen.proven[0]
    )


def test_two_orders_are_exact_for_two_players() -> None:
    """Two players have two orders; more have others that are left out."""
    worth = [0.0, 1.0, 3.0, 7.0].__getitem__
    assert split_change(worth, 2, most=1) == split_worth(worth, 2)


def test_packets_of_two_rubrics_are_not_compared() -> None:
    """One rubric must read both."""
    one, other = load_packet(PACKETS / "strong-l1-l2.yaml"), load_packet(PACKETS / "spm-b.yaml")
    assert list_problems(lambda: compare(one, other)) == [
        "rubric: the packets name different rubrics; give the rubric to read both against"
    ]
