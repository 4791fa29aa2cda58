"""The public names are those that were written down, so that none drifts unseen."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from platforms import api

GOLDEN: Final = Path(__file__).parents[1] / "golden" / "api.txt"


def test_public_names_are_those_written_down() -> None:
    """Names, parameters, defaults, types and members are, to the character, those on file.

    If they were changed on purpose: ``python tests/platforms/api.py > tests/golden/api.txt``.
    """
    assert api.describe_all() == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "line",
    [
        "def assess(packet: Packet, rubric: Rubric | None=None, *, ",
        "class errors.PacketError",
        "    met: bool",
        "    @classmethod def from_json(cls, text: str | bytes) -> Assessment",
        "    def to_frame(self) -> DataFrame",
    ],
)
def test_description_tells_what_callers_lean_on(line: str) -> None:
    """Functions with their options, classes with their fields, methods and ways to be made."""
    assert f"\n{line}" in api.describe_all()


def test_wording_is_no_interface() -> None:
    """What a field tells its readers may change; its bounds may not."""
    text = api.describe_all()
    assert "description=" not in text
    assert "bar: Share | None = Field(default=None, gt=0)" in text
