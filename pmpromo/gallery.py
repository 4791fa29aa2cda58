"""Pictures of results: one function for each question that people answer by looking.

Each takes a result, and returns a `Picture`: a notebook shows it, `save` writes it as ``.svg``,
``.html`` or ``.png``, `data` is the frame that was drawn, `alt` says it in words.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Protocol

from pmpromo.errors import DataError, Problem
from pmpromo.pictures.bullets import Bullet, draw_bullets
from pmpromo.pictures.cohort import CohortRow
from pmpromo.pictures.cohort import draw_cohort as draw_stripes
from pmpromo.pictures.gaps import Step, draw_steps
from pmpromo.pictures.heatmap import HeatRow, draw_heatmap
from pmpromo.pictures.pairs import Pair, draw_pairs
from pmpromo.pictures.picture import Picture
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
    from collections.abc import Iterable, Sequence
    from datetime import date

    from pmpromo.readiness import ReadinessModel, Reliability
    from pmpromo.report.seen import Reported
    from pmpromo.result import CriterionScore, ShownItem

__all__ = [
    "Picture",
    "draw_cohort",
    "draw_criteria",
    "draw_evidence",
    "draw_forecast",
    "draw_gaps",
    "draw_readiness",
    "draw_reliability",
    "draw_side_by_side",
    "draw_timeline",
]

SHOWN_STEPS: Final = 8
"""Steps in a picture of gaps; the smallest are left to the report."""

SHOWN_SCORES: Final = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Scores at which a model is shown unless others are asked for."""


class Columns(Protocol):
    """Columns by name: a frame of pandas, polars or pyarrow, or a mapping of lists."""

    def __getitem__(self, name: str, /) -> Iterable[Any]:
        """Return a column."""


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


def draw_cohort(criteria: Columns, *, title: str = "Cohort") -> Picture:
    """Return many packets against their criteria, one stripe a packet, in the order given.

    `criteria` are columns of equal length: packet_id, criterion, proven and bar, as the criteria of
    a scored frame. A criterion with several bars has a row for each.

    Raises `DataError` with every column that is missing, and where lengths differ.

    >>> picture = draw_cohort({
    ...     "packet_id": ["a", "b"], "criterion": ["reach", "reach"],
    ...     "proven": [0.8, 0.4], "bar": [0.75, 0.75],
    ... })
    >>> picture.alt
    'Cohort. reach: 1 of 2 met, median 0.60.'
    """
    columns = _read_columns(criteria)
    return draw_stripes(title, _sort_cohort(*columns.values()), columns)


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


def draw_readiness(
    model: ReadinessModel, scores: Sequence[float] = SHOWN_SCORES, *, group: str | None = None
) -> Picture:
    """Return what a model forecasts at some scores, each with interval, base rate and verdict.

    `group` is the transition, where the model has a curve for each.

    Raises `DataError` for a score outside 0..1 and `ModelError` for a group without a curve.

    >>> from pmpromo import fit_readiness
    >>> draw_readiness(fit_readiness([0.2, 0.8] * 20, [0, 1] * 20), [0.8]).columns["verdict"]
    ('likely',)
    """
    from pmpromo.readiness.card import list_notes, make_strip  # noqa: PLC0415 - numpy sleeps

    rate = model.n_promoted / model.n_decisions if model.n_decisions else None
    strips = [
        make_strip(
            f"{score:.2f}",
            model.predict_one(score, group)[:3],
            model.judge_one(score, group).replace("_", " "),
            rate,
        )
        for score in scores
    ]
    title = "Readiness" if group is None else f"Readiness, {group}"
    return draw_strips(title, strips, list_notes(model))


def draw_reliability(reliability: Reliability) -> Picture:
    """Return what was forecast against what happened, with the band of what chance alone does.

    >>> from pmpromo import measure_reliability
    >>> found = measure_reliability([0.2] * 10 + [0.8] * 10, [0] * 8 + [1] * 2 + [0] * 2 + [1] * 8)
    >>> draw_reliability(found).columns["forecast"]
    (0.2, 0.8)
    """
    from pmpromo.readiness import measured  # noqa: PLC0415 - numpy sleeps until asked

    return measured.draw_reliability(reliability)


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


COHORT_COLUMNS: Final = ("packet_id", "criterion", "proven", "bar")
"""Columns of a cohort."""


def _read_columns(given: Columns) -> dict[str, list[Any]]:
    names: Any = getattr(given, "column_names", getattr(given, "columns", given))
    missing = [name for name in COHORT_COLUMNS if name not in names]
    if missing:
        hint = "give the criteria of a scored frame"
        raise DataError([Problem(name, "no such column", hint) for name in missing])
    columns = {name: _list(given[name]) for name in COHORT_COLUMNS}
    if len({len(column) for column in columns.values()}) > 1:
        raise DataError([Problem("criteria", "columns of different lengths", "mend the frame")])
    return columns


def _list(column: Iterable[Any]) -> list[Any]:
    """Return a column as a list, by the way that its library has for it."""
    ways = (getattr(column, name, None) for name in ("tolist", "to_list", "to_pylist"))
    to_list = next((way for way in ways if way is not None), None)
    return list(column if to_list is None else to_list())


def _sort_cohort(
    packets: list[Any], criteria: list[Any], proven: list[Any], bars: list[Any]
) -> list[CohortRow]:
    """Give each criterion, under each of its bars, a row with a place for every packet."""
    found = _slice(packets, criteria, proven, bars) or _place(packets, criteria, proven, bars)
    counts = Counter(criterion for criterion, _ in found)
    return [
        CohortRow(f"{name}" if counts[name] == 1 else f"{name} (bar {bar:g})", row, bar)
        for (name, bar), row in found.items()
    ]


def _slice(
    packets: list[Any], criteria: list[Any], proven: list[Any], bars: list[Any]
) -> dict[tuple[Any, Any], list[float | None]]:
    """Read columns in which every packet has the same criteria in the same order, else nothing.

    So a scored frame writes them; a thousand packets then take a slice a criterion.
    """
    size = packets.count(packets[0]) if packets else 1
    names, keys = packets[::size], [*zip(criteria[:size], bars[:size], strict=True)]
    is_regular = (
        all(packets[place::size] == names for place in range(size))
        and len(set(names)) == len(names)
        and len(set(keys)) == size
        and criteria == criteria[:size] * len(names)
        and bars == bars[:size] * len(names)
    )
    return {key: proven[place::size] for place, key in enumerate(keys)} if is_regular else {}


def _place(
    packets: list[Any], criteria: list[Any], proven: list[Any], bars: list[Any]
) -> dict[tuple[Any, Any], list[float | None]]:
    """Read columns in any order; None stands where a packet has no such criterion."""
    places = {packet: place for place, packet in enumerate(dict.fromkeys(packets))}
    found: dict[tuple[Any, Any], list[float | None]] = {
        key: [None] * len(places) for key in zip(criteria, bars, strict=True)
    }
    for packet, criterion, score, bar in zip(packets, criteria, proven, bars, strict=True):
        found[criterion, bar][places[packet]] = score
    return found
