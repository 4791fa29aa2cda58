"""A report as text of at most 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pmpromo.pictures.terminal import draw_bar, write_rows, write_wrapped
from pmpromo.report.words import (
    ALONE,
    STATUSES,
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
    from collections.abc import Iterator

    from pmpromo.report.seen import Reported
    from pmpromo.report.words import Step

__all__ = ["write_report"]

WIDTH: Final = 80
SHOWN_GAPS: Final = 5
SHOWN_CHECKS: Final = 6


def write_report(seen: Reported, *, verbose: bool = False) -> str:
    """Return the report in at most 80 columns; `verbose` adds every gap, check and digest."""
    parts = [
        _write_head(seen),
        _write_criteria(seen),
        *_write_advice(seen, verbose=verbose),
        _write_checks(seen, verbose=verbose),
        _write_notes(seen, verbose=verbose),
        write_wrapped(tell_forecast(seen.readiness), WIDTH),
        _write_digests(seen) if verbose else [],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _write_head(seen: Reported) -> list[str]:
    current, target = seen.transition
    title = f"{seen.packet_id}: {seen.rubric_name}, {current} to {target}"
    where = f"read against {seen.rubric_id} {seen.rubric_version}, as of {seen.as_of.isoformat()}"
    verdict = f"Rubric bar {seen.bar:.2f}: {'met' if seen.met else 'not met'}."
    scores = f"{verdict}  Proven {seen.proven:.2f}, possible {seen.possible:.2f}."
    kind = "must-haves" if len(seen.held_down_by) > 1 else "must-have"
    held = f"Held down by the {kind} {', '.join(seen.held_down_by)}."
    return [
        *write_wrapped(title, WIDTH),
        *write_wrapped(where, WIDTH),
        "",
        scores,
        draw_bar(seen.proven, seen.possible, seen.bar, cells=60),
        *(write_wrapped(held, WIDTH) if seen.held_down_by else []),
    ]


def _write_criteria(seen: Reported) -> list[str]:
    widths = (24, -6, -6, -8, 16, 16)
    head = [["Criterion", "weight", "proven", "possible", "", ""]]
    rows = [
        [
            score.name,
            f"{score.weight:.0%}",
            f"{score.proven:.2f}",
            f"{score.possible:.2f}",
            draw_bar(score.proven, score.possible, score.bar, cells=16),
            STATUSES[score.status],
        ]
        for score in seen.criteria
    ]
    legend = "█ proven  ░ possible if the missing facts are supplied  │ bar"
    return [*write_rows([*head, *rows], widths), legend]


def _write_advice(seen: Reported, *, verbose: bool) -> list[list[str]]:
    """Write single steps and what to write down together, whichever brings most first."""
    steps = _write_gaps(seen, verbose=verbose)
    together = _write_open_items(seen, verbose=verbose)
    return [together, steps] if writing_down_comes_first(seen) else [steps, together]


def _write_gaps(seen: Reported, *, verbose: bool) -> list[str]:
    steps = gather_steps(seen.gaps if verbose else choose_gaps(seen))
    if not steps:
        return []
    shown = steps if verbose else steps[:SHOWN_GAPS]
    lines = [ALONE]
    for step in shown:
        lines += _write_step(step)
    left = len(steps) - len(shown)
    return [*lines, f"  {left} more"] if left else lines


def _write_step(step: Step) -> Iterator[str]:
    indent = " " * 10
    yield from write_wrapped(f"  {step.first.gain:+.3f}  {tell_remedy(step)}", WIDTH, indent)
    yield from write_wrapped(f"{indent}{tell_places(step)}", WIDTH, indent)


def _write_open_items(seen: Reported, *, verbose: bool) -> list[str]:
    items = choose_open_items(seen)
    if not items:
        return []
    shown = items if verbose else items[:SHOWN_GAPS]
    lines = [TOGETHER]
    for item in shown:
        text = f"  {item.gain:+.3f}  {tell_missing(item)}"
        lines += write_wrapped(text, WIDTH, " " * 10)
    left = len(items) - len(shown)
    return [*lines, f"  {left} more"] if left else lines


def _write_checks(seen: Reported, *, verbose: bool) -> list[str]:
    if not seen.checks:
        return []
    shown = seen.checks if verbose else seen.checks[:SHOWN_CHECKS]
    lines = ["Worth a look (no score hears of it)"]
    for check in shown:
        lines += write_wrapped(f"  {check.id}: {tell_check(check)}", WIDTH, " " * 4)
    left = len(seen.checks) - len(shown)
    return [*lines, f"{left} more"] if left else lines


def _write_notes(seen: Reported, *, verbose: bool) -> list[str]:
    notes = seen.notes if verbose else seen.notes[:1]
    return [line for note in notes for line in write_wrapped(note, WIDTH, "  ")]


def _write_digests(seen: Reported) -> list[str]:
    return [
        f"rubric   {seen.rubric_digest}",
        f"scoring  {seen.scoring_digest}",
        f"packet   {seen.packet_digest}",
        f"result   {seen.result_id}",
    ]
