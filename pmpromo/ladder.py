"""The nouns of a ladder: levels, steps, the vocabulary of facts, and what its source claims."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - pydantic reads it at run time
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from pmpromo.errors import LadderError, Problem
from pmpromo.units import Unit, read_unit
from pmpromo.words import (
    COUNTED,
    Count,
    Fault,
    Flag,
    Identifier,
    Noun,
    Number,
    Rows,
    Text,
    Version,
    Weight,
    find_repeats,
    raise_faults,
)

__all__ = [
    "REFUSED",
    "Action",
    "Alias",
    "Artifact",
    "Behaviour",
    "Claim",
    "Contradiction",
    "Fact",
    "Ladder",
    "Level",
    "Metric",
    "Reading",
    "Source",
    "Timeline",
    "Track",
    "Transition",
    "Weighting",
]

_PROTECTED: Final = "a protected attribute; it has no place in a packet"
_PRIVATE: Final = "health, leave and family facts are no evidence; they have no place in a packet"
_RATING: Final = "a performance rating is a judgement of another process, not evidence"

REFUSED: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "age",
                "birth_date",
                "birthday",
                "caste",
                "citizenship",
                "color",
                "colour",
                "date_of_birth",
                "disabilities",
                "disability",
                "dob",
                "ethnic",
                "ethnicity",
                "gender",
                "gender_identity",
                "marital_status",
                "nationality",
                "national_origin",
                "political_opinion",
                "pronouns",
                "race",
                "race_ethnicity",
                "religion",
                "sex",
                "sexual_orientation",
                "trade_union",
                "union_membership",
                "veteran",
                "veteran_status",
            ),
            _PROTECTED,
        ),
        **dict.fromkeys(
            (
                "absence",
                "children",
                "family",
                "family_status",
                "health",
                "leave",
                "maternity",
                "maternity_leave",
                "medical",
                "parental_leave",
                "paternity",
                "paternity_leave",
                "performance_improvement_plan",
                "pip",
                "pregnancy",
                "sick_leave",
            ),
            _PRIVATE,
        ),
        **dict.fromkeys(
            ("performance_rating", "performance_ratings", "rating", "talent_rating"), _RATING
        ),
    }
)
"""Names that no packet and no ladder may use, with the reason that is given."""


class Source(Noun):
    """Where a ladder or rubric comes from, and what that source is worth."""

    title: Text = Field(description="What the source is.", examples=["An unattributed web article"])
    note: Text = Field(
        description="What a reader must know before trusting it.",
        examples=["Its author is not named."],
    )


class Level(Noun):
    """One role of the ladder."""

    id: Identifier = Field(description="Short name of the level.", examples=["L3"])
    name: Text = Field(description="Title of the role.", examples=["Senior Product Manager"])
    tracks: tuple[Identifier, ...] = Field(
        min_length=1, description="Tracks the level belongs to.", examples=[["ic"]]
    )
    scope: Text = Field(
        description="What someone at this level owns.", examples=["a product family"]
    )
    specified: Flag = Field(
        default=True, description="False where the source names the level without criteria."
    )
    rows: Rows = Field(default=(), description="Source rows.", examples=[["S084"]])


class Track(Noun):
    """A branch of the ladder, such as individual contribution or management."""

    id: Identifier = Field(description="Short name of the track.", examples=["management"])
    name: Text = Field(description="Name of the track.", examples=["Management"])
    rows: Rows = Field(default=(), description="Source rows.")


class Transition(Noun):
    """One step between two levels."""

    current_level: Identifier = Field(description="Level someone leaves.", examples=["L3"])
    target_level: Identifier = Field(description="Level someone enters.", examples=["L4"])
    rubric: Identifier | None = Field(
        default=None,
        description="The rubric that judges the step, if one exists.",
        examples=["pure-storage-pm/l3-l4"],
    )
    focus: Text | None = Field(default=None, description="What the step turns on.")
    rows: Rows = Field(default=(), description="Source rows.")


class Alias(Noun):
    """Another name for a level. With several readings, or none, it is never guessed."""

    name: Text = Field(description="The other name.", examples=["SPM"])
    levels: tuple[Identifier, ...] = Field(
        description="Every reading; empty if unmapped.", examples=[["L3"]]
    )
    note: Text | None = Field(default=None, description="Why the readings differ.")
    rows: Rows = Field(default=(), description="Source rows.")


class Timeline(Noun):
    """How long a step is said to take. Reported, never scored."""

    id: Identifier = Field(description="Short name of the statement.", examples=["industry"])
    transitions: tuple[tuple[Identifier, Identifier], ...] = Field(
        description="The steps it speaks of; empty for all of them.", examples=[[["L3", "L4"]]]
    )
    months: tuple[Count, Count | None] = Field(
        description="Shortest and longest, in months; null where no longest is given.",
        examples=[[48, 72]],
    )
    note: Text = Field(
        description="What the statement says of itself.", examples=["elsewhere in the industry"]
    )
    rows: Rows = Field(default=(), description="Source rows.")


class Claim(Noun):
    """A statistic of the source that nobody has verified. Shown, never scored, never fitted on."""

    id: Identifier = Field(description="Short name of the claim.", examples=["reach_principal"])
    says: Text = Field(
        description="What is claimed, in our words.", examples=["Fewer than one in five get there."]
    )
    value: Number | None = Field(default=None, description="The figure claimed.", examples=[20])
    unit: Identifier | None = Field(
        default=None, description="Unit of the figure.", examples=["percent"]
    )
    status: Literal["unverified"] = Field(default="unverified", description="Always unverified.")
    caution: Text = Field(
        description="Why it moves no number.", examples=["A share of people, no rate a decision."]
    )
    rows: Rows = Field(default=(), description="Source rows.")


class Reading(Noun):
    """One side of a contradiction."""

    says: Text = Field(description="What this side says, in our words.")
    rows: Rows = Field(default=(), description="Source rows.")


class Contradiction(Noun):
    """Two or more statements of the source that cannot all hold, kept side by side."""

    id: Identifier = Field(description="Number of the contradiction.", examples=["C3"])
    about: Text = Field(description="What they disagree on.", examples=["How long the step takes"])
    readings: tuple[Reading, ...] = Field(min_length=2, description="The statements.")
    held: Text = Field(
        description="How the ladder represents them.",
        examples=["All are listed; none is averaged."],
    )


class Action(Noun):
    """Something the source advises doing. Advice, no evidence."""

    id: Identifier = Field(description="Short name of the action.", examples=["align_roadmap"])
    text: Text = Field(description="What to do, in our words.")
    cadence: Text | None = Field(
        default=None, description="How often, or by when.", examples=["each quarter"]
    )
    closes: tuple[Identifier, ...] = Field(
        default=(), description="Facts or criteria it can help with."
    )
    rows: Rows = Field(default=(), description="Source rows.")


Family = Literal[
    "revenue", "retention", "efficiency", "quality", "adoption", "satisfaction", "people", "other"
]


class Metric(Noun):
    """A figure that packets can state and rubrics can ask for."""

    id: Identifier = Field(description="Name of the fact.", examples=["unit_arr_growth"])
    name: Text = Field(
        description="What is measured.", examples=["Growth of the unit's annual recurring revenue"]
    )
    unit: Identifier = Field(description="Its unit.", examples=["percent/year"])
    baseline: Literal["required", "not_used"] = Field(
        default="not_used",
        description="Whether progress is measured from a baseline.",
        examples=["required"],
    )
    result: Literal["output", "outcome"] = Field(
        default="outcome",
        description="Whether it counts work done or its effect.",
        examples=["outcome"],
    )
    family: Family = Field(default="other", description="What it speaks of.", examples=["revenue"])
    lowest: Number | None = Field(
        default=None, description="No lower value is possible.", examples=[0]
    )
    highest: Number | None = Field(
        default=None, description="No higher value is possible.", examples=[100]
    )
    window: Text | None = Field(
        default=None, description="The time it is measured over.", examples=["90 days"]
    )
    rows: Rows = Field(default=(), description="Source rows.")

    @model_validator(mode="after")
    def _check_range(self) -> Self:
        if self.lowest is not None and self.highest is not None and self.lowest >= self.highest:
            message = "lowest is not below highest | swap them"
            raise ValueError(message)
        return self


class Behaviour(Noun):
    """Something an observer sees a person do, anchored at the five points of the scale."""

    id: Identifier = Field(description="Name of the fact.", examples=["aligns_functions"])
    name: Text = Field(description="What is done.", examples=["Aligns functions on one outcome"])
    anchors: tuple[Text, Text, Text, Text, Text] | None = Field(
        default=None, description="What is seen at points 0 to 4; 3 meets the target level."
    )
    rows: Rows = Field(default=(), description="Source rows.")


class Weighting(Noun):
    """A weighted scoring model that an artifact uses, such as one for a backlog."""

    name: Identifier = Field(description="What is weighed.", examples=["business_value"])
    percent: Weight = Field(description="Its weight in percent.", examples=[40])
    direction: Literal["higher_better", "lower_better"] = Field(
        description="Whether more of it is better; never assumed.", examples=["higher_better"]
    )


class Artifact(Noun):
    """A type of document or object that packets can show."""

    id: Identifier = Field(description="Name of the fact.", examples=["strategy_document"])
    name: Text = Field(description="What it is.", examples=["Multi-year product strategy"])
    sections: tuple[Identifier, ...] = Field(
        default=(), description="Sections it may have.", examples=[["risk_register"]]
    )
    reviewers: tuple[Identifier, ...] = Field(
        default=(), description="Roles that may review it.", examples=[["cto", "vp_product"]]
    )
    weighting: tuple[Weighting, ...] = Field(default=(), description="The scoring model it holds.")
    rows: Rows = Field(default=(), description="Source rows.")

    @model_validator(mode="after")
    def _check_weighting(self) -> Self:
        if self.weighting and sum(part.percent for part in self.weighting) != Decimal(100):
            message = "weighting does not sum to 100 | mend the percentages"
            raise ValueError(message)
        return self


Fact = Metric | Behaviour | Artifact
"""What packets state and rubrics ask for."""


class Ladder(Noun):
    """Ordered roles, the steps between them, and the vocabulary in which evidence is told.

    >>> metric = Metric(id="arr_growth", name="Growth of revenue", unit="percent/year")
    >>> ladder = Ladder(id="team", name="Our ladder", metrics=(metric,))
    >>> ladder.facts["arr_growth"].unit
    'percent/year'
    """

    schema_version: Version = Field(default=1, description="Version of this file format.")
    id: Identifier = Field(description="Name of the ladder.", examples=["pure-storage-pm"])
    name: Text = Field(
        description="Title of the ladder.", examples=["Product management at a storage company"]
    )
    status: Literal["illustrative", "adopted"] = Field(
        default="illustrative",
        description="Whether an organisation has adopted it.",
        examples=["illustrative"],
    )
    source: Source | None = Field(default=None, description="Where it comes from.")
    tracks: tuple[Track, ...] = Field(default=(), description="Branches of the ladder.")
    levels: tuple[Level, ...] = Field(default=(), description="Roles, from lowest to highest.")
    transitions: tuple[Transition, ...] = Field(
        default=(), description="Steps between levels; they form no circle."
    )
    aliases: tuple[Alias, ...] = Field(default=(), description="Other names of levels.")
    units: tuple[Annotated[Identifier, Field(pattern=COUNTED)], ...] = Field(
        default=(), description="Counted things used as units.", examples=[["account", "launch"]]
    )
    metrics: tuple[Metric, ...] = Field(default=(), description="Figures in the vocabulary.")
    behaviours: tuple[Behaviour, ...] = Field(
        default=(), description="Behaviours in the vocabulary."
    )
    artifacts: tuple[Artifact, ...] = Field(default=(), description="Artifacts in the vocabulary.")
    timelines: tuple[Timeline, ...] = Field(
        default=(), description="How long steps are said to take."
    )
    claims: tuple[Claim, ...] = Field(
        default=(), description="Unverified statistics of the source."
    )
    contradictions: tuple[Contradiction, ...] = Field(
        default=(), description="Where the source disagrees with itself."
    )
    actions: tuple[Action, ...] = Field(default=(), description="Advice of the source.")

    @property
    def facts(self) -> Mapping[str, Fact]:
        """Every fact of the vocabulary by its id."""
        return MappingProxyType(self._facts)

    @cached_property
    def _facts(self) -> dict[str, Fact]:
        return {fact.id: fact for _, _, fact in _list_facts(self)}

    def read_unit(self, text: str) -> Unit:
        """Read a unit's name with the counted things that this ladder declares."""
        return read_unit(text, frozenset(self.units))

    def find_level(self, name: str) -> Level:
        """Return the level called `name`: its id, its title or one of its aliases.

        An alias with several readings, or none, raises `LadderError` that names them all.
        """
        wanted = name.casefold()
        for level in self.levels:
            if wanted in {level.id.casefold(), level.name.casefold()}:
                return level
        for alias in self.aliases:
            if wanted == alias.name.casefold():
                return self._resolve(alias)
        hint = f"known levels: {', '.join(level.id for level in self.levels)}"
        raise LadderError([Problem("level", "unknown level", hint)])

    def _resolve(self, alias: Alias) -> Level:
        if len(alias.levels) == 1:
            return self.find_level(alias.levels[0])
        readings = " or ".join(alias.levels) or "no level: the source gives it no position"
        message = f"the name {alias.name} is ambiguous: it can mean {readings}"
        raise LadderError([Problem("level", message, "name the level by its id")])

    @model_validator(mode="after")
    def _check(self) -> Self:
        raise_faults(
            [
                *_find_repeats(self),
                *_find_unknown_names(self),
                *_find_circles(self),
                *_find_bad_units(self),
                *_find_refused_facts(self),
            ]
        )
        return self


def _find_repeats(ladder: Ladder) -> list[Fault]:
    families = {
        "levels": [level.id for level in ladder.levels],
        "tracks": [track.id for track in ladder.tracks],
        "aliases": [alias.name for alias in ladder.aliases],
        "timelines": [timeline.id for timeline in ladder.timelines],
        "claims": [claim.id for claim in ladder.claims],
        "contradictions": [item.id for item in ladder.contradictions],
        "actions": [action.id for action in ladder.actions],
    }
    faults = [
        Fault((family, index), "stands twice", "give it another name", "duplicate")
        for family, names in families.items()
        for index in find_repeats(names)
    ]
    facts = [(family, index, fact.id) for family, index, fact in _list_facts(ladder)]
    repeats = find_repeats([name for _, _, name in facts])
    return faults + [
        Fault(
            facts[at][:2], "a fact of this name stands twice", "give it another name", "duplicate"
        )
        for at in repeats
    ]


def _list_facts(ladder: Ladder) -> list[tuple[str, int, Fact]]:
    return [
        (family, index, fact)
        for family in ("metrics", "behaviours", "artifacts")
        for index, fact in enumerate(getattr(ladder, family))
    ]


def _find_unknown_names(ladder: Ladder) -> list[Fault]:
    levels = {level.id for level in ladder.levels}
    tracks = {track.id for track in ladder.tracks}
    named: list[tuple[tuple[str | int, ...], str, set[str]]] = [
        (("levels", i, "tracks", k), name, tracks)
        for i, level in enumerate(ladder.levels)
        for k, name in enumerate(level.tracks)
    ]
    for i, step in enumerate(ladder.transitions):
        named.append((("transitions", i, "current_level"), step.current_level, levels))
        named.append((("transitions", i, "target_level"), step.target_level, levels))
    named += [
        (("aliases", i, "levels", k), name, levels)
        for i, alias in enumerate(ladder.aliases)
        for k, name in enumerate(alias.levels)
    ]
    named += [
        (("timelines", i, "transitions", k, side), name, levels)
        for i, timeline in enumerate(ladder.timelines)
        for k, step in enumerate(timeline.transitions)
        for side, name in enumerate(step)
    ]
    message = "is not declared in this ladder"
    return [
        Fault(loc, message, f"declared are: {', '.join(sorted(known))}", "unknown_name")
        for loc, name, known in named
        if name not in known
    ]


def _find_circles(ladder: Ladder) -> list[Fault]:
    circle = find_circle([(step.current_level, step.target_level) for step in ladder.transitions])
    message = f"run in a circle through {circle}"
    return (
        [Fault(("transitions",), message, "a step leads from one level to a later one")]
        if circle
        else []
    )


def find_circle(steps: list[tuple[str, str]]) -> str | None:
    """Return a node that lies on a circle of directed steps, or none.

    >>> find_circle([("L1", "L2"), ("L2", "L3")]) is None
    True
    """
    after: dict[str, set[str]] = {}
    for start, end in steps:
        after.setdefault(start, set()).add(end)
        after.setdefault(end, set())
    while leaves := [node for node, ends in after.items() if not ends]:
        for leaf in leaves:
            del after[leaf]
        for ends in after.values():
            ends.difference_update(leaves)
    return _follow(after, min(after)) if after else None


def _follow(after: Mapping[str, set[str]], node: str) -> str:
    """Follow steps that never end until one leads back."""
    passed: set[str] = set()
    while node not in passed:
        passed.add(node)
        node = min(after[node])
    return node


def _find_bad_units(ladder: Ladder) -> list[Fault]:
    faults = []
    for index, metric in enumerate(ladder.metrics):
        try:
            ladder.read_unit(metric.unit)
        except ValueError as error:
            message, _, hint = str(error).partition(" | ")
            faults.append(Fault(("metrics", index, "unit"), message, hint, "wrong_unit"))
    return faults


def _find_refused_facts(ladder: Ladder) -> list[Fault]:
    return [
        Fault((family, index, "id"), f"refused: {REFUSED[fact.id.casefold()]}", code="refused")
        for family, index, fact in _list_facts(ladder)
        if fact.id.casefold() in REFUSED
    ]
