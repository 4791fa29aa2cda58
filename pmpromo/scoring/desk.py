"""Everything that scoring the chunks of a cycle looks up, laid out once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pmpromo.scoring.attainments import FactTables, fill_fact_tables, find_kin, reach_shown
from pmpromo.scoring.figures import find_misfits, scale_figures
from pmpromo.scoring.showings import Showings, list_showings
from pmpromo.scoring.totals import Family, list_families
from pmpromo.scoring.weights import ItemTables, fill_item_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pmpromo.result import CriterionStatus
    from pmpromo.scoring.columns import Bools, Columns, Floats, Ints
    from pmpromo.scoring.plan import Goal, Plan

__all__ = ["STATUSES", "BatchScores", "Desk", "Layer", "Span", "cut_spans", "enter", "lay_out"]

STATUSES: Final[tuple[CriterionStatus, ...]] = (
    "met",
    "documentation_gap",
    "substance_gap",
    "no_evidence",
)
"""How a criterion can stand, in the order of the codes."""

CHUNK_FACTS: Final = 1 << 16
"""About how many facts are scored at a time: their columns stay in the processor's cache."""


class BatchScores(NamedTuple):
    """Scores of p packets on c criteria, both ends, the worst first.

    `criteria` (2, c, p), `total` (2, p), and `status` (c, p) as codes of `STATUSES`.
    """

    criteria: Floats
    total: Floats
    status: Ints


class Layer(NamedTuple):
    """One requirement for each showing, -1 for none, with what the showing reaches, (2, s).

    Showings that are asked for several times stand in several layers. `kin` are those
    whose attainment hangs on more than the showing: goals that stand for all that are worked out
    alike, and places of single requirements. `kin_of` (s,) tells whose a showing is, `unknown` (s,)
    is NaN where a figure does not count, else 0.
    """

    asked: Ints
    reached: Floats
    caps: Floats | None
    kin: tuple[Goal | int, ...]
    kin_of: Ints
    unknown: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """Everything that scoring a chunk looks up."""

    columns: Columns
    plan: Plan
    showings: Showings
    figures: tuple[Floats, Floats]
    item_tables: ItemTables
    fact_tables: tuple[FactTables, ...]
    layers: tuple[Layer, ...]
    keys: int
    names: Mapping[str, int]
    period_keys: Ints
    declared: Bools
    families: tuple[Family, ...]
    bars: Floats
    targets: Floats


def lay_out(columns: Columns, plan: Plan) -> Desk:
    """Lay out what the chunks of these columns look up."""
    words = columns.words
    tuple(find_misfits(columns, plan))  # makes units ready; their faults were found before
    showings = list_showings(columns, plan)
    folded: dict[str, int] = {}
    periods = [folded.setdefault(name.casefold(), len(folded)) for name in words.periods]
    fact_tables = tuple(fill_fact_tables(asked, words) for asked in plan.asked)
    return Desk(
        columns,
        plan,
        showings,
        scale_figures(columns, plan),
        fill_item_tables(words, plan),
        fact_tables,
        tuple(_stack(showings, plan, fact_tables, words.facts)),
        int(columns.items.key.max(initial=-1)) + 1,
        {name: code for code, name in enumerate(words.facts)},
        np.array([*periods, -1]),
        np.array([_declare(names, plan) for names in (*words.declared, ())], dtype=bool),
        tuple(list_families(plan)),
        np.array([[each.bar] for each in plan.criteria]),
        np.array([np.nan if each.goal is None else each.goal.low for each in plan.asked]),
    )


def _stack(
    showings: Showings, plan: Plan, tables: Sequence[FactTables], names: Sequence[str]
) -> Iterator[Layer]:
    """Give layers until every showing has met every requirement that asks for its fact."""
    wanted = [plan.asked_of.get(name, ()) for name in names]
    for depth in range(max(map(len, wanted), default=0)):
        here = [asked[depth] for asked in wanted if depth < len(asked)]
        asked_of = np.full(len(showings.fact), -1, dtype=np.int32)
        reached, caps = np.zeros((2, len(asked_of))), np.ones(len(asked_of))
        unknown, kin_of = np.zeros(len(asked_of)), np.full(len(asked_of), -1, dtype=np.int16)
        kin: dict[Goal | int, int] = {}
        for asked in here:
            chosen = np.flatnonzero(showings.fact == names.index(asked.fact.id))
            asked_of[chosen], caps[chosen] = asked.index, asked.cap
            ends = reach_shown(asked, showings, tables[asked.index], chosen)
            if ends is not None:
                reached[:, chosen] = ends
                continue
            counts = showings.measured & tables[asked.index].accepted[showings.status]
            unknown[chosen] = np.where(counts[chosen], 0.0, np.nan)
            kin_of[chosen] = kin.setdefault(find_kin(asked) or asked.index, len(kin))
        some = None if (caps == 1).all() else caps
        yield Layer(asked_of, reached, some, tuple(kin), kin_of, unknown)


def _declare(names: Sequence[str], plan: Plan) -> list[bool]:
    """Tell of which criteria these names say that there is nothing to show."""
    said = {*names}
    return [
        each.criterion.id in said or {plan.asked[place].fact.id for place in each.asked} <= said
        for each in plan.criteria
    ]


class Span(NamedTuple):
    """A chunk: where its packets, items and facts stand."""

    packets: slice
    items: slice
    facts: slice


def cut_spans(columns: Columns) -> Iterator[Span]:
    """Cut packets into chunks; a packet is never cut."""
    count = len(columns.packets.as_of)
    items = np.searchsorted(columns.items.packet, np.arange(count + 1))
    facts = np.searchsorted(columns.facts.item, items)
    start = 0
    while start < count:
        stop = int(np.searchsorted(facts, facts[start] + CHUNK_FACTS, side="right")) - 1
        stop = min(count, start + CHUNK_FACTS, max(start + 1, stop))
        ends = ((start, stop), items[[start, stop]].tolist(), facts[[start, stop]].tolist())
        yield Span(*(slice(*each) for each in ends))
        start = stop


def enter(desk: Desk, span: Span, part: BatchScores, scores: BatchScores) -> None:
    """Enter the scores of a chunk; what has nothing, and says so, is short of substance."""
    at = span.packets
    declared = desk.declared[desk.columns.packets.declared[at]].T
    nothing = (part.status == len(STATUSES) - 1) & declared
    scores.criteria[:, :, at], scores.total[:, at] = part.criteria, part.total
    scores.status[:, at] = part.status - nothing
