"""The calibrators that a Python user would reach for, each at its best fair setting.

Every peer turns one history into forecasts at given scores, with an interval if it has one. Peers
have no interval for P(promoted | score) but three of them: those of pygam and of the logistic curve
are theirs, that of Venn-Abers is its pair of probabilities. The others are given a bootstrap, which
`measure.py` does.

A history in which everyone or no one was promoted is refused by some of them, and others answer 0
or 1. All peers but the sigmoid, which is made for that case, are then given Laplace's rate, (k + 1)
of (n + 2), instead; and so where a peer fails.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pmpromo.readiness.sigmoid import FloatArray

    Fit = Callable[[FloatArray, FloatArray, FloatArray], FloatArray]

__all__ = ["PEERS", "Peer", "forecast_quietly"]

COVERAGE: Final = 0.9
NORMAL_END: Final = 1.6448536269514722
"""The normal quantile of 95 %: a central 90 % interval ends there."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A calibrator: (scores, promoted, points) to rows of probability and, if any, low and high.

    `bears_one_class` says that it answers sensibly if all outcomes are the same, `bootstrapped`
    that its interval is made by fitting it to resampled histories. A slow one is run on `most`
    histories of each truth and size.
    """

    module: str
    fit: Fit
    bears_one_class: bool = False
    bootstrapped: bool = True
    most: int | None = None

    @property
    def is_installed(self) -> bool:
        """Whether its library is here."""
        return find_spec(self.module) is not None


def fit_sigmoid(scores: FloatArray, promoted: FloatArray, points: FloatArray) -> FloatArray:
    """Platt's sigmoid with smoothed targets: what `CalibratedClassifierCV` fits by default."""
    fitted = import_module("sklearn.calibration")._SigmoidCalibration().fit(scores, promoted)
    return np.asarray([fitted.predict(points)])


def fit_logistic(scores: FloatArray, promoted: FloatArray, points: FloatArray) -> FloatArray:
    """Maximum likelihood of a logistic curve, with Wald's interval on the logit."""
    linear = import_module("sklearn.linear_model")
    fitted = linear.LogisticRegression(C=np.inf, max_iter=1000).fit(scores[:, None], promoted)
    p = fitted.predict_proba(scores[:, None])[:, 1]
    design = np.column_stack([np.ones_like(scores), scores])
    information = design.T @ (design * (p * (1 - p))[:, None]) + 1e-9 * np.eye(2)
    at = np.column_stack([np.ones_like(points), points])
    doubt = NORMAL_END * np.sqrt(np.einsum("ij,jk,ik->i", at, np.linalg.inv(information), at))
    logits = fitted.decision_function(points[:, None])
    return np.asarray(1 / (1 + np.exp(-np.array([logits, logits - doubt, logits + doubt]))))


def fit_isotonic(scores: FloatArray, promoted: FloatArray, points: FloatArray) -> FloatArray:
    """Isotonic regression, linear between scores: `CalibratedClassifierCV(method="isotonic")`."""
    isotonic = import_module("sklearn.isotonic").IsotonicRegression(out_of_bounds="clip")
    return np.asarray([isotonic.fit(scores, promoted).predict(points)])


def fit_venn_abers(scores: FloatArray, promoted: FloatArray, points: FloatArray) -> FloatArray:
    """Inductive Venn-Abers: p1 / (1 - p0 + p1) of its two isotonic curves, which are its ends."""
    fitted = import_module("venn_abers").VennAbers()
    fitted.fit(np.column_stack([1 - scores, scores]), promoted)
    p, ends = fitted.predict_proba(np.column_stack([1 - points, points]))
    return np.asarray([p[:, 1], ends.min(1), ends.max(1)])


def fit_gam(scores: FloatArray, promoted: FloatArray, points: FloatArray) -> FloatArray:
    """Return an increasing spline, its smoothness chosen by pygam's own grid search."""
    gam = make_gam().gridsearch(scores[:, None], promoted, progress=False)
    ends = gam.confidence_intervals(points[:, None], width=COVERAGE)
    return np.asarray([gam.predict_proba(points[:, None]), *ends.T])


def make_gam() -> Any:  # noqa: ANN401 - pygam has no types
    """Return pygam's increasing spline, not fitted yet."""
    pygam = import_module("pygam")
    return pygam.LogisticGAM(pygam.s(0, constraints="monotonic_inc"))


def fit_beta(scores: FloatArray, promoted: FloatArray, points: FloatArray) -> FloatArray:
    """Beta calibration with all three parameters, its default and its best here."""
    fitted = import_module("betacal").BetaCalibration("abm").fit(scores[:, None], promoted)
    return np.asarray([fitted.predict(points)])


PEERS: Final = {
    "scikit-learn sigmoid": Peer("sklearn", fit_sigmoid, bears_one_class=True),
    "logistic, no penalty": Peer("sklearn", fit_logistic, bootstrapped=False),
    "isotonic": Peer("sklearn", fit_isotonic),
    "Venn-Abers": Peer("venn_abers", fit_venn_abers, bootstrapped=False),
    "pygam, monotone": Peer("pygam", fit_gam, bootstrapped=False, most=30),
    "beta calibration": Peer("betacal", fit_beta),
}
"""All peers, by the name that tables show."""


def forecast_quietly(
    peer: Peer, scores: FloatArray, promoted: FloatArray, points: FloatArray
) -> FloatArray:
    """Return a peer's forecasts; Laplace's rate, with no interval, where it has none to give."""
    n, k = len(promoted), float(promoted.sum())
    if peer.bears_one_class or 0 < k < n:
        with be_quiet(), contextlib.suppress(ValueError, np.linalg.LinAlgError):
            found = peer.fit(scores, promoted, points)
            if np.isfinite(found[0]).all():
                return found
    return np.full((1, len(points)), (k + 1) / (n + 2))


@contextlib.contextmanager
def be_quiet() -> Iterator[None]:
    """Keep warnings and prints of other libraries away; what counts is what they forecast."""
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        np.errstate(all="ignore"),
    ):
        warnings.simplefilter("ignore")
        yield
