"""Many names looked at at once are judged as one by one."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmpromo.frame.cells import COLUMNS
from pmpromo.frame.names import are_names, are_plain_texts, fold_names
from pmpromo.words import is_identifier

NAMES: Final = st.from_regex(r"\A[A-Za-z0-9]([A-Za-z0-9._:/-]{0,5}[A-Za-z0-9])?\Z")
CELLS: Final = st.one_of(NAMES, st.text("aZ0._:/-\n é", max_size=4), st.none(), st.integers())
ODD: Final = ["", ".", "a.", "-a", "a\nb", "a\n", "\na", "é", "a b", "a\0", "x" * 121, 7, None]


@given(st.lists(NAMES, max_size=9), st.lists(CELLS, max_size=2), st.integers(0, 9))
def test_names_as_one_by_one(sound: list[str], odd: list[object], place: int) -> None:
    """A list is one of names just when each of it is an identifier."""
    values = [*sound[:place], *odd, *sound[place:]]
    assert are_names(values) == all(map(is_identifier, values))


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_that_is_no_name(odd: object, place: int) -> None:
    """One that is no name is found first, last and between others."""
    values: list[object] = ["p-1", "x" * 120]
    assert are_names(values)
    assert not are_names([*values[:place], odd, *values[place:]])


@given(st.lists(st.text(max_size=5), max_size=4))
def test_plain_texts_read_as_themselves(values: list[str]) -> None:
    """Plain texts are texts that reading leaves alone; whatever is plain ASCII is plain."""
    read = COLUMNS["uri"].read
    if are_plain_texts(values):
        assert [read(value) for value in values] == values
        assert "" not in values
    else:
        assert not all(value and value.isascii() and value.isprintable() for value in values)


@pytest.mark.parametrize("odd", ["", "a\tb", "caf\u00e9", "x" * 20_001, 7, None])
def test_one_that_is_no_plain_text(odd: object) -> None:
    """What must be looked at by itself is no plain text."""
    assert are_plain_texts(["x" * 20_000, "a b"])
    assert not are_plain_texts(["a", odd])


@given(st.lists(NAMES, unique=True))
def test_folding(names: list[str]) -> None:
    """Names are numbered by their first places, those that differ in case alone alike."""
    first, numbers = fold_names(names)
    known: dict[str, int] = {}
    assert numbers.tolist() == [known.setdefault(name.casefold(), len(known)) for name in names]
    assert [names[at].casefold() for at in first.tolist()] == list(known)
