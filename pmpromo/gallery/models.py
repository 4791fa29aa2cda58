"""Pictures of what was learned: from past decisions, and from the ratings of a committee."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pmpromo.pictures.committee import Measured
from pmpromo.pictures.committee import draw_committee as draw_measured
from pmpromo.pictures.readiness import draw_strips

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmpromo.committee import CommitteeModel
    from pmpromo.pictures.picture import Picture
    from pmpromo.readiness import ReadinessModel, Reliability

__all__ = ["draw_committee", "draw_readiness", "draw_reliability"]

SHOWN_SCORES: Final = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Scores at which a model is shown unless others are asked for."""


def draw_readiness(
    model: ReadinessModel, scores: Sequence[float] = SHOWN_SCORES, *, group: str | None = None
) -> Picture:
    """Return what a model forecasts at some scores, each with interval, base rate and verdict.

    `group` is the transition, where the model has a curve for each.

    Raises `DataError` for a score outside 0..1 and `ModelError` for a group without a curve.

    >>> from pmpromo import fit_readiness
    >>> draw_readiness(fit_readiness([0.2, 0.8] * 20, [0, 1] * 20), [0.8]).columns["verdict"]
    ('likely',)
    """
    from pmpromo.readiness.card import list_notes, make_strip  # noqa: PLC0415 - numpy sleeps

    rate = model.n_promoted / model.n_decisions if model.n_decisions else None
    strips = [
        make_strip(
            f"{score:.2f}",
            model.predict_one(score, group)[:3],
            model.judge_one(score, group).replace("_", " "),
            rate,
        )
        for score in scores
    ]
    title = "Readiness" if group is None else f"Readiness, {group}"
    return draw_strips(title, strips, list_notes(model))


def draw_reliability(reliability: Reliability) -> Picture:
    """Return what was forecast against what happened, with the band of what chance alone does.

    >>> from pmpromo import measure_reliability
    >>> found = measure_reliability([0.2] * 10 + [0.8] * 10, [0] * 8 + [1] * 2 + [0] * 2 + [1] * 8)
    >>> draw_reliability(found).columns["forecast"]
    (0.2, 0.8)
    """
    from pmpromo.readiness import measured  # noqa: PLC0415 - numpy sleeps until asked

    return measured.draw_reliability(reliability)


def draw_committee(model: CommitteeModel) -> Picture:
    """Return raters, criteria and packets of a committee on one scale, each with its interval.

    A rater further right gives less, a criterion further right is harder to be rated highly on, a
    packet further right is stronger. Many packets are drawn in one row; nobody is ranked.

    >>> from pmpromo import fit_committee
    >>> model = fit_committee({"packet_id": list("aabbcc"), "criterion": ["reach"] * 6,
    ...                        "rater_id": ["ann", "bo"] * 3, "rating": [1, 2, 2, 3, 3, 4]})
    >>> draw_committee(model).columns["name"]
    ('ann', 'bo', 'reach', 'a', 'b', 'c')
    """
    raters = [
        Measured(
            "Raters: severity", each.rater_id, each.severity, each.se, _tell_effect(each.effect)
        )
        for each in model.raters
    ]
    criteria = [
        Measured("Criteria: difficulty", each.criterion, each.difficulty, each.se)
        for each in model.criteria
    ]
    found = model.packet_columns
    packets = [
        Measured("Packets: strength", *each)
        for each in zip(found.packet_id, found.ability, found.ability_sd, strict=True)
    ]
    title = f"Committee: {model.n_ratings:,} ratings on one scale"
    return draw_measured(title, [*raters, *criteria, *packets], model.notes)


def _tell_effect(effect: float) -> str:
    return f"{effect:+.2f} points"
