"""Where the ratings stand in the exports of review tools."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pmpromo.words import HIGHEST_POINT

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["COLUMN_MAPS", "ColumnMap"]

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_NO_POINTS: Final[Mapping[str, float]] = MappingProxyType({})

UNRATED: Final = frozenset(
    ("", "-", "n/a", "na", "not applicable", "not rated", "skipped", "no answer", "unable to rate")
)
"""What exports say, case-folded, where nobody gave a rating."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """Which column of an export is which, and how its ratings are written.

    Long exports have a column for the criterion and one for the rating; wide ones a column a
    criterion. In JSON a column is a way of keys, ``rating.value``. Every account names questions as
    it likes: `criteria` says which of them is which criterion, and then only these are read. Change
    a map with `dataclasses.replace`.

    Args:
        packet: whose packet is rated.
        rater: who rates; None if the export does not say.
        criterion, rating: of long exports.
        criteria: what the export calls a criterion, and what the rubric does. Empty: names are
            taken as they are, in wide exports those of every column but `packet` and `rater`.
        scale: the lowest and the highest number; ratings come out from 0 up.
        points: numbers of ratings that are words, case-folded: ``{"exceeds": 5}``.
        unrated: what says that there is no rating, case-folded.
        head_rows: how many rows of a table name the columns; the first one counts.
        records: the key of JSON under which the list lies.

    >>> from dataclasses import replace
    >>> mine = replace(COLUMN_MAPS["wide"], packet="case", scale=(1, 5))
    >>> mine.highest
    4
    """

    packet: str
    rater: str | None = None
    criterion: str | None = None
    rating: str | None = None
    criteria: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    scale: tuple[int, int] = (0, HIGHEST_POINT)
    points: Mapping[str, float] = field(default_factory=lambda: _NO_POINTS)
    unrated: frozenset[str] = UNRATED
    head_rows: int = 1
    records: str = ""

    @property
    def highest(self) -> int:
        """The highest rating that comes out; the lowest is 0. For `score_ratings(highest=...)`."""
        return self.scale[1] - self.scale[0]


COLUMN_MAPS: Final[Mapping[str, ColumnMap]] = MappingProxyType(
    {
        "long": ColumnMap(
            packet="packet_id", rater="rater_id", criterion="criterion", rating="rating"
        ),
        "wide": ColumnMap(packet="packet_id", rater="rater_id"),
        # Lattice, "Review responses" as CSV: a line a question.
        "lattice": ColumnMap(
            packet="Reviewee email",
            rater="Reviewer email",
            criterion="Question",
            rating="Response score",
            scale=(1, 5),
        ),
        # Culture Amp, public API v1, /manager-reviews: a record a manager's review.
        "culture-amp": ColumnMap(
            packet="employeeId",
            rater="managerId",
            criterion="performanceRating.ratingQuestion.title",
            rating="performanceRating.rating.value",
            scale=(1, 5),
            records="data",
        ),
        # 15Five, "Private manager assessment answers" of a calibration session: what each manager
        # said before the session. What came out of it is one more opinion, not another rater.
        "15five": ColumnMap(
            packet="Employee ID",
            rater="Original answer respondent",
            criterion="Question",
            rating="Original answer",
            scale=(1, 5),
        ),
        "15five-calibrated": ColumnMap(
            packet="Employee ID",
            rater="Calibrated answer contributor",
            criterion="Question",
            rating="Calibrated answer",
            scale=(1, 5),
        ),
        # SuccessFactors: the first row has the ids of the columns, the second their labels.
        "successfactors": ColumnMap(
            packet="SUBJECT_USERID",
            rater="RATER_USERID",
            criterion="ITEM_NAME",
            rating="ITEM_RATING",
            scale=(1, 5),
            head_rows=2,
        ),
    }
)
"""Shipped maps. Those of Culture Amp and 15Five are after the makers' public pages of 2026.

Lattice and SuccessFactors let every account choose what its export holds: their heads here are
examples. Where a column is missing, the error lists those there are: mend the map with
`dataclasses.replace`.
"""
