"""A copy of the package with one fault sown, and one promise's test run against it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promises.mutants import Mutant

__all__ = ["FAILED", "PASSED", "find_test", "run_promise", "sow"]

ROOT: Final = Path(__file__).resolve().parents[2]
LONGEST: Final = 1200
"""Seconds that one promise's test may take before its run counts as neither passed nor failed."""

PASSED, FAILED = 0, 1
"""What pytest returns; anything else means that the tests did not run."""


class Outcome(NamedTuple):
    """What pytest returned, and the end of what it said."""

    code: int
    said: str


def find_test(promise: int) -> Path:
    """Return the one test file of a promise, from the root of the project."""
    (found,) = (ROOT / "tests" / "promises").glob(f"test_p{promise:02}_*.py")
    return found.relative_to(ROOT)


@contextmanager
def sow(mutant: Mutant | None) -> Iterator[Path]:
    """Give a folder that looks like the project, with one fault in it; without any for None.

    All files but the changed one are links, and compiled modules are taken from the original.
    """
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("tests", "examples", "rubrics", "docs", "pyproject.toml"):
            (copy / name).symlink_to(ROOT / name)
        _link_package(copy / "pmpromo")
        if mutant is not None:
            _change(copy / "pmpromo" / mutant.file, mutant)
        yield copy


def _link_package(package: Path) -> None:
    for path, folders, files in os.walk(ROOT / "pmpromo"):
        here = package / Path(path).relative_to(ROOT / "pmpromo")
        here.mkdir()
        if "__pycache__" in folders:
            folders.remove("__pycache__")
            (here / "__pycache__").symlink_to(Path(path, "__pycache__"))
        for name in files:
            (here / name).symlink_to(Path(path, name))


def _change(path: Path, mutant: Mutant) -> None:
    text = path.read_text("utf-8")
    path.unlink()
    path.write_text(text.replace(mutant.old, mutant.new), "utf-8")
    # No compiled module was made at this time, so none of the original is taken for it.
    os.utime(path, (1, 1))


def run_promise(copy: Path, promise: int) -> Outcome:
    """Run the tests of one promise, the slow ones too, against a copy of the package."""
    command = ["-m", "pytest", "-q", "-x", "-p", "no:randomly", "-p", "no:cacheprovider"]
    command += ["-m", "slow or not slow"]
    surroundings = {
        "PYTHONPATH": str(copy),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HYPOTHESIS_PROFILE": "ci",
    }
    done = subprocess.run(  # noqa: S603 - our own interpreter and tests
        [sys.executable, *command, str(find_test(promise))],
        cwd=copy,
        env={**os.environ, **surroundings},
        capture_output=True,
        check=False,
        text=True,
        timeout=LONGEST,
    )
    return Outcome(done.returncode, (done.stdout + done.stderr)[-3000:])
