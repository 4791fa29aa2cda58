"""From requirements to criteria and totals: sums of columns in the rubric's order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pmpromo.scoring.columns import Floats, Ints

__all__ = ["Gates", "Means", "Mixture", "average", "average_best", "gate", "stand", "total"]


class Means(NamedTuple):
    """Means of c criteria: the requirements `asked` (k,) of criterion n start at `starts[n]`.

    `weights` (k,), and `totals` (c,) to divide by. `best` (c,) tells how many of them count; 0 is
    all.
    """

    starts: Ints
    asked: Ints
    weights: Floats
    totals: Floats
    best: Ints


class Mixture(NamedTuple):
    """The total of criteria: `weights` (c,), pairs (n, 2) with theirs, and what divides the sum."""

    weights: Floats
    pairs: Ints
    pair_weights: Floats
    total: float


class Gates(NamedTuple):
    """Must-haves, arrays (g,): see `plan.Gate`."""

    place: Ints
    bar: Floats
    base: Floats
    minimum: Floats
    below: Floats
    top: Floats


def average(reached: Floats, means: Means, scores: Floats, least: Floats, most: Floats) -> None:
    """Write criteria (c, p) all of whose requirements count, from requirements (q, p), one end.

    `least` and `most` (p,) are scratch.
    """
    for criterion in range(len(scores)):
        if means.best[criterion]:
            continue
        first, last = means.starts[criterion], means.starts[criterion + 1]
        mean, divisor, column = (
            scores[criterion],
            means.totals[criterion],
            reached[means.asked[first]],
        )
        for packet in range(len(mean)):
            least[packet] = most[packet] = column[packet]
            mean[packet] = means.weights[first] * column[packet]
        for place in range(first + 1, last):
            weight, column = means.weights[place], reached[means.asked[place]]
            for packet in range(len(mean)):
                mean[packet] += weight * column[packet]
                least[packet] = min(least[packet], column[packet])
                most[packet] = max(most[packet], column[packet])
        for packet in range(len(mean)):
            mean[packet] = min(max(mean[packet] / divisor, least[packet]), most[packet])


def average_best(reached: Floats, means: Means, scores: Floats, ranked: Floats) -> None:
    """Write criteria (c, p) whose best few requirements count, from those (q, p), one end.

    `ranked` is scratch, with room for the most that count and one more.
    """
    for criterion in range(len(scores)):
        best = means.best[criterion]
        for packet in range(scores.shape[1] if best else 0):
            ranked[:] = -1.0
            for place in range(means.starts[criterion], means.starts[criterion + 1]):
                rank, value = best, reached[means.asked[place], packet]
                while rank > 0 and ranked[rank - 1] < value:
                    ranked[rank] = ranked[rank - 1]
                    rank -= 1
                ranked[rank] = value
            mean = 0.0
            for rank in range(best):
                mean += ranked[rank]
            mean = min(max(mean / means.totals[criterion], ranked[best - 1]), ranked[0])
            scores[criterion, packet] = mean


def stand(scores: Floats, held: Ints, means: Means, bars: Floats, standing: Ints) -> None:
    """Write how criteria stand, (c, p), from their scores (2, c, p) and the rows held (q, p)."""
    for criterion in range(len(bars)):
        low, high, bar = scores[0, criterion], scores[1, criterion], bars[criterion]
        here = standing[criterion]
        for packet in range(len(here)):
            here[packet] = 2 - (high[packet] >= bar) - (low[packet] >= bar)
        for packet in range(len(here)):
            rows = 0
            for place in range(means.starts[criterion], means.starts[criterion + 1]):
                rows += held[means.asked[place], packet]
            here[packet] += rows == 0 and high[packet] < bar


def total(scores: Floats, mixture: Mixture, totals: Floats, least: Floats, most: Floats) -> None:
    """Write what criteria (c, p) give together (p,), one end, before the gates of the must-haves.

    `least` and `most` (p,) are scratch.
    """
    totals[:], least[:], most[:] = 0.0, 1.0, 0.0
    for criterion in range(len(mixture.weights)):
        weight, column = mixture.weights[criterion], scores[criterion]
        for packet in range(len(totals)):
            totals[packet] += weight * column[packet]
            least[packet] = min(least[packet], column[packet])
            most[packet] = max(most[packet], column[packet])
    for pair in range(len(mixture.pair_weights)):
        weight = mixture.pair_weights[pair]
        one, other = scores[mixture.pairs[pair, 0]], scores[mixture.pairs[pair, 1]]
        for packet in range(len(totals)):
            totals[packet] += weight * min(one[packet], other[packet])
    for packet in range(len(totals)):
        totals[packet] = min(max(totals[packet] / mixture.total, least[packet]), most[packet])


def gate(scores: Floats, gates: Gates, totals: Floats) -> None:
    """Lower totals (p,) to what the must-haves among criteria (c, p) allow, one end."""
    for place in range(len(gates.place)):
        bar, base, minimum = gates.bar[place], gates.base[place], gates.minimum[place]
        below, top, column = gates.below[place], gates.top[place], scores[gates.place[place]]
        length = top - minimum if top > minimum else 1.0  # a ramp of no length is never taken
        for packet in range(len(totals)):
            score = column[packet]
            shut = min(bar * (base + (1.0 - base) * (score / minimum)), below)
            ramp = bar + (1.0 - bar) * (score - minimum) / length
            opening = ramp if score >= minimum else shut
            totals[packet] = min(totals[packet], opening if score < top else 1.0)
