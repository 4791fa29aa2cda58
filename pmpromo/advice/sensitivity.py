"""The door to sensitivity: how sturdy the verdict on the bar is, and what would turn it."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from pmpromo.advice.flips import find_flips
from pmpromo.advice.policy_swings import SHIFT, swing_policy
from pmpromo.advice.record import read_record, write_record
from pmpromo.advice.subject import look_at
from pmpromo.advice.swing import (
    Acceptability,
    Flip,
    Swing,
    WeightRange,
)
from pmpromo.errors import DataError, Problem
from pmpromo.frame import make_frame
from pmpromo.pictures.markup import element
from pmpromo.pictures.terminal import write_rows, write_wrapped
from pmpromo.scoring.stability import (
    find_range,
    find_weights,
    passes_gates,
    score_under,
    take_away,
)
from pmpromo.words import Day, Version  # noqa: TC001 - types of fields are read at run time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from pmpromo.advice.subject import Subject
    from pmpromo.frame import DataFrame
    from pmpromo.packet import Packet
    from pmpromo.rubric import Rubric

__all__ = ["Sensitivity", "measure_sensitivity"]

DRAWS: Final = 10_000
"""A share is then known to half a percentage point, one standard error."""

FEWEST_DRAWS: Final = 100
MOST_DRAWS: Final = 1_000_000
CONCENTRATION: Final = 20.0
"""Weights of a fifth then vary by about nine hundredths, one standard deviation: as much as people
who agree on a ranking differ in numbers. Our judgement."""

SEED: Final = 20_26
SHOWN: Final = 5
WIDTH: Final = 80


@dataclass(frozen=True, slots=True, repr=False)
class Sensitivity:
    """How sturdy the verdict on the bar is. Made by `measure_sensitivity`; plain frozen data.

    `weights` say how far each weight can go alone; `swings` and `policy` what a fifth less or more
    of a weight, or of a constant by which evidence is weighed, makes of the total; `acceptability`
    under how many plausible weights the verdict stays; `flips` which single fact turns it.

    >>> from pmpromo import load_packet, measure_sensitivity
    >>> sturdy = measure_sensitivity(load_packet("examples/packets/spm-b.yaml"), draws=1000)
    >>> sturdy.met, [flip.evidence for flip in sturdy.flips]
    (False, ['file-line-fy26', ''])
    """

    schema_version: Annotated[Version, Field(description="Version of this format.")]
    packet_id: Annotated[str, Field(description="The packet.")]
    rubric_id: Annotated[str, Field(description="The rubric.")]
    rubric_version: Annotated[str, Field(description="Version of its content.")]
    as_of: Annotated[Day, Field(description="The day from which ages were counted.")]
    bar: Annotated[float, Field(description="The total that meets the rubric.")]
    proven: Annotated[float, Field(description="The proven total.")]
    met: Annotated[bool, Field(description="Whether it reaches the bar: the verdict.")]
    missed: Annotated[
        tuple[str, ...],
        Field(
            description="Must-haves that are missed: they settle the verdict, whatever the weights."
        ),
    ]
    weights: Annotated[
        tuple[WeightRange, ...],
        Field(description="How far each weight can go, as the rubric has them."),
    ]
    swings: Annotated[
        tuple[Swing, ...], Field(description="Totals under other weights, the widest first.")
    ]
    policy: Annotated[
        tuple[Swing, ...], Field(description="Totals under another policy, the widest first.")
    ]
    acceptability: Annotated[
        Acceptability, Field(description="Share of plausible weights with the same verdict.")
    ]
    flips: Annotated[tuple[Flip, ...], Field(description="Single facts that turn the verdict.")]

    def to_frame(self) -> DataFrame:
        """Return one row a criterion: its weight, the range of it, and its swing."""
        swings = {swing.name: swing for swing in self.swings}
        return make_frame(
            {
                "packet_id": [self.packet_id] * len(self.weights),
                "criterion": [each.criterion for each in self.weights],
                "weight": [each.weight for each in self.weights],
                "low": [each.low for each in self.weights],
                "high": [each.high for each in self.weights],
                "total_less": [swings[each.criterion].low for each in self.weights],
                "total_more": [swings[each.criterion].high for each in self.weights],
            }
        )

    def model_dump_json(self, *, indent: int | None = None) -> str:
        """Return everything as JSON text; `from_json` gives it back."""
        return write_record(self, indent)

    @classmethod
    def from_json(cls, text: str | bytes) -> Sensitivity:
        """Return what a JSON text holds; raise `DataError` where it is none."""
        return read_record(cls, text)

    def report(self) -> str:
        """Return it as text of 80 columns."""
        parts = [_write_head(self), _write_weights(self), _write_policy(self), _write_flips(self)]
        return "\n\n".join("\n".join(part) for part in parts)

    def __str__(self) -> str:
        return self.report()

    def __repr__(self) -> str:
        share = f"proven={self.proven:.3f}, met={self.met}, share={self.acceptability.share:.3f}"
        return f"Sensitivity({self.packet_id!r}, {self.rubric_id!r}, {share})"

    def _repr_html_(self) -> str:
        return element("pre", self.report())


def measure_sensitivity(
    packet: Packet,
    rubric: Rubric | None = None,
    *,
    as_of: date | None = None,
    draws: int = DRAWS,
    concentration: float = CONCENTRATION,
) -> Sensitivity:
    """Measure how sturdy the verdict on the bar is: against weights, judgements and single facts.

    `draws` weights, 100 to 1,000,000, are drawn from a Dirichlet distribution around the rubric's,
    with parameters `concentration` x weight; the more, the nearer. They come from numpy's generator
    with a fixed seed, so the same packet gives the same shares.

    Raises what `assess` raises, and `DataError` for options that are none.

    >>> from pmpromo import load_packet
    >>> sturdy = measure_sensitivity(load_packet("examples/packets/strong-l3-l4.yaml"), draws=1000)
    >>> sturdy.met, sturdy.acceptability.share
    (True, 1.0)
    """
    _check(draws, concentration)
    subject = look_at(packet, rubric, as_of)
    seen = subject.seen
    return Sensitivity(
        schema_version=1,
        packet_id=seen.packet_id,
        rubric_id=seen.rubric_id,
        rubric_version=seen.rubric_version,
        as_of=seen.as_of,
        bar=seen.bar,
        proven=seen.proven,
        met=seen.met,
        missed=tuple(
            subject.plan.criteria[gate.place].criterion.id
            for gate in subject.plan.gates
            if subject.proven[gate.place] < gate.minimum
        ),
        weights=tuple(_find_ranges(subject)),
        swings=tuple(sorted(_swing_weights(subject), key=lambda each: -abs(each.high - each.low))),
        policy=tuple(swing_policy(subject)),
        acceptability=_accept(subject, draws, concentration),
        flips=tuple(find_flips(subject)),
    )


def _check(draws: object, concentration: object) -> None:
    problems = []
    if (
        isinstance(draws, bool)
        or not isinstance(draws, int)
        or not FEWEST_DRAWS <= draws <= MOST_DRAWS
    ):
        problems.append(Problem("draws", "is no number of draws", "give 100 to 1,000,000"))
    known = isinstance(concentration, (int, float)) and not isinstance(concentration, bool)
    if not known or not 0 < float(str(concentration)) <= MOST_DRAWS:
        problems.append(
            Problem("concentration", "is no concentration", "give 20, or less to doubt more")
        )
    if problems:
        raise DataError(problems)


def _find_ranges(subject: Subject) -> Iterator[WeightRange]:
    weights = find_weights(subject.plan).of
    for place, part in enumerate(subject.plan.criteria):
        low, high = find_range(place, subject.proven, subject.plan)
        yield WeightRange(part.criterion.id, weights[place], low, high)


def _swing_weights(subject: Subject) -> Iterator[Swing]:
    weights, bar, met = find_weights(subject.plan).of, subject.seen.bar, subject.seen.met
    for place, part in enumerate(subject.plan.criteria):
        totals = []
        for factor in (1 - SHIFT, 1 + SHIFT):
            changed = [*weights]
            changed[place] *= factor
            totals.append(score_under(changed, subject.proven, subject.plan))
        low, high = totals
        flips = (low >= bar) != met or (high >= bar) != met
        yield Swing(part.criterion.id, weights[place], low, high, flips)


def _accept(subject: Subject, draws: int, concentration: float) -> Acceptability:
    """Draw weights, and count under how many of them the verdict stays."""
    import numpy as np  # noqa: PLC0415 - numpy sleeps until weights are drawn

    weights = np.asarray(find_weights(subject.plan).of)
    scores = np.asarray(subject.proven)
    weighed = weights > 0
    chance = np.random.default_rng(SEED)
    drawn = chance.dirichlet(concentration * weights[weighed], draws)
    totals = (drawn * scores[weighed]).sum(axis=1) - take_away(subject.proven, subject.plan)
    passes = passes_gates(subject.proven, subject.plan)
    same = (totals >= subject.seen.bar) == subject.seen.met if passes else np.ones(draws, bool)
    share = float(same.mean())
    return Acceptability(
        share, sqrt(share * (1 - share) / draws), draws, float(concentration), SEED
    )


def _write_head(seen: Sensitivity) -> list[str]:
    where = f"read against {seen.rubric_id} {seen.rubric_version}, as of {seen.as_of.isoformat()}"
    verdict = f"Rubric bar {seen.bar:.2f}: {'met' if seen.met else 'not met'}."
    accepted = seen.acceptability
    share = (
        f"Under {accepted.share:.1%} of plausible weights ({accepted.draws:,} drawn around the"
        f" rubric's) the verdict stays."
    )
    if seen.missed:
        kind = "must-have" if len(seen.missed) == 1 else "must-haves"
        share = f"The missed {kind} {', '.join(seen.missed)} settles it, whatever the weights."
    return [
        *write_wrapped(f"{seen.packet_id}: how sturdy the verdict is", WIDTH),
        *write_wrapped(where, WIDTH),
        "",
        f"{verdict}  Proven {seen.proven:.3f}.",
        *write_wrapped(share, WIDTH),
    ]


def _write_weights(seen: Sensitivity) -> list[str]:
    swings = {swing.name: swing for swing in seen.swings}
    head = ["Weight of", "today", "same verdict", "total at -20 %", "+20 %"]
    rows = [
        [
            each.criterion,
            f"{each.weight:.1%}",
            f"{each.low:.1%} to {each.high:.1%}",
            f"{swings[each.criterion].low:.3f}",
            f"{swings[each.criterion].high:.3f}",
        ]
        for each in seen.weights
    ]
    return write_rows([head, *rows], (26, -6, -17, -15, -8))


def _write_policy(seen: Sensitivity) -> list[str]:
    lines = ["What a fifth less or more of a judgement makes of the total"]
    lines += [
        f"  {swing.low:.3f} to {swing.high:.3f}  {swing.name} {swing.value:g}"
        f"{': turns the verdict' if swing.flips else ''}"
        for swing in seen.policy[:SHOWN]
    ]
    return [*lines, *_count_rest(seen.policy)]


def _write_flips(seen: Sensitivity) -> list[str]:
    if not seen.flips:
        return ["No single fact turns the verdict."]
    change = "taken away" if seen.met else "supplied or shown"
    lines = [f"Single facts that turn the verdict if {change}"]
    for flip in seen.flips[:SHOWN]:
        where = f" [{flip.evidence}]" if flip.evidence else ""
        lines += write_wrapped(f"  {flip.total:.3f}  {flip.what}{where}", WIDTH, " " * 9)
    return [*lines, *_count_rest(seen.flips)]


def _count_rest(found: Sequence[object]) -> list[str]:
    left = len(found) - SHOWN
    return [f"  {left} more"] if left > 0 else []
