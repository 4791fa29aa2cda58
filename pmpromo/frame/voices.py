r"""The little grammar in which a cell of text holds the voices behind an evidence item.

::

    cell   = "none" | voice { "|" voice }
    voice  = relation { mark } [ ":" point [ ":" behaviour ] ]
    mark   = "@"  it disputes the item          "*"  it reports into the same line
             "?"  unknown whether it saw the work   "~"  it did not see the work

``manager|cross_functional:3|peer@*`` are three voices: a manager, someone of another function who
would give point 3, and a peer of the same report line who disputes. ``none`` says that nobody
stands behind the item; an empty cell leaves the list open.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, get_args

from pmpromo.packet import Corroboration
from pmpromo.policy import Relation
from pmpromo.words import HIGHEST_POINT, is_identifier, suggest

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["read_voice", "read_voices", "write_voices"]

RELATIONS: Final = get_args(Relation)
"""Every relation that a voice may have."""

_VOICE: Final = re.compile(
    r"(?P<relation>[^@*?~:]+)(?P<marks>[@*?~]*)(?::(?P<rest>.*))?", re.DOTALL
)
_SEEN: Final = {"?": None, "~": False}
_FORM: Final = "write a relation, then @ * ? ~ where they hold, then :point and :behaviour"


def read_voices(parts: Sequence[str]) -> tuple[Corroboration, ...]:
    """Read the parts of a cell, in an order that does not hang on theirs.

    >>> [voice.relation for voice in read_voices(["peer@", "manager:3"])]
    ['manager', 'peer']
    """
    return tuple(sorted(map(read_voice, parts), key=_write_voice))


def read_voice(part: str) -> Corroboration:
    """Read one voice.

    Raises:
        ValueError: "message | hint", where the text is no voice.

    >>> voice = read_voice("peer@*:2:aligns_functions")
    >>> voice.agrees, voice.same_report_line, voice.point, voice.fact
    (False, True, 2, 'aligns_functions')
    """
    found = _VOICE.fullmatch(part)
    if found is None:
        raise ValueError(f"is no voice | {_FORM}")
    relation, marks = found["relation"], found["marks"]
    if relation not in RELATIONS:
        raise ValueError(f"is no relation | {_allow(relation)}")
    if len({*marks}) < len(marks) or {*_SEEN} <= {*marks}:
        raise ValueError(f"has marks that repeat or contradict each other | {_FORM}")
    point, behaviour = _read_rest(found["rest"])
    return Corroboration(
        relation=relation,
        same_report_line="*" in marks,
        worked_on_it=next((_SEEN[mark] for mark in marks if mark in _SEEN), True),
        agrees="@" not in marks,
        point=point,
        fact=behaviour,
    )


def _allow(relation: str) -> str:
    told = suggest(relation, RELATIONS)
    allowed = f"one of {', '.join(RELATIONS)}"
    return f"{told} {allowed}" if told.startswith("did") else allowed


def _read_rest(rest: str | None) -> tuple[int | None, str | None]:
    if rest is None:
        return None, None
    point, colon, behaviour = rest.partition(":")
    if point not in map(str, range(HIGHEST_POINT + 1)):
        raise ValueError(f"has no point of the scale | write 0 to {HIGHEST_POINT} after the colon")
    if colon and not is_identifier(behaviour):
        raise ValueError("names no behaviour | write its name after the point")
    return int(point), behaviour if colon else None


def write_voices(support: Sequence[Corroboration] | None, candidate: str | None) -> str | None:
    """Write all of a list of voices that can move a number; None where the list is unknown.

    A voice of the candidate's own is written as ``self``: it adds nothing and disputes nothing,
    and the point that it gives still counts.

    >>> write_voices([Corroboration(relation="peer", by="c-1", agrees=False, point=2)], "C-1")
    'self:2'
    """
    if support is None:
        return None
    own = None if candidate is None else candidate.casefold()
    return "|".join(sorted(_write_voice(_disown(voice, own)) for voice in support)) or "none"


def _disown(voice: Corroboration, own: str | None) -> Corroboration:
    if own is None or voice.by is None or voice.by.casefold() != own:
        return voice
    return voice.model_copy(update={"relation": "self", "agrees": True})


def _write_voice(voice: Corroboration) -> str:
    marks = (
        ("@", not voice.agrees),
        ("*", voice.same_report_line),
        ("?", voice.worked_on_it is None),
        ("~", voice.worked_on_it is False),
    )
    told = voice.relation + "".join(mark for mark, holds in marks if holds)
    if voice.point is None:
        return told
    return f"{told}:{voice.point}" if voice.fact is None else f"{told}:{voice.point}:{voice.fact}"
