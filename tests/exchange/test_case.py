"""Rubrics as CASE 1.1 packages: what the specification asks for, and everything back."""

from __future__ import annotations

import json
import os
import uuid
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jsonschema
import pytest
from hypothesis import given, settings
from small import list_problems
from strategies import read_rubric, rubrics

from pmpromo import from_case, load_rubric, shipped_rubrics, to_case
from pmpromo.exchange.case import _make_uuid
from pmpromo.exchange.draft import DRAFT, UNDESCRIBED

if TYPE_CHECKING:
    from strategies import Content

DAY: Final = date(2026, 6, 30)

UUID: Final = {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
}
LINE: Final = {"type": "string", "pattern": "^[^\t\r\n]*$"}
NAMED: Final = {
    "identifier": UUID,
    "uri": {"type": "string", "pattern": "^[a-zA-Z][a-zA-Z0-9+.-]*:.+$"},
    "lastChangeDateTime": {"type": "string", "pattern": "^[0-9-]{10}T[0-9:]{8}Z$"},
}
FREE: Final = {"type": "object"}


def make_object(needed: tuple[str, ...] = (), **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """Make the schema of a part: named, of these fields, and of no others."""
    return {
        "type": "object",
        "properties": {**NAMED, **fields},
        "required": [*NAMED, *needed],
        "additionalProperties": False,
    }


LINK: Final = {
    "type": "object",
    "properties": {key: NAMED[key] for key in ("identifier", "uri")} | {"title": LINE},
    "required": ["identifier", "uri", "title"],
    "additionalProperties": False,
}

LEVEL: Final = make_object(
    description={"type": "string"},
    quality=LINE,
    score={"type": "number"},
    feedback={"type": "string"},
    position={"type": "integer"},
    rubricCriterionId=UUID,
)

CRITERION: Final = make_object(
    category=LINE,
    description={"type": "string"},
    CFItemURI=LINK,
    weight={"type": "number"},
    position={"type": "integer"},
    rubricId=UUID,
    CFRubricCriterionLevels={"type": "array", "items": LEVEL},
    extensions=FREE,
)

PACKAGE: Final = {
    "type": "object",
    "properties": {
        "CFDocument": make_object(
            ("creator", "title"),
            caseVersion={"const": "1.1"},
            creator=LINE,
            title=LINE,
            version=LINE,
            adoptionStatus=LINE,
            notes={"type": "string"},
        ),
        "CFItems": {
            "type": "array",
            "items": make_object(
                ("fullStatement",),
                fullStatement={"type": "string"},
                CFItemType=LINE,
                humanCodingScheme=LINE,
            ),
        },
        "CFRubrics": {
            "type": "array",
            "items": make_object(
                title=LINE,
                description={"type": "string"},
                CFRubricCriteria={"type": "array", "items": CRITERION},
                extensions=FREE,
            ),
        },
    },
    "required": ["CFDocument"],
    "additionalProperties": False,
}
"""What the tables of the information model (CASE 1.1, section 7.1) say of the parts we write.

It is our own reading of them. The official schema is not ours to hand on: see the test below.
"""


@pytest.fixture(scope="module")
def package() -> dict[str, Any]:
    """A shipped rubric as a package."""
    return to_case(load_rubric("pure-storage-pm/l3-l4"), changed=DAY)


@pytest.mark.parametrize("name", shipped_rubrics())
def test_a_package_is_what_the_specification_describes(name: str) -> None:
    """Each part has the fields that it must have, of the right kinds, and no others."""
    jsonschema.validate(to_case(load_rubric(name), changed=DAY), PACKAGE)


@pytest.mark.skipif(
    "PMPROMO_CASE_SCHEMA" not in os.environ,
    reason="bring the official JSON Schema of a CFPackage: PMPROMO_CASE_SCHEMA=its path",
)
@pytest.mark.parametrize("name", shipped_rubrics())
def test_a_package_is_valid_by_the_official_schema(name: str) -> None:  # pragma: no cover
    """The schema that 1EdTech publishes accepts each shipped rubric."""
    schema = json.loads(Path(os.environ["PMPROMO_CASE_SCHEMA"]).read_text(encoding="utf-8"))
    package = to_case(load_rubric(name), changed=DAY)
    jsonschema.validate(package, schema, format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize("name", shipped_rubrics())
def test_a_shipped_rubric_comes_back_as_it_was(name: str) -> None:
    """Through a text of JSON everything is kept: what CASE has no word for goes in extensions."""
    rubric = load_rubric(name)
    assert from_case(json.dumps(to_case(rubric, changed=DAY))) == (rubric,)


@given(content=rubrics())
@settings(max_examples=20)
def test_any_rubric_comes_back_as_it_was(content: Content) -> None:
    """Whatever the weights, pairs, targets and shares, nothing is lost."""
    rubric = read_rubric(content)
    package = to_case(rubric, changed=DAY, creator="A\nB")
    jsonschema.validate(package, PACKAGE)
    assert from_case(json.dumps(package)) == (rubric,)


def test_names_of_two_lines_and_exact_weights_come_back() -> None:
    """What CASE can say only roughly is kept exactly, and so are descriptors and motivations."""
    rubric = read_rubric(
        {
            "name": "Two\nlines",
            "status": "adopted",
            "criteria": [
                {
                    "id": "c",
                    "name": "A\nname",
                    "weight": "123456789012.123456789012",
                    "motivation": "m",
                }
                | {"descriptors": ["a", "b", "c", "d", "e"]}
                | {"requirements": [{"fact": "aligns", "point": 3}]}
            ],
        }
    )
    package = to_case(rubric, changed=DAY)
    jsonschema.validate(package, PACKAGE)
    assert package["CFDocument"]["adoptionStatus"] == "Adopted"
    assert package["CFRubrics"][0]["CFRubricCriteria"][0]["description"] == "m"
    assert from_case(package) == (rubric,)
    changed = deepcopy(package)
    changed["CFRubrics"][0]["CFRubricCriteria"][0]["CFRubricCriterionLevels"][4]["score"] = 3
    (mended,) = from_case(changed)
    assert mended.criteria[0].descriptors == ("a", "b", "c", "e", "e")


def test_identifiers_are_made_from_names(package: dict[str, Any]) -> None:
    """Identifiers are of RFC 4122 version 5, the same in every run, and none is used twice."""
    assert _make_uuid("pmpromo") == str(uuid.uuid5(uuid.NAMESPACE_URL, "pmpromo"))
    assert to_case(load_rubric("pure-storage-pm/l3-l4"), changed=DAY) == package
    rubric = package["CFRubrics"][0]
    parts = [package["CFDocument"], rubric, *package["CFItems"], *rubric["CFRubricCriteria"]]
    parts += [
        level
        for criterion in rubric["CFRubricCriteria"]
        for level in criterion["CFRubricCriterionLevels"]
    ]
    identifiers = [part["identifier"] for part in parts]
    assert len(identifiers) == len({*identifiers})


def test_references_lead_somewhere(package: dict[str, Any]) -> None:
    """A criterion names its rubric and its item, a level its criterion."""
    rubric = package["CFRubrics"][0]
    items = {item["identifier"]: item["fullStatement"] for item in package["CFItems"]}
    for criterion in rubric["CFRubricCriteria"]:
        assert criterion["rubricId"] == rubric["identifier"]
        assert items[criterion["CFItemURI"]["identifier"]] == criterion["category"]
        for level in criterion["CFRubricCriterionLevels"]:
            assert level["rubricCriterionId"] == criterion["identifier"]


def test_what_somebody_changed_in_case_counts(package: dict[str, Any]) -> None:
    """Title, weight, name, motivation and words of a point are taken from the fields of CASE."""
    changed = deepcopy(package)
    rubric = changed["CFRubrics"][0]
    rubric["title"] = "New title"
    first = rubric["CFRubricCriteria"][0]
    first |= {"weight": 25.5, "category": "New name", "description": "Because"}
    first["CFRubricCriterionLevels"][2]["description"] = "New words"
    (mended,) = from_case(changed)
    criterion = mended.criteria[0]
    assert (mended.name, str(criterion.weight), criterion.name) == ("New title", "25.5", "New name")
    assert criterion.motivation == "Because"
    assert criterion.descriptors is not None
    assert criterion.descriptors[2] == "New words"
    assert mended.criteria[1:] == load_rubric("pure-storage-pm/l3-l4").criteria[1:]


def test_words_of_a_behaviour_can_be_changed_in_case() -> None:
    """Where the points are those of a behaviour, its anchors change with them."""
    rubric = load_rubric("pure-storage-pm/l3-l4")
    bare = rubric.model_copy(
        update={
            "criteria": tuple(c.model_copy(update={"descriptors": None}) for c in rubric.criteria)
        }
    )
    package = to_case(bare, changed=DAY)
    told = next(
        c for c in package["CFRubrics"][0]["CFRubricCriteria"] if "CFRubricCriterionLevels" in c
    )
    told["CFRubricCriterionLevels"][4]["description"] = "New words"
    (mended,) = from_case(package)
    name = told["extensions"]["pmpromo"]["points_of"]
    (behaviour,) = (each for each in mended.ladder.behaviours if each.id == name)
    assert behaviour.anchors is not None
    assert behaviour.anchors[4] == "New words"


def test_criteria_can_be_added_and_taken_out_in_case(package: dict[str, Any]) -> None:
    """A criterion that stands only in CASE is drafted; one that is gone there is gone."""
    changed = deepcopy(package)
    rubric = changed["CFRubrics"][0]
    rubric["extensions"]["pmpromo"] |= {"complements": [], "variants": []}
    gone = rubric["CFRubricCriteria"].pop()
    rubric["CFRubricCriteria"].append({"description": "Added later"})
    (mended,) = from_case(changed)
    assert mended.criteria[-1].id == "added_later"
    assert gone["category"] not in [criterion.name for criterion in mended.criteria]


def test_a_rubric_from_elsewhere_becomes_a_draft() -> None:
    """Levels stand from the top down by their scores; what is missing is said to be missing."""
    levels = [
        {"quality": "Good", "score": 2},
        {"description": "Does it alone", "score": 3, "feedback": "x"},
        {"score": 1},
    ]
    criteria = [
        {"category": "Reach", "description": "How far", "weight": 2}
        | {"CFRubricCriterionLevels": levels, "extensions": {"other": 1}},
        {},
    ]
    (draft,) = from_case(
        {"CFRubrics": [{"CFRubricCriteria": criteria, "extensions": {"pmpromo": 1}}]}
    )
    assert (draft.id, draft.version, draft.name) == ("rubric", DRAFT, "Rubric")
    first, second = draft.criteria
    assert (first.name, str(first.weight), first.motivation) == ("Reach", "2.0", "How far")
    assert (second.name, str(second.weight)) == ("Criterion", "1")
    assert draft.ladder.behaviours[0].anchors == (*[UNDESCRIBED] * 3, "Good", "Does it alone")
    assert draft.ladder.behaviours[1].anchors is None


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ("{", "1:2: not JSON"),
        ("{}", "CFRubrics: missing"),
        ({"CFRubrics": []}, "CFRubrics"),
        ({"CFRubrics": [{"CFRubricCriteria": [{"weight": -1}]}]}, "CFRubrics[0].CFRubricCriteria"),
        ({"CFRubrics": [{"CFRubricCriteria": [{"weight": float("nan")}]}]}, "CFRubrics[0]"),
        (
            {"CFRubrics": [{"CFRubricCriteria": [{"CFRubricCriterionLevels": [{}] * 6}]}]},
            "ladder.behaviours[0].anchors",
        ),
        (
            {"CFRubrics": [{"CFRubricCriteria": [{}], "extensions": {"pmpromo": {"id": 1}}}]},
            "name: missing",
        ),
        ({"CFRubrics": [{"CFRubricCriteria": [{"category": "Age"}]}]}, "refused"),
    ],
)
def test_what_is_no_package_is_told(data: Any, problem: str) -> None:  # noqa: ANN401
    """Every problem is a problem of the package, also where the extensions were changed."""
    assert any(problem in told for told in list_problems(lambda: from_case(data)))
