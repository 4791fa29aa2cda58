"""P15: reasons sum to the distance that they explain: to the bar, between packets, along a path."""

from __future__ import annotations

from itertools import permutations
from math import fsum
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from promises.choosing import choose

from pmpromo import assess, attribute, compare, find_path, load_packet, load_rubric
from pmpromo.scoring.kernel import score_total
from pmpromo.scoring.plan import make_plan

if TYPE_CHECKING:
    from pmpromo.rubric import Rubric

PACKETS: Final = Path(__file__).parents[2] / "examples" / "packets"
NAMES: Final = tuple(sorted(path.stem for path in PACKETS.glob("*.yaml")))
DUST: Final = 1e-12
"""What sums of a dozen floats may be apart."""


def find_rubric(name: str) -> Rubric:
    """Return the rubric that an example names."""
    return load_rubric(load_packet(PACKETS / f"{name}.yaml").rubric or "")


def bring(proven: dict[str, float], rubric: Rubric, names: tuple[str, ...]) -> float:
    """Return the total with some criteria brought to their bars."""
    plan = make_plan(rubric)
    scores = [
        max(proven[each.criterion.id], each.bar)
        if each.criterion.id in names
        else proven[each.criterion.id]
        for each in plan.criteria
    ]
    return score_total(scores, plan)[1]


@pytest.mark.parametrize("name", choose(NAMES, 5))
def test_parts_sum_to_the_lift(name: str) -> None:
    """The parts of all criteria are what the total gains when every criterion is at its bar."""
    packet, rubric = load_packet(PACKETS / f"{name}.yaml"), find_rubric(name)
    seen = assess(packet)
    proven = {each.id: each.proven for each in seen.criteria}
    lift = bring(proven, rubric, tuple(proven)) - seen.proven
    parts = attribute(packet)
    assert abs(fsum(parts["part"]) - lift) < DUST
    assert parts["part"].is_monotonic_decreasing


def test_a_part_is_the_mean_over_all_orders() -> None:
    """Shapley's value by its definition: what each criterion adds, over every order of all."""
    packet, rubric = load_packet(PACKETS / "spm-b.yaml"), find_rubric("spm-b")
    seen = assess(packet)
    proven = {each.id: each.proven for each in seen.criteria}
    short = [each.id for each in seen.criteria if each.proven < each.bar]
    assert 1 < len(short) <= 6
    added = dict.fromkeys(short, 0.0)
    orders = [*permutations(short)]
    for order in orders:
        for place, each in enumerate(order):
            now, before = order[: place + 1], order[:place]
            added[each] += bring(proven, rubric, now) - bring(proven, rubric, before)
    parts = attribute(packet)
    told = dict(zip(parts["criterion"], parts["part"], strict=True))
    for each in short:
        assert abs(added[each] / len(orders) - told.get(each, 0.0)) < DUST


PAIRS: Final = (
    ("weak-l3-l4", "strong-l3-l4"),
    ("strong-l3-l4", "weak-l3-l4"),
    ("spm-a", "spm-b"),
    ("six-copies", "one-flagship"),
    ("weak-l1-l2", "three-ui-tweaks"),
)


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_causes_sum_to_the_difference(pair: tuple[str, str]) -> None:
    """What is different between two packets adds up to how far apart their totals are."""
    one, other = (load_packet(PACKETS / f"{name}.yaml") for name in pair)
    rubric = find_rubric(pair[0])
    seen = compare(one, other, rubric, as_of=one.as_of)
    assert abs(fsum(cause.part for cause in seen.causes) - (seen.proven[1] - seen.proven[0])) < DUST
    for each, packet in zip(seen.proven, (one, other), strict=True):
        assert each == assess(packet, rubric, as_of=one.as_of).proven


def test_a_packet_is_no_way_from_itself() -> None:
    """Between a packet and itself nothing is different, and nothing is explained."""
    packet = load_packet(PACKETS / "spm-b.yaml")
    assert compare(packet, packet).causes == ()


@pytest.mark.parametrize("name", choose(["spm-b", "one-refactor", "weak-l3-l4", "weak-l2-l3"], 3))
def test_steps_sum_to_the_way(name: str) -> None:
    """The gains of a route lead from today's total to the route's, which assessing it gives."""
    packet = load_packet(PACKETS / f"{name}.yaml")
    path = find_path(packet, limit=2)
    assert path.routes or path.met
    for route in path.routes:
        assert abs(path.proven + fsum(step.gain for step in route.steps) - route.total) < DUST
        assert assess(route.apply(packet)).proven == route.total >= path.bar
        totals = [path.proven, *(step.total for step in route.steps)]
        for step, before in zip(route.steps, totals, strict=False):
            assert abs(step.total - before - step.gain) < DUST


@pytest.mark.parametrize("name", choose(NAMES, 6))
def test_gaps_gain_what_they_say(name: str) -> None:
    """No single gap gains more than all that is missing, and none less than nothing."""
    seen = assess(load_packet(PACKETS / f"{name}.yaml"))
    gains = [gap.gain for gap in seen.gaps]
    assert gains == sorted(gains, reverse=True)
    assert all(-DUST <= gain <= 1 - seen.proven + DUST for gain in gains)
