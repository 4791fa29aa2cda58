"""The vocabulary of a rubric that names no ladder, made from what the rubric asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pmpromo.ladder import REFUSED
from pmpromo.requirement import TARGETS
from pmpromo.units import KNOWN_UNITS
from pmpromo.words import COUNTED, find_repeats, is_identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["infer_ladder"]


def infer_ladder(data: Mapping[str, Any]) -> dict[str, Any]:
    """Make the vocabulary of a rubric that names no ladder from what it asks for.

    What is no name is left out: the rubric itself then says so, at its own place.
    """
    found: dict[str, dict[str, Any]] = {}
    for asked in _walk_requirements(data):
        found.setdefault(asked["fact"], {}).update(asked)
    names = _keep_names(found)
    facts: dict[str, list[dict[str, Any]]] = {"metrics": [], "behaviours": [], "artifacts": []}
    for name in names:
        family, fact = _infer_fact(found[name])
        facts[family].append({"id": name, "name": name, **fact})
    levels = _keep_names([data.get("current_level"), data.get("target_level")])
    return {
        "id": "inferred",
        "name": "Inferred from a rubric",
        "tracks": [{"id": "main", "name": "Main"}],
        "levels": [
            {"id": level, "name": level, "tracks": ["main"], "scope": "not described"}
            for level in levels
        ],
        "units": sorted(_list_new_units(facts["metrics"])),
        **facts,
    }


def _keep_names(names: Iterable[object]) -> list[str]:
    """Keep what can be a name, and the first of those that differ in case only."""
    kept = [str(name) for name in names if is_identifier(name)]
    repeats = find_repeats(kept)
    return [
        name
        for index, name in enumerate(kept)
        if index not in repeats and name.casefold() not in REFUSED
    ]


def _walk_requirements(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    criteria = data.get("criteria")
    for criterion in criteria if isinstance(criteria, (list, tuple)) else ():
        asked = criterion.get("requirements") if isinstance(criterion, Mapping) else None
        for each in asked if isinstance(asked, (list, tuple)) else ():
            if isinstance(each, Mapping) and isinstance(each.get("fact"), str):
                yield {key: value for key, value in each.items() if value is not None}
                sides = each.get("provided")
                yield from (
                    dict(side)
                    for side in (sides if isinstance(sides, (list, tuple)) else ())
                    if isinstance(side, Mapping) and isinstance(side.get("fact"), str)
                )


def _infer_fact(asked: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    if "point" in asked:
        return "behaviours", {}
    if "unit" in asked or any(name in asked for name in TARGETS):
        needs = "change" in asked or (
            isinstance(asked.get("within"), Mapping) and asked["within"].get("of") == "baseline"
        )
        unit = asked.get("unit")
        return "metrics", {
            "unit": unit if _is_unit(unit) else "count",
            "baseline": "required" if needs else "not_used",
        }
    parts = {name: asked.get(name) for name in ("sections", "reviewers")}
    return "artifacts", {
        name: _keep_names(listed)
        for name, listed in parts.items()
        if isinstance(listed, (list, tuple))
    }


def _is_unit(unit: object) -> bool:
    return isinstance(unit, str) and all(
        re.fullmatch(COUNTED, part) for part in unit.split("/", maxsplit=1)
    )


def _list_new_units(metrics: list[dict[str, Any]]) -> set[str]:
    parts = {part for metric in metrics for part in metric["unit"].split("/")}
    return {part for part in parts if part not in KNOWN_UNITS}
