"""Dask: a task for each part, on as many processes or machines as the scheduler has.

Run: python dask_batches.py packets/ results/
"""

from __future__ import annotations

import sys
from pathlib import Path

import dask
import pyarrow as pa
import pyarrow.parquet as pq

from pmpromo import Rubric, load_rubric
from pmpromo.arrow import RESULT_SCHEMA, score_batches

BATCH = 2_000
"""How many packets a task holds at once."""


def score_part(source: Path, target: Path, rubric: Rubric) -> None:
    """Score one part into a part of results."""
    with pq.ParquetFile(source) as packets, pq.ParquetWriter(target, RESULT_SCHEMA) as results:
        for batch in score_batches(packets.iter_batches(BATCH), rubric):
            results.write_table(pa.Table.from_batches([batch]))


def score(source: Path, target: Path, rubric: Rubric, scheduler: str = "processes") -> None:
    """Score every part in a folder into as many parts of results."""
    target.mkdir(exist_ok=True)
    parts = sorted(source.glob("*.parquet"))
    tasks = [dask.delayed(score_part)(part, target / part.name, rubric) for part in parts]
    dask.compute(*tasks, scheduler=scheduler)


if __name__ == "__main__":
    score(Path(sys.argv[1]), Path(sys.argv[2]), load_rubric("pure-storage-pm/l3-l4"))
