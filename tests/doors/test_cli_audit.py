"""`pmpromo impact` and `pmpromo verify`: what they print, where, and with which exit code."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING, Any, Final

import pytest

from pmpromo import Impact, assess, load_rubric, measure_impact, parse_packet
from pmpromo.audit import Material, Record
from pmpromo.cli import main
from pmpromo.recording import Recorder, Sources

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

AT: Final = datetime(2026, 7, 1, 9, tzinfo=UTC)
PEOPLE: Final = "sex,race,promoted,score\nF,W,1,3\nF,B,0,1\nM,W,1,4\n,W,1,2\n"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command, and give back exit code, stdout and stderr."""

    def start(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return start


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A table of four people."""
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, encoding="utf-8")
    return file


def test_impact_prints_the_report(run: Run, people: Path) -> None:
    """The command prints what Python prints for the same people."""
    expected = measure_impact(
        [1, 0, 1, 1], {"sex": ["F", "F", "M", None], "race": ["W", "B", "W", "W"]}
    )
    assert run("impact", people, "--group", "sex", "--group", "race") == (0, f"{expected}\n", "")


def test_impact_of_scores(run: Run, people: Path) -> None:
    """Another column, as scores, against a group, as JSON that can be read back."""
    code, out, err = run(
        *["impact", people, "--group", "sex", "--outcome", "score", "--kind", "scoring"],
        *["--comparator", "M", "--format", "json"],
    )
    assert (code, err) == (0, "")
    expected = measure_impact(
        [3, 1, 4, 2], {"sex": ["F", "F", "M", None]}, kind="scoring", comparator="M"
    )
    assert Impact.from_json(out) == expected


def test_impact_with_a_comparator_for_each_column(run: Run, people: Path) -> None:
    """Each column may be held against a group of its own."""
    code, out, _ = run(
        *["impact", people, "--group", "sex", "--group", "race", "--format", "json"],
        *["--comparator", "sex=F", "--comparator", "race=max_all"],
    )
    assert code == 0
    assert [table.rule for table in Impact.from_json(out).attributes] == [
        "F",
        "max_all",
        "max_ge_2pct",
    ]


def test_the_table_to_publish(run: Run, people: Path) -> None:
    """CSV carries its source and days, and is followed by nothing."""
    code, out, _ = run(
        *["impact", people, "--group", "sex", "--format", "csv", "--source", "Cycle 2026h1"],
        *["--measured", "2026-06-30", "--in-use-since", "2025-01-01"],
    )
    rows = list(csv.DictReader(StringIO(out)))
    assert code == 0
    assert [row["part"] for row in rows] == ["compared", "comparator", "unknown"]
    assert {row["source"] for row in rows} == {"Cycle 2026h1"}
    assert {row["in_use_since"] for row in rows} == {"2025-01-01"}
    assert not out.endswith("\n\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--group", "sx"], "people.csv: sx: no such column; did you mean 'sex'?\n"),
        (["--group", "q"], "people.csv: q: no such column; the first line names the columns\n"),
        (
            ["--group", "sex", "--outcome", "score"],
            "people.csv:2:1: score: neither 0 nor 1; 1 means selected, 0 not selected\n",
        ),
        (
            ["--group", "sex", "--outcome", "race", "--kind", "scoring"],
            "people.csv:2:1: race: no finite number; leave out people without a score\n",
        ),
        (
            ["--group", "sex", "--comparator", "Q"],
            "people.csv: comparator['sex']: is neither a rule nor a group",
        ),
        (
            ["--group", "sex", "--comparator", "M", "--comparator", "sex=F"],
            "--comparator: is given for all and for one; give one for all columns",
        ),
        (["--group", "sex", "--format", "csv"], "--source: is missing; a table to publish"),
    ],
)
def test_problems_of_impact(run: Run, people: Path, words: list[str], message: str) -> None:
    """Problems go to stderr with their line, and the exit code is 1."""
    code, out, err = run("impact", people, *words)
    assert (code, out) == (1, "")
    assert message in err


def test_a_bad_group_is_told_with_its_line(run: Run, tmp_path: Path) -> None:
    """A cell that is no name is told by its column and line."""
    file = tmp_path / "a.csv"
    file.write_text(f"sex,promoted\nF,1\n{'x' * 61},0\nM,1e999\n", encoding="utf-8")
    _, _, err = run("impact", file, "--group", "sex")
    assert "a.csv:3:1: sex: not the name of a group" in err
    assert "a.csv:4:1: promoted: neither 0 nor 1" in err


def make_record(folder: Path) -> Record:
    """A record of one assessment."""
    packet = parse_packet({"id": "p-1", "as_of": "2026-06-30", "evidence": []})
    rubric = load_rubric("pure-storage-pm/l3-l4")
    record = Record(folder / "record.jsonl")
    Recorder(record).add(assess(packet, rubric), Sources(packet, rubric), at=AT)
    return record


def test_verify_an_intact_record(run: Run, tmp_path: Path) -> None:
    """The command says that the record is intact, and prints the receipt to keep."""
    record = make_record(tmp_path)
    head = record.verify().head
    code, out, err = run("verify", record.path, "--receipt", head)
    assert (code, err) == (0, "")
    assert out == f"{record.verify()}\n"
    assert str(head) in out


def test_verify_and_replay(run: Run, tmp_path: Path) -> None:
    """With --replay each assessment is computed again."""
    record = make_record(tmp_path)
    code, out, _ = run("verify", record.path, "--replay")
    assert code == 0
    assert out.endswith("\n\n1 assessment computed again: 1 the same, 0 different.\n")


def test_verify_as_json(run: Run, tmp_path: Path) -> None:
    """Programs get the same as JSON."""
    record = make_record(tmp_path)
    told = json.loads(run("verify", record.path, "--replay", "--format", "json")[1])
    assert told == {
        "intact": True,
        "entries": 2,
        "head": str(record.verify().head),
        "erased": 0,
        "unfinished": 0,
        "problems": [],
        "replay": [{"entry": 2, "differences": []}],
    }
    assert "replay" not in json.loads(run("verify", record.path, "--format", "json")[1])


def test_verify_a_changed_record(run: Run, tmp_path: Path) -> None:
    """A changed record is told with its line, is not computed again, and the exit code is 1."""
    record = make_record(tmp_path)
    file = tmp_path / "record.jsonl"
    file.write_bytes(file.read_bytes().replace(b'"met":false', b'"met":true'))
    code, out, _ = run("verify", record.path, "--replay")
    assert code == 1
    assert "record.jsonl:2:1: body, salt or commitment was changed" in out
    assert "computed again" not in out
    told = json.loads(run("verify", record.path, "--format", "json")[1])
    assert told["problems"][0]["line"] == 2


def test_verify_a_record_that_gives_another_result(run: Run, tmp_path: Path) -> None:
    """If an assessment comes out otherwise today the exit code is 1."""
    record = make_record(tmp_path)
    *_, last = record.entries()
    noun: Any = last.noun
    wrong = noun.model_copy(update={"result": {**noun.result, "proven": 0.5}})
    record.append(wrong, at=AT)
    code, out, _ = run("verify", record.path, "--replay")
    assert code == 1
    assert "entry 3: proven: recorded 0.5, now 0.0" in out


def test_verify_a_record_that_was_cut(run: Run, tmp_path: Path) -> None:
    """A receipt that the record does not reach tells that its end was cut off."""
    record = make_record(tmp_path)
    receipt = record.append(Material(of="model", content={}), at=AT)
    file = tmp_path / "record.jsonl"
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:2]))
    code, out, _ = run("verify", file, "--receipt", receipt)
    assert code == 1
    assert "record.jsonl: ends before entry 3, of which there is a receipt" in out


@pytest.mark.parametrize("text", ["3", "0:sha256:00", "1:sha256:xyz"])
def test_what_is_no_receipt(run: Run, tmp_path: Path, text: str) -> None:
    """A receipt is given as it was printed."""
    record = make_record(tmp_path)
    code, out, err = run("verify", record.path, "--receipt", text)
    assert (code, out) == (1, "")
    assert "--receipt: is no receipt; give it as it was printed" in err


def test_no_record_at_all(run: Run, tmp_path: Path) -> None:
    """A missing file is one problem."""
    code, _, err = run("verify", tmp_path / "none")
    assert code == 1
    assert "record: cannot be used: No such file or directory" in err
