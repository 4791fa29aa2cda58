"""Records to test with: small ones, and what happens to them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from pmpromo.audit import Appeal, Assessed, Correction, Decision, Material, Override, Record

if TYPE_CHECKING:
    from pathlib import Path

    from pmpromo.audit.nouns import Recordable

AT: Final = datetime(2026, 6, 30, 9, 30, tzinfo=UTC)
RUBRIC: Final = Material(of="rubric", content={"id": "r", "bar": 0.75})
MODEL: Final = Material(of="model", content={"rate": 0.4})


def assessed(candidate: str = "c-1", proven: float = 0.5, *, model: bool = False) -> Assessed:
    """An assessment that read a packet of the candidate."""
    return Assessed(
        candidate=candidate,
        packet={"id": "p", "candidate": candidate},
        result={"proven": proven, "gaps": [{"gain": 0.1}]},
        rubric=RUBRIC.digest,
        model=MODEL.digest if model else None,
    )


EVERYTHING: Final[tuple[Recordable, ...]] = (
    RUBRIC,
    MODEL,
    assessed(),
    Override(candidate="c-1", who="m-2", why="ein Fall fehlte: Größe", before=0.5, after=0.7),
    assessed("c-2", 0.25, model=True),
    Decision(candidate="c-1", who="committee", why="bar met", outcome="promoted", about=3),
    Decision(candidate="c-2", who="committee", why="not yet", outcome="deferred"),
    Appeal(candidate="c-2", who="c-2", why="a case was not read", step="opened", about=7),
    Correction(
        candidate="c-2", who="m-2", why="see doc:8", before={"teams": 3}, after={"teams": 5}
    ),
)
"""One of each kind, about two candidates; c-1 stands in entries 3, 4 and 6."""


def count_salts(start: int = 0) -> object:
    """Salts that can be told apart and repeated: never use such outside of tests."""
    made = iter(range(start, 10_000))
    return lambda size: next(made).to_bytes(size, "big")


def make_record(folder: Path, *nouns: Recordable) -> Record:
    """A record of these nouns, by default of everything, in one write."""
    record = Record(folder / "record.jsonl")
    record.extend(nouns or EVERYTHING, at=AT)
    return record
