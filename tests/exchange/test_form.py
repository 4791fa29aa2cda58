"""A packet in a workbook: the same packet as in YAML, and every problem at its cell."""

from __future__ import annotations

import pickle
import sys
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from small import list_problems
from strategies import cases, read_packet, read_rubric

from pmpromo import assess, load_packet, load_rubric, parse_packet, write_form
from pmpromo.cli import main
from pmpromo.errors import PacketError
from pmpromo.form import reading
from pmpromo.form.columns import KEYS, SHEETS
from pmpromo.packet import Packet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from strategies import Content

    from pmpromo import Rubric
    from pmpromo.words import Noun

ROOT: Final = Path(__file__).parents[2]
RUBRIC: Final = "pure-storage-pm/l3-l4"

FULL: Final[Mapping[str, Any]] = {
    "id": "p-1",
    "candidate": "c-1",
    "rubric": RUBRIC,
    "rubric_digest": f"sha256:{'0' * 64}",
    "current_level": "L3",
    "target_level": "L4",
    "track": "ic",
    "job_family": "product",
    "cycle": "2026",
    "as_of": "2026-06-30",
    "submitted": "1899-12-31",
    "effective": "2026-10-01",
    "summary": "=1+1 is\nno formula",
    "thesis": {"ask": "a", "why_now": "b", "problem": "c"},
    "current_work": "@work",
    "next_level_impact": "n",
    "development_plan": "d",
    "evidence": [
        {
            "id": "007",
            "title": "true",
            "achievement": "acq",
            "share": 0.6,
            "share_status": "agreed",
            "started": "2025-03-01",
            "ended": "2026-12-31",
            "in_progress": True,
            "facts": [
                {"metric": "unit_arr_growth", "value": 16.5, "baseline": 11, "period": "2026"}
                | {"unit": "percent/year", "status": "realised", "counterfactual": "x"},
                {"behaviour": "aligns_functions", "point": 3, "note": "n"},
                {"artifact": "strategy_document", "sections": ["risk_register"], "reviewers": []}
                | {"uri": "doc:88", "title": "T", "dated": "2026-01-01", "pages": 7},
            ],
            "support": [
                {"relation": "cross_functional", "by": "s-9", "function": "sales", "role": "vp"}
                | {"level": "L5", "same_report_line": True, "worked_on_it": False}
                | {"agrees": False, "point": 2, "fact": "aligns_functions", "uri": "doc:1"}
                | {"dated": "2026-02-28", "text": "t"},
                {"relation": "peer", "worked_on_it": None},
            ],
            "support_complete": True,
            "scope": {"functions": ["sales", "finance"], "surfaces": [], "teams": 6}
            | {"products": 2, "accounts": 41, "users": 1200},
            "problem": "p",
            "goal": "okr-3",
            "role": "r",
            "decisions": [
                {"by": "self", "basis": ["telemetry", "cost"], "information": 0.7}
                | {"reversible": False, "revisited": "2026-01-02", "waited_days": 3}
                | {"escalated": True}
            ],
            "initiated_by": "self",
            "owner_team": "support",
            "result": "outcome",
            "complexity": 3,
            "ambiguity": 0,
            "claims": [{"criterion": "business_ownership", "why": "w"}],
            "level_shown": "L4",
            "values": ["a", "b"],
            "challenges": "c",
            "learned": "l",
            "confidence": 1e-7,
            "customer_data_loss": True,
        },
        {"id": "led", "title": "Led", "ownership": "led", "support": []},
        {"id": "open", "title": "Open"},
    ],
    "declared_none": ["launch_plan"],
    "concerns": [
        {"reason_not_to_promote": "r", "severity": "low", "answer": "a", "plan": "p"}
        | {"evidence": ["007", "led"]}
    ],
    "process": {
        "manager": "m",
        "sponsor": "vp",
        "visibility": "v",
        "opportunity": "o",
        "growth_phase": "g",
        "months_in_level": 40,
        "hired": "2020-01-01",
        "recommendation": "not_yet",
        "recommendation_note": "n",
        "advocates": ["a"],
        "business_need": {"role_needed": True, "headcount": False, "budget": True, "note": "n"},
    },
    "views": [{"criterion": "practice", "by": "manager", "point": 0}],
}
"""A packet that says something in every field there is."""


SHORT: Final = {
    **{key: value for key, value in FULL.items() if key not in {"concerns", "views"}},
    "evidence": [
        {key: value for key, value in item.items() if key not in {"decisions", "claims"}}
        for item in FULL["evidence"]
    ],
}
"""The same without what has a sheet of its own that most packets leave empty."""


@pytest.fixture(autouse=True)
def _stand_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    """The rubric that forms are written for."""
    return load_rubric(RUBRIC)


def go_around(packet: Packet, rubric: Rubric) -> Packet:
    """Write a packet into a workbook, and read it again."""
    Path("p.xlsx").write_bytes(write_form(rubric, packet))
    return load_packet("p.xlsx")


def list_fields(noun: type[Noun], content: Any, before: str = "") -> set[str]:  # noqa: ANN401
    """List the fields of which a content says nothing."""
    missing = set()
    for name in noun.model_fields:
        if content.get(name) is None:
            missing.add(f"{before}{name}")
    return missing


def test_the_full_packet_is_full() -> None:
    """The packet below says something in every field but those that exclude each other."""
    packet = parse_packet(FULL).model_dump(mode="json")
    assert list_fields(Packet, packet) == set()
    first, second, _ = packet["evidence"]
    assert {key for key, value in first.items() if value is None} == {"ownership"}
    assert second["ownership"] == "led"
    parts = [*first["facts"], first["scope"], first["support"][0], *first["decisions"]]
    assert [part for part in parts if None in part.values()] == []


def test_a_packet_in_a_workbook_is_the_packet_in_yaml(rubric: Rubric) -> None:
    """Formulas in texts, ids like 007, days before 1900, lists known to be empty: all come back."""
    packet = parse_packet(FULL)
    assert go_around(packet, rubric).model_dump() == packet.model_dump()


@pytest.mark.parametrize("name", ["spm-b", "all-undocumented"])
def test_example_packets_go_around(name: str, rubric: Rubric) -> None:
    """An example says the same in a workbook, and scores the same."""
    packet = load_packet(ROOT / "examples" / "packets" / f"{name}.yaml")
    again = go_around(packet, rubric)
    assert again.digest == packet.digest
    assert assess(again, rubric).proven == assess(packet, rubric).proven


@given(case=cases())
@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_packet_goes_around(case: tuple[Content, Content]) -> None:
    """Whatever the facts, voices and dates, the workbook says the same."""
    asked, content = case
    packet = read_packet(content)
    assert go_around(packet, read_rubric(asked)).model_dump() == packet.model_dump()


def test_an_empty_form_loads(rubric: Rubric) -> None:
    """A form that nobody has filled in is a packet without evidence, for the rubric's step."""
    Path("p.xlsx").write_bytes(write_form(rubric))
    packet = load_packet(Path("p.xlsx"))
    assert (packet.rubric, packet.target_level, packet.evidence) == (RUBRIC, "L4", ())


def test_the_same_packet_gives_the_same_bytes(rubric: Rubric) -> None:
    """No day and no clock is in a form."""
    assert write_form(rubric, parse_packet(FULL)) == write_form(rubric, parse_packet(FULL))
    with zipfile.ZipFile(put()) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z" in parts.read("docProps/core.xml")


@cache
def make_form() -> bytes:
    """Make a form with the short packet."""
    return write_form(load_rubric(RUBRIC), parse_packet(SHORT))


def put() -> str:
    """Write a form with the short packet beside the test."""
    Path("p.xlsx").write_bytes(make_form())
    return "p.xlsx"


def list_offers(page: Any, cell: str) -> list[str]:  # noqa: ANN401 - openpyxl ships no types
    """List what the drop-down of a cell offers."""
    rules = [rule for rule in page.data_validations.dataValidation if cell in rule.sqref]
    (rule,) = rules
    if rule.type != "list":
        return []
    sheet, _, area = rule.formula1.partition("!")
    return [str(row[0].value) for row in page.parent[sheet][area.replace("$", "")]]


def test_drop_downs_offer_what_may_stand_there(rubric: Rubric) -> None:
    """Fixed choices come from the schema, facts from the rubric, items from the sheet itself."""
    book = openpyxl.load_workbook(put())
    assert list_offers(book["evidence"], "D2")[:2] == ["sole", "led"]
    assert list_offers(book["facts"], "J500") == ["0", "1", "2", "3", "4"]
    needs = [each for criterion in rubric.criteria for each in criterion.requirements]
    asked = {each.fact for each in needs} | {side.fact for each in needs for side in each.provided}
    offered = [name for cell in ("B2", "I2", "L2") for name in list_offers(book["facts"], cell)]
    assert sorted(offered) == sorted(asked)
    assert list_offers(book["support"], "H2") == ["true", "false", "unknown"]
    assert "unit_arr_growth" in offered
    assert list_offers(book["facts"], "A2")[:3] == ["007", "led", "open"]
    assert list_offers(book["evidence"], "B2") == []
    assert book["lists"].sheet_state == "hidden"


def test_every_cell_says_what_it_is() -> None:
    """Each column and key has a prompt; those of lists say how several are written."""
    book = openpyxl.load_workbook(put())
    for title, columns in {"packet": KEYS, **SHEETS}.items():
        rules = book[title].data_validations.dataValidation
        assert [rule.promptTitle for rule in rules] == [column.name[:32] for column in columns]
        assert all(rule.prompt for rule in rules)


def test_no_sheet_has_two_columns_of_a_name() -> None:
    """A head names one field, also where facts of three kinds share a sheet."""
    for columns in SHEETS.values():
        names = [column.name for column in columns]
        assert len(names) == len({*names})


def test_the_sheet_asked_says_what_is_asked(rubric: Rubric) -> None:
    """Each requirement has a row with its fact, what is asked of it, and its anchors."""
    page = openpyxl.load_workbook(put())["asked"]
    rows = {(row[0], row[3]): row for row in page.iter_rows(min_row=2, values_only=True)}
    assert len(rows) == sum(len(criterion.requirements) for criterion in rubric.criteria)
    assert rows["cross_functional", "aligns_functions"][5] == "at point 3"
    assert rows["cross_functional", "aligns_functions"][10]


def test_texts_stay_texts_in_excel() -> None:
    """What looks like a formula is a text that is marked as quoted."""
    page = openpyxl.load_workbook(put())["packet"]
    cells = {row[0].value: row[1] for row in page.iter_rows(min_row=2)}
    assert (cells["summary"].data_type, cells["summary"].quotePrefix) == ("s", True)
    assert (cells["cycle"].data_type, cells["cycle"].value) == ("s", "2026")
    assert cells["as_of"].is_date


def edit(change: Callable[[Any], None]) -> list[str]:
    """Change a form, and list what is then wrong with it."""
    book = openpyxl.load_workbook(put())
    change(book)
    book.save("p.xlsx")
    return list_problems(lambda: load_packet("p.xlsx"))


def fill(**cells: object) -> Callable[[Any], None]:
    """Return a change that fills cells, named as sheet and cell: ``evidence_D2``."""

    def change(book: Any) -> None:  # noqa: ANN401 - openpyxl ships no types
        for name, value in cells.items():
            sheet, _, at = name.rpartition("_")
            book[sheet][at] = value

    return change


def test_every_problem_stands_at_its_cell() -> None:
    """Each value that does not fit is named by sheet, column and row; all of them at once."""
    problems = edit(fill(evidence_D3="leads", facts_C2="3,5", support_B2="boss", packet_B12="June"))
    assert [problem.split(": ")[:2] for problem in problems] == [
        ["p.xlsx!packet!B12", "as_of"],
        ["p.xlsx!evidence!D3", "evidence[1].ownership"],
        ["p.xlsx!facts!C2", "evidence[0].facts[0].value"],
        ["p.xlsx!support!B2", "evidence[0].support[0].relation"],
    ]


def test_what_the_rubric_does_not_know_stands_at_its_cell() -> None:
    """A fact that the ladder lacks is found when the packet is read against a rubric."""
    assert edit(fill(facts_B2="unit_arr_grwth", facts_E2="minutes")) == []
    problems = list_problems(lambda: assess(load_packet("p.xlsx")))
    assert [problem.partition(": ")[0] for problem in problems] == ["p.xlsx!facts!B2"]
    assert "did you mean 'unit_arr_growth'?" in problems[0]


def test_an_assessment_names_the_row_of_an_item() -> None:
    """Where an item of a file has its line, one of a workbook has its row."""
    put()
    seen = assess(load_packet("p.xlsx"))
    assert [item.place for item in seen.evidence] == [
        f"p.xlsx!evidence!A{row}" for row in (2, 3, 4)
    ]


def test_a_packet_from_a_workbook_can_be_sent_to_another_process() -> None:
    """Its places go with it."""
    put()
    packet = pickle.loads(pickle.dumps(load_packet("p.xlsx")))  # noqa: S301 - our own bytes
    assert packet.origin is not None
    assert str(packet.origin.find_cell("evidence[1].nothing")) == "p.xlsx!evidence!A3"


def test_what_is_missing_stands_at_its_row() -> None:
    """A cell that must not be empty is a problem of its row; a missing id, one of its sheet."""
    problems = edit(fill(evidence_B4=None, packet_B3=None, facts_B2=None))
    assert [problem.partition(":")[0] for problem in problems] == [
        "p.xlsx!packet!A1",
        "p.xlsx!evidence!A4",
        "p.xlsx!facts!A2",
    ]


def test_rows_that_belong_to_nothing_are_told() -> None:
    """A fact of an unknown item, a fact of none, and a voice of an item without voices."""
    problems = edit(fill(facts_A2="nobody", facts_A3=None, support_A2="led"))
    assert problems == [
        "p.xlsx!facts!A2: names no item; write an id of the sheet evidence",
        "p.xlsx!facts!A3: names no item; write an id of the sheet evidence",
        "p.xlsx!support!A2: a voice of an item that says support: none; keep one of the two",
    ]


def test_unknown_keys_and_columns_are_told() -> None:
    """A key or a head that no form has is named with what was probably meant."""
    problems = edit(fill(packet_A3="idd", packet_A5="cycle", evidence_D1="ownershp"))
    assert problems == [
        "p.xlsx!packet!A3: unknown key; did you mean 'id'?",
        "p.xlsx!packet!A11: stands twice; keep one",
        "p.xlsx!evidence!D1: unknown column; did you mean 'ownership'?",
    ]


def test_a_column_put_between_moves_the_places() -> None:
    """Letters are those that Excel shows, also beside an empty column and below an empty row."""

    def change(book: Any) -> None:  # noqa: ANN401 - openpyxl ships no types
        book["evidence"].insert_cols(1)
        book["evidence"].insert_rows(1)
        book["evidence"]["E4"] = "leads"

    (problem,) = edit(change)
    assert problem.startswith("p.xlsx!evidence!E4: evidence[1].ownership: ")


def test_sheets_without_rows_may_be_deleted() -> None:
    """A form whose empty sheets are gone is the same packet; without evidence it is none."""

    def delete(*titles: str) -> Callable[[Any], None]:
        def change(book: Any) -> None:  # noqa: ANN401 - openpyxl ships no types
            for title in titles:
                del book[title]

        return change

    assert edit(delete("views", "claims", "asked")) == []
    assert load_packet("p.xlsx").views == ()
    (problem,) = edit(delete("evidence"))
    assert problem.startswith("p.xlsx: no sheet of this name")


def test_a_number_that_is_none_is_told() -> None:
    """A figure of four hundred digits stays text, and is refused as no number."""
    (problem,) = edit(fill(facts_C2="1" * 400))
    assert problem.startswith("p.xlsx!facts!C2: evidence[0].facts[0].value: ")


def test_what_no_packet_may_hold_is_refused() -> None:
    """A protected attribute is refused in a workbook as it is elsewhere."""
    (problem,) = edit(fill(facts_B2="age"))
    assert "refused: a protected attribute" in problem


def test_what_is_no_form_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file, no workbook, another workbook, and one that would take long to read."""
    assert list_problems(lambda: load_packet("none.xlsx")) == ["none.xlsx: no such file"]
    Path("bad.xlsx").write_bytes(b"PK")
    (problem,) = list_problems(lambda: load_packet("bad.xlsx"))
    assert problem.startswith("bad.xlsx: no workbook that can be read")
    openpyxl.Workbook().save("other.xlsx")
    (problem,) = list_problems(lambda: load_packet("other.xlsx"))
    assert problem.startswith("other.xlsx: no sheet of this name")
    monkeypatch.setattr(reading, "FORM_BYTES", 1000)
    assert list_problems(lambda: load_packet(put())) == [
        "p.xlsx: longer than 1000 bytes when unpacked; a packet is shorter; write it in YAML"
    ]


def test_a_cut_form_is_refused() -> None:
    """A workbook cut anywhere is no workbook."""
    whole = Path(put()).read_bytes()
    for end in range(0, len(whole), len(whole) // 7):
        Path("p.xlsx").write_bytes(whole[:end])
        with pytest.raises(PacketError):
            load_packet("p.xlsx")


def test_a_part_that_openpyxl_cannot_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a broken part makes the reader of heads raise, the file is named."""
    put()

    def fail(_: object) -> None:
        raise KeyError

    monkeypatch.setattr(reading, "_find_heads", fail)
    assert list_problems(lambda: load_packet("p.xlsx")) == [
        "p.xlsx: no workbook that can be read; open it in Excel and save it as .xlsx"
    ]


def test_without_openpyxl_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, rubric: Rubric
) -> None:
    """Who lacks the extra is told its name, and another way."""
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert list_problems(lambda: write_form(rubric)) == [
        "workbooks need openpyxl; install pmpromo[excel], or use the template in YAML"
    ]


# --- at the terminal


def test_template_writes_a_form(capsys: pytest.CaptureFixture[str]) -> None:
    """`template --format xlsx` writes a form that `check` and `score` read."""
    assert main(["template", RUBRIC, "--format", "xlsx", "-o", "p.xlsx"]) == 0
    assert capsys.readouterr().out == "The packet to fill in is p.xlsx.\n"
    assert main(["check", "p.xlsx"]) == 0
    assert main(["score", "p.xlsx", "--as-of", "2026-06-30"]) == 0


def test_template_needs_a_file_for_a_form(capsys: pytest.CaptureFixture[str]) -> None:
    """A workbook is not printed."""
    assert main(["template", RUBRIC, "--format", "xlsx"]) == 1
    assert capsys.readouterr().err == "--output: missing; name the workbook to write\n"


def test_template_in_yaml_can_be_written(capsys: pytest.CaptureFixture[str]) -> None:
    """`-o` writes the same text that is printed without it."""
    main(["template", RUBRIC])
    printed = capsys.readouterr().out
    main(["template", RUBRIC, "-o", "p.yaml"])
    assert Path("p.yaml").read_text(encoding="utf-8") == printed
