"""The quick road: packets of one rubric as one long frame, scored as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from pmpromo.arrow.doubts import find_doubts
from pmpromo.arrow.long import lay_out
from pmpromo.arrow.schema import RESULT_SCHEMA
from pmpromo.arrow.unfolded import unfold
from pmpromo.frame.score import score_frame

if TYPE_CHECKING:
    from datetime import date

    from pmpromo.arrow.shape import Array
    from pmpromo.arrow.unfolded import Ints
    from pmpromo.frame.scored import ScoredFrame
    from pmpromo.readiness import ReadinessModel
    from pmpromo.rubric import Rubric

__all__ = ["score_quickly"]


def score_quickly(
    batch: pa.RecordBatch, rubric: Rubric, as_of: date | None, readiness: ReadinessModel | None
) -> tuple[pa.RecordBatch, Ints]:
    """Return the results of packets that are beyond doubt, and their places in the batch."""
    sound = np.flatnonzero(~find_doubts(unfold(batch), rubric, as_of))
    chosen = batch.take(sound)
    frame = lay_out(unfold(chosen))
    if as_of is not None:
        frame = frame.drop_columns("as_of")
    scored = score_frame(
        frame,
        rubric,
        as_of=as_of or "as_of",
        packets=[str(place) for place in range(len(sound))],
        readiness=readiness,
    )
    places = scored.scores["packet_id"].cast(pa.int64()).to_numpy()
    return _gather(chosen.take(places), scored, rubric, as_of), sound[places]


def _gather(
    packets: pa.RecordBatch, scored: ScoredFrame, rubric: Rubric, as_of: date | None
) -> pa.RecordBatch:
    """Return results as batches have them."""
    count = packets.num_rows
    scores = scored.scores
    known: dict[str, Array] = {
        "packet_id": packets["id"],
        "rubric_id": _repeat(rubric.id, count),
        "rubric_version": _repeat(rubric.version, count),
        "scoring_digest": _repeat(rubric.scoring_digest, count),
        "as_of": packets["as_of"] if as_of is None else _repeat(as_of, count),
        "if_documented": _fold_forecasts(scores),
        "criteria": _fold_criteria(scored.criteria, count),
        "problems": pa.array([[]] * count, RESULT_SCHEMA.field("problems").type),
    }
    columns = [
        known[each.name] if each.name in known else scores[each.name].combine_chunks()
        for each in RESULT_SCHEMA
    ]
    return pa.RecordBatch.from_arrays(columns, schema=RESULT_SCHEMA)


def _repeat(value: object, count: int) -> Array:
    return pa.repeat(pa.scalar(value), count)


def _fold_forecasts(scores: pa.Table) -> Array:
    """Return probability, low and high of each packet as a list."""
    names = ("if_documented", "if_documented_low", "if_documented_high")
    parts = np.column_stack([scores[name].to_numpy() for name in names])
    return _cut(pa.array(parts.ravel()), len(parts))


def _fold_criteria(criteria: pa.Table, count: int) -> Array:
    """Return the criteria of each packet as a list."""
    fields = [*RESULT_SCHEMA.field("criteria").type.value_type]
    parts = [criteria[each.name].combine_chunks() for each in fields]
    return _cut(pa.StructArray.from_arrays(parts, fields=fields), count)


def _cut(values: Array, count: int) -> Array:
    """Cut values into lists of one length."""
    length = len(values) // max(count, 1)
    offsets = pa.array(np.arange(count + 1) * length, pa.int32())
    return pa.ListArray.from_arrays(offsets, values)
