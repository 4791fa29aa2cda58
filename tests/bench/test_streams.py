"""What streams cost: lines above what nobody can do without, batches against one by one.

Run ``pytest -m bench tests/bench/test_streams.py -s``; it prints the microseconds too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import deque
from typing import TYPE_CHECKING, Final

import pytest
from bench.test_bench import ROOT, RUBRIC, VALUES, compare

from pmpromo import Packet, assess, iter_packets, parse_packet
from pmpromo.arrow import make_batch, score_batches

if TYPE_CHECKING:
    from pathlib import Path

COUNT: Final = 100

MEMORY: Final = """
import re, sys
from pathlib import Path
from pmpromo import iter_packets
peak = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
before = peak()
count = sum(1 for _ in iter_packets(sys.argv[1]))
print(count, peak() - before)
"""
"""Counts packets, and the KiB that reading them takes over importing; Linux tells them."""


def write_packets(folder: Path, count: int) -> Path:
    """Write so many packets of 14 kB, one a line."""
    path = folder / "packets.jsonl"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps({**VALUES, 'id': f'p-{n}'})}\n" for n in range(count))
    return path


def refuse_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Make an object, and refuse equal keys."""
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError
    return values


def read_barely(path: Path) -> None:
    """Read lines, refuse equal keys and validate: what nobody can do without."""
    with path.open("rb") as file:
        for line in file:
            Packet.model_validate(json.loads(line, object_pairs_hook=refuse_twins))


def test_json_lines(tmp_path: Path) -> None:
    """A packet of JSON Lines costs at most 1.4 times reading, refusing equal keys, validating."""
    path = write_packets(tmp_path, COUNT)
    ratio = compare(lambda: deque(iter_packets(path), maxlen=0), lambda: read_barely(path), 1)
    assert ratio <= 1.4


@pytest.mark.parametrize("count", [500, 5000])
def test_memory_is_flat(tmp_path: Path, count: int) -> None:
    """However many packets a file holds, reading them takes at most 16 MiB over importing."""
    path = write_packets(tmp_path, count)
    known = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", MEMORY, str(path)]
    done = subprocess.run(command, capture_output=True, check=True, env=known, text=True)  # noqa: S603 - our own words
    counted, taken = map(int, done.stdout.split())
    print(f"\n{counted} packets: {taken} KiB", end="")  # noqa: T201 - the measure
    assert counted == count
    assert taken <= 16 * 1024


def test_batches() -> None:
    """A sound packet in a batch costs at most half of reading it as JSON and assessing it."""
    batch = make_batch([parse_packet({**VALUES, "id": f"p-{n}"}) for n in range(COUNT * 3)])
    lines = [json.dumps({**VALUES, "id": f"p-{n}"}).encode() for n in range(COUNT * 3)]

    def assess_each() -> None:
        for line in lines:
            assess(parse_packet(line), RUBRIC).readiness  # noqa: B018 - computed when asked for

    assert compare(lambda: [*score_batches([batch], RUBRIC)], assess_each, 1) <= 0.5
