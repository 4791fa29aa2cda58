"""Single facts that turn the verdict: missing ones, if it is not met, and stated ones, if it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmpromo.advice.swing import Flip
from pmpromo.scoring.closures import list_closures
from pmpromo.scoring.effects import measure_effects
from pmpromo.scoring.kernel import score_table
from pmpromo.scoring.table import build_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.advice.subject import Subject
    from pmpromo.packet import Corroboration, Evidence

__all__ = ["find_flips"]


def find_flips(subject: Subject) -> list[Flip]:
    """Find every single fact that turns the verdict, those that move the total most first."""
    found = _remove_each(subject) if subject.seen.met else _supply_each(subject)
    bar, met = subject.seen.bar, subject.seen.met
    turned = [flip for flip in found if (flip.total >= bar) != met]
    return sorted(turned, key=lambda flip: -abs(flip.total - subject.seen.proven))


def _supply_each(subject: Subject) -> Iterator[Flip]:
    closures = list_closures(subject.yard)
    effects = measure_effects(closures, subject.yard)
    for at, closure in enumerate(closures):
        evidence = "" if closure.place is None else closure.edit.item
        yield Flip("supplied", closure.remedy, evidence, effects.score(1 << at))


def _remove_each(subject: Subject) -> Iterator[Flip]:
    for place, item in enumerate(subject.packet.evidence):
        yield Flip("removed", "the whole item", item.id, _score(place, (), subject))
        for what, left in _list_less(item):
            yield Flip("removed", what, item.id, _score(place, (left,), subject))


def _list_less(item: Evidence) -> Iterator[tuple[str, Evidence]]:
    """Give an item without each of its facts and voices, as if nobody had stated it."""
    for at, fact in enumerate(item.facts):
        facts = item.facts[:at] + item.facts[at + 1 :]
        yield f"the fact {fact.fact}", item.model_copy(update={"facts": facts})
    voices = item.support or ()
    for at, voice in enumerate(voices):
        left = voices[:at] + voices[at + 1 :]
        yield _name_voice(voice), item.model_copy(update={"support": left})


def _name_voice(voice: Corroboration) -> str:
    by = f" {voice.by}" if voice.by else ""
    return f"the voice of {voice.relation.replace('_', ' ')}{by}"


def _score(place: int, left: tuple[Evidence, ...], subject: Subject) -> float:
    evidence = subject.packet.evidence
    changed = (*evidence[:place], *left, *evidence[place + 1 :])
    packet = subject.packet.model_copy(update={"evidence": changed})
    table = build_table(packet, subject.plan, subject.seen.as_of)
    return score_table(table, subject.plan).total.low
