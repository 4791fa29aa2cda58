"""What the fuzzer does with an input, done with the seeds, and with what it once found."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import pytest
from fuzz import packets
from fuzz.harnesses import HARNESSES, check_roads, read_file
from fuzz.packets import Choices, build_packet, build_rubric, check_scores, score_packet
from fuzz.run import list_flags, main, tell
from fuzz.seeds import list_seeds, list_words

from pmpromo import Assessment, assess, load_packet, parse_packet
from pmpromo.errors import DataError, Problem
from pmpromo.reading import yaml

if TYPE_CHECKING:
    from pathlib import Path

STEP: Final = 50
"""Of how many seeds one is read in the suite that everybody runs."""


@pytest.mark.parametrize("format_", HARNESSES)
def test_seeds_pass(format_: str) -> None:
    """What a reader answers to a sample of its seeds is as answers must be."""
    seeds = [*list_seeds(format_)]
    assert seeds
    for seed in seeds[::STEP]:
        HARNESSES[format_](seed)


@pytest.mark.slow
@pytest.mark.parametrize("format_", HARNESSES)
def test_all_seeds_pass(format_: str) -> None:
    """What a reader answers to every seed is as answers must be."""
    for seed in list_seeds(format_):
        HARNESSES[format_](seed)


@pytest.mark.parametrize("number", range(12))
def test_scores_keep_their_laws(number: int) -> None:
    """Packets built from bytes score between 0 and 1, nested, and stand when they are written."""
    score_packet(mix(number))


def test_choices_lead_to_packets() -> None:
    """Of forty inputs half become packets that are scored, with gaps, and with proofs."""
    kept = [found for number in range(40) if (found := try_to_score(mix(number)))]
    assert len(kept) >= 20
    assert any(each.gaps for each in kept)
    assert any(each.proven for each in kept)


def mix(number: int) -> bytes:
    """Bytes that look drawn by chance, the same everywhere."""
    return b"".join(hashlib.sha256(bytes([number, part])).digest() for part in range(12))


def try_to_score(data: bytes) -> Assessment | None:
    """The assessment of a packet built from bytes, if they make one."""
    choices = Choices(data)
    try:
        rubric = build_rubric(choices)
        return assess(parse_packet(build_packet(choices, rubric)), rubric)
    except ValueError:
        return None


def test_laws_see_a_wrong_score(monkeypatch: pytest.MonkeyPatch) -> None:
    """A total above what is possible is a finding."""
    assessment = assess(load_packet("examples/packets/spm-b.yaml"))
    check_scores(assessment)
    monkeypatch.setattr(packets, "list_ends", lambda _: [("total", 0.5, 0.4)])
    with pytest.raises(AssertionError, match="total"):
        check_scores(assessment)


def test_roads_that_part_are_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the quick road reads another value than the careful one, the harness fails."""
    monkeypatch.setattr(yaml, "read_values", lambda _: {"id": "other"})
    with pytest.raises(AssertionError):
        check_roads(b"id: p-1\n", "yaml")


def test_answers_that_are_not_safe_are_a_finding() -> None:
    """An error that repeats a control character fails the harness."""

    def refuse(_: Path) -> None:
        raise DataError([Problem("a", "\x1b[31m")])

    with pytest.raises(AssertionError):
        read_file("f.csv", refuse, b"")


def test_command_says_what_ran(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line tells how many inputs ran, how fast, what they reached, and whether any failed."""
    said = (
        "#9\tNEW    cov: 510 ft: 1391 corp: 109/9Kb lim: 8\n"
        "stat::number_of_executed_units: 200000\nstat::average_exec_per_sec:     336\n"
    )
    line = "case: 200000 inputs, 336 a second, 510 edges, 109 kept; "
    assert tell("case", said, 0) == f"{line}nothing found"
    assert tell("case", said, 77) == f"{line}something was found"
    monkeypatch.setattr("fuzz.run.run", lambda options: [*list_flags(options, options.corpus)])
    flags = main(["case", "--runs", "7", "--corpus", "/nowhere"])
    assert "-runs=7" in flags  # type: ignore[operator]


def test_words_are_those_of_the_files() -> None:
    """Keys and choices of packets are put into inputs of packets, of rubrics into rubrics."""
    assert {"ownership", "cross_functional"} <= {*list_words("packet-yaml")}
    assert {"must_have", "at_least"} <= {*list_words("rubric-json")}
