"""What one cell may hold, and how it is read. Each distinct value of a column is read once."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from numbers import Real
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args

from pmpromo.errors import SHOWN_CHARACTERS
from pmpromo.frame.names import are_names, are_plain_texts
from pmpromo.frame.voices import read_voices
from pmpromo.policy import Ownership
from pmpromo.reading.places import display
from pmpromo.requirement import Status
from pmpromo.words import HIGHEST_POINT, LONGEST_TEXT, check_text, is_identifier, read_day, suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = [
    "COLUMNS",
    "OWNERSHIPS",
    "STATUSES",
    "Kind",
    "choose",
    "read_name",
    "show",
]

OWNERSHIPS: Final[tuple[str, ...]] = get_args(Ownership)
"""Parts in a piece of work, in the order of their codes."""

STATUSES: Final[tuple[str, ...]] = get_args(Status)
"""States of a figure, in the order of their codes."""

LARGEST: Final = 1e18
"""No figure is larger, on either side of zero."""

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?")
_FLAGS: Final = {"true": True, "True": True, "TRUE": True}
_FLAGS_OFF: Final = {"false": False, "False": False, "FALSE": False}

_NO_TEXT: Final = "is no text | write names and ids as text, so that leading zeros stay"
_NO_NAME: Final = (
    "is no name | at most 120 ASCII letters and digits, with . _ : / - only between them"
)
_NO_NUMBER: Final = "is no number | write it with digits and a point, such as 16.5"

Family = Literal["text", "list", "number", "flag", "day"]
"""What kind of values a column holds."""


def _cannot_tell(_: Sequence[object]) -> bool:
    return False


class Kind(NamedTuple):
    """What a column holds: its family, and how one value of it is read.

    `read` takes a value that is known, and raises ``ValueError("message | hint")`` where it cannot
    be read. `are_read` is true of values of which each, read, is itself.
    """

    family: Family
    read: Callable[[Any], Any]
    are_read: Callable[[Sequence[object]], bool] = _cannot_tell


def show(value: object) -> str:
    r"""Write what a cell holds so that it is safe to print, in at most 80 characters.

    >>> show("led\u202e")
    'led\\u202e'
    """
    try:
        told = str(value)
    except ValueError:  # a whole number of thousands of digits
        told = "a number of thousands of digits"
    shown = display(told[: SHOWN_CHARACTERS + 1])
    return shown if len(shown) <= SHOWN_CHARACTERS else f"{shown[: SHOWN_CHARACTERS - 1]}…"


def choose(value: object, known: Iterable[str], what: str) -> str:
    """Return one of the known words, or say which they are.

    >>> choose("ledd", ["sole", "led"], "ownership")
    Traceback (most recent call last):
    ValueError: is no ownership | did you mean 'led'? one of sole, led
    """
    words = list(known)
    if isinstance(value, str) and value in words:
        return value
    near = suggest(value, words) if isinstance(value, str) else ""
    told = f"{near} " if near.startswith("did") else ""
    raise ValueError(f"is no {what} | {told}one of {', '.join(words)}")


def read_name(value: object) -> str:
    """Read an identifier."""
    if not isinstance(value, str):
        raise ValueError(_NO_TEXT)  # noqa: TRY004 - whatever is wrong with a cell is its value
    if not is_identifier(value):
        raise ValueError(_NO_NAME)
    return value


def _read_text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(_NO_TEXT)  # noqa: TRY004 - whatever is wrong with a cell is its value
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"is longer than {LONGEST_TEXT} characters | shorten it")
    return check_text(value)


def _read_ownership(value: object) -> str:
    return choose(value, OWNERSHIPS, "ownership")


def _read_status(value: object) -> str:
    return choose(value, STATUSES, "status")


def _read_number(value: object) -> float:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ValueError(_NO_NUMBER)  # noqa: TRY004 - whatever is wrong with a cell is its value
    figure: Any = value  # whatever its type, it compares with floats
    if not -LARGEST <= figure <= LARGEST:
        raise ValueError("is not finite, or beyond 1e18 | give the figure in a larger unit")
    return float(figure)


def _read_share(value: object) -> float:
    share = _read_number(value)
    if not 0 <= share <= 1:
        raise ValueError("is no share | write a number from 0 to 1")
    return share


def _read_point(value: object) -> float:
    point = _read_number(value)
    if point not in range(HIGHEST_POINT + 1):
        raise ValueError(f"is no point of the scale | write a whole number, 0 to {HIGHEST_POINT}")
    return point


def _read_flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    found = {**_FLAGS, **_FLAGS_OFF}.get(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("is neither true nor false | write true or false")
    return found


def _read_date(value: object) -> date:
    if isinstance(value, datetime) and value.time() == time() and value.tzinfo is None:
        return value.date()
    return read_day(value)


def _split(value: object) -> list[str]:
    """Take a list, or a text with bars, apart; ``none`` is known to be empty."""
    if isinstance(value, str):
        return [] if value == "none" else [part.strip(" ") for part in value.split("|")]
    if not isinstance(value, tuple) or not all(isinstance(part, str) for part in value):
        raise ValueError("is no list of names | write names with | between them, or none")
    return list(value)


def _read_names(value: object) -> tuple[str, ...]:
    return tuple(sorted({*map(read_name, _split(value))}))


def _read_support(value: object) -> tuple[Any, ...]:
    return read_voices(_split(value))


COLUMNS: Final[Mapping[str, Kind]] = {
    "packet_id": Kind("text", read_name, are_names),
    "evidence_id": Kind("text", read_name, are_names),
    "achievement": Kind("text", read_name, are_names),
    "fact": Kind("text", read_name, are_names),
    "value": Kind("number", _read_number),
    "unit": Kind("text", read_name, are_names),
    "baseline": Kind("number", _read_number),
    "status": Kind("text", _read_status),
    "period": Kind("text", read_name, are_names),
    "point": Kind("number", _read_point),
    "sections": Kind("list", _read_names),
    "reviewers": Kind("list", _read_names),
    "uri": Kind("text", _read_text, are_plain_texts),
    "ownership": Kind("text", _read_ownership),
    "share": Kind("number", _read_share),
    "support": Kind("list", _read_support),
    "support_complete": Kind("flag", _read_flag),
    "started": Kind("day", _read_date),
    "ended": Kind("day", _read_date),
    "declared_none": Kind("list", _read_names),
    "in_progress": Kind("flag", _read_flag),
    "as_of": Kind("day", _read_date),
    "transition": Kind("text", _read_text, are_plain_texts),
}
"""Every column of a long frame of evidence, in order, and what it holds."""
