"""`pmpromo batch`: a file of many packets to a file of scores."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pmpromo
from pmpromo.batch.run import Places, score_file
from pmpromo.batch.task import Task
from pmpromo.cli.answer import FINE, PROBLEMS, Answer, read_option_day
from pmpromo.cli.readiness import load_model
from pmpromo.errors import PacketError
from pmpromo.reading.library import load_rubric
from pmpromo.reading.lines import name_source
from pmpromo.reading.places import display

if TYPE_CHECKING:
    from pmpromo.batch.journal import Mark

__all__ = ["add_batch"]


def add_batch(parser: argparse.ArgumentParser) -> None:
    """Say which packets to score, against what, and where the rows go."""
    parser.add_argument("packets", metavar="PACKETS", help="JSON Lines, one packet a line: .jsonl")
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="one row a packet")
    parser.add_argument("--gaps", metavar="FILE", help="one row a gap")
    parser.add_argument("--rubric", metavar="ID|PATH", help="default: the one each packet names")
    parser.add_argument(
        "--as-of", type=read_option_day, metavar="DATE", help="default: each packet's"
    )
    parser.add_argument(
        "--model", metavar="MODEL", help="forecast with what pmpromo fit has written"
    )
    parser.add_argument("--processes", type=_read_count, default=1, metavar="N", help="default: 1")
    parser.add_argument(
        "--on-problem",
        choices=("raise", "collect"),
        default="raise",
        help="stop at a packet that cannot be scored (raise), or give it a row that says why",
    )
    parser.set_defaults(run=_score_all)


STOPPED: Final = 130
"""The exit code of a run that Ctrl-C ended, as shells have it."""

MOST_PROCESSES: Final = 256
"""More processes than this are a slip of the hand."""


def _read_count(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= MOST_PROCESSES:
        return int(text)
    message = f"a whole number from 1 to {MOST_PROCESSES} is wanted"
    raise argparse.ArgumentTypeError(message)


def _score_all(options: argparse.Namespace) -> Answer:
    gaps = None if options.gaps is None else Path(options.gaps)
    places = Places(Path(options.packets), Path(options.output), gaps)
    shown = display(options.output)
    progress = _Progress()
    try:
        done = score_file(
            places, _read_task(options), processes=options.processes, tell=progress.show
        )
    except PacketError as error:
        print(error, file=sys.stderr)
        hint = "mend it and run again to go on, or add --on-problem collect"
        return _stop(f"{shown}.part holds what is done; {hint}", PROBLEMS)
    except KeyboardInterrupt:
        return _stop(f"stopped; {shown}.part holds what is done; run again to go on", STOPPED)
    finally:
        progress.clear()
    for problem in done.told:
        print(problem, file=sys.stderr)
    told = f"{shown}: {done.packets - done.refused:,} of {done.packets:,} packets scored"
    return Answer(told, PROBLEMS if done.refused else FINE)


def _stop(told: str, code: int) -> Answer:
    print(told, file=sys.stderr)
    return Answer("", code)


def _read_task(options: argparse.Namespace) -> Task:
    rubric = load_rubric(options.rubric) if options.rubric else None
    model = load_model(options.model) if options.model else None
    if rubric and model:
        model.find_group(rubric)
        model.check_source("proven")
    return Task(
        source=name_source(options.packets),
        rubric=rubric,
        as_of=options.as_of,
        readiness=model,
        tells_gaps=options.gaps is not None,
        raises=options.on_problem == "raise",
        release=pmpromo.__version__,
    )


class _Progress:
    """One line on a terminal that says how far the run got; nothing in a pipe."""

    def __init__(self) -> None:
        self._width = 0

    def show(self, done: Mark, share: float) -> None:
        """Write the line anew."""
        if sys.stderr is not None and sys.stderr.isatty():
            told = f"{share:4.0%}  {done.packets:,} packets, {done.refused:,} refused"
            self._width = len(told)
            print(f"\r{told}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take the line away."""
        if self._width:
            print(f"\r{' ' * self._width}\r", end="", file=sys.stderr, flush=True)
