"""Batches of packets to batches of results: quickly what is sound, carefully what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from pmpromo.arrow.packets import restore
from pmpromo.arrow.quick import score_quickly
from pmpromo.arrow.schema import RESULT_SCHEMA
from pmpromo.arrow.shape import shape
from pmpromo.assessment import assess
from pmpromo.batch.rows import describe, describe_refusal
from pmpromo.errors import ModelError, PacketError, PmpromoError, Problem
from pmpromo.reading.library import load_rubric, parse_packet, shipped_rubrics

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from pmpromo.arrow.unfolded import Ints
    from pmpromo.readiness import ReadinessModel
    from pmpromo.rubric import Rubric

__all__ = ["score_batches"]

PIECE: Final = 2_000
"""How many packets of a batch are scored at a time: a rich one takes 50 kB while it is."""


def score_batches(
    batches: Iterable[pa.RecordBatch],
    rubric: Rubric | None = None,
    *,
    as_of: date | None = None,
    readiness: ReadinessModel | None = None,
) -> Iterator[pa.RecordBatch]:
    """Yield a batch of `RESULT_SCHEMA` for each batch of packets, one row a packet, in their order.

    Batches have the columns of `PACKET_SCHEMA`, or some of them. Without a rubric each packet is
    read against the shipped one that it names, without a day as of its own; `readiness` is a model
    fitted on past decisions. A packet that cannot be scored has a row that says why.

    Raises:
        DataError: a batch with columns that no packet has, or of another kind.
        ModelError: the readiness model was fitted on other scoring.

    >>> from pmpromo import load_rubric, parse_packet
    >>> from pmpromo.arrow import make_batch
    >>> packet = parse_packet({"id": "p-1", "as_of": "2026-06-30", "evidence": []})
    >>> (scored,) = score_batches([make_batch([packet])], load_rubric("pure-storage-pm/l3-l4"))
    >>> scored.to_pylist()[0]["proven"]
    0.0
    """
    _check_model(rubric, readiness)
    asked = _Question(rubric, as_of, readiness)
    for batch in batches:
        whole = shape(batch)
        starts = range(0, max(whole.num_rows, 1), PIECE)
        yield pa.concat_batches([_score(whole.slice(start, PIECE), asked) for start in starts])


class _Question(NamedTuple):
    """What is asked of every packet."""

    rubric: Rubric | None
    as_of: date | None
    readiness: ReadinessModel | None


def _check_model(rubric: Rubric | None, readiness: ReadinessModel | None) -> None:
    if rubric is not None and readiness is not None:
        readiness.find_group(rubric)
        readiness.check_source("proven")


def _score(batch: pa.RecordBatch, asked: _Question) -> pa.RecordBatch:
    """Score what is sound quickly, and the rest carefully; put both in the order of the packets."""
    left = np.ones(batch.num_rows, dtype=bool)
    parts, order = [], []
    for rubric, chosen in _group(batch, asked):
        part, places = score_quickly(batch.take(chosen), rubric, asked.as_of, asked.readiness)
        parts.append(part)
        order.append(chosen[places])
        left[chosen[places]] = False
    rest = np.flatnonzero(left)
    rows = [_score_row(batch.slice(place, 1), asked) for place in rest.tolist()]
    parts.append(pa.RecordBatch.from_pylist(rows, schema=RESULT_SCHEMA))
    return pa.concat_batches(parts).take(np.argsort(np.concatenate([*order, rest])))


def _group(batch: pa.RecordBatch, asked: _Question) -> Iterator[tuple[Rubric, Ints]]:
    """Yield each rubric with the places of the packets to read against it."""
    if asked.rubric is not None:
        yield asked.rubric, np.arange(batch.num_rows)
        return
    named = batch["rubric"].to_numpy(zero_copy_only=False)
    for name in sorted({*named} & {*shipped_rubrics()}):
        rubric = load_rubric(name)
        if asked.readiness is None or _fits(rubric, asked.readiness):
            yield rubric, np.flatnonzero(named == name)


def _fits(rubric: Rubric, readiness: ReadinessModel) -> bool:
    try:
        _check_model(rubric, readiness)
    except ModelError:
        return False
    return True


def _score_row(row: pa.RecordBatch, asked: _Question) -> dict[str, Any]:
    """Score one packet by itself, as a file of it would be."""
    packet_id = row["id"][0].as_py()
    try:
        packet = parse_packet(restore(_read_row(row)))
        seen = assess(packet, asked.rubric, as_of=asked.as_of, readiness=asked.readiness)
        return describe(seen)
    except PmpromoError as error:
        return describe_refusal(error, packet_id)


def _read_row(row: pa.RecordBatch) -> dict[str, Any]:
    try:
        return dict(row.to_pylist()[0])
    except (OverflowError, ValueError):
        hint = "write a day from year 1 to 9999"
        raise PacketError([Problem("", "holds a day beyond the calendar", hint)]) from None
