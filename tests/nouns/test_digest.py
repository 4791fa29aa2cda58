"""Canonical content: the same thing always has the same digest."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmpromo.digest import compute_digest, write_canonical

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # one half of a surrogate pair cannot be written as UTF-8
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc"), inner),
    max_leaves=8,
)


def test_the_digest_is_that_of_the_canonical_text() -> None:
    """Anyone can compute it: SHA-256 of JSON with sorted keys and no spaces, as UTF-8."""
    text = '{"a":[0.1,null],"b":"é"}'
    assert compute_digest({"b": "é", "a": [0.1, None]}) == (
        f"sha256:{sha256(text.encode()).hexdigest()}"
    )


@given(plain)
def test_canonical_text_is_json_of_the_same_content(content: object) -> None:
    """Nothing is lost, and writing it again gives the same text."""
    text = write_canonical(content)
    assert json.loads(text) == content
    assert write_canonical(json.loads(text)) == text


@given(st.dictionaries(st.text("abc"), plain))
def test_the_order_of_keys_makes_no_difference(content: dict[str, object]) -> None:
    """The same keys in another order have the same digest."""
    assert compute_digest(dict(reversed(content.items()))) == compute_digest(content)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_what_json_cannot_hold_is_refused(number: float) -> None:
    """A digest of a number that is none would not be the digest of anything."""
    with pytest.raises(ValueError, match="JSON"):
        compute_digest([number])
