"""What a record can hold: assessments, what people did about them, and what was erased."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeAlias

from pydantic import Field, JsonValue

from pmpromo.digest import compute_digest
from pmpromo.words import DIGEST, Identifier, Noun, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "NOUNS",
    "Appeal",
    "Assessed",
    "Correction",
    "Decision",
    "Erasure",
    "Material",
    "Override",
    "Recordable",
    "name_kind",
]

Json: TypeAlias = dict[str, JsonValue]
"""An object as JSON holds it."""

Seq = Annotated[int, Field(strict=True, ge=1)]
"""The number of an entry: the line it stands on, from 1."""

_DigestText = Annotated[str, Field(pattern=DIGEST)]


class Material(Noun):
    """A rubric or a fitted model, recorded once; assessments name it by its digest.

    >>> Material(of="rubric", content={"id": "r"}).digest == compute_digest({"id": "r"})
    True
    """

    of: Literal["rubric", "model"] = Field(description="What it is.")
    content: Json = Field(description="All of it, as JSON.")

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of the content."""
        return compute_digest(self.content)


class Assessed(Noun):
    """A packet was assessed: what went in, and what came out."""

    candidate: Identifier = Field(description="Whom the packet is about.")
    packet: Json = Field(description="The packet, as JSON.")
    result: Json = Field(description="The assessment, as JSON.")
    rubric: _DigestText = Field(description="Digest of the recorded rubric.")
    model: _DigestText | None = Field(default=None, description="Digest of the recorded model.")


class Override(Noun):
    """A person put another result in the place of a computed one."""

    candidate: Identifier = Field(description="Whom it is about.")
    who: Text = Field(description="Who did it.")
    why: Text = Field(description="The reason given.")
    before: JsonValue = Field(description="What was computed.")
    after: JsonValue = Field(description="What stands now.")
    about: Seq | None = Field(default=None, description="The entry it overrides.")


class Decision(Noun):
    """What the committee did. The library records it; people did it."""

    candidate: Identifier = Field(description="Whom it is about.")
    who: Text = Field(description="Who did it.")
    why: Text = Field(description="The reason given.")
    outcome: Literal["promoted", "not_promoted", "deferred"] = Field(description="What was done.")
    about: Seq | None = Field(default=None, description="The assessment that lay before them.")


class Appeal(Noun):
    """The person contests an entry, or somebody answers that."""

    candidate: Identifier = Field(description="Whom it is about.")
    who: Text = Field(description="Who contests or answers.")
    why: Text = Field(description="What is said.")
    step: Literal["opened", "answered", "withdrawn"] = Field(description="Where it stands.")
    about: Seq | None = Field(default=None, description="The entry contested, or the appeal.")


class Correction(Noun):
    """A fact was wrong and is put right. This is no appeal: nobody's view is contested."""

    candidate: Identifier = Field(description="Whom it is about.")
    who: Text = Field(description="Who corrected it.")
    why: Text = Field(description="How it is known.")
    before: JsonValue = Field(description="What was recorded.")
    after: JsonValue = Field(description="What is true.")
    about: Seq | None = Field(default=None, description="The entry that held it.")


class Erasure(Noun):
    """Bodies of entries were removed. It does not say whose."""

    entries: tuple[Seq, ...] = Field(min_length=1, description="The entries erased.")
    who: Text = Field(description="Who erased them.")
    why: Text = Field(description="On what ground.")


Recordable: TypeAlias = Material | Assessed | Override | Decision | Appeal | Correction
"""What people record; erasures are written by `Record.erase` alone."""

NOUNS: Final[Mapping[str, type[Noun]]] = {
    "material": Material,
    "assessment": Assessed,
    "override": Override,
    "decision": Decision,
    "appeal": Appeal,
    "correction": Correction,
    "erasure": Erasure,
}
"""The nouns of a record, by the kind that their entries name."""


def name_kind(noun: Any) -> str | None:  # noqa: ANN401 - whatever somebody wants to record
    """Return the kind of an entry for a noun; None for what cannot be recorded.

    >>> name_kind(Material(of="model", content={})), name_kind("a note")
    ('material', None)
    """
    return next((kind for kind, model in NOUNS.items() if type(noun) is model), None)
