"""How each kind of file is read, and the answer to it as plain data."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from hostile.judge import find_breaches

from pmpromo import (
    Assessment,
    CommitteeModel,
    Comparison,
    Impact,
    ReadinessModel,
    Sensitivity,
    from_case,
    import_ladder,
    import_ratings,
    iter_packets,
    load_packet,
    load_rubric,
    read_decisions,
    read_evidence,
    read_ratings,
    score_frame,
)
from pmpromo import Path as Way
from pmpromo.audit import Record
from pmpromo.errors import DataError, PmpromoError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from hostile.files import Expected

__all__ = ["READERS", "judge", "warm_up"]

AS_OF: Final = date(2026, 6, 30)
RUBRIC: Final = "pure-storage-pm/l3-l4"


def _read_packet(path: Path) -> object:
    """Read a packet; of JSON Lines the last."""
    packet = [*iter_packets(path)][-1] if path.suffix == ".jsonl" else load_packet(path)
    return packet.model_dump(mode="json")


def _read_rubric(path: Path) -> object:
    return load_rubric(path).model_dump(mode="json")


def _read_evidence(path: Path) -> object:
    frame = read_evidence(path)
    return {column: frame[column].fillna("").tolist() for column in frame.columns}


def _score_evidence(path: Path) -> object:
    """Score a table; what a score leaves out counts as refused."""
    scored = score_frame(read_evidence(path), load_rubric(RUBRIC), as_of=AS_OF)
    scores = scored.scores
    for proven, possible in zip(scores["proven"], scores["possible"], strict=True):
        assert 0 <= proven <= possible <= 1 or proven != proven, (proven, possible)  # noqa: PLR0124
    if len(scored.problems):
        raise DataError([_tell(row) for _, row in scored.problems.iterrows()])
    return scores.to_dict("list")


def _tell(row: Any) -> Any:  # noqa: ANN401 - a row of pandas
    from pmpromo.errors import Problem  # noqa: PLC0415 - named where it is made

    return Problem(f"{row['row']}: {row['column']}", row["message"])


def _read_ratings(path: Path) -> object:
    ratings = read_ratings(path)
    return {"values": ratings.values.tolist(), "packets": list(ratings.packets)}


def _import_ratings(path: Path) -> object:
    return import_ratings(path, "wide")


def _read_decisions(path: Path) -> object:
    past = read_decisions(path, load_rubric(RUBRIC))
    return {"promoted": list(past.promoted), "lines": list(past.lines)}


def _read_text(read: Callable[[bytes], object]) -> Callable[[Path], object]:
    def take(path: Path) -> object:
        return {"kind": type(read(path.read_bytes())).__name__}

    return take


def _verify(path: Path) -> object:
    """Look through a record; what was changed counts as refused."""
    found = Record(path).verify()
    if found.problems:
        raise DataError(found.problems)
    return {"entries": found.entries, "unfinished": found.unfinished, "erased": found.erased}


def _import_ladder(path: Path) -> object:
    return [draft.model_dump(mode="json") for draft in import_ladder(path)]


def _read_case(path: Path) -> object:
    return [rubric.model_dump(mode="json") for rubric in from_case(path.read_bytes())]


READERS: Final[Mapping[str, Callable[[Path], object]]] = MappingProxyType(
    {
        "packet": _read_packet,
        "form": _read_packet,
        "rubric": _read_rubric,
        "evidence": _read_evidence,
        "scored": _score_evidence,
        "ratings": _read_ratings,
        "votes": _import_ratings,
        "decisions": _read_decisions,
        "readiness": _read_text(ReadinessModel.from_json),
        "committee": _read_text(CommitteeModel.from_json),
        "assessment": _read_text(Assessment.from_json),
        "impact": _read_text(Impact.from_json),
        "path": _read_text(Way.from_json),
        "comparison": _read_text(Comparison.from_json),
        "sensitivity": _read_text(Sensitivity.from_json),
        "record": _verify,
        "ladder": _import_ladder,
        "case": _read_case,
    }
)
"""What reads each kind of file."""


def judge(kind: str, path: Path, text: str, expected: Expected) -> list[str]:
    """Say where the answer to a file is not the expected one; nothing if it is."""
    from hostile.files import Reads  # noqa: PLC0415 - named where it is asked for

    try:
        value = READERS[kind](path)
    except PmpromoError as error:
        breaches = find_breaches(error, text)
        if isinstance(expected, Reads):
            return [*breaches, f"refused: {error}"[:500]]
        return breaches + _judge_refusal(error, expected.said, f"{expected.at}")
    if isinstance(expected, Reads):
        found = look_up(value, expected.path)
        return [] if found == expected.value else [f"{found!a} instead of {expected.value!a}"[:300]]
    return [f"read, where {expected.said!a} was expected"]


def _judge_refusal(error: PmpromoError, said: str, at: str) -> list[str]:
    """Say why no problem is of the expected sort at the expected place."""
    fitting = [
        problem
        for problem in error.problems
        if (said == problem.code or said in str(problem)) and str(problem.place or "").endswith(at)
    ]
    return [] if fitting else [f"expected {said!a} at {at!a}, found: {error}"[:600]]


def look_up(value: Any, path: str) -> object:  # noqa: ANN401 - plain data of any shape
    """Return what stands at a path such as ``evidence[0].title``, or nothing."""
    for step in path.replace("[", ".").replace("]", "").split("."):
        try:
            value = value[int(step)] if step.lstrip("-").isdigit() else value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def warm_up(folder: Path) -> None:
    """Import everything that reading needs, so that what is measured is reading."""
    import openpyxl  # noqa: F401, PLC0415 - loaded late by the readers
    import pandas  # noqa: F401, ICN001, PLC0415 - loaded late by the readers
    from hostile.bases import EVIDENCE, PACKET  # noqa: PLC0415 - only here
    from hostile.files import Reads  # noqa: PLC0415 - only here

    for kind, name, text in (
        ("packet", "p.yaml", PACKET + "x: 1\n"),
        ("scored", "e.csv", EVIDENCE),
    ):
        path = folder / name
        path.write_text(text)
        judge(kind, path, text, Reads("id", ""))
