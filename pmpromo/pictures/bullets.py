"""Bullets: how far each thing has come to its bar, proven solid and possible pale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.pictures.chart import Chart, Key, Row
from pmpromo.pictures.picture import Picture
from pmpromo.pictures.scale import SHARE
from pmpromo.pictures.svg import Box, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmpromo.pictures.svg import Ink, Mark

__all__ = ["BULLET_KEYS", "Bullet", "draw_bullets", "list_marks", "tell_bullet"]


class Bullet(NamedTuple):
    """One thing measured against its bar, each figure in 0..1.

    `figures` are shown before it, such as its weight; `status` is a symbol and words.
    """

    name: str
    proven: float
    possible: float
    bar: float
    status: str = ""
    figures: tuple[str, ...] = ()

    @property
    def met(self) -> bool:
        """Whether the proven end reaches the bar."""
        return self.proven >= self.bar


def list_marks(bullet: Bullet, top: float = 0.0, bottom: float = 1.0) -> Iterator[Mark]:
    """Yield the shapes of a bullet: a track, possible pale, proven solid, a line at the bar."""
    ink: Ink = "met" if bullet.met else "gap"
    inset = (bottom - top) / 7
    yield Box(0, 1, "text", 0.12, top + inset, bottom - inset)
    if bullet.possible > bullet.proven:
        yield Box(bullet.proven, bullet.possible, ink, 0.3, top + inset, bottom - inset, edged=True)
    if bullet.proven > 0:
        yield Box(0, bullet.proven, ink, 1.0, top + inset, bottom - inset)
    yield Line(((bullet.bar, top), (bullet.bar, bottom)))


def tell_bullet(bullet: Bullet) -> str:
    """Say what a bullet shows.

    >>> tell_bullet(Bullet("Reach", 0.4, 0.8, 0.75))
    'proven 0.40, possible 0.80, bar 0.75'
    """
    return f"proven {bullet.proven:.2f}, possible {bullet.possible:.2f}, bar {bullet.bar:.2f}"


BULLET_KEYS: Final = (
    Key((Box(0, 1, "met"),), "proven, bar met"),
    Key((Box(0, 1, "gap"),), "proven, bar not met"),
    Key((Box(0, 1, "gap", 0.3, edged=True),), "possible if the missing facts are supplied"),
    Key((Line(((0.5, 0), (0.5, 1))),), "bar"),
)
"""What the shapes of bullets mean."""


def draw_bullets(
    title: str,
    bullets: Sequence[Bullet],
    *,
    name: str = "Criterion",
    figures: tuple[str, ...] = (),
) -> Picture:
    """Return bullets as a picture; `name` and `figures` head the columns beside them.

    >>> picture = draw_bullets("Criteria", [Bullet("Reach", 0.4, 0.8, 0.75, "◐ facts missing")])
    >>> picture.columns["status"]
    ('◐ facts missing',)
    """
    rows = tuple(
        Row(
            bullet.name,
            tuple(list_marks(bullet)),
            tell_bullet(bullet),
            (*bullet.figures, f"{bullet.proven:.2f}", f"{bullet.possible:.2f}"),
            (bullet.status,),
        )
        for bullet in bullets
    )
    heads = (name, *figures, "Proven", "Possible", "0 to 1", "Status")
    told = [
        ", ".join(part for part in (f"{bullet.name}: {tell_bullet(bullet)}", bullet.status) if part)
        for bullet in bullets
    ]
    return Picture(
        Chart(title, heads, rows, SHARE.ticks, BULLET_KEYS, size=(160, 14)),
        f"{title}. {'; '.join(told)}.",
        {
            name.lower(): tuple(bullet.name for bullet in bullets),
            "proven": tuple(bullet.proven for bullet in bullets),
            "possible": tuple(bullet.possible for bullet in bullets),
            "bar": tuple(bullet.bar for bullet in bullets),
            "status": tuple(bullet.status for bullet in bullets),
        },
    )
