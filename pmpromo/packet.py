"""The nouns of a packet: what a candidate shows, in the ladder's vocabulary.

Every fact is an interval. What is stated is a point; a missing key or null is unknown; an empty
list or ``none`` is known to be absent. Words (titles, summaries, names) move no number.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - a module-level name needs it
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Final, Literal, NamedTuple, Self

from pydantic import BeforeValidator, Discriminator, Field, PrivateAttr, Tag, model_validator

from pmpromo.card import draw_packet_card, write_packet_card
from pmpromo.digest import compute_digest, write_canonical
from pmpromo.ladder import REFUSED
from pmpromo.policy import Ownership, Relation
from pmpromo.requirement import Status
from pmpromo.wording import write_figure
from pmpromo.words import (
    DIGEST,
    Count,
    Day,
    Fault,
    Flag,
    Identifier,
    Noun,
    Number,
    Point,
    Share,
    Text,
    Version,
    find_repeats,
    raise_faults,
    read_absent,
)

if TYPE_CHECKING:
    from pmpromo.errors import Place

__all__ = [
    "ArtifactFact",
    "BehaviourFact",
    "BusinessNeed",
    "Claimed",
    "Concern",
    "Corroboration",
    "Decision",
    "Evidence",
    "Fact",
    "Measurement",
    "Origin",
    "Packet",
    "Process",
    "Scope",
    "SelfView",
    "StatedFact",
    "Thesis",
]

Names = tuple[Identifier, ...]
KnownNames = Annotated[
    Names | None,
    BeforeValidator(read_absent, json_schema_input_type=Names | Literal["none"] | None),
]
"""A list of names; missing is unknown, empty or ``none`` is known to be empty."""


class Measurement(Noun):
    """A figure of a named metric."""

    metric: Identifier = Field(
        description="The metric of the ladder.", examples=["unit_arr_growth"]
    )
    value: Number | None = Field(default=None, description="The figure.", examples=[16.5])
    baseline: Number | None = Field(
        default=None,
        description="The figure before, or the budget or target it is held against.",
        examples=[11],
    )
    unit: Identifier | None = Field(
        default=None, description="Unit of both figures.", examples=["percent/year"]
    )
    status: Status | None = Field(
        default=None,
        description="Whether it has happened, is expected, or stands for something else.",
        examples=["realised"],
    )
    period: Identifier | None = Field(
        default=None, description="The period it was measured over.", examples=["FY26"]
    )
    counterfactual: Text | None = Field(
        default=None, description="What would have happened otherwise."
    )

    @property
    def fact(self) -> str:
        """Name of the fact."""
        return self.metric

    @property
    def told(self) -> str:
        """What is stated of it, in words."""
        if self.value is None:
            return "no figure"
        unit = [] if self.unit is None else [self.unit.replace("_", " ")]
        before = [] if self.baseline is None else [f"from {write_figure(self.baseline)}"]
        status = [] if self.status is None else [f"({self.status})"]
        return " ".join([write_figure(self.value), *unit, *before, *status])


class BehaviourFact(Noun):
    """A behaviour seen at a point of the scale."""

    behaviour: Identifier = Field(
        description="The behaviour of the ladder.", examples=["aligns_functions"]
    )
    point: Point | None = Field(
        default=None, description="The point shown, 0 to 4, by its anchors.", examples=[3]
    )
    note: Text | None = Field(default=None, description="What was seen.")

    @property
    def fact(self) -> str:
        """Name of the fact."""
        return self.behaviour

    @property
    def told(self) -> str:
        """What is stated of it, in words."""
        return "no point" if self.point is None else f"point {self.point}"


class ArtifactFact(Noun):
    """A document or object that shows the work."""

    artifact: Identifier = Field(
        description="The type of artifact.", examples=["strategy_document"]
    )
    sections: KnownNames = Field(
        default=None, description="Sections it has.", examples=[["risk_register"]]
    )
    reviewers: KnownNames = Field(
        default=None, description="Roles that reviewed it.", examples=[["cto"]]
    )
    uri: Text | None = Field(
        default=None, description="Where it can be opened; never opened by us.", examples=["doc:88"]
    )
    title: Text | None = Field(default=None, description="Its title.")
    dated: Day | None = Field(default=None, description="Its date.")
    pages: Count | None = Field(default=None, description="Its length in pages; shown, not scored.")

    @property
    def fact(self) -> str:
        """Name of the fact."""
        return self.artifact

    @property
    def told(self) -> str:
        """What is stated of it, in words."""
        parts = [*(self.sections or ())], [f"seen by {name}" for name in self.reviewers or ()]
        return ", ".join(name.replace("_", " ") for part in parts for name in part)


StatedFact = Measurement | BehaviourFact | ArtifactFact
"""A fact of any kind."""

_KINDS: Final[Mapping[str, type[Noun]]] = {
    "metric": Measurement,
    "behaviour": BehaviourFact,
    "artifact": ArtifactFact,
}


def _find_kind(value: object) -> str | None:
    """Tell the kind of a fact by the one key that names it."""
    if isinstance(value, dict):
        kinds = [kind for kind in _KINDS if kind in value]
        return kinds[0] if len(kinds) == 1 else None
    return next((kind for kind, noun in _KINDS.items() if isinstance(value, noun)), None)


Fact = Annotated[
    Annotated[Measurement, Tag("metric")]
    | Annotated[BehaviourFact, Tag("behaviour")]
    | Annotated[ArtifactFact, Tag("artifact")],
    Discriminator(
        _find_kind,
        custom_error_type="fact_kind",
        custom_error_message="is no fact | give it exactly one of: metric, behaviour, artifact",
    ),
]
"""A fact of any kind, as files write it."""


class Corroboration(Noun):
    """One voice, or one artifact, behind an evidence item.

    A voice that is listed saw the work and agrees, unless the packet says otherwise; null says that
    nobody knows whether it saw the work.
    """

    relation: Relation = Field(
        description="How it stands to the candidate.", examples=["cross_functional"]
    )
    by: Identifier | None = Field(
        default=None, description="Pseudonym of the voice.", examples=["sales-9"]
    )
    function: Identifier | None = Field(
        default=None, description="Function of the voice.", examples=["sales"]
    )
    role: Identifier | None = Field(
        default=None, description="Role of the voice.", examples=["architect"]
    )
    level: Identifier | None = Field(
        default=None, description="Level of the voice.", examples=["L5"]
    )
    same_report_line: Flag = Field(
        default=False, description="Whether it reports into the candidate's line."
    )
    worked_on_it: Flag | None = Field(
        default=True, description="Whether it saw the work; null if unknown."
    )
    agrees: Flag = Field(default=True, description="False if it disputes the item.")
    point: Point | None = Field(
        default=None, description="The point of the scale it would give.", examples=[3]
    )
    fact: Identifier | None = Field(
        default=None, description="The behaviour that its point speaks of; default all of the item."
    )
    uri: Text | None = Field(
        default=None, description="Where an artifact can be opened.", examples=["doc:88"]
    )
    dated: Day | None = Field(default=None, description="When it was given.")
    text: Text | None = Field(default=None, description="What was said.")


class Scope(Noun):
    """How far the work reached."""

    functions: KnownNames = Field(
        default=None, description="Functions involved.", examples=[["engineering", "sales"]]
    )
    surfaces: KnownNames = Field(
        default=None, description="Product surfaces touched.", examples=[["cloud"]]
    )
    teams: Count | None = Field(default=None, description="Teams involved.", examples=[6])
    products: Count | None = Field(default=None, description="Products touched.", examples=[2])
    accounts: Count | None = Field(
        default=None, description="Customer accounts that gained.", examples=[41]
    )
    users: Count | None = Field(default=None, description="People who use it.", examples=[1200])


class Decision(Noun):
    """How the deciding call in the work was made."""

    by: (
        Literal["self", "engineering", "sales", "manager", "executive", "customer", "group"] | None
    ) = Field(default=None, description="Who decided.", examples=["self"])
    basis: tuple[
        Literal[
            "telemetry",
            "competition",
            "feasibility",
            "market_size",
            "cost",
            "customer_request",
            "strategy",
            "brand",
        ],
        ...,
    ] = Field(default=(), description="What it rested on.", examples=[["telemetry", "market_size"]])
    information: Share | None = Field(
        default=None, description="Share of the wished-for facts at hand.", examples=[0.7]
    )
    reversible: Flag | None = Field(default=None, description="Whether it could be taken back.")
    revisited: Day | None = Field(default=None, description="When it was looked at again.")
    waited_days: Count | None = Field(
        default=None, description="Days it waited for more certainty."
    )
    escalated: Flag | None = Field(default=None, description="Whether executives had to settle it.")


class Claimed(Noun):
    """A criterion that an item is meant for, and why it shows the next level."""

    criterion: Identifier = Field(description="The criterion.", examples=["strategy"])
    why: Text | None = Field(default=None, description="Why it shows the next level.")


class Evidence(Noun):
    """One thing shown.

    >>> item = Evidence(id="launch", title="Launched the new tier", ownership="led")
    >>> item.achievement_key, item.support_is_closed
    ('launch', False)
    """

    id: Identifier = Field(description="Name of the item.", examples=["acq-integration"])
    title: Text = Field(
        description="What was done, in a line.", examples=["Integrated the acquired product"]
    )
    achievement: Identifier | None = Field(
        default=None,
        description="The piece of work it shows; default the item's id.",
        examples=["acq"],
    )
    ownership: Ownership | None = Field(
        default=None, description="The candidate's part.", examples=["led"]
    )
    share: Share | None = Field(
        default=None, description="The candidate's share, instead of ownership.", examples=[0.6]
    )
    share_status: Literal["asserted", "agreed", "disputed"] | None = Field(
        default=None, description="Whether others accept the share.", examples=["agreed"]
    )
    started: Day | None = Field(
        default=None, description="First day of the work.", examples=["2025-03-01"]
    )
    ended: Day | None = Field(
        default=None, description="Last day of the work.", examples=["2026-04-30"]
    )
    in_progress: Flag = Field(default=False, description="Whether it still goes on.")
    facts: tuple[Fact, ...] = Field(
        default=(), description="What it shows, in the ladder's vocabulary."
    )
    support: Annotated[
        tuple[Corroboration, ...] | None,
        BeforeValidator(
            read_absent, json_schema_input_type=tuple[Corroboration, ...] | Literal["none"] | None
        ),
    ] = Field(
        default=None,
        description="Voices behind it. Missing: the list is open; empty or none: it is closed.",
    )
    support_complete: Flag = Field(
        default=False, description="True if there is no support besides what is listed."
    )
    scope: Scope | None = Field(default=None, description="How far it reached.")
    problem: Text | None = Field(default=None, description="The problem, and why it mattered.")
    goal: Identifier | None = Field(
        default=None, description="The company goal it serves.", examples=["okr-3"]
    )
    role: Text | None = Field(default=None, description="What the candidate did.")
    decisions: tuple[Decision, ...] = Field(default=(), description="The calls that were made.")
    initiated_by: Literal["self", "manager", "other"] | None = Field(
        default=None, description="Who started it.", examples=["self"]
    )
    owner_team: Identifier | None = Field(
        default=None, description="Team the problem belonged to.", examples=["support"]
    )
    result: Literal["output", "outcome"] | None = Field(
        default=None, description="Whether it is work done, or its effect.", examples=["outcome"]
    )
    complexity: Point | None = Field(
        default=None, description="Own view of its complexity, 0 to 4; shown, not scored."
    )
    ambiguity: Point | None = Field(
        default=None, description="Own view of its ambiguity, 0 to 4; shown, not scored."
    )
    claims: tuple[Claimed, ...] = Field(default=(), description="Criteria it is meant for.")
    level_shown: Identifier | None = Field(
        default=None, description="Level it shows.", examples=["L4"]
    )
    values: Names = Field(default=(), description="Company values it shows.")
    challenges: Text | None = Field(default=None, description="What was hard.")
    learned: Text | None = Field(default=None, description="What was learnt.")
    confidence: Share | None = Field(
        default=None, description="The author's own confidence; shown, not scored."
    )
    customer_data_loss: Flag = Field(
        default=False, description="Whether it caused a loss of customer data."
    )

    @property
    def achievement_key(self) -> str:
        """The piece of work it shows."""
        return self.achievement or self.id

    @property
    def support_is_closed(self) -> bool:
        """Whether nothing may be added to the support listed."""
        return self.support_complete or self.support == ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        faults = []
        if self.started and self.ended and self.ended < self.started:
            faults.append(Fault(("ended",), "is before started", "swap the dates"))
        if self.share is not None and self.ownership is not None:
            faults.append(Fault(("share",), "stands beside ownership", "keep one of them"))
        if faults:
            raise_faults(faults)
        return self


class Concern(Noun):
    """A reason not to promote, and its answer. A packet that names none has not looked."""

    reason_not_to_promote: Text = Field(
        description="The strongest reason against.", examples=["One product line only."]
    )
    severity: Literal["low", "medium", "high"] = Field(
        description="How heavy it is.", examples=["medium"]
    )
    answer: Text | None = Field(default=None, description="What speaks for promotion all the same.")
    evidence: Names = Field(
        default=(), description="Items that bear on it.", examples=[["acq-integration"]]
    )
    plan: Text | None = Field(default=None, description="What will be done about it.")


class Thesis(Noun):
    """The case in three sentences."""

    ask: Text = Field(description="What is asked of the committee.")
    why_now: Text | None = Field(default=None, description="Why in this cycle.")
    problem: Text | None = Field(
        default=None, description="What the candidate solves for the company."
    )


class BusinessNeed(Noun):
    """Whether the role is needed; a gate of its own, outside merit."""

    role_needed: Flag | None = Field(default=None, description="Whether the role is needed.")
    headcount: Flag | None = Field(default=None, description="Whether a place is free.")
    budget: Flag | None = Field(default=None, description="Whether it is paid for.")
    note: Text | None = Field(default=None, description="What stands behind it.")


class Process(Noun):
    """Facts about the process. Shown, never scored: they are channels of bias, or of luck."""

    manager: Identifier | None = Field(
        default=None, description="Pseudonym of the manager.", examples=["m-12"]
    )
    sponsor: Identifier | None = Field(
        default=None, description="Level of the sponsor.", examples=["director"]
    )
    visibility: Text | None = Field(default=None, description="Who has seen the work.")
    opportunity: Text | None = Field(default=None, description="Access to prestige projects.")
    growth_phase: Text | None = Field(default=None, description="Phase the company is in.")
    months_in_level: Count | None = Field(
        default=None, description="Months in the current level.", examples=[40]
    )
    hired: Day | None = Field(default=None, description="Day of hire.")
    recommendation: Literal["ready", "ready_with_reservations", "not_yet"] | None = Field(
        default=None, description="What the manager recommends."
    )
    recommendation_note: Text | None = Field(default=None, description="The manager's reasons.")
    advocates: Names = Field(default=(), description="Pseudonyms of people who would speak up.")
    business_need: BusinessNeed | None = Field(
        default=None, description="Whether the role is needed."
    )


class SelfView(Noun):
    """A point that the candidate or the manager would give on a criterion; shown, never scored."""

    criterion: Identifier = Field(description="The criterion.", examples=["strategy"])
    by: Literal["candidate", "manager"] = Field(description="Who gives it.", examples=["candidate"])
    point: Point = Field(description="The point, 0 to 4.", examples=[3])


class Origin(NamedTuple):
    """The text a packet was read from, and the line of its source on which it starts.

    A workbook is no text: `cells` then holds the place of each value by its path, and of all by "".
    """

    source: str
    format: Literal["json", "yaml"]
    data: bytes
    line: int = 1
    cells: Mapping[str, Place] | None = None

    def find_cell(self, path: str) -> Place | None:
        """Return the cell of a value, or of the nearest thing around it; none of a text."""
        cells = self.cells or {}
        while path and path not in cells:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return cells.get(path)


class Packet(Noun):
    """What a candidate submits for one step of a ladder.

    >>> packet = Packet(id="p-1", evidence=(Evidence(id="launch", title="Launched it"),))
    >>> packet.evidence[0].title, packet.digest[:7]
    ('Launched it', 'sha256:')
    """

    schema_version: Version = Field(default=1, description="Version of this file format.")
    id: Identifier = Field(description="Name of the packet.", examples=["spm-b-2026h1"])
    candidate: Identifier | None = Field(
        default=None, description="Pseudonym of the candidate.", examples=["c-4711"]
    )
    rubric: Identifier | None = Field(
        default=None,
        description="The rubric it is written for.",
        examples=["pure-storage-pm/l3-l4"],
    )
    rubric_digest: Annotated[str, Field(pattern=DIGEST)] | None = Field(
        default=None, description="Digest of the rubric it was written for."
    )
    current_level: Identifier | None = Field(
        default=None, description="Level now.", examples=["L3"]
    )
    target_level: Identifier | None = Field(
        default=None, description="Level asked for.", examples=["L4"]
    )
    track: Identifier | None = Field(
        default=None, description="Track of the ladder.", examples=["ic"]
    )
    job_family: Identifier | None = Field(
        default=None, description="Job family.", examples=["product"]
    )
    cycle: Identifier | None = Field(
        default=None, description="The review cycle.", examples=["2026h1"]
    )
    as_of: Day | None = Field(
        default=None, description="Day from which ages are counted.", examples=["2026-06-30"]
    )
    submitted: Day | None = Field(default=None, description="Day it was handed in.")
    effective: Day | None = Field(default=None, description="Day from which promotion is asked.")
    summary: Text | None = Field(default=None, description="The case in three to five sentences.")
    thesis: Thesis | None = Field(
        default=None, description="The ask, why now, and the problem solved."
    )
    current_work: Text | None = Field(
        default=None, description="What the person does at the level of today."
    )
    next_level_impact: Text | None = Field(
        default=None, description="What would change, and what would stop."
    )
    development_plan: Text | None = Field(
        default=None, description="What to learn at the next level."
    )
    evidence: tuple[Evidence, ...] = Field(description="What is shown.")
    declared_none: Names = Field(
        default=(),
        description="Facts or criteria of which there is nothing to show.",
        examples=[["portfolio_pricing"]],
    )
    concerns: tuple[Concern, ...] = Field(
        default=(), description="Reasons not to promote, with their answers."
    )
    process: Process | None = Field(
        default=None, description="Facts about the process; shown, never scored."
    )
    views: tuple[SelfView, ...] = Field(
        default=(), description="Points given by candidate and manager; never scored."
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        faults = [
            Fault(("evidence", index, "id"), "stands twice", "give it another id", "duplicate")
            for index in find_repeats([item.id for item in self.evidence])
        ]
        if self.as_of is not None:
            faults += find_future_dates(self.evidence, self.as_of)
        faults += _find_refused_facts(self.evidence)
        faults += _find_unknown_references(self)
        if faults:
            raise_faults(faults)
        return self

    def __str__(self) -> str:
        return write_packet_card(self)

    def __repr__(self) -> str:
        """Say which packet it is and nothing of what it holds: logs and tracebacks show this."""
        return f"Packet({self.id!r}, rubric={self.rubric!r}, items={len(self.evidence)})"

    def _repr_html_(self) -> str:
        return draw_packet_card(self)

    _origin: Origin | None = PrivateAttr(default=None)

    @property
    def origin(self) -> Origin | None:
        """The file it was read from, so that later problems can name line and column."""
        return self._origin

    def remember_origin(self, origin: Origin) -> None:
        """Remember the file it was read from; it is no part of the packet's content."""
        self._origin = origin

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything the packet says; the order of its items makes no difference."""
        content = self.model_dump(mode="json")
        for item in content["evidence"]:
            item["facts"].sort(key=write_canonical)
            item["support"] = item["support"] and sorted(item["support"], key=write_canonical)
        content["evidence"].sort(key=lambda item: item["id"])
        content["declared_none"].sort()
        return compute_digest(content)


def find_future_dates(evidence: tuple[Evidence, ...], as_of: Day) -> list[Fault]:
    """Find items that started after `as_of`, or whose end contradicts being in progress."""
    faults = []
    for index, item in enumerate(evidence):
        if item.started is not None and item.started > as_of:
            faults.append(
                Fault(("evidence", index, "started"), "is after as_of", "mend the date, or as_of")
            )
        if item.ended is not None and item.ended > as_of and not item.in_progress:
            hint = "mend the date, or add in_progress: true"
            faults.append(Fault(("evidence", index, "ended"), "is after as_of", hint))
        if item.ended is not None and item.ended < as_of and item.in_progress:
            message = "has passed, yet the work is said to be in progress"
            faults.append(Fault(("evidence", index, "ended"), message, "keep one of the two"))
    return faults


def _find_refused_facts(evidence: tuple[Evidence, ...]) -> list[Fault]:
    """Find facts that no packet may state, under whatever name of a fact they come."""
    return [
        Fault(("evidence", i, "facts", k), f"refused: {REFUSED[name]}", "delete it", "refused")
        for i, item in enumerate(evidence)
        for k, name in enumerate(fact.fact.casefold() for fact in item.facts)
        if name in REFUSED
    ]


def _find_unknown_references(packet: Packet) -> list[Fault]:
    known = {item.id for item in packet.evidence}
    told = ("names no item of this packet", "name an evidence id")
    return [
        Fault(("concerns", i, "evidence", k), *told, "unknown_name")
        for i, concern in enumerate(packet.concerns)
        for k, name in enumerate(concern.evidence)
        if name not in known
    ]
