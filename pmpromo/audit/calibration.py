"""Whether forecasts say as much of one group as of another: calibration within groups.

Forecasts may be calibrated over all people and still promise one group too much and another too
little. Equal calibration says nothing of equal rates: where these differ, both cannot be had at
once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, Any, Final

from pmpromo.audit.comparison import SIGNIFICANT
from pmpromo.audit.people import compare_lengths, read_labels, read_outcomes, read_shares
from pmpromo.audit.rates import Counts
from pmpromo.audit.significance import bound_rate, z_to_p
from pmpromo.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pmpromo.audit.comparison import ImpactVerdict
    from pmpromo.audit.people import Column, Groups, Labels

__all__ = ["GroupCalibration", "measure_group_calibration"]

ENOUGH_VARIANCE: Final = 5.0
"""Expected promotions and refusals below some five are too few for a normal tail."""


@dataclass(frozen=True, slots=True)
class GroupCalibration:
    """The forecasts of one group against what happened; `group` is None where it is unknown.

    `expected` is the sum of its forecasts, `variance` that of p (1 - p): what chance adds if they
    are right. `measured` is what a measure of the caller's gave for this group.

    >>> row = GroupCalibration("sex", "F", Counts(30, 100), 40.0, 24.0)
    >>> round(row.gap, 2), round(row.z, 2), row.verdict
    (-0.1, -2.04, 'evidence')
    """

    attribute: str
    group: str | None
    counts: Counts
    expected: float
    variance: float
    measured: Any = None

    @property
    def gap(self) -> float:
        """The rate of promotions minus the mean forecast; below 0 they promised too much."""
        return (self.counts.selected - self.expected) / self.counts.n

    @property
    def rate_interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval for the rate of promotions."""
        return bound_rate(self.counts)

    @property
    def z(self) -> float | None:
        """Promotions beyond those expected, in standard deviations; None of sure forecasts."""
        if not self.variance:
            return None
        return (self.counts.selected - self.expected) / math.sqrt(self.variance)

    @property
    def p(self) -> float | None:
        """The two-sided p-value of z."""
        return None if self.z is None else z_to_p(self.z)

    @property
    def verdict(self) -> ImpactVerdict | None:
        """Whether forecasts and outcomes differ by more than chance; None of sure forecasts."""
        if self.p is None:
            return None
        if self.variance < ENOUGH_VARIANCE:
            return "too_few"
        return "evidence" if self.p < SIGNIFICANT else "no_evidence"


def measure_group_calibration(
    probability: Column,
    promoted: Column,
    groups: Groups,
    *,
    measure: Callable[[list[float], list[bool]], Any] | None = None,
) -> tuple[GroupCalibration, ...]:
    """Measure forecasts against what happened, in each group of each attribute.

    Args:
        probability: (n,) forecasts within 0..1.
        promoted: (n,) of 0 and 1.
        groups: (n,) names, None where unknown; or such a column for each attribute, by name.
        measure: what else to measure of each group's forecasts and outcomes, such as
            `pmpromo.measure_reliability`; its answer is kept as `measured`.

    Raises:
        DataError: every entry that cannot be used.

    >>> [row] = measure_group_calibration([0.5, 0.25], [1, 0], ["F", "F"])
    >>> row.counts, row.gap, row.verdict
    (Counts(selected=1, n=2), 0.125, 'too_few')
    """
    problems: list[Problem] = []
    labels = read_labels(groups, problems)
    happened = read_outcomes(promoted, problems, "promoted")
    forecasts = read_shares("probability", probability, problems)
    problems += compare_lengths(len(happened), labels)
    if len(forecasts) != len(happened):
        told = f"has {len(forecasts)} entries where promoted has {len(happened)}"
        problems.append(Problem("probability", told, "give one a decision"))
    if problems:
        raise DataError(problems)
    return tuple(
        _measure_group((name, group), keep, (forecasts, happened), measure)
        for name, column in labels.items()
        for group, keep in _divide(column)
    )


def _divide(column: Labels) -> Iterator[tuple[str | None, list[bool]]]:
    """Yield each group, the unknown last, and who is of it."""
    for group in sorted({*column}, key=lambda label: (label is None, label or "")):
        yield group, [label == group for label in column]


def _measure_group(
    name: tuple[str, str | None],
    keep: list[bool],
    people: tuple[list[float], list[bool]],
    measure: Callable[[list[float], list[bool]], Any] | None,
) -> GroupCalibration:
    forecasts, happened = list(compress(people[0], keep)), list(compress(people[1], keep))
    return GroupCalibration(
        *name,
        counts=Counts(sum(happened), len(happened)),
        # Sums that are rounded once do not know the order of people.
        expected=math.fsum(forecasts),
        variance=math.fsum(p * (1 - p) for p in forecasts),
        measured=None if measure is None else measure(forecasts, happened),
    )
