"""Choices that look arbitrary and are the same on every Python, on every machine, for ever.

The generator is SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number
generators", OOPSLA): sums, shifts and products of whole numbers, and nothing of any library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

T = TypeVar("T")

MASK: Final = (1 << 64) - 1
"""Sixty-four bits."""


class Dice:
    """Dice that fall alike for the same number."""

    def __init__(self, number: int) -> None:
        self.state = number & MASK

    def roll(self) -> int:
        """Return the next whole number of 64 bits."""
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        mixed = self.state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
        return mixed ^ (mixed >> 31)

    def below(self, end: int) -> int:
        """Return a whole number from 0 to below `end`."""
        return self.roll() % end

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of these."""
        return choices[self.below(len(choices))]

    def now_and_then(self, of: int) -> bool:
        """Tell yes once in so many times."""
        return self.below(of) == 0

    def shuffle(self, things: Iterable[T]) -> list[T]:
        """Return these in another order."""
        left = list(things)
        return [left.pop(self.below(len(left))) for _ in range(len(left))]

    def few(self, choices: Iterable[T], most: int = 3) -> list[T]:
        """Return a few different ones of these, at times none."""
        return self.shuffle(choices)[: self.below(most + 1)]

    def share(self) -> float:
        """Return a share from 0 to 1 of two decimals."""
        return self.below(21) / 20
