"""What each item shows by itself, and where it was read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from small import ALIGNS, write_item, write_packet, write_rubric
from strategies import AS_OF, cases, read_packet, read_rubric

from pmpromo import (
    Assessment,
    assess,
    fit_readiness,
    load_packet,
    load_rubric,
    parse_packet,
    parse_rubric,
)

if TYPE_CHECKING:
    from strategies import Content

RUBRIC: Final = "pure-storage-pm/l3-l4"
EXAMPLES: Final = Path(__file__).parents[2] / "examples" / "packets"


@given(cases())
def test_an_item_shows_what_it_scores_alone(case: tuple[Content, Content]) -> None:
    """What an item shows on each criterion is the score of a packet of that item, to the bit."""
    rubric, packet = read_rubric(case[0]), case[1]
    for item, shown in zip(
        packet["evidence"],
        assess(read_packet(packet), rubric, as_of=AS_OF).evidence,
        strict=True,
    ):
        only = assess(
            read_packet({**packet, "evidence": [item], "concerns": []}), rubric, as_of=AS_OF
        )
        assert shown.alone == tuple((each.proven, each.possible) for each in only.criteria)


def test_weight_and_recency_are_those_of_the_item() -> None:
    """Led, in progress and vouched for by nobody: 1 x 0.3 x 1 counts, whatever was not asked."""
    packet = parse_packet(write_packet(write_item({"behaviour": "aligns", "point": 3})))
    (item,) = assess(packet, parse_rubric(write_rubric(ALIGNS))).evidence
    assert (item.evidence, item.title, item.place) == ("work", "Some work", "")
    assert (item.started, item.ended, item.in_progress) == (None, None, True)
    assert [*item.recency] == [1, 1]
    assert item.weight == pytest.approx((0.3, 0.3))
    assert item.alone[0] == pytest.approx((0.3, 0.3))


def test_the_best_row_of_a_requirement_speaks() -> None:
    """Of two facts for one requirement the better counts: 3 of 3 asked, not 1 of 3."""
    facts = [{"behaviour": "aligns", "point": 1}, {"behaviour": "aligns", "point": 3}]
    packet = parse_packet(write_packet(write_item(*facts)))
    (item,) = assess(packet, parse_rubric(write_rubric(ALIGNS))).evidence
    assert item.alone[0][0] == pytest.approx(0.3)


def test_items_of_a_file_have_their_place() -> None:
    """An item of a file is named by the file, without its folders, and the line it starts at."""
    file = EXAMPLES / "spm-b.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    for item in assess(load_packet(file)).evidence:
        name, _, line = item.place.partition(":")
        assert name == "spm-b.yaml"
        assert lines[int(line) - 1].strip() == f"- id: {item.evidence}"


def test_a_result_read_from_json_has_no_items() -> None:
    """The JSON of an assessment holds no item and no base rate, and shows without them."""
    seen = assess(load_packet(EXAMPLES / "spm-b.yaml"))
    read = Assessment.from_json(seen.model_dump_json())
    assert seen.evidence
    assert read.evidence == ()
    assert read.base_rate is None
    assert "Evidence, each item" in seen._repr_html_()
    assert "Evidence, each item" not in read._repr_html_()


def test_the_base_rate_is_the_share_promoted() -> None:
    """One promotion in four decisions is a base rate of a quarter; without decisions none."""
    model = fit_readiness([0.2, 0.4, 0.6, 0.8], [0, 0, 0, 1], rubric=load_rubric(RUBRIC))
    packet = load_packet(EXAMPLES / "spm-b.yaml")
    assert assess(packet, readiness=model).base_rate == 0.25
    assert assess(packet, readiness=fit_readiness([], [])).base_rate is None
    assert assess(packet).base_rate is None
