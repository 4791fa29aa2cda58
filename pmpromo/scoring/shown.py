"""What each evidence item shows by itself, for people who look at a packet item by item."""

from __future__ import annotations

from datetime import date
from itertools import takewhile
from typing import TYPE_CHECKING

from pmpromo.result import ShownItem
from pmpromo.scoring.interval import HIGH, LOW
from pmpromo.scoring.kernel import combine, score_criterion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Literal

    from pmpromo.packet import Packet
    from pmpromo.scoring.plan import Plan
    from pmpromo.scoring.table import Row, Table

__all__ = ["find_first_day", "show_items"]


def show_items(
    packet: Packet, plan: Plan, table: Table, places: Sequence[str]
) -> Iterator[ShownItem]:
    """Yield each item with what it would score on each criterion if it were the only one.

    `places` are where the items were read from, empty if from no file.
    """
    rows = _sort_by_item(table)
    for index, (item, known, place) in enumerate(
        zip(packet.evidence, table.items, places, strict=True)
    ):
        lows, highs = (_score_alone(rows[index], plan, end) for end in (LOW, HIGH))
        yield ShownItem(
            evidence=item.id,
            title=item.title,
            place=place,
            started=item.started,
            ended=item.ended,
            in_progress=item.in_progress,
            recency=(known.recency.low, known.recency.high),
            weight=(known.weight.low, known.weight.high),
            alone=tuple(zip(lows, highs, strict=True)),
        )


def find_first_day(plan: Plan, as_of: date) -> date:
    """Return the earliest end of work that counts in full on a day."""
    ages = takewhile(lambda age: plan.recency[age].low >= 1, range(len(plan.recency)))
    oldest = max(ages, default=0)
    return date.fromordinal(max(1, as_of.toordinal() - oldest))


def _sort_by_item(table: Table) -> list[list[tuple[int, Row]]]:
    """Give each item its rows, each with the place of its requirement."""
    sorted_rows: list[list[tuple[int, Row]]] = [[] for _ in table.items]
    for asked, rows in enumerate(table.rows):
        for row in rows:
            sorted_rows[row.item].append((asked, row))
    return sorted_rows


def _score_alone(rows: Sequence[tuple[int, Row]], plan: Plan, end: Literal[0, 1]) -> list[float]:
    """Score every criterion with the rows of one item, the best row of each requirement."""
    best: dict[int, float] = {}
    for asked, row in rows:
        best[asked] = max(best.get(asked, 0.0), row.counts[end])
    scores = {
        asked: combine([counts], plan.asked[asked].cap, plan.gamma)
        for asked, counts in best.items()
    }
    return [
        score_criterion([scores.get(asked, 0.0) for asked in each.asked], each)
        for each in plan.criteria
    ]
