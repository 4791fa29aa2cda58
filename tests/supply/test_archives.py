"""What is released: built by named tools alone, and the same bytes whoever builds it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import requires
from pathlib import Path
from typing import TYPE_CHECKING, Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT: Final = Path(__file__).resolve().parents[2]
PINS: Final = ROOT / ".ci" / "build-requirements.txt"
PIN: Final = re.compile(r"^([a-z-]+)==([\d.]+) \\\n    --hash=sha256:([0-9a-f]{64})$", re.MULTILINE)


def read_pins() -> dict[str, Version]:
    """The tools that build, each with its one version."""
    return {name: Version(version) for name, version, _ in PIN.findall(PINS.read_text("utf-8"))}


def build(folder: Path, surroundings: Mapping[str, str], umask: int) -> dict[str, bytes]:
    """The archives that `.ci/build` makes with the tools of this environment."""
    subprocess.run(  # noqa: S603 - our own script
        ["bash", str(ROOT / ".ci" / "build"), str(folder)],  # noqa: S607
        env={**os.environ, "TOOLS": sys.executable, **surroundings},
        umask=umask,
        cwd=folder.parent,
        capture_output=True,
        check=True,
    )
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_tool_has_one_version_and_one_digest() -> None:
    """Nothing stands in the file of pins but comments, and names with version and SHA-256."""
    rest = PIN.sub("", PINS.read_text("utf-8"))
    assert len(read_pins()) == 6
    assert [line for line in rest.splitlines() if line and not line.startswith("#")] == []


def test_what_is_asked_for_is_what_is_pinned() -> None:
    """The pinned version of the build's one requirement fits what pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (asked,) = map(Requirement, project["build-system"]["requires"])
    assert read_pins()[asked.name] in asked.specifier


FOR_USERS: Final = {"arrow", "excel", "fast", "png", "sklearn"}
"""Extras that the package itself imports from; the others are for those who work on it."""


def test_every_extra_is_for_users_or_for_us() -> None:
    """Only the first must be imported by the package; a new extra is put on one side."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    ours = project["tool"]["deptry"]["optional_dependencies_dev_groups"]
    assert {*ours} | FOR_USERS == project["project"]["optional-dependencies"].keys()
    assert FOR_USERS.isdisjoint(ours)


def list_needs(name: str) -> list[Requirement]:
    """What an installed library needs here, without its extras."""
    needs = map(Requirement, requires(name) or [])
    return [need for need in needs if need.marker is None or need.marker.evaluate({"extra": ""})]


def test_what_a_pinned_tool_needs_is_pinned() -> None:
    """The build's one requirement brings in nothing, however far down, that has no digest."""
    pins, waiting, seen = read_pins(), ["hatchling"], set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        for need in list_needs(name):
            assert pins[canonicalize_name(need.name)] in need.specifier, f"{name} needs {need}"
            waiting += {canonicalize_name(need.name)} - seen
    assert {"hatchling", "packaging", "pluggy"} <= seen


def test_the_build_hears_nothing_of_its_surroundings(tmp_path: Path) -> None:
    """Mask of rights, clock zone, language, a time that is asked for, hash seed: the same bytes."""
    plain = build(tmp_path / "plain", {}, 0o022)
    odd = {
        "HOME": str(tmp_path),
        "LC_ALL": "C",
        "PYTHONHASHSEED": "1",
        "SOURCE_DATE_EPOCH": "1",
        "TZ": "Asia/Kathmandu",
    }
    assert build(tmp_path / "an odd place", odd, 0o077) == plain
    assert {name.rpartition(".")[2] for name in plain} == {"gz", "whl"}
