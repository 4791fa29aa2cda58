"""What pictures of advice need to know of it. The advice itself is made above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmpromo.result import Nature

__all__ = ["SeenPath", "SeenSensitivity", "SeenStep"]


class SeenStep(Protocol):
    """A step of a route."""

    @property
    def remedy(self) -> str: ...
    @property
    def evidence(self) -> Sequence[str]: ...
    @property
    def nature(self) -> Nature: ...
    @property
    def effort(self) -> float: ...
    @property
    def gain(self) -> float: ...


class SeenRoute(Protocol):
    """Steps that reach the bar together."""

    @property
    def steps(self) -> Sequence[SeenStep]: ...


class SeenPath(Protocol):
    """Ways to the bar."""

    @property
    def packet_id(self) -> str: ...
    @property
    def bar(self) -> float: ...
    @property
    def proven(self) -> float: ...
    @property
    def routes(self) -> Sequence[SeenRoute]: ...


class SeenSwing(Protocol):
    """The totals with less and with more of something."""

    @property
    def name(self) -> str: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def flips(self) -> bool: ...


class SeenRange(Protocol):
    """The weights between which a verdict stays."""

    @property
    def criterion(self) -> str: ...
    @property
    def weight(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


class SeenSensitivity(Protocol):
    """How sturdy a verdict is."""

    @property
    def packet_id(self) -> str: ...
    @property
    def bar(self) -> float: ...
    @property
    def proven(self) -> float: ...
    @property
    def met(self) -> bool: ...
    @property
    def swings(self) -> Sequence[SeenSwing]: ...
    @property
    def weights(self) -> Sequence[SeenRange]: ...
