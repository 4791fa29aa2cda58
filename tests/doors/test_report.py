"""What people read: a page of text, and the same as markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest

from pmpromo import (
    Assessment,
    Readiness,
    assess,
    fit_readiness,
    load_packet,
    load_rubric,
    parse_packet,
    parse_rubric,
)
from pmpromo.card import write_rubric_card
from pmpromo.pictures.markup import element
from pmpromo.pictures.terminal import draw_bar, fit, measure_width, write_wrapped
from pmpromo.report import tell_forecast

EXAMPLES: Final = Path(__file__).parents[2] / "examples" / "packets"
RUBRIC: Final = load_rubric("pure-storage-pm/l3-l4")


def score(name: str) -> Assessment:
    """Return the assessment of an example."""
    return assess(load_packet(EXAMPLES / f"{name}.yaml"))


def make_rubric(names: list[str], **said: object) -> dict[str, object]:
    """Return a rubric with a criterion a name."""
    criteria = [
        {
            "id": f"c{n}",
            "name": name,
            "weight": 1,
            "requirements": [{"fact": f"f{n}", "point": 3}],
        }
        for n, name in enumerate(names)
    ]
    levels = {"current_level": "L1", "target_level": "L2"}
    return {"id": "t/l1-l2", "name": "Step", **levels, "criteria": criteria, **said}


def ask(fact: str, point: int) -> dict[str, object]:
    """Return a criterion that asks for one behaviour."""
    return {"name": "C", "requirements": [{"fact": fact, "point": point}]}


class Page(HTMLParser):
    """Collects the elements, attributes and text of markup, and finds what is left open."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.values: list[str] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element and what its attributes say."""
        self.names.append(tag)
        self.values += [value or "" for _, value in attrs]
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the element opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.text += data


@pytest.mark.parametrize(
    "names",
    [
        ["Reach"],
        [
            f"Criterion number {n} with a very long name indeed, longer than any column"
            for n in range(40)
        ],
        [
            "評価基準と事業成果についての非常に長い名前",
            "تأثير عبر الوظائف",
            "🚀 Launches 🎉",
            "e\u0301tendue",
        ],
    ],
)
def test_report_fits_eighty_columns(names: list[str]) -> None:
    """One criterion or forty, wide signs, right-to-left names and emoji: 80 columns, aligned."""
    rubric = parse_rubric(make_rubric(names))
    packet = parse_packet({"id": "p", "as_of": "2026-06-30", "evidence": []})
    lines = assess(packet, rubric).report(verbose=True).splitlines()
    assert max(map(measure_width, lines)) <= 80
    bars = [line for line in lines if "│··· ○" in line]
    assert len(bars) == len(names)
    assert len({measure_width(line[: line.index("│")]) for line in bars}) == 1
    assert (
        len([line for line in write_rubric_card(rubric).splitlines() if measure_width(line) > 80])
        == 0
    )


def test_report_without_adoption_says_so() -> None:
    """An illustrative rubric is called one; an adopted rubric is not."""
    packet = parse_packet({"id": "p", "as_of": "2026-06-30", "evidence": []})
    rubric = parse_rubric(make_rubric(["Reach"], status="adopted"))
    adopted = assess(packet, rubric)
    assert "illustrative" in score("spm-b").report()
    assert "illustrative" not in adopted.report()
    assert "Illustrative" not in write_rubric_card(
        parse_rubric(make_rubric(["R"], status="adopted"))
    )


def test_short_report_counts_what_it_leaves_out() -> None:
    """Five steps are shown and the rest counted; the long report leaves nothing out."""
    seen = score("weak-l2-l3")
    short, long = seen.report(), seen.report(verbose=True)
    assert " more\n" in short
    assert len([line for line in short.splitlines() if line.startswith("  +")]) == 5
    for gap in seen.gaps:
        assert gap.requirement in long
    for digest in (seen.rubric_digest, seen.scoring_digest, seen.packet_digest, seen.result_id):
        assert digest in long
        assert digest not in short


def test_writing_down_comes_first_where_it_brings_more() -> None:
    """Of an undocumented packet the items stand before the steps; of a documented one after."""
    undocumented = score("all-undocumented").report()
    assert undocumented.index("What to write down together") < undocumented.index("What to do next")
    content = {
        "id": "p",
        "as_of": "2026-06-30",
        "evidence": [
            {
                "id": "e",
                "title": "Did it",
                "started": "2026-01-01",
                "in_progress": True,
                "facts": [{"behaviour": "aligns_functions"}],
            },
        ],
    }
    later = assess(parse_packet(content), RUBRIC).report()
    assert later.index("What to do next") < later.index("What to write down together")


def test_one_closing_is_one_step() -> None:
    """A voice that one item lacks is asked for once, with every requirement that it serves."""
    report = score("spm-b").report()
    line = "to document (uncorroborated): practice / builds_practice,"
    assert report.count("Have it confirmed by the manager and someone of another function") == 1
    assert line in report


def test_alternatives_are_one_step() -> None:
    """Facts that would bring the same in one criterion stand in one line, the rest counted."""
    report = " ".join(score("one-flagship").report().split())
    assert "Show 'Operating margin of the unit' between 30 and 35 percent; or 'Rise of" in report
    assert "; or 1 more nothing shown yet (absent): portfolio_strategy / " in report


def test_a_must_have_that_holds_down_is_named() -> None:
    """The report says which must-haves hold the total down, and what they cost each step."""
    report = score("strong-arr-no-leverage").report()
    assert "Held down by the must-have cross_functional." in report
    assert "(held down by cross_functional: +0." in " ".join(report.split())
    gated = [{**ask(f"f{n}", 3), "id": f"c{n}", "weight": 1, "must_have": 0.5} for n in range(2)]
    rest = {**ask("f", 1), "id": "rest", "weight": 98}
    rubric = parse_rubric(make_rubric([], criteria=[*gated, rest]))
    voices = [{"relation": "manager"}, {"relation": "cross_functional"}, {"relation": "customer"}]
    items = [
        {
            "id": f"e{n}",
            "title": "T",
            "ownership": "led",
            "in_progress": True,
            "support": voices,
            "facts": [{"behaviour": "f", "point": 4}],
        }
        for n in range(3)
    ]
    packet = parse_packet({"id": "p", "as_of": "2026-06-30", "evidence": items})
    assert "Held down by the must-haves c0, c1." in assess(packet, rubric).report()


def test_nothing_missing_leaves_no_advice() -> None:
    """A packet at the top of everything has no next step, no check and no empty heading."""
    once = {"fact": "f", "asked": "once", "point": 1}
    criterion = {"id": "c", "name": "C", "weight": 1, "requirements": [once]}
    policy: dict[str, object] = {"closure": {"support": []}}
    content = make_rubric([], status="adopted", criteria=[criterion], evidence=policy)
    rubric = parse_rubric(content)
    item = {
        "id": "e",
        "title": "T",
        "ownership": "sole",
        "in_progress": True,
        "support": "none",
        "facts": [{"behaviour": "f", "point": 1}],
    }
    concern = {"reason_not_to_promote": "None found.", "severity": "low", "answer": "So be it."}
    packet = parse_packet(
        {"id": "p", "as_of": "2026-06-30", "evidence": [item], "concerns": [concern]}
    )
    seen = assess(packet, rubric)
    assert seen.gaps == ()
    assert seen.checks == ()
    report = seen.report()
    assert "What to" not in report
    assert "Worth a look" not in report
    page = Page(seen._repr_html_())
    assert page.names.count("details") == 1
    assert "Evidence, each item by itself (1)" in page.text


def test_forecast_is_never_without_interval_and_basis() -> None:
    """With a model the report gives verdict, interval, count and the interval if documented."""
    scores = [0.1 + 0.8 * n / 59 for n in range(60)]
    model = fit_readiness(scores, [int(each > 0.5) for each in scores], rubric=RUBRIC)
    seen = assess(load_packet(EXAMPLES / "spm-b.yaml"), readiness=model)
    told = " ".join(seen.report().split())
    assert f"Committee forecast: {seen.readiness.verdict}, " in told
    assert "from 60 decisions" in told
    assert "Committee forecast: none" in score("spm-b").report()


def test_forecast_is_rounded_outward() -> None:
    """Percentages are rounded away from the middle, and never reach 0 or 100."""
    told = tell_forecast(
        Readiness(0.5, 0.40049, 0.86001, 0.9, "fitted", 45, "likely", (0.6, 0.00001, 0.99999))
    )
    assert "likely, 40.0 to 86.1 %, from 45 decisions" in told
    assert "0.1 to 99.9 %" in told


def test_page_stands_alone() -> None:
    """The page has no script, loads nothing, closes what it opens, and reads as a table."""
    page = Page(score("spm-b").to_html())
    assert page.open == []
    assert not {"script", "img", "link", "iframe", "object", "form"} & set(page.names)
    assert not any(word in value for value in page.values for word in ("http:", "https:", "url("))
    assert page.names.count("caption") == 1
    assert page.names.count("th") == 6 + 7
    assert "Rubric bar 0.75: ✗ not met." in page.text


def test_markup_of_inputs_is_text() -> None:
    """Names that look like markup are shown as they are written, in text and attributes."""
    nasty = '<script>alert(1)</script> "><img src=x onerror=y> & more'
    rubric = parse_rubric(make_rubric([nasty], name=nasty))
    packet = parse_packet({"id": "p", "as_of": "2026-06-30", "evidence": []})
    seen = assess(packet, rubric)
    for markup in (seen.to_html(), seen._repr_html_()):
        page = Page(markup)
        assert not {"script", "img"} & set(page.names)
        assert nasty in page.text


def test_page_draws_the_forecast_only_with_decisions() -> None:
    """Without past decisions there is no strip; with them it has interval, base rate and words."""
    scores = [0.1 + 0.8 * n / 59 for n in range(60)]
    model = fit_readiness(scores, [int(each > 0.5) for each in scores], rubric=RUBRIC)
    packet = load_packet(EXAMPLES / "spm-b.yaml")
    without, fitted = (
        Page(assess(packet).to_html()),
        Page(assess(packet, readiness=model).to_html()),
    )
    assert fitted.names.count("svg") == without.names.count("svg") + 1
    assert "Of past decisions 50% were promotions (dashed)." in fitted.text
    assert "stroke-dasharray" in assess(packet, readiness=model).to_html()
    read = Assessment.from_json(assess(packet, readiness=model).model_dump_json())
    assert "Of past decisions" not in read.to_html()


def test_page_names_what_holds_down() -> None:
    """The page says which must-haves hold the total down, and which criteria are must-haves."""
    page = Page(score("strong-arr-no-leverage").to_html())
    assert "Held down by the must-have cross_functional." in page.text
    assert "Reach across functions (must-have 0.5)" in page.text


def test_page_counts_what_it_leaves_out() -> None:
    """Of a long list five steps are shown and the rest counted."""
    page = Page(score("weak-l2-l3").to_html())
    assert re.search(r"What to do next.*\((\d+)\)", page.text)
    assert " more" in page.text


def test_page_shows_each_item_by_itself() -> None:
    """An item has its place, what counts of it, and each criterion that it shows."""
    page = Page(score("spm-b").to_html())
    assert "trend-memo (spm-b.yaml:81) Named the move to governed data" in page.text
    assert "30% to 92% of it counts: practice 0.25 to 0.66" in page.text
    assert "92% of it counts: portfolio_strategy 0.84" in page.text


def test_page_tells_what_to_write_down() -> None:
    """The page of an undocumented packet lists the items first, as the text does."""
    page = Page(score("all-undocumented").to_html())
    assert page.text.index("What to write down together") < page.text.index("What to do next")
    assert "[subscription] your part in it; when it ended; who confirms it; " in page.text


def test_same_assessment_same_bytes() -> None:
    """Drawing twice gives the same text: no random names."""
    assert score("spm-b").to_html() == score("spm-b").to_html()


def test_void_elements_have_no_end() -> None:
    """A line break has attributes and no end."""
    assert element("br", class_="x") == '<br class="x">'


def test_widths_are_those_people_see() -> None:
    """Combining and invisible signs take no column, wide ones two; a cut is marked."""
    assert measure_width("e\u0301") == 1
    assert measure_width("評価") == 4
    assert fit("a\u0301\u0301b\u0301\u0301", 2) == "a\u0301\u0301b\u0301\u0301"
    assert fit("評価基準", 5) == "評価…"
    assert fit("評価基準", 6) == "評価… "
    assert draw_bar(1, 1, 1, cells=4) == "███│"


def test_wrapping_measures_what_is_seen() -> None:
    """Wide words break where their columns end, and long ones are cut."""
    lines = write_wrapped("評価" * 30, 20, "  ")
    assert max(map(measure_width, lines)) <= 20
    assert "".join(line.strip() for line in lines) == "評価" * 30
