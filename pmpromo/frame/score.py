"""The door for many packets: a long frame of evidence in, scores, gaps and problems out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pmpromo.errors import DataError, Problem
from pmpromo.frame.arranging import arrange, select, show_cell
from pmpromo.frame.cells import COLUMNS, choose, read_name
from pmpromo.frame.faults import find_faults
from pmpromo.frame.kinds import open_frame
from pmpromo.frame.scored import Piece, ScoredFrame, ToldProblem
from pmpromo.frame.table import Cell, find_frame_problems, read_table
from pmpromo.reading.places import name_path
from pmpromo.rubric import Rubric
from pmpromo.scoring.batch import score_columns
from pmpromo.scoring.plan import make_plan
from pmpromo.words import find_repeats, read_day, suggest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from pmpromo.frame.arranging import Arranged
    from pmpromo.frame.table import Table
    from pmpromo.readiness import ReadinessModel
    from pmpromo.scoring.columns import Bools

__all__ = ["score_frame"]

_RUBRIC: Final = "give a Rubric, or a mapping of transition -> Rubric; load_rubric gives one"


def score_frame(
    evidence: Any,  # noqa: ANN401 - a frame of any library known here
    rubric: Rubric | Mapping[str, Rubric],
    *,
    as_of: date | str,
    packets: Iterable[str] | None = None,
    readiness: ReadinessModel | None = None,
) -> ScoredFrame:
    """Score every packet of a long frame of evidence, with the bits of `assess`.

    Args:
        evidence: pandas or polars DataFrame, pyarrow Table or duckdb relation, one row a fact.
            `packet_id`, `evidence_id` and `fact` are needed, a column left out is unknown.
            Lists are cells of text joined by ``|``, or real lists.
        rubric: one rubric, or a mapping of transition -> rubric with a column `transition`.
        as_of: the day from which ages are counted, or the name of the column that holds it.
        packets: the ids of all packets, so that those without evidence are scored too.
        readiness: a model fitted on past decisions under the same scoring.

    A packet with a bad cell goes to `problems` with every bad cell it has, and all others are
    scored. The result does not hang on the order of rows.

    Raises:
        DataError: every fault of the frame as a whole, or of the arguments.
        ModelError: the readiness model was fitted on other scoring.

    >>> import pandas as pd
    >>> from pmpromo import load_rubric
    >>> frame = pd.DataFrame({"packet_id": ["p-1", "p-2"], "evidence_id": ["launch", "deal"],
    ...     "fact": ["aligns_functions", "aligns_function"], "point": [3, 3],
    ...     "ownership": ["led", "led"], "support": ["manager|peer", "none"]})
    >>> scored = score_frame(frame, load_rubric("pure-storage-pm/l3-l4"), as_of="2026-06-30")
    >>> scored.scores["packet_id"].tolist()
    ['p-1']
    >>> scored.problems["message"].tolist()
    ["is no fact of the ladder; did you mean 'aligns_functions'?"]
    """
    frame, library = open_frame(evidence)
    rubrics, problems = _read_rubrics(rubric)
    day, column, day_problems = _read_as_of(as_of, frame.columns)
    names, name_problems = _read_packets(packets)
    several = bool(rubrics) and None not in rubrics
    needed = [*(["transition"] if several else []), *([column] if column else [])]
    problems += [*day_problems, *name_problems, *find_frame_problems(frame, needed)]
    if problems:
        raise DataError(problems)
    if readiness is not None:
        readiness.check_source("proven")
        for each in rubrics.values():
            readiness.find_group(each)
    table = read_table(frame, column)
    arranged = _set_day(arrange(table, names, column), day)
    pieces, told = _score(table, arranged, rubrics, column)
    return ScoredFrame(library, pieces, told, readiness)


def _read_rubrics(rubric: object) -> tuple[dict[str | None, Rubric], list[Problem]]:
    if isinstance(rubric, Rubric):
        return {None: rubric}, []
    if not isinstance(rubric, Mapping) or not rubric:
        return {}, [Problem("rubric", "is no Rubric", _RUBRIC)]
    problems = [
        Problem(name_path(("rubric", str(name))), "is no Rubric", _RUBRIC)
        for name, each in rubric.items()
        if not (isinstance(name, str) and isinstance(each, Rubric))
    ]
    return dict(rubric), problems


def _read_as_of(
    as_of: object, columns: Sequence[str]
) -> tuple[date | None, str | None, list[Problem]]:
    """Read a day, or the name of a column that holds days."""
    if isinstance(as_of, str) and as_of in columns:
        return None, as_of, []
    try:
        return read_day(as_of), None, []
    except ValueError as error:
        message, _, hint = str(error).partition(" | ")
        meant = suggest(as_of, columns) if isinstance(as_of, str) else hint
        return None, None, [Problem("as_of", f"{message}, and no column has this name", meant)]


def _read_packets(packets: object) -> tuple[list[str] | None, list[Problem]]:
    if packets is None:
        return None, []
    if isinstance(packets, str) or not isinstance(packets, Iterable):
        return None, [Problem("packets", "is no list of ids", "give the ids of all packets")]
    names = [each.as_py() if hasattr(each, "as_py") else each for each in packets]
    problems = []
    for place, name in enumerate(names):
        try:
            read_name(name)
        except ValueError as error:
            message, _, hint = str(error).partition(" | ")
            problems.append(Problem(f"packets[{place}]", message, hint))
    if not problems:
        problems = [
            Problem(f"packets[{place}]", "stands twice", "name each packet once")
            for place in find_repeats(names)
        ]
    return names, problems


def _set_day(arranged: Arranged, day: date | None) -> Arranged:
    if day is None:
        return arranged
    packets = arranged.columns.packets
    days = np.full(len(packets.as_of), day.toordinal())
    columns = replace(arranged.columns, packets=replace(packets, as_of=days))
    return replace(arranged, columns=columns)


def _score(
    table: Table, arranged: Arranged, rubrics: Mapping[str | None, Rubric], column: str | None
) -> tuple[tuple[Piece, ...], tuple[ToldProblem, ...]]:
    """Score the packets without a bad cell, rubric by rubric; tell of the cells of the others."""
    bad = list(arranged.bad)
    lost: list[int] = []
    if column:
        bad += _find_dayless(table, arranged, column)
    if None not in rubrics:
        found, lost = _find_lost(table, arranged, rubrics)
        bad += found
    parts = [(each, _choose(arranged, name)) for name, each in rubrics.items()]
    for each, chosen in parts:
        bad += find_faults(select(arranged, chosen), make_plan(each), table)
    sound = _find_sound(arranged, bad)
    sound[lost] = False
    pieces = tuple(_score_piece(arranged, chosen & sound, each) for each, chosen in parts)
    told = [ToldProblem(arranged.ids[place], None, "transition", "", _NOWHERE) for place in lost]
    return pieces, (*_tell(table, arranged, bad), *told)


_NOWHERE: Final = "has no row that says its transition; add a row with packet_id and transition"


def _find_dayless(table: Table, arranged: Arranged, column: str) -> Iterator[Cell]:
    """Find packets of whose day nothing is said, and nothing wrong."""
    spoilt = {cell.row for cell in arranged.bad if cell.column == column}
    unknown = (arranged.columns.packets.as_of == 0) & (arranged.packet_rows >= 0)
    for row in arranged.packet_rows[unknown].tolist():
        if row not in spoilt:
            yield Cell(row, column, show_cell(table, column, row), "missing; write YYYY-MM-DD")


def _find_lost(
    table: Table, arranged: Arranged, rubrics: Mapping[str | None, Rubric]
) -> tuple[list[Cell], list[int]]:
    """Find packets whose transition has no rubric; and those that no row speaks of."""
    known = [str(name) for name in rubrics]
    spoilt = {cell.row for cell in arranged.bad if cell.column == "transition"}
    names = [*arranged.transitions, ""]
    cells = []
    for place, code in enumerate(arranged.transition.tolist()):
        row = int(arranged.packet_rows[place])
        if row >= 0 and names[code] not in known and row not in spoilt:
            message = _tell_transition(names[code], known)
            cells.append(Cell(row, "transition", show_cell(table, "transition", row), message))
    return cells, np.flatnonzero(arranged.packet_rows < 0).tolist()


def _tell_transition(name: str, known: Sequence[str]) -> str:
    try:
        return choose(name, known, "transition of a rubric given")
    except ValueError as error:
        return str(error).replace(" | ", "; ", 1)


def _choose(arranged: Arranged, transition: str | None) -> Bools:
    """Tell which packets are of a transition; all of them where there is one rubric."""
    if transition is None:
        return np.ones(len(arranged.ids), dtype=bool)
    known = [name == transition for name in arranged.transitions]
    return np.array([*known, False])[arranged.transition]


def _find_sound(arranged: Arranged, bad: Sequence[Cell]) -> Bools:
    sound = np.ones(len(arranged.ids) + 1, dtype=bool)
    sound[arranged.packet_of_row[[cell.row for cell in bad]]] = False
    return sound[:-1]


def _score_piece(arranged: Arranged, chosen: Bools, rubric: Rubric) -> Piece:
    part, plan = select(arranged, chosen), make_plan(rubric)
    return Piece(rubric, plan, part, score_columns(part.columns, plan), np.flatnonzero(chosen))


def _tell(table: Table, arranged: Arranged, bad: Sequence[Cell]) -> list[ToldProblem]:
    """Tell of bad cells in the order of the frame, each once."""
    names = dict.fromkeys([*COLUMNS, *table.coded])
    order = {name: place for place, name in enumerate(names)}
    told = []
    for cell in sorted(dict.fromkeys(bad), key=lambda each: (each.row, order[each.column])):
        place = int(arranged.packet_of_row[cell.row])
        name = None if place < 0 else arranged.ids[place]
        told.append(ToldProblem(name, table.label(cell.row), cell.column, cell.found, cell.message))
    return told
