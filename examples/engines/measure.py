"""What each road costs: processor time and memory, each measured in a process of its own.

Run: python measure.py [PACKETS]
Processor time is what packets cost; the clock of a machine that others use says little. Spark is
left out: its workers call the same function, and what Java does beside them is not seen from here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
METRICS = {"unit_arr_growth": "percent/year", "operating_margin": "percent"}
BATCHES = (500, 2_000)
"""Packets in memory at once, for the slope of memory."""

HOURS = 8
"""How long a night is."""


class Cost(NamedTuple):
    """What one road took: processor seconds, and the peak memory of a process in MiB."""

    processor: float
    memory: float


Costs = dict[str, Cost]


def make_packet(number: int) -> dict[str, object]:
    """Return a packet of 20 items and 60 facts, 13 kB of JSON: a rich one."""
    return {
        "id": f"p-{number}",
        "rubric": "pure-storage-pm/l3-l4",
        "as_of": "2026-06-30",
        "evidence": [make_item(number, place) for place in range(20)],
    }


def make_item(number: int, place: int) -> dict[str, object]:
    """Return one item: a figure, a behaviour and a document, with two voices behind it."""
    metric = list(METRICS)[place % 2]
    return {
        "id": f"item-{place}",
        "title": f"Integrated acquired product {place} with the file line",
        "achievement": f"work-{place // 2}",
        "ownership": ["led", "co_led", "contributed"][(number + place) % 3],
        "started": "2025-03-01",
        "ended": f"2026-{1 + number % 6:02}-28",
        "scope": {"functions": ["engineering", "sales", "support"], "teams": 6, "accounts": 41},
        "facts": [
            {
                "metric": metric,
                "value": (number * 7 + place) % 97 / 4,
                "baseline": 11,
                "unit": METRICS[metric],
                "status": "realised",
                "period": f"FY{20 + place % 7}",
            },
            {"behaviour": ["aligns_functions", "builds_practice"][place % 2], "point": number % 5},
            {
                "artifact": "strategy_document",
                "sections": ["tam_sam_som", "three_year_roadmap"],
                "uri": f"doc:{number}-{place}",
            },
        ],
        "support": [
            {"relation": "manager", "by": "m-12"},
            {"relation": "cross_functional", "by": "sales-9", "function": "sales", "point": 3},
        ],
    }


TIMED = """
import resource, runpy, sys
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__") if sys.argv[0].endswith(".py") else \
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
except SystemExit as end:
    assert not end.code, end.code
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print("took", sum(each.ru_utime + each.ru_stime for each in used),
      max(each.ru_maxrss for each in used) / 1024)
"""


def measure(*command: str) -> Cost:
    """Run a command in a process of its own."""
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-W", "ignore", "-c", TIMED, *command],
        check=True,
        capture_output=True,
        text=True,
    )
    told = next(line for line in done.stdout.splitlines() if line.startswith("took "))
    return Cost(*map(float, told.split()[1:]))


def measure_all(folder: Path, count: int) -> Costs:
    """Return the cost of each road for so many packets."""
    source = folder / "packets.jsonl"
    with source.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(make_packet(number))}\n" for number in range(count))
    parts, results = str(folder / "packets"), str(folder / "results")
    batch = ("pmpromo", "batch", str(source), "-o", str(folder / "scores.jsonl"), "--processes")
    known = {
        "pmpromo batch, 1 process": measure(*batch, "1"),
        "pmpromo batch, 2 processes": measure(*batch, "2"),
        "JSON Lines to Parquet": measure(str(HERE / "to_parquet.py"), str(source), parts),
    }
    for engine in ("duckdb", "polars", "dask"):
        known[engine] = measure(str(HERE / f"{engine}_batches.py"), parts, results)
    return known


def measure_slope(folder: Path) -> float:
    """Return the KiB that one more packet in a batch takes."""
    code = folder / "slope.py"
    code.write_text(
        "import sys\nimport pyarrow.parquet as pq\nfrom pmpromo import load_rubric\n"
        "from pmpromo.arrow import score_batches\n"
        "batch = pq.read_table(sys.argv[1]).to_batches(int(sys.argv[2]))[0]\n"
        "[*score_batches([batch], load_rubric('pure-storage-pm/l3-l4'))]\n",
        encoding="utf-8",
    )
    part = str(folder / "packets" / "part-00000.parquet")
    few, many = (measure(str(code), part, str(size)).memory for size in BATCHES)
    return (many - few) * 1024 / (BATCHES[1] - BATCHES[0])


def tell(few: Costs, many: Costs, more: int) -> Iterator[str]:
    """Tell what each further packet costs: the start of a process is left out."""
    each = {road: (many[road].processor - few[road].processor) / more for road in many}
    yield "road | processor s per million packets | packets/s and core | peak MiB"
    for road, cost in many.items():
        yield f"{road} | {each[road] * 1e6:.0f} | {1 / each[road]:.0f} | {cost.memory:.0f}"
    for road in ("pmpromo batch, 1 process", "duckdb"):
        for cores in (2, 16, 64):
            night = HOURS * 3600 * cores / each[road]
            yield f"{road}, {cores} cores: {night / 1e6:.0f} million packets in {HOURS} hours"


def main(count: int) -> None:
    """Print the costs, and what follows from them for a night on machines of several sizes."""
    with TemporaryDirectory() as name:
        few = measure_all(Path(name), count // 8)
    with TemporaryDirectory() as name:
        many = measure_all(Path(name), count)
        slope = measure_slope(Path(name))
    print(f"{count} packets, {os.cpu_count()} cores")
    print(*tell(few, many, count - count // 8), sep="\n")
    print(f"each packet of a batch takes {slope:.0f} KiB while it is scored")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4_000)
