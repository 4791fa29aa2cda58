"""What every answer to a bad input must be: few lines, short, and safe to print."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pmpromo.errors import SHOWN_CHARACTERS, SHOWN_PROBLEMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.errors import PmpromoError

__all__ = ["find_breaches"]

LONGEST_LINE: Final = 600
"""How long a line may be at all: a place, what was found, and a mend that lists what is allowed."""

SEARCHED: Final = 20_000
"""How many characters of an input are held against an answer, window by window."""

ESCAPED: Final = 5
"""How many characters more than one an escape takes: what is shown escaped is a little longer."""

_EXCERPT: Final = re.compile(r" *[0-9]* \| ?")
"""How a line of an excerpt starts; the rest of it is input, at most one window of it."""

_NEVER: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff]"
)
"""What steers a terminal, turns the reading direction, or cannot be printed at all."""


def find_breaches(error: PmpromoError, text: str) -> list[str]:
    """Say what is wrong with an answer to `text`; nothing if it is as it must be."""
    lines = str(error).split("\n")
    problems = [line for line in lines if not _EXCERPT.match(line)]
    return [
        *_judge_problems(error, problems),
        *(f"{_NEVER.search(line)} in {line!a}" for line in lines if _NEVER.search(line)),
        *(f"a line of {len(line)}" for line in lines if len(line) > LONGEST_LINE),
        *(f"repeats {run!a}" for line in lines for run in _find_repeats(line, text[:SEARCHED])),
    ]


def _judge_problems(error: PmpromoError, problems: list[str]) -> Iterator[str]:
    if not error.problems:
        yield "no problem"
    if len(problems) > SHOWN_PROBLEMS + 1:
        yield f"{len(problems)} lines that tell problems"
    if any(not problem.message for problem in error.problems):
        yield "a problem without a message"


def _find_repeats(line: str, text: str) -> Iterator[str]:
    """Find what a line repeats of an input beyond the limit."""
    said = line[match.end() :] if (match := _EXCERPT.match(line)) else line
    size = SHOWN_CHARACTERS + ESCAPED + 1
    windows = (said[start : start + size] for start in range(len(said) - size + 1))
    # Runs of carets and blanks are ours.
    return (run for run in windows if run.strip(" ^") and run in text)
