"""`pmpromo impact`: adverse impact on groups of people, from a table with one row a person."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pmpromo.audit.comparison import MAX_GE_2PCT
from pmpromo.audit.impact import measure_impact
from pmpromo.cli.answer import Answer, read_option_day
from pmpromo.errors import DataError, Problem
from pmpromo.reading.numbers import NumberError, read_plain
from pmpromo.reading.sheet import read_sheet
from pmpromo.words import suggest

if TYPE_CHECKING:
    import argparse

    from pmpromo.audit.impact import Impact
    from pmpromo.audit.options import Comparator
    from pmpromo.reading.sheet import Sheet

__all__ = ["add_impact"]

_COLUMNS: Final = "the first line names the columns"

_ENTRY: Final = re.compile(r"(outcomes|groups\['(?P<group>.+)'\])\[(?P<row>[0-9]+)\]")
"""How a problem of a column names its entry."""


def add_impact(parser: argparse.ArgumentParser) -> None:
    """Say where outcomes and groups stand, and what rates are held against."""
    parser.add_argument("outcomes", metavar="OUTCOMES", help="a CSV file, one row a person")
    parser.add_argument(
        "--outcome",
        default="promoted",
        metavar="COLUMN",
        help="1 or 0, or scores; default promoted",
    )
    parser.add_argument(
        "--group",
        action="append",
        required=True,
        metavar="COLUMN",
        help="a column of groups, empty where unknown; several are also looked at together",
    )
    parser.add_argument(
        "--kind",
        choices=("selection", "scoring"),
        default="selection",
        help="the share selected, or the share above the median score",
    )
    parser.add_argument(
        "--comparator",
        action="append",
        default=[],
        metavar="[COLUMN=]GROUP",
        help="max_ge_2pct (the default), max_all, or a group; for all or for one column",
    )
    _add_format(parser)
    parser.set_defaults(run=_measure)


def _add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json", "csv"), default="text")
    parser.add_argument("--source", metavar="TEXT", help="csv: what data these are")
    parser.add_argument(
        "--measured", type=read_option_day, metavar="DATE", help="csv: the day of measuring"
    )
    parser.add_argument(
        "--in-use-since", type=read_option_day, metavar="DATE", help="csv: since when it is used"
    )


def _measure(options: argparse.Namespace) -> Answer:
    _check_summary(options)
    sheet = read_sheet(options.outcomes)
    _check_columns(sheet, [options.outcome, *options.group])
    outcomes = [_read_cell(cell) for cell in sheet.columns[options.outcome]]
    groups = {name: sheet.columns[name] for name in options.group}
    comparator = _read_comparator(options.comparator or [MAX_GE_2PCT])
    try:
        impact = measure_impact(outcomes, groups, kind=options.kind, comparator=comparator)
    except DataError as error:
        problems = [_lead_to_line(each, sheet, options.outcome) for each in error.problems]
        raise DataError(problems) from None
    return Answer(_write(impact, options), for_programs=options.format != "text")


def _write(impact: Impact, options: argparse.Namespace) -> str:
    if options.format == "json":
        return impact.to_json()
    if options.format == "text":
        return str(impact)
    return impact.to_csv(
        source=options.source, measured=options.measured, in_use_since=options.in_use_since
    ).rstrip("\n")


def _check_summary(options: argparse.Namespace) -> None:
    """A table to publish says what data it is of, and when it was made; nobody can guess that."""
    missing = [name for name in ("source", "measured") if getattr(options, name) is None]
    if options.format == "csv" and missing:
        hint = "a table to publish says what data these are, and the day of measuring"
        raise DataError([Problem(f"--{name}", "is missing", hint) for name in missing])


def _check_columns(sheet: Sheet, names: list[str]) -> None:
    problems = [
        Problem(f"{sheet.name}: {name}", "no such column", suggest(name, sheet.columns, _COLUMNS))
        for name in dict.fromkeys(names)
        if name not in sheet.columns
    ]
    if problems:
        raise DataError(problems)


def _read_cell(cell: str) -> object:
    """Return the number that a cell holds; the text itself if it holds none."""
    try:
        return read_plain(cell) if cell else cell
    except NumberError:
        return cell


def _read_comparator(given: list[str]) -> Comparator:
    """Return the comparator of all columns, or of each one that is named."""
    if len(given) == 1 and "=" not in given[0]:
        return given[0]
    pairs = [text.partition("=") for text in given]
    if not all(sign for _, sign, _ in pairs):
        hint = "give one for all columns, or COLUMN=GROUP for each"
        raise DataError([Problem("--comparator", "is given for all and for one", hint)])
    return {name: group for name, _, group in pairs}


def _lead_to_line(problem: Problem, sheet: Sheet, outcome: str) -> Problem:
    """Return a problem of an entry as one of the line on which it stands."""
    found = _ENTRY.fullmatch(problem.path)
    if found is None:
        return replace(problem, path=f"{sheet.name}: {problem.path}")
    column = found["group"] or outcome
    return sheet.make_problem(column, int(found["row"]), problem.message, problem.hint)
