"""P3: depth, values, lengths, rows, cells and what is unpacked have limits, told and kept."""

from __future__ import annotations

import io
import json
import zipfile
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from promises.doors import DOORS, PACKET, Door, make_rubric, write_sample

from pmpromo import import_ladder, load_packet, load_rubric, parse_packet, read_evidence, write_form
from pmpromo.errors import PmpromoError
from pmpromo.words import is_identifier

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pmpromo.reading.models import Format


def say(work: Callable[[], object]) -> str:
    """Return what is said about an input."""
    try:
        work()
    except PmpromoError as error:
        return str(error)
    return ""


def nest(depth: int) -> str:
    """Return so many lists inside each other."""
    return "[" * depth + "]" * depth


@pytest.mark.parametrize("format", ["json", "yaml"])
def test_thirty_two_deep_and_no_deeper(format: Format) -> None:  # noqa: A002
    """A key may hold lists 31 deep, for the packet itself is one level; 32 are too deep."""
    told = [
        say(partial(parse_packet, f'{{"id": {nest(depth)}}}\n', format=format))
        for depth in (31, 32)
    ]
    assert ["nested more than 32 deep" in each for each in told] == [False, True]


def test_mappings_have_the_same_depth() -> None:
    """Python objects are no way around the limit, nor is a list that holds itself."""
    endless: list[Any] = []
    endless.append(endless)
    told = [
        say(partial(parse_packet, {"id": value}))
        for value in (json.loads(nest(31)), json.loads(nest(32)), endless)
    ]
    assert ["nested more than 32 deep" in each for each in told] == [False, True, True]


def fill(count: int) -> str:
    """Return a packet of so many values, most of them names in one list."""
    names = [f"n{n}" for n in range(count - 4)]
    return json.dumps({"id": "p-1", "evidence": [], "declared_none": names})


@pytest.mark.slow
def test_fifty_thousand_values_and_no_more() -> None:
    """A text and a mapping of 50,000 values are packets; one more is refused."""
    assert len(parse_packet(fill(50_000)).declared_none) == 49_996
    assert "more than 50000 values" in say(lambda: parse_packet(fill(50_001)))
    assert say(lambda: parse_packet(json.loads(fill(50_000)))) == ""
    assert "more than 50000 values" in say(lambda: parse_packet(json.loads(fill(50_001))))


@pytest.mark.slow
def test_yaml_has_the_same_number_of_values() -> None:
    """The careful road over YAML counts as JSON does."""
    assert say(lambda: parse_packet(f"{fill(50_000)}\n", format="yaml")) == ""
    assert "more than 50000 values" in say(lambda: parse_packet(f"{fill(50_001)}\n", format="yaml"))


@pytest.mark.parametrize("format", ["json", "yaml"])
@pytest.mark.parametrize(
    ("key", "most"), [("summary", 20_000), ("id", 120), ("candidate", 120), ("cycle", 120)]
)
def test_texts_and_names_have_a_length(format: Format, key: str, most: int) -> None:  # noqa: A002
    """A text has 20,000 characters at most, a name 120."""
    told = [
        say(partial(parse_packet, f"{json.dumps({**PACKET, key: 'x' * length})}\n", format=format))
        for length in (most, most + 1)
    ]
    assert [bool(each) for each in told] == [False, True]
    assert is_identifier("x" * 120)
    assert not is_identifier("x" * 121)


@pytest.mark.parametrize("format", ["json", "yaml"])
def test_a_scalar_has_a_length_wherever_it_stands(format: Format) -> None:  # noqa: A002
    """A key or value of 100,001 characters is named as such, even where no text belongs."""
    text = "x" * 100_001
    for content in ({**PACKET, "id": text}, {**PACKET, text: 1}):
        told = say(partial(parse_packet, f"{json.dumps(content)}\n", format=format))
        assert "a text of more than 100000 characters" in told
        assert len(told) < 2000


@pytest.mark.parametrize(
    ("ending", "load", "megabytes"),
    [(".yaml", load_packet, 16), (".json", load_rubric, 16), (".md", import_ladder, 1)],
)
def test_a_file_has_a_length(
    ending: str, load: Callable[[Path], object], megabytes: int, tmp_path: Path
) -> None:
    """A file that is longer is refused by its length, unread: it has no bytes at all."""
    path = tmp_path / f"long{ending}"
    with path.open("wb") as file:
        file.truncate(megabytes * 1024 * 1024 + 1)
    assert f"longer than {megabytes * 1024 * 1024} bytes" in say(lambda: load(path))


def test_a_table_has_a_length(tmp_path: Path) -> None:
    """A table may have 256 MB."""
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.truncate(256 * 1024 * 1024 + 1)
    assert "longer than 268435456 bytes" in say(lambda: read_evidence(path))


def blow_up(data: bytes, megabytes: int) -> bytes:
    """Return a workbook with one part more: zeros, packed a thousandfold."""
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/media/image1.bin", bytes(megabytes * 1024 * 1024))
    return file.getvalue()


@pytest.mark.slow
def test_a_workbook_has_a_length_when_unpacked(tmp_path: Path) -> None:
    """A form unpacks to 2 MB at most, a table to 16 MB, however small they are on the disk."""
    form, table = tmp_path / "form.xlsx", tmp_path / "table.xlsx"
    form.write_bytes(blow_up(write_form(make_rubric()), 2))
    table.write_bytes(
        blow_up(write_sample(next(d for d in DOORS if d.name == "evidence as a workbook")), 16)
    )
    assert form.stat().st_size + table.stat().st_size < 100_000
    assert "longer than 2097152 bytes when unpacked" in say(lambda: load_packet(form))
    assert "longer than 16777216 bytes when unpacked" in say(lambda: read_evidence(table))


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_a_megabyte_of_brackets_is_refused_soon(door: Door, tmp_path: Path) -> None:
    """No door goes as deep as a file of brackets does, and none ends the process."""
    told = say(lambda: door.read(b'{"a":[' * 150_000 + b"\n", tmp_path))
    assert told
    assert len(told) < 5000
