"""Documents of every kind to test with: what the code writes, and how it reads each again.

`write_golden` writes those of ``tests/golden`` anew, for a version that was never released.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from pmpromo import (
    Assessment,
    CommitteeModel,
    Comparison,
    Impact,
    ReadinessModel,
    Sensitivity,
    assess,
    compare,
    find_path,
    fit_committee,
    load_packet,
    load_rubric,
    measure_impact,
    measure_sensitivity,
    parse_packet,
    parse_rubric,
)
from pmpromo import Path as Route
from pmpromo.audit import Appeal, Correction, Decision, Override, Record
from pmpromo.audit.chain import commit, read_entry
from pmpromo.digest import compute_digest, write_canonical
from pmpromo.ladder import Ladder
from pmpromo.recording import Recorder, Sources
from pmpromo.schemas import DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pmpromo.schemas import Document

Content = dict[str, Any]

ROOT: Final = Path(__file__).parents[1]
GOLDEN: Final = ROOT / "tests" / "golden"
SMALL: Final = ROOT / "examples" / "packets" / "one-refactor.yaml"
SPM_B: Final = ROOT / "examples" / "packets" / "spm-b.yaml"
LARGE: Final = ROOT / "examples" / "packets" / "strong-l3-l4.yaml"
STEP: Final = "pure-storage-pm/l3-l4"
AT: Final = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)

RATINGS: Final[Mapping[str, Any]] = {
    "packet_id": [f"p-{n}" for n in range(8) for _ in range(6)],
    "criterion": ["reach", "reach", "result", "result", "craft", "craft"] * 8,
    "rater_id": ["ann", "bo"] * 24,
    "rating": [(n * 7 + n // 6) % 5 for n in range(48)],
}
"""Eight packets on three criteria by two raters."""


def plainly(noun: Any) -> str:  # noqa: ANN401 - any noun
    """What a file says of a noun: no more than was written."""
    content = noun.model_dump(mode="json", exclude_unset=True)
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def make_impact() -> Impact:
    """Two attributes and their crossing, some people of unknown group."""
    outcomes = [n % 3 == 0 for n in range(60)]
    sex = ["f" if n % 2 else "m" for n in range(60)]
    race = [None if n % 11 == 0 else "abc"[n % 7 % 3] for n in range(60)]
    return measure_impact(outcomes, {"sex": sex, "race": race}, comparator="max_all")


def write_record(path: Path) -> Record:
    """Keep one entry of every kind; the candidate `c-1` is erased at the end."""
    salts = iter(range(1, 100))
    record = Record(path, salts=lambda size: next(salts).to_bytes(size, "big"))
    packet, rubric = load_packet(SPM_B), load_rubric(STEP)
    model = ReadinessModel.from_json((GOLDEN / "model-1.json").read_bytes())
    seen = assess(packet, rubric, readiness=model)
    Recorder(record).add(seen, Sources(packet, rubric, model), at=AT)
    told = {"candidate": "c-1", "who": "m-2", "why": "a launch was left out"}
    record.append(Override(**told, before=seen.met, after=True, about=3), at=AT)
    record.append(Decision(**told, outcome="promoted", about=3), at=AT)
    other = {"candidate": "c-2", "who": "c-2", "why": "the level is wrong"}
    record.append(Appeal(**other, step="opened"), at=AT)
    record.append(Correction(**other, before={"teams": 3}, after={"teams": 5}), at=AT)
    record.erase("c-1", who="dpo", why="asked for", at=AT)
    return record


def make_record_text(folder: Path) -> str:
    """Return the lines of that record."""
    return Path(write_record(folder / "record.jsonl").path).read_text(encoding="utf-8")


MAKERS: Final[Mapping[Document, Callable[[], str]]] = MappingProxyType(
    {
        "packet": lambda: plainly(load_packet(LARGE)),
        "rubric": lambda: plainly(load_rubric(STEP)),
        "ladder": lambda: plainly(load_rubric(STEP).ladder),
        "assessment": lambda: assess(load_packet(SMALL)).model_dump_json(indent=1) + "\n",
        "path": lambda: find_path(load_packet(SMALL)).model_dump_json(indent=1) + "\n",
        "sensitivity": lambda: (
            measure_sensitivity(load_packet(SMALL)).model_dump_json(indent=1) + "\n"
        ),
        "comparison": lambda: (
            compare(
                load_packet(LARGE), load_packet(LARGE), as_of=(date(2026, 6, 30), date(2029, 6, 30))
            ).model_dump_json(indent=1)
            + "\n"
        ),
        "committee": lambda: fit_committee(RATINGS).to_json() + "\n",
        "impact": lambda: make_impact().to_json() + "\n",
    }
)
"""What the code writes today. A readiness model and a record take a command and a folder."""

READERS: Final[Mapping[Document, Callable[[str], Any]]] = MappingProxyType(
    {
        "packet": parse_packet,
        "rubric": parse_rubric,
        "ladder": Ladder.model_validate_json,
        "assessment": Assessment.from_json,
        "path": Route.from_json,
        "sensitivity": Sensitivity.from_json,
        "comparison": Comparison.from_json,
        "readiness": ReadinessModel.from_json,
        "committee": CommitteeModel.from_json,
        "record": lambda text: read_entry(text.encode()),
        "impact": Impact.from_json,
    }
)
"""How each is read again; of a record, one line."""

assert READERS.keys() == {*DOCUMENTS}


def seal_again(document: str, content: Content) -> str:
    """Return the text of a document whose digests fit whatever else it says now."""
    if document == "record":
        return write_canonical(_seal_entry(content))
    rest = {key: value for key, value in content.items() if key != "result_id"}
    if _is_digest(content.get("result_id")):
        content = {**rest, "result_id": compute_digest(rest)}
    return write_canonical(content)


def _seal_entry(entry: Content) -> Content:
    salt, body = entry.get("salt"), entry.get("body")
    if isinstance(salt, str) and isinstance(body, dict) and _is_digest(entry.get("commitment")):
        entry = {**entry, "commitment": commit(salt, body)}
    head = {key: value for key, value in entry.items() if key not in {"digest", "salt", "body"}}
    sealed = {**entry, "digest": compute_digest(head)}
    return sealed if _is_digest(entry.get("digest")) else entry


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and value.startswith("sha256:")


def write_golden(folder: Path) -> None:
    """Write every golden document of version 1; `folder` takes the record while it is made."""
    for name, make in MAKERS.items():
        (GOLDEN / f"{name}-1.json").write_text(make(), encoding="utf-8")
    (GOLDEN / "record-1.jsonl").write_text(make_record_text(folder), encoding="utf-8")
