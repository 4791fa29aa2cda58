"""Long columns by blocks, whose intermediate arrays stay in the processor's cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.scoring.columns import Ints

__all__ = ["cut_blocks", "look_up"]

BLOCK: Final = 1 << 15
"""Rows looked at at a time: a quarter of a megabyte of figures."""


def cut_blocks(length: int) -> Iterator[slice]:
    """Cut rows into blocks.

    >>> [(block.start, block.stop) for block in cut_blocks(40_000)]
    [(0, 32768), (32768, 40000)]
    """
    return (slice(start, min(start + BLOCK, length)) for start in range(0, length, BLOCK))


def look_up(table: Ints, codes: Ints) -> Ints:
    """Return the entry of each code.

    >>> look_up(np.array([5, 7, -1]), np.array([1, -1, 0])).tolist()
    [7, -1, 5]
    """
    found = np.empty(len(codes), dtype=table.dtype)
    for block in cut_blocks(len(codes)):
        # Places of the machine's own width are looked up twice as fast as others.
        found[block] = table.take(codes[block].astype(np.intp))
    return found
