"""The door to a record: put an assessment on it with all it came from, and compute it all again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pmpromo.assessment import assess
from pmpromo.audit.nouns import Assessed, Material
from pmpromo.audit.replaying import Replay, replay
from pmpromo.errors import DataError, Problem
from pmpromo.reading.library import parse_packet, parse_rubric

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from pmpromo.assessment import Assessment
    from pmpromo.audit import Receipt, Record, Recorded
    from pmpromo.packet import Packet
    from pmpromo.readiness import ReadinessModel
    from pmpromo.rubric import Rubric

__all__ = ["Recorder", "Sources", "replay_record"]


class Sources(NamedTuple):
    """What an assessment was made from: the packet, the rubric, and the model if there was one."""

    packet: Packet
    rubric: Rubric
    readiness: ReadinessModel | None = None


class Recorder:
    """Puts assessments on a record, each rubric and model once.

    It looks through the record at its first use, to know what stands there. Several recorders may
    share a record; a rubric that two of them met first then stands twice, which harms nothing.

    >>> import tempfile
    >>> from datetime import datetime, timezone
    >>> from pmpromo import assess, load_packet, load_rubric
    >>> from pmpromo.audit import Record
    >>> packet = load_packet("examples/packets/spm-b.yaml")
    >>> rubric = load_rubric("pure-storage-pm/l3-l4")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     record = Record(f"{folder}/record.jsonl")
    ...     at = datetime(2026, 6, 30, 9, tzinfo=timezone.utc)
    ...     receipt = Recorder(record).add(assess(packet, rubric), Sources(packet, rubric), at=at)
    ...     print(replay_record(record))
    1 assessment computed again: 1 the same, 0 different.
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        self._known: set[str] | None = None

    def add(self, assessment: Assessment, sources: Sources, *, at: datetime) -> Receipt:
        """Append an assessment, after its rubric and model if they are new to the record.

        `at` is when it was made. The candidate is the packet's, or the packet's id where it names
        none.

        Raises:
            DataError: sources that this assessment was not made from, or what `Record.append` says.
        """
        _check_sources(assessment, sources)
        rubric, model = _make_materials(sources)
        known = self._find_known()
        new = [each for each in (rubric, model) if each and each.digest not in known]
        noun = _make_assessed(assessment, sources.packet, rubric, model)
        receipt = self.record.extend([*new, noun], at=at)[-1]
        known.update(each.digest for each in new)
        return receipt

    def _find_known(self) -> set[str]:
        if self._known is None:
            self._known = set(_list_materials(self.record))
        return self._known


def _list_materials(record: Record) -> Iterator[str]:
    """Yield the digests of what stands in a record; a record that nobody has begun is empty."""
    if record.exists():
        nouns = (entry.noun for entry in record.entries())
        yield from (noun.digest for noun in nouns if isinstance(noun, Material))


def _check_sources(assessment: Assessment, sources: Sources) -> None:
    asked = {
        "packet": (assessment.packet_digest, sources.packet.digest),
        "rubric": (assessment.rubric_digest, sources.rubric.digest),
    }
    problems = [
        Problem(f"sources.{name}", "is not what this assessment was made from", _SAME)
        for name, (recorded, given) in asked.items()
        if recorded != given
    ]
    if problems:
        raise DataError(problems)


_SAME: Final = "give the one that was assessed"


def _make_materials(sources: Sources) -> tuple[Material, Material | None]:
    rubric = Material(of="rubric", content=sources.rubric.model_dump(mode="json"))
    if sources.readiness is None:
        return rubric, None
    return rubric, Material(of="model", content=json.loads(sources.readiness.to_json()))


def _make_assessed(
    assessment: Assessment, packet: Packet, rubric: Material, model: Material | None
) -> Assessed:
    return Assessed(
        candidate=packet.candidate or packet.id,
        packet=packet.model_dump(mode="json", exclude_unset=True),
        result=assessment.model_dump(),
        rubric=rubric.digest,
        model=model and model.digest,
    )


def replay_record(record: Record) -> Replay:
    """Compute each assessment of a record again, from its recorded packet, rubric and model.

    The same release gives the same bytes. Where another one does not, the places that differ are
    named.
    """
    return replay(record, _assess_again)


def _assess_again(recorded: Recorded) -> dict[str, Any]:
    return assess(
        parse_packet(recorded.packet),
        parse_rubric(recorded.rubric),
        as_of=recorded.result.get("as_of"),
        readiness=_read_model(recorded),
    ).model_dump()


def _read_model(recorded: Recorded) -> ReadinessModel | None:
    from pmpromo.readiness import ReadinessModel  # noqa: PLC0415 - numpy sleeps until asked

    return None if recorded.model is None else ReadinessModel.from_json(json.dumps(recorded.model))
