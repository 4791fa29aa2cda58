"""Columns of every library as codes: each distinct value once, and nothing changed."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from pmpromo.frame.coding import Coded, code_series, read_floats

WORDS: Final = ["led", None, "sole", "led", None, "co_led"]


def code(native: Any) -> Coded:  # noqa: ANN401 - a column of any library
    """Code a column."""
    return code_series(nw.from_native(native, series_only=True))


def decode(coded: Coded) -> list[Any]:
    """Return a column from its codes, None where it is unknown."""
    assert len({*coded.values}) == len(coded.values)
    return [*map([*coded.values, None].__getitem__, coded.codes.tolist())]


def code_arrow(*chunks: tuple[list[int | None], list[str | None]]) -> pa.ChunkedArray:
    """Make a dictionary column of some chunks, each of indices and words."""
    return pa.chunked_array(
        [
            pa.DictionaryArray.from_arrays(pa.array(indices, pa.int8()), pa.array(words))
            for indices, words in chunks
        ]
    )


FORMS: Final[dict[str, Any]] = {
    "pandas text": pd.Series(WORDS),
    "pandas objects": pd.Series(WORDS, dtype=object),
    "pandas categories": pd.Series(WORDS, dtype="category"),
    "polars text": pl.Series(WORDS),
    "polars categories": pl.Series(WORDS, dtype=pl.Categorical),
    "polars some categories": pl.Series(["x", "y", *WORDS], dtype=pl.Categorical)[2:],
    "polars enum": pl.Series(WORDS, dtype=pl.Enum(["sole", "x", "co_led", "led"])),
    "pyarrow text": pa.chunked_array([pa.array(WORDS)]),
    "a word twice": code_arrow(([0, None, 1, 2, None, 3], ["led", "sole", "led", "co_led"])),
    "no word": code_arrow(([0, 1, 2, 0, None, 3], ["led", None, "sole", "co_led"])),
    "no word in a chunk": code_arrow(
        ([0, 1, 2], ["led", None, "sole"]), ([1, 0, 2], [None, "led", "co_led"])
    ),
}
"""The same words in columns of many kinds."""


@pytest.mark.parametrize("form", FORMS)
def test_words(form: str) -> None:
    """Words are told apart and kept, whichever library holds them."""
    assert decode(code(FORMS[form])) == WORDS


def test_flags() -> None:
    """Flags are known or unknown."""
    flags = [True, None, False]
    assert decode(code(pd.Series(flags, dtype="boolean"))) == flags
    assert decode(code(pl.Series(flags))) == flags
    assert decode(code(pd.Series([False, True]))) == [False, True]


UNITS: Final = ("s", "ms", "us", "ns")


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("repeats", [1, 40])
def test_days(unit: str, repeats: int) -> None:
    """Days are days in every unit of moments, before 1970 too, one or many times each."""
    days = [date(1969, 12, 30), None, date(2026, 6, 30), date(1969, 12, 31)] * repeats
    for native in (
        pd.Series(days, dtype=f"datetime64[{unit}]"),
        pa.chunked_array([pa.array(days).cast(pa.timestamp(unit))]),
        pd.Series(days, dtype=pd.ArrowDtype(pa.date32())),
        pl.Series(days),
    ):
        assert decode(code(native)) == days


def test_many_days_close_together() -> None:
    """Where rows are many, days that do not occur are listed too, and told apart."""
    days = [date(2026, 6, 1 + n % 2 * 28) for n in range(500)]
    coded = code(pd.Series(pd.to_datetime(days)))
    assert decode(coded) == days
    assert coded.values[1] == date(2026, 6, 2)


@pytest.mark.parametrize("unit", UNITS)
def test_times_of_day(unit: str) -> None:
    """A column with one time of day keeps its moments; less than a microsecond is none."""
    told = ["2026-06-30 00:00:00", "1969-12-31 23:59:59"]
    moments = pd.Series(told, dtype=f"datetime64[{unit}]")
    assert code(moments).values == moments.tolist()
    midnight: pd.Series[pd.Timestamp] = pd.Series(["1969-12-30"]).astype("datetime64[ns]")
    close = midnight + pd.Timedelta(999, "ns")
    assert code(close).values == [date(1969, 12, 30)]
    assert code(close + pd.Timedelta(1, "ns")).values == [pd.Timestamp(1969, 12, 30, 0, 0, 0, 1)]


def test_days_far_apart() -> None:
    """Days that no calendar holds are told by their distance, and the others read."""
    days = np.array([-5_000_000, np.datetime64("NaT", "D"), 0, 5_000_000, 0], dtype="datetime64[D]")
    coded = code(pl.Series(days))
    told = [None if day is None else str(day) for day in decode(coded)]
    assert told == ["day -5000000", None, "1970-01-01", "day 5000000", "1970-01-01"]
    known = code(pd.Series(days[2:].astype("datetime64[s]")))
    assert [*map(str, decode(known))] == ["1970-01-01", "day 5000000", "1970-01-01"]


def test_figures_do_not_hang_on_the_frame() -> None:
    """Figures are a copy, and all that are unknown have the same bits."""
    odd = np.array([0.5, np.nan, -np.nan])
    figures = read_floats(nw.from_native(pd.Series(odd), series_only=True))
    assert figures.tobytes() == np.array([0.5, np.nan, np.nan]).tobytes() != odd.tobytes()
    odd[0] = 7
    assert figures[0] == 0.5
