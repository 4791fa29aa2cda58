"""What advice says, page by page, of one item: every figure is one of these.

Led and new, one's own word counts .3; with the manager and another function it counts
1 - .7 * .6 * .4 = .832. Of work whose end nobody knows a quarter counts: .3 / 4 = .075.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from small import ALIGNS, write_item, write_packet, write_rubric

from pmpromo import attribute, compare, find_path, measure_sensitivity, parse_packet, parse_rubric

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
