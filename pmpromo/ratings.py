"""The door for ratings: what a committee rated, turned into scores by a rubric's own weights."""

from __future__ import annotations

from collections import Counter
from math import fsum
from numbers import Real
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeGuard

from pmpromo.committee.ratings import Ratings
from pmpromo.errors import DataError, Problem
from pmpromo.readiness.scores import RATINGS, Scores
from pmpromo.scoring.kernel import score_total
from pmpromo.scoring.plan import make_plan
from pmpromo.words import HIGHEST_POINT, suggest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmpromo.rubric import Rubric

__all__ = ["Rated", "rate_criteria", "score_ratings"]

LONG: Final = ("packet_id", "criterion", "rating")
"""The columns of ratings in long form; `rater_id` may stand beside them."""


class Rated(NamedTuple):
    """Mean ratings as criterion scores: one row a packet, one column a criterion of the rubric.

    The scores are within 0..1, and the criteria in the rubric's order.
    """

    packet_ids: tuple[str, ...]
    criteria: tuple[str, ...]
    scores: tuple[tuple[float, ...], ...]


def score_ratings(ratings: Any, rubric: Rubric, *, highest: int = HIGHEST_POINT) -> Scores:  # noqa: ANN401 - any frame
    """Return the total of each rated packet, by the rubric's weights, pairs and must-haves.

    Args:
        ratings: `Ratings`, or columns as a mapping or any frame. Long: `packet_id`, `criterion`,
            `rating` and `rater_id`, one row a rating. Wide: `packet_id` and one column a criterion.
        rubric: whose criteria were rated.
        highest: the highest rating; the lowest is 0. On the rubric's own scale of 0..4 a rating of
            3 meets the target level and is a score of 0.75.

    A criterion's score is the mean of its ratings over `highest`. Packets keep the order in which
    they first occur; their ids are kept with the scores.

    Raises:
        DataError: every rating that is none, every unknown criterion, every criterion of a packet
            that nobody rated, each with its row.

    >>> from pmpromo import load_rubric
    >>> rubric = load_rubric("pure-storage-pm/l3-l4")
    >>> threes = {criterion.id: [3, 4] for criterion in rubric.criteria}
    >>> scores = score_ratings({"packet_id": ["p-1", "p-2"], **threes}, rubric)
    >>> scores.values, scores.score_source
    ((0.75, 1.0), 'ratings')
    """
    rated = rate_criteria(ratings, rubric, highest=highest)
    plan = make_plan(rubric)
    totals = tuple(score_total(row, plan)[1] for row in rated.scores)
    return Scores(totals, RATINGS, rated.packet_ids)


def rate_criteria(ratings: Any, rubric: Rubric, *, highest: int = HIGHEST_POINT) -> Rated:  # noqa: ANN401
    """Return the mean rating of every packet and criterion, over `highest`: what is weighed.

    Takes and refuses what `score_ratings` does. Its rows are what `learn_weights` learns from.
    """
    columns = _read_columns(ratings)
    criteria = tuple(criterion.id for criterion in rubric.criteria)
    votes = [*_list_votes(columns, criteria)]
    problems = [*_find_bad_votes(votes, criteria, highest), *_find_repeats(votes)]
    packets = tuple(dict.fromkeys(vote.packet for vote in votes))
    given: dict[tuple[str, str], list[float]] = {}
    for vote in votes:
        if _is_number(vote.rating):
            given.setdefault((vote.packet, vote.criterion), []).append(float(vote.rating))
    problems += [] if problems else _find_unrated(votes, criteria, given)
    if problems:
        raise DataError(problems)
    means = tuple(
        tuple(_average(given[packet, criterion], highest) for criterion in criteria)
        for packet in packets
    )
    return Rated(packets, criteria, means)


def _average(ratings: Sequence[float], highest: int) -> float:
    """Return the mean over `highest`; an exact sum, so that the order of raters tells nothing."""
    return min(1.0, fsum(ratings) / (len(ratings) * highest))


class _Vote(NamedTuple):
    """One rating, with the row and the column it stands in."""

    row: int
    column: str
    packet: str
    criterion: str
    rater: object
    rating: object


def _read_columns(ratings: Any) -> dict[str, list[object]]:  # noqa: ANN401
    """Return the columns of a mapping, of a frame of any library, or of `Ratings`."""
    if isinstance(ratings, Ratings):
        return _list_columns(ratings)
    names = getattr(ratings, "column_names", None) or getattr(ratings, "columns", None)
    names = ratings.keys() if names is None else names
    return {str(name): [_read_cell(cell) for cell in ratings[name]] for name in names}


def _list_columns(ratings: Ratings) -> dict[str, list[object]]:
    return {
        "packet_id": [ratings.packets[place] for place in ratings.packet.tolist()],
        "criterion": [ratings.criteria[place] for place in ratings.criterion.tolist()],
        "rater_id": [ratings.raters[place] for place in ratings.rater.tolist()],
        "rating": ratings.values.tolist(),
    }


def _read_cell(cell: Any) -> object:  # noqa: ANN401
    """Return the plain value of a cell; Arrow wraps it."""
    return cell.as_py() if hasattr(cell, "as_py") else cell


def _list_votes(columns: Mapping[str, list[object]], criteria: Sequence[str]) -> Iterator[_Vote]:
    """Yield every rating of long columns, or of wide ones.

    Raises:
        DataError: columns that are neither, or of unequal length.
    """
    is_long = "criterion" in columns or "rating" in columns
    needed = LONG if is_long else ("packet_id", *criteria)
    problems = [
        Problem(name, "no such column", _tell_forms(is_long))
        for name in needed
        if name not in columns
    ]
    lengths = {len(columns[name]) for name in needed if name in columns}
    if len(lengths) > 1:
        problems.append(Problem("ratings", "columns of unequal length", "give one entry a row"))
    if problems:
        raise DataError(problems)
    packets = [str(packet) for packet in columns["packet_id"]]
    raters = columns.get("rater_id", [None] * len(packets))
    if is_long:
        for row, (name, rating) in enumerate(
            zip(columns["criterion"], columns["rating"], strict=True)
        ):
            yield _Vote(row, "rating", packets[row], str(name), raters[row], rating)
        return
    for row, packet in enumerate(packets):
        for name in criteria:
            yield _Vote(row, name, packet, name, None, columns[name][row])


def _tell_forms(is_long: bool) -> str:  # noqa: FBT001 - which form was meant
    if is_long:
        return "long ratings have packet_id, criterion, rating and rater_id"
    return "wide ratings have packet_id and one column a criterion of the rubric"


def _find_bad_votes(
    votes: Iterable[_Vote], criteria: Sequence[str], highest: int
) -> Iterator[Problem]:
    known = frozenset(criteria)
    for vote in votes:
        if vote.criterion not in known:
            hint = suggest(vote.criterion, criteria, "pmpromo rubrics ID shows its criteria")
            yield Problem(f"criterion[{vote.row}]", "is no criterion of the rubric", hint)
        if not (_is_number(vote.rating) and 0 <= vote.rating <= highest):
            hint = "leave out what was not rated"
            yield Problem(f"{vote.column}[{vote.row}]", f"is no rating within 0..{highest}", hint)


def _find_repeats(votes: Iterable[_Vote]) -> Iterator[Problem]:
    """Yield a problem for each rater who rates one thing twice, or each packet in two wide rows."""
    seen: Counter[tuple[str, str, object]] = Counter()
    for vote in votes:
        key = (vote.packet, vote.criterion, vote.rater)
        seen[key] += 1
        if seen[key] > 1 and (vote.rater is not None or vote.column != "rating"):
            yield Problem(f"{vote.column}[{vote.row}]", "rates one thing again", "keep one of them")


def _find_unrated(
    votes: Iterable[_Vote],
    criteria: Sequence[str],
    given: Mapping[tuple[str, str], object],
) -> Iterator[Problem]:
    first_row: dict[str, int] = {}
    for vote in votes:
        first_row.setdefault(vote.packet, vote.row)
    for packet, row in first_row.items():
        missing = [criterion for criterion in criteria if (packet, criterion) not in given]
        if missing:
            message = f"nobody rated {', '.join(missing)} of this packet"
            yield Problem(f"packet_id[{row}]", message, "rate it, or leave the packet out")


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, Real) and not isinstance(value, bool)
