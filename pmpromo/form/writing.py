"""A form written: a sheet for each kind of thing, and drop-downs of what a rubric asks for."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pmpromo.errors import DataError, Problem
from pmpromo.form.columns import ITEM, KEYS, PARTS, SHEETS, UNKNOWN, Column
from pmpromo.ladder import Artifact, Behaviour, Metric
from pmpromo.packet import Packet
from pmpromo.reading.cells import is_active
from pmpromo.wording import describe_target, explain_unscored

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from pmpromo.rubric import Rubric

__all__ = ["write_form"]

FILLED: Final = 500
"""How many rows of a sheet have drop-downs; a long packet has fifty items."""

LONGEST_PROMPT: Final = 255
"""How many characters Excel shows beside a cell."""

WIDEST: Final = 40
"""How wide a column is at most, in characters."""

FIRST_DAY: Final = date(1900, 3, 1)
"""Before it Excel counts a day that never was; such a day is written as text."""

_CHANGED: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_NEVER: Final = rb"\g<1>1980-01-01T00:00:00Z"

Lists = dict[str, tuple[str, ...]]
"""What the drop-downs offer, by the sheet and column they stand in."""


class _Sheet(NamedTuple):
    """One sheet: its title, its columns, and the values of its rows."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]


def write_form(rubric: Rubric, packet: Packet | None = None) -> bytes:
    """Return a workbook (.xlsx) to write a packet in, for one rubric; `load_packet` reads it.

    Its sheets are `packet`, `evidence`, `facts`, `support`, `decisions`, `claims`, `concerns` and
    `views`, one row a thing; `asked` shows what the rubric asks for. Drop-downs offer what may
    stand in a cell. With `packet` it is filled in. The same packet gives the same bytes. Install
    ``pmpromo[excel]``.

    Raises:
        DataError: openpyxl is not installed.

    >>> from pmpromo import load_rubric
    >>> write_form(load_rubric("pure-storage-pm/l3-l4"))[:2]
    b'PK'
    """
    content = _fill(rubric, packet).model_dump(mode="python", exclude_defaults=True)
    book = _open_book()
    lists = _list_offers(rubric)
    key_rows = [(key.name, _get(content, key)) for key in KEYS]
    heads = (Column(("key",), "text", ""), Column(("value",), "text", ""))
    page = _add_sheet(book, _Sheet("packet", heads, key_rows))
    offers = _Offers(book)
    for row, key in enumerate(KEYS, 2):
        offers.add(page, f"B{row}", key, lists.get(f"packet.{key.name}", ()))
    for title, columns in SHEETS.items():
        page = _add_sheet(book, _Sheet(title, columns, [*_list_rows(title, columns, content)]))
        for place, column in enumerate(columns, 1):
            letter = page.cell(1, place).column_letter
            where = f"{letter}2:{letter}{FILLED}"
            offers.add(page, where, column, lists.get(f"{title}.{column.name}", ()))
    _add_sheet(book, _list_asked(rubric))
    offers.hide()
    return _save(book)


def _fill(rubric: Rubric, packet: Packet | None) -> Packet:
    """Return the packet, or an empty one that names the rubric and its step."""
    return packet or Packet(
        id="my-packet",
        rubric=rubric.id,
        candidate="c-0000",
        current_level=rubric.current_level,
        target_level=rubric.target_level,
        evidence=(),
    )


def _open_book() -> Workbook:
    try:
        from openpyxl import Workbook  # noqa: PLC0415 - an extra
    except ImportError:
        hint = "install pmpromo[excel], or use the template in YAML"
        raise DataError([Problem("", "workbooks need openpyxl", hint)]) from None
    book = Workbook()
    book.remove(book.active)
    return book


# --- what stands in the cells


def _get(content: Mapping[str, Any], column: Column) -> object:
    value: Any = content
    for key in column.loc:
        if not isinstance(value, dict) or key not in value:
            return None
        value = value[key]
    if isinstance(value, (list, tuple)):
        return "|".join(map(str, value)) or "none"
    return UNKNOWN if value is None else value


def _list_rows(
    title: str, columns: Sequence[Column], content: Mapping[str, Any]
) -> Iterator[list[object]]:
    if title not in PARTS:
        for thing in content.get(title, ()):
            # Voices have rows of their own; that there are none is said beside the item.
            held = {key: value for key, value in thing.items() if key != "support" or not value}
            yield [_get(held, column) for column in columns]
        return
    for item in content.get("evidence", ()):
        for part in item.get(title) or ():
            yield [item["id"], *(_get(part, column) for column in columns[1:])]


def _list_offers(rubric: Rubric) -> Lists:
    """List what the rubric asks for: what drop-downs offer beside fixed choices."""
    asked = [each for criterion in rubric.criteria for each in criterion.requirements]
    names = dict.fromkeys(
        name for each in asked for name in (each.fact, *(side.fact for side in each.provided))
    )
    facts = [rubric.ladder.facts[name] for name in names]
    metrics = [fact for fact in facts if isinstance(fact, Metric)]
    behaviours = tuple(fact.id for fact in facts if isinstance(fact, Behaviour))
    levels = tuple(level.id for level in rubric.ladder.levels)
    criteria = tuple(criterion.id for criterion in rubric.criteria)
    return {
        "packet.current_level": levels,
        "packet.target_level": levels,
        "facts.metric": tuple(metric.id for metric in metrics),
        "facts.behaviour": behaviours,
        "facts.artifact": tuple(fact.id for fact in facts if isinstance(fact, Artifact)),
        "facts.unit": tuple(dict.fromkeys(metric.unit for metric in metrics)),
        "support.fact": behaviours,
        "claims.criterion": criteria,
        "views.criterion": criteria,
    }


def _list_asked(rubric: Rubric) -> _Sheet:
    """List each requirement with what it asks for, its unit and its anchors."""
    heads = ("criterion", "weight", "kind", "fact", "what it is", "what is asked", "unit")
    points = tuple(f"point {point}" for point in range(5))
    columns = [Column((head,), "text", "") for head in (*heads, *points)]
    facts = rubric.ladder.facts
    rows = []
    for criterion in rubric.criteria:
        for each in criterion.requirements:
            fact = facts[each.fact]
            told = [describe_target(each, facts), explain_unscored(each, rubric)]
            anchors = (fact.anchors if isinstance(fact, Behaviour) else None) or ("",) * 5
            unit = fact.unit if isinstance(fact, Metric) else ""
            kind = type(fact).__name__.lower()
            weight = float(criterion.weight)
            about = (criterion.id, weight, kind, fact.id, fact.name)
            rows.append((*about, ", ".join(part for part in told if part), unit, *anchors))
    return _Sheet("asked", columns, rows)


# --- the workbook


def _add_sheet(book: Workbook, sheet: _Sheet) -> Worksheet:
    from openpyxl.styles import Font  # noqa: PLC0415 - an extra

    page = book.create_sheet(sheet.title)
    page.freeze_panes = "A2"
    rows = [[column.name for column in sheet.columns], *sheet.rows]
    for row, values in enumerate(rows, 1):
        for place, value in enumerate(values, 1):
            if value not in (None, ""):
                _write_cell(page, (row, place), value)
    for place, cell in enumerate(page[1], 1):
        widths = [len(str(values[place - 1] or "")) for values in rows]
        page.column_dimensions[cell.column_letter].width = min(WIDEST, max(widths) + 4)
        cell.font = Font(bold=True)
    return page


def _write_cell(page: Worksheet, at: tuple[int, int], value: object) -> None:
    """Write a value; a text that looks like a formula, a number or a day stays a text."""
    cell = page.cell(*at)
    if isinstance(value, date) and value >= FIRST_DAY:
        cell.value, cell.number_format = value, "yyyy-mm-dd"
        return
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        cell.value = value
        return
    text = str(value).lower() if isinstance(value, bool) else str(value)
    cell.value = text
    cell.data_type, cell.number_format = "s", "@"
    cell.quotePrefix = is_active(text)


class _Offers:
    """Adds drop-downs; long lists stand in a sheet of their own, which is hidden at the end."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._lists: dict[tuple[str, ...], str] = {}

    def add(self, page: Worksheet, where: str, column: Column, asked: tuple[str, ...]) -> None:
        from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 - an extra

        choices = asked or column.choices
        formula = self._place(choices) if choices else None
        if column.loc == (ITEM,):
            formula = f"evidence!$A$2:$A${FILLED}"
        told = f"{column.description} {'Several: a|b.' if column.kind == 'list' else ''}".strip()
        rule = DataValidation(
            type="list" if formula else None,
            formula1=formula,
            allow_blank=True,
            showErrorMessage=bool(column.choices),
            showInputMessage=True,
            promptTitle=column.name[:32],
            prompt=told[:LONGEST_PROMPT],
        )
        rule.add(where)
        page.add_data_validation(rule)

    def _place(self, choices: tuple[str, ...]) -> str:
        """Return where choices stand; they are written once."""
        if choices not in self._lists:
            place = len(self._lists) + 1
            page = self._book["lists"] if self._lists else self._book.create_sheet("lists")
            for row, choice in enumerate(choices, 1):
                _write_cell(page, (row, place), choice)
            letter = page.cell(1, place).column_letter
            self._lists[choices] = f"lists!${letter}$1:${letter}${len(choices)}"
        return self._lists[choices]

    def hide(self) -> None:
        """Put the lists last and out of sight."""
        page = self._book["lists"]
        self._book.move_sheet(page, len(self._book.worksheets))
        page.sheet_state = "hidden"


def _save(book: Workbook) -> bytes:
    """Return the bytes of a workbook, without the day on which they were made."""
    dated, undated = io.BytesIO(), io.BytesIO()
    book.save(dated)
    with zipfile.ZipFile(dated) as parts, zipfile.ZipFile(undated, "w") as copies:
        for part in parts.infolist():
            data = _CHANGED.sub(_NEVER, parts.read(part))
            # A part without a date of its own has the first that there is.
            copies.writestr(zipfile.ZipInfo(part.filename), data, zipfile.ZIP_DEFLATED)
    return undated.getvalue()
