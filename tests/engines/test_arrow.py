"""Batches of packets: the bits of `assess`, whatever the batch, and a row for every packet."""

from __future__ import annotations

import json
import pickle
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import list_problems
from strategies import packets, read_packet, read_rubric, rubrics

from pmpromo import assess, fit_readiness, load_packet, load_rubric, parse_packet, shipped_rubrics
from pmpromo.arrow import (
    PACKET_SCHEMA,
    RESULT_DDL,
    RESULT_SCHEMA,
    make_batch,
    score,
    score_batches,
)
from pmpromo.arrow.shape import shape
from pmpromo.batch.rows import COLUMNS, describe
from pmpromo.errors import ModelError
from pmpromo.scoring.plan import make_plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hypothesis.strategies import DrawFn

    from pmpromo.packet import Packet
    from pmpromo.rubric import Rubric

RUBRIC: Final = load_rubric("pure-storage-pm/l3-l4")
DAY: Final = date(2026, 6, 30)


def write_row(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a row may hold
    """Return a row of a sound packet, with changes."""
    voice = {
        "relation": "manager",
        "by": "m-1",
        "same_report_line": None,
        "worked_on_it": True,
        "agrees": None,
        "point": 3,
        "fact": "aligns_functions",
    }
    facts = [
        {"behaviour": "aligns_functions", "point": 3},
        {
            "metric": "unit_arr_growth",
            "value": 16.5,
            "baseline": 11.0,
            "unit": "percent/year",
            "status": "realised",
            "period": "FY26",
        },
        {
            "artifact": "strategy_document",
            "sections": ["tam_sam_som"],
            "reviewers": [],
            "uri": "doc:88",
        },
    ]
    item = {
        "id": "work",
        "achievement": None,
        "ownership": "led",
        "started": date(2025, 3, 1),
        "ended": date(2026, 4, 30),
        "facts": facts,
        "support": [voice],
    }
    known = {"id": "p-1", "rubric": RUBRIC.id, "as_of": DAY, "evidence": [item]}
    return {**known, "candidate": "c-1", "declared_none": ["portfolio_pricing"], **changes}


def make_rows(*rows: dict[str, Any]) -> pa.RecordBatch:
    """Return a batch of rows."""
    return pa.RecordBatch.from_pylist([*rows], schema=PACKET_SCHEMA)


def score_all(*batches: pa.RecordBatch, **options: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return all rows that come of some batches."""
    options = {"rubric": RUBRIC, **options}
    return [row for batch in score_batches(batches, **options) for row in batch.to_pylist()]


def score_carefully(batch: pa.RecordBatch, **options: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return the rows that the careful road alone gives."""
    asked = {"rubric": RUBRIC, "as_of": None, "readiness": None, **options}
    shaped = shape(batch)
    return [
        score._score_row(shaped.slice(place, 1), score._Question(**asked))
        for place in range(batch.num_rows)
    ]


@st.composite
def cycles(draw: DrawFn) -> tuple[Rubric, list[Packet]]:
    """Draw a rubric and some packets written for it, each with an id of its own."""
    content = draw(rubrics())
    written = draw(st.lists(packets(content), min_size=1, max_size=5))
    return read_rubric(content), [
        read_packet({**each, "id": f"p-{place}"}) for place, each in enumerate(written)
    ]


# --- the bits of assess


@settings(max_examples=20)
@given(cycles(), st.sampled_from([1, 2, 7]), st.randoms(use_true_random=False))
def test_bits_are_those_of_assess(
    cycle: tuple[Rubric, list[Packet]],
    partitions: int,
    random: Any,  # noqa: ANN401
) -> None:
    """However packets are shuffled and cut into batches, each has the row that assess gives."""
    rubric, known = cycle
    shuffled = random.sample(known, len(known))
    parts = [make_batch(shuffled[place::partitions]) for place in range(partitions)]
    found = {row["packet_id"]: row for row in score_all(*parts, rubric=rubric)}
    assert found == {packet.id: describe(assess(packet, rubric)) for packet in known}


def test_quick_road_takes_what_is_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sound packet is scored as columns; the careful road is not asked."""
    expected = score_carefully(make_rows(write_row()))
    assert expected[0]["problems"] == []
    monkeypatch.setattr(score, "_score_row", None)
    assert score_all(make_rows(write_row())) == expected
    later = {"as_of": date(2026, 12, 31)}
    assert score_all(make_rows(write_row(as_of=None)), **later)[0]["as_of"] == later["as_of"]


def test_example_packets(monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config) -> None:
    """Every example packet has the bits of assess, read against the rubric that it names."""
    folder: Path = pytestconfig.rootpath / "examples" / "packets"
    known = [load_packet(path) for path in sorted(folder.glob("*.yaml"))]
    assert len({packet.rubric for packet in known}) > 3
    monkeypatch.setattr(score, "_score_row", None)
    assert score_all(make_batch(known), rubric=None) == [
        describe(assess(packet)) for packet in known
    ]


def test_rows_keep_their_order() -> None:
    """Sound packets, broken ones and those of other rubrics come out in the order they came in."""
    rows = [
        write_row(id=f"p-{place}", rubric=name)
        for place, name in enumerate([*shipped_rubrics(), None, "none/such", RUBRIC.id])
    ]
    found = score_all(make_rows(*rows), rubric=None)
    assert [row["packet_id"] for row in found] == [row["id"] for row in rows]
    assert [row["rubric_id"] for row in found] == [*shipped_rubrics(), None, None, RUBRIC.id]
    assert found == score_carefully(make_rows(*rows), rubric=None)


def test_equal_names_are_not_mixed_up() -> None:
    """Packets of one id are two packets, and so are their items."""
    other = write_row()
    other["evidence"][0]["ownership"] = "supported"
    both = score_all(make_rows(write_row(), other, write_row()))
    assert both[0] == both[2] != both[1]
    assert both == score_carefully(make_rows(write_row(), other, write_row()))


def test_large_batches_are_taken_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many packets a batch has, a few are scored at a time, and its rows are the same."""
    batch = make_rows(*(write_row(id=f"p-{place}") for place in range(7)))
    once = score_all(batch)
    monkeypatch.setattr(score, "PIECE", 3)
    sizes = []
    score_piece = score._score

    def count(piece: pa.RecordBatch, asked: Any) -> pa.RecordBatch:  # noqa: ANN401 - private
        sizes.append(piece.num_rows)
        return score_piece(piece, asked)

    monkeypatch.setattr(score, "_score", count)
    assert score_all(batch) == once
    assert sizes == [3, 3, 1]


def test_no_packets_give_no_rows() -> None:
    """A batch without rows gives one without rows, and no batches give none."""
    (scored,) = score_batches([make_batch([])], RUBRIC)
    assert (scored.num_rows, scored.schema) == (0, RESULT_SCHEMA)
    assert [*score_batches([], RUBRIC)] == []


# --- packets that are not sound


def change_item(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a row may hold
    """Return a row whose item is changed."""
    row = write_row()
    row["evidence"][0].update(changes)
    return row


def change_fact(place: int, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a row of which one fact is changed."""
    row = write_row()
    row["evidence"][0]["facts"][place].update(changes)
    return row


def change_voice(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a row whose voice is changed."""
    row = write_row()
    row["evidence"][0]["support"][0].update(changes)
    return row


ODD: Final[dict[str, Callable[[], dict[str, Any]]]] = {
    "no id": lambda: write_row(id=None),
    "bad id": lambda: write_row(id="a b"),
    "bad candidate": lambda: write_row(candidate="a b"),
    "bad rubric": lambda: write_row(rubric="a b"),
    "no day": lambda: write_row(as_of=None),
    "no evidence": lambda: write_row(evidence=None),
    "empty evidence": lambda: write_row(evidence=[]),
    "null item": lambda: write_row(evidence=[None]),
    "declares null": lambda: write_row(declared_none=[None]),
    "declares none": lambda: write_row(declared_none=["none"]),
    "declares nothing": lambda: write_row(declared_none=[]),
    "declares a stranger": lambda: write_row(declared_none=["sings"]),
    "item without id": lambda: change_item(id=None),
    "item with a bad id": lambda: change_item(id="a b"),
    "bad achievement": lambda: change_item(achievement="a|b"),
    "items of one id": lambda: write_row(
        evidence=[*write_row()["evidence"], {"id": "WORK", "facts": []}]
    ),
    "two items": lambda: write_row(
        evidence=[*write_row()["evidence"], {"id": "other", "achievement": "Work", "facts": None}]
    ),
    "unknown ownership": lambda: change_item(ownership="ledd"),
    "share": lambda: change_item(ownership=None, share=0.5),
    "share that is none": lambda: change_item(ownership=None, share=float("nan")),
    "share beside ownership": lambda: change_item(share=0.5),
    "future": lambda: change_item(ended=date(2026, 7, 31)),
    "future in progress": lambda: change_item(ended=date(2026, 7, 31), in_progress=True),
    "starts in the future": lambda: change_item(started=date(2026, 7, 31), ended=None),
    "over and in progress": lambda: change_item(in_progress=True),
    "no dates": lambda: change_item(started=None, ended=None, in_progress=None),
    "closed support": lambda: change_item(support=[]),
    "open support": lambda: change_item(support=None),
    "complete support": lambda: change_item(support_complete=True),
    "null voice": lambda: change_item(support=[None]),
    "null fact": lambda: change_item(facts=[None]),
    "fact of no kind": lambda: change_fact(0, behaviour=None),
    "fact of two kinds": lambda: change_fact(0, metric="unit_arr_growth"),
    "fact under another key": lambda: change_fact(0, behaviour="unit_arr_growth", point=None),
    "stranger": lambda: change_fact(0, behaviour="sings"),
    "protected fact": lambda: change_fact(0, behaviour="gender"),
    "point beyond": lambda: change_fact(0, point=9),
    "foreign field": lambda: change_fact(0, value=3.0),
    "foreign list": lambda: change_fact(0, sections=[]),
    "unknown value": lambda: change_fact(1, value=None),
    "value that is none": lambda: change_fact(1, value=float("nan")),
    "endless value": lambda: change_fact(1, baseline=float("inf")),
    "unknown unit": lambda: change_fact(1, unit="furlong"),
    "bad unit": lambda: change_fact(1, unit="a b"),
    "bad period": lambda: change_fact(1, period="a b"),
    "unknown status": lambda: change_fact(1, status="hoped"),
    "unknown sections": lambda: change_fact(2, sections=None),
    "section none": lambda: change_fact(2, sections=["none"]),
    "null section": lambda: change_fact(2, sections=[None, "tam_sam_som"]),
    "section with a bar": lambda: change_fact(2, sections=["a|b"]),
    "odd uri": lambda: change_fact(2, uri="doc:\u00e9"),
    "hidden uri": lambda: change_fact(2, uri="doc:\u202e"),
    "uri in blanks": lambda: change_fact(2, uri=" doc:88 "),
    "empty uri": lambda: change_fact(2, uri=""),
    "long uri": lambda: change_fact(2, uri="d" * 30_000),
    "no relation": lambda: change_voice(relation=None),
    "unknown relation": lambda: change_voice(relation="boss"),
    "marked relation": lambda: change_voice(relation="peer@"),
    "bad voice": lambda: change_voice(by="a b"),
    "bad fact of a voice": lambda: change_voice(fact="a b"),
    "voice beyond": lambda: change_voice(point=7),
    "voice without a point": lambda: change_voice(point=None),
    "voice of all": lambda: change_voice(fact=None),
    "voice that disputes": lambda: change_voice(agrees=False),
    "voice of the line": lambda: change_voice(same_report_line=True, relation="peer"),
    "voice that did not see": lambda: change_voice(worked_on_it=False),
    "voice of whom nobody knows": lambda: change_voice(worked_on_it=None),
    "own voice": lambda: change_voice(by="C-1", agrees=False, relation="peer", point=1),
}


@pytest.fixture(scope="module", params=[None, date(2026, 12, 31)], ids=["own day", "given day"])
def roads(request: pytest.FixtureRequest) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """What both roads say of each unusual packet, in one batch with sound ones."""
    rows = [make() for make in ODD.values()]
    batch = make_rows(write_row(), *rows, write_row())
    found = score_all(batch, as_of=request.param)
    assert [len(row["problems"]) for row in (found[0], found[-1])] == [0, 0]
    careful = score_carefully(batch, as_of=request.param)
    return dict(zip(ODD, zip(found[1:], careful[1:], strict=True), strict=False))


@pytest.mark.parametrize("case", ODD)
def test_both_roads_agree(
    case: str, roads: dict[str, tuple[dict[str, Any], dict[str, Any]]]
) -> None:
    """A packet that is unusual in any way has the row that the careful road gives it."""
    quick, careful = roads[case]
    assert quick == careful


def test_unusual_packets_are_not_all_alike() -> None:
    """Among the unusual ones there are refused packets, and different scores."""
    found = score_all(make_rows(*(make() for make in ODD.values())))
    refused = [row for row in found if row["problems"]]
    assert 30 < len(refused) < len(found) - 15
    assert len({row["proven"] for row in found}) > 8
    assert {tuple(row) for row in found} == {COLUMNS}
    empty = dict.fromkeys(COLUMNS) | {"criteria": []}
    for row in refused:
        told = {"packet_id": row["packet_id"], "problems": row["problems"]}
        assert row == empty | told


def test_refused_packet_is_told_as_in_a_file() -> None:
    """What is wrong with a packet is told by its path, in the words that a file would get."""
    row = score_all(make_rows(change_fact(0, behaviour="aligns_function")))[0]
    assert row["packet_id"] == "p-1"
    assert row["problems"] == [
        {
            "path": "evidence[0].facts[0].behaviour",
            "message": "is no behaviour of the ladder",
            "hint": "did you mean 'aligns_functions'?",
            "code": "unknown_name",
        }
    ]


@pytest.mark.parametrize("days", [-800_000, 3_000_000])
@pytest.mark.parametrize("name", ["as_of", "started"])
def test_days_beyond_the_calendar(days: int, name: str) -> None:
    """A day that no calendar has is a problem of its packet, and of no other."""
    odd = pa.array([days], pa.int32()).cast(pa.date32())
    batch = make_rows(write_row())
    if name == "as_of":
        batch = batch.set_column(3, "as_of", odd)
    else:
        items = batch["evidence"].values.flatten()
        names = [*PACKET_SCHEMA.field("evidence").type.value_type]
        parts = [
            odd if each.name == name else part for each, part in zip(names, items, strict=True)
        ]
        lists = pa.ListArray.from_arrays([0, 1], pa.StructArray.from_arrays(parts, fields=names))
        batch = batch.set_column(4, "evidence", lists)
    found = score_all(pa.concat_batches([batch, make_rows(write_row())]))
    assert [len(row["problems"]) for row in found] == [1, 0]
    assert found[0]["problems"][0]["message"] == "holds a day beyond the calendar"


# --- what a batch may look like


def enlarge(kind: Any) -> Any:  # noqa: ANN401 - a type of pyarrow
    """Return the kind that other engines have for the same values."""
    if pa.types.is_list(kind):
        return pa.large_list(enlarge(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([(each.name, enlarge(each.type)) for each in kind])
    return {pa.string(): pa.large_string(), pa.int64(): pa.int8()}.get(kind, kind)


def test_kinds_of_other_engines_are_brought_over() -> None:
    """Large text and lists, small numbers, codes and slices hold the same packets."""
    batch = make_rows(write_row(id="before"), write_row(), ODD["own voice"]())
    expected = score_all(batch)
    large = batch.cast(pa.schema([(each.name, enlarge(each.type)) for each in PACKET_SCHEMA]))
    assert large.schema != batch.schema
    assert score_all(large) == expected
    assert score_all(batch.slice(1)) == expected[1:]
    coded = large.set_column(0, "id", batch["id"].dictionary_encode())
    assert score_all(coded) == expected
    nothing = make_rows(write_row(candidate=None))
    assert score_all(nothing.set_column(1, "candidate", pa.nulls(1))) == score_all(nothing)


def test_fields_that_a_batch_lacks_are_missing() -> None:
    """A batch of few fields scores; a voice of which nothing is said saw the work, as in a file."""
    item = {
        "id": "work",
        "ownership": "led",
        "in_progress": True,
        "facts": [{"behaviour": "aligns_functions", "point": 3}],
        "support": [{"relation": "peer"}],
    }
    content = {"id": "p-1", "evidence": [item]}
    (row,) = score_all(pa.RecordBatch.from_pylist([content]), as_of=DAY)
    titled = {**content, "evidence": [{**item, "title": "Work"}]}
    assert row == describe(assess(parse_packet(titled), RUBRIC, as_of=DAY))
    assert row["proven"] > score_all(make_rows(content), as_of=DAY)[0]["proven"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"id": "p"}, ["evidence: this column is missing"]),
        (
            {"id": "p", "evidence": [], "gender": "f", "evidnce": []},
            [
                "gender: refused: ",
                "evidnce: is no field of a packet; did you mean 'evidence'?",
            ],
        ),
        (
            {"id": 5, "evidence": [{"id": "e", "facts": [{"metrc": "arr", "value": "x"}]}]},
            [
                "id: holds int64, not string; cast it",
                "evidence[].facts[].metrc: is no field of a packet; did you mean 'metric'?",
                "evidence[].facts[].value: holds string, not double; cast it",
            ],
        ),
    ],
)
def test_batches_of_another_kind_are_refused(row: dict[str, Any], told: list[str]) -> None:
    """All that is wrong with the columns of a batch is told at once, with its path."""
    said = list_problems(lambda: score_all(pa.RecordBatch.from_pylist([row])))
    assert len(said) == len(told)
    for each, start in zip(said, told, strict=True):
        assert each.startswith(start)


# --- models


def test_model_forecasts() -> None:
    """A fitted model forecasts each packet as it does for assess, on both roads."""
    model = fit_readiness([0.1, 0.2, 0.4, 0.6], [0, 0, 1, 1], rubric=RUBRIC)
    batch = make_rows(write_row(), write_row(id="a", candidate=None), ODD["odd uri"]())
    found = score_all(batch, readiness=model)
    assert [row["n_decisions"] for row in found] == [4, 4, 4]
    assert found == score_carefully(batch, readiness=model)


def test_model_of_other_scoring_is_refused() -> None:
    """A model of another rubric is refused at once, or packet by packet where they name theirs."""
    model = fit_readiness([0.1, 0.2, 0.4, 0.6], [0, 0, 1, 1], rubric=RUBRIC)
    other = load_rubric("pure-storage-pm/l1-l2")
    with pytest.raises(ModelError):
        score_all(make_rows(write_row()), rubric=other, readiness=model)
    batch = make_rows(write_row(), write_row(id="p-2", rubric=other.id))
    found = score_all(batch, rubric=None, readiness=model)
    assert [bool(row["problems"]) for row in found] == [False, True]
    assert found == score_carefully(batch, rubric=None, readiness=model)


# --- what travels


@pytest.mark.parametrize("name", shipped_rubrics())
def test_rubric_pickles_small(name: str) -> None:
    """A rubric travels in at most 20 kB, and scores the same when it arrives."""
    rubric = load_rubric(name)
    packed = pickle.dumps(rubric)
    again = pickle.loads(packed)  # noqa: S301 - our own
    assert len(packed) <= 20_000
    assert again == rubric
    assert (again.digest, again.scoring_digest) == (rubric.digest, rubric.scoring_digest)
    assert len(make_plan(again).asked) == len(make_plan(rubric).asked)


def test_schema_is_declared_for_spark() -> None:
    """The declaration names every column with its type, lists and structs spelt out."""
    assert RESULT_DDL.startswith("packet_id STRING, rubric_id STRING, rubric_version STRING,")
    assert "as_of DATE, proven DOUBLE" in RESULT_DDL
    assert "met BOOLEAN, probability DOUBLE" in RESULT_DDL
    assert "n_decisions BIGINT, if_documented ARRAY<DOUBLE>, criteria ARRAY<STRUCT<" in RESULT_DDL
    assert RESULT_DDL.endswith(
        "problems ARRAY<STRUCT<path: STRING, message: STRING, hint: STRING, code: STRING>>"
    )
    assert tuple(RESULT_SCHEMA.names) == COLUMNS


def test_rows_of_batches_are_those_of_files() -> None:
    """A row of a batch is the row that `pmpromo batch` writes, but for the number of its line."""
    row = score_all(make_rows(write_row()))[0]
    assert json.loads(json.dumps(row, default=str))["as_of"] == "2026-06-30"
    assert [*row] == [*COLUMNS]
