"""Which packets of a batch are unusual: the careful road looks at them, and judges.

A packet in doubt may well be sound. One that is not in doubt is read by both roads alike.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pmpromo.arrow.unfolded import find_owners, to_numpy
from pmpromo.ladder import Artifact, Behaviour, Metric
from pmpromo.policy import Relation
from pmpromo.words import is_identifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from pmpromo.arrow.shape import Array
    from pmpromo.arrow.unfolded import Bools, Ints, Unfolded
    from pmpromo.rubric import Rubric

__all__ = ["find_doubts"]

_KINDS: Final[tuple[tuple[str, type[object]], ...]] = (
    ("metric", Metric),
    ("behaviour", Behaviour),
    ("artifact", Artifact),
)
_PLAIN: Final = re.compile(r"[!-~](?:[ -~]{0,10000}[!-~])?")
"""A text that no reading changes."""

FIRST_DAY: Final = -719_162
LAST_DAY: Final = 2_932_896
"""The calendar, in days since 1970: years 1 to 9999."""


def find_doubts(levels: Unfolded, rubric: Rubric, as_of: date | None) -> Bools:
    """Tell for each packet whether it is in doubt."""
    items, packets = levels.items.owner, levels.packets.num_rows
    doubts = np.zeros(packets, dtype=bool)
    for in_doubt in _doubt_packets(levels):
        doubts |= in_doubt
    for in_doubt in _doubt_items(levels, as_of):
        doubts[items[in_doubt]] = True
    for level, found in (
        (levels.facts, _doubt_facts(levels, rubric)),
        (levels.voices, _doubt_voices(levels)),
    ):
        for in_doubt in found:
            doubts[items[level.owner[in_doubt]]] = True
    return doubts


def _doubt_packets(levels: Unfolded) -> Iterator[Bools]:
    packets = levels.packets
    yield ~_are_names(packets["id"]) | to_numpy(packets["id"].is_null())
    yield ~_are_names(packets["candidate"])
    yield ~_are_names(packets["rubric"])
    yield _doubt_lists(packets["declared_none"])
    yield ~_are_days(packets["as_of"])
    yield to_numpy(packets["evidence"].is_null())


def _doubt_items(levels: Unfolded, as_of: date | None) -> Iterator[Bools]:
    items = levels.items.fields
    yield ~_are_names(items["id"]) | to_numpy(items["id"].is_null())
    yield ~_are_names(items["achievement"])
    yield ~_are_finite(items["share"])
    yield ~_are_days(items["started"])
    yield ~_are_days(items["ended"])
    yield _find_repeats(levels)
    if as_of is not None:
        yield _find_contradictions(levels)


def _find_repeats(levels: Unfolded) -> Bools:
    """Find items whose id, whatever its case, is that of an item before in their packet."""
    ids = pc.ascii_lower(levels.items.fields["id"]).dictionary_encode()
    codes = to_numpy(pc.fill_null(ids.indices, 0)).astype(np.int64)
    keys = levels.items.owner * (len(ids.dictionary) + 1) + codes
    repeats = np.ones(len(keys), dtype=bool)
    repeats[np.unique(keys, return_index=True)[1]] = False
    return repeats


def _find_contradictions(levels: Unfolded) -> Bools:
    """Find items that contradict the day of their own packet, for that day is not counted from."""
    items = levels.items.fields
    day = _read_days(levels.packets["as_of"], LAST_DAY + 1)[levels.items.owner]
    is_on = to_numpy(pc.fill_null(items["in_progress"], fill_value=False))
    started = _read_days(items["started"], FIRST_DAY)
    over = _read_days(items["ended"], FIRST_DAY)
    ends = _read_days(items["ended"], LAST_DAY)
    late: Bools = (started > day) | ((over > day) & ~is_on) | ((ends < day) & is_on)
    return late & (day <= LAST_DAY)


def _doubt_facts(levels: Unfolded, rubric: Rubric) -> Iterator[Bools]:
    facts = levels.facts.fields
    stated = np.stack([to_numpy(facts[name].is_valid()) for name, _ in _KINDS])
    yield stated.sum(axis=0) != 1
    for name, kind in _KINDS:
        known = {each for each, fact in rubric.ladder.facts.items() if type(fact) is kind}
        yield ~_check_words(facts[name], known.__contains__)
    for name in ("unit", "period"):
        yield ~_are_names(facts[name])
    for name in ("value", "baseline"):
        yield ~_are_finite(facts[name])
    for name in ("sections", "reviewers"):
        yield _doubt_lists(facts[name])
    yield ~_check_words(facts["uri"], lambda text: _PLAIN.fullmatch(text) is not None)


def _doubt_voices(levels: Unfolded) -> Iterator[Bools]:
    voices = levels.voices.fields
    yield ~_check_words(voices["relation"], get_args(Relation).__contains__)
    yield to_numpy(voices["relation"].is_null())
    yield ~_are_names(voices["by"])
    yield ~_are_names(voices["fact"])


def _doubt_lists(lists: Array) -> Bools:
    """Find lists of names that text between bars cannot hold."""
    names = lists.flatten()
    odd = ~_check_words(names, lambda name: name != "none" and is_identifier(name))
    odd |= to_numpy(names.is_null())
    doubts = np.zeros(len(lists), dtype=bool)
    doubts[find_owners(lists)[odd]] = True
    return doubts


def _are_names(array: Array) -> Bools:
    return _check_words(array, is_identifier)


def _check_words(array: Array, is_sound: Callable[[str], bool]) -> Bools:
    """Tell of each text whether it is sound, asking once for each distinct one; null is."""
    coded = array.dictionary_encode()
    sound = np.array([*map(is_sound, coded.dictionary.to_pylist()), True], dtype=bool)
    found: Bools = sound[to_numpy(pc.fill_null(coded.indices, len(sound) - 1))]
    return found


def _are_finite(array: Array) -> Bools:
    finite: Bools = to_numpy(pc.fill_null(pc.is_finite(array), fill_value=True))
    return finite


def _are_days(array: Array) -> Bools:
    days = _read_days(array, 0)
    found: Bools = (days >= FIRST_DAY) & (days <= LAST_DAY)
    return found


def _read_days(array: Array, unknown: int) -> Ints:
    """Return days since 1970."""
    return to_numpy(pc.fill_null(array.cast(pa.int32()), unknown))
