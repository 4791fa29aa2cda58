"""P11: no pattern of ours takes more than linear time, and no reading does, whatever the text."""

from __future__ import annotations

import ast
import pkgutil
import re
import time
from functools import cache, partial
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from promises.choosing import choose
from promises.doors import PACKET, make_rubric

import pmpromo
from pmpromo import import_ladder, parse_packet, parse_rubric
from pmpromo.errors import PmpromoError
from pmpromo.words import FORMS, is_identifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

QUICK: Final = (22, 25, 400, 4000)
THOROUGH: Final = (*QUICK, 15_000)
"""Signs of a text: enough for an exponential, a cubic, a quadratic pattern to be seen."""

LIMIT: Final = 0.03
"""Seconds of the processor for one text. A linear pattern takes a hundredth of it; a quadratic one
takes some tenths for 4000 signs, a cubic one for 400, an exponential one for 25."""

PIECES: Final = (
    *"a0_-.:/ |#*`[(!<\\\t\n\r=\"'~?@\u0301\u0915\u200d\u202e",
    "a.",
    "a-",
    "a_",
    "0.",
    "1e",
    "[a",
    "](",
    "[]",
    "<br",
    "**",
    "a*",
    "_x0",
    "sep=",
    "S1",
    "AB1",
    "peer:",
    "a\u0301",
)
"""What a text is pumped from."""

ENDS: Final = ("!", "", "\n", "\x00", "]")
"""What may make a pattern fail at the end of all."""


def list_modules() -> Iterator[str]:
    """Yield the name of every module of the package that can be imported here."""
    for each in pkgutil.walk_packages(pmpromo.__path__, "pmpromo."):
        if each.name != "pmpromo.__main__":
            yield each.name


@cache
def list_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return every pattern of the package: compiled ones, those of names, and those of fields."""
    found: dict[str, re.Pattern[str]] = {}
    for name in list_modules():
        try:
            module = import_module(name)
        except ImportError:
            continue  # an extra that is not installed
        for key, value in vars(module).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                found[f"{name}.{key}"] = value
    found |= {f"form {number}": re.compile(form) for number, form in enumerate(FORMS)}
    found |= {f"{place}": re.compile(text) for place, text in list_written()}
    return tuple(
        {
            (each.pattern, each.flags): (name, each) for name, each in reversed(found.items())
        }.values()
    )


def list_written() -> Iterator[tuple[str, str]]:
    """Yield every pattern that is written where it is used: ``re.findall("...", text)``."""
    for path in sorted(Path(pmpromo.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "re"
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and isinstance(node.args[0].value, str)
            ):
                yield f"{path.name}:{node.lineno}", node.args[0].value


def measure(work: Callable[[], object]) -> float:
    """Return the time of the processor that some work takes, the least of two if it is long."""
    times = []
    for _ in range(2):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
        if times[-1] < LIMIT:
            break
    return min(times)


def find_slow(
    pattern: re.Pattern[str], sizes: Sequence[int] = QUICK, ends: Sequence[str] = ENDS[:1]
) -> str | None:
    """Return a text over which a pattern takes too long, or none."""
    for size, piece, end in product(sizes, PIECES, ends):
        text = (piece * (size // len(piece) + 1)) + end
        for use in (pattern.fullmatch, pattern.search):
            if measure(partial(use, text)) > LIMIT:
                return f"{size} signs of {piece!r}, then {end!r}"
    return None


def test_patterns_are_found() -> None:
    """The search for patterns finds those that are known to be there."""
    names = {name for name, _ in list_patterns()}
    assert {"pmpromo.reading.numbers._NUMBER", "pmpromo.frame.voices._VOICE"} <= names
    assert len(names) >= 35


@pytest.mark.parametrize(
    "at", choose(range(len(list_patterns())), 6), ids=lambda at: list_patterns()[at][0]
)
def test_a_pattern_is_linear(at: int) -> None:
    """Texts pumped from many pieces are matched and searched in no time."""
    name, pattern = list_patterns()[at]
    assert find_slow(pattern) is None, name


@pytest.mark.slow
@pytest.mark.parametrize("at", range(len(list_patterns())), ids=lambda at: list_patterns()[at][0])
def test_a_pattern_is_linear_whatever_comes_at_the_end(at: int) -> None:
    """The same of longer texts, with five endings."""
    name, pattern = list_patterns()[at]
    assert find_slow(pattern, THOROUGH, ENDS) is None, name


@pytest.mark.parametrize(
    "slow", [r"(a+)+", r"(?:a|a)*b", r"a*a*a*b", r"^(?:[a-z0-9]+[._-]?)*$", r"a[^b]*b"]
)
def test_a_slow_pattern_is_found(slow: str) -> None:
    """Exponential, cubic and quadratic patterns are told from linear ones."""
    assert find_slow(re.compile(slow), THOROUGH) is not None


LONG: Final = 12_000
"""Signs of a text that is read whole."""


@pytest.mark.parametrize("piece", ["a", "a.", "1e", "[a](", "a\u0301"])
def test_reading_a_long_text_is_linear(piece: str, tmp_path: Path) -> None:
    """A pumped text as name, day, figure, unit, title and cell is read or refused in no time."""
    text = piece * (LONG // len(piece))
    item = {"id": "a", "title": text, "ended": text, "facts": [{"metric": text, "unit": text}]}
    page = tmp_path / "ladder.md"
    page.write_text(f"| competency | L1 | L2 |\n|---|---|---|\n| Reach | {text} | b |\n", "utf-8")
    make_rubric()

    def work() -> None:
        for read in (
            lambda: parse_packet({**PACKET, "id": text, "evidence": [item]}),
            lambda: parse_packet(f"id: {text}\nevidence: {text}\n", format="yaml"),
            lambda: parse_rubric({"id": text, "name": text, "version": text}),
            lambda: import_ladder(page),
        ):
            try:
                read()
            except PmpromoError:
                continue
        assert not is_identifier(text)

    assert measure(work) < 10 * LIMIT
