"""Packets: every hazard of one value in YAML, JSON and JSON Lines, and those of their shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from hostile.bases import PACKET, PACKET_JSON
from hostile.files import MARK, Hostile, change, read, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["list_packets"]


class Slot(NamedTuple):
    """Where a value stands in the good packet: in YAML, in JSON, and its path when it is read."""

    yaml: str
    json: str
    path: str


SLOTS: Final[Mapping[str, Slot]] = {
    "id": Slot("\nid: ~p-1", '"id": ~"p-1"', "id"),
    "version": Slot("schema_version: ~1", '"schema_version": ~1', "schema_version"),
    "as_of": Slot("as_of: ~2026-06-30", '"as_of": ~"2026-06-30"', "as_of"),
    "item": Slot("- id: ~acq", '[{"id": ~"acq"', "evidence[0].id"),
    "title": Slot(
        "title: ~Integrated a product", '"title": ~"Integrated a product"', "evidence[0].title"
    ),
    "ownership": Slot("ownership: ~led", '"ownership": ~"led"', "evidence[0].ownership"),
    "started": Slot("started: ~2025-03-01", '"started": ~"2025-03-01"', "evidence[0].started"),
    "teams": Slot("teams: ~6", '"teams": ~6', "evidence[0].scope.teams"),
    "value": Slot("value: ~16.5", '"value": ~16.5', "evidence[0].facts[0].value"),
    "unit": Slot("unit: ~percent/year", '"unit": ~"percent/year"', "evidence[0].facts[0].unit"),
    "metric": Slot(
        "metric: ~unit_arr_growth", '"metric": ~"unit_arr_growth"', "evidence[0].facts[0].metric"
    ),
    "point": Slot("point: ~3", '"point": ~3', "evidence[0].facts[1].point"),
    "uri": Slot("uri: ~'doc:88'", '"uri": ~"doc:88"', "evidence[0].facts[2].uri"),
    "by": Slot("by: ~sales-9", '"by": ~"sales-9"', "evidence[0].support[0].by"),
    "agrees": Slot("agrees: ~true", '"agrees": ~true', "evidence[0].support[0].agrees"),
    "severity": Slot("severity: ~medium", '"severity": ~"medium"', "concerns[0].severity"),
    "named": Slot("evidence: ~[acq]", '"evidence": ~["acq"]', "concerns[0].evidence"),
    "rubric": Slot(
        "rubric: ~pure-storage-pm/l3-l4", '"rubric": ~"pure-storage-pm/l3-l4"', "rubric"
    ),
}

BS: Final = chr(92)
"""A backslash."""

TYPE, FORM, RANGE, CHOICE, LENGTH = (
    "wrong_type",
    "wrong_form",
    "out_of_range",
    "unknown_choice",
    "wrong_length",
)


class Case(NamedTuple):
    """A value in YAML and in JSON, and what comes of it: a code or words, or `is_read`."""

    hazard: str
    name: str
    slot: str
    yaml: str
    json: str
    outcome: object
    is_read: bool = False


def quoted(hazard: str, name: str, slot: str, text: str, outcome: object) -> Case:
    """Return a case of a text that is written in double quotes, the same in YAML and JSON."""
    return Case(hazard, name, slot, f'"{text}"', f'"{text}"', outcome)


def kept(hazard: str, name: str, slot: str, text: str, value: object = None) -> Case:
    """Return a case of a quoted text that is read, as it stands or as `value`."""
    told = text if value is None else value
    return Case(hazard, name, slot, f'"{text}"', f'"{text}"', told, is_read=True)


def bare(hazard: str, name: str, slot: str, text: str, outcome: object) -> Case:
    """Return a case of a value that stands without quotes in both."""
    return Case(hazard, name, slot, text, text, outcome)


CASES: Final = (
    # implicit typing: words of old YAML are text; what JSON types is typed
    Case("implicit typing", "off", "title", "OFF", '"OFF"', "OFF", is_read=True),
    Case("implicit typing", "no", "title", "NO", '"NO"', "NO", is_read=True),
    Case("implicit typing", "yes", "title", "yes", '"yes"', "yes", is_read=True),
    Case(
        "implicit typing",
        "sexagesimal",
        "title",
        "12:30:45",
        '"12:30:45"',
        "12:30:45",
        is_read=True,
    ),
    Case("implicit typing", "zeros", "by", "00042", '"00042"', "00042", is_read=True),
    Case("implicit typing", "octal of old", "by", "0o17x", '"0o17x"', "0o17x", is_read=True),
    bare("implicit typing", "exponent for an id", "id", "1e5", TYPE),
    bare("implicit typing", "version for a title", "title", "1.10", TYPE),
    bare("implicit typing", "true for a title", "title", "true", TYPE),
    bare("implicit typing", "null for an id", "id", "null", TYPE),
    bare("implicit typing", "number for a flag", "agrees", "1", TYPE),
    quoted("implicit typing", "text for a flag", "agrees", "true", TYPE),
    bare("implicit typing", "true for a count", "teams", "true", TYPE),
    bare("implicit typing", "true for a figure", "value", "true", TYPE),
    Case("implicit typing", "list for a text", "title", "[a]", '["a"]', TYPE),
    bare("implicit typing", "list for a name", "named", '"acq"', TYPE),
    # number forms
    quoted("number forms", "decimal comma", "value", "3,5", TYPE),
    quoted("number forms", "thousands", "value", "7k", TYPE),
    quoted("number forms", "Arabic digit", "value", "٣", TYPE),
    quoted("number forms", "full-width digits", "value", "１６", TYPE),
    quoted("number forms", "underscore", "value", "1_000", TYPE),
    quoted("number forms", "percent sign", "value", "16 %", TYPE),
    quoted("number forms", "superscript", "value", "²", TYPE),
    quoted("number forms", "Roman", "value", "Ⅻ", TYPE),
    bare("number forms", "400 digits", "teams", "9" * 400, "63 bits"),
    bare("number forms", "64 bits", "teams", "9223372036854775808", "63 bits"),
    bare("number forms", "negative count", "teams", "-1", RANGE),
    bare("number forms", "fraction of a team", "teams", "6.5", TYPE),
    bare("number forms", "beyond a quadrillion", "value", "1.5e18", RANGE),
    bare("number forms", "too small", "value", "1e-500", "too small"),
    bare("number forms", "long", "value", "0." + "1" * 99, "100 characters"),
    Case("number forms", "whole figure", "value", "17", "17", 17.0, is_read=True),
    Case("number forms", "exponent", "value", "1.65e1", "1.65e1", 16.5, is_read=True),
    Case("number forms", "negative zero", "value", "-0.0", "-0.0", 0.0, is_read=True),
    bare("number forms", "point five", "point", "5", RANGE),
    bare("number forms", "half a point", "point", "2.5", TYPE),
    bare("number forms", "version two", "version", "2", "schema_version"),
    bare("number forms", "version true", "version", "true", "is no version"),
    # non-finite numbers
    Case("non-finite numbers", "nan", "value", ".nan", "NaN", "finite"),
    Case("non-finite numbers", "NAN", "value", ".NAN", "NaN", "finite"),
    Case("non-finite numbers", "infinity", "value", ".inf", "Infinity", "finite"),
    Case("non-finite numbers", "minus infinity", "value", "-.inf", "-Infinity", "finite"),
    bare("non-finite numbers", "1e400", "value", "1e400", "finite"),
    bare("non-finite numbers", "-1e999", "value", "-1e999", "finite"),
    quoted("non-finite numbers", "nan in quotes", "value", "nan", TYPE),
    quoted("non-finite numbers", "Infinity in quotes", "value", "Infinity", TYPE),
    bare("non-finite numbers", "infinite count", "teams", "1e400", "finite"),
    # control, invisible and direction characters, as they are
    quoted("invisible characters", "direction in an id", "id", "p\u20671", "U+2067"),
    quoted("invisible characters", "override in a title", "title", "a\u202eb", "U+202E"),
    quoted("invisible characters", "mark in a title", "title", "a\u200fb", "U+200F"),
    quoted("invisible characters", "zero width space", "by", "a\u200bb", "U+200B"),
    quoted("invisible characters", "zero width joiner", "title", "a\u200db", "U+200D"),
    quoted("invisible characters", "tag character", "title", "a\U000e0041b", "U+E0041"),
    quoted("invisible characters", "Hangul filler", "title", "a\u3164b", "U+3164"),
    quoted("invisible characters", "word joiner", "title", "a\u2060b", "U+2060"),
    quoted("invisible characters", "soft hyphen", "title", "a\u00adb", "U+00AD"),
    quoted("invisible characters", "mark inside", "title", "a\ufeffb", "U+FEFF"),
    quoted("invisible characters", "line separator", "title", "a\u2028b", "U+2028"),
    quoted("invisible characters", "noncharacter", "title", "a\ufdd0b", "U+FDD0"),
    quoted("invisible characters", "C1 control", "title", "a\x9bb", "U+009B"),
    quoted("invisible characters", "delete", "title", "a\x7fb", "U+007F"),
    quoted("invisible characters", "hard space in a number", "value", "1\u00a0000", TYPE),
    quoted("invisible characters", "narrow space in a number", "value", "1\u202f000", TYPE),
    kept("invisible characters", "hard space in a title", "title", "10\u00a0%"),
    kept("invisible characters", "Persian joiner", "title", "می\u200cخواهم"),
    kept("invisible characters", "family of emoji", "title", "👩\u200d💻"),
    # the same by escapes
    quoted("invisible characters", "backspace by escape", "title", f"a{BS}u0008b", "U+0008"),
    quoted("invisible characters", "escape by escape", "title", f"{BS}u001b[31m", "U+001B"),
    quoted("invisible characters", "NUL by escape", "title", f"a{BS}u0000b", "U+0000"),
    quoted("invisible characters", "direction by escape", "title", f"a{BS}u202eb", "U+202E"),
    quoted("invisible characters", "return by escape", "title", f"a{BS}rb", "U+000D"),
    # encodings: composed and decomposed letters are the same text
    kept("encodings and newlines", "decomposed", "title", "cafe\u0301", "caf\u00e9"),
    kept("encodings and newlines", "Angstrom sign", "title", "\u212b", "\u00c5"),
    kept("encodings and newlines", "beyond the plane", "title", "𝔘𝔫𝔦"),
    quoted("encodings and newlines", "pile of marks", "title", "a" + "\u0301" * 40, "many marks"),
    # identifiers
    quoted("identifiers", "Greek omicron", "item", "sc\u03bfpe", FORM),
    quoted("identifiers", "Cyrillic a", "by", "s\u0430les-9", FORM),
    quoted("identifiers", "300 characters", "item", "a" * 300, LENGTH),
    quoted("identifiers", "trailing dot", "item", "acq.", FORM),
    quoted("identifiers", "leading dot", "item", ".acq", FORM),
    quoted("identifiers", "blank", "item", "a b", FORM),
    quoted("identifiers", "empty", "item", "", FORM),
    quoted("identifiers", "slash at the end", "rubric", "pure-storage-pm/", FORM),
    quoted("identifiers", "full-width letters", "item", "ａｃｑ", FORM),
    quoted("identifiers", "Turkish dotless i", "metric", "un\u0131t_arr_growth", FORM),
    quoted("identifiers", "line end", "item", f"acq{BS}n", FORM),
    # dates
    quoted("dates", "no leap year", "started", "2023-02-29", "no day of the calendar"),
    quoted("dates", "31 June", "started", "2025-06-31", "no day of the calendar"),
    quoted("dates", "month 13", "started", "2025-13-01", "no day of the calendar"),
    quoted("dates", "year zero", "started", "0000-01-01", "no day of the calendar"),
    quoted("dates", "short", "started", "2025-7-4", "is no date"),
    quoted("dates", "slashes", "started", "03/01/2025", "is no date"),
    quoted("dates", "points", "started", "01.03.2025", "is no date"),
    quoted("dates", "without dashes", "started", "20250301", "is no date"),
    quoted("dates", "week", "started", "2025-W10-1", "is no date"),
    quoted("dates", "day of the year", "started", "2025-060", "is no date"),
    quoted("dates", "time with zone", "started", "2025-03-01T10:00:00+02:00", "is no date"),
    quoted("dates", "time without zone", "started", "2025-03-01T10:00:00", "is no date"),
    quoted("dates", "midnight", "started", "2025-03-01T00:00:00Z", "is no date"),
    quoted("dates", "Arabic digits", "started", "٢٠٢٥-٠٣-٠١", "is no date"),
    bare("dates", "Excel serial", "started", "45717", "is no date"),
    quoted("dates", "after the packet", "started", "2027-01-01", "is after as_of"),
    kept("dates", "leap day", "started", "2024-02-29"),
    Case("dates", "year alone", "started", "2025", "2025", "is no date"),
    # units
    quoted("units", "direction in a unit", "unit", "percent\u202e", "U+202E"),
    quoted("units", "percent sign", "unit", "%", FORM),
    quoted("units", "micro sign", "unit", "\u00b5s", FORM),
    kept("units", "unknown unit is kept for the rubric", "unit", "kUSD"),
    # paths and references: kept as text, never opened
    kept("paths", "file address", "uri", "file:///etc/passwd"),
    kept("paths", "parent folders", "uri", "../../../../etc/shadow"),
    kept("paths", "Windows share", "uri", f"{BS}{BS}{BS}{BS}host{BS}{BS}c$", f"{BS}{BS}host{BS}c$"),
    kept("paths", "web address", "uri", "http://169.254.169.254/latest"),
    quoted("paths", "rubric by a path up", "rubric", "../secret", FORM),
    quoted("paths", "rubric by an encoded path", "rubric", "..%2fsecret.yaml", FORM),
    quoted("paths", "rubric on a drive", "rubric", f"C:{BS}{BS}secret", FORM),
    Case(
        "references",
        "concern about no item",
        "named",
        "[¦nothing]",
        '[¦"nothing"]',
        "names no item",
    ),
    Case("references", "concern by another case", "named", "[¦Acq]", '[¦"Acq"]', "names no item"),
    # choices
    quoted("choices", "typing error", "ownership", "lead", CHOICE),
    quoted("choices", "capital", "ownership", "Led", CHOICE),
    quoted("choices", "blank behind", "ownership", "led ", CHOICE),
    quoted("choices", "another language", "severity", "mittel", CHOICE),
    # protected attributes, as facts
    quoted("protected attributes", "sex", "metric", "sex", "refused"),
    quoted("protected attributes", "veteran status", "metric", "veteran_status", "refused"),
    quoted("protected attributes", "date of birth", "metric", "date_of_birth", "refused"),
    quoted("protected attributes", "capitals", "metric", "Date_Of_Birth", "refused"),
    # text that other programs run: text, and nothing else
    kept("active text", "formula with an at", "title", "@SUM(1+1)*cmd|' /C calc'!A0"),
    kept("active text", "formula", "title", "=1+1"),
    kept("active text", "markup of HTML", "title", "<iframe src=javascript:alert(1)>"),
    kept("active text", "markup of consoles", "title", "[b]markup[/b]"),
    kept("active text", "link of Markdown", "title", "](data:text/html,x)"),
    kept("active text", "template", "title", "{{7*7}}${7*7}"),
    kept("active text", "percent format", "title", "%s%s%n"),
    quoted("active text", "terminal link", "title", f"{BS}u001b]8;;http://x{BS}u001b", "U+001B"),
    # size of one value
    quoted("size", "title of 30,000", "title", "x" * 30_000, LENGTH),
    quoted("size", "text of 100,001", "title", "x" * 100_001, "100000 characters"),
    quoted("size", "empty title", "title", "", LENGTH),
)


def list_packets() -> Iterator[Hostile]:
    """Yield every hostile packet."""
    for case in CASES:
        yield from _write_three(case)
    yield from _list_shapes()
    yield from _list_bytes()
    yield from _list_cuts()


def _write_three(case: Case) -> Iterator[Hostile]:
    """Write one case as YAML, as JSON, and as the second of two JSON lines."""
    slot = SLOTS[case.slot]
    yaml = _fill(PACKET, slot.yaml, case.yaml)
    json = _fill(PACKET_JSON, slot.json, case.json)
    line = PACKET_JSON.replace("\n", "") + "\n" + json.replace("\n", "") + "\n"
    for ending, text in (("yaml", yaml), ("json", json), ("jsonl", line)):
        name = f"packet/{case.hazard}, {case.name}.{ending}"
        if case.is_read:
            yield read(name, case.hazard, text.replace(MARK, ""), slot.path, case.outcome)
        else:
            yield refuse(name, case.hazard, _place(text, case), str(case.outcome))


def _fill(base: str, slot: str, value: str) -> str:
    """Put a value into its slot, behind a mark."""
    before, _, old = slot.partition("~")
    mark = "" if MARK in value else MARK
    return change(base, before + old, f"{before}{mark}{value}")


def _place(text: str, case: Case) -> str:
    """Move the mark to where the problem is told, if that is not the value itself."""
    bare_text = text.replace(MARK, "")
    if case.hazard == "protected attributes":
        fact = text.rindex("{", 0, text.index(MARK))
        return bare_text[:fact] + MARK + bare_text[fact:]
    if case.name in UNPLACED:
        return bare_text
    written = str(case.outcome)
    # What stands as it is has the place of the character; what is escaped, of its value.
    character = chr(int(f"0x{written[2:]}", 0)) if written.startswith("U+") else ""
    if character and character in case.yaml:
        return bare_text.replace(character, MARK + character, 1)
    return text


UNPLACED: Final = ("list for a text", "list for a name", "pile of marks")
"""Cases that are told at a key in YAML and at a value in JSON, or at a letter."""


def _list_shapes() -> Iterator[Hostile]:
    """Yield hazards of the shape of a text, each in the format that has it."""
    for hazard, name, old, new, said in _YAML_SHAPES:
        yield refuse(f"packet/{hazard}, {name}.yaml", hazard, change(PACKET, old, new), said)
    for hazard, name, old, new, said in _JSON_SHAPES:
        text = change(PACKET_JSON, old, new)
        yield refuse(f"packet/{hazard}, {name}.json", hazard, text, said)


_LED: Final = "    ownership: led\n"
_SCOPE: Final = "{functions: [engineering, sales], teams: 6}"
_NONE: Final = "[portfolio_pricing]"

_YAML_SHAPES: Final = (
    ("alias and anchor", "anchor", _NONE, f"{MARK}&a [x, y]", "an anchor"),
    ("alias and anchor", "alias", _NONE, f"{MARK}*a", "an alias"),
    (
        "alias and anchor",
        "doubling five times",
        _NONE,
        f"[{MARK}&a [x, x], &b [*a, *a], &c [*b, *b], &d [*c, *c], &e [*d, *d]]",
        "an anchor",
    ),
    ("alias and anchor", "anchor on a key", "\nid:", f"\n{MARK}&k id:", "an anchor"),
    ("alias and anchor", "alias as a key", _NONE, f"{{{MARK}*a : 1}}", "a key that is no text"),
    ("alias and anchor", "anchor of itself", _NONE, f"{MARK}&a [*a]", "an anchor"),
    ("alias and anchor", "anchor on nothing", _NONE, f"{MARK}&a", "an anchor"),
    ("merge keys", "merge", _SCOPE, f"{{{MARK}<<: {{teams: 7}}, teams: 6}}", "a merge key"),
    ("merge keys", "merge of an alias", _SCOPE, f"{{{MARK}<<: *a, teams: 6}}", "a merge key"),
    ("merge keys", "merge in quotes", _SCOPE, f'{{{MARK}"<<": 1, teams: 6}}', "a merge key"),
    ("depth", "a hundred lists", _NONE, "[" * 100 + "]" * 100, "nested more than 32"),
    ("depth", "a hundred mappings", _NONE, "{a: " * 100 + "1" + "}" * 100, "nested more than 32"),
    ("depth", "thirty thousand lists", _NONE, "[" * 30_000, "nested more than 32"),
    ("depth", "thirty thousand questions", _NONE, "? " * 30_000, "unreadable"),
    ("depth", "thirty thousand dashes", _NONE, "\n  " + "- " * 30_000, "nested more than 32"),
    ("duplicate keys", "plain", _LED, f"{_LED}    {MARK}ownership: sole\n", "duplicate"),
    ("duplicate keys", "in quotes", _LED, f'{_LED}    {MARK}"ownership": sole\n', "duplicate"),
    ("duplicate keys", "single quotes", _LED, f"{_LED}    {MARK}'ownership': x\n", "duplicate"),
    (
        "duplicate keys",
        "by an escape",
        _LED,
        f'{_LED}    {MARK}"owner\\x73hip": sole\n',
        "duplicate",
    ),
    ("duplicate keys", "at the top", "as_of:", f"{MARK}id: x\nas_of:", "duplicate"),
    ("duplicate keys", "in a flow", _SCOPE, f"{{teams: 6, {MARK}teams: 7}}", "duplicate"),
    ("duplicate keys", "after a comment", _LED, f"{_LED}    # or\n    {MARK}ownership: x\n", "dup"),
    ("tags and directives", "timestamp", "2026-06-30", f"{MARK}!!timestamp 2026-06-30", "a tag"),
    ("tags and directives", "private", "led\n", f"{MARK}!level led\n", "a tag"),
    ("tags and directives", "python object", _NONE, f"{MARK}!!python/object:os.x {{}}", "a tag"),
    (
        "tags and directives",
        "python call",
        _NONE,
        f"{MARK}!!python/object/apply:os.system [ls]",
        "a tag",
    ),
    ("tags and directives", "binary", "led\n", f"{MARK}!!binary bGVk\n", "a tag"),
    ("tags and directives", "set", _NONE, f"{MARK}!!set {{a, b}}", "a tag"),
    ("tags and directives", "bare", "led\n", f"{MARK}! led\n", "a tag"),
    ("tags and directives", "text by tag", "16.5", f"{MARK}!!str 16.5", "a tag"),
    (
        "tags and directives",
        "unknown directive",
        "schema",
        "%FOO\n---\nschema",
        "unknown directive",
    ),
    ("tags and directives", "version", "schema", f"{MARK}%YAML 1.1\n---\nschema", "a directive"),
    ("tags and directives", "prefix", "schema", f"{MARK}%TAG ! x:\n---\nschema", "a directive"),
    ("shape", "second document", "concerns:", f"{MARK}---\nconcerns:", "a second document"),
    ("shape", "complex key", "\nid:", f"\n? {MARK}[a]\n:", "a key that is no text"),
    ("shape", "tab for indentation", "    title", "\ttitle", "unreadable"),
    ("shape", "text after the end", _NONE, f"{_NONE} x", "unreadable"),
    ("shape", "open quote", "led\n", "'led\n", "unreadable"),
    ("shape", "open bracket", _NONE, "[portfolio_pricing", "unreadable"),
    ("keys", "unknown", "ownership:", f"{MARK}ownershp:", "did you mean 'ownership'"),
    ("keys", "another case", "ownership:", f"{MARK}Ownership:", "did you mean 'ownership'"),
    ("keys", "Cyrillic o", "ownership:", f"{MARK}\u043ewnership:", "unknown key"),
    ("keys", "direction character", "ownership:", f"owner{MARK}\u202eship:", "U+202E"),
    ("keys", "very long", "ownership:", f"{'k' * 1000}:", "unknown key"),
    ("keys", "number", "ownership:", f"{MARK}7:", "unknown key"),
    ("protected attributes", "key sex", "ownership:", f"{MARK}sex:", "refused"),
    ("protected attributes", "key dateOfBirth", "as_of:", f"{MARK}dateOfBirth:", "refused"),
    ("protected attributes", "key veteran-status", "as_of:", f"{MARK}veteran-status:", "refused"),
    ("protected attributes", "key pronouns", "ownership:", f"{MARK}Pronouns:", "refused"),
    ("protected attributes", "parental leave", "ownership:", f"{MARK}leave:", "refused"),
    ("protected attributes", "performance", "as_of:", f"{MARK}performance_rating:", "refused"),
    ("references", "rubric that extends", "as_of:", f"{MARK}extends:", "unknown key"),
    (
        "references",
        "item twice",
        "declared_none",
        "  - {id: acq, title: x}\ndeclared_none",
        "twice",
    ),
    (
        "references",
        "item twice but for case",
        "declared_none",
        f"  - {{id: {MARK}ACQ, title: x}}\ndeclared_none",
        "twice",
    ),
    ("facts", "two kinds at once", "{behaviour:", f"{MARK}{{metric: a, behaviour:", "exactly one"),
    ("facts", "of no kind", "{behaviour: aligns_functions, ", f"{MARK}{{", "exactly one"),
    ("facts", "share beside ownership", _LED, f"{_LED}    share: {MARK}0.5\n", "keep one"),
    ("dates", "ends before it begins", _LED, f"{_LED}    ended: {MARK}2025-02-28\n", "before"),
)
"""Hazard, name, what is changed in the good packet and into what, and the answer."""

_LED_JSON: Final = '"ownership": "led"'
_NONE_JSON: Final = '["portfolio_pricing"]'
_JSON_SHAPES: Final = (
    ("depth", "a hundred lists", _NONE_JSON, "[" * 100 + "]" * 100, "nested more than 32"),
    ("depth", "a hundred mappings", _NONE_JSON, '{"a":' * 100 + "1" + "}" * 100, "nested more"),
    ("depth", "thirty thousand lists", _NONE_JSON, "[" * 30_000, "nested more than 32"),
    ("duplicate keys", "plain", _LED_JSON, f'{_LED_JSON}, {MARK}"ownership": "sole"', "duplicate"),
    (
        "duplicate keys",
        "by an escape",
        _LED_JSON,
        f'{_LED_JSON}, {MARK}"owner\\u0073hip": "sole"',
        "duplicate",
    ),
    ("duplicate keys", "thrice", _LED_JSON, f"{_LED_JSON}, {MARK}{_LED_JSON}, {_LED_JSON}", "dup"),
    ("duplicate keys", "of nothing", "{", f'{{"": 1, {MARK}"": 2, ', "duplicate"),
    ("shape", "comment", _LED_JSON, f"{MARK}// x\n{_LED_JSON}", "no comments"),
    ("shape", "comma at the end", _NONE_JSON, f'["x",{MARK}]', "delete the comma"),
    ("shape", "single quotes", _NONE_JSON, f"[{MARK}'x']", "double quotes"),
    ("shape", "Python's True", "true", f"{MARK}True", "write true"),
    ("shape", "undefined", "true", f"{MARK}undefined", "a value is expected"),
    ("shape", "plus sign", "16.5", f"{MARK}+16.5", "a value is expected"),
    ("shape", "point first", "16.5", f"{MARK}.5", "a value is expected"),
    ("shape", "zero first", "16.5", f"0{MARK}16.5", "expected"),
    ("shape", "hexadecimal", "16.5", f"0{MARK}x10", "expected"),
    ("shape", "line end in a text", "One line only.", "One\nline", "a line end"),
    ("shape", "tab in a text", "One line only.", "One\tline", "a line end or tab"),
    ("shape", "unknown escape", "One line only.", "One\\xline", "escape"),
    ("shape", "half a pair", '"One line only."', f'{MARK}"One \\ud800"', "U+D800"),
    ("shape", "swapped pair", '"One line only."', f'{MARK}"\\ude00\\ud83d"', "U+D"),
    ("shape", "bare key", '"ownership"', f"{MARK}ownership", "a key is expected"),
    (
        "shape",
        "after the end",
        '"evidence": ["acq"]}]}',
        f'"evidence": ["acq"]}}]}}{MARK}x',
        "after",
    ),
    ("keys", "unknown", '"ownership"', f'{MARK}"ownershp"', "did you mean 'ownership'"),
    ("keys", "very long", '"ownership"', f'"{"k" * 1000}"', "unknown key"),
    ("keys", "escape sequence", '"ownership"', f'{MARK}"\\u001b[31m"', "U+001B"),
    ("protected attributes", "key gender", '"ownership"', f'{MARK}"gender"', "refused"),
    ("protected attributes", "key RACE", '"as_of"', f'{MARK}"RACE"', "refused"),
    ("references", "reference of JSON Schema", '"as_of"', f'{MARK}"$ref"', "unknown key"),
    ("integrity", "prototype", '"as_of"', f'{MARK}"__proto__"', "unknown key"),
    ("integrity", "class", '"as_of"', f'{MARK}"__class__"', "unknown key"),
)


def _list_bytes() -> Iterator[Hostile]:
    """Yield packets that are hostile as bytes: encodings, newlines, nothing at all."""
    hazard = "encodings and newlines"
    for ending, base in (("yaml", PACKET), ("json", PACKET_JSON)):
        said = {
            "Shift-JIS": (change(base, "Integrated", "テ").encode("shift-jis"), "not UTF-8"),
            "Latin-1": (change(base, "Integrated", "é").encode("latin-1"), "not UTF-8"),
            "UTF-16": (b"\xff\xfe" + base.encode("utf-16-le"), "UTF-16"),
            "UTF-16 big end": (b"\xfe\xff" + base.encode("utf-16-be"), "UTF-16"),
            "UTF-16 without mark": (base.encode("utf-16-le"), "U+0000"),
            "UTF-32": (b"\x00\x00\xfe\xff" + base.encode("utf-32-be"), "UTF-32"),
            "overlong": (
                change(base, "Integrated", "@").encode().replace(b"@", b"\xc0\xaf"),
                "UTF-8",
            ),
            "surrogates": (base.encode().replace(b"Integ", b"\xed\xa0\x80"), "not UTF-8"),
            "two marks": (b"\xef\xbb\xbf\xef\xbb\xbf" + base.encode(), "U+FEFF"),
            "NUL": (base.encode().replace(b"Integ", b"\0"), "U+0000"),
            "empty": (b"", "nothing stands here"),
            "mark alone": (b"\xef\xbb\xbf", "nothing stands here"),
            "blanks": (b" \n\n  \n", "nothing stands here"),
            "binary": (bytes(range(256)), "not UTF-8"),
            "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(64), "not UTF-8"),
            "lone returns": (base.replace("\n", "\r").encode(), "U+000D"),
        }
        for name, (data, words) in said.items():
            yield refuse(f"packet/{hazard}, {name}.{ending}", hazard, data, words)
        for name, data in {
            "mark first": b"\xef\xbb\xbf" + base.encode(),
            "CR LF": base.replace("\n", "\r\n").encode(),
        }.items():
            yield read(f"packet/{hazard}, {name}.{ending}", hazard, data, "id", "p-1")
    for name, data, words in _LINES:
        yield refuse(f"packet/{hazard}, {name}.jsonl", hazard, data, words)


_LINE: Final = PACKET_JSON.replace("\n", "").encode() + b"\n"
_LINES: Final = (
    ("gzip", b"\x1f\x8b\x08\x00" + bytes(20), "compressed"),
    ("zstd", b"\x28\xb5\x2f\xfd" + bytes(20), "compressed"),
    ("archive", b"PK\x03\x04" + bytes(20), "an archive"),
    ("UTF-16", b"\xff\xfe" + _LINE.decode().encode("utf-16-le"), "UTF-16"),
    ("mark in the second line", _LINE + b"\xef\xbb\xbf" + _LINE, "U+FEFF"),
    ("two in a line", _LINE[:-1] + _LINE, "after the end"),
    ("cut", _LINE + _LINE[:200], "unreadable"),
    ("a list", b"[" + _LINE[:-1] + b"]\n", "wrong_type"),
    ("a number", _LINE + b"7\n", "wrong_type"),
    ("null", b"null\n", "wrong_type"),
)


def _list_cuts() -> Iterator[Hostile]:
    """Yield cut packets: JSON at every ninetieth byte, YAML inside lines."""
    for at in range(1, len(PACKET_JSON) - 2, 90):
        name = f"packet/truncation, {at:04} bytes.json"
        yield refuse(name, "truncation", PACKET_JSON.encode()[:at], "unreadable")
    for at in range(40, len(PACKET), 90):
        if PACKET[at - 1] != "\n":
            name = f"packet/truncation, {at:04} bytes.yaml"
            yield refuse(name, "truncation", PACKET.encode()[:at], "")
    name = "packet/truncation, last line end.yaml"
    yield refuse(name, "truncation", PACKET[:-1].encode(), "may be cut")
