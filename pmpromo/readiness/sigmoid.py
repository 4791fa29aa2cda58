"""Logits and probabilities, with the same bits for one number and for a million.

`exp` of a platform or of numpy may differ in its last bit between one value and an array, or
between machines. A table and a short series use only additions, products and one division, whose
results IEEE 754 fixes everywhere.
"""

from __future__ import annotations

import math
from typing import Any, Final, overload

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BoolArray",
    "FloatArray",
    "IndexArray",
    "compute_logit",
    "compute_sigmoid",
    "compute_sigmoid_of_one",
]

FloatArray = NDArray[np.floating[Any]]
"""Numbers; all of them are float64."""

IndexArray = NDArray[np.signedinteger[Any]]
"""Places in another array."""

BoolArray = NDArray[np.bool_]
"""Which entries of another array are meant."""

FARTHEST_LOGIT: Final = 40
"""Beyond +-40 a probability is 0 or 1 to within 5e-18: logits are clipped there."""

PARTS: Final = 16
"""Table entries a unit of logit. With 16 the series below is exact to the last bit."""

_TABLE: Final = tuple(
    math.exp(k / PARTS) for k in range(-FARTHEST_LOGIT * PARTS, FARTHEST_LOGIT * PARTS + 1)
)
_TABLE_ARRAY: Final = np.array(_TABLE)


@overload
def _series(r: float) -> float: ...
@overload
def _series(r: FloatArray) -> FloatArray: ...
def _series(r: float | FloatArray) -> float | FloatArray:
    """exp(r) = 1 + r + r^2/2! + ... + r^7/7!, for |r| <= 1/32 (error below 2e-17)."""
    tail = r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (1 / 5040))))
    return 1.0 + r * (1.0 + r * (1 / 2 + r * (1 / 6 + tail)))


def compute_sigmoid_of_one(logit: float) -> float:
    """Return 1 / (1 + exp(-logit)) of one number within +-40.

    >>> compute_sigmoid_of_one(0.0)
    0.5
    """
    k = math.floor(logit * PARTS + 0.5)
    odds = _TABLE[k + FARTHEST_LOGIT * PARTS] * _series(logit - k / PARTS)
    return odds / (1.0 + odds)


def compute_sigmoid(logits: FloatArray) -> FloatArray:
    """Return 1 / (1 + exp(-logit)) of each number, bit for bit as for one.

    >>> compute_sigmoid(np.array([0.0, 2.0])).round(4).tolist()
    [0.5, 0.8808]
    """
    x = np.clip(logits, -FARTHEST_LOGIT, FARTHEST_LOGIT)
    k = np.floor(x * PARTS + 0.5)
    odds = _TABLE_ARRAY[k.astype(np.intp) + FARTHEST_LOGIT * PARTS] * _series(x - k / PARTS)
    return np.asarray(odds / (1.0 + odds))


def compute_logit(probability: FloatArray) -> FloatArray:
    """Return log(p / (1 - p)).

    >>> compute_logit(np.array([0.5])).tolist()
    [0.0]
    """
    return np.asarray(np.log(probability) - np.log1p(-probability))
