"""What batches hold: packets with all that can move a number, and results, one row each."""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa

__all__ = ["PACKET_SCHEMA", "RESULT_DDL", "RESULT_SCHEMA"]

_NAMES: Final = pa.list_(pa.string())
_NUMBER: Final = pa.float64()
_FLAG: Final = pa.bool_()
_DAY: Final = pa.date32()
_POINT: Final = pa.int64()

_FACT: Final = pa.struct(
    [
        ("metric", pa.string()),
        ("value", _NUMBER),
        ("baseline", _NUMBER),
        ("unit", pa.string()),
        ("status", pa.string()),
        ("period", pa.string()),
        ("behaviour", pa.string()),
        ("point", _POINT),
        ("artifact", pa.string()),
        ("sections", _NAMES),
        ("reviewers", _NAMES),
        ("uri", pa.string()),
    ]
)
_VOICE: Final = pa.struct(
    [
        ("relation", pa.string()),
        ("by", pa.string()),
        ("same_report_line", _FLAG),
        ("worked_on_it", _FLAG),
        ("agrees", _FLAG),
        ("point", _POINT),
        ("fact", pa.string()),
    ]
)
_ITEM: Final = pa.struct(
    [
        ("id", pa.string()),
        ("achievement", pa.string()),
        ("ownership", pa.string()),
        ("share", _NUMBER),
        ("started", _DAY),
        ("ended", _DAY),
        ("in_progress", _FLAG),
        ("facts", pa.list_(_FACT)),
        ("support", pa.list_(_VOICE)),
        ("support_complete", _FLAG),
    ]
)

PACKET_SCHEMA: Final = pa.schema(
    [
        ("id", pa.string()),
        ("candidate", pa.string()),
        ("rubric", pa.string()),
        ("as_of", _DAY),
        ("evidence", pa.list_(_ITEM)),
        ("declared_none", _NAMES),
    ]
)
"""One row a packet, by the names of its file; titles, notes and other words stay at home.

Null is what a missing key is in a file, save one: `worked_on_it` of a voice is true in a file that
does not say it, and here null says that nobody knows. A field that a batch lacks is missing.
"""

_SCORE: Final = pa.struct(
    [
        ("criterion", pa.string()),
        ("proven", _NUMBER),
        ("possible", _NUMBER),
        ("bar", _NUMBER),
        ("status", pa.string()),
    ]
)
_PROBLEM: Final = pa.struct([(name, pa.string()) for name in ("path", "message", "hint", "code")])

RESULT_SCHEMA: Final = pa.schema(
    [
        ("packet_id", pa.string()),
        ("rubric_id", pa.string()),
        ("rubric_version", pa.string()),
        ("scoring_digest", pa.string()),
        ("as_of", _DAY),
        ("proven", _NUMBER),
        ("possible", _NUMBER),
        ("bar", _NUMBER),
        ("met", _FLAG),
        ("probability", _NUMBER),
        ("low", _NUMBER),
        ("high", _NUMBER),
        ("coverage", _NUMBER),
        ("verdict", pa.string()),
        ("basis", pa.string()),
        ("n_decisions", pa.int64()),
        ("if_documented", pa.list_(_NUMBER)),
        ("criteria", pa.list_(_SCORE)),
        ("problems", pa.list_(_PROBLEM)),
    ]
)
"""One row a packet, in the order of the packets; the columns of `pmpromo batch`.

`if_documented` holds probability, low and high. Of a packet that cannot be scored everything but
`packet_id` and `problems` is null or empty.
"""

_SPARK: Final = {
    pa.string(): "STRING",
    _NUMBER: "DOUBLE",
    _FLAG: "BOOLEAN",
    _DAY: "DATE",
    pa.int64(): "BIGINT",
}


def _declare(kind: Any) -> str:  # noqa: ANN401 - a type of pyarrow
    """Write a type as Spark SQL declares it."""
    if pa.types.is_list(kind):
        return f"ARRAY<{_declare(kind.value_type)}>"
    if pa.types.is_struct(kind):
        return f"STRUCT<{', '.join(f'{each.name}: {_declare(each.type)}' for each in kind)}>"
    return _SPARK[kind]


RESULT_DDL: Final = ", ".join(f"{each.name} {_declare(each.type)}" for each in RESULT_SCHEMA)
"""`RESULT_SCHEMA` as Spark SQL declares it."""
