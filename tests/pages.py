"""README and docs as things that run: each fenced block, and what it really shows.

A block is played by its language. A comment on the line before it, a *mark*, says what it holds:

- ``python`` runs; ``pycon`` runs and shows. All blocks of a page share their names.
- ``console`` runs ``$ pmpromo ...`` and shows what it prints. ``> FILE`` and ``echo $?`` work.
- ``yaml`` and ``json`` are read as their mark says: ``packet``, ``rubric``, or a part of one (see
  ``FRAMES``). A name after the kind (``packet: mine.yaml``) saves the text for later commands.
- ``text``, ``sh`` and ``bash`` are for people.

A line ``...`` in what is shown stands for whatever comes there. Run this file to write anew what
the pages show, and the tables that are generated.
"""

from __future__ import annotations

import doctest
import io
import json
import os
import re
import shlex
import tempfile
import traceback
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import fields
import takes

from pmpromo import load_rubric, parse_packet, parse_rubric
from pmpromo.assessment import find_faults
from pmpromo.cli import main
from pmpromo.errors import PacketError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ROOT: Final = Path(__file__).resolve().parents[1]
PAGES: Final = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))

RUBRIC: Final = "pure-storage-pm/l3-l4"
"""What packets on a page are read against, unless they name another."""

TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "one criterion": takes.write_one_criterion,
    "whole rubric": takes.write_whole_rubric,
    "fields of a packet": fields.write_packet_fields,
    "fields of a rubric": fields.write_rubric_fields,
    "fields of a ladder": fields.write_ladder_fields,
}
"""Tables that are written by code, by the name in their mark."""

_FENCE: Final = re.compile(
    r"(?:^<!-- (?P<mark>[^>\n]+) -->\n)?^```(?P<language>\w*)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_TABLE: Final = re.compile(
    r"(?P<head><!-- generated: (?P<name>[^>\n]+) -->\n)(?P<body>.*?)(?P<foot><!-- end -->)",
    re.DOTALL,
)


class Block(NamedTuple):
    """A fenced block of a page, and where its body lies in the text."""

    line: int
    language: str
    mark: str
    body: str
    span: tuple[int, int]


class Played(NamedTuple):
    """A block, and what its body would be if it showed what is true today."""

    block: Block
    shows: str


def find_blocks(text: str) -> list[Block]:
    r"""Find the fenced blocks of a page.

    >>> find_blocks("Text.\n<!-- packet -->\n```yaml\nid: p\n```\n")[0][:4]
    (4, 'yaml', 'packet', 'id: p\n')
    """
    return [
        Block(
            text.count("\n", 0, found.start("body")) + 1,
            found["language"],
            found["mark"] or "",
            found["body"],
            found.span("body"),
        )
        for found in _FENCE.finditer(text)
    ]


def play(page: Path) -> list[Played]:
    """Play the blocks of a page in a folder of their own; raise where one does not run."""
    stage: dict[str, Any] = {"__name__": "__main__"}
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path("examples").symlink_to(ROOT / "examples")
        return [
            Played(block, _play_block(block, f"{page.name}:{block.line}", stage))
            for block in find_blocks(page.read_text(encoding="utf-8"))
        ]


def _play_block(block: Block, name: str, stage: dict[str, Any]) -> str:
    if block.language == "python":
        exec(compile(block.body, name, "exec"), stage)  # noqa: S102 - the pages are ours
    elif block.language in {"yaml", "json"}:
        _read(block, name)
    elif block.language == "pycon":
        return "".join(_play_session(block.body, name, stage))
    elif block.language == "console":
        return "".join(_play_commands(block.body, name))
    return block.body


FRAMES: Final[Mapping[str, str]] = {
    "evidence": "id: p\nas_of: 2026-06-30\nevidence:\n",
    "facts": "id: p\nas_of: 2026-06-30\nevidence:\n- id: e\n  title: t\n  facts:\n",
    "support": "id: p\nas_of: 2026-06-30\nevidence:\n- id: e\n  title: t\n  support:\n",
    "part of a packet": "id: p\nas_of: 2026-06-30\nevidence: []\n",
    "requirements": "id: r\nname: R\nladder: pure-storage-pm\ncurrent_level: L3\ntarget_level: L4\n"
    "criteria:\n- id: c\n  name: C\n  weight: 1\n  requirements:\n",
    "part of a rubric": "id: r\nname: R\nladder: pure-storage-pm\ncurrent_level: L3\n"
    "target_level: L4\n",
}
"""What stands before a part, so that it can be read as a whole."""


def _read(block: Block, name: str) -> None:
    kind, _, file = block.mark.partition(": ")
    if kind == "data":
        json.loads(block.body)
    elif kind == "broken":
        _refuse(block.body, block.language, name)
    else:
        _read_noun(block, kind, name)
    if file:
        Path(file).write_text(block.body, encoding="utf-8")


def _refuse(text: str, form: Any, name: str) -> None:  # noqa: ANN401 - a block's language
    try:
        parse_packet(text, format=form)
    except PacketError:
        return
    message = f"{name}: this is shown as broken, and it is not"
    raise AssertionError(message)


def _read_noun(block: Block, kind: str, name: str) -> None:
    inset = "    " if kind in {"evidence", "facts", "support", "requirements"} else ""
    body = "".join(f"{inset}{line}" for line in block.body.splitlines(keepends=True))
    text = FRAMES.get(kind, "") + body
    form: Any = block.language
    if kind in {"rubric", "requirements", "part of a rubric"}:
        parse_rubric(text, format=form)
    elif kind in {"packet", *FRAMES}:
        packet = parse_packet(text, format=form)
        if packet.rubric in {None, RUBRIC}:
            error = find_faults(packet, load_rubric(RUBRIC), packet.as_of)
            assert error is None, f"{name}: {error}"
    else:
        message = f"{name}: a block of {block.language} needs a mark that says what it holds"
        raise AssertionError(message)


def _play_session(body: str, name: str, stage: dict[str, Any]) -> Iterator[str]:
    """Give the session again, each statement with what it shows now."""
    for example in doctest.DocTestParser().get_examples(body, name):
        lines = example.source.splitlines()
        yield "".join(
            f"{'...' if at else '>>>'} {line}".rstrip() + "\n" for at, line in enumerate(lines)
        )
        out = io.StringIO()
        with redirect_stdout(out):
            try:
                exec(compile(example.source, name, "single"), stage)  # noqa: S102 - the pages are ours
            except Exception as error:  # noqa: BLE001 - a page may show any error
                told = "".join(traceback.format_exception_only(error))
                out.write(f"Traceback (most recent call last):\n    ...\n{told}")
        yield out.getvalue()


def _play_commands(body: str, name: str) -> Iterator[str]:
    """Give the commands again, each with what it prints now."""
    code = 0
    for line in body.splitlines(keepends=True):
        if line.startswith("$ "):
            printed, code = _run_command(line[2:].strip(), code, name)
            yield line + printed


def _run_command(line: str, code: int, name: str) -> tuple[str, int]:
    """Run one command as a shell would; give what it prints, and its exit code."""
    if line == "echo $?":
        return f"{code}\n", 0
    words = shlex.split(line)
    file = words.pop() if len(words) > 1 and words[-2] == ">" else None
    words = words[:-1] if file else words
    assert words[0].removeprefix(".venv/bin/") == "pmpromo", f"{name}: {line}"
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        try:
            code = main(words[1:])
        except SystemExit as stop:
            code = int(stop.code or 0)
    if file:
        Path(file).write_text(out.getvalue(), encoding="utf-8")
        return "", code
    return out.getvalue(), code


def shows_truth(played: Played) -> bool:
    """Tell whether a block shows what is true, ``...`` standing for whatever comes there."""
    check = doctest.OutputChecker().check_output
    return check(played.block.body, played.shows, doctest.ELLIPSIS)


def fill_tables(text: str) -> str:
    """Write the generated tables of a page anew."""
    return _TABLE.sub(lambda found: found["head"] + TABLES[found["name"]]() + found["foot"], text)


def rewrite(page: Path) -> str:
    """Return a page that shows what is true today; shortened blocks stay as they are."""
    text = page.read_text(encoding="utf-8")
    for block, shows in reversed(play(page)):
        if "\n...\n" not in block.body:
            text = text[: block.span[0]] + shows + text[block.span[1] :]
    return fill_tables(text)


if __name__ == "__main__":  # pragma: no cover
    os.environ["COLUMNS"] = "80"
    for each in PAGES:
        each.write_text(rewrite(each), encoding="utf-8", newline="\n")
