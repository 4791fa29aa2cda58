"""What tests of whole cycles share: bits to compare, and frames of every kind."""

from __future__ import annotations

from struct import pack
from typing import TYPE_CHECKING, Any, Final

import duckdb
import narwhals as nw
import polars as pl
import pyarrow as pa
from hypothesis import strategies as st
from strategies import packets, read_packet, read_rubric, rubrics

from pmpromo import assess, score_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    import pandas as pd
    from hypothesis.strategies import DrawFn

    from pmpromo import Assessment, Packet, Rubric, ScoredFrame

Bits = tuple[object, ...]
"""Scores of a packet, floats as their bytes."""


def pack_floats(*values: float) -> bytes:
    """Return the bytes of floats: equal bytes are equal bits."""
    return pack(f"<{len(values)}d", *values)


def take_bits(assessment: Assessment) -> Bits:
    """Return everything that a cycle says of one assessed packet."""
    forecast = assessment.readiness
    criteria = [
        (each.id, pack_floats(each.proven, each.possible, each.bar), each.status)
        for each in assessment.criteria
    ]
    return (
        pack_floats(assessment.proven, assessment.possible, assessment.bar),
        assessment.met,
        pack_floats(forecast.probability, forecast.low, forecast.high, forecast.coverage),
        forecast.verdict,
        forecast.basis,
        forecast.n_decisions,
        pack_floats(*forecast.if_documented),
        tuple(criteria),
    )


def list_rows(frame: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any kind of frame
    """Return the rows of a frame of any kind."""
    opened = nw.from_native(frame)
    eager = opened.collect("pyarrow") if isinstance(opened, nw.LazyFrame) else opened
    return list(eager.iter_rows(named=True))


def take_frame_bits(scored: ScoredFrame) -> dict[str, Bits]:
    """Return the same of every packet of a scored frame, by its id."""
    criteria: dict[str, list[object]] = {}
    for row in list_rows(scored.criteria):
        bits = pack_floats(row["proven"], row["possible"], row["bar"])
        criteria.setdefault(row["packet_id"], []).append((row["criterion"], bits, row["status"]))
    return {
        row["packet_id"]: (
            pack_floats(row["proven"], row["possible"], row["bar"]),
            row["met"],
            pack_floats(row["probability"], row["low"], row["high"], row["coverage"]),
            row["verdict"],
            row["basis"],
            row["n_decisions"],
            pack_floats(row["if_documented"], row["if_documented_low"], row["if_documented_high"]),
            tuple(criteria[row["packet_id"]]),
        )
        for row in list_rows(scored.scores)
    }


def assess_all(
    packets: Sequence[Packet], rubric: Rubric | None, as_of: date | None
) -> dict[str, Bits]:
    """Assess packets one by one: what a frame of them must give."""
    return {packet.id: take_bits(assess(packet, rubric, as_of=as_of)) for packet in packets}


def score_bits(frame: Any, rubric: Any, as_of: Any = "as_of") -> dict[str, Bits]:  # noqa: ANN401
    """Score a frame in which nothing is wrong."""
    scored = score_frame(frame, rubric, as_of=as_of)
    assert list_rows(scored.problems) == []
    return take_frame_bits(scored)


def _make_relation(frame: pd.DataFrame) -> duckdb.DuckDBPyRelation:
    connection = duckdb.connect()
    return connection.from_arrow(pa.Table.from_pandas(frame, preserve_index=False))


KINDS: Final[Mapping[str, Callable[[pd.DataFrame], Any]]] = {
    "pandas": lambda frame: frame,
    "polars": lambda frame: pl.from_arrow(pa.Table.from_pandas(frame, preserve_index=False)),
    "pyarrow": lambda frame: pa.Table.from_pandas(frame, preserve_index=False),
    "duckdb": _make_relation,
}
"""Every kind of frame, made from a pandas one."""


@st.composite
def cycles(draw: DrawFn) -> tuple[Rubric, list[Packet]]:
    """Draw a rubric, and a cycle of packets written for it; some by people who speak for it."""
    content = draw(rubrics())
    found = []
    for place in range(draw(st.integers(1, 5))):
        packet = draw(packets(content))
        candidate = {"candidate": "v1"} if draw(st.booleans()) else {}
        found.append(read_packet({**packet, **candidate, "id": f"p{place}"}))
    return read_rubric(content), found
