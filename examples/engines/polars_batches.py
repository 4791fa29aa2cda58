"""Polars: a lazy scan whose frames pass through pmpromo, streamed into a file of results.

Run: python polars_batches.py packets/ results/
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import polars as pl

from pmpromo import Rubric, load_rubric
from pmpromo.arrow import RESULT_SCHEMA, score_batches


def score_rows(frame: pl.DataFrame, rubric: Rubric) -> pl.DataFrame:
    """Score the packets of a frame."""
    scored = score_batches(frame.to_arrow().to_batches(), rubric)
    return pl.concat([pl.DataFrame(RESULT_SCHEMA.empty_table()), *map(pl.DataFrame, scored)])


def score(source: Path, target: Path, rubric: Rubric) -> None:
    """Score every part in a folder into one file of results."""
    target.mkdir(exist_ok=True)
    schema = pl.DataFrame(RESULT_SCHEMA.empty_table()).schema
    (
        pl.scan_parquet(f"{source}/*.parquet")
        .map_batches(partial(score_rows, rubric=rubric), schema=schema, streamable=True)
        .sink_parquet(target / "results.parquet")
    )


if __name__ == "__main__":
    score(Path(sys.argv[1]), Path(sys.argv[2]), load_rubric("pure-storage-pm/l3-l4"))
