"""What fuzzing starts from: the examples, the kept files of older releases, the hostile corpus."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hostile.bases import (
    CASE,
    DECISIONS,
    EVIDENCE,
    FORM,
    LADDER,
    LADDER_TABLE,
    LADDER_TREE,
    PACKET,
    PACKET_JSON,
    RATINGS,
    RUBRIC,
    RUBRIC_JSON,
)
from hostile.books import draw_sheet
from hostile.corpus import list_files

from pmpromo import load_rubric, to_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["list_seeds", "list_words"]

ROOT: Final = Path(__file__).parents[2]
GOLDEN: Final = ROOT / "tests" / "golden"
LONGEST: Final = 4_000
"""How many bytes a seed may have: the longer it is, the fewer runs a second."""

KEPT: Final = (
    "assessment-1.json",
    "path-1.json",
    "comparison-1.json",
    "sensitivity-1.json",
    "impact-1.json",
    "model-1.json",
    "committee-1.json",
)
"""Results of older releases, in the order in which the harness reads them."""

SHORT: Final = 1_000
"""How long a short entry of a record is."""

UNCUT: Final = ("results", "case")
"""Formats of which there are no short files."""

CHANGED: Final = date(2026, 6, 30)
"""The day that a package says it was changed."""

DOCUMENTS: Final = (
    "assessment",
    "path",
    "comparison",
    "sensitivity",
    "impact",
    "readiness",
    "committee",
)
"""The same, as the hostile files call them."""

_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "packet-yaml": ("packet.yaml",),
    "packet-json": ("packet.json",),
    "rubric-yaml": ("rubric.yaml",),
    "rubric-json": ("rubric.json",),
    "lines": ("packet.jsonl",),
    "evidence": ("evidence.csv", "scored.csv"),
    "decisions": ("decisions.csv",),
    "ratings": ("ratings.csv",),
    "form": ("form.xlsx", "evidence.xlsx"),
    "record": ("record.jsonl",),
    "ladder-markdown": ("ladder.md",),
    "ladder-table": ("ladder.csv",),
    "ladder-tree": ("ladder.yaml",),
    "case": ("case.json",),
}
"""Which hostile files each format reads."""

_WORD: Final = re.compile(r'"([A-Za-z_./-]{2,30})"')


def list_seeds(format_: str) -> Iterator[bytes]:
    """Yield what fuzzing of a format starts from."""
    seeds = (*_LISTS[format_](), *_list_bases(format_), *_list_hostile(format_))
    return (seed for seed in seeds if len(seed) <= LONGEST or format_ in UNCUT)


def _list_hostile(format_: str) -> Iterator[bytes]:
    """Yield the hostile files that a format reads."""
    kinds = _KINDS.get(format_, ())
    for file in list_files():
        if f"{file.kind}.{file.name.rpartition('.')[2]}" in kinds:
            yield file.data
        elif format_ == "results" and file.kind in DOCUMENTS:
            yield bytes([DOCUMENTS.index(file.kind)]) + file.data


def list_words(format_: str) -> list[str]:
    """Return words that a fuzzer puts into its inputs: keys and choices of the files' schemas."""
    names = ("rubric", "ladder") if "rubric" in format_ else ("packet",)
    texts = [(ROOT / "rubrics" / f"{name}.schema.json").read_text() for name in names]
    return sorted({word for text in texts for word in _WORD.findall(text)})


def _read_all(folder: str, pattern: str, lines: int | None = None) -> Iterator[bytes]:
    for path in sorted((ROOT / folder).glob(pattern)):
        yield b"".join(path.read_bytes().splitlines(keepends=True)[:lines])


def _list_packets() -> Iterator[bytes]:
    return _read_all("examples/packets", "*.yaml")


def _dump_packets() -> Iterator[bytes]:
    yield from _read_all("tests/golden", "packet-*.json")


def _list_results() -> Iterator[bytes]:
    for number, name in enumerate(KEPT):
        if (GOLDEN / name).exists():
            yield bytes([number]) + (GOLDEN / name).read_bytes()


def _list_lines() -> Iterator[bytes]:
    yield b"\n".join(b" ".join(data.split()) for data in _dump_packets())


def _list_rubrics() -> Iterator[bytes]:
    return _read_all("rubrics/pure-storage-pm", "l*-l*.yaml")


def _dump_rubrics() -> Iterator[bytes]:
    yield from _read_all("tests/golden", "rubric-*.json")
    yield load_rubric("pure-storage-pm/l1-l2").model_dump_json(exclude_defaults=True).encode()


def _list_cases() -> Iterator[bytes]:
    yield json.dumps(to_case(load_rubric("pure-storage-pm/l1-l2"), changed=CHANGED)).encode()


def _list_records() -> Iterator[bytes]:
    """Yield a record of the short entries of a kept one, and one entry alone."""
    lines = (GOLDEN / "record-1.jsonl").read_bytes().splitlines(keepends=True)
    short = [line for line in lines if len(line) < SHORT]
    yield b"".join(short)
    yield short[0]


def _list_forms() -> Iterator[bytes]:
    yield b"\0".join(draw_sheet(rows).encode() for rows in FORM.values())


_BASES: Final = {
    "packet-yaml": PACKET,
    "packet-json": PACKET_JSON,
    "rubric-yaml": RUBRIC,
    "rubric-json": RUBRIC_JSON,
    "lines": PACKET_JSON.replace("\n", "") + "\n",
    "evidence": EVIDENCE,
    "decisions": DECISIONS,
    "ratings": RATINGS,
    "ladder-markdown": LADDER,
    "ladder-table": LADDER_TABLE,
    "ladder-tree": LADDER_TREE,
    "case": CASE,
}
"""The good files that the hostile ones are made from."""


def _list_bases(format_: str) -> Iterator[bytes]:
    if format_ in _BASES:
        yield _BASES[format_].encode()


_HEADINGS: Final = (
    b"# L1\n\n## Reach\n\nHelps a team\n\n# L2\n\n## Reach\n\n- Leads a team\n",
    b"---\ntitle: Product\n---\n# Reach\n## L1\nHelps\n## L2\nLeads\n",
)
_LONG_TABLE: Final = b"level,competency,text\nL1,Reach,Helps\nL2,Reach,Leads\n"
_ROWS: Final = b"- {level: L1, competency: Reach, text: Helps}\n"
_SCORED: Final = b"\0" * 40, bytes(range(256)), bytes(range(255, 0, -3)) * 3

_LISTS: Final[Mapping[str, Callable[[], Iterator[bytes]]]] = {
    "packet-yaml": _list_packets,
    "packet-json": _dump_packets,
    "rubric-yaml": _list_rubrics,
    "rubric-json": _dump_rubrics,
    "results": _list_results,
    "lines": _list_lines,
    "evidence": lambda: _read_all("examples/decisions", "evidence.csv", 12),
    "decisions": lambda: _read_all("examples/decisions", "*.csv", 12),
    "ratings": lambda: _read_all("examples/decisions", "ratings.csv", 12),
    "form": _list_forms,
    "record": _list_records,
    "ladder-markdown": lambda: iter(_HEADINGS),
    "ladder-table": lambda: iter((_LONG_TABLE,)),
    "ladder-tree": lambda: iter((_ROWS,)),
    "case": _list_cases,
    "scoring": lambda: iter(_SCORED),
}
