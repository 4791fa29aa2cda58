"""What is missing, of what kind, and what closing it would bring.

A gap is closed on paper, alone, and the packet is scored again by the kernel: the gain is exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmpromo.scoring.kernel import combine, gather, open_gate, score_criterion, score_total
from pmpromo.scoring.table import weigh_support

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmpromo.packet import Packet
    from pmpromo.result import GapKind, Nature
    from pmpromo.scoring.kernel import Scores
    from pmpromo.scoring.measure import Interval
    from pmpromo.scoring.plan import Asked, Plan
    from pmpromo.scoring.table import Item, Row, Table

__all__ = ["FoundGap", "find_blocking", "find_gaps"]


class FoundGap(NamedTuple):
    """A gap as the kernel sees it, before it is put into words."""

    asked: Asked
    kind: GapKind
    nature: Nature
    row: Row | None
    gain: float
    gain_before_gates: float
    blocked_by: tuple[int, ...]


class Closing(NamedTuple):
    """One way to close a gap: a change to an item's weight, to a row, or one item more."""

    kind: GapKind
    nature: Nature
    weight: float | None = None
    attainment: float | None = None
    adds: bool = False


class _Today(NamedTuple):
    """A packet's proven end, against which closings are tried."""

    packet: Packet
    plan: Plan
    table: Table
    shown: list[dict[int, float]]
    requirements: list[float]
    criteria: list[float]
    before: float
    after: float


def find_gaps(packet: Packet, plan: Plan, table: Table, scores: Scores) -> list[FoundGap]:
    """Return every gap, largest gain first."""
    today = _Today(
        packet,
        plan,
        table,
        [gather(rows, table, "low") for rows in table.rows],
        [score.low for score in scores.requirements],
        [score.low for score in scores.criteria],
        scores.before_gates.low,
        scores.total.low,
    )
    found = [gap for asked in plan.asked for gap in _find_gaps_of(asked, today)]
    found.sort(key=lambda gap: _rank(gap, plan))
    return found


def _rank(gap: FoundGap, plan: Plan) -> tuple[float, float, str, int, str]:
    criterion = plan.criteria[gap.asked.criterion].criterion.id
    return (-gap.gain, -gap.gain_before_gates, criterion, gap.asked.index, gap.kind)


def _find_gaps_of(asked: Asked, today: _Today) -> Iterator[FoundGap]:
    rows = today.table.rows[asked.index]
    best = _choose_best(rows, today) if rows else None
    optional = today.plan.criteria[asked.criterion].best is not None
    for closing in _list_closings(asked, best, today):
        changed = _close(closing, asked, best, today)
        before, after, criteria = _score_again(changed, today)
        gain, gain_before = after - today.after, before - today.before
        if optional and gain <= 0 and gain_before <= 0:
            continue
        blocked = find_blocking(criteria, before, today.plan) if after < before else ()
        yield FoundGap(asked, closing.kind, closing.nature, best, gain, gain_before, blocked)


def _choose_best(rows: Sequence[Row], today: _Today) -> Row:
    """Choose the row that could count most, then the one that does, then by its item's name."""

    def rank(row: Row) -> tuple[float, float, str]:
        weight = today.table.items[row.item].weight
        high, low = row.attainment.high * weight.high, row.attainment.low * weight.low
        return (-high, -low, today.packet.evidence[row.item].id)

    return min(rows, key=rank)


def _list_closings(asked: Asked, best: Row | None, today: _Today) -> Iterator[Closing]:
    if best is None:
        yield Closing("absent", "absent", adds=True)
        return
    plan, item = today.plan, today.table.items[best.item]
    yield from _list_row_closings(best.attainment, plan.closed_attainment)
    yield from _list_item_closings(item, plan)
    shown = {today.table.items[row.item].achievement for row in today.table.rows[asked.index]}
    if asked.requirement.repeats and len(shown) == 1:
        yield Closing("single", "substance", adds=True)


def _list_row_closings(attainment: Interval, closed: float) -> Iterator[Closing]:
    if attainment.low < attainment.high:
        yield Closing("unmeasured", "documentation", attainment=min(closed, attainment.high))
    if attainment.high < closed:
        yield Closing("short", "substance", attainment=closed)


def _list_item_closings(item: Item, plan: Plan) -> Iterator[Closing]:
    part, voices, recency = item.ownership, item.credibility, item.recency
    if part.low < plan.closed_ownership:
        nature: Nature = "documentation" if part.low < part.high else "substance"
        yield Closing("unowned", nature, weight=plan.closed_ownership * voices.low * recency.low)
    joined = item.support._replace(low=item.support.low | plan.closed_support)
    backed = weigh_support(joined, plan).low
    if voices.low < backed:
        yield Closing("uncorroborated", "documentation", weight=part.low * backed * recency.low)
    if recency.low < plan.closed_recency:
        nature = "documentation" if recency.low < recency.high else "substance"
        yield Closing("stale", nature, weight=part.low * voices.low * plan.closed_recency)


def _close(closing: Closing, asked: Asked, best: Row | None, today: _Today) -> dict[int, float]:
    """Return the proven scores of the requirements that a closing changes."""
    shown = today.shown[asked.index]
    if best is None or closing.adds:
        return {
            asked.index: _combine(asked, [*shown.values(), _weigh_closed_item(today.plan)], today)
        }
    if closing.weight is not None:
        return _reweigh_item(best.item, closing.weight, today)
    item = today.table.items[best.item]
    raised = max(shown[item.achievement], (closing.attainment or 0.0) * item.weight.low)
    return {asked.index: _combine(asked, {**shown, item.achievement: raised}.values(), today)}


def _weigh_closed_item(plan: Plan) -> float:
    voices = plan.credibility[plan.closed_support]
    return plan.closed_attainment * (plan.closed_ownership * voices * plan.closed_recency)


def _reweigh_item(place: int, weight: float, today: _Today) -> dict[int, float]:
    """Score every requirement that an item shows, with another share of the item counting."""
    changed = {}
    key = today.table.items[place].achievement
    for asked in today.plan.asked:
        reached = [row.attainment.low for row in today.table.rows[asked.index] if row.item == place]
        if reached:
            shown = today.shown[asked.index]
            raised = max(shown[key], max(reached) * weight)
            changed[asked.index] = _combine(asked, {**shown, key: raised}.values(), today)
    return changed


def _combine(asked: Asked, shown: Iterable[float], today: _Today) -> float:
    return combine(shown, asked.cap, today.plan.gamma)


def _score_again(changed: dict[int, float], today: _Today) -> tuple[float, float, list[float]]:
    """Score criteria and total anew where requirements have changed."""
    criteria = list(today.criteria)
    for place in {today.plan.asked[index].criterion for index in changed}:
        plan = today.plan.criteria[place]
        values = [changed.get(index, today.requirements[index]) for index in plan.asked]
        criteria[place] = score_criterion(values, plan)
    return *score_total(criteria, today.plan), criteria


def find_blocking(criteria: Sequence[float], before: float, plan: Plan) -> tuple[int, ...]:
    """Name the must-haves that still hold the total down."""
    return tuple(
        place
        for place, minimum in plan.must_haves
        if open_gate(criteria[place], minimum, plan) < before
    )
