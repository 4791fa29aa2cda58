"""Which cases of many run with every suite, and which at night."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["choose"]


def choose(cases: Iterable[Any], every: int) -> list[Any]:
    """Return all cases, of which each suite runs one of every so many, and the night all."""
    return [
        case if place % every == 0 else pytest.param(case, marks=pytest.mark.slow)
        for place, case in enumerate(cases)
    ]
