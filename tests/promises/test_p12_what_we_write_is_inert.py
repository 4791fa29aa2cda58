"""P12: what we write runs nowhere: in no browser, spreadsheet, terminal, or page of text."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pandas as pd
import pytest
from openpyxl import load_workbook
from promises.choosing import choose
from promises.doors import CRITERION, DAY, ITEM, PACKET, RUBRIC, make_rubric
from sketches import FAMILIES

from pmpromo import (
    assess,
    compare,
    explain,
    find_path,
    fit_readiness,
    lint_rubric,
    load_packet,
    measure_impact,
    parse_packet,
    parse_rubric,
    score_frame,
    to_case,
    write_form,
    write_rubric,
    write_table,
)
from pmpromo.booklet import write_booklet, write_cohort_page
from pmpromo.card import write_rubric_card
from pmpromo.cli import main
from pmpromo.errors import PmpromoError
from pmpromo.gallery import draw_criteria, draw_evidence, draw_gaps, draw_timeline

Content = dict[str, Any]

ACTIVE: Final = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style></svg></textarea><iframe src=//a.example>",
    "' onmouseover='alert(1)",
    "<!--<svg onload=alert(1)>",
    "]]><script>alert(1)</script>",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "javascript:alert(1)",
    "](javascript:alert(1))",
    "](data:text/html,<script>alert(1)</script>)",
    "![x](https://a.example/x.png)",
    "=1+1",
    '=HYPERLINK("https://a.example","x")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "\uff1d1+1",
    "[b]markup[/b]",
    "[link=https://a.example]x[/link]",
    "{{7*7}} ${7*7} #{7*7} %s {0}",
    "\\x1b]8;;https://a.example\\x1b\\\\",
    "'; DROP TABLE packets; --",
    "_x0041_ _x001B_",
    "a,b;c|d",
    "| a | b |",
    "# heading",
    "&lt;b&gt; & &amp;",
)
"""Texts that some program would run, follow, count or take for its own signs."""

TERMINAL: Final = (
    "\x1b[2J",
    "\x1b]8;;https://a.example\x07",
    "\x9b31m",
    "\x08\x08",
    "\u202e",
    "\r",
)
"""What a terminal would obey; the readers refuse it, so it reaches us by errors and names alone."""


def state(text: str) -> Content:
    """Return a packet that says a text wherever it may."""
    facts = [
        {**ITEM["facts"][0], "counterfactual": text},
        {**ITEM["facts"][1], "note": text},
        {"artifact": "paper", "title": text, "uri": text},
    ]
    voice = {"relation": "manager", "by": "m-1", "text": text, "agrees": False}
    item = {
        **ITEM,
        "title": text,
        "facts": facts,
        "support": [voice],
        "problem": text,
        "role": text,
    }
    concern = {"reason_not_to_promote": text, "severity": "high", "answer": text, "plan": text}
    return {
        **PACKET,
        "summary": text,
        "thesis": {"ask": text, "why_now": text, "problem": text},
        "evidence": [item, {**PACKET["evidence"][1], "title": text}],
        "concerns": [concern],
        "process": {"visibility": text, "opportunity": text, "growth_phase": text},
    }


def ask(text: str) -> Content:
    """Return a rubric that says a text wherever it may."""
    ladder = {
        **RUBRIC["ladder"],
        "name": text,
        "levels": [{**each, "name": text, "scope": text} for each in RUBRIC["ladder"]["levels"]],
        "behaviours": [{**each, "name": text} for each in RUBRIC["ladder"]["behaviours"]],
        "metrics": [{**each, "name": text} for each in RUBRIC["ladder"]["metrics"]],
        "artifacts": [{"id": "paper", "name": text, "sections": ["a"], "reviewers": []}],
    }
    paper = {"fact": "paper", "sections": ["a"]}
    first = {**CRITERION, "name": text, "requirements": [*CRITERION["requirements"], paper]}
    other = {**RUBRIC["criteria"][1], "name": text}
    return {**RUBRIC, "name": text, "version": "1", "ladder": ladder, "criteria": [first, other]}


class Page(HTMLParser):
    """Collects the elements, attributes and texts of a page."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.shape: list[tuple[str, tuple[str, ...]]] = []
        self.values: list[tuple[str, str]] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element, the names of its attributes, and what they say."""
        self.shape.append((tag, tuple(name for name, _ in attrs)))
        self.values += [(name, value or "") for name, value in attrs]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that closes itself."""
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.text += data

    def handle_comment(self, data: str) -> None:
        """No page of ours has a comment."""
        raise AssertionError(data)


BANNED: Final = frozenset(
    [
        "script",
        "iframe",
        "object",
        "embed",
        "form",
        "input",
        "button",
        "link",
        "base",
        "audio",
        "video",
        "img",
        "frame",
        "applet",
    ]
)
"""Elements that run, fetch or send."""


def check_page(markup: str, plain: str) -> None:
    """Hold a page to the elements of the same page about a plain text."""
    page, other = Page(markup), Page(plain)
    kinds = {name for name, _ in page.shape}
    assert kinds <= {name for name, _ in other.shape} | {"br"}
    assert not kinds & BANNED
    assert {each for _, names in page.shape for each in names} <= {
        each for _, names in other.shape for each in names
    }
    for name, value in page.values:
        assert not name.startswith("on")
        assert name not in {"href", "src", "action"} or value.startswith("#")
    styles = re.findall(r"<style>(.*?)</style>", markup, re.DOTALL)
    assert {*styles} <= {*re.findall(r"<style>(.*?)</style>", plain, re.DOTALL)}


def list_pages(text: str) -> dict[str, str]:
    """Return every page that we write of packets and rubrics that hold a text, by name."""
    packet, rubric = parse_packet(state(text)), parse_rubric(ask(text))
    seen = assess(packet, rubric)
    told = explain(seen, decides=text, contact=text)
    pictures = [draw(seen) for draw in (draw_criteria, draw_evidence, draw_gaps, draw_timeline)]
    pages = {
        "report": seen.to_html(),
        "in a notebook": seen._repr_html_(),
        "explanation": told.to_html(),
        "packet": packet._repr_html_(),
        "rubric": rubric._repr_html_(),
        "path": find_path(packet, rubric)._repr_html_(),
        "comparison": compare(packet, parse_packet(state("a")), rubric)._repr_html_(),
        "booklet": write_booklet([seen], title=text),
        "cycle": write_cohort_page([seen, seen], title=text),
    }
    pages |= {f"picture {each}": picture.html for each, picture in enumerate(pictures)}
    return pages


PLAIN: Final = "plain words"


@pytest.fixture(scope="module")
def plain_pages() -> dict[str, str]:
    """The pages about a text that nobody would run."""
    return list_pages(PLAIN)


@pytest.mark.parametrize("text", choose(ACTIVE, 6), ids=range(len(ACTIVE)))
def test_pages_show_active_text_as_text(text: str, plain_pages: dict[str, str]) -> None:
    """Whatever packets and rubrics say, a page has the elements and attributes of a plain one."""
    pages = list_pages(text)
    for name, markup in pages.items():
        check_page(markup, plain_pages[name])
    assert text in Page(pages["report"]).text + Page(pages["packet"]).text


def list_svgs(text: str) -> dict[str, str]:
    """Return a picture file of each family that holds a text."""
    return {family: draw((text, "b", "c")).svg for family, draw in FAMILIES.items()}


@pytest.mark.parametrize("text", choose([*ACTIVE[:9], ACTIVE[26]], 4), ids=ascii)
def test_pictures_are_shapes_and_words(text: str) -> None:
    """An SVG file is well-formed, and holds neither scripts, links nor what is fetched."""
    for family, told in list_svgs(text).items():
        root = ET.fromstring(told)  # noqa: S314 - our own text
        for each in root.iter():
            tag = each.tag.rpartition("}")[2]
            assert tag not in {"script", "a", "foreignObject", "image", "use", "set", "animate"}
            assert not [key for key in each.attrib if key.startswith("on") or "href" in key], family


SHEET: Final = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a cell begins that a spreadsheet program counts with."""


def write(frame: pd.DataFrame, ending: str) -> bytes:
    """Return the file that a frame is written to."""
    with TemporaryDirectory() as folder:
        path = Path(folder, f"table{ending}")
        write_table(frame, path)
        return path.read_bytes()


def list_cells(text: str) -> list[str]:
    """Return every cell of a CSV text."""
    return [cell for row in csv.reader(io.StringIO(text)) for cell in row]


@pytest.mark.parametrize("lead", ["", " ", "\n", "\t", "\u00a0", "\r\n "], ids=ascii)
def test_no_cell_of_a_table_is_a_formula(lead: str) -> None:
    """In CSV such a text stands behind a quote, in a workbook it is text; as a header, too."""
    texts = [f"{lead}{text}" for text in ACTIVE]
    frame = pd.DataFrame({"text": texts, f"{lead}=A1": texts, "gain": [-1.5] * len(texts)})
    cells = list_cells(write(frame, ".csv").decode("utf-8-sig"))
    assert [cell for cell in cells if cell.lstrip().startswith(SHEET) and cell != "-1.5"] == []
    page = load_workbook(io.BytesIO(write(frame, ".xlsx"))).active
    assert {cell.data_type for row in page for cell in row} == {"s", "n"}
    for row in page.iter_rows(max_col=2):
        for cell in row:
            assert cell.data_type == "s"
            assert cell.quotePrefix or not str(cell.value).lstrip().startswith(SHEET)


@pytest.mark.slow
def test_no_cell_of_a_form_is_a_formula(tmp_path: Path) -> None:
    """A form holds texts, whatever the packet says; read again it says the same."""
    for text in ("=1+1", "_x0041_ _x001B_"):
        packet = parse_packet(state(text))
        path = tmp_path / "form.xlsx"
        path.write_bytes(write_form(parse_rubric(ask(text)), packet))
        for page in load_workbook(path):
            for cell in (cell for row in page for cell in row):
                assert cell.data_type != "f", cell.value
                active = isinstance(cell.value, str) and cell.value.startswith(SHEET)
                assert cell.quotePrefix or not active
        assert load_packet(path).digest == packet.digest


@pytest.mark.parametrize("text", choose(ACTIVE, 6), ids=range(len(ACTIVE)))
def test_groups_of_people_are_text(text: str) -> None:
    """A group may be called anything: report, CSV and JSON of an impact stay what they are."""
    impact = measure_impact([True, False] * 6, [text, "B"] * 6)
    check_terminal(str(impact))
    cells = list_cells(impact.to_csv(source=text, measured=DAY))
    numbers = re.compile(r"-?\d[\d.e+-]*")
    assert [c for c in cells if c.lstrip().startswith(SHEET) and not numbers.fullmatch(c)] == []
    check_page(
        impact._repr_html_(), measure_impact([True, False] * 6, ["A", "B"] * 6)._repr_html_()
    )
    assert (
        text in json.dumps(json.loads(impact.to_json()), ensure_ascii=False)
        or '"' in text
        or "\\" in text
    )


def check_terminal(told: str) -> None:
    """Hold a text to what a terminal only shows: letters, signs, blanks and line ends."""
    for sign in told:
        kind, turn = unicodedata.category(sign), unicodedata.bidirectional(sign)
        assert sign == "\n" or kind not in {"Cc", "Cs", "Cn"}, ascii(sign)
        assert turn not in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@pytest.mark.parametrize("text", TERMINAL, ids=ascii)
def test_nothing_that_is_told_steers_a_terminal(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Errors about names, keys, values, headers and files show such signs by their codes."""
    told = []
    path = tmp_path / f"{text.replace('/', '_')}.yaml"
    path.write_text(f"id: p\nevidence: []\n{'a' + text}: 1\n", "utf-8", newline="")
    for work in (
        lambda: parse_packet({**PACKET, "id": text}),
        lambda: parse_packet({**PACKET, f"a{text}b": 1}),
        lambda: parse_packet({**PACKET, "rubric": f"a{text}"}),
        lambda: parse_packet(json.dumps({**PACKET, f"a{text}b": {f"c{text}": 1}})),
        lambda: load_packet(path),
        lambda: load_packet(tmp_path / f"none{text}.yaml"),
        lambda: score_frame(pd.DataFrame({f"fact{text}": ["a"]}), make_rubric(), as_of=DAY),
    ):
        with pytest.raises(PmpromoError) as caught:
            work()
        told.append(str(caught.value))
    frame = pd.DataFrame({"packet_id": ["p"], "evidence_id": ["a"], "fact": [f"a{text}"]})
    problems = score_frame(frame, make_rubric(), as_of=DAY).problems
    told += [*problems["found"], *problems["message"]]
    assert main(["check", str(path)]) == 1
    said = capsys.readouterr()
    for each in (*told, said.out, said.err):
        check_terminal(each)


@pytest.mark.parametrize("text", choose(ACTIVE, 6), ids=range(len(ACTIVE)))
def test_reports_stay_in_their_columns(text: str) -> None:
    """Reports of active text have 80 columns at most, and show it as it is written."""
    packet, rubric = parse_packet(state(text)), parse_rubric(ask(text))
    seen = assess(packet, rubric)
    for told in (
        seen.report(verbose=True),
        str(explain(seen, decides=text)),
        find_path(packet, rubric).report(),
        str(packet),
        write_rubric_card(rubric),
        "\n".join(map(str, lint_rubric(rubric))),
    ):
        check_terminal(told)


@pytest.mark.parametrize("text", choose(ACTIVE, 6), ids=range(len(ACTIVE)))
def test_what_programs_read_comes_back(text: str) -> None:
    """JSON, YAML and CASE that hold active text are read to the same again: nothing breaks out."""
    packet, rubric = parse_packet(state(text)), parse_rubric(ask(text))
    seen = assess(packet, rubric)
    assert json.loads(seen.model_dump_json())["rubric_name"] == text
    assert parse_rubric(write_rubric(rubric), format="yaml").digest == rubric.digest
    kept = json.loads(json.dumps(to_case(rubric, changed=DAY)))
    assert kept["CFRubrics"][0]["title"] == text


MARKS: Final = re.compile(r"(?<!\\)(?:<[a-zA-Z/!]|\]\(|!\[)")
"""What opens an element, a link or a picture in Markdown, where no backslash stands before it."""


@pytest.mark.parametrize("text", choose(ACTIVE[:11], 8), ids=ascii)
def test_a_card_of_a_model_is_words(text: str) -> None:
    """The card in Markdown tells names of groups so that they are neither markup nor links."""
    model = fit_readiness([0.1, 0.5, 0.6, 0.9] * 3, [0, 0, 1, 1] * 3, groups=[text, "B"] * 6)
    plain = fit_readiness([0.1, 0.5, 0.6, 0.9] * 3, [0, 0, 1, 1] * 3, groups=["A", "B"] * 6)
    assert len(MARKS.findall(model.model_card())) == len(MARKS.findall(plain.model_card()))
    check_page(model._repr_html_(), plain._repr_html_())
