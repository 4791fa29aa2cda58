"""The page that people pass round: several packets in one file, or a cycle at a glance."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

import pytest

from pmpromo import (
    Assessment,
    assess,
    compare,
    find_path,
    fit_committee,
    load_packet,
    load_rubric,
    parse_packet,
    read_ratings,
)
from pmpromo.booklet import write_booklet, write_cohort_page, write_session_page
from pmpromo.cli import main
from pmpromo.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pmpromo.committee import CommitteeModel

FILES: Final = [f"examples/packets/{name}.yaml" for name in ("spm-b", "spm-a", "strong-l4-l5")]
HOSTILE: Final = "<script>alert('&\"')</script>\u05d0"


@pytest.fixture(scope="module")
def seen() -> list[Assessment]:
    """Three packets, of two steps."""
    return [assess(load_packet(file)) for file in FILES]


class Outline(HTMLParser):
    """What a page is made of: tags, ids, links, and text outside of its styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.told: list[str] = []
        self._in_style = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Note a tag, its id and where it leads."""
        self.tags[tag] += 1
        self._in_style = tag == "style"
        self.ids += [value for key, value in attrs if key == "id" and value]
        self.links += [value for key, value in attrs if key in {"href", "src"} and value]

    def handle_endtag(self, tag: str) -> None:
        """Leave a style."""
        self._in_style = self._in_style and tag != "style"

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if not self._in_style:
            self.told.append(data)


def test_contents_lead_to_every_packet(seen: list[Assessment]) -> None:
    """Each packet has a section in the order given, and the contents a link to it."""
    outline = Outline(write_booklet(seen))
    assert outline.ids == ["packet-1", "packet-2", "packet-3"]
    assert outline.links == ["#packet-1", "#packet-2", "#packet-3"]
    heads = [told for told in outline.told if told.startswith(("spm-", "strong-")) and ": " in told]
    assert [head.partition(":")[0] for head in heads] == [each.packet_id for each in seen]


def test_pages_load_nothing(seen: list[Assessment]) -> None:
    """Neither page has a script, an image from elsewhere, or a link out."""
    for page in (write_booklet(seen), write_cohort_page(seen)):
        outline = Outline(page)
        assert not {"script", "img", "link", "iframe", "object"} & outline.tags.keys()
        assert all(link.startswith("#") for link in outline.links)
        assert not re.search(r"url\(|@import|\son\w+=", page)


def test_pages_are_made_for_paper(seen: list[Assessment]) -> None:
    """A packet begins on a sheet of its own, rows are not cut, and what is folded is unfolded."""
    for page in (write_booklet(seen), write_cohort_page(seen)):
        for rule in ("size:A4", "break-before:page", "tr,li,svg,h2,summary{break-inside:avoid}"):
            assert rule in page
        assert "details::details-content{content-visibility:visible" in page


def test_hostile_text_stays_text() -> None:
    """A title, an id of an item and a page's title that hold markup add no tag, and are shown."""
    item = {"id": "x", "title": HOSTILE, "facts": [{"behaviour": "aligns_functions", "point": 3}]}
    plain = {**item, "title": "plain"}
    pages = [
        write(
            [assess(parse_packet({"id": "p", "as_of": "2026-06-30", "evidence": [each]}), RUBRIC)],
            title=title,
        )
        for write in (write_booklet, write_cohort_page)
        for each, title in ((item, HOSTILE), (plain, "plain"))
    ]
    tags = [Outline(page).tags for page in pages]
    assert tags[0] == tags[1]
    assert tags[2] == tags[3]
    assert pages[0].count("&lt;script&gt;") >= 3
    assert HOSTILE in Outline(pages[0]).told


RUBRIC: Final = load_rubric("pure-storage-pm/l3-l4")


def test_a_cycle_is_counted_by_rubric(seen: list[Assessment]) -> None:
    """Two steps are two sections; statuses of a criterion add up to the packets of its step."""
    page = write_cohort_page([*seen, seen[0]], title="Cycle 2026h1")
    told = Outline(page).told
    assert "Senior to Principal: 3 packets" in told
    assert "Principal to Director: 1 packets" in told
    place = told.index("Result of the business", told.index("Criteria"))
    assert sum(int(count) for count in told[place + 1 : place + 5]) == 3


def test_a_cycle_says_what_is_missing_most_often(seen: list[Assessment]) -> None:
    """A requirement is counted once a packet, in how many it would gain."""
    gaining = {f"{gap.criterion} / {gap.requirement}" for gap in seen[1].gaps if gap.gain >= 0.0005}
    told = Outline(write_cohort_page([seen[1], seen[1]])).told
    listed = [text for text in told if text in gaining]
    assert len(listed) == 10
    assert [told[told.index(text) + 1] for text in listed] == ["2 of 2"] * 10


def test_a_cycle_in_which_nothing_is_missing_lists_nothing(
    seen: list[Assessment], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no gap would gain anything there is no list of what is missing."""
    monkeypatch.setattr("pmpromo.booklet.SEEN_GAIN", 1.0)
    assert "Missing most often" not in write_cohort_page(seen)


def test_same_packets_same_bytes(seen: list[Assessment]) -> None:
    """The same packets give the same page, to the byte."""
    assert write_booklet(seen) == write_booklet(seen)
    assert write_cohort_page(seen) == write_cohort_page(seen)


def test_report_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command reads files of one packet and of many, and writes the page of all of them."""
    lines = [load_packet(file).model_dump_json() for file in FILES[1:]]
    (tmp_path / "more.jsonl").write_text("\n".join(lines), encoding="utf-8")
    page = tmp_path / "page.html"
    words = ["report", FILES[0], str(tmp_path / "more.jsonl"), "-o", str(page), "--title", "Ours"]
    assert main(words) == 0
    assert capsys.readouterr().out == f"3 packets are in {page}.\n"
    outline = Outline(page.read_text(encoding="utf-8"))
    assert [told for told in outline.told if told.strip()][:2] == ["Ours", "Ours"]
    assert len(outline.ids) == 3


def test_report_writes_a_cycle(tmp_path: Path) -> None:
    """With --cohort the page has no packet's own section; rubric, day and model are taken."""
    model = tmp_path / "model.json"
    decisions = "examples/decisions/decisions.csv"
    assert main(["fit", decisions, "--rubric", RUBRIC.id, "-o", str(model)]) == 0
    page = tmp_path / "page.html"
    words = ["--cohort", "--rubric", RUBRIC.id, "--as-of", "2026-06-30", "--model", str(model)]
    assert main(["report", *FILES, "-o", str(page), *words]) == 0
    outline = Outline(page.read_text(encoding="utf-8"))
    assert outline.ids == []
    assert "Senior to Principal: 3 packets" in outline.told


def test_report_tells_ways_and_differences(tmp_path: Path) -> None:
    """Each packet has its way to the bar; one read as the one before it is compared with it."""
    page = tmp_path / "page.html"
    assert main(["report", *FILES, "-o", str(page), "--path", "--compare"]) == 0
    told = Outline(page.read_text(encoding="utf-8")).told
    assert told.count("The way to the bar") == 3
    assert str(find_path(load_packet(FILES[0]))) in told
    assert [text for text in told if text.startswith("Compared with")] == [
        f"Compared with {load_packet(FILES[0]).id}"
    ]
    assert str(compare(load_packet(FILES[0]), load_packet(FILES[1]))) in told


RATINGS: Final[dict[str, list[object]]] = {
    "packet_id": list("aabbccdd"),
    "criterion": ["reach"] * 8,
    "rater_id": ["ann", "bo"] * 4,
    "rating": [1, 3, 2, 4, 1, 2, 2, 4],
}


def test_a_session_says_before_after_who_and_why() -> None:
    """Every packet has its mean, its fair score, and each rater with what was added and why."""
    model = fit_committee(RATINGS)
    told = Outline(write_session_page(model)).told
    for packet in model.packets:
        place = len(told) - 1 - told[::-1].index(packet.packet_id)
        before, after, _, why = told[place + 1 : place + 5]
        assert (before, after) == (f"{packet.raw_mean:.2f}", f"{packet.fair_score:.2f}")
        assert why.startswith("ann severe: +")
        assert "bo lenient: -" in why
    assert "To talk about" not in told


def test_a_session_of_one_rater_moves_nothing() -> None:
    """One rater is as severe as the average of one; a strange rating is there to talk about."""
    columns = {name: column[::2] for name, column in RATINGS.items()}
    told = Outline(write_session_page(fit_committee(columns))).told
    assert told.count("ann as others: +0.00") == 4
    strange = fit_committee(read_ratings("examples/decisions/ratings.csv"))
    assert "To talk about" in Outline(write_session_page(strange)).told


def rate_many(n_packets: int) -> CommitteeModel:
    """Fit packets that two raters of three rated in turn, of whom one is severe."""
    raters = [("ann", "bo"), ("bo", "cy"), ("cy", "ann")]
    rows = [
        (f"p{i:03d}", name, max(i % 5 - (name == "ann"), 0))
        for i in range(n_packets)
        for name in raters[i % 3]
    ]
    packets, names, points = zip(*rows, strict=True)
    columns = {"packet_id": packets, "rater_id": names, "rating": points}
    return fit_committee({**columns, "criterion": ["reach"] * len(rows)})


def name_packets(told: list[str], model: CommitteeModel) -> list[str]:
    """Return the packets of the tables, in their order; the picture of many names none."""
    names = {packet.packet_id for packet in model.packets}
    return [text for text in told if text in names]


def test_a_session_of_many_packets_shows_those_that_moved_most() -> None:
    """Forty, in the order in which they were given; the page says how many more there are."""
    model = rate_many(90)
    told = Outline(write_session_page(model)).told
    shown = name_packets(told, model)
    gaps = {each.packet_id: abs(each.fair_score - each.raw_mean) for each in model.packets}
    assert len(shown) == 40
    assert shown == sorted(shown)
    assert min(gaps[name] for name in shown) >= max(gaps[name] for name in {*gaps} - {*shown})
    assert "Packets: the 40 of 90 that moved most" in told
    assert "50 more moved less; with `--all` they are here too." in told
    whole = Outline(write_session_page(model, complete=True)).told
    assert name_packets(whole, model) == [packet.packet_id for packet in model.packets]


def test_packets_that_cross_the_bar_come_first() -> None:
    """Those on its other side after, then the rest; none is there twice."""
    model = rate_many(20)
    bar = 1.6
    crossing = [
        each.packet_id
        for each in model.packets
        if min(each.raw_mean, each.fair_score) < bar <= max(each.raw_mean, each.fair_score)
    ]
    assert 0 < len(crossing) < 20
    told = Outline(write_session_page(model, bar=bar)).told
    at, after = told.index("Packets that cross 1.6"), told.index("Other packets")
    assert name_packets(told[at:after], model) == crossing
    assert name_packets(told[after:], model) == [
        each.packet_id for each in model.packets if each.packet_id not in crossing
    ]
    none = Outline(write_session_page(model, bar=0.0)).told
    assert "Packets that cross 0: none." in none


@pytest.mark.parametrize("bar", [-0.5, 4.5, float("nan")])
def test_a_bar_off_the_scale_is_refused(bar: float) -> None:
    """It would tell nothing, and look as if nobody crossed it."""
    with pytest.raises(DataError, match="bar: not on the scale; give points from 0 to 4"):
        write_session_page(rate_many(3), bar=bar)


def test_the_command_knows_bar_and_all(capsys: pytest.CaptureFixture[str]) -> None:
    """`--bar` and `--all` are those of the page."""
    file = "examples/decisions/ratings.csv"
    assert main(["committee", file, "--format", "html", "--bar", "2.5", "--all"]) == 0
    page = write_session_page(fit_committee(read_ratings(file)), bar=2.5, complete=True)
    assert capsys.readouterr().out == page


def test_the_committee_command_writes_the_session(capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints the page of its ratings."""
    file = "examples/decisions/ratings.csv"
    assert main(["committee", file, "--format", "html"]) == 0
    assert capsys.readouterr().out == write_session_page(fit_committee(read_ratings(file)))


def test_a_role_stands_beside_its_rater() -> None:
    """Where raters have roles, the page names them."""
    columns = {**RATINGS, "role": ["manager", "peer"] * 4}
    assert "ann (manager)" in Outline(write_session_page(fit_committee(columns))).told


def test_a_bad_packet_writes_no_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One packet that cannot be read is named, and nothing is written."""
    (tmp_path / "bad.yaml").write_text("id: x\nevidnce: []\n", encoding="utf-8")
    page = tmp_path / "page.html"
    assert main(["report", FILES[0], str(tmp_path / "bad.yaml"), "-o", str(page)]) == 1
    assert "did you mean 'evidence'?" in capsys.readouterr().err
    assert not page.exists()
