"""The lowest versions are read from where they are promised."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from platforms.floors import list_floors

ROOT: Final = Path(__file__).parents[2]


def test_floors_are_those_of_the_package_and_its_extras() -> None:
    """A floor of each library that is imported, once, at exactly its lowest version."""
    text = """
    [project]
    dependencies = ["numpy>=2.0", "pandas>=2.2.2"]
    [project.optional-dependencies]
    excel = ["openpyxl>=3.1"]
    arrow = ["pyarrow>=18"]
    sklearn = ["scikit-learn>=1.6", "numpy>=2.0"]
    png = ["resvg-py[all]>=0.4,<2"]
    test = ["pytest>=8.3"]
    lint = ["ruff>=0.17"]
    """
    assert [*list_floors(text)] == [
        "numpy==2.0",
        "pandas==2.2.2",
        "openpyxl==3.1",
        "pyarrow==18",
        "scikit-learn==1.6",
        "resvg-py==0.4",
        "pytest==8.3",
    ]


def test_a_library_without_a_floor_is_refused() -> None:
    """Every library has a lowest version that can be tried."""
    with pytest.raises(ValueError, match="pyyaml: names no lowest version"):
        [*list_floors('[project]\ndependencies = ["pyyaml"]\n[project.optional-dependencies]')]


def test_every_library_of_ours_has_a_floor() -> None:
    """pyproject.toml names a lowest version for all five of the core."""
    floors = {
        each.partition("==")[0] for each in list_floors((ROOT / "pyproject.toml").read_text())
    }
    assert {"numpy", "pydantic", "pyyaml", "narwhals", "pandas"} <= floors
