"""Who rated what, counted: packets with the same raters and the same total are one group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pmpromo.committee.curves import Cells

if TYPE_CHECKING:
    from pmpromo.committee.arrays import BoolArray, FloatArray, IndexArray
    from pmpromo.committee.ratings import Ratings

__all__ = [
    "Blocks",
    "Groups",
    "Pieces",
    "Totals",
    "block_cells",
    "count_totals",
    "find_cells",
    "find_pieces",
    "group_items",
]

MOST_CRITERIA: Final = 62
"""Criteria whose sets fit into one whole number of 64 bits."""


MOST_MARKS: Final = 10_000_000
"""Codes that are found by marking them in a table; more are sorted."""


@dataclass(frozen=True, slots=True, eq=False)
class Totals:
    """All that the likelihood needs of the ratings themselves, beside the totals of packets."""

    rater: FloatArray  # (raters,) sum of steps given
    criterion: FloatArray  # (criteria,) sum of steps received
    above: FloatArray  # (criteria, steps) how many ratings reach step k


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Units that a packet is rated by: all that one rater rated of it, or one cell.

    Unit `unit[i]` consists of the cells `cell[i]`; each unit belongs to one rater, and holds at
    most one cell of a criterion.
    """

    cells: Cells
    unit: IndexArray  # (pairs,) ascending
    cell: IndexArray  # (pairs,)
    rater: IndexArray  # (units,)

    def __len__(self) -> int:
        return len(self.rater)

    def gather(self, values: FloatArray) -> FloatArray:
        """Return the sum over the cells of each unit, (units, nodes), of (cells, nodes)."""
        first = np.flatnonzero(np.diff(self.unit, prepend=-1))
        return np.asarray(np.add.reduceat(values[self.cell], first, axis=0))

    def spread(self, values: FloatArray) -> FloatArray:
        """Return the sum over the units of each cell, (cells, nodes), of (units, nodes)."""
        order = np.argsort(self.cell, kind="stable")
        first = np.flatnonzero(np.diff(self.cell[order], prepend=-1))
        return np.asarray(np.add.reduceat(values[self.unit[order]], first, axis=0))


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Items with the same units and the same total: their likelihood is the same curve."""

    members: BoolArray  # (panels, units)
    panel: IndexArray  # (groups,) ascending
    score: FloatArray  # (groups,) total of the steps
    count: FloatArray  # (groups,) how many items
    of_item: IndexArray  # (items,) the group of each item

    def __len__(self) -> int:
        return len(self.panel)


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """The pairs of packet and criterion that were rated, in order, and the piece of each rating."""

    packet: IndexArray  # (pieces,) ascending
    criterion: IndexArray  # (pieces,)
    of_rating: IndexArray  # (ratings,)


def count_totals(ratings: Ratings, weight: FloatArray) -> Totals:
    """Return the sufficient statistics of severities, difficulties and thresholds.

    `weight` (packets,) says how many packets each stands for.
    """
    n_points, n_criteria = ratings.n_steps + 1, len(ratings.criteria)
    own = weight[ratings.packet]
    code = ratings.criterion * n_points + ratings.step
    counts = np.bincount(code, own, n_criteria * n_points).reshape(-1, n_points)
    above = counts[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
    rater = np.bincount(ratings.rater, own * ratings.step, len(ratings.raters))
    return Totals(np.asarray(rater, dtype=np.float64), above.sum(axis=1), above)


def find_cells(ratings: Ratings) -> tuple[Cells, IndexArray]:
    """Return the pairs of criterion and rater that occur, and the cell of each rating."""
    n_raters = len(ratings.raters)
    code = ratings.criterion * n_raters + ratings.rater
    present = np.zeros(len(ratings.criteria) * n_raters, dtype=bool)
    present[code] = True
    index = np.cumsum(present) - 1
    criterion, rater = np.divmod(np.flatnonzero(present), n_raters)
    return Cells(criterion, rater), index[code]


def find_pieces(ratings: Ratings) -> Pieces:
    """Return the pairs of packet and criterion that occur (ratings are sorted by them)."""
    new = np.ones(ratings.n_ratings, dtype=bool)
    new[1:] = (np.diff(ratings.packet) != 0) | (np.diff(ratings.criterion) != 0)
    first = np.flatnonzero(new)
    return Pieces(ratings.packet[first], ratings.criterion[first], np.cumsum(new) - 1)


def block_cells(ratings: Ratings, cells: Cells, cell: IndexArray) -> tuple[Blocks, IndexArray]:
    """Return the units of a committee, and the unit of each rating.

    A unit is a set of criteria rated together by one rater, as long as that makes fewer units
    than cells.
    """
    if len(ratings.criteria) <= MOST_CRITERIA:
        rater, unit = find_sheets(ratings)
        if len(rater) <= len(cells):
            units, pair_cells = np.divmod(find_distinct(unit * len(cells) + cell), len(cells))
            return Blocks(cells, units, pair_cells, rater), unit
    index = np.arange(len(cells))
    return Blocks(cells, index, index, cells.rater), cell


def find_sheets(ratings: Ratings) -> tuple[IndexArray, IndexArray]:
    """Return the rater of each kind of sheet, and the kind of the sheet that a rating is on.

    A sheet is what one rater gave one packet; its kind is the rater and the set of criteria.
    """
    key = ratings.packet * len(ratings.raters) + ratings.rater
    order = np.argsort(key, kind="stable")
    new = np.diff(key[order], prepend=-1) != 0
    bits = np.left_shift(1, ratings.criterion[order])
    sets, which = np.unique(np.add.reduceat(bits, np.flatnonzero(new)), return_inverse=True)
    kind = ratings.rater[order][new] * len(sets) + which
    kinds = find_distinct(kind)
    unit = np.empty(len(key), dtype=np.intp)
    unit[order] = np.searchsorted(kinds, kind)[np.cumsum(new) - 1]
    return kinds // len(sets), unit


def find_distinct(codes: IndexArray) -> IndexArray:
    """Return the distinct codes in ascending order; quick where there are few of them.

    >>> find_distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    return number_codes(codes)[0]


def number_codes(codes: IndexArray) -> tuple[IndexArray, IndexArray]:
    """Return the distinct codes in ascending order, and which of them each code is.

    >>> [part.tolist() for part in number_codes(np.array([3, 1, 3]))]
    [[1, 3], [1, 0, 1]]
    """
    if int(codes.max(initial=0)) > MOST_MARKS:
        return np.unique(codes, return_inverse=True)
    present = np.zeros(int(codes.max(initial=0)) + 1, dtype=bool)
    present[codes] = True
    return np.flatnonzero(present), (np.cumsum(present) - 1)[codes]


def group_items(item: IndexArray, unit: IndexArray, step: IndexArray, n_units: int) -> Groups:
    """Group items (ascending) by the set of their units and by the total of their steps."""
    panel, members = find_panels(item, unit, n_units)
    score = np.bincount(item, step).astype(np.intp)
    most = int(score.max()) + 1
    keys, group = number_codes(panel * most + score)
    panels, scores = np.divmod(keys, most)
    count = np.bincount(group).astype(np.float64)
    return Groups(members, panels, scores.astype(np.float64), count, group)


def find_panels(item: IndexArray, unit: IndexArray, n_units: int) -> tuple[IndexArray, BoolArray]:
    """Return the panel of each item (the set of its units), and the members of each panel.

    Items that agree on their first units are told apart by the next one.
    """
    key = item * n_units + unit
    key.sort(kind="stable")
    items, units = np.divmod(key[np.diff(key, prepend=-1) != 0], n_units)
    start = np.flatnonzero(np.diff(items, prepend=-1))
    size = np.diff(start, append=len(items))
    panel = np.zeros(len(start), dtype=np.intp)
    for turn in range(int(size.max())):
        own = np.where(size > turn, units[np.minimum(start + turn, len(units) - 1)] + 1, 0)
        _, panel = number_codes(panel * (n_units + 1) + own)
    members = np.zeros((int(panel.max()) + 1, n_units), dtype=bool)
    members[np.repeat(panel, size), units] = True
    return panel, members
