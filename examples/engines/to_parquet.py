"""JSON Lines to Parquet, a part for each few packets: what an engine reads side by side.

Run: python to_parquet.py packets.jsonl packets/
"""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from pmpromo import iter_packets
from pmpromo.arrow import make_batch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo import Packet


def convert(source: Path, folder: Path, size: int = 10_000) -> None:
    """Write the packets of a file as parts of `size` packets each, in flat memory."""
    folder.mkdir(exist_ok=True)
    packets = iter_packets(source)
    part = 0
    while batches := list(make_batches(islice(packets, size))):
        pq.write_table(pa.Table.from_batches(batches), folder / f"part-{part:05}.parquet")
        part += 1


def make_batches(packets: Iterator[Packet]) -> Iterator[pa.RecordBatch]:
    """Yield a few packets at a time as a batch: a packet takes much more than its row."""
    while few := list(islice(packets, 200)):
        yield make_batch(few)


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
