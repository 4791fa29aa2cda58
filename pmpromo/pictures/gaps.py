"""What each single step would add to a total: every bar starts where the total is today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pmpromo.pictures.chart import Chart, Key, Row
from pmpromo.pictures.picture import Picture
from pmpromo.pictures.scale import choose_scale
from pmpromo.pictures.svg import Box, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmpromo.pictures.scale import Scale
    from pmpromo.pictures.svg import Mark

__all__ = ["Step", "draw_steps"]


class Step(NamedTuple):
    """One step taken alone: what it adds to the total, and what it would if nothing held it down.

    `words` stand beside it, such as what kind of step it is.
    """

    name: str
    gain: float
    unheld: float
    words: str = ""


KEYS: Final = (
    Key((Box(0, 1, "gap"),), "what the step alone adds"),
    Key((Box(0, 1, "gap", 0.3, edged=True),), "what a must-have holds back"),
    Key((Line(((0.5, 0), (0.5, 1)), dashed=True),), "today"),
    Key((Line(((0.5, 0), (0.5, 1))),), "bar"),
)
NOTE: Final = "The steps do not add up: each is shown as if it were the only one."


def draw_steps(title: str, steps: Sequence[Step], today: float, bar: float) -> Picture:
    """Return steps as a picture, each from the total of `today` towards the `bar`.

    >>> draw_steps("Gaps", [Step("raise the figure", 0.1, 0.1, "new work")], 0.5, 0.75).alt
    'Gaps. Today 0.50, bar 0.75. raise the figure: +0.100.'
    """
    reached = [today + max(step.gain, step.unheld, 0.0) for step in steps]
    scale = choose_scale([today, bar, *reached])
    rows = tuple(
        Row(
            step.name,
            tuple(_list_marks(step, today, bar, scale)),
            _tell(step),
            (f"{step.gain:+.3f}",),
            (step.words,),
        )
        for step in steps
    )
    heads = ("Step", "Adds", "Total", "Kind")
    held = any(step.unheld > step.gain for step in steps)
    keys = KEYS if held else (KEYS[0], *KEYS[2:])
    told = "".join(f" {step.name}: {_tell(step)}." for step in steps) or " No step adds anything."
    return Picture(
        Chart(title, heads, rows, scale.ticks, keys, notes=(NOTE,), size=(240, 14)),
        f"{title}. Today {today:.2f}, bar {bar:.2f}.{told}",
        {
            "step": tuple(step.name for step in steps),
            "gain": tuple(step.gain for step in steps),
            "unheld": tuple(step.unheld for step in steps),
            "kind": tuple(step.words for step in steps),
        },
    )


def _list_marks(step: Step, today: float, bar: float, scale: Scale) -> Iterator[Mark]:
    start = scale.place(today)
    end, held = (scale.place(today + gain) for gain in (step.gain, step.unheld))
    yield Box(0, 1, "text", 0.12, 1 / 7, 6 / 7)
    if held > end:
        yield Box(end, held, "gap", 0.3, 1 / 7, 6 / 7, edged=True)
    if end > start:
        yield Box(start, end, "gap", 1.0, 1 / 7, 6 / 7)
    yield Line(((start, 0), (start, 1)), dashed=True)
    yield Line(((scale.place(bar), 0), (scale.place(bar), 1)))


def _tell(step: Step) -> str:
    held = f", {step.unheld:+.3f} if nothing held it down" if step.unheld > step.gain else ""
    return f"{step.gain:+.3f}{held}"
