"""A fitted model for people: a few lines, a picture, a model card. Only what is shown rounds."""

from __future__ import annotations

import math
import re
from html import escape
from typing import TYPE_CHECKING, Final

from pmpromo.pictures.readiness import Strip, draw_strips
from pmpromo.readiness.measured import list_measures
from pmpromo.readiness.verdict import explain_silence, judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.pictures.picture import Picture
    from pmpromo.readiness.record import Level, Record
    from pmpromo.readiness.reliability import Reliability
    from pmpromo.readiness.verdict import Standing

__all__ = [
    "describe_model",
    "draw_model",
    "explain_forecast",
    "list_notes",
    "make_strip",
    "round_outward",
    "write_card",
]

SHOWN_SCORES: Final = (0.1, 0.3, 0.5, 0.7, 0.9)
LEAST_SHOWN: Final = 0.1
MOST_SHOWN: Final = 99.9
"""Percentages are shown within 0.1..99.9: no finite history can say never or always."""

BACKWARDS_NOTE: Final = "Higher scores were promoted less often: these scores do not fit decisions."
SCOPE: Final = "The interval is for decisions like the past ones at this score, not for a person."
"""The limit that is said wherever a forecast is shown."""

_SIGNS: Final = re.compile(r"[\\`*_\[\]|]")
"""What Markdown takes for a sign of its own inside a line."""

LIMITS: Final = """\
- The interval is for P(promoted | score) among exchangeable decisions. It is not one for a person.
- Who chooses to submit a packet, and a committee that changes, are outside the interval.
- Hard steps in what a committee does are smoothed; there the interval covers 64 to 75 %
  instead of 90 %. Model a hard bar as a must-have of the rubric.
- A verdict advises people who decide; nothing here decides."""


def round_outward(probability: float, low: float, high: float) -> tuple[float, float, float]:
    """Return three percentages to one decimal: the ends rounded outward, all within 0.1..99.9.

    >>> round_outward(0.5, 0.31249, 0.68211)
    (50.0, 31.2, 68.3)
    >>> round_outward(0.0004, 0.0003, 0.01)
    (0.1, 0.1, 1.0)
    """
    # What a product such as 0.29 * 1000 adds beyond the ninth decimal is no reason to move an end.
    ends = math.floor(round(low * 1000, 9)) / 10, math.ceil(round(high * 1000, 9)) / 10
    shown = (round(probability * 100, 1), *ends)
    p, lower, upper = (min(max(x, LEAST_SHOWN), MOST_SHOWN) for x in shown)
    return p, lower, upper


def list_forecasts(record: Record) -> list[tuple[str, str, str, str]]:
    """Return rows of text: transition, score, probability, interval."""
    rows = []
    for level in record.levels:
        for score in SHOWN_SCORES:
            p, low, high = round_outward(*level.curve.predict_one(score)[:3])
            name = "all" if level.name is None else level.name
            rows.append((name, f"{score:.1f}", f"{p} %", f"{low} to {high} %"))
    return rows


def name_basis(record: Record) -> str:
    """Return what stands behind the forecasts, in words."""
    if not record.n_decisions:
        return "No past decisions stand behind this: it is a prior, not a forecast."
    return f"From {record.n_decisions} past decisions, {record.n_promoted} of them promotions."


def list_notes(record: Record) -> list[str]:
    """Return what a reader must know beside the numbers."""
    notes = [name_basis(record)]
    if record.n_bridged:
        notes.append(f"{record.n_bridged} of their scores were carried over from another source.")
    if record.runs_backwards:
        notes.append(BACKWARDS_NOTE)
    if record.drift_alarm:
        notes.append("Recent decisions do not fit this model: fit it again.")
    return notes


def explain_forecast(
    record: Record, level: Level, score: float, standing: Standing
) -> Iterator[str]:
    """Yield what stands behind the forecast at one score, and why it says no more."""
    forecast = level.curve.predict_one(score)
    _, low, high = round_outward(*forecast[:3])
    yield f"{count_decisions(record, level)}; at this score between {low:g} % and {high:g} %."
    if judge(score, forecast, standing, record.terms) == "cannot_tell":
        yield explain_silence(score, forecast, standing, record.terms)
    if record.runs_backwards:
        yield BACKWARDS_NOTE
    yield SCOPE


def count_decisions(record: Record, level: Level) -> str:
    """Return from how many decisions a forecast comes, in words."""
    if not record.n_decisions:
        return "From no past decisions: a prior"
    if level.name is None:
        return f"From {record.n_decisions} decisions"
    return f"From {record.n_decisions} decisions, {level.n_decisions} of them about this transition"


def describe_model(record: Record) -> str:
    """Return a few lines: what stands behind the model, and its forecasts at some scores."""
    rows = [
        f"  {name}  score {score}: {p} ({interval})"
        for name, score, p, interval in list_forecasts(record)
    ]
    return "\n".join([*list_notes(record), *rows])


def draw_model(record: Record) -> Picture:
    """Return the forecasts at some scores, of every transition, each with its interval."""
    rate = record.n_promoted / record.n_decisions if record.n_decisions else None
    strips = [
        make_strip(_name_row(level, score), level.curve.predict_one(score)[:3], rate=rate)
        for level in record.levels
        for score in SHOWN_SCORES
    ]
    return draw_strips(f"Readiness, {name_coverage(record)} intervals", strips, list_notes(record))


def _name_row(level: Level, score: float) -> str:
    return f"{score:.1f}" if level.name is None else f"{level.name}, {score:.1f}"


def make_strip(
    name: str, forecast: tuple[float, float, float], verdict: str = "", rate: float | None = None
) -> Strip:
    """Return a forecast (probability, low, high) as it is drawn, its figures rounded outward.

    >>> make_strip("0.7", (0.5, 0.31249, 0.68211)).shown
    ('50.0 %', '31.2 to 68.3 %')
    """
    p, low, high = round_outward(*forecast)
    return Strip(name, *forecast, (f"{p:.1f} %", f"{low:.1f} to {high:.1f} %"), verdict, rate)


def name_coverage(record: Record) -> str:
    """Return the coverage in words.

    >>> from pmpromo.readiness.model import default_readiness
    >>> name_coverage(default_readiness())
    '90 %'
    """
    return f"{record.terms.coverage * 100:g} %"


def list_reliability(found: Reliability | None) -> list[str]:
    """Return measured reliability as Markdown lines, a proper score first."""
    if found is None:
        return ["Not measured: that takes at least 20 decisions."]
    table = [f"| {name} | {value} |" for name, value in list_measures(found)]
    return [
        "Cross-validated on the decisions above.",
        "",
        "| measure | value |",
        "|---|---|",
        *table,
    ]


def _tell_name(name: str) -> str:
    """Return a name as words on one line of Markdown: no element, link, picture or cell of it."""
    return _SIGNS.sub(r"\\\g<0>", escape(" ".join(name.split())))


def write_card(record: Record, reliability: Reliability | None) -> str:
    """Return a model card in Markdown."""
    forecasts = [
        f"| {_tell_name(name)} | {score} | {p} | {ends} |"
        for name, score, p, ends in list_forecasts(record)
    ]
    bindings = [
        f"- {_tell_name(b.transition or 'all')}: {_tell_name(b.rubric_id)},"
        f" scoring {_tell_name(b.scoring_digest)}"
        for b in record.bindings
    ] or ["- Bound to no rubric."]
    return "\n".join(
        [
            "# Model card: readiness",
            "",
            "Purpose: to tell people who decide on promotions how often a committee promoted at a",
            "score, with an interval. It is not a decision and ranks nobody.",
            "",
            "## Data",
            "",
            *(f"- {note}" for note in list_notes(record)),
            f"- {record.n_reference} reference scores without a decision.",
            f"- Scores: {_tell_name(record.score_source)}.",
            *bindings,
            "",
            "## Method",
            "",
            "Monotone path: Bernoulli decisions, an increasing curve whose log-slope is a random",
            "walk, summed exactly on a lattice. Nothing is sampled and nothing is tuned.",
            f"Log Bayes factor against scores that predict nothing: {record.log_bayes_factor:.2f}.",
            "",
            "## Forecasts",
            "",
            f"| transition | score | probability | {name_coverage(record)} interval |",
            "|---|---|---|---|",
            *forecasts,
            "",
            "## Reliability",
            "",
            *list_reliability(reliability),
            "",
            "## Limits",
            "",
            LIMITS,
            "",
        ]
    )
