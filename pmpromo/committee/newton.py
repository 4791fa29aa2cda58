"""The highest point of a smooth function of many unknowns, by Newton's method."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from pmpromo.committee.arrays import BoolArray, FloatArray

__all__ = ["Hill", "Manner", "Optimum", "Slope", "climb", "invert"]

MOST_STEPS: Final = 60
"""Steps before giving up; five to seven are usual."""

MOST_HALVINGS: Final = 12
"""A step that is still too long after these leads nowhere: rounding has the last word."""

NEAR: Final = 1e-3
"""Expected gain below which second derivatives are those of the top: 1/30 of an error away."""

CLOSE: Final = 1e-9
"""Expected gain of a step, in units of log likelihood, below which it is the last one."""

SURE: Final = 100.0
"""Where steps shrink the gain by more than so many times, the last is found one step earlier."""

ROUNDING: Final = 1e-14
"""Share of the value that rounding alone may move it by: smaller gains cannot be seen."""

ROUGH: Final = 1e-6
"""Expected gain that rounding alone may keep a step from reaching, with very many ratings."""

LONGEST_STEP: Final = 3.0
"""No unknown moves further in one step, in logits."""


class Slope(NamedTuple):
    """A function at one point: its value and its gradient."""

    value: float
    gradient: FloatArray


class Manner(NamedTuple):
    """How to climb: how often to look at second derivatives, and how far to go.

    A matrix from before serves, brought up to date by what slopes show, as long as each step
    leaves at most `patience` of the gain expected before; the dearer the matrix, the more patience.
    It is taken anew once no more than `near` is left to gain. The climb ends with a step that gains
    less than `close`.
    """

    patience: float = 0.01
    near: float = NEAR
    close: float = CLOSE


class Hill(NamedTuple):
    """A function to climb: its slope, its matrix of second derivatives, and what may move."""

    slope: Callable[[FloatArray], Slope]
    bend: Callable[[FloatArray], FloatArray]
    free: BoolArray
    manner: Manner = Manner()


class Optimum(NamedTuple):
    """The highest point, the matrix of the last step to it, and how many steps it took."""

    vector: FloatArray
    hessian: FloatArray
    steps: int
    converged: bool


def climb(hill: Hill, start: FloatArray, hessian: FloatArray | None = None) -> Optimum:
    """Return the highest point near `start`, moving only what is free.

    Each step solves -H step = gradient, with -H made positive where it is not; a step that does
    not rise is halved. The H returned was taken near the top, unless patience never ended.
    """
    manner = hill.manner
    vector, here, last = start, hill.slope(start), math.inf
    matrix = hill.bend(start) if hessian is None else hessian
    taken = math.inf  # what was left to gain where the matrix was taken
    for count in range(1, MOST_STEPS + 1):
        step, gain = find_step(here, matrix, hill.free)
        stale = gain < manner.near <= taken
        close = max(manner.close, ROUNDING * abs(here.value))
        if stale or gain > max(last * manner.patience, close):
            matrix = hill.bend(vector)
            step, gain = find_step(here, matrix, hill.free)
            taken = gain
        shrunk = gain / last if last < math.inf else 1.0
        if gain * min(SURE * shrunk, 1.0) < close:
            return Optimum(vector + step, matrix, count, converged=True)
        better = walk(hill, vector, here, step)
        if better is None:
            return Optimum(vector, matrix, count, converged=gain < ROUGH)
        matrix = update(matrix, better[0] - vector, better[1].gradient - here.gradient)
        (vector, here), last = better, gain
    return Optimum(vector, matrix, MOST_STEPS, converged=False)


def update(hessian: FloatArray, moved: FloatArray, turned: FloatArray) -> FloatArray:
    """Return second derivatives that explain how the gradient turned (BFGS)."""
    along = float(moved @ turned)
    bent = hessian @ moved
    if along >= 0 or float(moved @ bent) >= 0:  # the ground curves upwards: nothing to learn from
        return hessian
    return np.asarray(
        hessian + np.outer(turned, turned) / along - np.outer(bent, bent) / float(moved @ bent)
    )


def find_step(here: Slope, hessian: FloatArray, free: BoolArray) -> tuple[FloatArray, float]:
    """Return the Newton step, no unknown further than allowed, and half of its expected gain."""
    own = here.gradient[free]
    step = np.zeros(len(free))
    step[free] = invert(-hessian[np.ix_(free, free)]) @ own
    gain = float(step[free] @ own) / 2
    furthest = float(np.abs(step).max(initial=0.0))
    return step * min(1.0, LONGEST_STEP / max(furthest, LONGEST_STEP)), gain


def walk(
    hill: Hill, vector: FloatArray, here: Slope, step: FloatArray
) -> tuple[FloatArray, Slope] | None:
    """Return the first point along a step, halved as often as needed, that is higher."""
    for _ in range(MOST_HALVINGS):
        there = hill.slope(vector + step)
        if there.value > here.value:
            return vector + step, there
        step = step / 2
    return None


def invert(matrix: FloatArray) -> FloatArray:
    """Return the inverse of a symmetric matrix, taken positive in every direction.

    A direction in which the matrix curves the wrong way, or hardly at all, counts by its size, at
    least 1e-12 of the largest.

    >>> invert(np.array([[2.0, 0.0], [0.0, -4.0]])).tolist()
    [[0.5, 0.0], [0.0, 0.25]]
    """
    even = (matrix + matrix.T) / 2
    try:
        np.linalg.cholesky(even)
        return np.asarray(np.linalg.inv(even), dtype=np.float64)
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(even)
    sizes = np.maximum(np.abs(values), np.abs(values).max(initial=0.0) * 1e-12)
    return np.asarray((vectors / np.maximum(sizes, 1e-300)) @ vectors.T)
