"""What somebody who embeds the library and distrusts it would try first."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import traceback
from contextlib import suppress
from copy import deepcopy
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import pytest
from pages import ROOT

from pmpromo import assess, load_packet, load_rubric, parse_packet, parse_rubric
from pmpromo.errors import PacketError, PmpromoError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PLACES: Final = ("secret.yaml", "a/b.json", "home/secret.yaml", "C:/secret.yaml", "secret")
"""Names of files that are good enough names of rubrics, ladders and pages to be written there."""

WATCHED: Final = """
import json, os, sys
from contextlib import suppress
from pmpromo import *
from pmpromo.errors import PmpromoError

packets, rubrics = json.loads(sys.stdin.read())
with open("packet.json", "w") as file:
    json.dump(packets[0], file)

def use(packet):
    for ask in (assess, find_path):
        with suppress(PmpromoError):
            ask(packet)

use(load_packet("packet.json"))
found = []
AT_WORK = ("open", "os.", "socket.", "subprocess.", "shutil.", "ctypes.", "webbrowser.")
sys.addaudithook(lambda event, about: event.startswith(AT_WORK) and found.append((event, about)))
for packet in packets:
    with suppress(PmpromoError):
        use(parse_packet(json.dumps(packet)))
for rubric in rubrics:
    with suppress(PmpromoError):
        parse_rubric(json.dumps(rubric))
quiet = list(found)
with suppress(OSError):
    open("secret.yaml")
print(len(quiet), *quiet, len(found) - len(quiet))
"""
"""Uses packets and rubrics under an audit hook, and at last opens a file, which the hook sees."""


def list_places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of everything inside a tree of JSON."""
    inside: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    for key, inner in inside:
        yield (*path, key)
        yield from list_places(inner, (*path, key))


def put(tree: Any, path: tuple[str | int, ...], value: object) -> Any:  # noqa: ANN401 - JSON
    """A tree with another value at one place."""
    changed = deepcopy(tree)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed


def read_example() -> Any:  # noqa: ANN401 - JSON
    """An example packet as a tree."""
    return json.loads(load_packet(ROOT / "examples" / "packets" / "spm-b.yaml").model_dump_json())


def test_nothing_that_is_named_inside_is_opened() -> None:
    """Rubrics, ladders and addresses inside a text lead to no file, connection or process."""
    packet = {"id": "p", "as_of": "2026-06-30", "evidence": []}
    item = {
        "id": "e",
        "title": "t",
        "facts": [{"artifact": "strategy_document", "uri": "file:///secret.yaml"}],
        "support": [{"relation": "artifact", "uri": "https://example.org/secret.yaml"}],
    }
    rubric = json.loads(load_rubric("pure-storage-pm/l3-l4").model_dump_json())
    packets = [
        {**packet, "rubric": "pure-storage-pm/l3-l4", "evidence": [item]},
        *({**packet, "rubric": place} for place in PLACES),
    ]
    rubrics = [{**rubric, "ladder": place} for place in PLACES]
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", WATCHED],
        input=json.dumps([packets, rubrics]),
        env={"PYTHONPATH": str(ROOT)},
        cwd=ROOT / "tests" / "supply",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("0 1\n", "")


VALUES: Final = (
    "Zanzibar Quux",
    -771.7125,
    ["Zanzibar Quux"],
    "Zanzibar\u202eQuux",
    {"x": "Quux"},
)
"""A name, a figure, a list, a name with a sign that turns the direction, and a mapping."""

MARKS: Final = re.compile(r"Zanzibar|Quux|771\.7")


def tell(error: BaseException) -> str:
    """All that a log or a report of crashes could say of an error, its trace without our lines."""
    trace = traceback.TracebackException.from_exception(error)
    trace.stack = traceback.StackSummary.from_list([])
    return "".join(trace.format()) + repr(error) + repr(error.__context__)


def list_refusals(tree: Any, read: Callable[[str], object], step: int) -> list[str]:  # noqa: ANN401 - JSON
    """What is told where a value that could be known again stands in each `step`th place."""
    told = []
    for turn, path in enumerate(islice(list_places(tree), 0, None, step)):
        try:
            read(json.dumps(put(tree, path, VALUES[turn % len(VALUES)])))
        except PmpromoError as error:
            told.append(tell(error))
    return told


STEPS: Final = [7, pytest.param(1, marks=pytest.mark.slow)]
"""Every seventh place of a text every time, and every place in the night."""


@pytest.mark.parametrize("step", STEPS)
def test_no_error_tells_a_value(step: int) -> None:
    """Whatever stands at whatever place of a packet, no error of it, nor its trace, repeats it."""
    packet = read_example()
    told = list_refusals(packet, lambda text: assess(parse_packet(text)), step)
    assert len(told) > 150 / step
    assert [each for each in told if MARKS.search(each)] == []


@pytest.mark.parametrize("step", STEPS)
def test_no_error_of_a_rubric_tells_a_value(step: int) -> None:
    """So it is with a rubric that somebody wrote by hand."""
    rubric = json.loads(load_rubric("pure-storage-pm/l3-l4").model_dump_json())
    rubric.update(ladder="pure-storage-pm", criteria=rubric["criteria"][:1])
    told = list_refusals(rubric, parse_rubric, step)
    assert len(told) > 100 / step
    assert [each for each in told if MARKS.search(each)] == []


def test_a_value_that_is_told_is_found() -> None:
    """An error that did repeat what it found, in any of its parts, would be seen."""
    assert MARKS.search(tell(PacketError([Problem("", "Quux")])))
    assert MARKS.search(tell(PacketError([], ["Quux"])))
    chained = PacketError([])
    chained.__context__ = KeyError("Quux")
    assert MARKS.search(tell(chained))


STANDS: Final = {"id", "current_level", "target_level", "process", "sections", "reviewers"}
"""What of a packet does stand in its result: names for machines, and facts of the process."""


@pytest.mark.parametrize("step", STEPS)
def test_a_result_holds_nobodys_words(step: int) -> None:
    """No title, text, voice or name of a person from a packet stands in the JSON of its result."""
    packet = read_example()
    held, told = 0, []
    for path in islice(list_places(packet), 0, None, step):
        for value in ("Zanzibar Quux", "Zanzibar-Quux"):
            with suppress(PmpromoError):
                seen = assess(parse_packet(put(packet, path, value)))
                held += 1
                told += [path] if "Zanzibar" in seen.model_dump_json() else []
    assert held > 100 / step
    assert [path for path in told if not STANDS & set(path)] == []
