"""The public names and what can be written with each, a line each, in the words of the source.

``python tests/platforms/api.py > tests/golden/api.txt`` writes them down after a change on purpose.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from functools import reduce
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Final

import pmpromo

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCE: Final = Path(__file__).parents[2] / "docs" / "reference" / "api.rst"
SHOWN: Final = re.compile(r"^\.\. auto(?:function|class):: pmpromo\.([\w.]+)$", re.MULTILINE)
ROLES: Final = {"cached_property", "classmethod", "property", "staticmethod"}
"""Decorators that change how a name is used."""

TOLD: Final = {"description", "examples"}
"""What a field tells its readers: words, which may change."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Unworder(ast.NodeTransformer):
    """Takes the words for readers out of fields."""

    def visit_Call(self, node: ast.Call) -> ast.Call:
        """Drop what only tells, and look further inside."""
        node.keywords = [each for each in node.keywords if each.arg not in TOLD]
        self.generic_visit(node)
        return node


def list_names() -> list[str]:
    """List what is exported, and what the reference shows of the rooms, with the errors."""
    shown = SHOWN.findall(REFERENCE.read_text(encoding="utf-8"))
    errors = (f"errors.{name}" for name in import_module("pmpromo.errors").__all__)
    return sorted({*pmpromo.__all__, *shown, *errors})


def find(name: str) -> object:
    """Return what a dotted name below the package stands for."""
    room, _, last = name.rpartition(".")
    home = import_module(f"pmpromo.{room}") if room else pmpromo
    return reduce(getattr, [last], home)


def describe(name: str) -> Iterator[str]:
    """Describe a public name: a function by its signature, a class by its members."""
    value = find(name)
    if inspect.isclass(value):
        yield f"class {name}"
        yield from sorted(set(describe_members(value)))
    elif inspect.isfunction(value):
        yield write_function(parse(value), name)
    else:
        yield f"{name}: {type(value).__name__}"


def describe_members(value: type) -> Iterator[str]:
    """Describe the public members of a class, also those it has from classes of ours."""
    for each in value.__mro__:
        if each.__module__.partition(".")[0] == "pmpromo":
            for node in ast.iter_child_nodes(parse(each)):
                yield from (f"    {line}" for line in describe_member(node))


def describe_member(node: ast.AST) -> Iterator[str]:
    """Describe a field or a method, unless its name is for the house alone."""
    if isinstance(node, Function) and not node.name.startswith("_"):
        roles = [ast.unparse(each) for each in node.decorator_list]
        marks = "".join(f"@{role} " for role in roles if role in ROLES)
        yield marks + write_function(node, node.name)
    elif isinstance(node, ast.AnnAssign) and not ast.unparse(node.target).startswith("_"):
        yield ast.unparse(node)


def write_function(node: ast.AST, name: str) -> str:
    """Write the signature of a function."""
    assert isinstance(node, Function)
    returned = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"def {name}({ast.unparse(node.args)}){returned}"


def parse(value: object) -> ast.AST:
    """Parse the source of a function or a class."""
    tree = Unworder().visit(ast.parse(dedent(inspect.getsource(value))))  # type: ignore[arg-type]
    return next(ast.iter_child_nodes(tree))


def describe_all() -> str:
    """Describe every public name."""
    return "".join(f"{line}\n" for name in list_names() for line in describe(name))


if __name__ == "__main__":
    sys.stdout.write(describe_all())
