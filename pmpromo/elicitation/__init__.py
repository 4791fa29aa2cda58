"""Weights from what people say: pairwise ratios, a ranking, or swings."""

from pmpromo.elicitation.comparisons import Answer, compare_matrix, compare_with_ends
from pmpromo.elicitation.consistency import Triad
from pmpromo.elicitation.weights import (
    Elicited,
    weights_from_comparisons,
    weights_from_ranking,
    weights_from_swings,
)

__all__ = [
    "Answer",
    "Elicited",
    "Triad",
    "compare_matrix",
    "compare_with_ends",
    "weights_from_comparisons",
    "weights_from_ranking",
    "weights_from_swings",
]
