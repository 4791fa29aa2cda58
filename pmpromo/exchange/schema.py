"""JSON Schema (2020-12) of the files that people and services write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pmpromo.ladder import Artifact, Behaviour, Metric

if TYPE_CHECKING:
    from pydantic import BaseModel

    from pmpromo.ladder import Fact
    from pmpromo.rubric import Rubric

__all__ = ["make_packet_schema", "make_rubric_schema", "make_schema"]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def make_schema(model: type[BaseModel]) -> Schema:
    """Return the JSON Schema of what a noun reads.

    >>> from pmpromo.packet import Scope
    >>> make_schema(Scope)["additionalProperties"]
    False
    """
    return {"$schema": DIALECT, **model.model_json_schema()}


def make_rubric_schema(model: type[Rubric]) -> Schema:
    """Return the schema of a rubric file, whose ladder may be a name or missing."""
    schema = make_schema(model)
    written = schema["properties"]["ladder"]
    named = {
        "type": "string",
        "description": "Name of a shipped ladder.",
        "examples": ["pure-storage-pm"],
    }
    schema["properties"]["ladder"] = {
        "anyOf": [named, {"$ref": written["$ref"]}],
        "description": written["description"],
    }
    schema["required"].remove("ladder")
    return schema


def make_packet_schema(model: type[BaseModel], rubric: Rubric | None = None) -> Schema:
    """Return the schema of a packet file; with a rubric, one that lists the facts it asks for.

    An editor that knows the schema then completes the names and shows what they mean.
    """
    schema = make_schema(model)
    if rubric is not None:
        _name_facts(schema["$defs"], rubric)
        schema["properties"]["rubric"] = {"const": rubric.id, "description": rubric.name}
    return schema


def _name_facts(parts: Schema, rubric: Rubric) -> None:
    asked = {
        requirement.fact for criterion in rubric.criteria for requirement in criterion.requirements
    }
    asked |= {side.fact for c in rubric.criteria for r in c.requirements for side in r.provided}
    facts = [fact for name, fact in rubric.ladder.facts.items() if name in asked]
    for noun, key, kind in (
        ("Measurement", "metric", Metric),
        ("BehaviourFact", "behaviour", Behaviour),
        ("ArtifactFact", "artifact", Artifact),
    ):
        named = [fact for fact in facts if isinstance(fact, kind)]
        description = parts[noun]["properties"][key]["description"]
        choices = [{"const": fact.id, "description": _describe(fact)} for fact in named]
        parts[noun]["properties"][key] = (
            {"description": description, "oneOf": choices} if choices else False
        )


def _describe(fact: Fact) -> str:
    if isinstance(fact, Metric):
        baseline = "; a baseline is needed" if fact.baseline == "required" else ""
        return f"{fact.name}, in {fact.unit}{baseline}"
    if isinstance(fact, Behaviour):
        anchors = "; ".join(f"{point}: {text}" for point, text in enumerate(fact.anchors or ()))
        return f"{fact.name}. {anchors}" if anchors else fact.name
    parts = ", ".join((*fact.sections, *fact.reviewers))
    return f"{fact.name}: {parts}" if parts else fact.name
