"""What one value may be, whichever road it came by: texts, numbers, and how many of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pmpromo.reading.characters import (
    STAND_IN,
    compose,
    describe_character,
    find_pile,
    find_refused,
    is_clean,
    stand_in,
)
from pmpromo.reading.numbers import NumberError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pmpromo.errors import Place
    from pmpromo.reading.places import Findings, Loc

__all__ = [
    "DEEPEST",
    "EMPTY",
    "LONGEST_SCALAR",
    "MOST_VALUES",
    "PILED",
    "TOO_DEEP",
    "TOO_MANY",
    "judge_key",
    "judge_number",
    "judge_text",
]

DEEPEST: Final = 32
"""How many lists and mappings may lie inside each other; a packet needs seven."""

MOST_VALUES: Final = 50_000
"""How many values a text may hold; a packet of twenty items holds a thousand."""

LONGEST_SCALAR: Final = 100_000
"""How many characters one value may have: fifty pages."""

PILED: Final = ("too many marks on one letter", "delete them")
"""What is said of a letter under more marks than Unicode's stream-safe format allows."""

TOO_LONG: Final = f"a text of more than {LONGEST_SCALAR} characters"

EMPTY: Final = "nothing stands here"
"""What is said of a text without a value."""

TOO_DEEP: Final = f"nested more than {DEEPEST} deep"
"""What is said of the first bracket too many."""

TOO_MANY: Final = f"more than {MOST_VALUES} values"
"""What is said of the first value too many."""


def judge_text(text: str, loc: Loc, place: Place | None, findings: Findings) -> str | None:
    """A text fit to be used; None, and a problem noted, where it is not."""
    if len(text) > LONGEST_SCALAR:
        findings.spoil(loc, place, TOO_LONG, code="too_large")
        return None
    if is_clean(text):
        return text if STAND_IN not in text else _pass_stand_in(text, loc, findings)
    if find_pile(text) is not None:
        findings.spoil(loc, place, *PILED, "not_text")
        return None
    refused = next(find_refused(text), None)
    if refused is not None:
        findings.spoil(loc, place, describe_character(refused[1]), "delete it", "not_text")
    return stand_in(compose(text))


def judge_key(text: str, loc: Loc, place: Place | None, findings: Findings) -> str:
    """A key of the mapping at `loc`; one that is not fit is noted, and shortened to be carried."""
    name = text if is_clean(text) or find_pile(text) is not None else stand_in(compose(text))
    way = (*loc, name[:LONGEST_SCALAR])
    judge_text(text, way, place, findings)
    return str(way[-1])


def judge_number(
    read: Callable[[str], float | str | None],
    text: str,
    loc: Loc,
    place: Place | None,
    findings: Findings,
) -> float | str | None:
    """What `read` makes of a number; None, and a problem noted, where it refuses."""
    try:
        return read(text)
    except NumberError as refusal:
        findings.spoil(loc, place, str(refusal), code="out_of_range")
        return None


def _pass_stand_in(text: str, loc: Loc, findings: Findings) -> str:
    """A stand-in for a character already complained of must not be complained of twice."""
    if findings.count:
        findings.spoilt.add(loc)
    return text
