"""The JSON Schemas that lie beside the rubrics are those of the models."""

from __future__ import annotations

from pathlib import Path

import pytest

from pmpromo.cli import main

SHELF = Path(__file__).parents[1] / "rubrics"


@pytest.mark.parametrize("noun", ["packet", "rubric", "ladder", "assessment"])
def test_shipped_schema_is_current(noun: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each shipped schema is what `pmpromo schema` prints today."""
    assert main(["schema", noun]) == 0
    printed = capsys.readouterr().out
    shipped = (SHELF / f"{noun}.schema.json").read_text(encoding="utf-8")
    remedy = f"pmpromo schema {noun} > rubrics/{noun}.schema.json"
    assert printed == shipped, f"write it again: {remedy}"
