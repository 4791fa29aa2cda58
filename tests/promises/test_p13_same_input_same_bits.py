"""P13: same input, same bits: in any order, batch, thread, process, hash seed and time zone."""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import pytest
from promises.children import finish_all, start
from promises.doors import DAY, RUBRIC, tell_all

from pmpromo import (
    assess,
    evidence_frame,
    fit_readiness,
    measure_impact,
    parse_packet,
    parse_rubric,
    score_frame,
)

if TYPE_CHECKING:
    from pmpromo import Assessment

Content = dict[str, Any]

PACKETS: Final = 8
RELATIONS: Final = ("manager", "peer", "cross_functional", "customer", "artifact", "skip")


def ask() -> Content:
    """Return a rubric of six criteria whose weights are no sums of halves, two of them a pair."""
    criteria = [
        {
            "id": f"c{n}",
            "name": f"C{n}",
            "weight": ("0.1", "0.7", "1.3", "2.9", "0.3", "1.1")[n],
            "requirements": [
                {"fact": "aligns", "point": 3, "asked": "repeatedly"},
                {"fact": "growth", "at_least": 7 + n, "unit": "percent/year"},
                {"fact": "mentors", "point": 4, "asked": "repeatedly"},
            ],
        }
        for n in range(6)
    ]
    pairs = [{"pair": ["c1", "c3"], "strength": 0.07}]
    return {**RUBRIC, "criteria": criteria, "complements": pairs}


def state(number: int) -> Content:
    """Return a packet of many items with figures, voices and shares that look arbitrary."""
    chance = random.Random(number)  # noqa: S311 - no secret is made
    items = []
    for place in range(12):
        facts = [
            {"behaviour": chance.choice(("aligns", "mentors")), "point": chance.randrange(5)},
            {
                "metric": "growth",
                "value": round(chance.uniform(1, 12), 2),
                "unit": "percent/year",
                "status": "realised",
            },
        ]
        voices = chance.sample(RELATIONS, chance.randrange(1, 4))
        items.append(
            {
                "id": f"e{place}",
                "title": f"e{place}",
                "share": round(chance.uniform(0.05, 1), 3),
                "ended": f"202{chance.randrange(3, 6)}-0{chance.randrange(1, 9)}-1{place % 10}",
                "facts": facts,
                "support": [{"relation": voice, "by": f"v-{voice}"} for voice in voices],
            }
        )
    return {"id": f"p-{number:02}", "as_of": DAY.isoformat(), "evidence": items}


def shuffle(content: Content, seed: int) -> Content:
    """Return the same packet with items, facts and voices in another order, keys as well."""
    chance = random.Random(seed)  # noqa: S311 - no secret is made
    items = []
    for item in chance.sample(content["evidence"], len(content["evidence"])):
        parts = {key: chance.sample(item[key], len(item[key])) for key in ("facts", "support")}
        keys = chance.sample(sorted(item), len(item))
        items.append({key: {**item, **parts}[key] for key in keys})
    return {**content, "evidence": items}


RUBRIC_ASKED: Final = parse_rubric(ask())
CONTENTS: Final = tuple(map(state, range(PACKETS)))


def tell(seen: Assessment) -> str:
    """Return everything that an assessment says, but for the order in which items were told."""
    told = seen.model_dump()
    for check in told["checks"]:
        check["evidence"] = sorted(check.get("evidence") or [])
    told["checks"].sort(key=json.dumps)
    return json.dumps({**told, "result_id": ""})


def assess_one(content: Content) -> str:
    """Return what is said of one packet."""
    return tell(assess(parse_packet(content), RUBRIC_ASKED))


@pytest.fixture(scope="module")
def alone() -> list[str]:
    """What is said of each packet, read and assessed by itself."""
    return [assess_one(content) for content in CONTENTS]


def test_order_moves_no_bit(alone: list[str]) -> None:
    """Items, facts, voices and keys in three other orders: the same text of JSON."""
    for seed in range(3):
        others = [assess_one(shuffle(content, seed)) for content in CONTENTS]
        assert others == alone


def test_company_and_threads_move_no_bit(alone: list[str]) -> None:
    """Backwards, twice over, and in eight threads: the same."""
    assert [assess_one(content) for content in reversed(CONTENTS)] == alone[::-1]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(assess_one, CONTENTS * 2)) == alone * 2


def score(contents: tuple[Content, ...], seed: int | None = None) -> dict[str, tuple[float, ...]]:
    """Return the totals and criteria of packets by their ids, scored as one frame."""
    frame = evidence_frame(map(parse_packet, contents)).drop(columns=["transition", "as_of"])
    if seed is not None:
        frame = frame.sample(frac=1, random_state=seed)
    scored = score_frame(frame, RUBRIC_ASKED, as_of=DAY)
    columns = ["proven", "possible"]
    criteria = scored.criteria.groupby("packet_id", sort=True)[columns]
    ends = {name: group.to_numpy().ravel().tolist() for name, group in criteria}
    totals = scored.scores.set_index("packet_id")[columns]
    return {name: (*totals.loc[name].tolist(), *ends[name]) for name in ends}


def test_batches_move_no_bit() -> None:
    """One by one, in batches of 1, 5 and 8, and with rows in any order: the bits of `assess`."""
    expected = {}
    for content in CONTENTS:
        seen = assess(parse_packet(content), RUBRIC_ASKED)
        ends = [end for each in seen.criteria for end in (each.proven, each.possible)]
        expected[seen.packet_id] = (seen.proven, seen.possible, *ends)
    assert score(CONTENTS) == score(CONTENTS, seed=1) == score(CONTENTS, seed=2) == expected
    for size in (1, 5):
        found: dict[str, tuple[float, ...]] = {}
        for place in range(0, PACKETS, size):
            found |= score(CONTENTS[place : place + size])
        assert found == expected


def test_weights_scaled_move_no_bit(alone: list[str]) -> None:
    """All weights times three, or a thousandth of them: the same totals, to the last bit."""
    for factor in ("3", "0.001", "7"):
        content = ask()
        for each in content["criteria"]:
            each["weight"] = f"{round(float(each['weight']) * float(factor) * 10**6) / 10**6:.6f}"
        scaled = parse_rubric(content)
        for told, other in zip(CONTENTS, alone, strict=True):
            seen = assess(parse_packet(told), scaled)
            assert seen.proven == json.loads(other)["proven"]


def test_models_do_not_hang_on_the_order_of_rows() -> None:
    """A readiness model and an impact of shuffled rows are the same bytes."""
    chance = random.Random(5)  # noqa: S311 - no secret is made
    scores = [round(chance.random(), 3) for _ in range(60)]
    rows = [(s, int(chance.random() < s)) for s in scores]
    mixed = chance.sample(rows, len(rows))
    models = [fit_readiness([s for s, _ in r], [p for _, p in r]).to_json() for r in (rows, mixed)]
    assert models[0] == models[1]
    people = [(chance.random() < 0.4, chance.choice("ABC")) for _ in range(80)]
    others = chance.sample(people, len(people))
    impacts = [
        measure_impact([o for o, _ in r], [g for _, g in r]).to_json() for r in (people, others)
    ]
    assert impacts[0] == impacts[1]


CHILD: Final = """
from promises.doors import tell_all
from promises.test_p13_same_input_same_bits import CONTENTS, assess_one
print(tell_all())
print([assess_one(each) for each in CONTENTS])
"""


@pytest.mark.slow
def test_processes_hash_seeds_and_zones_move_no_byte(alone: list[str]) -> None:
    """Two processes of other hash seeds and zones write, byte for byte, what this one does."""
    children = [
        start(CHILD, PYTHONHASHSEED="1", TZ="Pacific/Kiritimati"),
        start(CHILD, PYTHONHASHSEED="4242", TZ="America/Los_Angeles"),
    ]
    expected = f"{tell_all()}\n{alone}\n"
    for told in finish_all(children):
        assert told == expected
