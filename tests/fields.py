"""What packets, rubrics and ladders may hold, as tables drawn from the nouns themselves."""

from __future__ import annotations

import types
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from pmpromo import Ladder, Packet, Rubric, words
from pmpromo.packet import KnownNames
from pmpromo.words import Noun

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

NAMED: Final[tuple[tuple[Any, str], ...]] = (
    (KnownNames, "names, or `none`"),
    (words.Text, "text"),
    (words.Identifier, "name"),
    (words.Flag, "true or false"),
    (words.Number, "number"),
    (words.Share, "0 to 1"),
    (words.Count, "whole number"),
    (words.Point, "point, 0 to 4"),
    (words.Day, "day"),
    (words.Weight, "decimal"),
    (words.Rows, "row ids"),
)
"""The value types of `pmpromo.words`, as a reader calls them."""


PAIR: Final = 2
"""Up to so many parts of a list are spelt out."""


def list_nouns(root: type[Noun], *, beyond: type[Noun] | None = None) -> dict[str, type[Noun]]:
    """Return a noun and all that its fields lead to, by name; nothing that `beyond` leads to."""
    known = set() if beyond is None else {name for name, _ in _walk_nouns(beyond)}
    return {name: noun for name, noun in _walk_nouns(root) if name not in known}


def _walk_nouns(noun: type[Noun]) -> Iterator[tuple[str, type[Noun]]]:
    yield noun.__name__, noun
    for hint in get_type_hints(noun, include_extras=True).values():
        for inner in find_nouns(hint):
            yield from _walk_nouns(inner)


def find_nouns(hint: Any) -> Iterator[type[Noun]]:  # noqa: ANN401 - annotations have no type of their own
    """Find the nouns inside an annotation."""
    if isinstance(hint, type) and issubclass(hint, Noun):
        yield hint
    elif get_origin(hint) is not Literal:
        for part in get_args(hint):
            yield from find_nouns(part)


def write_packet_fields() -> str:
    """Write one table a noun of a packet."""
    return _write_nouns(list_nouns(Packet))


def write_rubric_fields() -> str:
    """Write one table a noun of a rubric."""
    return _write_nouns(list_nouns(Rubric, beyond=Ladder))


def write_ladder_fields() -> str:
    """Write one table a noun of a ladder."""
    return _write_nouns(list_nouns(Ladder))


def _write_nouns(nouns: dict[str, type[Noun]]) -> str:
    return "".join(f"\n{_write_noun(noun)}" for noun in nouns.values()) + "\n"


def _write_noun(noun: type[Noun]) -> str:
    said = " ".join((noun.__doc__ or "").partition(">>>")[0].split())
    lines = [
        f"### {noun.__name__}",
        "",
        said,
        "",
        "| key | holds | meaning | if left out |",
        "|---|---|---|---|",
    ]
    hints = get_type_hints(noun, include_extras=True)
    for name, field in noun.model_fields.items():
        kind = describe(hints[name])
        holds = ", ".join([kind, *_tell_limits(field, kind)])
        default = SETTLED.get((noun.__name__, name)) or _tell_default(field)
        lines.append(f"| `{name}` | {holds} | {field.description} | {default} |")
    return "".join(f"{line}\n" for line in lines)


SETTLED: Final = {("Rubric", "ladder"): "made from what is asked"}
"""Keys that a file may leave out although the noun has them."""


def _tell_limits(field: FieldInfo, kind: str) -> Iterator[str]:
    """Say the limits that a field sets beyond those of its kind."""
    for limit in field.metadata:
        for sign, word in (
            ("ge", "at least"),
            ("gt", "above"),
            ("lt", "below"),
            ("min_length", "at least"),
        ):
            bound = getattr(limit, sign, None)
            own = (
                kind.startswith(("list", "names"))
                if sign == "min_length"
                else (sign, bound) != ("ge", 0)
            )
            if bound is not None and bound >= 0 and (own or kind == "number"):
                yield f"{word} {bound}"


def _tell_default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    if field.default_factory is not None:
        return "its defaults"
    value = field.default
    if value is None:
        return "`null`"
    if isinstance(value, tuple):
        return f"`[{', '.join(map(str, value))}]`"
    if isinstance(value, str) and " " in value:
        return "a general one"
    return f"`{str(value).lower()}`" if isinstance(value, bool) else f"`{value}`"


def describe(hint: Any) -> str:  # noqa: ANN401 - annotations have no type of their own
    """Say in words what an annotation holds.

    >>> describe(tuple[words.Point, ...]), describe(words.Day | None), describe(Literal["a", "b"])
    ('list of point, 0 to 4', 'day', '`a`, `b`')
    """
    known = [word for named, word in NAMED if hint == named or _narrows(hint, named)]
    origin, inside = get_origin(hint), get_args(hint)
    if known or origin is Annotated:
        return known[0] if known else describe(inside[0])
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in inside)
    if origin in {Union, types.UnionType}:
        return " or ".join(dict.fromkeys(_describe_parts(inside)))
    if origin is tuple:
        return _describe_tuple(inside)
    if isinstance(hint, type) and issubclass(hint, Noun):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    return "text"


def _narrows(hint: Any, named: Any) -> bool:  # noqa: ANN401 - annotations
    """Tell whether an annotation is a named one with further bounds."""
    own, first = get_args(named), get_args(hint)
    return get_origin(hint) is Annotated and len(own) > 1 and first[: len(own)] == own


def _describe_parts(inside: tuple[Any, ...]) -> Iterator[str]:
    return (describe(part) for part in inside if part is not type(None))


def _describe_tuple(inside: tuple[Any, ...]) -> str:
    if inside[-1] is Ellipsis:
        word = describe(inside[0])
        return "names" if word == "name" else f"list of {word}"
    told = [describe(part) for part in inside]
    return f"list of {len(told)}: {told[0]}" if len(told) > PAIR else f"[{', '.join(told)}]"
