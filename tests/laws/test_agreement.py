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
    from collections.abc import Iterable

    from judges import SeenGap
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


Place = tuple[str, str, str]


def list_gaps(gaps: Iterable[SeenGap], apart_from: set[tuple[str, str]]) -> dict[Place, SeenGap]:
    """Return gaps by their place, apart from contested requirements."""
    return {
        (gap.criterion, gap.requirement, gap.kind): gap
        for gap in gaps
        if (gap.criterion, gap.requirement) not in apart_from
    }


def gains(gap: SeenGap) -> tuple[float, float]:
    """Return what closing a gap brings, after the gates and before them."""
    return float(gap.gain), float(gap.gain_before_gates)


@given(cases())
def test_gaps_agree(case: tuple[Content, Content]) -> None:
    """The same gaps are found, of the same nature, gaining the same, blocked by the same."""
    contested = find_contested(*case)
    found = list_gaps(ask_library(*case).gaps, contested)
    expected = list_gaps(ask_oracle(*case).gaps, contested)
    for place in found.keys() | expected.keys():
        if place not in found or place not in expected:
            # Among the best few, rounding may tell a gain of nothing from no gain.
            assert max(gains((found | expected)[place])) < NEAR, place
            continue
        mine, exact = found[place], expected[place]
        assert mine.nature == exact.nature, place
        assert gains(mine) == pytest.approx(gains(exact), abs=NEAR, rel=0), place
        assert mine.blocked_by == exact.blocked_by, place
