"""Packets into a batch, and a row of a batch back into what a file of the packet would hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from pmpromo.arrow.schema import PACKET_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmpromo.packet import Packet

__all__ = ["make_batch", "restore"]

UNTITLED: Final = "untitled"
"""The title of every item: words move no number, and batches hold none."""


def make_batch(packets: Iterable[Packet]) -> pa.RecordBatch:
    """Return packets as a batch of `PACKET_SCHEMA`; scoring it gives the bits of `assess`.

    >>> from pmpromo import parse_packet
    >>> make_batch([parse_packet({"id": "p-1", "evidence": []})]).num_rows
    1
    """
    rows = [packet.model_dump(include=set(PACKET_SCHEMA.names)) for packet in packets]
    return pa.RecordBatch.from_pylist(rows, schema=PACKET_SCHEMA)


def restore(row: dict[str, Any]) -> dict[str, Any]:
    """Return what a file of this packet would hold: null is left out where it may be missing.

    >>> restore({"id": "p-1", "as_of": None, "evidence": [{"id": "launch", "facts": None}]})
    {'id': 'p-1', 'evidence': [{'title': 'untitled', 'id': 'launch'}]}
    """
    told = _drop_nulls(row)
    told["evidence"] = [_restore_item(item) for item in row["evidence"] or ()]
    return told


def _restore_item(item: dict[str, Any] | None) -> dict[str, Any] | None:
    if item is None:
        return None
    told = {"title": UNTITLED, **_drop_nulls(item)}
    for name, restore_part in (("facts", _restore_fact), ("support", _restore_voice)):
        if name in told:
            told[name] = [restore_part(part) for part in told[name]]
    return told


def _restore_fact(fact: dict[str, Any] | None) -> dict[str, Any] | None:
    return fact and _drop_nulls(fact)


def _restore_voice(voice: dict[str, Any] | None) -> dict[str, Any] | None:
    """Keep null where it differs from a missing key: whether the voice saw the work."""
    return voice and {"worked_on_it": voice["worked_on_it"], **_drop_nulls(voice)}


def _drop_nulls(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}
