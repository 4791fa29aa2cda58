"""How much the main road costs above what nobody can do without.

Each limit is a ratio of two times of one run, taken in turns: machines differ, ratios hardly do.
Run ``pytest -m bench tests/bench -s``; it prints the microseconds too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import yaml

from pmpromo import Packet, assess, load_packet, load_rubric, parse_packet

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT: Final = Path(__file__).resolve().parents[2]

ROUNDS: Final = 31
"""Each time is the median of this many turns."""

RUBRIC: Final = load_rubric("pure-storage-pm/l3-l4")


def make_item(number: int) -> dict[str, Any]:
    """Return one item of the size that real packets have."""
    return {
        "id": f"item-{number}",
        "title": f"Integrated acquired product {number} with the file line",
        "achievement": f"work-{number // 2}",
        "ownership": ["led", "co_led", "contributed"][number % 3],
        "started": "2025-03-01",
        "ended": "2026-04-30",
        "scope": {"functions": ["engineering", "sales", "support"], "teams": 6, "accounts": 41},
        "facts": [
            {
                "metric": "unit_arr_growth",
                "value": 12.5 + number / 4,
                "baseline": 11,
                "unit": "percent/year",
                "status": "realised",
                "period": f"FY{20 + number % 7}",
            },
            {"behaviour": ["aligns_functions", "builds_practice"][number % 2], "point": 3},
            {
                "artifact": "strategy_document",
                "sections": ["tam_sam_som", "three_year_roadmap"],
                "uri": f"doc:{number}",
            },
        ],
        "support": [
            {"relation": "manager", "by": "m-12"},
            {"relation": "cross_functional", "by": "sales-9", "function": "sales", "point": 3},
        ],
    }


VALUES: Final[dict[str, Any]] = {
    "schema_version": 1,
    "id": "bench",
    "rubric": RUBRIC.id,
    "as_of": "2026-06-30",
    "evidence": [make_item(number) for number in range(20)],
    "declared_none": ["portfolio_pricing"],
    "concerns": [{"reason_not_to_promote": "One product line only.", "severity": "medium"}],
}
JSON: Final = json.dumps(VALUES).encode()
YAML: Final = yaml.safe_dump(VALUES, sort_keys=False).encode()
PACKET: Final = parse_packet(JSON)


def compare(work: Callable[[], object], bare: Callable[[], object], calls: int = 10) -> float:
    """Return how much longer `work` takes than `bare`, without the first turn."""
    return weigh([(time_calls(work, calls), time_calls(bare, calls)) for _ in range(ROUNDS)][1:])


def weigh(turns: list[tuple[float, float]]) -> float:
    """Return the median ratio of two times taken in turns, and print the medians of both."""
    long, short = (median(times) for times in zip(*turns, strict=True))
    ratio = median(one / other for one, other in turns)
    print(f"\n{long * 1e6:9.1f} us against {short * 1e6:9.1f} us: {ratio:.2f}", end="")  # noqa: T201
    return ratio


def time_calls(work: Callable[[], object], calls: int) -> float:
    """Return the seconds that one call takes."""
    start = perf_counter()
    for _ in range(calls):
        work()
    return (perf_counter() - start) / calls


def take_events() -> None:
    """Run through the events of the YAML text, and do nothing."""
    take = yaml.CSafeLoader(YAML).get_event
    while type(take()) is not yaml.StreamEndEvent:
        pass


def time_import(statement: str, compiled: Path) -> float:
    """Return the seconds that an import takes in a fresh process, start of Python left out."""
    code = f"from time import perf_counter as t; a = t(); {statement}; print(t() - a)"
    known = {**os.environ, "PYTHONPYCACHEPREFIX": str(compiled), "PYTHONPATH": str(ROOT)}
    known.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", code], capture_output=True, check=True, env=known, text=True
    )
    return float(done.stdout)


def test_import(tmp_path: Path) -> None:
    """Importing pmpromo, compiled, takes at most 2.2 times as long as pydantic's BaseModel."""
    own, bare = "import pmpromo", "from pydantic import BaseModel"
    turns = [(time_import(own, tmp_path), time_import(bare, tmp_path)) for _ in range(16)][1:]
    assert weigh(turns) <= 2.2


def test_first_use(tmp_path: Path) -> None:
    """Names load when they are used: those of the main road take at most 2.6 times BaseModel's."""
    own, bare = "from pmpromo import assess, load_packet", "from pydantic import BaseModel"
    turns = [(time_import(own, tmp_path), time_import(bare, tmp_path)) for _ in range(16)][1:]
    assert weigh(turns) <= 2.6


def test_load_json() -> None:
    """A valid JSON packet costs at most 2.3 times pydantic's own road, duplicate keys refused."""
    assert 11_000 < len(JSON) < 17_000
    assert compare(lambda: parse_packet(JSON), lambda: Packet.model_validate_json(JSON)) <= 2.3


def test_load_json_file(tmp_path: Path) -> None:
    """A JSON packet in a file costs at most 2.3 times reading it and pydantic's own road."""
    file = tmp_path / "packet.json"
    file.write_bytes(JSON)
    assert (
        compare(lambda: load_packet(file), lambda: Packet.model_validate_json(file.read_bytes()))
        <= 2.3
    )


def test_load_yaml() -> None:
    """A valid YAML packet costs at most 1.3 times the parser's events and pydantic."""

    def walk_and_validate() -> None:
        take_events()
        Packet.model_validate(VALUES)

    assert compare(lambda: parse_packet(YAML, format="yaml"), walk_and_validate, 3) <= 1.3


def test_assess() -> None:
    """Assessing 20 items, every gap found, costs at most 3 times reading them with pydantic."""
    bare = lambda: Packet.model_validate_json(JSON)  # noqa: E731
    assert compare(lambda: assess(PACKET, RUBRIC), bare) <= 3
    assert compare(lambda: assess(PACKET, RUBRIC).gaps, bare) <= 3
