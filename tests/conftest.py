"""How the suite runs: examples a law, what is a benchmark, and which order failed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings

BENCH: Final = Path(__file__).parent / "bench"

settings.register_profile("fast", max_examples=50, deadline=None)
settings.register_profile(
    "ci", max_examples=60, deadline=None, derandomize=True, database=None, print_blob=True
)
settings.register_profile("swift", max_examples=5, deadline=None)
settings.register_profile("nightly", max_examples=5000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark everything below tests/bench as a benchmark."""
    if item.path.is_relative_to(BENCH):
        item.add_marker(pytest.mark.bench)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how to run a failed order again; `-q` hides the line that pytest-randomly prints."""
    seed = terminalreporter.config.getoption("randomly_seed", None)
    if seed and terminalreporter.stats.keys() & {"failed", "error"}:
        terminalreporter.line(f"Run in this order again: pytest --randomly-seed={seed}")
