"""Notices that an employer gives: before a tool is used, and about what it did to groups.

They are templates. What the rubric, the model or the counts know is written out; what only the
employer knows is a blank, clearly marked, until it is filled in.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, get_args

from pmpromo.audit.figures import write_ratio, write_share
from pmpromo.audit.impact import Impact
from pmpromo.audit.summary import BANNER
from pmpromo.errors import DataError, Problem
from pmpromo.explanation import Explanation, Section, leave_blank
from pmpromo.rubric import Rubric

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmpromo.audit.comparison import AttributeImpact, GroupImpact
    from pmpromo.readiness import ReadinessModel
    from pmpromo.rubric import Criterion

__all__ = ["BLANKS", "Reader", "write_notice"]

Reader = Literal["candidate", "representatives", "public"]
"""Who reads a notice: the person concerned, those who speak for employees, or everybody."""

BLANKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "employer": "the name of the employer",
        "starts": "the day from which the program is used",
        "decides": "who decides, such as the product promotion committee",
        "contact": "whom to ask and where to object, and by when",
        "alternative": "how to ask for another way of being assessed, or for an accommodation",
        "kept": "what is kept of a packet and its result, where, and for how long",
        "watches": "who watches over the program, looks at its limits and can stop it",
        "summary": "where the latest summary of its impact on groups can be read",
        "source": "where the data come from, and which months they cover",
        "measured": "the day of measuring",
        "auditor": "who measured, and who answers for it",
    }
)
"""What only the employer knows, by the name under which it is filled in."""

_OF: Final[Mapping[Reader, tuple[str, ...]]] = MappingProxyType(
    {
        "candidate": (
            *("employer", "starts", "decides", "contact"),
            *("alternative", "kept", "summary"),
        ),
        "representatives": (
            *("employer", "starts", "decides", "contact"),
            *("alternative", "kept", "watches", "summary"),
        ),
        "public": ("employer", "starts", "source", "measured", "auditor", "contact"),
    }
)
"""Which of them each notice asks for."""

_ABOUT: Final = (
    "From {starts} on, {employer} uses a program, pmpromo, to read packets for the step from"
    " {current} to {target}. It compares the facts in a packet with a rubric: {rubric}."
)
_ADVISES: Final = (
    "It advises. {decides} decides, may follow it or not, and can set its result aside with a"
    " reason that is written down."
)
_READ: Final = (
    "The facts that a packet states: what was done and when, the part that the person had in it,"
    " figures, documents, behaviours shown, and who stands behind each."
)
_UNREAD: Final = (
    "Nothing but what the packet states: no interview, no file behind a link, nobody's memory.",
    "Names, pronouns, titles, wording and a good style move no number.",
    "Age, sex, origin, health, leave, time in level and ratings of performance are no input.",
    "Whether somebody was given the chance to do what is asked is not considered.",
)
_COMES_OUT: Final = (
    "For each criterion and in total, a number from 0 to 1: what the packet proves, and what it"
    " could prove if every fact left open came out at its best; what is missing; and what would"
    " close it."
)
_NO_FORECAST: Final = (
    "Beside it stands a forecast of what a committee would do. No past decision stands behind it:"
    " it is a guess, and says so."
)
_FORECAST: Final = (
    "Beside it stands a forecast of what a committee would do, learned from {n} past decisions, of"
    " which {k} were promotions, with an interval that says how sure it is. Past decisions may have"
    " been unfair; a forecast that learns from them can repeat that."
)
_SHOWN: Final = (
    "{employer} has used a program, pmpromo, to read packets for promotion since {starts}. This"
    " shows how often people of each group were {counted}."
)
_ORIGIN: Final = "Data: {source}. Measured on: {measured}. By: {auditor}."
_RATIO: Final = (
    "The ratio is a group's rate over the rate of the group it is held against. Small numbers say"
    " little, and a ratio near 1 does not show that chances are equal."
)
_TEMPLATE: Final = (
    "This is a template and no legal advice. Have it read by somebody who knows the law of the"
    " place. This section goes away when nothing is left to fill in."
)
_RIGHTS: Final = (
    "See your own result and have it explained in plain words.",
    "Correct a fact that is wrong or missing; a mended packet is read again.",
    "Contest the result, and have people look at it who can change it.",
)


def write_notice(
    reader: Reader,
    about: Rubric | Impact,
    *,
    readiness: ReadinessModel | None = None,
    filled: Mapping[str, str] | None = None,
) -> Explanation:
    """Write a notice as a template: plain text with `str()`, a page with `to_html()`.

    Args:
        reader: "candidate" or "representatives", before a rubric is used; "public", a summary of
            measured impact.
        about: the rubric that packets are read against; for the public the measured `Impact`.
        readiness: the fitted model, if forecasts are shown.
        filled: what only the employer knows, by the names of `BLANKS`. The rest stays blank, and
            the last section lists it.

    It is no legal advice, and says nothing about whether a law is kept.

    Raises:
        DataError: a reader that is unknown, something that no notice is about, an unknown blank.

    >>> from pmpromo import load_rubric
    >>> rubric = load_rubric("pure-storage-pm/l3-l4")
    >>> notice = write_notice("candidate", rubric, filled={"employer": "Acme", "starts": "1 May"})
    >>> print(notice.sections[0].told[0][:60])
    From 1 May on, Acme uses a program, pmpromo, to read packets
    >>> notice.sections[-1].listed[0]
    '[FILL IN: who decides, such as the product promotion committee]'
    """
    known = dict(filled or {})
    _check(reader, about, known)
    words = {name: known.get(name) or leave_blank(what) for name, what in BLANKS.items()}
    if isinstance(about, Impact):
        title, sections = "What a promotion tool did to groups", _tell_impact(about, words)
    else:
        title = f"A program will read packets for the step to {about.target_level}"
        sections = _tell_use(reader, about, readiness, words)
    left = [name for name in _OF[reader] if not known.get(name)]
    return Explanation(title, (*sections, *_list_blanks(left)))


def _check(reader: object, about: object, known: Mapping[str, str]) -> None:
    if reader not in _OF:
        hint = f"give one of: {', '.join(get_args(Reader))}"
        raise DataError([Problem("reader", "is not known", hint, code="unknown_choice")])
    kind = Impact if reader == "public" else Rubric
    if not isinstance(about, kind):
        hint = f"a notice for this reader is about a {kind.__name__}"
        raise DataError([Problem("about", "is something else", hint, code="wrong_type")])
    if not known.keys() <= BLANKS.keys():
        hint = f"blanks are: {', '.join(BLANKS)}"
        raise DataError([Problem("filled", "names no blank", hint, code="unknown_key")])
    if not all(isinstance(value, str) for value in known.values()):
        hint = "write everything as text"
        raise DataError([Problem("filled", "is no text", hint, code="wrong_type")])


def _tell_use(
    reader: Reader, rubric: Rubric, readiness: ReadinessModel | None, words: Mapping[str, str]
) -> Iterator[Section]:
    name = f"{rubric.name} ({rubric.id}, version {rubric.version})"
    step = {"current": rubric.current_level, "target": rubric.target_level, "rubric": name}
    yield Section("What happens", (_ABOUT.format(**words, **step), _ADVISES.format(**words)))
    weighed = tuple(_tell_criterion(each, rubric) for each in rubric.criteria)
    bar = f"Criteria, what each asks for, and its weight. The bar is {rubric.bar:g} of 1."
    yield Section("What is weighed", (bar,), weighed)
    yield Section("What is read", (_READ,))
    yield Section("What is not considered", (), _UNREAD)
    yield Section("What comes out", (_COMES_OUT, _tell_forecast(readiness)))
    if reader == "candidate":
        yield Section("What you can do", (), _RIGHTS)
    else:
        told = (f"Each person concerned is told the same, and can ask at: {words['contact']}.",)
        yield Section("Who watches over it", (f"{words['watches']}.", *told))
    yield Section("Another way", (f"{words['alternative']}.",))
    yield Section("What is kept", (f"{words['kept']}.",))
    asked = (f"Ask or object: {words['contact']}.",) if reader == "candidate" else ()
    yield Section("Where to ask", (*asked, f"Its impact on groups: {words['summary']}."))


def _tell_criterion(criterion: Criterion, rubric: Rubric) -> str:
    facts = rubric.ladder.facts
    asked = dict.fromkeys(facts[each.fact].name for each in criterion.requirements)
    weight = dict(zip((each.id for each in rubric.criteria), rubric.weights, strict=True))
    must = "; has to be there" if criterion.must_have else ""
    return f"{criterion.name}, {write_share(weight[criterion.id], 0)}{must}: {'; '.join(asked)}."


def _tell_forecast(readiness: ReadinessModel | None) -> str:
    if readiness is None or not readiness.n_decisions:
        return _NO_FORECAST
    return _FORECAST.format(n=readiness.n_decisions, k=readiness.n_promoted)


_RATES: Final = {"selection": "selected", "scoring": "above the median of all scores"}
_COUNTED: Final = {"selection": "selected", "scoring": "above"}


def _tell_impact(impact: Impact, words: Mapping[str, str]) -> Iterator[Section]:
    shown = _SHOWN.format(**words, counted=_RATES[impact.kind])
    yield Section("What this is", (shown, _ORIGIN.format(**words), BANNER))
    said = _COUNTED[impact.kind]
    for table in impact.attributes:
        listed = tuple(_tell_group(row, said) for row in table.groups)
        yield Section(table.name, tuple(_tell_table(table, said)), listed)
    yield Section("How to read it", (_RATIO, f"Questions: {words['contact']}."))


def _tell_table(table: AttributeImpact, said: str) -> Iterator[str]:
    if table.undefined:
        yield f"No ratio is defined: {table.undefined}."
    else:
        yield f"Held against: {table.comparator}."
    if table.unknown.n:
        yield f"Of unknown group: {table.unknown.n} people, {table.unknown.selected} {said}."


def _tell_group(row: GroupImpact, said: str) -> str:
    rate = write_share(row.rate)
    told = f"{row.group}: {row.counts.n} people, {row.counts.selected} {said}, {rate}"
    if row.part == "excluded":
        return f"{told}; under 2 % of all, so no ratio."
    return f"{told}, ratio {write_ratio(row.ratio)}."


def _list_blanks(left: list[str]) -> Iterator[Section]:
    if left:
        blanks = tuple(leave_blank(BLANKS[name]) for name in left)
        yield Section("Left to fill in", (_TEMPLATE,), blanks)
