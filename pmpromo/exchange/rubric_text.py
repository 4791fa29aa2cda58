"""A rubric as a YAML file that people edit: what is default is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

import yaml

from pmpromo.reading.numbers import NumberError, read_plain

if TYPE_CHECKING:
    from pmpromo.rubric import Rubric

__all__ = ["write_rubric"]

_HEAD: Final = "# yaml-language-server: $schema=rubric.schema.json\n"
_WIDTH: Final = 100


def write_rubric(rubric: Rubric) -> str:
    """Return a rubric as YAML; `load_rubric` reads the same rubric from it.

    >>> from pmpromo import load_rubric, parse_rubric
    >>> rubric = load_rubric("pure-storage-pm/l3-l4")
    >>> parse_rubric(write_rubric(rubric), format="yaml") == rubric
    True
    """
    content = rubric.model_dump(mode="json", exclude_defaults=True)
    ordered = {"schema_version": rubric.schema_version, **_lighten(content)}
    written: str = yaml.dump(
        ordered, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH
    )
    return _HEAD + written


def _lighten(value: Any, key: str = "") -> Any:  # noqa: ANN401 - whatever a file holds
    """Write weights as numbers, as people do; they are exact either way."""
    if isinstance(value, dict):
        return {name: _lighten(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_lighten(inner) for inner in value]
    is_whole = key in {"weight", "share"} and isinstance(value, str) and value.isdecimal()
    return int(value) if is_whole else value


def _write_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None if _stays_text(text) else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


def _stays_text(text: str) -> bool:
    try:
        return isinstance(read_plain(text), str)
    except NumberError:
        return False


class _Dumper(yaml.SafeDumper):
    """Writes YAML that YAML 1.2 reads: quotes what would be a number there, and no aliases."""

    yaml_representers: ClassVar[dict[type, Any]] = {
        **yaml.SafeDumper.yaml_representers,
        str: _write_text,
    }

    def ignore_aliases(self, _: object) -> bool:
        return True
