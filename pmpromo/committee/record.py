"""What is kept of a fitted committee: plain records, no rating of a person."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Final, Literal, NamedTuple, TypeAlias

__all__ = [
    "SCHEMA_VERSION",
    "Adjustments",
    "Criterion",
    "Method",
    "Packet",
    "PacketColumns",
    "Rater",
    "Record",
    "ScaleModel",
    "Separation",
    "Surprise",
]

SCHEMA_VERSION: Final = 1
"""Of the JSON text of a model."""

ScaleModel: TypeAlias = Literal["rating_scale", "partial_credit"]
"""Whether all criteria share the thresholds of the scale, or each has its own."""

Method: TypeAlias = Literal["marginal", "joint"]
"""Whether packets are integrated out, or fitted along."""


@dataclass(frozen=True, slots=True)
class Rater:
    """A rater: how severe, and how like the rest.

    `severity` is in logits, positive for a rater who gives less than the average of the committee,
    with its standard error. `effect` is what the rater adds to ratings, in points, against an
    average rater on the same packets. Infit and outfit are 1 for a rater as predictable as the
    model expects; above 1.5 erratic, below 0.5 hardly any spread.
    """

    rater_id: str
    role: str | None
    n_ratings: int
    n_packets: int
    severity: float
    se: float
    effect: float
    infit: float
    outfit: float


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion: how hard to be rated highly on, in logits from the average criterion.

    Neighbouring points k - 1 and k are equally likely at ability `difficulty + thresholds[k - 1]`.
    """

    criterion: str
    n_ratings: int
    difficulty: float
    se: float
    infit: float
    outfit: float
    thresholds: tuple[float, ...]


class Packet(NamedTuple):
    """A packet: what it was given, and what an average committee would have given.

    `fair_score` is `raw_mean` plus the mean adjustment of its ratings, within the scale. `sd`,
    `low` and `high` say how well the score of an average committee is known; `ability` is in
    logits.
    """

    packet_id: str
    n_ratings: int
    n_raters: int
    raw_mean: float
    fair_score: float
    sd: float
    low: float
    high: float
    ability: float
    ability_sd: float


@dataclass(frozen=True, slots=True)
class PacketColumns:
    """Packets as columns, in the order of their names."""

    packet_id: tuple[str, ...]
    n_ratings: tuple[int, ...]
    n_raters: tuple[int, ...]
    raw_mean: tuple[float, ...]
    fair_score: tuple[float, ...]
    sd: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    ability: tuple[float, ...]
    ability_sd: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Separation:
    """How far apart a facet lies, against how well it is known.

    `reliability` is the share of true variance, `separation` = sqrt(R / (1 - R)) true deviations
    an error, `strata` = (4 separation + 1) / 3 levels that can be told apart (Wright & Masters).
    """

    separation: float
    reliability: float
    strata: float


@dataclass(frozen=True, slots=True)
class Surprise:
    """A rater's ratings of one packet that lie far from what both led to expect.

    `given` and `expected` are means over the criteria rated, in points; `z` is the distance in
    deviations. It is a thing to talk about, not a mistake.
    """

    packet_id: str
    rater_id: str
    given: float
    expected: float
    z: float


@dataclass(frozen=True, slots=True)
class Adjustments:
    """What was taken from or added to each rating, and why: columns, one entry a rating.

    `adjustment` is what an average rater is expected to give at that ability on that criterion,
    less what this rater is expected to give; `adjusted` = rating + adjustment.
    """

    packet_id: tuple[str, ...]
    criterion: tuple[str, ...]
    rater_id: tuple[str, ...]
    rating: tuple[int, ...]
    adjustment: tuple[float, ...]
    adjusted: tuple[float, ...]


@dataclass(frozen=True)
class Record:
    """All that is kept of a committee and compared; `CommitteeModel` says what each part means."""

    schema_version: int
    scale: tuple[int, int]
    scale_model: ScaleModel
    levels: Literal[1, 2]
    method: Method
    coverage: float
    n_ratings: int
    raters: tuple[Rater, ...]
    criteria: tuple[Criterion, ...]
    packet_columns: PacketColumns = field(repr=False)
    average_severity: float
    anchored: tuple[str, ...]
    centre: float
    spread: float
    local: float
    halo: float | None
    packet_separation: Separation
    rater_separation: Separation
    surprises: tuple[Surprise, ...] = field(repr=False)
    notes: tuple[str, ...]
    steps: int
    converged: bool

    @cached_property
    def packets(self) -> tuple[Packet, ...]:
        """Each packet: raw mean, fair score, interval, ability."""
        columns = self.packet_columns
        rows = zip(*(getattr(columns, f.name) for f in fields(columns)), strict=True)
        return tuple(Packet(*row) for row in rows)
