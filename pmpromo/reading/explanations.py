"""What pydantic found wrong, in our words and at its place.

A problem says what is wanted and of what kind the value is, never the value itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pydantic.errors import PydanticUserError
from pydantic.json_schema import GenerateJsonSchema

from pmpromo.errors import Problem
from pmpromo.reading.places import COLLECTED_PROBLEMS, name_path
from pmpromo.words import FORMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

    from pmpromo.errors import Code, Place
    from pmpromo.reading.places import Loc, Tree

__all__ = ["explain"]

GUESSES: Final = 100
"""How many unknown keys get a did-you-mean: each costs time."""

GUESSED_LENGTH: Final = 64
"""How long a word may be for which a did-you-mean is sought."""

ALIKE: Final = 0.7
"""How alike a did-you-mean must be, from 0 to 1; difflib's 0.6 takes 'ownershp' for 'concerns'."""

NAMED: Final = 12
"""How many allowed values a message names."""

FOLLOWED: Final = 8
"""How many readings of one loc are followed at once."""

ALTERNATIVES: Final = 200
"""How many alternatives of a schema are looked at; a schema may contain itself."""

Schema = dict[str, Any]
"""A JSON Schema, or a part of one."""

Branches = tuple[tuple[int, str], ...]
"""Steps of a loc that name no value but a branch, each with the length of the way before it."""

_LIST: Final = "a list"
_MAPPING: Final = "a mapping of keys to values"
_WANTED: Final = {
    "string": "a text",
    "int": "a whole number",
    "float": "a number",
    "decimal": "a number",
    "bool": "true or false",
    "date": "a date as YYYY-MM-DD",
    **dict.fromkeys(("list", "tuple", "set", "frozen_set", "iterable"), _LIST),
    **dict.fromkeys(("dict", "mapping", "model", "model_attributes", "dataclass"), _MAPPING),
    "none": "null",
}
"""What pydantic's types are to a person: `string` as in `string_type`."""

_MISFIT: Final = re.compile(
    f"({'|'.join(_WANTED)})_(?:type|parsing|parsing_size|from_float|unicode|required"
    "|from_datetime_parsing|from_datetime_inexact)"
)
_BOUNDS: Final = {
    "greater_than": "more than {gt} is wanted",
    "greater_than_equal": "at least {ge} is wanted",
    "less_than": "less than {lt} is wanted",
    "less_than_equal": "at most {le} is wanted",
    "multiple_of": "a multiple of {multiple_of} is wanted",
    "finite_number": "a finite number is wanted",
    "string_too_short": "a length of at least {min_length} is wanted",
    "string_too_long": "a length of at most {max_length} is wanted",
    "string_pattern_mismatch": "is not of the form {pattern}",
    "too_short": "a length of at least {min_length} is wanted",
    "too_long": "a length of at most {max_length} is wanted",
}
_CODES: Final[Mapping[str, Code]] = {
    **dict.fromkeys(("literal_error", "enum", "union_tag_invalid"), "unknown_choice"),
    **dict.fromkeys(("value_error", "assertion_error", "string_pattern_mismatch"), "wrong_form"),
    **dict.fromkeys((sort for sort in _BOUNDS if "too_" in sort), "wrong_length"),
    **dict.fromkeys(
        ("greater_than", "greater_than_equal", "less_than", "less_than_equal"), "out_of_range"
    ),
    **dict.fromkeys(("multiple_of", "finite_number"), "out_of_range"),
}
"""What kinds of problem pydantic's errors are; errors of type are told by `_MISFIT`."""

_KINDS: Final = (
    (type(None), "null"),
    (bool, "true or false"),
    (int, "a whole number"),
    (float, "a decimal number"),
    (str, "a text"),
    ((list, tuple), _LIST),
    (dict, "a mapping"),
)
_QUOTE: Final = "put it in quotes"
_WRITE_NUMBER: Final = "write digits 0-9 with a point for decimals; no unit, no quotes"
_MENDS: Final = {
    ("a text", "a whole number"): _QUOTE,
    ("a text", "a decimal number"): _QUOTE,
    ("a text", "true or false"): _QUOTE,
    ("a number", "a text"): _WRITE_NUMBER,
    ("a whole number", "a text"): _WRITE_NUMBER,
    ("true or false", "a text"): "write true or false, without quotes",
    ("a date as YYYY-MM-DD", "a text"): "write a day that exists, without time or zone",
}
"""What mends a value of the second kind where the first is wanted."""


@dataclass(frozen=True, slots=True)
class _Finding:
    """One error of pydantic's, led back to the value it speaks of.

    `wanted` is set where the kind of value is wrong; `is_key` where the key is meant.
    """

    loc: Loc
    branches: Branches
    message: str
    hint: str = ""
    code: Code = "not_valid"
    wanted: str = ""
    is_key: bool = False


def explain(
    error: ValidationError, model: type[BaseModel], tree: Tree, refused: Mapping[str, str]
) -> list[Problem]:
    """What `error` says about `tree`, apart from values already known to be spoilt.

    `refused` maps case-folded keys to the reason why no input may hold them.
    """
    details = _drop_echoes(error.errors(include_url=False, include_input=False))
    keys = _KeyGuide(model, refused)
    findings = [finding for detail in details for finding in _read_detail(detail, tree.value, keys)]
    return [
        Problem(
            name_path(finding.loc),
            finding.message,
            finding.hint,
            _find_place(finding, tree),
            finding.code,
        )
        for finding in _settle_unions(findings)
        if not any(finding.loc[:length] in tree.spoilt for length in range(len(finding.loc) + 1))
    ]


def _drop_echoes(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out that a list is too short where that is so because its entries are wrong."""
    shown = details[:COLLECTED_PROBLEMS]
    outer = {detail["loc"][:length] for detail in shown for length in range(len(detail["loc"]))}
    return [each for each in shown if each["type"] != "too_short" or each["loc"] not in outer]


def _read_detail(detail: ErrorDetails, root: object, keys: _KeyGuide) -> list[_Finding]:
    """One error as findings: several where a validator gave many faults at once."""
    sort, context, loc = detail["type"], detail.get("ctx", {}), detail["loc"]
    if sort == "faults":
        faults = context["faults"]
        found = [(fault, trace(root, (*loc, *fault.loc), may_lack=True)) for fault in faults]
        return [_Finding(*way, fault.message, fault.hint, fault.code) for fault, way in found]
    if sort.startswith("union_tag") and "'" in context["discriminator"]:
        loc = (*loc, context["discriminator"].strip("'"))
        sort = "missing" if sort == "union_tag_not_found" else sort
    way, branches = trace(root, loc, may_lack=sort == "missing")
    if sort == "missing":
        return [_Finding(way, branches, "missing", keys.tell_choices(way), "missing")]
    value = find_value(root, way)
    if sort == "extra_forbidden":
        return [_Finding(way, branches, *keys.judge(way), is_key=True)]
    message, hint, wanted = _phrase(sort, context, detail["msg"], value)
    is_key = loc[-1:] == ("[key]",)
    return [_Finding(way, branches, message, hint, _name_code(sort), wanted, is_key)]


def trace(root: object, loc: Loc, *, may_lack: bool = False) -> tuple[Loc, Branches]:
    """The part of pydantic's loc that leads through `root`, and the branch names left out.

    A name may be both a branch and a key, so several ways are followed, and the one that leaves
    out least is taken; among equals the one that ends at the last step. If the value `may_lack`
    in `root`, the last step may name a key that is not there.

    >>> trace({"facts": [{"metric": "arr", "value": "x"}]}, ("facts", 0, "metric", "value"))
    (('facts', 0, 'value'), ((2, 'metric'),))
    """
    ways: list[tuple[Loc, Branches, object]] = [((), (), root)]
    for index, step in enumerate(loc):
        is_last = index == len(loc) - 1
        left_out = [(way, (*out, (len(way), str(step))), node) for way, out, node in ways]
        taken = [
            ((*way, step), out, find_value(node, (step,)))
            for way, out, node in ways
            if _holds(node, step) or (may_lack and is_last and isinstance(node, (dict, list)))
        ]
        ways = sorted([*taken, *left_out], key=lambda way: len(way[1]))[:FOLLOWED]
    return ways[0][:2]


def _holds(node: object, step: str | int) -> bool:
    if isinstance(node, dict):
        return step in node
    return isinstance(node, list) and isinstance(step, int) and 0 <= step < len(node)


def find_value(root: object, loc: Loc) -> object:
    """The value at a loc, or None where nothing is."""
    for step in loc:
        if not _holds(root, step):
            return None
        root = root[step]  # type: ignore[index]
    return root


def _name_code(sort: str) -> Code:
    """Return our code for one of pydantic's."""
    if _MISFIT.fullmatch(sort):
        return "wrong_type"
    return _CODES.get(sort, "not_valid")


def _phrase(
    sort: str, context: Mapping[str, Any], said: str, value: object
) -> tuple[str, str, str]:
    """Message, hint, and what is wanted if the value is of the wrong kind."""
    if sort in {"literal_error", "enum", "union_tag_invalid"}:
        return _phrase_choice(context.get("expected") or context["expected_tags"], value)
    if sort == "string_pattern_mismatch" and context["pattern"] in FORMS:
        return f"{FORMS[context['pattern']]} wanted", "", ""
    if sort in _BOUNDS:
        return _BOUNDS[sort].format_map(context), "", ""
    if misfit := _MISFIT.fullmatch(sort):
        wanted, kind = _WANTED[misfit[1]], _name_kind(value)
        hint = _MENDS.get((wanted, kind), "")
        return f"{wanted} is wanted, not {kind}", hint, wanted
    told = str(context["error"]) if sort in {"value_error", "assertion_error"} else said
    message, _, hint = told.partition(" | ")
    return message.replace("Input should be", "should be"), hint, ""


def _phrase_choice(expected: str, value: object) -> tuple[str, str, str]:
    names = [name.strip("'") for name in re.split(r", | or ", expected)]
    shown = ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
    wanted = shown if len(names) == 1 else f"one of: {shown}"
    hint = guess(value, names) if isinstance(value, str) else ""
    return f"is not {wanted}", hint, wanted


def _name_kind(value: object) -> str:
    kinds = (name for kind, name in _KINDS if isinstance(value, kind))
    return next(kinds, f"an object of class {type(value).__name__}")


def guess(written: str, names: Iterable[str]) -> str:
    """A did-you-mean, or nothing.

    >>> guess("ownershp", ["ownership", "title"])
    "did you mean 'ownership'?"
    """
    if len(written) > GUESSED_LENGTH:
        return ""
    folded = {name.casefold(): name for name in names}
    close = get_close_matches(written.casefold(), folded, n=1, cutoff=ALIKE)
    return f"did you mean '{folded[close[0]]}'?" if close else ""


class _QuietSchema(GenerateJsonSchema):
    """Describes a model without remarks on what it leaves out."""

    def emit_warning(self, kind: object, detail: str) -> None:
        """Say nothing: only the names of keys are asked for."""


@cache
def describe(model: type[BaseModel]) -> Schema:
    """The JSON Schema of a model, or nothing where there is none.

    It is kept: to make one takes a hundred times as long as to refuse a packet.
    """
    try:
        return model.model_json_schema(schema_generator=_QuietSchema)
    except PydanticUserError:
        return {}


def _fold(key: str) -> str:
    """Read a key however its words are joined: date_of_birth, dateOfBirth, Date-Of-Birth."""
    return "".join(sign for sign in key.casefold() if sign.isalnum())


class _KeyGuide:
    """Knows which keys a model has, and which no input may hold."""

    def __init__(self, model: type[BaseModel], refused: Mapping[str, str]) -> None:
        self._model = model
        self._refused = {_fold(name): reason for name, reason in refused.items()}
        self._guesses = GUESSES

    def judge(self, loc: Loc) -> tuple[str, str, Code]:
        """What to say about a key that the model does not have: message, hint, code."""
        key = str(loc[-1])
        reason = self._refused.get(_fold(key))
        if reason is not None:
            return f"refused: {reason}", "delete it", "refused"
        self._guesses -= 1
        hint = guess(key, self._find_keys(loc[:-1])) if self._guesses >= 0 else ""
        return "unknown key", hint, "unknown_key"

    def tell_choices(self, loc: Loc) -> str:
        """What may be written at a loc, if that is one of a few words."""
        names = [name for schema in self._find_schemas(loc) for name in schema.get("enum", ())]
        return f"write one of: {', '.join(map(str, names))}" if names else ""

    @property
    def _schema(self) -> Schema:
        return describe(self._model)

    def _find_keys(self, loc: Loc) -> list[str]:
        return [key for schema in self._find_schemas(loc) for key in schema.get("properties", {})]

    def _find_schemas(self, loc: Loc) -> list[Schema]:
        """What may stand at a loc, by every reading of it."""
        schemas = self._open([self._schema])
        for step in loc:
            schemas = self._open([inner for schema in schemas for inner in _enter(schema, step)])
        return schemas

    def _open(self, schemas: list[Schema]) -> list[Schema]:
        """Schemas with their references followed and their alternatives laid side by side."""
        opened: list[Schema] = []
        waiting = list(schemas)
        while waiting and len(opened) < ALTERNATIVES:
            schema = waiting.pop()
            if "$ref" in schema:
                name = schema["$ref"].rpartition("/")[2]
                waiting.append(self._schema["$defs"][name])
            waiting += [s for word in ("anyOf", "oneOf", "allOf") for s in schema.get(word, ())]
            opened.append(schema)
        return opened


def _enter(schema: Schema, step: str | int) -> list[Schema]:
    if isinstance(step, str):
        inner = schema.get("properties", {}).get(step, schema.get("additionalProperties"))
    else:
        first = schema.get("prefixItems", [])
        inner = first[step] if step < len(first) else schema.get("items")
    return [inner] if isinstance(inner, dict) else []


def _settle_unions(findings: Iterable[_Finding], depth: int = 0) -> list[_Finding]:
    """Findings with one branch kept of each union: the one that fits best."""
    settled: list[_Finding] = []
    unions: defaultdict[tuple[Loc, Branches], defaultdict[str, list[_Finding]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for finding in findings:
        if len(finding.branches) <= depth:
            settled.append(finding)
        else:
            length, branch = finding.branches[depth]
            unions[finding.loc[:length], finding.branches[:depth]][branch].append(finding)
    for (way, _), branches in unions.items():
        settled += _settle_unions(_choose_branch(way, list(branches.values())), depth + 1)
    return settled


def _choose_branch(way: Loc, branches: list[list[_Finding]]) -> list[_Finding]:
    """The branch with the fewest findings; where none fits the kind of value, all in one."""
    firsts = [found[0] for found in branches]
    fitting = [
        found
        for found, first in zip(branches, firsts, strict=True)
        if not (first.wanted and first.loc == way)
    ]
    if fitting or len(branches) == 1:
        return min(fitting or branches, key=len)
    wanted = " or ".join(sorted({first.wanted for first in firsts}))
    hint = next((first.hint for first in firsts if first.hint), "")
    return [replace(firsts[0], message=f"{wanted} is wanted", hint=hint)]


def _find_place(finding: _Finding, tree: Tree) -> Place | None:
    """The value's place; its key's where the key or all of a mapping or list is meant."""
    spot = tree.find_spot(finding.loc)
    if spot is None:
        return None
    is_whole = isinstance(find_value(tree.value, finding.loc), (dict, list))
    if finding.is_key or is_whole or finding.loc not in tree.places:
        return spot.head
    return spot.value
