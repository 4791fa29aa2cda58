"""Variance components: published examples, laws, and how many raters are needed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
from committee.drawn import Design, draw_committee, write_columns
from committee.published import BRENNAN_1, BRENNAN_3, HUYNH

from pmpromo.committee import Ratings
from pmpromo.committee.components import Components, find_components, measure_components

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Table = tuple["NDArray[np.float64]", dict[str, "NDArray[np.intp]"]]


def read_rows(rows: Sequence[str], occasions: int = 1) -> Table:
    """Return values and codes of persons (and occasions) by items; a dot is missing."""
    cells = [(i, j, point) for i, row in enumerate(rows) for j, point in enumerate(row)]
    known = [(i, j, float(point)) for i, j, point in cells if point != "."]
    row, item, value = (np.array(column) for column in zip(*known, strict=True))
    codes = {"p": row // occasions, "i": item}
    return value, {**codes, **({"o": row % occasions} if occasions > 1 else {})}


def test_brennan_1() -> None:
    """Persons by items, p .0574, i .0754, residual .1269; E rho^2 .844 and Phi .773 of 12 items."""
    found = find_components(*read_rows(BRENNAN_1))
    assert {k: round(v, 4) for k, v in found.items()} == {
        "p": 0.0574,
        "i": 0.0754,
        "residual": 0.1269,
    }
    p, i, rest = found["p"], found["i"], found["residual"]
    assert round(p / (p + rest / 12), 3) == 0.844
    assert round(p / (p + (i + rest) / 12), 3) == 0.773


def test_huynh_with_missing_cells() -> None:
    """Persons by items, some missing: p .0473, i .0117, residual .1840."""
    found = find_components(*read_rows(HUYNH))
    assert {k: round(v, 4) for k, v in found.items()} == {
        "p": 0.0473,
        "i": 0.0117,
        "residual": 0.1840,
    }


def test_brennan_3() -> None:
    """Persons by items by occasions, all seven components."""
    found = find_components(*read_rows(BRENNAN_3, 2))
    assert {k: round(v, 4) for k, v in found.items()} == {
        "p": 0.5528,
        "i": 0.4417,
        "o": 0.0074,
        "p i": 0.5750,
        "p o": 0.1009,
        "i o": 0.1565,
        "residual": 0.9352,
    }


KNOWN: Final = Components(
    packet=0.4,
    criterion=0.1,
    rater=0.2,
    packet_criterion=0.4,
    packet_rater=0.1,
    criterion_rater=0.2,
    residual=0.4,
    n_criteria=4,
    n_raters=3.0,
)


def test_raters_needed_by_hand() -> None:
    """True .4 + .4/4 = .5; error adjusted .1 + .4/4 = .2, else + .2 + .2/4 = .45.

    For .8: 4 x .2 / .5 = 1.6, so 2; 4 x .45 / .5 = 3.6, so 4.
    """
    assert KNOWN.raters_needed(0.8) == 2
    assert KNOWN.raters_needed(0.8, adjusted=False) == 4
    assert KNOWN.reliability(2) == pytest.approx(0.5 / 0.6)
    assert KNOWN.reliability(4, adjusted=False) == pytest.approx(0.5 / (0.5 + 0.45 / 4))


def test_an_exact_number_of_raters_is_not_rounded_up() -> None:
    """Error as large as truth: .75 takes exactly 3, though 3.0000000000000004 comes out."""
    even = replace(KNOWN, packet=0.1, packet_criterion=0.0, packet_rater=0.1, residual=0.0)
    assert even.raters_needed(0.75) == 3


def test_no_number_of_raters_is_enough_where_packets_do_not_differ() -> None:
    """Nor is there a number for a target that is none."""
    flat = replace(KNOWN, packet=-0.1, packet_criterion=None)
    assert flat.raters_needed() is None
    assert flat.reliability(3) == 0.0
    assert KNOWN.raters_needed(1.0) is None


def test_components_of_a_committee() -> None:
    """With severities twice as far apart the rater component is about four times as large."""
    design = Design(n_packets=150, n_criteria=2, n_raters=8, per_packet=(4,), severity_sd=0.4)
    near, far = (
        measure_components(draw_committee(replace(design, severity_sd=sd), 3)[0]).rater
        for sd in (0.4, 0.8)
    )
    assert near is not None
    assert far is not None
    assert 2.5 < far / near < 5


def test_designs_that_cannot_tell() -> None:
    """One rater a packet: rater and packet are one, and no component is made up."""
    read = Ratings.from_columns(
        write_columns(
            [("a", "c", "x", 1), ("a", "d", "x", 3), ("b", "c", "x", 0), ("b", "d", "x", 4)]
        )
    )
    found = measure_components(read)
    assert found.rater is None
    assert found.packet is not None
    assert found.n_raters == 1.0
    alone = Ratings.from_columns(write_columns([("a", "c", "x", 1), ("b", "c", "x", 3)]))
    assert measure_components(alone).packet is None
