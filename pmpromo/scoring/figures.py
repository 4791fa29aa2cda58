"""Figures of many packets in the units of their metrics, converted as one figure is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pmpromo.ladder import Metric
from pmpromo.units import read_scale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.scoring.columns import Bools, Columns, Facts, Floats, Ints, Words
    from pmpromo.scoring.plan import Plan, Scale

__all__ = ["Scaled", "find_misfits", "list_distinct", "scale_figures"]

SMALL: Final = 1 << 20
"""Up to so many possible codes, those that occur are found by counting, not by sorting."""


class Scaled(NamedTuple):
    """Figures in their metrics' own units, arrays (f,); NaN where figure or unit is unknown."""

    value: Floats
    baseline: Floats


def list_distinct(codes: Ints, size: int) -> list[int]:
    """List the codes that occur, ascending; all of them lie in 0..size.

    >>> list_distinct(np.array([3, 0, 3]), 4)
    [0, 3]
    """
    if size <= SMALL:
        found: list[int] = np.flatnonzero(np.bincount(codes, minlength=1)).tolist()
        return found
    listed: list[int] = np.unique(codes).tolist()
    return listed


def _list_pairs(facts: Facts, words: Words) -> list[tuple[int, int]]:
    """List the pairs of fact and unit that occur."""
    units = len(words.units)
    if not units:
        return []
    stated = facts.unit >= 0
    pairs = facts.fact[stated].astype(np.int64) * units + facts.unit[stated]
    return [divmod(pair, units) for pair in list_distinct(pairs, len(words.facts) * units)]


def find_misfits(columns: Columns, plan: Plan) -> Iterator[tuple[Bools, str]]:
    """Give the facts whose unit cannot be read, and why; the other units are made ready."""
    facts, words = columns.facts, columns.words
    for fact, unit in _list_pairs(facts, words):
        metric = plan.facts.get(words.facts[fact])
        key = (words.facts[fact], words.units[unit])
        if not isinstance(metric, Metric) or key in plan.scales:
            continue
        try:
            plan.scales[key] = read_scale(words.units[unit], metric.unit, plan.units)
        except ValueError as error:
            yield (facts.fact == fact) & (facts.unit == unit), str(error).replace(" | ", "; ")


def scale_figures(columns: Columns, plan: Plan) -> Scaled:
    """Return every figure whose unit can be read in its metric's own unit."""
    facts, words = columns.facts, columns.words
    known = facts.unit >= 0
    scaled = Scaled(np.where(known, facts.value, np.nan), np.where(known, facts.baseline, np.nan))
    for fact, unit in _list_pairs(facts, words):
        scale = plan.scales.get((words.facts[fact], words.units[unit]))
        if scale is not None and scale is not float:
            rows = np.flatnonzero((facts.fact == fact) & (facts.unit == unit))
            for figures in scaled:
                figures[rows] = _apply(scale, figures[rows])
    return scaled


def _apply(scale: Scale, figures: Floats) -> Floats:
    """Convert each distinct figure once."""
    distinct, places = np.unique(figures, return_inverse=True)
    converted = [figure if figure != figure else scale(figure) for figure in distinct.tolist()]  # noqa: PLR0124 - NaN
    return np.array(converted)[places]
