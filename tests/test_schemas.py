"""The JSON Schemas are those of the code: what it writes they take, what they refuse it refuses."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from committee.drawn import crossed
from documents import GOLDEN, READERS, Content, seal_again
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError
from readiness.histories import samples
from strategies import cases, read_packet, read_rubric

from pmpromo import (
    Prior,
    assess,
    compare,
    find_path,
    fit_committee,
    fit_readiness,
    measure_sensitivity,
)
from pmpromo.audit import Appeal, Correction, Decision, Material, Override, measure_counts
from pmpromo.audit.chain import Damage, read_entry, seal, write_entry
from pmpromo.audit.nouns import Erasure
from pmpromo.cli import main
from pmpromo.errors import DataError, PmpromoError
from pmpromo.schemas import DOCUMENTS, describe_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.schemas import Document

SHELF: Final = Path(__file__).parents[1] / "rubrics"
AT: Final = "2026-06-30T09:30:00.000000+00:00"
FEW: Final = settings(max_examples=25)


@cache
def validator(document: Document) -> Draft202012Validator:
    """What holds a document against its schema."""
    return Draft202012Validator(describe_document(document))


def golden(document: Document) -> Content:
    """The golden document of version 1; of a record one line, that of the appeal."""
    if document == "record":
        lines = (GOLDEN / "record-1.jsonl").read_text(encoding="utf-8").splitlines()
        return next(entry for entry in map(json.loads, lines) if entry["kind"] == "appeal")
    name = "model" if document == "readiness" else document
    found: Content = json.loads((GOLDEN / f"{name}-1.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("document", DOCUMENTS)
def test_shipped_schema_is_current(document: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each shipped schema is what `pmpromo schema` prints today."""
    assert main(["schema", document]) == 0
    printed = capsys.readouterr().out
    shipped = (SHELF / f"{document}.schema.json").read_text(encoding="utf-8")
    remedy = f"pmpromo schema {document} > rubrics/{document}.schema.json"
    assert printed == shipped, f"write it again: {remedy}"


def test_every_schema_is_shipped_and_no_other() -> None:
    """Beside the rubrics lie the schemas of all documents."""
    shipped = {path.name.partition(".")[0] for path in SHELF.glob("*.schema.json")}
    assert shipped == {*DOCUMENTS}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_schema_is_one(document: Document) -> None:
    """Each is valid against the meta-schema of JSON Schema 2020-12, and says which version."""
    schema = describe_document(document)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)
    assert schema["properties"]["schema_version"]["const"] == 1


def test_what_has_no_schema_is_refused() -> None:
    """A document of another name has none; the error lists those that have one."""
    with pytest.raises(DataError, match="document: has no schema; give one of: packet, rubric"):
        describe_document("cv")  # type: ignore[arg-type]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_golden_documents_pass(document: Document) -> None:
    """What was written once is what the schema describes, and is read."""
    content = golden(document)
    validator(document).validate(content)
    assert READERS[document](seal_again(document, content))


def test_every_line_of_the_golden_record_passes() -> None:
    """Entries of every kind do, the erased ones too."""
    lines = (GOLDEN / "record-1.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [*map(json.loads, lines)]
    for entry in entries:
        validator("record").validate(entry)
    erased = {entry["kind"] for entry in entries if entry["body"] is None}
    assert erased == {"override", "decision"}


@given(cases())
@settings(max_examples=6)
def test_results_pass(case: tuple[Content, Content]) -> None:
    """Assessments, and advice on them, are what their schemas describe."""
    rubric, packet = read_rubric(case[0]), read_packet(case[1])
    results: dict[Document, Any] = {
        "assessment": assess(packet, rubric),
        "path": find_path(packet, rubric),
        "sensitivity": measure_sensitivity(packet, rubric, draws=100),
        "comparison": compare(packet, packet, rubric),
    }
    for document, result in results.items():
        validator(document).validate(json.loads(result.model_dump_json()))


@given(samples(most=12), st.sampled_from([None, "rate"]))
@settings(max_examples=10)
def test_readiness_models_pass(sample: Any, prior: str | None) -> None:  # noqa: ANN401
    """Fitted models are, with and without decisions and a documented rate."""
    known = None if prior is None else Prior(0.4, "on_time")
    model = fit_readiness(sample.scores, sample.promoted, prior=known)
    validator("readiness").validate(json.loads(model.to_json()))


@given(crossed(), st.sampled_from(["rating_scale", "partial_credit"]))
@settings(max_examples=10)
def test_committee_models_pass(columns: Any, scale_model: Any) -> None:  # noqa: ANN401
    """Fitted committees are, with shared thresholds and with own ones."""
    model = fit_committee(columns, scale_model=scale_model)
    validator("committee").validate(json.loads(model.to_json()))


counts: Final = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(
    lambda pair: (min(pair), max(*pair, 1))
)


@given(
    st.dictionaries(st.text("abcxyz", min_size=1, max_size=3), counts, min_size=1, max_size=4),
    counts,
    st.sampled_from(["max_ge_2pct", "max_all"]),
)
@FEW
def test_impacts_pass(groups: Any, unknown: tuple[int, int], rule: str) -> None:  # noqa: ANN401
    """Impacts of any counts are."""
    impact = measure_counts({"g": groups}, unknown={"g": unknown}, comparator=rule)
    validator("impact").validate(json.loads(impact.to_json()))


texts: Final = st.text("aä {}\"'", min_size=1, max_size=8)
plain: Final = st.none() | st.booleans() | st.integers() | texts
values: Final = plain | st.lists(plain) | st.dictionaries(texts, plain)
told: Final = {"candidate": st.just("c-1"), "who": texts, "why": texts}
changed: Final = {**told, "before": values, "after": values}
nouns: Final = st.one_of(
    st.builds(Material, of=st.just("model"), content=st.dictionaries(texts, values)),
    st.builds(Override, **changed, about=st.none() | st.integers(1, 9)),
    st.builds(Correction, **changed),
    st.builds(Decision, **told, outcome=st.sampled_from(["promoted", "not_promoted", "deferred"])),
    st.builds(Appeal, **told, step=st.sampled_from(["opened", "answered", "withdrawn"])),
    st.builds(
        Erasure,
        entries=st.lists(st.integers(1, 9), min_size=1).map(tuple),
        who=texts,
        why=texts,
    ),
)


@given(nouns, st.booleans())
@FEW
def test_entries_pass(noun: Any, erased: bool) -> None:  # noqa: ANN401, FBT001
    """Entries of any content are, before and after their bodies are erased."""
    entry = json.loads(write_entry(seal(noun, AT, bytes(32), None)))
    if erased:
        entry |= {"salt": None, "body": None}
    validator("record").validate(entry)
    assert read_entry(seal_again("record", entry).encode()).is_erased == erased


def walk(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value inside a document."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from walk(each, (*path, key))


def damage(content: Content, path: tuple[str | int, ...], how: str) -> Content:
    """A copy with one value gone, another in its place, or a key beside it."""
    mended = deepcopy(content)
    node: Any = mended
    for step in path[:-1]:
        node = node[step]
    if how == "gone":
        del node[path[-1]]
    elif how == "beside":
        node["strange"] = 1
    else:
        node[path[-1]] = PUT[how]
    return mended


PUT: Final[dict[str, object]] = {
    "object": {"strange": []},
    "list": [[]],
    "text": "\n strange",
    "number": -1.5,
    "huge": 10**30,
    "flag": True,
    "null": None,
}
HOWS: Final = ("gone", "beside", *PUT)

LENIENT: Final = ("path", "sensitivity", "comparison")
"""Advice is read as pydantic reads it: true stands for 1, and a key too many is passed over."""

EXACT: Final = tuple(document for document in DOCUMENTS if document not in LENIENT)


def is_read(document: Document, content: Content) -> bool:
    """Whether the code takes a document, its digests made to fit."""
    try:
        READERS[document](seal_again(document, content))
    except (PmpromoError, ValidationError, Damage):
        return False
    return True


@given(st.sampled_from(EXACT), st.data(), st.sampled_from(HOWS))
@settings(max_examples=60)
def test_no_schema_refuses_what_is_read(document: Document, data: st.DataObject, how: str) -> None:
    """Whatever is done to one value: a document that the code still reads passes the schema."""
    content = golden(document)
    path = data.draw(st.sampled_from([*walk(content)]))
    assume(how != "beside" or isinstance(path[-1], str))
    mended = damage(content, path, how)
    if is_read(document, mended):
        validator(document).validate(mended)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_shapes_that_are_wrong_are_refused_by_both(document: Document) -> None:
    """A version that is newer or none, a required key gone, a key too many, a list for a value."""
    content = golden(document)
    if document == "path":  # the first route alone: the others only take time
        content |= {"routes": content["routes"][:1], "documents": None, "work": None}
    required = describe_document(document)["required"]
    bad = [
        {**content, "schema_version": 2},
        {**content, "schema_version": "1"},
        *({key: value for key, value in content.items() if key != name} for name in required),
        *({**content, name: [[[]]]} for name in required),
    ]
    if document in EXACT:
        bad.append({**content, "strange": 1})
    for mended in bad:
        assert not validator(document).is_valid(mended), mended.keys()
        assert not is_read(document, mended), mended.keys()
