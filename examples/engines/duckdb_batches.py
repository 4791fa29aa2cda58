"""DuckDB: it reads the packets and writes the results, and batches pass through pmpromo between.

Run: python duckdb_batches.py packets/ results/
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pyarrow as pa

from pmpromo import Rubric, load_rubric
from pmpromo.arrow import RESULT_SCHEMA, score_batches

BATCH = 2_000
"""How many packets are in memory at once."""


def score(source: Path, target: Path, rubric: Rubric) -> None:
    """Score every part in a folder into one file of results."""
    target.mkdir(exist_ok=True)
    with duckdb.connect() as reading, duckdb.connect() as writing:
        packets = reading.sql(f"SELECT * FROM read_parquet('{source}/*.parquet')")  # noqa: S608 - ours
        batches = score_batches(packets.to_arrow_reader(BATCH), rubric)
        writing.register("results", pa.RecordBatchReader.from_batches(RESULT_SCHEMA, batches))
        writing.execute(f"COPY results TO '{target}/results.parquet'")


if __name__ == "__main__":
    score(Path(sys.argv[1]), Path(sys.argv[2]), load_rubric("pure-storage-pm/l3-l4"))
