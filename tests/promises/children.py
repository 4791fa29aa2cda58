"""Python in a process of its own: with the package under test, and with nothing else of ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pmpromo

HOUSE: Final = Path(pmpromo.__file__).parents[1]
"""Where the package under test lies; a copy of it, where a fault was sown."""

TESTS: Final = Path(__file__).parents[1]


def start(code: str, *words: str, **surroundings: str) -> subprocess.Popen[str]:
    """Start some code in a new process; `surroundings` are added to its environment."""
    path = os.pathsep.join([str(HOUSE), str(TESTS)])
    return subprocess.Popen(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code, *words],
        env={**os.environ, "PYTHONPATH": path, **surroundings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def finish_all(children: list[subprocess.Popen[str]]) -> list[str]:
    """Return what processes that run at one time wrote; all are waited for, whatever fails."""
    ended = [child.communicate(timeout=120) for child in children]
    for child, (_, complaints) in zip(children, ended, strict=True):
        assert child.returncode == 0, complaints[-3000:]
    return [told for told, _ in ended]


def run(code: str, *words: str, **surroundings: str) -> str:
    """Return what some code writes in a process of its own."""
    return finish_all([start(code, *words, **surroundings)])[0]
