"""Adverse impact: how often people of each group were selected, held against one another.

Nothing here knows a packet or a rubric, and scoring cannot import it: no group ever enters a number
about a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pmpromo.audit.comparison import MAX_GE_2PCT, AttributeImpact, compare_groups
from pmpromo.audit.options import cross_columns, read_rules, read_tables
from pmpromo.audit.people import (
    compare_lengths,
    count_groups,
    find_above_median,
    read_labels,
    read_outcomes,
    read_scores,
)
from pmpromo.audit.picture import draw_impact
from pmpromo.audit.saved import read_saved, write_saved
from pmpromo.audit.summary import list_rows, write_report, write_table
from pmpromo.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from fractions import Fraction

    from pmpromo.audit.options import Comparator
    from pmpromo.audit.people import Attribute, Column, Groups
    from pmpromo.pictures.picture import DataFrame, Picture

__all__ = ["Impact", "Kind", "measure_counts", "measure_impact"]

Kind = Literal["selection", "scoring"]
"""Whether outcomes say who was selected, or are scores of which those above the median count."""


@dataclass(frozen=True, slots=True)
class Impact:
    """Adverse impact by attribute. Self-computed: it is no independent audit and clears nobody.

    `median` is that of all scores; None where the outcomes are selections.

    >>> impact = measure_impact([1, 1, 0, 1, 0, 0], ["W", "W", "W", "B", "B", "B"])
    >>> impact["group"].comparator, impact["group"]["B"].ratio
    ('W', Fraction(1, 2))
    """

    kind: Kind
    median: Fraction | None
    attributes: tuple[AttributeImpact, ...]

    def __getitem__(self, attribute: str) -> AttributeImpact:
        """Return the table of an attribute, such as `sex` or `sex x race`."""
        return {table.name: table for table in self.attributes}[attribute]

    def __str__(self) -> str:
        """Return a report of at most 80 columns."""
        return write_report(self.kind, self.median, self.attributes)

    def _repr_html_(self) -> str:
        return self.draw()._repr_html_()

    def draw(self) -> Picture:
        """Return a picture: each rate with its interval, and four fifths of the comparator's.

        >>> impact = measure_impact([1, 1, 0, 1, 0, 0], ["W", "W", "W", "B", "B", "B"])
        >>> impact.draw().alt[:75]
        'Adverse impact, selection rates. group, B: 3 people, rate 33.3%, interval 6'
        """
        return draw_impact(f"Adverse impact, {self.kind} rates", self.attributes)

    def rows(self) -> list[dict[str, Any]]:
        """Return one row a group, and one for the people of unknown group, as plain values.

        >>> impact = measure_impact([1, 0, 1], ["W", "B", None])
        >>> [(row["group"], row["part"], row["people"]) for row in impact.rows()]
        [('B', 'compared', 1), ('W', 'comparator', 1), (None, 'unknown', 1)]
        """
        return list_rows(self.attributes)

    def to_frame(self) -> DataFrame:
        """Return the rows as a frame.

        >>> impact = measure_impact([1, 0, 1], ["W", "B", None])
        >>> impact.to_frame()[["part", "people", "rate"]].values.tolist()
        [['compared', 1, 0.0], ['comparator', 1, 1.0], ['unknown', 1, 1.0]]
        """
        return self.draw().data

    def to_csv(self, *, source: str, measured: date, in_use_since: date | None = None) -> str:
        """Return the table to publish: counts, rates, ratios, and where they come from.

        `source` says what data these are, `measured` the day of measuring, `in_use_since` the day
        from which the tool is used (6 RCNY 5-303). No spreadsheet computes a cell of it.
        """
        about = {
            "source": source,
            "measured": str(measured),
            "in_use_since": str(in_use_since or ""),
            "kind": self.kind,
            "median": "" if self.median is None else f"{float(self.median):.17g}",
        }
        return write_table(self.attributes, about)

    def to_json(self) -> str:
        """Return JSON text with the counts, all that follows from them, and a digest."""
        return write_saved(self.kind, self.median, self.attributes)

    @classmethod
    def from_json(cls, text: str | bytes) -> Impact:
        """Return the impact of a JSON text, measured again from its counts.

        Raises:
            DataError: a text that is none, or was changed since it was written.

        >>> impact = measure_impact([1, 0, 1], ["W", "B", None])
        >>> Impact.from_json(impact.to_json()) == impact
        True
        """
        kind, median, counted, rules = read_saved(text)
        return _compare_all(kind, median, counted, rules)


def measure_impact(
    outcomes: Column,
    groups: Groups,
    *,
    kind: Kind = "selection",
    comparator: Comparator = MAX_GE_2PCT,
    crossed: Sequence[Sequence[str]] | None = None,
) -> Impact:
    """Measure adverse impact on groups of people.

    Args:
        outcomes: (n,) of 0 and 1, or with `kind="scoring"` of finite scores.
        groups: (n,) names, None where unknown; or such a column for each attribute, by name or as
            a frame. What forms write for it, such as `prefer not to say`, is unknown too.
        kind: the rate is the share selected, or the share strictly above the median of all scores.
        comparator: what rates are held against, for all attributes or for each by name:
            `max_ge_2pct` (the highest rate among groups of at least 2 %; smaller ones keep their
            count and rate and get no ratio), `max_all`, or the name of a group.
        crossed: attributes to look at together, such as `[("sex", "race")]`; by default all.

    Raises:
        DataError: every entry and option that cannot be used.

    >>> impact = measure_impact([3, 1, 4, 1], ["A", "B", "A", "B"], kind="scoring")
    >>> impact.median, impact["group"]["B"].rate
    (Fraction(2, 1), Fraction(0, 1))
    """
    problems: list[Problem] = []
    labels = read_labels(groups, problems)
    selected, median = _read_selected(outcomes, kind, problems)
    problems += compare_lengths(len(selected), labels)
    _refuse(problems)
    columns = {**labels, **cross_columns(labels, crossed, problems)}
    _refuse(problems)
    counted = [count_groups(name, column, selected) for name, column in columns.items()]
    return _compare_all(kind, median, counted, comparator)


def measure_counts(
    counts: Mapping[str, Any],
    *,
    kind: Kind = "selection",
    comparator: Comparator = MAX_GE_2PCT,
    unknown: Mapping[str, tuple[int, int]] | None = None,
) -> Impact:
    """Measure adverse impact from counts that somebody else made, such as a published table.

    Args:
        counts: `{group: (selected, people)}`; or such a mapping for each attribute, by name.
        kind: what the counts are of; with `scoring` those above the median count as selected.
        comparator: as in `measure_impact`.
        unknown: `{attribute: (selected, people)}` of those whose group is unknown.

    Raises:
        DataError: every count and option that cannot be used.

    >>> impact = measure_counts({"White": (16, 25), "Black": (3, 8)})
    >>> impact["group"]["Black"].ratio
    Fraction(75, 128)
    """
    problems: list[Problem] = []
    counted = read_tables(counts, unknown or {}, problems)
    _check_kind(kind, problems)
    _refuse(problems)
    return _compare_all(kind, None, counted, comparator)


def _read_selected(
    outcomes: Column, kind: object, problems: list[Problem]
) -> tuple[list[bool], Fraction | None]:
    """Return who was selected or lies above the median, and the median of scores."""
    _check_kind(kind, problems)
    read = read_scores if kind == "scoring" else read_outcomes
    values: list[Any] = read(outcomes, problems)
    if not (values or problems):
        problems.append(Problem("outcomes", "nobody to measure", "give one outcome a person"))
    if kind == "scoring" and values:
        return find_above_median(values)
    return values, None


def _check_kind(kind: object, problems: list[Problem]) -> None:
    if kind not in {"selection", "scoring"}:
        problems.append(Problem("kind", "is no kind of outcome", "give selection or scoring"))


def _compare_all(
    kind: Kind, median: Fraction | None, counted: Sequence[Attribute], comparator: Comparator
) -> Impact:
    problems: list[Problem] = []
    rules = read_rules(counted, comparator, problems)
    _refuse(problems)
    tables = tuple(compare_groups(each, rules[each.name]) for each in counted)
    return Impact(kind, median, tables)


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise DataError(problems)
