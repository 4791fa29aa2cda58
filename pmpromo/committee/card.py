"""A fitted committee at a glance: how severe raters are, and whether they share a scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pmpromo.pictures.committee import Measured, draw_committee

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.committee.record import Rater, Record
    from pmpromo.pictures.picture import Picture

__all__ = ["draw_model"]

SHOWN_RATERS: Final = 12
"""Raters that are drawn, half of them from either end: the rest lie between them."""


def draw_model(model: Record) -> Picture:
    """Return the severities of raters, each with its interval, and what to know of them."""
    raters = sorted(model.raters, key=lambda rater: (-rater.severity, rater.rater_id))
    title = (
        f"Committee: {model.n_ratings:,} ratings of {len(model.packet_columns.packet_id):,} "
        f"packets by {len(raters):,} raters"
    )
    return draw_committee(title, [*measure_raters(raters)], [*tell_scale(model)])


def measure_raters(raters: list[Rater]) -> Iterator[Measured]:
    """Yield the raters that are drawn, the most severe first; of many those at either end."""
    half = SHOWN_RATERS // 2
    groups = {"Severity of raters": raters}
    if len(raters) > SHOWN_RATERS:
        groups = {"The most severe": raters[:half], "The most lenient": raters[-half:]}
    for group, found in groups.items():
        for rater in found:
            packets = "1 packet" if rater.n_packets == 1 else f"{rater.n_packets:,} packets"
            words = f"S.E. {rater.se:.2f}; {rater.effect:+.2f} points on {packets}"
            yield Measured(group, rater.rater_id, rater.severity, rater.se, words)


def tell_scale(model: Record) -> Iterator[str]:
    """Yield how far raters agree and packets can be told apart, and what else to know."""
    yield from model.notes
    yield "Further right gives less. It is a reading of the ratings, and nobody's fault."
    left = len(model.raters) - SHOWN_RATERS
    if left > 0:
        yield f"{left:,} more raters lie between those drawn; `raters` has them all."
    if model.halo is not None:
        yield f"Overdispersion {model.halo:.2f}: 1 as expected, above 1.5 not one scale."
    found = model.packet_separation
    yield f"Reliability of packets {found.reliability:.2f}, strata {found.strata:.1f}."
