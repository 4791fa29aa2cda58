"""How long the search for a path takes, on packets of the size that people bring.

Run ``pytest -m bench tests/bench/test_path.py -s``; it prints the milliseconds of processor time:
a search is arithmetic alone, and other processes of a shared machine are none of its work.
"""

from __future__ import annotations

from random import Random
from statistics import median
from time import process_time
from typing import Any, Final

from pmpromo import Packet, Rubric, find_path, parse_packet, parse_rubric
from pmpromo.advice.subject import look_at
from pmpromo.scoring.closures import list_closures

CLOSURES: Final = 40
CRITERIA: Final = 8
CASES: Final = 21
TURNS: Final = 3

Content = dict[str, Any]


def write_rubric() -> Rubric:
    """Return eight criteria of two to four behaviours, two must-haves, a pair, two `best`."""
    criteria: list[Content] = []
    for place in range(CRITERIA):
        count = 2 + place % 3
        asked = [{"fact": f"f{place}-{at}", "point": 3, "asked": "once"} for at in range(count)]
        part: Content = {
            "id": f"c{place}",
            "name": f"C{place}",
            "weight": 5 + 5 * (place % 4),
            "requirements": asked,
        }
        if place in {1, 5}:
            part["must_have"] = 0.5
        if place in {2, 6}:
            part["best"] = 2
        criteria.append(part)
    return parse_rubric(
        {
            "id": "bench/l1-l2",
            "name": "Bench",
            "current_level": "L1",
            "target_level": "L2",
            "criteria": criteria,
            "complements": [{"pair": ["c0", "c3"], "strength": 0.05}],
        }
    )


def draw_packet(chance: Random, rubric: Rubric) -> Packet:
    """Draw items that each show two facts of different criteria, with gaps of every kind."""
    names = [asked.fact for part in rubric.criteria for asked in part.requirements]
    items = []
    for number in range(10):
        shown = chance.sample(names, 2)
        items.append(
            {
                "id": f"item-{number}",
                "title": "Some work",
                "facts": [
                    {"behaviour": name, "point": chance.choice([1, 2, 3, 3])} for name in shown
                ],
                "ended": chance.choice(["2026-05-01", "2026-05-01", "2023-05-01"]),
                **chance.choice([{"ownership": "led"}, {"ownership": "contributed"}, {}]),
                "support": chance.choice(
                    [[{"relation": "manager"}, {"relation": "cross_functional"}], [], []]
                ),
            }
        )
    return parse_packet({"id": "p", "as_of": "2026-06-30", "evidence": items})


def draw_cases() -> list[Packet]:
    """Draw packets with forty closures, give or take two, that are below the bar."""
    rubric, chance = RUBRIC, Random(6)  # noqa: S311 - cases, no secrets
    found: list[Packet] = []
    while len(found) < CASES:
        packet = draw_packet(chance, rubric)
        subject = look_at(packet, rubric, None)
        count = len(list_closures(subject.yard))
        if abs(count - CLOSURES) <= 2 and not subject.seen.met:
            found.append(packet)
    return found


RUBRIC: Final = write_rubric()


def time_path(packet: Packet, **options: Any) -> float:  # noqa: ANN401 - options of find_path
    """Return the milliseconds of processor time of the quickest of a few turns."""
    times = []
    for _ in range(TURNS):
        start = process_time()
        path = find_path(packet, RUBRIC, **options)
        times.append((process_time() - start) * 1e3)
        assert path.exact
    return min(times)


def test_path() -> None:
    """Forty closures over eight criteria: the cheapest path in at most 50 ms at the median."""
    cases = draw_cases()
    alone = [time_path(packet, limit=1, only="work") for packet in cases]
    best = [time_path(packet, limit=1) for packet in cases]
    whole = [time_path(packet) for packet in cases]
    for name, times in (("work alone", alone), ("best", best), ("three, and apart", whole)):
        print(f"\n{name}: median {median(times):.1f} ms, longest {max(times):.1f} ms", end="")  # noqa: T201
    assert median(best) <= 50
