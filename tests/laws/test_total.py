"""How criteria make a total: monotone, idempotent, continuous, and firm about must-haves."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
import strategies
from hypothesis import assume, given
from hypothesis import strategies as st
from judges import Judge, keep_law
from strategies import Content, cases, shares

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

UNITS = {name: units[0][0] for name, units in strategies.UNITS.items()}
NAMES = tuple(UNITS)[:4]
BAR = 0.75

Scores = dict[str, float]


@st.composite
def weightings(draw: DrawFn, must_haves: int = 0) -> Content:
    """Draw weights, complements and must-haves for four criteria of one figure each."""
    weights = {name: draw(st.sampled_from([1, 2, 5, 7.5])) for name in NAMES}
    total = sum(Fraction(str(weight)) for weight in weights.values())
    pairs = draw(
        strategies.complements(
            {name: Fraction(str(weight)) / total for name, weight in weights.items()}
        )
    )
    criteria = [
        {
            "id": name,
            "name": name,
            "weight": weights[name],
            "requirements": [{"fact": name, "at_least": 1, "unit": UNITS[name]}],
        }
        for name in NAMES
    ]
    for criterion in criteria[:must_haves]:
        criterion["must_have"] = draw(st.sampled_from([0.25, 0.5, BAR]))
    believed = {"credibility": {"self_report": 1.0}}
    return {"bar": BAR, "criteria": criteria, "complements": pairs, "evidence": believed}


scores = st.fixed_dictionaries({name: shares(40) for name in NAMES})
"""A score for each criterion."""


def show(scores: Scores) -> Content:
    """Return a packet that gives each criterion its score, by a share of a met figure."""
    return {
        "evidence": [
            {
                "id": name,
                "title": name,
                "facts": [
                    {
                        "metric": name,
                        "value": 1,
                        "baseline": 0,
                        "unit": UNITS[name],
                        "status": "realised",
                    }
                ],
                "share": score,
                "in_progress": True,
                "support": [],
            }
            for name, score in scores.items()
        ]
    }


@keep_law
@given(weightings(must_haves=2), scores)
def test_criteria_score_what_is_shown(judge: Judge, rubric: Content, given: Scores) -> None:
    """The packets of this page give each criterion the score they are made for."""
    found = {each.id: float(each.proven) for each in judge(rubric, show(given)).criteria}
    assert found == pytest.approx(given, abs=1e-15)


@keep_law
@given(weightings(must_haves=2), scores, st.sampled_from(NAMES), shares(40))
def test_the_total_is_monotone(
    judge: Judge, rubric: Content, given: Scores, name: str, higher: float
) -> None:
    """A higher score of one criterion never lowers the total."""
    assume(higher >= given[name])
    before, after = judge(rubric, show(given)), judge(rubric, show({**given, name: higher}))
    assert before.proven <= after.proven


@keep_law
@given(weightings(), shares(1000))
def test_the_total_is_idempotent(judge: Judge, rubric: Content, score: float) -> None:
    """Criteria that all score the same total exactly that score."""
    seen = judge(rubric, show(dict.fromkeys(NAMES, score)))
    assert seen.proven == seen.criteria[0].proven


@keep_law
@given(weightings(), scores)
def test_the_total_lies_among_its_criteria(judge: Judge, rubric: Content, given: Scores) -> None:
    """Without must-haves the total is between the lowest and the highest criterion."""
    seen = judge(rubric, show(given))
    proven = [each.proven for each in seen.criteria]
    assert min(proven) <= seen.proven <= max(proven)


STEEPEST = 1 / 0.15
"""The steepest that a total can rise: a gate opens from the bar to 1 over .15, and C rises by 1."""


@keep_law
@given(
    weightings(must_haves=3),
    scores,
    st.sampled_from(NAMES),
    st.sampled_from([1e-3, 1e-6, 1e-9]),
)
def test_the_total_is_continuous(
    judge: Judge, rubric: Content, given: Scores, name: str, step: float
) -> None:
    """A small step of one criterion is a small step of the total, at every edge of every gate."""
    assume(given[name] + step <= 1)
    before = judge(rubric, show(given))
    after = judge(rubric, show({**given, name: given[name] + step}))
    assert abs(after.proven - before.proven) <= step * STEEPEST + 1e-15


@keep_law
@given(weightings(must_haves=2), scores, shares(1000))
def test_a_missed_must_have_lands_below_the_bar(
    judge: Judge, rubric: Content, given: Scores, missed: float
) -> None:
    """A must-have below its minimum holds the total below the bar, however good the rest is."""
    must = rubric["criteria"][0]
    assume(missed < must["must_have"])
    seen = judge(rubric, show({**given, must["id"]: missed}))
    assert seen.proven < BAR
    assert not seen.met


@keep_law
@given(weightings(must_haves=2), shares(100))
def test_two_missed_must_haves_do_not_empty_a_packet(
    judge: Judge, rubric: Content, missed: float
) -> None:
    """Two gates take their minimum and no product: at least .6 of the bar is left, or C itself."""
    shown = dict.fromkeys(NAMES, 1.0) | dict.fromkeys(NAMES[:2], missed)
    free = {**rubric, "criteria": [{**each, "must_have": None} for each in rubric["criteria"]]}
    ungated = judge(free, show(shown)).proven
    assert judge(rubric, show(shown)).proven >= min(0.6 * BAR, ungated)


@keep_law
@given(weightings(must_haves=2), scores)
def test_met_must_haves_hold_nothing_down(judge: Judge, rubric: Content, given: Scores) -> None:
    """With every must-have .15 above its minimum the total is the same as without must-haves."""
    enough = {each["id"]: each.get("must_have", 0) + 0.16 for each in rubric["criteria"]}
    shown = show({name: max(given[name], enough[name]) for name in NAMES})
    free = {**rubric, "criteria": [{**each, "must_have": None} for each in rubric["criteria"]]}
    assert judge(rubric, shown) == judge(free, shown)


@keep_law
@given(cases(), st.data())
def test_the_scale_of_weights_moves_no_bit(
    judge: Judge, case: tuple[Content, Content], data: st.DataObject
) -> None:
    """All weights multiplied by one factor give the same scores and the same gaps."""
    rubric, packet = case
    scaled = data.draw(strategies.rescaled(rubric))
    assert judge(rubric, packet).everything == judge(scaled, packet).everything
