"""From past decisions to honest probabilities: P(promoted | score), with an interval."""

from pmpromo.readiness.model import (
    Predictions,
    ReadinessModel,
    default_readiness,
    fit_readiness,
)
from pmpromo.readiness.prior import Prior

__all__ = ["Predictions", "Prior", "ReadinessModel", "default_readiness", "fit_readiness"]
