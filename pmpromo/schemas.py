"""The door to JSON Schema (2020-12) of every document that is read or written."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from pydantic import TypeAdapter

from pmpromo.advice.comparison import Comparison
from pmpromo.advice.path import Path
from pmpromo.advice.sensitivity import Sensitivity
from pmpromo.assessment import AssessmentRecord
from pmpromo.audit.saved import SavedImpact
from pmpromo.errors import DataError, Problem
from pmpromo.exchange.archived import describe_record
from pmpromo.exchange.entries import make_entry_schema
from pmpromo.exchange.schema import DIALECT, make_packet_schema, make_rubric_schema, make_schema
from pmpromo.ladder import Ladder
from pmpromo.packet import Packet
from pmpromo.rubric import Rubric

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["DOCUMENTS", "Document", "describe_document"]

Document = Literal[
    "packet",
    "rubric",
    "ladder",
    "assessment",
    "path",
    "sensitivity",
    "comparison",
    "readiness",
    "committee",
    "record",
    "impact",
]
"""What has a schema: what people write, results, fitted models, and one line of a record."""

DOCUMENTS: Final[tuple[Document, ...]] = get_args(Document)
"""All of them."""

Schema = dict[str, Any]


def describe_document(document: Document, *, rubric: Rubric | None = None) -> Schema:
    """Return the JSON Schema of a document; a packet's may list the facts a rubric asks for.

    Raises:
        DataError: a name that is none of `DOCUMENTS`.

    >>> describe_document("impact")["title"]
    'SavedImpact'
    >>> describe_document("impcat")
    Traceback (most recent call last):
        ...
    pmpromo.errors.DataError: document: has no schema; give one of: packet, rubric, ladder, ...
    """
    if document == "packet":
        return make_packet_schema(Packet, rubric)
    make = _MAKERS.get(document)
    if make is None:
        hint = f"give one of: {', '.join(DOCUMENTS)}"
        raise DataError([Problem("document", "has no schema", hint)])
    return make()


def _describe_readiness() -> Schema:
    from pmpromo.readiness import ReadinessModel, Reliability  # noqa: PLC0415 - numpy sleeps
    from pmpromo.readiness.record import SCHEMA_VERSION  # noqa: PLC0415

    beside = {"reliability": Reliability | None}
    return {"$schema": DIALECT, **describe_record(ReadinessModel, SCHEMA_VERSION, beside)}


def _describe_committee() -> Schema:
    from pmpromo.committee.components import Components  # noqa: PLC0415 - numpy sleeps
    from pmpromo.committee.model import CommitteeModel  # noqa: PLC0415
    from pmpromo.committee.record import SCHEMA_VERSION  # noqa: PLC0415

    beside = {"components": Components}
    return {"$schema": DIALECT, **describe_record(CommitteeModel, SCHEMA_VERSION, beside)}


def _describe_advice(kind: type[Any]) -> Schema:
    return {"$schema": DIALECT, **TypeAdapter(kind).json_schema()}


_MAKERS: Final[Mapping[str, Callable[[], Schema]]] = MappingProxyType(
    {
        "rubric": lambda: make_rubric_schema(Rubric),
        "ladder": lambda: make_schema(Ladder),
        "assessment": lambda: make_schema(AssessmentRecord),
        "path": lambda: _describe_advice(Path),
        "sensitivity": lambda: _describe_advice(Sensitivity),
        "comparison": lambda: _describe_advice(Comparison),
        "readiness": _describe_readiness,
        "committee": _describe_committee,
        "record": make_entry_schema,
        "impact": lambda: make_schema(SavedImpact),
    }
)
