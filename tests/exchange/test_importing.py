"""`pmpromo import` and `lint`: what they print, what they write, and what they leave alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from pmpromo import load_rubric
from pmpromo.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str, str]]

LADDER: Final = "skill,L1,L2,L3\nReach,Helps a team,Leads a team,Leads two\nCraft,Good,Better,\n"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command beside a ladder, and give back exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    Path("ladder.csv").write_text(LADDER, encoding="utf-8")

    def start(*words: str) -> tuple[int, str, str]:
        code = main(words)
        said = capsys.readouterr()
        return code, said.out, said.err

    return start


def test_import_writes_a_file_a_step(run: Run) -> None:
    """Each step is a file that loads as a rubric; the answer lists them."""
    code, out, err = run("import", "ladder.csv", "-o", "new/rubrics")
    assert (code, err) == (0, "")
    assert out.splitlines()[:2] == [
        "new/rubrics/l1-l2.yaml  Draft: L1 to L2, 2 criteria",
        "new/rubrics/l2-l3.yaml  Draft: L2 to L3, 1 criterion",
    ]
    assert load_rubric("new/rubrics/l2-l3.yaml").id == "ladder/l2-l3"


def test_import_writes_over_nothing(run: Run) -> None:
    """A draft on which somebody may have worked stays as it is, and no other file is written."""
    Path("l2-l3.yaml").write_text("mine\n", encoding="utf-8")
    code, _, err = run("import", "ladder.csv", "-o", ".")
    assert (code, err) == (
        1,
        "l2-l3.yaml: stands already; move it away, or name another folder\n",
    )
    assert Path("l2-l3.yaml").read_text(encoding="utf-8") == "mine\n"
    assert not Path("l1-l2.yaml").exists()


def test_import_into_a_file_is_refused(run: Run) -> None:
    """Where a file stands, no folder can be made."""
    code, _, err = run("import", "ladder.csv", "-o", "ladder.csv")
    assert (code, err) == (
        1,
        "ladder.csv: no folder can be made here: File exists; name another one\n",
    )


def test_lint_advises(run: Run) -> None:
    """What is found stands under its kind, and the exit code is that of no problem."""
    run("import", "ladder.csv", "-o", "new")
    code, out, err = run("lint", "new/l1-l2.yaml")
    assert (code, err) == (0, "")
    assert out == (
        "draft: nobody has weighed it yet\n"
        "  version: is 0-draft; weigh the criteria, read each line, then give it a version of its"
        " own\n"
        "missing: a point, a level or a target without words\n"
        "  craft, point 4: has no words yet; say what an observer sees there\n"
        "same neighbours: two points that say the same, so that nobody can choose between them\n"
        "  craft, points 2 and 3: differ in vague words alone; say what an observer sees only at"
        " the higher one\n"
        "vague: words that two readers read differently\n"
        "  craft, point 2: 'good'; by what would one tell?\n"
        "  craft, point 3: 'better'; by what would one tell?\n"
    )


def test_lint_has_nothing_to_say(run: Run) -> None:
    """A rubric in which nothing is found is told in one line."""
    text = """\
id: r
name: R
current_level: L1
target_level: L2
criteria:
- {id: c, name: C, weight: 1, requirements: [{fact: growth, at_least: 5, unit: percent}]}
"""
    Path("r.yaml").write_text(text, encoding="utf-8")
    assert run("lint", "r.yaml") == (0, "r: nothing to look at again\n", "")
