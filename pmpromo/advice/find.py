"""The door to paths: the cheapest sets of steps that bring a packet to the bar of its rubric."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, Any, Final

from pmpromo.advice.efforts import read_efforts
from pmpromo.advice.path import Path
from pmpromo.advice.route import Route, Step
from pmpromo.advice.subject import look_at
from pmpromo.errors import DataError, Problem
from pmpromo.scoring.path import find_courses, find_expiry, list_barriers, survey

if TYPE_CHECKING:
    from datetime import date

    from pmpromo.advice.efforts import Efforts
    from pmpromo.advice.path import Only
    from pmpromo.advice.subject import Subject
    from pmpromo.packet import Packet
    from pmpromo.rubric import Rubric
    from pmpromo.scoring.path import Course, Survey

__all__ = ["find_path"]

MOST_ROUTES: Final = 20
"""More routes than this help nobody to choose."""


def find_path(
    packet: Packet,
    rubric: Rubric | None = None,
    *,
    as_of: date | None = None,
    efforts: Efforts | None = None,
    limit: int = 3,
    only: Only | None = None,
) -> Path:
    """Find the cheapest sets of steps that bring a packet to the bar on its proven end.

    `efforts` are days of work by kind of gap, criterion, criterion/requirement or step, the most
    special one first; `None` leaves such steps out. What is not given is the rubric's. `limit` is
    how many routes to list, 1 to 20. `only="documents"` takes steps that write down what is known,
    `only="work"` steps that need new work.

    What is written down is taken at its best: a part not stated as leading it, a voice not named
    as one that agrees. Age, tenure and people are no steps.

    Raises what `assess` raises, and `DataError` with every problem of the efforts.

    >>> from pmpromo import assess, load_packet
    >>> packet = load_packet("examples/packets/spm-b.yaml")
    >>> path = find_path(packet, efforts={"unmeasured": None}, limit=1)
    >>> [step.id for step in path.routes[0].steps]
    ['absent:business_result/acv_growth']
    >>> assess(path.routes[0].apply(packet)).proven == path.routes[0].total
    True
    """
    _check(limit, only)
    subject = look_at(packet, rubric, as_of)
    given = read_efforts(efforts, subject.yard)
    if subject.seen.met:
        expires = find_expiry(packet, subject.plan, subject.seen.as_of)
        return _make(subject, only, expires=expires)
    seen = survey(subject.yard, subject.rubric.evidence.efforts, given)
    barred = {None: 0, "documents": _bar(seen, "work"), "work": _bar(seen, "documents")}
    courses, found = find_courses(seen, barred[only], limit)
    routes = [_describe(course, subject, exact=bool(found.sets)) for course in courses]
    reach, blocked_by = list_barriers(seen, barred[only])
    return _make(
        subject,
        only,
        routes=tuple(routes),
        documents=_find_alone("documents", only, routes, seen, subject),
        work=_find_alone("work", only, routes, seen, subject),
        exact=bool(found.sets) or found.bound is None,
        bound=None if found.sets or found.bound is None else float(found.bound * seen.unit),
        reach=reach,
        blocked_by=blocked_by,
    )


def _check(limit: object, only: object) -> None:
    problems = []
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MOST_ROUTES:
        problems.append(Problem("limit", "is no number of routes", f"give 1 to {MOST_ROUTES}"))
    if only not in {None, "documents", "work"}:
        problems.append(Problem("only", "is not known", "give 'documents', 'work' or None"))
    if problems:
        raise DataError(problems)


def _bar(seen: Survey, kind: str) -> int:
    """Return the closures that write down (documents), or those that need new work."""
    return sum(
        1 << place
        for place, closure in enumerate(seen.closures)
        if (closure.nature == "documentation") == (kind == "documents")
    )


def _find_alone(
    kind: Only, only: Only | None, routes: list[Route], seen: Survey, subject: Subject
) -> Route | None:
    """Return the cheapest route of one kind of steps; the routes at hand may have it."""
    if only is not None:
        return routes[0] if routes and only == kind else None
    if routes and _is_alone(routes[0], kind):
        return routes[0]
    other: Only = "work" if kind == "documents" else "documents"
    courses, found = find_courses(seen, _bar(seen, other), 1)
    return _describe(courses[0], subject, exact=bool(found.sets)) if courses else None


def _is_alone(route: Route, kind: Only) -> bool:
    return all((step.nature == "documentation") == (kind == "documents") for step in route.steps)


def _describe(course: Course, subject: Subject, *, exact: bool) -> Route:
    steps, before = [], subject.seen.proven
    for closure, effort, total in zip(course.closures, course.efforts, course.totals, strict=True):
        steps.append(
            Step(
                id=closure.id,
                kind=closure.kind,
                nature=closure.nature,
                requirements=tuple(name_requirement(index, subject) for index in closure.asked),
                remedy=closure.remedy,
                evidence=() if closure.place is None else (closure.edit.item,),
                effort=effort,
                gain=total - before,
                total=total,
                edit=closure.edit,
            )
        )
        before = total
    effort = round(fsum(course.efforts), 3)
    return Route(effort, tuple(steps), before, subject.seen.as_of, course.expires, exact)


def name_requirement(index: int, subject: Subject) -> str:
    """Return the name of a requirement, with that of its criterion."""
    asked = subject.plan.asked[index]
    return f"{subject.plan.criteria[asked.criterion].criterion.id}/{asked.requirement.name}"


def _make(subject: Subject, only: Only | None, **found: Any) -> Path:  # noqa: ANN401 - fields of Path
    seen = subject.seen
    fields: dict[str, Any] = {
        "routes": (),
        "documents": None,
        "work": None,
        "exact": True,
        "bound": None,
        "reach": seen.proven,
        "blocked_by": (),
        "expires": None,
    }
    return Path(
        schema_version=1,
        packet_id=seen.packet_id,
        rubric_id=seen.rubric_id,
        rubric_version=seen.rubric_version,
        as_of=seen.as_of,
        bar=seen.bar,
        proven=seen.proven,
        met=seen.met,
        only=only,
        **{**fields, **found},
    )
