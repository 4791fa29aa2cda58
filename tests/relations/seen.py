"""What is said of a packet, with its floats as their bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cycles import pack_floats

from pmpromo import assess

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmpromo import Assessment, Packet, Rubric


class Seen(NamedTuple):
    """Scores as bytes, and gaps with all that is said of them."""

    scores: tuple[Any, ...]
    gaps: tuple[Any, ...]
    open_items: tuple[Any, ...]
    checks: tuple[Any, ...]
    ends: tuple[tuple[float, float], ...]


def see(packet: Packet, rubric: Rubric) -> Seen:
    """Assess a packet and take down what is said."""
    return take_down(assess(packet, rubric))


def take_down(found: Assessment) -> Seen:
    """Take down what an assessment says."""
    criteria = tuple(
        (each.id, pack_floats(each.proven, each.possible, each.weight), each.status)
        for each in found.criteria
    )
    ends = (
        (found.proven, found.possible),
        *((each.proven, each.possible) for each in found.criteria),
    )
    return Seen(
        (pack_floats(found.proven, found.possible, found.bar), found.met, criteria),
        tuple(
            (
                gap.criterion,
                gap.requirement,
                gap.kind,
                gap.nature,
                gap.claimed,
                gap.asked,
                gap.unit,
                gap.shortfall,
                pack_floats(gap.gain, gap.gain_before_gates),
                gap.blocked_by,
                gap.remedy,
                gap.evidence,
            )
            for gap in found.gaps
        ),
        tuple(
            (each.evidence, tuple(sorted(each.missing)), pack_floats(each.gain))
            for each in found.open_items
        ),
        tuple(sorted((each.id, each.kind, tuple(sorted(each.evidence))) for each in found.checks)),
        tuple(ends),
    )


def drop_words(seen: Seen) -> Seen:
    """Leave out which figures gaps tell, and what they advise on them."""
    return seen._replace(gaps=tuple((*gap[:4], *gap[8:10], gap[11]) for gap in seen.gaps))


def rename(told: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 - any depth of tuples
    """Replace ids in what is said."""
    if isinstance(told, tuple):
        return tuple(rename(each, names) for each in told)
    return names.get(told.casefold(), told) if isinstance(told, str) else told
