"""Large cycles to measure with: any number of packets, of the shape that real ones have.

Ten criteria with two requirements each: four behaviours, four metrics and two artifacts in turn.
A packet has ten items of two facts; about one item in five shows the achievement of another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from pmpromo import Rubric
from pmpromo.frame.voices import read_voices
from pmpromo.ladder import Ladder
from pmpromo.scoring.columns import Columns, Facts, Items, Packets, Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmpromo.scoring.columns import Ints

AS_OF: Final = 739_797
"""30 June 2026 as an ordinal."""

ITEMS: Final = 10
"""Items of a packet."""

FACTS: Final = 20
"""Facts of a packet, two an item."""

KINDS: Final = "bmbmambmbm" * 2
"""Kinds of the facts: behaviour, metric, artifact."""

NAMES: Final = tuple(f"{kind}{place}" for place, kind in enumerate(KINDS))
"""Names of the facts."""

SECTIONS: Final = ("market", "roadmap", "risks")
"""Sections of every artifact."""

SUPPORTS: Final = (
    "none",
    "manager",
    "peer",
    "manager|peer",
    "manager|cross_functional",
    "manager|cross_functional:3",
    "manager:3|peer:2|customer",
    "manager|peer@",
    "external|cross_functional*",
    "cross_functional?|manager:4",
)
"""Cells of support that occur."""

OWNERSHIPS: Final = ("sole", "led", "co_led", "contributed", "supported")
STATUSES: Final = ("realised", "projected", "proxy")
PERIODS: Final = ("FY24", "FY25", "FY26")


def _make_requirement(name: str) -> dict[str, Any]:
    if name[0] == "b":
        return {"fact": name, "point": 3}
    if name[0] == "a":
        return {"fact": name, "sections": list(SECTIONS)}
    return {"fact": name, "at_least": 20, "unit": "percent"}


def make_rubric() -> Rubric:
    """Return a rubric of ten criteria, two of them must-haves, two of them complementary."""
    level: dict[str, Any] = {"tracks": ["ic"], "scope": "a product"}
    ladder = Ladder.model_validate(
        {
            "id": "crowd",
            "name": "Crowd",
            "tracks": [{"id": "ic", "name": "Individual"}],
            "levels": [{"id": name, "name": name, **level} for name in ("L1", "L2")],
            "metrics": [
                {"id": n, "name": n, "unit": "percent", "baseline": base}
                for n, base in zip(
                    [n for n in NAMES if n[0] == "m"], ["required", "not_used"] * 9, strict=False
                )
            ],
            "behaviours": [{"id": n, "name": n} for n in NAMES if n[0] == "b"],
            "artifacts": [
                {"id": n, "name": n, "sections": list(SECTIONS), "reviewers": []}
                for n in NAMES
                if n[0] == "a"
            ],
        }
    )
    criteria: list[dict[str, Any]] = [
        {
            "id": f"c{place}",
            "name": f"c{place}",
            "weight": 10,
            "requirements": [_make_requirement(n) for n in (NAMES[place], NAMES[place + 10])],
        }
        for place in range(10)
    ]
    criteria[0]["must_have"] = 0.4
    criteria[5]["must_have"] = 0.3
    return Rubric.model_validate(
        {
            "id": "crowd/l1-l2",
            "name": "Crowd",
            "current_level": "L1",
            "target_level": "L2",
            "ladder": ladder,
            "bar": 0.6,
            "criteria": criteria,
            "complements": [{"pair": ["c1", "c2"], "strength": 0.05}],
        }
    )


def make_columns(packets: int, seed: int = 4) -> Columns:
    """Return a cycle as coded columns: 10 items and 20 facts a packet."""
    rng = np.random.default_rng(seed)
    items, facts = packets * ITEMS, packets * FACTS
    words = Words(
        facts=NAMES,
        units=("percent",),
        periods=PERIODS,
        uris=tuple(f"doc:{place}" for place in range(40)),
        sections=((), ("market",), ("market", "risks"), tuple(sorted(SECTIONS))),
        reviewers=(),
        supports=tuple(read_voices([] if cell == "none" else cell.split("|")) for cell in SUPPORTS),
        declared=(),
    )
    fact = rng.integers(0, FACTS, facts, dtype=np.int32)
    kind = np.array([*KINDS])[fact]
    metric, behaviour, artifact = (kind == letter for letter in "mba")
    known = metric & (rng.random(facts) < 0.95)
    own = np.tile(np.arange(ITEMS, dtype=np.int32), packets)
    return Columns(
        words,
        Packets(np.full(packets, AS_OF), np.full(packets, -1)),
        Items(
            packet=np.repeat(np.arange(packets, dtype=np.int32), ITEMS),
            key=np.where(rng.random(items) < 0.2, rng.integers(0, ITEMS, items), own),
            ownership=rng.integers(-1, 5, items).astype(np.int8),
            share=np.full(items, np.nan),
            support=rng.integers(-1, len(SUPPORTS), items, dtype=np.int32),
            complete=rng.random(items) < 0.3,
            started=np.zeros(items, dtype=np.int32),
            ended=(AS_OF - rng.integers(0, 1500, items)).astype(np.int32),
            in_progress=np.zeros(items, dtype=bool),
        ),
        Facts(
            item=np.repeat(np.arange(items, dtype=np.int32), FACTS // ITEMS),
            fact=fact,
            value=np.where(known, np.round(rng.normal(18, 6, facts), 1), np.nan),
            baseline=np.where(known, np.round(rng.normal(8, 2, facts), 1), np.nan),
            unit=_spread(metric, np.zeros(facts, dtype=np.int32)),
            status=_spread(metric, rng.integers(0, 3, facts) // 2).astype(np.int8),
            period=_spread(metric, rng.integers(-1, 3, facts, dtype=np.int32)),
            point=_spread(behaviour, rng.integers(-1, 5, facts)).astype(np.int8),
            sections=_spread(artifact, rng.integers(-1, 4, facts, dtype=np.int32)),
            reviewers=np.full(facts, -1, dtype=np.int32),
            uri=_spread(artifact, rng.integers(-1, 40, facts, dtype=np.int32)),
        ),
    )


def _spread(where: Any, codes: Any) -> Ints:  # noqa: ANN401 - a mask and codes
    codes[~where] = -1
    found: Ints = codes
    return found


def make_frame(columns: Columns) -> pd.DataFrame:
    """Return the same cycle as a long frame, every column of text a categorical."""
    words, items, facts = columns.words, columns.items, columns.facts
    item = facts.item
    days = pd.Timestamp("1970-01-01") + pd.to_timedelta(items.ended[item] - 719_163, unit="D")

    def name(codes: Any, values: Iterable[str]) -> Any:  # noqa: ANN401 - codes; a categorical
        return pd.Categorical.from_codes(codes, pd.Index([*values]))

    own = [f"e{place}" for place in range(ITEMS)]
    return pd.DataFrame(
        {
            "packet_id": name(items.packet[item], [f"p{n}" for n in range(items.packet[-1] + 1)]),
            "evidence_id": name(item % ITEMS, own),
            "achievement": name(items.key[item], own),
            "fact": name(facts.fact, words.facts),
            "value": facts.value,
            "baseline": facts.baseline,
            "unit": name(facts.unit, words.units),
            "status": name(facts.status, STATUSES),
            "period": name(facts.period, words.periods),
            "point": np.where(facts.point < 0, np.nan, facts.point),
            "sections": name(facts.sections, ["none", *map("|".join, words.sections[1:])]),
            "uri": name(facts.uri, words.uris),
            "ownership": name(items.ownership[item], OWNERSHIPS),
            "support": name(items.support[item], SUPPORTS),
            "support_complete": items.complete[item],
            "ended": days,
        }
    )
