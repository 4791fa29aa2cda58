"""What is believed of the promotion rate before any decision is seen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pmpromo.errors import DataError, Problem
from pmpromo.readiness.lattice import RootPrior

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["KINDS", "Prior", "centre_rate", "place_root", "share_root"]

KINDS: Final[Mapping[str, float]] = MappingProxyType(
    {"per_decision": 0.7, "on_time": 1.0, "upper_bound": 1.0, "ever_reached": 1.5}
)
"""Kinds of documented rate, with the doubt (sd, in logits) about the rate per decision.

Only `per_decision` is the rate asked for. The share promoted on time, an upper bound, and the
share of people who ever reach a level say less and less about one decision.
"""

BELOW_BOUND: Final = 0.6
"""A rate documented as "under u" is placed at 0.6 u."""
LOWEST_RATE: Final = 0.001
"""Rates closer to 0 or 1 than this are no documented promotion rates; the lattice ends there."""
LEAST_SD: Final = 0.05
LARGEST_SD: Final = 5.0
DOCUMENTED_WIDE: Final = 0.2
"""Chance that a documented rate does not apply here: three times the doubt."""
UNDOCUMENTED: Final = RootPrior(mean=math.log(0.3 / 0.7), sd=1.5, wide=0.0)
"""Without a documented rate: somewhere around 30 %, within 3 % and 87 % (95 %)."""


@dataclass(frozen=True, slots=True)
class Prior:
    """A promotion rate documented by the user, never by a rubric.

    `rate` is the documented share, `kind` what it is a share of (see `KINDS`), `sd` the doubt
    about it in logits (default: that of its kind).

    Raises:
        DataError: a rate outside 0.001..0.999, an unknown kind, or an sd outside 0.05..5.

    >>> Prior(0.42, "ever_reached")
    Prior(rate=0.42, kind='ever_reached', sd=1.5)
    >>> Prior(42, "ever_reached")
    Traceback (most recent call last):
    pmpromo.errors.DataError: prior.rate: not within 0.001..0.999; give a share, not percent
    """

    rate: float
    kind: str = "per_decision"
    sd: float | None = None

    def __post_init__(self) -> None:
        problems = list(find_problems(self))
        if problems:
            raise DataError(problems)
        if self.sd is None:
            object.__setattr__(self, "sd", KINDS[self.kind])


def find_problems(prior: Prior) -> list[Problem]:
    """Return what is wrong with a documented rate."""
    problems = []
    if not is_within(prior.rate, LOWEST_RATE, 1 - LOWEST_RATE):
        message = f"not within {LOWEST_RATE}..{1 - LOWEST_RATE}"
        problems.append(Problem("prior.rate", message, "give a share, not percent"))
    if prior.kind not in KINDS:
        problems.append(Problem("prior.kind", "unknown kind", f"one of {', '.join(KINDS)}"))
    if prior.sd is not None and not is_within(prior.sd, LEAST_SD, LARGEST_SD):
        message = f"not within {LEAST_SD}..{LARGEST_SD}"
        problems.append(Problem("prior.sd", message, "it is a standard deviation in logits"))
    return problems


def is_within(value: object, low: float, high: float) -> bool:
    """Return whether a value is a number from low to high."""
    return isinstance(value, int | float) and low <= value <= high


def place_root(prior: Prior | None) -> RootPrior:
    """Return the prior of the logit at the centre of the scores.

    >>> place_root(Prior(0.5)).mean
    0.0
    """
    if prior is None:
        return UNDOCUMENTED
    rate = centre_rate(prior)
    sd = KINDS[prior.kind] if prior.sd is None else prior.sd
    return RootPrior(math.log(rate / (1 - rate)), sd, DOCUMENTED_WIDE)


def centre_rate(prior: Prior) -> float:
    """Return the rate that a documented rate is taken for."""
    return prior.rate * BELOW_BOUND if prior.kind == "upper_bound" else prior.rate


def share_root(priors: Sequence[Prior | None]) -> RootPrior:
    """Return one root for several levels: the mean of those that have a documented rate.

    >>> share_root([None, Prior(0.5), None]).mean
    0.0
    """
    roots = [place_root(prior) for prior in priors if prior is not None]
    if not roots:
        return UNDOCUMENTED
    mean = sum(root.mean for root in roots) / len(roots)
    return RootPrior(mean, max(root.sd for root in roots), DOCUMENTED_WIDE)
