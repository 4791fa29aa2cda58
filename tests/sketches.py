"""One picture of each family, drawn from whatever names it is given."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from pmpromo.pictures.bullets import Bullet, draw_bullets
from pmpromo.pictures.cohort import CohortRow, draw_cohort
from pmpromo.pictures.committee import Measured, draw_committee
from pmpromo.pictures.gaps import Step, draw_steps
from pmpromo.pictures.heatmap import HeatRow, draw_heatmap
from pmpromo.pictures.pairs import Pair, draw_pairs
from pmpromo.pictures.readiness import Strip, draw_strips
from pmpromo.pictures.reliability import DiagramPoint, draw_diagram
from pmpromo.pictures.shares import Counted, draw_shares
from pmpromo.pictures.stability import Stable, draw_stability
from pmpromo.pictures.timeline import Span, draw_timeline
from pmpromo.pictures.tornado import Swing, draw_tornado
from pmpromo.pictures.waterfall import Part, draw_waterfall

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pmpromo.pictures.picture import Picture

TITLE: Final = "Sketch"
GOING_ON: Final = 2
DAY: Final = date(2026, 6, 30)


def share(number: int, step: int = 8) -> float:
    """Return a share that looks arbitrary and is always the same."""
    return (number * step % 21) / 20


def sketch_bullet(number: int, name: str) -> Bullet:
    """Return a bullet: met, short, silent, and everything between."""
    proven = share(number)
    possible = min(1.0, proven + share(number, 3) / 2)
    return Bullet(name, proven, possible, 0.75, f"✓ {name}", ("20%",))


def sketch_bullets(names: Sequence[str]) -> Picture:
    """Draw a bullet a name."""
    bullets = [sketch_bullet(n, name) for n, name in enumerate(names)]
    return draw_bullets(names[0], bullets, figures=("Weight",))


def sketch_heatmap(names: Sequence[str]) -> Picture:
    """Draw a criterion and an item a name."""
    rows = [
        HeatRow(name, tuple((share(n + k), min(1.0, share(n + k) + 0.1)) for k, _ in items), 0.75)
        for items in [list(enumerate(names))]
        for n, name in items
    ]
    return draw_heatmap(names[0], rows, [(name, name) for name in names], (names[0],))


def sketch_gaps(names: Sequence[str]) -> Picture:
    """Draw a step a name."""
    steps = [Step(name, share(n) / 5, share(n) / 4, name) for n, name in enumerate(names)]
    return draw_steps(names[0], steps, 0.4, 0.75)


def sketch_waterfall(names: Sequence[str]) -> Picture:
    """Draw a part a name, some of them negative."""
    parts = [Part(name, (share(n) - 0.4) / 20, name) for n, name in enumerate(names)]
    return draw_waterfall(names[0], 0.4, parts, 0.75)


def sketch_timeline(names: Sequence[str]) -> Picture:
    """Draw a piece of work a name: ended, going on, and with unknown days."""
    kinds = (
        (date(2025, 3, 1), date(2026, 4, 30), (1.0, 1.0)),
        (date(2022, 3, 1), date(2023, 4, 30), (0.35, 0.35)),
        (date(2026, 1, 1), None, (1.0, 1.0)),
        (date(2024, 1, 1), None, (0.25, 1.0)),
        (None, date(2026, 1, 1), (1.0, 1.0)),
        (None, None, (0.25, 1.0)),
    )
    spans = [
        Span(name, *kinds[n % len(kinds)])._replace(in_progress=n % len(kinds) == GOING_ON)
        for n, name in enumerate(names)
    ]
    return draw_timeline(names[0], spans, date(2025, 6, 30), DAY)


def sketch_pairs(names: Sequence[str]) -> Picture:
    """Draw a pair of bullets a name."""
    pairs = [
        Pair(name, sketch_bullet(n, name), sketch_bullet(n + 5, name))
        for n, name in enumerate(names)
    ]
    return draw_pairs(names[0], pairs, (names[0], names[-1]))


def sketch_cohort(names: Sequence[str]) -> Picture:
    """Draw thirty packets on a criterion a name."""
    rows = [
        CohortRow(name, [share(n + k) for k in range(30)], 0.75) for n, name in enumerate(names)
    ]
    return draw_cohort(names[0], rows, {"criterion": tuple(names)})


def sketch_strips(names: Sequence[str]) -> Picture:
    """Draw a forecast a name."""
    strips = [
        Strip(name, share(n), share(n) * 0.7, min(1.0, share(n) * 1.3), (name, name), name, 0.3)
        for n, name in enumerate(names)
    ]
    return draw_strips(names[0], strips, (names[0],))


def sketch_reliability(names: Sequence[str]) -> Picture:
    """Draw as many points as there are names."""
    points = [
        DiagramPoint((n + 1) / (len(names) + 1), share(n), 0.2, 0.8) for n in range(len(names))
    ]
    return draw_diagram(names[0], points, (names[0],))


def sketch_shares(names: Sequence[str]) -> Picture:
    """Draw a count a name, in two groups."""
    counted = [
        Counted(name, n % 7, n % 3, 10, f"Step {n // 20 + 1} {names[0]}")
        for n, name in enumerate(names)
    ]
    return draw_shares(names[0], counted, (names[0],))


def sketch_stability(names: Sequence[str]) -> Picture:
    """Draw a range a name, closed or open."""
    lows, highs = (0.05, None), (0.4, 0.4, None, None)
    rows = [Stable(name, share(n), lows[n % 2], highs[n % 4], name) for n, name in enumerate(names)]
    return draw_stability(names[0], rows)


def sketch_tornado(names: Sequence[str]) -> Picture:
    """Draw a swing a name, around today and to either side of it."""
    swings = [
        Swing(name, share(n) / 2, share(n) / 2 + 0.2 * (n % 4 != 3), name)
        for n, name in enumerate(names)
    ]
    return draw_tornado(names[0], swings, 0.3, 0.75)


def sketch_committee(names: Sequence[str]) -> Picture:
    """Draw a rater and a packet a name."""
    measured = [
        Measured(group, name, share(n) - 0.5, 0.2, name)
        for group in (f"Raters {names[0]}", f"Packets {names[0]}")
        for n, name in enumerate(names)
    ]
    return draw_committee(names[0], measured, (names[0],))


FAMILIES: Final[dict[str, Callable[[Sequence[str]], Picture]]] = {
    "bullets": sketch_bullets,
    "cohort": sketch_cohort,
    "committee": sketch_committee,
    "gaps": sketch_gaps,
    "heatmap": sketch_heatmap,
    "pairs": sketch_pairs,
    "reliability": sketch_reliability,
    "shares": sketch_shares,
    "stability": sketch_stability,
    "strips": sketch_strips,
    "timeline": sketch_timeline,
    "tornado": sketch_tornado,
    "waterfall": sketch_waterfall,
}
"""Every family of pictures, drawn from names."""

NAMES: Final = (
    "Result of the business",
    "Reach across functions, with a name that goes on and on, longer than any column",
    "تأثير عبر الوظائف",
    "評価基準と事業成果についての非常に長い名前評価基準と事業成果",
    "🚀 Launches 🎉",
    "e\u0301tendue",
)
"""Names short and long, of several scripts, one from the right to the left."""

VOID: Final = {"br", "meta", "link"}


class Reader(HTMLParser):
    """Reads markup as a browser does: its elements in their order, attributes and texts."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.names.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element without content."""
        self.names.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        """Close the element opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note a text, unless it is a style sheet or holds nothing."""
        if data.strip() and self.open[-1] != "style":
            self.texts.append(data)
