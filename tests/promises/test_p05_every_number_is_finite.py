"""P5: what is not finite does not come in, and every number that comes out is finite."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pytest
from promises.choosing import choose
from promises.doors import (
    CRITERION,
    DAY,
    ITEM,
    LADDER,
    PACKET,
    RESULTS,
    RUBRIC,
    Door,
    make_committee,
    make_impact,
    make_model,
    make_packet,
    make_rubric,
    write_csv,
    write_sample,
)
from promises.numbers import find_bad, read_json

from pmpromo import (
    ReadinessModel,
    assess,
    attribute,
    evidence_frame,
    find_path,
    fit_readiness,
    measure_impact,
    measure_reliability,
    measure_sensitivity,
    parse_packet,
    parse_rubric,
    read_decisions,
    read_evidence,
    score_frame,
    score_ratings,
)
from pmpromo.errors import DataError, PmpromoError
from pmpromo.readiness import default_readiness

if TYPE_CHECKING:
    from pathlib import Path

Content = dict[str, Any]

EDGES: Final = (-1e18, -1e9, -1.0, -1e-300, 0.0, 1e-300, 1e-9, 1.0, 1e9, 1e18)
"""Figures as far out as they may be, and as near to nothing."""

TARGETS: Final = (
    lambda edge: {"at_least": edge},
    lambda edge: {"less_than": edge},
    lambda edge: {"between": [-abs(edge), abs(edge)]},
    lambda edge: {"at_least": edge, "change": "absolute"},
    lambda edge: {"at_most": edge, "change": "relative", "unit": "percent"},
)


def ask(target: Content) -> Content:
    """Return the small rubric with another target for its figure, that has a baseline."""
    metric = {**LADDER["metrics"][0], "baseline": "required"}
    first = {"fact": "growth", "unit": "percent/year", **target}
    reach = {**CRITERION, "requirements": [first, CRITERION["requirements"][1]]}
    return {
        **RUBRIC,
        "ladder": {**LADDER, "metrics": [metric]},
        "criteria": [reach, RUBRIC["criteria"][1]],
    }


def state(value: float, baseline: float) -> Content:
    """Return the small packet with another figure."""
    fact = {**ITEM["facts"][0], "value": value, "baseline": baseline}
    return {**PACKET, "evidence": [{**ITEM, "facts": [fact, ITEM["facts"][1]]}]}


@pytest.mark.parametrize("place", choose(range(len(TARGETS)), 3))
def test_scores_of_figures_at_the_edge_are_finite(place: int) -> None:
    """Hundreds of triples of figure, baseline and target: totals and gaps are numbers."""
    for edge in EDGES:
        try:
            rubric = parse_rubric(ask(TARGETS[place](edge)))
        except PmpromoError:
            continue  # a target that no rubric may have
        for value, baseline in itertools.product(EDGES[::3], EDGES[1::3]):
            seen = assess(parse_packet(state(value, baseline)), rubric)
            assert find_bad(seen.model_dump()) == []
            assert 0 <= seen.proven <= seen.possible <= 1


WEIGHTS: Final = (("0.000000000001", "999999999999"), ("0", "1"), ("999999999999", "999999999999"))


@pytest.mark.parametrize("weights", WEIGHTS)
def test_advice_under_weights_at_the_edge_is_finite(weights: tuple[str, str]) -> None:
    """Paths, splits and sensitivity hold numbers, too, however unequal the weights are."""
    criteria = [
        {**each, "weight": weight} for each, weight in zip(RUBRIC["criteria"], weights, strict=True)
    ]
    rubric, packet = parse_rubric({**RUBRIC, "criteria": criteria}), make_packet()
    assert find_bad(assess(packet, rubric).model_dump(), attribute(packet, rubric)) == []
    told = [
        find_path(packet, rubric).model_dump_json(),
        measure_sensitivity(packet, rubric, draws=200).model_dump_json(),
    ]
    assert find_bad(*map(read_json, told)) == []


def test_frames_of_figures_at_the_edge_are_finite() -> None:
    """A frame of all pairs gives numbers in every column, and the bits of one packet alone."""
    rubric = parse_rubric(ask({"at_least": 1e-300}))
    packets = [
        parse_packet({**state(value, baseline), "id": f"p-{place}"})
        for place, (value, baseline) in enumerate(itertools.product(EDGES, EDGES[::3]))
    ]
    frame = evidence_frame(packets).drop(columns=["transition", "as_of"])
    scored = score_frame(frame, rubric, as_of=DAY)
    assert len(scored.scores) == len(packets)
    assert find_bad(scored.scores, scored.criteria) == []


HISTORIES: Final = (
    ([0.5], [1]),
    ([0.0, 1.0], [0, 1]),
    ([1.0, 0.0], [0, 1]),
    ([0.3] * 40, [1] * 40),
    ([0.3] * 40, [0] * 40),
    ([0.0] * 20 + [1.0] * 20, [0] * 20 + [1] * 20),
    ([5e-324, 1.0 - 2**-53], [1, 0]),
)


@pytest.mark.parametrize("history", choose(HISTORIES, 3), ids=lambda history: f"{len(history[0])}")
def test_forecasts_of_any_history_are_finite(history: tuple[list[float], list[int]]) -> None:
    """One decision, all alike, parted wholly, or the wrong way round."""
    model = fit_readiness(*history)
    told = model.predict([0.0, 5e-324, 0.5, 1.0])
    columns = [each.tolist() for each in (told.low, told.probability, told.high)]
    assert find_bad(read_json(model.to_json()), columns) == []
    assert all(0 <= low <= p <= high <= 1 for low, p, high in zip(*columns, strict=True))


def test_measures_of_degenerate_columns_are_finite_or_refused() -> None:
    """Forecasts of 0 and 1 that came true or not, and groups of whom nobody was selected."""
    for probability, promoted in (([0.0, 1.0] * 20, [0, 1] * 20), ([0.0, 1.0] * 20, [1, 0] * 20)):
        try:
            measured = measure_reliability(probability, promoted)
        except PmpromoError:
            continue
        assert find_bad(list_values(measured)) == []
    for outcomes in ([False] * 6, [True] * 6, [True, False] * 3):
        impact = measure_impact(outcomes, ["A", "B"] * 3)
        assert find_bad(read_json(impact.to_json())) == []


def list_values(record: Any) -> list[object]:  # noqa: ANN401 - a dataclass
    """Return what a record says; None stands where a figure is not defined."""
    return [getattr(record, each.name) for each in fields(record)]


def test_models_that_are_saved_hold_numbers() -> None:
    """What is written of models, committees and impacts holds no NaN."""
    told = [make_model().to_json(), make_committee().to_json(), make_impact().to_json()]
    assert find_bad(*map(read_json, told)) == []
    assert find_bad(read_json(default_readiness().to_json())) == []


@pytest.mark.parametrize("written", [".inf", "-.INF", ".nan", "1e400", "-1e999"])
def test_yaml_that_is_not_finite_is_refused(written: str) -> None:
    """Named or grown too large, as a figure or where no figure belongs."""
    for text in (
        (
            "id: p-1\nevidence:\n"
            f"  - {{id: a, title: t, facts: [{{metric: growth, value: {written}}}]}}\n"
        ),
        f"id: p-1\nevidence: []\nsummary: {written}\n",
    ):
        with pytest.raises(PmpromoError, match="not a finite number"):
            parse_packet(text, format="yaml")


@pytest.mark.parametrize("written", ["NaN", "Infinity", "-Infinity", "1e400", "-1e999"])
@pytest.mark.parametrize("door", RESULTS, ids=lambda door: door.name)
def test_results_that_are_not_finite_are_refused(door: Door, written: str, tmp_path: Path) -> None:
    """No number of a result, a model or a record can be made infinite on its way."""
    text = write_sample(door).decode()
    numbers = [*re.finditer(r"(?<=[:\[,])-?\d[\d.e+-]*(?=[,\]}])", text)]
    for found in numbers[:: max(1, len(numbers) // 8)]:
        spoilt = text[: found.start()] + written + text[found.end() :]
        with pytest.raises(PmpromoError):
            door.read(spoilt.encode(), tmp_path)


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), -float("inf"), np.float64("nan"), np.float32("inf")]
)
def test_objects_that_are_not_finite_are_refused(value: float) -> None:
    """A mapping, a frame and a list of scores are held to the same."""
    with pytest.raises(PmpromoError):
        parse_packet(state(value, 1.0))
    with pytest.raises(DataError):
        fit_readiness([0.5, value], [0, 1])
    with pytest.raises(DataError):
        score_ratings(
            pd.DataFrame({"packet_id": ["p"], "reach": [value], "growth": [1]}), make_rubric()
        )
    with pytest.raises(DataError):
        default_readiness().predict([value])


@pytest.mark.parametrize("written", ["inf", "-inf", "nan", "NaN", "1e400", "Infinity", "1e19"])
def test_cells_that_are_not_finite_are_no_figures(written: str, tmp_path: Path) -> None:
    """In a table the packet goes to the problems, or the file is refused."""
    path = tmp_path / "facts.csv"
    path.write_bytes(
        write_csv(
            ["packet_id,evidence_id,fact,value,unit", f"p-1,launch,growth,{written},percent/year"]
        )
    )
    scored = score_frame(read_evidence(path), make_rubric(), as_of=DAY)
    assert (len(scored.scores), len(scored.problems)) == (0, 1)
    path.write_bytes(write_csv(["packet_id,proven,promoted", f"p-1,{written},1"]))
    with pytest.raises(DataError):
        read_decisions(path, make_rubric())


def test_a_frame_that_is_not_finite_has_a_problem() -> None:
    """An infinite float in a frame is a bad cell; NaN is how frames say that nothing is known."""
    frame = evidence_frame([make_packet()]).drop(columns=["transition", "as_of"])
    frame.loc[0, "value"] = np.inf
    assert len(score_frame(frame, make_rubric(), as_of=DAY).problems) == 1
    frame.loc[0, "value"] = np.nan
    scored = score_frame(frame, make_rubric(), as_of=DAY)
    assert len(scored.problems) == 0
    assert find_bad(scored.scores) == []


def test_a_model_with_an_infinite_figure_is_no_model() -> None:
    """Each number of a saved model, one after another, made infinite by its exponent."""
    text = make_model().to_json()
    for found in [*re.finditer(r"\d\.\d+", text)][:12]:
        with pytest.raises(PmpromoError):
            ReadinessModel.from_json(f"{text[: found.end()]}e999{text[found.end() :]}")


def test_json_of_ours_is_json() -> None:
    """A strict reader takes all we write: no NaN stands where a number is missing."""

    def refuse(word: str) -> None:
        pytest.fail(word)

    for door in RESULTS:
        for line in write_sample(door).splitlines():
            json.loads(line, parse_constant=refuse)
