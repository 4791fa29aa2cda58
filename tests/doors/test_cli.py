"""The command at the terminal: exit codes, what goes where, and messages worth reading."""

from __future__ import annotations

import io
import json
import os
import runpy
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from pmpromo import Assessment, load_packet, shipped_rubrics
from pmpromo.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str, str]]
    Write = Callable[[str, str], Path]

ROOT: Final = Path(__file__).parents[2]
SPM_B: Final = ROOT / "examples" / "packets" / "spm-b.yaml"
SMALL: Final = "id: p-1\nrubric: pure-storage-pm/l3-l4\nas_of: 2026-06-30\nevidence: []\n"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command, and give back exit code, stdout and stderr."""

    def start(*words: object) -> tuple[int, str, str]:
        try:
            code = main([str(word) for word in words])
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return start


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file beside the test."""

    def put(name: str, text: str) -> Path:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return file

    return put


def test_score_prints_the_report(run: Run) -> None:
    """`score` prints what `print(assess(...))` prints, and exits with 0."""
    code, out, err = run("score", SPM_B)
    assert (code, err) == (0, "")
    assert out.startswith("spm-b-2026h1: Senior to Principal, L3 to L4\n")


def test_score_prints_only_json(run: Run) -> None:
    """`--format json` prints one assessment that loads, and nothing else."""
    code, out, err = run("score", SPM_B, "--format", "json")
    assert (code, err) == (0, "")
    assert Assessment.from_json(out).packet_id == "spm-b-2026h1"


def test_score_prints_a_page(run: Run) -> None:
    """`--format html` prints one page."""
    _, out, _ = run("score", SPM_B, "--format", "html")
    assert out.startswith("<!doctype html>")
    assert out.endswith("</html>\n")


def test_score_takes_rubric_variant_and_day(run: Run) -> None:
    """Rubric, variant and day of the command win over the packet's."""
    words = ("--rubric", "pure-storage-pm/l3-l4", "--variant", "xf80", "--as-of", "2027-01-31")
    code, out, _ = run("score", SPM_B, *words, "--verbose")
    assert code == 0
    assert "read against pure-storage-pm/l3-l4:xf80 1.0.0, as of 2027-01-31" in out
    assert "result   sha256:" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--rubric", "l3-l4"), "did you mean 'pure-storage-pm/l3-l4'?"),
        (("--rubric", "pure-storage-pn/l3-l4"), "did you mean 'pure-storage-pm/l3-l4'?"),
        (("--rubric", "nothing-like-it"), "shipped are: pure-storage-pm/l1-l2"),
        (("--rubric", "no-such-file.yaml"), "no-such-file.yaml: no such file"),
        (("--variant", "xf90"), "variants: unknown variant; known are: xf80"),
        (("--as-of", "2024-01-31"), "is after as_of; mend the date, or as_of"),
    ],
)
def test_score_names_problems(run: Run, words: tuple[str, ...], said: str) -> None:
    """What cannot be scored exits with 1, says why on stderr, and prints nothing."""
    code, out, err = run("score", SPM_B, *words)
    assert (code, out) == (1, "")
    assert said in err


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("score",),
        ("score", "x.yaml", "--as-of", "2026-02-30"),
        ("score", "x.yaml", "--format", "pdf"),
        ("schema", "decision"),
        ("promote", "x.yaml"),
    ],
)
def test_wrong_usage_exits_with_two(run: Run, words: tuple[str, ...]) -> None:
    """A command that cannot be understood exits with 2 and shows how it is used."""
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err.startswith("usage: pmpromo")


@pytest.mark.parametrize("name", ["folder", "packet.txt", "none.json"])
def test_what_is_no_packet_file_is_named(run: Run, tmp_path: Path, name: str) -> None:
    """A folder, another ending and a missing file are problems, never a traceback."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "packet.txt").write_text(SMALL, encoding="utf-8")
    code, out, err = run("score", tmp_path / name)
    assert (code, out) == (1, "")
    assert name in err


def test_check_names_every_problem_with_its_place(run: Run, write: Write) -> None:
    """Two mistakes are two problems with line and column, and the misspelt key has its word."""
    text = SMALL.replace("evidence: []", "evidence:\n- id: e\n  titel: T\n  share: 2")
    code, out, _ = run("check", write("packet.yaml", text))
    assert code == 1
    assert "packet.yaml:6:3: evidence[0].titel: unknown key; did you mean 'title'?" in out
    assert "packet.yaml:7:10: evidence[0].share:" in out


def test_check_knows_each_kind_of_file(run: Run, write: Write) -> None:
    """Packets, rubrics, ladders and results are known by what they hold."""
    _, result, _ = run("score", SPM_B, "--format", "json")
    shelf = ROOT / "rubrics" / "pure-storage-pm"
    files = [SPM_B, shelf / "l3-l4.yaml", shelf / "ladder.yaml", write("result.json", result)]
    code, out, _ = run("check", *files)
    assert code == 0
    kinds = [line.rpartition(": ")[2] for line in out.splitlines()]
    assert kinds == [
        f"{kind} without problems" for kind in ("packet", "rubric", "ladder", "result")
    ]


def test_check_says_when_facts_were_not_read(run: Run, write: Write) -> None:
    """A packet for a rubric that is not shipped is checked as far as can be, and says so."""
    file = write("packet.yaml", SMALL.replace("pure-storage-pm/l3-l4", "acme/senior"))
    code, out, _ = run("check", file)
    assert code == 0
    assert out.endswith("packet without problems; its facts were not read: give --rubric\n")
    assert run("check", file, "--rubric", "pure-storage-pm/l3-l4")[1].endswith("without problems\n")


def test_check_reads_facts(run: Run, write: Write) -> None:
    """A fact that the ladder does not know is a problem with its place."""
    item = "\n- id: e\n  title: T\n  facts:\n  - {behaviour: align_functions}"
    code, out, _ = run("check", write("packet.yaml", SMALL.replace(" []", item)))
    assert code == 1
    assert "packet.yaml:8:17: evidence[0].facts[0].behaviour: is no behaviour of the ladder" in out


def test_check_prints_json(run: Run, write: Write) -> None:
    """`--format json` lists each file with its problems, without the values found."""
    good, bad = (
        write("good.yaml", SMALL),
        write("bad.yaml", SMALL.replace("id: p-1", "id: secret!")),
    )
    code, out, _ = run("check", good, bad, "--format", "json")
    told = json.loads(out)
    assert code == 1
    assert [len(each["problems"]) for each in told] == [0, 1]
    problem = told[1]["problems"][0]
    assert (problem["path"], problem["line"], problem["column"]) == ("id", 1, 5)
    assert "secret" not in out


def test_check_prints_workflow_commands(run: Run, write: Write) -> None:
    """`--format github` escapes what a workflow command would take for its own."""
    bad = write("a,b.yaml", SMALL.replace("id: p-1", "id: 7"))
    gone = bad.with_name("50%.yaml")
    code, out, _ = run("check", bad, gone, "--format", "github")
    first, second = out.splitlines()
    assert code == 1
    assert "a%2Cb.yaml,line=1,col=5::id: a text is wanted" in first
    assert second.startswith("::error file=")
    assert "50%25.yaml::" in second


def test_check_of_good_files_prints_no_workflow_command(
    run: Run,
) -> None:
    """Where nothing is wrong `--format github` is silent."""
    assert run("check", SPM_B, "--format", "github") == (0, "", "")


def test_rubrics_are_listed(run: Run) -> None:
    """Each shipped rubric has a line that begins with its id."""
    _, out, _ = run("rubrics")
    assert tuple(line.split()[0] for line in out.splitlines()) == shipped_rubrics()


@pytest.mark.parametrize("name", shipped_rubrics())
def test_rubric_has_a_card(run: Run, name: str) -> None:
    """A card fits 80 columns, and tells weights, sources, unverified claims and timelines."""
    code, out, _ = run("rubrics", name)
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    for word in ("Illustrative", "weight ", "[S", "Unverified claim", "Reported, never scored"):
        assert word in " ".join(out.split())


@pytest.mark.parametrize("name", shipped_rubrics())
def test_template_loads_as_it_is(run: Run, write: Write, name: str) -> None:
    """A fresh template loads, and names every fact that its rubric asks for."""
    _, out, _ = run("template", name)
    file = write("packet.yaml", out)
    assert load_packet(file).rubric == name
    assert run("check", file)[0] == 0


def test_schema_of_a_rubric_lists_its_facts(run: Run) -> None:
    """With a rubric the schema enumerates the facts it asks for, each with its meaning."""
    _, out, _ = run("schema", "packet", "--rubric", "pure-storage-pm/l3-l4")
    choices = json.loads(out)["$defs"]["Measurement"]["properties"]["metric"]["oneOf"]
    names = {choice["const"]: choice["description"] for choice in choices}
    assert names["unit_arr_growth"].endswith(", in percent/year")
    assert "feature_adoption" not in names


def test_a_terminal_with_few_signs_gets_plain_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the bar's signs cannot be written, others stand for them; programs get UTF-8."""
    told = {}
    for form in ("text", "json"):
        kept = io.BytesIO()
        stream = io.TextIOWrapper(kept, encoding="cp1252")
        monkeypatch.setattr(sys, "stdout", stream)
        assert main(["score", str(SPM_B), "--format", form]) == 0
        stream.flush()
        told[form] = kept.getvalue()
        stream.detach()
    assert b"Rubric bar 0.75: not met." in told["text"]
    assert told["text"].isascii()
    assert Assessment.from_json(told["json"]).packet_id == "spm-b-2026h1"


def test_without_stdout_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """A windowed program has no stdout; the exit code still tells."""
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["check", str(SPM_B)]) == 0


class Full(io.StringIO):
    """A disk that is full, or a reader that has gone."""

    def __init__(self, error: OSError, number: int) -> None:
        super().__init__()
        self.error, self.number = error, number

    def write(self, _: str) -> int:
        """Fail."""
        raise self.error

    def fileno(self) -> int:
        """Return a number that may be pointed elsewhere."""
        return self.number


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (BrokenPipeError(32, "Broken pipe"), 0, ""),
        (OSError(28, "No space left on device"), 1, "stdout: cannot be written: No space left"),
    ],
)
def test_a_reader_that_has_gone_is_no_problem_and_a_full_disk_is(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: OSError,
    code: int,
    said: str,
) -> None:
    """`pmpromo rubrics | head` ends quietly; a disk without room is told on stderr."""
    number = os.dup(2)
    monkeypatch.setattr(sys, "stdout", Full(error, number))
    assert main(["rubrics"]) == code
    monkeypatch.undo()
    os.close(number)
    assert capsys.readouterr().err.startswith(said)


def test_a_name_of_a_file_is_shown_as_text(
    run: Run, write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whatever a file is called, no command prints a line or a sign that its name smuggled in."""
    monkeypatch.chdir(tmp_path)
    write("place\n::error::\x1b]8;;\u202e\r", SMALL)
    write("place\n::error::\x1b]8;;\u202e\r.yaml", SMALL)
    write("place\n::error::\x1b]8;;\u202e\r.jsonl", "{}\n")
    plain = [
        "place\n::error::\x1b]8;;\u202e\r" + ending for ending in ("", ".yaml", ".jsonl", ".gone")
    ]
    commands = (
        ["check"], ["check", "--format", "github"], ["score"], ["path"], ["explain"], ["verify"],
        ["committee"], ["impact"], ["lint"], ["import"], ["fit", "--rubric", "x", "-o", "model"],
        ["batch", "-o", plain[0] + ".out"], ["score", str(SPM_B), "--model"],
        ["committee", str(SPM_B), "--anchors"], ["report", str(SPM_B), "-o"],
        ["template", "pure-storage-pm/l3-l4", "-o"],
    )  # fmt: skip
    for command in commands:
        for name in plain:
            _, out, err = run(*command, name)
            for line in (out + err).split("\n"):
                assert line.isprintable(), command
                assert not line.startswith("::error::"), command


def test_module_is_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`python -m pmpromo` is the command, and takes its exit code."""
    monkeypatch.setattr(sys, "argv", ["pmpromo", "score", "none.yaml"])
    with pytest.raises(SystemExit) as stop:
        runpy.run_module("pmpromo", run_name="__main__")
    assert stop.value.code == 1
    assert capsys.readouterr().err == "none.yaml: no such file\n"
