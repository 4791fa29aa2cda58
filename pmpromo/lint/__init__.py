"""What a reader of a rubric would stumble over, found before anybody is scored with it."""

from pmpromo.lint.finding import KINDS, Finding
from pmpromo.lint.rules import lint_rubric

__all__ = ["KINDS", "Finding", "lint_rubric"]
