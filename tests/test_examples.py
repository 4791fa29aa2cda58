"""The example packets show what their table says they show."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

import pytest
import yaml
from jsonschema import Draft202012Validator

from pmpromo import assess, load_packet, load_rubric, parse_packet, shipped_rubrics
from pmpromo.rubric import CheckName

if TYPE_CHECKING:
    from pmpromo import Assessment

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / "examples" / "packets"
NAMES: Final = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))
STEPS: Final = tuple(name.partition("/")[2] for name in shipped_rubrics())


def score(name: str) -> Assessment:
    """Return the assessment of one example."""
    return assess(load_packet(FOLDER / f"{name}.yaml"))


def weigh(seen: Assessment, *criteria: str) -> float:
    """Return the weighted proven score of some criteria."""
    return sum(each.weight * each.proven for each in seen.criteria if each.id in criteria)


@pytest.mark.parametrize("name", NAMES)
def test_example_scores_and_fits_the_schema(name: str) -> None:
    """Each example scores, prints at 80 columns, and is what the shipped schema describes."""
    seen = score(name)
    assert 0 <= seen.proven <= seen.possible <= 1
    assert max(map(len, str(seen).splitlines())) <= 80
    schema = json.loads((ROOT / "rubrics" / "packet.schema.json").read_text(encoding="utf-8"))
    content = json.loads(json.dumps(yaml.safe_load(read(name)), default=str))
    assert list(Draft202012Validator(schema).iter_errors(content)) == []


def read(name: str) -> str:
    """Return the text of one example."""
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


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
    """The weak packet of each step stays below its bar even with every unknown at its best."""
    seen = score(f"weak-{step}")
    assert seen.possible < seen.bar
    assert any(check.kind == "anti_pattern" for check in seen.checks)


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
    assert weigh(b, *carried) - weigh(a, *carried) > distance / 2


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


def test_playbook_shows_in_the_practice() -> None:
    """The playbook's author meets the criterion of practice, and launches take a fifth less."""
    seen = score("launch-playbook")
    assert {each.id: each.status for each in seen.criteria}["practice"] == "met"
    facts = yaml.safe_load(read("launch-playbook"))["evidence"][0]["facts"]
    assert facts[0]["value"] / facts[0]["baseline"] == pytest.approx(0.8)


def test_examples_set_off_most_patterns() -> None:
    """Together the examples set off at least ten of the anti-patterns that rubrics look for."""
    found = {check.id for name in NAMES for check in score(name).checks}
    assert len(found & set(get_args(CheckName))) >= 10


def test_time_in_level_moves_nothing() -> None:
    """Another time in level leaves every score and every gap as it was."""
    packet = load_packet(FOLDER / "spm-b.yaml")
    content = packet.model_dump(mode="json")
    content["process"]["months_in_level"] = 400
    one, other = assess(packet), assess(parse_packet(content))
    assert (one.criteria, one.gaps) == (other.criteria, other.gaps)
    assert one.packet_digest != other.packet_digest
