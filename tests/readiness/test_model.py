"""What a model says beyond its numbers: verdicts, bindings, drift, words, and its saved form."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmpromo.errors import DataError, ModelError
from pmpromo.readiness import Prior, ReadinessModel, default_readiness, fit_readiness
from pmpromo.readiness.card import BACKWARDS_NOTE, LIMITS, SCOPE, round_outward
from pmpromo.readiness.scores import Scores
from pmpromo.readiness.verdict import Standing, Terms, explain_silence, judge, judge_many

if TYPE_CHECKING:
    from collections.abc import Callable

SCORES: Final = tuple(np.linspace(0.1, 0.9, 60))
PROMOTED: Final = tuple(int(score > 0.5) for score in SCORES)
FIRM: Final = Standing(firm=True, seen=(0.2, 0.8), drifted=False)


@dataclass(frozen=True)
class FakeRubric:
    """All that a model needs to know of a rubric."""

    id: str
    scoring_digest: str


@pytest.mark.parametrize(
    ("forecast", "verdict"),
    [
        ((0.8, 0.6, 0.9, 0.80), "likely"),
        ((0.6, 0.4, 0.7, 0.79), "borderline"),
        ((0.3, 0.1, 0.5, 0.20), "unlikely"),
        ((0.4, 0.3, 0.7, 0.21), "borderline"),
        ((0.5, 0.25, 0.75, 0.5), "cannot_tell"),
    ],
)
def test_verdicts(forecast: tuple[float, float, float, float], verdict: str) -> None:
    """Likely from P = .8 on, unlikely up to .2, borderline in between if at most .4 wide."""
    assert judge(0.5, forecast, FIRM, Terms()) == verdict


@pytest.mark.parametrize("above", [0.95, 0.05])
def test_few_decisions_make_no_strong_verdict(above: float) -> None:
    """Without 20 decisions a forecast beyond the confidence is no verdict at all."""
    weak = replace(FIRM, firm=False)
    assert judge(0.5, (0.9, 0.8, 1.0, above), weak, Terms()) == "cannot_tell"


@pytest.mark.parametrize(
    ("score", "standing"),
    [
        (0.19, FIRM),
        (0.81, FIRM),
        (0.5, replace(FIRM, drifted=True)),
        (0.5, replace(FIRM, seen=None)),
    ],
)
def test_no_verdict_beyond_what_was_seen(score: float, standing: Standing) -> None:
    """A score outside history, drift, or nothing seen at all: it cannot tell."""
    assert judge(score, (0.9, 0.8, 0.95, 0.99), standing, Terms()) == "cannot_tell"


@given(
    st.lists(
        st.tuples(*[st.floats(0, 1)] * 4, st.sampled_from([0.1, 0.2, 0.5, 0.8, 0.9])), max_size=8
    ),
    st.booleans(),
    st.sampled_from([None, (0.2, 0.8)]),
    st.booleans(),
)
def test_many_verdicts_are_those_of_each(
    rows: list[tuple[float, ...]],
    firm: bool,  # noqa: FBT001
    seen: tuple[float, float] | None,
    drifted: bool,  # noqa: FBT001
) -> None:
    """Verdicts on arrays are the verdicts one by one."""
    standing = Standing(firm, seen, drifted)
    columns = np.array(rows, dtype=float).reshape(-1, 5).T
    many = judge_many(columns[4], columns[:4], standing, Terms(confidence=0.7))
    alone = [
        judge(score, (p, low, high, above), standing, Terms(confidence=0.7))
        for p, low, high, above, score in rows
    ]
    assert many == alone


@pytest.mark.parametrize(
    ("n", "prior", "reference", "firm"),
    [
        (20, None, None, True),
        (19, None, None, False),
        (0, Prior(0.3), [0.4], True),
        (0, Prior(0.3), None, False),
        (0, Prior(0.3, "on_time"), [0.4], False),
        (0, None, [0.4], False),
    ],
)
def test_what_makes_a_model_firm(
    n: int, prior: Prior | None, reference: list[float] | None, *, firm: bool
) -> None:
    """Twenty decisions, or both a rate per decision and reference scores, stand behind `likely`."""
    model = fit_readiness(SCORES[:n], PROMOTED[:n], prior=prior, reference=reference)
    assert model.standing.firm == firm


@pytest.mark.parametrize(
    ("score", "forecast", "standing", "said"),
    [
        (0.5, (0.5, 0.1, 0.9, 0.5), replace(FIRM, drifted=True), "recent decisions do not fit"),
        (0.5, (0.5, 0.1, 0.9, 0.5), replace(FIRM, seen=None), "no score has been seen yet"),
        (0.9, (0.9, 0.8, 1.0, 0.9), FIRM, "lie between 0.20 and 0.80, this one outside"),
        (0.5, (0.9, 0.8, 1.0, 0.9), replace(FIRM, firm=False), "it takes 20 decisions"),
        (0.5, (0.1, 0.0, 0.2, 0.1), replace(FIRM, firm=False), "it takes 20 decisions"),
        (0.5, (0.5, 0.1, 0.9, 0.5), FIRM, "the interval is too wide"),
    ],
)
def test_every_silence_has_its_reason(
    score: float, forecast: tuple[float, float, float, float], standing: Standing, said: str
) -> None:
    """Where the verdict is cannot_tell, one sentence says which rule silenced it."""
    assert judge(score, forecast, standing, Terms()) == "cannot_tell"
    assert said in explain_silence(score, forecast, standing, Terms())


def test_a_forecast_is_explained_in_words() -> None:
    """Sixty decisions: their number, the interval rounded outward, and the limit; no silence."""
    model = fit_readiness(SCORES, PROMOTED)
    _, low, high = round_outward(*model.predict_one(0.85)[:3])
    assert model.explain(0.85) == (
        f"From 60 decisions; at this score between {low:g} % and {high:g} %.",
        SCOPE,
    )


def test_an_explanation_counts_the_decisions_of_its_transition() -> None:
    """With several transitions both counts are said; without decisions it is called a prior."""
    model = fit_readiness(SCORES, PROMOTED, groups=["a", "b", "b"] * 20)
    assert "From 60 decisions, 40 of them about this transition;" in model.explain(0.5, "b")[0]
    assert default_readiness().explain(0.5)[0].startswith("From no past decisions: a prior;")


def test_an_explanation_names_scores_that_run_backwards() -> None:
    """Where high scores were promoted less often than low ones, the explanation says so."""
    inverted = fit_readiness(SCORES, [1 - outcome for outcome in PROMOTED])
    assert BACKWARDS_NOTE in inverted.explain(0.5)


def test_predictions_are_told_in_percent() -> None:
    """A forecast prints as percent with its interval, the ends rounded outward."""
    model = fit_readiness(SCORES, PROMOTED)
    p, low, high = round_outward(*model.predict_one(0.5)[:3])
    assert str(model.predict([0.5, 0.5])) == "\n".join([f"{p} % ({low} to {high} %)"] * 2)


def test_a_column_of_text_is_one_problem() -> None:
    """Numbers as text are said to be text, once; a text among numbers is named by its place."""
    with pytest.raises(DataError) as caught:
        fit_readiness(["0.5", "0.6"], ["yes", "no"])  # type: ignore[list-item]
    assert [str(p) for p in caught.value.problems] == [
        "scores: text, not numbers; convert it with float first",
        "promoted: text, not numbers; convert it with float first",
    ]
    with pytest.raises(DataError, match=r"^scores\[1\]: not a finite number"):
        fit_readiness([0.5, "0.6"], [0, 1])  # type: ignore[list-item]


def test_an_id_in_place_of_a_rubric_is_answered() -> None:
    """Who gives a rubric's id is told which function gives the rubric."""
    with pytest.raises(DataError, match=r"load_rubric\('a/b'\) gives the Rubric"):
        fit_readiness((), (), rubric="a/b")


def test_likely_and_unlikely() -> None:
    """Sixty decisions that follow the score: likely on top, unlikely below, silent outside."""
    model = fit_readiness(SCORES, PROMOTED)
    assert model.judge([0.15, 0.85, 0.95]) == ["unlikely", "likely", "cannot_tell"]


def test_documented_rate_moves_the_prior() -> None:
    """At n = 0 a higher documented rate gives higher forecasts; "under u" is taken as 0.6 u."""
    low, high = (
        fit_readiness((), (), prior=Prior(rate)).predict_one(0.5)[0] for rate in (0.2, 0.6)
    )
    assert low < high
    bound = fit_readiness((), (), prior=Prior(0.2, "upper_bound"))
    rate = fit_readiness((), (), prior=Prior(0.12, "on_time"))
    assert bound.predict_one(0.5) == rate.predict_one(0.5)


def test_one_rubric_binds() -> None:
    """A model serves rubrics of its scoring, and names both digests when it refuses another."""
    model = fit_readiness(SCORES, PROMOTED, rubric=FakeRubric("l3-l4", "aaa"))
    assert model.find_group(FakeRubric("renamed", "aaa")) is None
    with pytest.raises(ModelError, match=r"l3-l4 \(aaa\), used with l3-l4 \(bbb\)"):
        model.find_group(FakeRubric("l3-l4", "bbb"))
    assert fit_readiness((), ()).find_group(FakeRubric("any", "x")) is None


def test_several_rubrics_bind() -> None:
    """A rubric a transition: the digest finds the transition's curve."""
    rubrics = {"b": FakeRubric("l4-l5", "bbb"), "a": FakeRubric("l3-l4", "aaa")}
    groups = ["a", "b"] * 30
    model = fit_readiness(SCORES, PROMOTED, rubric=rubrics, groups=groups)
    assert model.find_group(FakeRubric("l4-l5", "bbb")) == "b"
    assert [b.transition for b in model.bindings] == ["a", "b"]
    with pytest.raises(ModelError, match=r"l3-l4 \(aaa\), l4-l5 \(bbb\), used with"):
        model.find_group(FakeRubric("l5-l6", "ccc"))


def test_scores_keep_their_source() -> None:
    """A model fitted on ratings says so, and refuses scores that come from elsewhere."""
    model = fit_readiness(Scores(SCORES, "ratings"), PROMOTED)
    assert model.score_source == "ratings"
    assert model.predict(Scores(SCORES[:2], "ratings")).low.shape == (2,)
    assert Scores(SCORES, "ratings")[:2] == SCORES[:2]
    with pytest.raises(ModelError, match="are proven, the model knows ratings"):
        model.predict(Scores(SCORES, "proven"))
    with pytest.raises(ModelError, match="are proven, the model knows ratings"):
        model.judge(Scores(SCORES, "proven"))


def test_drift_silences_verdicts() -> None:
    """A committee that turns around raises the alarm; noted, every verdict is cannot_tell."""
    model = fit_readiness(SCORES, PROMOTED)
    assert not model.watch(SCORES[::3], PROMOTED[::3]).alarm
    drift = model.watch(SCORES, [1 - y for y in PROMOTED])
    assert drift.alarm
    noted = model.note_drift(drift)
    assert noted.judge([0.85]) == ["cannot_tell"]
    assert "fit it again" in str(noted)
    assert model.judge([0.85]) == ["likely"]


def test_words_about_a_model() -> None:
    """The report, the table and the card say what stands behind the numbers and escape names."""
    groups = ["<b>l3</b>", "l4"] * 30
    model = fit_readiness(SCORES, PROMOTED, groups=groups, rubric={"<i>": FakeRubric("r", "d")})
    assert "From 60 past decisions, 30 of them promotions." in str(model)
    assert "<b>l3</b>" in str(model)
    table = model._repr_html_()
    assert "&lt;b&gt;l3&lt;/b&gt;" in table
    assert "<b>" not in table
    card = model.model_card()
    assert LIMITS in card
    assert "- &lt;i&gt;: r, scoring d" in card
    assert "| log loss (nats) |" in card
    plain = default_readiness()
    assert "a prior, not a forecast" in str(plain)
    assert "- Bound to no rubric." in plain.model_card()
    assert "Not measured" in plain.model_card()


def test_backwards_scores_are_named() -> None:
    """Scores that run against decisions: the curve is flat and the text says so."""
    model = fit_readiness(SCORES, [1 - y for y in PROMOTED])
    forecast = model.predict(SCORES).probability
    assert model.runs_backwards
    assert forecast.max() - forecast.min() < 0.05
    assert "do not fit decisions" in str(model)
    assert model.log_bayes_factor < 0


def test_no_scores_no_trend() -> None:
    """Tied scores and one class show neither a trend nor a Bayes factor for scores."""
    tied = fit_readiness([0.7] * 30, [0, 1] * 15)
    assert (tied.trend, tied.runs_backwards) == (0.0, False)
    assert tied.log_bayes_factor < 0.1


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_percentages_round_outward(a: float, b: float, c: float) -> None:
    """Shown ends contain the raw ones, and everything shown lies within 0.1 and 99.9 %."""
    low, p, high = sorted((a, b, c))
    shown_p, shown_low, shown_high = round_outward(p, low, high)
    assert 0.1 <= shown_low <= shown_p <= shown_high <= 99.9
    assert shown_low <= max(low * 100, 0.1) + 1e-7
    assert shown_high >= min(high * 100, 99.9) - 1e-7


def test_reliability_is_saved_with_the_model() -> None:
    """The cross-validated reliability is measured once, saved, and absent below 20 decisions."""
    model = fit_readiness(SCORES, PROMOTED, prior=Prior(0.5))
    found = model.reliability
    assert found is not None
    assert (found.n_decisions, found.rate) == (60, 0.5)
    assert found.log_skill is not None
    assert found.log_skill > 0.5
    assert ReadinessModel.from_json(model.to_json()).reliability == found
    assert fit_readiness(SCORES[:19], PROMOTED[:19]).reliability is None


def saved() -> dict[str, Any]:
    """Return a saved model as a dict, to be spoilt."""
    value: dict[str, Any] = json.loads(fit_readiness(SCORES, PROMOTED).to_json())
    return value


def set_curve(column: str, values: object) -> Callable[[dict[str, Any]], None]:
    """Return an edit that replaces a column of the curve."""

    def edit(model: dict[str, Any]) -> None:
        model["levels"][0]["curve"][column] = values

    return edit


def set_key(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Return an edit that replaces a key of the model."""

    def edit(model: dict[str, Any]) -> None:
        model[key] = value

    return edit


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (set_key("schema_version", 2), "newer than 1; use a newer release"),
        (set_key("schema_version", "1"), "model.schema_version: not a version"),
        (set_key("n_decisions", 1.5), "model.n_decisions: not a value of type int"),
        (set_key("n_decisions", 10), "counts that contradict"),
        (set_key("trend", "high"), "model.trend: not a value of type float"),
        (set_key("trend", 10**400), "model.trend: not a finite number"),
        (set_key("extra", 1), "model.'extra': unknown key"),
        (set_key("seen", [0.9, 0.1]), "model.seen: not a range"),
        (set_key("seen", [0.9]), "model.seen: has 1 entries, not 2"),
        (set_key("seen", 0.9), "model.seen: not a list"),
        (
            set_key("terms", {"bar": 7.0, "confidence": 0.8, "coverage": 0.9}),
            "model.terms.bar: not",
        ),
        (set_key("terms", None), "model.terms: not an object"),
        (set_key("levels", []), "model.levels: not one nameless level"),
        (set_curve("low", [0.0, 1.0]), "curve.low: has 2 entries"),
        (set_curve("knots", [0.5]), "fewer than 2 knots"),
        (set_curve("above", [2.0, 1.0]), "curve.above: not ascending"),
        (set_curve("above", [-1.0, 1.0]), "curve.above: not within 0..1"),
        (lambda model: model.pop("reliability"), "model.reliability: missing"),
        (lambda model: model.pop("n_promoted"), "model.n_promoted: missing"),
    ],
)
def test_spoilt_models_are_refused(edit: Callable[[dict[str, Any]], None], said: str) -> None:
    """What is not a saved model is refused, and the place is named."""
    value = saved()
    edit(value)
    with pytest.raises(ModelError) as caught:
        ReadinessModel.from_json(json.dumps(value))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{", "[" * 100_000, b"\xff", '{"a": 1, "a": 2}', " " * 10_000_001],
    ids=["empty", "list", "null", "cut", "deep", "bytes", "twins", "large"],
)
def test_other_texts_are_refused(text: str | bytes) -> None:
    """Text that is no JSON object of ours is refused without a bare error."""
    with pytest.raises(ModelError):
        ReadinessModel.from_json(text)


def test_a_cut_file_never_loads() -> None:
    """A saved model cut at any byte is refused."""
    text = default_readiness().to_json()
    for length in range(0, len(text), 37):
        with pytest.raises(ModelError):
            ReadinessModel.from_json(text[:length])


def test_all_problems_of_all_arguments_at_once() -> None:
    """Every problem of every argument is in one error, with its index."""
    with pytest.raises(DataError) as caught:
        fit_readiness(
            ["0.5", 0.2, None, True],  # type: ignore[list-item]
            [1, 2, float("nan")],
            case_weight=[-1, 1, 1, 10**400],
            groups=["a", "", "a", 3],  # type: ignore[list-item]
            reference=[1.5],
            prior={"a": 0.3},  # type: ignore[dict-item]
            rubric=object(),
            bar=0,
            confidence=0.5,
            coverage=90,
        )
    paths = sorted(problem.path for problem in caught.value.problems)
    arguments = "bar case_weight[0] case_weight[3] confidence coverage groups[1] groups[3]"
    columns = "prior['a'] promoted promoted[1] promoted[2] reference[0] rubric rubric"
    assert paths == [*arguments.split(), *columns.split(), "scores[0]", "scores[2]"]


@pytest.mark.parametrize("scores", [0.5, [[0.5], [0.5]], [[0.5], [0.5, 0.6]], "0.5"])
def test_only_columns_are_columns(scores: Any) -> None:  # noqa: ANN401
    """A number, a table or a text is not a column of numbers."""
    with pytest.raises(DataError, match="not one column of numbers"):
        fit_readiness(scores, [1])


def test_a_million_bad_values_are_counted() -> None:
    """Beyond a thousand bad values of a column the rest are counted, not listed."""
    with pytest.raises(DataError) as caught:
        fit_readiness(np.full(100_000, np.nan), np.ones(100_000))
    assert len(caught.value.problems) == 1001
    assert "99000 more entries" in str(caught.value.problems[-1])


def test_groups_are_checked() -> None:
    """Groups must be known names, one a score, and given only where levels have curves."""
    model = fit_readiness(SCORES, PROMOTED, groups=["a", "b"] * 30)
    assert model.count_decisions("a") == 30
    with pytest.raises(ModelError, match=r"groups\[1\]: no curve for this transition; one of a, b"):
        model.predict([0.5, 0.5], ["a", "c"])
    with pytest.raises(ModelError, match="group: missing; one of a, b"):
        model.predict([0.5])
    with pytest.raises(DataError, match="has 1 entries"):
        model.predict([0.5, 0.5], ["a"])
    with pytest.raises(DataError, match="one text, not a list"):
        model.predict([0.5], "a")
    with pytest.raises(ModelError, match="one curve for all transitions"):
        default_readiness().predict_one(0.5, "a")
    with pytest.raises(DataError, match="rates by transition, but no groups"):
        fit_readiness(SCORES, PROMOTED, prior={"a": Prior(0.3)})


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan"), float("inf")])
def test_predict_one_refuses(score: float) -> None:
    """A score outside 0..1 has no forecast."""
    with pytest.raises(DataError, match="not within"):
        default_readiness().predict_one(score)


@pytest.mark.parametrize(
    ("rate", "kind", "sd", "said"),
    [
        (0.0, "per_decision", None, "prior.rate"),
        ("0.3", "per_decision", None, "prior.rate"),
        (0.3, "share", None, "prior.kind: unknown kind"),
        (0.3, "per_decision", 0.0, "prior.sd"),
    ],
)
def test_priors_are_checked(rate: Any, kind: str, sd: float | None, said: str) -> None:  # noqa: ANN401
    """A rate outside 0.001..0.999, an unknown kind and an sd of 0 are refused."""
    with pytest.raises(DataError, match=said):
        Prior(rate, kind, sd)
