"""What is said of a rubric or a packet: the same words in text and in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pmpromo.ladder import Metric
from pmpromo.wording import describe_target, explain_unscored

if TYPE_CHECKING:
    from pmpromo.card.seen import (
        SeenConcern,
        SeenCriterion,
        SeenItem,
        SeenPacket,
        SeenPair,
        SeenRubric,
        SeenVariant,
    )
    from pmpromo.ladder import Timeline
    from pmpromo.requirement import Requirement

__all__ = [
    "find_bar",
    "tell_concern",
    "tell_facts",
    "tell_pair",
    "tell_part",
    "tell_purpose",
    "tell_requirement",
    "tell_support",
    "tell_time",
    "tell_variant",
    "write_timelines",
]

UNKNOWN: Final = "unknown"


def find_bar(criterion: SeenCriterion, rubric: SeenRubric) -> float:
    """Return the score that meets a criterion: its own bar, or the rubric's."""
    return rubric.bar if criterion.bar is None else criterion.bar


def tell_requirement(requirement: Requirement, rubric: SeenRubric) -> str:
    """Say what a requirement asks for, whether it is scored, and where it comes from."""
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
    return f"{text}{often}{rows}"


def tell_pair(complement: SeenPair) -> str:
    """Say how much of the total goes through the lower of two criteria."""
    first, second = complement.pair
    share = f"{complement.strength:g} of the total"
    return f"{first} and {second} count {share} through the lower of the two."


def tell_variant(variant: SeenVariant) -> str:
    """Say what other weights there are, and why."""
    weights = ", ".join(f"{each.criterion} {each.weight}" for each in variant.weights)
    return f"{variant.id}: {variant.reason} ({weights})"


def write_timelines(rubric: SeenRubric) -> list[str]:
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


def tell_purpose(packet: SeenPacket) -> str:
    """Say for which rubric a packet is, and from which day its ages are counted."""
    day = UNKNOWN if packet.as_of is None else packet.as_of.isoformat()
    return f"{packet.rubric or 'no rubric named'}, as of {day}"


def tell_part(item: SeenItem) -> str:
    """Say what the candidate's part was."""
    if item.share is not None:
        return f"{item.share:.0%}"
    return UNKNOWN if item.ownership is None else item.ownership.replace("_", "-")


def tell_time(item: SeenItem) -> str:
    """Say when the work was done."""
    started = UNKNOWN if item.started is None else item.started.isoformat()
    if item.in_progress:
        return f"{started}, goes on"
    return f"{started} to {UNKNOWN if item.ended is None else item.ended.isoformat()}"


def tell_support(item: SeenItem) -> str:
    """Say who is listed, who disputes it, and whether there may be others."""
    voices = [
        voice.relation.replace("_", "-") + ("" if voice.agrees else " (disputes)")
        for voice in item.support or ()
    ]
    rest = [] if item.support_is_closed else ["others unknown"]
    return ", ".join([*voices, *rest]) or "none"


def tell_facts(item: SeenItem) -> str:
    """Say what an item states."""
    shown = [": ".join(part for part in (each.fact, each.told) if part) for each in item.facts]
    return "; ".join(shown) or "no fact stated"


def tell_concern(concern: SeenConcern) -> tuple[str, str]:
    """Say how heavy a reason not to promote is, and the reason with its answer."""
    answer = f"Answer: {concern.answer}" if concern.answer else "No answer."
    return concern.severity, f"{concern.reason_not_to_promote} {answer}"
