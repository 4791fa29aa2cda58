"""Random histories, drawn so that they shrink to something a person can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

WHOLE = 1000
"""Scores are whole thousandths."""


@dataclass(frozen=True)
class Sample:
    """Scores and outcomes of a few decisions."""

    scores: tuple[float, ...]
    promoted: tuple[int, ...]


@st.composite
def samples(draw: DrawFn, least: int = 0, most: int = 30) -> Sample:
    """Draw a history of any kind: empty, tied, separated, one class, backwards."""
    size = draw(st.integers(least, most))
    thousandths = st.integers(0, WHOLE)
    scores = draw(st.lists(thousandths, min_size=size, max_size=size))
    promoted = draw(st.lists(st.integers(0, 1), min_size=size, max_size=size))
    return Sample(tuple(s / WHOLE for s in scores), tuple(promoted))
