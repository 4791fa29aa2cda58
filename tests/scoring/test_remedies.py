"""What a gap says: what was claimed, what is asked, how far that is, and what closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from pmpromo import assess, parse_packet, parse_rubric

if TYPE_CHECKING:
    from pmpromo import Assessment, Gap

Content = dict[str, Any]

LADDER: Final = {
    "id": "t",
    "name": "T",
    "tracks": [{"id": "main", "name": "Main"}],
    "levels": [
        {"id": name, "name": name, "tracks": ["main"], "scope": "a line"} for name in ("L1", "L2")
    ],
    "units": ["account"],
    "metrics": [
        {"id": "growth", "name": "Growth", "unit": "percent/year"},
        {"id": "latency", "name": "Latency", "unit": "millisecond", "baseline": "required"},
        {"id": "accounts", "name": "Accounts", "unit": "account"},
    ],
    "behaviours": [{"id": "aligns", "name": "Aligns functions"}],
    "artifacts": [
        {"id": "plan", "name": "Plan", "sections": ["risks", "dates"], "reviewers": ["cto"]}
    ],
}
GROWTH: Final = {"fact": "growth", "more_than": 18, "unit": "percent/year"}
ALIGNS: Final = {"fact": "aligns", "point": 3}
PLAN: Final = {"fact": "plan", "sections": ["risks", "dates"], "reviewers": ["cto"]}
BACKED: Final = [{"relation": "manager"}, {"relation": "cross_functional"}]


def look(requirement: Content, *facts: Content, **said: object) -> Assessment:
    """Return the assessment of one item with some facts under one requirement."""
    rubric = parse_rubric(
        {
            "id": "t/l1-l2",
            "name": "Step",
            "current_level": "L1",
            "target_level": "L2",
            "ladder": LADDER,
            "criteria": [{"id": "c", "name": "C", "weight": 1, "requirements": [requirement]}],
        }
    )
    plain = {"id": "e", "title": "T", "ownership": "led", "support": BACKED}
    dated = {"started": "2025-07-01", "ended": "2026-06-30"}
    items = [{**plain, **dated, "facts": list(facts), **said}] if facts else []
    packet = {"id": "p", "as_of": "2026-06-30", "evidence": items}
    return assess(parse_packet(packet), rubric)


def find(seen: Assessment, kind: str) -> Gap:
    """Return the one gap of a kind."""
    (gap,) = [gap for gap in seen.gaps if gap.kind == kind]
    return gap


def state(value: float | None, metric: str = "growth", **said: object) -> Content:
    """Return a realised figure."""
    units = {"growth": "percent/year", "latency": "millisecond", "accounts": "account"}
    return {"metric": metric, "value": value, "unit": units[metric], "status": "realised", **said}


@pytest.mark.parametrize(
    ("requirement", "asked", "unit", "remedy"),
    [
        (GROWTH, 18, "percent/year", "show 'Growth' of more than 18 percent/year"),
        (ALIGNS, 3, "point", "show 'Aligns functions' at point 3"),
        (PLAN, 3, "part", "show 'Plan' with risks and dates, reviewed by cto"),
        ({"fact": "plan"}, None, "part", "show 'Plan'"),
        (
            {"fact": "growth", "between": [10, 20], "unit": "percent/year"},
            None,
            "percent/year",
            "show 'Growth' between 10 and 20 percent/year",
        ),
        (
            {**GROWTH, "sustained": 6},
            18,
            "percent/year",
            "show 'Growth' of more than 18 percent/year, over 6 months",
        ),
    ],
)
def test_what_is_absent_is_asked_for(
    requirement: Content, asked: float | None, unit: str, remedy: str
) -> None:
    """Nothing shown has nothing claimed, and says what to show."""
    gap = find(look(requirement), "absent")
    assert (gap.claimed, gap.asked, gap.unit, gap.shortfall) == (None, asked, unit, None)
    assert (gap.remedy, gap.evidence, gap.nature) == (remedy, (), "absent")


@pytest.mark.parametrize(
    ("requirement", "fact", "remedy"),
    [
        (GROWTH, state(None), "state the value of 'Growth'"),
        (GROWTH, {"metric": "growth"}, "state the value, unit and status of 'Growth'"),
        (GROWTH, state(16, status="projected"), "state the realised figure of 'Growth'"),
        (
            {"fact": "latency", "at_most": 5, "unit": "millisecond"},
            state(7, "latency"),
            "state the baseline of 'Latency'",
        ),
        (
            {"fact": "latency", "at_most": -10, "change": "relative", "unit": "percent"},
            state(7, "latency", baseline=0),
            "state the baseline of 'Latency'",
        ),
        (
            {"fact": "latency", "at_most": -10, "change": "relative", "unit": "percent"},
            state(None, "latency", baseline=9),
            "state the value of 'Latency'",
        ),
        (ALIGNS, {"behaviour": "aligns"}, "state the point of 'Aligns functions'"),
        (PLAN, {"artifact": "plan", "sections": ["risks"]}, "state the reviewers of 'Plan'"),
        (
            {**GROWTH, "provided": [{"fact": "accounts", "at_least": 3, "unit": "account"}]},
            state(20),
            "state the figure of 'Accounts'",
        ),
    ],
)
def test_what_is_unknown_is_asked_for(requirement: Content, fact: Content, remedy: str) -> None:
    """A gap of facts names just the facts that are missing."""
    gap = find(look(requirement, fact), "unmeasured")
    assert (gap.remedy, gap.nature, gap.evidence) == (remedy, "documentation", ("e",))


def test_a_point_that_someone_may_dispute_is_asked_for() -> None:
    """A voice that may have seen the work and gives less leaves the point open."""
    voice = {"relation": "peer", "worked_on_it": None, "point": 1}
    seen = look(ALIGNS, {"behaviour": "aligns", "point": 3}, support=[*BACKED, voice])
    remedy = find(seen, "unmeasured").remedy
    assert remedy == (
        "state the point that everyone who may have seen the work agrees on of 'Aligns functions'"
    )


def test_missing_dates_of_lasting_work_are_asked_for() -> None:
    """Where the work must have lasted, its first and last day are facts."""
    seen = look({**GROWTH, "sustained": 6}, state(20), started=None, ended=None)
    assert find(seen, "unmeasured").remedy == "state when it started and ended"


@pytest.mark.parametrize(
    ("requirement", "fact", "claimed", "asked", "unit", "remedy"),
    [
        (GROWTH, state(16.5), 16.5, 18, "percent/year", "of more than 18 percent/year"),
        (
            {"fact": "growth", "between": [10, 20], "unit": "percent/year"},
            state(23),
            23,
            20,
            "percent/year",
            "between 10 and 20 percent/year",
        ),
        (
            {"fact": "latency", "at_most": -50, "change": "relative", "unit": "percent"},
            state(30, "latency", baseline=40),
            30,
            20,
            "millisecond",
            "changed by at most -50 percent from its baseline",
        ),
    ],
)
def test_a_short_figure_names_the_distance(  # noqa: PLR0917 - a table of cases
    requirement: Content, fact: Content, claimed: float, asked: float, unit: str, remedy: str
) -> None:
    """Shortfall is the way to the nearest figure that is enough, in the metric's own unit."""
    gap = find(look(requirement, fact), "short")
    assert (gap.claimed, gap.asked, gap.unit) == (claimed, asked, unit)
    assert gap.shortfall == abs(asked - claimed)
    assert gap.remedy.endswith(remedy)


def test_a_figure_in_another_unit_is_told_in_the_metrics_own() -> None:
    """Two hundredths of a second against five milliseconds are 15 too many."""
    requirement = {"fact": "latency", "at_most": 5, "unit": "millisecond"}
    fact = state(0.02, "latency", unit="second", baseline=0.03)
    gap = find(look(requirement, fact), "short")
    assert (gap.claimed, gap.asked, gap.shortfall) == (20, 5, 15)


def test_a_low_point_names_the_distance() -> None:
    """Point 2 where 3 is asked is one short."""
    gap = find(look(ALIGNS, {"behaviour": "aligns", "point": 2}), "short")
    assert (gap.claimed, gap.asked, gap.unit, gap.shortfall) == (2, 3, "point", 1)
    assert gap.remedy == "show 'Aligns functions' at point 3; the lowest point given is 2"


def test_missing_parts_are_counted() -> None:
    """One of two sections and no reviewer are one part of three."""
    fact = {"artifact": "plan", "sections": ["risks"], "reviewers": []}
    gap = find(look(PLAN, fact), "short")
    assert (gap.claimed, gap.asked, gap.unit, gap.shortfall) == (1, 3, "part", 2)


@pytest.mark.parametrize(
    ("fact", "remedy"),
    [
        ({"sections": ["risks"], "reviewers": []}, "add dates and have it reviewed by cto"),
        ({"sections": ["risks"]}, "add dates"),
        ({"sections": "none", "reviewers": ["cto"]}, "add risks and dates"),
        ({"reviewers": ["cfo"]}, "have it reviewed by cto"),
    ],
)
def test_only_the_parts_that_are_missing_are_asked_for(fact: Content, remedy: str) -> None:
    """What is there already, or may be there, is not asked for again."""
    gap = find(look(PLAN, {"artifact": "plan", **fact}), "short")
    assert gap.remedy == f"complete 'Plan': {remedy}"


def test_a_short_figure_beside_the_fact_is_the_one_named() -> None:
    """Growth is enough; of the two counts of accounts the nearer one is told, in its own unit."""
    requirement = {**GROWTH, "provided": [{"fact": "accounts", "at_least": 9, "unit": "account"}]}
    facts = state(20), state(3, "accounts"), state(6, "accounts")
    gap = find(look(requirement, *facts), "short")
    assert (gap.claimed, gap.asked, gap.unit, gap.shortfall) == (6, 9, "account", 3)
    assert gap.remedy.startswith("bring 'Accounts' to its figure too: ")


def test_work_that_did_not_last_names_its_months() -> None:
    """Two of six months are four short; a second figure beside it does not matter."""
    side = {"fact": "accounts", "at_least": 3, "unit": "account"}
    requirement = {**GROWTH, "sustained": 6, "provided": [side]}
    facts = state(20), state(5, "accounts")
    gap = find(look(requirement, *facts, started="2026-05-01"), "short")
    assert (gap.claimed, gap.asked, gap.unit) == (2.0, 6.0, "month")
    assert gap.remedy == "keep 'Growth' up for 6 months"


@pytest.mark.parametrize(
    ("said", "nature", "claimed", "remedy"),
    [
        (
            {"ownership": None},
            "documentation",
            None,
            "say what part you had in it: ownership, or share",
        ),
        ({"ownership": "supported"}, "substance", 0.1, "lead such work; here the part was smaller"),
        (
            {"ownership": None, "share": 0.6},
            "substance",
            0.6,
            "lead such work; here the part was smaller",
        ),
    ],
)
def test_ownership_is_said_or_taken(
    said: Content, nature: str, claimed: float | None, remedy: str
) -> None:
    """An unknown part is a missing fact; a small one is missing work."""
    gap = find(look(GROWTH, state(20), **said), "unowned")
    assert (gap.nature, gap.claimed, gap.asked, gap.unit) == (nature, claimed, 1, "share")
    assert gap.remedy == remedy


def test_missing_voices_are_named() -> None:
    """Alone the word counts .3; with a manager and another function 1 - .7 x .6 x .4 = .832."""
    gap = find(look(GROWTH, state(20), support=[]), "uncorroborated")
    assert gap.claimed == pytest.approx(0.3)
    assert gap.asked == pytest.approx(0.832)
    assert gap.remedy == "have it confirmed by the manager and someone of another function"
    gap = find(look(GROWTH, state(20), support=[{"relation": "skip"}]), "uncorroborated")
    assert gap.remedy == "have it confirmed by someone of another function"


def test_old_work_names_its_age() -> None:
    """Two years are a year beyond the grace; without an end the day is a missing fact."""
    gap = find(look(GROWTH, state(20), started=None, ended="2024-06-30"), "stale")
    assert (gap.claimed, gap.asked, gap.unit, gap.nature) == (24.0, 12.0, "month", "substance")
    gap = find(look(GROWTH, state(20), ended=None), "stale")
    assert (gap.claimed, gap.shortfall, gap.nature) == (None, None, "documentation")
    assert gap.remedy == "say when it ended, or that it is in progress"


def test_one_showing_is_counted() -> None:
    """What is asked repeatedly, and shown once, is one achievement of two."""
    gap = find(look(ALIGNS, {"behaviour": "aligns", "point": 3}), "single")
    assert (gap.claimed, gap.asked, gap.unit, gap.shortfall) == (1, 2, "achievement", 1)
    assert gap.remedy == "show 'Aligns functions' at point 3 in a second achievement"


def test_open_item_names_all_that_is_missing() -> None:
    """Part, end, voices and figure of one item bring .832 x 1 together, and nothing one by one."""
    seen = look(
        GROWTH, state(20, status=None), ownership=None, started=None, ended=None, support=None
    )
    (item,) = seen.open_items
    assert item.evidence == "e"
    assert item.missing == (
        "your part in it",
        "when it ended",
        "who confirms it",
        "the status of 'Growth'",
    )
    assert item.gain == pytest.approx(1 - 0.7 * 0.5 * 0.6 * 0.4)
    assert all(gap.gain == 0 for gap in seen.gaps)


def test_known_item_is_not_open() -> None:
    """An item of which everything is known is not listed, whatever it lacks."""
    known = look(GROWTH, state(16), support=[], ownership="supported")
    assert known.open_items == ()


def test_targets_are_told_in_words() -> None:
    """Each direction has its words, and a reference is a figure or the baseline."""
    rubric = look(
        {
            "fact": "growth",
            "within": {"tolerance": 2, "read_as": "absolute", "of": 10},
            "unit": "percent/year",
        }
    )
    assert find(rubric, "absent").remedy == "show 'Growth' within 2 percent/year of 10"
    relative = {
        "fact": "latency",
        "within": {"tolerance": 5, "read_as": "relative", "of": "baseline"},
        "unit": "millisecond",
    }
    assert (
        find(look(relative), "absent").remedy == "show 'Latency' within 5 percent of its baseline"
    )
