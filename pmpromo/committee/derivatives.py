"""Slopes and second derivatives of complete data: what cells give where belief lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pmpromo.committee.arrays import FloatArray, IndexArray
    from pmpromo.committee.curves import Cells, Curves
    from pmpromo.committee.panels import Totals
    from pmpromo.committee.parameters import Layout

__all__ = ["bend_cells", "find_thresholds", "slope_cells", "slope_totals"]


def slope_totals(totals: Totals, layout: Layout) -> FloatArray:
    """Return the slope of the part of the log likelihood that is linear in the unknowns."""
    slope = np.zeros(layout.size)
    slope[layout.severity] = -totals.rater
    slope[layout.difficulty] = -totals.criterion
    above = totals.above if layout.n_tables > 1 else totals.above.sum(axis=0)
    slope[layout.threshold] = -above.ravel()
    return slope


def slope_cells(layout: Layout, cells: Cells, curves: Curves, mass: FloatArray) -> FloatArray:
    """Return what was expected, by rater, criterion and threshold.

    `mass` (cells, nodes) is the belief about all packets that a cell rated.
    """
    slope = np.zeros(layout.size)
    expected = (mass * curves.mean).sum(axis=1)
    np.add.at(slope, cells.rater, expected)
    np.add.at(slope, layout.n_raters + cells.criterion, expected)
    np.add.at(slope, find_thresholds(layout, cells), np.einsum("cn,kcn->ck", mass, curves.above))
    return slope


def find_thresholds(layout: Layout, cells: Cells) -> IndexArray:
    """Return where the thresholds of each cell stand, (cells, steps)."""
    tables = cells.criterion if layout.n_tables > 1 else np.zeros_like(cells.criterion)
    start = layout.threshold.start + tables * layout.n_steps
    return np.asarray(start[:, None] + np.arange(layout.n_steps))


def bend_cells(layout: Layout, cells: Cells, curves: Curves, mass: FloatArray) -> FloatArray:
    """Return minus the covariance of (step, step >= 1, .., step >= K), summed over cells."""
    own = find_covariance(curves, mass)
    places = np.column_stack([cells.rater, find_thresholds(layout, cells)])
    others = np.column_stack([layout.n_raters + cells.criterion, find_thresholds(layout, cells)])
    result = np.zeros((layout.size, layout.size))
    for rows, columns in ((places, places), (others, others)):
        np.subtract.at(result, (rows[:, :, None], columns[:, None, :]), own)
    # Thresholds were counted with both; rater and criterion not yet with each other.
    inner = find_thresholds(layout, cells)
    np.add.at(result, (inner[:, :, None], inner[:, None, :]), own[:, 1:, 1:])
    np.subtract.at(result, (places[:, 0], others[:, 0]), own[:, 0, 0])
    np.subtract.at(result, (others[:, 0], places[:, 0]), own[:, 0, 0])
    return result


def find_covariance(curves: Curves, mass: FloatArray) -> FloatArray:
    """Return the covariance matrix of (step, step >= 1, .., step >= K) by cell, over its mass.

    With P_k = P(step >= k): Cov(step >= h, step >= k) = P_max(h, k) - P_h P_k, and step is the sum
    of its indicators.
    """
    above = curves.above
    n_steps, n_cells, _ = above.shape
    result = np.empty((n_cells, n_steps + 1, n_steps + 1))
    for h in range(n_steps):
        for k in range(h, n_steps):
            both = ((above[k] - above[h] * above[k]) * mass).sum(axis=1)
            result[:, h + 1, k + 1] = result[:, k + 1, h + 1] = both
    result[:, 0, 1:] = result[:, 1:, 1:].sum(axis=1)
    result[:, :, 0] = np.column_stack([result[:, 0, 1:].sum(axis=1), result[:, 0, 1:]])
    return result
