"""The walkthroughs run as scripts, and as cells without a file behind them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from _pytest.capture import CaptureFixture

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
NAMES: Final = sorted(
    path.stem for path in EXAMPLES.glob("*_walkthrough.py") if path.stem != "readiness_walkthrough"
)
"""The one about readiness has a file of tests for itself."""

SAID: Final = {
    "cycle_walkthrough": (
        "1017 facts of 40 packets",
        "Not scored: 1 packet with 1 bad cell",
        "owner is no ownership; one of sole, led",
        "unlikely       27  0.19",
    ),
    "my_packet_walkthrough": ("named gain: +0.046, real gain: +0.046", "L4 to L5: proven 0.18"),
    "embedding_walkthrough": (
        "200 spm-b-2026h1 proven 0.645",
        "1 answer to 100 requests",
        "result_id: does not match the content",
        "(1, 0.645)",
        "refused: 1; input:2:",
    ),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_walkthrough_runs_and_says_what_it_is_about(
    name: str, capsys: CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run as the cells of a notebook, it ends without an error and prints its findings."""
    monkeypatch.chdir(EXAMPLES)
    text = (EXAMPLES / f"{name}.py").read_text(encoding="utf-8")
    cells: dict[str, object] = {}
    exec(compile(text, name, "exec"), cells)  # noqa: S102 - our own file
    told = capsys.readouterr().out
    assert [said for said in SAID[name] if said not in told] == []


@pytest.mark.parametrize("name", [*NAMES, "readiness_walkthrough"])
def test_a_walkthrough_is_cells(name: str) -> None:
    """It begins with a heading and has prose and code in turn, so that it opens as a notebook."""
    text = (EXAMPLES / f"{name}.py").read_text(encoding="utf-8")
    marks = re.findall(r"^# %%(.*)$", text, re.MULTILINE)
    assert text.startswith("# %% [markdown]\n# # ")
    assert len(marks) > 4
    assert {mark.strip() for mark in marks} == {"", "[markdown]"}
