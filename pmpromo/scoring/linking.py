"""Which items show one achievement, for many packets at once: hashing, and labels that spread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmpromo.scoring.columns import Ints

__all__ = ["find_first", "find_first_code", "join"]

_FACTORS: Final = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)
"""Odd numbers without pattern: multiplying by them spreads neighbouring codes over all bits."""

_SMALL: Final = 1 << 20
"""Up to so many codes each has a slot of its own."""

_SLOTS_EACH: Final = 4
"""Slots for each key: few enough for a cache, enough that most keys stay alone."""


def find_first_code(codes: Ints, size: int) -> Ints:
    """Return for each entry the place of the first entry of the same code, 0..size - 1.

    >>> find_first_code(np.array([7, 8, 7]), 9).tolist()
    [0, 1, 0]
    """
    if size > max(_SMALL, _SLOTS_EACH * len(codes)):
        return find_first([codes])
    table = np.empty(size, dtype=np.int32)
    table[codes[::-1]] = np.arange(len(codes) - 1, -1, -1, dtype=np.int32)
    return table[codes].astype(np.intp)


def find_first(parts: Sequence[Ints]) -> Ints:
    """Return for each entry the place of the first entry that is equal in all its parts.

    `parts` are arrays (n,) of whole numbers.

    >>> find_first([np.array([7, 8, 7]), np.array([1, 1, 1])]).tolist()
    [0, 1, 0]
    """
    whole = [part.astype(np.int64, copy=False) for part in parts]
    first, left = _probe(whole, 0)
    turn = 1
    while len(left):
        here = [part[left] for part in whole]
        found, still = _probe(here, turn)
        first[left] = left[found]
        left = left[still]
        turn += 1
    return first


def _probe(parts: Sequence[Ints], turn: int) -> tuple[Ints, Ints]:
    """Return for each entry the first one in its slot of a hash table, and which are not equal."""
    count = len(parts[0])
    bits = max(4, (count * _SLOTS_EACH).bit_length())
    mixed = np.zeros(count, dtype=np.uint64)
    for place, part in enumerate(parts):
        mixed += part.view(np.uint64) * np.uint64(_FACTORS[(place + turn) % len(_FACTORS)])
    mixed ^= mixed >> np.uint64(32)
    mixed *= np.uint64(_FACTORS[turn % len(_FACTORS)])
    mixed >>= np.uint64(64 - bits)
    slots = mixed.view(np.int64)
    table = np.empty(1 << bits, dtype=np.int32)
    table[slots[::-1]] = np.arange(count - 1, -1, -1, dtype=np.int32)  # the first is written last
    found = table[slots].astype(np.intp)
    apart = parts[0] != parts[0][found]
    for part in parts[1:]:
        apart |= part != part[found]
    return found, np.flatnonzero(apart)


def join(roots: Ints, one: Ints, other: Ints) -> Ints:
    """Return labels after joining items `one[k]` and `other[k]`; each label is the least of all.

    `roots` labels each item by an item at or before it, which is its own label.

    >>> join(np.array([0, 1, 2, 2]), np.array([0]), np.array([3])).tolist()
    [0, 1, 0, 0]
    """
    while True:
        left, right = roots[one], roots[other]
        apart = left != right
        if not apart.any():
            return roots
        least = np.minimum(left, right)
        roots = roots.copy()
        np.minimum.at(roots, np.maximum(left, right)[apart], least[apart])
        roots = _settle(roots)


def _settle(roots: Ints) -> Ints:
    """Follow labels to their ends."""
    while True:
        further = roots[roots]
        if (further == roots).all():
            return roots
        roots = further
