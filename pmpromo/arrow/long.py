"""A batch as the long frame that `score_frame` reads: one row a fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pmpromo.arrow.unfolded import count_values

if TYPE_CHECKING:
    from pmpromo.arrow.shape import Array
    from pmpromo.arrow.unfolded import Ints, Unfolded

__all__ = ["lay_out"]

_OF_ITEMS: Final = (
    "ownership",
    "share",
    "started",
    "ended",
    "in_progress",
    "support_complete",
)
_OF_FACTS: Final = ("value", "baseline", "unit", "status", "period", "point", "uri")


def lay_out(levels: Unfolded) -> pa.Table:
    """Return one row a fact, and one for what has no fact; packets go by their places.

    Items go by their places, too, and each names its achievement: what two packets, or two items,
    call the same stays apart.
    """
    packet, item, fact = _number_rows(levels)
    items, facts = levels.items.fields, levels.facts.fields
    achievements = pc.coalesce(items["achievement"], items["id"])
    columns = {
        "packet_id": _name(packet),
        "evidence_id": _name(item),
        "achievement": _take(achievements, item),
        "fact": _take(pc.coalesce(facts["metric"], facts["behaviour"], facts["artifact"]), fact),
        "support": _take(_write_support(levels), item),
        "declared_none": _take(_join(levels.packets["declared_none"]), packet),
        "as_of": _take(levels.packets["as_of"], packet),
    }
    columns |= {name: _take(items[name], item) for name in _OF_ITEMS}
    columns |= {name: _take(facts[name], fact) for name in _OF_FACTS}
    columns |= {name: _take(_join(facts[name]), fact) for name in ("sections", "reviewers")}
    return pa.table(columns)


def _number_rows(levels: Unfolded) -> tuple[Ints, Ints, Ints]:
    """Return for each row the places of its packet, its item and its fact; -1 is none."""
    owner = levels.items.owner
    counts = count_values(levels.items.fields["facts"])
    rows = np.maximum(counts, 1)
    item = np.repeat(np.arange(len(owner)), rows)
    inside = np.arange(len(item)) - np.repeat(np.cumsum(rows) - rows, rows)
    first = np.cumsum(counts) - counts
    fact = np.where(counts[item] > 0, first[item] + inside, -1)
    bare = np.flatnonzero(count_values(levels.packets["evidence"]) == 0)
    none = np.full(len(bare), -1)
    return (
        np.concatenate([owner[item], bare]),
        np.concatenate([item, none]),
        np.concatenate([fact, none]),
    )


def _name(places: Ints) -> Array:
    """Return places as names."""
    names = [str(place) for place in range(int(places.max(initial=-1)) + 1)]
    codes = pa.array(places, pa.int32(), mask=places < 0)
    return pa.DictionaryArray.from_arrays(codes, pa.array(names, pa.string()))


def _take(array: Array, places: Ints) -> Array:
    """Return an array by places; text and flags as codes, which a frame reads quickest."""
    if pa.types.is_boolean(array.type):
        array = pc.if_else(array, "true", "false")
    coded = array.dictionary_encode() if pa.types.is_string(array.type) else array
    return coded.take(pa.array(places, mask=places < 0))


def _join(lists: Array) -> Array:
    """Write lists of names as text; an empty one is known to be empty."""
    joined = pc.binary_join(lists, "|")
    return pc.if_else(pc.equal(joined, ""), "none", joined)


def _write_support(levels: Unfolded) -> Array:
    """Write the voices behind each item as a frame has them (see `pmpromo.frame.voices`)."""
    lists = levels.items.fields["support"]
    voices = levels.voices.fields
    candidates = levels.packets["candidate"].take(levels.items.owner).take(levels.voices.owner)
    same = pc.equal(pc.ascii_lower(voices["by"]), pc.ascii_lower(candidates))
    is_own = pc.fill_null(same, fill_value=False)
    agrees = pc.or_(pc.fill_null(voices["agrees"], fill_value=True), is_own)
    saw = pc.if_else(voices["worked_on_it"], "", "~")
    point = pc.binary_join_element_wise(":", voices["point"].cast(pa.string()), "")
    fact = pc.binary_join_element_wise(point, ":", voices["fact"], "")
    told = pc.binary_join_element_wise(
        pc.if_else(is_own, "self", voices["relation"]),
        pc.if_else(agrees, "", "@"),
        pc.if_else(pc.fill_null(voices["same_report_line"], fill_value=False), "*", ""),
        pc.fill_null(saw, "?"),
        pc.fill_null(pc.coalesce(fact, point), ""),
        "",
    )
    offsets = pa.array([0, *np.cumsum(count_values(lists)).tolist()], pa.int32())
    return _join(pa.ListArray.from_arrays(offsets, told, mask=lists.is_null()))
