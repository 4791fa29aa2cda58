"""Every number in a result, whatever kind of result it is."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["find_bad", "list_numbers"]


def list_numbers(value: Any) -> Iterator[float]:  # noqa: ANN401 - whatever results hold
    """Yield every number in plain data, frames, and texts of JSON."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from list_numbers(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from list_numbers(inner)
    elif isinstance(value, (int, float)):
        yield value
    elif hasattr(value, "to_dict"):
        yield from list_numbers(value.to_dict("list"))
    elif hasattr(value, "tolist"):
        yield from list_numbers(value.tolist())


def find_bad(*results: Any) -> list[float]:  # noqa: ANN401 - as above
    """Return the numbers that are not finite."""
    return [number for number in list_numbers(results) if not math.isfinite(number)]


def read_json(text: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return what a text of JSON holds; NaN and Infinity are read, to be found."""
    return json.loads(text)
