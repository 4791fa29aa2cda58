"""The last value that a noun takes, and the first that it refuses."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from fractions import Fraction
from typing import Any, Final

import pytest
from pydantic import ValidationError
from small import complain_of_packet, list_problems, write_item, write_packet, write_rubric

from pmpromo import parse_packet, parse_rubric
from pmpromo.errors import LadderError
from pmpromo.ladder import Ladder
from pmpromo.packet import Evidence
from pmpromo.reading.models import build_model
from pmpromo.result import Check, CriterionScore, Gap, OpenItem, Readiness, ShownItem
from pmpromo.rubric import SMALLEST_STRENGTH, Complement
from pmpromo.units import read_unit
from pmpromo.words import LONGEST_IDENTIFIER, is_identifier

Content = dict[str, Any]

LEVEL: Final[Content] = {"id": "L1", "name": "Associate", "tracks": ["ic"], "scope": "a product"}


def complain(**content: object) -> list[str]:
    """Return what is said about a ladder of one level with some keys changed."""
    ladder = {"id": "team", "name": "Ours", "tracks": [{"id": "ic", "name": "IC"}]}
    changed = {**ladder, "levels": [LEVEL], **content}
    return list_problems(lambda: build_model(Ladder, changed, error=LadderError))


def test_the_longest_name_is_still_a_name() -> None:
    """One character more is none, for the function and for the type alike."""
    longest = "x" * LONGEST_IDENTIFIER
    assert is_identifier(longest)
    assert not is_identifier(longest + "x")
    assert parse_packet(write_packet(id=longest)).id == longest
    assert complain_of_packet(id=longest + "x") != []


def test_work_may_begin_and_end_on_one_day() -> None:
    """It may not end before it begins."""
    day = {"in_progress": False, "started": "2026-03-01"}
    assert not complain_of_packet(write_item(**day, ended="2026-03-01"))
    [told] = complain_of_packet(write_item(**day, ended="2026-02-28"))
    assert "ended" in told


def test_a_level_belongs_to_a_track() -> None:
    """A level of no track is refused."""
    [told] = complain(levels=[{**LEVEL, "tracks": []}])
    assert told.startswith("levels[0].tracks: ")


@pytest.mark.parametrize(
    ("percents", "is_whole"), [((60, 30), False), ((60, 40), True), ((60, 50), False)]
)
def test_a_weighting_sums_to_a_hundred(percents: tuple[int, int], is_whole: bool) -> None:  # noqa: FBT001
    """Less is refused, and more is too."""
    parts: list[Content] = [
        {"name": name, "percent": percent, "direction": "higher_better"}
        for name, percent in zip("ab", percents, strict=True)
    ]
    artifact = {"id": "backlog", "name": "Backlog", "weighting": parts}
    told = [] if is_whole else ["artifacts[0]: weighting does not sum to 100; mend the percentages"]
    assert complain(artifacts=[artifact]) == told


def test_a_file_is_of_the_first_version_unless_it_says_another() -> None:
    """Packets, rubrics and their ladders."""
    rubric = parse_rubric(write_rubric({"fact": "aligns", "point": 3}))
    assert (rubric.schema_version, rubric.ladder.schema_version) == (1, 1)
    assert parse_packet(write_packet()).schema_version == 1


def test_a_unit_is_a_rate_of_two_at_most() -> None:
    """A rate of three is no unit, whatever its parts are."""
    asked = {"fact": "visits", "at_least": 1, "unit": "visit/month/team"}
    assert list_problems(lambda: parse_rubric(write_rubric(asked))) != []
    assert not list_problems(lambda: parse_rubric(write_rubric({**asked, "unit": "visit/month"})))


def test_a_unit_knows_its_kind_and_its_factor() -> None:
    """A share a year is a share, whose base is one of a year; money a month is twelve a year."""
    assert (read_unit("month").dimension, read_unit("month").factor) == ("calendar", Fraction(1))
    growth, spend = read_unit("percent/quarter"), read_unit("usd/quarter")
    assert (growth.dimension, growth.factor) == ("share/quarter", Fraction(1, 100))
    assert (spend.dimension, spend.factor) == ("usd/calendar", Fraction(1, 3))


def test_a_refusal_of_a_noun_repeats_no_value() -> None:
    """What was found may be personal: neither the error nor its text holds it."""
    with pytest.raises(ValidationError) as caught:
        Evidence.model_validate({"id": "e", "title": "T", "share": 77.125, "ownership": "private"})
    assert "77.125" not in str(caught.value)
    assert "private" not in str(caught.value)


PARTS: Final = [Check, CriterionScore, Gap, OpenItem, Readiness, ShownItem]


@pytest.mark.parametrize("noun", PARTS, ids=lambda noun: str(noun.__name__))
def test_what_a_result_holds_cannot_be_changed(noun: Any) -> None:  # noqa: ANN401
    """Its parts are frozen, as it is itself."""
    names = [field.name for field in fields(noun)]
    part = noun(*names)
    with pytest.raises(FrozenInstanceError):
        setattr(part, names[0], "other")


def test_a_pair_counts_for_something_or_not_at_all() -> None:
    """A millionth is still a strength, and nothing is; what lies between is next to nothing."""
    for strength in (0.0, SMALLEST_STRENGTH):
        assert Complement(pair=("a", "b"), strength=strength).strength == strength
    with pytest.raises(ValidationError, match="is next to nothing"):
        Complement(pair=("a", "b"), strength=SMALLEST_STRENGTH / 2)


def test_a_band_may_be_one_figure() -> None:
    """Its ends may be equal, and not change places."""
    asked: Content = {"fact": "visits", "unit": "count"}
    one, swapped = ({**asked, "between": ends} for ends in ([5, 5], [5, 4]))
    assert parse_rubric(write_rubric(one)).criteria[0].requirements[0].between == (5, 5)
    assert list_problems(lambda: parse_rubric(write_rubric(swapped))) != []
