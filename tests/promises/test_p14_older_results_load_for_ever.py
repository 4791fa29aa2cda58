"""P14: what a released version wrote loads in every later one, unchanged; newer ones are named."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from promises.doors import RESULTS, Door, write_sample

from pmpromo import Assessment, Comparison, Impact, ReadinessModel, Sensitivity
from pmpromo.advice.path import Path as Way
from pmpromo.committee import CommitteeModel
from pmpromo.errors import PmpromoError

if TYPE_CHECKING:
    from collections.abc import Callable

GOLDEN: Final = Path(__file__).parents[1] / "golden"

RELEASED: Final = {
    "assessment-1.json": "b76db0e0fa41502747e3e49cb67279fd4d8524eb76cb68bdccf2e0dea0960e02",
    "model-1.json": "6f22129d48aff706ad2322cebeb1d64a251a4726b188a7fd776c13b410038e93",
    "committee-1.json": "3824bd067149fdf76dfc736c1aca3b13700dddb37ec742c8c440ce4ac55fbf31",
    "impact-1.json": "85f7aba4f7e6de8035e72c4ab7952d7647290ede3ce6318a3bd9527cfdf070fc",
    "path-1.json": "90ece6e52543729a9d2318326401d48afa3c3b54c82fa563f6530592fb649744",
    "comparison-1.json": "7e57e779242cb229f8c475ab26f4e9949ebdf532e02db5ff22558b49562cbb80",
    "sensitivity-1.json": "ce81ce38249b9af37124466ba766e41f70dcd04f5c72829a8f2eff35167cfefb",
}
"""What released versions wrote, and the SHA-256 of it: such a file is never written again."""

READERS: Final[dict[str, Callable[[bytes], object]]] = {
    "assessment": Assessment.from_json,
    "model": ReadinessModel.from_json,
    "committee": CommitteeModel.from_json,
    "impact": Impact.from_json,
    "path": Way.from_json,
    "comparison": Comparison.from_json,
    "sensitivity": Sensitivity.from_json,
}


def write_again(found: object) -> object:
    """Return what a result says, as plain data of JSON."""
    write = getattr(found, "model_dump_json", None) or found.to_json  # type: ignore[attr-defined]
    return json.loads(write())


@pytest.mark.parametrize("name", RELEASED)
def test_a_released_file_is_as_it_was(name: str) -> None:
    """Nobody has changed a byte of it, so that the next test asks what it seems to ask."""
    assert hashlib.sha256((GOLDEN / name).read_bytes()).hexdigest() == RELEASED[name]


@pytest.mark.parametrize("name", RELEASED)
def test_a_released_file_loads_and_says_the_same(name: str) -> None:
    """What is loaded, written again, says all that the file says: no field is lost or moved."""
    data = (GOLDEN / name).read_bytes()
    found = READERS[name.partition("-")[0]](data)
    assert write_again(found) == json.loads(data)


def test_a_released_assessment_shows_itself() -> None:
    """A result of long ago has its report, its page and its frame."""
    seen = Assessment.from_json((GOLDEN / "assessment-1.json").read_bytes())
    assert str(seen).startswith("one-refactor-2026h1: Associate to Product Manager, L1 to L2\n")
    assert "<table" in seen.to_html()
    assert seen.to_frame()["criterion"].tolist() == [each.id for each in seen.criteria]


def test_a_released_model_forecasts_the_same_bits() -> None:
    """Forecasts at five scores, as they were on the day of the release."""
    model = ReadinessModel.from_json((GOLDEN / "model-1.json").read_bytes())
    assert [model.predict_one(score)[:3] for score in (0.0, 0.3, 0.5, 0.7, 1.0)] == FORECASTS


FORECASTS: Final = [
    (0.009689622526984232, 0.0009440143656992352, 0.04495547240696413),
    (0.11008767458960543, 0.06337240370911149, 0.16402485638137865),
    (0.5160500085569137, 0.4060709268404771, 0.5808956554954969),
    (0.9102074599214567, 0.8645584170924795, 0.9553187616492167),
    (0.9923806962241194, 0.9496051811200402, 0.9996677682841411),
]

VERSIONED: Final = tuple(door for door in RESULTS if b'"schema_version"' in write_sample(door))


@pytest.mark.parametrize("version", ["2", "0", '"1"', "1.0", "true", "null"])
@pytest.mark.parametrize("door", VERSIONED, ids=lambda door: door.name)
def test_another_version_is_refused(door: Door, version: str, tmp_path: Path) -> None:
    """A file of a newer release is never read as if it were of this one."""
    text = write_sample(door).decode()
    for written in ('"schema_version": 1', '"schema_version":1'):
        spoilt = text.replace(written, f'"schema_version": {version}')
        if spoilt != text:
            with pytest.raises(PmpromoError):
                door.read(spoilt.encode(), tmp_path)


def test_every_result_has_a_version() -> None:
    """There is no kind of result whose version could not be told."""
    assert {door.name for door in RESULTS} == {door.name for door in VERSIONED}


@pytest.mark.parametrize("name", ["assessment-1.json"])
def test_a_changed_result_is_refused(name: str) -> None:
    """A figure, a word or a gap that was changed after the release no longer fits its digest."""
    data = (GOLDEN / name).read_text("utf-8")
    content = json.loads(data)
    changes = (
        {**content, "proven": content["proven"] + 1e-9},
        {**content, "gaps": content["gaps"][1:]},
        {**content, "met": not content["met"]},
        {**content, "as_of": "2026-07-01"},
        {**content, "notes": [*content["notes"], "And more."]},
    )
    for each in changes:
        with pytest.raises(PmpromoError, match="does not match the content"):
            Assessment.from_json(json.dumps(each))
