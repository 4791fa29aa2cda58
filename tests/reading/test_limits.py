"""Hostile sizes: bounded time, bounded memory, and never the end of the process."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Final

import pytest
from reading.samples import JSON, VALUES, change, complain, complain_about

from pmpromo.errors import PacketError
from pmpromo.packet import Packet
from pmpromo.reading.models import build_model, read_model

NESTED: Final = {
    "yaml brackets": ("yaml", "["),
    "yaml braces": ("yaml", "{a: "),
    "yaml dashes": ("yaml", "- "),
    "yaml questions": ("yaml", "? "),
    "json brackets": ("json", "["),
    "json braces": ("json", '{"a":'),
}

LARGE: Final = {
    "yaml, brackets": "yaml: '[' * SIZE",
    "yaml, unknown keys": "yaml: ''.join(f'k{i}: 1\\n' for i in range(500_000))",
    "yaml, as many keys as are read": (
        "yaml: 'id: a\\nevidence: []\\n' + ''.join(f'k{i:080}: 1\\n' for i in range(49_000))"
    ),
    "json, as many wrong items as are read": (
        """json: '{"id": "a", "evidence": [' + ','.join(['{}'] * 49_000) + ']}'"""
    ),
    "json, numbers": "json: '[' + '1,' * (SIZE // 2) + '1]'",
    "json, one number": """json: '{"id": ' + '9' * SIZE + '}'""",
    "json, one text": """json: '{"id": "' + 'x' * SIZE + '"}'""",
    "json, backslashes": """json: '{"id": "' + chr(92) * SIZE""",
    "yaml, one key": """yaml: '"' + 'x' * SIZE + '": 1\\n'""",
    "yaml, line ends": "yaml: '\\n' * SIZE + 'a'",
    "yaml, controls": "yaml: '\\x08' * SIZE",
    "yaml, lone returns": "yaml: 'a: b\\r' * (SIZE // 5)",
    "json, marks": """json: '{"id": "' + '\\u0301\\u0323' * (SIZE // 4) + '"}'""",
    "json, marks in piles of thirty": (
        """json: '{"id": "' + ('a' + '\\u0301\\u0323' * 15) * (SIZE // 61) + '"}'"""
    ),
    "yaml, anchors": "yaml: 'a: ' + '&a ' * (SIZE // 3)",
    "yaml, duplicate keys": "yaml: 'a: 1\\n' * 49_000",
}

SCRIPT: Final = """
import json, resource, sys, time
from pmpromo.errors import PacketError
from pmpromo.packet import Packet
from pmpromo.reading.models import read_model
SIZE = 10_000_000
def measure(code):
    format, _, text = code.partition(": ")
    data = eval(text).encode()
    start = time.process_time()
    try:
        read_model(Packet, data, format=format, error=PacketError, show=True)
    except PacketError as error:
        said = str(error)
    return time.process_time() - start, len(said), max(map(len, said.split("\\n")))
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = peak()
found = {name: measure(code) for name, code in json.load(sys.stdin).items()}
print(json.dumps([found, (peak() - before) // 1024]))
"""


def measure(killers: dict[str, str]) -> tuple[dict[str, tuple[float, int, int]], int]:
    """What each text costs in another process: seconds, characters said, longest line; and MB."""
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", SCRIPT],
        input=json.dumps(killers),
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    found, megabytes = json.loads(run.stdout)
    return found, megabytes


@pytest.mark.skipif(sys.platform == "win32", reason="measures with the resource module")
@pytest.mark.parametrize("name", NESTED)
def test_nesting_does_not_end_the_process(name: str) -> None:
    """Thirty thousand open brackets are a problem like any other."""
    format_, opening = NESTED[name]
    found, _ = measure({name: f"{format_}: {opening!r} * 30_000"})
    assert found[name][0] < 1


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="measures with the resource module")
def test_large_killers() -> None:
    """Ten hostile megabytes are answered within 2 s, 200 MB and a screen of text."""
    found, megabytes = measure(LARGE)
    slow = {name: seconds for name, (seconds, _, _) in found.items() if seconds >= 2}
    assert not slow
    assert megabytes < 200
    assert all(length < 10_000 and longest < 300 for _, length, longest in found.values())


@pytest.mark.parametrize(("depth", "is_read"), [(32, True), (33, False)])
@pytest.mark.parametrize("opening", ['{"a": ', "["])
def test_depth_is_one_limit_on_all_roads(depth: int, opening: str, *, is_read: bool) -> None:
    """Thirty-two levels are read in JSON, in YAML and from Python; one more is a problem."""
    closing = "}" if opening[0] == "{" else "]"
    text = f'{{"a": {opening * (depth - 1)}1{closing * (depth - 1)}}}'
    for said in (
        complain(text, "json"),
        complain(text, "yaml"),
        complain_about(json.loads(text)),
    ):
        assert any("nested more than 32 deep" in line for line in said) != is_read


def test_values_are_counted_alike() -> None:
    """Fifty thousand values are too many in every road."""
    text = json.dumps({**VALUES, "declared_none": ["a"] * 50_000})
    for said in (complain(text, "json"), complain(text, "yaml"), complain_about(json.loads(text))):
        assert [line for line in said if "more than 50000 values" in line]


def test_many_commas_in_a_text_are_no_values() -> None:
    """Reasons full of commas make the quick road doubt, and nothing else."""
    values = {**VALUES, "evidence": []}
    values = {
        **values,
        "concerns": [{"reason_not_to_promote": "," * 19_000, "severity": "low"}] * 4,
    }
    assert read_model(Packet, json.dumps(values), format="json", error=PacketError).concerns


def test_long_text_of_many_values_is_read() -> None:
    """A text beyond the quick length is read to the same packet."""
    values = {**VALUES, "declared_none": [f"n{number:020}" for number in range(5000)]}
    packet = build_model(Packet, values, error=PacketError)
    for text in (json.dumps(values), json.dumps(values).replace("portfolio", "portf\\u006flio")):
        assert len(text) > 100_000
        assert read_model(Packet, text, format="json", error=PacketError) == packet
        assert read_model(Packet, text, format="yaml", error=PacketError) == packet


def test_at_most_a_thousand_problems_are_kept() -> None:
    """Of more problems a thousand are kept, and the rest are counted, on every road."""
    keys = "".join(f"k{number}: 1\n" for number in range(1500))
    said = complain(change("schema_version: 1\n", keys))
    assert len(said) == 1001
    assert said[-1] == "500 more problems"
    duplicates = complain("id: a\n" * 1502 + "evidence: []\n")
    assert duplicates[-1] == "501 more problems"
    assert complain("\u200b" * 1500)[-1] == "p:1:1001: and so on: this is no text"


def test_problem_that_ends_the_reading_is_always_kept() -> None:
    """After a thousand problems the one that broke the reading off is still told."""
    said = complain("id: a\n" * 1502 + "]\n")
    assert any("not YAML" in line for line in said)


def test_text_of_too_many_bytes() -> None:
    """A text is measured in bytes of UTF-8, whether it comes as bytes or not."""
    expected = ["longer than 16777216 bytes"]
    assert complain("#" * (16 * 1024 * 1024 + 1)) == expected
    assert complain(b"#" * (16 * 1024 * 1024 + 1)) == expected
    assert complain("€" * (6 * 1024 * 1024)) == expected


def test_endless_objects() -> None:
    """Python objects that hold themselves are refused, in depth and in breadth."""
    deep: list[object] = []
    deep.append(deep)
    assert complain_about({"id": "a", "evidence": deep}) == ["nested more than 32 deep"]
    broad: dict[str, object] = {}
    broad.update(a=broad, b=broad)
    assert complain_about(broad) == ["nested more than 32 deep"]
    doubled: object = ["a"]
    for _ in range(25):
        doubled = [doubled, doubled]
    assert complain_about({"id": "a", "evidence": doubled}) == ["more than 50000 values"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({1: "a"}, "a key that is no text"),
        ({"id": b"a"}, "id: bytes, not text; decode them"),
        ({"id": "a\u202e"}, "id: direction character U+202E; delete it"),
        ({"id": 2**63}, "id: an integer of more than 63 bits"),
        ({"id": float("nan")}, "id: not a finite number"),
        ({"e\u0301": 1, "\u00e9": 1}, "é: duplicate key; keep one"),
        ({"i\u200bd": 1}, '["i\ufffdd"]: invisible character U+200B; delete it'),
        ({"id": object()}, "id: a text is wanted, not an object of class object"),
        ([], "a mapping of keys to values is wanted, not a list"),
        (None, "a mapping of keys to values is wanted, not null"),
    ],
)
def test_odd_python_objects(values: object, expected: str) -> None:
    """What no JSON could hold, or should not, is refused where it is."""
    assert expected in complain_about(values)


def test_tuples_and_dates_pass() -> None:
    """Python's own kinds stand for what a file writes as lists and days."""
    packet = build_model(Packet, VALUES, error=PacketError)
    values = {**VALUES, "as_of": packet.as_of, "declared_none": packet.declared_none}
    assert build_model(Packet, values, error=PacketError) == packet


@pytest.mark.parametrize("data", [None, 10**12, [], bytearray(b"{}")])
def test_what_is_no_text(data: object) -> None:
    """Something else than bytes or text is named by its class."""
    (said,) = complain(data, "json")  # type: ignore[arg-type]
    assert said.startswith("bytes or a text is wanted, not an object of")


def test_unknown_format() -> None:
    """A format that nobody reads is refused with those that are."""
    assert complain(JSON, "toml") == ["format: is not one of: json, yaml"]  # type: ignore[arg-type]
