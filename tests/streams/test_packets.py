"""JSON Lines: what is a line, what is a packet, and where a problem stands."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
from collections import deque
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import list_problems

from pmpromo import assess, iter_packets, load_rubric, parse_packet
from pmpromo.errors import PacketError
from pmpromo.reading import lines as room
from pmpromo.reading.lines import read_lines

if TYPE_CHECKING:
    from pathlib import Path

FIRST: Final = '{"id": "p-1", "as_of": "2026-06-30", "evidence": []}'
SECOND: Final = '{"id": "p-2", "as_of": "2026-06-30", "evidence": []}'
BROKEN: Final = '{"id": "p-3", "evidnce": []}'
FAR: Final = json.dumps(
    {
        "id": "p-4",
        "as_of": "2026-06-30",
        "evidence": [{"id": "e", "title": "t", "facts": [{"behaviour": "sings", "point": 3}]}],
    }
)


def write(folder: Path, data: str | bytes) -> Path:
    """Write a file of JSON Lines."""
    path = folder / "packets.jsonl"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def list_ids(source: Any) -> list[str]:  # noqa: ANN401 - whatever a caller may give
    """List the packets of a source."""
    return [packet.id for packet in iter_packets(source)]


def complain(source: Any) -> list[str]:  # noqa: ANN401 - whatever a caller may give
    """List everything that is wrong with a source."""
    packets = iter_packets(source, on_problem="collect")
    deque(packets, maxlen=0)
    return [str(problem) for problem in packets.problems]


@pytest.mark.parametrize(
    "text",
    [
        f"{FIRST}\n{SECOND}\n",
        f"{FIRST}\n{SECOND}",
        f"{FIRST}\r\n{SECOND}\r\n",
        f"\ufeff{FIRST}\n{SECOND}\n",
        f"\n  \n{FIRST}\n\t\n\r\n{SECOND}\n\n",
        f"\ufeff\n{FIRST}\n  {SECOND}  \n",
    ],
    ids=["plain", "no last newline", "CR LF", "mark", "blank lines", "mark alone"],
)
def test_lines_are_packets(tmp_path: Path, text: str) -> None:
    """Line ends, blank lines and a mark at the start make no difference, from whatever source."""
    path = write(tmp_path, text)
    assert list_ids(path) == list_ids(str(path)) == ["p-1", "p-2"]
    with path.open("rb") as file:
        assert list_ids(file) == ["p-1", "p-2"]
    with path.open(encoding="utf-8", newline="") as file:
        assert list_ids(file) == ["p-1", "p-2"]
    assert list_ids(text.splitlines(keepends=True)) == ["p-1", "p-2"]
    assert list_ids(line.encode() for line in text.split("\n")) == ["p-1", "p-2"]


def test_packets_are_those_of_parse_packet() -> None:
    """A line is read as parse_packet reads it, into an equal packet."""
    read = [packet.digest for packet in iter_packets([FIRST, SECOND, FAR])]
    assert read == [parse_packet(text).digest for text in (FIRST, SECOND, FAR)]


def test_first_problem_ends_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that is no packet raises with all its problems, their places, and the line shown."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, f"\n{FIRST}\n{BROKEN}\n{SECOND}\n")
    packets = iter_packets("packets.jsonl")
    assert next(packets).id == "p-1"
    with pytest.raises(PacketError) as caught:
        next(packets)
    assert str(caught.value) == (
        "packets.jsonl:3:1: evidence: missing\n"
        '    3 | {"id": "p-3", "evidnce": []}\n'
        "      | ^\n"
        "packets.jsonl:3:15: evidnce: unknown key; did you mean 'evidence'?\n"
        '    3 | {"id": "p-3", "evidnce": []}\n'
        "      |               ^^^^^^^^^"
    )
    assert packets.refused == 0


def test_collected_problems_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Collecting reads on, counts every line refused, and keeps no more than the limit."""
    monkeypatch.setattr(room, "COLLECTED_PROBLEMS", 3)
    packets = iter_packets([BROKEN, FIRST, BROKEN, SECOND], on_problem="collect")
    assert [packet.id for packet in packets] == ["p-1", "p-2"]
    assert packets.refused == 2
    assert [str(problem.place) for problem in packets.problems] == [
        "input:1:1",
        "input:1:15",
        "input:3:1",
    ]


def test_problems_found_later_keep_their_line(tmp_path: Path) -> None:
    """What a rubric finds wrong with a packet is shown at its line of the file, too."""
    path = write(tmp_path, f"{FIRST}\n{FAR}\n")
    _, packet = iter_packets(path)
    with pytest.raises(PacketError) as caught:
        assess(packet, load_rubric("pure-storage-pm/l3-l4"))
    told, excerpt, carets = str(caught.value).splitlines()
    column = FAR.index('"sings"') + 1
    assert f"packets.jsonl:2:{column}: evidence[0].facts[0].behaviour: is no behaviour" in told
    assert excerpt.startswith("    2 | ")
    assert excerpt[carets.index("^") :].startswith('"sings"')


@pytest.mark.parametrize("end", range(1, len(FIRST)))
def test_torn_last_line_is_a_problem(end: int) -> None:
    """A last line that was cut anywhere is no packet, and never a shorter one."""
    (problem, *_) = complain(io.BytesIO(f"{SECOND}\n{FIRST[:end]}".encode()))
    assert problem.startswith("input:2:")


def test_mark_inside_a_file_is_refused() -> None:
    """A byte order mark is welcome at the start of the file, and refused at any later line."""
    told = "input:2:1: invisible character U+FEFF; delete it"
    assert complain(io.BytesIO(f"{FIRST}\n\ufeff{SECOND}".encode()))[0] == told
    assert complain([FIRST, f"\ufeff{SECOND}"])[0] == told


def test_lone_returns_are_no_line_ends() -> None:
    """A file whose lines end in a lone return is one line, and is told what to do."""
    assert complain([f"{FIRST}\r{SECOND}"])[0] == (
        f"input:1:{len(FIRST) + 1}: control character U+000D; end lines with a line feed"
    )


def test_equal_keys_are_refused_at_their_line() -> None:
    """Of two equal keys none wins, and the hint names the line that both stand on."""
    assert complain([FIRST, '{"id": "a", "id": "b", "evidence": []}']) == [
        "input:2:13: id: duplicate key; keep one; the other is on line 2"
    ]


LONG: Final = 16 * 1024 * 1024


@pytest.mark.parametrize("filler", [b" ", b"x"])
def test_overlong_line_is_refused_and_passed(filler: bytes) -> None:
    """A line above 16 MiB is refused as a whole, and the next one is read."""
    tail = b"and more" if filler == b" " else b""
    data = FIRST.encode() + filler * (LONG + 9) + tail + b"\n" + SECOND.encode()
    packets = iter_packets(io.BytesIO(data), on_problem="collect")
    assert [packet.id for packet in packets] == ["p-2"]
    assert [str(problem) for problem in packets.problems] == [
        "input:1:1: longer than 16777216 bytes"
    ]


def test_longest_line_is_read() -> None:
    """A line that is just as long as a packet may be is read, whatever stands around it."""
    body = FIRST[:-1] + " " * (LONG - len(FIRST)) + "}"
    assert list_ids(io.BytesIO(f"\ufeff{body}\r\n{SECOND}".encode())) == ["p-1", "p-2"]


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (
            gzip.compress(FIRST.encode(), mtime=0),
            "compressed, not text; give what gzip.open(path) returns",
        ),
        (b"\x28\xb5\x2f\xfd", "compressed, not text; unpack it"),
        (b"PK\x03\x04", "an archive, not text; unpack it"),
        (FIRST.encode("utf-16"), "UTF-16, not UTF-8; save it as UTF-8"),
        (b"\xfe\xff", "UTF-16, not UTF-8; save it as UTF-8"),
    ],
)
def test_files_of_another_kind_are_named(tmp_path: Path, start: bytes, told: str) -> None:
    """A file that holds no lines of text says what it is, once, and is never unpacked."""
    path = write(tmp_path, start)
    for on_problem in ("raise", "collect"):
        (said,) = list_problems(lambda on=on_problem: [*iter_packets(path, on_problem=on)])  # type: ignore[misc]
        assert said.endswith(f"packets.jsonl: {told}")


def test_unpacked_stream_is_read_and_its_cut_seen(tmp_path: Path) -> None:
    """What gzip opens is read like a file, and one that breaks off is a problem."""
    packed = gzip.compress(f"{FIRST}\n{SECOND}\n".encode())
    path = tmp_path / "packets.jsonl.gz"
    path.write_bytes(packed)
    with gzip.open(path) as file:
        assert list_ids(file) == ["p-1", "p-2"]
    path.write_bytes(packed[:-20])
    with gzip.open(path) as file:
        (said,) = list_problems(lambda: list_ids(file))
    assert said.endswith("packets.jsonl.gz: cannot be read to its end; it may be cut")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("none.jsonl", "none.jsonl: no such file"),
        (
            "packets.json",
            (
                "packets.json: not a file that is read as JSON Lines; "
                "its name must end in .jsonl, .ndjson; others: give the file, opened 'rb'"
            ),
        ),
        (5, "a path, a binary file or lines are wanted, not an object of <class 'int'>"),
        (
            FIRST.encode(),
            "a path, a binary file or lines are wanted, not an object of <class 'bytes'>",
        ),
        ([5], "input:1:1: bytes or a text is wanted, not an object of <class 'int'>"),
    ],
)
def test_other_sources_are_refused(source: object, told: str) -> None:
    """What is no source is refused with what would be one."""
    assert list_problems(lambda: list_ids(source)) == [told]


def test_policy_is_one_of_two() -> None:
    """A policy nobody knows is refused at the call, before anything is read."""
    said = list_problems(lambda: iter_packets([], on_problem="ignore"))  # type: ignore[arg-type]
    assert said == ["on_problem: is not one of: raise, collect"]


@given(st.lists(st.sampled_from(["", " ", "\t", FIRST, SECOND]), max_size=8), st.booleans())
def test_numbers_count_every_line(written: list[str], windows: bool) -> None:  # noqa: FBT001
    """A line keeps its number and text whatever stands before it, blank or not."""
    data = ("\r\n" if windows else "\n").join(written).encode()
    seen = [(line.number, line.data) for line in read_lines(io.BytesIO(data))]
    assert seen == [
        (number, line.encode()) for number, line in enumerate(written, 1) if line.strip()
    ]


def test_memory_is_flat(tmp_path: Path) -> None:
    """Ten times as many packets take no more memory: one is held at a time."""

    def measure(count: int) -> int:
        path = write(tmp_path, f"{FAR}\n" * count)
        tracemalloc.start()
        for _ in iter_packets(path):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    measure(1)
    assert measure(2000) < 1.2 * measure(200) + 50_000
