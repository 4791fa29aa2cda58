"""The door at the terminal.

Exit codes: 0 fine, 1 problems in the input, 2 usage.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final, NamedTuple, TextIO

import pmpromo
from pmpromo.assessment import Assessment, AssessmentRecord, assess, find_faults, find_rubric
from pmpromo.card import write_rubric_card
from pmpromo.errors import LadderError, PmpromoError
from pmpromo.exchange.schema import make_packet_schema, make_rubric_schema, make_schema
from pmpromo.exchange.template import write_template
from pmpromo.ladder import Ladder
from pmpromo.packet import Packet
from pmpromo.pictures.terminal import write_plain
from pmpromo.reading.library import load_packet, load_rubric, shipped_rubrics
from pmpromo.reading.models import open_path, read_path, read_tree
from pmpromo.rubric import Rubric
from pmpromo.words import read_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from pmpromo.errors import Problem

__all__ = ["main"]

FINE, PROBLEMS, USAGE = 0, 1, 2

_EPILOG: Final = """\
exit codes: 0 fine, 1 problems in the input, 2 usage
first steps: pmpromo rubrics, then pmpromo template ID > packet.yaml, then pmpromo score packet.yaml
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; results go to stdout, problems to stderr."""
    options = _make_parser().parse_args(arguments)
    try:
        answer: Answer = options.run(options)
    except PmpromoError as error:
        print(error, file=sys.stderr)
        return PROBLEMS
    return _say(answer)


class Answer(NamedTuple):
    """What a command says, its exit code, and whether programs read it."""

    text: str
    code: int = FINE
    for_programs: bool = False


def _say(answer: Answer) -> int:
    """Write an answer to stdout; a reader that stops early, as `head` does, is no problem."""
    try:
        if answer.text and sys.stdout is not None:
            _write(answer, sys.stdout)
    except OSError as error:
        # Python would try to write the rest once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            print(f"stdout: cannot be written: {error.strerror}", file=sys.stderr)
            return PROBLEMS
    return answer.code


def _write(answer: Answer, stream: TextIO) -> None:
    """Write UTF-8 to programs; to people whatever signs their terminal has."""
    text = answer.text
    if isinstance(stream, TextIOWrapper) and "utf" not in stream.encoding.casefold():
        if answer.for_programs:
            stream.reconfigure(encoding="utf-8")
        else:
            text = write_plain(text)
            stream.reconfigure(errors="replace")
    print(text, file=stream, flush=True)


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pmpromo",
        description="Score promotion packets against rubrics, and say what is missing.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pmpromo {pmpromo.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_score(commands.add_parser("score", help="read a packet against a rubric"))
    _add_check(
        commands.add_parser("check", help="name every problem in packets, rubrics and results")
    )
    rubrics = commands.add_parser("rubrics", help="list the shipped rubrics, or show one")
    rubrics.add_argument("rubric", nargs="?", metavar="ID", help="a shipped id, or a file")
    rubrics.set_defaults(run=_show_rubrics)
    _add_schema(commands.add_parser("schema", help="print a JSON Schema, for editors and services"))
    template = commands.add_parser("template", help="print a packet to fill in")
    template.add_argument("rubric", metavar="RUBRIC", help="a shipped id, or a file")
    template.set_defaults(run=_print_template)
    return parser


def _add_score(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("packet", metavar="PACKET", help="a file: .yaml, .yml or .json")
    parser.add_argument("--rubric", metavar="ID|PATH", help="default: the one the packet names")
    parser.add_argument(
        "--variant", metavar="NAME", help="weights of one of the rubric's named variants"
    )
    parser.add_argument(
        "--as-of", type=_read_day, metavar="DATE", help="YYYY-MM-DD; default: the packet's"
    )
    parser.add_argument("--format", choices=("text", "json", "html"), default="text")
    parser.add_argument("--verbose", action="store_true", help="every gap, check, note and digest")
    parser.set_defaults(run=_score)


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="packets, rubrics, ladders or results"
    )
    parser.add_argument("--rubric", metavar="ID|PATH", help="read packets against this one")
    parser.add_argument("--format", choices=tuple(_WRITERS), default="text")
    parser.set_defaults(run=_check)


def _add_schema(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("noun", choices=("packet", "rubric", "ladder", "assessment"))
    parser.add_argument(
        "--rubric", metavar="ID|PATH", help="packets: list the facts this rubric asks for"
    )
    parser.set_defaults(run=_print_schema)


def _read_day(text: str) -> date:
    try:
        return read_day(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error).replace(" | ", "; ")) from None


def _score(options: argparse.Namespace) -> Answer:
    packet = load_packet(options.packet)
    rubric = load_rubric(options.rubric) if options.rubric else find_rubric(packet)
    if options.variant:
        rubric = rubric.with_variant(options.variant)
    seen = assess(packet, rubric, as_of=options.as_of)
    text = _WRITE_SCORE[options.format](seen, options.verbose)
    return Answer(text, for_programs=options.format != "text")


_WRITE_SCORE: Final[Mapping[str, Callable[[Assessment, bool], str]]] = {
    "text": lambda seen, verbose: seen.report(verbose=verbose),
    "json": lambda seen, _: seen.model_dump_json(indent=2),
    "html": lambda seen, _: seen.to_html().rstrip(),
}


class _Checked(NamedTuple):
    """One file, what it was taken for, and what is wrong with it."""

    file: str
    kind: str
    problems: tuple[Problem, ...]
    told: str


def _check(options: argparse.Namespace) -> Answer:
    checked = [_check_file(file, options.rubric) for file in options.files]
    code = PROBLEMS if any(each.problems for each in checked) else FINE
    return Answer(_WRITERS[options.format](checked), code, for_programs=options.format != "text")


def _check_file(file: str, rubric: str | None) -> _Checked:
    kind = "file"
    try:
        kind = _find_kind(file)
        left_out = _READERS[kind](file, rubric)
    except PmpromoError as error:
        return _Checked(file, kind, error.problems, _name_file(file, str(error)))
    note = left_out if isinstance(left_out, str) else ""
    return _Checked(file, kind, (), f"{file}: {kind} without problems{note}")


def _name_file(file: str, told: str) -> str:
    """Say which file is meant where the first problem has no place in it."""
    return told if told.startswith(file) else f"{file}: {told}"


_MARKS: Final = {
    "result_id": "result",
    "criteria": "rubric",
    "levels": "ladder",
    "evidence": "packet",
}
"""The key by which a file is known; one that has none of them is taken for a packet."""


def _find_kind(file: str) -> str:
    opened = open_path(file, error=PmpromoError)
    value = read_tree(opened.data, opened.format, opened.name).value
    keys = value if isinstance(value, dict) else {}
    return next((kind for key, kind in _MARKS.items() if key in keys), "packet")


def _read_packet(file: str, rubric: str | None) -> str:
    """Read a packet, and its facts against a rubric if one can be had; say so if none can."""
    packet = load_packet(file)
    named = rubric or packet.rubric
    if named is None or not (rubric or named in shipped_rubrics()):
        return "; its facts were not read: give --rubric"
    error = find_faults(packet, load_rubric(named), None)
    if error is not None:
        raise error
    return ""


_READERS: Final[Mapping[str, Callable[[str, str | None], object]]] = {
    "packet": _read_packet,
    "rubric": lambda file, _: load_rubric(file),
    "ladder": lambda file, _: read_path(Ladder, file, error=LadderError),
    "result": lambda file, _: Assessment.from_json(open_path(file, error=PmpromoError).data),
}


def _write_plain(checked: Iterable[_Checked]) -> str:
    return "\n".join(each.told for each in checked)


def _write_json(checked: Iterable[_Checked]) -> str:
    told = [
        {
            "file": each.file,
            "kind": each.kind,
            "problems": [_flatten(problem) for problem in each.problems],
        }
        for each in checked
    ]
    return json.dumps(told, indent=2, ensure_ascii=False)


def _flatten(problem: Problem) -> dict[str, object]:
    place = problem.place
    return {
        "path": problem.path,
        "message": problem.message,
        "hint": problem.hint,
        "line": place and place.line,
        "column": place and place.column,
    }


def _write_github(checked: Iterable[_Checked]) -> str:
    """Write workflow commands, which a code review shows at their lines."""
    return "\n".join(
        f"::error {_place(each.file, problem)}::{_escape(_tell(problem))}"
        for each in checked
        for problem in each.problems
    )


def _place(file: str, problem: Problem) -> str:
    told = f"file={_escape(file, also=True)}"
    return (
        told
        if problem.place is None
        else f"{told},line={problem.place.line},col={problem.place.column}"
    )


def _tell(problem: Problem) -> str:
    said = f"{problem.path}: {problem.message}" if problem.path else problem.message
    return f"{said}; {problem.hint}" if problem.hint else said


def _escape(text: str, *, also: bool = False) -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return escaped.replace(":", "%3A").replace(",", "%2C") if also else escaped


_WRITERS: Final[Mapping[str, Callable[[Iterable[_Checked]], str]]] = {
    "text": _write_plain,
    "json": _write_json,
    "github": _write_github,
}


def _show_rubrics(options: argparse.Namespace) -> Answer:
    if options.rubric:
        return Answer(write_rubric_card(load_rubric(options.rubric)))
    return Answer("\n".join(_tell_rubric(load_rubric(name)) for name in shipped_rubrics()))


def _tell_rubric(rubric: Rubric) -> str:
    step = f"{rubric.current_level} to {rubric.target_level}"
    return f"{rubric.id}  {step}: {rubric.name} ({rubric.status})"


def _print_schema(options: argparse.Namespace) -> Answer:
    rubric = load_rubric(options.rubric) if options.rubric else None
    schema = {
        "packet": lambda: make_packet_schema(Packet, rubric),
        "rubric": lambda: make_rubric_schema(Rubric),
        "ladder": lambda: make_schema(Ladder),
        "assessment": lambda: make_schema(AssessmentRecord),
    }[options.noun]()
    return Answer(json.dumps(schema, indent=2, ensure_ascii=False), for_programs=True)


def _print_template(options: argparse.Namespace) -> Answer:
    return Answer(write_template(load_rubric(options.rubric)).rstrip(), for_programs=True)
