"""Rates and what follows from them in exact fractions: ratios, bounds, shortfalls, one person more.

A tie is a tie: 64 of 100 against 80 of 100 is four fifths, although 0.64 / 0.8 is less in floating
point. What divides by nothing is undefined, and stays None.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

__all__ = [
    "FOUR_FIFTHS",
    "SMALLEST_SHARE",
    "Counts",
    "bound_ratio",
    "compare_rates",
    "count_shortfall",
    "flips_by_one",
    "is_below",
]

FOUR_FIFTHS: Final = Fraction(4, 5)
"""Below this ratio agencies generally see evidence of adverse impact (29 CFR 1607.4D)."""

SMALLEST_SHARE: Final = Fraction(2, 100)
"""A category with less of the people than this may be left out of ratios (6 RCNY 5-301)."""


class Counts(NamedTuple):
    """How many of `n` people were selected (or, for scores, lie above the median).

    >>> Counts(16, 25).rate
    Fraction(16, 25)
    >>> Counts(0, 0).rate is None
    True
    """

    selected: int
    n: int

    @property
    def rate(self) -> Fraction | None:
        """The share selected; None of nobody."""
        return Fraction(self.selected, self.n) if self.n else None

    @property
    def others(self) -> int:
        """How many were not selected."""
        return self.n - self.selected

    def add(self, selected: int, others: int = 0) -> Counts:
        """Count more people in, some selected and some not."""
        return Counts(self.selected + selected, self.n + selected + others)


def compare_rates(group: Counts, other: Counts) -> Fraction | None:
    """Return the impact ratio: the rate of `group` over the rate of `other`.

    >>> compare_rates(Counts(3, 8), Counts(16, 25))
    Fraction(75, 128)
    >>> compare_rates(Counts(3, 8), Counts(0, 25)) is None
    True
    """
    if not (group.n and other.selected):
        return None
    return Fraction(group.selected * other.n, group.n * other.selected)


def is_below(ratio: Fraction | None) -> bool | None:
    """Tell whether a ratio is below four fifths; four fifths itself is not.

    >>> is_below(compare_rates(Counts(64, 100), Counts(80, 100)))
    False
    """
    return None if ratio is None else ratio < FOUR_FIFTHS


def count_shortfall(group: Counts, other: Counts) -> int | None:
    """Return how many more of `group` selected would have reached four fifths; 0 where it did.

    The smallest d with (k + d) / n >= 4/5 x the other rate.

    >>> count_shortfall(Counts(50, 250), Counts(100, 250))
    30
    """
    if compare_rates(group, other) is None:
        return None
    asked = FOUR_FIFTHS * group.n * Fraction(other.selected, other.n)
    return max(0, -(-asked.numerator // asked.denominator) - group.selected)


def flips_by_one(group: Counts, other: Counts) -> bool | None:
    """Tell whether another outcome for one person would change the four-fifths answer.

    The person may be one of the group or one of the comparator. A ratio that it makes undefined
    counts as another answer.

    >>> flips_by_one(Counts(3, 8), Counts(16, 25)), flips_by_one(Counts(34, 76), Counts(50, 92))
    (False, True)
    """
    today = is_below(compare_rates(group, other))
    if today is None:
        return None
    return any(
        is_below(compare_rates(*pair)) is not today
        for pair in (
            *((changed, other) for changed in _change_one(group)),
            *((group, changed) for changed in _change_one(other)),
        )
    )


def _change_one(counts: Counts) -> list[Counts]:
    changed = [Counts(counts.selected + step, counts.n) for step in (-1, 1)]
    return [each for each in changed if 0 <= each.selected <= each.n]


def bound_ratio(
    group: Counts, other: Counts, unknown: Counts
) -> tuple[Fraction | None, Fraction | None]:
    """Return the lowest and highest impact ratio if people of unknown group were of these two.

    Lowest: the unselected are all of `group`, the selected all of `other`; highest: the reverse.
    Both ends can be true at once for all these people, so the bounds are sharp for this pair.

    >>> bound_ratio(Counts(1, 2), Counts(2, 3), Counts(1, 2))
    (Fraction(4, 9), Fraction(4, 3))
    """
    low = compare_rates(group.add(0, unknown.others), other.add(unknown.selected))
    high = compare_rates(group.add(unknown.selected), other.add(0, unknown.others))
    return low, high
