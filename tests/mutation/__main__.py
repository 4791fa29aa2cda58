"""Seed faults and see whether tests notice: `PYTHONPATH=.:tests python -m mutation GROUP...`.

The groups are those of `killers.GROUPS`; without a name all of them run. What every mutant came to
is written to `--out`, one line of JSON each, and a mutant that stands there already is not met
again. The figures of each module are printed.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from importlib import import_module
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import hypothesis
import numpy as np
import pandas as pd
import pydantic
import pytest
import yaml
from hypothesis import HealthCheck, Phase, settings
from mutation.killers import GROUPS, Group
from mutation.meeting import Ended, Listener, Met, fail_first, meet, run_apart, run_soundly
from mutation.mutants import Mutant, choose
from mutation.places import Key, find_changes, gather_living, import_instead

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import CodeType

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGE: Final = ROOT / "pmpromo"
WARM: Final = (hypothesis, np, pd, pydantic, pytest, yaml)
"""Imported once, for all the children."""
IMPORTED: Final = 30
"""Processor seconds for imports, and for gathering tests."""
PYTEST: Final = (
    *("-q", "-s", "-p", "no:randomly", "-p", "no:cacheprovider"),
    *("-o", "tmp_path_retention_policy=none"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
NEEDED: Final = 1.96
"""Standard errors on each side of a share, for 95 in 100."""


class Seeded(NamedTuple):
    """A mutant, the file it belongs to, and the functions that differ, where only those do."""

    file: Path
    mutant: Mutant
    changes: dict[Key, CodeType] | None

    @property
    def mark(self) -> tuple[str, int, str, str]:
        """What tells it from other mutants."""
        module = str(self.file.relative_to(PACKAGE))
        return module, self.mutant.line, self.mutant.before, self.mutant.after


class Told(NamedTuple):
    """What the program that holds everything in memory says of one mutant."""

    place: int
    ended: Ended | None
    """None where it must be imported anew."""
    tests: list[str]


def main() -> None:
    """Run all groups that are asked for."""
    asked = _read_arguments()
    os.environ["HYPOTHESIS_PROFILE"] = "mutation"
    settings.register_profile(
        "mutation",
        max_examples=asked.examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    short = [name for name in asked.groups or GROUPS if not _run_group(GROUPS[name], asked)]
    if short:
        raise SystemExit(f"fewer noticed than are asked: {', '.join(short)}")


def _read_arguments() -> Namespace:
    parser = ArgumentParser("mutation")
    parser.add_argument("groups", nargs="*")
    parser.add_argument("--sample", type=int, default=40, help="mutants of a module at most")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--examples", type=int, default=15, help="examples of a law")
    parser.add_argument("--budget", type=float, default=3, help="seconds of tests for a mutant")
    parser.add_argument("--only", nargs="*", default=[], help="files to look at, of all there are")
    parser.add_argument("--again", type=Path, help="meet only what survived in this file")
    parser.add_argument("--out", type=Path, default=Path("mutation.jsonl"))
    return parser.parse_args()


def _run_group(group: Group, asked: Namespace) -> bool:
    """Let the mutants of a group meet their tests, and return whether enough were noticed."""
    ends = {
        **{mark: end for mark, end in _read_ends(asked.again) if end != "survived"},
        **dict(_read_ends(asked.out)),
    }
    drawn = [each for file in _list_files(group, asked.only) for each in _seed(file, group, asked)]
    left = [each for each in drawn if each.mark not in ends]
    Random(asked.seed).shuffle(left)  # noqa: S311  # so that a run that is ended early is a sample too
    with asked.out.open("a", encoding="utf-8") as out:
        for each, ended in _meet_all(left, group, asked.budget) if left else ():
            ends[each.mark] = ended.end
            names = ("module", "line", "before", "after")
            facts = {**dict(zip(names, each.mark, strict=True)), **ended._asdict()}
            print(json.dumps(facts), file=out, flush=True)
    return _tell([(each.mark[0], ends[each.mark]) for each in drawn]) >= group.least


def _read_ends(path: Path | None) -> Iterator[tuple[tuple[str, int, str, str], str]]:
    """Read which mutants were met, and how each ended."""
    if path is not None and path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            met = json.loads(line)
            yield (met["module"], met["line"], met["before"], met["after"]), met["end"]


def _list_files(group: Group, only: Sequence[str]) -> list[Path]:
    paths = [PACKAGE / room for room in group.rooms]
    files = [f for path in paths for f in (sorted(path.rglob("*.py")) if path.is_dir() else [path])]
    named = {str(file.relative_to(PACKAGE)): file for file in files}
    return [
        file
        for name, file in named.items()
        if name not in group.without and (not only or name in only)
    ]


def _seed(file: Path, group: Group, asked: Namespace) -> Iterator[Seeded]:
    text = file.read_text(encoding="utf-8")
    name = str(file.relative_to(PACKAGE))
    mutants, drawn_from = choose(text, group.tool, asked.sample, f"{asked.seed}:{name}")
    _say(f"{name}: {len(mutants)} of {drawn_from}")
    for mutant in mutants:
        yield Seeded(file, mutant, find_changes(text, mutant.text, str(file)))


def _tell(ends: Iterable[tuple[str, str]]) -> float:
    """Print the figures of each module, and return the share of all that was noticed."""
    counts: dict[str, Counter[str]] = {}
    for module, end in ends:
        for name in (module, "all"):
            counts.setdefault(name, Counter())[end] += 1
    for name, count in sorted(counts.items()):
        total = count.total()
        share = 1 - count["survived"] / total
        half = NEEDED * (share * (1 - share) / total) ** 0.5
        _say(f"{name}: {total - count['survived']} of {total} ({share:.1%} +- {half:.1%})")
    return 1 - counts["all"]["survived"] / counts["all"].total()


def _meet_all(
    seeded: Sequence[Seeded], group: Group, budget: float
) -> Iterator[tuple[Seeded, Ended]]:
    """Let all mutants meet their tests: first those that need no import, then the others."""
    paths = [str(PACKAGE / room) for room in group.rooms]
    paths += [str(ROOT / "tests" / test) for test in group.tests]
    seconds: dict[str, float] = {}
    anew: list[Told] = []
    for told in _hear(lambda tell: _serve(paths, seeded, budget, tell)):
        if isinstance(told, dict):
            seconds = told
        elif told[1] is None:
            anew.append(Told(*told))
        else:
            yield seeded[told[0]], Ended(*told[1])
    if not seconds:
        raise SystemExit("the tests could not be gathered")
    met = Met(seconds, {}, [], set())
    for each in anew:
        tests = each.tests or _within(met, seconds, budget)
        yield seeded[each.place], _meet_anew(seeded[each.place], paths, tests, met)


def _hear(run: Callable[[Callable[[object], None]], None]) -> Iterator[Any]:
    """Run in a child, and give what it tells, as it tells it."""
    heard, told = os.pipe()
    child = os.fork()
    if not child:
        os.close(heard)
        with os.fdopen(told, "w", encoding="utf-8") as pipe:
            run(lambda thing: print(json.dumps(thing), file=pipe, flush=True))
        os._exit(0)
    os.close(told)
    with os.fdopen(heard, encoding="utf-8") as pipe:
        yield from map(json.loads, pipe)
    os.waitpid(child, 0)


def _serve(
    paths: Sequence[str], seeded: Sequence[Seeded], budget: float, tell: Callable[[object], None]
) -> None:
    """Import and gather once; then let every mutant meet the tests that call it."""
    files = {str(each.file) for each in seeded}

    def run(listener: Listener, items: list[pytest.Item]) -> None:
        sys.settrace(None)
        for file in files:
            import_module(_name(Path(file)))
        living = gather_living(files)
        gc.collect()
        gc.freeze()
        met = run_soundly(listener, items)
        for test in met.failing:
            _say(f"fails without any fault, and meets no mutant: {test}")
        tell(met.seconds)
        by_name = {item.nodeid: item for item in items}
        for place, each in enumerate(seeded):
            changes = each.changes or {}
            tests = {test for key in changes for test in met.callers.get(key, ())}
            chosen = _within(met, tests, budget)
            ended = None
            if chosen and changes.keys() <= living.functions.keys():
                ended = meet(listener, [by_name[test] for test in chosen], (changes, living), met)
                if ended.end == "survived" and met.early & changes.keys():
                    ended = None  # what it did at import is still there
            tell(Told(place, ended, chosen))

    listener = Listener(run, files)
    sys.settrace(listener.watch)
    pytest.main([*paths, *PYTEST], plugins=[listener])


def _within(met: Met, tests: Iterable[str], budget: float) -> list[str]:
    """Return the tests that fit into a budget of seconds, quickest first."""
    spent = 0.0
    found: list[str] = []
    for test in sorted(tests, key=lambda test: (met.seconds[test], test)):
        spent += met.seconds[test]
        if spent > budget and found:
            break
        found.append(test)
    return found


def _meet_anew(each: Seeded, paths: Sequence[str], tests: Sequence[str], met: Met) -> Ended:
    """Import a mutant in a fresh program, and let tests meet it there."""

    def child() -> str:
        failed = ["no test was gathered"]

        def run(listener: Listener, items: list[pytest.Item]) -> None:
            by_name = {item.nodeid: item for item in items}
            chosen = [by_name[test] for test in tests if test in by_name]
            failed[0] = fail_first(listener, chosen, met.seconds)

        def begin() -> None:
            import_instead(_name(each.file), each.file, each.mutant.text)

        pytest.main([*paths, *PYTEST], plugins=[Listener(run, set(), begin)])
        return failed[0]

    return run_apart(child, IMPORTED + 5 * sum(met.seconds[test] for test in tests))


def _name(file: Path) -> str:
    """Return what a file is imported as."""
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  # a command prints


if __name__ == "__main__":
    main()
