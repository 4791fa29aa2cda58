"""Every bad cell of a frame is named, its packet is not scored, and every other packet is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pytest
from cycles import list_rows, take_frame_bits
from strategies import read_rubric

from pmpromo import score_frame
from pmpromo.errors import DataError

if TYPE_CHECKING:
    from pmpromo import Rubric, ScoredFrame

ROWS_EACH: Final = 5
"""Items of each packet of the large frame, one row each."""


def make_rubric(**extra: Any) -> Rubric:  # noqa: ANN401 - keys of a rubric
    """Make a rubric that asks for a behaviour, a metric and an artifact."""
    asked = [
        {"fact": "aligns", "point": 3},
        {"fact": "margin", "at_least": 30, "unit": "percent"},
        {"fact": "strategy", "sections": ["market"], "reviewers": ["cto"]},
    ]
    criterion = {"id": "alpha", "name": "Alpha", "weight": 1, "requirements": asked}
    return read_rubric({"bar": 0.4, "criteria": [criterion], **extra})


def make_row(**cells: Any) -> dict[str, Any]:  # noqa: ANN401 - cells of any column
    """Make a sound row, with some cells changed."""
    return {
        "packet_id": "p-1",
        "evidence_id": "e-1",
        "fact": "aligns",
        "point": 3,
        "ownership": "led",
        "support": "manager|peer",
        "ended": "2026-05-01",
        **cells,
    }


def score_rows(*rows: dict[str, Any], as_of: Any = "2026-06-30", **given: Any) -> ScoredFrame:  # noqa: ANN401
    """Score rows of one rubric."""
    return score_frame(pd.DataFrame(list(rows)), make_rubric(), as_of=as_of, **given)


def tell(scored: ScoredFrame) -> list[tuple[str, ...]]:
    """Return what is told of each bad cell."""
    return [
        (row["row"], row["column"], row["found"], row["message"])
        for row in list_rows(scored.problems)
    ]


BAD: Final[list[tuple[dict[str, Any], str, str, str]]] = [
    ({"ownership": "ledd"}, "ownership", "ledd", "did you mean 'led'? one of sole, led, co_led"),
    ({"ownership": 3}, "ownership", "3", "is no ownership; one of sole"),
    ({"point": 7}, "point", "7.0", "is no point of the scale; write a whole number, 0 to 4"),
    ({"point": "3,5"}, "point", "3,5", "is no number"),
    ({"point": True}, "point", "True", "is no number"),
    ({"share": 1.5, "ownership": None}, "share", "1.5", "is no share; write a number from 0 to 1"),
    ({"share": 0.5}, "share", "0.5", "stands beside ownership; keep one of them"),
    ({"fact": "alignz", "point": None}, "fact", "alignz", "did you mean 'aligns'?"),
    ({"fact": "pip", "point": None}, "fact", "pip", "refused: "),
    ({"fact": "margin"}, "point", "3.0", "belongs to a behaviour, and this fact is a metric"),
    ({"unit": "percent"}, "unit", "percent", "belongs to a metric, and this fact is a behaviour"),
    ({"sections": "none"}, "sections", "", "belongs to an artifact, and this fact is a behaviour"),
    ({"support": "managr"}, "support", "managr", "is no relation; did you mean 'manager'?"),
    ({"support": "peer@@"}, "support", "peer@@", "marks that repeat or contradict"),
    ({"support": "peer?~"}, "support", "peer?~", "marks that repeat or contradict"),
    ({"support": "peer:9"}, "support", "peer:9", "has no point of the scale"),
    ({"support": "peer:3:a b"}, "support", "peer:3:a b", "names no behaviour"),
    ({"support": "@"}, "support", "@", "is no voice"),
    ({"support_complete": "maybe"}, "support_complete", "maybe", "write true or false"),
    ({"ended": "2026-02-30"}, "ended", "2026-02-30", "is no day of the calendar"),
    ({"ended": "2026-07-30"}, "ended", "2026-07-30", "is after as_of; mend the date, or add"),
    ({"in_progress": True}, "ended", "2026-05-01", "has passed, yet the work is said to be in"),
    ({"started": "2026-05-02"}, "ended", "2026-05-01", "is before started; swap the dates"),
    (
        {"started": "2026-07-02", "ended": None},
        "started",
        "2026-07-02",
        "is after as_of; mend the date, or as_of",
    ),
    ({"evidence_id": None}, "evidence_id", "", "missing; write the id of the evidence item"),
    ({"packet_id": None}, "packet_id", "", "missing; write the id of the packet"),
    ({"packet_id": "a b"}, "packet_id", "a b", "is no name"),
    ({"evidence_id": 7}, "evidence_id", "7", "is no text"),
    ({"uri": True}, "uri", "True", "is no text"),
    ({"uri": "x" * 20_001}, "uri", "x" * 79 + "…", "is longer than 20000 characters; shorten it"),
    ({"uri": "a\u202eb"}, "uri", "a\\u202eb", "holds a control, direction or invisible"),
    ({"declared_none": "alph"}, "declared_none", "alph", "did you mean 'alpha'?"),
    ({"declared_none": ("a", 1)}, "declared_none", "('a', 1)", "is no list of names"),
    ({"achievement": "x" * 200}, "achievement", "x" * 79 + "…", "is no name"),
]
"""Cells changed in a sound row; the column that is named, what it holds, and what is said."""


@pytest.mark.parametrize(("cells", "column", "found", "message"), BAD)
def test_a_bad_cell_is_named(cells: dict[str, Any], column: str, found: str, message: str) -> None:
    """What is wrong is told once, with its row, column and what it holds; others are scored."""
    scored = score_rows(make_row(packet_id="p-0"), make_row(**cells))
    [(row, told_column, told_found, told_message)] = tell(scored)
    assert (row, told_column, told_found) == ("1", column, found)
    assert message in told_message
    assert [each["packet_id"] for each in list_rows(scored.scores)] == ["p-0"]


FIGURES: Final[list[tuple[dict[str, Any], str, str, str]]] = [
    ({"value": float("inf")}, "value", "inf", "is not finite, or beyond 1e18"),
    ({"value": 1, "unit": "furlong"}, "unit", "furlong", "unknown unit"),
    ({"value": 1, "unit": "hour"}, "unit", "hour", "cannot be read as percent"),
    ({"value": 1, "status": "relised"}, "status", "relised", "did you mean 'realised'?"),
    ({"value": "7k"}, "value", "7k", "is no number; write it with digits"),
    ({"value": "1e400"}, "value", "1e400", "is not finite, or beyond 1e18"),
    ({"value": 10**70}, "value", "1" + "0" * 70, "is not finite, or beyond 1e18"),
    ({"value": 10**9000}, "value", "a number of thousands of digits", "is not finite, or beyond"),
    ({"baseline": -2e18}, "baseline", "-2e+18", "is not finite, or beyond 1e18"),
    ({"period": "first half"}, "period", "first half", "is no name"),
]


@pytest.mark.parametrize(("cells", "column", "found", "message"), FIGURES)
def test_a_bad_figure_is_named(
    cells: dict[str, Any], column: str, found: str, message: str
) -> None:
    """Figures are held to numbers, units, states and periods."""
    row = make_row(fact="margin", point=None, **cells)
    frame = pd.DataFrame([row], dtype=object)  # or pandas 2.2 looks for a float in 10**9000
    scored = score_frame(frame, make_rubric(), as_of="2026-06-30")
    [(_, told_column, told_found, told_message)] = tell(scored)
    assert (told_column, told_found) == (column, found)
    assert message in told_message


def test_a_figure_that_a_metric_cannot_have() -> None:
    """A figure outside a metric's range is named with the range, in whatever unit it is."""
    level: dict[str, Any] = {"tracks": ["ic"], "scope": "a product"}
    metric = {"id": "share", "name": "share", "unit": "percent", "lowest": 0, "highest": 100}
    ladder = {
        "id": "law",
        "name": "Law",
        "tracks": [{"id": "ic", "name": "Individual"}],
        "levels": [{"id": name, "name": name, **level} for name in ("L1", "L2")],
        "metrics": [metric],
        "behaviours": [],
        "artifacts": [],
    }
    asked = [{"fact": "share", "at_least": 30, "unit": "percent"}]
    criterion = {"id": "alpha", "name": "Alpha", "weight": 1, "requirements": asked}
    rubric = read_rubric({"criteria": [criterion], "ladder": ladder})
    rows = [
        {"packet_id": f"p-{n}", "evidence_id": "e", "fact": "share", **cells}
        for n, cells in enumerate(
            [
                {"value": 1.5, "unit": "ratio"},
                {"value": 40.0, "unit": "percent"},
                {"value": 4.0, "baseline": -1.0, "unit": "percent"},
            ]
        )
    ]
    scored = score_frame(pd.DataFrame(rows), rubric, as_of="2026-06-30")
    message = "lies outside what is possible; it can be at least 0 and at most 100 percent"
    assert tell(scored) == [("0", "value", "1.5", message), ("2", "baseline", "-1.0", message)]


def test_rows_of_an_item_must_agree() -> None:
    """Two rows of one item that say something else of it are told against the first."""
    rows = [
        make_row(),
        make_row(fact="mentors", ownership="co_led", ended="2026-05-02"),
        make_row(fact="mentors"),
    ]
    message = "differs from row 0 of the same item; its rows must agree"
    assert tell(score_rows(*rows)) == [
        ("1", "ownership", "co_led", message),
        ("1", "ended", "2026-05-02", message),
    ]


def test_shares_of_an_item_must_agree() -> None:
    """A share that is unknown in one row and known in another is a contradiction."""
    rows = [make_row(ownership=None, share=0.5), make_row(ownership=None, fact="mentors")]
    [(row, column, found, message)] = tell(score_rows(*rows))
    assert (row, column, found) == ("1", "share", "nan")
    assert message == "differs from row 0 of the same item; its rows must agree"


def test_names_that_differ_in_case_alone() -> None:
    """Ids are compared without regard to case: another spelling is a contradiction."""
    scored = score_rows(make_row(), make_row(packet_id="P-1", evidence_id="e-2"))
    message = "differs from row 0 of the same packet; its rows must agree"
    assert tell(scored) == [("1", "packet_id", "P-1", message)]


def test_equal_values_in_other_words_agree() -> None:
    """What reads as the same is the same: dates as text and as days, lists in another order."""
    rows = [
        make_row(support="peer|manager", ownership=None, share="0.5"),
        make_row(
            fact="mentors", ownership=None, share=0.5, ended=pd.Timestamp("2026-05-01").date()
        ),
        make_row(
            fact="strategy", point=None, ownership=None, share="5e-1", support=["manager", "peer"]
        ),
    ]
    assert tell(score_rows(*rows)) == []


def test_labels_of_pandas_rows() -> None:
    """A pandas row is told by its label."""
    frame = pd.DataFrame([make_row(point=9)], index=["first of all"])
    scored = score_frame(frame, make_rubric(), as_of="2026-06-30")
    assert tell(scored)[0][0] == "first of all"


def test_packets_without_evidence_are_scored() -> None:
    """Ids in `packets` that no row speaks of are scored as empty, in the order given."""
    scored = score_rows(make_row(), packets=["p-0", "P-1", "p-2"])
    rows = list_rows(scored.scores)
    assert [row["packet_id"] for row in rows] == ["p-0", "P-1", "p-2"]
    assert [row["possible"] > 0 for row in rows] == [False, True, False]
    assert list_rows(scored.find_gaps(["p-0"]))[0]["kind"] == "absent"


def test_a_packet_that_nobody_named() -> None:
    """A row of a packet that `packets` lacks is a problem with a did-you-mean, and is kept out."""
    scored = score_rows(make_row(), packets=["p-11", "q"])
    assert tell(scored) == [("0", "packet_id", "p-1", "is not in packets; did you mean 'p-11'?")]
    assert [row["packet_id"] for row in list_rows(scored.scores)] == ["p-11", "q"]


def test_days_by_packet() -> None:
    """A column of days ages each packet by its own; a packet without a day is a problem."""
    rows = [
        make_row(cut_off="2026-06-30"),
        make_row(packet_id="p-2", cut_off="2036-06-30"),
        make_row(packet_id="p-3", cut_off=None),
        make_row(packet_id="p-4", cut_off="soon"),
    ]
    scored = score_rows(*rows, as_of="cut_off")
    young, old = (row["proven"] for row in list_rows(scored.scores))
    assert young > old
    assert tell(scored) == [
        ("2", "cut_off", "", "missing; write YYYY-MM-DD"),
        ("3", "cut_off", "soon", "is no date; write it as YYYY-MM-DD, without time or zone"),
    ]


def test_transitions() -> None:
    """Each packet is read against the rubric of its transition; others are problems."""
    rubrics = {"up": make_rubric(), "over": make_rubric(bar=0.9)}
    rows = [
        make_row(packet_id="p-1", transition="over"),
        make_row(packet_id="p-2", transition="up"),
        make_row(packet_id="p-3", transition="upp"),
        make_row(packet_id="p-4", transition=None),
        make_row(packet_id="p-5", transition="u p"),
        make_row(packet_id="p-6", transition="over", point=8),
    ]
    frame = pd.DataFrame(rows)
    names = [f"p-{n}" for n in range(1, 8)]
    scored = score_frame(frame, rubrics, as_of="2026-06-30", packets=names)
    assert [(row["packet_id"], row["bar"]) for row in list_rows(scored.scores)] == [
        ("p-1", 0.9),
        ("p-2", 0.4),
    ]
    assert [row["packet_id"] for row in list_rows(scored.criteria)] == ["p-1", "p-2"]
    assert [(row["packet_id"], row["column"]) for row in list_rows(scored.problems)] == [
        ("p-3", "transition"),
        ("p-4", "transition"),
        ("p-5", "transition"),
        ("p-6", "point"),
        ("p-7", "transition"),
    ]
    assert tell(scored)[0][3].endswith("did you mean 'up'? one of up, over")
    assert "7 packets" not in str(scored)


def test_nothing_but_problems() -> None:
    """Where no packet can be scored the frames are empty, and keep their columns."""
    scored = score_frame(
        pd.DataFrame([make_row(transition="sideways")]), {"up": make_rubric()}, as_of="2026-06-30"
    )
    assert len(scored.scores) == len(scored.criteria) == len(scored.gaps) == 0
    assert scored.gaps.columns[0] == "packet_id"


def plant(frame: pd.DataFrame, rng: np.random.Generator) -> dict[tuple[int, str], str]:
    """Spoil 1,000 cells of 12 kinds, each in a packet of its own; return where."""
    spoil: dict[str, tuple[str, Any]] = {
        "word": ("ownership", "ledd"),
        "scale": ("point", 7.0),
        "infinite": ("value", np.inf),
        "unit": ("unit", "furlong"),
        "fact": ("fact", "alignz"),
        "status": ("status", "relised"),
        "voice": ("support", "managr|peer"),
        "share": ("share", -0.5),
        "future": ("ended", "2026-07-01"),
        "day": ("started", "2025-02-29"),
        "nameless": ("evidence_id", None),
        "period": ("period", "first half"),
    }
    packets = rng.choice(len(frame) // ROWS_EACH, 1000, replace=False)
    planted = {}
    for place, packet in enumerate(packets.tolist()):
        kind = list(spoil)[place % len(spoil)]
        column, value = spoil[kind]
        row = packet * ROWS_EACH + (1 if column in {"value", "unit", "status", "period"} else 0)
        frame.loc[row, column] = value
        planted[row, column] = kind
    return planted


def test_a_thousand_bad_cells() -> None:
    """A thousand bad cells of 12 kinds in 1e5 rows are all named, and all else is scored."""
    rng = np.random.default_rng(12)
    count = 100_000
    item = np.arange(count) % ROWS_EACH
    metric = item % 2 == 1
    frame = pd.DataFrame(
        {
            "packet_id": [f"p{n // ROWS_EACH}" for n in range(count)],
            "evidence_id": [f"e{n}" for n in item],
            "fact": np.where(metric, "margin", "aligns").astype(object),
            "value": np.where(metric, rng.integers(0, 40, count), np.nan),
            "unit": np.where(metric, "percent", ""),
            "status": np.where(metric, "realised", ""),
            "period": np.where(metric, "FY26", ""),
            "point": np.where(metric, np.nan, rng.integers(0, 5, count)),
            "ownership": rng.choice(np.array(["led", "co_led"], dtype=object), count),
            "share": np.full(count, np.nan),
            "support": rng.choice(np.array(["manager|peer", "none", None], dtype=object), count),
            "started": np.full(count, "2025-01-01", dtype=object),
            "ended": np.full(count, "2026-01-01", dtype=object),
        }
    )
    sound = frame.copy()
    planted = plant(frame, rng)
    scored = score_frame(frame, make_rubric(), as_of="2026-06-30")
    told = [(int(row["row"]), row["column"]) for row in list_rows(scored.problems)]
    assert sorted(told) == sorted(planted)
    spoilt = {f"p{row // ROWS_EACH}" for row, _ in planted}
    others = score_frame(sound, make_rubric(), as_of="2026-06-30")
    kept = {name: bits for name, bits in take_frame_bits(others).items() if name not in spoilt}
    assert take_frame_bits(scored) == kept
    assert len(kept) == count // ROWS_EACH - 1000


WHOLE: Final[list[tuple[Any, str]]] = [
    (pd.DataFrame({"packet_id": ["p"]}), "evidence_id: this column is missing\nfact: this"),
    (pd.DataFrame({"packet": ["p"], "evidence_id": ["e"], "fact": ["f"]}), "rename 'packet'"),
    (pd.DataFrame([make_row(ownershp="led")]), "ownershp: is no column of evidence; did you mean"),
    (pd.DataFrame([make_row(salary_band="7")]), "salary_band: is no column of evidence; drop it"),
    (pd.DataFrame([make_row(gender="f")]), "gender: refused: "),
    (pd.DataFrame([make_row(packet_id=7)]), "packet_id: holds Int64, not text; write names"),
    (pd.DataFrame([make_row(ended=7.5)]), "ended: holds Float64, not dates; cast it"),
    (pd.DataFrame([[1, 2]], columns=["fact", "fact"]), "fact: two columns have this name"),
    (pd.DataFrame({0: ["p"]}), "evidence: has columns without a name; name them as text"),
    (
        pd.DataFrame([["p"]], columns=pd.MultiIndex.from_tuples([("fact", "id")])),
        "evidence: has columns without a name",
    ),
    ("packets.csv", "evidence: is no frame, but str; give a pandas or polars DataFrame"),
    (None, "evidence: is no frame, but NoneType"),
    (pd.Series(["p"]), "evidence: is no frame, but Series"),
]


@pytest.mark.parametrize(("frame", "message"), WHOLE)
def test_a_frame_that_cannot_be_read(frame: Any, message: str) -> None:  # noqa: ANN401
    """What is wrong with a frame as a whole is refused, with its mending."""
    with pytest.raises(DataError) as caught:
        score_frame(frame, make_rubric(), as_of="2026-06-30")
    assert message in str(caught.value)


ARGUMENTS: Final[list[tuple[dict[str, Any], str]]] = [
    ({"rubric": "pure"}, "rubric: is no Rubric; give a Rubric, or a mapping of transition"),
    ({"rubric": {}}, "rubric: is no Rubric"),
    ({"rubric": {"up": 3}}, "rubric.up: is no Rubric"),
    ({"rubric": {"up": make_rubric()}}, "transition: this column is missing"),
    ({"as_of": "endd"}, "as_of: is no date, and no column has this name; did you mean 'ended'?"),
    ({"as_of": 7}, "as_of: is no date, and no column has this name; write it as YYYY-MM-DD"),
    ({"packets": "p-1"}, "packets: is no list of ids; give the ids of all packets"),
    ({"packets": 7}, "packets: is no list of ids"),
    ({"packets": ["p-1", "a b"]}, "packets[1]: is no name"),
    ({"packets": ["p-1", "P-1"]}, "packets[1]: stands twice; name each packet once"),
]


@pytest.mark.parametrize(("given", "message"), ARGUMENTS)
def test_arguments_that_cannot_be_used(given: dict[str, Any], message: str) -> None:
    """What is wrong with the other arguments is refused, with its mending."""
    asked: dict[str, Any] = {"rubric": make_rubric(), "as_of": "2026-06-30", **given}
    with pytest.raises(DataError) as caught:
        score_frame(pd.DataFrame([make_row()]), **asked)
    assert message in str(caught.value)


def test_all_faults_at_once() -> None:
    """Faults of the frame and of the arguments are told together."""
    frame = pd.DataFrame({"packet_id": [1], "fakt": ["aligns"]})
    with pytest.raises(DataError) as caught:
        score_frame(frame, "l3", as_of="soon", packets=["", "p"])  # type: ignore[arg-type]
    paths = [problem.path for problem in caught.value.problems]
    assert paths == ["rubric", "as_of", "packets[0]", "evidence_id", "fact", "fakt", "packet_id"]
