"""The links of a record: how an entry is written, sealed to the one before, and read with doubt.

An entry is one line of canonical JSON. Its *head* (seq, at, kind, cut, previous, commitment) is
sealed by its digest, and the next entry's head holds that digest. The *body* is what an entry says;
the head holds only a commitment to it, SHA-256 of a random salt and the body's canonical JSON. So a
body can be erased with its salt, and the head, its digest and every later link stay as they were.
What was erased cannot be guessed from its commitment: for every guess of the body there are 2^256
salts to try.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydantic import ValidationError

from pmpromo.audit.nouns import NOUNS, name_kind
from pmpromo.digest import compute_digest, write_canonical
from pmpromo.words import DIGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pmpromo.words import Noun

__all__ = [
    "LONGEST_ENTRY",
    "ORIGIN",
    "SALT",
    "SALT_BYTES",
    "TIME",
    "VERSION",
    "Damage",
    "Entry",
    "Receipt",
    "commit",
    "read_entry",
    "seal",
    "write_entry",
]

ORIGIN: Final = f"sha256:{'0' * 64}"
"""What stands in the first entry for the digest of the one before."""

SALT_BYTES: Final = 32
"""Random bytes that hide a body behind its commitment: as many as the digest has."""

LONGEST_ENTRY: Final = 16 * 1024 * 1024
"""Bytes of an entry; a long packet with its assessment takes some 200 thousand."""

VERSION: Final = 1
"""The version of the format of an entry."""

TIME: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]{6})?\+00:00$"
"""What a time looks like: as ISO 8601 has it, in UTC."""

SALT: Final = f"^[0-9a-f]{{{2 * SALT_BYTES}}}$"
"""What a salt looks like."""


class Damage(Exception):  # noqa: N818 - a signal inside this room, told as a problem with its line
    """A line is no entry, or was changed; says how."""


class Receipt(NamedTuple):
    """The number of an entry and its digest: keep it elsewhere, and nothing before it can be lost.

    >>> str(Receipt(3, "sha256:ab"))
    '3:sha256:ab'
    """

    seq: int
    digest: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.digest}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a record. `salt` and `body` are None once they were erased.

    `at` is when it was made, as it was told, in UTC; `cut` how many bytes of an unfinished line
    before it were removed. Its `repr` tells neither salt nor body: logs outlive an erasure.
    """

    seq: int
    at: str
    kind: str
    cut: int
    previous: str
    commitment: str
    salt: str | None = field(repr=False)
    body: Mapping[str, Any] | None = field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of the head."""
        head = {name: getattr(self, name) for name in _HEAD}
        return compute_digest({"schema_version": VERSION, **head})

    @property
    def receipt(self) -> Receipt:
        """What to keep elsewhere."""
        return Receipt(self.seq, self.digest)

    @property
    def noun(self) -> Noun | None:
        """What the entry says; None once it was erased."""
        return None if self.body is None else NOUNS[self.kind].model_validate(self.body)

    @property
    def is_erased(self) -> bool:
        """Whether the body was removed."""
        return self.body is None


_HEAD: Final = ("seq", "at", "kind", "cut", "previous", "commitment")
_KEYS: Final = frozenset({"schema_version", "digest", "salt", "body", *_HEAD})


def commit(salt: str, body: object) -> str:
    """Return the commitment to a body: SHA-256 of the salt's bytes and the body's canonical JSON.

    >>> commit("00" * 32, {}) == commit("01" * 32, {})
    False
    """
    text = write_canonical(body).encode()
    return "sha256:" + hashlib.sha256(bytes.fromhex(salt) + text).hexdigest()


def seal(noun: Noun, at: str, salt: bytes, after: Entry | None, cut: int = 0) -> Entry:
    """Return the entry that says `noun` and stands after another, or first."""
    body = noun.model_dump(mode="json")
    return Entry(
        seq=1 if after is None else after.seq + 1,
        at=at,
        kind=name_kind(noun) or "",
        cut=cut,
        previous=ORIGIN if after is None else after.digest,
        commitment=commit(salt.hex(), body),
        salt=salt.hex(),
        body=body,
    )


def write_entry(entry: Entry) -> bytes:
    """Return the line of an entry, with its end."""
    head = {name: getattr(entry, name) for name in _HEAD}
    sealed = {**head, "schema_version": VERSION, "digest": entry.digest}
    return write_canonical({**sealed, "salt": entry.salt, "body": entry.body}).encode() + b"\n"


def read_entry(line: bytes) -> Entry:
    """Return the entry of a line without its end; raise `Damage` saying what differs.

    A line that is not byte for byte what we would write was changed.
    """
    value = _parse(line)
    entry = Entry(**{name: value[name] for name in (*_HEAD, "salt", "body")})
    _check_body(entry)
    if value["digest"] != entry.digest:
        message = "at, kind, cut or digest was changed: the head does not give the digest"
        raise Damage(message)
    return entry


def _parse(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
        is_ours = write_canonical(value).encode() == line
    except (ValueError, RecursionError):
        message = "is not the JSON of an entry"
        raise Damage(message) from None
    if not (is_ours and isinstance(value, dict)):
        message = "is not written as entries are"
        raise Damage(message)
    version = value.get("schema_version")
    if type(version) is not int or version != VERSION:
        message = "is of another version; a newer release may read it"
        raise Damage(message)
    strange = [name for name, fits in _FORMS.items() if not fits(value.get(name))]
    if strange or value.keys() != _KEYS:
        message = f"{' and '.join(strange) or 'a key'} is not as in an entry"
        raise Damage(message)
    return value


def _check_body(entry: Entry) -> None:
    """Hold the body against its commitment, and its form against its kind."""
    if entry.body is None and entry.salt is None:
        return
    if entry.body is None or entry.salt is None:
        message = "half of its body was removed"
        raise Damage(message)
    if commit(entry.salt, entry.body) != entry.commitment:
        message = "body, salt or commitment was changed: they do not fit together"
        raise Damage(message)
    try:
        entry.noun  # noqa: B018 - reading it is the check
    except ValidationError:
        message = f"its body is no {entry.kind}"
        raise Damage(message) from None


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(DIGEST, value) is not None


_FORMS: Final[Mapping[str, Callable[[object], bool]]] = {
    "seq": _is_count,
    "at": lambda value: isinstance(value, str) and re.fullmatch(TIME, value) is not None,
    "kind": lambda value: isinstance(value, str) and value in NOUNS,
    "cut": _is_count,
    "previous": _is_digest,
    "commitment": _is_digest,
    "digest": _is_digest,
    "salt": lambda value: (
        value is None or (isinstance(value, str) and re.fullmatch(SALT, value) is not None)
    ),
    "body": lambda value: value is None or isinstance(value, dict),
}
"""What each part of an entry must look like."""
