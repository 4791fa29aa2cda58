"""What audits cost: counting above bare counting, a record above a bare file, and growth.

Run ``pytest -m bench tests/bench/test_audit.py -s``; it prints the microseconds too.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from bench.test_bench import VALUES, compare, weigh

from pmpromo import measure_impact
from pmpromo.audit import Assessed, Counts, Record
from pmpromo.audit.significance import compute_fisher

if TYPE_CHECKING:
    from pathlib import Path

    from pmpromo import Impact

PEOPLE: Final = 100_000
AT: Final = datetime(2026, 7, 1, tzinfo=UTC)
ASSESSED: Final = Assessed(
    candidate="c-1", packet=VALUES, result=VALUES, rubric=f"sha256:{'0' * 64}"
)
"""An entry of two packets of 14 kB, which is about what an assessment takes."""


def make_people(count: int) -> tuple[list[bool], dict[str, list[Any]]]:
    """People of two sexes and seven ethnicities, one in five selected."""
    rng = np.random.default_rng(0)
    groups = {
        "sex": np.array(["F", "M"])[rng.integers(0, 2, count)].tolist(),
        "ethnicity": np.array([*"ABCDEFG"])[rng.integers(0, 7, count)].tolist(),
    }
    return (rng.random(count) < 0.2).tolist(), groups


def test_counting_people() -> None:
    """Two attributes and their crossing, all checked, cost at most 12 times counting the pairs."""
    outcomes, groups = make_people(PEOPLE)

    def count() -> Counter[Any]:
        return Counter(zip(outcomes, *groups.values(), strict=True))

    def measure() -> Impact:
        return measure_impact(outcomes, groups)

    assert compare(measure, count, 1) <= 12


def test_people_cost_what_they_are() -> None:
    """Twice as many people take 1.6 to 2.6 times as long."""
    few, many = make_people(PEOPLE), make_people(2 * PEOPLE)
    assert 1.6 <= compare(lambda: measure_impact(*many), lambda: measure_impact(*few), 1) <= 2.6


def test_a_test_of_a_million() -> None:
    """Fisher's test of a million people takes at most 50 ms, near chance and far from it."""
    for group, other in ((100_000, 100_300), (100_000, 200_000), (0, 100_000)):
        start = perf_counter()
        compute_fisher(Counts(group, 500_000), Counts(other, 500_000))
        assert perf_counter() - start <= 0.05


def test_an_entry_above_a_bare_file(tmp_path: Path) -> None:
    """Appending costs at most 6 times writing the same bytes and waiting for the disk."""
    record = Record(tmp_path / "record")
    record.append(ASSESSED, at=AT)
    line = (tmp_path / "record").read_bytes()

    def write() -> None:
        with (tmp_path / "bare").open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    assert compare(lambda: record.append(ASSESSED, at=AT), write, 3) <= 6


def test_a_record_does_not_slow_down(tmp_path: Path) -> None:
    """An entry after a thousand others takes at most twice as long as one after ten."""
    short, long = Record(tmp_path / "short"), Record(tmp_path / "long")
    short.extend([ASSESSED] * 10, at=AT)
    long.extend([ASSESSED] * 1000, at=AT)

    def time_append(record: Record) -> float:
        start = perf_counter()
        record.append(ASSESSED, at=AT)
        return perf_counter() - start

    assert weigh([(time_append(long), time_append(short)) for _ in range(41)][1:]) <= 2
