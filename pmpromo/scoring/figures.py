"""Figures of many packets in the units of their metrics, converted as one figure is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from pmpromo.ladder import Metric
from pmpromo.units import read_scale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.scoring.columns import Bools, Columns, Floats
    from pmpromo.scoring.plan import Plan, Scale

__all__ = ["find_misfits", "scale_figures"]

BLOCK: Final = 1 << 16
"""Facts looked at at a time."""


def _list_pairs(columns: Columns) -> list[tuple[int, int]]:
    """List the pairs of fact and unit that occur."""
    facts, width = columns.facts, len(columns.words.units) + 1
    seen = np.zeros(len(columns.words.facts) * width, dtype=bool)
    for start in range(0, len(facts.fact), BLOCK):
        block = slice(start, start + BLOCK)
        numbers = np.multiply(facts.fact[block], width, dtype=np.int32)
        numbers += facts.unit[block]
        numbers += 1
        seen[numbers] = True
    pairs = (divmod(number, width) for number in np.flatnonzero(seen).tolist())
    return [(fact, unit - 1) for fact, unit in pairs if unit]


def find_misfits(columns: Columns, plan: Plan) -> Iterator[tuple[Bools, str]]:
    """Give the facts whose unit cannot be read, and why; the other units are made ready."""
    facts, words = columns.facts, columns.words
    for fact, unit in _list_pairs(columns):
        metric = plan.facts.get(words.facts[fact])
        key = (words.facts[fact], words.units[unit])
        if not isinstance(metric, Metric) or key in plan.scales:
            continue
        try:
            plan.scales[key] = read_scale(words.units[unit], metric.unit, plan.units)
        except ValueError as error:
            yield (facts.fact == fact) & (facts.unit == unit), str(error).replace(" | ", "; ", 1)


def scale_figures(columns: Columns, plan: Plan) -> tuple[Floats, Floats]:
    """Return values and baselines, (f,), in their metrics' own units where the unit is known."""
    facts, words = columns.facts, columns.words
    value, baseline = facts.value, facts.baseline
    for place, name in enumerate(words.facts):
        for unit, written in enumerate(words.units):
            scale = plan.scales.get((name, written), float)
            if scale is float:
                continue
            if value is facts.value:
                value, baseline = value.copy(), baseline.copy()
            rows = np.flatnonzero((facts.fact == place) & (facts.unit == unit))
            for figures in (value, baseline):
                figures[rows] = _apply(scale, figures[rows])
    return value, baseline


def _apply(scale: Scale, figures: Floats) -> Floats:
    """Convert each distinct figure once."""
    distinct, places = np.unique(figures, return_inverse=True)
    converted = [figure if figure != figure else scale(figure) for figure in distinct.tolist()]  # noqa: PLR0124 - NaN
    return np.array(converted)[places]
