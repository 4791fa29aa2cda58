"""How far raters agree, beyond what chance would bring, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pmpromo.committee.coefficients import (
    Level,
    Sample,
    Weights,
    find_alpha,
    find_cohen,
    find_fleiss,
    find_gwet,
    find_icc,
)
from pmpromo.committee.panels import find_pieces
from pmpromo.committee.ratings import as_ratings
from pmpromo.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmpromo.committee.arrays import FloatArray, IndexArray
    from pmpromo.committee.ratings import Columns, Ratings

__all__ = ["Agreement", "Estimate", "measure_agreement"]

LEVELS: Final[tuple[Level, ...]] = ("nominal", "ordinal", "interval", "ratio")
WEIGHTS: Final[tuple[Weights, ...]] = ("identity", "linear", "quadratic")

ICC_NAMES: Final = ("icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k")

NAMES: Final = {
    "alpha": "Krippendorff's alpha",
    "fleiss_kappa": "Fleiss' kappa",
    "cohen_kappa": "Cohen's kappa, weighted",
    "ac1": "Gwet's AC1",
    "ac2": "Gwet's AC2",
    "icc1": "ICC(1,1)",
    "icc2": "ICC(2,1)",
    "icc3": "ICC(3,1)",
    "icc1k": "ICC(1,k)",
    "icc2k": "ICC(2,k)",
    "icc3k": "ICC(3,k)",
}

SAME: Final = (
    "every rating is the same: 1 by convention; agreement that could not fail shows little"
)
NO_PAIR: Final = (
    "no two raters have two units in common on which they could differ: 0 by convention"
)
NO_VARIANCE: Final = "units, raters and the rest cannot be told apart: 0 by convention"
ONE_PACKET: Final = "one packet only: no interval"
NO_ERROR: Final = "one unit only: no standard error"

LEAST_SHARE: Final = 0.9
"""Share of resamples that must give a value for an interval to stand on them."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient with its doubt. `note` says what a value by convention stands for.

    `error` is a standard error where theory gives one, `low` and `high` the bootstrap interval;
    None where there is none.
    """

    value: float
    error: float | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the raters of units agree; a unit is one packet on one criterion.

    `alpha` is Krippendorff's at `level`; `fleiss_kappa` and `ac1` count only equal ratings as
    agreement, `cohen_kappa` (mean over pairs of raters) and `ac2` weigh near ones by `weights`.
    `icc1`..`icc3` are Shrout & Fleiss's for a single rating, `icc1k`..`icc3k` for the mean of k.

    >>> given = {"packet_id": ["a", "a", "b", "b", "c", "c"], "criterion": ["reach"] * 6,
    ...          "rater_id": ["ann", "bo"] * 3, "rating": [1, 1, 3, 3, 4, 3]}
    >>> round(measure_agreement(given, n_bootstrap=0).alpha.value, 3)
    0.778
    """

    alpha: Estimate
    fleiss_kappa: Estimate
    cohen_kappa: Estimate
    ac1: Estimate
    ac2: Estimate
    icc1: Estimate
    icc2: Estimate
    icc3: Estimate
    icc1k: Estimate
    icc2k: Estimate
    icc3k: Estimate
    level: Level
    weights: Weights
    coverage: float
    n_packets: int
    n_units: int
    n_raters: int
    n_ratings: int

    @property
    def estimates(self) -> dict[str, Estimate]:
        """All coefficients by name."""
        return {name: getattr(self, name) for name in NAMES}

    def __str__(self) -> str:
        head = (
            f"Agreement of {self.n_raters} raters on {self.n_units} units "
            f"({self.n_packets} packets), {self.n_ratings} ratings"
        )
        return "\n".join([head, *(self._tell(name) for name in NAMES)])

    def _tell(self, name: str) -> str:
        found: Estimate = getattr(self, name)
        kind = {
            "alpha": f", {self.level}",
            "cohen_kappa": f" {self.weights}",
            "ac2": f", {self.weights}",
        }
        said = [f"{NAMES[name] + kind.get(name, ''):<34}{found.value:6.3f}"]
        if found.low is not None and found.high is not None:
            said.append(f"{found.low:6.3f} to {found.high:6.3f}")
        if found.error is not None:
            said.append(f"S.E. {found.error:.3f}")
        return "  ".join([*said, *([f"({found.note})"] if found.note else [])])


def measure_agreement(
    ratings: Ratings | Columns,
    *,
    level: Level = "ordinal",
    weights: Weights = "linear",
    n_bootstrap: int = 500,
    seed: int = 0,
    coverage: float = 0.9,
) -> Agreement:
    """Return coefficients of agreement, with intervals from resampled packets.

    Args:
        ratings: `Ratings`, or columns in long form on the scale 0..4. Raters need not rate all.
        level: what differences mean to Krippendorff's alpha: nominal, ordinal, interval or ratio.
        weights: how much of an agreement near points are to Cohen's kappa and AC2.
        n_bootstrap: resamples of packets; 0 gives no intervals.
        seed: the same seed, the same intervals.
        coverage: share of resamples within an interval.

    Raises:
        DataError: options that are none, and ratings in which no unit has two.

    >>> given = {"packet_id": ["a", "a", "b", "b"], "criterion": ["reach"] * 4,
    ...          "rater_id": ["ann", "bo"] * 2, "rating": [1, 1, 3, 3]}
    >>> measure_agreement(given, n_bootstrap=0).fleiss_kappa.value
    1.0
    """
    problems = check_options(level, weights, n_bootstrap, coverage)
    if problems:
        raise DataError(problems)
    read = as_ratings(ratings)
    if level == "ratio" and read.scale[0] < 0:
        raise DataError([Problem("level", "not possible", "a ratio needs a scale from 0 up")])
    sample, packet = make_sample(read)
    if sample.counts.max() < 2:  # noqa: PLR2004 - a pair
        message = "no packet has two ratings on one criterion: agreement cannot be measured"
        raise DataError([Problem("ratings", message, "have two raters rate the same packets")])
    found = estimate(sample, level, weights)
    draws = resample(sample, packet, (level, weights), n_bootstrap, seed)
    one = ONE_PACKET if len(read.packets) == 1 and n_bootstrap else ""
    return Agreement(
        **{name: add_interval(each, draws[name], coverage, one) for name, each in found.items()},
        level=level,
        weights=weights,
        coverage=coverage,
        n_packets=len(read.packets),
        n_units=int(sample.unit[-1]) + 1,
        n_raters=len(read.raters),
        n_ratings=read.n_ratings,
    )


def check_options(level: str, weights: str, n_bootstrap: int, coverage: float) -> list[Problem]:
    """Return a problem for each option that cannot be."""
    wrong = {
        "level": (level not in LEVELS, f"one of {', '.join(LEVELS)}"),
        "weights": (weights not in WEIGHTS, f"one of {', '.join(WEIGHTS)}"),
        "n_bootstrap": (n_bootstrap < 0, "0 or more"),
        "coverage": (not 0 < coverage < 1, "between 0 and 1"),
    }
    return [Problem(name, "not possible", hint) for name, (bad, hint) in wrong.items() if bad]


def make_sample(ratings: Ratings) -> tuple[Sample, IndexArray]:
    """Return ratings by unit, and the packet of each unit."""
    pieces = find_pieces(ratings)
    sample = Sample(
        pieces.of_rating, ratings.rater, ratings.values, ratings.scale[0], ratings.n_steps + 1
    )
    return sample, pieces.packet


def estimate(sample: Sample, level: Level, weights: Weights) -> dict[str, Estimate]:
    """Return all coefficients, with a value and a sentence where one is not defined."""
    gwet = {"ac1": find_gwet(sample, "identity"), "ac2": find_gwet(sample, weights)}
    icc = find_icc(sample)
    same = bool((sample.value == sample.value[0]).all())
    missing = Estimate(1.0, note=SAME) if same else Estimate(0.0, note=NO_VARIANCE)
    alpha = settle(find_alpha(sample, level), 1.0, SAME)
    fleiss = settle(find_fleiss(sample), 1.0, SAME)
    cohen = settle(find_cohen(sample, weights), float(same), SAME if same else NO_PAIR)
    return {
        "alpha": alpha,
        "fleiss_kappa": fleiss,
        "cohen_kappa": cohen,
        **{
            name: Estimate(each.value, each.error, note="" if each.error is not None else NO_ERROR)
            for name, each in gwet.items()
        },
        **{name: missing if icc is None else Estimate(icc[name]) for name in ICC_NAMES},
    }


def settle(value: float | None, otherwise: float, note: str) -> Estimate:
    """Return a value as it is, or one by convention with its sentence."""
    return Estimate(otherwise, note=note) if value is None else Estimate(value)


def resample(
    sample: Sample, packet: IndexArray, options: tuple[Level, Weights], n_draws: int, seed: int
) -> Mapping[str, FloatArray]:
    """Return each coefficient in each resample of packets; nan where it is one by convention."""
    rng = np.random.default_rng(seed)
    n_packets = int(packet[-1]) + 1
    drawn = rng.integers(0, n_packets, (n_draws if n_packets > 1 else 0, n_packets))
    draws: dict[str, list[float]] = {name: [] for name in NAMES}
    for chosen in drawn:
        again = draw_packets(sample, packet, chosen)
        found = estimate(again, *options) if again.counts.max() > 1 else {}
        for name in NAMES:
            each = found.get(name)
            kept = each is not None and (not each.note or each.note == NO_ERROR)
            draws[name].append(each.value if each is not None and kept else np.nan)
    return {name: np.array(values) for name, values in draws.items()}


def draw_packets(sample: Sample, packet: IndexArray, chosen: IndexArray) -> Sample:
    """Return the ratings of chosen packets; a packet chosen twice counts as two."""
    of_rating = packet[sample.unit]
    start = np.searchsorted(of_rating, chosen)
    length = np.searchsorted(of_rating, chosen, side="right") - start
    ends = np.cumsum(length)
    rows = np.arange(ends[-1]) + np.repeat(start - ends + length, length)
    copy = np.repeat(np.arange(len(chosen)), length)
    new = (np.diff(sample.unit[rows], prepend=-1) != 0) | (np.diff(copy, prepend=-1) != 0)
    return sample._replace(
        unit=np.cumsum(new) - 1, rater=sample.rater[rows], value=sample.value[rows]
    )


def add_interval(found: Estimate, draws: FloatArray, coverage: float, one_packet: str) -> Estimate:
    """Return an estimate with the percentile interval of its resamples."""
    known = draws[~np.isnan(draws)]
    note = "; ".join(part for part in (found.note, one_packet) if part)
    if not len(known) or len(known) < LEAST_SHARE * len(draws):
        return Estimate(found.value, found.error, note=note)
    low, high = np.quantile(known, [(1 - coverage) / 2, (1 + coverage) / 2]).tolist()
    return Estimate(found.value, found.error, low, high, note)
