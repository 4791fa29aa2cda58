"""What was said of every generated packet, written down once.

``python tests/relations/golden.py > tests/golden/relations-1.txt`` writes it again, after a change
on purpose: a line a packet, with its number, the digest of what it holds, its totals, and a digest
of all scores and gaps. ``python tests/relations/golden.py 0 7`` says the same of numbers 0 and 7.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from relations.made import make_case
from relations.seen import see

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COUNT: Final = 2000
"""How many packets there are."""


def write_line(number: int) -> str:
    """Write what is said of one packet."""
    packet, rubric = make_case(number).read()
    seen = see(packet, rubric)
    told = sha256(repr((seen.scores, seen.gaps)).encode()).hexdigest()[:16]
    proven, possible = seen.ends[0]
    return f"{number} {packet.digest[7:23]} {proven!r} {possible!r} {told}"


def write_lines(numbers: Iterable[int]) -> Iterator[str]:
    """Write what is said of some packets."""
    return map(write_line, numbers)


if __name__ == "__main__":
    asked = map(int, sys.argv[1:]) if sys.argv[1:] else range(COUNT)
    sys.stdout.writelines(f"{line}\n" for line in write_lines(asked))
