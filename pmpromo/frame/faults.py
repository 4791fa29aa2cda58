"""What keeps rows that can be read from being scored: the rules of packets, asked of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pmpromo.frame.arranging import show_cell
from pmpromo.frame.table import Cell
from pmpromo.ladder import REFUSED, Artifact, Behaviour, Metric
from pmpromo.scoring.figures import find_misfits, scale_figures
from pmpromo.scoring.table import tell_range
from pmpromo.words import suggest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmpromo.frame.arranging import Arranged
    from pmpromo.frame.table import Table
    from pmpromo.scoring.columns import Bools, Facts, Floats, Ints
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
    of_fact = np.array([*kinds, -1], dtype=np.int8)[case.facts.fact]
    for column, kind in _BELONGS.items():
        values = getattr(case.facts, column)
        known = ~np.isnan(values) if values.dtype.kind == "f" else values >= 0
        wrong = known & (of_fact != kind) & (of_fact >= 0)
        for other in sorted({*of_fact[wrong].tolist()}):
            message = f"belongs to {_TOLD[kind]}, and this fact is {_TOLD[other]}; leave it empty"
            yield case.rows(wrong & (of_fact == other)), column, message


def _find_kind(fact: object) -> int:
    return _KINDS.index(type(fact)) if type(fact) in _KINDS else -1


def _find_units(case: _Case) -> Iterator[tuple[Ints, str, str]]:
    for facts, message in find_misfits(case.arranged.columns, case.plan):
        yield case.rows(facts), "unit", message


def _find_ranges(case: _Case) -> Iterator[tuple[Ints, str, str]]:
    """Find figures that a metric cannot have."""
    scaled = scale_figures(case.arranged.columns, case.plan)
    for code, name in enumerate(case.names):
        metric = case.plan.facts.get(name)
        if not isinstance(metric, Metric):
            continue
        message = f"lies outside what is possible; it can be {tell_range(metric)} {metric.unit}"
        facts = np.flatnonzero(case.facts.fact == code)
        for column, figures in zip(("value", "baseline"), scaled, strict=True):
            yield case.rows(facts[_lies_outside(figures[facts], metric)]), column, message


def _lies_outside(figures: Floats, metric: Metric) -> Bools:
    outside = np.zeros(len(figures), dtype=bool)
    if metric.lowest is not None:
        outside |= figures < metric.lowest
    if metric.highest is not None:
        outside |= figures > metric.highest
    return outside


def _find_items(case: _Case) -> Iterator[tuple[Ints, str, str]]:
    """Find items that contradict themselves, or the day from which ages are counted."""
    items, rows = case.arranged.columns.items, case.arranged.item_rows
    day = case.arranged.columns.packets.as_of[items.packet]
    started, ended = items.started, items.ended
    late = "is after as_of; mend the date, or "
    over = "has passed, yet the work is said to be in progress; keep one of the two"
    twice = "stands beside ownership; keep one of them"
    known = (ended > 0) & (day > 0)
    checks = (
        (~np.isnan(items.share) & (items.ownership >= 0), "share", twice),
        ((ended > 0) & (ended < started), "ended", "is before started; swap the dates"),
        ((started > day) & (day > 0), "started", f"{late}as_of"),
        (known & (ended > day) & ~items.in_progress, "ended", f"{late}add in_progress: true"),
        (known & (ended < day) & items.in_progress, "ended", over),
    )
    yield from ((rows[wrong], column, message) for wrong, column, message in checks)


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
