"""The door for past decisions: a file of scores, ratings or evidence, with what was decided."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from pmpromo.errors import DataError, Problem
from pmpromo.frame import make_frame
from pmpromo.frame.score import score_frame
from pmpromo.ratings import score_ratings
from pmpromo.readiness.scores import PROVEN, RATINGS, Scores
from pmpromo.reading.numbers import NumberError, read_plain
from pmpromo.reading.sheet import read_sheet
from pmpromo.rubric import Rubric
from pmpromo.words import suggest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmpromo.reading.sheet import Sheet

__all__ = ["Decisions", "read_decisions", "read_scores"]

_Rubrics: TypeAlias = Mapping[str | None, Rubric]
"""The rubric of each transition by its name in the file; under None the one of all rows."""

_NEEDED: Final = "a file of decisions has promoted, and proven, ratings or evidence"
_ROW: Final = re.compile(r"(\w+)\[(\d+)\]")
"""How a problem of columns names its row."""


class Decisions(NamedTuple):
    """Past decisions, one entry each: the score, 1 or 0 for promoted, and the transition.

    `lines` are the lines of the file on which they begin.

    >>> Decisions(Scores((0.25, 0.75), "proven"), (0, 1), None, (2, 3)).scores.score_source
    'proven'
    """

    scores: Scores
    promoted: tuple[int, ...]
    groups: tuple[str, ...] | None
    lines: tuple[int, ...]


def read_decisions(
    path: object, rubric: Rubric | Mapping[str, Rubric], *, group: str | None = None
) -> Decisions:
    """Read a CSV file of past decisions: one row a decision, a rating, or a fact.

    `promoted` holds 1 or 0. The score is `proven`, the packet's proven total on the day of the
    decision; or it is computed from ratings, either one column a criterion of the rubric, or
    `packet_id`, `criterion`, `rater_id` and `rating` with one row each; or from evidence, the
    columns that `score_frame` takes and `decided_on`, the day on which each packet is read. `group`
    names the column that tells the transition; `rubric` then maps its names to rubrics.

    Raises:
        DataError: every missing column, and every bad cell with its line.

    >>> from pmpromo import fit_readiness, load_rubric
    >>> rubric = load_rubric("pure-storage-pm/l3-l4")
    >>> past = read_decisions("examples/decisions/decisions.csv", rubric)
    >>> fit_readiness(past.scores, past.promoted, rubric=rubric).n_decisions
    500
    """
    rubrics: _Rubrics = {None: rubric} if isinstance(rubric, Rubric) else dict(rubric.items())
    sheet = read_sheet(path)
    if (group is None) != (None in rubrics):
        hint = "a mapping of names to rubrics goes with the column that holds the names"
        raise DataError([Problem("group", "does not go with the rubrics given", hint)])
    told = ("promoted", *([] if group is None else [group]))
    _check_columns(sheet, told)
    cases = _gather_cases(sheet)
    firsts = [rows[0] for rows in cases]
    groups = None if group is None else [sheet.columns[group][row] for row in firsts]
    problems = [
        *chain.from_iterable(_find_contradictions(sheet, name, cases) for name in told),
        *_find_bad_outcomes(sheet, firsts),
        *([] if group is None else _find_strangers(sheet, group, firsts, rubrics)),
    ]
    scores = _read_proven(sheet, problems) if "proven" in sheet.columns else None
    if scores is None and not problems:
        read = _score_evidence if "fact" in sheet.columns else _rate
        scores = read(sheet, cases, group, rubrics, problems)
    if problems or scores is None:
        raise DataError(problems)
    return Decisions(
        scores,
        tuple(int(sheet.columns["promoted"][row]) for row in firsts),
        None if groups is None else tuple(groups),
        tuple(sheet.lines[row] for row in firsts),
    )


def read_scores(path: object) -> Scores:
    """Read the proven totals of a CSV file, such as those of a cycle not yet decided.

    Raises:
        DataError: no column `proven`, and every cell that is no share, with its line.
    """
    sheet = read_sheet(path)
    _check_columns(sheet, ("proven",))
    problems: list[Problem] = []
    scores = _read_proven(sheet, problems)
    if problems:
        raise DataError(problems)
    return scores


def _check_columns(sheet: Sheet, names: Iterable[str]) -> None:
    missing = [name for name in names if name not in sheet.columns]
    if missing:
        raise DataError(
            [
                Problem(
                    f"{sheet.name}: {name}", "no such column", suggest(name, sheet.columns, _NEEDED)
                )
                for name in missing
            ]
        )


def _gather_cases(sheet: Sheet) -> list[list[int]]:
    """Return the rows of each decision: those of a packet for ratings and facts, else each one."""
    n = len(sheet.lines)
    if not {"rating", "fact"} & sheet.columns.keys():
        return [[row] for row in range(n)]
    _check_columns(sheet, ("packet_id",))
    rows_of: dict[str, list[int]] = {}
    for row, packet in enumerate(sheet.columns["packet_id"]):
        rows_of.setdefault(packet, []).append(row)
    return list(rows_of.values())


def _find_contradictions(sheet: Sheet, name: str, cases: Iterable[list[int]]) -> Iterator[Problem]:
    """Yield a problem for each row of a packet that says another thing than its first row."""
    column = sheet.columns[name]
    for first, *others in cases:
        for row in others:
            if column[row] != column[first]:
                message = f"differs from line {sheet.lines[first]}, of the same packet"
                yield sheet.make_problem(name, row, message, "say the same in every row")


def _find_bad_outcomes(sheet: Sheet, rows: Iterable[int]) -> Iterator[Problem]:
    for row in rows:
        if sheet.columns["promoted"][row] not in {"0", "1"}:
            hint = "write 1 for promoted, 0 for not promoted"
            yield sheet.make_problem("promoted", row, "neither 0 nor 1", hint)


def _find_strangers(
    sheet: Sheet, group: str, rows: Iterable[int], rubrics: _Rubrics
) -> Iterator[Problem]:
    for row in rows:
        if sheet.columns[group][row] not in rubrics:
            hint = f"the rubrics given are for {', '.join(map(str, rubrics))}"
            yield sheet.make_problem(group, row, "no rubric was given for this one", hint)


def _read_proven(sheet: Sheet, problems: list[Problem]) -> Scores:
    """Return the column `proven`, with the packets' ids if they are there."""
    values = [_read_number(cell) for cell in sheet.columns["proven"]]
    shares = [
        value if isinstance(value, (int, float)) and 0 <= value <= 1 else None for value in values
    ]
    problems += [
        sheet.make_problem("proven", row, "no number within 0..1", "give shares, not percent")
        for row, share in enumerate(shares)
        if share is None
    ]
    ids = sheet.columns.get("packet_id")
    problems += [] if ids is None else _find_repeats(sheet, ids)
    return Scores(
        tuple(share or 0.0 for share in shares),
        PROVEN,
        None if problems or ids is None else tuple(ids),
    )


def _find_repeats(sheet: Sheet, ids: Iterable[str]) -> Iterator[Problem]:
    first_row: dict[str, int] = {}
    for row, packet in enumerate(ids):
        first = first_row.setdefault(packet, row)
        if first != row:
            message = f"stands in line {sheet.lines[first]} too"
            yield sheet.make_problem(
                "packet_id", row, message, "give each decision an id of its own"
            )


def _rate(
    sheet: Sheet,
    cases: Sequence[list[int]],
    group: str | None,
    rubrics: _Rubrics,
    problems: list[Problem],
) -> Scores:
    """Return the score of each case from its ratings, each transition by its own rubric."""
    names = [None if group is None else sheet.columns[group][rows[0]] for rows in cases]
    score_of: dict[str, float] = {}
    for name, rubric in rubrics.items():
        chosen = [rows for own, rows in zip(names, cases, strict=True) if own == name]
        if not chosen:
            continue
        rows = [*chain.from_iterable(chosen)]
        try:
            rated = score_ratings(_choose_cells(sheet, rows, rubric), rubric)
        except DataError as error:
            problems += [_lead_to_line(problem, sheet, rows) for problem in error.problems]
        else:
            score_of |= dict(zip(rated.packet_ids or (), rated, strict=True))
    if problems:
        return Scores((), RATINGS)
    ids = [sheet.columns["packet_id"][rows[0]] for rows in cases]
    return Scores(tuple(score_of[packet] for packet in ids), RATINGS, tuple(ids))


def _choose_cells(sheet: Sheet, rows: Sequence[int], rubric: Rubric) -> dict[str, list[object]]:
    """Return the cells that ratings can stand in, numbers as such."""
    names = {"packet_id", "criterion", "rater_id"} & sheet.columns.keys()
    rated = {"rating", *(criterion.id for criterion in rubric.criteria)} & sheet.columns.keys()
    return {
        **{name: [sheet.columns[name][row] for row in rows] for name in sorted(names)},
        **{
            name: [_read_number(sheet.columns[name][row]) for row in rows] for name in sorted(rated)
        },
    }


def _lead_to_line(problem: Problem, sheet: Sheet, rows: Sequence[int]) -> Problem:
    """Return a problem of row k of some columns as one of the line that row stands on."""
    found = _ROW.fullmatch(problem.path)
    if found is None:
        return Problem(f"{sheet.name}: {problem.path}", problem.message, problem.hint)
    return sheet.make_problem(found[1], rows[int(found[2])], problem.message, problem.hint)


def _score_evidence(
    sheet: Sheet,
    cases: Sequence[list[int]],
    group: str | None,
    rubrics: _Rubrics,
    problems: list[Problem],
) -> Scores:
    """Return the proven total of each case, read as of the day of its decision."""
    _check_columns(sheet, ("decided_on",))
    cells = {
        "transition" if name == group else name: [cell or None for cell in column]
        for name, column in sheet.columns.items()
        if name != "promoted"
    }
    by_name = {str(name): rubric for name, rubric in rubrics.items()}
    rubric = rubrics[None] if group is None else by_name
    scored = score_frame(make_frame(cells), rubric, as_of="decided_on")
    for _, row, column, _, message in scored.problems.itertuples(index=False):
        problems.append(sheet.make_problem(column, int(row), message))
    if problems:
        return Scores((), PROVEN)
    score_of = dict(zip(scored.scores["packet_id"], scored.scores["proven"].tolist(), strict=True))
    ids = tuple(sheet.columns["packet_id"][rows[0]] for rows in cases)
    return Scores(tuple(score_of[packet] for packet in ids), PROVEN, ids)


def _read_number(cell: str) -> object:
    """Return the number that a cell holds; the text itself if it holds none."""
    try:
        return read_plain(cell) if cell else cell
    except NumberError:
        return cell
