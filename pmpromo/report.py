"""What came out of an assessment, for people: a page of text, and the same as markup."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from pmpromo.pictures.markup import Markup, element, write_page
from pmpromo.pictures.terminal import draw_bar, write_rows, write_wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from pmpromo.result import Check, CriterionScore, CriterionStatus, Gap, OpenItem, Readiness

__all__ = ["Reported", "draw_report", "tell_forecast", "write_report", "write_report_page"]

WIDTH: Final = 80
SHOWN_GAPS: Final = 5
SHOWN_CHECKS: Final = 6
SHOWN_ALTERNATIVES: Final = 3
SEEN_GAIN: Final = 0.0005

_SYMBOLS: Final[Mapping[CriterionStatus, tuple[str, str]]] = {
    "met": ("✓", "met"),
    "documentation_gap": ("◐", "facts missing"),
    "substance_gap": ("✗", "work missing"),
    "no_evidence": ("○", "no evidence"),
}
_NATURES: Final = {
    "documentation": "to document",
    "substance": "new work",
    "absent": "nothing shown yet",
}


class Reported(Protocol):
    """What a report needs to know of an assessment."""

    @property
    def packet_id(self) -> str: ...
    @property
    def rubric_id(self) -> str: ...
    @property
    def rubric_name(self) -> str: ...
    @property
    def rubric_version(self) -> str: ...
    @property
    def rubric_digest(self) -> str: ...
    @property
    def scoring_digest(self) -> str: ...
    @property
    def packet_digest(self) -> str: ...
    @property
    def result_id(self) -> str: ...
    @property
    def transition(self) -> tuple[str, str]: ...
    @property
    def as_of(self) -> date: ...
    @property
    def criteria(self) -> tuple[CriterionScore, ...]: ...
    @property
    def proven(self) -> float: ...
    @property
    def possible(self) -> float: ...
    @property
    def bar(self) -> float: ...
    @property
    def met(self) -> bool: ...
    @property
    def held_down_by(self) -> tuple[str, ...]: ...
    @property
    def gaps(self) -> tuple[Gap, ...]: ...
    @property
    def open_items(self) -> tuple[OpenItem, ...]: ...
    @property
    def checks(self) -> tuple[Check, ...]: ...
    @property
    def readiness(self) -> Readiness: ...
    @property
    def notes(self) -> tuple[str, ...]: ...


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


def tell_forecast(readiness: Readiness) -> str:
    """Say the forecast with its interval and what stands behind it, or that there is none.

    >>> from pmpromo.result import Readiness
    >>> tell_forecast(Readiness(0.3, 0.0, 0.9, 0.9, "prior", 0, "cannot_tell", (0.4, 0.0, 0.9)))
    'Committee forecast: none, for no past decisions stand behind one.'
    """
    if readiness.basis == "prior":
        return "Committee forecast: none, for no past decisions stand behind one."
    verdict = readiness.verdict.replace("_", " ")
    low, high = _write_percent(readiness.low, up=False), _write_percent(readiness.high, up=True)
    documented = (
        _write_percent(readiness.if_documented[1], up=False),
        _write_percent(readiness.if_documented[2], up=True),
    )
    forecast = (
        f"Committee forecast: {verdict}, {low} to {high} %, from {readiness.n_decisions} decisions;"
        f" if all unknown facts came out at their best {documented[0]} to {documented[1]} %."
    )
    return " ".join([forecast, *readiness.notes[1:]])


def _write_percent(share: float, *, up: bool) -> str:
    """Write a share in percent, rounded outward to a tenth, within 0.1 and 99.9."""
    tenths = ceil(share * 1000) if up else floor(share * 1000)
    return f"{min(999, max(1, tenths)) / 10:g}"


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
            " ".join(_SYMBOLS[score.status]),
        ]
        for score in seen.criteria
    ]
    legend = "█ proven  ░ possible if the missing facts are supplied  │ bar"
    return [*write_rows([*head, *rows], widths), legend]


class _Step(NamedTuple):
    """Gaps that people close in one step, or of which any one serves."""

    gaps: tuple[Gap, ...]

    @property
    def first(self) -> Gap:
        """The gap that speaks for all of them."""
        return self.gaps[0]


_OF_ITEMS: Final = frozenset({"unowned", "uncorroborated", "stale"})
"""Kinds of gaps that are closed for a whole item."""


def _gather_steps(gaps: Sequence[Gap]) -> list[_Step]:
    """Put together what one closing closes, and what would bring the same in one criterion."""
    steps: dict[tuple[object, ...], list[Gap]] = {}
    for gap in gaps:
        if gap.kind in _OF_ITEMS:
            key: tuple[object, ...] = (gap.kind, gap.evidence)
        elif gap.kind == "absent" and gap.gain > 0:
            key = (gap.kind, gap.criterion, f"{gap.gain:.9f}")
        else:
            key = (gap.kind, gap.criterion, gap.requirement)
        steps.setdefault(key, []).append(gap)
    return [_Step(tuple(found)) for found in steps.values()]


def _write_advice(seen: Reported, *, verbose: bool) -> list[list[str]]:
    """Write single steps and what to write down together, whichever brings most first."""
    steps = _write_gaps(seen, verbose=verbose)
    together = _write_open_items(seen, verbose=verbose)
    return [together, steps] if _writing_down_comes_first(seen) else [steps, together]


def _writing_down_comes_first(seen: Reported) -> bool:
    best = max((gap.gain for gap in seen.gaps), default=0.0)
    return any(item.gain > best for item in _choose_open_items(seen))


def _write_gaps(seen: Reported, *, verbose: bool) -> list[str]:
    steps = _gather_steps(seen.gaps if verbose else _choose_gaps(seen))
    if not steps:
        return []
    shown = steps if verbose else steps[:SHOWN_GAPS]
    lines = [_ALONE]
    for step in shown:
        lines += _write_step(step)
    left = len(steps) - len(shown)
    return [*lines, f"  {left} more"] if left else lines


def _write_step(step: _Step) -> Iterator[str]:
    indent = " " * 10
    yield from write_wrapped(f"  {step.first.gain:+.3f}  {_tell_remedy(step)}", WIDTH, indent)
    yield from write_wrapped(f"{indent}{_tell_places(step)}", WIDTH, indent)


def _tell_remedy(step: _Step) -> str:
    """Say what to do, on which items, and what holds its effect down."""
    gap = step.first
    remedy = f"{gap.remedy[0].upper()}{gap.remedy[1:]}"
    others = [each.remedy.removeprefix("show ") for each in step.gaps[1:SHOWN_ALTERNATIVES]]
    if gap.kind == "absent" and others:
        remedy = "; or ".join([remedy, *others])
        left = len(step.gaps) - SHOWN_ALTERNATIVES
        remedy += f"; or {left} more" if left > 0 else ""
    parts = [remedy]
    if gap.evidence:
        parts.append(f"[{', '.join(gap.evidence)}]")
    if gap.blocked_by:
        parts.append(
            f"(held down by {', '.join(gap.blocked_by)}: {gap.gain_before_gates:+.3f} without)"
        )
    return " ".join(parts)


def _tell_places(step: _Step) -> str:
    """Say of what nature a step is, and where in the rubric it counts."""
    places: dict[str, list[str]] = {}
    for gap in step.gaps:
        places.setdefault(gap.criterion, []).append(gap.requirement)
    told = "; ".join(f"{name} / {', '.join(asked)}" for name, asked in places.items())
    return f"{_NATURES[step.first.nature]} ({step.first.kind}): {told}"


def _choose_open_items(seen: Reported) -> Sequence[OpenItem]:
    """Choose items whose missing facts together bring more than any one of them alone."""
    alone: dict[str, float] = {}
    for gap in seen.gaps:
        if gap.nature == "documentation":
            for item in gap.evidence:
                alone[item] = max(alone.get(item, 0.0), gap.gain)
    return [
        item
        for item in seen.open_items
        if len(item.missing) > 1 and item.gain > alone.get(item.evidence, 0.0)
    ]


def _write_open_items(seen: Reported, *, verbose: bool) -> list[str]:
    items = _choose_open_items(seen)
    if not items:
        return []
    shown = items if verbose else items[:SHOWN_GAPS]
    lines = [_TOGETHER]
    for item in shown:
        text = f"  {item.gain:+.3f}  {_tell_missing(item)}"
        lines += write_wrapped(text, WIDTH, " " * 10)
    left = len(items) - len(shown)
    return [*lines, f"  {left} more"] if left else lines


_ALONE: Final = "What to do next, by what each step alone adds (they do not add up)"
_TOGETHER: Final = "What to write down together, by what it could add at best"


def _tell_missing(item: OpenItem) -> str:
    return f"[{item.evidence}] {'; '.join(item.missing)}"


def _write_checks(seen: Reported, *, verbose: bool) -> list[str]:
    if not seen.checks:
        return []
    shown = seen.checks if verbose else seen.checks[:SHOWN_CHECKS]
    lines = ["Worth a look (no score hears of it)"]
    for check in shown:
        lines += write_wrapped(f"  {check.id}: {_tell_check(check)}", WIDTH, " " * 4)
    left = len(seen.checks) - len(shown)
    return [*lines, f"{left} more"] if left else lines


def _tell_check(check: Check) -> str:
    return f"{check.message} [{', '.join(check.evidence)}]" if check.evidence else check.message


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


_MET: Final = "#2e7fc0"
_GAP: Final = "#c06a00"
_TRACK: Final = "rgba(128,128,128,.25)"

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}"
    "@media print{body{margin:0}tr,li{break-inside:avoid}}"
)


def write_report_page(seen: Reported) -> str:
    """Return the report as a whole page that needs no script and no network."""
    return write_page(f"{seen.packet_id}: {seen.rubric_name}", draw_report(seen), _STYLE)


def draw_report(seen: Reported) -> Markup:
    """Return the report as markup that inherits its colours and reads without a style sheet."""
    current, target = seen.transition
    step = f"{current} to {target}, as of {seen.as_of.isoformat()}"
    where = f"{seen.rubric_id} {seen.rubric_version}, {step}"
    verdict = f"Rubric bar {seen.bar:.2f}: {'met' if seen.met else 'not met'}."
    parts = [
        element("h2", f"{seen.packet_id}: {seen.rubric_name}", style="margin:0"),
        element("p", where),
        element(
            "p",
            element("strong", verdict),
            f" Proven {seen.proven:.2f}, possible {seen.possible:.2f}.",
        ),
        _draw_criteria(seen),
        *_draw_advice(seen),
        *_draw_list("Worth a look (no score hears of it)", map(_draw_check, seen.checks)),
        *_draw_list("Notes", (element("li", note) for note in seen.notes)),
        element("p", tell_forecast(seen.readiness)),
    ]
    return element(
        "section", *parts, class_="pmpromo", aria_label=f"Assessment of {seen.packet_id}"
    )


def _draw_advice(seen: Reported) -> list[Markup]:
    steps = _draw_list(_ALONE, map(_draw_step, _gather_steps(_choose_gaps(seen))))
    together = _draw_list(_TOGETHER, map(_draw_open_item, _choose_open_items(seen)))
    return [*together, *steps] if _writing_down_comes_first(seen) else [*steps, *together]


def _draw_open_item(item: OpenItem) -> Markup:
    return element("li", element("strong", f"{item.gain:+.3f} "), _tell_missing(item))


def _choose_gaps(seen: Reported) -> Sequence[Gap]:
    """Choose gaps that gain something one can see, now or once nothing holds the total down."""
    return [gap for gap in seen.gaps if max(gap.gain, gap.gain_before_gates) >= SEEN_GAIN]


def _draw_criteria(seen: Reported) -> Markup:
    heads = ("Criterion", "Weight", "Proven", "Possible", "0 to 1, bar marked", "Status")
    head = element("tr", *(element("th", name, scope="col", style=_CELL) for name in heads))
    return element(
        "table",
        element("caption", "Criteria: proven solid, possible pale", style="text-align:left"),
        element("thead", head),
        element("tbody", *map(_draw_criterion, seen.criteria)),
        style="border-collapse:collapse",
    )


_CELL: Final = "padding:.2em .8em .2em 0;text-align:left"


def _draw_criterion(score: CriterionScore) -> Markup:
    cells = [
        f"{score.weight:.0%}",
        f"{score.proven:.2f}",
        f"{score.possible:.2f}",
        _draw_bullet(score),
        " ".join(_SYMBOLS[score.status]),
    ]
    name = element("th", score.name, scope="row", style=f"{_CELL};font-weight:600")
    return element("tr", name, *(element("td", cell, style=_CELL) for cell in cells))


def _draw_bullet(score: CriterionScore) -> Markup:
    """Draw proven solid over possible pale, with a line at the bar; the figures stand beside it."""
    colour = _MET if score.status == "met" else _GAP

    def draw_part(left: float, width: float, style: str) -> Markup:
        place = f"position:absolute;top:0;height:100%;left:{left:.1%};width:{width:.1%}"
        return element("span", style=f"{place};{style}")

    return element(
        "span",
        draw_part(0, score.possible, f"background:{colour};opacity:.35"),
        draw_part(0, score.proven, f"background:{colour}"),
        element(
            "span",
            style="position:absolute;top:-2px;bottom:-2px;border-left:2px solid currentColor;"
            f"left:{score.bar:.1%}",
        ),
        style=f"display:inline-block;position:relative;width:10em;height:.8em;background:{_TRACK}",
        aria_hidden="true",
    )


def _draw_list(title: str, items: Iterable[Markup]) -> Iterator[Markup]:
    listed = list(items)
    if listed:
        yield element(
            "details",
            element("summary", f"{title} ({len(listed)})"),
            element("ul", *listed),
            open="",
        )


def _draw_step(step: _Step) -> Markup:
    gain = element("strong", f"{step.first.gain:+.3f} ")
    return element("li", gain, _tell_remedy(step), element("br"), _tell_places(step))


def _draw_check(check: Check) -> Markup:
    return element("li", element("strong", f"{check.id}: "), _tell_check(check))
