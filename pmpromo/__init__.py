"""pmpromo scores structured promotion packets against weighted rubrics.

Each name is loaded when it is first used, so that importing the package costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pmpromo.advice.attribution import attribute
    from pmpromo.advice.comparison import Comparison, compare
    from pmpromo.advice.find import find_path
    from pmpromo.advice.path import Path
    from pmpromo.advice.sensitivity import Sensitivity, measure_sensitivity
    from pmpromo.assessment import Assessment, assess
    from pmpromo.audit.impact import Impact, measure_impact
    from pmpromo.committee import (
        Agreement,
        CommitteeModel,
        Ratings,
        assign_raters,
        fit_committee,
        measure_agreement,
        read_ratings,
    )
    from pmpromo.decisions import Decisions, read_decisions
    from pmpromo.elicitation import (
        weights_from_comparisons,
        weights_from_ranking,
        weights_from_swings,
    )
    from pmpromo.exchange.case import from_case, to_case
    from pmpromo.exchange.columns import COLUMN_MAPS, ColumnMap
    from pmpromo.exchange.exports import import_ratings
    from pmpromo.exchange.ladders import import_ladder
    from pmpromo.exchange.rubric_text import write_rubric
    from pmpromo.explanation import Explanation, explain
    from pmpromo.form import load_packet, write_form
    from pmpromo.frame.evidence import evidence_frame
    from pmpromo.frame.score import score_frame
    from pmpromo.frame.scored import ScoredFrame
    from pmpromo.ladder import Ladder
    from pmpromo.lint import Finding, lint_rubric
    from pmpromo.packet import Evidence, Packet
    from pmpromo.ratings import score_ratings
    from pmpromo.readiness import (
        Prior,
        ReadinessModel,
        Reliability,
        Scores,
        build_bridge,
        fit_readiness,
        learn_weights,
        measure_reliability,
    )
    from pmpromo.reading.library import (
        load_rubric,
        parse_packet,
        parse_rubric,
        shipped_rubrics,
    )
    from pmpromo.reading.lines import iter_packets
    from pmpromo.requirement import Requirement
    from pmpromo.result import Check, CriterionScore, Gap, OpenItem, Readiness
    from pmpromo.rubric import Criterion, Rubric
    from pmpromo.tables import read_evidence, write_table

__version__ = "0.1.0"

__all__ = [
    "COLUMN_MAPS",
    "Agreement",
    "Assessment",
    "Check",
    "ColumnMap",
    "CommitteeModel",
    "Comparison",
    "Criterion",
    "CriterionScore",
    "Decisions",
    "Evidence",
    "Explanation",
    "Finding",
    "Gap",
    "Impact",
    "Ladder",
    "OpenItem",
    "Packet",
    "Path",
    "Prior",
    "Ratings",
    "Readiness",
    "ReadinessModel",
    "Reliability",
    "Requirement",
    "Rubric",
    "ScoredFrame",
    "Scores",
    "Sensitivity",
    "assess",
    "assign_raters",
    "attribute",
    "build_bridge",
    "compare",
    "evidence_frame",
    "explain",
    "find_path",
    "fit_committee",
    "fit_readiness",
    "from_case",
    "import_ladder",
    "import_ratings",
    "iter_packets",
    "learn_weights",
    "lint_rubric",
    "load_packet",
    "load_rubric",
    "measure_agreement",
    "measure_impact",
    "measure_reliability",
    "measure_sensitivity",
    "parse_packet",
    "parse_rubric",
    "read_decisions",
    "read_evidence",
    "read_ratings",
    "score_frame",
    "score_ratings",
    "shipped_rubrics",
    "to_case",
    "weights_from_comparisons",
    "weights_from_ranking",
    "weights_from_swings",
    "write_form",
    "write_rubric",
    "write_table",
]

_ROOMS: Final = {
    "advice.attribution": ("attribute",),
    "advice.comparison": ("Comparison", "compare"),
    "advice.find": ("find_path",),
    "advice.path": ("Path",),
    "advice.sensitivity": ("Sensitivity", "measure_sensitivity"),
    "assessment": ("Assessment", "assess"),
    "audit.impact": ("Impact", "measure_impact"),
    "committee": (
        "Agreement",
        "CommitteeModel",
        "Ratings",
        "assign_raters",
        "fit_committee",
        "measure_agreement",
        "read_ratings",
    ),
    "exchange.case": ("from_case", "to_case"),
    "exchange.columns": ("COLUMN_MAPS", "ColumnMap"),
    "exchange.exports": ("import_ratings",),
    "exchange.ladders": ("import_ladder",),
    "exchange.rubric_text": ("write_rubric",),
    "elicitation": (
        "weights_from_comparisons",
        "weights_from_ranking",
        "weights_from_swings",
    ),
    "form": ("load_packet", "write_form"),
    "frame.evidence": ("evidence_frame",),
    "frame.score": ("score_frame",),
    "frame.scored": ("ScoredFrame",),
    "decisions": ("Decisions", "read_decisions"),
    "explanation": ("Explanation", "explain"),
    "ladder": ("Ladder",),
    "lint": ("Finding", "lint_rubric"),
    "packet": ("Evidence", "Packet"),
    "reading.library": (
        "load_rubric",
        "parse_packet",
        "parse_rubric",
        "shipped_rubrics",
    ),
    "reading.lines": ("iter_packets",),
    "readiness": (
        "Prior",
        "ReadinessModel",
        "Reliability",
        "Scores",
        "build_bridge",
        "fit_readiness",
        "learn_weights",
        "measure_reliability",
    ),
    "ratings": ("score_ratings",),
    "result": ("Check", "CriterionScore", "Gap", "OpenItem", "Readiness"),
    "requirement": ("Requirement",),
    "rubric": ("Criterion", "Rubric"),
    "tables": ("read_evidence", "write_table"),
}

_HOME_OF: Final = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Load a public name from its room when it is first used."""
    if name not in _HOME_OF:
        message = f"module 'pmpromo' has no attribute '{name}'"
        raise AttributeError(message)
    value = getattr(import_module(f"pmpromo.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
