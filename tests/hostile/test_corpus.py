"""Every hostile file is answered as it must be, within its limits, and opens nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from hostile.corpus import choose_sample, compute_digest, list_files
from hostile.files import Reads, Refused
from hostile.judge import find_breaches
from hostile.runner import may_open

from pmpromo.errors import DataError, Problem

RUNNER: Final = Path(__file__).with_name("runner.py")
DIGEST: Final = "d78bc05fe364bf30e491eabadff35975cf5435b520b57187c975296354833afc"
"""Of the names, bytes and expectations of all files: the same on every Python and platform."""

HAZARDS: Final = sorted({file.hazard for file in list_files()})

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="every file is read in a fork")


@cache
def run(*words: str) -> dict[str, Any]:
    """Read files in forked processes, and return what each came to by its name."""
    done = subprocess.run(  # noqa: S603 - our own runner
        [sys.executable, str(RUNNER), *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
        # Threads that a library starts would not be there in the copies.
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert not done.stderr, done.stderr
    return {told["name"]: told for told in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("hazard", HAZARDS)
def test_hazards_are_answered(hazard: str) -> None:
    """A sample of each hazard is refused at its place, or read to the right value."""
    told = run("--sample")
    wrong = {f.name: told[f.name]["wrong"] for f in choose_sample() if f.hazard == hazard}
    assert wrong
    assert {name: why for name, why in wrong.items() if why} == {}


@pytest.mark.slow
def test_every_file_is_answered() -> None:
    """Each file is refused at its place, or read to the right value, within its limits."""
    told = run()
    assert len(told) == len(list_files())
    assert {name: each["wrong"] for name, each in told.items() if each["wrong"]} == {}


@pytest.mark.slow
def test_large_files_are_answered() -> None:
    """Ten hostile megabytes take at most 2 s of processor time and 200 MB, and are refused."""
    assert {name: each["wrong"] for name, each in run("--large").items() if each["wrong"]} == {}


def test_files_are_the_same_everywhere() -> None:
    """One digest of all files holds on every Python, so that a finding can be told by its name."""
    assert compute_digest(list_files()) == DIGEST


def test_every_hazard_has_several_files() -> None:
    """There are more than four hundred files, at least three of each hazard, none of them twice."""
    files = list_files()
    assert len(files) > 400
    assert min(Counter(file.hazard for file in files).values()) >= 3
    assert len({(file.kind, file.data) for file in files}) == len(files)
    assert len({file.name for file in files}) == len(files)


def test_some_files_are_read() -> None:
    """A library that refused everything would not pass: one file in ten must be read."""
    expected = Counter(type(file.expected) for file in list_files())
    assert expected[Reads] > 0.1 * expected[Refused]


def test_judge_sees_what_is_not_safe_to_show() -> None:
    """An answer with a control character, too many lines, or too much of the input is a breach."""
    long = "x" * 86
    assert find_breaches(DataError([Problem("a", "wrong")]), long) == []
    assert find_breaches(DataError([Problem("a", long[:80])]), long) == []
    assert len(find_breaches(DataError([Problem("a", long)]), long)) == 1
    assert len(find_breaches(DataError([Problem("a", "\x1b[31m")]), "")) == 1
    assert len(find_breaches(DataError([Problem("a", "b\nc\n" * 11)]), "")) == 1
    assert find_breaches(DataError([]), "") == ["no problem"]
    assert find_breaches(DataError([Problem("a", "")]), "") == ["a problem without a message"]


def test_watch_lets_only_the_given_file_be_opened(tmp_path: Path) -> None:
    """Files of Python and of the library may be read, the given one too; nothing may be written."""
    given = os.path.realpath(tmp_path / "given.yaml")
    assert may_open(given, "rb", os.O_RDONLY, given)
    assert may_open(json.__file__, "rb", os.O_RDONLY, given)
    assert not may_open("/etc/passwd", "r", os.O_RDONLY, given)
    assert not may_open(str(tmp_path / "other.yaml"), "r", os.O_RDONLY, given)
    assert not may_open(given, "r+", os.O_RDONLY, given)
    assert not may_open(given, None, os.O_WRONLY, given)
