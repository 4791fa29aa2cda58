"""From a committee's ratings to agreement, severity and fair scores."""

from pmpromo.committee.agreement import Agreement, Estimate, measure_agreement
from pmpromo.committee.assignment import Assignment, assign_raters
from pmpromo.committee.model import CommitteeModel, fit_committee
from pmpromo.committee.ratings import Ratings
from pmpromo.committee.sheet import read_ratings

__all__ = [
    "Agreement",
    "Assignment",
    "CommitteeModel",
    "Estimate",
    "Ratings",
    "assign_raters",
    "fit_committee",
    "measure_agreement",
    "read_ratings",
]
