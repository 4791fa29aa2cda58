"""What vulture calls unused, less what is used from outside: `vulture pmpromo | unused.py`.

vulture knows no user of a library. So what a user reads or calls is left out: public names and
their attributes, declared fields of nouns and results, and what other libraries call by name.
"""

from __future__ import annotations

import ast
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from types import ModuleType

SAID: Final = re.compile(r"^(?P<file>.+?):(?P<line>\d+): unused (?P<kind>[\w ]+) '(?P<name>\w+)'")

PUBLIC: Final = ("pmpromo", "pmpromo.arrow", "pmpromo.audit", "pmpromo.errors", "pmpromo.recording")
"""Modules whose lists of names are for users."""

CALLED: Final = {
    "__dir__": "Python asks it what a module has",
    "__getattr__": "Python asks it for names that are loaded when used",
    "_check_range": "pydantic calls it: a validator of a model",
    "_check_weighting": "pydantic calls it: a validator of a model",
    "_settle_ladder": "pydantic calls it: a validator of a model",
    "apply": "users call it of a route that find_path found",
    "compress_type": "zipfile reads it of an entry",
    "default_factory": "collections.defaultdict reads it",
    "emit_warning": "pydantic's generator of schemas calls it",
    "font": "openpyxl writes it into a cell",
    "freeze_panes": "openpyxl writes it into a sheet",
    "ignore_aliases": "yaml asks a dumper for it",
    "model_config": "pydantic reads it of a model",
    "multi_class": "scikit-learn reads it of an estimator's tags",
    "pmpromo_result": "a parameter whose name keeps a frame's attribute apart",
    "poor_score": "scikit-learn reads it of an estimator's tags",
    "predict_interval": "users call it of pmpromo.sklearn's classifier",
    "quotePrefix": "openpyxl writes it into a cell",
    "to_columns": "users call it of what assign_raters gives",
    "to_rubric": "users call it of weights that were learned",
}
"""Names that somebody outside looks up, and who does."""


class Found(NamedTuple):
    """One thing that nobody in the package uses."""

    file: str
    line: int
    kind: str
    name: str


def read_vulture(lines: Iterable[str]) -> Iterator[Found]:
    """Read what vulture prints; raise where it prints something else."""
    for line in lines:
        said = SAID.match(line)
        if said is None:
            raise ValueError(line)
        yield Found(said["file"], int(said["line"]), said["kind"], said["name"])


def list_public(modules: Iterable[ModuleType]) -> set[str]:
    """Names that modules list as theirs, with the attributes of each."""
    named = [
        (name, getattr(module, name)) for module in modules for name in vars(module)["__all__"]
    ]
    return {name for name, _ in named} | {inner for _, value in named for inner in dir(value)}


def list_fields(text: str) -> set[str]:
    r"""Names that classes of a module declare with a type: what a file or a result holds.

    >>> sorted(list_fields("class A:\n    x: int\n    y = 1\nz: int = 3"))
    ['x']
    """
    return {
        node.target.id
        for cls in ast.walk(ast.parse(text))
        if isinstance(cls, ast.ClassDef)
        for node in cls.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }


def find_unused(found: Iterable[Found], public: Collection[str], root: Path) -> list[str]:
    """What remains when everything that is used from outside is left out."""
    return [
        f"{each.file}:{each.line}: unused {each.kind} {each.name}"
        for each in found
        if each.name not in public
        and each.name not in CALLED
        and each.name not in list_fields((root / each.file).read_text(encoding="utf-8"))
    ]


def find_idle(found: Iterable[Found]) -> list[str]:
    """Exceptions that nothing needs."""
    return sorted(CALLED.keys() - {each.name for each in found})


def main() -> int:
    """Judge what vulture says on the standard input."""
    found = list(read_vulture(sys.stdin))
    public = list_public(import_module(name) for name in PUBLIC)
    complaints = [
        *find_unused(found, public, Path.cwd()),
        *(f"tests/supply/unused.py: {name} needs no exception" for name in find_idle(found)),
    ]
    print(*complaints or [f"{len(found)} names, each used from outside"], sep="\n")  # noqa: T201
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main())
