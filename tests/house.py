"""The rules of the house, as functions that read source text and say what breaks them.

A *room* is a file or a folder directly inside the package. Rooms stand on floors. A module may
import from its own room and from rooms on lower floors, and from nowhere else: not inside a
function, not only for typing, not through `import_module`.
"""

from __future__ import annotations

import ast
import builtins
import math
import statistics
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

PACKAGE: Final = "pmpromo"

FLOORS: Final[tuple[tuple[str, ...], ...]] = (
    ("errors", "outputs"),
    ("words", "units", "digest", "pictures"),
    ("ladder",),
    ("requirement", "policy"),
    ("vocabulary", "wording"),
    ("card",),
    ("rubric",),
    ("packet", "result"),
    ("reading",),
    ("scoring",),
    ("readiness", "committee", "audit", "elicitation"),
    ("exchange",),
    ("report", "lint"),
    ("frame", "ratings", "sklearn", "gallery", "explanation", "tables"),
    ("decisions", "booklet", "form", "notice"),
    ("assessment",),
    ("batch", "advice", "recording"),
    ("arrow", "schemas"),
    ("__init__",),
    ("cli",),
    ("__main__",),
)
"""Lowest first. Rooms on one floor do not know each other.

The package itself, `__init__`, only gathers public names; the command uses them as anyone does.
"""

NEIGHBOURS: Final[Mapping[str, frozenset[str]]] = {
    "readiness": frozenset({"errors", "numpy", "pictures"}),
    "committee": frozenset({"errors", "numpy", "pictures"}),
    "audit": frozenset({"errors", "words", "digest", "reading", "pictures", "pydantic"}),
}
"""Rooms that may import still less than their floor allows, beside the standard library."""

KEEPERS: Final[Mapping[str, frozenset[str]]] = {
    "pandas": frozenset({"frame", "pictures", "tables"}),
    "narwhals": frozenset({"frame", "tables"}),
    "openpyxl": frozenset({"tables", "form"}),
    "pyarrow": frozenset({"arrow"}),
    "numba": frozenset({"scoring"}),
}
"""Heavy libraries, and the only rooms that may import them."""

ASLEEP: Final = ("pandas", "narwhals", "openpyxl", "pyarrow", "numba", "matplotlib")
"""What `import pmpromo` must not load."""

DECIDING: Final = frozenset({"decide", "promote", "reject"})
"""The library advises people who decide; no function of it has one of these names."""

CLOCK: Final = "no clock: take the date as an argument"
CHANCE: Final = "no hidden randomness: take a seed"
NETWORK: Final = "no network"
CODE: Final = "input is data, never code"
EVENTS: Final = "read YAML as events: the composer ends the process on deep nesting"

BANNED: Final[Mapping[str, str]] = {
    "time": CLOCK,
    "random": CHANCE,
    "secrets": CHANCE,
    "uuid": CHANCE,
    "socket": NETWORK,
    "ssl": NETWORK,
    "http": NETWORK,
    "urllib": NETWORK,
    "requests": NETWORK,
    "pickle": CODE,
    "marshal": CODE,
    "shelve": CODE,
}
"""Libraries that no module may import, and why."""

FORBIDDEN: Final[Mapping[str, str]] = {
    "datetime.*now": CLOCK,
    "datetime.*today": CLOCK,
    "pandas.*now": CLOCK,
    "pandas.*today": CLOCK,
    "local.*.now()": CLOCK,
    "local.*.today()": CLOCK,
    "builtins.eval": CODE,
    "builtins.exec": CODE,
    "numpy.load": CODE,
    "yaml.*load": EVENTS,
    "yaml.*load_all": EVENTS,
    "yaml.compose": EVENTS,
    "yaml.compose_all": EVENTS,
    "*.get_single_data": EVENTS,
    "*.get_single_node": EVENTS,
}
"""Full dotted names that no module may use (shell patterns), and why."""

AT_REST: Final = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
    ast.If,
)
"""What may stand at the top of a module, beside docstrings: definitions, no work."""

SEEDED: Final = frozenset(
    f"numpy.random.{name}"
    for name in ("default_rng", "BitGenerator", "Generator", "PCG64", "Philox", "SeedSequence")
)
"""What a module may use of numpy's random numbers; the rest shares one hidden state."""

MEDIAN_LINES: Final = 8
"""Half of all functions have at most so many lines of code."""

P95_LINES: Final = 30
"""Nineteen functions in twenty have at most so many lines of code."""

MOST_PARAMETERS: Final = 5
"""How many parameters a function may have; `self` and `cls` do not count."""

KEYWORD_RICH: Final = frozenset(
    {
        "advice.find.find_path",
        "committee.agreement.measure_agreement",
        "committee.model.fit_committee",
        "readiness.model.fit_readiness",
    }
)
"""Public functions whose keyword-only options are not counted as parameters."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One source file: its name below the package (`scoring.kernel`) and its text."""

    name: str
    text: str
    is_folder: bool = False

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text)

    @property
    def room(self) -> str:
        """The file or folder directly inside the package."""
        return self.name.partition(".")[0]

    @cached_property
    def functions(self) -> list[Function]:
        """Every function and method, also those inside others."""
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    @cached_property
    def aliases(self) -> dict[str, str]:
        """What each imported name stands for: `np` for `numpy`, `now` for `time.time`."""
        return dict(chain.from_iterable(_bound(self, node) for node in ast.walk(self.tree)))

    @cached_property
    def imports(self) -> dict[str, int]:
        """Everything imported, anywhere in the file, as full dotted names with their line."""
        found = (_imported(self, node) for node in ast.walk(self.tree))
        return dict(chain.from_iterable(found))


House = dict[str, Module]


def read_house(folder: Path) -> House:
    """Every module below a package folder, by name; the package itself is `__init__`."""
    return dict(_read(folder, path) for path in sorted(folder.rglob("*.py")))


def make_house(sources: Mapping[str, str]) -> House:
    """A house from names and texts, to show that a rule can fail."""
    folders = {name.rpartition(".")[0] for name in sources}
    return {
        name: Module(name, text, name in folders or name == "__init__")
        for name, text in sources.items()
    }


def find_homeless(house: House) -> list[str]:
    """Modules whose room has no floor."""
    rooms = set(chain.from_iterable(FLOORS))
    return [
        f"{module.name}: room '{module.room}' has no floor; add it to FLOORS in tests/house.py"
        for module in house.values()
        if module.room not in rooms
    ]


def find_climbing(house: House) -> list[str]:
    """Imports that go up, or sideways into another room of the same floor."""
    height = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
    return [
        f"{source}:{line}: imports {target}, which is not on a lower floor"
        for source, target, line in dict.fromkeys(_inner_imports(house))
        if _room(source) != _room(target)
        and height.get(_room(target), math.inf) >= height.get(_room(source), -1)
    ]


def find_circles(house: House) -> list[str]:
    """One circle of modules that import each other, if there is any."""
    graph: dict[str, set[str]] = {name: set() for name in house}
    for source, target, _ in _inner_imports(house):
        graph[source].add(target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        return [" <- ".join(circle.args[1])]
    return []


def find_strangers(house: House, known: Collection[str]) -> list[str]:
    """Imports that a room's own short list, or a library's keepers, do not allow.

    `known` are the names of the standard library.
    """
    return [
        f"{module.name}:{line}: '{module.room}' may not import {target}"
        for module in house.values()
        for target, line in module.imports.items()
        if not _is_welcome(module.room, _guest(target), known)
    ]


def find_deciding(house: House) -> list[str]:
    """Functions whose name claims to decide about a person."""
    return [
        f"{module.name}:{function.lineno}: a function called {function.name}"
        for module in house.values()
        for function in module.functions
        if function.name in DECIDING
    ]


def find_banned(house: House) -> list[str]:
    """Imports of libraries that exist to break a promise."""
    return [
        f"{module.name}:{line}: {target}: {BANNED[_room(target)]}"
        for module in house.values()
        for target, line in module.imports.items()
        if _room(target) in BANNED
    ]


def find_forbidden(house: House) -> list[str]:
    """Uses of names that break a promise: a clock, code from input, the YAML composer."""
    return [
        f"{module.name}:{line}: {name}: {reason}"
        for module in house.values()
        for name, line in sorted(set(_used(module)))
        for pattern, reason in FORBIDDEN.items()
        if fnmatchcase(name, pattern)
    ]


def find_restless(house: House) -> list[str]:
    """Work at import, and state that functions share through `global`.

    `__main__` is run and never imported, so it may work.
    """
    restless = (
        (module.name, node)
        for module in house.values()
        if module.name != "__main__"
        for node in (
            *(node for node in module.tree.body if not _is_at_rest(node)),
            *(node for node in ast.walk(module.tree) if isinstance(node, ast.Global)),
        )
    )
    return [f"{name}:{node.lineno}: {ast.unparse(node)[:60]}" for name, node in restless]


def find_unseeded(house: House) -> list[str]:
    """Random numbers from a shared state, or from a generator made without a seed."""
    unseeded = {
        f"{module.name}:{line}: {name}: make it with default_rng(seed)"
        for module in house.values()
        for name, line in chain(_used(module), _called_bare(module))
        if name.startswith("numpy.random.") and name.removesuffix("()") not in SEEDED
    }
    return sorted(unseeded)


def find_undocumented(house: House) -> list[str]:
    """Public definitions without a docstring, and public constants without a line of reason."""
    return [
        f"{module.name}: {name} has no docstring"
        for module in house.values()
        for name, documented in _public_definitions(module).items()
        if not documented
    ]


def find_undemonstrated(public: Mapping[str, object]) -> list[str]:
    """Public functions and classes whose docstring shows no example that runs."""
    return [
        f"{name} has no doctest"
        for name, value in public.items()
        if callable(value) and ">>> " not in (value.__doc__ or "")
    ]


def find_long(house: House) -> list[str]:
    """What the spread of function lengths exceeds, with the longest functions."""
    lengths = sorted(_lengths(house), reverse=True)
    if not lengths:
        return []
    lines = [count for count, _ in lengths]
    measures = (
        ("median", statistics.median(lines), MEDIAN_LINES),
        ("p95", lines[len(lines) // 20], P95_LINES),
    )
    longest = ", ".join(f"{name} {count}" for count, name in lengths[:5])
    return [
        f"{measure} {value} lines, at most {most}; longest: {longest}"
        for measure, value, most in measures
        if value > most
    ]


def find_wide(house: House, keyword_rich: Collection[str] = KEYWORD_RICH) -> list[str]:
    """Functions with too many parameters; options of the named exceptions do not count."""
    return [
        f"{module.name}.{function.name}:{function.lineno}: "
        f"{count} parameters, at most {MOST_PARAMETERS}"
        for module in house.values()
        for function in module.functions
        for count in [
            _count_parameters(function, f"{module.name}.{function.name}" not in keyword_rich)
        ]
        if count > MOST_PARAMETERS
    ]


def find_idle_exceptions(house: House, keyword_rich: Collection[str] = KEYWORD_RICH) -> list[str]:
    """Exceptions from the parameter rule that no function needs."""
    needed = {complaint.partition(":")[0] for complaint in find_wide(house, ())}
    return sorted(f"{name}: no longer needs an exception" for name in {*keyword_rich} - needed)


def _read(folder: Path, path: Path) -> tuple[str, Module]:
    parts = path.relative_to(folder).with_suffix("").parts
    is_folder = parts[-1] == "__init__"
    name = ".".join(parts[:-1] if is_folder and len(parts) > 1 else parts)
    return name, Module(name, path.read_text(encoding="utf-8"), is_folder)


def _room(name: str) -> str:
    """The first part of a dotted name: a room of ours, or a library."""
    return name.partition(".")[0]


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    """The full dotted name that a `from` import starts at, relative dots resolved."""
    if not node.level:
        return node.module or ""
    own = [] if module.name == "__init__" else module.name.split(".")
    parts = [PACKAGE, *own]
    up = node.level - (1 if module.is_folder else 0)
    return ".".join([*parts[: len(parts) - up], *([node.module] if node.module else [])])


def _bound(module: Module, node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            full = alias.name if alias.asname else _room(alias.name)
            yield alias.asname or full, full
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name, f"{_absolute(module, node)}.{alias.name}"


def _imported(module: Module, node: ast.AST) -> Iterator[tuple[str, int]]:
    if isinstance(node, ast.Import):
        yield from ((alias.name, node.lineno) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        start = _absolute(module, node)
        yield from ((f"{start}.{alias.name}", node.lineno) for alias in node.names)
    elif isinstance(node, ast.Call) and node.args:
        asked = node.args[0]
        if _is_importing(node.func) and isinstance(asked, ast.Constant):
            yield str(asked.value), node.lineno


def _is_importing(called: ast.expr) -> bool:
    return ast.unparse(called).endswith(("import_module", "__import__"))


def _inner_imports(house: House) -> Iterator[tuple[str, str, int]]:
    """Imports of the package's own modules: source, target, line."""
    for module in house.values():
        for full, line in module.imports.items():
            if _room(full) == PACKAGE:
                yield module.name, _module_of(full, house), line


def _module_of(full: str, house: Collection[str]) -> str:
    """The longest known module that a dotted name starts with."""
    parts = full.split(".")[1:]
    names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((name for name in names if name in house), "__init__")


def _guest(full: str) -> str:
    """The room of ours, or the library, that a dotted name belongs to."""
    first, _, rest = full.partition(".")
    return _room(rest) if first == PACKAGE else first


def _is_welcome(room: str, guest: str, known: Collection[str]) -> bool:
    if guest in KEEPERS and room not in KEEPERS[guest]:
        return False
    return room not in NEIGHBOURS or guest in {room, *NEIGHBOURS[room], *known}


def _used(module: Module) -> Iterator[tuple[str, int]]:
    """What is imported, read or called, as full dotted names; a call ends in `()`."""
    yield from module.imports.items()
    aliases = module.aliases
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute | ast.Name):
            yield _dotted(node, aliases), node.lineno
        elif isinstance(node, ast.Call):
            yield f"{_dotted(node.func, aliases)}()", node.lineno


def _called_bare(module: Module) -> Iterator[tuple[str, int]]:
    """Every call without arguments; its name ends in `(nothing)`."""
    aliases = module.aliases
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and not (node.args or node.keywords):
            yield f"{_dotted(node.func, aliases)}(nothing)", node.lineno


def _is_at_rest(node: ast.stmt) -> bool:
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_text or isinstance(node, AT_REST)


def _dotted(node: ast.expr, aliases: Mapping[str, str]) -> str:
    """The full name behind an expression; a name that nobody imported is `local`."""
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, aliases)}.{node.attr}"
    if isinstance(node, ast.Name):
        home = "builtins" if hasattr(builtins, node.id) else "local"
        return aliases.get(node.id, f"{home}.{node.id}")
    return "local"


def _public_definitions(module: Module) -> dict[str, bool]:
    """Public names defined at the top of a module, and whether a docstring stands with each."""
    listed = _listed(module)
    found: dict[str, bool] = {}
    for node, after in pairwise([*module.tree.body, ast.Pass()]):
        for name in _defined(node):
            if name in listed if listed is not None else not name.startswith("_"):
                found[name] = found.get(name, False) or _is_documented(node, after)
    return found


def _listed(module: Module) -> Sequence[str] | None:
    """The names in `__all__`, or None where there is no such list."""
    for node in module.tree.body:
        if "__all__" in _defined(node) and isinstance(node, ast.Assign | ast.AnnAssign):
            return [] if node.value is None else list(ast.literal_eval(node.value))
    return None


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, Function | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.AnnAssign):
        return [ast.unparse(node.target)]
    if isinstance(node, ast.Assign):
        return [ast.unparse(target) for target in node.targets]
    return []


def _is_documented(node: ast.stmt, after: ast.stmt) -> bool:
    if isinstance(node, Function | ast.ClassDef):
        return ast.get_docstring(node) is not None
    return isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)


def _lengths(house: House) -> Iterator[tuple[int, str]]:
    for module in house.values():
        for function in module.functions:
            yield _count_lines(module, function), f"{module.name}.{function.name}"


def _count_lines(module: Module, function: Function) -> int:
    """Lines that hold code: no blank lines, comments or docstrings."""
    lines = module.text.splitlines()
    numbers = set(range(function.lineno, (function.end_lineno or function.lineno) + 1))
    for node in ast.walk(function):
        numbers -= set(_docstring_lines(node))
    texts = (lines[number - 1].strip() for number in numbers)
    return sum(bool(text) and not text.startswith("#") for text in texts)


def _docstring_lines(node: ast.AST) -> Iterable[int]:
    if not isinstance(node, Function | ast.ClassDef) or ast.get_docstring(node) is None:
        return ()
    first = node.body[0]
    return range(first.lineno, (first.end_lineno or first.lineno) + 1)


def _count_parameters(function: Function, with_options: bool) -> int:  # noqa: FBT001
    arguments = function.args
    options = arguments.kwonlyargs if with_options else []
    named = [*arguments.posonlyargs, *arguments.args, *options]
    return sum(argument.arg not in {"self", "cls"} for argument in named)
