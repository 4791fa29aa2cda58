"""The package's names: each can be had, none costs before it is used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import pmpromo

ROOT: Final = Path(__file__).parents[1]


def test_every_public_name_has_a_room() -> None:
    """The table of rooms, `__all__` and `dir` name the same things."""
    assert sorted(pmpromo._HOME_OF) == sorted(pmpromo.__all__)
    assert dir(pmpromo) == sorted([*pmpromo.__all__, "__version__"])
    for name in pmpromo.__all__:
        assert getattr(getattr(pmpromo, name), "__name__", name) == name


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A name that is not there is told as Python tells it."""
    with pytest.raises(AttributeError, match="module 'pmpromo' has no attribute 'promote'"):
        pmpromo.__getattr__("promote")


def test_scoring_leaves_numpy_asleep() -> None:
    """Reading and scoring a packet needs no numpy; a forecast does."""
    code = (
        "import sys; from pmpromo import assess, parse_packet;"
        "p = parse_packet({'id': 'p', 'as_of': '2026-06-30', 'evidence': [],"
        " 'rubric': 'pure-storage-pm/l3-l4'}); a = assess(p); a.gaps;"
        "before = 'numpy' in sys.modules; a.readiness; print(before, 'numpy' in sys.modules)"
    )
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, encoding="utf-8"
    )
    assert done.stdout == "False True\n"
