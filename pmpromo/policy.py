"""The judgements by which evidence is weighed, as data with their reasons."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pmpromo.words import Count, Noun, Number, Share, Text

__all__ = [
    "Closure",
    "Credibility",
    "Efforts",
    "EvidencePolicy",
    "GatePolicy",
    "Ownership",
    "OwnershipTable",
    "Recency",
    "Relation",
    "Repetition",
]

Ownership = Literal["sole", "led", "co_led", "contributed", "supported"]
"""The part someone had in a piece of work."""

Relation = Literal[
    "self", "artifact", "manager", "skip", "peer", "cross_functional", "customer", "external"
]
"""How a voice stands to the candidate."""


class OwnershipTable(Noun):
    """How much of a result counts for the part someone had in it."""

    sole: Share = Field(default=1.0, description="Did it alone.")
    led: Share = Field(default=1.0, description="Led the people who did it.")
    co_led: Share = Field(default=0.7, description="One of two or three who led.")
    contributed: Share = Field(default=0.35, description="Did a part.")
    supported: Share = Field(default=0.1, description="Helped.")
    reason: Text = Field(
        default="Leading is judged like doing; a shared lead counts less than one's own, a part"
        " about a third, help a tenth.",
        description="Why these values.",
    )


class Credibility(Noun):
    """How far independent voices make a statement believable (noisy-OR over groups)."""

    self_report: Share = Field(default=0.3, description="The candidate's own word.")
    artifact: Share = Field(default=0.5, description="An artifact that others can open.")
    report_line: Share = Field(
        default=0.4, description="Manager, skip-level manager, or anyone in the same report line."
    )
    peer: Share = Field(default=0.4, description="A peer outside the report line.")
    cross_functional: Share = Field(default=0.6, description="Someone of another function.")
    customer: Share = Field(default=0.6, description="A customer.")
    external: Share = Field(default=0.6, description="Someone outside the organisation.")
    dispute: Share = Field(
        default=0.5, description="Factor when someone who saw the work disputes it."
    )
    reason: Text = Field(
        default="A bar of .75 then asks for two independent kinds of support, one of them not"
        " from the same line.",
        description="Why these values.",
    )


class Recency(Noun):
    """How much older work counts: in full for a grace time, then halving down to a floor."""

    # A bound in the default would give way to the one that `Number` has.
    grace_months: Annotated[Number, Field(ge=0)] = Field(
        default=12.0, description="Age up to which work counts in full, in months."
    )
    half_life_months: Number = Field(
        default=18.0, gt=0, description="Time in which what counts then halves, in months."
    )
    floor: Share = Field(default=0.25, description="No known work counts less than this.")
    reason: Text = Field(
        default="A committee looks at the last year or two; older work still shows that something"
        " can be done.",
        description="Why these values.",
    )


class Repetition(Noun):
    """How several achievements add up: the best counts in full, each further one less."""

    gamma: Share = Field(
        default=0.6, description="What each further achievement counts, relative to the one before."
    )
    cap_once: Share = Field(
        default=1.0, description="What one achievement can bring where one showing is enough."
    )
    cap_repeatedly: Share = Field(
        default=0.7, description="What one achievement can bring where repetition is asked."
    )
    reason: Text = Field(
        default="Quality beats count: two good showings of a behaviour suffice, twenty trivial"
        " ones never do.",
        description="Why these values.",
    )


class GatePolicy(Noun):
    """How a missed must-have holds the total below the bar."""

    base: Share = Field(
        default=0.6, description="Part of the bar that is left when a must-have is at zero."
    )
    ramp: Share = Field(
        default=0.15, gt=0, description="Score above the minimum over which the gate opens fully."
    )
    reason: Text = Field(
        default="A missed must-have always lands below the bar, without making a good packet"
        " look empty.",
        description="Why these values.",
    )


class Closure(Noun):
    """What closing a gap means: the facts that a closed item is given."""

    attainment: Share = Field(default=1.0, description="Attainment after closing.")
    ownership: Ownership = Field(default="led", description="Ownership after closing.")
    support: tuple[Relation, ...] = Field(
        default=("manager", "cross_functional"),
        description="Voices that stand behind it after closing.",
    )
    age: Count = Field(default=0, description="Age after closing, in days.")


class Efforts(Noun):
    """What closing a gap takes, in days of work. It chooses paths and moves no score.

    >>> Efforts().confirm
    2.0
    """

    state: Number = Field(
        default=1.0, gt=0, description="Say what is known and was not written down."
    )
    confirm: Number = Field(
        default=2.0, gt=0, description="Have an item confirmed by those who saw it."
    )
    improve: Number = Field(
        default=20.0, gt=0, description="Bring up a figure or a point, or complete a document."
    )
    renew: Number = Field(
        default=30.0, gt=0, description="Take a larger part in such work, or show it in newer work."
    )
    show: Number = Field(default=30.0, gt=0, description="Do work of a kind that is not shown yet.")
    reason: Text = Field(
        default="Writing down takes hours, a conversation days, a result weeks or more. Only the"
        " ratios matter; whoever knows better gives efforts of their own.",
        description="Why these values.",
    )


class EvidencePolicy(Noun):
    """Every judgement by which evidence is weighed, as data with its reason."""

    ownership: OwnershipTable = Field(
        default_factory=OwnershipTable, description="Parts in the work."
    )
    credibility: Credibility = Field(default_factory=Credibility, description="Voices behind it.")
    possible_support: tuple[Relation, ...] = Field(
        default=("artifact", "manager", "cross_functional"),
        description="Voices that may still be added where a packet leaves its list open.",
    )
    recency: Recency = Field(default_factory=Recency, description="Age of the work.")
    repetition: Repetition = Field(
        default_factory=Repetition, description="Number of achievements."
    )
    gate: GatePolicy = Field(default_factory=GatePolicy, description="Must-haves.")
    closure: Closure = Field(default_factory=Closure, description="Closed gaps.")
    efforts: Efforts = Field(default_factory=Efforts, description="What closing a gap takes.")
