"""Rubrics as 1EdTech CASE 1.1 packages, and back (imsglobal.org/spec/case/v1p1).

What CASE has a word for stands in its own fields: titles, weights, the words of each point. All the
rest goes along in `extensions`. On the way back the fields of CASE win where somebody has changed
them, and what they cannot say exactly (a weight in decimals, a name of two lines) is kept.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from pmpromo.errors import RubricError
from pmpromo.exchange.draft import DRAFT, MEETS, UNDESCRIBED
from pmpromo.exchange.names import make_id, make_ids
from pmpromo.ladder import Behaviour
from pmpromo.reading.library import parse_rubric
from pmpromo.reading.models import build_model, read_model
from pmpromo.words import Number, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from pmpromo.rubric import Criterion, Rubric

__all__ = ["from_case", "to_case"]

OURS: Final = "pmpromo"
"""The key under which `extensions` keeps what is ours."""

NAMESPACE: Final = bytes.fromhex("6ba7b8119dad11d180b400c04fd430c8")
"""The namespace of URLs, under which identifiers are made (RFC 4122, version 5)."""

POINTS: Final = 5
"""How many points a scale has."""

Json = dict[str, Any]


# --- out


def to_case(rubric: Rubric, *, changed: date, creator: str = "pmpromo") -> Json:
    """Return a rubric as a CASE 1.1 package (CFPackage), ready for `json.dumps`.

    One CFRubric holds a CFRubricCriterion each, which points at a CFItem of its name and has the
    words of the five points as levels. Identifiers are made from names, so that the same rubric has
    the same ones wherever it is written.

    Args:
        rubric: what is written.
        changed: the day of its last change; no clock is asked.
        creator: who has authority over it.

    >>> from datetime import date
    >>> from pmpromo import load_rubric
    >>> package = to_case(load_rubric("pure-storage-pm/l3-l4"), changed=date(2026, 6, 30))
    >>> package["CFRubrics"][0]["title"], package["CFDocument"]["caseVersion"]
    ('Senior to Principal', '1.1')
    """
    stamp = f"{changed.isoformat()}T00:00:00Z"
    root = f"{OURS}:{rubric.id}@{rubric.version}"
    document = {
        **_name(root, stamp),
        "caseVersion": "1.1",
        "creator": _flatten(creator),
        "title": _flatten(rubric.name),
        "version": rubric.version,
        "adoptionStatus": "Adopted" if rubric.status == "adopted" else "Draft",
    }
    if rubric.source:
        document["notes"] = f"{rubric.source.title}. {rubric.source.note}"
    told = {
        **_name(f"{root}/rubric", stamp),
        "title": _flatten(rubric.name),
        "CFRubricCriteria": [
            _write_criterion(criterion, place, rubric, stamp)
            for place, criterion in enumerate(rubric.criteria, 1)
        ],
        "extensions": {OURS: rubric.model_dump(mode="json", exclude_defaults=True)},
    }
    items = [_write_item(criterion, root, stamp) for criterion in rubric.criteria]
    return {"CFDocument": document, "CFItems": items, "CFRubrics": [told]}


def _name(name: str, stamp: str) -> Json:
    """Return what every part of a package has: an identifier, a URI and the day of its change."""
    identifier = _make_uuid(name)
    uri = f"urn:uuid:{identifier}"
    return {"identifier": identifier, "uri": uri, "lastChangeDateTime": stamp}


def _make_uuid(name: str) -> str:
    """Return the name-based identifier of RFC 4122, version 5."""
    digest = hashlib.sha1(NAMESPACE + name.encode(), usedforsecurity=False).digest()[:16]
    number = int.from_bytes(digest, "big")
    number = number & ~(0xF << 76) | 5 << 76
    number = number & ~(0x3 << 62) | 2 << 62
    digits = f"{number:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _flatten(text: str) -> str:
    """Return a text on one line: CASE calls it a normalized string."""
    return " ".join(text.split())


def _write_item(criterion: Criterion, root: str, stamp: str) -> Json:
    return {
        **_name(f"{root}/item/{criterion.id}", stamp),
        "fullStatement": criterion.name,
        "CFItemType": "Criterion",
        "humanCodingScheme": criterion.id,
    }


def _write_criterion(criterion: Criterion, place: int, rubric: Rubric, stamp: str) -> Json:
    root = f"{OURS}:{rubric.id}@{rubric.version}"
    item = _name(f"{root}/item/{criterion.id}", stamp)
    name = f"{root}/criterion/{criterion.id}"
    holder, texts = _find_points(criterion, rubric)
    told = {
        **_name(name, stamp),
        "category": _flatten(criterion.name),
        "weight": float(criterion.weight),
        "position": place,
        "rubricId": _make_uuid(f"{root}/rubric"),
        "CFItemURI": {"title": _flatten(criterion.name), **_link(item)},
        "extensions": {OURS: {"id": criterion.id, "points_of": holder}},
    }
    if criterion.motivation:
        told["description"] = criterion.motivation
    if texts:
        told["CFRubricCriterionLevels"] = [
            {
                **_name(f"{name}/{point}", stamp),
                "description": text,
                "quality": f"Point {point}",
                "score": point,
                "position": point + 1,
                "rubricCriterionId": told["identifier"],
            }
            for point, text in enumerate(texts)
        ]
    return told


def _link(named: Json) -> Json:
    return {key: named[key] for key in ("identifier", "uri")}


def _find_points(criterion: Criterion, rubric: Rubric) -> tuple[str, Sequence[str]]:
    """Return whose words stand at the points: the criterion's (""), or a behaviour's, or none."""
    if criterion.descriptors:
        return "", criterion.descriptors
    for requirement in criterion.requirements:
        fact = rubric.ladder.facts[requirement.fact]
        if isinstance(fact, Behaviour) and fact.anchors:
            return fact.id, fact.anchors
    return "", ()


# --- in


class _Part(BaseModel):
    """A part of a package: what we have no word for is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    extensions: dict[str, Any] | None = None

    @property
    def ours(self) -> Json:
        """What we put into its extensions, if we did."""
        kept = (self.extensions or {}).get(OURS)
        return kept if isinstance(kept, dict) else {}


class _Level(_Part):
    description: Text | None = None
    quality: Text | None = None
    score: Number | None = None
    extensions: Any = None


class _Criterion(_Part):
    category: Text | None = None
    description: Text | None = None
    weight: Number | None = Field(default=None, ge=0)
    levels: tuple[_Level, ...] = Field(default=(), alias="CFRubricCriterionLevels")


class _Rubric(_Part):
    title: Text | None = None
    description: Text | None = None
    criteria: tuple[_Criterion, ...] = Field(alias="CFRubricCriteria", min_length=1)


class _Package(_Part):
    rubrics: tuple[_Rubric, ...] = Field(alias="CFRubrics", min_length=1)


def from_case(data: bytes | str | Mapping[str, Any]) -> tuple[Rubric, ...]:
    """Return the rubrics of a CASE 1.1 package: a text of JSON, or what it holds.

    What `to_case` wrote comes back as it was, with the changes that somebody made in the fields of
    CASE: titles, weights, words of points, criteria added or taken out. A rubric from elsewhere
    becomes a draft: each criterion asks for one behaviour, its levels stand at the points from the
    top down, and the two levels of the step are called `current` and `target`.

    Raises:
        RubricError: every problem, with its place if a text was given.

    >>> levels = [{"description": "Helps a team"}, {"description": "Leads a team"}]
    >>> criterion = {"category": "Reach", "CFRubricCriterionLevels": levels}
    >>> (draft,) = from_case({"CFRubrics": [{"title": "Step", "CFRubricCriteria": [criterion]}]})
    >>> draft.version, draft.ladder.behaviours[0].anchors[3:]
    ('0-draft', ('Helps a team', 'Leads a team'))
    """
    if isinstance(data, (bytes, str)):
        package = read_model(_Package, data, format="json", error=RubricError)
    else:
        package = build_model(_Package, data, error=RubricError)
    return tuple(parse_rubric(_read_rubric(rubric)) for rubric in package.rubrics)


def _read_rubric(rubric: _Rubric) -> Json:
    """Return the content of a rubric: what was kept, with what the fields of CASE say."""
    title = rubric.title or "Rubric"
    content = _open(rubric.ours) if rubric.ours else _frame(title)
    content["name"] = _choose(content["name"], rubric.title)
    known = {each["id"]: each for each in content["criteria"]}
    names = [_call(criterion) for criterion in rubric.criteria if not _is_kept(criterion, known)]
    ids = make_ids([*known, *names])
    content["criteria"] = [
        _read_criterion(criterion, known[criterion.ours["id"]], content["ladder"])
        if _is_kept(criterion, known)
        else _draft_criterion(criterion, ids[_call(criterion)], content["ladder"])
        for criterion in rubric.criteria
    ]
    return content


def _open(kept: Json) -> Json:
    """Return what was kept, once it is known to be a rubric: anybody may have changed it."""
    content = parse_rubric(kept).model_dump(mode="json", exclude_defaults=True)
    content["ladder"].setdefault("behaviours", [])
    return content


def _is_kept(criterion: _Criterion, known: Mapping[Any, Json]) -> bool:
    return criterion.ours.get("id") in known


def _frame(name: str) -> Json:
    """Return what a rubric from elsewhere lacks."""
    shelf = make_id(name).replace("_", "-")
    tracks = [{"id": "main", "name": "Main"}]
    levels = [
        {"id": level, "name": level, "tracks": ["main"], "scope": "not described"}
        for level in ("current", "target")
    ]
    note = (
        "A draft from a CASE package: nobody has weighed it. Name its levels, and read each line."
    )
    return {
        "id": shelf,
        "name": name,
        "criteria": [],
        "version": DRAFT,
        "source": {"title": name, "note": note},
        "current_level": "current",
        "target_level": "target",
        "ladder": {"id": shelf, "name": name, "tracks": tracks, "levels": levels}
        | {"behaviours": []},
    }


def _choose(kept: str, given: str | None) -> str:
    """Return what was kept if CASE still says the same, or nothing; else what CASE says."""
    return kept if given is None or _flatten(kept) == _flatten(given) else given


def _call(criterion: _Criterion) -> str:
    return criterion.category or criterion.description or "Criterion"


def _read_criterion(criterion: _Criterion, kept: Json, ladder: Json) -> Json:
    told = {**kept, "name": _choose(kept["name"], criterion.category)}
    if criterion.weight is not None and criterion.weight != float(kept["weight"]):
        told["weight"] = criterion.weight
    if criterion.description:
        told["motivation"] = criterion.description
    given = {level.score: level.description for level in criterion.levels if level.description}
    if "descriptors" in told:
        told["descriptors"] = _mend(told["descriptors"], given)
        return told
    for behaviour in ladder["behaviours"]:
        if behaviour["id"] == criterion.ours.get("points_of") and "anchors" in behaviour:
            behaviour["anchors"] = _mend(behaviour["anchors"], given)
    return told


def _mend(points: Sequence[str], given: Mapping[float | None, str]) -> list[str]:
    return [given.get(point, text) for point, text in enumerate(points)]


def _draft_criterion(criterion: _Criterion, name: str, ladder: Json) -> Json:
    """Return a criterion that asks for one behaviour, anchored by the levels of CASE."""
    texts = [level.description or level.quality or UNDESCRIBED for level in _sort(criterion.levels)]
    anchors = [*[UNDESCRIBED] * (POINTS - len(texts)), *texts] if texts else None
    said = _call(criterion)
    ladder["behaviours"].append({"id": name, "name": said, "anchors": anchors})
    weight = 1 if criterion.weight is None else criterion.weight
    asked = [{"fact": name, "point": MEETS}]
    told = {"id": name, "name": said, "weight": weight, "requirements": asked}
    return told | ({"motivation": criterion.description} if criterion.description else {})


def _sort(levels: Sequence[_Level]) -> list[_Level]:
    """Return levels from the lowest; those without a score keep their order."""
    return sorted(levels, key=lambda level: level.score or 0.0)
