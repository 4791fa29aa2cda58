"""Rubrics and packets show themselves in notebooks, and a rubric in print."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from sketches import Reader
from small import write_item, write_packet, write_rubric
from strategies import Content, cases, read_packet, read_rubric

from pmpromo import load_packet, load_rubric, parse_packet, parse_rubric, shipped_rubrics
from pmpromo.card import write_rubric_card
from pmpromo.pictures.terminal import measure_width

EXAMPLES: Final = Path(__file__).parents[2] / "examples" / "packets"
NASTY: Final = '<script>alert(1)</script> "><img src=x onerror=y> & more'


def show_packet(*items: Content, **content: object) -> str:
    """Return what a packet shows, its tags left out."""
    shown = Reader(parse_packet(write_packet(*items, **content))._repr_html_())
    return "\n".join(shown.texts)


@pytest.mark.parametrize("name", shipped_rubrics())
def test_a_rubric_shows_all_it_asks(name: str) -> None:
    """Every criterion and every requirement of a shipped rubric stands on its card, once."""
    rubric = load_rubric(name)
    page = Reader(rubric._repr_html_())
    for criterion in rubric.criteria:
        assert page.texts.count(criterion.name) == 2
        for requirement in criterion.requirements:
            fact = rubric.ladder.facts[requirement.fact]
            assert any(text.startswith(fact.name) for text in page.texts)
    assert len(rubric._repr_html_()) <= 12_000


def test_a_rubric_prints_its_card() -> None:
    """Printing a rubric prints its card of 80 columns."""
    rubric = load_rubric("pure-storage-pm/l3-l4")
    assert str(rubric) == write_rubric_card(rubric)


def test_a_rubric_tells_bars_must_haves_and_the_best_few() -> None:
    """A criterion's own bar, its must-have and how many of its requirements count are shown."""
    asked = [{"fact": f"f{n}", "point": 3} for n in range(3)]
    own = {"id": "own", "name": "Own", "weight": 3, "bar": 0.6, "must_have": 0.4, "best": 2}
    rest = {"id": "rest", "name": "Rest", "weight": 1, "requirements": [{"fact": "g", "point": 1}]}
    criteria = [{**own, "requirements": asked}, rest]
    pair = {"pair": ["own", "rest"], "strength": 0.1}
    weights = [{"criterion": "own", "weight": 1}, {"criterion": "rest", "weight": 1}]
    variant = {"id": "even", "reason": "To see.", "weights": weights}
    content = write_rubric(
        criteria=criteria, complements=[pair], variants=[variant], status="adopted"
    )
    texts = Reader(parse_rubric(content)._repr_html_()).texts
    row = texts[texts.index("Own") :]
    assert row[:5] == ["Own", "75%", "0.6", "0.4", "the best 2 of 3"]
    row = texts[texts.index("Rest") :]
    assert row[:5] == ["Rest", "25%", "0.75", "-", "1 things"]
    assert "own and rest count 0.1 of the total through the lower of the two." in texts
    assert "even: To see. (own 1, rest 1)" in texts
    assert not any("Illustrative" in text for text in texts)


def test_a_packet_shows_what_is_known_and_what_is_not() -> None:
    """Unknown parts, days and figures are called unknown; closed support is told from open."""
    facts: list[Content] = [
        {"metric": "arr", "value": 16.5, "unit": "percent/year", "baseline": 11},
        {"metric": "nps"},
        {"metric": "margin", "value": 3, "status": "projected"},
        {"behaviour": "aligns", "point": 3},
        {"behaviour": "leads"},
        {"artifact": "plan", "sections": ["risk_register"], "reviewers": ["cto"]},
        {"artifact": "memo"},
    ]
    silent = {"id": "silent", "title": "Silent work", "facts": []}
    shared = write_item(id="shared", ownership=None, share=0.6, in_progress=False)
    voices = [{"relation": "cross_functional"}, {"relation": "peer", "agrees": False}]
    told = show_packet(
        write_item(*facts, id="full", started="2025-03-01", support=voices), silent, shared
    )
    assert (
        "arr: 16.5 percent/year from 11; nps: no figure; margin: 3 (projected); aligns: point 3;"
        " leads: no point; plan: risk register, seen by cto; memo"
    ) in told
    assert "2025-03-01, goes on" in told
    assert "cross-functional, peer (disputes), others unknown" in told
    assert "unknown to unknown" in told
    assert "no fact stated" in told
    assert "60%" in told
    assert told.count("\nnone") == 1


def test_a_packet_shows_its_head_and_its_concerns() -> None:
    """Rubric, day, summary, what is declared as none, and concerns with or without an answer."""
    concerns = [
        {"reason_not_to_promote": "One line only.", "severity": "medium", "answer": "Two now."},
        {"reason_not_to_promote": "Too early.", "severity": "low"},
    ]
    told = show_packet(summary="In short.", declared_none=["pricing"], concerns=concerns)
    assert "For no rubric named, as of 2026-06-30" in told
    assert "In short." in told
    assert "pricing" in told
    assert "One line only. Answer: Two now." in told
    assert "Too early. No answer." in told
    named = parse_packet({"id": "p", "rubric": "team/l1-l2", "evidence": []})._repr_html_()
    assert "For team/l1-l2, as of unknown" in named


def test_a_packet_prints_what_it_shows() -> None:
    """Printing a packet gives its items, what is unknown of them, and its concerns, in words."""
    concern = {"reason_not_to_promote": "One line only.", "severity": "medium"}
    item = write_item({"behaviour": "aligns", "point": 3})
    silent = {"id": "silent", "title": "Silent work", "facts": []}
    packet = parse_packet(
        write_packet(item, silent, summary="In short.", declared_none=["x"], concerns=[concern])
    )
    assert str(packet).splitlines() == [
        "p-1, for no rubric named, as of 2026-06-30",
        "In short.",
        "",
        "work: Some work",
        "  part    led, unknown, goes on",
        "  shows   aligns: point 3",
        "  support none",
        "",
        "silent: Silent work",
        "  part    unknown, unknown to unknown",
        "  shows   no fact stated",
        "  support others unknown",
        "",
        "Declared as none: x",
        "Concern, medium: One line only. No answer.",
    ]
    assert str(parse_packet({"id": "p", "evidence": []})) == (
        "p, for no rubric named, as of unknown"
    )


def test_items_beyond_twenty_are_counted() -> None:
    """Of a long packet twenty items are shown and the rest counted."""
    items = [write_item(id=f"e{n}") for n in range(23)]
    told = show_packet(*items)
    assert "Evidence (23)" in told
    assert "3 more items" in told
    assert "e19" in told
    assert "e20" not in told


@settings(max_examples=max(5, settings().max_examples // 5))
@given(cases())
def test_nouns_show_any_text_as_text(case: tuple[Content, Content]) -> None:
    """Whatever the words of a packet or rubric hold, no element comes of them."""
    rubric, packet = case
    criteria = [{**each, "name": NASTY} for each in rubric["criteria"]]
    items = [{**each, "title": NASTY} for each in packet["evidence"]]
    shown = (
        read_rubric({**rubric, "criteria": criteria}),
        read_packet({**packet, "summary": NASTY, "evidence": items}),
    )
    for noun in shown:
        page = Reader(noun._repr_html_())
        assert page.open == []
        assert not {"script", "img"} & set(page.names)
        assert any(NASTY in text for text in page.texts)


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.yaml")), ids=lambda file: file.stem)
def test_examples_show_themselves_in_small(file: Path) -> None:
    """Each example packet shows all of its items in at most 12 kB, the same every time."""
    packet = load_packet(file)
    assert max(map(measure_width, str(packet).splitlines())) <= 80
    markup = packet._repr_html_()
    assert len(markup) <= 12_000
    assert markup == load_packet(file)._repr_html_()
    page = Reader(markup)
    for item in packet.evidence:
        assert item.id in page.texts
        assert item.title in page.texts
