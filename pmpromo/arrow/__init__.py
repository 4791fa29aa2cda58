"""The door for warehouses: batches of nested packets in, batches of results out.

It needs pyarrow: install ``pmpromo[arrow]``. The same function runs inside Spark, Dask, DuckDB and
Polars, and gives the bits of `assess` for any batches.
"""

from pmpromo.arrow.packets import make_batch
from pmpromo.arrow.schema import PACKET_SCHEMA, RESULT_DDL, RESULT_SCHEMA
from pmpromo.arrow.score import score_batches

__all__ = ["PACKET_SCHEMA", "RESULT_DDL", "RESULT_SCHEMA", "make_batch", "score_batches"]
