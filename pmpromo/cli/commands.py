"""The commands, and the one function that runs them."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Final

import pmpromo
from pmpromo.cli.answer import PROBLEMS, say
from pmpromo.cli.batch import add_batch
from pmpromo.cli.check import add_check
from pmpromo.cli.committee import add_committee
from pmpromo.cli.compare import add_compare
from pmpromo.cli.explain import add_explain
from pmpromo.cli.impact import add_impact
from pmpromo.cli.importing import add_import, add_lint
from pmpromo.cli.path import add_path
from pmpromo.cli.readiness import add_fit, add_reliability
from pmpromo.cli.record import add_verify
from pmpromo.cli.report import add_report
from pmpromo.cli.score import add_score
from pmpromo.cli.show import add_rubrics, add_schema, add_template
from pmpromo.errors import PmpromoError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pmpromo.cli.answer import Answer

__all__ = ["main", "make_parser"]

_EPILOG: Final = """\
exit codes: 0 fine, 1 problems in the input, 2 usage
first steps: pmpromo rubrics, then pmpromo template ID > packet.yaml, then pmpromo score packet.yaml
"""

_COMMANDS: Final[tuple[tuple[str, str, Callable[[argparse.ArgumentParser], None]], ...]] = (
    ("score", "read a packet against a rubric", add_score),
    ("batch", "score a file of many packets", add_batch),
    ("path", "find the cheapest steps that bring a packet to the bar", add_path),
    ("compare", "say what changed between two packets, and why", add_compare),
    ("explain", "say in plain words how a packet was read", add_explain),
    ("report", "write a page for a committee, or for a cycle", add_report),
    ("fit", "learn from past decisions how a committee decides", add_fit),
    ("reliability", "put a fitted model to the test", add_reliability),
    ("committee", "say who is severe, and what an average committee would give", add_committee),
    ("impact", "measure adverse impact on groups of people", add_impact),
    ("verify", "look through a record, and compute it again", add_verify),
    ("check", "name every problem in packets, rubrics and results", add_check),
    ("rubrics", "list the shipped rubrics, or show one", add_rubrics),
    ("import", "draft rubrics from a ladder in words", add_import),
    ("lint", "say what is worth a second look in a rubric", add_lint),
    ("schema", "print a JSON Schema, for editors and services", add_schema),
    ("template", "print a packet to fill in", add_template),
)
"""Each command: its name, what it does, and what adds its options."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; results go to stdout, problems to stderr."""
    options = make_parser().parse_args(arguments)
    try:
        answer: Answer = options.run(options)
    except PmpromoError as error:
        print(error, file=sys.stderr)
        return PROBLEMS
    return say(answer)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="pmpromo",
        description="Score promotion packets against rubrics, and say what is missing.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pmpromo {pmpromo.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, purpose, add_options in _COMMANDS:
        add_options(commands.add_parser(name, help=purpose))
    return parser
