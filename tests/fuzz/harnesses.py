"""What is done with the bytes of a fuzzer: one function a format, which raises at what is wrong.

A reader may answer with an error of the project's own, and nothing else. What it reads must stand
written and read again, and its two roads, the quick and the careful one, must agree.
"""

from __future__ import annotations

import io
import math
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from fuzz.packets import score_packet
from hostile.books import pack
from hostile.judge import find_breaches

from pmpromo import (
    Assessment,
    CommitteeModel,
    Comparison,
    Impact,
    Packet,
    ReadinessModel,
    Sensitivity,
    from_case,
    import_ladder,
    iter_packets,
    load_packet,
    load_rubric,
    parse_packet,
    parse_rubric,
    read_decisions,
    read_evidence,
    read_ratings,
    score_frame,
    write_rubric,
)
from pmpromo import Path as Way
from pmpromo.audit import Record
from pmpromo.errors import DataError, PacketError, PmpromoError
from pmpromo.reading import json, yaml
from pmpromo.reading.characters import Unclear, read_clean
from pmpromo.reading.library import PACKET_OPTIONS
from pmpromo.reading.models import read_model, read_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pmpromo.reading.models import Format, Options

__all__ = ["HARNESSES"]

AS_OF: Final = date(2026, 6, 30)
"""The day from which the ages of evidence are counted."""


_SHOWN: Final[Options] = {"source": "p", "show": True, **PACKET_OPTIONS}
"""How a file is read: with its name, and the lines around each problem."""


def check_error(error: PmpromoError, data: bytes) -> None:
    """Fail where an answer is not as answers must be."""
    breaches = find_breaches(error, data.decode(errors="replace"))
    assert not breaches, breaches


def read_packet(data: bytes, format: Format) -> None:  # noqa: A002 - the word that callers know
    """Read a packet as a file is read, with excerpts, and as a service reads it."""
    check_roads(data, format)
    try:
        packet = read_model(Packet, data, format=format, error=PacketError, **_SHOWN)
    except PmpromoError as error:
        check_error(error, data)
        return
    assert parse_packet(data, format=format) == packet
    check_round_trip(packet)


def check_round_trip(packet: Packet) -> None:
    """A packet that was read stays what it is when it is written and read again."""
    again = parse_packet(packet.model_dump_json())
    # Two packets are not equal if they came from different files.
    assert again.model_dump() == packet.model_dump()
    assert again.digest == packet.digest
    str(packet)


def check_roads(data: bytes, format: Format) -> None:  # noqa: A002 - the word that callers know
    """What the quick road reads, the careful one reads too, without a problem."""
    read = {"json": json.read_values, "yaml": yaml.read_values}[format]
    with suppress(Unclear):
        quick = read(read_clean(data))
        tree = read_tree(data, format)
        assert not tree.problems, tree.problems
        assert repr(tree.value) == repr(quick)


def read_rubric(data: bytes, format: Format) -> None:  # noqa: A002 - the word that callers know
    """Read a rubric; write it as a file, and read that."""
    try:
        rubric = parse_rubric(data, format=format)
    except PmpromoError as error:
        check_error(error, data)
        return
    assert parse_rubric(rubric.model_dump_json()) == rubric
    assert parse_rubric(write_rubric(rubric), format="yaml").digest == rubric.digest
    str(rubric)


_RESULTS: Final[tuple[tuple[Callable[[bytes], Any], Callable[[Any], str]], ...]] = (
    (Assessment.from_json, Assessment.model_dump_json),
    (Way.from_json, Way.model_dump_json),
    (Comparison.from_json, Comparison.model_dump_json),
    (Sensitivity.from_json, Sensitivity.model_dump_json),
    (Impact.from_json, Impact.to_json),
    (ReadinessModel.from_json, ReadinessModel.to_json),
    (CommitteeModel.from_json, CommitteeModel.to_json),
)
"""What results and models are read and written with; the first byte of an input chooses."""


def read_result(data: bytes) -> None:
    """Read a result or a model, and write it again."""
    read, write = _RESULTS[data[0] % len(_RESULTS) if data else 0]
    try:
        result = read(data[1:])
    except PmpromoError as error:
        check_error(error, data[1:])
        return
    assert write(read(write(result).encode())) == write(result)


def read_lines(data: bytes) -> None:
    """Read JSON Lines to their end, and until the first line that is no packet."""
    stream = iter_packets(io.BytesIO(data), on_problem="collect")
    try:
        for packet in stream:
            check_round_trip(packet)
    except PmpromoError as error:
        check_error(error, data)
    if stream.problems:
        check_error(PacketError(stream.problems), data)
    with suppress(PmpromoError):
        read = len([*iter_packets(io.BytesIO(data))])
        assert not stream.refused, f"{stream.refused} refused and {read} read"


class Shelf:
    """A folder with one file of each kind, written anew for every input."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="fuzz")

    def put(self, name: str, data: bytes) -> Path:
        """Write a file, and return where it is."""
        path = Path(self._folder.name, name)
        path.write_bytes(data)
        return path


_SHELF: Final = Shelf()


def read_file(name: str, read: Callable[[Path], object], data: bytes) -> None:
    """Read a file of this name; an error must be as errors are."""
    path = _SHELF.put(name, data)
    try:
        read(path)
    except PmpromoError as error:
        check_error(error, data)


def read_table(path: Path) -> None:
    """Read evidence, and score what holds facts."""
    frame = read_evidence(path)
    if {"packet_id", "evidence_id", "fact"} <= {*frame.columns}:
        scored = score_frame(frame, load_rubric("pure-storage-pm/l3-l4"), as_of=AS_OF)
        check_totals(scored.scores)


def check_totals(scores: Any) -> None:  # noqa: ANN401 - a frame of any library
    """Totals are shares, and nested."""
    for proven, possible in zip(scores["proven"], scores["possible"], strict=True):
        if not math.isnan(proven) or not math.isnan(possible):
            assert 0 <= proven <= possible <= 1, (proven, possible)


def read_past(path: Path) -> None:
    """Read past decisions; the scores are shares."""
    past = read_decisions(path, load_rubric("pure-storage-pm/l3-l4"))
    assert len(past.promoted) == len(past.lines)
    assert {*past.promoted} <= {0, 1}


def read_votes(path: Path) -> None:
    """Read ratings; each is a point of the scale."""
    ratings = read_ratings(path)
    assert all(0 <= value <= 4 for value in ratings.values)


def read_book(path: Path) -> None:
    """Read a form, and as evidence."""
    with suppress(DataError):
        read_table(path)
    check_round_trip(load_packet(path))


def read_sheets(data: bytes) -> None:
    """Read a workbook: the bytes as they are, or XML parts that are packed first.

    A fuzzer cannot find the checksums of an archive, so most inputs are the parts alone.
    """
    read_file("f.xlsx", read_book, data if data.startswith(b"PK") else pack(data.split(b"\0")))


def read_record(path: Path) -> None:
    """Look through a record, and list its entries as far as they are whole."""
    record = Record(path)
    found = record.verify()
    if found.problems:
        check_error(DataError(found.problems), path.read_bytes())
    entries = 0
    with suppress(DataError):
        for _ in record.entries():
            entries += 1
        assert not [each for each in found.problems if "line" in each.message], found.problems
    assert entries <= found.entries + len(found.problems)


def read_steps(path: Path) -> None:
    """Import a ladder; each draft must stand as a rubric in a file."""
    for draft in import_ladder(path):
        assert parse_rubric(write_rubric(draft), format="yaml").digest == draft.digest


def read_case(data: bytes) -> None:
    """Read a CASE package."""
    try:
        rubrics = from_case(data)
    except PmpromoError as error:
        check_error(error, data)
        return
    assert all(parse_rubric(rubric.model_dump_json()) == rubric for rubric in rubrics)


HARNESSES: Final[Mapping[str, Callable[[bytes], None]]] = MappingProxyType(
    {
        "packet-yaml": lambda data: read_packet(data, "yaml"),
        "packet-json": lambda data: read_packet(data, "json"),
        "rubric-yaml": lambda data: read_rubric(data, "yaml"),
        "rubric-json": lambda data: read_rubric(data, "json"),
        "results": read_result,
        "lines": read_lines,
        "evidence": lambda data: read_file("f.csv", read_table, data),
        "decisions": lambda data: read_file("f.csv", read_past, data),
        "ratings": lambda data: read_file("f.csv", read_votes, data),
        "form": read_sheets,
        "record": lambda data: read_file("f.jsonl", read_record, data),
        "ladder-markdown": lambda data: read_file("f.md", read_steps, data),
        "ladder-table": lambda data: read_file("f.csv", read_steps, data),
        "ladder-tree": lambda data: read_file("f.yaml", read_steps, data),
        "case": read_case,
        "scoring": score_packet,
    }
)
"""What each format is fuzzed with."""
