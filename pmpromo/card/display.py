"""A rubric or a packet on one card, for a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pmpromo.card.telling import find_bar, tell_pair, tell_requirement, tell_variant
from pmpromo.pictures.chart import Chart, Row
from pmpromo.pictures.markup import Markup, element
from pmpromo.pictures.section import draw_fold, draw_grid, draw_section
from pmpromo.pictures.svg import Box

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.card.seen import SeenConcern, SeenCriterion, SeenItem, SeenPacket, SeenRubric

__all__ = ["draw_packet_card", "draw_rubric_card"]

SHOWN_CRITERIA: Final = 20
SHOWN_ITEMS: Final = 20
SHOWN: Final = 8
"""What is longer is counted; ``pmpromo rubrics show`` and the file itself hold the rest."""

UNKNOWN: Final = "unknown"


def draw_rubric_card(rubric: SeenRubric) -> Markup:
    """Return the card of a rubric: criteria with their weights, and what each asks for."""
    parts = [
        *_draw_rubric_head(rubric),
        _draw_criteria(rubric).draw_page(),
        *draw_fold(
            "What is asked", rubric.criteria, lambda each: _draw_asked(each, rubric), SHOWN_CRITERIA
        ),
        *draw_fold("Counted together", [*map(tell_pair, rubric.complements)], _draw_line, SHOWN),
        *draw_fold("Variants", [*map(tell_variant, rubric.variants)], _draw_line, SHOWN),
    ]
    return draw_section(
        f"{rubric.id} {rubric.version}: {rubric.name}", parts, f"Rubric {rubric.id}"
    )


def _draw_rubric_head(rubric: SeenRubric) -> Iterator[Markup]:
    current, target = (
        rubric.ladder.find_level(name) for name in (rubric.current_level, rubric.target_level)
    )
    step = f"From {current.id} ({current.name}) to {target.id} ({target.name})"
    yield element("p", f"{step}. Bar {rubric.bar:g}.")
    if rubric.status == "illustrative":
        yield element("p", "Illustrative: nobody has adopted it, and its figures are examples.")
    if rubric.source is not None:
        yield element("p", f"Source: {rubric.source.title}. {rubric.source.note}")


def _draw_criteria(rubric: SeenRubric) -> Chart:
    weights = [float(weight) for weight in rubric.weights]
    rows = tuple(
        _draw_criterion(criterion, rubric, weight, weight / max(weights))
        for criterion, weight in zip(rubric.criteria, weights, strict=True)
    )
    heads = ("Criterion", "Weight", "Bar", "Must-have", "Weight drawn", "Asked")
    return Chart("Criteria", heads, rows, size=(100, 12))


def _draw_criterion(
    criterion: SeenCriterion, rubric: SeenRubric, weight: float, length: float
) -> Row:
    count = len(criterion.requirements)
    least = "-" if criterion.must_have is None else f"{criterion.must_have:g}"
    asked = f"{count} things" if criterion.best is None else f"the best {criterion.best} of {count}"
    return Row(
        criterion.name,
        (Box(0, 1, "text", 0.12), Box(0, length, "text", 0.6)),
        f"weight {weight:.0%}",
        (f"{weight:.0%}", f"{find_bar(criterion, rubric):g}", least),
        (asked,),
    )


def _draw_asked(criterion: SeenCriterion, rubric: SeenRubric) -> Markup:
    asked = [element("li", tell_requirement(each, rubric)) for each in criterion.requirements]
    return element("li", element("strong", criterion.name), element("ul", *asked))


def _draw_line(text: str) -> Markup:
    return element("li", text)


def draw_packet_card(packet: SeenPacket) -> Markup:
    """Return the card of a packet: what each item shows, whose it was, when, and who says so."""
    rows = [_list_cells(item) for item in packet.evidence[:SHOWN_ITEMS]]
    left = len(packet.evidence) - SHOWN_ITEMS
    heads = ("Item", "What was done", "Part", "Time", "Shows", "Support")
    parts = [
        *_draw_packet_head(packet),
        draw_grid(f"Evidence ({len(packet.evidence)})", heads, rows),
        *([element("p", f"{left} more items")] if left > 0 else []),
        *draw_fold("Declared as none", packet.declared_none, _draw_line, SHOWN),
        *draw_fold("Concerns", packet.concerns, _draw_concern, SHOWN),
    ]
    return draw_section(f"Packet {packet.id}", parts, f"Packet {packet.id}")


def _draw_packet_head(packet: SeenPacket) -> Iterator[Markup]:
    day = UNKNOWN if packet.as_of is None else packet.as_of.isoformat()
    yield element("p", f"For {packet.rubric or 'no rubric named'}, as of {day}")
    if packet.summary is not None:
        yield element("p", element("bdi", packet.summary))


def _list_cells(item: SeenItem) -> list[str]:
    shown = [": ".join(part for part in (each.fact, each.told) if part) for each in item.facts]
    return [
        item.id,
        item.title,
        _tell_part(item),
        _tell_time(item),
        "; ".join(shown) or "no fact stated",
        _tell_support(item),
    ]


def _tell_part(item: SeenItem) -> str:
    if item.share is not None:
        return f"{item.share:.0%}"
    return UNKNOWN if item.ownership is None else item.ownership.replace("_", "-")


def _tell_time(item: SeenItem) -> str:
    started = UNKNOWN if item.started is None else item.started.isoformat()
    if item.in_progress:
        return f"{started}, goes on"
    return f"{started} to {UNKNOWN if item.ended is None else item.ended.isoformat()}"


def _tell_support(item: SeenItem) -> str:
    """Say who is listed, who disputes it, and whether there may be others."""
    voices = [
        voice.relation.replace("_", "-") + ("" if voice.agrees else " (disputes)")
        for voice in item.support or ()
    ]
    rest = [] if item.support_is_closed else ["others unknown"]
    return ", ".join([*voices, *rest]) or "none"


def _draw_concern(concern: SeenConcern) -> Markup:
    answer = f" Answer: {concern.answer}" if concern.answer else " No answer."
    return element(
        "li", element("strong", f"{concern.severity}: "), concern.reason_not_to_promote, answer
    )
