"""What was written once: results of every version load for ever, and what is written is looked at.

After a change on purpose write the files again and read the difference:
``pmpromo score examples/packets/one-refactor.yaml --format html > tests/golden/assessment.html``,
without ``--format html`` for ``report.txt``, and ``pmpromo template pure-storage-pm/l1-l2`` for
``template.yaml``. ``pmpromo fit examples/decisions/decisions.csv --rubric pure-storage-pm/l3-l4 -o
tests/golden/model-1.json`` writes the model.
What a released version has written is never written again; a new version gets a file of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from pmpromo import Assessment, ReadinessModel, assess, load_packet
from pmpromo.cli import main

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


def test_newest_result_is_what_is_written_today() -> None:
    """The newest file is the assessment of its packet, to the byte."""
    newest = max(GOLDEN.glob("assessment-*.json")).read_text(encoding="utf-8")
    assert assess(load_packet(PACKET)).model_dump_json(indent=1) + "\n" == newest


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
