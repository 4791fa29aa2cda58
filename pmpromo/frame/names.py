"""Many names at once: whether all of them can be identifiers, and which are one but for case."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Final

import numpy as np

from pmpromo.words import LONGEST_IDENTIFIER, LONGEST_TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmpromo.scoring.columns import Ints

__all__ = ["are_names", "are_plain_texts", "fold_names"]

_END, _INSIDE, _NEVER, _BREAK = b"a. \n"
_LETTERS: Final = (string.ascii_letters + string.digits).encode()
_KINDS: Final = {
    **dict.fromkeys(_LETTERS, _END),
    **dict.fromkeys(b"._:/-", _INSIDE),
    _BREAK: _BREAK,
}
_SHAPES: Final = bytes(_KINDS.get(byte, _NEVER) for byte in range(256))
"""What each byte of a name is: fit to stand at its ends, inside it, or nowhere."""


def are_names(values: Sequence[object]) -> bool:
    r"""Tell whether all of some values are identifiers, as `is_identifier` tells of one.

    >>> are_names(["p-1", "p-2"]), are_names(["p-1", ""]), are_names(["p-1\np-2"])
    (True, False, False)
    """
    try:
        joined = "\n".join(["", *values, ""])  # type: ignore[list-item]
        shapes = joined.encode("ascii").translate(_SHAPES)
    except (TypeError, UnicodeEncodeError):
        return False
    if _NEVER in shapes:
        return False
    line = np.frombuffer(shapes, dtype=np.uint8)
    breaks = np.flatnonzero(line == _BREAK)
    ends = line[breaks[:-1] + 1], line[breaks[1:] - 1]
    lengths = np.diff(breaks) - 1
    whole = len(lengths) == len(values) and all((end == _END).all() for end in ends)
    return whole and int(lengths.max(initial=0)) <= LONGEST_IDENTIFIER


def are_plain_texts(values: Sequence[object]) -> bool:
    r"""Tell whether all of some values are texts of printable ASCII, none of them long.

    >>> are_plain_texts(["doc:1", "a b"]), are_plain_texts(["a\nb"]), are_plain_texts(["\u00e9"])
    (True, False, False)
    """
    try:
        joined = "".join(values)  # type: ignore[arg-type]
    except TypeError:
        return False
    longest = max(map(len, values), default=0)  # type: ignore[arg-type]
    return joined.isascii() and joined.isprintable() and all(values) and longest <= LONGEST_TEXT


def fold_names(names: Sequence[str]) -> tuple[Ints, Ints]:
    """Number distinct identifiers without regard to case.

    Returns the first place of each, and the number of each name.

    >>> first, numbers = fold_names(["a", "B", "b"])
    >>> first.tolist(), numbers.tolist()
    ([0, 1], [0, 1, 1])
    """
    joined = "\n".join(names)
    folded = joined.lower()
    # Names of small letters alone, or of capitals alone, differ in more than case.
    if joined in (folded, joined.upper()):
        places = np.arange(len(names), dtype=np.int32)
        return places, places
    numbers: dict[str, int] = {}
    told = [numbers.setdefault(name, len(numbers)) for name in folded.split("\n")]
    return np.unique(told, return_index=True)[1], np.array(told, dtype=np.int32)
