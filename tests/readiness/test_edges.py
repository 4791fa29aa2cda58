"""Verdicts, saved models and measures at the edge of another answer, word for word."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest

from pmpromo.errors import DataError, ModelError
from pmpromo.readiness import (
    ReadinessModel,
    calibration_curve,
    consistency_band,
    fit_readiness,
    interval_coverage,
    interval_score,
)
from pmpromo.readiness.curve import Curve, find_curve_problems
from pmpromo.readiness.measured import Decomposition, Diagram, Reliability, _draw_rows
from pmpromo.readiness.model import Predictions
from pmpromo.readiness.record import find_record_problems, find_version_problems
from pmpromo.readiness.verdict import Standing, Terms, explain_silence, judge, judge_many
from pmpromo.readiness.weights import LearnedWeights

if TYPE_CHECKING:
    from collections.abc import Callable

    from pmpromo.readiness.curve import Forecast
    from pmpromo.readiness.verdict import Verdict

FIRM: Final = Standing(firm=True, seen=(0.25, 0.75), drifted=False)
LOOSE: Final = replace(FIRM, firm=False)
AGAIN: Final = "save the model again"


@pytest.mark.parametrize(
    ("score", "forecast", "standing", "verdict", "silence"),
    [
        # As sure as is asked is enough, on either side.
        (0.5, (0.7, 0.5, 0.9, 0.75), FIRM, "likely", ""),
        (0.5, (0.3, 0.1, 0.5, 0.25), FIRM, "unlikely", ""),
        # An interval as wide as .4 is still close; a wider one says nothing.
        (0.5, (0.5, 0.25, 0.625, 0.5), FIRM, "borderline", ""),
        (0.5, (0.2, 0.0, 0.4, 0.5), FIRM, "borderline", ""),
        (0.5, (0.5, 0.25, 0.75, 0.5), FIRM, "cannot_tell", "the interval is too wide."),
        # The ends of what was seen were seen.
        (0.25, (0.7, 0.5, 0.9, 0.75), FIRM, "likely", ""),
        (0.75, (0.7, 0.5, 0.9, 0.75), FIRM, "likely", ""),
        (
            0.875,
            (0.7, 0.5, 0.9, 0.75),
            FIRM,
            "cannot_tell",
            "past scores lie between 0.25 and 0.75, this one outside.",
        ),
        (
            0.125,
            (0.7, 0.5, 0.9, 0.75),
            FIRM,
            "cannot_tell",
            "past scores lie between 0.25 and 0.75, this one outside.",
        ),
        (0.5, (0.7, 0.5, 0.9, 0.75), LOOSE, "cannot_tell", "it takes 20 decisions."),
        (0.5, (0.3, 0.1, 0.5, 0.25), LOOSE, "cannot_tell", "it takes 20 decisions."),
        (0.5, (0.5, 0.25, 0.625, 0.5), LOOSE, "borderline", ""),
        (
            0.5,
            (0.7, 0.5, 0.9, 0.75),
            replace(FIRM, seen=None),
            "cannot_tell",
            "no score has been seen yet.",
        ),
        (
            0.5,
            (0.7, 0.5, 0.9, 0.75),
            replace(FIRM, drifted=True),
            "cannot_tell",
            "recent decisions do not fit the model; fit it again.",
        ),
    ],
)
def test_a_verdict_and_why_there_is_none(
    score: float, forecast: Forecast, standing: Standing, verdict: Verdict, silence: str
) -> None:
    """A verdict of three in four, of one score and of a column of scores."""
    terms = Terms(confidence=0.75)
    assert judge(score, forecast, standing, terms) == verdict
    columns = np.array([forecast] * 2).T
    assert judge_many(np.array([score] * 2), columns, standing, terms) == [verdict] * 2
    if silence:
        assert explain_silence(score, forecast, standing, terms) == f"No verdict: {silence}"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ([], f"model: not an object; {AGAIN}"),
        ({}, f"model.schema_version: not a version; {AGAIN}"),
        ({"schema_version": 0}, f"model.schema_version: not a version; {AGAIN}"),
        ({"schema_version": True}, f"model.schema_version: not a version; {AGAIN}"),
        (
            {"schema_version": 2},
            "model.schema_version: version 2, newer than 1; use a newer release of pmpromo",
        ),
        (
            {"schema_version": 10**9},
            "model.schema_version: version 1000000, newer than 1; use a newer release of pmpromo",
        ),
    ],
)
def test_a_version_is_named(value: object, told: str) -> None:
    """What is no version, and what a newer release wrote."""
    assert [str(problem) for problem in find_version_problems(value)] == [told]
    assert find_version_problems({"schema_version": 1}) == []


MODEL: Final = fit_readiness([0.2, 0.4, 0.6, 0.8], [0, 1, 0, 1], reference=[0.5])
LEVEL: Final = MODEL.levels[0]
COUNTS: Final = "model.n_decisions: counts that contradict each other"
LEVELS: Final = "model.levels: not one nameless level, nor several with names of their own"
SEEN: Final = "model.seen: not a range of scores within 0..1"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        ({"n_promoted": 4, "n_bridged": 4}, []),
        ({"n_promoted": 5}, [COUNTS]),
        ({"n_bridged": 5}, [COUNTS]),
        ({"n_promoted": -1}, [COUNTS]),
        ({"n_reference": -1}, [COUNTS]),
        ({"n_bridged": -1}, [COUNTS]),
        ({"n_promoted": 0, "n_bridged": 0, "n_reference": 0}, []),
        ({"seen": (0.0, 1.0)}, []),
        ({"seen": (0.5, 0.5)}, []),
        ({"seen": (0.5, 0.25)}, [SEEN]),
        ({"seen": (-0.5, 0.25)}, [SEEN]),
        ({"seen": (0.5, 1.25)}, [SEEN]),
        ({"levels": ()}, [LEVELS]),
        ({"levels": (LEVEL, LEVEL)}, [LEVELS]),
        ({"levels": (replace(LEVEL, name="a"),)}, []),
        ({"levels": (replace(LEVEL, name="a"), replace(LEVEL, name="b"))}, []),
        ({"levels": (replace(LEVEL, name="a"), replace(LEVEL, name="a"))}, [LEVELS]),
        ({"levels": (replace(LEVEL, name="a"), LEVEL)}, [LEVELS]),
    ],
)
def test_what_cannot_be_true_of_a_model_is_told(changes: dict[str, Any], told: list[str]) -> None:
    """Counts, levels and the range of scores; each of them may lie at its end."""
    found = find_record_problems(replace(MODEL, **changes))
    assert [str(problem) for problem in found] == told


def test_levels_of_one_name_and_of_none_are_told_apart() -> None:
    """A curve is checked wherever it stands."""
    short = replace(LEVEL.curve, low=(0.0,))
    levels = replace(LEVEL, name="a"), replace(LEVEL, name="b", curve=short)
    told = [str(problem) for problem in find_record_problems(replace(MODEL, levels=levels))]
    assert told == [f"model.levels[1].curve.low: has 1 entries, knots has {len(short.knots)}"]


PLAIN: Final = Curve((0.0, 1.0), (-1.0, 1.0), (-2.0, 0.0), (0.0, 2.0), (0.1, 0.9))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        ({"knots": (-1.0, 2.0)}, []),
        ({"knots": (-1.5, 2.0)}, ["c.knots: not within -1..2"]),
        ({"knots": (-1.0, 2.5)}, ["c.knots: not within -1..2"]),
        ({"knots": (0.5, 0.5)}, ["c.knots: not ascending"]),
        ({"centre": (1.0, 1.0)}, []),
        ({"centre": (1.0, 0.5)}, ["c.centre: not ascending"]),
        ({"low": (-10.0, 10.0)}, []),
        ({"low": (-10.5, 10.0)}, ["c.low: not within -10..10"]),
        ({"high": (0.0, 10.5)}, ["c.high: not within -10..10"]),
        ({"above": (0.0, 1.0)}, []),
        ({"above": (0.5, 1.5)}, ["c.above: not within 0..1"]),
        ({"above": (0.5,)}, ["c.above: has 1 entries, knots has 2"]),
    ],
)
def test_a_curve_that_was_not_drawn_here_is_checked(
    changes: dict[str, tuple[float, ...]], told: list[str]
) -> None:
    """Its columns are as long as its knots, rise, and lie where a curve can."""
    found = find_curve_problems(replace(PLAIN, **changes), "c")
    assert [str(problem) for problem in found] == told


def test_a_curve_has_two_knots() -> None:
    """One is no curve."""
    one = Curve((0.5,), (0.0,), (0.0,), (0.0,), (0.5,))
    assert [str(problem) for problem in find_curve_problems(one, "c")] == [
        "c.knots: fewer than 2 knots"
    ]


def test_a_model_without_its_reliability_is_not_whole() -> None:
    """The measure may be null, and may not be left out."""
    text = MODEL.to_json()
    assert '"reliability":null' in text
    with pytest.raises(ModelError, match=r"^model\.reliability: missing"):
        ReadinessModel.from_json(text.replace('"reliability":null,', ""))


def test_forecasts_and_weights_print_one_a_line() -> None:
    """The ends are rounded outward."""
    columns = [np.array(x) for x in ([0.5, 0.0004], [0.31249, 0.0003], [0.68211, 0.01], [0.5, 0.5])]
    assert str(Predictions(*columns)) == "50.0 % (31.2 to 68.3 %)\n0.1 % (0.1 to 1.0 %)"
    learned = LearnedWeights((0.5, 0.5), (0.625, 0.375), 1.234, (1.0,), 60)
    assert str(learned) == (
        "Weights from 60 decisions; log Bayes factor against the expert's 1.23.\n"
        "  criterion 1: expert 0.500, learned 0.625\n"
        "  criterion 2: expert 0.500, learned 0.375"
    )


STRATEGIES: Final = "strategy: unknown, or without bins; "


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: consistency_band([]), "probability: no forecast; give at least one"),
        (lambda: interval_coverage([], [], []), "truth: no interval to measure; give one"),
        (
            lambda: interval_score([0.5], [0.5, 0.5], [0.5]),
            "high: has 2 entries where scores has 1; give one a decision",
        ),
        (
            lambda: interval_score([2.0], [0.5], [-1.0]),
            "low[0]: not within 0..1; give shares, not percent",
        ),
    ],
)
def test_measures_say_what_they_lack(call: Callable[[], object], told: str) -> None:
    """Each names its column."""
    with pytest.raises(DataError) as caught:
        call()
    assert str(caught.value) == told


def test_true_probabilities_at_the_ends_are_inside() -> None:
    """Both ends belong to an interval."""
    assert interval_coverage([0.2, 0.2, 0.2], [0.4, 0.4, 0.4], [0.2, 0.4, 0.41]) == 2 / 3
    assert interval_score([0.2], [0.4], [0.5], coverage=0.8) == pytest.approx(0.2 + 10 * 0.1)


def test_a_curve_of_one_bin_is_the_rate() -> None:
    """One bin is enough; none is refused."""
    frequency, forecast = calibration_curve([0, 1], [0.2, 0.6], n_bins=1, strategy="uniform")
    assert (frequency.tolist(), forecast.tolist()) == ([0.5], [0.4])
    for wrong in ({"n_bins": 0}, {"strategy": "kmeans"}):
        with pytest.raises(DataError) as caught:
            calibration_curve([0, 1], [0.2, 0.6], **wrong)
        assert str(caught.value).startswith(STRATEGIES)


def test_a_reliability_reads_as_it_stands_here() -> None:
    """Of nineteen points every other is shown, the ends among them; a dash is what is undefined."""
    at = tuple(i / 20 for i in range(1, 20))
    diagram = Diagram(at, tuple(min(x, 0.9) for x in at), (0.0,) * 19, (0.9,) * 18 + (0.85,))
    parts = Decomposition(0.5, 0.0625, 0.1875, 0.625)
    found = Reliability(
        n_decisions=40,
        rate=0.25,
        log_loss=0.5,
        log_skill=None,
        brier=0.125,
        brier_skill=0.5,
        log_parts=parts,
        brier_parts=parts,
        calibration_error=0.03125,
        intercept=-0.0625,
        slope=1.5,
        spiegelhalter_z=None,
        diagram=diagram,
    )
    rows = [f"{x * 100:6.1f} %  {x * 100:6.1f} %     0.0 to  90.0 %" for x in at[:-1:2]]
    assert str(found) == "\n".join(
        [
            "Reliability of 40 forecasts, against a rate of 25.0 %:",
            "  log loss (nats)                        0.500",
            "  skill against a constant rate              -",
            "  miscalibration (nats)                  0.062",
            "  discrimination (nats)                  0.188",
            "  Brier score                            0.125",
            "  calibration error                      0.031",
            "  calibration intercept (0 is sound)    -0.062",
            "  calibration slope (1 is sound)         1.500",
            "",
            "forecast  happened  by chance (90 %)",
            *rows,
            "  95.0 %    90.0 %     0.0 to  85.0 %  outside",
            "(of sound forecasts one row in ten lies outside)",
        ]
    )


def test_frequencies_at_the_ends_of_chance_are_not_outside() -> None:
    """A frequency that is as low, or as high, as chance makes it is inside."""
    ends = Diagram((0.2, 0.4, 0.6), (0.1, 0.5, 0.7), (0.1, 0.3, 0.71), (0.3, 0.5, 0.8))
    marks = [row.endswith("outside") for row in _draw_rows(ends)]
    assert marks == [False, False, False, True, False]
