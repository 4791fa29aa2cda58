"""The commands path and compare: for people, for programs, and problems with their place."""

from __future__ import annotations

import json
from pathlib import Path as File
from typing import TYPE_CHECKING, Final

from pmpromo import (
    Comparison,
    Path,
    compare,
    find_path,
    load_packet,
    load_rubric,
    write_form,
)
from pmpromo.cli import main

if TYPE_CHECKING:
    import pytest

PACKETS: Final = File(__file__).parents[2] / "examples" / "packets"
PACKET: Final = str(PACKETS / "spm-b.yaml")
RUBRIC: Final = "pure-storage-pm/l3-l4"


def run(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """Run a command, and return what it prints."""
    assert main(words) == code
    printed = capsys.readouterr()
    return printed.err if code else printed.out


def test_path_prints_the_report(capsys: pytest.CaptureFixture[str], tmp_path: File) -> None:
    """What the function finds, the command prints; efforts come from a file."""
    packet = load_packet(PACKET)
    assert run(capsys, "path", PACKET) == f"{find_path(packet)}\n"
    file = tmp_path / "efforts.yaml"
    file.write_text("unmeasured: none\n", encoding="utf-8")
    told = run(capsys, "path", PACKET, "--efforts", str(file), "--limit", "1")
    assert told == f"{find_path(packet, efforts=file, limit=1)}\n"
    told = run(
        capsys, "path", PACKET, "--only", "work", "--rubric", RUBRIC, "--as-of", "2026-07-31"
    )
    assert "by new work alone" in told
    assert "as of 2026-07-31" in told


def test_path_follows_a_variant(capsys: pytest.CaptureFixture[str]) -> None:
    """Weights of a variant make another path."""
    rubric = load_rubric(RUBRIC).with_variant("xf80")
    told = run(capsys, "path", PACKET, "--variant", "xf80", "--format", "json")
    assert Path.from_json(told) == find_path(load_packet(PACKET), rubric)


def test_workbooks_are_read_too(capsys: pytest.CaptureFixture[str], tmp_path: File) -> None:
    """A packet in a workbook has the way of the same packet in YAML, and does not differ."""
    file = tmp_path / "spm-b.xlsx"
    file.write_bytes(write_form(load_rubric(RUBRIC), load_packet(PACKET)))
    assert run(capsys, "path", str(file)) == run(capsys, "path", PACKET)
    assert run(capsys, "compare", PACKET, str(file)) == run(capsys, "compare", PACKET, PACKET)


def test_path_explains_problems(capsys: pytest.CaptureFixture[str], tmp_path: File) -> None:
    """Efforts that are none are led to their place, and the exit code says so."""
    file = tmp_path / "efforts.yaml"
    file.write_text("unmeasured: 0\n", encoding="utf-8")
    told = run(capsys, "path", PACKET, "--efforts", str(file), code=1)
    assert "efforts.yaml:1:13: unmeasured: is no effort" in told
    assert "limit: is no number of routes" in run(capsys, "path", PACKET, "--limit", "0", code=1)


def test_compare_prints_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    """Two packets, or one packet on two days, as text and as JSON."""
    one, other = PACKETS / "weak-l3-l4.yaml", PACKETS / "strong-l3-l4.yaml"
    seen = compare(load_packet(one), load_packet(other))
    assert run(capsys, "compare", str(one), str(other)) == f"{seen}\n"
    told = run(capsys, "compare", str(one), str(other), "--rubric", RUBRIC, "--format", "json")
    assert Comparison.from_json(told) == seen
    assert json.loads(told)["rubric_id"] == RUBRIC
    days = ("--as-of", "2026-06-30", "--until", "2028-06-30")
    assert "ages are counted from 2028-06-30" in run(capsys, "compare", PACKET, PACKET, *days)
