"""A record computed again: the same, or what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from audit.logbook import AT, EVERYTHING, MODEL, RUBRIC, assessed, make_record

from pmpromo.audit import Recorded, replay
from pmpromo.audit.replaying import find_differences
from pmpromo.errors import PacketError, Problem

if TYPE_CHECKING:
    from pathlib import Path


def give_back(recorded: Recorded) -> Any:  # noqa: ANN401 - plain JSON values
    """A computation that has not changed."""
    return dict(recorded.result)


def test_the_same(tmp_path: Path) -> None:
    """Each assessment is computed again from its own packet, rubric and model."""
    seen: list[Recorded] = []

    def recompute(recorded: Recorded) -> Any:  # noqa: ANN401 - plain JSON values
        seen.append(recorded)
        return dict(recorded.result)

    found = replay(make_record(tmp_path), recompute)
    assert found.is_same
    assert [each.seq for each in found.assessments] == [3, 5]
    assert [recorded.rubric for recorded in seen] == [RUBRIC.content] * 2
    assert [recorded.model for recorded in seen] == [None, MODEL.content]
    assert seen[0].packet == {"id": "p", "candidate": "c-1"}
    assert str(found) == "2 assessments computed again: 2 the same, 0 different."


def test_a_difference_is_named(tmp_path: Path) -> None:
    """Where the code has changed, the entry, the place and both numbers are told."""

    def recompute(recorded: Recorded) -> Any:  # noqa: ANN401 - plain JSON values
        return {**recorded.result, "gaps": [{"gain": 0.2}]}

    found = replay(make_record(tmp_path), recompute)
    assert not found.is_same
    assert found.assessments[0].differences == ("gaps[0].gain: recorded 0.1, now 0.2",)
    assert "entry 5: gaps[0].gain: recorded 0.1, now 0.2" in str(found)


def test_what_can_no_longer_be_computed(tmp_path: Path) -> None:
    """An error of ours is told as a difference."""

    def recompute(_: Recorded) -> Any:  # noqa: ANN401 - plain JSON values
        raise PacketError([Problem("id", "missing")])

    found = replay(make_record(tmp_path), recompute)
    assert found.assessments[0].differences == ("cannot be computed again: id: missing",)


@pytest.mark.parametrize(
    ("nouns", "missing"),
    [
        ([assessed()], "rubric"),
        ([RUBRIC, assessed(model=True)], "model"),
        ([assessed(model=True), RUBRIC], "rubric and model"),
    ],
)
def test_materials_come_first(tmp_path: Path, nouns: Any, missing: str) -> None:  # noqa: ANN401
    """A rubric or model that the record does not hold before is named as missing."""
    found = replay(make_record(tmp_path, *nouns), give_back)
    told = f"its {missing} is not in the record before it"
    assert found.assessments[0].differences == (told,)


def test_what_was_erased_is_counted(tmp_path: Path) -> None:
    """An erased assessment cannot be computed again, and is no difference."""
    record = make_record(tmp_path)
    record.erase("c-1", who="privacy office", why="asked for", at=AT)
    found = replay(record, give_back)
    assert (found.is_same, found.erased, len(found.assessments)) == (True, 1, 1)
    assert str(found).endswith("1 erased: nobody can compute it again.")


def test_a_long_report_is_cut(tmp_path: Path) -> None:
    """Of thirty that differ twenty are named, each with at most twenty differences."""
    nouns = [assessed(f"c-{i}") for i in range(30)]
    found = replay(
        make_record(tmp_path, RUBRIC, *nouns), lambda _: dict.fromkeys(map(str, range(99)))
    )
    lines = str(found).splitlines()
    assert lines[-1] == "and 10 more"
    assert len(lines) == 1 + 20 * 20 + 1


@pytest.mark.parametrize(
    ("recorded", "found", "told"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 1.0}, ["a: recorded 1, now 1.0"]),
        ({"a": 0.0}, {"a": -0.0}, ["a: recorded 0.0, now -0.0"]),
        ({"a": True}, {"a": 1}, ["a: recorded True, now 1"]),
        ({"a": None}, {"a": 1}, ["a: recorded None, now 1"]),
        ({"a": "Anna"}, {"a": "Berta"}, ["a: is not the same"]),
        ({"a": [1]}, {"a": {"0": 1}}, ["a: is not the same"]),
        ({"a": [1, 2]}, {"a": [1]}, ["a[1]: is gone"]),
        ({"a": []}, {"a": [1], "b": 2}, ["a[0]: is new", "b: is new"]),
        ([[1]], [[2]], ["[0][0]: recorded 1, now 2"]),
    ],
)
def test_differences(recorded: Any, found: Any, told: list[str]) -> None:  # noqa: ANN401
    """Bytes are compared, so 1 is not 1.0; numbers are shown, texts are not."""
    assert list(find_differences(recorded, found)) == told


def test_everything_is_skipped_but_assessments(tmp_path: Path) -> None:
    """Overrides, decisions and the rest are not computed."""
    others = [noun for noun in EVERYTHING if not hasattr(noun, "result")]
    assert replay(make_record(tmp_path, *others), give_back).assessments == ()
