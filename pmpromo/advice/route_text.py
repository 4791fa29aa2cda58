"""Routes as text of 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pmpromo.pictures.terminal import write_wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pmpromo.advice.route import Route, Step

__all__ = ["WIDTH", "tell_alone", "tell_days", "tell_expiry", "write_others", "write_route"]

WIDTH: Final = 80
"""Columns of a report."""

INDENT: Final = " " * 10
SHOWN_REQUIREMENTS: Final = 3
"""How many requirements of a step are named; the rest are counted."""

_NATURES: Final = {
    "documentation": "to write down",
    "substance": "new work",
    "absent": "new work",
}


def tell_days(effort: float) -> str:
    """Say an effort.

    >>> tell_days(1.0), tell_days(2.5)
    ('1 day of work', '2.5 days of work')
    """
    return f"{effort:,g} day{'' if effort == 1 else 's'} of work"


def tell_expiry(expires: date | None) -> str:
    """Say when age undoes what was reached, or that it never does."""
    if expires is None:
        return "Age alone will not undo it."
    return f"If nothing newer is added, age undoes it on {expires.isoformat()}."


def write_route(title: str, route: Route) -> list[str]:
    """Write a route under its title, a step with its gain, what it takes and where it counts."""
    lines = [title]
    for step in route.steps:
        where = f" [{', '.join(step.evidence)}]" if step.evidence else ""
        remedy = f"{step.remedy[0].upper()}{step.remedy[1:]}{where}"
        lines += write_wrapped(f"  {step.gain:+.3f}  {remedy}", WIDTH, INDENT)
        told = f"{_NATURES[step.nature]}, {tell_days(step.effort)}: {_tell_asked(step)}"
        lines += write_wrapped(f"{INDENT}{told}", WIDTH, INDENT)
    lines.append(f"  {route.total:.3f}  {tell_expiry(route.expires)}")
    return lines


def _tell_asked(step: Step) -> str:
    """Name what a step bears on, as far as there is room."""
    asked = ", ".join(step.requirements[:SHOWN_REQUIREMENTS])
    left = len(step.requirements) - SHOWN_REQUIREMENTS
    return f"{asked} and {left} more" if left > 0 else asked


def write_others(routes: Sequence[Route]) -> list[str]:
    """Tell of the routes after the first by what they have instead."""
    first, *others = [{_name(step) for step in route.steps} for route in routes]
    if not others:
        return []
    lines = ["Other ways"]
    for route in routes[1:]:
        steps = {_name(step): step for step in route.steps}
        instead = "; ".join(step.remedy for name, step in steps.items() if name not in first)
        dropped = len(first - steps.keys())
        for_what = f"instead of {dropped} step{'' if dropped == 1 else 's'}: "
        text = f"  {tell_days(route.effort)}, {for_what}{instead}"
        lines += write_wrapped(text, WIDTH, INDENT)
    return lines


def _name(step: Step) -> tuple[str, tuple[str, ...]]:
    return step.remedy, step.evidence


def tell_alone(route: Route | None) -> str:
    """Say how long a route of one kind of steps is, or that there is none."""
    if route is None:
        return "no way reaches the bar."
    steps = f"{len(route.steps)} step{'' if len(route.steps) == 1 else 's'}"
    found = "" if route.exact else ", the best that was found"
    return f"{steps}, {tell_days(route.effort)}{found}."
