"""Text for a terminal: widths as people see them, columns, wrapped lines and bars."""

from __future__ import annotations

import textwrap
import unicodedata
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["draw_bar", "fit", "measure_width", "write_plain", "write_rows", "write_wrapped"]

_PROVEN: Final = "█"
_POSSIBLE: Final = "░"
_EMPTY: Final = "·"
_MARK: Final = "│"
_FILLER: Final = "\0"
"""Stands for the second column of a wide sign while lines are wrapped; no text holds it."""


_PLAIN: Final = str.maketrans("█░·│✓◐✗○…", "#-.|+~xo.")


def write_plain(text: str) -> str:
    """Write our own signs in ASCII, for terminals that have no others.

    >>> write_plain("██░·│ ✓ met")
    '##-.| + met'
    """
    return text.translate(_PLAIN)


def measure_width(text: str) -> int:
    """Return the columns a text takes: wide signs take two, combining ones none.

    >>> measure_width("Größe"), measure_width("評価")
    (5, 4)
    """
    if text.isascii():
        return len(text)
    return sum(_measure_sign(sign) for sign in text)


def _measure_sign(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in {"W", "F"} else 1


def fit(text: str, width: int) -> str:
    """Return `text` on one line, cut or padded to exactly `width` columns; a cut is marked.

    >>> fit("Business result", 10), fit("Reach", 7)
    ('Business …', 'Reach  ')
    """
    text = " ".join(text.split())
    room = width - measure_width(text)
    if room >= 0:
        return text + " " * room
    ends = list(accumulate(map(_measure_sign, text)))
    kept = text[: bisect_right(ends, width - 1)]
    return kept + "…" + " " * (width - 1 - measure_width(kept))


def write_rows(rows: Sequence[Sequence[str]], widths: Sequence[int]) -> list[str]:
    """Write rows of cells in columns; a negative width aligns to the right.

    >>> write_rows([["Reach", "0.5"]], [6, -5])
    ['Reach    0.5']
    """
    return [
        " ".join(_place(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _place(cell: str, width: int) -> str:
    if width >= 0:
        return fit(cell, width)
    return " " * (-width - measure_width(cell)) + cell


def write_wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Wrap a text to `width` columns, every line but the first after `indent`."""
    lines = textwrap.wrap(
        _fill(text), width, subsequent_indent=indent, break_long_words=True, break_on_hyphens=False
    )
    return [line.replace(_FILLER, "") for line in lines]


def _fill(text: str) -> str:
    """Make a text as many signs long as it is wide, or longer."""
    if text.isascii():
        return text
    return "".join(_FILLER * (_measure_sign(sign) - 1) + sign for sign in text)


def draw_bar(proven: float, possible: float, mark: float, cells: int = 20) -> str:
    """Draw 0..1 as cells: proven solid, possible pale, a line where the mark stands.

    >>> draw_bar(0.5, 0.7, 0.75)
    '██████████░░░░·│····'
    """
    solid, pale = round(proven * cells), round(possible * cells)
    bar = [_PROVEN] * solid + [_POSSIBLE] * (pale - solid) + [_EMPTY] * (cells - pale)
    place = min(cells - 1, int(mark * cells))
    return "".join([*bar[:place], _MARK, *bar[place + 1 :]])
