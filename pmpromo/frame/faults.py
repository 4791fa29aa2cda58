"""What keeps rows that can be read from being scored: the rules of packets, asked of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pmpromo.frame.arranging import show_cell
from pmpromo.frame.blocks import cut_blocks
from pmpromo.frame.table import Cell
from pmpromo.ladder import REFUSED, Artifact, Behaviour, Metric
from pmpromo.scoring.columns import cut
from pmpromo.scoring.figures import find_misfits, scale_figures
from pmpromo.scoring.table import tell_range
from pmpromo.words import suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pmpromo.frame.arranging import Arranged
    from pmpromo.frame.table import Table
    from pmpromo.scoring.columns import Bools, Facts, Floats, Ints, Items
    from pmpromo.scoring.plan import Plan

__all__ = ["find_faults"]

_KINDS: Final[tuple[type, ...]] = (Metric, Behaviour, Artifact)
_TOLD: Final = ("a metric", "a behaviour", "an artifact")
_BELONGS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("value", "baseline", "unit", "status", "period"), 0),
    "point": 1,
    **dict.fromkeys(("sections", "reviewers", "uri"), 2),
}
"""Which kind of fact each column speaks of, as a place in the kinds."""


_CHECKS: Final[tuple[tuple[str, str, Callable[[Items, Ints], Bools]], ...]] = (
    (
        "share",
        "stands beside ownership; keep one of them",
        lambda items, _: ~np.isnan(items.share) & (items.ownership >= 0),
    ),
    (
        "ended",
        "is before started; swap the dates",
        lambda items, _: (items.ended > 0) & (items.ended < items.started),
    ),
    (
        "started",
        "is after as_of; mend the date, or as_of",
        lambda items, day: (items.started > day) & (day > 0),
    ),
    (
        "ended",
        "is after as_of; mend the date, or add in_progress: true",
        lambda items, day: (items.ended > day) & (day > 0) & ~items.in_progress,
    ),
    (
        "ended",
        "has passed, yet the work is said to be in progress; keep one of the two",
        lambda items, day: (items.ended > 0) & (items.ended < day) & items.in_progress,
    ),
)
"""What must not be of items, given the days of their packets: the column, what is told, and where.

A day that is not known is 0.
"""

_LIMITLESS: Final = (-np.inf, np.inf)
"""What a figure of a metric without limits may be."""


class _Case(NamedTuple):
    """What is looked at: packets in order, and the plan that they are to be scored by."""

    arranged: Arranged
    plan: Plan

    @property
    def facts(self) -> Facts:
        """The facts."""
        return self.arranged.columns.facts

    @property
    def names(self) -> tuple[str, ...]:
        """Names of facts by their codes."""
        return self.arranged.columns.words.facts

    def cut_facts(self) -> Iterator[slice]:
        """Cut the facts into blocks."""
        return cut_blocks(len(self.facts.fact))

    def rows(self, facts: Bools | Ints) -> Ints:
        """The rows of some facts."""
        return self.arranged.fact_rows[facts]


def find_faults(arranged: Arranged, plan: Plan, table: Table) -> list[Cell]:
    """Find every reason why packets cannot be read against a rubric, cell by cell."""
    case = _Case(arranged, plan)
    finders = (_find_unknown, _find_foreign, _find_units, _find_ranges, _find_items, _find_declared)
    return [
        Cell(row, column, show_cell(table, column, row), message)
        for find in finders
        for rows, column, message in find(case)
        for row in rows.tolist()
    ]


def _find_unknown(case: _Case) -> Iterator[tuple[Ints, str, str]]:
    """Find facts that the ladder does not know, and those that no packet may state."""
    for code, name in enumerate(case.names):
        if name.casefold() in REFUSED:
            message = f"refused: {REFUSED[name.casefold()]}; delete the row"
        elif name not in case.plan.facts:
            message = f"is no fact of the ladder; {suggest(name, case.plan.facts)}"
        else:
            continue
        yield case.rows(case.facts.fact == code), "fact", message


def _find_foreign(case: _Case) -> Iterator[tuple[Ints, str, str]]:
    """Find cells that speak of another kind of fact than their row states."""
    kinds = [_find_kind(case.plan.facts.get(name)) for name in case.names]
    of_code = np.array([*kinds, -1], dtype=np.int8)
    if not any(_holds_foreign(case.facts, of_code, block) for block in case.cut_facts()):
        return
    of_fact = of_code[case.facts.fact]
    for column, kind in _BELONGS.items():
        wrong = _are_known(getattr(case.facts, column)) & (of_fact != kind) & (of_fact >= 0)
        for other in sorted({*of_fact[wrong].tolist()}):
            message = f"belongs to {_TOLD[kind]}, and this fact is {_TOLD[other]}; leave it empty"
            yield case.rows(wrong & (of_fact == other)), column, message


def _holds_foreign(facts: Facts, of_code: Ints, block: slice) -> bool:
    of_fact = of_code.take(facts.fact[block].astype(np.intp))
    others = [(of_fact != kind) & (of_fact >= 0) for kind in range(len(_KINDS))]
    return any(
        (others[kind] & _are_known(getattr(facts, column)[block])).any()
        for column, kind in _BELONGS.items()
    )


def _are_known(values: Floats | Ints) -> Bools:
    known: Bools = values == values if values.dtype.kind == "f" else values >= 0  # noqa: PLR0124 - NaN
    return known


def _find_kind(fact: object) -> int:
    return _KINDS.index(type(fact)) if type(fact) in _KINDS else -1


def _find_units(case: _Case) -> Iterator[tuple[Ints, str, str]]:
    for facts, message in find_misfits(case.arranged.columns, case.plan):
        yield case.rows(facts), "unit", message


def _find_ranges(case: _Case) -> Iterator[tuple[Ints, str, str]]:
    """Find figures that a metric cannot have."""
    known = [case.plan.facts.get(name) for name in case.names]
    limits = np.array([*map(_get_limits, known), _LIMITLESS])
    if not np.isfinite(limits).any():
        return
    scaled = scale_figures(case.arranged.columns, case.plan)
    if not any(_holds_outsiders(case.facts, scaled, limits, block) for block in case.cut_facts()):
        return
    metrics = ((code, fact) for code, fact in enumerate(known) if isinstance(fact, Metric))
    for code, metric in metrics:
        message = f"lies outside what is possible; it can be {tell_range(metric)} {metric.unit}"
        facts = np.flatnonzero(case.facts.fact == code)
        for column, figures in zip(("value", "baseline"), scaled, strict=True):
            yield case.rows(facts[_lies_outside(figures[facts], limits[code])]), column, message


def _get_limits(fact: object) -> tuple[float, float]:
    if not isinstance(fact, Metric):
        return _LIMITLESS
    low = -np.inf if fact.lowest is None else fact.lowest
    return low, np.inf if fact.highest is None else fact.highest


def _holds_outsiders(
    facts: Facts, scaled: tuple[Floats, Floats], limits: Floats, block: slice
) -> bool:
    ends = limits[facts.fact[block]].T
    return any(_lies_outside(figures[block], ends).any() for figures in scaled)


def _lies_outside(figures: Floats, limits: Floats) -> Bools:
    return np.asarray((figures < limits[0]) | (figures > limits[1]))


def _find_items(case: _Case) -> Iterator[tuple[Ints, str, str]]:
    """Find items that contradict themselves, or the day from which ages are counted."""
    items, as_of = case.arranged.columns.items, case.arranged.columns.packets.as_of
    found: list[list[Ints]] = [[] for _ in _CHECKS]
    for block in cut_blocks(len(items.packet)):
        part = cut(items, block, "packet", 0)
        day = as_of[part.packet]
        for wrong, (_, _, is_wrong) in zip(found, _CHECKS, strict=True):
            wrong.append(np.flatnonzero(is_wrong(part, day)) + block.start)
    for wrong, (column, message, _) in zip(found, _CHECKS, strict=True):
        for places in wrong:
            yield case.arranged.item_rows[places], column, message


def _find_declared(case: _Case) -> Iterator[tuple[Ints, str, str]]:
    """Find names declared to have nothing of that name nothing."""
    known = {*case.plan.facts, *(each.criterion.id for each in case.plan.criteria)}
    declared = case.arranged.columns.packets.declared
    for code, names in enumerate(case.arranged.columns.words.declared):
        for name in names:
            if name not in known:
                told = f"{name} is neither a fact of the ladder nor a criterion"
                message = f"{told}; {suggest(name, sorted(known))}"
                yield case.arranged.packet_rows[declared == code], "declared_none", message
