"""Patterns worth a second look, in work and packet. They inform; no score hears of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pmpromo.ladder import Artifact, Metric
from pmpromo.packet import ArtifactFact, BehaviourFact, Measurement
from pmpromo.result import Check, Inspection
from pmpromo.scoring.plan import DAYS_A_MONTH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from pmpromo.packet import Corroboration, Evidence, Packet
    from pmpromo.rubric import CheckRule, Rubric
    from pmpromo.scoring.table import Link

__all__ = ["find_checks"]

SENTENCE_WORDS: Final = 30
"""Longest sentence a committee reads with ease; field notes, section 1 (document limits)."""

CERTAIN: Final = 0.95
"""Share of the wished-for facts from which a call was hardly a judgement any more."""

ONE_CASE_FACTS: Final = 3
"""From how many kinds of facts a single piece of work is a whole case."""

SILO_FUNCTIONS: Final = 3.0
PLATEAU_YEARS: Final = 2.0
STALE_MONTHS: Final = 24.0
WAITED_DAYS: Final = 90.0
"""What the patterns take as their limit where a rubric names none."""


class Finding(NamedTuple):
    """What a pattern found, and the items that set it off."""

    message: str
    items: tuple[str, ...]


class _View(NamedTuple):
    """A packet as the patterns look at it."""

    packet: Packet
    rubric: Rubric
    links: list[Link]
    as_of: date

    def measures(self, item: Evidence, result: Literal["output", "outcome"]) -> bool:
        """Tell whether an item states a realised figure of this sort."""
        return any(
            isinstance(fact, Measurement)
            and fact.status != "projected"
            and isinstance(metric := self.rubric.ladder.facts[fact.metric], Metric)
            and metric.result == result
            for fact in item.facts
        )

    def shows_outcome(self, item: Evidence) -> bool:
        """Tell whether an item shows an effect, by its own word or by a figure."""
        return item.result == "outcome" or self.measures(item, "outcome")

    def get_age(self, item: Evidence) -> float | None:
        """Return the age of an item in months; 0 in progress, none if unknown."""
        if item.in_progress:
            return 0.0
        return None if item.ended is None else (self.as_of - item.ended).days / DAYS_A_MONTH


def find_checks(packet: Packet, rubric: Rubric, links: list[Link], as_of: date) -> Iterator[Check]:
    """Give every check that speaks: the rubric's anti-patterns, then the packet's integrity."""
    view = _View(packet, rubric, links, as_of)
    for rule in rubric.checks:
        for finding in _PATTERNS[rule.id](view, rule):
            yield Check(rule.id, "anti_pattern", finding.message, finding.items, rule.rows)
    for name, inspect in _INSPECTIONS.items():
        for finding in inspect(view):
            yield Check(name, "integrity", finding.message, finding.items, ())


def _name(items: list[Evidence]) -> tuple[str, ...]:
    return tuple(sorted(item.id for item in items))


def _tell(items: list[Evidence], message: str) -> Iterator[Finding]:
    """Give one finding about all the items, if there are any."""
    if items:
        yield Finding(message, _name(items))


def _find_motion(view: _View, rule: CheckRule) -> Iterator[Finding]:
    moved = [
        item
        for item in view.packet.evidence
        if (item.result == "output" or view.measures(item, "output"))
        and not view.shows_outcome(item)
    ]
    if len(moved) >= (rule.limit or 1):
        yield from _tell(moved, "work done is counted, but no effect of it is shown")


def _find_project_list(view: _View, _: CheckRule) -> Iterator[Finding]:
    bare = [item for item in view.packet.evidence if not item.facts]
    yield from _tell(bare, "listed without a single fact: a project, not evidence")


def _find_single_account(view: _View, _: CheckRule) -> Iterator[Finding]:
    narrow = [
        item
        for item in view.packet.evidence
        if item.scope is not None and item.scope.accounts == 1 and item.goal is None
    ]
    yield from _tell(narrow, "one account gains, and no company goal is named")


def _find_anecdotal_request(view: _View, _: CheckRule) -> Iterator[Finding]:
    asked_for = [
        item
        for item in view.packet.evidence
        for decision in item.decisions
        if "customer_request" in decision.basis
        and not {"market_size", "cost"} & set(decision.basis)
    ]
    yield from _tell(asked_for, "rests on a customer's request, without market size or cost")


def _find_silo(view: _View, rule: CheckRule) -> Iterator[Finding]:
    named = {
        function
        for item in view.packet.evidence
        for function in (
            *((item.scope and item.scope.functions) or ()),
            *(voice.function for voice in item.support or () if voice.function),
        )
    }
    limit = rule.limit or SILO_FUNCTIONS
    if view.packet.evidence and len(named) < limit:
        count = f"{len(named)} function{'' if len(named) == 1 else 's'}"
        yield Finding(f"{count} named in all of the evidence, where {limit:g} are usual", ())


def _find_deferral(view: _View, _: CheckRule) -> Iterator[Finding]:
    deferred = [
        item
        for item in view.packet.evidence
        if any(each.by == "engineering" for each in item.decisions)
    ]
    yield from _tell(deferred, "the deciding call was left to engineering")


def _find_plateau(view: _View, rule: CheckRule) -> Iterator[Finding]:
    """Compare the reach of work inside the last years with that of work before them."""
    months = 12 * (rule.limit or PLATEAU_YEARS)
    early: defaultdict[str, list[int]] = defaultdict(list)
    late: defaultdict[str, list[int]] = defaultdict(list)
    for item in view.packet.evidence:
        age = view.get_age(item)
        if age is not None:
            for name, reach in _measure_reach(item):
                (early if age > months else late)[name].append(reach)
    shared = early.keys() & late.keys()
    if shared and all(max(late[name]) <= max(early[name]) for name in shared):
        reached = ", ".join(sorted(shared))
        yield Finding(f"reach has not grown in the last {months:g} months, by {reached}", ())


def _measure_reach(item: Evidence) -> Iterator[tuple[str, int]]:
    if item.scope is not None:
        for name in ("teams", "products", "accounts", "users"):
            reach = getattr(item.scope, name)
            if reach is not None:
                yield name, reach
        if item.scope.functions is not None:
            yield "functions", len(item.scope.functions)


def _find_stale_success(view: _View, rule: CheckRule) -> Iterator[Finding]:
    limit = rule.limit or STALE_MONTHS
    aged = [(item, age) for item in view.packet.evidence if (age := view.get_age(item)) is not None]
    old = [item for item, age in aged if age > limit]
    if len(old) * 2 > len(aged):
        yield from _tell(old, f"most of the dated evidence is older than {limit:g} months")


def _find_process_over_substance(view: _View, _: CheckRule) -> Iterator[Finding]:
    papers = [
        item
        for item in view.packet.evidence
        if item.facts
        and all(isinstance(fact, ArtifactFact) for fact in item.facts)
        and not view.shows_outcome(item)
    ]
    yield from _tell(papers, "shows documents only, and no effect of them")


def _find_waiting(view: _View, rule: CheckRule) -> Iterator[Finding]:
    limit = rule.limit or WAITED_DAYS
    waited = [
        item
        for item in view.packet.evidence
        if any(
            (each.waited_days or 0) > limit or (each.information or 0) > CERTAIN
            for each in item.decisions
        )
    ]
    yield from _tell(waited, f"waited for near certainty, or longer than {limit:g} days")


def _find_brand_name(view: _View, _: CheckRule) -> Iterator[Finding]:
    branded = [
        item
        for item in view.packet.evidence
        if any(each.basis == ("brand",) for each in item.decisions)
    ]
    yield from _tell(branded, "rests on the name of the product or company alone")


def _find_data_loss(view: _View, _: CheckRule) -> Iterator[Finding]:
    lost = [item for item in view.packet.evidence if item.customer_data_loss]
    yield from _tell(
        lost, "customer data were lost: the committee must say in writing why it goes on"
    )


_PATTERNS: Final[Mapping[str, Callable[[_View, CheckRule], Iterator[Finding]]]] = {
    "motion_without_outcome": _find_motion,
    "project_list": _find_project_list,
    "single_account": _find_single_account,
    "anecdotal_request": _find_anecdotal_request,
    "silo": _find_silo,
    "deferral": _find_deferral,
    "plateau": _find_plateau,
    "stale_success": _find_stale_success,
    "process_over_substance": _find_process_over_substance,
    "waiting_for_certainty": _find_waiting,
    "brand_name": _find_brand_name,
    "data_loss": _find_data_loss,
}


def _inspect_links(view: _View) -> Iterator[Finding]:
    told = {
        "achievement": "declared to show one achievement",
        "metric": "state the same figure of one metric and period: taken as one achievement",
        "artifact": "show the same artifact: taken as one achievement",
    }
    found = [
        Finding(told[link.by], _name([view.packet.evidence[place] for place in link.items]))
        for link in view.links
    ]
    yield from sorted(set(found))


def _inspect_voices(view: _View) -> Iterator[Finding]:
    own = [
        item
        for item in view.packet.evidence
        if any(_is_own(voice, view) for voice in item.support or ())
    ]
    yield from _tell(own, "the candidate supports the own item; it adds nothing")
    for item in view.packet.evidence:
        relations: defaultdict[str, set[str]] = defaultdict(set)
        for voice in item.support or ():
            if voice.by is not None:
                relations[voice.by.casefold()].add(voice.relation)
        for names in relations.values():
            if len(names) > 1:
                yield Finding(f"one voice speaks as {' and as '.join(sorted(names))}", (item.id,))


def _is_own(voice: Corroboration, view: _View) -> bool:
    own, by = view.packet.candidate, voice.by
    return voice.relation == "self" or (
        own is not None and by is not None and by.casefold() == own.casefold()
    )


def _inspect_disputes(view: _View) -> Iterator[Finding]:
    disputed = [
        item
        for item in view.packet.evidence
        if any(not voice.agrees and voice.worked_on_it is not False for voice in item.support or ())
    ]
    yield from _tell(disputed, "disputed by someone who may have seen the work; it counts half")


def _inspect_points(view: _View) -> Iterator[Finding]:
    for item in view.packet.evidence:
        for fact in item.facts:
            if isinstance(fact, BehaviourFact) and len(points := _gather_points(item, fact)) > 1:
                seen = ", ".join(str(point) for point in sorted(points))
                yield Finding(
                    f"points {seen} are given for {fact.behaviour}; the lowest counts", (item.id,)
                )


def _gather_points(item: Evidence, fact: BehaviourFact) -> set[int]:
    given = [
        voice.point
        for voice in item.support or ()
        if voice.worked_on_it is not False and voice.fact in {None, fact.behaviour}
    ]
    return {point for point in (fact.point, *given) if point is not None}


def _inspect_shares(view: _View) -> Iterator[Finding]:
    shares: defaultdict[str, list[Evidence]] = defaultdict(list)
    for item in view.packet.evidence:
        if item.share is not None:
            shares[item.achievement_key.casefold()].append(item)
    for items in shares.values():
        total = sum(item.share or 0 for item in items)
        if total > 1:
            yield Finding(f"shares of one achievement add up to {total:.2f}, above 1", _name(items))
    contested = [item for item in view.packet.evidence if item.share_status == "disputed"]
    yield from _tell(contested, "the share is disputed")


def _inspect_unasked(view: _View) -> Iterator[Finding]:
    asked = {
        requirement.fact
        for criterion in view.rubric.criteria
        for requirement in criterion.requirements
    }
    asked |= {
        side.fact for c in view.rubric.criteria for r in c.requirements for side in r.provided
    }
    unasked = Counter(
        (fact.fact, item.id)
        for item in view.packet.evidence
        for fact in item.facts
        if fact.fact not in asked
    )
    for fact in sorted({fact for fact, _ in unasked}):
        items = tuple(sorted(item for name, item in unasked if name == fact))
        yield Finding(f"{fact} is stated, but nothing in this rubric asks for it", items)


def _inspect_baselines(view: _View) -> Iterator[Finding]:
    facts = view.rubric.ladder.facts
    for item in view.packet.evidence:
        for fact in item.facts:
            metric = facts[fact.fact]
            needs = isinstance(metric, Metric) and metric.baseline == "required"
            if needs and isinstance(fact, Measurement) and fact.baseline is None:
                yield Finding(f"{fact.metric} is stated without a baseline", (item.id,))


def _inspect_parts(view: _View) -> Iterator[Finding]:
    for item in view.packet.evidence:
        for fact in item.facts:
            known = view.rubric.ladder.facts[fact.fact]
            if isinstance(fact, ArtifactFact) and isinstance(known, Artifact):
                strange = [
                    *_list_strange(fact.sections, known.sections),
                    *_list_strange(fact.reviewers, known.reviewers),
                ]
                if strange:
                    yield Finding(
                        f"{fact.artifact}: the ladder does not know {', '.join(strange)}",
                        (item.id,),
                    )


def _list_strange(stated: tuple[str, ...] | None, known: tuple[str, ...]) -> list[str]:
    return sorted(set(stated or ()) - set(known)) if known else []


def _inspect_declared(view: _View) -> Iterator[Finding]:
    for name in view.packet.declared_none:
        items = [
            item for item in view.packet.evidence if any(fact.fact == name for fact in item.facts)
        ]
        yield from _tell(items, f"{name} is declared to be missing, and shown all the same")


def _inspect_match(view: _View) -> Iterator[Finding]:
    packet, rubric = view.packet, view.rubric
    if packet.rubric is not None and packet.rubric.partition(":")[0] != rubric.id.partition(":")[0]:
        yield Finding(f"written for {packet.rubric}, read against {rubric.id}", ())
    if packet.rubric_digest is not None and packet.rubric_digest != rubric.digest:
        yield Finding("the rubric has changed since the packet was written", ())
    for key in ("current_level", "target_level"):
        level = getattr(packet, key)
        if level is not None and level.casefold() != getattr(rubric, key).casefold():
            yield Finding(f"{key} is {level}, the rubric's is {getattr(rubric, key)}", ())


def _inspect_concerns(view: _View) -> Iterator[Finding]:
    if not view.packet.concerns:
        yield Finding("no reason not to promote is named; a committee will look for one", ())
    open_ones = sum(concern.answer is None for concern in view.packet.concerns)
    if open_ones:
        has = "has" if open_ones == 1 else "have"
        yield Finding(f"of {len(view.packet.concerns)} concerns {open_ones} {has} no answer", ())


def _inspect_sentences(view: _View) -> Iterator[Finding]:
    texts = [view.packet.summary, view.packet.thesis and view.packet.thesis.ask]
    sentences = [
        part
        for text in texts
        if text
        for part in text.replace("!", ".").replace("?", ".").split(".")
    ]
    longest = max((len(sentence.split()) for sentence in sentences), default=0)
    if longest > SENTENCE_WORDS:
        yield Finding(
            f"a sentence of {longest} words; committees read at most {SENTENCE_WORDS} with ease", ()
        )


def _inspect_breadth(view: _View) -> Iterator[Finding]:
    """A case that rests on one piece of work may be right; a committee should know."""
    shown: dict[str, set[str]] = {}
    for item in view.packet.evidence:
        facts = {fact.fact for fact in item.facts}
        shown.setdefault(item.achievement_key.casefold(), set()).update(facts)
    telling = [facts for facts in shown.values() if facts]
    if len(telling) == 1 and len(telling[0]) >= ONE_CASE_FACTS:
        yield Finding("all of the case rests on one piece of work", ())


_INSPECTIONS: Final[Mapping[Inspection, Callable[[_View], Iterator[Finding]]]] = {
    "told_twice": _inspect_links,
    "own_voice": _inspect_voices,
    "disputed": _inspect_disputes,
    "disagreement": _inspect_points,
    "shares": _inspect_shares,
    "unasked_fact": _inspect_unasked,
    "no_baseline": _inspect_baselines,
    "unknown_part": _inspect_parts,
    "declared_and_shown": _inspect_declared,
    "other_rubric": _inspect_match,
    "one_case": _inspect_breadth,
    "concerns": _inspect_concerns,
    "long_sentence": _inspect_sentences,
}
