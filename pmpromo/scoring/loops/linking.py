"""Which items show one achievement: a table of first places, and labels that are joined."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pmpromo.scoring.columns import Floats, Ints

__all__ = ["Figures", "find_first", "join", "list_figures"]


class Figures(NamedTuple):
    """Facts of a chunk that may state a figure again, arrays (f,), and the key of each period."""

    item: Ints
    fact: Ints
    unit: Ints
    period: Ints
    value: Floats
    period_keys: Ints


def list_figures(figures: Figures, packet: Ints, rows: Ints, codes: Ints) -> int:
    """List figures of a metric and period; return how many.

    Written are `rows` (f + 1,), their facts, and `codes` (f + 1,), equal for the same metric and
    period of one packet. `packet` is by item.
    """
    periods, facts = len(figures.period_keys), 0
    for fact in figures.fact:
        facts = max(facts, fact + 1)
    listed = 0
    for row in range(len(figures.item)):
        period, value = figures.period[row], figures.value[row]
        rows[listed] = row
        code = packet[figures.item[row]] * facts + figures.fact[row]
        codes[listed] = code * periods + figures.period_keys[period]
        listed += (period >= 0) & (figures.unit[row] >= 0) & (value == value)  # noqa: PLR0124 - NaN
    return listed


def find_first(one: Ints, other: Ints, table: Ints, first: Ints) -> None:
    """Write into `first` the place of the first entry that is equal in both numbers.

    `table` holds a power of two of places, at least one more than there are entries.
    """
    mask = len(table) - 1
    table[:] = -1
    for entry in range(len(one)):
        part = other[entry] ^ (other[entry] >> 32)
        code = (one[entry] & 0x7FFFFFFF) * 40503 + (part & 0x7FFFFFFF) * 30011
        slot = (code ^ (code >> 16)) & mask
        found = table[slot]
        while found >= 0 and (one[found] != one[entry] or other[found] != other[entry]):
            slot = (slot + 1) & mask
            found = table[slot]
        if found < 0:
            table[slot] = found = entry
        first[entry] = found


def join(roots: Ints, one: Ints, other: Ints) -> None:
    """Join the labels of items `one[k]` and `other[k]`; each label becomes the least of all."""
    for pair in range(len(one)):
        left, right = one[pair], other[pair]
        while roots[left] != left:
            left = roots[left]
        while roots[right] != right:
            right = roots[right]
        if left < right:
            roots[right] = left
        else:
            roots[left] = right
    for item in range(len(roots)):  # a label stands before its items, and is settled before them
        roots[item] = roots[roots[item]]
