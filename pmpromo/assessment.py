"""The door for one packet: assess it against a rubric, and read what came out."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, NoReturn

from pydantic import Field

from pmpromo.card import write_timelines
from pmpromo.digest import compute_digest
from pmpromo.errors import DataError, ModelError, PacketError, Problem, RubricError
from pmpromo.frame import make_frame
from pmpromo.packet import Packet
from pmpromo.reading.library import load_rubric, shipped_rubrics
from pmpromo.reading.models import read_model, read_tree
from pmpromo.reading.places import draw_excerpt, name_path
from pmpromo.report import draw_report, write_report, write_report_page
from pmpromo.result import Check, CriterionScore, Gap, OpenItem, Readiness, ShownItem
from pmpromo.rubric import Rubric
from pmpromo.scoring.checks import find_checks
from pmpromo.scoring.gaps import find_blocking, find_gaps, weigh_open_items
from pmpromo.scoring.kernel import score_table
from pmpromo.scoring.plan import make_plan
from pmpromo.scoring.remedies import Desk, describe_gap, describe_open_item
from pmpromo.scoring.shown import find_first_day, show_items
from pmpromo.scoring.table import build_table, find_packet_faults
from pmpromo.wording import explain_unscored
from pmpromo.words import Day, Noun, Version, read_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmpromo.frame import DataFrame
    from pmpromo.readiness import ReadinessModel
    from pmpromo.result import CriterionStatus
    from pmpromo.scoring.interval import Interval
    from pmpromo.scoring.kernel import Scores
    from pmpromo.scoring.plan import CriterionPlan, Plan
    from pmpromo.scoring.table import Table
    from pmpromo.words import Fault

__all__ = ["Assessment", "AssessmentRecord", "assess", "find_faults", "find_rubric"]


class AssessmentRecord(Noun):
    """An assessment as it is written to JSON."""

    schema_version: Version = Field(description="Version of this format.")
    rubric_id: str = Field(description="The rubric.")
    rubric_name: str = Field(description="Its title.")
    rubric_version: str = Field(description="Version of its content.")
    rubric_digest: str = Field(description="SHA-256 of all it says.")
    scoring_digest: str = Field(description="SHA-256 of what moves numbers in it.")
    packet_id: str = Field(description="The packet.")
    packet_digest: str = Field(
        description="SHA-256 of all it says, whatever the order of its items."
    )
    transition: tuple[str, str] = Field(description="The levels left and entered.")
    as_of: Day = Field(description="The day from which ages were counted.")
    criteria: tuple[CriterionScore, ...] = Field(
        description="How the packet stands on each criterion."
    )
    proven: float = Field(ge=0, le=1, description="Total with every unknown fact at its worst.")
    possible: float = Field(ge=0, le=1, description="Total with every unknown fact at its best.")
    bar: float = Field(description="The total that meets the rubric.")
    met: bool = Field(description="Whether the proven total reaches the bar.")
    held_down_by: tuple[str, ...] = Field(description="Must-haves that hold the proven total down.")
    gaps: tuple[Gap, ...] = Field(description="What is missing, largest gain first.")
    open_items: tuple[OpenItem, ...] = Field(
        description="Items of which facts are missing, and what all of them together could bring."
    )
    checks: tuple[Check, ...] = Field(description="What is worth a look; no score hears of it.")
    readiness: Readiness = Field(description="The forecast about a committee, apart from the bar.")
    notes: tuple[str, ...] = Field(description="What a reader must know.")
    result_id: str = Field(description="SHA-256 of the canonical JSON of everything else.")


_FIELDS: Final = tuple(AssessmentRecord.model_fields)


class _Seen(NamedTuple):
    """What an assessment is drawn from."""

    packet: Packet
    rubric: Rubric
    plan: Plan
    table: Table
    scores: Scores
    as_of: date
    model: ReadinessModel | None


class Assessment:
    """How a packet stands against a rubric. Immutable; made by `assess` or read by `from_json`.

    Scores lie in 0..1: `proven` takes every unknown fact at its worst, `possible` at its best. It
    prints as a report and shows itself in notebooks; its fields are those of `AssessmentRecord`.

    >>> from pmpromo import load_rubric, parse_packet
    >>> packet = parse_packet({"id": "p-1", "as_of": "2026-06-30", "evidence": []})
    >>> assessment = assess(packet, load_rubric("pure-storage-pm/l3-l4"))
    >>> assessment.proven, assessment.met
    (0.0, False)
    >>> Assessment.from_json(assessment.model_dump_json()) == assessment
    True
    """

    schema_version: Literal[1] = 1
    rubric_id: str
    rubric_name: str
    rubric_version: str
    packet_id: str
    transition: tuple[str, str]
    as_of: date
    proven: float
    possible: float
    bar: float
    met: bool
    _seen: _Seen

    def __init__(self, **known: Any) -> None:  # noqa: ANN401 - the fields of AssessmentRecord
        self.__dict__.update(known)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Refuse to be changed."""
        message = f"{name}: an assessment does not change. Assess again"
        raise AttributeError(message)

    def __delattr__(self, name: str) -> NoReturn:
        """Refuse to be changed."""
        self.__setattr__(name, None)

    @cached_property
    def rubric_digest(self) -> str:
        """SHA-256 of all the rubric says."""
        return self._seen.rubric.digest

    @cached_property
    def scoring_digest(self) -> str:
        """SHA-256 of what moves numbers in the rubric; what a fitted model is bound to."""
        return self._seen.rubric.scoring_digest

    @cached_property
    def packet_digest(self) -> str:
        """SHA-256 of all the packet says, whatever the order of its items."""
        return self._seen.packet.digest

    @cached_property
    def criteria(self) -> tuple[CriterionScore, ...]:
        """How the packet stands on each criterion, in the rubric's order."""
        return tuple(_describe_criteria(self._seen))

    @cached_property
    def held_down_by(self) -> tuple[str, ...]:
        """Must-haves that hold the proven total down."""
        plan, scores = self._seen.plan, self._seen.scores
        low = [score.low for score in scores.criteria]
        places = find_blocking(low, scores.before_gates.low, plan)
        return tuple(plan.criteria[place].criterion.id for place in places)

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """What is missing, largest gain first."""
        seen = self._seen
        desk = Desk(seen.packet, seen.plan, seen.table, seen.as_of)
        found = find_gaps(seen.packet, seen.plan, seen.table, seen.scores)
        return tuple(describe_gap(each, desk) for each in found)

    @cached_property
    def open_items(self) -> tuple[OpenItem, ...]:
        """Items of which facts are missing, largest gain first."""
        seen = self._seen
        desk = Desk(seen.packet, seen.plan, seen.table, seen.as_of)
        gains = weigh_open_items(seen.packet, seen.plan, seen.table, seen.scores)
        found = [describe_open_item(place, gain, desk) for place, gain in gains.items()]
        return tuple(sorted(found, key=lambda item: (-item.gain, item.evidence)))

    @cached_property
    def evidence(self) -> tuple[ShownItem, ...]:
        """Every item as it was read, in the packet's order.

        It is for people who look at the packet, and is not part of the JSON: an assessment that
        was read from JSON has none.
        """
        seen = self.__dict__.get("_seen")
        if seen is None:
            return ()
        places = _find_places(seen.packet)
        return tuple(show_items(seen.packet, seen.plan, seen.table, places))

    @property
    def counted_from(self) -> date | None:
        """The earliest end of work that counts in full; None where `evidence` is not known."""
        seen = self.__dict__.get("_seen")
        return None if seen is None else find_first_day(seen.plan, self.as_of)

    @property
    def base_rate(self) -> float | None:
        """The share promoted among the past decisions behind the forecast, if it is known."""
        seen = self.__dict__.get("_seen")
        model = None if seen is None else seen.model
        return model.n_promoted / model.n_decisions if model and model.n_decisions else None

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """What is worth a look; no score hears of it."""
        seen = self._seen
        return tuple(find_checks(seen.packet, seen.rubric, seen.table.links, seen.as_of))

    @cached_property
    def readiness(self) -> Readiness:
        """The forecast about a committee, apart from the bar."""
        return _forecast(self._seen, self.proven, self.possible)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know."""
        return tuple(_write_notes(self._seen))

    @cached_property
    def result_id(self) -> str:
        """SHA-256 of the canonical JSON of everything else."""
        return compute_digest(self._dump(_FIELDS[:-1]))

    def model_dump(self) -> dict[str, Any]:
        """Return everything as plain data that JSON can hold."""
        told = self._dump(_FIELDS[:-1])
        # The id is made of all the rest, which is at hand.
        return {**told, "result_id": self.__dict__.setdefault("result_id", compute_digest(told))}

    def model_dump_json(self, *, indent: int | None = None) -> str:
        """Return everything as JSON text; `from_json` gives it back."""
        return json.dumps(self.model_dump(), indent=indent, ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> Assessment:
        """Return the assessment of a JSON text.

        Raises `DataError` where the text is none, or was changed since it was written.
        """
        record = read_model(AssessmentRecord, text, format="json", error=DataError)
        found = cls(**{name: getattr(record, name) for name in _FIELDS})
        if compute_digest(found._dump(_FIELDS[:-1])) != record.result_id:
            message, hint = "does not match the content", "assess again; the text was changed"
            raise DataError([Problem("result_id", message, hint, code="changed")])
        return found

    def to_frame(self) -> DataFrame:
        """Return one row a criterion: criterion, proven, possible, bar, status and more.

        >>> from pmpromo import load_rubric, parse_packet
        >>> packet = parse_packet({"id": "p-1", "as_of": "2026-06-30", "evidence": []})
        >>> assess(packet, load_rubric("pure-storage-pm/l3-l4")).to_frame().columns.tolist()[:4]
        ['packet_id', 'criterion', 'name', 'weight']
        """
        columns: dict[str, list[object]] = {"packet_id": [self.packet_id] * len(self.criteria)}
        for name in ("id", "name", "weight", "bar", "must_have", "proven", "possible", "status"):
            key = "criterion" if name == "id" else name
            columns[key] = [getattr(score, name) for score in self.criteria]
        return make_frame(columns)

    def report(self, *, verbose: bool = False) -> str:
        """Return the report as text; `verbose` adds every gap, check, note and digest."""
        return write_report(self, verbose=verbose)

    def to_html(self) -> str:
        """Return the report as a whole page that needs no script and no network."""
        return write_report_page(self)

    def __str__(self) -> str:
        return self.report()

    def __repr__(self) -> str:
        scores = f"proven={self.proven:.3f}, possible={self.possible:.3f}, met={self.met}"
        return f"Assessment({self.packet_id!r}, {self.rubric_id!r}, {scores})"

    def _repr_html_(self) -> str:
        return draw_report(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Assessment) and self.result_id == other.result_id

    def __hash__(self) -> int:
        return hash(self.result_id)

    def __reduce__(self) -> tuple[Any, ...]:
        return Assessment.from_json, (self.model_dump_json(),)

    def _dump(self, names: Sequence[str]) -> dict[str, Any]:
        return {name: _flatten(getattr(self, name)) for name in names}


def _flatten(value: object) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, (list, tuple)):
        return [_flatten(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return {each.name: _flatten(getattr(value, each.name)) for each in fields(value)}
    return value


def find_faults(packet: Packet, rubric: Rubric, as_of: date | None) -> PacketError | None:
    """Return the error with every reason why a packet cannot be read against a rubric, or none."""
    faults = find_packet_faults(packet, make_plan(rubric), as_of)
    return _refuse(packet, faults) if faults else None


def assess(
    packet: Packet,
    rubric: Rubric | None = None,
    *,
    as_of: date | None = None,
    readiness: ReadinessModel | None = None,
) -> Assessment:
    """Assess one packet against a rubric.

    `rubric` defaults to the one the packet names, `as_of` (the day ages are counted from) to the
    packet's; where neither is there the error names both remedies. `readiness` is a model fitted on
    past decisions under the same scoring; without one the forecast is a prior and says so.

    Raises `PacketError` with every reason why the packet cannot be read against the rubric, and
    `ModelError` where the model was fitted on other scoring.

    >>> from pmpromo import load_rubric, parse_packet
    >>> packet = parse_packet({"id": "p-1", "as_of": "2026-06-30", "evidence": []})
    >>> assess(packet, load_rubric("pure-storage-pm/l3-l4")).criteria[0].status
    'no_evidence'
    """
    rubric = _read_rubric(packet, rubric)
    day = packet.as_of if as_of is None else _read_as_of(as_of)
    if day is None:
        hint = "write as_of in the packet, or give it: as_of=date(...), at the terminal --as-of"
        message = "nobody says from which day ages are counted"
        raise PacketError([Problem("as_of", message, hint, code="missing")])
    _check_model(readiness, rubric)
    plan = make_plan(rubric)
    error = find_faults(packet, rubric, day)
    if error is not None:
        raise error
    table = build_table(packet, plan, day)
    scores = score_table(table, plan)
    return Assessment(
        rubric_id=rubric.id,
        rubric_name=rubric.name,
        rubric_version=rubric.version,
        packet_id=packet.id,
        transition=(rubric.current_level, rubric.target_level),
        as_of=day,
        proven=scores.total.low,
        possible=scores.total.high,
        bar=rubric.bar,
        met=scores.total.low >= rubric.bar,
        _seen=_Seen(packet, rubric, plan, table, scores, day, readiness),
    )


def _read_rubric(packet: object, rubric: object) -> Rubric:
    if not isinstance(packet, Packet):
        hint = "load_packet reads a file, parse_packet a text or a mapping"
        raise PacketError([Problem("packet", "is no Packet", hint)])
    if rubric is None:
        return find_rubric(packet)
    if not isinstance(rubric, Rubric):
        raise RubricError([Problem("rubric", "is no Rubric", "load_rubric gives one by its id")])
    return rubric


def _check_model(model: object, rubric: Rubric) -> None:
    """Refuse a model of other scoring; numpy sleeps where there is none."""
    if model is None:
        return
    if not (hasattr(model, "find_group") and hasattr(model, "check_source")):
        hint = "fit_readiness makes one, ReadinessModel.from_json reads one"
        raise ModelError([Problem("readiness", "is no ReadinessModel", hint)])
    model.find_group(rubric)
    model.check_source("proven")


def _read_as_of(day: object) -> date:
    try:
        return read_day(day)
    except ValueError as error:
        message, _, hint = str(error).partition(" | ")
        raise PacketError([Problem("as_of", message, hint, code="wrong_form")]) from None


def find_rubric(packet: Packet) -> Rubric:
    """Return the shipped rubric that a packet names."""
    if packet.rubric is None:
        hint = "write rubric in the packet, or give a rubric"
        message = "nobody says what to read the packet against"
        raise PacketError([Problem("rubric", message, hint, code="missing")])
    if packet.rubric not in shipped_rubrics():
        hint = f"give the rubric itself; shipped are: {', '.join(shipped_rubrics())}"
        message = "no shipped rubric has this id"
        raise PacketError([Problem("rubric", message, hint, code="unknown_name")])
    return load_rubric(packet.rubric)


def _refuse(packet: Packet, faults: list[Fault]) -> PacketError:
    """Lead each fault to its place in the file the packet came from, if it came from one."""
    origin = packet.origin
    if origin is None or origin.cells:
        paths = [name_path(fault.loc) for fault in faults]
        cells = [origin and origin.find_cell(path) for path in paths]
        return PacketError(
            [
                Problem(path, fault.message, fault.hint, cell, fault.code)
                for path, fault, cell in zip(paths, faults, cells, strict=True)
            ]
        )
    tree = read_tree(origin.data, origin.format, origin.source, origin.line)
    spots = [tree.find_spot(fault.loc) for fault in faults]
    places = [None if spot is None else spot.value for spot in spots]
    problems = [
        Problem(name_path(fault.loc), fault.message, fault.hint, place, fault.code)
        for fault, place in zip(faults, places, strict=True)
    ]
    return PacketError(
        problems,
        [draw_excerpt(tree.text, place, origin.line) if place else "" for place in places],
    )


def _find_places(packet: Packet) -> list[str]:
    """Find the file and line of each item; of a packet that came from no file there is none."""
    origin = packet.origin
    if origin is None:
        return [""] * len(packet.evidence)
    if origin.cells:
        return [str(origin.find_cell(f"evidence[{i}]")) for i in range(len(packet.evidence))]
    tree = read_tree(origin.data, origin.format, Path(origin.source).name)
    spots = [tree.find_spot(("evidence", index)) for index in range(len(packet.evidence))]
    return ["" if spot is None else f"{spot.value.source}:{spot.value.line}" for spot in spots]


def _describe_criteria(seen: _Seen) -> Iterator[CriterionScore]:
    for plan, weight, score in zip(
        seen.plan.criteria, seen.rubric.weights, seen.scores.criteria, strict=True
    ):
        yield CriterionScore(
            id=plan.criterion.id,
            name=plan.criterion.name,
            weight=float(weight),
            bar=plan.bar,
            must_have=plan.criterion.must_have,
            proven=score.low,
            possible=score.high,
            status=_judge(plan, score, seen),
        )


def _judge(plan: CriterionPlan, score: Interval, seen: _Seen) -> CriterionStatus:
    if score.low >= plan.bar:
        return "met"
    if score.high >= plan.bar:
        return "documentation_gap"
    if any(seen.table.rows[place] for place in plan.asked) or _is_declared_none(plan, seen):
        return "substance_gap"
    return "no_evidence"


def _is_declared_none(plan: CriterionPlan, seen: _Seen) -> bool:
    """Tell whether the packet itself says that there is nothing to show."""
    declared = set(seen.packet.declared_none)
    return (
        plan.criterion.id in declared
        or {seen.plan.asked[place].fact.id for place in plan.asked} <= declared
    )


def _forecast(seen: _Seen, proven: float, possible: float) -> Readiness:
    from pmpromo.readiness import default_readiness  # noqa: PLC0415 - numpy sleeps until asked

    model = seen.model or default_readiness()
    group = model.find_group(seen.rubric)
    probability, low, high, _ = model.predict_one(proven, group)
    return Readiness(
        probability=probability,
        low=low,
        high=high,
        coverage=model.terms.coverage,
        basis="fitted" if model.n_decisions else "prior",
        n_decisions=model.n_decisions,
        verdict=model.judge_one(proven, group),
        if_documented=model.predict_one(possible, group)[:3],
        notes=model.explain(proven, group),
    )


def _tell(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {_tell(each)}" for name, each in value.items())
    if isinstance(value, list):
        return " and ".join(map(_tell, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _write_notes(seen: _Seen) -> Iterator[str]:
    rubric = seen.rubric
    if rubric.status == "illustrative":
        yield "This rubric is illustrative: nobody has adopted it, and its figures are examples."
    for criterion in rubric.criteria:
        for requirement in criterion.requirements:
            unscored = explain_unscored(requirement, rubric)
            if unscored:
                yield f"{criterion.id} / {requirement.name}: {unscored}."
    yield from write_timelines(rubric)
    if seen.packet.process is not None:
        told = seen.packet.process.model_dump(
            mode="json",
            exclude_defaults=True,
            exclude={"recommendation_note": True, "business_need": {"note"}},
        )
        facts = ", ".join(
            f"{name.replace('_', ' ')} {_tell(value)}" for name, value in told.items()
        )
        yield f"Process, shown and never scored: {facts}."
