"""Texts in cells: what none may hold, and what a spreadsheet program would compute."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pmpromo.reading.characters import describe_character, find_pile, find_refused
from pmpromo.reading.scalars import PILED

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["find_unfit", "guard_text", "is_active"]

_SIGNS: Final = "=+\\-@\uff1d\uff0b\uff0d\uff20"
"""First signs of a formula (OWASP, CSV injection), in the wide form of Japanese programs too."""

_ACTIVE: Final = re.compile(rf"\s*[{_SIGNS}]")
_OPENING: Final = re.compile(rf"(^[\t\r]|^(?=\s*[{_SIGNS}])|;(?=\s*[{_SIGNS}]))")


def find_unfit(text: str) -> Iterator[tuple[int, str, str]]:
    r"""Find what no cell may hold: where in the text, what it is, and what mends it.

    A carriage return may stand alone, for some programs end lines so. Letters under too many marks
    are told alone.

    >>> [*find_unfit("p-1\r\u202e2")]
    [(4, 'direction character U+202E', 'delete it')]
    """
    pile = find_pile(text)
    if pile is not None:
        yield pile, *PILED
        return
    for offset, sign in find_refused(text):
        if sign != "\r":
            yield offset, describe_character(sign), "delete it"


def is_active(text: str) -> bool:
    """Tell whether a spreadsheet program would take a text for a formula.

    >>> is_active("=1+1"), is_active(" @SUM"), is_active("a-b")
    (True, True, False)
    """
    return _ACTIVE.match(text) is not None


def guard_text(text: str) -> str:
    """Return a text for CSV that no program computes, an apostrophe before what would be a formula.

    Where numbers have a decimal comma, programs begin a new cell at a semicolon, so that is looked
    behind too.

    >>> guard_text("=1+1"), guard_text("a;=1+1"), guard_text("a - b; c")
    ("'=1+1", "a;'=1+1", 'a - b; c')
    """
    return _OPENING.sub(_put_apostrophe, text)


def _put_apostrophe(found: re.Match[str]) -> str:
    return ";'" if found[0] == ";" else f"'{found[0]}"
