"""Numbers as they are written: finite, and as exact as they look."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "HIGHEST_INTEGER",
    "NOT_FINITE",
    "NUMBER_LENGTH",
    "SHORT",
    "NumberError",
    "check_real",
    "check_whole",
    "read_plain",
    "read_real",
    "read_whole",
]

HIGHEST_INTEGER: Final = 2**63 - 1
"""The largest magnitude of an integer; beyond it other programs read another number."""

NUMBER_LENGTH: Final = 100
"""How many characters a number may take; a float needs at most 25."""

SHORT: Final = 18
"""Integers of so many digits are exact everywhere."""

NOT_FINITE: Final = "not a finite number"
"""What is said of infinity, of what is no number, and of what becomes infinite when it is read."""

TOO_LARGE: Final = "an integer of more than 63 bits"
TOO_LONG: Final = f"a number of more than {NUMBER_LENGTH} characters"
TOO_SMALL: Final = "too small to be told from zero"

_NUMBER: Final = re.compile(
    r"(?P<whole>[-+]?(?:0|[1-9][0-9]*))"
    r"|(?P<real>[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<based>0o[0-7]+|0x[0-9a-fA-F]+)"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_WORDS: Final = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER_STARTS: Final = frozenset("0123456789+-.")


class NumberError(ValueError):
    """A number that cannot be taken as it is written; the text says why, never which."""


def read_plain(text: str) -> str | float | bool | None:
    """The value of an unquoted YAML scalar by the core schema of YAML 1.2.

    One rule is stricter: digits that start with a zero are text, for an id like 012 is no 12.

    >>> [read_plain(text) for text in ("no", "012", "1:30", "2026-06-30", "1e3", "0x1F", "~")]
    ['no', '012', '1:30', '2026-06-30', 1000.0, 31, None]
    """
    # Most of what comes here is a short integer or a day; neither needs the pattern.
    if text.isdecimal() and text.isascii() and len(text) <= SHORT and text[0] != "0":
        return int(text)
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS or text[4:5] == "-" == text[7:8]:
        return text
    match = _NUMBER.fullmatch(text)
    if match is None:
        return text
    return _READERS[match.lastgroup](text)


def read_whole(text: str, base: int = 10) -> int:
    """An integer; raise `NumberError` if it is too large to stay exact elsewhere."""
    number = int(text, base) if len(text) <= NUMBER_LENGTH else HIGHEST_INTEGER + 1
    return check_whole(number)


def read_real(text: str) -> float:
    """A number with a point or an exponent; raise `NumberError` if it turns infinite or zero."""
    if len(text) > NUMBER_LENGTH:
        raise NumberError(TOO_LONG)
    number = float(text)
    if not number and _has_digit(text):
        raise NumberError(TOO_SMALL)
    return check_real(number)


def check_whole(number: int) -> int:
    """The integer itself, if other programs read the same."""
    if not -HIGHEST_INTEGER <= number <= HIGHEST_INTEGER:
        raise NumberError(TOO_LARGE)
    return number


def check_real(number: float) -> float:
    """The number itself, if it is finite."""
    if number - number != 0:
        raise NumberError(NOT_FINITE)
    return number


def _has_digit(text: str) -> bool:
    """Whether the digits before the exponent say more than zero."""
    return bool(text.lower().partition("e")[0].strip("+-.0"))


def _read_based(text: str) -> int:
    return read_whole(text, 0)


def _refuse(_: str) -> float:
    raise NumberError(NOT_FINITE)


_READERS: Final[Mapping[str | None, Callable[[str], float]]] = {
    "whole": read_whole,
    "real": read_real,
    "based": _read_based,
    None: _refuse,
}
