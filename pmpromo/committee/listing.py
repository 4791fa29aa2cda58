"""What is told of raters, criteria and packets, and in sentences beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from pmpromo.committee.record import Criterion, PacketColumns, Rater, Separation, Surprise

if TYPE_CHECKING:
    from pmpromo.committee.arrays import FloatArray
    from pmpromo.committee.measures import Measures
    from pmpromo.committee.ratings import Ratings

__all__ = [
    "list_criteria",
    "list_notes",
    "list_packets",
    "list_raters",
    "list_surprises",
    "separate",
]

FEW_PACKETS: Final = 5
"""Packets of a rater below which a severity is hardly more than its prior."""

NO_SHARED_SCALE: Final = 1.5
"""Overdispersion above which raters differ about packets, not only in severity."""

MOST_SURPRISES: Final = 100
"""Surprises that are kept, the largest."""

SURPRISING: Final = 2.0
"""Deviations from what was expected that make a sheet worth talking about."""


def list_raters(ratings: Ratings, found: Measures) -> tuple[Rater, ...]:
    """Return what is told of each rater."""
    n_raters = len(ratings.raters)
    count = np.bincount(ratings.rater, minlength=n_raters)
    columns = (
        count.tolist(),
        np.bincount(found.sheets.rater, minlength=n_raters).tolist(),
        found.scale.severity.tolist(),
        np.sqrt(np.maximum(np.diag(found.severity_covariance), 0)).tolist(),
        (-np.bincount(ratings.rater, found.adjustment, n_raters) / count + 0.0).tolist(),
        found.rater_fit[0].tolist(),
        found.rater_fit[1].tolist(),
    )
    rows = zip(ratings.raters, ratings.roles, *columns, strict=True)
    return tuple(Rater(*row) for row in rows)


def list_criteria(ratings: Ratings, found: Measures) -> tuple[Criterion, ...]:
    """Return what is told of each criterion."""
    tables = found.scale.threshold.tolist()
    columns = (
        np.bincount(ratings.criterion).tolist(),
        found.scale.difficulty.tolist(),
        found.difficulty_se.tolist(),
        found.criterion_fit[0].tolist(),
        found.criterion_fit[1].tolist(),
        [tuple(tables[i if len(tables) > 1 else 0]) for i in range(len(ratings.criteria))],
    )
    return tuple(Criterion(*row) for row in zip(ratings.criteria, *columns, strict=True))


def list_packets(ratings: Ratings, found: Measures) -> PacketColumns:
    """Return what is told of each packet."""
    scores, beliefs = found.scores, found.beliefs
    return PacketColumns(
        packet_id=ratings.packets,
        n_ratings=tuple(np.bincount(ratings.packet).tolist()),
        n_raters=tuple(np.bincount(found.sheets.packet).tolist()),
        raw_mean=tuple(scores.raw.tolist()),
        fair_score=tuple(scores.fair.tolist()),
        sd=tuple(scores.sd.tolist()),
        low=tuple(scores.low.tolist()),
        high=tuple(scores.high.tolist()),
        ability=tuple(beliefs.ability.tolist()),
        ability_sd=tuple(beliefs.ability_sd.tolist()),
    )


def separate(values: FloatArray, errors: FloatArray, *, shrunk: bool) -> Separation:
    """Return how far apart values lie against their errors.

    Reliability is 1 - mean error^2 / variance; of posterior means (`shrunk`) the variance is theirs
    plus the mean error^2.
    """
    if len(values) < 2:  # noqa: PLR2004 - a spread takes two
        return Separation(0.0, 0.0, 1 / 3)
    noise, variance = float((errors**2).mean()), float(values.var(ddof=1))
    total = variance + noise if shrunk else variance
    reliability = max(1 - noise / total, 0.0) if total > 0 else 0.0
    separation = float(np.sqrt(reliability / max(1 - reliability, 1e-12)))
    return Separation(separation, reliability, (4 * separation + 1) / 3)


def list_surprises(ratings: Ratings, found: Measures) -> tuple[Surprise, ...]:
    """Return the sheets that lie furthest from what was expected, the furthest first."""
    sheets, lowest = found.sheets, ratings.scale[0]
    z = sheets.residual / np.sqrt(sheets.variance * max(found.halo or 1.0, 1.0))
    far = np.flatnonzero(np.abs(z) >= SURPRISING)  # in the order of packets and raters
    kept = far[np.argsort(-np.round(np.abs(z[far]), 9), kind="stable")][:MOST_SURPRISES]
    return tuple(
        Surprise(
            ratings.packets[sheets.packet[i]],
            ratings.raters[sheets.rater[i]],
            lowest + float(sheets.given[i] / sheets.size[i]),
            lowest + float(sheets.expected[i] / sheets.size[i]),
            float(z[i]),
        )
        for i in kept.tolist()
    )


def list_notes(ratings: Ratings, found: Measures, raters: tuple[Rater, ...]) -> tuple[str, ...]:
    """Return in sentences what a reader must know beside the numbers."""
    few = [rater.rater_id for rater in raters if rater.n_packets < FEW_PACKETS]
    halo = found.halo
    notes = (
        (not found.solved.converged, "The fit did not settle; read its numbers as a sketch."),
        (len(raters) == 1, "One rater: severity cannot be told from how good the packets are."),
        (len(ratings.packets) == 1, "One packet: how far packets differ is taken from the prior."),
        (
            halo is None and len(raters) > 1,
            "No packet has enough raters to tell whether they share a scale.",
        ),
        (
            halo is not None and halo > NO_SHARED_SCALE,
            (
                "This committee does not share a scale: raters of one packet differ by more than "
                "severity and chance explain. Talk about the surprises before using any score."
            ),
        ),
        (
            bool(few) and len(raters) > 1,
            (
                f"{len(few)} of {len(raters)} raters rated fewer than {FEW_PACKETS} packets; "
                "their severities lean on the prior."
            ),
        ),
    )
    return tuple(text for true, text in notes if true)
