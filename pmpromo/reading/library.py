"""The shelf of shipped rubrics, and the ways in for packets and rubrics of your own."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pmpromo.errors import LadderError, PacketError, Problem, RubricError
from pmpromo.ladder import REFUSED, Ladder
from pmpromo.packet import Origin, Packet
from pmpromo.reading.files import read_name
from pmpromo.reading.models import build_model, open_path, read_model, read_path
from pmpromo.rubric import Rubric

if TYPE_CHECKING:
    import os
    from importlib.resources.abc import Traversable

    from pmpromo.reading.models import Format, Options

__all__ = [
    "PACKET_OPTIONS",
    "find_ladder",
    "load_packet",
    "load_rubric",
    "parse_packet",
    "parse_rubric",
    "shipped_rubrics",
]

LADDER_FILE: Final = "ladder.yaml"
ENDING: Final = ".yaml"


def _find_shelf() -> Traversable:
    """Return the folder of shipped rubrics: inside the package, or beside it in a checkout."""
    inside = files("pmpromo") / "rubrics"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "rubrics"


@cache
def shipped_rubrics() -> tuple[str, ...]:
    """Return the ids of the rubrics that come with the library, in the order of their levels.

    >>> shipped_rubrics()[0]
    'pure-storage-pm/l1-l2'
    """
    return tuple(
        f"{folder.name}/{file.name.removesuffix(ENDING)}"
        for folder in sorted(_find_shelf().iterdir(), key=lambda each: each.name)
        if folder.is_dir()
        for file in sorted(folder.iterdir(), key=lambda each: each.name)
        if file.name.endswith(ENDING) and file.name != LADDER_FILE
    )


@cache
def find_ladder(name: str) -> Ladder | None:
    """Return a shipped ladder by its id, or none.

    >>> find_ladder("pure-storage-pm").find_level("L3").id
    'L3'
    """
    if name not in {each.partition("/")[0] for each in shipped_rubrics()}:
        return None
    data = (_find_shelf() / name / LADDER_FILE).read_bytes()
    return read_model(
        Ladder, data, format="yaml", error=LadderError, source=f"{name}/{LADDER_FILE}"
    )


_RUBRIC_OPTIONS: Final[Options] = {"context": {"find_ladder": find_ladder}}
PACKET_OPTIONS: Final[Options] = {"refused": REFUSED}
"""What every reading of a packet is told."""


@cache
def _load_shipped(name: str) -> Rubric:
    data = (_find_shelf() / f"{name}{ENDING}").read_bytes()
    options: Options = {"source": f"{name}{ENDING}", **_RUBRIC_OPTIONS}
    return read_model(Rubric, data, format="yaml", error=RubricError, **options)


def load_rubric(source: str | os.PathLike[str]) -> Rubric:
    """Return a shipped rubric by its id, or the rubric in a file (.yaml, .yml or .json).

    Raises `RubricError` with every problem of the file, each at its line and column.

    >>> load_rubric("pure-storage-pm/l3-l4").target_level
    'L4'
    """
    name = read_name(source, RubricError)
    if name in shipped_rubrics():
        return _load_shipped(name)
    if isinstance(source, str) and not Path(name).suffix:
        near = [each for each in shipped_rubrics() if each.endswith(f"/{source.casefold()}")]
        near = near or get_close_matches(source[:80], shipped_rubrics(), n=1, cutoff=0.8)
        hint = (
            f"did you mean '{near[0]}'?" if near else f"shipped are: {', '.join(shipped_rubrics())}"
        )
        raise RubricError(
            [Problem("rubric", "no shipped rubric has this id", hint, code="unknown_name")]
        )
    return read_path(Rubric, source, error=RubricError, **_RUBRIC_OPTIONS)


def load_packet(source: str | os.PathLike[str]) -> Packet:
    """Return the packet in a file (.yaml, .yml or .json).

    Raises `PacketError` with every problem of the file, each at its line and column.

    >>> load_packet("no-such-packet.yaml")
    Traceback (most recent call last):
        ...
    pmpromo.errors.PacketError: no-such-packet.yaml: no such file
    """
    opened = open_path(source, error=PacketError)
    options: Options = {"source": opened.name, "show": True, **PACKET_OPTIONS}
    packet = read_model(Packet, opened.data, format=opened.format, error=PacketError, **options)
    packet.remember_origin(Origin(opened.name, opened.format, opened.data))
    return packet


def parse_packet(
    data: bytes | str | Mapping[str, Any],
    *,
    format: Format = "json",  # noqa: A002 - the word that callers know
) -> Packet:
    """Return the packet in a text or a mapping; for services: errors never repeat the input.

    >>> parse_packet({"id": "p-1", "evidence": []}).id
    'p-1'
    """
    if isinstance(data, Mapping):
        return build_model(Packet, data, error=PacketError, **PACKET_OPTIONS)
    return read_model(Packet, data, format=format, error=PacketError, **PACKET_OPTIONS)


def parse_rubric(
    data: bytes | str | Mapping[str, Any],
    *,
    format: Format = "json",  # noqa: A002 - the word that callers know
) -> Rubric:
    """Return the rubric in a text or a mapping; for services: errors never repeat the input.

    >>> rubric = load_rubric("pure-storage-pm/l3-l4")
    >>> parse_rubric(rubric.model_dump_json()) == rubric
    True
    """
    if isinstance(data, Mapping):
        return build_model(Rubric, data, error=RubricError, **_RUBRIC_OPTIONS)
    return read_model(Rubric, data, format=format, error=RubricError, **_RUBRIC_OPTIONS)
