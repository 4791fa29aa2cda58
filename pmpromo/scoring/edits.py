"""Closures as edits of a packet: what is added to it, and the packet with it.

Nothing stated is taken away: a figure that is raised stands beside the one stated before, as the
figure of a later period would. So an edit never lowers a score, and edits do not disturb each
other.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pydantic import Field

from pmpromo.packet import BehaviourFact, Corroboration, Evidence, Fact, Packet
from pmpromo.policy import Ownership
from pmpromo.words import Day, Flag, Identifier, Noun, Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

__all__ = ["Edit", "Lift", "apply_edits", "edit_item"]


class Lift(Noun):
    """Voices that gave a behaviour a lower point, brought to this point."""

    behaviour: Identifier = Field(description="The behaviour.")
    point: Point = Field(description="The point they then give at least.")
    unseen_only: Flag = Field(
        default=False, description="Only voices of which nobody knows whether they saw the work."
    )


class Edit(Noun):
    """What is added to one item of a packet, or an item that is added to it.

    >>> Edit(item="launch", ownership="led").facts
    ()
    """

    item: Identifier = Field(description="The item, or the id of a new one.")
    new: Evidence | None = Field(default=None, description="The new item itself.")
    ownership: Ownership | None = Field(default=None, description="The part then stated.")
    support: tuple[Corroboration, ...] = Field(default=(), description="Voices added.")
    started: Day | None = Field(default=None, description="Its first day, if none is earlier.")
    ended: Day | None = Field(default=None, description="Its last day, if none is later.")
    facts: tuple[Fact, ...] = Field(default=(), description="Facts added.")
    lifts: tuple[Lift, ...] = Field(default=(), description="Points brought up.")


def apply_edits(packet: Packet, edits: Iterable[Edit], as_of: date | None = None) -> Packet:
    """Return the packet with the edits made; its file is forgotten, for it says more than that.

    With `as_of` it speaks of that day: closed work may have ended on it.

    >>> packet = Packet(id="p", evidence=(Evidence(id="launch", title="Launched it"),))
    >>> apply_edits(packet, [Edit(item="launch", ownership="led")]).evidence[0].ownership
    'led'
    """
    of_item: defaultdict[str, list[Edit]] = defaultdict(list)
    for edit in edits:
        of_item[edit.item].append(edit)
    kept = [
        edit_item(item, of_item[item.id]) if item.id in of_item else item
        for item in packet.evidence
    ]
    added = [edit.new for found in of_item.values() for edit in found if edit.new is not None]
    fields = {name: getattr(packet, name) for name in Packet.model_fields}
    fields |= {"evidence": (*kept, *added), "as_of": as_of or packet.as_of}
    return Packet.model_validate(fields)


def edit_item(item: Evidence, edits: Sequence[Edit]) -> Evidence:
    """Return one item with edits made, in whatever order they come."""
    changes: dict[str, object] = {
        "facts": (*item.facts, *(fact for edit in edits for fact in edit.facts)),
        **_edit_dates(item, edits),
        **_edit_support(item, edits),
    }
    for edit in edits:
        if edit.ownership is not None:
            changes |= {"ownership": edit.ownership, "share": None, "share_status": None}
    return item.model_copy(update=changes)


def _edit_dates(item: Evidence, edits: Sequence[Edit]) -> Mapping[str, date]:
    changes = {}
    starts = [edit.started for edit in edits if edit.started is not None]
    if starts:
        changes["started"] = min([*starts, *([item.started] if item.started else [])])
    ends = [edit.ended for edit in edits if edit.ended is not None]
    if ends:
        changes["ended"] = max([*ends, *([item.ended] if item.ended else [])])
    return changes


def _edit_support(item: Evidence, edits: Sequence[Edit]) -> Mapping[str, object]:
    lifts = [lift for edit in edits for lift in edit.lifts]
    added = [voice for edit in edits for voice in edit.support]
    if not lifts and not added:
        return {}
    voices = list(item.support or ())
    shown = tuple(fact.behaviour for fact in item.facts if isinstance(fact, BehaviourFact))
    for lift in lifts:
        voices = [each for voice in voices for each in _lift_voice(voice, lift, shown)]
    support = (*voices, *dict.fromkeys(added)) if added else tuple(voices)
    return {"support": support, "support_complete": item.support_is_closed}


def _lift_voice(voice: Corroboration, lift: Lift, shown: Sequence[str]) -> Iterator[Corroboration]:
    """Bring a voice to the point for one behaviour; of others it says what it said."""
    if not _holds_down(voice, lift):
        yield voice
    elif voice.fact is not None:
        yield voice.model_copy(update={"point": lift.point})
    else:
        yield voice.model_copy(update={"point": None})
        for name in dict.fromkeys(shown):
            if name != lift.behaviour:
                yield voice.model_copy(update={"fact": name})


def _holds_down(voice: Corroboration, lift: Lift) -> bool:
    return (
        voice.point is not None
        and voice.point < lift.point
        and voice.fact in {None, lift.behaviour}
        and voice.worked_on_it is not False
        and not (lift.unseen_only and voice.worked_on_it)
    )
