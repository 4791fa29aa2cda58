"""What the pages about security claim is shown by tests that are there."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING, Final

import pytest
from pages import ROOT

if TYPE_CHECKING:
    from pathlib import Path

THREATS: Final = ROOT / "docs" / "explanation" / "threats.md"
PAGES: Final = (ROOT / "SECURITY.md", ROOT / "docs" / "testing.md", THREATS)
NAMED: Final = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
LINK: Final = re.compile(r"\]\((?!https?:)([^)#\s]+)")
HOSTS: Final = re.compile(r"https?://|[\w.]+@[\w.]+\.\w+|pypi\.|/(?:opt|work|home|tmp)/")


@cache
def list_tests(path: Path) -> set[str]:
    """The tests of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def find_missing(text: str) -> list[str]:
    """Tests and files of tests that a text names and that are not there."""
    return [
        f"{file}::{name}"
        for file, name in NAMED.findall(text)
        if not (ROOT / file).is_file() or (name and name not in list_tests(ROOT / file))
    ]


def list_rows(text: str) -> list[list[str]]:
    """The cells of the rows of all tables of a page, heads left out."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in rows if not row[0].startswith("wish, and road")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_a_page_names_is_there(page: Path) -> None:
    """No page rests on a test that somebody renamed or took away."""
    assert find_missing(page.read_text(encoding="utf-8")) == []


def test_a_test_that_is_not_there_is_found() -> None:
    """A file that is gone and a test that is gone are named; one that is there is not."""
    here = "tests/supply/test_threats.py"
    text = f"`tests/gone.py` `{here}::test_gone` `{here}::test_a_test_that_is_not_there_is_found`"
    assert find_missing(text) == ["tests/gone.py::", f"{here}::test_gone"]


def test_every_threat_is_stopped_by_a_test_or_remains() -> None:
    """A row says what stops a wish, by a test or a command, or what remains; most say both."""
    rows = list_rows(THREATS.read_text(encoding="utf-8"))
    assert len(rows) > 40
    for wish, stops, remains in rows:
        assert "tests/" in stops or "`bash .ci/" in stops or (not stops and remains), wish


def test_the_page_for_reports_leads_to_files_and_to_nobody_in_particular() -> None:
    """Its links lead somewhere, and it names no address, host or machine."""
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    links = LINK.findall(text)
    assert len(links) >= 4
    assert [link for link in links if not (ROOT / link).is_file()] == []
    assert HOSTS.findall(text) == []
