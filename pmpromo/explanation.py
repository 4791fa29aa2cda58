"""What the person concerned is told: what counted, what was missing, who decides, how to object."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

from pmpromo.errors import DataError, Problem
from pmpromo.pictures.markup import Markup, element, write_page
from pmpromo.pictures.terminal import write_wrapped
from pmpromo.report.words import choose_gaps, gather_steps, tell_forecast, tell_remedy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmpromo.report.seen import Reported
    from pmpromo.report.words import Step
    from pmpromo.result import CriterionScore, CriterionStatus, Nature, ShownItem

__all__ = ["Audience", "Explanation", "Section", "explain", "leave_blank"]

Audience = Literal["subject"]
"""For whom an explanation is written: the person whose packet was read."""

WIDTH: Final = 80
SHOWN_STEPS: Final = 5
"""Steps of each kind that are told; the report has all of them."""

_STANDS: Final[dict[CriterionStatus, str]] = {
    "met": "reached",
    "documentation_gap": "not reached on paper; the facts left open could reach it",
    "substance_gap": "not reached; more work would have to be shown",
    "no_evidence": "nothing is stated, so nothing could count",
}

_KINDS: Final[tuple[tuple[Nature, str], ...]] = (
    ("documentation", "Facts that you could add"),
    ("substance", "Work that counted, but not in full"),
    ("absent", "What the packet does not show at all"),
)

_UNSEEN: Final = (
    "Only what the packet states was read: no interview, no file behind a link, nobody's memory.",
    "Titles, summaries and notes moved no number; nor did names, pronouns or a good style.",
    "Age, sex, origin, health, leave, time in level and ratings of performance are no input.",
    "Whether you were given the chance to do what is asked was not considered.",
    "The weights, bars and discounts are judgements of those who wrote the rubric.",
)

_ABOUT: Final = """\
A program compared the facts in your packet with what a rubric asks for. It is a reading of the \
packet, not a judgement of you. The rubric is {rubric}, for the step from {current} to {target}, \
as of {day}."""

_OUTCOME: Final = """\
The bar of this rubric is {bar:.2f} and {reached}: your packet proves {proven:.2f} of 1, and could \
prove up to {possible:.2f}."""

_CORRECT: Final = "If a fact is wrong or missing, say so: a mended packet can be read again."


class Section(NamedTuple):
    """A heading, what stands under it as sentences, and what stands there as a list."""

    head: str
    told: tuple[str, ...]
    listed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """An explanation in plain words; `str()` gives it as text of 80 columns.

    `sections` are (heading, sentences, list) in order.

    >>> print(Explanation("How it was read", (Section("Who decides", ("People decide.",)),)))
    How it was read
    <BLANKLINE>
    Who decides
    People decide.
    """

    title: str
    sections: tuple[Section, ...]

    def __str__(self) -> str:
        parts = [self.title, *map(_write_section, self.sections)]
        return "\n\n".join(parts)

    def to_html(self) -> str:
        """Return a whole page that needs no script and no network."""
        return write_page(self.title, Markup(self._repr_html_()), _STYLE)

    def _repr_html_(self) -> str:
        return element(
            "section",
            element("h2", self.title),
            *(part for section in self.sections for part in _draw_section(section)),
            class_="pmpromo",
            aria_label=self.title,
        )


_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:44rem;padding:0 1rem;"
    "background:Canvas;color:CanvasText}h2,p,li{overflow-wrap:anywhere}"
    "@media print{body{margin:0}li,p{break-inside:avoid}h3{break-after:avoid}}"
)


def explain(
    assessment: Reported,
    audience: Audience = "subject",
    *,
    decides: str | None = None,
    contact: str | None = None,
) -> Explanation:
    """Explain an assessment to the person whose packet was read, in plain words.

    Args:
        assessment: what `assess` returned.
        audience: "subject", the person concerned.
        decides: who decides, such as "the product promotion committee".
        contact: how to object, such as an address, and by when.

    It says what a person may want to know of an automated reading that others rely on (main
    elements, what was missing, what was not considered, who decides, how to contest): compare
    Regulation (EU) 2024/1689, article 86, and Regulation (EU) 2016/679, article 22. It is no legal
    advice.

    Raises:
        DataError: an audience that is not known.

    >>> from pmpromo import assess, load_rubric, parse_packet
    >>> packet = parse_packet({"id": "p-1", "as_of": "2026-06-30", "evidence": []})
    >>> told = explain(assess(packet, load_rubric("pure-storage-pm/l3-l4")), decides="A committee")
    >>> print(str(told).splitlines()[0])
    How your packet p-1 was read
    >>> told.sections[-2].told[0]
    'A committee decides, not this reading.'
    """
    if audience not in get_args(Audience):
        raise DataError([Problem("audience", "is not known", "give 'subject'")])
    return Explanation(
        f"How your packet {assessment.packet_id} was read",
        (
            _tell_what_it_is(assessment),
            _tell_outcome(assessment),
            Section(
                "What was weighed", (_SCALE,), tuple(map(_tell_criterion, assessment.criteria))
            ),
            *_tell_counted(assessment),
            *_tell_missing(assessment),
            Section("What was not considered", (), _UNSEEN),
            _tell_who_decides(decides),
            _tell_objection(assessment, contact),
        ),
    )


_CREDIT: Final = (
    "A piece of work counts by your part in it, by who stands behind it, and by its age."
)
_SCALE: Final = (
    "Each criterion is a number from 0 to 1. The first figure is what the packet proves, the second"
    " what it could prove if every fact left open came out at its best."
)


def _tell_what_it_is(seen: Reported) -> Section:
    current, target = seen.transition
    rubric = f"{seen.rubric_name} ({seen.rubric_id}, version {seen.rubric_version})"
    day = seen.as_of.isoformat()
    told = _ABOUT.format(rubric=rubric, current=current, target=target, day=day)
    return Section("What this is", (told,))


def _tell_outcome(seen: Reported) -> Section:
    reached = "is reached" if seen.met else "is not reached"
    told = [
        _OUTCOME.format(bar=seen.bar, reached=reached, proven=seen.proven, possible=seen.possible)
    ]
    if seen.held_down_by:
        told.append(
            f"The total is held down by what has to be there: {', '.join(seen.held_down_by)}."
        )
    return Section("What came out", (*told, tell_forecast(seen.readiness)))


def _tell_criterion(score: CriterionScore) -> str:
    must = f", and at least {score.must_have:g} has to be there" if score.must_have else ""
    return (
        f"{score.name}, weight {score.weight:.0%}: {score.proven:.2f} to {score.possible:.2f}."
        f" Bar {score.bar:.2f}{must}: {_STANDS[score.status]}."
    )


def _tell_counted(seen: Reported) -> Iterator[Section]:
    if seen.evidence:
        names = {score.id: score.name for score in seen.criteria}
        told = tuple(_tell_item(item, tuple(names.values())) for item in seen.evidence)
        yield Section("What counted", (_CREDIT,), told)


def _tell_item(item: ShownItem, names: Sequence[str]) -> str:
    shown = [name for name, ends in zip(names, item.alone, strict=True) if ends[1] > 0]
    low, high = (f"{end:.0%}" for end in item.weight)
    share = low if low == high else f"{low} to {high}"
    where = f"for {', '.join(shown)}" if shown else "but it shows nothing that is asked for"
    return f"{item.title} [{item.evidence}]: {share} of it, {where}."


def _tell_missing(seen: Reported) -> Iterator[Section]:
    steps = gather_steps(choose_gaps(seen))
    for nature, head in _KINDS:
        chosen = [step for step in steps if step.first.nature == nature]
        if chosen:
            left = len(chosen) - SHOWN_STEPS
            more = (f"{left} more",) if left > 0 else ()
            yield Section(head, (), (*map(_tell_step, chosen[:SHOWN_STEPS]), *more))


def _tell_step(step: Step) -> str:
    return f"{tell_remedy(step)} ({step.first.gain:+.3f} of 1)"


def _tell_who_decides(decides: str | None) -> Section:
    who = f"{decides} decides" if decides else "People decide"
    told = (
        f"{who}, not this reading.",
        "They may follow it or not, and should be able to tell you their reasons.",
    )
    return Section("Who decides", told)


def _tell_objection(seen: Reported, contact: str | None) -> Section:
    how = contact or "ask the person who gave you this for a review by people."
    return Section(
        "If you disagree",
        (
            _CORRECT,
            f"If you think that something was read wrongly or unfairly, object: {how}",
            f"Quote this result: {seen.result_id}.",
        ),
    )


def leave_blank(what: str) -> str:
    """Return the mark of a place that somebody has to fill in; pages show it marked.

    >>> leave_blank("who decides")
    '[FILL IN: who decides]'
    """
    return f"[FILL IN: {what}]"


_BLANK: Final = re.compile(r"(\[FILL IN: [^\]]*\])")


def _write_section(section: Section) -> str:
    lines = [section.head]
    for told in section.told:
        lines += write_wrapped(told, WIDTH)
    for listed in section.listed:
        lines += write_wrapped(f"- {listed}", WIDTH, "  ")
    return "\n".join(lines)


def _draw_section(section: Section) -> Sequence[Markup]:
    told = [element("p", *_mark_blanks(each)) for each in section.told]
    listed = [element("li", *_mark_blanks(each)) for each in section.listed]
    return [element("h3", section.head), *told, *([element("ul", *listed)] if listed else [])]


def _mark_blanks(text: str) -> list[str | Markup]:
    """Return a text in parts, those marked that somebody has to fill in."""
    parts = enumerate(_BLANK.split(text))
    return [element("mark", part) if place % 2 else part for place, part in parts if part]
