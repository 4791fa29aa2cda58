"""What comes out of scoring a frame: four frames of the kind that was given, and a summary."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import narwhals as nw
import numpy as np

from pmpromo.errors import DataError, Problem
from pmpromo.frame.coding import Coded
from pmpromo.frame.kinds import make_native
from pmpromo.frame.packets import make_packet
from pmpromo.pictures.shares import Counted, draw_shares
from pmpromo.reading.places import name_path
from pmpromo.scoring.batch import STATUSES
from pmpromo.scoring.gaps import find_gaps
from pmpromo.scoring.kernel import score_table
from pmpromo.scoring.remedies import Desk, describe_gap
from pmpromo.scoring.table import build_table
from pmpromo.words import suggest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmpromo.frame.arranging import Arranged
    from pmpromo.frame.kinds import Column, Library
    from pmpromo.readiness import ReadinessModel
    from pmpromo.result import Gap
    from pmpromo.rubric import Rubric
    from pmpromo.scoring.batch import BatchScores
    from pmpromo.scoring.plan import Plan

__all__ = ["Piece", "ScoredFrame", "ToldProblem"]

SCORES: Final = {
    "packet_id": nw.String,
    "proven": nw.Float64,
    "possible": nw.Float64,
    "bar": nw.Float64,
    "met": nw.Boolean,
    "probability": nw.Float64,
    "low": nw.Float64,
    "high": nw.Float64,
    "coverage": nw.Float64,
    "verdict": nw.String,
    "basis": nw.String,
    "n_decisions": nw.Int64,
    "if_documented": nw.Float64,
    "if_documented_low": nw.Float64,
    "if_documented_high": nw.Float64,
}
"""Columns of `ScoredFrame.scores`, and their types."""

CRITERIA: Final = {
    "packet_id": nw.String,
    "criterion": nw.String,
    "proven": nw.Float64,
    "possible": nw.Float64,
    "bar": nw.Float64,
    "status": nw.String,
}
"""Columns of `ScoredFrame.criteria`, and their types."""

GAPS: Final = {
    "packet_id": nw.String,
    "criterion": nw.String,
    "requirement": nw.String,
    "kind": nw.String,
    "nature": nw.String,
    "claimed": nw.Float64,
    "asked": nw.Float64,
    "unit": nw.String,
    "shortfall": nw.Float64,
    "gain": nw.Float64,
    "gain_before_gates": nw.Float64,
    "blocked_by": nw.String,
    "remedy": nw.String,
    "evidence": nw.String,
}
"""Columns of `ScoredFrame.gaps`, and their types; names in one cell are joined by ``|``."""

PROBLEMS: Final = {
    "packet_id": nw.String,
    "row": nw.String,
    "column": nw.String,
    "found": nw.String,
    "message": nw.String,
}
"""Columns of `ScoredFrame.problems`, and their types."""


class ToldProblem(NamedTuple):
    """One row of `ScoredFrame.problems`."""

    packet_id: str | None
    row: str | None
    column: str
    found: str
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """The packets scored against one rubric; `places` are theirs among all that were scored."""

    rubric: Rubric
    plan: Plan
    arranged: Arranged
    scores: BatchScores
    places: np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, repr=False, eq=False)
class ScoredFrame:
    """A cycle of packets, scored. Its frames are of the kind that was given; none ranks people.

    `scores` has one row a packet and `criteria` one a packet and criterion; `problems` one a bad
    cell, whose packet is not scored; `gaps` one a gap. Each frame is made when it is asked for. All
    gaps of many packets take long, for each is closed on paper: `find_gaps` gives those of a few.

    >>> import pandas as pd
    >>> from pmpromo import load_rubric, score_frame
    >>> rubric = load_rubric("pure-storage-pm/l3-l4")
    >>> frame = pd.DataFrame({"packet_id": ["p-1"], "evidence_id": [None], "fact": [None]})
    >>> scored = score_frame(frame, rubric, as_of="2026-06-30")
    >>> scored.scores["met"].tolist(), len(scored.problems)
    ([False], 0)
    """

    _library: Library
    _pieces: tuple[Piece, ...]
    _problems: tuple[ToldProblem, ...]
    _readiness: ReadinessModel | None = field(default=None)

    @cached_property
    def scores(self) -> Any:  # noqa: ANN401 - the kind that was given
        """One row a packet: totals at both ends, the bar, and the forecast of a committee."""
        parts = [_list_scores(piece, self._readiness) for piece in self._pieces]
        return self._make(SCORES, _merge(parts, [piece.places for piece in self._pieces]))

    @cached_property
    def criteria(self) -> Any:  # noqa: ANN401 - the kind that was given
        """One row a packet and criterion, in the rubric's order: both ends, the bar, the status."""
        parts = [_list_criteria(piece) for piece in self._pieces]
        places = [np.repeat(piece.places, len(piece.plan.criteria)) for piece in self._pieces]
        return self._make(CRITERIA, _merge(parts, places))

    @cached_property
    def gaps(self) -> Any:  # noqa: ANN401 - the kind that was given
        """One row a gap of every packet, as `Assessment.gaps`; about 1 ms a packet."""
        return self._make_gaps(self._list_packets())

    @cached_property
    def problems(self) -> Any:  # noqa: ANN401 - the kind that was given
        """One row a bad cell, in the order of the rows; their packets are not scored."""
        columns = zip(*self._problems, strict=True) if self._problems else [()] * len(PROBLEMS)
        return self._make(PROBLEMS, dict(zip(PROBLEMS, map(list, columns), strict=True)))

    def find_gaps(self, packets: Iterable[str]) -> Any:  # noqa: ANN401 - the kind that was given
        """Return the gaps of some packets, named by their ids, in that order.

        Raises:
            DataError: an id that was not scored.
        """
        places = {piece.arranged.ids[at]: (piece, at) for piece, at in self._list_packets()}
        names = list(packets)
        unknown = [
            Problem(name_path(("packets", at)), "was not scored", suggest(str(name), places))
            for at, name in enumerate(names)
            if name not in places
        ]
        if unknown:
            raise DataError(unknown)
        return self._make_gaps(places[name] for name in names)

    def __str__(self) -> str:
        return "\n".join(_summarise(self._pieces, self._problems, self._readiness))

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        counted = [row for piece in self._pieces for row in _count_shares(piece)]
        notes = _tell_scope(self._pieces), *_tell_limits(self._problems, self._readiness)
        return draw_shares("Scored packets", counted, notes)._repr_html_()

    def _list_packets(self) -> list[tuple[Piece, int]]:
        found = [
            (int(place), piece, at)
            for piece in self._pieces
            for at, place in enumerate(piece.places)
        ]
        return [(piece, at) for _, piece, at in sorted(found, key=lambda each: each[0])]

    def _make_gaps(self, packets: Iterable[tuple[Piece, int]]) -> Any:  # noqa: ANN401
        rows = [
            (piece.arranged.ids[at], *_tell_gap(gap))
            for piece, at in packets
            for gap in _find_gaps(piece, at)
        ]
        columns = zip(*rows, strict=True) if rows else [()] * len(GAPS)
        return self._make(GAPS, dict(zip(GAPS, map(list, columns), strict=True)))

    def _make(self, schema: Mapping[str, Any], columns: Mapping[str, Column]) -> Any:  # noqa: ANN401
        return make_native(self._library, columns, schema)


def _list_scores(piece: Piece, given: ReadinessModel | None) -> dict[str, Column]:
    # Only where scores are asked for.
    from pmpromo.readiness import default_readiness  # noqa: PLC0415
    from pmpromo.readiness.verdict import judge_many  # noqa: PLC0415

    model = given or default_readiness()
    proven, possible = piece.scores.total
    group = model.find_group(piece.rubric)
    groups = None if group is None else [group] * len(proven)
    now, documented = model.predict(proven, groups), model.predict(possible, groups)
    forecasts = np.stack([now.probability, now.low, now.high, now.above_bar])
    count = len(proven)
    return {
        "packet_id": piece.arranged.ids,
        "proven": proven,
        "possible": possible,
        "bar": np.full(count, piece.rubric.bar),
        "met": proven >= piece.rubric.bar,
        "probability": now.probability,
        "low": now.low,
        "high": now.high,
        "coverage": np.full(count, model.terms.coverage),
        "verdict": judge_many(proven, forecasts, model.standing, model.terms),
        "basis": _repeat("fitted" if model.n_decisions else "prior", count),
        "n_decisions": np.full(count, model.n_decisions),
        "if_documented": documented.probability,
        "if_documented_low": documented.low,
        "if_documented_high": documented.high,
    }


def _repeat(word: str, count: int) -> Coded:
    return Coded(np.zeros(count, dtype=np.intp), [word])


def _list_criteria(piece: Piece) -> dict[str, Column]:
    plans, count = piece.plan.criteria, len(piece.places)
    proven, possible = (ends.T.ravel() for ends in piece.scores.criteria)
    names = [plan.criterion.id for plan in plans]
    return {
        "packet_id": Coded(np.repeat(np.arange(count), len(plans)), piece.arranged.ids),
        "criterion": Coded(np.tile(np.arange(len(plans)), count), names),
        "proven": proven,
        "possible": possible,
        "bar": np.tile(np.array([plan.bar for plan in plans], dtype=np.float64), count),
        "status": Coded(piece.scores.status.T.ravel().astype(np.intp), [*STATUSES]),
    }


def _merge(parts: Sequence[dict[str, Column]], places: Sequence[Any]) -> dict[str, Column]:
    """Bring the rows of several rubrics into the order of their packets."""
    if len(parts) == 1:
        return parts[0]
    order = np.argsort(np.concatenate(places), kind="stable")
    return {name: _join([part[name] for part in parts], order) for name in parts[0]}


def _join(columns: Sequence[Any], order: Any) -> Column:  # noqa: ANN401 - columns of one form
    if isinstance(columns[0], np.ndarray):
        return np.asarray(np.concatenate(columns)[order])
    if isinstance(columns[0], Coded):
        starts = np.cumsum([0, *(len(each.values) for each in columns)])
        codes = [each.codes + start for each, start in zip(columns, starts, strict=False)]
        return Coded(
            np.concatenate(codes)[order], [word for each in columns for word in each.values]
        )
    joined = [value for column in columns for value in column]
    return [joined[place] for place in order.tolist()]


def _find_gaps(piece: Piece, at: int) -> list[Gap]:
    packet = make_packet(piece.arranged, at, piece.plan)
    day = packet.as_of or date.min  # a packet without items has no ages
    table = build_table(packet, piece.plan, day)
    desk = Desk(packet, piece.plan, table, day)
    found = find_gaps(packet, piece.plan, table, score_table(table, piece.plan))
    return [describe_gap(each, desk) for each in found]


def _tell_gap(gap: Gap) -> tuple[object, ...]:
    return tuple(
        "|".join(value) if isinstance(value, tuple) else value
        for value in (getattr(gap, name) for name in list(GAPS)[1:])
    )


def _summarise(
    pieces: Sequence[Piece], problems: Sequence[ToldProblem], model: ReadinessModel | None
) -> Iterator[str]:
    yield _tell_scope(pieces)
    for piece in pieces:
        yield from _summarise_piece(piece)
    yield from _tell_limits(problems, model)


def _tell_scope(pieces: Sequence[Piece]) -> str:
    scored = sum(len(piece.places) for piece in pieces)
    return f"Scored {_count(scored, 'packet')}. Nobody is ranked; each stands against the bar."


def _tell_limits(problems: Sequence[ToldProblem], model: ReadinessModel | None) -> Iterator[str]:
    """Say what was not scored, and what stands behind the forecasts."""
    if problems:
        held = len({problem.packet_id for problem in problems})
        told = _count(len(problems), "bad cell")
        yield f"Not scored: {_count(held, 'packet')} with {told}; see .problems."
    if model is None or not model.n_decisions:
        yield "No past decisions stand behind the forecasts: basis 'prior'."
    else:
        yield f"The forecasts rest on {_count(model.n_decisions, 'past decision')}."


def _summarise_piece(piece: Piece) -> Iterator[str]:
    proven, possible = piece.scores.total
    bar = piece.rubric.bar
    met = proven >= bar
    open_ = ~met & (possible >= bar)
    yield f"{piece.rubric.id}, bar {bar:g}: {_count(len(proven), 'packet')}"
    yield f"  {int(met.sum()):>9,}  meet the bar"
    yield f"  {int(open_.sum()):>9,}  could, if what is unknown came out at its best"
    yield f"  {int((~met & ~open_).sum()):>9,}  fall short of it"


def _count_shares(piece: Piece) -> Iterator[Counted]:
    """Count how many packets meet, and could meet, the bar of the rubric and of each criterion."""
    group = f"{piece.rubric.id} {piece.rubric.version}"
    named = [("Total", piece.rubric.bar)]
    named += [(plan.criterion.name, plan.bar) for plan in piece.plan.criteria]
    proven, possible = (
        np.vstack([total, criteria])
        for total, criteria in zip(piece.scores.total, piece.scores.criteria, strict=True)
    )
    for (name, bar), lows, highs in zip(named, proven, possible, strict=True):
        met, reached = int((lows >= bar).sum()), int((highs >= bar).sum())
        yield Counted(name, met, reached - met, len(lows), group)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
