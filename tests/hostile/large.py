"""Files of some ten megabytes: what would take all the time or all the memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hostile.bases import EVIDENCE, PACKET, PACKET_JSON, RATINGS
from hostile.books import draw_sheet, write_book
from hostile.files import Hostile, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["list_large_files"]

SIZE: Final = 10_000_000
SHORT_LINES: Final = 30_000
"""A record is looked through line by line; ten megabytes of short lines take longer than 2 s."""

_NONE: Final = "[portfolio_pricing]"
_NONE_JSON: Final = '["portfolio_pricing"]'


def list_large_files() -> Iterator[Hostile]:
    """Yield large hostile files."""
    for name, text, said in _list_texts():
        yield Hostile(name, "size", text.encode(), Refused(said))
    rows: list[list[Any]] = [["packet_id", "fact", "value"]] + [["p-1", "x", 1]] * 120_000
    book = write_book({"F": draw_sheet(rows)})
    yield Hostile("evidence/large, 120,000 rows.xlsx", "size", book, Refused("when unpacked"))
    cut = write_book({"F": draw_sheet(rows)[:SIZE]})
    yield Hostile("form/large, cut.xlsx", "size", cut, Refused("when unpacked"))


def _list_texts() -> Iterator[tuple[str, str, str]]:
    """Yield name, text and answer."""
    for name, value, said in (
        ("brackets", "[" * SIZE, "nested more than 32"),
        ("braces", "{a: " * (SIZE // 4), "nested more than 32"),
        ("one text", "x" * SIZE, "100000 characters"),
        ("one number", "9" * SIZE, "100000 characters"),
        ("numbers", f"[{'1,' * (SIZE // 2)}1]", "50000 values"),
        ("anchors", "&a " * (SIZE // 3), "anchor"),
        ("line ends", "\n" * SIZE, ""),
        ("controls", f'"{chr(8) * SIZE}"', "and so on"),
    ):
        text = PACKET.replace(_NONE, value, 1)
        yield f"packet/large, {name}.yaml", text, said
    for name, value, said in (
        ("brackets", "[" * SIZE, "nested more than 32"),
        ("one text", f'"{"x" * SIZE}"', "100000 characters"),
        ("one number", "9" * SIZE, "63 bits"),
        ("numbers", f"[{'1,' * (SIZE // 2)}1]", "50000 values"),
        ("objects", f"[{'{},' * (SIZE // 3)}1]", "50000 values"),
        ("backslashes", f'"{chr(92) * SIZE}"', "100000 characters"),
        ("open backslashes", f'"{chr(92) * SIZE}', "unreadable"),
        ("marks", f'"a{chr(0x301) * (SIZE // 2)}"', "many marks"),
    ):
        text = PACKET_JSON.replace(_NONE_JSON, value, 1)
        yield f"packet/large, {name}.json", text, said
    keys = "".join(f"k{number}: 1\n" for number in range(500_000))
    yield "packet/large, unknown keys.yaml", PACKET + keys, "50000 values"
    yield "packet/large, same key.yaml", PACKET + "id: x\n" * (SIZE // 6), "50000 values"
    row = EVIDENCE.splitlines(keepends=True)[1]
    short = row.replace(",first", "") * (SIZE // 80)
    yield "evidence/large, short rows.csv", EVIDENCE + short, "11 cells"
    yield "evidence/large, commas.csv", "," * SIZE, "more than 16384 cells"
    yield "evidence/large, open quote.csv", f'{EVIDENCE}"{"x" * SIZE}', "quotation mark"
    yield "evidence/large, one cell.csv", f"{EVIDENCE}{'x' * SIZE}", "no row"
    bad = RATINGS + RATINGS.splitlines(keepends=True)[1].replace(",3,", ",9,") * (SIZE // 60)
    yield "ratings/large, bad ratings.csv", bad, "outside the scale"
    for kind in ("assessment", "readiness", "committee", "path"):
        yield f"{kind}/large, brackets.json", "[" * SIZE, ""
        yield f"{kind}/large, keys.json", '{"a":1' + ',"a":1' * (SIZE // 6) + "}", ""
        yield f"{kind}/large, one text.json", f'"{"x" * SIZE}"', ""
    yield "record/large, one line.jsonl", "x" * SIZE + "\n", ":1:1"
    yield "record/large, short lines.jsonl", "{}\n" * SHORT_LINES, ":1:1"
    yield "ladder/large, table.md", "| a | b |\n" * (SIZE // 10), ""
    yield "case/large, brackets.json", "[" * SIZE, "nested more than 32"
