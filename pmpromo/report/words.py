"""What a report says of each thing found: the same words in text and on a page."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmpromo.report.seen import Reported
    from pmpromo.result import Check, CriterionStatus, Gap, Nature, OpenItem, Readiness

__all__ = [
    "ALONE",
    "NATURES",
    "STATUSES",
    "SYMBOLS",
    "TOGETHER",
    "Step",
    "choose_gaps",
    "choose_open_items",
    "gather_steps",
    "tell_check",
    "tell_forecast",
    "tell_missing",
    "tell_places",
    "tell_remedy",
    "writing_down_comes_first",
]

SHOWN_ALTERNATIVES: Final = 3
SEEN_GAIN: Final = 0.0005

STATUSES: Final[Mapping[CriterionStatus, str]] = {
    "met": "✓ met",
    "documentation_gap": "◐ facts missing",
    "substance_gap": "✗ work missing",
    "no_evidence": "○ no evidence",
}
"""How a criterion stands: a symbol and words."""

NATURES: Final[Mapping[Nature, str]] = {
    "documentation": "to document",
    "substance": "new work",
    "absent": "nothing shown yet",
}
"""What kind of thing a step is."""

SYMBOLS: Final[Mapping[Nature, str]] = {"documentation": "◐", "substance": "✗", "absent": "○"}
"""The sign of each kind."""

ALONE: Final = "What to do next, by what each step alone adds (they do not add up)"
"""Heads single steps."""

TOGETHER: Final = "What to write down together, by what it could add at best"
"""Heads items of which several facts are missing."""


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
    return f"{min(999, max(1, tenths)) / 10:.1f}"


class Step(NamedTuple):
    """Gaps that people close in one step, or of which any one serves."""

    gaps: tuple[Gap, ...]

    @property
    def first(self) -> Gap:
        """The gap that speaks for all of them."""
        return self.gaps[0]


_OF_ITEMS: Final = frozenset({"unowned", "uncorroborated", "stale"})
"""Kinds of gaps that are closed for a whole item."""


def gather_steps(gaps: Sequence[Gap]) -> list[Step]:
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
    return [Step(tuple(found)) for found in steps.values()]


def choose_gaps(seen: Reported) -> Sequence[Gap]:
    """Choose gaps that gain something one can see, now or once nothing holds the total down."""
    return [gap for gap in seen.gaps if max(gap.gain, gap.gain_before_gates) >= SEEN_GAIN]


def writing_down_comes_first(seen: Reported) -> bool:
    """Tell whether writing facts down together brings more than any single step."""
    best = max((gap.gain for gap in seen.gaps), default=0.0)
    return any(item.gain > best for item in choose_open_items(seen))


def tell_remedy(step: Step) -> str:
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


def tell_places(step: Step) -> str:
    """Say of what nature a step is, and where in the rubric it counts."""
    places: dict[str, list[str]] = {}
    for gap in step.gaps:
        places.setdefault(gap.criterion, []).append(gap.requirement)
    told = "; ".join(f"{name} / {', '.join(asked)}" for name, asked in places.items())
    return f"{NATURES[step.first.nature]} ({step.first.kind}): {told}"


def choose_open_items(seen: Reported) -> Sequence[OpenItem]:
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


def tell_missing(item: OpenItem) -> str:
    """Say what is not known of an item."""
    return f"[{item.evidence}] {'; '.join(item.missing)}"


def tell_check(check: Check) -> str:
    """Say what a check found, and in which items."""
    return f"{check.message} [{', '.join(check.evidence)}]" if check.evidence else check.message
