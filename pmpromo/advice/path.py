"""The noun of a path: every way to the bar that was looked for, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field

from pmpromo.advice.record import read_record, write_record
from pmpromo.advice.route import Route  # noqa: TC001 - types of fields are read at run time
from pmpromo.advice.route_text import (
    WIDTH,
    tell_alone,
    tell_days,
    tell_expiry,
    write_others,
    write_route,
)
from pmpromo.frame import make_frame
from pmpromo.pictures.markup import element
from pmpromo.pictures.terminal import draw_bar, write_wrapped
from pmpromo.words import Day, Version  # noqa: TC001 - types of fields are read at run time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.frame import DataFrame

__all__ = ["Only", "Path"]

Only = Literal["documents", "work"]
"""Steps that write down what is known, or steps that need new work."""

NEAR: Final = 0.1
"""A route that takes at most so much more than the cheapest one, in proportion, is as good as it:
efforts are guesses, and nobody guesses nearer than a tenth."""

DISCLAIMER: Final = (
    "This concerns the score under this rubric. A committee votes as it thinks right, and the"
    " rubric is a guess at how."
)


@dataclass(frozen=True, slots=True, repr=False)
class Path:
    """The cheapest ways to the bar, on the proven end. Made by `find_path`; plain frozen data.

    `routes` come cheapest first, and none holds another. `documents` and `work` are the cheapest
    ways by writing down alone, and by new work alone. Where `exact` is false the search stopped
    early, and no route takes less than `bound`. It concerns the score under this rubric; a
    committee votes as it thinks right.

    >>> from pmpromo import find_path, load_packet
    >>> path = find_path(load_packet("examples/packets/spm-b.yaml"))
    >>> path.routes[0].steps[0].remedy
    "state the status of 'Operating margin of the unit'"
    >>> round(path.routes[0].total, 3), path.exact
    (0.772, True)
    """

    schema_version: Annotated[Version, Field(description="Version of this format.")]
    packet_id: Annotated[str, Field(description="The packet.")]
    rubric_id: Annotated[str, Field(description="The rubric.")]
    rubric_version: Annotated[str, Field(description="Version of its content.")]
    as_of: Annotated[Day, Field(description="The day from which ages were counted.")]
    bar: Annotated[float, Field(description="The total that meets the rubric.")]
    proven: Annotated[float, Field(description="The proven total today.")]
    met: Annotated[bool, Field(description="Whether the bar is reached already.")]
    only: Annotated[Only | None, Field(description="Which steps were looked at; none for all.")]
    routes: Annotated[tuple[Route, ...], Field(description="Ways to the bar, cheapest first.")]
    documents: Annotated[Route | None, Field(description="The cheapest by writing down alone.")]
    work: Annotated[Route | None, Field(description="The cheapest by new work alone.")]
    exact: Annotated[bool, Field(description="Whether the first route is proven the cheapest.")]
    bound: Annotated[
        float | None, Field(description="Where it is not: what every route takes at least.")
    ]
    reach: Annotated[float, Field(description="The proven total with everything closed.")]
    blocked_by: Annotated[
        tuple[str, ...], Field(description="Must-haves that nothing that could be closed reaches.")
    ]
    expires: Annotated[
        Day | None, Field(description="If the bar is met: when recency would undo that.")
    ]

    @property
    def near_ties(self) -> tuple[Route, ...]:
        """Other routes that take hardly more than the first."""
        return tuple(
            route for route in self.routes[1:] if route.effort <= (1 + NEAR) * self.routes[0].effort
        )

    def to_frame(self) -> DataFrame:
        """Return one row a step: route, effort, kind, nature, remedy, gain, total and more."""
        rows = [(place, step) for place, route in enumerate(self.routes) for step in route.steps]
        columns: dict[str, list[object]] = {
            "packet_id": [self.packet_id] * len(rows),
            "route": [place + 1 for place, _ in rows],
        }
        for name in ("id", "kind", "nature", "remedy", "effort", "gain", "total"):
            columns[name] = [getattr(step, name) for _, step in rows]
        return make_frame(columns)

    def model_dump_json(self, *, indent: int | None = None) -> str:
        """Return everything as JSON text; `from_json` gives it back."""
        return write_record(self, indent)

    @classmethod
    def from_json(cls, text: str | bytes) -> Path:
        """Return the path of a JSON text; raise `DataError` where it is none."""
        return read_record(cls, text)

    def report(self) -> str:
        """Return the path as text of 80 columns."""
        parts = [_write_head(self), *_write_findings(self), write_wrapped(DISCLAIMER, WIDTH)]
        return "\n\n".join("\n".join(part) for part in parts if part)

    def __str__(self) -> str:
        return self.report()

    def __repr__(self) -> str:
        least = tell_days(self.routes[0].effort) if self.routes else "no steps"
        return f"Path({self.packet_id!r}, {self.rubric_id!r}, met={self.met}, least={least!r})"

    def _repr_html_(self) -> str:
        return element("pre", self.report())


def _write_head(path: Path) -> list[str]:
    kind = {"documents": " by writing down alone", "work": " by new work alone"}
    title = f"{path.packet_id}: the path to the bar{kind.get(path.only or '', '')}"
    where = f"read against {path.rubric_id} {path.rubric_version}, as of {path.as_of.isoformat()}"
    verdict = f"Rubric bar {path.bar:.2f}: {'met' if path.met else 'not met'}."
    return [
        *write_wrapped(title, WIDTH),
        *write_wrapped(where, WIDTH),
        "",
        f"{verdict}  Proven {path.proven:.3f}.",
        draw_bar(path.proven, path.proven, path.bar, cells=60),
    ]


def _write_findings(path: Path) -> Iterator[list[str]]:
    if path.met:
        yield write_wrapped(f"Nothing needs to be closed. {tell_expiry(path.expires)}", WIDTH)
    elif not path.routes:
        yield write_wrapped(_explain_barriers(path), WIDTH)
    else:
        yield write_route(_title(path), path.routes[0])
        yield write_wrapped(_tell_certainty(path), WIDTH)
        yield write_others(path.routes)
        yield _write_apart(path)


def _title(path: Path) -> str:
    best = "The least effort" if path.exact else "The best that was found"
    return f"{best}: {tell_days(path.routes[0].effort)}"


def _tell_certainty(path: Path) -> str:
    if path.exact:
        told = "No other set of steps takes less, by the efforts given."
    else:
        told = (
            "The search stopped early: a cheaper set may exist, but none takes less than"
            f" {tell_days(path.bound or 0.0)}."
        )
    return f"{told} Steps to write down count at their best; steps that gain 0 count together."


def _explain_barriers(path: Path) -> str:
    told = f"No steps reach the bar: with everything closed the total is {path.reach:.3f}."
    if path.blocked_by:
        kind = "must-have" if len(path.blocked_by) == 1 else "must-haves"
        return f"{told} The {kind} {', '.join(path.blocked_by)} stays out of reach."
    return f"{told} No must-have is in the way; what can be closed is not enough."


def _write_apart(path: Path) -> list[str]:
    if path.only is not None:
        return []
    told = (("By writing down alone", path.documents), ("By new work alone", path.work))
    return [f"{name}: {tell_alone(route)}" for name, route in told]
