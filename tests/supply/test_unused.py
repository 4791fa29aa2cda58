"""What nobody uses is found, and what is used from outside is left alone."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Final

import pytest
from supply import unused

import pmpromo

if TYPE_CHECKING:
    from pathlib import Path


def test_what_vulture_prints_is_read() -> None:
    """A line gives file, line, kind and name; another line stops the reading."""
    lines = ["a/b.py:12: unused property 'near' (60% confidence)"]
    assert list(unused.read_vulture(lines)) == [unused.Found("a/b.py", 12, "property", "near")]
    with pytest.raises(ValueError, match="unreachable"):
        list(unused.read_vulture(["a.py:1: unreachable code after 'return' (100% confidence)"]))


def test_what_only_others_use_is_left_alone(tmp_path: Path) -> None:
    """Fields that a class declares, public names and excepted ones stay; the rest is named."""
    (tmp_path / "a.py").write_text("class A:\n    field: int\n    other = 1\n", encoding="utf-8")
    names = ("field", "other", "offered", "__dir__")
    found = [unused.Found("a.py", 1, "variable", name) for name in names]
    assert unused.find_unused(found, {"offered"}, tmp_path) == ["a.py:1: unused variable other"]


def test_exceptions_that_nothing_needs_are_named() -> None:
    """An exception goes when its reason has gone."""
    every = [unused.Found("a.py", 1, "method", name) for name in unused.CALLED]
    assert unused.find_idle(every) == []
    assert unused.find_idle(every[1:]) == [every[0].name]


def test_public_names_bring_their_attributes() -> None:
    """What a module lists is public, and so is what can be asked of it."""
    module = ModuleType("m")
    vars(module).update(__all__=["Text"], Text=str, hidden=1)
    public = unused.list_public([module])
    assert {"Text", "casefold"} <= public
    assert "hidden" not in public


ROOMS: Final = sorted({room.name for room in pkgutil.iter_modules(pmpromo.__path__)} - {"__main__"})


@pytest.mark.parametrize("room", ROOMS)
def test_every_name_that_a_room_lists_is_there(room: str) -> None:
    """What a room says it has can be taken from it."""
    module = import_module(f"pmpromo.{room}")
    assert [name for name in getattr(module, "__all__", []) if not hasattr(module, name)] == []
