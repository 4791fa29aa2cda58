"""Where ratings differ: variance components, and how many raters a packet needs.

Random effects of packet, criterion, rater and their pairs; what is left is the residual. Method 1
of Henderson: for each set A of effects the sum of squares T_A = sum over its levels of (total^2 /
count) is set equal to its expectation. It works for incomplete tables, and for complete ones it is
the analysis of variance (Brennan 2001, Generalizability Theory, ch. 7).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from pmpromo.committee.panels import find_distinct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmpromo.committee.arrays import FloatArray, IndexArray
    from pmpromo.committee.ratings import Ratings

__all__ = ["Components", "find_components", "measure_components"]

FACETS: Final = ("packet", "criterion", "rater")
RESIDUAL: Final = "residual"

PAIRS: Final = {
    "packet": "packet",
    "criterion": "criterion",
    "rater": "rater",
    "packet criterion": "packet_criterion",
    "packet rater": "packet_rater",
    "criterion rater": "criterion_rater",
    RESIDUAL: RESIDUAL,
}


@dataclass(frozen=True, slots=True)
class Components:
    """Variances of ratings, in squared points of the scale; None where a design cannot tell.

    They are unbiased, so one that is near 0 may come out below 0.
    """

    packet: float | None
    criterion: float | None
    rater: float | None
    packet_criterion: float | None
    packet_rater: float | None
    criterion_rater: float | None
    residual: float | None
    n_criteria: int
    n_raters: float  # a packet, the harmonic mean

    def true_variance(self) -> float:
        """Return the variance of packets on the mean of these criteria: p + pc / n_criteria."""
        return part(self.packet) + part(self.packet_criterion) / self.n_criteria

    def error_variance(self, *, adjusted: bool) -> float:
        """Return what one rater adds to the mean over criteria that is not the packet.

        pr + pcr / n_criteria; unless scores are adjusted for severity also r + cr / n_criteria.
        """
        own = part(self.packet_rater) + part(self.residual) / self.n_criteria
        severity = part(self.rater) + part(self.criterion_rater) / self.n_criteria
        return own if adjusted else own + severity

    def reliability(self, n_raters: float, *, adjusted: bool = True) -> float:
        """Return the reliability of the mean of `n_raters`: true / (true + error / n).

        Generalizability coefficient if adjusted, dependability otherwise.
        """
        true, error = self.true_variance(), self.error_variance(adjusted=adjusted)
        return true / (true + error / n_raters) if true > 0 else 0.0

    def raters_needed(self, target: float = 0.8, *, adjusted: bool = True) -> int | None:
        """Return how many raters a packet needs for a reliability; None if no number is enough."""
        true, error = self.true_variance(), self.error_variance(adjusted=adjusted)
        if true <= 0 or not 0 < target < 1:
            return None
        return max(1, math.ceil(round(target / (1 - target) * error / true, 9)))


def part(component: float | None) -> float:
    """Return a variance as it counts: none below 0, and 0 where it is not known."""
    return max(component or 0.0, 0.0)


def measure_components(ratings: Ratings) -> Components:
    """Return the variance components of a committee's ratings.

    A facet with a single level, and a pair of facets that is the residual, have none.
    """
    codes = {"packet": ratings.packet, "criterion": ratings.criterion, "rater": ratings.rater}
    found = find_components(ratings.values, codes)
    pairs = find_distinct(ratings.packet * len(ratings.raters) + ratings.rater)
    per_packet = np.bincount(pairs // len(ratings.raters))
    named = {name: found.get(effect) for effect, name in PAIRS.items()}
    return Components(
        **named,
        n_criteria=len(ratings.criteria),
        n_raters=float(len(per_packet) / (1 / per_packet).sum()),
    )


def find_components(values: FloatArray, codes: Mapping[str, IndexArray]) -> dict[str, float]:
    """Return the variance of each effect by Henderson's first method.

    Args:
        values: (n,) what is explained.
        codes: facet -> (n,) the level of each value; effects are facets and their pairs, such as
            ``packet rater``; of two facets the pair is the residual, and so is it of three.

    >>> y, p, r = np.array([[3.0, 5, 4, 8], [0, 0, 1, 1], [0, 1, 0, 1]])
    >>> found = find_components(y, {"p": p.astype(int), "r": r.astype(int)})
    >>> {name: round(value, 6) for name, value in found.items()}
    {'p': 1.5, 'r': 4.0, 'residual': 1.0}
    """
    effects = list_effects(codes)
    centred = values - values.mean()
    names = ["", *effects, RESIDUAL]
    squares = np.array([sum_squares(centred, effects.get(name), name) for name in names])
    matrix = np.array([[share_squares(effects, a, b, len(values)) for b in names] for a in names])
    if np.linalg.matrix_rank(matrix, tol=1e-9 * len(values)) < len(names):
        return {}
    solved = np.linalg.solve(matrix, squares)
    return dict(zip(names[1:], solved[1:].tolist(), strict=True))


def list_effects(codes: Mapping[str, IndexArray]) -> dict[str, IndexArray]:
    """Return the levels of each effect that has several and is not the residual itself."""
    dense = {name: np.searchsorted(find_distinct(code), code) for name, code in codes.items()}
    facets = {name: code for name, code in dense.items() if code.max() > 0}
    pairs = combinations(facets, 2) if len(facets) == len(FACETS) else ()
    return {
        **facets,
        **{f"{a} {b}": join_codes(facets[a], facets[b]) for a, b in pairs},
    }


def join_codes(one: IndexArray, other: IndexArray) -> IndexArray:
    """Return codes of the pairs of two codes, without gaps."""
    key = one * (int(other.max()) + 1) + other
    return np.searchsorted(find_distinct(key), key)


def sum_squares(values: FloatArray, code: IndexArray | None, name: str) -> float:
    """Return T_A: total^2 / count over the levels of an effect; of all values for none."""
    if name == RESIDUAL:
        return float(values @ values)
    levels = np.zeros(len(values), dtype=np.intp) if code is None else code
    return float((np.bincount(levels, values) ** 2 / np.bincount(levels)).sum())


def share_squares(effects: Mapping[str, IndexArray], a: str, b: str, n: int) -> float:
    """Return how often the variance of effect `b` is expected in T_a.

    The sum over levels of a, and of b in it, of n_ab^2 / n_a; n for the mean, in every T.
    """
    if RESIDUAL in {a, b}:
        return float(n) if a == RESIDUAL else float(count_levels(effects, a))
    if not b:
        return float(n)
    levels = effects[a] if a else np.zeros(n, dtype=np.intp)
    both = join_codes(levels, effects[b])
    count = np.bincount(both)
    one = np.zeros(len(count), dtype=np.intp)
    one[both] = levels
    return float((count**2 / np.bincount(levels)[one]).sum())


def count_levels(effects: Mapping[str, IndexArray], name: str) -> int:
    """Return how many levels an effect has; the mean has one."""
    return int(effects[name].max()) + 1 if name else 1
