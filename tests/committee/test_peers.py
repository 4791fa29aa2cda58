"""Agreement with other people's programs, on their own examples; skipped where they are not."""

from __future__ import annotations

import numpy as np
import pytest
from committee.published import KRIPPENDORFF, SHROUT_FLEISS, read_table

from pmpromo.committee import measure_agreement

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_krippendorff(level: str) -> None:
    """The package `krippendorff` gives the same alpha to twelve digits."""
    peer = pytest.importorskip(
        "krippendorff", reason="krippendorff is not installed: extra `peers`"
    )
    table = np.array([[np.nan if x is None else x for x in row] for row in KRIPPENDORFF]).T
    theirs = peer.alpha(reliability_data=table, level_of_measurement=level)
    ours = measure_agreement(read_table(KRIPPENDORFF, (1, 5)), level=level, n_bootstrap=0)  # type: ignore[arg-type]
    assert ours.alpha.value == pytest.approx(theirs, abs=1e-12)


def test_pingouin() -> None:
    """The six intraclass correlations are those of `pingouin`, which rounds them to six digits."""
    peer = pytest.importorskip("pingouin", reason="pingouin is not installed: extra `peers`")
    pandas = pytest.importorskip("pandas")
    rows = [(t, j, x) for t, row in enumerate(SHROUT_FLEISS) for j, x in enumerate(row)]
    frame = pandas.DataFrame(rows, columns=["target", "judge", "x"])
    table = peer.intraclass_corr(frame, targets="target", raters="judge", ratings="x")
    ours = measure_agreement(read_table(SHROUT_FLEISS, (1, 10)), n_bootstrap=0)
    found = [
        ours.estimates[name].value for name in ("icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k")
    ]
    assert found == pytest.approx(table["ICC"].tolist(), abs=1e-6)


def test_irrcac() -> None:
    """Gwet's AC1 and AC2, and Fleiss's kappa, are those of `irrCAC`, rounded to five digits."""
    peer = pytest.importorskip("irrCAC.raw", reason="irrCAC is not installed")
    pandas = pytest.importorskip("pandas")
    if pandas.__version__ >= "3":
        pytest.skip("irrCAC asks for pandas 2: with 3 it takes a missing rating for a category")
    frame = pandas.DataFrame([[np.nan if x is None else x for x in row] for row in KRIPPENDORFF])
    plain, linear = peer.CAC(frame), peer.CAC(frame, weights="linear")
    ours = measure_agreement(read_table(KRIPPENDORFF, (1, 5)), weights="linear", n_bootstrap=0)
    told = {
        "ac1": plain.gwet()["est"],
        "ac2": linear.gwet()["est"],
        "fleiss_kappa": plain.fleiss()["est"],
    }
    for name, theirs in told.items():
        assert ours.estimates[name].value == pytest.approx(theirs["coefficient_value"], abs=1e-5)
    for name in ("ac1", "ac2"):
        assert ours.estimates[name].error == pytest.approx(told[name]["se"], abs=1e-5)
