"""`pmpromo report`: one page for a committee, or for a cycle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmpromo.assessment import assess, find_rubric
from pmpromo.booklet import write_booklet, write_cohort_page
from pmpromo.cli.answer import Answer, read_option_day, tell_progress, write_file
from pmpromo.cli.readiness import load_model
from pmpromo.form import load_packet
from pmpromo.reading.library import load_rubric
from pmpromo.reading.lines import ENDINGS, iter_packets

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from pmpromo.packet import Packet

__all__ = ["add_report"]


def add_report(parser: argparse.ArgumentParser) -> None:
    """Say whose packets, against what, and where the page goes."""
    parser.add_argument(
        "packets",
        nargs="+",
        metavar="PACKET",
        help="files: .yaml, .yml, .json, .xlsx, or .jsonl of many",
    )
    parser.add_argument("-o", "--output", required=True, metavar="PAGE", help="the file to write")
    parser.add_argument("--cohort", action="store_true", help="all packets at a glance, none alone")
    parser.add_argument("--title", metavar="TEXT", help="what stands at its top")
    parser.add_argument("--rubric", metavar="ID|PATH", help="default: the one each packet names")
    parser.add_argument(
        "--as-of", type=read_option_day, metavar="DATE", help="YYYY-MM-DD; default: each packet's"
    )
    parser.add_argument(
        "--model", metavar="MODEL", help="forecast with what pmpromo fit has written"
    )
    parser.set_defaults(run=_report)


def _report(options: argparse.Namespace) -> Answer:
    rubric = load_rubric(options.rubric) if options.rubric else None
    model = load_model(options.model) if options.model else None
    seen = []
    for packet in _read_packets(options.packets):
        tell_progress(f"reading {packet.id}")
        against = rubric or find_rubric(packet)
        seen.append(assess(packet, against, as_of=options.as_of, readiness=model))
    write = write_cohort_page if options.cohort else write_booklet
    title = {"title": options.title} if options.title else {}
    write_file(options.output, write(seen, **title))
    return Answer(f"{len(seen)} packets are in {options.output}.")


def _read_packets(files: Iterable[str]) -> Iterator[Packet]:
    for file in files:
        if file.endswith(ENDINGS):
            yield from iter_packets(file)
        else:
            yield load_packet(file)
