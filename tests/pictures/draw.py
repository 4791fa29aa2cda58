"""Save one picture of each family, as they are drawn today: run this and look at each."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    tests = Path(__file__).parents[1]
    sys.path[:0] = [str(tests), str(tests.parent)]
    from sketches import FAMILIES, NAMES

    for family, draw in FAMILIES.items():
        draw(NAMES).save(tests / "golden" / "pictures" / f"{family}.svg")
