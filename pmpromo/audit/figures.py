"""Exact numbers as people read them. Only text rounds, and never across a line that matters."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from pmpromo.reading.cells import guard_text

__all__ = ["guard_cell", "write_decimal", "write_p", "write_ratio", "write_share"]

TINY: Final = 0.001
"""The smallest p-value that three decimals can show."""


def write_decimal(value: Fraction, places: int) -> str:
    """Write a number with so many decimals, halves away from zero.

    >>> write_decimal(Fraction(5, 8), 2), write_decimal(Fraction(-1, 200), 2)
    ('0.63', '-0.01')
    """
    units = int(abs(value) * 10**places + Fraction(1, 2))
    whole, rest = divmod(units, 10**places)
    sign = "-" if value < 0 and units else ""
    return f"{sign}{whole}.{rest:0{places}}" if places else f"{sign}{whole}"


def write_ratio(ratio: Fraction | None) -> str:
    """Write a ratio with two decimals, and with more where two would hide that it is below 0.8.

    >>> [write_ratio(Fraction(n, 1000)) for n in (586, 800, 799)]
    ['0.59', '0.80', '0.799']
    """
    return "-" if ratio is None else _write_beside(ratio, 2, Fraction(4, 5))


def write_p(p: float | None) -> str:
    """Write a p-value with three decimals, and with more where three would hide that it is small.

    >>> write_p(0.2379), write_p(0.0498), write_p(0.04999), write_p(1e-9)
    ('0.238', '0.0498', '0.04999', '<0.001')
    """
    if p is None:
        return "-"
    return f"<{TINY}" if p < TINY / 2 else _write_beside(Fraction(p), 3, Fraction(1, 20))


def _write_beside(value: Fraction, places: int, line: Fraction) -> str:
    """Write a number with as many decimals as it takes to keep it on its side of a line."""
    written = write_decimal(value, places)
    while (Fraction(written) < line) != (value < line):
        places += 1
        written = write_decimal(value, places)
    return written


def write_share(share: Fraction | float | None, places: int = 1) -> str:
    """Write a share as percent.

    >>> write_share(Fraction(18, 28)), write_share(None)
    ('64.3%', '-')
    """
    return "-" if share is None else f"{write_decimal(Fraction(share) * 100, places)}%"


def guard_cell(value: object) -> object:
    """Return a cell that no spreadsheet computes: a text that starts a formula gets an apostrophe.

    >>> guard_cell("=1+1"), guard_cell("White"), guard_cell(-1.5)
    ("'=1+1", 'White', -1.5)
    """
    return guard_text(value) if isinstance(value, str) else value
