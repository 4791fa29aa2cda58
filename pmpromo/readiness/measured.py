"""What was measured of forecasts, as frozen data, as text and as a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pmpromo.pictures.reliability import DiagramPoint, draw_diagram

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.pictures.picture import Picture

__all__ = [
    "Decomposition",
    "Diagram",
    "Reliability",
    "describe_reliability",
    "draw_reliability",
    "list_measures",
]

SHOWN_POINTS: Final = 10
"""Points of the diagram that a text shows."""


@dataclass(frozen=True, slots=True)
class Decomposition:
    """A mean score in three parts: mean = miscalibration - discrimination + uncertainty.

    `miscalibration` is what recalibration would save, `discrimination` what the recalibrated
    forecasts save against a constant, `uncertainty` the score of the constant base rate.
    """

    mean: float
    miscalibration: float
    discrimination: float
    uncertainty: float


@dataclass(frozen=True, slots=True)
class Diagram:
    """Reliability diagram: recalibrated frequency at forecasts, and the band if calibrated.

    `low` and `high` hold 90 % of what a calibrated forecast would show by chance at each point.
    """

    forecast: tuple[float, ...]
    frequency: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Reliability:
    """All measures of one set of forecasts. None means that a measure is undefined here.

    Skills are 1 - score / score of a constant forecast of `rate`: the documented rate, else the
    observed one. `intercept` is the shift of logits and `slope` the factor that would calibrate
    the forecasts (0 and 1 if they are).

    >>> from pmpromo import measure_reliability
    >>> found = measure_reliability([0.5, 0.5], [0, 1])
    >>> found.brier, found.brier_skill, found.slope
    (0.25, 0.0, None)
    """

    n_decisions: int
    rate: float
    log_loss: float
    log_skill: float | None
    brier: float
    brier_skill: float | None
    log_parts: Decomposition
    brier_parts: Decomposition
    calibration_error: float
    intercept: float | None
    slope: float | None
    spiegelhalter_z: float | None
    diagram: Diagram

    def __str__(self) -> str:
        return describe_reliability(self)

    def _repr_html_(self) -> str:
        return draw_reliability(self)._repr_html_()


def list_measures(found: Reliability) -> list[tuple[str, str]]:
    """Return the measures by name, a proper score and its skill first; a dash where undefined."""
    measures = {
        "log loss (nats)": found.log_loss,
        "skill against a constant rate": found.log_skill,
        "miscalibration (nats)": found.log_parts.miscalibration,
        "discrimination (nats)": found.log_parts.discrimination,
        "Brier score": found.brier,
        "calibration error": found.calibration_error,
        "calibration intercept (0 is sound)": found.intercept,
        "calibration slope (1 is sound)": found.slope,
    }
    return [(name, "-" if x is None else f"{x:.3f}") for name, x in measures.items()]


def draw_reliability(found: Reliability) -> Picture:
    """Return the reliability diagram, with the band of what chance alone does, and the measures.

    >>> from pmpromo import measure_reliability
    >>> found = measure_reliability([0.2] * 10 + [0.8] * 10, [0] * 8 + [1] * 2 + [0] * 2 + [1] * 8)
    >>> draw_reliability(found).alt
    'Reliability of 20 forecasts. 0 of 2 points lie outside the band of chance.'
    """
    shown = found.diagram
    columns = zip(shown.forecast, shown.frequency, shown.low, shown.high, strict=True)
    return draw_diagram(
        f"Reliability of {found.n_decisions} forecasts",
        [DiagramPoint(*point) for point in columns],
        [f"{name}: {value}" for name, value in list_measures(found)],
    )


def describe_reliability(found: Reliability) -> str:
    """Return the measures, then what was forecast beside what happened.

    >>> from pmpromo import measure_reliability
    >>> text = describe_reliability(measure_reliability([0.2] * 10 + [0.8] * 10, [0, 1] * 10))
    >>> print(text[text.index("forecast  "):])
    forecast  happened  by chance (90 %)
      20.0 %    50.0 %    10.0 to  40.0 %  outside
      80.0 %    50.0 %    60.0 to 100.0 %  outside
    (of sound forecasts one row in ten lies outside)
    """
    head = f"Reliability of {found.n_decisions} forecasts, against a rate of {found.rate:.1%}:"
    table = [f"  {name:<36}{value:>8}" for name, value in list_measures(found)]
    return "\n".join([head.replace("%:", " %:"), *table, "", *_draw_rows(found.diagram)])


def _draw_rows(diagram: Diagram) -> Iterator[str]:
    yield "forecast  happened  by chance (90 %)"
    n = len(diagram.forecast)
    shown = sorted({round(i * (n - 1) / (SHOWN_POINTS - 1)) for i in range(SHOWN_POINTS)})
    for i in shown:
        forecast, happened = diagram.forecast[i] * 100, diagram.frequency[i] * 100
        low, high = diagram.low[i] * 100, diagram.high[i] * 100
        mark = "" if low <= happened <= high else "  outside"
        yield f"{forecast:6.1f} %  {happened:6.1f} %  {low:6.1f} to {high:5.1f} %{mark}"
    yield "(of sound forecasts one row in ten lies outside)"
