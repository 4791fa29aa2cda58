"""A rubric or a packet on one card, for a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pmpromo.card.telling import (
    find_bar,
    tell_concern,
    tell_facts,
    tell_pair,
    tell_part,
    tell_purpose,
    tell_requirement,
    tell_support,
    tell_time,
    tell_variant,
)
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
    yield element("p", f"For {tell_purpose(packet)}")
    if packet.summary is not None:
        yield element("p", element("bdi", packet.summary))


def _list_cells(item: SeenItem) -> list[str]:
    told = (tell_part(item), tell_time(item), tell_facts(item), tell_support(item))
    return [item.id, item.title, *told]


def _draw_concern(concern: SeenConcern) -> Markup:
    severity, told = tell_concern(concern)
    return element("li", element("strong", f"{severity}: "), told)
