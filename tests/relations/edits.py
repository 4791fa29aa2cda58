"""The same packet, told another way; each edit leaves what it was given as it was."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Final

from relations.made import list_other_units, read_made, rewrite

if TYPE_CHECKING:
    from relations.dice import Dice
    from strategies import Content

    from pmpromo import Ladder

DATES: Final = ("started", "ended", "hired", "as_of", "submitted")
"""Keys that hold a day."""


def reorder(dice: Dice, packet: Content) -> Content:
    """Put items, facts, voices, declared facts and the keys of every mapping in another order."""
    return {key: _reorder(dice, key, value) for key, value in dice.shuffle(packet.items())}


def _reorder(dice: Dice, key: str, value: object) -> object:
    if isinstance(value, dict):
        return {name: _reorder(dice, name, each) for name, each in dice.shuffle(value.items())}
    if isinstance(value, list):
        return [_reorder(dice, key, each) for each in dice.shuffle(value)]
    return value


def copy_items(dice: Dice, packet: Content) -> Content:
    """Tell some items again, under other ids and the same achievement."""
    copies = [
        {**deepcopy(item), "id": f"zz-{place}", "achievement": item.get("achievement", item["id"])}
        for place, item in enumerate(packet["evidence"])
        if dice.below(2)
    ]
    return {**packet, "evidence": [*packet["evidence"], *copies]}


def repeat_facts(dice: Dice, packet: Content) -> Content:
    """State some facts of an item twice."""
    after = deepcopy(packet)
    for item in after["evidence"]:
        item["facts"] += [dict(fact) for fact in item["facts"] if dice.below(2)]
    return after


def repeat_voices(dice: Dice, packet: Content) -> Content:
    """Let some voices speak twice, the second time without a name; but not the candidate's own."""
    after = deepcopy(packet)
    for item in after["evidence"]:
        if isinstance(item.get("support"), list):
            item["support"] += [
                {key: value for key, value in voice.items() if key != "by"}
                for voice in item["support"]
                if dice.below(2) and voice.get("by", "").casefold() != packet.get("candidate", "-")
            ]
    return after


def split_items(dice: Dice, packet: Content) -> Content:
    """Divide the facts of items among several of the same achievement; figures stay together.

    A side figure speaks for the one that stands beside it, so it is not told apart from it.
    """
    parts = []
    for place, item in enumerate(packet["evidence"]):
        key = item.get("achievement", item["id"])
        figures = [fact for fact in item["facts"] if "metric" in fact]
        others = [fact for fact in item["facts"] if "metric" not in fact]
        cut = dice.below(len(others) + 1)
        piles = [figures, others[:cut], others[cut:]]
        parts += [
            {**deepcopy(item), "id": name, "achievement": key, "facts": facts}
            for name, facts in zip((item["id"], f"za-{place}", f"zb-{place}"), piles, strict=True)
        ]
    return {**packet, "evidence": parts}


def change_units(dice: Dice, packet: Content) -> Content:
    """Write figures in other units, where that can be done to the last digit."""
    after = deepcopy(packet)
    ladder = read_made(packet["rubric"]).ladder
    for item in after["evidence"]:
        for fact in item["facts"]:
            if fact.get("unit"):
                fact.update(dice.pick([{}, *_list_rewritten(fact, ladder)]))
    return after


def _list_rewritten(fact: Content, ladder: Ladder) -> list[Content]:
    """List what a fact says in each unit that holds all of it."""
    units = list_other_units(ladder, fact["unit"])
    known = {key: fact[key] for key in ("value", "baseline") if fact.get(key) is not None}
    told = [
        {"unit": name, **{key: rewrite(figure, factor) for key, figure in known.items()}}
        for name, factor in units
    ]
    return [each for each in told if None not in each.values()]


def count_changed(before: Content, after: Content) -> int:
    """Count the facts whose unit is another one."""
    units = [
        [fact.get("unit") for item in packet["evidence"] for fact in item["facts"]]
        for packet in (before, after)
    ]
    return sum(one != other for one, other in zip(*units, strict=True))


def tells_a_figure_twice(packet: Content) -> bool:
    """Tell whether an item states a figure twice: which of two that tie is told is arbitrary."""
    for item in packet["evidence"]:
        metrics = [fact["metric"] for fact in item["facts"] if "metric" in fact]
        if len(metrics) > len(set(metrics)):
            return True
    return False


def shift(packet: Content, days: int) -> Content:
    """Move every day of a packet by as many days."""
    return {key: _shift(key, value, days) for key, value in packet.items()}


def _shift(key: str, value: object, days: int) -> object:
    if isinstance(value, dict):
        return shift(value, days)
    if isinstance(value, list):
        return [_shift(key, each, days) for each in value]
    if key in DATES and isinstance(value, str):
        return (date.fromisoformat(value) + timedelta(days=days)).isoformat()
    return value


def rename_items(packet: Content) -> tuple[Content, dict[str, str]]:
    """Give items and achievements other ids in the same order; return what became of them."""
    after = deepcopy(packet)
    items = after["evidence"]
    old = sorted(name for item in items for name in (item["id"], _get_achievement(item)))
    new = {name: f"r{n:03}" for n, name in enumerate(dict.fromkeys(map(str.casefold, old)))}
    for item in items:
        item["achievement"] = new[_get_achievement(item).casefold()]
        item["id"] = new[item["id"].casefold()]
    return after, new


def _get_achievement(item: Content) -> str:
    return str(item.get("achievement", item["id"]))


def reword(dice: Dice, packet: Content) -> Content:
    """Give packet, candidate, items and voices other names, words and process facts."""
    after = deepcopy(packet) | {"id": "other", "summary": dice.pick(["She led it.", "He led it."])}
    after["process"] = {"months_in_level": dice.below(200), "sponsor": "director"}
    for item in after["evidence"]:
        item |= {"title": dice.pick(["Ana", "赢得", "0"]), "problem": "supported", "complexity": 4}
    return after


def rename_criteria(rubric: Content, packet: Content) -> tuple[Content, Content, dict[str, str]]:
    """Give criteria other ids in the same order; return what became of them."""
    asked, shown = deepcopy(rubric), deepcopy(packet)
    old = sorted(criterion["id"] for criterion in asked["criteria"])
    new = {name: f"k{place:03}" for place, name in enumerate(old)}
    for criterion in asked["criteria"]:
        criterion["id"] = new[criterion["id"]]
    for pair in asked.get("complements", []):
        pair["pair"] = [new[name] for name in pair["pair"]]
    for variant in asked.get("variants", []):
        for weight in variant.get("weights", []):
            weight["criterion"] = new[weight["criterion"]]
    if "declared_none" in shown:
        shown["declared_none"] = [new.get(name, name) for name in shown["declared_none"]]
    return asked, shown, new


def scale_weights(rubric: Content, factor: str) -> Content:
    """Multiply all weights by a factor."""
    after = deepcopy(rubric)
    weighted = [after["criteria"], *(each.get("weights", []) for each in after.get("variants", []))]
    for each in chain(*weighted):
        each["weight"] = str(Decimal(str(each["weight"])) * Decimal(factor))
    return after
