"""`pmpromo fit`, `reliability` and `score --model`: a committee's decisions at the terminal."""

from __future__ import annotations

import sys
from io import StringIO
from typing import TYPE_CHECKING, Final

import pytest

from pmpromo import ReadinessModel, Scores, build_bridge, fit_readiness, load_rubric
from pmpromo.cli import main
from pmpromo.cli.answer import tell_progress, write_file
from pmpromo.errors import PmpromoError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

ID: Final = "pure-storage-pm/l3-l4"
RUBRIC: Final = load_rubric(ID)
PROVEN: Final = [round(0.2 + i / 100, 2) for i in range(60)]
PROMOTED: Final = [int((7 * i) % 60 < i) for i in range(60)]
PACKET: Final = "examples/packets/spm-b.yaml"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run a command; words that name a file of the test folder begin with @."""

    def start(*words: str) -> tuple[int, str, str]:
        code = main([str(tmp_path / word[1:]) if word[0] == "@" else word for word in words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return start


@pytest.fixture
def decisions(tmp_path: Path) -> Path:
    """Sixty decisions, a rubric's transition by name, in a file."""
    rows = [
        f"p-{i},{'ab'[i % 2]},{score},{outcome}"
        for i, (score, outcome) in enumerate(zip(PROVEN, PROMOTED, strict=True))
    ]
    path = tmp_path / "decisions.csv"
    path.write_text("\n".join(["packet_id,step,proven,promoted", *rows]), encoding="utf-8")
    return path


def test_fit_writes_the_model_of_fit_readiness(run: Run, decisions: Path, tmp_path: Path) -> None:
    """The saved model is, to the byte, what the function gives; reliability is told beside it."""
    code, told, _ = run("fit", str(decisions), "--rubric", ID, "-o", "@model.json")
    model = fit_readiness(Scores(tuple(PROVEN), "proven"), PROMOTED, rubric=RUBRIC)
    assert code == 0
    assert (tmp_path / "model.json").read_text("utf-8") == f"{model.to_json()}\n"
    assert "From 60 past decisions" in told
    assert "Reliability of 60 forecasts" in told
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_fit_takes_reference_and_rate(run: Run, decisions: Path, tmp_path: Path) -> None:
    """Scores of the current cycle and a documented rate enter the model."""
    (tmp_path / "cycle.csv").write_text("proven\n0.1\n0.9\n", encoding="utf-8")
    words = ("--reference", "@cycle.csv", "--rate", "0.3", "--rate-kind", "on_time")
    run("fit", str(decisions), "--rubric", ID, "-o", "@model.json", *words)
    model = ReadinessModel.from_json((tmp_path / "model.json").read_bytes())
    assert (model.n_reference, model.seen) == (2, (0.1, 0.9))
    prior = model.levels[0].prior
    assert prior is not None
    assert (prior.rate, prior.kind) == (0.3, "on_time")


def test_fit_binds_each_transition_to_its_rubric(run: Run, decisions: Path, tmp_path: Path) -> None:
    """With a group column each name has its rubric; several rubrics without one are refused."""
    rubrics = ("--rubric", f"a={ID}", "--rubric", "b=pure-storage-pm/l4-l5")
    code, _, _ = run("fit", str(decisions), *rubrics, "--group", "step", "-o", "@model.json")
    model = ReadinessModel.from_json((tmp_path / "model.json").read_bytes())
    assert (code, model.groups, model.find_group(RUBRIC)) == (0, ("a", "b"), "a")
    code, told, _ = run("reliability", "@model.json", str(decisions), *rubrics, "--group", "step")
    assert code == 0
    assert run("reliability", "@model.json", str(decisions), "--group", "step")[1] == told
    code, _, said = run("fit", str(decisions), *rubrics, "-o", "@other.json")
    assert code == 1
    assert said.startswith("--rubric: 2 rubrics for all decisions; give --group COLUMN")
    assert not (tmp_path / "other.json").exists()


def test_few_decisions_have_no_reliability(run: Run, tmp_path: Path) -> None:
    """Below twenty decisions the command says that reliability was not measured."""
    (tmp_path / "few.csv").write_text("proven,promoted\n0.4,0\n0.6,1\n", encoding="utf-8")
    _, told, _ = run("fit", "@few.csv", "--rubric", ID, "-o", "@model.json")
    assert "Not measured: reliability takes at least 20 decisions." in told


def test_a_bad_file_writes_nothing(run: Run, tmp_path: Path) -> None:
    """A bad row is named with its line, and no model is written."""
    (tmp_path / "bad.csv").write_text("proven,promoted\n0.5,2\n", encoding="utf-8")
    code, _, said = run("fit", "@bad.csv", "--rubric", ID, "-o", "@model.json")
    assert (code, said.count("bad.csv:2:1: promoted: neither 0 nor 1")) == (1, 1)
    assert not (tmp_path / "model.json").exists()


def test_ratings_are_carried_over_a_bridge(run: Run, tmp_path: Path) -> None:
    """Rated packets with proven totals keep these; the others are carried over, and counted."""
    rows = [
        ",".join([f"p-{i}", str(PROMOTED[i]), *[str(i % 5)] * len(RUBRIC.criteria)])
        for i in range(60)
    ]
    names = ",".join(criterion.id for criterion in RUBRIC.criteria)
    (tmp_path / "rated.csv").write_text(
        "\n".join([f"packet_id,promoted,{names}", *rows]), encoding="utf-8"
    )
    both = [f"p-{i},{0.1 + 0.15 * (i % 5)}" for i in range(40)]
    (tmp_path / "both.csv").write_text("\n".join(["packet_id,proven", *both]), encoding="utf-8")
    _, told, _ = run("fit", "@rated.csv", "--rubric", ID, "-o", "@m.json", "--bridge", "@both.csv")
    assert told.startswith("proven = 0.100 + 0.600 x ratings, from 40 packets with both")
    model = ReadinessModel.from_json((tmp_path / "m.json").read_bytes())
    assert (model.score_source, model.n_bridged, model.n_decisions) == ("proven", 20, 60)
    ids = tuple(f"p-{i}" for i in range(60))
    rated = Scores(tuple(i % 5 / 4 for i in range(60)), "ratings", ids)
    proven = Scores(tuple(0.1 + 0.15 * (i % 5) for i in range(40)), "proven", ids[:40])
    carried = build_bridge(rated, proven).convert(rated.select(ids[40:]))
    assert model == fit_readiness(proven + carried, PROMOTED, rubric=RUBRIC)


def test_reliability_names_the_line_of_an_alarm(run: Run, decisions: Path, tmp_path: Path) -> None:
    """A committee that promotes nobody any more is told apart, at the line where it shows."""
    run("fit", str(decisions), "--rubric", ID, "-o", "@model.json")
    _, told, _ = run("reliability", "@model.json", str(decisions), "--rubric", ID)
    assert told.rstrip().endswith("to 1; the alarm is at 20.")
    assert run("reliability", "@model.json", str(decisions))[1] == told
    rows = [f"{score},0" for score in PROVEN[30:]] * 2
    (tmp_path / "new.csv").write_text("\n".join(["proven,promoted", *rows]), encoding="utf-8")
    code, told, _ = run("reliability", "@model.json", "@new.csv", "--rubric", ID)
    assert code == 0
    assert "committee: more than 1,000 to 1;" in told
    assert "It was passed at line " in " ".join(told.split())


def test_reliability_asks_for_a_rubric_that_is_not_shipped(
    run: Run, decisions: Path, tmp_path: Path
) -> None:
    """A model that is bound to no shipped rubric cannot find it by itself."""
    (tmp_path / "model.json").write_text(fit_readiness((), ()).to_json(), encoding="utf-8")
    code, _, said = run("reliability", "@model.json", str(decisions))
    assert (code, said.partition(";")[0]) == (1, "model: its rubric is not known here")


def test_reliability_refuses_other_scoring(run: Run, decisions: Path) -> None:
    """A model is not measured on scores of another rubric."""
    run("fit", str(decisions), "--rubric", ID, "-o", "@model.json")
    words = ("reliability", "@model.json", str(decisions), "--rubric", "pure-storage-pm/l4-l5")
    code, _, said = run(*words)
    assert code == 1
    assert "fitted on the scoring of pure-storage-pm/l3-l4" in said


def test_score_forecasts_with_a_model(run: Run, decisions: Path) -> None:
    """With a model the report has verdict, interval, number of decisions, and the limit."""
    run("fit", str(decisions), "--rubric", ID, "-o", "@model.json")
    code, told, _ = run("score", PACKET, "--model", "@model.json")
    assert code == 0
    assert "from 60 decisions" in told
    assert " ".join(told.split()).endswith("at this score, not for a person.")


def test_check_knows_a_model(run: Run, decisions: Path) -> None:
    """A saved model is checked as one."""
    run("fit", str(decisions), "--rubric", ID, "-o", "@model.json")
    code, told, _ = run("check", "@model.json")
    assert (code, told.rpartition("/")[2]) == (0, "model.json: model without problems\n")


def test_a_model_that_is_not_there_is_named(run: Run) -> None:
    """A missing model is named with its path."""
    code, _, said = run("score", PACKET, "--model", "@none.json")
    assert (code, said.rpartition("/")[2]) == (1, "none.json: no such file\n")


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    """A folder in the way, or none to write into: an error, and no part of a file."""
    (tmp_path / "model.json").mkdir()
    for path in (tmp_path / "model.json", tmp_path / "none" / "model.json"):
        with pytest.raises(PmpromoError, match="cannot be written"):
            write_file(str(path), "{}")
    assert [path.name for path in tmp_path.iterdir()] == ["model.json"]


class Terminal(StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_progress_is_told_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal hears what takes a while; a pipe and a closed stream do not."""
    terminal, pipe = Terminal(), StringIO()
    for stream in (terminal, pipe, None):
        monkeypatch.setattr(sys, "stderr", stream)
        tell_progress("fitting")
    assert (terminal.getvalue(), pipe.getvalue()) == ("fitting ...\n", "")
