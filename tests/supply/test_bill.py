"""The bill of materials is the same for everybody, and judged by rules that can fail."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from supply import bill


def make_bill(**changes: Any) -> bill.Bill:  # noqa: ANN401 - whatever JSON holds
    """A bill of a wheel that needs one library, which needs another."""
    kinds = ["0BSD", "BSD-3-Clause AND CC0-1.0", "MIT OR PSF-2.0", "Zlib"]
    return {
        "$schema": "http://example.org/schema",
        "metadata": {
            "component": {"name": "ours", "licenses": [{"license": {"id": "Apache-2.0"}}]}
        },
        "components": [
            {
                "bom-ref": "a",
                "name": "a",
                "version": "1",
                "licenses": [{"expression": kind} for kind in kinds],
            },
            {"bom-ref": "b", "name": "b", "version": "2", "licenses": [{"license": {"id": "MIT"}}]},
        ],
        "dependencies": [
            {"ref": "root-component", "dependsOn": ["a"]},
            {"ref": "a", "dependsOn": ["b"]},
            {"ref": "b"},
        ],
        **changes,
    }


def test_a_sound_bill_stands() -> None:
    """Known licences, every component needed, nothing that changes: no complaint."""
    assert bill.judge(make_bill()) == []
    assert bill.list_pins(make_bill()) == ["a==1", "b==2"]


def test_addresses_are_left_out() -> None:
    """Wherever an address stands it goes, and nothing else does."""
    held = {"name": "a", "externalReferences": [{"url": "x"}]}
    assert bill.trim_bill({"components": [held], "metadata": {"tools": [held]}}) == {
        "components": [{"name": "a"}],
        "metadata": {"tools": [{"name": "a"}]},
    }


def test_a_bill_names_its_wheel() -> None:
    """The SHA-256 of the wheel stands with the component whose bill it is."""
    bound = bill.bind_bill(make_bill(), b"wheel")
    assert bound["metadata"]["component"]["hashes"] == [
        {"alg": "SHA-256", "content": hashlib.sha256(b"wheel").hexdigest()}
    ]
    assert bound["metadata"]["component"]["name"] == "ours"


@pytest.mark.parametrize(
    ("licences", "found"),
    [
        ([], ["b: no licence"]),
        ([{"license": {"id": "GPL-3.0-only"}}], ["b: GPL-3.0-only"]),
        ([{"license": {"name": "proprietary"}}], ["b: proprietary"]),
        ([{"expression": "MIT OR GPL-2.0-only"}], ["b: GPL-2.0-only"]),
        ([{"expression": "(MIT AND Zlib)"}], []),
    ],
)
def test_licences_are_on_the_list(licences: list[Any], found: list[str]) -> None:
    """A component without a licence, or with another in any part of it, is named."""
    part = {"bom-ref": "b", "name": "b", "version": "2", "licenses": licences}
    assert bill.find_unwelcome(make_bill(components=[part])) == found


def test_no_licence_is_welcome_in_vain() -> None:
    """A licence that nobody has leaves the list."""
    assert bill.find_idle_licences(make_bill(components=[])) == sorted(
        bill.WELCOME.keys() - {"Apache-2.0"}
    )


def test_what_is_listed_is_what_is_needed() -> None:
    """A component that nobody needs is named, and so is a need that nobody meets."""
    needs = [{"ref": "root-component", "dependsOn": ["a", "c"]}]
    assert bill.find_strays(make_bill(dependencies=needs)) == [
        "b: listed or needed, not both",
        "c: listed or needed, not both",
    ]


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("serialNumber", "urn:1", ["serialNumber"]),
        ("metadata", {"timestamp": "2026", "component": {}}, ["timestamp"]),
        ("place", "file:///x", ["file:", "://"]),
        ("place", "https://x", ["://"]),
    ],
)
def test_nothing_in_a_bill_changes_with_the_run(key: str, value: object, found: list[str]) -> None:
    """Serial numbers, times, paths and addresses are named."""
    assert bill.find_changing(make_bill(**{key: value})) == found
