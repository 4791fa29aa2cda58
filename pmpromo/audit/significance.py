"""Whether chance alone could have made two rates differ as they do: exact test, z, intervals.

Fisher's test counts: given how many were selected in all, a table with i of them in the group comes
about in C(n, i) C(m, s - i) ways. Ways are whole numbers, so equally rare tables are found equal.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.audit.rates import Counts

__all__ = [
    "Exact",
    "bound_difference",
    "bound_rate",
    "compute_fisher",
    "fisher_exact",
    "rarest_p",
    "standardise",
    "z_to_p",
]

NORMAL_95: Final = 1.959963984540054
"""The point that a standard normal variable exceeds, either way, in one case of twenty."""

MOST_EXACT: Final = 5000
"""People up to whom ways are counted in full; above it numbers of thousands of digits are slow."""

SCALE: Final = 256
"""Bits to which ways are kept above that, relative to the table observed: some 77 digits."""

SAME: Final = 200
"""Ways that agree in so many bits count as equal there: some 60 digits."""


SMALLEST: Final = 1200
"""Bits by which ways may outweigh those observed; a float ends at 1074 bits below one."""


class Exact(NamedTuple):
    """Fisher's two-sided p-value, and the mid-p value beside it."""

    p: float
    mid_p: float


class _Ways(NamedTuple):
    """In how many ways the tables come about: rarer than the one observed, as rare, and all."""

    rarer: int
    equal: int
    total: int


def fisher_exact(group: Counts, other: Counts) -> Fraction:
    """Return Fisher's two-sided p-value as a fraction: the share of tables as rare, or rarer.

    The sum of all tables with the same margins that are no likelier than the one observed, as in R
    and scipy. For many thousands of people use `compute_fisher`, which is the same and faster.

    >>> from pmpromo.audit.rates import Counts
    >>> fisher_exact(Counts(3, 4), Counts(1, 4))
    Fraction(17, 35)
    """
    ways = _count_ways(group, other, _count_own(group, other), 0)
    return Fraction(ways.rarer + ways.equal, ways.total)


def compute_fisher(group: Counts, other: Counts) -> Exact:
    """Return Fisher's p-value and the mid-p value, each rounded once, as floats.

    The mid-p value counts tables as rare as the one observed by half: it is less cautious.

    >>> from pmpromo.audit.rates import Counts
    >>> compute_fisher(Counts(8, 10), Counts(1, 6))
    Exact(p=0.03496503496503497, mid_p=0.023164335664335664)
    """
    if group.n + other.n <= MOST_EXACT:
        ways = _count_ways(group, other, _count_own(group, other), 0)
    else:
        ways = _count_ways(group, other, 1 << SCALE, 1 << (SCALE - SAME), 1 << (SCALE + SMALLEST))
    p = (ways.rarer + ways.equal) / ways.total
    return Exact(p, (2 * ways.rarer + ways.equal) / (2 * ways.total))


def rarest_p(group: Counts, other: Counts) -> float:
    """Return the p-value if as few of `group` had been selected as could have been.

    Where even this is no small number, no outcome could have spoken for adverse impact.

    >>> from pmpromo.audit.rates import Counts
    >>> rarest_p(Counts(1, 2), Counts(2, 3))
    0.1
    """
    selected = group.selected + other.selected
    fewest = max(0, selected - other.n)
    worst = (group._replace(selected=fewest), other._replace(selected=selected - fewest))
    return compute_fisher(*worst).p


def _count_own(group: Counts, other: Counts) -> int:
    return math.comb(group.n, group.selected) * math.comb(other.n, other.selected)


def _count_ways(
    group: Counts, other: Counts, own: int, slack: int, most: float = math.inf
) -> _Ways:
    """Count the ways of all tables, in units in which the one observed comes about in `own`.

    Ways that differ from `own` by no more than `slack` are equal to it. Counting ends with `most`
    ways: the p-value is 0 then, to any float.
    """
    rarer, equal, total = 0, own, own
    for ways in chain(_walk_up(group, other, own), _walk_up(other, group, own)):
        total += ways
        if abs(ways - own) <= slack:
            equal += ways
        elif ways < own:
            rarer += ways
        if total > most:
            break
    return _Ways(rarer, equal, total)


def _walk_up(group: Counts, other: Counts, ways: int) -> Iterator[int]:
    """Yield the ways of the tables with one more of `group` selected, two more, and so on.

    C(n, i+1) C(m, j-1) = C(n, i) C(m, j) (n - i) j / ((i + 1) (m - j + 1)), without a remainder
    where `ways` are exact.
    """
    (i, n), (j, m) = group, other
    while ways and i < n and j:
        ways = ways * (n - i) * j // ((i + 1) * (m - j + 1))
        i, j = i + 1, j - 1
        yield ways


def standardise(group: Counts, other: Counts) -> float | None:
    """Return z, the difference of two rates in standard errors of the pooled rate.

    None where everybody or nobody was selected, or a group is empty.

    >>> from pmpromo.audit.rates import Counts
    >>> round(standardise(Counts(3, 8), Counts(16, 25)), 4)
    -1.32
    """
    if group.rate is None or other.rate is None:
        return None
    pooled = Fraction(group.selected + other.selected, group.n + other.n)
    variance = pooled * (1 - pooled) * (Fraction(1, group.n) + Fraction(1, other.n))
    if not variance:
        return None
    difference = group.rate - other.rate
    return math.copysign(math.sqrt(difference**2 / variance), difference)


def z_to_p(z: float) -> float:
    """Return the two-sided p-value of a standard normal z.

    >>> round(z_to_p(-1.959964), 6)
    0.05
    """
    return math.erfc(abs(z) / math.sqrt(2))


def bound_rate(counts: Counts) -> tuple[float, float] | None:
    """Return Wilson's 95 % interval for the rate behind `counts`; None of nobody.

    >>> from pmpromo.audit.rates import Counts
    >>> [round(end, 4) for end in bound_rate(Counts(81, 263))]
    [0.2553, 0.3662]
    """
    k, n = counts
    if not n:
        return None
    square = NORMAL_95**2
    half = NORMAL_95 * math.sqrt(square + 4 * k * (n - k) / n)
    low, high = ((2 * k + square + sign * half) / (2 * (n + square)) for sign in (-1, 1))
    # Nobody and everybody are ends that rounding must not pass.
    return (low if k else 0.0), (high if k < n else 1.0)


def bound_difference(group: Counts, other: Counts) -> tuple[float, float] | None:
    """Return Newcombe's 95 % interval for the difference of two rates, group minus other.

    The hybrid score interval, method 10 of Newcombe 1998 (Statistics in Medicine 17, 873-890).

    >>> from pmpromo.audit.rates import Counts
    >>> [round(end, 4) for end in bound_difference(Counts(56, 70), Counts(48, 80))]
    [0.0524, 0.3339]
    """
    ends, other_ends = bound_rate(group), bound_rate(other)
    if ends is None or other_ends is None:
        return None
    p, q = group.selected / group.n, other.selected / other.n
    below = math.hypot(p - ends[0], other_ends[1] - q)
    above = math.hypot(ends[1] - p, q - other_ends[0])
    return p - q - below, p - q + above
