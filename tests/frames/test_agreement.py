"""A cycle has the bits of its packets assessed one by one, however its rows are cut and ordered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from cycles import KINDS, assess_all, cycles, list_rows, score_bits
from hypothesis import given, settings
from hypothesis import strategies as st

from pmpromo import assess, evidence_frame, load_packet, load_rubric, score_frame
from pmpromo.scoring import desk

if TYPE_CHECKING:
    from pmpromo import Packet, Rubric

EXAMPLES: Final = Path(__file__).parents[2] / "examples" / "packets"


@pytest.fixture(scope="module")
def examples() -> list[Packet]:
    """The packets of the examples."""
    return [load_packet(path) for path in sorted(EXAMPLES.glob("*.yaml"))]


@pytest.fixture(scope="module")
def rubrics_of(examples: list[Packet]) -> dict[str, Rubric]:
    """The rubrics that they name."""
    return {str(packet.rubric): load_rubric(str(packet.rubric)) for packet in examples}


@pytest.mark.parametrize("kind", KINDS)
def test_examples_in_every_kind_of_frame(
    kind: str, examples: list[Packet], rubrics_of: dict[str, Rubric]
) -> None:
    """The example packets have the same bits in every kind of frame as one by one."""
    frame = KINDS[kind](evidence_frame(examples))
    assert score_bits(frame, rubrics_of) == assess_all(examples, None, None)


def test_gaps_of_examples(examples: list[Packet], rubrics_of: dict[str, Rubric]) -> None:
    """Gaps of a cycle are those of its packets, word for word, and in their order."""
    rows = list_rows(score_frame(evidence_frame(examples), rubrics_of, as_of="as_of").gaps)
    told = [
        (packet.id, gap.criterion, gap.requirement, gap.kind, gap.gain, gap.remedy)
        for packet in examples
        for gap in assess(packet).gaps
    ]
    names = ("packet_id", "criterion", "requirement", "kind", "gain", "remedy")
    assert [tuple(row[name] for name in names) for row in rows] == told


@given(cycles())
def test_random_cycles(cycle: tuple[Rubric, list[Packet]]) -> None:
    """Packets with anything unknown, linked, disputed or declared have the bits of `assess`."""
    rubric, found = cycle
    assert score_bits(evidence_frame(found), rubric) == assess_all(found, rubric, None)


@settings(max_examples=20)
@given(cycles(), st.integers(0, 2**32 - 1), st.sampled_from([1, 2, 7]))
def test_shuffled_and_cut(cycle: tuple[Rubric, list[Packet]], seed: int, partitions: int) -> None:
    """Rows in any order, in 1, 2 or 7 partitions of whole packets, have the same bits."""
    rubric, found = cycle
    frame = evidence_frame(found).sample(frac=1, random_state=seed)
    whole = score_bits(frame, rubric)
    homes = frame["packet_id"].map(lambda name: int(name[1:]) % partitions)
    cut = [score_bits(part, rubric) for _, part in frame.groupby(homes)]
    assert {name: bits for part in cut for name, bits in part.items()} == whole
    assert whole == assess_all(found, rubric, None)


@settings(max_examples=20)
@given(cycles(), st.sampled_from([1, 2, 5]))
def test_chunks_of_any_size(cycle: tuple[Rubric, list[Packet]], size: int) -> None:
    """Where packets are cut into chunks makes no difference, nor does a chunk of one packet."""
    rubric, found = cycle
    frame = evidence_frame(found)
    whole = score_bits(frame, rubric)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk, "CHUNK_FACTS", size)
        assert score_bits(frame, rubric) == whole


def test_threads(examples: list[Packet], rubrics_of: dict[str, Rubric]) -> None:
    """Eight threads that score the same frame at once all get the same bits."""
    frame = evidence_frame(examples)
    alone = score_bits(frame, rubrics_of)
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda _: score_bits(frame, rubrics_of), range(16)))
    assert together == [alone] * 16
