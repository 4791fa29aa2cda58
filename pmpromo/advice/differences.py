"""What two packets say differently, item by item, and what each difference does to the total."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pmpromo.scoring.kernel import score_table
from pmpromo.scoring.table import build_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pmpromo.advice.subject import Subject
    from pmpromo.packet import Evidence

__all__ = ["Difference", "find_differences", "score_mixture"]

_SCORED: Final = (
    "achievement",
    "ownership",
    "share",
    "started",
    "ended",
    "in_progress",
    "facts",
    "support",
    "support_complete",
)
"""What of an item can move a score; the rest is words."""

_WORDS: Final = {"title", "note", "counterfactual", "text", "dated", "pages", "level", "role"}


class Difference(NamedTuple):
    """One thing that is different: an item, or the day from which ages are counted."""

    kind: Literal["added", "removed", "changed", "time"]
    item: str
    what: str


def find_differences(one: Subject, other: Subject) -> list[Difference]:
    """Find what is different between two subjects, in the order of their items."""
    before = {item.id: item for item in one.packet.evidence}
    after = {item.id: item for item in other.packet.evidence}
    found = [
        _compare_items(name, before.get(name), after.get(name)) for name in {**before, **after}
    ]
    days = (one.seen.as_of, other.seen.as_of)
    if days[0] != days[1]:
        what = f"ages are counted from {days[1].isoformat()} instead of {days[0].isoformat()}"
        found.append(Difference("time", "", what))
    return [difference for difference in found if difference is not None]


def _compare_items(name: str, one: Evidence | None, other: Evidence | None) -> Difference | None:
    if one is None:
        return Difference("added", name, "a new item")
    if other is None:
        return Difference("removed", name, "no longer there")
    changed = [key for key in _SCORED if _read(one, key) != _read(other, key)]
    if not changed:
        return None
    return Difference("changed", name, ", ".join(key.replace("_", " ") for key in changed))


def _read(item: Evidence, key: str) -> object:
    value = getattr(item, key)
    if key in {"facts", "support"} and value is not None:
        return sorted(repr(each.model_dump(exclude=_WORDS)) for each in value)
    return value


def score_mixture(mask: int, found: list[Difference], one: Subject, other: Subject) -> float:
    """Return the proven total of the first packet with some of its differences made.

    Work of the second packet that ended later than the first one's day counts as ended on it.
    """
    made = {difference for at, difference in enumerate(found) if mask >> at & 1}
    is_later = any(difference.kind == "time" for difference in made)
    as_of = other.seen.as_of if is_later else one.seen.as_of
    taken = {difference.item for difference in made if difference.kind != "time"}
    evidence = tuple(_mix(taken, one, other, as_of))
    packet = one.packet.model_copy(update={"evidence": evidence})
    return score_table(build_table(packet, one.plan, as_of), one.plan).total.low


def _mix(taken: set[str], one: Subject, other: Subject, as_of: date) -> Iterator[Evidence]:
    for item in one.packet.evidence:
        if item.id not in taken:
            yield _clip(item, as_of)
    for item in other.packet.evidence:
        if item.id in taken:
            yield _clip(item, as_of)


def _clip(item: Evidence, as_of: date) -> Evidence:
    """Take dates that lie after a day as that day."""
    late = {
        key: as_of
        for key in ("started", "ended")
        if (day := getattr(item, key)) is not None and day > as_of
    }
    return item.model_copy(update=late) if late and not item.in_progress else item
