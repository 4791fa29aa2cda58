"""What it takes to reach the bar under the shipped evidence policy, as two tables.

``pages.py`` writes them into ``docs/explanation/what-it-takes.md``; ``test_docs.py`` holds them
there. Each line is a packet that the library scores: no figure is typed by hand.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from showings import AS_OF, list_facts

from pmpromo import assess, load_rubric, parse_packet, parse_rubric
from pmpromo.scoring.plan import DAYS_A_MONTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmpromo import Assessment, Criterion, Rubric

RUBRIC: Final = "pure-storage-pm/l3-l4"
MANAGER: Final = "manager"
FUNCTION: Final = "cross_functional"

Facts = list[dict[str, Any]]


class Case(NamedTuple):
    """A packet in few words: so many equal items, each its own achievement, all support listed."""

    told: str
    items: int = 1
    support: tuple[str, ...] = (MANAGER, FUNCTION)
    ownership: str = "led"
    months: int = 0
    """Months since the work ended."""
    point: int = 3
    disputed: bool = False


ONE_CRITERION: Final = (
    Case("one item, led, manager and another function behind it"),
    Case("two such items", items=2),
    Case("three such items", items=3),
    Case("one item: own word only", support=()),
    Case("one item: a peer", support=("peer",)),
    Case("one item: manager", support=(MANAGER,)),
    Case("one item: manager and skip-level manager (one line)", support=(MANAGER, "skip")),
    Case("one item: another function", support=(FUNCTION,)),
    Case("one item: manager and peer", support=(MANAGER, "peer")),
    Case("one item: manager and artifact", support=(MANAGER, "artifact")),
    Case("one item: another function and artifact", support=(FUNCTION, "artifact")),
    Case(
        "one item: manager, another function and artifact", support=(MANAGER, FUNCTION, "artifact")
    ),
    Case("two items: manager only", items=2, support=(MANAGER,)),
    Case("three items: manager only", items=3, support=(MANAGER,)),
    Case("six items: own word only", items=6, support=()),
    Case("twenty items: helped, own word only", items=20, support=(), ownership="supported"),
    Case("one item, ended 12 months ago", months=12),
    Case("one item, ended 18 months ago", months=18),
    Case("one item, ended 30 months ago", months=30),
    Case("two items, ended 18 months ago", items=2, months=18),
    Case("two items, ended 30 months ago", items=2, months=30),
    Case("one item, led with others", ownership="co_led"),
    Case("two items, led with others", items=2, ownership="co_led"),
    Case("one item, a part in it", ownership="contributed"),
    Case("four items, a part in each", items=4, ownership="contributed"),
    Case("one item at point 2 of 3", point=2),
    Case("two items at point 2 of 3", items=2, point=2),
    Case("one item, disputed by someone who saw it", disputed=True),
    Case("two items, both disputed", items=2, disputed=True),
)
"""What is shown for one requirement; the first case is the flagship item."""


class Whole(NamedTuple):
    """What a packet shows of a whole rubric."""

    case: Case
    fewest: bool = False
    """Only as many requirements of each criterion as it counts."""
    leave_out: str = ""


WHOLE_RUBRIC: Final = (
    Whole(Case("everything asked, in one item")),
    Whole(Case("everything asked, in two items", items=2)),
    Whole(Case("everything asked, in three items", items=3)),
    Whole(Case("the fewest requirements that can count, in one item"), fewest=True),
    Whole(Case("the fewest requirements that can count, in two items", items=2), fewest=True),
    Whole(Case("everything in two items, own word only", items=2, support=())),
    Whole(Case("everything in two items, manager only", items=2, support=(MANAGER,))),
    Whole(Case("everything in two items, another function only", items=2, support=(FUNCTION,))),
    Whole(Case("everything in six items, own word only", items=6, support=())),
    Whole(Case("everything in two items, ended 18 months ago", items=2, months=18)),
    Whole(Case("everything in two items, ended 30 months ago", items=2, months=30)),
    Whole(Case("everything in two items, led with others", items=2, ownership="co_led")),
    Whole(Case("everything in two items, a part in each", items=2, ownership="contributed")),
    *(
        Whole(Case(f"everything in two items, but nothing for `{name}`", items=2), leave_out=name)
        for name in ("business_result", "cross_functional", "technical_judgement", "new_ground")
    ),
)


def write_one_criterion() -> str:
    """Write the table for one requirement, shown once or repeatedly."""
    rubric = _make_small_rubric()
    lines = ["| what is shown | asked once | asked repeatedly |", "|---|---|---|"]
    for case in ONE_CRITERION:
        facts: Facts = [{"behaviour": "act", "point": case.point}]
        seen = _assess(case, rubric, [facts] * case.items)
        once, often = (_mark(score.proven, score.bar) for score in seen.criteria)
        lines.append(f"| {case.told} | {once} | {often} |")
    return _join(lines)


def write_whole_rubric() -> str:
    """Write the table for all of one shipped rubric."""
    rubric = load_rubric(RUBRIC)
    lines = ["| what is shown | proven | criteria met | held down by |", "|---|---|---|---|"]
    for shown in WHOLE_RUBRIC:
        criteria = [
            _choose(each, rubric, shown) for each in rubric.criteria if each.id != shown.leave_out
        ]
        rounds = [list_facts(rubric, criteria, turn) for turn in range(shown.case.items)]
        seen = _assess(shown.case, rubric, rounds)
        met = sum(score.status == "met" for score in seen.criteria)
        held = ", ".join(f"`{name}`" for name in seen.held_down_by)
        total = _mark(seen.proven, seen.bar)
        lines.append(f"| {shown.case.told} | {total} | {met} of {len(seen.criteria)} | {held} |")
    return _join(lines)


def _make_small_rubric() -> Rubric:
    policy = load_rubric(RUBRIC).evidence.model_dump(mode="json")
    asked = {"fact": "act", "point": 3}
    criteria = [
        {"id": often, "name": often, "weight": 1, "requirements": [{**asked, "asked": often}]}
        for often in ("once", "repeatedly")
    ]
    levels = {"current_level": "L3", "target_level": "L4"}
    return parse_rubric(
        {"id": "small", "name": "Small", **levels, "criteria": criteria, "evidence": policy}
    )


def _choose(criterion: Criterion, rubric: Rubric, shown: Whole) -> Criterion:
    """Keep what counts of a criterion: the first few that it scores, where it has a `best`."""
    if not shown.fewest or criterion.best is None:
        return criterion
    scored = [each for each in criterion.requirements if rubric.scores(each)]
    return criterion.model_copy(update={"requirements": tuple(scored[: criterion.best])})


def _assess(case: Case, rubric: Rubric, rounds: Sequence[Facts]) -> Assessment:
    items = [_make_item(case, turn, facts) for turn, facts in enumerate(rounds)]
    return assess(parse_packet({"id": "p", "evidence": items}), rubric, as_of=AS_OF)


def _make_item(case: Case, turn: int, facts: Facts) -> dict[str, Any]:
    voices: list[dict[str, Any]] = [{"relation": relation} for relation in case.support]
    if case.disputed:
        voices.append({"relation": "peer", "agrees": False})
    ended = AS_OF - timedelta(days=round(case.months * DAYS_A_MONTH))
    return {
        "id": f"i{turn}",
        "title": f"Item {turn}",
        "ownership": case.ownership,
        "started": (ended - timedelta(days=400)).isoformat(),
        "ended": ended.isoformat(),
        "support": voices,
        "facts": facts,
    }


def _mark(score: float, bar: float) -> str:
    return f"**{score:.3f}** ✓" if score >= bar else f"{score:.3f}"


def _join(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
