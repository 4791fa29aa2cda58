"""The judgements by which evidence is weighed: each default, and the last value that is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from pydantic import ValidationError

from pmpromo.policy import (
    Closure,
    Credibility,
    Efforts,
    EvidencePolicy,
    GatePolicy,
    OwnershipTable,
    Recency,
    Repetition,
)

if TYPE_CHECKING:
    from pmpromo.words import Noun

DEFAULTS: Final[dict[type[Noun], dict[str, Any]]] = {
    OwnershipTable: {"sole": 1, "led": 1, "co_led": 0.7, "contributed": 0.35, "supported": 0.1},
    Credibility: {
        "self_report": 0.3,
        "artifact": 0.5,
        "report_line": 0.4,
        "peer": 0.4,
        "cross_functional": 0.6,
        "customer": 0.6,
        "external": 0.6,
        "dispute": 0.5,
    },
    Recency: {"grace_months": 12, "half_life_months": 18, "floor": 0.25},
    Repetition: {"gamma": 0.6, "cap_once": 1, "cap_repeatedly": 0.7},
    GatePolicy: {"base": 0.6, "ramp": 0.15},
    Closure: {
        "attainment": 1,
        "ownership": "led",
        "support": ("manager", "cross_functional"),
        "age": 0,
    },
    Efforts: {"state": 1, "confirm": 2, "improve": 20, "renew": 30, "show": 30},
}
"""What `docs/reference/defaults.md` and every shipped rubric build on."""


@pytest.mark.parametrize("noun", DEFAULTS)
def test_what_is_not_said_is_judged_as_documented(noun: type[Noun]) -> None:
    """Each default, and no other field but the reason for them."""
    told = noun().model_dump()
    told.pop("reason", None)
    assert told == DEFAULTS[noun]


def test_a_policy_holds_the_defaults_of_its_parts() -> None:
    """Whoever says nothing gets all of them, and may still have three voices added."""
    policy = EvidencePolicy()
    parts = (*DEFAULTS,)
    found = (
        policy.ownership,
        policy.credibility,
        policy.recency,
        policy.repetition,
        policy.gate,
        policy.closure,
        policy.efforts,
    )
    assert found == tuple(noun() for noun in parts)
    assert policy.possible_support == ("artifact", "manager", "cross_functional")


ABOVE_ZERO: Final = [
    (Recency, "half_life_months"),
    (GatePolicy, "ramp"),
    *((Efforts, name) for name in DEFAULTS[Efforts]),
]


@pytest.mark.parametrize(("noun", "name"), ABOVE_ZERO)
def test_a_length_or_an_effort_is_more_than_nothing(noun: type[Noun], name: str) -> None:
    """However small; nothing at all is refused."""
    assert getattr(noun.model_validate({name: 1e-6}), name) == 1e-6
    with pytest.raises(ValidationError, match=name):
        noun.model_validate({name: 0})


def test_a_time_of_grace_may_be_nothing() -> None:
    """Not less."""
    assert Recency(grace_months=0).grace_months == 0
    with pytest.raises(ValidationError, match="grace_months"):
        Recency(grace_months=-0.5)
