"""P7: text is composed and holds nothing unseen; names are compared without case, and are ASCII."""

from __future__ import annotations

import io
import json
import unicodedata
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pytest
from openpyxl import load_workbook
from promises.choosing import choose
from promises.doors import (
    CRITERION,
    DAY,
    DOORS,
    ITEM,
    PACKET,
    RUBRIC,
    make_packet,
    make_rubric,
    write_sample,
    write_yaml,
)

from pmpromo import (
    Evidence,
    evidence_frame,
    load_packet,
    parse_packet,
    parse_rubric,
    score_frame,
    write_form,
)
from pmpromo.errors import DataError, PmpromoError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Content = dict[str, Any]

UNSEEN: Final = (
    *range(0x09),
    0x0B,
    0x0C,
    *range(0x0E, 0x20),
    *range(0x7F, 0xA0),
    *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5),
    *range(0x180B, 0x1810),
    *(0x200B, 0x200E, 0x200F),
    *range(0x2028, 0x202F),
    *range(0x2060, 0x2070),
    *(0x2800, 0x3164, 0xFEFF, 0xFFA0),
    *range(0xFFF0, 0xFFFC),
    *(0xFDD0, 0xFFFE, 0xFFFF, 0xE0001, 0xE0041, 0x1D173),
)
"""Controls, turns of direction, what has no width or is no character, by their code points."""

STEERING: Final = tuple(
    code
    for code in range(0x110000)
    if unicodedata.category(chr(code)) == "Cc"
    or unicodedata.bidirectional(chr(code))
    in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    if code not in {0x09, 0x0A, 0x0D}
)
"""Every control and every turn of direction that Unicode itself lists."""


def is_refused(work: Callable[[], object]) -> bool:
    """Tell whether our own error is raised."""
    try:
        work()
    except PmpromoError:
        return True
    return False


def list_ways(content: Content) -> Iterator[Callable[[], object]]:
    """Yield every way to read a packet's content: JSON raw and escaped, YAML raw, a mapping."""
    yield lambda: parse_packet(content)
    yield lambda: parse_packet(json.dumps(content))
    yield lambda: parse_packet(json.dumps(content, ensure_ascii=False))
    yield lambda: parse_packet(write_yaml(content), format="yaml")


def entitle(title: str) -> Content:
    """Return the small packet with another title of its first item."""
    return {**PACKET, "evidence": [{**ITEM, "title": title}]}


@pytest.mark.parametrize("code", choose(sorted({*UNSEEN, *STEERING}), 6), ids=hex)
def test_a_character_that_nobody_sees_is_refused(code: int) -> None:
    """Inside a word of a title, in every format, raw and escaped."""
    for work in list_ways(entitle(f"a{chr(code)}b")):
        assert is_refused(work)


def test_all_that_steers_is_known_to_the_list() -> None:
    """Of what Unicode lists as control or turn nothing is missing in the short list above."""
    assert set(STEERING) <= {*UNSEEN}


@pytest.mark.parametrize("place", ["id", "candidate", "cycle", "summary"])
def test_no_field_of_a_packet_takes_one(place: str) -> None:
    """Names and texts of the packet are held to the same, and so are those of a rubric."""
    for code in (0x08, 0x1B, 0x200B, 0x202E, 0x2067, 0xFEFF):
        for work in list_ways({**PACKET, place: f"a{chr(code)}b"}):
            assert is_refused(work)
        for key in ("id", "name", "version"):
            spoilt = {**RUBRIC, key: f"a{chr(code)}b"}
            assert is_refused(partial(parse_rubric, spoilt))


def test_nouns_made_by_hand_are_held_to_it() -> None:
    """Python code that makes an item without a reader cannot put a control into its title."""
    for code in (0x08, 0x1B, 0x7F, 0x9B, 0x202E, 0x2066, 0xFEFF):
        with pytest.raises(ValueError, match="control, direction or invisible"):
            Evidence(id="a", title=f"a{chr(code)}b")
    assert Evidence(id="a", title="cafe\u0301").title == "caf\u00e9"


@pytest.mark.slow
def test_a_cell_takes_none(tmp_path: Path) -> None:
    """A workbook cannot bring one in either; openpyxl itself refuses most of the controls."""
    path = tmp_path / "form.xlsx"
    for code in (0x202E, 0xAD):
        book = load_workbook(io.BytesIO(write_form(make_rubric(), make_packet())))
        (cell,) = [cell for row in book["evidence"] for cell in row if cell.value == ITEM["title"]]
        cell.value = f"a{chr(code)}b"
        book.save(path)
        with pytest.raises(PmpromoError):
            load_packet(path)


COMPOSED: Final = ("cafe\u0301", "A\u030a", "\u1100\u1161", "o\u0323\u0308", "\u212b")


@pytest.mark.parametrize("written", COMPOSED, ids=ascii)
def test_text_is_composed(written: str) -> None:
    """However a letter and its marks are written, one text comes out, in every format."""
    told = {work().evidence[0].title for work in list_ways(entitle(written))}  # type: ignore[attr-defined]
    assert told == {unicodedata.normalize("NFC", written)}


CONFUSABLE: Final = (
    "sc\u03bfpe",  # Greek omicron
    "\u0455cope",  # Cyrillic dze
    "scope\u2024a",  # one dot leader
    "sc\uff4fpe",  # a wide letter
    "s\u0441ope",  # Cyrillic es
    "scope\u0301",
    "sco pe",
    "scope.",
    ".scope",
    "scope\u00a0",
    "sc/../ope/",
    "",
)
"""Names that look like another, or end where nobody sees it."""


@pytest.mark.parametrize("name", CONFUSABLE, ids=ascii)
def test_a_name_that_looks_like_another_is_refused(name: str) -> None:
    """Names are ASCII letters and digits, with signs only between them: in packets and rubrics."""
    for work in list_ways({**PACKET, "id": name}):
        assert is_refused(work)
    for work in list_ways({**PACKET, "evidence": [{**ITEM, "id": name}]}):
        assert is_refused(work)
    assert is_refused(lambda: parse_rubric({**RUBRIC, "criteria": [{**CRITERION, "id": name}]}))
    with pytest.raises(DataError):
        score_frame(make_frame(["p-1"]), make_rubric(), as_of=DAY, packets=["p-1", name])
    if name:
        assert len(score_frame(make_frame([name]), make_rubric(), as_of=DAY).problems) > 0


def make_frame(ids: list[str]) -> pd.DataFrame:
    """Return the small packet's frame once for every id."""
    frame = evidence_frame([make_packet()]).drop(columns=["transition", "as_of"])
    return pd.concat([frame.assign(packet_id=name) for name in ids], ignore_index=True)


def test_names_are_compared_without_case() -> None:
    """Two items, or two criteria, whose names differ in case alone are one that stands twice."""
    twice = {**PACKET, "evidence": [ITEM, {**ITEM, "id": "LAUNCH"}]}
    for work in list_ways(twice):
        with pytest.raises(PmpromoError, match="stands twice"):
            work()
    again = {**CRITERION, "id": "REACH", "name": "Other"}
    assert is_refused(lambda: parse_rubric({**RUBRIC, "criteria": [CRITERION, again]}))
    with pytest.raises(DataError, match="stands twice"):
        score_frame(make_frame(["p-1"]), make_rubric(), as_of=DAY, packets=["p-1", "P-1"])


def test_files_are_utf_8_with_a_mark_or_without(tmp_path: Path) -> None:
    """A byte order mark at the start changes nothing; every other encoding is refused."""
    door = next(door for door in DOORS if door.name == "packet in a text")
    data = write_sample(door)
    assert door.read(b"\xef\xbb\xbf" + data, tmp_path) == door.read(data, tmp_path)
    for encoding in ("utf-16", "utf-32", "utf-16-be", "utf-16-le"):
        assert is_refused(partial(door.read, data.decode().encode(encoding), tmp_path))
    assert is_refused(lambda: door.read(data.replace(b"p-1", b"p\xff1"), tmp_path))
