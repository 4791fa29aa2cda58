"""Frames to files whose cells are inert: no text of them is ever taken for a formula."""

from __future__ import annotations

import csv
import io
import math
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pmpromo.errors import DataError, Problem
from pmpromo.outputs import write_whole
from pmpromo.reading.cells import guard_text
from pmpromo.reading.files import read_name
from pmpromo.reading.places import display, name_path, shorten
from pmpromo.tables.xlsx import write_workbook

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    from pmpromo.tables.xlsx import Value

__all__ = ["write_table"]


def write_table(frame: Any, path: str | os.PathLike[str]) -> None:  # noqa: ANN401 - any library's
    """Write a frame of pandas, polars, pyarrow or duckdb as a .csv or an .xlsx file.

    Numbers, dates and truth stay what they are; an index is not written. A text that a spreadsheet
    program would take for a formula is written so that it is none: in CSV behind a single quote, in
    a workbook as text. The same frame gives the same bytes. The file is written beside its place
    and put there whole.

    Raises:
        DataError: no frame, numbers that are not finite, another ending, or no place to write.

    >>> import pandas as pd
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "scores.csv")
    ...     write_table(pd.DataFrame({"packet_id": ["p-1", "=1+1"], "gain": [-0.5, None]}), path)
    ...     print(path.read_text(encoding="utf-8-sig"))
    packet_id,gain
    p-1,-0.5
    '=1+1,
    <BLANKLINE>
    """
    name = read_name(path, DataError)
    shown = shorten(display(name))
    write = _WRITERS.get(Path(name).suffix.lower())
    if write is None:
        hint = f"its name must end in {' or '.join(_WRITERS)}"
        raise DataError([Problem(shown, "no table that is written here", hint)])
    data = write(_list_columns(frame))
    try:
        write_whole(name, data)
    except OSError as error:
        raise DataError([Problem(shown, f"cannot be written: {error.strerror}")]) from None


def _list_columns(frame: object) -> dict[str, list[Value]]:
    import narwhals as nw  # noqa: PLC0415 - importing pmpromo keeps it asleep

    try:
        opened: Any = nw.from_native(frame, pass_through=False)
    except TypeError:
        message = f"is no frame, but {type(frame).__name__}"
        hint = "give a pandas or polars DataFrame, a pyarrow Table or a duckdb relation"
        raise DataError([Problem("frame", message, hint)]) from None
    known = opened.collect() if isinstance(opened, nw.LazyFrame) else opened
    problems: list[Problem] = []
    columns = {name: _read_column(known[name], problems) for name in known.columns}
    if problems:
        raise DataError(problems)
    return columns


def _read_column(series: Any, problems: list[Problem]) -> list[Value]:  # noqa: ANN401 - any library's
    """Return the cells of a column as plain values."""
    values: list[Value] = []
    for row, (value, is_null) in enumerate(
        zip(series.to_list(), series.is_null().to_list(), strict=True)
    ):
        cell = None if is_null else _simplify(value)
        if isinstance(cell, float) and math.isinf(cell):
            problems.append(Problem(f"{name_path((series.name,))}[{row}]", "is not finite"))
        values.append(None if isinstance(cell, float) and math.isnan(cell) else cell)
    return values


def _simplify(value: object) -> Value:
    """Return a value as one that files can hold; texts without characters that nobody sees."""
    if isinstance(value, (list, tuple)):
        return "|".join(map(str, value)) or "none"
    if isinstance(value, datetime) and value.time() == time() and value.tzinfo is None:
        return value.date()
    if isinstance(value, (bool, int, float)) or type(value) is date:
        return value
    return float(value) if isinstance(value, Decimal) else display(str(value))


def _write_csv(columns: Mapping[str, Sequence[Value]]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(_write_cell(display(name)) for name in columns)
    writer.writerows(map(_write_row, zip(*columns.values(), strict=True)))
    # Excel takes a file for UTF-8 only by its mark.
    return file.getvalue().encode("utf-8-sig")


def _write_row(row: Sequence[Value]) -> list[str]:
    return list(map(_write_cell, row))


def _write_cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return guard_text(value)
    return value.isoformat() if isinstance(value, date) else repr(value)


_WRITERS: Final[Mapping[str, Callable[[Mapping[str, Sequence[Value]]], bytes]]] = {
    ".csv": _write_csv,
    ".xlsx": write_workbook,
}
