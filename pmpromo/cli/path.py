"""`pmpromo path`: the cheapest sets of steps that bring a packet to the bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmpromo.advice.find import find_path
from pmpromo.assessment import find_rubric
from pmpromo.cli.answer import Answer, read_option_day
from pmpromo.form import load_packet
from pmpromo.reading.library import load_rubric

if TYPE_CHECKING:
    import argparse

__all__ = ["add_path"]


def add_path(parser: argparse.ArgumentParser) -> None:
    """Say which packet to bring to the bar, what steps take, and which to look at."""
    parser.add_argument("packet", metavar="PACKET", help="a file: .yaml, .yml, .json or .xlsx")
    parser.add_argument("--rubric", metavar="ID|PATH", help="default: the one the packet names")
    parser.add_argument(
        "--variant", metavar="NAME", help="weights of one of the rubric's named variants"
    )
    parser.add_argument(
        "--as-of", type=read_option_day, metavar="DATE", help="YYYY-MM-DD; default: the packet's"
    )
    parser.add_argument(
        "--efforts", metavar="FILE", help="days of work by kind of gap, criterion or step"
    )
    parser.add_argument(
        "--only", choices=("documents", "work"), help="write down what is known, or do new work"
    )
    parser.add_argument("--limit", type=int, default=3, metavar="N", help="ways to list; default 3")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=_find)


def _find(options: argparse.Namespace) -> Answer:
    packet = load_packet(options.packet)
    rubric = load_rubric(options.rubric) if options.rubric else find_rubric(packet)
    if options.variant:
        rubric = rubric.with_variant(options.variant)
    path = find_path(
        packet,
        rubric,
        as_of=options.as_of,
        efforts=options.efforts,
        limit=options.limit,
        only=options.only,
    )
    if options.format == "json":
        return Answer(path.model_dump_json(indent=2), for_programs=True)
    return Answer(path.report())
