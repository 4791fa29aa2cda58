"""What the sheets of a form hold: columns taken from the nouns, so that none is ever missing."""

from __future__ import annotations

import types
from datetime import date
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    Literal,
    NamedTuple,
    Union,
    get_args,
    get_origin,
)

from pmpromo.packet import (
    ArtifactFact,
    BehaviourFact,
    Claimed,
    Concern,
    Corroboration,
    Decision,
    Evidence,
    Measurement,
    Packet,
    SelfView,
)
from pmpromo.words import HIGHEST_POINT, Noun

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ITEM", "KEYS", "PARTS", "SHEETS", "UNKNOWN", "Column", "Kind"]

Kind = Literal["text", "number", "flag", "day", "list"]
"""How a cell is read."""

ITEM: Final = "evidence"
"""The column of a part that names the item it belongs to."""

POINTS: Final = frozenset(("point", "complexity", "ambiguity"))
"""Fields that hold a point of the rating scale."""

POINTS_OFFERED: Final = tuple(map(str, range(HIGHEST_POINT + 1)))
"""What a drop-down of points offers."""

UNKNOWABLE: Final = frozenset(("worked_on_it",))
"""Fields in which nothing written means yes, so that a word must say what nobody knows."""

UNKNOWN: Final = "unknown"
"""That word."""


class Column(NamedTuple):
    """One column of a sheet, or one key of the first one: the way to a field of a noun.

    `choices` are all that may stand there; none where anything may.
    """

    loc: tuple[str, ...]
    kind: Kind
    description: str
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What its head says, such as ``scope.teams``."""
        return ".".join(self.loc)


def _list_columns(noun: type[Noun], *skip: str, before: tuple[str, ...] = ()) -> Iterator[Column]:
    for name, field in noun.model_fields.items():
        loc = (*before, name)
        inner = _find_inner(field.annotation)
        if name in skip:
            continue
        if isinstance(inner, type) and issubclass(inner, Noun):
            yield from _list_columns(inner, before=loc)
        else:
            choices = POINTS_OFFERED if name in POINTS else _list_choices(inner)
            if name in UNKNOWABLE:
                choices = (*choices, UNKNOWN)
            yield Column(loc, _find_kind(inner), field.description or "", choices)


def _find_inner(annotation: Any) -> Any:  # noqa: ANN401 - whatever a field may be
    """Return what an annotation holds besides nothing: the first of its alternatives."""
    if get_origin(annotation) in {Annotated, Union, types.UnionType}:
        return _find_inner(get_args(annotation)[0])
    return annotation


def _find_kind(inner: Any) -> Kind:  # noqa: ANN401 - whatever a field may be
    if get_origin(inner) is tuple:
        return "list"
    first = get_args(inner)[0] if get_origin(inner) is Literal else None
    kind = inner if first is None else type(first)
    kinds: dict[Any, Kind] = {bool: "flag", int: "number", float: "number", date: "day"}
    return kinds.get(kind, "text")


def _list_choices(inner: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever a field may be
    if get_origin(inner) is Literal:
        return tuple(map(str, get_args(inner)))
    return ("true", "false") if inner is bool else ()


_OWNER: Final = Column((ITEM,), "text", "The id of the item that it belongs to.")

KEYS: Final = tuple(_list_columns(Packet, "evidence", "concerns", "views"))
"""The keys of the sheet `packet`."""

SHEETS: Final[dict[str, tuple[Column, ...]]] = {
    "evidence": (
        *_list_columns(Evidence, "facts", "support", "decisions", "claims"),
        Column(
            ("support",),
            "list",
            "Write none if nobody stands behind it; else give each voice a row in 'support'.",
            ("none",),
        ),
    ),
    "facts": (
        _OWNER,
        *_list_columns(Measurement),
        *_list_columns(BehaviourFact),
        *_list_columns(ArtifactFact),
    ),
    "support": (_OWNER, *_list_columns(Corroboration)),
    "decisions": (_OWNER, *_list_columns(Decision)),
    "claims": (_OWNER, *_list_columns(Claimed)),
    "concerns": tuple(_list_columns(Concern)),
    "views": tuple(_list_columns(SelfView)),
}
"""The columns of each further sheet."""

PARTS: Final = ("facts", "support", "decisions", "claims")
"""Sheets whose rows belong to items."""
