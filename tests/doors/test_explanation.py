"""What the person concerned is told: complete, in plain words, and safe to show."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Final

import pytest

from pmpromo import assess, explain, fit_readiness, load_packet, load_rubric, parse_packet
from pmpromo.cli import main
from pmpromo.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmpromo import Assessment

FILE: Final = "examples/packets/spm-a.yaml"
SEEN: Final = assess(load_packet(FILE))
RUBRIC: Final = load_rubric("pure-storage-pm/l3-l4")


def find_section(seen: Assessment, head: str, **said: Any) -> str:  # noqa: ANN401 - options
    """Return one section of an explanation as one line."""
    section = next(each for each in explain(seen, **said).sections if each.head == head)
    return " ".join([*section.told, *section.listed])


def test_every_main_element_is_told() -> None:
    """Rubric, step and day; bar and both ends; every criterion with its figures."""
    told = " ".join(str(explain(SEEN)).split())
    assert "Senior to Principal (pure-storage-pm/l3-l4, version 1.0.0)" in told
    assert "from L3 to L4, as of 2026-06-30" in told
    assert "your packet proves 0.34 of 1, and could prove up to 0.42" in told
    for score in SEEN.criteria:
        ends = f"{score.proven:.2f} to {score.possible:.2f}"
        assert f"{score.name}, weight {score.weight:.0%}: {ends}. Bar {score.bar:.2f}" in told


def test_what_counted_names_every_item() -> None:
    """Each item is told with the share of it that counts and the criteria it counts for."""
    told = find_section(SEEN, "What counted")
    assert [item.evidence for item in SEEN.evidence if f"[{item.evidence}]" not in told] == []
    assert "[block-line-fy26]: 92% of it, for Result of the business." in told


def test_an_item_that_shows_nothing_asked_for_is_told() -> None:
    """An item whose fact this rubric does not ask for counts for nothing, and is told so."""
    facts = [{"behaviour": "decides_alone", "point": 3}]
    unasked = next(
        name
        for name, fact in RUBRIC.ladder.facts.items()
        if name not in {each.fact for c in RUBRIC.criteria for each in c.requirements}
        and type(fact).__name__ == "Behaviour"
    )
    facts[0]["behaviour"] = unasked
    content: dict[str, Any] = {
        "id": "p",
        "as_of": "2026-06-30",
        "evidence": [{"id": "x", "title": "X", "facts": facts}],
    }
    told = find_section(assess(parse_packet(content), RUBRIC), "What counted")
    assert "but it shows nothing that is asked for" in told


def test_what_was_missing_is_told_by_kind() -> None:
    """Facts to add, work that fell short, and what is not shown each have a section."""
    assert "State the status of" in find_section(SEEN, "Facts that you could add")
    assert "Lead such work" in find_section(SEEN, "Work that counted, but not in full")
    assert "5 more" in find_section(SEEN, "What the packet does not show at all")


def test_a_packet_that_holds_nothing_is_explained() -> None:
    """Without evidence nothing counted, and only what is not shown is missing."""
    packet = parse_packet({"id": "p", "as_of": "2026-06-30", "evidence": []})
    heads = [section.head for section in explain(assess(packet, RUBRIC)).sections]
    assert "What counted" not in heads
    assert "Facts that you could add" not in heads
    assert "What the packet does not show at all" in heads


def test_a_must_have_that_holds_down_is_told() -> None:
    """Where must-haves hold the total down, they are named."""
    seen = assess(load_packet("examples/packets/strong-arr-no-leverage.yaml"))
    assert seen.held_down_by
    assert ", ".join(seen.held_down_by) in find_section(seen, "What came out")


def test_who_decides_and_how_to_object_are_told() -> None:
    """Names and addresses are the user's; without them people still decide and can be asked."""
    said = {"decides": "The board", "contact": "write to us."}
    assert find_section(SEEN, "Who decides", **said).startswith("The board decides, not this")
    assert "object: write to us." in find_section(SEEN, "If you disagree", **said)
    assert find_section(SEEN, "Who decides").startswith("People decide, not this reading.")
    told = find_section(SEEN, "If you disagree")
    assert "a review by people" in told
    assert SEEN.result_id in told


def test_a_forecast_is_told_with_its_interval_and_limit() -> None:
    """A probability never stands without interval, decisions and the sentence on whom it is for."""
    scores = [i / 100 for i in range(100)]
    model = fit_readiness(scores, [int(score > 0.5) for score in scores])
    told = find_section(assess(load_packet(FILE), readiness=model), "What came out")
    assert "from 100 decisions" in told
    assert told.endswith("not for a person.")


def test_an_unknown_audience_is_refused() -> None:
    """There is one audience so far."""
    with pytest.raises(DataError, match="audience: is not known"):
        explain(SEEN, "committee")  # type: ignore[arg-type]


class Reader(HTMLParser):
    """Tags and texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.told: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, _: Sequence[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.told.append(data)


def test_hostile_text_stays_text() -> None:
    """Markup in what the user says is shown as it is, and adds no tag."""
    hostile = "<img src=x onerror=alert(1)>"
    plain = Reader(explain(SEEN, decides="A board", contact="us").to_html())
    found = Reader(explain(SEEN, decides=hostile, contact=hostile).to_html())
    assert found.tags == plain.tags
    assert f"{hostile} decides, not this reading." in found.told


def test_the_command_explains(capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints the text, or a page with the same title."""
    assert main(["explain", FILE, "--decides", "The board"]) == 0
    text = capsys.readouterr().out
    assert text == f"{explain(SEEN, decides='The board')}\n"
    assert max(map(len, text.splitlines())) <= 80
    assert main(["explain", FILE, "--format", "html"]) == 0
    assert capsys.readouterr().out == explain(SEEN).to_html()
