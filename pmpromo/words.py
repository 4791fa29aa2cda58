"""The value types that every noun is made of: text, ids, numbers, days, shares."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping  # noqa: TC003 - a module-level name needs it
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Final, Literal, NamedTuple, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints
from pydantic.functional_validators import AfterValidator
from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmpromo.errors import Code

__all__ = [
    "COUNTED",
    "DIGEST",
    "FORMS",
    "Count",
    "Day",
    "Fault",
    "Flag",
    "Identifier",
    "Noun",
    "Number",
    "Point",
    "Rows",
    "Share",
    "Text",
    "Version",
    "Weight",
    "find_repeats",
    "is_identifier",
    "raise_faults",
    "suggest",
]

LONGEST_TEXT: Final = 20_000
LONGEST_IDENTIFIER: Final = 120
HIGHEST_POINT: Final = 4

_UNSAFE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DECIMAL: Final = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?")


_IDENTIFIER: Final = r"^[A-Za-z0-9](?:[A-Za-z0-9._:/-]*[A-Za-z0-9])?$"
COUNTED: Final = r"^[a-z][a-z0-9_]*$"
"""The form of a counted thing that serves as a unit."""

_ROW: Final = r"^S[0-9]{3}$"
DIGEST: Final = r"^sha256:[0-9a-f]{64}$"
"""What a digest looks like."""

FORMS: Final[Mapping[str, str]] = {
    _IDENTIFIER: "ASCII letters and digits, with . _ : / - only between them, are",
    COUNTED: "lower-case ASCII letters, digits and _, a letter first, are",
    _ROW: "a row id such as S109 is",
    DIGEST: "sha256: and 64 hexadecimal digits are",
}
"""Patterns in words."""


def is_identifier(value: object) -> bool:
    """Tell whether something can be an `Identifier`.

    >>> is_identifier("percent/year"), is_identifier("%")
    (True, False)
    """
    return (
        isinstance(value, str)
        and len(value) <= LONGEST_IDENTIFIER
        and re.fullmatch(_IDENTIFIER, value) is not None
    )


def check_text(text: str) -> str:
    """Return `text` in Unicode NFC; refuse control, direction and invisible characters.

    >>> check_text("a plain title")
    'a plain title'
    """
    if text.isascii() and text.isprintable():
        return text
    if _UNSAFE.search(text):
        message = "holds a control, direction or invisible character | remove it"
        raise ValueError(message)
    return unicodedata.normalize("NFC", text)


def read_day(value: object) -> date:
    """Read a calendar day from a `date` or from text as ``YYYY-MM-DD``; nothing else.

    >>> read_day("2026-06-30")
    datetime.date(2026, 6, 30)
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            message = "is no day of the calendar | write a day that exists, as YYYY-MM-DD"
            raise ValueError(message) from None
    message = "is no date | write it as YYYY-MM-DD, without time or zone"
    raise ValueError(message)


def _write_out(value: object) -> str:
    """Write a number without an exponent."""
    return format(Decimal(str(value)), "f") if isinstance(value, (float, Decimal)) else ""


def read_weight(value: object) -> Decimal:
    """Read an exact decimal of at most 12 digits before and after the point.

    >>> read_weight(0.1), read_weight("20")
    (Decimal('0.1'), Decimal('20'))
    """
    written = str(value) if isinstance(value, (int, str)) else _write_out(value)
    if _DECIMAL.fullmatch(written):
        return Decimal(written)
    message = (
        "is no weight | write a number that is not negative, such as 20 or 0.125, with at most"
        " 12 digits on either side of the point"
    )
    raise ValueError(message)


def read_version(value: object) -> object:
    """Read a whole number; true, 1.0 and "1" are no version."""
    if type(value) is int:
        return value
    message = "is no version | write 1, without quotes"
    raise ValueError(message)


def read_absent(value: object) -> object:
    """Read the word ``none`` as a list that is known to be empty."""
    return () if value == "none" else value


def find_repeats(names: list[str]) -> list[int]:
    """Return the places of names that, compared case-folded, came earlier in the list.

    >>> find_repeats(["scope", "impact", "Scope"])
    [2]
    """
    seen: set[str] = set()
    repeats = []
    for index, name in enumerate(names):
        if name.casefold() in seen:
            repeats.append(index)
        seen.add(name.casefold())
    return repeats


def suggest(
    name: str, known: Iterable[str], otherwise: str = "pmpromo template lists the known names"
) -> str:
    """Return a hint that names the nearest known word, or says where to look.

    >>> suggest("strateg_document", ["strategy_document"])
    "did you mean 'strategy_document'?"
    """
    # The known words may be those of a file, and a hint must be safe to print.
    near = get_close_matches(name[:60], filter(str.isprintable, known), n=1)
    return f"did you mean '{near[0]}'?" if near else otherwise


class Fault(NamedTuple):
    """Something wrong inside a noun: the keys that lead to it, what is wrong, how to mend it."""

    loc: tuple[str | int, ...]
    message: str
    hint: str = ""
    code: Code = "not_valid"


def raise_faults(faults: list[Fault]) -> None:
    """Refuse a noun for all its `faults` at once; a reader leads each to its place in the text."""
    if faults:
        told = "; ".join(
            f"{'.'.join(map(str, fault.loc))}: {fault.message}" for fault in faults[:5]
        )
        raise PydanticCustomError("faults", "{told}", {"told": told, "faults": faults})


class Noun(BaseModel):
    """A frozen thing that a file describes. Unknown keys are refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        defer_build=True,
        hide_input_in_errors=True,
    )

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse to change what was worked out, as pydantic refuses to change what was given."""
        if isinstance(getattr(type(self), name, None), cached_property):
            message = f"{name}: is worked out from the rest; it does not change"
            raise AttributeError(message)  # noqa: TRY004 - as Python says it of properties
        super().__setattr__(name, value)

    def __copy__(self) -> Self:
        """Copy what was given; what was worked out is worked out anew."""
        copied = super().__copy__()
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied


_text_limits = StringConstraints(strict=True, min_length=1, max_length=LONGEST_TEXT)
Text = Annotated[str, _text_limits, AfterValidator(check_text)]
"""Words for people. They never move a number."""

Identifier = Annotated[
    str,
    StringConstraints(
        strict=True,
        max_length=LONGEST_IDENTIFIER,
        pattern=_IDENTIFIER,
    ),
]
"""A name for machines: ASCII letters, digits and ``. _ : / -`` inside; compared case-folded."""

Flag = Annotated[bool, Strict()]
"""True or false, written so."""

Number = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-1e18, le=1e18)]
"""A finite number."""

Share = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1)]
"""A share, 0 to 1."""

Count = Annotated[int, Field(strict=True, ge=0, le=10**12)]
"""A whole number that counts something."""

Point = Annotated[int, Field(strict=True, ge=0, le=HIGHEST_POINT)]
"""A point of the rating scale, 0 to 4; 3 meets the target level."""

Day = Annotated[date, BeforeValidator(read_day, json_schema_input_type=str)]
"""A calendar day, written ``YYYY-MM-DD``."""

Version = Annotated[Literal[1], BeforeValidator(read_version)]
"""The version of a file format: the whole number 1."""

Weight = Annotated[Decimal, BeforeValidator(read_weight, json_schema_input_type=int | float | str)]
"""An exact decimal; only ratios of weights matter."""

Rows = tuple[Annotated[str, StringConstraints(strict=True, pattern=_ROW)], ...]
"""Row ids of the coverage table (``docs/coverage.md``) that a statement comes from."""
