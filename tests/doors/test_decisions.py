"""Files of past decisions: what the committee did, on what, each problem at its line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import pandas as pd
import pytest

from pmpromo import assess, evidence_frame, load_packet, load_rubric
from pmpromo.decisions import read_decisions, read_scores
from pmpromo.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pmpromo import Packet, Rubric

    Put = Callable[[str], Path]

RUBRIC: Final = load_rubric("pure-storage-pm/l3-l4")
HIGHER: Final = load_rubric("pure-storage-pm/l4-l5")
EVIDENCE: Final = "packet_id,evidence_id,fact,promoted"
NAMES: Final = [criterion.id for criterion in RUBRIC.criteria]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Write a text into a file of decisions."""

    def write(text: str) -> Path:
        path = tmp_path / "d.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def complain(
    path: Path, rubrics: Rubric | dict[str, Rubric] = RUBRIC, group: str | None = None
) -> list[str]:
    """Return what is said of a file, a line a problem, without the folder."""
    with pytest.raises(DataError) as caught:
        read_decisions(path, rubrics, group=group)
    return [line.rpartition("/")[2] for line in str(caught.value).splitlines()]


def test_scores_are_read(put: Put) -> None:
    """One row a decision: score, outcome, id and line of each; other columns are let alone."""
    found = read_decisions(put("packet_id,note,proven,promoted\na,x,0.25,0\n\nb,y,1,1\n"), RUBRIC)
    assert found.scores.values == (0.25, 1.0)
    assert (found.scores.score_source, found.scores.packet_ids) == ("proven", ("a", "b"))
    assert (found.promoted, found.groups, found.lines) == ((0, 1), None, (2, 4))


def test_scores_need_no_ids(put: Put) -> None:
    """Scores and outcomes alone are a history."""
    assert read_decisions(put("proven,promoted\n0.5,1\n"), RUBRIC).scores.packet_ids is None


def test_long_ratings_are_one_decision_a_packet(put: Put) -> None:
    """Rows of one packet are one decision: threes everywhere are 0.75, fours 1."""
    rows = [
        f"{packet},{name},anna,{rating},{rating - 3}"
        for name in NAMES
        for packet, rating in (("a", 3), ("b", 4))
    ]
    text = "\n".join(["packet_id,criterion,rater_id,rating,promoted", *rows])
    found = read_decisions(put(text), RUBRIC)
    assert (found.scores.values, found.scores.score_source) == ((0.75, 1.0), "ratings")
    assert (found.promoted, found.lines) == ((0, 1), (2, 3))


def test_wide_ratings_are_read(put: Put) -> None:
    """One column a criterion: threes everywhere are 0.75."""
    text = f"packet_id,promoted,{','.join(NAMES)}\na,1,{','.join('3' for _ in NAMES)}\n"
    assert read_decisions(put(text), RUBRIC).scores.values == (0.75,)


def test_transitions_have_rubrics_of_their_own(put: Put) -> None:
    """Each transition's ratings are weighed by its own rubric, and rows keep their order."""
    rows = [
        f"{packet},{step},{criterion.id},anna,{rating},1"
        for packet, step, rubric, rating in (("a", "up", HIGHER, 4), ("b", "low", RUBRIC, 3))
        for criterion in rubric.criteria
    ]
    text = "\n".join(["packet_id,step,criterion,rater_id,rating,promoted", *rows])
    found = read_decisions(put(text), {"low": RUBRIC, "up": HIGHER, "none": RUBRIC}, group="step")
    assert found.scores.values == (1.0, 0.75)
    assert found.groups == ("up", "low")


def test_every_bad_cell_is_named_with_its_line(put: Put) -> None:
    """Scores, outcomes, ids and transitions that are none: all at once, each at its line."""
    path = put(
        "packet_id,step,proven,promoted\na,x,0.5,yes\nb,y,50,1\na,x,,0\nc,x,nope,1\nd,x,.nan,1\n"
    )
    assert complain(path, {"x": RUBRIC}, "step") == [
        "d.csv:2:1: promoted: neither 0 nor 1; write 1 for promoted, 0 for not promoted",
        "d.csv:3:1: step: no rubric was given for this one; the rubrics given are for x",
        "d.csv:3:1: proven: no number within 0..1; give shares, not percent",
        "d.csv:4:1: proven: no number within 0..1; give shares, not percent",
        "d.csv:5:1: proven: no number within 0..1; give shares, not percent",
        "d.csv:6:1: proven: no number within 0..1; give shares, not percent",
        "d.csv:4:1: packet_id: stands in line 2 too; give each decision an id of its own",
    ]


def test_rows_of_one_packet_agree(put: Put) -> None:
    """A packet that is promoted in one row and not in another is named."""
    text = f"packet_id,criterion,rating,promoted\na,{NAMES[0]},3,1\na,{NAMES[1]},3,0\n"
    assert complain(put(text)) == [
        "d.csv:3:1: promoted: differs from line 2, of the same packet; say the same in every row"
    ]


def test_bad_ratings_are_led_to_their_lines(put: Put) -> None:
    """A rating out of range and an unknown criterion are named at their lines."""
    text = f"packet_id,criterion,rating,promoted\na,{NAMES[0]},5,1\na,{NAMES[1]}x,3,1\n"
    assert [line.partition(";")[0] for line in complain(put(text))] == [
        "d.csv:2:1: rating: is no rating within 0..4",
        "d.csv:3:1: criterion: is no criterion of the rubric",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("proven,promotd\n0.5,1\n", "d.csv: promoted: no such column; did you mean 'promotd'?"),
        ("rating,promoted\n3,1\n", "d.csv: packet_id: no such column"),
        ("packet_id,promoted\na,1\n", f"d.csv: {NAMES[0]}: no such column; wide ratings have"),
    ],
)
def test_missing_columns_are_named(put: Put, text: str, said: str) -> None:
    """A file without outcomes, ids or any scores says which columns it lacks."""
    assert complain(put(text))[0].startswith(said)


@pytest.mark.parametrize(("rubric", "group"), [(RUBRIC, "step"), ({"x": RUBRIC}, None)])
def test_rubrics_go_with_a_group_column(
    put: Put, rubric: Rubric | dict[str, Rubric], group: str | None
) -> None:
    """A mapping needs the column that holds its names, and a column needs the mapping."""
    path = put("step,proven,promoted\nx,0.5,1\n")
    assert complain(path, rubric, group)[0].startswith("group: does not go with the rubrics given")


def test_a_cycle_is_read(put: Put) -> None:
    """The proven totals of current candidates are read without outcomes, and checked alike."""
    assert read_scores(put("proven\n0.5\n0.75\n")).values == (0.5, 0.75)
    with pytest.raises(DataError, match=r"d.csv:2:1: proven: no number within 0..1"):
        read_scores(put("proven\n1e999\n"))
    with pytest.raises(DataError, match="proven: no such column"):
        read_scores(put("score\n0.5\n"))


def write_evidence(*packets: tuple[Packet, str, int, str]) -> str:
    """Return the long evidence of packets as CSV, each with day, outcome and transition."""
    frames = []
    for packet, day, promoted, step in packets:
        frame = evidence_frame([packet]).drop(columns=["as_of", "transition"])
        told = {"step": step} if step else {}
        frames.append(frame.assign(decided_on=day, promoted=promoted, **told))
    return str(pd.concat(frames).to_csv(index=False))


def test_evidence_is_read_as_of_each_decision(put: Put) -> None:
    """Each packet of an evidence file has the bits of assess at its own day, by its own rubric."""
    strong, weak, other = (
        load_packet(f"examples/packets/{name}.yaml")
        for name in ("strong-l3-l4", "weak-l3-l4", "strong-l4-l5")
    )
    text = write_evidence(
        (weak, "2027-01-31", 0, "L3 -> L4"),
        (other, "2026-06-30", 1, "L4 -> L5"),
        (strong, "2026-12-31", 1, "L3 -> L4"),
    )
    found = read_decisions(put(text), {"L3 -> L4": RUBRIC, "L4 -> L5": HIGHER}, group="step")
    assert found.scores.values == (
        assess(weak, RUBRIC, as_of=date(2027, 1, 31)).proven,
        assess(other, HIGHER, as_of=date(2026, 6, 30)).proven,
        assess(strong, RUBRIC, as_of=date(2026, 12, 31)).proven,
    )
    assert (found.promoted, found.groups) == ((0, 1, 1), ("L3 -> L4", "L4 -> L5", "L3 -> L4"))
    assert found.scores.packet_ids == (weak.id, other.id, strong.id)


def test_one_rubric_reads_all_evidence(put: Put) -> None:
    """Without a group column the one rubric reads every packet."""
    weak = load_packet("examples/packets/weak-l3-l4.yaml")
    found = read_decisions(put(write_evidence((weak, "2026-06-30", 0, ""))), RUBRIC)
    assert found.scores.values == (assess(weak, RUBRIC, as_of=date(2026, 6, 30)).proven,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"{EVIDENCE},decided_on\na,x,nope,1,2026-01-01\nb,x,aligns_functions,1,soon\n",
            ["d.csv:2:1: fact: is no fact of the ladder", "d.csv:3:1: decided_on: is no date"],
        ),
        (
            f"{EVIDENCE}\na,x,aligns_functions,1\n",
            ["d.csv: decided_on: no such column"],
        ),
        (
            f"{EVIDENCE},decided_on,owership\na,x,f,1,2026-01-01,led\n",
            ["owership: is no column of evidence"],
        ),
    ],
)
def test_bad_evidence_is_led_to_its_lines(put: Put, text: str, said: list[str]) -> None:
    """Facts, days and columns that are none are named, cells at their lines."""
    assert [line.partition(";")[0] for line in complain(put(text))] == said
