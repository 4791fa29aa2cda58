"""Packets as text, and the questions that the tests of the reader ask."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from pmpromo.errors import PacketError
from pmpromo.packet import Packet
from pmpromo.reading.models import build_model, read_model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmpromo.reading.models import Format

YAML: Final = """\
schema_version: 1
id: spm-b-2026h1
rubric: pure-storage-pm/l3-l4
as_of: 2026-06-30
evidence:
  - id: acq-integration
    title: Integrated acquired product
    ownership: led
    started: 2025-03-01
    scope: {functions: [engineering, sales], teams: 6}
    facts:
      - {metric: unit_arr_growth, value: 16.5, baseline: 11, unit: percent/year}
      - {behaviour: aligns_functions, point: 3}
    support:
      - {relation: cross_functional, by: sales-9, agrees: true}
declared_none: [portfolio_pricing]
"""

VALUES: Final[Mapping[str, object]] = {
    "schema_version": 1,
    "id": "spm-b-2026h1",
    "rubric": "pure-storage-pm/l3-l4",
    "as_of": "2026-06-30",
    "evidence": [
        {
            "id": "acq-integration",
            "title": "Integrated acquired product",
            "ownership": "led",
            "started": "2025-03-01",
            "scope": {"functions": ["engineering", "sales"], "teams": 6},
            "facts": [
                {
                    "metric": "unit_arr_growth",
                    "value": 16.5,
                    "baseline": 11,
                    "unit": "percent/year",
                },
                {"behaviour": "aligns_functions", "point": 3},
            ],
            "support": [{"relation": "cross_functional", "by": "sales-9", "agrees": True}],
        }
    ],
    "declared_none": ["portfolio_pricing"],
}

JSON: Final = json.dumps(VALUES, indent=1)


def read(data: bytes | str, format: Format = "yaml") -> Packet:  # noqa: A002
    """The packet in a text."""
    return read_model(Packet, data, format=format, error=PacketError, source="p")


def complain(
    data: bytes | str,
    format: Format = "yaml",  # noqa: A002
    refused: Mapping[str, str] | None = None,
) -> list[str]:
    """What the reader says about a text, one line a problem."""
    try:
        read_model(
            Packet, data, format=format, error=PacketError, source="p", refused=refused or {}
        )
    except PacketError as error:
        return [str(problem) for problem in error.problems]
    return []


def complain_about(values: object) -> list[str]:
    """What the reader says about a Python object, one line a problem."""
    try:
        build_model(Packet, values, error=PacketError)  # type: ignore[arg-type]
    except PacketError as error:
        return [str(problem) for problem in error.problems]
    return []


def change(old: str, new: str) -> str:
    """The YAML sample with one piece changed."""
    assert old in YAML
    return YAML.replace(old, new, 1)
