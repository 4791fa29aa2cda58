"""README and docs: every block runs and shows what is true, every link leads somewhere."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any, Final, Literal, get_args, get_origin

import pages
import pytest
from fields import list_nouns
from pages import PAGES, ROOT, TABLES, Played, fill_tables, find_blocks, play, shows_truth
from pydantic import BaseModel

import pmpromo
from pmpromo import Ladder, Packet, Rubric
from pmpromo.assessment import AssessmentRecord
from pmpromo.cli.commands import make_parser
from pmpromo.errors import Place, PmpromoError, Problem
from pmpromo.errors import __all__ as error_names
from pmpromo.result import CriterionStatus, GapKind, Nature, Verdict
from pmpromo.scoring.checks import _INSPECTIONS, _PATTERNS
from pmpromo.units import KNOWN_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

REFERENCE: Final = ROOT / "docs" / "reference"
LANGUAGES: Final = {"python", "pycon", "console", "yaml", "json", "text", "sh", "bash"}
FOREIGN: Final = re.compile(
    r"/(?:opt|work|home|root|tmp|Users|mnt)/|index-url|--proxy|\bartifactory\b|\bnexus\b|pypi\.",
    re.IGNORECASE,
)
"""Paths of one machine, and hosts that packages come from."""

FENCED: Final = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
HEAD: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)
SECTION: Final = re.compile(r"^### (\w+)\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
COMMAND: Final = re.compile(r"^## (\w+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
ROW: Final = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)

every_page: Final = pytest.mark.parametrize(
    "page", PAGES, ids=[page.relative_to(ROOT).as_posix() for page in PAGES]
)


@pytest.fixture(autouse=True)
def _eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def read(page: Path) -> str:
    """Return the text of a page."""
    return page.read_text(encoding="utf-8")


def list_code(text: str) -> set[str]:
    """List what stands between backticks, outside of fenced blocks."""
    return set(re.findall(r"`([^`\n]+)`", FENCED.sub("", text)))


@every_page
def test_every_block_runs_and_shows_what_is_true(page: Path) -> None:
    """Each block of a page runs, and shows what comes out today."""
    stale = [played for played in play(page) if not shows_truth(played)]
    assert not stale, f"{page.name}:{stale[0].block.line}: run tests/pages.py\n{stale[0].shows}"


@every_page
def test_every_fence_is_a_block_of_a_known_language(page: Path) -> None:
    """No fence escapes the collector, and each says in which language it is."""
    blocks = find_blocks(read(page))
    assert read(page).count("```") == 2 * len(blocks)
    assert {block.language for block in blocks} <= LANGUAGES


@every_page
def test_generated_tables_are_fresh(page: Path) -> None:
    """The tables of a page are the ones that the code writes now."""
    assert fill_tables(read(page)) == read(page)


def test_every_generated_table_stands_on_a_page() -> None:
    """Each table that the code can write is shown, once."""
    everything = "".join(map(read, PAGES))
    assert [everything.count(f"<!-- generated: {name} -->") for name in TABLES] == [1] * len(TABLES)


def find_anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as code hosts make them."""
    heads = HEAD.findall(FENCED.sub("", read(page)))
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@every_page
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    """Each link into the repository leads to a file that is there, and to a heading in it."""
    for link in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", read(page)):
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), f"{page.name}: {link}"
        assert target.is_relative_to(ROOT), f"{page.name}: {link}"
        if anchor:
            assert anchor in find_anchors(target), f"{page.name}: {link}"


def test_every_page_is_reached_from_the_readme() -> None:
    """Someone who starts at the README finds every page by its links."""
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached and page.suffix == ".md":
            reached.add(page)
            links = re.findall(r"\]\((?!https?:)([^)#\s]+)", read(page))
            waiting += [(page.parent / link).resolve() for link in links]
    assert set(PAGES) - reached == set()


@every_page
def test_no_page_names_a_machine_or_a_package_host(page: Path) -> None:
    """Nothing on a page belongs to the machine it was written on."""
    assert FOREIGN.findall(read(page)) == []


def test_the_readme_marks_its_two_commands() -> None:
    """Both commands stand in the README as they are run, and the first prints the report shown."""
    marked = {
        block.mark: block.body.strip()
        for block in find_blocks(read(ROOT / "README.md"))
        if block.mark
    }
    assert marked["run-command"] == (
        "python3 -m venv .venv && .venv/bin/pip install -q ."
        " && .venv/bin/pmpromo score examples/packets/spm-b.yaml"
    )
    assert marked["test-command"] == (
        "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]'"
        " && .venv/bin/python -m pytest -q"
    )
    last = marked["run-command"].rpartition("&& ")[2]
    shown = [
        block.body for block in find_blocks(read(ROOT / "README.md")) if block.language == "console"
    ]
    assert shown[0].startswith(f"$ {last}\n")


# --- the collector itself


def make_page(folder: Path, text: str) -> Path:
    """Write a page to play with."""
    page = folder / "page.md"
    page.write_text(text, encoding="utf-8")
    return page


def play_one(folder: Path, text: str) -> Played:
    """Play a page, and return its last block."""
    return play(make_page(folder, text))[-1]


def test_a_page_that_shows_something_else_is_found_out(tmp_path: Path) -> None:
    """A session whose output has changed does not pass, and the right one does."""
    assert not shows_truth(play_one(tmp_path, "```pycon\n>>> 1 + 1\n3\n```\n"))
    assert shows_truth(play_one(tmp_path, "```pycon\n>>> 1 + 1\n2\n```\n"))
    assert not shows_truth(play_one(tmp_path, "```console\n$ pmpromo --version\npmpromo 0\n```\n"))


def test_blocks_of_a_page_share_their_names(tmp_path: Path) -> None:
    """What one block defines, the next one knows."""
    text = "```python\nx = 1\n```\n```pycon\n>>> x\n1\n```\n"
    assert shows_truth(play_one(tmp_path, text))


def test_a_block_of_python_that_fails_stops_the_page(tmp_path: Path) -> None:
    """Python that raises is no documentation."""
    with pytest.raises(NameError):
        play_one(tmp_path, "```python\nnobody_knows_this\n```\n")


@pytest.mark.parametrize(
    ("mark", "text"),
    [
        ("packet", "nonsense: 1"),
        ("rubric", "nonsense: 1"),
        ("evidence", "- nonsense: 1"),
        ("facts", "- {point: 1}"),
        ("support", "- nonsense: 1"),
        ("requirements", "- nonsense: 1"),
        ("part of a packet", "nonsense: 1"),
        ("part of a rubric", "nonsense: 1"),
    ],
)
def test_a_block_of_yaml_is_read_as_its_mark_says(tmp_path: Path, mark: str, text: str) -> None:
    """What is no packet is not shown as one, and so for every other noun and part."""
    with pytest.raises(PmpromoError, match=r"nonsense|no fact"):
        play_one(tmp_path, f"<!-- {mark} -->\n```yaml\n{text}\n```\n")


def test_what_is_shown_as_broken_is_broken(tmp_path: Path) -> None:
    """A sound packet cannot stand as an example of a broken one."""
    play_one(tmp_path, "<!-- broken -->\n```yaml\nid: 1\n```\n")
    with pytest.raises(AssertionError, match="shown as broken"):
        play_one(tmp_path, "<!-- broken -->\n```yaml\nid: p\nevidence: []\n```\n")


def test_a_block_of_yaml_without_a_mark_is_refused(tmp_path: Path) -> None:
    """Nothing is shown that nobody reads."""
    with pytest.raises(AssertionError, match="needs a mark"):
        play_one(tmp_path, "```yaml\na: 1\n```\n")


def test_facts_on_a_page_are_those_of_the_shipped_rubric(tmp_path: Path) -> None:
    """A fact that the ladder does not know is found out."""
    with pytest.raises(AssertionError, match="no behaviour of the ladder"):
        play_one(tmp_path, "<!-- facts -->\n```yaml\n- {behaviour: sings, point: 3}\n```\n")


def test_rewriting_a_page_makes_it_true(tmp_path: Path) -> None:
    """The writer puts in what is true, leaves shortened blocks alone, and then changes nothing."""
    page = make_page(
        tmp_path, "```pycon\n>>> 1 + 1\n3\n```\n```console\n$ pmpromo rubrics\n...\n```\n"
    )
    once = pages.rewrite(page)
    assert once == "```pycon\n>>> 1 + 1\n2\n```\n```console\n$ pmpromo rubrics\n...\n```\n"
    assert pages.rewrite(make_page(tmp_path, once)) == once


# --- the reference is held to the code


NOUNS: Final = {
    "packet.md": list_nouns(Packet),
    "rubric.md": {**list_nouns(Rubric, beyond=Ladder), **list_nouns(Ladder)},
}


@pytest.mark.parametrize("page", NOUNS)
def test_every_field_of_every_noun_is_described(page: str) -> None:
    """Under the heading of each noun stands each of its fields, and no field that it lacks."""
    sections = dict(SECTION.findall(read(REFERENCE / page)))
    for name, noun in NOUNS[page].items():
        assert ROW.findall(sections[name]) == list(noun.model_fields), name
    assert set(NOUNS[page]) == set(sections)


def list_paths(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """List the paths of a model's fields, ``[]`` marking lists."""
    for name, field in model.model_fields.items():
        path = f"{before}{name}"
        yield path
        for inner, is_list in find_models(field.annotation, is_list=False):
            here = f"{path}[]" if is_list else path
            yield here
            yield from list_paths(inner, f"{here}.")


def find_models(annotation: Any, *, is_list: bool) -> Iterator[tuple[type[BaseModel], bool]]:  # noqa: ANN401
    """Find the models inside an annotation, and whether they stand in a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, is_list
    elif get_origin(annotation) is not Literal:
        inside = is_list or get_origin(annotation) is tuple
        for part in get_args(annotation):
            yield from find_models(part, is_list=inside)


def read_table(text: str, head: str) -> list[list[str]]:
    """Read the rows of the table whose head begins as given."""
    table = text[text.index(head) :].partition("\n\n")[0]
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]
    ]


def test_every_path_in_the_mapping_exists() -> None:
    """What real packets hold is mapped to a path of the schema, or left out with a reason."""
    known = set(list_paths(Packet))
    rows = read_table(read(REFERENCE / "packet.md"), "| in real packets ")
    assert len(rows) == MAPPED
    for held, path, why in rows:
        assert why, held
        paths = re.findall(r"`([^`]+)`", path)
        assert paths or path == "left out", held
        assert set(paths) <= known, held


MAPPED: Final = 37
"""Rows of the field notes on what real packets hold, each with one row here."""


def test_every_check_is_described() -> None:
    """Each check stands on its page, and no other."""
    patterns, inspections = (
        [row[0].strip("`") for row in read_table(read(REFERENCE / "checks.md"), head)]
        for head in ("| pattern ", "| inspection ")
    )
    assert patterns == list(_PATTERNS)
    assert inspections == list(_INSPECTIONS)


def test_every_unit_is_listed() -> None:
    """Each known unit stands on its page; money by its code, sizes by their ending."""
    listed = list_code(read(REFERENCE / "units.md"))
    endings = ("_thousand", "_million", "_billion")
    assert {name for name in KNOWN_UNITS if not name.endswith(endings)} <= listed
    assert set(endings) <= listed


def walk_parser(parser: argparse.ArgumentParser) -> Iterator[tuple[str, Iterable[str]]]:
    """Give each command with its options and arguments."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield (
                    name,
                    [
                        each.option_strings[-1]
                        if each.option_strings
                        else str(each.metavar or each.dest)
                        for each in inner._actions
                        if each.dest != "help"
                    ],
                )


def test_every_command_and_option_is_described() -> None:
    """Each command has a section, and each of its options and arguments stands there."""
    sections = dict(COMMAND.findall(read(REFERENCE / "cli.md")))
    for name, options in walk_parser(make_parser()):
        described = " ".join(list_code(sections[name]))
        assert [option for option in options if option not in described] == [], name


def test_every_public_name_stands_in_the_reference() -> None:
    """The page that the site makes of docstrings names every public name, once."""
    text = (REFERENCE / "api.rst").read_text(encoding="utf-8")
    assert sorted(re.findall(r"auto\w+:: pmpromo\.([A-Za-z_]+)$", text, re.MULTILINE)) == sorted(
        [*pmpromo.__all__, "errors"]
    )


def test_every_error_and_every_part_of_a_problem_is_described() -> None:
    """Each class of error stands on its page, and each field of a problem and a place."""
    code = list_code(read(REFERENCE / "errors.md"))
    fields = {*Problem.__dataclass_fields__, *Place.__dataclass_fields__}
    assert {*error_names, *fields} - code == set()


def test_every_field_of_a_result_is_explained() -> None:
    """Each field of a result, and each word it can say, stands on the page about results."""
    code = list_code(read(ROOT / "docs" / "how-to" / "read-a-result.md"))
    words = {
        word for kind in (CriterionStatus, GapKind, Nature, Verdict) for word in get_args(kind)
    }
    assert {*AssessmentRecord.model_fields, *words} - code == set()


def test_every_constant_of_the_policy_is_explained() -> None:
    """Each number by which evidence is weighed stands on the page about numbers."""
    code = list_code(read(ROOT / "docs" / "explanation" / "how-the-number-is-made.md"))
    policy = list_nouns(NOUNS["rubric.md"]["EvidencePolicy"])
    aside = {"EvidencePolicy", "Closure", "Efforts"}
    weighing = [noun for name, noun in policy.items() if name not in aside]
    constants = {name for noun in weighing for name in noun.model_fields} - {"reason"}
    assert constants - code == set()


def test_figures_in_words_are_those_of_the_tables() -> None:
    """What the page about reaching the bar says in words, its tables and sessions say too."""
    told: list[str] = []
    shown: list[str] = []
    for line in read(ROOT / "docs" / "explanation" / "what-it-takes.md").splitlines():
        (shown if line.startswith(("|", "[")) else told).extend(re.findall(r"\b0\.\d\d+\b", line))
    assert len(set(told)) > FEW
    for figure in set(told) - {"0.75"}:
        assert any(
            abs(float(figure) - float(other)) < 0.5 * 10 ** -len(figure[2:]) for other in shown
        ), figure


FEW: Final = 4
"""Fewer figures than this would mean that the page was not read."""
