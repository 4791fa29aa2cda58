"""Ids for machines, made from names for people: ASCII, unique, the same in every run."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["make_id", "make_ids"]

LONGEST_MADE: Final = 32
"""How long an id is made: three of them, each with its mark, still make one id of a rubric."""

MARK: Final = 6
"""How many hexadecimal digits tell apart what letters cannot."""

_CODE: Final = re.compile(r"[A-Z]{1,4}-?[0-9]{1,2}(?![0-9A-Za-z])")
"""The code that many levels begin with, such as L3 or IC-4."""


def make_id(name: str) -> str:
    """Return an id made from a name: its ASCII letters and digits in lower case.

    Accents are dropped. What ASCII cannot write, such as another script, is told by a mark.

    >>> make_id("Résumé & reach"), make_id("影響力")
    ('resume_reach', 'n_e6f833')
    """
    folded = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    made = "_".join(re.findall("[a-z0-9]+", bare))[:LONGEST_MADE].strip("_")
    is_whole = made and all(letter.isascii() or not letter.isalnum() for letter in bare)
    return made if is_whole else f"{made or 'n'}_{_mark(name)}"


def make_ids(names: Iterable[str], *, keep_codes: bool = False) -> dict[str, str]:
    """Return the id of each name, no two alike when case is folded.

    Of names that give the same id the first keeps it, so that a name added later changes none.
    With `keep_codes` a name that begins with a code, such as ``L3 Senior``, has it for its id.

    >>> make_ids(["C", "C++"])
    {'C': 'c', 'C++': 'c_f1deb7'}
    >>> make_ids(["L3 Senior", "Staff"], keep_codes=True)
    {'L3 Senior': 'L3', 'Staff': 'staff'}
    """
    made: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        code = _CODE.match(name) if keep_codes else None
        wished = code[0] if code else make_id(name)
        made[name] = wished if wished.casefold() not in taken else f"{wished}_{_mark(name)}"
        taken.add(made[name].casefold())
    return made


def _mark(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:MARK]
