"""Pictures of results hold what the results hold."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pytest

from pmpromo import (
    Assessment,
    assess,
    find_path,
    fit_committee,
    fit_readiness,
    gallery,
    load_packet,
    load_rubric,
    measure_sensitivity,
    parse_packet,
    parse_rubric,
)
from pmpromo.errors import DataError, ModelError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pmpromo.pictures.picture import Picture

EXAMPLES: Final = Path(__file__).parents[2] / "examples" / "packets"
RUBRIC: Final = load_rubric("pure-storage-pm/l3-l4")
SCORES: Final = [0.1 + 0.8 * n / 59 for n in range(60)]
MODEL: Final = fit_readiness(SCORES, [int(each > 0.5) for each in SCORES], rubric=RUBRIC)


def score(name: str = "spm-b", **options: Any) -> Assessment:  # noqa: ANN401 - options of assess
    """Return the assessment of an example."""
    return assess(load_packet(EXAMPLES / f"{name}.yaml"), **options)


def test_criteria_are_those_of_the_assessment() -> None:
    """Each criterion is drawn with its ends, its bar and its status in words."""
    seen = score()
    columns = gallery.draw_criteria(seen).columns
    assert columns["criterion"] == tuple(each.name for each in seen.criteria)
    assert columns["proven"] == tuple(each.proven for each in seen.criteria)
    assert columns["status"][:2] == ("◐ facts missing", "✗ work missing")


def test_evidence_is_what_each_item_shows_alone() -> None:
    """A cell is what the item would score alone; there is one for each criterion and item."""
    seen = score()
    data = gallery.draw_evidence(seen).data
    assert len(data) == len(seen.criteria) * len(seen.evidence)
    row = data[(data["criterion"] == "Product practice") & (data["item"] == "launch-reviews")]
    assert row["proven"].item() == seen.evidence[-1].alone[5][0]


def test_gaps_are_steps_with_what_holds_them() -> None:
    """Steps stand in the order of the report, with what they would gain were nothing in the way."""
    seen = score("strong-arr-no-leverage")
    columns = gallery.draw_gaps(seen).columns
    assert len(columns["step"]) <= 8
    assert columns["gain"][0] == seen.gaps[0].gain
    data = gallery.draw_gaps(seen).data
    assert (data["unheld"] > data["gain"]).any()


def test_the_window_is_a_grace_time_long() -> None:
    """Work counts in full for 12 months of 365.25 / 12 days: 365 days back from 30 June 2026."""
    seen = score()
    assert seen.counted_from == date(2025, 6, 30)
    picture = gallery.draw_timeline(seen)
    assert "Counted in full from 2025-06-30 to 2026-06-30" in picture.alt
    data = picture.data
    full = data["ended"].isna() | (data["ended"] >= date(2025, 6, 30))
    assert (data["counts_low"] == 1).tolist() == full.tolist()


def test_a_window_without_end_starts_with_the_calendar() -> None:
    """A rubric in which nothing grows old has a window that is as old as its table of ages."""
    content = RUBRIC.model_dump(mode="json", exclude={"ladder"}) | {"ladder": "pure-storage-pm"}
    content["evidence"]["recency"]["grace_months"] = 1e9
    packet = parse_packet({"id": "p", "as_of": "0050-01-01", "evidence": []})
    assert assess(packet, parse_rubric(content)).counted_from == date(1, 1, 1)


@pytest.mark.parametrize("draw", [gallery.draw_evidence, gallery.draw_timeline])
def test_items_of_a_result_read_from_json_are_not_known(
    draw: Callable[[Assessment], Picture],
) -> None:
    """Pictures of items need the packet; the error says how to have it."""
    read = Assessment.from_json(score().model_dump_json())
    assert read.counted_from is None
    with pytest.raises(
        DataError, match=r"assessment: was read from JSON.*; assess the packet again"
    ):
        draw(read)


def test_other_pictures_can_be_drawn_from_json() -> None:
    """What the JSON holds is drawn as from the assessment itself."""
    seen = score()
    read = Assessment.from_json(seen.model_dump_json())
    for draw in (gallery.draw_criteria, gallery.draw_gaps, gallery.draw_forecast):
        assert draw(read) == draw(seen)


def test_two_packets_share_their_criteria() -> None:
    """Two packets of one rubric stand side by side; of two rubrics they are refused."""
    columns = gallery.draw_side_by_side(score("spm-a"), score("spm-b")).columns
    assert columns["packet"][:2] == ("spm-a-2026h1", "spm-b-2026h1")
    assert len(columns["packet"]) == 14
    with pytest.raises(DataError, match="other: was read against other criteria; compare"):
        gallery.draw_side_by_side(score("spm-a"), score("strong-l1-l2"))


def test_a_cohort_is_drawn_in_the_order_given() -> None:
    """Packets keep their order whatever the order of rows; the picture holds the columns drawn."""
    frame = pd.DataFrame(
        {
            "packet_id": ["b", "a", "a", "b"],
            "criterion": ["reach", "reach", "scope", "scope"],
            "proven": [0.8, 0.4, 0.9, 0.1],
            "bar": [0.75, 0.75, 0.75, 0.75],
            "other": [1, 2, 3, 4],
        }
    )
    picture = gallery.draw_cohort(frame, title="Cycle")
    assert picture.alt == ("Cycle. reach: 1 of 2 met, median 0.60; scope: 1 of 2 met, median 0.50.")
    assert picture.columns["packet_id"] == ["b", "a", "a", "b"]
    reach = picture.form.lay_out().fields[0][0]
    assert [mark.ink for mark in reach] == ["text", "met", "gap"]


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_a_cohort_is_drawn_from_any_library(library: str) -> None:
    """A frame of each library gives the picture of the same columns as lists."""
    columns: dict[str, list[Any]] = {
        "packet_id": ["a", "b"],
        "criterion": ["reach", "reach"],
        "proven": [0.8, 0.4],
        "bar": [0.75, 0.75],
    }
    module = pytest.importorskip(library)
    frame = module.table(columns) if library == "pyarrow" else module.DataFrame(columns)
    assert gallery.draw_cohort(frame) == gallery.draw_cohort(columns)
    with pytest.raises(DataError, match="bar: no such column"):
        gallery.draw_cohort(
            frame.drop(["bar"]) if library != "pandas" else frame.drop(columns=["bar"])
        )


def test_a_criterion_of_two_steps_has_two_rows() -> None:
    """Where bars differ between steps, each packet stands in the row of its own bar."""
    columns: dict[str, list[Any]] = {
        "packet_id": ["a", "b"],
        "criterion": ["reach", "reach"],
        "proven": [0.7, 0.7],
        "bar": [0.75, 0.6],
    }
    told = "reach (bar 0.75): 0 of 1 met, median 0.70; reach (bar 0.6): 1 of 1 met, median 0.70."
    assert gallery.draw_cohort(columns).alt == f"Cohort. {told}"


def test_columns_that_do_not_fit_are_told() -> None:
    """Every missing column is named at once; columns of different lengths are refused."""
    with pytest.raises(DataError) as caught:
        gallery.draw_cohort({"packet_id": ["a"], "criterion": ["reach"]})
    assert [problem.path for problem in caught.value.problems] == ["proven", "bar"]
    ragged: dict[str, list[Any]] = {
        "packet_id": ["a"],
        "criterion": ["reach"],
        "proven": [0.5, 0.5],
        "bar": [0.75],
    }
    with pytest.raises(DataError, match="criteria: columns of different lengths"):
        gallery.draw_cohort(ragged)


def test_a_forecast_needs_past_decisions() -> None:
    """With a model both ends are drawn; without one the picture says that there is none."""
    fitted, bare = gallery.draw_forecast(score(readiness=MODEL)), gallery.draw_forecast(score())
    found = score(readiness=MODEL).readiness
    assert fitted.columns["low"] == (found.low, found.if_documented[1])
    assert "50 % promoted so far" in fitted.alt
    assert bare.columns["low"] == ()
    assert "none, for no past decisions stand behind one" in bare._repr_html_()


def test_a_model_is_drawn_at_scores() -> None:
    """Probability, interval and verdict are those of the model, at its scores or those given."""
    picture = gallery.draw_readiness(MODEL, [0.2, 0.8])
    assert picture.columns["probability"] == tuple(MODEL.predict([0.2, 0.8]).probability.tolist())
    assert picture.columns["verdict"] == ("unlikely", "likely")
    assert len(gallery.draw_readiness(MODEL).columns["score"]) == 5
    assert "From 60 past decisions, 30 of them promotions." in picture._repr_html_()
    prior = gallery.draw_readiness(fit_readiness([], []))
    assert "promoted so far" not in prior.alt


def test_a_model_with_groups_is_drawn_for_one() -> None:
    """The group is named in the title; one without a curve is refused by the model."""
    model = fit_readiness(SCORES, [1] * 60, groups=["L1 -> L2"] * 60)
    assert gallery.draw_readiness(model, [0.5], group="L1 -> L2").title == "Readiness, L1 -> L2"
    with pytest.raises(ModelError):
        gallery.draw_readiness(model, [0.5], group="L9")


def test_reliability_is_drawn_as_measured() -> None:
    """The points are those of the diagram, and the loss stands beside them."""
    found = MODEL.reliability
    assert found is not None
    picture = gallery.draw_reliability(found)
    assert picture.columns["frequency"] == found.diagram.frequency
    assert picture._repr_html_() == found._repr_html_()
    assert f"log loss (nats): {found.log_loss:.3f}" in picture._repr_html_()


def test_a_way_to_the_bar_is_drawn_step_by_step() -> None:
    """Each step begins where the one before ended, and the last reaches the bar."""
    path = find_path(load_packet(EXAMPLES / "weak-l3-l4.yaml"))
    for route, found in enumerate(path.routes, start=1):
        columns = gallery.draw_path(path, route=route).columns
        assert columns["amount"] == tuple(step.gain for step in found.steps)
        assert columns["reaches"][-1] == pytest.approx(found.total)
    assert str(columns["words"][0]).endswith(("day", "days"))
    assert any("[" in str(step) for step in columns["step"])
    with pytest.raises(DataError, match="route: the path has no such route; it has"):
        gallery.draw_path(path, route=99)


def test_a_bar_that_is_met_needs_no_way() -> None:
    """Where there is no route the picture is empty."""
    path = find_path(load_packet(EXAMPLES / "strong-l3-l4.yaml"))
    assert path.routes == ()
    assert gallery.draw_path(path).columns["step"] == ()


def test_swings_and_ranges_are_those_measured() -> None:
    """A swing runs from the lower to the higher total; a weight lies within its range."""
    found = measure_sensitivity(load_packet(EXAMPLES / "spm-b.yaml"), draws=100)
    swings, ranges = gallery.draw_swings(found).data, gallery.draw_stability(found).data
    assert (swings["low"] <= swings["high"]).all()
    assert set(swings["input"]) == {each.name for each in found.swings}
    assert ranges["value"].tolist() == [each.weight for each in found.weights]
    assert ((ranges["low"] <= ranges["value"]) & (ranges["value"] <= ranges["high"])).all()


def test_a_committee_is_drawn_on_one_scale() -> None:
    """Raters, criteria and packets stand in the order of the model, with what each adds."""
    given = {
        "packet_id": list("aabbcc"),
        "criterion": ["reach"] * 6,
        "rater_id": ["ann", "bo"] * 3,
        "rating": [1, 2, 2, 3, 3, 4],
    }
    model = fit_committee(given)
    picture = gallery.draw_committee(model)
    assert picture.columns["value"][:2] == tuple(model.severities.values())
    assert picture.columns["name"] == ("ann", "bo", "reach", "a", "b", "c")
    assert f"{model.raters[0].effect:+.2f} points" in picture._repr_html_()
    for note in model.notes:
        assert note in picture._repr_html_()
