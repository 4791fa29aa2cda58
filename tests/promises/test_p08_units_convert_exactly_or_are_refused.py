"""P8: a figure in another unit is exact to the last bit, or it is refused with a word of help."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any, Final

import pytest
from promises.choosing import choose
from promises.doors import CRITERION, DAY, ITEM, LADDER, PACKET, RUBRIC

from pmpromo import assess, evidence_frame, parse_packet, parse_rubric, score_frame
from pmpromo.errors import PmpromoError, RubricError
from pmpromo.units import KNOWN_UNITS

Content = dict[str, Any]

TABLE: Final[dict[str, dict[str, int | Fraction]]] = {
    "share": {"ratio": 1, "percent": Fraction(1, 100), "basis_point": Fraction(1, 10**4)},
    "clock": {
        "nanosecond": Fraction(1, 10**9),
        "microsecond": Fraction(1, 10**6),
        "millisecond": Fraction(1, 10**3),
        "second": 1,
        "minute": 60,
        "hour": 60 * 60,
        "day": 24 * 60 * 60,
        "week": 7 * 24 * 60 * 60,
    },
    "calendar": {"month": 1, "quarter": 3, "year": 12},
    "bytes": {
        "byte": 1,
        "kilobyte": 10**3,
        "megabyte": 10**6,
        "gigabyte": 10**9,
        "terabyte": 10**12,
        "petabyte": 10**15,
        "kibibyte": 1 << 10,
        "mebibyte": 1 << 20,
        "gibibyte": 1 << 30,
        "tebibyte": 1 << 40,
        "pebibyte": 1 << 50,
    },
    "usd": {"usd": 1, "usd_thousand": 10**3, "usd_million": 10**6, "usd_billion": 10**9},
    "eur": {"eur": 1, "eur_thousand": 10**3, "eur_million": 10**6, "eur_billion": 10**9},
}
"""What each unit is of its family, written down anew: SI, IEC 80000-13, the calendar."""

UNITS: Final = {
    name: (family, Fraction(size)) for family in TABLE for name, size in TABLE[family].items()
}

RATES: Final = {
    "usd/year": ("usd", Fraction(1, 12)),
    "usd_million/quarter": ("usd", Fraction(10**6, 3)),
    "usd_thousand/month": ("usd", Fraction(10**3)),
    "eur/year": ("eur", Fraction(1, 12)),
}

FIGURES: Final = ("0.57", "1.1", "16.5", "1e-7", "3", "123456.789", "0.1", "33.333333333333336")
"""Decimals, most of which no binary number holds."""


def ask(unit: str, target: float = 1.0) -> Content:
    """Return a rubric that asks for one figure in a unit."""
    metric = {"id": "growth", "name": "Growth", "unit": unit, "baseline": "not_used"}
    asked = {"fact": "growth", "at_least": target, "unit": unit}
    criterion = {**CRITERION, "requirements": [asked]}
    return {**RUBRIC, "ladder": {**LADDER, "metrics": [metric]}, "criteria": [criterion]}


def state(value: float, unit: str) -> Content:
    """Return a packet that states one figure in a unit."""
    fact = {"metric": "growth", "value": value, "unit": unit, "status": "realised"}
    return {**PACKET, "evidence": [{**ITEM, "facts": [fact]}]}


def read(value: str, given: str, wanted: str) -> float | None:
    """Return what a packet's figure is in the unit of the rubric, as its gap tells it."""
    exact = 4 * abs(Fraction(value) * UNITS_AND_RATES[given][1] / UNITS_AND_RATES[wanted][1])
    try:
        rubric = parse_rubric(ask(wanted, float(exact)))
        seen = assess(parse_packet(state(float(value), given)), rubric)
    except PmpromoError:
        return None
    return next(gap.claimed for gap in seen.gaps if gap.kind == "short")


UNITS_AND_RATES: Final = {**UNITS, **RATES}


@pytest.mark.parametrize("family", choose([*TABLE, "usd/"], 3))
def test_units_of_a_family_convert_to_the_nearest_float(family: str) -> None:
    """A figure is the decimal that is written; converted it is rounded once, in every pair."""
    names = list(TABLE[family]) if family in TABLE else [name for name in RATES if name[0] == "u"]
    for number, (given, wanted) in enumerate(product(names, repeat=2)):
        value = FIGURES[number % len(FIGURES)]
        exact = Fraction(value) * UNITS_AND_RATES[given][1] / UNITS_AND_RATES[wanted][1]
        if not 1e-12 < exact < 1e12:
            continue
        claimed = float(value) if given == wanted else float(exact)
        assert read(value, given, wanted) == claimed, (value, given, wanted)


@pytest.mark.slow
def test_units_of_two_families_never_convert() -> None:
    """Shares, clock, calendar, bytes and two currencies: no figure of one is read as another."""
    firsts = {family: next(iter(names)) for family, names in TABLE.items()}
    firsts |= {"rate": "usd/year", "other rate": "eur/year", "point": "percentage_point"}
    for given, wanted in product(firsts.values(), repeat=2):
        if given != wanted:
            with pytest.raises(PmpromoError, match="cannot be read as"):
                assess(parse_packet(state(1.0, given)), parse_rubric(ask(wanted)))


def test_growth_keeps_its_period() -> None:
    """Five percent a quarter are not twenty a year, whichever way one counts."""
    for given, wanted in product(("percent/year", "percent/quarter", "percent/month"), repeat=2):
        if given != wanted:
            with pytest.raises(PmpromoError, match="cannot be read as"):
                assess(parse_packet(state(5.0, given)), parse_rubric(ask(wanted)))
    seen = assess(parse_packet(state(0.05, "ratio/year")), parse_rubric(ask("percent/year", 5.0)))
    assert (
        seen.criteria[0].proven
        == assess(parse_packet(state(5.0, "percent/year")), parse_rubric(ask("percent/year", 5.0)))
        .criteria[0]
        .proven
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("kUSD", "usd_thousand"),
        ("%", None),
        ("ms", "millisecond"),
        ("hours", "hour"),
        ("Percent", "percent"),
        ("furlong", None),
        ("usd//year", None),
        ("usd/fortnight", None),
    ],
)
def test_a_unit_that_nobody_knows_is_refused(written: str, meant: str | None) -> None:
    """No unit is guessed; where one was probably meant, it is named."""
    for work in (
        lambda: parse_rubric(ask(written)),
        lambda: assess(parse_packet(state(1.0, written)), parse_rubric(ask("usd"))),
    ):
        with pytest.raises(PmpromoError) as caught:
            work()
        if meant is not None:
            assert f"did you mean '{meant}'?" in str(caught.value)


def test_a_frame_converts_as_a_packet_does() -> None:
    """In a table a unit is exact, or its packet is among the problems."""
    rubric = parse_rubric(ask("percent", 57.0))
    cases = {"ratio": 0.57, "percent": 57.0, "basis_point": 5700.0, "usd": 57.0, "furlong": 57.0}
    packets = [parse_packet({**state(value, unit), "id": unit}) for unit, value in cases.items()]
    scored = score_frame(
        evidence_frame(packets).drop(columns=["transition", "as_of"]), rubric, as_of=DAY
    )
    assert scored.scores["packet_id"].tolist() == ["ratio", "percent", "basis_point"]
    assert len(set(scored.scores["proven"])) == 1
    assert scored.problems["packet_id"].tolist() == ["usd", "furlong"]


def test_a_target_without_a_unit_that_fits_is_no_target() -> None:
    """A rubric whose target cannot be read in the unit of its metric is refused, too."""
    content = ask("percent")
    content["criteria"][0]["requirements"][0]["unit"] = "usd"
    with pytest.raises(RubricError):
        parse_rubric(content)


def test_every_unit_of_ours_is_in_the_table_or_alone() -> None:
    """Besides currencies, which have the four sizes of the dollar, no unit has a size unseen."""
    ours = {name: unit for name, unit in KNOWN_UNITS.items() if name not in UNITS}
    sizes = {"": 1, "_thousand": 10**3, "_million": 10**6, "_billion": 10**9}
    for name, unit in ours.items():
        assert name in {"count", "percentage_point"} or unit.factor == sizes[name[3:]]
    assert all(KNOWN_UNITS[name].factor == size for name, (_, size) in UNITS.items())
