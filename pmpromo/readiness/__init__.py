"""From past decisions to honest probabilities: P(promoted | score), with an interval."""

from pmpromo.readiness.bridge import Bridge, build_bridge
from pmpromo.readiness.drift import Drift, drift_evalue
from pmpromo.readiness.model import (
    Predictions,
    ReadinessModel,
    default_readiness,
    fit_readiness,
)
from pmpromo.readiness.prior import Prior
from pmpromo.readiness.reliability import (
    Reliability,
    brier_score_loss,
    calibration_curve,
    calibration_error,
    calibration_intercept_slope,
    consistency_band,
    interval_coverage,
    interval_score,
    log_loss,
    measure_reliability,
    score_decomposition,
    spiegelhalter_z,
)
from pmpromo.readiness.scores import Scores
from pmpromo.readiness.weights import LearnedWeights, learn_weights

__all__ = [
    "Bridge",
    "Drift",
    "LearnedWeights",
    "Predictions",
    "Prior",
    "ReadinessModel",
    "Reliability",
    "Scores",
    "brier_score_loss",
    "build_bridge",
    "calibration_curve",
    "calibration_error",
    "calibration_intercept_slope",
    "consistency_band",
    "default_readiness",
    "drift_evalue",
    "fit_readiness",
    "interval_coverage",
    "interval_score",
    "learn_weights",
    "log_loss",
    "measure_reliability",
    "score_decomposition",
    "spiegelhalter_z",
]
