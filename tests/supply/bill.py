"""The bill of materials of a wheel: what it needs, as resolved today, and under which licences.

`.ci/supply` installs the wheel into an empty environment and has CycloneDX list what came with it.
Here the list is made the same for everybody, bound to the wheel, and judged.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any, Final

Bill = dict[str, Any]

WELCOME: Final = {
    "0BSD": "no condition at all",
    "Apache-2.0": "our own",
    "BSD-3-Clause": "asks for its notice, which stays in the other package",
    "CC0-1.0": "no condition at all",
    "MIT": "asks for its notice, which stays in the other package",
    "PSF-2.0": "asks for its notice, which stays in the other package",
    "Zlib": "asks that a changed copy says so; we change none",
}
"""Licences that a library under Apache-2.0 may need at run time, and why."""

ROOT_REF: Final = "root-component"
"""What CycloneDX calls the thing whose bill it is."""


def trim_bill(bill: Bill) -> Bill:
    """Leave out addresses: they are the other packages' words, and nothing is fetched from them.

    >>> trim_bill({"components": [{"name": "a", "externalReferences": [{"url": "x"}]}]})
    {'components': [{'name': 'a'}]}
    """
    trimmed: Bill = _trim(bill)
    return trimmed


def _trim(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, dict):
        return {key: _trim(inner) for key, inner in value.items() if key != "externalReferences"}
    return [_trim(inner) for inner in value] if isinstance(value, list) else value


def bind_bill(bill: Bill, wheel: bytes) -> Bill:
    """Say of which wheel it is the bill: one file, known by its SHA-256."""
    digest = {"alg": "SHA-256", "content": hashlib.sha256(wheel).hexdigest()}
    meta = bill["metadata"]
    return {
        **bill,
        "metadata": {**meta, "component": {**meta["component"], "hashes": [digest]}},
    }


def find_unwelcome(bill: Bill) -> list[str]:
    """Components without a licence, or with one that is not on our list."""
    return [
        f"{component['name']}: {licence or 'no licence'}"
        for component in bill["components"]
        for licence in _licences(component) or [""]
        if licence not in WELCOME
    ]


def find_idle_licences(bill: Bill) -> list[str]:
    """Licences on our list that no component, nor we ourselves, stand under."""
    known = [*bill["components"], bill["metadata"]["component"]]
    used = {licence for component in known for licence in _licences(component)}
    return sorted(WELCOME.keys() - used)


def _licences(component: Bill) -> list[str]:
    """Each licence that is named. Of a choice (`A OR B`) every part has to be welcome."""
    said = [
        entry.get("expression") or entry["license"].get("id") or entry["license"]["name"]
        for entry in component.get("licenses", [])
    ]
    words = (word for text in said for word in re.findall(r"[\w.+-]+", text))
    return [word for word in words if word not in {"AND", "OR", "WITH"}]


def find_strays(bill: Bill) -> list[str]:
    """Components that nothing of the wheel needs, and needs that no component meets."""
    needs = {entry["ref"]: entry.get("dependsOn", []) for entry in bill["dependencies"]}
    reached: set[str] = set()
    waiting = [ROOT_REF]
    while waiting:
        ref = waiting.pop()
        if ref not in reached:
            reached.add(ref)
            waiting += needs.get(ref, [])
    listed = {component["bom-ref"] for component in bill["components"]} | {ROOT_REF}
    return sorted(f"{ref}: listed or needed, not both" for ref in reached ^ listed)


def find_changing(bill: Bill) -> list[str]:
    """What would differ from run to run or place to place: numbers, times, paths, addresses."""
    text = json.dumps(bill)
    marks = ("serialNumber", "timestamp", "file:", "://")
    text = text.replace(bill.get("$schema", ""), "")
    return [mark for mark in marks if mark in text]


def list_pins(bill: Bill) -> list[str]:
    """What was resolved, as requirements."""
    return [f"{part['name']}=={part['version']}" for part in bill["components"]]


def judge(bill: Bill) -> list[str]:
    """Say all that is wrong with a bill."""
    rules = (find_unwelcome, find_idle_licences, find_strays, find_changing)
    return [f"{rule.__name__}: {found}" for rule in rules for found in rule(bill)]


def main(raw: str, wheel: str, out: str) -> int:
    """Write the bill beside the wheel, and say whether it stands."""
    from cyclonedx.schema import SchemaVersion  # noqa: PLC0415 - of the extra `trust`
    from cyclonedx.validation.json import JsonStrictValidator  # noqa: PLC0415

    bill = bind_bill(trim_bill(json.loads(Path(raw).read_bytes())), Path(wheel).read_bytes())
    text = json.dumps(bill, indent=2, sort_keys=True) + "\n"
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    complaints = [*([f"schema: {fault.data}"] if fault else []), *judge(bill)]
    Path(out).write_text(text, encoding="utf-8")
    Path(out).with_suffix(".txt").write_text("\n".join(list_pins(bill)) + "\n", encoding="utf-8")
    print(*complaints or [f"{len(bill['components'])} components, nothing to say"], sep="\n")  # noqa: T201
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
