"""Bytes to text, slowly: every place at which the text is not what a text must be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pmpromo.errors import Place
from pmpromo.reading.characters import (
    BOM,
    TEXT_BYTES,
    compose,
    describe_character,
    find_pile,
    find_refused,
)
from pmpromo.reading.places import COLLECTED_PROBLEMS, Cursor
from pmpromo.reading.scalars import PILED

if TYPE_CHECKING:
    from pmpromo.reading.places import Findings

__all__ = ["open_text"]

_FOREIGN_MARKS: Final = {
    b"\xff\xfe": "UTF-16 or UTF-32",
    b"\xfe\xff": "UTF-16",
    b"\x00\x00\xfe\xff": "UTF-32",
}
_SAVE: Final = "save it as UTF-8"


def open_text(data: bytes | str, findings: Findings) -> str:
    """The text of `data` in NFC, with refused characters noted and left in; or `Stopped`."""
    # Halves of pairs, which cannot be encoded, are refused below at their place.
    raw = data.encode(errors="surrogatepass") if isinstance(data, str) else data
    if len(raw) > TEXT_BYTES:
        findings.stop(None, f"longer than {TEXT_BYTES} bytes", code="too_large")
    text = data if isinstance(data, str) else _decode(data, findings)
    text = text.removeprefix(BOM)
    pile = find_pile(text)
    if pile is not None:
        place = Cursor(text, findings.source, findings.line).place(pile)
        findings.stop(place, *PILED, "not_text")
    text = compose(text)
    _note_refused(text, findings)
    return text


def _decode(data: bytes, findings: Findings) -> str:
    for mark, name in _FOREIGN_MARKS.items():
        if data.startswith(mark):
            place = Place(findings.source, findings.line, 1)
            findings.stop(place, f"{name}, not UTF-8", _SAVE, "not_text")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        place = Cursor(before, findings.source, findings.line).place(len(before))
        findings.stop(place, f"not UTF-8, from byte {error.start} on", _SAVE, "not_text")
    return text


def _note_refused(text: str, findings: Findings) -> None:
    cursor = Cursor(text, findings.source, findings.line)
    for offset, character in find_refused(text):
        place = cursor.place(offset)
        if findings.count == COLLECTED_PROBLEMS:
            findings.stop(place, "and so on: this is no text", code="not_text")
        mend = "end lines with a line feed" if character == "\r" else "delete it"
        findings.note((), place, describe_character(character), mend, "not_text")
