"""Impact tables: what is compared with what, what is undefined, and what is refused."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import numpy as np
import pandas as pd
import pytest

from pmpromo.audit import Counts, Impact, measure_counts, measure_impact, saved
from pmpromo.errors import DataError

NOBODY: Final = Counts(0, 0)
ZERO: Final = Fraction(0)
ONE: Final = Fraction(1)


def test_rates_ratio_and_difference() -> None:
    """1 of 4 against 2 of 4: rates 1/4 and 1/2, ratio 1/2, difference -1/4."""
    table = measure_impact([1, 0, 0, 0, 1, 1, 0, 0], [*"BBBBWWWW"])["group"]
    row = table["B"]
    assert (row.rate, row.ratio, row.difference) == (
        Fraction(1, 4),
        Fraction(1, 2),
        Fraction(-1, 4),
    )
    assert (table.comparator, table["W"].ratio, table["W"].part) == ("W", ONE, "comparator")
    assert (table["W"].verdict, table["W"].fisher, table["W"].z) == (None, None, None)
    assert (table.known, table.unknown) == (Counts(3, 8), NOBODY)


def test_nobody_selected_is_undefined() -> None:
    """Where nobody was selected there is no comparator, no ratio and no verdict; rates are 0."""
    table = measure_impact([0, 0, 0], ["A", "A", "B"])["group"]
    assert (table.comparator, table.undefined) == (None, "every rate is 0")
    for row in table.groups:
        assert (row.rate, row.ratio, row.below_four_fifths, row.verdict) == (ZERO, None, None, None)
        assert (row.shortfall, row.flips, row.fisher, row.difference) == (None, None, None, None)
        assert (row.ratio_bounds, row.difference_interval) == ((None, None), None)


def test_a_named_comparator_of_whom_nobody_was_selected() -> None:
    """Nothing can be divided by its rate; that the rates differ can still be said."""
    table = measure_impact([1, 1, 0, 0], [*"AABB"], comparator="B")["group"]
    row = table["A"]
    assert table.undefined == "the rate of the comparator is 0"
    assert (row.ratio, row.verdict, row.shortfall, row.flips) == (None, None, None, None)
    assert (row.difference, row.fisher and row.fisher.p) == (ONE, 1 / 3)


def test_everybody_selected() -> None:
    """Where everybody was, the ratio is 1, p is 1, and z divides by nothing."""
    row = measure_impact([1] * 5, [*"AAABB"])["group"]["B"]
    assert (row.ratio, row.fisher and row.fisher.p, row.z, row.z_p) == (ONE, 1.0, None, None)
    assert row.verdict == "too_few"


def test_equal_scores_are_undefined() -> None:
    """Where all scores are equal nobody lies above the median: every ratio is undefined."""
    impact = measure_impact([5, 5, 5, 5, 5], [*"AABBB"], kind="scoring")
    assert (impact.median, impact["group"].undefined) == (Fraction(5), "every rate is 0")


@pytest.mark.parametrize(
    ("scores", "median", "above"),
    [
        ({"A": [1, 3, 3, 5], "B": [2, 3, 4]}, "3", {"A": (1, 4), "B": (1, 3)}),
        ({"A": [1, 2, 7, 8], "B": [3, 4]}, "7/2", {"A": (2, 4), "B": (1, 2)}),
        ({"A": [3, 3, 3, 9], "B": [1, 2, 3, 3]}, "3", {"A": (1, 4), "B": (0, 4)}),
        ({"A": [1, 2], "B": [3, 3]}, "5/2", {"A": (0, 2), "B": (2, 2)}),
    ],
)
def test_scores_at_the_median_are_not_above(
    scores: dict[str, list[int]], median: str, above: dict[str, tuple[int, int]]
) -> None:
    """Odd and even samples, ties at the median, a median between two values: counted by hand."""
    values = [score for group in scores.values() for score in group]
    groups = [name for name, group in scores.items() for _ in group]
    impact = measure_impact(values, groups, kind="scoring")
    assert impact.median == Fraction(median)
    assert {row.group: tuple(row.counts) for row in impact["group"].groups} == above


def test_scores_compare_exactly_whatever_their_type() -> None:
    """.1 as a float is not .1 as a decimal; the median lies between 1/3 and 1/2, and is exact."""
    scores: list[Any] = [0.1, Decimal("0.1"), Fraction(1, 3), np.float32(0.5), np.int64(2), True]
    impact = measure_impact(scores, [*"ABCDEF"], kind="scoring")
    assert impact.median == (Fraction(1, 3) + Fraction(1, 2)) / 2
    above = [row.group for row in impact["group"].groups if row.counts.selected]
    assert above == ["D", "E", "F"]
    twins = measure_impact([0.1, Decimal("0.1"), 0.1], [*"ABC"], kind="scoring")
    assert (twins.median, twins["group"].known.selected) == (Fraction(0.1), 0)


def make_small_group() -> tuple[list[int], list[str]]:
    """Two of 102 people (1.96 %) are S, both selected; 50 of 100 others are."""
    return [1, 1, *[1, 1, 0, 0] * 25], ["S", "S", *"AB" * 50]


def test_a_small_category_keeps_count_and_rate() -> None:
    """Under 2 % of the people: no ratio, no comparator, but count and rate."""
    table = measure_impact(*make_small_group())["group"]
    small = table["S"]
    assert (small.part, small.counts, small.rate, small.ratio) == (
        "excluded",
        Counts(2, 2),
        ONE,
        None,
    )
    assert small.share == Fraction(2, 102)
    assert (small.ratio, small.verdict, small.difference) == (None, None, None)
    assert table.comparator == "A"


def test_two_percent_is_enough() -> None:
    """A category of exactly 2 % is compared: 2 of 100."""
    outcomes, groups = [1] * 100, ["S", "S", *"A" * 98]
    assert measure_impact(outcomes, groups)["group"]["S"].part == "compared"


def test_all_groups_may_be_the_highest() -> None:
    """With `max_all` the small category is the comparator, and is named."""
    table = measure_impact(*make_small_group(), comparator="max_all")["group"]
    assert (table.comparator, table.rule, table["B"].ratio) == ("S", "max_all", Fraction(1, 2))


def test_a_named_comparator_leaves_nobody_out() -> None:
    """With a group named, every other one has a ratio, also above 1."""
    table = measure_impact(*make_small_group(), comparator="B")["group"]
    assert (table.comparator, table["S"].ratio, table["A"].ratio) == ("B", Fraction(2), ONE)


def test_groups_so_many_that_none_has_two_percent() -> None:
    """Sixty groups of one: none may be compared, and the table says so."""
    table = measure_impact([1] * 60, [f"g{i:02}" for i in range(60)])["group"]
    assert table.comparator is None
    assert table.undefined == "every rate that is compared is 0"
    assert {row.part for row in table.groups} == {"excluded"}


def test_equal_rates_choose_the_larger_then_the_first_group() -> None:
    """Rates tie at 1/2: C has four people and is chosen; of equal size, A before B."""
    assert measure_impact([1, 0] * 4, [*"AABBCCCC"])["group"].comparator == "C"
    assert measure_impact([1, 0] * 2, [*"BBAA"])["group"].comparator == "A"


def test_unknown_groups_are_counted_with_bounds() -> None:
    """1 of 2 against 2 of 3; of the unknown one was selected and one not.

    Lowest: (1/3) / (3/4) = 4/9; highest: (2/3) / (2/4) = 4/3.
    """
    outcomes = [1, 0, 1, 1, 0, 1, 0]
    groups = ["B", "B", "W", "W", "W", None, "Prefer not to say"]
    table = measure_impact(outcomes, groups)["group"]
    assert (table.unknown, table.known) == (Counts(1, 2), Counts(3, 5))
    assert table["B"].ratio == Fraction(3, 4)
    assert table["B"].ratio_bounds == (Fraction(4, 9), Fraction(4, 3))
    assert table["W"].ratio_bounds == (ONE, ONE)


def test_unknown_scores_count_for_the_median() -> None:
    """The median is that of the full sample, whoever is of unknown group."""
    assert measure_impact([1, 2, 9], ["A", "A", None], kind="scoring").median == 2


@pytest.mark.parametrize("nothing", [None, float("nan"), "", "  ", "N/A", "unknown", pd.NA, pd.NaT])
def test_what_stands_for_nothing(nothing: object) -> None:
    """None, NaN, what frames write, blanks and the words of forms all mean unknown."""
    table = measure_impact([1, 0], ["A", nothing])["group"]
    assert (table.unknown.n, [row.group for row in table.groups]) == (1, ["A"])


def test_everybody_unknown() -> None:
    """A table without a group says why it has no ratio."""
    table = measure_impact([1, 0], [None, None])["group"]
    assert (table.groups, table.undefined, table.unknown.n) == ((), "nobody's group is known", 2)


def test_attributes_and_their_crossing() -> None:
    """Sex, race, and both together; who is unknown in one is unknown in the crossing."""
    groups = {"sex": ["F", "F", "M", None], "race": ["W", "B", "W", "W"]}
    impact = measure_impact([1, 0, 1, 1], groups)
    assert [table.name for table in impact.attributes] == ["sex", "race", "sex x race"]
    crossing = impact["sex x race"]
    assert [row.group for row in crossing.groups] == ["F x B", "F x W", "M x W"]
    assert crossing.unknown == Counts(1, 1)


def test_crossings_can_be_chosen() -> None:
    """Of three attributes, only the pairs that are asked for; or none."""
    groups = {"a": [*"xy"], "b": [*"xy"], "c": [*"xy"]}
    names = [t.name for t in measure_impact([1, 0], groups, crossed=[("a", "c")]).attributes]
    assert names == ["a", "b", "c", "a x c"]
    assert len(measure_impact([1, 0], groups, crossed=[]).attributes) == 3
    assert measure_impact([1, 0], groups).attributes[-1].name == "a x b x c"


def test_comparators_by_attribute() -> None:
    """Each attribute may have its own; the rest keep the default."""
    groups = {"sex": [*"FFMM"], "race": [*"WBWB"]}
    impact = measure_impact([1, 0, 1, 1], groups, comparator={"sex": "F", "sex x race": "max_all"})
    assert [table.rule for table in impact.attributes] == ["F", "max_ge_2pct", "max_all"]


@pytest.mark.parametrize(
    "make", [list, np.array, pd.Series, tuple, iter, lambda values: map(np.bool_, values)]
)
def test_columns_of_every_kind(make: Any) -> None:  # noqa: ANN401 - whatever makes a column
    """Lists, arrays, columns of frames and iterators give the same."""
    assert measure_impact(make([1, 0]), ["A", "B"]) == measure_impact([True, False], [*"AB"])


def test_frames_of_labels() -> None:
    """Categories, arrays of text and mappings of columns are groups."""
    frame = pd.DataFrame({"sex": pd.Categorical(["F", "M", None]), "y": [1, 0, 1]})
    impact = measure_impact(frame["y"], {"sex": frame["sex"]})
    assert impact["sex"].unknown.n == 1
    assert measure_impact([1, 0], np.array(["F", "M"]))["group"]["F"].rate == 1
    both = frame.assign(team=["x", "y", "x"])[["sex", "team"]]
    assert measure_impact(frame["y"], both) == measure_impact(
        [1, 0, 1], {"sex": ["F", "M", None], "team": ["x", "y", "x"]}
    )


@pytest.mark.parametrize(
    ("outcomes", "groups", "options", "message"),
    [
        ([], [], {}, "outcomes: nobody to measure; give one outcome a person"),
        ([], [], {"kind": "scoring"}, "outcomes: nobody to measure"),
        ([1, 2], [*"AB"], {}, r"outcomes\[1\]: neither 0 nor 1; 1 means selected, 0 not selected"),
        (["1"], ["A"], {}, r"outcomes\[0\]: neither"),
        ([None], ["A"], {}, r"outcomes\[0\]: neither"),
        ([[1]], ["A"], {}, r"outcomes\[0\]: neither"),
        ("10", [*"AB"], {}, "outcomes: no column of values; give a list or an array"),
        (7, ["A"], {}, "outcomes: no column of values"),
        ([float("nan")], ["A"], {"kind": "scoring"}, r"outcomes\[0\]: no finite number; leave out"),
        ([Decimal("sNaN")], ["A"], {}, r"outcomes\[0\]: neither"),
        ([1], [Decimal("sNaN")], {}, r"groups\[0\]: not the name"),
        ([Decimal("inf")], ["A"], {"kind": "scoring"}, r"outcomes\[0\]: no finite number"),
        ([10**309], ["A"], {"kind": "scoring"}, r"outcomes\[0\]: no finite number"),
        ([Decimal("1e-9999999")], ["A"], {"kind": "scoring"}, r"outcomes\[0\]: no finite number"),
        ([Fraction(1, 10**1001)], ["A"], {"kind": "scoring"}, r"outcomes\[0\]: no finite number"),
        (["a"], ["A"], {"kind": "scoring"}, r"outcomes\[0\]: no finite number"),
        ([1], [*"AB"], {}, r"groups\['group'\]: has 2 entries where there are 1 outcomes"),
        ([1, 0], [1, "B"], {}, r"groups\[0\]: not the name of a group; give plain text"),
        ([1, 0], [np.zeros(2), "B"], {}, r"groups\[0\]: not the name"),
        ([1, 0], ["A" * 61, "B"], {}, r"groups\[0\]: not the name"),
        ([1, 0], ["A\u202eB", "B"], {}, r"groups\[0\]: not the name"),
        ([1, 0], ["Female", "female"], {}, "groups: two names differ at most in case and blanks"),
        ([1], {"sex": ["F"], "Sex ": ["F"]}, {}, "groups: two names differ"),
        ([1], {}, {}, "groups: no groups; give one a person"),
        ([1], {"": ["F"]}, {}, "groups: a name is missing, or is no name"),
        ([1], {3: ["F"]}, {}, "groups: a name is missing, or is no name"),
        ([1], {"sex": "F"}, {}, r"groups\['sex'\]: no column of values"),
        (
            [1] * 501,
            list(map(str, range(501))),
            {},
            "groups: more than 500 groups; give categories",
        ),
        ([1], ["A"], {"kind": "hiring"}, "kind: is no kind of outcome; give selection or scoring"),
        (
            [1],
            ["A"],
            {"comparator": "B"},
            "is neither a rule nor a group; give max_ge_2pct or max_all, or a group: A",
        ),
        ([1], ["A"], {"comparator": {"sex": "A"}}, "comparator: is given for an attribute that is"),
        ([1], {"s": ["A"], "r": ["B x C"]}, {}, r"groups\['r'\]: a group's name holds ' x '"),
        ([1], ["A"], {"crossed": [("a", "b")]}, "crossed: names an attribute that is none; group"),
        ([1], ["A"], {"crossed": [("group",)]}, "crossed: is no crossing of several attributes"),
        ([1], {"a": "A", "b": "B"}, {"crossed": [("a", "a")]}, "crossed: is no crossing"),
        ([1], {"a": "A", "b": "B", "a x b": "C"}, {"crossed": [("a", "b")]}, "crossed: is among"),
    ],
)
def test_refusals(outcomes: Any, groups: Any, options: Any, message: str) -> None:  # noqa: ANN401
    """What cannot be used is refused with its place and what to do."""
    if isinstance(groups, dict):
        groups = {name: column if name == "sex" else [*column] for name, column in groups.items()}
    with pytest.raises(DataError, match=message):
        measure_impact(outcomes, groups, **options)


def test_problems_come_all_at_once() -> None:
    """Bad outcomes, bad groups and another length are told together."""
    with pytest.raises(DataError) as caught:
        measure_impact([1, 2], {"sex": [3, "F", "M"]})
    assert [problem.path for problem in caught.value.problems] == [
        "groups['sex'][0]",
        "outcomes[1]",
        "groups['sex']",
    ]


def test_many_bad_entries_are_counted() -> None:
    """A column of 1,500 bad entries gives 1,000 problems and one that counts the rest."""
    with pytest.raises(DataError) as caught:
        measure_impact([2] * 1500, ["A"] * 1500)
    assert len(caught.value.problems) == 1001
    assert caught.value.problems[-1].message == "500 more are neither 0 nor 1"


def test_a_crossing_of_too_many_groups() -> None:
    """Thirty by thirty groups are no categories any more."""
    groups = {name: [f"{name}{i % 30}" for i in range(900)] for name in "a"}
    groups["b"] = [f"b{i // 30}" for i in range(900)]
    with pytest.raises(DataError, match="crossed: gives more than 500 groups"):
        measure_impact([1] * 900, groups)


def test_a_hint_lists_ten_groups() -> None:
    """Of twelve groups a hint names ten and counts two."""
    with pytest.raises(DataError, match="J and 2 more"):
        measure_impact([1] * 12, [*"ABCDEFGHIJKL"], comparator="Z")
    with pytest.raises(DataError, match=r"H, I, J$"):
        measure_impact([1] * 10, [*"ABCDEFGHIJ"], comparator="Z")


def test_five_hundred_groups_are_still_groups() -> None:
    """The limit itself is allowed."""
    groups = list(map(str, range(500)))
    assert len(measure_impact([1] * 500, groups)["group"].groups) == 500


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({}, "counts: no groups"),
        ([(1, 2)], "counts: no groups"),
        ({"A": (3, 2)}, r"counts\['group'\]\['A'\]: no counts of people"),
        ({"A": (-1, 2)}, "no counts of people"),
        ({"A": (0, 0)}, "leave out empty groups"),
        ({"A": (0.5, 2)}, "no counts of people"),
        ({"A": "12"}, "no counts of people"),
        ({"A": (1, 2), "a": (1, 2)}, "two names differ"),
        ({"sex": {"A": (1, 2)}, "SEX": {"A": (1, 2)}}, "counts: two names differ"),
        ({"A x ": (1, 2)}, "a name is missing"),
    ],
)
def test_counts_are_checked(counts: Any, message: str) -> None:  # noqa: ANN401
    """What is no table of counts is refused."""
    with pytest.raises(DataError, match=message):
        measure_counts(counts)


def test_counts_of_the_unknown_are_checked() -> None:
    """The unknown may be nobody, and not fewer."""
    with pytest.raises(DataError, match=r"unknown\['group'\]: no counts"):
        measure_counts({"A": (1, 2)}, unknown={"group": (2, 1)})
    assert measure_counts({"A": (1, 2)}, unknown={"group": (0, 0)})["group"].unknown == NOBODY


def test_kind_of_counts_is_checked() -> None:
    """Counts are of one of the two kinds."""
    with pytest.raises(DataError, match="kind: is no kind"):
        measure_counts({"A": (1, 2)}, kind="x")  # type: ignore[arg-type]


def test_counts_and_rows_give_the_same() -> None:
    """Counting by hand first changes nothing."""
    assert measure_counts({"A": (1, 2)})["group"].unknown == NOBODY
    rows = measure_impact([1, 0, 1, 0, 1], ["A", "A", "B", "B", None])
    counts = measure_counts({"A": (1, 2), "B": (1, 2)}, unknown={"group": (1, 1)})
    assert rows == counts


# --- verdicts


@pytest.mark.parametrize(
    ("group", "other", "verdict"),
    [
        ((10, 100), (30, 100), "evidence"),  # ratio 1/3, p < .001
        ((64, 100), (80, 100), "evidence"),  # four fifths, yet p = .018
        ((3, 8), (16, 25), "too_few"),  # ratio .59, p = .24
        ((34, 76), (50, 92), "too_few"),  # ratio .82, one person fewer gives .80
        ((90, 100), (95, 100), "no_evidence"),  # ratio .947, p = .28
        ((2, 2), (4, 8), "too_few"),  # even 0 of 2 would have had p = 28/210: nothing to be seen
        ((40, 50), (20, 50), "no_evidence"),  # twice the rate: nothing against this group
    ],
)
def test_verdicts(group: tuple[int, int], other: tuple[int, int], verdict: str) -> None:
    """Evidence is a lower rate that chance seldom gives; little data is no absence of evidence."""
    row = measure_counts({"G": group, "O": other}, comparator="O")["group"]["G"]
    assert row.verdict == verdict


def test_flipping_one_person() -> None:
    """4 of 10 against 5 of 10 is exactly four fifths: one person fewer, or one more, tells another.

    40 of 100 against 80 of 100 stays below whatever one person does. 1 of 4 against 1 of 2 with
    nobody left in the comparator is undefined: that is another answer.
    """
    table = {"A": (4, 10), "B": (5, 10)}
    assert measure_counts(table)["group"]["A"].flips is True
    assert measure_counts({"A": (40, 100), "B": (80, 100)})["group"]["A"].flips is False
    assert measure_counts({"A": (0, 9), "B": (1, 1)}, comparator="B")["group"]["A"].flips is True


# --- JSON


def make_impact() -> Impact:
    """Three tables, unknown people, and a median that is a fraction of floats."""
    groups = {"sex": ["F", "F", "M", None], "race": ["W", "B", "W", "W"]}
    return measure_impact([0.1, 0.2, 0.3, 1e300], groups, kind="scoring", comparator="max_all")


def test_json_round_trip() -> None:
    """JSON text gives the same object, and that the same text."""
    impact = make_impact()
    assert Impact.from_json(impact.to_json()) == impact
    assert Impact.from_json(impact.to_json().encode()).to_json() == impact.to_json()
    selection = measure_impact([1, 0], [*"AB"])
    assert Impact.from_json(selection.to_json()) == selection


def test_json_whose_counts_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text with a right digest and impossible counts is refused at their place."""
    text = measure_impact([1, 0], [*"AB"]).to_json().replace('"A": [1, 1]', '"A": [2, 1]')
    monkeypatch.setattr(saved, "compute_digest", lambda _: json.loads(text)["result_id"])
    with pytest.raises(DataError, match=r"counts\['group'\]\['A'\]: no counts of people"):
        Impact.from_json(text)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"kind": "scoring"', '"kind": "selection"', "result_id: does not match the content"),
        ('"F": [0, 2]', '"F": [2, 2]', "result_id: does not match"),
        ('"schema_version": 1', '"schema_version": 2', "schema_version"),
        ('"kind": "scoring"', '"kind": "x"', "kind"),
        ('"median": "', '"median": "1/0', "median"),
    ],
)
def test_changed_json_is_refused(old: str, new: str, message: str) -> None:
    """A text that was changed, or is none of ours, is refused."""
    text = make_impact().to_json()
    assert old in text
    with pytest.raises(DataError, match=message):
        Impact.from_json(text.replace(old, new))
