"""Who should rate what: a plan that can be compared, is fair in load, and avoids conflicts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from pmpromo.committee.design import join_groups
from pmpromo.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["Assignment", "assign_raters"]


@dataclass(frozen=True, slots=True)
class Assignment:
    """A plan: the raters of each packet, both in the order given.

    >>> plan = assign_raters(["a", "b"], ["ann", "bo", "cy"], 2)
    >>> print(plan)
    a: ann, bo
    b: ann, cy
    """

    packets: tuple[str, ...]
    panels: tuple[tuple[str, ...], ...]

    @property
    def loads(self) -> dict[str, int]:
        """How many packets each rater has."""
        return dict(sorted(Counter(rater for panel in self.panels for rater in panel).items()))

    def to_columns(self) -> dict[str, list[str]]:
        """Return columns packet_id and rater_id, one row a rater of a packet."""
        rows = [
            (packet, rater)
            for packet, panel in zip(self.packets, self.panels, strict=True)
            for rater in panel
        ]
        return {"packet_id": [p for p, _ in rows], "rater_id": [r for _, r in rows]}

    def __str__(self) -> str:
        return "\n".join(
            f"{packet}: {', '.join(panel)}"
            for packet, panel in zip(self.packets, self.panels, strict=True)
        )


def assign_raters(
    packets: Sequence[str],
    raters: Sequence[str],
    per_packet: int,
    *,
    conflicts: Mapping[str, Iterable[str]] | None = None,
) -> Assignment:
    """Return a plan in which every packet has `per_packet` raters and all raters are linked.

    Loads differ by at most one where conflicts permit, and as little as they permit otherwise.
    The same input gives the same plan.

    Args:
        packets: names, each once.
        raters: names, each once.
        per_packet: raters of each packet; from 2 on raters can be compared.
        conflicts: packet -> raters who must not rate it, such as its own report line.

    Raises:
        DataError: names given twice, a packet with too few raters left, or too few packets to link
            all raters.

    >>> plan = assign_raters(["a", "b", "c"], ["ann", "bo", "cy"], 2, conflicts={"a": ["ann"]})
    >>> plan.panels[0], plan.loads
    (('bo', 'cy'), {'ann': 2, 'bo': 2, 'cy': 2})
    """
    barred = {packet: frozenset(names) for packet, names in (conflicts or {}).items()}
    problems = [*check_names(packets, raters, barred), *check_sizes(packets, raters, per_packet)]
    if problems:
        raise DataError(problems)
    allowed = [
        [r for r, rater in enumerate(raters) if rater not in barred.get(packet, ())]
        for packet in packets
    ]
    short = [
        Problem(f"packet {packet}", f"{len(free)} raters without a conflict, not {per_packet}")
        for packet, free in zip(packets, allowed, strict=True)
        if len(free) < per_packet
    ]
    if short:
        raise DataError(short)
    draft = Draft(allowed, [set() for _ in packets], [0] * len(raters))
    fill(draft, per_packet)
    level(draft)
    link(draft, raters)
    panels = tuple(tuple(raters[r] for r in sorted(panel)) for panel in draft.panels)
    return Assignment(tuple(packets), panels)


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan in the making: by packet the raters it may have and has; by rater the load."""

    allowed: list[list[int]]
    panels: list[set[int]]
    loads: list[int]

    def move(self, packet: int, old: int, new: int) -> None:
        """Give a packet to another rater."""
        self.panels[packet].remove(old)
        self.panels[packet].add(new)
        self.loads[old] -= 1
        self.loads[new] += 1

    def groups(self) -> list[list[int]]:
        """Return the raters that are linked by packets."""
        pairs = (pair for panel in self.panels for pair in combinations(sorted(panel), 2))
        return join_groups(len(self.loads), pairs)


def check_names(
    packets: Sequence[str], raters: Sequence[str], barred: Mapping[str, frozenset[str]]
) -> Iterator[Problem]:
    """Yield a problem for each name that stands twice, or in conflicts only."""
    for kind, given in (("packets", packets), ("raters", raters)):
        if not given:
            yield Problem(kind, "none", "name at least one")
        for name, count in Counter(given).items():
            if count > 1:
                yield Problem(f"{kind} {name}", "named twice", "name each once")
    for packet, names in barred.items():
        if packet not in packets:
            yield Problem(f"conflicts {packet}", "no such packet", "use a name from packets")
        for name in sorted(names - set(raters)):
            yield Problem(f"conflicts {packet}: {name}", "no such rater", "use a name from raters")


def check_sizes(
    packets: Sequence[str], raters: Sequence[str], per_packet: int
) -> Iterator[Problem]:
    """Yield a problem if no plan of these sizes can link all raters."""
    if not 1 <= per_packet <= len(raters):
        yield Problem("per_packet", "not between 1 and the number of raters")
    elif len(packets) * (per_packet - 1) < len(raters) - 1:
        yield Problem(
            "per_packet",
            f"{len(packets)} packets with {per_packet} raters cannot link {len(raters)} raters",
            "give more raters a packet, or name fewer raters",
        )


def fill(draft: Draft, per_packet: int) -> None:
    """Give each packet its raters, those with the fewest choices first.

    Among the raters it may have: the least busy, then those it links anew, then by pairs so far.
    """
    pairs: Counter[tuple[int, int]] = Counter()
    order = sorted(range(len(draft.panels)), key=lambda packet: len(draft.allowed[packet]))
    for packet in order:
        panel = draft.panels[packet]
        for _ in range(per_packet):
            rater = min(
                (r for r in draft.allowed[packet] if r not in panel),
                key=lambda r: (
                    draft.loads[r],
                    sum(pairs[min(r, other), max(r, other)] for other in panel),
                    r,
                ),
            )
            pairs.update((min(rater, other), max(rater, other)) for other in panel)
            panel.add(rater)
            draft.loads[rater] += 1


def level(draft: Draft) -> None:
    """Hand packets on along chains of raters until no load can be made more even."""
    while chain := find_chain(draft):
        for packet, old, new in chain:
            draft.move(packet, old, new)


def find_chain(draft: Draft) -> list[tuple[int, int, int]]:
    """Return moves that take one packet from a busy rater to one with two fewer, or nothing.

    Breadth first from the busiest rater: each move hands a packet to a rater who may have it.
    """
    least = min(draft.loads)
    busiest = sorted(range(len(draft.loads)), key=lambda r: (-draft.loads[r], r))
    for busy in (r for r in busiest if draft.loads[r] >= least + 2):
        reached: dict[int, tuple[int, int]] = {busy: (-1, -1)}
        queue = [busy]
        for rater in queue:
            if draft.loads[rater] <= draft.loads[busy] - 2:
                return trace(reached, rater)
            for packet, panel in enumerate(draft.panels):
                if rater in panel:
                    for other in draft.allowed[packet]:
                        if other not in panel and other not in reached:
                            reached[other] = (rater, packet)
                            queue.append(other)
    return []


def trace(reached: dict[int, tuple[int, int]], end: int) -> list[tuple[int, int, int]]:
    """Return the moves that lead to a rater, the last one first, so that each stays possible."""
    moves = []
    rater, packet = reached[end]
    while packet >= 0:
        moves.append((packet, rater, end))
        end = rater
        rater, packet = reached[end]
    return moves


def link(draft: Draft, raters: Sequence[str]) -> None:
    """Swap raters between packets until all raters are linked; loads stay as they are.

    Raises:
        DataError: conflicts leave no plan in which they are.
    """
    groups = draft.groups()
    while len(groups) > 1:
        if not swap_once(draft, len(groups)) and not hand_over(draft, len(groups)):
            told = " | ".join(", ".join(raters[r] for r in group) for group in groups)
            hint = "lift a conflict, or give more raters a packet"
            raise DataError([Problem("conflicts", f"keep raters apart: {told}", hint)])
        groups = draft.groups()


def swap_once(draft: Draft, n_groups: int) -> bool:
    """Swap one rater each of two packets if that leaves fewer groups; tell whether it did."""
    for (p, one), (q, other) in combinations(enumerate(draft.panels), 2):
        for a in sorted(one - other):
            for b in sorted(other - one):
                if b not in draft.allowed[p] or a not in draft.allowed[q]:
                    continue
                draft.move(p, a, b)
                draft.move(q, b, a)
                if len(draft.groups()) < n_groups:
                    return True
                draft.move(p, b, a)
                draft.move(q, a, b)
    return False


def hand_over(draft: Draft, n_groups: int) -> bool:
    """Give one packet to another rater if that leaves fewer groups; tell whether it did."""
    for packet, panel in enumerate(draft.panels):
        for old in sorted(panel):
            for new in draft.allowed[packet]:
                if new in panel:
                    continue
                draft.move(packet, old, new)
                if len(draft.groups()) < n_groups:
                    return True
                draft.move(packet, new, old)
    return False
