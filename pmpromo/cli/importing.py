"""`pmpromo import` and `lint`: ladders that people have, as rubrics; and what a rubric lacks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pmpromo.cli.answer import Answer, write_file
from pmpromo.errors import PmpromoError, Problem
from pmpromo.exchange.ladders import import_ladder
from pmpromo.exchange.rubric_text import write_rubric
from pmpromo.lint import KINDS, lint_rubric
from pmpromo.reading.library import load_rubric

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from pmpromo.lint import Finding
    from pmpromo.rubric import Rubric

__all__ = ["add_import", "add_lint"]


def add_import(parser: argparse.ArgumentParser) -> None:
    """Say which ladder to import, and where its rubrics go."""
    parser.add_argument(
        "ladder",
        metavar="LADDER",
        help="a table or headings: .csv, .tsv, .md, .yaml, .yml, .json, or a folder of .md",
    )
    parser.add_argument(
        "-o", "--output", required=True, metavar="FOLDER", help="where the drafts are written"
    )
    parser.set_defaults(run=_import)


def _import(options: argparse.Namespace) -> Answer:
    drafts = import_ladder(options.ladder)
    folder = Path(options.output)
    files = {folder / f"{draft.id.rpartition('/')[2]}.yaml": draft for draft in drafts}
    _check_place(folder, files)
    for file, draft in files.items():
        write_file(str(file), write_rubric(draft))
    told = [f"{file.as_posix()}  {_describe(draft)}" for file, draft in files.items()]
    return Answer("\n".join([*told, "Drafts: pmpromo lint FILE says what each of them lacks."]))


def _check_place(folder: Path, files: dict[Path, Rubric]) -> None:
    """Make the folder; refuse to write over a draft on which somebody may have worked."""
    hint = "move it away, or name another folder"
    standing = [Problem(str(file), "stands already", hint) for file in files if file.exists()]
    if standing:
        raise PmpromoError(standing)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"no folder can be made here: {error.strerror}"
        raise PmpromoError([Problem(str(folder), message, "name another one")]) from None


def _describe(draft: Rubric) -> str:
    count = len(draft.criteria)
    return f"{draft.name}, {count} {'criterion' if count == 1 else 'criteria'}"


def add_lint(parser: argparse.ArgumentParser) -> None:
    """Say which rubric to look through."""
    parser.add_argument("rubric", metavar="RUBRIC", help="a shipped id, or a file")
    parser.set_defaults(run=_lint)


def _lint(options: argparse.Namespace) -> Answer:
    """Say what is worth a second look; it is advice, so the exit code is that of no problem."""
    rubric = load_rubric(options.rubric)
    found = lint_rubric(rubric)
    return Answer("\n".join(_tell_findings(found)) or f"{rubric.id}: nothing to look at again")


def _tell_findings(found: tuple[Finding, ...]) -> Iterator[str]:
    for kind, meaning in KINDS.items():
        told = [f"  {finding}" for finding in found if finding.kind == kind]
        if told:
            yield "\n".join([f"{kind.replace('_', ' ')}: {meaning}", *told])
