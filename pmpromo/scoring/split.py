"""The exact split of a lift over the criteria that bring it.

The Shapley value (Shapley 1953, doi:10.1515/9781400881970-018): what a criterion adds, averaged
over all orders in which criteria could be brought to their bars.
"""

from __future__ import annotations

from math import factorial, fsum
from typing import TYPE_CHECKING, Final

from pmpromo.scoring.kernel import score_total

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pmpromo.scoring.plan import Plan

__all__ = ["MOST_PLAYERS", "find_short", "split_change", "split_lift", "split_worth"]

MOST_PLAYERS: Final = 16
"""So many parts have 65,536 sets; beyond them an exact split takes too long."""


def find_short(scores: Sequence[float], plan: Plan) -> list[int]:
    """Return the places of criteria below their bars."""
    return [place for place, part in enumerate(plan.criteria) if scores[place] < part.bar]


def split_lift(scores: Sequence[float], plan: Plan) -> dict[int, float]:
    """Split R(max(s, bar)) - R(s) over the criteria below their bars; at most 16 of them."""
    short = find_short(scores, plan)

    def lift(mask: int) -> float:
        raised = list(scores)
        for at, place in enumerate(short):
            if mask >> at & 1:
                raised[place] = plan.criteria[place].bar
        return score_total(raised, plan)[1]

    return dict(zip(short, split_worth(lift, len(short)), strict=True))


def split_worth(worth: Callable[[int], float], players: int) -> list[float]:
    """Return the Shapley value of each player of a game, given by the worth of each set of them.

    >>> split_worth([0.0, 1.0, 2.0, 4.0].__getitem__, 2)
    [1.5, 2.5]
    """
    worths = [worth(mask) for mask in range(1 << players)]
    share = [
        factorial(size) * factorial(players - size - 1) / factorial(players)
        for size in range(players)
    ]
    return [
        fsum(
            share[mask.bit_count()] * (worths[mask | 1 << player] - worths[mask])
            for mask in range(1 << players)
            if not mask >> player & 1
        )
        for player in range(players)
    ]


def split_change(worth: Callable[[int], float], players: int, most: int) -> list[float]:
    """Split what all players bring: exactly up to `most` of them, else over two orders.

    The two orders are the players' own and its reverse; the parts add up to the whole either way.

    >>> split_change([0.0, 1.0, 2.0, 4.0].__getitem__, 2, most=0)
    [1.5, 2.5]
    """
    if players <= most:
        return split_worth(worth, players)
    whole = (1 << players) - 1
    firsts = [worth((1 << player) - 1) for player in range(players + 1)]
    lasts = [worth(whole & ~((1 << player) - 1)) for player in range(players + 1)]
    return [
        (firsts[player + 1] - firsts[player] + lasts[player] - lasts[player + 1]) / 2
        for player in range(players)
    ]
