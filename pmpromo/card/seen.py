"""What a card needs to know of a rubric or a packet. The nouns themselves stand above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal
    from fractions import Fraction

    from pmpromo.ladder import Ladder, Source
    from pmpromo.requirement import Requirement

__all__ = [
    "SeenCriterion",
    "SeenItem",
    "SeenPacket",
    "SeenPair",
    "SeenRubric",
    "SeenVariant",
]


class SeenCriterion(Protocol):
    """A criterion."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def bar(self) -> float | None: ...
    @property
    def must_have(self) -> float | None: ...
    @property
    def best(self) -> int | None: ...
    @property
    def requirements(self) -> Sequence[Requirement]: ...


class SeenPair(Protocol):
    """Two criteria that count together."""

    @property
    def pair(self) -> tuple[str, str]: ...
    @property
    def strength(self) -> float: ...


class SeenWeight(Protocol):
    """A weight of a variant."""

    @property
    def criterion(self) -> str: ...
    @property
    def weight(self) -> Decimal: ...


class SeenVariant(Protocol):
    """Other weights."""

    @property
    def id(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def weights(self) -> Sequence[SeenWeight]: ...


class SeenCheck(Protocol):
    """A pattern that is looked for."""

    @property
    def id(self) -> str: ...


class SeenRubric(Protocol):
    """A rubric."""

    @property
    def id(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def source(self) -> Source | None: ...
    @property
    def current_level(self) -> str: ...
    @property
    def target_level(self) -> str: ...
    @property
    def ladder(self) -> Ladder: ...
    @property
    def bar(self) -> float: ...
    @property
    def weights(self) -> Sequence[Fraction]: ...
    @property
    def criteria(self) -> Sequence[SeenCriterion]: ...
    @property
    def complements(self) -> Sequence[SeenPair]: ...
    @property
    def variants(self) -> Sequence[SeenVariant]: ...
    @property
    def checks(self) -> Sequence[SeenCheck]: ...
    def scores(self, requirement: Requirement) -> bool: ...


class SeenFact(Protocol):
    """A stated fact."""

    @property
    def fact(self) -> str: ...
    @property
    def told(self) -> str: ...


class SeenVoice(Protocol):
    """A voice behind an item."""

    @property
    def relation(self) -> str: ...
    @property
    def agrees(self) -> bool: ...


class SeenItem(Protocol):
    """An evidence item."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def ownership(self) -> str | None: ...
    @property
    def share(self) -> float | None: ...
    @property
    def started(self) -> date | None: ...
    @property
    def ended(self) -> date | None: ...
    @property
    def in_progress(self) -> bool: ...
    @property
    def facts(self) -> Sequence[SeenFact]: ...
    @property
    def support(self) -> Sequence[SeenVoice] | None: ...
    @property
    def support_is_closed(self) -> bool: ...


class SeenConcern(Protocol):
    """A reason not to promote."""

    @property
    def reason_not_to_promote(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def answer(self) -> str | None: ...


class SeenPacket(Protocol):
    """A packet."""

    @property
    def id(self) -> str: ...
    @property
    def rubric(self) -> str | None: ...
    @property
    def as_of(self) -> date | None: ...
    @property
    def summary(self) -> str | None: ...
    @property
    def evidence(self) -> Sequence[SeenItem]: ...
    @property
    def declared_none(self) -> Sequence[str]: ...
    @property
    def concerns(self) -> Sequence[SeenConcern]: ...
