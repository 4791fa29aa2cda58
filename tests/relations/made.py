"""Rubrics and packets by number: realistic ones and odd ones, the same on every Python.

Five numbers in seven have a shipped rubric; two have one of forty that are made up over the
vocabulary of the laws. A packet's facts are mostly those that its rubric asks for, near its
targets.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml
from relations.dice import Dice
from strategies import (
    ARTIFACTS,
    BASED,
    BEHAVIOURS,
    OWNERSHIPS,
    RELATIONS,
    STATUSES,
    UNITS,
    Content,
    read_ladder,
)

from pmpromo import Packet, Rubric, parse_packet, parse_rubric, shipped_rubrics
from pmpromo.ladder import Metric
from pmpromo.units import KNOWN_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo import Requirement
    from pmpromo.ladder import Fact, Ladder
    from pmpromo.requirement import SideTarget

SHELF: Final = Path(__file__).parents[2] / "rubrics"
SHIPPED: Final = shipped_rubrics()
MADE_UP: Final = 40
"""How many rubrics are made up."""

LARGEST: Final = 10**18
"""The largest figure that a packet may hold."""

WORDS: Final = (
    "Integrated the data of two products",
    "Leyenda con acentos áéí",
    "評価基準と事業成果",
    "تأثير عبر الوظائف",
    "=2+2",
    "a" * 200,
)
"""Titles, plain and odd."""

NAMES: Final = ("e", "Item.", "x-", "n_")
"""How ids begin."""


@dataclass(frozen=True)
class Case:
    """A rubric and a packet, as files would hold them."""

    number: int
    rubric: Content
    packet: Content

    def read(self) -> tuple[Packet, Rubric]:
        """Make the nouns of both."""
        return parse_packet(self.packet), read_made(self.rubric["id"])


def read_rubric(content: Content) -> Rubric:
    """Make a rubric: a shipped one with its ladder by name, another with the ladder of the laws."""
    if "ladder" in content:
        return parse_rubric(content)
    return parse_rubric({**content, "ladder": read_ladder().model_dump(mode="json")})


@cache
def read_made(name: str) -> Rubric:
    """Make the rubric of this id, once."""
    return read_rubric(find_rubric(name))


def find_rubric(name: str) -> Content:
    """Return what the file of a rubric holds, by its id."""
    return load_shipped(name) if name in SHIPPED else make_up(int(name.partition("/r")[2]))


@cache
def make_case(number: int) -> Case:
    """Make the case of a number."""
    rubric = make_rubric(number)
    return Case(number, rubric, make_packet(number, rubric))


def make_rubric(number: int) -> Content:
    """Return the rubric of a number."""
    place = number % 7
    return load_shipped(SHIPPED[place]) if place < len(SHIPPED) else make_up(number // 7 % MADE_UP)


@cache
def load_shipped(name: str) -> Content:
    """Return what the file of a shipped rubric holds."""
    content: Content = yaml.safe_load((SHELF / f"{name}.yaml").read_text(encoding="utf-8"))
    return content


# Rubrics that are made up.


@cache
def make_up(number: int) -> Content:
    """Make up a rubric of one to five criteria."""
    dice = Dice(1_000_000 + number)
    bar = dice.pick([0.4, 0.6, 0.75])
    names = ["alpha", "Beta", "gamma", "delta.2", "epsilon"][: 1 + dice.below(5)]
    content: Content = {
        "id": f"law/r{number}",
        "name": f"Law {number}",
        "current_level": "L1",
        "target_level": "L2",
        "bar": bar,
        "criteria": [make_criterion(dice, name, bar) for name in names],
    }
    if len(names) > 1 and dice.now_and_then(2):
        content["complements"] = [{"pair": names[:2], "strength": 0.001}]
    if dice.now_and_then(3):
        content["evidence"] = make_policy(dice)
    return content


def make_criterion(dice: Dice, name: str, bar: float) -> Content:
    """Make up a criterion."""
    asked = [make_requirement(dice) for _ in range(1 + dice.below(4))]
    content: Content = {
        "id": name,
        "name": name,
        "weight": dice.pick([1, 2, 3, 5.5, 20, "0.125"]),
        "requirements": [{**each, "id": f"q{place}"} for place, each in enumerate(asked)],
    }
    if dice.now_and_then(3):
        content["best"] = 1 + dice.below(len(asked))
    if dice.now_and_then(3):
        content["must_have"] = dice.pick([0.1, 0.3, bar])
    return content


def make_requirement(dice: Dice) -> Content:
    """Make up a requirement for a figure, a behaviour or an artifact."""
    kind = dice.below(4)
    if kind == 0:
        return {"fact": dice.pick(BEHAVIOURS), "point": 1 + dice.below(4)}
    if kind == 1:
        name = dice.pick(list(ARTIFACTS))
        return {"fact": name, **{key: dice.few(known) for key, known in ARTIFACTS[name].items()}}
    content = make_target(dice)
    if dice.now_and_then(4):
        content["provided"] = [make_target(dice)]
    if dice.now_and_then(3):
        content["accepts"] = ["realised", "projected"]
    if dice.now_and_then(6):
        content["sustained"] = 1 + dice.below(30)
    return content


def make_target(dice: Dice) -> Content:
    """Make up a target: a figure, a change from the baseline, or a band."""
    metric = dice.pick(list(UNITS))
    unit, figure = UNITS[metric][0][0], 1 + dice.below(40)
    kind = dice.below(4 if metric in BASED else 3)
    if kind == 0:
        return {"fact": metric, "between": [figure, figure + dice.below(9)], "unit": unit}
    if kind == 1:
        band = {"tolerance": 1 + dice.below(20), "read_as": "relative", "of": figure}
        return {"fact": metric, "within": band, "unit": unit}
    way = dice.pick(["at_least", "more_than", "at_most", "less_than"])
    change = {"change": "absolute"} if kind == 3 else {}
    return {"fact": metric, way: figure, "unit": unit, **change}


def make_policy(dice: Dice) -> Content:
    """Make up other judgements than the default ones."""
    return {
        "credibility": {"self_report": dice.pick([0.0, 0.3, 1.0]), "peer": dice.share()},
        "possible_support": dice.few(RELATIONS),
        "recency": {"grace_months": dice.pick([0.0, 6.0]), "floor": dice.share()},
        "repetition": {"gamma": dice.share(), "cap_repeatedly": dice.share()},
        "gate": {"base": dice.share(), "ramp": dice.pick([0.01, 0.15, 1.0])},
    }


# Packets.


@dataclass(frozen=True)
class Asked:
    """A fact that may be shown: its kind and name, and of a figure its unit and its goals."""

    kind: str
    name: str
    unit: str = ""
    goals: tuple[float, ...] = ()
    ends: tuple[float, float] = (-math.inf, math.inf)


@cache
def list_asked(name: str) -> tuple[Asked, ...]:
    """List what a rubric asks for, twice, and what its ladder knows."""
    rubric = read_made(name)
    facts = rubric.ladder.facts
    asked = [describe(facts[each.fact], list_goals(each)) for each in list_targets(rubric)]
    return (*asked, *asked, *map(describe, facts.values()))


def list_targets(rubric: Rubric) -> Iterator[Requirement | SideTarget]:
    """List everything that a rubric asks for, side targets too."""
    for criterion in rubric.criteria:
        for each in criterion.requirements:
            yield each
            yield from each.provided


def describe(fact: Fact, goals: tuple[float, ...] = ()) -> Asked:
    """Describe a fact of a ladder."""
    kind = type(fact).__name__.casefold()
    if not isinstance(fact, Metric):
        return Asked(kind, fact.id)
    lowest = -math.inf if fact.lowest is None else fact.lowest
    highest = math.inf if fact.highest is None else fact.highest
    return Asked(kind, fact.id, fact.unit, goals, (lowest, highest))


def list_goals(target: Requirement | SideTarget) -> tuple[float, ...]:
    """List the figures that a target speaks of."""
    single = (target.at_least, target.more_than, target.at_most, target.less_than)
    return tuple(float(figure) for figure in (*single, *(target.between or ())) if figure)


def make_packet(number: int, rubric: Content) -> Content:
    """Make the packet of a number, for a rubric."""
    dice = Dice(number)
    as_of = date(2026, 6, 30) - timedelta(days=dice.below(3000))
    count = dice.pick([0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 8])
    make = dice.pick([make_item, make_strong_item])
    asked = list_asked(rubric["id"])
    criteria = [each["id"] for each in rubric["criteria"]]
    content: Content = {
        "id": f"p-{number}",
        "as_of": as_of.isoformat(),
        "rubric": rubric["id"],
        "evidence": [make(dice, place, asked, as_of) for place in range(count)],
    }
    if dice.now_and_then(3):
        content["declared_none"] = dice.few([*criteria, asked[0].name])
    if dice.now_and_then(3):
        content["candidate"] = dice.pick(["v1", "c-7"])
    if dice.now_and_then(4):
        content["process"] = {"months_in_level": dice.below(90), "hired": "2019-02-28"}
    return content


def make_item(dice: Dice, place: int, asked: tuple[Asked, ...], as_of: date) -> Content:
    """Make one item of evidence, with anything unknown, old, shared or disputed."""
    content: Content = {
        "id": f"{dice.pick(NAMES)}{place}",
        "title": dice.pick(WORDS),
        "facts": [make_fact(dice, dice.pick(asked)) for _ in range(dice.below(5))],
        **make_dates(dice, as_of),
        **make_support(dice),
    }
    part = dice.below(5)
    if part == 0:
        content["share"] = dice.share()
    elif part < 4:
        content["ownership"] = dice.pick(["sole", "led", *OWNERSHIPS])
    if dice.now_and_then(5):
        content["achievement"] = dice.pick(["work", "Work", "e0"])
    return content


def make_strong_item(dice: Dice, place: int, asked: tuple[Asked, ...], as_of: date) -> Content:
    """Make one item that shows half of what is asked, well done, well supported, and lately."""
    relations = ["manager", "cross_functional", *dice.few(["customer", "peer", "artifact"])]
    return {
        "id": f"{dice.pick(NAMES)}{place}",
        "title": dice.pick(WORDS),
        "facts": [answer(dice, each) for each in asked[: len(asked) // 3] if dice.below(2)],
        "ownership": dice.pick(["sole", "led"]),
        "started": (as_of - timedelta(days=900)).isoformat(),
        "ended": (as_of - timedelta(days=dice.below(400))).isoformat(),
        "support": [{"relation": relation} for relation in relations],
    }


def answer(dice: Dice, asked: Asked) -> Content:
    """Make a fact that about meets what is asked."""
    if asked.kind == "behaviour":
        return {"behaviour": asked.name, "point": 3 + dice.below(2)}
    if asked.kind == "artifact":
        return {"artifact": asked.name, **list_parts(asked.name)}
    goal = dice.pick([*asked.goals, 10.0])
    value = float(Fraction(str(goal)) * dice.pick([95, 100, 101, 125]) / 100)
    return {
        "metric": asked.name,
        "unit": asked.unit,
        "status": "realised",
        "value": min(max(value, asked.ends[0]), asked.ends[1]),
        **({"baseline": near(dice, goal, asked.ends)} if dice.below(3) else {}),
    }


def make_fact(dice: Dice, asked: Asked) -> Content:
    """Make a fact, with any part of it unknown."""
    if asked.kind == "behaviour":
        return {"behaviour": asked.name, **({"point": dice.below(5)} if dice.below(6) else {})}
    if asked.kind == "artifact":
        return {"artifact": asked.name, **make_parts(dice, asked.name)}
    goal = dice.pick([*asked.goals, 10.0])
    known: Content = {
        "value": near(dice, goal, asked.ends),
        "baseline": near(dice, goal, asked.ends),
        "unit": asked.unit,
        "status": dice.pick(["realised", "realised", *STATUSES]),
        "period": dice.pick(["FY25", "FY26", "fy26"]),
    }
    for key in dice.few(known, most=2) if dice.now_and_then(3) else dice.few(["period"], most=1):
        known[key] = None
    return {"metric": asked.name, **known}


def make_parts(dice: Dice, name: str) -> Content:
    """Make what an artifact holds, known or unknown."""
    found = {key: dice.few(known) for key, known in list_parts(name).items() if dice.below(3)}
    return {**found, "uri": f"doc:{dice.below(4)}"} if dice.below(3) else found


@cache
def list_parts(name: str) -> Content:
    """List the sections and the reviewers of an artifact."""
    if name in ARTIFACTS:
        return ARTIFACTS[name]
    ladder = read_rubric(load_shipped(SHIPPED[0])).ladder
    (found,) = (each for each in ladder.artifacts if each.id == name)
    return {"sections": [*found.sections], "reviewers": [*found.reviewers]}


def near(dice: Dice, goal: float, ends: tuple[float, float]) -> float:
    """Return a figure near a goal, as someone would write it; at times an extreme one."""
    times = dice.pick([0, 25, 50, 75, 90, 99, 100, 100, 101, 125, 200])
    figure = float(Fraction(str(goal)) * times / 100)
    odd = dice.pick([0.0, -3.5, 1e-9, 1e12]) if dice.now_and_then(25) else figure
    return min(max(odd, ends[0]), ends[1])


def make_dates(dice: Dice, as_of: date) -> Content:
    """Make when it was done, around the edges of grace and floor, known or unknown."""
    age = dice.pick([0, 1, 30, 90, 365, 366, 913, 5000, dice.below(2000)])
    ended = as_of - timedelta(days=age)
    found: Content = {}
    if dice.below(3):
        found["started"] = (ended - timedelta(days=dice.below(900))).isoformat()
    if dice.below(5) == 0:
        found["in_progress"] = True
        if dice.now_and_then(3):
            found["ended"] = (as_of + timedelta(days=90)).isoformat()
    elif dice.below(6):
        found["ended"] = ended.isoformat()
    return found


def make_support(dice: Dice) -> Content:
    """Make the support of an item: open, closed, or none."""
    found: Content = {}
    kind = dice.below(6)
    if kind == 0:
        found["support"] = dice.pick(["none", []])
    elif kind > 1:
        found["support"] = [make_voice(dice) for _ in range(1 + dice.below(3))]
    if dice.now_and_then(3):
        found["support_complete"] = True
    return found


def make_voice(dice: Dice) -> Content:
    """Make a voice: mostly one that saw the work and agrees."""
    found: Content = {"relation": dice.pick(["manager", "cross_functional", *RELATIONS])}
    if dice.now_and_then(2):
        found["by"] = dice.pick(["v1", "v2", "V2"])
    if dice.now_and_then(3):
        found["point"] = dice.below(5)
    if dice.now_and_then(4):
        found["worked_on_it"] = dice.pick([True, False, None])
    if dice.now_and_then(8):
        found["agrees"] = False
    if dice.now_and_then(8):
        found["same_report_line"] = True
    return found


# Units.


@cache
def list_other_units(ladder: Ladder, unit: str) -> tuple[tuple[str, Fraction], ...]:
    """List the units that one converts to, each with the factor of its figures."""
    mine = ladder.read_unit(unit)
    return tuple(
        (name, mine.factor / other.factor)
        for name in _list_names(unit)
        for other in [ladder.read_unit(name)]
        if name != unit and other.dimension == mine.dimension
    )


def _list_names(unit: str) -> Iterator[str]:
    """List names that may mean the same: each part replaced by those of its dimension."""
    first, slash, per = unit.partition("/")
    for above in _list_alike(first):
        for below in _list_alike(per) if slash else [""]:
            yield above + slash + below


def _list_alike(part: str) -> list[str]:
    known = KNOWN_UNITS.get(part)
    if not known:
        return [part]
    return [each.name for each in KNOWN_UNITS.values() if each.dimension == known.dimension]


def rewrite(figure: float, factor: Fraction) -> float | None:
    """Return a figure in another unit if it can be written there, and to the last digit."""
    exact = Fraction(str(figure)) * factor
    written = float(exact)
    return written if Fraction(str(written)) == exact and abs(exact) <= LARGEST else None
