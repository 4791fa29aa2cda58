"""P16: protected attributes cannot enter, and names, pronouns and wording move no bit."""

from __future__ import annotations

import inspect
import io
import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from openpyxl import load_workbook
from promises.choosing import choose
from promises.doors import (
    DAY,
    ITEM,
    LADDER,
    PACKET,
    RUBRIC,
    make_packet,
    make_rubric,
    write_csv,
    write_yaml,
)

from pmpromo import (
    assess,
    evidence_frame,
    iter_packets,
    load_packet,
    parse_packet,
    parse_rubric,
    read_evidence,
    score_frame,
    write_form,
)
from pmpromo.errors import DataError, PmpromoError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Content = dict[str, Any]

PROTECTED: Final = [
    "age",
    "birth_date",
    "birthday",
    "caste",
    "citizenship",
    "color",
    "colour",
    "date_of_birth",
    "disabilities",
    "disability",
    "dob",
    "ethnic",
    "ethnicity",
    "gender",
    "gender_identity",
    "marital_status",
    "nationality",
    "national_origin",
    "political_opinion",
    "pronouns",
    "race",
    "race_ethnicity",
    "religion",
    "sex",
    "sexual_orientation",
    "trade_union",
    "union_membership",
    "veteran",
    "veteran_status",
    "absence",
    "children",
    "family",
    "family_status",
    "health",
    "leave",
    "maternity",
    "maternity_leave",
    "medical",
    "parental_leave",
    "paternity",
    "paternity_leave",
    "performance_improvement_plan",
    "pip",
    "pregnancy",
    "sick_leave",
    "performance_rating",
    "performance_ratings",
    "rating",
    "talent_rating",
]
"""What no packet may say of anybody, written down anew."""


def list_packets(key: str) -> Iterator[Content]:
    """Yield packets with a key where a packet, an item, a fact, a voice and a scope have theirs."""
    first = ITEM["support"][0]
    yield {**PACKET, key: "x"}
    yield {**PACKET, "evidence": [{**ITEM, key: "x"}]}
    yield {**PACKET, "evidence": [{**ITEM, "facts": [{"behaviour": "aligns", key: 1}]}]}
    yield {**PACKET, "evidence": [{**ITEM, "support": [{**first, key: "x"}]}]}
    yield {**PACKET, "evidence": [{**ITEM, "scope": {"teams": 2, key: "x"}}]}
    yield {**PACKET, "process": {key: "x"}}


def list_ways(content: Content) -> Iterator[Callable[[], object]]:
    """Yield every way to read a packet's content."""
    yield lambda: parse_packet(content)
    yield lambda: parse_packet(json.dumps(content))
    yield lambda: parse_packet(write_yaml(content), format="yaml")
    yield lambda: [*iter_packets([json.dumps(content)])]


@pytest.mark.parametrize("key", choose(PROTECTED, 7))
def test_no_packet_takes_a_protected_attribute(key: str) -> None:
    """In every part of a packet, in every format, in any case: refused, and said why."""
    for place, content in enumerate(list_packets(key.title() if len(key) % 2 else key)):
        ways = [*list_ways(content)]
        with pytest.raises(PmpromoError, match="refused: "):
            ways[place % len(ways)]()
    for work in list_ways({**PACKET, key.upper(): 1}):
        with pytest.raises(PmpromoError, match="refused: "):
            work()


@pytest.mark.parametrize("key", choose(PROTECTED, 7))
def test_no_fact_and_no_column_is_one(key: str, tmp_path: Path) -> None:
    """Nor as the name of a fact in packets and ladders, nor as a column or fact of a table."""
    with pytest.raises(PmpromoError, match="refused: "):
        parse_packet({**PACKET, "evidence": [{**ITEM, "facts": [{"behaviour": key, "point": 3}]}]})
    behaviours = [*LADDER["behaviours"], {"id": key, "name": "A"}]
    with pytest.raises(PmpromoError, match="refused: "):
        parse_rubric({**RUBRIC, "ladder": {**LADDER, "behaviours": behaviours}})
    frame = evidence_frame([make_packet()]).drop(columns=["transition", "as_of"])
    for name in (key, key.upper()):
        with pytest.raises(DataError, match="refused: "):
            score_frame(frame.assign(**{name: "x"}), make_rubric(), as_of=DAY)
    path = tmp_path / "facts.csv"
    path.write_bytes(write_csv([f"packet_id,evidence_id,fact,{key}", "p-1,a,aligns,x"]))
    with pytest.raises(DataError, match="refused: "):
        score_frame(read_evidence(path), make_rubric(), as_of=DAY)
    scored = score_frame(frame.assign(fact=key), make_rubric(), as_of=DAY)
    assert len(scored.scores) == 0


@pytest.mark.slow
def test_no_form_takes_one(tmp_path: Path) -> None:
    """A workbook with a row or a column of that name is refused."""
    whole, path = write_form(make_rubric(), make_packet()), tmp_path / "form.xlsx"
    for sheet in ("packet", "evidence"):
        book = load_workbook(io.BytesIO(whole))
        page = book[sheet]
        if sheet == "packet":
            page.append(["gender", "x"])
        else:
            page.cell(1, page.max_column + 1, "gender")
            page.cell(2, page.max_column, "x")
        book.save(path)
        with pytest.raises(PmpromoError):
            load_packet(path)


WORDS: Final = (
    "Ana led it; she is a mother of two",
    "He led it, the chairman of the veterans' union",
    "They/them, 63, from Lagos",
    "\u8d62\u5f97\u4e86\u5ba2\u6237",
    "brilliant, world-class, unprecedented leadership",
    "i dont no how to say",
    "=1+1",
    "L6 distinguished sole 100 % of everything",
)
"""Names, pronouns, ages, origins, styles: what nobody may gain or lose by."""


def retell(words: str, person: str) -> Content:
    """Return the small packet told in other words, of other people, with another history."""
    facts = [{**ITEM["facts"][0], "counterfactual": words}, {**ITEM["facts"][1], "note": words}]
    support = [
        {**voice, "by": f"{person}-{place}", "text": words, "role": person, "function": "sales"}
        for place, voice in enumerate(ITEM["support"])
    ]
    first = {
        **ITEM,
        "title": words,
        "facts": facts,
        "support": support,
        **dict.fromkeys(("problem", "role", "challenges", "learned"), words),
        "complexity": 4,
        "ambiguity": 0,
        "confidence": 1.0,
        "level_shown": "L2",
        "values": ["courage"],
        "initiated_by": "manager",
    }
    second = {**PACKET["evidence"][1], "title": words, "confidence": 0.0}
    process = {
        "sponsor": "director",
        "manager": person,
        "hired": "1990-01-01",
        "months_in_level": len(words),
        "visibility": words,
        "recommendation": "not_yet",
        "advocates": [person],
    }
    return {
        **PACKET,
        "candidate": person,
        "summary": words,
        "cycle": person,
        "job_family": person,
        "evidence": [first, second],
        "process": process,
        "concerns": [{"reason_not_to_promote": words, "severity": "high"}],
        "views": [{"criterion": "reach", "by": "manager", "point": 0}],
    }


MOVING: Final = ("criteria", "proven", "possible", "met", "held_down_by", "gaps", "readiness")


@pytest.mark.parametrize("words", WORDS, ids=ascii)
def test_words_and_people_move_no_bit(words: str) -> None:
    """Told of anybody, in any words, with any history: scores, gaps and forecast are equal."""
    plain, told = (
        assess(parse_packet(content), make_rubric()).model_dump()
        for content in (PACKET, retell(words, "x-7"))
    )
    assert {key: told[key] for key in MOVING} == {key: plain[key] for key in MOVING}


def test_what_moves_a_number_is_in_the_frame_and_nothing_else() -> None:
    """The frame of evidence has no column for people or words, and scores with the same bits."""
    packets = [
        parse_packet({**retell(words, "x-7"), "id": f"p-{n}"}) for n, words in enumerate(WORDS)
    ]
    frame = evidence_frame(packets).drop(columns=["transition", "as_of"])
    assert not {"title", "by", "candidate", "role", "note", "text", "summary"} & {*frame.columns}
    scores = score_frame(frame, make_rubric(), as_of=DAY).scores
    alone = assess(make_packet(), make_rubric())
    assert {*zip(scores["proven"], scores["possible"], strict=True)} == {
        (alone.proven, alone.possible)
    }


def test_groups_are_held_against_outcomes_and_nowhere_else() -> None:
    """No door that scores has an argument that takes groups of people."""
    for door in (assess, score_frame, evidence_frame):
        assert not {"group", "groups", "sex", "race"} & {*inspect.signature(door).parameters}
