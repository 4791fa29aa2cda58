"""Spark: `mapInArrow` hands each executor batches, and takes batches back.

Run: python spark_batches.py packets/ results/
It needs Java 17, and pmpromo on every executor.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from pyspark.sql import SparkSession

from pmpromo import Rubric, load_rubric
from pmpromo.arrow import RESULT_DDL, score_batches


def score(source: Path, target: Path, rubric: Rubric) -> None:
    """Score every part in a folder into a folder of results."""
    spark = SparkSession.builder.getOrCreate()
    packets = spark.read.parquet(str(source))
    scored = packets.mapInArrow(partial(score_batches, rubric=rubric), RESULT_DDL)
    scored.write.mode("overwrite").parquet(str(target))


if __name__ == "__main__":
    score(Path(sys.argv[1]), Path(sys.argv[2]), load_rubric("pure-storage-pm/l3-l4"))
