"""The door to comparisons: what changed between two packets, or two dates of one, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field

from pmpromo.advice.differences import find_differences, score_mixture
from pmpromo.advice.record import read_record, write_record
from pmpromo.advice.subject import look_at
from pmpromo.errors import DataError, Problem
from pmpromo.frame import make_frame
from pmpromo.pictures.markup import element
from pmpromo.pictures.terminal import draw_bar, write_rows, write_wrapped
from pmpromo.scoring.kernel import score_total
from pmpromo.scoring.split import MOST_PLAYERS, split_change
from pmpromo.words import Day, Version  # noqa: TC001 - types of fields are read at run time

if TYPE_CHECKING:
    from datetime import date

    from pmpromo.advice.subject import Subject
    from pmpromo.frame import DataFrame
    from pmpromo.packet import Packet
    from pmpromo.rubric import Rubric

__all__ = ["Cause", "Comparison", "CriterionChange", "compare"]

MOST_CAUSES: Final = 9
"""So many causes have 512 sets, each of which is scored; beyond them two orders are averaged."""

SEEN: Final = 0.0005
"""What moves a total by less is not shown in a report."""

WIDTH: Final = 80


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """How a criterion stood and stands, and its part in the change of the total.

    >>> CriterionChange("reach", "Reach", 0.5, 0.75, 0.05).after
    0.75
    """

    criterion: Annotated[str, Field(description="The criterion.")]
    name: Annotated[str, Field(description="Its title.")]
    before: Annotated[float, Field(description="Its proven score in the first.")]
    after: Annotated[float, Field(description="Its proven score in the second.")]
    part: Annotated[float, Field(description="Its part in the change; they add up to it.")]


@dataclass(frozen=True, slots=True)
class Cause:
    """One difference between the two, and its part in the change of the total.

    `alone` is what it makes of the first by itself.

    >>> Cause("changed", "launch", "support", 0.02, 0.03).part
    0.03
    """

    kind: Annotated[
        Literal["added", "removed", "changed", "time"], Field(description="What happened.")
    ]
    evidence: Annotated[str, Field(description="The evidence item; empty for time.")]
    what: Annotated[str, Field(description="What is different.")]
    alone: Annotated[float, Field(description="What it alone adds to the first total.")]
    part: Annotated[float, Field(description="Its part in the change; they add up to it.")]


@dataclass(frozen=True, slots=True, repr=False)
class Comparison:
    """What changed between two packets, and why. Made by `compare`; plain frozen data.

    Totals and scores are proven ones. Parts are Shapley values: what each brings, averaged over all
    orders; where there are more than 9 causes, or 16 criteria, over two opposite orders.

    >>> from datetime import date
    >>> from pmpromo import compare, load_packet
    >>> packet = load_packet("examples/packets/strong-l3-l4.yaml")
    >>> aged = compare(packet, packet, as_of=(packet.as_of, date(2028, 6, 30)))
    >>> [cause.kind for cause in aged.causes], aged.met
    (['time'], (True, False))
    """

    schema_version: Annotated[Version, Field(description="Version of this format.")]
    packets: Annotated[tuple[str, str], Field(description="The two packets.")]
    rubric_id: Annotated[str, Field(description="The rubric.")]
    rubric_version: Annotated[str, Field(description="Version of its content.")]
    as_of: Annotated[tuple[Day, Day], Field(description="The days ages were counted from.")]
    bar: Annotated[float, Field(description="The total that meets the rubric.")]
    proven: Annotated[tuple[float, float], Field(description="The proven totals.")]
    possible: Annotated[tuple[float, float], Field(description="The possible totals.")]
    met: Annotated[tuple[bool, bool], Field(description="Whether each reaches the bar.")]
    criteria: Annotated[
        tuple[CriterionChange, ...], Field(description="Every criterion, in the rubric's order.")
    ]
    causes: Annotated[tuple[Cause, ...], Field(description="Differences, the largest part first.")]

    def to_frame(self) -> DataFrame:
        """Return one row a cause: kind, evidence, what, alone, part."""
        columns: dict[str, list[object]] = {
            name: [getattr(cause, name) for cause in self.causes]
            for name in ("kind", "evidence", "what", "alone", "part")
        }
        return make_frame(columns)

    def model_dump_json(self, *, indent: int | None = None) -> str:
        """Return everything as JSON text; `from_json` gives it back."""
        return write_record(self, indent)

    @classmethod
    def from_json(cls, text: str | bytes) -> Comparison:
        """Return the comparison of a JSON text; raise `DataError` where it is none."""
        return read_record(cls, text)

    def report(self) -> str:
        """Return the comparison as text of 80 columns."""
        parts = [_write_head(self), _write_criteria(self), _write_causes(self)]
        return "\n\n".join("\n".join(part) for part in parts)

    def __str__(self) -> str:
        return self.report()

    def __repr__(self) -> str:
        one, other = self.packets
        change = self.proven[1] - self.proven[0]
        return f"Comparison({one!r}, {other!r}, {self.rubric_id!r}, change={change:+.3f})"

    def _repr_html_(self) -> str:
        return element("pre", self.report())


def compare(
    a: Packet,
    b: Packet,
    rubric: Rubric | None = None,
    *,
    as_of: date | tuple[date | None, date | None] | None = None,
) -> Comparison:
    """Compare two packets under one rubric, or one packet at two dates: what changed, and why.

    `rubric` defaults to the one that both packets name; `as_of` is one day for both, a pair of
    days, or each packet's own.

    Raises what `assess` raises, and `DataError` where the packets name different rubrics.

    >>> from pmpromo import load_packet
    >>> packet = load_packet("examples/packets/spm-b.yaml")
    >>> fewer = packet.model_copy(update={"evidence": packet.evidence[1:]})
    >>> [(cause.kind, cause.evidence) for cause in compare(packet, fewer).causes]
    [('removed', 'acq-integration')]
    """
    days = as_of if isinstance(as_of, tuple) else (as_of, as_of)
    one, other = look_at(a, rubric, days[0]), look_at(b, rubric, days[1])
    if one.rubric != other.rubric:
        hint = "give the rubric to read both against"
        raise DataError([Problem("rubric", "the packets name different rubrics", hint)])
    return Comparison(
        schema_version=1,
        packets=(a.id, b.id),
        rubric_id=one.seen.rubric_id,
        rubric_version=one.seen.rubric_version,
        as_of=(one.seen.as_of, other.seen.as_of),
        bar=one.seen.bar,
        proven=(one.seen.proven, other.seen.proven),
        possible=(one.seen.possible, other.seen.possible),
        met=(one.seen.met, other.seen.met),
        criteria=tuple(_compare_criteria(one, other)),
        causes=tuple(_find_causes(one, other)),
    )


def _compare_criteria(one: Subject, other: Subject) -> list[CriterionChange]:
    before, after, plan = one.proven, other.proven, one.plan
    moved = [place for place, score in enumerate(before) if score != after[place]]

    def worth(mask: int) -> float:
        scores = list(before)
        for at, place in enumerate(moved):
            scores[place] = after[place] if mask >> at & 1 else before[place]
        return score_total(scores, plan)[1]

    parts = dict(zip(moved, split_change(worth, len(moved), MOST_PLAYERS), strict=True))
    return [
        CriterionChange(
            part.criterion.id,
            part.criterion.name,
            before[place],
            after[place],
            parts.get(place, 0.0),
        )
        for place, part in enumerate(plan.criteria)
    ]


def _find_causes(one: Subject, other: Subject) -> list[Cause]:
    found = find_differences(one, other)
    known: dict[int, float] = {}

    def worth(mask: int) -> float:
        if mask not in known:
            known[mask] = score_mixture(mask, found, one, other)
        return known[mask]

    parts = split_change(worth, len(found), MOST_CAUSES)
    causes = [
        Cause(each.kind, each.item, each.what, worth(1 << at) - worth(0), parts[at])
        for at, each in enumerate(found)
    ]
    return sorted(causes, key=lambda cause: (-abs(cause.part), cause.evidence))


def _write_head(seen: Comparison) -> list[str]:
    one, other = seen.packets
    title = f"{one}: then and now" if one == other else f"{one}, compared with {other}"
    days = " and ".join(dict.fromkeys(day.isoformat() for day in seen.as_of))
    where = f"read against {seen.rubric_id} {seen.rubric_version}, as of {days}"
    change = seen.proven[1] - seen.proven[0]
    lines = [*write_wrapped(title, WIDTH), *write_wrapped(where, WIDTH), ""]
    for name, at in (("Before", 0), ("After", 1)):
        verdict = "met" if seen.met[at] else "not met"
        bar = draw_bar(seen.proven[at], seen.possible[at], seen.bar, cells=44)
        lines.append(f"{name:6} {seen.proven[at]:.3f}  {bar} {verdict}")
    return [*lines, f"Proven {change:+.3f}; rubric bar {seen.bar:.2f}."]


def _write_criteria(seen: Comparison) -> list[str]:
    moved = [each for each in seen.criteria if each.before != each.after]
    if not moved:
        return ["No criterion has changed."]
    head = ["Criterion", "before", "after", "part"]
    rows = [
        [each.name, f"{each.before:.2f}", f"{each.after:.2f}", f"{each.part:+.3f}"]
        for each in moved
    ]
    return write_rows([head, *rows], (40, -7, -7, -8))


def _write_causes(seen: Comparison) -> list[str]:
    shown = [each for each in seen.causes if max(abs(each.part), abs(each.alone)) >= SEEN]
    if not shown:
        return ["Nothing that differs moves the total."]
    lines = ["Why, by what each brings in all orders (the parts add up)"]
    for cause in shown:
        where = f" [{cause.evidence}]" if cause.evidence else ""
        lines += write_wrapped(
            f"  {cause.part:+.3f}  {_TOLD[cause.kind]}{cause.what}{where}", WIDTH, " " * 10
        )
    left = len(seen.causes) - len(shown)
    return [*lines, f"  {left} more, of no effect"] if left else lines


_TOLD: Final = {"added": "", "removed": "", "changed": "changed: ", "time": ""}
