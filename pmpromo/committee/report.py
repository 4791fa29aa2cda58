"""A fitted committee in words, 80 columns wide. Only text rounds."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmpromo.committee.components import Components
    from pmpromo.committee.record import Rater, Record, Surprise

__all__ = ["describe_model"]

SHOWN_RATERS: Final = 20
SHOWN_PACKETS: Final = 20
SHOWN_SURPRISES: Final = 5
"""Lines of each part; what is left is counted."""

WIDTH: Final = 80
NAME: Final = 24
"""Characters of a line, and of a name in it."""


def describe_model(model: Record, components: Components) -> str:
    """Return the report of a committee."""
    parts = (
        tell_head(model),
        [line for note in model.notes for line in wrap(note, WIDTH)],
        tell_raters(model.raters),
        tell_packets(model),
        tell_surprises(model.surprises),
        tell_needs(components),
    )
    return "\n\n".join("\n".join(part) for part in map(list, parts) if part)


def tell_head(model: Record) -> Iterator[str]:
    """Yield what was rated, and how far packets can be told apart."""
    lowest, highest = model.scale
    yield (
        f"Committee: {model.n_ratings} ratings {lowest}..{highest} of "
        f"{len(model.packet_columns.packet_id)} packets on {len(model.criteria)} criteria "
        f"by {len(model.raters)} raters"
    )
    halo = "cannot be told" if model.halo is None else f"{model.halo:.2f}"
    yield (
        f"Reliability of packets {model.packet_separation.reliability:.2f}, "
        f"strata {model.packet_separation.strata:.1f}. Overdispersion {halo} (1 as expected)."
    )


def tell_raters(raters: Sequence[Rater]) -> Iterator[str]:
    """Yield a line a rater, the most severe first."""
    yield f"{'Rater, most severe first':<{NAME}}  packets  severity  S.E.  effect  infit"
    ordered = sorted(raters, key=lambda rater: (-rater.severity, rater.rater_id))
    for rater in ordered[:SHOWN_RATERS]:
        yield (
            f"{cut(rater.rater_id)}  {rater.n_packets:7d}  {rater.severity:+8.2f}  "
            f"{rater.se:4.2f}  {rater.effect:+6.2f}  {rater.infit:5.2f}"
        )
    yield from count_left(len(raters), SHOWN_RATERS, "raters")


def tell_packets(model: Record) -> Iterator[str]:
    """Yield a line a packet: before, after, and how sure that is."""
    share = f"{100 * model.coverage:.0f} % interval"
    yield f"{'Packet':<{NAME}}  raters  raw mean  fair score  {share:>14}"
    for packet in model.packets[:SHOWN_PACKETS]:
        yield (
            f"{cut(packet.packet_id)}  {packet.n_raters:6d}  {packet.raw_mean:8.2f}  "
            f"{packet.fair_score:10.2f}  {packet.low:5.2f} to {packet.high:5.2f}"
        )
    yield from count_left(len(model.packets), SHOWN_PACKETS, "packets")


def tell_surprises(surprises: Sequence[Surprise]) -> Iterator[str]:
    """Yield the sheets to talk about."""
    if surprises:
        yield "To talk about: ratings far from what rater and packet led to expect"
    for each in surprises[:SHOWN_SURPRISES]:
        yield (
            f"  {each.rater_id} on {each.packet_id}: gave {each.given:.2f}, "
            f"expected {each.expected:.2f} (z {each.z:+.1f})"
        )
    yield from count_left(len(surprises), SHOWN_SURPRISES, "such sheets")


def tell_needs(components: Components) -> Iterator[str]:
    """Yield how many raters a packet needs."""
    needed = components.raters_needed()
    if needed is None:
        yield "Packets do not differ enough for any number of raters to tell them apart."
        return
    raw = components.raters_needed(adjusted=False)
    yield f"Raters a packet for a reliability of 0.80: {needed} by fair scores, {raw} by raw means."


def count_left(count: int, shown: int, what: str) -> Iterable[str]:
    """Return a line for what is not shown, if there is any."""
    return [f"{count - shown} more {what}"] if count > shown else []


def cut(name: str) -> str:
    """Return a name as wide as its column.

    >>> cut("ann") == "ann" + 21 * " "
    True
    """
    short = name if len(name) <= NAME else f"{name[: NAME - 1]}…"
    return f"{short:<{NAME}}"
