"""The arrays of this room, and products of matrices that one core computes."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["BoolArray", "FloatArray", "IndexArray", "add_products", "multiply"]

FloatArray: TypeAlias = NDArray[np.float64]
"""Numbers."""

IndexArray: TypeAlias = NDArray[np.intp]
"""Counts, and places in other arrays."""

BoolArray: TypeAlias = NDArray[np.bool_]
"""Which entries of another array."""

BLOCK: Final = 250_000
"""Multiplications at a time: linear algebra libraries keep so few on one core.

Then the bits do not depend on how many cores there are, and nothing waits for a busy core.
"""

ROWS: Final = 32
"""Rows at a time where matrices are so wide that their columns are taken in turns too."""


def multiply(left: FloatArray, right: FloatArray) -> FloatArray:
    """Return the matrix product, by blocks of rows of `left` and of columns of `right`.

    >>> multiply(np.eye(2), np.array([[1.0, 2.0], [3.0, 4.0]])).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    inner, width = right.shape
    rows, columns = plan_blocks(inner, width)
    result = np.empty((len(left), width))
    for first in range(0, width, columns):
        part = right[:, first : first + columns]
        for start in range(0, len(left), rows):
            block = left[start : start + rows] @ part
            result[start : start + rows, first : first + columns] = block
    return result


def add_products(left: FloatArray, right: FloatArray) -> FloatArray:
    """Return left' right, the sum over rows of their outer products, by blocks of rows.

    >>> add_products(np.ones((3, 1)), np.array([[1.0], [2.0], [3.0]])).tolist()
    [[6.0]]
    """
    width = right.shape[1]
    rows, columns = plan_blocks(width, left.shape[1])
    result = np.zeros((left.shape[1], width))
    for first in range(0, left.shape[1], columns):
        part = left[:, first : first + columns]
        for start in range(0, len(left), rows):
            block = part[start : start + rows].T @ right[start : start + rows]
            result[first : first + columns] += block
    return result


def plan_blocks(inner: int, width: int) -> tuple[int, int]:
    """Return how many rows and columns to take at a time, for so many multiplications at most.

    >>> plan_blocks(10, 10), plan_blocks(500, 500)
    ((2500, 10), (33, 15))
    """
    columns = max(min(width, BLOCK // (ROWS * max(inner, 1))), 1)
    return max(BLOCK // max(inner * columns, 1), 1), columns
