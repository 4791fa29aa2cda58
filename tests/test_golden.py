"""What was written once: results of every version load for ever, and what is written is looked at.

After a change on purpose write the files again and read the difference:
``pmpromo score examples/packets/one-refactor.yaml --format html > tests/golden/assessment.html``,
without ``--format html`` for ``report.txt``, and ``pmpromo template pure-storage-pm/l1-l2`` for
``template.yaml``. ``pmpromo fit examples/decisions/decisions.csv --rubric pure-storage-pm/l3-l4 -o
tests/golden/model-1.json`` writes the model; ``documents.write_golden`` all other documents.
What a released version has written is never written again; a new version gets a file of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from documents import AT, MAKERS, make_impact, make_record_text, plainly

from pmpromo import (
    Assessment,
    CommitteeModel,
    Comparison,
    Impact,
    ReadinessModel,
    Sensitivity,
    assess,
    load_packet,
    load_rubric,
)
from pmpromo import Path as Route
from pmpromo.audit import Receipt, Record
from pmpromo.cli import main
from pmpromo.ladder import Ladder
from pmpromo.recording import replay_record

if TYPE_CHECKING:
    from pmpromo.schemas import Document

ROOT: Final = Path(__file__).parents[1]
GOLDEN: Final = ROOT / "tests" / "golden"
PACKET: Final = ROOT / "examples" / "packets" / "one-refactor.yaml"
DECISIONS: Final = ROOT / "examples" / "decisions" / "decisions.csv"


@pytest.mark.parametrize(
    "file", sorted(GOLDEN.glob("assessment-*.json")), ids=lambda file: file.stem
)
def test_result_loads_for_ever(file: Path) -> None:
    """A result of each version loads, keeps its id, and prints its report."""
    seen = Assessment.from_json(file.read_bytes())
    assert seen.schema_version == int(file.stem.rpartition("-")[2])
    assert str(seen).startswith("one-refactor-2026h1: Associate to Product Manager, L1 to L2\n")


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("model-*.json")), ids=lambda file: file.stem)
def test_model_loads_for_ever(file: Path) -> None:
    """A model of each version loads, and still forecasts that a high score is likelier."""
    model = ReadinessModel.from_json(file.read_bytes())
    assert model.schema_version == int(file.stem.rpartition("-")[2])
    assert model.n_decisions == 500
    assert model.predict_one(0.3)[0] < 0.2
    assert model.predict_one(0.7)[0] > 0.8


def test_newest_model_is_what_is_fitted_today(tmp_path: Path) -> None:
    """The newest model is, to the byte, what the same decisions give on every Python."""
    newest = max(GOLDEN.glob("model-*.json"))
    words = ("fit", str(DECISIONS), "--rubric", "pure-storage-pm/l3-l4", "-o")
    assert main([*words, str(tmp_path / "model.json")]) == 0
    assert (tmp_path / "model.json").read_bytes() == newest.read_bytes()


def find_golden(name: str) -> list[Path]:
    """The documents of one kind, of every version."""
    found = sorted(GOLDEN.glob(f"{name}-*.json*"))
    assert found, name
    return found


def test_packets_and_rubrics_load_for_ever() -> None:
    """What a file says is read and written back key by key, and scores as it did."""
    for file in find_golden("packet"):
        packet = load_packet(file)
        assert plainly(packet) == file.read_text(encoding="utf-8")
        assert (packet.id, len(packet.evidence)) == ("strong-l3-l4-2026h1", 7)
        for other in find_golden("rubric"):
            rubric = load_rubric(other)
            assert plainly(rubric) == other.read_text(encoding="utf-8")
            assert (rubric.id, float(rubric.bar)) == ("pure-storage-pm/l3-l4", 0.75)
            seen = assess(packet, rubric)
            assert (seen.met, round(seen.proven, 6)) == (True, PROVEN)


PROVEN: Final = 0.875015
"""What the packet of version 1 proves under the rubric of version 1."""


def test_ladders_load_for_ever() -> None:
    """A ladder written out is read and written back key by key."""
    for file in find_golden("ladder"):
        ladder = Ladder.model_validate_json(file.read_bytes())
        assert plainly(ladder) == file.read_text(encoding="utf-8")
        assert len(ladder.levels) == 7


@pytest.mark.parametrize(
    ("name", "kind", "says"),
    [
        ("path", Route, "one-refactor-2026h1: the path to the bar\n"),
        ("sensitivity", Sensitivity, "one-refactor-2026h1: "),
        ("comparison", Comparison, "strong-l3-l4-2026h1: then and now\n"),
    ],
)
def test_advice_loads_for_ever(
    name: str, kind: type[Route | Sensitivity | Comparison], says: str
) -> None:
    """Advice of each version loads, says what it said, and is written back to the byte."""
    for file in find_golden(name):
        found = kind.from_json(file.read_bytes())
        assert found.schema_version == int(file.stem.rpartition("-")[2])
        assert str(found).startswith(says)
        assert found.model_dump_json(indent=1) + "\n" == file.read_text(encoding="utf-8")


def test_committees_load_for_ever() -> None:
    """A committee of each version loads, knows who is severe, and is written back to the byte."""
    for file in find_golden("committee"):
        model = CommitteeModel.from_json(file.read_bytes())
        assert model.schema_version == int(file.stem.rpartition("-")[2])
        assert model.severities["ann"] == -model.severities["bo"]
        assert (model.n_ratings, len(model.fair_scores)) == (48, 8)
        assert model.to_json() + "\n" == file.read_text(encoding="utf-8")


def test_impacts_load_for_ever() -> None:
    """An impact of each version loads, and is the one measured on the same people today."""
    for file in find_golden("impact"):
        assert Impact.from_json(file.read_bytes()) == make_impact()


RECEIPT: Final = Receipt(
    8, "sha256:a123bc7a6c1f2d8ff1ee93b7765e8d0844c1b571e88c1ebec612f74e5d84d15a"
)
"""Of the last entry of the record of version 1; an auditor has kept it."""


def test_records_load_for_ever(tmp_path: Path) -> None:
    """A record of each version verifies against its receipt, replays, and is written on."""
    for file in find_golden("record"):
        copy = tmp_path / file.name
        copy.write_bytes(file.read_bytes())
        record = Record(copy)
        found = record.verify([RECEIPT])
        assert found.is_intact, str(found)
        assert (found.entries, found.erased) == (8, 2)
        assert [entry.kind for entry in record.entries()] == KINDS
        assert replay_record(record).is_same
        appeal = [entry.noun for entry in record.entries()][5]
        assert appeal is not None
        record.append(appeal, at=AT)  # type: ignore[arg-type]
        assert record.verify([RECEIPT]).entries == 9


KINDS: Final = [
    *["material", "material", "assessment", "override"],
    *["decision", "appeal", "correction", "erasure"],
]


@pytest.mark.parametrize("name", ["path", "comparison", "assessment", "packet", "rubric"])
def test_newest_document_is_what_is_written_today(name: Document) -> None:
    """The newest of each kind is, to the byte, what the code writes of the same input today."""
    assert MAKERS[name]() == find_golden(name)[-1].read_text(encoding="utf-8")


def test_newest_record_is_what_is_written_today(tmp_path: Path) -> None:
    """The same entries with the same salts give the same bytes."""
    newest = find_golden("record")[-1].read_text(encoding="utf-8")
    assert make_record_text(tmp_path) == newest


def test_page_is_what_is_written_today() -> None:
    """The page is the one that was looked at, to the byte."""
    page = (GOLDEN / "assessment.html").read_text(encoding="utf-8")
    assert assess(load_packet(PACKET)).to_html() == page


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("report.txt", ("score", str(PACKET))),
        ("template.yaml", ("template", "pure-storage-pm/l1-l2")),
    ],
)
def test_text_is_what_is_written_today(
    file: str, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """The report and the template are those that were looked at, to the byte."""
    assert main(words) == 0
    assert capsys.readouterr().out == (GOLDEN / file).read_text(encoding="utf-8")
