"""The nouns of a way to the bar: steps, each an edit of the packet, and routes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from pmpromo.errors import PacketError, Problem
from pmpromo.result import GapKind, Nature  # noqa: TC001 - types of fields are read at run time
from pmpromo.scoring.edits import Edit, apply_edits
from pmpromo.words import Day  # noqa: TC001 - types of fields are read at run time

if TYPE_CHECKING:
    from pmpromo.packet import Packet

__all__ = ["Route", "Step"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, what it takes, and what the total is once it is done.

    `gain` is what it adds on top of the steps before it.

    >>> edit = Edit(item="launch", ownership="led")
    >>> step = Step("unowned:launch", "unowned", "documentation", ("reach/aligns",),
    ...             "say what part you had in it", ("launch",), 1.0, 0.25, 0.75, edit)
    >>> step.total - step.gain
    0.5
    """

    id: Annotated[str, Field(description="Name of the step, by which its effort may be given.")]
    kind: Annotated[GapKind, Field(description="The kind of gap that it closes.")]
    nature: Annotated[Nature, Field(description="Whether it writes down, or needs new work.")]
    requirements: Annotated[
        tuple[str, ...], Field(description="What it bears on, as criterion/requirement.")
    ]
    remedy: Annotated[str, Field(description="What to do.")]
    evidence: Annotated[tuple[str, ...], Field(description="The evidence item concerned.")]
    effort: Annotated[float, Field(description="What it takes, in days of work.")]
    gain: Annotated[float, Field(description="What it adds to the proven total, in this order.")]
    total: Annotated[float, Field(description="The proven total after it.")]
    edit: Annotated[Edit, Field(description="What it adds to the packet.")]


@dataclass(frozen=True, slots=True)
class Route:
    """Steps that reach the bar together; without any one of them it is missed.

    `expires` is the first day on which age alone would bring the packet below the bar again.

    >>> from datetime import date
    >>> Route(0.0, (), 0.8, date(2026, 6, 30), None).effort
    0.0
    """

    effort: Annotated[float, Field(description="What all steps take, in days of work.")]
    steps: Annotated[tuple[Step, ...], Field(description="The steps, in their best order.")]
    total: Annotated[float, Field(description="The proven total after them.")]
    as_of: Annotated[Day, Field(description="The day from which ages were counted.")]
    expires: Annotated[Day | None, Field(description="The day on which recency would undo it.")]
    exact: Annotated[
        bool,
        Field(description="Whether no cheaper one of its kind was left out; else the best met."),
    ] = True

    def apply(self, packet: Packet) -> Packet:
        """Return the packet on `as_of` with every step taken.

        Assessing it gives `total`, bit for bit.
        """
        missing = {step.edit.item for step in self.steps if step.edit.new is None}
        missing -= {item.id for item in packet.evidence}
        if missing:
            message = f"has no item {', '.join(sorted(missing))}"
            raise PacketError([Problem("evidence", message, "apply a route to its own packet")])
        return apply_edits(packet, [step.edit for step in self.steps], self.as_of)
