"""The packets from Senior to Principal: why each scores as it does, and what would change it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from pmpromo import assess, load_packet, parse_packet

if TYPE_CHECKING:
    from pmpromo import Assessment

FOLDER: Final = Path(__file__).parents[2] / "examples" / "packets"
NAMES: Final = (
    "all-undocumented",
    "launch-playbook",
    "one-flagship",
    "six-copies",
    "spm-a",
    "spm-b",
    "strong-arr-no-leverage",
    "strong-l3-l4",
    "weak-l3-l4",
)


def read(name: str) -> dict[str, Any]:
    """Return the content of one example, ready to be changed."""
    content: dict[str, Any] = load_packet(FOLDER / f"{name}.yaml").model_dump(mode="json")
    return content


def score(content: dict[str, Any]) -> Assessment:
    """Return the assessment of a content."""
    return assess(parse_packet(content))


def find_fact(content: dict[str, Any], item: str, name: str) -> dict[str, Any]:
    """Return the one fact of that name in an item."""
    facts = next(each["facts"] for each in content["evidence"] if each["id"] == item)
    found: dict[str, Any]
    (found,) = [fact for fact in facts if name in fact.values()]
    return found


def prove(seen: Assessment) -> dict[str, float]:
    """Return what each criterion is proven to."""
    return {criterion.id: criterion.proven for criterion in seen.criteria}


def test_b_is_below_the_bar_and_can_reach_it() -> None:
    """B is proven somewhat below the bar and possible above it, with a short list of remarks."""
    seen = score(read("spm-b"))
    assert 0.60 <= seen.proven <= 0.72 < seen.bar <= seen.possible
    assert [each.id for each in seen.criteria if each.status == "documentation_gap"] == [
        "business_result"
    ]
    assert 1 <= len(seen.checks) <= 3


def test_one_word_brings_b_over_the_bar() -> None:
    """The first step of B is to state one status; stated, it adds what was promised, and is met."""
    content = read("spm-b")
    seen = score(content)
    first = seen.gaps[0]
    assert (first.kind, first.nature) == ("unmeasured", "documentation")
    (item,) = first.evidence
    find_fact(content, item, first.requirement)["status"] = "realised"
    mended = score(content)
    assert mended.proven == pytest.approx(seen.proven + first.gain)
    assert mended.met


def test_business_result_does_not_part_a_from_b() -> None:
    """A and B brought nearly the same result; A shows no new ground, and cannot reach even B."""
    a, b = score(read("spm-a")), score(read("spm-b"))
    assert prove(a)["business_result"] == pytest.approx(prove(b)["business_result"], abs=0.02)
    assert prove(a)["new_ground"] == 0
    assert a.possible < b.proven


def test_weak_packet_rests_on_the_past_and_on_a_plateau() -> None:
    """The weak packet is told of its old success and its plateau; newer work is its best step."""
    seen = score(read("weak-l3-l4"))
    assert {"stale_success", "plateau"} <= {check.id for check in seen.checks}
    assert seen.gaps[0].kind == "stale"


def test_fresh_dates_alone_do_not_save_the_weak_packet() -> None:
    """With its success moved to this year the weak packet is proven more, and still is not met."""
    content = read("weak-l3-l4")
    before = score(content)
    content["evidence"][0] |= {"started": "2025-01-01", "ended": "2026-05-31"}
    after = score(content)
    assert "stale_success" not in {check.id for check in after.checks}
    assert before.proven < after.proven < after.bar
    assert after.possible < after.bar


def test_undocumented_packet_misses_paper_more_than_work() -> None:
    """Most gaps of the undocumented packet are documentation, and every criterion is open."""
    seen = score(read("all-undocumented"))
    documentation = [gap for gap in seen.gaps if gap.nature == "documentation"]
    assert len(documentation) > len(seen.gaps) / 2
    assert {each.status for each in seen.criteria} == {"documentation_gap"}


def test_playbook_alone_is_half_of_the_practice() -> None:
    """The playbook shows one of two habits once: 0.7 of it, so 0.35; the clinic brings the rest."""
    content = read("launch-playbook")
    whole = prove(score(content))["practice"]
    content |= {"evidence": content["evidence"][:1], "concerns": []}
    assert prove(score(content))["practice"] == pytest.approx(0.7 / 2)
    assert whole == pytest.approx(0.7 + 0.3 * 0.6 * 0.7)  # both habits, each shown twice


@pytest.mark.parametrize("days", [60, 240])
def test_launch_time_is_shown_and_not_scored(days: int) -> None:
    """Launches twice as fast or twice as slow leave the score: the source gives no target."""
    content = read("launch-playbook")
    before = score(content)
    find_fact(content, "playbook", "launch_time")["value"] = days
    after = score(content)
    assert after.criteria == before.criteria
    assert "practice / launch_time: no target is given: shown, not scored." in after.notes


def test_five_of_six_copies_add_nothing() -> None:
    """Six copies prove what the first alone proves, as their shared page says they are one."""
    six, one, apart = read("six-copies"), read("six-copies"), read("six-copies")
    one["evidence"] = one["evidence"][:1]
    for item in apart["evidence"]:
        find_fact(apart, item["id"], "practice_playbook")["uri"] = f"doc:{item['id']}"
    assert score(six).proven == score(one).proven
    assert score(apart).proven > score(six).proven


def test_flagship_shows_several_criteria_by_one_item() -> None:
    """One item is proof in five criteria, and alone reaches the bar of none."""
    content = read("one-flagship")
    assert len(content["evidence"]) == 1
    seen = score(content)
    assert len([each for each in seen.criteria if 0 < each.proven < each.bar]) == 5
    assert "one_case" in {check.id for check in seen.checks}


def test_figures_move_nothing_while_reach_is_missing() -> None:
    """A voice from outside lifts the result, and leaves the held-down total at 0.6 of its bar."""
    content = read("strong-arr-no-leverage")
    before = score(content)
    content["evidence"][0]["support"].append({"relation": "external", "by": "analyst-1"})
    after = score(content)
    assert prove(after)["business_result"] > prove(before)["business_result"]
    assert after.proven == before.proven == pytest.approx(0.6 * after.bar)


def test_reach_lifts_what_figures_could_not() -> None:
    """Two pieces of work across functions end the holding down, and the total passes the bar."""
    content = read("strong-arr-no-leverage")
    assert not score(content).met
    reach = [
        {"behaviour": name, "point": 3} for name in ("aligns_functions", "leads_cross_product")
    ]
    for item in content["evidence"]:
        item["facts"] += reach
        item["support"].append(
            {"relation": "cross_functional", "by": "sales-1", "function": "sales", "point": 3}
        )
    seen = score(content)
    assert seen.held_down_by == ()
    assert seen.met


@pytest.mark.parametrize("months", [0, 400])
@pytest.mark.parametrize("name", NAMES)
def test_time_in_level_moves_no_number(name: str, months: int) -> None:
    """Whatever time in level is stated, totals, criteria and gaps stay as they were."""
    content = read(name)
    before = score(content)
    content["process"] = (content["process"] or {}) | {"months_in_level": months}
    after = score(content)
    assert (after.proven, after.possible) == (before.proven, before.possible)
    assert (after.criteria, after.gaps) == (before.criteria, before.gaps)
    assert after.packet_digest != before.packet_digest
