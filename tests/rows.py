"""Where each row of the source stands: in a rubric file, in a test, or in a reason.

``docs/coverage.yaml`` tells the rows in our own words. The rubric files name them under ``rows``.
Run this file to write ``docs/coverage.md`` anew; ``tests/rubrics/test_coverage.py`` holds it there.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
RUBRICS: Final = ROOT / "rubrics" / "pure-storage-pm"
TOLD: Final = ROOT / "docs" / "coverage.yaml"
PAGE: Final = ROOT / "docs" / "coverage.md"

HEAD: Final = """\
# What the article says, and where it stands

This page is written by `tests/rows.py` from [coverage.yaml](coverage.yaml) and the files in
[rubrics/pure-storage-pm](../rubrics/pure-storage-pm). Do not change it by hand.

## Each number that is asked, and its row

Figures are the article's; a share of 0 marks one that is shown and never scored. Weights, bars,
must-haves and all constants of the evidence policy are ours, with a reason in the file.

| rubric | criterion | requirement | asked | rows |
|---|---|---|---|---|
{numbers}
## Each row, and where it stands

The source is one unattributed web article. Each of its {total} statements has a row, told in our
own words, with the line it stands on. {named} rows stand in a rubric file, {tested} are held by a
test, {excused} have a reason beside them; every row is at least one of these.
`l3-l4 criteria.practice.builds_practice` is the requirement `builds_practice` of the criterion
`practice` in `l3-l4.yaml`.

| row | line | kind | what it says | where it stands |
|---|---|---|---|---|
"""

TARGETS: Final = ("at_least", "more_than", "at_most", "less_than", "between", "within")

Place = tuple[str, str]
"""A file's stem, and the path of an object inside it."""


def read_told(text: str) -> list[dict[str, Any]]:
    """Read the rows as they are told."""
    told: list[dict[str, Any]] = yaml.safe_load(text)
    return told


def read_files(folder: Path) -> dict[str, Any]:
    """Read every YAML file of a folder; ladder first, then the steps in their order."""
    paths = sorted(folder.glob("*.yaml"), key=lambda path: (path.stem != "ladder", path.stem))
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths}


def find_places(files: Mapping[str, Any]) -> dict[str, list[Place]]:
    """Return, for each row that is named, the objects that name it."""
    found: defaultdict[str, list[Place]] = defaultdict(list)
    for stem, content in files.items():
        for row, path in walk(content, ()):
            place = (stem, ".".join(path) or "itself")
            if place not in found[row]:
                found[row].append(place)
    return dict(found)


def walk(content: object, path: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each row named below `content`, with the path of the object that names it.

    >>> list(walk({"criteria": [{"id": "practice", "rows": ["S156"]}]}, ()))
    [('S156', ('criteria', 'practice'))]
    """
    if isinstance(content, list):
        for part in content:
            yield from walk(part, path + name_part(part))
    if isinstance(content, dict):
        for row in content.get("rows", ()):
            yield row, path
        for key, value in content.items():
            if isinstance(value, (dict, list)) and key != "rows":
                yield from walk(value, path if key in SILENT else (*path, key))


SILENT: Final = frozenset({"requirements", "readings"})
"""Keys that a path leaves out, because its other parts already say where it leads."""


def name_part(part: object) -> tuple[str, ...]:
    """Name one entry of a list by its id, its fact, its name, or the levels it leads between."""
    if not isinstance(part, dict):
        return ()
    if "current_level" in part:
        return (f"{part['current_level']} to {part['target_level']}",)
    return tuple(part[key] for key in ("id", "fact", "name") if key in part)[:1]


def find_missing_tests(told: Sequence[Mapping[str, Any]], root: Path) -> list[str]:
    """Return the tests that rows speak of and that do not exist."""
    named = sorted({row["test"] for row in told if "test" in row})
    return [test for test in named if not is_test(test, root)]


def is_test(name: str, root: Path) -> bool:
    """Tell whether a test called ``file::function`` exists."""
    path, _, function = name.partition("::")
    file = root / path
    if not file.is_file():
        return False
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == function for node in tree.body)


def write_page(told: Sequence[Mapping[str, Any]], files: Mapping[str, Any]) -> str:
    """Write the page that shows every number, and every row and where it stands."""
    places = find_places(files)
    head = HEAD.format(
        numbers="".join(write_cells(*cells) for cells in list_numbers(files)),
        total=len(told),
        named=sum(row["id"] in places for row in told),
        tested=sum("test" in row for row in told),
        excused=sum("reason" in row for row in told),
    )
    return head + "".join(write_row(row, places.get(row["id"], ())) for row in told)


def list_numbers(files: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Yield rubric, criterion, requirement, what is asked and rows, wherever a figure is asked."""
    for stem, content in files.items():
        for criterion in content.get("criteria", ()):
            for asked in criterion["requirements"]:
                if any(key in asked for key in TARGETS):
                    rows = ", ".join(asked["rows"])
                    yield stem, criterion["id"], asked["fact"], write_asked(asked), rows


def write_asked(asked: Mapping[str, Any]) -> str:
    """Write what a requirement asks of a figure, and of the figures beside it.

    >>> write_asked({"at_least": 8, "unit": "percent", "share": 0})
    'at least 8 percent; share 0'
    """
    (key,) = (key for key in TARGETS if key in asked)
    parts = [f"{key.replace('_', ' ')} {write_figure(asked[key])} {asked['unit']}"]
    if "change" in asked:
        parts.append(f"as {asked['change']} change")
    if "sustained" in asked:
        parts.append(f"for {asked['sustained']} months")
    parts += [f"with {side['fact']} {write_asked(side)}" for side in asked.get("provided", ())]
    if asked.get("share") == 0:
        parts.append("share 0")
    return "; ".join(parts)


def write_figure(figure: object) -> str:
    """Write a figure, a band or a tolerance.

    >>> write_figure([30, 35]), write_figure({"tolerance": 2, "read_as": "absolute", "of": 60})
    ('30 and 35', '2 (absolute) of 60,')
    """
    if isinstance(figure, list):
        return " and ".join(map(str, figure))
    if isinstance(figure, dict):
        return f"{figure['tolerance']} ({figure['read_as']}) of {figure['of']},"
    return str(figure)


def write_row(row: Mapping[str, Any], places: Sequence[Place]) -> str:
    """Write one line of the table."""
    stands = [write_places(places)] if places else []
    if "test" in row:
        stands.append(f"test `{row['test'].partition('::')[2]}`")
    if "reason" in row:
        stands.append(row["reason"])
    return write_cells(row["id"], row["line"], row["kind"], row["says"], "<br>".join(stands))


def write_cells(*cells: object) -> str:
    r"""Write one line of a table.

    >>> write_cells("a", 1)
    '| a | 1 |\n'
    """
    return f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in cells)} |\n"


def write_places(places: Sequence[Place]) -> str:
    """Write places file by file.

    >>> write_places([("ladder", "metrics.arr"), ("l3-l4", "criteria.arr")])
    'ladder `metrics.arr`<br>l3-l4 `criteria.arr`'
    """
    files: dict[str, list[str]] = {}
    for stem, path in places:
        files.setdefault(stem, []).append(f"`{path}`")
    return "<br>".join(f"{stem} {', '.join(paths)}" for stem, paths in files.items())


def build_page() -> str:
    """Write the page from the files as they are now."""
    told = read_told(TOLD.read_text(encoding="utf-8"))
    return write_page(told, read_files(RUBRICS))


if __name__ == "__main__":  # pragma: no cover
    PAGE.write_text(build_page(), encoding="utf-8", newline="\n")
