"""Notices say what the library knows, mark what it cannot know, and claim nothing."""

from __future__ import annotations

from typing import Any, Final, get_args

import pytest
from documents import GOLDEN, make_impact

from pmpromo import ReadinessModel, load_rubric
from pmpromo.audit import measure_counts
from pmpromo.errors import DataError
from pmpromo.notice import BLANKS, Reader, write_notice

RUBRIC: Final = load_rubric("pure-storage-pm/l3-l4")
FILLED: Final = {name: f"<b>{name}</b>" for name in BLANKS}


def about(reader: Reader) -> Any:  # noqa: ANN401 - a rubric or an impact
    """What a notice for this reader is about."""
    return make_impact() if reader == "public" else RUBRIC


@pytest.mark.parametrize("reader", get_args(Reader))
def test_what_only_the_employer_knows_is_marked(reader: Reader) -> None:
    """Each blank stands where it belongs and once more in the list at the end, on pages marked."""
    notice = write_notice(reader, about(reader))
    last = notice.sections[-1]
    assert last.head == "Left to fill in"
    text = "\n".join(each for part in notice.sections[:-1] for each in (*part.told, *part.listed))
    assert last.listed
    for blank in last.listed:
        assert blank in text
        assert f"<mark>{blank}</mark>" in notice.to_html()
    assert text.count("[FILL IN: ") >= len(last.listed)


@pytest.mark.parametrize("reader", get_args(Reader))
def test_what_is_filled_in_is_no_blank(reader: Reader) -> None:
    """Filled in, nothing is marked, the remark on templates is gone, and text stays text."""
    notice = write_notice(reader, about(reader), filled=FILLED)
    assert "FILL IN" not in str(notice)
    assert "template" not in str(notice)
    assert "<b>employer</b>" in str(notice)
    assert "<b>" not in notice.to_html()
    assert "&lt;b&gt;employer&lt;/b&gt;" in notice.to_html()


def test_every_blank_is_asked_for_somewhere() -> None:
    """No blank can be filled in that no notice shows."""
    told = "".join(str(write_notice(reader, about(reader), filled=FILLED)) for reader in READERS)
    assert [name for name in BLANKS if f"<b>{name}</b>" not in told] == []


READERS: Final[tuple[Reader, ...]] = get_args(Reader)


@pytest.mark.parametrize("reader", ["candidate", "representatives"])
def test_the_rubric_is_written_out(reader: Reader) -> None:
    """Every criterion stands there with its weight and what it asks for."""
    told = write_notice(reader, RUBRIC).sections[1].listed
    assert len(told) == len(RUBRIC.criteria)
    assert told[0] == (
        "Result of the business, 20%; has to be there: Growth of annual recurring revenue of the"
        " unit the candidate answers for; Operating margin of the unit; Rise of annual contract"
        " value after a pricing change."
    )
    text = " ".join(str(write_notice(reader, RUBRIC)).split())
    assert "No past decision stands behind it" in text
    assert "Age, sex, origin, health, leave" in text


def test_readers_are_told_what_concerns_them() -> None:
    """The person learns what they can do; who speaks for employees, who watches over it."""
    heads = {
        reader: {section.head for section in write_notice(reader, about(reader)).sections}
        for reader in READERS
    }
    assert heads["candidate"] - heads["representatives"] == {"What you can do"}
    assert heads["representatives"] - heads["candidate"] == {"Who watches over it"}


def test_a_model_is_told_with_its_decisions() -> None:
    """A fitted model says how many decisions stand behind it, and that they can be unfair."""
    model = ReadinessModel.from_json((GOLDEN / "model-1.json").read_bytes())
    text = " ".join(str(write_notice("candidate", RUBRIC, readiness=model)).split())
    assert f"learned from 500 past decisions, of which {model.n_promoted} were" in text
    assert "Past decisions may have been unfair" in text


def test_the_public_summary_has_every_count_and_rate() -> None:
    """Groups, the unknown, what is left out and why, and by whom it was measured."""
    counts = {"White": (16, 25), "Black": (3, 8), "One": (1, 1)}
    impact = measure_counts({"race": counts, "sex": {"f": (0, 3)}}, unknown={"race": (2, 9)})
    notice = write_notice("public", impact, filled={"auditor": "Audit Ltd"})
    race, sex = notice.sections[1:3]
    assert race.told == ("Held against: One.", "Of unknown group: 9 people, 2 selected.")
    assert race.listed[0] == "Black: 8 people, 3 selected, 37.5%, ratio 0.38."
    assert sex.told == ("No ratio is defined: every rate is 0.",)
    assert "By: Audit Ltd." in str(notice)
    assert "not an independent audit" in str(notice)


def test_a_small_group_keeps_its_count() -> None:
    """A group under two in a hundred has count and rate, no ratio, and the reason."""
    impact = measure_counts({"White": (50, 99), "One": (1, 1)}, kind="scoring")
    listed = write_notice("public", impact).sections[1].listed
    assert listed[0] == "One: 1 people, 1 above, 100.0%; under 2 % of all, so no ratio."


@pytest.mark.parametrize("reader", get_args(Reader))
@pytest.mark.parametrize("word", ["compliant", "complies", "bias-free", "bias free", "unbiased"])
def test_nothing_is_claimed(reader: Reader, word: str) -> None:
    """No notice says that somebody keeps a law or is free of bias."""
    assert word not in str(write_notice(reader, about(reader))).lower()


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("boss", RUBRIC), {}, "reader: is not known; give one of: candidate, representatives"),
        (("public", RUBRIC), {}, "about: is something else; a notice for this reader is about a I"),
        (("candidate", make_impact()), {}, "about: is something else"),
        (("candidate", RUBRIC), {"filled": {"boss": "x"}}, "filled: names no blank; blanks are"),
        (("candidate", RUBRIC), {"filled": {"employer": 3}}, "filled: is no text"),
    ],
)
def test_what_makes_no_notice_is_refused(arguments: Any, options: Any, message: str) -> None:  # noqa: ANN401
    """Unknown readers, things and blanks are refused."""
    with pytest.raises(DataError, match=message):
        write_notice(*arguments, **options)
