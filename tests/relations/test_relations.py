"""What must not change when the same packet is told, ordered, carried or counted another way.

Two thousand packets by number (tests/relations/made.py); sixty of them in the suite that everybody
runs, all of them with ``-m slow``. Floats are compared by their bytes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from cycles import KINDS, assess_all, score_bits
from relations import edits, golden
from relations.dice import Dice
from relations.made import make_case, read_made, read_rubric
from relations.seen import Seen, drop_words, rename, see, take_down

from pmpromo import (
    Assessment,
    ReadinessModel,
    assess,
    evidence_frame,
    fit_readiness,
    iter_packets,
    parse_packet,
)
from pmpromo.arrow import make_batch, score_batches
from pmpromo.batch.rows import describe
from pmpromo.batch.run import Places, score_file
from pmpromo.batch.task import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from strategies import Content

    from pmpromo import Packet

ROOT: Final = Path(__file__).parents[2]
GOLDEN: Final = ROOT / "tests" / "golden" / "relations-1.txt"
CHILD: Final = Path(golden.__file__)

A_FEW: Final = range(0, golden.COUNT, 33)
"""Sixty-one packets that go through all shipped rubrics and many made up: 33 leaves 5 by 7."""

SOME: Final = range(0, golden.COUNT, 66)
"""Half of them, where what is asked takes longer."""

CYCLES: Final = (*range(3, golden.COUNT, 140), *range(5, golden.COUNT, 280))
"""Two cycles: fifteen packets of one shipped rubric, and eight of one that is made up."""

GREGORIAN: Final = 146_097
"""Days in four hundred years, after which the calendar is the same again."""


def ask_of(few: Sequence[int]) -> pytest.MarkDecorator:
    """Ask of a few packets in the suite that everybody runs, and of all of them when asked to."""
    every = pytest.param(range(golden.COUNT), id="all", marks=pytest.mark.slow)
    return pytest.mark.parametrize("numbers", [pytest.param(few, id="few"), every])


@cache
def see_case(number: int) -> Seen:
    """What is said of a packet as it is."""
    return see(*make_case(number).read())


def see_edited(number: int, packet: Content) -> Seen:
    """What is said of an edited packet under the rubric of its number."""
    return see(parse_packet(packet), read_made(make_case(number).rubric["id"]))


def edit(number: int, how: Callable[[Dice, Content], Content]) -> Seen:
    """What is said of a packet after an edit."""
    return see_edited(number, how(Dice(number), make_case(number).packet))


# --- the packets themselves


def test_packets_are_of_every_kind() -> None:
    """They miss and meet the bar, and show every status, nature of a gap and many a check."""
    seen = [see_case(number) for number in A_FEW]
    assert {met for it in seen for met in [it.scores[1]]} == {True, False}
    statuses = {status for it in seen for _, _, status in it.scores[2]}
    assert statuses == {"met", "documentation_gap", "substance_gap", "no_evidence"}
    assert {gap[3] for it in seen for gap in it.gaps} == {"absent", "documentation", "substance"}
    assert len({check[0] for it in seen for check in it.checks}) > 10
    assert len({make_case(number).rubric["id"] for number in A_FEW}) > 15


def test_dice_fall_as_published() -> None:
    """The generator gives the numbers that its authors give for the seed 1234567."""
    dice = Dice(1234567)
    assert [dice.roll() for _ in range(3)] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
    ]


# --- told another way


@ask_of(A_FEW)
def test_order_changes_nothing(numbers: Sequence[int]) -> None:
    """Items, facts, voices, lists and keys in any order: the same scores, gaps and checks."""
    for number in numbers:
        assert edit(number, edits.reorder) == see_case(number), number


@ask_of(SOME)
def test_a_copy_adds_nothing(numbers: Sequence[int]) -> None:
    """Items told again under their achievement move no score and no gap."""
    for number in numbers:
        assert edit(number, edits.copy_items)[:2] == see_case(number)[:2], number


@ask_of(SOME)
def test_a_fact_stated_twice_adds_nothing(numbers: Sequence[int]) -> None:
    """A fact stated twice in one item moves no score, no gap, and nothing that is open."""
    for number in numbers:
        assert edit(number, edits.repeat_facts)[:3] == see_case(number)[:3], number


@ask_of(SOME)
def test_a_voice_heard_twice_adds_nothing(numbers: Sequence[int]) -> None:
    """A voice that says the same again without a name changes nothing at all."""
    for number in numbers:
        assert edit(number, edits.repeat_voices) == see_case(number), number


@ask_of(SOME)
def test_splitting_never_raises(numbers: Sequence[int]) -> None:
    """An achievement divided among several items has no end of any score higher than before."""
    for number in numbers:
        before, after = see_case(number), edit(number, edits.split_items)
        for old, new in zip(before.ends, after.ends, strict=True):
            assert new[0] <= old[0], number
            assert new[1] <= old[1], number


@ask_of(A_FEW)
def test_units_change_nothing(numbers: Sequence[int]) -> None:
    """Figures in any other unit that holds them exactly: the same, to what gaps tell of them.

    Where an item states one figure twice and both tie, which of the two is told may change.
    """
    changed = 0
    for number in numbers:
        packet = make_case(number).packet
        other = edits.change_units(Dice(number), packet)
        changed += edits.count_changed(packet, other)
        look = drop_words if edits.tells_a_figure_twice(packet) else Seen._make
        assert look(see_edited(number, other)) == look(see_case(number)), number
    assert changed > len(numbers)


@ask_of(SOME)
def test_words_and_people_change_no_score(numbers: Sequence[int]) -> None:
    """Names, titles, wording, tenure and process facts move no score, no gap, nothing open."""
    for number in numbers:
        assert edit(number, edits.reword)[:3] == see_case(number)[:3], number


@ask_of(SOME)
def test_days_count_from_each_other(numbers: Sequence[int]) -> None:
    """All days moved by as many days: the same in every year, and in another age."""
    for number in numbers:
        for days in (1 + number % 700, -365, GREGORIAN):
            moved = edits.shift(make_case(number).packet, days)
            assert see_edited(number, moved) == see_case(number), (number, days)


@ask_of(SOME)
def test_items_may_have_other_ids(numbers: Sequence[int]) -> None:
    """Other ids of items and achievements in the same order: the same under the other ids."""
    for number in numbers:
        packet, names = edits.rename_items(make_case(number).packet)
        expected = Seen._make(rename(part, names) for part in see_case(number))
        assert see_edited(number, packet)[:3] == expected[:3], number


@ask_of(SOME)
def test_criteria_may_have_other_ids(numbers: Sequence[int]) -> None:
    """Other ids of criteria in the same order: the same under the other ids."""
    for number in numbers:
        case = make_case(number)
        rubric, packet, names = edits.rename_criteria(case.rubric, case.packet)
        folded = {old.casefold(): new for old, new in names.items()}
        expected = Seen._make(rename(part, folded) for part in see_case(number))
        assert see(parse_packet(packet), read_rubric(rubric))[:3] == expected[:3], number


@ask_of(SOME)
def test_only_ratios_of_weights_matter(numbers: Sequence[int]) -> None:
    """All weights times one factor: the same."""
    for number in numbers:
        case = make_case(number)
        factor = Dice(number).pick(["3", "0.1", "12.5", "1000", "0.0007"])
        rubric = read_rubric(edits.scale_weights(case.rubric, factor))
        assert see(case.read()[0], rubric) == see_case(number), (number, factor)


# --- counted another way


def group(numbers: Sequence[int]) -> list[tuple[str, list[Packet]]]:
    """Packets by the id of their rubric."""
    cases = sorted((make_case(number) for number in numbers), key=lambda case: case.rubric["id"])
    return [
        (name, [case.read()[0] for case in found])
        for name, found in groupby(cases, key=lambda case: case.rubric["id"])
    ]


@ask_of(CYCLES)
@pytest.mark.parametrize("kind", KINDS)
def test_frames_say_what_assess_says(kind: str, numbers: Sequence[int]) -> None:
    """Packets of one rubric in a frame of any kind have the bits of each alone."""
    for name, packets in group(numbers):
        rubric = read_made(name)
        frame = KINDS[kind](evidence_frame(packets))
        assert score_bits(frame, rubric) == assess_all(packets, rubric, None), name


@ask_of(CYCLES)
def test_batches_say_what_assess_says(numbers: Sequence[int]) -> None:
    """Packets of one rubric in Arrow batches of three have the rows of each alone."""
    for name, packets in group(numbers):
        rubric = read_made(name)
        batches = [make_batch(packets[start : start + 3]) for start in range(0, len(packets), 3)]
        rows = [row for batch in score_batches(batches, rubric) for row in batch.to_pylist()]
        assert rows == [describe(assess(packet, rubric)) for packet in packets], name


@ask_of(SOME)
def test_threads_say_what_one_says(numbers: Sequence[int]) -> None:
    """Four threads that share rubrics say of each packet what one says."""
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda number: see(*make_case(number).read()), numbers))
    assert together == [see_case(number) for number in numbers]


@pytest.mark.parametrize("processes", [1, pytest.param(3, marks=pytest.mark.slow)])
@ask_of(CYCLES)
def test_files_say_what_assess_says(processes: int, numbers: Sequence[int], tmp_path: Path) -> None:
    """A file of JSON lines, in one process or three, has the row of each packet alone."""
    shipped = [(name, packets) for name, packets in group(numbers) if "/l" in name]
    packets = [packet for _, found in shipped for packet in found]
    source = tmp_path / "packets.jsonl"
    text = "".join(packet.model_dump_json() + "\n" for packet in packets)
    source.write_text(text, encoding="utf-8")
    places = Places(source, tmp_path / "scores.jsonl")
    score_file(places, Task(str(source)), processes=processes)
    rows = [json.loads(line) for line in places.scores.read_text("utf-8").splitlines()]
    expected = [json.dumps(describe(assess(packet)), default=date.isoformat) for packet in packets]
    assert rows == [{"line": n, **json.loads(row)} for n, row in enumerate(expected, 1)]
    again = [packet.model_dump() for packet in iter_packets(source)]
    assert again == [packet.model_dump() for packet in packets]


# --- kept and read again


@ask_of(SOME)
def test_what_is_saved_is_what_was_said(numbers: Sequence[int]) -> None:
    """Packet, rubric and result written as JSON and read again are the same, to the byte."""
    for number in numbers:
        packet, rubric = make_case(number).read()
        assert parse_packet(packet.model_dump_json()) == packet, number
        found = assess(packet, rubric)
        text = found.model_dump_json()
        again = Assessment.from_json(text)
        assert again == found, number
        assert again.model_dump_json() == text, number
        assert take_down(again) == see_case(number), number


def test_a_model_that_is_saved_forecasts_the_same() -> None:
    """A model fitted on these totals, written and read again, gives the same bits and bytes."""
    totals = [see_case(number).ends[0][0] for number in A_FEW]
    model = fit_readiness(totals, [total + n % 5 / 10 > 0.6 for n, total in enumerate(totals)])
    again = ReadinessModel.from_json(model.to_json())
    assert again.to_json() == model.to_json()
    before, after = model.predict(totals), again.predict(totals)
    for name in ("probability", "low", "high"):
        assert getattr(after, name).tobytes() == getattr(before, name).tobytes(), name


@ask_of(A_FEW)
def test_packets_say_what_they_said_when_written_down(numbers: Sequence[int]) -> None:
    """On every Python and every numpy: the packets, totals, scores and gaps that are on file."""
    known = GOLDEN.read_text(encoding="utf-8").splitlines()
    assert len(known) == golden.COUNT
    assert [*golden.write_lines(numbers)] == [known[number] for number in numbers]


# --- elsewhere

ELSEWHERE: Final = {
    "east": {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8"},
    "west": {"PYTHONHASHSEED": "2", "TZ": "America/Adak", "LC_ALL": "de_DE.UTF-8"},
    "plain": {
        "PYTHONHASHSEED": "77",
        "TZ": "Asia/Kathmandu",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
    },
}
"""Other hash seeds, time zones and locales."""

LATER: Final = pytest.mark.slow


@pytest.mark.parametrize(
    "around", ["east", pytest.param("west", marks=LATER), pytest.param("plain", marks=LATER)]
)
@ask_of(SOME)
def test_elsewhere_the_same_is_said(around: str, numbers: Sequence[int]) -> None:
    """A process with another hash seed, time zone and locale says the same of every packet."""
    known = GOLDEN.read_text(encoding="utf-8").splitlines()
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(CHILD), *map(str, numbers)],
        env={**os.environ, "PYTHONPATH": str(ROOT), **ELSEWHERE[around]},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert done.stdout.splitlines() == [known[number] for number in numbers]
