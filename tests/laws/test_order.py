"""The same input gives the same bits, whatever its order and whoever asks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import strategies
from hypothesis import given, settings
from hypothesis import strategies as st
from judges import Judge, ask_library, keep_law
from strategies import cases

if TYPE_CHECKING:
    from strategies import Content


@keep_law
@given(cases(), st.data())
def test_order_moves_no_bit(
    judge: Judge, case: tuple[Content, Content], data: st.DataObject
) -> None:
    """Items, facts and voices in another order give the same floats and the same gaps."""
    rubric, packet = case
    other = data.draw(strategies.reordered(packet))
    assert judge(rubric, packet).everything == judge(rubric, other).everything


@settings(max_examples=settings().max_examples // 3)  # each holds three packets, asked thrice
@given(st.lists(cases(), min_size=2, max_size=4))
def test_other_packets_change_nothing(many: list[tuple[Content, Content]]) -> None:
    """A packet scores the same bits before, after and between others, in one thread or in four."""
    alone = [ask_library(*case).everything for case in many]
    again = [ask_library(*case).everything for case in reversed(many)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda case: ask_library(*case).everything, many))
    assert alone == again[::-1] == together


SCRIPT = """
import json, sys
from judges import ask_library
print([repr(ask_library(*case).everything) for case in json.load(sys.stdin)])
"""


def test_seed_and_zone_change_nothing() -> None:
    """Another process, with another hash seed and another time zone, writes the same text."""
    root = Path(__file__).resolve().parents[2]
    facts = [{"metric": "growth", "value": 7, "unit": "percent/year", "status": "realised"}]
    item = {"id": "e0", "title": "e0", "facts": facts, "ended": "2024-02-29"}
    items = [item, {**item, "id": "e1", "ownership": "led", "support": [{"relation": "peer"}]}]
    goal = {"fact": "growth", "at_least": 9, "unit": "percent/year"}
    criterion = {"id": "one", "name": "One", "weight": 3, "requirements": [goal]}
    cases = json.dumps([[{"criteria": [criterion]}, {"evidence": items}]])
    path = os.pathsep.join([str(root), str(root / "tests")])
    told = {
        subprocess.run(  # noqa: S603 - our own interpreter and script
            [sys.executable, "-c", SCRIPT],
            input=cases,
            env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "Pacific/Kiritimati"), ("2", "America/Los_Angeles"))
    }
    assert len(told) == 1
    assert "proven" in told.pop()
