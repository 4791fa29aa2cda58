"""How much the reader costs above what nobody can do without (`-m bench`)."""

from __future__ import annotations

import json
from time import process_time
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml
from reading.samples import VALUES, read

from pmpromo.packet import Packet

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.bench

ITEM: Final[Any] = VALUES["evidence"]
LARGE: Final = {
    **VALUES,
    "evidence": [{**ITEM[0], "id": f"item-{number}"} for number in range(24)],
}
JSON: Final = json.dumps(LARGE, indent=1).encode()
YAML: Final = yaml.safe_dump(json.loads(JSON), sort_keys=False).encode()


def compare(work: Callable[[], object], bare: Callable[[], object]) -> float:
    """How many times the processor time of `bare` one call of `work` takes.

    Rounds alternate and the best of each counts, so that a busy machine slows both alike.
    """
    pairs = [(time(work), time(bare)) for _ in range(15)]
    return min(first for first, _ in pairs) / min(second for _, second in pairs)


def time(work: Callable[[], object], calls: int = 30) -> float:
    """Seconds of processor time that some calls take."""
    start = process_time()
    for _ in range(calls):
        work()
    return process_time() - start


def take_bare() -> Packet:
    """Run through the events of the text, do nothing with them, and validate its values."""
    take = yaml.CSafeLoader(YAML).get_event
    while type(take()) is not yaml.StreamEndEvent:
        pass
    return Packet.model_validate(LARGE)


def test_json_speed() -> None:
    """A valid JSON packet costs at most 2.3 times pydantic's own JSON road."""
    assert compare(lambda: read(JSON, "json"), lambda: Packet.model_validate_json(JSON)) <= 2.3


def test_yaml_speed() -> None:
    """A valid YAML packet costs at most 1.3 times events and pydantic."""
    assert compare(lambda: read(YAML), take_bare) <= 1.3
