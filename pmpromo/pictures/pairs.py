"""Two things side by side, measured against the same bars. Neither is called the better one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.pictures.bullets import BULLET_KEYS, list_marks, tell_bullet
from pmpromo.pictures.chart import Chart, Row
from pmpromo.pictures.picture import Picture
from pmpromo.pictures.scale import SHARE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmpromo.pictures.bullets import Bullet

__all__ = ["Pair", "draw_pairs"]

SIZE: Final = (160, 30)


class Pair(NamedTuple):
    """What is measured, and how far each of the two has come."""

    name: str
    upper: Bullet
    lower: Bullet


def draw_pairs(title: str, pairs: Sequence[Pair], names: tuple[str, str]) -> Picture:
    """Return pairs as a picture: the first of the two above, the second below.

    >>> from pmpromo.pictures.bullets import Bullet
    >>> pair = Pair("Reach", Bullet("a", 0.4, 0.8, 0.75), Bullet("b", 0.8, 0.8, 0.75))
    >>> draw_pairs("a and b", [pair], ("a", "b")).columns["proven"]
    (0.4, 0.8)
    """
    rows = tuple(
        Row(
            pair.name,
            (*list_marks(pair.upper, 0.0, 0.46), *list_marks(pair.lower, 0.54, 1.0)),
            _tell(pair, names),
            (_tell_ends(pair.upper), _tell_ends(pair.lower)),
            (pair.upper.status, pair.lower.status),
        )
        for pair in pairs
    )
    first, second = names
    heads = ("Criterion", first, second, "0 to 1", first, second)
    notes = (f"Above: {first}. Below: {second}. Figures are proven to possible.",)
    told = "; ".join(f"{pair.name}: {_tell(pair, names)}" for pair in pairs)
    each = [
        (pair, name, half) for pair in pairs for name, half in zip(names, pair[1:], strict=True)
    ]
    return Picture(
        Chart(title, heads, rows, SHARE.ticks, BULLET_KEYS, notes=notes, size=SIZE),
        f"{title}. {told}.",
        {
            "criterion": tuple(pair.name for pair, _, _ in each),
            "packet": tuple(name for _, name, _ in each),
            "proven": tuple(half.proven for _, _, half in each),
            "possible": tuple(half.possible for _, _, half in each),
            "bar": tuple(half.bar for _, _, half in each),
            "status": tuple(half.status for _, _, half in each),
        },
    )


def _tell(pair: Pair, names: tuple[str, str]) -> str:
    first, second = names
    return f"{first} {tell_bullet(pair.upper)}; {second} {tell_bullet(pair.lower)}"


def _tell_ends(bullet: Bullet) -> str:
    return f"{bullet.proven:.2f} to {bullet.possible:.2f}"
