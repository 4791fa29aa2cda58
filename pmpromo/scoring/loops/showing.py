"""What each fact counts, and which facts a requirement of a packet has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from pmpromo.scoring.columns import Bools, Floats, Ints

__all__ = [
    "BELOW",
    "FIGURE",
    "PROGRESS",
    "SPECIAL",
    "STRICT",
    "FactRows",
    "ItemRows",
    "ItemScales",
    "Layer",
    "Slots",
    "measure",
    "show",
    "weigh",
]

FIGURE: Final = 1
"""A form that is worked out from a figure and one target; the next three say more of it."""

BELOW: Final = 2
"""The figure is to lie below its target."""

STRICT: Final = 4
"""A figure at its target is not enough."""

PROGRESS: Final = 8
"""What counts is the way made from a baseline."""

SPECIAL: Final = 16
"""Forms from here on are worked out by themselves, one for each requirement."""


class ItemRows(NamedTuple):
    """Items of a chunk, arrays (i,), with what the loops find out about them.

    `packet` counts from the chunk's first. `opened` tells whether an artifact of it can be opened.
    Written are `heard`, what its voices add to the number of a behaviour's showing, and `weights`
    (i, 2), what it counts at both ends.
    """

    packet: Ints
    ownership: Ints
    share: Floats
    support: Ints
    complete: Bools
    ended: Ints
    in_progress: Bools
    day: Ints
    opened: Bools
    roots: Ints
    heard: Ints
    weights: Floats


class FactRows(NamedTuple):
    """Facts of a chunk, arrays (f,); figures in the units of their metrics."""

    item: Ints
    fact: Ints
    value: Floats
    baseline: Floats
    unit: Ints
    status: Ints
    point: Ints
    sections: Ints
    reviewers: Ints


class ItemScales(NamedTuple):
    """What an item counts by its codes, both ends, (n, 2); the last entries stand for unknown.

    `heard` (n,) is by the code of its support.
    """

    ownership: Floats
    credibility: Floats
    recency: Floats
    heard: Ints


class Layer(NamedTuple):
    """One requirement for each showing.

    A showing's number is the `base` of its fact, then its first part times `second`, its second
    part, and what was heard where the fact `hears`. By number: the requirement `asked`, the `form`
    that its attainment has, 0 where `reached` (s, 3) holds both ends; then comes the cap.
    """

    base: Ints
    hears: Ints
    second: int
    asked: Ints
    form: Ints
    reached: Floats
    targets: Floats


class Slots(NamedTuple):
    """What counts, by row, and where the rows of a group stand.

    A row is a fact under the requirement of a layer: `counts` (r + 1, 2) at both ends, `root` (r +
    1,) its achievement, `chain` (r,) the row before it in its group. The last row is none. `held`
    (q + 1, p) counts the rows of a group, `places` (q + 1, p, 3) are its first, its second, and the
    last of those beyond. `figures` (f + 1, 2) lists the facts that are still to be worked out, with
    the numbers of their showings.
    """

    counts: Floats
    root: Ints
    chain: Ints
    held: Ints
    places: Ints
    figures: Ints


def weigh(items: ItemRows, scales: ItemScales) -> None:
    """Write ownership x credibility x recency of each item, and what its voices add."""
    voices, last = len(scales.credibility) // 4, len(scales.recency) - 1
    for item in range(len(items.packet)):
        support, share = items.support[item], items.share[item]
        items.heard[item] = scales.heard[support]
        if support < 0:
            support = voices - 1
        voice = support * 4 + items.complete[item] * 2 + items.opened[item]
        age = min(items.day[item] - items.ended[item], last - 1) if items.ended[item] > 0 else last
        if items.in_progress[item]:
            age = 0
        for end in range(2):
            part = share if share == share else scales.ownership[items.ownership[item], end]  # noqa: PLR0124 - NaN
            part *= scales.credibility[voice, end]
            items.weights[item, end] = part * scales.recency[age, end]


def show(facts: FactRows, items: ItemRows, layer: Layer, slots: Slots, start: int) -> int:
    """Put every fact into the slots of its group; return how many figures wait in `slots`.

    `start` is the layer's first row.
    """
    packets, waiting = slots.held.shape[1], 0
    held, places = slots.held.reshape(-1), slots.places.reshape(-1)
    for row in range(len(facts.item)):
        item, fact = facts.item[row], facts.fact[row]
        number = int(facts.status[row]) + facts.point[row] + facts.sections[row] + 3
        number = number * layer.second + facts.unit[row] + facts.reviewers[row] + 2
        number += layer.base[fact] + items.heard[item] * layer.hears[fact]
        low = layer.reached[number, 0] * items.weights[item, 0]
        high = layer.reached[number, 1] * items.weights[item, 1]
        cap = layer.reached[number, 2]
        slots.counts[start + row, 0] = min(low, cap)
        slots.counts[start + row, 1] = min(high, cap)
        slots.root[start + row] = items.roots[item]
        slots.figures[waiting, 0], slots.figures[waiting, 1] = row, number
        waiting += layer.form[number] > 0
        group = layer.asked[number] * packets + items.packet[item]
        turn = held[group]
        held[group] = turn + 1
        place = group * 3 + min(turn, 2)
        slots.chain[start + row] = places[place]
        places[place] = start + row
    return waiting


def measure(figures: Ints, facts: FactRows, items: ItemRows, layer: Layer, counts: Floats) -> None:
    """Work out figures that are listed, and write what they count, both ends."""
    for place in range(len(figures)):
        row, number = figures[place, 0], figures[place, 1]
        form, target = layer.form[number], layer.targets[number]
        value, start = facts.value[row], 0.0
        if form & PROGRESS:
            start = facts.baseline[row]
        below = form & BELOW > 0
        met = value <= target if below else value >= target
        if form & STRICT and value == target:
            met = False
        if below and not form & PROGRESS:
            settled, done, asked = value <= 0.0 or target <= 0.0, target, value
        else:
            settled = start <= target if below else start >= target
            done, asked = value - start, target - start
        if settled or start != start:  # noqa: PLR0124 - NaN
            reached = 1.0 if met else 0.0
        else:
            reached = done / asked
            reached = min(reached, 1.0) if reached > 0.0 else 0.0
        unknown = value != value or (start != start and not met)  # noqa: PLR0124 - NaN
        item, cap = facts.item[row], layer.reached[number, 2]
        low = (0.0 if unknown else reached) * items.weights[item, 0]
        high = (1.0 if unknown else reached) * items.weights[item, 1]
        counts[row, 0] = min(low, cap)
        counts[row, 1] = min(high, cap)
