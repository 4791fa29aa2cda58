"""A record computed again: each assessment by its recorded rubric and model, byte against byte.

How an assessment is computed stands above this room, so that no audit can enter a score. It is
given as a function.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pmpromo.audit.nouns import Assessed, Material
from pmpromo.digest import write_canonical
from pmpromo.errors import PmpromoError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pmpromo.audit.record import Record

__all__ = ["Recorded", "Replay", "Replayed", "find_differences", "replay"]

MOST_DIFFERENCES: Final = 20
"""Differences of one assessment that are named."""

SHOWN: Final = 20
"""Assessments that a report names."""


class Recorded(NamedTuple):
    """What an assessment was computed from, and what came out, each as plain JSON values."""

    packet: Mapping[str, Any]
    rubric: Mapping[str, Any]
    model: Mapping[str, Any] | None
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Replayed:
    """One assessment computed again: the same bytes, or what differs."""

    seq: int
    differences: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether the same bytes came out."""
        return not self.differences


@dataclass(frozen=True, slots=True)
class Replay:
    """What came out when a record was computed again.

    >>> print(Replay((Replayed(2, ()), Replayed(5, ("proven: recorded 0.5, now 0.6",))), erased=1))
    2 assessments computed again: 1 the same, 1 different. 1 erased: nobody can compute it again.
    entry 5: proven: recorded 0.5, now 0.6
    """

    assessments: tuple[Replayed, ...]
    erased: int = 0

    @property
    def is_same(self) -> bool:
        """Whether every assessment gave the same bytes."""
        return all(each.is_same for each in self.assessments)

    def __str__(self) -> str:
        """Return a report: how many are the same, and what differs in the others."""
        other = [each for each in self.assessments if not each.is_same]
        total = len(self.assessments)
        told = f"{total} assessment{'s' * (total != 1)} computed again:"
        told += f" {total - len(other)} the same, {len(other)} different."
        if self.erased:
            told += f" {self.erased} erased: nobody can compute it again."
        lines = [
            f"entry {each.seq}: {difference}"
            for each in other[:SHOWN]
            for difference in each.differences
        ]
        more = [f"and {len(other) - SHOWN} more"] if len(other) > SHOWN else []
        return "\n".join([told, *lines, *more])


def replay(record: Record, recompute: Callable[[Recorded], Mapping[str, Any]]) -> Replay:
    """Compute each assessment of a record again and compare canonical JSON.

    `recompute` gives the assessment of what was recorded as plain JSON values; an error of ours
    that it raises is a difference.
    """
    materials: dict[str, Mapping[str, Any]] = {}
    replayed, erased = [], 0
    for entry in record.entries():
        erased += entry.kind == "assessment" and entry.is_erased
        noun = entry.noun
        if isinstance(noun, Material):
            materials[noun.digest] = noun.content
        if isinstance(noun, Assessed):
            differences = _replay_one(noun, materials, recompute)
            replayed.append(Replayed(entry.seq, tuple(differences)))
    return Replay(tuple(replayed), erased)


def _replay_one(
    noun: Assessed,
    materials: Mapping[str, Mapping[str, Any]],
    recompute: Callable[[Recorded], Mapping[str, Any]],
) -> list[str]:
    asked = {"rubric": noun.rubric, "model": noun.model}
    missing = [name for name, digest in asked.items() if digest and digest not in materials]
    if missing:
        return [f"its {' and '.join(missing)} is not in the record before it"]
    model = None if noun.model is None else materials[noun.model]
    try:
        found = recompute(Recorded(noun.packet, materials[noun.rubric], model, noun.result))
    except PmpromoError as error:
        return [f"cannot be computed again: {error.problems[0]}"]
    return list(islice(find_differences(noun.result, found), MOST_DIFFERENCES))


def find_differences(recorded: object, found: object, path: str = "") -> Iterator[str]:
    """Yield the places at which two JSON values differ; numbers are shown, texts are not.

    >>> list(find_differences({"a": [1, 2.0], "b": "x"}, {"a": [1, 2.5], "c": "y"}))
    ['a[1]: recorded 2.0, now 2.5', 'b: is gone', 'c: is new']
    """
    if isinstance(recorded, dict) and isinstance(found, dict):
        for key in sorted({*recorded, *found}):
            yield from _compare_parts(recorded, found, key, f"{path}.{key}" if path else key)
    elif isinstance(recorded, list) and isinstance(found, list):
        before, after = dict(enumerate(recorded)), dict(enumerate(found))
        for place in sorted(before.keys() | after.keys()):
            yield from _compare_parts(before, after, place, f"{path}[{place}]")
    elif write_canonical(recorded) != write_canonical(found):
        yield f"{path}: {_tell(recorded, found)}"


def _compare_parts(
    recorded: Mapping[Any, Any], found: Mapping[Any, Any], key: object, path: str
) -> Iterator[str]:
    if key not in found:
        yield f"{path}: is gone"
    elif key not in recorded:
        yield f"{path}: is new"
    else:
        yield from find_differences(recorded[key], found[key], path)


def _tell(recorded: object, found: object) -> str:
    """Show numbers and truth values; texts may be about a person."""
    if all(isinstance(value, int | float | None) for value in (recorded, found)):
        return f"recorded {recorded}, now {found}"
    return "is not the same"
