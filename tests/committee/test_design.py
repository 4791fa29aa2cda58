"""Designs: what can be compared, what is refused with its mend, and plans that hold."""

from __future__ import annotations

from typing import Any, Final

import pytest
from committee.drawn import Design, draw_committee, write_columns
from hypothesis import given
from hypothesis import strategies as st

from pmpromo.committee import Ratings, assign_raters, fit_committee
from pmpromo.committee.assignment import Draft, level, link
from pmpromo.committee.design import check_design, find_groups, join_groups, name_some
from pmpromo.errors import DataError

APART: Final = [
    ("p1", "c", "ann", 3),
    ("p1", "c", "bo", 2),
    ("p2", "c", "cy", 3),
    ("p2", "c", "di", 1),
    ("p3", "c", "eve", 1),
]

FEWER: Final = "give more raters a packet, or name fewer raters"
LIFT: Final = "lift a conflict, or give more raters a packet"


def test_disconnected_designs_name_groups_and_links() -> None:
    """Three groups take two ratings; one rating each of one packet links all."""
    with pytest.raises(DataError) as caught:
        fit_committee(write_columns(APART))
    assert str(caught.value) == (
        "ratings: raters in 3 groups that share no packet: ann, bo | cy, di | eve; "
        "one rating each of packet p1 by cy, eve would link them"
    )


def test_the_ratings_named_do_link() -> None:
    """With them the same committee is connected."""
    linked = [*APART, ("p1", "c", "cy", 2), ("p1", "c", "eve", 2)]
    read = Ratings.from_columns(write_columns(linked))
    check_design(read)
    assert len(find_groups(read)) == 1


def test_raters_with_criteria_of_their_own_are_refused() -> None:
    """Ann rates only reach and bo only craft: nobody can say whether ann is mild or reach easy."""
    rows = [(f"p{i}", *pair, 3) for i in range(4) for pair in (("reach", "ann"), ("craft", "bo"))]
    with pytest.raises(DataError) as caught:
        check_design(Ratings.from_columns(write_columns(rows)))
    assert str(caught.value) == (
        "ratings: raters ann, bo and criteria craft, reach cannot be told apart: "
        "no packet has one without the other; "
        "have two of these raters rate the same packet on the same criterion"
    )


def test_one_shared_criterion_tells_them_apart() -> None:
    """As soon as bo rates reach once too."""
    rows = [(f"p{i}", *pair, 3) for i in range(4) for pair in (("reach", "ann"), ("craft", "bo"))]
    check_design(Ratings.from_columns(write_columns([*rows, ("p0", "reach", "bo", 2)])))


def test_large_designs_are_looked_at_in_parts() -> None:
    """More packets than are taken at once give the same answer."""
    read, _ = draw_committee(Design(n_packets=4100, n_criteria=2, n_raters=5, per_packet=(2,)), 1)
    check_design(read)


@given(
    st.integers(1, 8).flatmap(
        lambda n: st.tuples(
            st.just(n),
            st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=10),
        )
    )
)
def test_groups_are_those_that_links_reach(given_links: tuple[int, list[tuple[int, int]]]) -> None:
    """Two members are in one group exactly if a chain of links leads from one to the other."""
    size, links = given_links
    reach = {member: {member} for member in range(size)}
    for _ in range(size):
        for one, other in links:
            both = reach[one] | reach[other]
            for member in both:
                reach[member] = reach[member] | both
    expected = {tuple(sorted(group)) for group in reach.values()}
    assert {tuple(group) for group in join_groups(size, links)} == expected


def test_many_names_are_counted() -> None:
    """Eight are listed."""
    assert name_some(list("abcdefghij")) == "a, b, c, d, e, f, g, h and 2 more"


def check_plan(plan: Any, conflicts: dict[str, list[str]], per_packet: int) -> None:  # noqa: ANN401
    """Assert that each packet has its raters, none with a conflict, and that all are linked."""
    for packet, panel in zip(plan.packets, plan.panels, strict=True):
        assert len(set(panel)) == per_packet
        assert not set(panel) & set(conflicts.get(packet, ()))
    names = sorted({rater for panel in plan.panels for rater in panel})
    links = [
        (names.index(panel[0]), names.index(other)) for panel in plan.panels for other in panel
    ]
    assert len(join_groups(len(names), links)) == 1


def test_plans_are_balanced_and_linked() -> None:
    """Sixty packets, twelve raters, three each: fifteen for everybody, all linked."""
    packets, raters = [f"p{i}" for i in range(60)], [f"r{i}" for i in range(12)]
    conflicts = {f"p{i}": [f"r{i % 12}", f"r{(i * 5 + 1) % 12}"] for i in range(60)}
    plan = assign_raters(packets, raters, 3, conflicts=conflicts)
    check_plan(plan, conflicts, 3)
    assert set(plan.loads.values()) == {15}
    assert plan == assign_raters(packets, raters, 3, conflicts=conflicts)
    assert plan.to_columns()["packet_id"][:4] == ["p0", "p0", "p0", "p1"]


def test_plans_link_raters_that_loads_alone_would_not() -> None:
    """Four raters on four packets in pairs: equal loads could leave two pairs apart."""
    plan = assign_raters(["a", "b", "c", "d"], ["w", "x", "y", "z"], 2)
    check_plan(plan, {}, 2)
    assert set(plan.loads.values()) == {2}


@given(
    st.integers(2, 12),
    st.integers(2, 6),
    st.data(),
)
def test_plans_hold_for_any_conflicts(n_packets: int, n_raters: int, data: st.DataObject) -> None:
    """Whatever the conflicts: a plan that keeps all promises, or a problem that says why not."""
    per_packet = data.draw(st.integers(1, n_raters))
    packets, raters = [f"p{i}" for i in range(n_packets)], [f"r{i}" for i in range(n_raters)]
    barred = st.dictionaries(
        st.sampled_from(packets), st.lists(st.sampled_from(raters), max_size=2)
    )
    conflicts = data.draw(barred)
    try:
        plan = assign_raters(packets, raters, per_packet, conflicts=conflicts)
    except DataError:
        return
    check_plan(plan, conflicts, per_packet)
    assert set(plan.loads) == set(raters)


def test_loads_are_as_even_as_conflicts_permit() -> None:
    """Bo may rate only the first of three packets: he has it, the others share the rest."""
    conflicts = {"b": ["bo"], "c": ["bo"]}
    plan = assign_raters(["a", "b", "c"], ["ann", "bo", "cy"], 2, conflicts=conflicts)
    assert plan.panels[1:] == (("ann", "cy"), ("ann", "cy"))
    assert "bo" in plan.panels[0]


def make_draft(allowed: list[list[int]], panels: list[set[int]], n_raters: int) -> Draft:
    """Return a plan in the making."""
    return Draft(allowed, panels, [sum(r in panel for panel in panels) for r in range(n_raters)])


def test_chains_of_raters_hand_work_on() -> None:
    """Ann has three packets and cy none; cy can take only what bo has, and bo what ann has."""
    draft = make_draft([[0, 1], [0, 1], [0, 1], [1, 2]], [{0}, {0}, {0}, {1}], 3)
    level(draft)
    assert sorted(draft.loads) == [1, 1, 2]
    assert draft.panels[3] == {2}


def test_swaps_link_what_loads_leave_apart() -> None:
    """Two pairs with two packets each: one swap links all four, and no load changes."""
    everyone = [0, 1, 2, 3]
    draft = make_draft([everyone] * 4, [{0, 1}, {0, 1}, {2, 3}, {2, 3}], 4)
    link(draft, ["w", "x", "y", "z"])
    assert len(draft.groups()) == 1
    assert draft.loads == [2, 2, 2, 2]


def test_swaps_keep_to_what_is_allowed() -> None:
    """Only packets 1 and 3 may have raters of the other pair."""
    everyone = [0, 1, 2, 3]
    draft = make_draft([[0, 1], everyone, [2, 3], everyone], [{0, 1}, {0, 1}, {2, 3}, {2, 3}], 4)
    link(draft, ["w", "x", "y", "z"])
    assert draft.panels[0] == {0, 1}
    assert draft.panels[2] == {2, 3}
    assert len(draft.groups()) == 1


def test_a_packet_is_handed_over_where_no_swap_is_allowed() -> None:
    """Only packet 1 may have a rater of the other pair: loads become less even, all are linked."""
    draft = make_draft([[0, 1], [0, 1, 2], [2, 3], [2, 3]], [{0, 1}, {0, 1}, {2, 3}, {2, 3}], 4)
    link(draft, ["w", "x", "y", "z"])
    assert draft.panels[1] in ({0, 2}, {1, 2})
    assert len(draft.groups()) == 1


def test_too_few_packets_to_link_leave_a_plan_as_it_was() -> None:
    """Three pairs with a packet each: no move helps, and every move tried is taken back."""
    panels = [{0, 1}, {2, 3}, {4, 5}]
    draft = make_draft([[*range(6)]] * 3, [set(panel) for panel in panels], 6)
    with pytest.raises(DataError, match="keep raters apart"):
        link(draft, list("uvwxyz"))
    assert draft.panels == panels


@pytest.mark.parametrize(
    ("packets", "raters", "size", "conflicts", "told"),
    [
        ([], ["x"], 1, {}, "packets: none; name at least one"),
        (["a", "a"], ["x"], 1, {}, "packets a: named twice; name each once"),
        (["a"], ["x"], 2, {}, "per_packet: not between 1 and the number of raters"),
        (["a"], ["x"], 1, {"b": []}, "conflicts b: no such packet; use a name from packets"),
        (["a"], ["x"], 1, {"a": ["y"]}, "conflicts a: y: no such rater; use a name from raters"),
        (["a"], ["x"], 1, {"a": ["x"]}, "packet a: 0 raters without a conflict, not 1"),
        (
            ["a", "b"],
            ["x", "y"],
            1,
            {},
            f"per_packet: 2 packets with 1 raters cannot link 2 raters; {FEWER}",
        ),
        (
            list("abcd"),
            list("wxyz"),
            2,
            {"a": ["w", "x"], "b": ["w", "x"], "c": ["y", "z"], "d": ["y", "z"]},
            f"conflicts: keep raters apart: w, x | y, z; {LIFT}",
        ),
    ],
)
def test_plans_that_cannot_be(
    packets: list[str], raters: list[str], size: int, conflicts: dict[str, list[str]], told: str
) -> None:
    """What is wrong, and what would mend it."""
    with pytest.raises(DataError) as caught:
        assign_raters(packets, raters, size, conflicts=conflicts)
    assert str(caught.value) == told
