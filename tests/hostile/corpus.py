"""All hostile files, in an order that is the same everywhere."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Final

from hostile.documents import list_documents
from hostile.large import list_large_files
from hostile.packets import list_packets
from hostile.rubrics import list_rubrics
from hostile.tables import list_tables
from hostile.workbooks import list_workbooks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hostile.files import Hostile

__all__ = ["choose_sample", "compute_digest", "list_files", "list_large"]


STEP: Final = 8
"""Of how many files one is in the sample."""


def list_files() -> list[Hostile]:
    """Return every hostile file of a size that is read at once."""
    made = chain(list_packets(), list_rubrics(), list_tables(), list_documents(), list_workbooks())
    once = {(file.kind, file.data): file for file in made}
    return sorted(once.values(), key=lambda file: file.name)


def compute_digest(files: Iterable[Hostile]) -> str:
    """Return one SHA-256 of the names, the bytes and the expectations of files."""
    digest = hashlib.sha256()
    for file in files:
        for part in (file.name.encode(), file.data, ascii(file.expected).encode()):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def choose_sample() -> list[Hostile]:
    """Return one in eight of the files, and at least three of each hazard."""
    hazards: defaultdict[str, list[Hostile]] = defaultdict(list)
    for file in list_files():
        hazards[file.hazard].append(file)
    steps = {hazard: min(STEP, len(files) // 3) for hazard, files in hazards.items()}
    return [file for hazard, files in hazards.items() for file in files[:: steps[hazard]]]


def list_large() -> list[Hostile]:
    """Return the hostile files of some ten megabytes."""
    return sorted(list_large_files(), key=lambda file: file.name)
