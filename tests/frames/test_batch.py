"""The arithmetic of columns: any number of threads, any size of tables, any chain of links."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from pmpromo import evidence_frame, load_packet, load_rubric, score_frame
from pmpromo.scoring import attainments, batch, desk, linking, showings, slots
from pmpromo.scoring.kernel import combine
from pmpromo.scoring.plan import make_plan

if TYPE_CHECKING:
    from pmpromo.scoring.columns import Columns
    from pmpromo.scoring.plan import Plan

EXAMPLES: Final = Path(__file__).parents[2] / "examples" / "packets"


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The plan of a shipped rubric."""
    return make_plan(load_rubric("pure-storage-pm/l3-l4"))


@pytest.fixture(scope="module")
def columns() -> Columns:
    """Forty packets as columns: four of the examples, ten times."""
    names = ("spm-a", "spm-b", "strong-l3-l4", "weak-l3-l4")
    packets = [load_packet(EXAMPLES / f"{name}.yaml") for name in names]
    many = [each.model_copy(update={"id": f"p{n}"}) for n, each in enumerate(packets * 10)]
    rubric = load_rubric("pure-storage-pm/l3-l4")
    [piece] = score_frame(evidence_frame(many), rubric, as_of="as_of")._pieces
    return piece.arranged.columns


def take_bytes(scores: batch.BatchScores) -> list[bytes]:
    """Return scores as bytes."""
    return [part.tobytes() for part in scores]


@pytest.mark.parametrize("threads", [2, 8])
def test_any_number_of_threads(
    threads: int, columns: Columns, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight threads over many chunks give the bytes of one thread over one chunk."""
    alone = take_bytes(batch.score_columns(columns, plan))
    monkeypatch.setattr(desk, "CHUNK_FACTS", 50)
    assert take_bytes(batch.score_columns(columns, plan, threads)) == alone


@pytest.mark.parametrize("markable", [0, 1 << 26])
def test_any_number_of_showings(
    markable: int, columns: Columns, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there are too many possible showings to list, those that occur give the same bytes."""
    alone = take_bytes(batch.score_columns(columns, plan))
    monkeypatch.setattr(showings, "FEW", 0)
    monkeypatch.setattr(showings, "EACH", 0)
    monkeypatch.setattr(showings, "MARKABLE", markable)
    assert take_bytes(batch.score_columns(columns, plan)) == alone


def test_numbers_of_showings_do_not_overflow(columns: Columns, plan: Plan) -> None:
    """However many lists and voices there are, each showing has a number of its own."""
    told = showings.list_showings(columns, plan).numbering
    wide = replace(told, first=1 << 20, second=1 << 20)
    narrow_keys = showings.key_facts(columns.facts, columns.items, told)
    wide_keys = showings.key_facts(columns.facts, columns.items, wide)
    assert (wide_keys >= 0).all()
    assert len(np.unique(wide_keys)) == len(np.unique(narrow_keys))


def test_a_chain_of_links() -> None:
    """Items that are linked one to the next are one achievement, under the first of them."""
    places = np.arange(9)
    assert linking.join(places, places[1:], places[:-1]).tolist() == [0] * 9
    assert linking.join(places, places[:-1][::-1], places[1:][::-1]).tolist() == [0] * 9


def test_keys_that_meet_in_a_slot() -> None:
    """The first of equal keys is found, however many keys share a slot of the table."""
    rng = np.random.default_rng(5)
    keys = rng.integers(0, 3000, 9000)
    first = linking.find_first([keys, keys % 7])
    known: dict[int, int] = {}
    assert first.tolist() == [known.setdefault(key, n) for n, key in enumerate(keys.tolist())]


def test_codes_too_many_for_slots_of_their_own() -> None:
    """The first of equal codes is found, also where codes are large numbers."""
    codes = np.array([5, 1 << 40, 5, 1 << 40, 7])
    assert linking.find_first_code(codes, 1 << 41).tolist() == [0, 1, 0, 1, 4]


def test_groups_of_any_size() -> None:
    """Groups of none to forty rows give what the scalar kernel gives, repeats counted once."""
    rng = np.random.default_rng(6)
    sizes = [0, 1, 2, 3, 4, 7, 8, 9, 10, 40, 0]
    group = np.repeat(np.arange(len(sizes)), sizes)
    order = rng.permutation(len(group))
    group, root = group[order], rng.integers(0, 25, len(group))
    counts = rng.random((2, len(group)))
    reached, shown = slots.combine_groups(slots.Rows(counts, group, root), len(sizes), 0.6)
    for place in range(len(sizes)):
        assert shown[place] == (sizes[place] > 0)
        for end in range(2):
            best: dict[int, float] = {}
            for row in np.flatnonzero(group == place).tolist():
                best[int(root[row])] = max(best.get(int(root[row]), 0.0), float(counts[end, row]))
            assert reached[end, place] == combine(best.values(), 1.0, 0.6)


def test_a_requirement_without_a_target(columns: Columns, plan: Plan) -> None:
    """Nothing is known of a figure that nothing is asked of."""
    laid = desk.lay_out(columns, plan)
    chunk = batch._open_chunk(laid, next(desk.cut_spans(columns)))
    asked = next(each for each in plan.asked if each.goal is not None and not each.sides)
    rows = np.flatnonzero(chunk.facts.fact == chunk.names[asked.fact.id])
    tables = laid.fact_tables[asked.index]
    low, high = attainments.reach_rows(replace(asked, goal=None), chunk, tables, rows)
    assert (low.tolist(), high.tolist()) == ([0.0] * len(rows), [1.0] * len(rows))
