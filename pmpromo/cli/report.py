"""`pmpromo report`: one page for a committee, or for a cycle."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pmpromo.advice.comparison import compare
from pmpromo.advice.find import find_path
from pmpromo.assessment import assess, find_rubric
from pmpromo.booklet import Addition, write_booklet, write_cohort_page
from pmpromo.cli.answer import Answer, read_option_day, tell_progress, write_file
from pmpromo.cli.readiness import load_model
from pmpromo.form import load_packet
from pmpromo.gallery import draw_path, draw_side_by_side
from pmpromo.reading.library import load_rubric
from pmpromo.reading.lines import ENDINGS, iter_packets
from pmpromo.reading.places import display

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence

    from pmpromo.assessment import Assessment
    from pmpromo.packet import Packet
    from pmpromo.rubric import Rubric

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
    parser.add_argument("--path", action="store_true", help="the cheapest way to the bar of each")
    parser.add_argument(
        "--compare", action="store_true", help="what is different from the packet before it"
    )
    parser.set_defaults(run=_report)


def _report(options: argparse.Namespace) -> Answer:
    rubric = load_rubric(options.rubric) if options.rubric else None
    model = load_model(options.model) if options.model else None
    readings = []
    for packet in _read_packets(options.packets):
        tell_progress(f"reading {packet.id}")
        against = rubric or find_rubric(packet)
        seen = assess(packet, against, as_of=options.as_of, readiness=model)
        readings.append(_Reading(packet, against, seen))
    page = _write_page(readings, options)
    write_file(options.output, page)
    return Answer(f"{len(readings)} packets are in {display(options.output)}.")


class _Reading(NamedTuple):
    """A packet, what it was read against, and what came out."""

    packet: Packet
    rubric: Rubric
    seen: Assessment


def _write_page(readings: Sequence[_Reading], options: argparse.Namespace) -> str:
    title = {"title": options.title} if options.title else {}
    seen = [reading.seen for reading in readings]
    if options.cohort:
        return write_cohort_page(seen, **title)
    additions: dict[int, list[Addition]] = {place: [] for place in range(len(readings))}
    if options.path:
        for place, reading in enumerate(readings):
            additions[place].append(_find_way(reading))
    if options.compare:
        for place, (one, other) in enumerate(pairwise(readings), 1):
            if one.rubric == other.rubric:
                additions[place].append(_compare(one, other))
    return write_booklet(seen, additions=additions, **title)


def _find_way(reading: _Reading) -> Addition:
    tell_progress(f"looking for the way of {reading.packet.id}")
    path = find_path(reading.packet, reading.rubric, as_of=reading.seen.as_of)
    return Addition("The way to the bar", draw_path(path), str(path))


def _compare(one: _Reading, other: _Reading) -> Addition:
    days = (one.seen.as_of, other.seen.as_of)
    found = compare(one.packet, other.packet, one.rubric, as_of=days)
    title = f"Compared with {one.packet.id}"
    return Addition(title, draw_side_by_side(one.seen, other.seen), str(found))


def _read_packets(files: Iterable[str]) -> Iterator[Packet]:
    for file in files:
        if file.endswith(ENDINGS):
            yield from iter_packets(file)
        else:
            yield load_packet(file)
