"""What advice says, page by page, of one item: every figure is one of these.

Led and new, one's own word counts .3; with the manager and another function it counts
1 - .7 * .6 * .4 = .832. Of work whose end nobody knows a quarter counts: .3 / 4 = .075.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from small import ALIGNS, write_item, write_packet, write_rubric

from pmpromo import (
    attribute,
    compare,
    find_path,
    measure_sensitivity,
    parse_packet,
    parse_rubric,
    weights_from_ranking,
)
from pmpromo.elicitation.comparisons import read_comparisons
from pmpromo.elicitation.consistency import find_worst_triad, make_matrix
from pmpromo.errors import DataError, PacketError

if TYPE_CHECKING:
    from collections.abc import Callable

Content = dict[str, Any]

RUBRIC: Final = parse_rubric(write_rubric({**ALIGNS, "asked": "once"}))
SEEN: Final[Content] = {"behaviour": "aligns", "point": 3}
BACKED: Final = [{"relation": "manager"}, {"relation": "cross_functional"}]
BARE: Final = parse_packet(write_packet({"id": "work", "title": "Work", "facts": [SEEN]}))
WHOLE: Final = parse_packet(write_packet(write_item(SEEN, support=BACKED, title="Work")))

PATH: Final = """\
p-1: the path to the bar
read against team/l1-l2 1, as of 2026-06-30

Rubric bar 0.75: not met.  Proven 0.000.
·············································│··············

The least effort: 4 days of work
  +0.075  Say what part you had in it: ownership, or share [work]
          to write down, 1 day of work: reach/aligns
  +0.225  Say when it ended, or that it is in progress [work]
          to write down, 1 day of work: reach/aligns
  +0.532  Have it confirmed by the manager and someone of another function
          [work]
          to write down, 2 days of work: reach/aligns
  0.832  If nothing newer is added, age undoes it on 2027-09-21.

No other set of steps takes less, by the efforts given. Steps to write down
count at their best; steps that gain 0 count together.

By writing down alone: 3 steps, 4 days of work.
By new work alone: no way reaches the bar.
"""
MET: Final = """\
p-1: the path to the bar
read against team/l1-l2 1, as of 2026-06-30

Rubric bar 0.75: met.  Proven 0.832.
█████████████████████████████████████████████│████··········

Nothing needs to be closed. Age alone will not undo it.
"""
COMPARISON: Final = """\
p-1: then and now
read against team/l1-l2 1, as of 2026-06-30

Before 0.000  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░│░░░░░░···· not met
After  0.832  █████████████████████████████████│███░░░···· met
Proven +0.832; rubric bar 0.75.

Criterion                                 before   after     part
Reach                                       0.00    0.83   +0.832

Why, by what each brings in all orders (the parts add up)
  +0.832  changed: ownership, in progress, support [work]"""
SENSITIVITY: Final = """\
p-1: how sturdy the verdict is
read against team/l1-l2 1, as of 2026-06-30

Rubric bar 0.75: met.  Proven 0.832.
Under 100.0% of plausible weights (100 drawn around the rubric's) the verdict
stays.

Weight of                   today      same verdict  total at -20 %    +20 %
reach                      100.0%  100.0% to 100.0%           0.832    0.832

What a fifth less or more of a judgement makes of the total
  0.666 to 0.832  ownership.led 1: turns the verdict
  0.782 to 0.882  credibility.cross_functional 0.6
  0.810 to 0.854  credibility.report_line 0.4
  0.800 to 0.832  repetition.cap_once 1
  0.818 to 0.846  credibility.self_report 0.3

Single facts that turn the verdict if taken away
  0.000  the whole item [work]
  0.000  the fact aligns [work]
  0.580  the voice of cross functional [work]
  0.720  the voice of manager [work]"""


@pytest.mark.parametrize(
    ("write", "told"),
    [
        (lambda: find_path(BARE, RUBRIC), PATH),
        (lambda: find_path(WHOLE, RUBRIC), MET),
        (lambda: compare(BARE, WHOLE, RUBRIC), COMPARISON),
        (lambda: measure_sensitivity(WHOLE, RUBRIC, draws=100), SENSITIVITY),
    ],
    ids=["path", "met", "comparison", "sensitivity"],
)
def test_a_page_reads_as_it_stands_here(write: Callable[[], object], told: str) -> None:
    """Word for word, from its first line on."""
    assert str(write()).startswith(told)


def test_nothing_that_differs_is_told_as_nothing() -> None:
    """A packet beside itself."""
    text = str(compare(WHOLE, WHOLE, RUBRIC))
    assert "\nNo criterion has changed.\n" in text
    assert text.endswith("\nNothing that differs moves the total.")
    assert str(measure_sensitivity(BARE, RUBRIC, draws=100)).endswith(
        "\nNo single fact turns the verdict."
    )


def test_a_way_of_one_step_is_one_step() -> None:
    """Only the other function's voice is missing: two days, by writing down alone."""
    item = write_item(SEEN, support=[{"relation": "manager"}])
    text = str(find_path(parse_packet(write_packet(item)), RUBRIC))
    assert "\nBy writing down alone: 1 step, 2 days of work.\n" in text


def test_an_attribution_is_a_frame_of_all_criteria() -> None:
    """One row a criterion, and its part of the distance."""
    [row] = attribute(BARE, RUBRIC).to_dict("records")
    assert row == {
        "packet_id": "p-1",
        "criterion": "reach",
        "name": "Reach",
        "weight": 1.0,
        "proven": 0.0,
        "bar": 0.75,
        "part": 0.75,
    }


def test_a_pair_that_was_answered_twice_counts_by_its_mean() -> None:
    """2 and 8 are 4: with b = 2 c and c = a the circle is 8, and each answer keeps its names."""
    said = [("a", "b", 2), ("a", "b", 8), ("b", "c", 2), ("c", "a", 1)]
    graph = read_comparisons([*said, ("c", "d", 1), ("a", "d", 1), ("b", "d", 1)], None)
    worst = find_worst_triad(graph)
    assert worst is not None
    assert [(each.first, each.second) for each in worst] == [("a", "b"), ("b", "c"), ("c", "a")]
    assert [each.ratio for each in worst] == pytest.approx([4, 2, 1])
    matrix = make_matrix(graph)
    assert matrix is not None
    assert matrix[0] == pytest.approx([1, 4, 1, 1])


def test_a_route_names_every_item_that_is_not_there() -> None:
    """In the order of their names, with what to do."""
    items = [{"id": name, "title": "Work", "facts": [SEEN]} for name in ("b", "a")]
    twice = parse_rubric(write_rubric(ALIGNS))
    route = find_path(parse_packet(write_packet(*items)), twice).routes[0]
    missing = sorted({step.edit.item for step in route.steps if step.edit.new is None})
    with pytest.raises(PacketError) as caught:
        route.apply(parse_packet(write_packet()))
    assert str(caught.value) == (
        f"evidence: has no item {', '.join(missing)}; apply a route to its own packet"
    )
    assert len(missing) == 2


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ([], "names nothing; name at least one criterion"),
        (["a", ""], "holds something that is no name; name criteria"),
        (["a", "a"], "names something twice; name each criterion once"),
    ],
)
def test_a_ranking_names_each_criterion_once(names: list[str], told: str) -> None:
    """What does not is refused, word for word."""
    with pytest.raises(DataError) as caught:
        weights_from_ranking(names)
    assert str(caught.value).partition(": ")[2] == told
