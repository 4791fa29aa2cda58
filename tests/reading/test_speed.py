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


def time_best(work: Callable[[], object], rounds: int = 7, calls: int = 40) -> float:
    """Seconds of processor time that one call takes, in the best of some rounds."""
    times = []
    for _ in range(rounds):
        start = process_time()
        for _ in range(calls):
            work()
        times.append((process_time() - start) / calls)
    return min(times)


def take_events() -> None:
    """Run through the events of the text, and do nothing."""
    take = yaml.CSafeLoader(YAML).get_event
    while type(take()) is not yaml.StreamEndEvent:
        pass


def test_json_speed() -> None:
    """A valid JSON packet costs at most 2.3 times pydantic's own JSON road."""
    bare = time_best(lambda: Packet.model_validate_json(JSON))
    assert time_best(lambda: read(JSON, "json")) <= 2.3 * bare


def test_yaml_speed() -> None:
    """A valid YAML packet costs at most 1.3 times events and pydantic."""
    bare = time_best(take_events) + time_best(lambda: Packet.model_validate(LARGE))
    assert time_best(lambda: read(YAML)) <= 1.3 * bare
