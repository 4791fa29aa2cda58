"""The eleven golden histories: every printed number to 1e-9."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from pmpromo.readiness import Prior, fit_readiness
from pmpromo.readiness.history import Columns, count_by_score, read_history
from pmpromo.readiness.lattice import RootPrior, build_lattice
from pmpromo.readiness.path import Posterior, infer_path

GOLDEN: Final[list[dict[str, Any]]] = json.loads(
    Path(__file__).with_name("golden.json").read_text(encoding="utf-8")
)


def infer(case: dict[str, Any]) -> Posterior:
    """Infer the path of a golden history with its own prior."""
    history = read_history(
        Columns(case["scores"], case["promoted"], reference=case["reference"] or ())
    )
    rate, wide = case["prior"]["base_rate"], case["prior"]["base_tail"][0]
    tally = count_by_score(history)
    root = RootPrior(math.log(rate / (1 - rate)), case["prior"]["base_sd"], wide)
    return infer_path(tally, build_lattice(tally), root)


def read_prior(case: dict[str, Any]) -> Prior | None:
    """Return the documented rate of a golden history: only those have a wide part."""
    prior = case["prior"]
    return Prior(prior["base_rate"], sd=prior["base_sd"]) if prior["base_tail"][0] else None


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: str(case["name"]))
def test_scale_evidence_and_volatility(case: dict[str, Any]) -> None:
    """Centre, spread, log evidence and volatility weights are those of the golden file."""
    posterior = infer(case)
    scale = posterior.lattice.scale
    assert scale.centre == pytest.approx(case["center"], abs=1e-9)
    assert scale.spread == pytest.approx(case["scale"], abs=1e-9)
    assert posterior.log_evidence == pytest.approx(case["log_evidence"], abs=1e-9)
    assert posterior.volatility_weights == pytest.approx(case["volatility_weight"], abs=1e-9)


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: str(case["name"]))
def test_forecasts(case: dict[str, Any]) -> None:
    """Probability, ends of the 90 % interval and P(p >= .5) are those of the golden file."""
    model = fit_readiness(
        case["scores"], case["promoted"], reference=case["reference"], prior=read_prior(case)
    )
    forecast = model.predict(case["at"])
    assert forecast.probability == pytest.approx(case["probability"], abs=1e-9)
    assert forecast.low == pytest.approx(np.minimum(case["low90"], case["probability"]), abs=1e-9)
    assert forecast.high == pytest.approx(np.maximum(case["high90"], case["probability"]), abs=1e-9)
    assert forecast.above_bar == pytest.approx(case["above_half"], abs=1e-9)
