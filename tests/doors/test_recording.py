"""Assessments on a record, with all they came from, and computed again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from pmpromo import Assessment, Packet, Rubric, assess, fit_readiness, load_packet, load_rubric
from pmpromo.audit import Override, Record
from pmpromo.errors import DataError
from pmpromo.recording import Recorder, Sources, replay_record

if TYPE_CHECKING:
    from pmpromo import ReadinessModel

EXAMPLES: Final = Path(__file__).parents[2] / "examples" / "packets"
AT: Final = datetime(2026, 7, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def packet() -> Packet:
    """A packet of the examples."""
    return load_packet(EXAMPLES / "spm-b.yaml")


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    """The rubric that it names."""
    return load_rubric("pure-storage-pm/l3-l4")


@pytest.fixture(scope="module")
def model(rubric: Rubric) -> ReadinessModel:
    """A model fitted under that rubric."""
    scores = [i / 40 for i in range(40)]
    return fit_readiness(scores, [score > 0.5 for score in scores], rubric=rubric)


def test_an_assessment_is_computed_again(tmp_path: Path, packet: Packet, rubric: Rubric) -> None:
    """From the record alone the same bytes come out, on the day that was asked for."""
    record = Record(tmp_path / "r")
    seen = assess(packet, rubric, as_of=date(2027, 1, 31))
    receipt = Recorder(record).add(seen, Sources(packet, rubric), at=AT)
    assert [entry.kind for entry in record.entries()] == ["material", "assessment"]
    assert record.verify([receipt]).is_intact
    found = replay_record(record)
    assert (found.is_same, len(found.assessments)) == (True, 1)
    *_, last = record.entries()
    assert last.body is not None
    assert last.body["result"] == seen.model_dump()
    assert last.body["candidate"] == (packet.candidate or packet.id)


def test_a_forecast_is_computed_again(
    tmp_path: Path, packet: Packet, rubric: Rubric, model: ReadinessModel
) -> None:
    """The fitted model stands on the record too, and gives the same forecast from there."""
    record = Record(tmp_path / "r")
    seen = assess(packet, rubric, readiness=model)
    Recorder(record).add(seen, Sources(packet, rubric, model), at=AT)
    assert [entry.kind for entry in record.entries()] == ["material", "material", "assessment"]
    assert replay_record(record).is_same


def test_rubric_and_model_stand_once(
    tmp_path: Path, packet: Packet, rubric: Rubric, model: ReadinessModel
) -> None:
    """Ten assessments under one rubric record it once, also by a recorder that comes later."""
    record = Record(tmp_path / "r")
    seen = assess(packet, rubric)
    recorder = Recorder(record)
    for _ in range(3):
        recorder.add(seen, Sources(packet, rubric), at=AT)
    later = Recorder(record)
    later.add(assess(packet, rubric, readiness=model), Sources(packet, rubric, model), at=AT)
    later.add(seen, Sources(packet, rubric), at=AT)
    kinds = [entry.kind for entry in record.entries()]
    assert kinds == ["material", *["assessment"] * 3, "material", *["assessment"] * 2]
    assert replay_record(record).is_same


def test_another_result_is_named(
    tmp_path: Path, packet: Packet, rubric: Rubric, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the code gave another total today, the place and both numbers would be told."""
    record = Record(tmp_path / "r")
    Recorder(record).add(assess(packet, rubric), Sources(packet, rubric), at=AT)
    dump = Assessment.model_dump
    monkeypatch.setattr(Assessment, "model_dump", lambda seen: {**dump(seen), "proven": 0.125})
    found = replay_record(record)
    assert not found.is_same
    assert found.assessments[0].differences[0].startswith("proven: recorded 0.")
    assert found.assessments[0].differences[0].endswith(", now 0.125")


def test_sources_are_those_of_the_assessment(
    tmp_path: Path, packet: Packet, rubric: Rubric
) -> None:
    """Another packet or rubric than the assessed one is not put beside its result."""
    other = load_packet(EXAMPLES / "one-flagship.yaml")
    strange = load_rubric("pure-storage-pm/l2-l3")
    seen = assess(packet, rubric)
    with pytest.raises(DataError) as caught:
        Recorder(Record(tmp_path / "r")).add(seen, Sources(other, strange), at=AT)
    assert [problem.path for problem in caught.value.problems] == [
        "sources.packet",
        "sources.rubric",
    ]
    assert not (tmp_path / "r").exists()


def test_a_variant_is_a_rubric_of_its_own(tmp_path: Path, packet: Packet, rubric: Rubric) -> None:
    """An assessment under another weighting is recorded, and computed again, under that."""
    heavier = rubric.model_copy(update={"bar": 0.5})
    record = Record(tmp_path / "r")
    recorder = Recorder(record)
    for each in (rubric, heavier):
        recorder.add(assess(packet, each), Sources(packet, each), at=AT)
    assert [entry.kind for entry in record.entries()] == ["material", "assessment"] * 2
    assert replay_record(record).is_same


def test_an_override_stands_beside_the_result(
    tmp_path: Path, packet: Packet, rubric: Rubric
) -> None:
    """What a person put in its place does not touch what was computed."""
    record = Record(tmp_path / "r")
    receipt = Recorder(record).add(assess(packet, rubric), Sources(packet, rubric), at=AT)
    override = Override(
        candidate=packet.candidate or packet.id,
        who="committee",
        why="a case was left out",
        before=False,
        after=True,
        about=receipt.seq,
    )
    record.append(override, at=AT)
    assert replay_record(record).is_same
