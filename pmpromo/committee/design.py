"""Whether the ratings of a committee can be compared at all: who is linked to whom, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from pmpromo.committee.arrays import add_products
from pmpromo.committee.panels import find_distinct
from pmpromo.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmpromo.committee.arrays import FloatArray, IndexArray
    from pmpromo.committee.ratings import Ratings

__all__ = ["check_design", "find_groups", "join_groups"]

SHOWN_NAMES: Final = 8
"""Names of one group that a message lists; the rest are counted."""

NOTHING: Final = 1e-9
"""Share of the largest eigenvalue that counts as none."""


def check_design(ratings: Ratings, anchored: Sequence[int] = ()) -> None:
    """Refuse ratings in which severity cannot be told from who was rated.

    Raters whose severities are `anchored` are linked by them.

    Raises:
        DataError: the groups of raters that share no packet, with ratings that would link them;
            or raters and criteria that no packet tells apart.
    """
    groups = find_groups(ratings, anchored)
    if len(groups) > 1:
        raise DataError([tell_groups(ratings, groups)])
    apart = find_confounded(ratings, anchored)
    if apart:
        message = "cannot be told apart: no packet has one without the other"
        hint = "have two of these raters rate the same packet on the same criterion"
        raise DataError([Problem("ratings", f"{apart} {message}", hint)])


def find_groups(ratings: Ratings, anchored: Sequence[int] = ()) -> list[list[int]]:
    """Return groups of raters, largest first, such that no packet has raters of two of them."""
    n_raters = len(ratings.raters)
    packet, rater = np.divmod(find_distinct(ratings.packet * n_raters + ratings.rater), n_raters)
    first = np.diff(packet, prepend=-1) != 0
    leader = rater[first][np.cumsum(first) - 1]
    links = find_distinct(leader * n_raters + rater)
    ones, others = np.divmod(links, n_raters)
    known = ((anchored[0], other) for other in anchored)
    return join_groups(n_raters, [*zip(ones.tolist(), others.tolist(), strict=True), *known])


def join_groups(size: int, links: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the connected groups of 0..size-1, largest first, then by their first member.

    >>> join_groups(4, [(3, 1), (0, 2)])
    [[0, 2], [1, 3]]
    """
    parent = list(range(size))

    def find(member: int) -> int:
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    for one, other in links:
        low, high = sorted((find(one), find(other)))
        parent[high] = low
    groups: dict[int, list[int]] = {}
    for member in range(size):
        groups.setdefault(find(member), []).append(member)
    return sorted(groups.values(), key=lambda group: (-len(group), group[0]))


def tell_groups(ratings: Ratings, groups: list[list[int]]) -> Problem:
    """Return the problem of a design in pieces: its groups, and a rating for each missing link."""
    told = " | ".join(name_some([ratings.raters[i] for i in group]) for group in groups)
    first = ratings.packet[np.flatnonzero(ratings.rater == groups[0][0])[0]]
    packet = ratings.packets[int(first)]
    links = name_some([ratings.raters[group[0]] for group in groups[1:]])
    return Problem(
        "ratings",
        f"raters in {len(groups)} groups that share no packet: {told}",
        f"one rating each of packet {packet} by {links} would link them",
    )


def name_some(names: list[str]) -> str:
    """Return names as text, the first few of many.

    >>> name_some(["ann", "bo"])
    'ann, bo'
    """
    left = len(names) - SHOWN_NAMES
    told = ", ".join(names[:SHOWN_NAMES])
    return f"{told} and {left} more" if left > 0 else told


def find_confounded(ratings: Ratings, anchored: Sequence[int] = ()) -> str:
    """Return raters and criteria that move together in every packet, as text; none usually.

    Of the matrix sum over packets of (diag(n) - n n' / sum n), with n the packet's ratings by rater
    and by criterion, the null space holds what ratings cannot tell. It always holds the two shifts
    of all raters and of all criteria; anything more is a confounded pair of groups.
    """
    matrix = weigh_links(ratings)
    for other in anchored[1:]:  # what anchors say is worth a packet that both rated
        matrix[np.ix_([anchored[0], other], [anchored[0], other])] += [[1, -1], [-1, 1]]
    values, vectors = np.linalg.eigh(matrix)
    null = vectors[:, values < values.max(initial=0.0) * NOTHING]
    n_raters = len(ratings.raters)
    known = np.zeros((len(matrix), 2))
    known[:n_raters, 0] = 1 / np.sqrt(n_raters)
    known[n_raters:, 1] = 1 / np.sqrt(len(matrix) - n_raters)
    rest = null - known @ (known.T @ null)
    moved = np.flatnonzero(np.abs(rest).max(axis=1, initial=0.0) > MOVED)
    raters = [ratings.raters[i] for i in moved.tolist() if i < n_raters]
    criteria = [ratings.criteria[i - n_raters] for i in moved.tolist() if i >= n_raters]
    return f"raters {name_some(raters)} and criteria {name_some(criteria)}" if criteria else ""


MOVED: Final = 1e-6
"""Share in a direction of the null space that counts as moving with it."""


def weigh_links(ratings: Ratings) -> FloatArray:
    """Return the matrix that says which raters and criteria packets compare."""
    n_raters, size = len(ratings.raters), len(ratings.raters) + len(ratings.criteria)
    matrix = np.zeros((size, size))
    stop = len(ratings.packets)
    bounds = np.searchsorted(ratings.packet, [*range(0, stop, PACKETS), stop])
    for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        packet = ratings.packet[start:end] - ratings.packet[start]
        counts = np.zeros((int(packet[-1]) + 1, size))
        for column in (ratings.rater[start:end], n_raters + ratings.criterion[start:end]):
            counts += np.bincount(packet * size + column, minlength=counts.size).reshape(
                counts.shape
            )
        matrix -= add_products(counts, counts / counts[:, :n_raters].sum(axis=1, keepdims=True))
    pairs = count_pairs(ratings.rater, n_raters + ratings.criterion, size)
    return matrix + pairs


PACKETS: Final = 2000
"""Packets that are looked at together, to bound the memory."""


def count_pairs(rater: IndexArray, criterion: IndexArray, size: int) -> FloatArray:
    """Return how often raters and criteria stand in one rating, (size, size)."""
    matrix = np.zeros((size, size))
    for one in (rater, criterion):
        for other in (rater, criterion):
            matrix += np.bincount(one * size + other, minlength=size * size).reshape(size, size)
    return matrix
