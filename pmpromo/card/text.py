"""A rubric or a packet on one card, as text of at most 80 columns."""

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
    write_timelines,
)
from pmpromo.pictures.terminal import write_wrapped
from pmpromo.wording import write_figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.card.seen import SeenItem, SeenPacket, SeenRubric

__all__ = ["write_packet_card", "write_rubric_card"]

WIDTH: Final = 80


def write_rubric_card(rubric: SeenRubric) -> str:
    """Return the card of a rubric as text of at most 80 columns."""
    sections = [
        _write_head(rubric),
        *(_write_criterion(place, rubric) for place in range(len(rubric.criteria))),
        _write_pairs(rubric),
        _write_variants(rubric),
        _write_patterns(rubric),
        _write_source(rubric),
    ]
    return "\n\n".join("\n".join(lines) for lines in map(list, sections) if lines)


def _write_head(rubric: SeenRubric) -> Iterator[str]:
    current, target = (
        rubric.ladder.find_level(name) for name in (rubric.current_level, rubric.target_level)
    )
    yield from write_wrapped(f"{rubric.id} {rubric.version}: {rubric.name}", WIDTH, "  ")
    yield from write_wrapped(
        f"From {current.id} ({current.name}) to {target.id} ({target.name}). Bar {rubric.bar:g}.",
        WIDTH,
    )
    if rubric.status == "illustrative":
        yield "Illustrative: nobody has adopted it, and its figures are examples."


def _write_criterion(place: int, rubric: SeenRubric) -> Iterator[str]:
    criterion = rubric.criteria[place]
    told = [f"weight {float(rubric.weights[place]):.0%}", f"bar {find_bar(criterion, rubric):g}"]
    told += [f"must-have {criterion.must_have:g}"] if criterion.must_have else []
    told += [f"the best {criterion.best} count"] if criterion.best else []
    yield from write_wrapped(f"{criterion.name} [{criterion.id}]: {', '.join(told)}", WIDTH, "  ")
    for requirement in criterion.requirements:
        yield from write_wrapped(f"  - {tell_requirement(requirement, rubric)}", WIDTH, "    ")


def _write_pairs(rubric: SeenRubric) -> Iterator[str]:
    for complement in rubric.complements:
        yield from write_wrapped(tell_pair(complement), WIDTH, "  ")


def _write_variants(rubric: SeenRubric) -> Iterator[str]:
    for variant in rubric.variants:
        yield from write_wrapped(f"Variant {tell_variant(variant)}", WIDTH, "  ")


def _write_patterns(rubric: SeenRubric) -> Iterator[str]:
    if rubric.checks:
        yield from write_wrapped(
            f"Patterns looked for: {', '.join(rule.id for rule in rubric.checks)}.", WIDTH, "  "
        )


def _write_source(rubric: SeenRubric) -> Iterator[str]:
    if rubric.source is not None:
        yield from write_wrapped(
            f"Source: {rubric.source.title}. {rubric.source.note}", WIDTH, "  "
        )
    yield from (
        line for note in write_timelines(rubric) for line in write_wrapped(note, WIDTH, "  ")
    )
    for claim in rubric.ladder.claims:
        figure = (
            ""
            if claim.value is None
            else f" ({write_figure(claim.value)} {claim.unit or ''})".replace(" )", ")")
        )
        yield from write_wrapped(
            f"Unverified claim: {claim.says}{figure} {claim.caution}", WIDTH, "  "
        )


def write_packet_card(packet: SeenPacket) -> str:
    """Return the card of a packet as text of at most 80 columns."""
    head = [
        *write_wrapped(f"{packet.id}, for {tell_purpose(packet)}", WIDTH, "  "),
        *write_wrapped(packet.summary or "", WIDTH),
    ]
    sections = [head, *(_write_item(item) for item in packet.evidence), _write_rest(packet)]
    return "\n\n".join("\n".join(lines) for lines in map(list, sections) if lines)


def _write_item(item: SeenItem) -> Iterator[str]:
    yield from write_wrapped(f"{item.id}: {item.title}", WIDTH, "  ")
    told = {
        "part": f"{tell_part(item)}, {tell_time(item)}",
        "shows": tell_facts(item),
        "support": tell_support(item),
    }
    for name, text in told.items():
        yield from write_wrapped(f"  {name:<8}{text}", WIDTH, " " * 10)


def _write_rest(packet: SeenPacket) -> Iterator[str]:
    if packet.declared_none:
        told = f"Declared as none: {', '.join(packet.declared_none)}"
        yield from write_wrapped(told, WIDTH, "  ")
    for concern in packet.concerns:
        severity, told = tell_concern(concern)
        yield from write_wrapped(f"Concern, {severity}: {told}", WIDTH, "  ")
