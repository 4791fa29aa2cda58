"""What happened to groups of people, and a record of it that shows when it was changed."""

from pmpromo.audit.calibration import GroupCalibration, measure_group_calibration
from pmpromo.audit.chain import Entry, Receipt
from pmpromo.audit.comparison import AttributeImpact, GroupImpact
from pmpromo.audit.impact import Impact, measure_counts, measure_impact
from pmpromo.audit.nouns import Appeal, Assessed, Correction, Decision, Material, Override
from pmpromo.audit.rates import Counts
from pmpromo.audit.record import Record
from pmpromo.audit.replaying import Recorded, Replay, Replayed, replay
from pmpromo.audit.significance import fisher_exact
from pmpromo.audit.verification import Verification

__all__ = [
    "Appeal",
    "Assessed",
    "AttributeImpact",
    "Correction",
    "Counts",
    "Decision",
    "Entry",
    "GroupCalibration",
    "GroupImpact",
    "Impact",
    "Material",
    "Override",
    "Receipt",
    "Record",
    "Recorded",
    "Replay",
    "Replayed",
    "Verification",
    "fisher_exact",
    "measure_counts",
    "measure_group_calibration",
    "measure_impact",
    "replay",
]
