"""A rubric on one card: what is asked, how it is weighed, and what its source is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pmpromo.ladder import Metric
from pmpromo.pictures.terminal import write_wrapped
from pmpromo.wording import describe_target, explain_unscored, write_figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.ladder import Timeline
    from pmpromo.requirement import Requirement
    from pmpromo.rubric import Criterion, Rubric

__all__ = ["write_rubric_card", "write_timelines"]

WIDTH: Final = 80


def write_rubric_card(rubric: Rubric) -> str:
    """Return the card of a rubric as text of at most 80 columns."""
    sections = [
        _write_head(rubric),
        *(_write_criterion(criterion, rubric) for criterion in rubric.criteria),
        _write_pairs(rubric),
        _write_variants(rubric),
        _write_patterns(rubric),
        _write_source(rubric),
    ]
    return "\n\n".join("\n".join(lines) for lines in map(list, sections) if lines)


def _write_head(rubric: Rubric) -> Iterator[str]:
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


def _write_criterion(criterion: Criterion, rubric: Rubric) -> Iterator[str]:
    weight = float(rubric.weights[rubric.criteria.index(criterion)])
    told = [f"weight {weight:.0%}", f"bar {rubric.get_bar(criterion):g}"]
    told += [f"must-have {criterion.must_have:g}"] if criterion.must_have else []
    told += [f"the best {criterion.best} count"] if criterion.best else []
    yield from write_wrapped(f"{criterion.name} [{criterion.id}]: {', '.join(told)}", WIDTH, "  ")
    for requirement in criterion.requirements:
        yield from _write_requirement(requirement, rubric)


def _write_requirement(requirement: Requirement, rubric: Rubric) -> Iterator[str]:
    fact = rubric.ladder.facts[requirement.fact]
    asked = describe_target(requirement, rubric.ladder.facts)
    unscored = explain_unscored(requirement, rubric)
    said = f"{fact.name} ({unscored})" if unscored else fact.name
    often = " (repeatedly)" if requirement.repeats and not unscored else ""
    rows = f" [{', '.join(requirement.rows)}]" if requirement.rows else ""
    kind = (
        "expected figures count too"
        if isinstance(fact, Metric) and "projected" in requirement.accepts
        else ""
    )
    text = ", ".join(part for part in (said, asked, kind) if part)
    yield from write_wrapped(f"  - {text}{often}{rows}", WIDTH, "    ")


def _write_pairs(rubric: Rubric) -> Iterator[str]:
    for complement in rubric.complements:
        first, second = complement.pair
        share = f"{complement.strength:g} of the total"
        text = f"{first} and {second} count {share} through the lower of the two."
        yield from write_wrapped(text, WIDTH, "  ")


def _write_variants(rubric: Rubric) -> Iterator[str]:
    for variant in rubric.variants:
        weights = ", ".join(f"{each.criterion} {each.weight}" for each in variant.weights)
        yield from write_wrapped(f"Variant {variant.id}: {variant.reason} ({weights})", WIDTH, "  ")


def _write_patterns(rubric: Rubric) -> Iterator[str]:
    if rubric.checks:
        yield from write_wrapped(
            f"Patterns looked for: {', '.join(rule.id for rule in rubric.checks)}.", WIDTH, "  "
        )


def _write_source(rubric: Rubric) -> Iterator[str]:
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


def write_timelines(rubric: Rubric) -> list[str]:
    """Say how long the step is said to take, side by side; nothing is averaged or scored."""
    step = (rubric.current_level, rubric.target_level)
    told = [
        f"{_write_months(line)} ({line.id})"
        for line in rubric.ladder.timelines
        if not line.transitions or step in line.transitions
    ]
    return (
        [f"Time in level, in months, as said: {'; '.join(told)}. Reported, never scored."]
        if told
        else []
    )


def _write_months(line: Timeline) -> str:
    shortest, longest = line.months
    if longest is None:
        return f"{shortest} or more"
    return f"{shortest}" if shortest == longest else f"{shortest} to {longest}"
