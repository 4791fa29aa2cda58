"""The two ends of a quantity: unknown facts at their worst, and at their best."""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["FULL", "HIGH", "LOW", "NOTHING", "UNKNOWN", "Interval", "know"]


class Interval(NamedTuple):
    """The two ends of a quantity: unknown facts at their worst, and at their best."""

    low: float
    high: float


LOW: Final = 0
"""The place of an interval's worst end."""

HIGH: Final = 1
"""The place of an interval's best end."""

UNKNOWN: Final = Interval(0.0, 1.0)
"""Nothing is known: anything may be true."""

NOTHING: Final = Interval(0.0, 0.0)
"""Known to be nothing."""

FULL: Final = Interval(1.0, 1.0)
"""Known to be all that is asked."""


def know(value: float) -> Interval:
    """Return the interval of something known: both ends are the same."""
    return Interval(value, value)
