"""From packets to a long frame of evidence: one row a fact, with all that can move a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pmpromo.errors import DataError, Problem
from pmpromo.frame.cells import COLUMNS
from pmpromo.frame.voices import write_voices
from pmpromo.packet import BehaviourFact, Measurement, Packet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from pandas import DataFrame

    from pmpromo.packet import Evidence, StatedFact

__all__ = ["evidence_frame"]

_DTYPES: Final[Mapping[str, str]] = {
    "text": "string",
    "list": "string",
    "number": "float64",
    "flag": "bool",
    "day": "datetime64[s]",
}
"""The pandas type of each family of columns."""


def evidence_frame(packets: Iterable[Packet]) -> DataFrame:
    """Return packets as a long pandas frame, one row a stated fact.

    An item without facts has one row whose `fact` is empty; a packet without items one row whose
    `evidence_id` is empty too. Lists are joined by ``|``, ``none`` is known to be empty, an empty
    cell is unknown. Voices are written as `pmpromo.frame.voices` tells. Titles, notes and people
    are left out: what is left gives the same bits when scored.

    Raises:
        DataError: something among them is no packet.

    >>> from pmpromo import parse_packet
    >>> item = {"id": "launch", "title": "Launched it", "ownership": "led", "support": "none"}
    >>> frame = evidence_frame([parse_packet({"id": "p-1", "evidence": [item]})])
    >>> frame.loc[0, ["packet_id", "evidence_id", "ownership", "support"]].tolist()
    ['p-1', 'launch', 'led', 'none']
    """
    import pandas as pd  # noqa: PLC0415 - importing pmpromo keeps pandas asleep

    known: list[Any] = list(packets)
    problems = [
        Problem(f"packets[{place}]", "is no Packet", "load_packet and parse_packet make packets")
        for place, packet in enumerate(known)
        if not isinstance(packet, Packet)
    ]
    if problems:
        raise DataError(problems)
    rows = [row for packet in known for row in _list_rows(packet)]
    return pd.DataFrame(
        {
            name: pd.Series([row.get(name) for row in rows], dtype=_DTYPES[kind.family])
            for name, kind in COLUMNS.items()
        }
    )


def _list_rows(packet: Packet) -> Iterator[dict[str, Any]]:
    head = {
        "packet_id": packet.id,
        "declared_none": "|".join(packet.declared_none) or None,
        "as_of": packet.as_of,
        "transition": packet.rubric,
        "support_complete": False,
        "in_progress": False,
    }
    for item in packet.evidence:
        told = {**head, **_tell_item(item, packet.candidate)}
        yield from ({**told, **_tell_fact(fact)} for fact in item.facts)
        if not item.facts:
            yield told
    if not packet.evidence:
        yield head


def _tell_item(
    item: Evidence, candidate: str | None
) -> dict[str, str | float | bool | date | None]:
    return {
        "evidence_id": item.id,
        "achievement": item.achievement,
        "ownership": item.ownership,
        "share": item.share,
        "support": write_voices(item.support, candidate),
        "support_complete": item.support_complete,
        "started": item.started,
        "ended": item.ended,
        "in_progress": item.in_progress,
    }


def _tell_fact(fact: StatedFact) -> dict[str, str | float | None]:
    if isinstance(fact, Measurement):
        names = ("value", "unit", "baseline", "status", "period")
        return {"fact": fact.metric, **{name: getattr(fact, name) for name in names}}
    if isinstance(fact, BehaviourFact):
        return {"fact": fact.behaviour, "point": fact.point}
    return {
        "fact": fact.artifact,
        "sections": _join(fact.sections),
        "reviewers": _join(fact.reviewers),
        "uri": fact.uri,
    }


def _join(names: Sequence[str] | None) -> str | None:
    return None if names is None else "|".join(names) or "none"
