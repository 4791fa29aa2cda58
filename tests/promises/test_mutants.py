"""The tests of the promises can fail: each sown fault is caught by the promise that it breaks."""

from __future__ import annotations

import ast
from collections import Counter
from typing import Final

import pytest
from promises.mutants import MUTANTS, Mutant
from promises.sowing import FAILED, PASSED, ROOT, find_test, run_promise, sow

PROMISES: Final = range(1, 18)

each_mutant: Final = pytest.mark.parametrize(
    "mutant", MUTANTS, ids=lambda mutant: f"P{mutant.promise} {mutant.name}"
)


@each_mutant
def test_fault_can_be_sown(mutant: Mutant) -> None:
    """The old text stands exactly once in its file, and the new one makes a module of it."""
    text = (ROOT / "pmpromo" / mutant.file).read_text("utf-8")
    assert text.count(mutant.old) == 1
    assert mutant.new != mutant.old
    ast.parse(text.replace(mutant.old, mutant.new))


def test_every_promise_has_a_test_and_faults() -> None:
    """There are seventeen test files, at least two faults for each, and no two of one name."""
    faults = Counter(mutant.promise for mutant in MUTANTS)
    assert [find_test(promise).name[:8] for promise in PROMISES] == [
        f"test_p{promise:02}" for promise in PROMISES
    ]
    assert min(faults[promise] for promise in PROMISES) >= 2
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 40


@pytest.mark.slow
@each_mutant
def test_fault_is_caught(mutant: Mutant) -> None:
    """With the fault in the package, the test of its promise fails, and for no other reason."""
    with sow(mutant) as copy:
        outcome = run_promise(copy, mutant.promise)
    assert outcome.code == FAILED, outcome.said
    assert "1 failed" in outcome.said


@pytest.mark.slow
@pytest.mark.parametrize("promise", PROMISES)
def test_promise_is_kept_without_a_fault(promise: int) -> None:
    """The same run of the same copy passes where nothing was sown."""
    with sow(None) as copy:
        outcome = run_promise(copy, promise)
    assert outcome.code == PASSED, outcome.said
