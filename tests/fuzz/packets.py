"""Packets and rubrics built from a fuzzer's choices, and the laws that every score obeys."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar, get_args

from hostile.judge import find_breaches

from pmpromo import Assessment, assess, find_path, load_rubric, parse_packet, parse_rubric
from pmpromo import Path as Way
from pmpromo.errors import PmpromoError
from pmpromo.ladder import Artifact, Behaviour, Metric
from pmpromo.policy import Ownership, Relation
from pmpromo.requirement import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pmpromo import Packet, Rubric

__all__ = ["Choices", "Provider", "score_packet"]

Content = dict[str, Any]
T = TypeVar("T")

FIRST: Final = date(1999, 12, 31)
"""Days of packets begin here, and go on for seventy years."""

LARGEST: Final = 1e18
"""The largest figure that a packet may state; a little more is tried too."""

RARELY: Final = 40
"""Of how many choices one is for what no packet may say: the others keep packets whole."""

EDGES: Final = (0.0, -0.0, 5e-324, 1e-300, 1e-9, 1.0, 18.0, 35.0, 100.0, 1e9, 1e18, -1e18)
"""Figures at which formulas turn; others come from the fuzzer."""

UNITS: Final = (
    "percent",
    "percent/year",
    "percentage_point",
    "ratio",
    "basis_point",
    "usd_million/year",
    "millisecond",
    "account",
)
"""Units of which some convert into each other."""


class Provider(Protocol):
    """What turns bytes into choices; the names are those of atheris."""

    def ConsumeIntInRange(self, low: int, high: int, /) -> int:  # noqa: N802 - its name
        """Return a whole number, ends included."""

    def ConsumeFloat(self) -> float:  # noqa: N802 - its name
        """Return any float, also none that is finite."""


class Choices:
    """Choices made from bytes by hand, where atheris is not installed; zeros at their end.

    >>> choices = Choices(bytes([7, 1]))
    >>> choices.ConsumeIntInRange(0, 4), choices.ConsumeIntInRange(0, 4)
    (2, 1)
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def _take(self, count: int) -> int:
        taken = self._data[self._at : self._at + count].ljust(count, b"\0")
        self._at += count
        return int.from_bytes(taken, "little")

    def ConsumeIntInRange(self, low: int, high: int) -> int:  # noqa: N802 - a name of atheris
        """Return a whole number, ends included."""
        span = high - low + 1
        return low + self._take((span.bit_length() + 7) // 8) % span

    def ConsumeFloat(self) -> float:  # noqa: N802 - a name of atheris
        """Return any float, also none that is finite."""
        sign = -1 if self._take(1) % 2 else 1
        return sign * math.ldexp(self._take(6), self.ConsumeIntInRange(-1200, 900))


make_choices: Callable[[bytes], Provider] = Choices
"""What makes choices; a run with atheris puts its own in this place."""


def pick(choices: Provider, options: Sequence[T]) -> T:
    """Choose one of some."""
    return options[choices.ConsumeIntInRange(0, len(options) - 1)]


def maybe(choices: Provider, make: Callable[[], T]) -> T | None:
    """Choose a value, or that nothing is known of it."""
    return make() if choices.ConsumeIntInRange(0, 3) else None


def pick_figure(choices: Provider) -> float:
    """Choose a figure: one near a target, one at an edge, or any."""
    sort = choices.ConsumeIntInRange(0, 15)
    if sort < 5:
        return pick(choices, EDGES)
    if sort == 5:
        return choices.ConsumeFloat()
    return choices.ConsumeIntInRange(-400, 4000) / 16


def pick_day(choices: Provider, first: int = 0, last: int = 20_000) -> str:
    """Choose a day, by default one before the day of every packet."""
    return (FIRST + timedelta(choices.ConsumeIntInRange(first, last))).isoformat()


def happens_rarely(choices: Provider) -> bool:
    """Choose whether something happens that makes most packets wrong."""
    return choices.ConsumeIntInRange(0, RARELY) == RARELY


def pick_few(choices: Provider, options: Sequence[T]) -> list[T]:
    """Choose some of several, each once."""
    return [option for option in options if choices.ConsumeIntInRange(0, 1)] if options else []


def pick_parts(choices: Provider, options: Sequence[str]) -> object:
    """Choose the parts of an artifact: some, none, or unknown."""
    return pick(choices, (None, "none", pick_few(choices, options)))


def drop_unknown(content: Content) -> Content:
    """Leave out what nothing is known of."""
    return {key: value for key, value in content.items() if value is not None}


def build_fact(choices: Provider, ladder: Any) -> Content:  # noqa: ANN401 - a ladder of either kind
    """Build a fact that the ladder knows; rarely one that it does not."""
    name = "nobody_knows" if happens_rarely(choices) else pick(choices, sorted(ladder.facts))
    fact = ladder.facts.get(name)
    if isinstance(fact, Behaviour):
        return drop_unknown(
            {"behaviour": name, "point": maybe(choices, lambda: choices.ConsumeIntInRange(0, 4))}
        )
    if isinstance(fact, Artifact):
        parts = {
            "sections": pick_parts(choices, fact.sections),
            "reviewers": pick_parts(choices, fact.reviewers),
        }
        return drop_unknown({"artifact": name, **parts})
    own = fact.unit if isinstance(fact, Metric) else "percent"
    unit = pick(choices, UNITS) if happens_rarely(choices) else own
    return drop_unknown(
        {
            "metric": name,
            "value": maybe(choices, lambda: pick_figure(choices)),
            "baseline": maybe(choices, lambda: pick_figure(choices)),
            "unit": unit,
            "status": maybe(choices, lambda: pick(choices, get_args(Status))),
        }
    )


def build_voice(choices: Provider) -> Content:
    """Build one voice."""
    return drop_unknown(
        {
            "relation": pick(choices, get_args(Relation)),
            "by": maybe(choices, lambda: pick(choices, ("a", "b", "m-1"))),
            "agrees": pick(choices, (True, True, False)),
            "same_report_line": pick(choices, (False, True)),
            "point": maybe(choices, lambda: choices.ConsumeIntInRange(0, 4)),
            "dated": maybe(choices, lambda: pick_day(choices)),
        }
    )


def build_item(choices: Provider, number: int, ladder: Any) -> Content:  # noqa: ANN401 - see above
    """Build an item of evidence."""
    part = pick(choices, ("ownership", "share", "unknown"))
    voices = [build_voice(choices) for _ in range(choices.ConsumeIntInRange(0, 3))]
    return drop_unknown(
        {
            "id": f"e-{number}",
            "title": "Did it",
            "achievement": maybe(choices, lambda: pick(choices, ("a", "b"))),
            "ownership": pick(choices, get_args(Ownership)) if part == "ownership" else None,
            "share": choices.ConsumeIntInRange(0, 64) / 64 if part == "share" else None,
            "started": maybe(choices, lambda: pick_day(choices, 0, 15_000)),
            "ended": maybe(choices, lambda: pick_day(choices, 14_990)),
            "in_progress": happens_rarely(choices),
            "facts": [build_fact(choices, ladder) for _ in range(choices.ConsumeIntInRange(0, 3))],
            "support": pick(choices, (None, "none", voices)),
            "support_complete": pick(choices, (False, True)),
        }
    )


def build_packet(choices: Provider, rubric: Rubric) -> Content:
    """Build a packet of up to four items."""
    items = choices.ConsumeIntInRange(0, 4)
    return {
        "id": "p-1",
        "as_of": pick_day(choices, 19_990, 25_000),
        "evidence": [build_item(choices, number, rubric.ladder) for number in range(items)],
        "declared_none": pick_few(choices, [each.id for each in rubric.criteria][:3]),
    }


def build_rubric(choices: Provider) -> Rubric:
    """Build a rubric: the shipped one, or one with other figures, weights and policies."""
    shipped = load_rubric("pure-storage-pm/l3-l4")
    if choices.ConsumeIntInRange(0, 1):
        return shipped
    asked = {"fact": "unit_arr_growth", "unit": "percent/year"} | build_target(choices)
    read = {"fact": "aligns_functions", "point": choices.ConsumeIntInRange(1, 4)}
    weights = [choices.ConsumeIntInRange(0, 3), pick(choices, ("0.000001", 1, 100, "99999999999"))]
    criteria = [
        drop_unknown({"id": name, "name": name, "weight": weight, "requirements": [need]})
        for name, weight, need in zip(("arr", "reach"), weights, (asked, read), strict=True)
    ]
    criteria[0] |= drop_unknown({"must_have": maybe(choices, lambda: 0.01)})
    content: Content = {
        "id": "fuzz",
        "name": "Fuzz",
        "current_level": "L3",
        "target_level": "L4",
        "ladder": "pure-storage-pm",
        "bar": choices.ConsumeIntInRange(1, 99) / 100,
        "criteria": criteria,
        "complements": pick(choices, ([], [{"pair": ["arr", "reach"], "strength": 0.001}])),
        "evidence": build_policy(choices),
    }
    return parse_rubric(content)


def build_target(choices: Provider) -> Content:
    """Build a target of any direction."""
    direction = pick(
        choices, ("at_least", "more_than", "at_most", "less_than", "between", "within")
    )
    if direction == "between":
        return {direction: sorted((pick_figure(choices), pick_figure(choices)))}
    if direction == "within":
        read_as = pick(choices, ("relative", "absolute"))
        within = {"tolerance": pick_figure(choices), "read_as": read_as, "of": pick_figure(choices)}
        return {direction: within}
    return {direction: pick_figure(choices)}


def build_policy(choices: Provider) -> Content:
    """Build how evidence is weighed, with shares of any size."""
    policy = load_rubric("pure-storage-pm/l3-l4").evidence.model_dump(mode="json")
    for part in ("ownership", "credibility"):
        for name, value in policy[part].items():
            if isinstance(value, float) and choices.ConsumeIntInRange(0, 7) == 0:
                policy[part][name] = choices.ConsumeIntInRange(0, 64) / 64
    return policy


def score_packet(data: bytes) -> None:
    """Score a packet against a rubric, both built from bytes, and hold the scores to their laws."""
    choices = make_choices(data)
    try:
        rubric = build_rubric(choices)
        packet = parse_packet(build_packet(choices, rubric))
        assessment = assess(packet, rubric)
    except PmpromoError as error:
        breaches = find_breaches(error, "")
        assert not breaches, breaches
        return
    check_scores(assessment)
    # A path takes ten times as long as a score.
    if choices.ConsumeIntInRange(0, 7) == 0:
        check_path(packet, rubric, assessment)


def check_scores(assessment: Assessment) -> None:
    """Ends are shares, and nested; gaps are finite; what is written is read as the same."""
    for name, proven, possible in list_ends(assessment):
        assert 0 <= proven <= possible <= 1, (name, proven, possible)
    for gap in assessment.gaps:
        numbers = (gap.gain, gap.gain_before_gates, gap.shortfall)
        assert all(math.isfinite(number) for number in numbers if number is not None), gap
        assert gap.gain >= 0, gap
    readiness = assessment.readiness
    assert 0 <= readiness.low <= readiness.probability <= readiness.high <= 1, readiness
    written = assessment.model_dump_json()
    again = Assessment.from_json(written)
    assert again.model_dump_json() == written
    assert again.result_id == assessment.result_id
    str(assessment)


def list_ends(assessment: Assessment) -> list[tuple[str, float, float]]:
    """List the ends of the total and of each criterion."""
    total = ("total", assessment.proven, assessment.possible)
    return [total, *((each.id, each.proven, each.possible) for each in assessment.criteria)]


def check_path(packet: Packet, rubric: Rubric, assessment: Assessment) -> None:
    """The way to the bar starts at the proven total, and each route that is taken scores so."""
    path = find_path(packet, rubric, limit=1)
    assert path.proven == assessment.proven
    assert path.proven <= path.reach <= 1, path.reach
    assert path.met == assessment.met
    assert Way.from_json(path.model_dump_json()) == path
    for route in path.routes:
        assert assess(route.apply(packet), rubric).proven == route.total, route
