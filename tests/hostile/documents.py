"""Saved results, fitted models and records: cut, changed, grown, or from another release."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hostile.files import read, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hostile.files import Hostile

__all__ = ["list_documents"]

GOLDEN: Final = Path(__file__).parents[1] / "golden"

KINDS: Final = {
    "assessment": ("assessment-1.json", "Assessment"),
    "readiness": ("model-1.json", "ReadinessModel"),
    "committee": ("committee-1.json", "CommitteeModel"),
    "impact": ("impact-1.json", "Impact"),
    "path": ("path-1.json", "Path"),
    "comparison": ("comparison-1.json", "Comparison"),
    "sensitivity": ("sensitivity-1.json", "Sensitivity"),
}
"""The kept file of each kind of document, and what it is read as."""

CUTS: Final = 3
"""At how many places each document is cut."""


def list_documents() -> Iterator[Hostile]:
    """Yield hostile documents of every kind."""
    for kind, (name, noun) in KINDS.items():
        data = (GOLDEN / name).read_bytes().strip()
        yield read(f"{kind}/versions, kept.json", "versions", data, "kind", noun)
        yield from _list_changed(kind, data)
    yield from _list_records()


def _list_changed(kind: str, data: bytes) -> Iterator[Hostile]:
    """Yield one document, changed in every way that a document can be."""
    content = json.loads(data)
    first = next((name for name, value in content.items() if isinstance(value, float)), "kind")
    for hazard, name, changed in (
        ("versions", "newer", {"schema_version": 2}),
        ("versions", "version as text", {"schema_version": "1"}),
        ("versions", "version true", {"schema_version": True}),
        ("versions", "version as a fraction", {"schema_version": 1.5}),
        ("keys", "unknown", {"unknown": 1}),
        ("keys", "unknown, with an escape", {"\x1b[31m" + "k" * 500: 1}),
        ("implicit typing", "figure as text", {first: "0.5"}),
        ("implicit typing", "figure true", {first: True}),
        ("depth", "figure as a list", {first: [[[[0.5]]]]}),
    ):
        yield refuse(f"{kind}/{hazard}, {name}.json", hazard, write({**content, **changed}), "")
    lacking = {key: value for key, value in content.items() if key != first}
    yield refuse(f"{kind}/shape, lacks a figure.json", "shape", write(lacking), "")
    for hazard, name, text in (
        ("non-finite numbers", "figure nan", put(data, first, "NaN")),
        ("non-finite numbers", "figure infinite", put(data, first, "-Infinity")),
        ("non-finite numbers", "figure 1e999", put(data, first, "1e999")),
        ("number forms", "figure of 400 digits", put(data, first, "9" * 400)),
        ("number forms", "figure of 5000 digits", put(data, first, "9" * 5000)),
        ("duplicate keys", "figure", put(data, first, f'0.5, "{first}": 0.25')),
        ("duplicate keys", "by an escape", put(data, first, f'0.5, "{_escape(first)}": 0.25')),
        ("depth", "thirty thousand", put(data, first, "[" * 30_000)),
        ("shape", "a list", b"[" + data + b"]"),
        ("shape", "null", b"null"),
        ("shape", "a number", b"7"),
        ("shape", "two", data + data),
        ("shape", "nothing", b""),
        ("encodings and newlines", "not UTF-8", data[:-1] + b"\xff}"),
    ):
        yield refuse(f"{kind}/{hazard}, {name}.json", hazard, text, "")
    for part in range(1, CUTS + 1):
        at = len(data) * part // (CUTS + 1)
        yield refuse(f"{kind}/truncation, part {part}.json", "truncation", data[:at], "")
    yield refuse(f"{kind}/truncation, last bracket.json", "truncation", data[:-1], "")


def _escape(key: str) -> str:
    """Return a key whose last letter is written by its code."""
    return f"{key[:-1]}\\u{ord(key[-1]):04x}"


def write(content: Any) -> bytes:  # noqa: ANN401 - whatever JSON can say
    """Return JSON."""
    return json.dumps(content).encode()


def put(data: bytes, key: str, value: str) -> bytes:
    """Return a document with the text of one value of the outermost mapping replaced."""
    return write({**json.loads(data), key: "\0"}).replace(b'"\\u0000"', value.encode())


def _list_records() -> Iterator[Hostile]:
    """Yield records that somebody changed, or that were cut short."""
    data = (GOLDEN / "record-1.jsonl").read_bytes()
    lines = data.splitlines(keepends=True)
    entries, second, hazard = len(lines), len(lines[0]), "integrity"
    yield read("record/versions, kept.jsonl", "versions", data, "entries", entries)
    for name, changed, said in (
        ("one byte", data.replace(b":", b";", 1), ":1:"),
        ("lines swapped", b"".join([lines[1], lines[0], *lines[2:]]), ":1:"),
        ("first line gone", b"".join(lines[1:]), ":1:"),
        ("second line gone", b"".join([lines[0], *lines[2:]]), ":2:"),
        ("line twice", b"".join([lines[0], *lines]), ":2:"),
        ("blank line", b"".join([lines[0], b"\n", *lines[1:]]), ":2:"),
        ("line of nothing", b"".join([lines[0], b"{}\n", *lines[1:]]), ":2:"),
        ("end of CR LF", data.replace(b"\n", b"\r\n", 1), ":1:"),
        ("NUL bytes", b"".join([lines[0], bytes(64), b"\n", *lines[1:]]), ":2:"),
        ("byte order mark", b"\xef\xbb\xbf" + data, ":1:"),
        ("key twice", data.replace(b"{", b'{"seq":1,', 1), ":1:"),
        ("depth", b"".join([lines[0], b"[" * 30_000, b"\n", *lines[1:]]), ":2:"),
        ("infinity", b"".join([lines[0], b'{"seq":1e999}\n', *lines[1:]]), ":2:"),
        ("not UTF-8", b"".join([lines[0], b'{"\xff":1}\n', *lines[1:]]), ":2:"),
        ("direction character", data.replace(b'"', '"\u202e'.encode(), 1), ":1:"),
    ):
        yield refuse(f"record/{hazard}, {name}.jsonl", hazard, changed, said)
    for at in range(1, len(lines[1]) - 1, max(len(lines[1]) // 12, 1)):
        name = f"record/truncation, {at:04} bytes of the second line.jsonl"
        yield read(name, "truncation", data[: second + at], "unfinished", at)
