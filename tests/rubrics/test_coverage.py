"""Every row of the source stands somewhere, and the page that shows it is up to date."""

from __future__ import annotations

from typing import Any, Final

import rows

TOLD: Final = rows.read_told(rows.TOLD.read_text(encoding="utf-8"))
FILES: Final = rows.read_files(rows.RUBRICS)


def test_all_rows_are_told_once_in_order() -> None:
    """S001 to S226 are there, each once, each with its line, its kind and our words for it."""
    assert [row["id"] for row in TOLD] == [f"S{number:03}" for number in range(1, 227)]
    assert [row["line"] for row in TOLD] == sorted(row["line"] for row in TOLD)
    assert [row["id"] for row in TOLD if not (row["kind"] and row["says"])] == []


def test_no_row_is_silently_absent() -> None:
    """A row stands in a rubric file, or a test holds it, or a reason says why nothing does."""
    named = rows.find_places(FILES)
    absent = [
        row["id"]
        for row in TOLD
        if row["id"] not in named and "test" not in row and "reason" not in row
    ]
    assert absent == [], "name the row in a rubric, or give a test or reason in docs/coverage.yaml"


def test_no_rubric_names_a_row_that_does_not_exist() -> None:
    """Every row that a file names is told."""
    known = {row["id"] for row in TOLD}
    unknown = {row: where for row, where in rows.find_places(FILES).items() if row not in known}
    assert unknown == {}


def test_the_tests_that_hold_rows_exist() -> None:
    """A row that leans on a test leans on one that is there."""
    assert rows.find_missing_tests(TOLD, rows.ROOT) == []


def test_a_test_that_is_gone_is_noticed() -> None:
    """A missing function and a missing file are both found."""
    gone = "tests/rubrics/test_coverage.py::test_that_was_never_written"
    nowhere = "tests/rubrics/test_nothing.py::test_anything"
    told: list[dict[str, Any]] = [{"test": gone}, {"test": nowhere}, {"reason": "none"}]
    assert rows.find_missing_tests(told, rows.ROOT) == [gone, nowhere]


def test_the_page_is_up_to_date() -> None:
    """The committed page is what the files give today."""
    written = rows.PAGE.read_text(encoding="utf-8")
    assert written == rows.build_page(), "run: python tests/rows.py"
