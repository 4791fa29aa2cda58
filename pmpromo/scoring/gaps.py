"""What is missing, of what kind, and what closing it would bring.

A gap is closed on paper, alone, and the packet is scored again by the kernel: the gain is exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.scoring.interval import LOW
from pmpromo.scoring.kernel import combine, gather, open_gate, score_criterion, score_total
from pmpromo.scoring.table import weigh_support

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmpromo.packet import Packet
    from pmpromo.result import GapKind, Nature
    from pmpromo.scoring.interval import Interval
    from pmpromo.scoring.kernel import Scores
    from pmpromo.scoring.plan import Asked, Plan
    from pmpromo.scoring.table import Row, Table

__all__ = ["FoundGap", "find_blocking", "find_gaps", "weigh_open_items"]


_WORDS: Final = {"counterfactual", "note", "title"}
"""What facts say to people; it decides nothing."""


class FoundGap(NamedTuple):
    """A gap as the kernel sees it, before it is put into words."""

    asked: Asked
    kind: GapKind
    nature: Nature
    row: Row | None
    gain: float
    gain_before_gates: float
    blocked_by: tuple[int, ...]


class _Closed(NamedTuple):
    """One gap closed on paper, alone, and what that brings."""

    kind: GapKind
    nature: Nature
    gain: float
    gain_before_gates: float
    blocked_by: tuple[int, ...]


class _Today(NamedTuple):
    """A packet's proven end, against which closings are tried."""

    packet: Packet
    plan: Plan
    table: Table
    shown: list[dict[int, float]]
    reached: list[dict[int, float]]
    requirements: list[float]
    criteria: list[float]
    before: float
    after: float
    closed_items: dict[int, list[_Closed]]
    """Filled as items are met: the same item may show several requirements."""


def find_gaps(packet: Packet, plan: Plan, table: Table, scores: Scores) -> list[FoundGap]:
    """Return every gap, largest gain first."""
    today = _look_at(packet, plan, table, scores)
    found = [gap for asked in plan.asked for gap in _find_gaps_of(asked, today)]
    found.sort(key=lambda gap: _rank(gap, plan))
    return found


def weigh_open_items(packet: Packet, plan: Plan, table: Table, scores: Scores) -> dict[int, float]:
    """Return what the total would gain, item by item, with all its unknown facts at their best.

    Items of which everything is known are left out.
    """
    today = _look_at(packet, plan, table, scores)
    best: dict[int, dict[int, float]] = {}
    for index, rows in enumerate(table.rows):
        for row in rows:
            if row.counts.low < row.counts.high:
                known = best.setdefault(row.item, {})
                known[index] = max(known.get(index, 0.0), row.counts.high)
    return {place: _raise_item(place, counts, today) for place, counts in best.items()}


def _raise_item(place: int, counts: dict[int, float], today: _Today) -> float:
    key = today.table.items[place].achievement
    changed = {}
    for index, count in counts.items():
        shown = today.shown[index]
        raised = {**shown, key: max(shown[key], count)}
        changed[index] = combine(raised.values(), today.plan.asked[index].cap, today.plan.gamma)
    return _try("unmeasured", "documentation", changed, today).gain


def _look_at(packet: Packet, plan: Plan, table: Table, scores: Scores) -> _Today:
    return _Today(
        packet,
        plan,
        table,
        [gather(rows, LOW) for rows in table.rows],
        _gather_reached(table),
        [score.low for score in scores.requirements],
        [score.low for score in scores.criteria],
        scores.before_gates.low,
        scores.total.low,
        {},
    )


def _rank(gap: FoundGap, plan: Plan) -> tuple[float, float, str, int, str]:
    criterion = plan.criteria[gap.asked.criterion].criterion.id
    return (-gap.gain, -gap.gain_before_gates, criterion, gap.asked.index, gap.kind)


def _gather_reached(table: Table) -> list[dict[int, float]]:
    """Return, for each item, the best proven attainment by the requirement that it shows."""
    reached: list[dict[int, float]] = [{} for _ in table.items]
    for index, rows in enumerate(table.rows):
        for row in rows:
            best = reached[row.item]
            best[index] = max(best.get(index, 0.0), row.attainment.low)
    return reached


def _find_gaps_of(asked: Asked, today: _Today) -> Iterator[FoundGap]:
    """Give the gaps of one requirement; alternatives among the best few only where they gain."""
    rows = today.table.rows[asked.index]
    best = _choose_best(rows, today) if rows else None
    optional = today.plan.criteria[asked.criterion].best is not None
    for closed in _close_gaps(asked, best, today):
        if not optional or closed.gain > 0 or closed.gain_before_gates > 0:
            yield FoundGap(asked, closed.kind, closed.nature, best, *closed[2:])


def _choose_best(rows: Sequence[Row], today: _Today) -> Row:
    """Choose the row that could count most, then the one that does, then by its item's name.

    What an item counts for nothing leaves equal is told apart by what it attains, and by what the
    facts say; never by their order.
    """
    most = max((row.counts.high, row.counts.low) for row in rows)
    tied = [row for row in rows if (row.counts.high, row.counts.low) == most]
    first = min(tied, key=lambda row: today.packet.evidence[row.item].id).item
    own = [row for row in tied if row.item == first]
    return own[0] if len(own) == 1 else min(own, key=_rank_row)


def _rank_row(row: Row) -> tuple[float, float, str]:
    return (-row.attainment.high, -row.attainment.low, _write_fact(row))


def _write_fact(row: Row) -> str:
    return repr(row.fact.model_dump(exclude=_WORDS))


def _close_gaps(asked: Asked, best: Row | None, today: _Today) -> Iterator[_Closed]:
    if best is None:
        yield _try("absent", "absent", _add_item(asked, today), today)
        return
    yield from _close_row(asked, best, today)
    if best.item not in today.closed_items:
        today.closed_items[best.item] = list(_close_item(best.item, today))
    yield from today.closed_items[best.item]
    if asked.requirement.repeats and len(today.shown[asked.index]) == 1:
        yield _try("single", "substance", _add_item(asked, today), today)


def _add_item(asked: Asked, today: _Today) -> dict[int, float]:
    """Score a requirement with one closed item more."""
    plan = today.plan
    voices = plan.credibility[plan.closed_support]
    weight = plan.closed_ownership * voices * plan.closed_recency
    shown = [*today.shown[asked.index].values(), plan.closed_attainment * weight]
    return {asked.index: combine(shown, asked.cap, plan.gamma)}


def _close_row(asked: Asked, best: Row, today: _Today) -> Iterator[_Closed]:
    """Close what one fact lacks: what is not known of it, then what it falls short of."""
    low, high = best.attainment
    closed = today.plan.closed_attainment
    if low < high:
        raised = _raise_row(asked, best, min(closed, high), today)
        yield _try("unmeasured", "documentation", raised, today)
    if high < closed:
        yield _try("short", "substance", _raise_row(asked, best, closed, today), today)


def _raise_row(asked: Asked, best: Row, attainment: float, today: _Today) -> dict[int, float]:
    item, shown = today.table.items[best.item], today.shown[asked.index]
    raised = max(shown[item.achievement], attainment * item.weight.low)
    changed = {**shown, item.achievement: raised}
    return {asked.index: combine(changed.values(), asked.cap, today.plan.gamma)}


def _close_item(place: int, today: _Today) -> Iterator[_Closed]:
    """Close what an item lacks; this acts on every requirement that it shows."""
    plan, item = today.plan, today.table.items[place]
    part, voices, recency = item.ownership, item.credibility, item.recency
    if part.low < plan.closed_ownership:
        weight = plan.closed_ownership * voices.low * recency.low
        yield _try("unowned", _judge(part), _reweigh(place, weight, today), today)
    joined = item.support._replace(low=item.support.low | plan.closed_support)
    backed = weigh_support(joined, plan).low
    if voices.low < backed:
        weight = part.low * backed * recency.low
        yield _try("uncorroborated", "documentation", _reweigh(place, weight, today), today)
    if recency.low < plan.closed_recency:
        weight = part.low * voices.low * plan.closed_recency
        yield _try("stale", _judge(recency), _reweigh(place, weight, today), today)


def _judge(known: Interval) -> Nature:
    return "documentation" if known.low < known.high else "substance"


def _reweigh(place: int, weight: float, today: _Today) -> dict[int, float]:
    """Score every requirement that an item shows, with another share of the item counting."""
    changed = {}
    key = today.table.items[place].achievement
    for index, reached in today.reached[place].items():
        shown = today.shown[index]
        raised = {**shown, key: max(shown[key], reached * weight)}
        changed[index] = combine(raised.values(), today.plan.asked[index].cap, today.plan.gamma)
    return changed


def _try(kind: GapKind, nature: Nature, changed: dict[int, float], today: _Today) -> _Closed:
    """Score criteria and total anew where requirements have changed."""
    plan, criteria = today.plan, list(today.criteria)
    for place in {plan.asked[index].criterion for index in changed}:
        part = plan.criteria[place]
        values = [changed.get(index, today.requirements[index]) for index in part.asked]
        criteria[place] = score_criterion(values, part)
    before, after = score_total(criteria, plan)
    blocked = find_blocking(criteria, before, plan) if after < before else ()
    return _Closed(kind, nature, after - today.after, before - today.before, blocked)


def find_blocking(criteria: Sequence[float], before: float, plan: Plan) -> tuple[int, ...]:
    """Name the must-haves that still hold the total down."""
    return tuple(
        gate.place for gate in plan.gates if open_gate(criteria[gate.place], gate) < before
    )
