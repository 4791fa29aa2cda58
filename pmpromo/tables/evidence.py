"""Exports of evidence to a frame of text: what a person sees in each cell, and nothing guessed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from pmpromo.errors import DataError, Problem
from pmpromo.reading.files import read_name
from pmpromo.reading.places import display, shorten
from pmpromo.reading.sheet import read_sheet
from pmpromo.tables.workbook import read_workbook

if TYPE_CHECKING:
    import os

    from pandas import DataFrame

__all__ = ["read_evidence"]

ENDINGS: Final = (".csv", ".tsv", ".txt", ".xlsx")
"""How the name of a file of evidence ends."""


def read_evidence(
    path: str | os.PathLike[str], *, delimiter: str | None = None, sheet: str | None = None
) -> DataFrame:
    """Return an export of evidence, one row a fact, as a pandas frame that `score_frame` takes.

    The first row that holds anything names the columns. Each cell is text: ids keep their leading
    zeros, ``NA`` is a name, and only an empty cell is unknown. The index tells the place of each
    row, ``export.csv:12`` or ``export.xlsx!Facts!12``, so that problems found later tell it too.

    CSV is UTF-8, with or without a byte order mark. Comma, semicolon or tab stands between cells:
    the one given as `delimiter`, else the one that a first line ``sep=;`` declares, else the one
    that the header has most of. Of a workbook the one sheet that holds anything is read, or the
    `sheet` named; for .xlsx install ``pmpromo[excel]``.

    Raises:
        DataError: no readable file, a header without names or with two alike, rows of another
            length; in a workbook cells that do not hold what they show: errors, formulas without
            a value, percentages, hidden rows.

    >>> read_evidence("export.ods")
    Traceback (most recent call last):
        ...
    pmpromo.errors.DataError: export.ods: no table that is read here; its name must end in .csv, \
.tsv, .txt, .xlsx
    """
    import pandas as pd  # noqa: PLC0415 - importing pmpromo keeps pandas asleep

    name = read_name(path, DataError)
    shown = shorten(display(name))
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        hint = f"its name must end in {', '.join(ENDINGS)}"
        raise DataError([Problem(shown, "no table that is read here", hint)])
    if ending == ".xlsx":
        found, between = read_workbook(name, sheet), "!"
    else:
        found, between = read_sheet(name, delimiter), ":"
    columns = {
        column: pd.Series([cell or None for cell in cells], dtype="string")
        for column, cells in found.columns.items()
    }
    frame = pd.DataFrame(columns)
    frame.index = pd.Index([f"{found.name}{between}{line}" for line in found.lines], dtype="object")
    return frame
