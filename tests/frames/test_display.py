"""What a scored cycle shows of itself in a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sketches import Reader

from pmpromo import evidence_frame, fit_readiness, load_packet, load_rubric, score_frame

EXAMPLES: Final = Path(__file__).parents[2] / "examples" / "packets"
NAMES: Final = ("spm-a", "spm-b", "strong-l3-l4", "weak-l3-l4", "all-undocumented")
RUBRIC: Final = load_rubric("pure-storage-pm/l3-l4")
FRAME: Final = evidence_frame([load_packet(EXAMPLES / f"{name}.yaml") for name in NAMES])


def test_a_cycle_shows_how_many_stand_where() -> None:
    """In total and by criterion: how many meet the bar, could, and fall short, as frames say."""
    scored = score_frame(FRAME, RUBRIC, as_of="2026-06-30")
    markup = scored._repr_html_()
    texts = Reader(markup).texts
    scores, criteria = scored.scores, scored.criteria
    met = int((scores["proven"] >= scores["bar"]).sum())
    could = int((scores["possible"] >= scores["bar"]).sum()) - met
    at = texts.index("Total")
    assert texts[at : at + 4] == ["Total", f"{met}", f"{could}", f"{len(NAMES) - met - could}"]
    for criterion in RUBRIC.criteria:
        counts = criteria[criteria["criterion"] == criterion.id]["status"].value_counts()
        at = texts.index(criterion.name)
        assert texts[at + 1] == f"{counts.get('met', 0)}"
        assert texts[at + 2] == f"{counts.get('documentation_gap', 0)}"
    assert len(markup) <= 12_000
    assert "Scored 5 packets. Nobody is ranked; each stands against the bar." in texts


def test_each_rubric_of_a_cycle_stands_by_itself() -> None:
    """A cycle of two steps shows a group for each, and says what it could not score."""
    frame = FRAME.assign(transition="L3-L4")
    frame.loc[frame["packet_id"] == "spm-a-2026h1", "transition"] = "L4-L5"
    rubrics = {"L3-L4": RUBRIC, "L4-L5": RUBRIC.with_variant("xf80")}
    texts = Reader(score_frame(frame, rubrics, as_of="2026-06-30")._repr_html_()).texts
    assert "pure-storage-pm/l3-l4 1.0.0" in texts
    assert "pure-storage-pm/l3-l4:xf80 1.0.0" in texts
    assert texts.count("Total") == 2


def test_a_cycle_says_what_stands_behind_its_forecasts() -> None:
    """With a model the number of decisions is told, without one that there are none."""
    model = fit_readiness([0.2, 0.8] * 20, [0, 1] * 20, rubric=RUBRIC)
    fitted, bare = (
        score_frame(FRAME, RUBRIC, as_of="2026-06-30", readiness=each)._repr_html_()
        for each in (model, None)
    )
    assert "The forecasts rest on 40 past decisions." in fitted
    assert "No past decisions stand behind the forecasts" in bare
