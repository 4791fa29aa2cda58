"""What a user may ask of an impact table: comparators, crossings, and counts made elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pmpromo.audit.comparison import MAX_GE_2PCT, RULES
from pmpromo.audit.people import (
    CROSSED,
    MOST_GROUPS,
    ONE_ATTRIBUTE,
    Attribute,
    check_label,
    cross,
    find_twins,
)
from pmpromo.audit.rates import Counts
from pmpromo.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmpromo.audit.people import Labels

__all__ = ["Comparator", "cross_columns", "read_rules", "read_tables"]

Comparator: TypeAlias = str | Mapping[str, str]
"""`max_ge_2pct`, `max_all` or the name of a group; or one of these for each attribute, by name."""

SHOWN_NAMES: Final = 10
"""How many known names a hint lists."""


def read_rules(
    counted: Sequence[Attribute], comparator: Comparator, problems: list[Problem]
) -> dict[str, str]:
    """Return what each attribute is held against; append a problem for what names no group."""
    names = [each.name for each in counted]
    asked = comparator if isinstance(comparator, Mapping) else dict.fromkeys(names, comparator)
    for name in asked:
        if name not in names:
            hint = _list_known(names)
            problems.append(Problem("comparator", "is given for an attribute that is none", hint))
    rules = {name: asked.get(name, MAX_GE_2PCT) for name in names}
    for each in counted:
        groups = [group for group, _ in each.groups]
        if rules[each.name] not in [*RULES, *groups]:
            path = f"comparator['{each.name}']"
            hint = f"give {' or '.join(RULES)}, or a group: {_list_known(groups)}"
            problems.append(Problem(path, "is neither a rule nor a group", hint))
    return rules


def cross_columns(
    labels: Mapping[str, Labels],
    crossed: Iterable[Sequence[str]] | None,
    problems: list[Problem],
) -> dict[str, Labels]:
    """Return the group of each person in each crossing; by default of all attributes at once."""
    asked = [tuple(labels)] * (len(labels) > 1) if crossed is None else [*map(tuple, crossed)]
    before = len(problems)
    for names in asked:
        problems += _judge_crossing(names, labels)
    if len(problems) > before:
        return {}
    found = {CROSSED.join(names): cross([labels[name] for name in names]) for names in asked}
    if any(len({*column}) > MOST_GROUPS for column in found.values()):
        hint = "cross fewer attributes, or wider categories"
        problems.append(Problem("crossed", f"gives more than {MOST_GROUPS} groups", hint))
    return found


def read_tables(
    counts: object, unknown: Mapping[str, Any], problems: list[Problem]
) -> list[Attribute]:
    """Return the attributes of a mapping of counts; append a problem for each that is none."""
    if not isinstance(counts, Mapping) or not counts:
        problems.append(Problem("counts", "no groups", "give {group: (selected, people)}"))
        return []
    named = all(isinstance(each, Mapping) for each in counts.values())
    tables: Mapping[Any, Any] = counts if named else {ONE_ATTRIBUTE: counts}
    problems += find_twins("counts", list(map(str, tables)))
    return [_read_table(name, table, unknown.get(name), problems) for name, table in tables.items()]


def _read_table(
    name: object, table: Mapping[Any, Any], unknown: object, problems: list[Problem]
) -> Attribute:
    label = check_label("counts", name, problems)
    problems += find_twins(f"counts['{label}']", list(map(str, table)))
    groups = {
        check_label(f"counts['{label}']", group, problems): pair for group, pair in table.items()
    }
    read = {
        group: _read_pair(f"counts['{label}']['{group}']", pair, problems, least=1)
        for group, pair in groups.items()
    }
    nobody = Counts(0, 0)
    silent = nobody if unknown is None else _read_pair(f"unknown['{label}']", unknown, problems)
    return Attribute(label, tuple(sorted(read.items())), silent)


def _read_pair(path: str, pair: object, problems: list[Problem], least: int = 0) -> Counts:
    """Return two whole numbers, the first no greater than the second."""
    match pair:
        case (int(selected), int(people)) if 0 <= selected <= people >= least:
            return Counts(selected, people)
    hint = "give (selected, people), whole numbers, the first no greater; leave out empty groups"
    problems.append(Problem(path, "no counts of people", hint))
    return Counts(0, 1)


def _judge_crossing(names: tuple[str, ...], labels: Mapping[str, Labels]) -> list[Problem]:
    """Return why attributes cannot be crossed."""
    if len({*names}) < max(2, len(names)):
        hint = "name two attributes or more, each once"
        return [Problem("crossed", "is no crossing of several attributes", hint)]
    if not labels.keys() >= {*names}:
        hint = _list_known(labels)
        return [Problem("crossed", "names an attribute that is none", hint)]
    if CROSSED.join(names) in labels:
        return [Problem("crossed", "is among the groups already", "leave one out")]
    return [
        Problem(f"groups['{name}']", f"a group's name holds '{CROSSED}'", "it joins two groups")
        for name in names
        if any(CROSSED in (label or "") for label in {*labels[name]})
    ]


def _list_known(names: Iterable[str]) -> str:
    known = sorted(names)
    more = f" and {len(known) - SHOWN_NAMES} more" if len(known) > SHOWN_NAMES else ""
    return ", ".join(known[:SHOWN_NAMES]) + more
