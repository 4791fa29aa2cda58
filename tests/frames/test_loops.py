"""Loops in place of arrays: the same bytes, as they are written and compiled."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest
from crowds import make_columns, make_rubric
from cycles import cycles
from hypothesis import given, settings

from pmpromo import evidence_frame, load_packet, load_rubric, score_frame
from pmpromo.scoring import batch, compiled, desk, showings
from pmpromo.scoring.compiled import Loops, find_loops
from pmpromo.scoring.kernel import combine
from pmpromo.scoring.loops import groups, linking
from pmpromo.scoring.loops.showing import (
    BELOW,
    FIGURE,
    PROGRESS,
    STRICT,
    FactRows,
    ItemRows,
    Layer,
    Slots,
    measure,
)
from pmpromo.scoring.plan import make_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo import Packet, Rubric
    from pmpromo.scoring.columns import Columns
    from pmpromo.scoring.plan import Plan

EXAMPLES: Final = Path(__file__).parents[2] / "examples" / "packets"
PLAN: Final = make_plan(make_rubric())


@pytest.fixture(scope="module")
def examples() -> list[Packet]:
    """The packets of the examples."""
    return [load_packet(path) for path in sorted(EXAMPLES.glob("*.yaml"))]


def take_bytes(scores: batch.BatchScores) -> list[bytes]:
    """Return scores as bytes."""
    return [part.tobytes() for part in scores]


def list_pieces(packets: list[Packet], rubric: Rubric) -> Iterator[tuple[Columns, Plan]]:
    """Give packets as columns, with the plan they are scored by."""
    for piece in score_frame(evidence_frame(packets), rubric, as_of="as_of")._pieces:
        yield piece.arranged.columns, piece.plan


@pytest.fixture(scope="module")
def compiled_loops() -> Loops:
    """The loops, compiled."""
    pytest.importorskip("numba", reason="numba is not installed here: extra `fast`")
    found = find_loops()
    assert found is not None
    return found


@settings(max_examples=25)
@given(cycles())
def test_loops_as_they_are_written(cycle: tuple[Rubric, list[Packet]]) -> None:
    """Random packets with anything unknown, linked or disputed have the bytes of arrays."""
    rubric, packets = cycle
    for columns, plan in list_pieces(packets, rubric):
        whole = take_bytes(batch.score_columns(columns, plan))
        assert take_bytes(batch.score_columns(columns, plan, 1, Loops())) == whole


def test_examples_by_loops(examples: list[Packet]) -> None:
    """The example packets have the bytes of arrays: bands, sides, the best few, spans of time."""
    for name in sorted({packet.rubric for packet in examples if packet.rubric}):
        own = [packet for packet in examples if packet.rubric == name]
        for columns, plan in list_pieces(own, load_rubric(name)):
            whole = take_bytes(batch.score_columns(columns, plan))
            assert take_bytes(batch.score_columns(columns, plan, 1, Loops())) == whole


@pytest.mark.parametrize("threads", [1, 2, 8])
def test_compiled_loops(
    threads: int, compiled_loops: Loops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crowd has the bytes of arrays by compiled loops, on any number of threads."""
    columns = make_columns(400)
    whole = take_bytes(batch.score_columns(columns, PLAN))
    monkeypatch.setattr(desk, "CHUNK_FACTS", 1000)
    assert take_bytes(batch.score_columns(columns, PLAN, threads, compiled_loops)) == whole


@settings(max_examples=25)
@given(cycle=cycles())
def test_compiled_random_cycles(cycle: tuple[Rubric, list[Packet]], compiled_loops: Loops) -> None:
    """Random packets have the bytes of arrays by compiled loops."""
    rubric, packets = cycle
    for columns, plan in list_pieces(packets, rubric):
        whole = take_bytes(batch.score_columns(columns, plan))
        assert take_bytes(batch.score_columns(columns, plan, 1, compiled_loops)) == whole


def test_large_cycles_choose_compiled_loops(
    compiled_loops: Loops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a number of facts on cycles are scored by loops, and not where showings are too many."""
    chosen: list[Any] = []

    def score(*told: Any) -> None:  # noqa: ANN401 - whatever it is called with
        chosen.append(told[0])

    columns = make_columns(3)
    monkeypatch.setattr(compiled, "score_by_loops", score)
    batch.score_columns(columns, PLAN)
    assert chosen == []
    monkeypatch.setattr(compiled, "COMPILED_FROM", 60)
    batch.score_columns(columns, PLAN)
    assert chosen == [compiled_loops]
    monkeypatch.setattr(showings, "FEW", 0)
    monkeypatch.setattr(showings, "EACH", 0)
    batch.score_columns(columns, PLAN)
    assert chosen == [compiled_loops]


def test_no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without numba a large cycle is scored by arrays."""
    columns = make_columns(3)
    whole = take_bytes(batch.score_columns(columns, PLAN))
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.setattr(compiled, "COMPILED_FROM", 0)
    monkeypatch.setattr(compiled, "find_loops", find_loops.__wrapped__)
    assert compiled.find_loops() is None
    assert take_bytes(batch.score_columns(columns, PLAN)) == whole


def test_nowhere_to_keep_what_was_compiled(
    compiled_loops: Loops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no folder can be written to, loops are compiled for this process alone."""

    def compile_loop(loop: Any, **told: object) -> Any:  # noqa: ANN401 - a function
        if told.get("cache"):
            message = "cannot cache function: no locator available"
            raise RuntimeError(message)
        return loop

    assert compiled_loops
    monkeypatch.setattr("numba.njit", compile_loop)
    assert find_loops.__wrapped__() == Loops()


def test_keys_that_meet_in_a_slot() -> None:
    """The first of equal pairs is found, however many pairs share a slot of the table."""
    rng = np.random.default_rng(5)
    one, other = rng.integers(0, 300, 900), rng.integers(-9, 9, 900) << 40
    first, table = np.empty(900, dtype=np.int32), np.empty(1024, dtype=np.int32)
    linking.find_first(one, other, table, first)
    known: dict[tuple[int, int], int] = {}
    pairs = zip(one.tolist(), other.tolist(), strict=True)
    assert first.tolist() == [known.setdefault(pair, n) for n, pair in enumerate(pairs)]


def test_a_chain_of_links() -> None:
    """Items that are linked one to the next are one achievement, under the first of them."""
    for step in (1, -1):
        roots = np.arange(9)
        linking.join(roots, np.arange(1, 9)[::step], np.arange(8)[::step])
        assert roots.tolist() == [0] * 9


@pytest.mark.parametrize(
    ("form", "figure", "start", "reached"),
    [
        (FIGURE | STRICT, 20.0, np.nan, 1.0),  # as far as it can count without being met
        (FIGURE | STRICT | PROGRESS, 20.0, 20.0, 0.0),
        (FIGURE | PROGRESS, 20.0, 20.0, 1.0),
        (FIGURE | PROGRESS, 15.0, 10.0, 0.5),
        (FIGURE | BELOW, 40.0, np.nan, 0.5),
        (FIGURE | BELOW | PROGRESS, 30.0, 40.0, 0.5),
    ],
)
def test_figures_by_their_forms(form: int, figure: float, start: float, reached: float) -> None:
    """A figure against 20: met, on its way from a baseline, strictly, from above."""
    one, zero = np.ones(1), np.zeros(1, dtype=np.int64)
    facts: Any = [zero, zero, np.array([figure]), np.array([start]), *[zero] * 5]
    items: Any = [*[zero] * 11, np.ones((1, 2))]
    layer = Layer(zero, zero, 1, zero, np.array([form]), np.array([[0.0, 1.0, 1.0]]), 20.0 * one)
    counts = np.empty((1, 2))
    figures = np.zeros((1, 2), dtype=np.int64)
    measure(figures, FactRows(*facts), ItemRows(*items), layer, counts)
    assert counts.tolist() == [[reached, reached]]


def test_groups_of_any_size() -> None:
    """Groups of none to 900 rows give what the scalar kernel gives, repeats counted once."""
    rng = np.random.default_rng(6)
    sizes = [0, 1, 2, 3, 4, 7, 8, 9, 40, 900, 0]
    group = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
    rows = len(group)
    slots = Slots(
        np.vstack([rng.random((rows, 2)), [[0.0, 0.0]]]),
        np.append(rng.integers(0, 700, rows), -1),
        np.empty(rows, dtype=np.int64),
        np.zeros((len(sizes) + 1, 1), dtype=np.int64),
        np.full((len(sizes) + 1, 1, 3), rows),
        np.empty((1, 2), dtype=np.int64),
    )
    for row, asked in enumerate(group.tolist()):
        place = min(int(slots.held[asked, 0]), 2)
        slots.chain[row], slots.places[asked, 0, place] = slots.places[asked, 0, place], row
        slots.held[asked, 0] += 1
    reached, many = np.empty((2, len(sizes), 1)), np.empty(len(sizes) + 1, dtype=np.int64)
    listed = groups.combine_two(slots, 0.6, reached, many)
    larger = groups.Larger(many[:listed], np.full((700, 2), -1), np.empty((2, 900)))
    groups.combine_many(slots, 0.6, reached, larger)
    for place in range(len(sizes)):
        for end in range(2):
            best: dict[int, float] = {}
            for row in np.flatnonzero(group == place).tolist():
                root, counts = int(slots.root[row]), float(slots.counts[row, end])
                best[root] = max(best.get(root, 0.0), counts)
            assert reached[end, place, 0] == combine(best.values(), 1.0, 0.6)
