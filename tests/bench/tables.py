"""What was measured, as Markdown tables: each figure in thousandths, or a share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from bench.measure import METHODS, OURS
from bench.peers import PEERS
from bench.truths import TRUTHS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bench.measure import Results

__all__ = ["write_tables"]

THOUSAND: Final = 1000

Measured = dict[int, "Results"]


def write_tables(found: Measured) -> str:
    """Return every table, each under its title."""
    parts = {
        "Divergence from the truth (1/1000 nat)": write_means(found, "divergence"),
        "How much farther than the path (1/1000 nat, with standard error)": write_gaps(found),
        "Squared error beyond the truth's own (1/1000)": write_means(found, "brier"),
        "Share of true probabilities inside the 90 % interval": write_coverage(found),
        "The same for the path, by truth": write_coverage_by_truth(found),
    }
    for n, results in found.items():
        parts[f"Divergence by truth at n = {n} (1/1000 nat)"] = write_truths(results)
    return "\n".join(f"\n{title}\n\n{table}" for title, table in parts.items())


def write_means(found: Measured, measure: str) -> str:
    """Return the mean of a measure over all truths, a method a row and a size a column."""
    rows = (
        [name, *(show(THOUSAND * found[n].mean(name, measure)) for n in found)] for name in METHODS
    )
    return draw_table(["method", *name_sizes(found)], rows)


def write_gaps(found: Measured) -> str:
    """Return how much farther each method lies from the truth than the path, history by history."""
    rows = (
        [name, *(show_gap(*found[n].compare("path", name)) for n in found)]
        for name in METHODS
        if name != "path"
    )
    return draw_table(["method", *name_sizes(found)], rows)


def write_coverage(found: Measured) -> str:
    """Return the share of true probabilities inside the interval, over all truths."""
    rows = ([name, *(show(found[n].mean(name, "inside"), 2) for n in found)] for name in METHODS)
    return draw_table(["method", *name_sizes(found)], rows)


def write_coverage_by_truth(found: Measured) -> str:
    """Return the same for the path alone, a truth a row."""
    rows = (
        [truth.name, *(show(found[n].mean("path", "inside", truth.name), 2) for n in found)]
        for truth in TRUTHS
    )
    return draw_table(["truth", *name_sizes(found)], rows)


def write_truths(results: Results) -> str:
    """Return the mean divergence of each method from each truth."""
    names = [*OURS, *PEERS]
    rows = (
        [truth.name, *(show(THOUSAND * results.mean(m, truth=truth.name)) for m in names)]
        for truth in TRUTHS
    )
    return draw_table(["truth", *names], rows)


def name_sizes(found: Measured) -> list[str]:
    """Return the heads of columns, one a size."""
    return [f"n = {n}" for n in found]


def show(value: float, decimals: int = 1) -> str:
    """Return a figure, or a dash for what was not measured."""
    return "-" if np.isnan(value) else f"{value:.{decimals}f}"


def show_gap(gap: float, error: float) -> str:
    """Return a difference in thousandths with its standard error."""
    return "-" if np.isnan(gap) else f"{THOUSAND * gap:+.1f} ± {THOUSAND * error:.1f}"


def draw_table(head: list[str], rows: Iterable[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
