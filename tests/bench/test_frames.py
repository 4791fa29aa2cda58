"""What scoring a cycle costs: against the machine's own limit, and against other libraries.

The other libraries are given what counts of each fact at both ends, and the achievement that it
shows, for nothing; they do the rest: the best of each achievement, ranks, products, means, totals.
Ratios are of processor time, that of all threads together: polars and duckdb use every processor
they find, and what else runs on a machine then matters less. Wall time is printed beside it.

Run ``pytest -m bench tests/bench/test_frames.py -s``; it prints nanoseconds a row of evidence.
``PMPROMO_BENCH_PACKETS`` sets the size: 200000 packets, 4e6 rows, if it is not given.
"""

from __future__ import annotations

import os
from dataclasses import fields
from functools import cache, partial
from importlib import import_module
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from crowds import FACTS, make_columns, make_frame, make_rubric

from pmpromo import score_frame
from pmpromo.frame.coding import code_series
from pmpromo.scoring import batch, compiled
from pmpromo.scoring.batch import score_columns
from pmpromo.scoring.compiled import Loops, find_loops
from pmpromo.scoring.desk import cut_spans, lay_out
from pmpromo.scoring.plan import make_plan
from pmpromo.scoring.shelf import fill_shelf
from pmpromo.scoring.weights import weigh_items

if TYPE_CHECKING:
    from collections.abc import Callable

    from pmpromo.scoring.columns import Columns

PACKETS: Final = int(os.environ.get("PMPROMO_BENCH_PACKETS", "200000"))
ROUNDS: Final = 3 if PACKETS > 100_000 else 7
GAMMA: Final = 0.6
LOOPS: Final = find_loops()
RUBRIC: Final = make_rubric()
PLAN: Final = make_plan(RUBRIC)


@cache
def take_columns() -> Columns:
    """Return the cycle that everything is measured on."""
    return make_columns(PACKETS)


@cache
def take_shown() -> pd.DataFrame:
    """Return what counts of each fact, with its packet, requirement and achievement."""
    desk = lay_out(take_columns(), PLAN)
    parts = []
    for span in cut_spans(take_columns()):
        chunk = batch._open_chunk(desk, span)
        weights = weigh_items(chunk.items, chunk.opened, chunk.day, desk.item_tables)
        packets = span.packets.stop - span.packets.start
        [layer] = desk.layers
        counts, group, item = batch._show(desk, layer, chunk, weights, packets)
        roots = batch._link(desk, chunk)[item]
        asked, packet = np.divmod(group, packets)
        parts.append(
            pd.DataFrame(
                {
                    "packet": packet + span.packets.start,
                    "asked": asked.astype(np.int32),
                    "achievement": roots + span.items.start,
                    "low": counts[0],
                    "high": counts[1],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


class Turn(NamedTuple):
    """Seconds that one turn of a work took: of a clock, and of processors."""

    wall: float
    cpu: float


def take_turns(*works: Callable[[], object]) -> list[list[Turn]]:
    """Take the time of each work, in turns, without the first turn."""
    turns = [[_time(work) for work in works] for _ in range(ROUNDS + 1)][1:]
    return [list(times) for times in zip(*turns, strict=True)]


def _time(work: Callable[[], object]) -> Turn:
    start, spent = perf_counter(), process_time()
    work()
    return Turn(perf_counter() - start, process_time() - spent)


def tell(name: str, times: list[Turn], rows: int = PACKETS * FACTS) -> float:
    """Print the least times of a work, and return the processor's, in nanoseconds a row."""
    wall = min(turn.wall for turn in times) / rows * 1e9
    cpu = min(turn.cpu for turn in times) / rows * 1e9
    print(f"\n{name:44} {cpu:8.1f} ns a row of processors, {wall:8.1f} of the clock", end="")  # noqa: T201
    return cpu


def compare(one: list[Turn], other: list[Turn], name: str) -> float:
    """Return how many times as long the other work took, by the median of its turns."""
    ratio: float = median(b.cpu / a.cpu for a, b in zip(one, other, strict=True))
    wall = median(b.wall / a.wall for a, b in zip(one, other, strict=True))
    print(f"\n{name}: {ratio:.2f} times the processor time, {wall:.2f} by the clock", end="")  # noqa: T201
    return ratio


def copy_columns() -> None:
    """Copy every column once: what moving the evidence alone costs."""
    columns = take_columns()
    for part in (columns.items, columns.facts):
        for field in fields(part):
            getattr(part, field.name).copy()


def _weigh_asked() -> list[float]:
    """Return the weight of each requirement in the total."""
    return [PLAN.total.weights[asked.criterion] / PLAN.total.total / 2 for asked in PLAN.asked]


def score_in_polars() -> pl.DataFrame:
    """Do the peers' share of the work in polars, lazily and with all its threads."""
    weights = pl.LazyFrame({"asked": np.arange(20, dtype=np.int32), "weight": _weigh_asked()})
    best = (
        pl.LazyFrame(_take_polars())
        .group_by("packet", "asked", "achievement")
        .agg(pl.max("low"), pl.max("high"))
    )
    ends = []
    for end in ("low", "high"):
        rank = pl.col(end).rank("ordinal", descending=True).over("packet", "asked") - 1
        part = (
            best.with_columns(left=1 - pl.col(end) * GAMMA**rank)
            .group_by("packet", "asked")
            .agg((1 - pl.col("left").product()).alias(end))
            .join(weights, on="asked")
            .group_by("packet")
            .agg((pl.col(end) * pl.col("weight")).sum())
        )
        ends.append(part)
    return ends[0].join(ends[1], on="packet").collect()


@cache
def _take_polars() -> pl.DataFrame:
    return pl.from_pandas(take_shown())


SQL: Final = """
WITH best AS (
    SELECT packet, asked, achievement, max(low) AS low, max(high) AS high
    FROM shown GROUP BY ALL
), ranked AS (
    SELECT packet, asked, low, high,
        row_number() OVER (PARTITION BY packet, asked ORDER BY low DESC) - 1 AS rank_low,
        row_number() OVER (PARTITION BY packet, asked ORDER BY high DESC) - 1 AS rank_high
    FROM best
), reached AS (
    SELECT packet, asked,
        1 - product(1 - low * pow(0.6, rank_low)) AS low,
        1 - product(1 - high * pow(0.6, rank_high)) AS high
    FROM ranked GROUP BY ALL
)
SELECT packet, sum(low * weight) AS low, sum(high * weight) AS high
FROM reached JOIN weights USING (asked) GROUP BY packet
"""


@cache
def _open_duckdb() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.register("given", pa.Table.from_pandas(take_shown(), preserve_index=False))
    connection.execute("CREATE TABLE shown AS SELECT * FROM given")
    weights = pa.table({"asked": np.arange(20, dtype=np.int32), "weight": _weigh_asked()})
    connection.register("weights", weights)
    return connection


def score_in_duckdb() -> pa.Table:
    """Do the peers' share of the work in duckdb, with all its threads."""
    return _open_duckdb().sql(SQL).to_arrow_table()


def score_in_pandas() -> pd.DataFrame:
    """Do the peers' share of the work with pandas groupby."""
    best = (
        take_shown().groupby(["packet", "asked", "achievement"], sort=False, as_index=False).max()
    )
    groups = best.groupby(["packet", "asked"], sort=False)
    weights = np.array(_weigh_asked())
    totals = {}
    for end in ("low", "high"):
        rank = groups[end].rank("first", ascending=False) - 1
        left = (1 - best[end] * GAMMA**rank).groupby([best["packet"], best["asked"]], sort=False)
        reached = 1 - left.prod()
        weighted = reached * weights[reached.index.get_level_values("asked")]
        totals[end] = weighted.groupby(level="packet", sort=False).sum()
    return pd.DataFrame(totals)


PEERS: Final[dict[str, tuple[Callable[[], Any], float]]] = {
    "polars": (score_in_polars, 8.0),
    "duckdb": (score_in_duckdb, 8.0),
    "pandas groupby": (score_in_pandas, 10.0),
}
"""Peers, and how many times our processor time they take at the least."""


def score(threads: int = 1) -> object:
    """Score the cycle by compiled loops."""
    return score_columns(take_columns(), PLAN, threads, LOOPS)


def score_by_arrays() -> object:
    """Score the cycle as it is without a compiler."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "COMPILED_FROM", PACKETS * FACTS + 1)
        return score_columns(take_columns(), PLAN)


def test_peers_do_the_same_work() -> None:
    """Every peer comes to the totals that pmpromo comes to before its pairs and must-haves."""
    scores = score_columns(take_columns(), PLAN)
    weights = np.array(PLAN.total.weights) / PLAN.total.total
    pairs = {place for pair in PLAN.pairs for place in pair[:2]}
    apart = [place for place in range(10) if place not in pairs]
    assert len(apart) == 8
    for name, (work, _) in PEERS.items():
        found = work()
        frame = found.to_pandas() if hasattr(found, "to_pandas") else found.reset_index()
        frame = frame.set_index("packet").reindex(range(PACKETS), fill_value=0.0)
        for end, column in enumerate(("low", "high")):
            total = sum(weights[place] * scores.criteria[end, place] for place in range(10))
            assert np.allclose(frame[column], total, atol=1e-12), name


@pytest.mark.parametrize("name", PEERS)
def test_against_a_peer(name: str) -> None:
    """Scoring coded columns takes less time than a peer's share of the same work."""
    work, least = PEERS[name]
    assert LOOPS, "numba is not installed: extra `fast`"
    own, other = take_turns(score, work)
    tell("pmpromo", own)
    tell(name, other)
    assert compare(own, other, name) >= least


def test_against_scikit_criteria() -> None:
    """What scikit-criteria takes for the weighted sum alone is told beside our totals."""
    pytest.importorskip("skcriteria")
    matrix = score_columns(take_columns(), PLAN).criteria
    weights = [float(weight) for weight in PLAN.total.weights]
    make: Any = import_module("skcriteria").mkdm
    model: Any = import_module("skcriteria.agg.simple").WeightedSumModel()
    given = matrix[0].T + 1e-9
    shelf, totals = fill_shelf(lay_out(take_columns(), PLAN)), np.empty((4, PACKETS))
    loops = LOOPS or Loops()

    def total() -> None:
        for end in range(2):
            loops.total(matrix[end], shelf.mixture, totals[end], *totals[2:])
            loops.gate(matrix[end], shelf.gates, totals[end])

    own, other = take_turns(total, lambda: model.evaluate(make(given, [max] * 10, weights=weights)))
    tell("pmpromo, totals alone, both ends, gates", own)
    tell("scikit-criteria, the weighted sum alone", other)
    assert compare(own, other, "scikit-criteria") >= 20


def test_against_the_limit() -> None:
    """Scoring coded columns is told beside copying them once, by one thread and by two."""
    copied, arrays, one, two = take_turns(copy_columns, score_by_arrays, score, partial(score, 2))
    tell("copying every column once", copied)
    tell("scoring by arrays, one thread", arrays)
    tell("scoring by compiled loops, one thread", one)
    tell("scoring by compiled loops, two threads", two)
    assert compare(one, arrays, "arrays against loops") >= 1.5
    assert compare(copied, one, "loops against copying") <= 40


def test_growth_is_linear() -> None:
    """Twice the evidence takes about twice the time."""
    small, large = make_columns(PACKETS // 2), take_columns()
    half, whole = take_turns(
        lambda: score_columns(small, PLAN, 1, LOOPS), lambda: score_columns(large, PLAN, 1, LOOPS)
    )
    ratio = min(turn.cpu for turn in whole) / min(turn.cpu for turn in half)
    print(f"\ntwice the evidence takes {ratio:.2f} times as long", end="")  # noqa: T201
    assert 1.6 <= ratio <= 2.4


def test_encoding() -> None:
    """A column of text is coded once; a categorical or dictionary hands over its codes."""
    rows = PACKETS * FACTS
    words = np.array([f"word-{n}" for n in range(500)], dtype=object)
    picked = words[np.random.default_rng(3).integers(0, 500, rows)]
    forms: dict[str, Any] = {
        "pandas text": pd.Series(picked),
        "polars text": pl.Series(picked.tolist()),
        "pyarrow text": pa.chunked_array([pa.array(picked.tolist())]),
        "pandas categorical": pd.Series(picked).astype("category"),
        "polars categorical": pl.Series(picked.tolist()).cast(pl.Categorical),
        "pyarrow dictionary": pa.chunked_array([pa.array(picked.tolist()).dictionary_encode()]),
    }
    for name, native in forms.items():
        series: Any = nw.from_native(native, series_only=True)
        [times] = take_turns(partial(code_series, series))
        assert tell(name, times) <= (90 if "text" in name else 15)


def test_whole_frames() -> None:
    """A frame of categoricals: read, checked and scored, with its frame of scores."""
    frame = make_frame(take_columns())
    [times] = take_turns(lambda: score_frame(frame, RUBRIC, as_of="2026-06-30").scores)
    tell("score_frame of categoricals", times)
    assert not len(score_frame(frame, RUBRIC, as_of="2026-06-30").problems)
