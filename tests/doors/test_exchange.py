"""Schemas and templates: what other programs and editors are told is what the models read."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError
from small import list_problems, write_item, write_packet, write_rubric
from strategies import packets, rubrics

from pmpromo import (
    Packet,
    Rubric,
    assess,
    load_rubric,
    parse_packet,
    parse_rubric,
    shipped_rubrics,
)
from pmpromo.assessment import AssessmentRecord
from pmpromo.exchange.schema import make_packet_schema, make_rubric_schema, make_schema
from pmpromo.exchange.template import write_template
from pmpromo.ladder import Ladder

Content = dict[str, Any]

ROOT: Final = Path(__file__).parents[2]
SHELF: Final = ROOT / "rubrics" / "pure-storage-pm"
SCHEMAS: Final[dict[str, Content]] = {
    "packet": make_packet_schema(Packet),
    "rubric": make_rubric_schema(Rubric),
    "ladder": make_schema(Ladder),
    "assessment": make_schema(AssessmentRecord),
    **{
        f"packet {name}": make_packet_schema(Packet, load_rubric(name))
        for name in shipped_rubrics()
    },
}
PACKETS: Final = Draft202012Validator(SCHEMAS["packet"])
RUBRICS: Final = Draft202012Validator(SCHEMAS["rubric"])


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_every_schema_is_one(schema: Content) -> None:
    """Each is valid against the meta-schema of the dialect it names."""
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("noun", ["packet", "rubric", "ladder", "assessment"])
def test_every_key_is_described(noun: str) -> None:
    """An editor can say what each key means."""
    parts = {noun: SCHEMAS[noun], **SCHEMAS[noun]["$defs"]}
    silent = [
        f"{name}.{key}"
        for name, part in parts.items()
        for key, value in part.get("properties", {}).items()
        if "description" not in value
    ]
    assert not silent


@pytest.mark.parametrize("path", sorted(SHELF.glob("l*-l*.yaml")), ids=lambda path: path.stem)
def test_shipped_rubrics_are_what_the_schema_describes(path: Path) -> None:
    """A rubric file as it is written, its ladder a name, passes the schema of rubric files."""
    RUBRICS.validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def test_the_shipped_ladder_is_what_the_schema_describes() -> None:
    """The ladder file as it is written passes the schema of ladder files."""
    content = yaml.safe_load((SHELF / "ladder.yaml").read_text(encoding="utf-8"))
    Draft202012Validator(SCHEMAS["ladder"]).validate(content)


def test_a_rubric_may_leave_its_ladder_out_or_write_it_out() -> None:
    """What the models read, the schema takes: no ladder, a name, or all of it."""
    bare = write_rubric({"fact": "aligns", "point": 3})
    RUBRICS.validate(bare)
    RUBRICS.validate({**bare, "ladder": "pure-storage-pm"})
    RUBRICS.validate(load_rubric("pure-storage-pm/l3-l4").model_dump(mode="json"))
    assert not RUBRICS.is_valid({**bare, "ladder": 3})


@given(rubrics().flatmap(packets))
def test_every_packet_that_loads_passes_the_schema(content: Content) -> None:
    """Random packets, which the models read, are what the schema describes."""
    PACKETS.validate({"id": "p", **content})


@given(rubrics())
def test_every_rubric_that_loads_passes_the_schema(content: Content) -> None:
    """Random rubrics, which the models read, are what the schema describes."""
    RUBRICS.validate(
        {"id": "r", "name": "R", "current_level": "L1", "target_level": "L2", **content}
    )


LISTS: Final[list[tuple[str | int, ...]]] = [
    ("evidence",),
    ("declared_none",),
    ("concerns",),
    ("evidence", 0, "facts"),
    ("evidence", 0, "support"),
    ("evidence", 0, "values"),
    ("evidence", 0, "decisions"),
    ("evidence", 0, "scope", "functions"),
    ("evidence", 0, "scope", "surfaces"),
    ("evidence", 0, "facts", 0, "sections"),
    ("evidence", 0, "facts", 0, "reviewers"),
]
WORDS: Final[st.SearchStrategy[object]] = st.sampled_from(
    ["none", "None", "", "x", None, [], 0, False]
)


@given(st.sampled_from(LISTS), WORDS)
def test_models_and_schema_agree_on_what_stands_for_a_list(
    way: tuple[str | int, ...], written: object
) -> None:
    """Where the word none, null or an empty list may stand, it may stand for both."""
    item = write_item({"artifact": "plan"}, scope={}, values=[])
    content = write_packet(item)
    part: Any = content
    for step in way[:-1]:
        part = part[step]
    part[way[-1]] = written
    try:
        Packet.model_validate(deepcopy(content))
    except ValidationError:
        loads = False
    else:
        loads = True
    assert PACKETS.is_valid(content) is loads


def collect_asked(rubric: Rubric) -> set[str]:
    """Return the names of all facts that a rubric asks for, side figures among them."""
    asked = [requirement for each in rubric.criteria for requirement in each.requirements]
    return {each.fact for each in asked} | {side.fact for each in asked for side in each.provided}


@pytest.mark.parametrize("name", shipped_rubrics())
def test_the_schema_of_a_rubric_takes_its_facts_and_no_others(name: str) -> None:
    """Every fact asked is offered with its meaning, and a misspelt one is refused."""
    rubric = load_rubric(name)
    schema = SCHEMAS[f"packet {name}"]
    validator = Draft202012Validator(schema)
    offered: set[str] = set()
    for noun, key in (
        ("Measurement", "metric"),
        ("BehaviourFact", "behaviour"),
        ("ArtifactFact", "artifact"),
    ):
        choices = schema["$defs"][noun]["properties"][key]["oneOf"]
        offered |= {choice["const"] for choice in choices}
        assert all(choice["description"] for choice in choices)
        for choice in choices:
            fact = {key: choice["const"]}
            assert validator.is_valid(write_packet(write_item(fact), rubric=name))
            slip = {key: f"{choice['const']}x"}
            assert not validator.is_valid(write_packet(write_item(slip), rubric=name))
    assert offered == collect_asked(rubric)
    assert not validator.is_valid(write_packet(write_item(), rubric="other/l1-l2"))


def test_a_rubric_that_asks_for_no_artifact_offers_none() -> None:
    """Where no fact of a kind is asked, its key is refused."""
    rubric = parse_rubric(write_rubric({"fact": "aligns", "point": 3}))
    validator = Draft202012Validator(make_packet_schema(Packet, rubric))
    assert validator.is_valid(write_packet(write_item({"behaviour": "aligns"})))
    assert not validator.is_valid(write_packet(write_item({"artifact": "aligns"})))


def test_a_result_is_what_its_schema_describes() -> None:
    """JSON of an assessment passes the schema that consumers are given."""
    seen = assess(parse_packet(write_packet(write_item())), load_rubric("pure-storage-pm/l3-l4"))
    Draft202012Validator(SCHEMAS["assessment"]).validate(json.loads(seen.model_dump_json()))


FACT_LINE: Final = re.compile(r"^( *)# (- \{(?:metric|behaviour|artifact): .*)$", re.MULTILINE)
COMMENTED: Final = re.compile(r"^( *)# ( *(?:- )?[{a-z_].*)$", re.MULTILINE)


def fill_in(template: str) -> str:
    """Take the comment sign from every fact, as someone does who fills a template in."""
    return FACT_LINE.sub(r"\1\2", template).replace("facts: []", "facts:")


@pytest.mark.parametrize("name", shipped_rubrics())
def test_a_template_filled_in_loads_and_scores(name: str) -> None:
    """Every fact line stands as it must once its comment sign is gone, and names what is asked."""
    rubric = load_rubric(name)
    template = write_template(rubric)
    assert parse_packet(template, format="yaml").evidence[0].facts == ()
    packet = parse_packet(fill_in(template), format="yaml")
    facts = packet.evidence[0].facts
    assert {fact.fact for fact in facts} == collect_asked(rubric)
    seen = assess(packet, rubric, as_of=date(2026, 6, 30))
    assert not {"unasked_fact", "unknown_part"} & {check.id for check in seen.checks}
    Draft202012Validator(SCHEMAS[f"packet {name}"]).validate(yaml.safe_load(fill_in(template)))


def test_all_of_a_template_can_be_used() -> None:
    """The other comments, too, are keys that load once they are filled in."""
    lines = write_template(load_rubric("pure-storage-pm/l3-l4")).splitlines()
    end = next(place for place, line in enumerate(lines) if "# ---" in line)
    head = "".join(f"{line}\n" for line in lines[3:end])
    used = COMMENTED.sub(r"\1\2", head)
    used = used.replace("concerns: []", "concerns:")
    packet = parse_packet(used, format="yaml")
    (item,) = packet.evidence
    assert item.scope is not None
    assert item.support is not None
    assert (item.ownership, item.scope.teams, len(item.support)) == ("led", 6, 3)
    assert packet.concerns[0].evidence == (item.id,)


def test_a_name_cannot_leave_its_comment() -> None:
    """A title with line breaks and YAML in it stays a comment."""
    name = "Reach\nid: evil\n---\n# x\tand: [more"
    content = write_rubric({"fact": "aligns", "point": 3}, name=name)
    content["criteria"][0]["name"] = name
    packet = parse_packet(write_template(parse_rubric(content)), format="yaml")
    assert packet.id == "my-packet"


def test_a_template_says_what_is_shown_and_not_scored() -> None:
    """Facts without a target or a share say so where they are filled in."""
    rubric = parse_rubric(
        write_rubric(
            {"fact": "aligns", "point": 3},
            {"fact": "velocity", "unit": "story_point"},
            {"fact": "memo", "share": 0},
        )
    )
    template = write_template(rubric)
    assert "# velocity, no target is given: shown, not scored" in template
    assert "# memo, its share is 0: shown, not scored" in template


def test_the_schema_and_the_models_refuse_the_same_slip() -> None:
    """An editor marks what the loader would refuse."""
    content = write_packet(write_item({"metric": "arr", "valeu": 3}), summry="x")
    keys = {error.message for error in PACKETS.iter_errors(content)}
    assert any("summry" in message for message in keys)
    assert len(list_problems(lambda: parse_packet(content))) == 2
