"""Which scoring a model was fitted on, so that it is never used on another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from pmpromo.errors import DataError, ModelError, Problem

__all__ = ["Binding", "RubricLike", "bind_rubrics", "check_binding"]


RubricLike: TypeAlias = Any
"""Anything with a text `id` and a text `scoring_digest`, or a mapping of transition -> such."""

_MEND: Final = "give a Rubric, or a mapping of transition -> Rubric"


@dataclass(frozen=True, slots=True)
class Binding:
    """The scoring that one transition's scores came from (`transition` None: all of them)."""

    transition: str | None
    rubric_id: str
    scoring_digest: str


def bind_rubrics(rubric: RubricLike) -> tuple[Binding, ...]:
    """Return the bindings of a rubric, or of a mapping of transition -> rubric.

    A rubric is anything with a text `id` and a text `scoring_digest`.

    Raises:
        DataError: what is given has no id or no scoring digest.
    """
    if rubric is None:
        return ()
    rubrics = dict(rubric) if isinstance(rubric, Mapping) else {None: rubric}
    problems = [
        Problem(
            f"rubric[{name!r}]" if name is not None else "rubric",
            f"has no {part}",
            f"load_rubric({one!r}) gives the Rubric" if isinstance(one, str) else _MEND,
        )
        for name, one in rubrics.items()
        for part in ("id", "scoring_digest")
        if not isinstance(getattr(one, part, None), str)
    ]
    if problems:
        raise DataError(problems)
    bindings = [Binding(name, one.id, one.scoring_digest) for name, one in rubrics.items()]
    return tuple(sorted(bindings, key=lambda b: (b.transition or "", b.rubric_id)))


def check_binding(bindings: tuple[Binding, ...], rubric: RubricLike) -> Binding | None:
    """Return the binding to a rubric's scoring; None if the model is bound to no rubric.

    Raises:
        ModelError: the model was fitted on other scoring; both digests are named.
    """
    if not bindings:
        return None
    for binding in bindings:
        if binding.scoring_digest == rubric.scoring_digest:
            return binding
    own = [b for b in bindings if b.rubric_id == rubric.id] or list(bindings)
    fitted = ", ".join(f"{b.rubric_id} ({b.scoring_digest})" for b in own)
    message = f"fitted on the scoring of {fitted}, used with {rubric.id} ({rubric.scoring_digest})"
    raise ModelError([Problem("readiness", message, "fit it again on scores of this rubric")])
