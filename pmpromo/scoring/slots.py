"""What the achievements of many groups give together: each in a slot, then ranked by columns.

A group is one requirement of one packet. Most groups have one row or two; what has more is rare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmpromo.scoring.columns import Bools, Floats, Ints

__all__ = ["Rows", "combine_groups"]

MOST_SLOTS: Final = 4
"""What has more rows than this is rare, and is sorted."""


class Rows(NamedTuple):
    """Rows: what each counts, (2, n), its group and its achievement."""

    counts: Floats
    group: Ints
    root: Ints


def combine_groups(rows: Rows, size: int, gamma: float) -> tuple[Floats, Bools]:
    """Combine what counts in each of `size` groups, as `kernel.combine` does.

    Of the rows of one achievement in a group the best counts, each end by itself. Return (2, size),
    and which groups have rows.

    >>> rows = Rows(np.array([[0.5, 0.25, 0.5]] * 2), np.array([1, 1, 1]), np.array([0, 0, 2]))
    >>> combine_groups(rows, 2, 0.5)[0].tolist()
    [[0.0, 0.625], [0.0, 0.625]]
    """
    last = np.full(size, -1, dtype=np.intp)
    last[rows.group] = np.arange(len(rows.group))
    shown = last >= 0
    if not len(rows.group):
        return np.zeros((2, size)), shown
    best = rows.counts.take(last, axis=1, mode="wrap")
    best *= shown
    left = np.flatnonzero(last[rows.group] != np.arange(len(rows.group)))
    further = _add_second(rows, left, last, best, gamma)
    if len(further):
        _add_others(rows, further, last, best, gamma)
    return best, shown


def _add_second(rows: Rows, left: Ints, last: Ints, best: Floats, gamma: float) -> Ints:
    """Combine the groups that have two rows; return the rows, but for `last`, of larger ones."""
    group = rows.group[left]
    turn = np.full(len(last), -1, dtype=np.intp)
    turn[group] = left
    groups = np.flatnonzero(turn >= 0)
    slots = [best.take(groups, axis=1)]
    _fill_slot(rows, turn[groups], slots, [rows.root[last[groups]]])
    best[0][groups], best[1][groups] = fold(slots, gamma)
    more = np.zeros(len(last), dtype=bool)
    more[group[turn[group] != left]] = True
    return left[more[group]]


def _add_others(rows: Rows, left: Ints, last: Ints, best: Floats, gamma: float) -> None:
    """Combine the groups that have several rows: `last`, and those left."""
    groups, at = _compact(rows.group[left], len(last))
    slots = [rows.counts.take(last[groups], axis=1)]
    roots = [rows.root[last[groups]]]
    while len(slots) < MOST_SLOTS:
        turn = np.empty(len(groups), dtype=np.intp)
        turn[at] = left
        _fill_slot(rows, turn, slots, roots)
        waiting = np.flatnonzero(turn[at] != left)
        left = left[waiting]
        further, at = _compact(at[waiting], len(groups))
        done = np.ones(len(groups), dtype=bool)
        done[further] = False
        over = np.flatnonzero(done)
        best[0][groups[over]], best[1][groups[over]] = fold(
            [slot.take(over, axis=1) for slot in slots], gamma
        )
        if not len(left):
            return
        groups = groups[further]
        slots = [slot.take(further, axis=1) for slot in slots]
        roots = [root[further] for root in roots]
    filled = np.tile(np.arange(len(groups)), len(slots))
    rest = Rows(
        np.concatenate([*slots, rows.counts.take(left, axis=1)], axis=1),
        np.concatenate([filled, at]),
        np.concatenate([*roots, rows.root[left]]),
    )
    best[:, groups] = _sort_groups(rest, len(groups), gamma)


def _compact(places: Ints, size: int) -> tuple[Ints, Ints]:
    """Return the distinct places, ascending, and the number of each place among them."""
    seen = np.zeros(size, dtype=bool)
    seen[places] = True
    distinct = np.flatnonzero(seen)
    number = np.empty(size, dtype=np.intp)
    number[distinct] = np.arange(len(distinct))
    return distinct, number[places]


def _fill_slot(rows: Rows, turn: Ints, slots: list[Floats], roots: list[Ints]) -> None:
    """Put one row of each group into a new slot, or into the slot of the same achievement."""
    counts, root = rows.counts.take(turn, axis=1), rows.root[turn]
    for slot, known in zip(slots, roots, strict=True):
        same = np.flatnonzero(known == root)
        if len(same):
            for one, other in zip(slot, counts, strict=True):
                one[same] = np.maximum(one[same], other[same])
                other[same] = 0.0
            root[same] = -1
    slots.append(counts)
    roots.append(root)


def fold(slots: Sequence[Floats], gamma: float) -> Floats:
    """Return 1 - prod_r (1 - gamma^(r-1) x_(r)) over slots (2, g), in any order.

    An empty slot holds 0: it ranks last, and adds nothing.
    """
    ranked = _rank(slots)
    total = ranked[0]
    weight = gamma
    for values in ranked[1:]:
        total = total + (1.0 - total) * (weight * values)
        weight *= gamma
    return total


def _rank(slots: Sequence[Floats]) -> Sequence[Floats]:
    """Sort slots from the best down, column by column: an odd-even network of exchanges."""
    ranked = list(slots)
    for turn in range(len(ranked)):
        for place in range(turn % 2, len(ranked) - 1, 2):
            one, other = ranked[place], ranked[place + 1]
            ranked[place], ranked[place + 1] = np.maximum(one, other), np.minimum(one, other)
    return ranked


def _sort_groups(rows: Rows, size: int, gamma: float) -> Floats:
    """Combine groups of many rows: sorted, and folded rank by rank."""
    order = np.lexsort((rows.root, rows.group))
    group, root = rows.group[order], rows.root[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (group[1:] != group[:-1]) | (root[1:] != root[:-1])
    first = np.flatnonzero(new)
    counts = np.maximum.reduceat(rows.counts.take(order, axis=1), first, axis=1)
    group = group[first]
    sizes = np.bincount(group, minlength=size)
    starts = np.cumsum(sizes) - sizes
    ends = (end[np.lexsort((-end, group))] for end in counts)
    return np.array([_fold_runs(ranked, starts, sizes, gamma) for ranked in ends])


def _fold_runs(ranked: Floats, starts: Ints, sizes: Ints, gamma: float) -> Floats:
    """Fold runs of values that stand one after another, each from the best down."""
    total = np.zeros(len(starts))
    weight = 1.0
    for rank in range(int(sizes.max())):
        here = np.flatnonzero(sizes > rank)
        values = ranked[starts[here] + rank]
        total[here] += (1.0 - total[here]) * (weight * values)
        weight *= gamma
    return total
