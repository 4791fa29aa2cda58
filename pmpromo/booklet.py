"""The page that people pass round: several packets in one file, or a whole cycle at a glance.

No script, no network, no ranking: packets stand in the order in which they were given.
"""

from __future__ import annotations

from collections import Counter
from statistics import fmean
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.errors import DataError, Problem
from pmpromo.gallery import draw_cohort, draw_committee
from pmpromo.pictures.chart import STYLE
from pmpromo.pictures.markup import Markup, element, join, write_page
from pmpromo.pictures.section import draw_grid
from pmpromo.report.page import draw_report
from pmpromo.report.words import STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmpromo.committee import CommitteeModel
    from pmpromo.committee.record import Packet
    from pmpromo.pictures.picture import Picture
    from pmpromo.report.seen import Reported

__all__ = ["Addition", "write_booklet", "write_cohort_page", "write_session_page"]

SHOWN_GAPS: Final = 10
"""Requirements that a cycle's page lists as missing most often."""

SHOWN_PACKETS: Final = 40
"""Packets in a table of a session's page: as many as a meeting can look at."""

SEEN_GAIN: Final = 0.0005
"""A gap that brings less is none that one can see."""

SEEN_POINTS: Final = 0.005
"""An adjustment of fewer points is none that one can see."""

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;"
    "background:Canvas;color:CanvasText}h1,h2,p,li{overflow-wrap:anywhere}a{color:inherit}"
    "pre{overflow-x:auto;font-size:.85em}"
    "h1{font-size:1.6em;margin:0 0 .5em}.o{margin-top:1.2em}"
    ".sheet{border-top:1px solid;margin-top:2.5rem;padding-top:1.5rem}"
    "@page{size:A4;margin:16mm}"
    "@media print{body{margin:0;padding:0;max-width:none;font-size:10.5pt}"
    ".sheet{break-before:page;border:0;margin:0;padding:0}"
    "tr,li,svg,h2,summary{break-inside:avoid}h2,summary,caption{break-after:avoid}"
    "a{color:inherit;text-decoration:none}"
    # What is folded on a screen is wanted on paper.
    "details::details-content{content-visibility:visible;display:block;height:auto}}"
)

_ADVICE: Final = (
    "Each packet is read against its rubric. Nobody is ranked, and nothing here decides: people do."
)


class Addition(NamedTuple):
    """What stands behind the report of one packet: a picture, and the same in words."""

    title: str
    picture: Picture
    text: str


def write_booklet(
    packets: Sequence[Reported],
    *,
    title: str = "Packets for a committee",
    additions: Mapping[int, Sequence[Addition]] = MappingProxyType({}),
) -> str:
    """Return one page with a table of contents and a section for every packet.

    `additions` are what stands behind the report of a packet, by its place among `packets`.
    """
    sections = [
        element(
            "div",
            draw_report(seen),
            *map(_draw_addition, additions.get(place, ())),
            id=_name_section(place),
            class_="sheet",
        )
        for place, seen in enumerate(packets)
    ]
    contents = draw_grid(
        "Contents",
        ("Packet", "Rubric", "Bar", "Proven", "Possible"),
        [_draw_entry(seen, _name_section(place)) for place, seen in enumerate(packets)],
    )
    return write_page(title, join(_draw_front(title), _wrap(contents), *sections), _STYLE)


def _draw_addition(addition: Addition) -> Markup:
    told = element("pre", addition.text, tabindex="0")
    return join(element("h3", addition.title), Markup(addition.picture._repr_html_()), told)


def write_cohort_page(packets: Sequence[Reported], *, title: str = "Cycle") -> str:
    """Return one page on a cycle: for each rubric all packets against all criteria, and gaps."""
    by_rubric: dict[str, list[Reported]] = {}
    for seen in packets:
        by_rubric.setdefault(f"{seen.rubric_id} {seen.rubric_version}", []).append(seen)
    sections = [_draw_cohort(name, found) for name, found in by_rubric.items()]
    return write_page(title, join(_draw_front(title), *sections), _STYLE)


def write_session_page(
    model: CommitteeModel,
    *,
    title: str = "Committee session",
    bar: float | None = None,
    complete: bool = False,
) -> str:
    """Return one page on what a committee rated: before, after, who moved it, and why.

    Args:
        model: the fitted committee, with its ratings.
        title: of the page.
        bar: points; packets that are on one side of it before and on the other after come first.
        complete: all packets, however many. Otherwise many are cut to those that moved most.

    Raises:
        ModelError: a model read from JSON, which keeps no ratings.
        DataError: a bar that is not on the scale.
    """
    _check_bar(model, bar)
    surprises = [
        (each.packet_id, each.rater_id, f"{each.given:.2f}", f"{each.expected:.2f}")
        for each in model.surprises
    ]
    heads = ("Packet", "Rater", "Given", "Expected")
    parts = [
        Markup(draw_committee(model)._repr_html_()),
        draw_grid("Raters", _RATER_HEADS, _list_raters(model)),
        *_draw_packets(model, bar, None if complete else SHOWN_PACKETS),
        *([draw_grid("To talk about", heads, surprises)] if surprises else []),
    ]
    front = join(element("h1", title), element("p", _FAIR))
    return write_page(title, join(front, _wrap(*parts)), _STYLE)


def _check_bar(model: CommitteeModel, bar: float | None) -> None:
    lowest, highest = model.scale
    if bar is not None and not lowest <= bar <= highest:
        hint = f"give points from {lowest} to {highest}"
        raise DataError([Problem("bar", "not on the scale", hint)])


def _draw_packets(model: CommitteeModel, bar: float | None, most: int | None) -> Iterator[Markup]:
    """Yield the packets that cross a bar, and the others; of many those that moved most."""
    crossing = [each for each in model.packets if bar is not None and _crosses(each, bar)]
    across = {each.packet_id for each in crossing}
    others = [each for each in model.packets if each.packet_id not in across]
    if bar is not None:
        yield from _draw_some(model, f"Packets that cross {bar:g}", crossing, most)
    yield from _draw_some(model, "Packets" if bar is None else "Other packets", others, most)


def _crosses(packet: Packet, bar: float) -> bool:
    return (packet.raw_mean >= bar) != (packet.fair_score >= bar)


def _draw_some(
    model: CommitteeModel, caption: str, packets: list[Packet], most: int | None
) -> Iterator[Markup]:
    """Yield a table of packets in their order, and how many it leaves out."""
    if most is None or len(packets) <= most:
        rows = _list_packets(model, packets)
        yield draw_grid(caption, _PACKET_HEADS, rows) if rows else element("p", f"{caption}: none.")
        return
    moved = sorted(packets, key=lambda each: -abs(each.fair_score - each.raw_mean))[:most]
    chosen = {each.packet_id for each in moved}
    kept = [each for each in packets if each.packet_id in chosen]
    head = f"{caption}: the {most} of {len(packets):,} that moved most"
    yield draw_grid(head, _PACKET_HEADS, _list_packets(model, kept))
    yield element("p", f"{len(packets) - most:,} more moved less; with `--all` they are here too.")


_FAIR: Final = (
    "Raters differ in how much they give. After is what an average committee would have given for"
    " the same work: before, plus what each rater's severity took away. It is a reading of the"
    " ratings and no decision; a surprise is a thing to talk about, not a mistake."
)
_RATER_HEADS: Final = ("Rater", "Packets", "Severity (logits)", "Effect (points)", "Infit")
_PACKET_HEADS: Final = ("Packet", "Before", "After", "Interval", "Who, and why")


def _list_raters(model: CommitteeModel) -> list[tuple[str, ...]]:
    return [
        (
            rater.rater_id if rater.role is None else f"{rater.rater_id} ({rater.role})",
            f"{rater.n_packets}",
            f"{rater.severity:+.2f} ± {rater.se:.2f}",
            f"{rater.effect:+.2f}",
            f"{rater.infit:.2f}",
        )
        for rater in model.raters
    ]


def _list_packets(model: CommitteeModel, packets: Sequence[Packet]) -> list[tuple[str, ...]]:
    reasons = _find_reasons(model, {packet.packet_id for packet in packets})
    return [
        (
            packet.packet_id,
            f"{packet.raw_mean:.2f}",
            f"{packet.fair_score:.2f}",
            f"{packet.low:.2f} to {packet.high:.2f}",
            "; ".join(reasons[packet.packet_id]),
        )
        for packet in packets
    ]


def _find_reasons(model: CommitteeModel, wanted: set[str]) -> dict[str, list[str]]:
    """Say for each packet what the mean of each rater's adjustments is, and which way."""
    columns = model.adjustments
    moved: dict[tuple[str, str], list[float]] = {}
    for packet, rater, adjustment in zip(
        columns.packet_id, columns.rater_id, columns.adjustment, strict=True
    ):
        if packet in wanted:
            moved.setdefault((packet, rater), []).append(adjustment)
    reasons: dict[str, list[str]] = {}
    for (packet, rater), found in moved.items():
        mean = fmean(found)
        reasons.setdefault(packet, []).append(f"{rater} {_tell_severity(mean)}: {mean:+.2f}")
    return reasons


def _tell_severity(adjustment: float) -> str:
    if abs(adjustment) < SEEN_POINTS:
        return "as others"
    return "severe" if adjustment > 0 else "lenient"


def _draw_front(title: str) -> Markup:
    return join(element("h1", title), element("p", _ADVICE))


def _wrap(*parts: Markup) -> Markup:
    return element("section", element("style", Markup(STYLE)), *parts, class_="pmpromo")


def _name_section(place: int) -> str:
    return f"packet-{place + 1}"


def _draw_entry(seen: Reported, section: str) -> Sequence[str]:
    link = element("a", seen.packet_id, href=f"#{section}")
    return (link, seen.rubric_name, *_tell_scores(seen))


def _tell_scores(seen: Reported) -> tuple[str, str, str]:
    met = "✓ met" if seen.met else "✗ not met"
    return f"{seen.bar:.2f} {met}", f"{seen.proven:.2f}", f"{seen.possible:.2f}"


def _draw_cohort(name: str, packets: Sequence[Reported]) -> Markup:
    first = packets[0]
    picture = draw_cohort(_list_columns(packets), title=f"{first.rubric_name}, {name}")
    gaps = [*_list_missing(packets)]
    scores = [
        (f"{place}", element("bdi", seen.packet_id), *_tell_scores(seen))
        for place, seen in enumerate(packets, 1)
    ]
    return element(
        "div",
        element("h2", f"{first.rubric_name}: {len(packets)} packets"),
        _wrap(
            Markup(picture._repr_html_()),
            draw_grid("Criteria", ("Criterion", *STATUSES.values()), _count_statuses(packets)),
            *([draw_grid("Missing most often", ("Requirement", "Packets"), gaps)] if gaps else []),
            draw_grid("Packets, as given", ("No.", "Packet", "Bar", "Proven", "Possible"), scores),
        ),
        class_="sheet",
    )


def _list_columns(packets: Iterable[Reported]) -> dict[str, list[object]]:
    """Return what the picture of a cycle is drawn from, one row a packet and criterion."""
    rows = [
        (seen.packet_id, score.name, score.proven, score.bar)
        for seen in packets
        for score in seen.criteria
    ]
    names = ("packet_id", "criterion", "proven", "bar")
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def _count_statuses(packets: Sequence[Reported]) -> list[tuple[str, ...]]:
    rows = []
    for place, score in enumerate(packets[0].criteria):
        counts = Counter(seen.criteria[place].status for seen in packets)
        rows.append((score.name, *(f"{counts[status]}" for status in STATUSES)))
    return rows


def _list_missing(packets: Sequence[Reported]) -> list[tuple[str, str]]:
    """Count in how many packets each requirement is missed by something that would gain."""
    counts = Counter(
        missed
        for seen in packets
        for missed in {
            f"{gap.criterion} / {gap.requirement}" for gap in seen.gaps if gap.gain >= SEEN_GAIN
        }
    )
    found = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(missed, f"{count} of {len(packets)}") for missed, count in found[:SHOWN_GAPS]]
