"""Nested packets laid out level by level: packets, their items, and what those hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pmpromo.arrow.shape import Array

__all__ = [
    "Bools",
    "Ints",
    "Level",
    "Unfolded",
    "count_values",
    "find_owners",
    "to_numpy",
    "unfold",
]

Ints = NDArray[np.int64]
"""Places, counts, days."""

Bools = NDArray[np.bool_]
"""Masks."""


class Level(NamedTuple):
    """The things of one kind in a batch: their fields, and for each the place of its owner.

    Of a null thing every field is null.
    """

    fields: dict[str, Array]
    owner: Ints


class Unfolded(NamedTuple):
    """The levels of a batch. Items belong to packets, facts and voices to items."""

    packets: pa.RecordBatch
    items: Level
    facts: Level
    voices: Level


def unfold(batch: pa.RecordBatch) -> Unfolded:
    """Return the levels of a batch of `PACKET_SCHEMA`."""
    items = open_list(batch["evidence"])
    return Unfolded(
        batch, items, open_list(items.fields["facts"]), open_list(items.fields["support"])
    )


def open_list(lists: Array) -> Level:
    """Return what lists of structs hold, one after another."""
    values = lists.flatten()
    fields = dict(zip((each.name for each in values.type), values.flatten(), strict=True))
    return Level(fields, find_owners(lists))


def find_owners(lists: Array) -> Ints:
    """Return for each value inside lists the place of its list."""
    return np.repeat(np.arange(len(lists)), count_values(lists))


def count_values(lists: Array) -> Ints:
    """Return how many values each list holds; null holds none."""
    return to_numpy(pc.fill_null(pc.list_value_length(lists), 0)).astype(np.int64)


def to_numpy(array: Array) -> NDArray[Any]:
    """Return an array without nulls as numpy's."""
    found: NDArray[Any] = array.to_numpy(zero_copy_only=False)
    return found
