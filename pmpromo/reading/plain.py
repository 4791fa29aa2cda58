"""Python objects to plain values: dict, list, str, int, float, bool and None, none of them odd."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from pmpromo.reading.characters import Unclear
from pmpromo.reading.numbers import NumberError, check_real, check_whole
from pmpromo.reading.scalars import DEEPEST, MOST_VALUES, TOO_DEEP, TOO_MANY, judge_key, judge_text

if TYPE_CHECKING:
    from pmpromo.reading.places import Findings, Loc

__all__ = ["check_depth", "copy_plain"]


def check_depth(value: object) -> None:
    """Raise `Unclear` if plain containers lie more than `DEEPEST` deep."""
    level: list[Any] = [value] if isinstance(value, (dict, list)) else []
    for _ in range(DEEPEST):
        if not level:
            return
        level = [
            inner
            for outer in level
            for inner in (outer if type(outer) is list else outer.values())
            if type(inner) is dict or type(inner) is list
        ]
    if level:
        raise Unclear


def copy_plain(value: object, findings: Findings) -> object:
    """A plain copy of mappings, sequences and scalars; raise `Stopped` at an endless one.

    Models are taken apart, so that what was made without validation is judged like the rest.
    Objects of other kinds (a date, say) pass as they are: the model judges them.
    """
    return _Copier(findings).copy(value, ())


class _Copier:
    """Copies with all problems noted, and counts what it copies."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._count = 0

    def copy(self, value: object, loc: Loc) -> object:
        self._count += 1
        if self._count > MOST_VALUES:
            self._findings.stop(None, TOO_MANY, code="too_large")
        if isinstance(value, str):
            return judge_text(str.__str__(value), loc, None, self._findings)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return self._copy_number(value, loc)
        if isinstance(value, (bytes, bytearray)):
            self._findings.spoil(loc, None, "bytes, not text", "decode them", "wrong_type")
            return None
        if isinstance(value, BaseModel):
            value = dict(value)
        if not isinstance(value, (Mapping, list, tuple)):
            return value
        if len(loc) >= DEEPEST:
            self._findings.stop(None, TOO_DEEP, code="too_large")
        if isinstance(value, Mapping):
            return self._copy_mapping(value, loc)
        return [self.copy(inner, (*loc, index)) for index, inner in enumerate(value)]

    def _copy_number(self, value: float, loc: Loc) -> float | None:
        try:
            return check_whole(value) if isinstance(value, int) else check_real(value)
        except NumberError as refusal:
            self._findings.spoil(loc, None, str(refusal), code="out_of_range")
            return None

    def _copy_mapping(self, mapping: Mapping[object, object], loc: Loc) -> dict[str, object]:
        copy: dict[str, object] = {}
        for key, value in mapping.items():
            if not isinstance(key, str):
                self._findings.note(loc, None, "a key that is no text", code="wrong_type")
                continue
            name = judge_key(key, loc, None, self._findings)
            if name in copy:
                self._findings.note((*loc, name), None, "duplicate key", "keep one", "duplicate")
            copy[name] = self.copy(value, (*loc, name))
        return copy
