"""What the rows of a group give together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pmpromo.scoring.columns import Floats, Ints
    from pmpromo.scoring.loops.showing import Slots

__all__ = ["Larger", "combine_many", "combine_two"]


class Larger(NamedTuple):
    """Groups of more than two rows, and scratch for them.

    `seen` (i, 2) holds, for an achievement, the last group that has it, and its place there; it
    begins with -1. `best` (2, n) has room for the rows of any group.
    """

    groups: Ints
    seen: Ints
    best: Floats


def combine_two(slots: Slots, gamma: float, reached: Floats, many: Ints) -> int:
    """Combine groups of up to two rows, (2, q, p); list the larger ones, and return how many."""
    low, high = reached[0].reshape(-1), reached[1].reshape(-1)
    held, places = slots.held.reshape(-1), slots.places.reshape(-1)
    counts, listed = slots.counts, 0
    for group in range(len(low)):
        one, other = places[group * 3], places[group * 3 + 1]
        alone = slots.root[one] == slots.root[other]
        best, next_best = counts[one, 0], counts[other, 0]
        best, next_best = max(best, next_best), min(best, next_best)
        low[group] = best + (1.0 - best) * (gamma * (0.0 if alone else next_best))
        best, next_best = counts[one, 1], counts[other, 1]
        best, next_best = max(best, next_best), min(best, next_best)
        high[group] = best + (1.0 - best) * (gamma * (0.0 if alone else next_best))
        many[listed] = group
        listed += held[group] > 2  # noqa: PLR2004 - slots hold two rows
    return listed


def combine_many(slots: Slots, gamma: float, reached: Floats, larger: Larger) -> None:
    """Combine larger groups: the best row of each achievement, ranked, and folded."""
    packets, best, seen = slots.held.shape[1], larger.best, larger.seen
    for group in larger.groups:
        asked, packet = group // packets, group % packets
        places, found = slots.places[asked, packet], 0
        row = places[2]
        for turn in range(slots.held[asked, packet]):
            here = places[turn] if turn < 2 else row  # noqa: PLR2004 - slots hold two rows
            row = slots.chain[here] if turn >= 2 else row  # noqa: PLR2004
            root = slots.root[here]
            if seen[root, 0] != group:
                seen[root, 0], seen[root, 1] = group, found
                best[0, found] = best[1, found] = 0.0
                found += 1
            place = seen[root, 1]
            best[0, place] = max(best[0, place], slots.counts[here, 0])
            best[1, place] = max(best[1, place], slots.counts[here, 1])
        for end in range(2):
            ranked, gap = best[end], 1
            while gap < found // 3:
                gap = 3 * gap + 1
            while gap:  # a shell sort: few values as by insertion, many in no square of time
                for at in range(gap, found):
                    value, place = ranked[at], at
                    while place >= gap and ranked[place - gap] < value:
                        ranked[place] = ranked[place - gap]
                        place -= gap
                    ranked[place] = value
                gap //= 3
            folded, weight = 0.0, 1.0
            for rank in range(found):
                folded += (1.0 - folded) * (weight * ranked[rank])
                weight *= gamma
            reached[end, asked, packet] = folded
