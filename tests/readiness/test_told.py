"""What readiness says to people, word for word: every refusal, and the whole of a model card."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest

from pmpromo.errors import DataError, PmpromoError
from pmpromo.readiness import (
    Bridge,
    Prior,
    Scores,
    build_bridge,
    drift_evalue,
    fit_readiness,
    learn_weights,
    measure_reliability,
)
from pmpromo.readiness.archive import LARGEST_TEXT, decode_plain, parse_json, write_json
from pmpromo.readiness.binding import Binding, bind_rubrics, check_binding
from pmpromo.readiness.card import draw_model
from pmpromo.readiness.history import read_level_names, read_numbers
from pmpromo.readiness.record import Training
from pmpromo.readiness.verdict import Terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from pmpromo.errors import Problem

IDS: Final = tuple(f"p-{i:02}" for i in range(20))
RISING: Final = tuple(i / 20 for i in range(20))
RATED: Final = Scores(RISING, "ratings", IDS)
PROVEN: Final = Scores(RISING, "proven", IDS)
BRIDGE: Final = Bridge("ratings", "proven", 20, 0.0, 1.0, 1.0, (0.0,) * 20)
TRAINED: Final = Training(shift_sd=0.1, slope_sd=0.1, mean_logit=0.0)
SHARES: Final = "not within 0..1; give shares, not percent"
OUTCOMES: Final = "neither 0 nor 1; 1 means promoted, 0 not promoted"
GIVE: Final = "give a Rubric, or a mapping of transition -> Rubric"
ONE_EACH: Final = "give one a decision"


@dataclass(frozen=True)
class Named:
    """What a model asks of a rubric."""

    id: str
    scoring_digest: str


def falling() -> Scores:
    """Return scores that fall where the ratings rise."""
    return Scores(RISING[::-1], "proven", IDS)


def learn(rows: object, **given: object) -> object:
    """Learn weights from fifty decisions, or from what is given instead."""
    columns: dict[str, object] = {"promoted": [0, 1] * 25, "expert": [1.0, 1.0], **given}
    return learn_weights(rows, **columns)  # type: ignore[arg-type]


TABLE: Final = [[0.2, 0.8], [0.8, 0.2]] * 25

REFUSALS: Final[list[tuple[Callable[[], object], str]]] = [
    (
        lambda: BRIDGE.convert(Scores((0.5,), "proven")),
        (
            "scores: from proven, where the bridge begins at ratings\n"
            "scores: without packet ids; Scores(values, source, packet_ids)"
        ),
    ),
    (
        lambda: build_bridge(PROVEN, PROVEN),
        "wanted: both are proven; nothing needs to be carried over",
    ),
    (
        lambda: build_bridge(Scores(RISING, "ratings"), Scores(RISING, "proven")),
        (
            "given: without packet ids; Scores(values, source, packet_ids)\n"
            "wanted: without packet ids; Scores(values, source, packet_ids)"
        ),
    ),
    (
        lambda: build_bridge(RATED.select(IDS[:3]), PROVEN),
        (
            "wanted: 3 packets have both scores, at least 20 are needed; "
            "score more of the rated packets"
        ),
    ),
    (
        lambda: build_bridge(Scores((*RISING[:19], 2.0), "ratings", IDS), PROVEN),
        f"given[19]: {SHARES}",
    ),
    (
        lambda: build_bridge(RATED, Scores((*RISING[:19], 2.0), "proven", IDS)),
        f"wanted[19]: {SHARES}",
    ),
    (
        lambda: build_bridge(RATED, falling()),
        (
            "wanted: does not rise with ratings on the packets that have both; "
            "such scores cannot be carried over"
        ),
    ),
    (lambda: drift_evalue([2], [0.5], TRAINED), f"promoted[0]: {OUTCOMES}"),
    (lambda: drift_evalue([1], [50], TRAINED), f"probability[0]: {SHARES}"),
    (
        lambda: drift_evalue([1], [0.5, 0.5], TRAINED),
        f"promoted: has 1 entries where scores has 2; {ONE_EACH}",
    ),
    (
        lambda: bind_rubrics("pm"),
        (
            "rubric: has no id; load_rubric('pm') gives the Rubric\n"
            "rubric: has no scoring_digest; load_rubric('pm') gives the Rubric"
        ),
    ),
    (
        lambda: bind_rubrics({"l4": 3}),
        (f"rubric['l4']: has no id; {GIVE}\nrubric['l4']: has no scoring_digest; {GIVE}"),
    ),
    (
        lambda: check_binding(
            (Binding(None, "pm", "d1"), Binding(None, "x", "d2")), Named("pm", "d3")
        ),
        (
            "readiness: fitted on the scoring of pm (d1), used with pm (d3); "
            "fit it again on scores of this rubric"
        ),
    ),
    (
        lambda: check_binding(
            (Binding(None, "pm", "d1"), Binding(None, "x", "d2")), Named("y", "d3")
        ),
        (
            "readiness: fitted on the scoring of pm (d1), x (d2), used with y (d3); "
            "fit it again on scores of this rubric"
        ),
    ),
    (
        lambda: parse_json("[" + " " * LARGEST_TEXT),
        "model: too large for a saved model; save the model again",
    ),
    (lambda: parse_json("{"), "model: not the JSON text of a saved model; save the model again"),
    (
        lambda: parse_json('{"KEY": 1, "KEY": 2}'.replace("KEY", "k" * 200)),
        f"model: the key '{'k' * 80}' occurs twice; save the model again",
    ),
    (
        lambda: learn([[0.2], [0.8]] * 25),
        "criteria: not a table of numbers with 2 columns; one row a decision, one column a weight",
    ),
    (
        lambda: learn([*TABLE[:49], [0.5, -1.0]]),
        f"criteria[49, 1]: {SHARES}",
    ),
    (
        lambda: learn(TABLE, expert=[0, 0]),
        "expert: no weight above 0; give the rubric's weights",
    ),
    (
        lambda: learn(TABLE, expert=[1, -1]),
        "expert[1]: negative; a weight of 0 leaves a decision out",
    ),
    (lambda: learn(TABLE, promoted=[2] + [0] * 49), f"promoted[0]: {OUTCOMES}"),
    (
        lambda: learn(TABLE, case_weight=[-1] + [1] * 49),
        "case_weight[0]: negative; a weight of 0 leaves a decision out",
    ),
    (
        lambda: learn(TABLE, case_weight=[1] * 49),
        (
            f"case_weight: has 49 entries where scores has 50; {ONE_EACH}\n"
            "promoted: fewer than 50 decisions; keep the expert's weights"
        ),
    ),
    (
        lambda: Terms(bar=0, confidence=0.5, coverage=1),
        (
            "bar: not within 0.001..0.999; give a share, not percent\n"
            "confidence: not within 0.501..0.999; give a share, not percent\n"
            "coverage: not within 0.001..0.999; give a share, not percent"
        ),
    ),
    (
        lambda: Prior(0.0001, "guess", 9),
        (
            "prior.rate: not within 0.001..0.999; give a share, not percent\n"
            "prior.kind: unknown kind; one of per_decision, on_time, upper_bound, ever_reached\n"
            "prior.sd: not within 0.05..5.0; it is a standard deviation in logits"
        ),
    ),
    (
        lambda: Scores((0.5,), "proven", ("a", "b")),
        "packet_ids: has 2 entries where scores has 1; give one a score",
    ),
    (
        lambda: Scores((0.5,) * 5, "proven", ("a", "b", "a", "b", "c")),
        "packet_ids: 2 ids occur more than once; give one score a packet",
    ),
    (
        lambda: RATED + PROVEN,
        "scores: from ratings and from proven; bridge one to the other first",
    ),
    (
        lambda: Scores((0.5,), "proven").select(["a"]),
        "packet_ids: unknown; give the ids with the scores",
    ),
    (
        lambda: RATED.select(["p-00", "x"]),
        "packet_ids[1]: no score of this packet; leave the packet out",
    ),
    (
        lambda: read_numbers("s", [[0.5]]),  # type: ignore[list-item]
        "s: not one column of numbers; give a list; predict_one and judge_one take one score",
    ),
    (lambda: read_numbers("s", ["0.5"]), "s: text, not numbers; convert it with float first"),  # type: ignore[list-item]
    (
        lambda: read_numbers("s", [math.nan, 0.5, 10**400]),
        (
            "s[0]: not a finite number; leave out what is not known\n"
            "s[2]: not a finite number; leave out what is not known"
        ),
    ),
    (
        lambda: read_level_names("g", "l4", 0),
        f"g: one text, not a list of names; {ONE_EACH}",
    ),
    (
        lambda: read_level_names("g", ["l4", ""], 3),
        (
            "g[1]: not a name; give the transition as text\n"
            f"g: has 2 entries where scores has 3; {ONE_EACH}"
        ),
    ),
    (
        lambda: fit_readiness((), (), prior=0.4),  # type: ignore[arg-type]
        "prior: not a Prior; Prior(rate, kind)",
    ),
    (
        lambda: fit_readiness([0.5], [1], prior={"l4": None}),  # type: ignore[dict-item]
        (
            "prior['l4']: not a Prior; Prior(rate, kind)\n"
            "prior: rates by transition, but no groups; give both"
        ),
    ),
    (
        lambda: fit_readiness((), ()).predict_one(1.5),
        "score: not within 0..1; give a share, not percent",
    ),
    (
        lambda: fit_readiness((), ()).predict([0.5], ["l4"]),
        "groups[0]: this model has one curve for all transitions; leave it out",
    ),
    (
        lambda: fit_readiness([0.5, 0.5], [0, 1], groups=["a", "b"]).predict([0.5]),
        "group: missing; one of a, b",
    ),
    (
        lambda: fit_readiness([0.5, 0.5], [0, 1], groups=["a", "b"]).predict([0.5], ["c"]),
        "groups[0]: no curve for this transition; one of a, b",
    ),
    (
        lambda: fit_readiness((), ()).predict(RATED),
        "scores: are ratings, the model knows proven; build_bridge helps",
    ),
    (
        lambda: measure_reliability([], []),
        "probability: no decision to measure; give at least one",
    ),
]


@pytest.mark.parametrize(("call", "message"), REFUSALS)
def test_a_refusal_says_where_what_and_how_to_mend_it(
    call: Callable[[], object], message: str
) -> None:
    """Every refusal reads as it stands here, all its problems at once."""
    with pytest.raises(PmpromoError) as caught:
        call()
    assert str(caught.value) == message


def test_of_very_many_bad_values_a_thousand_are_named() -> None:
    """The rest are counted."""
    with pytest.raises(DataError) as caught:
        read_numbers("s", [2.0] * 1003)
    assert len(caught.value.problems) == 1001
    assert str(caught.value.problems[999]) == f"s[999]: {SHARES}"
    assert str(caught.value.problems[-1]) == (
        "s: 3 more entries not within 0..1; give shares, not percent"
    )
    with pytest.raises(DataError) as exactly:
        read_numbers("s", [2.0] * 1000)
    assert len(exactly.value.problems) == 1000


CARD: Final = """\
# Model card: readiness

Purpose: to tell people who decide on promotions how often a committee promoted at a
score, with an interval. It is not a decision and ranks nobody.

## Data

- From 4 past decisions, 2 of them promotions.
- 1 reference scores without a decision.
- Scores: proven.
- Bound to no rubric.

## Method

Monotone path: Bernoulli decisions, an increasing curve whose log-slope is a random
walk, summed exactly on a lattice. Nothing is sampled and nothing is tuned.
Log Bayes factor against scores that predict nothing: {factor:.2f}.

## Forecasts

| transition | score | probability | 90 % interval |
|---|---|---|---|
{forecasts}

## Reliability

{reliability}

## Limits

- The interval is for P(promoted | score) among exchangeable decisions. It is not one for a person.
- Who chooses to submit a packet, and a committee that changes, are outside the interval.
- Hard steps in what a committee does are smoothed; there the interval covers 64 to 75 %
  instead of 90 %. Model a hard bar as a must-have of the rubric.
- A verdict advises people who decide; nothing here decides.
"""


def show(row: tuple[float, ...]) -> tuple[str, str]:
    """Return a percentage, and an interval that is rounded outward, within .1 and 99.9 %."""
    low, high = max(0.1, math.floor(row[1] * 1000) / 10), min(99.9, math.ceil(row[2] * 1000) / 10)
    return f"{row[0] * 100:.1f} %", f"{low:.1f} to {high:.1f} %"


def test_a_card_reads_as_it_stands_here() -> None:
    """A card of four decisions, word for word; its figures are the model's."""
    model = fit_readiness([0.2, 0.4, 0.6, 0.8], [0, 0, 1, 1], reference=[0.5])
    at = [0.1, 0.3, 0.5, 0.7, 0.9]
    rows = [f"| all | {score} | {' | '.join(show(model.predict_one(score)))} |" for score in at]
    assert model.model_card() == CARD.format(
        factor=model.log_bayes_factor,
        forecasts="\n".join(rows),
        reliability="Not measured: that takes at least 20 decisions.",
    )
    said = [
        "From 4 past decisions, 2 of them promotions.",
        *(
            "  all  score {}: {} ({})".format(score, *show(model.predict_one(score)))
            for score in at
        ),
    ]
    assert str(model) == "\n".join(said)


MEASURES: Final = [
    "log loss (nats)",
    "skill against a constant rate",
    "miscalibration (nats)",
    "discrimination (nats)",
    "Brier score",
    "calibration error",
    "calibration intercept (0 is sound)",
    "calibration slope (1 is sound)",
]


def test_a_card_lists_what_was_measured() -> None:
    """From twenty decisions on, the card has a table of measures, in this order."""
    model = fit_readiness([0.2, 0.4, 0.6, 0.8] * 5, [0, 1, 0, 1] * 5)
    head, _, rest = model.model_card().partition("## Reliability\n\n")
    assert head
    lines = rest.partition("\n\n## Limits")[0].splitlines()
    assert lines[:4] == [
        "Cross-validated on the decisions above.",
        "",
        "| measure | value |",
        "|---|---|",
    ]
    assert [line.split(" | ")[0] for line in lines[4:]] == [f"| {name}" for name in MEASURES]
    assert model.reliability is not None
    assert lines[4] == f"| log loss (nats) | {model.reliability.log_loss:.3f} |"
    said = str(model.reliability).splitlines()
    assert said[0] == "Reliability of 20 forecasts, against a rate of 50.0 %:"
    assert said[1] == f"  {'log loss (nats)':<36}{model.reliability.log_loss:>8.3f}"
    assert said[9:11] == ["", "forecast  happened  by chance (90 %)"]
    assert said[-1] == "(of sound forecasts one row in ten lies outside)"


def test_a_prior_says_so() -> None:
    """Without decisions, the first line says that there are none."""
    told = "No past decisions stand behind this: it is a prior, not a forecast."
    assert str(fit_readiness((), ())).splitlines()[0] == told


def test_forecasts_are_drawn_with_the_share_promoted_so_far() -> None:
    """A strip is named by its score, or by transition and score; without decisions no rate."""
    alt = draw_model(fit_readiness([0.2, 0.4, 0.6, 0.8], [0, 1, 1, 1])).alt
    assert alt.startswith("Readiness, 90 % intervals. 0.1: ")
    assert alt.count("75 % promoted so far") == 5
    assert "promoted so far" not in draw_model(fit_readiness((), ())).alt
    grouped = draw_model(fit_readiness([0.2, 0.8], [0, 1], groups=["l3", "l4"]))
    assert list(grouped.columns["score"]) == [
        f"{name}, 0.{digit}" for name in ("l3", "l4") for digit in (1, 3, 5, 7, 9)
    ]
    assert {*grouped.columns["verdict"]} == {""}


def test_bindings_stand_in_the_order_of_their_transitions() -> None:
    """Not in that of their rubrics."""
    given = {"l5": Named("a", "d1"), "l4": Named("b", "d2")}
    assert bind_rubrics(given) == (Binding("l4", "b", "d2"), Binding("l5", "a", "d1"))


def test_the_largest_text_is_still_read() -> None:
    """A text of exactly so many characters is; JSON that is no number never is written."""
    assert parse_json("[]" + " " * (LARGEST_TEXT - 2)) == []
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(math.nan)


def test_whole_numbers_are_read_where_a_float_holds_them_exactly() -> None:
    """2^53 - 1 is; from 2^53 on, two whole numbers are one float."""
    problems: list[Problem] = []
    assert decode_plain(float, 2**53 - 1, "x", problems) == 9007199254740991.0
    assert not problems
    decode_plain(float, -(2**53), "x", problems)
    assert [str(problem) for problem in problems] == ["x: not a finite number"]
