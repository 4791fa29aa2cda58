"""The house stands, and each of its rules can fail."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

import house
import pytest

import pmpromo

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT: Final = Path(__file__).resolve().parents[1]
STANDARD: Final = sys.stdlib_module_names


@pytest.fixture(scope="module")
def ours() -> house.House:
    """The package as it is today."""
    return house.read_house(ROOT / house.PACKAGE)


def find_strangers(built: house.House) -> list[str]:
    """Imports that a short list or a keeper does not allow."""
    return house.find_strangers(built, STANDARD)


RULES: Final = (
    house.find_homeless,
    house.find_climbing,
    house.find_circles,
    find_strangers,
    house.find_deciding,
    house.find_banned,
    house.find_forbidden,
    house.find_restless,
    house.find_unseeded,
    house.find_undocumented,
    house.find_long,
    house.find_wide,
    house.find_idle_exceptions,
)


@pytest.mark.parametrize("find", RULES, ids=lambda find: find.__name__)
def test_house_stands(ours: house.House, find: Callable[[house.House], list[str]]) -> None:
    """No module of the package breaks this rule."""
    complaints = find(ours)
    assert not complaints, "\n".join(complaints)


def test_house_is_not_empty(ours: house.House) -> None:
    """The rules are asked of real modules, under the names that the floors use."""
    assert {"errors", "words"} <= ours.keys()


def test_public_names_are_demonstrated() -> None:
    """Every public function and class shows an example that runs."""
    public = {name: getattr(pmpromo, name) for name in pmpromo.__all__}
    complaints = house.find_undemonstrated(public)
    assert not complaints, "\n".join(complaints)


def wake(statement: str) -> set[str]:
    """The heavy libraries that a statement loads in a fresh process."""
    script = f"{statement}\nimport sys\nprint(*({set(house.ASLEEP)} & sys.modules.keys()))"
    command = [sys.executable, "-c", script]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    return {*run.stdout.split()}


def test_import_is_light() -> None:
    """Importing the package leaves the heavy libraries asleep."""
    assert wake("import pmpromo") == set()


def test_import_budget_can_fail() -> None:
    """A heavy library that is awake is seen."""
    assert "narwhals" in wake("import narwhals")


def test_new_room_needs_a_floor() -> None:
    """A room without a floor is named, together with the place to add it."""
    built = house.make_house({"attic": "", "scoring.kernel": ""})
    assert house.find_homeless(built) == [
        "attic: room 'attic' has no floor; add it to FLOORS in tests/house.py"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "from pmpromo.audit.impact import ratio",
        "import pmpromo.audit.impact",
        "from pmpromo.audit import impact",
        "from ..audit import impact",
        "if TYPE_CHECKING:\n    from pmpromo.audit import impact",
        "def late():\n    from pmpromo.audit import impact",
        "importlib.import_module('pmpromo.audit.impact')",
        "__import__('pmpromo.audit')",
        "from pmpromo import assess",
        "import pmpromo",
    ],
)
def test_imports_go_down(line: str) -> None:
    """Scoring may import audit or the package itself in no way, however it is written."""
    built = house.make_house({"__init__": "", "audit": "", "audit.impact": "", "scoring.a": line})
    assert len(house.find_climbing(built)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "from pmpromo.errors import Problem",
        "from pmpromo import errors",
        "from .b import score",
        "from . import b",
        "import numpy",
    ],
)
def test_lower_floors_and_own_room_are_open(line: str) -> None:
    """A module may import from below and from its own room."""
    built = house.make_house(
        {"__init__": "", "errors": "", "scoring": "", "scoring.a": line, "scoring.b": ""}
    )
    assert house.find_climbing(built) == []


def test_neighbours_do_not_know_each_other() -> None:
    """Rooms on one floor may not import each other."""
    built = house.make_house({"committee": "import pmpromo.audit", "audit": ""})
    assert house.find_climbing(built) == [
        "committee:1: imports audit, which is not on a lower floor"
    ]


def test_circles_are_found() -> None:
    """Two modules of one room that import each other are named."""
    built = house.make_house(
        {"scoring": "", "scoring.a": "from . import b", "scoring.b": "from . import a"}
    )
    assert len(house.find_circles(built)) == 1
    assert "scoring.a" in house.find_circles(built)[0]


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("readiness.model", "from pmpromo.scoring import kernel"),
        ("readiness.model", "import pydantic"),
        ("committee.model", "from pmpromo import words"),
        ("scoring.table", "import pandas"),
        ("assessment", "def to_frame():\n    import pandas as pd"),
        ("cli", "from narwhals import from_native"),
    ],
)
def test_short_lists_hold(room: str, line: str) -> None:
    """Readiness and committee stand on numpy alone; pandas and narwhals live in one room."""
    assert len(find_strangers(house.make_house({room: line}))) == 1


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("readiness.model", "import numpy as np"),
        ("readiness.model", "from pmpromo.errors import DataError"),
        ("readiness.model", "from pmpromo.readiness.reliability import measure"),
        ("readiness.model", "import math"),
        ("frame", "import pandas, narwhals"),
    ],
)
def test_short_lists_let_in(room: str, line: str) -> None:
    """What a short list names is welcome, and so is the standard library."""
    assert find_strangers(house.make_house({room: line})) == []


@pytest.mark.parametrize("name", sorted(house.DECIDING))
def test_nothing_decides(name: str) -> None:
    """Neither a function nor a method may claim to decide."""
    source = f"class Committee:\n    async def {name}(self): ...\ndef {name}_not(): ..."
    assert len(house.find_deciding(house.make_house({"audit": source}))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "import socket",
        "import urllib.request",
        "from requests import get",
        "from time import time as clock",
        "def late():\n    from pickle import loads",
        "import_module('http.client')",
    ],
)
def test_banned_libraries_are_seen(source: str) -> None:
    """A library for clocks, chance, the network or code from input is seen however imported."""
    assert len(house.find_banned(house.make_house({"cli": source}))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\ndatetime.now()",
        "import datetime as dt\ndt.date.today()",
        "def age(day):\n    return day.today()",
        "eval('1')",
        "exec('1')",
        "import yaml\nyaml.load('a')",
        "from yaml import safe_load as read",
        "import yaml as y\ny.full_load_all('a')",
        "import yaml\nyaml.compose('a')",
        "reader.get_single_data()",
        "import numpy as np\nnp.load('a')",
    ],
)
def test_broken_promises_are_seen(source: str) -> None:
    """A clock, code from input and the YAML composer are seen under every name."""
    assert len(house.find_forbidden(house.make_house({"cli": source}))) == 1


def test_harmless_words_pass() -> None:
    """Names that only look like forbidden ones do not alarm."""
    source = (
        "import json, yaml\ntime = 1\njson.load(f)\nyaml.parse(f)\nself.eval(time)\na.today + 1"
    )
    built = house.make_house({"cli": source})
    assert (house.find_banned(built), house.find_forbidden(built)) == ([], [])


@pytest.mark.parametrize(
    "source",
    [
        "register('units')",
        "for name in names:\n    tables[name] = 1",
        "with open('table') as file:\n    TABLE = file.read()",
        "try:\n    import polars\nexcept ImportError:\n    polars = None",
        "def remember(value):\n    global LAST\n    LAST = value",
    ],
)
def test_work_at_import_is_seen(source: str) -> None:
    """Importing defines names and does nothing else; no function changes the module."""
    assert len(house.find_restless(house.make_house({"units": source}))) == 1


def test_definitions_are_no_work() -> None:
    """Docstrings, imports, constants, functions and classes may stand at the top."""
    source = '"""Says."""\nimport math\nK: Final = 3\n"""Why."""\ndef f(): ...\nclass C: ...'
    assert house.find_restless(house.make_house({"units": source, "__main__": "main()"})) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import numpy as np\nnp.random.default_rng()", 1),
        ("import numpy as np\nnp.random.normal", 1),
        ("from numpy.random import shuffle", 1),
        ("import numpy as np\nnp.random.default_rng(seed).normal(size=3)", 0),
        ("import numpy as np\ndef draw(rng: np.random.Generator): ...", 0),
    ],
)
def test_chance_needs_a_seed(source: str, found: int) -> None:
    """Random numbers come from a generator that was given its seed."""
    assert len(house.find_unseeded(house.make_house({"committee": source}))) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('__all__ = ["f"]\ndef f(): ...\ndef g(): ...', ["units: f has no docstring"]),
        ('__all__ = ["f"]\ndef f():\n    """Says."""', []),
        ("def f(): ...\ndef _g(): ...", ["units: f has no docstring"]),
        ('__all__: Final = ["K"]\nK: Final = 3', ["units: K has no docstring"]),
        ('__all__ = ["K"]\nK = 3\n"""Why three."""', []),
        ('__all__ = ["C"]\nclass C: ...', ["units: C has no docstring"]),
        ('__all__ = ["f"]\nfrom a import f', []),
    ],
)
def test_public_names_are_documented(source: str, found: list[str]) -> None:
    """A public name carries its docstring where it is defined."""
    assert house.find_undocumented(house.make_house({"units": source})) == found


def test_doctest_is_asked_for() -> None:
    """A public function without an example is named; a constant and a module need none."""
    bare = SimpleNamespace(f=lambda: None)
    assert house.find_undemonstrated({"f": bare.f, "K": 3, "house": house}) == ["f has no doctest"]


def body(lines: int) -> str:
    """A function with so many lines of code, and others that do not count."""
    code = "\n".join(f"    x = {line}" for line in range(lines - 1))
    return f'def f():\n    """Says.\n\n    Much.\n    """\n    # why\n\n{code}\n'


@pytest.mark.parametrize(
    ("lengths", "found"),
    [
        ([8, 8, 9], []),
        ([8, 9, 9], ["median 9 lines, at most 8"]),
        ([2] * 19 + [31], []),
        ([2] * 18 + [31] * 2, ["p95 31 lines, at most 30"]),
    ],
)
def test_lengths_are_measured(lengths: list[int], found: list[str]) -> None:
    """Docstrings, comments and blank lines do not count; the median and p95 do."""
    built = house.make_house({"units": "\n".join(map(body, lengths))})
    assert [line.partition(";")[0] for line in house.find_long(built)] == found


def test_no_functions_have_no_length() -> None:
    """A house without a function has nothing to measure."""
    assert house.find_long(house.make_house({"units": ""})) == []


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ("a, b, c, d, e", 0),
        ("a, b, c, d, e, f", 1),
        ("a, b, c, /, d, *, e, f", 1),
        ("self, a, b, c, d, e", 0),
        ("a, *rest, b, c, d, e, **more", 0),
    ],
)
def test_parameters_are_counted(arguments: str, found: int) -> None:
    """Five parameters at most, keyword-only ones among them, self not."""
    built = house.make_house({"units": f"def f({arguments}): ..."})
    assert len(house.find_wide(built)) == found


def test_options_of_named_exceptions_do_not_count() -> None:
    """An excepted function may have many options, but no sixth positional parameter."""
    names = {"units.f", "units.g", "units.h"}
    source = "def f(a, *, b, c, d, e, g): ...\ndef g(a, b, c, d, e, f): ...\ndef h(a): ..."
    built = house.make_house({"units": source})
    assert house.find_wide(built, names) == ["units.g:2: 6 parameters, at most 5"]
    assert house.find_idle_exceptions(built, names) == ["units.h: no longer needs an exception"]


def test_package_is_read_by_name(tmp_path: Path) -> None:
    """A folder's own file goes by the folder's name, the package's by `__init__`."""
    (tmp_path / "scoring").mkdir()
    for path in ("__init__.py", "cli.py", "scoring/__init__.py", "scoring/kernel.py"):
        (tmp_path / path).write_text("", encoding="utf-8")
    built = house.read_house(tmp_path)
    assert [*built] == ["__init__", "cli", "scoring", "scoring.kernel"]
    assert [module.is_folder for module in built.values()] == [True, False, True, False]
