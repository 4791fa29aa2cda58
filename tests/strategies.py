"""One vocabulary of random rubrics and packets, and of the edits that laws speak of.

Everything is a plain dict of the shape a file has, so that a failing case can be read, and pasted
into a file. `read_rubric` and `read_packet` turn them into nouns. An edit takes a packet's dict and
draws another one; the dict it was given stays as it was.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, get_args

from hypothesis import assume
from hypothesis import strategies as st
from oracle import find_achievements

from pmpromo.ladder import Ladder
from pmpromo.packet import Packet
from pmpromo.policy import Ownership, Relation
from pmpromo.requirement import Status
from pmpromo.rubric import Rubric

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hypothesis.strategies import DrawFn, SearchStrategy

Content = dict[str, Any]
"""What a file holds: a rubric, a packet, or a part of one."""

AS_OF: Final = date(2026, 6, 30)

UNITS: Final = {
    "growth": (("percent/year", 1), ("ratio/year", 0.01)),
    "revenue": (("usd_million/year", 1), ("usd_million/quarter", 0.25), ("usd_thousand/year", 1e3)),
    "accounts": (("account", 1),),
    "margin": (("percent", 1), ("ratio", 0.01), ("basis_point", 100)),
    "latency": (("millisecond", 1), ("second", 0.001)),
}
"""Metrics, the units each can be written in, and the factor from the first unit to the other."""

BASED: Final = ("margin", "latency")
"""Metrics whose progress is measured from a baseline."""

BEHAVIOURS: Final = ("aligns", "mentors")
ARTIFACTS: Final = {
    "strategy": {"sections": ["market", "roadmap", "risks"], "reviewers": ["cto", "vp"]},
    "memo": {"sections": ["problem"], "reviewers": []},
}
OWNERSHIPS: Final = get_args(Ownership)
RELATIONS: Final = get_args(Relation)
STATUSES: Final = get_args(Status)


@cache
def read_ladder() -> Ladder:
    """Return the ladder whose vocabulary every random rubric and packet uses."""
    level: Content = {"tracks": ["ic"], "scope": "a product"}
    return Ladder.model_validate(
        {
            "id": "law",
            "name": "Ladder of the laws",
            "tracks": [{"id": "ic", "name": "Individual"}],
            "levels": [{"id": name, "name": name, **level} for name in ("L1", "L2")],
            "units": ["account"],
            "metrics": [
                {
                    "id": name,
                    "name": name,
                    "unit": units[0][0],
                    "baseline": "required" if name in BASED else "not_used",
                }
                for name, units in UNITS.items()
            ],
            "behaviours": [{"id": name, "name": name} for name in BEHAVIOURS],
            "artifacts": [{"id": name, "name": name, **parts} for name, parts in ARTIFACTS.items()],
        }
    )


def read_rubric(content: Content) -> Rubric:
    """Make a rubric, with the ladder of the laws unless it brings its own."""
    frame = {"id": "law/l1-l2", "name": "Law", "current_level": "L1", "target_level": "L2"}
    return Rubric.model_validate({**frame, "ladder": read_ladder(), **content})


def read_packet(content: Content) -> Packet:
    """Make a packet as of the day of the laws unless it brings its own."""
    return Packet.model_validate({"id": "p", "as_of": AS_OF.isoformat(), **content})


# Parts that both sides use.

figures: Final = st.integers(-10, 40) | st.integers(-40, 160).map(lambda quarters: quarters / 4)
"""Figures in a metric's first unit; few enough that two often meet."""


ALWAYS: Final = st.sampled_from([True])


def shares(steps: int = 20) -> SearchStrategy[float]:
    """Draw a share from 0 to 1 of few decimals."""
    return st.integers(0, steps).map(lambda step: step / steps)


def maybe(content: dict[str, SearchStrategy[Any]]) -> SearchStrategy[Content]:
    """Draw a dict in which each key may be missing."""
    return st.fixed_dictionaries({}, optional=content)


def few(choices: Iterable[Any], most: int = 3) -> SearchStrategy[list[Any]]:
    """Draw a short list of different choices."""
    known = list(choices)
    return (
        st.lists(st.sampled_from(known), unique=True, max_size=most) if known else st.builds(list)
    )


@st.composite
def written_figures(draw: DrawFn, metric: str, count: int = 1) -> tuple[list[float], str]:
    """Draw figures of one metric, written in one of its units."""
    unit, factor = draw(st.sampled_from(UNITS[metric]))
    return [tidy(draw(figures) * factor) for _ in range(count)], unit


def tidy(figure: float) -> float:
    """Return a computed figure as someone would write it, without the dust of the last bits."""
    return round(figure, 9)


# Rubrics.


@st.composite
def single_targets(draw: DrawFn, metric: str) -> Content:
    """Draw a target with one figure: a level of the metric, or a change from the baseline."""
    direction = draw(st.sampled_from(["at_least", "more_than", "at_most", "less_than"]))
    change = draw(st.sampled_from([None, "absolute", "relative"])) if metric in BASED else None
    if change == "relative":
        return {direction: draw(figures), "change": change, "unit": "percent"}
    [figure], unit = draw(written_figures(metric))
    return {direction: figure, "unit": unit} | ({"change": change} if change else {})


@st.composite
def band_targets(draw: DrawFn, metric: str) -> Content:
    """Draw a target with a band: between two figures, or near a figure or the baseline."""
    ends, unit = draw(written_figures(metric, 2))
    if draw(st.booleans()):
        return {"between": sorted(ends), "unit": unit}
    reference = draw(st.sampled_from(["baseline", ends[0]])) if metric in BASED else ends[0]
    read_as = draw(st.sampled_from(["relative", "absolute"]))
    factor = 1 if read_as == "relative" else dict(UNITS[metric])[unit]
    tolerance = tidy(draw(st.integers(1, 20)) * factor)
    return {
        "within": {"tolerance": tolerance, "read_as": read_as, "of": reference},
        "unit": unit,
    }


def targets(metric: str) -> SearchStrategy[Content]:
    """Draw any target for a metric."""
    return single_targets(metric) | band_targets(metric)


@st.composite
def metric_requirements(draw: DrawFn) -> Content:
    """Draw a requirement for a figure, at times with side targets."""
    metric = draw(st.sampled_from(list(UNITS)))
    content = {"fact": metric, **draw(targets(metric))}
    sides = draw(few(UNITS, most=2)) if draw(st.integers(0, 3)) == 0 else []
    if sides:
        content["provided"] = [{"fact": side, **draw(targets(side))} for side in sides]
    if draw(st.integers(0, 2)) == 0:
        content["accepts"] = draw(few(STATUSES)) or ["realised"]
    return content


@st.composite
def behaviour_requirements(draw: DrawFn) -> Content:
    """Draw a requirement for a behaviour at a point of the scale."""
    return {"fact": draw(st.sampled_from(BEHAVIOURS)), "point": draw(st.integers(1, 4))}


@st.composite
def artifact_requirements(draw: DrawFn) -> Content:
    """Draw a requirement for an artifact, its sections and its reviewers."""
    name = draw(st.sampled_from(list(ARTIFACTS)))
    parts = {key: draw(few(known)) for key, known in ARTIFACTS[name].items()}
    return {"fact": name, **parts}


@st.composite
def scored_requirements(draw: DrawFn) -> Content:
    """Draw a requirement that is scored."""
    content = draw(metric_requirements() | behaviour_requirements() | artifact_requirements())
    if draw(st.integers(0, 3)) == 0:
        content["asked"] = draw(st.sampled_from(["once", "repeatedly"]))
    if draw(st.integers(0, 5)) == 0:
        content["sustained"] = draw(st.integers(1, 30))
    return content


unscored_requirements: Final = st.sampled_from([*UNITS, *BEHAVIOURS]).map(
    lambda fact: {"fact": fact}
)
"""Requirements without anything to score against."""


@st.composite
def requirement_lists(draw: DrawFn) -> tuple[list[Content], int | None]:
    """Draw the requirements of one criterion, and how many of the best count."""
    scored = draw(st.lists(scored_requirements(), min_size=1, max_size=3))
    unscored = draw(
        unscored_requirements.map(lambda one: [one]) if draw(st.booleans()) else st.just([])
    )
    style = draw(st.sampled_from(["plain", "shares", "best"]))
    best = draw(st.integers(1, len(scored))) if style == "best" else None
    if style == "shares":
        weights = [1, *draw(st.lists(st.sampled_from([0, 1, 2.5, 10]), max_size=2))]
        for each, share in zip(scored, weights, strict=False):
            each["share"] = share
    content = [*scored, *unscored]
    for place, each in enumerate(content):
        each["id"] = f"q{place}"
    return content, best


@st.composite
def criteria(draw: DrawFn, name: str, bar: float) -> Content:
    """Draw a criterion of a rubric with this bar."""
    requirements, best = draw(requirement_lists())
    content: Content = {
        "id": name,
        "name": name,
        "weight": draw(st.sampled_from([1, 2, 3, 5.5, 20, "0.125"])),
        "requirements": requirements,
        **draw(maybe({"bar": st.sampled_from([0.3, 0.75, 1.0])})),
    }
    if best is not None:
        content["best"] = best
    if draw(st.integers(0, 2)) == 0:
        content["must_have"] = draw(st.sampled_from([0.1, 0.3, bar]))
    return content


@st.composite
def complements(draw: DrawFn, weights: dict[str, Fraction]) -> list[Content]:
    """Draw complementary pairs that take no more than the weights they draw on."""
    left = dict(weights)
    pairs = []
    for one, other in draw(few(combinations(sorted(weights), 2), most=2)):
        room = (
            min(left[one], left[other]) * 2 * draw(st.sampled_from([Fraction(1), Fraction(1, 3)]))
        )
        strength = Fraction(int(room * 1000), 1000)
        left[one] -= strength / 2
        left[other] -= strength / 2
        pairs.append({"pair": [one, other], "strength": float(strength)})
    return pairs


policies: Final = maybe(
    {
        "credibility": maybe(
            {
                "self_report": st.sampled_from([0.0, 0.3, 1.0]),
                "peer": shares(),
                "customer": shares(),
                "dispute": st.sampled_from([0.0, 0.5, 1.0]),
            }
        ),
        "possible_support": few(RELATIONS),
        "ownership": maybe({"co_led": shares(), "supported": shares()}),
        "recency": maybe(
            {
                "grace_months": st.sampled_from([0.0, 6.0, 12.0]),
                "half_life_months": st.sampled_from([0.5, 18.0]),
                "floor": shares(),
            }
        ),
        "repetition": maybe({"gamma": shares(), "cap_once": shares(), "cap_repeatedly": shares()}),
        "gate": maybe({"base": shares(), "ramp": st.sampled_from([0.01, 0.15, 1.0])}),
        "closure": maybe(
            {
                "ownership": st.sampled_from(OWNERSHIPS),
                "support": few(RELATIONS),
                "age": st.sampled_from([0, 30, 400]),
                "attainment": st.sampled_from([1.0, 0.75]),
            }
        ),
    }
)
"""Other judgements than the default ones."""


@st.composite
def rubrics(draw: DrawFn) -> Content:
    """Draw a small rubric with every shape of target."""
    bar = draw(st.sampled_from([0.4, 0.6, 0.75]))
    names = ["alpha", "beta", "gamma", "delta"][: draw(st.integers(1, 4))]
    asked = [draw(criteria(name, bar)) for name in names]
    total = sum(Fraction(str(each["weight"])) for each in asked)
    weights = {each["id"]: Fraction(str(each["weight"])) / total for each in asked}
    content: Content = {"bar": bar, "criteria": asked}
    if draw(st.booleans()):
        content["complements"] = draw(complements(weights))
    if draw(st.integers(0, 2)) == 0:
        content["evidence"] = draw(policies)
    return content


# Packets.

COPIED: Final[tuple[Content, ...]] = (
    {"metric": "growth", "value": 12, "unit": "percent/year", "period": "FY25"},
    {"metric": "growth", "value": 0.12, "unit": "ratio/year", "period": "FY25"},
    {"metric": "revenue", "value": 3, "unit": "usd_million/year", "period": "FY26"},
    {"metric": "revenue", "value": 3000, "unit": "usd_thousand/year", "period": "FY26"},
)
"""Figures that several items may copy from each other, in one unit or another."""


@st.composite
def measurements(draw: DrawFn) -> Content:
    """Draw a figure, with any part of it unknown."""
    if draw(st.integers(0, 4)) == 0:
        return {**draw(st.sampled_from(COPIED)), "status": "realised"}
    metric = draw(st.sampled_from(list(UNITS)))
    [value, baseline], unit = draw(written_figures(metric, 2))
    known = {
        "value": value,
        "unit": unit,
        "baseline": baseline,
        "status": draw(st.sampled_from(["realised", *STATUSES])),
    }
    unknown = draw(few(known, most=2)) if draw(st.booleans()) else []
    content = {"metric": metric, **{key: None if key in unknown else known[key] for key in known}}
    return content | draw(maybe({"period": st.sampled_from(["FY25", "FY26", "fy26"])}))


def behaviour_facts() -> SearchStrategy[Content]:
    """Draw a behaviour shown at a point, known or unknown."""
    return st.fixed_dictionaries(
        {"behaviour": st.sampled_from(BEHAVIOURS)},
        optional={"point": st.integers(0, 4) | st.none()},
    )


@st.composite
def artifact_facts(draw: DrawFn) -> Content:
    """Draw an artifact, with what it holds known or unknown."""
    name = draw(st.sampled_from(list(ARTIFACTS)))
    parts = {
        key: st.none() | st.just("none") | few(known) for key, known in ARTIFACTS[name].items()
    }
    uri = st.sampled_from(["doc:1", "doc:2"])
    return {"artifact": name, **draw(maybe({**parts, "uri": uri}))}


@st.composite
def answers(draw: DrawFn, asked: Content) -> Content:
    """Draw a fully known fact that about meets a requirement."""
    name = asked["fact"]
    if name in BEHAVIOURS:
        return {"behaviour": name, "point": draw(st.integers(2, 4))}
    if name in ARTIFACTS:
        return {"artifact": name, **ARTIFACTS[name], **draw(maybe({"uri": st.just("doc:3")}))}
    unit = UNITS[name][0][0] if asked.get("change") == "relative" else asked.get("unit")
    keys = ("at_least", "more_than", "at_most", "less_than")
    goal = next((asked[key] for key in keys if key in asked), asked.get("between", [10])[0])
    baseline = draw(figures)
    if asked.get("change") == "absolute":
        goal = baseline + goal
    if asked.get("change") == "relative":
        goal = baseline + abs(baseline) * goal / 100
    return {
        "metric": name,
        "value": tidy(goal + draw(st.sampled_from([0, 0, 1, -1, 30, -30]))),
        "baseline": baseline,
        "unit": unit or UNITS[name][0][0],
        "status": draw(st.sampled_from(asked.get("accepts", ["realised"]))),
    }


def facts(rubric: Content) -> SearchStrategy[Content]:
    """Draw any fact of the vocabulary, mostly one that the rubric asks for."""
    asked = [each for criterion in rubric["criteria"] for each in criterion["requirements"]]
    wanted = st.sampled_from(
        [*asked, *(side for each in asked for side in each.get("provided", []))]
    )
    return wanted.flatmap(answers) | measurements() | behaviour_facts() | artifact_facts()


@st.composite
def voices(draw: DrawFn) -> Content:
    """Draw a voice: mostly one that saw the work and agrees."""
    content: Content = {"relation": draw(st.sampled_from(RELATIONS))}
    content |= draw(
        maybe(
            {
                "by": st.sampled_from(["v1", "v2"]),
                "point": st.integers(0, 4),
                "fact": st.sampled_from(BEHAVIOURS),
                "worked_on_it": st.sampled_from([True, False, None]),
                "same_report_line": st.booleans(),
            }
        )
    )
    if draw(st.integers(0, 3)) == 0:
        content["agrees"] = False
    return content


@st.composite
def dates(draw: DrawFn) -> Content:
    """Draw when the work was done, around the edges of grace and floor, known or unknown."""
    ages = st.sampled_from([0, 1, 365, 366, 913, 5000]) | st.integers(0, 2000)
    ended, lasted = draw(ages), draw(st.integers(0, 1000))
    known = {
        "ended": (AS_OF - timedelta(days=ended)).isoformat(),
        "started": (AS_OF - timedelta(days=ended + lasted)).isoformat(),
    }
    content: Content = {key: known[key] for key in draw(few(known, most=2))}
    if draw(st.integers(0, 4)) == 0:
        content["in_progress"] = True
        if draw(st.booleans()):
            content["ended"] = (AS_OF + timedelta(days=90)).isoformat()
        else:
            content.pop("ended", None)
    return content


@st.composite
def supports(draw: DrawFn) -> Content:
    """Draw the support of an item: open, closed, or none."""
    content: Content = {}
    kind = draw(st.sampled_from(["missing", "none", "listed", "listed"]))
    if kind == "none":
        content["support"] = draw(st.sampled_from(["none", []]))
    if kind == "listed":
        content["support"] = draw(st.lists(voices(), min_size=1, max_size=3))
    if draw(st.integers(0, 3)) == 0:
        content["support_complete"] = True
    return content


@st.composite
def plain_items(draw: DrawFn, name: str, rubric: Content) -> Content:
    """Draw one evidence item with anything unknown, old, shared or disputed."""
    content: Content = {
        "id": name,
        "title": name,
        "facts": draw(st.lists(facts(rubric), max_size=4)),
        **draw(dates()),
        **draw(supports()),
    }
    part = draw(st.sampled_from(["ownership", "ownership", "share", "unknown"]))
    if part == "ownership":
        content["ownership"] = draw(st.sampled_from(OWNERSHIPS))
    if part == "share":
        content["share"] = draw(shares())
    if draw(st.integers(0, 3)) == 0:
        content["achievement"] = draw(st.sampled_from(["a", "A", "e0"]))
    return content


@st.composite
def strong_items(draw: DrawFn, name: str, rubric: Content) -> Content:
    """Draw one evidence item that shows about all that the rubric asks for, well supported."""
    asked = [each for criterion in rubric["criteria"] for each in criterion["requirements"]]
    relations = ["manager", "cross_functional", *draw(few(["customer", "peer", "artifact"]))]
    return {
        "id": name,
        "title": name,
        "facts": [draw(answers(each)) for each in asked if draw(st.integers(0, 5))],
        "ownership": "led",
        "started": "2024-01-01",
        "ended": draw(st.sampled_from(["2026-06-01", "2025-03-01"])),
        "support": [{"relation": relation} for relation in relations],
    }


def items(name: str, rubric: Content) -> SearchStrategy[Content]:
    """Draw one evidence item, plain or strong."""
    return plain_items(name, rubric) | strong_items(name, rubric)


@st.composite
def packets(draw: DrawFn, rubric: Content) -> Content:
    """Draw a packet written for a rubric, more or less."""
    names = [f"e{place}" for place in range(draw(st.sampled_from([1, 2, 2, 3, 3, 4, 5, 0])))]
    criteria_asked = [each["id"] for each in rubric["criteria"]]
    declared = few([*criteria_asked, *UNITS, *BEHAVIOURS, *ARTIFACTS])
    return {
        "evidence": [draw(items(name, rubric)) for name in names],
        **draw(maybe({"declared_none": declared})),
    }


@st.composite
def cases(draw: DrawFn) -> tuple[Content, Content]:
    """Draw a rubric, and a packet written for it."""
    rubric = draw(rubrics())
    return rubric, draw(packets(rubric))


# Edits.


@st.composite
def reordered(draw: DrawFn, packet: Content) -> Content:
    """Draw the same packet with all its lists in another order."""
    packet = deepcopy(packet)
    packet["evidence"] = draw(st.permutations(packet["evidence"]))
    packet["declared_none"] = draw(st.permutations(packet.get("declared_none", [])))
    for item in packet["evidence"]:
        item["facts"] = draw(st.permutations(item["facts"]))
        if isinstance(item.get("support"), list):
            item["support"] = draw(st.permutations(item["support"]))
    return packet


@st.composite
def renamed(draw: DrawFn, packet: Content) -> Content:
    """Draw the same packet under other ids of its items and achievements."""
    packet = deepcopy(packet)
    keys = sorted(
        {str(item.get("achievement", item["id"])).casefold() for item in packet["evidence"]}
    )
    achievements = dict(
        zip(keys, draw(st.permutations([f"x{n}" for n in range(len(keys))])), strict=True)
    )
    names = draw(st.permutations([f"n{n}" for n in range(len(packet["evidence"]))]))
    for item, name in zip(packet["evidence"], names, strict=True):
        item["achievement"] = achievements[str(item.get("achievement", item["id"])).casefold()]
        item["id"] = name
    return packet


words: Final = st.sampled_from(
    ["Ana", "he led it", "she led it", "they led it", "Dr. O'Neil", "赢得", "0", "supported"]
)
"""What people write: names, pronouns, titles, other scripts."""


@st.composite
def reworded(draw: DrawFn, packet: Content) -> Content:
    """Draw the same packet with other words, people, process facts and views."""
    packet = deepcopy(packet)
    for item in packet["evidence"]:
        item["title"] = draw(words)
        item.update(
            draw(
                maybe(
                    {
                        **dict.fromkeys(["problem", "role", "challenges", "learned"], words),
                        "complexity": st.integers(0, 4),
                        "ambiguity": st.integers(0, 4),
                        "confidence": shares(),
                        "level_shown": st.sampled_from(["L1", "L2"]),
                        "initiated_by": st.sampled_from(["self", "manager"]),
                        "scope": st.just({"teams": 7, "functions": ["sales"]}),
                        "customer_data_loss": st.booleans(),
                        "share_status": st.sampled_from(["asserted", "disputed"]),
                    }
                )
            )
        )
        for voice in item["support"] if isinstance(item.get("support"), list) else []:
            voice.update(
                draw(
                    maybe(
                        {
                            "by": st.sampled_from(["v7", "v8"]),
                            "function": st.sampled_from(["sales", "design"]),
                            "role": st.just("architect"),
                            "level": st.sampled_from(["L1", "L2"]),
                            "text": words,
                        }
                    )
                )
            )
        for fact in item["facts"]:
            fact.update(draw(maybe({_find_word_of(fact): words})))
    packet |= draw(
        maybe(
            {
                "candidate": st.sampled_from(["c-1", "c-2"]),
                "summary": words,
                "current_work": words,
                "development_plan": words,
                "cycle": st.just("2026h2"),
                "concerns": st.just(
                    [{"reason_not_to_promote": "One line only", "severity": "high"}]
                ),
                "process": st.fixed_dictionaries(
                    {},
                    optional={
                        "months_in_level": st.integers(0, 200),
                        "hired": st.sampled_from(["1999-01-01", "2026-01-01"]),
                        "sponsor": st.just("director"),
                        "recommendation": st.sampled_from(["ready", "not_yet"]),
                        "visibility": words,
                    },
                ),
                "views": st.just([{"criterion": "alpha", "by": "manager", "point": 0}]),
            }
        )
    )
    return packet


def _find_word_of(fact: Content) -> str:
    """Return the one key of a fact that holds words."""
    kinds = {"metric": "counterfactual", "behaviour": "note", "artifact": "title"}
    return next(word for kind, word in kinds.items() if kind in fact)


def has_same_links(before: Content, after: Content, rubric: Content) -> bool:
    """Tell whether the items of both packets show the same achievements."""
    known = read_rubric(rubric)
    links = find_achievements(read_packet(before), known)
    return links.items() <= find_achievements(read_packet(after), known).items()


Supply = tuple[Content, str, "SearchStrategy[Any]"]
"""Where a fact is unknown, its key, and what it may turn out to be."""


def _list_unknown_facts(item: Content) -> list[Supply]:
    found: list[Supply] = []
    for fact in item["facts"]:
        if "metric" in fact:
            may_be: dict[str, SearchStrategy[Any]] = {
                "value": figures,
                "baseline": figures,
                "unit": st.sampled_from([unit for unit, _ in UNITS[fact["metric"]]]),
                "status": st.sampled_from(STATUSES),
                "period": st.sampled_from(["FY25", "FY27"]),
            }
        elif "behaviour" in fact:
            may_be = {"point": st.integers(0, 4)}
        else:
            may_be = {key: few(known) for key, known in ARTIFACTS[fact["artifact"]].items()}
        found += [(fact, key, values) for key, values in may_be.items() if fact.get(key) is None]
    return found


def _list_unknown_voices(item: Content) -> list[Supply]:
    listed = item["support"] if isinstance(item.get("support"), list) else []
    found: list[Supply] = [
        (voice, "worked_on_it", st.booleans())
        for voice in listed
        if voice.get("worked_on_it", True) is None
    ]
    if "support" not in item and not item.get("support_complete"):
        found.append((item, "support", st.just("none")))
    if not item.get("support_complete"):
        found.append((item, "support_complete", ALWAYS))
    return found


def _list_unknown_dates(item: Content) -> list[Supply]:
    earliest = date.fromisoformat(item.get("started", "1990-01-01"))
    latest = min(AS_OF, date.fromisoformat(item.get("ended", AS_OF.isoformat())))
    days = st.dates(earliest, latest).map(date.isoformat)
    found: list[Supply] = []
    if "started" not in item:
        found.append((item, "started", days))
    if "ended" not in item and not item.get("in_progress"):
        found += [(item, "ended", days), (item, "in_progress", ALWAYS)]
    if "ownership" not in item and "share" not in item:
        found += [(item, "ownership", st.sampled_from(OWNERSHIPS)), (item, "share", shares())]
    return found


@st.composite
def supplied(draw: DrawFn, packet: Content, rubric: Content) -> Content:
    """Draw the same packet with one unknown fact supplied, if that makes no new link."""
    after = deepcopy(packet)
    unknown = [
        place
        for item in after["evidence"]
        for place in (
            *_list_unknown_facts(item),
            *_list_unknown_voices(item),
            *_list_unknown_dates(item),
        )
    ]
    assume(unknown)
    content, key, values = unknown[draw(st.integers(0, len(unknown) - 1))]
    content[key] = draw(values)
    assume(has_same_links(packet, after, rubric))
    return after


@st.composite
def with_repeated_voice(draw: DrawFn, packet: Content) -> Content:
    """Draw the same packet with one voice listed twice, the second time under another name."""
    after = deepcopy(packet)
    listed = [each for each in after["evidence"] if isinstance(each.get("support"), list)]
    heard = [(item, voice) for item in listed for voice in item["support"]]
    assume(heard)
    item, voice = draw(st.sampled_from(heard))
    item["support"].append({**voice, "by": draw(st.sampled_from(["v1", "v9"]))})
    return after


@st.composite
def with_copied_item(draw: DrawFn, packet: Content) -> Content:
    """Draw the same packet with one item copied under the same achievement."""
    after = deepcopy(packet)
    evidence: list[Content] = after["evidence"]
    assume(evidence)
    item = draw(st.sampled_from(evidence))
    copy = {**deepcopy(item), "id": "z", "achievement": item.get("achievement", item["id"])}
    return {**after, "evidence": [*evidence, copy]}


@st.composite
def with_new_item(draw: DrawFn, packet: Content, rubric: Content) -> Content:
    """Draw the same packet with one more item that nobody disputes and that links nothing."""
    item = draw(items("z", rubric))
    item.pop("achievement", None)
    if isinstance(item.get("support"), list):
        item["support"] = [voice for voice in item["support"] if voice.get("agrees", True)]
    after = {**packet, "evidence": [*packet["evidence"], item]}
    assume(has_same_links(packet, after, rubric))
    return after


@st.composite
def split(draw: DrawFn, packet: Content) -> Content:
    """Draw the same packet with the facts of one item divided between two of one achievement."""
    assume(any(len(item["facts"]) > 1 for item in packet["evidence"]))
    after = deepcopy(packet)
    item = draw(st.sampled_from([each for each in after["evidence"] if len(each["facts"]) > 1]))
    cut = draw(st.integers(1, len(item["facts"]) - 1))
    rest = {**deepcopy(item), "id": "z", "facts": item["facts"][cut:]}
    rest["achievement"] = item["achievement"] = item.get("achievement", item["id"])
    item["facts"] = item["facts"][:cut]
    return {**after, "evidence": [*after["evidence"], rest]}


def _harden_target(target: Content, step: float) -> None:
    for key in ("at_least", "more_than"):
        if key in target:
            target[key] = tidy(target[key] + step)
    for key in ("at_most", "less_than"):
        if key in target:
            target[key] = tidy(target[key] - step)


@st.composite
def hardened(draw: DrawFn, rubric: Content) -> Content:
    """Draw the same rubric with one target made harder, or one point raised."""
    after = deepcopy(rubric)
    asked = [each for criterion in after["criteria"] for each in criterion["requirements"]]
    floors = ("at_least", "more_than", "at_most", "less_than", "point")
    asked += [side for each in asked for side in each.get("provided", [])]
    movable = [each for each in asked if any(key in each for key in floors)]
    movable = [each for each in movable if each.get("point", 0) < 4]
    assume(movable)
    chosen = draw(st.sampled_from(movable))
    if "point" in chosen:
        chosen["point"] += 1
    _harden_target(chosen, draw(st.sampled_from([0.001, 0.25, 1, 7, 100])))
    return after


@st.composite
def rescaled(draw: DrawFn, rubric: Content) -> Content:
    """Draw the same rubric with all weights multiplied by one factor."""
    factor = draw(st.sampled_from(["3", "7", "0.1", "0.001", "12.5", "1000"]))
    after = deepcopy(rubric)
    for criterion in after["criteria"]:
        exact = Fraction(str(criterion["weight"])) * Fraction(factor)
        criterion["weight"] = f"{exact.numerator * 10**9 // exact.denominator / 10**9:.9f}"
    return after
