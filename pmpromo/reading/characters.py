"""Which characters a text may hold.

Text is UTF-8. It is brought to Unicode's composed form (NFC) rather than refused for lacking it:
an editor shows no difference, so nobody could mend it by hand. Characters that steer a terminal,
turn the reading direction, or cannot be seen are refused, for with them two texts look alike and
are not. The joiners (U+200C, U+200D) and the two emoji selectors (U+FE0E, U+FE0F) may stand right
after a character outside ASCII: Persian, the scripts of India and emoji are written with them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "BOM",
    "STAND_IN",
    "TEXT_BYTES",
    "Unclear",
    "compose",
    "describe_character",
    "find_pile",
    "find_refused",
    "is_clean",
    "is_refused",
    "read_clean",
    "stand_in",
]

TEXT_BYTES: Final = 16 * 1024 * 1024
"""How long a text may be. A long packet takes 50 kB; nobody reads sixteen million characters."""

STAND_IN: Final = "\ufffd"
"""What stands for a refused character while the rest of the text is read on."""

HIGHEST_PILE: Final = 30
"""How many marks may sit on one letter: the limit of Unicode's stream-safe format (UAX 15)."""

BOM: Final = "\ufeff"
"""The byte order mark: welcome at the start of a text, refused elsewhere."""

_JOINERS: Final = "\u200c\u200d\ufe0e\ufe0f"
_STEERING: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_NEVER: Final = (
    f"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_STEERING}"
    "\u2028\u2029"  # line breaks that only some programs see
    "\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u2800"
    "\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # halves of pairs, and what is no character
)
# To search for a set of characters takes a twentieth of the time of the full pattern; so texts
# are searched for suspects, and only these are held against it.
_SUSPECT: Final = re.compile(f"[{_NEVER}{_JOINERS}]")
_SUSPECT_OR_RETURN: Final = re.compile(f"[\r{_NEVER}{_JOINERS}]")
_REFUSED: Final = re.compile(
    rf"\r(?!\n)|[{_NEVER}]|(?<![^\x00-\x7f])[{_JOINERS}](?!\u20e3)|[\u200c\u200d]{{2}}"
)
_DIRECTION: Final = re.compile(f"[{_STEERING}]")
# Marks are no letters. Only the start of a run is tried, so that the search stays linear.
_LONG_RUN: Final = re.compile(rf"(?<![^\w\x00-\x7f])[^\w\x00-\x7f]{{{HIGHEST_PILE + 1},}}")
_HARMLESS_BYTES: Final = bytes([*b"\t\n\r", *range(0x20, 0x7F)])


class Unclear(Exception):  # noqa: N818 - a signal between two roads, never shown to anybody
    """The quick road met something that only the careful road can judge."""


def read_clean(data: bytes | str) -> str:
    r"""The text of harmless UTF-8, quickly; raise `Unclear` if it needs a closer look.

    >>> read_clean(b"\xef\xbb\xbfid: caf\xc3\xa9")
    'id: café'
    """
    try:
        raw = data.encode() if isinstance(data, str) else data
        if len(raw) > TEXT_BYTES:
            raise Unclear
        raw = raw.removeprefix(BOM.encode())
        text = raw.decode()
        odd = raw.translate(None, _HARMLESS_BYTES).decode()
    except UnicodeError:
        raise Unclear from None
    if _has_lone_return(text) or not (_is_harmless(odd) or is_clean(text)):
        raise Unclear
    if odd and not unicodedata.is_normalized("NFC", text):
        raise Unclear
    return text


def is_clean(text: str) -> bool:
    """Whether a value holds no refused character and is composed."""
    if text.isascii() and text.isprintable():
        return True
    if next(find_refused(text), None) or find_pile(text) is not None:
        return False
    return unicodedata.is_normalized("NFC", text)


def find_refused(text: str) -> Iterator[tuple[int, str]]:
    """Offset and character of everything that is refused, in order."""
    suspects = (match.start() for match in _choose_suspects(text).finditer(text))
    return ((offset, text[offset]) for offset in suspects if _REFUSED.match(text, offset))


def is_refused(character: str) -> bool:
    """Whether a character, alone, is refused."""
    return _REFUSED.match(character) is not None


def compose(text: str) -> str:
    """Text in NFC; first make sure that `find_pile` finds nothing."""
    return unicodedata.normalize("NFC", text)


def stand_in(text: str) -> str:
    """Text with a stand-in for each refused character, so that all places stay."""
    return _choose_suspects(text).sub(_replace_refused, text)


def find_pile(text: str) -> int | None:
    """Offset of the first mark of too many on one letter, or None.

    Composing such a pile takes time that grows with its square.
    """
    for run in _LONG_RUN.finditer(text):
        height = 0
        for offset in range(run.start(), run.end()):
            height = height + 1 if unicodedata.combining(text[offset]) else 0
            if height > HIGHEST_PILE:
                return offset - HIGHEST_PILE
    return None


def describe_character(character: str) -> str:
    r"""What a refused character is, and its code point.

    >>> describe_character("\u202e")
    'direction character U+202E'
    """
    code = f"character U+{ord(character):04X}"
    if unicodedata.category(character) == "Cc":
        return f"control {code}"
    return f"direction {code}" if _DIRECTION.match(character) else f"invisible {code}"


def _is_harmless(odd: str) -> bool:
    """Whether characters taken out of a text, in order, cannot have been refused or piled up."""
    return not (_SUSPECT.search(odd) or _LONG_RUN.search(odd))


def _choose_suspects(text: str) -> re.Pattern[str]:
    return _SUSPECT_OR_RETURN if _has_lone_return(text) else _SUSPECT


def _replace_refused(suspect: re.Match[str]) -> str:
    return STAND_IN if _REFUSED.match(suspect.string, suspect.start()) else suspect[0]


def _has_lone_return(text: str) -> bool:
    return "\r" in text and text.count("\r") != text.count("\r\n")
