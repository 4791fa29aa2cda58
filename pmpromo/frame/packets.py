"""Packets as nouns again, from the columns of a frame: for the gaps of those that are asked for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from pmpromo.frame.cells import OWNERSHIPS, STATUSES
from pmpromo.ladder import Artifact, Behaviour
from pmpromo.packet import ArtifactFact, BehaviourFact, Evidence, Measurement, Packet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmpromo.frame.arranging import Arranged
    from pmpromo.packet import StatedFact
    from pmpromo.scoring.columns import Facts, Items, Words
    from pmpromo.scoring.plan import Plan

__all__ = ["make_packet"]

Value = TypeVar("Value")


def make_packet(arranged: Arranged, place: int, plan: Plan) -> Packet:
    """Return the packet at a place of the columns; titles are the ids of the items."""
    columns = arranged.columns
    ends = np.searchsorted(columns.items.packet, [place, place + 1]).tolist()
    evidence = tuple(_make_item(arranged, item, plan) for item in range(*ends))
    return Packet(
        id=arranged.ids[place],
        as_of=_read_day(columns.packets.as_of[place]),
        evidence=evidence,
        declared_none=_get(columns.words.declared, columns.packets.declared[place]) or (),
    )


def _make_item(arranged: Arranged, place: int, plan: Plan) -> Evidence:
    items, words = arranged.columns.items, arranged.columns.words
    facts = arranged.columns.facts
    ends = np.searchsorted(facts.item, [place, place + 1]).tolist()
    name = arranged.evidence_ids[arranged.evidence[place]]
    return Evidence(
        id=name,
        title=name,
        achievement=_get(arranged.achievements, arranged.achievement[place]),
        **_read_part(items, place),
        started=_read_day(items.started[place]),
        ended=_read_day(items.ended[place]),
        in_progress=bool(items.in_progress[place]),
        facts=tuple(_make_fact(facts, fact, words, plan) for fact in range(*ends)),
        support=_get(words.supports, items.support[place]),
        support_complete=bool(items.complete[place]),
    )


def _read_part(items: Items, place: int) -> dict[str, Any]:
    return {
        "ownership": _get(OWNERSHIPS, items.ownership[place]),
        "share": _read_figure(items.share[place]),
    }


def _make_fact(facts: Facts, place: int, words: Words, plan: Plan) -> StatedFact:
    name = words.facts[facts.fact[place]]
    known = plan.facts[name]
    if isinstance(known, Behaviour):
        point = int(facts.point[place])
        return BehaviourFact(behaviour=name, point=None if point < 0 else point)
    if isinstance(known, Artifact):
        return ArtifactFact(
            artifact=name,
            sections=_get(words.sections, facts.sections[place]),
            reviewers=_get(words.reviewers, facts.reviewers[place]),
            uri=_get(words.uris, facts.uri[place]),
        )
    return Measurement(
        metric=name,
        value=_read_figure(facts.value[place]),
        baseline=_read_figure(facts.baseline[place]),
        unit=_get(words.units, facts.unit[place]),
        status=_get(STATUSES, facts.status[place]),
        period=_get(words.periods, facts.period[place]),
    )


def _get(values: Sequence[Value], code: int) -> Any:  # noqa: ANN401 - what the table holds
    return None if code < 0 else values[code]


def _read_figure(figure: float) -> float | None:
    return None if np.isnan(figure) else float(figure)


def _read_day(day: int) -> date | None:
    return date.fromordinal(int(day)) if day else None
