"""Two roads, one answer: what the quick road accepts the careful one reads alike, and no more."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml as pyyaml
from hypothesis import example, given
from hypothesis import strategies as st
from reading.samples import JSON, VALUES, YAML, complain, read

from pmpromo.errors import PacketError
from pmpromo.packet import Packet
from pmpromo.reading import json as json_reading
from pmpromo.reading import yaml as yaml_reading
from pmpromo.reading.characters import Unclear, read_clean
from pmpromo.reading.models import build_model, read_model, read_tree

if TYPE_CHECKING:
    from pmpromo.reading.models import Format

QUICK: Final[dict[Format, Any]] = {
    "json": json_reading.read_values,
    "yaml": yaml_reading.read_values,
}

SCRAPS: Final = st.sampled_from(
    [
        *"{}[]:,\"-#&*!|>%@`?\\\n \t\r'~",
        "a",
        "é",
        "e\u0301",
        "\u200d",
        "\u202e",
        "\ufeff",
        "\x00",
        "\x7f",
        "\\u00e9",
        "\\u0301",
        "\\ud800",
        "\\x08",
        "\\b",
        "<<",
        ": ",
        "- ",
        "\n  ",
        "null",
        "true",
        "012",
        "1e5",
        "1e999",
        "-0",
        "1e-999",
        ".inf",
        "NaN",
        "9" * 20,
        '"a"',
        "[[[[[[[[[",
        "---\n",
        "...\n",
    ]
)
TEXTS: Final = st.lists(SCRAPS, max_size=12).map("".join)

PLAIN: Final = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**65), 2**65)
    | st.floats()
    | st.text(st.characters(codec=None), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


def walk_both(text: str | bytes, format: Format) -> tuple[object, object]:  # noqa: A002
    """What both roads read; `Unclear` stands for a refusal."""
    tree = read_tree(text, format)
    careful = Unclear if tree.problems else tree.value
    try:
        return QUICK[format](read_clean(text)), careful
    except Unclear:
        return Unclear, careful


def explain(data: bytes | str, format: Format) -> str:  # noqa: A002
    """All that is printed about a text, or nothing for a good one."""
    try:
        read_model(Packet, data, format=format, error=PacketError, show=True)
    except PacketError as error:
        return str(error)
    return ""


def same(one: object, other: object) -> bool:
    """Whether two values are equal and of the same types; 1, 1.0 and True differ."""
    return repr(one) == repr(other)


@pytest.mark.parametrize("format", ["json", "yaml"])
@given(text=TEXTS)
@example(text='{"a": "e\\u0301"}')
@example(text='{"é": 1, "e\\u0301": 1}')
@example(text='{"a": "\\\\u0008"}')
@example(text='{"a": -0, "b": -0.0}')
@example(text="a: \u0915\u200d\n")
@example(text="a: \ufeff\n")
@example(text="a: *b\nc: d\n")
@example(text="[*b, ]\n")
@example(text='"\\\n"\n')
def test_quick_road_agrees(format: Format, text: str) -> None:  # noqa: A002
    """Whatever the quick road reads, the careful one reads as the same value, without a problem."""
    quick, careful = walk_both(text, format)
    assert quick is Unclear or same(quick, careful)


@given(value=PLAIN)
def test_json_roads_refuse_alike(value: object) -> None:
    """The quick JSON road gives up exactly where the careful one finds a problem."""
    for escaped in (True, False):
        text = unicodedata.normalize("NFC", json.dumps(value, ensure_ascii=escaped))
        quick, careful = walk_both(text, "json")
        assert same(quick, careful)


@given(value=PLAIN)
def test_python_objects_are_held_to_the_same(value: object) -> None:
    """A mapping is accepted exactly where its JSON text is, and gives the same packet."""
    values = {**VALUES, "summary": value}
    text = json.dumps(values)
    try:
        from_text: object = read(text, "json")
    except PacketError:
        from_text = PacketError
    try:
        from_values: object = build_model(Packet, values, error=PacketError)
    except PacketError:
        from_values = PacketError
    assert from_text == from_values


@pytest.mark.parametrize("format", ["json", "yaml"])
@given(data=st.binary(max_size=60) | TEXTS.map(str.encode) | TEXTS)
def test_nothing_else_is_raised(format: Format, data: bytes | str) -> None:  # noqa: A002
    """Any bytes and any text give a packet or our error, which is safe to print and bounded."""
    lines = explain(data, format).split("\n")
    assert all(line.isprintable() for line in lines)
    assert max(map(len, lines)) <= 300


@given(st.data())
def test_a_damaged_packet_is_refused_or_read_alike(data: st.DataObject) -> None:
    """Scraps thrown into a good text never divide the roads."""
    samples: list[tuple[str, Format]] = [(YAML, "yaml"), (JSON, "json")]
    sample, format_ = data.draw(st.sampled_from(samples))
    at = data.draw(st.integers(0, len(sample)))
    text = sample[:at] + data.draw(SCRAPS) + sample[at + data.draw(st.integers(0, 3)) :]
    quick, careful = walk_both(text, format_)
    assert quick is Unclear or same(quick, careful)


def test_formats_say_the_same() -> None:
    """One packet as YAML, as JSON, as JSON inside YAML and as a mapping is one packet."""
    packet = read(YAML)
    assert read(JSON, "json") == packet
    assert read(JSON, "yaml") == packet
    assert build_model(Packet, VALUES, error=PacketError) == packet


@pytest.mark.parametrize("end", range(len(JSON.encode())))
def test_cut_json_never_loads(end: int) -> None:
    """A JSON text cut at any byte is refused."""
    assert complain(JSON.encode()[:end], "json")


def test_cut_yaml_loads_only_at_line_ends() -> None:
    """A YAML text cut inside a line is refused; cut between lines it may be whole YAML again."""
    data = YAML.encode()
    loaded = [end for end in range(len(data)) if not complain(data[:end])]
    assert all(data[:end].endswith(b"\n") for end in loaded)


def test_cut_flow_yaml_never_loads() -> None:
    """A YAML text in brackets is refused wherever it is cut, as JSON is."""
    text = "{id: a, evidence: [], cycle: h1}"
    assert [end for end in range(len(text)) if not complain(text[:end])] == []
    assert not complain(text)


@pytest.mark.parametrize("text", [YAML, JSON, "a: |\n  b\nc: 'd'\n", "? a\n: b\n"])
def test_pure_parser_reads_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without libyaml the same values come out."""
    expected = read_tree(text, "yaml")
    monkeypatch.setattr(yaml_reading, "Parser", pyyaml.SafeLoader)
    found = read_tree(text, "yaml")
    assert (found.value, found.problems) == (expected.value, expected.problems)


def test_pure_parser_reads_short_texts_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without libyaml a long text would take minutes, so it is refused at once."""
    monkeypatch.setattr(yaml_reading, "Parser", pyyaml.SafeLoader)
    assert complain("#" * 1_000_001 + "\n") == [
        "longer than 1000000 characters; install libyaml, or use JSON"
    ]
