"""One hostile file: what it holds, which hazard it stands for, and the one right answer to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["MARK", "Expected", "Hostile", "Reads", "Refused", "change", "read", "refuse"]

MARK: Final = "¦"
"""Stands in a text where the problem is expected; it is taken out before the file is written."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The file is refused: `said` is the code of a problem, or part of its line; `at` its place."""

    said: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Reads:
    """The file is read, and at `path` stands `value`."""

    path: str
    value: object


Expected = Refused | Reads


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file: its name (which tells how it is read), the hazard, its bytes, and the answer.

    `name` is ``KIND/what.ending``; the kind says which reader takes it.
    """

    name: str
    hazard: str
    data: bytes
    expected: Expected

    @property
    def kind(self) -> str:
        """Which reader takes it."""
        return self.name.partition("/")[0]


def change(base: str, old: str, new: str) -> str:
    """Return a good file with one piece changed."""
    assert old in base, old
    return base.replace(old, new, 1)


def refuse(name: str, hazard: str, text: str | bytes, said: str, at: str = "") -> Hostile:
    """Return a file that must be refused, at the mark if there is one."""
    if isinstance(text, bytes):
        return Hostile(name, hazard, text, Refused(said, at))
    before, mark, after = text.partition(MARK)
    line = before.count("\n") + 1
    column = len(before) - before.rfind("\n")
    place = f":{line}:{column}" if mark else at
    return Hostile(name, hazard, (before + after).encode(), Refused(said, place))


def read(name: str, hazard: str, text: str | bytes, path: str, value: object) -> Hostile:
    """Return a file that must be read, and what must then stand at a path."""
    data = text if isinstance(text, bytes) else text.encode()
    return Hostile(name, hazard, data, Reads(path, value))
