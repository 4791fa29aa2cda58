"""Rubrics: what can be asked, what cannot, and that nothing ambiguous is settled by a default."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError
from small import ALIGNS, complain_of_rubric, list_problems, write_rubric

from pmpromo import load_rubric, parse_rubric, shipped_rubrics
from pmpromo.errors import RubricError
from pmpromo.ladder import REFUSED
from pmpromo.rubric import Rubric
from pmpromo.wording import describe_target, explain_unscored

if TYPE_CHECKING:
    from collections.abc import Callable

Content = dict[str, Any]

FIRST = "criteria[0].requirements[0]"
WITHIN: Content = {"tolerance": 2, "read_as": "absolute", "of": 38}


def ask_margin(**target: object) -> Content:
    """Ask for a margin in percent."""
    return {"fact": "margin", "unit": "percent", **target}


@pytest.mark.parametrize(
    ("requirement", "said"),
    [
        # "within 2 percent of target" is two percent of it, or two points: nobody may guess
        (
            ask_margin(within={"tolerance": 2, "of": 38}),
            f"{FIRST}.within.read_as: missing; write one of: relative, absolute",
        ),
        (ask_margin(within={"tolerance": 2, "read_as": "absolute"}), f"{FIRST}.within.of: missing"),
        (ask_margin(within={**WITHIN, "tolerance": 0}), "more than 0.0 is wanted"),
        (ask_margin(within=2), "a mapping of keys to values is wanted, not a whole number"),
        (
            ask_margin(at_least=2, at_most=3),
            f"{FIRST}.at_most: a second target; keep one of: at_least, at_most",
        ),
        (ask_margin(between=[5, 3]), "between: the lower end is above the upper; swap them"),
        (ask_margin(between=[5]), "between[1]: missing"),
        (
            ask_margin(between=[3, 5], change="absolute"),
            "change: a change has no band; use at_least or at_most",
        ),
        (
            ask_margin(within=WITHIN, change="relative"),
            "change: a change has no band; use at_least or at_most",
        ),
        (
            ask_margin(change="absolute"),
            "change: a change without a target; add at_least or at_most",
        ),
        (
            {"fact": "margin", "at_least": 3},
            f"{FIRST}: a figure without a unit; add unit: count",
        ),
        (
            {"fact": "cost", "at_most": -20, "change": "relative", "unit": "usd"},
            "unit: cannot be read as percent; write the figure in percent",
        ),
        ({"fact": "aligns", "point": 0}, f"{FIRST}.point: at least 1 is wanted"),
        ({"fact": "aligns", "point": 5}, f"{FIRST}.point: at most 4 is wanted"),
        ({"fact": "aligns", "point": 3, "at_least": 2}, "at_least: is not asked of a behaviour"),
        (
            {"fact": "aligns", "point": 3, "sections": ["a"]},
            "sections: is not asked of a behaviour",
        ),
        (ask_margin(at_least=3, sections=["a"]), "sections: is not asked of a metric"),
        (ask_margin(at_least=3, accepts=[]), "accepts: a length of at least 1 is wanted"),
        (ask_margin(at_least=3, accepts=["hoped"]), "accepts[0]: is not one of: realised"),
        (ask_margin(at_least=3, sustained=0), "sustained: at least 1 is wanted"),
        (ask_margin(at_least=3, share=-1), "share: is no weight"),
        (ask_margin(at_least=3, asked="twice"), "asked: is not one of: once, repeatedly"),
        (ask_margin(at_least=3, target=4), "target: unknown key"),
        (
            ask_margin(at_least=3, provided=[{"fact": "growth"}]),
            "provided[0]: a side target without a figure; add one of: at_least",
        ),
        (
            ask_margin(at_least=3, provided=[{"fact": "growth", "at_least": 1}]),
            "provided[0]: a figure without a unit; add unit: count",
        ),
        (
            {**ALIGNS, "provided": [{"fact": "growth", "at_least": 1, "unit": "percent"}]},
            "provided: is not asked of a behaviour",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_place(requirement: Content, said: str) -> None:
    """One slip gives one problem, which says where it stands and how to mend it."""
    (problem,) = complain_of_rubric(requirement)
    assert said in problem


@pytest.mark.parametrize("unit", ["kUSD", "Percent"])
def test_a_unit_that_nobody_knows_is_refused_where_it_stands(unit: str) -> None:
    """No counted thing is made of a slip, even without a ladder that declares units."""
    (problem,) = complain_of_rubric({"fact": "arr", "at_least": 3, "unit": unit})
    assert problem.startswith(f"{FIRST}.unit: unknown unit; did you mean '")


def test_a_sign_is_no_name() -> None:
    """The message says what a name looks like, in words."""
    (problem,) = complain_of_rubric({"fact": "arr", "at_least": 3, "unit": "%"})
    assert problem == (
        f"{FIRST}.unit: ASCII letters and digits, with . _ : / - only between them, are wanted"
    )


def test_an_expectation_without_a_target_is_shown_and_never_scored() -> None:
    """A metric that the source names without a figure stays in the rubric, and says so."""
    shown = {"fact": "story_points", "unit": "story_point"}
    rubric = parse_rubric(write_rubric(ALIGNS, shown))
    aligns, points = rubric.criteria[0].requirements
    assert (rubric.scores(aligns), rubric.scores(points)) == (True, False)
    assert explain_unscored(points, rubric) == "no target is given: shown, not scored"
    assert explain_unscored(aligns, rubric) == ""


@pytest.mark.parametrize(
    "requirement",
    [
        ask_margin(at_least=30, share=0),
        {"fact": "plan", "share": 0},
        {"fact": "mentors", "point": 3, "share": 0},
    ],
)
def test_a_share_of_zero_is_shown_and_never_scored(requirement: Content) -> None:
    """A target of no share is told apart from a missing target."""
    rubric = parse_rubric(write_rubric(ALIGNS, requirement))
    asked = rubric.criteria[0].requirements[1]
    assert explain_unscored(asked, rubric) == "its share is 0: shown, not scored"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"bar": 0}, "bar: more than 0.0 is wanted"),
        ({"bar": 1}, "bar: less than 1.0 is wanted"),
        ({"ladder": "nowhere"}, "ladder: no shipped ladder has this name"),
        ({"target_level": "l1"}, "target_level: is the level left; name the level entered"),
        ({"id": "a b"}, "id: ASCII letters and digits"),
        ({"name": None}, "name: a text is wanted, not null"),
        ({"current_level": "L 1"}, "current_level: ASCII letters and digits"),
        ({"schema_version": 2}, "schema_version: is not 1"),
        ({"gender": "any"}, "gender: unknown key"),
        ({"checks": [{"id": "silos", "reason": "x"}]}, "did you mean 'silo'?"),
        (
            {"checks": [{"id": "silo", "reason": "x"}, {"id": "silo", "reason": "y"}]},
            "checks[1].id: stands twice; keep one of them",
        ),
        ({"criteria": []}, "criteria: a length of at least 1 is wanted"),
        ({"evidence": {"recency": {"half_life_months": 0}}}, "more than 0.0 is wanted"),
        ({"evidence": {"repetition": {"gamma": 1.5}}}, "at most 1.0 is wanted"),
        ({"evidence": {"ownership": {"leader": 1}}}, "leader: unknown key"),
    ],
)
def test_a_rubric_is_checked_as_a_whole(changed: Content, said: str) -> None:
    """One slip in the frame gives one problem, without echoes of it elsewhere."""
    (problem,) = complain_of_rubric(ALIGNS, **changed)
    assert said in problem


CRITERION: Content = {"id": "reach", "name": "Reach", "weight": 1, "requirements": [ALIGNS]}
OTHER: Content = {
    "id": "craft",
    "name": "Craft",
    "weight": 3,
    "requirements": [{"fact": "mentors", "point": 2}],
}


@pytest.mark.parametrize(
    ("criteria", "said"),
    [
        ([CRITERION, {**OTHER, "id": "Reach"}], "criteria[1].id: stands twice"),
        (
            [{**CRITERION, "must_have": 0.8}],
            "criteria[0].must_have: is above the rubric's bar; lower it to at most 0.75",
        ),
        ([{**CRITERION, "must_have": 0}], "must_have: more than 0.0 is wanted"),
        ([{**CRITERION, "best": 0}], "best: at least 1 is wanted"),
        (
            [{**CRITERION, "best": 2}],
            "criteria[0].best: only 1 of its requirements can be scored; lower it",
        ),
        (
            [
                {
                    **CRITERION,
                    "best": 1,
                    "requirements": [ALIGNS, {"fact": "x", "point": 1, "share": 2}],
                }
            ],
            "criteria[0].best: the best few cannot have different shares; drop the shares",
        ),
        (
            [{**CRITERION, "requirements": [{"fact": "velocity", "unit": "count"}]}],
            "criteria[0]: nothing in it can be scored; give a requirement a target and a share",
        ),
        (
            [{**CRITERION, "requirements": [ALIGNS, ALIGNS]}],
            "criteria[0].requirements[1]: a requirement of this name stands twice",
        ),
        ([{**CRITERION, "weight": 0}], "criteria: all weights are zero"),
        ([{**CRITERION, "weight": "heavy"}], "criteria[0].weight: is no weight"),
        ([{**CRITERION, "descriptors": ["one"] * 4}], "descriptors[4]: missing"),
    ],
)
def test_criteria_are_checked(criteria: list[Content], said: str) -> None:
    """A criterion that could not be scored is refused, with what mends it."""
    (problem,) = complain_of_rubric(criteria=criteria)
    assert said in problem


@pytest.mark.parametrize(
    ("complements", "said"),
    [
        ([("reach", "reach", 0.1)], "does not name two different criteria; criteria are: reach"),
        ([("reach", "scope", 0.1)], "does not name two different criteria"),
        ([("reach", "craft", 0.1), ("craft", "reach", 0.1)], "complements[1].pair: stands twice"),
        # reach weighs a quarter: half of .6 is more than it has
        ([("reach", "craft", 0.6)], "takes more than the weight of reach, 0.25 of 1; lower it"),
    ],
)
def test_complements_take_no_more_than_there_is(
    complements: list[tuple[str, str, float]], said: str
) -> None:
    """A pair names two criteria once, and its half fits into the weight of each."""
    pairs = [{"pair": [one, other], "strength": size} for one, other, size in complements]
    (problem,) = complain_of_rubric(criteria=[CRITERION, OTHER], complements=pairs)
    assert said in problem


def test_a_pair_may_take_all_of_a_weight() -> None:
    """Half of .5 is exactly the quarter that reach weighs."""
    pair = {"pair": ["reach", "craft"], "strength": 0.5}
    assert complain_of_rubric(criteria=[CRITERION, OTHER], complements=[pair]) == []


def weigh(**weights: int) -> list[Content]:
    """Return the weights of a variant."""
    return [{"criterion": name, "weight": weight} for name, weight in weights.items()]


@pytest.mark.parametrize(
    ("variant", "said"),
    [
        ({"weights": weigh(reach=1)}, "give one to each of: reach, craft"),
        ({"weights": weigh(reach=1, crafts=1)}, "give one to each of: reach, craft"),
        ({"weights": [*weigh(reach=1, craft=1), *weigh(craft=2)]}, "give one to each of"),
        ({"weights": weigh(reach=0, craft=0)}, "variants[0].criteria: all weights are zero"),
        (
            {
                "weights": weigh(reach=1, craft=9),
                "complements": [{"pair": ["reach", "craft"], "strength": 0.3}],
            },
            "variants[0].complements[0].strength: takes more than the weight of reach, 0.1 of 1",
        ),
    ],
)
def test_a_variant_gives_each_criterion_one_weight(variant: Content, said: str) -> None:
    """Weights that leave a criterion out, or name it twice, are no variant."""
    written = {"id": "other", "reason": "x", **variant}
    (problem,) = complain_of_rubric(criteria=[CRITERION, OTHER], variants=[written])
    assert said in problem


def test_two_variants_of_one_name_could_not_be_told_apart() -> None:
    """A name leads to one set of weights."""
    variant = {"id": "other", "reason": "x", "weights": weigh(reach=1, craft=1)}
    said = complain_of_rubric(criteria=[CRITERION, OTHER], variants=[variant, variant])
    assert said == ["variants[1].id: stands twice; give it another name"]


def test_a_variant_changes_weights_and_its_name_and_nothing_else() -> None:
    """Four fifths on one criterion: its weight moves, what is asked does not."""
    variant = {"id": "xf80", "reason": "x", "weights": weigh(reach=4, craft=1)}
    pair = {"pair": ["reach", "craft"], "strength": 0.2}
    content = write_rubric(criteria=[CRITERION, OTHER], variants=[variant], complements=[pair])
    rubric = parse_rubric(content)
    other = rubric.with_variant("xf80")
    assert rubric.weights == (Fraction(1, 4), Fraction(3, 4))
    assert other.weights == (Fraction(4, 5), Fraction(1, 5))
    assert (other.id, other.complements) == ("team/l1-l2:xf80", ())
    assert [each.requirements for each in other.criteria] == [
        each.requirements for each in rubric.criteria
    ]
    assert other.scoring_digest != rubric.scoring_digest


def test_an_unknown_variant_is_answered_with_the_known_ones() -> None:
    """Nobody is left to guess the names; a rubric without variants says so."""
    with pytest.raises(RubricError, match="unknown variant; known are: xf80"):
        load_rubric("pure-storage-pm/l3-l4").with_variant("xf8")
    with pytest.raises(RubricError, match="unknown variant; known are: none"):
        parse_rubric(write_rubric(ALIGNS)).with_variant("xf80")


def test_weights_scale_without_changing_a_bit() -> None:
    """Only ratios of weights count: tenths, whole numbers and text give the same fractions."""
    scaled = [
        parse_rubric(
            write_rubric(criteria=[{**CRITERION, "weight": one}, {**OTHER, "weight": other}])
        )
        for one, other in ((0.1, 0.2), (1, 2), ("1000", "2000"))
    ]
    assert {rubric.weights for rubric in scaled} == {(Fraction(1, 3), Fraction(2, 3))}
    assert len({rubric.scoring_digest for rubric in scaled}) == 1
    assert len({rubric.digest for rubric in scaled}) == 3


@pytest.mark.parametrize("name", shipped_rubrics())
def test_mended_words_leave_the_scoring_digest_alone(name: str) -> None:
    """Names, notes, reasons, descriptors and rows move no number, and so not this digest."""
    rubric = load_rubric(name)
    content = rubric.model_dump(mode="json")

    def mend(part: object) -> object:
        if isinstance(part, dict):
            words = {"note", "reason", "motivation", "descriptors", "says", "caution", "scope"}
            return {
                key: "mended"
                if key in words - {"descriptors"} and isinstance(value, str)
                else mend(value)
                for key, value in part.items()
            }
        return [mend(each) for each in part] if isinstance(part, list) else part

    mended = Rubric.model_validate({**mend(content), "name": "Mended", "version": "9"})  # type: ignore[dict-item]
    assert mended.scoring_digest == rubric.scoring_digest
    assert mended.digest != rubric.digest


CHANGES: list[Callable[[Content], object]] = [
    lambda rubric: rubric.update(bar=0.7),
    lambda rubric: rubric["criteria"][0].update(weight=2),
    lambda rubric: rubric["criteria"][0].update(bar=0.5),
    lambda rubric: rubric["criteria"][0].update(must_have=0.4),
    lambda rubric: rubric["criteria"][0].update(best=1),
    lambda rubric: rubric["criteria"][0]["requirements"][0].update(at_least=31),
    lambda rubric: rubric["criteria"][0]["requirements"][0].update(sustained=6),
    lambda rubric: rubric["criteria"][0]["requirements"][0].update(asked="repeatedly"),
    lambda rubric: rubric["criteria"][0]["requirements"][0].update(accepts=["projected"]),
    lambda rubric: rubric.update(evidence={"recency": {"floor": 0.2}}),
    lambda rubric: rubric.update(evidence={"possible_support": ["peer"]}),
    lambda rubric: rubric.update(evidence={"closure": {"age": 30}}),
    lambda rubric: rubric.update(complements=[{"pair": ["reach", "craft"], "strength": 0.1}]),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_moves_a_number_moves_the_scoring_digest(change: Callable[[Content], object]) -> None:
    """A model fitted under other weights, targets or constants must not fit any more."""

    def write() -> Content:
        first = {**CRITERION, "requirements": [ask_margin(at_least=30)]}
        return write_rubric(criteria=[first, dict(OTHER)])

    changed = write()
    change(changed)
    assert parse_rubric(changed).scoring_digest != parse_rubric(write()).scoring_digest


@pytest.mark.parametrize("name", shipped_rubrics())
def test_a_rubric_survives_json(name: str) -> None:
    """Written and read again, a rubric is the same, digests included."""
    rubric = load_rubric(name)
    again = parse_rubric(rubric.model_dump_json())
    assert again == rubric
    assert (again.digest, again.scoring_digest) == (rubric.digest, rubric.scoring_digest)
    assert hash(again) == hash(rubric)


@pytest.mark.parametrize("name", ["gender", "Health", "performance_rating"])
def test_no_rubric_asks_for_what_is_refused(name: str) -> None:
    """A rubric without a ladder cannot slip a protected attribute in as a fact."""
    (problem,) = complain_of_rubric({"fact": name, "point": 3})
    assert problem == f"{FIRST}.fact: refused: {REFUSED[name.casefold()]}; ask for something else"


def test_a_fact_is_looked_up_in_the_ladder() -> None:
    """A misspelt fact is answered with the right one, a strange one with where to look."""
    content = load_rubric("pure-storage-pm/l3-l4").model_dump(mode="json")
    asked = content["criteria"][0]["requirements"]
    asked[0]["fact"], asked[1]["fact"] = "unit_arr_grwth", "zzz"
    assert list_problems(lambda: parse_rubric(content)) == [
        f"{FIRST}.fact: is not in the ladder's vocabulary; did you mean 'unit_arr_growth'?",
        (
            "criteria[0].requirements[1].fact: is not in the ladder's vocabulary;"
            " pmpromo template lists the known names"
        ),
    ]


def test_parts_of_an_artifact_are_looked_up_in_the_ladder() -> None:
    """A section or reviewer that the artifact does not declare is a slip."""
    content = load_rubric("pure-storage-pm/l3-l4").model_dump(mode="json")
    content["criteria"][1]["requirements"][0] |= {"sections": ["revenu"], "reviewers": ["zzz"]}
    said = list_problems(lambda: parse_rubric(content))
    place = "criteria[1].requirements[0]"
    assert said == [
        f"{place}.sections[0]: is not declared for this artifact; did you mean 'revenue'?",
        (
            f"{place}.reviewers[0]: is not declared for this artifact;"
            " pmpromo template lists the known names"
        ),
    ]


def test_a_side_target_is_a_metric_of_the_ladder() -> None:
    """A behaviour cannot be held beside a figure."""
    content = load_rubric("pure-storage-pm/l3-l4").model_dump(mode="json")
    side = content["criteria"][0]["requirements"][2]["provided"][0]
    side["fact"] = "aligns_functions"
    (said,) = list_problems(lambda: parse_rubric(content))
    assert said.startswith("criteria[0].requirements[2].provided[0].fact: is no metric of the")


@pytest.mark.parametrize(
    "target",
    [
        {"at_least": 8, "change": "absolute"},
        {"within": {"tolerance": 5, "read_as": "relative", "of": "baseline"}},
    ],
)
def test_a_change_needs_a_metric_with_a_baseline(target: Content) -> None:
    """What is held against a baseline asks for a metric that has one."""
    content = load_rubric("pure-storage-pm/l3-l4").model_dump(mode="json")
    asked = {"fact": "unit_arr_growth", "unit": "percent/year", **target}
    content["criteria"][0]["requirements"][0] = asked
    assert list_problems(lambda: parse_rubric(content)) == [
        (
            f"{FIRST}.fact: needs a baseline that its metric does not use;"
            " set baseline: required in the ladder"
        )
    ]


def test_levels_are_those_of_the_ladder() -> None:
    """A step between levels that the ladder lacks is no step of it."""
    content = load_rubric("pure-storage-pm/l3-l4").model_dump(mode="json")
    (said,) = list_problems(lambda: parse_rubric({**content, "target_level": "L9"}))
    assert said.startswith("target_level: is not a level of the ladder; its levels are: L1, L2")


def test_a_rubric_without_a_ladder_brings_its_own_vocabulary() -> None:
    """What is asked is what can be stated: kinds, units and baselines follow from it."""
    side = {"fact": "surveys", "at_least": 200, "unit": "survey"}
    rubric = parse_rubric(
        write_rubric(
            ALIGNS,
            {"fact": "pipeline", "at_least": 15, "unit": "usd_million/launch", "provided": [side]},
            {"fact": "cost", "at_most": -20, "change": "relative", "unit": "percent"},
            {
                "fact": "spend",
                "within": {"tolerance": 5, "read_as": "relative", "of": "baseline"},
                "unit": "usd",
            },
            {"fact": "plan", "sections": ["risks"], "reviewers": ["cto"]},
            {"fact": "memo"},
        )
    )
    facts = rubric.ladder.facts
    assert {name: type(fact).__name__ for name, fact in facts.items()} == {
        "aligns": "Behaviour",
        "pipeline": "Metric",
        "surveys": "Metric",
        "cost": "Metric",
        "spend": "Metric",
        "plan": "Artifact",
        "memo": "Artifact",
    }
    assert set(rubric.ladder.units) == {"launch", "survey"}
    baselines = {metric.id: metric.baseline for metric in rubric.ladder.metrics}
    assert baselines == {
        "pipeline": "not_used",
        "surveys": "not_used",
        "cost": "required",
        "spend": "required",
    }


@pytest.mark.parametrize(
    "criteria",
    [
        "x",
        ["x"],
        [{}],
        [{"requirements": "x"}],
        [{"requirements": ["x", {"fact": 3}, {"fact": "a", "provided": "x", "at_least": 1}]}],
        [{"requirements": [{"fact": "a", "sections": "x"}, {"fact": "b", "provided": [3]}]}],
    ],
)
def test_a_rubric_that_is_none_is_answered_with_problems(criteria: object) -> None:
    """However far from a rubric an input is, it is told so, never by a traceback."""
    said = list_problems(lambda: parse_rubric({**write_rubric(ALIGNS), "criteria": criteria}))
    assert said
    assert all(problem.startswith("criteria") for problem in said)


@pytest.mark.parametrize(
    ("requirement", "told"),
    [
        (ask_margin(more_than=18), "of more than 18 percent"),
        (ask_margin(at_most=0.125), "of at most 0.125 percent"),
        (ask_margin(between=[30, 35]), "between 30 and 35 percent"),
        (ask_margin(within=WITHIN), "within 2 percent of 38"),
        (
            {"fact": "spend", "unit": "usd", "within": {**WITHIN, "read_as": "relative"}},
            "within 2 percent of 38",
        ),
        (
            {"fact": "spend", "unit": "usd_million", "within": {**WITHIN, "of": "baseline"}},
            "within 2 usd million of its baseline",
        ),
        (
            ask_margin(at_least=3, change="absolute"),
            "changed by at least 3 percent from its baseline",
        ),
        (
            ask_margin(at_least=3, provided=[{"fact": "n", "at_least": 1, "unit": "count"}]),
            "of at least 3 percent, with 'n' of at least 1 count",
        ),
        (ask_margin(at_least=3, sustained=12), "of at least 3 percent, over 12 months"),
        ({"fact": "aligns", "point": 3}, "at point 3"),
        (
            {"fact": "plan", "sections": ["risk_register", "roadmap"], "reviewers": ["cto"]},
            "with risk register and roadmap, reviewed by cto",
        ),
        ({"fact": "plan"}, ""),
    ],
)
def test_every_target_can_be_told(requirement: Content, told: str) -> None:
    """What is asked reads as a phrase that can follow the name of the fact."""
    rubric = parse_rubric(write_rubric(requirement))
    assert describe_target(rubric.criteria[0].requirements[0], rubric.ladder.facts) == told


@pytest.mark.parametrize("content", [None, [], "rubric"])
def test_what_is_no_mapping_is_no_rubric(content: object) -> None:
    """Anything but a mapping is refused as a whole."""
    with pytest.raises(ValidationError):
        Rubric.model_validate(content)
