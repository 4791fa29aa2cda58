"""Reason codes come from closed sets, and one page says what each means."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

import pytest
from documents import make_impact
from small import write_rubric

from pmpromo import (
    Assessment,
    Impact,
    ReadinessModel,
    assess,
    load_rubric,
    parse_packet,
    parse_rubric,
)
from pmpromo.advice.path import Only
from pmpromo.audit.comparison import RULES, ImpactVerdict, Part
from pmpromo.audit.impact import Kind
from pmpromo.audit.nouns import NOUNS
from pmpromo.committee.record import Method, ScaleModel
from pmpromo.errors import CODES, Code, PmpromoError
from pmpromo.lint.finding import KINDS
from pmpromo.result import (
    Basis,
    CheckKind,
    CriterionStatus,
    GapKind,
    Inspection,
    Nature,
    Verdict,
)
from pmpromo.rubric import CheckName
from pmpromo.schemas import DOCUMENTS, describe_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pmpromo.schemas import Document

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = (ROOT / "docs" / "reference" / "reason-codes.md").read_text(encoding="utf-8")


def read_choices(document: Document, noun: str, key: str) -> tuple[str, ...]:
    """The words that one key of a noun may hold."""
    properties = describe_document(document)["$defs"][noun]["properties"]
    return tuple(properties[key]["enum"])


SETS: Final[dict[str, tuple[str, ...]]] = {
    "status": get_args(CriterionStatus),
    "kind of gap": get_args(GapKind),
    "nature": get_args(Nature),
    "verdict of a forecast": get_args(Verdict),
    "basis": get_args(Basis),
    "kind of check": get_args(CheckKind),
    "steps looked at": get_args(Only),
    "cause of a change": read_choices("comparison", "Cause", "kind"),
    "flip of a fact": read_choices("sensitivity", "Flip", "change"),
    "scale model": get_args(ScaleModel),
    "method": get_args(Method),
    "kind of outcome": get_args(Kind),
    "rule": tuple(RULES),
    "part": (*get_args(Part), "unknown"),
    "verdict on a group": get_args(ImpactVerdict),
    "kind of entry": tuple(NOUNS),
    "material": read_choices("record", "Material", "of"),
    "outcome": read_choices("record", "Decision", "outcome"),
    "step of an appeal": read_choices("record", "Appeal", "step"),
    "kind of finding": tuple(KINDS),
    "code": get_args(Code),
}
"""Every closed set, by the head of its table."""


def read_tables() -> dict[str, dict[str, str]]:
    """The tables of the page: head to code to meaning."""
    found: dict[str, dict[str, str]] = {}
    for block in PAGE.split("\n\n"):
        lines = [line.strip("| ") for line in block.splitlines() if line.startswith("|")]
        if lines:
            rows = [line.split(" | ", 1) for line in lines[2:]]
            found[lines[0].partition(" | ")[0]] = {row[0].strip("`"): row[1] for row in rows}
    return found


def test_the_page_lists_every_code_and_no_other() -> None:
    """Each table has exactly the codes of its set, in their order, each with a meaning."""
    tables = read_tables()
    assert {head: tuple(table) for head, table in tables.items()} == SETS
    assert all(meaning for table in tables.values() for meaning in table.values())


def test_meanings_are_those_of_the_code() -> None:
    """Where the code itself says what its codes mean, the page says the same."""
    tables = read_tables()
    assert tables["code"] == CODES
    assert tables["kind of finding"] == KINDS
    assert tables["rule"] == RULES


def list_choices(schema: object) -> Iterator[tuple[str, ...]]:
    """Every closed set of words in a schema."""
    if isinstance(schema, dict):
        choices = schema.get("enum")
        if isinstance(choices, list) and isinstance(choices[0], str):
            yield tuple(choices)
        for part in schema.values():
            yield from list_choices(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from list_choices(part)


def test_no_document_holds_a_set_that_is_not_on_the_page() -> None:
    """Every closed set of a result, model, record or impact is one of the sets.

    What packets may say is on the page of packets, and checks have a page of their own.
    """
    elsewhere = {*list_choices(describe_document("packet"))}
    elsewhere |= {get_args(CheckName), get_args(Inspection)}
    for document in DOCUMENTS:
        if document not in {"packet", "rubric", "ladder"}:
            found = {*list_choices(describe_document(document))} - elsewhere
            assert found <= {*SETS.values()} | {get_args(Part)}, document


RUBRIC: Final = load_rubric("pure-storage-pm/l3-l4")
PACKET: Final = {"id": "p", "as_of": "2026-06-30", "evidence": []}
BEHAVIOUR: Final = {"behaviour": "aligns_functions", "point": 3}


def item(fact: dict[str, Any], **content: object) -> dict[str, Any]:
    """A packet with one item that shows one fact."""
    shown = {"id": "i", "title": "T", "ownership": "led", "facts": [fact], **content}
    return {**PACKET, "evidence": [shown]}


def change(text: str) -> str:
    """A result of ours in which a number was changed."""
    return text.replace("0.75", "0.76")


PROVOKED: Final[list[tuple[Code, Callable[[], object]]]] = [
    ("missing", lambda: parse_packet({"evidence": []})),
    ("missing", lambda: assess(parse_packet({"id": "p", "evidence": []}), RUBRIC)),
    ("missing", lambda: assess(parse_packet(PACKET))),
    ("missing", lambda: ReadinessModel.from_json('{"schema_version": 1}')),
    ("unknown_key", lambda: parse_packet({**PACKET, "evidnce": []})),
    ("refused", lambda: parse_packet({**PACKET, "date_of_birth": "1990-01-01"})),
    ("refused", lambda: parse_packet(item({"metric": "age", "value": 3}))),
    ("duplicate", lambda: parse_packet('{"id": "p", "id": "q", "evidence": []}')),
    ("duplicate", lambda: parse_packet({**PACKET, "evidence": item(BEHAVIOUR)["evidence"] * 2})),
    ("wrong_type", lambda: parse_packet({**PACKET, "id": 3})),
    ("wrong_type", lambda: parse_packet({**PACKET, "evidence": {}})),
    ("wrong_form", lambda: parse_packet({**PACKET, "as_of": "2026-02-30"})),
    ("wrong_form", lambda: parse_packet({**PACKET, "id": "a b"})),
    ("wrong_length", lambda: parse_packet(item(BEHAVIOUR, title=""))),
    ("out_of_range", lambda: parse_packet(item({**BEHAVIOUR, "point": 9}))),
    ("out_of_range", lambda: parse_packet('{"id": NaN, "evidence": []}')),
    ("unknown_choice", lambda: parse_packet(item(BEHAVIOUR, ownership="owned"))),
    ("unknown_name", lambda: assess(parse_packet(item({"behaviour": "x", "point": 3})), RUBRIC)),
    ("unknown_name", lambda: assess(parse_packet({**PACKET, "rubric": "x"}))),
    ("unknown_name", lambda: parse_rubric(write_rubric({"fact": "x"}, ladder="x"))),
    (
        "wrong_unit",
        lambda: assess(
            parse_packet(item({"metric": "unit_arr_growth", "value": 3, "unit": "account"})),
            RUBRIC,
        ),
    ),
    ("too_large", lambda: parse_packet("[" * 100)),
    ("too_large", lambda: parse_packet(b" " * (17 * 1024 * 1024))),
    ("not_text", lambda: parse_packet(b"\xff")),
    ("not_text", lambda: parse_packet({**PACKET, "candidate": "c\x08"})),
    ("unreadable", lambda: parse_packet('{"id": ')),
    ("unreadable", lambda: ReadinessModel.from_json("{")),
    ("changed", lambda: Impact.from_json(make_impact().to_json().replace("60", "61"))),
    ("changed", lambda: Assessment.from_json(change(told()))),
    ("not_valid", lambda: parse_packet(item(BEHAVIOUR, started="2026-02-01", ended="2026-01-01"))),
]
"""Documents that have each problem."""


def told() -> str:
    """The text of a result."""
    return assess(parse_packet(PACKET), RUBRIC).model_dump_json()


@pytest.mark.parametrize(
    ("code", "work"), PROVOKED, ids=[f"{code}-{at}" for at, (code, _) in enumerate(PROVOKED)]
)
def test_each_problem_has_its_code(code: Code, work: Callable[[], object]) -> None:
    """A document with one problem is refused with its code."""
    with pytest.raises(PmpromoError) as caught:
        work()
    assert {problem.code for problem in caught.value.problems} == {code}


def test_every_code_is_provoked() -> None:
    """No code of a problem stands on the page that nothing raises."""
    assert {code for code, _ in PROVOKED} == {*get_args(Code)} == {*CODES}
