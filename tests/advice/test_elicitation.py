"""Weights from people: published examples, laws, and what is said about answers that are none."""

from __future__ import annotations

from fractions import Fraction
from math import exp, log
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import list_problems, write_rubric

from pmpromo import (
    parse_rubric,
    weights_from_comparisons,
    weights_from_ranking,
    weights_from_swings,
)
from pmpromo.elicitation import Answer, compare_matrix, compare_with_ends
from pmpromo.elicitation.solvers import fit_eigenvector

DRINKS: Final = {
    ("coffee", "wine"): 9, ("coffee", "tea"): 5, ("coffee", "beer"): 2, ("coffee", "soda"): 1,
    ("coffee", "milk"): 1, ("water", "coffee"): 2, ("water", "wine"): 9, ("water", "tea"): 9,
    ("water", "beer"): 3, ("water", "soda"): 2, ("water", "milk"): 3, ("tea", "wine"): 3,
    ("beer", "wine"): 9, ("beer", "tea"): 3, ("beer", "milk"): 1, ("soda", "wine"): 9,
    ("soda", "tea"): 4, ("soda", "beer"): 2, ("soda", "milk"): 2, ("milk", "wine"): 9,
    ("milk", "tea"): 3,
}  # fmt: skip
"""Saaty 2008, Int. J. Services Sciences 1(1):83-98: which drink is consumed more in the USA."""

SCHOOL: Final = [
    ["1", "4", "3", "1", "3", "4"],
    ["1/4", "1", "7", "3", "1/5", "1"],
    ["1/3", "1/7", "1", "1/5", "1/5", "1/6"],
    ["1", "1/3", "5", "1", "1", "1/3"],
    ["1/3", "5", "5", "1", "1", "3"],
    ["1/4", "1", "6", "3", "1/3", "1"],
]
"""Wang and Chin 2011, Information Sciences 181:5240-5248: choice of a school."""

CRITERIA: Final = {
    ("culture", "housing"): 3, ("culture", "transport"): 5, ("family", "culture"): 5,
    ("family", "housing"): 7, ("family", "transport"): 7, ("housing", "transport"): 3,
    ("jobs", "culture"): 2, ("jobs", "housing"): 4, ("jobs", "transport"): 7, ("family", "jobs"): 1,
}  # fmt: skip
CITIES: Final[dict[str, dict[tuple[str, str], float]]] = {
    "culture": {
        ("bethesda", "pittsburgh"): 1, ("boston", "bethesda"): 2, ("boston", "pittsburgh"): 2.5,
        ("boston", "santa fe"): 1, ("santa fe", "bethesda"): 2, ("santa fe", "pittsburgh"): 2.5,
    },
    "family": {
        ("bethesda", "boston"): 2, ("bethesda", "santa fe"): 4, ("boston", "santa fe"): 2,
        ("pittsburgh", "bethesda"): 3, ("pittsburgh", "boston"): 8, ("pittsburgh", "santa fe"): 9,
    },
    "housing": {
        ("bethesda", "boston"): 5, ("bethesda", "santa fe"): 2.5, ("pittsburgh", "bethesda"): 2,
        ("pittsburgh", "boston"): 9, ("pittsburgh", "santa fe"): 7, ("santa fe", "boston"): 4,
    },
    "jobs": {
        ("bethesda", "pittsburgh"): 3, ("bethesda", "santa fe"): 4, ("boston", "bethesda"): 2,
        ("boston", "pittsburgh"): 6, ("boston", "santa fe"): 8, ("pittsburgh", "santa fe"): 1,
    },
    "transport": {
        ("bethesda", "boston"): 1.5, ("bethesda", "santa fe"): 4, ("boston", "santa fe"): 2.5,
        ("pittsburgh", "bethesda"): 2, ("pittsburgh", "boston"): 3.5, ("pittsburgh", "santa fe"): 9,
    },
}  # fmt: skip
"""Saaty 2005, Theory and Applications of the Analytic Network Process: where to live."""

NAMES: Final = ("a", "b", "c", "d", "e")


def rounded(weights: dict[str, float], digits: int) -> dict[str, float]:
    """Return weights as a table prints them."""
    return {name: round(weight, digits) for name, weight in weights.items()}


# --- published examples


def test_drinks() -> None:
    """Saaty 2008: the printed weights, and a consistency ratio of .022."""
    seen = weights_from_comparisons(DRINKS, method="eigenvector")
    printed = {
        "coffee": 0.177, "wine": 0.019, "tea": 0.042, "beer": 0.116, "soda": 0.190, "milk": 0.129,
        "water": 0.327,
    }  # fmt: skip
    assert rounded(seen.weights, 3) == printed
    assert seen.consistency_ratio == pytest.approx(0.022, abs=5e-4)
    assert seen.n_comparisons == 21


def test_cities() -> None:
    """Saaty 2005: weights of five criteria times weights of four cities under each."""
    asked = weights_from_comparisons(CRITERIA, method="eigenvector").weights
    under = {
        name: weights_from_comparisons(said, method="eigenvector").weights
        for name, said in CITIES.items()
    }
    totals = {
        city: sum(asked[name] * under[name][city] for name in asked)
        for city in ("bethesda", "boston", "pittsburgh", "santa fe")
    }
    printed = {"bethesda": 0.229, "boston": 0.275, "pittsburgh": 0.385, "santa fe": 0.111}
    assert rounded(totals, 3) == printed


def test_school() -> None:
    """Wang and Chin 2011: six criteria; a ratio of .229 says that they contradict each other."""
    rows = [[float(Fraction(cell)) for cell in row] for row in SCHOOL]
    seen = weights_from_comparisons(compare_matrix("abcdef", rows), method="eigenvector")
    assert list(rounded(seen.weights, 4).values()) == [
        0.3208,
        0.1395,
        0.0348,
        0.1285,
        0.2374,
        0.1391,
    ]
    assert seen.consistency_ratio is not None
    assert seen.consistency_ratio > 0.1


def test_best_and_worst() -> None:
    """Rezaei 2015: .0714 .3387 .5899, and the least largest deviation is .2583."""
    said = compare_with_ends("c3", "c1", {"c1": 8, "c2": 2, "c3": 1}, {"c1": 1, "c2": 5, "c3": 8})
    seen = weights_from_comparisons(said, criteria=["c1", "c2", "c3"], method="minimax")
    assert rounded(seen.weights, 4) == {"c1": 0.0714, "c2": 0.3387, "c3": 0.5899}
    assert round(seen.deviation, 4) == 0.2583


def test_incomplete_comparisons() -> None:
    """Bozoki, Fulop and Ronyai 2010: one of six pairs is missing; .374 .392 .099 .135."""
    said = {("a", "b"): 1, ("a", "c"): 5, ("a", "d"): 2, ("b", "c"): 3, ("b", "d"): 4}
    seen = weights_from_comparisons(said)
    assert rounded(seen.weights, 3) == {"a": 0.374, "b": 0.392, "c": 0.099, "d": 0.135}
    assert seen.consistency_ratio is None


def test_rank_order_centroids_of_four() -> None:
    """Barron and Barrett 1996: .5208 .2708 .1458 .0625, which are 25, 13, 7 and 3 of 48."""
    weights = weights_from_ranking(["a", "b", "c", "d"])
    assert list(weights.values()) == pytest.approx([25 / 48, 13 / 48, 7 / 48, 3 / 48], abs=1e-15)


# --- laws


@st.composite
def consistent(draw: st.DrawFn) -> tuple[list[float], list[tuple[str, str, float]]]:
    """Draw weights, and ratios of them along a tree and some more pairs."""
    size = draw(st.integers(2, 5))
    weights = [draw(st.floats(0.1, 10)) for _ in range(size)]
    pairs = [(draw(st.integers(0, at - 1)), at) for at in range(1, size)]
    more = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1))
    pairs += [pair for pair in draw(st.lists(more, max_size=4)) if pair[0] != pair[1]]
    said = [(NAMES[i], NAMES[j], weights[i] / weights[j]) for i, j in pairs]
    return [weight / sum(weights) for weight in weights], draw(st.permutations(said))


@given(consistent())
def test_ratios_of_weights_give_the_weights_back(
    case: tuple[list[float], list[tuple[str, str, float]]],
) -> None:
    """Whatever connected set of pairs is answered without contradiction, in both general senses."""
    weights, said = case
    for method in ("log_least_squares", "minimax"):
        seen = weights_from_comparisons(said, criteria=NAMES[: len(weights)], method=method)
        assert list(seen.weights.values()) == pytest.approx(weights, rel=1e-6)
        assert seen.residual < 1e-6
        assert seen.deviation < 1e-6


answers: Final = st.dictionaries(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(
        lambda pair: pair[0] != pair[1]
    ),
    st.sampled_from([1 / 9, 1 / 3, 1, 2, 5, 9]),
    min_size=8,
    max_size=15,
)


@given(answers, st.data())
def test_no_other_weights_fit_better(
    said: dict[tuple[str, str], float], data: st.DataObject
) -> None:
    """Moving any one weight makes the squares larger; and, for minimax, the largest deviation."""
    try:
        least = weights_from_comparisons(said, criteria=NAMES)
    except ValueError:
        return
    smallest = weights_from_comparisons(said, criteria=NAMES, method="minimax")
    name, factor = data.draw(st.sampled_from(NAMES)), data.draw(st.sampled_from([0.9, 0.99, 1.05]))
    moved = {**least.weights, name: least.weights[name] * factor}
    assert measure(said, moved) >= measure(said, least.weights)
    assert least.residual == pytest.approx((measure(said, least.weights) / len(said)) ** 0.5)
    assert smallest.deviation <= least.deviation + 1e-6
    shifted = {**smallest.weights, name: smallest.weights[name] * factor}
    worst = max(abs(shifted[i] / shifted[j] - ratio) for (i, j), ratio in said.items())
    assert smallest.deviation <= worst + 1e-6


def measure(said: dict[tuple[str, str], float], weights: dict[str, float]) -> float:
    """Return the sum of squares that log least squares make small."""
    return sum(
        (log(ratio) - log(weights[one] / weights[other])) ** 2
        for (one, other), ratio in said.items()
    )


def test_the_geometric_means_are_those_of_a_complete_matrix() -> None:
    """On a complete matrix, least squares of logarithms are geometric means of the rows."""
    rows: list[list[float]] = [[1, 2, 6], [1 / 2, 1, 2], [1 / 6, 1 / 2, 1]]
    means = [(1 * 2 * 6) ** (1 / 3), (1 / 2 * 1 * 2) ** (1 / 3), (1 / 6 * 1 / 2 * 1) ** (1 / 3)]
    seen = weights_from_comparisons(compare_matrix("abc", rows))
    assert list(seen.weights.values()) == pytest.approx([mean / sum(means) for mean in means])


def test_an_eigenvector_is_one() -> None:
    """A w = lambda w; for a consistent matrix lambda is its size, and the ratio 0."""
    matrix: list[list[float]] = [[1, 2, 7], [0.5, 1, 2], [1 / 7, 0.5, 1]]
    vector, value = fit_eigenvector(matrix)
    for row, weight in zip(matrix, vector, strict=True):
        image = sum(x * y for x, y in zip(row, vector, strict=True))
        assert image == pytest.approx(value * weight)
    whole = weights_from_comparisons({("a", "b"): 2, ("b", "c"): 3, ("a", "c"): 6})
    assert whole.consistency_ratio == pytest.approx(0, abs=1e-12)


def test_an_eigenvector_that_does_not_settle_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """The iteration stops after its turns, with what it has."""
    monkeypatch.setattr("pmpromo.elicitation.solvers.TURNS", 1)
    assert sum(fit_eigenvector([[1, 4], [0.25, 1]])[0]) == pytest.approx(1)


def test_the_worst_circle_is_named() -> None:
    """A = 2 b, b = 2 c, and yet c = 2 a: eight times what it should be. The other circles close."""
    said = [("a", "b", 2), ("b", "c", 2), ("c", "a", 2), ("a", "d", 1)]
    seen = weights_from_comparisons(said)
    assert seen.worst_triad is not None
    product = 1.0
    for each in seen.worst_triad:
        product *= each.ratio
    assert {each.first for each in seen.worst_triad} == {"a", "b", "c"}
    assert product == pytest.approx(8)
    assert weights_from_comparisons([("a", "b", 2), ("b", "c", 2)]).worst_triad is None


def test_members_are_averaged_as_logarithms() -> None:
    """One says 2, another 8: together 4; each is ln 2 away, and who is not named is not listed."""
    seen = weights_from_comparisons([("a", "b", 2, "ann"), ("a", "b", 8, "bob"), ("a", "b", 4)])
    assert seen.weights["a"] / seen.weights["b"] == pytest.approx(4)
    assert seen.members == {
        "ann": pytest.approx(0.6931, abs=1e-4),
        "bob": pytest.approx(0.6931, abs=1e-4),
    }
    assert exp(seen.members["ann"]) == pytest.approx(2)


def test_weights_go_into_a_rubric() -> None:
    """They are exact decimals that a rubric takes as they are."""
    weights = weights_from_comparisons([("one", "two", 3)]).to_rubric()
    criteria = [
        {
            "id": name,
            "name": name,
            "weight": str(weight),
            "requirements": [{"fact": name, "point": 3}],
        }
        for name, weight in weights.items()
    ]
    rubric = parse_rubric(write_rubric(criteria=criteria))
    assert rubric.weights == (Fraction(3, 4), Fraction(1, 4))


def test_places_of_a_ranking_can_be_shared() -> None:
    """The two in the middle share what the second and third would have."""
    weights = weights_from_ranking(["a", ["b", "c"], "d"])
    assert weights == pytest.approx({"a": 25 / 48, "b": 10 / 48, "c": 10 / 48, "d": 3 / 48})
    assert weights_from_ranking([["a"], []]) == {"a": 1.0}


def test_swings_are_proportions() -> None:
    """100, 60 and 40 of 200."""
    assert weights_from_swings({"a": 100, "b": 60, "c": 40}) == {"a": 0.5, "b": 0.3, "c": 0.2}


def test_a_matrix_may_have_holes_and_be_written_on_one_side() -> None:
    """What was not answered is None; a cell or its mirror is enough."""
    rows = [[1, None, 5], [2, 1, None], [None, None, 1]]
    assert compare_matrix("abc", rows) == [Answer("b", "a", 2), Answer("a", "c", 5)]


# --- what is said about answers that are none


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([], "comparisons: there is none; give at least one"),
        ({}, "comparisons: there is none"),
        ("a b 2", "comparisons: there is none"),
        (None, "comparisons: there is none"),
        ([("a", "b")], "comparisons[0]: is no comparison; write (first, second, ratio)"),
        ([7], "comparisons[0]: is no comparison"),
        ({"a": 2}, "comparisons[0]: is no comparison"),
        ([("a", 1, 2)], "comparisons[0]: is no comparison"),
        ([("a", "b", 2, 3)], "comparisons[0]: is no comparison"),
        ([("a", "a", 1)], "comparisons[0]: compares something with itself"),
        ([("a", "b", "2")], "comparisons[0]: has no ratio"),
        ([("a", "b", True)], "comparisons[0]: has no ratio"),
        ([("a", "b", 0)], "comparisons[0]: has no possible ratio"),
        ([("a", "b", float("inf"))], "comparisons[0]: has no possible ratio"),
    ],
)
def test_answers_that_are_none_are_named(said: Any, told: str) -> None:  # noqa: ANN401
    """Each has its place, and how to mend it."""
    problems = list_problems(lambda: weights_from_comparisons(said))
    assert any(problem.startswith(told) for problem in problems), problems


def test_criteria_nobody_compared_are_named() -> None:
    """Pieces are told apart by their names; so is what is no criterion, and an unknown method."""
    said = [("a", "b", 2), ("c", "d", 2)]
    assert list_problems(lambda: weights_from_comparisons(iter(said), criteria="abcde")) == [
        "comparisons: fall into 3 pieces: a, b; c, d; e; compare a with c"
    ]
    assert list_problems(lambda: weights_from_comparisons(said, criteria="abc")) == [
        "comparisons[1]: names no criterion; criteria are: a, b, c"
    ]
    assert list_problems(lambda: weights_from_comparisons(said, method="guess")) == [  # type: ignore[arg-type]
        "method: is not known; known are: log_least_squares, eigenvector, minimax"
    ]
    assert list_problems(
        lambda: weights_from_comparisons([("a", "b", 2), ("b", "c", 2)], method="eigenvector")
    ) == ["comparisons: leave pairs out; compare every pair, or use method='log_least_squares'"]


def test_matrices_that_are_none_are_named() -> None:
    """They must be square, and their halves must agree."""
    assert list_problems(lambda: compare_matrix("ab", [[1, 2]])) == [
        "rows: are not a square of the names; give 2 rows of 2, one for each name"
    ]
    assert list_problems(lambda: compare_matrix("ab", [[1, 2], [2, 1]])) == [
        "rows[0][1]: is not the inverse of the cell across the diagonal; mend one, or leave it out"
    ]


@pytest.mark.parametrize(
    ("work", "told"),
    [
        (lambda: weights_from_ranking([]), "ranking: names nothing"),
        (lambda: weights_from_ranking(["a", "a"]), "ranking: names something twice"),
        (lambda: weights_from_ranking([["a", ""]]), "ranking: holds something that is no name"),
        (lambda: weights_from_swings({}), "swings: names nothing"),
        (lambda: weights_from_swings({"a": -1}), "swings.a: is no swing"),
        (lambda: weights_from_swings({"a": True}), "swings.a: is no swing"),
        (lambda: weights_from_swings({"a": float("nan")}), "swings.a: is no swing"),
        (lambda: weights_from_swings({"a": 0}), "swings: are all 0; give the largest 100"),
    ],
)
def test_rankings_and_swings_that_are_none_are_named(work: Any, told: str) -> None:  # noqa: ANN401
    """What is wrong is said with its place."""
    assert any(problem.startswith(told) for problem in list_problems(work)), list_problems(work)
