"""The tables of a desk, laid out for loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pmpromo.scoring.loops import judging, showing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmpromo.scoring.columns import Floats
    from pmpromo.scoring.desk import Desk, Layer
    from pmpromo.scoring.plan import Goal, Plan

__all__ = ["Shelf", "Special", "fill_shelf"]


class Special(NamedTuple):
    """A requirement that arrays work out: the form of its showings, its place among all asked."""

    form: int
    asked: int


class Shelf(NamedTuple):
    """What loops look up; `specials` by layer, `bars` (c,)."""

    scales: showing.ItemScales
    layers: tuple[showing.Layer, ...]
    specials: tuple[tuple[Special, ...], ...]
    means: judging.Means
    mixture: judging.Mixture
    gates: judging.Gates
    bars: Floats


def fill_shelf(desk: Desk) -> Shelf:
    """Lay out the tables of a desk all of whose showings are listed."""
    return Shelf(
        _list_scales(desk),
        tuple(_fill_layer(desk, layer) for layer in desk.layers),
        tuple(tuple(_list_specials(layer)) for layer in desk.layers),
        _list_means(desk.plan),
        _list_mixture(desk.plan),
        _list_gates(desk.plan),
        np.ravel(desk.bars),
    )


def _list_scales(desk: Desk) -> showing.ItemScales:
    tables, voices = desk.item_tables, desk.showings.numbering.heard
    if voices is None:
        voices = np.zeros(len(desk.columns.words.supports) + 1, dtype=np.int32)
    return showing.ItemScales(
        np.ascontiguousarray(tables.ownership.T),
        np.ascontiguousarray(tables.credibility.T),
        np.ascontiguousarray(tables.recency.T),
        voices,
    )


def _fill_layer(desk: Desk, layer: Layer) -> showing.Layer:
    numbering, nobody = desk.showings.numbering, len(desk.targets)
    asked = np.where(layer.asked < 0, nobody, layer.asked).astype(np.int64)
    forms = [_form(kin, place) for place, kin in enumerate(layer.kin)]
    form = np.array([*forms, 0])[layer.kin_of]
    settled = np.isnan(layer.unknown) & (form < showing.SPECIAL)
    caps = np.ones(len(asked)) if layer.caps is None else layer.caps
    reached = np.stack([*layer.reached, caps], axis=1)
    reached[settled, :2] = 0.0, 1.0
    return showing.Layer(
        np.arange(len(desk.names)) * (numbering.first * numbering.second),
        numbering.behaviours,
        numbering.second,
        asked,
        np.where(settled, 0, form),
        reached,
        np.array([*desk.targets, np.nan])[asked],
    )


def _form(kin: Goal | int, place: int) -> int:
    if isinstance(kin, int):
        return showing.SPECIAL + place
    told = showing.FIGURE + showing.STRICT * kin.strict + showing.PROGRESS * kin.needs_baseline
    return told + showing.BELOW * (kin.kind == "below")


def _list_specials(layer: Layer) -> Iterator[Special]:
    for place, kin in enumerate(layer.kin):
        if isinstance(kin, int):
            yield Special(_form(kin, place), kin)


def _list_means(plan: Plan) -> judging.Means:
    criteria = plan.criteria
    return judging.Means(
        np.cumsum([0, *(len(each.asked) for each in criteria)]),
        np.array([place for each in criteria for place in each.asked]),
        np.array([weight for each in criteria for weight in each.mean.weights], dtype=np.float64),
        np.array([each.best or each.mean.total for each in criteria], dtype=np.float64),
        np.array([each.best or 0 for each in criteria]),
    )


def _list_mixture(plan: Plan) -> judging.Mixture:
    return judging.Mixture(
        np.array(plan.total.weights, dtype=np.float64),
        np.array([pair[:2] for pair in plan.pairs], dtype=np.int64).reshape(-1, 2),
        np.array([pair[2] for pair in plan.pairs], dtype=np.float64),
        float(plan.total.total),
    )


def _list_gates(plan: Plan) -> judging.Gates:
    figures = [(gate.bar, gate.base, gate.minimum, gate.below, gate.top) for gate in plan.gates]
    return judging.Gates(
        np.array([gate.place for gate in plan.gates], dtype=np.int64),
        *np.array(figures, dtype=np.float64).reshape(-1, 5).T.copy(),
    )
