"""`pmpromo committee` at the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from committee.published import GUILFORD, JUNIORS, TRAITS

from pmpromo.cli import main
from pmpromo.committee import CommitteeModel

if TYPE_CHECKING:
    from pathlib import Path

LINES: Final = [
    f"{junior},{trait},{senior},{point}"
    for senior, told in GUILFORD.items()
    for junior, points in zip(JUNIORS, told.split(), strict=True)
    for trait, point in zip(TRAITS, points, strict=True)
]


@pytest.fixture
def ratings(tmp_path: Path) -> str:
    """Write Guilford's ratings."""
    path = tmp_path / "ratings.csv"
    path.write_text("\n".join(["packet_id,criterion,rater_id,rating", *LINES]), encoding="utf-8")
    return str(path)


def test_it_prints_the_report(ratings: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Raters, packets, what to talk about."""
    assert main(["committee", ratings, "--scale", "1", "9"]) == 0
    assert capsys.readouterr().out.startswith("Committee: 105 ratings 1..9 of 7 packets")


def test_it_measures_agreement(ratings: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Instead of a model."""
    assert main(["committee", ratings, "--scale", "1", "9", "--agreement"]) == 0
    assert capsys.readouterr().out.startswith("Agreement of 3 raters on 35 units")


def test_a_saved_model_anchors_the_next(
    ratings: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """JSON out, and in again for the next cycle."""
    assert main(["committee", ratings, "--scale", "1", "9", "--format", "json"]) == 0
    saved = tmp_path / "last.json"
    saved.write_text(capsys.readouterr().out, encoding="utf-8")
    again = ["committee", ratings, "--scale", "1", "9", "--format", "json", "--anchors", str(saved)]
    assert main(again) == 0
    model = CommitteeModel.from_json(capsys.readouterr().out)
    assert model.anchored == ("Avogadro", "Brahe", "Cavendish")


def test_problems_go_to_stderr(ratings: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Ratings outside the scale, and anchors that cannot be read."""
    assert main(["committee", ratings]) == 1
    assert "ratings.csv:2:22: rating: outside the scale 0..4" in capsys.readouterr().err
    assert main(["committee", ratings, "--scale", "1", "9", "--anchors", "gone.json"]) == 1
    assert "gone.json: no such file" in capsys.readouterr().err
