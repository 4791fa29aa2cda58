"""Every public way in, each with a file that it reads: what a promise about loading is asked of."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pmpromo
from pmpromo import (
    Assessment,
    Comparison,
    Impact,
    ReadinessModel,
    Sensitivity,
    assess,
    attribute,
    compare,
    evidence_frame,
    explain,
    find_path,
    fit_committee,
    fit_readiness,
    from_case,
    import_ladder,
    import_ratings,
    iter_packets,
    load_packet,
    load_rubric,
    measure_impact,
    measure_sensitivity,
    parse_packet,
    parse_rubric,
    read_decisions,
    read_evidence,
    read_ratings,
    score_frame,
    to_case,
    write_form,
    write_rubric,
    write_table,
)
from pmpromo.advice.path import Path as Way
from pmpromo.audit import Override, Record
from pmpromo.committee import CommitteeModel
from pmpromo.decisions import read_scores
from pmpromo.gallery import draw_criteria

if TYPE_CHECKING:
    from collections.abc import Callable

DAY: Final = date(2026, 6, 30)
NOON: Final = datetime(2026, 6, 30, 12, tzinfo=UTC)
Content = dict[str, Any]

CRITERION: Final[Content] = {
    "id": "reach",
    "name": "Reach",
    "weight": 3,
    "requirements": [
        {"fact": "growth", "at_least": 12, "unit": "percent/year"},
        {"fact": "aligns", "point": 3},
    ],
}
LADDER: Final[Content] = {
    "id": "team",
    "name": "Team",
    "tracks": [{"id": "ic", "name": "Individual"}],
    "levels": [
        {"id": name, "name": name, "tracks": ["ic"], "scope": "a product"} for name in ("L1", "L2")
    ],
    "metrics": [{"id": "growth", "name": "Growth", "unit": "percent/year", "baseline": "not_used"}],
    "behaviours": [{"id": "aligns", "name": "Aligns"}, {"id": "mentors", "name": "Mentors"}],
}
RUBRIC: Final[Content] = {
    "id": "team/l1-l2",
    "name": "First step",
    "current_level": "L1",
    "target_level": "L2",
    "ladder": LADDER,
    "criteria": [
        CRITERION,
        {
            "id": "growth",
            "name": "Growth",
            "weight": 1.5,
            "requirements": [{"fact": "mentors", "point": 2}],
        },
    ],
}
ITEM: Final[Content] = {
    "id": "launch",
    "title": "Launched the new tier",
    "ownership": "led",
    "started": "2025-03-01",
    "ended": "2026-04-30",
    "facts": [
        {"metric": "growth", "value": 10.5, "unit": "percent/year", "status": "realised"},
        {"behaviour": "aligns", "point": 3, "note": "Seen by sales."},
    ],
    "support": [
        {"relation": "manager", "by": "m-1"},
        {"relation": "cross_functional", "by": "s-9", "point": 3},
    ],
}
PACKET: Final[Content] = {
    "schema_version": 1,
    "id": "p-1",
    "candidate": "c-17",
    "as_of": "2026-06-30",
    "summary": "The case.",
    "evidence": [
        ITEM,
        {
            "id": "helper",
            "title": "Taught two teams",
            "share": 0.6,
            "in_progress": True,
            "facts": [{"behaviour": "mentors", "point": 2}],
        },
    ],
    "declared_none": [],
}


def make_rubric() -> pmpromo.Rubric:
    """Return the small rubric."""
    return parse_rubric(RUBRIC)


def make_packet() -> pmpromo.Packet:
    """Return the small packet."""
    return parse_packet(PACKET)


def make_assessment(content: Content = PACKET, rubric: Content = RUBRIC) -> Assessment:
    """Return the assessment of a packet's content against a rubric's."""
    return assess(parse_packet(content), parse_rubric(rubric))


class Door(NamedTuple):
    """A way in: the ending of its file, a file that it takes, and how it is opened."""

    name: str
    ending: str
    write: Callable[[], bytes]
    open: Callable[[Path], object]

    def read(self, data: bytes, folder: Path) -> object:
        """Return what the door makes of some bytes."""
        path = folder / f"input{self.ending}"
        path.write_bytes(data)
        return self.open(path)


def write_yaml(content: object, depth: int = 0) -> str:
    """Write plain content as YAML in blocks, by our own hand."""
    if isinstance(content, dict) and content:
        return "".join(_write_key(key, value, depth) for key, value in content.items())
    if isinstance(content, list) and content:
        return "".join(_write_entry(value, depth) for value in content)
    return json.dumps(content, ensure_ascii=False)


def _write_key(key: str, value: object, depth: int) -> str:
    space = "  " * depth
    if isinstance(value, (dict, list)) and value:
        return f"{space}{key}:\n{write_yaml(value, depth + 1)}"
    return f"{space}{key}: {write_yaml(value)}\n"


def _write_entry(value: object, depth: int) -> str:
    space = "  " * depth
    if isinstance(value, (dict, list)) and value:
        block = write_yaml(value, depth + 1)
        return f"{space}- {block[len(space) + 2 :]}"
    return f"{space}- {write_yaml(value)}\n"


def _save(write: Callable[[Path], object], ending: str) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, f"out{ending}")
        write(path)
        return path.read_bytes()


def write_csv(rows: list[str]) -> bytes:
    """Write lines as a CSV file."""
    return "".join(f"{row}\n" for row in rows).encode()


def _write_evidence(ending: str) -> bytes:
    frame = evidence_frame([make_packet()]).drop(columns=["transition", "as_of"])
    return _save(lambda path: write_table(frame, path), ending)


def score_file(path: Path) -> object:
    """Read an export of evidence, and score it."""
    scored = score_frame(read_evidence(path), make_rubric(), as_of=DAY)
    return scored.scores, scored.problems


def _write_ratings() -> bytes:
    rows = [
        f"p-{n},{c},r-{r},{(n + r + len(c)) % 5}" for n in range(4) for c in "ab" for r in (1, 2)
    ]
    return write_csv(["packet_id,criterion,rater_id,rating", *rows])


@cache
def make_committee() -> CommitteeModel:
    """Return a committee fitted to a few ratings."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "ratings.csv")
        path.write_bytes(_write_ratings())
        return fit_committee(read_ratings(path))


@cache
def make_model() -> ReadinessModel:
    """Return a readiness model fitted to a few decisions."""
    scores = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
    return fit_readiness(scores, [0, 0, 0, 1, 0, 1, 1, 1], rubric=make_rubric())


@cache
def make_impact() -> Impact:
    """Return an impact of two groups."""
    return measure_impact(
        [True] * 6 + [False] * 4 + [True] * 3 + [False] * 7, ["A"] * 10 + ["B"] * 10
    )


def _write_record(path: Path) -> None:
    record = Record(path, salts=bytes)
    for number in range(3):
        override = Override(
            candidate=f"c-{number}", who="m-2", why="one more", before=0.6, after=0.7
        )
        record.append(override, at=NOON)


def _read_record(path: Path) -> object:
    return [entry.noun for entry in Record(path).entries()]


def _dump(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


PACKETS: Final = (
    Door("packet as YAML", ".yaml", lambda: write_yaml(PACKET).encode(), load_packet),
    Door("packet as JSON", ".json", lambda: _dump(PACKET), load_packet),
    Door(
        "packets as JSON Lines",
        ".jsonl",
        lambda: _dump(PACKET) + b"\n" + _dump({**PACKET, "id": "p-2"}) + b"\n",
        lambda path: [*iter_packets(path)],
    ),
    Door(
        "packet as a workbook",
        ".xlsx",
        lambda: write_form(make_rubric(), make_packet()),
        load_packet,
    ),
    Door(
        "packet in a text",
        ".txt",
        lambda: _dump(PACKET),
        lambda path: parse_packet(path.read_bytes()),
    ),
)
"""The ways in for packets."""

RUBRICS: Final = (
    Door("rubric as YAML", ".yaml", lambda: write_yaml(RUBRIC).encode(), load_rubric),
    Door("rubric as JSON", ".json", lambda: _dump(RUBRIC), load_rubric),
    Door(
        "rubric as CASE",
        ".case",
        lambda: _dump(to_case(make_rubric(), changed=DAY)),
        lambda path: from_case(path.read_bytes()),
    ),
    Door(
        "ladder in Markdown",
        ".md",
        lambda: b"| competency | L1 | L2 |\n|---|---|---|\n| Reach | Helps | Leads |\n",
        import_ladder,
    ),
    Door(
        "ladder as CSV",
        ".csv",
        lambda: b"competency,L1,L2\nReach,Helps,Leads\n",
        import_ladder,
    ),
    Door(
        "ladder as YAML",
        ".yaml",
        lambda: write_yaml({"Reach": {"L1": "Helps", "L2": "Leads"}}).encode(),
        import_ladder,
    ),
)
"""The ways in for rubrics and ladders."""

TABLES: Final = (
    Door("evidence as CSV", ".csv", lambda: _write_evidence(".csv"), score_file),
    Door("evidence as a workbook", ".xlsx", lambda: _write_evidence(".xlsx"), score_file),
    Door(
        "decisions",
        ".csv",
        lambda: write_csv(["packet_id,proven,promoted", "p-1,0.75,1", "p-2,0.25,0"]),
        lambda path: read_decisions(path, make_rubric()),
    ),
    Door("scores", ".csv", lambda: write_csv(["packet_id,proven", "p-1,0.75"]), read_scores),
    Door("ratings", ".csv", _write_ratings, read_ratings),
    Door(
        "ratings of a review tool",
        ".csv",
        lambda: write_csv(["packet_id,rater_id,reach,craft", "p-1,r-1,3,n/a"]),
        lambda path: import_ratings(path, "wide"),
    ),
    Door(
        "ratings as JSON",
        ".json",
        lambda: _dump([{"packet_id": "p-1", "rater_id": "r-1", "criterion": "reach", "rating": 3}]),
        lambda path: import_ratings(path, "long"),
    ),
)
"""The ways in for tables."""

RESULTS: Final = (
    Door(
        "assessment",
        ".json",
        lambda: make_assessment().model_dump_json().encode(),
        lambda path: Assessment.from_json(path.read_bytes()),
    ),
    Door(
        "readiness model",
        ".json",
        lambda: make_model().to_json().encode(),
        lambda path: ReadinessModel.from_json(path.read_bytes()),
    ),
    Door(
        "committee model",
        ".json",
        lambda: make_committee().to_json().encode(),
        lambda path: CommitteeModel.from_json(path.read_bytes()),
    ),
    Door(
        "impact",
        ".json",
        lambda: make_impact().to_json().encode(),
        lambda path: Impact.from_json(path.read_bytes()),
    ),
    Door(
        "path to the bar",
        ".json",
        lambda: find_path(make_packet(), make_rubric()).model_dump_json().encode(),
        lambda path: Way.from_json(path.read_bytes()),
    ),
    Door(
        "comparison",
        ".json",
        lambda: compare(make_packet(), make_packet(), make_rubric()).model_dump_json().encode(),
        lambda path: Comparison.from_json(path.read_bytes()),
    ),
    Door(
        "sensitivity",
        ".json",
        lambda: (
            measure_sensitivity(make_packet(), make_rubric(), draws=1000).model_dump_json().encode()
        ),
        lambda path: Sensitivity.from_json(path.read_bytes()),
    ),
    Door("record", ".jsonl", lambda: _save(_write_record, ".jsonl"), _read_record),
)
"""The ways in for what we once wrote."""

DOORS: Final = (*PACKETS, *RUBRICS, *TABLES, *RESULTS)
"""Every way in."""

JSON_DOORS: Final = tuple(
    door for door in DOORS if door.ending in {".json", ".jsonl", ".txt", ".case"}
)
"""Those whose files are JSON."""


@cache
def write_sample(door: Door) -> bytes:
    """Return a file that a door takes."""
    return door.write()


def list_outputs() -> dict[str, Any]:
    """Return all that we write of the small packet, as texts and bytes, by name."""
    packet, rubric = make_packet(), make_rubric()
    seen = assess(packet, rubric, readiness=make_model())
    way, sturdy = find_path(packet, rubric), measure_sensitivity(packet, rubric, draws=200)
    frame = evidence_frame([packet]).drop(columns=["transition", "as_of"])
    scored = score_frame(frame, rubric, as_of=DAY)
    told = explain(seen)
    return {
        "assessment": seen.model_dump_json(indent=1),
        "report": seen.report(verbose=True),
        "page": seen.to_html(),
        "notebook": seen._repr_html_(),
        "path": way.model_dump_json() + way.report(),
        "sensitivity": sturdy.model_dump_json() + sturdy.report(),
        "comparison": compare(packet, packet, rubric).model_dump_json(),
        "attribution": attribute(packet, rubric).to_csv(),
        "scores": scored.scores.to_csv(),
        "criteria": scored.criteria.to_csv(),
        "gaps": scored.gaps.to_csv(),
        "cycle": scored._repr_html_(),
        "explanation": str(told) + told.to_html(),
        "packet": str(packet) + packet._repr_html_(),
        "rubric": write_rubric(rubric) + rubric._repr_html_(),
        "form": write_form(rubric, packet),
        "table": _save(lambda path: write_table(scored.scores, path), ".csv"),
        "workbook": _save(lambda path: write_table(scored.scores, path), ".xlsx"),
        "picture": draw_criteria(seen).svg,
        "case": json.dumps(to_case(rubric, changed=DAY)),
        "model": make_model().to_json() + make_model().model_card(),
        "committee": make_committee().to_json() + str(make_committee()),
        "impact": make_impact().to_json() + str(make_impact()),
        "record": _save(_write_record, ".jsonl"),
    }


def tell_all() -> str:
    """Return all that we write as one text."""
    return json.dumps({name: str(told) for name, told in list_outputs().items()})
