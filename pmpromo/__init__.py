"""pmpromo scores structured promotion packets against weighted rubrics."""

from pmpromo.assessment import Assessment, assess
from pmpromo.ladder import Ladder
from pmpromo.packet import Evidence, Packet
from pmpromo.reading.library import (
    load_packet,
    load_rubric,
    parse_packet,
    parse_rubric,
    shipped_rubrics,
)
from pmpromo.result import Check, CriterionScore, Gap, Readiness
from pmpromo.rubric import Criterion, Requirement, Rubric

__version__ = "0.1.0"

__all__ = [
    "Assessment",
    "Check",
    "Criterion",
    "CriterionScore",
    "Evidence",
    "Gap",
    "Ladder",
    "Packet",
    "Readiness",
    "Requirement",
    "Rubric",
    "assess",
    "load_packet",
    "load_rubric",
    "parse_packet",
    "parse_rubric",
    "shipped_rubrics",
]
