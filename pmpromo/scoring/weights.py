"""What each item of many packets counts: looked up in tables that the scalar functions fill."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, get_args

import numpy as np

from pmpromo.packet import ArtifactFact, Evidence
from pmpromo.policy import Ownership
from pmpromo.scoring.interval import UNKNOWN
from pmpromo.scoring.table import read_support, weigh_support

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmpromo.packet import Corroboration
    from pmpromo.scoring.columns import Bools, Floats, Ints, Items, Words
    from pmpromo.scoring.plan import Plan

__all__ = ["ItemTables", "fill_item_tables", "make_any_item", "weigh_items"]


@dataclass(frozen=True, slots=True, eq=False)
class ItemTables:
    """Tables of both ends, (2, n): ownership by its code, recency by age in days, credibility.

    Credibility is indexed by 4 x support code + 2 if the list is complete + 1 if an artifact of the
    item can be opened. The last entries stand for what is unknown.
    """

    ownership: Floats
    recency: Floats
    credibility: Floats


def fill_item_tables(words: Words, plan: Plan) -> ItemTables:
    """Fill the tables, one scalar call an entry."""
    ownership = [*(plan.ownership[name] for name in get_args(Ownership)), UNKNOWN]
    recency = [*plan.recency, (plan.recency_floor, 1.0)]
    credibility = [
        _weigh(support, complete=complete, opened=opened, plan=plan)
        for support in (*words.supports, None)
        for complete in (False, True)
        for opened in (False, True)
    ]
    return ItemTables(_stand_up(ownership), _stand_up(recency), _stand_up(credibility))


def _stand_up(intervals: Iterable[tuple[float, float]]) -> Floats:
    return np.ascontiguousarray(np.array([*intervals], dtype=np.float64).T)


def _weigh(
    support: tuple[Corroboration, ...] | None, *, complete: bool, opened: bool, plan: Plan
) -> tuple[float, float]:
    facts = (ArtifactFact(artifact="any", uri="any"),) if opened else ()
    told = {"facts": facts, "support": support, "support_complete": complete}
    item = make_any_item().model_copy(update=told)
    return weigh_support(read_support(item, plan, None), plan)


@cache
def make_any_item() -> Evidence:
    """Return an item of which nothing is known; copies of it stand for those in columns."""
    return Evidence(id="any", title="any")


def weigh_items(items: Items, opened: Bools, as_of: Ints, tables: ItemTables) -> Floats:
    """Return ownership x credibility x recency of each item, (2, i), the worst end first.

    `opened` tells whether an artifact of the item can be opened; `as_of` is the day of its packet.
    """
    shared = ~np.isnan(items.share)
    voices = tables.credibility.shape[1] // 4
    support = np.where(items.support < 0, voices - 1, items.support)
    credibility = support * 4 + items.complete * 2 + opened
    last = tables.recency.shape[1] - 1
    age = np.where(items.in_progress, 0, np.minimum(as_of - items.ended, last - 1))
    age = np.where((items.ended > 0) | items.in_progress, age, last)
    weights = np.empty((2, len(age)))
    for end in range(2):
        part = tables.ownership[end].take(items.ownership, mode="wrap")
        np.copyto(part, items.share, where=shared)
        part *= tables.credibility[end].take(credibility)
        np.multiply(part, tables.recency[end].take(age), out=weights[end])
    return weights
