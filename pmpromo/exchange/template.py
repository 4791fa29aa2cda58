"""A packet to fill in: every fact of one rubric with its unit, target and anchors as comments."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from pmpromo.ladder import Behaviour, Metric
from pmpromo.wording import describe_target, explain_unscored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.ladder import Fact
    from pmpromo.requirement import Requirement, Status
    from pmpromo.rubric import Criterion, Rubric

__all__ = ["write_template"]

_HEAD = """\
# yaml-language-server: $schema=packet.schema.json
# A packet for {name} ({id} {version}).
# Fill in what you can. A key left out is unknown; an empty list or none says that there is nothing.
schema_version: 1
id: my-packet
rubric: {id}
candidate: c-0000 # a pseudonym
current_level: {current}
target_level: {target}
# as_of: 2026-06-30 # the day from which ages are counted
# summary: The case in three to five sentences.

concerns: []
# - reason_not_to_promote: The strongest reason against.
#   severity: medium # low, medium, high
#   answer: What speaks for promotion all the same.
#   evidence: [first-item]

declared_none: [] # facts or criteria of which there is nothing to show

evidence:
  - id: first-item
    title: Say in one line what was done
    # achievement: same-name # items that show one piece of work share it
    # ownership: led # sole, led, co_led, contributed, supported; or share: 0.6
    # started: 2025-03-01
    # ended: 2026-04-30 # or in_progress: true
    # goal: okr-3
    # result: outcome # output, outcome
    # initiated_by: self # self, manager, other
    # scope: {{functions: [engineering, sales], teams: 6, products: 2, accounts: 41}}
    # decisions:
    #   - {{by: self, basis: [telemetry, market_size, cost], information: 0.7}}
    # support: # missing leaves the list open; none, or support_complete: true, closes it
    #   - {{relation: manager, by: m-12}}
    #   - {{relation: cross_functional, by: sales-9, function: sales, point: 3}}
    #   - {{relation: artifact, uri: "doc:88"}}
    facts: []
"""


def write_template(rubric: Rubric) -> str:
    """Return a YAML packet that loads as it is, and names everything the rubric asks for."""
    head = _HEAD.format(
        name=_put_on_one_line(rubric.name),
        id=rubric.id,
        version=rubric.version,
        current=rubric.current_level,
        target=rubric.target_level,
    )
    return head + "".join(
        f"{line}\n" for criterion in rubric.criteria for line in _write_criterion(criterion, rubric)
    )


def _write_criterion(criterion: Criterion, rubric: Rubric) -> Iterator[str]:
    best = f", the best {criterion.best} count" if criterion.best else ""
    must = f", must-have {criterion.must_have:g}" if criterion.must_have else ""
    name = _put_on_one_line(criterion.name)
    yield f"      # --- {criterion.id}: {name} (weight {criterion.weight}{must}{best})"
    for requirement in criterion.requirements:
        yield from _write_requirement(requirement, rubric)


def _write_requirement(requirement: Requirement, rubric: Rubric) -> Iterator[str]:
    facts = rubric.ladder.facts
    fact = facts[requirement.fact]
    told = (fact.name, describe_target(requirement, facts), explain_unscored(requirement, rubric))
    yield from _comment(", ".join(part for part in told if part))
    if isinstance(fact, Behaviour):
        for point, anchor in enumerate(fact.anchors or ()):
            yield from _comment(f"  {point}: {anchor}")
    yield f"      # - {_write_fact(requirement, fact)}"
    yield from (
        f"      # - {_write_figure(metric, requirement.accepts[0])}"
        for side in requirement.provided
        if isinstance(metric := facts[side.fact], Metric)
    )


def _put_on_one_line(text: str) -> str:
    """Keep a name from leaving its comment."""
    return " ".join(text.split())


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, 100, initial_indent="      # ", subsequent_indent="      #    ")


def _write_fact(requirement: Requirement, fact: Fact) -> str:
    if isinstance(fact, Metric):
        return _write_figure(fact, requirement.accepts[0])
    if isinstance(fact, Behaviour):
        return f"{{behaviour: {fact.id}, point: 0}}"
    parts = [
        f"{name}: [{', '.join(listed)}]"
        for name, listed in (
            ("sections", requirement.sections),
            ("reviewers", requirement.reviewers),
        )
        if listed
    ]
    return f"{{artifact: {', '.join([fact.id, *parts, f'uri: doc:{fact.id}'])}}}"


def _write_figure(metric: Metric, status: Status) -> str:
    """Write a figure to replace: zero, or the lowest one possible."""
    figure = f"{max(0, metric.lowest or 0):g}"
    baseline = f", baseline: {figure}" if metric.baseline == "required" else ""
    told = f"value: {figure}{baseline}, unit: {metric.unit}, status: {status}, period: FY26"
    return f"{{metric: {metric.id}, {told}}}"
