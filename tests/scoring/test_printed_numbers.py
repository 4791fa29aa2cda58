"""Every number that the design prints, derived by hand, asked of the library and of the oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from judges import ask_each

if TYPE_CHECKING:
    from judges import Judge
    from strategies import Content

BELIEVED: Content = {"credibility": {"self_report": 1.0}}
"""A policy under which one's own word is believed, so that other factors stand alone."""

MET: Content = {"metric": "accounts", "value": 10, "unit": "account", "status": "realised"}
ACCOUNTS: Content = {"fact": "accounts", "at_least": 10, "unit": "account"}
ALIGNS: Content = {"fact": "aligns", "point": 3}


def make_rubric(requirement: Content, evidence: Content) -> Content:
    """Ask for one requirement only."""
    criterion = {"id": "one", "name": "One", "weight": 1, "requirements": [requirement]}
    return {"criteria": [criterion], "evidence": evidence}


def make_item(**content: object) -> Content:
    """Show the figure asked, led by the candidate, still in progress, with closed support."""
    return {
        "id": "e0",
        "title": "Shown",
        "facts": [MET],
        "ownership": "led",
        "in_progress": True,
        "support": [],
        **content,
    }


def make_showings(count: int, share: float) -> list[Content]:
    """Show a behaviour as asked in several achievements, with this share in each."""
    shown = {"facts": [{"behaviour": "aligns", "point": 3}], "ownership": None, "share": share}
    return [make_item(**shown) | {"id": f"e{place}"} for place in range(count)]


@ask_each
@pytest.mark.parametrize(
    ("ownership", "expected"),
    [("sole", 1.0), ("led", 1.0), ("co_led", 0.7), ("contributed", 0.35), ("supported", 0.1)],
)
def test_ownership_counts_as_the_table_says(judge: Judge, ownership: str, expected: float) -> None:
    """An item whose other factors are 1 counts its ownership."""
    packet = {"evidence": [make_item(ownership=ownership)]}
    seen = judge(make_rubric(ACCOUNTS, BELIEVED), packet)
    assert seen.intervals[0] == pytest.approx((expected, expected), abs=1e-15)


@ask_each
@pytest.mark.parametrize(
    ("relations", "expected"),
    [
        ([], 0.30),
        (["self"], 0.30),
        (["manager"], 0.58),  # 1 - .7 * .6
        (["manager", "skip"], 0.58),  # one report line, one group
        (["manager", "peer"], 0.748),  # 1 - .7 * .6 * .6
        (["manager", "artifact"], 0.79),  # 1 - .7 * .6 * .5
        (["cross_functional", "artifact"], 0.86),  # 1 - .7 * .4 * .5
        (["artifact", "manager", "cross_functional"], 0.916),  # 1 - .7 * .5 * .6 * .4
        (["customer"], 0.72),  # 1 - .7 * .4
        (["external"], 0.72),
    ],
)
def test_credibility_is_the_printed_noisy_or(
    judge: Judge, relations: list[str], expected: float
) -> None:
    """An item whose other factors are 1 counts its credibility, voices joined by noisy-OR."""
    support = [{"relation": relation} for relation in relations]
    packet = {"evidence": [make_item(support=support, support_complete=True)]}
    seen = judge(make_rubric(ACCOUNTS, {}), packet)
    assert seen.intervals[0] == pytest.approx((expected, expected), abs=1e-15)


@ask_each
def test_open_support_may_still_be_what_the_rubric_allows(judge: Judge) -> None:
    """Unlisted support is worth .30 at worst and artifact, manager and cross-functional at best."""
    item = make_item()
    del item["support"]
    seen = judge(make_rubric(ACCOUNTS, {}), {"evidence": [item]})
    assert seen.intervals[0] == pytest.approx((0.3, 0.916), abs=1e-15)


@ask_each
def test_a_dispute_halves_credibility_once(judge: Judge) -> None:
    """Two disputing peers behind a manager leave half of .58."""
    support = [{"relation": "manager"}, *[{"relation": "peer", "agrees": False}] * 2]
    packet = {"evidence": [make_item(support=support, support_complete=True)]}
    seen = judge(make_rubric(ACCOUNTS, {}), packet)
    assert seen.intervals[0] == pytest.approx((0.29, 0.29), abs=1e-15)


@ask_each
@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        ("2026-06-30", 1.0),
        ("2025-06-30", 1.0),  # 365 days are 11.99 months, inside the grace of 12
        ("2025-02-28", 2 ** (-4 / 18)),  # 487 days are 16 months
        ("2023-10-30", 2 ** (-20 / 18)),  # 974 days are 32 months
        ("2022-06-30", 0.25),  # 1461 days are 48 months: two half-lives, and the floor
        ("2010-01-01", 0.25),
    ],
)
def test_recency_halves_every_eighteen_months_after_a_year(
    judge: Judge, ended: str, expected: float
) -> None:
    """An item whose other factors are 1 counts its recency."""
    packet = {"evidence": [make_item(in_progress=False, ended=ended)]}
    seen = judge(make_rubric(ACCOUNTS, BELIEVED), packet)
    assert seen.intervals[0] == pytest.approx((expected, expected), abs=1e-15)


@ask_each
def test_an_unknown_end_counts_the_floor_or_all(judge: Judge) -> None:
    """Work that ended nobody knows when counts .25 at worst and 1 at best."""
    packet = {"evidence": [make_item(in_progress=False)]}
    seen = judge(make_rubric(ACCOUNTS, BELIEVED), packet)
    assert seen.intervals[0] == pytest.approx((0.25, 1.0), abs=1e-15)


@ask_each
@pytest.mark.parametrize(
    ("count", "share", "evidence", "expected"),
    [
        (1, 1.0, {}, 0.70),  # the cap
        (2, 1.0, {}, 0.826),  # 1 - (1 - .7) (1 - .6 * .7)
        (2, 0.7, {}, 0.826),
        (20, 0.1, {}, 0.228),
        (20, 0.1, {"repetition": {"gamma": 1.0}}, 0.878),  # 1 - .9 ** 20
    ],
)
def test_quality_beats_count(
    judge: Judge, count: int, share: float, evidence: Content, expected: float
) -> None:
    """Twenty trivial showings stay far below two good ones."""
    packet = {"evidence": make_showings(count, share)}
    seen = judge(make_rubric(ALIGNS, {**BELIEVED, **evidence}), packet)
    assert float(seen.criteria[0].proven) == pytest.approx(expected, abs=5e-4)


WEIGHTS = {"arr": 25, "leverage": 25, "scope": 25, "craft": 15, "mentoring": 10}
FIGURES = dict(zip(WEIGHTS, ["growth", "revenue", "accounts", "margin", "latency"], strict=True))
GOAL: Content = {
    "growth": "percent/year",
    "revenue": "usd_million/year",
    "accounts": "account",
    "margin": "percent",
    "latency": "millisecond",
}
PAIRS = [
    {"pair": ["arr", "leverage"], "strength": 0.25},
    {"pair": ["scope", "leverage"], "strength": 0.15},
]


def weigh(
    judge: Judge, scores: dict[str, float], complements: list[Content]
) -> tuple[float, float]:
    """Return the total of the design's example at these scores of its criteria."""
    criteria = [
        {
            "id": name,
            "name": name,
            "weight": weight,
            "requirements": [{"fact": FIGURES[name], "at_least": 1, "unit": GOAL[FIGURES[name]]}],
        }
        for name, weight in WEIGHTS.items()
    ]
    items = [
        make_item(ownership=None, share=share, facts=[_meet(FIGURES[name])]) | {"id": name}
        for name, share in scores.items()
    ]
    rubric: Content = {"criteria": criteria, "complements": complements, "evidence": BELIEVED}
    seen = judge(rubric, {"evidence": items})
    return float(seen.proven), float(seen.possible)


def _meet(metric: str) -> Content:
    return {"metric": metric, "value": 2, "unit": GOAL[metric], "status": "realised"}


LOPSIDED = {"arr": 1.0, "leverage": 0.2, "scope": 0.9, "craft": 0.9, "mentoring": 0.9}


@ask_each
def test_a_weighted_sum_would_let_the_lopsided_packet_pass(judge: Judge) -> None:
    """Without complements it totals .25 + .05 + .225 + .135 + .09 = .750."""
    assert weigh(judge, LOPSIDED, []) == pytest.approx((0.75, 0.75), abs=1e-15)


@ask_each
def test_complements_hold_the_lopsided_packet_below_the_bar(judge: Judge) -> None:
    """The pairs take .25 * .4 and .15 * .35 from .750, which leaves .5975."""
    assert weigh(judge, LOPSIDED, PAIRS) == pytest.approx((0.5975, 0.5975), abs=1e-15)


@ask_each
def test_one_empty_criterion_costs_its_weight_and_no_more(judge: Judge) -> None:
    """All at .8 with mentoring at 0 totals .8 * .9 = .720."""
    scores = dict.fromkeys(WEIGHTS, 0.8) | {"mentoring": 0.0}
    assert weigh(judge, scores, PAIRS) == pytest.approx((0.72, 0.72), abs=1e-15)


def gate(judge: Judge, score: float, must_have: float, bar: float) -> float:
    """Return the total of a perfect packet whose weightless must-have is at this score."""
    criteria = [
        {"id": "all", "name": "All", "weight": 1, "requirements": [ACCOUNTS]},
        {
            "id": "must",
            "name": "Must",
            "weight": 0,
            "must_have": must_have,
            "requirements": [{"fact": "growth", "at_least": 1, "unit": "percent/year"}],
        },
    ]
    must = make_item(ownership=None, share=score, facts=[_meet("growth")]) | {"id": "must"}
    rubric: Content = {"bar": bar, "criteria": criteria, "evidence": BELIEVED}
    return float(judge(rubric, {"evidence": [make_item(), must]}).proven)


@ask_each
@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (0.0, 0.45),  # .75 * .6
        (0.25, 0.60),  # .75 * (.6 + .4 / 2)
        (0.5, 0.75),  # at the minimum: the bar
        (0.575, 0.875),  # halfway up the ramp
        (0.65, 1.0),  # .15 above the minimum
        (0.8, 1.0),
        (1.0, 1.0),
    ],
)
def test_a_gate_rises_to_the_bar_and_then_opens(
    judge: Judge, score: float, expected: float
) -> None:
    """With a bar of .75 and a must-have of .5 the gate runs .45, .75, 1."""
    assert gate(judge, score, must_have=0.5, bar=0.75) == pytest.approx(expected, abs=1e-15)


@ask_each
@pytest.mark.parametrize(("score", "expected"), [(0.9, 0.9), (0.95, 0.95), (1.0, 1.0)])
def test_a_ramp_ends_at_one(judge: Judge, score: float, expected: float) -> None:
    """A must-have of .9 opens over what is left, from .9 to 1."""
    assert gate(judge, score, must_have=0.9, bar=0.9) == pytest.approx(expected, abs=1e-15)
