"""`pmpromo explain`: a reading in plain words, for the person whose packet was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmpromo.cli.answer import Answer
from pmpromo.cli.score import add_reading, read_packet
from pmpromo.explanation import explain

if TYPE_CHECKING:
    import argparse

__all__ = ["add_explain"]


def add_explain(parser: argparse.ArgumentParser) -> None:
    """Say which packet to explain, who decides, and how to object."""
    add_reading(parser)
    parser.add_argument("--decides", metavar="WHO", help="who decides")
    parser.add_argument("--contact", metavar="HOW", help="how to object, and by when")
    parser.add_argument("--format", choices=("text", "html"), default="text")
    parser.set_defaults(run=_explain)


def _explain(options: argparse.Namespace) -> Answer:
    told = explain(read_packet(options), decides=options.decides, contact=options.contact)
    if options.format == "html":
        return Answer(told.to_html().rstrip(), for_programs=True)
    return Answer(str(told))
