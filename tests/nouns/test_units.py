"""Units: exact conversion, or a refusal."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmpromo.units import KNOWN_UNITS, convert, read_scale, read_unit

THINGS = frozenset({"account", "launch"})
FAMILIES = {
    name: sorted(unit.name for unit in KNOWN_UNITS.values() if unit.dimension == name)
    for name in {unit.dimension for unit in KNOWN_UNITS.values()}
}

figures = st.floats(-1e12, 1e12)


@pytest.mark.parametrize(
    ("figure", "source", "target", "expected"),
    [
        (16.5, "percent", "ratio", 0.165),
        (25, "basis_point", "percent", 0.25),
        (1.5, "hour", "minute", 90),
        (300, "microsecond", "millisecond", 0.3),
        (2, "week", "day", 14),
        (6, "quarter", "month", 18),
        (2, "year", "quarter", 8),
        (5, "usd_million/quarter", "usd_million/year", 20),
        (4_000_000, "usd", "usd_million", 4),
        (1.5, "eur_billion", "eur_thousand", 1_500_000),
        (3, "gigabyte", "megabyte", 3000),
        (1, "gibibyte", "mebibyte", 1024),
        (12, "account/quarter", "account/month", 4),
        (0.05, "ratio/year", "percent/year", 5),
    ],
)
def test_figures_convert_as_everyone_would(
    figure: float, source: str, target: str, expected: float
) -> None:
    """Shares, clock time, calendar time, money, bytes and rates convert inside their kind."""
    assert read_scale(source, target, THINGS)(figure) == expected


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("usd", "eur"),
        ("day", "month"),  # a month has no fixed number of days
        ("percent", "percentage_point"),  # 20 to 25 percent is 5 points and 25 percent
        ("percent/quarter", "percent/year"),  # 5 percent a quarter compound, or not
        ("percent/year", "percent"),
        ("usd/year", "usd"),
        ("account", "launch"),
        ("account", "count"),
        ("account/launch", "account"),
        ("usd/hour", "usd/month"),
        ("byte", "second"),
    ],
)
def test_what_has_no_exact_conversion_is_refused(source: str, target: str) -> None:
    """Nobody guesses an exchange rate, a month in days, or growth over another period."""
    with pytest.raises(ValueError, match=f"cannot be read as {target}"):
        read_scale(source, target, THINGS)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("hours", "hour"),
        ("Percent", "percent"),
        ("USD", "usd"),
        ("kUSD", "usd_thousand"),
        ("mEUR", "eur_million"),
        ("bnusd", "usd_billion"),
        ("accounts", "account"),
        ("usd/quater", "quarter"),
    ],
)
def test_a_unit_that_nobody_knows_is_answered_with_the_one_that_was_meant(
    written: str, meant: str
) -> None:
    """A plural, a capital, a size before the currency or a slip is answered with the right name."""
    with pytest.raises(ValueError, match="unknown unit") as caught:
        read_unit(written, THINGS)
    assert f"did you mean '{meant}'?" in str(caught.value)


@pytest.mark.parametrize(
    "written", ["furlong", "percent/year/year", "", "/", "usd/", "/year", "§", "x" * 5000]
)
def test_a_unit_that_resembles_none_is_answered_with_where_to_look(written: str) -> None:
    """Where nothing is near, the message says where the known units stand."""
    with pytest.raises(ValueError, match=r"docs/reference/units\.md"):
        read_unit(written, THINGS)


@given(figures, st.data())
def test_every_conversion_is_exact_to_the_last_bit(figure: float, data: st.DataObject) -> None:
    """A figure converts as the decimal that is written, rounded once."""
    family = data.draw(st.sampled_from(sorted(FAMILIES)))
    source, target = (KNOWN_UNITS[data.draw(st.sampled_from(FAMILIES[family]))] for _ in "ab")
    assert convert(figure, source, target) == float(
        Fraction(repr(figure)) * source.factor / target.factor
    )


@given(figures)
def test_the_same_unit_changes_no_bit(figure: float) -> None:
    """Reading a figure in its own unit gives it back."""
    assert read_scale("usd_million/year", "usd_million/year")(figure) == figure


def test_families_do_not_mix() -> None:
    """No unit of one dimension converts to one of another, whichever two are taken."""
    firsts = {name: KNOWN_UNITS[units[0]] for name, units in FAMILIES.items()}
    for one, other in product(firsts, repeat=2):
        if one == other:
            assert convert(2.0, firsts[one], firsts[other]) == 2.0
        else:
            with pytest.raises(ValueError, match="cannot be read"):
                convert(2.0, firsts[one], firsts[other])


def test_a_declared_thing_counts_itself() -> None:
    """A ladder may count whatever it declares, alone and in a rate."""
    assert read_unit("account", THINGS).factor == 1
    assert read_unit("usd_million/launch", THINGS).dimension == "usd/launch"


@pytest.mark.parametrize(
    ("sign", "unit"),
    [("%", "percent"), ("pp", "percentage_point"), ("$", "usd"), ("ms", "millisecond")],
)
def test_a_sign_is_answered_with_its_unit(sign: str, unit: str) -> None:
    """Signs that people write are refused with the unit they mean."""
    with pytest.raises(ValueError, match=f"did you mean '{unit}'"):
        read_unit(sign)
