"""What a fitted committee shows of itself in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from committee.drawn import Design, draw_committee, write_columns
from sketches import Reader

from pmpromo.committee import CommitteeModel, fit_committee

if TYPE_CHECKING:
    from pmpromo.committee.record import Rater

MODEL: Final = fit_committee(draw_committee(Design(60, 3, 6), 11)[0])
APART: Final = fit_committee(draw_committee(Design(60, 4, 40, halo=1.8), 1)[0])
MOST_BYTES: Final = 12_000


def list_texts(model: CommitteeModel) -> list[str]:
    """Return the texts of the display."""
    return Reader(model._repr_html_()).texts


def order_raters(model: CommitteeModel) -> list[Rater]:
    """Return the raters, the most severe first."""
    return sorted(model.raters, key=lambda rater: -rater.severity)


def test_each_rater_is_a_row_of_a_table() -> None:
    """With the severity, its 90 % interval, S.E. and effect; the most severe first."""
    texts = list_texts(MODEL)
    ordered = order_raters(MODEL)
    assert [text for text in texts if text in MODEL.severities] == [r.rater_id for r in ordered]
    for rater in ordered:
        at = texts.index(rater.rater_id)
        reach = 1.6448536269514722 * rater.se
        low, high = rater.severity - reach, rater.severity + reach
        assert texts[at + 1] == f"{rater.severity:.2f}"
        assert texts[at + 2] == f"{low:.2f} to {high:.2f}"
        words = f"S.E. {rater.se:.2f}; {rater.effect:+.2f} points on {rater.n_packets} packets"
        assert words in texts


def test_agreement_is_said_in_words() -> None:
    """The display says how far raters share a scale, and how far packets can be told apart."""
    assert MODEL.halo is not None
    texts = list_texts(MODEL)
    found = MODEL.packet_separation
    assert f"Overdispersion {MODEL.halo:.2f}: 1 as expected, above 1.5 not one scale." in texts
    assert f"Reliability of packets {found.reliability:.2f}, strata {found.strata:.1f}." in texts
    assert not any("does not share a scale" in text for text in texts)
    assert any("does not share a scale" in text for text in list_texts(APART))


def test_of_many_raters_both_ends_are_shown() -> None:
    """Six at either end, and how many lie between them; it stays small."""
    texts = list_texts(APART)
    ordered = [rater.rater_id for rater in order_raters(APART)]
    assert [text for text in texts if text in APART.severities] == ordered[:6] + ordered[-6:]
    assert f"{len(ordered) - 12} more raters lie between those drawn; `raters` has them all." in (
        texts
    )
    assert any(text.endswith("points on 1 packet") for text in texts)
    assert len(APART._repr_html_().encode()) <= MOST_BYTES


def test_one_rater_cannot_be_told_apart() -> None:
    """Without a second rater there is no overdispersion to tell; the note says why."""
    lone = fit_committee(write_columns([("a", "reach", "ann", 2), ("b", "reach", "ann", 3)]))
    texts = list_texts(lone)
    assert not any(text.startswith("Overdispersion") for text in texts)
    assert "One rater: severity cannot be told from how good the packets are." in texts


def test_the_display_is_safe_and_the_same() -> None:
    """Names are escaped, and a model read back shows the same bytes."""
    rows = [("a", "reach", "<b>ann</b>", 2), ("a", "reach", "bo", 3)]
    markup = fit_committee(write_columns(rows))._repr_html_()
    assert "&lt;b&gt;ann&lt;/b&gt;" in markup
    assert "<b>" not in markup
    assert CommitteeModel.from_json(MODEL.to_json())._repr_html_() == MODEL._repr_html_()
