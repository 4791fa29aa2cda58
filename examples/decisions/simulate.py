"""A synthetic committee with a known truth: candidates, packets, raters, decisions.

Nobody is behind any row. Run ``python examples/decisions/simulate.py`` to write the files beside
this one anew; they come out the same, byte for byte, on every supported Python.

Chance needs no stream here: each number is drawn by its name. A draw hashes the seed and the name
(BLAKE2b), so that it depends on nothing else: adding one leaves all others as they are.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pandas as pd

from pmpromo import Packet, Requirement, assess, evidence_frame, load_rubric, parse_packet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

FOLDER: Final = Path(__file__).parent
RUBRIC: Final = "pure-storage-pm/l3-l4"
SEED: Final = 11
"""The first, from 1 on, with all that README.md tells; how often that is, stands there too."""

Row: TypeAlias = dict[str, object]

# --- who, when ------------------------------------------------------------------------------------

CYCLE: Final = 50
"""Candidates a cycle; two cycles a year."""
FIRST_YEAR: Final = 2020
DECIDED: Final = range(500)
"""Numbers of the candidates of ten cycles: these decisions are the history."""
CURRENT: Final = range(500, 540)
"""Those who stand before the committee now, without a decision."""
LATER: Final = range(550, 650)
"""Those of two later cycles, decided by a committee that has changed."""
RATED: Final = range(0, 500, 5)
"""Those whose ratings were kept: every fifth of the history."""
SHOWN: Final = range(460, 500)
"""Those whose evidence is shown fact by fact: the last of the history."""


def find_day(number: int) -> date:
    """Return the day of a decision: ten a day, from 10 June or 10 December on."""
    cycle, place = divmod(number, CYCLE)
    year, half = divmod(cycle, 2)
    return date(FIRST_YEAR + year, 12 if half else 6, 10 + place // 10)


def name_packet(number: int) -> str:
    """Return the id of a packet: it says in every row that nobody is behind it."""
    return f"synthetic-{number + 1:04}"


# --- chance ---------------------------------------------------------------------------------------

SUMMED: Final = 12
"""Uniform numbers in a normal one: their sum has variance 12 / 12 = 1, and needs no logarithm."""


def hash_name(name: tuple[object, ...]) -> bytes:
    """Return the 64 bytes that the seed gives to a name."""
    return blake2b("/".join(map(str, (SEED, *name))).encode()).digest()


def draw_share(*name: object) -> float:
    """Return a uniform number in [0, 1), a multiple of 2^-40."""
    return int.from_bytes(hash_name(name)[:5]) / 2**40


def draw_normal(*name: object) -> float:
    """Return a standard normal number: twelve uniform ones less their mean (Irwin and Hall)."""
    found = hash_name(name)
    total = sum(int.from_bytes(found[5 * i : 5 * i + 5]) for i in range(SUMMED))
    return total / 2**40 - SUMMED / 2


# --- the truth ------------------------------------------------------------------------------------

MIDDLE: Final = 0.5
STEEPNESS: Final = 14.0
LEAST: Final = 0.03
MOST: Final = 0.93
CHANGE: Final = -1.0
"""Logits by which the later committee is stricter, at every score."""
KEPT: Final = 6
"""Decimals of a probability: far more than matters, and fewer than machines disagree on."""


def compute_probability(score: float, shift: float = 0.0) -> float:
    """Return P(promoted | score) of the committee, its logit shifted.

    .03 + .90 sigmoid(14 (score - .5)): a few weak packets pass, a few strong ones do not.
    """
    rise = 1 / (1 + math.exp(-STEEPNESS * (score - MIDDLE)))
    p = LEAST + (MOST - LEAST) * rise
    return round(1 / (1 + (1 - p) / p * math.exp(-shift)), KEPT)


def decide(number: int) -> int:
    """Return 1 if the committee of the day promoted."""
    shift = CHANGE if number in LATER else 0.0
    p = compute_probability(score_packet(number), shift)
    return int(draw_share("decision", number) < p)


# --- what candidates are worth --------------------------------------------------------------------

MEAN: Final = 2.8
SHARED_SD: Final = 0.8
OWN_SD: Final = 0.5


def find_quality(number: int, criterion: str) -> float:
    """Return the true quality on a criterion, on the rating scale: 3 meets the target level."""
    shared = SHARED_SD * draw_normal("candidate", number)
    own = OWN_SD * draw_normal("candidate", number, criterion)
    return MEAN + shared + own


def find_candour(number: int) -> float:
    """Return the chance that a candidate writes a thing down: some tell much, some little."""
    return 0.84 + 0.15 * draw_share("candour", number)


# --- what they hand in ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Work:
    """A kind of work that shows a criterion by some facts of the ladder."""

    name: str
    title: str
    criterion: str
    facts: tuple[str, ...]


WORKS: Final = (
    Work("unit", "Ran a unit", "business_result", ("unit_arr_growth", "operating_margin")),
    Work(
        "price",
        "Changed a price",
        "business_result",
        ("acv_growth", "margin_change", "conjoint_surveys", "portfolio_pricing"),
    ),
    Work(
        "books",
        "Answered for the books",
        "business_ownership",
        ("pnl_statement", "unit_result", "variance_reviews", "represents_company"),
    ),
    Work(
        "plan",
        "Wrote the strategy",
        "portfolio_strategy",
        ("strategy_document", "oversees_portfolio", "informs_annual_strategy"),
    ),
    Work(
        "outlook",
        "Foresaw a shift",
        "portfolio_strategy",
        ("foresees_shifts", "links_to_company_goals"),
    ),
    Work("venture", "Opened new ground", "new_ground", ("initiates_shifts", "works_above_scope")),
    Work(
        "rebuild", "Rebuilt a tier", "new_ground", ("architecture_record", "frames_open_problems")
    ),
    Work(
        "alliance",
        "Joined four functions",
        "cross_functional",
        ("aligns_functions", "leads_cross_product"),
    ),
    Work(
        "release",
        "Led a joint release",
        "cross_functional",
        ("aligns_functions", "leads_cross_product"),
    ),
    Work("school", "Taught a method", "practice", ("builds_practice", "leads_product_managers")),
    Work("guild", "Runs a guild", "practice", ("builds_practice", "leads_product_managers")),
    Work(
        "review",
        "Passed the architects",
        "technical_judgement",
        ("technical_review", "applies_technical_depth"),
    ),
    Work(
        "cloud",
        "Moved a line to the cloud",
        "technical_judgement",
        ("masters_ai_and_cloud", "turns_insight_into_money"),
    ),
)

FIGURES: Final = {
    "unit_arr_growth": (1.0, 6.0, "percent/year"),
    "operating_margin": (18.0, 4.0, "percent"),
    "acv_growth": (0.5, 2.5, "percent"),
    "margin_change": (-2.5, 1.0, "percentage_point"),
    "conjoint_surveys": (0.0, 70.0, "survey"),
    "unit_result": (32.0, 2.5, "usd_million"),
    "variance_reviews": (0.0, 0.4, "review/month"),
}
"""The figure of someone of quality 0, what each point adds, and the unit."""
COUNTED: Final = 10.0
"""Figures with steps as large are whole numbers."""
BASELINES: Final = {"unit_result": 40.0}
"""The forecasts that figures are held against."""

VOICES: Final = (("manager", 0.7, 0.1), ("cross_functional", 0.25, 0.25), ("customer", 0.0, 0.1))
"""Who may speak for work: the chance at quality 0, and what each point adds."""

PARTS: Final = ((2.4, "led"), (1.6, "co_led"), (0.8, "contributed"), (0.0, "supported"))
"""The part someone had in work, by quality."""

SPREAD: Final = 0.4
"""How far single pieces of work scatter around a candidate's quality."""


@cache
def list_asked() -> dict[str, Requirement]:
    """Return what the rubric asks of each fact."""
    criteria = load_rubric(RUBRIC).criteria
    return {each.fact: each for criterion in criteria for each in criterion.requirements}


def find_shown(number: int, work: Work) -> float:
    """Return the quality that one piece of work shows, from 0 to 4."""
    scatter = SPREAD * draw_normal("work", number, work.name)
    return min(max(find_quality(number, work.criterion) + scatter, 0.0), 4.0)


def state_figure(fact: str, shown: float) -> Row:
    """Return a figure of a metric."""
    start, step, unit = FIGURES[fact]
    value = round(start + step * shown, 0 if step >= COUNTED else 1)
    stated: Row = {"metric": fact, "value": value, "unit": unit, "status": "realised"}
    return stated | {"baseline": BASELINES.get(fact)}


def state_artifact(fact: str, shown: float) -> Row:
    """Return a document with as many of its sections and reviewers as the quality gives."""
    asked = list_asked()[fact]
    share = min(shown / 3, 1.0)
    sections, reviewers = (
        list(names[: round(share * len(names))]) for names in (asked.sections, asked.reviewers)
    )
    return {"artifact": fact, "sections": sections, "reviewers": reviewers}


def state_fact(fact: str, shown: float) -> Row:
    """Return what a candidate of that quality could state of a fact."""
    if fact in FIGURES:
        return state_figure(fact, shown)
    if list_asked()[fact].sections:
        return state_artifact(fact, shown)
    return {"behaviour": fact, "point": round(shown)}


def forget(stated: Row, number: int, *name: object) -> Row:
    """Return a fact or an item without what the candidate did not write down."""
    told = find_candour(number)
    first, *rest = stated
    kept = [key for key in rest if draw_share("told", number, *name, key) < told]
    return {key: stated[key] for key in (first, *kept)}


def list_voices(number: int, work: Work, shown: float) -> list[Row]:
    """Return who speaks for a piece of work."""
    return [
        {"relation": relation, "by": f"synthetic-{relation}-{number % 7}"}
        for relation, start, step in VOICES
        if draw_share("voice", number, work.name, relation) < start + step * shown
    ]


def date_work(number: int, work: Work) -> Row:
    """Return when work began and ended: most of it in the year before the decision."""
    age = round(900 * draw_share("age", number, work.name) ** 2)
    ended = find_day(number) - timedelta(days=age)
    length = timedelta(days=120 + round(400 * draw_share("length", number, work.name)))
    return {"started": ended - length, "ended": ended}


def write_item(number: int, work: Work) -> Row:
    """Return the evidence item of a piece of work, some of it missing."""
    shown = find_shown(number, work)
    facts = [
        forget(state_fact(fact, shown), number, work.name, fact)
        for fact in work.facts
        if draw_share("fact", number, work.name, fact) < find_candour(number)
    ]
    part = next(part for least, part in PARTS if shown >= least)
    item: Row = {"id": work.name, "ownership": part} | date_work(number, work)
    told = forget(item, number, work.name)
    voices = list_voices(number, work, shown)
    return told | {"title": f"{work.title} (synthetic)", "facts": facts, "support": voices or None}


def has_work(number: int, work: Work) -> bool:
    """Say whether a candidate shows such work at all: the better, the more often."""
    chance = 0.5 + 0.15 * find_quality(number, work.criterion)
    return draw_share("shows", number, work.name) < chance


@cache
def build_packet(number: int) -> Packet:
    """Return the packet that a candidate hands in."""
    evidence = [write_item(number, work) for work in WORKS if has_work(number, work)]
    return parse_packet(
        {
            "id": name_packet(number),
            "candidate": f"synthetic-c-{number + 1:04}",
            "rubric": RUBRIC,
            "as_of": find_day(number),
            "evidence": evidence,
        }
    )


@cache
def score_packet(number: int) -> float:
    """Return the proven total of a packet on the day of its decision, as the files have it."""
    return round(assess(build_packet(number)).proven, 4)


# --- how they are rated ---------------------------------------------------------------------------

SEVERITIES: Final = (-0.6, -0.3, -0.1, 0.1, 0.3, 0.6)
"""Points by which each rater is stricter than the committee as a whole."""
PANEL: Final = 3
"""Raters who read one packet."""
SHARPNESS: Final = 2.0
"""Logits a point of the scale: how well raters tell one point from the next."""


def list_panel(number: int) -> list[int]:
    """Return the raters of a packet: three of six, so that all are linked by what they share."""
    first = RATED.index(number)
    return sorted((first + step) % len(SEVERITIES) for step in range(PANEL))


def rate(number: int, criterion: str, rater: int) -> int:
    """Return a rating 0..4, drawn from the rating-scale model.

    P(k) ~ exp(sum_(h<=k) 2 (quality - severity - (h - 1/2))): at quality 3 an even-handed rater
    gives a 3 most often.
    """
    ability = find_quality(number, criterion) - SEVERITIES[rater]
    logits = [SHARPNESS * k * (ability - k / 2) for k in range(5)]
    weights = [math.exp(logit) for logit in logits]
    level = draw_share("rating", number, criterion, rater) * sum(weights)
    return sum(level >= sum(weights[: k + 1]) for k in range(4))


# --- what is written ------------------------------------------------------------------------------


def list_decisions(numbers: Sequence[int]) -> Iterator[Row]:
    """List decided packets in order of time, each with its score of that day."""
    for number in numbers:
        yield {
            "packet_id": name_packet(number),
            "transition": RUBRIC,
            "decided_on": find_day(number),
            "proven": f"{score_packet(number):.4f}",
            "promoted": decide(number),
        }


def list_ratings() -> Iterator[Row]:
    """List the ratings of some packets, one a row."""
    criteria = [criterion.id for criterion in load_rubric(RUBRIC).criteria]
    for number in RATED:
        for criterion in criteria:
            for rater in list_panel(number):
                yield {
                    "packet_id": name_packet(number),
                    "criterion": criterion,
                    "rater_id": f"synthetic-rater-{rater + 1}",
                    "rating": rate(number, criterion, rater),
                    "promoted": decide(number),
                    "decided_on": find_day(number),
                }


def list_evidence() -> Iterator[Row]:
    """List the evidence of some packets, one row a fact, with the day and the outcome."""
    packets = [build_packet(number) for number in SHOWN]
    decided = {row["packet_id"]: row for row in list_decisions(SHOWN)}
    frame = evidence_frame(packets).drop(columns=["as_of", "transition"])
    for told in frame.to_dict("records"):
        row: Row = {str(name): write_cell(cell) for name, cell in told.items()}
        outcome = decided[row["packet_id"]]
        yield row | {name: outcome[name] for name in ("transition", "decided_on", "promoted")}


def write_cell(cell: Any) -> object:  # noqa: ANN401 - whatever a frame holds
    """Return a cell as text: nothing for what is unknown, no time of day, no needless zeros."""
    if pd.isna(cell):
        return ""
    if isinstance(cell, float):
        return f"{cell:g}"
    return str(cell.date()) if isinstance(cell, pd.Timestamp) else str(cell)


def list_candidates() -> Iterator[Row]:
    """List the packets of the current cycle, which nobody has decided on."""
    for number in CURRENT:
        yield {"packet_id": name_packet(number), "proven": f"{score_packet(number):.4f}"}


def list_truth() -> Iterator[Row]:
    """List the committee's probability on a grid of scores."""
    for percent in range(101):
        p = compute_probability(percent / 100)
        yield {"score": f"{percent / 100:.2f}", "probability": f"{p:.6f}", "origin": "synthetic"}


FILES: Final[dict[str, Callable[[], Iterator[Row]]]] = {
    "decisions.csv": lambda: list_decisions(DECIDED),
    "changed.csv": lambda: list_decisions(LATER),
    "cycle.csv": list_candidates,
    "evidence.csv": list_evidence,
    "ratings.csv": list_ratings,
    "truth.csv": list_truth,
}
"""What each file holds."""


def write_files(folder: Path = FOLDER) -> None:
    """Write every file into a folder: utf-8, one line feed a row."""
    for name, list_rows in FILES.items():
        rows = list(list_rows())
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    write_files()
