"""`pmpromo check`: every problem of packets, rubrics, ladders, results and models."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.assessment import Assessment, find_faults
from pmpromo.cli.answer import FINE, PROBLEMS, Answer
from pmpromo.cli.readiness import load_model
from pmpromo.errors import LadderError, PmpromoError
from pmpromo.form import load_packet
from pmpromo.ladder import Ladder
from pmpromo.reading.library import load_rubric, shipped_rubrics
from pmpromo.reading.models import open_path, read_path, read_tree
from pmpromo.reading.places import display

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Mapping

    from pmpromo.errors import Problem

__all__ = ["add_check"]


def add_check(parser: argparse.ArgumentParser) -> None:
    """Say which files to check, against what, and for whom to write."""
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="packets, rubrics, ladders, results or models"
    )
    parser.add_argument("--rubric", metavar="ID|PATH", help="read packets against this one")
    parser.add_argument("--format", choices=tuple(_WRITERS), default="text")
    parser.set_defaults(run=_check)


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
    return _Checked(file, kind, (), f"{display(file)}: {kind} without problems{note}")


def _name_file(file: str, told: str) -> str:
    """Say which file is meant where the first problem has no place in it."""
    shown = display(file)
    return told if told.startswith(shown) else f"{shown}: {told}"


_MARKS: Final = {
    "result_id": "result",
    "log_bayes_factor": "model",
    "criteria": "rubric",
    "levels": "ladder",
    "evidence": "packet",
}
"""The key by which a file is known; one that has none of them is taken for a packet."""


def _find_kind(file: str) -> str:
    if file.lower().endswith(".xlsx"):
        return "packet"
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
    "model": lambda file, _: load_model(file),
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
        "code": problem.code,
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
    told = f"file={_escape(display(file), also=True)}"
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
