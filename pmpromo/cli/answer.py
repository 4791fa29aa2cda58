"""What a command says, and how it reaches the terminal."""

from __future__ import annotations

import argparse
import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, NamedTuple, TextIO

from pmpromo.errors import PmpromoError, Problem
from pmpromo.outputs import write_whole
from pmpromo.pictures.terminal import write_plain
from pmpromo.reading.places import display
from pmpromo.words import read_day

if TYPE_CHECKING:
    from datetime import date

__all__ = [
    "FINE",
    "PROBLEMS",
    "USAGE",
    "Answer",
    "read_option_day",
    "say",
    "tell_progress",
    "write_file",
]

FINE, PROBLEMS, USAGE = 0, 1, 2


class Answer(NamedTuple):
    """What a command says, its exit code, and whether programs read it."""

    text: str
    code: int = FINE
    for_programs: bool = False


def say(answer: Answer) -> int:
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


def read_option_day(text: str) -> date:
    """Return the day that an option states."""
    try:
        return read_day(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error).replace(" | ", "; ")) from None


def tell_progress(text: str) -> None:
    """Say on a terminal what takes a while; a pipe hears nothing."""
    if sys.stderr is not None and sys.stderr.isatty():
        print(f"{text} ...", file=sys.stderr, flush=True)


def write_file(path: str, content: str | bytes) -> None:
    """Write a whole file, or leave everything as it was: beside its place first, then into it."""
    try:
        write_whole(path, content.encode() if isinstance(content, str) else content)
    except OSError as error:
        message = f"cannot be written: {error.strerror}"
        hint = "name a file in a folder of yours"
        raise PmpromoError([Problem(display(path), message, hint)]) from None
