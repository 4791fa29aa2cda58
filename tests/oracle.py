"""A slow and exact scorer, written from the design alone; it shares no code with pmpromo.scoring.

Every number is a fraction; only the recency power is a float, turned into the fraction it stands
for. A packet becomes rows: one for each requirement and each fact that is shown for it. Everything
after that (scores, statuses, totals, gaps) is read off the rows, so a closed gap is a changed row.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations
from math import prod
from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.ladder import Metric
from pmpromo.packet import ArtifactFact, BehaviourFact, Measurement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pmpromo.packet import Corroboration, Evidence, Packet
    from pmpromo.policy import EvidencePolicy
    from pmpromo.requirement import Requirement, Target
    from pmpromo.rubric import Criterion, Rubric

DAYS_A_MONTH: Final = 30.4375
HIGHEST_POINT: Final = 4


class Ends(NamedTuple):
    """The two ends of an interval: with all unknowns at their worst, and at their best."""

    worst: Fraction
    best: Fraction


def at(number: Fraction) -> Ends:
    """Return the interval that is one known number."""
    return Ends(number, number)


NOTHING: Final = at(Fraction(0))
EVERYTHING: Final = at(Fraction(1))
ANYTHING: Final = Ends(Fraction(0), Fraction(1))


def exact(number: float) -> Fraction:
    """Read a number as the decimal that a file would show."""
    return Fraction(str(number))


def clip(number: Fraction) -> Fraction:
    """Return the nearest number from 0 to 1."""
    return min(max(number, Fraction(0)), Fraction(1))


def lowest(parts: Iterable[Ends]) -> Ends:
    """Return the minimum, each end by itself."""
    worsts, bests = zip(*parts, strict=True)
    return Ends(min(worsts), min(bests))


def highest(parts: Iterable[Ends]) -> Ends:
    """Return the maximum, each end by itself."""
    worsts, bests = zip(*parts, strict=True)
    return Ends(max(worsts), max(bests))


# 1. Attainment: what is claimed against what is asked.


def read_figure(number: float, unit: str, metric: Metric, rubric: Rubric) -> Fraction:
    """Convert a figure to the metric's unit, exactly."""
    source, target = rubric.ladder.read_unit(unit), rubric.ladder.read_unit(metric.unit)
    assert source.dimension == target.dimension
    return exact(number) * source.factor / target.factor


def attain_figure(
    fact: Measurement, target: Target, accepts: tuple[str, ...], rubric: Rubric
) -> Ends:
    """Measure a figure against a target; one that does not count may be anything."""
    if fact.value is None or fact.unit is None or fact.status not in accepts:
        return ANYTHING
    metric = rubric.ladder.facts[fact.metric]
    assert isinstance(metric, Metric)
    value = read_figure(fact.value, fact.unit, metric, rubric)
    baseline = (
        None if fact.baseline is None else read_figure(fact.baseline, fact.unit, metric, rubric)
    )
    if target.direction in {"between", "within"}:
        return attain_band(value, read_band(target, baseline, metric, rubric))
    asked = read_asked(target, baseline, metric, rubric)
    return ANYTHING if asked is None else attain_target(value, asked, baseline, target, metric)


def attain_target(
    value: Fraction, asked: Fraction, baseline: Fraction | None, target: Target, metric: Metric
) -> Ends:
    """Return 1 where a target is met, else how much of it is there."""
    if is_met(value, target, asked):
        return EVERYTHING
    if metric.baseline == "required" or target.change is not None:
        return attain_from_baseline(value, asked, baseline, target)
    if value <= 0 or asked <= 0:
        return NOTHING
    return at(clip(value / asked if rises(target) else asked / value))


def rises(target: Target) -> bool:
    """Tell whether more is better."""
    return target.direction in {"at_least", "more_than"}


def is_met(value: Fraction, target: Target, asked: Fraction) -> bool:
    """Tell whether a figure meets what is asked."""
    return {
        "at_least": value >= asked,
        "more_than": value > asked,
        "at_most": value <= asked,
        "less_than": value < asked,
    }[str(target.direction)]


def read_asked(
    target: Target, baseline: Fraction | None, metric: Metric, rubric: Rubric
) -> Fraction | None:
    """Return the figure asked in the metric's unit; none where it hangs on a missing baseline."""
    assert target.unit is not None
    number = float(getattr(target, str(target.direction)))
    if target.change is None:
        return read_figure(number, target.unit, metric, rubric)
    if baseline is None:
        return None
    if target.change == "absolute":
        return baseline + read_figure(number, target.unit, metric, rubric)
    part = exact(number) * rubric.ladder.read_unit(target.unit).factor
    return baseline + abs(baseline) * part if baseline else None


def attain_from_baseline(
    value: Fraction, asked: Fraction, baseline: Fraction | None, target: Target
) -> Ends:
    """Return how much of the way from the baseline to an unmet target was made."""
    if baseline is None:
        return ANYTHING
    already_there = baseline >= asked if rises(target) else baseline <= asked
    if already_there:
        return NOTHING
    return at(clip((value - baseline) / (asked - baseline)))


def read_band(
    target: Target, baseline: Fraction | None, metric: Metric, rubric: Rubric
) -> tuple[Fraction, Fraction] | None:
    """Return the ends of the band asked; none where it hangs on an unknown baseline."""
    assert target.unit is not None
    if target.between is not None:
        low, high = target.between
        return (
            read_figure(low, target.unit, metric, rubric),
            read_figure(high, target.unit, metric, rubric),
        )
    assert target.within is not None
    reference = (
        baseline
        if target.within.of == "baseline"
        else read_figure(target.within.of, target.unit, metric, rubric)
    )
    if reference is None:
        return None
    tolerance = (
        abs(reference) * exact(target.within.tolerance) / 100
        if target.within.read_as == "relative"
        else read_figure(target.within.tolerance, target.unit, metric, rubric)
    )
    return reference - tolerance, reference + tolerance


def attain_band(value: Fraction, band: tuple[Fraction, Fraction] | None) -> Ends:
    """Return 1 inside the band, falling in a straight line to 0 one band width outside."""
    if band is None:
        return ANYTHING
    low, high = band
    outside = max(low - value, value - high, Fraction(0))
    if not outside:
        return EVERYTHING
    return at(clip(1 - outside / (high - low))) if high > low else NOTHING


def attain_behaviour(fact: BehaviourFact, requirement: Requirement, item: Evidence) -> Ends:
    """Return the lowest point stated, by the candidate or by voices that saw the work."""
    assert requirement.point is not None
    voices = [
        voice
        for voice in item.support or ()
        if voice.point is not None and voice.fact in {None, fact.behaviour}
    ]
    sure = [Fraction(voice.point or 0) for voice in voices if voice.worked_on_it is True]
    maybe = [Fraction(voice.point or 0) for voice in voices if voice.worked_on_it is None]
    own = (
        Ends(Fraction(0), Fraction(HIGHEST_POINT))
        if fact.point is None
        else at(Fraction(fact.point))
    )
    worst, best = min([own.worst, *sure, *maybe]), min([own.best, *sure])
    return Ends(clip(worst / requirement.point), clip(best / requirement.point))


def attain_artifact(fact: ArtifactFact, requirement: Requirement) -> Ends:
    """Return the share of the sections and reviewers asked that the artifact has."""
    asked = len(requirement.sections) + len(requirement.reviewers)
    if not asked:
        return EVERYTHING
    worst = best = 0
    for wanted, had in (
        (requirement.sections, fact.sections),
        (requirement.reviewers, fact.reviewers),
    ):
        found = sum(name in (had or ()) for name in wanted)
        worst += found
        best += len(wanted) if had is None else found
    return Ends(Fraction(worst, asked), Fraction(best, asked))


def attain_sides(requirement: Requirement, item: Evidence, rubric: Rubric) -> list[Ends]:
    """Return, for each side target, its best attainment among the figures of the same item."""
    sides = []
    for side in requirement.provided:
        stated = [
            attain_figure(fact, side, requirement.accepts, rubric)
            for fact in item.facts
            if isinstance(fact, Measurement) and fact.metric == side.fact
        ]
        sides.append(highest(stated) if stated else ANYTHING)
    return sides


def attain_duration(requirement: Requirement, item: Evidence, as_of: date) -> Ends:
    """Return how much of the months asked the work has lasted."""
    if requirement.sustained is None:
        return EVERYTHING
    end = as_of if item.in_progress else item.ended
    if item.started is None or end is None:
        return ANYTHING
    if end >= find_last_day(item.started, requirement.sustained):
        return at(Fraction(1))
    months = (end - item.started).days / exact(DAYS_A_MONTH)
    return at(clip(months / requirement.sustained))


def find_last_day(first: date, months: int) -> date:
    """Return the last day of so many calendar months that begin on the first."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    overflow = first.day - monthrange(year, month + 1)[1]
    if overflow > 0:
        return date(year, month + 1, monthrange(year, month + 1)[1])
    return date(year, month + 1, first.day) - timedelta(days=1)


def attain(
    fact: Measurement | BehaviourFact | ArtifactFact,
    requirement: Requirement,
    item: Evidence,
    rubric: Rubric,
    as_of: date,
) -> Ends:
    """Return how much of a requirement one fact of an item attains."""
    if isinstance(fact, Measurement):
        own = attain_figure(fact, requirement, requirement.accepts, rubric)
    elif isinstance(fact, BehaviourFact):
        own = attain_behaviour(fact, requirement, item)
    else:
        own = attain_artifact(fact, requirement)
    duration = attain_duration(requirement, item, as_of)
    return lowest([own, duration, *attain_sides(requirement, item, rubric)])


# 2. Ownership.


def own(item: Evidence, policy: EvidencePolicy) -> Ends:
    """Return the candidate's part; unknown is the whole range."""
    if item.share is not None:
        return at(exact(item.share))
    if item.ownership is None:
        return ANYTHING
    return at(exact(getattr(policy.ownership, item.ownership)))


# 3. Credibility.


def find_group(relation: str, *, same_report_line: bool = False) -> str | None:
    """Return the group of voices that a relation belongs to; one's own word belongs to none.

    Whoever reports into the same line speaks for that line; an artifact does not report.
    """
    if relation == "self":
        return None
    if relation == "artifact":
        return relation
    return "report_line" if same_report_line or relation in {"manager", "skip"} else relation


def believe(groups: Iterable[str | None], policy: EvidencePolicy, *, disputed: bool) -> Fraction:
    """Return the noisy-OR over different groups, less what a dispute takes."""
    table = policy.credibility
    doubts = [1 - exact(getattr(table, group)) for group in set(groups) if group is not None]
    belief = 1 - (1 - exact(table.self_report)) * prod(doubts)
    return belief * exact(table.dispute) if disputed else belief


def credit(item: Evidence, policy: EvidencePolicy, added: Sequence[str] = ()) -> Ends:
    """Return how believable an item is; `added` are relations that stand behind it as well."""
    voices = item.support or ()
    own_artifact = any(isinstance(fact, ArtifactFact) and fact.uri for fact in item.facts)
    sure = [find_group(relation) for relation in added] + ["artifact"] * own_artifact
    sure += [_group(voice) for voice in voices if voice.agrees and voice.worked_on_it is True]
    maybe = [_group(voice) for voice in voices if voice.agrees and voice.worked_on_it is None]
    if not item.support_is_closed:
        maybe += [find_group(relation) for relation in policy.possible_support]
    against = [voice.worked_on_it for voice in voices if not voice.agrees]
    return Ends(
        believe(sure, policy, disputed=True in against or None in against),
        believe(sure + maybe, policy, disputed=True in against),
    )


def _group(voice: Corroboration) -> str | None:
    return find_group(voice.relation, same_report_line=voice.same_report_line)


# 4. Recency.


def fade(days: int, policy: EvidencePolicy) -> Fraction:
    """Return how much work of this age counts."""
    table = policy.recency
    months_over = max(0.0, days / DAYS_A_MONTH - table.grace_months)
    return Fraction(max(table.floor, 2.0 ** -(months_over / table.half_life_months)))


def count_recency(item: Evidence, policy: EvidencePolicy, as_of: date) -> Ends:
    """Return how much an item counts for its age."""
    if item.in_progress:
        return at(fade(0, policy))
    if item.ended is None:
        return Ends(Fraction(policy.recency.floor), Fraction(1))
    return at(fade((as_of - item.ended).days, policy))


# 5. Rows, and the achievements they show.


@dataclass(frozen=True)
class Row:
    """One fact of one item, shown for one requirement."""

    criterion: str
    requirement: str
    evidence: str
    achievement: str
    attainment: Ends
    ownership: Ends
    credibility: Ends
    recency: Ends

    @property
    def value(self) -> Ends:
        """What it counts."""
        factors = (self.attainment, self.ownership, self.credibility, self.recency)
        worsts, bests = zip(*factors, strict=True)
        return Ends(prod(worsts, start=Fraction(1)), prod(bests, start=Fraction(1)))


def is_one_achievement(one: Evidence, other: Evidence, rubric: Rubric) -> bool:
    """Tell whether two items are directly linked."""
    if one.achievement_key.casefold() == other.achievement_key.casefold():
        return True
    return bool(list_marks(one, rubric) & list_marks(other, rubric))


def list_marks(item: Evidence, rubric: Rubric) -> set[tuple[object, ...]]:
    """Return what identifies the work an item shows: complete figures, and addresses."""
    marks: set[tuple[object, ...]] = set()
    for fact in item.facts:
        if isinstance(fact, ArtifactFact) and fact.uri is not None:
            marks.add((fact.uri,))
        if isinstance(fact, Measurement) and None not in {fact.value, fact.unit, fact.period}:
            metric = rubric.ladder.facts[fact.metric]
            assert isinstance(metric, Metric)
            assert fact.value is not None
            assert fact.unit is not None
            assert fact.period is not None
            value = read_figure(fact.value, fact.unit, metric, rubric)
            marks.add((fact.metric, value, fact.period.casefold()))
    return marks


def find_achievements(packet: Packet, rubric: Rubric) -> dict[str, str]:
    """Name, for each item, the achievement it shows: the lowest id among all linked to it."""
    names = {item.id: item.id for item in packet.evidence}
    links = [
        (one.id, other.id)
        for one, other in combinations(packet.evidence, 2)
        if is_one_achievement(one, other, rubric)
    ]
    for _ in names:
        for one, other in links:
            names[one] = names[other] = min(names[one], names[other])
    return names


def list_scored(rubric: Rubric) -> list[tuple[Criterion, Requirement]]:
    """Return every requirement that has something to score against and a share."""
    return [
        (criterion, requirement)
        for criterion in rubric.criteria
        for requirement in criterion.requirements
        if rubric.scores(requirement)
    ]


def list_rows(packet: Packet, rubric: Rubric, as_of: date) -> list[Row]:
    """Return a row for every fact of every item and each scored requirement that asks for it."""
    achievements = find_achievements(packet, rubric)
    return [
        Row(
            criterion.id,
            requirement.name,
            item.id,
            achievements[item.id],
            attain(fact, requirement, item, rubric, as_of),
            own(item, rubric.evidence),
            credit(item, rubric.evidence),
            count_recency(item, rubric.evidence, as_of),
        )
        for criterion, requirement in list_scored(rubric)
        for item in packet.evidence
        for fact in item.facts
        if fact.fact == requirement.fact
    ]


# 6. Scores.


def combine(values: Iterable[Fraction], cap: Fraction, gamma: Fraction) -> Fraction:
    """Return S: achievements from best to least, each further one counting less."""
    ranked = sorted(values, reverse=True)
    return 1 - prod(
        (1 - gamma**rank * min(cap, value) for rank, value in enumerate(ranked)),
        start=Fraction(1),
    )


def score_requirement(
    rows: Iterable[Row], requirement: Requirement, policy: EvidencePolicy
) -> Ends:
    """Return the score of one requirement from its rows."""
    values: dict[str, list[Ends]] = defaultdict(list)
    for row in rows:
        values[row.achievement].append(row.value)
    shown = [highest(each) for each in values.values()]
    table = policy.repetition
    cap = exact(table.cap_repeatedly if requirement.repeats else table.cap_once)
    gamma = exact(table.gamma)
    return Ends(
        combine([value.worst for value in shown], cap, gamma),
        combine([value.best for value in shown], cap, gamma),
    )


def score_criterion(scores: Mapping[str, Ends], criterion: Criterion) -> Ends:
    """Return the share-weighted mean of its requirements, or the mean of the best few."""
    shares = {
        each.name: Fraction(each.share) for each in criterion.requirements if each.name in scores
    }
    return Ends(
        *(
            _average(dict(zip(scores, end, strict=True)), shares, criterion.best)
            for end in zip(*scores.values(), strict=True)
        )
    )


def _average(
    scores: Mapping[str, Fraction], shares: Mapping[str, Fraction], best: int | None
) -> Fraction:
    if best is not None:
        return sum(sorted(scores.values(), reverse=True)[:best], Fraction(0)) / best
    total = sum(shares.values(), Fraction(0))
    return sum((scores[name] * shares[name] for name in scores), Fraction(0)) / total


def weigh(scores: Mapping[str, Fraction], rubric: Rubric) -> Fraction:
    """Return C: the weighted mean in which declared pairs count through their minimum."""
    total = sum((Fraction(each.weight) for each in rubric.criteria), Fraction(0))
    result = sum(
        (Fraction(each.weight) / total * scores[each.id] for each in rubric.criteria), Fraction(0)
    )
    for complement in rubric.complements:
        one, other = (scores[name] for name in complement.pair)
        result += exact(complement.strength) * (min(one, other) - (one + other) / 2)
    return result


def open_gate(score: Fraction, must_have: Fraction, rubric: Rubric) -> Fraction:
    """Return how high a total may be at this score of a must-have."""
    bar, base = exact(rubric.bar), exact(rubric.evidence.gate.base)
    fully = min(Fraction(1), must_have + exact(rubric.evidence.gate.ramp))
    if score >= fully:
        return Fraction(1)
    if score <= must_have:
        return bar * (base + (1 - base) * score / must_have)
    return bar + (1 - bar) * (score - must_have) / (fully - must_have)


def list_gates(scores: Mapping[str, Fraction], rubric: Rubric) -> dict[str, Fraction]:
    """Return how high the total may be for each must-have."""
    return {
        each.id: open_gate(scores[each.id], exact(each.must_have), rubric)
        for each in rubric.criteria
        if each.must_have is not None
    }


@dataclass(frozen=True)
class Judged:
    """One criterion: its ends, its status, and the ends of its requirements."""

    id: str
    proven: Fraction
    possible: Fraction
    status: str
    requirements: Mapping[str, Ends]


@dataclass(frozen=True)
class Verdict:
    """Everything a packet scores: criteria, C before the gates, and R after them."""

    criteria: tuple[Judged, ...]
    before_gates: Ends
    total: Ends
    met: bool
    blocked_by: tuple[str, ...]


def find_status(
    ends: Ends, criterion: Criterion, rows: Sequence[Row], packet: Packet, rubric: Rubric
) -> str:
    """Return what stands between a criterion and its bar."""
    scored = [each for each in criterion.requirements if rubric.scores(each)]
    if not rows:
        declared = criterion.id in packet.declared_none or all(
            each.fact in packet.declared_none for each in scored
        )
        return "substance_gap" if declared else "no_evidence"
    bar = exact(rubric.get_bar(criterion))
    if ends.worst >= bar:
        return "met"
    return "documentation_gap" if ends.best >= bar else "substance_gap"


def judge_rows(rows: Sequence[Row], packet: Packet, rubric: Rubric) -> Verdict:
    """Return everything that rows score."""
    judged = []
    for criterion in rubric.criteria:
        own_rows = [row for row in rows if row.criterion == criterion.id]
        scores = {
            requirement.name: score_requirement(
                [row for row in own_rows if row.requirement == requirement.name],
                requirement,
                rubric.evidence,
            )
            for requirement in criterion.requirements
            if rubric.scores(requirement)
        }
        ends = score_criterion(scores, criterion)
        status = find_status(ends, criterion, own_rows, packet, rubric)
        judged.append(Judged(criterion.id, *ends, status, scores))
    worst = {each.id: each.proven for each in judged}
    best = {each.id: each.possible for each in judged}
    before = Ends(weigh(worst, rubric), weigh(best, rubric))
    gates = list_gates(worst, rubric)
    total = Ends(
        min([before.worst, *gates.values()]),
        min([before.best, *list_gates(best, rubric).values()]),
    )
    blocked_by = tuple(name for name, gate in gates.items() if gate < before.worst)
    return Verdict(tuple(judged), before, total, total.worst >= exact(rubric.bar), blocked_by)


def score(packet: Packet, rubric: Rubric, as_of: date) -> Verdict:
    """Score a packet exactly."""
    return judge_rows(list_rows(packet, rubric, as_of), packet, rubric)


# 7. Gaps.


@dataclass(frozen=True)
class Closing:
    """A gap of one kind, and what its closing brings."""

    criterion: str
    requirement: str
    kind: str
    nature: str
    evidence: str | None
    gain: Fraction
    gain_before_gates: Fraction
    blocked_by: tuple[str, ...]


class Change(NamedTuple):
    """A gap's kind and nature, the item it lies in, and the rows after it is closed."""

    kind: str
    nature: str
    evidence: str | None
    rows: list[Row]


def make_closed_row(criterion: Criterion, requirement: Requirement, rubric: Rubric) -> Row:
    """Return the row of one new item that is shown as well as the rubric's closure says."""
    policy, closure = rubric.evidence, rubric.evidence.closure
    groups = [find_group(relation) for relation in closure.support]
    return Row(
        criterion.id,
        requirement.name,
        "+",
        "+",
        at(exact(closure.attainment)),
        at(exact(getattr(policy.ownership, closure.ownership))),
        at(believe(groups, policy, disputed=False)),
        at(fade(closure.age, policy)),
    )


def pick_best_row(rows: Sequence[Row]) -> Row:
    """Return the row on which a requirement's gaps are closed."""
    return min(
        rows,
        key=lambda row: (
            -row.value.best,
            -row.value.worst,
            row.evidence,
            -row.attainment.best,
            -row.attainment.worst,
        ),
    )


def list_changes(
    rows: list[Row], criterion: Criterion, requirement: Requirement, packet: Packet, rubric: Rubric
) -> list[Change]:
    """Return every gap of one requirement, each with the rows that its closing would leave.

    A closure never lowers: what is as good already, or better, is no gap.
    """
    own_rows = [
        row for row in rows if (row.criterion, row.requirement) == (criterion.id, requirement.name)
    ]
    new = make_closed_row(criterion, requirement, rubric)
    if not own_rows:
        return [Change("absent", "absent", None, [*rows, new])]
    best = pick_best_row(own_rows)
    changes = [
        *_list_attainment_changes(rows, best, rubric),
        *_list_item_changes(rows, best, packet, rubric),
    ]
    if requirement.repeats and len({row.achievement for row in own_rows}) == 1:
        changes.append(Change("single", "substance", best.evidence, [*rows, new]))
    return changes


def _list_attainment_changes(rows: list[Row], best: Row, rubric: Rubric) -> list[Change]:
    asked = exact(rubric.evidence.closure.attainment)

    def close(attainment: Fraction) -> list[Row]:
        closed = replace(best, attainment=at(max(attainment, best.attainment.worst)))
        return [closed if row is best else row for row in rows]

    changes = []
    if best.attainment.worst < best.attainment.best:
        closed = close(min(asked, best.attainment.best))
        changes.append(Change("unmeasured", "documentation", best.evidence, closed))
    if best.attainment.best < asked:
        changes.append(Change("short", "substance", best.evidence, close(asked)))
    return changes


def _list_item_changes(rows: list[Row], best: Row, packet: Packet, rubric: Rubric) -> list[Change]:
    policy, closure = rubric.evidence, rubric.evidence.closure
    item = next(each for each in packet.evidence if each.id == best.evidence)

    def close(**facts: Ends) -> list[Row]:
        return [replace(row, **facts) if row.evidence == item.id else row for row in rows]  # type: ignore[arg-type]

    changes = []
    led = exact(getattr(policy.ownership, closure.ownership))
    if best.ownership.worst < led:
        is_unknown = item.ownership is None and item.share is None
        nature = "documentation" if is_unknown else "substance"
        changes.append(Change("unowned", nature, item.id, close(ownership=at(led))))
    backed = credit(item, policy, closure.support)
    if backed.worst > best.credibility.worst:
        closed = close(credibility=backed)
        changes.append(Change("uncorroborated", "documentation", item.id, closed))
    fresh = fade(closure.age, policy)
    if best.recency.worst < fresh:
        is_unknown = item.ended is None and not item.in_progress
        nature = "documentation" if is_unknown else "substance"
        changes.append(Change("stale", nature, item.id, close(recency=at(fresh))))
    return changes


def gaps(packet: Packet, rubric: Rubric, as_of: date) -> list[Closing]:
    """Return every gap with its gain, found by scoring the packet with that gap closed."""
    rows = list_rows(packet, rubric, as_of)
    today = judge_rows(rows, packet, rubric)
    found = []
    for criterion, requirement in list_scored(rubric):
        for change in list_changes(rows, criterion, requirement, packet, rubric):
            after = judge_rows(change.rows, packet, rubric)
            gain = after.total.worst - today.total.worst
            before_gates = after.before_gates.worst - today.before_gates.worst
            if criterion.best is not None and not gain and not before_gates:
                continue
            found.append(
                Closing(
                    criterion.id,
                    requirement.name,
                    change.kind,
                    change.nature,
                    change.evidence,
                    gain,
                    before_gates,
                    after.blocked_by,
                )
            )
    return sorted(found, key=lambda each: (-each.gain, -each.gain_before_gates, each.criterion))
