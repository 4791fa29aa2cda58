"""What the best packet could score, and the weights, bars and must-haves that this decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pmpromo.lint.finding import Finding
from pmpromo.scoring.kernel import combine, score_criterion, score_total
from pmpromo.scoring.plan import make_plan
from pmpromo.wording import write_figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmpromo.rubric import Rubric

__all__ = ["find_idle_weights", "find_out_of_reach", "measure_reach"]

MOST_SHOWN: Final = 100
"""How many showings the best packet has. Each counts less than the one before, so that further
ones add nothing that a score shows."""

SMALLEST_SHARE: Final = 0.02
"""A criterion of less weight moves the total by less than two points of a hundred: less than raters
differ over the same packet."""


def measure_reach(rubric: Rubric) -> tuple[float, ...]:
    """Return the highest score that any packet can have on each criterion.

    Everything is met, owned alone, recent, shown a hundred times, and vouched for by every kind of
    voice. What then holds a score down is the rubric's own policy.
    """
    plan = make_plan(rubric)
    shown = [plan.credibility[-1]] * MOST_SHOWN
    asked = [combine(shown, each.cap, plan.gamma) for each in plan.asked]
    return tuple(score_criterion([asked[place] for place in c.asked], c) for c in plan.criteria)


def find_out_of_reach(rubric: Rubric) -> Iterator[Finding]:
    """Find bars and must-haves above what the best packet scores."""
    reach = measure_reach(rubric)
    for criterion, most in zip(rubric.criteria, reach, strict=True):
        bar = rubric.get_bar(criterion)
        if bar > most:
            yield _tell(criterion.id, f"its bar is {write_figure(bar)}", most)
        if criterion.must_have is not None and criterion.must_have > most:
            must_have = write_figure(criterion.must_have)
            yield _tell(criterion.id, f"it must have {must_have}", most)
    yield from _find_total(rubric, reach)


def _find_total(rubric: Rubric, reach: Sequence[float]) -> Iterator[Finding]:
    most = score_total(reach, make_plan(rubric))[1]
    if rubric.bar > most:
        yield _tell("bar", f"the bar of the total is {write_figure(rubric.bar)}", most)


def _tell(where: str, asked: str, most: float) -> Finding:
    message = f"{asked}, and no packet can score more than {most:.3f}"
    return Finding("out_of_reach", where, message, "lower it, or change how evidence is weighed")


def find_idle_weights(rubric: Rubric) -> Iterator[Finding]:
    """Find criteria whose weight moves the total by next to nothing."""
    for criterion, weight in zip(rubric.criteria, rubric.weights, strict=True):
        if weight == 0 and criterion.must_have is None:
            hint = "give it a weight, or leave it out"
            yield Finding("weight", criterion.id, "has no weight: nothing in it counts", hint)
        elif 0 < weight < SMALLEST_SHARE:
            percent = f"{float(weight) * 100:.2g} percent"
            message = f"moves the total by at most {percent}"
            yield Finding("weight", criterion.id, message, "raise its weight, or leave it out")
