"""Pictures of results: one function for each question that people answer by looking.

Each takes a result, and returns a `Picture`: a notebook shows it, `save` writes it as ``.svg``,
``.html`` or ``.png``, `data` is the frame that was drawn, `alt` says it in words.
"""

from pmpromo.gallery.advice import draw_path, draw_stability, draw_swings
from pmpromo.gallery.cycles import draw_cohort
from pmpromo.gallery.models import draw_committee, draw_readiness, draw_reliability
from pmpromo.gallery.packets import (
    draw_criteria,
    draw_evidence,
    draw_forecast,
    draw_gaps,
    draw_side_by_side,
    draw_timeline,
)
from pmpromo.gallery.seen import SeenPath, SeenSensitivity
from pmpromo.pictures.picture import Picture

__all__ = [
    "Picture",
    "SeenPath",
    "SeenSensitivity",
    "draw_cohort",
    "draw_committee",
    "draw_criteria",
    "draw_evidence",
    "draw_forecast",
    "draw_gaps",
    "draw_path",
    "draw_readiness",
    "draw_reliability",
    "draw_side_by_side",
    "draw_stability",
    "draw_swings",
    "draw_timeline",
]
