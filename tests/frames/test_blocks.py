"""How long columns are cut into blocks changes nothing, nor does what becomes of the frame."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pytest
from cycles import list_rows, take_frame_bits

from pmpromo import evidence_frame, load_packet, load_rubric, score_frame
from pmpromo.frame import blocks, table

if TYPE_CHECKING:
    from pmpromo import Rubric

EXAMPLES: Final = Path(__file__).parents[2] / "examples" / "packets"

SPOILT: Final[tuple[tuple[str, Any], ...]] = (
    ("ownership", "ledd"),
    ("ownership", "sole"),
    ("unit", "percent"),
    ("point", 2.0),
    ("value", 1e19),
    ("ended", pd.Timestamp("2036-01-01")),
    ("evidence_id", "a b"),
    ("evidence_id", None),
    ("uri", "a\tb"),
    ("uri", "caf\u00e9"),
    ("packet_id", "SPM-A-2026H1"),
    ("period", "fy26"),
)
"""Cells that are bad, contradict others, or are foreign to some facts."""


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    """The rubric of the packets."""
    return load_rubric("pure-storage-pm/l3-l4")


@pytest.fixture
def frame() -> pd.DataFrame:
    """Eight packets, four of them spoilt in many places."""
    names = ("spm-a", "spm-b", "strong-l3-l4", "weak-l3-l4")
    packets = [load_packet(EXAMPLES / f"{name}.yaml") for name in names]
    found = evidence_frame([each.model_copy(update={"id": f"{each.id}-sound"}) for each in packets])
    spoilt = evidence_frame(packets)
    for row, (column, value) in enumerate(SPOILT * 3):
        spoilt.loc[row * 5 % len(spoilt), column] = value
    return pd.concat([spoilt, found], ignore_index=True)


@pytest.mark.parametrize("size", [1, 2, 7])
@pytest.mark.parametrize("shuffled", [False, True])
def test_blocks_of_any_size(
    size: int,
    shuffled: bool,  # noqa: FBT001 - a parameter of a test
    frame: pd.DataFrame,
    rubric: Rubric,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Scores and problems are the same in blocks of one, two and seven rows as in one block."""
    rows = frame.sample(frac=1, random_state=3) if shuffled else frame
    whole = score_frame(rows, rubric, as_of="as_of")
    monkeypatch.setattr(blocks, "BLOCK", size)
    monkeypatch.setattr(table, "MANY", size)
    cut = score_frame(rows, rubric, as_of="as_of")
    assert take_frame_bits(cut) == take_frame_bits(whole)
    assert list_rows(cut.problems) == list_rows(whole.problems)
    assert len(take_frame_bits(cut)) >= 4
    assert len(list_rows(cut.problems)) > len(SPOILT)


def test_a_frame_that_changes_afterwards(frame: pd.DataFrame, rubric: Rubric) -> None:
    """What becomes of a frame after it was scored changes nothing of its results."""
    given = frame.astype({name: "category" for name in frame if frame[name].dtype == "string"})
    names = ["spm-a-2026h1-sound"]
    told = repr(list_rows(score_frame(given, rubric, as_of="as_of").find_gaps(names)))
    scored = score_frame(given, rubric, as_of="as_of")
    for column in given.columns:
        values: Any = given[column].array
        cells = values.codes if isinstance(values, pd.Categorical) else np.asarray(values)
        cells.flags.writeable = True
        cells[:] = cells[0]
    assert repr(list_rows(scored.find_gaps(names))) == told
    assert len(list_rows(score_frame(given, rubric, as_of="as_of").problems)) > len(SPOILT)
