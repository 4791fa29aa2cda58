"""Everything that could be closed in a packet: each closure an edit, with what it would take.

A closure is a gap's remedy made concrete. Item by item: say or take the larger part, have it
confirmed, say when it ended or show it anew. Fact by fact: supply what is not known, bring a figure
up. And new items, one a requirement that nothing shows, two where repetition is asked.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from pmpromo.ladder import Metric
from pmpromo.packet import Corroboration, Evidence
from pmpromo.scoring.answers import Case, complete, reach
from pmpromo.scoring.edits import Edit, edit_item
from pmpromo.scoring.gaps import FoundGap
from pmpromo.scoring.plan import GROUP_OF
from pmpromo.scoring.remedies import Desk, describe_gap
from pmpromo.scoring.table import build_table, weigh_support

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from pmpromo.policy import Closure as ClosurePolicy
    from pmpromo.policy import Relation
    from pmpromo.result import GapKind, Nature
    from pmpromo.scoring.answers import Answer
    from pmpromo.scoring.interval import Interval
    from pmpromo.scoring.plan import Asked
    from pmpromo.scoring.table import Item, Row, Table

__all__ = ["Closure", "Yard", "list_closures"]

WANTED_TWICE = 2
"""How many achievements a requirement that asks for repetition is brought to."""


class Closure(NamedTuple):
    """One thing that could be done, as an edit of the packet."""

    id: str
    kind: GapKind
    nature: Nature
    asked: tuple[int, ...]
    """The requirements it was listed for; it may bear on more."""
    remedy: str
    edit: Edit
    place: int | None
    """The item it changes, by its place; none for a new item."""
    after: int | None = None
    """The closure, by its place in the list, without which it makes no sense."""


class Yard(NamedTuple):
    """Where closures are made: the packet as it is read, and what closing means."""

    desk: Desk
    policy: ClosurePolicy

    @property
    def last_day(self) -> date:
        """The day on which closed work ends."""
        return self.desk.as_of - timedelta(days=self.policy.age)


def list_closures(yard: Yard) -> list[Closure]:
    """List everything that could be closed, items first, each once."""
    found: list[Closure] = []
    for place in range(len(yard.desk.packet.evidence)):
        shown = _find_shown(place, yard)
        if shown:
            found += _close_item(place, shown, yard)
            found += _join_same(_close_facts(place, shown, yard))
    for asked in yard.desk.plan.asked:
        found += _add_items(asked, len(found), yard)
    return found


def _find_shown(place: int, yard: Yard) -> list[tuple[Asked, Row]]:
    """Return the requirements that an item shows, each with the row that could count most."""
    shown = []
    for asked, rows in zip(yard.desk.plan.asked, yard.desk.table.rows, strict=True):
        own = [row for row in rows if row.item == place]
        if own:
            shown.append((asked, max(own, key=lambda row: (row.attainment[::-1], repr(row.fact)))))
    return shown


def _close_item(place: int, shown: list[tuple[Asked, Row]], yard: Yard) -> Iterator[Closure]:
    plan, item = yard.desk.plan, yard.desk.table.items[place]
    evidence = yard.desk.packet.evidence[place]
    edits: list[tuple[GapKind, Nature, Edit]] = []
    if item.ownership.low < plan.closed_ownership:
        edit = Edit(item=evidence.id, ownership=yard.policy.ownership)
        edits.append(("unowned", _judge(item.ownership), edit))
    joined = item.support._replace(low=item.support.low | plan.closed_support)
    if item.credibility.low < weigh_support(joined, plan).low:
        edit = Edit(item=evidence.id, support=_list_voices(item, yard))
        edits.append(("uncorroborated", "documentation", edit))
    if item.recency.low < plan.closed_recency:
        last = max(yard.last_day, evidence.started or yard.last_day)
        edits.append(("stale", _judge(item.recency), Edit(item=evidence.id, ended=last)))
    every = tuple(asked.index for asked, _ in shown)
    for kind, nature, edit in edits:
        remedy = _describe(kind, nature, *shown[0], yard)
        yield Closure(f"{kind}:{evidence.id}", kind, nature, every, remedy, edit, place)


def _judge(known: Interval) -> Nature:
    return "documentation" if known.low < known.high else "substance"


def _list_voices(item: Item, yard: Yard) -> tuple[Corroboration, ...]:
    return tuple(
        Corroboration(relation=relation)
        for relation in dict.fromkeys(yard.policy.support)
        if GROUP_OF[relation] & ~item.support.low
    )


def _describe(kind: GapKind, nature: Nature, asked: Asked, row: Row | None, yard: Yard) -> str:
    gap = FoundGap(asked, kind, nature, row, 0.0, 0.0, ())
    return describe_gap(gap, yard.desk).remedy


def _close_facts(place: int, shown: list[tuple[Asked, Row]], yard: Yard) -> Iterator[Closure]:
    for asked, row in shown:
        yield from _close_fact(place, asked, row, yard)


def _close_fact(place: int, asked: Asked, row: Row, yard: Yard) -> Iterator[Closure]:
    """Supply what a fact leaves open; bring up what falls short, then or already."""
    plan, evidence = yard.desk.plan, yard.desk.packet.evidence[place]
    case = Case(asked, evidence, plan, yard.desk.as_of, yard.last_day)
    name = f"{evidence.id}/{_name(asked, yard)}"
    stands = row.attainment.low
    if row.attainment.low < row.attainment.high:
        edit = _answer(complete(row.fact, case), evidence)
        known = stands if edit is None else _measure(edit, case, yard)
        if edit is not None and known > stands:
            remedy = _describe("unmeasured", "documentation", asked, row, yard)
            yield Closure(
                f"unmeasured:{name}",
                "unmeasured",
                "documentation",
                (asked.index,),
                remedy,
                edit,
                place,
            )
            stands = known
    if stands < plan.closed_attainment:
        edit = _answer(reach(row.fact, case), evidence)
        if edit is not None and _measure(edit, case, yard) > stands:
            remedy = _describe_short(asked, row, yard)
            yield Closure(
                f"short:{name}", "short", "substance", (asked.index,), remedy, edit, place
            )


def _name(asked: Asked, yard: Yard) -> str:
    criterion = yard.desk.plan.criteria[asked.criterion].criterion
    return f"{criterion.id}/{asked.requirement.name}"


def _answer(answer: Answer | None, item: Evidence) -> Edit | None:
    return None if answer is None else Edit(item=item.id, **answer._asdict())


def _measure(edit: Edit, case: Case, yard: Yard) -> float:
    """Return what the requirement attains on the item with the edit made."""
    rows = read_item(case.item, [edit], yard).rows[case.asked.index]
    return max(row.attainment.low for row in rows)


def read_item(item: Evidence, edits: Sequence[Edit], yard: Yard) -> Table:
    """Read one item with edits made into columns, as a packet of its own."""
    desk = yard.desk
    alone = desk.packet.model_copy(update={"evidence": (edit_item(item, edits),)})
    return build_table(alone, desk.plan, desk.as_of)


def _describe_short(asked: Asked, row: Row, yard: Yard) -> str:
    if row.attainment.high < yard.desk.plan.closed_attainment:
        return _describe("short", "substance", asked, row, yard)
    verb = "bring" if isinstance(asked.fact, Metric) else "show"
    to = "to a figure " if isinstance(asked.fact, Metric) else ""
    return f"{verb} '{asked.fact.name}' {to}{asked.told}".rstrip()


def _join_same(closures: Iterator[Closure]) -> list[Closure]:
    """Make one closure of those that change an item in the same way."""
    found: dict[str, Closure] = {}
    for closure in closures:
        key = f"{closure.nature}{closure.edit!r}"
        same = found.get(key)
        asked = closure.asked if same is None else (*same.asked, *closure.asked)
        found[key] = (same or closure)._replace(asked=asked)
    return list(found.values())


def _add_items(asked: Asked, at: int, yard: Yard) -> Iterator[Closure]:
    """Add one item where nothing is shown, and a second where repetition is asked."""
    shown = len({row.achievement for row in yard.desk.table.rows[asked.index]})
    wanted = WANTED_TWICE if asked.requirement.repeats else 1
    for count in range(shown, wanted):
        item = _make_item(asked, count, yard)
        if item is None:
            return
        kind: GapKind = "single" if count else "absent"
        again = " in a second achievement" if count else ""
        remedy = f"show '{asked.fact.name}' {asked.told}".rstrip() + again
        yield Closure(
            f"{kind}:{_name(asked, yard)}",
            kind,
            "substance" if count else "absent",
            (asked.index,),
            remedy,
            Edit(item=item.id, new=item),
            None,
            at if count > shown else None,
        )


def _make_item(asked: Asked, count: int, yard: Yard) -> Evidence | None:
    bare = Evidence(id="new", title="New")
    answer = reach(None, Case(asked, bare, yard.desk.plan, yard.desk.as_of, yard.last_day))
    if answer is None:
        return None
    used = {item.id.casefold() for item in yard.desk.packet.evidence}
    used |= {item.achievement_key.casefold() for item in yard.desk.packet.evidence}
    name = f"next-{asked.index + 1}" + ("-again" if count else "")
    while name in used:
        name += "-new"
    voices: tuple[Relation, ...] = tuple(dict.fromkeys(yard.policy.support))
    return Evidence(
        id=name,
        title=f"To be shown: {asked.fact.name}",
        ownership=yard.policy.ownership,
        started=answer.started,
        ended=yard.last_day,
        facts=answer.facts,
        support=tuple(Corroboration(relation=voice) for voice in voices),
    )
