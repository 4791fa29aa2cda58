"""The lowest versions that pyproject.toml allows, as constraints of pip: one library a line."""

from __future__ import annotations

import re
import sys
import tomllib
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

FLOOR: Final = re.compile(r"^([\w-]+)(?:\[[\w,]+\])?>=([\d.]+)")
"""A name, at times an extra of it, and the lowest version."""

USED: Final = ("excel", "arrow", "sklearn", "png", "test")
"""The extras that the package itself imports, and what tests it, whose frames it reads."""


def list_floors(text: str) -> Iterator[str]:
    """List the lowest version of each library that the package or its tests import."""
    project = tomllib.loads(text)["project"]
    extras = project["optional-dependencies"]
    asked = chain(project["dependencies"], *(extras.get(name, ()) for name in USED))
    for line in dict.fromkeys(asked):
        found = FLOOR.match(line)
        if not found:
            message = f"{line}: names no lowest version"
            raise ValueError(message)
        yield f"{found[1]}=={found[2]}"


if __name__ == "__main__":
    sys.stdout.writelines(
        f"{floor}\n" for floor in list_floors(Path(sys.argv[1]).read_text(encoding="utf-8"))
    )
