"""Pictures of one packet, or of two beside each other."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from pmpromo.errors import DataError, Problem
from pmpromo.pictures.bullets import Bullet, draw_bullets
from pmpromo.pictures.gaps import Step, draw_steps
from pmpromo.pictures.heatmap import HeatRow, draw_heatmap
from pmpromo.pictures.pairs import Pair, draw_pairs
from pmpromo.pictures.readiness import draw_strips
from pmpromo.pictures.timeline import Span
from pmpromo.pictures.timeline import draw_timeline as draw_spans
from pmpromo.report.words import (
    NATURES,
    STATUSES,
    SYMBOLS,
    choose_gaps,
    gather_steps,
    tell_forecast,
    tell_remedy,
)

if TYPE_CHECKING:
    from datetime import date

    from pmpromo.pictures.picture import Picture
    from pmpromo.report.seen import Reported
    from pmpromo.result import CriterionScore, ShownItem

__all__ = [
    "draw_criteria",
    "draw_evidence",
    "draw_forecast",
    "draw_gaps",
    "draw_side_by_side",
    "draw_timeline",
]

SHOWN_STEPS: Final = 8
"""Steps in a picture of gaps; the smallest are left to the report."""


def draw_criteria(assessment: Reported) -> Picture:
    """Return how a packet stands on each criterion: proven solid, possible pale, the bar marked.

    >>> from pmpromo import assess, load_rubric, parse_packet
    >>> packet = parse_packet({"id": "p-1", "as_of": "2026-06-30", "evidence": []})
    >>> picture = draw_criteria(assess(packet, load_rubric("pure-storage-pm/l3-l4")))
    >>> picture.title, len(picture.data)
    ('Criteria of p-1: Senior to Principal', 7)
    """
    title = f"Criteria of {_name(assessment)}"
    bullets = [_make_bullet(score) for score in assessment.criteria]
    return draw_bullets(title, bullets, figures=("Weight",))


def draw_evidence(assessment: Reported) -> Picture:
    """Return what each item would show on each criterion if it were the only one.

    Raises `DataError` for an assessment that was read from JSON, which holds no items.

    >>> from pmpromo import assess, load_rubric, parse_packet
    >>> packet = parse_packet({"id": "p-1", "as_of": "2026-06-30", "evidence": []})
    >>> picture = draw_evidence(assess(packet, load_rubric("pure-storage-pm/l3-l4")))
    >>> list(picture.columns)
    ['criterion', 'item', 'proven', 'possible']
    """
    _find_window(assessment)
    rows = [
        HeatRow(score.name, tuple(item.alone[place] for item in assessment.evidence), score.bar)
        for place, score in enumerate(assessment.criteria)
    ]
    items = [(item.evidence, item.title) for item in assessment.evidence]
    note = "Each item as if it were the only one; items of one achievement count once."
    return draw_heatmap(f"Evidence of {_name(assessment)}", rows, items, (note,))


def draw_gaps(assessment: Reported) -> Picture:
    """Return what each next step alone would add to the total, and what must-haves hold back.

    >>> from pmpromo import assess, load_rubric, parse_packet
    >>> packet = parse_packet({"id": "p-1", "as_of": "2026-06-30", "evidence": []})
    >>> picture = draw_gaps(assess(packet, load_rubric("pure-storage-pm/l3-l4")))
    >>> set(picture.columns["kind"])
    {'○ nothing shown yet'}
    """
    steps = [
        Step(
            tell_remedy(step),
            step.first.gain,
            step.first.gain_before_gates,
            f"{SYMBOLS[step.first.nature]} {NATURES[step.first.nature]}",
        )
        for step in islice(gather_steps(choose_gaps(assessment)), SHOWN_STEPS)
    ]
    title = f"What each step alone adds to {_name(assessment)}"
    return draw_steps(title, steps, assessment.proven, assessment.bar)


def draw_timeline(assessment: Reported) -> Picture:
    """Return when each item's work was done, and the window in which it counts in full.

    Raises `DataError` for an assessment that was read from JSON, which holds no items.

    >>> from pmpromo import assess, load_rubric, parse_packet
    >>> packet = parse_packet({"id": "p-1", "as_of": "2026-06-30", "evidence": []})
    >>> draw_timeline(assess(packet, load_rubric("pure-storage-pm/l3-l4"))).form.notes
    ('Counted in full from 2025-06-30 to 2026-06-30.',)
    """
    opens = _find_window(assessment)
    spans = [_make_span(item) for item in assessment.evidence]
    title = f"When the work was done, {_name(assessment)}"
    return draw_spans(title, spans, opens, assessment.as_of)


def draw_side_by_side(one: Reported, other: Reported) -> Picture:
    """Return two packets side by side on the criteria of one rubric. Neither is called better.

    Raises `DataError` where they were read against different criteria or bars.

    >>> from pmpromo import assess, load_rubric, parse_packet
    >>> rubric = load_rubric("pure-storage-pm/l3-l4")
    >>> one, other = (
    ...     assess(parse_packet({"id": name, "as_of": "2026-06-30", "evidence": []}), rubric)
    ...     for name in ("p-1", "p-2")
    ... )
    >>> draw_side_by_side(one, other).title
    'p-1 and p-2, Senior to Principal'
    """
    first, second = ([(score.id, score.bar) for score in each.criteria] for each in (one, other))
    if first != second:
        hint = "compare packets that were assessed against one rubric"
        raise DataError([Problem("other", "was read against other criteria", hint)])
    pairs = [
        Pair(mine.name, _make_bullet(mine), _make_bullet(yours))
        for mine, yours in zip(one.criteria, other.criteria, strict=True)
    ]
    names = (one.packet_id, other.packet_id)
    return draw_pairs(f"{names[0]} and {names[1]}, {one.rubric_name}", pairs, names)


def draw_forecast(assessment: Reported) -> Picture:
    """Return the forecast about a committee, at what is proven and at what is possible.

    Without past decisions there is none: the picture is empty and says so.

    >>> from pmpromo import assess, load_rubric, parse_packet
    >>> packet = parse_packet({"id": "p-1", "as_of": "2026-06-30", "evidence": []})
    >>> draw_forecast(assess(packet, load_rubric("pure-storage-pm/l3-l4"))).form.notes
    ('Committee forecast: none, for no past decisions stand behind one.',)
    """
    from pmpromo.readiness.card import make_strip  # noqa: PLC0415 - numpy sleeps until asked

    found, rate = assessment.readiness, assessment.base_rate
    ends = [
        (f"Proven {assessment.proven:.2f}", (found.probability, found.low, found.high)),
        (f"Possible {assessment.possible:.2f}", found.if_documented),
    ]
    verdicts = (found.verdict.replace("_", " "), "")
    strips = [
        make_strip(name, forecast, verdict, rate)
        for (name, forecast), verdict in zip(ends, verdicts, strict=True)
        if found.basis == "fitted"
    ]
    notes = (tell_forecast(found),)
    return draw_strips(f"Committee forecast for {_name(assessment)}", strips, notes)


def _name(assessment: Reported) -> str:
    return f"{assessment.packet_id}: {assessment.rubric_name}"


def _make_bullet(score: CriterionScore) -> Bullet:
    return Bullet(
        score.name,
        score.proven,
        score.possible,
        score.bar,
        STATUSES[score.status],
        (f"{score.weight:.0%}",),
    )


def _make_span(item: ShownItem) -> Span:
    return Span(item.evidence, item.started, item.ended, item.recency, item.in_progress)


def _find_window(assessment: Reported) -> date:
    """Return the first day of the window, or refuse an assessment that holds no items."""
    opens = assessment.counted_from
    if opens is None:
        message = "was read from JSON, which holds no evidence items"
        raise DataError([Problem("assessment", message, "assess the packet again")])
    return opens
