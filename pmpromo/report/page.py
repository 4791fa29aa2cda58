"""A report as markup that inherits its colours and reads without a style sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pmpromo.pictures.bullets import Bullet, draw_bullets
from pmpromo.pictures.bullets import list_marks as list_bullet_marks
from pmpromo.pictures.chart import draw_shapes
from pmpromo.pictures.markup import Markup, element, join, write_page
from pmpromo.pictures.readiness import Strip
from pmpromo.pictures.readiness import list_marks as list_strip_marks
from pmpromo.pictures.section import draw_fold, draw_section
from pmpromo.report.words import (
    ALONE,
    STATUSES,
    SYMBOLS,
    TOGETHER,
    choose_gaps,
    choose_open_items,
    gather_steps,
    tell_check,
    tell_forecast,
    tell_missing,
    tell_places,
    tell_remedy,
    writing_down_comes_first,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmpromo.report.seen import Reported
    from pmpromo.report.words import Step
    from pmpromo.result import Check, CriterionScore, OpenItem, ShownItem

__all__ = ["draw_report", "write_report_page"]

SHOWN_STEPS: Final = 5
SHOWN: Final = 6
"""Entries of a list; more are counted. The text report with ``verbose=True`` shows all."""

TOTAL: Final = (320, 16)
"""Width and height of the bar of the total, and of the forecast, in pixels."""

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;"
    "background:Canvas;color:CanvasText}"
    "@media print{body{margin:0}tr,li{break-inside:avoid}}"
)


def write_report_page(seen: Reported) -> str:
    """Return the report as a whole page that needs no script and no network."""
    return write_page(f"{seen.packet_id}: {seen.rubric_name}", draw_report(seen), _STYLE)


def draw_report(seen: Reported) -> Markup:
    """Return the report as one section for a notebook, or for a page of several."""
    parts = [
        *_draw_head(seen),
        _draw_forecast(seen),
        _draw_criteria(seen),
        *_draw_advice(seen),
        *_draw_evidence(seen),
        *draw_fold("Checks, which move no score", seen.checks, _draw_check, SHOWN),
        *draw_fold("Notes", seen.notes, _draw_note, SHOWN),
    ]
    title = f"{seen.packet_id}: {seen.rubric_name}"
    return draw_section(title, parts, f"Assessment of {seen.packet_id}")


def _draw_head(seen: Reported) -> Iterator[Markup]:
    current, target = seen.transition
    step = f"{current} to {target}, as of {seen.as_of.isoformat()}"
    verdict = f"Rubric bar {seen.bar:.2f}: {'✓ met' if seen.met else '✗ not met'}."
    scores = f" Proven {seen.proven:.2f}, possible {seen.possible:.2f}."
    total = Bullet("Total", seen.proven, seen.possible, seen.bar)
    yield element("p", f"{seen.rubric_id} {seen.rubric_version}, {step}")
    yield element("p", element("strong", verdict), scores)
    yield draw_shapes(list(list_bullet_marks(total)), f"Total{scores}", TOTAL)
    if seen.held_down_by:
        kind = "must-haves" if len(seen.held_down_by) > 1 else "must-have"
        yield element("p", f"Held down by the {kind} {', '.join(seen.held_down_by)}.")


def _draw_forecast(seen: Reported) -> Markup:
    """Draw the forecast as a strip; without past decisions there is none to draw."""
    told = tell_forecast(seen.readiness)
    if seen.readiness.basis == "prior":
        return element("p", told)
    found, rate = seen.readiness, seen.base_rate
    strip = Strip("", found.probability, found.low, found.high, ("", ""), rate=rate)
    said = "" if rate is None else f" Of past decisions {rate:.0%} were promotions (dashed)."
    return join(element("p", told, said), draw_shapes(list(list_strip_marks(strip)), told, TOTAL))


def _draw_criteria(seen: Reported) -> Markup:
    bullets = [_make_bullet(score) for score in seen.criteria]
    return draw_bullets("Criteria", bullets, figures=("Weight",)).form.draw_page()


def _make_bullet(score: CriterionScore) -> Bullet:
    must_have = "" if score.must_have is None else f" (must-have {score.must_have:g})"
    return Bullet(
        f"{score.name}{must_have}",
        score.proven,
        score.possible,
        score.bar,
        STATUSES[score.status],
        (f"{score.weight:.0%}",),
    )


def _draw_advice(seen: Reported) -> list[Markup]:
    steps = draw_fold(ALONE, gather_steps(choose_gaps(seen)), _draw_step, SHOWN_STEPS)
    together = draw_fold(TOGETHER, choose_open_items(seen), _draw_open_item, SHOWN_STEPS)
    return [*together, *steps] if writing_down_comes_first(seen) else [*steps, *together]


def _draw_step(step: Step) -> Markup:
    gain = element("strong", f"{step.first.gain:+.3f} ")
    where = f"{SYMBOLS[step.first.nature]} {tell_places(step)}"
    return element("li", gain, tell_remedy(step), element("br"), where)


def _draw_open_item(item: OpenItem) -> Markup:
    return element("li", element("strong", f"{item.gain:+.3f} "), tell_missing(item))


def _draw_check(check: Check) -> Markup:
    return element("li", element("strong", f"{check.id}: "), tell_check(check))


def _draw_evidence(seen: Reported) -> list[Markup]:
    names = [score.id for score in seen.criteria]
    title = "Evidence, each item by itself"
    return draw_fold(title, seen.evidence, lambda item: _draw_item(item, names), SHOWN)


def _draw_item(item: ShownItem, names: Sequence[str]) -> Markup:
    shown = [
        f"{name} {_write_ends(ends, '.2f')}"
        for name, ends in zip(names, item.alone, strict=True)
        if ends[1] > 0
    ]
    place = f" ({item.place})" if item.place else ""
    counts = f"{_write_ends(item.weight, '.0%')} of it counts"
    told = f"{counts}: {', '.join(shown) or 'shows nothing asked for'}"
    return element(
        "li",
        element("strong", item.evidence),
        place,
        " ",
        element("bdi", item.title),
        element("br"),
        told,
    )


def _write_ends(ends: tuple[float, float], form: str) -> str:
    low, high = (format(end, form) for end in ends)
    return low if low == high else f"{low} to {high}"


def _draw_note(note: str) -> Markup:
    return element("li", note)
