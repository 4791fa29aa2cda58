"""Units of figures: exact conversion, or a refusal.

A unit is one name (``percent``, ``hour``, ``usd``) or a rate of two (``usd/year``). Names that only
count things (``account``, ``launch``) are declared by the ladder. Money of different currencies,
calendar time and clock time, and growth over different periods never convert into each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

__all__ = ["KNOWN_UNITS", "Unit", "convert", "read_scale", "read_unit"]

_CURRENCIES: Final = [
    "aud",
    "brl",
    "cad",
    "chf",
    "cny",
    "czk",
    "dkk",
    "eur",
    "gbp",
    "hkd",
    "huf",
    "idr",
    "ils",
    "inr",
    "jpy",
    "krw",
    "mxn",
    "myr",
    "nok",
    "nzd",
    "php",
    "pln",
    "ron",
    "sek",
    "sgd",
    "thb",
    "try",
    "twd",
    "usd",
    "zar",
]

_SHARES: Final = {
    "ratio": Fraction(1),
    "percent": Fraction(1, 100),
    "basis_point": Fraction(1, 10_000),
}
_CLOCK: Final = {
    "nanosecond": Fraction(1, 10**9),
    "microsecond": Fraction(1, 10**6),
    "millisecond": Fraction(1, 1000),
    "second": Fraction(1),
    "minute": Fraction(60),
    "hour": Fraction(3600),
    "day": Fraction(86_400),
    "week": Fraction(604_800),
}
_CALENDAR: Final = {"month": Fraction(1), "quarter": Fraction(3), "year": Fraction(12)}
_BYTES: Final = {
    "byte": Fraction(1),
    **{
        f"{name}byte": Fraction(10 ** (3 * n))
        for n, name in enumerate(("kilo", "mega", "giga", "tera", "peta"), 1)
    },
    **{
        f"{name}byte": Fraction(2 ** (10 * n))
        for n, name in enumerate(("kibi", "mebi", "gibi", "tebi", "pebi"), 1)
    },
}
_SIZE_SIGNS: Final = {
    "k": "_thousand",
    **dict.fromkeys(("m", "mm", "mn", "mio"), "_million"),
    **dict.fromkeys(("b", "bn"), "_billion"),
}
"""What people write before a currency, as in kUSD."""

ALIKE: Final = 0.7
"""How alike a did-you-mean must be, from 0 to 1; difflib's 0.6 takes 'furlong' for 'ron'."""

_MONEY_SIZES: Final = {"": 1, "_thousand": 1000, "_million": 10**6, "_billion": 10**9}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as a dimension and an exact factor to that dimension's base."""

    name: str
    dimension: str
    factor: Fraction


def _gather_known() -> dict[str, Unit]:
    families = {"share": _SHARES, "clock": _CLOCK, "calendar": _CALENDAR, "bytes": _BYTES}
    known = {
        name: Unit(name, dimension, factor)
        for dimension, family in families.items()
        for name, factor in family.items()
    }
    for code in _CURRENCIES:
        for ending, size in _MONEY_SIZES.items():
            known[code + ending] = Unit(code + ending, code, Fraction(size))
    for name in ("count", "percentage_point"):
        known[name] = Unit(name, name, Fraction(1))
    return known


KNOWN_UNITS: Final = _gather_known()
"""Every unit that needs no declaration, by name."""


def _read_part(name: str, declared: AbstractSet[str]) -> Unit:
    if name in KNOWN_UNITS:
        return KNOWN_UNITS[name]
    if name in declared:
        return Unit(name, name, Fraction(1))
    near = _guess(name.casefold()[:40], [*KNOWN_UNITS, *sorted(declared)])
    hint = f"did you mean '{near}'?" if near else "see docs/reference/units.md for the known ones"
    message = f"unknown unit | {hint}"
    raise ValueError(message)


_SIGNS: Final = {
    "%": "percent",
    "pp": "percentage_point",
    "$": "usd",
    "ms": "millisecond",
    "€": "eur",
}
"""Signs that people write, and the units they mean."""


def _guess(name: str, known: list[str]) -> str | None:
    """Return the unit that was probably meant."""
    if name in _SIGNS:
        return _SIGNS[name]
    size, currency = name[:-3], name[-3:]
    if currency in _CURRENCIES and size in _SIZE_SIGNS:
        return currency + _SIZE_SIGNS[size]
    return next(iter(get_close_matches(name, known, n=1, cutoff=ALIKE)), None)


def read_unit(text: str, declared: AbstractSet[str] = frozenset()) -> Unit:
    """Read a unit's name; `declared` are the counted things the ladder adds.

    >>> read_unit("usd_million/quarter").factor
    Fraction(1000000, 3)
    """
    name, slash, per = text.partition("/")
    unit = _read_part(name, declared)
    if not slash:
        return unit
    below = _read_part(per, declared)
    period = per if unit.dimension == "share" else below.dimension
    factor = unit.factor if unit.dimension == "share" else unit.factor / below.factor
    return Unit(text, f"{unit.dimension}/{period}", factor)


def convert(value: float, source: Unit, target: Unit) -> float:
    """Return `value` in `target`, rounded once; refuse units of another dimension.

    A figure is the decimal that is written: 0.57 is 57 percent, and not the binary number below it.
    Growth (percent over time) keeps its period: 5 percent a quarter is not 20 percent a year.

    >>> convert(16.5, read_unit("percent"), read_unit("ratio"))
    0.165
    """
    if source.dimension != target.dimension:
        message = f"cannot be read as {target.name} | write the figure in {target.name}"
        raise ValueError(message)
    if source.factor == target.factor:
        return value
    return float(Fraction(str(value)) * source.factor / target.factor)


def read_scale(
    source: str, target: str, declared: AbstractSet[str] = frozenset()
) -> Callable[[float], float]:
    """Return the function that reads figures given in one unit in another.

    >>> read_scale("hour", "minute")(1.5)
    90.0
    """
    given, wanted = read_unit(source, declared), read_unit(target, declared)
    convert(1.0, given, wanted)
    if given.factor == wanted.factor:
        return float
    return lambda figure: convert(figure, given, wanted)
