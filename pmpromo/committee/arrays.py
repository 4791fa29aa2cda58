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

FEWEST_ROWS: Final = 16
"""Rows at a time at least: matrices wide enough to need fewer are rare, and may use all cores."""


def multiply(left: FloatArray, right: FloatArray) -> FloatArray:
    """Return the matrix product, by blocks of rows of `left`.

    >>> multiply(np.eye(2), np.array([[1.0, 2.0], [3.0, 4.0]])).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    rows = max(BLOCK // max(right.size, 1), FEWEST_ROWS)
    result = np.empty((len(left), right.shape[1]))
    for start in range(0, len(left), rows):
        np.matmul(left[start : start + rows], right, out=result[start : start + rows])
    return result


def add_products(left: FloatArray, right: FloatArray) -> FloatArray:
    """Return left' right, the sum over rows of their outer products, by blocks of rows.

    >>> add_products(np.ones((3, 1)), np.array([[1.0], [2.0], [3.0]])).tolist()
    [[6.0]]
    """
    rows = max(BLOCK // max(left.shape[1] * right.shape[1], 1), FEWEST_ROWS)
    result = np.zeros((left.shape[1], right.shape[1]))
    for start in range(0, len(left), rows):
        result += left[start : start + rows].T @ right[start : start + rows]
    return result
