"""One result as one flat row, for files and tables; a packet that cannot be scored has one too."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.assessment import Assessment
    from pmpromo.errors import PmpromoError

__all__ = ["COLUMNS", "describe", "describe_gaps", "describe_refusal"]

Row = dict[str, Any]
"""A row: plain data, by the names of its columns."""

COLUMNS: Final = (
    "packet_id",
    "rubric_id",
    "rubric_version",
    "scoring_digest",
    "as_of",
    "proven",
    "possible",
    "bar",
    "met",
    "probability",
    "low",
    "high",
    "coverage",
    "verdict",
    "basis",
    "n_decisions",
    "if_documented",
    "criteria",
    "problems",
)
"""The columns of a row, in their order. Those that are not known are null."""


def describe(seen: Assessment) -> Row:
    """Return the row of an assessment.

    >>> from pmpromo import assess, load_rubric, parse_packet
    >>> packet = parse_packet({"id": "p-1", "as_of": "2026-06-30", "evidence": []})
    >>> row = describe(assess(packet, load_rubric("pure-storage-pm/l3-l4")))
    >>> row["packet_id"], row["proven"], row["problems"], tuple(row) == COLUMNS
    ('p-1', 0.0, [], True)
    """
    forecast = seen.readiness
    return {
        "packet_id": seen.packet_id,
        "rubric_id": seen.rubric_id,
        "rubric_version": seen.rubric_version,
        "scoring_digest": seen.scoring_digest,
        "as_of": seen.as_of,
        "proven": seen.proven,
        "possible": seen.possible,
        "bar": seen.bar,
        "met": seen.met,
        "probability": forecast.probability,
        "low": forecast.low,
        "high": forecast.high,
        "coverage": forecast.coverage,
        "verdict": forecast.verdict,
        "basis": forecast.basis,
        "n_decisions": forecast.n_decisions,
        "if_documented": list(forecast.if_documented),
        "criteria": [
            {
                "criterion": each.id,
                "proven": each.proven,
                "possible": each.possible,
                "bar": each.bar,
                "status": each.status,
            }
            for each in seen.criteria
        ],
        "problems": [],
    }


def describe_refusal(error: PmpromoError, packet_id: str | None = None) -> Row:
    """Return the row of a packet that cannot be scored: all it has is what is wrong.

    >>> from pmpromo.errors import PacketError, Problem
    >>> row = describe_refusal(PacketError([Problem("id", "missing", code="missing")]))
    >>> row["proven"], row["problems"], tuple(row) == COLUMNS
    (None, [{'path': 'id', 'message': 'missing', 'hint': '', 'code': 'missing'}], True)
    """
    problems = [
        {name: getattr(each, name) for name in ("path", "message", "hint", "code")}
        for each in error.problems
    ]
    nothing: Row = dict.fromkeys(COLUMNS)
    return nothing | {"packet_id": packet_id, "criteria": [], "problems": problems}


def describe_gaps(seen: Assessment) -> Iterator[Row]:
    """Yield a row for each gap of an assessment, largest gain first.

    >>> from pmpromo import assess, load_rubric, parse_packet
    >>> packet = parse_packet({"id": "p-1", "as_of": "2026-06-30", "evidence": []})
    >>> row = next(describe_gaps(assess(packet, load_rubric("pure-storage-pm/l3-l4"))))
    >>> row["packet_id"], row["kind"]
    ('p-1', 'absent')
    """
    for gap in seen.gaps:
        yield {"packet_id": seen.packet_id, **asdict(gap)}
