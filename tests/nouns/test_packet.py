"""Packets: unknown is not absent, every slip has its place, and some things never come in."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import complain_of_packet, list_problems, write_item, write_packet

from pmpromo import load_packet, load_rubric, parse_packet
from pmpromo.assessment import assess
from pmpromo.errors import PacketError
from pmpromo.ladder import REFUSED
from pmpromo.packet import Evidence, Packet

Content = dict[str, Any]

GROWTH: Content = {"metric": "unit_arr_growth", "value": 16.5, "unit": "percent/year"}
ALIGNS: Content = {"behaviour": "aligns_functions", "point": 3}
STRATEGY: Content = {"artifact": "strategy_document", "sections": ["risk_register"]}


def write_full() -> Content:
    """Return a packet that has every kind of part once."""
    return write_packet(
        write_item(
            GROWTH,
            ALIGNS,
            STRATEGY,
            support=[{"relation": "peer", "by": "p-1"}],
            scope={"teams": 6},
            decisions=[{"by": "self", "basis": ["cost"]}],
            claims=[{"criterion": "practice"}],
        ),
        concerns=[{"reason_not_to_promote": "One line only.", "severity": "low"}],
        process={"sponsor": "director", "business_need": {"headcount": True}},
        thesis={"ask": "Promote."},
        views=[{"criterion": "practice", "by": "manager", "point": 2}],
    )


PARTS: list[tuple[str | int, ...]] = [
    (),
    ("evidence", 0),
    ("evidence", 0, "facts", 0),
    ("evidence", 0, "facts", 1),
    ("evidence", 0, "facts", 2),
    ("evidence", 0, "support", 0),
    ("evidence", 0, "scope"),
    ("evidence", 0, "decisions", 0),
    ("evidence", 0, "claims", 0),
    ("concerns", 0),
    ("process",),
    ("process", "business_need"),
    ("thesis",),
    ("views", 0),
]
SAMPLES = ["gender", "Sex", "date_of_birth", "VETERAN_STATUS", "health", "parental_leave", "rating"]


def add(content: Content, way: tuple[str | int, ...], key: str) -> Content:
    """Return a packet with a key more in one of its parts."""
    content = deepcopy(content)
    part: Any = content
    for step in way:
        part = part[step]
    part[key] = "any"
    return content


@pytest.mark.parametrize("key", SAMPLES)
@pytest.mark.parametrize("way", PARTS, ids=lambda way: ".".join(map(str, way)) or "packet")
def test_refused_keys_name_the_reason_wherever_they_stand(
    way: tuple[str | int, ...], key: str
) -> None:
    """A protected, private or rating key is refused with its reason in every part of a packet."""
    content = add(write_full(), way, key)
    (said,) = list_problems(lambda: parse_packet(content))
    assert said.endswith(f"{key}: refused: {REFUSED[key.casefold()]}; delete it")


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_every_refused_name_is_refused(name: str) -> None:
    """Each of the names is refused at the top of a packet, and as a fact of each kind."""
    reason = REFUSED[name]
    assert complain_of_packet(**{name: "x"}) == [f"{name}: refused: {reason}; delete it"]
    facts = [{"metric": name}, {"behaviour": name.upper()}, {"artifact": name}]
    assert complain_of_packet(write_item(*facts)) == [
        f"evidence[0].facts[{place}]: refused: {reason}; delete it" for place in range(3)
    ]


@pytest.mark.parametrize("text", ["Married, two children, 54 years old", "Rated 5 of 5"])
def test_words_are_not_searched(text: str) -> None:
    """Titles are words of people; the library never guesses what they give away."""
    assert complain_of_packet(write_item(title=text)) == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({}, None),
        ({"sections": None}, None),
        ({"sections": []}, ()),
        ({"sections": "none"}, ()),
        ({"sections": ["a"]}, ("a",)),
    ],
)
def test_unknown_is_not_absent(written: Content, expected: object) -> None:
    """A missing list or null is unknown; an empty list or none is known to be absent."""
    packet = parse_packet(write_packet(write_item({"artifact": "plan", **written})))
    assert packet.evidence[0].facts[0].sections == expected  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ({}, "open"),
        ({"support": None}, "open"),
        ({"support": []}, "closed"),
        ({"support": "none"}, "closed"),
        ({"support": [{"relation": "peer"}]}, "open"),
        ({"support": [{"relation": "peer"}], "support_complete": True}, "closed"),
        ({"support_complete": True}, "closed"),
    ],
)
def test_support_is_open_unless_it_is_closed(written: Content, state: str) -> None:
    """What is not listed may still come, until a packet says that this is all."""
    item = Evidence.model_validate({"id": "a", "title": "A", **written})
    assert item.support_is_closed is (state == "closed")


def test_none_is_a_word_for_lists_alone() -> None:
    """Where a number or a mapping is wanted, none is a slip."""
    said = complain_of_packet(write_item(scope="none"), write_item(id="b", share="none"))
    assert [each.partition(":")[0] for each in said] == ["evidence[0].scope", "evidence[1].share"]


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ({}, "facts[0]: is no fact; give it exactly one of: metric, behaviour, artifact"),
        ({"value": 3}, "facts[0]: is no fact; give it exactly one of"),
        ({**GROWTH, **ALIGNS}, "facts[0]: is no fact; give it exactly one of"),
        ({"metrik": "x"}, "facts[0]: is no fact; give it exactly one of"),
        ("arr", "facts[0]: is no fact; give it exactly one of"),
        ({**GROWTH, "valeu": 3}, "facts[0].valeu: unknown key; did you mean 'value'?"),
        ({**GROWTH, "value": "16,5"}, "facts[0].value: a number is wanted, not a text"),
        ({**GROWTH, "value": 1e19}, "facts[0].value: at most 1e+18 is wanted"),
        ({**GROWTH, "status": "done"}, "facts[0].status: is not one of: realised, projected"),
        ({**ALIGNS, "point": 5}, "facts[0].point: at most 4 is wanted"),
        ({**ALIGNS, "point": 2.5}, "facts[0].point: a whole number is wanted"),
        ({**STRATEGY, "dated": "2026-02-30"}, "facts[0].dated: is no day of the calendar"),
        ({**STRATEGY, "pages": -1}, "facts[0].pages: at least 0 is wanted"),
    ],
)
def test_a_slip_in_a_fact_is_told_at_its_place(fact: object, said: str) -> None:
    """One slip gives one problem, in words of the field it stands in."""
    (problem,) = complain_of_packet(write_item(facts=[fact]))
    assert problem.startswith(f"evidence[0].{said}")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"started": "2026-03-01", "ended": "2026-02-28"}, "ended: is before started; swap the"),
        ({"share": 0.5}, "share: stands beside ownership; keep one of them"),
        ({"ownership": "leader"}, "ownership: is not one of: sole, led"),
        ({"in_progress": "yes"}, "in_progress: true or false is wanted, not a text"),
        ({"support": "None"}, "support: "),
        ({"support": [{"by": "m-1"}]}, "support[0].relation: missing; write one of: self"),
        ({"support": [{"relation": "boss"}]}, "support[0].relation: is not one of: self"),
        ({"started": "2026-07-01"}, "started: is after as_of; mend the date, or as_of"),
        (
            {"ended": "2026-07-01", "in_progress": False},
            "ended: is after as_of; mend the date, or add in_progress: true",
        ),
    ],
)
def test_a_slip_in_an_item_is_told_at_its_place(content: Content, said: str) -> None:
    """Dates, ownership and support are held to what they can be."""
    (problem,) = complain_of_packet(write_item(**content))
    assert problem.startswith(f"evidence[0].{said}")


def test_work_in_progress_may_have_an_end_to_come() -> None:
    """A planned end is no slip while the work still goes on."""
    assert complain_of_packet(write_item(ended="2026-12-31")) == []


def test_dates_wait_for_a_day_to_be_held_against() -> None:
    """Without as_of nothing is in the future yet; the day that is given later decides."""
    content = write_packet(write_item(ended="2026-07-01", in_progress=False), as_of=None)
    packet = parse_packet(content)
    rubric = load_rubric("pure-storage-pm/l3-l4")
    assert assess(packet, rubric, as_of=date(2026, 7, 1)).as_of == date(2026, 7, 1)
    assert list_problems(lambda: assess(packet, rubric, as_of=date(2026, 6, 30))) == [
        "evidence[0].ended: is after as_of; mend the date, or add in_progress: true"
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"id": None}, "id: a text is wanted, not null"),
        ({"id": "spm b"}, "id: ASCII letters and digits"),
        ({"schema_version": 2}, "schema_version: is not 1"),
        ({"rubric_digest": "sha256:12"}, "rubric_digest: sha256: and 64 hexadecimal digits are"),
        ({"as_of": "30.6.2026"}, "as_of: is no date; write it as YYYY-MM-DD"),
        ({"evidnce": []}, "evidnce: unknown key; did you mean 'evidence'?"),
        (
            {"concerns": [{"severity": "low"}]},
            "concerns[0].reason_not_to_promote: missing",
        ),
        (
            {"concerns": [{"reason_not_to_promote": "x", "severity": "low", "evidence": ["wrok"]}]},
            "concerns[0].evidence[0]: names no item of this packet; name an evidence id",
        ),
        ({"evidence": [write_item(), write_item(id="Work")]}, "evidence[1].id: stands twice"),
        ({"evidence": None}, "evidence: a list is wanted, not null"),
    ],
)
def test_a_slip_in_a_packet_is_told_at_its_place(content: Content, said: str) -> None:
    """The frame of a packet is checked too, each slip once."""
    (problem,) = list_problems(lambda: parse_packet({**write_packet(write_item()), **content}))
    assert problem.startswith(said)


def test_a_packet_needs_an_id_and_evidence_and_nothing_else() -> None:
    """The smallest packet is a name and an empty list; without them it says what is missing."""
    assert parse_packet({"id": "p", "evidence": []}).evidence == ()
    assert list_problems(lambda: parse_packet({})) == ["id: missing", "evidence: missing"]


def test_a_misspelt_fact_is_led_to_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fact that only the rubric can judge is still told with file, line, column and caret."""
    monkeypatch.chdir(tmp_path)  # a long path is shown shortened
    file = Path("file.yaml")
    file.write_text(
        "id: p\n"
        "as_of: 2026-06-30\n"
        "evidence:\n"
        "  - id: a\n"
        "    title: A\n"
        "    facts:\n"
        "      - {metric: unit_arr_grwth, value: 1}\n"
        "      - {behaviour: strategy_document, point: 3}\n"
        "      - {metric: operating_margin, value: 101, unit: percent}\n"
        "declared_none: [portfolio_pricin]\n"
    )
    packet, rubric = load_packet(file), load_rubric("pure-storage-pm/l3-l4")
    with pytest.raises(PacketError) as caught:
        assess(packet, rubric)
    assert [str(problem).replace(str(file), "file") for problem in caught.value.problems] == [
        (
            "file:7:18: evidence[0].facts[0].metric: is no metric of the ladder;"
            " did you mean 'unit_arr_growth'?"
        ),
        (
            "file:8:21: evidence[0].facts[1].behaviour: is an artifact of the ladder,"
            " not a behaviour; change the key"
        ),
        (
            "file:9:43: evidence[0].facts[2].value: lies outside what is possible;"
            " it can be at most 100 percent"
        ),
        (
            "file:10:17: declared_none[0]: is neither a fact of the ladder nor a criterion;"
            " did you mean 'portfolio_pricing'?"
        ),
    ]
    assert (
        "    7 |       - {metric: unit_arr_grwth, value: 1}\n      |                  ^^^^"
        in str(caught.value)
    )


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ({"value": 1, "unit": "kUSD"}, "unit: unknown unit; did you mean 'usd_thousand'?"),
        ({"value": 1, "unit": "hours"}, "unit: unknown unit; did you mean 'hour'?"),
        ({"value": 1, "unit": "hour"}, "unit: cannot be read as percent; write the figure in"),
        ({"value": 1, "unit": "percentage_point"}, "unit: cannot be read as percent; write the"),
        ({"value": 101, "unit": "percent"}, "value: lies outside what is possible; it can be at"),
        ({"value": 1.01, "unit": "ratio"}, "value: lies outside what is possible; it can be at"),
        ({"baseline": 101, "unit": "percent"}, "baseline: lies outside what is possible"),
    ],
)
def test_units_are_read_or_refused(figure: Content, said: str) -> None:
    """No figure is ever read in a unit that it cannot have."""
    item = write_item({"metric": "operating_margin", **figure})
    rubric = load_rubric("pure-storage-pm/l3-l4")
    (problem,) = list_problems(lambda: assess(parse_packet(write_packet(item)), rubric))
    assert problem.startswith(f"evidence[0].facts[0].{said}")


def test_a_figure_without_a_unit_is_no_mistake() -> None:
    """Half a measurement is a gap, told as one, and no reason to refuse a packet."""
    item = write_item({"metric": "operating_margin", "value": 400})
    rubric = load_rubric("pure-storage-pm/l3-l4")
    (gap,) = (
        gap
        for gap in assess(parse_packet(write_packet(item)), rubric).gaps
        if (gap.requirement, gap.kind) == ("operating_margin", "unmeasured")
    )
    assert gap.nature == "documentation"


def test_the_order_of_items_facts_and_voices_leaves_the_digest_alone() -> None:
    """The same content is the same packet, whoever sorted it."""
    voices = [{"relation": "peer", "by": "a"}, {"relation": "manager", "by": "b"}]
    one = write_packet(
        write_item(GROWTH, ALIGNS, support=voices),
        write_item(STRATEGY, id="b"),
        declared_none=["x", "y"],
    )
    other = write_packet(
        write_item(STRATEGY, id="b"),
        write_item(ALIGNS, GROWTH, support=voices[::-1]),
        declared_none=["y", "x"],
    )
    assert parse_packet(one).digest == parse_packet(other).digest
    changed = write_packet(*one["evidence"], declared_none=["x"])
    assert parse_packet(changed).digest != parse_packet(one).digest


def test_a_packet_survives_json_and_forgets_its_file(tmp_path: Path) -> None:
    """Written and read again a packet is the same; where it came from is no part of it."""
    packet = parse_packet(write_full())
    file = tmp_path / "p.json"
    file.write_text(packet.model_dump_json())
    again = load_packet(file)
    assert again.digest == packet.digest
    assert again.origin is not None
    assert packet.origin is None
    assert parse_packet(again.model_dump_json()) == packet


def test_a_packet_in_a_log_tells_its_name_alone() -> None:
    """What a log or a traceback shows of a packet holds nobody's words, name or figures."""
    packet = parse_packet(write_full())
    told = f"Packet({packet.id!r}, rubric={packet.rubric!r}, items={len(packet.evidence)})"
    assert (repr(packet), f"{[packet]}") == (told, f"[{told}]")


def test_a_packet_does_not_change() -> None:
    """What was read stays as it was read."""
    packet = parse_packet(write_full())
    with pytest.raises(ValueError, match="frozen"):
        packet.id = "other"  # type: ignore[misc]


words = st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=40)


@given(words, words)
def test_words_of_any_language_are_kept(title: str, concern: str) -> None:
    """What people write comes back as they wrote it, in composed form."""
    content = write_packet(
        write_item(title=title), concerns=[{"reason_not_to_promote": concern, "severity": "low"}]
    )
    packet = Packet.model_validate(content)
    assert parse_packet(packet.model_dump_json()).evidence[0].title == packet.evidence[0].title
