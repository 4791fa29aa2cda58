"""P6: no alias, anchor, tag, directive or merge key is read, and no key twice, in any format."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Final

import pytest
from openpyxl import load_workbook
from promises.doors import (
    DOORS,
    JSON_DOORS,
    PACKET,
    PACKETS,
    RUBRICS,
    Door,
    make_packet,
    make_rubric,
    write_csv,
    write_sample,
)

from pmpromo import load_packet, parse_packet, write_form
from pmpromo.errors import PmpromoError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

YAML: Final = tuple(door for door in (*PACKETS, *RUBRICS) if door.ending == ".yaml")

EXPANSIONS: Final = {
    "an alias": ("&a {}", "*a"),
    "an alias of a name that nobody gave": ("{}", "*a"),
    "an anchor alone": ("&a {}", "x"),
    "a tag of YAML": ("!!str {}", "x"),
    "a tag that makes an object": ("!!python/name:os.system {}", "x"),
    "a private tag": ("!level {}", "x"),
    "a bare tag": ("! {}", "x"),
    "a tag of a list": ("{}", "!!set {x}"),
}
"""What is set before one value of a file, and for another."""


def refuse(door: Door, text: str, folder: Path) -> None:
    """Demand that a door refuses a text."""
    with pytest.raises(PmpromoError):
        door.read(text.encode(), folder)


@pytest.mark.parametrize("expansion", EXPANSIONS)
@pytest.mark.parametrize("door", YAML, ids=lambda door: door.name)
def test_yaml_is_plain_values(door: Door, expansion: str, tmp_path: Path) -> None:
    """An anchor, an alias or a tag before any value is refused, also where it would be harmless."""
    text = write_sample(door).decode()
    before, other = EXPANSIONS[expansion]
    places = [*re.finditer(r'(?<=: )"[^"\n]*"(?=\n)', text)]
    for found in places[:: max(1, len(places) // 5)][:-1]:
        last = places[-1]
        spoilt = (
            text[: found.start()]
            + before.format(found[0])
            + text[found.end() : last.start()]
            + (last[0] if other == "x" else other)
            + text[last.end() :]
        )
        refuse(door, spoilt, tmp_path)


@pytest.mark.parametrize(
    "head", ["%YAML 1.1\n---\n", "%TAG ! tag:x,2026:\n---\n", "<<: {id: p-9}\n"]
)
@pytest.mark.parametrize("door", YAML, ids=lambda door: door.name)
def test_yaml_has_no_directive_and_no_merge(door: Door, head: str, tmp_path: Path) -> None:
    """A file that says how it is to be read, or takes keys from elsewhere, is refused."""
    refuse(door, head + write_sample(door).decode(), tmp_path)


@pytest.mark.parametrize("door", YAML, ids=lambda door: door.name)
def test_yaml_has_one_document(door: Door, tmp_path: Path) -> None:
    """A second document behind the first is not passed over."""
    text = write_sample(door).decode()
    refuse(door, f"{text}---\n{text}", tmp_path)


def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    """Nine anchors of nine aliases each would be 400 million values."""
    rows = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)]
    with pytest.raises(PmpromoError, match="an alias"):
        parse_packet("a0: &a0 x\n" + "".join(rows), format="yaml")


TWINS: Final[dict[str, Callable[[str], str]]] = {
    "as it is": json.dumps,
    "by an escape": lambda key: f'"\\u{ord(key[0]):04x}{key[1:]}"',
}
"""How the second of two equal keys may be written."""


@pytest.mark.parametrize("twin", TWINS)
@pytest.mark.parametrize("door", JSON_DOORS, ids=lambda door: door.name)
def test_json_has_no_key_twice(door: Door, twin: str, tmp_path: Path) -> None:
    """A key that stands twice, with the same value or another, is refused wherever it stands."""
    text = write_sample(door).decode()
    keys = [*re.finditer(r'"([^"\\]+)":(?= ?("[^"\\]*"|-?[\d.]+)[,}])', text)]
    for found in keys[:: max(1, len(keys) // 6)]:
        spoilt = (
            f"{text[: found.start()]}{TWINS[twin](found[1])}:{found[2]},{text[found.start() :]}"
        )
        refuse(door, spoilt, tmp_path)
    assert keys


@pytest.mark.parametrize("door", YAML, ids=lambda door: door.name)
def test_yaml_has_no_key_twice(door: Door, tmp_path: Path) -> None:
    """The same in YAML, plain, in quotes, and by an escape."""
    text = write_sample(door).decode()
    keys = [*re.finditer(r"^( *(?:- )?)([\w-]+): [^\n]+\n", text, re.MULTILINE)]
    for found in keys[:: max(1, len(keys) // 6)]:
        for name in (found[2], f'"{found[2]}"', f'"\\x{ord(found[2][0]):02x}{found[2][1:]}"'):
            line = found[0].replace("- ", "  ", 1).replace(found[2], name, 1)
            refuse(door, text[: found.end()] + line + text[found.end() :], tmp_path)


def test_keys_that_become_equal_are_twins() -> None:
    """Two keys that are one once they are composed are refused in text and in mappings."""
    odd = {**PACKET, "caf\u00e9": 1, "cafe\u0301": 2}
    raw = json.dumps(odd, ensure_ascii=False)
    for told in (odd, json.dumps(odd), raw):
        with pytest.raises(PmpromoError, match="duplicate key"):
            parse_packet(told)
    with pytest.raises(PmpromoError, match="duplicate key"):
        parse_packet(f"{raw}\n", format="yaml")


def test_tables_have_no_column_twice(tmp_path: Path) -> None:
    """The second of two columns of one name is never read for the first."""
    for door in DOORS:
        if door.ending == ".csv":
            lines = write_sample(door).decode().splitlines()
            doubled = [f"{line},{line.partition(',')[0]}" for line in lines]
            with pytest.raises(PmpromoError):
                door.read(write_csv(doubled), tmp_path)


@pytest.mark.slow
def test_a_form_has_no_key_twice(tmp_path: Path) -> None:
    """Neither a key of the packet's sheet nor a column of another may be doubled."""
    whole = write_form(make_rubric(), make_packet())
    path = tmp_path / "form.xlsx"
    for sheet in ("packet", "evidence"):
        book = load_workbook(io.BytesIO(whole))
        page = book[sheet]
        if sheet == "packet":
            page.append(["id", "p-9"])
        else:
            page.cell(1, page.max_column + 1, page.cell(1, 1).value)
            page.cell(2, page.max_column, "other")
        book.save(path)
        with pytest.raises(PmpromoError):
            load_packet(path)
