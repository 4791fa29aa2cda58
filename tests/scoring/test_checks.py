"""Each pattern speaks where it should, is silent where it should be, and moves no score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, get_args

import pytest

from pmpromo import assess, parse_packet, parse_rubric
from pmpromo.rubric import CheckName

if TYPE_CHECKING:
    from pmpromo import Assessment, Rubric

Content = dict[str, Any]

CONCERN: Final = {"reason_not_to_promote": "One line only.", "severity": "low", "answer": "Two."}
FUNCTIONS: Final = {"functions": ["engineering", "sales", "support"]}
LADDER: Final = {
    "id": "t",
    "name": "T",
    "tracks": [{"id": "main", "name": "Main"}],
    "levels": [
        {"id": name, "name": name, "tracks": ["main"], "scope": "a line"} for name in ("L1", "L2")
    ],
    "units": ["ticket"],
    "metrics": [
        {"id": "tickets", "name": "Tickets closed", "unit": "ticket", "result": "output"},
        {"id": "growth", "name": "Growth", "unit": "percent/year", "baseline": "required"},
        {"id": "margin", "name": "Margin", "unit": "percent"},
    ],
    "behaviours": [{"id": "aligns", "name": "Aligns functions"}],
    "artifacts": [
        {"id": "plan", "name": "Plan", "sections": ["risks"], "reviewers": ["cto"]},
        {"id": "note", "name": "Note"},
    ],
}


def make_rubric(*rules: Content) -> Rubric:
    """Return a rubric that looks for some patterns."""
    asked = [
        {"fact": "tickets", "at_least": 10, "unit": "ticket"},
        {
            "fact": "growth",
            "at_least": 10,
            "unit": "percent/year",
            "provided": [{"fact": "margin", "at_least": 0, "unit": "percent"}],
        },
        {"fact": "aligns", "point": 3},
        {"fact": "plan"},
    ]
    return parse_rubric(
        {
            "id": "t/l1-l2",
            "name": "Step",
            "current_level": "L1",
            "target_level": "L2",
            "ladder": LADDER,
            "criteria": [{"id": "c", "name": "C", "weight": 1, "requirements": asked}],
            "checks": [{"reason": "It matters.", "rows": ["S198"], **rule} for rule in rules],
        }
    )


def make_item(name: str = "e", **said: object) -> Content:
    """Return one item that sets nothing off."""
    plain = {"id": name, "title": "T", "scope": FUNCTIONS, "result": "outcome"}
    return {**plain, "facts": [{"behaviour": "aligns", "point": 3}], **said}


def look(*items: Content, rule: Content | None = None, **said: object) -> Assessment:
    """Return the assessment of a packet under a rubric that looks for one pattern."""
    content = {"id": "p", "as_of": "2026-06-30", "concerns": [CONCERN], "evidence": [*items]}
    return assess(parse_packet({**content, **said}), make_rubric(*([rule] if rule else [])))


def tell(seen: Assessment, name: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return what one check says, with the items that set it off."""
    return [(check.message, check.evidence) for check in seen.checks if check.id == name]


COUNTED: Final = {"metric": "tickets", "value": 9, "unit": "ticket", "status": "realised"}
FIGURE: Final = {"metric": "margin", "value": 9, "unit": "percent", "status": "realised"}
PATTERNS: Final[dict[str, tuple[list[Content], list[Content]]]] = {
    "motion_without_outcome": (
        [make_item("bad", result=None, facts=[COUNTED]), make_item("said", result="output")],
        [make_item(result=None, facts=[COUNTED, FIGURE]), make_item("g", facts=[COUNTED])],
    ),
    "project_list": ([make_item("bad", facts=[])], [make_item()]),
    "single_account": (
        [make_item("bad", scope={"accounts": 1})],
        [make_item(scope={"accounts": 1}, goal="okr-1"), make_item("g", scope={"accounts": 2})],
    ),
    "anecdotal_request": (
        [make_item("bad", decisions=[{"basis": ["customer_request"]}])],
        [make_item(decisions=[{"basis": ["customer_request", "cost"]}])],
    ),
    "deferral": (
        [make_item("bad", decisions=[{"by": "engineering"}])],
        [make_item(decisions=[{"by": "self"}])],
    ),
    "process_over_substance": (
        [make_item("bad", result=None, facts=[{"artifact": "plan"}])],
        [make_item(facts=[{"artifact": "plan"}]), make_item("g", facts=[])],
    ),
    "waiting_for_certainty": (
        [
            make_item("bad", decisions=[{"waited_days": 91}]),
            make_item("sure", decisions=[{"information": 0.96}]),
        ],
        [make_item(decisions=[{"waited_days": 90, "information": 0.95}])],
    ),
    "brand_name": (
        [make_item("bad", decisions=[{"basis": ["brand"]}])],
        [make_item(decisions=[{"basis": ["brand", "telemetry"]}])],
    ),
    "data_loss": ([make_item("bad", customer_data_loss=True)], [make_item()]),
    "silo": (
        [make_item(scope={"functions": ["engineering", "sales"]})],
        [
            make_item(
                scope={"functions": ["engineering", "sales"]},
                support=[{"relation": "cross_functional", "function": "support"}],
            )
        ],
    ),
    "plateau": (
        [
            make_item("old", ended="2023-01-31", scope={"teams": 3, **FUNCTIONS}),
            make_item("new", ended="2026-01-31", scope={"teams": 3}),
        ],
        [
            make_item("old", ended="2023-01-31", scope={"teams": 3}),
            make_item("new", in_progress=True, scope={"teams": 4}),
            make_item("bare", ended="2026-01-31", scope=None),
        ],
    ),
    "stale_success": (
        [make_item("old", ended="2024-01-31"), make_item("undated")],
        [make_item("old", ended="2024-01-31"), make_item("new", ended="2026-01-31")],
    ),
}


@pytest.mark.parametrize("name", get_args(CheckName))
def test_pattern_speaks_and_is_silent(name: str) -> None:
    """The pattern is found in the one packet and not in the other, and moves no score."""
    bad, good = PATTERNS[name]
    for items, speaks in ((bad, True), (good, False)):
        seen, deaf = look(*items, rule={"id": name}), look(*items)
        assert bool(tell(seen, name)) is speaks
        assert (seen.proven, seen.possible, seen.gaps) == (deaf.proven, deaf.possible, deaf.gaps)
        assert all(check.rows == ("S198",) for check in seen.checks if check.id == name)


def test_pattern_names_the_items_that_set_it_off() -> None:
    """Only the items that show the pattern are named, in the order of their names."""
    bad, good = PATTERNS["motion_without_outcome"]
    seen = look(*bad, *good, rule={"id": "motion_without_outcome"})
    message = "work done is counted, but no effect of it is shown"
    assert tell(seen, "motion_without_outcome") == [(message, ("bad", "said"))]


def test_pattern_speaks_from_its_limit() -> None:
    """Two such items are not enough where the rubric says three."""
    bad, _ = PATTERNS["motion_without_outcome"]
    assert not tell(
        look(*bad, rule={"id": "motion_without_outcome", "limit": 3}), "motion_without_outcome"
    )
    narrow = look(make_item(scope={"functions": ["sales"]}), rule={"id": "silo", "limit": 1})
    assert not tell(narrow, "silo")


def test_silo_counts_in_words() -> None:
    """One function is a function, none are functions; an empty packet is no silo."""
    one = look(make_item(scope={"functions": ["sales"]}), rule={"id": "silo"})
    assert tell(one, "silo")[0][0].startswith("1 function named")
    none = look(make_item(scope=None), rule={"id": "silo"})
    assert tell(none, "silo")[0][0].startswith("0 functions named")
    assert not tell(look(rule={"id": "silo"}), "silo")


def test_projected_figure_is_no_outcome_yet() -> None:
    """An expected figure shows no effect."""
    expected = {**FIGURE, "status": "projected"}
    item = make_item("bad", result=None, facts=[COUNTED, expected])
    seen = look(item, rule={"id": "motion_without_outcome"})
    assert tell(seen, "motion_without_outcome")[0][1] == ("bad",)


SHARE: Final = {**FIGURE, "value": 0.09, "unit": "ratio"}
VOICE: Final = {"relation": "peer", "by": "p-1"}
CLEAN: Final = (make_item("a"), make_item("b", facts=[{"artifact": "plan", "uri": "doc:1"}]))


@pytest.mark.parametrize(
    ("name", "items", "said", "message"),
    [
        (
            "told_twice",
            [make_item("b", achievement="A1"), make_item("a", achievement="a1")],
            {},
            "declared to show one achievement",
        ),
        (
            "told_twice",
            [
                make_item("a", facts=[{**FIGURE, "period": "FY26"}]),
                make_item(
                    "b", facts=[{**FIGURE, "value": 0.09, "unit": "ratio", "period": "fy26"}]
                ),
            ],
            {},
            "state the same figure of one metric and period: taken as one achievement",
        ),
        (
            "told_twice",
            [make_item(name, facts=[{"artifact": "plan", "uri": "doc:1"}]) for name in "ab"],
            {},
            "show the same artifact: taken as one achievement",
        ),
        (
            "own_voice",
            [make_item("a", support=[{"relation": "self"}]), make_item("b", support=[VOICE])],
            {"candidate": "P-1"},
            "the candidate supports the own item; it adds nothing",
        ),
        (
            "own_voice",
            [make_item("a", support=[VOICE, {"relation": "manager", "by": "P-1"}])],
            {},
            "one voice speaks as manager and as peer",
        ),
        (
            "disputed",
            [make_item("a", support=[{**VOICE, "agrees": False}])],
            {},
            "disputed by someone who may have seen the work; it counts half",
        ),
        (
            "disagreement",
            [make_item("a", support=[{**VOICE, "point": 1}])],
            {},
            "points 1, 3 are given for aligns; the lowest counts",
        ),
        (
            "shares",
            [make_item(name, achievement="one", share=0.6) for name in "ab"],
            {},
            "shares of one achievement add up to 1.20, above 1",
        ),
        (
            "shares",
            [make_item("a", share=0.6, share_status="disputed")],
            {},
            "the share is disputed",
        ),
        (
            "unasked_fact",
            [make_item("a", facts=[{"artifact": "note"}])],
            {},
            "note is stated, but nothing in this rubric asks for it",
        ),
        (
            "no_baseline",
            [make_item("a", facts=[{"metric": "growth", "value": 4, "unit": "percent/year"}])],
            {},
            "growth is stated without a baseline",
        ),
        (
            "unknown_part",
            [
                make_item(
                    "a", facts=[{"artifact": "plan", "sections": ["risk"], "reviewers": ["cto"]}]
                )
            ],
            {},
            "plan: the ladder does not know risk",
        ),
        (
            "declared_and_shown",
            [make_item("a")],
            {"declared_none": ["aligns"]},
            "aligns is declared to be missing, and shown all the same",
        ),
        (
            "other_rubric",
            [],
            {"rubric": "t/l2-l3"},
            "written for t/l2-l3, read against t/l1-l2",
        ),
        (
            "other_rubric",
            [],
            {"rubric_digest": f"sha256:{'0' * 64}"},
            "the rubric has changed since the packet was written",
        ),
        ("other_rubric", [], {"target_level": "L3"}, "target_level is L3, the rubric's is L2"),
        (
            "one_case",
            [make_item("a", facts=[COUNTED, FIGURE, {"behaviour": "aligns", "point": 3}])],
            {},
            "all of the case rests on one piece of work",
        ),
        (
            "concerns",
            [],
            {"concerns": []},
            "no reason not to promote is named; a committee will look for one",
        ),
        (
            "concerns",
            [],
            {"concerns": [CONCERN, {**CONCERN, "answer": None}]},
            "of 2 concerns 1 has no answer",
        ),
        (
            "long_sentence",
            [],
            {"summary": "Short. " + "word " * 31 + "."},
            "a sentence of 31 words; committees read at most 30 with ease",
        ),
    ],
)
def test_integrity_is_looked_at(
    name: str, items: list[Content], said: Content, message: str
) -> None:
    """Each doubt about a packet is told once, with the items that raise it."""
    told = tell(look(*items, **said), name)
    assert [found for found, _ in told] == [message]
    if items:
        named = sorted(item["id"] for item in items)
        assert set(told[0][1]) <= set(named)


def test_plain_packet_raises_no_doubt() -> None:
    """A packet that is written as it should be sets nothing off."""
    every = make_rubric(*({"id": name} for name in get_args(CheckName)))
    content = {
        "id": "p",
        "rubric": every.id,
        "rubric_digest": every.digest,
        "current_level": "l1",
        "as_of": "2026-06-30",
        "summary": "A plain case! Is it long? No.",
        "thesis": {"ask": "Promotion."},
        "concerns": [CONCERN],
        "evidence": [*CLEAN],
    }
    assert assess(parse_packet(content), every).checks == ()


def test_a_voice_that_did_not_see_the_work_raises_no_doubt() -> None:
    """Neither its dispute nor its point counts."""
    voice = {**VOICE, "worked_on_it": False, "agrees": False, "point": 0}
    seen = look(make_item("a", support=[voice]))
    assert not tell(seen, "disputed")
    assert not tell(seen, "disagreement")


SPOKEN: Final[dict[str, str]] = {
    "motion_without_outcome": "work done is counted, but no effect of it is shown",
    "project_list": "listed without a single fact: a project, not evidence",
    "single_account": "one account gains, and no company goal is named",
    "anecdotal_request": "rests on a customer's request, without market size or cost",
    "deferral": "the deciding call was left to engineering",
    "process_over_substance": "shows documents only, and no effect of them",
    "silo": "2 functions named in all of the evidence, where 3 are usual",
    "plateau": "reach has not grown in the last 24 months, by teams",
    "stale_success": "most of the dated evidence is older than 24 months",
}


@pytest.mark.parametrize("name", SPOKEN)
def test_a_pattern_says_what_it_saw(name: str) -> None:
    """What each pattern says of the packet that it is found in, word for word."""
    seen = look(*PATTERNS[name][0], rule={"id": name})
    assert [message for message, _ in tell(seen, name)] == [SPOKEN[name]]


def test_reach_is_compared_by_functions_too() -> None:
    """Two functions before and two now: nothing has grown; three now has."""
    old = make_item("old", ended="2023-01-31", scope={"functions": ["sales", "support"]})
    for functions, speaks in ((["sales", "design"], True), (["sales", "design", "legal"], False)):
        new = make_item("new", ended="2026-01-31", scope={"functions": functions})
        told = tell(look(old, new, rule={"id": "plateau"}), "plateau")
        assert [message for message, _ in told] == (
            ["reach has not grown in the last 24 months, by functions"] if speaks else []
        )


def test_each_fact_that_nothing_asks_for_names_its_own_items() -> None:
    """Only the items that state it, and not those that state another."""
    asked = {"fact": "plan"}
    rubric = parse_rubric(
        {
            "id": "t/l1-l2",
            "name": "Step",
            "current_level": "L1",
            "target_level": "L2",
            "ladder": LADDER,
            "criteria": [{"id": "c", "name": "C", "weight": 1, "requirements": [asked]}],
        }
    )
    items = [make_item("b", facts=[{"artifact": "note"}]), make_item("a"), make_item("c")]
    content = {"id": "p", "as_of": "2026-06-30", "concerns": [CONCERN], "evidence": items}
    told = tell(assess(parse_packet(content), rubric), "unasked_fact")
    assert told == [
        ("aligns is stated, but nothing in this rubric asks for it", ("a", "c")),
        ("note is stated, but nothing in this rubric asks for it", ("b",)),
    ]


def test_every_strange_part_is_named() -> None:
    """Sections and reviewers that the ladder does not know, in the order of their names."""
    fact = {"artifact": "plan", "sections": ["z", "risks", "a"], "reviewers": ["vp", "cto"]}
    [(message, _)] = tell(look(make_item("a", facts=[fact])), "unknown_part")
    assert message == "plan: the ladder does not know a, z, vp"


def test_several_concerns_have_no_answer() -> None:
    """Two of them have none; where all have one, nothing is said."""
    open_one = {**CONCERN, "answer": None}
    told = tell(look(concerns=[CONCERN, open_one, open_one]), "concerns")
    assert [message for message, _ in told] == ["of 3 concerns 2 have no answer"]
    assert not tell(look(), "concerns")


@pytest.mark.parametrize("mark", [".", "!", "?"])
def test_a_sentence_ends_at_its_mark(mark: str) -> None:
    """Twenty words and twenty words are two sentences; thirty in one are still read with ease."""
    twenty = "word " * 20
    assert not tell(look(summary=f"{twenty}{mark} {twenty}"), "long_sentence")
    assert not tell(look(summary="word " * 30), "long_sentence")
    assert tell(look(summary=f"{twenty}, {twenty}"), "long_sentence")
    assert tell(look(thesis={"ask": "word " * 31}), "long_sentence")
