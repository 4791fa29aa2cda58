"""One group against another: all that is said of the two, worked out when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

from pmpromo.audit.rates import (
    SMALLEST_SHARE,
    Counts,
    bound_ratio,
    compare_rates,
    count_shortfall,
    flips_by_one,
    is_below,
)
from pmpromo.audit.significance import (
    bound_difference,
    bound_rate,
    compute_fisher,
    rarest_p,
    standardise,
    z_to_p,
)

if TYPE_CHECKING:
    from pmpromo.audit.people import Attribute
    from pmpromo.audit.significance import Exact

__all__ = [
    "MAX_ALL",
    "MAX_GE_2PCT",
    "RULES",
    "AttributeImpact",
    "GroupImpact",
    "ImpactVerdict",
    "Part",
    "compare_groups",
    "judge",
]

Part = Literal["compared", "comparator", "excluded"]
"""Whether a group is held against another, is that other, or is left out of ratios."""

ImpactVerdict = Literal["evidence", "no_evidence", "too_few"]
"""What the counts of one group say about adverse impact on it."""

MAX_GE_2PCT: Final = "max_ge_2pct"
"""The comparator is the group with the highest rate among those that may not be left out."""

MAX_ALL: Final = "max_all"
"""The comparator is the group with the highest rate."""

RULES: Final = {
    MAX_GE_2PCT: "the highest rate among groups of at least 2 %",
    MAX_ALL: "the highest rate among all groups",
}
"""How a comparator is chosen that is not named, in words."""

SIGNIFICANT: Final = 0.05
"""A p-value below this is significant: the convention of courts, no law of nature."""


def judge(group: Counts, other: Counts) -> ImpactVerdict | None:
    """Return what the counts of `group` say, held against those of `other`.

    `evidence`: its rate is lower, and chance alone would do that in less than one case of twenty.
    `too_few`: that is not so, yet the ratio is below four fifths, or one person more or less would
    change that answer, or no outcome at all could have been significant. `no_evidence`: none of it.
    None where the ratio is undefined.

    After 29 CFR 1607.4D: smaller differences may count if they are significant, greater ones may
    not if they rest on small numbers.

    >>> judge(Counts(15, 40), Counts(18, 28)), judge(Counts(3, 8), Counts(16, 25))
    ('evidence', 'too_few')
    """
    ratio = compare_rates(group, other)
    if ratio is None:
        return None
    if ratio < 1 and compute_fisher(group, other).p < SIGNIFICANT:
        return "evidence"
    doubtful = is_below(ratio) or flips_by_one(group, other)
    return "too_few" if doubtful or rarest_p(group, other) >= SIGNIFICANT else "no_evidence"


@dataclass(frozen=True, slots=True)
class GroupImpact:
    """One group beside its comparator. Rates and ratios are exact; None is undefined.

    `counts` are its people, `share` their share of all people of known group, `other` the counts of
    the comparator (None if there is none, or the group is left out) and `unknown` those of unknown
    group.

    >>> row = GroupImpact("B", Counts(3, 8), Fraction(8, 33), Counts(16, 25), Counts(0, 0))
    >>> row.ratio, row.shortfall, round(row.fisher.p, 4), row.verdict
    (Fraction(75, 128), 2, 0.2379, 'too_few')
    """

    group: str
    counts: Counts
    share: Fraction
    other: Counts | None
    unknown: Counts
    part: Part = "compared"

    @property
    def rate(self) -> Fraction | None:
        """The share selected, or above the median."""
        return self.counts.rate

    @property
    def rate_interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval for the rate."""
        return bound_rate(self.counts)

    @property
    def ratio(self) -> Fraction | None:
        """The impact ratio: its rate over that of the comparator."""
        return None if self.other is None else compare_rates(self.counts, self.other)

    @property
    def ratio_bounds(self) -> tuple[Fraction | None, Fraction | None]:
        """The lowest and highest ratio if the people of unknown group were of these two."""
        if self._against is None:
            return self.ratio, self.ratio
        return bound_ratio(self.counts, self._against, self.unknown)

    @property
    def below_four_fifths(self) -> bool | None:
        """Whether the ratio is below four fifths; four fifths itself is not."""
        return is_below(self.ratio)

    @property
    def shortfall(self) -> int | None:
        """How many more selected would have reached four fifths."""
        return None if self._against is None else count_shortfall(self.counts, self._against)

    @property
    def flips(self) -> bool | None:
        """Whether another outcome for one person would change the four-fifths answer."""
        return None if self._against is None else flips_by_one(self.counts, self._against)

    @property
    def fisher(self) -> Exact | None:
        """Fisher's two-sided p-value, and the mid-p value."""
        return None if self._against is None else compute_fisher(self.counts, self._against)

    @property
    def z(self) -> float | None:
        """The difference of the rates in standard errors of the pooled rate."""
        return None if self._against is None else standardise(self.counts, self._against)

    @property
    def z_p(self) -> float | None:
        """The two-sided p-value of z."""
        return None if self.z is None else z_to_p(self.z)

    @property
    def difference(self) -> Fraction | None:
        """Its rate minus that of the comparator."""
        if self.rate is None or self.other is None or self.other.rate is None:
            return None
        return self.rate - self.other.rate

    @property
    def difference_interval(self) -> tuple[float, float] | None:
        """Newcombe's 95 % interval for the difference."""
        return None if self._against is None else bound_difference(self.counts, self._against)

    @property
    def verdict(self) -> ImpactVerdict | None:
        """What its counts say; None for the comparator, and where the ratio is undefined."""
        return None if self._against is None else judge(self.counts, self._against)

    @property
    def _against(self) -> Counts | None:
        """The counts of the comparator, where that is another group."""
        return self.other if self.part == "compared" else None


@dataclass(frozen=True, slots=True)
class AttributeImpact:
    """All groups of one attribute, in the order of their names, and the people of unknown group.

    `rule` is how the comparator was chosen: `max_ge_2pct`, `max_all`, or its own name.
    `comparator` is None where no group can be one.
    """

    name: str
    rule: str
    comparator: str | None
    groups: tuple[GroupImpact, ...]
    unknown: Counts

    def __getitem__(self, group: str) -> GroupImpact:
        """Return the row of a group."""
        return {row.group: row for row in self.groups}[group]

    @property
    def known(self) -> Counts:
        """The people of known group."""
        return _add_up([row.counts for row in self.groups])

    @property
    def undefined(self) -> str:
        """Why there are no ratios; empty where there are."""
        if any(row.ratio is not None for row in self.groups):
            return ""
        if not self.groups:
            return "nobody's group is known"
        if not self.known.selected:
            return "every rate is 0"
        if self.comparator is None:
            return "every rate that is compared is 0"
        return "the rate of the comparator is 0"


def compare_groups(attribute: Attribute, rule: str) -> AttributeImpact:
    """Hold each group of an attribute against the comparator that a rule, or its name, chooses.

    >>> from pmpromo.audit.people import Attribute
    >>> counted = Attribute("race", (("B", Counts(3, 8)), ("W", Counts(16, 25))), Counts(0, 0))
    >>> compare_groups(counted, "max_all")["B"].ratio
    Fraction(75, 128)
    """
    total = _add_up([counts for _, counts in attribute.groups]).n
    chosen = {
        group: counts
        for group, counts in attribute.groups
        if rule != MAX_GE_2PCT or Fraction(counts.n, total) >= SMALLEST_SHARE
    }
    comparator = _find_highest(chosen) if rule in RULES else rule
    rows = tuple(
        GroupImpact(
            group=group,
            counts=counts,
            share=Fraction(counts.n, total),
            other=chosen[comparator] if comparator and group in chosen else None,
            unknown=attribute.unknown,
            part=_name_part(group, comparator, chosen),
        )
        for group, counts in attribute.groups
    )
    return AttributeImpact(attribute.name, rule, comparator, rows, attribute.unknown)


def _name_part(group: str, comparator: str | None, chosen: dict[str, Counts]) -> Part:
    if group not in chosen:
        return "excluded"
    return "comparator" if group == comparator else "compared"


def _find_highest(groups: dict[str, Counts]) -> str | None:
    """Return the group with the highest rate; of several the largest, then the first by name.

    None where nobody was selected: nothing can be divided by that.
    """
    ranked = sorted(groups, key=lambda group: (groups[group].rate, groups[group].n), reverse=True)
    return ranked[0] if ranked and groups[ranked[0]].selected else None


def _add_up(counts: list[Counts]) -> Counts:
    return Counts(sum(each.selected for each in counts), sum(each.n for each in counts))
