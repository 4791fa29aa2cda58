"""The waist of many packets: evidence as arrays, one entry a fact, an item or a packet.

Names are codes into tables of distinct values; -1 is unknown, and so is NaN in figures and 0 among
days, which are proleptic ordinals. Facts stand in the order of their items, items in the order of
their packets.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pmpromo.packet import Corroboration

__all__ = [
    "Bools",
    "Columns",
    "Facts",
    "Floats",
    "Ints",
    "Items",
    "Packets",
    "Words",
    "cut",
    "take",
]

Ints: TypeAlias = NDArray[np.integer[Any]]
"""Codes, places, days."""

Floats: TypeAlias = NDArray[np.float64]
"""Figures and scores."""

Bools: TypeAlias = NDArray[np.bool_]
"""Flags and masks."""


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Tables of distinct values; codes are places in them."""

    facts: tuple[str, ...]
    units: tuple[str, ...]
    periods: tuple[str, ...]
    uris: tuple[str, ...]
    sections: tuple[tuple[str, ...], ...]
    reviewers: tuple[tuple[str, ...], ...]
    supports: tuple[tuple[Corroboration, ...], ...]
    declared: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Packets:
    """One entry a packet, arrays (p,): day of ages, and what it declares to have nothing of."""

    as_of: Ints
    declared: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """One entry an evidence item, arrays (i,).

    `packet` ascends. `key` is equal within a packet for items of one achievement by name;
    `ownership` counts in the order of `policy.Ownership`.
    """

    packet: Ints
    key: Ints
    ownership: Ints
    share: Floats
    support: Ints
    complete: Bools
    started: Ints
    ended: Ints
    in_progress: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """One entry a stated fact, arrays (f,).

    `item` ascends. `value` and `baseline` are in the unit stated; `status` counts in the order of
    `requirement.Status`, `point` from 0.
    """

    item: Ints
    fact: Ints
    value: Floats
    baseline: Floats
    unit: Ints
    status: Ints
    period: Ints
    point: Ints
    sections: Ints
    reviewers: Ints
    uri: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Any number of packets as columns."""

    words: Words
    packets: Packets
    items: Items
    facts: Facts


def take(columns: Columns, chosen: Bools) -> Columns:
    """Return the columns of some packets alone; `chosen` has one entry a packet."""
    items = chosen[columns.items.packet]
    facts = items[columns.facts.item]
    return replace(
        columns,
        packets=_take(columns.packets, chosen),
        items=_renumber(_take(columns.items, items), "packet", chosen),
        facts=_renumber(_take(columns.facts, facts), "item", items),
    )


Part = TypeVar("Part", Packets, Items, Facts)


def _take(part: Part, rows: Bools | slice) -> Part:
    return type(part)(*(getattr(part, field.name)[rows] for field in fields(part)))


def cut(part: Part, rows: slice, owner: str, first: int) -> Part:
    """Cut out rows of a table, and count their owners from the first one there."""
    found = _take(part, rows)
    return replace(found, **{owner: (getattr(found, owner) - first).astype(np.intp)})


def _renumber(part: Part, name: str, chosen: Bools) -> Part:
    places = np.cumsum(chosen) - 1
    return replace(part, **{name: places[getattr(part, name)]})
