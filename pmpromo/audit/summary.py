"""Impact tables for people and programs: a report of 80 columns, rows, a public summary."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from pmpromo.audit.comparison import RULES, GroupImpact
from pmpromo.audit.figures import guard_cell, write_decimal, write_p, write_ratio, write_share
from pmpromo.audit.rates import Counts
from pmpromo.pictures.terminal import write_rows, write_wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmpromo.audit.comparison import AttributeImpact

__all__ = ["BANNER", "list_rows", "say_verdict", "write_report", "write_table"]

BANNER: Final = "Self-computed; this is not an independent audit, and it clears nobody."
"""Stands over every report and in every row of a public summary."""

WIDTH: Final = 80
"""Columns of a report."""

_JOIN: Final = "\u00a0"
"""A blank at which no line ends."""

_COLUMNS: Final = (22, -7, -8, -6, -6, -7, -6, 11)
_SELECTED: Final = {"selection": "selected", "scoring": "above the median"}
_HEADS: Final = {"selection": "selected", "scoring": "above"}
_SAYS: Final = {"evidence": "evidence", "no_evidence": "no evidence", "too_few": "too few"}
_PARTS: Final = {"comparator": "comparator", "excluded": "under 2 %"}

_NOBODY: Final = GroupImpact("", Counts(0, 0), Fraction(0), None, Counts(0, 0), "excluded")
"""Of people of unknown group nothing follows but their counts."""

LEGEND: Final = """\
p: Fisher's exact test, two-sided, not corrected for looking at several groups.
z: the difference of the rates in standard errors.
evidence: the rate is lower, and p is below 0.05.
too few: not so, yet the ratio is below four fifths, or one person's outcome
  would change that, or no outcome at all could have given such a p.
no evidence: none of these. That does not show that chances are equal."""
"""What the words and columns of a report mean."""


def write_report(kind: str, median: Fraction | None, tables: Sequence[AttributeImpact]) -> str:
    """Write impact tables for people, at most 80 columns wide."""
    parts = [
        f"Adverse impact, {kind} rates",
        BANNER,
        *([] if median is None else [f"Median of all scores: {float(median):g}"]),
        *("\n" + "\n".join(_write_attribute(kind, table)) for table in tables),
        "",
        LEGEND,
    ]
    return "\n".join(parts)


def _write_attribute(kind: str, table: AttributeImpact) -> Iterator[str]:
    known, unknown = table.known, table.unknown
    selected = _SELECTED[kind]
    told = f"{table.name}: {known.n} people of known group, {known.selected} {selected}"
    if unknown.n:
        told += f"; {unknown.n} of unknown group, {unknown.selected} {selected}"
    yield from _wrap(f"{told}. {_tell_comparator(table)}")
    heads = ["Group", "people", _HEADS[kind], "rate", "ratio", "p", "z", ""]
    yield from write_rows([heads, *map(_list_cells, table.groups)], _COLUMNS)
    for row in table.groups:
        if row.verdict in {"evidence", "too_few"}:
            yield from _wrap(f"{row.group}: {'; '.join(_tell_row(row))}.")


def _tell_comparator(table: AttributeImpact) -> str:
    if table.undefined:
        return f"No ratio is defined: {table.undefined}."
    rule = RULES.get(table.rule)
    return f"Held against {table.comparator}{f', {rule}' if rule else ', as asked'}."


def _list_cells(row: GroupImpact) -> list[str]:
    fisher, z = row.fisher, row.z
    return [
        row.group,
        str(row.counts.n),
        str(row.counts.selected),
        write_share(row.rate),
        write_ratio(row.ratio),
        write_p(None if fisher is None else fisher.p),
        "-" if z is None else write_decimal(Fraction(z), 2),
        say_verdict(row),
    ]


def say_verdict(row: GroupImpact) -> str:
    """Return the verdict in words, or why a group has none."""
    if row.part == "compared":
        return "undefined" if row.verdict is None else _SAYS[row.verdict]
    return _PARTS[row.part]


def _tell_row(row: GroupImpact) -> Iterator[str]:
    """Tell what stands behind a verdict."""
    if row.shortfall:
        yield f"{row.shortfall} more would have reached four fifths"
    elif row.verdict == "evidence":
        yield "not below four fifths, yet chance alone seldom does this"
    if row.flips:
        yield "one person's outcome would change the four-fifths answer"
    ends = row.difference_interval or ()
    points = [write_decimal(100 * Fraction(each), 1) for each in (row.difference or 0, *ends)]
    yield f"rates differ by {points[0]} points (95 %: {' to '.join(points[1:])})"
    if row.unknown.n:
        low, high = map(write_ratio, row.ratio_bounds)
        yield f"with those of unknown group the ratio lies within {low} to {high}"


def _wrap(text: str) -> list[str]:
    """Wrap a text to 80 columns; a percent sign stays with its number."""
    lines = write_wrapped(text.replace(" %", f"{_JOIN}%"), WIDTH, "  ")
    return [line.replace(_JOIN, " ") for line in lines]


def list_rows(tables: Iterable[AttributeImpact]) -> list[dict[str, Any]]:
    """Return one plain row a group, and one for the people of unknown group, ready for a frame."""
    return [row for table in tables for row in _list_table(table)]


def _list_table(table: AttributeImpact) -> Iterator[dict[str, Any]]:
    shared = {"attribute": table.name, "comparator": table.comparator, "rule": table.rule}
    for row in table.groups:
        yield {**shared, **_list_counts(row.group, row.part, row.counts), **_list_row(row)}
    yield {**shared, **_list_counts(None, "unknown", table.unknown), **_list_row(_NOBODY)}


def _list_counts(group: str | None, part: str, counts: Counts) -> dict[str, Any]:
    rate = counts.rate
    return {
        "group": group,
        "part": part,
        "people": counts.n,
        "selected": counts.selected,
        "rate": None if rate is None else float(rate),
    }


def _list_row(row: GroupImpact) -> dict[str, Any]:
    """Return what is said of a group beside its counts, as plain numbers."""
    fisher = row.fisher
    return {
        **_name_ends("rate", row.rate_interval),
        "ratio": _to_float(row.ratio),
        **_name_ends("ratio", tuple(map(_to_float, row.ratio_bounds))),
        "below_four_fifths": row.below_four_fifths,
        "shortfall": row.shortfall,
        "flips": row.flips,
        "fisher_p": fisher and fisher.p,
        "fisher_mid_p": fisher and fisher.mid_p,
        "z": row.z,
        "z_p": row.z_p,
        "difference": _to_float(row.difference),
        **_name_ends("difference", row.difference_interval),
        "verdict": row.verdict,
    }


def _name_ends(name: str, ends: tuple[float | None, ...] | None) -> dict[str, float | None]:
    low, high = ends or (None, None)
    return {f"{name}_low": low, f"{name}_high": high}


def _to_float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def write_table(tables: Iterable[AttributeImpact], about: Mapping[str, str]) -> str:
    """Write the rows as CSV, each with what is told `about` the data before it and the banner."""
    rows = [
        {**about, **{key: _write_cell(value) for key, value in row.items()}, "notice": BANNER}
        for row in list_rows(tables)
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: guard_cell(cell) for key, cell in row.items()} for row in rows)
    return text.getvalue()


def _write_cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value
