"""JSON Lines: one packet a line, read one after another in the memory of one."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator
from io import TextIOBase
from typing import TYPE_CHECKING, AnyStr, BinaryIO, Final, Literal, NamedTuple, Protocol, cast

from pmpromo.errors import PacketError, Problem
from pmpromo.packet import Origin, Packet
from pmpromo.reading.characters import BOM, TEXT_BYTES
from pmpromo.reading.files import open_regular
from pmpromo.reading.library import PACKET_OPTIONS
from pmpromo.reading.models import read_model
from pmpromo.reading.places import COLLECTED_PROBLEMS, display, shorten

if TYPE_CHECKING:
    from pmpromo.reading.models import Options

__all__ = [
    "Line",
    "PacketStream",
    "iter_packets",
    "name_source",
    "open_lines",
    "read_line",
    "read_lines",
]

ENDINGS: Final = (".jsonl", ".ndjson")
"""How the name of a file of JSON Lines ends."""

_LONGEST: Final = TEXT_BYTES + len(BOM.encode()) + len(b"\r\n") + 1
"""How many bytes of a line are read: one more than the longest that can be a packet."""

_FOREIGN: Final = {
    b"\x1f\x8b": ("compressed, not text", "give what gzip.open(path) returns"),
    b"\x28\xb5\x2f\xfd": ("compressed, not text", "unpack it"),
    b"PK\x03\x04": ("an archive, not text", "unpack it"),
    b"\xff\xfe": ("UTF-16, not UTF-8", "save it as UTF-8"),
    b"\xfe\xff": ("UTF-16, not UTF-8", "save it as UTF-8"),
}
"""How files start that are no lines of UTF-8, what they are, and what mends them."""


class Readable(Protocol):
    """A file that is open for reading bytes."""

    def readline(self, size: int, /) -> bytes:
        """Return the next line, or its first `size` bytes."""


Source = str | os.PathLike[str] | Readable | Iterable[bytes | str]
"""A path, an open binary file, or lines."""

OnProblem = Literal["raise", "collect"]
"""Whether the first line that is no packet ends the reading, or is noted and left out."""


class Line(NamedTuple):
    """A line that is not blank, without its end, and its number in the source, from 1.

    One that is longer than any packet may be is cut right behind that limit.
    """

    number: int
    data: bytes | str


class PacketStream(Iterator[Packet]):
    """The packets of a source of JSON Lines; made by `iter_packets`.

    With ``on_problem="collect"``, `refused` counts the lines that were no packet so far, and
    `problems` holds what is wrong with them, the first thousand problems at most.
    """

    def __init__(self, source: Source, on_problem: OnProblem) -> None:
        self.problems: list[Problem] = []
        self.refused = 0
        self._name = name_source(source)
        self._lines = read_lines(source)
        self._raises = on_problem == "raise"

    def __next__(self) -> Packet:
        """Return the next packet."""
        for line in self._lines:
            try:
                return read_line(line, self._name)
            except PacketError as error:
                if self._raises:
                    raise
                self.refused += 1
                self.problems += error.problems[: COLLECTED_PROBLEMS - len(self.problems)]
        raise StopIteration


def iter_packets(source: Source, *, on_problem: OnProblem = "raise") -> PacketStream:
    r"""Return an iterator over the packets of JSON Lines, one packet a line, in flat memory.

    `source` is the path of a .jsonl or .ndjson file, a file that is open for reading bytes, or an
    iterable of lines. Blank lines are passed over; a file may start with a byte order mark and
    end its lines in CR LF. The file is opened when the first packet is asked for.

    A line that is no packet raises `PacketError` with all its problems, each with its line. With
    ``on_problem="collect"`` it is left out, and the iterator's `refused` and `problems` tell of it.

    >>> lines = ['{"id": "p-1", "evidence": []}', '{"id": "p-2", "evidnce": []}']
    >>> packets = iter_packets(lines, on_problem="collect")
    >>> [packet.id for packet in packets], packets.refused
    (['p-1'], 1)
    >>> print(packets.problems[1])
    input:2:15: evidnce: unknown key; did you mean 'evidence'?
    """
    if on_problem not in ("raise", "collect"):
        raise PacketError([Problem("on_problem", "is not one of: raise, collect")])
    return PacketStream(source, on_problem)


def name_source(source: object) -> str:
    """Return the name of a source as places show it; what has none is called input.

    >>> name_source("packets.jsonl"), name_source([])
    ('packets.jsonl', 'input')
    """
    name = source if isinstance(source, (str, os.PathLike)) else getattr(source, "name", None)
    return shorten(display(os.fspath(name))) if isinstance(name, (str, os.PathLike)) else "input"


def read_line(line: Line, source: str) -> Packet:
    """Return the packet of one line; raise `PacketError` with every problem, each at its place.

    >>> read_line(Line(17, b'{"id": "p-1", "evidence": []}'), "packets.jsonl").origin.line
    17
    """
    number, data = line
    options: Options = {"source": source, "line": number, "show": True, **PACKET_OPTIONS}
    packet = read_model(Packet, data, format="json", error=PacketError, **options)
    raw = data.encode() if isinstance(data, str) else data
    packet.remember_origin(Origin(source, "json", raw, number))
    return packet


def read_lines(source: Source, *, after: int = 0) -> Iterator[Line]:
    r"""Yield the lines of a source that are not blank; `after` lines of it were read before.

    >>> [*read_lines(["first\r\n", "\n", "third"])]
    [Line(number=1, data='first'), Line(number=3, data='third')]
    """
    for number, whole in enumerate(_open(source), after + 1):
        if number == 1:
            _check_start(whole, name_source(source))
        data = _strip(whole, is_first=number == 1)
        if data:
            # The reader says so where it is neither bytes nor text.
            yield Line(number, cast("bytes | str", data))


def _strip(line: object, *, is_first: bool) -> object:
    """Take away what ends a line; what is no line is left for the reader to refuse."""
    if isinstance(line, str):
        return _trim(line, " \t\r\n", BOM, is_first=is_first)
    if isinstance(line, bytes):
        return _trim(line, b" \t\r\n", BOM.encode(), is_first=is_first)
    return line


def _trim(line: AnyStr, ends: AnyStr, mark: AnyStr, *, is_first: bool) -> AnyStr:
    if len(line) >= _LONGEST:
        return line
    line = line.rstrip(ends)
    if not line.startswith(mark):
        return line
    # A reader passes over one mark at the start of a text: welcome in the first line alone.
    return line.removeprefix(mark) if is_first else mark + line


def _open(source: object) -> Iterator[object]:
    if isinstance(source, (str, os.PathLike)):
        yield from _read_path(source)
    elif hasattr(source, "readline") and not isinstance(source, TextIOBase):
        yield from _read_file(cast("Readable", source), name_source(source))
    elif isinstance(source, Iterable) and not isinstance(source, (bytes, bytearray)):
        yield from source
    else:
        found = f"a path, a binary file or lines are wanted, not an object of {type(source)}"
        raise PacketError([Problem("", found)])


def _read_path(path: str | os.PathLike[str]) -> Iterator[bytes]:
    with open_lines(path) as file:
        yield from _read_file(file, name_source(path))


def open_lines(path: str | os.PathLike[str]) -> BinaryIO:
    """Open a file of JSON Lines.

    >>> open_lines("packets.jsonl")
    Traceback (most recent call last):
        ...
    pmpromo.errors.PacketError: packets.jsonl: no such file
    """
    name = name_source(path)
    if not os.fspath(path).lower().endswith(ENDINGS):
        hint = f"its name must end in {', '.join(ENDINGS)}; others: give the file, opened 'rb'"
        raise PacketError([Problem(name, "not a file that is read as JSON Lines", hint)])
    file = open_regular(os.fspath(path))
    if isinstance(file, Problem):
        raise PacketError([Problem(name, file.message)])
    return file


def _read_file(file: Readable, name: str) -> Iterator[bytes]:
    """Yield the lines of a file, in no more memory than the longest that can be a packet."""
    while line := _take(file, name):
        rest = line
        while len(rest) == _LONGEST and not rest.endswith(b"\n"):
            rest = _take(file, name)
        yield line


def _take(file: Readable, name: str) -> bytes:
    try:
        return file.readline(_LONGEST)
    except (OSError, EOFError, zlib.error):
        raise PacketError([Problem(name, "cannot be read to its end", "it may be cut")]) from None


def _check_start(line: object, name: str) -> None:
    for start, told in _FOREIGN.items():
        if isinstance(line, bytes) and line.startswith(start):
            raise PacketError([Problem(name, *told)])
