"""What happened to groups of people, and a record of it that shows when it was changed."""

from pmpromo.audit.calibration import GroupCalibration, measure_group_calibration
from pmpromo.audit.comparison import AttributeImpact, GroupImpact
from pmpromo.audit.impact import Impact, measure_counts, measure_impact
from pmpromo.audit.rates import Counts
from pmpromo.audit.significance import fisher_exact

__all__ = [
    "AttributeImpact",
    "Counts",
    "GroupCalibration",
    "GroupImpact",
    "Impact",
    "fisher_exact",
    "measure_counts",
    "measure_group_calibration",
    "measure_impact",
]
