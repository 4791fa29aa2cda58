"""Rubrics, ladders in words and CASE packages: what they may not hold, and what must stay text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hostile.bases import CASE, LADDER, LADDER_TABLE, LADDER_TREE, RUBRIC, RUBRIC_JSON
from hostile.files import MARK, change, read, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hostile.files import Hostile

__all__ = ["list_rubrics"]

M: Final = MARK
_POINT: Final = "{fact: aligns_functions, point: 3}"
_GROWTH: Final = "{fact: arr_growth, at_least: 18, unit: percent/year}"
_PAIR: Final = "{pair: [reach, craft], strength: 0.001}"

_REFUSED: Final = (
    ("number forms", "weight with a comma", "weight: 20", f"weight: {M}'2,5'", "is no weight"),
    ("number forms", "negative weight", "weight: 20", f"weight: {M}-1", "is no weight"),
    ("number forms", "weight of 13 digits", "weight: 20", f"weight: {M}1234567890123", "no weight"),
    ("number forms", "weight of 1e-13", "weight: 20", f"weight: {M}1e-13", "is no weight"),
    ("number forms", "weight true", "weight: 20", f"weight: {M}true", "is no weight"),
    ("non-finite numbers", "weight nan", "weight: 20", f"weight: {M}.nan", "finite"),
    ("non-finite numbers", "weight infinite", "weight: 20", f"weight: {M}.inf", "finite"),
    ("non-finite numbers", "weight 1e999", "weight: 20", f"weight: {M}1e999", "finite"),
    ("non-finite numbers", "weight nan in quotes", "weight: 20", f"weight: {M}'NaN'", "no weight"),
    ("non-finite numbers", "bar nan", "bar: 0.75", f"bar: {M}.nan", "finite"),
    ("non-finite numbers", "target infinite", "at_least: 18", f"at_least: {M}.inf", "finite"),
    ("number forms", "bar of one", "bar: 0.75", f"bar: {M}1", "out_of_range"),
    ("number forms", "bar of zero", "bar: 0.75", f"bar: {M}0", "out_of_range"),
    ("number forms", "bar in percent", "bar: 0.75", f"bar: {M}75", "out_of_range"),
    ("number forms", "must-have of zero", "must_have: 0.5", f"must_have: {M}0", "out_of_range"),
    ("number forms", "must-have above the bar", "must_have: 0.5", f"must_have: {M}0.9", "above"),
    ("number forms", "point five", "point: 3", f"point: {M}5", "out_of_range"),
    ("number forms", "best of nine", "weight: 20", f"weight: 20\n    best: {M}9", "only 2"),
    (
        "number forms",
        "strength of dust",
        "strength: 0.001",
        f"strength: {M}1e-9",
        "next to nothing",
    ),
    ("number forms", "strength too much", "strength: 0.001", f"strength: {M}0.9", "takes more"),
    ("implicit typing", "version as a number", "1.0.0", f"{M}1.0", "wrong_type"),
    (
        "implicit typing",
        "level as a number",
        "current_level: L1",
        f"current_level: {M}1",
        "wrong_type",
    ),
    ("implicit typing", "name OFF is text, true is not", "First step", f"{M}true", "wrong_type"),
    ("identifiers", "criterion twice", "- id: craft", f"- id: {M}reach", "twice"),
    ("identifiers", "criterion twice but for case", "- id: craft", f"- id: {M}REACH", "twice"),
    ("identifiers", "omicron", "- id: craft", f"- id: {M}cr\u0430ft", "wrong_form"),
    ("identifiers", "300 characters", "team/l1-l2", f"{M}{'x' * 300}", "wrong_length"),
    ("identifiers", "direction character", "team/l1", f"te{M}\u2067am/l1", "U+2067"),
    ("identifiers", "target is the level left", "target_level: L2", f"target_level: {M}l1", "left"),
    ("units", "unknown", "unit: percent/year", f"unit: {M}kUSD", "unknown unit"),
    ("units", "none", ", unit: percent/year", "", "unit"),
    ("units", "of a relative change", "at_least: 18", "change: relative, at_least: 18", "percent"),
    (
        "references",
        "pair of strangers",
        "pair: [reach, craft]",
        f"{M}pair: [reach, nobody]",
        "two different",
    ),
    (
        "references",
        "pair of one",
        "pair: [reach, craft]",
        f"{M}pair: [reach, reach]",
        "two different",
    ),
    ("references", "pair twice", _PAIR, f"{_PAIR}\n  - {_PAIR}", "twice"),
    ("references", "unknown ladder", "bar:", f"ladder: {M}other\nbar:", "no shipped ladder"),
    (
        "references",
        "ladder by a path",
        "bar:",
        f"ladder: {M}../../secret\nbar:",
        "no shipped ladder",
    ),
    ("references", "extends itself", "bar:", f"{M}extends: team/l1-l2\nbar:", "unknown key"),
    ("references", "extends a file", "bar:", f"{M}extends: ..%2fsecret.yaml\nbar:", "unknown key"),
    ("references", "includes", "bar:", f"{M}include: [/etc/passwd]\nbar:", "unknown key"),
    ("references", "requirement twice", _POINT, f"{_POINT}\n      - {M}{_POINT}", "twice"),
    (
        "references",
        "side target of no fact",
        "18,",
        "18, provided: [{fact: x, point: 1}],",
        "provided",
    ),
    ("shape", "no criteria", "criteria:", f"{M}criteria: []\nextra:", "wrong_length"),
    ("shape", "two directions", "at_least: 18", "at_least: 18, at_most: 20", "one"),
    ("shape", "band upside down", "at_least: 18", "between: [35, 30]", "between"),
    ("shape", "band of three", "at_least: 18", "between: [1, 2, 3]", "between"),
    (
        "shape",
        "tolerance without a reading",
        "at_least: 18",
        "within: {tolerance: 1, of: 2}",
        "missing",
    ),
    ("shape", "point for a figure", "at_least: 18", "at_least: 18, point: 3", "is not asked"),
    ("shape", "all weights zero", "weight: 20", "weight: 0", ""),
    ("protected attributes", "fact age", "fact: arr_growth", "fact: age", "refused"),
    (
        "protected attributes",
        "fact nationality",
        "fact: arr_growth",
        "fact: nationality",
        "refused",
    ),
    (
        "protected attributes",
        "fact parental leave",
        "fact: arr_growth",
        "fact: parental_leave",
        "ref",
    ),
    (
        "protected attributes",
        "fact rating",
        "fact: arr_growth",
        "fact: performance_rating",
        "refused",
    ),
    ("alias and anchor", "criterion by alias", _POINT, f"{M}&a {_POINT}", "an anchor"),
    ("merge keys", "criterion", "name: Reach", f"{M}<<: *a", "a merge key"),
    ("duplicate keys", "bar", "bar: 0.75", f'bar: 2\n{M}"bar": 4', "duplicate"),
    ("duplicate keys", "weight", "weight: 20", f"weight: 20\n    {M}weight: 30", "duplicate"),
    ("tags and directives", "level", "L1\n", f"{M}!level L1\n", "a tag"),
    ("tags and directives", "float", "weight: 20", f"weight: {M}!!float 20", "a tag"),
    ("depth", "requirements", _POINT, "[" * 100 + "]" * 100, "nested more than 32"),
    ("versions", "newer", "schema_version: 1", f"schema_version: {M}2", "schema_version"),
    ("versions", "as text", "schema_version: 1", f"schema_version: {M}'1'", "is no version"),
    ("versions", "as a fraction", "schema_version: 1", f"schema_version: {M}1.0", "is no version"),
    ("keys", "typing error", "weight: 20", f"{M}wieght: 20", "did you mean 'weight'"),
    ("invisible characters", "in a name", "First step", f"First{M}\u200bstep", "U+200B"),
    ("invisible characters", "escape in a name", "First step", f'{M}"a\\eb"', "U+001B"),
)
"""Hazard, name, what is changed in the good rubric and into what, and the answer."""

_KEPT: Final = (
    ("implicit typing", "name OFF", "First step", "OFF", "name", "OFF"),
    ("implicit typing", "name NO", "name: Craft", "name: NO", "criteria[1].name", "NO"),
    ("number forms", "weight by text", "weight: 20", "weight: '20'", "criteria[0].weight", "20"),
    ("number forms", "exact weight", "weight: 0.125", "weight: 0.1", "criteria[1].weight", "0.1"),
    ("active text", "formula", "First step", "'=1+1'", "name", "=1+1"),
    ("active text", "markup", "First step", "'<img src=x>'", "name", "<img src=x>"),
    ("encodings and newlines", "decomposed", "First step", "Cafe\u0301", "name", "Caf\u00e9"),
)

_LADDERS: Final = (
    ("md", LADDER, "shape", "no table", "|---|---|---|\n", "", ""),
    ("md", LADDER, "shape", "one level", " | L2 |", " |", ""),
    ("md", LADDER, "invisible characters", "direction", "Helps", f"Hel{M}\u202eps", "U+202E"),
    ("md", LADDER, "invisible characters", "control", "Helps", f"Hel{M}\x1bps", "U+001B"),
    ("md", LADDER, "identifiers", "level twice", "| L2 |", "| L1 |", ""),
    (
        "csv",
        LADDER_TABLE,
        "CSV shape",
        "comma at the end of the head",
        "L1,L2\n",
        "L1,L2,\n",
        ":1:",
    ),
    ("csv", LADDER_TABLE, "CSV shape", "short row", ",Leads a team", "", "2 cells"),
    ("csv", LADDER_TABLE, "CSV shape", "level twice", "L1,L2", "L1,L1", "2 columns"),
    ("csv", LADDER_TABLE, "CSV shape", "open quote", "Leads a team", '"Leads', "quotation mark"),
    ("csv", LADDER_TABLE, "invisible characters", "direction", "Helps", "Hel\u202eps", "U+202E"),
    ("yaml", LADDER_TREE, "alias and anchor", "alias", "Leads a team", "*a", "an alias"),
    ("yaml", LADDER_TREE, "tags and directives", "tag", "Leads a team", f"{M}!x y", "a tag"),
    ("yaml", LADDER_TREE, "duplicate keys", "level", "L2:", f"{M}L1:", "duplicate"),
    ("yaml", LADDER_TREE, "depth", "words", "Leads a team", "[" * 50 + "]" * 50, "nested more"),
    ("yaml", LADDER_TREE, "number forms", "words as a number", "Leads a team", "7", ""),
    ("yaml", LADDER_TREE, "non-finite numbers", "words as nan", "Leads a team", ".nan", "finite"),
)
"""Ending, base, hazard, name, what is changed into what, and the answer."""

_CASES: Final = (
    ("non-finite numbers", "weight", '"weight": 2', f'"weight": {M}1e999', "finite"),
    ("non-finite numbers", "score", '"score": 3', f'"score": {M}NaN', "finite"),
    ("number forms", "negative weight", '"weight": 2', f'"weight": {M}-2', "out_of_range"),
    ("number forms", "weight as text", '"weight": 2', f'"weight": {M}"2"', "wrong_type"),
    ("duplicate keys", "weight", '"weight": 2', f'"weight": 2, {M}"weight": 3', "duplicate"),
    ("shape", "no rubrics", '{"CFRubrics"', '{"CFRubrics": [], "x"', "wrong_length"),
    ("shape", "no criteria", '"CFRubricCriteria"', '"CFRubricCriterion"', "missing"),
    ("invisible characters", "title", '"Step"', f'"St{M}\u202eep"', "U+202E"),
    ("depth", "levels", '"Helps a team"', "[" * 90 + "]" * 90, "nested more than 32"),
    ("size", "title", '"Step"', f'{M}"{"x" * 30_000}"', "wrong_length"),
    ("truncation", "inside", '"Leads a team"}]}]}]}', '"Leads', "unreadable"),
)


def list_rubrics() -> Iterator[Hostile]:
    """Yield hostile rubrics, ladders and CASE packages."""
    for hazard, name, old, new, said in _REFUSED:
        yield refuse(f"rubric/{hazard}, {name}.yaml", hazard, change(RUBRIC, old, new), said)
    for hazard, name, old, new, path, value in _KEPT:
        yield read(f"rubric/{hazard}, {name}.yaml", hazard, change(RUBRIC, old, new), path, value)
    for ending, base, hazard, name, old, new, said in _LADDERS:
        yield refuse(f"ladder/{hazard}, {name}.{ending}", hazard, change(base, old, new), said)
    for hazard, name, old, new, said in _CASES:
        yield refuse(f"case/{hazard}, {name}.json", hazard, change(CASE, old, new), said)
    for at in range(1, len(RUBRIC_JSON) - 2, 100):
        name = f"rubric/truncation, {at:04} bytes.json"
        yield refuse(name, "truncation", RUBRIC_JSON.encode()[:at], "unreadable")
