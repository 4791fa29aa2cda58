"""Forecasts as strips: a probability with its interval, against the share promoted so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.pictures.chart import Chart, Key, Row
from pmpromo.pictures.picture import Picture
from pmpromo.pictures.svg import Box, Dot, Line, Tick

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmpromo.pictures.svg import Mark

__all__ = ["PERCENT", "STRIP_KEYS", "Strip", "draw_strips", "list_marks", "tell_strip"]

PERCENT: Final = tuple(Tick(n / 4, f"{n * 25} %") for n in range(5))
"""Ticks of a probability."""


class Strip(NamedTuple):
    """A forecast: what it is of, its probability and the ends of its interval, and a verdict.

    `rate` is the share promoted among all past decisions; None if there are none. `shown` says
    probability and interval as people read them, rounded outward.
    """

    name: str
    probability: float
    low: float
    high: float
    shown: tuple[str, str]
    verdict: str = ""
    rate: float | None = None


STRIP_KEYS: Final = (
    Key((Box(0, 1, "met", 0.3, edged=True),), "interval"),
    Key((Dot(0.5),), "probability"),
    Key((Line(((0.5, 0), (0.5, 1)), dashed=True),), "share promoted so far"),
)
"""What the shapes of strips mean."""


def list_marks(strip: Strip) -> Iterator[Mark]:
    """Yield the shapes of a strip: a track, the interval, the base rate, the probability."""
    yield Box(0, 1, "text", 0.12, 0.15, 0.85)
    yield Box(strip.low, strip.high, "met", 0.3, 0.15, 0.85, edged=True)
    if strip.rate is not None:
        yield Line(((strip.rate, 0), (strip.rate, 1)), dashed=True)
    yield Dot(strip.probability)


def tell_strip(strip: Strip) -> str:
    """Say what a strip shows.

    >>> tell_strip(Strip("0.7", 0.6, 0.4, 0.8, ("60 %", "40 to 80 %"), "borderline", 0.3))
    '60 %, interval 40 to 80 %, 30 % promoted so far, borderline'
    """
    rate = () if strip.rate is None else (f"{strip.rate * 100:.0f} % promoted so far",)
    verdict = (strip.verdict,) if strip.verdict else ()
    return ", ".join([strip.shown[0], f"interval {strip.shown[1]}", *rate, *verdict])


def draw_strips(
    title: str, strips: Sequence[Strip], notes: Sequence[str] = (), *, name: str = "Score"
) -> Picture:
    """Return forecasts as a picture; `name` heads the column of what they are of.

    >>> strip = Strip("0.7", 0.6, 0.4, 0.8, ("60 %", "40 to 80 %"), "borderline", 0.3)
    >>> draw_strips("Readiness", [strip]).columns["low"]
    (0.4,)
    """
    rows = tuple(
        Row(strip.name, tuple(list_marks(strip)), tell_strip(strip), strip.shown, (strip.verdict,))
        for strip in strips
    )
    heads = (name, "Probability", "Interval", "Probability of promotion", "Verdict")
    keys = STRIP_KEYS if any(strip.rate is not None for strip in strips) else STRIP_KEYS[:2]
    told = "; ".join(f"{row.name}: {row.said}" for row in rows)
    return Picture(
        Chart(title, heads, rows, PERCENT, keys, notes=tuple(notes), size=(200, 16)),
        f"{title}. {told}.",
        {
            name.lower(): tuple(strip.name for strip in strips),
            "probability": tuple(strip.probability for strip in strips),
            "low": tuple(strip.low for strip in strips),
            "high": tuple(strip.high for strip in strips),
            "verdict": tuple(strip.verdict for strip in strips),
        },
    )
