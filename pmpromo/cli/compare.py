"""`pmpromo compare`: what changed between two packets, or two dates of one, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmpromo.advice.comparison import compare
from pmpromo.cli.answer import Answer, read_option_day
from pmpromo.form import load_packet
from pmpromo.reading.library import load_rubric

if TYPE_CHECKING:
    import argparse

__all__ = ["add_compare"]


def add_compare(parser: argparse.ArgumentParser) -> None:
    """Say which two packets to compare, under what, and on which days."""
    parser.add_argument("a", metavar="A", help="a packet: .yaml, .yml, .json or .xlsx")
    parser.add_argument("b", metavar="B", help="another, or the same once more")
    parser.add_argument("--rubric", metavar="ID|PATH", help="default: the one both name")
    parser.add_argument(
        "--as-of", type=read_option_day, metavar="DATE", help="day for A; default: the packet's"
    )
    parser.add_argument(
        "--until", type=read_option_day, metavar="DATE", help="day for B; default: the packet's"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=_compare)


def _compare(options: argparse.Namespace) -> Answer:
    one, other = load_packet(options.a), load_packet(options.b)
    rubric = load_rubric(options.rubric) if options.rubric else None
    seen = compare(one, other, rubric, as_of=(options.as_of, options.until))
    if options.format == "json":
        return Answer(seen.model_dump_json(indent=2), for_programs=True)
    return Answer(seen.report())
