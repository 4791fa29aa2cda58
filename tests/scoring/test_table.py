"""What is read of an item: its age, its range, and which items are one achievement."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pmpromo import assess, parse_packet, parse_rubric
from pmpromo.errors import PacketError
from pmpromo.packet import Evidence
from pmpromo.scoring.interval import FULL
from pmpromo.scoring.measure import measure_length


def look(policy: dict[str, Any], **said: object) -> float:
    """Return what one item that shows a figure in full counts, on its own word, under a policy."""
    asked = {"fact": "visitors", "at_least": 1, "unit": "count"}
    rubric = parse_rubric(
        {
            "id": "t/l1-l2",
            "name": "Step",
            "current_level": "L1",
            "target_level": "L2",
            "criteria": [{"id": "c", "name": "C", "weight": 1, "requirements": [asked]}],
            "evidence": policy,
        }
    )
    fact = {"metric": "visitors", "value": 1, "unit": "count", "status": "realised"}
    item = {"id": "e", "title": "T", "ownership": "led", "facts": [fact], **said}
    return assess(
        parse_packet({"id": "p", "as_of": "2026-06-30", "evidence": [item]}), rubric
    ).proven


def test_without_a_floor_age_goes_on_counting() -> None:
    """Without a floor work of thirty months counts half, and of a century next to nothing."""
    policy = {"recency": {"floor": 0}, "credibility": {"self_report": 1}}
    assert look(policy, ended="2023-12-30") == pytest.approx(0.5, abs=1e-3)
    assert look(policy, ended="1926-06-30") < 1e-15
    assert look(policy, ended="1826-06-30") == look(policy, ended="1926-06-30")


@pytest.mark.parametrize(
    ("ended", "left"),
    [("2025-06-30", 1.0), ("2023-12-30", 0.5), ("2022-06-30", 0.25), ("2019-01-01", 0.25)],
)
def test_age_halves_down_to_the_floor(ended: str, left: float) -> None:
    """A year counts in full, thirty months half, four years and more a quarter."""
    policy = {"credibility": {"self_report": 1}}
    assert look(policy, ended=ended) == pytest.approx(left, abs=1e-3)


@pytest.mark.parametrize("value", [-1, 101])
def test_a_figure_outside_its_range_is_refused(value: float) -> None:
    """A share of 101 percent is no share."""
    fact = {"metric": "operating_margin", "value": value, "unit": "percent"}
    adoption = {"metric": "feature_adoption", "value": value, "unit": "percent"}
    item = {"id": "e", "title": "T", "facts": [fact, adoption]}
    packet = {
        "id": "p",
        "as_of": "2026-06-30",
        "rubric": "pure-storage-pm/l4-l5",
        "evidence": [item],
    }
    with pytest.raises(PacketError, match=r"facts\[1\].value: lies outside what is possible"):
        assess(parse_packet(packet))


@pytest.mark.parametrize(
    ("months", "started", "ended", "whole"),
    [
        (12, "2025-01-01", "2025-12-31", True),
        (12, "2025-01-01", "2025-12-30", False),
        (12, "2025-06-01", "2026-05-31", True),
        (12, "2024-02-29", "2025-02-27", False),
        (12, "2024-02-29", "2025-02-28", True),
        (1, "2026-01-31", "2026-02-28", True),
        (3, "2026-02-01", "2026-04-30", True),
    ],
)
def test_a_year_is_twelve_months(months: int, started: str, ended: str, *, whole: bool) -> None:
    """Calendar months count as such with their last day; a day less is less."""
    item = Evidence(id="e", title="T", started=started, ended=ended)
    lasted = measure_length(item, months, date(2026, 6, 30))
    assert (lasted == FULL) is whole
    assert lasted.low > 0.9
