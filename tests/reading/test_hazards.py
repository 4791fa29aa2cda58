"""What careless and hostile texts hold, and the one problem that each of them is answered with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest
from reading.samples import JSON, VALUES, YAML, change, complain, read

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLE: Final = "Integrated acquired product"
JSON_BITS: Final = '"title": "Integrated acquired product"'

YAML_HAZARDS: Final[Mapping[str, tuple[bytes | str, list[str]]]] = {
    "alias": (
        change("[engineering, sales]", "&a [x, y]").replace("[portfolio_pricing]", "*a"),
        [
            (
                "p:10:24: evidence[0].scope.functions: an anchor; "
                "delete it, and write values where they are used"
            ),
            "p:16:16: declared_none: an alias; write the value itself",
        ],
    ),
    "anchor on a key": (
        change("id: spm", "&k id: spm"),
        ["p:2:1: an anchor; delete it, and write values where they are used"],
    ),
    "depth": (
        change("6}", "6, users: " + "[" * 40 + "]" * 40 + "}"),
        ["p:10:91: nested more than 32 deep"],
    ),
    "long text": (
        change(TITLE, "x" * 100_001),
        ["p:7:12: evidence[0].title: a text of more than 100000 characters"],
    ),
    "duplicate key": (
        change("    ownership: led\n", '    ownership: led\n    "ownership": sole\n'),
        ["p:9:5: evidence[0].ownership: duplicate key; keep one; the other is on line 8"],
    ),
    "duplicate key by escape": (
        change("    ownership: led\n", '    ownership: led\n    "owner\\x73hip": sole\n'),
        ["p:9:5: evidence[0].ownership: duplicate key; keep one; the other is on line 8"],
    ),
    "merge key": (
        change("scope: {", "scope: {<<: 1, "),
        [
            'p:10:13: evidence[0].scope["<<"]: a merge key; write the keys themselves',
        ],
    ),
    "tag": (
        change("2026-06-30", "!!timestamp 2026-06-30"),
        ["p:4:8: as_of: a tag; delete it; quotes make text"],
    ),
    "private tag": (
        change("led", "!level led"),
        ["p:8:16: evidence[0].ownership: a tag; delete it; quotes make text"],
    ),
    "bare tag": (
        change(TITLE, "! x"),
        ["p:7:12: evidence[0].title: a tag; delete it; quotes make text"],
    ),
    "version directive": (
        "%YAML 1.2\n---\n" + YAML,
        ["p:1:1: a directive; delete the line that starts with %"],
    ),
    "unknown directive": (
        "%FOO\n---\n" + YAML,
        ["p:1:5: not YAML: found unknown directive name; delete the line that starts with %"],
    ),
    "tag directive": (
        "%TAG ! tag:x,2026:\n---\n" + YAML,
        ["p:1:1: a directive; delete the line that starts with %"],
    ),
    "complex key": (change("id: spm", "? [a]\n: spm"), ["p:2:3: a key that is no text"]),
    "two documents": (
        YAML + "---\n" + YAML,
        ["p:17:1: a second document; keep one document a file"],
    ),
    "exponent as id": (
        change("spm-b-2026h1", "1e5"),
        ["p:2:5: id: a text is wanted, not a decimal number; put it in quotes"],
    ),
    "version as title": (
        change(TITLE, "1.10"),
        ["p:7:12: evidence[0].title: a text is wanted, not a decimal number; put it in quotes"],
    ),
    "decimal comma": (
        change("16.5", "'3,5'"),
        [
            (
                "p:12:42: evidence[0].facts[0].value: a number is wanted, not a text; "
                "write digits 0-9 with a point for decimals; no unit, no quotes"
            )
        ],
    ),
    "number with a unit": (
        change("16.5", "7k"),
        [
            (
                "p:12:42: evidence[0].facts[0].value: a number is wanted, not a text; "
                "write digits 0-9 with a point for decimals; no unit, no quotes"
            )
        ],
    ),
    "Arabic digit": (
        change("16.5", "٣"),
        [
            (
                "p:12:42: evidence[0].facts[0].value: a number is wanted, not a text; "
                "write digits 0-9 with a point for decimals; no unit, no quotes"
            )
        ],
    ),
    "number with a hard space": (
        change("16.5", "1\u00a0000"),
        [
            (
                "p:12:42: evidence[0].facts[0].value: a number is wanted, not a text; "
                "write digits 0-9 with a point for decimals; no unit, no quotes"
            )
        ],
    ),
    "400 digits": (
        change("teams: 6", "teams: " + "9" * 400),
        ["p:10:53: evidence[0].scope.teams: an integer of more than 63 bits"],
    ),
    "integer of 64 bits": (
        change("teams: 6", "teams: -9223372036854775808"),
        ["p:10:53: evidence[0].scope.teams: an integer of more than 63 bits"],
    ),
    "fraction for a count": (
        change("teams: 6", "teams: 6.5"),
        ["p:10:53: evidence[0].scope.teams: a whole number is wanted, not a decimal number"],
    ),
    "number too small": (
        change("16.5", "1e-500"),
        ["p:12:42: evidence[0].facts[0].value: too small to be told from zero"],
    ),
    "number too long": (
        change("16.5", "0." + "1" * 99),
        ["p:12:42: evidence[0].facts[0].value: a number of more than 100 characters"],
    ),
    "not a number": (
        change("16.5", ".NAN"),
        ["p:12:42: evidence[0].facts[0].value: not a finite number"],
    ),
    "infinity": (
        change("16.5", "-.inf"),
        ["p:12:42: evidence[0].facts[0].value: not a finite number"],
    ),
    "infinite after parsing": (
        change("16.5", "1e400"),
        ["p:12:42: evidence[0].facts[0].value: not a finite number"],
    ),
    "Shift-JIS": (
        change(TITLE, "\u30c6").encode("shift-jis"),
        ["p:7:12: not UTF-8, from byte 128 on; save it as UTF-8"],
    ),
    "UTF-16": (YAML.encode("utf-16"), ["p:1:1: UTF-16 or UTF-32, not UTF-8; save it as UTF-8"]),
    "UTF-16 big end first": (
        b"\xfe\xff" + YAML.encode("utf-16-be"),
        ["p:1:1: UTF-16, not UTF-8; save it as UTF-8"],
    ),
    "UTF-32 big end first": (
        b"\x00\x00\xfe\xff" + YAML.encode("utf-32-be"),
        ["p:1:1: UTF-32, not UTF-8; save it as UTF-8"],
    ),
    "byte order mark inside": (
        change("acquired", "acq\ufeffuired"),
        ["p:7:26: invisible character U+FEFF; delete it"],
    ),
    "lone carriage return": (
        change("acquired", "acq\ruired").replace("led", "lead"),
        [
            "p:7:26: control character U+000D; end lines with a line feed",
            (
                "p:8:16: evidence[0].ownership: is not one of: "
                "sole, led, co_led, contributed, supported; did you mean 'led'?"
            ),
        ],
    ),
    "control character": (
        change(TITLE, "a\x08b"),
        ["p:7:13: control character U+0008; delete it"],
    ),
    "NUL": (change(TITLE, "a\0b"), ["p:7:13: control character U+0000; delete it"]),
    "C1 control": (change(TITLE, "a\x85b"), ["p:7:13: control character U+0085; delete it"]),
    "control character by escape": (
        change(TITLE, '"a\\x08b"'),
        ["p:7:12: evidence[0].title: control character U+0008; delete it"],
    ),
    "direction character in an id": (
        change("spm-b-2026h1", "spm\u2067b"),
        ["p:2:8: direction character U+2067; delete it"],
    ),
    "direction character in a key": (
        change("teams", "te\u202eams"),
        [
            "p:10:48: direction character U+202E; delete it",
        ],
    ),
    "invisible character": (
        change(TITLE, "a\u200bb"),
        ["p:7:13: invisible character U+200B; delete it"],
    ),
    "line separator": (
        change(TITLE, "a\u2028b"),
        ["p:7:13: invisible character U+2028; delete it"],
    ),
    "joiner between ASCII letters": (
        change(TITLE, "a\u200db"),
        ["p:7:13: invisible character U+200D; delete it"],
    ),
    "two joiners": (
        change(TITLE, "\u0915\u200d\u200d\u0937"),
        ["p:7:13: invisible character U+200D; delete it"],
    ),
    "half of a pair": (
        change(TITLE, "a\ud800b"),
        ["p:7:13: invisible character U+D800; delete it"],
    ),
    "pile of marks": (
        change(TITLE, "a" + "\u0301\u0323" * 20_000),
        ["p:7:13: too many marks on one letter; delete them"],
    ),
    "id of 300 characters": (
        change("spm-b-2026h1", "i" * 300),
        ["p:2:5: id: a length of at most 120 is wanted"],
    ),
    "no leap year": (
        change("2025-03-01", "2023-02-29"),
        [
            (
                "p:9:14: evidence[0].started: is no day of the calendar; "
                "write a day that exists, as YYYY-MM-DD"
            )
        ],
    ),
    "serial date": (
        change("2025-03-01", "45717"),
        ["p:9:14: evidence[0].started: is no date; write it as YYYY-MM-DD, without time or zone"],
    ),
    "protected attribute": (
        change("    ownership: led\n", "    Sex: x\n"),
        ["p:8:5: evidence[0].Sex: refused: a protected attribute; delete it"],
    ),
    "unknown key": (
        change("ownership", "ownershp"),
        ["p:8:5: evidence[0].ownershp: unknown key; did you mean 'ownership'?"],
    ),
    "cut inside a line": (
        YAML[:-9],
        [
            (
                "p:17:1: not YAML: did not find expected ',' or ']'; "
                "close the bracket; the text may be cut"
            )
        ],
    ),
    "cut before the last line end": (
        change("declared_none: [portfolio_pricing]\n", "cycle: h1"),
        ["p:16:10: the last line has no end, so the text may be cut; end it with a line feed"],
    ),
    "empty": ("", ["p:1:1: nothing stands here"]),
    "comments only": ("# nothing\n", ["p:1:1: nothing stands here"]),
    "list": ("- a\n", ["p:1:1: a mapping of keys to values is wanted, not a list"]),
    "word": ("no\n", ["p:1:1: a mapping of keys to values is wanted, not a text"]),
    "tab": (
        "id: b\n\tcycle: d\n",
        ["p:2:1: not YAML: found a tab character that violates indentation; indent with spaces"],
    ),
}

JSON_HAZARDS: Final[Mapping[str, tuple[str, str]]] = {
    "depth": ("[" * 30_000, "p:1:33: nested more than 32 deep"),
    "duplicate key": ('{"id": "a", "id": "b", "evidence": []}', "p:1:13: id: duplicate key"),
    "duplicate key by escape": (
        '{"id": "a", "\\u0069d": "b", "evidence": []}',
        "p:1:13: id: duplicate key",
    ),
    "duplicate key by composition": (
        '{"id": "a", "é": 1, "e\\u0301": 2, "evidence": []}',
        "p:1:21: é: duplicate key",
    ),
    "not a number": ('{"id": NaN, "evidence": []}', "p:1:8: id: not a finite number"),
    "infinity": ('{"id": -Infinity, "evidence": []}', "p:1:8: id: not a finite number"),
    "infinite after parsing": ('{"id": 1e400, "evidence": []}', "p:1:8: id: not a finite number"),
    "too small": (
        '{"id": 1e-500, "evidence": []}',
        "p:1:8: id: too small to be told from zero",
    ),
    "400 digits": (
        '{"id": -' + "9" * 5000 + ', "evidence": []}',
        "p:1:8: id: an integer of more than 63 bits",
    ),
    "byte order mark inside": (
        '{"id": \ufeff"a", "evidence": []}',
        "p:1:8: invisible character U+FEFF; delete it",
    ),
    "control character by escape": (
        '{"id": "a\\bc", "evidence": []}',
        "p:1:8: id: control character U+0008; delete it",
    ),
    "direction character by escape": (
        '{"id": "a\\u202ec", "evidence": []}',
        "p:1:8: id: direction character U+202E; delete it",
    ),
    "direction character in a key": (
        '{"i\\u202ed": "a", "evidence": []}',
        'p:1:2: ["i\ufffdd"]: direction character U+202E; delete it',
    ),
    "half of a pair": (
        '{"id": "\\ud800", "evidence": []}',
        "p:1:8: id: invisible character U+D800; delete it",
    ),
    "pile of marks by escape": (
        '{"id": "a' + "\\u0301" * 31 + '", "evidence": []}',
        "p:1:8: id: too many marks on one letter; delete them",
    ),
    "line end in a text": (
        '{"id": "a\nb", "evidence": []}',
        "p:1:10: not JSON: a line end or tab inside a text; write \\n or \\t",
    ),
    "unknown escape": (
        '{"id": "\\x", "evidence": []}',
        "p:1:9: not JSON: an unknown escape; write \\\\ for a backslash",
    ),
    "cut text": (
        '{"id": "ab',
        "p:1:8: not JSON: a text without its closing quote; the text may be cut",
    ),
    "cut after a comma": (
        '{"id": "ab",',
        "p:1:13: not JSON: a key is expected; the text may be cut",
    ),
    "cut after a colon": ('{"id":', "p:1:7: not JSON: a value is expected; the text may be cut"),
    "cut after a key": ('{"id"', "p:1:6: not JSON: ':' is expected; the text may be cut"),
    "cut in a list": ('{"id": [1', "p:1:10: not JSON: ',' or ']' is expected; the text may be cut"),
    "comma at the end": (
        '{"id": "a",}',
        "p:1:12: not JSON: a key is expected; delete the comma before it",
    ),
    "single quotes": (
        "{'id': 1}",
        "p:1:2: not JSON: a key is expected; put texts into double quotes",
    ),
    "single-quoted value": (
        "{\"id\": 'a'}",
        "p:1:8: not JSON: a value is expected; put texts into double quotes",
    ),
    "comment": (
        '{"id": // x',
        "p:1:8: not JSON: a value is expected; JSON has no comments; delete it",
    ),
    "Python's None": ('{"id": None}', "p:1:8: not JSON: a value is expected; write null"),
    "leading zero": ('{"id": 012}', "p:1:9: not JSON: ',' or '}' is expected"),
    "something after the end": (
        '{"id": "a"}\n x',
        "p:2:2: not JSON: something stands after the end; delete it",
    ),
    "empty": (" \n", "p:1:1: nothing stands here"),
    "pretending to be YAML": (YAML, "p:1:1: not JSON: a value is expected"),
}


@pytest.mark.parametrize("name", YAML_HAZARDS)
def test_yaml_hazard(name: str) -> None:
    """A hazard in a YAML text is answered with exactly these problems."""
    text, expected = YAML_HAZARDS[name]
    assert sorted(complain(text, refused={"sex": "a protected attribute"})) == sorted(expected)


@pytest.mark.parametrize("name", JSON_HAZARDS)
def test_json_hazard(name: str) -> None:
    """A hazard in a JSON text is answered at its place, in these words."""
    text, expected = JSON_HAZARDS[name]
    said = complain(text, "json")
    assert any(line.startswith(expected) for line in said), said


WORDS: Final = ("OFF", "NO", "y", "012", "-01", "1:30", "2026-06-30", "0b1", "1_000", "1e", "_")


@pytest.mark.parametrize("written", WORDS)
def test_word_stays_text(written: str) -> None:
    """What YAML 1.1 read as a truth value, a number or a date is a title like any other."""
    assert read(change(TITLE, written)).evidence[0].title == written


def test_byte_order_mark_is_welcome_at_the_start() -> None:
    """Windows editors write it, and it says only that the text is UTF-8."""
    assert read(b"\xef\xbb\xbf" + YAML.encode()) == read(YAML)
    assert read("\ufeff" + JSON, "json") == read(JSON, "json")


def test_windows_line_ends_change_nothing() -> None:
    """A text with CR LF is the text with LF, and its places are the same."""
    assert read(YAML.replace("\n", "\r\n")) == read(YAML)
    wrong = change("led", "lead")
    assert complain(wrong.replace("\n", "\r\n")) == complain(wrong)


@pytest.mark.parametrize(
    "title",
    ["क्‍ष", "نمی‌خواهم", "👩‍💻 done ✔️", "1️⃣ first"],
    ids=["Devanagari", "Persian", "emoji", "keycap"],
)
def test_joiners_stay_where_scripts_need_them(title: str) -> None:
    """Zero-width joiners and emoji selectors after a character outside ASCII are text."""
    assert read(change(TITLE, title)).evidence[0].title == title
    values = json.dumps(VALUES).replace(TITLE, json.dumps(title)[1:-1])
    assert read(values, "json").evidence[0].title == title


@pytest.mark.parametrize("written", ["cafe\u0301", '"caf\\u0065\\u0301"'], ids=["raw", "escaped"])
def test_text_is_composed(written: str) -> None:
    """A letter and its mark become one character, on both roads and in both formats."""
    assert read(change(TITLE, written)).evidence[0].title == "caf\u00e9"
    text = JSON.replace(f'"{TITLE}"', f'"{written.strip(chr(34))}"')
    assert read(text, "json").evidence[0].title == "caf\u00e9"


def test_all_problems_come_at_once() -> None:
    """Problems of the text and of the model stand together, in the order of the text."""
    text = (
        change("ownership", "ownershp")
        .replace("16.5", "1e400")
        .replace("point: 3", "point: 9")
        .replace("spm-b", '"a\\x01"')
        .replace("acquired", "acq\u200buired")
    )
    text = text.replace('"a\\x01"-2026h1', '"a\\x01"')
    assert complain(text) == [
        "p:2:5: id: control character U+0001; delete it",
        "p:7:26: invisible character U+200B; delete it",
        "p:8:5: evidence[0].ownershp: unknown key; did you mean 'ownership'?",
        "p:12:42: evidence[0].facts[0].value: not a finite number",
        "p:13:46: evidence[0].facts[1].point: at most 4 is wanted",
    ]
