"""The example packets show what their table says they show."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

import pytest
import yaml
from jsonschema import Draft202012Validator

from pmpromo import assess, load_packet, load_rubric, parse_packet, shipped_rubrics
from pmpromo.ladder import REFUSED
from pmpromo.rubric import CheckName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo import Assessment

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / "examples" / "packets"
NAMES: Final = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))
STEPS: Final = tuple(name.partition("/")[2] for name in shipped_rubrics())

PATTERNS: Final = {
    "l1-l2": {"deferral", "motion_without_outcome"},
    "l2-l3": {"single_account", "anecdotal_request"},
    "l3-l4": {"stale_success", "plateau"},
    "l4-l5": {"process_over_substance", "waiting_for_certainty"},
    "l5-l6": {"silo", "brand_name"},
}
"""What the weak packet of each step is weak by, and nothing else."""

FEWEST_WORDS: Final = 4
"""A problem or a part that is told in fewer words tells nothing."""


def score(name: str) -> Assessment:
    """Return the assessment of one example."""
    return assess(load_packet(FOLDER / f"{name}.yaml"))


def read(name: str) -> str:
    """Return the text of one example."""
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def open_up(name: str) -> dict[str, Any]:
    """Return the content of one example, ready to be changed."""
    content: dict[str, Any] = load_packet(FOLDER / f"{name}.yaml").model_dump(mode="json")
    return content


def weigh(seen: Assessment, *criteria: str) -> float:
    """Return the weighted proven score of some criteria."""
    return sum(each.weight * each.proven for each in seen.criteria if each.id in criteria)


def find_patterns(seen: Assessment) -> set[str]:
    """Return the anti-patterns that speak."""
    return {check.id for check in seen.checks if check.kind == "anti_pattern"}


def list_keys(value: object) -> Iterator[str]:
    """List every key of a content, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from list_keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from list_keys(inner)


def silence(value: object) -> object:
    """Return a content without the words that people write for each other."""
    told = {"summary", "problem", "role", "note", "text", "challenges", "learned", "counterfactual"}
    if isinstance(value, dict):
        return {
            key: "x" if key == "title" and inner else silence(inner)
            for key, inner in value.items()
            if key not in told
        }
    return [silence(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", NAMES)
def test_example_scores_and_fits_the_schema(name: str) -> None:
    """Each example scores, prints at 80 columns, and is what the shipped schema describes."""
    seen = score(name)
    assert 0 <= seen.proven <= seen.possible <= 1
    assert max(map(len, str(seen).splitlines())) <= 80
    schema = json.loads((ROOT / "rubrics" / "packet.schema.json").read_text(encoding="utf-8"))
    content = json.loads(json.dumps(yaml.safe_load(read(name)), default=str))
    assert list(Draft202012Validator(schema).iter_errors(content)) == []


@pytest.mark.parametrize("name", NAMES)
def test_example_opens_with_its_schema(name: str) -> None:
    """The first line of each example gives an editor the schema, and the path leads to it."""
    first = read(name).partition("\n")[0]
    assert first == "# yaml-language-server: $schema=../../rubrics/packet.schema.json"
    assert (FOLDER / first.partition("=")[2]).is_file()


@pytest.mark.parametrize("name", NAMES)
def test_example_says_nothing_of_who_someone_is(name: str) -> None:
    """No example has a refused key, a pronoun, a title of address or a vendor's name."""
    content = yaml.safe_load(read(name))
    assert {key.casefold() for key in list_keys(content)}.isdisjoint(REFUSED)
    assert re.findall(r"\b(?:s?he|his|hers?|him|m(?:r|s|rs))\b", read(name), re.IGNORECASE) == []
    assert re.findall(r"\b(?:Pure|Dell|NetApp|Nutanix|VMware|AWS|Azure|Google)\b", read(name)) == []


@pytest.mark.parametrize("name", sorted({*NAMES} - {"all-undocumented"}))
def test_example_reads_like_a_packet(name: str) -> None:
    """Each has a summary, a reason against, and a problem or a part told for each item."""
    packet = load_packet(FOLDER / f"{name}.yaml")
    assert packet.summary
    assert packet.concerns
    for item in packet.evidence:
        assert len(f"{item.problem or ''} {item.role or ''}".split()) >= FEWEST_WORDS, item.id


def test_every_example_stands_in_the_table() -> None:
    """The table names each packet once, and no other."""
    table = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| \[([\w-]+)\]\(\1\.yaml\)", table, re.MULTILINE)) == [*NAMES]


@pytest.mark.parametrize("step", STEPS)
def test_strong_packet_reaches_the_bar(step: str) -> None:
    """The strong packet of each step is proven to its bar, and misses no must-have."""
    seen = score(f"strong-{step}")
    assert seen.met
    assert seen.held_down_by == ()


@pytest.mark.parametrize("step", STEPS)
def test_weak_packet_stays_below(step: str) -> None:
    """The weak packet of each step shows something, and stays below its bar at its very best."""
    seen = score(f"weak-{step}")
    assert 0.1 < seen.proven <= seen.possible < seen.bar


@pytest.mark.parametrize("step", STEPS)
def test_weak_packet_has_one_weakness(step: str) -> None:
    """The weak packet of each step sets off the patterns of its one weakness, and no others."""
    assert find_patterns(score(f"weak-{step}")) == PATTERNS[step]


@pytest.mark.parametrize("step", STEPS)
def test_strong_packet_sets_off_no_pattern(step: str) -> None:
    """The strong packet of each step sets off no anti-pattern at all."""
    assert find_patterns(score(f"strong-{step}")) == set()


@pytest.mark.parametrize("name", shipped_rubrics())
def test_empty_packet_scores_nothing(name: str) -> None:
    """A packet without evidence scores 0 at both ends, and each criterion has no evidence."""
    packet = parse_packet({"id": "empty", "as_of": "2026-06-30", "evidence": []})
    seen = assess(packet, load_rubric(name))
    assert (seen.proven, seen.possible) == (0, 0)
    assert {each.status for each in seen.criteria} == {"no_evidence"}


def test_senior_b_stands_above_senior_a_by_initiative_and_reach() -> None:
    """B is above A at both ends, and most of the distance is initiative and reach (S162, S163)."""
    a, b = score("spm-a"), score("spm-b")
    assert b.proven > a.proven
    assert b.possible > a.possible
    carried = ("new_ground", "cross_functional")
    everything = [each.id for each in a.criteria]
    distance = weigh(b, *everything) - weigh(a, *everything)
    assert weigh(b, *carried) - weigh(a, *carried) > 0.6 * distance


def test_senior_a_runs_a_line_as_well_as_senior_b() -> None:
    """Outside foresight, new ground and reach A is as good as B, to a twentieth."""
    a, b = ({each.id: each.proven for each in score(name).criteria} for name in ("spm-a", "spm-b"))
    apart = {criterion for criterion in a if b[criterion] - a[criterion] > 0.05}
    assert apart == {"portfolio_strategy", "new_ground", "cross_functional"}
    assert all(a[criterion] >= b[criterion] - 0.05 for criterion in a.keys() - apart)


def test_one_refactor_stands_above_three_tweaks() -> None:
    """One change with a measured effect proves more than three that were counted (S022)."""
    assert score("one-refactor").proven > score("three-ui-tweaks").possible


def test_one_flagship_stands_above_six_copies() -> None:
    """One piece of work that is well backed proves more than a trivial one told six times."""
    copies = score("six-copies")
    assert score("one-flagship").proven > copies.possible
    told = [check for check in copies.checks if check.id == "told_twice"]
    assert [len(check.evidence) for check in told] == [6]


def test_strong_figures_cannot_carry_missing_reach() -> None:
    """A business result above its bar leaves the total held down by the must-have of reach."""
    seen = score("strong-arr-no-leverage")
    by_id = {each.id: each for each in seen.criteria}
    assert by_id["business_result"].status == "met"
    assert by_id["cross_functional"].proven == 0
    assert seen.held_down_by == ("cross_functional",)
    assert seen.possible < seen.bar


def test_undocumented_packet_gains_by_writing_down() -> None:
    """Nothing is proven, the bar is possible, and writing down one item brings the most."""
    seen = score("all-undocumented")
    assert seen.proven == 0
    assert seen.possible >= seen.bar
    assert seen.open_items[0].gain > seen.gaps[0].gain


def test_playbook_reaches_the_bar_after_a_year() -> None:
    """The playbook's author meets practice and bar a year in; launches take a fifth less (S173)."""
    seen = score("launch-playbook")
    assert seen.met
    assert {each.id: each.status for each in seen.criteria}["practice"] == "met"
    content = yaml.safe_load(read("launch-playbook"))
    assert content["process"]["months_in_level"] == 12
    launch = content["evidence"][0]["facts"][0]
    assert launch["value"] / launch["baseline"] == pytest.approx(0.8)


def test_lost_data_are_told_and_not_scored() -> None:
    """The incident is pointed out beside a met bar; hiding it moves no score, only the check."""
    content = open_up("data-incident")
    told = assess(parse_packet(content))
    assert told.met
    assert find_patterns(told) == {"data_loss"}
    content["evidence"][0]["customer_data_loss"] = False
    hidden = assess(parse_packet(content))
    assert (hidden.criteria, hidden.gaps) == (told.criteria, told.gaps)
    assert find_patterns(hidden) == set()


def test_examples_set_off_every_pattern() -> None:
    """Together the examples set off each of the anti-patterns that rubrics look for."""
    assert set().union(*(find_patterns(score(name)) for name in NAMES)) == {*get_args(CheckName)}


@pytest.mark.parametrize("name", NAMES)
def test_words_move_nothing(name: str) -> None:
    """Without its sentences and titles each example has the scores and the gaps it had."""
    content = open_up(name)
    bare = silence(content)
    assert bare != content
    one, other = score(name), assess(parse_packet(json.dumps(bare)))
    assert (one.proven, one.possible) == (other.proven, other.possible)
    assert (one.criteria, one.gaps) == (other.criteria, other.gaps)


@pytest.mark.parametrize("months", [0, 400])
@pytest.mark.parametrize("name", NAMES)
def test_time_in_level_moves_nothing(name: str, months: int) -> None:
    """Whatever time in level is stated, totals, criteria and gaps of each example stay."""
    content = open_up(name)
    content["process"] = (content["process"] or {}) | {"months_in_level": months}
    one, other = score(name), assess(parse_packet(content))
    assert (one.proven, one.possible) == (other.proven, other.possible)
    assert (one.criteria, one.gaps) == (other.criteria, other.gaps)
    assert one.packet_digest != other.packet_digest
