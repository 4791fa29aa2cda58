"""`pmpromo score`: one packet against a rubric."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pmpromo.assessment import assess, find_rubric
from pmpromo.cli.answer import Answer, read_option_day
from pmpromo.cli.readiness import load_model
from pmpromo.form import load_packet
from pmpromo.reading.library import load_rubric

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    from pmpromo.assessment import Assessment

__all__ = ["add_reading", "add_score", "read_packet"]


def add_score(parser: argparse.ArgumentParser) -> None:
    """Say which packet to read, against what, and for whom to write."""
    add_reading(parser)
    parser.add_argument("--format", choices=("text", "json", "html"), default="text")
    parser.add_argument("--verbose", action="store_true", help="every gap, check, note and digest")
    parser.set_defaults(run=_score)


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Say which packet to read, and against what."""
    parser.add_argument("packet", metavar="PACKET", help="a file: .yaml, .yml, .json or .xlsx")
    parser.add_argument("--rubric", metavar="ID|PATH", help="default: the one the packet names")
    parser.add_argument(
        "--variant", metavar="NAME", help="weights of one of the rubric's named variants"
    )
    parser.add_argument(
        "--as-of", type=read_option_day, metavar="DATE", help="YYYY-MM-DD; default: the packet's"
    )
    parser.add_argument(
        "--model", metavar="MODEL", help="forecast with what pmpromo fit has written"
    )


def read_packet(options: argparse.Namespace) -> Assessment:
    """Return the assessment of the packet that the options name."""
    packet = load_packet(options.packet)
    rubric = load_rubric(options.rubric) if options.rubric else find_rubric(packet)
    if options.variant:
        rubric = rubric.with_variant(options.variant)
    model = load_model(options.model) if options.model else None
    return assess(packet, rubric, as_of=options.as_of, readiness=model)


def _score(options: argparse.Namespace) -> Answer:
    text = _WRITE_SCORE[options.format](read_packet(options), options.verbose)
    return Answer(text, for_programs=options.format != "text")


_WRITE_SCORE: Final[Mapping[str, Callable[[Assessment, bool], str]]] = {
    "text": lambda seen, verbose: seen.report(verbose=verbose),
    "json": lambda seen, _: seen.model_dump_json(indent=2),
    "html": lambda seen, _: seen.to_html().rstrip(),
}
