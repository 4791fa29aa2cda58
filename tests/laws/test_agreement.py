"""The library says what the oracle says: both were written from the design, by themselves."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import oracle
import pytest
from hypothesis import given
from judges import ask_library, ask_oracle
from strategies import AS_OF, cases, read_packet, read_rubric

if TYPE_CHECKING:
    from judges import Seen, SeenGap
    from strategies import Content

NEAR = 1e-12
"""How far a float may be from the fraction it stands for."""


def is_clear(rubric: Content, criterion: str, score: object) -> bool:
    """Tell whether a score is so far from the bar that rounding cannot carry it across."""
    asked = read_rubric(rubric)
    bars = [asked.get_bar(each) for each in asked.criteria if each.id == criterion] or [asked.bar]
    return abs(float(score) - bars[0]) > NEAR  # type: ignore[arg-type]


@given(cases())
def test_scores_agree(case: tuple[Content, Content]) -> None:
    """Every criterion and the total agree at both ends to twelve decimals."""
    found, expected = ask_library(*case), ask_oracle(*case)
    assert [each.id for each in found.criteria] == [each.id for each in expected.criteria]
    for mine, exact in zip(found.intervals, expected.intervals, strict=True):
        assert mine == pytest.approx(tuple(map(float, exact)), abs=NEAR, rel=0)


@given(cases())
def test_statuses_agree(case: tuple[Content, Content]) -> None:
    """Statuses, and whether the bar is met, agree wherever no score lies on a bar."""
    rubric, _ = case
    found, expected = ask_library(*case), ask_oracle(*case)
    for mine, exact in zip(found.criteria, expected.criteria, strict=True):
        if all(is_clear(rubric, exact.id, end) for end in (exact.proven, exact.possible)):
            assert mine.status == exact.status, exact.id
    if is_clear(rubric, "", expected.proven):
        assert found.met == expected.met


def find_contested(rubric: Content, packet: Content) -> set[tuple[str, str]]:
    """Return the requirements whose best row rounding alone may decide."""
    rows = defaultdict(list)
    for row in oracle.list_rows(read_packet(packet), read_rubric(rubric), AS_OF):
        rows[row.criterion, row.requirement].append(row)
    return {place for place, shown in rows.items() if _is_contested(shown)}


def _is_contested(rows: list[oracle.Row]) -> bool:
    best = oracle.pick_best_row(rows)
    return any(
        end > 0 and abs(end - other) < NEAR and _factors(row) != _factors(best)
        for row in rows
        for end, other in zip(best.value, row.value, strict=True)
    )


def _factors(row: oracle.Row) -> tuple[oracle.Ends, ...]:
    return row.attainment, row.ownership, row.credibility, row.recency


def by_place(seen: Seen, apart_from: set[tuple[str, str]]) -> dict[tuple[str, ...], SeenGap]:
    """Return the gaps by criterion, requirement and kind, apart from contested requirements."""
    return {
        (gap.criterion, gap.requirement, gap.kind): gap
        for gap in seen.gaps
        if (gap.criterion, gap.requirement) not in apart_from
    }


@given(cases())
def test_gaps_agree(case: tuple[Content, Content]) -> None:
    """The same gaps are found, of the same nature, and each gains the same."""
    contested = find_contested(*case)
    found = by_place(ask_library(*case), contested)
    expected = by_place(ask_oracle(*case), contested)
    assert found.keys() == expected.keys()
    for place, exact in expected.items():
        mine = found[place]
        assert mine.nature == exact.nature, place
        assert mine.gain == pytest.approx(float(exact.gain), abs=NEAR, rel=0), place
        assert mine.gain_before_gates == pytest.approx(
            float(exact.gain_before_gates), abs=NEAR, rel=0
        ), place
