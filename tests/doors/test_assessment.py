"""One packet in, one assessment out: frozen, typed, hashed, and the same everywhere."""

from __future__ import annotations

import json
import os
import pickle
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from pmpromo import (
    Assessment,
    assess,
    fit_readiness,
    load_packet,
    load_rubric,
    parse_packet,
    parse_rubric,
)
from pmpromo.errors import DataError, ModelError, PacketError, PmpromoError, RubricError

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT: Final = Path(__file__).parents[2]
SPM_B: Final = ROOT / "examples" / "packets" / "spm-b.yaml"
RUBRIC: Final = load_rubric("pure-storage-pm/l3-l4")


@pytest.fixture(scope="module")
def seen() -> Assessment:
    """The assessment of an example packet."""
    return assess(load_packet(SPM_B))


def make_packet(**said: object) -> dict[str, object]:
    """Return a small packet's content."""
    return {"id": "p-1", "as_of": "2026-06-30", "rubric": RUBRIC.id, "evidence": [], **said}


def test_json_gives_the_assessment_back(seen: Assessment) -> None:
    """Written and read again it is equal, field by field, and writes the same text."""
    again = Assessment.from_json(seen.model_dump_json())
    assert again == seen
    assert again.criteria == seen.criteria
    assert (again.gaps, again.open_items, again.checks) == (seen.gaps, seen.open_items, seen.checks)
    assert again.readiness == seen.readiness
    assert again.model_dump_json() == seen.model_dump_json()
    assert again.report(verbose=True) == seen.report(verbose=True)


def test_indented_json_is_the_same(seen: Assessment) -> None:
    """Spaces in the text make no other assessment."""
    assert Assessment.from_json(seen.model_dump_json(indent=2)) == seen


def test_pickle_gives_the_assessment_back(seen: Assessment) -> None:
    """It travels between processes."""
    again = pickle.loads(pickle.dumps(seen))  # noqa: S301 - our own bytes
    assert again == seen
    assert hash(again) == hash(seen)


@pytest.mark.parametrize(("key", "value"), [("proven", 0.99), ("met", True), ("notes", [])])
def test_changed_text_is_refused(seen: Assessment, key: str, value: object) -> None:
    """A result that was changed after it was written is found out by its id."""
    content = seen.model_dump() | {key: value}
    with pytest.raises(DataError, match="result_id: does not match the content"):
        Assessment.from_json(json.dumps(content))


def test_text_that_is_no_assessment_is_refused() -> None:
    """Each missing field is named at once."""
    with pytest.raises(DataError) as caught:
        Assessment.from_json("{}")
    assert {problem.path for problem in caught.value.problems} >= {"proven", "gaps", "result_id"}


def test_assessment_does_not_change(seen: Assessment) -> None:
    """Neither setting nor deleting a field works."""
    with pytest.raises(AttributeError, match="proven: an assessment does not change"):
        seen.proven = 1.0
    with pytest.raises(AttributeError, match="proven: an assessment does not change"):
        del seen.proven


def test_assessment_equals_no_other_thing(seen: Assessment) -> None:
    """It is equal to an assessment of the same content only."""
    assert seen != "spm-b-2026h1"
    assert seen != assess(load_packet(SPM_B), as_of=date(2026, 7, 1))


def test_repr_names_what_matters(seen: Assessment) -> None:
    """The short form names packet, rubric and scores."""
    assert repr(seen).startswith("Assessment('spm-b-2026h1', 'pure-storage-pm/l3-l4', proven=0.")


def test_frame_has_a_row_a_criterion(seen: Assessment) -> None:
    """The frame holds the criteria in the rubric's order."""
    frame = seen.to_frame()
    assert frame["criterion"].tolist() == [score.id for score in seen.criteria]
    assert frame["proven"].tolist() == [score.proven for score in seen.criteria]
    assert set(frame["packet_id"]) == {"spm-b-2026h1"}


def test_the_day_can_be_given() -> None:
    """A later day makes the same work older; `as_of` of the call wins over the packet's."""
    facts = [{"behaviour": "aligns_functions", "point": 3}]
    item = {"id": "e", "title": "T", "ended": "2025-12-31", "ownership": "led", "facts": facts}
    packet = parse_packet(make_packet(evidence=[item]))
    early, late = assess(packet), assess(packet, as_of=date(2028, 6, 30))
    assert early.as_of == date(2026, 6, 30)
    assert late.proven < early.proven


@pytest.mark.parametrize("given", [datetime(2026, 6, 30, 12), 20260630, "30.6.2026"])  # noqa: DTZ001
def test_a_day_that_is_none_is_refused(given: object) -> None:
    """A time, a number or another form of date is no day."""
    with pytest.raises(PacketError, match="as_of: is no date"):
        assess(parse_packet(make_packet()), as_of=given)  # type: ignore[arg-type]


def test_a_missing_day_names_both_remedies() -> None:
    """Without a day the error says where one can be written."""
    packet = parse_packet(make_packet(as_of=None))
    with pytest.raises(PacketError, match=r"write as_of in the packet, or give it: as_of=date"):
        assess(packet)


def test_a_missing_rubric_names_both_remedies() -> None:
    """Without a rubric the error says where one can be named."""
    packet = parse_packet(make_packet(rubric=None))
    with pytest.raises(PacketError, match="write rubric in the packet, or give a rubric"):
        assess(packet)


def test_an_unknown_rubric_lists_the_shipped_ones() -> None:
    """A rubric that is not shipped has to be given."""
    packet = parse_packet(make_packet(rubric="acme/senior"))
    with pytest.raises(PacketError, match="give the rubric itself; shipped are: pure-storage-pm"):
        assess(packet)


def test_a_fact_of_a_file_is_led_to_its_line(tmp_path: Path) -> None:
    """A misspelt fact is named with file, line, column, excerpt and the right word."""
    file = tmp_path / "packet.yaml"
    text = SPM_B.read_text(encoding="utf-8").replace(
        "behaviour: initiates_shifts", "behaviour: initiate_shifts"
    )
    file.write_text(text, encoding="utf-8")
    line = next(n for n, each in enumerate(text.splitlines(), 1) if "initiate_shifts" in each)
    with pytest.raises(PacketError) as caught:
        assess(load_packet(file))
    assert f"packet.yaml:{line}:" in str(caught.value)
    assert "is no behaviour of the ladder; did you mean 'initiates_shifts'?" in str(caught.value)
    assert "^^^^" in str(caught.value)


def test_a_model_stands_behind_the_forecast() -> None:
    """A fitted model gives probability, interval, basis and count, and both ends of the score."""
    scores = [0.1 + 0.8 * n / 59 for n in range(60)]
    promoted = [int(score > 0.5) for score in scores]
    model = fit_readiness(scores, promoted, rubric=RUBRIC)
    seen = assess(load_packet(SPM_B), readiness=model)
    forecast = seen.readiness
    assert (forecast.basis, forecast.n_decisions) == ("fitted", 60)
    assert 0 < forecast.low <= forecast.probability <= forecast.high < 1
    assert forecast.if_documented[0] > forecast.probability
    expected = model.predict([seen.proven]).probability[0]
    assert forecast.probability == pytest.approx(expected, abs=1e-12)


def test_a_model_of_other_scoring_is_refused() -> None:
    """A model that was fitted on other scoring is refused, with both digests."""
    other = RUBRIC.with_variant("xf80")
    model = fit_readiness([0.2, 0.8] * 10, [0, 1] * 10, rubric=other)
    with pytest.raises(ModelError) as caught:
        assess(load_packet(SPM_B), readiness=model)
    assert RUBRIC.scoring_digest in str(caught.value)
    assert other.scoring_digest in str(caught.value)


def test_without_a_model_the_basis_is_a_prior(seen: Assessment) -> None:
    """Without past decisions the interval is wide, and the verdict does not pretend."""
    assert (seen.readiness.basis, seen.readiness.n_decisions) == ("prior", 0)
    assert seen.readiness.verdict == "cannot_tell"
    assert seen.readiness.high - seen.readiness.low > 0.5


def test_mended_words_leave_the_scoring_digest_alone() -> None:
    """Other words change the rubric's digest; only numbers change what a model is bound to."""
    content = RUBRIC.model_dump(mode="json")
    content["criteria"][0]["name"] = "Another name"
    reworded = parse_rubric(content)
    assert reworded.digest != RUBRIC.digest
    assert reworded.scoring_digest == RUBRIC.scoring_digest
    content["criteria"][0]["weight"] = "21"
    assert parse_rubric(content).scoring_digest != RUBRIC.scoring_digest


def test_any_order_and_company_gives_the_same_result() -> None:
    """Shuffled, alone or in four threads, a packet has one result id."""
    content = load_packet(SPM_B).model_dump(mode="json")
    packets = []
    for seed in range(24):
        shuffled = json.loads(json.dumps(content))
        random.Random(seed).shuffle(shuffled["evidence"])  # noqa: S311 - an order, no secret
        packets.append(parse_packet(shuffled))
    with ThreadPoolExecutor(4) as pool:
        found = {result.result_id for result in pool.map(assess, packets)}
    assert found == {assess(load_packet(SPM_B)).result_id}


@pytest.mark.parametrize(
    "around",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "77", "TZ": "America/Adak", "LC_ALL": "tr_TR.UTF-8"},
    ],
)
def test_any_process_gives_the_same_result(seen: Assessment, around: dict[str, str]) -> None:
    """Hash seed, time zone and locale change no bit."""
    code = f"from pmpromo import *; print(assess(load_packet({str(SPM_B)!r})).model_dump_json())"
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-X", "utf8", "-c", code],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **around},
        encoding="utf-8",
    )
    assert done.stdout.strip() == seen.model_dump_json()


def test_process_is_told_in_words_and_without_remarks(seen: Assessment) -> None:
    """Facts about the process are shown as words; the manager's remarks stay in the packet."""
    process = {"sponsor": "director", "recommendation_note": "Secret.", "advocates": ["a", "b"]}
    need = {"role_needed": True, "budget": False, "note": "Secret."}
    packet = parse_packet(make_packet(process={**process, "business_need": need}))
    (told,) = [note for note in assess(packet).notes if note.startswith("Process")]
    assert told == (
        "Process, shown and never scored: sponsor director, advocates a and b,"
        " business need role needed yes, budget no."
    )
    assert any("months in level 40" in note for note in seen.notes)


@pytest.mark.parametrize("words", [("x", None), (None, None), ("packet", "pure-storage-pm/l3-l4")])
def test_what_is_no_packet_or_rubric_is_named(words: tuple[object, object]) -> None:
    """A text in place of a packet or a rubric is answered with the way to get one."""
    given, rubric = words
    packet = parse_packet(make_packet()) if given == "packet" else given
    with pytest.raises(PmpromoError, match=r"is no (Packet|Rubric); .*(load_packet|load_rubric)"):
        assess(packet, rubric)  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["performanceRating", "Date-Of-Birth", "sex", "healthRecord"])
def test_refused_keys_are_known_however_they_are_written(key: str) -> None:
    """A key that may not stand there is refused with its reason, or at least unknown."""
    with pytest.raises(PacketError) as caught:
        parse_packet(make_packet(**{key: "x"}))
    (problem,) = caught.value.problems
    assert problem.message.startswith("unknown key" if key == "healthRecord" else "refused: ")


@pytest.mark.parametrize("relation", ["manager", "customer", "cross_functional"])
def test_the_candidates_own_voice_adds_nothing(relation: str) -> None:
    """Whatever it calls itself, a voice that is the candidate's leaves the own word at .3."""
    facts = [{"behaviour": "aligns_functions", "point": 3}]
    item = {"id": "e", "title": "T", "ownership": "led", "in_progress": True, "facts": facts}
    item["support_complete"] = True
    own = [{"relation": relation, "by": "C-1"}]
    spoken, silent = (
        assess(parse_packet(make_packet(candidate="c-1", evidence=[{**item, "support": support}])))
        for support in (own, [])
    )
    assert (spoken.proven, spoken.possible) == (silent.proven, silent.possible)


def test_work_cannot_have_ended_and_go_on() -> None:
    """An end in the past beside `in_progress` would make old work new; it is refused."""
    item = {"id": "e", "title": "T", "ended": "2019-01-01", "in_progress": True}
    with pytest.raises(PacketError, match=r"ended: has passed, yet the work is said to be in prog"):
        parse_packet(make_packet(evidence=[item]))


def test_a_shared_rubric_does_not_change() -> None:
    """What was worked out from a rubric cannot be set, and a copy works it out anew."""
    with pytest.raises(AttributeError, match="weights: is worked out from the rest"):
        RUBRIC.weights = ()
    heavy = RUBRIC.criteria[0].model_copy(update={"weight": RUBRIC.criteria[0].weight * 3})
    criteria = (heavy, *RUBRIC.criteria[1:])
    changed = RUBRIC.model_copy(update={"criteria": criteria, "complements": ()})
    assert changed.weights != RUBRIC.weights
    assert changed.digest != RUBRIC.digest
    packet = load_packet(SPM_B)
    again = parse_rubric(changed.model_dump_json())
    assert assess(packet, changed).result_id == assess(packet, again).result_id


def test_a_pair_of_next_to_no_strength_is_refused() -> None:
    """A strength that no score can show is a mistake, told before anything is scored."""
    content = RUBRIC.model_dump(mode="json")
    content["complements"][0]["strength"] = 1e-310
    with pytest.raises(RubricError, match=r"complements\[0\].strength: is next to nothing"):
        parse_rubric(content)


@pytest.mark.parametrize(
    "call",
    [
        lambda: load_packet(None),  # type: ignore[arg-type]
        lambda: load_rubric(123),  # type: ignore[arg-type]
        lambda: load_packet(b"none.yaml"),  # type: ignore[arg-type]
        lambda: load_rubric(b"none.yaml"),  # type: ignore[arg-type]
        lambda: parse_packet("{}", format=[]),  # type: ignore[arg-type]
        lambda: assess(load_packet(SPM_B), readiness="x"),  # type: ignore[arg-type]
        lambda: parse_packet(make_packet(schema_version=True)),
        lambda: parse_packet(make_packet(schema_version=1.0)),
    ],
)
def test_words_of_the_wrong_kind_are_answered(call: Callable[[], object]) -> None:
    """Whatever is given in place of a path, a format, a model or a version, the error is ours."""
    with pytest.raises(PmpromoError):
        call()


def test_ready_made_nouns_inside_a_mapping_are_checked() -> None:
    """An item that was made without validation is judged like any other."""
    item = load_packet(SPM_B).evidence[0].model_copy(update={"share": 7.0, "ownership": None})
    with pytest.raises(PacketError, match=r"evidence\[0\].share: at most 1.0 is wanted"):
        parse_packet(make_packet(evidence=[item]))
    sound = load_packet(SPM_B).evidence[0]
    assert parse_packet(make_packet(evidence=[sound])).evidence == (sound,)


def test_other_words_for_the_same_shares_keep_the_scoring_digest() -> None:
    """Shares count by their ratio, and what repeats by default is the same when it is written."""
    content = RUBRIC.model_dump(mode="json")
    for requirement in content["criteria"][1]["requirements"]:
        if requirement["share"] != "0":
            requirement["share"] = "2.0"
    asked = [each["asked"] for each in content["criteria"][4]["requirements"]]
    assert None in asked
    for requirement in content["criteria"][4]["requirements"]:
        requirement["asked"] = "repeatedly"
    assert parse_rubric(content).scoring_digest == RUBRIC.scoring_digest
