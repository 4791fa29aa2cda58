"""Where a mutant differs from the module it came from, and how it is put in its place.

A mutant that differs only inside functions is put into the running program: the function stays, and
runs other code. Any other difference is read at import, so the module is imported anew.
"""

from __future__ import annotations

import functools
import gc
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from types import ModuleType

__all__ = ["Key", "Living", "find_changes", "gather_living", "import_instead", "swap"]

_FUNCTION: Final = 0x2
"""The flag of code that is a function, not the body of a class: CO_NEWLOCALS."""
_MEMORY: Final = type(functools.cache(len))


class Key(NamedTuple):
    """A function as its code knows it."""

    file: str
    line: int
    name: str


def find_changes(text: str, mutated: str, file: str) -> dict[Key, CodeType] | None:
    """Return the changed functions with their new code, or None if more than functions differ."""
    return _compare(compile(text, file, "exec"), compile(mutated, file, "exec"))


class Living(NamedTuple):
    """Functions of some files, by the code that they run, and all that the package remembers."""

    functions: dict[Key, list[FunctionType]]
    memories: list[Any]


def gather_living(files: Iterable[str]) -> Living:
    """Return every living function of these files, and every cache of the package."""
    wanted = {*files}
    found = Living({}, [])
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and thing.__code__.co_filename in wanted:
            found.functions.setdefault(name_code(thing.__code__), []).append(thing)
        elif isinstance(thing, _MEMORY) and str(thing.__module__).startswith("pmpromo"):
            found.memories.append(thing)
    return found


def swap(changes: dict[Key, CodeType], living: Living) -> None:
    """Give functions their changed code, and forget what was remembered."""
    for key, code in changes.items():
        for function in living.functions[key]:
            function.__code__ = code
    for memory in living.memories:
        memory.cache_clear()


def import_instead(module: str, path: Path, text: str) -> None:
    """From now on, import a module from another text than its file holds."""
    sys.meta_path.insert(0, _Finder(module, path, text))


def name_code(code: CodeType) -> Key:
    """Return the key of a function's code."""
    return Key(code.co_filename, code.co_firstlineno, code.co_qualname)


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self.text = text

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002  # as its base has it
        """Return the code of the other text."""
        return compile(self.text, self.path, "exec")


class _Finder(MetaPathFinder):
    def __init__(self, name: str, path: Path, text: str) -> None:
        self.name, self.path, self.text = name, path, text

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002  # as its base has it
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """Find the one module that is read from elsewhere."""
        if fullname != self.name:
            return None
        loader = _Loader(fullname, str(self.path), self.text)
        return spec_from_file_location(fullname, self.path, loader=loader)


def _compare(old: CodeType, new: CodeType) -> dict[Key, CodeType] | None:
    """Compare what runs at import, and collect the functions that differ."""
    olds, news = list(_inner(old)), list(_inner(new))
    if _outline(old) != _outline(new) or len(olds) != len(news):
        return None
    found: dict[Key, CodeType] = {}
    for before, after in zip(olds, news, strict=True):
        if before == after:
            continue
        if before.co_flags & _FUNCTION:
            if name_code(before) != name_code(after) or before.co_freevars != after.co_freevars:
                return None
            found[name_code(before)] = after
            continue
        inside = _compare(before, after)
        if inside is None:
            return None
        found |= inside
    return found


def _inner(code: CodeType) -> Iterator[CodeType]:
    return (constant for constant in code.co_consts if isinstance(constant, CodeType))


def _outline(code: CodeType) -> tuple[object, ...]:
    """Return what a body runs besides the functions that it makes."""
    constants = [
        "code" if isinstance(each, CodeType) else (type(each), repr(each))
        for each in code.co_consts
    ]
    return code.co_code, code.co_names, code.co_varnames, constants
