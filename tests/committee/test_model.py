"""A fitted committee: known answers, laws, records, words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest
from committee.drawn import Design, crossed, draw_committee, make_ratings, write_columns
from committee.published import read_guilford
from hypothesis import given, settings
from hypothesis import strategies as st

from pmpromo.committee import CommitteeModel, Ratings, fit_committee
from pmpromo.committee.fitting import Plan
from pmpromo.committee.listing import list_surprises, separate
from pmpromo.committee.measures import measure_ratings, widen_errors
from pmpromo.committee.record import Separation
from pmpromo.errors import DataError, ModelError
from pmpromo.readiness import Scores, fit_readiness

if TYPE_CHECKING:
    from collections.abc import Mapping

GUILFORD: Final = read_guilford()
JOINT: Final = fit_committee(GUILFORD, method="joint")
DRAWN, _ = draw_committee(Design(20, 3, 6, per_packet=(3,)), 11)
MODEL: Final = fit_committee(DRAWN)


def by_name(model: CommitteeModel) -> dict[str, float]:
    """Return the ability of each packet."""
    return {packet.packet_id: packet.ability for packet in model.packets}


@pytest.mark.parametrize(("name", "printed"), [("Brahe", 0.24)])
def test_guilford_severity_as_facets_prints_it(name: str, printed: float) -> None:
    """FACETS table 13 (winsteps.com/facetman); it stops half a score point early."""
    assert abs(JOINT.severities[name] - printed) <= 0.025


@pytest.mark.parametrize(("name", "printed"), [("David", -0.46), ("Edward", 0.42)])
def test_guilford_abilities_as_facets_prints_them(name: str, printed: float) -> None:
    """The juniors of the same table."""
    assert abs(by_name(JOINT)[name] - printed) <= 0.025


def test_guilford_exact_optimum() -> None:
    """The converged optimum to three decimals: severity, abilities, difficulties, thresholds."""
    severity = {name: round(value, 3) for name, value in JOINT.severities.items()}
    assert severity == {"Avogadro": 0.040, "Brahe": 0.245, "Cavendish": -0.096}
    assert {name: round(value, 3) for name, value in by_name(JOINT).items()} == {
        "Anne": -0.071,
        "Betty": 0.664,
        "Chris": -0.255,
        "David": -0.482,
        "Edward": 0.441,
        "Fred": -0.584,
        "George": 0.288,
    }
    difficulty = [round(each.difficulty, 3) for each in JOINT.criteria]
    assert difficulty == [-0.280, -0.147, 0.211, -0.302, 0.518]
    assert [round(x, 2) for x in JOINT.criteria[0].thresholds] == [
        -0.69,
        -2.35,
        0.81,
        -1.48,
        1.72,
        -0.98,
        2.39,
        0.58,
    ]


def test_guilford_fit() -> None:
    """Infit of the seniors, and reliability and separation as mfrmr 0.2.2 gives them.

    Theirs take errors as the model has them, so what halo adds here is taken out again.
    """
    infit = {rater.rater_id: round(rater.infit, 2) for rater in JOINT.raters}
    assert infit == {"Avogadro": 0.85, "Brahe": 1.48, "Cavendish": 0.67}
    widened = np.sqrt(widen_errors(JOINT.halo, 5.0))
    errors = np.array([packet.ability_sd for packet in JOINT.packets]) / widened
    plain = separate(np.array([*by_name(JOINT).values()]), errors, shrunk=False)
    assert plain.reliability == pytest.approx(0.8589487, abs=1e-7)
    assert plain.separation == pytest.approx(2.467716, abs=1e-6)


def test_guilford_surprises() -> None:
    """Brahe gave Edward 14 of 27.0 expected, David 25 of 17.3, as FACETS table 13.1.1 prints.

    Against a halo of 3.8 neither is surprising; without it both would lie beyond 2 deviations.
    """
    found = measure_ratings(GUILFORD, Plan(1, 1, {}), joint=True, coverage=0.9)
    sheets = found.sheets
    for packet, points, printed in ((4, 14, 27.0), (3, 25, 17.3)):
        at = np.flatnonzero((sheets.packet == packet) & (sheets.rater == 1))[0]
        assert sheets.given[at] + 5 == points
        assert sheets.expected[at] + 5 == pytest.approx(printed, abs=0.1)
    assert {sheet.packet_id for sheet in list_surprises(GUILFORD, found._replace(halo=1.0))} >= {
        "David",
        "Edward",
    }
    assert JOINT.surprises == ()


def test_guilford_does_not_share_a_scale() -> None:
    """Overdispersion 3.6: it is said first."""
    model = fit_committee(GUILFORD)
    assert model.halo is not None
    assert model.halo > 3
    assert model.notes[0].startswith("This committee does not share a scale")
    assert model.steps <= 10


def test_marginal_severities_lie_inside_joint_ones() -> None:
    """With packets integrated out and a prior, the same order, a little nearer to each other."""
    model = fit_committee(GUILFORD, levels=1)
    joint = {k: v - JOINT.average_severity for k, v in JOINT.severities.items()}
    for name, value in model.severities.items():
        assert value == 0 or 0.4 < value / joint[name] < 1.0


def permute(ratings: Ratings, seed: int) -> Ratings:
    """Return the same ratings read from shuffled rows."""
    order = np.random.default_rng(seed).permutation(ratings.n_ratings)
    return make_ratings(
        ratings.packet[order], ratings.criterion[order], ratings.rater[order], ratings.step[order]
    )


@pytest.mark.parametrize("levels", [1, 2])
def test_row_order_changes_no_bit(levels: Any) -> None:  # noqa: ANN401
    """The saved models of shuffled rows are the same bytes."""
    one, other = (fit_committee(permute(DRAWN, seed), levels=levels) for seed in (1, 2))
    assert one.to_json() == other.to_json()


@pytest.mark.parametrize(
    "options", [{"levels": 1}, {"levels": 2}, {"levels": 1, "scale_model": "partial_credit"}]
)
def test_reversing_the_scale_flips_signs(options: Mapping[str, Any]) -> None:
    """Ratings r -> 4 - r: severities and difficulties change sign, fair scores become 4 - fair."""
    turned = make_ratings(DRAWN.packet, DRAWN.criterion, DRAWN.rater, 4 - DRAWN.step)
    one, other = fit_committee(DRAWN, **options), fit_committee(turned, **options)
    for name, severity in one.severities.items():
        assert other.severities[name] == pytest.approx(-severity, abs=1e-6)
    for name, score in one.fair_scores.items():
        assert other.fair_scores[name] == pytest.approx(4 - score, abs=1e-6)
    for a, b in zip(one.criteria, other.criteria, strict=True):
        assert b.difficulty == pytest.approx(-a.difficulty, abs=1e-6)
        assert b.thresholds == pytest.approx([-x for x in reversed(a.thresholds)], abs=1e-6)
    for p, q in zip(one.packets, other.packets, strict=True):
        assert (q.low, q.high) == pytest.approx((4 - p.high, 4 - p.low), abs=1e-6)


@given(crossed(), st.sampled_from([1, 2]))
@settings(max_examples=15)
def test_equal_severities_give_the_raw_mean_exactly(
    columns: dict[str, list[Any]], copies: int
) -> None:
    """Raters who gave the same to everything: no rating is moved by a single bit."""
    first = [i for i, rater in enumerate(columns["rater_id"]) if rater == "r0"]
    rows = [
        (columns["packet_id"][i], columns["criterion"][i], f"twin{k}", columns["rating"][i])
        for i in first
        for k in range(copies)
    ]
    model = fit_committee(write_columns(rows))
    assert all(packet.fair_score == packet.raw_mean for packet in model.packets)
    assert set(model.adjustments.adjustment) == {0.0}
    assert {*model.severities.values()} == {0.0}


@given(crossed(most_packets=3))
@settings(max_examples=25, deadline=None)
def test_any_small_committee_is_fitted(columns: dict[str, list[Any]]) -> None:
    """Extreme packets, one rater, one packet, unused points: finite, ordered, in ten steps."""
    model = fit_committee(columns)
    assert model.converged
    assert model.steps <= 10
    for packet in model.packets:
        assert 0 <= packet.low <= packet.fair_score <= packet.high <= 4
        assert np.isfinite([packet.ability, packet.ability_sd, packet.sd]).all()
    assert CommitteeModel.from_json(model.to_json()) == model


def test_the_severe_rater_is_found_and_made_up_for() -> None:
    """Ann gives one point less than bo throughout: she is severe, and her packet gains."""
    rows = [
        (f"p{i}", "c", rater, points)
        for i, (a, b) in enumerate([(1, 2), (2, 3), (0, 1), (3, 4)])
        for rater, points in (("ann", a), ("bo", b))
    ]
    model = fit_committee(write_columns([*rows, ("q", "c", "ann", 2), ("r", "c", "bo", 2)]))
    assert model.severities["ann"] == -model.severities["bo"] > 0.3
    assert model.fair_scores["q"] > 2 > model.fair_scores["r"]
    ann = next(rater for rater in model.raters if rater.rater_id == "ann")
    assert ann.effect < -0.1
    changes = model.adjustments
    at = changes.packet_id.index("q")
    assert changes.adjusted[at] == changes.rating[at] + changes.adjustment[at]
    assert model.fair_scores["q"] == pytest.approx(changes.adjusted[at])


def test_columns_and_ratings_are_the_same() -> None:
    """Columns on the scale 0..4 are read on the way."""
    rows = write_columns([("a", "c", "x", 1), ("a", "c", "y", 2), ("b", "c", "x", 3)])
    assert fit_committee(rows) == fit_committee(Ratings.from_columns(rows))


def test_two_levels_from_three_criteria_on() -> None:
    """By default; a choice overrides it, and joint likelihood has one level."""
    assert MODEL.levels == 2
    assert MODEL.local > 0
    assert fit_committee(DRAWN, levels=1).levels == 1
    assert JOINT.levels == 1


def test_partial_credit_has_thresholds_of_its_own() -> None:
    """For each criterion; on a rating scale they are shared. Both have mean 0."""
    own = fit_committee(DRAWN, scale_model="partial_credit", levels=1)
    assert len({each.thresholds for each in own.criteria}) == 3
    assert len({each.thresholds for each in MODEL.criteria}) == 1
    for model in (own, MODEL):
        assert sum(each.difficulty for each in model.criteria) == pytest.approx(0, abs=1e-8)
        for each in model.criteria:
            assert sum(each.thresholds) == pytest.approx(0, abs=1e-8)


def test_joint_partial_credit() -> None:
    """It has its thresholds by criterion too, and a fit as close as the model."""
    ratings, _ = draw_committee(Design(60, 2, 5, per_packet=(3,), spread=0.8), 8)
    kept = fit_committee(ratings, scale_model="partial_credit", levels=1)
    joint = fit_committee(ratings, scale_model="partial_credit", method="joint")
    assert len({each.thresholds for each in joint.criteria}) == 2
    for one, other in zip(kept.raters, joint.raters, strict=True):
        assert 0.6 < one.severity / (other.severity - joint.average_severity) < 1.1


def test_anchors_keep_the_origin() -> None:
    """Fixed severities stay; a model anchors each with its S.E.; new raters join that scale."""
    fixed = fit_committee(DRAWN, anchors={"r000": 1.0, "r001": -0.5})
    assert fixed.severities["r000"] == 1.0
    assert fixed.severities["r001"] == -0.5
    assert fixed.anchored == ("r000", "r001")
    assert fixed.average_severity == 0.0
    assert fixed.raters[0].se == 0.0
    again = fit_committee(DRAWN, anchors=MODEL)
    assert again.anchored == DRAWN.raters
    for name, severity in MODEL.severities.items():
        assert again.severities[name] == pytest.approx(severity, abs=0.25)


def test_anchored_severities_shift_fair_scores() -> None:
    """A committee known to be a logit more severe than last cycle's gets higher fair scores."""
    harsh = fit_committee(DRAWN, anchors={name: s + 1 for name, s in MODEL.severities.items()})
    assert all(harsh.fair_scores[name] > score for name, score in MODEL.fair_scores.items())


def test_anchors_link_raters_that_share_no_packet() -> None:
    """Ann and cy are known from before: their groups, and their criteria, can be compared."""
    apart = [("p", "c", "ann", 3), ("p", "c", "bo", 2), ("q", "c", "cy", 3), ("q", "c", "di", 1)]
    with pytest.raises(DataError, match="2 groups"):
        fit_committee(write_columns(apart), anchors={"ann": 0.5})
    model = fit_committee(write_columns(apart), anchors={"ann": 0.5, "cy": -0.5})
    assert model.fair_scores["p"] > model.fair_scores["q"] + 0.5
    own = [(f"p{i}", *pair, 3) for i in range(3) for pair in (("reach", "ann"), ("craft", "bo"))]
    with pytest.raises(DataError, match="cannot be told apart"):
        fit_committee(write_columns(own))
    told = fit_committee(write_columns(own), anchors={"ann": 1.0, "bo": -1.0})
    assert told.criteria[0].difficulty > told.criteria[1].difficulty


def test_fair_shares_are_what_readiness_takes() -> None:
    """Shares of the scale; with their source, readiness fitted on them refuses other scores."""
    shares = MODEL.fair_shares
    assert shares["p000000"] == MODEL.packets[0].fair_score / 4
    scores = Scores(tuple(shares.values()), "fair ratings", tuple(shares))
    fitted = fit_readiness(scores, [0, 1] * (len(shares) // 2))
    assert fitted.score_source == "fair ratings"


def test_joint_anchors_stay() -> None:
    """In joint likelihood an anchor is fixed, whatever its deviation."""
    model = fit_committee(GUILFORD, method="joint", anchors={"Brahe": (0.5, 0.1)})
    assert model.severities["Brahe"] == 0.5
    assert model.severities["Avogadro"] - 0.5 == pytest.approx(0.0397 - 0.2454, abs=1e-3)


@pytest.mark.parametrize(
    "anchors",
    [{"r000": "high"}, {"r000": (1.0,)}, {"r000": (0.1, -1)}, {"r000": 99}, {"r000": True}],
)
def test_anchors_that_are_none(anchors: Any) -> None:  # noqa: ANN401
    """A number of logits, or one with a deviation."""
    with pytest.raises(DataError, match=r"anchors\['r000'\]: not a severity in logits"):
        fit_committee(DRAWN, anchors=anchors)


def test_anchors_of_strangers() -> None:
    """If none of them rated here, nothing is anchored, and that is said."""
    with pytest.raises(DataError, match="anchors: none of these raters rated here"):
        fit_committee(DRAWN, anchors={"zoe": 0.3})


def test_options_that_are_none() -> None:
    """Each is told at once, and a scale too fine for thresholds."""
    fine = Ratings.from_columns(
        write_columns([("a", "c", "x", 1), ("a", "c", "y", 50)]), scale=(0, 100)
    )
    options: dict[str, Any] = {"scale_model": "free", "levels": 3, "method": "bayes", "coverage": 2}
    with pytest.raises(DataError) as caught:
        fit_committee(fine, **options)
    assert [problem.path for problem in caught.value.problems] == [
        "scale_model",
        "levels",
        "method",
        "coverage",
        "scale",
    ]


def test_joint_likelihood_without_an_optimum() -> None:
    """Extreme packets, raters and criteria, and points never given, are all named."""
    rows = [("a", "c", "x", 4), ("a", "c", "y", 4), ("b", "c", "x", 1), ("b", "c", "y", 0)]
    with pytest.raises(DataError) as caught:
        fit_committee(write_columns(rows), method="joint")
    assert [str(problem).partition(":")[0] for problem in caught.value.problems] == [
        "packet a",
        "ratings",
        "ratings",
    ]
    assert "point 2 is never given" in str(caught.value)
    two = [*rows, ("b", "d", "x", 0), ("b", "d", "y", 0)]
    with pytest.raises(DataError, match="criterion d: only lowest or only highest"):
        fit_committee(write_columns(two), method="joint", scale_model="partial_credit")


def test_joint_likelihood_of_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds tables of cells and groups, and says when they would be too large."""
    monkeypatch.setattr("pmpromo.committee.joint.LARGEST", 10)
    with pytest.raises(DataError, match="ratings: too many for joint likelihood"):
        fit_committee(GUILFORD, method="joint")


def test_notes_of_small_committees() -> None:
    """One rater, one packet, and too few to tell whether a scale is shared."""
    alone = fit_committee(write_columns([("a", "c", "x", 1)]))
    assert [note.partition(":")[0] for note in alone.notes] == ["One rater", "One packet"]
    assert alone.halo is None
    assert alone.packet_separation == Separation(0.0, 0.0, 1 / 3)
    pair = fit_committee(write_columns([("a", "c", "x", 1), ("a", "c", "y", 2)]))
    assert "No packet has enough raters" in pair.notes[1]
    assert "2 of 2 raters rated fewer than 5 packets" in pair.notes[2]


def test_a_fit_that_does_not_settle_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a sketch then."""
    monkeypatch.setattr("pmpromo.committee.newton.MOST_STEPS", 1)
    model = fit_committee(DRAWN, levels=1)
    assert not model.converged
    assert model.notes[0].startswith("The fit did not settle")


def test_raters_needed_of_a_model() -> None:
    """More reliability takes more raters; a target that is no share is refused."""
    few, many = MODEL.raters_needed(0.5), MODEL.raters_needed(0.95)
    assert few is not None
    assert many is not None
    assert few < many
    with pytest.raises(DataError, match="target: not between 0 and 1"):
        MODEL.raters_needed(80)


def test_saved_models() -> None:
    """The round trip is the identity to the byte; components travel, ratings do not."""
    text = MODEL.to_json()
    again = CommitteeModel.from_json(text)
    assert again == MODEL
    assert again.to_json() == text
    assert again.components == MODEL.components
    assert str(again) == str(MODEL)
    with pytest.raises(ModelError, match="a saved model keeps no ratings"):
        _ = again.adjustments


def damage(change: Mapping[str, Any]) -> str:
    """Return the text of a model with some keys changed."""
    return json.dumps({**json.loads(MODEL.to_json()), **change})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "model: not the JSON text of a saved model"),
        ('{"a": 1, "a": 2}', "model: not the JSON text of a saved model"),
        ("[]", "model: not a saved committee"),
        (damage({"schema_version": 99}), "model.schema_version: another version"),
        (damage({"extra": 1}), "model: not an object of schema_version, scale"),
        (damage({"spread": "wide"}), "model.spread: not a value of type float"),
        (damage({"scale": [0]}), "model.scale: not a list of the right length"),
        (damage({"notes": [1]}), r"model.notes\[0\]: not a value of type str"),
        (damage({"raters": [{}]}), r"model.raters\[0\]: not an object of rater_id"),
        (damage({"components": None}), "model.components: not an object of packet"),
    ],
)
def test_texts_that_are_no_model(text: str, told: str) -> None:
    """Every place where a text is not a saved model."""
    with pytest.raises(ModelError, match=told):
        CommitteeModel.from_json(text)


def test_a_saved_model_with_columns_of_unlike_length() -> None:
    """Packets must have one entry in each column."""
    columns = json.loads(MODEL.to_json())["packet_columns"]
    text = damage({"packet_columns": {**columns, "low": columns["low"][1:]}})
    with pytest.raises(ModelError, match=r"model\.packet_columns: columns of unlike length"):
        CommitteeModel.from_json(text)


def test_a_text_too_large_for_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused unread."""
    monkeypatch.setattr("pmpromo.committee.archive.LARGEST_TEXT", 10)
    with pytest.raises(ModelError, match="not the JSON text"):
        CommitteeModel.from_json(MODEL.to_json())


def test_whole_numbers_are_numbers_in_a_saved_model() -> None:
    """JSON writers may drop the fraction."""
    assert CommitteeModel.from_json(damage({"centre": 1})).centre == 1.0


def test_the_report() -> None:
    """80 columns: head, notes, raters by severity, packets before and after, what to talk about."""
    told = str(fit_committee(GUILFORD))
    assert max(map(len, told.splitlines())) <= 80
    assert told.startswith("Committee: 105 ratings 1..9 of 7 packets on 5 criteria by 3 raters\n")
    assert "Brahe                           7     +0.18" in told
    assert "This committee does not share a scale" in told
    assert "for a reliability of 0.80: 13 by fair scores, 14 by raw means" in told


def test_the_report_of_many() -> None:
    """What does not fit is counted; long names are cut; surprises are named."""
    rng = np.random.default_rng(9)
    n_packets, n_raters = 40, 25
    packet = np.repeat(np.arange(n_packets), 5)
    rater = np.concatenate([rng.permutation(n_raters)[:5] for _ in range(n_packets)])
    points = rng.choice([0, 2, 2, 2, 2, 2, 2, 4], 200)
    columns = {
        "packet_id": [f"{i:03d}-" + "x" * 30 for i in packet.tolist()],
        "criterion": ["c"] * 200,
        "rater_id": [f"r{i:02d}" for i in rater.tolist()],
        "rating": points.tolist(),
    }
    model = fit_committee(columns)
    told = str(model)
    assert "5 more raters" in told
    assert "20 more packets" in told
    assert "000-xxxxxxxxxxxxxxxxxxx…" in told
    assert "To talk about" in told
    assert f"{len(model.surprises) - 5} more such sheets" in told
    assert "Packets do not differ enough" in told


def test_unknown_halo_is_said() -> None:
    """No packet with two raters: nothing can be told."""
    told = str(fit_committee(write_columns([("a", "c", "x", 1), ("b", "c", "x", 3)])))
    assert "Overdispersion cannot be told" in told


def test_separation_by_hand() -> None:
    """Values 0 and 2, errors 1: variance 2, reliability 1/2, separation 1, strata 5/3."""
    found = separate(np.array([0.0, 2.0]), np.ones(2), shrunk=False)
    assert found == Separation(1.0, 0.5, 5 / 3)
    assert separate(np.array([0.0, 2.0]), np.ones(2), shrunk=True).reliability == pytest.approx(
        2 / 3
    )
    assert separate(np.zeros(2), np.zeros(2), shrunk=False).reliability == 0.0
    assert separate(np.array([0.0, 1.0]), np.full(2, 3.0), shrunk=False).reliability == 0.0
