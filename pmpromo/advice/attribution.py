"""The door to attribution: where the distance to the bar comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pmpromo.advice.subject import look_at
from pmpromo.errors import DataError, Problem
from pmpromo.frame import make_frame
from pmpromo.scoring.split import MOST_PLAYERS, find_short, split_lift

if TYPE_CHECKING:
    from datetime import date

    from pmpromo.frame import DataFrame
    from pmpromo.packet import Packet
    from pmpromo.rubric import Rubric

__all__ = ["attribute"]

NOTHING: Final = 1e-15
"""A part that is no larger is no part."""


def attribute(
    packet: Packet, rubric: Rubric | None = None, *, as_of: date | None = None
) -> DataFrame:
    """Split the lift from today to every criterion at its bar over the criteria that bring it.

    One row a criterion, the largest part first: packet_id, criterion, name, weight, proven, bar,
    part. The parts add up to R(max(s, bar)) - R(s) of the proven scores s (the Shapley value: each
    part is what the criterion adds, averaged over all orders). Criteria at or above their bars, and
    those that add nothing, are not listed.

    Raises what `assess` raises, and `DataError` where more than 16 criteria are below their bars.

    >>> from pmpromo import load_packet
    >>> parts = attribute(load_packet("examples/packets/spm-b.yaml"))
    >>> parts["criterion"].tolist()
    ['business_result', 'practice', 'business_ownership']
    """
    subject = look_at(packet, rubric, as_of)
    short = find_short(subject.proven, subject.plan)
    if len(short) > MOST_PLAYERS:
        message = f"has {len(short)} criteria below their bars, more than {MOST_PLAYERS}"
        hint = "join criteria; an exact split of so many takes too long"
        raise DataError([Problem("rubric", message, hint)])
    parts = split_lift(subject.proven, subject.plan)
    listed = sorted(
        (place for place, part in parts.items() if abs(part) > NOTHING),
        key=lambda place: (-parts[place], place),
    )
    scores = [subject.seen.criteria[place] for place in listed]
    return make_frame(
        {
            "packet_id": [packet.id] * len(listed),
            "criterion": [score.id for score in scores],
            "name": [score.name for score in scores],
            "weight": [score.weight for score in scores],
            "proven": [score.proven for score in scores],
            "bar": [score.bar for score in scores],
            "part": [parts[place] for place in listed],
        }
    )
