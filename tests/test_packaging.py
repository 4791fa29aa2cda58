"""What a user gets: the wheel, the source archive, and an editable install, each really built."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from email.parser import HeaderParser
from pathlib import Path
from typing import Final, NamedTuple

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]

LOOK: Final = """
import json, pathlib
from importlib.metadata import entry_points
import pmpromo

(command,) = entry_points(group="console_scripts", name="pmpromo")
print(json.dumps({
    "home": str(pathlib.Path(pmpromo.__file__).parent),
    "rubrics": [name for name in pmpromo.shipped_rubrics() if pmpromo.load_rubric(name)],
    "command": command.load().__module__,
}))
"""
"""Asks an installed package, from the inside, where it lives and what it ships."""


class Sight(NamedTuple):
    """What a fresh interpreter sees of an installed package."""

    home: str
    rubrics: list[str]
    command: str


def run(*command: str | Path, cwd: Path) -> str:
    """The output of a command that sees nothing of this checkout but what it is given."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(  # noqa: S603
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(kind: str, source: Path, folder: Path) -> Path:
    """The one archive of this kind, built offline from a source folder."""
    options = (f"--{kind}", "--no-isolation", "--outdir", folder)
    run(sys.executable, "-m", "build", *options, source, cwd=source)
    (archive,) = folder.iterdir()
    return archive


def look(folder: Path, *what: str | Path) -> Sight:
    """What a new environment sees after `pip install` of one thing, without a network.

    The libraries that pmpromo needs come from the environment that runs the tests.
    """
    venv.create(folder, symlinks=os.name == "posix")
    place = {"base": str(folder), "platbase": str(folder)}
    python = Path(sysconfig.get_path("scripts", "venv", place)) / "python"
    libraries = Path(sysconfig.get_path("purelib", "venv", place))
    (libraries / "zz_libraries.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet")
    run(*pip, "--no-index", "--no-deps", "--no-build-isolation", *what, cwd=folder)
    return Sight(**json.loads(run(python, "-c", LOOK, cwd=folder)))


def rubric_files() -> set[str]:
    """The files of the top folder `rubrics`, with slashes."""
    paths = (path for path in (ROOT / "rubrics").rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in paths}


def rubric_ids() -> list[str]:
    """The rubric of each step, as `ladder/step`."""
    paths = (ROOT / "rubrics").glob("*/l[0-9]*.yaml")
    return sorted(f"{path.parent.name}/{path.stem}" for path in paths)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the checkout."""
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source archive of the checkout."""
    return build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


def test_there_are_rubrics() -> None:
    """The checks below ask for real files: each step of the ladder has a rubric."""
    assert {"pure-storage-pm/l1-l2", "pure-storage-pm/l5-l6"} <= set(rubric_ids())


def test_wheel_holds_the_package_and_its_rubrics(wheel: Path) -> None:
    """The rubrics move into the package; tests, docs and examples stay out."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {f"pmpromo/{name}" for name in rubric_files()} | {"pmpromo/py.typed"} <= names
    assert {name.partition("/")[0] for name in names} == {"pmpromo", "pmpromo-0.1.0.dist-info"}


def test_wheel_needs_five_libraries(wheel: Path) -> None:
    """The core asks for five libraries, and carries its licence."""
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read("pmpromo-0.1.0.dist-info/METADATA").decode()
    head = HeaderParser().parsestr(text)
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    core = [line for line in head.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert sorted(core) == sorted(asked)
    assert len(core) == 5
    assert (head["License-Expression"], head["License-File"]) == ("Apache-2.0", "LICENSE")


def test_sdist_holds_all_it_takes_to_check_it(sdist: Path) -> None:
    """The source archive has the rubrics where the repository has them, and the tests."""
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert rubric_files() | {"README.md", "SECURITY.md", "tests/house.py", ".ci/build"} <= names
    assert not any(name.startswith((".git/", ".venv", "pmpromo/rubrics")) for name in names)


def test_builds_are_reproducible(wheel: Path, sdist: Path, tmp_path: Path) -> None:
    """A wheel built from the source archive elsewhere is, byte for byte, the same wheel."""
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    for path in unpacked.rglob("*"):
        os.utime(path, (1e9, 1e9))
    again = build("wheel", unpacked, tmp_path / "wheel")
    assert again.read_bytes() == wheel.read_bytes()
    assert build("sdist", unpacked, tmp_path / "sdist").read_bytes() == sdist.read_bytes()


def test_wheel_installs(wheel: Path, tmp_path: Path) -> None:
    """An installed wheel finds its rubrics inside itself, and its command."""
    seen = look(tmp_path / "venv", wheel)
    assert Path(seen.home).is_relative_to(tmp_path)
    assert sorted(seen.rubrics) == rubric_ids()
    assert seen.command == "pmpromo.cli.commands"


def test_editable_installs(tmp_path: Path) -> None:
    """An editable install runs from the checkout, and finds the rubrics beside the package."""
    seen = look(tmp_path / "venv", "--editable", ROOT)
    assert Path(seen.home) == ROOT / "pmpromo"
    assert sorted(seen.rubrics) == rubric_ids()
    assert seen.command == "pmpromo.cli.commands"


def test_sdist_installs(sdist: Path, tmp_path: Path) -> None:
    """The source archive installs as the wheel does."""
    seen = look(tmp_path / "venv", sdist)
    assert Path(seen.home).is_relative_to(tmp_path)
    assert sorted(seen.rubrics) == rubric_ids()
