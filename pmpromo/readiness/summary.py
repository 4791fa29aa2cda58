"""Measured reliability as text: the measures, and forecasts beside what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.readiness.reliability import Diagram, Reliability

__all__ = ["describe_reliability", "list_measures"]

SHOWN_POINTS: Final = 10
"""Points of the diagram that a text shows."""


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


def describe_reliability(found: Reliability) -> str:
    """Return the measures, then what was forecast beside what happened.

    >>> from pmpromo.readiness.reliability import measure_reliability
    >>> text = describe_reliability(measure_reliability([0.2] * 10 + [0.8] * 10, [0, 1] * 10))
    >>> print(text[text.rindex("forecast"):])
    forecast  happened  by chance (90 %)
      20.0 %    50.0 %    10.0 to  40.0 %  outside
      80.0 %    50.0 %    60.0 to 100.0 %  outside
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
