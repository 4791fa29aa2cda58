"""`pmpromo verify`: look through a record, and compute its assessments again."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from pmpromo.audit import Receipt, Record
from pmpromo.cli.answer import FINE, PROBLEMS, Answer
from pmpromo.errors import DataError, Problem
from pmpromo.recording import replay_record

if TYPE_CHECKING:
    import argparse

    from pmpromo.audit import Replay, Verification

__all__ = ["add_verify"]

_RECEIPT: Final = re.compile(r"([1-9][0-9]{0,11}):(sha256:[0-9a-f]{64})")


def add_verify(parser: argparse.ArgumentParser) -> None:
    """Say which record to look through, and what to hold it against."""
    parser.add_argument("record", metavar="RECORD", help="a file that a Record has written")
    parser.add_argument(
        "--receipt",
        action="append",
        default=[],
        metavar="N:DIGEST",
        help="one that was kept elsewhere; may be given often",
    )
    parser.add_argument("--replay", action="store_true", help="compute each assessment again")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> Answer:
    record = Record(options.record)
    found = record.verify([_read_receipt(text) for text in options.receipt])
    # What was changed is not computed again: nobody knows what it was.
    replayed = replay_record(record) if options.replay and found.is_intact else None
    fine = found.is_intact and (replayed is None or replayed.is_same)
    write = _write_json if options.format == "json" else _write_text
    text = write(found, replayed)
    return Answer(text, FINE if fine else PROBLEMS, for_programs=options.format == "json")


def _read_receipt(text: str) -> Receipt:
    match = _RECEIPT.fullmatch(text)
    if match is None:
        hint = "give it as it was printed: number, colon, sha256: and 64 digits"
        raise DataError([Problem("--receipt", "is no receipt", hint)])
    return Receipt(int(match[1]), match[2])


def _write_text(found: Verification, replayed: Replay | None) -> str:
    return str(found) if replayed is None else f"{found}\n\n{replayed}"


def _write_json(found: Verification, replayed: Replay | None) -> str:
    told: dict[str, Any] = {
        "intact": found.is_intact,
        "entries": found.entries,
        "head": found.head and str(found.head),
        "erased": found.erased,
        "unfinished": found.unfinished,
        "problems": [
            {"line": problem.place and problem.place.line, "message": problem.message}
            for problem in found.problems
        ],
    }
    if replayed is not None:
        told["replay"] = [
            {"entry": each.seq, "differences": list(each.differences)}
            for each in replayed.assessments
        ]
    return json.dumps(told, indent=2, ensure_ascii=False)
