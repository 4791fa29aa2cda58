"""How quickly things show themselves, and how much they write.

Times are processor time, the least of many turns: what else a shared machine does is not counted.
Run ``pytest -m bench tests/bench/test_pictures.py -s``; it prints them.
"""

from __future__ import annotations

from random import Random
from time import process_time
from typing import TYPE_CHECKING, Any, Final

import pytest
from bench.test_bench import PACKET, RUBRIC
from sketches import FAMILIES

from pmpromo import assess, fit_readiness, gallery

if TYPE_CHECKING:
    from collections.abc import Callable

TURNS: Final = 60
SIZE: Final = 12_000
"""What one display may write, in bytes."""

SCORES: Final = [0.1 + 0.8 * n / 59 for n in range(60)]
MODEL: Final = fit_readiness(SCORES, [int(each > 0.5) for each in SCORES], rubric=RUBRIC)
NOUNS: Final = {
    "rubric": RUBRIC,
    "packet": PACKET,
    "assessment": assess(PACKET, RUBRIC, readiness=MODEL),
    "model": MODEL,
    "reliability": MODEL.reliability,
}


def time_least(work: Callable[[], object], turns: int = TURNS) -> float:
    """Return the least time that some turns took, in milliseconds, and print it."""
    times = []
    for _ in range(turns):
        start = process_time()
        work()
        times.append(process_time() - start)
    print(f"\n{min(times) * 1e3:9.2f} ms", end="")  # noqa: T201
    return min(times) * 1e3


def make_cohort(count: int) -> dict[str, list[Any]]:
    """Return so many packets on ten criteria, with scores that look like real ones."""
    random = Random(count)  # noqa: S311 - nothing secret
    rows = [(f"p{n}", f"c{k}") for n in range(count) for k in range(10)]
    proven = [min(1.0, max(0.0, random.gauss(0.6, 0.2))) for _ in rows]
    return {
        "packet_id": [packet for packet, _ in rows],
        "criterion": [criterion for _, criterion in rows],
        "proven": proven,
        "bar": [0.75] * len(rows),
    }


@pytest.mark.parametrize("name", sorted(NOUNS))
def test_a_noun_shows_itself(name: str) -> None:
    """Drawing a noun takes at most a millisecond and writes at most 12 kB."""
    noun: Any = NOUNS[name]
    assert time_least(noun._repr_html_) <= 1
    print(f" {len(noun._repr_html_().encode())} bytes", end="")  # noqa: T201
    assert len(noun._repr_html_().encode()) <= SIZE


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_picture_of_ten_things(family: str) -> None:
    """Ten things are drawn for a page in 1 ms, a hundred cells in 2; a file of its own takes 6."""
    names = [f"Criterion number {n} of ten" for n in range(10)]
    limit = 2 if family == "heatmap" else 1
    assert time_least(lambda: FAMILIES[family](names)._repr_html_()) <= limit
    assert time_least(lambda: FAMILIES[family](names).svg) <= 6


def test_a_cohort() -> None:
    """A thousand packets on ten criteria are drawn from columns in at most 5 ms."""
    columns = make_cohort(1000)
    assert time_least(lambda: gallery.draw_cohort(columns)) <= 5
    picture = gallery.draw_cohort(columns)
    assert time_least(picture._repr_html_) <= 5


def test_a_cohort_grows_with_its_packets() -> None:
    """Twice as many packets take about twice as long."""
    one, two = (make_cohort(count) for count in (1000, 2000))
    short = time_least(lambda: gallery.draw_cohort(one)._repr_html_())
    long = time_least(lambda: gallery.draw_cohort(two)._repr_html_())
    assert 1.5 <= long / short <= 2.6
