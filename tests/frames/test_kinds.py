"""Every kind of frame goes in and comes out, whatever holds its cells, and also when empty."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from cycles import KINDS, list_rows, score_bits, take_frame_bits

from pmpromo import (
    Packet,
    ScoredFrame,
    evidence_frame,
    fit_readiness,
    load_packet,
    load_rubric,
    score_frame,
)
from pmpromo.errors import DataError, ModelError
from pmpromo.frame import scored as scored_module
from pmpromo.readiness import default_readiness

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pmpromo import Rubric

EXAMPLES: Final = Path(__file__).parents[2] / "examples" / "packets"
AS_OF: Final = date(2026, 6, 30)
RESULTS: Final[dict[str, Mapping[str, Any]]] = {
    "scores": scored_module.SCORES,
    "criteria": scored_module.CRITERIA,
    "gaps": scored_module.GAPS,
    "problems": scored_module.PROBLEMS,
}


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    """The rubric of the packet that everyone knows."""
    return load_rubric("pure-storage-pm/l3-l4")


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """Three packets of one step as a pandas frame; one bad cell is nowhere in it."""
    names = ("spm-a", "spm-b", "strong-l3-l4")
    return evidence_frame([load_packet(EXAMPLES / f"{name}.yaml") for name in names])


@pytest.fixture(scope="module")
def bits(frame: pd.DataFrame, rubric: Rubric) -> dict[str, Any]:
    """The scores of the three packets."""
    return score_bits(frame, rubric)


def read_schema(native: Any) -> dict[str, Any]:  # noqa: ANN401 - any kind of frame
    """Return the columns of a frame with their types."""
    return dict(nw.from_native(native).collect_schema())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [0, 1, 400])
def test_same_kind_and_types(kind: str, count: int, frame: pd.DataFrame, rubric: Rubric) -> None:
    """All four results are of the kind that was given, with the same columns and types."""
    given = KINDS[kind](frame.head(count))
    result = score_frame(given, rubric, as_of="as_of")
    for name, schema in RESULTS.items():
        native = getattr(result, name)
        assert type(native) is type(given)
        assert read_schema(native) == {column: dtype() for column, dtype in schema.items()}, name


@pytest.mark.parametrize("kind", KINDS)
def test_problems_in_every_kind(kind: str, frame: pd.DataFrame, rubric: Rubric) -> None:
    """A bad cell is told alike in every kind of frame."""
    spoilt = frame.copy()
    spoilt.loc[3, "status"] = "boss"
    [told] = list_rows(score_frame(KINDS[kind](spoilt), rubric, as_of="as_of").problems)
    assert (told["row"], told["column"], told["found"]) == ("3", "status", "boss")


def test_relations_stay_in_their_connection(frame: pd.DataFrame, rubric: Rubric) -> None:
    """A duckdb result can be joined with tables of the connection that its evidence came from."""
    connection = duckdb.connect()
    table = pa.Table.from_pandas(frame, preserve_index=False)
    connection.register("table_of_rows", table)
    connection.execute("CREATE TABLE rows AS SELECT * FROM table_of_rows")
    connection.execute("CREATE TABLE teams AS SELECT 'spm-b-2026h1' AS packet_id, 'flash' AS team")
    scores = score_frame(connection.table("rows"), rubric, as_of="as_of").scores
    scores.create("scores")
    found = connection.sql("SELECT team FROM scores JOIN teams USING (packet_id)").fetchall()
    assert found == [("flash",)]


def test_lazy_polars(frame: pd.DataFrame, rubric: Rubric, bits: dict[str, Any]) -> None:
    """A lazy polars frame gives lazy frames."""
    result = score_frame(KINDS["polars"](frame).lazy(), rubric, as_of="as_of")
    assert isinstance(result.scores, pl.LazyFrame)
    assert take_frame_bits(result) == bits


def as_categories(frame: pd.DataFrame) -> pd.DataFrame:
    """Make every column of text a categorical."""
    return frame.astype({name: "category" for name in frame if frame[name].dtype == "string"})


def as_dictionaries(frame: pd.DataFrame) -> pa.Table:
    """Make every column of text a dictionary, in two chunks that know other words."""
    tables = [KINDS["pyarrow"](part) for part in (frame.iloc[:20], frame.iloc[20:])]
    coded = [
        pa.table(
            {
                name: column.dictionary_encode()
                if pa.types.is_large_string(column.type) or pa.types.is_string(column.type)
                else column
                for name, column in zip(table.column_names, table.columns, strict=True)
            }
        )
        for table in tables
    ]
    return pa.concat_tables(coded)


def as_enums(frame: pd.DataFrame) -> pl.DataFrame:
    """Make columns of text categoricals and enums."""
    table: pl.DataFrame = KINDS["polars"](frame)
    words = [name for name, kind in table.schema.items() if kind == pl.String]
    enums = {
        name: pl.Enum(table[name].drop_nulls().unique().to_list())
        for name in ("ownership", "fact", "status")
    }
    return table.with_columns(pl.col(words).cast(pl.Categorical)).with_columns(
        pl.col(name).cast(pl.String).cast(kind) for name, kind in enums.items()
    )


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Write every cell as text, as a CSV file does; what is unknown is empty."""
    told = frame.copy()
    for name in ("started", "ended", "as_of"):
        told[name] = told[name].dt.strftime("%Y-%m-%d")
    for name in ("support_complete", "in_progress"):
        told[name] = told[name].map({True: "true", False: "false"})
    return told.astype(object).where(told.notna(), "").map(str)


def as_lists(frame: pd.DataFrame) -> pl.DataFrame:
    """Make lists of cells that hold several names."""
    table: pl.DataFrame = KINDS["polars"](frame)
    names = ["sections", "reviewers", "support", "declared_none"]
    return table.with_columns(
        pl.when(pl.col(name) == "none")
        .then(pl.lit([], dtype=pl.List(pl.String)))
        .otherwise(pl.col(name).str.split("|"))
        .alias(name)
        for name in names
    )


def as_objects(frame: pd.DataFrame) -> pd.DataFrame:
    """Hold every cell as a Python object, lists as lists and as arrays."""
    told = frame.astype(object).where(frame.notna(), None)
    for name in ("started", "ended", "as_of"):
        told[name] = [None if pd.isna(day) else day.date() for day in frame[name]]
    split = [
        None if cell is None or cell == "none" else cell.split("|") for cell in told["support"]
    ]
    lists: list[list[str] | None] = [
        [] if cell == "none" else parts for cell, parts in zip(told["support"], split, strict=True)
    ]
    told["support"] = pd.Series(lists, dtype=object)
    told["sections"] = pd.Series(
        [
            None if cell is None else np.array(cell.split("|"), dtype=object)
            for cell in told["sections"]
        ],
        dtype=object,
    )
    told["support_complete"] = pd.Series(
        [np.bool_(flag) for flag in told["support_complete"]], dtype=object
    )
    told["point"] = frame["point"].astype("Int64")
    told["value"] = pd.Series(
        [None if pd.isna(value) else Decimal(str(value)) for value in frame["value"]], dtype=object
    )
    return told


FORMS: Final[dict[str, Callable[[pd.DataFrame], Any]]] = {
    "categories": as_categories,
    "dictionaries": as_dictionaries,
    "enums": as_enums,
    "text": as_text,
    "lists": as_lists,
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_cells(
    form: str, frame: pd.DataFrame, rubric: Rubric, bits: dict[str, Any]
) -> None:
    """Codes, text and lists are three ways to write the same thing."""
    assert score_bits(FORMS[form](frame), rubric) == bits


def test_objects(frame: pd.DataFrame, rubric: Rubric, bits: dict[str, Any]) -> None:
    """Python objects are read one by one; a Decimal is no number that JSON would give."""
    told = as_objects(frame)
    assert score_bits(told.drop(columns="value").join(frame["value"]), rubric) == bits
    messages = {
        row["message"] for row in list_rows(score_frame(told, rubric, as_of="as_of").problems)
    }
    assert messages == {"is no number; write it with digits and a point, such as 16.5"}


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (datetime(2026, 5, 1, 12, tzinfo=UTC), "2026-05-01 12:00:00+00:00"),
        ({"a": 1}, "dict"),
        (1, "1"),
    ],
)
def test_odd_days(cell: object, found: str, rubric: Rubric) -> None:
    """A moment is no day, nor is a mapping or a number; one of midnight is."""
    row = {"packet_id": "p", "evidence_id": "e", "fact": None}
    frame = pd.DataFrame([row, {**row, "packet_id": "q"}])
    frame["ended"] = pd.Series([cell, pd.Timestamp("2026-05-01")], dtype=object)
    [told] = list_rows(score_frame(frame, rubric, as_of=AS_OF).problems)
    assert (told["packet_id"], told["found"]) == ("p", found)


def test_lists_that_hold_themselves(rubric: Rubric) -> None:
    """A list inside a list, itself or another, is told by its type."""
    inside: list[object] = ["peer"]
    inside.append(inside)
    row = {"packet_id": "p", "evidence_id": "e", "fact": None}
    frame = pd.DataFrame([row])
    frame["support"] = pd.Series([inside], dtype=object)
    [told] = list_rows(score_frame(frame, rubric, as_of=AS_OF).problems)
    assert told["found"] == "('peer', list)"
    assert told["message"] == "is no list of names; write names with | between them, or none"


def test_without_the_library_that_reads_relations(
    rubric: Rubric, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relation needs pyarrow; where that is missing the error says so."""

    def miss(*_: object, **__: object) -> None:
        raise ModuleNotFoundError

    monkeypatch.setattr(nw.LazyFrame, "collect", miss)
    with pytest.raises(
        DataError, match="evidence: cannot be read without pyarrow; install pyarrow"
    ):
        score_frame(duckdb.sql("SELECT 'p' AS packet_id"), rubric, as_of=AS_OF)


def test_moments_and_far_days(rubric: Rubric) -> None:
    """A column of moments holds days only at midnight; days that no calendar holds are told."""
    row = {"packet_id": "p", "evidence_id": "e", "fact": None}
    noon = pd.DataFrame({**row, "ended": [pd.Timestamp("2026-05-01 12:00")]})
    zoned = pd.DataFrame({**row, "ended": [pd.Timestamp("2026-05-01", tz="UTC")]})
    for frame in (noon, zoned):
        [told] = list_rows(score_frame(frame, rubric, as_of=AS_OF).problems)
        assert told["message"] == "is no date; write it as YYYY-MM-DD, without time or zone"
    far = pl.DataFrame({"packet_id": ["p"], "evidence_id": ["e"], "fact": ["aligns_functions"]})
    far = far.with_columns(ended=pl.lit(5_000_000, dtype=pl.Int32).cast(pl.Date))
    [told] = list_rows(score_frame(far, rubric, as_of=AS_OF).problems)
    assert told["found"] == "day 5000000"


@pytest.mark.parametrize("kind", KINDS)
def test_packets_that_occur(kind: str, rubric: Rubric) -> None:
    """Packets come in the order of their rows; a category without a row is no packet."""
    rows = pd.DataFrame(
        {
            "packet_id": pd.Categorical(["p-10", "p-1", "p-9", None, "p-10"]),
            "evidence_id": list("abcde"),
            "fact": ["aligns_functions"] * 5,
        }
    )
    given = KINDS[kind](rows[rows["packet_id"] != "p-1"])
    scored = score_frame(given, rubric, as_of=AS_OF)
    assert [row["packet_id"] for row in list_rows(scored.scores)] == ["p-10", "p-9"]
    assert [row["column"] for row in list_rows(scored.problems)] == ["packet_id"]
    named = score_frame(given, rubric, as_of=AS_OF, packets=["p-9", "p-2", "p-10"])
    assert [row["packet_id"] for row in list_rows(named.scores)] == ["p-9", "p-2", "p-10"]


@pytest.mark.parametrize(
    "names",
    [
        pd.Series(["p-1", "p-2"]),
        pl.Series(["p-1", "p-2"]),
        pa.array(["p-1", "p-2"]),
        np.array(["p-1", "p-2"], dtype=object),
        ("p-1", "p-2"),
    ],
    ids=lambda names: type(names).__module__,
)
def test_packets_of_every_kind(names: Any, rubric: Rubric) -> None:  # noqa: ANN401
    """Ids of packets come as a column of any library; without evidence all score nothing."""
    empty = pd.DataFrame({"packet_id": [], "evidence_id": [], "fact": []})
    result = score_frame(empty, rubric, as_of=AS_OF, packets=names)
    assert [(row["packet_id"], row["possible"]) for row in list_rows(result.scores)] == [
        ("p-1", 0.0),
        ("p-2", 0.0),
    ]


def test_a_fitted_model(frame: pd.DataFrame, rubric: Rubric) -> None:
    """Forecasts are those of the model given, of the transition that it was fitted on."""
    scores, promoted = [0.2, 0.4, 0.6, 0.8] * 10, [0, 0, 1, 1] * 10
    grouped = fit_readiness(scores, promoted, rubric={"L3-L4": rubric}, groups=["L3-L4"] * 40)
    rows = list_rows(score_frame(frame, rubric, as_of="as_of", readiness=grouped).scores)
    assert [row["probability"] for row in rows] == [
        grouped.predict_one(row["proven"], "L3-L4")[0] for row in rows
    ]
    assert {(row["basis"], row["n_decisions"]) for row in rows} == {("fitted", 40)}
    other = fit_readiness(scores, promoted, rubric=load_rubric("pure-storage-pm/l2-l3"))
    with pytest.raises(ModelError, match="fitted on the scoring of pure-storage-pm/l2-l3"):
        score_frame(frame, rubric, as_of="as_of", readiness=other)


def test_summary(frame: pd.DataFrame, rubric: Rubric) -> None:
    """The summary counts, ranks nobody, and fits 80 columns."""
    spoilt = frame.copy()
    spoilt.loc[3, ["status", "period"]] = "a boss"
    result = score_frame(spoilt, rubric, as_of="as_of")
    told = str(result).splitlines()
    assert told == [
        "Scored 2 packets. Nobody is ranked; each stands against the bar.",
        "pure-storage-pm/l3-l4, bar 0.75: 2 packets",
        "          1  meet the bar",
        "          1  could, if what is unknown came out at its best",
        "          0  fall short of it",
        "Not scored: 1 packet with 2 bad cells; see .problems.",
        "No past decisions stand behind the forecasts: basis 'prior'.",
    ]
    assert repr(result) == str(result)
    model = fit_readiness([0.2, 0.4, 0.6, 0.8] * 10, [0, 0, 1, 1] * 10)
    fitted = score_frame(frame, rubric, as_of="as_of", readiness=model)
    assert str(fitted).endswith("The forecasts rest on 40 past decisions.")


def test_results_do_not_change(frame: pd.DataFrame, rubric: Rubric) -> None:
    """A scored frame is frozen, and makes each of its frames once."""
    result = score_frame(frame, rubric, as_of="as_of")
    assert isinstance(result, ScoredFrame)
    assert result.scores is result.scores
    with pytest.raises(AttributeError):
        result.scores = None


def test_gaps_of_some(frame: pd.DataFrame, rubric: Rubric) -> None:
    """Gaps of named packets come in the order of the names; a name not scored is refused."""
    result = score_frame(frame, rubric, as_of="as_of")
    rows = list_rows(result.find_gaps(["strong-l3-l4-2026h1", "spm-a-2026h1"]))
    names = [row["packet_id"] for row in rows]
    assert list(dict.fromkeys(names)) == ["strong-l3-l4-2026h1", "spm-a-2026h1"]
    with pytest.raises(DataError, match=r"packets\[0\]: was not scored; did you mean 'spm-a"):
        result.find_gaps(["spm-a-2026h2"])


def test_evidence_of_no_packet() -> None:
    """What is no packet is refused by its place; no packets at all give an empty frame."""
    with pytest.raises(DataError, match=r"packets\[1\]: is no Packet; load_packet and"):
        evidence_frame([Packet(id="p", evidence=()), "q"])  # type: ignore[list-item]
    assert len(evidence_frame([])) == 0
    assert list(evidence_frame([]).columns) == list(evidence_frame([Packet(id="p", evidence=())]))


def test_the_prior_is_the_default(frame: pd.DataFrame, rubric: Rubric) -> None:
    """Without a model the forecasts are the prior's."""
    alone = take_frame_bits(score_frame(frame, rubric, as_of="as_of"))
    model = default_readiness()
    assert take_frame_bits(score_frame(frame, rubric, as_of="as_of", readiness=model)) == alone
