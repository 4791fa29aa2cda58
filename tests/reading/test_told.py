"""What is said of files that cannot be read, word for word, and where it is said to be."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, cast

import pytest
import yaml

from pmpromo import iter_packets, load_packet, load_rubric, parse_packet, shipped_rubrics
from pmpromo.errors import DataError, PacketError, PmpromoError, Problem
from pmpromo.packet import Evidence
from pmpromo.reading.characters import HIGHEST_PILE, find_pile
from pmpromo.reading.files import open_regular
from pmpromo.reading.lines import Line, read_line, read_lines
from pmpromo.reading.numbers import read_plain
from pmpromo.reading.sheet import read_sheet

if TYPE_CHECKING:
    from collections.abc import Callable

HINT: Final = "give a text or a Path; parse_packet and parse_rubric take mappings"
ENDS: Final = "its name must end in .jsonl, .ndjson; others: give the file, opened 'rb'"
PACKET: Final = '{"id": "p-1", "evidence": []}'
BOM: Final = "\ufeff"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the names of files are short: a long one is shortened where it is shown."""
    monkeypatch.chdir(tmp_path)


def tell(call: Callable[[], object]) -> str:
    """Return what is said of a refusal."""
    with pytest.raises(PmpromoError) as caught:
        call()
    return str(caught.value)


def test_what_is_no_path() -> None:
    """It is named by its type."""
    told = f"a path is wanted, not an object of <class 'int'>; {HINT}"
    assert tell(lambda: load_packet(cast("Any", 3))) == told
    assert tell(lambda: load_rubric(cast("Any", 3))) == told
    assert tell(lambda: read_sheet(3)) == told


def test_what_is_no_regular_file() -> None:
    """A folder with the name of a file, and a name that no file can have."""
    folder = Path("folder.yaml")
    folder.mkdir()
    assert tell(lambda: load_packet(folder)) == f"{folder}: not a regular file"
    assert tell(lambda: load_packet("a\0.yaml")).endswith(": not a path")


def test_a_rubric_that_is_not_on_the_shelf() -> None:
    """The one that was meant: by its last part, or by its letters; else all are listed."""
    first = shipped_rubrics()[0]
    none = "rubric: no shipped rubric has this id"
    assert tell(lambda: load_rubric(first.partition("/")[2].upper())) == (
        f"{none}; did you mean '{first}'?"
    )
    assert tell(lambda: load_rubric(f"{first}x")) == f"{none}; did you mean '{first}'?"
    assert tell(lambda: load_rubric("q" * 90)) == (
        f"{none}; shipped are: {', '.join(shipped_rubrics())}"
    )


def test_lines_of_another_kind() -> None:
    """What is no JSON Lines is told by name or by its first bytes, with what mends it."""
    other = Path("packets.txt")
    assert tell(lambda: next(iter_packets(other))) == (
        f"{other}: not a file that is read as JSON Lines; {ENDS}"
    )
    assert tell(lambda: next(iter_packets(Path("none.jsonl")))).endswith(": no such file")
    starts = {
        gzip.compress(b"{}"): "compressed, not text; give what gzip.open(path) returns",
        b"\x28\xb5\x2f\xfd": "compressed, not text; unpack it",
        b"PK\x03\x04": "an archive, not text; unpack it",
        PACKET.encode("utf-16"): "UTF-16, not UTF-8; save it as UTF-8",
        b"\xfe\xff\0{": "UTF-16, not UTF-8; save it as UTF-8",
    }
    for start, told in starts.items():
        assert tell(lambda start=start: next(iter_packets([start]))) == f"input: {told}"  # type: ignore[misc]
    assert tell(lambda: iter_packets([], on_problem=cast("Any", "skip"))) == (
        "on_problem: is not one of: raise, collect"
    )
    assert tell(lambda: next(iter_packets(cast("Any", 7)))) == (
        "a path, a binary file or lines are wanted, not an object of <class 'int'>"
    )


def test_a_file_that_ends_too_soon() -> None:
    """It is named, as a path and as an open file."""
    path = Path("cut.jsonl.gz")
    path.write_bytes(gzip.compress(f"{PACKET}\n".encode() * 9000)[:-9])
    with gzip.open(path) as file:
        told = tell(lambda: [*iter_packets(cast("Any", file))])
    assert told == f"{path}: cannot be read to its end; it may be cut"


def test_lines_end_as_programs_end_them() -> None:
    """Blanks and line ends are taken away, and nothing else; of text and of bytes."""
    written = [" a\x0b \t\r\n", "\n", "b"]
    found = [Line(1, " a\x0b"), Line(3, "b")]
    assert [*read_lines(written)] == found
    assert [*read_lines([line.encode() for line in written])] == [
        Line(number, cast("str", data).encode()) for number, data in found
    ]
    assert [*read_lines(["x"], after=4)] == [Line(5, "x")]


def test_a_byte_order_mark_is_welcome_in_the_first_line_alone() -> None:
    """In a second line it is no blank: it stays, twice, so that the reader passes over one."""
    lines = [f"{BOM}{PACKET}", f"{BOM}{PACKET}"]
    assert [*read_lines(lines)] == [Line(1, PACKET), Line(2, f"{BOM}{BOM}{PACKET}")]
    assert "U+FEFF" in tell(lambda: [*iter_packets(lines)])


def test_a_packet_of_a_line_remembers_its_bytes() -> None:
    """Whether the line was text or bytes."""
    for data in (PACKET, PACKET.encode()):
        origin = read_line(Line(17, data), "packets.jsonl").origin
        assert origin is not None
        assert (origin.source, origin.data, origin.line) == ("packets.jsonl", PACKET.encode(), 17)


def test_a_table_that_is_not_in_utf8() -> None:
    """The line is named in which it shows."""
    path = Path("old.csv")
    for before, line in ((b"", 1), (b"\n", 2), (b"a,b\n1,2\n", 3)):
        path.write_bytes(before + "Größe,1\n".encode("latin-1"))
        assert tell(lambda: read_sheet(path)) == (
            f"{path}:{line}:1: not UTF-8; save it as CSV UTF-8"
        )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "{0}: empty; the first line names the columns"),
        ("a,\n1,2\n", "{0}:1:1: a column without a name; name it, or remove it"),
        ("a,b,a\n", "{0}:1:1: a: 2 columns of this name"),
        ("a,b\n\n1\n", "{0}:3:1: 1 cells, where the header has 2; give every column a cell"),
        ('a,b\n"1,2\n', "{0}:2:1: no row of a table; close every quotation mark"),
        ("sep=;\na;b\n1\n", "{0}:3:1: 1 cells, where the header has 2; give every column a cell"),
    ],
)
def test_a_table_that_is_none(text: str, told: str) -> None:
    """What is missing, at its line."""
    path = Path("t.csv")
    path.write_text(text, encoding="utf-8", newline="")
    assert tell(lambda: read_sheet(path)) == told.format(path)


def test_what_stands_between_cells() -> None:
    """A comma, a semicolon or a tab."""
    with pytest.raises(DataError) as caught:
        read_sheet(os.devnull, "|")
    assert str(caught.value) == "delimiter: is neither comma, semicolon nor tab"


@pytest.mark.parametrize("text", ["2026-06-30", "2026-06-3", "+", "-x", "1_000", "012", "1-2"])
def test_what_only_looks_like_a_number_is_text(text: str) -> None:
    """Days, signs, and digits with anything between them."""
    assert read_plain(text) == text


def test_a_pile_is_found_where_it_stands() -> None:
    """One mark more than a letter may carry, after letters that carry none."""
    whole = "a" + "\u0301" * HIGHEST_PILE
    assert find_pile(whole) is None
    assert find_pile(f"xyz {whole}\u0301 and more") == len("xyz a")


def test_a_key_of_a_service_is_told_without_a_name() -> None:
    """A text has no name of its own: its place begins with what it is, an input."""
    assert tell(lambda: parse_packet('{"id": "p"')).startswith("input:1:")


def test_a_packet_of_a_file_remembers_it() -> None:
    """Its name, its form and its bytes; what is wrong with it is told there, with the line."""
    path = Path("p.json")
    path.write_text(PACKET, encoding="utf-8")
    origin = load_packet(path).origin
    assert origin is not None
    assert (origin.source, origin.format, origin.data) == (str(path), "json", PACKET.encode())
    path.write_text(PACKET.replace("evidence", "evidnce"), encoding="utf-8")
    told = tell(lambda: load_packet(path))
    assert told.startswith(f"{path}:1:")
    assert '"evidnce": []' in told


def test_a_noun_inside_a_mapping_is_read_like_the_rest() -> None:
    """What was made before is taken apart and judged again."""
    item = Evidence(id="work", title="Work")
    packet = parse_packet({"id": "p", "evidence": [item]})
    assert packet.evidence == (item,)
    assert parse_packet(MappingProxyType({"id": "p", "evidence": ()})).id == "p"


def test_one_problem_more_is_counted() -> None:
    """A thousand are told; of a thousand and one the last is counted."""
    for many, told in ((1000, False), (1001, True)):
        with pytest.raises(PmpromoError) as caught:
            parse_packet({"id": "p", "evidence": [], **{f"x{i}": 1 for i in range(many)}})
        last = str(caught.value.problems[-1])
        assert (last == "1 more problems") is told


def test_a_file_that_is_not_opened_is_told_without_a_place() -> None:
    """Whoever asked knows its name, and says it."""
    Path("folder").mkdir()
    Path("long.yaml").write_bytes(b"12345")
    for name, longest, told in (
        ("folder", None, "not a regular file"),
        ("long.yaml", 4, "longer than 4 bytes"),
    ):
        found = open_regular(name, longest)
        assert isinstance(found, Problem)
        assert (found.path, found.message) == ("", told)
    with cast("Any", open_regular("long.yaml", 5)) as file:
        assert file.read() == b"12345"


def test_the_header_alone_says_what_stands_between_cells() -> None:
    """However many semicolons the rows below have."""
    Path("t.csv").write_text("a,b\n1;1;1,2\n3;3;3,4\n", encoding="utf-8")
    assert read_sheet("t.csv").columns == {"a": ["1;1;1", "3;3;3"], "b": ["2", "4"]}


def test_a_line_is_told_by_the_name_of_its_file() -> None:
    """And by its number, where it is no text as well."""
    Path("p.jsonl").write_bytes(f"{PACKET}\n".encode() + b'{"id": 1}\n')
    assert tell(lambda: [*iter_packets("p.jsonl")]).startswith("p.jsonl:2:")
    Path("p.jsonl").write_bytes(f"{PACKET}\n{PACKET}\n".encode() + b'{"id": "\xff"}\n')
    assert tell(lambda: [*iter_packets("p.jsonl")]).startswith(
        "p.jsonl:3:9: not UTF-8, from byte 8 on"
    )


def test_what_is_expected_is_told_without_a_mend_where_there_is_none() -> None:
    """A letter after a value has no usual cause."""
    told = tell(lambda: parse_packet('{"id": "p" x}'))
    assert told.splitlines()[0] == "input:1:12: not JSON: ',' or '}' is expected"


def test_a_limit_of_the_parser_is_told_as_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the parser gives up on depth by itself, the refusal is the one of our own limit."""

    class Parser:
        def __init__(self, text: str) -> None:
            self.text = text

        def get_event(self) -> None:
            raise yaml.MarkedYAMLError(None, None, "exceeded maximum nesting depth", None)

    monkeypatch.setattr("pmpromo.reading.yaml.Parser", Parser)
    with pytest.raises(PacketError) as caught:
        parse_packet("id: a\n", format="yaml")
    assert [(each.message, each.code) for each in caught.value.problems] == [
        ("nested more than 32 deep", "too_large")
    ]
