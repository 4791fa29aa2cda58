"""From quantities to places on an axis, with round ticks."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.pictures.svg import Tick

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["SHARE", "Scale", "choose_scale"]

STEPS: Final = ((1.0, 0), (2.0, 0), (2.5, 1), (5.0, 0), (10.0, -1))
"""Round steps between ticks, times a power of ten, and the decimals they need beyond it."""

WANTED: Final = 5
"""How many steps an axis has at most before its ends are rounded."""


class Scale(NamedTuple):
    """An axis from `low` to `high` in so many equal steps, labelled with so many decimals."""

    low: float
    high: float
    steps: int
    decimals: int

    def place(self, value: float) -> float:
        """Return where a value lies, 0..1; what is beyond an end lies at that end."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """A labelled tick at each step."""
        shares = [step / self.steps for step in range(self.steps + 1)]
        return tuple(Tick(share, self._label(share)) for share in shares)

    def _label(self, share: float) -> str:
        value = self.low + share * (self.high - self.low)
        return f"{round(value, self.decimals) + 0.0:.{self.decimals}f}"


SHARE: Final = Scale(0.0, 1.0, 4, 2)
"""The whole axis of a score."""


def choose_scale(values: Iterable[float]) -> Scale:
    """Return the axis with round ends that holds all values, and a little when they are equal.

    >>> [tick.label for tick in choose_scale([0.16, 0.74]).ticks]
    ['0.0', '0.2', '0.4', '0.6', '0.8']
    >>> [tick.label for tick in choose_scale([-1.3, 2.2]).ticks]
    ['-2', '-1', '0', '1', '2', '3']
    """
    found = sorted(values) or [0.0]
    low = found[0]
    high = found[-1] if found[-1] > low else low + max(abs(low), 1.0)
    exponent = floor(log10((high - low) / WANTED))
    base, more = next(
        (base, more) for base, more in STEPS if high - low <= base * 10.0**exponent * WANTED
    )
    step = base * 10.0**exponent
    first, last = floor(low / step), ceil(high / step)
    return Scale(first * step, last * step, last - first, max(0, more - exponent))
