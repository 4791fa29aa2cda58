"""Pictures of advice: the way to the bar, and how sturdy the verdict is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmpromo.errors import DataError, Problem
from pmpromo.pictures.stability import Stable
from pmpromo.pictures.stability import draw_stability as draw_ranges
from pmpromo.pictures.tornado import Swing, draw_tornado
from pmpromo.pictures.waterfall import Part, draw_waterfall
from pmpromo.report.words import NATURES, SYMBOLS

if TYPE_CHECKING:
    from pmpromo.gallery.seen import SeenPath, SeenSensitivity, SeenStep
    from pmpromo.pictures.picture import Picture

__all__ = ["draw_path", "draw_stability", "draw_swings"]


def draw_path(path: SeenPath, *, route: int = 1) -> Picture:
    """Return the steps of a way to the bar, each beginning where the one before it ended.

    `route` is 1 for the cheapest. A path whose bar is met, or that no step reaches, is empty.

    Raises `DataError` for a route that the path does not have.

    >>> from pmpromo import find_path, load_packet
    >>> picture = draw_path(find_path(load_packet("examples/packets/spm-b.yaml")))
    >>> picture.columns["words"]
    ('◐ to document, 1 day',)
    """
    if route != 1 and not 0 < route <= len(path.routes):
        hint = f"it has {len(path.routes)}; 1 is the cheapest"
        raise DataError([Problem("route", "the path has no such route", hint)])
    steps = path.routes[route - 1].steps if path.routes else ()
    parts = [
        Part(
            _tell_step(step),
            step.gain,
            f"{SYMBOLS[step.nature]} {NATURES[step.nature]}, {_tell_days(step.effort)}",
        )
        for step in steps
    ]
    title = f"A way to the bar for {path.packet_id}"
    return draw_waterfall(title, path.proven, parts, path.bar)


def _tell_step(step: SeenStep) -> str:
    """Say what to do, and on which items."""
    items = f" [{', '.join(step.evidence)}]" if step.evidence else ""
    return f"{step.remedy[0].upper()}{step.remedy[1:]}{items}"


def _tell_days(effort: float) -> str:
    return "1 day" if effort == 1 else f"{effort:g} days"


def draw_swings(sensitivity: SeenSensitivity) -> Picture:
    """Return what a fifth less or more of each weight makes of the total, the widest swing first.

    >>> from pmpromo import load_packet, measure_sensitivity
    >>> found = measure_sensitivity(load_packet("examples/packets/spm-b.yaml"), draws=100)
    >>> draw_swings(found).columns["input"][0]
    'business_result'
    """
    swings = [
        Swing(
            swing.name,
            min(swing.low, swing.high),
            max(swing.low, swing.high),
            "✗ turns the verdict" if swing.flips else "",
        )
        for swing in sensitivity.swings
    ]
    title = f"A fifth less or more of each weight, {sensitivity.packet_id}"
    return draw_tornado(title, swings, sensitivity.proven, sensitivity.bar)


def draw_stability(sensitivity: SeenSensitivity) -> Picture:
    """Return how far each weight can move, the others in proportion, while the verdict stays.

    >>> from pmpromo import load_packet, measure_sensitivity
    >>> found = measure_sensitivity(load_packet("examples/packets/spm-b.yaml"), draws=100)
    >>> len(draw_stability(found).columns["criterion"])
    7
    """
    ranges = [
        Stable(each.criterion, each.weight, each.low, each.high) for each in sensitivity.weights
    ]
    verdict = "met" if sensitivity.met else "not met"
    return draw_ranges(
        f"Weights under which the bar stays {verdict}, {sensitivity.packet_id}", ranges
    )
