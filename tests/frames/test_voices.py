"""The grammar of voices carries all that can move a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import voices

from pmpromo.frame.voices import read_voices, write_voices
from pmpromo.packet import Corroboration

MOVING = ("relation", "same_report_line", "worked_on_it", "agrees", "point")


@given(st.lists(voices(), min_size=1, max_size=4))
def test_what_is_written_is_read(contents: list[dict[str, object]]) -> None:
    """Reading what was written gives the same voices, apart from who they are."""
    listed = [Corroboration.model_validate(content) for content in contents]
    cell = write_voices(listed, None)
    assert cell is not None
    read = read_voices(cell.split("|"))
    said = [[getattr(voice, name) for name in MOVING] for voice in listed]
    assert sorted([[getattr(v, name) for name in MOVING] for v in read], key=str) == sorted(
        said, key=str
    )
    facts = sorted(str(voice.fact) for voice in listed if voice.point is not None)
    assert sorted(str(voice.fact) for voice in read if voice.point is not None) == facts


def test_order_makes_no_difference() -> None:
    """The same voices in another order are the same support."""
    assert read_voices(["peer", "manager@"]) == read_voices(["manager@", "peer"])


def test_what_is_unknown_and_what_is_none() -> None:
    """No list is an empty cell; an empty list is the word none."""
    assert write_voices(None, None) is None
    assert write_voices([], "c-1") == "none"


@pytest.mark.parametrize(
    ("content", "cell"),
    [
        ({"relation": "manager"}, "manager"),
        ({"relation": "peer", "agrees": False, "same_report_line": True}, "peer@*"),
        ({"relation": "skip", "worked_on_it": None, "point": 0}, "skip?:0"),
        ({"relation": "peer", "worked_on_it": False}, "peer~"),
        ({"relation": "peer", "point": 4, "fact": "aligns"}, "peer:4:aligns"),
        ({"relation": "peer", "by": "C-1", "agrees": False, "point": 1}, "self:1"),
        ({"relation": "peer", "by": "c-2"}, "peer"),
    ],
)
def test_how_a_voice_is_written(content: dict[str, object], cell: str) -> None:
    """Marks stand for a dispute, the same line, and whether the work was seen; then the point."""
    assert write_voices([Corroboration.model_validate(content)], "c-1") == cell
