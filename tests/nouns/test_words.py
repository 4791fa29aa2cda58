"""The value types that every noun is made of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from pmpromo.words import (
    FORMS,
    Count,
    Day,
    Flag,
    Identifier,
    Number,
    Point,
    Rows,
    Share,
    Text,
    Weight,
    find_repeats,
    is_identifier,
    read_weight,
)


def read(kind: Any, value: object) -> object:  # noqa: ANN401 - any form of a type
    """Read a value as one of the value types."""
    return TypeAdapter(kind).validate_python(value)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (20, "20"),
        ("0.125", "0.125"),
        (0.1, "0.1"),  # the decimal that is written, not the binary fraction beside it
        (1e-5, "0.00001"),
        (1e11, "100000000000.0"),
        (Decimal("3.50"), "3.50"),
        (Decimal("1E+3"), "1000"),
    ],
)
def test_weights_are_the_decimals_that_are_written(written: object, expected: str) -> None:
    """A weight is read exactly, in whatever form Python writes a float."""
    assert str(read_weight(written)) == expected


@given(st.integers(0, 10**12 - 1), st.integers(0, 10**12 - 1))
def test_weights_of_twelve_digits_on_either_side_are_exact(whole: int, part: int) -> None:
    """Twelve digits before and after the point are read without loss."""
    weight = read_weight(f"{whole}.{part:012}")
    assert Fraction(weight) == whole + Fraction(part, 10**12)


@pytest.mark.parametrize(
    "written",
    [
        True,
        None,
        -1,
        "-1",
        "1e3",
        "٣",
        "0x10",
        " 1",
        "",
        ".5",
        "1,5",
        1e30,
        1e-13,
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        10**12,
        [1],
    ],
)
def test_what_is_no_decimal_is_no_weight(written: object) -> None:
    """Signs, exponents in text, other digits, lists and truth values are no weights."""
    with pytest.raises(ValueError, match="is no weight"):
        read_weight(written)


@pytest.mark.parametrize("day", ["2026-06-30", date(2026, 6, 30)])
def test_days_are_read_from_text_or_dates(day: object) -> None:
    """A day is written YYYY-MM-DD or is a date already."""
    assert read(Day, day) == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2023-02-29", "no day of the calendar"),
        ("2026-06-31", "no day of the calendar"),
        ("2025-7-4", "no date"),
        ("2026-W27-2", "no date"),  # Python's own reader takes this one
        ("20260630", "no date"),
        ("٢٠٢٦-٠٦-٣٠", "no date"),
        ("2026-06-30T00:00:00", "no date"),
        (datetime(2026, 6, 30, tzinfo=UTC), "no date"),
        (46203, "no date"),  # what a spreadsheet holds
        (None, "no date"),
    ],
)
def test_other_forms_of_dates_are_refused(day: object, said: str) -> None:
    """Times, zones, serial numbers, weeks and days that do not exist are no days."""
    with pytest.raises(ValidationError, match=said):
        read(Day, day)


@pytest.mark.parametrize("text", ["plain", "Größe", "評価", "a\tb\nc", "👩‍👩‍👧", "x" * 20_000])
def test_text_may_be_of_any_script(text: str) -> None:
    """Words of any script pass, line breaks and tabs among them."""
    assert read(Text, text) == text


def test_text_is_composed() -> None:
    """A letter and its accent written apart become the one sign that looks the same."""
    assert read(Text, "e\u0301") == "\u00e9"


@pytest.mark.parametrize(
    "text", ["", "a\x08", "a\x1b[31m", "a\u2067b", "\ufeffa", "a\u200bb", "x" * 20_001, 3, None]
)
def test_unsafe_text_is_refused(text: object) -> None:
    """Control, direction and invisible characters never come in, nor empty or endless text."""
    with pytest.raises(ValidationError):
        read(Text, text)


@pytest.mark.parametrize("name", ["L3", "pure-storage-pm/l3-l4", "percent/year", "a.b:c_d", "1.10"])
def test_identifiers_are_plain_ascii(name: str) -> None:
    """Letters, digits and a few signs between them make a name."""
    assert read(Identifier, name) == name
    assert is_identifier(name)


@pytest.mark.parametrize(
    "name", ["", "a.", "-a", "a b", "%", "straße", "ο", "a\n", "../a", "x" * 121, 1.10, None]
)
def test_other_names_are_refused(name: object) -> None:
    """Spaces, signs at an end, look-alikes and endless names are no identifiers."""
    with pytest.raises(ValidationError):
        read(Identifier, name)
    assert not is_identifier(name)


@pytest.mark.parametrize(
    ("kind", "fine", "wrong"),
    [
        (Flag, [True, False], ["yes", 1, 0, None]),
        (Number, [-1e18, 0, 2.5], [1.1e18, float("nan"), float("inf"), "3", True]),
        (Share, [0, 0.5, 1], [-0.1, 1.01, "0.5"]),
        (Count, [0, 10**12], [-1, 1.5, 2.0, "1", True, 10**12 + 1]),
        (Point, [0, 4], [5, -1, 2.5, "3"]),
        (Rows, [(), ("S109", "S001")], [("109",), ("S1090",), ("s109",), "S109"]),
    ],
)
def test_numbers_are_written_as_numbers_and_inside_their_range(
    kind: object, fine: list[object], wrong: list[object]
) -> None:
    """No text is taken for a number, no number for a truth value, and each range holds."""
    for value in fine:
        assert read(kind, value) == value
    for value in wrong:
        with pytest.raises(ValidationError):
            read(kind, value)


def test_every_pattern_is_put_into_words() -> None:
    """People are told what a name looks like, not which pattern it misses."""
    kinds = (Identifier, Rows)
    patterns = {str(TypeAdapter(kind).json_schema()).split("'pattern': '")[1] for kind in kinds}
    told = {pattern.split("'")[0].replace("\\\\", "\\") for pattern in patterns}
    assert told <= set(FORMS)


def test_repeats_are_found_whatever_their_case() -> None:
    """Names that differ in case only are the same name, and the later ones are named."""
    assert find_repeats(["scope", "impact", "Scope", "SCOPE", "impacts"]) == [2, 3]


@given(st.lists(st.text("aAbB", max_size=2)))
def test_what_repeats_leave_is_unique(names: list[str]) -> None:
    """Without its repeats a list names everything once."""
    repeats = find_repeats(names)
    left = [name.casefold() for place, name in enumerate(names) if place not in repeats]
    assert sorted(left) == sorted({name.casefold() for name in names})


@given(st.decimals(0, 1, places=6))
def test_weights_survive_json(weight: Decimal) -> None:
    """A weight written to JSON is read back exactly."""
    adapter = TypeAdapter[Decimal](Weight)
    assert adapter.validate_json(adapter.dump_json(weight)) == weight
