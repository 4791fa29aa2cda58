"""Impact as JSON: the counts from which it is measured again, and for other readers the results."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pydantic import Field

from pmpromo.audit.comparison import ImpactVerdict, Part
from pmpromo.audit.options import read_tables
from pmpromo.audit.summary import list_rows
from pmpromo.digest import compute_digest
from pmpromo.errors import DataError, Problem
from pmpromo.reading.models import read_model
from pmpromo.words import Noun, Version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmpromo.audit.comparison import AttributeImpact
    from pmpromo.audit.people import Attribute

__all__ = ["Saved", "SavedImpact", "SavedRow", "read_saved", "write_saved"]

_FRACTION: Final = r"^-?[0-9]{1,3000}(/[1-9][0-9]{0,3000})?$"
_CHANGED: Final = Problem(
    "result_id", "does not match the content", "the text was changed", code="changed"
)


class SavedTable(Noun):
    """The counts of one attribute, and how its comparator is chosen."""

    attribute: str = Field(description="Its name.")
    rule: str = Field(description="max_ge_2pct, max_all, or the group it is held against.")
    groups: dict[str, tuple[int, int]] = Field(description="Selected, and people, by group.")
    unknown: tuple[int, int] = Field(description="The same of people of unknown group.")


class SavedRow(Noun):
    """What is said of one group, or of the people of unknown group, as plain numbers."""

    attribute: str = Field(description="The attribute, or several crossed.")
    comparator: str | None = Field(description="The group that others are held against, if any.")
    rule: str = Field(description="How that was chosen.")
    group: str | None = Field(description="The group; none for people of unknown group.")
    part: Part | Literal["unknown"] = Field(description="What the row is in its table.")
    people: int = Field(ge=0, description="How many people.")
    selected: int = Field(ge=0, description="How many were selected, or lie above the median.")
    rate: float | None = Field(description="Their share.")
    rate_low: float | None = Field(description="Lower end of Wilson's 95 % interval.")
    rate_high: float | None = Field(description="Upper end.")
    ratio: float | None = Field(description="Their rate over the comparator's.")
    ratio_low: float | None = Field(
        description="The ratio if people of unknown group were of these two, at its lowest."
    )
    ratio_high: float | None = Field(description="At its highest.")
    below_four_fifths: bool | None = Field(description="Whether the ratio is below four fifths.")
    shortfall: int | None = Field(description="How many more would have reached four fifths.")
    flips: bool | None = Field(description="Whether one person's outcome would change that.")
    fisher_p: float | None = Field(description="Fisher's exact test, two-sided.")
    fisher_mid_p: float | None = Field(description="Its mid-p value.")
    z: float | None = Field(description="The difference of the rates in standard errors.")
    z_p: float | None = Field(description="The two-sided p-value of z.")
    difference: float | None = Field(description="Their rate minus the comparator's.")
    difference_low: float | None = Field(description="Lower end of Newcombe's 95 % interval.")
    difference_high: float | None = Field(description="Upper end.")
    verdict: ImpactVerdict | None = Field(description="What the counts say.")


class SavedImpact(Noun):
    """An impact as it is written to JSON."""

    schema_version: Version = Field(description="Version of this format.")
    kind: Literal["selection", "scoring"] = Field(description="What the outcomes are.")
    median: str | None = Field(pattern=_FRACTION, description="Of all scores, as a fraction.")
    tables: tuple[SavedTable, ...] = Field(description="The counts, by attribute.")
    rows: tuple[SavedRow, ...] = Field(description="What follows from them.")
    result_id: str = Field(description="SHA-256 of the canonical JSON of everything else.")


class Saved(NamedTuple):
    """What is read back from a text."""

    kind: Literal["selection", "scoring"]
    median: Fraction | None
    counted: list[Attribute]
    rules: dict[str, str]


def write_saved(kind: str, median: Fraction | None, tables: Sequence[AttributeImpact]) -> str:
    """Return the JSON text of an impact."""
    content = {
        "schema_version": 1,
        "kind": kind,
        "median": None if median is None else str(median),
        "tables": [
            {
                "attribute": table.name,
                "rule": table.rule,
                "groups": {row.group: list(row.counts) for row in table.groups},
                "unknown": list(table.unknown),
            }
            for table in tables
        ],
        "rows": list_rows(tables),
    }
    content["result_id"] = compute_digest(content)
    return json.dumps(content, ensure_ascii=False, allow_nan=False)


def read_saved(text: str | bytes) -> Saved:
    """Return the counts of a JSON text; raise `DataError` where it is none, or was changed."""
    saved = read_model(SavedImpact, text, format="json", error=DataError)
    tables = {table.attribute: table for table in saved.tables}
    content = saved.model_dump(mode="json", exclude={"result_id"})
    if compute_digest(content) != saved.result_id or len(tables) < len(saved.tables):
        raise DataError([_CHANGED])
    problems: list[Problem] = []
    counts = {name: table.groups for name, table in tables.items()}
    unknown = {name: table.unknown for name, table in tables.items()}
    counted = read_tables(counts, unknown, problems)
    if problems:
        raise DataError(problems)
    median = None if saved.median is None else Fraction(saved.median)
    return Saved(saved.kind, median, counted, {name: table.rule for name, table in tables.items()})
